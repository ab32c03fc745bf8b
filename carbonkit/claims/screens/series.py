"""Screens over series: steps in a ratio, and an intensity that falls while the absolute rises."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from carbonkit import units
from carbonkit._text import number
from carbonkit.claims.model import Named
from carbonkit.claims.relation import Name
from carbonkit.claims.screens.view import Certainty, Observation, View, quantity_kind

__all__ = ["breaks", "intensity_against_absolute"]

# A step counts as a break if it lies more than four robust standard deviations from the median
# of the other steps, a deviation being at least 4 %. Five periods are needed to see one.
_DEVIATIONS = 4.0
_LEAST = 0.04
_PERIODS = 5
# Median absolute deviation to standard deviation, for normal errors.
_NORMAL = 1.4826


@dataclass(frozen=True)
class _Row:
    """A series with its parts added up: one value and one set of boundaries per period."""

    name: str
    kind: str
    unit: str
    values: Mapping[str, float]
    parts: Mapping[str, tuple[Named, ...]]

    def boundary(self, period: str) -> str:
        return " and ".join(sorted({n.boundary for n in self.parts[period]} - {""}))


def breaks(view: View) -> Iterator[Observation]:
    """A level shift in the ratio of two series, such as emissions per kilowatt-hour."""
    rows = _rows(view)
    for above in rows:
        for below in rows:
            if (above.kind, below.kind) not in _RATIOS:
                continue
            periods = sorted(above.values.keys() & below.values.keys())
            if len(periods) < _PERIODS:
                continue
            ratio = {p: above.values[p] / below.values[p] for p in periods}
            steps = [math.log(ratio[new] / ratio[old]) for old, new in pairwise(periods)]
            for at, step in enumerate(steps):
                others = steps[:at] + steps[at + 1 :]
                middle = median(others)
                spread = max(_NORMAL * median(abs(s - middle) for s in others), _LEAST)
                if abs(step - middle) > _DEVIATIONS * spread:
                    deviations = abs(step - middle) / spread
                    yield _break(
                        view, above, below, ratio, (periods[at], periods[at + 1]), deviations
                    )


_RATIOS = {
    ("emissions", "energy"),
    ("emissions", "money"),
    ("emissions", "things"),
    ("energy", "money"),
    ("energy", "things"),
}


def _rows(view: View) -> list[_Row]:
    rows = []
    for name, periods in view.series.items():
        members = [n for parts in periods.values() for n in parts]
        kinds = {quantity_kind(n.unit) for n in members}
        whole = not any(n.is_range or n.is_bound or n.value <= 0 for n in members)
        if len(kinds) == 1 and "" not in kinds and whole:
            values = {p: float(sum(n.value for n in parts)) for p, parts in periods.items()}
            rows.append(_Row(name, kinds.pop(), members[0].unit, values, periods))
    return rows


def _break(
    view: View,
    above: _Row,
    below: _Row,
    ratio: Mapping[str, float],
    between: tuple[str, str],
    deviations: float,
) -> Observation:
    old, new = between
    change = ratio[new] / ratio[old] - 1
    unit_above, unit_below = _plain_unit(above), _plain_unit(below)
    size = float(units.measure(unit_below).size / units.measure(unit_above).size)
    shown = ", ".join(f"{p}: {number(r * size, 3)}" for p, r in ratio.items())
    moved = [
        f"{row.name} covers {row.boundary(old) or 'what is not stated'} in {old} and "
        f"{row.boundary(new) or 'what is not stated'} in {new}"
        for row in (above, below)
        if row.boundary(old) != row.boundary(new)
    ]
    seen = (
        f"{above.name} per {below.name} {'rises' if change > 0 else 'falls'} by "
        f"{number(abs(change) * 100, 3)} % from {old} to {new}, {number(deviations, 2)} robust "
        "standard deviations from the other steps."
    )
    if moved:
        seen += f" The boundary changes at the same time: {'; '.join(moved)}."
    wording = (
        "Please state what changed (boundary, factors, contracts), and restate earlier years."
        if moved
        else "Please state what changed between the two years: boundary, method or factors."
    )
    figures = [n.name for row in (above, below) for p in between for n in row.parts[p]]
    return view.observation(
        "series break",
        _certainty(view, figures),
        seen,
        f"{shown} {unit_above} per {unit_below}",
        wording,
        _using(view, figures),
        figures=figures,
    )


def _using(view: View, figures: list[str]) -> list[str]:
    names = set(figures)
    return [result.id for result, _, relation in view.stated if names & set(relation.names)]


def _certainty(view: View, figures: list[str]) -> Certainty:
    outside = any(view.values[n].role == "fact" for n in figures)
    return Certainty.OUTSIDE if outside else Certainty.REPORT


def _plain_unit(row: _Row) -> str:
    """Return the usual unit of a row, without the year that both rows of a ratio share."""
    if row.kind == "energy":
        return "MWh"
    if row.kind == "emissions":
        return f"t {units.species(row.unit)}"
    (thing,) = (n for n, _ in units.measure(row.unit).dimensions if n != "year")
    return f"10^6 {thing}" if row.kind == "money" else thing


def intensity_against_absolute(view: View) -> Iterator[Observation]:
    """An intensity that falls while the absolute figure in it rises, or the reverse."""
    seen = set()
    for result, _, relation in view.stated:
        left = relation.left
        if relation.compare != "==" or not isinstance(left, Name):
            continue
        intensity = view.values[left.name]
        for above, _ in view.ratios(relation):
            absolute = view.values[above]
            if not intensity.series or not absolute.series:
                continue
            pair = (intensity.series, absolute.series)
            if pair in seen or quantity_kind(absolute.unit) not in ("emissions", "energy"):
                continue
            seen.add(pair)
            yield from _apart(view, *pair, claims=_linking(view, *pair) or [result.id])


def _linking(view: View, one: str, two: str) -> list[str]:
    return [
        result.id
        for result, _, relation in view.stated
        if {one, two} <= {view.values[n].series for n in relation.names}
    ]


def _apart(view: View, intensity: str, absolute: str, claims: list[str]) -> Iterator[Observation]:
    rows = view.series[intensity], view.series[absolute]
    periods = sorted(rows[0].keys() & rows[1].keys())
    if len(periods) < 2:
        return
    first, last = periods[0], periods[-1]
    ends = [(row[first][0], row[last][0]) for row in rows]
    changes = [new.value / old.value - 1 for old, new in ends if old.value]
    clear = not any(old.interval().meets(new.interval()) for old, new in ends if not old.is_range)
    if len(changes) < 2 or changes[0] * changes[1] >= 0 or not clear:
        return
    shown = "; ".join(
        f"{old.shown()} in {first}, {new.shown()} in {last} "
        f"({'+' if change > 0 else '−'}{number(abs(change) * 100, 3)} %)"
        for (old, new), change in zip(ends, changes, strict=True)
    )
    down, up = (intensity, absolute) if changes[0] < 0 else (absolute, intensity)
    yield view.observation(
        "intensity against absolute",
        Certainty.REPORT,
        f"{down} falls while {up} rises, from {first} to {last}.",
        shown,
        "Both are right; a reader needs both to see what happened.",
        claims,
        [n.name for pair in ends for n in pair],
    )
