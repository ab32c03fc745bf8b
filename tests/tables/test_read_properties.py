"""Random tables, rendered here in every form, read back to the same cells, units and years."""

from __future__ import annotations

import csv
import html
import io
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonkit import tables
from carbonkit.errors import TableError

LABELS = [
    "Diesel",
    "Natural gas",
    "Scope 1",
    "Wärme",
    "Water use",
    "Coal & coke",
    "Oil|tar",
    "Strom",
]
UNITS = {
    "MWh": "MWh",
    "tCO2e": "t CO2e",
    "thousand m³": "10^3 m3",
    "'000 t": "10^3 t",
    "€m": "10^6 EUR",
    "million kWh": "10^6 kWh",
    "kg CO2e/m²": "kg CO2e/m2",
}
YEARS = {
    "{0}": "{0}",
    "FY{0}": "FY{0}",
    "FY{2:02}": "FY{0}",
    "{0}/{1:02}": "{0}/{1:02}",
    "{0}–{1:02}": "{0}/{1:02}",
    "{0}年": "{0}",
    "{0} restated*": "{0}",
}
LOCALES = [".,", ",.", ". ", ", ", ".'", ",'", ",\u202f", ".\u2019"]
BLANKS = {"–": "dash", "-": "dash", "n/a": "not-available", "N/A": "not-available"}
NOTES = ["", "", "", "*", "¹", " [2]", "(a)", "†"]


@dataclass(frozen=True)
class Truth:
    """A table as it is meant: numbers, or the mark of a blank."""

    labels: list[str]
    units: list[str]  # as printed
    years: list[str]  # as printed
    periods: list[str]
    cells: list[list[Decimal | str]]
    decimal: str
    thousands: str
    texts: list[list[str]]

    def unit_of(self, line: int) -> str:
        return UNITS[self.units[line]]


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    lines = draw(st.lists(st.sampled_from(LABELS), min_size=1, max_size=5, unique=True))
    form = draw(st.sampled_from(sorted(YEARS)))
    first, count = draw(st.integers(2001, 2030)), draw(st.integers(1, 4))
    years = range(first, first + count)
    if draw(st.booleans()):
        years = years[::-1]
    printed, periods = (
        [how.format(y, (y + 1) % 100, y % 100) for y in years] for how in (form, YEARS[form])
    )
    decimal, thousands = draw(st.sampled_from(LOCALES))
    cells: list[list[Decimal | str]] = []
    texts: list[list[str]] = []
    for _ in lines:
        places = draw(st.integers(0, 3))
        row = [draw(st.integers(-(10**7), 10**7).map(lambda n, p=places: Decimal(n).scaleb(-p)))
               if draw(st.integers(0, 5)) else draw(st.sampled_from(sorted(BLANKS)))
               for _ in years]  # fmt: skip
        cells.append(row)
        texts.append(
            [v if isinstance(v, str) else draw_number(draw, v, decimal, thousands) for v in row]
        )
    units = [draw(st.sampled_from(sorted(UNITS))) for _ in lines]
    return Truth(lines, units, printed, periods, cells, decimal, thousands, texts)


def draw_number(draw: st.DrawFn, value: Decimal, decimal: str, thousands: str) -> str:
    """Print a number in a locale, in one of the ways for negative ones, perhaps with a mark."""
    swapped = f"{abs(value):,f}".translate({ord(","): thousands, ord("."): decimal})
    if value < 0:
        swapped = draw(st.sampled_from(["-{}", "−{}", "({})"])).format(swapped)
    mark = draw(st.sampled_from(NOTES))
    return swapped + ("" if mark == "¹" and abs(value) == 10 else mark)


def rows_of(truth: Truth, where: str) -> list[list[str]]:
    """Lay a table out, with its units in a column or behind the labels."""
    if where == "column":
        head = ["Item", "Unit", *truth.years]
        columns = zip(truth.labels, truth.units, truth.texts, strict=True)
        return [head, *([label, unit, *texts] for label, unit, texts in columns)]
    labels = [f"{label} ({unit})" for label, unit in zip(truth.labels, truth.units, strict=True)]
    return [["Item", *truth.years], *([x, *t] for x, t in zip(labels, truth.texts, strict=True))]


def turned(truth: Truth, where: str) -> list[list[str]]:
    rows = rows_of(truth, where)
    if where == "column":
        rows[0][1] = ""
    rows[0][0] = "Year"
    return [list(row) for row in zip(*rows, strict=True)]


def markdown(rows: list[list[str]]) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(c.replace("|", r"\|").replace("*", r"\*") for c in cells) + " |"

    return "\n".join([line(rows[0]), line(["---"] * len(rows[0])), *map(line, rows[1:])])


