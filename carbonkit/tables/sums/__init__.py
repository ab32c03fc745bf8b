"""The sums of a table: which lines and columns add up, and which cells keep them from it."""
