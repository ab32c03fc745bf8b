"""What bodies of formulas need beside ``+ - * /``, for every carrier that a body may see."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from carbonkit.errors import DimensionError, DivisionByZero, FormulaError
from carbonkit.formula.symbol import Symbol
from carbonkit.intervals import Interval
from carbonkit.intervals.carriers import Dual, Uses
from carbonkit.intervals.rational import Ratio
from carbonkit.units import Measure, measure

__all__ = ["in_points", "root"]

# A root that is no fraction is enclosed so closely that no printed figure lies between.
_BITS = 256
_LARGEST_DEGREE = 1000


def in_points(share: Any) -> Any:
    """Return the difference of two shares in percentage points.

    Parameters
    ----------
    share : any carrier
        A pure number.

    Raises
    ------
    DimensionError
        If it has a unit.

    Examples
    --------
    >>> in_points(Fraction(1, 20))
    Fraction(5, 1)
    """
    if isinstance(share, Symbol):
        return share
    if isinstance(share, Measure):
        if share.dimensions:
            raise DimensionError(f"{share} has no percentage points; only shares have")
        return Measure(share.size, measure("pp").dimensions)
    return share * 100


def root(x: Any, degree: Any) -> Any:
    """Return the positive root of a pure number: ``x ** (1 / degree)``.

    Exact numbers stay exact where the root is a fraction; else it is enclosed to 77 digits, and
    the ends of an interval are rounded outwards. What is negative in an interval has no root and
    is left out.

    Parameters
    ----------
    x : any carrier
        What the root is taken of; not negative.
    degree : number
        Above zero; need not be whole.

    Raises
    ------
    DivisionByZero
        If there is no root, because all of `x` is negative.
    FormulaError
        If the degree is not above zero, or beyond 1000.
    DimensionError
        If `x` has a unit.

    Examples
    --------
    >>> root(Fraction(32, 243), 5)
    Fraction(2, 3)
    >>> print(root(Interval(4, 9), 2))
    [2, 3]
    """
    if isinstance(x, Uses) or isinstance(degree, Uses):
        return x * degree  # either is used once
    if isinstance(x, Ratio):
        return abs(x)  # no ratio of polynomials either
    if isinstance(x, Symbol) or isinstance(degree, Symbol):
        return Symbol(f"({x})^(1/{degree})")
    if isinstance(x, Measure):
        if x.dimensions:
            raise DimensionError(f"{x} has no root that is a rate; take it of a ratio")
        return x
    if isinstance(x, Dual):
        value = root(x.value, degree)
        slope = value / (x.value * degree)
        return Dual(value, {name: slope * s for name, s in x.slopes.items()})
    if isinstance(x, Interval) or isinstance(degree, Interval):
        return _of_interval(x, degree)
    if isinstance(x, int | Fraction):
        return _enclosed(Fraction(x), _checked(degree))[0]
    return _of_floats(x, float(_checked(degree)))


def _of_interval(x: Any, degree: Any) -> Interval:
    base = x if isinstance(x, Interval) else Interval.point(x)
    if isinstance(degree, Interval):
        if degree.lo is None or degree.hi is None:
            raise FormulaError(f"the degree {degree} of a root is unbounded.")
        # Between its ends a root only rises, or only falls, with the degree.
        if not degree.is_point:
            return _of_interval(base, degree.lo).hull(_of_interval(base, degree.hi))
        degree = degree.lo
    exponent = _checked(degree)
    if base.hi is not None and base.hi < 0:
        raise DivisionByZero(_NO_ROOT)
    low, high = Fraction(0), None
    low_closed, high_closed = True, False
    if base.lo is not None and base.lo >= 0:
        low, above = _enclosed(base.lo, exponent)
        low_closed = base.lo_closed and low == above
    if base.hi is not None:
        below, high = _enclosed(base.hi, exponent)
        high_closed = base.hi_closed and high == below
    return Interval(low, high, low_closed, high_closed)


def _of_floats(x: Any, degree: float) -> Any:
    negative = x < 0
    if negative if isinstance(x, int | float | Fraction) else getattr(negative, "any", bool)():
        raise DivisionByZero(_NO_ROOT)
    return x ** (1 / degree)


_NO_ROOT = (
    "a ratio below zero has no rate of growth: the two figures must have one sign. Give the "
    "change as a difference instead."
)


def _checked(degree: Any) -> Fraction:
    exact = Fraction(repr(degree)) if isinstance(degree, float) else Fraction(degree)
    if not 0 < exact <= _LARGEST_DEGREE or exact.denominator > _LARGEST_DEGREE:
        raise FormulaError(
            f"the degree {float(exact):g} of a root must lie above 0 and at most at "
            f"{_LARGEST_DEGREE}; years count from the base year to the last."
        )
    return exact


def _enclosed(x: Fraction, degree: Fraction) -> tuple[Fraction, Fraction]:
    """Return two fractions between which the root lies; the same one twice where it is exact."""
    if x < 0:
        raise DivisionByZero(_NO_ROOT)
    power, n = x**degree.denominator, degree.numerator
    top, bottom = power.numerator, power.denominator
    a, b = _whole_root(top, n), _whole_root(bottom, n)
    if a**n == top and b**n == bottom:
        return Fraction(a, b), Fraction(a, b)
    shift = _BITS + max(0, (bottom.bit_length() - top.bit_length()) // n + 1)
    steps = _whole_root((top << (n * shift)) // bottom, n)
    return Fraction(steps, 1 << shift), Fraction(steps + 1, 1 << shift)


def _whole_root(x: int, n: int) -> int:
    """Return the largest whole number whose n-th power is not above `x`, by Newton's method."""
    if x < 2 or n == 1:
        return x
    guess = 1 << -(-x.bit_length() // n)
    while True:
        lower = ((n - 1) * guess + x // guess ** (n - 1)) // n
        if lower >= guess:
            return guess
        guess = lower
