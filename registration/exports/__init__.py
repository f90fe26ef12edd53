"""What leaves the portal as a file: which columns for whom, which rows, and how a workbook is written."""
