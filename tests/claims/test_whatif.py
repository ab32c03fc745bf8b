"""One factor for all claims of avoided emissions; how far each verdict is from another."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonkit import combined_margin, factors
from carbonkit.claims import Audit, Report, Verdict, load_report, parse_report
from carbonkit.claims.whatif import restate, totals
from carbonkit.errors import ReportError, UnitError

FACTS = {"grid": {"factor": {"activity": "electricity", "release": "iea/world-2018"}}}
FIGURES = {
    "whole": {"text": "1,000 kWh", "unit": "kWh/year"},
    "part": {"text": "400 kWh", "unit": "kWh/year"},
    "goal": {"text": "400 kWh", "unit": "kWh/year", "kind": "goal"},
    "whole_co2": {"text": "475 kg", "unit": "kg CO2/year"},
    "part_co2": {"text": "0.2 t", "unit": "t CO2/year"},
    "bought_co2": {"text": "0.9 t", "unit": "t CO2/year"},
    "to_date_co2": {"text": "2 t", "unit": "t CO2"},
    "to_date": {"text": "4,000 kWh", "unit": "kWh"},
}
UNKNOWNS = {"certifier": {"unit": "kg CO2/kWh", "what": "factor of the certificate"}}
RELATIONS = [
    "whole_co2 == avoided_emissions(whole, grid)",
    "part_co2 == avoided_emissions(part, grid)",
    "whole >= part",
    "bought_co2 == avoided_emissions(whole + part, certifier)",
    "to_date_co2 == avoided_emissions(to_date, grid)",
    "part_co2 == avoided_emissions(whole, grid)",
]


@pytest.fixture(scope="module")
def made_up(write: Callable[..., str]) -> Report:
    text = write(FIGURES, RELATIONS, facts=FACTS, unknowns=UNKNOWNS)
    return parse_report(text.encode(), "r.toml")


@pytest.fixture(scope="module")
def report() -> Report:
    return load_report("huawei-2020")


def test_restated_by_hand(made_up: Report) -> None:
    frame = made_up.restate({"half": "0.5 kg CO2/kWh"}).set_index("id")
    # 1,000 kWh x 0.5 = 500 kg; 400 x 0.5 = 200 kg; 1,400 x 0.5 = 700 kg; 4,000 x 0.5 = 2 t.
    assert frame["restated"].to_dict() == {"k1": 0.5, "k2": 0.2, "k4": 0.7, "k5": 2}
    assert frame["printed"].to_dict() == {"k1": 0.475, "k2": 0.2, "k4": 0.9, "k5": 2}
    # The last digit of 400 kWh leaves half a kilowatt-hour open on either side.
    assert frame.loc["k2", "low"] == pytest.approx(0.5 * 399.5e-3, abs=1e-12)
    assert frame.loc["k2", "high"] == pytest.approx(0.5 * 400.5e-3, abs=1e-12)


def test_an_amount_of_two_relations_counts_once_and_a_part_is_left_out(made_up: Report) -> None:
    frame = made_up.restate({"half": "0.5 kg CO2/kWh"})
    assert list(frame["id"]) == ["k1", "k2", "k4", "k5"]
    assert frame.set_index("id")["part_of"].to_dict() == {"k1": "", "k2": "k1", "k4": "", "k5": ""}
    added = totals(frame).set_index("unit")
    assert added["claims"].to_dict() == {"t CO2/year": 2, "t CO2": 1}
    assert added.loc["t CO2/year", "restated"] == pytest.approx(0.5 + 0.7)


def test_amounts_of_a_year_are_not_added_to_amounts_to_date(report: Report) -> None:
    added = totals(report.restate({"world": "475 g CO2/kWh"}))
    assert set(added["unit"]) == {"t CO2/year", "t CO2"}


def test_the_cited_factor_restates_what_is_printed(report: Report) -> None:
    cited = report.values["iea"].factors[0]
    frame = report.restate({"as cited": cited}).set_index("id")
    audit = report.verify()
    for claim_id, row in frame.iterrows():
        finding = audit[str(claim_id)].findings[0]
        if finding.relation is not None and "iea" in finding.relation.names:
            assert finding.nominal is not None
            assert row["restated"] == pytest.approx(float(finding.nominal))


def test_every_kind_of_factor_is_taken(report: Report) -> None:
    operating = factors.find("electricity", region="CN-East", kind="operating-margin", year=2019)
    build = factors.find("electricity", region="CN-East", kind="build-margin", year=2019)
    footprint = factors.find("electricity", region="CN", kind="life-cycle", year=2020)
    frame = report.restate(
        {
            "operating": operating,
            "combined": combined_margin(operating, build, 0.5),
            "footprint": footprint,
            "text": "0.5810 t CO2/MWh",
        }
    )
    iron = frame[frame["id"] == "p62-icooling-co2"].set_index("scenario")
    # 27.64 GWh times 0.7921, (0.7921 + 0.3870) / 2, 0.60629 and 0.5810 t/MWh.
    expected = {"operating": 21893.644, "combined": 16295.162, "footprint": 16757.8556,
                "text": 16058.84}  # fmt: skip
    for name, tonnes in expected.items():
        assert iron.loc[name, "restated"] == pytest.approx(tonnes, rel=1e-9)
    assert iron["unit"].to_dict() == dict.fromkeys(expected, "t CO2/year") | {
        "footprint": "t CO2e/year"
    }


@settings(max_examples=20, deadline=None)
@given(
    k=st.fractions(min_value=Fraction(1, 20), max_value=20, max_denominator=100).filter(
        lambda f: f > 0
    )
)
def test_restated_amounts_grow_with_the_factor_and_ranks_stay(k: Fraction) -> None:
    report = load_report("huawei-2020")
    frame = restate(report, {"one": "1 kg CO2/kWh", "k": f"{float(k):.6f} kg CO2/kWh"})
    wide = frame.pivot_table(index="id", columns="scenario", values="restated")
    assert (wide["k"] / wide["one"]).to_numpy() == pytest.approx(float(f"{float(k):.6f}"))
    ranks = frame.pivot_table(index="id", columns="scenario", values="rank")
    pd.testing.assert_series_equal(ranks["k"], ranks["one"], check_names=False)


def test_what_cannot_be_restated_is_refused(report: Report, made_up: Report) -> None:
    with pytest.raises(ReportError, match="no factor was given"):
        report.restate({})
    with pytest.raises(UnitError, match="no emission factor of electricity"):
        report.restate({"weight": "3 t"})
    without = Report("r", "R", "", 2020, "r.toml", made_up.values, made_up.claims[2:3])
    with pytest.raises(ReportError, match="no claim of it is one"):
        without.restate({"half": "0.5 kg CO2/kWh"})


# --- sensitivity ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def audit(report: Report) -> Audit:
    claims = ("p62-icooling-co2", "p74-metro-co2", "p61-liquid-energy", "p70-intensity-2014",
              "p68-hicharger-co2")  # fmt: skip
    whole = report.verify()
    return Audit(report, tuple(whole[c] for c in claims), {})


def test_ends_by_hand(audit: Audit) -> None:
    found = audit.sensitivity().set_index("id")
    # 13,128.5 / 27.64 = 474.982 and 13,129.5 / 27.64 = 475.018 g/kWh.
    icooling = found.loc["p62-icooling-co2"]
    assert (icooling["low"], icooling["high"]) == pytest.approx((474.982, 475.018), abs=1e-3)
    assert icooling["margin"] == pytest.approx(3.8e-5, rel=0.01)
    assert icooling["below"] == icooling["above"] == Verdict.ROUNDING
    # 3,389.5 t / 3.45 million kWh = 982.5 g/kWh, from where the rounding of the energy lets it
    # hold; the factor's own last digit begins half a gram earlier, and truncation earlier still.
    metro = found.loc["p74-metro-co2"]
    assert 3389.5 / 3.5 - 1 < metro["high"] < 982.5
    assert pd.isna(metro["low"])
    assert metro["above"] == Verdict.ROUNDING


def test_a_verdict_stays_inside_and_changes_outside(audit: Audit) -> None:
    row = audit.sensitivity().set_index("id").loc["p61-liquid-energy"]
    for hours, expected in (
        (row["low"] * 1.001, row["verdict"]),
        (row["low"] * 0.999, row["below"]),
        (row["high"] * 0.999, row["verdict"]),
        (row["high"] * 1.001, row["above"]),
    ):
        trial = audit.report.verify(factors={"cabinet_hours": f"{hours:.3f} h/year"})
        assert trial["p61-liquid-energy"].verdict == expected


def test_the_rule_of_a_table_is_kept(audit: Audit) -> None:
    row = audit.sensitivity().set_index("id").loc["p70-intensity-2014"]
    assert row["verdict"] == Verdict.INCONSISTENT


def test_relations_that_lack_a_figure_and_families_are_left_out(report: Report) -> None:
    whole = report.verify()
    kept = tuple(whole[c] for c in ("p68-hicharger-lead", "p69-renewables-220"))
    assert Audit(report, kept, {}).sensitivity().empty
