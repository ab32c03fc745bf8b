"""Intervals and the range of a formula, checked by sampling and by hand."""

from __future__ import annotations

import copy
import math
import pickle
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from carbonkit.errors import CarbonkitError, DivisionByZeroInterval, IntervalError
from carbonkit.intervals import Interval, maximum, minimum, range_over
from carbonkit.intervals.rational import linear_ratio

F = Fraction
# Few small numbers, so that ends often coincide and zero often is one.
SMALL = st.integers(-3, 3).map(F) | st.fractions(-3, 3, max_denominator=4)


@st.composite
def intervals(draw: st.DrawFn, ends: st.SearchStrategy[Fraction] = SMALL) -> Interval:
    lo, hi = sorted([draw(ends), draw(ends)])
    if lo == hi:
        return Interval.point(lo)
    unbounded = draw(st.sampled_from([(False, False)] * 4 + [(True, False), (False, True)]))
    return Interval(
        None if unbounded[0] else lo,
        None if unbounded[1] else hi,
        draw(st.booleans()),
        draw(st.booleans()),
    )


def members(interval: Interval) -> list[Fraction]:
    """Some numbers of an interval: its ends or numbers very near them, and some between."""
    lo = interval.lo if interval.lo is not None else (interval.hi or F(0)) - 10**6
    hi = interval.hi if interval.hi is not None else (interval.lo or F(0)) + 10**6
    near = F(1, 10**6)
    inside = [lo, hi, F(0), lo + (hi - lo) * near, hi - (hi - lo) * near]
    inside += [lo + (hi - lo) * F(i, 7) for i in range(1, 7)]
    return [x for x in inside if interval.contains(x)]


OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "min": minimum,
    "max": maximum,
}


@settings(deadline=None)
@given(a=intervals(), b=intervals(), name=st.sampled_from(sorted(OPERATIONS)))
@example(a=Interval(0, 1, False), b=Interval(0, 1), name="*")
@example(a=Interval(0, 1, False), b=Interval(2, None), name="*")
@example(a=Interval(-1, 0, True, False), b=Interval(0, 0), name="*")
@example(a=Interval(1, 2), b=Interval(0, 1), name="/")
@example(a=Interval(1, 3, True, False), b=Interval(2, 3), name="min")
def test_an_operation_holds_what_its_members_give_and_attains_its_closed_ends(
    a: Interval, b: Interval, name: str
) -> None:
    operate = OPERATIONS[name]
    try:
        result = operate(a, b)
    except DivisionByZeroInterval:
        assert name == "/"
        assert b == Interval(0, 0)
        return
    shared = [e for e in (a.lo, a.hi, b.lo, b.hi) if e is not None]
    first, second = (members(i) + [e for e in shared if i.contains(e)] for i in (a, b))
    pairs = [(x, y) for x in first for y in second if name != "/" or y]
    got = [operate(x, y) for x, y in pairs]
    assert all(result.contains(z) for z in got)
    # A closed end is attained by some pair of ends (or by zero); all of those are members.
    for end, closed in ((result.lo, result.lo_closed), (result.hi, result.hi_closed)):
        if closed:
            assert end in got
    # A finite end is approached: some members come close to it.
    if got and a.is_bounded and b.is_bounded:
        for end in (result.lo, result.hi):
            if end is not None:
                assert min(abs(z - end) for z in got) < F(1, 100)


@settings(deadline=None)
@given(a=intervals(), n=st.integers(0, 5))
def test_powers_and_absolute_values(a: Interval, n: int) -> None:
    power, size = a**n, abs(a)
    for x in members(a):
        assert power.contains(x**n)
        assert size.contains(abs(x))
    for result, fn in ((power, lambda x: x**n), (size, abs)):
        got = [fn(x) for x in members(a)]
        for end, closed in ((result.lo, result.lo_closed), (result.hi, result.hi_closed)):
            if closed:
                assert end in got
            elif end is not None:
                assert end not in got


