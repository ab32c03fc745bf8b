"""10^6 draws of an inventory of 50 uncertain inputs, against drawing the samples alone.

Twenty-five rows of activity data, each an amount (normal) times an emission factor (lognormal),
added up by the package: as a sum of formulas, and as the total of an inventory. "Drawing alone"
fills the same number of values from the same distributions with numpy, in the two ways that
suggest themselves: whole arrays (``Generator.normal`` and ``Generator.lognormal``), and blocks that
stay in the cache. The faster of the two counts. Then an inventory of 10^4 rows, three gases each,
with 10^4 draws: its time, and the memory that it takes beyond the inventory. Run from the root of
the repository: ``python benchmarks/bench_uncertainty.py``.
"""

import resource
import statistics
import sys
import time

import numpy as np
import pandas as pd

from carbonkit import inventory
from carbonkit.scope2 import location_based
from carbonkit.uncertainty import lognormal, monte_carlo, normal, uncertain

DRAWS = 1_000_000
LINES = 25
ROUNDS = 5
BLOCK = 8192
MANY_ROWS = 10_000
FEW_DRAWS = 10_000
TARGET = 1.25


def of_formulas():
    lines = []
    for line in range(LINES):
        energy = uncertain((100.0 + line, "GWh"), normal(relative="5 %"), name=f"energy {line}")
        factor = uncertain((0.4 + line / 100, "t CO2/MWh"), lognormal(1.1), name=f"factor {line}")
        lines.append(location_based(energy, factor))
    return sum(lines)


def of_rows():
    rows = pd.DataFrame(
        [
            {
                "site": "A",
                "year": 2023,
                "category": "process",
                "activity": f"product {line}",
                "amount": 100 + line,
                "unit": "t",
                "factor": 0.4 + line / 100,
                "factor_unit": "t CO2/t",
                "factor_source": f"laboratory {line}",
                "amount_uncertainty": "sd 5 %",
                "factor_uncertainty": "gsd 1.1",
            }
            for line in range(LINES)
        ]
    )
    return inventory.from_frame(rows)


def of_many_rows():
    rows = pd.DataFrame(
        [
            {
                "site": f"site {line % 50}",
                "year": 2023,
                "category": "stationary",
                "activity": "natural gas",
                "amount": 100 + line,
                "unit": "MMBtu",
                "calorific_basis": "gross",
                "release": "us-epa/hub-2024",
                "amount_uncertainty": "± 5 %",
                "factor_uncertainty": "CO2: ± 2 %; CH4: gsd 1.5; N2O: gsd 2",
            }
            for line in range(MANY_ROWS)
        ]
    )
    return inventory.from_frame(rows, progress=False)


def draw_whole():
    for stream in range(LINES):
        generator = np.random.Generator(np.random.PCG64(stream))
        generator.normal(100.0, 5.0, DRAWS)
        generator.lognormal(-0.7, 0.0953, DRAWS)


def draw_in_blocks():
    buffer = np.empty(BLOCK)
    for stream in range(LINES):
        generator = np.random.Generator(np.random.PCG64(stream))
        for start in range(0, DRAWS, BLOCK):
            part = buffer[: min(BLOCK, DRAWS - start)]
            generator.standard_normal(out=part)
            part *= 5.0
            part += 100.0
            generator.standard_normal(out=part)
            part *= 0.0953
            part += -0.7
            np.exp(part, out=part)


def seconds(work):
    """Return the processor time of a piece of work, which a busy machine hardly changes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def against_drawing_alone():
    """Return how many times drawing alone each propagation takes."""
    formulas, found = of_formulas(), of_rows()
    total = found.total("AR5")
    said = {name: distribution for row in found.rows for name, distribution in row.uncertain}
    cases = {
        "drawing alone, whole arrays": draw_whole,
        "drawing alone, in blocks": draw_in_blocks,
        "monte_carlo of formulas": lambda: monte_carlo(formulas, draws=DRAWS, seed=1),
        "monte_carlo of an inventory": lambda: monte_carlo(total, said, draws=DRAWS, seed=1),
    }
    times = {name: [] for name in cases}
    for _ in range(ROUNDS):  # in turn, so that a busy spell of the machine meets all alike
        for name, work in cases.items():
            times[name].append(seconds(work))
    for name, taken in times.items():
        middle, low, high = statistics.median(taken), min(taken), max(taken)
        print(f"{name:30} {middle:6.3f} s  ({low:.3f} to {high:.3f})")
    whole, blocks, *propagated = times.values()
    alone = [min(pair) for pair in zip(whole, blocks, strict=True)]
    ratios = [
        statistics.median(b / a for a, b in zip(alone, taken, strict=True)) for taken in propagated
    ]
    for name, ratio in zip(list(cases)[2:], ratios, strict=True):
        print(f"{name:30} {ratio:6.3f} times the faster way of drawing (to be at most {TARGET})")
    return ratios


def many_rows():
    found = of_many_rows()
    before = megabytes()
    taken = seconds(lambda: found.uncertainty("AR5", scope=1, draws=FEW_DRAWS))
    print(
        f"{MANY_ROWS:,} rows, three gases, {FEW_DRAWS:,} draws, both ways: {taken:.1f} s, "
        f"{megabytes() - before:,.0f} MB beyond the {before:,.0f} MB of the inventory"
    )


def main():
    ratios = against_drawing_alone()
    many_rows()
    return 0 if max(ratios) <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
