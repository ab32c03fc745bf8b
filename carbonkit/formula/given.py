"""An argument as it came in: its magnitude, its unit, and what it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from carbonkit import units
from carbonkit._text import number, with_unit
from carbonkit.errors import GwpError, UnitError
from carbonkit.intervals import Interval

__all__ = ["PURE", "Input", "carrier", "common_gwp", "exact", "scaled", "shown"]

PURE = "1"


@dataclass(frozen=True)
class Input:
    """One argument as it came in: its magnitude, its unit and what it came from.

    Parameters
    ----------
    magnitude : object
        The carrier: a number, an array, a Series, an interval or a column.
    unit : str
        Canonical unit text.
    origin : object, optional
        The emission factor, printed figure or earlier result that it was taken from.
    """

    magnitude: Any
    unit: str
    origin: Any = None

    def __str__(self) -> str:
        return shown(self.magnitude, self.unit)


def shown(magnitude: Any, unit: str) -> str:
    """Return a magnitude with its unit; of many values how many they are."""
    if isinstance(magnitude, Interval):
        return f"{magnitude} {unit}".removesuffix(f" {PURE}")
    if isinstance(magnitude, int | float | Fraction):
        return with_unit(magnitude, unit)
    kind, shape = type(magnitude).__name__, getattr(magnitude, "shape", None)
    size = f" of {number(len(magnitude))} values" if isinstance(shape, tuple) and shape else ""
    return f"{kind}{size} in {unit}".removesuffix(f" in {PURE}")


def carrier(values: Any) -> Any:
    """Return values that arithmetic does not misread, or say why there are none."""
    if isinstance(values, float | Interval):
        return values
    if isinstance(values, list | tuple | range):  # [1, 2] * 1000 would repeat them
        return units.quantity(list(values), PURE).magnitude
    kind = getattr(getattr(values, "dtype", None), "kind", None)
    if kind in ("i", "u"):
        return values * 1.0  # arrays of whole numbers overflow silently
    if kind in ("f", None) and hasattr(values, "__mul__") and not isinstance(values, complex):
        return values
    what = f"{type(values).__name__} of {values.dtype}" if kind else type(values).__name__
    raise UnitError(f"a {what} cannot be the number of a quantity; convert it to floats first.")


def scaled(magnitude: Any, scale: Fraction) -> Any:
    """Scale a carrier; floats take one rounding only where the scale or its inverse is whole."""
    if scale == 1:
        return magnitude
    if isinstance(magnitude, Interval | Fraction):
        return magnitude * scale
    if scale.numerator == 1:
        return magnitude / float(scale.denominator)
    return magnitude * float(scale)


def exact(value: int | float | Fraction) -> Fraction:
    """Return the value of a number as it is written."""
    # A float stands for the shortest decimal that a person would have typed for it.
    return Fraction(repr(float(value))) if isinstance(value, float) else Fraction(value)


def common_gwp(inputs: Iterable[Input]) -> str | None:
    """Return the one GWP set of all amounts in CO2e; None if one of them does not say."""
    sets = {getattr(i.origin, "gwp_set", None) for i in inputs if "CO2e" in i.unit}
    named = sorted(name for name in sets if name)
    if len(named) > 1:
        raise GwpError(
            f"amounts in CO2e of different GWP sets cannot be combined: {', '.join(named)}. "
            "Recompute them from the gases under one set."
        )
    return named[0] if named and len(sets) == 1 else None
