"""Global warming potentials against the published lists."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonkit import gwp, units
from carbonkit.errors import GwpError, UnitError

SETS = gwp.sets()
PAIRS = [(s, gas) for s in SETS for gas in s.values if gas.isalnum()]


@pytest.mark.parametrize(
    ("name", "horizon", "gas", "value"),
    [
        # GHG Protocol, Global Warming Potential Values (February 2016): SAR, AR4 and AR5
        ("SAR", 100, "CH4", "21"),
        ("AR4", 100, "CH4", "25"),
        ("AR5", 100, "CH4", "28"),
        ("SAR", 100, "N2O", "310"),
        ("AR4", 100, "N2O", "298"),
        ("AR5", 100, "N2O", "265"),
        ("SAR", 100, "SF6", "23900"),
        ("AR4", 100, "SF6", "22800"),
        ("AR5", 100, "SF6", "23500"),
        ("AR4", 100, "HFC-134a", "1430"),
        ("AR5", 100, "HFC-134a", "1300"),
        ("AR4", 100, "NF3", "17200"),
        # IPCC TAR WG1 Table 6.7
        ("TAR", 20, "CH4", "62"),
        ("TAR", 100, "CH4", "23"),
        ("TAR", 500, "CH4", "7"),
        # IPCC AR5 WG1 Table 8.7, with climate-carbon feedbacks
        ("AR5-CCF", 100, "CH4", "34"),
        ("AR5-CCF", 100, "N2O", "298"),
        # IPCC AR6 WG1 Table 7.SM.7
        ("AR6", 20, "CH4", "81.2"),
        ("AR6", 100, "CH4", "27.9"),
        ("AR6", 500, "CH4", "7.95"),
        ("AR6", 100, "N2O", "273"),
        # IPCC AR6 WG1 Table 7.15
        ("AR6-7.15", 100, "CH4 fossil", "29.8"),
        ("AR6-7.15", 100, "CH4 non-fossil", "27.0"),
        ("AR6-7.15", 100, "N2O", "273"),
    ],
)
def test_values_are_those_of_the_reports(name: str, horizon: int, gas: str, value: str) -> None:
    assert gwp.get(name, horizon).factor(gas) == Fraction(value)


@pytest.mark.parametrize("each", SETS, ids=str)
def test_every_set_counts_co2_as_one_and_can_be_found_and_pickled(each: gwp.GwpSet) -> None:
    assert each.factor("CO2") == 1
    assert gwp.get(each.name, each.horizon) is each
    assert pickle.loads(pickle.dumps(each)) is each  # noqa: S301
    assert each.source.startswith("IPCC")
    with pytest.raises(TypeError):
        each.values["CH4"] = Fraction(1)  # type: ignore[index]


@given(st.sampled_from(PAIRS), st.floats(1e-6, 1e12), st.sampled_from(["t", "lb", "kg", "Mt"]))
def test_co2e_is_mass_times_potential_in_any_unit(
    pair: tuple[gwp.GwpSet, str], amount: float, mass: str
) -> None:
    each, gas = pair
    got = gwp.to_co2e((amount, f"{mass} {gas}"), each)
    assert units.parts(got)[1] == f"{mass} CO2e"
    assert got.magnitude == pytest.approx(amount * float(each.factor(gas)), rel=1e-14)


@pytest.mark.parametrize("gas", sorted({gas for _, gas in PAIRS}))
def test_every_gas_with_a_plain_name_is_a_unit(gas: str) -> None:
    assert units.species(f"kg {gas}") == gas


def test_carbon_counts_as_its_co2() -> None:
    assert str(gwp.to_co2e("3 t C", "AR5")) == "11.0 t CO2e"


def test_rates_and_shares_convert_too() -> None:
    assert str(gwp.to_co2e("2 kg CH4/TJ", "AR4")) == "50.0 kg CO2e/TJ"
    assert str(gwp.to_co2e("2 million t CH4", "AR5")) == "56000000.0 t CO2e"


@pytest.mark.parametrize(
    ("amount", "name", "error", "words"),
    [
        ("1 t CH4", "AR7", GwpError, ["'AR7'", "AR6", "Known sets"]),
        ("1 t NF3", "SAR", GwpError, ["no value for NF3", "AR4", "AR5"]),
        ("1 t CH4", "AR6-7.15", GwpError, ["CH4 fossil or CH4 non-fossil"]),
        ("1 t CH4 fossil", "AR6", GwpError, ["no value for CH4_fossil", "CH4"]),
        ("1 t", "AR5", UnitError, ["does not name one gas"]),
        ("1 t CO2e", "AR5", UnitError, ["CO2e already"]),
        ("1 m3 CH4", "AR5", UnitError, ["not a mass of CH4"]),
        ("1 kWh/t CH4", "AR5", UnitError, ["not a mass of CH4"]),
        ("1 t CO2/t CH4", "AR5", UnitError, ["does not name one gas"]),
    ],
)
def test_what_has_no_potential_is_refused(
    amount: str, name: str, error: type[Exception], words: list[str]
) -> None:
    with pytest.raises(error) as raised:
        gwp.to_co2e(amount, name)
    for word in words:
        assert word in str(raised.value)


def test_a_horizon_that_was_not_published_is_refused() -> None:
    with pytest.raises(GwpError, match="AR5 is known over 100 years"):
        gwp.get("AR5", horizon=20)
