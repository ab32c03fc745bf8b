"""Read a report file: figures as printed, outside facts, assumptions and claims.

The file is TOML, so that a person can write, review and diff it; reading it runs no code.
"""

from __future__ import annotations

import hashlib
import keyword
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit import factors, printed, units
from carbonkit.claims.relation import (
    FORMULAS,
    Expression,
    Name,
    Relation,
    dimension_of,
    expression,
    relation,
)
from carbonkit.errors import CarbonkitError, RelationError, ReportError, UnitError, nearest
from carbonkit.factors import Factor
from carbonkit.intervals import Interval
from carbonkit.printed import Figure, Qualifier
from carbonkit.units import Measure

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.claims.audit import Audit

__all__ = ["Claim", "Named", "Report", "bundled_reports", "load_report"]

FORMAT = "carbonkit-report/1"
ROUNDINGS = (
    "unknown",
    "nearest",
    "half-even",
    "half-up",
    "truncated",
    "floor",
    "ceiling",
)
REASONS = ("missing-figure", "no-relation", "third-party", "not-disclosed")
TONS = ("tonne", "short_ton", "long_ton")
# What happened to the energy of a figure, and figures that are goals.
KINDS = ("generated", "saved", "consumed", "delivered", "purchased", "goal")
CONVENTIONS: Mapping[str, tuple[str, str]] = {
    "days_per_year": ("365", "day/year"),
    "hours_per_year": ("8760", "h/year"),
}
_SIZE = 1_000_000
# TOML readers take time that grows with the square of the parts of a dotted key.
_LONG_KEY = re.compile(rb"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){30}""")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CHOICES = 500
_CHAIN = 50
_NUMBERED = frozenset({"mass", "length", "time", "temperature"})


@dataclass(frozen=True)
class Named:
    """One value that relations may use.

    Attributes
    ----------
    name : str
        The name in the report file.
    role : str
        ``"figure"`` (printed in the report), ``"fact"`` (from outside, with a source),
        ``"assumption"``, ``"convention"`` (365 days, 8,760 hours) or ``"unknown"``.
    unit : str
        Canonical unit text.
    figure : Figure or None
        The figure as printed; None for an unknown and for a family of factors.
    factors : tuple of Factor
        The emission factor, or the family of factors, that a fact refers to.
    nominal : bool
        Whether the value is a count or the name of a class and is not un-rounded.
    table : str
        The table it stands in; its cells share one rounding rule.
    places : tuple of str
        Regions whose published factors are compared when a factor does not fit.
    kind : str
        What happened to the energy (generated, saved, consumed, delivered, purchased), or "goal".
    series : str
        The row of which the figure is one period.
    base : Fraction
        Size of the unit in the coherent base units of the registry.
    """

    name: str
    role: str
    unit: str
    figure: Figure | None = None
    factors: tuple[Factor, ...] = ()
    nominal: bool = False
    rounding: str = "unknown"
    page: str = ""
    what: str = ""
    source: str = ""
    cited: str = ""
    period: str = ""
    boundary: str = ""
    table: str = ""
    places: tuple[str, ...] = ()
    base: Fraction = Fraction(1)
    kind: str = ""
    series: str = ""

    def members(self) -> tuple[Named, ...]:
        """Return one named value per member of a family, or the value itself."""
        if len(self.factors) < 2:
            return (self,)
        return tuple(of_factor(self, f) for f in self.factors)

    @property
    def value(self) -> Fraction:
        """The nominal value, in base units."""
        if self.figure is None:
            raise ReportError(f"{self.name} has no single value.")
        if self.figure.high is not None:
            middle = (self.figure.value + self.figure.high.value) / 2
            return middle * self.base
        return self.figure.value * self.base

    def interval(self, rounding: str = "nearest", zeros: int = 0) -> Interval:
        """Return where the true value lies, read from the digits alone, in base units."""
        if self.figure is None:
            raise ReportError(f"{self.name} has no single value.")
        if self.nominal or self.role == "convention":
            return Interval.point(self.value)
        return self.figure.interval(rounding, zeros) * self.base

    @property
    def is_bound(self) -> bool:
        """Whether the figure is a bound, such as "more than" or "up to"."""
        return self.figure is not None and self.figure.bound() is not None

    @property
    def is_range(self) -> bool:
        """Whether the figure is a range, such as "8% to 15%"."""
        return self.figure is not None and self.figure.high is not None

    def shown(self) -> str:
        """Return the value as a reader of the report sees it."""
        if self.figure is None:
            return self.what or self.name
        text = self.figure.text.strip()
        # A table cell is a bare number; the unit stands in the table's head.
        return text if self.figure.unit or self.unit == "1" else f"{text} {in_words(self.unit)}"

    def origin(self) -> str:
        """Return where the value comes from, for a reader."""
        match self.role:
            case "figure":
                return f"printed on p. {self.page}" if self.page else "printed in the report"
            case "fact" if self.factors:
                cited = f"; {self.cited}" if self.cited else ""
                return f"{self.factors[0]}{cited}" if len(self.factors) == 1 else self.cited
            case "convention":
                return "convention"
            case "unknown":
                return "not given in the report"
        factor = str(self.factors[0]) if len(self.factors) == 1 else ""
        return "; ".join(part for part in (factor, self.what, self.source, self.cited) if part)


