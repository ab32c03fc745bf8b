"""The tables that an inventory is read from: their columns, and how a cell is read."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonkit._exact import fraction
from carbonkit.errors import CarbonkitError, InventoryError, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CATEGORIES",
    "METHODS",
    "PRODUCTS",
    "TABLES",
    "Cells",
    "Column",
    "Problem",
    "Refused",
    "natural",
    "read_table",
]

CATEGORIES = {
    "stationary": 1,
    "mobile": 1,
    "fugitive": 1,
    "process": 1,
    "own renewables": 1,
    "electricity": 2,
    "steam": 2,
    "heat": 2,
    "cooling": 2,
    "well-to-tank": 3,
    "t-and-d-loss": 3,
}
"""Scope of each category. Scope 3 is category 3 alone: upstream of energy, and grid losses."""

PRODUCTS = {"own plant": 1, "heat": 2, "steam": 2, "power": 2}
"""What a row of the table `chp` is about, with its scope: the plant, or what was bought of it."""

METHODS = {
    "mass balance": (
        "opening_stock", "purchased", "sold", "closing_stock", "opening_charge", "closing_charge",
    ),
    "life cycle": ("filled", "new_charge", "topped_up", "retired_charge", "recovered"),
    "screening": (
        "new_charge", "assembly_loss", "charge", "annual_leak", "time", "retired_charge",
        "remaining", "recovery",
    ),
}  # fmt: skip
"""Methods for refrigerants and other gases in equipment, with the columns that each needs."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    help : str
        What belongs in it.
    required : bool
        Whether no cell may be empty.
    """

    name: str
    help: str
    required: bool = False


@dataclass(frozen=True)
class Problem:
    """A row, or a part of it, that could not be used.

    Attributes
    ----------
    table, row, column : str
        Where it is. The row is the index label, in a workbook the number of the row.
    text : str
        What is wrong and what to do.
    """

    table: str
    row: str
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.table}, row {self.row}, column {self.column}: {self.text}"


class Refused(Exception):
    """A cell that cannot be used."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column, self.text = column, text


