"""A formula written out as a ratio of polynomials, where terms that cancel do cancel."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from carbonkit.errors import DivisionByZeroInterval
from carbonkit.intervals.interval import ZERO, Interval, as_interval, holds_zero, whole_number

__all__ = ["Ratio", "linear_ratio", "ratio_of"]

# Sizes beyond which a formula is not expanded.
_MAX_TERMS = 400
_MAX_DEGREE = 12

# A polynomial: from its monomials, each ((name, power), ...) in order, to their coefficients.
_Polynomial = dict[tuple[tuple[str, int], ...], Fraction]


class _TooComplexError(Exception):
    """A formula that is no rational function, or too long a one to be worth expanding."""


def _times(a: _Polynomial, b: _Polynomial) -> _Polynomial:
    if len(a) * len(b) > _MAX_TERMS:
        raise _TooComplexError
    product: _Polynomial = {}
    for left, x in a.items():
        for right, y in b.items():
            powers = dict(left)
            for name, power in right:
                powers[name] = powers.get(name, 0) + power
            key = tuple(sorted(powers.items()))
            product[key] = product.get(key, ZERO) + x * y
    return {key: c for key, c in product.items() if c}


def _plus(a: _Polynomial, b: _Polynomial) -> _Polynomial:
    total = dict(a)
    for key, c in b.items():
        total[key] = total.get(key, ZERO) + c
    return {key: c for key, c in total.items() if c}


def _derivative(a: _Polynomial, name: str) -> _Polynomial:
    result: _Polynomial = {}
    for key, c in a.items():
        powers = dict(key)
        power = powers.pop(name, 0)
        if power:
            rest = powers | ({name: power - 1} if power > 1 else {})
            result = _plus(result, {tuple(sorted(rest.items())): c * power})
    return result


def _over(a: _Polynomial, box: Mapping[str, Interval]) -> Interval:
    """Evaluate a polynomial term by term, once what has one value only is put in."""
    terms: _Polynomial = {}
    for key, c in a.items():
        open_powers = []
        for name, power in key:
            side = box[name]
            if side.lo is not None and side.is_point:
                c *= side.lo**power
            else:
                open_powers.append((name, power))
        left = tuple(open_powers)
        terms[left] = terms.get(left, ZERO) + c
    total = Interval.point(0)
    for key, c in terms.items():
        term = Interval.point(c)
        for name, power in key:
            term = term * box[name] ** power
        total = total + term
    return total


class Ratio:
    """The formula as a ratio of polynomials, where terms that cancel do cancel.

    So the derivative of a/(a + b) by a has the numerator b, positive over any box of positive
    numbers, however wide.
    """

    __slots__ = ("bottom", "gradient", "top")
    __array_ufunc__ = None

    def __init__(self, top: _Polynomial, bottom: _Polynomial) -> None:
        self.top = top
        self.bottom = bottom
        self.gradient: dict[str, _Polynomial] = {}

    def slopes(self, box: Mapping[str, Interval], names: Sequence[str]) -> dict[str, Interval]:
        """Return the range of the derivative by each of the names."""
        divisor = _over(self.bottom, box)
        if holds_zero(divisor):
            return dict.fromkeys(names, Interval(None, None))
        squared = divisor**2
        for name in names:
            if name not in self.gradient:
                falling = _times(self.top, _derivative(self.bottom, name))
                rising = _times(_derivative(self.top, name), self.bottom)
                self.gradient[name] = _plus(rising, {key: -c for key, c in falling.items()})
        return {name: _over(self.gradient[name], box) / squared for name in names}

    def limit(self, at: Mapping[str, Interval], far: Mapping[str, int]) -> tuple[int, Fraction]:
        """Return the limit as the far ones go to infinity, as (sign if infinite, else 0; value).

        All go at one pace: a formula monotone in each has the same limit along every path.
        """
        leading = []
        for polynomial in (self.top, self.bottom):
            degrees: dict[int, Fraction] = {}
            for key, c in polynomial.items():
                degree = 0
                for name, power in key:
                    if name in far:
                        degree += power
                        c *= far[name] ** power
                    else:
                        c *= at[name].lo or ZERO
                degrees[degree] = degrees.get(degree, ZERO) + c
            leading.append(max(((d, c) for d, c in degrees.items() if c), default=(-1, ZERO)))
        (high, c), (low, d) = leading
        if not d:
            raise DivisionByZeroInterval("The formula divides by exactly zero far out.")
        if high > low:
            return (1 if c / d > 0 else -1), ZERO
        return 0, (c / d if high == low else ZERO)

    def __pos__(self) -> Ratio:
        return self

    def __neg__(self) -> Ratio:
        return Ratio({key: -c for key, c in self.top.items()}, self.bottom)

    def __add__(self, other: object) -> Ratio:
        o = _as_ratio(other)
        if self.bottom == o.bottom:
            return Ratio(_plus(self.top, o.top), self.bottom)
        top = _plus(_times(self.top, o.bottom), _times(o.top, self.bottom))
        return Ratio(top, _times(self.bottom, o.bottom))

    __radd__ = __add__

    def __sub__(self, other: object) -> Ratio:
        return self + -_as_ratio(other)

    def __rsub__(self, other: object) -> Ratio:
        return _as_ratio(other) + -self

    def __mul__(self, other: object) -> Ratio:
        o = _as_ratio(other)
        return Ratio(_times(self.top, o.top), _times(self.bottom, o.bottom))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Ratio:
        o = _as_ratio(other)
        return Ratio(_times(self.top, o.bottom), _times(self.bottom, o.top))

    def __rtruediv__(self, other: object) -> Ratio:
        return _as_ratio(other) / self

    def __pow__(self, exponent: object) -> Ratio:
        o = as_interval(exponent)
        if o is None or abs(whole_number(o)) > _MAX_DEGREE:
            raise _TooComplexError
        n = whole_number(o)
        base = self if n >= 0 else 1 / self
        result = _as_ratio(1)
        for _ in range(abs(n)):
            result = result * base
        return result

    def _give_up(self, *_: object) -> Ratio:
        raise _TooComplexError

    __abs__ = __rpow__ = _minimum = _give_up
    __lt__ = __le__ = __gt__ = __ge__ = Interval._unordered


def _as_ratio(x: object) -> Ratio:
    if isinstance(x, Ratio):
        return x
    constant = as_interval(x)
    if constant is None or constant.lo is None or not constant.is_point:
        raise _TooComplexError
    return Ratio({(): constant.lo} if constant.lo else {}, {(): Fraction(1)})


def ratio_of(fn: Callable[..., Any], box: Mapping[str, Interval]) -> Ratio | None:
    """Write a formula out; None if it is no rational function, or too long a one."""
    one: _Polynomial = {(): Fraction(1)}
    symbols = {n: v if v.is_point else Ratio({((n, 1),): Fraction(1)}, one) for n, v in box.items()}
    try:
        ratio = _as_ratio(fn(**symbols))
        ratio.slopes(box, list(box))  # the derivatives may be too long though the formula is not
    except _TooComplexError:
        return None
    return ratio if ratio.bottom else None


def linear_ratio(fn: Callable[[Any], Any]) -> tuple[int, int, int, int] | None:
    """Return a, b, c, d where a formula of one variable is (a x + b) / (c x + d), else None."""
    x, one = (("x", 1),), ()
    try:
        ratio = _as_ratio(fn(Ratio({x: Fraction(1)}, {one: Fraction(1)})))
    except (_TooComplexError, ZeroDivisionError):
        return None
    if not ratio.bottom or not {*ratio.top, *ratio.bottom} <= {x, one}:
        return None
    found = [side.get(key, ZERO) for side in (ratio.top, ratio.bottom) for key in (x, one)]
    whole = math.lcm(*(c.denominator for c in found))
    a, b, c, d = (c.numerator * (whole // c.denominator) for c in found)
    return a, b, c, d
