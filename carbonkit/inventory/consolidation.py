"""From rows to lines: the organisational boundary, and electricity by both methods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from carbonkit.emissions import Emissions
from carbonkit.inventory.lines import Line, Row
from carbonkit.scope2 import Instrument, Scope2, both, market_based

__all__ = ["consolidated"]


def consolidated(
    rows: Sequence[Row],
    share_of: Callable[[Row], Fraction],
    instruments: Sequence[Instrument],
    vintage_years: int,
) -> tuple[tuple[Line, ...], Scope2]:
    """Return the lines that rows contribute, and the electricity ledger behind them.

    Parameters
    ----------
    rows : sequence of Row
    share_of : callable
        The share of a row that the organisational boundary takes in.
    instruments : sequence of Instrument
    vintage_years : int
        As for :func:`carbonkit.scope2.both`.

    Returns
    -------
    tuple of (tuple of Line, Scope2)
        Purchased energy has a line by either method, electricity one for each step.
    """
    shares = {id(row): share_of(row) for row in rows}
    uses, users = [], []
    for row in rows:
        if row.use is not None and shares[id(row)]:
            uses.append(replace(row.use, energy=row.use.energy * shares[id(row)]))
            users.append(row)
    ledger = both(uses, instruments, vintage_years=vintage_years)
    row_of = {id(use): row for use, row in zip(uses, users, strict=True)}
    lines: list[Line] = []
    for row in rows:
        share = shares[id(row)]
        methods = ("location-based", "market-based") if row.scope == 2 else ("",)
        for method in methods:
            if row.use is not None and method == "market-based":
                if not share:
                    lines.append(_outside(row))
                continue
            lines.append(
                Line(
                    row, method, share, row.parts,
                    Emissions(row.emissions.scaled(share).masses, method),
                    row.amount, row.energy, renewable=Fraction(int(row.renewable)),
                )
            )  # fmt: skip
    # The last step that serves a use takes what the others leave.
    last = {id(given.use): place for place, given in enumerate(ledger.allocations)}
    for place, given in enumerate(ledger.allocations):
        row = row_of[id(given.use)]
        share = shares[id(row)]
        energy = given.energy / share
        lines.append(
            Line(
                row, "market-based", share, given.rate.parts(market_based, energy), given.emissions,
                row.amount * energy / _energy(row), energy, given.step, given.instruments,
                given.renewable, given.nuclear, last[id(given.use)] == place,
            )
        )  # fmt: skip
    return tuple(lines), ledger


def _energy(row: Row) -> Fraction:
    return row.use.energy if row.use is not None and row.use.energy else Fraction(1)


def _outside(row: Row) -> Line:
    """Return the market-based line of electricity that the boundary leaves out."""
    assert row.use is not None  # noqa: S101 - the caller looked
    step = "residual" if row.use.residual else "average"
    chosen = row.use.residual or row.use.grid
    return Line(
        row, "market-based", Fraction(0), chosen.parts(market_based, row.use.energy),
        Emissions(method="market-based"), row.amount, row.energy, step,
    )  # fmt: skip
