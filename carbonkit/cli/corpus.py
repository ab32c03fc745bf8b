"""What ``carbonkit verify`` does with several reports: a row for each file, and the totals."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from carbonkit.claims import Corpus, Verdict, bundled_reports, verify_all
from carbonkit.cli.output import as_csv, as_markdown, emit, open_console, rendered
from carbonkit.inventory.workbook import save_sheets

__all__ = ["is_many", "verify_many"]

_HEADS = {
    Verdict.EXACT: "exact",
    Verdict.ROUNDING: "within\nrounding",
    Verdict.QUALIFIER: "with\nqualifier",
    Verdict.ASSUMPTION: "assumed",
    Verdict.INCONSISTENT: "inconsistent",
    Verdict.NOT_CHECKABLE: "not\ncheckable",
}


def is_many(path: str) -> bool:
    """Say whether a path stands for more than one file: a folder or a pattern."""
    if path in bundled_reports():
        return False
    return Path(path).is_dir() or (glob.has_magic(path) and not Path(path).exists())


def verify_many(
    paths: Sequence[str], style: str, out: Path | None, *, jobs: int | None, strict: bool
) -> int:
    """Check several reports, write what came of it, and return the exit status."""
    if style == "xlsx" and out is None:
        raise click.UsageError("--format xlsx writes a file: say which with --out FILE.xlsx.")
    corpus = _with_progress(paths, jobs)
    if not corpus.of("checked") and not corpus.of("error"):
        raise click.UsageError(
            f"There is no report file in {', '.join(paths)}: a .toml file whose first key is "
            "format = 'carbonkit-report/1'. Name other files one by one."
        )
    header, *rows = corpus.rows()
    if style == "xlsx" and out is not None:
        totals = [[str(v), n] for v, n in corpus.counts().items()]
        save_sheets(out, [("reports", header, rows), ("totals", ["verdict", "claims"], totals)])
    elif style == "json":
        emit(json.dumps(corpus.to_dict(), ensure_ascii=False, indent=2), out)
    elif style == "csv":
        emit(as_csv(header, rows), out)
    elif style == "markdown":
        emit(f"{as_markdown(header, rows)}\n\n{corpus.summary()}", out)
    else:
        emit(_table(corpus, to_file=out is not None), out)
    if corpus.of("error"):
        return 2
    return 1 if strict and corpus.counts()[Verdict.INCONSISTENT] else 0


def _with_progress(paths: Sequence[str], jobs: int | None) -> Corpus:
    """Check the reports, with a bar on a terminal's error stream that goes when it is full."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    bar = Progress(
        "checking", BarColumn(), MofNCompleteColumn(), "files", TimeRemainingColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=None)
        return verify_all(
            paths, jobs=jobs, progress=lambda done, total: bar.update(
                task, completed=done, total=total
            )
        )  # fmt: skip


def _table(corpus: Corpus, *, to_file: bool) -> str:
    from rich.table import Table
    from rich.text import Text

    console = open_console(to_file=to_file)
    table = Table(box=None, pad_edge=False, show_footer=True)
    checked, totals, folder = corpus.of("checked"), corpus.counts(), _common_folder(corpus)
    if folder:
        console.print(f"In {folder}", style="italic", markup=False)
    table.add_column("file", Text(f"{len(checked):,} checked"), overflow="fold")
    table.add_column("claims", Text(f"{sum(totals.values()):,}"), justify="right")
    for verdict, head in _HEADS.items():
        table.add_column(head, Text(f"{totals[verdict]:,}"), justify="right")
    table.add_column("worst claim", overflow="fold")
    for file in corpus:
        counts = [_count(file.counts.get(v, 0), v) for v in _HEADS]
        if file.status == "checked":
            worst = file.worst_claim if file.worst is Verdict.INCONSISTENT else ""
            name = Text(file.file.removeprefix(folder))
            table.add_row(name, f"{file.claims:,}", *counts, Text(worst))
        elif file.status == "error":
            name = Text(file.file.removeprefix(folder))
            table.add_row(name, Text("error", style="bold red"))
    console.print(table)
    for status, told in (("error", "Could not be checked"), ("skipped", "Skipped")):
        if files := corpus.of(status):
            console.print(f"\n{told}", style="bold", markup=False)
            for file in files:
                console.print(Text(f"  {file.file}: {file.reason}"))
    console.print(f"\n{corpus.summary()}", markup=False)
    return rendered(console)


def _common_folder(corpus: Corpus) -> str:
    """Return the folder that all files lie in, so that a row need not repeat it."""
    folders = [os.path.dirname(f.file) for f in corpus if f.status != "skipped"]  # noqa: PTH120
    try:
        common = os.path.commonpath(folders)
    except ValueError:  # some are absolute and some are not
        common = ""
    return os.path.join(common, "") if common else ""  # noqa: PTH118


def _count(count: int, verdict: Verdict) -> Any:
    from rich.text import Text

    wrong = verdict is Verdict.INCONSISTENT and count
    return Text(f"{count:,}" if count else "", style="bold red" if wrong else "")
