"""What each column of a table is: labels, units, years, totals, changes, shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from carbonkit.errors import UnitError
from carbonkit.tables.grid import Raw, letters
from carbonkit.tables.meaning.cells import is_blank, is_figure
from carbonkit.tables.meaning.draft import Draft
from carbonkit.tables.meaning.heads import Head, is_period, read_head, word_role
from carbonkit.tables.meaning.words import (
    countable,
    is_bare_total,
    meant,
    plain,
    says,
    slug,
    unit_of,
    unmarked,
)
from carbonkit.tables.parts import VALUE_ROLES, Column

__all__ = ["Columns", "find_columns"]

_CODE = re.compile(r"[A-Z]{0,4}[ -]?\d+(?:[.-]\d+)*[a-z]?\.?")


@dataclass(frozen=True)
class Columns:
    """The columns of a table and where they stand.

    Attributes
    ----------
    columns : tuple of Column
        Every column.
    places : tuple of int
        For each, its place in the rows.
    """

    columns: tuple[Column, ...]
    places: tuple[int, ...]

    def of(self, *roles: str) -> list[tuple[int, Column]]:
        """Return the columns of some roles, each with its place."""
        pairs = zip(self.places, self.columns, strict=True)
        return [(place, column) for place, column in pairs if column.role in roles]


def find_columns(draft: Draft, heads: list[list[Raw]], body: list[list[Raw]]) -> Columns:
    """Find what each column is; what is wrong is noted.

    Parameters
    ----------
    draft : Draft
        The reading.
    heads, body : list of list of Raw
        The rows of headings, and the others.

    Returns
    -------
    Columns
    """
    given, heads = _unit_row(draft, heads)
    heads = _reaching(heads)
    found: list[Column] = []
    places: list[int] = []
    for j in range(len(body[0])):
        levels = _levels(heads, j)
        cells = [row[j] for row in body]
        role = _role(heads, j, body, {column.role for column in found})
        if role == "empty":
            continue
        if role == "value":
            column = _value_column(draft, levels, cells, given.get(j, ""))
        else:
            title = " ".join(unmarked(raw.text) for raw in levels[-1:])
            if role == "label" and is_period(title):
                draft.note(levels[-1], "a year stands above the labels. Write labels before it.")
            column = Column(slug(title) or role, title, role)
        found.append(column)
        places.append(j)
    return Columns(_named(_settled(found)), tuple(places))


def _unit_row(draft: Draft, heads: list[list[Raw]]) -> tuple[dict[int, str], list[list[Raw]]]:
    """Take out a row of headings that gives nothing but units."""
    for number, row in enumerate(heads):
        filled = [(j, raw) for j, raw in enumerate(row) if j and raw.text]
        says_unit = word_role(row[0].text) == "unit"
        if not filled or (not says_unit and number == 0 and len(heads) == 1):
            continue
        found: dict[int, str] = {}
        for j, raw in filled:
            if word_role(raw.text):
                continue
            try:
                unit = unit_of(raw.text, draft.asked.tons) if says_unit else meant(
                    raw.text.strip("()[]"), draft.asked.tons)  # fmt: skip
            except UnitError as error:
                draft.note(raw, error)
                unit = "1"
            if unit:
                found[j] = unit
        if len(found) == len(filled):
            return found, heads[:number] + heads[number + 1 :]
    return {}, heads


def _reaching(heads: list[list[Raw]]) -> list[list[Raw]]:
    """Let headings reach over empty cells beside them, where those below come again."""
    below = [plain(raw.text) for raw in heads[-1][1:] if raw.text]
    if len(heads) < 2 or len(set(below)) == len(below):
        return heads
    wide = []
    for row in heads[:-1]:
        left, filled = "", [row[0]]
        for raw, under in zip(row[1:], heads[-1][1:], strict=True):
            left = raw.text or left
            reached = left and not raw.text and under.text and not word_role(under.text)
            filled.append(raw._replace(text=left, spread=True) if reached else raw)
        wide.append(filled)
    return [*wide, heads[-1]]


def _levels(heads: list[list[Raw]], j: int) -> list[Raw]:
    """Return the headings above a column, from the top, each once."""
    levels: list[Raw] = []
    for row in heads:
        if row[j].text and (not levels or plain(levels[-1].text) != plain(row[j].text)):
            levels.append(row[j])
    return levels


def _said(heads: list[list[Raw]], j: int) -> str:
    """Say what the heading of a column alone makes it: "unit", "note", "page", "value" or ""."""
    levels = _levels(heads, j)
    if any(is_period(raw.text) for raw in levels):
        return "value"
    return word_role(levels[-1].text) if levels else ""


def _role(heads: list[list[Raw]], j: int, body: list[list[Raw]], before: set[str]) -> str:
    """Say whether a column holds labels, units, notes, pages, values or nothing."""
    said = _said(heads, j)
    filled = [row[j].text for row in body if row[j].text]
    if said and "label" in before:
        return said
    if not before & {"label"}:
        if not filled:
            return "empty"
        # Numbers or codes of lines stand before their labels.
        codes = bool(said) or all(_CODE.fullmatch(text) for text in filled)
        beside = [row[j + 1].text for row in body if len(row) > j + 1 and row[j + 1].text]
        named = j + 1 < len(body[0]) and not _said(heads, j + 1)
        follows = beside and not any(map(is_figure, beside))
        return "note" if codes and named and follows else "label"
    figures = sum(is_figure(text) for text in filled)
    blanks = sum(bool(is_blank(text)) for text in filled)
    words = len(filled) - figures - blanks
    if not filled:
        return "empty"
    if words and not figures and all(_is_unit(t) or is_blank(t) for t in filled):
        return "unit"
    if words > figures + blanks:
        return "note" if before & set(VALUE_ROLES) else "label"
    return "value"


def _is_unit(text: str) -> bool:
    try:
        unit = unit_of(text, "tonne")
    except UnitError:
        return False
    return unit == "1" or not countable(unit)


def _value_column(draft: Draft, levels: list[Raw], cells: Sequence[Raw], unit: str) -> Column:
    """Describe a column that holds figures, from the headings above it."""
    if not levels:
        first = next(raw for raw in cells if raw.text)
        draft.note(
            first,
            "its column has no heading. Write what the column holds above it; or, if a mark "
            "within a number parted it, put the numbers in quotes.",
        )
        return Column("", "", "value")
    read: list[Head] = []
    for raw in levels:
        try:
            read.append(read_head(raw.text, draft.asked.tons))
        except UnitError as error:
            draft.note(raw, error)
    dated = next((h for h in reversed(read) if h.period or h.base), None)
    speaks = frozenset[str]().union(*(head.speaks for head in read))
    named = [h.group if h is dated else h.words for h in read if h.words and h.words != h.unit]
    group = " ".join(n for n in (named if dated else named[:-1]) if n)
    unit = unit or next((h.unit for h in reversed(read) if h.unit), "")
    if "points" in speaks or "change" in speaks:
        role = "change"
    else:
        role = next((r for r in ("share", "total") if r in speaks), "value")
    return Column(
        name=" ".join(h.words for h in read if h.words and h.words != h.unit),
        title=" ".join(head.title for head in read),
        role=role,
        period=dated.period if dated else "",
        base=dated.base if dated else "",
        measure=_measure(role, "points" in speaks, unit, cells, any(h.percent for h in read)),
        group=group,
        unit=unit if role != "share" else "%" if _in_percent(unit, cells) else unit,
    )


def _measure(role: str, points: bool, unit: str, cells: Sequence[Raw], percent: bool) -> str:
    """Say what a column of changes gives."""
    if role != "change":
        return ""
    in_points = [points or "points" in says(plain(raw.text)) for raw in cells if raw.text]
    if any(in_points):
        return "points" if all(in_points) else ""
    if unit:
        return "percent" if unit == "%" else "amount"
    return "percent" if percent or any("%" in plain(raw.text) for raw in cells) else ""


def _in_percent(unit: str, cells: Sequence[Raw]) -> bool:
    return unit == "%" or (not unit and any("%" in raw.text for raw in cells))


def _settled(columns: list[Column]) -> list[Column]:
    """Decide what only all columns together tell."""
    values = [c for c in columns if c.role in ("value", "total")]
    if values and all(c.role == "total" for c in values):
        columns = [replace(c, role="value") if c.role == "total" else c for c in columns]
    values = [c for c in columns if c.role in ("value", "total")]
    if any(c.unit != "%" for c in values):
        several = sum(c.role == "value" and c.unit == "%" for c in columns) > 1
        columns = [
            _share_or_change(c, columns[:i], several) if c.role == "value" and c.unit == "%" else c
            for i, c in enumerate(columns)
        ]
    columns = [_dated(c, columns[:i], columns) for i, c in enumerate(columns)]
    # A sum of columns is in the unit that they all have.
    shared = {c.unit for c in columns if c.role == "value"}
    shared = shared if len(shared) == 1 else {""}
    return [
        replace(c, unit=next(iter(shared)))
        if c.role == "total" and not c.unit and is_bare_total(c.title)
        else c
        for c in columns
    ]


def _share_or_change(column: Column, before: Sequence[Column], several: bool) -> Column:
    """Read a column that says "%" beside columns of amounts: two years before it have a change."""
    years = [c for c in before if c.role == "value" and c.period and c.unit != "%"]
    adjacent = before[-1:] and before[-1].role in ("value", "total")
    if not column.period and len(years) == 2 and adjacent and not several:
        return replace(column, role="change", measure="percent")
    return replace(column, role="share")


def _dated(column: Column, before: Sequence[Column], columns: Sequence[Column]) -> Column:
    """Give a change or share that names no year those of the columns beside it, if it is clear."""
    years = [c for c in columns if c.role == "value" and c.period and c.group in (column.group, "")]
    if column.role == "change" and not column.period and not column.base and len(years) == 2:
        base, period = sorted((c.period for c in years), key=lambda p: re.findall(r"\d{4}", p))
        if base != period:
            return replace(column, base=base, period=period)
    if column.role == "share" and not column.period:
        left = [c for c in before if c.role in ("value", "total")]
        # One share column for each year stands behind it; one for several years is of any.
        if left and sum(c.role == "share" for c in columns) >= len(years):
            return replace(column, period=left[-1].period)
    return column


def _named(columns: list[Column]) -> tuple[Column, ...]:
    """Give each column a name of its own."""
    taken: set[str] = set()
    named: list[Column] = []
    for number, column in enumerate(columns, 1):
        words = slug(column.name, 24)
        if column.role in ("change", "share") and column.role not in words:
            words = "_".join(filter(None, (words, column.role)))
        years = (column.period, column.base if column.period in words else "")
        parts = (words, *(slug(p) for p in years if p and slug(p) not in words))
        name = base = "_".join(filter(None, parts)) or f"column_{letters(number).lower()}"
        count = 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name)
        named.append(replace(column, name=name))
    return tuple(named)
