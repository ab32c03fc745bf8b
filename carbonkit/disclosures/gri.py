"""Energy and emissions as GRI 302 and 305 (2016) ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from carbonkit.disclosures.cells import (
    BOUGHT,
    FUELS,
    LOCATION,
    MARKET,
    Share,
    added_cells,
    all_of,
    emissions_cell,
    energy_cell,
    in_both_units,
    intensities,
    mass_cell,
    not_renewable_of,
    renewable_of,
    scopes_1_and_2,
)
from carbonkit.disclosures.notes import basis_notes, energy_notes
from carbonkit.disclosures.table import Cell, Disclosure, Entry
from carbonkit.emissions import BIOGENIC
from carbonkit.errors import InventoryError
from carbonkit.inventory import CAUSES, Denominator, Inventory, compare

__all__ = [
    "gri_302_1",
    "gri_302_3",
    "gri_302_4",
    "gri_305_1",
    "gri_305_2",
    "gri_305_3",
    "gri_305_4",
    "gri_305_5",
]


def gri_302_1(inventory: Inventory) -> Disclosure:
    """Energy consumption within the organisation: GRI 302-1 (2016).

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    Disclosure
        In joules and in watt-hours, fuels and purchased energy, renewable or not.
    """
    rows: list[tuple[str, str, dict[int, Cell]]] = []
    spec: list[tuple[str, str, Sequence[str], Share]] = [
        ("302-1 a", "fuel from non-renewable sources", FUELS, not_renewable_of),
        ("302-1 b", "fuel from renewable sources", FUELS, renewable_of),
        ("302-1 c", "electricity consumption, purchased", ("electricity",), all_of),
        ("302-1 c", "  of which renewable", ("electricity",), renewable_of),
        ("302-1 c", "heating consumption", ("heat",), all_of),
        ("302-1 c", "cooling consumption", ("cooling",), all_of),
        ("302-1 c", "steam consumption", ("steam",), all_of),
        ("302-1 e", "self-generated renewable electricity and heat", ("own renewables",), all_of),
    ]
    for requirement, label, categories, share in spec:
        cells = {y: energy_cell(inventory, y, categories, share) for y in inventory.years}
        rows.append((requirement, label, cells))
    whole = [cells for _, label, cells in rows if "of which" not in label]
    total = {
        y: added_cells([c[y] for c in whole], "sum of the rows above") for y in inventory.years
    }
    rows.append(("302-1 e", "total energy consumption", total))
    notes = (*energy_notes(inventory), *basis_notes(inventory, None))
    return Disclosure("GRI 302-1", "Energy consumption within the organization",
                      in_both_units(rows), notes)  # fmt: skip


def _energy_total(inventory: Inventory, year: int) -> Cell:
    return energy_cell(inventory, year, (*FUELS, *BOUGHT, "own renewables"), all_of)


def gri_302_3(inventory: Inventory, denominators: Iterable[Denominator]) -> Disclosure:
    """Energy intensity: GRI 302-3 (2016).

    Parameters
    ----------
    inventory : Inventory
    denominators : iterable of Denominator
        Revenue, employees, floor area, product ...

    Returns
    -------
    Disclosure
    """
    entries = intensities(
        "302-3", denominators, inventory.years,
        [("energy consumption within the organization",
          lambda year: _energy_total(inventory, year))],
    )  # fmt: skip
    return Disclosure("GRI 302-3", "Energy intensity", entries, energy_notes(inventory))


def gri_302_4(inventory: Inventory, base_year: int) -> Disclosure:
    """Reduction of energy consumption: GRI 302-4 (2016).

    Parameters
    ----------
    inventory : Inventory
        Of the base year and of later ones.
    base_year : int

    Returns
    -------
    Disclosure

    Raises
    ------
    InventoryError
        If the base year is not in the inventory.
    """
    _has(inventory, base_year)
    base = _energy_total(inventory, base_year)
    cells: dict[int, Cell] = {}
    for year in inventory.years:
        if year != base_year:
            now = _energy_total(inventory, year)
            parts = (*base.parts, *((line, -part) for line, part in now.parts))
            saved = (base.value or Fraction(0)) - (now.value or Fraction(0))
            cells[year] = Cell(saved, "MWh", parts, f"{base} MWh in {base_year} less {now} MWh")
    notes = (
        "Only reductions that follow from conservation and efficiency count; those from lower "
        "production or outsourcing must be taken out (302-4, guidance).",
        *energy_notes(inventory),
    )
    rows = [("302-4 a", f"reduction against {base_year}", cells)]
    return Disclosure("GRI 302-4", "Reduction of energy consumption", in_both_units(rows), notes)


def gri_305_1(inventory: Inventory, gwp_set: str) -> Disclosure:
    """Direct (Scope 1) GHG emissions: GRI 305-1 (2016).

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
    years = inventory.years
    entries = [
        Entry(
            "305-1 a", "gross direct (Scope 1) emissions",
            {str(y): emissions_cell(inventory, gwp_set, scope=1, year=y) for y in years},
        )
    ]  # fmt: skip
    entries += _categories(inventory, gwp_set, "305-1 a", 1)
    entries += _gases(inventory, "305-1 b", 1, None)
    entries.append(
        Entry(
            "305-1 c", "biogenic CO2, outside the scopes",
            {str(y): mass_cell(inventory, BIOGENIC, "t CO2", scope=1, year=y) for y in years},
        )
    )  # fmt: skip
    return Disclosure("GRI 305-1", "Direct (Scope 1) GHG emissions", tuple(entries),
                      basis_notes(inventory, gwp_set))  # fmt: skip


