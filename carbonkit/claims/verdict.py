"""What checking a claim can come to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from typing import Any, Generic, TypeVar, overload

from carbonkit._text import number, with_unit
from carbonkit.claims.model import Claim
from carbonkit.claims.relation import Relation
from carbonkit.intervals import Interval

__all__ = ["Finding", "Implied", "Later", "Verdict"]

_T = TypeVar("_T")


class Verdict(StrEnum):
    """The six verdicts.

    Attributes
    ----------
    EXACT
        Recomputing from the figures as printed and rounding gives the printed figure, or the same
        figure stands elsewhere.
    ROUNDING
        Not so, but the recomputed and the printed interval meet.
    QUALIFIER
        A bound ("more than", "up to", a target) is satisfied.
    ASSUMPTION
        It holds with a general constant or reading that the report does not print.
    INCONSISTENT
        The intervals do not meet under what the report prints and cites.
    NOT_CHECKABLE
        A figure or a relation is missing.
    """

    EXACT = "reproduced-exactly"
    ROUNDING = "reproduced-within-rounding"
    QUALIFIER = "consistent-with-qualifier"
    ASSUMPTION = "consistent-under-assumption"
    INCONSISTENT = "inconsistent"
    NOT_CHECKABLE = "not-checkable"

    @property
    def passes(self) -> bool:
        """Whether the claim holds."""
        return self not in (Verdict.INCONSISTENT, Verdict.NOT_CHECKABLE)


# Strongest first: among readings of one relation the first wins, among relations the last.
ORDER = tuple(Verdict)


@dataclass(frozen=True)
class Implied:
    """The value that one ingredient must have for a relation to hold.

    Attributes
    ----------
    name, what : str
        The ingredient.
    interval : Interval
        Its admissible values, in `unit`.
    unit : str
        Canonical unit text.
    published : tuple of str
        Published values of the factor library that lie in the interval.
    """

    name: str
    what: str
    interval: Interval
    unit: str
    published: tuple[str, ...] = ()

    def __str__(self) -> str:
        return shown_interval(self.interval, self.unit, digits=4)


class Later(Generic[_T]):
    """A field that may be given as a function of its owner, called when the field is first read.

    Most verdicts are only counted; what is told of them is worked out for those that are read.
    """

    def __init__(self, *default: _T) -> None:
        self.default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, owner: None, kind: type) -> _T: ...
    @overload
    def __get__(self, owner: object, kind: type | None = None) -> _T: ...
    def __get__(self, owner: object | None, kind: type | None = None) -> _T:
        if owner is None:  # the dataclass asks for the default
            if not self.default:
                raise AttributeError(self.name)
            return self.default[0]
        value = owner.__dict__[self.name]
        if callable(value):
            value = owner.__dict__[self.name] = value(owner)
        return value  # type: ignore[no-any-return]

    def __set__(self, owner: object, value: _T | Callable[[Any], _T]) -> None:
        owner.__dict__[self.name] = value


@dataclass(frozen=True)
class Finding:
    """What checking one relation came to. Intervals and nominal values are in `unit`.

    Attributes
    ----------
    verdict : Verdict
        The verdict on the relation.
    procedure : str
        ``"recalculation"``, ``"tie-out"``, ``"comparison"`` or empty.
    why : str
        The reason, in a sentence or two for a reader who does not program.
    arithmetic : str
        The arithmetic with the figures as printed.
    printed, recomputed : Interval or None
        What the claimed figure and the recomputation stand for.
    nominal : Fraction or None
        The recomputation from the figures as printed.
    gap : Fraction or None
        Distance between printed and recomputed nominal value, relative to the printed one.
    direction : str
        ``"printed is higher"`` or ``"printed is lower"``, or empty.
    assumptions, outside : tuple of str
        Assumptions and outside facts that were needed.
    strength : str
        For a bound: ``"entailed"`` or ``"compatible"``.
    chance : float or None
        Chance that a random figure of this precision would have passed the same test.
    passing : float or None
        Share of the box of inputs that reproduces the printed figure.
    reading : str
        How the figures had to be read: ``"finest"``, or a coarser reading.
    implied : tuple of Implied
        What values that are missing or do not fit would have to be.
    corner : bool
        Whether only a corner of what the figures can stand for reproduces the printed figure.
    """

    relation: Relation | None
    verdict: Verdict
    procedure: str
    why: Later[str] = Later()
    arithmetic: Later[str] = Later("")
    unit: Later[str] = Later("")
    printed_text: Later[str] = Later("")
    printed: Later[Interval | None] = Later(None)
    recomputed: Later[Interval | None] = Later(None)
    nominal: Later[Fraction | None] = Later(None)
    gap: Later[Fraction | None] = Later(None)
    direction: Later[str] = Later("")
    assumptions: Later[tuple[str, ...]] = Later(())
    outside: Later[tuple[str, ...]] = Later(())
    strength: str = ""
    chance: Later[float | None] = Later(None)
    passing: Later[float | None] = Later(None)
    reading: str = "finest"
    implied: Later[tuple[Implied, ...]] = Later(())
    corner: bool = False

    def __getstate__(self) -> dict[str, Any]:
        """Return every field worked out, for pickling."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True)
