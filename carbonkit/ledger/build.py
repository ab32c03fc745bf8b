"""From a table to its emissions: sum, resolve, multiply, account for every row."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Context
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonkit import factors as factor_room
from carbonkit import gwp
from carbonkit.emissions import weight
from carbonkit.errors import LedgerError, nearest
from carbonkit.factors import query as ask
from carbonkit.ledger import parts, scales
from carbonkit.ledger.plan import REASONS, WIDTH, Plan
from carbonkit.ledger.resolve import Answer, Refusal, Resolver
from carbonkit.ledger.result import Counts, Ledger, frozen
from carbonkit.ledger.source import connect, engine_errors, opened

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

    from carbonkit.factors import FactorLibrary

__all__ = ["calculate"]

Progress = Callable[[str, int, int], None]

#: Different questions that one table may ask: more is a wrong column, not a larger table.
MOST_QUESTIONS = 250_000
_PART = "t CO2e of "
_ROLES = ("activity", "region", "year", "unit", "amount")
_EXACT = Context(prec=2 * WIDTH)


def calculate(
    activities: Any,
    *,
    by: str | Sequence[str] = (),
    gwp_set: str | gwp.GwpSet | None,
    rule: factor_room.query.Rule,
    library: FactorLibrary | None,
    gas: str | Sequence[str] | None,
    purpose: str | None,
    columns: Mapping[str, str] | None,
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
    resolver.check()
    connection = connect(memory, threads)
    with engine_errors():
        table = opened(activities, connection)
    roles = _roles(table, dict(columns or {}), on, same)
    plan = Plan(frozen(roles), tuple(b for b in by if b != "gas"), places)
    plan.check(table)
    with engine_errors(), _uncollected():
        sums = _summed(activities, table, plan, connection, work, tell)
        tell("finding factors", 0, 1)
        keyed = plan.short(sums)
        lines = _asked(keyed, plan, connection)
        return _finished(table, plan, keyed, connection, resolver, lines, long="gas" in by, by=by)


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
        connection.con.register("sums", sums.to_pyarrow())
        made = connection.table("sums")
    tell("reading", 1, 1)
    return made


class Line(NamedTuple):
    """A different question and status, with its rows and the sum of its amounts."""

    key: tuple[Any, ...]
    status: int
    n: int
    amount: int


def _asked(sums: ibis.Table, plan: Plan, connection: Any) -> list[Line]:
    """Return each different question and status; amounts in units of their last decimal."""
    grouped = sums.group_by([*plan.keys, "status"]).agg(
        n=sums.n.sum().cast("int64"), amount=sums.amount.sum().cast(sums.amount.type())
    )
    found = connection.to_pyarrow(grouped.limit(MOST_QUESTIONS + 1))
    if len(found) > MOST_QUESTIONS:
        counts = connection.to_pyarrow(
            sums.agg(**{k: sums[k].nunique() for k in plan.keys})
        ).to_pylist()[0]
        most = max(plan.keys, key=lambda k: int(counts[k]))
        column = plan.roles[plan.asks[plan.keys.index(most)]]
        raise LedgerError(
            f"the table asks more than {MOST_QUESTIONS:,} different questions: column "
            f"{column!r} alone holds {counts[most]:,} different values. Is it the right column?"
        )
    # In one order, whatever the engine's, so that receipts are the same from run to run.
    found = found.sort_by([(k, "ascending") for k in ("status", *plan.keys)])
    keys = zip(*(found[k].to_pylist() for k in plan.keys), strict=True) if plan.keys else ()
    scale = plan.scale(sums)
    amounts = (int(a.scaleb(scale, _EXACT)) if a else 0 for a in found["amount"].to_pylist())
    others = (found["status"].to_pylist(), found["n"].to_pylist(), amounts)
    return [Line(*line) for line in zip(keys, *others, strict=True)]


def _finished(
    table: ibis.Table,
    plan: Plan,
    sums: ibis.Table,
    connection: Any,
    resolver: Resolver,
    lines: list[Line],
    *,
    long: bool,
    by: tuple[str, ...],
) -> Ledger:
    import ibis

    asked = [line for line in lines if line.status == 0]
    answers = resolver.answers(plan.asks, [line.key for line in asked])
    used = [(q, a) for q, a in zip(asked, answers, strict=True) if isinstance(a, Answer)]
    columns = _columns([a for _, a in used], resolver.gwp_set)
    scale = plan.scale(sums)
    amounts = [line.amount for line, _ in used]
    chosen, integers = _integers(amounts, columns, scale, whole=resolver.gwp_set is not None)
    ours = {
        name: f"v{i}"
        for i, name in enumerate(integers)
        if long or not (name.startswith(_PART) or ("t CO2e" in integers and _is_co2e(name)))
    }
    kept = {v: chosen[name][0] for name, v in ours.items()}
    found = _factor_table(used, integers, chosen, ours, plan)
    made = plan.totals(sums, ibis.memtable(found), kept)
    wide = connection.to_pyarrow(made)
    counts = _counts(lines, answers)
    totalled = sum(wide["n"].to_pylist())
    if totalled != counts.used:  # cannot be; if it is, no total may leave
        raise LedgerError(f"{counts.used:,} rows were used, but {totalled:,} are in the totals.")
    public = {v: name for name, v in ours.items() if not name.startswith(_PART)}
    public |= {"told": "factor", "how": "match"}
    exact = _long(wide, plan, ours) if long else _wide(wide, plan, ours)
    memory = ibis.memtable(found)
    shown = {name: digits for name, digits in kept.items() if name in public}
    return Ledger(
        exact=exact,
        counts=counts,
        _factors=lambda: _receipts(used, plan),
        refusals=_refused_questions(lines, answers, plan),
        decimals=frozen({name: scale + chosen[name][0] for name in ours}),
        rounded=tuple(name for name in ours if not chosen[name][1]),
        by=by,
        _rows=lambda: plan.rows(table, memory, shown, public),
        _refused=lambda: plan.refused(table, ibis.memtable(_refusal_table(asked, answers, plan))),
        _plan=lambda: _unbound(table, plan, found, kept, ours),
        _grouping=lambda name: plan.group(name, table),
        _connection=connection,
    )


def _is_co2e(name: str) -> bool:
    """Whether a column is what factors gave in CO2e already, which no gas can be shown for."""
    return name.startswith("t CO2e ")


Ratios = list[tuple[int, int] | None]


def _columns(answers: Sequence[Answer], chosen: gwp.GwpSet | None) -> dict[str, Ratios]:
    """Return tonnes of each gas per unit of the amount, and what they count in CO2e."""
    found: dict[str, Ratios] = {}
    for gas in sorted({gas for a in answers for gas in a.masses}):
        masses: Ratios = [a.masses.get(gas) for a in answers]
        found[f"t {gas}"] = masses
        if chosen is not None:
            counts = weight(gas, chosen)
            above, below = counts.numerator, counts.denominator
            found[_PART + gas] = [m and (m[0] * above, m[1] * below) for m in masses]
    return found


def _integers(
    amounts: Sequence[int], columns: Mapping[str, Ratios], scale: int, *, whole: bool
) -> tuple[dict[str, tuple[int, bool]], dict[str, list[int | None]]]:
    """Return the decimals of each column, and its factors in units of the last decimal.

    The parts of a total in CO2e have its decimals, so that they add up to it.
    """

    def uses(*names: str) -> list[tuple[int, int, int]]:
        return [
            (amount, *ratio)
            for name in names
            for amount, ratio in zip(amounts, columns[name], strict=True)
            if ratio
        ]

    parts = [name for name in columns if name.startswith(_PART)]
    chosen: dict[str, tuple[int, bool]] = {}
    if whole:
        chosen["t CO2e"] = scales.chosen("t CO2e", uses(*parts), scale)
    for name in columns:
        part = name.startswith(_PART)
        chosen[name] = chosen["t CO2e"] if part else scales.chosen(name, uses(name), scale)
    made: dict[str, list[int | None]] = {
        name: [r and scales.integer(r[0], r[1], chosen[name][0]) for r in ratios]
        for name, ratios in columns.items()
    }
    if whole:
        lines = zip(*(made[name] for name in parts), strict=True)
        made = {"t CO2e": [sum(v for v in line if v is not None) for line in lines], **made}
    for name, integers in made.items():
        scales.fits(name, amounts, integers)
    return chosen, made


def _factor_table(
    used: Sequence[tuple[Line, Answer]],
    integers: Mapping[str, Sequence[int | None]],
    chosen: Mapping[str, tuple[int, bool]],
    ours: Mapping[str, str],
    plan: Plan,
) -> pa.Table:
    """Return the factors as decimals, one row for each question that has an answer."""
    import pyarrow as pa

    made: dict[str, Any] = _key_arrays([r for r, _ in used], plan)
    made["told"] = pa.array([a.basis.keys for _, a in used], pa.string())
    made["how"] = pa.array([a.basis.matches for _, a in used], pa.string())
    for name, column in ours.items():
        made[column] = _decimals(integers[name], chosen[name][0])
    return pa.table(made)


def _decimals(integers: Sequence[int | None], scale: int) -> Any:
    """Return integers in units of the last decimal as decimals, without a Decimal for each."""
    import pyarrow as pa

    data = b"".join((v or 0).to_bytes(16, "little", signed=True) for v in integers)
    valid = pa.array([v is not None for v in integers], pa.bool_()).buffers()[1]
    return pa.Array.from_buffers(
        pa.decimal128(WIDTH, scale), len(integers), [valid, pa.py_buffer(data)]
    )


def _key_arrays(rows: Sequence[Line], plan: Plan) -> dict[str, Any]:
    import pyarrow as pa

    return {
        key: pa.array([r.key[i] for r in rows], pa.int32() if role == "year" else pa.string())
        for i, (key, role) in enumerate(zip(plan.keys, plan.asks, strict=True))
    }


def _refusal_table(
    asked: Sequence[Line], answers: Sequence[Answer | Refusal], plan: Plan
) -> pa.Table:
    import pyarrow as pa

    none = [(r, a) for r, a in zip(asked, answers, strict=True) if isinstance(a, Refusal)]
    made = _key_arrays([r for r, _ in none], plan)
    made["said"] = pa.array([a.reason for _, a in none], pa.string())
    made["told"] = pa.array([a.why for _, a in none], pa.string())
    return pa.table(made)


def _counts(lines: Sequence[Line], answers: Sequence[Answer | Refusal]) -> Counts:
    refused: Counter[str] = Counter()
    used = 0
    answered = iter(answers)
    for line in lines:
        answer = None if line.status else next(answered)
        if isinstance(answer, Answer):
            used += line.n
        else:
            refused[answer.reason if answer else REASONS[line.status]] += line.n
    return Counts(sum(line.n for line in lines), used, frozen(refused))


def _named(plan: Plan, wide: pa.Table) -> dict[str, Any]:
    return {name: wide[g] for name, g in zip(plan.by, plan.groups, strict=True)}


def _wide(wide: pa.Table, plan: Plan, ours: Mapping[str, str]) -> pa.Table:
    return _joined([_named(plan, wide), {"rows": wide["n"]}, {n: wide[v] for n, v in ours.items()}])


def _long(wide: pa.Table, plan: Plan, ours: Mapping[str, str]) -> pa.Table:
    """Return a line for each group and gas."""
    import pyarrow as pa

    gases = [n.removeprefix("t ") for n in ours if n != "t CO2e" and not n.startswith(_PART)]
    # All gases share one column, so they share the decimals of the one that has most.
    most = max((wide[ours[f"t {gas}"]].type.scale for gas in gases), default=0)
    lines = []
    for gas in gases:
        mass = wide[ours[f"t {gas}"]]
        line = [
            _named(plan, wide),
            {"gas": pa.array([gas] * len(wide), pa.string()), "rows": wide[f"{ours[f't {gas}']}n"]},
            {"t": mass.cast(pa.decimal256(2 * WIDTH, most))},
        ]
        if _PART + gas in ours:
            line.append({"t CO2e": wide[ours[_PART + gas]]})
        lines.append(_joined(line).filter(mass.is_valid()))
    if not lines:
        return _joined([_named(plan, wide), {"gas": pa.array([], pa.string())}]).slice(0, 0)
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


def _receipts(used: Sequence[tuple[Line, Answer]], plan: Plan) -> pa.Table:
    """Return one line for each question and factor."""
    import pyarrow as pa

    lines = [(row, answer, factor) for row, answer in used for factor in answer.basis.factors]
    made: dict[str, Any] = dict(
        zip(plan.asks, _key_arrays([r for r, _, _ in lines], plan).values(), strict=True)
    )
    texts: dict[str, list[str]] = {
        "factor": [f.key for _, _, f in lines],
        "gas": [f.gas for _, _, f in lines],
        "value": [f.text for _, _, f in lines],
        "factor_unit": [f.unit for _, _, f in lines],
        "kind": [f.kind for _, _, f in lines],
        "publisher": [f.source.publisher for _, _, f in lines],
        "match": [str(f.match) for _, _, f in lines],
    }
    made |= {f"factor_{n}" if n in made else n: pa.array(v, pa.string()) for n, v in texts.items()}
    made["rows"] = pa.array([r.n for r, _, _ in lines], pa.int64())
    return pa.table(made)


def _refused_questions(
    lines: Sequence[Line], answers: Sequence[Answer | Refusal], plan: Plan
) -> pa.Table:
    """Return how many rows each question lost, and why."""
    import pyarrow as pa

    lost = []
    answered = iter(answers)
    for line in lines:
        answer = None if line.status else next(answered)
        if answer is None:
            lost.append((line, REASONS[line.status], ""))
        elif isinstance(answer, Refusal):
            lost.append((line, answer.reason, answer.why))
    lost.sort(key=lambda entry: -entry[0].n)
    keys = _key_arrays([line for line, _, _ in lost], plan).values()
    made = dict(zip(plan.asks, keys, strict=True))
    made["reason"] = pa.array([reason for _, reason, _ in lost], pa.string())
    made["why"] = pa.array([why for _, _, why in lost], pa.string())
    made["rows"] = pa.array([line.n for line, _, _ in lost], pa.int64())
    return pa.table(made)


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
