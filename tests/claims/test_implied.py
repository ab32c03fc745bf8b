"""Quantities that a report does not print: what its lines imply, and whether they agree."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonkit.claims import Audit
from carbonkit.claims.shared import Shared, _largest_meeting, shared
from carbonkit.intervals import Interval

Check = Callable[..., Audit]
tries = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def found(audit: Audit, name: str = "hidden") -> Shared:
    return next(s for s in shared(audit.results, audit.report.values) if s.name == name)


# --- the smallest sets to set aside ---------------------------------------------------------------


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low = draw(st.integers(0, 3))
    high = draw(st.integers(low, 3))
    closed = low == high
    return Interval(
        low if closed else draw(st.sampled_from([low, None])),
        high if closed else draw(st.sampled_from([high, None])),
        closed or draw(st.booleans()),
        closed or draw(st.booleans()),
    )


def meeting(group: Sequence[Interval]) -> Interval | None:
    return reduce(lambda a, b: a & b if a is not None else None, group[1:], group[0])


@settings(deadline=None, max_examples=300)
@given(st.lists(intervals(), min_size=1, max_size=5))
def test_largest_groups_are_those_found_by_trying_all(given_: list[Interval]) -> None:
    for size in range(len(given_), 0, -1):
        groups = {
            frozenset(chosen)
            for chosen in itertools.combinations(range(len(given_)), size)
            if meeting([given_[at] for at in chosen]) is not None
        }
        if groups:
            break
    assert set(_largest_meeting(given_)) == groups


# --- lines of one truth ---------------------------------------------------------------------------

RULES: dict[str, Callable[[Fraction], int]] = {
    "half-even": round,
    "half-up": lambda x: math.floor(x + Fraction(1, 2)),
    "truncated": math.trunc,
}
# How a line rests on what is hidden: its true value and its relation.
KINDS: dict[str, tuple[Callable[[Fraction, Fraction], Fraction], str]] = {
    "per head": (lambda a, hidden: a / hidden, "{c} == {a} / hidden"),
    "times": (lambda a, hidden: a * hidden, "{c} == {a} * hidden"),
    "share": (lambda a, hidden: a / (a + hidden), "{c} == share({a}, {a} + hidden)"),
    "difference": (lambda a, hidden: hidden - a, "{c} == hidden - {a}"),
}


def shown(value: Fraction, decimals: int, rule: str) -> str:
    steps = RULES[rule](value * 10**decimals)
    digits = f"{abs(steps):0{decimals + 1}d}"
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if steps < 0 else text


@st.composite
def lines(draw: st.DrawFn) -> tuple[Fraction, str, list[tuple[str, Fraction, int, int]]]:
    hidden = Fraction(draw(st.integers(10**3, 10**6)), 100)
    rule = draw(st.sampled_from(sorted(RULES)))
    rows = [
        (
            draw(st.sampled_from(sorted(KINDS))),
            Fraction(draw(st.integers(10**4, 10**7)), 1000),
            draw(st.integers(0, 2)),
            draw(st.integers(0, 4)),
        )
        for _ in range(draw(st.integers(2, 5)))
    ]
    return hidden, rule, rows


def report(
    hidden: Fraction, rule: str, rows: list[tuple[str, Fraction, int, int]]
) -> tuple[dict[str, Any], list[str]]:
    figures: dict[str, Any] = {}
    relations = []
    for at, (kind, amount, decimals, more) in enumerate(rows):
        true, relation = KINDS[kind]
        figures[f"a{at}"] = {"text": shown(amount, decimals, rule), "unit": "1"}
        figures[f"c{at}"] = {"text": shown(true(amount, hidden), more, rule), "unit": "1"}
        relations.append(relation.format(c=f"c{at}", a=f"a{at}"))
    return figures, relations


HIDDEN = {"hidden": {"unit": "1", "what": "hidden quantity"}}


@tries
@given(drawn=lines())
def test_lines_of_one_truth_are_never_set_apart(
    check: Check, drawn: tuple[Fraction, str, list[tuple[str, Fraction, int, int]]]
) -> None:
    hidden, rule, rows = drawn
    figures, relations = report(hidden, rule, rows)
    audit = check(figures, relations, unknowns=HIDDEN)
    for group in shared(audit.results, audit.report.values):
        assert not group.aside
        assert all(line.widest is None or line.widest.contains(hidden) for line in group.lines)
        assert group.common is None or group.common.contains(hidden) or not group.coarse
    assert not [o for o in audit.observations() if o.screen == "shared unknown"]


@tries
@given(
    hidden=st.integers(10**4, 10**6),
    amounts=st.lists(st.integers(10**6, 10**8), min_size=3, max_size=5),
    wrong=st.integers(0, 4),
    off=st.sampled_from([Fraction(9, 10), Fraction(105, 100), Fraction(10), Fraction(1, 1000)]),
)
def test_a_line_that_is_off_is_the_one_set_aside(
    check: Check, hidden: int, amounts: list[int], wrong: int, off: Fraction
) -> None:
    wrong %= len(amounts)
    figures, relations = {}, []
    for at, amount in enumerate(amounts):
        # Six significant digits, none of them a zero at the end.
        per_head = Fraction(amount, hidden) * (off if at == wrong else 1)
        figures[f"a{at}"] = {"text": f"{amount}.0", "unit": "1"}
        figures[f"c{at}"] = {"text": shown(per_head, 6, "half-even"), "unit": "1"}
        relations.append(f"c{at} == a{at} / hidden")
    audit = check(figures, relations, unknowns=HIDDEN)
    group = found(audit)
    assert [[line.result.id for line in lines] for lines in group.aside] == [[f"k{wrong + 1}"]]
    assert group.common is not None
    assert group.common.contains(hidden)
    (seen,) = [o for o in audit.observations() if o.screen == "shared unknown"]
    assert f"once k{wrong + 1} is set aside" in seen.wording
    frame = audit.implied().set_index("id")
    assert frame.agreement[f"k{wrong + 1}"] == "set aside"
    assert set(frame.agreement) == {"set aside", "meets the others"}


# --- examples -------------------------------------------------------------------------------------


def methane(check: Check, *rows: tuple[str, str]) -> Audit:
    figures: dict[str, Any] = {}
    for at, (mass, equivalent) in enumerate(rows):
        figures[f"m{at}"] = {"text": mass, "unit": "t CH4/year"}
        figures[f"e{at}"] = {"text": equivalent, "unit": "t CO2e/year"}
    unknowns = {"gwp": {"unit": "t CO2e/t CH4", "what": "GWP of methane"}}
    return check(figures, [f"e{at} == m{at} * gwp" for at in range(len(rows))], unknowns=unknowns)


def test_rows_of_a_gas_name_the_published_potential_behind_them(check: Check) -> None:
    # By hand: 12.31 x 28 = 344.7 and 45.67 x 28 = 1,278.8; 28 is the GWP-100 of methane in the
    # IPCC's Fifth Assessment Report (WG I, table 8.A.1).
    group = found(methane(check, ("12.31", "344.7"), ("45.67", "1,278.8")), "gwp")
    assert not group.aside
    assert group.common is not None
    # 1278.75/45.675 = 27.9967 and 344.75/12.305 = 28.017 are the inner ends
    assert group.common.issubset(Interval("27.99", "28.02"))
    assert group.published
    assert all(text.startswith("28 (CH4, AR5 (100 years)") for text in group.published)


def test_a_row_with_the_potential_of_another_report_is_named(check: Check) -> None:
    # 30.12 x 25 = 753.0, with the GWP-100 of the Fourth Assessment Report (WG I, table 2.14).
    audit = methane(check, ("12.31", "344.7"), ("45.67", "1,278.8"), ("30.12", "753.0"))
    (apart,) = found(audit, "gwp").aside
    assert [line.result.id for line in apart] == ["k3"]
    (seen,) = [o for o in audit.observations() if o.screen == "shared unknown"]
    assert "once k3 is set aside" in seen.wording
    assert seen.arithmetic.endswith("t CO2e/t CH4 (k3)")


def test_of_two_lines_either_may_be_the_wrong_one(check: Check) -> None:
    audit = methane(check, ("12.31", "344.7"), ("30.12", "753.0"))
    assert {tuple(line.result.id for line in g) for g in found(audit, "gwp").aside} == {
        ("k1",),
        ("k2",),
    }
    (seen,) = [o for o in audit.observations() if o.screen == "shared unknown"]
    assert "k1 or k2" in seen.wording or "k2 or k1" in seen.wording
    assert set(audit.implied().agreement) == {"one of those to set aside"}


def test_a_grid_factor_behind_avoided_tonnes_is_looked_up(check: Check) -> None:
    # 475 g CO2/kWh is the IEA's world average of 2018: 27.64 GWh avoid 13,129 t.
    figures = {
        "s1": {"text": "27.64 GWh", "unit": "GWh/year"},
        "a1": {"text": "13,129", "unit": "t CO2/year"},
        "s2": {"text": "41.03 GWh", "unit": "GWh/year"},
        "a2": {"text": "19,489", "unit": "t CO2/year"},
    }
    unknowns = {"grid": {"unit": "kg CO2/kWh", "what": "grid factor"}}
    relations = [f"a{n} == avoided_emissions(s{n}, grid)" for n in (1, 2)]
    group = found(check(figures, relations, unknowns=unknowns), "grid")
    assert any("475 g CO2/kWh" in text and "IEA" in text for text in group.published)


def test_a_bound_and_an_assumption_speak_against_no_line(check: Check) -> None:
    figures = {
        "a": {"text": "1,204.5", "unit": "MWh/year"},
        "c": {"text": "12.31", "unit": "MWh/person/year"},
        "b": {"text": "more than 5,000", "unit": "MWh/year"},
        "d": {"text": "21.07", "unit": "MWh/person/year"},
    }
    unknowns = {"heads": {"unit": "person", "what": "head count"}}
    audit = check(figures, ["c == a / heads", "d == b / heads"], unknowns=unknowns)
    assert not found(audit, "heads").aside
    assert audit.implied().agreement.tolist()[1] == "open"


def test_an_unknown_may_stand_on_the_left(check: Check) -> None:
    figures = {
        n: {"text": t, "unit": "t/year"} for n, t in zip("abc", ("10.2", "3.1", "7.0"), strict=True)
    }
    unknowns = {"gone": {"unit": "t/year", "what": "mass lost"}}
    audit = check(figures, ["gone == a - b", "gone == c"], unknowns=unknowns)
    group = found(audit, "gone")
    # 10.15 - 3.15 = 7.00 and 7.05: they touch within rounding.
    assert str(group.common) == "[7, 7.05]"
    assert audit.implied().agreement.tolist() == ["meets", "meets"]


@pytest.mark.parametrize("order", [1, -1])
def test_the_answer_does_not_hang_on_the_order_of_claims(check: Check, order: int) -> None:
    rows = [("12.31", "344.7"), ("45.67", "1,278.8"), ("30.12", "753.0")][::order]
    (apart,) = found(methane(check, *rows), "gwp").aside
    assert [line.relation.names[1] for line in apart] == [f"m{2 if order == 1 else 0}"]
