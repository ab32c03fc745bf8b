"""Recompute a claim from the figures as printed, and say what came of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from carbonkit.claims.evaluate import passes_widely, passing_share, range_of
from carbonkit.claims.findings import (
    Outcome,
    finding_of,
    missing,
    sides_of_comparison,
    uncheckable,
    without_value,
    zeros,
)
from carbonkit.claims.model import Claim, Named
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
from carbonkit.claims.verdict import ORDER, ClaimResult, Finding, Verdict, percent
from carbonkit.errors import CarbonkitError
from carbonkit.intervals import Interval

__all__ = ["check_claim", "check_claims", "check_relation"]

Values = Mapping[str, Named]

CORNER = 0.01
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
        return ClaimResult(claim, (uncheckable(claim),))
    return ClaimResult(claim, tuple(check_relation(r, values) for r in claim.relations))


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
            f"It divides by zero{zeros(relation, values)}, so it has no value. More digits of the "
            "divisor would give it one."
        )
    except OverflowError:
        why = "It comes to a number beyond all measure: an exponent must be wrong."
    except CarbonkitError as error:
        why = f"It cannot be recomputed: {error}"
    return without_value(relation, {n: values[n] for n in relation.names}, why)


def _check(relation: Relation, values: Values, *, truncation: bool) -> Finding:
    used = {name: values[name] for name in relation.names}
    if any(v.role == "unknown" for v in used.values()):
        return missing(relation, used)
    if relation.compare != "==":
        return _judged(relation, used, lambda r, u: _compare(r, u, truncation=truncation))
    right = relation.right
    claimed = used[relation.names[0]]
    if isinstance(right, Name) and {claimed.role, used[right.name].role} == {"figure"}:
        return _tie_out(relation, claimed, used[right.name])
    return _judged(
        relation, used, lambda r, u: _recompute(r.right, claimed, u, truncation=truncation)
    )


def _digits_of(values: Values) -> dict[str, Interval]:
    """Return what figures stand for by their digits alone."""
    return {n: v.interval(mode(v)) for n, v in values.items()}


def _by_digits(side: Expression, values: Values, _: object = None) -> Interval:
    """Recompute a side of a relation from what its figures stand for by their digits alone."""
    return range_of(side, _digits_of({n: values[n] for n in side.names}))


# --- assumptions and families of factors ---------------------------------------------------------


def _judged(
    relation: Relation, used: dict[str, Named], test: Callable[[Relation, Values], Outcome]
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
    return finding_of(relation, chosen, best, verdict, note)


def _member(named: Named) -> str:
    return f"{named.shown()} ({named.factors[0].region})"


def _mixed(relation: Relation, used: Values, families: list[Named]) -> Outcome | None:
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
    return Outcome(Verdict.ASSUMPTION, note, printed, recomputed, None)


# --- the tests -----------------------------------------------------------------------------------


def _recompute(
    right: Expression, claimed: Named, used: Values, *, truncation: bool = True
) -> Outcome:
    inputs = {n: used[n] for n in right.names}
    if any(v.is_bound or v.is_range for v in (claimed, *inputs.values())):
        return _with_bounds(right, claimed, inputs, truncation=truncation)
    nominal = right.evaluate({n: v.value for n, v in inputs.items()})
    finest = claimed.interval(mode(claimed))
    recomputed = partial(_by_digits, right, inputs)
    if finest.contains(nominal):
        note = "Recomputing from the figures as printed and rounding gives the printed figure."
        return Outcome(Verdict.EXACT, note, finest, recomputed, nominal)
    in_a_corner: Outcome | None = None
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
        found = Outcome(
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
    return in_a_corner or Outcome(Verdict.INCONSISTENT, "", finest, recomputed, nominal)


def _passing(right: Expression, box: Mapping[str, Interval], printed: Interval, _: object) -> float:
    return passing_share(right, box, printed)


def _with_bounds(
    right: Expression, claimed: Named, inputs: Values, *, truncation: bool = True
) -> Outcome:
    """Judge a relation in which a figure is a bound or a range.

    A bound is a half-line where it could refute and the window a speaker means where it supports.
    """
    said = {n: literal(v) for n, v in inputs.items()}
    open_range, bound = range_of(right, said), literal(claimed)
    tight = range_of(right, {n: window(v) for n, v in inputs.items()})
    ranges = any(v.is_range for v in (claimed, *inputs.values()))
    nominal = None if ranges else right.evaluate({n: v.value for n, v in inputs.items()})
    outcome = Outcome(Verdict.INCONSISTENT, "", bound, tight, nominal)
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


def _compare(relation: Relation, used: Values, *, truncation: bool = True) -> Outcome:
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
    printed, recomputed = sides_of_comparison(relation)
    return Outcome(
        verdict,
        note,
        range_of(printed, box),
        partial(_by_digits, recomputed, used),
        recomputed.evaluate(values),
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
        outcome = Outcome(Verdict.EXACT, note, literal(claimed), literal(other), nominal)
    else:
        outcome = _recompute(relation.right, claimed, pair)
        # Figures of one precision could both come from one number only under two rules of rounding.
        if _same_precision(claimed, other) or _ends_differ(claimed, other):
            outcome = replace(outcome, verdict=Verdict.INCONSISTENT, reading="finest")
        if not outcome.verdict.passes:
            outcome = replace(outcome, note=f"Two places disagree ({places}).")
    return finding_of(relation, pair, outcome, outcome.verdict, outcome.note, "tie-out")


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
