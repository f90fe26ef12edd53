"""Who was there, for how many minutes, and where that is known from."""
