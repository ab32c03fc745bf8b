"""Files come whole or not at all, and work that was cut short goes on."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from carbonkit import ledger
from carbonkit.errors import LedgerError

pytestmark = pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")
ROOT = Path(__file__).parents[2]


def table(rows=10, start=0):
    return pa.table(
        {
            "activity": ["electricity"] * rows, "unit": ["kWh"] * rows,
            "amount": [i / 10 for i in range(start, start + rows)],
            "site": [f"=site{i % 3}" for i in range(rows)],
        }
    )  # fmt: skip


ASKED = {"release": "iea/world-2018", "year": 2018}


def test_outputs(tmp_path):
    made = ledger.calculate(
        table(), by="site", out=tmp_path / "totals.csv", audit=tmp_path / "rows.parquet",
        refused=tmp_path / "refused.csv", **ASKED,
    )  # fmt: skip
    with (tmp_path / "totals.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["site"] for line in lines] == ["'=site0", "'=site1", "'=site2"]
    assert sum(Decimal(line["t CO2"]) for line in lines) == made.total("t CO2")
    rows = parquet.read_table(tmp_path / "rows.parquet")
    assert sum(rows["t CO2"].to_pylist()) == made.total("t CO2")
    assert set(rows["factor"].to_pylist()) == {"iea/world-2018#electricity-world-2018"}
    assert (tmp_path / "refused.csv").read_text().splitlines()[0].endswith("reason,why")
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("name", ["t.xlsx", "t", "missing/t.csv"])
def test_a_file_that_cannot_be_written_leaves_nothing(name, tmp_path):
    with pytest.raises(LedgerError):
        ledger.calculate(table(), out=tmp_path / name, **ASKED)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path, monkeypatch):
    out = tmp_path / "totals.parquet"
    out.write_text("old")

    def breaks(table, scratch):
        Path(scratch).write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(parquet, "write_table", breaks)
    with pytest.raises(LedgerError, match="cannot be written"):
        ledger.calculate(table(), out=out, **ASKED)
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_comes_into_its_place_in_one_step(tmp_path, monkeypatch):
    out = tmp_path / "totals.csv"
    out.write_text("old")

    def full(scratch, target):
        assert "t CO2" in Path(scratch).read_text()
        raise OSError("no")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(LedgerError, match="cannot be written"):
        ledger.calculate(table(), out=out, **ASKED)
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def parts(folder, count=6, rows=1000):
    folder.mkdir()
    for i in range(count):
        parquet.write_table(table(rows, i * rows), folder / f"{i}.parquet")
    return folder


def test_what_is_done_is_not_read_again(tmp_path):
    folder, work = parts(tmp_path / "in"), tmp_path / "work"
    made = ledger.calculate(folder, by="site", work=work, **ASKED)
    before = {p: p.stat().st_mtime_ns for p in work.glob("*.parquet")}
    assert len(before) == 6
    parquet.write_table(table(5, 0), folder / "0.parquet")
    again = ledger.calculate(folder, by="site", work=work, **ASKED)
    assert sum(p.stat().st_mtime_ns != t for p, t in before.items()) == 1
    assert again.counts.rows == made.counts.rows - 995
    assert again.exact.equals(ledger.calculate(folder, by="site", **ASKED).exact)
    with pytest.raises(LedgerError, match="another calculation"):
        ledger.calculate(folder, by="activity", work=work, **ASKED)
    (work / "manifest.json").write_text("{")
    with pytest.raises(LedgerError, match="no manifest"):
        ledger.calculate(folder, by="site", work=work, **ASKED)


SLOW = """
import sys, time
from carbonkit import ledger
def progress(stage, done, of):
    print(stage, done, flush=True)
    if done == 3:
        time.sleep(60)
ledger.calculate(sys.argv[1], by="site", work=sys.argv[2], out=sys.argv[3], progress=progress,
                 release="iea/world-2018", year=2018)
"""


def test_a_killed_run_leaves_no_result_and_goes_on(tmp_path):
    folder, work, out = parts(tmp_path / "in"), tmp_path / "work", tmp_path / "totals.csv"
    argv = [sys.executable, "-W", "ignore", "-c", SLOW, str(folder), str(work), str(out)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment) as process:
        for line in process.stdout:
            if line.split() == ["reading", "3"]:
                break
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait(timeout=30)
    assert not out.exists()
    assert len(json.loads((work / "manifest.json").read_text())["done"]) == 3
    started = []
    made = ledger.calculate(
        folder, by="site", work=work, out=out, progress=lambda *told: started.append(told), **ASKED
    )
    assert made.exact.equals(ledger.calculate(folder, by="site", **ASKED).exact)
    assert out.exists()
    assert started[0][0] == "reading"


@pytest.mark.parametrize("given", ["nowhere.parquet", "*.parquet", "t.xlsx"])
def test_files_that_are_not_there(given, tmp_path):
    (tmp_path / "t.xlsx").write_text("")
    with pytest.raises(LedgerError, match=r"no such file|are read from"):
        ledger.calculate(str(tmp_path / given), **ASKED)
