"""What screens see of a report, and what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from carbonkit import units
from carbonkit.claims.model import Named
from carbonkit.claims.relation import Expression, Name, Relation
from carbonkit.claims.verdict import ClaimResult, Finding

__all__ = ["Certainty", "Observation", "View", "quantity_kind", "without_year"]

# Pairs of ingredients are looked for in relations of at most so many.
_MANY = 12
_YEAR = re.compile(r"(?:19|20)\d\d\Z")


class Certainty(StrEnum):
    """How sure one can be of an observation.

    Attributes
    ----------
    REPORT
        It follows from what the report prints and nothing else.
    OUTSIDE
        It follows with one sourced fact from outside the report.
    READING
        It follows from a likely reading of words, which the report may have meant otherwise.
    """

    REPORT = "certain from the report alone"
    OUTSIDE = "given one outside fact"
    READING = "likely reading"


@dataclass(frozen=True)
class Observation:
    """Something that a careful reader of the whole report would notice.

    Attributes
    ----------
    screen : str
        The screen that saw it.
    seen : str
        What was seen.
    arithmetic : str
        The numbers behind it.
    certainty : Certainty
        How sure one can be.
    wording : str
        A fair way to put it to the report's authors.
    claims, figures, pages : tuple of str
        Claims and figures concerned, and the pages where they stand.
    """

    screen: str
    seen: str
    arithmetic: str
    certainty: Certainty
    wording: str
    claims: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    def __str__(self) -> str:
        pages = f" (p. {', '.join(self.pages)})" if self.pages else ""
        return f"{self.screen}{pages}: {self.seen} {self.arithmetic} [{self.certainty}]"

    def to_dict(self) -> dict[str, Any]:
        """Return the observation as plain data, as documented for the JSON output."""
        return {
            "screen": self.screen,
            "seen": self.seen,
            "arithmetic": self.arithmetic,
            "certainty": str(self.certainty),
            "wording": self.wording,
            "claims": list(self.claims),
            "figures": list(self.figures),
            "pages": list(self.pages),
        }


@dataclass(frozen=True)
class View:
    """A verified report, as screens look at it.

    Attributes
    ----------
    results : tuple of ClaimResult
        Every claim with its verdict.
    values : mapping of str to Named
        Figures, facts, assumptions and unknowns, as they were used.
    """

    results: tuple[ClaimResult, ...]
    values: Mapping[str, Named]

    @cached_property
    def stated(self) -> tuple[tuple[ClaimResult, Finding, Relation], ...]:
        """Every relation with its finding and claim."""
        return tuple(
            (result, finding, finding.relation)
            for result in sorted(self.results, key=lambda r: r.id)
            for finding in result.findings
            if finding.relation is not None
        )

    @cached_property
    def _root(self) -> dict[str, str]:
        """The first name of each group of figures that are said to be the same."""
        root = {name: name for name in self.values}

        def find(name: str) -> str:
            while root[name] != name:
                name = root[name]
            return name

        for _, _, relation in self.stated:
            one, two = relation.left, relation.right
            if relation.compare == "==" and isinstance(one, Name) and isinstance(two, Name):
                first, second = sorted((find(one.name), find(two.name)))
                root[second] = first
        return {name: find(name) for name in root}

    def same(self, one: str, two: str) -> bool:
        """Say whether two names are tied out to each other, directly or through others."""
        return self._root[one] == self._root[two]

    def root(self, name: str) -> str:
        """Return the name that stands for all those tied out to this one."""
        return self._root[name]

    @cached_property
    def series(self) -> dict[str, dict[str, tuple[Named, ...]]]:
        """The figures of each series by period: one for each boundary."""
        found: dict[str, dict[str, dict[str, Named]]] = {}
        for name in sorted(self.values):
            named = self.values[name]
            if named.series and _YEAR.match(named.period) and named.figure is not None:
                parts = found.setdefault(named.series, {}).setdefault(named.period, {})
                parts.setdefault(named.boundary, named)
        return {
            series: {p: tuple(parts.values()) for p, parts in sorted(periods.items())}
            for series, periods in sorted(found.items())
        }

    def nominal(self, expression: Expression, other: Mapping[str, Fraction] | None = None) -> Any:
        """Return an expression's value from the figures as printed; None where it has none."""
        try:
            return expression.evaluate({**self._plain, **(other or {})})
        except (ZeroDivisionError, KeyError):  # a name without a value
            return None

    @cached_property
    def _plain(self) -> dict[str, Fraction]:
        """The values as printed, of all that have one; families by their first member."""
        members = {name: named.members()[0] for name, named in self.values.items()}
        return {name: named.value for name, named in members.items() if named.figure is not None}

    @cached_property
    def _ratios(self) -> dict[int, tuple[tuple[str, str], ...]]:
        return {id(r.right): tuple(self._divided(r.right)) for _, _, r in self.stated}

    def ratios(self, relation: Relation) -> tuple[tuple[str, str], ...]:
        """Return the pairs of which the first is divided by the second, in whatever way."""
        return self._ratios[id(relation.right)]

    def _divided(self, expression: Expression) -> Iterator[tuple[str, str]]:
        # Doubling both leaves the result as it is, doubling the first alone does not.
        # Only figures of which period, boundary or series is stated can be compared.
        stated = [v for n in expression.names if (v := self.values[n]).figure is not None]
        names = [v.name for v in stated if v.boundary or v.period or v.series]
        if not 2 <= len(names) <= _MANY or (whole := self.nominal(expression)) is None:
            return
        double = {n: 2 * self._plain[n] for n in names}
        alone = {n: self.nominal(expression, {n: double[n]}) for n in names}
        for one, two in combinations(names, 2):
            if whole in (alone[one], alone[two]) or None in (alone[one], alone[two]):
                continue
            if self.nominal(expression, {one: double[one], two: double[two]}) == whole:
                above = abs(alone[one]) > abs(whole)
                yield (one, two) if above else (two, one)

    def pages(self, names: Iterable[str], claims: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the pages of figures and claims, each once, in order."""
        wanted = set(claims)
        pages = {self.values[n].page for n in names}
        pages |= {r.claim.page for r in self.results if r.id in wanted}
        return tuple(sorted(pages - {""}, key=_page_order))

    def observation(
        self,
        screen: str,
        certainty: Certainty,
        seen: str,
        arithmetic: str,
        wording: str,
        claims: Iterable[str] = (),
        figures: Iterable[str] = (),
    ) -> Observation:
        """Return an observation with its pages filled in and its lists in order."""
        ids, names = tuple(sorted(set(claims))), tuple(sorted(set(figures)))
        pages = self.pages(names, ids)
        return Observation(screen, seen, arithmetic, certainty, wording, ids, names, pages)


def _page_order(page: str) -> tuple[int, str]:
    digits = re.match(r"\d+", page)
    return (int(digits[0]) if digits else 0, page)


def without_year(unit: str) -> dict[str, int]:
    """Return the dimensions of an amount, whether or not it is per year.

    Examples
    --------
    >>> without_year("t CO2/year")
    {'mass': 1, 'species CO2': 1}
    """
    return {n: e for n, e in units.measure(unit).dimensions if n != "year"}


def quantity_kind(unit: str) -> str:
    """Return what an amount is of: emissions, energy, money, things or nothing of these.

    Examples
    --------
    >>> [quantity_kind(u) for u in ("t CO2/year", "MWh", "CNY/year", "site", "kg CO2/kWh")]
    ['emissions', 'energy', 'money', 'things', '']
    """
    dimensions = without_year(unit)
    if dimensions == without_year("kWh"):
        return "energy"
    if dimensions.pop("mass", 0) == 1 and len(dimensions) == 1:
        (species,) = dimensions
        return "emissions" if species.startswith("species ") else ""
    if len(dimensions) == 1 and set(dimensions.values()) == {1}:
        (thing,) = dimensions
        if thing.isupper():
            return "money"
        return "" if thing in ("time", "length", "temperature") else "things"
    return ""
