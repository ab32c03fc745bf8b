"""Shares and intensities that a table prints, as claims, and all that is derived but sums.

A reading counts if it closes in at least half of the cells where it can be tried. Where two
readings remain, or none, the claim is not checkable and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from carbonkit import units
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.ratios.changes import change_column, change_line
from carbonkit.tables.ratios.trials import (
    Cells,
    Rule,
    Trial,
    claim_by,
    filled,
    named_lines,
    open_claim,
    text_of,
    value_places,
    words_of,
)
from carbonkit.tables.sums.amounts import Key
from carbonkit.tables.sums.lanes import is_detail, is_ratio
from carbonkit.tables.sums.structure import Structure
from carbonkit.tables.sums.wording import quoted

__all__ = ["ratio_claims"]

_PAIRS = 200  # of lines that an intensity is tried with

SHARE = Rule("share({}, {})", lambda a, b: a / b, True, "")
PER = Rule("intensity({}, {})", lambda a, b: a / b, True, "")


def ratio_claims(table: PrintedTable, found: Structure) -> Iterator[dict[str, Any]]:
    """Derive the claims of change, share and intensity that a table makes.

    Parameters
    ----------
    table : PrintedTable
        The table.
    found : Structure
        Its sums: a share is one of the total that a line is part of.

    Yields
    ------
    dict
        Entries of ``[[claims]]``.
    """
    cells = Cells(table)
    for j, column in enumerate(table.value_columns):
        if column.role == "change":
            yield from change_column(cells, j)
        elif column.role == "share":
            yield from _share_column(cells, found, j)
    for i, line in enumerate(table.lines):
        if line.role == "change":
            yield from change_line(cells, i)
        elif line.role == "share":
            yield from _share_line(cells, found, i)
        elif line.role == "intensity" or _all_ratios(table, i):
            yield from _intensity_line(cells, i)


def _all_ratios(table: PrintedTable, line: int) -> bool:
    filled = [c.unit for c in table.lines[line].cells if c.figure is not None]
    return bool(filled) and all(is_ratio(u) and "/" in u for u in filled)


# --- shares --------------------------------------------------------------------------------------


def _wholes(table: PrintedTable, found: Structure) -> list[dict[int, int]]:
    """Say of what each line is a share: the nearest total, the outermost, the last labelled.

    Of a line "of which ..." it is the line above.
    """
    parent = {p: s.total for s in found.sums if s.axis == "down" for p in s.parts}
    outermost = {}
    for line in parent:
        whole, seen = line, {line}
        while (next_ := parent.get(whole)) is not None and next_ not in seen:
            whole = next_
            seen.add(whole)
        outermost[line] = whole
    totals = [i for i, line in enumerate(table.lines) if line.role == "total"]
    last = dict.fromkeys(range(len(table.lines)), totals[-1]) if totals else {}
    return [parent, outermost, last, _detailed(table)]


def _detailed(table: PrintedTable) -> dict[int, int]:
    """Say which line each line "of which ..." details."""
    found: dict[int, int] = {}
    above: int | None = None
    for i, line in enumerate(table.lines):
        if line.role in ("part", "total"):
            if not is_detail(line.title):
                above = i
            elif above is not None:
                found[i] = above
    return found


def _share_column(cells: Cells, found: Structure, j: int) -> Iterator[dict[str, Any]]:
    table, column = cells.table, cells.table.value_columns[j]
    values = [k for k, c in enumerate(table.value_columns) if c.role in ("value", "total")]
    named = [k for k in values if column.period and table.value_columns[k].period == column.period]
    before = [k for k in values if k < j]
    source = named if len(named) == 1 else before[-1:]
    claimed = filled(cells, ((i, j) for i in range(len(table.lines))))
    if not source or not claimed:
        return
    options = [
        [
            Trial((i, j), SHARE, (i, source[0]), (whole[i], source[0]))
            for i, _ in claimed
            if i in whole and whole[i] != i and _same_kind(cells, (i, source[0]), whole[i])
        ]
        for whole in _wholes(table, found)
    ]
    chosen, _ = cells.best(options)
    for trial in chosen:
        yield _share(cells, trial)
    if not chosen:
        told = f"the whole of which {quoted(column.title)} gives the shares"
        statement = f"{quoted(column.title)} is the share of each line in a total."
        yield open_claim(cells, claimed[0], "-whole", statement, told)


def _same_kind(cells: Cells, key: Key, whole: int) -> bool:
    one, other = cells.unit(key), cells.unit((whole, key[1]))
    if is_ratio(one) or cells.figure((whole, key[1])) is None:
        return False
    return one == other or (bool(one and other) and units.same_dimension(one, other))


def _share(cells: Cells, trial: Trial) -> dict[str, Any]:
    part, whole = (quoted(cells.table.lines[key[0]].title) for key in (trial.one, trial.other))
    share = quoted(text_of(cells, trial.claimed))
    column = cells.table.value_columns[trial.one[1]].title
    return claim_by(cells, trial, f"{part} is {share} of {whole} in {column}.")


def _share_line(cells: Cells, found: Structure, i: int) -> Iterator[dict[str, Any]]:
    table = cells.table
    columns = [j for _, j in filled(cells, ((i, j) for j in value_places(table)))]
    wholes = _wholes(table, found)
    named = named_lines(table, i, every=True)
    options = [
        [
            Trial((i, j), SHARE, (part, j), (whole, j))
            for j in columns
            if _same_kind(cells, (part, j), whole)
        ]
        for part in named
        for whole in dict.fromkeys([*(w[part] for w in wholes if part in w), *named])
        if whole != part
    ]
    options = [option for option in options if option]
    if not options:
        return
    chosen, alone = cells.best(options)
    if chosen and alone:
        yield from (_share(cells, t) for t in chosen)
        return
    title = quoted(table.lines[i].title)
    told = f"which two lines {title} compares; "
    told += "several would give it" if chosen else "none of those printed gives it"
    yield open_claim(cells, (i, columns[0]), "-lines", f"{title} is a share of two lines.", told)


# --- intensities ---------------------------------------------------------------------------------


def _intensity_line(cells: Cells, i: int) -> Iterator[dict[str, Any]]:
    """Find the two lines of which a ratio is made: by units, by words, by the figures."""
    table = cells.table
    keys = filled(cells, ((i, j) for j in value_places(table)))
    pairs = _ratios_of(cells, i, [j for _, j in keys])
    if not pairs:
        return
    words = words_of(f"{table.lines[i].title} {re.sub('[^a-zA-Z]', ' ', table.lines[i].unit)}")
    pairs = sorted(pairs, key=lambda pair: -_likeness(table, words, pair))[:_PAIRS]
    options = [[Trial(key, PER, (a, key[1]), (b, key[1])) for key in keys] for a, b in pairs]
    chosen, alone = cells.best(options, [_likeness(table, words, pair) for pair in pairs])
    if chosen and alone:
        for trial in chosen:
            one, other = (quoted(table.lines[k[0]].title) for k in (trial.one, trial.other))
            printed = quoted(text_of(cells, trial.claimed))
            column = table.value_columns[trial.claimed[1]].title
            yield claim_by(cells, trial, f"{one} per {other} is {printed} in {column}.")
        return
    if table.lines[i].role != "intensity":
        return
    title = quoted(table.lines[i].title)
    told = f"which two lines {title} is made of; "
    told += "several would give it" if chosen else "none of those printed gives it"
    yield open_claim(
        cells, keys[0], "-lines", f"{title} is one line of the table by another.", told
    )


def _ratios_of(cells: Cells, i: int, columns: list[int]) -> list[tuple[int, int]]:
    """Return the lines whose units divide to that of a line."""
    if not columns or not cells.unit((i, columns[0])):
        return []
    table, j = cells.table, columns[0]
    wanted = units.measure(cells.unit((i, j)))
    by_dimension: dict[Any, list[int]] = {}
    for k, line in enumerate(table.lines):
        unit = line.cells[j].unit
        if k != i and unit and not is_ratio(unit) and line.role in ("part", "total"):
            by_dimension.setdefault(units.measure(unit).dimensions, []).append(k)
    pairs = []
    for members in by_dimension.values():
        needed = (wanted * units.measure(table.lines[members[0]].cells[j].unit)).dimensions
        pairs += [(a, b) for b in members for a in by_dimension.get(needed, []) if a != b]
    return pairs


def _likeness(table: PrintedTable, words: set[str], pair: tuple[int, int]) -> float:
    """Say how far the words of a ratio are those of the two lines."""
    total = 0.0
    for line in pair:
        own = words_of(table.lines[line].title)
        total += len(own & words) - 0.5 * len(own - words) / (1 + len(own))
    return total
