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
# Where a formula is tried out: no decimal equals one of these, so no printed figure puts a pole
# there.
_TRIALS = (Fraction(8, 7), Fraction(14, 11), Fraction(18, 13))


def solve_for(
    fn: Callable[..., Any], unknown: str, result: Interval, known: Mapping[str, Interval]
) -> Interval:
    """Return every value of one argument for which ``fn(...)`` can come to `result`.

    The formula may be a quotient of two straight lines in the unknown, and in every uncertain
    argument: that covers products, sums, differences, ratios, shares and percent changes. The
    answer then rises or falls throughout with each of them, so its ends lie at corners of the box.

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
    try:
        ends = [(*_inverse(fn, unknown, target, at), closed) for target, at, closed in corners]
    except ArithmeticError:
        raise FormulaError(
            f"cannot solve for {unknown!r}: it does not act on the result, enters it in a higher "
            "degree, or is divided by zero. Solve for another argument, or try values of this one "
            "and compare the results."
        ) from None
    if len({branch for _, branch, _ in ends}) > 1:
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


def _inverse(
    fn: Callable[..., Any], unknown: str, target: Fraction, known: Mapping[str, Fraction]
) -> tuple[Fraction, tuple[bool, ...]]:
    """Return the one value that gives the target, and the branch of the curve that it lies on.

    A quotient of two lines keeps the cross-ratio of four points, so three trials determine it;
    that the value found gives the target proves that the formula is of this form.
    """
    x0, x1, x2 = _TRIALS
    y0, y1, y2 = (Fraction(fn(**known, **{unknown: x})) for x in _TRIALS)
    above, below = (y1 - y2) * (x1 - x0), (y1 - y0) * (x1 - x2)
    a, b = (target - y0) * above, (target - y2) * below
    value = (a * x2 - b * x0) / (a - b)
    if fn(**known, **{unknown: value}) != target:
        raise ArithmeticError(f"{unknown} enters in a higher degree")
    rise = (y1 - y0) / (x1 - x0)
    if above == below:  # a straight line
        return value, (rise > 0,)
    pole = (above * x2 - below * x0) / (above - below)
    return value, (rise * (x1 - pole) * (x0 - pole) > 0, value > pole)
