"""From the questions of a table to a small table of exact factors, one row for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from carbonkit import gwp, units
from carbonkit.emissions import Emissions, weight
from carbonkit.errors import (
    CarbonkitError,
    FactorError,
    FactorNotFound,
    GwpError,
    LedgerError,
    UnitError,
)
from carbonkit.factors import Factor, FactorLibrary, check_purpose
from carbonkit.factors.query import Query
from carbonkit.factors.store import Found

__all__ = ["Answer", "Basis", "Refusal", "Resolver"]

# More different texts than this that are no unit or region: it is the wrong column.
_UNKNOWN = 200
_YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Basis:
    """The factors of a question, whatever the unit of its amount.

    Attributes
    ----------
    factors : tuple of Factor
    per : tuple of (str, int, int)
        Of each factor: the gas, numerator and denominator of the tonnes of it.
    below : tuple of str
        Of each factor: the unit below the line that they belong to.
    keys, matches : str
        For the audit.
    """

    factors: tuple[Factor, ...]
    per: tuple[tuple[str, int, int], ...]
    below: tuple[str, ...]
    keys: str
    matches: str


@dataclass(frozen=True)
class Answer:
    """Tonnes of each gas for one unit of the amount, as numerator and denominator."""

    basis: Basis
    masses: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Refusal:
    """Why a question has no answer."""

    reason: str
    why: str


@dataclass
class Resolver:
    """Answers each different question once, as :func:`carbonkit.factors.find` would.

    Attributes
    ----------
    library : FactorLibrary
    same : mapping
        The parts of the question that are the same in every row.
    gases : tuple of str
        The gases that each question must have a factor for; empty: those of the factors that fit.
    gwp_set : GwpSet or None
    purpose : str or None
        As in :func:`carbonkit.factors.check_purpose`.
    """

    library: FactorLibrary
    same: Mapping[str, Any]
    gases: tuple[str, ...] = ()
    gwp_set: gwp.GwpSet | None = None
    purpose: str | None = None
    _masses: dict[tuple[Any, ...], tuple[str, Fraction, str] | Refusal] = field(
        default_factory=dict
    )
    _queries: dict[tuple[Any, ...], Query | Refusal] = field(default_factory=dict)
    _unknown: dict[str, dict[str, Refusal]] = field(default_factory=dict)

    def check(self) -> None:
        """Raise at once what is wrong with the parts that are the same in every row.

        Raises
        ------
        FactorError, UnitError
            If they cannot be asked.
        """
        asked = {"activity": "electricity", **self._fixed()}
        self.library.question(**asked)
        if "unit" in self.same:
            units.canonical(self.same["unit"])

    def _fixed(self) -> dict[str, Any]:
        return {name: value for name, value in self.same.items() if name != "unit"}

    def answers(
        self, names: tuple[str, ...], questions: Iterable[tuple[Any, ...]]
    ) -> list[Answer | Refusal]:
        """Answer questions, each a value for every name; "unit" is the unit of the amount.

        Raises
        ------
        LedgerError
            If so many texts are unknown that a wrong column is more likely.
        """
        at = names.index("unit") if "unit" in names else len(names)
        others = names[:at] + names[at + 1 :]
        bases: dict[tuple[Any, ...], Basis | Refusal] = {}
        scaled: dict[tuple[Any, ...], tuple[tuple[int, int], ...] | Refusal] = {}
        found: list[Answer | Refusal] = []
        # As quick as it can be: this runs once for every different question of a table.
        for question in questions:
            rest = question[:at] + question[at + 1 :]
            basis = bases.get(rest)
            if basis is None:
                basis = bases[rest] = self._basis(dict(zip(others, rest, strict=True)))
            if isinstance(basis, Refusal):
                found.append(basis)
                continue
            unit = question[at] if at < len(names) else self.same["unit"]
            key = (unit, basis.below)
            scales = scaled.get(key)
            if scales is None:
                scales = scaled[key] = self._scales(unit, basis.below)
            if isinstance(scales, Refusal):
                found.append(scales)
                continue
            masses: dict[str, tuple[int, int]] = {}
            for (gas, above, below), (times, by) in zip(basis.per, scales, strict=True):
                mass = (above * times, below * by)
                if gas in masses:
                    other = masses[gas]
                    mass = (mass[0] * other[1] + other[0] * mass[1], mass[1] * other[1])
                masses[gas] = mass
            found.append(Answer(basis, masses))
        return found

    def _basis(self, question: dict[str, Any]) -> Basis | Refusal:
        """Find the factors of a question."""
        asked = {**self._fixed(), **question}
        year = asked.get("year")
        if year is not None and year not in _YEARS:
            return Refusal("year out of range", f"{year} is not from {_YEARS[0]} to {_YEARS[-1]}.")
        # A cell of a further column that is empty asks nothing.
        return self._find({n: v for n, v in asked.items() if v not in (None, "")})

    def _scales(self, text: str, below: tuple[str, ...]) -> tuple[tuple[int, int], ...] | Refusal:
        """Return how many of the units below the line are in one unit of the amount."""
        unit = self._unit(text)
        if isinstance(unit, Refusal):
            return unit
        try:
            scales = [units.scale(unit, b) for b in below]
        except UnitError as error:
            return Refusal("unit does not fit", str(error))
        return tuple((s.numerator, s.denominator) for s in scales)

    def _unit(self, text: str) -> str | Refusal:
        known = self._unknown.setdefault("unit", {})
        if text in known:
            return known[text]
        try:
            return units.canonical(text)
        except UnitError as error:
            return self._note("unit", text, Refusal("unknown unit", str(error)))

    def _note(self, column: str, text: str, refusal: Refusal) -> Refusal:
        """Remember a text that is unknown, up to a limit."""
        known = self._unknown.setdefault(column, {})
        known[text] = refusal
        if len(known) > _UNKNOWN:
            some = ", ".join(repr(t[:40]) for t in list(known)[:3])
            raise LedgerError(
                f"more than {_UNKNOWN:,} different texts are no {column}, such as {some}. "
                f"Is it the right column? Name it with columns={{{column!r}: ...}}."
            )
        return refusal

    def _find(self, question: dict[str, Any]) -> Basis | Refusal:
        query = self._query(question)
        if isinstance(query, Refusal):
            return query
        try:
            if self.gases:
                found = self._each(query, self.gases)
            else:
                answer = self.library.resolve(query)
                if isinstance(answer, Found):
                    found = (answer.row.release.factor(answer.row, answer.match),)
                elif not answer.rows:
                    return Refusal("no factor", f"{answer}.")
                else:
                    gases = {row.get("gas") for row in answer.rows}
                    # One factor for each gas is one answer; CO2e holds the others already.
                    if len(gases) < len(answer.rows) or gases & {"", "CO2e"}:
                        return Refusal("ambiguous factor", f"{answer}.")
                    found = self._each(query, sorted(gases))
            if self.purpose is not None:
                found = tuple(check_purpose(f, self.purpose) for f in found)
        except _Unfound as error:
            return error.refusal
        except FactorError as error:
            return Refusal("factor does not fit", str(error))
        per = []
        for factor in found:
            one = self._one(factor)
            if isinstance(one, Refusal):
                return one
            per.append(one)
        return Basis(
            found,
            tuple((gas, mass.numerator, mass.denominator) for gas, mass, _ in per),
            tuple(below for _, _, below in per),
            "; ".join(f.key for f in found),
            "; ".join(dict.fromkeys(str(f.match) for f in found)),
        )

    def _query(self, question: dict[str, Any]) -> Query | Refusal:
        """Put a question into canonical words, once for all its years."""
        year = question.pop("year", None)
        key = tuple(question.items())
        region = str(question.get("region"))
        if region in self._unknown.setdefault("region", {}):
            return self._unknown["region"][region]
        if key not in self._queries:
            try:
                self._queries[key] = self.library.question(**question)
            except FactorNotFound as error:
                return self._note("region", region, Refusal("unknown region", str(error)))
            except FactorError as error:
                self._queries[key] = Refusal("question cannot be asked", str(error))
        query = self._queries[key]
        return query if year is None or isinstance(query, Refusal) else query.with_year(year)

    def _each(self, query: Query, gases: Iterable[str]) -> tuple[Factor, ...]:
        """Find the factor of each gas."""
        found = []
        for gas in gases:
            part = (("gas", gas),)
            asked = query._replace(filters=query.filters + part, asked=query.asked + part)
            answer = self.library.resolve(asked)
            if not isinstance(answer, Found):
                reason = "ambiguous factor" if answer.rows else "no factor"
                raise _Unfound(Refusal(reason, f"{answer}."))
            found.append(answer.row.release.factor(answer.row, answer.match))
        return tuple(found)

    def _one(self, factor: Factor) -> tuple[str, Fraction, str] | Refusal:
        """Return gas, tonnes of it, and the unit below the line that they belong to."""
        gas = None if factor.gas in ("", "CO2e") else factor.gas
        key = (factor.unit, factor.gwp_set, gas, factor.kind == "biogenic")
        if key not in self._masses:
            self._masses[key] = self._mass(*key)
        found = self._masses[key]
        if isinstance(found, Refusal):
            return Refusal(found.reason, f"{factor.key}: {found.why}")
        name, mass, below = found
        return name, Fraction(factor.text) * mass, below

    def _mass(
        self, unit: str, gwp_set: str | None, gas: str | None, biogenic: bool
    ) -> tuple[str, Fraction, str] | Refusal:
        """Return the same for a factor whose value is 1."""
        above, slash, below = unit.partition("/")
        if not slash or units.species(above) is None:
            return Refusal("factor does not fit", f"it is in {unit!r}, no mass of a gas.")
        try:
            one = Emissions.one(Fraction(1), above, gwp_set, gas=gas, biogenic=biogenic)
            ((name, mass),) = one.masses.items()
            if self.gwp_set is not None:
                weight(name, self.gwp_set)
        except GwpError as error:
            return Refusal("GWP set does not fit", str(error.args[0]))
        except CarbonkitError as error:
            return Refusal("factor does not fit", str(error))
        return name, mass, below


class _Unfound(Exception):
    """One gas of several has no factor."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.why)
        self.refusal = refusal
