"""``carbonkit verify``: check a report and print the audit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from carbonkit import __version__
from carbonkit._text import with_unit
from carbonkit.claims import Audit, ClaimResult, Verdict, load_report
from carbonkit.claims.diagnose import told
from carbonkit.claims.receipt import read_receipt, verify_again
from carbonkit.claims.receipt import receipt as make_receipt
from carbonkit.claims.verdict import percent
from carbonkit.cli.corpus import is_many, verify_many
from carbonkit.cli.output import as_csv, as_markdown, emit, open_console, rendered
from carbonkit.inventory.workbook import save_sheets

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["verify"]

_STYLES = {
    Verdict.EXACT: "green",
    Verdict.ROUNDING: "green",
    Verdict.QUALIFIER: "green",
    Verdict.ASSUMPTION: "cyan",
    Verdict.INCONSISTENT: "bold red",
    Verdict.NOT_CHECKABLE: "dim",
}
_NARROW = 100


@click.command()
@click.argument("reports", metavar="[REPORT]...", nargs=-1)
@click.option("--only", metavar="TEXT", help="Only claims whose system or id holds this text.")
@click.option("--verdict", metavar="VERDICT", help=f"Only this verdict: {', '.join(Verdict)}.")
@click.option("--explain", metavar="ID", help="Show the whole case for one claim.")
@click.option(
    "--what-if",
    metavar="NAME=VALUE",
    multiple=True,
    help="Replace a fact or assumption, as in iea='0.5 kg CO2/kWh'. May be repeated.",
)
@click.option("--screens", is_flag=True, help="Show what the screens saw over the whole report.")
@click.option(
    "--diagnose", is_flag=True, help="Add to the JSON what would explain claims that fail."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "csv", "markdown", "html", "xlsx"]),
    default="table",
    show_default=True,
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option(
    "--receipt",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a receipt: hashes of all that went in and of the result.",
)
@click.option(
    "--check-receipt",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Run the audit of a receipt again and say whether it comes out the same.",
)
@click.option("--strict", is_flag=True, help="Exit with status 1 if a claim is inconsistent.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Of several reports: how many processes check them at once. By default, as many as there "
    "are cores and files to keep them busy.",
)
@click.pass_context
def verify(
    ctx: click.Context,
    reports: tuple[str, ...],
    only: str | None,
    verdict: str | None,
    explain: str | None,
    what_if: tuple[str, ...],
    screens: bool,
    diagnose: bool,
    style: str,
    out: Path | None,
    receipt: Path | None,
    check_receipt: Path | None,
    strict: bool,
    jobs: int | None,
) -> None:
    """Check the claims of REPORT: the id of a bundled report, or the path of a report file.

    Of several reports, or a folder of them, a row for each file is shown: how many claims came to
    each verdict, and the worst. A pattern in quotes, such as 'reports/*.toml', is taken too.

    Exit status: 0 when the check ran, 1 with --strict when a claim is inconsistent or with
    --check-receipt when the result differs, 2 when the input cannot be used. Of several reports:
    2 when any of them could not be checked, which its row says; the others are checked all the
    same.
    """
    if len(reports) > 1 or (reports and is_many(reports[0])):
        alone = {
            "--only": only, "--verdict": verdict, "--explain": explain, "--what-if": what_if,
            "--screens": screens, "--diagnose": diagnose, "--receipt": receipt,
            "--check-receipt": check_receipt, "--format html": style == "html",
        }  # fmt: skip
        if given := [name for name, value in alone.items() if value]:
            raise click.UsageError(f"{given[0]} is for one report; give one REPORT.")
        ctx.exit(verify_many(reports, style, out, jobs=jobs, strict=strict))
    report = reports[0] if reports else None
    if check_receipt is not None:
        if what_if or receipt:
            raise click.UsageError("--check-receipt takes its inputs from the receipt alone.")
        comparison = verify_again(read_receipt(check_receipt), __version__, report or "")
        emit(str(comparison), out)
        ctx.exit(0 if comparison.reproduced else 1)
    if report is None:
        raise click.UsageError("Missing argument 'REPORT'.")
    if style == "xlsx" and out is None:
        raise click.UsageError("--format xlsx writes a file: say which with --out FILE.xlsx.")
    audit = load_report(report).verify(factors=_replacements(what_if))
    if receipt is not None:
        data = make_receipt(audit, __version__, report)
        emit(json.dumps(data, ensure_ascii=False, indent=2), receipt)
    shown: Iterable[ClaimResult] = audit
    if explain is not None:
        shown = (audit[explain],)
        case = [audit[explain].explain(), told(audit.diagnose(explain))]
        emit("\n\n".join(filter(None, case)), out)
    else:
        if only is not None or verdict is not None:
            shown = audit = audit.only(system=only, verdict=verdict)
        if style == "xlsx" and out is not None:
            save_sheets(out, _sheets(audit))
        else:
            text = _render(
                audit, style, to_file=out is not None, diagnose=diagnose, screens=screens
            )
            emit(text, out)
    if strict and any(r.verdict is Verdict.INCONSISTENT for r in shown):
        ctx.exit(1)


def _replacements(given: tuple[str, ...]) -> dict[str, str]:
    replacements = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not equals:
            raise click.BadParameter(
                f"{entry!r} must be NAME=VALUE, as in iea='0.5 kg CO2/kWh'.", param_hint="--what-if"
            )
        replacements[name.strip()] = value.strip()
    return replacements


def _render(audit: Audit, style: str, *, to_file: bool, diagnose: bool, screens: bool) -> str:
    if style == "json":
        data = audit.to_dict(diagnoses=diagnose, observations=screens)
        return json.dumps(data, ensure_ascii=False, indent=2)
    if style == "html":
        from carbonkit.html import audit_page

        return audit_page(audit)
    if screens:
        return _seen(audit, style, to_file=to_file)
    if style == "table":
        return _table(audit, to_file=to_file)
    header = ["id", "page", "system", "statement", "printed", "recomputed", "verdict", "why"]
    rows = [
        [
            r.id, r.claim.page, r.claim.system, r.claim.statement,
            r.deciding.printed_text, _recomputed(r), str(r.verdict), r.deciding.why,
        ]
        for r in audit
    ]  # fmt: skip
    return as_csv(header, rows) if style == "csv" else as_markdown(header, rows)


def _sheets(audit: Audit) -> Iterator[tuple[str, Sequence[str], list[list[object]]]]:
    """Return the audit as sheets of a workbook: claims, counts, and what was used."""
    claims = audit.to_frame().astype(object)
    yield "claims", [*map(str, claims)], claims.where(claims.notna(), None).values.tolist()
    yield "verdicts", ["verdict", "claims"], [[str(v), n] for v, n in audit.counts().items()]
    values = audit.report.replaced(audit.replaced).values()
    header = ["name", "role", "value", "unit", "page", "origin"]
    yield (
        "values",
        header,
        [[v.name, v.role, v.shown(), v.unit, v.page, v.origin()] for v in values],
    )


def _seen(audit: Audit, style: str, *, to_file: bool) -> str:
    """Return the observations of the screens, for reading or as a table."""
    seen = audit.observations()
    if style != "table":
        header = ["screen", "pages", "seen", "arithmetic", "certainty", "wording", "claims"]
        rows = [
            [
                o.screen, ", ".join(o.pages), o.seen, o.arithmetic, str(o.certainty), o.wording,
                ", ".join(o.claims),
            ]
            for o in seen
        ]  # fmt: skip
        return as_csv(header, rows) if style == "csv" else as_markdown(header, rows)
    console = open_console(to_file=to_file)
    for observation in seen:
        pages = f" (p. {', '.join(observation.pages)})" if observation.pages else ""
        console.print(f"[bold]{observation.screen}[/]{pages}: ", end="")
        console.print(observation.seen, markup=False)
        for line in (observation.arithmetic, observation.wording, f"({observation.certainty})"):
            console.print(f"    {line}", markup=False)
        console.print()
    console.print(f"{len(seen)} observations", markup=False)
    return rendered(console)


def _recomputed(result: ClaimResult) -> str:
    finding = result.deciding
    if finding.nominal is not None:
        return with_unit(finding.nominal, finding.unit)
    if finding.implied:
        return f"implies {finding.implied[0]}"
    return ""


def _off_by(result: ClaimResult) -> str:
    gap = result.deciding.gap
    if not gap or result.verdict in (Verdict.EXACT, Verdict.NOT_CHECKABLE):
        return ""
    return f"{'+' if gap > 0 else '−'}{percent(abs(gap))}"


def _table(audit: Audit, *, to_file: bool) -> str:
    from rich.text import Text

    console = open_console(to_file=to_file)
    ordered = _by_system(audit)
    console.print(audit.report.title, style="italic", markup=False)
    (_columns if console.width >= _NARROW else _stacked)(console, ordered)
    console.print()
    for result in ordered:
        if result.verdict is Verdict.INCONSISTENT:
            where = f" (p. {result.claim.page}): " if result.claim.page else ": "
            console.print(Text.assemble((result.id, "bold red"), where, result.deciding.why))
            console.print(f"    {result.deciding.arithmetic}", markup=False)
            console.print()
    for closure in audit.closures():
        if not closure.closes:
            tried = len(closure.constraints)
            closing = f"{tried - len(closure.failing)} of {tried} sums close"
            console.print(f"Table {closure.table.name}: {closing}", markup=False)
            for fault in closure.faults:
                console.print(f"    {fault}".replace("\n", "\n    "), markup=False)
            console.print()
    if audit.replaced:
        told = ", ".join(f"{n} = {v}" for n, v in audit.replaced.items())
        console.print(f"What if {told}", markup=False)
    console.print(audit.summary(), markup=False)
    console.print("The whole case for one claim: carbonkit verify REPORT --explain ID", style="dim")
    return rendered(console)


def _columns(console: Console, ordered: list[ClaimResult]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    table.add_column("claim", no_wrap=True)
    table.add_column("printed", max_width=26)
    table.add_column("recomputed", max_width=34)
    table.add_column("off by", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for system, results in groupby(ordered, key=lambda r: r.claim.system):
        table.add_row("")
        table.add_row(Text(system or "other", style="bold"))
        for result in results:
            table.add_row(
                Text(f"  {result.id}"),
                Text(result.deciding.printed_text),
                Text(_recomputed(result)),
                _off_by(result),
                Text(result.verdict, style=_STYLES[result.verdict]),
            )
    console.print(table)


def _stacked(console: Console, ordered: list[ClaimResult]) -> None:
    """Print a few short lines for each claim, where five columns do not fit."""
    from rich.padding import Padding
    from rich.text import Text

    for system, results in groupby(ordered, key=lambda r: r.claim.system):
        console.print()
        console.print(system or "other", style="bold", markup=False)
        for result in results:
            console.print(Padding(Text(result.id), (0, 0, 0, 2)))
            nominal = result.deciding.nominal is not None
            cells = (
                ("printed ", result.deciding.printed_text),
                ("recomputed " if nominal else "", _recomputed(result)),
                ("off by ", _off_by(result)),
            )
            told = "; ".join(f"{label}{cell}" for label, cell in cells if cell)
            if told:
                console.print(Padding(Text(told), (0, 0, 0, 4)))
            verdict = Text(result.verdict, style=_STYLES[result.verdict])
            console.print(Padding(verdict, (0, 0, 0, 4)))


def _by_system(audit: Audit) -> list[ClaimResult]:
    """Return the results with those of one system together, systems as they first appear."""
    place: dict[str, int] = {}
    for result in audit:
        place.setdefault(result.claim.system, len(place))
    return sorted(audit, key=lambda r: place[r.claim.system])
