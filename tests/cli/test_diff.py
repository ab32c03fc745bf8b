"""The command that compares two reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from carbonkit.cli import main

REPORT = """format = "carbonkit-report/1"
[report]
id = "r{year}"
title = "Report {year}"
year = {year}
[figures]
gas_2019 = {{ text = "{base} t", page = 3 }}
gas_2020 = {{ text = "88 t", page = 4 }}
fall = {{ text = "-12%", page = 4 }}
[[claims]]
id = "fall"
page = 4
statement = "A fall | of 12 %."
relation = "fall == percent_change(gas_2020, gas_2019)"
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    paths = []
    for year, base in ((2019, 80), (2020, 100)):
        path = tmp_path / f"{year}.toml"
        path.write_text(REPORT.format(year=year, base=base), encoding="utf-8")
        paths.append(str(path))
    return paths[0], paths[1]


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["diff", *args])


def test_text(files: tuple[str, str]) -> None:
    done = run(*files)
    assert done.exit_code == 0
    assert done.output.startswith("Report 2019 → Report 2020\n")
    assert "  gas: for 2019 printed as 80 t (p. 3), now 100 t (p. 3), 25 % more.\n" in done.output
    assert "-12% holds against the restated base, 100 t (p. 3)" in done.output


def test_json(files: tuple[str, str]) -> None:
    data = json.loads(run(*files, "--format", "json").output)
    assert data["format"] == "carbonkit-diff/1"
    assert [data[side]["year"] for side in ("old", "new")] == [2019, 2020]
    assert data["counts"]["restated"] == data["counts"]["base"] == 1


def test_every_key_of_the_json_is_documented(files: tuple[str, str]) -> None:
    data = json.loads(run(*files, "--format", "json").output)
    keys = {*data, *data["old"], *data["counts"], *data["changes"][0], *data["changes"][0]["old"]}
    text = (Path(__file__).parents[2] / "docs/json.md").read_text("utf-8")
    assert sorted(key for key in keys if f"`{key}`" not in text) == []


def test_markdown(files: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "diff.md"
    assert run(*files, "--format", "markdown", "--out", str(out)).exit_code == 0
    text = out.read_text("utf-8")
    assert text.startswith("# Report 2019 → Report 2020\n")
    assert "| gas | 2019 | 80 t | 100 t |" in text


def test_the_wrong_way_round(files: tuple[str, str]) -> None:
    done = run(*files[::-1])
    assert done.exit_code == 2
    assert "give the earlier report first" in done.output
