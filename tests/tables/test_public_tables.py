"""Tables of public reports: their sums by hand, and what a misprint in them would look like."""

from __future__ import annotations

from carbonkit import tables
from carbonkit.tables.closure import closure
from carbonkit.tables.derive import document

# German Sustainability Code, database entry 13725 (2018), table on p. 13, kg CO2e a year. The first
# line is that of Scope 1 and stands above its parts; nothing in the table calls it a total.
# 2018: 5,191,166 + 4,760,639 + 1,411,633 + 306,212 = 11,669,650 as printed.
# 2017: 5,283,556 + 4,567,916 + 1,003,758 + 395,989 = 11,251,219; printed 11,251,218.
SCOPE_1 = """
| kg CO2e/year  | 2016       | 2017       | 2018       |
|---------------|------------|------------|------------|
| Scope 1       | 10.748.860 | 11.251.218 | 11.669.650 |
| Heat          | 5.540.420  | 5.283.556  | 5.191.166  |
| Lorries       | 4.217.463  | 4.567.916  | 4.760.639  |
| Refrigerants  | 605.258    | 1.003.758  | 1.411.633  |
| Company cars  | 385.719    | 395.989    | 306.212    |
"""

# The same collection, entry 13871 (2019), p. 11, kWh a year.
# 2018: 2,680 + 3,560 + 21,895 + 45,342 + 811 = 74,288.
# 2019: 2,660 + 4,057 + 18,181 + 34,107 = 59,005.
ENERGY = """
| Carrier             | 2018   | 2019   |
|---------------------|--------|--------|
| Electricity, own PV | 2.680  | 2.660  |
| Electricity, bought | 3.560  | 4.057  |
| Natural gas         | 21.895 | 18.181 |
| Diesel              | 45.342 | 34.107 |
| Petrol              | 811    | 0      |
| Total               | 74.288 | 59.005 |
"""

# Huawei, Sustainability Report 2020, p. 70: t CO2 per million CNY, and its change against 2012.
# 3.77/3.83 - 1 = -1.57 %, 2.89/3.83 - 1 = -24.54 %.
INTENSITY = """
|                                   | 2012 | 2013  | 2014  | 2018   |
|-----------------------------------|------|-------|-------|--------|
| CO2 intensity (t CO2/million CNY) | 3.83 | 3.77  | 3.71  | 2.89   |
| Change (%)                        |      | -1.6% | -3.1% | -24.5% |
"""


def read(text: str, **options: str) -> tables.PrintedTable:
    return tables.read_text(text, name="t", **{"decimal": ",", "thousands": ".", **options})


def test_a_total_above_its_parts_without_a_label():
    found = closure(read(SCOPE_1, unit="kg CO2e/year"))
    assert [(c.how, c.reading) for c in found.constraints] == [
        ("arithmetic", "exact"),
        ("arithmetic", "rounding"),
        ("arithmetic", "exact"),
    ]


def test_a_labelled_total_and_a_misprint_in_it():
    table = read(ENERGY, unit="kWh/year")
    assert closure(table).closes
    for right, wrong, kind in (
        ("21.895", "21.985", "transposed"),
        ("34.107", "34,107", "factor of 1,000"),
        ("59.005", "54.948", "left out"),  # 59,005 - 4,057
    ):
        found = closure(read(ENERGY.replace(right, wrong), unit="kWh/year"))
        (fault,) = found.faults
        changes = [change for repair in fault.repairs for change in repair.changes]
        (fix,) = [change for change in changes if change.printed == wrong]
        assert fix.value.startswith(right)
        assert kind in [cause.kind for cause in fix.causes]
        assert len(fault.repairs) > 1  # in one direction alone other cells would do as well


def test_a_line_of_changes_against_the_first_year():
    table = read(INTENSITY, decimal=".", thousands=",")
    assert {c["relation"] for c in document(table)["claims"]} == {
        f"t_change_{year} == percent_change(t_co2_intensity_{year}, t_co2_intensity_2012)"
        for year in (2013, 2014, 2018)
    }
