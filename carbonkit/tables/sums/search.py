"""The smallest sets of cells whose change would close the sums of a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from carbonkit.tables.sums.amounts import Amounts, Ends, Key, Reading, Term, spread

__all__ = ["Row", "Solution", "System"]

#: Cells changed at once; whoever has more to correct has more than slips.
_LARGEST = 6
#: Steps after which a search is given up.
_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One sum: total, parts, and how they are read."""

    total: Key
    parts: tuple[Term, ...]
    reading: Reading


@dataclass(frozen=True)
class Solution:
    """Cells with the values that would close every sum, in whole numbers of the table's step.

    Attributes
    ----------
    values : mapping of cells to int
        One value for each cell.
    ranges : mapping of cells to (low, high)
        The printed values of each cell that would do, the others being as in `values`.
    """

    values: Mapping[Key, int]
    ranges: Mapping[Key, Ends]


class System:
    """The sums of a table as ranges that must hold zero: parts less total.

    Parameters
    ----------
    amounts : Amounts
        The figures of the table.
    rows : sequence of Row
        Its sums. Those that do not close are read truncated where others have to be.
    """

    def __init__(self, amounts: Amounts, rows: Sequence[Row]) -> None:
        self.amounts = amounts
        self.cells = [{**dict(row.parts), row.total: -1} for row in rows]
        cut = any(row.reading.name == "truncated" for row in rows)
        self.start: list[Ends] = []
        for row in rows:
            low, high = spread(row.reading.parts, row.parts)
            total = row.reading.total
            if cut and not row.reading.name:
                ends = (amounts.ends(key, "truncated") for key, _ in row.parts)
                low, high = spread(ends, row.parts)
                total = amounts.ends(row.total, "truncated")
            self.start.append((low - total[1], high - total[0]))
        self.rows_of: dict[Key, list[int]] = {}
        for number, cells in enumerate(self.cells):
            for key in cells:
                self.rows_of.setdefault(key, []).append(number)
        self._most = max(map(len, self.rows_of.values()), default=0)
        self.steps = 0

    def groups(self) -> list[list[int]]:
        """Return the sums that do not close, together with those that share a cell with them."""
        open_ = [r for r, ends in enumerate(self.start) if not _holds(ends)]
        groups: list[tuple[list[int], set[Key]]] = []
        for number in open_:
            cells = set(self.cells[number])
            apart = []
            joined = [number]
            for members, shared in groups:
                if shared & cells:
                    joined = members + joined
                    cells |= shared
                else:
                    apart.append((members, shared))
            groups = [*apart, (joined, cells)]
        return [sorted(members) for members, _ in groups]

    def smallest(self, failing: Sequence[int]) -> tuple[list[Solution], bool]:
        """Return every smallest set of cells that closes some sums, and if none was passed over."""
        self.steps = 0
        for size in range(1, _LARGEST + 1):
            found: dict[frozenset[Key], dict[Key, int]] = {}
            for values in self._search(size, list(self.start), set(failing), {}):
                found.setdefault(frozenset(values), values)
            if found:
                return [self._ranged(values) for values in found.values()], self.steps < _STEPS
            if self.steps >= _STEPS:
                return [], False
        return [], True

    def touched(self, solution: Solution) -> set[int]:
        """Return the sums that hold a cell of a solution."""
        return {r for key in solution.values for r in self.rows_of[key]}

    def _search(
        self, size: int, state: list[Ends], failing: set[int], chosen: dict[Key, int]
    ) -> Iterator[dict[Key, int]]:
        if not failing:
            yield dict(chosen)
            return
        if size * self._most < len(failing):
            return
        row = min(failing, key=lambda r: (len(self.cells[r]), r))
        for key in self.cells[row]:
            if key in chosen or self.steps >= _STEPS:
                continue
            if size == 1 and not all(key in self.cells[r] for r in failing):
                continue
            self.steps += 1
            for value in self._values(key, state, failing, last=size == 1):
                before = [state[r] for r in self.rows_of[key]]
                self._move(state, key, value)
                own = set(self.rows_of[key])
                left = (failing - own) | {r for r in own if not _holds(state[r])}
                chosen[key] = value
                yield from self._search(size - 1, state, left, chosen)
                del chosen[key]
                for r, ends in zip(self.rows_of[key], before, strict=True):
                    state[r] = ends

    def _move(self, state: list[Ends], key: Key, value: int) -> None:
        """Put a value in the place of the printed one."""
        shift = value - self.amounts.values[key]
        for r in self.rows_of[key]:
            moved = self.cells[r][key] * shift
            state[r] = (state[r][0] + moved, state[r][1] + moved)

    def _values(
        self, key: Key, state: Sequence[Ends], failing: set[int], *, last: bool
    ) -> Iterator[int]:
        """Propose values of a cell: to close all its sums, those that fail, or one of these."""
        own = self.rows_of[key]
        wrong = [r for r in own if r in failing]
        given = set()
        for rows in [own] if last else [own, wrong, *([r] for r in wrong)]:
            ends = self._range(key, rows, state)
            value = None if ends is None else self._within(key, ends, state[rows[0]], rows[0])
            if value is not None and value not in given:
                given.add(value)
                yield value

    def _range(self, key: Key, rows: Sequence[int], state: Sequence[Ends]) -> Ends | None:
        """Return the values of a cell with which these sums hold; None if there are none."""
        bottom, top = -math.inf, math.inf
        for r in rows:
            low, high = state[r]
            a, b = (-high, -low) if self.cells[r][key] > 0 else (low, high)
            bottom, top = max(bottom, a), min(top, b)
        value, step = self.amounts.values[key], self.amounts.step(key)
        first = bottom if math.isinf(bottom) else -(-(value + bottom) // step) * step
        last = top if math.isinf(top) else (value + top) // step * step
        return (first, last) if first <= last else None

    def _within(self, key: Key, ends: Ends, state: Ends, row: int) -> int | None:
        """Return the value in a range that is nearest to what a sum leaves for it."""
        step, twice = self.amounts.step(key), 2 * self.amounts.values[key]
        if math.isfinite(sum(state)):
            twice -= self.cells[row][key] * int(sum(state))
        value = min(max((twice + step) // (2 * step) * step, ends[0]), ends[1])
        return int(value) if math.isfinite(value) else None

    def _ranged(self, values: Mapping[Key, int]) -> Solution:
        state = list(self.start)
        for key, value in values.items():
            self._move(state, key, value)
        ranges = {}
        for key, value in values.items():
            ends = self._range(key, self.rows_of[key], state)
            shift = value - self.amounts.values[key]
            ranges[key] = (value, value) if ends is None else (ends[0] + shift, ends[1] + shift)
        return Solution(values, ranges)


def _holds(ends: Ends) -> bool:
    return ends[0] <= 0 <= ends[1]
