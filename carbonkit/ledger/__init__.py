"""Tables of any size: the same factors and formulas, exact totals, every row accounted for.

>>> import pandas as pd
>>> from carbonkit import ledger
>>> readings = pd.DataFrame({
...     "site": ["a", "b", "b"], "activity": "electricity", "amount": [1200.5, 800, -3],
...     "unit": "kWh"})
>>> made = ledger.calculate(readings, by="site", region="World", year=2018, publisher="IEA",
...                         release="iea/world-2018")
>>> made.totals.to_dict("records")
[{'site': 'a', 'rows': 1, 't CO2': 0.5702375}, {'site': 'b', 'rows': 1, 't CO2': 0.38}]
>>> print(made.counts)
3 rows in = 2 used + 1 refused (1 amount negative)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit.ledger.apply import Applied, apply
from carbonkit.ledger.example import OPTIONS, example
from carbonkit.ledger.result import Counts, Ledger

if TYPE_CHECKING:
    import ibis

    from carbonkit.factors import FactorLibrary, Step
    from carbonkit.gwp import GwpSet

__all__ = ["OPTIONS", "Applied", "Counts", "Ledger", "apply", "calculate", "example", "sql"]


def calculate(
    activities: Any,
    *,
    by: str | Sequence[str] = (),
    gwp: str | GwpSet | None = None,
    rule: str | Step | Sequence[str | Step] = "exact",
    factors: FactorLibrary | None = None,
    gas: str | Sequence[str] | None = None,
    purpose: str | None = None,
    columns: Mapping[str, str] | None = None,
    on: Sequence[str] = (),
    places: int = 9,
    out: str | Path | None = None,
    refused: str | Path | None = None,
    audit: str | Path | None = None,
    work: str | Path | None = None,
    memory: str | None = None,
    threads: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    **same: Any,
) -> Ledger:
    """Calculate the emissions of a table of activities.

    Each different question (activity, region, year, unit ...) is answered once, as
    :func:`carbonkit.factors.find` would; the engine reads the table once and adds amounts as
    decimals, so that the same rows give the same bits in any order, on any number of threads and
    in any number of files.

    Parameters
    ----------
    activities
        A pandas or Polars frame, an Arrow table, an Ibis table (calculated where it is), or a
        Parquet or CSV path, folder, pattern, or list of paths. Columns activity, amount, unit;
        region and year (or date) where they are not given as arguments; any others.
    by : str or sequence of str
        Columns to group totals by. "gas" gives a line for each gas; "year" and "month" can be
        taken from dates.
    gwp : str or GwpSet, optional
        The set by which gases become CO2e; without it totals are by gas alone.
    rule : str, Step or sequence of them
        As in :func:`carbonkit.factors.find`.
    factors : FactorLibrary, optional
        The library to ask; by default the bundled one.
    gas : str or sequence of str, optional
        The gases that each question must have a factor for. By default the one factor that fits,
        or where several fit, one for each gas.
    purpose : str, optional
        As in :func:`carbonkit.factors.check_purpose`: rows whose factor does not fit are refused.
    columns : mapping of str to str, optional
        Where columns are called otherwise: ``{"amount": "kWh used"}``.
    on : sequence of str
        Further columns that are part of the question, such as "kind" or "item"; an empty cell
        asks nothing.
    places : int
        Decimals to which floats and text are read, 0 to 18; ties to the even or the larger digit,
        as the engine rounds. Whole numbers and decimals are taken as they are.
    out, refused, audit : path, optional
        Files (.csv or .parquet) for the totals, the refused rows and the rows that were used;
        each is written whole or not at all.
    work : path, optional
        A folder that keeps the sums of each input file, so that a run that was cut short goes on
        where it stopped.
    memory : str, optional
        The most memory that the engine may take: "2GB".
    threads : int, optional
        By default as many as there are processors.
    progress : callable, optional
        Called with the stage, how much of it is done, and of how much.
    **same
        Parts of the question that are the same in every row and have no column: ``region="GB"``,
        ``year=2023``, ``kind="average"``, ``unit="kWh"`` ...

    Returns
    -------
    Ledger
        Totals in tonnes, counts, refused rows, receipts of factors, lineage.

    Raises
    ------
    LedgerError
        If the table cannot be used, totals do not fit into 38 digits, or a file cannot be
        written.
    FactorError, GwpError, UnitError
        If what is the same in every row cannot be.

    Notes
    -----
    Rows with a missing, negative or infinite amount, NaN or text that is no number, a missing
    activity, region, year or unit, and questions without exactly one factor for each gas are
    refused, never guessed: rows in = rows used + rows refused.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonkit import ledger
    >>> fuel = pd.DataFrame({
    ...     "activity": "electricity", "amount": [1000, 2500, 1], "unit": ["kWh", "MJ", "t"]})
    >>> made = ledger.calculate(
    ...     fuel, region="World", year=2020, rule="latest_before", release="iea/world-2018")
    >>> print(made.counts)
    3 rows in = 2 used + 1 refused (1 unit does not fit)
    >>> print(made.total("t CO2").normalize(), "t;", made.factors["match"][0])
    0.8048611111111111 t; latest_before: asked for year 2020, got 2018
    """
    from carbonkit.ledger.build import calculate as build

    made = build(
        activities, by=by, gwp_set=gwp, rule=rule, library=factors, gas=gas, purpose=purpose,
        named=columns, on=tuple(on), places=places, memory=memory, threads=threads, work=work,
        progress=progress, same=same,
    )  # fmt: skip
    for path, what in ((refused, "refused"), (audit, "rows"), (out, "totals")):
        if path is not None:
            made.write(path, what)
    return made


def sql(plan: ibis.Table, dialect: str = "duckdb") -> str:
    """Return a calculation as SQL of a warehouse.

    Parameters
    ----------
    plan : ibis.Table
        ``made.plan``: it reads a table `activities` with the columns of yours, and a table
        `factors`, which ``made.plan`` was calculated with.
    dialect : str
        "duckdb", "bigquery", "snowflake", "clickhouse", "postgres" or another that Ibis knows.

    Returns
    -------
    str

    Raises
    ------
    LedgerError
        If Ibis cannot say it in that dialect.

    Notes
    -----
    Text is made by Ibis from expressions alone; names and values are quoted by it. Only the
    text for DuckDB is run by the tests of this package.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonkit import ledger
    >>> one = pd.DataFrame({"activity": ["electricity"], "amount": [1], "unit": ["kWh"]})
    >>> made = ledger.calculate(one, release="iea/world-2018", year=2018)
    >>> "SUM" in ledger.sql(made.plan, "bigquery")
    True
    """
    import ibis

    from carbonkit.errors import LedgerError

    try:
        return str(ibis.to_sql(plan, dialect=dialect))
    except Exception as error:
        raise LedgerError(
            f"{dialect}: the plan cannot be said in that dialect: {str(error)[:200]}"
        ) from error
