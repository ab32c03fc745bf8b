"""Printed tables, whole: reading them, deriving what should hold in them, closing their totals."""

from __future__ import annotations

from carbonkit.tables.model import Cell, Column, Line, PrintedTable, Problem
from carbonkit.tables.read import read, read_text

__all__ = ["Cell", "Column", "Line", "PrintedTable", "Problem", "read", "read_text"]
