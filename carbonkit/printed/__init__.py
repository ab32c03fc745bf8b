"""Figures as a report prints them, and the values that such a figure can stand for.

A printed number is text until it is un-rounded: "13,129 tons" stands for every value from
13,128.5 to 13,129.5. `parse` reads the text into digits, power of ten, unit words and qualifier
without guessing; `Figure.interval`, `Figure.bound` and `Figure.window` say what it stands for.
"""

from __future__ import annotations

from carbonkit.printed.figure import Figure, Qualifier, Rounding, round_to
from carbonkit.printed.reading import blank, parse

__all__ = ["Figure", "Qualifier", "Rounding", "blank", "parse", "round_to"]
