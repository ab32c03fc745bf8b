"""Uncertainty: properties first, then published examples and calculations by hand.

Seeds are fixed and tolerances are standard errors, so nothing here can fail by chance twice.
"""

import math
import os
import subprocess
import sys
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonkit.errors import CarbonkitError, DimensionError, FactorKindError, UncertaintyError
from carbonkit.formula import Result, formula
from carbonkit.intensity import intensity, percent_change, scope_total
from carbonkit.intervals import maximum, minimum
from carbonkit.printed import parse
from carbonkit.scope1 import combustion
from carbonkit.scope2 import location_based
from carbonkit.uncertainty import (
    Spread,
    analytic,
    interval95,
    lognormal,
    monte_carlo,
    normal,
    pedigree,
    pedigree_squared_gsd,
    triangular,
    uncertain,
    uniform,
)
from carbonkit.uncertainty.derivative import gradient

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
values = st.floats(0.5, 2000)
relatives = st.floats(0.005, 0.25)
distributions = st.one_of(
    relatives.map(lambda r: normal(relative=r)),
    relatives.map(lambda r: lognormal(1 + r)),
    relatives.map(lambda r: uniform(relative=r)),
    relatives.map(lambda r: triangular(relative=r)),
    relatives.map(lambda r: interval95(relative=r)),
)
inputs = st.lists(st.tuples(values, distributions), min_size=1, max_size=5)


def named(made, unit="t CO2"):
    return [uncertain((v, unit), d, name=f"input {i}") for i, (v, d) in enumerate(made)]


@formula(units={"amount": "t CO2"}, returns="t CO2", source="identity")
def amount_of(amount):
    """Amount."""
    return amount


@formula(units={"energy": "GWh"}, returns="GWh", source="identity")
def energy_of(energy):
    """Energy."""
    return energy


def total_of(parts):
    """Return the sum as a result with lineage, also of one part."""
    return sum(amount_of(part) for part in parts)


# -- properties ----------------------------------------------------------------------------


@few
@given(inputs)
def test_the_drawn_mean_and_spread_of_a_linear_model_are_the_analytic_ones(made):
    total = total_of(named(made))
    exact, drawn = analytic(total), monte_carlo(total, draws=20_000, seed=3)
    assert abs(drawn.mean - exact.mean) <= 5 * exact.sd / math.sqrt(20_000)
    # The standard error of a standard deviation is sd x sqrt((kurtosis - 1) / 4n).
    assert drawn.sd == pytest.approx(exact.sd, rel=0.05)


@few
@given(inputs)
def test_shares_of_a_sum_of_independent_inputs_sum_to_one(made):
    total = total_of(named(made))
    assert sum(analytic(total).contributions.values()) == pytest.approx(1, abs=1e-12)
    drawn = monte_carlo(total, draws=20_000, seed=5)
    assert sum(drawn.contributions.values()) == pytest.approx(1, abs=0.05)
    assert drawn.rest == pytest.approx(0, abs=0.05)
    for name, share in analytic(total).contributions.items():
        assert drawn.contributions[name] == pytest.approx(share, abs=0.03)


@few
@given(values, distributions)
def test_an_input_used_twice_is_one_input(value, distribution):
    (one,) = named([(value, distribution)])
    (other,) = (uncertain((value, "t CO2"), distribution, name="another"),)
    for propagate in (analytic, lambda r: monte_carlo(r, draws=20_000, seed=1)):
        single = propagate(amount_of(one)).sd ** 2
        twice = propagate(amount_of(one) + amount_of(one)).sd ** 2
        two = propagate(amount_of(one) + amount_of(other)).sd ** 2
        assert twice == pytest.approx(4 * single, rel=1e-9)
        assert two == pytest.approx(2 * single, rel=0.1)


@few
@given(values, distributions)
def test_an_input_taken_from_itself_leaves_nothing(value, distribution):
    (one,) = named([(value, distribution)])
    for spread in (
        analytic(amount_of(one) - amount_of(one)),
        monte_carlo(amount_of(one) - amount_of(one), draws=200),
    ):
        assert (spread.mean, spread.sd, spread.low, spread.high) == (0, 0, 0, 0)


@few
@given(values, relatives, st.sampled_from(["kWh", "MWh", "GJ", "10^6 kWh"]))
def test_units_do_not_matter(value, relative, unit):
    energy = Result(value, "kWh").to(unit)
    for make in (normal, uniform, triangular, interval95):
        here = uncertain(energy, make(relative=relative), name="energy")
        there = uncertain((value, "kWh"), make(relative=relative), name="energy")
        for propagate in (analytic, lambda r: monte_carlo(r, draws=1000)):
            a = propagate(location_based(here, "0.5 kg CO2/kWh")).to("kg CO2")
            b = propagate(location_based(there, "0.5 kg CO2/kWh")).to("kg CO2")
            for name in ("mean", "median", "sd", "low", "high", "deterministic"):
                assert getattr(a, name) == pytest.approx(getattr(b, name), rel=1e-9)


