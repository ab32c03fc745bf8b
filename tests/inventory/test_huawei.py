"""The inventory of Huawei's 2020 report, rebuilt from its energy table."""

from fractions import Fraction

import pandas as pd
import pytest

from carbonkit import factors, inventory, load_report, scope2
from carbonkit.errors import FactorKindError

VALUES = load_report("huawei-2020").values
YEARS = range(2012, 2021)
# Millions of CNY; 2013 follows from 2014 and its printed growth.
GROWTH = 1 + VALUES["revenue_growth_2014"].figure.value / 100
REVENUE = {y: VALUES[f"revenue_{y}"].value / 10**6 for y in YEARS if y != 2013}
REVENUE[2013] = REVENUE[2014] / GROWTH


def printed(name: str) -> Fraction:
    return VALUES[name].figure.value


def fuels_2020(normal_volume: float, release: str) -> float:
    rows = pd.DataFrame(
        [
            ("stationary", "natural gas", float(printed("gas_2020")) * normal_volume, "10^6 Nm3"),
            ("mobile", "gasoline", float(printed("gasoline_2020")), "t"),
            ("mobile", "diesel", float(printed("diesel_2020")), "t"),
        ],
        columns=["category", "activity", "amount", "unit"],
    )
    same = {"site": "China", "year": "2020", "region": "CN", "release": release}
    return inventory.from_frame(rows, same=same).total("AR5", scope=1).magnitude


def test_fuels_of_2020_by_hand():
    # 15.36e6 x 2.1622e-3 = 33211.392; 608 x 3.0425 = 1849.84; 107.7 x 3.1451 = 338.72727
    total = fuels_2020(1, "ndrc-china/fuels-older-guideline")
    assert total == pytest.approx(35_399.95927, rel=1e-12)


def test_the_newer_guideline_makes_about_35_3_kt_by_hand():
    # 15.36e6 x 2.1622e-3 = 33211.392; 608 x 2.9251 = 1778.4608; 107.7 x 3.0959 = 333.42843
    total = fuels_2020(1, "sac-china/gbt-32151-2024")
    assert total == pytest.approx(35_323.28123, rel=1e-12)


@pytest.mark.parametrize("release", ["ndrc-china/fuels-older-guideline",
                                     "sac-china/gbt-32151-2024"])  # fmt: skip
@pytest.mark.parametrize("normal_volume", [1, 273.15 / 293.15])
def test_fuels_explain_most_of_scope_1_and_never_all(normal_volume, release):
    total = fuels_2020(normal_volume, release)
    assert 33_000 < total < 36_000
    assert 5_000 < printed("scope1") - total < 9_000


def test_scopes_make_the_total_and_the_shares():
    total = printed("scope1") + printed("scope2")
    assert total == printed("ghg_2020") == printed("scope_total_2020")
    for scope in ("scope1", "scope2"):
        assert round(100 * printed(scope) / total, 2) == printed(f"{scope}_share")


def test_eight_of_nine_intensities_come_out_rounded_and_2014_is_cut_off():
    exact = {y: printed(f"ghg_{y}") / REVENUE[y] for y in YEARS}
    off = {y for y in YEARS if round(exact[y], 2) != printed(f"intensity_{y}")}
    assert off == {2014}
    # 1,071,833 t / 288,197 million CNY = 3.7191 t per million CNY; printed: 3.71
    assert 0 < exact[2014] - printed("intensity_2014") < Fraction(1, 100)


def test_an_operating_margin_is_no_factor_for_the_inventory():
    margin = factors.find("electricity", region="CN-Southern", year=2019, kind="operating-margin")
    with pytest.raises(FactorKindError):
        scope2.location_based((printed("electricity_china_2020"), "GWh"), margin)


def test_the_break_of_2019_is_more_than_its_boundary():
    before = printed("ghg_2018") / printed("electricity_china_2018")
    # As if all electricity overseas and every fuel had been free of CO2.
    ceiling = printed("ghg_2019") / printed("electricity_china_2019")
    assert ceiling < before * Fraction(85, 100)


def test_totals_before_the_break_are_out_of_reach_net_of_clean_electricity():
    known = factors.find_all("electricity", kind="operating-margin", publisher="NDRC")
    known += factors.find_all("electricity", kind="operating-margin", year=2019, publisher="MEE")
    highest = max(factor.value for factor in known)
    for year in (2017, 2018):
        # Scope 1 and steam together make less than 3 % of the total of any year.
        electricity = printed(f"ghg_{year}") * Fraction(97, 100)
        net = printed(f"electricity_china_{year}") - 1000 * printed(f"clean_{year}")
        assert electricity / net / 1000 > Fraction(14, 10) * Fraction(highest)