def separated(delimiter: str):
    def write(rows: list[list[str]]) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        return text.getvalue()

    return write


def aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[j]) for row in rows) + 3 for j in range(len(rows[0]))]
    out = []
    for row in rows:
        first, *others = zip(row, widths, strict=True)
        out.append(first[0].ljust(first[1]) + "".join(c.rjust(w) for c, w in others))
    return "\n".join(out)


def in_html(rows: list[list[str]]) -> str:
    body = "".join(
        "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in row) + "</tr>"
        for row, tag in [(rows[0], "th"), *((row, "td") for row in rows[1:])]
    )
    return f"<p>As printed:</p><table>{body}</table>"


FORMS = {
    "markdown": markdown,
    "tabs": separated("\t"),
    "semicolons": separated(";"),
    "commas": separated(","),
    "aligned": aligned,
    "html": in_html,
}


def assert_same(table: tables.PrintedTable, truth: Truth) -> None:
    assert [line.title for line in table.lines] == truth.labels
    assert [column.period for column in table.value_columns] == truth.periods
    assert len({line.name for line in table.lines}) == len(truth.labels)
    for i, line in enumerate(table.lines):
        for cell, value in zip(line.cells, truth.cells[i], strict=True):
            assert cell.unit == truth.unit_of(i)
            if isinstance(value, str):
                assert (cell.figure, cell.blank) == (None, BLANKS[value])
            else:
                assert cell.blank == ""
                assert cell.figure is not None
                assert cell.figure.coefficient == value
                assert cell.figure.coefficient.as_tuple().exponent == value.as_tuple().exponent


quick = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("form", FORMS)
@quick
@given(truth=truths(), where=st.sampled_from(["column", "label"]), lie=st.booleans())
def test_a_table_reads_back_from_every_form(form: str, truth: Truth, where: str, lie: bool) -> None:
    rows = turned(truth, where) if lie else rows_of(truth, where)
    if not any(isinstance(v, Decimal) for row in truth.cells for v in row):
        with pytest.raises(TableError, match="figure"):
            tables.read_text(FORMS[form](rows))
        return
    marks = {"decimal": truth.decimal, "thousands": plain_mark(truth.thousands)}
    table = tables.read_text(FORMS[form](rows), **marks)
    assert table.turned == lie
    assert_same(table, truth)


def plain_mark(mark: str) -> str:
    return {"\u202f": " ", "\u2019": "'"}.get(mark, mark)


@quick
@given(truth=truths())
def test_marks_are_found_or_the_table_is_refused(truth: Truth) -> None:
    """Nothing is misread, but decimals of three places behind commas, as they look English."""
    try:
        table = tables.read_text(markdown(rows_of(truth, "column")))
    except TableError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert "could be" in refused or "figure" in refused
        return
    numbers = [v for row in truth.cells for v in row if isinstance(v, Decimal)]
    if truth.decimal == "," and all(n.as_tuple().exponent in (0, -3) for n in numbers):
        return
    assert_same(table, truth)


@quick
@given(truth=truths(), where=st.sampled_from(["column", "label"]))
def test_markdown_reads_back(truth: Truth, where: str) -> None:
    if not any(isinstance(v, Decimal) for row in truth.cells for v in row):
        return
    marks = {"decimal": truth.decimal, "thousands": plain_mark(truth.thousands)}
    table = tables.read_text(markdown(rows_of(truth, where)), **marks)
    again = tables.read_text(table.to_markdown(), **marks)
    assert_same(again, truth)
    assert [(x.name, x.role, x.level) for x in again.lines] == [
        (x.name, x.role, x.level) for x in table.lines
    ]


@settings(quick, max_examples=25)
@given(truth=truths())
def test_a_table_reads_back_from_a_workbook_and_a_frame(truth: Truth, tmp_path_factory) -> None:
    if not any(isinstance(v, Decimal) for row in truth.cells for v in row):
        return
    rows = rows_of(truth, "column")
    marks = {"decimal": truth.decimal, "thousands": plain_mark(truth.thousands)}
    assert_same(tables.read(pd.DataFrame(rows[1:], columns=rows[0]), **marks), truth)
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    shown = book.active.iter_rows(min_row=2, min_col=3)
    for cells, values in zip(shown, truth.cells, strict=True):
        for cell, value in zip(cells, values, strict=True):
            if isinstance(value, Decimal):  # as numbers, which the sheet shows with its format
                places = -value.as_tuple().exponent
                cell.value = float(value)
                cell.number_format = "#,##0" + ("." + "0" * places if places else "")
    path = tmp_path_factory.mktemp("books") / "energy.xlsx"
    book.save(path)
    assert_same(tables.read(path, **marks), truth)
