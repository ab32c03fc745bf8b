"""Steam enthalpies against the verification tables of IAPWS-IF97."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonkit import steam
from carbonkit.errors import DimensionError, SteamError

# IAPWS R7-97(2012), Table 15: region 2, enthalpy in kJ/kg at temperature in K and pressure in MPa.
TABLE_15 = [
    (300, 0.0035, 0.254991145e4),
    (700, 0.0035, 0.333568375e4),
    (700, 30, 0.263149474e4),
]


@pytest.mark.parametrize(("kelvin", "mpa", "enthalpy"), TABLE_15)
def test_superheated_steam(kelvin: float, mpa: float, enthalpy: float) -> None:
    found = steam.steam_enthalpy((mpa, "MPa"), celsius=kelvin - 273.15)
    assert found.to("kJ/kg").magnitude == pytest.approx(enthalpy, rel=1e-8)


# Wagner and Kretzschmar, International Steam Tables (2008), table 2: h'' by pressure in MPa.
SATURATED = [(0.1, 2674.95), (1, 2777.12), (10, 2725.47)]


@pytest.mark.parametrize(("mpa", "enthalpy"), SATURATED)
def test_saturated_steam(mpa: float, enthalpy: float) -> None:
    found = steam.steam_enthalpy((mpa, "MPa")).to("kJ/kg").magnitude
    assert found == pytest.approx(enthalpy, abs=0.005)


def test_feedwater_of_the_chinese_guidelines() -> None:
    # They print 83.74 kJ/kg = 4.1868 kJ/kg x 20, a calorie per kelvin and gram.
    assert steam.water_enthalpy(20).to("kJ/kg").magnitude == pytest.approx(83.74, rel=0.005)


def test_heat_is_mass_times_the_difference() -> None:
    found = steam.heat("2 t", "10 bar", feedwater_celsius=20).to("GJ").magnitude
    # By hand: 2 t x (2777.12 - 84.01) MJ/t = 5386.2 MJ.
    assert found == pytest.approx(5.3862, abs=5e-5)


@given(mpa=st.floats(0.01, 5), superheat=st.floats(1, 200), mass=st.floats(0.1, 1e6))
def test_more_superheat_and_more_mass_carry_more(mpa: float, superheat: float, mass: float) -> None:
    # 264 degC is the boiling point at 5 MPa, the highest pressure drawn.
    hotter = 265 + superheat
    pressure = (mpa, "MPa")
    assert steam.steam_enthalpy(pressure, celsius=hotter) > steam.steam_enthalpy(pressure)
    heat = steam.heat((mass, "t"), pressure, celsius=hotter).to("GJ").magnitude
    twice = steam.heat((2 * mass, "t"), pressure, celsius=hotter).to("GJ").magnitude
    assert twice == pytest.approx(2 * heat)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"pressure": "30 MPa"}, "critical point"),
        ({"pressure": "0.0001 MPa"}, "triple point"),
        ({"pressure": "1 MPa", "celsius": 100}, "boils at 179.89 degC"),
        ({"pressure": "1 MPa", "celsius": 900}, "not kelvin"),
        ({"pressure": "1 MPa", "celsius": float("nan")}, "degC"),
    ],
)
def test_states_that_are_no_steam(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(SteamError, match=words):
        steam.steam_enthalpy(**arguments)


def test_water_that_would_boil() -> None:
    with pytest.raises(SteamError, match="not liquid"):
        steam.water_enthalpy(120)


def test_wrong_dimensions() -> None:
    with pytest.raises(DimensionError):
        steam.steam_enthalpy("10 kg")
    with pytest.raises(DimensionError):
        steam.heat("10 MWh", "1 MPa")


def test_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "iapws", None)
    with pytest.raises(SteamError, match=r"carbonkit\[steam\]"):
        steam.steam_enthalpy("1 MPa")
