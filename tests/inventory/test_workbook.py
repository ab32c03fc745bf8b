"""The template, what is read back from it, and the command."""

import csv

import openpyxl
import pytest
from click.testing import CliRunner

from carbonkit import inventory
from carbonkit.cli import main
from carbonkit.errors import InventoryError
from carbonkit.inventory.workbook import save_sheets

# t CO2e; see test_the_example_by_hand
STEAM = 90_000 * 0.18290 * 50_000 / (50_000 + 27_000 / 0.35) * 1_500 / 40_000


@pytest.fixture
def filled(tmp_path):
    path = tmp_path / "acme.xlsx"
    inventory.template(path)
    return path


def changed(path, sheet, cell, value):
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["inventory", *map(str, arguments)])


# ---------------------------------------------------------------- the template


def test_the_worked_example_is_a_whole_inventory(filled):
    found = inventory.from_excel(filled)
    assert not found.problems
    assert found.counts.rows == found.counts.used == len(found.rows)
    assert {row.category for row in found.rows} >= {"stationary", "electricity", "fugitive"}


def test_the_example_by_hand(filled):
    """Scope 2 location-based: UK 1,200 MWh x 0.20705 kg CO2e; Guangdong 5,400 x 0.4403; heat
    3,000 GJ x 0.11; steam of a CHP plant: 90,000 MWh x 0.18290 x (40,000 / 0.8) / (40,000 / 0.8 +
    27,000 / 0.35) x 1,500 / 40,000. Market-based: UK 600 x 0.20705; China 4,400 x 0.5856
    (residual); heat and steam."""
    found = inventory.from_excel(filled).scope2("AR5")
    location = 1200 * (0.20493 + 0.00090 + 0.00122) + 5400 * 0.4403 + 330 + STEAM
    market = 600 * (0.20493 + 0.00090 + 0.00122) + 4400 * 0.5856 + 330 + STEAM
    assert found.location_based.magnitude == pytest.approx(location)
    assert found.market_based.magnitude == pytest.approx(market)


def test_the_template_lists_every_column_with_its_meaning(filled):
    book = openpyxl.load_workbook(filled)
    for name, columns in inventory.TABLES.items():
        head = list(book[name][1])
        assert [cell.value for cell in head] == [column.name for column in columns]
        assert all(
            cell.comment.text.startswith(c.help) for cell, c in zip(head, columns, strict=True)
        )


def test_settings_of_the_workbook_are_used(filled):
    changed(filled, "organisation", "B3", "equity share")
    assert inventory.from_excel(filled).boundary == "equity share"
    changed(filled, "organisation", "A3", "boundry")
    with pytest.raises(InventoryError, match=r"row 3: .*Did you mean boundary"):
        inventory.from_excel(filled)


# ---------------------------------------------------------------- reading


def test_a_problem_is_named_by_the_row_of_the_sheet(filled):
    changed(filled, "activities", "E4", -5)
    with pytest.raises(InventoryError, match="activities, row 4, column amount: -5 is negative"):
        inventory.from_excel(filled)


def test_a_formula_without_a_value_is_refused_by_its_cell(filled):
    changed(filled, "activities", "E4", "=1000*2")
    with pytest.raises(InventoryError, match="sheet activities, cell E4: it holds a formula"):
        inventory.from_excel(filled)


def test_empty_rows_are_no_rows_and_numbers_of_rows_stay(filled):
    book = openpyxl.load_workbook(filled)
    book["activities"].insert_rows(3, 4)
    book.save(filled)
    found = inventory.from_excel(filled)
    assert found.counts.rows == 12
    assert "2" in {row.row for row in found.rows}
    assert "7" in {row.row for row in found.rows}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.xlsx", None, "no such file"),
        ("text.xlsx", b"not a workbook", "cannot be read as a workbook"),
        ("rows.txt", b"site,year", "give a workbook"),
        ("latin.csv", "site\nZürich".encode("latin-1"), "UTF-8"),
        ("short.csv", b"site,year\nA\n", "1 cells under 2 columns"),
        ("other.csv", b"site,yaer\nA,2022\n", "Did you mean year"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, name, content, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InventoryError, match=words):
        inventory.load(path).inventory()


