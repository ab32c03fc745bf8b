"""A disclosure table: its cells, what stands behind each of them, and its forms for readers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonkit._text import number
from carbonkit.inventory import Line
from carbonkit.inventory.lines import TRACE, traced
from carbonkit.inventory.workbook import plain_cell

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TRACE_HEADER", "Cell", "Disclosure", "Entry"]

TRACE_HEADER = (
    "disclosure", "requirement", "item", "column", "value", "cell unit", "contribution of line",
    "how", *TRACE,
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One number of a disclosure, with the lines that make it.

    Attributes
    ----------
    value : Fraction or None
        Exact; None where the inventory cannot tell.
    unit : str
    parts : tuple of (Line, Fraction)
        What each line contributes; they add up to the value exactly.
    how : str
        The arithmetic, where the cell is made of other cells.
    """

    value: Fraction | None
    unit: str
    parts: tuple[tuple[Line, Fraction], ...] = ()
    how: str = ""

    def __str__(self) -> str:
        return "not available" if self.value is None else number(float(self.value))


@dataclass(frozen=True)
class Entry:
    """One row of a disclosure.

    Attributes
    ----------
    requirement : str
        The paragraph that asks for it.
    label : str
    cells : mapping of str to Cell
        By the name of the column.
    """

    requirement: str
    label: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Disclosure:
    """A disclosure table.

    Attributes
    ----------
    code, title : str
    entries : tuple of Entry
    notes : tuple of str
        What must be said with the numbers.
    """

    code: str
    title: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of numbers."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.cells))

    @property
    def header(self) -> tuple[str, ...]:
        """Names of all columns."""
        return ("requirement", "item", "unit", *self.columns)

    def rows(self, show: Callable[[Cell], Any]) -> list[tuple[Any, ...]]:
        """Return the rows under :attr:`header`, each number as `show` gives it."""
        rows: list[tuple[Any, ...]] = []
        for entry in self.entries:
            unit = next((c.unit for c in entry.cells.values()), "")
            shown = [show(entry.cells[n]) if n in entry.cells else "" for n in self.columns]
            rows.append((entry.requirement, entry.label, unit, *shown))
        return rows

    def frame(self) -> pd.DataFrame:
        """Return the table as a frame; a number that is not available is missing."""
        import pandas as pd

        def plain(cell: Cell) -> float:
            return float("nan") if cell.value is None else float(cell.value)

        return pd.DataFrame(self.rows(plain), columns=list(self.header))

    def markdown(self) -> str:
        """Return the table and its notes as Markdown."""
        lines = [f"## {self.code}: {self.title}", "", _markdown_row(self.header)]
        lines.append(_markdown_row(["---", "---", "---", *["---:"] * len(self.columns)]))
        lines += [_markdown_row(row) for row in self.rows(str)]
        if self.notes:
            lines += ["", *(f"- {_plain_markdown(note)}" for note in self.notes)]
        return "\n".join(lines) + "\n"

    def csv(self) -> str:
        """Return the table as CSV; text that a spreadsheet would run is made plain."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.header)
        for row in self.rows(lambda c: "" if c.value is None else float(c.value)):
            writer.writerow([plain_cell(cell) for cell in row])
        return buffer.getvalue()

    def trace(self) -> pd.DataFrame:
        """Return what stands behind every cell: one row for each line.

        Returns
        -------
        pandas.DataFrame
            disclosure, requirement, item, column, value, unit, what the line contributes (or the
            arithmetic of a cell made of other cells), and the columns of `Inventory.trace`.
        """
        import pandas as pd

        return pd.DataFrame(self.trace_rows(), columns=list(TRACE_HEADER))

    def trace_rows(self) -> list[tuple[Any, ...]]:
        """Return the rows of :meth:`trace`."""
        rows: list[tuple[Any, ...]] = []
        for entry in self.entries:
            for name, cell in entry.cells.items():
                value = None if cell.value is None else float(cell.value)
                head = (self.code, entry.requirement, entry.label, name, value, cell.unit)
                if not cell.parts:
                    rows.append((*head, None, cell.how, *[""] * len(TRACE)))
                for line, part in cell.parts:
                    record = _joined(line)
                    rows.append((*head, float(part), cell.how, *(record.get(k, "") for k in TRACE)))
        return rows


def _joined(line: Line) -> dict[str, Any]:
    """Return a line as one record, so that contributions can be added up."""
    records = list(traced(line))
    if not records:
        row = line.source
        return {
            "scope": row.scope, "method": line.method, "table": row.table, "row": row.row,
            "site": row.site, "year": row.year, "category": row.category,
            "activity": row.activity, "amount": float(line.amount), "unit": row.unit,
            "share": float(line.share),
        }  # fmt: skip
    several = {
        name: " | ".join(dict.fromkeys(str(r[name]) for r in records))
        for name in ("gas", "t after share", "factors", "formula", "match")
    }
    return {**records[0], **several}


def _markdown_row(cells: Sequence[Any]) -> str:
    return f"| {' | '.join(_plain_markdown(str(c)) for c in cells)} |"


def _plain_markdown(text: str) -> str:
    escaped = text.replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")
    return escaped.replace("\n", " ")
