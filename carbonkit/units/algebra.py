"""A unit as something to compute with: exact size and dimensions, no value."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from carbonkit.errors import DimensionError
from carbonkit.units.exact import canonical, describe, measured
from carbonkit.units.grammar import Product, from_powers, parse, render
from carbonkit.units.table import Dimensions, combine, table

__all__ = ["Measure", "measure", "simplify"]


@dataclass(frozen=True)
class Measure:
    """The unit of an intermediate result, found by running arithmetic on units.

    Plain numbers count as pure; units add only where dimensions and sizes agree.

    Attributes
    ----------
    size : Fraction
        How many coherent base units (gram, metre, second ...) one of it is.
    dimensions : tuple of (str, int)
        Dimensions with their powers, sorted.

    Examples
    --------
    >>> energy, factor = measure("kWh"), measure("kg CO2/kWh")
    >>> energy * factor == measure("kg CO2")
    True
    >>> energy + factor
    Traceback (most recent call last):
        ...
    carbonkit.errors.DimensionError: energy cannot be added to, taken from or compared with ...
    """

    size: Fraction
    dimensions: Dimensions

    def __str__(self) -> str:
        return describe(self.dimensions)

    @property
    def base(self) -> Measure:
        """The coherent base unit of the same dimensions."""
        return Measure(Fraction(1), self.dimensions)

    @property
    def base_unit(self) -> str:
        """Canonical text of the coherent base unit of these dimensions."""
        bases = table().bases
        return render(from_powers({bases[name]: power for name, power in self.dimensions}))

    @staticmethod
    def _of(other: Any) -> Measure:
        return other if isinstance(other, Measure) else _PURE

    def _alike(self, other: Any) -> Measure:
        other = self._of(other)
        if self.dimensions != other.dimensions:
            raise DimensionError(f"{self} cannot be added to, taken from or compared with {other}")
        if self.size != other.size:
            raise DimensionError(f"two units of {self} meet; a formula must use one of them")
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = _alike

    def __mul__(self, other: Any) -> Measure:
        other = self._of(other)
        return Measure(self.size * other.size, combine((self.dimensions, 1), (other.dimensions, 1)))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Measure:
        return self * self._of(other) ** -1

    def __rtruediv__(self, other: Any) -> Measure:
        return self._of(other) * self**-1

    def __pow__(self, exponent: int) -> Measure:
        return Measure(self.size**exponent, combine((self.dimensions, exponent)))

    def __neg__(self) -> Measure:
        return self

    def __abs__(self) -> Measure:
        return self

    def __lt__(self, other: Any) -> bool:
        self._alike(other)
        return False

    __gt__ = __lt__


_PURE = Measure(Fraction(1), ())


def measure(unit: str) -> Measure:
    """Return the exact size and the dimensions of a unit.

    Parameters
    ----------
    unit : str
        A unit in any spelling that `canonical` takes.

    Raises
    ------
    UnitError
        If the unit is not understood.

    Examples
    --------
    >>> measure("kWh").size
    Fraction(3600000000, 1)
    """
    return Measure(*measured(canonical(unit)))


def simplify(unit: str) -> str:
    """Cancel what stands above and below the line; a power of ten stays where it was.

    Parameters
    ----------
    unit : str
        A unit in any spelling that `canonical` takes.

    Raises
    ------
    UnitError
        If the unit is not understood.

    Examples
    --------
    >>> simplify("(kWh/year)*(kg CO2/kWh)"), simplify("(t CO2/year)/(10^6 CNY/year)")
    ('kg CO2/year', 't CO2/10^6 CNY')
    """
    product = parse(canonical(unit))
    powers = dict(product.above)
    for name, power in product.below.items():
        powers[name] = powers.get(name, 0) - power
    left = from_powers({name: power for name, power in powers.items() if power})
    ten = product.ten_above - product.ten_below
    above = ten if ten > 0 or not left.below else 0
    return render(Product(left.above, left.below, above, above - ten))
