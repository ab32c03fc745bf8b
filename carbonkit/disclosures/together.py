"""Every disclosure that an inventory allows, and all of them in one workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit.disclosures.esrs import esrs_e1_5, esrs_e1_6
from carbonkit.disclosures.gri import (
    gri_302_1,
    gri_302_3,
    gri_302_4,
    gri_305_1,
    gri_305_2,
    gri_305_3,
    gri_305_4,
    gri_305_5,
)
from carbonkit.disclosures.ifrs import ifrs_s2
from carbonkit.disclosures.table import TRACE_HEADER, Disclosure
from carbonkit.disclosures.uk import secr
from carbonkit.inventory import Denominator, Inventory
from carbonkit.inventory.workbook import save_sheets

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["every", "quality_criteria", "to_excel"]


def every(
    inventory: Inventory,
    gwp_set: str,
    *,
    denominators: Iterable[Denominator] = (),
    base_year: int | None = None,
) -> tuple[Disclosure, ...]:
    """Return every disclosure that the inventory allows.

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    denominators : iterable of Denominator, optional
        Without them there are no intensities.
    base_year : int, optional
        Without one, or without other years, there are no reductions.

    Returns
    -------
    tuple of Disclosure

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    InventoryError
        If the base year is not in the inventory.
    """
    ratios = tuple(denominators)
    made = [gri_302_1(inventory)]
    if ratios:
        made.append(gri_302_3(inventory, ratios))
    if base_year is not None:
        made.append(gri_302_4(inventory, base_year))
    made += [
        gri_305_1(inventory, gwp_set),
        gri_305_2(inventory, gwp_set),
        gri_305_3(inventory, gwp_set),
    ]
    if ratios:
        made.append(gri_305_4(inventory, gwp_set, ratios))
    if base_year is not None:
        made.append(gri_305_5(inventory, gwp_set, base_year))
    made += [
        esrs_e1_5(inventory),
        esrs_e1_6(inventory, gwp_set, [d for d in ratios if "revenue" in d.name.casefold()]),
        ifrs_s2(inventory, gwp_set),
        secr(inventory, gwp_set, ratios),
    ]
    return tuple(made)


def quality_criteria(inventory: Inventory) -> pd.DataFrame:
    """Return the Scope 2 quality criteria for each instrument: Scope 2 Guidance, table 7.1.

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    pandas.DataFrame
        instrument, criterion, what it asks, status, why.
    """
    import pandas as pd

    from carbonkit.scope2 import CRITERIA

    return pd.DataFrame(
        [(c.instrument, c.number, CRITERIA[c.number], c.status, c.why) for c in inventory.criteria],
        columns=["instrument", "criterion", "asks that it", "status", "why"],
    )


def to_excel(
    disclosures: Iterable[Disclosure], path: str | Path, inventory: Inventory | None = None
) -> None:
    """Write disclosures into a workbook, with a sheet that traces every cell.

    Parameters
    ----------
    disclosures : iterable of Disclosure
    path : path
        An .xlsx file; written whole or not at all. Text that a spreadsheet would run is plain.
    inventory : Inventory, optional
        Adds a sheet of problems and findings, and one of the Scope 2 quality criteria.

    Raises
    ------
    InventoryError
        If openpyxl is missing or the file cannot be written.
    """
    tables = tuple(disclosures)
    sheets: list[tuple[str, Sequence[str], Iterable[Sequence[Any]]]] = []
    for one in tables:
        rows: list[Sequence[Any]] = [
            *one.rows(lambda c: "not available" if c.value is None else float(c.value)),
            (),
            *(("note", note) for note in one.notes),
        ]
        sheets.append((one.code, one.header, rows))
    sheets.append(("trace", TRACE_HEADER, [row for one in tables for row in one.trace_rows()]))
    if inventory is not None:
        told = [("problem", str(p)) for p in inventory.problems]
        told += [("finding", str(f)) for f in inventory.findings]
        sheets.append(("problems and findings", ("kind", "text"), told))
        criteria = quality_criteria(inventory)
        sheets.append(
            ("scope 2 criteria", list(criteria.columns), criteria.itertuples(index=False))
        )
    save_sheets(path, sheets)
