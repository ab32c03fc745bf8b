"""Exact intervals with open and closed ends, and the tight range of a formula over them.

A printed number stands for all the values that print as its digits. That is an interval whose
ends are rational numbers and may or may not belong to it, so nothing here is a float: ends are
`fractions.Fraction`, and floats are met only on the way out, rounded outwards.
"""

from __future__ import annotations

import heapq
import itertools
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, ClassVar

from carbonkit.errors import DivisionByZeroInterval, IntervalError

__all__ = ["Interval", "maximum", "minimum", "range_over"]

# A hostile file must not make us build a number of a billion digits.
_MAX_DIGITS = 1_000
_MAX_BITS = 1 << 16
# Sub-boxes tried for each bound of a formula that is not monotone.
_MAX_SPLITS = 64
# Sizes beyond which a formula is not expanded into a ratio of polynomials.
_MAX_TERMS = 400
_MAX_DEGREE = 12

_ZERO = Fraction(0)


def _exact(x: object) -> Fraction:
    """Return a number as a fraction, refusing what is not a finite number of sane size."""
    if isinstance(x, Fraction):
        return x
    if isinstance(x, bool):
        raise IntervalError(f"{x} is a truth value, not a number.")
    if isinstance(x, int):
        return Fraction(x)
    if isinstance(x, float):
        if not math.isfinite(x):
            raise IntervalError(f"{x} is not a finite number; write None for an unbounded end.")
        return Fraction(x)
    if isinstance(x, str):
        if len(x) > _MAX_DIGITS:
            raise IntervalError(f"A number of {len(x)} characters is too long to be a figure.")
        try:
            if "/" in x:
                return Fraction(x)
            x = Decimal(x.strip())
        except (InvalidOperation, ValueError, ZeroDivisionError):
            raise IntervalError(f"{x!r} is not a number such as 12.5, 1e6 or 1/3.") from None
    if isinstance(x, Decimal):
        if not x.is_finite():
            raise IntervalError(f"{x} is not a finite number; write None for an unbounded end.")
        exponent = x.as_tuple().exponent
        if abs(x.adjusted()) > _MAX_DIGITS or abs(int(exponent)) > _MAX_DIGITS:
            raise IntervalError(f"{x:.3e} has too large an exponent to be a figure.")
        return Fraction(x)
    raise IntervalError(
        f"An interval end must be an int, Fraction, Decimal or text, not {type(x).__name__}."
    )


