"""``carbonkit diff``: two years of reports, side by side."""

from __future__ import annotations

import json
from pathlib import Path

import click

from carbonkit.claims import Changes, compare, load_report
from carbonkit.claims.compare import KINDS
from carbonkit.cli.output import as_markdown, emit

__all__ = ["diff"]


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
def diff(old: str, new: str, style: str, out: Path | None) -> None:
    """Compare report NEW with the report OLD of an earlier year.

    Restated figures, other boundaries, methods and units, what moved beyond rounding, what was
    dropped and added; and changes over time that hold with one value of a restated base only.
    """
    changes = compare(load_report(old), load_report(new))
    match style:
        case "json":
            text = json.dumps(changes.to_dict(), ensure_ascii=False, indent=2)
        case "markdown":
            text = _markdown(changes)
        case _:
            text = str(changes)
    emit(text, out)


def _markdown(changes: Changes) -> str:
    parts = [f"# {changes.old.title} → {changes.new.title}", changes.summary()]
    for kind, heading in KINDS.items():
        if found := changes.only(kind):
            rows = [
                [change.what, change.period, change.old, change.new, change.told]
                for change in found
            ]
            header = ["what", "period", str(changes.old.year), str(changes.new.year), "told"]
            parts += [f"## {heading}", as_markdown(header, rows)]
    return "\n\n".join(parts)
