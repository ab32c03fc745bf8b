"""``carbonkit lint`` and ``carbonkit schema``: help while a report file is written."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from carbonkit.claims import lint as problems_of
from carbonkit.claims.problem import Problem
from carbonkit.claims.schema import json_schema
from carbonkit.cli.output import emit

__all__ = ["lint", "schema"]

_FORMAT = "carbonkit-lint/1"
_PAUSE = 0.3  # seconds between two looks at the files


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@click.option("--strict", is_flag=True, help="Exit with status 1 for warnings too.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until Ctrl-C.")
@click.pass_context
def lint(ctx: click.Context, files: tuple[str, ...], style: str, strict: bool, watch: bool) -> None:
    """Say what is wrong with report FILES: line and column, what it is, the nearest known words.

    Exit status: 0 when there is nothing wrong, 1 when there is.
    """
    render = _as_json if style == "json" else _as_text
    while True:
        saved = _saved(files)
        found = {file: problems_of(file) for file in files}
        emit(render(found), None)
        if not watch:
            break
        while _saved(files) == saved:
            time.sleep(_PAUSE)
    levels = {problem.level for problems in found.values() for problem in problems}
    ctx.exit(1 if "error" in levels or (strict and levels) else 0)


def _saved(files: Sequence[str]) -> list[int]:
    """Return when each file was last written; 0 for one that is not there."""
    paths = map(Path, files)
    return [path.stat().st_mtime_ns if path.exists() else 0 for path in paths]


def _as_text(found: Mapping[str, Sequence[Problem]]) -> str:
    lines = []
    for file, problems in found.items():
        for problem in problems:
            at = f"{file}:{problem.line}:{problem.column}" if problem.line else file
            lines.append(f"{at}: {problem.level}: {problem} [{problem.code}]")
    return "\n".join([*lines, _summary(found)])


def _summary(found: Mapping[str, Sequence[Problem]]) -> str:
    many = [_many(count, f"{level}") for level, count in _counts(found).items() if count]
    return f"{_many(len(found), 'file')}: {', '.join(many) or 'no problems'}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _counts(found: Mapping[str, Sequence[Problem]]) -> dict[str, int]:
    levels = [problem.level for problems in found.values() for problem in problems]
    return {level: levels.count(level) for level in ("error", "warning")}


def _as_json(found: Mapping[str, Sequence[Problem]]) -> str:
    data: dict[str, Any] = {
        "format": _FORMAT,
        "files": [
            {
                "path": file,
                "problems": [
                    {
                        "line": problem.line or None,
                        "column": problem.column or None,
                        "level": problem.level,
                        "code": problem.code,
                        "where": problem.where,
                        "message": problem.message,
                        "suggestions": list(problem.suggestions),
                    }
                    for problem in problems
                ],
            }
            for file, problems in found.items()
        ],
        **{f"{level}s": count for level, count in _counts(found).items()},
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


@click.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of report files, for editors that complete and check TOML."""
    emit(json.dumps(json_schema(), ensure_ascii=False, indent=2), out)
