"""The forms that a printed table comes in: each file here turns one of them into rows of cells."""
