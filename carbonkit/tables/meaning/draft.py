"""A table while it is being read: what was asked, what was found wrong, what to remark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from carbonkit.tables.grid import Grid, Raw
from carbonkit.tables.meaning.marks import Marks
from carbonkit.tables.parts import Problem

__all__ = ["Asked", "Draft"]


@dataclass(frozen=True)
class Asked:
    """What the caller says of a table; see `carbonkit.tables.read`."""

    name: str
    title: str | None = None
    page: int | str | None = None
    unit: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    tons: str | None = None
    rounding: str = "unknown"
    totals: Mapping[str, Sequence[str]] | None = None


@dataclass
class Draft:
    """The state of one reading.

    Attributes
    ----------
    grid : Grid
        The cells.
    asked : Asked
        What the caller says.
    marks : Marks
        The marks of its numbers, once they are found.
    unit, scale : str
        Unit and power of ten that the heading of the whole table gives.
    problems : list of Problem
        What is wrong.
    remarks : list of str
        What a careful reader should know.
    """

    grid: Grid
    asked: Asked
    marks: Marks = field(default_factory=lambda: Marks(".", ","))
    unit: str = ""
    scale: str = ""
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def note(self, raw: Raw, message: object) -> None:
        """Remember what is wrong with a cell."""
        self.problems.append(self.grid.problem(raw, str(message)))
