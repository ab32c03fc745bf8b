"""Uncertainty of an inventory: properties first, then cases by hand."""

import math
import pickle

import companies
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonkit import inventory
from carbonkit.errors import InventoryError, UncertaintyError
from carbonkit.uncertainty import analytic, interval95, monte_carlo, parse
from carbonkit.uncertainty.model import build, input_names
from carbonkit.uncertainty.words import FORMS

FEW = settings(max_examples=15, deadline=None)
MODES = [{"scope": 1}, {"scope": 2, "method": "location-based"},
         {"scope": 2, "method": "market-based"}, {"method": "market-based"}]  # fmt: skip
WORDS = ["± 5 %", "sd 3 %", "gsd 1.05", "± 0 %"]
SAID = {"amount_uncertainty": WORDS, "factor_uncertainty": WORDS}


@st.composite
def doubtful(draw, said=SAID):
    """Rows of which some say how far they may be off; one word for each factor."""
    rows = draw(companies.activities())
    rows["amount"] = [str(1 + abs(float(amount))) for amount in rows["amount"]]
    of_kind = {k["category"] + k["activity"]: draw(st.sampled_from(said["factor_uncertainty"]))
               for k in companies.KINDS}  # fmt: skip
    rows["amount_uncertainty"] = [
        draw(st.sampled_from(said["amount_uncertainty"])) for _ in rows.index
    ]
    rows["factor_uncertainty"] = [
        None if row.category == "fugitive" else of_kind[row.category + row.activity]
        for row in rows.itertuples()
    ]
    return rows


def made(rows, bought=None, **more):
    return inventory.from_frame(
        rows, sites=companies.SITES, instruments=bought, on_error="collect", **more
    )


def spread_of(found, mode, **more):
    """Return the spread of a total, None where nothing is uncertain."""
    try:
        return found.uncertainty("AR5", **more, **mode)
    except UncertaintyError:
        return None


# ---------------------------------------------------------------- invariants


@FEW
@given(doubtful(), companies.instruments(rates=(0, 0.1, 0.9)), st.sampled_from(MODES))
def test_the_lineage_comes_to_the_total(rows, bought, mode):
    found = made(rows, bought, boundary="equity share")
    total = found.total("AR4", **mode)
    if total.formula is None:
        assert total.magnitude == 0
        return
    given = {n: interval95(relative=0.1) for n in input_names(total) if ", row " in n}
    model = build(total, {n: d for n, d in given.items() if n.count(",") == 1})
    again = model.at(lambda one: one.value)
    assert again == pytest.approx(total.magnitude, rel=1e-12)
    assert pickle.loads(pickle.dumps(total)).explain() == total.explain()  # noqa: S301


@FEW
@given(doubtful(), st.sampled_from(MODES[:2]))
def test_the_drawn_mean_and_spread_are_the_analytic_ones(rows, mode):
    both = spread_of(made(rows), mode, draws=20_000, seed=2)
    if both is None:
        return
    exact, drawn = both.first_order, both.drawn
    assert drawn.deterministic == exact.deterministic
    assert abs(drawn.mean - exact.mean) <= 5 * exact.sd / math.sqrt(20_000)
    # Products add (5 % x 5 %)^2 of the variance at most; the rest is the error of 20,000 draws.
    assert drawn.sd == pytest.approx(exact.sd, rel=0.05)
    if exact.sd:
        assert sum(exact.contributions.values()) == pytest.approx(1, abs=1e-12)
        assert sum(drawn.contributions.values()) == pytest.approx(1, abs=0.05)


