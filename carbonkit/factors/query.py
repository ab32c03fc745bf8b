"""What can be asked: the question in canonical words, and the rules that may loosen it."""

from __future__ import annotations

import csv
import datetime as dt
import operator
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from carbonkit.errors import FactorError, nearest
from carbonkit.factors.model import KINDS
from carbonkit.factors.read import POSITION, Row, data_folder

__all__ = ["SCOPE2_LOCATION_BASED", "SCOPE2_MARKET_BASED", "Step"]

YEAR_RULES = {
    "exact": "the year that was asked for",
    "latest_before": "the latest year up to the one asked for",
    "nearest": "the nearest year, the earlier of two",
    "undated": "a default that belongs to no year",
}
REGION_RULES = {"parent_region": "the region, or the nearest region that holds it"}
RULES = {**YEAR_RULES, **REGION_RULES}
FILTERS = (
    "item",
    "gas",
    "unit",
    "calorific_basis",
    "boundary",
    "reference_conditions",
    "id",
)


@dataclass(frozen=True)
class Step:
    """One step of a fallback chain.

    Parameters
    ----------
    rule : str
        A rule, or several joined by "+" ("parent_region+latest_before").
    kind : str, optional
        The kind of factor that this step looks for; by default the kind of the question.

    Examples
    --------
    >>> print(Step("latest_before", "residual"))
    residual by latest_before
    """

    rule: str = "exact"
    kind: str | None = None

    @cached_property
    def year_rule(self) -> str:
        """The part of the rule that is about the year."""
        return next((p for p in self.rule.split("+") if p in YEAR_RULES), "exact")

    @cached_property
    def goes_up(self) -> bool:
        """Whether the regions that hold the one asked for are tried too."""
        return "parent_region" in self.rule

    def __str__(self) -> str:
        return f"{self.kind} by {self.rule}" if self.kind else self.rule


SCOPE2_MARKET_BASED = (
    Step(kind="certificate"),
    Step(kind="contract"),
    Step(kind="supplier"),
    Step(kind="residual"),
    Step(kind="average"),
)
"""Hierarchy of the market-based method: GHG Protocol Scope 2 Guidance, table 6.3."""

SCOPE2_LOCATION_BASED = (Step(kind="average"), Step("parent_region", "average"))
"""Hierarchy of the location-based method: GHG Protocol Scope 2 Guidance, table 6.2."""

Rule = str | Step | Sequence[str | Step]


class Query(NamedTuple):
    """A question in canonical words."""

    activity: str
    region: str | None
    year: str | None
    kind: str | None
    filters: tuple[tuple[str, str], ...]
    publisher: str | None
    release: str | None
    valid: tuple[dt.date, dt.date] | None
    steps: tuple[Step, ...]
    asked: tuple[tuple[str, str], ...]

    @property
    def before_year(self) -> int:
        """How many parts of :attr:`asked` stand before the year: the activity, and the region."""
        return 1 if self.region is None else 2

    def with_year(self, year: str | None) -> Query:
        """Return the same question about a year, as it stands in the files."""
        if year == self.year:
            return self
        asked = [part for part in self.asked if part[0] != "year"]
        if year is not None:
            asked.insert(self.before_year, ("year", str(int(year))))
        return self._replace(year=year, asked=tuple(asked))


