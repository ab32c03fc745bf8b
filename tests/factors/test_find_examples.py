"""Look-ups whose answers are known from outside the library."""

from __future__ import annotations

import datetime as dt
import pickle
import subprocess
import sys
from decimal import Decimal

import pandas as pd
import pytest
from making import head, opened, table, write

from carbonkit import factors
from carbonkit.errors import AmbiguousFactor, FactorError, FactorNotFound

# MEE, 2019年度减排项目中国区域电网基准线排放因子: operating and build margin, t CO2/MWh.
MARGINS_2019 = {
    "North": ("0.9419", "0.4819"),
    "Northeast": ("1.0826", "0.2399"),
    "East": ("0.7921", "0.3870"),
    "Central": ("0.8587", "0.2854"),
    "Northwest": ("0.8922", "0.4407"),
    "Southern": ("0.8042", "0.2135"),
}


@pytest.mark.parametrize("grid", MARGINS_2019)
def test_margins_of_the_chinese_grids(grid):
    found = [
        factors.find("electricity", region=f"{grid} China", year=2019, kind=kind).text
        for kind in ("operating-margin", "build-margin")
    ]
    assert tuple(found) == MARGINS_2019[grid]


# MEE and NBS notices by data year; third-party code often swaps 2021 and 2022.
@pytest.mark.parametrize(("year", "value"), [(2021, "0.5568"), (2022, "0.5366"), (2023, "0.5306")])
def test_chinese_national_averages_are_not_swapped(year, value):
    release = f"mee-china/electricity-{year}"
    found = factors.find("electricity", region="China", kind="average", release=release)
    assert (found.text, found.data_year) == (value, year)


def test_the_world_average_is_a_vintage():
    # IEA, Global Energy & CO2 Status Report 2019: 475 g CO2/kWh in 2018.
    world = factors.find("electricity", region="World", year=2018, release="iea/world-2018")
    assert world.value == Decimal(475)
    assert world.quantity.to("kg CO2/kWh").magnitude == pytest.approx(0.475)
    assert world.figure.interval().contains("475.4")
    with pytest.raises(FactorNotFound, match=r"there are years 2018 to 2018; rule='latest_before'"):
        factors.find("electricity", region="World", year=2020, release="iea/world-2018")


def test_names_codes_and_aliases_find_the_same():
    for name in ("CN-GD", "Guangdong", "guangdong", "广东"):
        found = factors.find("electricity", region=name, year=2022, kind="average")
        assert found.text == "0.4403"  # MEE notice, data year 2022, table 3
    assert dict(found.match.asked)["region"] == "广东"
    assert factors.find("power", region="CN-GD", year=2022).match.got == (
        ("activity", "electricity"),
    )


def test_a_province_without_a_figure_asks_its_grid_only_when_told():
    # The notice for 2023 has no row for Tibet; Southwest 2023 is 0.2472.
    with pytest.raises(FactorNotFound, match="parent_region"):
        factors.find("electricity", region="Tibet", year=2023, kind="average")
    found = factors.find(
        "electricity", region="Tibet", year=2023, kind="average", rule=("exact", "parent_region")
    )
    assert found.text == "0.2472"
    assert str(found.match) == (
        "parent_region: asked for region Tibet, got CN-Southwest (after exact found nothing)"
    )


def test_sichuan_belonged_to_the_central_grid_in_the_margins_of_2019():
    found = factors.find(
        "electricity", region="CN-SC", year=2019, kind="operating-margin", rule="parent_region"
    )
    assert found.text == MARGINS_2019["Central"][0]


def test_an_ambiguous_question_says_what_tells_the_candidates_apart():
    with pytest.raises(AmbiguousFactor, match=r"0\.5306[\s\S]*0\.6096[\s\S]*kind='average'"):
        factors.find("electricity", region="CN", year=2023, publisher="MEE")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"region": "Chna"}, "Did you mean China"),
        ({"region": "ZZ"}, "there is no region 'ZZ'"),
        ({"region": "CN", "kind": "operating margin"}, "Did you mean operating-margin"),
        ({"region": "CN", "year": "2019"}, "not a whole number"),
        ({"region": "CN", "year": True}, "not a whole number"),
        ({"region": "CN", "year": 2019.5}, "not a whole number"),
        ({"region": "CN", "rule": "newest"}, "unknown rule 'newest'"),
        ({"region": "CN", "rule": "latest_before"}, "needs a year"),
        ({"region": "CN", "year": 2019, "rule": "nearest+latest_before"}, "one after the other"),
        ({"year": 2019, "rule": "parent_region"}, "needs a region"),
        ({"region": "CN", "year": 2019, "rule": ()}, "empty"),
        ({"region": "CN", "valid": "soon"}, "neither a year nor a date"),
    ],
)
def test_questions_that_cannot_be(question, words):
    with pytest.raises(FactorError, match=words):
        factors.find("electricity", **question)


def test_an_unknown_activity_names_its_neighbours():
    with pytest.raises(FactorNotFound, match="Did you mean electricity"):
        factors.find("electricty", region="CN")
    with pytest.raises(FactorError, match="names no activity"):
        factors.find(" ")


def test_british_editions_are_found_by_the_year_of_use():
    # UK Government 2024, UK electricity: 0.20705 kg CO2e/kWh generated, data of 2022.
    found = factors.find(
        "electricity",
        region="UK",
        valid=2024,
        kind="average",
        gas="CO2e",
        publisher="UK Government",
    )
    assert (found.text, found.data_year) == ("0.20705", 2022)


