"""Numbered statements that somebody attended by the rule."""
