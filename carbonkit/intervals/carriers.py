"""Stand-ins for a number, by which a formula tells how it depends on its variables."""

from __future__ import annotations

from collections.abc import Callable

from carbonkit.intervals.interval import (
    Interval,
    add,
    as_interval,
    at_least_zero,
    minimum,
    whole_number,
)

__all__ = ["Dual", "Uses", "as_dual"]


class Uses:
    """A stand-in for a number that counts how often each variable is used in a formula."""

    __slots__ = ("counts",)
    __array_ufunc__ = None

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts

    def _join(self, other: object) -> Uses:
        if not isinstance(other, Uses):
            return self
        counts = dict(self.counts)
        for name, count in other.counts.items():
            counts[name] = counts.get(name, 0) + count
        return Uses(counts)

    def __neg__(self) -> Uses:
        return self

    __pos__ = __abs__ = __neg__
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _join
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = _minimum = _join
    __lt__ = __le__ = __gt__ = __ge__ = Interval._unordered


class Dual:
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
        self, other: Dual, value: Interval, rule: Callable[[Interval, Interval], Interval]
    ) -> Dual:
        names = self.slopes | other.slopes
        nought = Interval.point(0)
        slopes = {n: rule(self.slopes.get(n, nought), other.slopes.get(n, nought)) for n in names}
        return Dual(value, slopes)

    def _mapped(self, value: Interval, slope: Interval) -> Dual:
        return Dual(value, {n: slope * s for n, s in self.slopes.items()})

    def __pos__(self) -> Dual:
        return self

    def __neg__(self) -> Dual:
        return Dual(-self.value, {n: -s for n, s in self.slopes.items()})

    def __abs__(self) -> Dual:
        sign = Interval(-1, 1)
        if at_least_zero(self.value):
            sign = Interval.point(1)
        elif at_least_zero(-self.value):
            sign = Interval.point(-1)
        return self._mapped(abs(self.value), sign)

    def __add__(self, other: object) -> Dual:
        o = as_dual(other)
        if o is None:
            return NotImplemented
        return self._combine(o, self.value + o.value, add)

    __radd__ = __add__

    def __sub__(self, other: object) -> Dual:
        o = as_dual(other)
        return NotImplemented if o is None else self + -o

    def __rsub__(self, other: object) -> Dual:
        o = as_dual(other)
        return NotImplemented if o is None else o + -self

    def __mul__(self, other: object) -> Dual:
        o = as_dual(other)
        if o is None:
            return NotImplemented
        u, v = self.value, o.value
        return self._combine(o, u * v, lambda du, dv: du * v + u * dv)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Dual:
        o = as_dual(other)
        if o is None:
            return NotImplemented
        u, v = self.value, o.value
        quotient = u / v
        # Where v is zero the quotient is unbounded, and with it the slope, unless v only starts
        # from zero or never changes; so no pole is ever taken for a rise or a fall.
        return self._combine(o, quotient, lambda du, dv: (du - quotient * dv) / v)

    def __rtruediv__(self, other: object) -> Dual:
        o = as_dual(other)
        return NotImplemented if o is None else o / self

    def __pow__(self, exponent: object) -> Dual:
        o = as_dual(exponent)
        if o is None:
            return NotImplemented
        n = whole_number(o.value)
        if n < 0:
            return 1 / self**-n
        slope = n * self.value ** (n - 1) if n else Interval.point(0)
        return self._mapped(self.value**n, slope)

    def __rpow__(self, base: object) -> Dual:
        o = as_dual(base)
        return NotImplemented if o is None else o**self

    def _minimum(self, other: object) -> Dual | None:
        o = as_dual(other)
        if o is None:
            return None
        least = minimum(self.value, o.value)
        return self._combine(o, least, lambda du, dv: du.hull(dv))

    __lt__ = __le__ = __gt__ = __ge__ = Interval._unordered


def as_dual(x: object) -> Dual | None:
    """Return the other side of an operator as a dual; None for a type we do not know."""
    if isinstance(x, Dual):
        return x
    value = as_interval(x)
    return None if value is None else Dual(value, {})
