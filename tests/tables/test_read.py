"""Reading tables: what reports print, what strangers send, and what is refused with its cell."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from carbonkit import tables
from carbonkit.errors import TableError
from carbonkit.tables.sources.number_format import UnknownFormat, shown

GERMAN = "Energie;Einheit;2019;2020\nWärme;MWh;1.204,5;980,0\nGesamt;MWh;1.204,5;980,0\n"


def values(table: tables.PrintedTable) -> list[list[Fraction | str]]:
    return [
        [c.blank if c.figure is None else c.figure.value for c in ln.cells] for ln in table.lines
    ]


def units(table: tables.PrintedTable) -> list[str]:
    return [line.cells[0].unit for line in table.lines]


# ---------------------------------------------------------------- files and encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_in_unicode_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "Energie 2020.csv"
    path.write_bytes(GERMAN.encode(encoding))
    table = tables.read(path)
    assert table.name == "energie_2020"
    assert table.source == "Energie 2020.csv"
    assert [line.title for line in table.lines] == ["Wärme", "Gesamt"]
    assert values(table) == [[Fraction("1204.5"), 980], [Fraction("1204.5"), 980]]
    assert (table.decimal, table.thousands) == (",", ".")


def test_another_encoding_is_never_guessed(tmp_path: Path) -> None:
    path = tmp_path / "energie.csv"
    path.write_bytes(GERMAN.encode("cp1252"))
    with pytest.raises(TableError, match=r"energie\.csv, row 2: is not in UTF-8.*cp1252.*Wärme"):
        tables.read(path)
    assert tables.read(path, encoding="cp1252").lines[0].title == "Wärme"
    path.write_bytes("能源,2019\n煤,12\n".encode("gb18030"))
    with pytest.raises(TableError, match=r"gb18030.*能源"):
        tables.read(path)
    assert tables.read(path, encoding="gb18030").lines[0].title == "煤"
    path.write_bytes(GERMAN.encode("utf-16-le"))  # no mark of the byte order
    with pytest.raises(TableError, match="UTF-16"):
        tables.read(path)
    with pytest.raises(TableError, match="'utf-99' is no encoding"):
        tables.read(path, encoding="utf-99")


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    for text, why in [
        ("", "is empty"),
        (" \n\n", "is empty"),
        ("one\ntwo\n", "no table is seen"),
        ("x,y\na,b\n", "no column of it holds figures"),
        ("Energy,2019\n", "no table is seen"),
        ("| Energy | 2019 |\n|---|---|\n| Gas | n/a |\n", "no figure"),
        ("<p>no table</p>\n<table></table>", "no table in it"),
    ]:
        with pytest.raises(TableError, match=why):
            tables.read_text(text)
    with pytest.raises(TableError, match="no such file"):
        tables.read(tmp_path / "none.csv")
    (tmp_path / "a.pdf").write_text("x")
    with pytest.raises(TableError, match=r"ends in \.csv"):
        tables.read(tmp_path / "a.pdf")
    with pytest.raises(TableError, match="not int"):
        tables.read(7)  # type: ignore[arg-type]


def test_options_that_cannot_be_are_refused() -> None:
    for option, why in [
        ({"name": "my table"}, "cannot be the name"),
        ({"rounding": "truncate"}, "Did you mean truncated"),
        ({"unit": "kwh"}, "Did you mean kWh"),
        ({"tons": "metric"}, "not a kind of ton"),
        ({"totals": {"gesamt": "wärme"}}, "list of names"),
        ({"decimal": ";"}, "decimal mark"),
    ]:
        with pytest.raises(TableError, match=why):
            tables.read_text(GERMAN + ("Strom (tons);;1;2\n" if "tons" in option else ""), **option)


@pytest.mark.parametrize("cells", ["B3", "B3:", "3B:4C", "A0:B2"])
def test_a_range_that_is_none_is_refused(cells: str) -> None:
    with pytest.raises(TableError, match="no range"):
        tables.read(GERMAN, cells=cells)


def test_a_range_is_cut_out() -> None:
    text = "Our report\n\nEnergy (MWh);2019;2020;note\nGas;1;2;x\nOil;3;4;y\nStaff;7;8;z\n"
    table = tables.read(text, cells="A3:C5")
    assert values(table) == [[1, 2], [3, 4]]
    assert table.lines[1].place == "row 5"
    assert table.lines[1].cells[1].place == "row 5, column C"
    with pytest.raises(TableError, match="nothing stands"):
        tables.read(text, cells="H3:J5")


def test_too_much_is_refused_quickly() -> None:
    start = time.process_time()
    wide = "Energy," + ",".join(str(1900 + i % 100) for i in range(60_000)) + "\n"
    for text, why in [
        ("Energy,2019\n" + "Gas,1\n" * 200_000, "characters"),
        (wide * 2, "at most 100,000"),
        (f"Energy,2019\n{'Gas' * 5000},1\n", "row 2, column A: has more than 1,000"),
        (f"Energy,2019\nGas,{'1' * 900}\n", "row 2, column B.*900 characters"),
        (f"Energy,2019\nGas,{'(' * 190}\n", "no digits"),
        ("<table><tr><td rowspan=99999 colspan=99999>1" * 2, "no table in it"),
        ("<table>" + "<tr><td colspan=1000>1<td>2" * 200, "100,000"),
    ]:
        with pytest.raises(TableError, match=why):
            tables.read_text(text)
    assert time.process_time() - start < 30  # no search that grows with a power of the length


# ---------------------------------------------------------------- layout


def test_a_table_of_a_report() -> None:
    table = tables.read_text(
        """Energy use
