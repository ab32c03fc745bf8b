"""Writing results: a file is written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from carbonkit.errors import ReportError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["as_csv", "as_markdown", "as_table", "emit", "open_console", "rendered"]

_WIDTH = 118
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?[\d.,]+ ?%?\Z")


def emit(text: str, out: Path | None) -> None:
    """Print text, or write it to a file in one step.

    Raises
    ------
    ReportError
        If the file cannot be written; nothing is left behind.
    """
    text = text if text.endswith("\n") else f"{text}\n"
    if out is None:
        click.echo(_encodable(text, getattr(sys.stdout, "encoding", None) or "utf-8"), nl=False)
        return
    try:
        _write(text, out.resolve())
    except OSError as error:
        raise ReportError(f"{out}: cannot be written: {error.strerror or error}.") from None


def _encodable(text: str, encoding: str) -> str:
    """Put the code of a sign in its place where the output cannot show it; JSON stays JSON."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        missing = {c for c in set(text) if not c.encode(encoding, "ignore")}
        return text.translate({ord(c): json.dumps(c)[1:-1] for c in missing})
    return text


def _write(text: str, out: Path) -> None:
    if out.exists() and not out.is_file():  # a device such as /dev/null stays what it is
        out.write_text(text, encoding="utf-8", newline="")
        return
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name[:100]}.")
    scratch = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        scratch.chmod(out.stat().st_mode if out.exists() else 0o666 & ~mask)
        scratch.replace(out)
    finally:
        scratch.unlink(missing_ok=True)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV; text that a spreadsheet would run as a formula is made plain.

    Examples
    --------
    >>> print(as_csv(["id", "note"], [["a", "=1+1"], ["b", "-33.2%"]]))
    id,note
    a,'=1+1
    b,-33.2%
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _plain(cell: Any) -> Any:
    if isinstance(cell, str) and cell[:1] in _FORMULA and not _NUMBER.match(cell):
        return f"'{cell}"
    return "" if cell is None else cell


def as_markdown(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as a Markdown table.

    Examples
    --------
    >>> print(as_markdown(["id", "note"], [["a", "x | y"]]))
    | id | note |
    | --- | --- |
    | a | x &#124; y |
    """
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(c) for c in line)} |" for line in lines)


def _cell(cell: Any) -> str:
    # Behind a backslash in the text, "\\|" would end the cell; the entity is a bar anywhere.
    return "" if cell is None else " ".join(str(cell).replace("|", "&#124;").split())


def as_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as a table for reading, as wide as the terminal."""
    from rich.table import Table
    from rich.text import Text

    console = open_console(to_file=False)
    table = Table(box=None, pad_edge=False)
    for name in header:
        table.add_column(name, overflow="fold", no_wrap=name == "key")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console.print(table)
    return rendered(console)


def open_console(*, to_file: bool) -> Console:
    """Return a console that writes to memory; coloured only for a terminal."""
    from rich.console import Console

    terminal = Console()
    plain = to_file or not terminal.is_terminal
    return Console(
        file=io.StringIO(),
        width=_WIDTH if plain else terminal.width,
        force_terminal=not plain,
        color_system=None if plain else "auto",
        highlight=False,
    )


def rendered(console: Console) -> str:
    """Return what a console made by :func:`open_console` has written."""
    buffer = console.file
    text = buffer.getvalue() if isinstance(buffer, io.StringIO) else ""
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))
