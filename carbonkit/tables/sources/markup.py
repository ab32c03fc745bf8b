"""Tables in HTML, read as text: scripts, styles and what is hidden count for nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from carbonkit.errors import TableError
from carbonkit.tables.grid import MOST_CELLS, Grid, Raw, rectangle
from carbonkit.tables.sources.text import raised

__all__ = ["from_html"]

_IGNORED = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)
#: Tags that end a row or a cell of which the end tag is left out.
_ENDS = {
    "td": ("td", "th", "tr", "tbody", "tfoot"),
    "th": ("td", "th", "tr", "tbody", "tfoot"),
    "tr": ("tr", "tbody", "tfoot"),
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_WIDEST = 1_000


@dataclass
class _Cell:
    """A cell as its tags describe it."""

    head: bool
    across: int
    down: int
    parts: list[str] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


@dataclass
class _Table:
    """A table as its tags describe it."""

    caption: list[str] = field(default_factory=list)
    rows: list[list[_Cell]] = field(default_factory=list)
    top: int = 0  # rows in its thead
    nested: bool = False
    hidden: bool = False


class _Parser(HTMLParser):
    """Collects the tables of a page; a table within a cell is noted and not read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.depth = 0
        self.ignored: list[str] = []  # open tags from the first that is ignored on
        self.cell: _Cell | None = None
        self.in_caption = False
        self.in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        hidden = "hidden" in said or _HIDDEN.search(said.get("style") or "")
        if self.ignored and tag in _ENDS.get(self.ignored[0], ()) and "table" not in self.ignored:
            self.ignored = []  # its end tag was left out
        if hidden and tag in _ENDS and self.depth == 1 and not self.ignored:
            self.tables[-1].hidden = True
        if tag in _VOID:
            if tag == "br":
                self.handle_data(" ")
        elif self.ignored or tag in _IGNORED or hidden:
            self.ignored.append(tag)
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(_Table())
            else:
                self.tables[-1].nested = True
        elif self.depth == 1:
            self.start_in_table(tag, said)

    def start_in_table(self, tag: str, said: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if tag == "caption":
            self.in_caption = True
        elif tag in ("thead", "tbody", "tfoot"):
            self.in_head = tag == "thead"
            self.cell = None
        elif tag == "tr":
            table.rows.append([])
            table.top += self.in_head
            self.cell = None
        elif tag in ("td", "th"):
            if not table.rows:
                table.rows.append([])
            self.cell = _Cell(tag == "th", _span(said, "colspan"), _span(said, "rowspan"))
            table.rows[-1].append(self.cell)
        elif tag == "sup" and self.cell:
            self.cell.raised.append(len(self.cell.parts))
        elif tag in ("p", "div", "li") and self.cell:
            self.cell.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.ignored:
            # Tags that were left open end with the one around them.
            if tag in self.ignored:
                del self.ignored[len(self.ignored) - 1 - self.ignored[::-1].index(tag) :]
        elif tag == "table":
            self.depth = max(self.depth - 1, 0)
            self.cell = None if not self.depth else self.cell
        elif self.depth == 1:
            self.end_in_table(tag)

    def end_in_table(self, tag: str) -> None:
        if tag == "caption":
            self.in_caption = False
        elif tag == "thead":
            self.in_head = False
        elif tag in ("td", "th", "tr"):
            self.cell = None
        elif tag == "sup" and self.cell and self.cell.raised:
            start = self.cell.raised.pop()
            mark = "".join(self.cell.parts[start:])
            self.cell.parts[start:] = [raised(mark)]

    def handle_data(self, data: str) -> None:
        if self.ignored or self.depth != 1:
            return
        if self.in_caption:
            self.tables[-1].caption.append(data)
        elif self.cell is not None:
            self.cell.parts.append(data)


def from_html(text: str, source: str, which: int | str | None = None) -> Grid:
    """Cut a table of a page into cells.

    Parameters
    ----------
    text : str
        The page, or the part of it that holds the table.
    source : str
        What it is called in messages.
    which : int or str, optional
        Number of the table, from 1, or its caption, where there are several.

    Returns
    -------
    Grid

    Raises
    ------
    TableError
        If there is no table, or it is not said which of several.
    """
    parser = _Parser()
    parser.feed(text)
    parser.close()
    found = [(n, t) for n, t in enumerate(parser.tables, 1) if any(len(r) > 1 for r in t.rows)]
    chosen = _chosen(found, source, which)
    if chosen.nested:
        raise TableError(f"{source}: a cell of the table holds another table; give that one alone.")
    caption = " ".join("".join(chosen.caption).split())
    rows = _spread(chosen, source)
    heads = chosen.top or next(
        (n for n, row in enumerate(chosen.rows) if not all(c.head for c in row)), 0
    )
    remarks = ("rows or cells that a browser hides are left out.",) if chosen.hidden else ()
    return Grid(rectangle(rows), source, title=caption, heads=heads, remarks=remarks)


def _chosen(found: list[tuple[int, _Table]], source: str, which: int | str | None) -> _Table:
    if not found:
        raise TableError(f"{source}: there is no table in it.")
    captions = {n: " ".join("".join(t.caption).split()) for n, t in found}
    if which is None and len(found) == 1:
        return found[0][1]
    for number, table in found:
        if which is not None and which in (number, str(number), captions[number] or None):
            return table
    listed = ", ".join(f"{n} {captions[n]!r}" if captions[n] else str(n) for n, _ in found[:20])
    raise TableError(
        f"{source}: it holds {len(found)} tables: {listed}. Say which with sheet=, by its "
        "number or its caption."
    )


def _span(said: dict[str, str | None], name: str) -> int:
    value = (said.get(name) or "1").strip()
    # rowspan="0" is "to the end", which nobody prints; a span beyond any table is cut.
    return min(max(int(value), 1), _WIDEST) if value.isdecimal() and len(value) < 6 else 1


def _spread(table: _Table, source: str) -> list[list[Raw]]:
    """Lay cells out in a rectangle; those that reach over others stand in each place."""
    open_cells: dict[int, tuple[int, str]] = {}  # column: rows left, text
    rows: list[list[Raw]] = []
    cells = 0
    for number, tags in enumerate(table.rows, 1):
        row: list[Raw] = []

        def carry(row: list[Raw] = row, number: int = number) -> None:
            while (column := len(row) + 1) in open_cells:
                left, text = open_cells.pop(column)
                if left > 1:
                    open_cells[column] = (left - 1, text)
                row.append(Raw(text, number, column, spread=True))

        for cell in tags:
            carry()
            for offset in range(cell.across):
                column = len(row) + 1
                row.append(Raw(cell.text, number, column, spread=offset > 0))
                if cell.down > 1:
                    open_cells[column] = (cell.down - 1, cell.text)
        carry()
        cells += len(row)
        if cells > MOST_CELLS:
            raise TableError(f"{source}: has more than {MOST_CELLS:,} cells.")
        rows.append(row)
    return rows
