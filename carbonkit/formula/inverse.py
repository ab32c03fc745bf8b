"""Solve a formula for any one argument: "which factor would make this true?"."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from carbonkit.errors import FormulaError
from carbonkit.intervals import Interval

__all__ = ["solve_for"]

_CORNERS = 4096

Solved = tuple[Fraction, tuple[bool, ...]]


def solve_for(
    fn: Callable[..., Any], unknown: str, result: Interval, known: Mapping[str, Interval]
) -> Interval:
    """Return every value of one argument for which ``fn(...)`` can come to `result`.

    The unknown may enter the formula in the first degree, as a factor, an addend or a divisor,
    and so may every uncertain argument: that covers products, sums, differences, ratios, shares
    and percent changes. The answer then rises or falls throughout with each of them, so its ends
    lie at corners of the box.

    Parameters
    ----------
    fn : callable
        Plain arithmetic over its keyword arguments.
    unknown : str
        Name of the argument to solve for.
    result : Interval
        Where the result lies.
    known : mapping of str to Interval
        Where every other argument lies.

    Returns
    -------
    Interval

    Raises
    ------
    FormulaError
        If the unknown does not act on the result, enters it in a higher degree, or could be
        anything because a divisor may vanish.

    Examples
    --------
    >>> print(solve_for(lambda energy, factor: energy * factor, "factor",
    ...                 Interval(9, 11), {"energy": Interval.point(4)}))
    [2.25, 2.75]
    """
    sides = {"": result, **known}
    if not all(side.is_bounded for side in sides.values()):
        raise FormulaError(f"cannot solve for {unknown!r} from a value without a bound.")
    corners = list(itertools.islice(_corners(sides), _CORNERS + 1))
    if len(corners) > _CORNERS:
        raise FormulaError(f"cannot solve for {unknown!r}: too many of the values are uncertain.")
    for invert in (_as_factor_or_addend, _as_divisor):
        try:
            ends = [
                (*invert(fn, unknown, target, given), closed) for target, given, closed in corners
            ]
        except (ZeroDivisionError, _NotOfThisForm):
            continue
        if len({signs for _, signs, _ in ends}) > 1:
            raise FormulaError(
                f"cannot solve for {unknown!r}: a divisor may be zero, so any value could be right."
            )
        low, high = min(x for x, _, _ in ends), max(x for x, _, _ in ends)
        return Interval(
            low,
            high,
            any(closed for x, _, closed in ends if x == low),
            any(closed for x, _, closed in ends if x == high),
        )
    raise FormulaError(
        f"cannot solve for {unknown!r}: it does not act on the result, enters it in a higher "
        "degree, or is divided by zero. Solve for another argument, or try values of this one and "
        "compare the results."
    )


class _NotOfThisForm(Exception):
    """The formula is not a line in the unknown, or in its reciprocal."""


def _corners(
    sides: Mapping[str, Interval],
) -> Iterator[tuple[Fraction, dict[str, Fraction], bool]]:
    """Go through the corners of a box: result, other arguments, whether the corner belongs."""
    ends = []
    for side in sides.values():
        points = [(Fraction(side.lo or 0), side.lo_closed)]
        if not side.is_point:
            points.append((Fraction(side.hi or 0), side.hi_closed))
        if not (side.lo_closed and side.hi_closed):
            # Where two corners have one value, the points between them have it and belong.
            points.append((side.midpoint, True))
        ends.append(points)
    for corner in itertools.product(*ends):
        values = dict(zip(sides, (x for x, _ in corner), strict=True))
        yield values.pop(""), values, all(closed for _, closed in corner)


def _as_factor_or_addend(
    fn: Callable[..., Any], unknown: str, target: Fraction, known: Mapping[str, Fraction]
) -> Solved:
    intercept = fn(**known, **{unknown: Fraction(0)})
    slope = fn(**known, **{unknown: Fraction(1)}) - intercept
    value = Fraction(target - intercept) / slope
    return _proven(fn, unknown, target, known, value), (slope > 0,)


def _as_divisor(
    fn: Callable[..., Any], unknown: str, target: Fraction, known: Mapping[str, Fraction]
) -> Solved:
    # With u = 1/x the formula is a line through the points at x = 1 and x = 2.
    at_one = fn(**known, **{unknown: Fraction(1)})
    slope = (at_one - fn(**known, **{unknown: Fraction(2)})) * 2
    value = slope / Fraction(target - at_one + slope)
    return _proven(fn, unknown, target, known, value), (slope > 0, value > 0)


def _proven(
    fn: Callable[..., Any],
    unknown: str,
    target: Fraction,
    known: Mapping[str, Fraction],
    value: Fraction,
) -> Fraction:
    if fn(**known, **{unknown: value}) != target:
        raise _NotOfThisForm
    return value