@settings(deadline=None)
@given(a=intervals(), b=intervals(), x=SMALL)
def test_sets(a: Interval, b: Interval, x: Fraction) -> None:
    both = a & b
    assert a.meets(b) == b.meets(a) == (both is not None)
    assert (both is not None and both.contains(x)) == (a.contains(x) and b.contains(x))
    hull = a.hull(b)
    assert a.issubset(hull)
    assert b.issubset(hull)
    assert hull in (b.hull(a), a, b)
    assert a.issubset(b) == (all(b.contains(m) for m in members(a)) and a.hull(b) == b)
    assert (a.gap(b) > 0) <= (not a.meets(b))
    assert a.gap(b) == b.gap(a)
    turned = -a
    assert -turned == a


def test_a_gap_is_the_distance() -> None:
    assert Interval(1, 2).gap(Interval(F(7, 2), 4)) == F(3, 2)
    assert Interval(5, None).gap(Interval(None, 3)) == 2
    # Touching without meeting: no distance, yet nothing in common.
    assert Interval(1, 2, True, False).gap(Interval(2, 3)) == 0
    assert not Interval(1, 2, True, False).meets(Interval(2, 3))


@settings(deadline=None)
@given(st.fractions() | st.floats(allow_nan=False, allow_infinity=False).map(F))
@example(F(10) ** 400)
@example(-(F(10) ** 400))
@example(F(1, 10**400))
@example(F(1, 3))
def test_floats_are_rounded_outwards_by_at_most_one_step(x: Fraction) -> None:
    lo, hi = Interval.point(x).floats()
    assert lo == -math.inf or F(lo) <= x
    assert hi == math.inf or F(hi) >= x
    assert lo == hi or math.nextafter(lo, math.inf) == hi


def test_unbounded_floats() -> None:
    assert Interval(1, None).floats() == (1.0, math.inf)
    assert Interval(None, F(10) ** 400).floats() == (-math.inf, math.inf)
    assert Interval(F(10) ** 400, None).floats()[0] == sys.float_info.max


def test_division_by_an_interval_that_touches_zero() -> None:
    assert Interval(1, 2) / Interval(0, 4) == Interval(F(1, 4), None)
    assert Interval(1, 2) / Interval(-4, 0) == Interval(None, F(-1, 4))
    assert Interval(1, 2) / Interval(-1, 4) == Interval(None, None)
    assert Interval(0, 0) / Interval(-1, 4) == Interval(0, 0)
    assert 1 / Interval(2, None) == Interval(0, F(1, 2), False)
    with pytest.raises(DivisionByZeroInterval, match="exactly zero"):
        Interval(1, 2) / 0
    with pytest.raises(ZeroDivisionError):
        Interval(1, 2) ** 0 / Interval(0, 0)


def test_negative_powers() -> None:
    assert Interval(2, 4) ** -1 == Interval(F(1, 4), F(1, 2))
    assert Interval(-2, 0) ** -2 == Interval(F(1, 4), None)
    assert Interval(-1, 2) ** -1 == Interval(None, None)