def in_words(unit: str) -> str:
    """Return a unit with its power of ten as a word, as a table's head has it.

    Examples
    --------
    >>> in_words("10^6 m3/year"), in_words("t CO2/10^6 CNY")
    ('million m3/year', 't CO2/million CNY')
    """
    for power, word in (("10^3 ", "thousand "), ("10^6 ", "million "), ("10^9 ", "billion ")):
        unit = unit.replace(power, word)
    return unit


def of_factor(named: Named, factor: Factor) -> Named:
    """Return the named value with one emission factor in place."""
    return replace(
        named,
        unit=factor.unit,
        figure=factor.figure,
        factors=(factor,),
        base=_size(factor.unit),
    )


def _size(unit: str) -> Fraction:
    return units.measure(unit).size


@dataclass(frozen=True)
class Claim:
    """One statement of a report and the relations that should hold if it is true.

    Attributes
    ----------
    id, page, system, statement : str
        Identifier, page as printed, the system it is about, and a paraphrase.
    relations : tuple of Relation
        What should hold; none if the statement cannot be checked by arithmetic.
    reason, missing : str
        Why a statement without a relation cannot be checked, and what is missing.
    note : str
        What a careful reader should know.
    points_to, seeks : str
        For a pointer to other pages: which pages, and the unit of the figure sought there.
    """

    id: str
    page: str
    system: str
    statement: str
    relations: tuple[Relation, ...] = ()
    reason: str = ""
    missing: str = ""
    note: str = ""
    points_to: str = ""
    seeks: str = ""


