"""Which emission factor each claim implies, whether or not it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING

from carbonkit import units
from carbonkit.claims.implied import implied_value
from carbonkit.claims.model import Named
from carbonkit.claims.relation import Relation
from carbonkit.claims.verdict import ClaimResult, Finding, Implied
from carbonkit.intervals import Interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["implied_factors"]

COLUMNS = (
    "id",
    "page",
    "system",
    "factor",
    "verdict",
    "low",
    "high",
    "unit",
    "cited_low",
    "cited_high",
    "published",
    "relation",
)


def implied_factors(
    printed: Mapping[str, Named],
    used: Mapping[str, Named],
    results: tuple[ClaimResult, ...],
    unit: str | None = None,
) -> pd.DataFrame:
    """Return one row per relation and emission factor; see :meth:`Audit.implied_factors`.

    Sought are factors of the report's own values, `printed`; the others are those that the audit
    used, with what was replaced in place.
    """
    import pandas as pd

    sought = _sought(printed, None if unit is None else units.canonical(unit))
    rows = [
        row
        for result in results
        for finding in result.findings
        if finding.relation is not None and finding.relation.compare == "=="
        for name in finding.relation.right.names
        if name in sought
        for row in _rows(result, finding, sought[name], used, unit)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sought(values: Mapping[str, Named], unit: str | None) -> dict[str, Named]:
    """Return the cited emission factors, and what the report leaves out of their dimension."""
    cited = [v for v in values.values() if v.role == "fact" and v.factors]
    unknown = [
        v
        for v in values.values()
        if v.role == "unknown" and any(units.same_dimension(v.unit, c.unit) for c in cited)
    ]
    return {
        v.name: v for v in (*cited, *unknown) if unit is None or units.same_dimension(v.unit, unit)
    }


def _rows(
    result: ClaimResult,
    finding: Finding,
    factor: Named,
    values: Mapping[str, Named],
    unit: str | None,
) -> Iterator[tuple[object, ...]]:
    assert finding.relation is not None  # noqa: S101 - only relations are asked
    implied = _implied(finding.relation, factor, values)
    if implied is None:
        return
    unit = units.canonical(unit or factor.unit)
    low, high = (implied.interval * units.scale(factor.unit, unit)).floats()
    used = [
        float(member.figure.value * units.scale(member.unit, unit))
        for member in values[factor.name].members()
        if member.figure is not None
    ]
    yield (
        result.id,
        result.claim.page,
        result.claim.system,
        factor.name,
        str(finding.verdict),
        low,
        high,
        unit,
        min(used, default=float("nan")),
        max(used, default=float("nan")),
        implied.published,
        finding.relation.text,
    )


def _implied(relation: Relation, factor: Named, values: Mapping[str, Named]) -> Implied | None:
    """Solve for one factor, under every choice of the other families of factors."""
    choices = product(
        *(factor.members()[:1] if n == factor.name else values[n].members() for n in relation.names)
    )
    found = [
        implied
        for choice in choices
        for used in [dict(zip(relation.names, choice, strict=True))]
        for implied in implied_value(relation, choice[0], used, used[factor.name])
    ]
    if not found:
        return None
    interval = reduce(Interval.hull, (i.interval for i in found))
    published = dict.fromkeys(text for i in found for text in i.published)
    return Implied(factor.name, found[0].what, interval, found[0].unit, tuple(published))
