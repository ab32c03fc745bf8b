"""The values of targets: single numbers, reporting years, amounts or intensities."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from carbonkit import units
from carbonkit.errors import DimensionError, TargetError
from carbonkit.formula import Result
from carbonkit.formula.core import open_input

__all__ = ["as_share", "kind_of", "positive", "reporting_year", "result_of", "whole"]

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def whole(number: Any) -> bool:
    """Whether it is a whole number; a truth value is none."""
    return isinstance(number, int) and not isinstance(number, bool)


def reporting_year(year: Any, name: str) -> int:
    """Return a year, or say that it is none."""
    if not whole(year) or not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise TargetError(
            f"{name}={year!r} is not a reporting year; give a whole number such as 2030."
        )
    return int(year)


def kind_of(unit: str) -> str:
    """Tell amounts from intensities; "" for what is neither, such as a share."""
    gas = units.species(unit)
    amounts = (f"t {gas}", f"t {gas}/year") if gas else ("kWh", "kWh/year")
    if any(units.same_dimension(unit, amount) for amount in amounts):
        return "absolute"
    above, per, _ = unit.partition("/")
    return "intensity" if gas or (per and units.same_dimension(above, "kWh")) else ""


def result_of(value: Any, what: str) -> Result:
    """Take a value in as a result of one number."""
    if isinstance(value, Result):
        _single(value.magnitude, what)
        return value
    taken = open_input(value)
    _single(taken.magnitude, what)
    gwp_set = getattr(taken.origin, "gwp_set", None)
    return Result(taken.magnitude, taken.unit, gwp_set=gwp_set, note=what)


def _single(magnitude: Any, what: str) -> float:
    if isinstance(magnitude, bool) or not isinstance(magnitude, int | float | Fraction):
        raise TargetError(
            f"{what} is {str(magnitude)[:60]}, not a single number. A printed figure stands for "
            "an interval; give the number itself, as in '1000 t CO2e'."
        )
    if not math.isfinite(magnitude):
        raise TargetError(f"{what} is {magnitude}, not a number that can be used.")
    return float(magnitude)


def positive(value: Result, what: str) -> Result:
    """Return a value that is above zero, or say that it is not."""
    if not value.magnitude > 0:
        raise TargetError(f"{what} is {value}; it must be above zero.")
    return value


def as_share(value: Any, name: str) -> Fraction:
    """Return a share as the number that it is: "30 %" as 3/10."""
    taken = open_input(value, pure=True)
    if not units.same_dimension(taken.unit, "1"):
        raise DimensionError(
            f"{name} is in {taken.unit}; only shares change by percentage points. For an amount "
            "use percent_change."
        )
    exact = Fraction(repr(_single(taken.magnitude, name)))
    return exact * units.scale(taken.unit, "1")