def _categories(inventory: Inventory, gwp_set: str, requirement: str, scope: int) -> list[Entry]:
    names = sorted({line.source.category for line in inventory.select(scope=scope)})
    return [
        Entry(
            requirement, f"  of which {name}",
            {
                str(y): emissions_cell(inventory, gwp_set, scope=scope, year=y, category=name)
                for y in inventory.years
            },
        )
        for name in names
    ]  # fmt: skip


def _gases(inventory: Inventory, requirement: str, scope: int, method: str | None) -> list[Entry]:
    gases = sorted({
        gas for line in inventory.select(scope=scope, method=method)
        for gas, mass in line.emissions.masses.items() if mass
    } - {BIOGENIC})  # fmt: skip
    label = f"{method}, as " if method else "  as "
    entries = []
    for gas in gases:
        unit = f"t {gas}" if " " not in gas else f"t CO2e ({gas.partition(' ')[2]})"
        entries.append(
            Entry(
                requirement, f"{label}{gas}",
                {
                    str(y): mass_cell(inventory, gas, unit, scope=scope, year=y, method=method)
                    for y in inventory.years
                },
            )
        )  # fmt: skip
    return entries


def gri_305_2(inventory: Inventory, gwp_set: str) -> Disclosure:
    """Energy indirect (Scope 2) GHG emissions by both methods: GRI 305-2 (2016).

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str

    Returns
    -------
    Disclosure
        Both totals side by side; they are never added.

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """
    entries = [
        Entry(
            requirement, f"gross {method} energy indirect (Scope 2) emissions",
            {
                str(y): emissions_cell(inventory, gwp_set, scope=2, year=y, method=method)
                for y in inventory.years
            },
        )
        for requirement, method in (("305-2 a", LOCATION), ("305-2 b", MARKET))
    ]  # fmt: skip
    for method in (LOCATION, MARKET):
        entries += _gases(inventory, "305-2 c", 2, method)
    notes = [f"{f.where}: {f.text}" for f in inventory.findings if f.column == "residual"]
    return Disclosure("GRI 305-2", "Energy indirect (Scope 2) GHG emissions", tuple(entries),
                      (*notes, *basis_notes(inventory, gwp_set)))  # fmt: skip