| Energy | Unit | FY2019 | FY20¹ | Change | Note |
|---|---|--:|--:|--:|---|
| **Fuel** | | | | | |
| - Diesel | MWh | 1,204 | 1,180* | –2.0% | a |
| - Natural gas (heating) | MWh | – | 20 [2] | n/a | |
| **Total** | MWh | 1,204 | 1,200 | (0.3)% | |

¹ Restated
""",
        name="energy",
        page=69,
    )
    assert (table.title, table.page) == ("Energy use", 69)
    assert [c.role for c in table.columns] == [
        *("label", "unit", "value", "value", "change", "note"),
    ]
    assert [c.period for c in table.value_columns] == ["FY2019", "FY2020", "FY2020"]
    change = table.value_columns[2]
    assert (change.base, change.measure) == ("FY2019", "percent")
    assert [(line.name, line.role, line.level) for line in table.lines] == [
        ("fuel", "heading", 0),
        ("diesel", "part", 1),
        ("natural_gas_heating", "part", 1),
        ("total", "total", 0),
    ]
    assert values(table)[1:] == [
        [1204, 1180, -2],
        ["dash", 20, "not-available"],
        [1204, 1200, Fraction("-0.3")],
    ]
    assert [cell.unit for cell in table.lines[1].cells] == ["MWh", "MWh", "%"]
    diesel, column = table.line("diesel"), table.value_columns[0]
    assert table.figure_name(diesel, column) == "energy_diesel_fy2019"
    assert table.remarks == ("below the table: ¹ Restated",)
    with pytest.raises(TableError, match="Did you mean diesel"):
        table.line("diesl")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("| GHG (in thousand tonnes CO2e) | 2020 |\n|---|---|\n| Scope 1 | 5 |", "10^3 t CO2e"),
        ("Emissions, kt CO2e\n| Source | 2020 |\n|---|---|\n| Scope 1 | 5 |", "kt CO2e"),
        ("Emissions\nMetric tons CO2e\nSource  2020\nScope 1   5\n", "t CO2e"),
        ("Energy (thousands);Unit;2020\nGas;MWh;5\n", "10^3 MWh"),
        ("Energy;Unit;2020 (thousands)\nGas;MWh;5\n", "10^3 MWh"),
        ("Energy;MWh, thousands\nGas;5\n", "10^3 MWh"),
        ("Energy;2020\nUse (million kWh);\nGas;5\n", ""),
        ("Energy;2020\nGas;5 GWh\n", "GWh"),
        ("Energy;2020 [TJ]\nGas;5\n", "TJ"),
        ("Energy;2020\nGas, TJ;5\n", "TJ"),
        ("Energy;Einheit;2020\nGas;Mio. kWh;5\n", "10^6 kWh"),
        ("能源（万千瓦时）;２０２０年\n煤;５\n", "10^4 kWh"),
        ("Money;Unit;2020\nRevenue;€m;5\n", "10^6 EUR"),
        ("Ratio;2020\nPer revenue (tCO2e/£m);5\n", "t CO2e/10^6 GBP"),
        ("Energy;Unit;2020\nFleet;number;5\n", "1"),
    ],
)
def test_units_are_found_where_they_hide(text: str, unit: str) -> None:
    table = tables.read_text(text)
    assert table.lines[-1].cells[0].unit == (unit or "10^6 kWh")
    assert table.lines[-1].cells[0].figure.value == 5


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Energy;2020\nGas (kwh);5\n", "row 2, column A: 'kwh' is meant.*Did you mean kWh"),
        ("Energy;Unit;2020\nGas;Mwh;5\n", "row 2, column B: .*Did you mean MWh"),
        ("Waste;2020\nPaper (tons);5\n", "row 2, column A: .*a ton may be"),
        ("Energy (GWh);2020 (MWh)\nGas;5\n", None),
        ("Energy;Unit;2020 (MWh)\nGas;GWh;5\n", "row 2, column C: its line is in GWh"),
        ("Energy;Unit;2020\nGas;MWh;5 kWh\n", "row 2, column C: '5 kWh' is in kWh"),
        ("Energy;Unit;2020\nGas (GWh);MWh;5\n", "row 2, column A: the label says GWh"),
        ("Ratio;2020\nPer head (tCO2e/FTE);5\n", "row 2, column A.*FTE"),
        ("All (thousands);Unit;2020\nRatio;MWh/t;5\n", "row 2, column C: it is in MWh/t"),
        ("Energy;2020\nGas;5 zorks\n", "row 2, column B: .*zorks"),
    ],
)
def test_units_in_doubt_are_refused(text: str, why: str | None) -> None:
    if why is None:
        assert tables.read_text(text).lines[0].cells[0].unit == "MWh"
        return
    with pytest.raises(TableError, match=why):
        tables.read_text(text)


def test_the_callers_unit_must_agree_with_the_heading() -> None:
    text = "Energy (MWh);2020\nGas;5\n"
    assert units(tables.read_text(text, unit="MWh/year")) == ["MWh/year"]
    with pytest.raises(TableError, match=r"says MWh, and unit= says GWh"):
        tables.read_text(text, unit="GWh")
    assert units(tables.read_text("Waste (tons);2020\nPaper;5\n", tons="tonne")) == ["t"]


def test_a_share_or_ratio_does_not_take_the_unit_of_the_table() -> None:
    table = tables.read_text("Energy (MWh);2020\nGas;5\nShare of wind;45%\nIntensity;7\n")
    assert units(table) == ["MWh", "%", ""]
    assert [line.role for line in table.lines] == ["part", "share", "intensity"]
    assert table.remarks == ("no unit is given for Intensity.",)


def test_years_down_the_page_are_turned() -> None:
    table = tables.read_text(
        "Year,Diesel,Gas,Total\n,MWh,MWh,MWh\nFY2019,1,2,3\nFY2020,4,5,9\nChange,3,3,6\n"
    )
    assert table.turned
    assert [c.period for c in table.value_columns] == ["FY2019", "FY2020", "FY2020"]
    assert [(x.name, x.role) for x in table.lines] == [
        ("diesel", "part"),
        ("gas", "part"),
        ("total", "total"),
    ]
    assert values(table)[1] == [2, 5, 3]
    assert table.lines[1].cells[1].place == "row 4, column C"


def test_a_bare_total_is_in_the_unit_of_all_its_parts() -> None:
    table = tables.read_text("Energy;2019\nGas (MWh);1\nOil (MWh);2\nTotal;3\nTotal emissions;9\n")
    assert units(table) == ["MWh", "MWh", "MWh", ""]
    mixed = tables.read_text("Energy;2019\nGas (MWh);1\nOil (GWh);2\nTotal;3\n")
    assert units(mixed) == ["MWh", "GWh", ""]
    across = tables.read_text("Region,Scope 1 (t),Scope 2 (t),Total\nAsia,1,2,3\n")
    assert [cell.unit for cell in across.lines[0].cells] == ["t", "t", "t"]


def test_a_heading_reaches_over_empty_cells_beside_it() -> None:
    table = tables.read_text(
        ";;Europe;;Asia;\nSite;Unit;2019;2020;2019;2020\nGas;MWh;1;2;3;4\n", name="sites"
    )
    assert [(c.group, c.period) for c in table.value_columns] == [
        *(("Europe", "2019"), ("Europe", "2020"), ("Asia", "2019"), ("Asia", "2020")),
    ]


def test_numbers_of_lines_are_no_labels() -> None:
    table = tables.read_text('No.,Item,Unit,2019\n1.1,Gas,MWh, "1,204"\n1.2,Oil,MWh,5\n')
    assert [column.role for column in table.columns] == ["note", "label", "unit", "value"]
    assert [line.name for line in table.lines] == ["gas", "oil"]
    with pytest.raises(TableError, match="row 1, column A: a year stands above the labels"):
        tables.read_text("2018;2019\n1;2\n")


def test_a_misspelt_unit_is_refused_whichever_way_the_table_lies() -> None:
    with pytest.raises(TableError, match=r"row 2, column B: .*Did you mean MWh"):
        tables.read_text("Year,Diesel,Gas\n,Mwh,MWh\n2019,1,2\n2020,4,5\n")


def test_units_below_the_headings_are_those_of_columns() -> None:
    table = tables.read_text(
        "Site;Power;Gas;Total\n;MWh;GWh;MWh\nLeeds;1;2;3\nYork;4;5;6\n", name="sites"
    )
    assert [(c.name, c.title, c.unit, c.role) for c in table.value_columns] == [
        ("power", "Power", "MWh", "value"),
        ("gas", "Gas", "GWh", "value"),
        ("total", "Total", "MWh", "total"),
    ]
    assert [cell.unit for cell in table.lines[1].cells] == ["MWh", "GWh", "MWh"]


def test_indentation_survives_markdown() -> None:
    table = tables.read_text(
        "Energy (MWh)         2019    2020\nFuel                  110     101\n"
        "   Gas                 98      90\n      of which bio     8       9\n"
        "   Oil                 12      11\n"
    )
    assert [line.level for line in table.lines] == [0, 1, 2, 1]
    again = tables.read_text(table.to_markdown())
    assert [line.level for line in again.lines] == [0, 1, 2, 1]
    spaced = "| Energy (MWh) | 2020 |\n|---|---|\n| Fuel | 2 |\n|    Gas | 1 |\n|    Oil | 1 |\n"
    assert [line.level for line in tables.read_text(spaced).lines] == [0, 1, 1]
    pushed = spaced.replace("|---|", "|---:|", 1)  # labels are set to the right
    assert [line.level for line in tables.read_text(pushed).lines] == [0, 0, 0]


def test_headings_over_headings_name_groups() -> None:
    page = """<table><caption>Emissions (t CO<sub>2</sub>e)</caption>
      <tr><th rowspan="2">Scope</th><th colspan="2">Europe</th><th colspan="2">Asia</th></tr>
      <tr><th>2019</th><th>2020<sup>a</sup></th><th>2019</th><th>2020</th></tr>
      <tr><td>Scope 1<sup>1</sup><td>1,204<sup>2</sup><td>12<td>3<td>4
      <tr><td>Area (m<sup>2</sup>)<td>1<td>2<td>3<td>10<sup>*</sup></table>"""
    table = tables.read_text(page)
    assert [(c.name, c.group) for c in table.value_columns] == [
        ("europe_2019", "Europe"),
        ("europe_2020", "Europe"),
        ("asia_2019", "Asia"),
        ("asia_2020", "Asia"),
    ]
    assert units(table) == ["t CO2e", "m2"]
    assert values(table) == [[1204, 12, 3, 4], [1, 2, 3, 10]]


def test_label_columns_become_headings() -> None:
    table = tables.read_text(
        "| Scope | Source | Unit | 2020 |\n|---|---|---|---|\n| Scope 1 | Gas | t | 1 |\n"
        "| | Oil | t | 2 |\n| Scope 2 | Power | t | 3 |\n| Total | | t | 6 |\n"
    )
    assert [(x.title, x.role, x.level) for x in table.lines] == [
        ("Scope 1", "heading", 0),
        ("Gas", "part", 1),
        ("Oil", "part", 1),
        ("Scope 2", "heading", 0),
        ("Power", "part", 1),
        ("Total", "total", 0),
    ]


def test_lines_of_the_same_label_have_names_of_their_own() -> None:
    table = tables.read_text(
        "x;2020\nEnergy (MWh);\nGas;1\nOil;2\nEmissions (t CO2e);\nGas;3\nOil;4\nOil;4\n"
    )
    assert [line.name for line in table.lines] == [
        *("energy", "energy_gas", "energy_oil"),
        *("emissions", "emissions_gas", "emissions_oil", "emissions_oil_2"),
    ]
    assert units(table)[1:3] == ["MWh", "MWh"]
    assert units(table)[4:] == ["t CO2e"] * 3
    assert table.remarks == ("row 7 and row 8 have the same label 'Oil' and the same cells.",)


@pytest.mark.parametrize(
    ("heads", "cells", "roles"),
    [
        ("2019;2020;%", "1;2;100", "value value change"),
        ("2020;2019;YoY (%)", "1;2;-50", "value value change"),
        ("2020;% of total", "1;50", "value share"),
        ("2019;%;2020;%", "1;50;2;60", "value share value share"),
        ("2019;2020;2020 vs 2019", "1;2;3", "value value change"),
        ("2019;2020;Change in percentage points", "1;2;3", "value value change"),
        ("Europe;Asia;Total", "1;2;3", "value value total"),
        ("Total 2019;Total 2020", "1;2", "value value"),
        ("2019;2020;Unit", "1;2;MWh", "value value unit"),
        ("2020;Page;Notes", "1;12;a", "value page note"),
        ("2019–20;2020–21", "1;2", "value value"),
    ],
)
def test_columns_are_known_by_their_headings(heads: str, cells: str, roles: str) -> None:
    table = tables.read_text(f"Energy;{heads}\nGas;{cells}\nOil;{cells}\n")
    assert [c.role for c in table.columns[1:]] == roles.split()


@pytest.mark.parametrize(
    ("head", "base", "period", "measure"),
    [
        ("Change (%)", "2019", "2020", "percent"),
        ("Change", "2019", "2020", ""),
        ("Change (MWh)", "2019", "2020", "amount"),
        ("Change, percentage points", "2019", "2020", "points"),
        ("% change 2020 v. 2015", "2015", "2020", "percent"),
        ("Change since 2015", "2015", "", ""),
        ("2020/2019", "2019", "2020", ""),
    ],
)
def test_changes_say_from_when_to_when(head: str, base: str, period: str, measure: str) -> None:
    table = tables.read_text(f"Energy|2020|2019|{head}\nGas|1|2|3\n")
    change = table.value_columns[2]
    assert (change.role, change.base, change.period, change.measure) == (
        *("change", base, period),
        measure,
    )


# ---------------------------------------------------------------- numbers


def test_marks_that_no_cell_decides_are_refused_with_the_cell() -> None:
    with pytest.raises(TableError, match=r"row 2, column B: '1.234' could be 1.234 or 1234"):
        tables.read_text("Energy;2019;2020\nGas;1.234;2.345\n")
    for decimal, value in [(".", Fraction("1.234")), (",", 1234)]:
        table = tables.read_text("Energy;2019;2020\nGas;1.234;2.345\n", decimal=decimal)
        assert values(table)[0][0] == value
    decided = tables.read_text("Energy;2019;2020\nGas;1.234;2,5\n")
    assert values(decided) == [[1234, Fraction("2.5")]]
    assert values(tables.read_text("Energy;2019;2020\nGas;0.234;2.345\n"))[0][1] == Fraction(
        "2.345"
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１，２０４", 1204),
        ("1 204", 1204),
        ("1\u202f204", 1204),
        ("1'204", 1204),
        ("1’204.5", Fraction("1204.5")),
        ("(1,204)", -1204),
        ("−5", -5),
        ("1,204*", 1204),
        ("1,204 ¹", 1204),
        ("1,204 [12]", 1204),
        ("1,204(a)", 1204),
        ("1,204 1)", 1204),
        ("1,204 (3)", 1204),
        ("~7", 7),
        ("<0.1", Fraction("0.1")),
        ("1.2 million", 1_200_000),
        ("", "empty"),
        ("—", "dash"),
        ("not available", "not-available"),
        ("N/A", "not-available"),
    ],
)
def test_cells_as_reports_print_them(text: str, value: Fraction | int | str) -> None:
    table = tables.read_text(f"Energy\t2019\t2020\nGas\t{text}\t5\nOil\t2\t5\n")
    assert values(table)[0] == [value, 5]


def test_every_wrong_cell_is_named_at_once() -> None:
    with pytest.raises(TableError) as caught:
        tables.read_text(
            "Energy (MWh),2019,2020\nDiesel,abc,1180\nGas,980,2O\nOil,12.345.6,7\n,4,5\n",
            source="energy.csv",
        )
    assert [(p.place, p.row, p.column) for p in caught.value.problems] == [
        ("energy.csv, row 2, column B", 2, 2),
        ("energy.csv, row 3, column C", 3, 3),
        ("energy.csv, row 4, column B", 4, 2),
        ("energy.csv, row 5, column B", 5, 2),
    ]
    assert str(caught.value).count("energy.csv, row") == 4


def test_numbers_that_a_comma_parted_are_refused() -> None:
    with pytest.raises(TableError, match="row 2, column D: its column has no heading"):
        tables.read_text("Energy,2019,2020\nDiesel,1,204,1,180\nGas,980,20\n")


# ---------------------------------------------------------------- pasted text


def test_text_aligned_by_spaces() -> None:
    table = tables.read_text(
        """                        FY2019    FY2020    FY2021
