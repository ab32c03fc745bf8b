"""Changes, shares and intensities that a table prints, as claims.

A reading counts if it closes in at least half of the cells where it can be tried. Where the table
itself says which years and which kind of change it prints, that is the reading; where two readings
remain, or none, the claim is not checkable and says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from carbonkit import units
from carbonkit._text import number
from carbonkit.errors import DivisionByZeroInterval
from carbonkit.intervals import Interval
from carbonkit.printed import Figure
from carbonkit.tables.amounts import Key, read
from carbonkit.tables.model import Column, PrintedTable
from carbonkit.tables.structure import Structure, is_ratio
from carbonkit.tables.wording import claim_of, name_of, quoted

__all__ = ["ratio_claims"]

_FALL = re.compile(r"reduc|decreas|declin|saving|\bcut\b|r[üu]ckgang|minderung|减少|下降", re.I)
_WORD = re.compile(r"[^\W\d_]{3,}|\d+")
_PAIRS = 200  # of lines that an intensity is tried with
_COMMON = {"the", "and", "per", "for", "from", "total", "share", "intensity", "percentage", "ratio"}


@dataclass(frozen=True)
class Rule:
    """One way in which two figures give a third.

    Attributes
    ----------
    written : str
        The right side of the relation, for two names.
    compute : callable
        The same on intervals, in base units.
    divides : bool
        Whether it divides by the second figure.
    words : str
        What it is, in words, for the titles of both.
    """

    written: str
    compute: Callable[[Interval, Interval], Interval]
    divides: bool
    words: str


CHANGE = Rule("percent_change({}, {})", lambda a, b: a / b - 1, True, "changes by {} from {}")
POINTS = Rule(
    "percentage_points({}, {})", lambda a, b: (a - b) * 100, False, "moves by {} points from {}"
)
AMOUNT = Rule("{} - {}", lambda a, b: a - b, False, "differs by {} from {}")
SHARE = Rule("share({}, {})", lambda a, b: a / b, True, "")
PER = Rule("intensity({}, {})", lambda a, b: a / b, True, "")


def _turned(rule: Rule) -> Rule:
    """A fall printed without its sign."""
    written = "{1} - {0}" if rule is AMOUNT else f"-{rule.written}"
    return Rule(written, lambda a, b: -rule.compute(a, b), rule.divides, rule.words)


@dataclass(frozen=True)
class Trial:
    """A cell, and the two that would give it under a rule."""

    claimed: Key
    rule: Rule
    one: Key
    other: Key


class _Cells:
    """The figures of a table in base units, read by its rule of rounding."""

    def __init__(self, table: PrintedTable) -> None:
        self.table = table
        self.mode = "nearest" if table.rounding == "unknown" else table.rounding
        self.modes = ("truncated",) if table.rounding == "unknown" else ()

    def figure(self, key: Key) -> Figure | None:
        return self.table.lines[key[0]].cells[key[1]].figure

    def unit(self, key: Key) -> str:
        return self.table.lines[key[0]].cells[key[1]].unit

    def interval(self, key: Key, mode: str, zeros: int = 0) -> Interval:
        figure, unit = self.figure(key), self.unit(key)
        assert figure is not None  # noqa: S101 - only cells with a figure are tried
        return read(figure, mode, zeros) * (units.measure(unit).size if unit else 1)

    def closes(self, trial: Trial) -> bool | None:
        """Say whether a trial closes in any reading; None where it cannot be tried."""
        claimed, other = self.figure(trial.claimed), self.figure(trial.other)
        if claimed is None or self.figure(trial.one) is None or other is None:
            return None
        if trial.rule.divides and not other.value:
            return None
        try:
            fine = self._computed(trial, self.mode)
            zeros = claimed.trailing_zeros - claimed.zeros_before_magnitude
            if fine.meets(self.interval(trial.claimed, self.mode, zeros)):
                return True
            return any(
                self._computed(trial, inner).meets(self.interval(trial.claimed, mode))
                for mode in self.modes
                for inner in (self.mode, mode)
            )
        except DivisionByZeroInterval:
            return None

    def _computed(self, trial: Trial, mode: str) -> Interval:
        return trial.rule.compute(self.interval(trial.one, mode), self.interval(trial.other, mode))

    def score(self, trials: Iterable[Trial]) -> tuple[int, int]:
        """Count the trials that close, and those that can be tried."""
        found = [c for t in trials if (c := self.closes(t)) is not None]
        return sum(found), len(found)

    def best(
        self, options: Sequence[list[Trial]], likeness: Sequence[float] = ()
    ) -> tuple[list[Trial], bool]:
        """Return the reading that closes most often, and whether no other does as well.

        An empty list if none closes in half of its cells. Of readings that close equally often
        the likelier one counts, and of equally likely ones the first.
        """
        good: list[tuple[tuple[int, float], list[Trial]]] = []
        for option, like in zip(options, likeness or [0.0] * len(options), strict=True):
            fits, tried = self.score(option)
            if fits and 2 * fits >= tried:
                good.append(((fits, like), option))
        if not good:
            return [], False
        top = max(score for score, _ in good)
        winners = [option for score, option in good if score == top]
        return winners[0], len(winners) == 1


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
    cells = _Cells(table)
    for j, column in enumerate(table.value_columns):
        if column.role == "change":
            yield from _change_column(cells, j)
        elif column.role == "share":
            yield from _share_column(cells, found, j)
    for i, line in enumerate(table.lines):
        if line.role == "change":
            yield from _change_line(cells, i)
        elif line.role == "share":
            yield from _share_line(cells, found, i)
        elif line.role == "intensity" or _all_ratios(table, i):
            yield from _intensity_line(cells, i)


def _all_ratios(table: PrintedTable, line: int) -> bool:
    filled = [c.unit for c in table.lines[line].cells if c.figure is not None]
    return bool(filled) and all(is_ratio(u) and "/" in u for u in filled)


def _claim(cells: _Cells, trial: Trial, statement: str, ending: str = "") -> dict[str, Any]:
    table = cells.table
    names = (name_of(table, trial.one), name_of(table, trial.other))
    return {
        **claim_of(table, trial.claimed, ending),
        "statement": statement,
        "relation": f"{name_of(table, trial.claimed)} == {trial.rule.written.format(*names)}",
    }


def _open(cells: _Cells, key: Key, ending: str, statement: str, missing: str) -> dict[str, Any]:
    """Return a claim that the table leaves open."""
    return {
        **claim_of(cells.table, key, ending),
        "statement": statement,
        "uncheckable": "missing-figure",
        "missing": missing,
    }


def _filled(cells: _Cells, keys: Iterable[Key]) -> list[Key]:
    return [key for key in keys if cells.figure(key) is not None]


# --- changes -------------------------------------------------------------------------------------


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
    earlier = [column.base] if column.base else order[: order.index(new)] if new in order else []
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


def _change_column(cells: _Cells, j: int) -> Iterator[dict[str, Any]]:
    table, column = cells.table, cells.table.value_columns[j]
    claimed = _filled(cells, ((i, j) for i in range(len(table.lines))))
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


def _change_line(cells: _Cells, i: int) -> Iterator[dict[str, Any]]:
    table, line = cells.table, cells.table.lines[i]
    of = next((k for k in _named(table, i) if table.lines[k].role != "change"), None)
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
    cells: _Cells,
    title: str,
    claimed: list[Key],
    options: list[list[Trial]],
    plain: list[tuple[int, int]],
) -> Iterator[dict[str, Any]]:
    """Yield the claims of changes, by the years and the sign that the figures bear out."""
    table = cells.table
    options = [o for o in options if o]
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
        yield _open(cells, claimed[0], "-years", statement, told)
    for trial in chosen:
        if not (trial.rule.divides and _zero(cells, trial.other)):
            words = trial.rule.words.format(
                quoted(_text(cells, trial.claimed)), table.value_columns[trial.other[1]].title
            )
            line, column = table.lines[trial.one[0]], table.value_columns[trial.one[1]]
            statement = f"{quoted(line.title)} {words} to {column.title}."
            yield _claim(cells, trial, statement)


def _zero(cells: _Cells, key: Key) -> bool:
    figure = cells.figure(key)
    return figure is None or not figure.value


def _text(cells: _Cells, key: Key) -> str:
    """Return a cell as printed, with the unit that the head of its line or column gives."""
    figure, unit = cells.figure(key), cells.unit(key)
    text = cells.table.lines[key[0]].cells[key[1]].text.strip()
    return text if unit == "1" or (figure is not None and figure.unit) else f"{text} {unit}"


def _percent_or_points(cells: _Cells, key: Key, new: Key, base: Key) -> Iterator[dict[str, Any]]:
    """Leave open whether the change of a percentage is in per cent of it or in points."""
    one, other = cells.figure(new), cells.figure(base)
    if one is None or other is None:
        return
    points = one.value - other.value
    per_cent = f"{number(100 * points / other.value, 3)} %" if other.value else "nothing"
    yield _open(
        cells,
        key,
        "",
        f"{quoted(cells.table.lines[new[0]].title)} changes by {quoted(_text(cells, key))}.",
        "whether the change is in per cent of the earlier percentage, which gives "
        f"{per_cent}, or in percentage points, which gives {number(points, 3)}",
    )


# --- shares --------------------------------------------------------------------------------------


def _wholes(table: PrintedTable, found: Structure) -> list[dict[int, int]]:
    """Say of which total each line is a share: the nearest, the outermost, the last labelled."""
    parent = {p: s.total for s in found.sums if s.axis == "down" for p in s.parts}
    outermost = {}
    for line in parent:
        whole, seen = line, {line}
        while (above := parent.get(whole)) is not None and above not in seen:
            whole = above
            seen.add(above)
        outermost[line] = whole
    totals = [i for i, line in enumerate(table.lines) if line.role == "total"]
    last = dict.fromkeys(range(len(table.lines)), totals[-1]) if totals else {}
    return [parent, outermost, last]


def _share_column(cells: _Cells, found: Structure, j: int) -> Iterator[dict[str, Any]]:
    table, column = cells.table, cells.table.value_columns[j]
    values = [k for k, c in enumerate(table.value_columns) if c.role in ("value", "total")]
    named = [k for k in values if column.period and table.value_columns[k].period == column.period]
    before = [k for k in values if k < j]
    source = named if len(named) == 1 else before[-1:]
    claimed = _filled(cells, ((i, j) for i in range(len(table.lines))))
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
        yield _open(cells, claimed[0], "-whole", statement, told)


def _same_kind(cells: _Cells, key: Key, whole: int) -> bool:
    one, other = cells.unit(key), cells.unit((whole, key[1]))
    if is_ratio(one) or cells.figure((whole, key[1])) is None:
        return False
    return one == other or (bool(one and other) and units.same_dimension(one, other))


def _share(cells: _Cells, trial: Trial) -> dict[str, Any]:
    part, whole = (quoted(cells.table.lines[key[0]].title) for key in (trial.one, trial.other))
    share = quoted(_text(cells, trial.claimed))
    column = cells.table.value_columns[trial.one[1]].title
    return _claim(cells, trial, f"{part} is {share} of {whole} in {column}.")


def _share_line(cells: _Cells, found: Structure, i: int) -> Iterator[dict[str, Any]]:
    table = cells.table
    columns = [j for _, j in _filled(cells, ((i, j) for j in _value_places(table)))]
    wholes = _wholes(table, found)
    options: list[list[Trial]] = []
    for part in _named(table, i):
        for whole in dict.fromkeys(w[part] for w in wholes if part in w and w[part] != part):
            options.append(
                [
                    Trial((i, j), SHARE, (part, j), (whole, j))
                    for j in columns
                    if _same_kind(cells, (part, j), whole)
                ]
            )
    if not any(options):
        return
    chosen, alone = cells.best(options)
    if chosen and alone:
        yield from (_share(cells, t) for t in chosen if not _zero(cells, t.other))
        return
    title = quoted(table.lines[i].title)
    told = f"which two lines {title} compares; "
    told += "several would give it" if chosen else "none of those printed gives it"
    yield _open(cells, (i, columns[0]), "-lines", f"{title} is a share of two lines.", told)


# --- intensities ---------------------------------------------------------------------------------


def _intensity_line(cells: _Cells, i: int) -> Iterator[dict[str, Any]]:
    """Find the two lines of which a ratio is made: by units, by words, by the figures."""
    table = cells.table
    keys = _filled(cells, ((i, j) for j in _value_places(table)))
    pairs = _ratios_of(cells, i, [j for _, j in keys])
    if not pairs:
        return
    words = _words(f"{table.lines[i].title} {re.sub('[^a-zA-Z]', ' ', table.lines[i].unit)}")
    pairs = sorted(pairs, key=lambda pair: -_likeness(table, words, pair))[:_PAIRS]
    options = [[Trial(key, PER, (a, key[1]), (b, key[1])) for key in keys] for a, b in pairs]
    chosen, alone = cells.best(options, [_likeness(table, words, pair) for pair in pairs])
    if chosen and alone:
        for trial in chosen:
            if not _zero(cells, trial.other) and cells.figure(trial.one) is not None:
                one, other = (quoted(table.lines[k[0]].title) for k in (trial.one, trial.other))
                printed = quoted(_text(cells, trial.claimed))
                column = table.value_columns[trial.claimed[1]].title
                yield _claim(cells, trial, f"{one} per {other} is {printed} in {column}.")
        return
    if table.lines[i].role != "intensity":
        return
    title = quoted(table.lines[i].title)
    told = f"which two lines {title} is made of; "
    told += "several would give it" if chosen else "none of those printed gives it"
    yield _open(cells, keys[0], "-lines", f"{title} is one line of the table by another.", told)


def _ratios_of(cells: _Cells, i: int, columns: list[int]) -> list[tuple[int, int]]:
    """Return the lines whose units divide to that of a line."""
    if not columns:
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
        own = _words(table.lines[line].title)
        total += len(own & words) - 0.5 * len(own - words) / (1 + len(own))
    return total


# --- words ---------------------------------------------------------------------------------------


def _value_places(table: PrintedTable) -> Iterator[int]:
    return (j for j, c in enumerate(table.value_columns) if c.role in ("value", "total"))


def _words(title: str) -> set[str]:
    found = {w.casefold().removesuffix("s") for w in _WORD.findall(title)}
    return found - _COMMON


def _named(table: PrintedTable, i: int) -> list[int]:
    """Return the lines that the title of a line names, the closest first, or the one above it."""
    words = _words(table.lines[i].title)
    candidates = [
        k
        for k, line in enumerate(table.lines)
        if k != i and line.role in ("part", "total", "intensity", "share")
    ]
    likeness = {k: len(_words(table.lines[k].title) & words) for k in candidates}
    best = max(likeness.values(), default=0)
    if best:
        return [k for k in candidates if likeness[k] == best]
    return [k for k in candidates if k < i][-1:]