_RATE_HELP = "number; with its unit in the next column"
_UNCERTAINTY_HELP = (
    "± 5 % (half of a 95 % interval), sd 2 %, gsd 1.1, 95 %: 90 to 120, range 90 to 120, "
    "triangular 90 to 120, pedigree 2 1 3 2 1 best 1"
)
_OF_FUEL = (
    "calorific_basis", "reference_conditions", "release", "publisher", "item", "factor_boundary",
    "factor_year", "factor_rule", "factor", "factor_unit", "factor_source", "gwp_set",
    "calorific_value", "calorific_value_unit", "amount_uncertainty", "factor_uncertainty",
    "calorific_value_uncertainty", "quality", "note",
)  # fmt: skip
TABLES: dict[str, tuple[Column, ...]] = {
    "activities": (
        Column("site", "name of the site, as in the sheet sites", required=True),
        Column("year", "calendar or financial year, such as 2023", required=True),
        Column("category", f"one of: {', '.join(CATEGORIES)}", required=True),
        Column("activity", "what was used: natural gas, diesel, electricity, R-410A, SF6 ...",
               required=True),
        Column("amount", "number, never negative", required=True),
        Column("unit", "kWh, MWh, m3, Nm3, t, L, us_gallon, MMBtu, kg ... (case matters)",
               required=True),
        Column("region", "where it was used, if not the region of the site"),
        Column("market", "electricity market, if not that of the site"),
        Column("start", "first day of the period, if not the whole year"),
        Column("end", "last day of the period"),
        Column("meter", "meter or account, where a site has several"),
        Column("calorific_basis", "net or gross: required for an energy of fuel"),
        Column("reference_conditions", "of a gas volume: 0 degC, 101.325 kPa"),
        Column("release", "release of the factor library, such as us-epa/hub-2024; several: a; b"),
        Column("publisher", "publisher of the factor, such as IPCC or US EPA"),
        Column("item", "publisher's own name of the row, where several fit"),
        Column("factor_boundary", "what the factor covers, in the publisher's words"),
        Column("factor_year", "year that the factor describes, if not the year of the row"),
        Column("factor_rule", "exact (default), latest_before, nearest, parent_region ..."),
        Column("factor", f"your own factor: {_RATE_HELP}"),
        Column("factor_unit", "unit of your own factor: kg CO2e/kWh, t CO2/t ..."),
        Column("factor_source", "where your own factor comes from"),
        Column("gwp_set", "GWP set of your own factor in CO2e: AR4, AR5, AR6"),
        Column("calorific_value", f"your own calorific value: {_RATE_HELP}"),
        Column("calorific_value_unit", "GJ/t, MJ/m3 ..."),
        Column("method", "carbon content: by carbon and oxidation instead of the direct factor"),
        Column("residual", f"residual mix of the market: {_RATE_HELP}"),
        Column("residual_unit", "unit of the residual mix"),
        Column("renewable", "yes or no, where the fuel does not say it"),
        Column("amount_uncertainty", f"of the amount: {_UNCERTAINTY_HELP}"),
        Column("factor_uncertainty", "of the factor, or by gas: CO2: ± 2 %; CH4: gsd 2"),
        Column("calorific_value_uncertainty", "of the calorific value, in the same words"),
        Column("residual_uncertainty", "of the residual mix, in the same words"),
        Column("quality", "score from 1 (metered) to 5 (rough estimate)"),
        Column("note", "anything a reader must know"),
    ),
    "sites": (
        Column("site", "name, unique", required=True),
        Column("region", "region of the grid: CN-GD, US-eGRID-CAMX, GB, World ...", required=True),
        Column("market", "market for certificates, if not the country"),
        Column("operational_control", "yes or no"),
        Column("financial_control", "yes or no"),
        Column("equity_share", "percent held"),
        Column("note", "anything a reader must know"),
    ),
    "instruments": (
        Column("id", "name or serial number, unique", required=True),
        Column("type", "certificate, contract or supplier", required=True),
        Column("energy", "number; empty for a supplier rate on all that is left"),
        Column("unit", "MWh, kWh ..."),
        Column("market", "market that issued it, as in the sheet sites", required=True),
        Column("vintage", "year of generation", required=True),
        Column("year", "year of consumption that it is applied to, if not the vintage"),
        Column("rate", "emission rate that it conveys: number"),
        Column("rate_unit", "kg CO2e/kWh ..."),
        Column("gwp_set", "GWP set of a rate in CO2e"),
        Column("retired", "yes or no: redeemed, retired or cancelled for you"),
        Column("technology", "solar, wind, hydro, nuclear ..."),
        Column("renewable", "yes or no"),
        Column("site", "the only site that it serves, if so"),
        Column("exclusive", "yes if no other instrument carries the claim"),
        Column("delivered", "supplier rates: yes if for delivered electricity"),
        Column("note", "anything a reader must know"),
    ),
    "refrigerants": (
        Column("site", "name of the site, as in the sheet sites", required=True),
        Column("year", "year", required=True),
        Column("gas", "R-410A, HFC134a, SF6 ...", required=True),
        Column("method", f"one of: {', '.join(METHODS)}", required=True),
        Column("unit", "unit of every mass: kg", required=True),
        *(
            Column(name, f"for {' and '.join(m for m in METHODS if name in METHODS[m])}")
            for name in dict.fromkeys(n for names in METHODS.values() for n in names)
        ),
        Column("uncertainty", f"of the gas lost: {_UNCERTAINTY_HELP}"),
        Column("quality", "score from 1 (metered) to 5 (rough estimate)"),
        Column("note", "anything a reader must know"),
    ),
}  # fmt: skip
TABLES["chp"] = (
    Column("site", "name of the site, as in the sheet sites", required=True),
    Column("year", "year", required=True),
    Column("product", f"one of: {', '.join(PRODUCTS)} (bought over a direct line)", required=True),
    *(c for c in TABLES["activities"] if c.name in ("activity", "amount", "unit")),
    Column("heat_out", "useful heat or steam that the plant makes in the year", required=True),
    Column("heat_unit", "GJ, MWh ...", required=True),
    Column("power_out", "electricity that it makes", required=True),
    Column("power_unit", "MWh, GJ ...", required=True),
    Column("heat_efficiency", "percent, of making heat alone; the tool suggests 80", required=True),
    Column("power_efficiency", "percent, of power alone; the tool suggests 35", required=True),
    Column("used", "how much of the product was bought, in its unit; empty for the own plant"),
    *(c for c in TABLES["activities"] if c.name in _OF_FUEL),
)
"""Columns of each table, in the order of the template."""

_TRUTH = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?([eE][+-]?\d{1,3})?|[+-]?\.\d+")
_LONGEST = 60


