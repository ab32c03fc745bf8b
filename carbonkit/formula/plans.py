"""What the units of a formula's arguments come to: proved once for each combination of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from carbonkit import units
from carbonkit.errors import DimensionError
from carbonkit.formula.given import PURE

__all__ = ["Plan", "forms", "names_gas", "no_gas", "prove"]

# "gas" stands for one species (CO2, CO2e, CH4 ...) throughout a formula's units.
_GAS = re.compile(r"\bgas\b")
# An amount that may also come per year; the result then is per year too.
_YEARLY = "[/year]"


@dataclass(frozen=True)
class Plan:
    """What a combination of units comes to: conversions in, conversion and unit out."""

    scales: tuple[Fraction, ...]
    out: Fraction
    unit: str


def prove(
    name: str,
    body: Callable[..., Any],
    declared: Mapping[str, str | None],
    returns: str,
    given: tuple[str, ...],
) -> Plan:
    """Run a body on the units alone; see `Formula.plan`."""
    gas: str | None = None
    inner: list[str] = []
    for (argument, wanted), unit in zip(declared.items(), given, strict=True):
        if wanted is None:
            inner.append(next((u for u in inner if units.same_dimension(u, unit)), unit))
            continue
        if names_gas(wanted):
            species = units.species(unit)
            if species is None:
                raise DimensionError(no_gas(name, f"{argument} is in {unit!r}", wanted))
            if gas and not units.same_dimension(gas, species):
                raise DimensionError(
                    f"{name}: {argument} is in {unit!r}, but another argument is in {gas}. "
                    "Gases are not added or divided by each other; convert both to CO2e with "
                    "a named GWP set first (carbonkit.gwp.to_co2e)."
                )
            gas = gas or species
        fitting = _fitting(wanted, gas, units.measure(unit))
        if fitting is None:
            raise DimensionError(
                f"{name}: {argument} must be {_described(wanted, gas)} but is in {unit!r} "
                f"({units.measure(unit)})."
            )
        inner.append(fitting)
    try:
        out = body(*(units.measure(unit) for unit in inner))
    except DimensionError as error:
        shown = ", ".join(f"{n} [{u}]" for n, u in zip(declared, given, strict=True))
        raise DimensionError(f"{name}({shown}): the units do not fit: {error}.") from None
    named = zip(declared, inner, strict=True)
    wanted = returns.format_map({argument: f"({unit})" for argument, unit in named})
    if "{" in returns:
        wanted = units.simplify(wanted)
    gas = units.species(out.base_unit)
    if gas is None and names_gas(wanted):
        raise DimensionError(no_gas(name, f"the result is {out}", wanted))
    result = _fitting(wanted, gas, out)
    if result is None:
        raise DimensionError(f"{name}: the result must be {_described(wanted, gas)} but is {out}.")
    scales = tuple(units.scale(u, i) for u, i in zip(given, inner, strict=True))
    return Plan(scales, out.size / units.measure(result).size, result)


def names_gas(declared: str) -> bool:
    """Whether a declared unit is of one species, whichever it is."""
    return _GAS.search(declared) is not None


def forms(declared: str, gas: str | None) -> tuple[str, ...]:
    """Return the units that a declared one stands for: as it is, and per year where it may be."""
    plain = declared.removesuffix(_YEARLY)
    plain = _GAS.sub(gas, plain) if gas else plain
    return (plain, f"{plain}/year") if declared.endswith(_YEARLY) else (plain,)


def _fitting(declared: str, gas: str | None, found: units.Measure) -> str | None:
    """Return the declared unit, made per year where it may be and is; None if it does not fit."""
    for unit in forms(declared, gas):
        if units.measure(unit).dimensions == found.dimensions:
            return units.canonical(unit)
    return None


def _described(declared: str, gas: str | None) -> str:
    if declared == PURE:
        return "a pure number"
    return f"in a unit like {' or '.join(map(repr, forms(declared, gas)))}"


def no_gas(name: str, what: str, declared: str) -> str:
    """Say of a formula that a unit names no gas where one is declared."""
    return (
        f"{name}: {what}, which names no gas. State whether it is CO2, CO2e or another "
        f"gas, for example {forms(declared, 'CO2')[0]!r}."
    )