@lru_cache(maxsize=1)
def activities() -> dict[str, str]:
    """Return the canonical activity of each folded name and alias."""
    names: dict[str, str] = {}
    with (data_folder() / "activities.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in (row["activity"], *filter(None, row["aliases"].split(";"))):
                names.setdefault(name.casefold(), row["activity"])
    return names


def chained(rule: Step | Sequence[str | Step]) -> tuple[str | Step, ...]:
    """Return a rule or chain of rules as a chain."""
    return (rule,) if isinstance(rule, Step) else tuple(rule)


@lru_cache(maxsize=1024)
def steps(rule: str | tuple[str | Step, ...]) -> tuple[Step, ...]:
    """Check a rule or chain of rules."""
    chain = (rule,) if isinstance(rule, str) else rule
    if not chain:
        raise FactorError("the chain of rules is empty. Give at least one rule, such as 'exact'.")
    found = []
    for entry in chain:
        step = Step(entry) if isinstance(entry, str) else entry
        parts = step.rule.split("+")
        for part in parts:
            if part not in RULES:
                known = "; ".join(f"{n!r}: {what}" for n, what in RULES.items())
                raise FactorError(f"unknown rule {part!r}.{nearest(part, RULES)} Rules: {known}.")
        if sum(p in YEAR_RULES for p in parts) > 1 or len(set(parts)) < len(parts):
            raise FactorError(
                f"rule {step.rule!r} joins two rules for the year. Try them one after the other: "
                f"rule={tuple(parts)!r}."
            )
        check_kind(step.kind)
        found.append(step)
    return tuple(found)


def check_kind(kind: str | None) -> None:
    """Refuse a kind that does not exist."""
    if kind is not None and kind not in KINDS:
        raise FactorError(
            f"unknown kind {kind!r}.{nearest(kind, KINDS)} Kinds: {', '.join(KINDS)}."
        )


def year_text(year: Any) -> str | None:
    """Return a year as it stands in the files."""
    if year is None:
        return None
    if isinstance(year, bool) or not hasattr(year, "__index__"):
        raise FactorError(f"year {year!r} is not a whole number such as 2018.")
    return f"{operator.index(year):04d}"


def period(valid: Any) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a day or year of use."""
    if isinstance(valid, dt.datetime):
        return valid.date(), valid.date()
    if isinstance(valid, dt.date):
        return valid, valid
    text = valid if isinstance(valid, str) else ""
    if hasattr(valid, "__index__") and not isinstance(valid, bool):
        text = f"{operator.index(valid):04d}"
    try:
        if len(text) == 4:
            return dt.date(int(text), 1, 1), dt.date(int(text), 12, 31)
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise FactorError(f"{valid!r} is neither a year nor a date such as '2019-03-26'.") from None
    return day, day


def holds(row: Row, wanted: tuple[dt.date, dt.date]) -> bool:
    """Whether the publisher declares the row valid for the whole period."""
    start, end = row.get("valid_from"), row.get("valid_to")
    if not start and not end:
        return False
    return (not start or period(start)[0] <= wanted[0]) and (not end or wanted[1] <= period(end)[1])


_YEAR = POSITION["data_year"]
# Rows that differ in nothing but these belong to one series over the years.
_SERIES = operator.itemgetter(
    *(
        POSITION[c]
        for c in (
            "activity",
            "item",
            "region",
            "kind",
            "gas",
            "unit",
            "calorific_basis",
            "boundary",
            "reference_conditions",
        )
    )
)


class Years:
    """Rows that fit in all but the year, ready for any year and any rule.

    Parameters
    ----------
    rows : list of Row
    """

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.dated: dict[str, list[Row]] = {}
        for row in rows:
            self.dated.setdefault(row.cells[_YEAR], []).append(row)

    @cached_property
    def series(self) -> list[tuple[list[int], list[list[Row]]]]:
        """The years of each series in order, and the rows of each of them."""
        found: dict[tuple[Any, ...], dict[int, list[Row]]] = {}
        for row in self.rows:
            if row.cells[_YEAR]:
                key = (row.release.source.publisher, *_SERIES(row.cells))
                years = found.setdefault(key, {})
                years.setdefault(int(row.cells[_YEAR]), []).append(row)
        ordered = [sorted(years.items()) for years in found.values()]
        return [([y for y, _ in years], [rows for _, rows in years]) for years in ordered]

    def by(self, rule: str, year: str | None) -> list[Row]:
        """Return the rows that a rule for the year allows."""
        if rule == "undated":
            return self.dated.get("", [])
        if year is None:
            if rule != "exact":
                raise FactorError(f"rule {rule!r} needs a year. Give year=..., or another rule.")
            return self.rows
        if rule == "exact":
            return self.dated.get(year, [])
        asked, chosen = int(year), []
        for years, rows in self.series:
            at = bisect_right(years, asked)
            if at and (rule == "latest_before" or at == len(years)):
                chosen += rows[at - 1]
            elif rule == "nearest":
                # Of two that are equally near, the earlier.
                later = not at or years[at] - asked < asked - years[at - 1]
                chosen += rows[at if later else at - 1]
        return chosen
