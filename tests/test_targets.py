"""Targets: properties first, then published values and calculations by hand."""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonkit.errors import CarbonkitError, DimensionError, GwpError, TargetError
from carbonkit.formula import Result
from carbonkit.intensity import percent_change
from carbonkit.printed import parse
from carbonkit.targets import (
    SBTI,
    SBTI_RATES,
    AbsoluteTarget,
    IntensityTarget,
    Progress,
    absolute_contraction,
    absolute_target,
    compound_rate,
    contraction_after_overshoot,
    intensity_target,
    linear_path,
    point_change,
    sbti_absolute,
    sda_intensity,
)

few = settings(max_examples=60, deadline=None)
UNITS = ["t CO2e", "kg CO2", "t CO2e/year", "GWh", "MJ/year", "t CO2/million CNY", "t CO2/t"]


@st.composite
def targets(draw, among=tuple(UNITS)):
    unit = draw(st.sampled_from(among))
    base = draw(st.floats(1, 1e6))
    first = draw(st.integers(1990, 2030))
    span = draw(st.integers(1, 30))
    share = draw(st.floats(0.01, 1))
    make = intensity_target if unit in UNITS[5:] else absolute_target
    return make((base, unit), base_year=first, target_year=first + span, reduction=share)


@few
@given(targets())
def test_paths_hit_base_and_goal_exactly_and_never_rise(target):
    values = [target.path(y) for y in range(target.base_year, target.target_year + 1)]
    assert values[0].magnitude == target.base.magnitude
    assert values[-1].magnitude == target.goal.to(target.base.unit).magnitude
    assert {v.unit for v in values} == {target.base.unit}
    falls = [a.magnitude - b.magnitude for a, b in pairwise(values)]
    assert all(fall > 0 for fall in falls)
    assert falls == pytest.approx([sum(falls) / len(falls)] * len(falls), rel=1e-6)
    assert target.path(target.target_year + 5).magnitude == values[-1].magnitude


@few
@given(targets())
def test_progress_is_zero_at_the_base_and_one_at_the_goal(target):
    start = target.progress(target.base_year, target.base)
    end = target.progress(target.target_year, target.goal)
    assert (start.share.magnitude, end.share.magnitude) == (0, 1)
    assert start.on_track
    assert end.on_track
    assert end.reached
    assert end.per_year is None
    assert end.remaining.magnitude == 0


@few
@given(targets(), st.floats(0, 1))
def test_on_the_path_is_on_track_and_a_little_above_is_not(target, part):
    year = target.base_year + round(part * target.years)
    path = target.path(year)
    on = target.progress(year, path)
    assert on.on_track
    assert on.gap.magnitude == 0
    assert on.share.magnitude == pytest.approx((year - target.base_year) / target.years, abs=1e-6)
    above = Result(path.magnitude + 0.001 * target.base.magnitude, path.unit)
    assert not target.progress(year, above).on_track
    assert target.progress(year, above).gap.magnitude > 0


@few
@given(targets(), st.floats(0.001, 2))
def test_what_is_still_needed_leads_to_the_goal(target, factor):
    year = target.base_year
    progress = target.progress(year, target.base * factor)
    left = target.target_year - year
    end = progress.actual.magnitude - left * progress.per_year.magnitude
    goal = target.goal.to(progress.actual.unit).magnitude
    assert end == pytest.approx(goal, rel=1e-9, abs=1e-9 * target.base.magnitude)
    if progress.compound_rate is not None:
        rate = progress.compound_rate.magnitude
        assert progress.actual.magnitude * (1 + rate) ** left == pytest.approx(goal, rel=1e-9)


@few
@given(targets(("t CO2e",)), st.sampled_from(["kg CO2e", "Mt CO2e"]))
def test_units_do_not_matter(target, unit):
    other = absolute_target(
        target.base.to(unit),
        base_year=target.base_year,
        target_year=target.target_year,
        goal=target.goal,
    )
    year = target.base_year + target.years // 2
    assert other.path(year).to("t CO2e").magnitude == pytest.approx(target.path(year).magnitude)
    assert other.linear_rate.magnitude == pytest.approx(target.linear_rate.magnitude)


