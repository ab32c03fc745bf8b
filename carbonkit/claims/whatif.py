"""What if: avoided emissions under one factor for all, and how far each verdict is from another.

A report may multiply one kilowatt-hour by a world average, the next by a regional margin. Under
one factor for all of them the claims can be compared, ranked and added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonkit import units
from carbonkit._text import with_unit
from carbonkit.claims.check import check_relation
from carbonkit.claims.evaluate import range_of
from carbonkit.claims.implied import implied_interval
from carbonkit.claims.model import Claim, Named
from carbonkit.claims.readings import window
from carbonkit.claims.relation import Call, Name, Relation
from carbonkit.claims.verdict import Finding, Verdict
from carbonkit.errors import ReportError, UnitError
from carbonkit.factors import Factor
from carbonkit.formula.core import open_input
from carbonkit.intervals import Interval

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.claims.audit import Audit
    from carbonkit.claims.report import Report

__all__ = ["restate", "sensitivity", "totals"]

_AVOIDED = "avoided_emissions"
_LIKE = "kg CO2/kWh"


# --- one factor for all --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Statement:
    """One printed amount of avoided emissions, and the relation that recomputes it."""

    claim: Claim
    relation: Relation
    printed: Named
    cited: tuple[str, ...]
    energy: frozenset[str]


def restate(report: Report, factors: Mapping[str, Any]) -> pd.DataFrame:
    """Restate every claim of avoided emissions under one emission factor for all.

    The energy stays as printed; every factor by which the report multiplies it, cited or not
    printed, gives way to the one given. An amount that two claims recompute counts once.

    Parameters
    ----------
    report : Report
        The report.
    factors : mapping of str to Factor, Result or text
        Factors to try, by a name of your choice: emission factors of the library, results such as
        a combined margin, or text such as "0.5 kg CO2/kWh".

    Returns
    -------
    pandas.DataFrame
        One row for each factor and claim: scenario, factor, id, page, system, printed and restated
        (tonnes in `unit`), low and high (what the rounding of the energy leaves open), unit, ratio
        (restated to printed), rank_printed and rank (among the claims of one period: a year's, or
        those to date), part_of (the claim whose energy includes this one's, as the report itself
        says; empty if it says no such thing).

    Raises
    ------
    ReportError
        If the report has no such claim, or no factor is given.
    UnitError
        If a factor is not a mass of CO2 or CO2e per energy.

    Examples
    --------
    >>> from carbonkit.claims import load_report
    >>> frame = restate(load_report("huawei-2020"), {"half a kilogram": "0.5 kg CO2/kWh"})
    >>> metro = frame.set_index("id").loc["p74-metro-co2"]
    >>> print(metro["printed"], metro["restated"], metro["rank_printed"], metro["rank"])
    3390.0 1700.0 8 9
    """
    import pandas as pd

    statements = _statements(report)
    if not statements or not factors:
        what = "no factor was given" if statements else "no claim of it is one"
        raise ReportError(f"{report.id}: avoided emissions cannot be restated: {what}.")
    wholes = _parts(report, statements)
    rows = [
        _row(report, name, given, statement, wholes)
        for name, given in ((n, _factor(n, g)) for n, g in factors.items())
        for statement in statements
    ]
    frame = pd.DataFrame(rows)
    period = [frame["scenario"], frame["unit"]]
    for column, rank in (("printed", "rank_printed"), ("restated", "rank")):
        ranks = frame.groupby(period)[column].rank(method="min", ascending=False)
        frame[rank] = ranks.astype(int)
    return frame[[*frame.columns.drop("part_of"), "part_of"]]


def totals(restated: pd.DataFrame) -> pd.DataFrame:
    """Add up restated claims, once each, apart for a year's amounts and those to date.

    Parameters
    ----------
    restated : pandas.DataFrame
        From :func:`restate`. Claims whose energy is part of another's are left out; whether the
        plants of customers are part of a supplier's grand total is not printed, so leave such a
        total out of the frame first if you think they are.

    Returns
    -------
    pandas.DataFrame
        One row for each scenario and unit: claims (how many), printed, restated, ratio.

    Examples
    --------
    >>> from carbonkit.claims import load_report
    >>> frame = restate(load_report("huawei-2020"), {"world 2018": "475 g CO2/kWh"})
    >>> print(totals(frame)[["unit", "claims"]].to_string(index=False))
          unit  claims
    t CO2/year      11
         t CO2       3
    """
    apart = restated[restated["part_of"] == ""]
    groups = apart.groupby(["scenario", "unit"], sort=False)
    found = groups.agg(
        claims=("id", "size"), printed=("printed", "sum"), restated=("restated", "sum")
    ).reset_index()
    return found.assign(ratio=found["restated"] / found["printed"])


def _statements(report: Report) -> list[_Statement]:
    """Return the claims whose printed amount is energy times emission factors, each amount once."""
    found: dict[str, _Statement] = {}
    for claim in report:
        for relation in claim.relations:
            statement = _statement(report, claim, relation)
            if statement is not None:
                found.setdefault(statement.printed.name, statement)
    return list(found.values())


def _statement(report: Report, claim: Claim, relation: Relation) -> _Statement | None:
    values = report.values
    if relation.compare != "==" or not isinstance(relation.left, Name):
        return None
    calls = [e for e in relation.right.walk() if isinstance(e, Call) and e.function == _AVOIDED]
    cited = {
        name for call in calls for name in call.arguments[1].names if _is_factor(values[name].unit)
    }
    energy = frozenset(relation.right.names) - cited
    printed = values[relation.left.name]
    if not cited or printed.figure is None or any(values[n].figure is None for n in energy):
        return None
    return _Statement(claim, relation, printed, tuple(sorted(cited)), energy)


def _is_factor(unit: str) -> bool:
    return any(units.same_dimension(unit, _LIKE.replace("CO2", gas)) for gas in ("CO2", "CO2e"))


def _factor(name: str, given: Any) -> tuple[Fraction, str]:
    """Return the exact value and the unit of a factor."""
    if isinstance(given, Factor):
        value: Any = given.figure.value
        unit = given.unit
    else:
        opened = open_input(given)
        value, unit = opened.magnitude, opened.unit
    if isinstance(value, Interval):
        value = value.midpoint
    elif isinstance(value, float):
        value = Fraction(repr(value))
    if not _is_factor(unit) or not isinstance(value, Fraction):
        raise UnitError(
            f"{name} is in {unit}, which is no emission factor of electricity. Give one in a unit "
            f"like {_LIKE!r}."
        )
    return value, unit


def _row(
    report: Report,
    scenario: str,
    factor: tuple[Fraction, str],
    statement: _Statement,
    wholes: Mapping[str, str],
) -> dict[str, Any]:
    value, unit = factor
    common = dict.fromkeys(statement.cited, value * units.measure(unit).size)
    right, printed = statement.relation.right, statement.printed
    energies = {n: report.values[n] for n in statement.energy}
    restated = right.evaluate({**{n: v.value for n, v in energies.items()}, **common})
    spread = range_of(
        right,
        {
            **{n: window(v) for n, v in energies.items()},
            **{n: Interval.point(v) for n, v in common.items()},
        },
    )
    # A factor in CO2e gives an amount in CO2e.
    yearly = units.same_dimension(printed.unit, f"t {units.species(printed.unit)}/year")
    told = f"t {units.species(unit)}{'/year' if yearly else ''}"
    size = units.measure(told).size
    low, high = (spread * (1 / size)).floats()
    in_print = printed.value / units.measure("t").size
    return {
        "scenario": scenario,
        "factor": with_unit(value, unit),
        "id": statement.claim.id,
        "page": statement.claim.page,
        "system": statement.claim.system,
        "printed": float(in_print),
        "restated": float(restated / size),
        "low": low,
        "high": high,
        "unit": told,
        "ratio": float(restated / size / in_print),
        "part_of": wholes.get(statement.claim.id, ""),
    }


def _parts(report: Report, statements: list[_Statement]) -> dict[str, str]:
    """Return the claims whose energy is a part of another claim's, by "whole >= part + part"."""
    found: dict[str, str] = {}
    for claim in report:
        for relation in claim.relations:
            if relation.compare == "==":
                continue
            sides = (relation.left, relation.right)
            whole, parts = sides if relation.compare == ">=" else sides[::-1]
            if not isinstance(whole, Name):
                continue
            for small in statements:
                for large in statements:
                    inside = small.energy <= set(parts.names) and whole.name in large.energy
                    if inside and small is not large:
                        found.setdefault(small.claim.id, large.claim.id)
    return found


