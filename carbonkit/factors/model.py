"""What a factor is: its columns, its kind, its source and how it was matched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from carbonkit.provenance import Source

if TYPE_CHECKING:
    import pint

    from carbonkit.printed import Figure

__all__ = ["COLUMNS", "KINDS", "Correction", "Factor", "Match", "Override", "matched"]

COLUMNS = (
    "id",
    "activity",
    "item",
    "region",
    "data_year",
    "valid_from",
    "valid_to",
    "kind",
    "gas",
    "value",
    "unit",
    "calorific_basis",
    "boundary",
    "reference_conditions",
    "locator",
    "checked",
    "low",
    "high",
    "note",
)
REQUIRED = ("id", "activity", "region", "kind", "value", "unit")
# What tells two figures of one release apart.
IDENTITY = (
    "activity",
    "item",
    "region",
    "data_year",
    "valid_from",
    "valid_to",
    "kind",
    "gas",
    "unit",
    "calorific_basis",
    "boundary",
    "reference_conditions",
)

KINDS = {
    "average": "all generation of a grid",
    "residual": "generation that was not claimed or traded separately",
    "supplier": "a supplier's own rate",
    "contract": "the rate of a supply contract",
    "certificate": "the rate of an energy attribute certificate",
    "fossil": "fossil plants alone",
    "operating-margin": "plants that run less when demand falls (CDM, CCER)",
    "build-margin": "plants that would be built next (CDM, CCER)",
    "combined-margin": "operating and build margin, weighted",
    "non-baseload": "plants that follow the load (eGRID)",
    "life-cycle": "footprint, with upstream and construction",
    "combustion": "fuel burned",
    "biogenic": "biogenic CO2, outside the scopes",
    "well-to-tank": "upstream of a fuel or of generation",
    "t-and-d-loss": "transmission and distribution losses",
    "heat": "purchased heat, steam or cooling",
    "activity": "another activity, per unit of it",
    "folk": "in wide use, without a primary source",
    "equivalence": "a convention for illustration",
    "net-calorific-value": "energy content, net",
    "gross-calorific-value": "energy content, gross",
    "carbon-content": "carbon per energy or mass",
    "oxidation": "share of the carbon that oxidises",
    "density": "mass per volume",
    "energy-conversion": "one form of energy in terms of another",
    "gwp": "a global warming potential as printed",
    "gwp-blend": "mass share of a component of a blend",
}


@dataclass(frozen=True)
class Match:
    """How a look-up came to its factor.

    Attributes
    ----------
    rule : str
        The rule that found it; "exact" unless another was asked for.
    asked : tuple of (str, str)
        The question as it was put, with the activity and region as they were written.
    got : tuple of (str, str)
        What the factor says instead, wherever that differs from the question.
    tried : tuple of str
        The rules of a fallback chain that found nothing before.
    as_of : date or None
        The date to which the library was wound back.

    Examples
    --------
    >>> print(Match("latest_before", (("year", "2020"),), (("year", "2018"),)))
    latest_before: asked for year 2020, got 2018
    """

    rule: str
    asked: tuple[tuple[str, str], ...] = ()
    got: tuple[tuple[str, str], ...] = ()
    tried: tuple[str, ...] = ()
    as_of: dt.date | None = None

    @property
    def exact(self) -> bool:
        """Whether the factor is what was asked for, names apart."""
        return self.rule == "exact"

    def __str__(self) -> str:
        asked = dict(self.asked)
        got = [(name, asked.get(name, "-"), found) for name, found in self.got]
        return matched(self.rule, got, self.tried, self.as_of)


def matched(
    rule: str,
    got: Sequence[tuple[str, str, str]],
    tried: tuple[str, ...] = (),
    as_of: dt.date | None = None,
) -> str:
    """Return a match in words; `got` names what was asked and what was found instead."""
    text = rule
    if got:
        parts = [f"asked for {name} {asked}, got {found or 'none'}" for name, asked, found in got]
        text += ": " + "; ".join(parts)
    if tried:
        text += f" (after {', '.join(tried)} found nothing)"
    return text + (f" (as of {as_of})" if as_of else "")


@dataclass(frozen=True)
class Correction:
    """A dated correction of one cell of a release.

    Attributes
    ----------
    id, column : str
        The row and the column.
    upstream, corrected : str
        What the release file says, and what holds instead.
    date : date
        The day from which the library answers with the corrected text.
    reason, source : str
        Why, and where the right text was read.
    """

    id: str
    column: str
    upstream: str
    corrected: str
    date: dt.date
    reason: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.column} {self.corrected} for {self.upstream}, {self.date}: {self.reason}"


@dataclass(frozen=True)
class Override:
    """A factor used for a purpose that it does not fit, and the reason that was given.

    Attributes
    ----------
    purpose, problem, reason : str
    """

    purpose: str
    problem: str
    reason: str

    def __str__(self) -> str:
        return f"used for {self.purpose} although {self.problem}; reason given: {self.reason}"


@dataclass(frozen=True, slots=True)
class Factor:
    """One emission factor, or one of the constants from which factors are derived.

    Attributes
    ----------
    id, release : str
        Its identifier, and the release ("iea/world-2018") in which that is unique.
    activity, item : str
        What it is for, and what the publisher calls it.
    region : str
        Canonical region code.
    data_year : int or None
        The year it describes. None for a default that belongs to no year.
    valid_from, valid_to : str
        The dates or years of use that the publisher declares, or "".
    kind : str
        One of :data:`KINDS`.
    gas : str
        The gas emitted; "" for energy conversions.
    text : str
        The value as printed.
    unit : str
        Canonical unit text.
    calorific_basis, boundary, reference_conditions, locator, checked, note : str
        As in `emission_factors/README.md`; "" where nothing is said.
    low, high : Decimal or None
        Plausible range of this row, where stated.
    gwp_set : str or None
        GWP set of a factor in CO2e.
    source : Source
        Publisher, title, date, address and licence.
    match : Match or None
        How a look-up found it.
    corrections : tuple of Correction
        Corrections that were applied.
    overrides : tuple of Override
        Purposes that it was used for against the guard rails.

    Examples
    --------
    >>> from carbonkit import factors
    >>> factor = factors.find("electricity", region="World", year=2018, release="iea/world-2018")
    >>> factor.value, factor.unit, factor.kind
    (Decimal('475'), 'g CO2/kWh', 'average')
    >>> print(factor)
    475 g CO2/kWh, average, electricity, World 2018
    (IEA, 2019: iea/world-2018#electricity-world-2018)
    """

    id: str
    release: str
    activity: str
    item: str
    region: str
    data_year: int | None
    valid_from: str
    valid_to: str
    kind: str
    gas: str
    text: str
    unit: str
    calorific_basis: str
    boundary: str
    reference_conditions: str
    locator: str
    checked: str
    low: Decimal | None
    high: Decimal | None
    note: str
    gwp_set: str | None
    source: Source
    match: Match | None = None
    corrections: tuple[Correction, ...] = ()
    overrides: tuple[Override, ...] = field(default=())

    @property
    def value(self) -> Decimal:
        """The value, exactly as printed."""
        return Decimal(self.text)

    @property
    def figure(self) -> Figure:
        """The value as a printed figure, to be un-rounded."""
        from carbonkit import printed

        return printed.parse(self.text)

    @property
    def quantity(self) -> pint.Quantity[Any]:
        """The value as a quantity of carbonkit's registry."""
        from carbonkit import units

        return units.quantity(float(self.value), self.unit)

    @property
    def key(self) -> str:
        """Release and id: unique in a library."""
        return f"{self.release}#{self.id}"

    def with_override(self, override: Override) -> Factor:
        """Return the same factor with one more override on record."""
        return replace(self, overrides=(*self.overrides, override))

    def __str__(self) -> str:
        place = f"{self.region} {self.data_year}" if self.data_year is not None else self.region
        basis = f", {self.calorific_basis} calorific value" if self.calorific_basis else ""
        text = (
            f"{self.text} {self.unit}{basis}, {self.kind}, {self.activity}, {place} "
            f"({self.source.publisher}, {str(self.source.published)[:4]}: {self.key})"
        )
        notes = [str(self.match)] if self.match is not None and self.match.rule != "exact" else []
        notes += [f"corrected: {c}" for c in self.corrections]
        notes += [str(o) for o in self.overrides]
        return "; ".join([text, *notes])
