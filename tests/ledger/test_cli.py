"""``carbonkit calculate``."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from carbonkit.cli import main

pytestmark = pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")

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
