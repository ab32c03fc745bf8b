"""Changes, growth and averages: exact, tight over ranges, and never taken for each other."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonkit.claims import Audit, parse_report
from carbonkit.claims.relation import relation
from carbonkit.errors import DimensionError, DivisionByZero, FormulaError, ReportError
from carbonkit.formula.bodies import root
from carbonkit.intensity import cagr, percent_change, points_change, share, weighted_average
from carbonkit.intervals import Interval, range_over

exact = settings(deadline=None)
POSITIVE = st.fractions(Fraction(1, 1000), 10**6, max_denominator=10**6)
DEGREES = st.integers(1, 30) | st.fractions(Fraction(1, 2), 20, max_denominator=4)


# --- roots ----------------------------------------------------------------------------------------


@exact
@given(base=POSITIVE, degree=DEGREES)
def test_the_root_of_a_power_is_exact(base: Fraction, degree: Fraction) -> None:
    degree = Fraction(degree)
    power = base**degree.numerator
    assert root(power, degree) ** degree.denominator == base**degree.denominator or (
        degree.denominator > 1
    )
    if degree.denominator == 1:
        assert root(power, degree) == base


@exact
@given(x=POSITIVE, degree=DEGREES)
def test_a_root_is_enclosed_and_closely(x: Fraction, degree: Fraction) -> None:
    # From outside: the power of the ends, which needs no root.
    degree = Fraction(degree)
    found = root(Interval.point(x), degree)
    target = x**degree.denominator
    assert found.lo is not None
    assert found.hi is not None
    assert found.lo**degree.numerator <= target <= found.hi**degree.numerator
    assert found.width <= found.lo / 10**70
    assert found.is_point == (found.lo**degree.numerator == target)
    with localcontext(prec=40) as context:
        by_decimal = context.power(
            Decimal(x.numerator) / x.denominator, Decimal(degree.denominator) / degree.numerator
        )
    assert math.isclose(float(found.lo), float(by_decimal), rel_tol=1e-12)


@exact
@given(
    low=POSITIVE, more=POSITIVE, degree=st.integers(2, 9), closed=st.tuples(*[st.booleans()] * 2)
)
def test_ends_of_a_root_are_those_of_its_interval(
    low: Fraction, more: Fraction, degree: int, closed: tuple[bool, bool]
) -> None:
    found = root(Interval(low**degree, (low + more) ** degree, *closed), degree)
    assert found == Interval(low, low + more, *closed)


def test_roots_at_and_beyond_zero() -> None:
    assert str(root(Interval(-4, 9), 2)) == "[0, 3]"
    assert str(root(Interval(None, None), 2)) == "[0, inf)"
    assert root(0, 5) == 0
    for negative in (Fraction(-1), Interval(-2, -1), -1.5, np.array([1.0, -2.0]), -1):
        with pytest.raises(DivisionByZero, match="one sign"):
            root(negative, 2)
    for degree in (0, -1, Fraction(0), 5000, 1e-9):
        with pytest.raises(FormulaError, match="must lie above 0"):
            root(Fraction(2), degree)


# --- growth ---------------------------------------------------------------------------------------


def test_growth_of_known_rates() -> None:
    # By hand: 100 x 1.1^5 = 161.051; 200 x 0.95^3 = 171.475; 3 % over ten years is 34.3916 %.
    assert cagr((Fraction("161.051"), "t"), (Fraction(100), "t"), 5).magnitude == Fraction(1, 10)
    assert cagr((Fraction("171.475"), "t"), (Fraction(200), "t"), 3).magnitude == Fraction(-1, 20)
    assert float(cagr("1.343916379344 TWh", "1000 GWh", 10)) == pytest.approx(0.03, rel=1e-12)
    # Eurostat's own example of an average annual growth rate is of this kind: doubling in 10
    # years is 7.177 % a year, since 2^(1/10) = 1.0717735.
    assert float(cagr("2 t", "1 t", 10).to("%").magnitude) == pytest.approx(7.17735, abs=1e-5)


def test_growth_on_other_carriers() -> None:
    arrays = cagr((np.array([121.0, 81.0]), "t"), (np.array([100.0, 100.0]), "t"), 2)
    assert np.allclose(arrays.magnitude, [0.1, -0.1])
    series = cagr((pd.Series([121.0]), "t"), (pd.Series([100.0]), "t"), 2)
    assert series.magnitude.tolist() == pytest.approx([0.1])
    assert cagr("121 t", "100 t", 2).explain().splitlines()[0] == (
        "cagr = (new / base)^(1/years) − 1"
    )
    with pytest.raises(DimensionError):
        cagr("1 t", "1 kWh", 2)
    with pytest.raises(DivisionByZero):
        cagr("1 t", "0 t", 2)


def test_exact_numbers_stay_exact_and_make_no_arrays_of_objects() -> None:
    assert share((Decimal("0.1"), "t"), (Decimal("0.3"), "t")).magnitude == Fraction(1, 3)
    found = share((np.array([1.0, 2.0]), "t"), (Decimal(4), "t")).magnitude
    assert (found.dtype, found.tolist()) == (np.dtype(float), [0.25, 0.5])


@exact
@given(
    base=POSITIVE,
    rate=st.fractions(Fraction(-9, 10), 2, max_denominator=1000),
    years=st.integers(1, 12),
    spread=st.sampled_from([Fraction(1, 1000), Fraction(1, 20)]),
)
def test_the_rate_that_made_the_growth_lies_within(
    base: Fraction, rate: Fraction, years: int, spread: Fraction
) -> None:
    new = base * (1 + rate) ** years
    box = {
        n: Interval(v * (1 - spread), v * (1 + spread)) for n, v in (("new", new), ("base", base))
    }
    found = range_over(lambda new, base: cagr.body(new, base, years), box)
    assert found.contains(rate)
    # The true ends, by hand: both figures at their opposite ends.
    ends = [((1 + s) / (1 - s)) for s in (spread, -spread)]
    for end, ratio in zip((found.hi, found.lo), ends, strict=True):
        assert end is not None
        assert float(end) == pytest.approx(
            float(1 + rate) * float(ratio) ** (1 / years) - 1, abs=1e-9
        )


# --- figures that are used twice ------------------------------------------------------------------

# Formulas over a box, with how many arguments; each uses some of them twice.
SHARED: dict[str, tuple[Any, int]] = {
    "percent change": (lambda a, b: percent_change.body(a, b), 2),
    "share with the part in the whole": (lambda a, b: share.body(a, a + b), 2),
    "share of three": (lambda a, b, c: share.body(a + b, a + b + c), 3),
    "growth of a total": (lambda a, b, c: cagr.body(a + b, c + b, 4), 3),
    "weighted average": (lambda a, b, c, d: weighted_average.body(a, b, c, d), 4),
    "points between two shares of one total": (
        lambda a, b, c: points_change.body(a / (a + b + c), b / (a + b + c)),
        3,
    ),
}


@pytest.mark.parametrize("name", SHARED)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_figure_used_twice_does_not_widen_the_range(name: str, data: st.DataObject) -> None:
    fn, count = SHARED[name]
    names = "abcd"[:count]
    numbers = {n: Fraction(data.draw(st.integers(100, 10_000)), 10) for n in names}
    box = {n: Interval(v - Fraction(1, 20), v + Fraction(1, 20)) for n, v in numbers.items()}
    found, plain = range_over(fn, box), fn(**box)
    # From outside: every formula here is monotone in each figure, so its ends lie at corners.
    corners = [{}]
    for n in names:
        corners = [{**c, n: end} for c in corners for end in (box[n].lo, box[n].hi)]
    values = [fn(**corner) for corner in corners]
    for end, true in ((found.lo, min(values)), (found.hi, max(values))):
        assert end is not None
        assert abs(end - true) <= abs(true) / 10**60
    assert plain.width >= found.width


def test_plain_interval_arithmetic_would_be_too_wide() -> None:
    # 60 and 40, printed without decimals: 59.5/(59.5 + 40.5) = 0.595 to 60.5/(60.5 + 39.5) =
    # 0.605; taken apart, 59.5/(60.5 + 40.5) = 0.589 to 60.5/(59.5 + 39.5) = 0.611.
    box = {"a": Interval("59.5", "60.5"), "b": Interval("39.5", "40.5")}
    fn, _ = SHARED["share with the part in the whole"]
    assert str(range_over(fn, box)) == "[0.595, 0.605]"
    assert [round(x, 3) for x in fn(**box).floats()] == [0.589, 0.611]


# --- per cent and points --------------------------------------------------------------------------


def audit(figures: dict[str, str], *relations: str) -> Audit:
    lines = ['format = "carbonkit-report/1"', "[report]", 'id = "r"', 'title = "R"', "year = 2020"]
    lines += ["[figures]", *(f'{n} = {{ text = "{t}" }}' for n, t in figures.items())]
    for at, text in enumerate(relations):
        lines += ["[[claims]]", f'id = "k{at}"', 'statement = "s"', f'relation = "{text}"']
    return parse_report("\n".join(lines).encode(), "r.toml").verify()


SHARES = {"old": "20.0%", "new": "25.0%"}


def test_points_and_per_cent_each_reproduce_with_their_own_formula() -> None:
    figures = {**SHARES, "points": "+5.0 pp", "percent": "25%", "basis": "500 basis points"}
    found = audit(
        figures,
        "points == points_change(new, old)",
        "percent == percent_change(new, old)",
        "basis == points_change(new, old)",
    )
    assert [str(r.verdict) for r in found] == ["reproduced-exactly"] * 3
    assert "25.0% − 20.0% = 5 pp" in found["k0"].deciding.arithmetic


@pytest.mark.parametrize(
    ("text", "formula"), [("25%", "points_change(new, old)"), ("+5.0 pp", "new - old"),
                          ("+25 pp", "percent_change(new, old)"), ("5%", "points_change(new, old)")]
)  # fmt: skip
def test_points_where_per_cent_is_meant_are_an_error(text: str, formula: str) -> None:
    with pytest.raises(ReportError, match="percentage points"):
        audit({**SHARES, "claimed": text}, f"claimed == {formula}")


@pytest.mark.parametrize(
    ("text", "formula", "words"),
    [
        ("5.0%", "percent_change(new, old)", "percentage points printed as per cent of change"),
        ("25.0 pp", "points_change(new, old)", "per cent of change printed as percentage points"),
    ],
)
def test_one_printed_for_the_other_is_inconsistent_and_diagnosed(
    text: str, formula: str, words: str
) -> None:
    found = audit({**SHARES, "claimed": text}, f"claimed == {formula}")
    assert str(found["k0"].verdict) == "inconsistent"
    assert words in [d.words for d in found.diagnose("k0")]


# --- in relations ---------------------------------------------------------------------------------


def test_growth_in_a_relation() -> None:
    figures = {"old": "100.0 t", "new": "161.1 t", "rate": "10.0%", "wrong": "12.2%"}
    found = audit(figures, "rate == cagr(new, old, 5)", "wrong == cagr(new, old, 5)")
    # 1.611^(1/5) - 1 = 10.0067 %; 61.1 % / 5 = 12.22 % is the slip of dividing by the years
    assert [str(r.verdict) for r in found] == ["reproduced-exactly", "inconsistent"]
    assert "(161.1 t / 100.0 t)^(1/5) − 1" in found["k0"].deciding.arithmetic
    assert relation("r == cagr(a, b, 5)").formulas() == (cagr,)


def test_an_average_in_a_relation() -> None:
    figures = {"a": "0.61 t CO2/MWh", "b": "0.45 t CO2/MWh", "wa": "300 MWh", "wb": "100 MWh",
               "mean": "0.57 t CO2/MWh", "plain": "0.53 t CO2/MWh"}  # fmt: skip
    # (0.61 x 300 + 0.45 x 100) / 400 = 0.57; 0.53 is the plain mean
    text = "weighted_average(a, wa, b, wb)"
    found = audit(figures, f"mean == {text}", f"plain == {text}")
    assert [str(r.verdict) for r in found] == ["reproduced-exactly", "inconsistent"]


# --- the truth passes, and what is beyond rounding does not ---------------------------------------

RULES: dict[str, Any] = {
    "half-even": round,
    "half-up": lambda x: math.floor(x + Fraction(1, 2)),
    "truncated": math.trunc,
}


def shown(value: Fraction, decimals: int, rule: str = "half-even") -> str:
    steps = RULES[rule](value * 10**decimals)
    digits = f"{abs(steps):0{decimals + 1}d}"
    sign = "-" if steps < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits


TRUE = {
    "points": ("points_change(a, b)", "%", "pp", lambda a, b, c, d: a - b),
    "growth": ("cagr(a, b, 4)", "t", "%", lambda a, b, c, d: (root(a / b, 4) - 1) * 100),
    "average": (
        "weighted_average(a, c, b, d)",
        "t",
        "t",
        lambda a, b, c, d: (a * c + b * d) / (c + d),
    ),
}


@pytest.mark.parametrize("name", TRUE)
@settings(deadline=None, max_examples=40)
@given(
    numbers=st.lists(st.integers(10_001, 99_999), min_size=4, max_size=4),
    decimals=st.integers(1, 3),
    rule=st.sampled_from(sorted(RULES)),
)
def test_the_truth_passes_and_what_is_far_from_it_does_not(
    name: str, numbers: list[int], decimals: int, rule: str
) -> None:
    relation, given_unit, unit, fn = TRUE[name]
    values = [Fraction(n, 1000) for n in numbers]
    figures = {
        n: f"{shown(v, decimals, rule)} {given_unit}" for n, v in zip("abcd", values, strict=True)
    }
    # Weights are of another kind than what is weighted.
    figures |= {n: figures[n].replace(given_unit, "MWh") for n in "cd"}
    true = Fraction(fn(*values))
    # An upper bound of what the rounding of all four can do, in units of the result.
    far = 12 * Fraction(1, 10**decimals) * (1 + abs(true)) + 1
    figures |= {
        "right": f"{shown(true, decimals, rule)} {unit}",
        "wrong": f"{shown(true + far, decimals, rule)} {unit}",
    }
    found = audit(figures, f"right == {relation}", f"wrong == {relation}")
    assert found["k0"].verdict.passes, found["k0"].explain()
    assert str(found["k1"].verdict) == "inconsistent", found["k1"].explain()
