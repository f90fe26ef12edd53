"""The REST API: what other systems of the office read and do, through the same rules and actions as the pages."""
