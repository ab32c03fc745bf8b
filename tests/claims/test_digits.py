"""How a figure was rounded, and how many of its digits count, as the file says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonkit.claims import Audit, Verdict
from carbonkit.intervals import Interval

Check = Callable[..., Audit]


def holds(interval: Interval, value: Fraction | int) -> bool:
    return Interval.point(value).issubset(interval)


@given(st.integers(1, 10**9), st.integers(1, 9))
def test_a_figure_of_so_many_significant_digits_holds_the_true_value(
    check: Check, value: int, digits: int
) -> None:
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(value)
    text = f"{rounded:,.0f}"
    if len(text.replace(",", "")) < digits:
        return
    audit = check({"a": {"text": f"{text} t", "significant": digits}}, [])
    interval = audit.report.values["a"].interval()
    step = Fraction(10) ** (rounded.adjusted() - digits + 1) * 10**6
    assert holds(interval, value * 10**6)
    assert interval.hi - interval.lo == step


@given(st.decimals(0, 10**6, places=4), st.integers(-4, 3), st.integers(0, 3))
def test_a_figure_rounded_to_so_many_decimals_holds_the_true_value(
    check: Check, value: Decimal, decimals: int, more: int
) -> None:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:.{max(decimals, 0) + more}f}"
    audit = check({"a": {"text": f"{text} t", "decimals": decimals}}, [])
    interval = audit.report.values["a"].interval()
    assert holds(interval, Fraction(value) * 10**6)
    assert interval.hi - interval.lo == Fraction(10) ** (6 - decimals)


def test_digits_that_count_are_not_tried_as_rounding(check: Check) -> None:
    # 1,204 + 8,317 = 9,521, printed as 9,500: right to two digits, not to three or four.
    figures = {"a": "1,204 t", "b": "8,317 t"}

    def verdict(**total: object) -> Verdict:
        audit = check({**figures, "c": {"text": "9,500 t", **total}}, ["c == a + b"])
        return audit["k1"].verdict

    assert verdict() is Verdict.ROUNDING
    assert verdict(significant=2) is Verdict.EXACT
    assert verdict(decimals=-2) is Verdict.EXACT
    assert verdict(significant=3) is Verdict.INCONSISTENT
    assert verdict(significant=4) is Verdict.INCONSISTENT


@pytest.mark.parametrize(
    ("rule", "stands_for"),
    [
        ("nearest", Interval("11.5", "12.5")),
        ("half-up", Interval("11.5", "12.5", True, False)),
        ("half-even", Interval("11.5", "12.5")),
        ("truncated", Interval(12, 13, True, False)),
        ("floor", Interval(12, 13, True, False)),
        ("ceiling", Interval(11, 12, False, True)),
    ],
)
def test_each_rule_of_rounding_means_what_the_page_on_the_format_says(
    check: Check, rule: str, stands_for: Interval
) -> None:
    for figure, about in (({"rounding": rule}, {}), ({}, {"rounding": rule})):
        audit = check({"a": {"text": "12", "unit": "g", **figure}}, [], **about)
        value = audit.report.values["a"]
        assert value.interval(value.rounding) == stands_for


def test_the_rule_of_a_figure_comes_before_that_of_the_report(check: Check) -> None:
    audit = check({"a": {"text": "1 t", "rounding": "floor"}, "b": "1 t"}, [], rounding="ceiling")
    assert [audit.report.values[n].rounding for n in "ab"] == ["floor", "ceiling"]