@few
@given(targets(), st.floats(0.1, 10))
def test_recalculation_keeps_the_reduction(target, factor):
    moved = target.recalculated(target.base * factor, "a division was sold")
    assert type(moved) is type(target)
    assert moved.reduction.magnitude == pytest.approx(target.reduction.magnitude, abs=1e-9)
    year = target.base_year + target.years // 2
    ratio = moved.path(year).to(target.base.unit).magnitude / target.path(year).magnitude
    assert ratio == pytest.approx(factor)
    assert "a division was sold" in str(moved)
    assert not target.assumptions


@few
@given(st.floats(1, 1e6), st.integers(1, 40), st.sampled_from(sorted(SBTI_RATES.values())))
def test_contraction_falls_evenly_and_stops_at_zero(base, years, rate):
    values = [
        absolute_contraction((base, "t CO2e"), rate, (y, "year")).magnitude
        for y in range(years + 1)
    ]
    assert values[0] == base
    assert all(a >= b >= 0 for a, b in pairwise(values))
    share = Fraction(rate.split()[0]) / 100
    assert values[-1] == pytest.approx(max(0, base * float(1 - share * years)), abs=1e-6 * base)


@few
@given(st.floats(1, 1e6), st.floats(0.01, 1), st.integers(1, 30))
def test_compound_rates_compound(start, ratio, years):
    rate = compound_rate((start, "t"), (start * ratio, "t"), years=years)
    assert start * (1 + rate.magnitude) ** years == pytest.approx(start * ratio)


@few
@given(st.floats(0.01, 1), st.floats(0.01, 1))
def test_points_and_percent_differ_unless_the_base_is_the_whole(new, base):
    points = point_change(new, base).points
    percent = percent_change(new, base).to("%").magnitude
    assert points == pytest.approx(percent * base)


# -- examples ------------------------------------------------------------------------------


def test_the_trajectories_of_the_bilan_carbone_tests():
    # Base 1000 in 2020: 1000 - 42 a year for 1.5 C, 1000 - 25 for well-below 2 C; 2044 is zero.
    def after(rate, year):
        return absolute_contraction("1000 t CO2e", rate, (year - 2020, "year")).magnitude

    assert after("4.2 %/year", 2043) == pytest.approx(1000 - 23 * 42, abs=1e-9)
    assert after("4.2 %/year", 2044) == 0
    assert after("2.5 %/year", 2050) == pytest.approx(1000 - 30 * 25)
    assert after("2.5 %/year", 2060) == 0
    # 2021 prints 958
    assert sbti_absolute("1000 t CO2e", base_year=2020, target_year=2030).path(
        2021
    ).magnitude == pytest.approx(958)


@pytest.mark.parametrize(
    ("rate", "expected"), [("4.2 %/year", 7.241379310344829), ("2.5 %/year", 3.333333333333333)]
)
def test_compensated_rates_of_the_bilan_carbone_tests(rate, expected):
    # Constant at 1000 from 2020 to 2025, then straight to zero within the same budget.
    needed = contraction_after_overshoot(
        "1000 t CO2e/year", base="1000 t CO2e/year", rate=rate, emitted="5000 t CO2e"
    )
    assert needed.to("%/year").magnitude == pytest.approx(expected, rel=1e-12)


def test_sbti_targets_by_hand():
    # 4.2 % x 10 = 42 %, 2.5 % x 10 = 25 %
    near = sbti_absolute("2,000 t CO2e", base_year=2020, target_year=2030)
    below = sbti_absolute(
        "2,000 t CO2e", base_year=2020, target_year=2030, ambition="well-below-2C"
    )
    assert near.goal.magnitude == pytest.approx(1160)
    assert below.goal.magnitude == pytest.approx(1500)
    assert near.is_as_ambitious_as("1.5C")
    assert near.is_as_ambitious_as("well-below-2C")
    assert below.is_as_ambitious_as("well-below-2C")
    assert not below.is_as_ambitious_as("1.5C")
    assert near.source is SBTI
    assert "were not at hand" in str(near)
    to_zero = sbti_absolute("40 t CO2e", base_year=2020, target_year=2060, ambition="well-below-2C")
    assert to_zero.goal.magnitude == 0


