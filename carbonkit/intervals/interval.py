"""Exact intervals with open and closed ends, and their arithmetic."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, ClassVar

from carbonkit.errors import DivisionByZeroInterval, IntervalError

__all__ = ["Interval", "maximum", "minimum"]

# A hostile file must not make us build a number of a billion digits.
_MAX_DIGITS = 1_000
_MAX_BITS = 1 << 16

ZERO = Fraction(0)


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
        if low is not None and high is not None and not _before(low, lo_closed, high, hi_closed):
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
        return of_ends(value, value, True, True)

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
        lo, hi = self.lo, self.hi
        if lo is None or hi is None:
            return False
        # Twice as fast as comparing fractions.
        return lo.numerator == hi.numerator and lo.denominator == hi.denominator

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
        return _before(self.lo, self.lo_closed, value, True) and _before(
            value, True, self.hi, self.hi_closed
        )

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
        return ZERO

    def __and__(self, other: Interval) -> Interval | None:
        """Return the numbers of both intervals, or None if there are none."""
        if not isinstance(other, Interval):
            return NotImplemented
        if not self.meets(other):
            return None
        lo, lo_closed = _higher_start(self, other)
        hi, hi_closed = _higher_start(-self, -other)
        return of_ends(lo, None if hi is None else -hi, lo_closed, hi_closed)

    def hull(self, other: Interval) -> Interval:
        """Return the smallest interval that holds both.

        Examples
        --------
        >>> print(Interval(1, 2).hull(Interval(4, 5, hi_closed=False)))
        [1, 5)
        """
        lo, lo_closed = _lower_start(self, other)
        hi, hi_closed = _lower_start(-self, -other)
        return of_ends(lo, None if hi is None else -hi, lo_closed, hi_closed)

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
        return of_ends(
            None if self.hi is None else -self.hi,
            None if self.lo is None else -self.lo,
            self.hi_closed,
            self.lo_closed,
        )

    def __abs__(self) -> Interval:
        if at_least_zero(self):
            return self
        turned = -self
        if at_least_zero(turned):
            return turned
        # Zero lies inside, so it is attained whatever the ends are.
        hi, hi_closed = _lower_start(self, turned)
        return of_ends(ZERO, None if hi is None else -hi, True, hi_closed)

    def __add__(self, other: object) -> Interval:
        o = as_interval(other)
        return NotImplemented if o is None else add(self, o)

    __radd__ = __add__

    def __sub__(self, other: object) -> Interval:
        o = as_interval(other)
        return NotImplemented if o is None else add(self, -o)

    def __rsub__(self, other: object) -> Interval:
        o = as_interval(other)
        return NotImplemented if o is None else add(o, -self)

    def __mul__(self, other: object) -> Interval:
        if type(other) is Fraction and other.numerator > 0:  # a unit's size: by far most often
            return of_ends(
                None if self.lo is None else self.lo * other,
                None if self.hi is None else self.hi * other,
                self.lo_closed,
                self.hi_closed,
            )
        o = as_interval(other)
        return NotImplemented if o is None else _multiply(self, o)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Interval:
        o = as_interval(other)
        return NotImplemented if o is None else _divide(self, o)

    def __rtruediv__(self, other: object) -> Interval:
        o = as_interval(other)
        return NotImplemented if o is None else _divide(o, self)

    def __pow__(self, exponent: object) -> Interval:
        o = as_interval(exponent)
        return NotImplemented if o is None else _power(self, whole_number(o))

    def __rpow__(self, base: object) -> Interval:
        o = as_interval(base)
        return NotImplemented if o is None else _power(o, whole_number(self))

    def _minimum(self, other: object) -> Interval | None:
        o = as_interval(other)
        if o is None:
            return None
        # Both must reach a shared upper end for the minimum to reach it.
        lo, lo_closed = _lower_start(self, o)
        hi, hi_closed = _higher_start(-self, -o)
        return of_ends(lo, None if hi is None else -hi, lo_closed, hi_closed)

    def _unordered(self, other: object) -> bool:
        raise IntervalError(
            "Intervals have no order; ask .meets() or .issubset(), and write"
            " minimum() and maximum() from carbonkit.intervals instead of min() and max()."
        )

    __lt__ = __le__ = __gt__ = __ge__ = _unordered


def of_ends(lo: Fraction | None, hi: Fraction | None, lo_closed: bool, hi_closed: bool) -> Interval:
    """Build an interval from ends known to be in order, without checking them again."""
    new = object.__new__(Interval)
    put = object.__setattr__
    put(new, "lo", lo)
    put(new, "hi", hi)
    put(new, "lo_closed", lo_closed)
    put(new, "hi_closed", hi_closed)
    return new


def as_interval(x: object) -> Interval | None:
    """Return the other side of an operator as an interval; None for a type we do not know."""
    if isinstance(x, Interval):
        return x
    if type(x) is Fraction:
        return of_ends(x, x, True, True)
    if isinstance(x, float) and math.isfinite(x) and Fraction(repr(float(x))) != Fraction(x):
        raise IntervalError(
            f"The float {x!r} is not exactly {x!r}; write it as a Fraction, a Decimal or a ratio"
            " of whole numbers (x * 9 / 10), or take the binary value with Interval.point()."
        )
    if isinstance(x, int | Fraction | Decimal | float):
        value = _exact(x)
        return of_ends(value, value, True, True)
    return None


def _before(
    start: Fraction | None, start_closed: bool, end: Fraction | None, end_closed: bool
) -> bool:
    """Whether a start lies before an end, so that something can be between them."""
    if start is None or end is None:
        return True
    # Three times as fast as comparing fractions.
    room = end.numerator * start.denominator - start.numerator * end.denominator
    return room > 0 or (room == 0 and start_closed and end_closed)


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


def at_least_zero(a: Interval) -> bool:
    return a.lo is not None and a.lo.numerator >= 0


def holds_zero(a: Interval) -> bool:
    """Whether zero belongs to the interval; signs of numerators are much faster than compares."""
    if a.lo is not None and (a.lo.numerator > 0 or (not a.lo_closed and not a.lo.numerator)):
        return False
    return a.hi is None or a.hi.numerator > 0 or (a.hi_closed and not a.hi.numerator)


def _float_above(x: Fraction) -> float:
    """Return the smallest float that is not below `x`."""
    above, below = x.numerator, x.denominator
    try:
        nearest = above / below
    except OverflowError:
        return math.inf if above > 0 else -sys.float_info.max
    over, under = nearest.as_integer_ratio()
    return nearest if over * below >= above * under else math.nextafter(nearest, math.inf)


def add(a: Interval, b: Interval) -> Interval:
    return of_ends(
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
        lo_closed = holds_zero(a) or holds_zero(b)
    if hi is not None and not hi.numerator:
        hi_closed = holds_zero(a) or holds_zero(b)
    return of_ends(lo, hi, lo_closed, hi_closed)


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
    return x_sign * y_sign, ZERO, False


def _divide(a: Interval, b: Interval) -> Interval:
    if at_least_zero(b):
        positive = True
    elif b.hi is not None and b.hi.numerator <= 0:
        positive = False
    elif a.is_point and a.lo == 0:
        return a
    else:
        return of_ends(None, None, False, False)  # both infinities are approached
    if b.is_point and b.lo == 0:
        raise DivisionByZeroInterval(f"{a} is divided by exactly zero.")
    return _multiply(a, _reciprocal(b) if positive else -_reciprocal(-b))


def _reciprocal(b: Interval) -> Interval:
    """Return 1/b for an interval that is not negative, leaving zero itself out."""
    low = (ZERO, False) if b.hi is None else (1 / b.hi, b.hi_closed)
    high = (1 / b.lo, b.lo_closed) if b.lo else (None, False)
    return of_ends(low[0], high[0], low[1], high[1])


def whole_number(exponent: Interval) -> int:
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
    return of_ends(
        None if base.lo is None else base.lo**n,
        None if base.hi is None else base.hi**n,
        base.lo_closed,
        base.hi_closed,
    )


def _lesser(a: Any, b: Any) -> Any:
    for one, other in ((a, b), (b, a)):
        if hasattr(one, "_minimum"):
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
