"""Printed tables, whole: reading them, deriving what should hold in them, closing their totals.

`read` and `read_text` find the layout of a table: its headings, years, lines, units and the marks
of its numbers. `PrintedTable.closure` says whether its sums close; `document` derives the figures
and claims that a report file would hold for it.
"""

from __future__ import annotations

from carbonkit.tables.closure import Closure, Constraint
from carbonkit.tables.derive import document
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.parts import Cell, Column, Line, Problem
from carbonkit.tables.reading import read, read_text

__all__ = [
    "Cell",
    "Closure",
    "Column",
    "Constraint",
    "Line",
    "PrintedTable",
    "Problem",
    "document",
    "read",
    "read_text",
]
