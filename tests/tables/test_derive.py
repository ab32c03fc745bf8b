"""What is claimed of a table: sums, changes, shares, intensities, and what stays open."""

from __future__ import annotations

import json

import pytest
from made import table

from carbonkit.claims import parse_report
from carbonkit.claims.relation import relation
from carbonkit.errors import RelationError, TableError
from carbonkit.tables import Column, PrintedTable
from carbonkit.tables.derive import document


def report_text(made: PrintedTable) -> bytes:
    """Write what is derived from a table as a report file."""
    derived = document(made)
    lines = ['format = "carbonkit-report/1"', "[report]", 'id = "r"', 'title = "R"', "year = 2020"]
    lines.append("[figures]")
    for name, entry in derived["figures"].items():
        inner = ", ".join(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in entry.items())
        lines.append(f"{name} = {{ {inner} }}")
    for claim in derived["claims"]:
        lines.append("[[claims]]")
        lines += [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in claim.items()]
    return "\n".join(lines).encode()


def verdicts(made: PrintedTable) -> dict[str, str]:
    audit = parse_report(report_text(made), "t.toml").verify()
    return {result.claim.id: str(result.verdict) for result in audit}


def relations(made: PrintedTable) -> dict[str, str]:
    return {c["id"]: c.get("relation", "open") for c in document(made)["claims"]}


def test_figures_are_named_dated_and_belong_to_series():
    figures = document(table([["Natural gas", "1,204", "n/a"]]))["figures"]
    assert figures == {
        "energy_natural_gas_2020": {
            "text": "1,204",
            "table": "energy",
            "unit": "MWh",
            "period": "2020",
            "series": "energy_natural_gas",
        }
    }


def test_lines_above_a_total_add_up_in_their_units():
    made = table(
        [["Diesel", "1,204"], ["Power [GWh]", "2.21"], ["Staff [1]", "7"], ["Total", "3,414"]]
    )
    assert relations(made) == {
        "energy-total-2020": "energy_total_2020 == sum(energy_diesel_2020, energy_power_2020)"
    }
    assert verdicts(made) == {"energy-total-2020": "reproduced-exactly"}


def test_a_grand_total_is_of_the_subtotals():
    made = table(
        [
            *(["a", "10"], ["b", "20"], ["Subtotal A", "30"]),
            *(["c", "1"], ["d", "2"], ["Subtotal B", "3"], ["Total", "33"]),
        ]
    )
    assert relations(made)["energy-total-2020"] == (
        "energy_total_2020 == sum(energy_subtotal_a_2020, energy_subtotal_b_2020)"
    )


def test_a_total_may_stand_above_its_parts():
    made = table(
        [
            *(["Total", "30", "50"], ["of which gas", "10", "20"], ["of which oil", "20", "30"]),
            ["Staff [1]", "5", "6"],
        ]
    )
    assert relations(made)["energy-total-2020"].endswith(
        "sum(energy_of_which_gas_2020, energy_of_which_oil_2020)"
    )


def test_what_is_less_is_taken_off():
    made = table([["Bought", "30"], ["Made", "12"], ["Less: sold", "2"], ["Total", "40"]])
    assert relations(made)["energy-total-2020"].endswith(", -energy_less__sold_2020)")
    assert verdicts(made)["energy-total-2020"] == "reproduced-exactly"


def test_both_methods_of_scope_2_are_never_in_one_total():
    rows = [["Scope 1", "41"], ["Scope 2 (location-based)", "20"], ["Scope 2 (market-based)", "10"]]
    for total, title in (("61", "Total"), ("51", "Total market-based")):
        found = relations(table([*rows, [title, total]], unit="t CO2e"))
        (relation,) = found.values()
        assert ("location" in relation) == (total == "61")


def test_a_labelled_total_that_nothing_makes_up_is_open_and_not_wrong():
    made = table([["a", "10", "11"], ["b", "20", "23"], ["Total", "50", "52"]])
    (claim,) = document(made)["claims"]
    assert claim["uncheckable"] == "missing-figure"
    assert "totals = { total = [...] }" in claim["missing"]


