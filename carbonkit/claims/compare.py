"""Two years of reports: what is restated, what is measured otherwise, what really moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from carbonkit import units
from carbonkit._text import number
from carbonkit.claims.check import check_relation
from carbonkit.claims.model import Claim, Named
from carbonkit.claims.readings import coarse, is_about, literal, mode
from carbonkit.claims.relation import Name, Relation
from carbonkit.claims.report import Report
from carbonkit.claims.verdict import percent
from carbonkit.errors import ReportError
from carbonkit.formula import Symbol
from carbonkit.intervals import Interval

__all__ = ["KINDS", "Change", "Changes", "compare"]

#: What can change from one report to the next, and how it is headed.
KINDS: Mapping[str, str] = {
    "restated": "Restated",
    "reprinted": "Printed otherwise, within rounding",
    "unit": "Another unit",
    "boundary": "Another boundary",
    "method": "Another method",
    "base": "Changes over time that depend on a restatement or mix boundaries",
    "moved": "Moved beyond rounding from year to year",
    "steady": "Not moved beyond rounding",
    "dropped": "Not in the new report",
    "added": "Not in the old report",
}
_YEAR = re.compile(r"_?((?:19|20)\d\d)\Z")


@dataclass(frozen=True)
class Change:
    """One thing that differs between two reports, or that one would expect to.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    what : str
        The series, figure, claim or fact.
    told : str
        What differs, in words.
    period, boundary : str
        Of the figure, where it is about one.
    old, new : str
        As the two reports have it; ``""`` where one has not.
    old_page, new_page : str
        Where it stands.
    change : Fraction or None
        The new value against the old one, as a share of the old.
    """

    kind: str
    what: str
    told: str
    period: str = ""
    boundary: str = ""
    old: str = ""
    new: str = ""
    old_page: str = ""
    new_page: str = ""
    change: Fraction | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data, as documented for the JSON output."""
        return {
            "kind": self.kind,
            "what": self.what,
            "period": self.period,
            "boundary": self.boundary,
            "old": {"text": self.old, "page": self.old_page},
            "new": {"text": self.new, "page": self.new_page},
            "change": None if self.change is None else float(self.change),
            "told": self.told,
        }


