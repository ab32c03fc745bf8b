"""A table as text for people, as Markdown and as a data frame."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from carbonkit.tables.meaning.cells import parted
from carbonkit.tables.meaning.words import split_unit
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.parts import Column, Line

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame", "markdown", "understood"]

_SPECIAL = re.compile(r"[\\|*`<~]|&(?=#?\w+;)|__")
_INDENT = "&emsp;"


def understood(table: PrintedTable) -> str:
    """Return what was understood of a table; see `PrintedTable.__str__`."""
    values = table.value_columns
    heads = ["", "unit", *(column.name for column in values)]
    rows = [
        [
            "  " * line.level + ("= " if line.role == "total" else "") + line.name,
            _unit(table, line),
            *(cell.text or "." for cell in line.cells),
            "" if line.role in ("part", "total") else line.role,
        ]
        for line in table.lines
    ]
    widths = [max(_width(r[k]) for r in [heads, *rows]) for k in range(len(heads))]
    told = [
        f"{table.name}: {len(table.lines)} lines, {len(values)} columns of figures, numbers as "
        f"1{table.thousands}234{table.decimal}5, from {table.source}"
        + (", turned: its years stand down the page" if table.turned else "")
    ]
    told += [_aligned([*row, ""] if row is heads else row, widths) for row in (heads, *rows)]
    told += [f"{column.name}: {_described(column)}" for column in values if column.role != "value"]
    return "\n".join([*told, *(f"note: {remark}" for remark in table.remarks)])


def _described(column: Column) -> str:
    """Say what a column that is made from others gives."""
    if column.role != "change":
        return {"total": "sum of columns", "share": "share"}[column.role] + (
            f", {column.period}" if column.period else ""
        )
    years = " to ".join(filter(None, (column.base, column.period)))
    how = {"percent": "in percent of the base", "points": "in percentage points"}
    return ", ".join(filter(None, ("change", years, how.get(column.measure, column.measure))))


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    label, unit, *cells = row
    padded = [label + " " * (widths[0] - _width(label)), unit + " " * (widths[1] - _width(unit))]
    for text, width in zip(cells, widths[2:], strict=False):
        padded.append(" " * (width - _width(text)) + text)
    return "  ".join([*padded, *cells[len(widths) - 2 :]]).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _unit(table: PrintedTable, line: Line) -> str:
    """Return the one unit of a line's amounts, where it has one."""
    pairs = zip(table.value_columns, line.cells, strict=True)
    found = {cell.unit for column, cell in pairs if column.role in ("value", "total")}
    return found.pop() if len(found) == 1 and line.role != "heading" else ""


def markdown(table: PrintedTable) -> str:
    """Write a table as Markdown; see `PrintedTable.to_markdown`."""
    titles = [_without_scale(column.title) for column in table.value_columns]
    rows = [["", "Unit", *titles], ["---"] * (len(titles) + 2)]
    for line in table.lines:
        label = _INDENT * line.level + _escaped(line.title)
        rows.append([label, _unit(table, line), *(_escaped(cell.text) for cell in line.cells)])
    head = [_escaped(_without_scale(table.title)), ""] if table.title else []
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows), ""])


def _without_scale(title: str) -> str:
    """Leave out a power of ten that stands in the units of the lines."""
    bare, unit = split_unit(title, "tonne")
    return bare if parted(unit)[0] else title


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda m: "&amp;" if m[0] == "&" else "".join(f"\\{c}" for c in m[0]), text)


def frame(table: PrintedTable) -> pd.DataFrame:
    """Return a table as a data frame; see `PrintedTable.to_frame`."""
    import pandas as pd

    columns = table.value_columns
    found = pd.DataFrame(
        [
            [None if cell.figure is None else float(cell.figure.value) for cell in line.cells]
            for line in table.lines
        ],
        index=pd.Index([line.name for line in table.lines], name="line"),
        columns=[column.name for column in columns],
        dtype=float,
    )
    found.attrs = {
        "name": table.name,
        "title": table.title,
        "labels": {line.name: line.title for line in table.lines},
        "units": {
            line.name: {c.name: cell.unit for c, cell in zip(columns, line.cells, strict=True)}
            for line in table.lines
        },
    }
    return found
