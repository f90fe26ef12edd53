"""What Zoom is told of those who come."""
