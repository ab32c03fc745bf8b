"""The model of a report: figures as printed, outside facts, assumptions and claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonkit import printed, units
from carbonkit.claims.relation import Relation
from carbonkit.errors import CarbonkitError, RelationError, ReportError, UnitError, nearest
from carbonkit.factors import Factor
from carbonkit.intervals import Interval
from carbonkit.printed import Figure

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.claims.audit import Audit
    from carbonkit.tables import PrintedTable

__all__ = ["Claim", "Named", "Report", "in_words", "of_factor", "size"]


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

    @cached_property
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
        read = self._read
        if (rounding, zeros) not in read:
            read[rounding, zeros] = self.figure.interval(rounding, zeros) * self.base
        return read[rounding, zeros]

    @cached_property
    def _read(self) -> dict[tuple[str, int], Interval]:
        """What the digits stand for, by rule and zeros: a figure is used by many claims."""
        return {}

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

    def placed(self) -> str:
        """Return the value with the page where it stands, if that is known."""
        return f"{self.shown()} (p. {self.page})" if self.page else self.shown()

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
        base=size(factor.unit),
    )


def size(unit: str) -> Fraction:
    """Return the size of a unit in the coherent base units of the registry."""
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

    @property
    def place(self) -> str:
        """The page and the system, as far as the report file names them."""
        return ", ".join(filter(None, (self.page and f"p. {self.page}", self.system)))


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
    tables : tuple of PrintedTable
        The printed tables that stand in it whole; their cells are among the values.
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
    tables: tuple[PrintedTable, ...] = ()

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
        >>> import carbonkit as ck
        >>> report = ck.load_report("huawei-2020")
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
        >>> import carbonkit as ck
        >>> frame = ck.load_report("huawei-2020").restate({"world 2018": "475 g CO2/kWh"})
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
        return replace(old, figure=figure, unit=unit, factors=(), base=size(unit))
