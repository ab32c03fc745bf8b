"""The commands that help while a report file is written: lint and schema."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from carbonkit.claims import lint as problems_of
from carbonkit.claims.schema import json_schema
from carbonkit.cli import main

ROOT = Path(__file__).parents[2]
SOUND = (
    'format = "carbonkit-report/1"\n[report]\nid = "r"\ntitle = "R"\nyear = 2020\n[figures]\n'
    'a = { text = "1 t", page = 1 }\nb = { text = "1 t", page = 2 }\n'
    '[[claims]]\nid = "k"\nstatement = "s"\nrelation = "a == b"\n'
)


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.toml"
    path.write_text(SOUND, encoding="utf-8")
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.toml"
    path.write_text(SOUND.replace('"1 t", page = 2', '"1 kwh"'), encoding="utf-8")
    return path


def test_a_sound_file(sound: Path) -> None:
    done = run("lint", sound)
    assert (done.exit_code, done.output) == (0, "1 file: no problems\n")


def test_a_problem_is_told_with_line_and_column(sound: Path, wrong: Path) -> None:
    done = run("lint", sound, wrong)
    assert done.exit_code == 1
    first, last = done.output.splitlines()
    assert first.startswith(f"{wrong}:8:7: error: figures.b: Unknown unit 'kwh'. Did you mean kWh?")
    assert first.endswith("[unit]")
    assert last == "2 files: 1 error"


def test_warnings_do_not_fail_unless_asked(sound: Path) -> None:
    sound.write_text(SOUND.replace(", page = 2", ""), encoding="utf-8")
    assert run("lint", sound).exit_code == 0
    done = run("lint", "--strict", sound)
    assert done.exit_code == 1
    assert "8:1: warning: figures.b: has no page" in done.output
    assert done.output.endswith("1 file: 1 warning\n")


def test_json(sound: Path, wrong: Path, tmp_path: Path) -> None:
    done = run("lint", "--format", "json", wrong, sound, tmp_path / "nothing.toml")
    data = json.loads(done.output)
    assert (done.exit_code, data["format"], data["errors"], data["warnings"]) == (
        1,
        "carbonkit-lint/1",
        2,
        0,
    )
    problem = data["files"][0]["problems"][0]
    assert {k: problem[k] for k in ("line", "column", "code", "where", "suggestions")} == {
        "line": 8,
        "column": 7,
        "code": "unit",
        "where": "figures.b",
        "suggestions": ["kWh"],
    }
    assert data["files"][1]["problems"] == []
    assert data["files"][2]["problems"][0]["line"] is None
    assert "No such file" in data["files"][2]["problems"][0]["message"]


def test_every_key_of_the_json_is_documented(wrong: Path) -> None:
    data = json.loads(run("lint", "--format", "json", wrong).output)
    keys = {*data, *data["files"][0], *data["files"][0]["problems"][0]}
    text = (ROOT / "docs/json.md").read_text("utf-8")
    assert sorted(key for key in keys if f"`{key}`" not in text) == []


def test_every_code_is_documented() -> None:
    text = (ROOT / "docs/json.md").read_text("utf-8")
    folder = ROOT / "tests/claims/broken"
    codes = {problem.code for path in folder.glob("*.toml") for problem in problems_of(path)}
    assert len(codes) > 12
    assert sorted(code for code in codes if f"`{code}`" not in text) == []


def test_watching_checks_again_when_the_file_is_saved(
    wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = iter([None, SOUND])

    def wait(_: float) -> None:
        text = next(waits, "stop")
        if text == "stop":
            raise KeyboardInterrupt
        if text:
            wrong.write_text(text, encoding="utf-8")

    monkeypatch.setattr(time, "sleep", wait)
    done = run("lint", "--watch", wrong)
    assert [line.split(": ", 1)[1] for line in done.output.splitlines() if "file:" in line] == [
        "1 error",
        "no problems",
    ]


def test_the_schema_is_printed_and_written(tmp_path: Path) -> None:
    assert json.loads(run("schema").output) == json_schema()
    assert run("schema", "--out", tmp_path / "s.json").output == ""
    assert json.loads((tmp_path / "s.json").read_text("utf-8")) == json_schema()
