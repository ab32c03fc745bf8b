"""What the rows of a source mean: words, headings, marks of numbers, columns and lines."""
