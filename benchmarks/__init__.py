"""Statistics, never assertions in the test suite: each is a ratio of two things measured in the same run."""
