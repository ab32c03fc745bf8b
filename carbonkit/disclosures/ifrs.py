"""Emissions as IFRS S2 asks for them."""

from __future__ import annotations

from typing import Any

from carbonkit.disclosures.cells import LOCATION, MARKET, emissions_cell, sum_cell
from carbonkit.disclosures.notes import basis_notes
from carbonkit.disclosures.table import Cell, Disclosure, Entry
from carbonkit.inventory import Inventory

__all__ = ["ifrs_s2"]


def ifrs_s2(inventory: Inventory, gwp_set: str) -> Disclosure:
    """Greenhouse gas emissions: IFRS S2, paragraph 29 (a).

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str

    Returns
    -------
    Disclosure

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """

    def row(**where: Any) -> dict[str, Cell]:
        return {
            str(y): emissions_cell(inventory, gwp_set, year=y, **where) for y in inventory.years
        }

    def bought(year: int) -> Cell:
        lines = inventory.select(year=year, scope=2, method=MARKET)
        return sum_cell(
            (
                (line, line.energy * line.share)
                for line in lines
                if line.instruments and line.energy
            ),
            "MWh",
        )

    entries = (
        Entry("29 (a) (i) (1)", "absolute gross Scope 1 emissions", row(scope=1)),
        Entry("29 (a) (i) (2), (v)", "absolute gross Scope 2 emissions, location-based",
              row(scope=2, method=LOCATION)),
        Entry("29 (a) (v)", "Scope 2 emissions, market-based, to inform on instruments",
              row(scope=2, method=MARKET)),
        Entry("29 (a) (v)", "electricity under contractual instruments",
              {str(y): bought(y) for y in inventory.years}),
        Entry("29 (a) (i) (3)", "absolute gross Scope 3 emissions: category 3 alone",
              row(scope=3)),
    )  # fmt: skip
    notes = [
        "29 (a) (iv) asks for Scope 1 and 2 of the consolidated group apart from other investees; "
        "make one inventory for each."
    ]
    if gwp_set != "AR6":
        notes.append(
            f"These numbers use {gwp_set}; B21 and B22 ask for the latest IPCC values, unless "
            "factors come in CO2e already."
        )
    return Disclosure("IFRS S2", "Greenhouse gas emissions", entries,
                      (*notes, *basis_notes(inventory, gwp_set)))  # fmt: skip
