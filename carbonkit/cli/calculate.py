"""``carbonkit calculate``: from a table of any size to its emissions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from carbonkit.cli.output import as_table, emit
from carbonkit.errors import LedgerError

if TYPE_CHECKING:
    from carbonkit.ledger import Ledger

__all__ = ["calculate"]

_SHOWN = 40
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("table", required=False)
@click.option(
    "--example", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
    help="Write a small table to try this with, and say how.",
)  # fmt: skip
@click.option("--by", default="", metavar="COLUMNS", help="Group by these, as in scope,region,gas.")
@click.option("--gwp", "gwp_set", help="AR4, AR5 or AR6: add up the gases in CO2e.")
@click.option("--gas", metavar="GASES", help="Gases that each row needs, as in CO2,CH4,N2O.")
@click.option(
    "--rule", default="exact", show_default=True,
    help="How factors are looked up; several, in turn, as in exact,latest_before.",
)  # fmt: skip
@click.option("--on", default="", metavar="COLUMNS", help="Ask by these too, as in kind,item.")
@click.option("--purpose", help="Refuse factors that do not fit it, as in inventory-location.")
@click.option(
    "--same", metavar="NAME=VALUE", multiple=True,
    help="Part of the question that is the same in every row, as in region=GB. May be repeated.",
)  # fmt: skip
@click.option(
    "--column", metavar="NAME=COLUMN", multiple=True,
    help="What a column is called, as in amount='kWh used'. May be repeated.",
)  # fmt: skip
@click.option("--factors", "own", type=click.Path(path_type=Path), help="Your own factors.")
@click.option("--places", default=9, show_default=True, help="Decimals of amounts.")
@click.option("--out", type=_FILE, help="Totals, as .csv or .parquet.")
@click.option("--refused", type=_FILE, help="Refused rows with the reason.")
@click.option("--audit", type=_FILE, help="Every used row with its factor and emissions.")
@click.option(
    "--work", type=click.Path(path_type=Path, file_okay=False),
    help="Folder that keeps the sums of each file, to go on after an interruption.",
)  # fmt: skip
@click.option("--memory", metavar="SIZE", help="The most memory to take, as in 2GB.")
@click.option("--threads", type=int, help="By default as many as there are processors.")
@click.option("--strict", is_flag=True, help="Exit with status 1 if a row was refused.")
@click.pass_context
def calculate(
    ctx: click.Context, table: str | None, example: Path | None, by: str, gwp_set: str | None,
    gas: str | None, rule: str, on: str, purpose: str | None, same: tuple[str, ...],
    column: tuple[str, ...], own: Path | None, places: int, out: Path | None,
    refused: Path | None, audit: Path | None, work: Path | None, memory: str | None,
    threads: int | None, strict: bool,
) -> None:  # fmt: skip
    """Calculate the emissions of TABLE: a Parquet or CSV file, a folder, or a quoted pattern.

    It has columns activity, amount, unit and, unless given by --same, region and year or date.

    Exit status: 0 when the table was calculated, 1 with --strict when rows were refused, 2 when
    the input cannot be used.
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from carbonkit import factors, ledger

    if example is not None:
        path = ledger.example(example)
        click.echo(f"wrote {path}\nnow: carbonkit calculate {path} {ledger.OPTIONS}")
    if table is None:
        if example is None:
            raise click.UsageError("Name a TABLE, or write one to try with --example FOLDER.")
        return
    constants: dict[str, Any] = _pairs(same, "--same")
    if "year" in constants:
        if not constants["year"].isdecimal():
            raise LedgerError(f"--same year={constants['year']!r} is no year.")
        constants["year"] = int(constants["year"])
    reserved = {"by", "gwp", "gas", "rule", "purpose", "columns", "factors", "places", "out",
                "refused", "audit", "work", "memory", "threads", "progress", "on"}  # fmt: skip
    taken = sorted(reserved & constants.keys())
    if taken:
        raise LedgerError(
            f"--same {taken[0]}=... is an option of its own or no part of a question."
        )
    library = None if own is None else factors.library().add(own)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), transient=True
    )
    # A bar is for a terminal; elsewhere it would stand among the results.
    bar.disable = not bar.console.is_terminal
    with bar:
        task = bar.add_task("reading", total=None)

        def progress(stage: str, done: int, of: int) -> None:
            bar.update(task, description=stage, completed=done, total=of if of > 1 else None)

        made = ledger.calculate(
            table, by=_names(by), gwp=gwp_set, gas=_names(gas or "") or None,
            rule=_names(rule), on=_names(on),
            purpose=purpose, columns=_pairs(column, "--column"), factors=library, places=places,
            out=out, refused=refused, audit=audit, work=work, memory=memory, threads=threads,
            progress=progress, **constants,
        )  # fmt: skip
    _show(made)
    for written in (out, refused, audit):
        if written is not None:
            click.echo(f"wrote {written}")
    if strict and made.counts.refused:
        ctx.exit(1)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not equals:
            raise click.BadParameter(f"{entry!r} must be NAME=VALUE.", param_hint=option)
        pairs[name.strip()] = value.strip()
    return pairs


def _show(made: Ledger) -> None:
    frame = made.totals.head(_SHOWN)
    rows = [
        [f"{cell:,.6g}" if isinstance(cell, float) else cell for cell in row]
        for row in frame.itertuples(index=False)
    ]
    emit(as_table(list(frame.columns), rows), None)
    more = len(made.totals) - len(frame)
    if more > 0:
        click.echo(f"and {more:,} more; --out FILE writes them all")
    click.echo(str(made.counts))
    for name in made.rounded:
        click.echo(
            f"note: factors of {name!r} do not end and are rounded at the 12th digit or later"
        )
