"""What is told of a check: the finding, in words and numbers that are worked out when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from carbonkit import units
from carbonkit._text import number, with_unit
from carbonkit.claims.evaluate import chance, range_of
from carbonkit.claims.implied import implied_value
from carbonkit.claims.model import Claim, Named
from carbonkit.claims.readings import literal, window
from carbonkit.claims.relation import Expression, Name, Relation
from carbonkit.claims.verdict import Finding, Implied, Later, Verdict, percent, shown_interval
from carbonkit.formula import Symbol
from carbonkit.intervals import Interval

__all__ = [
    "Outcome",
    "finding_of",
    "missing",
    "sides_of_comparison",
    "uncheckable",
    "without_value",
    "zeros",
]

Values = Mapping[str, Named]

_LARGEST = 900  # in bits: what a float can hold, with room for a unit
_SIGNS = {"==": "=", "<=": "≤", ">=": "≥"}
_ASSUMED = ("assumption", "what-if", "convention")


@dataclass(frozen=True)
class Outcome:
    """What one choice of factors came to, in base units."""

    verdict: Verdict
    note: str
    printed: Interval
    recomputed: Later[Interval] = Later()  # noqa: RUF009 - a descriptor
    nominal: Fraction | None = None
    strength: str = ""
    passing: Later[float | None] = Later(None)  # noqa: RUF009 - a descriptor
    reading: str = "finest"
    corner: bool = False


def sides_of_comparison(relation: Relation) -> tuple[Expression, Expression]:
    """Return the side that is shown as printed and the one that is shown as recomputed.

    Where the right side is a bare number, such as the 1 that no share exceeds, the left one is.
    """
    sides = relation.left, relation.right
    return sides if relation.right.names else sides[::-1]


# --- building the finding ------------------------------------------------------------------------


def finding_of(
    relation: Relation,
    used: dict[str, Named],
    outcome: Outcome,
    verdict: Verdict,
    note: str,
    procedure: str = "recalculation",
) -> Finding:
    """Return a finding; what is told of it is worked out when it is read."""
    nominal = outcome.nominal
    equal = relation.compare == "=="
    claimed = used[relation.names[0]]
    if nominal is not None and _beyond_measure(nominal, claimed):
        raise OverflowError

    def in_unit(value: Any) -> Any:
        base = _unit_to_show(relation, used)[1]
        return value if value is None or base == 1 else value * (1 / base)

    return Finding(
        relation,
        verdict,
        procedure if equal else "comparison",
        why=partial(_why, used, outcome, note),
        arithmetic=partial(_arithmetic, used),
        unit=lambda _: _unit_to_show(relation, used)[0],
        printed_text=lambda _: claimed.shown() if equal else _bound_text(relation, used),
        printed=lambda _: in_unit(outcome.printed),
        recomputed=lambda _: in_unit(outcome.recomputed),
        nominal=lambda _: in_unit(nominal),
        gap=lambda _: _gap(claimed, nominal) if equal else None,
        direction=lambda f: f"printed is {'higher' if f.gap > 0 else 'lower'}" if f.gap else "",
        strength=outcome.strength,
        chance=lambda _: chance(claimed, outcome.recomputed) if equal and verdict.passes else None,
        passing=lambda _: outcome.passing,
        reading=outcome.reading,
        corner=outcome.corner,
        implied=partial(_implied, used),
        assumptions=lambda _: _told(used, *_ASSUMED),
        outside=lambda _: _told(used, "fact"),
    )


def _bound_text(relation: Relation, used: Values) -> str:
    side, _ = sides_of_comparison(relation)
    written = _written(side, used)
    return written if side is relation.left else f"{_SIGNS[relation.compare]} {written}"


def _beyond_measure(nominal: Fraction, claimed: Named) -> bool:
    """Say whether a result, or what it is beside the printed figure, is more than floats hold."""
    size = _size_in_bits(nominal)
    printed = 0 if claimed.figure is None else _size_in_bits(claimed.value)
    return size > _LARGEST or abs(size - printed) > _LARGEST


def _size_in_bits(value: Fraction) -> int:
    return value.numerator.bit_length() - value.denominator.bit_length() if value else 0


def _gap(claimed: Named, nominal: Fraction | None) -> Fraction | None:
    if nominal is None or claimed.is_range or not claimed.value:
        return None
    return (claimed.value - nominal) / abs(claimed.value)


def _why(used: Values, outcome: Outcome, note: str, finding: Finding) -> str:
    relation = finding.relation
    assert relation is not None  # noqa: S101 - the finding is on a relation
    if finding.verdict is Verdict.INCONSISTENT and relation.compare == "==":
        claimed = used[relation.names[0]]
        note = f"{_disagreement(claimed, used, outcome, finding.gap)} {note}"
    return (note.strip() + "".join(_implied_sentence(i) for i in finding.implied)).strip()


def _unit_to_show(relation: Relation, used: Values) -> tuple[str, Fraction]:
    """Return the unit of a side that is one figure, or of any figure of that dimension."""
    sides = [used[side.name] for side in (relation.left, relation.right) if isinstance(side, Name)]
    for value in (*sides, *used.values()):
        if units.same_dimension(value.unit, relation.unit):
            return value.unit, value.base
    return relation.unit, Fraction(1)


def _arithmetic(used: Values, finding: Finding) -> str:
    relation, nominal = finding.relation, finding.nominal
    assert relation is not None  # noqa: S101 - the finding is on a relation
    if relation.compare != "==":
        return _sides(used, finding)
    right = _written(relation.right, used)
    claimed = used[relation.names[0]]
    if nominal is not None and not isinstance(relation.right, Name):
        right += f" = {with_unit(nominal, claimed.unit)}"
    return f"{right}; printed {claimed.shown()}"


def _disagreement(claimed: Named, used: Values, outcome: Outcome, gap: Fraction | None) -> str:
    outside = [v for v in used.values() if v.role == "fact" and not v.cited]
    basis = (
        f"The report alone does not decide it, but with the outside fact {outside[0].name} the "
        "figures do not meet"
        if outside
        else "The figures do not meet"
    )
    recomputed = shown_interval(outcome.recomputed * (1 / claimed.base), claimed.unit)
    return (
        f"{basis}: recomputing gives {recomputed}, printed is "
        f"{claimed.shown()!r}{_size_of(claimed, outcome, gap)}."
    )


def _size_of(claimed: Named, outcome: Outcome, gap: Fraction | None) -> str:
    """Say how large a disagreement is: one unit in the last digit is not a factor of ten."""
    if gap is None or not outcome.nominal or claimed.figure is None:
        return ""
    ratio = claimed.value / outcome.nominal
    if ratio > Fraction(3, 2) or 0 < ratio < Fraction(2, 3):
        return f", {number(float(f'{float(ratio):.3g}'))} times the recomputed value"
    last_digits = float(abs(claimed.value - outcome.nominal) / claimed.base / claimed.figure.ulp)
    units_off = number(float(f"{last_digits:.2g}"))
    return f", {percent(abs(gap))} off ({units_off} units in its last digit)"


def _implied_sentence(implied: Implied) -> str:
    found = f"; published is {'; '.join(implied.published)}" if implied.published else ""
    return f" It would hold with {implied.what} = {implied}{found}."


def _told(used: Values, *roles: str) -> tuple[str, ...]:
    """Name the values of some roles, with what they are and where they come from."""
    return tuple(
        f"{v.name}: {v.origin()}"
        if v.factors or v.figure is None
        else f"{v.name} = {v.shown()}: {v.origin()}"
        for v in used.values()
        if v.role in roles
    )


def _written(side: Expression, used: Values) -> str:
    return str(side.evaluate({n: Symbol(v.shown()) for n, v in used.items()}))


def _implied(used: dict[str, Named], finding: Finding) -> tuple[Implied, ...]:
    """Solve a relation that does not hold for each value from outside the report."""
    relation = finding.relation
    if finding.verdict.passes or relation is None or relation.compare != "==":
        return ()
    claimed = used[relation.names[0]]
    return tuple(
        found
        for name in relation.right.names
        if used[name].role in ("fact", "assumption", "what-if")
        for found in _solved(relation, claimed, used, used[name])
    )


def _solved(
    relation: Relation, claimed: Named, used: dict[str, Named], unknown: Named
) -> tuple[Implied, ...]:
    try:
        return implied_value(relation, claimed, used, unknown)
    except ArithmeticError:  # it divides by zero, so no value makes it hold
        return ()


# --- what cannot be checked ----------------------------------------------------------------------


def without_value(relation: Relation, used: dict[str, Named], why: str) -> Finding:
    """Return the finding on a relation that comes to no number."""
    return Finding(
        relation,
        Verdict.NOT_CHECKABLE,
        "",
        why,
        arithmetic=partial(_sides, used),
        printed_text=used[relation.names[0]].shown() if relation.compare == "==" else "",
    )


def missing(relation: Relation, used: dict[str, Named]) -> Finding:
    """Return the finding on a relation that lacks a figure, and what the others imply for it."""
    first = used[relation.names[0]]
    known = first.figure is not None
    return Finding(
        relation,
        Verdict.NOT_CHECKABLE,
        "recalculation",
        why=partial(_what_is_missing, used),
        arithmetic=partial(_sides, used),
        unit=first.unit,
        printed_text=first.shown() if known else "",
        printed=literal(first) * (1 / first.base) if known else None,
        implied=partial(_implied_of_missing, used),
        assumptions=_told(used, *_ASSUMED),
        outside=_told(used, "fact"),
    )


def _what_is_missing(used: Values, finding: Finding) -> str:
    unknowns = [v.what for v in used.values() if v.role == "unknown"]
    implied = f" What it prints would imply {finding.implied[0]}." if finding.implied else ""
    return f"The report does not give the {' and the '.join(unknowns)}.{implied}"


def _implied_of_missing(used: dict[str, Named], finding: Finding) -> tuple[Implied, ...]:
    relation = finding.relation
    unknowns = [v for v in used.values() if v.role == "unknown"]
    if len(unknowns) != 1 or relation is None or relation.compare != "==":
        return ()
    first = used[relation.names[0]]
    if first.figure is not None:
        return _solved(relation, first, used, unknowns[0])
    # What the report does not print stands alone on the left: say what the right side comes to.
    inputs = {n: used[n] for n in relation.right.names}
    if any(v.figure is None for v in inputs.values()):
        return ()
    try:
        found = range_of(relation.right, {n: window(v) for n, v in inputs.items()})
    except ArithmeticError:
        return ()
    return (Implied(first.name, first.what, found * (1 / first.base), first.unit),)


def _sides(used: Values, finding: Finding) -> str:
    relation = finding.relation
    assert relation is not None  # noqa: S101 - only findings on a relation are written out
    sign = _SIGNS[relation.compare]
    return f"{_written(relation.left, used)} {sign} {_written(relation.right, used)}"


def uncheckable(claim: Claim) -> Finding:
    """Return the finding on a statement without a relation."""
    reasons = {
        "missing-figure": "A figure that would be needed is missing",
        "no-relation": "The figure stands alone; no relation to other figures is stated",
        "third-party": "The figure is quoted from a third party and is not the report's own",
        "not-disclosed": "The data behind the figure are not disclosed",
    }
    missing = f"; to check it one would need {claim.missing}" if claim.missing else ""
    return Finding(None, Verdict.NOT_CHECKABLE, "", f"{reasons[claim.reason]}{missing}.")


def zeros(relation: Relation, values: Values) -> str:
    """Name the figures that are printed as zero."""
    found = [
        f"{v.name} is printed as {v.shown()!r}"
        for n in relation.names
        for v in [values[n]]
        if v.figure is not None and not v.value
    ]
    return f" ({' and '.join(found)})" if found else ""
