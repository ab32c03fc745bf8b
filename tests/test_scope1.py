"""Scope 1: invariants, then published factors worked by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonkit import factors, gwp, scope1
from carbonkit.errors import DimensionError, FactorError, FactorKindError
from carbonkit.intervals import Interval

kilograms = st.integers(0, 10**6)


def kg(value, gas="HFC134a"):
    return value, f"kg {gas}"


# ---------------------------------------------------------------- invariants


@given(
    opening=kilograms, bought=kilograms, sold=kilograms, closing=kilograms,
    charge=kilograms, later=kilograms,
)  # fmt: skip
def test_gas_is_conserved_by_the_mass_balance(opening, bought, sold, closing, charge, later):
    lost = scope1.mass_balance(*map(kg, (opening, bought, sold, closing, charge, later)))
    in_hand = opening + charge + bought
    assert lost.magnitude == in_hand - (closing + later + sold)


@given(
    filled=kilograms, new=kilograms, topped_up=kilograms, retired=kilograms, recovered=kilograms,
    stock=kilograms, charge=kilograms,
)  # fmt: skip
def test_the_stages_of_life_come_to_the_balance_of_the_same_events(
    filled, new, topped_up, retired, recovered, stock, charge
):
    """Buy what is filled and topped up, give away what is recovered: both methods see one loss."""
    by_stage = scope1.life_cycle(*map(kg, (filled, new, topped_up, retired, recovered)))
    balance = scope1.mass_balance(
        *map(kg, (stock, filled + topped_up, recovered, stock, charge, charge + new - retired))
    )
    assert by_stage.magnitude == balance.magnitude


@given(st.integers(1, 10**9), st.integers(1, 10**6))
def test_a_unit_of_fuel_does_not_change_the_emissions(amount, factor):
    by_kwh = scope1.combustion((amount, "kWh"), (factor, "g CO2/kWh"))
    by_gj = scope1.combustion((amount * 0.0036, "GJ"), (factor / 3.6, "kg CO2/GJ"))
    assert by_gj.to(by_kwh.unit).magnitude == pytest.approx(by_kwh.magnitude, rel=1e-12)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_burning_in_parts_is_burning_the_whole(amounts):
    parts = [scope1.combustion((a, "t"), "2 t CO2/t").magnitude for a in amounts]
    assert sum(parts) == scope1.combustion((sum(amounts), "t"), "2 t CO2/t").magnitude


def test_a_rounded_factor_keeps_its_interval():
    found = scope1.combustion((Interval(10, 20), "t"), (Interval(3, 4), "t CO2/t"))
    assert found.to("t CO2").magnitude == Interval(30, 80)


# ---------------------------------------------------------------- published factors


def test_natural_gas_by_the_us_epa_hub_2024():
    """Table 1: 53.06 kg CO2, 1.0 g CH4, 0.10 g N2O per MMBtu (HHV)."""
    found = factors.find_all(
        "natural gas", release="us-epa/hub-2024", kind="combustion", calorific_basis="gross"
    )
    burnt = scope1.by_gas("1000 MMBtu", found, calorific_basis="gross")
    assert burnt["CO2"].to("kg CO2").magnitude == pytest.approx(53_060)
    assert burnt["CH4"].to("g CH4").magnitude == pytest.approx(1_000)
    assert burnt["N2O"].to("g N2O").magnitude == pytest.approx(100)


def test_biogenic_co2_of_wood_stands_apart():
    """EPA hub 2024, table 1, wood: 93.80 kg CO2 (biogenic), 7.2 g CH4, 3.6 g N2O per MMBtu."""
    found = [
        f
        for kind in ("combustion", "biogenic")
        for f in factors.find_all("wood", release="us-epa/hub-2024", kind=kind,
                                  calorific_basis="gross")
    ]  # fmt: skip
    burnt = scope1.by_gas("10 MMBtu", found, calorific_basis="gross")
    assert set(burnt) == {"CO2 biogenic", "CH4", "N2O"}
    assert burnt["CO2 biogenic"].to("kg CO2").magnitude == pytest.approx(938.0)


def test_diesel_by_the_defaults_of_the_ipcc():
    """Tables 1.2 and 1.4: 43.0 TJ/Gg x 74,100 kg/TJ = 3,186.3 kg per tonne."""
    ncv = factors.find("diesel", release="ipcc/2006-fuels", kind="net-calorific-value")
    co2 = factors.find("diesel", release="ipcc/2006-fuels", kind="combustion")
    burnt = scope1.combustion_by_energy("1 t", ncv, co2)
    assert burnt.to("kg CO2").magnitude == pytest.approx(3_186.3)


def fuels_of_the_chinese_standard():
    release = factors.library()
    kinds = ("net-calorific-value", "carbon-content", "oxidation", "combustion")
    table = {}
    for kind in kinds:
        for fuel in ("anthracite", "diesel", "gasoline", "natural gas", "kerosene", "fuel oil",
                     "liquefied petroleum gas", "coke"):  # fmt: skip
            try:
                found = release.find_all(fuel, release="sac-china/gbt-32151-2024", kind=kind)
            except factors_missing:
                continue
            if len(found) == 1:
                table.setdefault(fuel, {})[kind] = found[0]
    return {fuel: parts for fuel, parts in table.items() if len(parts) == len(kinds)}


factors_missing = FactorError


def test_the_carbon_content_method_prints_as_the_direct_factor():
    """GB/T 32151: quantity x NCV x carbon x oxidation x 44/12, against the printed factor."""
    checked = 0
    for fuel, parts in fuels_of_the_chinese_standard().items():
        direct = parts["combustion"]
        per = direct.unit.partition("/")[2]
        made = scope1.carbon_content(
            (Fraction(1), per), parts["net-calorific-value"], parts["carbon-content"],
            parts["oxidation"],
        )  # fmt: skip
        value = made.to(direct.unit.partition("/")[0]).magnitude
        ulp = float(direct.figure.ulp)
        assert abs(value - float(direct.value)) <= ulp, fuel
        checked += 1
    assert checked >= 5


def test_natural_gas_of_the_uk_in_parts_makes_the_printed_total():
    """2024: 0.18253 + 0.00028 + 0.00009 = 0.18290 kg CO2e per kWh, gross."""
    asked = {"release": "uk-government/conversion-factors-2024", "item": "Natural gas",
             "kind": "combustion", "unit": "kg CO2e/kWh", "calorific_basis": "gross"}  # fmt: skip
    parts = [factors.find("natural gas", gas=g, **asked) for g in ("CO2", "CH4", "N2O")]
    whole = factors.find("natural gas", gas="CO2e", **asked)
    burnt = scope1.by_gas("1 GWh", parts, calorific_basis="gross")
    total = sum(result.to("t CO2e").magnitude for result in burnt.values())
    assert total == pytest.approx(182.90)
    assert scope1.stationary("1 GWh", whole, calorific_basis="gross").to(
        "t CO2e"
    ).magnitude == pytest.approx(182.90)


@pytest.mark.parametrize(("blend", "printed"), [("R-410A", 1924), ("R-404A", 3943)])
def test_blends_have_the_gwp_that_the_epa_prints(blend, printed):
    """EPA hub 2025, table 12 (AR5); by composition 50/50 and 44/52/4 percent."""
    split = scope1.components("1 t", factors.find_all(blend, kind="gwp-blend"))
    total = sum(float(gwp.to_co2e(part.quantity, "AR5").to("t CO2e").magnitude)
                for part in split.values())  # fmt: skip
    assert round(total) == printed


def test_screening_by_hand():
    """120 kg x 10 % + 30 kg x 80 % x (1 - 70 %) = 12 + 7.2 kg, and 2 kg x 0.5 % when filling."""
    lost = scope1.screening(kg(2), "0.5 %", kg(120), "10 %/year", "1 year", kg(30), "80 %", "70 %")
    assert lost.magnitude == pytest.approx(19.21)


# ---------------------------------------------------------------- refusals


def gas_of_the_epa():
    return factors.find("natural gas", release="us-epa/hub-2024", gas="CO2", unit="kg CO2/MMBtu")


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ({}, "calorific_basis='net' or 'gross'"),
        ({"calorific_basis": "net"}, "but the energy is net"),
    ],
)
def test_the_calorific_basis_is_asked_for_and_checked(checks, words):
    with pytest.raises(FactorKindError, match=words):
        scope1.stationary("1000 MMBtu", gas_of_the_epa(), **checks)


def test_gas_metered_at_20_degrees_does_not_take_the_factor_of_0_degrees():
    factor = factors.find("natural gas", release="sac-china/gbt-32151-2024", kind="combustion")
    with pytest.raises(FactorKindError, match="7 % less gas"):
        scope1.stationary("1000 Nm3", factor, reference_conditions="20 degC, 101.325 kPa")
    ok = scope1.stationary("1000 Nm3", factor, reference_conditions="0 degC, 101.325 kPa")
    assert ok.to("t CO2").magnitude == pytest.approx(2.1622)
    with pytest.raises(DimensionError):
        scope1.stationary("1000 m3", factor)


def test_a_stationary_factor_is_not_for_vehicles():
    factor = factors.find("diesel", release="us-epa/hub-2024", item="Distillate Fuel Oil No. 2",
                          gas="CH4", unit="g CH4/us_gallon")  # fmt: skip
    with pytest.raises(FactorKindError, match="stationary"):
        scope1.mobile("1 us_gallon", factor)
    kept = scope1.mobile("1 us_gallon", factor, override="no factor for this engine")
    assert kept.to("g CH4").magnitude == pytest.approx(0.41)


def test_a_total_in_co2e_is_not_added_to_its_parts():
    asked = {"release": "uk-government/conversion-factors-2024", "item": "Natural gas",
             "kind": "combustion", "unit": "kg CO2e/t"}  # fmt: skip
    parts = factors.find_all("natural gas", **asked)
    for order in (parts, parts[::-1]):
        with pytest.raises(FactorError, match="counted already"):
            scope1.by_gas("1 t", order)


def test_a_blend_without_all_its_parts_is_refused():
    with pytest.raises(FactorError, match="add up to 50 %"):
        scope1.components("1 kg", {"HFC32": 50})


def test_gases_do_not_mix_in_a_balance():
    with pytest.raises(DimensionError):
        scope1.life_cycle(kg(1), kg(0), kg(1, "HFC32"), kg(0), kg(0))
