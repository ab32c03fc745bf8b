"""What the cells of a table can stand for, as whole numbers: exact, and quick to add up.

All cells of one dimension share one tiny step, so that kWh and MWh add up exactly and a table of
thousands of cells needs no fractions.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from carbonkit import units
from carbonkit.intervals import Interval
from carbonkit.printed import Figure, Qualifier
from carbonkit.tables.model import PrintedTable

__all__ = ["Amounts", "Ends", "Key", "Reading", "Term", "read", "spread"]

#: A cell: number of the line, and of the column among those that hold values.
Key = tuple[int, int]
#: Lower and upper end, whole numbers or infinite. An open end lies one inside its number.
Ends = tuple[float, float]
#: A part of a sum, and the sign it is added with.
Term = tuple[Key, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a sum have to be read for it to close.

    Attributes
    ----------
    name : str
        ``"exact"``, ``"rounding"``, ``"truncated"``, ``"zeros"``, or ``""`` if it does not close.
    total : tuple of numbers
        What the total can stand for.
    parts : tuple of tuples of numbers
        What each part can stand for.
    """

    name: str
    total: Ends
    parts: tuple[Ends, ...]


class Amounts:
    """The figures of a table, by cell, as whole numbers of one step per dimension.

    Parameters
    ----------
    table : PrintedTable
        The table.
    """

    def __init__(self, table: PrintedTable) -> None:
        self.mode = "nearest" if table.rounding == "unknown" else table.rounding
        self.unknown_rule = table.rounding == "unknown"
        self.figures: dict[Key, Figure] = {}
        self.kinds: dict[Key, Hashable] = {}
        self.references: dict[Hashable, str] = {}
        sizes: dict[Key, Fraction] = {}
        for i, line in enumerate(table.lines):
            for j, (column, cell) in enumerate(zip(table.value_columns, line.cells, strict=True)):
                if cell.figure is None:
                    continue
                unit = table.unit_of(line, column)
                kind: Hashable = units.dimensionality(unit) if unit else None
                reference = self.references.setdefault(kind, unit)
                self.figures[i, j] = cell.figure
                self.kinds[i, j] = kind
                sizes[i, j] = units.scale(unit, reference) if unit else Fraction(1)
        self._room = 4 * (len(self.figures) + 1)  # more than the open ends of any sum
        common = dict.fromkeys(self.references, 1)
        for key, figure in self.figures.items():
            for one in filter(None, (figure, figure.high)):
                half = one.ulp * sizes[key] / 2
                common[self.kinds[key]] = math.lcm(common[self.kinds[key]], half.denominator)
        self._factors = {k: size * common[self.kinds[k]] * self._room for k, size in sizes.items()}
        self.values = {k: int(f.value * self._factors[k]) for k, f in self.figures.items()}
        self._ends: dict[tuple[Key, str, int], Ends] = {}

    def replaced(self, key: Key, figure: Figure) -> Amounts:
        """Return the amounts with another figure, of the same last digit, in one cell."""
        other = copy.copy(self)
        other.figures = {**self.figures, key: figure}
        other.values = {**self.values, key: int(figure.value * self._factors[key])}
        other._ends = {k: v for k, v in self._ends.items() if k[0] != key}
        return other

    def step(self, key: Key) -> int:
        """Return one unit of the last printed digit of a cell."""
        return int(self.figures[key].ulp * self._factors[key])

    def interval(self, key: Key, ends: Ends) -> Interval:
        """Return ends as an interval in the printed unit of a cell."""
        (low, low_open), (high, high_open) = (self._plain(key, end) for end in ends)
        return Interval(low, high, not low_open, not high_open)

    def _plain(self, key: Key, end: float) -> tuple[Fraction | None, bool]:
        if isinstance(end, float):
            return None, True
        whole = (end + self._room // 2) // self._room * self._room
        return whole / self._factors[key], whole != end

    def ends(self, key: Key, mode: str = "", zeros: int = 0) -> Ends:
        """Return what a cell can stand for, under a rule of rounding other than the table's."""
        mode = mode or self.mode
        if (found := self._ends.get((key, mode, zeros))) is None:
            given = read(self.figures[key], mode, zeros)
            factor = self._factors[key]
            low = -math.inf if given.lo is None else int(given.lo * factor) + (not given.lo_closed)
            high = math.inf if given.hi is None else int(given.hi * factor) - (not given.hi_closed)
            found = self._ends[key, mode, zeros] = (low, high)
        return found

    def fits(self, total: Key, parts: Sequence[Term]) -> bool:
        """Say whether the parts can add up to the total, in any reading of the figures."""
        return bool(self.reading(total, parts).name)

    def reading(self, total: Key, parts: Sequence[Term], *, truncation: bool = True) -> Reading:
        """Find the finest reading in which the parts add up to the total.

        The readings are those of a claim, in their order: to nearest or by the table's rule,
        truncated, the total's written zeros for size only, all figures at a common power of ten.
        """
        fine = tuple(self.ends(key) for key, _ in parts)
        finest = self.ends(total)
        if finest[0] <= sum(s * self.values[k] for k, s in parts) <= finest[1]:
            return Reading("exact", finest, fine)
        tried = [Reading("rounding", finest, fine)]
        if truncation and self.unknown_rule:
            cut = self.ends(total, "truncated")
            tried.append(Reading("truncated", cut, fine))
            tried.append(
                Reading("truncated", cut, tuple(self.ends(k, "truncated") for k, _ in parts))
            )
        if zeros := _written_zeros(self.figures[total]):
            tried.append(Reading("zeros", self.ends(total, zeros=zeros), fine))
            if common := self._common_zeros([total, *(key for key, _ in parts)]):
                wide = [self.ends(key, zeros=zeros) for key, zeros in common]
                tried.append(Reading("zeros", wide[0], tuple(wide[1:])))
        for one in tried:
            low, high = spread(one.parts, parts)
            if low <= one.total[1] and one.total[0] <= high:
                return one
        return replace(tried[0], name="")

    def _common_zeros(self, keys: list[Key]) -> list[tuple[Key, int]]:
        """Count the zeros that figures in the total's unit lose at their common power of ten."""
        alike = [k for k in keys if self._factors[k] == self._factors[keys[0]]]
        zeros = {k: _written_zeros(self.figures[k]) for k in alike}
        if len(alike) < 2 or not all(zeros.values()):
            return []
        common = min(self.step(k) * 10**z for k, z in zeros.items())
        return [(k, len(str(common // self.step(k))) - 1 if k in zeros else 0) for k in keys]


def spread(ends: Iterable[Ends], parts: Iterable[Term]) -> Ends:
    """Return what a sum of terms can come to."""
    low: float = 0
    high: float = 0
    for (bottom, top), (_, sign) in zip(ends, parts, strict=True):
        low += bottom if sign > 0 else -top
        high += top if sign > 0 else -bottom
    return low, high


def read(figure: Figure, mode: str, zeros: int) -> Interval:
    """Read a figure of a table: a bound as a half-line, "about" at its significant digits."""
    bound = figure.bound()
    if bound is not None:
        return bound
    if figure.qualifier is Qualifier.ABOUT:
        return figure.interval(mode, figure.trailing_zeros)
    return figure.interval(mode, zeros)


def _written_zeros(figure: Figure) -> int:
    """Count the zeros written out; those before a magnitude word are digits."""
    return figure.trailing_zeros - figure.zeros_before_magnitude