@FEW
@given(doubtful(), companies.instruments(), st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_a_draw(rows, bought, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    for mode in MODES:
        first = spread_of(made(rows, bought), mode, draws=500)
        second = spread_of(made(rows.iloc[order], bought.iloc[::-1]), mode, draws=500)
        if first is not None:
            assert first.drawn.samples.tobytes() == second.drawn.samples.tobytes()
            assert str(first) == str(second)


@FEW
@given(doubtful({"amount_uncertainty": ["± 0 %", "gsd 1"], "factor_uncertainty": ["sd 0 %"]}),
       st.sampled_from(MODES))  # fmt: skip
def test_without_uncertainty_the_total_comes_out_exactly(rows, mode):
    found = made(rows)
    both = spread_of(found, mode, draws=500)
    if both is not None:
        total = found.total("AR5", **mode).magnitude
        for spread in (both.first_order, both.drawn):
            ends = {spread.deterministic, spread.mean, spread.median, spread.low, spread.high}
            assert ends == {total}
            assert spread.sd == 0


@FEW
@given(st.integers(1, 10**6), st.integers(1, 99), st.sampled_from(WORDS[:3]))
def test_splitting_a_row_leaves_the_variance_of_its_factor(amount, percent, words):
    one = [{**WELL, "amount": amount, "factor_uncertainty": words, "amount_uncertainty": "± 4 %"}]
    parts = [amount * percent, amount * (100 - percent)]
    two = [{**one[0], "amount": f"{p}e-2", "meter": f"m{p}"} for p in parts]
    whole, split = (
        inventory.from_frame(pd.DataFrame(rows).astype(object))
        .uncertainty("AR5", draws=500)
        .first_order
        for rows in (one, two)
    )
    for name, share in whole.contributions.items():
        if name.startswith("us-epa"):
            variance = split.contributions[name] * split.sd**2
            assert variance == pytest.approx(share * whole.sd**2, rel=1e-9)
    # Two readings are independent: their errors cancel in part.
    assert split.sd <= whole.sd * (1 + 1e-12)


WELL = {
    "site": "A", "year": 2022, "category": "stationary", "activity": "natural gas",
    "amount": 1000, "unit": "MMBtu", "calorific_basis": "gross", "release": "us-epa/hub-2024",
}  # fmt: skip


# ---------------------------------------------------------------- by hand


def percent(*rows, method=None, bought=None, **more):
    """Return half of the 95 % interval by the first order, in percent, with the shares."""
    found = inventory.from_frame(pd.DataFrame(list(rows)).astype(object), instruments=bought,
                                 **more)  # fmt: skip
    where = {} if method is None else {"method": method, "scope": 2}
    spread = found.uncertainty("AR5", draws=1000, **where).first_order
    return spread.percent[1], dict(spread.contributions)


def test_one_amount_is_one_input_for_three_gases():
    """A sum whose terms all move together moves as much as each: 5 %, not less."""
    width, shares = percent({**WELL, "amount_uncertainty": "± 5 %"})
    assert width == pytest.approx(5, rel=1e-9)
    assert shares == {"activities, row 0": pytest.approx(1)}


def test_one_factor_is_one_input_for_many_rows():
    """A factor of +/- 10 % in nine rows: 10 %; nine amounts of +/- 3 % each: 3 % / sqrt(9)."""
    rows = [{**CLINKER, "meter": str(i)} for i in range(9)]
    width, _ = percent(*({**row, "factor_uncertainty": "± 10 %"} for row in rows))
    assert width == pytest.approx(10, rel=1e-9)
    width, shares = percent(*({**row, "amount_uncertainty": "± 3 %"} for row in rows))
    assert width == pytest.approx(1, rel=1e-9)
    assert list(shares.values()) == pytest.approx([1 / 9] * 9)


CLINKER = {
    "site": "A", "year": 2022, "category": "process", "activity": "clinker", "amount": 100,
    "unit": "t", "factor": 0.52, "factor_unit": "t CO2/t", "factor_source": "own",
}  # fmt: skip


def test_gases_have_factors_of_their_own():
    """1000 MMBtu: 53.06 t CO2 +/- 2 %, 1 kg CH4 x 28 +/- 50 %, 0.1 kg N2O x 265 +/- 100 %."""
    words = "CO2: ± 2 %; CH4: ± 50 %; N2O: ± 100 %"
    width, shares = percent({**WELL, "factor_uncertainty": words})
    halves = (53.06 * 0.02, 0.028 * 0.5, 0.0265 * 1.0)
    together = math.sqrt(sum(h**2 for h in halves))
    assert width == pytest.approx(100 * together / (53.06 + 0.028 + 0.0265), rel=1e-9)
    assert sorted(shares.values()) == pytest.approx(sorted(h**2 / together**2 for h in halves))


POWER = {
    "site": "A", "year": 2022, "category": "electricity", "activity": "electricity",
    "amount": 100, "unit": "MWh", "region": "CN-GD", "market": "CN", "factor": 0.5,
    "factor_unit": "kg CO2/kWh", "factor_source": "grid", "residual": 0.6,
    "residual_unit": "kg CO2/kWh",
}  # fmt: skip


def certificate(energy, rate=0.1):
    return pd.DataFrame(
        [{"id": "G", "type": "certificate", "energy": energy, "unit": "MWh", "market": "CN",
          "vintage": 2022, "rate": rate, "rate_unit": "kg CO2/kWh", "retired": "yes"}]
    )  # fmt: skip


def test_instruments_cover_what_they_state_and_the_rest_takes_the_uncertainty():
    """40 MWh x 0.1 + (100 +/- 5 - 40) MWh x 0.6 = 40 +/- 3 t: 7.5 %."""
    row = {**POWER, "amount_uncertainty": "± 5 %"}
    assert percent(row, method="location-based")[0] == pytest.approx(5)
    width, _ = percent(row, method="market-based", bought=certificate(40))
    assert width == pytest.approx(100 * 3 / 40, rel=1e-9)


def test_grid_and_residual_mix_have_uncertainties_of_their_own():
    row = {**POWER, "factor_uncertainty": "± 8 %", "residual_uncertainty": "± 3 %"}
    assert percent(row, method="location-based")[0] == pytest.approx(8)
    assert percent(row, method="market-based")[0] == pytest.approx(3)
    # 4 of 40 t are the certificates'.
    width, _ = percent(row, method="market-based", bought=certificate(40))
    assert width == pytest.approx(3 * 36 / 40, rel=1e-9)


def test_losses_are_of_the_same_reading():
    """100 MWh x (0.5 + 0.02) move together; as two readings it would be 0.5004 / 0.52 of it."""
    loss = {**POWER, "category": "t-and-d-loss", "factor": 0.02, "factor_source": "losses",
            "residual": None, "residual_unit": None}  # fmt: skip
    row = {**POWER, "amount_uncertainty": "± 5 %"}
    frame = pd.DataFrame([loss, row]).astype(object)
    found = inventory.from_frame(frame)
    spread = found.uncertainty("AR5", method="location-based", draws=1000).first_order
    assert spread.percent[1] == pytest.approx(5, rel=1e-9)
    assert list(spread.contributions) == ["activities, row 1"]


def test_a_blend_lost_is_one_input():
    """R-410A, half HFC-32 and half HFC-125: both move with the loss."""
    rows = pd.DataFrame(
        [{"site": "A", "year": 2022, "gas": "R-410A", "method": "life cycle", "unit": "kg",
          "filled": 52, "new_charge": 50, "topped_up": 8, "retired_charge": 20, "recovered": 15,
          "uncertainty": "± 10 %"}]
    )  # fmt: skip
    found = inventory.from_frame(pd.DataFrame([WELL]), refrigerants=rows)
    spread = found.uncertainty("AR5", category="fugitive", draws=1000).first_order
    # 15 kg x (677 + 3170) / 2
    assert spread.deterministic == pytest.approx(0.015 * (677 + 3170) / 2)
    assert spread.percent[1] == pytest.approx(10)


def test_a_gas_weighed_as_it_was_lost():
    row = {"site": "A", "year": 2022, "category": "fugitive", "activity": "SF6", "amount": 2,
           "unit": "kg SF6", "amount_uncertainty": "95 %: 1.5 to 2.5"}  # fmt: skip
    assert percent(row)[0] == pytest.approx(25)


def test_a_gwp_is_one_input():
    found = inventory.from_frame(pd.DataFrame([WELL, {**WELL, "meter": "b"}]))
    both = found.uncertainty("AR5", {"GWP of CH4, AR5": "± 40 %"}, draws=1000)
    # 2 x 0.028 t of 2 x 53.1145 t
    assert both.first_order.percent[1] == pytest.approx(40 * 0.028 / 53.1145, rel=1e-9)


def test_a_total_is_a_result_that_can_be_propagated_itself():
    found = inventory.from_frame(pd.DataFrame([WELL]))
    total = found.total("AR5", scope=1)
    assert analytic(total, {"fuel": interval95(relative=0.05)}).percent[1] == pytest.approx(5)
    assert monte_carlo(total, {"activities, row 0": parse("gsd 1.1")}, draws=1000).sd > 0


def test_what_is_said_of_a_calorific_value():
    row = {**WELL, "category": "mobile", "activity": "diesel", "amount": 10, "unit": "t",
           "calorific_basis": None, "release": "ipcc/2006-fuels",
           "calorific_value_uncertainty": "± 1 %", "factor_uncertainty": "± 2 %"}  # fmt: skip
    assert percent(row)[0] == pytest.approx(math.sqrt(5))


def test_both_ways_stand_side_by_side():
    text = str(
        inventory.from_frame(
            pd.DataFrame([{**CLINKER, "factor_uncertainty": "gsd 1.3"}])
        ).uncertainty("AR5")
    )
    assert "first order" in text.splitlines()[0]
    assert "Monte Carlo" in text.splitlines()[0]
    for words in ("deterministic", "median", "95 % interval", "a skewed distribution", "seed 0"):
        assert words in text


# ---------------------------------------------------------------- what cannot be used


@pytest.mark.parametrize(
    ("row", "change", "column", "words"),
    [
        (WELL, {"amount_uncertainty": "5 %"}, "amount_uncertainty", "does not say what it is"),
        (WELL, {"amount_uncertainty": 0.05}, "amount_uncertainty", "± 5 %"),
        (WELL, {"amount_uncertainty": "± 5"}, "amount_uncertainty", "share of the value"),
        (WELL, {"amount_uncertainty": "sd -2"}, "amount_uncertainty", "not negative"),
        (WELL, {"amount_uncertainty": "gsd 0.9"}, "amount_uncertainty", "at least 1"),
        (WELL, {"amount_uncertainty": "range 1 to 2"}, "amount_uncertainty", "does not hold"),
        (WELL, {"amount_uncertainty": "range 9 t to 2 t"}, "amount_uncertainty", "does not say"),
        (WELL, {"amount_uncertainty": "sd 2 t"}, "amount_uncertainty", "Cannot convert"),
        (WELL, {"amount_uncertainty": "pedigree 1 2 best 1"}, "amount_uncertainty", "five"),
        (WELL, {"amount": 0, "amount_uncertainty": "sd 2 MMBtu"}, "amount_uncertainty", "zero"),
        (WELL, {"factor_uncertainty": "SF6: ± 5 %"}, "factor_uncertainty", "no SF6"),
        (WELL, {"factor_uncertainty": "CO2: ± 5 %; CO2: ± 6 %"}, "factor_uncertainty", "once"),
        (WELL, {"residual_uncertainty": "± 5 %"}, "residual_uncertainty", "no residual"),
        (WELL, {"calorific_value_uncertainty": "± 5 %"}, "calorific_value_uncertainty",
         "no calorific value"),
        (POWER, {"factor": -1}, "factor", "negative"),
    ],
)  # fmt: skip
def test_a_bad_word_is_named(row, change, column, words):
    frame = pd.DataFrame([row, {**row, **change, "meter": "b"}]).astype(object)
    found = inventory.from_frame(frame, on_error="collect")
    (told,) = found.problems
    assert (told.row, told.column) == ("1", column), told
    assert words in told.text
    assert found.counts.refused == 1


def test_one_factor_has_one_uncertainty():
    first = {**CLINKER, "factor_uncertainty": "± 5 %"}
    second = {**CLINKER, "meter": "b", "factor_uncertainty": "± 6 %"}
    for rows in ([first, second], [second, first]):
        frame = pd.DataFrame(rows, index=[1, 2] if rows[0] is first else [2, 1]).astype(object)
        found = inventory.from_frame(frame, on_error="collect")
        (told,) = found.problems
        assert (told.row, told.column) == ("2", "factor_uncertainty")
        assert "row 1 says" in told.text


def test_names_that_are_no_inputs_are_refused():
    found = inventory.from_frame(pd.DataFrame([WELL]))
    with pytest.raises(UncertaintyError, match="Did you mean activities, row 0"):
        found.uncertainty("AR5", {"activity, row 0": "± 5 %"})
    with pytest.raises(UncertaintyError, match="none of the inputs is uncertain"):
        found.uncertainty("AR5")
    with pytest.raises(UncertaintyError, match="no emissions"):
        found.uncertainty("AR5", scope=3)
    with pytest.raises(InventoryError, match="method='location-based'"):
        inventory.from_frame(pd.DataFrame([POWER])).uncertainty("AR5")


@pytest.mark.parametrize("words", FORMS)
def test_every_form_is_read(words):
    about = "MWh" if "MWh" in words else "kg"
    assert parse(words).about(100.0, about).sd > 0


def test_forms_mean_what_they_say():
    assert parse("± 5 %").about(100.0, "t").sd == pytest.approx(5 / 1.959964, rel=1e-6)
    assert parse("+/- 5%") == parse("±5 %")
    assert parse("sd 12 MWh").about(0.1, "GWh").sd == pytest.approx(0.012)
    assert parse("gsd2 1.21") == parse("gsd 1.1")
    assert parse("range 1,000 to 3,000 kg").about(2.0, "t").parameters == (1.0, 3.0)
    shape = parse("lognormal 95 %: 50 to 200").about(100.0, "t")
    assert shape.median == pytest.approx(100)
    # ecoinvent 2: exp(sqrt(ln(1.05)^2 + ln(1.03)^2)) for reliability 2 and temporal 2
    gsd2 = math.exp(math.hypot(math.log(1.05), math.log(1.03)))
    assert parse("pedigree 2 1 2 1 1 best 1") == parse(f"gsd2 {gsd2!r}")
