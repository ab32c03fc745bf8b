"""Parts of a row: one exact result for each gas, and what it counts as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from carbonkit import units
from carbonkit.emissions import Emissions
from carbonkit.formula import Input, Result

__all__ = ["Reading", "emitted", "gas_of", "leaves", "loose", "mass_of"]


@dataclass(frozen=True)
class Reading:
    """Where an amount was read: what makes it one input, wherever it is used.

    Attributes
    ----------
    name : str
        "activities, row 3".
    """

    name: str

    def __str__(self) -> str:
        return self.name


def leaves(part: Result) -> Iterator[tuple[str, Input]]:
    """Go through what a part was made from at last: arguments with their inputs."""
    for argument, given in part.inputs.items():
        if isinstance(given.origin, Result):
            yield from leaves(given.origin)
        else:
            yield argument, given


def gas_of(part: Result) -> str:
    """Return the name under which a part counts."""
    return next(iter(emitted(part).masses))


def mass_of(part: Result) -> Fraction:
    """Return the tonnes of a part."""
    return next(iter(emitted(part).masses.values()))


def emitted(part: Result, method: str = "") -> Emissions:
    """Return a part as emissions: gas by gas, CO2 of biogenic origin apart."""
    if part.magnitude == 0:  # nothing is nothing under any GWP set
        species = units.species(part.unit)
        name = "CO2" if species in (None, "CO2e", "C") else species
        return Emissions({name: Fraction(0)}, method)
    origins = [i.origin for _, i in leaves(part) if i.origin is not None]
    gas = next((o.gas for o in reversed(origins) if getattr(o, "gas", "")), None)
    biogenic = any(getattr(o, "kind", "") == "biogenic" for o in origins)
    return Emissions.one(
        part.magnitude, part.unit, part.gwp_set, gas=gas, biogenic=biogenic, method=method
    )


def loose(part: Result) -> bool:
    """Whether a factor of a part was found by a rule looser than exact."""
    matches = [getattr(i.origin, "match", None) for _, i in leaves(part)]
    return any(m is not None and not m.exact for m in matches)
