"""The public cases that ship beside the long one: their verdicts, by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest

from carbonkit.claims import Audit, Verdict, load_report

CASES = (
    "soc-son-2023",
    "tp-icap-2023",
    "dnk-13725-2018",
    "dnk-13871-2019",
    "dnk-9019-2022",
    "gwg-wuppertal-2022",
)


@pytest.fixture(scope="module")
def audit_of() -> Callable[[str], Audit]:
    audits: dict[str, Audit] = {}

    def verified(name: str) -> Audit:
        return audits.setdefault(name, load_report(name).verify())

    return verified


@pytest.mark.parametrize("case", CASES)
def test_each_case_says_where_it_was_read(case: str) -> None:
    about = load_report(case).about
    assert about["organisation"]
    assert str(about["url"]).startswith("https://")
    assert "read as" in str(about["note"]).lower()


# Nothing else may be inconsistent: the list is the whole of what was found by hand.
FOUND: Mapping[str, set[str]] = {
    "soc-son-2023": {
        # 83,160,505.77 + 106,748,579.11 + 126,339,447.40 = 316,248,532.28, not 316,270,717.36
        "p55-om-co2",
        # 56,558,815.75 + 39,854,916.07 + 21,683.55 + 11,157.40 = 96,446,572.77, not 96,840,719.67
        "p92-output-2017",
        "p92-co2-2018-t16",  # ...579.11 in one table, ...597.11 in the other
        "p92-co2-2019-t11",  # 126,339,447.40 in one table, 126,361,614.48 in the other
        "p57-bm",  # 33,886,270.57 / 42,106,138.88 = 0.80478, not 0.8010
        "p57-sample-share",  # 42,106,138.88 / 210,530,694.38 = 20.00 %, not 20.10 %
        "p60-diesel-ncv",  # 43.3 TJ/Gg = 43.3 GJ/t
        "p60-diesel-ef",  # 74.8 and 74,800, both in t CO2/GJ
    },
    "tp-icap-2023": {
        "scope3-2023",  # 38,583 + 2,258 + 2,052 + 3,344 + 3,876 = 50,113, not 50,099 (+- 2.5)
        "energy-by-region-2023",  # 1,278 + 578 + 388 = 2,244, not 2,258 (+- 2)
    },
    "dnk-13725-2018": set(),
    "dnk-13871-2019": {"t2-percent-bought"},  # 497 / 3.560 = 13.96 %, printed 13 %
    "dnk-9019-2022": set(),
    "gwg-wuppertal-2022": set(),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_inconsistent_is_what_was_found_by_hand(
    case: str, audit_of: Callable[[str], Audit]
) -> None:
    found = {r.id for r in audit_of(case) if r.verdict is Verdict.INCONSISTENT}
    assert found == FOUND[case]


NOMINAL = {
    # 355,095,703.37 = 96,446,572.77 + 114,997,401.74 + 143,651,728.86
    ("soc-son-2023", "p55-om-output"): "355095703.37",
    # 83,160,505.77 + 106,748,597.11 + 126,361,614.48, the years as Table 15 prints them
    ("soc-son-2023", "p92-co2-total"): "316270717.36",
    # 0.5 x 0.8907 + 0.5 x 0.8010
    ("soc-son-2023", "p57-cm"): "0.84585",
    ("soc-son-2023", "p59-cm"): "0.84585",
    # 388,050 x 0.8458 x 1.03
    ("soc-son-2023", "p57-be-power"): "338059.0707",
    # 985.50 + 5,840 + 2,543.32 + 37,230 + 27,813
    ("soc-son-2023", "p62-carbon"): "74411.82",
    # 1,200 x 0.0433 x 74.8: two units a thousand off, which cancel
    ("soc-son-2023", "p60-diesel"): "3886.608",
    # 613,200 x 0.035 x 0.25 x 0.8 x 28
    ("soc-son-2023", "p64-water-co2"): "120187.2",
    # 272,843 + 23,418 + 3,887 + 120,187
    ("soc-son-2023", "p65-pe"): "420335",
    # 7 x 420,336
    ("soc-son-2023", "p65-pe-total"): "2942352",
    # 3,176 + 1,922 + 1,085
    ("tp-icap-2023", "location-based-2023"): "6183",
    # 3,147 + 1,935 + 916
    ("tp-icap-2023", "market-based-2023"): "5998",
    # 1,442 + 6,182 + 50,099: the total is by the location-based method
    ("tp-icap-2023", "total-2023"): "57723",
    # 38,549 + 10,012 + 4,154 + 5,386
    ("tp-icap-2023", "total-by-region-2022"): "58101",
    # 5.283.556 + 4.567.916 + 1.003.758 + 395.989
    ("dnk-13725-2018", "t7-sum-2017"): "11251219",
    # 23,2 + 17,7 + 2,5 + 1,6
    ("dnk-13725-2018", "t7-share-sum-2016"): "45",
    # 2.660 + 4.057 + 18.181 + 34.107 + 0, found as a total of the table
    ("dnk-13871-2019", "energy-total-2019"): "59005",
    # 205,50 + 5,91
    ("gwg-wuppertal-2022", "biogenic-total-2020"): "211.41",
    # 222,22 + 4,96
    ("gwg-wuppertal-2022", "biogenic-total-2022"): "227.18",
    # 2.532.806 kWh x 0,266 kg/kWh
    ("dnk-9019-2022", "scope1-diesel"): "673.726396",
    # 45 + 674 + 161 + 731
    ("dnk-9019-2022", "scope1-sum"): "1611",
}


@pytest.mark.parametrize(("case", "claim"), NOMINAL)
def test_nominal_values_by_hand(case: str, claim: str, audit_of: Callable[[str], Audit]) -> None:
    finding = audit_of(case)[claim].deciding
    assert finding.verdict in (Verdict.EXACT, Verdict.ROUNDING)
    assert finding.nominal == Fraction(NOMINAL[case, claim])


def test_the_build_margin_comes_out_with_the_output_of_the_appendix(
    audit_of: Callable[[str], Audit],
) -> None:
    # 33,886,270.57 / 42,306,901.18 = 0.80096 and 42,306,901.18 / 210,530,694.38 = 20.095 %
    audit = audit_of("soc-son-2023")
    assert audit["p97-bm"].verdict is Verdict.EXACT
    assert audit["p97-sample-share"].verdict is Verdict.EXACT
    hypotheses = {d.hypothesis for d in audit.diagnose("p57-bm")}
    assert hypotheses == {"another figure of the report"}


def test_the_two_exchanged_digits_are_named(audit_of: Callable[[str], Audit]) -> None:
    first = next(iter(audit_of("soc-son-2023").diagnose("p92-co2-2018-t16")))
    assert first.hypothesis == "transposed digits"
    assert "106,748,597.11" in str(first)


def test_the_units_a_thousand_off_are_named(audit_of: Callable[[str], Audit]) -> None:
    for claim in ("p60-diesel-ncv", "p60-diesel-ef"):
        first = next(iter(audit_of("soc-son-2023").diagnose(claim)))
        assert first.hypothesis == "power of ten"


def test_one_cell_would_close_both_sums(audit_of: Callable[[str], Audit]) -> None:
    # 50,099 - 38,583 - 2,052 - 3,344 - 3,876 = 2,244 = 1,278 + 578 + 388
    values = load_report("tp-icap-2023").values
    rest = ("goods_2023", "waste_2023", "travel_2023", "commuting_2023")
    missing = values["scope3_2023"].value - sum(values[n].value for n in rest)
    assert missing == sum(values[f"energy_{r}_2023"].value for r in ("amer", "apac", "emea"))
    assert audit_of("tp-icap-2023")["total-2023"].verdict is Verdict.EXACT


@pytest.mark.parametrize("year", [2016, 2017, 2018])
def test_the_lines_of_one_table_imply_one_total(
    year: int, audit_of: Callable[[str], Audit]
) -> None:
    """Every share and its mass imply the total of all scopes: the five intervals share a value."""
    findings = audit_of("dnk-13725-2018")[f"t7-total-{year}"].findings
    implied = [f.implied[0].interval for f in findings]
    assert len(implied) == 5
    assert max(i.lo for i in implied if i.lo is not None) < min(
        i.hi for i in implied if i.hi is not None
    )
    # The share of Scope 1 alone bounds it best: 10.748.860 kg / 45,1 % = 23,833 t in 2016.
    if year == 2016:
        assert implied[0].contains(Fraction(10748860, 451) * 1000)


def test_a_method_that_is_not_given_cannot_be_checked(audit_of: Callable[[str], Audit]) -> None:
    assert audit_of("tp-icap-2023")["market-based-2022"].verdict is Verdict.NOT_CHECKABLE


def test_cutting_off_is_open_to_no_cell_of_a_column_that_is_rounded(
    audit_of: Callable[[str], Audit],
) -> None:
    # 3.714 / 21.895 = 16.96 %, printed 17 %: the column is rounded, so 13.96 % is not 13 %.
    audit = audit_of("dnk-13871-2019")
    assert audit["t2-percent"].verdict is Verdict.EXACT
    assert audit["t2-percent-bought"].deciding.reading == "finest"
    # (2.660 + 4.057) / (2.680 + 3.560) = +7.6 %; 34.107 / (45.342 + 811) = -26.1 %
    assert audit["words-changes"].verdict is Verdict.EXACT
