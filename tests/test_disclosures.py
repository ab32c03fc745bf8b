"""Disclosure tables: every cell is the sum of its lines, and the tables agree with each other."""

import io
from fractions import Fraction

import openpyxl
import pandas as pd
import pytest

from carbonkit import disclosures, inventory
from carbonkit.errors import InventoryError
from carbonkit.inventory import Denominator

CHINA = {2022: "mee-china/electricity-2022", 2023: "mee-china/electricity-2023"}


def rows_of(year, scale=1):
    return [
        {"site": "A", "year": year, "category": "electricity", "activity": "electricity",
         "amount": 1000 * scale, "unit": "MWh", "region": "CN", "release": CHINA[year]},
        {"site": "A", "year": year, "category": "stationary", "activity": "natural gas",
         "amount": 100 * scale, "unit": "10^4 Nm3", "release": "sac-china/gbt-32151-2024"},
        {"site": "A", "year": year, "category": "mobile", "activity": "diesel", "amount": 10,
         "unit": "t", "release": "sac-china/gbt-32151-2024"},
        {"site": "A", "year": year, "category": "stationary", "activity": "wood", "amount": 100,
         "unit": "MMBtu", "calorific_basis": "gross", "release": "us-epa/hub-2024"},
        {"site": "A", "year": year, "category": "heat", "activity": "heat", "amount": 360,
         "unit": "GJ", "region": "CN", "release": "ndrc-china/purchased-heat"},
        {"site": "A", "year": year, "category": "own renewables", "activity": "solar",
         "amount": 50, "unit": "MWh", "region": "CN"},
    ]  # fmt: skip


BOUGHT = pd.DataFrame(
    [
        {
            "id": "wind",
            "type": "certificate",
            "energy": 200,
            "technology": "wind",
            "renewable": "yes",
        },
        {
            "id": "atom",
            "type": "certificate",
            "energy": 300,
            "technology": "nuclear",
            "renewable": "no",
        },
    ]
).assign(unit="MWh", market="CN", vintage=2022, rate=0, rate_unit="kg CO2/kWh", retired="yes")
RATIOS = (
    Denominator(2022, "revenue", Fraction(10), "10^6 CNY", "current"),
    Denominator(2023, "revenue", Fraction(12), "10^6 CNY", "current"),
)


@pytest.fixture(scope="module")
def company():
    frame = pd.DataFrame([*rows_of(2022), *rows_of(2023, 2)])
    return inventory.from_frame(frame, instruments=BOUGHT)


@pytest.fixture(scope="module")
def tables(company):
    made = disclosures.every(company, "AR5", denominators=RATIOS, base_year=2022)
    return {one.code: one for one in made}


def cell(table, label, column):
    (entry,) = [e for e in table.entries if e.label.strip() == label]
    return entry.cells[column]


# ---------------------------------------------------------------- invariants


def test_every_standard_that_was_asked_for_is_there(tables):
    assert set(tables) == {
        "GRI 302-1", "GRI 302-3", "GRI 302-4", "GRI 305-1", "GRI 305-2", "GRI 305-3",
        "GRI 305-4", "GRI 305-5", "ESRS E1-5", "ESRS E1-6", "IFRS S2", "SECR",
    }  # fmt: skip


def test_every_cell_is_the_sum_of_its_lines(tables):
    checked = 0
    for table in tables.values():
        for entry in table.entries:
            for one in entry.cells.values():
                if one.value and one.parts:
                    assert sum(part for _, part in one.parts) == one.value, (table.code, entry)
                    checked += 1
    assert checked > 100


def test_every_number_is_traced_or_says_its_arithmetic(tables):
    for table in tables.values():
        for entry in table.entries:
            for one in entry.cells.values():
                assert one.parts or one.how or not one.value, (table.code, entry.label)


def test_contributions_in_the_trace_add_up_to_the_cells(tables):
    for table in tables.values():
        trace = table.trace()
        trace = trace[trace["contribution of line"].notna()]
        for keys, group in trace.groupby(["requirement", "item", "column", "cell unit"]):
            whole, parts = group["value"].iloc[0], group["contribution of line"].sum()
            assert parts == pytest.approx(whole, rel=1e-9), (table.code, keys)


def test_joules_and_watt_hours_say_the_same(tables):
    frame = tables["GRI 302-1"].frame()
    tj = frame[frame["unit"] == "TJ"]["2022"].to_numpy()
    mwh = frame[frame["unit"] == "MWh"]["2022"].to_numpy()
    assert tj * 1e12 == pytest.approx(mwh * 1e6 * 3600)


def test_the_standards_agree_with_each_other(tables):
    for year in ("2022", "2023"):
        mwh = [e for e in tables["GRI 302-1"].entries if e.cells[year].unit == "MWh"]
        total = mwh[-1].cells[year].value
        assert cell(tables["ESRS E1-5"], "total energy consumption", year).value == total
        scope1 = cell(tables["GRI 305-1"], "gross direct (Scope 1) emissions", year).value
        assert cell(tables["ESRS E1-6"], "gross Scope 1 emissions", year).value == scope1
        assert cell(tables["IFRS S2"], "absolute gross Scope 1 emissions", year).value == scope1
        elsewhere = cell(tables["SECR"], "Scope 1: all", f"{year} global, without UK").value
        assert elsewhere == scope1


def test_shares_of_the_energy_mix_make_the_whole(tables):
    table = tables["ESRS E1-5"]
    names = ("share of fossil sources", "share of nuclear sources", "share of renewable sources")
    for year in ("2022", "2023"):
        assert sum(cell(table, name, year).value for name in names) == 100


