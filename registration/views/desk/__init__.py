"""The province's desk: its own people seen and decided, one module a concept."""
