"""The tight range of a formula over intervals."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbonkit.errors import DivisionByZeroInterval, IntervalError
from carbonkit.intervals.carriers import Dual, Uses, as_dual
from carbonkit.intervals.interval import (
    ZERO,
    Interval,
    as_interval,
    at_least_zero,
    holds_zero,
    of_ends,
)
from carbonkit.intervals.rational import Ratio, ratio_of

__all__ = ["count_uses", "range_over"]

# Sub-boxes tried for each bound of a formula that is not monotone.
_MAX_SPLITS = 64


def _result(x: object) -> Interval:
    value = as_interval(x)
    if value is None:
        raise IntervalError(f"The formula gave a {type(x).__name__}, not a number or interval.")
    return value


def count_uses(fn: Callable[..., Any], names: Iterable[str]) -> dict[str, int]:
    """Count how often a formula uses each of its arguments, those that it does use.

    Parameters
    ----------
    fn : callable
        The formula, called once with `names` as keywords.
    names : iterable of str
        The arguments to count.

    Examples
    --------
    >>> count_uses(lambda a, b: (a - b) / a, ["a", "b"])
    {'a': 2, 'b': 1}
    """
    uses = fn(**{name: Uses({name: 1}) for name in names})
    return uses.counts if isinstance(uses, Uses) else {}


def range_over(
    fn: Callable[..., Any],
    box: Mapping[str, Interval | Fraction | int | Decimal],
    repeated: Sequence[str] | None = None,
) -> Interval:
    """Return the range of a formula over intervals, also where it uses a number twice.

    Plain interval arithmetic takes two mentions of one number as two numbers, so (a - b)/a comes
    out too wide. Here such a number is put at the end where the formula is lowest or highest,
    if derivatives (by automatic differentiation on intervals) show that it only rises or only
    falls with it; otherwise the box is cut up a bounded number of times. The result always holds
    the true range and is exactly the true range wherever the formula is monotone in the numbers
    it repeats.

    Parameters
    ----------
    fn : callable
        The formula, called with the names of `box` as keywords, any number of times. It may use
        ``+ - * /``, whole powers, `abs`, `minimum` and `maximum`.
    box : mapping of str to Interval or exact number
        The range of each argument.
    repeated : sequence of str, optional
        The arguments that the formula uses more than once, where that is known; else they are
        counted.

    Returns
    -------
    Interval
        In the unit that the formula's arithmetic implies.

    Raises
    ------
    DivisionByZeroInterval
        If the formula divides by exactly zero.
    IntervalError
        If it does something else that has no meaning on intervals.

    Notes
    -----
    The method is the monotonicity test form with branch and bound: R. E. Moore, R. B. Kearfott
    and M. J. Cloud, Introduction to Interval Analysis (SIAM, 2009), chapters 6 and 11.

    Examples
    --------
    A fall from 10 (printed without decimals) to 8 is 10.5 % to 28.6 %:

    >>> fall = lambda a, b: (a - b) / a
    >>> box = {"a": Interval("9.5", "10.5"), "b": Interval("7.5", "8.5")}
    >>> print(range_over(fall, box))
    [0.105263157895, 0.285714285714]
    >>> print(fall(**box))
    [0.0952380952381, 0.315789473684]
    """
    ranges = {name: _result(value) for name, value in box.items()}
    wide = [name for name, value in ranges.items() if not value.is_point]
    if repeated is None:
        points = {n: v for n, v in ranges.items() if v.is_point}
        counts = count_uses(lambda **names: fn(**points, **names), wide)
        repeated = [name for name, count in counts.items() if count > 1]
    else:
        repeated = [name for name in repeated if name in wide]
    if not repeated:
        return _result(fn(**ranges))

    def turned(**names: Any) -> Any:
        return -fn(**names)

    slopes = _slopes(fn, ranges, repeated, None)
    low = _lowest_face(fn, ranges, repeated, slopes)
    high = _lowest_face(turned, ranges, repeated, {n: -s for n, s in slopes.items()})
    if not (low.exact and high.exact):
        # Derivatives by intervals are quick, but too wide on a wide box; try without intervals.
        ratio = ratio_of(fn, ranges)
        if ratio is not None and not all(ranges[name].is_bounded for name in repeated):
            repeated = wide  # a limit needs every variable put somewhere
        low = _infimum(fn, ranges, repeated, wide, ratio)
        high = _infimum(turned, ranges, repeated, wide, ratio and -ratio)
    hi = None if high.lo is None else -high.lo
    return of_ends(low.lo, hi, low.lo_closed, high.lo_closed)


def _slopes(
    fn: Callable[..., Any], box: Mapping[str, Interval], names: Sequence[str], ratio: Ratio | None
) -> dict[str, Interval]:
    """Return the range of the formula's derivative by each of the names."""
    if ratio is not None:
        return ratio.slopes(box, names)
    seeds: dict[str, Any] = dict(box)
    for name in names:
        seeds[name] = Dual(box[name], {name: Interval.point(1)})
    found = as_dual(fn(**seeds))
    return {} if found is None else found.slopes


