"""The addresses of the API, one module a concept. No rule lives here."""