def test_market_based_hierarchy(tmp_path):
    rows = [
        {"kind": "average", "value": "0.5"},
        {"kind": "residual", "value": "0.6"},
        {"kind": "supplier", "value": "0.2", "region": "FR"},
    ]
    write(tmp_path / "own", "r", head(), table(rows))
    library = opened(tmp_path)
    french = library.find("electricity", region="FR", rule=factors.SCOPE2_MARKET_BASED)
    chinese = library.find("electricity", region="CN", rule=factors.SCOPE2_MARKET_BASED)
    assert (french.kind, chinese.kind) == ("supplier", "residual")
    assert chinese.match.rule == "residual by exact"
    assert chinese.match.tried == tuple(
        f"{kind} by exact" for kind in ("certificate", "contract", "supplier")
    )
    with pytest.raises(FactorError, match="looks for kind"):
        library.find("electricity", kind="average", rule=factors.SCOPE2_MARKET_BASED)


def test_a_later_release_replaces_an_earlier_one_but_not_in_the_past(tmp_path):
    more = 'supersedes = ["own/r2020"]'
    write(tmp_path / "own", "r2020", head(published="2020-03-01"), table([{"value": "0.5"}]))
    write(
        tmp_path / "own",
        "r2021",
        head(published="2021-03-01", more=more),
        table([{"value": "0.4"}]),
    )
    library = opened(tmp_path)
    assert library.find("electricity", region="CN").text == "0.4"
    assert library.find("electricity", region="CN", release="own/r2020").text == "0.5"
    assert library.as_of("2021-02-28").find("electricity", region="CN").text == "0.5"
    assert library.as_of("2021-03-01").find("electricity", region="CN").text == "0.4"
    with pytest.raises(FactorNotFound):
        library.as_of(2019).find("electricity", region="CN")
    assert [s.replaced for s in library.sources()] == [True, False]


def test_a_bare_year_of_publication_is_its_last_day():
    assert factors.as_of("2019-12-31").find("electricity", release="iea/world-2018")
    with pytest.raises(FactorNotFound):
        factors.as_of("2019-12-30").find("electricity", release="iea/world-2018")
    assert factors.as_of(dt.date(2019, 12, 31)).as_of(2030).find(
        "electricity", release="iea/world-2018"
    ).match.as_of == dt.date(2019, 12, 31)


def test_a_correction_is_dated_recorded_and_fails_once_upstream_is_repaired(tmp_path):
    correction = """format = "carbonkit-corrections/1"
[[correction]]
id = "r0"
column = "value"
upstream = "0.9810"
corrected = "0.8910"
date = 2022-05-01
reason = "digits swapped"
"""
    release = write(tmp_path / "own", "r", head(), table([{"value": "0.9810"}]))
    (tmp_path / "own" / "r.corrections.toml").write_text(correction, encoding="utf-8")
    library = opened(tmp_path)
    found = library.find("electricity", region="CN")
    assert found.text == "0.8910"
    assert "digits swapped" in str(found)
    past = library.as_of("2022-04-30").find("electricity", region="CN")
    assert (past.text, past.corrections) == ("0.9810", ())
    write(release.parent, "r", head(), table([{"value": "0.8910"}]))
    with pytest.raises(FactorError, match="repaired upstream, remove the correction"):
        opened(tmp_path).find("electricity", region="CN")


def test_search_forgives_typing_errors():
    assert factors.search("natral gas chna")[0].activity == "natural gas"
    first = factors.search("natural gas china")[0]
    assert (first.activity, first.region, first.kind) == ("natural gas", "CN", "combustion")
    assert factors.search("guangdong power 2022")[0].text == "0.4403"
    assert factors.search("xqzw") == ()
    with pytest.raises(FactorError, match="search for words"):
        factors.search("  ")


def test_history_and_compare():
    frame = factors.history(
        "electricity",
        region="CN",
        kind="average",
        publisher="MEE",
        boundary="generation",
        to="kg/kWh",
    )
    assert frame["data_year"].is_monotonic_increasing
    assert dict(zip(frame["data_year"], frame["value"], strict=True))[2022] == 0.5366
    frame = factors.compare(
        "electricity", region=["CN-North", "FR"], year=2019, kind="operating-margin"
    )
    assert frame["region"].tolist() == ["CN-North", "FR"]
    assert frame["value"].tolist()[0] == 0.9419
    assert frame["problem"].tolist()[1].startswith("no factor for electricity, region FR")


def test_tables_refuse_what_they_do_not_know():
    asked = pd.DataFrame({"activity": ["electricity"], "regoin": ["CN"]})
    with pytest.raises(FactorError, match="Did you mean region"):
        factors.find_frame(asked)
    asked = pd.DataFrame({"activity": ["electricity"], "region": ["World"], "kwh": [3.0]})
    with pytest.raises(FactorError, match=r"on=\[\.\.\.\]"):
        factors.find_frame(asked)
    asked["year"] = [2018.0]
    answer = factors.find_frame(asked, on=["activity", "region", "year"], release="iea/world-2018")
    assert answer["value"].tolist() == [475.0]
    asked["year"] = [1950]
    with pytest.raises(FactorError, match=r"1 of 1 different[\s\S]*row 0: no factor"):
        factors.find_frame(asked, on=["activity", "region", "year"])


def test_factors_pickle_and_do_not_change():
    factor = factors.find("electricity", release="iea/world-2018")
    assert pickle.loads(pickle.dumps(factor)) == factor  # noqa: S301 - our own bytes
    with pytest.raises(AttributeError):
        factor.text = "488"


def test_a_first_factor_needs_neither_pandas_nor_pint_nor_the_iso_tables():
    code = (
        "import sys; from carbonkit import factors;"
        "factors.find('electricity', region='North China', year=2019, kind='build-margin');"
        "print(sorted({'pandas', 'pint', 'pycountry', 'rapidfuzz', 'numpy'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines()[-1] == "[]"