@dataclass(frozen=True)
class Changes:
    """What differs between two reports.

    Attributes
    ----------
    old, new : Report
        The two reports, the earlier first.
    changes : tuple of Change
        By kind, in the order of :data:`KINDS`.
    compared, same : int
        How many figures stand in both for one period, and how many of them are printed alike.
    """

    old: Report
    new: Report
    changes: tuple[Change, ...]
    compared: int
    same: int

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def only(self, kind: str) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    def summary(self) -> str:
        """Return what was compared, in one line."""
        counts = [
            f"{len(self.only(kind))} {words}"
            for kind, words in (("restated", "restated"), ("reprinted", "within rounding"))
        ]
        return (
            f"{self.compared} figures stand in both reports for the same period: {self.same} "
            f"printed alike, {', '.join(counts)}."
        )

    def __str__(self) -> str:
        lines = [f"{self.old.title} → {self.new.title}", self.summary()]
        for kind, heading in KINDS.items():
            if found := self.only(kind):
                lines += ["", heading, *(f"  {change.what}: {change.told}" for change in found)]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, as documented for the JSON output."""
        told = {
            side: {"id": r.id, "title": r.title, "year": r.year, "sha256": r.sha256}
            for side, r in (("old", self.old), ("new", self.new))
        }
        return {
            "format": "carbonkit-diff/1",
            **told,
            "compared": self.compared,
            "same": self.same,
            "counts": {kind: len(self.only(kind)) for kind in KINDS},
            "changes": [change.to_dict() for change in self.changes],
        }


@dataclass(frozen=True)
class _Row:
    """All figures of a report that are one quantity: by period and boundary."""

    figures: Mapping[tuple[str, str], Named]

    @property
    def boundaries(self) -> set[str]:
        return {boundary for _, boundary in self.figures}

    def latest(self, boundary: str) -> str:
        return max(period for period, other in self.figures if other == boundary)


def compare(old: Report, new: Report) -> Changes:
    """Compare two reports, usually of two years that follow each other.

    Figures are one quantity if they have the same `series`; without one, if they have the same
    name, but for a year at its end. The period is that of the figure, else the year at the end of
    its name, else the year of the report. Units are converted exactly. Two figures differ only if
    no value can stand behind both: rounded to nearest or, where no rule is named, truncated; with
    zeros at the end as digits or not, as long as two digits are left.

    Parameters
    ----------
    old, new : Report
        The two reports.

    Returns
    -------
    Changes
        Restated figures, other boundaries, methods and units, what moved and what did not, what
        was dropped and added, and changes over time that hold with one value of a restated base
        only, or compare two boundaries.

    Raises
    ------
    ReportError
        If the old report is of a later year than the new one.

    Examples
    --------
    >>> import carbonkit as ck
    >>> report = ck.load_report("huawei-2020")
    >>> found = compare(report, report)
    >>> found.compared == found.same, len(found.only("restated"))
    (True, 0)
    """
    if old.year > new.year:
        raise ReportError(
            f"{old.id} is of {old.year} and {new.id} of {new.year}; give the earlier report first."
        )
    rows, others = _rows(old), _rows(new)
    changes: list[Change] = []
    compared = same = 0
    for what in (w for w in rows if w in others):
        was, now = rows[what], others[what]
        for key in (k for k in was.figures if k in now.figures):
            compared += 1
            change = _restatement(what, key, was.figures[key], now.figures[key])
            if change is None:
                same += 1
            else:
                changes.append(change)
        changes += _boundaries(what, was, now)
        changes += _movements(what, was, now)
    changes += _methods(old, new)
    changes += _bases(rows, new)
    changes += _only_in("dropped", rows, others)
    changes += _only_in("added", others, rows)
    order = list(KINDS)
    changes.sort(key=lambda change: order.index(change.kind))
    return Changes(old, new, tuple(changes), compared, same)


def quantity(named: Named) -> str:
    """Return what a figure is one value of: its series, or its name without the year.

    Examples
    --------
    >>> quantity(Named("scope1_2020", "figure", "t")), quantity(Named("a", "fact", "t", series="s"))
    ('scope1', 's')
    """
    return named.series or _YEAR.sub("", named.name) or named.name


def _period(named: Named, report: Report) -> str:
    at_end = _YEAR.search(named.name)
    return named.period or (at_end[1] if at_end else str(report.year))


def _rows(report: Report) -> dict[str, _Row]:
    found: dict[str, dict[tuple[str, str], Named]] = {}
    for named in report.values.values():
        if named.role == "figure":
            row = found.setdefault(quantity(named), {})
            row.setdefault((_period(named, report), named.boundary), named)
    return {what: _Row(figures) for what, figures in found.items()}


def _widest(named: Named) -> Interval:
    """Return every value that the figure can stand for: rounding is no restatement.

    Where the report names no rule it may have been rounded or truncated. Zeros at its end may be
    there for size, as long as two digits are left.
    """
    figure = named.figure
    if figure is None or named.nominal or named.is_bound or named.is_range or is_about(named):
        return literal(named).hull(coarse(named))
    written = figure.trailing_zeros - figure.zeros_before_magnitude
    zeros = max(0, min(written, len(figure.coefficient.as_tuple().digits) - 2))
    found = named.interval(mode(named), zeros)
    unknown = named.rounding == "unknown"
    return found.hull(named.interval("truncated", zeros)) if unknown else found


def _share(old: Named, new: Named) -> Fraction | None:
    return None if old.value == 0 else (new.value - old.value) / abs(old.value)


def _by(old: Named, new: Named) -> str:
    """Say by how much a figure differs: a percentage in points, everything else in per cent."""
    share = _share(old, new)
    if old.unit == new.unit == "%":
        points = abs(new.value - old.value) / new.base
        return f", {number(points)} points {'higher' if new.value > old.value else 'lower'}"
    return f", {percent(abs(share))} {'more' if share > 0 else 'less'}" if share else ""


def _pair(
    kind: str, what: str, told: str, key: tuple[str, str], old: Named, new: Named, share: Any = None
) -> Change:
    period, boundary = key
    return Change(
        kind, what, told, period, boundary, old.shown(), new.shown(), old.page, new.page, share
    )


def _restatement(what: str, key: tuple[str, str], old: Named, new: Named) -> Change | None:
    """Say how one figure for one period differs; None if it is printed alike."""
    told = f"for {key[0]} printed as {old.placed()}, now {new.placed()}"
    if not units.same_dimension(old.unit, new.unit):
        return _pair("unit", what, f"{told}: {new.unit} is not {old.unit}.", key, old, new)
    if old.value == new.value and old.is_bound == new.is_bound:
        return None
    share = _share(old, new)
    if _widest(old).meets(_widest(new)):
        told = f"{told}: one value can stand behind both."
        return _pair("reprinted", what, told, key, old, new, share)
    return _pair("restated", what, f"{told}{_by(old, new)}.", key, old, new, share)


def _boundaries(what: str, was: _Row, now: _Row) -> Iterator[Change]:
    if was.boundaries == now.boundaries:
        return
    lost, gained = (
        sorted(name or "the report's own" for name in names)
        for names in (was.boundaries - now.boundaries, now.boundaries - was.boundaries)
    )
    told = [
        f"{words} {' and '.join(names)}"
        for words, names in (("no longer for", lost), ("now for", gained))
        if names
    ]
    yield Change(
        "boundary", what, f"{', '.join(told)}.", old="; ".join(lost), new="; ".join(gained)
    )


def _movements(what: str, was: _Row, now: _Row) -> Iterator[Change]:
    """Compare the latest figure of each report, for the same boundary."""
    for boundary in sorted(was.boundaries & now.boundaries):
        before, after = was.latest(boundary), now.latest(boundary)
        old, new = was.figures[before, boundary], now.figures[after, boundary]
        if before == after or not units.same_dimension(old.unit, new.unit):
            continue
        told = f"{old.placed()} for {before}, {new.placed()} for {after}"
        key = (f"{before} to {after}", boundary)
        share = _share(old, new)
        if _widest(old).meets(_widest(new)):
            yield _pair("steady", what, f"{told}: one value can stand behind both.", key, old, new)
            continue
        base = now.figures.get((before, boundary))
        told += _by(old, new)
        if base is not None and base.value not in (old.value, 0):
            told += f"; against {base.placed()}, as {before} is printed now{_by(base, new)}"
        yield _pair("moved", what, f"{told}.", key, old, new, share)


def _only_in(kind: str, rows: Mapping[str, _Row], others: Mapping[str, _Row]) -> Iterator[Change]:
    for what, row in rows.items():
        if what not in others:
            figures = [*row.figures.items()]
            (period, boundary), named = figures[-1]
            more = f" and {len(figures) - 1} more" if len(figures) > 1 else ""
            told = f"{named.placed()} for {period}{more}."
            side = named.shown(), named.page
            (was, was_page), (now, now_page) = (
                (side, ("", "")) if kind == "dropped" else (("", ""), side)
            )
            yield Change(kind, what, told, period, boundary, was, now, was_page, now_page)


# -- methods -------------------------------------------------------------------------------


def _methods(old: Report, new: Report) -> Iterator[Change]:
    for name, before in old.values.items():
        after = new.values.get(name)
        if after is not None and before.role == after.role and before.role in _CITED:
            had, has = _cited(before), _cited(after)
            if had != has:
                told = f"{before.role} was {had}, now {has}."
                yield Change("method", name, told, old=had, new=has)
    wrote, writes = _recipes(old), _recipes(new)
    for what in (w for w in wrote if w in writes):
        was, now = wrote[what], writes[what]
        if not was.keys() & now.keys():
            one, other = next(iter(was.values())), next(iter(now.values()))
            told = f"was {one.text}, now {other.text}."
            yield Change(
                "method", what, told, old=one.text, new=other.text,
                old_page=one.page, new_page=other.page,
            )  # fmt: skip
        for one, other in ((was[key], now[key]) for key in was if key in now):
            if told := _other_periods(one, other, old.year, new.year):
                yield Change("method", what, told, old_page=one.page, new_page=other.page)


_CITED = ("fact", "assumption")


def _cited(named: Named) -> str:
    keys = ", ".join(factor.key for factor in named.factors)
    return f"{keys} ({named.shown()})" if len(named.factors) == 1 else keys or named.shown()


@dataclass(frozen=True)
class _Recipe:
    """How a report says that a figure comes about: its relation, and the periods it uses."""

    text: str
    periods: tuple[str, ...]
    page: str


def _recipes(report: Report) -> dict[str, dict[str, _Recipe]]:
    """Return what stands behind each claimed figure, by its arithmetic without years."""
    found: dict[str, dict[str, _Recipe]] = {}
    for claim in report:
        for relation in claim.relations:
            if relation.compare != "==" or not isinstance(relation.left, Name):
                continue
            used = {name: report.values[name] for name in relation.right.names}
            symbols = {name: Symbol(quantity(value)) for name, value in used.items()}
            periods = tuple(
                _period(value, report) for value in used.values() if value.role == "figure"
            )
            what = quantity(report.values[relation.left.name])
            arithmetic = str(relation.right.evaluate(symbols))
            recipe = _Recipe(relation.text, periods, claim.page)
            found.setdefault(what, {}).setdefault(arithmetic, recipe)
    return found


def _other_periods(was: _Recipe, now: _Recipe, old_year: int, new_year: int) -> str:
    """Say that a figure is compared with another year; the next one, or the same, is no change."""
    shift = new_year - old_year
    for before, after in zip(was.periods, now.periods, strict=True):
        expected = (before, str(int(before) + shift)) if before.isdecimal() else (before,)
        if after not in expected and before.isdecimal() and after.isdecimal():
            return f"was computed with {before} in the report on {old_year}, now with {after}."
    return ""


# -- changes over time ---------------------------------------------------------------------


def _bases(rows: Mapping[str, _Row], new: Report) -> Iterator[Change]:
    restated: dict[str, Named] = {}
    for name, value in new.values.items():
        row = rows.get(quantity(value)) if value.role == "figure" else None
        before = row and row.figures.get((_period(value, new), value.boundary))
        if before and units.same_dimension(before.unit, value.unit):
            restated |= {} if _widest(before).meets(_widest(value)) else {name: before}
    for claim in new:
        for relation in claim.relations:
            used = {name: new.values[name] for name in relation.names}
            figures = [value for value in used.values() if value.role == "figure"]
            if len({_period(value, new) for value in figures}) < 2:
                continue
            yield from _mixed(claim, relation, new)
            first = {name: restated[name] for name in used if name in restated}
            if first:
                yield from _depends(claim, relation, new, first)


def _mixed(claim: Claim, relation: Relation, new: Report) -> Iterator[Change]:
    """Look for two periods of one quantity, or of one change, under two boundaries."""
    figures = [new.values[name] for name in relation.names]
    figures = [value for value in figures if value.role == "figure"]
    change = any(formula.name == "percent_change" for formula in relation.formulas())
    for one, other in combinations(figures, 2):
        alike = quantity(one) == quantity(other) or (change and one.unit == other.unit)
        apart = _period(one, new) != _period(other, new) and one.boundary != other.boundary
        if alike and apart:
            told = " with ".join(
                f"{_period(value, new)} for {value.boundary or 'the report as a whole'}"
                for value in (one, other)
            )
            yield Change(
                "base", claim.id, f"compares {told}.", new=relation.text, new_page=claim.page
            )


def _depends(
    claim: Claim, relation: Relation, new: Report, first: Mapping[str, Named]
) -> Iterator[Change]:
    """Say which value of a restated figure a change over time holds against."""
    as_first = {name: replace(value, name=name) for name, value in first.items()}
    now = check_relation(relation, new.values).verdict.passes
    then = check_relation(relation, {**new.values, **as_first}).verdict.passes
    if now == then:
        return
    left = new.values[relation.left.name] if isinstance(relation.left, Name) else None
    what = left.shown() if left is not None else relation.text
    bases = [(new.values[name], value) for name, value in first.items()]
    restated = " and ".join(after.placed() for after, _ in bases)
    printed = " and ".join(before.placed() for _, before in bases)
    base = f"the restated base, {restated}", f"the one first printed, {printed}"
    holds, fails = base if now else base[::-1]
    yield Change(
        "base",
        claim.id,
        f"{what} holds against {holds}, not against {fails}.",
        old=printed,
        new=restated,
        new_page=claim.page,
    )
