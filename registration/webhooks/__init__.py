"""Telling other systems what happens, by Standard Webhooks 1.0: thin, signed, at least once."""