def test_the_causes_of_305_5_make_the_change(tables):
    first, *causes = [e.cells["2023"].value for e in tables["GRI 305-5"].entries]
    assert sum(causes) == first


# ---------------------------------------------------------------- by hand


def test_the_energy_mix_by_hand(tables):
    """2022: gas 389.31 x 100 GJ, diesel 10 t x 42.652 GJ, wood 100 MMBtu, electricity 1,000 MWh
    of which 200 wind and 300 nuclear, heat 100 MWh, own solar 50 MWh."""
    table, year = tables["ESRS E1-5"], "2022"
    gas, diesel, wood = 38931 / 3.6, 426.52 / 3.6, 100 * 1.05505585262 / 3.6
    expected = {
        "fuel from natural gas": gas,
        "fuel from crude oil and petroleum products": diesel,
        "fuel from coal and coal products": 0,
        "consumption from nuclear sources": 300,
        "fuel from renewable sources, with biomass": wood,
        "self-generated non-fuel renewable energy": 50,
        "total fossil energy consumption": gas + diesel + 500 + 100,
        "total renewable energy consumption": wood + 200 + 50,
        "total energy consumption": gas + diesel + wood + 1000 + 100 + 50,
    }
    for label, value in expected.items():
        assert float(cell(table, label, year).value) == pytest.approx(value, rel=1e-9), label


def test_both_scope_2_totals_by_hand(tables):
    """2022: 1,000 x 0.5366, 500 x 0.5856 (residual), heat 360 x 0.11."""
    table = tables["GRI 305-2"]
    location = cell(table, "gross location-based energy indirect (Scope 2) emissions", "2022")
    market = cell(table, "gross market-based energy indirect (Scope 2) emissions", "2022")
    assert location.value == Fraction("536.6") + Fraction("39.6")
    assert market.value == Fraction("292.8") + Fraction("39.6")


def test_biogenic_co2_has_its_own_row(tables):
    """100 MMBtu x 93.80 kg."""
    found = cell(tables["GRI 305-1"], "biogenic CO2, outside the scopes", "2022")
    assert found.value == Fraction("9.38")


def test_intensity_by_hand(tables):
    table = tables["GRI 305-4"]
    found = cell(table, "Scope 1 and location-based Scope 2 per revenue (current prices)", "2022")
    gas, diesel = Fraction("2162.2"), Fraction("30.959")
    wood = Fraction("0.00072") * 28 + Fraction("0.00036") * 265
    assert found.value == (gas + diesel + wood + Fraction("576.2")) / 10
    assert found.unit == "t CO2e/10^6 CNY"


def test_what_is_not_known_is_not_filled_in(tables, company):
    unknown = cell(tables["ESRS E1-6"], "share of Scope 1 under regulated emission trading", "2022")
    assert unknown.value is None
    assert str(unknown) == "not available"
    with pytest.raises(InventoryError, match="base year 1999"):
        disclosures.gri_305_5(company, "AR5", 1999)


def test_fuel_without_a_calorific_value_is_named():
    frame = pd.DataFrame(
        [{"site": "A", "year": 2022, "category": "stationary", "activity": "kerosene",
          "amount": 1, "unit": "t", "factor": 3, "factor_unit": "t CO2/t",
          "factor_source": "own"}]
    )  # fmt: skip
    notes = disclosures.gri_302_1(inventory.from_frame(frame)).notes
    assert "activities, row 0" in notes[0]


# ---------------------------------------------------------------- forms


def test_markdown_csv_and_frame_hold_the_same_rows(tables):
    for table in tables.values():
        count = len(table.entries)
        assert len(table.frame()) == count
        assert len(pd.read_csv(io.StringIO(table.csv()))) == count
        lines = [line for line in table.markdown().splitlines() if line.startswith("| ")]
        assert len(lines) == count + 2


def test_the_workbook_holds_every_table_and_the_trace(tables, company, tmp_path):
    path = tmp_path / "out.xlsx"
    disclosures.to_excel(tables.values(), path, company)
    book = openpyxl.load_workbook(path)
    assert set(book.sheetnames) == {*tables, "trace", "problems and findings", "scope 2 criteria"}
    sheet = book["GRI 305-2"]
    assert sheet["D2"].value == pytest.approx(576.2)
    assert book["trace"].max_row > 100
    assert book["scope 2 criteria"].max_row == 1 + 2 * 5


def test_a_note_that_looks_like_a_formula_stays_text(tmp_path):
    frame = pd.DataFrame(rows_of(2022)).assign(note="=HYPERLINK(1)", site="=A")
    found = inventory.from_frame(frame)
    path = tmp_path / "out.xlsx"
    disclosures.to_excel([disclosures.gri_305_1(found, "AR5")], path, found)
    cells = [c for row in openpyxl.load_workbook(path)["trace"].iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]
    assert "'=A" in {c.value for c in cells}


def test_money_is_of_stated_prices_and_prices_are_not_mixed(company):
    with pytest.raises(InventoryError, match="of which prices"):
        Denominator(2022, "revenue", Fraction(10), "10^6 CNY")
    with pytest.raises(InventoryError, match="of which prices"):
        Denominator(2022, "revenue", Fraction(10), "EUR", "nominal")
    Denominator(2022, "employees", Fraction(10), "employee")
    ratios = [
        Denominator(2022, "revenue", Fraction(10), "10^6 CNY", "current"),
        Denominator(2023, "revenue", Fraction(11), "10^6 CNY", "2022"),
    ]
    labels = {e.label for e in disclosures.gri_305_4(company, "AR5", ratios).entries}
    assert {label.partition("revenue ")[2] for label in labels} == {
        "(current prices)", "(prices of 2022)",
    }  # fmt: skip
