"""Which marks a table writes its numbers with: found where every cell agrees, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from carbonkit.tables.grid import Grid, Raw
from carbonkit.tables.meaning.words import plain
from carbonkit.tables.parts import Problem

__all__ = ["Marks", "find_marks", "shown_with"]

_TOKEN = re.compile(
    r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?(?![0-9])|[0-9]*(?:[.,'][0-9]+)+|[0-9]+"
)


class Marks(NamedTuple):
    """The marks of a table's numbers."""

    decimal: str
    thousands: str


_LOCALES = tuple(Marks(*pair) for pair in (".,", ",.", ". ", ", ", ".'", ",'"))


def find_marks(
    grid: Grid, cells: Sequence[Raw], decimal: str | None, thousands: str | None
) -> tuple[Marks, list[Problem]]:
    """Find the marks under which every cell is a number.

    Parameters
    ----------
    grid : Grid
        Where the cells stand.
    cells : sequence of Raw
        The cells that hold figures.
    decimal, thousands : str, optional
        What the caller says.

    Returns
    -------
    tuple
        The marks, and the problems: cells that do not agree, or that all can be read in two ways.
    """
    allowed = [
        marks
        for marks in _LOCALES
        if decimal in (None, marks.decimal) and thousands in (None, marks.thousands)
    ]
    if decimal is not None and thousands is not None:
        return Marks(decimal, thousands), []
    if not allowed:  # decimal or thousands is no mark that numbers have: the figures will say so
        return Marks(decimal or ".", thousands or ("." if decimal == "," else ",")), []
    tokens = {token: raw for raw in cells if not raw.number for token in _marked(raw.text)}
    fitting = [marks for marks in allowed if all(_value(t, marks) is not None for t in tokens)]
    if not fitting:
        best = max(allowed, key=lambda m: sum(_value(t, m) is not None for t in tokens))
        return best, []  # the cells that do not fit are refused one by one
    first, *others = fitting
    return first, list(_ambiguous(grid, tokens.items(), first, others, decimal))


def _ambiguous(
    grid: Grid,
    tokens: Iterable[tuple[str, Raw]],
    first: Marks,
    others: Sequence[Marks],
    decimal: str | None,
) -> Iterable[Problem]:
    """Name a cell that has another value under other marks that fit the whole table as well."""
    for token, raw in tokens:
        # Groups of three behind commas are thousands unless somebody says otherwise.
        if decimal is None and "." in token:
            values = {_value(token, marks) for marks in (first, *others)}
            if len(values) > 1:
                readings = " or ".join(
                    sorted(f"{value:f}" for value in values if value is not None)
                )
                yield grid.problem(
                    raw,
                    f"{token!r} could be {readings}, and no other cell of the table decides. Say "
                    "decimal='.' or decimal=','.",
                )
                return


def shown_with(text: str, marks: Marks) -> str:
    """Rewrite a number that is shown with "." and "," in other marks."""
    return text.translate({ord("."): marks.decimal, ord(","): marks.thousands})


def _marked(text: str) -> list[str]:
    """Return the numbers of a cell that hold any mark."""
    return [t for t in _TOKEN.findall(plain(text)) if not t.isdecimal()]


def _value(token: str, marks: Marks) -> Decimal | None:
    """Read a number under some marks; None where it does not fit them."""
    whole, mark, fraction = token.partition(marks.decimal)
    groups = whole.split(marks.thousands)
    wrong = len(groups) > 1 and (
        not 1 <= len(groups[0]) <= 3 or groups[0][0] == "0" or {len(g) for g in groups[1:]} != {3}
    )
    digits = "".join(groups)
    if wrong or (mark and not fraction.isdecimal()) or not (digits.isdecimal() or not digits):
        return None
    return Decimal(f"{digits or 0}.{fraction}" if mark else digits)
