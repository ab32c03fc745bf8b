"""A factor is kept from purposes that it does not fit, or the result says that it was not."""

from __future__ import annotations

import pytest

from carbonkit import factors
from carbonkit.errors import FactorError, FactorKindError


def pick(kind, **question):
    return factors.find("electricity", kind=kind, **question)


def margin():
    return pick("operating-margin", region="CN-East", year=2019)


def test_the_east_china_margin_is_no_inventory_factor():
    # 0.7921 circulates in public code as a factor for purchased electricity.
    assert margin().text == "0.7921"
    with pytest.raises(FactorKindError, match="it is for avoided emissions"):
        factors.check_purpose(margin(), "inventory-location")
    assert factors.check_purpose(margin(), "avoided") == margin()


def test_a_footprint_factor_is_not_for_scope_2():
    # 0.5777 kg CO2e/kWh, the Chinese footprint factor of 2024.
    footprint = pick("life-cycle", region="CN", year=2024, publisher="MEE")
    assert footprint.text == "0.5777"
    for purpose in ("inventory-location", "inventory-market", "avoided"):
        with pytest.raises(FactorKindError, match="it is for product footprints"):
            factors.check_purpose(footprint, purpose)
    assert factors.check_purpose(footprint, "product-footprint") is footprint


def test_a_residual_mix_is_for_the_market_based_method_alone():
    residual = pick("residual", region="CN", year=2023)
    with pytest.raises(FactorKindError, match="market-based"):
        factors.check_purpose(residual, "inventory-location")
    assert factors.check_purpose(residual, "inventory-market") is residual


def test_non_baseload_is_never_for_inventories():
    rate = pick("non-baseload", region="CAMX", year=2022, gas="CO2")
    with pytest.raises(FactorKindError, match="avoided emissions"):
        factors.check_purpose(rate, "inventory-location")
    assert factors.check_purpose(rate, "avoided") is rate


def test_co2_alone_is_not_a_total_in_co2e():
    world = pick("average", release="iea/world-2018")
    with pytest.raises(FactorKindError, match="CH4 and N2O are missing"):
        factors.check_purpose(world, "inventory-location", gas="CO2e")
    ember = pick("life-cycle", region="FR", year=2020, publisher="Ember")
    with pytest.raises(FactorKindError, match="cannot be told apart"):
        factors.check_purpose(ember, "product-footprint", gas="CO2")


def test_gross_and_net_calorific_value():
    gas = factors.find(
        "natural gas",
        region="US",
        kind="combustion",
        gas="CO2",
        calorific_basis="gross",
        release="us-epa/hub-2024",
    )
    with pytest.raises(FactorKindError, match="per gross calorific value, but the energy is net"):
        factors.check_purpose(gas, "combustion", calorific_basis="net")
    assert factors.check_purpose(gas, "combustion", calorific_basis="gross") is gas


def test_gas_metered_at_20_degrees_is_not_gas_at_0():
    gas = factors.find(
        "natural gas", region="CN", kind="combustion", release="sac-china/gbt-32151-2024"
    )
    with pytest.raises(FactorKindError, match="7 % less gas"):
        factors.check_purpose(gas, "combustion", reference_conditions="20 degC, 101.325 kPa")
    assert factors.check_purpose(gas, "combustion", reference_conditions="0 °C, 101.325 kPa") is gas


def test_an_override_is_carried_by_the_factor_and_shown():
    used = factors.check_purpose(
        margin(), "inventory-location", override="the regulator asks for it", gas="CO2e"
    )
    assert [o.purpose for o in used.overrides] == ["inventory-location"] * 2
    assert "reason given: the regulator asks for it" in str(used)
    assert used.value == margin().value
    with pytest.raises(FactorError, match="must give the reason"):
        factors.check_purpose(margin(), "inventory-location", override=" ")


def test_an_override_that_is_not_needed_leaves_no_trace():
    assert factors.check_purpose(margin(), "avoided", override="why not").overrides == ()


@pytest.mark.parametrize("kind", factors.KINDS)
def test_every_kind_fits_or_is_refused_with_a_reason(kind):
    from dataclasses import replace

    factor = replace(margin(), kind=kind)
    for purpose, (kinds, _) in factors.PURPOSES.items():
        if kind in kinds:
            assert factors.check_purpose(factor, purpose) is factor
        else:
            with pytest.raises(FactorKindError, match="is of kind"):
                factors.check_purpose(factor, purpose)


def test_unknown_purposes_name_their_neighbours():
    with pytest.raises(FactorError, match="Did you mean inventory-location"):
        factors.check_purpose(margin(), "inventory-locaton")
    with pytest.raises(FactorError, match="neither 'net' nor 'gross'"):
        factors.check_purpose(margin(), "avoided", calorific_basis="HHV")
