"""The lines of a table: labels, units, indentation, roles, and their cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from carbonkit.errors import UnitError
from carbonkit.tables.grid import Raw
from carbonkit.tables.meaning.cells import Given, is_blank, make_cell, parted
from carbonkit.tables.meaning.columns import Columns
from carbonkit.tables.meaning.draft import Draft
from carbonkit.tables.meaning.words import (
    is_bare_total,
    plain,
    role_of,
    slug,
    split_unit,
    unit_of,
    unmarked,
)
from carbonkit.tables.parts import VALUE_ROLES, Line

__all__ = ["make_lines"]

_BULLET = re.compile(r"\A[-–—•·▪◦‣*o]\s+(?=\S)")
_DITTO = frozenset({'"', "″", "〃", "''", "do.", "ditto"})


@dataclass(frozen=True)
class _Row:
    """A row with its label, before it is a line."""

    title: str
    unit: str
    scale: str
    indent: int
    label: Raw
    values: tuple[Raw, ...]

    @property
    def filled(self) -> bool:
        return any(raw.text and not raw.spread for raw in self.values)


def make_lines(draft: Draft, columns: Columns, body: list[list[Raw]]) -> tuple[Line, ...]:
    """Make the lines of a table from its rows; what is wrong is noted.

    Parameters
    ----------
    draft : Draft
        The reading.
    columns : Columns
        Its columns, and their places in the rows.
    body : list of list of Raw
        The rows below the headings.

    Returns
    -------
    tuple of Line
    """
    rows: list[_Row] = []
    labels = [place for place, _ in columns.of("label")]
    above: tuple[str, ...] = ()
    for raws in body:
        above = _add_row(draft, columns, labels, raws, rows, above)
    indents = sorted({row.indent for row in rows})
    values = [column for _, column in columns.of(*VALUE_ROLES)]
    lines: list[Line] = []
    headings: list[tuple[int, str, str]] = []  # level, unit and power of ten of open headings
    units = {row.unit for row in rows if row.filled and role_of(row.title, row.unit) == "part"}
    shared = units.pop() if len(units) == 1 else ""
    for row in rows:
        level = indents.index(row.indent)
        if not row.filled:
            headings = [h for h in headings if h[0] < level]
            headings.append((level, row.unit, row.scale))
        given = _given(draft, row, [h for h in reversed(headings) if h[0] <= level], shared)
        cells = tuple(
            make_cell(draft, raw, column, given)
            for raw, column in zip(row.values, values, strict=True)
        )
        unit = given.unit
        role = role_of(row.title, unit or given.default) if row.filled else "heading"
        lines.append(Line("", row.title, role, cells, unit, level, f"row {row.label.row}"))
    _remark_repeats(draft, lines)
    return _named(lines)


def _given(draft: Draft, row: _Row, headings: Sequence[tuple[int, str, str]], shared: str) -> Given:
    """Return what a line says of units, itself and by the headings above it."""
    # A share or an intensity is not in the unit of what stands around it.
    if role_of(row.title) in ("share", "intensity"):
        return Given(row.unit, row.scale)
    unit = next((u for _, u, _ in headings if u), draft.unit)
    if not unit and is_bare_total(row.title):
        unit = shared  # a sum of lines is in the unit that they all have
    scale = next((s for _, _, s in headings if s), "")
    return Given(row.unit, row.scale, unit, scale)


def _add_row(
    draft: Draft,
    columns: Columns,
    labels: Sequence[int],
    row: list[Raw],
    rows: list[_Row],
    above: tuple[str, ...],
) -> tuple[str, ...]:
    """Add a row, and headings for what stands in label columns before its own label."""
    values = tuple(row[place] for place, _ in columns.of(*VALUE_ROLES))
    titles = [row[place] for place in labels]
    depth = max((k for k, raw in enumerate(titles) if raw.text), default=-1)
    # A cell that is merged over the rest of its row, or repeats its left neighbour, adds nothing.
    while depth > 0 and plain(titles[depth].text) == plain(titles[depth - 1].text):
        depth -= 1
    if depth < 0:
        stray = next((raw for raw in values if raw.text and not raw.spread), None)
        if stray is not None:
            draft.note(
                stray, "stands in a row without a label. Write what the row holds before it."
            )
        return above
    before = tuple(
        plain(raw.text) or (above[k] if k < len(above) else "")
        for k, raw in enumerate(titles[:depth])
    )
    for k, text in enumerate(before):
        if text and text != (above[k] if k < len(above) else ""):
            nothing = tuple(raw._replace(text="", spread=False) for raw in values)
            title, unit, scale = _title(draft, titles[k]._replace(text=text))
            rows.append(_Row(title, unit, scale, _indent(titles[k], k), titles[k], nothing))
    label = titles[depth]
    title, unit, scale = _title(draft, label)
    written, own_scale = _unit_cell(draft, columns, row, rows)
    if written and unit and written != unit:
        draft.note(label, f"the label says {unit}, and the unit column {written}. Correct one.")
    if re.match(_BULLET, label.text):
        label = label._replace(indent=label.indent + 1)
    rows.append(
        _Row(title, written or unit, own_scale or scale, _indent(label, depth), label, values)
    )
    return (*before, plain(label.text))


def _indent(raw: Raw, depth: int) -> int:
    return raw.indent + 1000 * depth


def _title(draft: Draft, raw: Raw) -> tuple[str, str, str]:
    """Return the title of a label, its unit, and a bare power of ten."""
    text = unmarked(_BULLET.sub("", raw.text)).rstrip(": ")
    try:
        title, found = split_unit(text, draft.asked.tons)
    except UnitError as error:
        draft.note(raw, error)
        return text, "", ""
    scale, unit = parted(found)
    return title.rstrip(": ") or text, unit, scale


def _unit_cell(
    draft: Draft, columns: Columns, row: list[Raw], rows: Sequence[_Row]
) -> tuple[str, str]:
    """Return the unit that the unit column gives, and a bare power of ten."""
    for place, _ in columns.of("unit"):
        text = unmarked(row[place].text)
        if plain(row[place].text) in _DITTO:
            return (rows[-1].unit, rows[-1].scale) if rows else ("", "")
        if not text or is_blank(text):
            continue
        try:
            scale, unit = parted(unit_of(text, draft.asked.tons))
        except UnitError as error:
            draft.note(row[place], f"{error} For a plain count write 1.")
            return "", ""
        return unit, scale
    return "", ""


def _named(lines: list[Line]) -> tuple[Line, ...]:
    """Give each line a name of its own, with that of its heading where a label comes again."""
    slugs = [slug(line.title) or slug(line.place) for line in lines]
    taken: set[str] = set()
    named: list[Line] = []
    parents: list[tuple[int, str]] = []
    for line, short in zip(lines, slugs, strict=True):
        parents = [(level, name) for level, name in parents if level < line.level]
        heading = next((n for n in reversed(parents)), None) or _heading(named, slugs)
        name = short
        if slugs.count(short) > 1 and heading and line.role != "heading":
            name = slug(f"{heading[1]} {short}", 48)
        base, count = name, 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name)
        named.append(replace(line, name=name))
        parents.append((line.level, short))
    return tuple(named)


def _heading(named: Sequence[Line], slugs: Sequence[str]) -> tuple[int, str] | None:
    """Return the last heading above, for tables that do not indent."""
    for number in range(len(named) - 1, -1, -1):
        if named[number].role == "heading":
            return named[number].level, slugs[number]
    return None


def _remark_repeats(draft: Draft, lines: Sequence[Line]) -> None:
    """Remark on lines that say the same as another one under the same heading."""
    seen: dict[tuple[str, str], Line] = {}
    heading = ""
    for line in lines:
        if line.role == "heading":
            heading = line.title
            continue
        key = (heading, line.title.casefold())
        first = seen.setdefault(key, line)
        if first is not line:
            same = [c.text for c in first.cells] == [c.text for c in line.cells]
            draft.remarks.append(
                f"{first.place} and {line.place} have the same label {line.title!r}"
                + (" and the same cells." if same else ".")
            )
