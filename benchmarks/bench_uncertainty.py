"""10^6 draws of an inventory of 50 uncertain inputs, against drawing the samples alone.

Twenty-five lines, each an activity (normal) times an emission factor (lognormal), summed by the
package's formulas. "Drawing alone" fills the same number of values from the same distributions
with numpy, in the two ways that suggest themselves: whole arrays (``Generator.normal`` and
``Generator.lognormal``), and blocks that stay in the cache (the faster of the two). Run from the
root of the repository: ``python benchmarks/bench_uncertainty.py``.
"""

import statistics
import sys
import time

import numpy as np

from carbonkit.scope2 import location_based
from carbonkit.uncertainty import lognormal, monte_carlo, normal, uncertain

DRAWS = 1_000_000
LINES = 25
ROUNDS = 5
BLOCK = 8192


def inventory():
    lines = []
    for line in range(LINES):
        energy = uncertain((100.0 + line, "GWh"), normal(relative="5 %"), name=f"energy {line}")
        factor = uncertain((0.4 + line / 100, "t CO2/MWh"), lognormal(1.1), name=f"factor {line}")
        lines.append(location_based(energy, factor))
    return sum(lines)


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
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    total = inventory()
    cases = {
        "drawing alone, whole arrays": draw_whole,
        "drawing alone, in blocks": draw_in_blocks,
        "monte_carlo of the inventory": lambda: monte_carlo(total, draws=DRAWS, seed=1),
    }
    times = {name: [] for name in cases}
    for _ in range(ROUNDS):  # in turn, so that a busy spell of the machine meets all alike
        for name, work in cases.items():
            times[name].append(seconds(work))
    for name, found in times.items():
        middle, low, high = statistics.median(found), min(found), max(found)
        print(f"{name:30} {middle:6.3f} s  ({low:.3f} to {high:.3f})")
    whole, blocks, all_of_it = times.values()
    for name, alone in (("whole arrays", whole), ("blocks", blocks)):
        ratio = statistics.median(b / a for a, b in zip(alone, all_of_it, strict=True))
        print(f"ratio to {name:21} {ratio:6.3f}")
    fastest = statistics.median(
        c / min(a, b) for a, b, c in zip(whole, blocks, all_of_it, strict=True)
    )
    print(f"ratio to the faster            {fastest:6.3f}  (to be at most 1.25)")
    return 0 if fastest <= 1.25 else 1


if __name__ == "__main__":
    sys.exit(main())