def _shown(x: Fraction) -> str:
    """Return a short text of a fraction: exact if it is a short decimal, else 12 digits."""
    exact = Decimal(x.numerator) / Decimal(x.denominator)
    if Fraction(exact) == x and len(exact.as_tuple().digits) <= 15:
        plain = format(exact, "f")
        return plain if len(plain) <= 24 else format(exact.normalize(), "e")
    return format(exact, ".12g")


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Interval:
    """A non-empty set of real numbers between two exact ends.

    Arithmetic with intervals, ints, Fractions and Decimals gives exactly the set of values that
    the operation can take, ends included or not as the case may be. Each operand counts as
    independent: for a formula that uses one number twice see `range_over`. A float is refused as
    an operand unless it is what it prints as (0.5 is, 0.1 is not).

    Parameters
    ----------
    lo, hi : int, Fraction, Decimal, str, float or None
        The ends; None for an unbounded side. A float stands for its exact binary value.
    lo_closed, hi_closed : bool
        Whether the end itself belongs to the interval; an unbounded side is always open.

    Raises
    ------
    IntervalError
        If no number lies between the ends, or an end is not a finite number.

    Examples
    --------
    >>> Interval("13128.5", "13129.5")
    Interval('[13128.5, 13129.5]')
    >>> print(Interval(730_000, None, lo_closed=False))
    (730000, inf)
    >>> print(Interval(0, 2) * Interval(3, 4, hi_closed=False))
    [0, 8)
    """

    lo: Fraction | None
    hi: Fraction | None
    lo_closed: bool
    hi_closed: bool

    # Let numpy hand an operation back to us instead of building an array of objects.
    __array_ufunc__: ClassVar[None] = None

    def __init__(
        self,
        lo: Fraction | int | Decimal | str | float | None,
        hi: Fraction | int | Decimal | str | float | None,
        lo_closed: bool = True,
        hi_closed: bool = True,
    ) -> None:
        low = None if lo is None else _exact(lo)
        high = None if hi is None else _exact(hi)
        if (
            low is not None
            and high is not None
            and (low > high or (low == high and not (lo_closed and hi_closed)))
        ):
            left, right = "(["[lo_closed], ")]"[hi_closed]
            raise IntervalError(
                f"No number lies in {left}{_shown(low)}, {_shown(high)}{right}; the lower end"
                " comes first, and a single point is closed at both ends."
            )
        object.__setattr__(self, "lo", low)
        object.__setattr__(self, "hi", high)
        object.__setattr__(self, "lo_closed", bool(lo_closed) and low is not None)
        object.__setattr__(self, "hi_closed", bool(hi_closed) and high is not None)

    @classmethod
    def point(cls, x: Fraction | int | Decimal | str | float) -> Interval:
        """Return the interval that holds one number only.

        Parameters
        ----------
        x : int, Fraction, Decimal, str or float
            The number; a float stands for its exact binary value.

        Raises
        ------
        IntervalError
            If it is not a finite number.

        Examples
        --------
        >>> print(Interval.point("0.1"))
        [0.1, 0.1]
        """
        value = _exact(x)
        return _interval(value, value, True, True)

    def __repr__(self) -> str:
        return f"Interval({str(self)!r})"

    def __str__(self) -> str:
        left = "[" if self.lo_closed else "("
        right = "]" if self.hi_closed else ")"
        low = "-inf" if self.lo is None else _shown(self.lo)
        high = "inf" if self.hi is None else _shown(self.hi)
        return f"{left}{low}, {high}{right}"

    # -- what it holds ---------------------------------------------------------------------

    @property
    def is_point(self) -> bool:
        """Whether it holds one number only.

        Examples
        --------
        >>> Interval(3, 3).is_point
        True
        """
        return self.lo is not None and self.lo == self.hi

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are finite.

        Examples
        --------
        >>> Interval(3, None).is_bounded
        False
        """
        return self.lo is not None and self.hi is not None

    @property
    def width(self) -> Fraction:
        """The distance between the ends.

        Raises
        ------
        IntervalError
            If the interval is unbounded.

        Examples
        --------
        >>> Interval("0.5", 2).width
        Fraction(3, 2)
        """
        if self.lo is None or self.hi is None:
            raise IntervalError(f"{self} is unbounded and has no width.")
        return self.hi - self.lo

    @property
    def midpoint(self) -> Fraction:
        """The number half-way between the ends.

        Raises
        ------
        IntervalError
            If the interval is unbounded.

        Examples
        --------
        >>> Interval(1, 2).midpoint
        Fraction(3, 2)
        """
        if self.lo is None or self.hi is None:
            raise IntervalError(f"{self} is unbounded and has no midpoint.")
        return (self.lo + self.hi) / 2

    def contains(self, x: Fraction | int | Decimal | str | float) -> bool:
        """Whether a number belongs to the interval.

        Parameters
        ----------
        x : int, Fraction, Decimal, str or float
            The number; a float stands for its exact binary value.

        Examples
        --------
        >>> Interval(1, 2, hi_closed=False).contains(2)
        False
        """
        value = _exact(x)
        if self.lo is not None and (value < self.lo or (value == self.lo and not self.lo_closed)):
            return False
        return self.hi is None or value < self.hi or (value == self.hi and self.hi_closed)

    def meets(self, other: Interval) -> bool:
        """Whether some number belongs to both intervals.

        Examples
        --------
        >>> Interval(1, 2).meets(Interval(2, 3)), Interval(1, 2).meets(Interval(2, 3, False))
        (True, False)
        """
        return _before(self.lo, self.lo_closed, other.hi, other.hi_closed) and _before(
            other.lo, other.lo_closed, self.hi, self.hi_closed
        )

    def issubset(self, other: Interval) -> bool:
        """Whether every number of this interval belongs to the other one.

        Examples
        --------
        >>> Interval(1, 2).issubset(Interval(1, None))
        True
        >>> Interval(1, 2).issubset(Interval(1, 2, lo_closed=False))
        False
        """
        return (self & other) == self

    def gap(self, other: Interval) -> Fraction:
        """Return the distance to another interval: 0 when they meet or merely touch.

        Examples
        --------
        >>> Interval(1, 2).gap(Interval(5, 6))
        Fraction(3, 1)
        """
        if self.hi is not None and other.lo is not None and self.hi < other.lo:
            return other.lo - self.hi
        if other.hi is not None and self.lo is not None and other.hi < self.lo:
            return self.lo - other.hi
        return _ZERO

    def __and__(self, other: Interval) -> Interval | None:
        """Return the numbers of both intervals, or None if there are none."""
        if not isinstance(other, Interval):
            return NotImplemented
        if not self.meets(other):
            return None
        lo, lo_closed = _higher_start(self, other)
        hi, hi_closed = _higher_start(-self, -other)
        return _interval(lo, None if hi is None else -hi, lo_closed, hi_closed)

    def hull(self, other: Interval) -> Interval:
        """Return the smallest interval that holds both.

        Examples
        --------
        >>> print(Interval(1, 2).hull(Interval(4, 5, hi_closed=False)))
        [1, 5)
        """
        lo, lo_closed = _lower_start(self, other)
        hi, hi_closed = _lower_start(-self, -other)
        return _interval(lo, None if hi is None else -hi, lo_closed, hi_closed)

    def floats(self) -> tuple[float, float]:
        """Return the ends as floats, rounded outwards so that nothing is lost.

        Examples
        --------
        >>> lo, hi = Interval("0.1", "0.1").floats()
        >>> lo <= 0.1 <= hi and lo < hi
        True
        """
        low = -math.inf if self.lo is None else -_float_above(-self.lo)
        high = math.inf if self.hi is None else _float_above(self.hi)
        return low, high

    def scaled(self, factor: Fraction | int) -> Interval:
        """Return the interval times an exact number, such as a unit's conversion factor.

        Examples
        --------
        >>> print(Interval(1, 2, hi_closed=False).scaled(Fraction(1, 1000)))
        [0.001, 0.002)
        """
        return self * factor

    # -- arithmetic ------------------------------------------------------------------------

    def __pos__(self) -> Interval:
        return self

    def __neg__(self) -> Interval:
        return _interval(
            None if self.hi is None else -self.hi,
            None if self.lo is None else -self.lo,
            self.hi_closed,
            self.lo_closed,
        )

    def __abs__(self) -> Interval:
        if _at_least_zero(self):
            return self
        turned = -self
        if _at_least_zero(turned):
            return turned
        # Zero lies inside, so it is attained whatever the ends are.
        hi, hi_closed = _lower_start(self, turned)
        return _interval(_ZERO, None if hi is None else -hi, True, hi_closed)

    def __add__(self, other: object) -> Interval:
        o = _operand(other)
        return NotImplemented if o is None else _add(self, o)

    __radd__ = __add__

    def __sub__(self, other: object) -> Interval:
        o = _operand(other)
        return NotImplemented if o is None else _add(self, -o)

    def __rsub__(self, other: object) -> Interval:
        o = _operand(other)
        return NotImplemented if o is None else _add(o, -self)

    def __mul__(self, other: object) -> Interval:
        o = _operand(other)
        return NotImplemented if o is None else _multiply(self, o)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Interval:
        o = _operand(other)
        return NotImplemented if o is None else _divide(self, o)

    def __rtruediv__(self, other: object) -> Interval:
        o = _operand(other)
        return NotImplemented if o is None else _divide(o, self)

    def __pow__(self, exponent: object) -> Interval:
        o = _operand(exponent)
        return NotImplemented if o is None else _power(self, _whole(o))

    def __rpow__(self, base: object) -> Interval:
        o = _operand(base)
        return NotImplemented if o is None else _power(o, _whole(self))

    def _minimum(self, other: object) -> Interval | None:
        o = _operand(other)
        if o is None:
            return None
        # Both must reach a shared upper end for the minimum to reach it.
        lo, lo_closed = _lower_start(self, o)
        hi, hi_closed = _higher_start(-self, -o)
        return _interval(lo, None if hi is None else -hi, lo_closed, hi_closed)

    def _unordered(self, other: object) -> bool:
        raise IntervalError(
            "Intervals have no order; ask .meets() or .issubset(), and write"
            " minimum() and maximum() from carbonkit.intervals instead of min() and max()."
        )

    __lt__ = __le__ = __gt__ = __ge__ = _unordered


def _interval(
    lo: Fraction | None, hi: Fraction | None, lo_closed: bool, hi_closed: bool
) -> Interval:
    """Build an interval from ends known to be in order, without checking them again."""
    new = object.__new__(Interval)
    put = object.__setattr__
    put(new, "lo", lo)
    put(new, "hi", hi)
    put(new, "lo_closed", lo_closed)
    put(new, "hi_closed", hi_closed)
    return new


def _operand(x: object) -> Interval | None:
    """Return the other side of an operator as an interval; None for a type we do not know."""
    if isinstance(x, Interval):
        return x
    if isinstance(x, float) and math.isfinite(x) and Fraction(repr(float(x))) != Fraction(x):
        raise IntervalError(
            f"The float {x!r} is not exactly {x!r}; write it as a Fraction, a Decimal or a ratio"
            " of whole numbers (x * 9 / 10), or take the binary value with Interval.point()."
        )
    if isinstance(x, int | Fraction | Decimal | float):
        value = _exact(x)
        return _interval(value, value, True, True)
    return None


def _before(
    start: Fraction | None, start_closed: bool, end: Fraction | None, end_closed: bool
) -> bool:
    """Whether a start lies before an end, so that something can be between them."""
    if start is None or end is None or start < end:
        return True
    return start == end and start_closed and end_closed


def _lower_start(a: Interval, b: Interval) -> tuple[Fraction | None, bool]:
    """Return the lower of two lower ends; closed if either is, where they coincide."""
    if a.lo is None or b.lo is None:
        return None, False
    if a.lo == b.lo:
        return a.lo, a.lo_closed or b.lo_closed
    return (a.lo, a.lo_closed) if a.lo < b.lo else (b.lo, b.lo_closed)


def _higher_start(a: Interval, b: Interval) -> tuple[Fraction | None, bool]:
    """Return the higher of two lower ends; closed only if both are, where they coincide."""
    if a.lo is None:
        return b.lo, b.lo_closed
    if b.lo is None:
        return a.lo, a.lo_closed
    if a.lo == b.lo:
        return a.lo, a.lo_closed and b.lo_closed
    return (a.lo, a.lo_closed) if a.lo > b.lo else (b.lo, b.lo_closed)


def _at_least_zero(a: Interval) -> bool:
    return a.lo is not None and a.lo.numerator >= 0


def _holds_zero(a: Interval) -> bool:
    """Whether zero belongs to the interval; signs of numerators are much faster than compares."""
    if a.lo is not None and (a.lo.numerator > 0 or (not a.lo_closed and not a.lo.numerator)):
        return False
    return a.hi is None or a.hi.numerator > 0 or (a.hi_closed and not a.hi.numerator)


def _float_above(x: Fraction) -> float:
    """Return the smallest float that is not below `x`."""
    try:
        nearest = float(x)
    except OverflowError:
        return math.inf if x > 0 else -sys.float_info.max
    return nearest if Fraction(nearest) >= x else math.nextafter(nearest, math.inf)


def _add(a: Interval, b: Interval) -> Interval:
    return _interval(
        None if a.lo is None or b.lo is None else a.lo + b.lo,
        None if a.hi is None or b.hi is None else a.hi + b.hi,
        a.lo_closed and b.lo_closed,
        a.hi_closed and b.hi_closed,
    )


def _multiply(a: Interval, b: Interval) -> Interval:
    if (
        a.hi is not None
        and b.hi is not None
        and a.lo is not None
        and b.lo is not None
        and a.lo.numerator >= 0
        and b.lo.numerator >= 0
    ):
        lo: Fraction | None = a.lo * b.lo
        hi: Fraction | None = a.hi * b.hi
        lo_closed, hi_closed = a.lo_closed and b.lo_closed, a.hi_closed and b.hi_closed
    else:
        corners = [
            _corner_product(x, y)
            for x in ((-1, a.lo, a.lo_closed), (1, a.hi, a.hi_closed))
            for y in ((-1, b.lo, b.lo_closed), (1, b.hi, b.hi_closed))
        ]
        # Where corners coincide the end is attained if any of them is.
        low = min(corners, key=lambda c: (c[0], c[1], not c[2]))
        high = max(corners)
        lo, lo_closed = (None if low[0] else low[1]), low[2]
        hi, hi_closed = (None if high[0] else high[1]), high[2]
    # A product is zero exactly where a factor is, whatever the other factor's end.
    if lo is not None and not lo.numerator:
        lo_closed = _holds_zero(a) or _holds_zero(b)
    if hi is not None and not hi.numerator:
        hi_closed = _holds_zero(a) or _holds_zero(b)
    return _interval(lo, hi, lo_closed, hi_closed)


def _corner_product(
    x: tuple[int, Fraction | None, bool], y: tuple[int, Fraction | None, bool]
) -> tuple[int, Fraction, bool]:
    """Multiply two ends, each (side, value or None, closed), to (-1 | 0 | 1, value, closed).

    The first item is the sign of an infinite product, so that corners sort as numbers do. Zero
    times infinity counts as zero: what lies beyond is reached at the other end of that side.
    """
    (x_side, x_value, x_closed), (y_side, y_value, y_closed) = x, y
    if x_value is not None and y_value is not None:
        return 0, x_value * y_value, x_closed and y_closed
    x_sign = x_side if x_value is None else (x_value > 0) - (x_value < 0)
    y_sign = y_side if y_value is None else (y_value > 0) - (y_value < 0)
    return x_sign * y_sign, _ZERO, False


def _divide(a: Interval, b: Interval) -> Interval:
    if _at_least_zero(b):
        positive = True
    elif b.hi is not None and b.hi.numerator <= 0:
        positive = False
    elif a.is_point and a.lo == 0:
        return a
    else:
        return _interval(None, None, False, False)  # both infinities are approached
    if b.is_point and b.lo == 0:
        raise DivisionByZeroInterval(f"{a} is divided by exactly zero.")
    return _multiply(a, _reciprocal(b) if positive else -_reciprocal(-b))


def _reciprocal(b: Interval) -> Interval:
    """Return 1/b for an interval that is not negative, leaving zero itself out."""
    low = (_ZERO, False) if b.hi is None else (1 / b.hi, b.hi_closed)
    high = (1 / b.lo, b.lo_closed) if b.lo else (None, False)
    return _interval(low[0], high[0], low[1], high[1])


def _whole(exponent: Interval) -> int:
    if exponent.lo is None or not exponent.is_point or exponent.lo.denominator != 1:
        raise IntervalError(f"The exponent {exponent} is not one whole number.")
    return exponent.lo.numerator


def _power(a: Interval, n: int) -> Interval:
    ends = [end for end in (a.lo, a.hi) if end is not None]
    bits = max((max(e.numerator.bit_length(), e.denominator.bit_length()) for e in ends), default=1)
    if abs(n) * bits > _MAX_BITS:
        raise IntervalError(f"{a} to the power {_shown(Fraction(n))} has too many digits.")
    if n < 0:
        return _divide(Interval.point(1), _power(a, -n))
    if n == 0:
        return Interval.point(1)
    base = abs(a) if n % 2 == 0 else a
    return _interval(
        None if base.lo is None else base.lo**n,
        None if base.hi is None else base.hi**n,
        base.lo_closed,
        base.hi_closed,
    )


# -- minimum and maximum on every carrier --------------------------------------------------


def _lesser(a: Any, b: Any) -> Any:
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Interval | _Dual | _Ratio | _Uses):
            found = one._minimum(other)
            if found is not None:
                return found
    if hasattr(a, "__array__") or hasattr(b, "__array__"):
        import numpy as np

        return np.minimum(a, b)
    return min(a, b)


def minimum(*values: Any) -> Any:
    """Return the smallest of numbers, arrays (element by element) or intervals.

    Use this in a formula instead of `min`, which cannot compare intervals or arrays.

    Parameters
    ----------
    *values : int, float, Fraction, numpy array, pandas Series or Interval
        One or more values, all of one unit.

    Raises
    ------
    IntervalError
        If there is nothing to compare.

    Examples
    --------
    >>> minimum(3, 2.5), print(minimum(Interval(1, 3), 2))
    [1, 2]
    (2.5, None)
    """
    if not values:
        raise IntervalError("minimum() and maximum() need at least one value.")
    smallest = values[0]
    for value in values[1:]:
        smallest = _lesser(smallest, value)
    return smallest


def maximum(*values: Any) -> Any:
    """Return the largest of numbers, arrays (element by element) or intervals.

    Parameters
    ----------
    *values : int, float, Fraction, numpy array, pandas Series or Interval
        One or more values, all of one unit.

    Raises
    ------
    IntervalError
        If there is nothing to compare.

    Examples
    --------
    >>> print(maximum(Interval(1, 3), 2))
    [2, 3]
    """
    return -minimum(*(-value for value in values))


# -- the range of a formula ----------------------------------------------------------------


class _Uses:
    """A stand-in for a number that counts how often each variable is used in a formula."""

    __slots__ = ("counts",)
    __array_ufunc__ = None

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts

    def _join(self, other: object) -> _Uses:
        if not isinstance(other, _Uses):
            return self
        counts = dict(self.counts)
        for name, count in other.counts.items():
            counts[name] = counts.get(name, 0) + count
        return _Uses(counts)

    def __neg__(self) -> _Uses:
        return self

    __pos__ = __abs__ = __neg__
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _join
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = _minimum = _join
    __lt__ = __le__ = __gt__ = __ge__ = Interval._unordered


class _Dual:
    """A range of values and, for each repeated variable, the range of the derivative by it.

    At a kink (abs, minimum, maximum) the derivative ranges over those of both sides, which is
    all that monotonicity needs.
    """

    __slots__ = ("slopes", "value")
    __array_ufunc__ = None

    def __init__(self, value: Interval, slopes: dict[str, Interval]) -> None:
        self.value = value
        self.slopes = slopes

    def _combine(
        self, other: _Dual, value: Interval, rule: Callable[[Interval, Interval], Interval]
    ) -> _Dual:
        names = self.slopes | other.slopes
        nought = Interval.point(0)
        slopes = {n: rule(self.slopes.get(n, nought), other.slopes.get(n, nought)) for n in names}
        return _Dual(value, slopes)

    def _mapped(self, value: Interval, slope: Interval) -> _Dual:
        return _Dual(value, {n: slope * s for n, s in self.slopes.items()})

    def __pos__(self) -> _Dual:
        return self

    def __neg__(self) -> _Dual:
        return _Dual(-self.value, {n: -s for n, s in self.slopes.items()})

    def __abs__(self) -> _Dual:
        sign = Interval(-1, 1)
        if _at_least_zero(self.value):
            sign = Interval.point(1)
        elif _at_least_zero(-self.value):
            sign = Interval.point(-1)
        return self._mapped(abs(self.value), sign)

    def __add__(self, other: object) -> _Dual:
        o = _dual(other)
        if o is None:
            return NotImplemented
        return self._combine(o, self.value + o.value, _add)

    __radd__ = __add__

    def __sub__(self, other: object) -> _Dual:
        o = _dual(other)
        return NotImplemented if o is None else self + -o

    def __rsub__(self, other: object) -> _Dual:
        o = _dual(other)
        return NotImplemented if o is None else o + -self

    def __mul__(self, other: object) -> _Dual:
        o = _dual(other)
        if o is None:
            return NotImplemented
        u, v = self.value, o.value
        return self._combine(o, u * v, lambda du, dv: du * v + u * dv)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> _Dual:
        o = _dual(other)
        if o is None:
            return NotImplemented
        u, v = self.value, o.value
        quotient = u / v
        # Where v is zero the quotient is unbounded, and with it the slope, unless v only starts
        # from zero or never changes; so no pole is ever taken for a rise or a fall.
        return self._combine(o, quotient, lambda du, dv: (du - quotient * dv) / v)

    def __rtruediv__(self, other: object) -> _Dual:
        o = _dual(other)
        return NotImplemented if o is None else o / self

    def __pow__(self, exponent: object) -> _Dual:
        o = _dual(exponent)
        if o is None:
            return NotImplemented
        n = _whole(o.value)
        if n < 0:
            return 1 / self**-n
        slope = n * self.value ** (n - 1) if n else Interval.point(0)
        return self._mapped(self.value**n, slope)

    def __rpow__(self, base: object) -> _Dual:
        o = _dual(base)
        return NotImplemented if o is None else o**self

    def _minimum(self, other: object) -> _Dual | None:
        o = _dual(other)
        if o is None:
            return None
        least = minimum(self.value, o.value)
        return self._combine(o, least, lambda du, dv: du.hull(dv))

    __lt__ = __le__ = __gt__ = __ge__ = Interval._unordered


def _dual(x: object) -> _Dual | None:
    if isinstance(x, _Dual):
        return x
    value = _operand(x)
    return None if value is None else _Dual(value, {})


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
            product[key] = product.get(key, _ZERO) + x * y
    return {key: c for key, c in product.items() if c}


def _plus(a: _Polynomial, b: _Polynomial) -> _Polynomial:
    total = dict(a)
    for key, c in b.items():
        total[key] = total.get(key, _ZERO) + c
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
    """Evaluate a polynomial term by term."""
    total = Interval.point(0)
    for key, c in a.items():
        term = Interval.point(c)
        for name, power in key:
            term = term * box[name] ** power
        total = total + term
    return total


class _Ratio:
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

    def slopes(self, box: Mapping[str, Interval], names: list[str]) -> dict[str, Interval]:
        divisor = _over(self.bottom, box)
        if _holds_zero(divisor):
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
                        c *= at[name].lo or _ZERO
                degrees[degree] = degrees.get(degree, _ZERO) + c
            leading.append(max(((d, c) for d, c in degrees.items() if c), default=(-1, _ZERO)))
        (high, c), (low, d) = leading
        if not d:
            raise DivisionByZeroInterval("The formula divides by exactly zero far out.")
        if high > low:
            return (1 if c / d > 0 else -1), _ZERO
        return 0, (c / d if high == low else _ZERO)

    def __pos__(self) -> _Ratio:
        return self

    def __neg__(self) -> _Ratio:
        return _Ratio({key: -c for key, c in self.top.items()}, self.bottom)

    def __add__(self, other: object) -> _Ratio:
        o = _as_ratio(other)
        if self.bottom == o.bottom:
            return _Ratio(_plus(self.top, o.top), self.bottom)
        top = _plus(_times(self.top, o.bottom), _times(o.top, self.bottom))
        return _Ratio(top, _times(self.bottom, o.bottom))

    __radd__ = __add__

    def __sub__(self, other: object) -> _Ratio:
        return self + -_as_ratio(other)

    def __rsub__(self, other: object) -> _Ratio:
        return _as_ratio(other) + -self

    def __mul__(self, other: object) -> _Ratio:
        o = _as_ratio(other)
        return _Ratio(_times(self.top, o.top), _times(self.bottom, o.bottom))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> _Ratio:
        o = _as_ratio(other)
        return _Ratio(_times(self.top, o.bottom), _times(self.bottom, o.top))

    def __rtruediv__(self, other: object) -> _Ratio:
        return _as_ratio(other) / self

    def __pow__(self, exponent: object) -> _Ratio:
        o = _operand(exponent)
        if o is None or abs(_whole(o)) > _MAX_DEGREE:
            raise _TooComplexError
        n = _whole(o)
        base = self if n >= 0 else 1 / self
        result = _as_ratio(1)
        for _ in range(abs(n)):
            result = result * base
        return result

    def _give_up(self, *_: object) -> _Ratio:
        raise _TooComplexError

    __abs__ = __rpow__ = _minimum = _give_up
    __lt__ = __le__ = __gt__ = __ge__ = Interval._unordered


def _as_ratio(x: object) -> _Ratio:
    if isinstance(x, _Ratio):
        return x
    constant = _operand(x)
    if constant is None or constant.lo is None or not constant.is_point:
        raise _TooComplexError
    return _Ratio({(): constant.lo} if constant.lo else {}, {(): Fraction(1)})


def _ratio_of(fn: Callable[..., Any], box: Mapping[str, Interval]) -> _Ratio | None:
    one: _Polynomial = {(): Fraction(1)}
    symbols = {
        n: v if v.is_point else _Ratio({((n, 1),): Fraction(1)}, one) for n, v in box.items()
    }
    try:
        ratio = _as_ratio(fn(**symbols))
        ratio.slopes(box, list(box))  # the derivatives may be too long though the formula is not
    except _TooComplexError:
        return None
    return ratio if ratio.bottom else None


def _result(x: object) -> Interval:
    value = _operand(x)
    if value is None:
        raise IntervalError(f"The formula gave a {type(x).__name__}, not a number or interval.")
    return value


def range_over(
    fn: Callable[..., Any], box: Mapping[str, Interval | Fraction | int | Decimal]
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
    uses = fn(**{n: v if v.is_point else _Uses({n: 1}) for n, v in ranges.items()})
    counts = uses.counts if isinstance(uses, _Uses) else {}
    repeated = [name for name, count in counts.items() if count > 1]
    if not repeated:
        return _result(fn(**ranges))

    def turned(**names: Any) -> Any:
        return -fn(**names)

    slopes = _slopes(fn, ranges, repeated, None)
    low = _lowest_face(fn, ranges, repeated, slopes)
    high = _lowest_face(turned, ranges, repeated, {n: -s for n, s in slopes.items()})
    if not (low.exact and high.exact):
        # Derivatives by intervals are quick, but too wide on a wide box; try without intervals.
        ratio = _ratio_of(fn, ranges)
        if ratio is not None and not all(ranges[name].is_bounded for name in repeated):
            repeated = list(counts)  # a limit needs every variable put somewhere
        low = _infimum(fn, ranges, repeated, ratio)
        high = _infimum(turned, ranges, repeated, ratio and -ratio)
    hi = None if high.lo is None else -high.lo
    return _interval(low.lo, hi, low.lo_closed, high.lo_closed)


def _slopes(
    fn: Callable[..., Any], box: Mapping[str, Interval], names: list[str], ratio: _Ratio | None
) -> dict[str, Interval]:
    """Return the range of the formula's derivative by each of the names."""
    if ratio is not None:
        return ratio.slopes(box, names)
    seeds: dict[str, Any] = dict(box)
    for name in names:
        seeds[name] = _Dual(box[name], {name: Interval.point(1)})
    found = _dual(fn(**seeds))
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
        return self.lo is not None, self.lo or _ZERO, not self.lo_closed


