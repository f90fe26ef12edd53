"""What changes attendance: reports, verdicts, entries by hand, presses of the button, doubts."""
