"""The model of a report: figures as printed, outside facts, assumptions and claims."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from carbonkit import units
from carbonkit.claims.relation import Relation
from carbonkit.errors import ReportError
from carbonkit.factors import Factor
from carbonkit.intervals import Interval
from carbonkit.printed import Figure

__all__ = ["Claim", "Named", "in_words", "of_factor", "size"]


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
