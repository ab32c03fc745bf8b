"""The door by which values and units come in."""

from __future__ import annotations

import math
import re
import sys
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import TYPE_CHECKING, Any

from carbonkit.errors import UnitError
from carbonkit.units.exact import canonical
from carbonkit.units.grammar import TONS, from_powers, parse, render
from carbonkit.units.table import power_of_ten, table

if TYPE_CHECKING:
    import pint

__all__ = ["parts", "quantity"]

LONGEST_NUMBER = 100
#: Relative difference in size beyond which a unit of another registry is a different unit.
#: Registries round the Btu to 7 figures; the nearest mix-up, a survey acre, is 4e-6 away.
SAME_SIZE = 1e-6

_NUMBER = re.compile(r"\s*([+-]?(?:\d+(?:,\d+)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(.*)", re.DOTALL)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?([eE][+-]?\d+)?")


def quantity(x: Any, unit: str | None = None, *, tons: str | None = None) -> pint.Quantity[Any]:
    """Bring a value in as a quantity of the private registry.

    Parameters
    ----------
    x
        Text with its unit ("1.2 GWh", "3 million kWh"); a pair ``(1.2, "GWh")``; an array or a
        Series with `unit`, or as a pair; a quantity of any pint registry; or anything with a
        ``quantity`` attribute. A bare number needs `unit`.
    unit
        The unit of `x` where `x` has none of its own.
    tons
        What "ton" and "tons" mean: "tonne", "short_ton" or "long_ton".

    Returns
    -------
    pint.Quantity
        With a float magnitude or a float array; powers of ten go into the number. An array may
        hold NaN for missing values. A Series becomes an array, since pint cannot hold one.

    Raises
    ------
    UnitError
        If there is no unit, or it is unknown or ambiguous; if the number is NaN, infinite or a
        truth value; or if another registry gives the unit another size.

    Examples
    --------
    >>> print(quantity("3 million kWh").to("GWh"))
    3.0 GWh
    >>> print(quantity((1.2, "GWh")).to("MWh"), quantity(5, "t CO2"))
    1200.0 MWh 5.0 t CO2
    >>> quantity(5)
    Traceback (most recent call last):
    carbonkit.errors.UnitError: 5 has no unit. Give one, as in quantity(5, 'kWh').
    """
    from carbonkit.units.private import registry, times, units_of

    magnitude, text = parts(x, unit, tons=tons)
    product = parse(text)
    if isinstance(magnitude, Fraction):
        magnitude = _as_float(magnitude, text)
    elif not isinstance(magnitude, float):
        magnitude = _float_array(magnitude)
    ten = product.ten_above - product.ten_below
    if ten:
        magnitude = times(magnitude, power_of_ten(ten))
        if isinstance(magnitude, float):
            _checked(magnitude, text)
    return registry().Quantity(magnitude, units_of(product))


def parts(x: Any, unit: str | None = None, *, tons: str | None = None) -> tuple[Any, str]:
    """Split a value into its number and the canonical text of its unit.

    The door of `quantity` without pint: for values that pint cannot hold, such as a Series, an
    interval or a column of a table, and where speed matters.

    Parameters
    ----------
    x, unit, tons
        As for `quantity`.

    Returns
    -------
    tuple
        The magnitude and the unit. A Fraction or a Decimal stays exact, as a Fraction; any other
        single number is a float, and anything else stays as it came.

    Raises
    ------
    UnitError
        As for `quantity`.

    Examples
    --------
    >>> parts("27.64 million kWh")
    (27.64, '10^6 kWh')
    >>> parts((1, "tCO2e"))
    (1.0, 't CO2e')
    """
    if unit is not None:
        unit = canonical(unit, tons=tons)
    if isinstance(x, str):
        return _from_text(x, unit, tons)
    if isinstance(x, tuple) and len(x) == 2 and isinstance(x[1], str):
        _only_one_unit(x, unit)
        return _magnitude(x[0], x[1]), canonical(x[1], tons=tons)
    if _is_pint(x):
        _only_one_unit(x, unit)
        return _from_pint(x, tons)
    inner = getattr(x, "quantity", None)
    if inner is not None and not callable(inner):
        _only_one_unit(x, unit)
        return parts(inner, tons=tons)
    if unit is None:
        if isinstance(x, bool):
            raise UnitError(f"{x} is a truth value, not a number with a unit.")
        shown = repr(x) if isinstance(x, Real) else f"This {type(x).__name__}"
        example = shown if isinstance(x, Real) else "values"
        raise UnitError(f"{shown} has no unit. Give one, as in quantity({example}, 'kWh').")
    return _magnitude(x, unit), unit


def _only_one_unit(x: Any, unit: str | None) -> None:
    if unit is not None:
        raise UnitError(
            f"{str(x)[:60]} has its own unit, so unit={unit!r} must not be given too; "
            "convert with .to(...)."
        )


