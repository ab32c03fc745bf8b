"""From rows of cells to a table: which rows are headings, and which way the table lies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from carbonkit import units
from carbonkit.errors import TableError, UnitError, nearest
from carbonkit.printed import Rounding
from carbonkit.tables.grid import Grid, Raw, refuse
from carbonkit.tables.meaning.cells import is_blank, is_figure, parted
from carbonkit.tables.meaning.columns import find_columns
from carbonkit.tables.meaning.draft import Asked, Draft
from carbonkit.tables.meaning.heads import is_heading, is_period, read_head, word_role
from carbonkit.tables.meaning.lines import make_lines
from carbonkit.tables.meaning.marks import find_marks
from carbonkit.tables.meaning.words import meant, plain, split_unit, unmarked
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.parts import VALUE_ROLES

__all__ = ["laid_out"]

_NOTE = re.compile(
    r"[*†‡§¹²³⁴⁵⁶⁷⁸⁹]|\(?[a-z1-9]\)|\[\w\]|[1-9]\.? |notes?\b|sources?\b|quelle|anmerkung|注", re.I
)
_YEAR_WORDS = re.compile(
    r"years?|fiscal year|period|reporting year|jahr|année|año|年份?|年度", re.I
)
_ROUNDINGS = ("unknown", *Rounding)


def laid_out(grid: Grid, asked: Asked) -> PrintedTable:
    """Find the layout of a table and read its cells.

    Parameters
    ----------
    grid : Grid
        Its cells.
    asked : Asked
        What the caller says.

    Returns
    -------
    PrintedTable

    Raises
    ------
    TableError
        If cells cannot be read; the message names every one of them.
    """
    _check(asked, grid.source)
    draft = Draft(grid, asked, remarks=list(grid.remarks))
    titles, heads, body = _seen(draft)
    turned = _lies_turned(heads, body)
    if turned:
        heads, body = _turned(heads, body)
    title = _title(draft, titles, heads)
    body = _without_repeated_heads(draft, heads, body)
    columns = find_columns(draft, heads, body)
    values = [place for place, _ in columns.of(*VALUE_ROLES)]
    if not values:
        raise TableError(f"{grid.source}: no column of it holds figures.")
    figures = [row[j] for row in body for j in values if is_figure(row[j].text)]
    draft.marks, unclear = find_marks(grid, figures, asked.decimal, asked.thousands)
    draft.problems += unclear
    lines = make_lines(draft, columns, body)
    if not draft.problems and not any(c.figure for line in lines for c in line.cells):
        raise TableError(f"{grid.source}: there is no figure in it.")
    bare = [ln.title for ln in lines if any(c.figure and not c.unit for c in ln.cells)]
    if bare:
        draft.remarks.append(f"no unit is given for {', '.join(bare[:10])}.")
    if draft.problems:
        raise refuse(grid.source, sorted(set(draft.problems), key=lambda p: (p.row, p.column)))
    return PrintedTable(
        name=asked.name,
        columns=columns.columns,
        lines=lines,
        title=title,
        page=asked.page,
        unit=draft.unit,
        decimal=draft.marks.decimal,
        thousands=draft.marks.thousands,
        tons=asked.tons,
        rounding=asked.rounding,
        totals={name: tuple(parts) for name, parts in (asked.totals or {}).items()},
        source=grid.source,
        turned=turned,
        remarks=tuple(draft.remarks),
    )


def _seen(draft: Draft) -> tuple[list[Raw], list[list[Raw]], list[list[Raw]]]:
    """Part a grid into lines above the table, its headings, and its other rows."""
    titles, rows, hint = _above(_dense(draft.grid.rows), draft.grid.heads)
    rows = _without_notes(draft, rows)
    heads, body = _parts(rows, hint)
    if not heads or not body or len(rows[0]) < 2:
        raise TableError(
            f"{draft.grid.source}: no table is seen in it. A table has headings in its first row "
            "(years, say), a label at the beginning of each other row, and figures."
        )
    return titles, heads, body


def _check(asked: Asked, source: str) -> None:
    """Refuse what the caller says where it cannot be."""
    if not asked.name.isidentifier():
        raise TableError(
            f"{source}: name={asked.name!r} cannot be the name of a table: use letters, digits and "
            "_, as in energy_2020."
        )
    if asked.rounding not in _ROUNDINGS:
        raise TableError(
            f"{source}: rounding={asked.rounding!r} is unknown."
            f"{nearest(str(asked.rounding), _ROUNDINGS)} Known: {', '.join(_ROUNDINGS)}."
        )
    totals = asked.totals or {}
    if any(isinstance(parts, str) for parts in totals.values()):
        raise TableError(f"{source}: totals: give the parts of a total as a list of names.")


def _dense(rows: Sequence[list[Raw]]) -> list[list[Raw]]:
    """Leave out empty rows, and empty columns at the sides."""
    kept = [row for row in rows if any(raw.text for raw in row)]
    filled = [j for j in range(len(kept[0]) if kept else 0) if any(row[j].text for row in kept)]
    return [row[filled[0] : filled[-1] + 1] for row in kept] if filled else []


def _above(rows: list[list[Raw]], heads: int) -> tuple[list[Raw], list[list[Raw]], int]:
    """Part the lines above the table, each of one text, from the table."""
    titles: list[Raw] = []
    while len(rows) > 1 and rows[0][0].text and _alone(rows[0]):
        titles.append(rows[0][0])
        rows, heads = rows[1:], max(heads - 1, 0)
    rows = _dense(rows)
    while heads and not any(raw.text for raw in rows[0]):
        rows, heads = rows[1:], heads - 1
    return titles, rows, heads


def _alone(row: Sequence[Raw]) -> bool:
    """Say whether nothing stands in a row but its first cell, or what is merged with it."""
    first = row[0].text
    return all(not raw.text or (raw.spread and raw.text == first) for raw in row[1:])


def _without_notes(draft: Draft, rows: list[list[Raw]]) -> list[list[Raw]]:
    """Take off footnotes below the table; they become remarks."""
    end = len(rows)
    while end > 1 and _alone(rows[end - 1]):
        end -= 1
    if end == 1:
        return rows
    for row in rows[end:]:
        draft.remarks.append(f"below the table: {plain(row[0].text)[:200]}")
    return rows[:end]


def _parts(rows: list[list[Raw]], hint: int) -> tuple[list[list[Raw]], list[list[Raw]]]:
    """Part the rows of headings from the others."""
    count = 0
    for row in rows:
        if count < hint or _is_head(row, rows[:count], bool(hint)):
            count += 1
        else:
            break
    return rows[:count], rows[count:]


def _is_head(row: Sequence[Raw], before: Sequence[Sequence[Raw]], hinted: bool) -> bool:
    """Say whether a row goes on with the headings above it."""
    texts = [raw.text for raw in row[1:] if raw.text]
    if not texts or any(is_figure(t) and not is_heading(t) for t in texts):
        return False
    if not before:
        return True
    label = row[0]
    unlabelled = not label.text or label.spread or word_role(label.text) == "unit"
    years = [t for t in texts if not word_role(t)]
    if all(is_period(t) for t in years) and not any(
        is_period(raw.text) for above in before for raw in above[1:]
    ):
        return unlabelled or not any(above[0].text for above in before)
    if any(is_blank(t) for t in texts):
        return False
    return unlabelled or (not hinted and not any(above[0].text for above in before))


def _lies_turned(heads: Sequence[Sequence[Raw]], body: Sequence[Sequence[Raw]]) -> bool:
    """Say whether the years stand down the table."""
    labels = [row[0].text for row in body if row[0].text]
    years = [is_period(text) for text in labels]
    if any(read_head(_safe(raw.text)).period for row in heads for raw in row[1:]):
        return False
    named = any(_YEAR_WORDS.fullmatch(unmarked(row[0].text)) for row in heads)
    return sum(years) * 2 > len(years) and (len(years) > 1 or named) and years[0]


def _safe(text: str) -> str:
    """Leave only the words of a heading in which a year may stand."""
    return text if re.search(r"\d\d", text) and is_period(text) else ""


def _turned(
    heads: list[list[Raw]], body: list[list[Raw]]
) -> tuple[list[list[Raw]], list[list[Raw]]]:
    """Exchange lines and columns: the labels become headings, the headings become labels."""
    rows = [*heads, *body]
    whole = [[row[j] for row in rows] for j in range(len(rows[0]))]
    count = len(heads)
    units_at = [k for k, row in enumerate(heads) if _all_units(row[1:]) and k]
    first = whole[0]
    # The corner names what the years are, not what the lines are.
    top = [
        raw._replace(text="Unit" if k in units_at else "") for k, raw in enumerate(first[:count])
    ]
    return [[*top, *first[count:]]], whole[1:]


def _all_units(row: Sequence[Raw]) -> bool:
    texts = [raw.text for raw in row if raw.text]
    try:
        return bool(texts) and all(meant(text.strip("()[]"), "tonne") for text in texts)
    except UnitError:
        return True  # a misspelt unit, which is refused where it is read


def _without_repeated_heads(
    draft: Draft, heads: Sequence[Sequence[Raw]], body: list[list[Raw]]
) -> list[list[Raw]]:
    """Leave out headings that come again, as at the top of a page."""
    known = [[plain(raw.text) for raw in row] for row in heads]
    kept = [row for row in body if [plain(raw.text) for raw in row] not in known]
    if len(kept) < len(body):
        draft.remarks.append("rows that repeat the headings are left out.")
    return kept


def _title(draft: Draft, titles: Sequence[Raw], heads: list[list[Raw]]) -> str:
    """Return the heading of the table, and keep the unit that it or the corner gives."""
    asked = draft.asked
    found: list[tuple[str, str]] = []  # where from, and the unit
    if asked.unit is not None:
        try:
            found.append(("unit=", units.canonical(asked.unit, tons=asked.tons)))
        except UnitError as error:
            raise TableError(f"{draft.grid.source}: unit={asked.unit!r}: {error}") from None
    corner = [row[0] for row in heads if row[0].text and word_role(row[0].text) != "unit"]
    lines = [asked.title or draft.grid.title, *(raw.text for raw in (*titles, *corner))]
    for text in filter(None, lines):
        try:
            unit = meant(unmarked(text), asked.tons) or split_unit(unmarked(text), asked.tons)[1]
        except UnitError as error:
            raise TableError(f"{draft.grid.source}: {plain(text)!r}: {error}") from None
        if unit:
            found.append((repr(plain(text)), unit))
    for where, unit in found:
        scale, unit = parted(unit)
        if scale and draft.scale not in ("", scale):
            raise TableError(
                f"{draft.grid.source}: {where} says {scale}, and another {draft.scale}."
            )
        if unit and draft.unit and not _agree(draft.unit, unit):
            raise TableError(
                f"{draft.grid.source}: {where} says {unit}, and {found[0][0]} says {draft.unit}. "
                "Correct the one that is wrong."
            )
        draft.scale = scale or draft.scale
        draft.unit = draft.unit or unit
    if asked.unit is not None:
        draft.scale = ""
    return asked.title or draft.grid.title or (plain(titles[0].text) if titles else "")


def _agree(one: str, other: str) -> bool:
    """Say whether two units are the same, but for "per year" or a gas."""
    ratio = units.measure(one) / units.measure(other)
    return ratio.size == 1 and all(n == "year" or "species" in n for n, _ in ratio.dimensions)