def _lowest_face(
    fn: Callable[..., Any],
    box: dict[str, Interval],
    names: list[str],
    slopes: Mapping[str, Interval],
    ratio: _Ratio | None = None,
    missed: bool = False,
) -> _Face:
    """Put every variable the formula is monotone in at the end where the formula is lowest."""
    face, far, exact, misses = dict(box), {}, True, missed
    for name in names:
        variable, slope = box[name], slopes.get(name, Interval.point(0))
        if variable.is_point:
            continue
        if _at_least_zero(slope):
            side, end, closed = -1, variable.lo, variable.lo_closed
        elif _at_least_zero(-slope):
            side, end, closed = 1, variable.hi, variable.hi_closed
        else:
            exact = False
            continue
        if end is None:
            far[name] = side
        else:
            face[name] = _interval(end, end, True, True)
        # A strictly monotone formula comes near an open end's value but never takes it.
        misses = misses or (not closed and not _holds_zero(slope))
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
    fn: Callable[..., Any], box: dict[str, Interval], names: list[str], ratio: _Ratio | None
) -> _Face:
    """Cut the box up until the formula is seen to be monotone where it is lowest."""
    tie = itertools.count()
    face = _lowest_face(fn, box, names, _slopes(fn, box, names, ratio), ratio)
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
    box: dict[str, Interval], names: list[str], whole: Mapping[str, Interval]
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
        cut = _ZERO
    return [
        box | {name: _interval(side.lo, cut, side.lo_closed, True)},
        box | {name: _interval(cut, side.hi, True, side.hi_closed)},
    ]