def _from_text(x: str, unit: str | None, tons: str | None) -> tuple[float, str]:
    match = _NUMBER.fullmatch(x[: LONGEST_NUMBER + 400])
    if not match:
        raise UnitError(f"{x[:60]!r} does not begin with a number, as '1.2 GWh' does.")
    digits, rest = match.groups()
    if len(digits) > LONGEST_NUMBER or len(x) > LONGEST_NUMBER + 300:
        raise UnitError(f"{x[:40]!r}... is too long to be a quantity.")
    if rest.lstrip().startswith(("^", "**")):  # "10^4 t" is all unit
        digits, rest = "1", x
    if "," in digits and not _GROUPED.fullmatch(digits):
        raise UnitError(
            f"The comma in {digits!r} is neither a group of thousands nor, here, a decimal sign; "
            "write a decimal point."
        )
    rest = re.sub(r"^\s*[x×*](?=\s*10)", "", rest).strip()
    if not rest and unit is None:
        raise UnitError(f"{x.strip()!r} has no unit. Give one, as in '{x.strip()} kWh'.")
    if rest:
        _only_one_unit(x, unit)
    text = canonical(rest, tons=tons) if rest else str(unit)
    return _checked(float(digits.replace(",", "")), text), text


def _magnitude(x: Any, unit: str) -> Any:
    if isinstance(x, str | bytes):
        raise UnitError(f"{str(x)[:60]!r} is text; give a number with the unit {unit!r}.")
    kind = getattr(getattr(x, "dtype", None), "kind", "")
    if isinstance(x, bool) or kind == "b":
        raise UnitError(f"A truth value cannot be a number of {unit}.")
    if _is_pint(x):
        raise UnitError(f"{str(x)[:60]} already has a unit; it cannot be paired with {unit!r}.")
    if isinstance(x, Decimal):  # a number, but it does not call itself Real
        if x.is_finite():
            return Fraction(x)
        x = float(x) if not x.is_snan() else math.nan
    if isinstance(x, Fraction):
        return x
    if not isinstance(x, Real):
        return x
    return _as_float(x, unit)


def _as_float(x: Real | Fraction, unit: str) -> float:
    try:
        return _checked(float(x), unit)
    except OverflowError:
        raise UnitError(f"The number of {unit} is too large for a float.") from None


def _checked(number: float, unit: str) -> float:
    if math.isnan(number):
        raise UnitError(f"NaN {unit} is not a quantity: a missing value must be left out or named.")
    if math.isinf(number):
        raise UnitError(f"An infinite number of {unit} is not a quantity.")
    return number


def _float_array(values: Any) -> Any:
    """Return a float array; refuse what holds anything but numbers."""
    import numpy as np

    kind = getattr(getattr(values, "dtype", None), "kind", "")
    if kind in {"i", "u", "f"} and hasattr(
        values, "to_numpy"
    ):  # pandas, with its own missing value
        return values.to_numpy(dtype=float, na_value=math.nan)
    array = np.asarray(values)
    if array.dtype.kind not in "iuf":
        what = f"An array of {array.dtype}" if array.ndim else f"A {type(values).__name__}"
        raise UnitError(f"{what} cannot be the number of a quantity.")
    return array.astype(float)


def _is_pint(x: Any) -> bool:
    pint = sys.modules.get("pint")  # a pint quantity cannot exist before pint is imported
    return pint is not None and isinstance(x, pint.Quantity)


def _from_pint(x: Any, tons: str | None) -> tuple[Any, str]:
    from carbonkit.units.private import registry, text_of

    foreign = x._REGISTRY
    if foreign is registry():
        text = text_of(x)
        return _magnitude(x.magnitude, text), text
    powers: dict[str, int] = {}
    for name, power in x._units.items():
        if power != int(power):
            raise UnitError(f"The unit {x.units} has a fractional exponent.")
        own = _own_name(name, foreign, tons)
        powers[own] = powers.get(own, 0) + int(power)
    text = render(from_powers(powers))
    return _magnitude(x.magnitude, text), text


def _own_name(name: str, foreign: Any, tons: str | None) -> str:
    """Return our name of another registry's unit, if both mean the same size."""
    known = table()
    own = TONS[tons] if tons in TONS and name in {"ton", "tons"} else known.names.get(name)
    if own is None:
        if name in known.refused:
            size = _size(foreign, name)
            raise UnitError(
                f"The other registry's {name!r}{size} is refused by name: {known.refused[name]}"
            )
        canonical(name)  # raises, with the nearest names
        raise UnitError(f"Unknown unit {name!r} in a quantity of another registry.")
    unit = known.units[own]
    target = foreign.Unit("dimensionless")
    try:
        for dimension, power in unit.dimensions:
            target = target * foreign.Unit(_foreign_base(known.bases[dimension])) ** power
        theirs = float(foreign.Quantity(1.0, name).to(target).magnitude)
    except Exception as error:
        raise UnitError(
            f"The other registry's {name!r} does not measure what {own!r} does here ({error})."
        ) from error
    if not math.isclose(theirs, float(unit.factor), rel_tol=SAME_SIZE):
        raise UnitError(
            f"The other registry's {name!r} is {theirs / float(unit.factor):.9g} of {own!r} here; "
            "convert it there to a unit on which both agree."
        )
    return own


def _foreign_base(name: str) -> str:
    return {"g": "gram", "m": "meter", "s": "second", "K": "kelvin", "mol": "mole"}.get(name, name)


def _size(foreign: Any, name: str) -> str:
    try:
        return f" ({foreign.Quantity(1.0, name).to_base_units():~.9g})"
    except Exception:
        return ""
