"""Printed tables in report files, and tables as reports of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbonkit import tables
from carbonkit.claims import Audit, Verdict, lint, load_report, parse_report
from carbonkit.errors import ReportError, TableError
from carbonkit.html import audit_page

HEAD = 'format = "carbonkit-report/1"\n[report]\nid = "r"\ntitle = "R"\nyear = 2020\n'
CELLS = """| Energy | Unit | 2019 | 2020 |
|---|---|---|---|
| Diesel | MWh | 1,204 | 1,180 |
| Gas | MWh | 980 | 1,020 |
| Total | MWh | 2,184 | 2,200 |
"""
TABLE = f"[tables.energy]\npage = 69\ncells = '''\n{CELLS}'''\n"


def audit(text: str) -> Audit:
    return parse_report(text.encode(), "r.toml").verify()


def test_the_cells_are_figures_and_the_totals_claims() -> None:
    found = audit(HEAD + TABLE)
    value = found.report.values["energy_gas_2020"]
    assert (value.value, value.unit, value.page, value.period) == (
        1020 * value.base,
        "MWh",
        "69",
        "2020",
    )
    assert {r.id: r.verdict for r in found} == {
        "energy-total-2019": Verdict.EXACT,
        "energy-total-2020": Verdict.EXACT,
    }


def test_claims_of_the_file_may_use_the_figures_of_a_table() -> None:
    found = audit(
        f'{HEAD}{TABLE}[figures]\nsummary = {{ text = "2.2 GWh", page = 3 }}\n'
        '[derived]\nboth = "energy_diesel_2020 + energy_gas_2020"\n'
        '[[claims]]\nid = "p3"\nstatement = "s"\n'
        'relations = ["summary == energy_total_2020", "summary == both"]\n'
    )
    assert found["p3"].verdict.passes
    assert len(found) == 3


@pytest.mark.parametrize(
    ("about", "table", "rounding"),
    [
        ("", "", "unknown"),
        ('rounding = "ceiling"\n', "", "ceiling"),
        ('rounding = "ceiling"\n', 'rounding = "truncated"\n', "truncated"),
        ("", 'rounding = "half-even"\n', "half-even"),
    ],
)
def test_the_rounding_of_the_table_or_else_of_the_report(
    about: str, table: str, rounding: str
) -> None:
    text = HEAD + about + TABLE.replace("page = 69\n", f"page = 69\n{table}")
    assert audit(text).report.values["energy_gas_2020"].rounding == rounding


def test_the_rounding_of_a_table_decides() -> None:
    # 1.6 + 1.7 = 3.3: printed as 3 to nearest; rounded up, 1.6 and 1.7 stand for more than 3.1.
    rows = "Energy (MWh);2020\nA;1.6\nB;1.7\nTotal;3"
    said = "rounding = '{}'\ntotals.total = ['a', 'b']\n"
    made = f"{HEAD}[tables.t]\n{said}cells = '''\n{rows}\n'''\n"
    verdicts = {
        rule: audit(made.format(rule))["t-total-2020"].verdict
        for rule in ("half-up", "half-even", "truncated", "ceiling")
    }
    assert verdicts.pop("ceiling") is Verdict.INCONSISTENT
    assert all(verdict.passes for verdict in verdicts.values())


def test_a_decimal_comma_is_found_or_said() -> None:
    rows = "Energie (MWh);2020\nA;1.204,5\nB;0,5\nSumme;1.205,0"
    for said in ("", 'decimal = ","\nthousands = "."\n'):
        found = audit(f"{HEAD}[tables.t]\n{said}cells = '''\n{rows}\n'''\n")
        assert found.report.values["t_a_2020"].figure.value * 2 == 2409
        assert found["t-summe-2020"].verdict is Verdict.EXACT


def test_totals_can_be_said() -> None:
    text = HEAD + TABLE.replace("page = 69\n", "totals = { total = [] }\n")
    assert len(audit(text)) == 0


@pytest.mark.parametrize(
    ("change", "words", "line"),
    [
        (("980", "zork"), "row 4, column C", 12),
        (("page = 69", "pge = 69"), "Did you mean page?", 7),
        (("page = 69", "page = 69\ntotals = { totl = ['gas'] }"), "totl", 8),
        (("tables.energy", "tables.'a-b'"), "cannot be a name", 6),
        (("page = 69", 'page = 69\ntons = "metric"'), "short_ton", 8),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_place(
    change: tuple[str, str], words: str, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "r.toml"
    path.write_text(
        HEAD + TABLE.replace(*change) + '[[claims]]\nid = "k"\nstatement = "s"\n'
        'relation = "energy_gas_2019 <= energy_gas_2020"\n'
    )
    problem = next(p for p in lint(path) if words in p.message)
    assert problem.line == line, problem
    if "a-b" not in change[1]:
        assert len(lint(path)) == 1  # what uses the table is not reported too


def test_a_name_that_the_file_has_already() -> None:
    with pytest.raises(ReportError, match="'energy_gas_2019' is already taken"):
        audit(f'{HEAD}[figures]\nenergy_gas_2019 = {{ text = "1 t" }}\n{TABLE}')


# --- tables as reports ----------------------------------------------------------------------------


def test_a_file_that_is_a_table_is_a_report(tmp_path: Path) -> None:
    path = tmp_path / "energy.md"
    path.write_text(CELLS, encoding="utf-8")
    report = load_report(path)
    assert (report.id, report.year, report.path) == ("energy", 2020, str(path))
    assert report.verify().summary() == "2 claims: 2 reproduced-exactly"
    assert len(report.sha256) == 64
    assert lint(path) == ()


def test_a_table_that_was_read_is_a_report() -> None:
    table = tables.read_text(CELLS, name="energy", rounding="nearest")
    report = load_report(table)
    assert [claim.id for claim in report] == ["energy-total-2019", "energy-total-2020"]
    assert report.values["energy_gas_2019"].rounding == "nearest"
    assert load_report(table).sha256 == report.sha256


def test_a_table_without_years_takes_the_year_of_its_name(tmp_path: Path) -> None:
    rows = "Energy (MWh);Plant A;Plant B\nGas;5;6\nOil;1;2\nTotal;6;8"
    path = tmp_path / "plants-2021.csv"
    path.write_text(rows, encoding="utf-8")
    assert load_report(path).year == 2021
    with pytest.raises(ReportError, match="names no year"):
        load_report(tables.read_text(rows, name="plants"))


def test_a_file_that_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such file"):
        load_report(tmp_path / "nothing.csv")
    path = tmp_path / "t.csv"
    path.write_text("Energy (MWh);2020\nGas;5\nOil;x5\n", encoding="utf-8")
    (problem,) = lint(path)
    assert (problem.code, problem.line, problem.column) == ("table", 3, 2)


def test_an_audit_says_which_cell_would_close_a_table(tmp_path: Path) -> None:
    # 301 + 5,210 + 377 = 5,888, and 300 + 5,100 + 370 = 5,770; 5,210 has its digits exchanged.
    path = tmp_path / "energy.csv"
    rows = "Energy (MWh);2019;2020\nOil;300;301\nGas;5,100;5,210\nCoal;370;377\nTotal;5,770;5,798"
    path.write_text(rows, encoding="utf-8")
    audit = load_report(path).verify()
    (closure,) = audit.closures()
    assert [c.closes for c in closure.constraints] == [True, False]
    (table,) = audit.to_dict(diagnoses=True)["tables"]
    assert (table["sums"], table["failing"]) == (2, 1)
    (likeliest,) = table["faults"][0]["likeliest"]
    assert (likeliest[0]["printed"], likeliest[0]["needed"]) == ("5,210", "5,120")
    page = audit_page(audit)
    assert "were 5,120 instead of 5,210" in page
    assert "transposed digits: two digits of 5,210 MWh exchanged" in page
    clean = load_report(tables.read_text(rows.replace("5,798", "5,888"), name="energy")).verify()
    assert clean.closures()[0].closes
    assert "do not close" not in audit_page(clean)


def test_changes_in_percentage_points_are_checked_in_points(tmp_path: Path) -> None:
    # 45 % - 40 % = 5 points, which is 12.5 % of 40 %; 180 / 204 - 1 = -11.8 %.
    path = tmp_path / "shares.csv"
    rows = "Shares,Unit,2019,2020,Change\nSolar,%,40,45,+5 pp\nScope 1,t CO2e,204,180,-11.8%\n"
    path.write_text(rows, encoding="utf-8")
    assert load_report(path).verify().summary() == "2 claims: 2 reproduced-exactly"
    path.write_text(rows.replace("+5 pp", "+12.5 pp"), encoding="utf-8")
    assert load_report(path).verify()["shares-solar-change-2020"].verdict is Verdict.INCONSISTENT
    headed = "Share,Unit,2019,2020,Change (percentage points)\nSolar,%,40,45,5\nWind,%,30,28,-2\n"
    path.write_text(headed, encoding="utf-8")
    assert load_report(path).verify().summary() == "2 claims: 2 reproduced-exactly"


def test_a_table_without_units_or_sums_says_so(tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("Energy,2019,2020\nGas,5,6\nOil,1,2\n", encoding="utf-8")
    with pytest.raises(ReportError, match="row 2, column B: '5' has no unit, nor have 3 more"):
        load_report(path)
    path.write_text("Energy (MWh),2019,2020\nGas,5,6\nOil,1,2\n", encoding="utf-8")
    assert load_report(path).verify().summary().startswith("0 claims: nothing says")
