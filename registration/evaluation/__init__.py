"""What those who came think of it, without being known."""
