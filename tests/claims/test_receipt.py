"""A receipt comes out again, and says what differs when it does not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from carbonkit.claims import load_report, parse_report
from carbonkit.claims.receipt import compare, read_receipt, receipt, verify_again
from carbonkit.cli import main
from carbonkit.errors import ReportError

SOURCE = (resources.files("carbonkit") / "reports" / "huawei-2020.toml").read_text("utf-8")
PARTS = {"format", "report", "what_if", "factors", "factor_library", "settings", "software",
         "counts", "claims", "result"}  # fmt: skip


def of(text: str, **replaced: str) -> dict[str, Any]:
    return receipt(parse_report(text.encode(), "r.toml").verify(factors=replaced), "1.0")


@pytest.fixture(scope="module")
def first() -> dict[str, Any]:
    return of(SOURCE)


def test_it_holds_what_went_in_and_what_came_out(first: dict[str, Any]) -> None:
    assert set(first) == PARTS
    report = load_report("huawei-2020")
    assert first["report"]["sha256"] == report.sha256
    assert len(first["report"]["sha256"]) == len(first["result"]) == 64
    assert set(first["claims"]) == {claim.id for claim in report}
    assert sum(first["counts"].values()) == len(report.claims)
    used = {f.key for v in report.values.values() for f in v.factors}
    assert set(first["factors"]) == used
    assert json.loads(json.dumps(first)) == first


def test_it_comes_out_again_in_another_process(first: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    command = [sys.executable, "-c", "from carbonkit.cli import main; main()", "verify"]
    subprocess.run([*command, "huawei-2020", "--receipt", path, "--only", "iCooling"], check=True,
                   capture_output=True)  # fmt: skip
    assert read_receipt(path)["result"] == first["result"]
    done = subprocess.run([*command, "--check-receipt", path], capture_output=True, check=False,
                          encoding="utf-8")  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "reproduced, bit for bit\n")


def test_another_report_is_named(first: dict[str, Any]) -> None:
    changed = of(
        SOURCE.replace('text = "13,129 tons", page = 62', 'text = "13,229 tons", page = 62', 1)
    )
    found = compare(first, changed)
    assert not found.reproduced
    assert any(d.startswith("report sha256") for d in found.inputs)
    told = "claim p62-icooling-co2: reproduced-exactly before, now inconsistent"
    assert told in found.results
    assert told in str(found)


def test_a_comment_changes_the_file_but_not_the_result(first: dict[str, Any]) -> None:
    found = compare(first, of(SOURCE + "\n# read again\n"))
    assert found.reproduced
    assert [d.partition(":")[0] for d in found.inputs] == ["report sha256"]


def test_another_statement_is_another_result_with_the_same_verdict(first: dict[str, Any]) -> None:
    found = compare(first, of(SOURCE.replace("iCooling lowers PUE", "iCooling cuts PUE", 1)))
    assert found.results == (
        "claim p62-icooling-pue: another arithmetic or reason, the same verdict",
    )


def test_a_what_if_is_run_again(first: dict[str, Any], tmp_path: Path) -> None:
    other = of(SOURCE, iea="0.500 kg CO2/kWh")
    assert "what_if iea: nothing before, now 0.500 kg CO2/kWh" in compare(first, other).inputs
    path = tmp_path / "r.toml"
    path.write_text(SOURCE, encoding="utf-8")
    again = verify_again(other, "1.0", str(path))
    assert again.reproduced
    assert not again.inputs


def test_another_factor_and_version_are_named(first: dict[str, Any]) -> None:
    key = "iea/world-2018#electricity-world-2018"
    later = {**first, "factors": {**first["factors"], key: "480 g CO2/kWh"},
             "software": {**first["software"], "carbonkit": "2.0"}}  # fmt: skip
    assert compare(first, later).inputs == (
        f"factors {key}: 475 g CO2/kWh before, now 480 g CO2/kWh",
        "software carbonkit: 1.0 before, now 2.0",
    )


def test_claims_that_come_and_go_are_named(first: dict[str, Any]) -> None:
    fewer = {k: v for k, v in first["claims"].items() if k != "p62-icooling-co2"}
    found = compare(first, {**first, "claims": fewer, "result": "0"})
    assert found.results == ("claim p62-icooling-co2: reproduced-exactly before, now nothing",)


def test_what_is_no_whole_audit_has_no_receipt() -> None:
    audit = load_report("huawei-2020").verify()
    with pytest.raises(ReportError, match="of the whole report"):
        receipt(audit.only(system="iCooling"), "1.0")
    factor = audit.report.values["iea"].factors[0]
    replaced = audit.report.verify(factors={"iea": factor})
    with pytest.raises(ReportError, match="write it as text"):
        receipt(replaced, "1.0")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is not a receipt"),
        (b"\xff\xfe", "is not a receipt"),
        (b"[" * 100_000, "is not a receipt"),
        (b'{"format": "carbonkit-receipt/2"}', "is not a receipt"),
        (b'{"format": "carbonkit-receipt/1"}', "has no 'report'"),
        (b'{"format": "carbonkit-receipt/1", "report": {}, "claims": {"a": 1}, "what_if": {},'
         b' "result": ""}', "not as they were written"),
        (b'{"format": "carbonkit-receipt/1", "report": {}, "claims": {}, "what_if": {},'
         b' "result": 3}', "has no 'result'"),
    ],
)  # fmt: skip
def test_a_broken_receipt_is_one_line_and_status_two(
    content: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(content)
    done = CliRunner().invoke(main, ["verify", "--check-receipt", str(path)])
    assert done.exit_code == 2
    assert told in done.stderr
    assert "receipt.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_different_result_is_status_one(first: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps({**first, "report": {"given": "huawei-2020"}, "result": "0"}))
    done = CliRunner().invoke(main, ["verify", "--check-receipt", str(path)])
    assert done.exit_code == 1
    assert done.output.startswith("not reproduced\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--check-receipt", "r.json", "--what-if", "iea=0.5 kg CO2/kWh"],
        ["huawei-2020", "--format", "xlsx"],
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, ["verify", *arguments])
    assert done.exit_code == 2
    assert "Error: " in done.stderr


# --- the workbook --------------------------------------------------------------------------------


def test_the_workbook_holds_the_audit_as_values(tmp_path: Path, write: Callable[..., str]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path, out = tmp_path / "r.toml", tmp_path / "audit.xlsx"
    text = write({"a": "12 t", "b": "12.0 t"}, ["a == b"])
    path.write_text(text.replace('"s"', "'=HYPERLINK(\"x\")'"), encoding="utf-8")
    done = CliRunner().invoke(main, ["verify", str(path), "--format", "xlsx", "--out", str(out)])
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["claims", "verdicts", "values"]
    claims = book["claims"]
    header = [cell.value for cell in claims[1]]
    row = dict(zip(header, claims[2], strict=True))
    assert row["id"].value == "k1"
    assert row["verdict"].value == "reproduced-exactly"
    assert (row["recomputed"].value, row["recomputed"].data_type) == (12, "n")
    assert row["statement"].value == '\'=HYPERLINK("x")'
    assert {c.data_type for sheet in book for line in sheet for c in line} <= {
        "s",
        "n",
        "inlineStr",
    }
    assert claims.auto_filter.ref == claims.dimensions
    assert claims.freeze_panes == "A2"
    assert claims.column_dimensions["A"].width > 2


def test_the_workbook_of_the_shipped_report_has_every_claim(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    out = tmp_path / "audit.xlsx"
    done = CliRunner().invoke(
        main, ["verify", "huawei-2020", "--format", "xlsx", "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(out, read_only=True)
    ids = [row[0] for row in book["claims"].iter_rows(min_row=2, values_only=True)]
    assert ids == [claim.id for claim in load_report("huawei-2020")]
    book.close()