@dataclass(slots=True)
class _Face:
    """The part of a box where a formula is lowest, and a lower bound of it there."""

    box: dict[str, Interval]
    lo: Fraction | None
    lo_closed: bool
    missed: bool  # an open end was reached along which the formula strictly changes
    exact: bool  # the bound is the true infimum

    @property
    def order(self) -> tuple[bool, Fraction, bool]:
        # The lowest bound first; among equals the attained one, which decides the end.
        return self.lo is not None, self.lo or ZERO, not self.lo_closed


def _lowest_face(
    fn: Callable[..., Any],
    box: dict[str, Interval],
    names: Sequence[str],
    slopes: Mapping[str, Interval],
    ratio: Ratio | None = None,
    missed: bool = False,
) -> _Face:
    """Put every variable the formula is monotone in at the end where the formula is lowest."""
    face, far, exact, misses = dict(box), {}, True, missed
    for name in names:
        variable, slope = box[name], slopes.get(name, Interval.point(0))
        if variable.is_point:
            continue
        if at_least_zero(slope):
            side, end, closed = -1, variable.lo, variable.lo_closed
        elif at_least_zero(-slope):
            side, end, closed = 1, variable.hi, variable.hi_closed
        else:
            exact = False
            continue
        if end is None:
            far[name] = side
        else:
            face[name] = of_ends(end, end, True, True)
        # A strictly monotone formula comes near an open end's value but never takes it.
        misses = misses or (not closed and not holds_zero(slope))
    try:
        if far:
            if ratio is not None and all(v.is_point or n in far for n, v in face.items()):
                sign, limit = ratio.limit(face, far)
                lo = None if sign else limit
                return _Face(face, lo, lo is not None and not misses, misses, True)
            exact = False
        value = _result(fn(**face))
    except DivisionByZeroInterval:  # the end itself is a pole: nothing better than the range
        value = _result(fn(**box))
        return _Face(box, value.lo, value.lo_closed and not missed, missed, False)
    return _Face(face, value.lo, value.lo_closed and not misses, misses, exact)


def _infimum(
    fn: Callable[..., Any],
    box: dict[str, Interval],
    names: Sequence[str],
    wide: Sequence[str],
    ratio: Ratio | None,
) -> _Face:
    """Cut the box up until the formula is seen to be monotone where it is lowest."""
    tie = itertools.count()
    # First put variables that are used once somewhere too: whether an average rises with a weight
    # hangs on which of its values is larger.
    face = _lowest_face(fn, box, wide, _slopes(fn, box, wide, ratio), ratio)
    heap = [(face.order, next(tie), face)]
    for _ in range(_MAX_SPLITS):
        face = heap[0][2]
        if face.exact:
            break
        heapq.heappop(heap)
        for half in _halves(face.box, names, box):
            slopes = _slopes(fn, half, names, ratio)
            lower = _lowest_face(fn, half, names, slopes, ratio, face.missed)
            heapq.heappush(heap, (lower.order, next(tie), lower))
    return heap[0][2]


def _halves(
    box: dict[str, Interval], names: Sequence[str], whole: Mapping[str, Interval]
) -> list[dict[str, Interval]]:
    """Cut a part of the whole box in two across the variable that was cut least."""

    def share(name: str) -> Fraction:
        part, all_of_it = box[name], whole[name]
        if not part.is_bounded or all_of_it.is_point:
            return Fraction(0 if part.is_point else 2)
        return part.width / all_of_it.width if all_of_it.is_bounded else part.width

    name = max(names, key=share)
    side = box[name]
    if side.lo is not None and side.hi is not None:
        cut = side.midpoint
    elif side.lo is not None:
        cut = side.lo + max(abs(side.lo), Fraction(1))
    elif side.hi is not None:
        cut = side.hi - max(abs(side.hi), Fraction(1))
    else:
        cut = ZERO
    return [
        box | {name: of_ends(side.lo, cut, side.lo_closed, True)},
        box | {name: of_ends(cut, side.hi, True, side.hi_closed)},
    ]
