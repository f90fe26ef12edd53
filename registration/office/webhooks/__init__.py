"""The office's pages of webhooks."""
