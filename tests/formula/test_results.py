"""A result keeps its lineage, whatever is done with it."""

from __future__ import annotations

import copy
import pickle
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonkit import factors, printed
from carbonkit.avoidance import avoided_emissions, combined_margin
from carbonkit.errors import (
    DimensionError,
    DivisionByZero,
    FactorKindError,
    FormulaError,
    GwpError,
    IntervalError,
    UnitError,
)
from carbonkit.formula import Result, Symbol, total
from carbonkit.intensity import intensity, percent_change, scope_total, share
from carbonkit.intervals import Interval
from carbonkit.savings import powerstar
from carbonkit.scope1 import combustion
from carbonkit.scope2 import location_based

WORLD = factors.find(
    "electricity", region="World", year=2018, kind="average", release="iea/world-2018"
)


def of_kind(kind: str) -> factors.Factor:
    return replace(WORLD, kind=kind)


def of_set(gwp_set: str | None) -> factors.Factor:
    return replace(WORLD, gas="CO2e", unit="g CO2e/kWh", gwp_set=gwp_set)


# --- arithmetic ---------------------------------------------------------------------------------

amounts = st.integers(-1000, 1000).map(lambda k: Fraction(k, 8))


@given(amounts, amounts, amounts.filter(bool))
def test_results_compute_like_the_numbers_they_hold(x: Fraction, y: Fraction, k: Fraction) -> None:
    a, b = (combustion((v, "t"), (Fraction(1), "t CO2/t")) for v in (x, y))
    assert (a + b).magnitude == x + y
    assert (a - b).magnitude == x - y
    assert (-a).magnitude == -x
    assert (k * a).magnitude == (a * k).magnitude == k * x
    assert (a / k).magnitude == x / k
    assert sum([a, b, a]).magnitude == x + y + x
    assert (a < b, a <= b, a > b, a >= b, a == b, a != b) == (
        (x < y, x <= y, x > y, x >= y, x == y, x != y)
    )
    if y:
        assert (a / b).magnitude == x / y
        assert (a / b).unit == "1"


def test_arithmetic_converts_units_and_keeps_that_of_the_first() -> None:
    total = avoided_emissions("1 GWh", "500 g CO2/kWh") + "250000 kg CO2"
    assert (total.magnitude, total.unit) == (750, "t CO2")
    assert "1 t CO2" + avoided_emissions("1 MWh", "1 kg CO2/kWh") == "2 t CO2"
    assert avoided_emissions("1 MWh", "1 kg CO2/kWh") - "1 t CO2" == "0 t CO2"
    assert ("1 t CO2" / avoided_emissions("1 MWh", "2 kg CO2/kWh")).magnitude == 0.5
    # Carbon is CO2 by molar mass: 12 t of C are 44 t of CO2.
    assert scope_total("44 t CO2", "12 t C") == "88 t CO2"


def test_arrays_and_series_leave_arithmetic_to_the_result() -> None:
    result = avoided_emissions("1 GWh", "500 g CO2/kWh")
    for values in (np.array([1.0, 2.0]), pd.Series([1.0, 2.0])):
        for product in (values * result, result * values):
            assert isinstance(product, Result)
            assert product.unit == "t CO2"
            assert type(product.magnitude) is type(values)
            assert product.magnitude.tolist() == [500, 1000]


@pytest.mark.parametrize(
    "other", ["1 t CH4", "1 t CO2e", "1 t", "1 kWh", "1 t CO2/year", "1 CNY", 1.0]
)
def test_amounts_of_another_dimension_are_not_added_or_compared(other: Any) -> None:
    result = avoided_emissions("1 GWh", "500 g CO2/kWh")
    for operation in (
        lambda: result + other,
        lambda: other - result,
        lambda: result < other,
        lambda: result >= other,
        lambda: share(result, other),
    ):
        with pytest.raises(DimensionError):
            operation()
    assert result != other