def gri_305_3(inventory: Inventory, gwp_set: str) -> Disclosure:
    """Other indirect (Scope 3) GHG emissions, as far as they are in the inventory: GRI 305-3.

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str

    Returns
    -------
    Disclosure
        Category 3 (fuel- and energy-related activities) alone.

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """
    years = inventory.years
    entries = [
        Entry(
            "305-3 a", "category 3: fuel- and energy-related activities",
            {str(y): emissions_cell(inventory, gwp_set, scope=3, year=y) for y in years},
        ),
        *_categories(inventory, gwp_set, "305-3 d", 3),
    ]  # fmt: skip
    notes = (
        "Only category 3 is in this inventory; the other fourteen categories are not.",
        *basis_notes(inventory, gwp_set),
    )
    return Disclosure("GRI 305-3", "Other indirect (Scope 3) GHG emissions", tuple(entries), notes)


def gri_305_4(
    inventory: Inventory, gwp_set: str, denominators: Iterable[Denominator]
) -> Disclosure:
    """GHG emissions intensity: GRI 305-4 (2016).

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    denominators : iterable of Denominator

    Returns
    -------
    Disclosure
        Scope 1 and 2 together, once with each Scope 2 method.

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """
    entries = intensities(
        "305-4 a", denominators, inventory.years,
        [(f"Scope 1 and {method} Scope 2", scopes_1_and_2(inventory, gwp_set, method))
         for method in (LOCATION, MARKET)],
    )  # fmt: skip
    return Disclosure(
        "GRI 305-4", "GHG emissions intensity", entries, basis_notes(inventory, gwp_set)
    )


def gri_305_5(
    inventory: Inventory, gwp_set: str, base_year: int, *, method: str = LOCATION
) -> Disclosure:
    """Change of GHG emissions since the base year, by cause: GRI 305-5 (2016).

    Parameters
    ----------
    inventory : Inventory
        Of the base year and of later ones.
    gwp_set : str
    base_year : int
    method : str
        The Scope 2 method.

    Returns
    -------
    Disclosure
        Reductions are negative. The causes add up to the change exactly.

    Raises
    ------
    InventoryError
        If the base year is not in the inventory.
    GwpError
        If the set cannot express the inventory.
    """
    _has(inventory, base_year)
    made: dict[str, dict[str, Cell]] = {"all": {}, **{cause: {} for cause in CAUSES}}
    base = inventory.only(year=base_year)
    for year in inventory.years:
        if year == base_year:
            continue
        change = compare(base, inventory.only(year=year), gwp_set, method=method)
        how = f"Shapley values of the change since {base_year}"
        for cause, part in change.exact.items():
            made[cause][str(year)] = Cell(part, "t CO2e", (), how)
        now = scopes_1_and_2(inventory, gwp_set, method)(year)
        then = scopes_1_and_2(inventory, gwp_set, method)(base_year)
        parts = (*now.parts, *((line, -p) for line, p in then.parts))
        made["all"][str(year)] = Cell(
            change.after - change.before, "t CO2e", parts,
            f"{now} t CO2e less {then} t CO2e in {base_year}",
        )  # fmt: skip
    entries = [Entry("305-5 a", f"change since {base_year}", made["all"])]
    labels = {
        "activity": "amounts of energy, fuel and gas",
        "factor": "emission factors",
        "boundary": "organisational boundary",
        "method": "methods and GWP set",
    }
    entries += [Entry("305-5 a", f"  by {labels[cause]}", made[cause]) for cause in CAUSES]
    notes = (
        f"Scope 1 and {method} Scope 2. Reductions from lower production or outsourcing must be "
        "taken out, offsets reported apart (305-5, compilation requirements).",
        *basis_notes(inventory, gwp_set),
    )
    return Disclosure("GRI 305-5", "Reduction of GHG emissions", tuple(entries), notes)


def _has(inventory: Inventory, year: int) -> None:
    if year not in inventory.years:
        raise InventoryError(
            f"the base year {year} is not in the inventory "
            f"({', '.join(map(str, inventory.years)) or 'no years'})."
        )
