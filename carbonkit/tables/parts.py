"""The parts of a printed table as plain data: its lines, its columns, its cells as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from carbonkit.printed import Figure

__all__ = ["VALUE_ROLES", "Cell", "Column", "Line", "Problem"]

#: Roles of columns that hold figures; the others hold words.
VALUE_ROLES = ("value", "total", "change", "share")


class Problem(NamedTuple):
    """One thing that is wrong with a table.

    Attributes
    ----------
    place : str
        ``"energy.csv, row 5, column D"``.
    message : str
        What is wrong there, and what to do.
    row, column : int
        Row and column in the source, from 1; 0 where it is about the whole.
    """

    place: str
    message: str
    row: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a column that holds figures.

    Attributes
    ----------
    text : str
        As printed.
    place : str
        Where it stands in the source: ``"row 5, column D"``.
    figure : Figure or None
        What it says; None where it is blank.
    blank : str
        ``""`` where there is a figure, ``"empty"``, ``"dash"`` (zero or nothing: neither is
        guessed), or ``"not-available"``.
    unit : str
        Canonical unit of the figure, or that a figure there would have; ``""`` if none is given.
    """

    text: str
    place: str
    figure: Figure | None = None
    blank: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    name : str
        Its part of the names of figures, such as ``"2020"`` or ``"europe_2020"``; unique.
    title : str
        Its heading as printed.
    role : str
        ``"label"``, ``"unit"``, ``"note"`` or ``"page"`` hold words; ``"value"``, ``"total"`` (the
        sum of other columns), ``"change"`` and ``"share"`` hold figures.
    period : str
        The year, such as ``"2020"``, ``"FY2020"`` or ``"2019/20"``; of a change the later one; of a
        share that of the column it is a share in. ``""`` if none is given.
    base : str
        Of a change: the earlier year. ``""`` if none is given.
    measure : str
        Of a change: ``"percent"`` of the base, ``"points"`` (percentage points), ``"amount"`` (in
        the unit of the line), or ``""`` where the table does not say.
    group : str
        The heading that spans this column and others above their own headings.
    unit : str
        Canonical unit that the heading gives; ``""`` for none.
    """

    name: str
    title: str
    role: str
    period: str = ""
    base: str = ""
    measure: str = ""
    group: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes
    ----------
    name : str
        Its part of the names of figures, such as ``"natural_gas"``; unique.
    title : str
        Its label as printed, without unit and footnote marks.
    role : str
        By its label: ``"part"``, ``"total"``, ``"heading"`` (no figures), ``"share"``,
        ``"change"`` or ``"intensity"``.
    cells : tuple of Cell
        One for each of the table's `value_columns`.
    unit : str
        Canonical unit that the line gives; ``""`` for none.
    level : int
        How deep it is indented: 0 for the outermost lines.
    place : str
        Where it stands in the source: ``"row 5"``.
    """

    name: str
    title: str
    role: str
    cells: tuple[Cell, ...]
    unit: str = ""
    level: int = 0
    place: str = ""
