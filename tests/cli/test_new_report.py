"""The command that writes a report file to begin with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from carbonkit.claims import Verdict, lint, load_report
from carbonkit.cli import main

TABLES = {
    "energy.csv": "Energy,Unit,2019,2020\nDiesel,MWh,\"1,204\",\"1,180\"\nGas,MWh,980,\"1,020\"\n"
    "Total,MWh,\"2,184\",\"2,200\"\n",
    "ENERGIE 2023.csv": "Energie (MWh);2022;2023\nDiesel;1.204,5;1.180,0\nGas;980,0;1.020,5\n"
    "Summe;2.184,5;2.200,5\n",
    "quotes.md": "| '''Energy''' \"x\\\" (MWh) | 2020 |\n|---|---|\n| Gas '''a''' | 5 |\n"
    "| Oil \\ | 6 |\n| Total | 11 |\n",
}  # fmt: skip


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["new-report", *map(str, args)])


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_template_lints_clean_and_verifies() -> None:
    done = run("example-2024")
    assert done.exit_code == 0, done.output
    assert lint("example-2024.toml") == ()
    report = load_report("example-2024.toml")
    assert report.id == "example-2024"
    audit = report.verify()
    assert len(audit) == 4
    assert [r.id for r in audit if not r.verdict.passes] == ["p12-suppliers"]


def test_the_template_names_the_schema_that_the_command_prints() -> None:
    run("r")
    first = Path("r.toml").read_text("utf-8").splitlines()[0]
    assert first == "#:schema ./carbonkit-report-1.schema.json"
    CliRunner().invoke(main, ["schema", "--out", "carbonkit-report-1.schema.json"])
    schema = json.loads(Path("carbonkit-report-1.schema.json").read_text("utf-8"))
    assert schema["title"] == "carbonkit-report/1"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_goes_in_whole(name: str) -> None:
    Path(name).write_text(TABLES[name], encoding="utf-8")
    done = run("r", "--table", name)
    assert done.exit_code == 0, done.output
    assert [str(problem) for problem in lint("r.toml")] == []
    audit = load_report("r.toml").verify()
    assert len(audit) > 0
    assert {result.verdict for result in audit} == {Verdict.EXACT}
    # What was understood is the same from the file as from the table itself.
    direct = load_report(name)
    figures = [
        {(n, v.value, v.unit) for n, v in report.values.items()}
        for report in (direct, audit.report)
    ]
    assert figures[0] == figures[1]
    assert direct.year == audit.report.year


def test_the_remarks_say_how_the_table_was_understood() -> None:
    Path("energy.csv").write_text(TABLES["energy.csv"], encoding="utf-8")
    run("r", "--table", "energy.csv")
    text = Path("r.toml").read_text("utf-8")
    assert "# = total" in text.replace("#   ", "# ")
    assert "| Diesel | MWh | 1,204 | 1,180 |" in text
    assert "energy_total_2020" in text


def test_a_file_that_exists_is_left_as_it_is() -> None:
    Path("r.toml").write_text("mine", encoding="utf-8")
    done = run("r")
    assert done.exit_code == 2
    assert "exists already and is left as it is" in done.output
    assert Path("r.toml").read_text("utf-8") == "mine"


def test_a_table_that_cannot_be_read_leaves_nothing_behind() -> None:
    Path("t.csv").write_text("Energy (MWh),2019,2020\nGas,5,zork\n", encoding="utf-8")
    done = run("r", "--table", "t.csv")
    assert done.exit_code == 2
    assert "row 2, column C" in done.output
    assert [p.name for p in Path().iterdir()] == ["t.csv"]


def test_a_table_without_a_year_is_refused() -> None:
    Path("t.csv").write_text("Energy (MWh),Plant A,Plant B\nGas,5,6\n", encoding="utf-8")
    done = run("r", "--table", "t.csv")
    assert done.exit_code == 2
    assert "names no year" in done.output


@pytest.mark.parametrize("name", ["../up", "a b", "", "-x", "x" * 99, 'x"y', "a\nb"])
def test_an_odd_name_is_refused(name: str) -> None:
    done = run("--", name)
    assert done.exit_code == 2
    assert list(Path().iterdir()) == []


def test_a_folder_that_is_not_there() -> None:
    done = run("r", "--out", "nowhere/r.toml")
    assert done.exit_code == 2
    assert "cannot be written" in done.output
