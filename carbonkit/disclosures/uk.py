"""Energy and emissions as the UK's Streamlined Energy and Carbon Reporting asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from carbonkit.disclosures.cells import (
    BOUGHT,
    LOCATION,
    MARKET,
    emissions_cell,
    intensities,
    scopes_1_and_2,
    sum_cell,
)
from carbonkit.disclosures.notes import basis_notes, missing_energy
from carbonkit.disclosures.table import Cell, Disclosure, Entry
from carbonkit.inventory import Denominator, Inventory

__all__ = ["secr"]


def secr(
    inventory: Inventory, gwp_set: str, denominators: Iterable[Denominator] = ()
) -> Disclosure:
    """Energy and carbon as the UK's Streamlined Energy and Carbon Reporting asks for them.

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    denominators : iterable of Denominator, optional
        For the intensity ratio.

    Returns
    -------
    Disclosure
        The UK and the rest of the world in columns of their own.

    Raises
    ------
    GwpError
        If the set cannot express the inventory.

    Notes
    -----
    Source: HM Government, Environmental Reporting Guidelines (2019), ch. 2 and annex.
    """
    regions = {line.source.region for line in inventory.lines}
    uk = sorted(r for r in regions if r.partition("-")[0] in ("GB", "UK"))
    places = {"UK and offshore": uk, "global, without UK": sorted(regions - set(uk))}

    def row(make: Callable[[int, Sequence[str]], Cell]) -> dict[str, Cell]:
        return {
            f"{year} {place}": make(year, where)
            for year in inventory.years
            for place, where in places.items()
        }

    def burnt(categories: Sequence[str], carriers: Sequence[str] | None = None) -> Any:
        return lambda year, where: emissions_cell(
            inventory, gwp_set, scope=1, year=year, region=where, category=categories,
            carrier=carriers,
        )  # fmt: skip

    def used(categories: Sequence[str], *carriers: str) -> Any:
        def make(year: int, where: Sequence[str]) -> Cell:
            lines = inventory.select(year=year, region=where, category=categories,
                                     carrier=carriers or None, method=MARKET)  # fmt: skip
            parts = ((ln, ln.energy * ln.share * 1000) for ln in lines if ln.energy)
            return sum_cell(parts, "kWh")

        return make

    def total(year: int, where: Sequence[str]) -> Cell:
        return emissions_cell(
            inventory, gwp_set, scope=(1, 2), method=LOCATION, year=year, region=where
        )

    energy = ("stationary", "mobile", *BOUGHT, "own renewables")
    entries = (
        Entry("SECR", "energy: natural gas", row(used(("stationary",), "natural gas"))),
        Entry("SECR", "energy: transport fuel", row(used(("mobile",)))),
        Entry("SECR", "energy: purchased electricity", row(used(("electricity",)))),
        Entry("SECR", "energy: all", row(used(energy))),
        Entry("SECR", "Scope 1: combustion of gas", row(burnt(("stationary",), ("natural gas",)))),
        Entry("SECR", "Scope 1: transport fuel", row(burnt(("mobile",)))),
        Entry("SECR", "Scope 1: all", row(burnt(("stationary", "mobile", "fugitive", "process")))),
        Entry("SECR", "Scope 2: purchased electricity, location-based",
              row(lambda year, where: emissions_cell(
                  inventory, gwp_set, scope=2, method=LOCATION, year=year, region=where,
                  category="electricity"))),
        Entry("SECR", "total gross emissions, Scope 1 and location-based Scope 2", row(total)),
        *intensities("SECR", denominators, inventory.years,
                      [("Scope 1 and location-based Scope 2, everywhere,",
                        scopes_1_and_2(inventory, gwp_set, LOCATION))]),
    )  # fmt: skip
    notes = (
        "The narrative on energy efficiency measures and the figures of the year before are for "
        "the company to add.",
        *missing_energy(inventory),
        *basis_notes(inventory, gwp_set),
    )
    return Disclosure("SECR", "UK Streamlined Energy and Carbon Reporting", entries, notes)