def test_results_equal_only_what_they_can_be_compared_with() -> None:
    result = share("1 t", "2 t")
    assert result == 0.5
    assert result == "50 %"
    assert result != 0.6
    for other in (None, "half", object(), float("nan"), {}, True):
        assert result != other
    with pytest.raises(UnitError, match="NoneType"):
        result < None  # noqa: B015
    with pytest.raises(IntervalError, match="no order"):
        percent_change((Interval(1, 2), "t"), "1 t") < 0.5  # noqa: B015
    with pytest.raises(TypeError, match="unhashable"):
        hash(result)


def test_only_a_pure_number_becomes_a_float() -> None:
    assert float(share("1 t", "4 t")) == 0.25
    assert float(share("1 t", "4 t").to("%")) == 0.25
    with pytest.raises(UnitError, match=r"has a unit.*magnitude"):
        float(avoided_emissions("1 GWh", "500 g CO2/kWh"))


def test_division_by_a_zero_result_says_what_was_divided() -> None:
    zero = avoided_emissions("0 kWh", "1 kg CO2/kWh")
    with pytest.raises(DivisionByZero, match=r"quotient: division by zero with a = 5 CNY, b = 0"):
        "5 CNY" / zero


# --- GWP sets -----------------------------------------------------------------------------------


def test_the_gwp_set_of_a_factor_travels_with_the_result() -> None:
    first = location_based("1 MWh", of_set("AR5"))
    again = location_based("2 MWh", of_set("AR5"))
    assert first.gwp_set == "AR5"
    assert (first + again).gwp_set == "AR5"
    assert (2 * first).to("kg CO2e").gwp_set == "AR5"
    assert "GWP set  AR5" in first.explain()
    assert location_based("1 MWh", "1 kg CO2e/kWh").gwp_set is None
    # What an unlabelled part was computed with is not known.
    assert (first + "1 t CO2e").gwp_set is None


def test_amounts_of_two_gwp_sets_do_not_mix() -> None:
    first, other = (location_based("1 MWh", of_set(name)) for name in ("AR5", "AR6"))
    for operation in (
        lambda: first + other,
        lambda: first - other,
        lambda: first < other,
        lambda: first / other,
        lambda: scope_total(first, other),
        lambda: share(first, other),
        lambda: scope_total.solve("scope1", result=first, scope2=other),
    ):
        with pytest.raises(GwpError, match="AR5, AR6"):
            operation()
    assert first != other
    # Only CO2e depends on a set.
    assert location_based("1 MWh", replace(WORLD, gwp_set="AR4")).gwp_set is None


# --- kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "argument", "refused", "accepted"),
    [
        (location_based, "factor", "operating-margin", "average"),
        (location_based, "factor", "residual", "average"),
        (avoided_emissions, "factor", "residual", "build-margin"),
        (avoided_emissions, "factor", "combustion", "operating-margin"),
    ],
)
def test_a_factor_of_a_kind_that_does_not_fit_is_refused(
    formula: Any, argument: str, refused: str, accepted: str
) -> None:
    assert formula("1 MWh", **{argument: of_kind(accepted)}).assumptions == ()
    with pytest.raises(FactorKindError) as error:
        formula("1 MWh", **{argument: of_kind(refused)})
    for word in (formula.name, argument, refused, accepted, "override", WORLD.id):
        assert word in str(error.value)
    with pytest.raises(FactorKindError, match=refused):
        formula.solve("energy", result="1 t CO2", **{argument: of_kind(refused)})


def test_each_margin_goes_to_its_own_place() -> None:
    om, bm = of_kind("operating-margin"), of_kind("build-margin")
    margin = combined_margin(om, bm, 0.5)
    assert margin.kind == "combined-margin"
    with pytest.raises(FactorKindError, match="operating may be operating-margin"):
        combined_margin(bm, om, 0.5)
    assert avoided_emissions("1 MWh", margin) == "475 kg CO2"
    with pytest.raises(FactorKindError, match="combined-margin"):
        location_based("1 MWh", margin.to("g CO2/kWh"))


