"""Tables in data frames: their cells as text, with the digits that they show."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonkit.errors import TableError
from carbonkit.tables.grid import MOST_CELLS, Grid, Raw, rectangle, refuse
from carbonkit.tables.parts import Problem

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["from_frame"]


def from_frame(frame: pd.DataFrame, source: str) -> Grid:
    """Cut a data frame into cells; a named index, or one of text, is a column of labels.

    Parameters
    ----------
    frame : DataFrame
        Text as printed, or numbers. A number has the digits of its shortest text; in a column of
        whole numbers, none behind the point.
    source : str
        What it is called in messages.

    Returns
    -------
    Grid

    Raises
    ------
    TableError
        If it is too large, or a cell is neither text nor a number.
    """
    if not frame.size:
        raise TableError(f"{source}: is empty.")
    if frame.size + len(frame.index) > MOST_CELLS:
        raise TableError(f"{source}: has {frame.size:,} cells; a table has at most {MOST_CELLS:,}.")
    plain = frame.index.name is None and frame.index.nlevels == 1 and _counts(frame.index)
    labels = [] if plain else [list(level) for level in _levels(frame.index)]
    names = [] if plain else [name if name is not None else "" for name in frame.index.names]
    tops = [[*names, *level] for level in _levels(frame.columns)]
    if len(tops) > 1:
        tops = [[*([""] * len(names)), *level[len(names) :]] for level in tops[:-1]] + tops[-1:]
    bodies = [*labels, *(frame.iloc[:, j].tolist() for j in range(frame.shape[1]))]
    columns = [[*(top[j] for top in tops), *_same_kind(body)] for j, body in enumerate(bodies)]
    problems: list[Problem] = []
    rows = [
        [_raw(columns[j][i], i + 1, j + 1, source, problems) for j in range(len(columns))]
        for i in range(len(tops) + len(frame.index))
    ]
    if problems:
        raise refuse(source, problems)
    return Grid(rectangle(rows), source, heads=len(tops))


def _levels(index: Any) -> list[list[Any]]:
    return [list(index.get_level_values(level)) for level in range(index.nlevels)]


def _counts(index: Any) -> bool:
    """Say whether an index only counts the rows."""
    return all(isinstance(i, int) for i in index) and list(index) == list(range(len(index)))


def _same_kind(values: list[Any]) -> list[Any]:
    """Make whole numbers of floats where a column holds nothing else: gaps made them floats."""
    floats = [v for v in values if isinstance(v, float) and math.isfinite(v)]
    if floats and all(v.is_integer() and abs(v) < 2**53 for v in floats):
        return [int(v) if isinstance(v, float) and math.isfinite(v) else v for v in values]
    return values


def _raw(value: Any, row: int, column: int, source: str, problems: list[Problem]) -> Raw:
    """Make a cell of a value."""
    raw = Raw("", row, column)
    if isinstance(value, str):
        return raw._replace(text=" ".join(value.split()), indent=len(value) - len(value.lstrip()))
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
        return raw
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, datetime.date):
        return raw._replace(text=value.isoformat()[:10])
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        wrong = f"{value!r:.60} is neither text nor a number."
    elif isinstance(value, Fraction) and value.denominator != 1:
        wrong = f"{value} is a fraction, which nobody prints; round it."
    elif not math.isfinite(value):
        wrong = f"{value} is no number that is printed."
    else:
        return raw._replace(text=_text(value), number=True)
    problems.append(Problem(f"{source}, {raw.place}", wrong, row, column))
    return raw


def _text(value: int | float | Decimal | Fraction) -> str:
    """Write a number with the digits that it has."""
    if isinstance(value, int | Fraction):
        return str(value)
    return f"{value if isinstance(value, Decimal) else Decimal(repr(value)):f}"