class ClaimResult:
    """The verdict on one claim, with every finding it rests on."""

    claim: Claim
    findings: tuple[Finding, ...]

    @property
    def deciding(self) -> Finding:
        """The finding that decides: the worst of those that could be checked."""
        checked = [f for f in self.findings if f.verdict is not Verdict.NOT_CHECKABLE]
        return max(checked or self.findings, key=lambda f: ORDER.index(f.verdict))

    @property
    def verdict(self) -> Verdict:
        """The verdict on the statement."""
        return self.deciding.verdict

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.claim.id

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain data, as documented for the JSON output."""
        finding = self.deciding
        lows = {"low": None, "high": None}
        printed = _ends(finding.printed) if finding.printed is not None else lows
        recomputed = _ends(finding.recomputed) if finding.recomputed is not None else lows
        return {
            "id": self.claim.id,
            "page": self.claim.page,
            "system": self.claim.system,
            "statement": self.claim.statement,
            "verdict": str(self.verdict),
            "printed": {"text": finding.printed_text, **printed, "unit": finding.unit},
            "recomputed": {
                **recomputed,
                "nominal": None if finding.nominal is None else float(finding.nominal),
                "unit": finding.unit,
            },
            "gap": None if finding.gap is None else float(finding.gap),
            "direction": finding.direction,
            "assumptions": list(finding.assumptions),
            "arithmetic": finding.arithmetic,
            "why": finding.why,
            "procedure": finding.procedure,
            "reading": finding.reading if self.verdict.passes else "",
            "relation": finding.relation.text if finding.relation else "",
            "strength": finding.strength,
            "chance": finding.chance,
            "outside_facts": list(finding.outside),
            "implied": [
                {
                    "name": i.name,
                    "what": i.what,
                    **_ends(i.interval),
                    "unit": i.unit,
                    "published": list(i.published),
                }
                for i in finding.implied
            ],
            "other_relations": [
                {"relation": f.relation.text, "verdict": str(f.verdict), "why": f.why}
                for f in self.findings
                if f is not finding and f.relation is not None
            ],
        }

    def explain(self) -> str:
        """Return the whole case for a reader: statement, arithmetic, verdict, reason, sources.

        Examples
        --------
        >>> import carbonkit as ck
        >>> print(ck.load_report("huawei-2020").verify()["p62-icooling-co2"].explain())
        p62-icooling-co2 (p. 62, iCooling)
        ...
        """
        lines = [f"{self.claim.id} ({self.claim.place})" if self.claim.place else self.claim.id]
        lines += [self.claim.statement, ""]
        several = len(self.findings) > 1
        for finding in self.findings:
            if finding.relation is not None and several:
                deciding = " (decides)" if finding is self.deciding else ""
                lines.append(f"Relation {finding.relation.text}{deciding}")
            lines += _finding_lines(finding)
            lines.append("")
        if self.claim.note:
            lines += [f"Note: {self.claim.note}", ""]
        return "\n".join(lines).rstrip()


def _finding_lines(finding: Finding) -> list[str]:
    rows: list[tuple[str, str]] = []
    if finding.arithmetic:
        rows.append(("arithmetic", finding.arithmetic))
    if finding.printed is not None:
        meaning = shown_interval(finding.printed, finding.unit)
        rows.append(("printed", f"{finding.printed_text}, which stands for {meaning}"))
    if finding.recomputed is not None:
        rows.append(("recomputed", shown_interval(finding.recomputed, finding.unit)))
    rows.append(("verdict", str(finding.verdict)))
    rows.append(("why", finding.why))
    rows += [("outside fact", text) for text in finding.outside]
    rows += [("assumption", text) for text in finding.assumptions]
    for implied in finding.implied:
        found = f"; published: {'; '.join(implied.published)}" if implied.published else ""
        rows.append(("implied", f"{implied.what} = {implied}{found}"))
    if finding.chance is not None:
        odds = percent(finding.chance)
        rows.append(("test", f"a random figure of this precision would pass {odds} of the time"))
    return [f"  {label:<12} {text}" for label, text in rows]


def percent(share: float | Fraction) -> str:
    """Return a share as a percentage with two significant digits.

    Examples
    --------
    >>> percent(0.0952), percent(1.0), percent(0.000042)
    ('9.5 %', '100 %', '0.0042 %')
    """
    return f"{number(float(f'{float(share) * 100:.2g}'))} %"


def shown_interval(interval: Interval, unit: str, digits: int = 6) -> str:
    """Return an interval in words and numbers, with as many digits as tell its ends apart.

    Examples
    --------
    >>> shown_interval(Interval(1, 2), "t CO2"), shown_interval(Interval.point(3), "kWh")
    ('1 to 2 t CO2', '3 kWh')
    >>> shown_interval(Interval("2243721.5", "2243722.5"), "t CO2")
    '2,243,721.5 to 2,243,722.5 t CO2'
    """
    lo, hi = interval.lo, interval.hi
    if lo is None and hi is None:
        return "any value"
    if lo is None:
        return f"{'at most' if interval.hi_closed else 'less than'} {with_unit(hi, unit, digits)}"
    if hi is None:
        return f"{'at least' if interval.lo_closed else 'more than'} {with_unit(lo, unit, digits)}"
    if lo == hi:
        return with_unit(lo, unit, digits)
    while digits < 15 and number(lo, digits) == number(hi, digits):
        digits += 3
    return f"{number(lo, digits)} to {with_unit(hi, unit, digits)}"


def _ends(interval: Interval) -> Mapping[str, float | None]:
    """Return the ends as floats; None for an end that is none, or beyond what a float holds."""
    low, high = (x if math.isfinite(x) else None for x in interval.floats())
    return {"low": low, "high": high}
