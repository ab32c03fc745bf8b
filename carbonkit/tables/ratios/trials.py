"""Trying whether two cells of a table give a third: a change, a share, an intensity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from carbonkit import units
from carbonkit.errors import DimensionError, DivisionByZeroInterval
from carbonkit.intervals import Interval
from carbonkit.printed import Figure
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.sums.amounts import Key, read
from carbonkit.tables.sums.wording import claim_of, name_of

__all__ = [
    "Cells",
    "Rule",
    "Trial",
    "claim_by",
    "filled",
    "named_lines",
    "open_claim",
    "text_of",
    "value_places",
    "words_of",
]

_WORD = re.compile(r"[^\W\d_]{3,}|\d+")
_COMMON = {"the", "and", "per", "for", "from", "total", "share", "intensity", "percentage", "ratio"}


@dataclass(frozen=True)
class Rule:
    """One way in which two figures give a third.

    Attributes
    ----------
    written : str
        The right side of the relation, for two names.
    compute : callable
        The same on intervals, in base units, and on the units themselves.
    divides : bool
        Whether it divides by the second figure.
    words : str
        What it is, in words, for the titles of both.
    """

    written: str
    compute: Callable[[Any, Any], Any]
    divides: bool
    words: str


@dataclass(frozen=True)
class Trial:
    """A cell, and the two that would give it under a rule."""

    claimed: Key
    rule: Rule
    one: Key
    other: Key


class Cells:
    """The figures of a table in base units, read by its rule of rounding."""

    def __init__(self, table: PrintedTable) -> None:
        self.table = table
        self.mode = "nearest" if table.rounding == "unknown" else table.rounding
        self.modes = ("truncated",) if table.rounding == "unknown" else ()

    def figure(self, key: Key) -> Figure | None:
        """Return the figure of a cell, None where it is blank."""
        return self.table.lines[key[0]].cells[key[1]].figure

    def unit(self, key: Key) -> str:
        """Return the unit of a cell."""
        return self.table.lines[key[0]].cells[key[1]].unit

    def interval(self, key: Key, mode: str, zeros: int = 0) -> Interval:
        """Return what a cell can stand for, in base units."""
        figure, unit = self.figure(key), self.unit(key)
        assert figure is not None  # noqa: S101 - only cells with a figure are tried
        return read(figure, mode, zeros) * (units.measure(unit).size if unit else 1)

    def sound(self, trial: Trial) -> bool:
        """Say whether a trial makes a relation: figures, units that fit, no division by zero."""
        second = self.figure(trial.other)
        if second is None or None in (self.figure(trial.claimed), self.figure(trial.one)):
            return False
        if trial.rule.divides and not second.value:
            return False
        given = (self.unit(key) or "1" for key in (trial.claimed, trial.one, trial.other))
        claimed, one, other = (units.measure(unit).base for unit in given)
        try:
            found = trial.rule.compute(one, other)
        except DimensionError:
            return False
        points = trial.rule.written.startswith("points")
        return bool(claimed == (units.measure("pp").base if points else found))

    def closes(self, trial: Trial) -> bool | None:
        """Say whether a trial closes in any reading; None where it cannot be tried."""
        claimed = self.figure(trial.claimed)
        if claimed is None or not self.sound(trial):
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
        one, other = (self.interval(key, mode) for key in (trial.one, trial.other))
        found: Interval = trial.rule.compute(one, other)
        return found

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
        for given, like in zip(options, likeness or [0.0] * len(options), strict=True):
            option = [trial for trial in given if self.sound(trial)]
            fits, tried = self.score(option)
            if fits and 2 * fits >= tried:
                good.append(((fits, like), option))
        if not good:
            return [], False
        top = max(score for score, _ in good)
        winners = [option for score, option in good if score == top]
        return winners[0], len(winners) == 1


def claim_by(cells: Cells, trial: Trial, statement: str, ending: str = "") -> dict[str, Any]:
    """Return the claim that a trial makes."""
    table = cells.table
    names = (name_of(table, trial.one), name_of(table, trial.other))
    return {
        **claim_of(table, trial.claimed, ending),
        "statement": statement,
        "relation": f"{name_of(table, trial.claimed)} == {trial.rule.written.format(*names)}",
    }


def open_claim(cells: Cells, key: Key, ending: str, statement: str, missing: str) -> dict[str, Any]:
    """Return a claim that the table leaves open."""
    return {
        **claim_of(cells.table, key, ending),
        "statement": statement,
        "uncheckable": "missing-figure",
        "missing": missing,
    }


def filled(cells: Cells, keys: Iterable[Key]) -> list[Key]:
    """Keep the cells that hold a figure."""
    return [key for key in keys if cells.figure(key) is not None]


# --- words ---------------------------------------------------------------------------------------


def text_of(cells: Cells, key: Key) -> str:
    """Return a cell as printed, with the unit that the head of its line or column gives."""
    figure, unit = cells.figure(key), cells.unit(key)
    text = cells.table.lines[key[0]].cells[key[1]].text.strip()
    return text if unit == "1" or (figure is not None and figure.unit) else f"{text} {unit}"


def value_places(table: PrintedTable) -> Iterator[int]:
    """Return the places of the columns that are neither changes nor shares."""
    return (j for j, c in enumerate(table.value_columns) if c.role in ("value", "total"))


def words_of(title: str) -> set[str]:
    """Return the words of a title that say what it is about, without plurals."""
    found = {w.casefold().removesuffix("s") for w in _WORD.findall(title)}
    return found - _COMMON


def named_lines(table: PrintedTable, i: int, *, every: bool = False) -> list[int]:
    """Return the lines that the title of a line names best, or at all; else the one above it."""
    words = words_of(table.lines[i].title)
    candidates = [
        k
        for k, line in enumerate(table.lines)
        if k != i and line.role in ("part", "total", "intensity", "share")
    ]
    likeness = {k: len(words_of(table.lines[k].title) & words) for k in candidates}
    least = 1 if every else max(1, *likeness.values(), 1)
    found = [k for k in candidates if likeness[k] >= least]
    return found or [k for k in candidates if k < i][-1:]
