"""One cell that should hold a figure: what it says, and in which unit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from carbonkit import units
from carbonkit.errors import PrintedError, UnitError
from carbonkit.printed import Figure, blank, parse
from carbonkit.tables.grid import Raw
from carbonkit.tables.meaning.draft import Draft
from carbonkit.tables.meaning.marks import shown_with
from carbonkit.tables.meaning.words import plain, unit_of
from carbonkit.tables.parts import Cell, Column

__all__ = ["Given", "combined", "is_blank", "is_figure", "make_cell", "parted"]

_FIGURE = re.compile(
    r"(?:[<>≤≥~≈=±(+-]|[A-Z]{1,3}?[$€£¥₩₹]"
    r"|(?:[A-Z]{3}|about|approx\.?|ca?\.|over|under|up to)(?= ?\d))*"
    r" ?[-+(]?(?:[$€£¥] ?)?[.,]?\d[^A-Za-z]*(?:[ ]?[A-Za-z%‰€£$/²³^ .()-]{0,40})?[\d²³]?[*†‡)]*"
)
# Marks that printed figures do not know, since only in a table they are no part of the number.
_MARK = re.compile(r"(?<=[\d%)]) ?(?:\([1-9]\)|[a-f1-9]\)|\[\^?\w{1,3}\]|\^\w)$")
_BARE_SCALE = re.compile(r"10\^\d+")


@lru_cache(maxsize=65536)
def is_figure(text: str) -> bool:
    """Say whether a text looks like a figure.

    Examples
    --------
    >>> [is_figure(t) for t in ("1,204", "(35)", "<0.1", "12 MWh", "Scope 1", "n/a", "−5.2 %*")]
    [True, True, True, True, False, False, True]
    """
    return len(text) <= 200 and _FIGURE.fullmatch(plain(text)) is not None


@lru_cache(maxsize=65536)
def is_blank(text: str) -> str:
    """Return how a cell says that it holds no figure; ``""`` if it may hold one."""
    return blank(text) if len(text) <= 200 else ""


class Given(NamedTuple):
    """What a line says of the units of its cells.

    Attributes
    ----------
    unit, scale : str
        Unit and bare power of ten of the line itself; ``""`` for none.
    default, default_scale : str
        Those of the heading above it or of the table.
    """

    unit: str = ""
    scale: str = ""
    default: str = ""
    default_scale: str = ""


def make_cell(draft: Draft, raw: Raw, column: Column, line: Given) -> Cell:
    """Read a cell of a column that holds figures; what is wrong is noted.

    Parameters
    ----------
    draft : Draft
        The reading.
    raw : Raw
        The cell.
    column : Column
        Its column.
    line : Given
        What its line says of units.

    Returns
    -------
    Cell
    """
    text = shown_with(raw.text, draft.marks) if raw.number else raw.text
    kind = is_blank(text)
    if kind:
        return Cell(raw.text, raw.place, None, kind, _unit(draft, raw, column, line, None))
    if raw.spread:
        draft.note(
            raw,
            f"{raw.text!r} is a figure in a merged cell, and it is not clear to which lines and "
            "columns it belongs. Write it where it belongs, and 'n/a' elsewhere.",
        )
        return Cell(raw.text, raw.place)
    figure = _figure(draft, raw, text)
    if figure is None:
        return Cell(raw.text, raw.place)
    return Cell(figure.text, raw.place, figure, "", _unit(draft, raw, column, line, figure))


def _figure(draft: Draft, raw: Raw, text: str) -> Figure | None:
    """Read a figure, without the footnote marks that only tables have."""
    try:
        return _parsed(draft, text)
    except PrintedError as error:
        bare = _MARK.sub("", plain(text))
        if bare != plain(text):
            try:
                return _parsed(draft, bare)
            except PrintedError:
                pass
        draft.note(raw, error)
        return None


def _parsed(draft: Draft, text: str) -> Figure:
    return parse(
        text,
        decimal=draft.marks.decimal,
        thousands=draft.marks.thousands,
        tons=draft.asked.tons,
    )


def _unit(draft: Draft, raw: Raw, column: Column, line: Given, figure: Figure | None) -> str:
    """Return the canonical unit of a cell from all that gives one; note where they differ."""
    own = _own(draft, figure)
    try:
        if column.measure == "points":
            given = "pp"
        elif column.role == "share" or column.measure == "percent":
            given = column.unit or "%"
        elif column.role == "change" and not column.measure:
            return own
        else:
            given = _of_place(draft, column, line)
        if not given and not own:
            given = _by_default(draft, column, line)
        if not own and figure is not None and figure.unit is not None:
            return unit_of(figure.unit, draft.asked.tons)  # which says what is wrong with it
    except UnitError as error:
        draft.note(raw, error)
        return ""
    if own and given and own != given and not _refines(given, own):
        draft.note(
            raw,
            f"{raw.text!r} is in {own}, but its line and column are in {given}. Correct the one "
            "that is wrong, or write the unit beside the figures only.",
        )
    return given or own


def _own(draft: Draft, figure: Figure | None) -> str:
    """Return the unit printed in a cell; ``""`` if there is none, or it is no known unit."""
    if figure is None or figure.unit is None:
        return ""
    try:
        return unit_of(figure.unit, draft.asked.tons)
    except UnitError:
        return ""


def _of_place(draft: Draft, column: Column, line: Given) -> str:
    """Return the unit that a line or column itself gives to a cell."""
    scale, unit = parted(column.unit)
    if line.unit and unit and line.unit != unit:
        raise UnitError(
            f"its line is in {line.unit} and its column in {unit}. Correct the one that is wrong."
        )
    found = line.unit or unit
    if not found:
        return ""
    return combined(found, [s for s in (line.scale, scale, draft.scale) if s])


def _by_default(draft: Draft, column: Column, line: Given) -> str:
    """Return the unit of a cell for which neither line nor column gives one."""
    scales = [line.scale, parted(column.unit)[0], line.default_scale, draft.scale]
    return combined(line.default, list(dict.fromkeys(s for s in scales if s)))


def parted(unit: str) -> tuple[str, str]:
    """Part a bare power of ten, as of "in thousands", from a unit.

    Examples
    --------
    >>> parted("10^3"), parted("10^3 t"), parted("")
    (('10^3', ''), ('', '10^3 t'), ('', ''))
    """
    return (unit, "") if _BARE_SCALE.fullmatch(unit) else ("", unit)


def combined(unit: str, scales: list[str]) -> str:
    """Return a unit times the powers of ten that a table gives apart from it.

    Raises
    ------
    UnitError
        If it is not clear whether they count for a ratio.

    Examples
    --------
    >>> combined("t", ["10^3"]), combined("%", ["10^3"])
    ('10^3 t', '%')
    """
    if not scales or unit in ("%", "‰"):
        return unit
    if unit and "/" in unit.replace("/year", ""):
        raise UnitError(
            f"it is in {unit}, and a heading says {scales[0]}: whether that counts for a ratio is "
            "not clear. Write the power of ten into the unit of each line."
        )
    return units.canonical(" ".join([*scales, unit or "1"]))


@lru_cache(maxsize=4096)
def _refines(given: str, own: str) -> bool:
    """Say whether a unit only adds to the printed one: a gas, or "per year"."""
    wide, narrow = units.measure(given), units.measure(own)
    return wide.size == narrow.size and set(narrow.dimensions) <= set(wide.dimensions)
