"""Exact conversion factors and dimensions, without pint."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from functools import lru_cache

from carbonkit.errors import DimensionError, UnitError
from carbonkit.units.grammar import parse, render
from carbonkit.units.table import Dimensions, combine, power_of_ten, table

__all__ = ["canonical", "dimensionality", "reason", "same_dimension", "scale", "species"]


def canonical(unit: str, *, tons: str | None = None) -> str:
    """Return the one text by which carbonkit knows a unit.

    Parameters
    ----------
    unit
        A unit as people write it: "tCO2/MWh", "kWh per site per day", "10^4 t", "million CNY",
        "万吨". Words side by side bind tighter than a slash, so that "kg CO2/passenger km" is per
        passenger-kilometre; ``a/b*c`` is refused because it is read in two ways.
    tons
        What "ton", "tons" and their multiples mean: "tonne", "short_ton" or "long_ton".
        With "tonne", "mt" and "mmt" are a metric ton and a million of them too.

    Returns
    -------
    str
        Canonical text, which is itself legal input and its own canonical text. That of a pure
        number is "1"; an empty text is refused, since it is more often an omission.

    Raises
    ------
    UnitError
        If the unit is unknown, misspelt or ambiguous; the message says what to write.

    Examples
    --------
    >>> canonical("tCO2e/MWh")
    't CO2e/MWh'
    >>> canonical("million kWh"), canonical("万吨"), canonical("kg CO2/m³")
    ('10^6 kWh', '10^4 t', 'kg CO2/m3')
    >>> canonical("tons CO2", tons="tonne")
    't CO2'
    >>> canonical("kwh")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    carbonkit.errors.UnitError: Unknown unit 'kwh'. Did you mean kWh? Case matters...
    """
    try:
        return _canonical(unit, tons)
    except TypeError:  # cannot be a key of the cache
        raise UnitError(
            f"A unit is given as text such as 'kWh', not as {type(unit).__name__}."
        ) from None


def dimensionality(unit: str) -> Hashable:
    """Return the dimensions of a unit, as something to compare and to use as a key.

    A gas, a currency, a year and each countable thing are dimensions of their own.

    Parameters
    ----------
    unit
        A unit in any spelling that `canonical` takes.

    Returns
    -------
    Hashable
        Equal for two units exactly when one converts into the other.

    Raises
    ------
    UnitError
        If the unit is not understood.

    Examples
    --------
    >>> dimensionality("kWh") == dimensionality("MMBtu")
    True
    >>> dimensionality("t CO2") == dimensionality("t CH4")
    False
    """
    return measured(canonical(unit))[1]


def same_dimension(a: str, b: str) -> bool:
    """Tell whether one unit converts into the other.

    Parameters
    ----------
    a, b
        Units in any spelling that `canonical` takes.

    Returns
    -------
    bool

    Raises
    ------
    UnitError
        If a unit is not understood.

    Examples
    --------
    >>> same_dimension("kWh/day", "kW"), same_dimension("kWh/year", "kW")
    (True, False)
    """
    return dimensionality(a) == dimensionality(b)


def scale(from_: str, to: str) -> Fraction:
    """Return the exact number of `to` in one `from_`.

    Parameters
    ----------
    from_, to
        Units in any spelling that `canonical` takes.

    Returns
    -------
    fractions.Fraction
        The exact factor: multiply a value in `from_` by it to have the value in `to`.

    Raises
    ------
    UnitError
        If a unit is not understood.
    DimensionError
        If the units measure different things; the message says what is missing.

    Examples
    --------
    >>> scale("MWh", "kWh")
    Fraction(1000, 1)
    >>> scale("t C", "t CO2")
    Fraction(11, 3)
    >>> scale("10^4 t CO2/10^6 CNY", "kg CO2/CNY")
    Fraction(10, 1)
    >>> scale("kWh/year", "kWh/day")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    carbonkit.errors.DimensionError: Cannot convert kWh/year to kWh/day: a year is not a fixed...
    """
    return _scale(canonical(from_), canonical(to))


def species(unit: str) -> str | None:
    """Return the gas that a unit is an amount of.

    Parameters
    ----------
    unit
        A unit in any spelling that `canonical` takes.

    Returns
    -------
    str or None
        The gas (or CO2e), or None when the unit names none or more than one.

    Raises
    ------
    UnitError
        If the unit is not understood.

    Examples
    --------
    >>> species("kgCO2/kWh"), species("t HFC-134a"), species("kWh")
    ('CO2', 'HFC134a', None)
    """
    product = parse(canonical(unit))
    gases = table().species & (product.above.keys() | product.below.keys())
    return gases.pop() if len(gases) == 1 else None


@lru_cache(maxsize=4096)
def _canonical(unit: str, tons: str | None) -> str:
    return render(parse(unit, tons))


@lru_cache(maxsize=4096)
def measured(text: str) -> tuple[Fraction, Dimensions]:
    """Return the size in base units and the dimensions of a canonical text."""
    product, units = parse(text), table().units
    factor = power_of_ten(product.ten_above - product.ten_below)
    parts: list[tuple[Dimensions, int]] = []
    for sign, powers in ((1, product.above), (-1, product.below)):
        for name, power in powers.items():
            factor *= units[name].factor ** (sign * power)
            parts.append((units[name].dimensions, sign * power))
    return factor, combine(*parts)


@lru_cache(maxsize=4096)
def _scale(from_: str, to: str) -> Fraction:
    (size, have), (other, want) = measured(from_), measured(to)
    if have != want:
        raise DimensionError(f"Cannot convert {from_} to {to}: {reason(from_, to)}")
    return size / other


#: Kinds of quantity an error can name, each by one of its units.
_KINDS = {
    "energy": "J",
    "power": "W",
    "mass": "g",
    "volume": "m3",
    "area": "m2",
    "length": "m",
    "time": "s",
    "a pure number": "1",
    "energy per year": "J/year",
    "a change in percentage points": "pp",
}


def reason(from_: str, to: str) -> str:
    """Say how the dimensions of two units differ and what would bring them together."""
    have, want = measured(from_)[1], measured(to)[1]
    change = dict(combine((want, 1), (have, -1)))
    bases = table().bases
    if "percentage point" in change:
        return (
            "percentage points are the difference of two shares and no share themselves. "
            "points_change(new, old) gives points, percent_change(new, old) per cent."
        )
    if "year" in change and "time" in change:
        return (
            "a year is not a fixed number of days here, so that it never silently means "
            "365.25 of them. Multiply or divide by 365 day/year, or by 8760 h/year."
        )
    gases = sorted(bases[name] for name in change if name.startswith("species "))
    if "CO2e" in gases and len(gases) > 1:
        return "CO2e is reached only through a named GWP set; use carbonkit.gwp.to_co2e."
    if len(gases) > 1:
        return f"{gases[0]} and {gases[1]} are different gases, and a mass of one is not the other."
    if gases:
        return (
            f"only one of them names {gases[0]}. Say of which gas the amount is, "
            "as in 't CO2' or 'kg CO2/kWh'."
        )
    volumes = [name.removeprefix("gas volume ") for name in change if name.startswith("gas volume")]
    if volumes:
        return (
            f"a gas volume {' and one '.join(sorted(volumes))} is an amount of gas, which a volume "
            "at other or unstated conditions is not. Convert it by its temperature and pressure "
            "first (or use the factor given for the same conditions)."
        )
    money = sorted(name for name in change if len(name) == 3 and name.isupper())
    if len(money) > 1:
        return f"{money[0]} and {money[1]} need a stated exchange rate, such as '6.9 CNY/USD'."
    return f"the first is {describe(have)} and the second is {describe(want)}."


def describe(dimensions: Dimensions) -> str:
    """Name dimensions in words where there is a word for them."""
    for kind, unit in _KINDS.items():
        if measured(unit)[1] == dimensions:
            return kind
    powers = [f"[{name}]" + (f"^{power}" if power != 1 else "") for name, power in dimensions]
    return " ".join(powers)