def test_progress_by_hand():
    # 1000 to 580 over ten years: 832 in year 4. 900 is 100/420 of the way and 68 behind; 320 are
    # left for six years, 53.33 a year; (580/900)^(1/6) - 1 = -7.06 %.
    target = absolute_target("1000 t CO2e", base_year=2020, target_year=2030, reduction="42 %")
    progress = target.progress(2024, "900 t CO2e")
    assert isinstance(progress, Progress)
    assert progress.share.magnitude == pytest.approx(100 / 420)
    assert progress.path.magnitude == pytest.approx(832)
    assert progress.gap.magnitude == pytest.approx(68)
    assert progress.remaining.magnitude == pytest.approx(320)
    assert progress.per_year.magnitude == pytest.approx(320 / 6)
    assert progress.compound_rate.to("%/year").magnitude == pytest.approx(-7.0611, abs=1e-4)
    assert not progress.on_track
    assert "behind by 68 t CO2e" in str(progress)


def test_after_the_target_year():
    target = absolute_target("1000 t CO2e", base_year=2020, target_year=2025, goal="800 t CO2e")
    missed = target.progress(2026, "820 t CO2e")
    assert missed.per_year is None
    assert missed.compound_rate is None
    assert not missed.on_track
    assert "missed by 20 t CO2e" in str(missed)
    assert "the goal is reached" in str(target.progress(2026, "780 t CO2e"))
    assert "in 1 year, 20 t CO2e/year" in str(target.progress(2024, "820 t CO2e"))


def test_a_rise_is_a_negative_share_of_the_way():
    target = absolute_target("1000 t CO2e", base_year=2020, target_year=2030, goal="0 t CO2e")
    progress = target.progress(2021, "1,100 t CO2e")
    assert progress.share.magnitude == pytest.approx(-0.1)
    assert progress.compound_rate is None  # no percentage leads to zero
    assert "still needed: 1,100 t CO2e in 9 years" in str(progress)


def test_overshoot_by_hand():
    # Path 1000, 958, 916; actual 1000, 1000, 900: 0 + 42 - 16 = 26
    target = sbti_absolute("1000 t CO2e", base_year=2020, target_year=2030)
    actuals = {2022: "900 t CO2e", 2020: "1000 t CO2e", 2021: "1 kt CO2e"}
    assert target.overshoot(actuals).magnitude == pytest.approx(26)
    yearly = sbti_absolute("1000 t CO2e/year", base_year=2020, target_year=2030)
    total = yearly.overshoot({2020: "1000 t CO2e/year", 2021: "1000 t CO2e/year"})
    assert (total.unit, total.magnitude) == ("t CO2e", pytest.approx(42))


def test_convergence_by_hand():
    # d = 90 - 10 = 80; p = (50 - 10)/(70 - 10) = 2/3; m = 0.9: 80 x 2/3 x 0.9 + 10 = 58
    path = sda_intensity("90 kg CO2/m2", "70 kg CO2/m2", "50 kg CO2/m2", "10 kg CO2/m2", 0.9)
    assert path.magnitude == pytest.approx(58)
    ends = [
        sda_intensity("90 kg CO2/m2", "70 kg CO2/m2", s, "10 kg CO2/m2", 1).magnitude
        for s in ("70 kg CO2/m2", "10 kg CO2/m2")
    ]
    assert ends == [90, 10]