@few
@given(st.permutations(range(4)), st.integers(0, 2**40))
def test_the_order_of_inputs_does_not_change_a_bit(order, seed):
    made = [
        ("a", uncertain(3.0, normal(0.5), name="first")),
        ("b", uncertain(2.0, lognormal(1.3), name="second")),
        ("c", uncertain(4.0, triangular(3, 6), name="third")),
        ("d", uncertain(1.0, uniform(0.5, 2), name="fourth", shared=None)),
    ]

    def model(a, b, c, d):
        return (a - b) * c / (1 + d)

    plain = monte_carlo(model, dict(made), draws=300, seed=seed)
    turned = monte_carlo(model, dict(made[i] for i in order), draws=300, seed=seed)
    assert plain.samples.tobytes() == turned.samples.tobytes()
    assert plain == turned
    assert list(plain.contributions) == list(turned.contributions)


def test_an_inputs_draws_do_not_depend_on_the_others():
    one = uncertain(3.0, normal(0.5), name="first")
    two = uncertain(2.0, lognormal(1.3), name="second")
    alone = monte_carlo(lambda a: a, {"a": one}, draws=500, seed=9)
    beside = monte_carlo(lambda a, b: a + 0 * b, {"a": one, "b": two}, draws=500, seed=9)
    assert alone.samples.tobytes() == beside.samples.tobytes()


def test_names_and_seeds_give_streams_of_their_own():
    def drawn(name, seed):
        return monte_carlo(lambda a: a, {"a": uncertain(0.0, normal(1.0), name=name)}, seed=seed)

    base = drawn("one", 0).samples
    for other in (drawn("two", 0).samples, drawn("one", 1).samples):
        assert abs(np.corrcoef(base, other)[0, 1]) < 5 / math.sqrt(len(base))
    assert base.tobytes() == drawn("one", 0).samples.tobytes()


