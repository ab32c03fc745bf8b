"""``ledger.calculate`` against other ways to the same totals, in turn, on the same table.

``python benchmarks/bench_ledger.py 1000000 10000000`` from the root of the repository; each number
is a number of rows. The rival by hand is DuckDB alone: an equi-join of the Parquet file with a
table of factors that is ready, one line for each gas, summed as decimals. `ledger.calculate`
looks its factors up in the same time. pint row by row runs on fewer rows and is compared per row.
Packages that are not installed are left out; slow ways run twice above 10^6 rows, and above 10^7
there are three rounds of DuckDB alone. pandas and pint-pandas need some 10 GB for 10^7 rows.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import duckdb
import make_table
import pandas as pd
from measure import installed, machine
from pyarrow import parquet

import carbonkit
from carbonkit import factors, ledger, units

THREADS = 2
ROUNDS = 5
BY = ["region", "year", "gas"]
KEYS = ["activity", "region", "year", "unit"]


def long_factors(made):
    """Return the factors of a calculation as a table for a join: one line for each gas."""
    lines = made.factors.to_pandas()
    gases = [
        (1 if head.startswith("kg") else 1000, below)
        for head, below in (u.split("/") for u in lines["factor_unit"])
    ]
    scale = {(u, b): units.scale(u, b) for u in set(lines["unit"]) for _, b in gases}
    lines["per"] = [
        float(scale[u, b]) * float(v) / 1000
        for u, (_, b), v in zip(lines["unit"], gases, lines["value"], strict=True)
    ]
    return lines[[*KEYS, "gas", "per"]]


def connected():
    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute("SET enable_progress_bar = false")
    return connection


def by_hand(path, ready):
    connection = connected()
    connection.register("given", ready)
    connection.execute(
        "create table factors as select activity, region, year, unit, gas, "
        "per::decimal(20, 17) as per from given"
    )
    query = (
        "select region, year, gas, sum(amount::decimal(18, 3) * per) from read_parquet(?) "
        "join factors using (activity, region, year, unit) group by all"
    )
    return lambda: connection.execute(query, [str(path)]).fetchall()


def scan(path):
    connection = connected()
    query = (
        "select max(activity), max(region), max(year), max(unit), sum(amount) from read_parquet(?)"
    )
    return lambda: connection.execute(query, [str(path)]).fetchall()


def in_pandas(path, ready):
    def run():
        frame = parquet.read_table(path, columns=[*KEYS, "amount"]).to_pandas()
        frame["amount"] = frame["amount"].astype("float64")
        joined = frame.merge(ready, on=KEYS)
        joined["t"] = joined["amount"] * joined["per"]
        return joined.groupby(BY)["t"].sum()

    return run


def in_polars(path, ready):
    import polars as pl

    right = pl.from_pandas(ready).with_columns(pl.col("year").cast(pl.Int32))

    def run():
        joined = pl.scan_parquet(path).join(right.lazy(), on=KEYS)
        exact = pl.col("amount").cast(pl.Float64) * pl.col("per")
        return joined.group_by(BY).agg(exact.sum()).collect()

    return run


def with_pint(path, ready, rows):
    import pint

    registry = pint.UnitRegistry()
    table = parquet.read_table(path).slice(0, rows).to_pylist()
    per = {(*line[:4], line[4]): line[5] for line in ready.itertuples(index=False)}

    def run():
        totals = {}
        for line in table:
            key = tuple(line[k] for k in KEYS)
            energy = registry.Quantity(float(line["amount"]), line["unit"])
            for gas in make_table.GASES:
                rate = registry.Quantity(per[*key, gas], f"t/{line['unit']}")
                group = (line["region"], line["year"], gas)
                totals[group] = totals.get(group, 0) + (energy * rate).to("t").magnitude
        return totals

    return run


def with_pint_pandas(path, ready, rows):
    import pint_pandas  # noqa: F401

    frame = parquet.read_table(path).slice(0, rows).to_pandas()
    frame["amount"] = frame["amount"].astype("float64")

    def run():
        parts = []
        for unit, part in frame.groupby("unit"):
            joined = part.merge(ready, on=KEYS)
            energy = joined["amount"].astype(f"pint[{unit}]")
            joined["t"] = (energy * joined["per"].astype(f"pint[t/{unit}]")).pint.to("t")
            joined["t"] = joined["t"].pint.magnitude
            parts.append(joined)
        return pd.concat(parts).groupby(BY)["t"].sum()

    return run


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


PEAK = """
import sys
from pathlib import Path
from carbonkit import factors, ledger
library = factors.library().add(sys.argv[2])
ledger.calculate(Path(sys.argv[1]), by=["region", "year", "gas"], factors=library, threads=2)
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""


