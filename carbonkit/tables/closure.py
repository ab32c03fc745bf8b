"""Whether the sums of a table close, and what would have to change where they do not.

In the words of accountants: footing (down the columns) and cross-footing (across the lines).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from carbonkit._text import number
from carbonkit.intervals import Interval
from carbonkit.tables.derive import add_up, lane_title, sentence
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.sums.amounts import Amounts, Key, Reading, Term, spread
from carbonkit.tables.sums.lanes import Sum
from carbonkit.tables.sums.repairs import Fault, faults
from carbonkit.tables.sums.search import Row
from carbonkit.tables.sums.structure import structure, terms
from carbonkit.tables.sums.wording import places, quoted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Closure", "Constraint", "closure"]


@dataclass(frozen=True)
class Constraint:
    """One sum in one column, or in one line, and whether it closes.

    Attributes
    ----------
    axis : str
        ``"down"`` or ``"across"``.
    total : tuple of int
        The total: number of the line, and of the column among those that hold figures.
    parts : tuple
        The parts, each with the sign it is added with.
    how : str
        What says that they add up: ``"labels"``, ``"stated"`` or ``"arithmetic"`` alone.
    reading : str
        How it closes: ``"exact"``, ``"rounding"``, ``"truncated"`` or ``"zeros"`` (written zeros
        are size, not digits); ``""`` if it does not.
    words : str
        What adds up to what.
    printed : str
        The total as printed.
    unit : str
        Its unit.
    nominal : Fraction
        The sum of the parts as printed, in that unit.
    recomputed : Interval
        What the parts can add up to, in that unit.
    gap : Fraction
        How far the total is from that: 0 if it closes, negative if it is too low.
    """

    axis: str
    total: Key
    parts: tuple[Term, ...]
    how: str
    reading: str
    words: str
    printed: str
    unit: str
    nominal: Fraction
    recomputed: Interval
    gap: Fraction

    @property
    def closes(self) -> bool:
        """Whether the parts can add up to the total."""
        return bool(self.reading)

    def __str__(self) -> str:
        if self.closes:
            return f"{self.words}: closes ({self.reading})"
        unit = "" if self.unit == "1" else f" {self.unit}"
        low, high = self.recomputed.lo, self.recomputed.hi
        ends = " to ".join("any" if end is None else number(end) for end in (low, high))
        way = "above" if self.gap > 0 else "below"
        off = number(abs(self.gap))
        return f"{self.words}: come to {ends}{unit}, printed is {self.printed}, {off} {way}"


@dataclass(frozen=True)
class Closure:
    """What came of closing a table.

    Attributes
    ----------
    table : PrintedTable
        The table.
    constraints : tuple of Constraint
        Every sum that could be tried.
    faults : tuple of Fault
        For each group of sums that do not close and hang together, the smallest sets of cells
        whose change would close them, the likeliest first.
    untried : tuple of str
        Sums that cells without a figure leave open.
    unclear : tuple of str
        Labelled totals whose parts cannot be told.
    """

    table: PrintedTable
    constraints: tuple[Constraint, ...]
    faults: tuple[Fault, ...]
    untried: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()

    @property
    def failing(self) -> tuple[Constraint, ...]:
        """The sums that do not close."""
        return tuple(c for c in self.constraints if not c.closes)

    @property
    def closes(self) -> bool:
        """Whether every sum that could be tried closes."""
        return not self.failing

    def __str__(self) -> str:
        tried, failing = len(self.constraints), self.failing
        lines = [f"{self.table.name}: {tried - len(failing)} of {tried} sums close"]
        lines += [f"  {constraint}" for constraint in failing]
        lines += [f"  {line}" for fault in self.faults for line in str(fault).splitlines()]
        lines += [f"  cannot be tried: {words}" for words in self.untried]
        lines += [f"  {words}" for words in self.unclear]
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each sum.

        Returns
        -------
        pandas.DataFrame
            Columns ``sum``, ``axis``, ``how``, ``closes``, ``reading``, ``printed``, ``nominal``
            and ``gap`` (in ``unit``), ``unit``.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "sum": c.words,
                    "axis": c.axis,
                    "how": c.how,
                    "closes": c.closes,
                    "reading": c.reading,
                    "printed": c.printed,
                    "nominal": float(c.nominal),
                    "gap": float(c.gap),
                    "unit": c.unit,
                }
                for c in self.constraints
            ]
        )


def closure(table: PrintedTable) -> Closure:
    r"""Close a table: try every sum, and find what would have to change where one fails.

    A sum closes if its parts can add up to its total under the table's rule of rounding; where
    no rule is known, to nearest, or truncated if no other cell excludes it, or with the written
    zeros of round totals read as size.

    Parameters
    ----------
    table : PrintedTable
        The table.

    Returns
    -------
    Closure

    Raises
    ------
    TableError
        If ``totals`` names a line or column that the table does not have.

    Examples
    --------
    >>> from carbonkit.tables import read_text
    >>> table = read_text(
    ...     "|  | North | South | Total |\n|---|---|---|---|\n| Diesel | 1,204 | 1,810 | 2,384 |\n"
    ...     "| Gas | 310 | 305 | 615 |\n| Total | 1,514 | 1,485 | 2,999 |",
    ...     name="energy",
    ...     unit="MWh",
    ... )
    >>> print(closure(table))
    energy: 4 of 6 sums close
      'Diesel' and 'Gas' add up to 'Total' in South: come to 2,114 to 2,116 MWh, printed is 1,485,
      628.5 below
      'North' and 'South' add up to 'Total' for 'Diesel': come to 3,013 to 3,015 MWh, printed is
      2,384, 628.5 below
      would close if 'Diesel' in South (row 3, column C) were 1,180 instead of 1,810 (the digits 18
      are exchanged)
    """
    amounts = Amounts(table)
    found = structure(table, amounts)
    tried: list[tuple[Sum, int, Key, list[Term]]] = []
    untried = []
    for sum_, at in add_up(table, found):
        total = sum_.key(sum_.total, at)
        given, missing = terms(sum_, at, amounts)
        if total not in amounts.figures:
            continue
        if missing and not (given and amounts.fits(total, given)):
            untried.append(f"{sentence(table, sum_, at)} ({places(table, missing)}: no figure)")
        else:
            tried.append((sum_, at, total, given))
    readings = _readings(amounts, [(total, given) for *_, total, given in tried])
    constraints = [
        _constraint(table, amounts, *one, reading)
        for one, reading in zip(tried, readings, strict=True)
    ]
    rows = [
        Row(total, tuple(given), reading)
        for (*_, total, given), reading in zip(tried, readings, strict=True)
    ]
    return Closure(
        table,
        tuple(constraints),
        faults(table, amounts, rows),
        tuple(untried),
        tuple(
            f"what makes up {quoted(lane_title(table, unclear))} cannot be told"
            for unclear in found.unclear
        ),
    )


def _readings(amounts: Amounts, sums: list[tuple[Key, list[Term]]]) -> list[Reading]:
    """Read every sum; none is truncated where another one of the table excludes it."""
    found = [amounts.reading(total, given) for total, given in sums]
    if any(
        reading.name == "exact" and not amounts.could_be_cut(total, given)
        for (total, given), reading in zip(sums, found, strict=True)
    ):
        found = [
            amounts.reading(total, given, truncation=False) if r.name in ("truncated", "") else r
            for (total, given), r in zip(sums, found, strict=True)
        ]
    return found


def _constraint(
    table: PrintedTable,
    amounts: Amounts,
    sum_: Sum,
    at: int,
    total: Key,
    given: list[Term],
    reading: Reading,
) -> Constraint:
    cell = table.lines[total[0]].cells[total[1]]
    ends = spread(reading.parts, given)
    recomputed = amounts.interval(total, ends)
    gap = amounts.interval(total, reading.total).gap(recomputed)
    nominal = sum(sign * amounts.values[key] for key, sign in given)
    return Constraint(
        sum_.axis,
        total,
        tuple(given),
        sum_.how,
        reading.name,
        sentence(table, sum_, at),
        cell.text.strip(),
        cell.unit,
        amounts.amount(total, nominal),
        recomputed,
        gap if reading.total[0] > ends[1] else -gap,
    )
