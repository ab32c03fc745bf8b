"""The lines of a table, or its columns, as the search for its sums sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from carbonkit.tables.model import PrintedTable
from carbonkit.tables.sums.amounts import Key

__all__ = [
    "Lanes",
    "Sum",
    "Unclear",
    "adds_across",
    "columns_of",
    "is_detail",
    "is_ratio",
    "lines_of",
]

_DETAIL = re.compile(
    r"\W*(of (which|this|that|these)|thereof|whereof|including|incl\b|davon|darunter|dont|y compris"
    r"|de los cuales|di cui|waarvan|其中)",
    re.I,
)


@dataclass(frozen=True)
class Sum:
    """A line, or a column, that others add up to.

    Attributes
    ----------
    axis : str
        ``"down"``: lines add up in each column. ``"across"``: columns add up in each line.
    total : int
        Number of the line, or of the column among those that hold values.
    parts, signs : tuple of int
        Numbers of the parts, and 1 or -1 for each.
    how : str
        What says so: ``"labels"``, ``"stated"`` (by the user) or ``"arithmetic"`` alone.
    note : str
        What a careful reader should know.
    """

    axis: str
    total: int
    parts: tuple[int, ...]
    signs: tuple[int, ...]
    how: str
    note: str = ""

    def key(self, lane: int, at: int) -> Key:
        """Return the cell of a line (or column) of the sum in one column (or line)."""
        return (lane, at) if self.axis == "down" else (at, lane)


@dataclass(frozen=True)
class Unclear:
    """A labelled total of which the parts cannot be told; `guess` is the plainest reading."""

    axis: str
    total: int
    guess: tuple[int, ...]


@dataclass
class Lanes:
    """The lines of a table, or its columns, as the walk sees them."""

    axis: str
    names: list[str]
    titles: list[str]
    roles: list[str]  # part, total, heading or other
    levels: list[int]
    periods: list[str]
    places: list[int]  # the columns, or lines, where sums are tried
    stated: dict[int, Sum] = field(default_factory=dict)

    def key(self, lane: int, at: int) -> Key:
        """Return the cell of a line (or column) in one column (or line)."""
        return (lane, at) if self.axis == "down" else (at, lane)

    def state(self, sum_: Sum) -> None:
        """Take a sum that the user states."""
        self.stated[sum_.total] = sum_
        self.roles[sum_.total] = "total"


def lines_of(table: PrintedTable) -> Lanes:
    """Return the lines of a table, which add up down the columns."""
    plain = {"part", "total", "heading"}
    return Lanes(
        "down",
        [line.name for line in table.lines],
        [line.title for line in table.lines],
        [line.role if line.role in plain else "other" for line in table.lines],
        [line.level for line in table.lines],
        [""] * len(table.lines),
        [j for j, c in enumerate(table.value_columns) if c.role in ("value", "total")],
    )


def columns_of(table: PrintedTable) -> Lanes:
    """Return the columns of a table, which add up across the lines."""
    columns = table.value_columns
    roles = {"value": "part", "total": "total"}
    return Lanes(
        "across",
        [c.name for c in columns],
        [c.title for c in columns],
        [roles.get(c.role, "other") for c in columns],
        [0] * len(columns),
        [c.period for c in columns],
        [i for i, line in enumerate(table.lines) if adds_across(table, i)],
    )


def adds_across(table: PrintedTable, line: int) -> bool:
    """Say whether the columns of a line can add up: those of a ratio cannot."""
    found = table.lines[line]
    return found.role in ("part", "total") and not any(is_ratio(c.unit) for c in found.cells)


def is_detail(title: str) -> bool:
    """Say whether a line only details the one above it: "of which renewable"."""
    return _DETAIL.match(title) is not None


def is_ratio(unit: str) -> bool:
    """Say whether a unit is that of a share or of an amount per something other than a year."""
    return unit in ("%", "‰", "pp") or "/" in unit.removesuffix("/year")
