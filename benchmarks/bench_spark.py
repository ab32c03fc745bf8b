"""``ledger.calculate`` on Spark in local mode against PySpark by hand, in turn, on the same table.

``python benchmarks/bench_spark.py 10000000`` from the root of the repository; needs Java and
``pip install 'carbonkit[spark]'``. By hand, twice: amounts summed for each question and then joined
with factors that are ready (the same plan), and every row joined. `ledger.calculate` looks its
factors up in the same time.
"""

import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

import bench_ledger
import ibis
import make_table
from measure import machine
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

import carbonkit
from carbonkit import factors, ledger

ROUNDS = 5


def by_hand(spark, path, ready, *, rows_first):
    right = spark.createDataFrame(ready.assign(per=[f"{p:.17f}" for p in ready["per"]]))
    right = F.broadcast(right.withColumn("per", F.col("per").cast("decimal(20, 17)")).cache())
    right.count()

    def run():
        table = spark.read.parquet(str(path))
        if not rows_first:
            keys = table.groupBy(*bench_ledger.KEYS)
            table = keys.agg(F.sum("amount").cast("decimal(20, 3)").alias("amount"))
        joined = table.join(right, bench_ledger.KEYS)
        made = joined.withColumn("t", F.col("amount") * F.col("per"))
        return made.groupBy(*bench_ledger.BY).agg(F.sum("t")).collect()

    return run


def main(rows):
    warnings.simplefilter("ignore")
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = spark.config("spark.ui.showConsoleProgress", "false")
    spark = spark.config("spark.driver.memory", "2g").config("spark.sql.shuffle.partitions", "2")
    spark = spark.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    packages = ("pyspark", "ibis-framework", "duckdb", "pyarrow")
    print(f"carbonkit {carbonkit.__version__}; {machine(*packages)}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = factors.library().add(make_table.factors(folder / "factors"))
        path = make_table.table(folder / "table.parquet", rows)
        engine = ibis.pyspark.connect(spark)
        options = {"by": bench_ledger.BY, "factors": library}

        def ours():
            return ledger.calculate(engine.read_parquet(str(path)), **options)

        here = ledger.calculate(path, threads=bench_ledger.THREADS, **options)
        ready = bench_ledger.long_factors(here)
        ways = {
            "carbonkit ledger on Spark": ours,
            "PySpark by hand, the same plan": by_hand(spark, path, ready, rows_first=False),
            "PySpark by hand, rows joined": by_hand(spark, path, ready, rows_first=True),
        }
        same = ours().exact.equals(here.exact)
        for work in ways.values():
            work()
        taken = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, work in ways.items():
                start = time.perf_counter()
                work()
                taken[way].append(time.perf_counter() - start)
        print("\n| rows | way | median | carbonkit takes, times as long |\n|---|---|---|---|")
        first = taken["carbonkit ledger on Spark"]
        for way, seconds in taken.items():
            ratio = statistics.median(a / b for a, b in zip(first, seconds, strict=True))
            print(f"| {rows:,} | {way} | {statistics.median(seconds):.2f} s | {ratio:.2f} |")
        print(f"\nthe same bits as from DuckDB: {same}; {here.exact.num_rows:,} totals")
    spark.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10**6)
