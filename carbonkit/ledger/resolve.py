"""From a different question to its factors, and what they are in tonnes of a gas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

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
from carbonkit.factors import PURPOSES, FactorLibrary, check_purpose
from carbonkit.factors.asked import Asked, Found
from carbonkit.factors.guards import require_purpose
from carbonkit.factors.read import POSITION

__all__ = ["Basis", "Part", "Refusal", "Resolver"]

# More different texts than this that are no unit or region: it is the wrong column.
_UNKNOWN = 200
_YEARS = range(1900, 2101)
_GAS, _KIND, _UNIT, _VALUE = (POSITION[c] for c in ("gas", "kind", "unit", "value"))


class Part(NamedTuple):
    """One factor of a question: tonnes of a gas, `above` / `below`, per unit of `per`."""

    found: Found
    gas: str
    above: int
    below: int
    per: str


class Basis(NamedTuple):
    """The factors of a question, whatever the unit of its amount."""

    parts: tuple[Part, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """Of each factor: the unit below the line."""
        return tuple([part.per for part in self.parts])

    @property
    def keys(self) -> str:
        """The keys of the factors, for the audit."""
        rows = [part.found.row for part in self.parts]
        return "; ".join([f"{row.release.name}#{row.get('id')}" for row in rows])

    @property
    def matches(self) -> str:
        """How the factors were found, for the audit."""
        return "; ".join(dict.fromkeys([str(part.found) for part in self.parts]))


class Refusal(NamedTuple):
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
    _masses: dict[tuple[Any, ...], tuple[str, int, int, str] | Refusal] = field(
        default_factory=dict
    )
    _asked: dict[tuple[Any, ...], Asked | Refusal] = field(default_factory=dict)
    _unknown: dict[str, dict[str, Refusal]] = field(
        default_factory=lambda: {"region": {}, "unit": {}}
    )

    def check(self, names: Iterable[str]) -> None:
        """Raise at once what is wrong with the parts that are the same in every row.

        Parameters
        ----------
        names : iterable of str
            The parts that stand in columns.

        Raises
        ------
        FactorError, UnitError
            If they cannot be asked.
        """
        some = {"activity": "electricity"} | ({"region": "World"} if "region" in names else {})
        self.library.question(**(some | self._fixed()))
        if self.purpose is not None:
            require_purpose(self.purpose)
        if "unit" in self.same:
            units.canonical(self.same["unit"])

    def _fixed(self) -> dict[str, Any]:
        return {name: value for name, value in self.same.items() if name != "unit"}

    def bases(
        self, names: tuple[str, ...], questions: Iterable[tuple[Any, ...]]
    ) -> Iterator[Basis | Refusal]:
        """Find the factors of questions, each a cell for every name.

        Raises
        ------
        LedgerError
            If so many regions are unknown that a wrong column is more likely.
        """
        at = names.index("year") if "year" in names else len(names)
        others = names[:at] + names[at + 1 :]
        for cells in questions:
            year = cells[at] if at < len(names) else None
            if year is not None and year not in _YEARS:
                why = f"{year} is not from {_YEARS[0]} to {_YEARS[-1]}."
                yield Refusal("year out of range", why)
                continue
            rest = cells[:at] + cells[at + 1 :]
            asked = self._asked.get(rest)
            if asked is None:
                asked = self._asked[rest] = self._question(dict(zip(others, rest, strict=True)))
            if isinstance(asked, Refusal):
                yield asked
            else:
                yield self._basis(asked, asked.query.year if year is None else f"{year:04d}")

    def _question(self, cells: dict[str, Any]) -> Asked | Refusal:
        """Put a question into canonical words, once for all its years."""
        # A cell of a further column that is empty asks nothing.
        asked = self._fixed() | {n: v for n, v in cells.items() if v not in (None, "")}
        region = str(asked.get("region"))
        if region in self._unknown["region"]:
            return self._unknown["region"][region]
        try:
            return Asked(self.library, self.library.question(asked.pop("activity", None), **asked))
        except FactorNotFound as error:
            return self._note("region", region, Refusal("unknown region", str(error)))
        except FactorError as error:
            return Refusal("question cannot be asked", str(error))

    def _basis(self, asked: Asked, year: str | None) -> Basis | Refusal:
        """Find the factors of a question and what they are in tonnes."""
        parts = []
        try:
            found = self._found(asked, year)
            if isinstance(found, Refusal):
                return found
            for one in found:
                part = self._part(one)
                if isinstance(part, Refusal):
                    return part
                parts.append(part)
        except FactorError as error:
            return Refusal("factor does not fit", str(error))
        return Basis(tuple(parts))

    def _found(self, asked: Asked, year: str | None) -> list[Found] | Refusal:
        """Find the one factor, or one for each gas."""
        if self.gases:
            found = []
            for gas in self.gases:
                answer = asked.of_gas(gas).at(year)
                if not isinstance(answer, Found):
                    return Refusal("ambiguous factor" if answer.rows else "no factor", f"{answer}.")
                found.append(answer)
            return found
        answer = asked.at(year)
        if isinstance(answer, Found):
            return [answer]
        if not answer.rows:
            return Refusal("no factor", f"{answer}.")
        gases = {row.cells[_GAS]: row for row in answer.rows}
        # One factor for each gas is one answer; CO2e holds the others already.
        if len(gases) < len(answer.rows) or "" in gases or "CO2e" in gases:
            return Refusal("ambiguous factor", f"{answer}.")
        # The question about each gas has the same answer: earlier steps gave no gas at all.
        step, tried = answer.step, answer.tried
        return [Found(asked, year, gases[gas], step, tried) for gas in sorted(gases)]

    def _part(self, found: Found) -> Part | Refusal:
        """Return a factor in tonnes, without building more of it than is needed."""
        row = found.row
        release, cells = row.release, row.cells
        release.require_plain(row)
        if self.purpose is not None and cells[_KIND] not in PURPOSES[self.purpose].kinds:
            check_purpose(found.factor(), self.purpose)
        key = (release.name, cells[_UNIT], cells[_GAS], cells[_KIND])
        mass = self._masses.get(key)
        if mass is None:
            unit, gas, kind = key[1:]
            mass = self._mass(unit, release.gwp_set(unit), gas, biogenic=kind == "biogenic")
            self._masses[key] = mass
        if isinstance(mass, Refusal):
            return Refusal(mass.reason, f"{release.name}#{row.get('id')}: {mass.why}")
        name, above, below, per = mass
        whole, _, decimals = cells[_VALUE].partition(".")
        return Part(found, name, int(whole + decimals) * above, 10 ** len(decimals) * below, per)

    def _mass(
        self, unit: str, gwp_set: str | None, gas: str, *, biogenic: bool
    ) -> tuple[str, int, int, str] | Refusal:
        """Return gas, tonnes of it and the unit below the line, for a factor whose value is 1."""
        above, slash, per = unit.partition("/")
        if not slash or units.species(above) is None:
            return Refusal("factor does not fit", f"it is in {unit!r}, no mass of a gas.")
        try:
            one = Emissions.one(
                Fraction(1), above, gwp_set, gas=None if gas in ("", "CO2e") else gas,
                biogenic=biogenic,
            )  # fmt: skip
            ((name, mass),) = one.masses.items()
            if self.gwp_set is not None:
                weight(name, self.gwp_set)
        except GwpError as error:
            return Refusal("GWP set does not fit", str(error.args[0]))
        except CarbonkitError as error:
            return Refusal("factor does not fit", str(error))
        return name, mass.numerator, mass.denominator, per

    def scales(self, unit: str, per: tuple[str, ...]) -> tuple[Fraction, ...] | Refusal:
        """Return how many of the units below the line are in one unit of the amount.

        Raises
        ------
        LedgerError
            If so many units are unknown that a wrong column is more likely.
        """
        known = self._unknown["unit"]
        if unit in known:
            return known[unit]
        try:
            named = units.canonical(unit)
        except UnitError as error:
            return self._note("unit", unit, Refusal("unknown unit", str(error)))
        try:
            return tuple(units.scale(named, below) for below in per)
        except UnitError as error:
            return Refusal("unit does not fit", str(error))

    def _note(self, column: str, text: str, refusal: Refusal) -> Refusal:
        """Remember a text that is unknown, up to a limit."""
        known = self._unknown[column]
        known[text] = refusal
        if len(known) > _UNKNOWN:
            some = ", ".join(repr(t[:40]) for t in list(known)[:3])
            raise LedgerError(
                f"more than {_UNKNOWN:,} different texts are no {column}, such as {some}. "
                f"Is it the right column? Name it with columns={{{column!r}: ...}}."
            )
        return refusal
