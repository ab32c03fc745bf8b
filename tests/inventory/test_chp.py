"""Plants that make heat and power: the parts make the whole, and cases by hand."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonkit import inventory
from carbonkit.errors import InventoryError

FEW = settings(max_examples=15, deadline=None)
PLANT = {
    "site": "A", "year": 2022, "product": "own plant", "activity": "natural gas",
    "amount": 1000, "unit": "MMBtu", "heat_out": 4000, "heat_unit": "GJ", "power_out": 3500,
    "power_unit": "GJ", "heat_efficiency": 80, "power_efficiency": 35,
    "calorific_basis": "gross", "release": "us-epa/hub-2024",
}  # fmt: skip
OTHER = pd.DataFrame(
    [{"site": "A", "year": 2022, "category": "fugitive", "activity": "SF6", "amount": 1,
      "unit": "kg"}]
)  # fmt: skip
METHODS = ("location-based", "market-based")


def made(*rows, **more):
    frame = pd.DataFrame([dict(row) for row in rows]).astype(object)
    return inventory.from_frame(OTHER, chp=frame, **more)


def masses(found, **where):
    kept = found.emissions(table="chp", **where).masses
    return {gas: mass for gas, mass in kept.items() if mass}


positive = st.integers(1, 10**4)


@FEW
@given(positive, positive, positive, st.integers(1, 100), st.integers(1, 100))
def test_heat_and_power_make_the_whole_exactly(fuel, heat, power, for_heat, for_power):
    plant = {**PLANT, "amount": fuel, "heat_out": heat, "power_out": power,
             "heat_efficiency": for_heat, "power_efficiency": for_power}  # fmt: skip
    alone = inventory.from_frame(
        pd.DataFrame([{**{k: plant[k] for k in ("site", "year", "activity", "amount", "unit",
                                                "calorific_basis", "release")},
                       "category": "stationary"}])
    )  # fmt: skip
    whole = {gas: mass for gas, mass in alone.emissions(scope=1).masses.items() if mass}
    assert masses(made(plant), scope=1) == whole
    # Whoever buys all heat and all power of a plant answers for all that it emits.
    bought = made({**plant, "product": "heat", "used": heat},
                  {**plant, "product": "power", "used": power})  # fmt: skip
    for method in METHODS:
        assert masses(bought, scope=2, method=method) == whole
    assert bought.counts.rows == bought.counts.used == 3


@FEW
@given(st.fractions(0, 1), st.sampled_from(["heat", "steam", "power"]))
def test_what_is_bought_is_in_proportion(share, product):
    def emitted(used):
        row = {**PLANT, "product": product, "used": float(used)}
        return masses(made(row), method="location-based").get("CO2", 0)

    output = Fraction(PLANT["power_out"] if product == "power" else PLANT["heat_out"])
    part = Fraction(repr(float(share * output)))
    assert emitted(part) * output == emitted(output) * part


def test_a_plant_by_hand():
    """4,000 GJ / 80 % = 5,000; 3,500 / 35 % = 10,000: heat has a third of 53.06 t CO2."""
    found = made({**PLANT, "product": "steam", "used": 1000})
    assert masses(found, method="location-based")["CO2"] == Fraction("53.06") / 3 / 4
    assert found.rows[-1].category == "steam"
    assert found.rows[-1].energy == 1000 / Fraction("3.6")
    power = made({**PLANT, "product": "power", "used": 3500})
    assert masses(power, method="market-based")["CO2"] == Fraction("53.06") * 2 / 3


def test_biogenic_co2_stays_apart_through_the_division():
    wood = {**PLANT, "activity": "wood", "item": "Wood and Wood Residuals", "product": "heat",
            "used": 4000}  # fmt: skip
    found = masses(made(wood), method="location-based")
    assert "CO2" not in found
    assert found["CO2 biogenic"] == Fraction("93.80") / 3


def test_the_fuel_is_one_input_for_heat_and_power():
    found = made({**PLANT, "amount_uncertainty": "± 5 %", "factor_uncertainty": "CO2: ± 12 %"})
    spread = found.uncertainty("AR5", table="chp", draws=1000).first_order
    carbon = 12 * 53.06 / 53.1145
    assert spread.percent[1] == pytest.approx((25 + carbon**2) ** 0.5)


def test_energy_that_was_bought_is_in_the_disclosures():
    from carbonkit.disclosures import gri_302_1

    frame = gri_302_1(made({**PLANT, "product": "steam", "used": 3.6, "heat_unit": "GJ"})).frame()
    steam = frame[(frame["item"] == "steam consumption") & (frame["unit"] == "MWh")]
    assert steam["2022"].tolist() == [1]


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"used": 5}, "used", "own plant"),
        ({"product": "power", "used": 3501}, "used", "more than the power"),
        ({"product": "heat"}, "used", "empty"),
        ({"product": "cold"}, "product", "none of"),
        ({"heat_efficiency": 0}, "heat_efficiency", "percent"),
        ({"power_efficiency": 101}, "power_efficiency", "percent"),
        ({"heat_efficiency": None}, "heat_efficiency", "empty"),
        ({"heat_out": -1}, "heat_out", "negative"),
        ({"heat_out": 0, "power_out": 0}, "heat_out", "neither"),
        ({"power_unit": "t"}, "power_unit", "Cannot convert"),
        ({"amount": -1}, "amount", "negative"),
    ],
)
def test_a_bad_cell_is_named(change, column, words):
    found = made({**PLANT, **change}, on_error="collect")
    (told,) = found.problems
    assert (told.table, told.row, told.column) == ("chp", "0", column)
    assert words in told.text
    assert found.counts.refused == 1
    with pytest.raises(InventoryError, match=f"chp, row 0, column {column}"):
        made({**PLANT, **change})


def test_more_energy_out_than_in_is_pointed_out():
    (told,) = (f for f in made({**PLANT, "power_out": 35_000}).findings if f.column == "heat_out")
    assert "more than the energy of the fuel" in told.text
