"""How a province selects: a draft that its coordinators share, announcing it, swaps, and decisions that can be taken back."""