def test_numbers_that_are_exact_may_join() -> None:
    assert Interval(1, 2) * Decimal("0.1") == Interval(F(1, 10), F(1, 5))
    assert 3 - Interval(1, 2) == Interval(1, 2)
    assert Interval(1, 2) * 0.5 == Interval(F(1, 2), 1)
    assert 2 ** Interval.point(3) == Interval.point(8)
    assert Interval.point("1/3").lo == F(1, 3)
    assert Interval.point(0.1).lo == F(0.1) != F(1, 10)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: Interval(2, 1), "lower end comes first"),
        (lambda: Interval(1, 1, False), "single point is closed"),
        (lambda: Interval(math.nan, 1), "not a finite number"),
        (lambda: Interval(1, math.inf), "write None"),
        (lambda: Interval(Decimal("NaN"), 1), "not a finite number"),
        (lambda: Interval(True, 1), "truth value"),
        (lambda: Interval.point("one"), "not a number"),
        (lambda: Interval.point("1/0"), "not a number"),
        (lambda: Interval.point("1e999999999"), "exponent"),
        (lambda: Interval.point(Decimal("1e-999999999")), "exponent"),
        (lambda: Interval.point("9" * 10_000), "too long"),
        (lambda: Interval.point(3j), "not complex"),  # type: ignore[arg-type]
        (lambda: Interval(1, 2) * 0.1, "not exactly 0.1"),
        (lambda: Interval(1, 2) * math.inf, "not a finite number"),
        (lambda: Interval(1, 2) ** 999_999_999, "too many digits"),
        (lambda: Interval(1, 2) ** F(1, 2), "not one whole number"),
        (lambda: Interval(1, 2) ** Interval(1, 2), "not one whole number"),
        (lambda: Interval(1, 2) < 3, "no order"),
        (lambda: min(Interval(1, 2), Interval(3, 4)), "minimum"),
        (lambda: Interval(1, None).width, "unbounded"),
        (lambda: Interval(1, None).midpoint, "unbounded"),
        (lambda: minimum(), "at least one value"),
        (lambda: range_over(lambda a: "five", {"a": Interval(1, 2)}), "gave a str"),
        (lambda: range_over(lambda a: min(a, a * a), {"a": Interval(1, 2)}), "minimum"),
        (lambda: range_over(lambda a: a / (a - a), {"a": Interval.point(1)}), "exactly zero"),
    ],
)
def test_refusals(act: Callable[[], object], words: str) -> None:
    start = time.perf_counter()
    with pytest.raises(CarbonkitError, match=words) as caught:
        act()
    assert isinstance(caught.value, IntervalError)
    assert time.perf_counter() - start < 0.5


def test_texts() -> None:
    assert str(Interval("13128.5", "13129.5")) == "[13128.5, 13129.5]"
    assert str(Interval(730_000, None, False)) == "(730000, inf)"
    assert str(Interval(None, F(1, 3), True, False)) == "(-inf, 0.333333333333)"
    assert str(Interval(-(10**9), 0)) == "[-1000000000, 0]"


def test_intervals_are_values() -> None:
    a = Interval("0.5", 2, hi_closed=False)
    assert a == Interval(F(1, 2), 2, hi_closed=False) != Interval(F(1, 2), 2)
    assert len({a, Interval("0.5", 2, hi_closed=False)}) == 1
    assert pickle.loads(pickle.dumps(a)) == copy.deepcopy(a) == a  # noqa: S301 - our own bytes
    with pytest.raises(AttributeError):
        a.lo = F(0)  # type: ignore[misc]


def test_minimum_and_maximum_on_every_carrier() -> None:
    assert minimum(3, 2.5, F(7, 2)) == 2.5
    assert maximum(1.0, 3) == 3
    np.testing.assert_array_equal(minimum(np.array([1.0, 5.0]), 3), [1.0, 3.0])
    np.testing.assert_array_equal(maximum(2, np.array([1.0, 5.0])), [2.0, 5.0])
    assert list(minimum(pd.Series([1.0, 5.0]), 3)) == [1.0, 3.0]
    assert maximum(Interval(1, 3), 2, Interval(0, 4)) == Interval(2, 4)


def test_an_array_does_not_swallow_intervals() -> None:
    with pytest.raises(TypeError):
        np.array([1.0, 2.0]) * Interval(1, 2)


# -- the range of a formula ----------------------------------------------------------------

FORMULAS: dict[str, Callable[..., Any]] = {
    "share": lambda a, b: a / (a + b),
    "change": lambda a, b: (a - b) / a,
    "change of base": lambda a, b: (b - a) / a * 100,
    "cooling cut": lambda a, b: 1 - (b - 1) / (a - 1),
    "difference of squares": lambda a, b: a**2 - b * a,
    "parabola": lambda a, b: a * (1 - a) + b,
    "cubic": lambda a, b: a**3 - 3 * a - b,
    "kinks": lambda a, b: abs(a - b) + minimum(a, 2 * b) - maximum(b, 1),
    "self difference": lambda a, b: a - a + b,
    "mean": lambda a, b: (a * a + b * b) / (a + b),
    "inverse powers": lambda a, b: a**-2 + a * b,
    "pole": lambda a, b: (a * b + 1) / (a - b),
    "constant": lambda a, b: F(3),
}


