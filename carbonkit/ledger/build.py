"""From a table to its emissions: sum, resolve, multiply, account for every row."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit import factors as factor_room
from carbonkit import gwp
from carbonkit.errors import LedgerError, nearest
from carbonkit.factors import query as ask
from carbonkit.ledger import parts
from carbonkit.ledger.answers import answer
from carbonkit.ledger.columns import PART, Column, columns
from carbonkit.ledger.plan import Plan
from carbonkit.ledger.questions import asked
from carbonkit.ledger.resolve import Resolver
from carbonkit.ledger.result import Ledger, frozen
from carbonkit.ledger.source import connect, engine_errors, opened, rightly
from carbonkit.ledger.totals import lines_of_gases, side_by_side

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

    from carbonkit.factors import FactorLibrary

__all__ = ["calculate"]

Progress = Callable[[str, int, int], None]

_ROLES = ("activity", "region", "year", "unit", "amount")


def calculate(
    activities: Any,
    *,
    by: str | Sequence[str] = (),
    gwp_set: str | gwp.GwpSet | None,
    rule: factor_room.query.Rule,
    library: FactorLibrary | None,
    gas: str | Sequence[str] | None,
    purpose: str | None,
    named: Mapping[str, str] | None,
    on: Sequence[str],
    places: int,
    memory: str | None,
    threads: int | None,
    work: str | Path | None,
    progress: Progress | None,
    same: Mapping[str, Any],
) -> Ledger:
    """Calculate a table; see :func:`carbonkit.ledger.calculate`."""
    tell = progress or (lambda stage, done, of: None)
    if not 0 <= places <= 18:
        raise LedgerError(f"places={places}: amounts are read to 0 to 18 decimals.")
    chosen = gwp.get(gwp_set) if isinstance(gwp_set, str) else gwp_set
    gases = (gas,) if isinstance(gas, str) else tuple(gas or ())
    by = (by,) if isinstance(by, str) else tuple(by)
    if len(set(by)) < len(by):
        raise LedgerError(f"by names a column twice: {', '.join(by)}.")
    resolver = Resolver(
        library or factor_room.library(), {"rule": rule, **same}, gases, chosen, purpose
    )
    connection = connect(memory, threads)
    with engine_errors():
        table = opened(activities, connection)
    roles = _roles(table, dict(named or {}), on, same)
    resolver.check(roles)
    dates = roles.get("year") == (named or {}).get("date", "date")
    plan = Plan(frozen(roles), tuple(b for b in by if b != "gas"), places, dates)
    plan.check(table)
    with engine_errors(), _uncollected():
        sums = _summed(activities, table, plan, connection, work, tell)
        tell("finding factors", 0, 1)
        keyed = plan.settled(sums)
        return _finished(table, plan, keyed, connection, resolver, by=by)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave the cycle collector out: nothing here makes cycles, and it would walk every factor."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _roles(
    table: ibis.Table, columns: dict[str, str], on: Sequence[str], same: Mapping[str, Any]
) -> dict[str, str]:
    """Return the column of each part of the question that has one."""
    known = (*_ROLES, *ask.FILTERS, "kind", "publisher", "release", "valid")
    for name in (*columns, *on):
        if name not in (*known, "date"):
            raise LedgerError(
                f"{name!r} is no part of a question.{nearest(name, known)} "
                f"The parts are {', '.join(known)}."
            )
    if "date" in columns:
        columns["year"] = columns.pop("date")
    roles: dict[str, str] = {}
    for role in (*_ROLES, *on):
        default = role
        if role == "year" and "year" not in table.columns and "date" in table.columns:
            default = "date"
        wanted = role in columns or role in on or role in ("activity", "unit", "amount")
        if role in same:
            if role in columns:
                raise LedgerError(f"{role} is given both as a column and as an argument.")
        elif wanted or default in table.columns:
            roles[role] = columns.get(role, default)
    return roles


def _summed(
    activities: Any,
    table: ibis.Table,
    plan: Plan,
    connection: Any,
    work: str | Path | None,
    tell: Progress,
) -> ibis.Table:
    """Sum the amounts of each question and group: the pass over the large table."""
    if work is not None:
        return parts.summed(activities, plan, connection, Path(work), tell)
    tell("reading", 0, 1)
    sums = plan.sums(table)
    if table.get_backend() is connection:
        made = connection.create_table("sums", sums, temp=True)
    else:
        with rightly(table.get_backend()):
            connection.con.register("sums", sums.to_pyarrow())
        made = connection.table("sums")
    tell("reading", 1, 1)
    return made


def _finished(
    table: ibis.Table,
    plan: Plan,
    sums: ibis.Table,
    connection: Any,
    resolver: Resolver,
    *,
    by: tuple[str, ...],
) -> Ledger:
    """Answer the questions, add the totals up, and say how everything else is had."""
    import ibis
    import pyarrow as pa

    found = answer(asked(sums, plan, connection), resolver)
    scale = plan.scale(sums)
    made = columns(found.gases, found.used.amounts, scale, resolver.gwp_set)
    long = "gas" in by
    ours = {name: f"v{i}" for i, name in enumerate(made) if long or _shown(name, made)}
    keys = dict(zip(plan.keys, found.used.cells.columns, strict=True))
    factors = pa.table(keys | {ours[n]: made[n].decimals() for n in ours})
    kept = {ours[name]: made[name].scale for name in ours}
    totals = connection.to_pyarrow(plan.totals(sums, ibis.memtable(factors), kept))
    counts = found.counts()
    totalled = sum(totals["n"].to_pylist())
    if totalled != counts.used:  # cannot be; if it is, no total may leave
        raise LedgerError(f"{counts.used:,} rows were used, but {totalled:,} are in the totals.")
    public = {v: name for name, v in ours.items() if not name.startswith(PART)}
    shown = {name: digits for name, digits in kept.items() if name in public}
    return Ledger(
        exact=lines_of_gases(totals, plan, ours) if long else side_by_side(totals, plan, ours),
        counts=counts,
        decimals=frozen({name: scale + made[name].scale for name in ours}),
        rounded=tuple(name for name in ours if not made[name].exact),
        by=by,
        _factors=found.receipts,
        _refusals=found.refused,
        _rows=lambda: plan.rows(
            table, ibis.memtable(_beside(factors, found.audit())), shown,
            public | {"told": "factor", "how": "match"},
        ),
        _refused=lambda: plan.refused(table, ibis.memtable(found.refusing())),
        _plan=lambda: _unbound(table, plan, factors, kept, ours),
        _grouping=lambda name: plan.group(name, table),
        _connection=connection,
    )  # fmt: skip


def _shown(name: str, made: Mapping[str, Column]) -> bool:
    """Whether a column stands in totals of one line for each group.

    Parts of CO2e do not; nor does what factors gave in CO2e already, where a total holds it.
    """
    return not (name.startswith(PART) or ("t CO2e" in made and name.startswith("t CO2e ")))


def _beside(table: pa.Table, more: Mapping[str, Any]) -> pa.Table:
    for name, column in more.items():
        table = table.append_column(name, column)
    return table


def _unbound(
    table: ibis.Table,
    plan: Plan,
    found: pa.Table,
    kept: Mapping[str, int],
    ours: Mapping[str, str],
) -> ibis.Table:
    """Return the whole calculation as one expression over tables of any engine."""
    import ibis

    activities = ibis.table(table.schema(), name="activities")
    factors = ibis.table(ibis.memtable(found).schema(), name="factors")
    totals = plan.totals(plan.sums(activities), factors, kept)
    shown = dict(zip(plan.by, plan.groups, strict=True)) | {"rows": "n"} | dict(ours)
    return totals.select(**{name: totals[column] for name, column in shown.items()})
