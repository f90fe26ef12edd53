"""What changes in what Zoom knows: lists that staff work off there, and what a worker does by its API."""