@settings(deadline=None)
@given(a=intervals(), b=intervals(), name=st.sampled_from(sorted(FORMULAS)))
@example(a=Interval(-1, 2), b=Interval(1, 1), name="inverse powers")
@example(a=Interval(0, 1, False), b=Interval(0, 1, False), name="share")
@example(a=Interval(-1, 2), b=Interval(-1, 2), name="share")
@example(a=Interval(0, 1, False), b=Interval(1, 2), name="change")
@example(a=Interval(1, None), b=Interval(0, 2), name="change")
@example(a=Interval(None, 2), b=Interval(1, 2), name="change")
def test_a_range_always_encloses(a: Interval, b: Interval, name: str) -> None:
    fn = FORMULAS[name]
    try:
        found = range_over(fn, {"a": a, "b": b})
    except DivisionByZeroInterval:
        assume(False)
    for x in members(a):
        for y in members(b):
            try:
                value = fn(x, y)
            except ZeroDivisionError:
                continue
            assert found.contains(value), (x, y, value, str(found))


POSITIVE = st.fractions(F(1, 10), 10, max_denominator=20)


@settings(deadline=None)
@given(
    a=intervals(POSITIVE),
    b=intervals(POSITIVE),
    name=st.sampled_from(["share", "change", "change of base"]),
)
def test_a_range_is_tight_where_the_formula_is_monotone(
    a: Interval, b: Interval, name: str
) -> None:
    assume(a.is_bounded and b.is_bounded)
    fn = FORMULAS[name]
    found = range_over(fn, {"a": a, "b": b})
    assert a.lo is not None
    assert a.hi is not None
    assert b.lo is not None
    assert b.hi is not None
    corners = {(x, y): fn(x, y) for x in (a.lo, a.hi) for y in (b.lo, b.hi)}
    assert found.lo == min(corners.values())
    assert found.hi == max(corners.values())
    # These formulas strictly change with both, so an end is attained where its corner is.
    for end, closed in ((found.lo, found.lo_closed), (found.hi, found.hi_closed)):
        at = [corner for corner, value in corners.items() if value == end]
        assert closed == any(a.contains(x) and b.contains(y) for x, y in at)


@settings(deadline=None)
@given(a=intervals(POSITIVE), b=intervals(POSITIVE), c=intervals(POSITIVE))
def test_without_repetition_the_range_is_plain_arithmetic(
    a: Interval, b: Interval, c: Interval
) -> None:
    assert range_over(lambda a, b, c: a * b / c, {"a": a, "b": b, "c": c}) == a * b / c


def test_a_half_line_has_its_limit_and_never_attains_it() -> None:
    # (a - 20)/a for a above 100 is above 80/100 and below 1.
    box = {"a": Interval(100, None, False), "b": Interval(19, 21)}
    assert range_over(FORMULAS["change"], box) == Interval(F(79, 100), 1, False, False)
    assert range_over(FORMULAS["share"], box) == Interval(F(100, 121), 1, False, False)
    both = {"a": Interval(100, None), "b": Interval(1, None)}
    assert range_over(FORMULAS["share"], both) == Interval(0, 1, False, False)
    assert range_over(lambda a, b: a * a / b, both) == Interval(0, None, False)
    assert range_over(lambda a, b: a * a * b, both) == Interval(10_000, None)
    # -(b - a)/(b - a + 1) falls towards -1 as a goes down and b goes up without end.
    apart = {"a": Interval(None, -1), "b": Interval(1, None)}
    found = range_over(lambda a, b: (a - b) / (b - a + 1), apart)
    assert found == Interval(-1, F(-2, 3), False)
    below = {"a": Interval(None, -2), "b": Interval(1, 1)}
    assert range_over(FORMULAS["change"], below) == Interval(1, F(3, 2), False)


def test_cooling_cut_by_hand() -> None:
    # PUE 2.2 -> 1.1, each to one decimal: the smallest cut takes 0.15 of 1.15, the largest
    # 0.05 of 1.25.
    box = {"p0": Interval("2.15", "2.25"), "p1": Interval("1.05", "1.15")}
    expected = Interval(1 - F(15, 115), 1 - F(5, 125))
    assert range_over(lambda p0, p1: 1 - (p1 - 1) / (p0 - 1), box) == expected
    # The same written with p0 twice.
    assert range_over(lambda p0, p1: (p0 - p1) / (p0 - 1), box) == expected


