"""Every kind of table that a user may have gives the same totals."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest
from pyarrow import parquet

from carbonkit import ledger

pytestmark = pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")

ROWS = pa.table(
    {
        "activity": ["electricity", "power", "electricity", "natural gas", None],
        "region": ["CN", "China", "GB", "US", "CN"],
        "year": pa.array([2020, 2020, 2020, None, 2020], pa.int32()),
        "unit": ["kWh", "MWh", "kWh", "MMBtu", "kWh"],
        "amount": [100.5, 0.25, 1000.0, 1.0, 3.0],
        "site": ["a", "b", "b", "b", "ü"],
    }
)
# 100.5 kWh and 250 kWh at 0.5810 kg, 1,000 kWh at 0.23314 kg
TOTALS = {"a": Decimal("0.0583905"), "b": Decimal("0.37839")}


def as_polars(lazy):
    polars = pytest.importorskip("polars", reason="Polars is not installed: pip install polars")
    frame = polars.from_arrow(ROWS)
    return frame.lazy() if lazy else frame


def of_files(folder, suffix):
    """Write the rows to three files in folders."""
    for number, start in enumerate((0, 2, 3)):
        part, inside = ROWS.slice(start, (2, 1, 2)[number]), folder / f"part={number}"
        inside.mkdir()
        if suffix == "parquet":
            parquet.write_table(part, inside / "x.parquet")
        elif suffix == "semicolons":
            part.to_pandas().astype({"year": "Int64"}).to_csv(
                inside / "x.csv", sep=";", index=False, quoting=csv.QUOTE_NONNUMERIC
            )
        elif suffix == "csv.gz":
            part.to_pandas().astype({"year": "Int64"}).to_csv(inside / "x.csv.gz", index=False)
        else:
            separated = pyarrow.csv.WriteOptions(delimiter="\t" if suffix == "tsv" else ",")
            pyarrow.csv.write_csv(part, inside / f"x.{suffix}", separated)
    return folder


def other_engine():
    connection = ibis.duckdb.connect()
    connection.con.register("theirs", ROWS)
    return connection.table("theirs")


KINDS = {
    "pandas": lambda _: ROWS.to_pandas(),
    "pandas of Arrow": lambda _: ROWS.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas with categories": lambda _: ROWS.to_pandas().astype({"unit": "category"}),
    "Polars": lambda _: as_polars(lazy=False),
    "lazy Polars": lambda _: as_polars(lazy=True),
    "Arrow": lambda _: ROWS,
    "Arrow batch": lambda _: ROWS.combine_chunks().to_batches()[0],
    "Arrow with dictionaries": lambda _: ROWS.set_column(
        3, "unit", ROWS["unit"].dictionary_encode()
    ),
    "large text": lambda _: ROWS.set_column(3, "unit", ROWS["unit"].cast(pa.large_string())),
    "Ibis in memory": lambda _: ibis.memtable(ROWS),
    "Ibis of another engine": lambda _: other_engine(),
    "Ibis expression": lambda _: other_engine().filter(ibis._.amount >= 0),
    "Parquet folder": lambda folder: of_files(folder, "parquet"),
    "Parquet pattern": lambda folder: f"{of_files(folder, 'parquet')}/*/*.parquet",
    "Parquet list": lambda folder: sorted(of_files(folder, "parquet").rglob("*.parquet")),
    "CSV folder": lambda folder: of_files(folder, "csv"),
    "CSV pattern": lambda folder: f"{of_files(folder, 'csv')}/**/x.csv",
    "CSV packed": lambda folder: of_files(folder, "csv.gz"),
    "CSV with semicolons": lambda folder: of_files(folder, "semicolons"),
    "tabs": lambda folder: of_files(folder, "tsv"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_any_kind_of_table_is_taken(kind, library, tmp_path):
    made = ledger.calculate(KINDS[kind](tmp_path), by="site", factors=library)
    assert {line["site"]: line["t CO2"] for line in made.exact.to_pylist()} == TOTALS
    assert dict(made.counts.refused) == {"activity missing": 1, "year missing": 1}
    assert made.rows.count().to_pyarrow().as_py() == 3
    assert made.refused.count().to_pyarrow().as_py() == 2


def test_dates_of_any_frame(library):
    polars = pytest.importorskip("polars", reason="Polars is not installed: pip install polars")
    rows = {"activity": ["electricity"], "region": ["CN"], "unit": ["kWh"], "amount": [1]}
    day = dt.date(2020, 2, 29)
    zoned = pd.Timestamp(day, tz="Asia/Shanghai")
    for table in (
        pa.table(rows | {"date": [day]}),
        polars.DataFrame(rows | {"date": [day]}),
        pd.DataFrame(rows | {"date": [pd.Timestamp(day)]}),
        pd.DataFrame(rows | {"date": [zoned]}),
    ):
        made = ledger.calculate(table, by=["year", "month"], factors=library)
        (line,) = made.exact.to_pylist()
        assert (line["year"], line["t CO2"]) == (2020, Decimal("0.000581"))
