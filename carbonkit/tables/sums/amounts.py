"""What the cells of a table can stand for, as whole numbers: exact, and quick to add up.

All cells of one dimension share one tiny step, so that kWh and MWh add up exactly and a table of
thousands of cells needs no fractions.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

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
        dimensions: dict[str, Hashable] = {}
        lasts: dict[Key, tuple[str, Fraction]] = {}
        for i, line in enumerate(table.lines):
            for j, cell in enumerate(line.cells):
                if (figure := cell.figure) is not None:
                    if cell.unit not in dimensions:
                        known = units.dimensionality(cell.unit) if cell.unit else None
                        dimensions[cell.unit] = known
                    self.figures[i, j] = figure
                    self.kinds[i, j] = dimensions[cell.unit]
                    lasts[i, j] = cell.unit, figure.ulp
        # More than the open ends of any sum, so that these never add up to a step.
        self._room = 4 * (len(self.figures) + 1)
        self._steps = self._common_steps(set(lasts.values()), dimensions)
        self._step = {key: self._steps[last] for key, last in lasts.items()}
        self.values = {k: _digits(f) * self._step[k] for k, f in self.figures.items()}
        self._ends: dict[tuple[Key, str, int], Ends] = {}

    def _common_steps(
        self, lasts: Collection[tuple[str, Fraction]], dimensions: Mapping[str, Hashable]
    ) -> dict[tuple[str, Fraction], int]:
        """Return the size of each last digit, in the common step of its dimension."""
        references: dict[Hashable, str] = {}
        sizes = {}
        for unit, ulp in sorted(lasts):
            reference = references.setdefault(dimensions[unit], unit)
            sizes[unit, ulp] = ulp * (units.scale(unit, reference) if unit else 1)
        common = dict.fromkeys(references, 1)
        for (unit, _), size in sizes.items():
            kind = dimensions[unit]
            common[kind] = math.lcm(common[kind], (size / 2).denominator)
        return {
            last: int(size * common[dimensions[last[0]]] * self._room)
            for last, size in sizes.items()
        }

    def replaced(self, values: Mapping[Key, int]) -> Amounts:
        """Return the amounts with other values, printed with the same last digit, in some cells."""
        other = copy.copy(self)
        other.figures, other.values = dict(self.figures), {**self.values, **values}
        for key, value in values.items():
            figure = self.figures[key]
            last = int(figure.coefficient.as_tuple().exponent)
            coefficient = Decimal(value // self.step(key)).scaleb(last)
            other.figures[key] = replace(figure, coefficient=coefficient)
        other._ends = {k: v for k, v in self._ends.items() if k[0] not in values}
        return other

    def step(self, key: Key) -> int:
        """Return one unit of the last printed digit of a cell."""
        return self._step[key]

    def amount(self, key: Key, number: int) -> Fraction:
        """Return a whole number as an amount in the printed unit of a cell."""
        return Fraction(number, self._step[key]) * self.figures[key].ulp

    def interval(self, key: Key, ends: Ends) -> Interval:
        """Return ends as an interval in the printed unit of a cell."""
        (low, low_open), (high, high_open) = (self._plain(key, end) for end in ends)
        return Interval(low, high, not low_open, not high_open)

    def _plain(self, key: Key, end: float) -> tuple[Fraction | None, bool]:
        if isinstance(end, float):
            return None, True
        whole = (end + self._room // 2) // self._room * self._room
        return self.amount(key, whole), whole != end

    def ends(self, key: Key, mode: str = "", zeros: int = 0) -> Ends:
        """Return what a cell can stand for, under a rule of rounding other than the table's."""
        mode = mode or self.mode
        if (found := self._ends.get((key, mode, zeros))) is None:
            figure, step = self.figures[key], self._step[key]
            if figure.high is None and figure.qualifier is Qualifier.EXACT:
                value, last = self.values[key], step * 10**zeros
                sign = (value > 0) - (value < 0)
                low, high, low_open, high_open = _offsets(mode, sign, value // last % 2)
                found = value + low * last // 2 + low_open, value + high * last // 2 - high_open
            else:
                given, factor = read(figure, mode, zeros), step / figure.ulp
                found = (
                    -math.inf
                    if given.lo is None
                    else int(given.lo * factor) + (not given.lo_closed),
                    math.inf
                    if given.hi is None
                    else int(given.hi * factor) - (not given.hi_closed),
                )
            self._ends[key, mode, zeros] = found
        return found

    def fits(self, total: Key, parts: Sequence[Term]) -> bool:
        """Say whether the parts can add up to the total, in any reading of the figures."""
        low, high = self.ends(total)
        return low <= self.sum_of(parts) <= high or bool(self.reading(total, parts).name)

    def sum_of(self, parts: Iterable[Term]) -> int:
        """Return the sum of some cells as they are printed."""
        values = self.values
        return sum(values[key] if sign > 0 else -values[key] for key, sign in parts)

    def reading(self, total: Key, parts: Sequence[Term], *, truncation: bool = True) -> Reading:
        """Find the finest reading in which the parts add up to the total.

        The readings are those of a claim, in their order: to nearest or by the table's rule,
        truncated, the total's written zeros for size only, all figures at a common power of ten.
        """
        fine = tuple(self.ends(key) for key, _ in parts)
        finest = self.ends(total)
        if finest[0] <= self.sum_of(parts) <= finest[1]:
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

    def could_be_cut(self, total: Key, parts: Sequence[Term]) -> bool:
        """Say whether the sum could close if its figures, or the total alone, were truncated."""
        bottom, top = self.ends(total, "truncated")
        for mode in ("", "truncated"):
            low, high = spread((self.ends(key, mode) for key, _ in parts), parts)
            if low <= top and bottom <= high:
                return True
        return False

    def _common_zeros(self, keys: list[Key]) -> list[tuple[Key, int]]:
        """Count the zeros that figures in the total's unit lose at their common power of ten."""
        size = self._step[keys[0]] / self.figures[keys[0]].ulp
        alike = [k for k in keys if self._step[k] / self.figures[k].ulp == size]
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


@lru_cache(maxsize=64)
def _offsets(mode: str, sign: int, odd: int) -> tuple[int, int, bool, bool]:
    """Return how far the ends lie from a figure of one digit, in halves of the last digit."""
    digit = Decimal(sign * (1 if odd else 2))
    found = Figure("", digit).interval(mode)
    assert found.lo is not None and found.hi is not None  # noqa: S101, PT018 - digits are bounded
    low, high = (2 * (end - int(digit)) for end in (found.lo, found.hi))
    return int(low), int(high), not found.lo_closed, not found.hi_closed


def _digits(figure: Figure) -> int:
    """Return a figure as a count of its last digit."""
    negative, digits, _ = figure.coefficient.as_tuple()
    return (-1 if negative else 1) * int("".join(map(str, digits)))


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