@dataclass(frozen=True)
class Report:
    """A report as read from its file; :meth:`verify` checks its claims.

    Attributes
    ----------
    id, title, organisation, path : str
        What it is, and the file it came from.
    year : int
        The year reported on.
    values : mapping of str to Named
        Every figure, fact, assumption, convention and unknown by name.
    claims : tuple of Claim
        The statements.
    about : mapping of str to object
        What the file says of the report.
    sha256 : str
        Hash of the file.
    """

    id: str
    title: str
    organisation: str
    year: int
    path: str
    values: Mapping[str, Named]
    claims: tuple[Claim, ...]
    about: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def __getitem__(self, claim_id: str) -> Claim:
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        known = [c.id for c in self.claims]
        raise ReportError(
            f"{self.id} has no claim {claim_id!r}.{nearest(claim_id, known)} "
            f"It has {len(known)} claims."
        )

    def verify(self, *, factors: Mapping[str, Any] | None = None) -> Audit:
        """Check every claim and return the audit.

        Parameters
        ----------
        factors : mapping of str to object, optional
            What if: other values for facts and assumptions, by name, as text ("0.5 kg CO2/kWh")
            or as emission factors. The audit says that they were replaced.

        Returns
        -------
        Audit

        Raises
        ------
        ReportError
            If a name is not a fact or assumption of this report.
        UnitError, DimensionError
            If a replacement has no unit or the wrong dimension.

        Examples
        --------
        >>> report = load_report("huawei-2020")
        >>> report.verify()["p62-icooling-co2"].verdict
        <Verdict.EXACT: 'reproduced-exactly'>
        """
        from carbonkit.claims.audit import Audit
        from carbonkit.claims.check import check_claims

        values = self.replaced(factors) if factors else self.values
        try:
            results = check_claims(self.claims, values)
        except RelationError as error:
            raise RelationError(f"{self.path}: {error}") from None
        return Audit(self, results, dict(factors or {}))

    def restate(self, factors: Mapping[str, Any]) -> pd.DataFrame:
        """Restate every claim of avoided emissions under one emission factor for all.

        Parameters
        ----------
        factors : mapping of str to Factor, Result or text
            Factors to try, by a name of your choice; see :func:`carbonkit.claims.whatif.restate`.

        Returns
        -------
        pandas.DataFrame
            One row for each factor and claim.

        Raises
        ------
        ReportError
            If the report has no such claim, or no factor is given.
        UnitError
            If a factor is not a mass of CO2 or CO2e per energy.

        Examples
        --------
        >>> frame = load_report("huawei-2020").restate({"world 2018": "475 g CO2/kWh"})
        >>> print(frame.set_index("id").loc["p62-icooling-co2", "restated"])
        13129.0
        """
        from carbonkit.claims.whatif import restate

        return restate(self, factors)

    def replaced(self, replacements: Mapping[str, Any]) -> Mapping[str, Named]:
        """Return the values with some facts or assumptions replaced.

        Raises
        ------
        ReportError
            If a name is not a fact or an assumption of this report, or a value cannot be read.
        UnitError
            If a value has no unit, an unknown one or one of the wrong dimension.
        """
        values = dict(self.values)
        allowed = [n for n, v in values.items() if v.role in ("fact", "assumption")]
        for name, given in replacements.items():
            if name not in allowed:
                raise ReportError(
                    f"{self.id} has no fact or assumption {name!r}.{nearest(name, allowed)} "
                    f"Those that can be replaced are {', '.join(allowed)}."
                )
            old = values[name]
            if isinstance(given, Factor):
                new = of_factor(old, given)
            else:
                new = self._what_if(old, str(given))
            if not units.same_dimension(new.unit, old.unit):
                raise UnitError(
                    f"{name} is in {old.unit}; {new.unit} has another dimension. "
                    f"Give a value in a unit like {old.unit!r}."
                )
            # An assumption stays one: that a guess fails is not the report's fault.
            role = "what-if" if old.role == "fact" else old.role
            told = f"what if {name} were {given}"
            values[name] = replace(new, role=role, what=told, source="", cited="")
        return values

    def _what_if(self, old: Named, given: str) -> Named:
        where = f"{old.name} = {given!r}"
        try:
            figure = printed.parse(given)
            unit = units.canonical(figure.unit or "1")
        except UnitError as error:
            raise UnitError(f"{where}: {error}") from None
        except CarbonkitError as error:
            raise ReportError(f"{where}: {error}") from None
        if figure.unit is None and old.unit != "1":
            raise UnitError(f"{where}: has no unit; write it as in '{given.strip()} {old.unit}'.")
        return replace(old, figure=figure, unit=unit, factors=(), base=_size(unit))


