"""Recompute a claim from the figures as printed, and say what came of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from carbonkit import units
from carbonkit._text import number, with_unit
from carbonkit.claims.evaluate import chance, passes_widely, passing_share, range_of
from carbonkit.claims.implied import implied_value
from carbonkit.claims.readings import (
    coarse,
    is_about,
    literal,
    mode,
    readings,
    truncated,
    window,
)
from carbonkit.claims.relation import Expression, Name, Relation
from carbonkit.claims.report import Claim, Named
from carbonkit.claims.verdict import (
    ORDER,
    ClaimResult,
    Finding,
    Implied,
    Later,
    Verdict,
    percent,
    shown_interval,
)
from carbonkit.errors import CarbonkitError
from carbonkit.formula import Symbol
from carbonkit.intervals import Interval

__all__ = ["check_claim", "check_claims", "check_relation"]

Values = Mapping[str, Named]

CORNER = 0.01
_LARGEST = 900  # in bits: what a float can hold, with room for a unit
_SIGNS = {"==": "=", "<=": "≤", ">=": "≥"}
_ASSUMED = ("assumption", "what-if", "convention")
# Of the members of a family one that holds is taken; else one that leaves the claim open.
_CHOICE = (*(v for v in ORDER if v.passes), Verdict.NOT_CHECKABLE, Verdict.INCONSISTENT)


def check_claims(claims: tuple[Claim, ...], values: Values) -> tuple[ClaimResult, ...]:
    """Check claims together: cells of one table share one rounding rule.

    Parameters
    ----------
    claims : tuple of Claim
        The statements.
    values : mapping of str to Named
        The report's figures, facts, assumptions and unknowns.

    Returns
    -------
    tuple of ClaimResult
        In the order of the claims.
    """
    results = tuple(check_claim(claim, values) for claim in claims)
    findings = [f for r in results for f in r.findings]
    truncated_in = {_table(f, values) for f in findings if f.reading == "truncated"} - {""}
    if not truncated_in:
        return results
    rounded = {
        table
        for f in findings
        if (table := _table(f, values)) in truncated_in and _excludes_truncation(f, values)
    }
    return tuple(
        replace(r, findings=tuple(_by_table(f, values, rounded) for f in r.findings))
        for r in results
    )


def _by_table(finding: Finding, values: Values, rounded: set[str]) -> Finding:
    """Check again without truncation where other cells of the table exclude it."""
    if finding.reading != "truncated" or _table(finding, values) not in rounded:
        return finding
    assert finding.relation is not None  # noqa: S101 - a finding with a reading has one
    return check_relation(finding.relation, values, truncation=False)


def _table(finding: Finding, values: Values) -> str:
    left = finding.relation.left if finding.relation is not None else None
    return values[left.name].table if isinstance(left, Name) else ""


def _excludes_truncation(finding: Finding, values: Values) -> bool:
    """Say whether a cell of a table comes out by rounding and could not by truncation."""
    if finding.verdict is not Verdict.EXACT:
        return False
    assert finding.relation is not None  # noqa: S101 - a cell of a table has one
    claimed, right = values[finding.relation.names[0]], finding.relation.right
    inputs = {n: values[n] for n in right.names}
    cut = claimed.interval("truncated")
    return not any(
        range_of(right, box).meets(cut) for box in (_digits_of(inputs), truncated(inputs))
    )


def check_claim(claim: Claim, values: Values) -> ClaimResult:
    """Check every relation of a claim; one that comes to no number is not checkable."""
    if not claim.relations:
        return ClaimResult(claim, (_uncheckable(claim),))
    return ClaimResult(claim, tuple(check_relation(r, values) for r in claim.relations))


def _zeros(relation: Relation, values: Values) -> str:
    """Name the figures that are printed as zero."""
    zeros = [
        f"{v.name} is printed as {v.shown()!r}"
        for n in relation.names
        for v in [values[n]]
        if v.figure is not None and not v.value
    ]
    return f" ({' and '.join(zeros)})" if zeros else ""


def check_relation(relation: Relation, values: Values, *, truncation: bool = True) -> Finding:
    """Check one relation and return the finding.

    Parameters
    ----------
    relation : Relation
        The relation.
    values : mapping of str to Named
        The report's figures, facts, assumptions and unknowns.
    truncation : bool
        Whether figures may be read as truncated; not where other cells of the table exclude it.

    Returns
    -------
    Finding
        Not checkable where the relation comes to no number, as in a division by zero.

    Examples
    --------
    >>> from carbonkit.claims import load_report
    >>> report = load_report("huawei-2020")
    >>> claim = report["p70-scope-split"]
    >>> check_relation(claim.relations[0], report.values).verdict.passes
    True
    """
    try:
        return _check(relation, values, truncation=truncation)
    except ZeroDivisionError:
        why = (
            f"It divides by zero{_zeros(relation, values)}, so it has no value. More digits of the "
            "divisor would give it one."
        )
    except OverflowError:
        why = "It comes to a number beyond all measure: an exponent must be wrong."
    except CarbonkitError as error:
        why = f"It cannot be recomputed: {error}"
    return Finding(
        relation,
        Verdict.NOT_CHECKABLE,
        "",
        why,
        arithmetic=partial(_sides, {n: values[n] for n in relation.names}),
        printed_text=values[relation.names[0]].shown() if relation.compare == "==" else "",
    )


def _check(relation: Relation, values: Values, *, truncation: bool) -> Finding:
    used = {name: values[name] for name in relation.names}
    if any(v.role == "unknown" for v in used.values()):
        return _missing(relation, used)
    if relation.compare != "==":
        return _judged(relation, used, lambda r, u: _compare(r, u, truncation=truncation))
    right = relation.right
    claimed = used[relation.names[0]]
    if isinstance(right, Name) and {claimed.role, used[right.name].role} == {"figure"}:
        return _tie_out(relation, claimed, used[right.name])
    return _judged(
        relation, used, lambda r, u: _recompute(r.right, claimed, u, truncation=truncation)
    )


@dataclass(frozen=True)
class _Outcome:
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


def _digits_of(values: Values) -> dict[str, Interval]:
    """Return what figures stand for by their digits alone."""
    return {n: v.interval(mode(v)) for n, v in values.items()}


def _by_digits(side: Expression, values: Values, _: object = None) -> Interval:
    """Recompute a side of a relation from what its figures stand for by their digits alone."""
    return range_of(side, _digits_of({n: values[n] for n in side.names}))


# --- assumptions and families of factors ---------------------------------------------------------


def _judged(
    relation: Relation, used: dict[str, Named], test: Callable[[Relation, Values], _Outcome]
) -> Finding:
    """Run a test for every choice of cited factors; say which assumptions it needed."""
    families = [v for v in used.values() if len(v.factors) > 1]
    choices = [
        {**used, **{member.name: member for member in choice}}
        for choice in itertools.product(*(f.members() for f in families))
    ]
    tried = [(test(relation, chosen), chosen) for chosen in choices]
    best, chosen = min(tried, key=lambda t: _CHOICE.index(t[0].verdict))
    verdict, note = best.verdict, best.note
    if families and verdict.passes:
        held = [c for outcome, c in tried if outcome.verdict.passes]
        told = "; ".join(" and ".join(_member(c[f.name]) for f in families) for c in held)
        verdict = Verdict.ASSUMPTION
        note = f"It holds with {told}, of {len(choices)} published values tried. {note}"
    elif verdict is Verdict.INCONSISTENT and families:
        mixed = _mixed(relation, used, families)
        if mixed is not None:
            best, verdict, note = mixed, mixed.verdict, mixed.note
    assumed = [v for v in chosen.values() if v.role in ("assumption", "what-if")]
    if assumed:
        names = " and ".join(v.name for v in assumed)
        if verdict.passes:
            verdict = Verdict.ASSUMPTION
            note = f"It holds with {names}, which the report does not print. {note}"
        elif verdict is Verdict.INCONSISTENT and any(v.role == "assumption" for v in assumed):
            verdict = Verdict.NOT_CHECKABLE
            note = (
                f"It does not come out with {names} as assumed, and the report does not print the "
                f"figure that the assumption stands in for. {note}"
            )
    return _finding(relation, chosen, best, verdict, note)


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


def _member(named: Named) -> str:
    return f"{named.shown()} ({named.factors[0].region})"


def _mixed(relation: Relation, used: Values, families: list[Named]) -> _Outcome | None:
    """Try a mix of a cited family's members: any value between its lowest and its highest."""
    claimed = used[relation.names[0]]
    if relation.compare != "==" or any(v.is_bound for v in used.values() if v.figure is not None):
        return None
    box = _digits_of({n: v for n, v in used.items() if v.figure is not None})
    for family in families:
        hull, *others = (m.interval() for m in family.members())
        for other in others:
            hull = hull.hull(other)
        box[family.name] = hull
    recomputed = range_of(relation.right, box)
    printed = claimed.interval(mode(claimed))
    if not recomputed.meets(printed):
        return None
    note = "No single published value gives it, but a mix of them does."
    return _Outcome(Verdict.ASSUMPTION, note, printed, recomputed, None)


