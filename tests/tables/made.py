"""Tables for the tests of derived claims and of closing, made without reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from carbonkit import units
from carbonkit.printed import parse
from carbonkit.tables import Cell, Column, Line, PrintedTable

TOTALS = ("total", "subtotal", "sum", "all")
BLANKS = {"": "empty", "–": "dash", "n/a": "not-available"}


def cell(text: str, place: str, unit: str) -> Cell:
    if text in BLANKS:
        return Cell(text, place, None, BLANKS[text], unit)
    figure = parse(text)
    return Cell(text, place, figure, "", units.canonical(figure.unit or unit))


def table(
    rows: Sequence[Sequence[str]],
    *,
    head: Sequence[str | Column] = (),
    unit: str = "MWh",
    roles: Mapping[str, str] | None = None,
    levels: Mapping[str, int] | None = None,
    rounding: str = "unknown",
    totals: Mapping[str, tuple[str, ...]] | None = None,
    name: str = "energy",
) -> PrintedTable:
    """Make a table of rows (title, cells...); a title may say its unit as in "Gas [GJ]"."""
    width = len(rows[0]) - 1
    years = head or [str(2020 + j) for j in range(width)]
    columns = []
    for j, given in enumerate(years):
        if isinstance(given, Column):
            columns.append(given)
            continue
        period = given if given.isdigit() else ""
        role = "total" if given.casefold() in TOTALS else "value"
        columns.append(Column(given.casefold().replace(" ", "_") or f"c{j}", given, role, period))
    lines = []
    for i, (label, *texts) in enumerate(rows):
        title, _, own = label.partition(" [")
        line_unit = units.canonical(own.rstrip("]")) if own else units.canonical(unit)
        words = title.casefold()
        role = "total" if words.split()[0] in TOTALS else "part"
        if not any(t.strip() for t in texts):
            role = "heading"
        role = (roles or {}).get(title, role)
        slug = "".join(c if c.isalnum() else "_" for c in words)
        if any(line.name == slug for line in lines):
            slug += f"_{i}"
        cells = tuple(
            cell(t, f"row {i + 1}, column {j + 1}", columns[j].unit or line_unit)
            for j, t in enumerate(texts)
        )
        level = (levels or {}).get(title, 0)
        lines.append(Line(slug, title, role, cells, line_unit, level, f"row {i + 1}"))
    return PrintedTable(
        name,
        (Column("label", "", "label"), *columns),
        tuple(lines),
        rounding=rounding,
        totals=totals or {},
    )


def with_cell(made: PrintedTable, i: int, j: int, text: str) -> PrintedTable:
    """Return the table with another text in one cell."""
    line = made.lines[i]
    old = line.cells[j]
    new = replace(old, text=text, figure=parse(text))
    cells = (*line.cells[:j], new, *line.cells[j + 1 :])
    lines = (*made.lines[:i], replace(line, cells=cells), *made.lines[i + 1 :])
    return replace(made, lines=lines)