def test_an_override_is_recorded_and_travels_with_the_result() -> None:
    bm = of_kind("build-margin")
    why = "the notice gives no operating margin"
    margin = combined_margin(WORLD, WORLD, 0.5, override=why)
    assert [a.name for a in margin.assumptions] == [
        "operating of kind average",
        "build of kind average",
    ]
    assert all(a.reason == why and "475" in a.value_text for a in margin.assumptions)
    result = avoided_emissions("1 MWh", margin) + avoided_emissions("1 MWh", margin)
    assert result.assumptions == margin.assumptions
    assert result.explain().count(why) == 2
    assert combined_margin(WORLD, bm, 0.5, override=why).assumptions == margin.assumptions[:1]
    solved = location_based.solve("energy", result="1 t CO2", factor=bm, override=why)
    assert solved.assumptions[0].reason == why


# --- explain, repr, pickle ----------------------------------------------------------------------


def test_explain_shows_arithmetic_figures_sources_and_formula() -> None:
    result = avoided_emissions("27.64 GWh/year", WORLD)
    lines = result.explain().splitlines()
    assert lines[0] == "avoided emissions = energy × factor"
    assert lines[1].strip() == "= 27.64 GWh/year × 475 g CO2/kWh"
    assert lines[2].strip() == "= 13,129 t CO2/year"
    assert lines[3].startswith("  factor   475 g CO2/kWh: ")
    assert "IEA" in lines[3]
    assert WORLD.id in lines[3]
    assert lines[4].startswith("  formula  UNFCCC CDM TOOL07")


def test_explain_goes_down_to_the_first_figures() -> None:
    saved = powerstar("1.5 kWh/site/day", printed.parse("400,000 site"), "365 day/year")
    result = avoided_emissions(saved, WORLD)
    text = intensity(result, "5 CNY/year").explain()
    assert "/ (5 CNY/year)" in text
    for words in ("per site day × sites × days", "400,000 site", "World 2018", "L.1480"):
        assert text.count(words) == 1
    assert text.index("intensity =") < text.index("where emissions:") < text.index("where energy:")


def test_a_solved_value_says_what_it_was_solved_from() -> None:
    found = avoided_emissions.solve(
        "factor", result=printed.parse("3,390 t CO2"), energy=printed.parse("3.4 million kWh")
    )
    assert isinstance(found.magnitude, Interval)
    lines = found.explain().splitlines()
    assert lines[0].startswith("factor for which avoided_emissions comes to")
    assert lines[1].split()[0] == "result"
    assert lines[1].endswith(": 3,390 t CO2")
    assert lines[2].split()[0] == "energy"
    assert lines[2].endswith(": 3.4 million kWh")


def test_the_representation_names_value_unit_and_formula() -> None:
    assert repr(avoided_emissions("1 GWh", "475 g CO2/kWh")) == "<475 t CO2 from avoided_emissions>"
    assert str(share("1 t", "8 t")) == "0.125"
    assert repr(share(([1.0, 2.0], "t"), "8 t")) == "<ndarray of 2 values from share>"
    assert str(avoided_emissions(([1.0], "GWh"), "1 t CO2/GWh")) == "ndarray of 1 values in t CO2"
    assert repr(avoided_emissions) == (
        "<formula avoided_emissions(energy [kWh[/year]], factor [kg gas/kWh]) -> t gas[/year]>"
    )
    assert "any unit" in repr(share)
    assert avoided_emissions.title.startswith("Emissions avoided by electricity")


@pytest.mark.parametrize("again", [lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy])  # noqa: S301
def test_results_and_formulas_survive_pickling_and_copying(case: Any, again: Any) -> None:
    assert again(case.formula) is case.formula
    result = case.formula(**{n: (2.5 + i, u[0]) for i, (n, u) in enumerate(case.units.items())})
    same = again(result)
    assert same == result
    assert same.explain() == result.explain()
    assert same.formula is case.formula


def test_lineage_survives_pickling() -> None:
    result = avoided_emissions(printed.parse("27.64 million kWh"), WORLD) / "5 CNY"
    same = pickle.loads(pickle.dumps(result))  # noqa: S301
    assert same.explain() == result.explain()
    assert same.inputs["a"].origin.inputs["factor"].origin == WORLD
    with pytest.raises(TypeError):
        same.inputs["a"] = None


# --- symbols ------------------------------------------------------------------------------------