def test_linear_is_not_compound():
    # 42 % over ten years: 4.2 % of the base a year, or 5.30 % of each year before
    target = absolute_target("1000 t CO2e", base_year=2020, target_year=2030, reduction="42 %")
    assert target.linear_rate.to("%/year").magnitude == pytest.approx(4.2)
    compound = compound_rate(target.base, target.goal, years=10).to("%/year").magnitude
    assert compound == pytest.approx(100 * (math.exp(math.log(0.58) / 10) - 1))


def test_points_are_not_percent():
    # 40 % to 30 %: ten points down, a quarter of it
    assert str(point_change("30 %", "40 %")) == "-10 percentage points"
    assert str(point_change(0.45, "40 %")) == "+5 percentage points"
    assert percent_change("30 %", "40 %").to("%").magnitude == pytest.approx(-25)
    with pytest.raises(TypeError):
        point_change("30 %", "40 %") + 1


def test_an_intensity_target_leaves_room_for_more():
    # 3 to 2 t per million, while revenue doubles: 200 t allowed where the base year had 150
    target = intensity_target(
        "3 t CO2/million CNY", base_year=2015, target_year=2020, goal="2 t CO2/million CNY"
    )
    assert target.allows(2015, "50 million CNY").magnitude == pytest.approx(150)
    assert str(target.allows(2020, "0.1 billion CNY").to("t CO2")) == "200 t CO2"
    with pytest.raises(DimensionError, match="denominator must be what"):
        target.allows(2020, "50 million USD")


def test_intensities_whose_tonnes_cancel():
    target = intensity_target("0.9 t CO2/t", base_year=2020, target_year=2030, reduction="50 %")
    assert str(target.path(2025)) == "0.675 t CO2/t"
    assert target.progress(2025, "600 kg CO2/t").on_track


def test_energy_targets():
    assert isinstance(
        absolute_target("10 GWh", base_year=2020, target_year=2030, reduction=0.1), AbsoluteTarget
    )
    assert isinstance(
        intensity_target("300 kWh/m2", base_year=2020, target_year=2030, reduction=0.1),
        IntensityTarget,
    )


# -- errors --------------------------------------------------------------------------------

ABSOLUTE = absolute_target("1000 t CO2e", base_year=2020, target_year=2030, reduction="42 %")
INTENSITY = intensity_target(
    "3 t CO2/million CNY", base_year=2020, target_year=2030, reduction="42 %"
)


def make(base="1000 t CO2e", kind=absolute_target, **options):
    given = {"base_year": 2020, "target_year": 2030}
    if not options.keys() & {"reduction", "goal"}:
        given["reduction"] = "42 %"
    return kind(base, **given | options)