class Cells:
    """One row of a table, read cell by cell; a cell that cannot be used raises `Refused`."""

    def __init__(self, table: str, row: str, values: Mapping[str, Any]) -> None:
        self.table, self.row = table, row
        self._values = {k: v for k, v in values.items() if not _missing(v)}

    def __contains__(self, column: str) -> bool:
        return column in self._values

    def shown(self) -> tuple[tuple[str, str], ...]:
        """Return what the row says, as text."""
        return tuple((name, str(value)) for name, value in self._values.items())

    def problem(self, column: str, text: str) -> Problem:
        """Return a problem at one cell of this row."""
        return Problem(self.table, self.row, column, text)

    def text(self, column: str, default: str = "") -> str:
        """Return a cell as text."""
        value = self._values.get(column)
        if value is None:
            return default
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(value).strip()

    def number(self, column: str) -> Fraction | None:
        """Return a cell as an exact number, None if it is empty."""
        value = self._values.get(column)
        if value is None:
            return None
        if isinstance(value, bool) or type(value).__name__ == "bool_":
            raise Refused(column, f"{value} is a truth value, not a number.")
        if isinstance(value, str):
            text = value.strip().replace("−", "-")
            if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
                raise Refused(
                    column,
                    f"{value[:40]!r} is not a number. Write digits with a decimal point; the unit "
                    "has its own column.",
                )
            return Fraction(text.replace(",", ""))
        try:
            if math.isinf(value):
                raise Refused(column, "an infinite number is no amount.")
            return fraction(value.item() if hasattr(value, "item") else value)
        except (TypeError, ValueError):
            raise Refused(column, f"{str(value)[:40]!r} is not a number.") from None

    def year(self, column: str) -> int | None:
        """Return a cell as a year, None if it is empty."""
        value = self._values.get(column)
        if isinstance(value, dt.datetime | dt.date):
            raise Refused(column, f"{value} is a date; give the year alone, such as {value.year}.")
        found = self.number(column)
        if found is None:
            return None
        if found.denominator != 1 or not 1900 <= found <= 2200:
            raise Refused(column, f"{self.text(column)} is no year such as 2023.")
        return int(found)

    def date(self, column: str) -> dt.date | None:
        """Return a cell as a date, None if it is empty."""
        value = self._values.get(column)
        if value is None:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(str(value).strip())
        except ValueError:
            raise Refused(column, f"{value!r} is no date such as 2023-01-31.") from None

    def truth(self, column: str) -> bool | None:
        """Return a cell as yes or no, None if it is empty."""
        value = self._values.get(column)
        if value is None:
            return None
        if isinstance(value, bool) or type(value).__name__ == "bool_":
            return bool(value)
        found = _TRUTH.get(str(value).strip().casefold())
        if found is None:
            raise Refused(column, f"{value!r} is neither yes nor no.")
        return found

    def one_of(self, column: str, known: Sequence[str], default: str = "") -> str:
        """Return a cell that must be one of some words."""
        found = self.text(column, default)
        if found and found not in known:
            raise Refused(
                column, f"{found!r} is none of {', '.join(known)}.{nearest(found, known)}"
            )
        return found

    def guarded(self, column: str, make: Callable[[], Any]) -> Any:
        """Run something for a cell; an error of carbonkit becomes a problem at the cell."""
        try:
            return make()
        except CarbonkitError as error:
            raise Refused(column, str(error.args[0] if error.args else error)) from None


def natural(row: str) -> tuple[int, str]:
    """Return the place of a row by its label: numbers by their size."""
    return (int(row), "") if row.isdecimal() else (0, row)


def _missing(value: Any) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in ("NAType", "NaTType")


def read_table(
    table: str, frame: pd.DataFrame, constants: Mapping[str, str] | None = None
) -> Iterator[Cells]:
    """Go through the rows of a table.

    Parameters
    ----------
    table : str
        "activities", "sites", "instruments" or "refrigerants".
    frame : pandas.DataFrame
    constants : mapping of str to str, optional
        Cells that are the same in every row and have no column, such as {"unit": "kWh"}.

    Raises
    ------
    InventoryError
        If a column is unknown, stands twice, or a required one is missing.
    """
    constants = dict(constants or {})
    known = {c.name: c for c in TABLES[table]}
    names = [str(c).strip() for c in frame.columns]
    for name in (*names, *constants):
        if name not in known:
            raise InventoryError(
                f"{table}: unknown column {name!r}.{nearest(name, known)} "
                f"Columns: {', '.join(known)}."
            )
        if names.count(name) + (name in constants) > 1:
            raise InventoryError(f"{table}: the column {name!r} stands twice.")
    missing = [c.name for c in known.values() if c.required and c.name not in {*names, *constants}]
    if missing:
        raise InventoryError(
            f"{table}: no column {missing[0]!r} ({known[missing[0]].help}). Add it"
            + (f", and {', '.join(missing[1:])}." if missing[1:] else ".")
        )
    labels = [str(label) for label in frame.index]
    for label, values in zip(labels, frame.itertuples(index=False, name=None), strict=True):
        yield Cells(table, label, {**constants, **dict(zip(names, values, strict=True))})
