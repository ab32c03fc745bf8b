"""The corporate inventory: from tables of activity data to totals that show where they come from.

>>> import pandas as pd
>>> from carbonkit import inventory
>>> rows = pd.DataFrame({
...     "site": ["Leeds", "Leeds"], "year": 2024, "category": ["stationary", "electricity"],
...     "activity": ["natural gas", "electricity"], "item": ["Natural gas", "Electricity: UK"],
...     "amount": [100_000, 200_000], "calorific_basis": ["gross", None],
...     "factor_year": [None, 2022],
... })
>>> acme = inventory.from_frame(
...     rows, units={"amount": "kWh"}, same={"region": "GB",
...     "release": "uk-government/conversion-factors-2024"})
>>> print(acme.total("AR5", scope=1))
18.29 t CO2e
>>> print(acme.scope2("AR5"))
location-based 41.41 t CO2e | market-based 41.41 t CO2e
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from carbonkit.inventory.change import (
    CAUSES,
    Change,
    Recalculation,
    SourceChange,
    compare,
    recalculate,
)
from carbonkit.inventory.lines import BOUNDARIES, Line, Row, Site
from carbonkit.inventory.model import Counts, Inventory
from carbonkit.inventory.schema import CATEGORIES, METHODS, TABLES, Problem
from carbonkit.inventory.workbook import Denominator, Workbook, load, template

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from carbonkit.factors import FactorLibrary

__all__ = [
    "BOUNDARIES",
    "CATEGORIES",
    "CAUSES",
    "METHODS",
    "TABLES",
    "Change",
    "Counts",
    "Denominator",
    "Inventory",
    "Line",
    "Problem",
    "Recalculation",
    "Row",
    "Site",
    "SourceChange",
    "Workbook",
    "compare",
    "from_csv",
    "from_excel",
    "from_frame",
    "load",
    "recalculate",
    "template",
]


def from_frame(
    activities: pd.DataFrame,
    *,
    sites: pd.DataFrame | None = None,
    instruments: pd.DataFrame | None = None,
    refrigerants: pd.DataFrame | None = None,
    chp: pd.DataFrame | None = None,
    boundary: str = "operational control",
    units: Mapping[str, str] | None = None,
    same: Mapping[str, str] | None = None,
    library: FactorLibrary | None = None,
    vintage_years: int = 0,
    on_error: str = "raise",
    progress: bool | None = None,
) -> Inventory:
    """Make an inventory from tables.

    Parameters
    ----------
    activities : pandas.DataFrame
        One row for each amount; columns as in `TABLES`. The index labels the rows.
    sites, instruments, refrigerants, chp : pandas.DataFrame, optional
        The other tables. Without sites every row is wholly inside the boundary.
    boundary : str
        "operational control", "financial control" or "equity share".
    units : mapping, optional
        ``{"amount": "kWh"}``: the unit of a whole column, where there is no column of units.
    same : mapping of str to str, optional
        Cells that are the same in every row and have no column: ``{"region": "GB"}``.
    library : FactorLibrary, optional
        Your own factors with the bundled ones: ``factors.library().add("mine/")``.
    vintage_years : int, default 0
        By how many years the vintage of an instrument may lie before its use.
    on_error : {"raise", "collect"}
        Whether problems raise, all of them in one error, or stand in `.problems`.
    progress : bool, optional
        Show a progress bar; by default on a terminal, for long tables.

    Returns
    -------
    Inventory

    Raises
    ------
    InventoryError
        If a column is unknown or missing; and, unless collected, if anything cannot be used:
        `.problems` names each with table, row and column.

    Notes
    -----
    Source: GHG Protocol Corporate Standard (rev. ed.); GHG Protocol Scope 2 Guidance;
    ISO 14064-1:2018, clauses 5 and 6. Amounts are exact throughout, so that totals do not
    depend on the order of rows.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "site": ["Plant"], "year": [2023], "category": ["stationary"],
    ...     "activity": ["natural gas"], "amount": [1000], "unit": ["MMBtu"],
    ...     "calorific_basis": ["gross"], "release": ["us-epa/hub-2024"],
    ... })
    >>> plant = from_frame(rows)
    >>> print(plant.counts)
    1 rows in = 1 used + 0 outside the boundary + 0 refused
    >>> print(plant.total("AR5"), "and", plant.total("AR4"))
    53.1145 t CO2e and 53.1148 t CO2e
    """
    from carbonkit.errors import InventoryError
    from carbonkit.inventory.build import build

    constants = dict(same or {})
    for column, unit in (units or {}).items():
        if column != "amount":
            raise InventoryError(f"units={{{column!r}: ...}}: only the column 'amount' has one.")
        constants["unit"] = unit
    return build(
        activities,
        sites=sites,
        instruments=instruments,
        refrigerants=refrigerants,
        chp=chp,
        boundary=boundary,
        constants=constants,
        library=library,
        vintage_years=vintage_years,
        on_error=on_error,
        progress=progress,
    )


def from_excel(
    path: str | Path, *, on_error: str = "raise", progress: bool | None = None
) -> Inventory:
    """Make an inventory from a workbook that was filled in.

    Parameters
    ----------
    path : path
        A workbook with the sheets that :func:`template` writes. Values only: formulas give the
        value that the spreadsheet program saved with them, macros and links are never followed.
    on_error, progress
        As for :func:`from_frame`.

    Returns
    -------
    Inventory

    Raises
    ------
    InventoryError
        If the file cannot be read, or as for :func:`from_frame`.
    """
    return load(path).inventory(on_error=on_error, progress=progress)


def from_csv(
    path: str | Path, *, on_error: str = "raise", progress: bool | None = None
) -> Inventory:
    """Make an inventory from a table of activities in CSV.

    Parameters
    ----------
    path : path
        UTF-8, one header line, columns as in ``TABLES["activities"]``. Numbers are taken exactly
        as they are written.
    on_error, progress
        As for :func:`from_frame`.

    Returns
    -------
    Inventory

    Raises
    ------
    InventoryError
        If the file cannot be read, or as for :func:`from_frame`.
    """
    return load(path).inventory(on_error=on_error, progress=progress)
