"""What a table prints beside its sums: changes, shares and intensities, as claims."""
