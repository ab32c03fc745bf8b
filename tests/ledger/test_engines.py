"""Other engines: the plan as SQL, formulas as columns, Spark where it is."""

from __future__ import annotations

import shutil

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from carbonkit import ledger, optixstar, powerstar
from carbonkit.errors import LedgerError, UnitError

pytestmark = pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")

ROWS = pa.table(
    {
        "activity": ["electricity"] * 4, "region": ["World"] * 4, "year": [2018] * 4,
        "unit": ["kWh", "MWh", "kWh", "furlong"], "site": ["a", "b", "b", "b"],
        "amount": pa.array(["1.5", "2.25", "3", "4"]).cast(pa.decimal128(18, 3)),
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def made():
    return ledger.calculate(ROWS, by=["site", "year"], gwp=None, release="iea/world-2018")


@pytest.mark.parametrize("dialect", ["duckdb", "bigquery", "snowflake", "clickhouse", "postgres"])
def test_the_plan_compiles(made, dialect):
    text = ledger.sql(made.plan, dialect)
    assert text.startswith("SELECT")
    for word in ("activities", "factors", "SUM", "JOIN", "t CO2"):
        assert word in text


def test_an_unknown_dialect(made):
    with pytest.raises(LedgerError, match="cobol"):
        ledger.sql(made.plan, "cobol")


def test_powerstar_by_site_agrees_with_the_formula():
    days = pd.DataFrame({"site": ["a", "a", "b"], "saved": [1.5, 0.1, -0.25], "more": 1})
    made = ledger.apply(
        powerstar, days,
        {"per_site_day": ("saved", "kWh/site/day"), "sites": "1 site", "days": "1 day"},
        by="site", unit="MWh",
    )  # fmt: skip
    assert made.unit == "MWh"
    for line in made.rows.to_pyarrow().to_pylist():
        alone = powerstar((line["saved"], "kWh/site/day"), "1 site", "1 day").to("MWh")
        assert line[made.name] == alone.magnitude
    assert made.totals[made.name].tolist() == [0.0016, -0.00025]
    assert made.counts.used == 3


def test_optixstar_by_household(tmp_path):
    homes = pa.table({"saved": [38.5, None, float("nan"), float("inf")], "homes": [2, 1, 1, 1]})
    made = ledger.apply(
        optixstar, homes,
        {"per_household": ("saved", "kWh/household/year"), "households": ("homes", "household")},
    )  # fmt: skip
    assert made.totals[made.name].tolist() == [77.0]
    assert dict(made.counts.refused) == {
        "amount missing": 1, "amount not a number": 1, "amount infinite": 1,
    }  # fmt: skip
    assert made.refused.count().to_pyarrow().as_py() == 3
    made.write(tmp_path / "t.csv")
    assert "77.000000000" in (tmp_path / "t.csv").read_text()


def test_sums_of_a_formula_do_not_depend_on_order_or_threads():
    values = [0.1 * i for i in range(5000)]
    inputs = {"per_household": ("v", "kWh/household"), "households": "1 household"}
    made = [
        ledger.apply(optixstar, pa.table({"v": v}), inputs, threads=n).exact
        for v in (values, values[::-1])
        for n in (1, 2)
    ]
    assert all(other.equals(made[0]) for other in made)


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ("v", LedgerError, "say the unit of the column"),
        (("w", "kWh/household"), LedgerError, "no column 'w'"),
        (("t", "kWh/household"), LedgerError, "no numbers"),
        (("v", "kg"), UnitError, "per_household"),
        ("3 kWh/household", LedgerError, "no argument is a column"),
    ],
)
def test_inputs_that_do_not_fit(given, error, says):
    table = pa.table({"v": [1.0], "t": ["x"]})
    with pytest.raises(error, match=says):
        ledger.apply(optixstar, table, {"per_household": given, "households": "1 household"})


@pytest.mark.filterwarnings("ignore")  # Spark's own, about versions and open files
def test_spark_gives_the_same_bits(made, tmp_path):
    pytest.importorskip("pyspark", reason="Spark is not installed: pip install carbonkit[spark]")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not on the path")
    from pyspark.sql import SparkSession

    file = str(tmp_path / "activities.parquet")
    parquet.write_table(ROWS, file)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = spark.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    try:
        table = ibis.pyspark.connect(spark).read_parquet(file)
        other = ledger.calculate(table, by=["site", "year"], release="iea/world-2018")
        assert other.exact.equals(made.exact)
        assert other.counts == made.counts
    finally:
        spark.stop()