Scope 1                 12,345    11,020    10,500
  Gas                   12,000    11,000    10,400
Scope 2                           28,100    27,000
"""
    )
    assert values(table)[0] == [12345, 11020, 10500]
    assert values(table)[2] == ["empty", 28100, 27000]
    assert [line.level for line in table.lines] == [0, 1, 0]
    with pytest.raises(TableError, match="row 3: has 2 cells under 3 columns"):
        tables.read_text("Energy    2019      2020\nGas      2,204     3,405\nOil             7\n")


def test_text_whose_columns_were_lost() -> None:
    table = tables.read_text(
        "Energy Unit 2019 2020\nDiesel MWh 1,204 1,180\nNatural gas thousand m3 20 n/a\n"
        "Scope 1 t CO2e 12,345 11,020\n"
    )
    assert [line.title for line in table.lines] == ["Diesel", "Natural gas", "Scope 1"]
    assert units(table) == ["MWh", "10^3 m3", "t CO2e"]
    assert values(table) == [[1204, 1180], [20, "not-available"], [12345, 11020]]
    with pytest.raises(TableError, match="row 2: can be cut in more than one way"):
        tables.read_text("Energy 2019 2020\nDiesel 1 204 1 180\n")
    with pytest.raises(TableError, match="row 3: has 1 figures under 2 years"):
        tables.read_text("Energy 2019 2020\nDiesel 12 11\nGas 5\n")


def test_two_tables_are_not_mixed() -> None:
    one = "| Energy | 2019 |\n|---|---|\n| Gas | 1 |\n"
    with pytest.raises(TableError, match="row 5: a second table"):
        tables.read_text(f"{one}\n{one}")
    pages = "<table><caption>A</caption><tr><th>x<th>2019<tr><td>Gas<td>1</table>" * 2
    with pytest.raises(TableError, match="holds 2 tables: 1 'A', 2 'A'"):
        tables.read(f"\n{pages}")
    assert values(tables.read(f"\n{pages}", sheet=2)) == [[1]]


def test_what_a_browser_does_not_show_is_not_read() -> None:
    table = tables.read_text(
        "<table><tr><th>x<th>2019<th>2020<tr><td>Gas<script>7</script><td>1<style>8</style>"
        "<td>2<!-- 9 --><tr style='display:none'><td>Oil<td>3<td>4<tr><td>Wood<td>5<td>6</table>"
    )
    assert [line.title for line in table.lines] == ["Gas", "Wood"]
    assert values(table) == [[1, 2], [5, 6]]
    assert table.remarks[0] == "rows or cells that a browser hides are left out."


# ---------------------------------------------------------------- workbooks


@pytest.mark.parametrize(
    ("value", "how", "text"),
    [
        # As a spreadsheet program shows them.
        (1234.5678, "General", "1234.5678"),
        (0.1 + 0.2, "General", "0.3"),
        (1e12, "General", "1E+12"),
        (2019, "General", "2019"),
        (1234.5678, "#,##0", "1,235"),
        (1234.5678, "#,##0.0", "1,234.6"),
        (1234.5, "0", "1235"),
        (-2.5, "0", "-3"),
        (-0.4, "0", "0"),
        (0.0525, "0.0%", "5.3%"),
        (0.5, "0%", "50%"),
        (-35, "#,##0;(#,##0)", "(35)"),
        (0, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "-"),
        (1204, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "1,204"),
        (1_234_567, "#,##0,", "1,235"),
        (12.3, '0.0" t"', "12.3 t"),
        (5, "[$€-407] #,##0", "€ 5"),
        (12345, "0.00E+00", "1.23E+04"),
        (9.999, "0.0E+00", "1.0E+01"),
        (7, "[Red]0;[Blue]-0", "7"),
        (0.5, "#.##", ".5"),
        (3, "00", "03"),
    ],
)
def test_a_number_is_what_its_cell_shows(value: float, how: str, text: str) -> None:
    assert shown(value, how) == text


@pytest.mark.parametrize("how", ["# ?/?", "[>100]0;0", "[h]:mm", "yyyy", "0.0.0", "0,0x0"])
def test_number_formats_that_are_not_known_are_refused(how: str) -> None:
    with pytest.raises(UnknownFormat):
        shown(5, how)


def workbook(path: Path) -> tuple[openpyxl.Workbook, openpyxl.worksheet.worksheet.Worksheet]:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "GHG"
    for row in [
        ["Emissions in t CO2e"],
        ["Scope", "Europe", None, "Asia", None],
        [None, 2019, 2020, 2019, 2020],
        ["Scope 1", 1234.5678, 2000, 3, 0],
        ["Scope 2", 0.4, "n/a", "1,204", "–"],
    ]:
        sheet.append(row)
    for area in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
        sheet.merge_cells(area)
    for cells in sheet.iter_rows(min_row=4, min_col=2):
        for cell in cells:
            cell.number_format = "#,##0"
    book.save(path)
    return book, sheet


def test_a_sheet_is_read_as_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    book, sheet = workbook(path)
    table = tables.read(path)
    assert table.source == "report.xlsx, sheet GHG"
    assert [c.name for c in table.value_columns] == [
        *("europe_2019", "europe_2020", "asia_2019", "asia_2020"),
    ]
    assert values(table) == [[1235, 2000, 3, 0], [0, "not-available", 1204, "dash"]]
    assert units(table) == ["t CO2e", "t CO2e"]
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.save(path)
    table = tables.read(path)
    assert values(table) == [[1235, 3, 0]]
    assert table.remarks == (
        "hidden rows are left out: 5.",
        "hidden columns are left out: C.",
    )


def test_numbers_of_a_sheet_take_the_marks_of_its_text(tmp_path: Path) -> None:
    path = tmp_path / "bericht.xlsx"
    book = openpyxl.Workbook()
    for row in [["Energie (MWh)", 2019, 2020], ["Gas", 1234.5, "1.204,5"]]:
        book.active.append(row)
    book.active["B2"].number_format = "#,##0.0"
    book.save(path)
    table = tables.read(path)
    assert [cell.text for cell in table.lines[0].cells] == ["1.234,5", "1.204,5"]
    assert values(table) == [[Fraction("1234.5"), Fraction("1204.5")]]


def test_cells_of_a_sheet_that_show_nothing_certain_are_named(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    book, sheet = workbook(path)
    sheet["D4"] = "=SUM(D5:D9)"
    sheet["E4"].number_format = "[h]:mm"
    sheet["B5"] = "#DIV/0!"
    sheet["B5"].data_type = "e"
    book.save(path)
    with pytest.raises(TableError) as caught:
        tables.read(path)
    assert [p.place.rpartition("row ")[2] for p in caught.value.problems] == [
        *("4, column D", "4, column E", "5, column B"),
    ]
    assert "formula without a value" in str(caught.value)
    assert values(tables.read(path, cells="A2:C4", unit="t CO2e")) == [[1235, 2000]]


def test_which_sheet_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    book, _ = workbook(path)
    other = book.create_sheet("Energy")
    other.append(["Energy (MWh)", 2020])
    other.append(["Gas", 5])
    book.save(path)
    with pytest.raises(TableError, match="2 filled sheets: GHG, Energy"):
        tables.read(path)
    with pytest.raises(TableError, match="Did you mean GHG"):
        tables.read(path, sheet="ghg")
    assert values(tables.read(path, sheet="Energy")) == values(tables.read(path, sheet=2)) == [[5]]
    other.sheet_state = "hidden"
    book.save(path)
    assert len(tables.read(path).lines) == 2
    assert tables.read(path, sheet="Energy").remarks[0] == "the sheet Energy is hidden."
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(TableError, match="cannot be read as a workbook"):
        tables.read(path)


def test_a_figure_in_a_merged_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    book, sheet = workbook(path)
    sheet.merge_cells("B4:C4")
    book.save(path)
    with pytest.raises(TableError, match="row 4, column C: '1,235' is a figure in a merged cell"):
        tables.read(path)


# ---------------------------------------------------------------- data frames


def test_a_frame_of_numbers() -> None:
    frame = pd.DataFrame(
        {"Unit": ["MWh", "t"], 2019: [1204.0, None], 2020: [1.5, 2.25]}, index=["Gas", "Waste"]
    )
    table = tables.read(frame, name="energy")
    assert values(table) == [[1204, Fraction("1.5")], ["empty", Fraction("2.25")]]
    assert [cell.text for cell in table.lines[0].cells] == ["1204", "1.5"]
    again = table.to_frame()
    assert list(again.index) == ["gas", "waste"]
    assert again.loc["waste", "2020"] == 2.25
    assert again.attrs["units"]["waste"] == {"2019": "t", "2020": "t"}
    assert pd.isna(again.loc["waste", "2019"])


@pytest.mark.parametrize("value", [True, [1], float("inf"), object(), Fraction(1, 3)])
def test_cells_of_a_frame_that_are_no_figures_are_named(value: object) -> None:
    frame = pd.DataFrame({"Energy": ["Gas", "Oil"], "2020": pd.Series([1, value], dtype=object)})
    with pytest.raises(TableError, match="data frame, row 3, column B"):
        tables.read(frame)


def test_a_frame_with_headings_over_headings() -> None:
    columns = pd.MultiIndex.from_tuples([("Europe", 2019), ("Europe", 2020)])
    frame = pd.DataFrame([[1, 2], [3, 4]], index=["Gas", "Oil"], columns=columns)
    table = tables.read(frame, unit="MWh")
    assert [c.name for c in table.value_columns] == ["europe_2019", "europe_2020"]


# ---------------------------------------------------------------- showing


def test_what_was_understood_is_shown() -> None:
    shown_text = str(
        tables.read_text(
            "Energy (MWh);2019;2020;Change\nFuel;;;\n 煤;1,204;1,180;-2%\nTotal;1,204;1,180;-2%\n",
            name="energy",
        )
    )
    assert shown_text.splitlines() == [
        "energy: 3 lines, 3 columns of figures, numbers as 1,234.5, from energy",
        "         unit   2019   2020  change_2020",
        "fuel               .      .            .  heading",
        "  煤     MWh   1,204  1,180          -2%",
        "= total  MWh   1,204  1,180          -2%",
        "change_2020: change, 2019 to 2020, in percent of the base",
    ]


def test_markdown_escapes_what_would_part_cells() -> None:
    table = tables.read_text("Energy\t2020\n=1+1|`x`\t<5\n@a * b\t5*\n")
    text = table.to_markdown()
    assert r"| =1+1\|\`x\` |" in text
    again = tables.read_text(text)
    assert [line.title for line in again.lines] == ["=1+1|`x`", "@a * b"]
    assert [cell.text for line in again.lines for cell in line.cells] == ["<5", "5*"]


def test_an_empty_data_frame_is_refused() -> None:
    with pytest.raises(TableError, match="is empty"):
        tables.read(pd.DataFrame())
