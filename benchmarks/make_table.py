"""A large table of activities and factors that fit it, the same for the same seed.

``python benchmarks/make_table.py 10000000 table.parquet factors/`` writes the table in chunks, in
bounded memory: 12 activities, 100 regions, 8 units, 8 years, amounts with three decimals; and a
release of 9,600 factors for each of three gases, which ``factors.library().add`` reads.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pycountry
from pyarrow import parquet

ACTIVITIES = [f"process {i:02}" for i in range(12)]
REGIONS = sorted(c.alpha_2 for c in pycountry.countries)[:100]
UNITS = ["kWh", "MWh", "GWh", "MJ", "GJ", "TJ", "kJ", "Wh"]
YEARS = list(range(2016, 2024))
GASES = {"CO2": 3, "CH4": 6, "N2O": 7}
CHUNK = 1_000_000

HEAD = """format = "carbonkit-factors/1"

[source]
publisher = "Benchmark"
title = "made up for measuring"
published = 2024
url = "https://example.org"
licence = "made up"
read_from = "made up"
"""


def factors(folder: Path, seed: int = 0) -> Path:
    random = np.random.default_rng(seed)
    folder = folder / "benchmark"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "large.toml").write_text(HEAD, encoding="utf-8")
    with (folder / "large.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["id", "activity", "region", "data_year", "kind", "gas", "value", "unit"])
        for a, activity in enumerate(ACTIVITIES):
            for r, region in enumerate(REGIONS):
                for year in YEARS:
                    for gas, digits in GASES.items():
                        value = f"{random.integers(100, 900)}e-{digits}"
                        text = f"{float(value):.{digits}f}"
                        name = f"{a}-{r}-{year}-{gas.lower()}"
                        key = [name, activity, region, year]
                        lines.writerow([*key, "activity", gas, text, f"kg {gas}/kWh"])
    return folder.parent


def batch(random, rows: int) -> pa.Table:
    def column(values, kind):
        codes = pa.array(random.integers(0, len(values), rows, dtype=np.int32))
        return pa.DictionaryArray.from_arrays(codes, pa.array(values, kind)).cast(kind)

    amounts = pa.array(random.integers(0, 10**8, rows) / 1000)
    return pa.table(
        {
            "activity": column(ACTIVITIES, pa.string()),
            "region": column(REGIONS, pa.string()),
            "year": column(YEARS, pa.int32()),
            "unit": column(UNITS, pa.string()),
            "amount": amounts.cast(pa.decimal128(18, 3)),
            "site": pa.array(random.integers(0, 400_000, rows, dtype=np.int32)),
        }
    )


def table(path: Path, rows: int, seed: int = 0) -> Path:
    random = np.random.default_rng(seed)
    writer = None
    for start in range(0, rows, CHUNK):
        made = batch(random, min(CHUNK, rows - start))
        writer = writer or parquet.ParquetWriter(path, made.schema)
        writer.write_table(made)
    writer.close()
    return path


if __name__ == "__main__":
    table(Path(sys.argv[2]), int(sys.argv[1]))
    if len(sys.argv) > 3:
        factors(Path(sys.argv[3]))
