"""Files that are written whole or not at all."""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit.errors import LedgerError

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

__all__ = ["as_floats", "in_one_step", "write"]

# What a spreadsheet takes for a formula, and what begins like one but is a number.
_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[-+]?[0-9.,]+ ?%?$"
_BATCH = 100_000


def in_one_step(path: Path, fill: Callable[[Path], None]) -> None:
    """Let a file be filled beside its place, then put it there in one step.

    Raises
    ------
    LedgerError
        If it cannot be written; nothing is left behind.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
        os.close(handle)
        scratch = Path(name)
        try:
            fill(scratch)
            with scratch.open("rb+") as file:
                os.fsync(file.fileno())
            mask = os.umask(0)
            os.umask(mask)
            scratch.chmod(path.stat().st_mode if path.exists() else 0o666 & ~mask)
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as error:
        raise LedgerError(f"{path}: cannot be written: {error.strerror or error}.") from None


def write(table: Any, path: Path) -> None:
    """Write an Arrow table, or an Ibis table by its engine, as the name of the file says."""
    import pyarrow as pa

    suffix = path.suffix.casefold()
    if suffix not in (".csv", ".parquet"):
        raise LedgerError(f"{path}: tables are written as .csv or .parquet.")
    if isinstance(table, pa.Table):
        in_one_step(path, lambda scratch: _arrow(table, scratch, suffix))
    else:
        in_one_step(path, lambda scratch: _ibis(table, scratch, suffix))


def _arrow(table: pa.Table, scratch: Path, suffix: str) -> None:
    from pyarrow import parquet

    if suffix == ".parquet":
        parquet.write_table(table, scratch)
        return
    with scratch.open("w", encoding="utf-8", newline="") as text:
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow([_cell(name) for name in table.column_names])
        for batch in table.to_batches(max_chunksize=_BATCH):
            columns = [column.to_pylist() for column in batch.columns]
            lines.writerows([_cell(c) for c in row] for row in zip(*columns, strict=True))


def _ibis(table: ibis.Table, scratch: Path, suffix: str) -> None:
    import ibis

    engine = table.get_backend()
    if suffix == ".parquet":
        engine.to_parquet(table, scratch)
        return
    columns = {}
    for name in table.columns:
        column = table[name]
        if column.type().is_string():
            risky = column.re_search(_FORMULA) & ~column.re_search(_NUMBER)
            column = ibis.ifelse(risky, ibis.literal("'") + column, column)
        columns[_cell(name)] = column
    engine.to_csv(table.select(**columns), scratch)


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet runs, and a decimal with all its digits."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str) and re.search(_FORMULA, value) and not re.search(_NUMBER, value):
        return f"'{value}"
    return value


def as_floats(table: pa.Table) -> pd.DataFrame:
    """Return a frame with each decimal as the float nearest to it."""
    import pandas as pd
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_decimal(column.type):
            # By way of Python: a cast inside Arrow divides, which rounds twice.
            values = [float("nan") if v is None else float(v) for v in column.to_pylist()]
            columns[name] = pd.Series(values, dtype="float64")
        else:
            columns[name] = column.to_pandas()
    return pd.DataFrame(columns)
