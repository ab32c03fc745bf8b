"""Reading a printed table, whole, from any of the forms it comes in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from carbonkit.errors import TableError
from carbonkit.tables.grid import Grid, area, crop
from carbonkit.tables.meaning.draft import Asked
from carbonkit.tables.meaning.layout import laid_out
from carbonkit.tables.meaning.words import slug
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.sources.frame import from_frame
from carbonkit.tables.sources.markup import from_html
from carbonkit.tables.sources.text import LONGEST_TEXT, decoded, from_text
from carbonkit.tables.sources.workbook import from_workbook

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read", "read_text"]


_KINDS = {
    **{".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".md": "md", ".txt": ""},
    **{".html": "html", ".htm": "html", ".xlsx": "xlsx", ".xlsm": "xlsx"},
}
_LARGEST_BOOK = 20_000_000


def read(
    source: str | Path | pd.DataFrame,
    *,
    name: str | None = None,
    title: str | None = None,
    page: int | str | None = None,
    unit: str | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    tons: str | None = None,
    rounding: str = "unknown",
    totals: Mapping[str, Sequence[str]] | None = None,
    sheet: str | int | None = None,
    cells: str | None = None,
    encoding: str | None = None,
) -> PrintedTable:
    r"""Read a printed table.

    Parameters
    ----------
    source : str, path or DataFrame
        A file (.csv, .tsv, .md, .txt, .html, .xlsx), pasted text of more than one line, or a data
        frame. Of a workbook the table is what its cells show.
    name : str, optional
        An identifier, with which the names of its figures begin; by default from the file's name.
    title : str, optional
        Its heading, if it stands elsewhere; a unit in it counts.
    page : int or str, optional
        Where it stands in the report.
    unit : str, optional
        Unit of cells for which neither line nor column gives one.
    decimal, thousands : str, optional
        The marks of its numbers. By default they are those under which every cell is a number;
        where "1.234" alone leaves open what it is, the table is refused.
    tons : str, optional
        What a bare "ton" means: "tonne", "short_ton" or "long_ton".
    rounding : str
        How its figures are rounded, if it says; see `carbonkit.printed.Rounding`.
    totals : mapping of str to sequence of str, optional
        Lines that are sums, by name, with the names of their parts; an empty list for a line that
        is no sum. By default sums are found by labels and arithmetic.
    sheet : str or int, optional
        Of a workbook, the name of the sheet or its number from 1. Of a page with several tables,
        the caption of the table or its number.
    cells : str, optional
        The part that is the table, such as ``"B3:G14"``.
    encoding : str, optional
        Encoding of a text file; by default UTF-8, or UTF-16 with a byte-order mark.

    Returns
    -------
    PrintedTable

    Raises
    ------
    TableError
        If it cannot be read; the message names every cell that is wrong.

    Examples
    --------
    >>> from carbonkit import tables
    >>> table = tables.read("Energie;Einheit;2019;2020\nGas;MWh;1.204,5;980,0", name="energie")
    >>> table.decimal, table.thousands, table.lines[0].cells[0].figure.value
    (',', '.', Fraction(2409, 2))
    >>> tables.read("Energy (kwh);2019\nGas;2O")
    Traceback (most recent call last):
    ...
    carbonkit.errors.TableError: table: 'Energy (kwh)': 'kwh' is meant as a unit, it seems...
    """
    grid, called = _grid(source, sheet, cells, encoding)
    asked = Asked(name or called, title, page, unit, decimal, thousands, tons, rounding, totals)
    return laid_out(grid, asked)


def _grid(
    source: str | Path | pd.DataFrame,
    sheet: str | int | None,
    cells: str | None,
    encoding: str | None,
) -> tuple[Grid, str]:
    """Return the cells of a source, and a name for the table."""
    if isinstance(source, str | Path):
        lines = isinstance(source, str) and ("\n" in source or "\r" in source)
        called = "table" if lines else Path(source).name
    elif hasattr(source, "iloc") and hasattr(source, "columns"):
        lines, called = False, "data frame"
    else:
        raise TableError(f"a path, text or data frame is needed, not {type(source).__name__}.")
    kept = None if cells is None else area(cells, called)
    if not isinstance(source, str | Path):
        grid = from_frame(source, called)
    elif lines:
        grid = _from_text(str(source), called, "", sheet)
    else:
        file = Path(source)
        name = slug(file.stem, 24)
        named = name if name.isidentifier() else f"table_{name}" if name else "table"
        kind = _KINDS.get(file.suffix.casefold())
        if kind is None:
            raise TableError(
                f"{file.name}: give a file that ends in {', '.join(_KINDS)}, or the text of a "
                "table of more than one line."
            )
        data = _bytes(file, _LARGEST_BOOK if kind == "xlsx" else 4 * LONGEST_TEXT)
        if kind == "xlsx":
            return from_workbook(file, sheet, kept), named
        grid, called = _from_text(decoded(data, file.name, encoding), file.name, kind, sheet), named
    if called == "data frame":
        called = "table"
    return grid if kept is None else crop(grid, kept), called


def _from_text(text: str, source: str, kind: str, sheet: str | int | None) -> Grid:
    """Cut text into cells: HTML where it holds a table of it, otherwise by what parts its cells."""
    if kind == "html" or (not kind and re.search(r"<table\b", text, re.I)):
        return from_html(text, source, sheet)
    return from_text(text, source, kind)


def _bytes(file: Path, most: int) -> bytes:
    try:
        if not file.is_file():
            raise TableError(f"{file}: there is no such file.")
        if file.stat().st_size > most:
            raise TableError(f"{file}: is larger than a printed table can be.")
        return file.read_bytes()
    except OSError as error:
        raise TableError(f"{file}: cannot be read: {error.strerror or error}.") from None


def read_text(
    text: str,
    *,
    name: str = "table",
    title: str | None = None,
    page: int | str | None = None,
    unit: str | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    tons: str | None = None,
    rounding: str = "unknown",
    totals: Mapping[str, Sequence[str]] | None = None,
    source: str | None = None,
) -> PrintedTable:
    """Read a table from text.

    Parameters
    ----------
    text : str
        A table in Markdown (pipes) or HTML, separated by tabs, semicolons or commas, or aligned by
        two spaces or more, as pasted from a page. Its first row has the headings.
    name, title, page, unit, decimal, thousands, tons, rounding, totals
        As for `read`.
    source : str, optional
        What messages call it; by default its name.

    Returns
    -------
    PrintedTable

    Raises
    ------
    TableError
        If it cannot be read; the message names every cell that is wrong.

    Examples
    --------
    >>> from carbonkit import tables
    >>> table = tables.read_text('''
    ... Energy (MWh)   2019    2020
    ... Diesel        1,204   1,180
    ... Natural gas     980   1,020*
    ... Total         2,184   2,200
    ... ''', name="energy")
    >>> [line.name for line in table.lines], [column.period for column in table.value_columns]
    (['diesel', 'natural_gas', 'total'], ['2019', '2020'])
    >>> gas = table.line("natural_gas").cells[1]
    >>> gas.figure.value, gas.unit
    (Fraction(1020, 1), 'MWh')
    """
    if not isinstance(text, str):
        raise TableError(f"a table in text is needed, not {type(text).__name__}.")
    asked = Asked(name, title, page, unit, decimal, thousands, tons, rounding, totals)
    return laid_out(_from_text(text, source or name, "", None), asked)