# --- the tests -----------------------------------------------------------------------------------


def _recompute(
    right: Expression, claimed: Named, used: Values, *, truncation: bool = True
) -> _Outcome:
    inputs = {n: used[n] for n in right.names}
    if any(v.is_bound or v.is_range for v in (claimed, *inputs.values())):
        return _with_bounds(right, claimed, inputs, truncation=truncation)
    nominal = right.evaluate({n: v.value for n, v in inputs.items()})
    finest = claimed.interval(mode(claimed))
    recomputed = partial(_by_digits, right, inputs)
    if finest.contains(nominal):
        note = "Recomputing from the figures as printed and rounding gives the printed figure."
        return _Outcome(Verdict.EXACT, note, finest, recomputed, nominal)
    in_a_corner: _Outcome | None = None
    box: Mapping[str, Interval] | None = None
    for reading in readings(claimed, inputs, truncation=truncation):
        if reading.box is not box:  # several readings differ in the claimed figure alone
            box = reading.box
            outcome = range_of(right, box)
        if not outcome.meets(reading.printed):
            continue
        widely = passes_widely(right, box, reading.printed, CORNER)
        if not widely and in_a_corner is not None:
            continue
        corner = "" if widely else " Only a corner of what the figures can stand for gives it."
        found = _Outcome(
            Verdict.ROUNDING,
            f"{reading.note}{corner}",
            reading.printed,
            outcome,
            nominal,
            passing=partial(_passing, right, box, reading.printed),
            reading=reading.name,
            corner=not widely,
        )
        if widely:
            return found
        in_a_corner = found
    return in_a_corner or _Outcome(Verdict.INCONSISTENT, "", finest, recomputed, nominal)


