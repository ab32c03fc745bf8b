"""Screens over what is said about figures: boundaries, periods, goals, run-rates, pointers."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from fractions import Fraction

from carbonkit import units
from carbonkit._text import with_unit
from carbonkit.claims.model import Named
from carbonkit.claims.relation import Expression, Name, Relation
from carbonkit.claims.screens.view import Certainty, Observation, View
from carbonkit.claims.verdict import Finding, Verdict

__all__ = ["boundaries", "goals", "periods", "pointers", "run_rates"]


def boundaries(view: View) -> Iterator[Observation]:
    """A ratio or a change whose two figures cover different boundaries."""
    found: dict[tuple[str, str, bool], list[tuple[str, str, str]]] = {}
    for result, _, relation in view.stated:
        for one, two in view.ratios(relation):
            first, second = view.values[one], view.values[two]
            mine, theirs = first.boundary, second.boundary
            if mine and theirs and mine.casefold() != theirs.casefold():
                outside = "fact" in (first.role, second.role)
                found.setdefault((mine, theirs, outside), []).append((result.id, one, two))
    for (mine, theirs, outside), entries in sorted(found.items()):
        claim, one, two = min(entries)
        first, second = view.values[one], view.values[two]
        yield view.observation(
            "boundary",
            Certainty.OUTSIDE if outside else Certainty.REPORT,
            f"A figure for {mine} is set against one for {theirs}, in "
            f"{len({c for c, *_ in entries})} claims.",
            f"{first.shown()} ({mine}) against {second.shown()} ({theirs}), in {claim}",
            "Numerator and denominator, or the two years compared, should cover the same "
            "operations; please restate one of them.",
            [c for c, *_ in entries],
            [n for _, *pair in entries for n in pair],
        )


def periods(view: View) -> Iterator[Observation]:
    """A ratio of different quantities from different years, and one figure with two periods."""
    plural: dict[tuple[str, ...], list[str]] = {}
    for result, finding, relation in view.stated:
        one, two = relation.left, relation.right
        if isinstance(one, Name) and isinstance(two, Name) and _plural(view, one.name, two.name):
            plural.setdefault(tuple(sorted(relation.names)), []).append(result.id)
        if finding.procedure == "tie-out" or len(relation.right.names) > 2:
            continue
        for above, below in view.ratios(relation):
            first, second = view.values[above], view.values[below]
            apart = first.period and second.period and first.period != second.period
            if apart and not units.same_dimension(first.unit, second.unit):
                yield view.observation(
                    "period",
                    Certainty.REPORT,
                    f"A figure of {first.period} is divided by one of {second.period}.",
                    f"{first.shown()} / {second.shown()}",
                    "Both figures of a ratio should be of one period.",
                    [result.id],
                    [above, below],
                )
    for names, claims in plural.items():
        figures = sorted((view.values[n] for n in names), key=lambda v: (v.period, v.name))
        yield view.observation(
            "period",
            Certainty.REPORT,
            f"One number is printed for two periods: {' and '.join(v.period for v in figures)}.",
            " and ".join(f"{v.shown()} ({v.period}, p. {v.page})" for v in figures),
            "Please state which period the number is for.",
            claims,
            names,
        )


def _plural(view: View, one: str, two: str) -> bool:
    first, second = view.values[one], view.values[two]
    if first.figure is None or second.figure is None or first.is_range or second.is_range:
        return False
    apart = bool(first.period and second.period) and first.period != second.period
    return apart and first.value == second.value


# --- goals ---------------------------------------------------------------------------------------

_MEETS = {"<=": operator.le, ">=": operator.ge}


def goals(view: View) -> Iterator[Observation]:
    """Goals without an actual, equal to their actual, or met before their period began."""
    held: dict[str, list[tuple[str, Relation, Finding]]] = {}
    for result, finding, relation in view.stated:
        for name in relation.names:
            if view.values[name].kind == "goal":
                held.setdefault(name, []).append((result.id, relation, finding))
    names = [n for n in sorted(view.values) if view.values[n].kind == "goal"]
    met = set()
    for name in names:
        actuals = [
            (claim, relation, _other_side(relation, name))
            for claim, relation, _ in held.get(name, ())
            if any(view.values[n].kind != "goal" for n in relation.names)
        ]
        tied = [n for n in names if view.same(n, name)]
        if not actuals and not any(held.get(n) for n in tied if n != name):
            yield view.observation(
                "goal",
                Certainty.REPORT,
                "A goal stands without what came of it.",
                view.values[name].shown(),
                "Please print the actual beside the goal.",
                [c for c, *_ in held.get(name, ())],
                [name],
            )
        for claim, relation, actual in actuals:
            if actual is None:
                continue
            if _equal(view, name, actual):
                yield _same_as_actual(view, claim, name, actual)
            earlier = _met_before(view, relation, name, actual)
            if earlier is not None and earlier.arithmetic not in met:
                met.add(earlier.arithmetic)
                yield earlier


def _other_side(relation: Relation, name: str) -> str | None:
    for side, other in ((relation.left, relation.right), (relation.right, relation.left)):
        if isinstance(side, Name) and side.name == name and isinstance(other, Name):
            return other.name
    return None


def _equal(view: View, goal: str, actual: str) -> bool:
    first, second = view.values[goal], view.values[actual]
    printed = first.figure is not None and second.figure is not None
    return printed and not first.is_range and not second.is_range and first.value == second.value


def _same_as_actual(view: View, claim: str, goal: str, actual: str) -> Observation:
    first, second = view.values[goal], view.values[actual]
    return view.observation(
        "goal",
        Certainty.READING,
        "Goal and actual are the same number.",
        f"goal {first.placed()}, actual {second.placed()}",
        "Please state when the goal was set: a goal that equals its actual may follow from it.",
        [claim],
        [goal, actual],
    )


def _met_before(view: View, relation: Relation, goal: str, actual: str) -> Observation | None:
    """Recompute the actual for earlier periods of the series that it comes from."""
    if relation.compare == "==":
        return None
    limit, compare = view.values[goal].value, _MEETS[relation.compare]
    goal_left = isinstance(relation.left, Name) and relation.left.name == goal
    for claim, formula in _formulas_of(view, actual):
        dated = [view.values[n] for n in formula.names if view.values[n].series]
        last = max((n.period for n in dated), default="")
        # A base year stays what it is.
        first = min((n.period for n in dated if n.period != last), default="")
        moving = [n for n in dated if n.period == last]
        if not moving:
            continue
        reached = ""
        earlier = [p for p in view.series[moving[0].series] if first < p < last]
        for period in sorted(earlier, reverse=True):
            put = _of_period(view, moving, period)
            value = view.nominal(formula, {k: n.value for k, n in put.items()}) if put else None
            if value is None or not (compare(limit, value) if goal_left else compare(value, limit)):
                break
            reached = period
            like = view.values[actual]
            shown = f"{period}: {with_unit(value / like.base, like.unit, 3)}"
            shown += f" from {' and '.join(n.shown() for n in put.values())}"
        if reached:
            return view.observation(
                "goal",
                Certainty.REPORT,
                f"The goal of {view.values[goal].shown()} was already met in {reached}.",
                f"{shown}; the goal is reported as met in {last}",
                "Please state when the goal was set, and set the next one beyond what is reached.",
                [claim],
                [goal, actual, *(n.name for n in moving)],
            )
    return None


def _formulas_of(view: View, actual: str) -> Iterator[tuple[str, Expression]]:
    """Go through the arithmetic by which a figure, or one tied out to it, is recomputed."""
    for result, finding, relation in view.stated:
        left = relation.left
        if relation.compare != "==" or not isinstance(left, Name) or not finding.verdict.passes:
            continue
        if not isinstance(relation.right, Name) and view.same(left.name, actual):
            yield result.id, relation.right
    for name in sorted(view.values):
        if view.values[name].series and view.same(name, actual):
            yield next((r.id for r, _, s in view.stated if name in s.names), ""), Name(name)
            return


def _of_period(view: View, moving: list[Named], period: str) -> dict[str, Named]:
    put = {}
    for named in moving:
        there = view.series[named.series].get(period, ())
        if len(there) != 1 or there[0].is_range:
            return {}
        put[named.name] = there[0]
    return put


# --- run-rates and pointers ----------------------------------------------------------------------


def run_rates(view: View) -> Iterator[Observation]:
    """A rate times a full year, printed as what a year brought; a year's worth not yet reached."""
    for result, finding, relation in view.stated:
        left = relation.left
        if relation.compare != "==" or not isinstance(left, Name):
            continue
        claimed = view.values[left.name]
        full = [n for n in relation.right.names if _full_year(view.values[n])]
        per_year = dict(units.measure(claimed.unit).dimensions).get("year") == -1
        if full and per_year and not claimed.period and finding.verdict.passes:
            yield view.observation(
                "run-rate",
                Certainty.READING,
                f"{claimed.shown()} is a rate times a full year, not the result of a year.",
                finding.arithmetic,
                "Please say that it is annualised, and what the year itself brought.",
                [result.id],
                [n for n in relation.names if view.values[n].role == "figure"],
            )
        yield from _not_yet(view, result.id, claimed, relation)