# --- how far a verdict is from another -----------------------------------------------------------

# By which factors a value is moved to see whether the verdict changes, before halving the last one.
_STEPS = frozenset(map(Fraction, ("1.0001", "1.001", "1.01", "1.1", "2", "10", "1000")))
_HALVINGS = 16


@dataclass(frozen=True)
class _Moved(Named):
    """A named value with everything that it can stand for moved by one amount."""

    by: Fraction = Fraction(0)

    @property
    def value(self) -> Fraction:
        return super().value + self.by

    def interval(self, rounding: str = "nearest", zeros: int = 0) -> Interval:
        if self.nominal:  # its interval is its value, which is moved already
            return super().interval(rounding, zeros)
        return super().interval(rounding, zeros) + self.by


def sensitivity(audit: Audit) -> pd.DataFrame:
    """Say how far each fact and assumption can move before a verdict changes.

    One value is moved at a time, with its rounding, down to a thousandth and up to a thousand
    times of it and to where the relation would hold; the nearest change is then found by halving.
    Left out are families of factors, whose members are tried already, and relations that lack a
    figure. Verdicts are those on single relations.

    Parameters
    ----------
    audit : Audit
        The audit.

    Returns
    -------
    pandas.DataFrame
        One row for each relation and each fact or assumption in it: id, name, role, value, unit,
        verdict, low and high (the interval in which the verdict stays; missing where nothing
        changes it), below and above (what the verdict turns into), margin (the smallest relative
        change that turns it; missing if none does), relation.

    Examples
    --------
    >>> from carbonkit.claims import load_report
    >>> audit = load_report("huawei-2020").verify().only(system="iCooling")
    >>> row = sensitivity(audit).set_index("id").loc["p62-icooling-co2"]
    >>> print(f"{row['low']:.2f} to {row['high']:.2f} {row['unit']}, then {row['above']}")
    474.98 to 475.02 g CO2/kWh, then reproduced-within-rounding
    """
    import pandas as pd

    values = audit.report.replaced(audit.replaced)
    rows = [
        _sensitivity(result.id, finding, finding.relation, values[name], values)
        for result in audit
        for finding in result.findings
        if finding.relation is not None
        and not any(values[name].role == "unknown" for name in finding.relation.names)
        for name in finding.relation.names
        if _movable(values[name])
    ]
    columns = ["id", "name", "role", "value", "unit", "verdict", "low", "high", "below", "above",
               "margin", "relation"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _movable(named: Named) -> bool:
    outside = named.role in ("fact", "assumption", "what-if")
    return outside and named.figure is not None and not named.is_bound and named.value != 0


def _sensitivity(
    claim_id: str, finding: Finding, relation: Relation, named: Named, values: Mapping[str, Named]
) -> dict[str, Any]:
    used = {n: values[n] for n in relation.names}
    given = {f.name: getattr(named, f.name) for f in fields(named)}
    now = finding.verdict
    # Where other cells of the table exclude truncation, it stays excluded.
    truncation = check_relation(relation, used).verdict is now

    def verdict(times: Fraction) -> Verdict:
        moved = {**used, named.name: _Moved(**given, by=named.value * (times - 1))}
        return check_relation(relation, moved, truncation=truncation).verdict

    holds = _where_it_holds(relation, named, used)
    down, below = _nearest_change(lambda step: verdict(1 / step), now, {1 / h for h in holds})
    up, above = _nearest_change(verdict, now, holds)
    changes = [c for c in (down and 1 - 1 / down, up and up - 1) if c]
    value = named.value / named.base
    low, high = (value / down if down else None, value * up if up else None)
    if value < 0:
        low, high, below, above = high, low, above, below
    return {
        "id": claim_id,
        "name": named.name,
        "role": named.role,
        "value": float(value),
        "unit": named.unit,
        "verdict": str(now),
        "low": None if low is None else float(low),
        "high": None if high is None else float(high),
        "below": below,
        "above": above,
        "margin": float(min(changes)) if changes else None,
        "relation": relation.text,
    }


def _where_it_holds(
    relation: Relation, named: Named, used: Mapping[str, Named]
) -> frozenset[Fraction]:
    """Return by how much a value must be multiplied for the relation to hold, if it can be told."""
    single = {n: v.members()[0] for n, v in used.items()}
    if relation.compare != "==" or named.name not in relation.right.names:
        return frozenset()
    interval = implied_interval(relation, single[relation.names[0]], single, named)
    if interval is None or interval.midpoint * named.value <= 0:
        return frozenset()
    return frozenset({interval.midpoint * named.base / named.value})


def _nearest_change(
    verdict: Callable[[Fraction], Verdict], now: Verdict, more: Set[Fraction]
) -> tuple[Fraction | None, str]:
    """Return the largest step up to which the verdict stays, and what it then turns into."""
    low = Fraction(1)
    for high in sorted(_STEPS | {step for step in more if step > 1}):
        if verdict(high) is not now:
            break
        low = high
    else:
        return None, ""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if verdict(middle) is now else (low, middle)
    return low, str(verdict(high))