def _passing(right: Expression, box: Mapping[str, Interval], printed: Interval, _: object) -> float:
    return passing_share(right, box, printed)


def _with_bounds(
    right: Expression, claimed: Named, inputs: Values, *, truncation: bool = True
) -> _Outcome:
    """Judge a relation in which a figure is a bound or a range.

    A bound is a half-line where it could refute and the window a speaker means where it supports.
    """
    said = {n: literal(v) for n, v in inputs.items()}
    open_range, bound = range_of(right, said), literal(claimed)
    tight = range_of(right, {n: window(v) for n, v in inputs.items()})
    ranges = any(v.is_range for v in (claimed, *inputs.values()))
    nominal = None if ranges else right.evaluate({n: v.value for n, v in inputs.items()})
    outcome = _Outcome(Verdict.INCONSISTENT, "", bound, tight, nominal)
    if open_range.meets(bound):
        near = tight.meets(window(claimed))
        if (claimed.is_bound or claimed.is_range) and open_range.issubset(bound):
            beyond = " The phrase undersells: the recomputed value is well beyond the bound."
            note = "Whatever the figures it is computed from stand for, the bound is kept."
            note += "" if near or claimed.is_range else beyond
            return replace(outcome, verdict=Verdict.QUALIFIER, note=note, strength="entailed")
        if near:
            note = (
                "Some values of the range give it; others would not."
                if ranges
                else "Values close to the printed ones satisfy the bound; others would not."
            )
            return replace(outcome, verdict=Verdict.QUALIFIER, note=note, strength="compatible")
        note = "The bound leaves it open: it would hold only for values far from the printed one."
        return replace(outcome, verdict=Verdict.NOT_CHECKABLE, note=note)
    round_numbers = {
        n: coarse(v) if v.is_bound or is_about(v) else said[n] for n, v in inputs.items()
    }
    for printed, box in (
        (coarse(claimed), said),
        (bound, round_numbers),
        (coarse(claimed), round_numbers),
    ):
        if range_of(right, box).meets(printed):
            by = ""
            if nominal is not None and claimed.value:
                by = f" by {percent(abs(nominal - claimed.value) / abs(claimed.value))}"
            note = f"Literal bound exceeded{by}; it comes out only if read as a round number."
            return replace(outcome, verdict=Verdict.ROUNDING, note=note, reading="round number")
    if truncation:
        cut = truncated({claimed.name: claimed, **inputs}, literal)
        if range_of(right, cut).meets(cut[claimed.name]):
            note = "It comes out if the figures were truncated, not rounded."
            return replace(outcome, verdict=Verdict.ROUNDING, note=note, reading="truncated")
    return outcome


