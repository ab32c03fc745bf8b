"""Formulas over the rows of a table, as columns of its engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit.errors import LedgerError, nearest
from carbonkit.formula import Formula
from carbonkit.ledger.output import as_floats, write
from carbonkit.ledger.plan import NEGATIVE, REASONS, decimal, exact
from carbonkit.ledger.result import Counts, frozen
from carbonkit.ledger.source import connect, engine_errors, opened, rightly

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

__all__ = ["Applied", "apply"]


@dataclass(frozen=True, eq=False)
class Applied:
    """A formula applied to every row of a table.

    Attributes
    ----------
    exact : pyarrow.Table
        Sums by group, every digit that there is.
    counts : Counts
    unit : str
        The unit of the values and sums.
    rows : ibis.Table
        The rows with the column `name`; nothing is read until it is asked.
    refused : ibis.Table
        The rows without a value, with `reason`.
    name : str
        The column of the values: formula and unit.
    """

    exact: pa.Table
    counts: Counts
    unit: str
    rows: ibis.Table
    refused: ibis.Table
    name: str
    _connection: Any

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Sums by group as floats, each the float nearest to the exact sum."""
        return as_floats(self.exact)

    def write(self, path: str | Path, what: str = "totals") -> None:
        """Write "totals", "rows" or "refused" to .csv or .parquet, whole or not at all."""
        tables = {"totals": self.exact, "rows": self.rows, "refused": self.refused}
        if what not in tables:
            raise LedgerError(f"there is no table {what!r}; there are {', '.join(tables)}.")
        with engine_errors():
            write(tables[what], Path(path))


def apply(
    formula: Formula,
    table: Any,
    inputs: Mapping[str, Any],
    *,
    by: str | Sequence[str] = (),
    unit: str | None = None,
    places: int = 9,
    memory: str | None = None,
    threads: int | None = None,
) -> Applied:
    """Apply a formula to every row of a table, and sum the values by group.

    Each row has the float that the formula gives for the row alone; the sums are exact sums of
    these, read to `places` decimals, so that they do not depend on the order of rows.

    Parameters
    ----------
    formula : Formula
        Such as :func:`carbonkit.powerstar`.
    table
        As the activities of :func:`carbonkit.ledger.calculate`.
    inputs : mapping
        For each argument of the formula ``(column, unit)``, or what is the same in every row in
        any form that the formula takes ("365 day/year", an emission factor).
    by : str or sequence of str
        Columns to group the sums by.
    unit : str, optional
        Unit of the values; by default that of the formula.
    places : int
        Decimals of `unit` to which values are summed, 0 to 18.
    memory, threads
        As in :func:`carbonkit.ledger.calculate`.

    Returns
    -------
    Applied

    Raises
    ------
    LedgerError
        If a column is missing, or the table cannot be used.
    FormulaError, UnitError, FactorKindError
        As the formula raises them.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonkit import ledger, powerstar
    >>> days = pd.DataFrame({"site": ["a", "a", "b"], "saved": [1.5, 1.25, float("nan")]})
    >>> done = ledger.apply(
    ...     powerstar, days,
    ...     {"per_site_day": ("saved", "kWh/site/day"), "sites": "1 site", "days": "1 day"},
    ...     by="site")
    >>> done.totals.to_dict("records")
    [{'site': 'a', 'rows': 2, 'powerstar (kWh)': 2.75}]
    >>> print(done.counts)
    3 rows in = 2 used + 1 refused (1 amount missing)
    """
    by = (by,) if isinstance(by, str) else tuple(by)
    connection = connect(memory, threads)
    with engine_errors():
        source = opened(table, connection)
    arguments: dict[str, Any] = {}
    wanted = list(by)
    columns = []
    for name, given in inputs.items():
        if isinstance(given, str) and given in source.columns:
            raise LedgerError(f"{name}: say the unit of the column, as in ({given!r}, 'kWh').")
        if isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], str):
            wanted.append(given[0])
            columns.append(given[0])
        arguments[name] = given
    for name in wanted:
        if name not in source.columns:
            raise LedgerError(
                f"the table has no column {name!r}.{nearest(name, source.columns)} "
                f"It has {', '.join(source.columns[:12])}."
            )
    for name in columns:
        if not source[name].type().is_numeric() or source[name].type().is_boolean():
            raise LedgerError(
                f"column {name!r} holds {source[name].type()}, no numbers to calculate with."
            )
    for name, given in arguments.items():
        if isinstance(given, tuple) and len(given) == 2 and given[0] in columns:
            arguments[name] = (source[given[0]].cast("float64"), given[1])
    result = formula(**arguments)
    result = result if unit is None else result.to(unit)
    if not columns:
        raise LedgerError("no argument is a column; call the formula itself.")
    name = f"{formula.name} ({result.unit})"
    with engine_errors():
        return _summed(source, result, name, by, places, connection)


def _summed(
    source: ibis.Table, result: Any, name: str, by: tuple[str, ...], places: int, connection: Any
) -> Applied:
    import ibis
    import pyarrow as pa
    import pyarrow.compute as pc

    amount, wrong = exact(result.magnitude.cast("float64"), places)
    status = ibis.cases(*[w for w in wrong if w[1] != NEGATIVE], else_=0).cast("int8")
    groups = {f"g{i}": source[b] for i, b in enumerate(by)}
    theirs = {f"c{i}": source[c] for i, c in enumerate(source.columns)}
    rows = source.select(**theirs, **groups, value=result.magnitude, amount=amount, status=status)
    sums = rows.group_by([*groups, "status"]).agg(
        n=rows.count(), amount=rows.amount.sum(where=rows.status == 0).cast(decimal(places))
    )
    sums = sums.order_by([*groups, "status"])
    backend = source.get_backend()
    with rightly(backend):
        arrow = backend.to_pyarrow(sums)
    refused: Counter[str] = Counter()
    for code, count in zip(arrow["status"].to_pylist(), arrow["n"].to_pylist(), strict=True):
        if code:
            refused[REASONS[code]] += count
    total = sum(arrow["n"].to_pylist())
    counts = Counts(total, total - sum(refused.values()), frozen(refused))
    used = arrow.filter(pc.equal(arrow["status"], 0))
    made = pa.table(
        {b: used[f"g{i}"] for i, b in enumerate(by)} | {"rows": used["n"], name: used["amount"]}
    )
    own = {c: rows[f"c{i}"] for i, c in enumerate(source.columns)}
    good = rows.filter(rows.status == 0)
    reason = ibis.cases(*((rows.status == c, t) for c, t in REASONS.items()), else_="")
    bad = rows.select(**own, reason=reason, status=rows.status)
    return Applied(
        exact=made,
        counts=counts,
        unit=result.unit,
        rows=good.select(
            **{c: good[f"c{i}"] for i, c in enumerate(source.columns)}, **{name: good["value"]}
        ),
        refused=bad.filter(bad.status != 0).drop("status"),
        name=name,
        _connection=connection,
    )
