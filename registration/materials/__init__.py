"""Documents and recordings, each for an audience."""
