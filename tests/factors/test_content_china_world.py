"""What the bundled Chinese and world releases hold, checked by arithmetic and outside figures."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest

from carbonkit import factors
from carbonkit.factors.model import Factor
from carbonkit.intervals import Interval

DATA = Path(__file__).parents[2] / "emission_factors"
GRIDS = {"North", "Northeast", "East", "Central", "Northwest", "Southern"}
NOTICES = {year: f"mee-china/electricity-{year}" for year in (2021, 2022, 2023)}
FUEL_TABLES = {
    "sac-china/gbt-32151-2024": 22,
    "ndrc-china/fuels-older-guideline": 23,
    "mee-china/fuels-power-2022": 1,
}
TOMLS = sorted(p for p in DATA.glob("*/*.toml") if not p.stem.endswith(".corrections"))


@lru_cache
def rows(name: str) -> tuple[Factor, ...]:
    release = next(r for r in factors.library().releases() if r.name == name)
    return tuple(release.factor(row) for row in release.rows())


def one(release: str, row: str) -> Factor:
    return factors.library().get(f"{release}#{row}")


def printed(factor: Factor) -> Interval:
    """Everything that prints as this figure, rounded to nearest."""
    return factor.figure.interval()


# --- Counts -------------------------------------------------------------------------------------


def test_six_grids_by_operating_and_build_margin() -> None:
    found = {(f.kind, f.region) for f in rows("mee-china/om-bm-2019")}
    assert found == {
        (kind, f"CN-{grid}") for kind in ("operating-margin", "build-margin") for grid in GRIDS
    }


def test_three_national_vintages_and_ninety_provincial_averages() -> None:
    provinces = set()
    for year, release in NOTICES.items():
        averages = {f.region for f in rows(release) if f.kind == "average"}
        assert "CN" in averages
        assert {f"CN-{g}" for g in (*GRIDS, "Southwest")} <= averages
        provinces |= {(year, r) for r in averages if re.fullmatch(r"CN-[A-Z]{2}", r)}
        assert {f.data_year for f in rows(release)} == {year}
    assert len(provinces) == 3 * 30  # Tibet is not in the notices


@pytest.mark.parametrize(("release", "fuels"), FUEL_TABLES.items())
def test_four_rows_for_each_fuel_of_the_chinese_tables(release: str, fuels: int) -> None:
    kinds = defaultdict(set)
    for factor in rows(release):
        kinds[factor.item].add(factor.kind)
    assert len(kinds) == fuels
    four = {"net-calorific-value", "carbon-content", "oxidation", "combustion"}
    assert all(found == four for found in kinds.values())


def test_53_fuels_of_the_ipcc() -> None:
    kinds = defaultdict(set)
    for factor in rows("ipcc/2006-fuels"):
        kinds[factor.kind].add(factor.item)
    assert len(kinds["carbon-content"]) == 53
    assert len(kinds["combustion"] | kinds["biogenic"]) == 53
    # Table 1.2 prints no calorific value of industrial wastes.
    assert kinds["carbon-content"] - kinds["net-calorific-value"] == {"Industrial Wastes"}


def test_213_countries_and_the_world_over_25_years() -> None:
    years = defaultdict(set)
    for factor in rows("ember/owid-2026-04"):
        years[factor.region].add(factor.data_year)
    assert years["World"] == set(range(2000, 2026))
    assert len(years.keys() - {"World"}) >= 213
    full = [region for region, found in years.items() if set(range(2000, 2025)) <= found]
    assert len(full) >= 190  # the others begin later or end before 2024


def test_the_iea_chart_holds_no_estimate_or_forecast() -> None:
    chart = rows("iea/chart-2024")
    assert {f.region for f in chart} == {"World", "US", "CN", "IN", "EU", "SE-Asia"}
    assert {f.data_year for f in chart} == set(range(2015, 2023))


# --- Sources ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TOMLS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_release_names_its_source(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    source = tomllib.loads(text)["source"]
    for key in ("publisher", "title", "published", "url", "licence", "read_from"):
        assert source.get(key), key
    assert source["url"].startswith("http")
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        body = file.read()
    # Words of the working notes from which the figures were taken: they mark what may not ship.
    for word in ("recalled", "unverified", "public secondary copy", "/work/", "/home/"):
        assert word not in text
        assert word not in body
    assert not re.search(r"(?<![\w./-])\d{9,}(?![\w.])", source["read_from"])


def test_second_readings_are_counted_in_the_readme() -> None:
    held: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path in TOMLS:
        default = tomllib.loads(path.read_text(encoding="utf-8")).get("defaults", {})
        with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                held[path.parent.name][0] += 1
                held[path.parent.name][1] += bool(row.get("checked") or default.get("checked"))
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Second readings")[2].partition("\n## ")[0]
    stated = {
        name: [int(total), int(checked)]
        for name, total, checked in re.findall(r"\| `([\w-]+)` \| (\d+) \| (\d+) \|", section)
    }
    wanted = "\n".join(f"| `{k}` | {n} | {c} |" for k, (n, c) in sorted(held.items()))
    assert stated == held, f"the table should say:\n{wanted}"
    total, checked = (sum(v[i] for v in held.values()) for i in (0, 1))
    assert f"{checked} of {total} rows" in " ".join(section.split())


# --- Arithmetic ---------------------------------------------------------------------------------


@pytest.mark.parametrize("release", FUEL_TABLES)
def test_chinese_factors_are_ncv_times_carbon_times_oxidation(release: str) -> None:
    fuels: dict[str, dict[str, Factor]] = defaultdict(dict)
    for factor in rows(release):
        fuels[factor.item][factor.kind] = factor
    for parts in fuels.values():
        product = Fraction(44, 12)
        for kind in ("net-calorific-value", "carbon-content", "oxidation"):
            product *= Fraction(parts[kind].value)
        # GJ/t x t C/TJ = kg C/t; GJ/10^4 Nm3 x t C/TJ = kg C/10^4 Nm3.
        product /= 10_000 if parts["combustion"].unit == "kg CO2/Nm3" else 1_000
        assert printed(parts["combustion"]).contains(product), parts["combustion"]


def test_ipcc_co2_is_carbon_times_44_12_to_three_digits() -> None:
    carbon = {f.item: f.value for f in rows("ipcc/2006-fuels") if f.kind == "carbon-content"}
    for factor in rows("ipcc/2006-fuels"):
        if factor.gas == "CO2":
            exact = Fraction(carbon[factor.item]) * Fraction(44, 12) * 1000
            unit_of_third_digit = 10 ** (len(factor.text) - 3)
            assert abs(exact - Fraction(factor.value)) <= Fraction(unit_of_third_digit, 2), factor


@pytest.mark.parametrize("release", NOTICES.values())
def test_a_region_lies_between_its_provinces(release: str) -> None:
    averages = {f.region: f.value for f in rows(release) if f.kind == "average"}
    members = {
        "CN-North": "BJ TJ HE SX SD NM",
        "CN-Northeast": "LN JL HL NM",
        "CN-East": "SH JS ZJ AH FJ",
        "CN-Central": "JX HA HB HN",
        "CN-Southwest": "CQ SC",
        "CN-Northwest": "SN GS QH NX XJ",
        "CN-Southern": "GD GX YN GZ HI",
    }
    for region, provinces in members.items():
        values = [averages[f"CN-{p}"] for p in provinces.split()]
        assert min(values) < averages[region] < max(values), region
    regions = [averages[r] for r in members]
    assert min(regions) < averages["CN"] < max(regions)


def test_excluding_traded_non_fossil_raises_the_average() -> None:
    for release in NOTICES.values():
        average = one(release, "average-cn").value
        residual = one(release, "residual-cn").value
        assert average < residual
        for fossil in (f for f in rows(release) if f.kind == "fossil"):
            assert residual < fossil.value


def test_a_three_year_margin_lies_between_its_years() -> None:
    years = defaultdict(list)
    for factor in rows("ndrc-china/om-2016"):
        if factor.activity != "electricity":
            years[factor.region].append(factor.value)
    for grid in GRIDS:
        assert len(years[f"CN-{grid}"]) == 3
        margin = one("ndrc-china/om-2016", f"om-cn-{grid.lower()}").value
        assert min(years[f"CN-{grid}"]) < margin < max(years[f"CN-{grid}"])


def test_india_weighs_its_margins_equally() -> None:
    om, bm, cm = (
        one("cea/baseline-21", f"{kind}-margin-in-2024")
        for kind in ("operating", "build", "combined")
    )
    assert (printed(om) * Fraction(1, 2) + printed(bm) * Fraction(1, 2)).meets(printed(cm))


# --- Figures from outside -----------------------------------------------------------------------


def test_the_ministry_says_the_footprint_fell_by_6_9_percent() -> None:
    # Explanation of the 2024 notice: 0.5777, down 6.9 % from 0.6205 in 2023.
    new = one("mee-china/footprint-2024", "footprint-cn-2024")
    old = one("mee-china/footprint-2023", "footprint-cn-2023")
    assert (new.text, old.text) == ("0.5777", "0.6205")
    assert round(100 * (1 - new.value / old.value), 1) == Decimal("6.9")
    assert new.kind == old.kind == "life-cycle"


def test_answers_of_the_ministry_on_2023() -> None:
    # The ministry's answers to the press on the 2023 factors, January 2026.
    release = NOTICES[2023]
    assert one(release, "average-cn").text == "0.5306"
    assert one(release, "residual-cn").text == "0.6096"
    assert one(release, "fossil-cn").text == "0.8273"
    assert one(release, "average-cn-southern").text == "0.4042"


def test_ets_defaults_in_the_order_of_their_notices() -> None:
    # The 2022 text: "from 0.6101 to 0.5810 tCO2/MWh"; tanpaifang.com, 15 February 2023: 0.5703.
    texts = [
        one(f"mee-china/{release}", row).text
        for release, row in (
            ("ets-guideline-2021", "electricity-cn-default"),
            ("ets-guideline-2022", "electricity-cn-default"),
            ("ets-notice-2023", "electricity-cn-default-2022"),
        )
    ]
    assert texts == ["0.6101", "0.5810", "0.5703"]
    assert "draft" in one("mee-china/ets-guideline-2021-draft", "electricity-cn-draft").item


def test_four_decimals_are_kept_in_the_chinese_tables() -> None:
    releases = ["mee-china/om-bm-2019", "ndrc-china/regional-average-2012", *NOTICES.values()]
    for release in releases:
        assert all(re.fullmatch(r"[01]\.\d{4}", f.text) for f in rows(release)), release


def test_where_the_folk_factor_comes_from() -> None:
    # 0.4 kg of standard coal, 0.68 kg of carbon in each, 44/12.
    coal = one("folk/china-kwh-saved", "kwh-saved-coal")
    co2 = one("folk/china-kwh-saved", "kwh-saved-co2")
    carbon = one("folk/china-kwh-saved", "kwh-saved-carbon")
    exact = Fraction(coal.value) * Fraction("0.68") * Fraction(44, 12)
    assert printed(co2).contains(exact)
    assert printed(carbon).contains(exact * Fraction(12, 44))
    assert {f.kind for f in rows("folk/china-kwh-saved")} == {"folk"}


def test_standard_coal_burns_like_the_ipcc_bituminous_coal() -> None:
    coal = Fraction(one("sac-china/gbt-2589", "standard-coal").value)
    carbon = Fraction(one("ipcc/2006-fuels", "bituminous-coal-carbon").value)
    factor = one("folk/china-standard-coal-co2", "standard-coal-co2")
    assert printed(factor).contains(coal * carbon * Fraction(44, 12) / 1000)


def test_standard_coal_coefficients_are_in_kcal() -> None:
    # 7000 kcal in each kilogram: 860 kcal in a kWh, and 4.1816 kJ in a kcal for the fuels.
    assert printed(one("sac-china/gbt-2589", "electricity-ce")).contains(Fraction(860, 7000))
    kilojoules = {"diesel-ce": 42652, "gasoline-ce": 43070, "natural-gas-ce": 38931}
    for row, energy in kilojoules.items():
        coal = Fraction("4.1816") * 7000
        assert printed(one("sac-china/gbt-2589", row)).contains(energy / coal), row


def test_475_and_488_are_two_vintages_of_one_year() -> None:
    found = factors.find_all("electricity", region="World", year=2018, publisher="IEA")
    assert {(f.release, f.text) for f in found} == {
        ("iea/world-2018", "475"),
        ("iea/chart-2024", "488"),
    }


def test_ember_is_pinned_and_higher_than_combustion() -> None:
    # A note of its release of 2025: China 2021 was revised from 544 to 599 g.
    china = factors.find("electricity", region="CN", year=2021, publisher="Ember")
    assert round(china.value) == 599
    assert china.kind == "life-cycle"
    assert china.value > 1000 * one(NOTICES[2021], "average-cn").value


def test_recommended_football_pitch() -> None:
    # FIFA Football Stadiums Guidelines: "105 metres x 68 metres".
    assert [f.text for f in rows("fifa/stadium-guidelines")] == ["105", "68"]


def test_conventions_are_never_averages() -> None:
    for path in TOMLS:
        if path.parent.name in ("folk", "conventions", "fifa"):
            found = rows(f"{path.parent.name}/{path.stem}")
            assert {f.kind for f in found} <= {"folk", "equivalence"}
