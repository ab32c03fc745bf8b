"""``carbonkit inventory``: from a workbook to disclosure tables and charts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from carbonkit.cli.output import as_csv, as_table, emit
from carbonkit.errors import InventoryError

if TYPE_CHECKING:
    from carbonkit.disclosures import Disclosure
    from carbonkit.inventory import Inventory

__all__ = ["inventory"]

_TOTALS: dict[str, dict[str, Any]] = {
    "Scope 1": {"scope": 1},
    "Scope 2 location-based": {"scope": 2, "method": "location-based"},
    "Scope 2 market-based": {"scope": 2, "method": "market-based"},
    "Scope 3 cat. 3": {"scope": 3},
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--template",
    "blank",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a workbook to fill in, with worked example rows, and stop.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the disclosure tables (xlsx, Markdown, CSV) and charts.",
)
@click.option("--gwp", "gwp_set", help="AR4, AR5 or AR6, if the workbook does not say it.")
@click.option("--boundary", help="operational control, financial control or equity share.")
@click.option("--base-year", type=int, help="Year that changes are measured against.")
@click.option("--collect", is_flag=True, help="Set problems aside and go on with the rest.")
@click.pass_context
def inventory(
    ctx: click.Context, file: Path | None, blank: Path | None, out: Path | None,
    gwp_set: str | None, boundary: str | None, base_year: int | None, collect: bool,
) -> None:  # fmt: skip
    """Make the inventory of FILE, a workbook (.xlsx) or a table of activities (.csv).

    Exit status: 0 when every row was used, 1 with --collect when problems were set aside, 2 when
    the input cannot be used.
    """
    from carbonkit import disclosures
    from carbonkit.inventory import load, template

    if blank is not None:
        if blank.suffix.casefold() != ".xlsx":
            raise InventoryError(f"{blank}: the template is a workbook; name it .xlsx.")
        template(blank)
        click.echo(f"wrote {blank}: fill it in, then run carbonkit inventory {blank} --out results")
        return
    if file is None:
        raise click.UsageError("give a FILE, or --template FILE.xlsx to begin with.")
    book = load(file)
    made = book.inventory(on_error="collect" if collect else "raise")
    if boundary:
        made = made.under(boundary)
    gwp_set = gwp_set or book.settings.get("gwp_set") or None
    if gwp_set is None:
        raise InventoryError(
            "no GWP set: say --gwp AR5 (or AR4, AR6), or gwp_set in the sheet organisation."
        )
    said = book.settings.get("base_year") or ""
    if base_year is None and said:
        if not said.isdecimal():
            raise InventoryError(f"organisation: base_year {said!r} is no year.")
        base_year = int(said)
    tables = disclosures.every(made, gwp_set, denominators=book.denominators, base_year=base_year)
    rows = [
        (year, *(str(made.total(gwp_set, year=year, **where)) for where in _TOTALS.values()))
        for year in made.years
    ]
    click.echo(as_table(("year", *_TOTALS), rows), nl=False)
    click.echo(f"{made.boundary}, {gwp_set}; {made.counts}")
    for problem in made.problems:
        click.echo(f"problem: {problem}", err=True)
    for finding in made.findings:
        click.echo(f"note: {finding}", err=True)
    if out is not None:
        for name in _write(out, made, tables, gwp_set, base_year):
            click.echo(f"wrote {out / name}")
    if made.problems:
        ctx.exit(1)


def _write(
    out: Path, made: Inventory, tables: Sequence[Disclosure], gwp_set: str, base_year: int | None
) -> list[str]:
    from carbonkit import disclosures

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InventoryError(f"{out}: cannot be made: {error.strerror or error}.") from None
    names = []
    for table in tables:
        names.append(f"{table.code.casefold().replace(' ', '-')}.csv")
        emit(table.csv(), out / names[-1])
    emit("\n".join(table.markdown() for table in tables), out / "disclosures.md")
    header = disclosures.TRACE_HEADER
    traced = [row for table in tables for row in table.trace_rows()]
    emit(as_csv(header, traced), out / "trace.csv")
    told = [("problem", str(p)) for p in made.problems]
    told += [("finding", str(f)) for f in made.findings]
    emit(as_csv(("kind", "text"), told), out / "problems-and-findings.csv")
    names += ["disclosures.md", "trace.csv", "problems-and-findings.csv"]
    if any(row.uncertain for row in made.rows):
        emit(_uncertainty(made, gwp_set), out / "uncertainty.md")
        names.append("uncertainty.md")
    try:
        disclosures.to_excel(tables, out / "disclosures.xlsx", made)
        names.append("disclosures.xlsx")
    except InventoryError as error:
        click.echo(f"no workbook: {error}", err=True)
    return [*names, *_charts(out, made, gwp_set, base_year)]


def _uncertainty(made: Inventory, gwp_set: str) -> str:
    """Return what the rows say of their uncertainty, propagated to each total."""
    from carbonkit.errors import UncertaintyError

    parts = ["# Uncertainty of the totals\n"]
    for year in made.years:
        for label, where in _TOTALS.items():
            try:
                found = str(made.uncertainty(gwp_set, year=year, **where))
            except UncertaintyError as error:
                found = str(error.args[0])
            parts.append(f"## {label}, {year}\n\n```text\n{found}\n```\n")
    return "\n".join(parts)


def _charts(out: Path, made: Inventory, gwp_set: str, base_year: int | None) -> list[str]:
    try:
        import matplotlib as mpl
    except ImportError:
        click.echo("no charts: they need matplotlib: pip install 'carbonkit[plots]'", err=True)
        return []
    from carbonkit.inventory import compare
    from carbonkit.plots import change_by_cause, scopes, sources

    mpl.use("agg")
    import matplotlib.pyplot as plt

    charts = {"scopes.png": scopes(made, gwp_set)}
    last = made.years[-1]
    charts["sources.png"] = sources(made.only(year=last), gwp_set)
    if base_year is not None and base_year != last:
        change = compare(made.only(year=base_year), made.only(year=last), gwp_set)
        charts["change.png"] = change_by_cause(
            change, title=f"What changed from {base_year} to {last}, Scope 1 and location-based 2"
        )
    for name, ax in charts.items():
        figure = ax.figure.canvas.figure
        figure.savefig(out / name, dpi=150, bbox_inches="tight")
        plt.close(figure)
    return list(charts)
