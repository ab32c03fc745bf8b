"""Exact intervals with open and closed ends, and the tight range of a formula over them.

A printed number stands for all the values that print as its digits. That is an interval whose
ends are rational numbers and may or may not belong to it, so nothing here is a float: ends are
`fractions.Fraction`, and floats are met only on the way out, rounded outwards.
"""

from __future__ import annotations

from carbonkit.intervals.interval import Interval, maximum, minimum
from carbonkit.intervals.ranges import count_uses, range_over

__all__ = ["Interval", "count_uses", "maximum", "minimum", "range_over"]
