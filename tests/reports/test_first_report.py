"""The steps for newcomers, run as they are written."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from carbonkit.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "first-report.md"
BLOCK = re.compile(r"(?:^<!-- (file|append): (\S+) -->\n)?^```(\w+)\n(.*?)^```$", re.M | re.S)


def run(line: str) -> str:
    """Run one command in this process and return what it prints."""
    program, *arguments = shlex.split(line)
    if program == "carbonkit":
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output
    assert [program, arguments[0]] == ["python", "-c"]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(arguments[1], line, "exec"), {})  # noqa: S102
    return out.getvalue()


def words(text: str) -> str:
    """Text with single spaces: terminals break lines where they like."""
    return " ".join(text.split())


def test_every_step_does_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed, commands = "", 0
    for role, name, language, content in BLOCK.findall(DOCUMENT.read_text("utf-8")):
        if language == "sh":
            printed = words("\n".join(run(line) for line in content.splitlines()))
            commands += len(content.splitlines())
        elif language == "text":
            at = 0
            for line in content.splitlines():
                if line != "...":
                    at = printed.find(words(line), at)
                    assert at >= 0, f"{line!r} is not in {printed!r}"
        else:
            with Path(name).open("w" if role == "file" else "a", encoding="utf-8") as file:
                file.write(content if role == "file" else f"\n{content}")
    assert commands == 6
    assert (tmp_path / "audit.html").stat().st_size > 10_000


def test_every_bundled_report_is_listed() -> None:
    bundled = {path.stem for path in (ROOT / "carbonkit" / "reports").glob("*.toml")}
    assert set(re.findall(r"^\| `([\w-]+)` \|", DOCUMENT.read_text("utf-8"), re.M)) == bundled
