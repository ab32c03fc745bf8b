"""Tables in spreadsheets: values as they are shown; no formula, macro or link is followed."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from carbonkit.errors import TableError, nearest
from carbonkit.tables.grid import MOST_CELLS, Area, Grid, Raw, letters, rectangle, refuse
from carbonkit.tables.parts import Problem
from carbonkit.tables.sources.number_format import UnknownFormat, shown

__all__ = ["from_workbook"]

_LARGEST = 60_000_000  # bytes when unpacked


def from_workbook(file: Path, which: int | str | None = None, area: Area | None = None) -> Grid:
    """Cut a sheet of a workbook into cells.

    Parameters
    ----------
    file : path
        The workbook (.xlsx, .xlsm).
    which : int or str, optional
        Name of the sheet, or its number from 1; by default the one that is visible and filled.
    area : tuple of int, optional
        First row and column, last row and column of the table; by default the whole sheet.

    Returns
    -------
    Grid
        Hidden rows and columns are left out, and remarked on.

    Raises
    ------
    TableError
        If it cannot be read, the sheet is not told, or a cell shows nothing that can be known: a
        formula without a value, an error, a number in an unusual format.
    """
    values, formulas = _opened(file)
    try:
        name = _sheet(file, values, which)
        return _grid(file, values[name], formulas[name], area)
    finally:
        values.close()
        formulas.close()


def _opened(file: Path) -> tuple[Any, Any]:
    """Open a workbook twice: for the values that it keeps, and to see which are formulas."""
    try:
        import openpyxl
    except ImportError:
        raise TableError(
            "workbooks need the package openpyxl: pip install 'carbonkit[excel]'."
        ) from None
    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked <= _LARGEST:
            values, formulas = (
                openpyxl.load_workbook(file, data_only=only, keep_links=False, keep_vba=False)
                for only in (True, False)
            )
            return values, formulas
    except Exception as error:
        raise TableError(f"{file.name}: cannot be read as a workbook: {error}.") from None
    raise TableError(
        f"{file.name}: the workbook is too large to be read safely; save the sheet of the table "
        "alone."
    )


def _sheet(file: Path, book: Any, which: int | str | None) -> str:
    """Return the name of the sheet that is meant."""
    names = [sheet.title for sheet in book.worksheets]
    if isinstance(which, int) and 1 <= which <= len(names):
        return str(names[which - 1])
    if which in names:
        return str(which)
    if which is not None:
        raise TableError(
            f"{file.name}: there is no sheet {which!r}.{nearest(str(which), names)} Sheets: "
            f"{', '.join(names)}."
        )
    filled = [s.title for s in book.worksheets if s.sheet_state == "visible" and _filled(s)]
    if len(filled) != 1:
        told = f"holds {len(filled)} filled sheets: {', '.join(filled)}" if filled else "is empty"
        raise TableError(f"{file.name}: {told}. Say which is meant with sheet=.")
    return str(filled[0])


def _filled(sheet: Any) -> bool:
    return any(value is not None for row in sheet.iter_rows(values_only=True) for value in row)


def _grid(file: Path, sheet: Any, formulas: Any, area: Area | None) -> Grid:
    source = f"{file.name}, sheet {sheet.title}"
    top, left, bottom, right = area or (1, 1, sheet.max_row, sheet.max_column)
    bottom, right = min(bottom, sheet.max_row), min(right, sheet.max_column)
    if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
        raise TableError(
            f"{source}: spans {bottom:,} rows and {right:,} columns; a table has at most "
            f"{MOST_CELLS:,} cells. Say where it is with cells='B3:G14'."
        )
    merged = {
        (row, column): (one.min_row, one.min_col)
        for one in sheet.merged_cells.ranges
        for row in range(max(one.min_row, top), min(one.max_row, bottom) + 1)
        for column in range(max(one.min_col, left), min(one.max_col, right) + 1)
    }
    left_out = _hidden_columns(sheet)
    problems: list[Problem] = []
    rows: list[list[Raw]] = []
    for number in range(top, bottom + 1):
        if sheet.row_dimensions[number].hidden:
            continue
        row = []
        for column in (c for c in range(left, right + 1) if c not in left_out):
            at = merged.get((number, column), (number, column))
            raw = Raw("", number, column, spread=at != (number, column))
            row.append(_filled_in(raw, sheet.cell(*at), formulas.cell(*at), source, problems))
        rows.append(row)
    if problems:
        raise refuse(source, problems)
    remarks = list(_remarks(sheet, left_out, range(top, bottom + 1), range(left, right + 1)))
    return Grid(rectangle(rows), source, remarks=tuple(remarks))


def _hidden_columns(sheet: Any) -> set[int]:
    """Return the numbers of hidden columns; one entry of the file may stand for several."""
    return {
        column
        for one in sheet.column_dimensions.values()
        if one.hidden
        for column in range(one.min, min(one.max, sheet.max_column) + 1)
    }


def _remarks(sheet: Any, left_out: set[int], rows: range, columns: range) -> Iterator[str]:
    """Say what is hidden."""
    if sheet.sheet_state != "visible":
        yield f"the sheet {sheet.title} is hidden."
    hidden = [n for n in rows if sheet.row_dimensions[n].hidden]
    if hidden:
        yield f"hidden rows are left out: {', '.join(map(str, hidden[:20]))}."
    if among := sorted(left_out & set(columns)):
        yield f"hidden columns are left out: {', '.join(map(letters, among[:20]))}."


def _filled_in(raw: Raw, cell: Any, source_cell: Any, source: str, problems: list[Problem]) -> Raw:
    """Give a cell the text that it shows."""
    value = cell.value
    indent = int(cell.alignment.indent or 0) if cell.has_style else 0
    wrong = ""
    if value is None:
        if source_cell.data_type == "f" and not raw.spread:
            wrong = (
                "it holds a formula without a value. Formulas are not computed: save the workbook "
                "in a spreadsheet program, or paste the value."
            )
        text = ""
    elif cell.data_type == "e":
        wrong, text = f"it shows the error {value}.", ""
    elif isinstance(value, datetime.time | datetime.timedelta):
        wrong, text = "it shows a time.", ""
    elif isinstance(value, datetime.date):
        years_only = cell.number_format.casefold().strip(";@") in ("yyyy", "yy", "e")
        text = str(value.year) if years_only else value.isoformat()[:10]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        text = ""
        try:
            text = shown(value, cell.number_format)
        except UnknownFormat:
            wrong = (
                f"it has the number format {cell.number_format!r}, and it is not known what that "
                "shows. Give it one such as 0, 0.0, #,##0 or 0%, or type what it shows as text."
            )
        raw = raw._replace(number=True)
    else:
        text = " ".join(str(value).split())
    if wrong:
        problems.append(Problem(f"{source}, {raw.place}", wrong, raw.row, raw.column))
    return raw._replace(text=text, indent=indent)