def test_one_wrong_column_is_claimed_like_the_others():
    made = table([["a", "10", "11", "12"], ["b", "20", "23", "24"], ["Total", "30", "43", "36"]])
    assert list(verdicts(made).values()) == [
        "reproduced-exactly",
        "inconsistent",
        "reproduced-exactly",
    ]


def test_the_user_says_what_a_total_is_of():
    rows = [["a", "10"], ["b", "20"], ["c", "5"], ["Total", "19"]]
    made = table(rows, totals={"total": ("a", "c")})
    assert relations(made) == {
        "energy-total-2020": "energy_total_2020 == sum(energy_a_2020, energy_c_2020)"
    }
    assert verdicts(made) == {"energy-total-2020": "inconsistent"}
    assert relations(table(rows, totals={"total": ()})) == {}
    with pytest.raises(TableError, match=r"no line or column 'aa'.*Did you mean a"):
        document(table(rows, totals={"total": ("aa",)}))


def test_a_sum_that_only_arithmetic_shows_is_said_to_be_one():
    rows = [
        ["Fuel", "10,412", "11,873", "9,921"],
        ["Power", "20,187", "23,004", "24,377"],
        ["Energy", "30,599", "34,877", "34,298"],
    ]
    claims = document(table(rows))["claims"]
    assert len(claims) == 3
    assert all("arithmetic alone" in claim["note"] for claim in claims)
    # Small numbers, and numbers that stay the same, add up by luck.
    assert relations(table([["a", "1", "2"], ["b", "2", "1"], ["c", "3", "3"]])) == {}
    assert (
        relations(table([[n, *[v] * 4] for n, v in (("a", "512"), ("b", "31"), ("c", "543"))]))
        == {}
    )


def test_a_dash_is_zero_only_where_the_sum_closes_so():
    rows = [["a", "10", "11"], ["b", "20", "–"], ["Total", "30", "11"]]
    made = table(rows)
    assert relations(made)["energy-total-2021"] == "energy_total_2021 == energy_a_2021"
    assert "as zero" in document(made)["claims"][1]["note"]
    rows[2][2] = "18"
    claim = document(table(rows))["claims"][1]
    assert claim["uncheckable"] == "missing-figure"
    assert "'b' in 2021 (printed '–'), in all 6 to 8 MWh" in claim["missing"]


def test_columns_add_up_to_a_total_column():
    made = table(
        [["a", "1", "2", "3"], ["b", "10", "20", "30"], ["Yield [kWh/MWh]", "4", "5", "4.6"]],
        head=["North", "South", "Total"],
    )
    assert relations(made) == {
        "energy-a-total-across": "energy_a_total == sum(energy_a_north, energy_a_south)",
        "energy-b-total-across": "energy_b_total == sum(energy_b_north, energy_b_south)",
    }


def change(**given: str) -> Column:
    return Column("change", "Change", "change", **{"unit": "%", **given})


def test_a_change_column_is_per_cent_of_the_earlier_year():
    made = table([["Gas", "100", "120", "20"]], head=["2019", "2020", change()])
    assert relations(made) == {
        "energy-gas-change": "energy_gas_change == percent_change(energy_gas_2020, energy_gas_2019)"
    }
    assert verdicts(made) == {"energy-gas-change": "reproduced-exactly"}


def test_a_change_of_a_percentage_is_open_unless_points_are_stated():
    rows = [["Renewable [%]", "20", "25", "5"]]
    (claim,) = document(table(rows, head=["2019", "2020", change()]))["claims"]
    assert "gives 25 %" in claim["missing"]
    assert "gives 5" in claim["missing"]
    assert claim["uncheckable"] == "missing-figure"


def test_a_change_column_of_several_years_is_read_as_the_figures_bear_out():
    rows = [["a", "100", "80", "60", "-40"], ["b", "50", "45", "40", "-20"]]
    made = table(rows, head=["2018", "2019", "2020", change()])
    assert relations(made)["energy-a-change"].endswith("(energy_a_2020, energy_a_2018)")
    rows = [["a", "100", "80", "60", "-3"], ["b", "50", "45", "40", "-7"]]
    (claim,) = document(table(rows, head=["2018", "2019", "2020", change()]))["claims"]
    assert claim["missing"].startswith("which years 'Change' compares")


