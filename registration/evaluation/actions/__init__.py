"""Writing a form, taking answers, counting them."""
