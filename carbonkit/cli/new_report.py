"""``carbonkit new-report``: a commented report file to begin with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from carbonkit import tables
from carbonkit.claims.loading import parse_report, year_of
from carbonkit.errors import ReportError
from carbonkit.tables import PrintedTable

__all__ = ["new_report"]

_HEAD = """\
#:schema ./carbonkit-report-1.schema.json
#
# What a report prints, and what should hold between its figures. Everything is documented by
# example in docs/report-format.md. While you write:
#
#   carbonkit lint {file}      says what is wrong: line, column, the nearest known words
#   carbonkit verify {file}    checks the claims
#   carbonkit schema --out carbonkit-report-1.schema.json
#                              lets editors that read the first line complete and check keys

format = "carbonkit-report/1"

[report]
id = {id}
title = {title}
year = {year}                      # the year reported on
# organisation = "Example Ltd"
# tons = "tonne"                 # what a bare "ton" means; without it a bare ton is refused
# rounding = "half-up"           # only if the report says how it rounds
# decimal = ","                  # its marks, if not "1,234.5"
# thousands = "."
"""
_FIGURES = """
# Figures as printed, once for each place where they stand. The unit may add to the printed words
# ("t CO2e/year" for "tons"), never change them. These are made up: put yours in their place.
[figures]
scope1 = { text = "1,204", page = 9, table = "emissions", unit = "t CO2e/year" }
scope2 = { text = "8,317", page = 9, table = "emissions", unit = "t CO2e/year" }
total = { text = "9,521", page = 9, table = "emissions", unit = "t CO2e/year" }
total_2023 = { text = "10,800", page = 9, unit = "t CO2e/year", period = "2023" }
change = { text = "-11.8%", page = 3, unit = "%" }
saved = { text = "about 2 million kWh", page = 5, unit = "kWh/year" }
avoided = { text = "950 tons CO2", page = 5, unit = "t CO2/year" }

# Values from outside the report, with their source.
[facts]
grid = { text = "0.475 kg CO2/kWh", source = "the factor that the report cites", cited = "p. 5" }

# What should hold. Relations are arithmetic over the names above, and formulas of the library.
[[claims]]
id = "p9-total"
page = 9
system = "inventory"
statement = "Scope 1 and Scope 2 make 9,521 t."
relation = "total == scope1 + scope2"

[[claims]]
id = "p3-change"
page = 3
system = "inventory"
statement = "Emissions fell by 11.8 %."
relation = "change == percent_change(total, total_2023)"

[[claims]]
id = "p5-avoided"
page = 5
system = "savings"
statement = "Saving about 2 million kWh avoids 950 t of CO2."
relation = "avoided == avoided_emissions(saved, grid)"

[[claims]]
id = "p12-suppliers"
page = 12
system = "suppliers"
statement = "Suppliers cut their emissions too."
uncheckable = "not-disclosed"    # or missing-figure, no-relation, third-party
missing = "the suppliers' emissions before and after"

# A table goes in whole; its totals, shares and changes become claims by themselves:
#
# [tables.energy]
# page = 69
# cells = '''
# | Energy | Unit | 2023 | 2024 |
# |---|---|---|---|
# | Diesel | MWh | 1,204 | 1,180 |
# | Gas | MWh | 980 | 1,020 |
# | Total | MWh | 2,184 | 2,200 |
# '''
"""
_TABLE = """
# A printed table, whole. Its cells become figures ({example}), and what should hold between them
# becomes claims. This is how it was understood:
#
{understood}
#
# If a total was found wrongly, say what it is made of: totals = {{ total = ["part", "part"] }}
[tables.{name}]
# page = 1
{options}cells = {cells}

# More figures and claims stand beside the table's, and may use its figures by name:
#
# [figures]
# energy_p3 = {{ text = "2.2 GWh", page = 3, unit = "GWh" }}
#
# [[claims]]
# id = "p3-energy"
# page = 3
# statement = "The summary repeats the total."
# relation = "energy_p3 == {example}"
"""


@click.command("new-report")
@click.argument("name")
@click.option("--table", type=click.Path(path_type=Path), help="A table to put into it, whole.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="By default NAME.toml."
)
def new_report(name: str, table: Path | None, out: Path | None) -> None:
    """Write a commented report file to begin with; NAME becomes its id.

    It holds together as it is: carbonkit lint finds nothing, and carbonkit verify runs. A file
    that exists is never overwritten.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", name):
        raise click.BadParameter(
            f"{name[:80]!r} cannot be the id of a report: use letters, digits, - and _, as in "
            "'example-2024'.",
            param_hint="NAME",
        )
    path = out or Path(f"{name}.toml")
    text = _written(name, path, tables.read(table) if table else None)
    parse_report(text.encode(), str(path))
    _write_new(text, path)
    click.echo(f"{path}: written. Next: carbonkit lint {path}; carbonkit verify {path}")


def _written(name: str, path: Path, table: PrintedTable | None) -> str:
    year = year_of(table) if table else 2024
    if year is None:
        raise ReportError(f"{path}: the table names no year.")
    title = (table.title if table else "") or f"Title of the report {year}"
    head = _HEAD.format(
        file=re.sub(r"[^\w.-]", "_", path.name), id=json.dumps(name), title=_basic(title), year=year
    )
    if table is None:
        return head + _FIGURES
    options = {"unit": table.unit, "tons": table.tons, "decimal": table.decimal,
               "thousands": table.thousands, "title": table.title}  # fmt: skip
    line = table.lines[-1]
    return head + _TABLE.format(
        name=table.name,
        example=table.figure_name(line, table.value_columns[-1]),
        understood="\n".join(f"#   {text}".rstrip() for text in str(table).splitlines()),
        options="".join(f"{key} = {_basic(value)}\n" for key, value in options.items() if value),
        cells=_cells(table.to_markdown()),
    )


def _basic(text: str) -> str:
    """Return text as TOML has it in quotes; JSON writes the same escapes."""
    return json.dumps(text, ensure_ascii=False)


def _cells(text: str) -> str:
    """Return a table as TOML text of several lines, as it stands wherever that is possible."""
    if "'''" not in text:
        return f"'''\n{text.strip()}\n'''"
    escaped = text.strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"""\n{escaped}\n"""'


def _write_new(text: str, path: Path) -> None:
    """Write a file that does not exist yet, whole or not at all."""
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            try:
                file.write(text)
                file.flush()
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        raise ReportError(
            f"{path}: exists already and is left as it is; choose another name with --out."
        ) from None
    except OSError as error:
        raise ReportError(f"{path}: cannot be written: {error.strerror or error}.") from None