def test_a_fall_may_be_printed_without_its_sign():
    reduction = Column("cut", "Reduction", "change", "2020", "2019", unit="%")
    made = table([["a", "100", "80", "20"]], head=["2019", "2020", reduction])
    assert verdicts(made) == {"energy-a-cut": "reproduced-exactly"}


def test_a_line_of_changes_compares_with_the_year_before():
    made = table(
        [["Gas", "100", "120", "90"], ["Change in gas [%]", "", "20", "-25"]],
        roles={"Change in gas": "change"},
    )
    assert set(verdicts(made).values()) == {"reproduced-exactly"}
    assert len(verdicts(made)) == 2


def test_shares_are_of_the_total_that_a_line_belongs_to():
    share = Column("share", "%", "share", "2020", unit="%")
    made = table(
        [["Gas", "10", "25"], ["Oil", "30", "75"], ["Total", "40", "100"]], head=["2020", share]
    )
    assert relations(made)["energy-gas-share"] == (
        "energy_gas_share == share(energy_gas_2020, energy_total_2020)"
    )
    assert set(verdicts(made).values()) == {"reproduced-exactly"}
    line = table(
        [["Gas", "10"], ["Oil", "30"], ["Total", "40"], ["Share of gas [%]", "25"]],
        roles={"Share of gas": "share"},
    )
    assert relations(line)["energy-share-of-gas-2020"].endswith(
        "share(energy_gas_2020, energy_total_2020)"
    )


def test_an_intensity_is_found_by_its_unit():
    rows = [
        ["Scope 1 [t CO2e]", "41", "50"],
        ["Scope 2 [t CO2e]", "10", "12"],
        ["Total [t CO2e]", "51", "62"],
        ["Revenue [million EUR]", "100", "110"],
        ["Emissions intensity [t CO2e/million EUR]", "0.51", "0.56"],
    ]
    made = table(rows, roles={"Emissions intensity": "intensity"})
    assert relations(made)["energy-emissions-intensity-2020"].endswith(
        "intensity(energy_total_2020, energy_revenue_2020)"
    )
    assert set(verdicts(made).values()) == {"reproduced-exactly"}
    rows[-1] = ["Emissions intensity [t CO2e/million EUR]", "0.72", "0.81"]
    made = table(rows, roles={"Emissions intensity": "intensity"})
    assert relations(made)["energy-emissions-intensity-2020-lines"] == "open"


def test_nothing_is_divided_by_zero():
    made = table([["a", "0", "3", "100"]], head=["2019", "2020", change()])
    assert set(verdicts(made).values()) <= {"not-checkable"}


def test_a_total_of_two_hundred_lines_is_one_relation():
    title = "A line of a long table with a long label"
    rows = [[f"{title} {i}", "1,204", f"1,3{i % 100:02}"] for i in range(200)]
    made = table([*rows, ["Total", "240,800", "269,900"]])
    assert verdicts(made) == {
        "energy-total-2020": "reproduced-exactly",
        "energy-total-2021": "reproduced-exactly",
    }


@pytest.mark.parametrize("unit", ["-", "(", "q + ", "sum(", "q ** ", "q, ", "q < ", "min(q, q) + "])
def test_long_relations_stay_bounded(unit):
    """As long as may be read, of what nests or runs on: refused, in bounded time."""
    text = "p == " + unit * (19_900 // len(unit)) + "q"
    with pytest.raises(RelationError):
        relation(text)


def test_a_change_against_a_year_that_alone_is_printed_is_left_alone():
    rows = [["a", "100", "-20"]]
    assert relations(table(rows, head=["2019", change(base="2019")])) == {}


def test_a_total_that_is_no_sum_of_the_lines_above_stays_open_and_shows_what_they_come_to():
    # 1,410 + 301 + 5,210 = 6,921: other lines may be missing, so it is no mistake of the table.
    made = table([["Diesel", "1,410"], ["Petrol", "301"], ["Gas", "5,210"], ["Total", "7,208"]])
    (claim,) = document(made)["claims"]
    assert claim["uncheckable"] == "missing-figure"
    assert claim["note"].endswith("in 2020 these come to 6,921 MWh, and 7,208 is printed.")
