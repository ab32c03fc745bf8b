"""Examples whose results come from elsewhere, or from a calculation shown beside them."""

from __future__ import annotations

from typing import Any

import pytest

from carbonkit import printed
from carbonkit.avoidance import avoided_emissions, combined_margin, tree_equivalent
from carbonkit.formula import Result
from carbonkit.intensity import intensity, percent_change, scope_total, share
from carbonkit.intervals import Interval
from carbonkit.savings import (
    capacity_factor,
    cooling_cut,
    full_load_energy,
    optixstar,
    per_unit_saving,
    powerstar,
    pue_reduction_saving,
    pue_saving,
    share_of_baseline,
)
from carbonkit.scope2 import location_based

PUBLISHED = [
    # Sri Lanka 2022 by the Energy Balance of the Sustainable Energy Authority: OM 0.7123,
    # BM 0.5841, CM 0.6482, printed to four places (0.5 x 0.7123 + 0.5 x 0.5841 = 0.6482).
    (combined_margin("0.7123 kg CO2/kWh", "0.5841 kg CO2/kWh", 0.5), 0.6482, "kg CO2/kWh", 5e-5),
    # GreenLang GL-001 golden tests, rows intensity and scope 2 by location:
    # (50,000 + 25,000) t / 10,000 M$ = 7.5 t/M$.
    (
        intensity(scope_total("50000 t CO2e", "25000 t CO2e"), (10_000, "million USD")),
        7.5,
        "t CO2e/million USD",
        1e-9,
    ),
    # 750,000 kWh x 0.295 kg/kWh = 221,250 kg.
    (location_based("750000 kWh", "0.295 kg CO2e/kWh"), 221.25, "t CO2e", 1e-9),
    # Hetauda cement, sect. 2.5: 85 GWh x 0.0256 kg/kWh / (1 - 0.225) is printed as 2,808 t.
    (
        location_based((85e6 / (1 - 0.225), "kWh"), "0.0256 kg CO2/kWh"),
        2808,
        "t CO2",
        0.5,
    ),
    # Coor 2024: 5,415,082 of 6,824,998 kWh renewable, printed as 79 %.
    (share("5415082 kWh", "6824998 kWh"), 79, "%", 0.5),
    # PowerCell 2021, scope 1 + 2 market-based: 1.4 + 35.0 = 36.4 t.
    (scope_total("1.4 t CO2e", "35.0 t CO2e"), 36.4, "t CO2e", 1e-9),
    # Duni 2019, scope 1 + 2 market-based: 17,728 + 27,769 = 45,497 t (as printed).
    (scope_total("17728 t CO2e", "27769 t CO2e"), 45_497, "t CO2e", 1e-9),
]

BY_HAND = [
    # Huawei Sustainability Report 2020, p. 62 (iCooling): 27.64 GWh x 475 g/kWh = 13,129 t.
    (avoided_emissions("27.64 million kWh", "475 g CO2/kWh"), 13_129, "t CO2"),
    # p. 65 (OptiXstar): 38.5 kWh x 40 million = 1.54 TWh; x 475 g/kWh = 731,500 t.
    (optixstar("38.5 kWh/household/year", "40 million household"), 1.54, "TWh/year"),
    (avoided_emissions("1.54 TWh/year", "475 g CO2/kWh"), 731_500, "t CO2/year"),
    # PowerStar: 1.5 kWh x 400,000 sites x 365 d = 219 GWh.
    (powerstar("1.5 kWh/site/day", "400000 site", "365 day/year"), 219, "GWh/year"),
    # Scope 1 + 2 in 2020: 41,736 + 2,243,722 = 2,285,458 t, of which 1.826 %.
    (scope_total("41736 t CO2", "2243722 t CO2"), 2_285_458, "t CO2"),
    (share("2.5 t", "10 t"), 25, "%"),
    # (2.56 - 3.2)/3.2 = -0.64/3.2 = -20 %.
    (percent_change("2.56 t CO2/million CNY", "3.2 t CO2/million CNY"), -20, "%"),
    # Cabinet of 50 kW, PUE 2.2 -> 1.1: 50 x 1.1 x 8,760 = 481,800 kWh; 1 - 0.1/1.2 = 11/12.
    (pue_saving("50 kW", 2.2, 1.1, "8760 h/year"), 481_800, "kWh/year"),
    (cooling_cut(2.2, 1.1), 11 / 12, "1"),
    # 345.5 GWh x 8 % = 27.64 GWh.
    (pue_reduction_saving("345.5 GWh/year", (8, "%")), 27.64, "GWh/year"),
    (share_of_baseline("433 MWh/year", (30, "%")), 129.9, "MWh/year"),
    # 100 MW x 2,000 h = 200 GWh; 200 GWh / (100 MW x 8,000 h) = 1/4.
    (full_load_energy("100 MW", "2000 h/year"), 200, "GWh/year"),
    (capacity_factor("200 GWh/year", "100 MW", "8000 h/year"), 0.25, "1"),
    # 55 g x 10 million = 550 t.
    (per_unit_saving("55 g/phone", "10 million phone"), 550, "t"),
    # 13,129 t / 18.3 kg = 717,432 trees, and 13,129 t/year at 18.3 kg/year as many.
    (tree_equivalent("1830 t CO2/year", "18.3 kg CO2/tree/year"), 100_000, "tree"),
    (tree_equivalent("1830 t CO2/year", "18.3 kg CO2/tree"), 100_000, "tree/year"),
    # 1 MWh = 3.6 GJ; a pound is 0.45359237 kg.
    (avoided_emissions("3.6 GJ", "1000 lb CO2/MWh"), 453.59237, "kg CO2"),
    # 12 t of carbon are 44 t of CO2.
    (avoided_emissions("1 MWh", "12 t C/MWh"), 44, "t CO2"),
]


