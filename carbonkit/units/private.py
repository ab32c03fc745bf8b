"""The one private pint registry, built from the same table as the exact factors.

Never set as pint's application registry; its quantities pickle as magnitude and unit text.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import Any

import pint
from pint.facets.plain import ScaleConverter, UnitDefinition
from pint.util import UnitsContainer, to_units_container

from carbonkit.errors import UnitError
from carbonkit.units.door import quantity
from carbonkit.units.exact import reason, same_dimension, scale
from carbonkit.units.grammar import Product, from_powers, parse, render
from carbonkit.units.table import table

__all__ = ["registry", "text_of", "times", "units_of"]


class _Quantity(pint.registry.Quantity[Any]):
    def __reduce__(self) -> Any:
        return _restore_quantity, (self.magnitude, text_of(self))

    def __format__(self, spec: str) -> str:
        try:
            return f"{format(self.magnitude, spec)} {text_of(self)}".removesuffix(" 1")
        except (TypeError, ValueError):  # one of pint's own formats
            return str(super().__format__(spec))

    def __str__(self) -> str:
        return format(self)

    def __repr__(self) -> str:
        unit = text_of(self) if _whole(self._units) else str(self.units)
        return f"<Quantity({self.magnitude!r}, {unit!r})>"


class _Unit(pint.registry.Unit):
    def __reduce__(self) -> Any:
        return _restore_unit, (text_of(self),)

    def __format__(self, spec: str) -> str:
        return str(super().__format__(spec)) if spec or not _whole(self._units) else text_of(self)

    def __str__(self) -> str:
        return format(self)


class _Registry(pint.UnitRegistry):  # type: ignore[type-arg, unused-ignore]
    """A registry whose every text goes through carbonkit's grammar, never pint's parser.

    Units enter it when first used: defining all of them at once would take 10 ms.
    """

    Quantity = _Quantity
    Unit = _Unit

    def parse_units_as_container(
        self, input_string: str, as_delta: bool | None = None, case_sensitive: bool | None = None
    ) -> UnitsContainer:
        # Pint has already rewritten the signs and may hand over "" for a pure number.
        text = input_string.replace(" percent ", "%").replace(" permille ", "‰")
        if not text.strip():
            return UnitsContainer()
        product = parse(text)
        if product.ten_above != product.ten_below:
            raise UnitError(
                f"A quantity's unit cannot hold a power of ten, as {text[:60]!r} does; "
                "use carbonkit.units.quantity, which puts it in the number, or a prefix (GWh)."
            )
        return units_of(product)

    def parse_expression(
        self, input_string: str, case_sensitive: bool | None = None, **values: Any
    ) -> Any:
        return quantity(input_string)

    def __getattr__(self, item: str) -> Any:
        try:
            return super().__getattr__(item)
        except UnitError as error:  # so that hasattr works
            raise AttributeError(str(error)) from None

    def convert(
        self, value: Any, src: Any, dst: Any, inplace: bool = False, **ctx_kwargs: Any
    ) -> Any:
        # One rounding by the exact factor, where pint multiplies several rounded ones.
        have, want = to_units_container(src, self), to_units_container(dst, self)
        if inplace or have == want or not _whole(have) or not _whole(want):
            return super().convert(value, src, dst, inplace, **ctx_kwargs)
        one, other = _text(have), _text(want)
        if not same_dimension(one, other):
            raise pint.DimensionalityError(one, other, "", "", extra_msg=f". {reason(one, other)}")
        return times(value, scale(one, other))


@cache
def registry() -> pint.UnitRegistry[Any]:
    """Build the registry; `carbonkit.units.registry` is its public name."""
    return _Registry(None, cache_folder=None)


@cache
def _define(name: str) -> None:
    unit, bases, built = table().units[name], table().bases, registry()
    if bases.get(unit.dimensions[0][0] if unit.dimensions else "") == name:
        dimension = re.sub(r"\W", "_", unit.dimensions[0][0])
        reference = UnitsContainer({f"[{dimension}]": 1})
    else:
        powers = {bases[dimension]: power for dimension, power in unit.dimensions}
        for base in powers:
            _define(base)
        reference = UnitsContainer(powers)
    definition: Any = UnitDefinition(name, None, (), ScaleConverter(float(unit.factor)), reference)
    built.define(definition)


def times(value: Any, factor: Fraction) -> Any:
    """Multiply a float or an array by an exact factor with as little rounding as can be."""
    if factor.numerator == 1:
        return value / float(factor.denominator)
    return value * float(factor)


def units_of(product: Product) -> UnitsContainer:
    """Return pint's form of a product; its power of ten is left to the caller."""
    powers = dict(product.above)
    for name, power in product.below.items():
        powers[name] = powers.get(name, 0) - power
    # What is left may be a square or a cube, which its text writes as a unit of its own.
    left = from_powers({name: power for name, power in powers.items() if power})
    powers = left.above | {name: -power for name, power in left.below.items()}
    for name in powers:
        _define(name)
    return UnitsContainer(powers)


def text_of(value: Any) -> str:
    """Return the canonical text of the unit of a quantity of the private registry."""
    if not _whole(value._units):
        raise UnitError(f"The unit {value._units} has a fractional exponent, so it has no text.")
    return _text(value._units)


def _text(units: UnitsContainer) -> str:
    powers: dict[str, Any] = dict(units.items())
    return render(from_powers({name: int(power) for name, power in powers.items()}))


def _whole(units: UnitsContainer) -> bool:
    powers: list[Any] = list(units.values())
    return all(power == int(power) for power in powers)


def _restore_quantity(magnitude: Any, unit: str) -> Any:
    return registry().Quantity(magnitude, units_of(parse(unit)))


def _restore_unit(unit: str) -> Any:
    return registry().Unit(units_of(parse(unit)))
