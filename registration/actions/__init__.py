"""Every write is a verb: one keyword-only function a business event, atomic, with `by=` whom."""
