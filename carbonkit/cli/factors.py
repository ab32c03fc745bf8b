"""``carbonkit factors``: look emission factors up, list their sources, check files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from carbonkit.cli.output import as_csv, as_markdown, as_table, emit
from carbonkit.factors import Factor, FactorLibrary, check, library

__all__ = ["factors"]

_COLUMNS = ("value", "unit", "kind", "activity", "region", "year", "publisher", "key")
_STYLES = ["table", "json", "csv", "markdown"]

_style = click.option(
    "--format", "style", type=click.Choice(_STYLES), default="table", show_default=True
)
_out = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file."
)
_own = click.option(
    "--add",
    "own",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Also look in your own factor files: a folder or a .toml. May be repeated.",
)


@click.group()
def factors() -> None:
    """Find emission factors and where they come from."""


@factors.command()
@click.argument("activity")
@click.option("--region", help="Code, name or alias: CN, China, Guangdong, UK, CAMX.")
@click.option("--year", type=int, help="The year that the factor describes.")
@click.option("--kind", help="average, operating-margin, combustion, life-cycle ...")
@click.option("--gas", help="CO2, CO2e, CH4 ...")
@click.option("--publisher", help="IEA, MEE, US EPA ...")
@click.option("--release", help="One release, such as iea/world-2018.")
@click.option("--unit", help="The unit exactly as the library has it.")
@click.option(
    "--rule", default="exact", show_default=True, help="latest_before, nearest, parent_region ..."
)
@click.option("--all", "every", is_flag=True, help="List every factor that fits.")
@_own
@_style
@_out
def find(
    activity: str, rule: str, every: bool, own: tuple[Path, ...], style: str, out: Path | None,
    **asked: Any,
) -> None:  # fmt: skip
    """Find the factor for ACTIVITY, exactly as asked unless --rule says otherwise."""
    question = {name: value for name, value in asked.items() if value is not None}
    held = _library(own)
    if every:
        found = held.find_all(activity, rule=rule, **question)
        emit(_listed(found, style), out)
    else:
        emit(_told(held.find(activity, rule=rule, **question), style), out)


@factors.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, help="How many to show.")
@_own
@_style
@_out
def search(
    words: tuple[str, ...], limit: int, own: tuple[Path, ...], style: str, out: Path | None
) -> None:
    """Search by WORDS in any order; typing errors are allowed."""
    found = _library(own).search(" ".join(words), limit)
    if not found and style == "table":
        emit("nothing is like these words", out)
    else:
        emit(_listed(found, style), out)


@factors.command()
@click.argument("key")
@_own
@_style
@_out
def show(key: str, own: tuple[Path, ...], style: str, out: Path | None) -> None:
    """Show all that is known of one factor: KEY is release#id, as the lists give it."""
    emit(_told(_library(own).get(key), style), out)


@factors.command()
@_own
@_style
@_out
def sources(own: tuple[Path, ...], style: str, out: Path | None) -> None:
    """List every release with its publisher, licence and number of rows."""
    lines = _library(own).sources()
    header = ("release", "rows", "publisher", "published", "licence", "read from")
    rows = [
        (s.release, s.rows, s.source.publisher, s.source.published, s.source.licence, s.read_from)
        for s in lines
    ]
    shown = header if style != "table" else header[:5]
    text = _rows(shown, [row[: len(shown)] for row in rows], style)
    if style == "table":
        text += f"{len(lines)} releases, {sum(s.rows for s in lines):,} rows\n"
    emit(text, out)


@factors.command("check")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.pass_context
def check_files(ctx: click.Context, path: Path | None) -> None:
    """Check factor files at PATH, or the bundled ones: format, ranges, arithmetic.

    Exit status 1 if anything was found.
    """
    findings = check(path)
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} findings")
    if findings:
        ctx.exit(1)


def _library(own: Iterable[Path]) -> FactorLibrary:
    held = library()
    for path in own:
        held = held.add(path)
    return held


def _plain(factor: Factor) -> dict[str, Any]:
    plain: dict[str, Any] = {"key": factor.key}
    for column in fields(factor):
        value = getattr(factor, column.name)
        if column.name == "source":
            plain |= {name: str(getattr(value, name) or "") for name in value.__slots__}
        elif value is not None and value != () and value != "":
            plain[column.name] = value if isinstance(value, int) else str(value)
    return plain


def _told(factor: Factor, style: str) -> str:
    plain = _plain(factor)
    if style == "json":
        return json.dumps(plain, ensure_ascii=False, indent=2)
    if style == "table":
        width = max(map(len, plain))
        head = f"{factor.text} {factor.unit}"
        lines = [
            f"{name.replace('_', ' '):{width}}  {value}" for name, value in plain.items() if value
        ]
        return "\n".join([head, *lines])
    return _rows(tuple(plain), [tuple(plain.values())], style)


def _listed(found: Iterable[Factor], style: str) -> str:
    if style == "json":
        return json.dumps([_plain(f) for f in found], ensure_ascii=False, indent=2)
    rows = [
        (f.text, f.unit, f.kind, f.activity, f.region, f.data_year, f.source.publisher, f.key)
        for f in found
    ]
    return _rows(_COLUMNS, rows, style)


def _rows(header: tuple[str, ...], rows: list[tuple[Any, ...]], style: str) -> str:
    if style == "json":
        named = [dict(zip(header, row, strict=True)) for row in rows]
        return json.dumps(named, ensure_ascii=False, indent=2, default=str)
    writers = {"csv": as_csv, "markdown": as_markdown, "table": as_table}
    return writers[style](header, rows)
