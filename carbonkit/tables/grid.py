"""Rows of cells as they stand in a source, before anybody asks what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from carbonkit.errors import TableError
from carbonkit.tables.parts import Problem

__all__ = [
    "LONGEST_CELL",
    "MOST_CELLS",
    "Area",
    "Grid",
    "Raw",
    "area",
    "crop",
    "letters",
    "rectangle",
    "refuse",
]

#: Beyond any printed table; a hostile source must cost neither time nor memory.
MOST_CELLS = 100_000
LONGEST_CELL = 1_000
#: First row and column, last row and column, from 1.
Area = tuple[int, int, int, int]
_SHOWN = 20
_RANGE = re.compile(
    r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6}):\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})"
)


class Raw(NamedTuple):
    """A cell of a source.

    Attributes
    ----------
    text : str
        What it shows.
    row, column : int
        Where it stands, from 1.
    spread : bool
        Whether it repeats the cell that was merged with it.
    number : bool
        Whether the source holds a number, shown with "." and ",".
    indent : int
        How far it is indented.
    """

    text: str
    row: int
    column: int
    spread: bool = False
    number: bool = False
    indent: int = 0

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"row {self.row}, column {letters(self.column)}"


@dataclass(frozen=True)
class Grid:
    """The cells of a source, row by row, all rows of one length.

    Attributes
    ----------
    rows : list of list of Raw
        The cells.
    source : str
        What they were read from, for messages.
    title : str
        Its heading.
    heads : int
        How many rows are headings, if the source says so; 0 if it does not.
    remarks : tuple of str
        What a careful reader should know.
    """

    rows: list[list[Raw]]
    source: str
    title: str = ""
    heads: int = 0
    remarks: tuple[str, ...] = field(default=())

    def problem(self, raw: Raw, message: str) -> Problem:
        """Return what is wrong with a cell."""
        return Problem(f"{self.source}, {raw.place}", message, raw.row, raw.column)


def letters(column: int) -> str:
    """Return the letters of a column, as spreadsheets write them.

    Examples
    --------
    >>> [letters(number) for number in (1, 26, 27, 703)]
    ['A', 'Z', 'AA', 'AAA']
    """
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def rectangle(rows: Iterable[Sequence[Raw]]) -> list[list[Raw]]:
    """Fill rows up with empty cells, so that all are of one length."""
    ragged = [list(row) for row in rows]
    width = max((len(row) for row in ragged), default=0)
    for row in ragged:
        number = row[0].row if row else 0
        row.extend(Raw("", number, column) for column in range(len(row) + 1, width + 1))
    return ragged


def area(cells: str, source: str) -> Area:
    """Read a range of cells.

    Parameters
    ----------
    cells : str
        Such as ``"B3:G14"``.
    source : str
        What messages call the table.

    Returns
    -------
    tuple of int
        First row and column, last row and column.

    Raises
    ------
    TableError
        If it is no range.

    Examples
    --------
    >>> area("B3:G14", "x")
    (3, 2, 14, 7)
    """
    match = _RANGE.fullmatch(cells.strip())
    if match is None:
        raise TableError(f"{source}: cells={cells!r} is no range; write it as in 'B3:G14'.")
    left, right = sorted(map(_number, match.group(1, 3)))
    top, bottom = sorted(map(int, match.group(2, 4)))
    return top, left, bottom, right


def crop(grid: Grid, kept: Area) -> Grid:
    """Keep the cells of a range.

    Raises
    ------
    TableError
        If nothing stands in it.
    """
    top, left, bottom, right = kept
    rows = [
        [raw for raw in row if left <= raw.column <= right]
        for row in grid.rows
        if row and top <= row[0].row <= bottom
    ]
    if not any(raw.text for row in rows for raw in row):
        raise TableError(f"{grid.source}: nothing stands in the cells that are asked for.")
    return replace(grid, rows=rows, heads=0 if top > 1 else grid.heads)


def refuse(source: str, problems: Sequence[Problem]) -> TableError:
    """Make one error of all problems of a table."""
    shown = [str(problem) for problem in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        shown.append(f"{source}: and {len(problems) - _SHOWN} more problems.")
    return TableError("\n".join(shown), problems)


def _number(column: str) -> int:
    found = 0
    for letter in column.upper():
        found = found * 26 + ord(letter) - 64
    return found
