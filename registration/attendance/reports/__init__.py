"""Attendance reports of Zoom and Teams: rows of text in, who was connected from when to when out. Nothing here knows the database."""