def _compare(relation: Relation, used: Values, *, truncation: bool = True) -> _Outcome:
    """Judge "at most" and "at least": a goal against what came of it."""
    # The relation itself says which side is the bound, so figures are read at their digits.
    box = _digits_of(used)
    margin = relation.margin
    spread, kept = range_of(margin, box), Interval(0, None)
    values = {n: v.value for n, v in used.items()}
    if spread.issubset(kept):
        verdict, note, strength = Verdict.QUALIFIER, "It holds, whatever the rounding.", "entailed"
    elif margin.evaluate(values) >= 0:
        verdict, strength = Verdict.QUALIFIER, "compatible"
        note = "It holds for the figures as printed."
    elif spread.meets(kept):
        verdict, strength = Verdict.ROUNDING, "compatible"
        note = "It holds only once rounding is allowed for."
    elif truncation and range_of(margin, truncated(used)).meets(kept):
        verdict, strength = Verdict.ROUNDING, "compatible"
        note = "It holds only if the figures were truncated, not rounded."
    elif range_of(margin, {n: coarse(v) if is_about(v) else box[n] for n, v in used.items()}).meets(
        kept
    ):
        verdict, strength = Verdict.ROUNDING, "compatible"
        note = "It holds only if what is printed as about is rounded to its significant digits."
    elif range_of(margin, {n: literal(v) for n, v in used.items()}).meets(kept):
        verdict, strength = Verdict.NOT_CHECKABLE, ""
        note = "The bounds leave it open: it would hold for values far from the printed ones."
    else:
        verdict, note, strength = Verdict.INCONSISTENT, "It does not hold.", ""
    return _Outcome(
        verdict,
        note,
        range_of(relation.left, box),
        partial(_by_digits, relation.right, used),
        relation.right.evaluate(values),
        strength=strength,
    )