def test_a_workbook_without_activities_says_so(tmp_path):
    save_sheets(tmp_path / "a.xlsx", [("sites", ("site",), [("A",)])])
    with pytest.raises(InventoryError, match="no sheet 'activities'"):
        inventory.from_excel(tmp_path / "a.xlsx")


def test_csv_numbers_are_exact(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(
        "site,year,category,activity,amount,unit,factor,factor_unit,factor_source\n"
        'A,2022,process,x,"1,000.10",t,0.3,t CO2/t,own\n',
        encoding="utf-8",
    )
    assert str(inventory.from_csv(path).emissions(scope=1).masses["CO2"]) == "30003/100"


# ---------------------------------------------------------------- writing


def test_text_that_a_spreadsheet_would_run_is_made_plain(tmp_path):
    path = tmp_path / "out.xlsx"
    nasty = ["=1+1", "@SUM(A1)", "+1-1|cmd", "-1+2", "\t=1", "-3.5", -3.5, "plain"]
    save_sheets(path, [("x", ["value"], [[n] for n in nasty])])
    sheet = openpyxl.load_workbook(path)["x"]
    shown = [sheet.cell(i, 1) for i in range(2, 2 + len(nasty))]
    assert all(cell.data_type != "f" for cell in shown)
    assert [c.value for c in shown] == [
        "'=1+1", "'@SUM(A1)", "'+1-1|cmd", "'-1+2", "'\t=1", "-3.5", -3.5, "plain",
    ]  # fmt: skip


# ---------------------------------------------------------------- the command


def test_a_stranger_gets_tables_and_charts(tmp_path, filled):
    pytest.importorskip("matplotlib")
    out = tmp_path / "results"
    done = run(filled, "--out", out)
    assert done.exit_code == 0, done.output
    assert "12 rows in = 12 used" in done.output
    names = {path.name for path in out.iterdir()}
    assert names >= {"disclosures.xlsx", "disclosures.md", "trace.csv", "scopes.png", "sources.png",
                     "gri-305-1.csv", "esrs-e1-5.csv", "secr.csv"}  # fmt: skip
    assert not [name for name in names if name.startswith(".")]
    with (out / "gri-305-2.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    location = 1200 * 0.20705 + 5400 * 0.4403 + 330 + STEAM
    assert float(rows[0]["2022"]) == pytest.approx(location)


def test_the_command_propagates_what_the_rows_say(tmp_path, filled):
    out = tmp_path / "results"
    assert run(filled, "--out", out).exit_code == 0
    text = (out / "uncertainty.md").read_text(encoding="utf-8")
    assert "## Scope 2 market-based, 2022" in text
    assert "first order" in text
    assert "Monte Carlo" in text
    changed(filled, "denominators", "E2", None)
    refused = run(filled)
    assert refused.exit_code == 2
    assert "denominators, row 2, column prices" in refused.output


def test_the_command_writes_the_template(tmp_path):
    path = tmp_path / "new.xlsx"
    assert run("--template", path).exit_code == 0
    assert inventory.from_excel(path).rows


def test_problems_stop_the_command_unless_collected(tmp_path, filled):
    changed(filled, "activities", "E4", -5)
    stopped = run(filled, "--out", tmp_path / "no")
    assert stopped.exit_code == 2
    assert "row 4, column amount" in stopped.output
    assert not (tmp_path / "no").exists()
    gone_on = run(filled, "--collect")
    assert gone_on.exit_code == 1
    assert "12 rows in = 11 used + 0 outside the boundary + 1 refused" in gone_on.output


def test_a_csv_needs_its_gwp_set(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(
        "site,year,category,activity,amount,unit\nA,2022,fugitive,SF6,1,kg\n", encoding="utf-8"
    )
    assert "say --gwp" in run(path).output
    assert "25,200 " not in run(path, "--gwp", "AR5").output
    # AR5: 23,500 for SF6
    assert "23.5 t CO2e" in run(path, "--gwp", "AR5").output


def test_the_command_says_what_it_needs():
    assert "--template" in run().output
