"""The shape of totals: a column for each gas, or a line for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from carbonkit.errors import LedgerError
from carbonkit.ledger.columns import PART
from carbonkit.ledger.plan import WIDTH, Plan

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["lines_of_gases", "side_by_side"]


def _named(plan: Plan, totals: pa.Table) -> dict[str, Any]:
    return {name: totals[g] for name, g in zip(plan.by, plan.groups, strict=True)}


def side_by_side(totals: pa.Table, plan: Plan, ours: Mapping[str, str]) -> pa.Table:
    """Return totals under their names: a line for each group, a column for each gas.

    Raises
    ------
    LedgerError
        If a column to group by is called as a column of the totals.
    """
    named = {name: totals[column] for name, column in ours.items()}
    return _joined([_named(plan, totals), {"rows": totals["n"]}, named])


def lines_of_gases(totals: pa.Table, plan: Plan, ours: Mapping[str, str]) -> pa.Table:
    """Return totals under their names: a line for each group and gas.

    Raises
    ------
    LedgerError
        If a column to group by is called as a column of the totals.
    """
    import pyarrow as pa

    gases = [n.removeprefix("t ") for n in ours if n != "t CO2e" and not n.startswith(PART)]
    # All gases share one column, so they share the decimals of the one that has most.
    most = max((totals[ours[f"t {gas}"]].type.scale for gas in gases), default=0)
    lines = []
    for gas in gases:
        mass = totals[ours[f"t {gas}"]]
        line = [
            _named(plan, totals),
            {"gas": pa.array([gas] * len(totals), pa.string())},
            {"rows": totals[f"{ours[f't {gas}']}n"]},
            {"t": mass.cast(pa.decimal256(2 * WIDTH, most))},
        ]
        if PART + gas in ours:
            line.append({"t CO2e": totals[ours[PART + gas]]})
        lines.append(_joined(line).filter(mass.is_valid()))
    if not lines:
        return _joined([_named(plan, totals), {"gas": pa.array([], pa.string())}]).slice(0, 0)
    together = pa.concat_tables(lines)
    return together.sort_by([(n, "ascending") for n in (*plan.by, "gas")])


def _joined(columns: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Put columns side by side; a name may stand there once."""
    import pyarrow as pa

    names = [n for part in columns for n in part]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise LedgerError(
            f"by={twice[0]!r} is what a column of the totals is called. Rename yours."
        )
    return pa.table({n: c for part in columns for n, c in part.items()})