def _tie_out(relation: Relation, claimed: Named, other: Named) -> Finding:
    """Compare one figure that stands in two places."""
    places = (
        f"p. {claimed.page} and p. {other.page}"
        if claimed.page != other.page
        else f"p. {claimed.page}, twice"
    )
    differs = [
        f"{what} ({mine} and {theirs})"
        for what, mine, theirs in (
            ("period", claimed.period, other.period),
            ("boundary", claimed.boundary, other.boundary),
        )
        if mine and theirs and mine != theirs
    ]
    if differs:
        why = f"Not the same figure: {' and '.join(differs)} differ."
        return Finding(relation, Verdict.NOT_CHECKABLE, "tie-out", why)
    pair = {claimed.name: claimed, other.name: other}
    ranges = claimed.is_range or other.is_range
    agree = (
        literal(claimed) == literal(other)
        if ranges
        else claimed.interval(mode(claimed)).contains(other.value)
        or other.interval(mode(other)).contains(claimed.value)
    )
    if agree and _bound_side(claimed) == _bound_side(other):
        note = f"The same figure stands on {places}."
        if claimed.shown() != other.shown():
            note += f" The wording differs: {claimed.shown()!r} and {other.shown()!r}."
        nominal = None if ranges else other.value
        outcome = _Outcome(Verdict.EXACT, note, literal(claimed), literal(other), nominal)
    else:
        outcome = _recompute(relation.right, claimed, pair)
        # Figures of one precision could both come from one number only under two rules of rounding.
        if _same_precision(claimed, other) or _ends_differ(claimed, other):
            outcome = replace(outcome, verdict=Verdict.INCONSISTENT, reading="finest")
        if not outcome.verdict.passes:
            outcome = replace(outcome, note=f"Two places disagree ({places}).")
    return _finding(relation, pair, outcome, outcome.verdict, outcome.note, "tie-out")


def _same_precision(one: Named, other: Named) -> bool:
    if one.figure is None or other.figure is None:
        return False
    if any(v.is_bound or v.is_range or is_about(v) for v in (one, other)):
        return False
    steps = [(v.figure.ulp * v.base, v.figure.trailing_zeros) for v in (one, other) if v.figure]
    return steps[0] == steps[1]


def _ends_differ(one: Named, other: Named) -> bool:
    """Say whether two ranges begin or end elsewhere."""
    ends = []
    for named in (one, other):
        if named.figure is None or named.figure.high is None:
            return False
        low, high = replace(named.figure, high=None), named.figure.high
        ends.append([end.interval(mode(named)) * named.base for end in (low, high)])
    return not all(a.meets(b) for a, b in zip(*ends, strict=True))


def _bound_side(named: Named) -> str:
    if not named.is_bound:
        return ""
    return "lower" if literal(named).hi is None else "upper"


# --- what cannot be checked ----------------------------------------------------------------------


def _missing(relation: Relation, used: dict[str, Named]) -> Finding:
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


def _uncheckable(claim: Claim) -> Finding:
    reasons = {
        "missing-figure": "A figure that would be needed is missing",
        "no-relation": "The figure stands alone; no relation to other figures is stated",
        "third-party": "The figure is quoted from a third party and is not the report's own",
        "not-disclosed": "The data behind the figure are not disclosed",
    }
    missing = f"; to check it one would need {claim.missing}" if claim.missing else ""
    return Finding(None, Verdict.NOT_CHECKABLE, "", f"{reasons[claim.reason]}{missing}.")


# --- building the finding ------------------------------------------------------------------------


def _finding(
    relation: Relation,
    used: dict[str, Named],
    outcome: _Outcome,
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
        printed_text=lambda _: claimed.shown() if equal else _written(relation.left, used),
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


def _why(used: Values, outcome: _Outcome, note: str, finding: Finding) -> str:
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


def _disagreement(claimed: Named, used: Values, outcome: _Outcome, gap: Fraction | None) -> str:
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


def _size_of(claimed: Named, outcome: _Outcome, gap: Fraction | None) -> str:
    """Say how large a disagreement is: one unit in the last digit is not a factor of ten."""
    if gap is None or not outcome.nominal or claimed.figure is None:
        return ""
    ratio = claimed.value / outcome.nominal
    if ratio > Fraction(3, 2) or 0 < ratio < Fraction(2, 3):
        return f", {number(float(f'{float(ratio):.3g}'))} times the recomputed value"
    last_digits = abs(claimed.value - outcome.nominal) / claimed.base / claimed.figure.ulp
    return f", {percent(abs(gap))} off ({float(last_digits):.2g} units in its last digit)"


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
