"""Energy and emissions as ESRS E1 (2023) asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from carbonkit.disclosures.cells import (
    BOUGHT,
    FUELS,
    LOCATION,
    MARKET,
    Share,
    added_cells,
    all_of,
    all_scopes,
    emissions_cell,
    energy_cell,
    fossil_of,
    intensities,
    not_renewable_of,
    nuclear_of,
    percent_cell,
    renewable_of,
)
from carbonkit.disclosures.notes import basis_notes, energy_notes
from carbonkit.disclosures.table import Cell, Disclosure, Entry
from carbonkit.inventory import Denominator, Inventory

__all__ = ["esrs_e1_5", "esrs_e1_6"]


def esrs_e1_5(inventory: Inventory) -> Disclosure:
    """Energy consumption and mix: ESRS E1-5 (2023), paragraphs 37 and 38, AR 34.

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    Disclosure
        In MWh, with shares.
    """
    years = inventory.years

    def row(categories: Sequence[str], share: Share, *carriers: str) -> dict[str, Cell]:
        return {
            str(y): energy_cell(inventory, y, categories, share, carriers or None) for y in years
        }

    def added(*rows: Mapping[str, Cell]) -> dict[str, Cell]:
        return {str(y): added_cells([r[str(y)] for r in rows], "sum of its rows") for y in years}

    def share_of(part: Mapping[str, Cell]) -> dict[str, Cell]:
        how = "part / total energy consumption"
        return {str(y): percent_cell(part[str(y)], total[str(y)], how) for y in years}

    coal, oil, gas = (row(FUELS, not_renewable_of, name) for name in ("coal", "oil", "natural gas"))
    other = row(FUELS, not_renewable_of, "other fossil", "renewable fuel")
    bought = row(BOUGHT, fossil_of)
    fossil = added(coal, oil, gas, other, bought)
    nuclear = row(BOUGHT, nuclear_of)
    fuels = row(FUELS, renewable_of)
    green = row(BOUGHT, renewable_of)
    own = row(("own renewables",), all_of)
    renewable = added(fuels, green, own)
    total = added(fossil, nuclear, renewable)
    purchased = "purchased or acquired electricity, heat, steam and cooling"
    entries = (
        Entry("E1-5 38 (a)", "fuel from coal and coal products", coal),
        Entry("E1-5 38 (b)", "fuel from crude oil and petroleum products", oil),
        Entry("E1-5 38 (c)", "fuel from natural gas", gas),
        Entry("E1-5 38 (d)", "fuel from other fossil sources", other),
        Entry("E1-5 38 (e)", f"{purchased} from fossil sources", bought),
        Entry("E1-5 37 (a)", "total fossil energy consumption", fossil),
        Entry("E1-5 AR 34", "share of fossil sources", share_of(fossil)),
        Entry("E1-5 37 (b)", "consumption from nuclear sources", nuclear),
        Entry("E1-5 AR 34", "share of nuclear sources", share_of(nuclear)),
        Entry("E1-5 37 (c) i", "fuel from renewable sources, with biomass", fuels),
        Entry("E1-5 37 (c) ii", f"{purchased} from renewable sources", green),
        Entry("E1-5 37 (c) iii", "self-generated non-fuel renewable energy", own),
        Entry("E1-5 37 (c)", "total renewable energy consumption", renewable),
        Entry("E1-5 AR 34", "share of renewable sources", share_of(renewable)),
        Entry("E1-5 37", "total energy consumption", total),
    )
    notes = (
        "Paragraph 38 asks undertakings in high climate impact sectors alone.",
        *energy_notes(inventory),
        *basis_notes(inventory, None),
    )
    return Disclosure("ESRS E1-5", "Energy consumption and mix", entries, notes)


def esrs_e1_6(
    inventory: Inventory, gwp_set: str, denominators: Iterable[Denominator] = ()
) -> Disclosure:
    """Gross Scopes 1, 2, 3 and total GHG emissions: ESRS E1-6, paragraphs 44 to 55 (2023).

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    denominators : iterable of Denominator, optional
        Net revenue, for the intensities of paragraph 53.

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

    unknown = {str(y): Cell(None, "%", (), "to be given") for y in inventory.years}
    entries = [
        Entry("E1-6 48 (a)", "gross Scope 1 emissions", row(scope=1)),
        Entry("E1-6 48 (b)", "share of Scope 1 under regulated emission trading", unknown),
        Entry("E1-6 49 (a)", "gross location-based Scope 2 emissions",
              row(scope=2, method=LOCATION)),
        Entry("E1-6 49 (b)", "gross market-based Scope 2 emissions",
              row(scope=2, method=MARKET)),
        Entry("E1-6 51", "gross Scope 3 emissions: category 3 alone", row(scope=3)),
        Entry("E1-6 52 (a)", "total emissions, location-based", row(method=LOCATION)),
        Entry("E1-6 52 (b)", "total emissions, market-based", row(method=MARKET)),
        *intensities(
            "E1-6 53", denominators, inventory.years,
            [(f"total emissions, {method}", all_scopes(inventory, gwp_set, method))
             for method in (LOCATION, MARKET)],
        ),
    ]  # fmt: skip
    notes = (
        "Scope 3 holds category 3 alone; the total is incomplete as long as other significant "
        "categories are missing.",
        *basis_notes(inventory, gwp_set),
    )
    return Disclosure("ESRS E1-6", "Gross Scopes 1, 2, 3 and total GHG emissions",
                      tuple(entries), notes)  # fmt: skip
