"""What the bundled US and UK releases hold, checked against the publishers' own arithmetic."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from functools import lru_cache

import pytest

from carbonkit import factors, gwp
from carbonkit.factors.model import Factor
from carbonkit.intervals import Interval

HUBS = ("us-epa/hub-2021", "us-epa/hub-2024", "us-epa/hub-2025")
EGRID = {2019: "us-epa/egrid-2019", 2022: "us-epa/egrid-2022", 2023: "us-epa/egrid-2023"}
UK = {year: f"uk-government/conversion-factors-{year}" for year in range(2020, 2026)}
BLENDS = ("R-404A", "R-407A", "R-407C", "R-407F", "R-410A", "R-507A")
REPORTS = ("SAR", "AR4", "AR5", "AR6")


@lru_cache
def rows() -> dict[str, list[Factor]]:
    """All factors, release by release."""
    found: dict[str, list[Factor]] = defaultdict(list)
    for factor in factors.library():
        found[factor.release].append(factor)
    return found


def printed(factor: Factor) -> Interval:
    """Everything that prints as this figure, rounded to nearest."""
    return factor.figure.interval()


def one(release: str, row: str) -> Factor:
    return factors.library().get(f"{release}#{row}")


# --- Counts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "release"), EGRID.items())
def test_27_subregions_and_the_country_by_gas_and_kind(year: int, release: str) -> None:
    for kind in ("average", "non-baseload"):
        for gas in ("CO2", "CH4", "N2O"):
            regions = {f.region for f in rows()[release] if (f.kind, f.gas) == (kind, gas)}
            assert len(regions - {"US"}) == 27
            assert "US" in regions
    assert {f.data_year for f in rows()[release]} == {year}


def test_older_egrid_editions() -> None:
    editions = defaultdict(set)
    for factor in rows()["us-epa/egrid-2005-2021"]:
        editions[factor.data_year].add(factor.region)
    # Puerto Rico joined with eGRID2019.
    old = dict.fromkeys((2005, 2007, 2009, 2010, 2012, 2014, 2016, 2018), 26)
    assert {year: len(found) for year, found in editions.items()} == old | {2020: 27, 2021: 27}


def test_grid_gross_loss_is_never_an_average() -> None:
    losses = [f for f in rows()["us-epa/egrid-2023"] if f.unit == "%"]
    assert len(losses) == 27  # every subregion but Puerto Rico, and the country
    assert {f.kind for f in losses} == {"t-and-d-loss"}
    assert all(4 < f.value < 5 for f in losses)


@pytest.mark.parametrize("release", HUBS)
def test_fuels_of_the_epa_hub(release: str) -> None:
    fuels = {f.item for f in rows()[release] if f.boundary == "stationary"}
    assert len(fuels) == 63  # 58 fuels and 5 wood furnishes of kraft pulping liquor
    mobile = [f for f in rows()[release] if f.boundary == "mobile"]
    assert len(mobile) == 10


@pytest.mark.parametrize(("edition", "release"), UK.items())
def test_uk_editions(edition: int, release: str) -> None:
    fuels = {f.item for f in rows()[release] if f.kind == "combustion"}
    # Until 2024 the sheet Fuels alone, which lists 31 (29 in 2020); with bioenergy in 2025.
    assert len(fuels) == {2020: 29, 2025: 50}.get(edition, 31)
    for kind in ("average", "t-and-d-loss", "well-to-tank"):
        assert any(f.kind == kind and f.activity == "electricity" for f in rows()[release])


def test_gwps_of_four_reports() -> None:
    for report in REPORTS:
        for gas in ("CO2", "CH4", "N2O", "SF6", "HFC134a"):
            assert gwp.get(report).factor(gas) > 0


def test_six_blends_by_mass() -> None:
    shares: dict[str, Fraction] = defaultdict(Fraction)
    for factor in rows()["ashrae/refrigerant-blends"]:
        assert factor.kind == "gwp-blend"
        shares[factor.activity] += Fraction(factor.value)
    assert shares == dict.fromkeys(BLENDS, Fraction(100))


# --- The publishers' own arithmetic -------------------------------------------------------------


@pytest.mark.parametrize("release", HUBS)
def test_heat_content_times_factor_is_the_factor_per_unit(release: str) -> None:
    by_fuel: dict[str, dict[tuple[str, str], Factor]] = defaultdict(dict)
    for factor in rows()[release]:
        if factor.locator.startswith("Table 1,"):
            by_fuel[factor.item][factor.gas, factor.unit.rpartition("/")[2]] = factor
    products = 0
    for fuel, found in by_fuel.items():
        content = [f for f in found.values() if f.kind == "gross-calorific-value"]
        if not content:  # kraft pulping liquors have no heat content in the table
            continue
        (heat,) = content
        for gas in ("CO2", "CH4", "N2O"):
            per_heat, per_unit = found[gas, "MMBtu"], found[gas, heat.unit.rpartition("/")[2]]
            product = printed(heat) * printed(per_heat)
            assert product.meets(printed(per_unit)), (fuel, gas)
            products += 1
    assert products == 58 * 3


@pytest.mark.parametrize("release", HUBS)
def test_mobile_and_stationary_agree_where_they_are_one_fuel(release: str) -> None:
    pairs = {"Motor Gasoline": 2, "Kerosene-Type Jet Fuel": 2, "Aviation Gasoline": 2}
    for item, expected in pairs.items():
        found = [
            f
            for f in rows()[release]
            if f.item == item and f.unit == "kg CO2/us_gallon" and f.kind == "combustion"
        ]
        assert len(found) == expected
        assert len({f.text for f in found}) == 1


@pytest.mark.parametrize("release", HUBS)
@pytest.mark.parametrize("gas", ["CO2", "CH4", "N2O"])
def test_steam_is_natural_gas_at_80_percent(release: str, gas: str) -> None:
    steam = one(release, f"steam-and-heat.{gas.lower()}-per-mmbtu")
    fuel = one(release, f"natural-gas.{gas.lower()}-per-mmbtu")
    assert (printed(fuel) / Fraction(8, 10)).meets(printed(steam))


@pytest.mark.parametrize("release", [*UK.values(), "uk-government/conversion-factors-2026"])
def test_uk_parts_sum_to_the_printed_total(release: str) -> None:
    figures: dict[str, dict[str, Factor]] = defaultdict(dict)
    for factor in rows()[release]:
        figures[factor.id.rpartition(".")[0]][factor.gas] = factor
        assert "CO2e/" in factor.unit  # parts are printed in kg CO2e
    split = {name: gases for name, gases in figures.items() if len(gases) == 4}
    assert len(split) == {"2020": 108, "2025": 120, "2026": 3}.get(release[-4:], 119)
    for name, gases in split.items():
        total = printed(gases["CO2"]) + printed(gases["CH4"]) + printed(gases["N2O"])
        assert total.meets(printed(gases["CO2e"])), name


@pytest.mark.parametrize(("edition", "release"), UK.items())
def test_uk_gross_is_below_net_by_5_to_12_percent(edition: int, release: str) -> None:
    pairs: dict[str, dict[str, Factor]] = defaultdict(dict)
    for factor in rows()[release]:
        if factor.kind == "combustion" and factor.gas == "CO2e" and factor.calorific_basis:
            pairs[factor.item, factor.unit][factor.calorific_basis] = factor
    both = [p for p in pairs.values() if len(p) == 2]
    assert len(both) >= 28, edition
    for pair in both:
        # The Digest of UK Energy Statistics takes net as 5 % (solids, liquids) to 10 % (gases)
        # below gross; other gases go a little further.
        assert 0.88 < pair["gross"].value / pair["net"].value < 0.96


def test_uk_electricity_is_of_two_years_before() -> None:
    for edition, release in UK.items():
        (total,) = (f for f in rows()[release] if f.kind == "average" and f.gas == "CO2e")
        assert total.data_year == edition - 2
        assert (total.valid_from, total.valid_to) == (f"{edition}-01-01", f"{edition}-12-31")
        assert total.gwp_set == ("AR4" if edition <= 2022 else "AR5")


@pytest.mark.parametrize("release", ["us-epa/hub-2021", "us-epa/hub-2025"])
def test_printed_blend_gwps_are_the_mass_weighted_sums(release: str) -> None:
    composition = defaultdict(list)
    for factor in rows()["ashrae/refrigerant-blends"]:
        composition[factor.activity].append((factor.gas, Fraction(factor.value) / 100))
    stated = [f for f in rows()[release] if f.kind == "gwp"]
    assert {f.activity for f in stated} == set(BLENDS) - {"R-407F"}  # the hub does not list it
    for factor in stated:
        assert factor.gwp_set is not None
        known = gwp.get(factor.gwp_set)
        computed = sum(share * known.factor(gas) for gas, share in composition[factor.activity])
        assert printed(factor).contains(computed), factor.activity


# --- Values that stand elsewhere ----------------------------------------------------------------

# 40 CFR Part 98, Tables C-1 and C-2 (81 FR 89252): the regulation from which the hub is drawn.
CFR_98 = [
    ("anthracite.hhv", "25.09"),
    ("anthracite.co2-per-mmbtu", "103.69"),
    ("natural-gas.hhv", "0.001026"),
    ("natural-gas.co2-per-mmbtu", "53.06"),
    ("natural-gas.ch4-per-mmbtu", "1.0"),
    ("natural-gas.n2o-per-mmbtu", "0.10"),
    ("motor-gasoline.co2-per-mmbtu", "70.22"),
    ("distillate-fuel-oil-no-2.co2-per-mmbtu", "73.96"),
    ("propane.co2-per-mmbtu", "62.87"),
]


@pytest.mark.parametrize(("row", "text"), CFR_98)
def test_epa_against_the_regulation(row: str, text: str) -> None:
    assert one("us-epa/hub-2025", row).text == text


# Widely quoted in company reports under the edition's name, per kWh of electricity generated.
UK_ELECTRICITY = {
    2020: "0.23314",
    2021: "0.21233",
    2022: "0.19338",
    2024: "0.20705",
    2025: "0.17700",
}


@pytest.mark.parametrize(("edition", "text"), UK_ELECTRICITY.items())
def test_uk_electricity_by_year_of_use(edition: int, text: str) -> None:
    found = factors.find(
        "electricity",
        region="GB",
        valid=edition,
        kind="average",
        gas="CO2e",
        publisher="UK Government",
    )
    assert (found.text, found.unit) == (text, "kg CO2e/kWh")


def test_egrid_by_data_year() -> None:
    found = factors.find(
        "electricity", region="US-eGRID-CAMX", year=2022, kind="average", gas="CO2"
    )
    # EPA eGRID2022 summary tables: 497.4 lb/MWh for WECC California.
    assert (found.text, found.unit) == ("497.443", "lb CO2/MWh")


# --- What must not be here ----------------------------------------------------------------------


def test_no_residual_mix_is_bundled() -> None:
    for release, found in rows().items():
        if release.startswith(("us-epa/", "uk-government/")):
            assert not any(f.kind == "residual" for f in found)


@pytest.mark.parametrize("release", HUBS)
def test_biogenic_co2_of_the_hub_is_set_apart(release: str) -> None:
    biogenic = {f.activity for f in rows()[release] if f.kind == "biogenic"}
    assert {"wood", "biodiesel", "ethanol", "landfill gas"} <= biogenic
    assert all(f.gas == "CO2" for f in rows()[release] if f.kind == "biogenic")
    burned = {f.activity for f in rows()[release] if (f.kind, f.gas) == ("combustion", "CO2")}
    assert not burned & biogenic