REFUSED = {
    "intensity as amount": (lambda: make("3 t CO2/million CNY"), "Use intensity_target()"),
    "amount as intensity": (lambda: make("3 t CO2", intensity_target), "Use absolute_target()"),
    "share as amount": (lambda: make("30 %"), "neither absolute amounts nor intensities"),
    "mass of no gas": (lambda: make("30 t"), "neither absolute amounts"),
    "intensity against amount": (
        lambda: ABSOLUTE.progress(2024, "3 t CO2e/million CNY"),
        "this is an absolute target, and values in t CO2e/10^6 CNY are intensity values",
    ),
    "amount against intensity": (
        lambda: INTENSITY.progress(2024, "900 t CO2"),
        "this is an intensity target",
    ),
    "another denominator": (lambda: INTENSITY.progress(2024, "2 t CO2/million USD"), "USD"),
    "another gas": (lambda: ABSOLUTE.progress(2024, "900 t CO2"), "CO2e"),
    "a year against an amount": (lambda: ABSOLUTE.progress(2024, "900 t CO2e/year"), "year"),
    "goal of another kind": (lambda: make(goal="3 t CO2/million CNY"), "the goal"),
    "no base": (lambda: make("0 t CO2e"), "above zero"),
    "negative base": (lambda: make("-5 t CO2e"), "above zero"),
    "rise": (lambda: make(goal="1200 t CO2e"), "no reduction"),
    "no change": (lambda: make(goal="1000 t CO2e"), "no reduction"),
    "negative goal": (lambda: make(goal="-1 t CO2e"), "negative"),
    "percent as share": (lambda: make(reduction=42), "write '42 %' or 0.42"),
    "no share": (lambda: make(reduction=0), "between 0 and 1"),
    "share of what": (lambda: make(reduction="42 t CO2e"), "only shares"),
    "both": (lambda: make(reduction=0.4, goal="5 t CO2e"), "exactly one"),
    "neither": (
        lambda: absolute_target("5 t CO2e", base_year=2020, target_year=2030),
        "exactly one",
    ),
    "years turned": (lambda: make(base_year=2030, target_year=2020), "not after base year"),
    "same year": (lambda: make(target_year=2020), "not after base year 2020"),
    "year as text": (lambda: make(target_year="2030"), "not a reporting year"),
    "year as float": (lambda: make(target_year=2030.0), "not a reporting year"),
    "short year": (lambda: make(base_year=20), "not a reporting year"),
    "before the base": (lambda: ABSOLUTE.path(2019), "before the base year 2020"),
    "NaN": (lambda: make((math.nan, "t CO2e")), "NaN"),
    "an array": (lambda: make(([1.0, 2.0], "t CO2e")), "not a single number"),
    "a printed figure": (lambda: make((parse("1,000"), "t CO2e")), "stands for an interval"),
    "no unit": (lambda: make("1000"), "no unit"),
    "no such ambition": (
        lambda: sbti_absolute("5 t CO2e", base_year=2020, target_year=2030, ambition="1.5 C"),
        "Did you mean 1.5C?",
    ),
    "too long": (
        lambda: sbti_absolute("5 t CO2e", base_year=2020, target_year=2044),
        "the last year with a rest is 2043",
    ),
    "intensity contraction": (
        lambda: sbti_absolute("3 t CO2/million CNY", base_year=2020, target_year=2030),
        "this is an absolute target",
    ),
    "no reason": (lambda: ABSOLUTE.recalculated("900 t CO2e", " "), "for a reason"),
    "gap in the years": (
        lambda: ABSOLUTE.overshoot({2020: "1 t CO2e", 2022: "1 t CO2e"}),
        "no amount for 2021",
    ),
    "no years": (lambda: ABSOLUTE.overshoot({}), "no amount for all"),
    "budget used up": (
        lambda: contraction_after_overshoot(
            "1000 t CO2e/year", base="1000 t CO2e/year", rate="4.2 %/year", emitted="12000 t CO2e"
        ),
        "used up",
    ),
    "compound to zero": (lambda: compound_rate("5 t", "0 t", years=3), "no constant percentage"),
    "compound from zero": (lambda: compound_rate("0 t", "5 t", years=3), "above zero"),
    "no years between": (lambda: compound_rate("5 t", "4 t", years=0), "years=0"),
    "compound of two kinds": (lambda: compound_rate("5 t", "4 kWh", years=2), "Cannot convert"),
    "points of an amount": (lambda: point_change("5 t", "4 t"), "use percent_change"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_say_why(case):
    act, words = REFUSED[case]
    with pytest.raises(CarbonkitError) as caught:
        act()
    assert words in str(caught.value)


def test_gwp_sets_are_not_mixed():
    base = Result(1000.0, "t CO2e", gwp_set="AR5")
    target = absolute_target(base, base_year=2020, target_year=2030, reduction="42 %")
    with pytest.raises(GwpError):
        target.progress(2024, Result(900.0, "t CO2e", gwp_set="AR6"))
    assert target.path(2025).gwp_set == "AR5"
    with pytest.raises(TargetError):
        target.progress(2024, Result([1.0], "t CO2e"))


def test_paths_are_formulas_with_their_source():
    text = linear_path("1000 t CO2e", "580 t CO2e", "5 year", "10 year").explain()
    assert "straight line" in text
    text = absolute_contraction("1000 t CO2e", "4.2 %/year", "5 year").magnitude
    assert text == pytest.approx(790)
