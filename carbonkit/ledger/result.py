"""What a calculation gives: totals, counts, refused rows, lineage, and files of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from carbonkit.errors import LedgerError
from carbonkit.ledger.output import as_floats, write
from carbonkit.ledger.plan import WIDTH
from carbonkit.ledger.source import engine_errors

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

__all__ = ["Counts", "Ledger"]


@dataclass(frozen=True)
class Counts:
    """How many rows came in, and what became of them.

    Attributes
    ----------
    rows, used : int
    refused : mapping of str to int
        Rows by the reason for which they were refused.
    """

    rows: int
    used: int
    refused: Mapping[str, int]

    def __str__(self) -> str:
        refused = sum(self.refused.values())
        text = f"{self.rows:,} rows in = {self.used:,} used + {refused:,} refused"
        if self.refused:
            text += f" ({', '.join(f'{n:,} {why}' for why, n in self.refused.items())})"
        return text


@dataclass(frozen=True, eq=False)
class Ledger:
    """The emissions of a table of activities.

    Attributes
    ----------
    exact : pyarrow.Table
        Totals by group as decimals: every digit that there is. Masses are in tonnes.
    counts : Counts
    decimals : mapping of str to int
        The decimals of each column of totals.
    rounded : tuple of str
        Columns whose factors do not end (a division by three) and were rounded, at least at
        the 9th significant digit.
    by : tuple of str
        What the totals are grouped by.
    """

    exact: pa.Table
    counts: Counts
    decimals: Mapping[str, int]
    rounded: tuple[str, ...]
    by: tuple[str, ...]
    _factors: Callable[[], pa.Table]
    _refusals: Callable[[], pa.Table]
    _rows: Callable[[], ibis.Table]
    _refused: Callable[[], ibis.Table]
    _plan: Callable[[], ibis.Table]
    _grouping: Callable[[str], Any]
    _connection: Any

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Totals by group as floats, each the float nearest to the exact total."""
        return as_floats(self.exact)

    @cached_property
    def factors(self) -> pa.Table:
        """The receipts: a row for each different question and gas.

        The question, the factor's key (release and id, by which ``factors.library().get`` returns
        it), its value as printed, its unit, how it was matched, and the rows that used it.
        """
        return self._factors()

    @cached_property
    def refusals(self) -> pa.Table:
        """A row for each different question without an answer: why, and how many rows."""
        return self._refusals()

    @cached_property
    def rows(self) -> ibis.Table:
        """The rows that were used, with what was computed of each and by which factor.

        Nothing is read until it is asked of the Ibis table. The column of each total adds up to
        it; `factor` is the key of the receipts.
        """
        return self._rows()

    @cached_property
    def refused(self) -> ibis.Table:
        """The rows that were refused, with `reason` and `why`; read when it is asked."""
        return self._refused()

    @cached_property
    def plan(self) -> ibis.Table:
        """The calculation over unbound tables: see :func:`carbonkit.ledger.sql`."""
        return self._plan()

    def rows_of(self, **group: Any) -> ibis.Table:
        """Return the rows that a total is the sum of.

        Parameters
        ----------
        **group
            Values of the columns that the totals are grouped by: ``region="GB", year=2023``.

        Returns
        -------
        ibis.Table

        Raises
        ------
        LedgerError
            If a column is none of those of the totals.
        """
        rows = self.rows
        for name, value in group.items():
            if name not in self.by:
                raise LedgerError(
                    f"the totals are not grouped by {name!r}, but by {', '.join(self.by) or '-'}."
                )
            if name == "gas":
                column = rows[f"t {value}"]
                rows = rows.filter(column.notnull())
                continue
            column = self._grouping(name)
            rows = rows.filter(column.isnull() if value is None else column == value)
        return rows

    def write(self, path: str | Path, what: str = "totals") -> None:
        """Write a table to a file, whole or not at all.

        Parameters
        ----------
        path : path
            ".csv" or ".parquet".
        what : {"totals", "rows", "refused", "factors", "refusals"}
            Which of the tables.

        Raises
        ------
        LedgerError
            If the file cannot be written; nothing is left behind then.
        """
        tables = {
            "totals": self.exact, "rows": self.rows, "refused": self.refused,
            "factors": self.factors, "refusals": self.refusals,
        }  # fmt: skip
        if what not in tables:
            raise LedgerError(f"there is no table {what!r}; there are {', '.join(tables)}.")
        with engine_errors():
            write(tables[what], Path(path))

    def total(self, column: str = "t CO2e") -> Decimal:
        """Return the sum of a column of the totals, exactly."""
        if column not in self.exact.column_names:
            raise LedgerError(
                f"the totals have no column {column!r}; they have "
                f"{', '.join(self.exact.column_names)}."
            )
        with localcontext(prec=4 * WIDTH):  # the usual context would keep 28 digits
            return sum((v for v in self.exact[column].to_pylist() if v is not None), Decimal(0))

    def __repr__(self) -> str:
        return f"<ledger of {self.exact.num_rows:,} totals; {self.counts}>"


def frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a mapping that cannot be changed."""
    return MappingProxyType(dict(mapping))
