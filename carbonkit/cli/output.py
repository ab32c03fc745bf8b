"""Writing results: a file is written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from carbonkit.errors import ReportError

__all__ = ["as_csv", "as_markdown", "emit"]


def emit(text: str, out: Path | None) -> None:
    """Print text, or write it to a file in one step.

    Raises
    ------
    ReportError
        If the file cannot be written; nothing is left behind.
    """
    if out is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise ReportError(f"{out}: cannot be written: {error.strerror or error}.") from None
    scratch = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
        mask = os.umask(0)
        os.umask(mask)
        scratch.chmod(0o666 & ~mask)
        scratch.replace(out)
    except OSError as error:
        raise ReportError(f"{out}: cannot be written: {error.strerror or error}.") from None
    finally:
        scratch.unlink(missing_ok=True)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV; text that a spreadsheet would run as a formula is made plain.

    Examples
    --------
    >>> print(as_csv(["id", "note"], [["a", "=1+1"], ["b", -3]]))
    id,note
    a,'=1+1
    b,-3
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _plain(cell: Any) -> Any:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return "" if cell is None else cell


def as_markdown(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    r"""Return rows as a Markdown table.

    Examples
    --------
    >>> print(as_markdown(["id", "note"], [["a", "x | y"]]))
    | id | note |
    | --- | --- |
    | a | x \| y |
    """
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(c) for c in line)} |" for line in lines)


def _cell(cell: Any) -> str:
    return "" if cell is None else str(cell).replace("|", "\\|").replace("\n", " ")
