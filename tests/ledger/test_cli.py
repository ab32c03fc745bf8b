"""``carbonkit calculate``."""

from __future__ import annotations

import csv
import shlex
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from carbonkit.cli import main

pytestmark = pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")
ROOT = Path(__file__).parents[2]

TABLE = """activity,unit,kWh used,scope
electricity,kWh,1200.5,2
electricity,MWh,1.5,2
electricity,kWh,-3,2
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(TABLE)
    asked = ["--same", "year=2018", "--same", "release=iea/world-2018"]
    asked += ["--column", "amount=kWh used"]
    return lambda *argv: CliRunner().invoke(main, ["calculate", "t.csv", *asked, *argv])


def test_first_run(run, tmp_path):
    done = run("--by", "scope,gas", "--gwp", "AR5", "--out", "totals.csv", "--refused", "no.csv")
    assert done.exit_code == 0, done.output
    assert "3 rows in = 2 used + 1 refused (1 amount negative)" in done.output
    (header, line) = (tmp_path / "totals.csv").read_text().splitlines()
    assert header == "scope,gas,rows,t,t CO2e"
    # 1,200.5 kWh + 1,500 kWh, each 475 g
    assert line.startswith("2,CO2,2,1.2827375")
    assert "amount negative" in (tmp_path / "no.csv").read_text()
    assert run("--strict").exit_code == 1


def in_file(name, **cells):
    """The value that a file of the publisher gives for these cells."""
    with (ROOT / "emission_factors" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        (row,) = [r for r in csv.DictReader(file) if r.items() >= cells.items()]
    return Decimal(row["value"])


def test_the_example_is_calculated_as_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrote = CliRunner().invoke(main, ["calculate", "--example", "first"])
    assert wrote.exit_code == 0, wrote.output
    (line,) = [w for w in wrote.output.splitlines() if "carbonkit calculate" in w]
    argv = shlex.split(line.partition("carbonkit ")[2])
    done = CliRunner().invoke(main, argv)
    assert done.exit_code == 0, done.output
    assert "1,586 rows in = 1,581 used + 5 refused" in done.output
    # By hand: the amounts of the good rows, times what the publishers print, in kg.
    diesel = in_file("sac-china/gbt-32151-2024", id="diesel-co2")
    sums = Counter()
    with Path("first/activities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with Path("refused.csv").open(encoding="utf-8", newline="") as file:
        refused = list(csv.DictReader(file))
    assert len({r["reason"] for r in refused}) == len(refused) == 5
    for lost in refused:
        rows.remove({name: lost[name] for name in rows[0]})
    for row in rows:
        key = row["scope"], row["region"], row["date"][:4]
        size = {"kWh": 1, "MWh": 1000, "kg": 1}[row["unit"]]
        per = diesel
        if row["activity"] == "electricity":
            name = f"mee-china/electricity-{key[2]}"
            per = in_file(name, region=row["region"], kind="average")
        sums[key] += Decimal(row["amount"]) * size * per
    with Path("totals.csv").open(encoding="utf-8", newline="") as file:
        totals = {(t["scope"], t["region"], t["year"]): t for t in csv.DictReader(file)}
    assert {key: Decimal(total["t CO2"]) * 1000 for key, total in totals.items()} == sums


def test_a_table_or_the_example_is_needed():
    done = CliRunner().invoke(main, ["calculate"])
    assert done.exit_code == 2
    assert "--example" in done.output


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--by", "scop"], "Did you mean scope"),
        (["--same", "year=last"], "no year"),
        (["--same", "out=x"], "no part of a question"),
        (["--gwp", "AR9"], "no GWP set"),
        (["--out", "x.pdf"], "written as .csv or .parquet"),
        (["--same", "novalue"], "NAME=VALUE"),
    ],
)
def test_errors_are_one_line(run, argv, says):
    done = run(*argv)
    assert done.exit_code == 2
    assert says in done.output
    assert "Traceback" not in done.output
