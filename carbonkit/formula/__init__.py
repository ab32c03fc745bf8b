"""Formulas: written once as plain arithmetic, run on any carrier, checked for units at the door."""

from __future__ import annotations

from carbonkit.formula.core import Formula, Result, formula
from carbonkit.formula.given import Input
from carbonkit.formula.inverse import solve_for
from carbonkit.formula.lineage import total
from carbonkit.formula.symbol import Symbol

__all__ = ["Formula", "Input", "Result", "Symbol", "formula", "solve_for", "total"]
