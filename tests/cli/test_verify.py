"""The command line: what it prints, writes and returns."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import carbonkit
from carbonkit.claims import Verdict, load_report
from carbonkit.cli import main

ESCAPE = "\x1b"


def verify(*args: str, **env: str) -> Result:
    return CliRunner(env={"COLUMNS": "", **env}).invoke(main, ["verify", *args])


def in_a_shell(*args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command as its own process, as an installed script would."""
    root = str(Path(carbonkit.__file__).parents[1])
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "PYTHON", "LANG"))}
    return subprocess.run(
        [sys.executable, "-c", "from carbonkit.cli import main; main()", *args],
        env={**clean, "PYTHONPATH": root, **env},
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A report that holds, with one claim of two relations."""
    path = tmp_path / "sound.toml"
    path.write_text(
        """format = "carbonkit-report/1"
[report]
id = "sound"
title = "A sound report"
year = 2020
[figures]
a = { text = "2", unit = "t" }
b = { text = "3", unit = "t" }
t = { text = "5", unit = "t" }
change = { text = "-33.3%", unit = "%" }
[facts]
f = { text = "1.5", unit = "1", source = "s" }
[[claims]]
id = "total"
page = 7
system = "a [bold] | system"
statement = "=SUM of two, ≥ one"
relations = ["t == a + b", "b == a * f"]
[[claims]]
id = "change"
statement = "A fall of a third."
relation = "change == percent_change(a, b)"
""",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def false(sound: Path) -> Path:
    path = sound.with_name("false.toml")
    text = sound.read_text("utf-8").replace('t = { text = "5"', 't = { text = "9"')
    path.write_text(text, "utf-8")
    return path


# --- exit status ---------------------------------------------------------------------------------


def test_the_bundled_report_prints_its_audit_and_returns_0() -> None:
    result = verify("huawei-2020")
    assert result.exit_code == 0
    assert "p62-icooling-co2" in result.output
    assert load_report("huawei-2020").verify().summary() in " ".join(result.output.split())


def test_strict_returns_1_for_what_is_inconsistent(sound: Path, false: Path) -> None:
    assert verify(str(sound), "--strict").exit_code == 0
    assert verify(str(false)).exit_code == 0
    assert verify(str(false), "--strict").exit_code == 1
    assert verify(str(false), "--strict", "--format", "json").exit_code == 1
    # Only what is shown counts.
    assert verify(str(false), "--strict", "--only", "change").exit_code == 0
    assert verify(str(false), "--strict", "--explain", "change").exit_code == 0
    assert verify(str(false), "--strict", "--explain", "total").exit_code == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["huawei-2021"], "Did you mean huawei-2020?"),
        (["nowhere.toml"], "nowhere.toml: cannot be read"),
        (["huawei-2020", "--verdict", "exact"], "The six are"),
        (["huawei-2020", "--verdict", "INCONSISTENT"], "Did you mean inconsistent?"),
        (["huawei-2020", "--only", "nothing at all"], "Its systems are"),
        (["huawei-2020", "--only", "nothing", "--verdict", "inconsistent"], "Its systems are"),
        (["huawei-2020", "--explain", "p62-icooling-co3"], "Did you mean p62-icooling-co2"),
        (["huawei-2020", "--explain", ""], "no claim ''"),
        (["huawei-2020", "--what-if", "iea"], "NAME=VALUE"),
        (["huawei-2020", "--what-if", "ie=0.5 kg CO2/kWh"], "Did you mean iea"),
        (["huawei-2020", "--what-if", "iea=0.5"], "iea = '0.5': has no unit"),
        (["huawei-2020", "--what-if", "iea=0.5 kwh"], "Did you mean kWh"),
        (["huawei-2020", "--what-if", "iea=0.5 kWh"], "another dimension"),
        (["huawei-2020", "--what-if", "iea=about half"], "holds no digits"),
        (["huawei-2020", "--what-if", "icooling_co2=1 t CO2/year"], "no fact or assumption"),
        (["huawei-2020", "--format", "xml"], "xml"),
        (["huawei-2020", "--out", "nowhere/at/all.txt"], "cannot be written"),
        (["huawei-2020", "--out", "."], "is a directory"),
        ([], "Missing argument 'REPORT'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_unusable_input_returns_2_and_says_what_to_do(
    args: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = verify(*args)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_several_reports_give_a_row_each_and_the_totals(sound: Path, false: Path) -> None:
    result = verify(str(sound.parent))
    assert result.exit_code == 0
    lines = [line.split() for line in result.output.splitlines()]
    assert ["false.toml", "2", "1", "1", "total"] in lines
    assert ["sound.toml", "2", "2"] in lines
    assert ["2", "checked", "4", "3", "0", "0", "0", "1", "0"] in lines
    assert "3 reports" in verify(str(sound), str(false), "huawei-2020").output
    assert verify(str(sound), str(false), "--strict").exit_code == 1
    assert verify(str(sound), str(sound), "--strict").exit_code == 0


@pytest.mark.parametrize("style", ["table", "json", "csv", "markdown", "xlsx"])
def test_a_bad_file_stands_in_the_result_and_stops_no_other(sound: Path, style: str) -> None:
    sound.with_name("broken.toml").write_text('format = "carbonkit-report/1"\n')
    sound.with_name("other.toml").write_text("[tool]\n")
    out = sound.with_name(f"out.{style}")
    args = (str(sound.parent), "--format", style, "--out", str(out))
    assert verify(*args).exit_code == 2
    if style == "xlsx":
        import openpyxl

        cells = [c for row in openpyxl.load_workbook(out)["reports"].values for c in row]
        text = " ".join(str(c) for c in cells)
    else:
        text = out.read_text("utf-8")
    for words in ("sound.toml", "broken.toml", "id is missing", "other.toml", "no report file"):
        assert words in text
    assert ESCAPE not in text


def test_a_table_of_reports_has_a_row_for_each_file_in_every_format(
    sound: Path, false: Path
) -> None:
    folder = str(sound.parent)
    data = json.loads(verify(folder, "--format", "json").output)
    rows = list(csv.DictReader(io.StringIO(verify(folder, "--format", "csv").output)))
    assert (
        [f["file"] for f in data["files"]] == [r["file"] for r in rows] == [str(false), str(sound)]
    )
    assert rows[0]["inconsistent"] == "1"
    assert data["files"][0]["inconsistent"] == ["total"]
    assert data["totals"]["counts"]["inconsistent"] == 1
    lines = verify(folder, "--format", "markdown").output.splitlines()
    assert len([line for line in lines if line.startswith("|")]) == 4


@pytest.mark.parametrize(
    "args",
    [["--only", "x"], ["--explain", "x"], ["--what-if", "a=1"], ["--screens"], ["--diagnose"],
     ["--receipt", "r.json"], ["--format", "html"]],
    ids=" ".join,
)  # fmt: skip
def test_what_is_for_one_report_is_refused_for_several(sound: Path, args: list[str]) -> None:
    result = verify(str(sound), str(sound), *args)
    assert result.exit_code == 2
    assert "is for one report" in result.stderr


def test_a_folder_without_reports_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\n")
    result = verify(str(tmp_path))
    assert result.exit_code == 2
    assert "There is no report file in" in result.stderr


def test_the_command_line_in_a_shell_returns_the_same(false: Path) -> None:
    done = in_a_shell("verify", str(false), "--strict")
    assert (done.returncode, done.stderr) == (1, b"")
    missing = in_a_shell("verify", "huawei-2021")
    assert missing.returncode == 2
    assert missing.stderr.startswith(b"carbonkit: there is no report 'huawei-2021'")
    assert in_a_shell("--version").stdout.split()[-1].decode() == carbonkit.__version__


# --- what is shown -------------------------------------------------------------------------------


def test_only_and_verdict_choose_claims() -> None:
    lines = verify("huawei-2020", "--only", "ICOOLING").output
    assert "p62-icooling-co2" in lines
    assert "p74-metro-co2" not in lines
    data = json.loads(verify("huawei-2020", "--verdict", "inconsistent", "--format", "json").output)
    assert {c["verdict"] for c in data["claims"]} == {"inconsistent"}
    both = verify("huawei-2020", "--only", "metro", "--verdict", "inconsistent", "--format", "json")
    assert "p74-metro-co2" in {c["id"] for c in json.loads(both.output)["claims"]}
    none = verify("huawei-2020", "--only", "icooling", "--verdict", "inconsistent")
    assert none.exit_code == 0
    assert "0 claims" in none.output


def test_explain_gives_the_whole_case() -> None:
    text = verify("huawei-2020", "--explain", "p74-metro-co2").output
    for words in (
        "p74-metro-co2 (p. 74, Shanghai Metro PV)",
        "about 3.4 million kWh × 475 g CO2/kWh = 1,615 t CO2/year",
        "inconsistent",
        "0.997 kg CO2/kWh",
        "International Energy Agency",
    ):
        assert words in text


def test_what_if_replaces_a_fact_and_says_so() -> None:
    said = "iea=0.997 kg CO2/kWh"
    data = json.loads(
        verify("huawei-2020", "--only", "metro-co2", "--what-if", said, "--format", "json").output
    )
    assert data["what_if"] == {"iea": "0.997 kg CO2/kWh"}
    (claim,) = data["claims"]
    assert claim["verdict"] == "consistent-under-assumption"
    assert claim["recomputed"]["nominal"] == pytest.approx(3389.8)
    assert any("what if iea" in text for text in claim["assumptions"])
    table = verify("huawei-2020", "--only", "metro-co2", "--what-if", said).output
    assert "What if iea = 0.997 kg CO2/kWh" in table


def test_what_if_takes_a_pure_number_where_the_fact_is_one() -> None:
    args = ("huawei-2020", "--only", "combined-margin", "--format", "json")
    data = json.loads(verify(*args, "--what-if", "margin_weight=0.9").output)
    # 220 million kWh x (0.2854 + 0.9 x (0.8587 - 0.2854)) t/MWh
    expected = 220e3 * (0.2854 + 0.9 * (0.8587 - 0.2854))
    assert data["claims"][0]["recomputed"]["nominal"] == pytest.approx(expected)


# --- formats -------------------------------------------------------------------------------------

NUMBER = (int, float, type(None))
CLAIM: Mapping[str, Any] = {
    "id": str,
    "page": str,
    "system": str,
    "statement": str,
    "verdict": str,
    "printed": {"text": str, "low": NUMBER, "high": NUMBER, "unit": str},
    "recomputed": {"low": NUMBER, "high": NUMBER, "nominal": NUMBER, "unit": str},
    "gap": NUMBER,
    "direction": str,
    "assumptions": list,
    "arithmetic": str,
    "why": str,
}


def conforms(data: Mapping[str, Any], schema: Mapping[str, Any], *, exactly: bool) -> None:
    assert set(schema) <= set(data)
    assert not exactly or set(schema) == set(data)
    for key, kind in schema.items():
        if isinstance(kind, dict):
            conforms(data[key], kind, exactly=True)
        else:
            assert isinstance(data[key], kind), key


def test_the_json_is_as_documented() -> None:
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is not JSON")

    data = json.loads(verify("huawei-2020", "--format", "json").output, parse_constant=refuse)
    assert {"report", "claims"} <= set(data)
    assert data["report"]["id"] == "huawei-2020"
    assert len(data["claims"]) == len(load_report("huawei-2020").claims)
    for claim in data["claims"]:
        conforms(claim, CLAIM, exactly=False)
        assert claim["verdict"] in list(Verdict)
        assert all(isinstance(text, str) for text in claim["assumptions"])
        assert claim["direction"] in ("", "printed is higher", "printed is lower")
        for part in ("printed", "recomputed"):
            low, high = claim[part]["low"], claim[part]["high"]
            assert low is None or high is None or low <= high
        if claim["gap"]:
            assert claim["direction"] == f"printed is {'higher' if claim['gap'] > 0 else 'lower'}"
    icooling = next(c for c in data["claims"] if c["id"] == "p62-icooling-co2")
    assert icooling["page"] == "62"
    assert icooling["printed"] == {
        "text": "13,129 tons",
        "low": 13128.5,
        "high": 13129.5,
        "unit": "t CO2/year",
    }
    assert icooling["recomputed"]["nominal"] == 13129
    assert icooling["gap"] == 0


def test_csv_has_one_row_a_claim_and_runs_no_formula(sound: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(verify(str(sound), "--format", "csv").output)))
    assert [row["id"] for row in rows] == ["total", "change"]
    assert rows[0]["statement"] == "'=SUM of two, ≥ one"
    assert rows[1]["printed"] == "-33.3%"
    shipped = csv.DictReader(io.StringIO(verify("huawei-2020", "--format", "csv").output))
    assert [r["id"] for r in shipped] == [c.id for c in load_report("huawei-2020")]


def test_markdown_has_one_row_a_claim(sound: Path) -> None:
    lines = verify(str(sound), "--format", "markdown").output.splitlines()
    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {9}


def test_a_table_shows_markup_and_escapes_as_text(sound: Path) -> None:
    assert "a [bold] | system" in verify(str(sound)).output
    text = sound.read_text("utf-8")
    for plain, marked in (
        ("a [bold] | system", "[/red]"),
        ("A sound", "[/x]"),
        ('"change"', '"[/y]"'),
    ):
        text = text.replace(plain, marked)
    sound.write_text(text, "utf-8")
    result = verify(str(sound))
    assert result.exit_code == 0, result.output
    for written in ("[/red]", "[/x]", "[/y]"):
        assert written in result.output


def test_every_verdict_is_shown_whole_at_any_width() -> None:
    for columns in ("30", "60", "80", "99", "100", "200"):
        # Colour is forced, so that the width of a terminal is taken.
        result = verify("huawei-2020", "--only", "metro", COLUMNS=columns, FORCE_COLOR="1")
        text = re.sub(rf"{ESCAPE}\[[0-9;]*m", "", result.output)
        assert result.exit_code == 0
        assert "consistent-under-assumption" in text
        assert "p74-metro-capacity-factor" in text
        assert "3,390 tons" in text
        assert "…" not in text


@pytest.mark.parametrize("style", ["table", "json", "csv", "markdown"])
def test_output_is_plain_where_there_is_no_terminal(style: str) -> None:
    assert ESCAPE not in verify("huawei-2020", "--only", "metro", "--format", style).output
    forced = verify("huawei-2020", "--only", "metro", "--format", style, FORCE_COLOR="1")
    assert ESCAPE not in forced.output


# --- encodings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("env", [{"LANG": "C"}, {"LC_ALL": "C.UTF-8"}])
def test_output_is_utf_8_in_a_plain_locale(env: dict[str, str]) -> None:
    done = in_a_shell("verify", "huawei-2020", "--only", "icooling", **env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8")
    done = in_a_shell("verify", "huawei-2020", "--explain", "p62-icooling-co2", **env)
    assert "27.64 million kWh × 475 g CO2/kWh".encode() in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_no_encoding_of_the_terminal_is_a_crash(encoding: str) -> None:
    args = ("verify", "huawei-2020", "--only", "metro", "--format")
    for style in ("table", "json"):
        done = in_a_shell(*args, style, PYTHONIOENCODING=encoding)
        assert (done.returncode, done.stderr) == (0, b"")
    data = json.loads(done.stdout.decode(encoding))
    shown = next(c for c in data["claims"] if c["id"] == "p74-metro-capacity-factor")
    assert "≤" in shown["arithmetic"]


def test_a_file_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    out = tmp_path / "audit.json"
    args = ("verify", "huawei-2020", "--format", "json", "--out", str(out))
    done = in_a_shell(*args, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert "≤" in out.read_text("utf-8")


# --- writing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["table", "json", "csv", "markdown"])
def test_out_holds_what_would_be_printed(style: str, tmp_path: Path) -> None:
    out = tmp_path / "audit"
    args = ("huawei-2020", "--format", style)
    result = verify(*args, "--out", str(out))
    assert (result.exit_code, result.output) == (0, "")
    assert out.read_text("utf-8") == verify(*args).output
    assert list(tmp_path.iterdir()) == [out]


def test_out_takes_the_place_of_a_file_and_keeps_its_mode(tmp_path: Path, sound: Path) -> None:
    out = tmp_path / "audit.csv"
    out.write_text("old")
    out.chmod(0o600)
    assert verify(str(sound), "--format", "csv", "--out", str(out)).exit_code == 0
    assert out.read_text("utf-8").startswith("id,page")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_out_writes_through_a_link(tmp_path: Path, sound: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    assert verify(str(sound), "--out", str(link)).exit_code == 0
    assert link.is_symlink()
    assert "total" in target.read_text("utf-8")


def test_a_device_stays_a_device(sound: Path) -> None:
    null = Path(os.devnull)
    assert verify(str(sound), "--out", str(null)).exit_code == 0
    assert not null.is_file()


def test_nothing_is_written_when_the_disk_fails(
    tmp_path: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "kept"
    out.write_text("old")
    before = set(tmp_path.iterdir())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    result = verify(str(sound), "--out", str(out))
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert out.read_text() == "old"
    assert set(tmp_path.iterdir()) == before


def test_nothing_is_written_for_a_report_that_cannot_be_used(tmp_path: Path, sound: Path) -> None:
    sound.write_text("not a report")
    out = tmp_path / "audit"
    assert verify(str(sound), "--out", str(out)).exit_code == 2
    assert not out.exists()