@pytest.mark.parametrize(("result", "expected", "unit", "tolerance"), PUBLISHED)
def test_published_results(result: Result, expected: float, unit: str, tolerance: float) -> None:
    assert result.to(unit).magnitude == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("result", "expected", "unit"), BY_HAND)
def test_results_worked_out_by_hand(result: Result, expected: float, unit: str) -> None:
    assert result.to(unit).magnitude == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("weight", [0.5, 0.75])
def test_the_weights_of_the_margins_add_up_to_one(weight: float) -> None:
    # CDM TOOL07: 0.5 and 0.5 by default (hydro, first crediting period), 0.75 and 0.25 for wind
    # and solar. Equal margins combine to themselves; with a build margin of zero only w x OM stays.
    assert combined_margin("0.6 t CO2/MWh", "0.6 t CO2/MWh", weight) == "0.6 t CO2/MWh"
    assert combined_margin("1 t CO2/MWh", "0 t CO2/MWh", weight) == (weight, "t CO2/MWh")
    assert combined_margin("0 t CO2/MWh", "1 t CO2/MWh", weight) == (1 - weight, "t CO2/MWh")


@pytest.mark.parametrize(
    ("new", "base", "low", "high"),
    [
        # Klimatbyran/garbo, Duni Group 2024: scope 1, scope 2 by location, scope 1 + 2.
        ("16051 t", "16974 t", -5.443, -5.432),
        ("12128 t", "11587 t", 4.66, 4.678),
        ("16475 t", "17812 t", -7.512, -7.501),
        # Vitec 2024, intensity; ICA Gruppen 2024 against 2022.
        ("0.57 t", "0.61 t", -8.13, -4.959),
        ("14921 t", "25479 t", -41.441, -41.435),
    ],
)
def test_published_intervals_of_changes(new: str, base: str, low: float, high: float) -> None:
    result = percent_change(printed.parse(new), printed.parse(base)).to("%").magnitude
    assert (float(result.lo), float(result.hi)) == pytest.approx((low, high), abs=6e-4)


@pytest.mark.parametrize(
    ("emissions", "per_revenue", "low", "high"),
    [
        # Klimatbyran/garbo, PowerCell 2023: the turnover implied by emissions and intensity.
        ("57.0 t", "0.18 t/million SEK", 307.84, 326.0),
        ("9744.8 t", "31.4 t/million SEK", 309.85, 310.84),
        ("9801.8 t", "31.6 t/million SEK", 309.69, 310.68),
    ],
)
def test_published_intervals_of_implied_denominators(
    emissions: str, per_revenue: str, low: float, high: float
) -> None:
    found = intensity.solve(
        "denominator",
        emissions=printed.parse(emissions),
        result=printed.parse(per_revenue),
        unit="million SEK",
    ).magnitude
    assert (float(found.lo), float(found.hi)) == pytest.approx((low, high), abs=0.006)


SOLVED: list[tuple[Any, str, dict[str, Any], Any, str]] = [
    # Which factor makes 3.4 GWh avoid 3,390 t? 3,390/3,400 = 339/340 kg/kWh.
    (avoided_emissions, "factor", {"result": "3390 t CO2", "energy": "3.4 GWh"}, 339 / 340,
     "kg CO2/kWh"),
    # Which facility saves 27.64 GWh by 8 %? 345.5 GWh.
    (pue_reduction_saving, "facility_energy", {"result": "27.64 GWh/year", "cut": (8, "%")},
     345.5, "GWh/year"),
    # Which base fell by 20 % to 2.56? 3.2.
    (percent_change, "base", {"result": "-20 %", "new": "2.56 t", "unit": "t"}, 3.2, "t"),
    # Which PUE before, if 1.1 cuts cooling by 11/12 = 1 - 0.1/x? x = 1.2, so 2.2.
    (cooling_cut, "pue_before", {"result": 11 / 12, "pue_after": 1.1}, 2.2, "1"),
    # How many sites at 3.5 kWh a day save 10 GWh a year? 10^7/(3.5 x 365) = 7,827.79.
    (powerstar, "sites", {"result": "10 GWh/year", "per_site_day": "3.5 kWh/site/day",
     "days": "365 day/year"}, 1e7 / 1277.5, "site"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "unknown", "given", "expected", "unit"), SOLVED)
def test_solved_by_hand(
    formula: Any, unknown: str, given: dict[str, Any], expected: float, unit: str
) -> None:
    found = formula.solve(unknown, **given)
    assert found.to(unit).magnitude == pytest.approx(expected, rel=1e-12)


def test_a_solved_interval_keeps_track_of_ends_that_do_not_belong() -> None:
    # 1 <= result <= 2 and 2 < energy < 4: from 1/4, which is not reached, to 2/2, neither.
    known = {"energy": (Interval(2, 4, lo_closed=False, hi_closed=False), "kWh")}
    found = avoided_emissions.solve("factor", result=(Interval(1, 2), "kg CO2"), **known)
    assert found.magnitude == Interval("0.25", 1, lo_closed=False, hi_closed=False)
    # Zero over anything is zero, and reached.
    zero = avoided_emissions.solve("factor", result=(Interval(0, 2), "kg CO2"), **known)
    assert zero.magnitude == Interval(0, 1, hi_closed=False)
