"""What the benchmarks share: fresh processes, taken in turn, and one table of what came out."""

import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version

ROUNDS = 15

TIMED = """
import time
{before}
started = time.perf_counter()
{code}
print(time.perf_counter() - started)
"""


def fresh(code: str, before: str = "") -> float:
    """Return the seconds that code takes in a fresh process, without what comes before it."""
    argv = [sys.executable, "-c", TIMED.format(before=before, code=code)]
    out = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    return float(out.splitlines()[-1])


def whole(*argv: str) -> float:
    """Return the seconds of a whole process, from start to end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *argv], capture_output=True, check=True)
    return time.perf_counter() - started


def in_turn(measures, rounds: int = ROUNDS):
    """Take measures in turn, so that a busy machine is busy for all; return medians and minima."""
    taken = {name: [] for name in measures}
    for measure in measures.values():
        measure()  # compiles and fills the disk cache
    for _ in range(rounds):
        for name, measure in measures.items():
            taken[name].append(measure())
    return {name: (statistics.median(t), min(t)) for name, t in taken.items()}


def installed(name: str) -> bool:
    """Whether a package is installed."""
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def machine(*packages: str) -> str:
    """Return the machine, how busy it is, and the versions of the packages that are installed."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages if installed(name))
    return (
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {versions}"
    )


def show(rows) -> None:
    """Print rows of (what, median, minimum, target) in milliseconds, with the machine."""
    print(machine("carbonkit", "pint", "pandas", "numpy", "rich"))
    print("\n| | median | fastest | target | |\n|---|---|---|---|---|")
    for what, median, fastest, target, unit in rows:
        met = "" if target is None else ("met" if median <= target else "missed")
        wanted = "" if target is None else f"{target:,g} {unit}"
        print(f"| {what} | {_short(median)} {unit} | {_short(fastest)} {unit} | {wanted} | {met} |")


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.2g}"