def bundled_reports() -> tuple[str, ...]:
    """Return the ids of the reports that ship with the package.

    Examples
    --------
    >>> "huawei-2020" in bundled_reports()
    True
    """
    folder = resources.files("carbonkit") / "reports"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def load_report(name: str | Path) -> Report:
    """Read a report file, or a report that ships with the package.

    Parameters
    ----------
    name : str or Path
        Id of a bundled report, or the path of a file.

    Returns
    -------
    Report

    Raises
    ------
    ReportError
        If there is no such report, or the file breaks the format. The message names the file
        and the key.

    Examples
    --------
    >>> load_report("huawei-2020").year
    2020
    """
    path = Path(name)
    if not path.suffix and not _is_file(path):
        if str(name) not in bundled_reports():
            raise ReportError(
                f"there is no report {str(name)!r}.{nearest(str(name), bundled_reports())} Bundled "
                f"are {', '.join(bundled_reports())}; or give the path of a .toml file."
            )
        bundled = resources.files("carbonkit") / "reports" / f"{name}.toml"
        return parse_report(bundled.read_bytes(), f"{name}.toml")
    try:
        with path.open("rb") as file:
            data = file.read(_SIZE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReportError(f"{path}: cannot be read: {reason}.") from None
    return parse_report(data, str(path))


def _is_file(path: Path) -> bool:
    try:
        return path.exists() and not path.is_dir()
    except OSError:  # a name longer than any file's
        return False


def parse_report(data: bytes, path: str) -> Report:
    """Read a report from the bytes of its file.

    Raises
    ------
    ReportError
        If the data break the format.
    """
    if len(data) > _SIZE:
        raise ReportError(f"{path}: is larger than {_SIZE:,} bytes; split the report up.")
    if found := _LONG_KEY.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        raise ReportError(f"{path}: is not a report file: line {line} has a key of too many parts.")
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ReportError(f"{path}: is not UTF-8 text ({error}). Save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        reason = "is nested too deeply" if isinstance(error, RecursionError) else f"{error}"
        raise ReportError(f"{path}: is not a report file: {reason}.") from None
    return replace(_Reader(path, content).report(), sha256=hashlib.sha256(data).hexdigest())


class _Reader:
    """Reads one report; keeps the path so that every message can name file and key."""

    def __init__(self, path: str, content: dict[str, Any]) -> None:
        self.path = path
        self.content = content
        if _too_deep(content, 8):
            raise ReportError(f"{path}: is not a report file: is nested too deeply.")
        if content.get("format") != FORMAT:
            raise ReportError(
                f"{path}: is not a report file: the first line must be format = {FORMAT!r}, "
                f"found {_brief(content.get('format'))}."
            )
        self.keys(
            content,
            "the file",
            {
                "format",
                "report",
                "figures",
                "facts",
                "assumptions",
                "unknowns",
                "derived",
                "claims",
            },
        )
        self.about = self.table(content, "report")
        self.keys(
            self.about,
            "[report]",
            {
                "id", "title", "organisation", "year", "published", "language", "url", "tons",
                "rounding", "decimal", "thousands", "note", "regions",
            },
        )  # fmt: skip
        self.values: dict[str, Named] = {}

    def fail(self, key: str, message: object) -> ReportError:
        return ReportError(f"{self.path}: {key[:120]}: {message}")

    def keys(self, table: Mapping[str, Any], where: str, allowed: set[str]) -> None:
        for key in table:
            if key not in allowed:
                raise self.fail(
                    where,
                    f"unknown key {str(key)[:60]!r}.{nearest(key, allowed)} Allowed are "
                    f"{', '.join(sorted(allowed))}.",
                )

    def table(self, parent: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = parent.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, f"must be a table, not {type(value).__name__}.")
        return value

    def text(
        self, table: Mapping[str, Any], key: str, where: str, default: str | None = None
    ) -> str:
        value = table.get(key, default)
        if value is None:
            raise self.fail(where, f"{key} is missing.")
        if not isinstance(value, str):
            raise self.fail(
                where,
                f"{key} must be text in quotes, as printed, not {_brief(value)}.",
            )
        if odd := _CONTROL.search(value):
            raise self.fail(where, f"{key} holds the control character {odd[0]!a}; take it out.")
        return value

    def page(self, table: Mapping[str, Any], where: str) -> str:
        value = table.get("page", "")
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise self.fail(where, f"page must be a number or text, not {_brief(value)}.")
        return self.text(table, "page", where, "")

    def choice(
        self, table: Mapping[str, Any], key: str, where: str, allowed: tuple[str, ...], default: str
    ) -> str:
        value = self.text(table, key, where, default)
        if value not in allowed:
            raise self.fail(
                where, f"{key} = {value[:60]!r} must be one of {', '.join(filter(None, allowed))}."
            )
        return value

    def report(self) -> Report:
        year = self.about.get("year")
        if not isinstance(year, int) or isinstance(year, bool) or not 1000 <= year <= 9999:
            raise self.fail("[report]", f"year must be a year such as 2020, not {_brief(year)}.")
        tons = self.choice(self.about, "tons", "[report]", ("", *TONS), "")
        self.tons = tons or None
        self.rounding = self.choice(self.about, "rounding", "[report]", ROUNDINGS, "unknown")
        self.places = self.regions()
        self.locale = {
            "decimal": self.text(self.about, "decimal", "[report]", "."),
            "thousands": self.text(self.about, "thousands", "[report]", ","),
        }
        for name, (text, unit) in CONVENTIONS.items():
            self.values[name] = Named(
                name, "convention", unit, printed.parse(text), nominal=True, base=_size(unit)
            )
        for key, reader in (
            ("figures", self.figure),
            ("facts", self.fact),
            ("assumptions", self.assumption),
            ("unknowns", self.unknown),
        ):
            for name, entry in self.table(self.content, key).items():
                self.new_name(name, f"{key}.{name}")
                if not isinstance(entry, dict):
                    raise self.fail(f"{key}.{name}", "must be a table such as { text = '12 t' }.")
                try:
                    self.values[name] = reader(name, entry, f"{key}.{name}")
                except ReportError:
                    raise
                except CarbonkitError as error:
                    raise self.fail(f"{key}.{name}", error) from None
        derived = self.derived()
        return Report(
            id=self.text(self.about, "id", "[report]"),
            title=self.text(self.about, "title", "[report]"),
            organisation=self.text(self.about, "organisation", "[report]", ""),
            year=year,
            path=self.path,
            values=self.values,
            claims=self.claims(derived),
            about=self.about,
        )

    def regions(self) -> tuple[str, ...]:
        regions = self.about.get("regions", [])
        if not isinstance(regions, list) or not all(isinstance(r, str) for r in regions):
            raise self.fail("[report]", "regions must be a list of codes such as ['CN'].")
        try:
            return tuple(factors.regions.resolve(r) for r in regions)
        except CarbonkitError as error:
            raise self.fail("[report]", error) from None

    def new_name(self, name: str, where: str) -> None:
        usable = name.isidentifier() and not keyword.iskeyword(name)
        if not usable or name.startswith("__") or len(name) > 80:
            raise self.fail(
                where, f"{name[:80]!r} cannot be a name: use letters, digits and _, as in co2_2020."
            )
        if name in self.values or name in FORMULAS:
            raise self.fail(where, f"the name {name!r} is already taken.")

    def printed_figure(self, entry: Mapping[str, Any], where: str) -> tuple[Figure, str]:
        text = self.text(entry, "text", where)
        qualifier = entry.get("qualifier")
        if qualifier is not None and qualifier not in list(Qualifier):
            raise self.fail(
                where, f"qualifier {_brief(qualifier)} must be one of {', '.join(Qualifier)}."
            )
        figure = printed.parse(text, tons=self.tons, qualifier=qualifier, **self.locale)
        if "unit" not in entry:
            if figure.unit is None:
                raise self.fail(where, f"{text!r} is printed without a unit; add unit = '...'.")
            try:
                return figure, units.canonical(figure.unit, tons=self.tons)
            except UnitError as error:
                raise self.fail(where, f"{error} Or add unit = '...'.") from None
        own = self.own_unit(figure)
        unit = units.canonical(self.text(entry, "unit", where), tons=self.tons)
        if own and not _refines(unit, own):
            raise self.fail(
                where,
                f"unit = {unit!r} contradicts the printed {text!r}, which is in {own}. The unit "
                "may add what the words leave out, such as the gas or 'per year', not change it.",
            )
        return figure, unit

    def own_unit(self, figure: Figure) -> str | None:
        if figure.unit is None:
            return None
        try:
            return units.canonical(figure.unit, tons=self.tons)
        except UnitError:
            return None

    def common(self, entry: Mapping[str, Any], where: str, rounding: str) -> dict[str, Any]:
        nominal = entry.get("nominal", False)
        if not isinstance(nominal, bool):
            raise self.fail(where, "nominal must be true or false.")
        return {
            "nominal": nominal,
            "rounding": self.choice(entry, "rounding", where, ROUNDINGS, rounding),
            "page": self.page(entry, where),
            "period": self.text(entry, "period", where, ""),
            "boundary": self.text(entry, "boundary", where, ""),
            "table": self.text(entry, "table", where, ""),
            "kind": self.choice(entry, "kind", where, ("", *KINDS), ""),
            "series": self.text(entry, "series", where, ""),
        }

    def figure(self, name: str, entry: Mapping[str, Any], where: str) -> Named:
        self.keys(
            entry,
            where,
            {
                "text",
                "page",
                "unit",
                "qualifier",
                "rounding",
                "period",
                "boundary",
                "table",
                "nominal",
                "kind",
                "series",
                "note",
            },
        )
        figure, unit = self.printed_figure(entry, where)
        common = self.common(entry, where, self.rounding)
        return Named(name, "figure", unit, figure, base=_size(unit), **common)

    def fact(self, name: str, entry: Mapping[str, Any], where: str, role: str = "fact") -> Named:
        self.keys(
            entry,
            where,
            {
                "text", "unit", "source", "url", "locator", "cited", "factor", "factors", "reading",
                "reason", "qualifier", "nominal", "rounding", "period", "boundary", "page",
                "series", "note",
            },
        )  # fmt: skip
        what = self.text(entry, "reading", where, "") or self.text(entry, "reason", where, "")
        cited = self.text(entry, "cited", where, "")
        if "factor" in entry or "factors" in entry:
            return self.factor_fact(name, entry, where, role, what, cited)
        figure, unit = self.printed_figure(entry, where)
        source = self.text(entry, "source", where)
        extra = [self.text(entry, key, where, "") for key in ("locator", "url")]
        return Named(
            name,
            role,
            unit,
            figure,
            what=what,
            source=", ".join(filter(None, (source, *extra))),
            cited=cited,
            base=_size(unit),
            # The report's own rule of rounding says nothing about figures from outside.
            **self.common(entry, where, "unknown"),
        )

    def factor_fact(
        self, name: str, entry: Mapping[str, Any], where: str, role: str, what: str, cited: str
    ) -> Named:
        single = "factor" in entry
        query = entry["factor" if single else "factors"]
        if not isinstance(query, dict) or "activity" not in query:
            raise self.fail(where, "factor must be a table such as { activity = 'electricity' }.")
        for key, value in query.items():
            if not isinstance(value, int if key == "year" else str):
                kind = "a whole number" if key == "year" else "text"
                raise self.fail(where, f"{key} must be {kind}, not {_brief(value)}.")
        try:
            found = (factors.find(**query),) if single else factors.find_all(**query)
        except TypeError as error:
            raise self.fail(where, f"the factor query cannot be read: {error}.") from None
        if not found:
            raise self.fail(where, f"no emission factor answers {query}.")
        family = Named(
            name, role, found[0].unit, factors=found, what=what, cited=cited, places=self.places
        )
        return of_factor(family, found[0]) if single else family

    def assumption(self, name: str, entry: Mapping[str, Any], where: str) -> Named:
        self.text(entry, "reason", where)
        return self.fact(name, entry, where, role="assumption")

    def unknown(self, name: str, entry: Mapping[str, Any], where: str) -> Named:
        self.keys(entry, where, {"unit", "what", "note"})
        unit = units.canonical(self.text(entry, "unit", where), tons=self.tons)
        what = self.text(entry, "what", where)
        return Named(name, "unknown", unit, what=what, base=_size(unit))

    def derived(self) -> dict[str, Expression]:
        written: dict[str, Expression] = {}
        for name, text in self.table(self.content, "derived").items():
            where = f"derived.{name}"
            self.new_name(name, where)
            if not isinstance(text, str):
                raise self.fail(where, "must be text such as 'generated + saved'.")
            try:
                written[name] = expression(text)
            except CarbonkitError as error:
                raise self.fail(where, error) from None
        resolved: dict[str, Expression] = {}

        def resolve(name: str, path: tuple[str, ...]) -> Expression:
            where = f"derived.{path[0] if path else name}"
            if len(path) > _CHAIN:
                raise self.fail(where, f"goes through more than {_CHAIN} other names; shorten it.")
            if name in path:
                circle = " -> ".join((*path[path.index(name) :], name))
                raise self.fail(where, f"circular reference: {circle}. Break the circle.")
            if name not in resolved:
                inner = {
                    used: resolve(used, (*path, name))
                    for used in written[name].names
                    if used in written
                }
                try:
                    resolved[name] = expression(self.content["derived"][name], inner)
                    self.known(resolved[name].names)
                except CarbonkitError as error:
                    raise self.fail(where, error) from None
            return resolved[name]

        for name in written:
            resolve(name, ())
        return resolved

    def known(self, names: tuple[str, ...]) -> None:
        for name in names:
            if name not in self.values:
                raise RelationError(
                    f"there is no figure, fact, assumption or unknown {name[:60]!r}."
                    f"{nearest(name, self.values)}"
                )

    def claims(self, derived: Mapping[str, Expression]) -> tuple[Claim, ...]:
        entries = self.content.get("claims", [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            raise self.fail("claims", "must be written as [[claims]] tables.")
        bases = {name: units.measure(value.unit).base for name, value in self.values.items()}
        claims: dict[str, Claim] = {}
        for number, entry in enumerate(entries, start=1):
            claim = self.claim(entry, f"claim {number}", derived, bases)
            if claim.id in claims:
                raise self.fail(f"claim {claim.id!r}", "the id stands twice; ids must be unique.")
            claims[claim.id] = claim
        return tuple(claims.values())

    def claim(
        self,
        entry: Mapping[str, Any],
        place: str,
        derived: Mapping[str, Expression],
        bases: Mapping[str, Measure],
    ) -> Claim:
        claim_id = self.text(entry, "id", place)
        where = f"claim {claim_id[:80]!r}"
        self.keys(
            entry,
            where,
            {
                "id", "page", "system", "statement", "relation", "relations", "uncheckable",
                "missing", "note", "points_to", "seeks",
            },
        )  # fmt: skip
        if "relation" in entry and "relations" in entry:
            raise self.fail(where, "give relation or relations, not both.")
        written = entry.get("relations", [entry["relation"]] if "relation" in entry else [])
        if not isinstance(written, list) or not all(isinstance(t, str) for t in written):
            raise self.fail(where, "relations must be a list of texts.")
        reason = self.choice(entry, "uncheckable", where, ("", *REASONS), "")
        if bool(written) == bool(reason):
            raise self.fail(
                where,
                "give either a relation, or uncheckable = one of " + ", ".join(REASONS) + ".",
            )
        relations = []
        for text in written:
            try:
                parsed = relation(text, derived)
                self.known(parsed.names)
                parsed = replace(parsed, unit=self.prove(parsed, bases))
            except CarbonkitError as error:
                raise self.fail(where, error) from None
            relations.append(parsed)
        return Claim(
            id=claim_id,
            page=self.page(entry, where),
            system=self.text(entry, "system", where, ""),
            statement=self.text(entry, "statement", where),
            relations=tuple(relations),
            reason=reason,
            missing=self.text(entry, "missing", where, ""),
            note=self.text(entry, "note", where, ""),
            points_to=self.text(entry, "points_to", where, ""),
            seeks=self.seeks(entry, where),
        )

    def seeks(self, entry: Mapping[str, Any], where: str) -> str:
        unit = self.text(entry, "seeks", where, "")
        try:
            return units.canonical(unit, tons=self.tons) if unit else ""
        except UnitError as error:
            raise self.fail(where, error) from None

    def prove(self, parsed: Relation, bases: Mapping[str, Measure]) -> str:
        """Return the base unit that both sides have."""
        where = f"relation {parsed.text!r}"
        if parsed.compare == "==":
            if not isinstance(parsed.left, Name):
                raise RelationError(
                    f"{where}: the left side of == must be the one figure that is claimed; write "
                    "the arithmetic on the right."
                )
            if parsed.left.name in parsed.right.names:
                raise RelationError(
                    f"{where}: recomputes {parsed.left.name} from itself, which proves nothing."
                )
        choices = math.prod(max(1, len(self.values[n].factors)) for n in parsed.names)
        if choices > _CHOICES:
            raise RelationError(
                f"{where}: its families of factors make {choices:,} choices; at most {_CHOICES} "
                "are tried. Name region, year or publisher, so that fewer factors fit."
            )
        left, right = (dimension_of(side, bases, where) for side in (parsed.left, parsed.right))
        if left != right:
            raise RelationError(
                f"{where}: compares {left} with {right}; both sides must have the same dimensions."
            )
        return left.base_unit


def _brief(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def _too_deep(value: object, allowed: int) -> bool:
    """Say whether tables and lists lie in each other more deeply than a report has them."""
    if not isinstance(value, dict | list):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return allowed == 0 or any(_too_deep(v, allowed - 1) for v in inside)


def _refines(unit: str, own: str) -> bool:
    """Say whether a unit is the printed one with a gas, a thing or a year added."""
    if unit == own or unit.startswith((f"{own} ", f"{own}/")):
        return True
    printed_unit = units.measure(own)
    ratio = units.measure(unit) / printed_unit
    added = {name for name, _ in ratio.dimensions}
    kept = {name for name, _ in printed_unit.dimensions}
    return ratio.size == 1 and not added & (kept | _NUMBERED)