def peak(path, folder):
    """Return the most memory that a fresh process takes for the same, in MB."""
    argv = [sys.executable, "-W", "ignore", "-c", PEAK, str(path), str(folder)]
    return float(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)


def measure(rows, folder, library):
    path = make_table.table(folder / f"{rows}.parquet", rows)
    run = lambda: ledger.calculate(path, by=BY, factors=library, threads=THREADS)  # noqa: E731
    made = run()
    ready = long_factors(made)
    rounds = ROUNDS if rows <= 10**7 else 3
    # Of each way: what it is, the rows it runs on, and how often.
    ways = {
        "carbonkit ledger": (run, rows, rounds),
        "DuckDB by hand": (by_hand(path, ready), rows, rounds),
        "DuckDB, bare scan": (scan(path), rows, rounds),
    }
    if rows <= 10**7:
        slow = ROUNDS if rows <= 10**6 else 2
        if installed("polars"):
            ways["Polars"] = (in_polars(path, ready), rows, rounds)
        ways["pandas, units once"] = (in_pandas(path, ready), rows, slow)
        if installed("pint-pandas"):
            ways["pint-pandas"] = (with_pint_pandas(path, ready, rows), rows, slow)
        ways["pint row by row"] = (with_pint(path, ready, 2_000), 2_000, slow)
    taken = {name: [] for name in ways}
    for turn in range(rounds):
        for name, (work, _, often) in ways.items():
            if turn < often:
                taken[name].append(timed(work))
    ours = taken["carbonkit ledger"]
    same = ledger.calculate(path, by=BY, factors=library, threads=1).exact.equals(made.exact)
    for name, (_, count, _) in ways.items():
        # Of each round, so that a busy moment is busy for both.
        each = [o / t * count / rows for o, t in zip(ours, taken[name], strict=False)]
        seconds, ratio = statistics.median(taken[name]), statistics.median(each)
        print(f"| {rows:,} | {name} | {count:,} | {seconds:.2f} s | {ratio:.3g} |")
    print(
        f"|  | same bits on one thread: {same}; {made.exact.num_rows:,} totals; "
        f"{peak(path, folder / 'factors'):.0f} MB at most; load {os.getloadavg()[0]:.1f} | | | |",
        flush=True,
    )
    path.unlink()


def small():
    frame = pd.DataFrame(
        {"activity": "electricity", "unit": "kWh", "amount": [i / 10 for i in range(1000)]}
    )
    run = lambda: ledger.calculate(frame, release="iea/world-2018", year=2018)  # noqa: E731
    run()
    seconds = statistics.median(timed(run) for _ in range(15))
    print(f"| 1,000 | carbonkit ledger, a frame, warm | 1,000 | {seconds * 1000:.0f} ms | |")


def main(sizes):
    warnings.simplefilter("ignore")
    packages = ("duckdb", "ibis-framework", "pandas", "pyarrow", "polars", "pint", "pint-pandas")
    print(f"carbonkit {carbonkit.__version__}; {machine(*packages)}\n")
    print("| rows | way | rows it ran on | median | carbonkit takes, times as long per row |")
    print("|---|---|---|---|---|")
    small()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = factors.library().add(make_table.factors(folder / "factors"))
        for rows in sizes:
            measure(rows, folder, library)


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [10**6])
