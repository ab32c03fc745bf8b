"""The command ``carbonkit`` and what all its subcommands share."""

from __future__ import annotations

from typing import Any

import click

from carbonkit import __version__
from carbonkit.cli.calculate import calculate
from carbonkit.cli.diff import diff
from carbonkit.cli.factors import factors
from carbonkit.cli.inventory import inventory
from carbonkit.cli.lint import lint, schema
from carbonkit.cli.new_report import new_report
from carbonkit.cli.verify import verify
from carbonkit.errors import CarbonkitError

__all__ = ["main"]


class _Group(click.Group):
    """Turns carbonkit's own errors into one line and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CarbonkitError as error:
            # A KeyError-like base would quote its message; args hold it plain.
            click.echo(f"carbonkit: {error.args[0] if error.args else error}", err=True)
            ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="carbonkit")
def main() -> None:
    """Carbon accounting that recomputes a report's numbers and shows the arithmetic."""


main.add_command(verify)
main.add_command(factors)
main.add_command(inventory)
main.add_command(calculate)
main.add_command(lint)
main.add_command(schema)
main.add_command(diff)
main.add_command(new_report)
