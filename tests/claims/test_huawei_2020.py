"""The shipped report: its headline values by hand, and one printed digit changed."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from importlib import resources

import pytest

from carbonkit.claims import Audit, Report, Verdict, load_report, parse_report
from carbonkit.claims.relation import FORMULAS

SOURCE = (resources.files("carbonkit") / "reports" / "huawei-2020.toml").read_text("utf-8")


@pytest.fixture(scope="module")
def report() -> Report:
    return load_report("huawei-2020")


@pytest.fixture(scope="module")
def audit(report: Report) -> Audit:
    return report.verify()


# --- headline values -----------------------------------------------------------------------------


def test_icooling_comes_out_to_the_tonne(audit: Audit) -> None:
    # 27.64 million kWh x 0.475 kg/kWh = 13,129 t
    finding = audit["p62-icooling-co2"].deciding
    assert finding.verdict is Verdict.EXACT
    assert finding.nominal == 13129
    assert "27.64 million kWh × 475 g CO2/kWh = 13,129 t CO2/year" in finding.arithmetic


def test_optixstar_is_more_than_its_bound_by_the_chain_from_the_households(audit: Audit) -> None:
    # 38.5 kWh x 40 million = 1.54 TWh; x 0.475 = 731,500 t; 1.5 TWh alone makes 712,500 t
    energy = audit["p65-optixstar-energy"].deciding
    assert (energy.verdict, energy.strength) == (Verdict.QUALIFIER, "entailed")
    assert energy.nominal == 1_540_000_000
    result = audit["p65-optixstar-co2"]
    assert result.verdict is Verdict.QUALIFIER
    from_energy, from_homes = result.findings
    assert (from_energy.nominal, from_energy.strength) == (712_500, "compatible")
    assert from_homes.nominal == 731_500
    assert from_homes.verdict is Verdict.QUALIFIER


def test_powerstar_exceeds_its_literal_bound(audit: Audit) -> None:
    # 1.5 kWh x 400,000 x 365 = 219 million kWh against "up to 200 million": 19 / 200 = 9.5 %
    finding = audit["p4-powerstar-200gwh"].deciding
    assert finding.verdict is Verdict.ROUNDING
    assert finding.nominal == 219_000_000
    assert "literal bound exceeded by 9.5 %" in finding.why.lower()


def test_shanghai_metro_is_twice_what_the_cited_factor_gives(audit: Audit) -> None:
    # 3.4 million kWh x 0.475 = 1,615 t; 3,390 t / 3.4 million kWh = 0.997 kg/kWh
    result = audit["p74-metro-co2"]
    assert result.verdict is Verdict.INCONSISTENT
    assert result.deciding.nominal == 1615
    assert "2.1 times" in result.deciding.why
    (implied,) = result.deciding.implied
    assert implied.unit == "g CO2/kWh"
    assert implied.interval.contains(997)
    assert any(text.startswith("0.997 kg CO2/kWh") for text in implied.published)
    assert "0.997 kg CO2/kWh" in result.explain()


def test_intensity_and_its_fall_against_the_base_year(audit: Audit) -> None:
    # 2,285,458 t / (141,893 / 0.159) million = 2.561; 1 - 2.56 / 3.83 = 33.16 %
    intensity = audit["p70-intensity-2020"]
    assert intensity.verdict is Verdict.EXACT
    assert intensity.findings[0].nominal == pytest.approx(2285458 / (141893 / 0.159))
    (change,) = (f for f in audit["p70-pct-series"].findings if f.printed_text.startswith("-33.2"))
    assert change.verdict is Verdict.EXACT
    assert float(change.nominal or 0) == pytest.approx((2.56 / 3.83 - 1) * 100)


def test_scope_shares(audit: Audit) -> None:
    # 41,736 + 2,243,722 = 2,285,458; 41,736 / 2,285,458 = 1.826 %
    by_text = {f.printed_text: f for f in audit["p70-scope-split"].findings}
    assert {f.verdict for f in by_text.values()} == {Verdict.EXACT}
    assert float(by_text["1.83%"].nominal or 0) == pytest.approx(41736 / 2285458 * 100)
    assert float(by_text["98.17%"].nominal or 0) == pytest.approx(2243722 / 2285458 * 100)


# --- the whole of it -----------------------------------------------------------------------------


# Formulas that need what no report of this kind prints: inventories, losses, heat, gases.
FOR_INVENTORIES = {"carbonkit.scope1", "carbonkit.scope2.formulas", "carbonkit.scope2"}


def test_the_report_has_enough_claims_and_calls_every_formula(report: Report) -> None:
    assert len(report.claims) >= 45
    called = {f.name for claim in report for r in claim.relations for f in r.formulas()}
    about_claims = {n for n, f in FORMULAS.items() if f.__module__ not in FOR_INVENTORIES}
    # It states no rate of growth, no change in points and no average of two.
    unstated = {"cagr", "points_change", "weighted_average"}
    assert about_claims - unstated | {"combustion", "location_based"} == called


def test_every_figure_fact_and_unknown_is_used(report: Report) -> None:
    used = {n for claim in report for r in claim.relations for n in r.names}
    content = tomllib.loads(SOURCE)
    for name in content.get("derived", {}):
        assert any(name in relation_texts(entry) for entry in content["claims"])
    unused = {n for n, v in report.values.items() if v.role in ("fact", "unknown")} - used
    assert not unused


def relation_texts(entry: Mapping[str, object]) -> str:
    return " ".join([str(entry.get("relation", "")), *map(str, entry.get("relations", []))])  # type: ignore[call-overload]


def test_ids_are_unique_and_name_their_page(report: Report) -> None:
    ids = [claim.id for claim in report]
    assert not [i for i, times in Counter(ids).items() if times > 1]
    for claim in report:
        assert re.fullmatch(r"p\d+(-[a-z0-9]+)+", claim.id), claim.id
        assert claim.id.split("-")[0][1:] == claim.page.split("-")[0]


def test_no_verdict_is_written_in_the_file() -> None:
    content = tomllib.loads(SOURCE)
    words = [str(v) for v in Verdict if v is not Verdict.NOT_CHECKABLE]
    for claim in content["claims"]:
        assert "verdict" not in claim
        assert not [w for w in words if w in str(claim)]


def test_every_claim_says_why_and_every_open_one_what_is_missing(audit: Audit) -> None:
    for result in audit:
        assert result.deciding.why.endswith("."), result.id
        assert result.explain()
        if not result.claim.relations:
            assert result.claim.missing, result.id


def test_the_order_of_claims_does_not_matter(report: Report, audit: Audit) -> None:
    head, *claims = SOURCE.split("[[claims]]")
    turned = "[[claims]]".join([f"{head}\n", *(f"{c}\n" for c in reversed(claims))])
    again = parse_report(turned.encode(), "turned.toml").verify()
    assert {r.id: r.verdict for r in again} == {r.id: r.verdict for r in audit}


# --- one digit changed ---------------------------------------------------------------------------

CHANGES = [
    # figure, printed, changed, claim, verdict after
    ("icooling_saved", "27.64 million", "28.64 million", "p62-icooling-co2", Verdict.INCONSISTENT),
    ("icooling_co2", "13,129", "13,229", "p62-icooling-co2", Verdict.INCONSISTENT),
    ("icooling_co2", "13,129", "13,128", "p62-icooling-co2", Verdict.ROUNDING),
    ("icooling_saved_box", "27.64", "27.65", "p62-icooling-box", Verdict.INCONSISTENT),
    ("powerturbo_co2", "4,750", "5,750", "p63-powerturbo-co2", Verdict.INCONSISTENT),
    ("powerstar_saved", "200 million", "300 million", "p4-powerstar-200gwh", Verdict.QUALIFIER),
    ("powerstar_saved", "200 million", "100 million", "p4-powerstar-200gwh", Verdict.INCONSISTENT),
    ("powerstar_per_site", "1.5", "1.1", "p4-powerstar-200gwh", Verdict.QUALIFIER),
    ("optixstar_co2", "730,000", "930,000", "p65-optixstar-co2", Verdict.NOT_CHECKABLE),
    ("optixstar_per_home", "38.5", "18.5", "p65-optixstar-energy", Verdict.NOT_CHECKABLE),
    ("metro_co2", "3,390", "1,390", "p74-metro-co2", Verdict.INCONSISTENT),
    ("metro_co2", "3,390 tons", "1,615 tons", "p74-metro-co2", Verdict.EXACT),
    ("metro_energy", "3.4 million", "7.1 million", "p74-metro-co2", Verdict.ROUNDING),
    ("baofeng_co2", "2.047", "2.147", "p75-baofeng-co2", Verdict.INCONSISTENT),
    ("intensity_2020", "2.56", "2.57", "p70-intensity-2020", Verdict.INCONSISTENT),
    ("intensity_2017", "3.11", "3.12", "p70-intensity-2017", Verdict.INCONSISTENT),
    ("change_2020", "-33.2%", "-33.5%", "p70-pct-series", Verdict.INCONSISTENT),
    ("change_2020", "-33.2%", "-33.3%", "p70-pct-series", Verdict.ROUNDING),
    ("change_2020", "-33.2%", "33.2%", "p70-pct-series", Verdict.INCONSISTENT),
    ("scope1", "41,736", "41,738", "p70-scope-split", Verdict.INCONSISTENT),
    ("scope1", "41,736", "41,737", "p70-scope-split", Verdict.ROUNDING),
    ("scope1_share", "1.83%", "1.85%", "p70-scope-split", Verdict.INCONSISTENT),
    ("scope2_share", "98.17%", "98.27%", "p70-scope-split", Verdict.INCONSISTENT),
    ("decrease_p7", "33.2%", "32.2%", "p7-intensity-332", Verdict.INCONSISTENT),
    ("landfill_p118", "0.79%", "1.79%", "p118-goal13-landfill", Verdict.INCONSISTENT),
    ("suppliers_rest", "7", "8", "p73-suppliers-top100", Verdict.INCONSISTENT),
    ("mate40_paper", "550", "650", "p79-mate40-paper", Verdict.INCONSISTENT),
]


@pytest.mark.parametrize(
    ("figure", "before", "after", "claim", "verdict"),
    CHANGES,
    ids=[f"{c[0]}: {c[1]} to {c[2]}" for c in CHANGES],
)
def test_one_changed_digit_changes_the_verdict(
    report: Report, figure: str, before: str, after: str, claim: str, verdict: Verdict
) -> None:
    changed = re.sub(
        rf'(?m)^({figure} = {{ text = "[^"]*?){re.escape(before)}', rf"\g<1>{after}", SOURCE
    )
    assert changed != SOURCE, "the figure stands otherwise in the file"
    head, *claims = changed.split("[[claims]]")
    (wanted,) = (c for c in claims if f'id = "{claim}"' in c)
    audit = parse_report(f"{head}[[claims]]{wanted}".encode(), "changed.toml").verify()
    result = audit[claim]
    assert result.verdict is verdict, result.explain()
