"""The office's page of open data."""
