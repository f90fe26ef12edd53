"""A province's list of people: which columns mean what, who stands in each row, who is known already. Pure."""
