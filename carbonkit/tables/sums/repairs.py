"""Which cells of a table would have to change for its sums to close, and what explains it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from carbonkit.intervals import Interval
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.sums.amounts import Amounts, Key, spread
from carbonkit.tables.sums.search import Row, Solution, System
from carbonkit.tables.sums.slips import KINDS, slips
from carbonkit.tables.sums.wording import quoted

__all__ = ["Cause", "Change", "Fault", "Repair", "faults"]

_SHOWN = 5  # repairs that a text names one by one
_LUCK = 0.5  # of a random cell to show a slip of this kind, beyond which it explains nothing


@dataclass(frozen=True)
class Cause:
    """What would explain that a cell is printed as it is.

    Attributes
    ----------
    kind : str
        ``"transposed"``, ``"sign"``, ``"factor of 1,000"``, ``"left out"``, ``"counted twice"``,
        ``"counted in"``, ``"decimal mark"``, ``"digit too many"``, ``"digit left out"``,
        ``"wrong digit"``, ``"truncated"`` or ``"exchanged"``.
    words : str
        The same for a reader.
    value : str
        What the cell would have to be then.
    """

    kind: str
    words: str
    value: str


@dataclass(frozen=True)
class Change:
    """One cell, and what it would have to be.

    Attributes
    ----------
    cell : tuple of int
        Number of the line, and of the column among those that hold figures.
    place : str
        Where it stands in the source.
    words : str
        Which it is.
    printed : str
        What it prints.
    value : str
        What it would have to print: with the likeliest cause, or else nearest to what the
        others leave.
    needed : Interval
        All the values, in its printed unit, that would do, its last digit being kept.
    causes : tuple of Cause
        What would explain it, the most telling first.
    """

    cell: Key
    place: str
    words: str
    printed: str
    value: str
    needed: Interval
    causes: tuple[Cause, ...]

    def __str__(self) -> str:
        why = f" ({self.causes[0].words})" if self.causes else ""
        return f"{self.words} ({self.place}) were {self.value} instead of {self.printed}{why}"


@dataclass(frozen=True)
class Repair:
    """Cells that would have to change together.

    Attributes
    ----------
    changes : tuple of Change
        The cells.
    rank : int
        How telling the causes are: the lower, the likelier; equal ranks are ties.
    """

    changes: tuple[Change, ...]
    rank: int

    def __str__(self) -> str:
        return " and ".join(map(str, self.changes))


@dataclass(frozen=True)
class Fault:
    """Sums that do not close and hang together, and what would close them.

    Attributes
    ----------
    sums : tuple of int
        Numbers of the constraints that fail.
    repairs : tuple of Repair
        Every smallest set of cells that would do, the likeliest first.
    complete : bool
        Whether no smaller or other set of that size was passed over.
    """

    sums: tuple[int, ...]
    repairs: tuple[Repair, ...]
    complete: bool = True

    @property
    def best(self) -> tuple[Repair, ...]:
        """The likeliest repair, or all of them that tie."""
        return tuple(r for r in self.repairs if r.rank == self.repairs[0].rank)

    def __str__(self) -> str:
        sums = "this sum" if len(self.sums) == 1 else f"these {len(self.sums)} sums"
        if not self.repairs:
            return f"no few cells would close {sums}"
        best = self.best
        if len(best) == 1:
            text = f"would close if {best[0]}"
        else:
            which = "cells" if len(best[0].changes) == 1 else "sets of cells"
            text = f"any one of these {len(best)} {which} would close {sums}:"
            text += "".join(f"\n  if {repair}" for repair in best[:_SHOWN])
            if len(best) > _SHOWN:
                text += f"\n  and {len(best) - _SHOWN} more"
        if others := len(self.repairs) - len(best):
            text += f"\n{others} other{'s' if others > 1 else ''} would do, with less to explain it"
        return text if self.complete else f"{text}\nnot every set of cells was tried"


def faults(table: PrintedTable, amounts: Amounts, rows: Sequence[Row]) -> tuple[Fault, ...]:
    """Find the smallest sets of cells that would close the sums that do not close.

    Parameters
    ----------
    table : PrintedTable
        The table.
    amounts : Amounts
        Its figures.
    rows : sequence of Row
        Its sums.

    Returns
    -------
    tuple of Fault
        One for each group of failing sums that share cells.
    """
    system = System(amounts, rows)
    explain = _Explainer(table, amounts, rows)
    found = []
    groups = system.groups()
    while groups:
        group = groups.pop(0)
        solutions, complete = system.smallest(group)
        # Slips that cancel out in one direction tie together sums that share no cell.
        touched = {r for s in solutions if len(s.values) > 1 for r in system.touched(s)}
        joined = [other for other in groups if touched.intersection(other)]
        if joined:
            groups = [other for other in groups if other not in joined]
            groups.insert(0, sorted({*group, *(r for other in joined for r in other)}))
            continue
        kept = [s for s in solutions if _closes(amounts, rows, system, s)]
        repairs = sorted((explain.repair(s, group) for s in kept), key=lambda r: r.rank)
        found.append(Fault(tuple(group), tuple(repairs), complete))
    return tuple(found)


def _closes(amounts: Amounts, rows: Sequence[Row], system: System, solution: Solution) -> bool:
    """Put the values in and try every sum that they touch."""
    changed = amounts.replaced(solution.values)
    return all(changed.fits(rows[r].total, rows[r].parts) for r in system.touched(solution))


class _Explainer:
    """Words and causes for the cells of a repair."""

    def __init__(self, table: PrintedTable, amounts: Amounts, rows: Sequence[Row]) -> None:
        self.table = table
        self.amounts = amounts
        self.rows = rows

    def repair(self, solution: Solution, group: Sequence[int]) -> Repair:
        changes = []
        for key in sorted(solution.values):
            causes = [*self._exchanged(key, solution), *self._causes(key, solution, group)]
            causes.sort(key=lambda cause: KINDS.index(cause.kind))
            changes.append(self._change(key, solution, causes))
        ranks = [KINDS.index(c.causes[0].kind) if c.causes else len(KINDS) for c in changes]
        return Repair(tuple(changes), max(ranks))

    def _change(self, key: Key, solution: Solution, causes: Sequence[Cause]) -> Change:
        line, column = self.table.lines[key[0]], self.table.value_columns[key[1]]
        cell = line.cells[key[1]]
        return Change(
            key,
            cell.place,
            f"{quoted(line.title)} in {column.title}",
            cell.text.strip(),
            causes[0].value if causes else self._shown(key, solution.values[key]),
            self.amounts.interval(key, solution.ranges[key]),
            tuple(causes),
        )

    def _exchanged(self, key: Key, solution: Solution) -> Iterator[Cause]:
        """Say whether two cells print each other's figure."""
        values, kinds = self.amounts.values, self.amounts.kinds
        for other in solution.values:
            if len(solution.values) == 2 and other != key and kinds[other] == kinds[key]:
                pairs = ((key, other), (other, key))
                ranges = solution.ranges
                if all(ranges[a][0] <= values[b] <= ranges[a][1] for a, b in pairs):
                    line, column = self.table.lines[other[0]], self.table.value_columns[other[1]]
                    words = f"exchanged with {quoted(line.title)} in {column.title}"
                    yield Cause("exchanged", words, self._shown(key, values[other]))

    def _causes(self, key: Key, solution: Solution, group: Sequence[int]) -> Iterator[Cause]:
        ends, figure = solution.ranges[key], self.amounts.figures[key]
        if figure.high is not None or not math.isfinite(sum(ends)):
            return
        step = self.amounts.step(key)
        low, high = int(ends[0]) // step, int(ends[1]) // step
        wanted = solution.values[key] // step
        # Of each kind the slip nearest to what the other cells leave stands for it.
        ways = sorted(slips(figure), key=lambda slip: abs(slip.low + slip.high - 2 * wanted))
        often = Counter(slip.kind for slip in ways)
        seen = set()
        for slip in ways:
            bottom, top = max(low, slip.low), min(high, slip.high)
            size = max(abs(slip.low + slip.high), 1)
            luck = often[slip.kind] * (high - low + slip.high - slip.low + 1) / (2 * size)
            if bottom <= top and luck < _LUCK and slip.kind not in seen:
                seen.add(slip.kind)
                near = min(max((slip.low + slip.high) // 2, bottom), top)
                yield Cause(slip.kind, slip.words, self._shown(key, near * step))
        shown = self._shown(key, solution.values[key])
        for r in group:
            if self.rows[r].total == key:
                for kind, words in self._other_sums(self.rows[r]):
                    yield Cause(kind, words, shown)

    def _other_sums(self, row: Row) -> Iterator[tuple[str, str]]:
        """Try whether a total as printed is that of other cells than it should be."""
        amounts = self.amounts
        low, high = spread((amounts.ends(key) for key, _ in row.parts), row.parts)
        bottom, top = amounts.ends(row.total)
        for other, sign, kind, words in self._suspects(row):
            least, most = spread([amounts.ends(other)], [(other, sign)])
            wide = high - low + top - bottom + most - least
            if low + least <= top and bottom <= high + most and abs(amounts.values[other]) > wide:
                down = row.total[1] == other[1]
                lane = self.table.lines[other[0]] if down else self.table.value_columns[other[1]]
                yield kind, f"as printed it {words} {quoted(lane.title)}"

    def _suspects(self, row: Row) -> Iterator[tuple[Key, int, str, str]]:
        """Go through the cells that a total may lack, or hold too often."""
        for key, sign in row.parts:
            yield key, -sign, "left out", "leaves out"
            yield key, sign, "counted twice", "counts twice"
        own = {key for key, _ in row.parts} | {row.total}
        place = 1 if row.parts[0][0][1] == row.total[1] else 0
        for key, kind in self.amounts.kinds.items():
            if (
                key not in own
                and key[place] == row.total[place]
                and kind == self.amounts.kinds[row.total]
            ):
                yield key, 1, "counted in", "also counts"

    def _shown(self, key: Key, value: int) -> str:
        """Write a value with the digits and marks of a cell."""
        table, coefficient = self.table, self.amounts.figures[key].coefficient
        _, digits, exponent = coefficient.as_tuple()
        whole = len(digits) + int(exponent)
        text = table.lines[key[0]].cells[key[1]].text
        count = value // self.amounts.step(key)
        grouped = table.thousands and (whole < 4 or table.thousands in text)
        written = f"{Decimal(count).scaleb(int(exponent)):{',' if grouped else ''}f}"
        marks = {",": table.thousands, ".": table.decimal}
        return "".join(marks.get(mark, mark) for mark in written)