def test_scope_share_by_hand() -> None:
    # 41,736 and 2,243,722 t: the share is lowest with the first low and the second high.
    box = {"s1": Interval("41735.5", "41736.5"), "s2": Interval("2243721.5", "2243722.5")}
    found = range_over(lambda s1, s2: s1 / (s1 + s2) * 100, box)
    assert found == Interval(F("4173550") / F("2285458"), F("4173650") / F("2285458"))
    assert Interval("1.825", "1.835").meets(found)


def test_percent_change_by_hand() -> None:
    # 3.83 -> 2.56 t per million: from (3.825 - 2.565)/3.825 to (3.835 - 2.555)/3.835.
    box = {"a": Interval("3.825", "3.835"), "b": Interval("2.555", "2.565")}
    found = range_over(lambda a, b: (a - b) / a, box)
    assert found == Interval(F(1260, 3825), F(1280, 3835))


def test_open_ends_stay_open_and_attained_ones_closed() -> None:
    box = {"a": Interval(2, 4, lo_closed=False), "b": Interval(1, 2)}
    assert range_over(lambda a, b: (a - b) / a, box) == Interval(0, F(3, 4), lo_closed=False)
    # x * x over an open interval around zero: zero is attained inside, one is not.
    square = {"x": Interval(-1, 1, lo_closed=False, hi_closed=False)}
    assert range_over(lambda x: x**2, square) == Interval(0, 1, hi_closed=False)


def test_a_turning_point_inside_is_found_closely() -> None:
    found = range_over(lambda x: x * (1 - x), {"x": Interval(0, F(9, 10))})  # peak 1/4 at 1/2
    assert found.lo == 0
    assert found.hi is not None
    assert F(1, 4) <= found.hi < F(1, 4) + F(1, 1000)


def test_a_pole_inside_is_not_taken_for_monotone() -> None:
    # 1/x falls on either side of zero, yet takes values of both signs.
    whole = Interval(None, None)
    box = {"x": Interval(-1, 2), "y": Interval(1, 1)}
    assert range_over(lambda x, y: (x + y) / x, box) == whole


@settings(max_examples=50)
@given(
    st.tuples(*[st.integers(-60, 60).map(lambda n: Fraction(n, 8))] * 3),
    st.integers(-60, 60).map(lambda n: Fraction(n, 6)),
)
def test_a_linear_ratio_gives_what_the_formula_gives(
    fixed: tuple[Fraction, ...], x: Fraction
) -> None:
    u, v, w = fixed
    formulas: list[Callable[[Any], Any]] = [
        lambda x: u + v - x,
        lambda x: (x - u) / x * 100,
        lambda x: u * x / (v + x) - w,
        lambda x: w / (x / 7 + u),
    ]
    for fn in formulas:
        form = linear_ratio(fn)
        assert form is not None
        a, b, c, d = form
        if c * x + d:
            assert Fraction(a * x + b, c * x + d) == fn(x)
        else:
            with pytest.raises(ZeroDivisionError):
                fn(x)


def test_what_is_no_linear_ratio_is_said() -> None:
    assert linear_ratio(lambda x: x * x) is None
    assert linear_ratio(lambda x: maximum(x, 3)) is None
    assert linear_ratio(lambda x: x / (x - x)) is None
    assert linear_ratio(lambda x: F(7, 2)) == (0, 7, 0, 2)


def test_constants_and_bare_numbers_in_the_box() -> None:
    assert range_over(lambda a, n: a * n, {"a": Interval(1, 2), "n": F(3)}) == Interval(3, 6)
    assert range_over(lambda a: F(5), {"a": Interval(1, 2)}) == Interval.point(5)
    assert range_over(lambda a, n: a**n / a, {"a": Interval(1, 2), "n": 3}) == Interval(1, 4)
    assert range_over(sum_of, {"a": Interval(1, 2), "b": Interval(3, 4)}) == Interval(4, 6)


def sum_of(**parts: Any) -> Any:
    return sum(parts.values())
