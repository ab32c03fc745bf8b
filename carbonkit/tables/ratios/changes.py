"""Changes that a table prints, as claims: in per cent, in percentage points or in amounts.

Where the table itself says which years and which kind of change it prints, that is the reading;
else the reading that closes most often, in at least half of the cells. Whether the change of a
percentage is in per cent of it or in points is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from carbonkit import units
from carbonkit._text import number
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.parts import Column
from carbonkit.tables.ratios.trials import (
    Cells,
    Rule,
    Trial,
    claim_by,
    filled,
    named_lines,
    open_claim,
    text_of,
)
from carbonkit.tables.sums.amounts import Key
from carbonkit.tables.sums.wording import quoted

__all__ = ["change_column", "change_line"]

_FALL = re.compile(r"reduc|decreas|declin|saving|\bcut\b|r[üu]ckgang|minderung|减少|下降", re.I)

CHANGE = Rule("percent_change({}, {})", lambda a, b: a / b - 1, True, "changes by {} from {}")
POINTS = Rule(
    "points_change({}, {})", lambda a, b: (a - b) * 100, False, "moves by {} points from {}"
)
AMOUNT = Rule("{} - {}", lambda a, b: a - b, False, "differs by {} from {}")


def _turned(rule: Rule) -> Rule:
    """A fall printed without its sign."""
    written = "{1} - {0}" if rule is AMOUNT else f"-{rule.written}"
    return Rule(written, lambda a, b: rule.compute(a, b) * -1, rule.divides, rule.words)


def _years(table: PrintedTable, group: str) -> dict[str, int]:
    """Return the columns of figures by period, oldest first; none if a period stands twice."""
    columns = [(k, c) for k, c in enumerate(table.value_columns) if c.role == "value" and c.period]
    own = [(k, c) for k, c in columns if c.group == group] or columns
    periods = [c.period for _, c in own]
    if len(set(periods)) < len(periods):
        return {}
    return {c.period: k for k, c in sorted(own, key=lambda pair: pair[1].period)}


def _pairs(column: Column, years: dict[str, int]) -> list[tuple[int, int]]:
    """Return the columns that a change can compare, new and base, the likeliest first."""
    order = list(years)
    if any(p and p not in years for p in (column.period, column.base)):
        return []
    new = column.period or next((p for p in reversed(order) if p != column.base), "")
    if not new:
        return []
    earlier = [column.base] if column.base else order[: order.index(new)]
    bases = dict.fromkeys((*earlier[-1:], *earlier[:1]))
    return [(years[new], years[base]) for base in bases if base != new]


def _rules(unit: str, measure: str, of: str) -> tuple[Rule, ...]:
    """Return the rules that a change in one unit, of figures in another, can follow."""
    share = of in ("%", "‰")
    if unit == "pp" or measure == "points":
        return (POINTS,) if share and unit == "pp" else ()
    if unit == "%" and measure != "amount":
        return (CHANGE, AMOUNT) if share else (CHANGE,)
    if unit and of and units.same_dimension(unit, of):
        return (AMOUNT,)
    return ()


def change_column(cells: Cells, j: int) -> Iterator[dict[str, Any]]:
    """Go through the claims of a column of changes, line by line."""
    table, column = cells.table, cells.table.value_columns[j]
    claimed = filled(cells, ((i, j) for i in range(len(table.lines))))
    pairs = _pairs(column, _years(table, column.group))
    if not claimed:
        return
    options = [
        [
            Trial((i, j), rule, (i, new), (i, base))
            for i, _ in claimed
            if len(rules := _rules(cells.unit((i, j)), column.measure, cells.unit((i, new)))) == 1
            for rule in rules
        ]
        for new, base in pairs
    ]
    yield from _changes(cells, column.title, claimed, options, pairs[:1] if len(pairs) == 1 else [])
    for key in claimed if pairs else []:
        after, before = ((key[0], k) for k in pairs[0])
        if len(_rules(cells.unit(key), column.measure, cells.unit(after))) > 1:
            yield from _percent_or_points(cells, key, after, before)


def change_line(cells: Cells, i: int) -> Iterator[dict[str, Any]]:
    """Go through the claims of a line of changes: against the year before, or the first."""
    table, line = cells.table, cells.table.lines[i]
    of = next((k for k in named_lines(table, i) if table.lines[k].role != "change"), None)
    if of is None:
        return
    options: list[list[Trial]] = [[], []]
    unsure: list[tuple[Key, Key, Key]] = []
    claimed: list[Key] = []
    for group in dict.fromkeys(c.group for c in table.value_columns):
        order = list(_years(table, group).items())
        for place, (_, k) in enumerate(order):
            key = (i, k)
            if cells.figure(key) is None or not place:
                continue
            claimed.append(key)
            for option, base in zip(options, (order[place - 1][1], order[0][1]), strict=True):
                rules = _rules(cells.unit(key), "", cells.unit((of, k)))
                if len(rules) == 1:
                    option.append(Trial(key, rules[0], (of, k), (of, base)))
            if len(rules) > 1:
                unsure.append((key, (of, k), (of, order[place - 1][1])))
    claimed = list(dict.fromkeys(claimed))
    if claimed:
        yield from _changes(cells, line.title, claimed, options, [])
    for key, after, before in dict.fromkeys(unsure):
        yield from _percent_or_points(cells, key, after, before)


def _changes(
    cells: Cells,
    title: str,
    claimed: list[Key],
    options: list[list[Trial]],
    plain: list[tuple[int, int]],
) -> Iterator[dict[str, Any]]:
    """Yield the claims of changes, by the years and the sign that the figures bear out."""
    table = cells.table
    options = [sound for o in options if (sound := [t for t in o if cells.sound(t)])]
    if _FALL.search(title):
        options += [[Trial(t.claimed, _turned(t.rule), t.one, t.other) for t in o] for o in options]
        plain = []
    if not options:
        return
    chosen, _ = cells.best(options)
    if not chosen and plain:
        chosen = options[0]
    if not chosen:
        told = f"which years {quoted(title)} compares: it follows from none of those printed"
        statement = f"{quoted(title)} is a change between two years of the table."
        yield open_claim(cells, claimed[0], "-years", statement, told)
    for trial in chosen:
        words = trial.rule.words.format(
            quoted(text_of(cells, trial.claimed)), table.value_columns[trial.other[1]].title
        )
        line, column = table.lines[trial.one[0]], table.value_columns[trial.one[1]]
        statement = f"{quoted(line.title)} {words} to {column.title}."
        yield claim_by(cells, trial, statement)


def _percent_or_points(cells: Cells, key: Key, new: Key, base: Key) -> Iterator[dict[str, Any]]:
    """Leave open whether the change of a percentage is in per cent of it or in points."""
    one, other = cells.figure(new), cells.figure(base)
    if one is None or other is None:
        return
    points = one.value - other.value
    per_cent = f"{number(100 * points / other.value, 3)} %" if other.value else "nothing"
    yield open_claim(
        cells,
        key,
        "",
        f"{quoted(cells.table.lines[new[0]].title)} changes by {quoted(text_of(cells, key))}.",
        "whether the change is in per cent of the earlier percentage, which gives "
        f"{per_cent}, or in percentage points, which gives {number(points, 3)}",
    )