def _full_year(named: Named) -> bool:
    hours, days = named.unit == "h/year", named.unit == "day/year"
    value = named.value / named.base if named.figure is not None and not named.is_range else 0
    return (hours and value in (8760, 8784)) or (days and value in (365, 366))


def _not_yet(view: View, claim: str, todate: Named, relation: Relation) -> Iterator[Observation]:
    for name in relation.right.names:
        rate = view.values[name]
        if rate.figure is None or todate.figure is None or rate.is_range or todate.is_range:
            continue
        if rate.role != "figure" or not units.same_dimension(rate.unit, f"{todate.unit}/year"):
            continue
        years = todate.value / rate.value if rate.value else Fraction(1)
        if 0 < years < Fraction(9, 10):
            yield view.observation(
                "run-rate",
                Certainty.READING,
                "The yearly figure is a projection: less than a year's worth has come about.",
                f"{todate.shown()} / {rate.shown()} a year = {float(years):.2g} years",
                "Please mark the yearly figure as expected.",
                [claim],
                [todate.name, rate.name],
            )


def pointers(view: View) -> Iterator[Observation]:
    """A reference to pages on which the figure that is sought does not stand."""
    for result in sorted(view.results, key=lambda r: r.id):
        claim = result.claim
        if not claim.points_to or result.verdict is not Verdict.NOT_CHECKABLE:
            continue
        on_pages = _pages(claim.points_to)
        there = [
            v
            for v in view.values.values()
            if v.role == "figure" and claim.seeks and _pages(v.page) & on_pages
        ]
        if any(units.same_dimension(v.unit, claim.seeks) for v in there):
            continue
        missing = f"; missing is {claim.missing}" if claim.missing else ""
        yield view.observation(
            "pointer",
            Certainty.REPORT if claim.seeks else Certainty.READING,
            f"The pages pointed to (p. {claim.points_to}) do not print the figure that is sought.",
            f"{claim.statement.rstrip('.')}{missing}",
            "Please print the figure, or correct the reference.",
            [claim.id],
        )


def _pages(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in re.findall(r"\d+(?:\s*[-–]\s*\d+)?", text):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        found.update(range(ends[0], min(ends[-1], ends[0] + 200) + 1))
    return frozenset(found)