def test_another_process_gives_the_same_bits():
    code = (
        "from carbonkit.uncertainty import monte_carlo, normal, uncertain; print(monte_carlo("
        "lambda a: a, {'a': uncertain(1.0, normal(0.1), name='a')}, seed=4)"
        ".samples[:9].tobytes().hex())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    here = monte_carlo(lambda a: a, {"a": uncertain(1.0, normal(0.1), name="a")}, seed=4)
    assert found == {f"{here.samples[:9].tobytes().hex()}\n"}


def test_draws_go_on_from_block_to_block(monkeypatch):
    from carbonkit.uncertainty import propagate

    parts = [uncertain(5.0, d, name=d.name) for d in (normal(1.0), lognormal(1.2), uniform(4, 6))]
    parts.append(uncertain(5.0, triangular(4, 7), name="tri"))
    parts.append(uncertain(5.0, normal(1.0), name="cause", shared=("meter", 0.5)))

    def drawn():
        given = dict(zip("abcde", parts, strict=True))
        return monte_carlo(lambda a, b, c, d, e: a + b + c + d + e, given, draws=5000)

    whole = drawn()
    monkeypatch.setattr(propagate, "_BLOCK", 617)
    assert drawn().samples.tobytes() == whole.samples.tobytes()


@few
@given(st.lists(values, min_size=1, max_size=4))
def test_without_uncertainty_the_result_is_the_deterministic_one(made):
    sure = [normal(0), lognormal(1), uniform(relative=0), triangular(relative=0), normal(sd=0)]
    total = total_of(named(zip(made, sure, strict=False)))
    for spread in (analytic(total), monte_carlo(total, draws=300)):
        assert spread.deterministic == total.magnitude
        ends = (spread.mean, spread.median, spread.low, spread.high)
        assert ends == pytest.approx([total.magnitude] * 4, rel=1e-12)
        assert spread.sd == 0
        assert set(spread.contributions.values()) == {0.0}


@few
@given(values, distributions, st.integers(0, 3))
def test_shapes_have_the_moments_that_they_say(value, distribution, seed):
    shape = distribution.about(value, "t")
    out = np.empty(40_000)
    shape.fill(out, np.random.default_rng(seed))
    assert abs(out.mean() - shape.mean) <= 5 * shape.sd / 200
    assert out.std() == pytest.approx(shape.sd, rel=0.05)
    assert (out <= shape.median).mean() == pytest.approx(0.5, abs=0.015)


@few
@given(values, st.sampled_from([1e-3, 2.5, 1e6]), distributions)
def test_scaling_a_shape_scales_what_it_says(value, scale, distribution):
    shape = distribution.about(value, "t")
    scaled = shape.times(scale)
    for name in ("mean", "median", "sd"):
        assert getattr(scaled, name) == pytest.approx(scale * getattr(shape, name), rel=1e-9)


BODIES = {
    "product": lambda x: x["a"] * x["b"] * x["c"],
    "change": lambda x: (x["a"] - x["b"]) / x["a"],
    "chain": lambda x: 1 - (x["a"] + 2 * x["b"]) / (3 / x["c"] + x["a"]),
    "powers": lambda x: x["a"] ** 2 - 2 ** x["b"] / x["c"] ** -1,
    "exponent": lambda x: x["a"] ** x["b"],
    "kinks": lambda x: maximum(x["a"], x["b"]) * minimum(x["c"], x["a"]) + abs(-x["b"]),
    "signs": lambda x: -(+x["a"]) + abs(x["b"] - 10) - x["c"],
}


@few
@given(st.sampled_from(sorted(BODIES)), st.tuples(*[st.floats(0.5, 3)] * 3))
def test_derivatives_are_those_of_small_steps(name, point):
    at = dict(zip("abc", point, strict=True))
    body = BODIES[name]
    value, slopes = gradient(body, at)
    assert value == body(at)
    for key, middle in at.items():
        step = 1e-6
        up, down = (body({**at, key: middle + s}) for s in (step, -step))
        near_kink = name == "kinks" and any(
            abs(at[x] - at[y]) < 1e-5 for x, y in ("ab", "ac", "bc")
        )
        if not near_kink:
            assert slopes[key] == pytest.approx((up - down) / (2 * step), rel=1e-4, abs=1e-4)


@few
@given(inputs)
def test_a_lineage_and_a_function_give_the_same_bits(made):
    parts = named(made)

    def model(**amounts):
        return sum(amounts.values())

    by_function = monte_carlo(model, {f"x{i}": p for i, p in enumerate(parts)}, draws=300)
    by_lineage = monte_carlo(total_of(parts), draws=300)
    assert by_function.samples.tobytes() == by_lineage.samples.tobytes()
    assert by_function.unit == by_lineage.unit == "t CO2"


@few
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_shared_cause_correlates(p, q):
    a = uncertain(0.0, normal(1.0), name="a", shared=("calibration", p))
    b = uncertain(0.0, normal(1.0), name="b", shared=("calibration", q))
    exact = 2 + 2 * math.sqrt(p * q)  # variance of a sum with correlation sqrt(p q)
    spread = analytic(lambda a, b: a + b, {"a": a, "b": b})
    assert spread.sd**2 == pytest.approx(exact, rel=1e-9)
    assert sum(spread.contributions.values()) == pytest.approx(1)
    drawn = monte_carlo(lambda a, b: a + b, {"a": a, "b": b}, draws=20_000)
    assert drawn.sd**2 == pytest.approx(exact, rel=0.06)
    assert sum(drawn.contributions.values()) == pytest.approx(1, abs=0.05)
    for name, share in spread.contributions.items():
        assert drawn.contributions[name] == pytest.approx(share, abs=0.03)


# -- examples ------------------------------------------------------------------------------


def test_product_by_ipcc_equation_3_1():
    # U = sqrt(5^2 + 10^2 + 2^2) = sqrt(129) = 11.3578 %
    def product(a, b, c):
        return a * b * c

    given = {
        n: uncertain(v, interval95(relative=r), name=n)
        for n, v, r in (("a", 3.0, "5 %"), ("b", 7.0, "10 %"), ("c", 0.2, "2 %"))
    }
    low, high = analytic(product, given).percent
    assert high == pytest.approx(math.sqrt(129), rel=1e-12)
    assert low == pytest.approx(-math.sqrt(129), rel=1e-12)


def test_sum_by_ipcc_equation_3_2():
    # U = sqrt((10 % x 120)^2 + (30 % x 40)^2 + (50 % x 20)^2) / 180
    #   = sqrt(144 + 144 + 100) / 180 = 19.6977 / 180 = 10.9432 %; shares 144/388, 144/388, 100/388
    parts = [
        uncertain((x, "t CO2"), interval95(relative=u), name=n)
        for n, x, u in (("gas", 120.0, "10 %"), ("oil", 40.0, "30 %"), ("coal", 20.0, "50 %"))
    ]
    spread = analytic(total_of(parts))
    assert spread.percent[1] == pytest.approx(math.sqrt(388) / 1.8, rel=1e-12)
    assert spread.contributions == pytest.approx(
        {"gas": 144 / 388, "oil": 144 / 388, "coal": 100 / 388}
    )


def test_one_factor_for_two_sites_by_hand():
    # 0.5 x (100 + 300) kt: the factor's 10 % is common: U = sqrt(10^2 + (5 x sqrt(1/16 + 9/16))^2)
    #   = sqrt(100 + 25 x 10/16) = sqrt(115.625) = 10.7529 %; with a factor of its own for each
    #   site it would be sqrt(125 x 10/16) = 8.8388 %.
    def total(shared):
        lines = []
        for site, energy in (("north", 100.0), ("south", 300.0)):
            factor = uncertain(
                "0.5 t CO2/MWh",
                interval95(relative="10 %"),
                name="grid" if shared else f"grid {site}",
            )
            meter = uncertain((energy, "GWh"), interval95(relative="5 %"), name=site)
            lines.append(location_based(meter, factor))
        return scope_total(*lines)

    assert analytic(total(True)).percent[1] == pytest.approx(math.sqrt(115.625), rel=1e-12)
    assert analytic(total(False)).percent[1] == pytest.approx(math.sqrt(78.125), rel=1e-12)
    drawn = monte_carlo(total(True), draws=200_000)
    assert drawn.percent[1] == pytest.approx(math.sqrt(115.625), rel=0.03)


def test_four_rectangular_inputs_against_their_exact_distribution():
    # A sum of four rectangular inputs of standard deviation 1 each (half width sqrt 3). The tail
    # of a sum S of four uniforms on [0, 1] is P(S > 4 - t) = t^4/24 for t <= 1, so 2.5 % lies
    # above 4 - 0.6^(1/4) = 3.1199 and the interval is +/- 2 sqrt(3) x 1.1199 = 3.8794;
    # the first order, taken as normal, gives 1.95996 x 2 = 3.9199.
    given = {
        n: uncertain(0.0, uniform(-math.sqrt(3), math.sqrt(3)), name=n)
        for n in ("a", "b", "c", "d")
    }

    def total(a, b, c, d):
        return a + b + c + d

    exact = 2 * math.sqrt(3) * (2 - 0.6**0.25)
    drawn = monte_carlo(total, given, draws=400_000, seed=2)
    assert drawn.high == pytest.approx(exact, abs=0.02)
    assert drawn.low == pytest.approx(-exact, abs=0.02)
    assert drawn.sd == pytest.approx(2, abs=0.01)
    assert analytic(total, given).high == pytest.approx(3.91993, abs=1e-5)


def test_a_lognormal_product_against_its_exact_distribution():
    # A product of lognormals is lognormal: ln sd = sqrt(ln(1.1)^2 + ln(1.3)^2) = 0.27909, so the
    # 95 % interval is 6 / 1.72815 to 6 x 1.72815 about the median 6, and the mean is
    # 6 exp(0.27909^2 / 2) = 6.2383.
    sigma = math.hypot(math.log(1.1), math.log(1.3))
    given = {
        "a": uncertain(2.0, lognormal(1.1), name="a"),
        "b": uncertain(3.0, lognormal(1.3), name="b"),
    }
    spread = monte_carlo(lambda a, b: a * b, given, draws=400_000)
    assert spread.median == pytest.approx(6, rel=0.003)
    assert spread.high == pytest.approx(6 * math.exp(1.959964 * sigma), rel=0.006)
    assert spread.low == pytest.approx(6 / math.exp(1.959964 * sigma), rel=0.006)
    assert spread.mean == pytest.approx(6 * math.exp(sigma**2 / 2), abs=4 * spread.error)


def test_a_lognormal_may_be_stated_by_its_mean():
    shape = lognormal(1.5, centre="mean").about(100.0, "t")
    assert shape.mean == pytest.approx(100)
    assert shape.median == pytest.approx(100 * math.exp(-(math.log(1.5) ** 2) / 2))


@pytest.mark.parametrize(("value", "median"), [(1.0, 5 - math.sqrt(10)), (4.0, math.sqrt(10))])
def test_a_lopsided_triangle_by_hand(value, median):
    # On 0 to 5 with the peak at 4, half of the area lies below x where x^2 / (5 x 4) = 1/2.
    shape = triangular(0, 5).about(value, "t")
    assert shape.median == pytest.approx(median)
    assert shape.mean == pytest.approx((5 + value) / 3)
    # Variance (a^2 + b^2 + c^2 - ab - ac - bc) / 18 = (25 + 16 - 20) / 18, the same mirrored
    assert shape.sd**2 == pytest.approx(21 / 18)


def test_percentages_are_of_the_mean():
    spread = monte_carlo(location_based("1 GWh", "0.5 t CO2/MWh"), {"factor": lognormal(1.5)})
    low, high = spread.percent
    assert spread.mean * (1 + low / 100) == pytest.approx(spread.low)
    assert spread.mean * (1 + high / 100) == pytest.approx(spread.high)


def test_pedigree_scores_of_the_bilan_carbone_tests():
    # The three values of its uncertainty.test.ts; 5 is its best score, missing counts as 1.
    scores = {"completeness": 4, "geographic": 3, "reliability": 2, "technical": 1, "temporal": 5}
    assert pedigree_squared_gsd(scores, best=5) == pytest.approx(2.0488353976695466, rel=1e-12)
    two = {"completeness": 4, "geographic": 3}
    assert pedigree_squared_gsd(two, best=5) == pytest.approx(2.459659422059095, rel=1e-12)
    assert pedigree_squared_gsd({}, best=5) == pytest.approx(2.5163566012590954, rel=1e-12)


def test_pedigree_scales_mirror_each_other():
    scores = {"completeness": 4, "geographic": 3, "reliability": 2, "technical": 1, "temporal": 5}
    turned = {name: 6 - score for name, score in scores.items()}
    assert pedigree_squared_gsd(scores, best=5) == pedigree_squared_gsd(turned, best=1)
    assert pedigree(scores, best=5).about(100.0, "t").parameters == pytest.approx(
        (math.log(100), math.log(2.0488353976695466) / 2)
    )


def test_intervals_that_are_stated():
    # Median sqrt(50 x 200) = 100, GSD^2 = sqrt(200 / 50) = 2 at 1.96 standard deviations.
    shape = interval95("50 kg", "0.2 t", shape="lognormal").about(100.0, "kg")
    assert shape.median == pytest.approx(100)
    assert math.exp(1.959963984540054 * shape.parameters[1]) == pytest.approx(2)
    assert interval95(90, 114).about(100.0, "t").mean == 102
    assert normal(Decimal("2.5")).about(100.0, "t").sd == 2.5
    assert normal("0.5 t").about(100.0, "kg").sd == 500


# -- what the result says ------------------------------------------------------------------


def test_a_skewed_input_is_named_as_the_cause():
    total = location_based("100 GWh", "0.5 t CO2/MWh")
    text = str(monte_carlo(total, {"factor": lognormal(1.4)}))
    assert "deterministic  50,000 t CO2" in text
    # exp(ln(1.4)^2 / 2) = 1.0582
    assert "factor +5.82% (a skewed distribution)" in text
    assert "median lies below the mean" in text
    assert "not linear" not in text


def test_curvature_is_named_as_the_cause():
    given = {
        "emissions": uncertain("100 t CO2", normal(relative="1 %"), name="emissions"),
        "denominator": uncertain((50.0, "million CNY"), normal(relative="15 %"), name="revenue"),
    }
    text = str(monte_carlo(intensity, given))
    assert "not linear" in text
    assert "skewed distribution" not in text
    assert "revenue" in text


def test_an_interval_off_centre_is_named_as_the_cause():
    total = location_based("100 GWh", "0.5 t CO2/MWh")
    text = str(monte_carlo(total, {"factor": interval95(0.45, 0.6)}))
    assert "factor +5.00% (an interval off centre)" in text


def test_agreement_is_said_too():
    total = location_based("100 GWh", "0.5 t CO2/MWh")
    spread = monte_carlo(total, {"factor": normal(relative="5 %")})
    (reason,) = spread.reasons
    assert "The mean is the deterministic value but for the sampling error" in reason


def test_impossible_negative_draws_are_pointed_out():
    spread = monte_carlo(
        location_based("100 GWh", "0.5 t CO2/MWh"), {"factor": normal(relative="50 %")}
    )
    # P(Z < -2) = 2.275 %
    assert any("negative in up to 2.3%" in reason for reason in spread.reasons)


def test_the_first_order_says_where_it_is_rough():
    wide = analytic(location_based("1 GWh", "0.5 t CO2/MWh"), {"factor": normal(relative="40 %")})
    assert any("above 30% of the mean" in reason for reason in wide.reasons)
    fine = analytic(location_based("1 GWh", "0.5 t CO2/MWh"), {"factor": normal(relative="4 %")})
    assert not any("rough" in reason for reason in fine.reasons)


def test_many_inputs_are_summed_up():
    parts = named([(10.0, normal(relative=0.1))] * 13)
    text = str(analytic(total_of(parts)))
    assert "3 others" in text
    assert "23.1%" in text  # 3 of 13


def test_a_spread_converts():
    spread = monte_carlo(
        location_based("100 GWh", "0.5 t CO2/MWh"), {"factor": lognormal(1.1)}, draws=1000
    )
    there = spread.to("kg CO2")
    assert there.mean == pytest.approx(1000 * spread.mean)
    assert there.samples[7] == pytest.approx(1000 * spread.samples[7])
    assert isinstance(there, Spread)
    with pytest.raises(DimensionError):
        spread.to("kWh")


# -- through the ordinary door -------------------------------------------------------------


def test_formulas_take_uncertain_values_as_values():
    energy = uncertain("3467.14 GWh", normal(relative="2 %"), name="electricity")
    result = location_based(energy, "0.5810 t CO2/MWh")
    assert result.magnitude == location_based("3467.14 GWh", "0.5810 t CO2/MWh").magnitude
    assert "electricity, normal(relative=0.02)" in result.explain()


def test_arrays_of_draws_are_a_carrier():
    draws = np.array([0.4, 0.5, 0.6])
    result = location_based("100 GWh", (draws, "t CO2/MWh"))
    assert result.magnitude == pytest.approx([40_000, 50_000, 60_000])


def test_a_factor_keeps_its_kind():
    class Fake:
        kind = "operating-margin"
        quantity = (0.8, "t CO2/MWh")
        key = "fake#1"

    factor = uncertain(Fake(), lognormal(1.1))
    assert factor.name == "fake#1"
    with pytest.raises(FactorKindError):
        location_based("1 GWh", factor)


class Library:
    """Stands in for an emission factor."""

    kind = "average"

    def __init__(self, key, value):
        self.key = f"release#{key}"
        self.id = key
        self.quantity = (value, "t CO2/MWh")

    def __str__(self):
        return self.key


def test_one_library_factor_in_many_lines_is_drawn_once():
    grid, other = Library("grid", 0.5), Library("other", 0.5)
    same = location_based("1 GWh", grid) + location_based("3 GWh", grid)
    apart = location_based("1 GWh", grid) + location_based("3 GWh", other)
    by_argument = {"factor": normal(relative="10 %")}
    assert analytic(same, by_argument).percent[1] == pytest.approx(19.6, abs=0.01)
    # sqrt(1 + 9) / 4 of it
    assert analytic(apart, by_argument).percent[1] == pytest.approx(19.6 * 10**0.5 / 4, abs=0.01)
    for name in ("grid", "release#grid"):
        assert set(analytic(apart, {name: normal(relative=0.1)}).contributions) == {"release#grid"}


def test_bare_inputs_of_one_argument_are_told_apart_by_their_values():
    total = location_based("1 GWh", "0.5 t CO2/MWh") + location_based("3 GWh", "0.6 t CO2/MWh")
    spread = analytic(total, {"energy": normal(relative=0.1)})
    # (0.5 x 1)^2 : (0.6 x 3)^2 = 0.25 : 3.24
    assert spread.contributions == pytest.approx(
        {"energy = 3.0 GWh": 3.24 / 3.49, "energy = 1.0 GWh": 0.25 / 3.49}
    )


def test_bare_inputs_of_one_value_are_ambiguous():
    total = location_based("1 GWh", "0.5 t CO2/MWh") + location_based("1 GWh", "0.6 t CO2/MWh")
    with pytest.raises(UncertaintyError, match="stands for 2 inputs of the same value, 1 GWh"):
        analytic(total, {"energy": normal(relative=0.1)})


def test_a_result_used_twice_is_computed_and_drawn_once():
    base = location_based("1 GWh", "0.5 t CO2/MWh")
    spread = monte_carlo(base + base, {"energy": normal(relative=0.1)}, draws=1000)
    single = monte_carlo(base, {"energy": normal(relative=0.1)}, draws=1000)
    assert spread.sd == pytest.approx(2 * single.sd)


def test_a_result_between_can_be_drawn_itself():
    scope1 = combustion("1000 t", "3 t CO2/t")
    scope2 = location_based("1 GWh", "0.5 t CO2/MWh")
    spread = analytic(scope_total(scope1, scope2), {"scope1": normal(relative="10 %")})
    assert spread.sd == pytest.approx(300)
    assert set(spread.contributions) == {"scope1"}


def test_conversions_on_the_way_are_followed():
    energy = uncertain("2 GWh", normal(relative="10 %"), name="energy")
    total = location_based(energy, "0.5 t CO2/MWh").to("kg CO2") + "5 t CO2"
    spread = monte_carlo(total, draws=1000)
    assert spread.unit == "kg CO2"
    assert spread.deterministic == total.magnitude == 1_005_000
    assert spread.sd == pytest.approx(100_000, rel=0.1)


def test_an_input_met_in_two_conversions():
    # kWh[/year] by kg/kWh and a bare sum in GWh: the same input under two scales
    energy = uncertain("2 GWh", normal(relative="10 %"), name="energy")

    def share(energy):
        return location_based(energy, "0.5 t CO2/MWh") / (energy + "1 GWh")

    by_function = monte_carlo(share, {"energy": energy}, draws=500)
    first = location_based(energy, "0.5 t CO2/MWh")
    second = energy_of(energy) + "1 GWh"
    by_lineage = monte_carlo(first / second, draws=500)
    assert by_lineage.mean == pytest.approx(by_function.to(by_lineage.unit).mean, rel=1e-9)
    assert analytic(first / second).sd == pytest.approx(
        analytic(share, {"energy": energy}).to(by_lineage.unit).sd, rel=1e-9
    )


def test_a_printed_figure_needs_a_distribution():
    figure = parse("3,467 GWh")
    total = location_based((figure, "GWh"), "0.5 t CO2/MWh")
    with pytest.raises(UncertaintyError, match=r"energy .* lie in \[3466.5, 3467.5\] GWh"):
        monte_carlo(total, {"factor": lognormal(1.1)})
    spread = monte_carlo(total, {"factor": lognormal(1.1), "energy": uniform(3466.5, 3467.5)})
    assert spread.deterministic == pytest.approx(1_733_500)


def test_a_long_lineage_does_not_exhaust_the_stack():
    factor = uncertain("0.5 t CO2/MWh", lognormal(1.1), name="grid")
    total = sum(location_based((float(i), "MWh"), factor) for i in range(1, 3001))
    assert analytic(total).sd == pytest.approx(monte_carlo(total, draws=5000).sd, rel=0.05)


# -- errors --------------------------------------------------------------------------------

TOTAL = location_based("100 GWh", "0.5 t CO2/MWh")
REFUSED = {
    "negative sd": (lambda: normal(-1.0).about(5, "t"), "an uncertainty is not negative"),
    "negative sd with a unit": (lambda: normal("-1 t").about(5, "t"), "not negative"),
    "NaN sd": (lambda: normal(math.nan), "nan"),
    "infinite sd": (lambda: normal(math.inf), "inf"),
    "text for a number": (lambda: lognormal("1.1"), "'1.1', not a single number"),
    "truth value": (lambda: lognormal(True), "not a single number"),
    "gsd below one": (lambda: lognormal(0.9), "at least 1"),
    "gsd of a percentage": (lambda: lognormal(0.05), "write 1.05"),
    "squared gsd below one": (lambda: lognormal(squared_gsd=0.5), "below 1"),
    "two spreads": (lambda: normal(1, relative=0.1), "exactly one of sd, relative"),
    "no spread": (lambda: lognormal(), "exactly one of gsd, squared_gsd"),
    "centre": (lambda: lognormal(1.1, centre="mode"), "'median' or 'mean'"),
    "percent for a share": (lambda: normal(relative=5), "would be 500% of the value"),
    "negative share": (lambda: uniform(relative=-0.1), "not negative"),
    "share with a unit": (lambda: normal(relative="5 % kWh"), "write 0.05 or '5 %'"),
    "bounds turned": (lambda: uniform(6, 5), "low=6 lies above high=5"),
    "one bound": (lambda: triangular(low=5), "give low and high"),
    "bounds and share": (lambda: triangular(5, 6, relative=0.1), "relative alone"),
    "value outside": (lambda: uniform(5, 6).about(7, "t"), "does not hold the value"),
    "percent as bounds": (lambda: uniform(95, 105).about(0.5, "t"), "does not hold the value"),
    "shape": (lambda: interval95(5, 6, shape="uniform"), "'normal' or 'lognormal'"),
    "lognormal interval": (
        lambda: interval95(0, 6, shape="lognormal").about(5, "t"),
        "low must be too",
    ),
    "lognormal of zero": (lambda: lognormal(1.1).about(0, "t"), "above zero, not of 0 t"),
    "lognormal of a negative": (lambda: lognormal(1.1).about(-5, "t"), "above zero"),
    "bound of another unit": (lambda: uniform("1 GWh", "2 GWh").about(5, "t"), "Cannot convert"),
    "indicator": (lambda: pedigree({"reliabilty": 3}, best=5), "Did you mean reliability?"),
    "score": (lambda: pedigree({"reliability": 6}, best=5), "one of 1, 2, 3, 4, 5"),
    "score as text": (lambda: pedigree({"reliability": "3"}, best=5), "one of 1, 2, 3, 4, 5"),
    "best": (lambda: pedigree({}, best=3), "best is 1 or 5"),
    "no name": (lambda: uncertain("5 t", normal(1.0)), "needs a name"),
    "no distribution": (lambda: uncertain("5 t", 0.1, name="x"), "is not a distribution"),
    "array": (lambda: uncertain(([1.0, 2.0], "t"), normal(1.0), name="x"), "single values"),
    "no unit": (lambda: uncertain("5", normal(1.0), name="x"), "no unit"),
    "share of a cause": (
        lambda: uncertain(5.0, normal(1.0), name="x", shared=("c", 1.5)),
        "between 0 and 1",
    ),
    "cause of a range": (
        lambda: uncertain(5.0, uniform(4, 6), name="x", shared=("c", 0.5)),
        "only normal and lognormal",
    ),
    "no draws": (lambda: monte_carlo(TOTAL, {"factor": normal(0.1)}, draws=0), "draws=0"),
    "broken draws": (lambda: monte_carlo(TOTAL, {"factor": normal(0.1)}, draws=1e6), "whole"),
    "seed": (lambda: monte_carlo(TOTAL, {"factor": normal(0.1)}, seed=-1), "seed=-1"),
    "no seed": (lambda: monte_carlo(TOTAL, {"factor": normal(0.1)}, seed=None), "seed=None"),
    "unknown input": (
        lambda: monte_carlo(TOTAL, {"facter": normal(0.1)}),
        "no input 'facter'. Did you mean factor? It has energy, factor",
    ),
    "wrong unit of a bound": (
        lambda: monte_carlo(TOTAL, {"factor": uniform("1 kWh", "2 kWh")}),
        "Cannot convert kWh",
    ),
    "a value for a result's input": (
        lambda: monte_carlo(TOTAL, {"factor": "0.6 t CO2/MWh"}),
        "give a distribution",
    ),
    "unknown argument": (
        lambda: monte_carlo(location_based, {"energie": "1 GWh"}),
        "Did you mean energy?",
    ),
    "nothing uncertain": (lambda: monte_carlo(TOTAL), "none of the inputs is uncertain"),
    "no lineage": (lambda: monte_carlo(Result(5.0, "t")), "no lineage"),
    "no arithmetic": (lambda: monte_carlo(5.0), "float has no arithmetic"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_say_why(case):
    act, words = REFUSED[case]
    with pytest.raises(CarbonkitError) as caught:
        act()
    assert words in str(caught.value)


def test_two_inputs_cannot_have_one_name():
    one = uncertain("5 t CO2", normal(1.0), name="x")
    other = uncertain("6 t CO2", normal(1.0), name="x")
    with pytest.raises(UncertaintyError, match="two different inputs are named 'x'"):
        analytic(amount_of(one) + amount_of(other))


def test_draws_that_divide_by_zero_are_not_swallowed():
    given = {
        "a": uncertain(1.0, normal(0.1), name="a"),
        "b": uncertain(1.0, uniform(0, 2), name="b"),
    }
    with pytest.raises(UncertaintyError, match="lead to infinity"):
        monte_carlo(lambda a, b: a / np.floor(b + 0.6), given, draws=1000)
    with pytest.raises(UncertaintyError, match="no result with b = 1"):
        monte_carlo(lambda b: 1 / (b - 1), {"b": given["b"]}, draws=1000)
    with pytest.raises(UncertaintyError, match="at the means"):
        analytic(lambda b: 1 / (b - 1), {"b": uncertain(1.2, uniform(0, 2), name="b")})


def test_a_function_must_treat_each_draw_alike():
    given = {"a": uncertain(1.0, normal(0.1), name="a")}
    with pytest.raises(UncertaintyError, match="one value for each draw"):
        monte_carlo(lambda a: np.atleast_1d(a)[:1].repeat(3), given, draws=1000)
    with pytest.raises(UncertaintyError, match=r"shape \(3,\); it must give one value"):
        monte_carlo(lambda a: a if np.ndim(a) == 0 else a[:3], given, draws=1000)

    def in_place(a):
        a *= 2
        return a

    with pytest.raises(ValueError, match="read-only"):
        monte_carlo(in_place, given, draws=1000)


def test_what_has_no_derivative_is_drawn():
    given = {"a": uncertain(1.0, normal(0.1), name="a")}
    with pytest.raises(UncertaintyError, match="Use monte_carlo"):
        analytic(lambda a: math.exp(a), given)
    spread = monte_carlo(lambda a: np.exp(a), given)
    # The exponential of a normal is lognormal: mean exp(1 + 0.01/2)
    assert spread.mean == pytest.approx(math.exp(1.005), abs=4 * spread.error)


def test_an_implied_value_cannot_be_computed_again():
    energy = uncertain("2 GWh", normal(relative="10 %"), name="energy")
    implied = location_based.solve("factor", result="1000 t CO2", energy=energy)
    with pytest.raises(UncertaintyError, match="rests on uncertain inputs"):
        monte_carlo(location_based("3 GWh", implied), {"energy": normal(relative=0.1)})


def test_formulas_with_their_arguments():
    spread = monte_carlo(
        percent_change,
        {"new": uncertain("90 t", normal(1.0), name="new"), "base": "100 t"},
        draws=1000,
    )
    assert spread.deterministic == pytest.approx(-0.1)
    assert spread.sd == pytest.approx(0.01, rel=0.1)