NAMES = {"a": Fraction(3, 2), "b": Fraction(-5, 3), "c": Fraction(7)}

expressions = st.recursive(
    st.sampled_from([*NAMES, -2, 3]),
    lambda inner: (
        st.tuples(st.sampled_from("+-*/"), inner, inner)
        | st.tuples(st.sampled_from(["negative", "square"]), inner)
    ),
    max_leaves=8,
)


def run(tree: Any, values: dict[str, Any]) -> Any:
    match tree:
        case (how, left, right):
            x, y = run(left, values), run(right, values)
            return {"+": x.__add__, "-": x.__sub__, "*": x.__mul__, "/": x.__truediv__}[how](y)
        case (how, inner):
            x = run(inner, values)
            return -x if how == "negative" else x**2
        case _:
            return values[tree] if isinstance(tree, str) else values["number"](tree)


@given(expressions)
def test_written_arithmetic_means_the_arithmetic_that_was_done(tree: Any) -> None:
    try:
        expected = run(tree, NAMES | {"number": Fraction})
    except ZeroDivisionError:
        return
    symbols = {n: Symbol(n) for n in NAMES} | {"number": lambda k: Symbol.value(str(k))}
    text = re.sub(r"(?<!\^)\b(\d)", r"F(\1)", str(run(tree, symbols)))
    for written, python in {"×": "*", "−": "-", "^": "**"}.items():
        text = text.replace(written, python)
    assert eval(text, NAMES | {"F": Fraction}) == expected  # noqa: S307


def test_an_amount_is_written_between_bars() -> None:
    assert str(abs(Symbol("a") - 2) * 3) == "|a − 2| × 3"


# --- sums of any length -------------------------------------------------------------------------


@given(st.lists(st.fractions(0, 1000), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_total_of_fractions_is_exact_in_any_order(amounts: Any, random: Any) -> None:
    terms = {f"site {i}": Result(a, random.choice(["t", "kg"])) for i, a in enumerate(amounts)}
    names = list(terms)
    random.shuffle(names)
    whole = sum(r.magnitude / (1000 if r.unit == "kg" else 1) for r in terms.values())
    for order in (list(terms), names):
        found = total({name: terms[name] for name in order}).to("t")
        assert found.magnitude == whole
        assert list(found.inputs) == order


def test_a_total_says_what_it_is_of() -> None:
    parts = {f"site {i}": avoided_emissions((float(i), "GWh"), WORLD) for i in range(1, 31)}
    whole = total(parts)
    text = whole.explain()
    assert "total = site 1 + site 2" in text
    assert "(30 terms)" in text
    assert text.count("where site ") == 30
    assert pickle.loads(pickle.dumps(whole)).explain() == text  # noqa: S301
    with pytest.raises(DimensionError, match="a term is in 'GWh', the first in 't CO2'"):
        total({"a": parts["site 1"], "b": Result(1.0, "GWh")})
    with pytest.raises(FormulaError, match="no terms"):
        total({})
    with pytest.raises(GwpError):
        total({s: Result(1.0, "t CO2e", gwp_set=s) for s in ("AR4", "AR5")})


def test_long_chains_are_written_out_as_one_sum_and_pickle() -> None:
    parts = [avoided_emissions((float(i), "GWh"), WORLD) for i in range(1, 3001)]
    whole = sum(parts[1:], parts[0])
    again = pickle.loads(pickle.dumps(whole))  # noqa: S301
    assert again.magnitude == whole.magnitude
    text = again.explain()
    assert text.splitlines()[0].endswith("+ … + term 3000 (3,000 terms)")
    assert text == whole.explain()
    assert copy.deepcopy(whole).inputs["b"].origin.inputs["factor"].origin == WORLD


def test_what_a_long_chain_shares_stays_one_result() -> None:
    base = avoided_emissions("1 GWh", WORLD)
    whole = base
    for _ in range(100):
        whole = whole * 1 + base
    again = pickle.loads(pickle.dumps(whole))  # noqa: S301
    assert len(pickle.dumps(whole)) < 100_000
    last = again.inputs["b"].origin
    assert again.inputs["a"].origin.inputs["a"].origin.inputs["b"].origin is last
