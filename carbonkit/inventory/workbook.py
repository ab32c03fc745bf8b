"""The workbook: a template that a company fills in, and the reader of what it filled in.

Reading takes values only: no formula, macro or link is ever followed.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit import units
from carbonkit.errors import InventoryError, nearest
from carbonkit.inventory.build import build
from carbonkit.inventory.lines import BOUNDARIES
from carbonkit.inventory.model import Inventory
from carbonkit.inventory.schema import CATEGORIES, METHODS, PRODUCTS, TABLES, Cells, Refused
from carbonkit.units.grammar import known_currency

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Denominator", "Workbook", "load", "plain_cell", "save_sheets", "template"]

_LARGEST = 400_000_000  # bytes of a workbook when unpacked
_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SETTINGS = {
    "organisation": "your organisation's name",
    "boundary": f"one of: {', '.join(BOUNDARIES)}",
    "gwp_set": "AR4, AR5 or AR6: the set of the disclosures",
    "vintage_years": "by how many years a certificate may be older than its use; 0 if empty",
    "base_year": "the year that changes are measured against",
}
_DENOMINATORS = ("year", "name", "amount", "unit", "prices", "note")


@dataclass(frozen=True)
class Denominator:
    """What emissions are divided by: revenue, heads, floor area, product.

    Attributes
    ----------
    year : int
    name : str
        "revenue (current prices)", "employees" ...
    amount : Fraction
    unit : str
        "million CNY", "employee", "m2", "t" ...
    prices : str
        Of money: "current", or the year whose prices they are, such as "2020".

    Raises
    ------
    InventoryError
        If an amount of money does not say of which prices it is.
    """

    year: int
    name: str
    amount: Fraction
    unit: str
    prices: str = ""

    def __post_init__(self) -> None:
        money = any(map(known_currency, re.findall(r"[A-Z]{3}", self.unit)))
        if money and not re.fullmatch(r"current|\d{4}", self.prices):
            raise InventoryError(
                f"{self.name} {self.year}: say of which prices an amount in {self.unit} is: "
                "'current', or the year of constant prices such as '2020'."
            )

    @property
    def label(self) -> str:
        """The name, with the prices of an amount of money."""
        if not self.prices:
            return self.name
        of = "current prices" if self.prices == "current" else f"prices of {self.prices}"
        return f"{self.name} ({of})"


@dataclass(frozen=True)
class Workbook:
    """The tables of a workbook as they stand in it.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        By name; the index is the number of the row.
    settings : mapping of str to str
    denominators : tuple of Denominator
    """

    tables: Mapping[str, pd.DataFrame]
    settings: Mapping[str, str] = field(default_factory=dict)
    denominators: tuple[Denominator, ...] = ()

    def inventory(self, *, on_error: str = "raise", progress: bool | None = None,
                  library: Any = None) -> Inventory:  # fmt: skip
        """Make the inventory; see :func:`carbonkit.inventory.from_frame`."""
        years = self.settings.get("vintage_years") or "0"
        if not years.isdecimal():
            raise InventoryError(f"organisation: vintage_years {years!r} is no whole number.")
        return build(
            self.tables["activities"],
            sites=self.tables.get("sites"),
            instruments=self.tables.get("instruments"),
            refrigerants=self.tables.get("refrigerants"),
            chp=self.tables.get("chp"),
            boundary=self.settings.get("boundary") or BOUNDARIES[0],
            constants=None,
            library=library,
            vintage_years=int(years),
            on_error=on_error,
            progress=progress,
        )


def load(path: str | Path) -> Workbook:
    """Read a workbook (.xlsx), or a table of activities (.csv).

    Parameters
    ----------
    path : path
        A workbook with the sheets of the template, of which only `activities` is required; or a
        CSV file in UTF-8 with the columns of that sheet.

    Returns
    -------
    Workbook

    Raises
    ------
    InventoryError
        If the file cannot be read, a sheet is missing, or a cell holds a formula without a value.
    """
    file = Path(path)
    if not file.is_file():
        raise InventoryError(f"{file}: there is no such file.")
    if file.suffix.casefold() == ".csv":
        return Workbook({"activities": _csv(file)})
    if file.suffix.casefold() not in (".xlsx", ".xlsm"):
        raise InventoryError(f"{file}: give a workbook (.xlsx) or a table of activities (.csv).")
    sheets = dict(_sheets(file))
    if "activities" not in sheets:
        raise InventoryError(
            f"{file}: there is no sheet 'activities' (sheets: {', '.join(sheets) or 'none'}). "
            "`carbonkit inventory --template FILE.xlsx` writes a workbook with all of them."
        )
    tables = {name: _frame(file, name, sheets[name]) for name in TABLES if sheets.get(name)}
    return Workbook(
        tables, _settings(file, sheets.get("organisation", [])),
        tuple(_denominators(file, sheets.get("denominators", []))),
    )  # fmt: skip


def _csv(file: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text)
            header = [name.strip() for name in next(reader, [])]
            numbers, records = [], []
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(header):
                    raise InventoryError(
                        f"{file}, line {reader.line_num}: {len(cells)} cells under {len(header)} "
                        "columns."
                    )
                numbers.append(reader.line_num)
                records.append(cells)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InventoryError(f"{file}: cannot be read as CSV in UTF-8: {error}.") from None
    return pd.DataFrame(records, columns=header, index=numbers, dtype=object)


def _sheets(file: Path) -> Iterator[tuple[str, list[tuple[int, list[Any]]]]]:
    """Return the cells of each sheet, without empty rows; the number of each row with it."""
    openpyxl = _openpyxl()
    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked <= _LARGEST:
            values, formulas = (
                openpyxl.load_workbook(file, read_only=True, data_only=only, keep_links=False)
                for only in (True, False)
            )
    except Exception as error:
        raise InventoryError(f"{file}: cannot be read as a workbook: {error}.") from None
    if unpacked > _LARGEST:
        raise InventoryError(f"{file}: the workbook is too large to be read safely.")
    try:
        for name in values.sheetnames:
            rows = []
            both = zip(values[name].iter_rows(), formulas[name].iter_rows(), strict=True)
            for number, (cells, sources) in enumerate(both, start=1):
                for cell, source in zip(cells, sources, strict=True):
                    if cell.value is None and source.data_type == "f":
                        raise InventoryError(
                            f"{file}, sheet {name}, cell {source.coordinate}: it holds a formula "
                            "without a value. Formulas are not computed: save the workbook in a "
                            "spreadsheet program, or paste the value."
                        )
                found = [cell.value for cell in cells]
                if any(v is not None and str(v).strip() for v in found):
                    rows.append((number, found))
            yield name.strip().casefold(), rows
    finally:
        values.close()
        formulas.close()


def _frame(file: Path, name: str, rows: list[tuple[int, list[Any]]]) -> pd.DataFrame:
    import pandas as pd

    header = [str(cell).strip() if cell is not None else "" for cell in rows[0][1]]
    for number, cells in rows[1:]:
        for place, cell in enumerate(cells):
            if (place >= len(header) or not header[place]) and cell is not None:
                raise InventoryError(
                    f"{file}, sheet {name}, row {number}: a cell stands under no column name."
                )
    kept = [i for i, title in enumerate(header) if title]
    records = [[c[i] if i < len(c) else None for i in kept] for _, c in rows[1:]]
    return pd.DataFrame(
        records, columns=[header[i] for i in kept], index=[n for n, _ in rows[1:]], dtype=object
    )


def _settings(file: Path, rows: list[tuple[int, list[Any]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, cells in rows[1:]:
        key = str(cells[0] or "").strip()
        if key not in _SETTINGS:
            raise InventoryError(
                f"{file}, sheet organisation, row {number}: unknown setting {key!r}."
                f"{nearest(key, _SETTINGS)} Settings: {', '.join(_SETTINGS)}."
            )
        value = cells[1] if len(cells) > 1 else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        found[key] = "" if value is None else str(value).strip()
    return found


def _denominators(file: Path, rows: list[tuple[int, list[Any]]]) -> Iterator[Denominator]:
    if not rows:
        return
    header = [str(cell or "").strip() for cell in rows[0][1]]
    for number, values in rows[1:]:
        cells = Cells("denominators", str(number), dict(zip(header, values, strict=False)))
        try:
            yield _denominator(cells)
        except Refused as refused:
            problem = cells.problem(refused.column, refused.text)
            raise InventoryError(f"{file}, {problem}") from None


def _denominator(cells: Cells) -> Denominator:
    year, amount = cells.year("year"), cells.number("amount")
    if year is None or amount is None or "name" not in cells:
        raise Refused("year, name, amount", "a cell is empty.")
    if amount <= 0:
        raise Refused("amount", "emissions cannot be divided by it.")
    unit: str = cells.guarded("unit", lambda: units.canonical(cells.text("unit")))
    made: Denominator = cells.guarded(
        "prices", lambda: Denominator(year, cells.text("name"), amount, unit, cells.text("prices"))
    )
    return made


# ---------------------------------------------------------------------- writing


def plain_cell(value: Any) -> Any:
    """Return a value that no spreadsheet runs as a formula.

    Examples
    --------
    >>> plain_cell("=1+1"), plain_cell("-3.5"), plain_cell(-3.5)
    ("'=1+1", '-3.5', -3.5)
    """
    if not isinstance(value, str) or not value.startswith(_MARKS):
        return value
    try:
        float(value.replace(",", ""))
    except ValueError:
        return f"'{value}"
    return value


def save_sheets(
    path: str | Path, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]
) -> None:
    """Write sheets of a title, a header and rows; whole or not at all.

    Raises
    ------
    InventoryError
        If openpyxl is missing or the file cannot be written.
    """
    openpyxl = _openpyxl()
    from openpyxl.styles import Alignment, Font, PatternFill

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, header, rows in sheets:
        sheet = book.create_sheet(title[:31])
        widths = [len(str(h)) for h in header]
        for line in (header, *rows):
            cells = [_safe(cell) for cell in line]
            sheet.append(cells)
            widths = [
                max(w, min(len(str(c)) if c is not None else 0, 60))
                for w, c in zip(widths, cells, strict=False)
            ]
        for place, width in enumerate(widths, start=1):
            letter = openpyxl.utils.get_column_letter(place)
            sheet.column_dimensions[letter].width = width + 2
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE6ED")
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                if isinstance(cell.value, float):
                    cell.number_format = "#,##0.###" if abs(cell.value) >= 1 else "0.000000"
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # never a formula
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
    _replace(book, Path(path))


def _safe(value: Any) -> Any:
    if isinstance(value, Fraction):
        return float(value)
    return plain_cell(value)


def _replace(book: Any, path: Path) -> None:
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".xlsx")
    except OSError as error:
        raise InventoryError(f"{path}: cannot be written: {error.strerror or error}.") from None
    os.close(handle)
    scratch = Path(name)
    try:
        book.save(scratch)
        mask = os.umask(0)
        os.umask(mask)
        scratch.chmod(0o666 & ~mask)
        scratch.replace(path)
    except OSError as error:
        raise InventoryError(f"{path}: cannot be written: {error.strerror or error}.") from None
    finally:
        scratch.unlink(missing_ok=True)


_UK, _CHINA = "uk-government/conversion-factors-2024", "mee-china/electricity-2022"
_EXAMPLE: dict[str, list[dict[str, Any]]] = {
    "activities": [
        {"site": "Leeds", "year": 2022, "category": "stationary", "activity": "natural gas",
         "amount": 850_000, "unit": "kWh", "calorific_basis": "gross", "release": _UK,
         "item": "Natural gas", "quality": 1, "amount_uncertainty": "± 2 %",
         "factor_uncertainty": "CO2: ± 3 %; CH4: gsd 1.5; N2O: gsd 2", "note": "gas bills"},
        {"site": "Leeds", "year": 2022, "category": "mobile", "activity": "diesel",
         "amount": 12_000, "unit": "L", "release": _UK,
         "item": "Diesel (average biofuel blend)", "calorific_value": 9.9,
         "calorific_value_unit": "kWh/L", "quality": 2,
         "note": "fuel cards; calorific value from the supplier"},
        {"site": "Leeds", "year": 2022, "category": "electricity", "activity": "electricity",
         "amount": 1_200, "unit": "MWh", "release": _UK, "factor_boundary": "generation",
         "quality": 1, "amount_uncertainty": "± 1 %", "factor_uncertainty": "± 5 %",
         "note": "meter readings"},
        {"site": "Leeds", "year": 2022, "category": "t-and-d-loss", "activity": "electricity",
         "amount": 1_200, "unit": "MWh", "release": _UK, "factor_boundary": "T&D losses",
         "note": "the same electricity: losses are Scope 3"},
        {"site": "Shenzhen", "year": 2022, "category": "electricity", "activity": "electricity",
         "amount": 5_400, "unit": "MWh", "release": _CHINA, "quality": 1,
         "amount_uncertainty": "± 1 %", "factor_uncertainty": "± 5 %",
         "residual_uncertainty": "± 5 %"},
        {"site": "Shenzhen", "year": 2022, "category": "stationary", "activity": "natural gas",
         "amount": 210_000, "unit": "Nm3", "release": "sac-china/gbt-32151-2024",
         "reference_conditions": "0 degC, 101.325 kPa", "quality": 1},
        {"site": "Shenzhen", "year": 2022, "category": "heat", "activity": "heat",
         "amount": 3_000, "unit": "GJ", "region": "CN", "release": "ndrc-china/purchased-heat"},
        {"site": "Shenzhen", "year": 2022, "category": "fugitive", "activity": "SF6",
         "amount": 1.5, "unit": "kg", "note": "topped up in switchgear"},
        {"site": "Shenzhen", "year": 2022, "category": "process", "activity": "solvent burnt",
         "amount": 40, "unit": "t", "factor": 2.3, "factor_unit": "t CO2/t",
         "factor_source": "laboratory analysis", "quality": 3},
    ],
    "sites": [
        {"site": "Leeds", "region": "GB", "market": "GB", "operational_control": "yes",
         "financial_control": "yes", "equity_share": 100},
        {"site": "Shenzhen", "region": "CN-GD", "market": "CN", "operational_control": "yes",
         "financial_control": "no", "equity_share": 40, "note": "joint venture"},
    ],
    "instruments": [
        {"id": "REGO 2022", "type": "certificate", "energy": 600, "unit": "MWh", "market": "GB",
         "vintage": 2022, "rate": 0, "rate_unit": "kg CO2e/kWh", "retired": "yes",
         "technology": "wind", "renewable": "yes", "exclusive": "yes"},
        {"id": "GEC 2022", "type": "certificate", "energy": 1_000, "unit": "MWh", "market": "CN",
         "vintage": 2022, "rate": 0, "rate_unit": "kg CO2/kWh", "retired": "yes",
         "technology": "solar", "renewable": "yes", "exclusive": "yes"},
    ],
    "refrigerants": [
        {"site": "Leeds", "year": 2022, "gas": "R-410A", "method": "life cycle", "unit": "kg",
         "filled": 0, "new_charge": 0, "topped_up": 4, "retired_charge": 0, "recovered": 0},
        {"site": "Shenzhen", "year": 2022, "gas": "HFC134a", "method": "mass balance",
         "unit": "kg", "opening_stock": 40, "purchased": 25, "sold": 5, "closing_stock": 30,
         "opening_charge": 200, "closing_charge": 210, "uncertainty": "± 10 %"},
    ],
    "chp": [
        {"site": "Leeds", "year": 2022, "product": "steam", "activity": "natural gas",
         "amount": 90_000, "unit": "MWh", "heat_out": 40_000, "heat_unit": "MWh",
         "power_out": 27_000, "power_unit": "MWh", "heat_efficiency": 80,
         "power_efficiency": 35, "used": 1_500, "calorific_basis": "gross", "release": _UK,
         "item": "Natural gas", "note": "the supplier's plant as a whole; 1,500 MWh are bought"},
    ],
}  # fmt: skip


def template(path: str | Path) -> None:
    """Write the workbook that a company fills in, with worked example rows.

    Parameters
    ----------
    path : path
        Where to write it; an .xlsx file.

    Raises
    ------
    InventoryError
        If openpyxl is missing or the file cannot be written.

    Notes
    -----
    The example rows make a complete inventory as they stand: overwrite them with your own.
    """
    openpyxl = _openpyxl()
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    guide = book.active
    guide.title = "read me"
    for line in _GUIDE:
        guide.append([line])
    guide.column_dimensions["A"].width = 110
    guide["A1"].font = Font(bold=True, size=14)
    for row in guide.iter_rows():
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    settings = book.create_sheet("organisation")
    settings.append(["setting", "value", "help"])
    values = {"organisation": "Example Ltd", "boundary": BOUNDARIES[0], "gwp_set": "AR5"}
    for name, help_text in _SETTINGS.items():
        settings.append([name, values.get(name), help_text])
    for letter, width in zip("ABC", (20, 26, 80), strict=True):
        settings.column_dimensions[letter].width = width
    lists = {
        ("activities", "category"): tuple(CATEGORIES),
        ("activities", "calorific_basis"): ("net", "gross"),
        ("instruments", "type"): ("certificate", "contract", "supplier"),
        ("refrigerants", "method"): tuple(METHODS),
        ("chp", "product"): tuple(PRODUCTS),
        **{("sites", name): ("yes", "no") for name in ("operational_control", "financial_control")},
        **{("instruments", name): ("yes", "no")
           for name in ("retired", "renewable", "exclusive", "delivered")},
    }  # fmt: skip
    for name, columns in TABLES.items():
        sheet = book.create_sheet(name)
        sheet.append([column.name for column in columns])
        for row in _EXAMPLE[name]:
            sheet.append([row.get(column.name) for column in columns])
        for place, column in enumerate(columns, start=1):
            head, letter = sheet.cell(1, place), get_column_letter(place)
            comment = Comment(column.help + (" (required)" if column.required else ""), "carbonkit")
            comment.width, comment.height = 260, 90
            head.comment = comment
            shown = [len(str(row.get(column.name, ""))) for row in _EXAMPLE[name]]
            sheet.column_dimensions[letter].width = min(max(len(column.name), *shown) + 3, 44)
            if (name, column.name) in lists:
                listed = DataValidation(
                    "list", formula1=f'"{",".join(lists[name, column.name])}"', allow_blank=True
                )
                sheet.add_data_validation(listed)
                listed.add(f"{letter}2:{letter}2000")
        sheet.freeze_panes = "B2"
        _colour(sheet, columns, Font, PatternFill)
    ratios = book.create_sheet("denominators")
    ratios.append(list(_DENOMINATORS))
    ratios.append([2022, "revenue", 96, "10^6 GBP", "current", "as in the annual report"])
    ratios.append([2022, "employees", 410, "employee", None, "full-time equivalents"])
    for letter, width in zip("ABCDEF", (8, 24, 12, 16, 12, 40), strict=True):
        ratios.column_dimensions[letter].width = width
    for sheet in (settings, ratios):
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6ED")
    _replace(book, Path(path))


def _colour(sheet: Any, columns: Sequence[Any], font: Any, fill: Any) -> None:
    for cell, column in zip(sheet[1], columns, strict=True):
        cell.font = font(bold=column.required)
        cell.fill = fill("solid", fgColor="BFD7EA" if column.required else "EEF3F7")


_GUIDE = (
    "Greenhouse-gas inventory",
    "Fill in the sheets and run:  carbonkit inventory THIS-FILE.xlsx --out results",
    "The rows that stand here are a worked example. Overwrite them; leave the first row of each "
    "sheet as it is. Dark headings are required. Point at a heading for its meaning.",
    "organisation: the boundary (operational control, financial control, equity share) and the "
    "GWP set of the disclosures.",
    "sites: every site or company, the region of its grid and who controls it.",
    "activities: one row for each amount of fuel, energy or gas, in any unit. The factor comes "
    "from the library (`carbonkit factors search ...` finds releases), or is your own, with its "
    "unit and source.",
    "instruments: certificates, contracts and supplier rates for the market-based method.",
    "refrigerants: gas in equipment, by mass balance, life cycle or screening.",
    "chp: plants that make heat and power together: your own, or a supplier's with what you buy.",
    "Uncertainty, wherever you know it: ± 5 % is half of a 95 % interval; sd 2 %, gsd 1.1, "
    "95 %: 90 to 120, range 90 to 120, triangular 90 to 120, pedigree 2 1 3 2 1 best 1.",
    "denominators: revenue (with its currency, and whether in current prices or those of a year), "
    "heads, area or product, for intensities.",
    "Every row is either used or refused with the reason: nothing is dropped silently.",
)


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise InventoryError(
            "workbooks need the package openpyxl: pip install 'carbonkit[excel]'."
        ) from None
    return openpyxl
