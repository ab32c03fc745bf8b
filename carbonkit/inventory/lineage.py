"""The lineage of a total: from tonnes of CO2e down to the amounts and factors of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from carbonkit import gwp, units
from carbonkit._exact import call
from carbonkit.emissions import MethodResult, weight
from carbonkit.formula import Input, Result, formula
from carbonkit.formula import total as summed
from carbonkit.inventory.parts import emitted
from carbonkit.scope1 import leakage
from carbonkit.scope2 import market_based

if TYPE_CHECKING:
    from carbonkit.inventory.lines import Line

__all__ = ["total", "with_lineage"]


@formula(
    units={"mass": None, "share": "1", "potential": None},
    returns="t CO2e",
    source="GHG Protocol Corporate Standard, ch. 3 (consolidation) and ch. 6 (GWP)",
)
def counted(mass: Any, share: Any, potential: Any) -> Any:
    """Mass of a gas as it counts in the inventory: times consolidated share and GWP."""
    # What is certain comes together first, so that draws are multiplied once.
    return mass * (share * potential)


@formula(
    units={"energy": "MWh", "covered": "MWh"},
    returns="MWh",
    source="GHG Protocol Scope 2 Guidance, table 6.3: what is left for the last step",
)
def uncovered(energy: Any, covered: Any) -> Any:
    """Electricity that the earlier steps of the hierarchy do not cover, never below zero."""
    left = energy - covered
    return (left + abs(left)) / 2


@formula(units={"part": None, "loss": "kg"}, returns="{part}/{loss}", source="")
def share_of_loss(part: Any, loss: Any) -> Any:
    """Share of a gas in all that equipment lost."""
    return part / loss


@dataclass(frozen=True)
class Potential:
    """A global warming potential: one input for all the masses that it weighs.

    Attributes
    ----------
    name : str
    gwp_set : str
    """

    name: str
    gwp_set: str

    def __str__(self) -> str:
        return self.name


def total(lines: Sequence[Line], chosen: gwp.GwpSet) -> Result | None:
    """Add lines up with their lineage; None where nothing counts.

    Parameters
    ----------
    lines : sequence of Line
    chosen : GwpSet

    Returns
    -------
    Result or None
        Exact tonnes of CO2e. Its terms stand in the order of the lines.
    """
    label = chosen.name if chosen.horizon == 100 else str(chosen)
    terms: dict[str, Result] = {}
    for line in lines:
        for part in line.parts:
            if not part.magnitude or not line.share:
                continue
            gas, mass = next(iter(emitted(part).masses.items()))
            potential = mass * weight(gas, chosen) / part.magnitude
            if not potential:
                continue
            inputs = {
                "mass": _mass(line, part),
                "share": Input(line.share, "1"),
                "potential": _potential(gas, part, potential, label),
            }
            term = call(counted, inputs, label, part.assumptions)
            named = ", ".join(filter(None, (line.source.where, line.step, gas)))
            terms[_unique(named, terms)] = term
    return summed(terms) if terms else None


def with_lineage(found: Result, lineage: Result | None, method: str) -> Result:
    """Return a total with its lineage; its value is exact and was rounded once."""
    nothing: Mapping[str, Input] = MappingProxyType({})
    return MethodResult(
        found.magnitude,
        found.unit,
        None if lineage is None else lineage.formula,
        nothing if lineage is None else lineage.inputs,
        found.gwp_set,
        () if lineage is None else lineage.assumptions,
        found.note,
        method,
    )


def _unique(name: str, taken: Mapping[str, Any]) -> str:
    count = 1
    while (label := name if count == 1 else f"{name} ({count})") in taken:
        count += 1
    return label


def _potential(gas: str, part: Result, value: Fraction, label: str) -> Input:
    species = units.species(part.unit)
    name = f"GWP of {gas}, {label}"
    if species == "CO2e" and part.gwp_set not in (None, label):
        name += f" after {part.gwp_set}"
    unit = units.canonical(f"t CO2e/({part.unit})")
    return Input(value, unit, Potential(name, label))


def _mass(line: Line, part: Result) -> Input:
    """Return the mass of a gas, made from what was read in the row alone."""
    made = part
    row = line.source
    if line.step:
        made = _market(line, part)
    elif part.formula is None:  # lost, as measured
        return Input(part.magnitude, part.unit, row.reading)
    elif row.table == "refrigerants":
        # The loss as a whole is what is uncertain; each gas has its share in it.
        whole = Input(row.amount, "kg")
        share = call(share_of_loss, {"part": Input(part.magnitude, part.unit, part), "loss": whole})
        made = call(
            leakage,
            {
                "mass": Input(row.amount, "kg", row.reading),
                "share": Input(share.magnitude, share.unit, share),
            },
        )
    return Input(made.magnitude, made.unit, made)


def _market(line: Line, part: Result) -> Result:
    """Return market-based emissions: instruments cover so many MWh, the last step the rest."""
    row = line.source
    if not line.last or row.energy is None or line.energy is None:
        return part
    energy = Input(row.amount, row.unit, row.reading)
    if line.energy != row.energy:
        covered = Input(row.energy - line.energy, "MWh")
        rest = call(uncovered, {"energy": energy, "covered": covered})
        energy = Input(rest.magnitude, rest.unit, rest)
    return call(market_based, {"energy": energy, "factor": part.inputs["factor"]}, part.gwp_set)
