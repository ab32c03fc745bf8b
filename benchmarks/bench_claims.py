"""How long claims take once loaded: simple ones, with their diagnosis, and a corpus of reports.

    python benchmarks/bench_claims.py [CLAIMS]

CLAIMS is how many claims the corpus has, by default 10,000, in reports of 50.
"""

import random
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from measure import in_turn, show

from carbonkit.claims import load_report, parse_report, verify_all

HEAD = 'format = "carbonkit-report/1"\n[report]\nid = "r"\ntitle = "R"\nyear = 2024\n[figures]\n'
UNIT = "t CO2e/year"
SLIPS = (10, 1000, 1.037, -1, 1.2)


def amounts(rng: random.Random, kind: str) -> tuple[list[float], float, str, str]:
    """Inputs, the result, its unit and the relation of one claim."""
    if kind == "sum":
        inputs = [rng.uniform(10, 90_000) for _ in range(4)]
        return inputs, sum(inputs), UNIT, "t{0} == a{0}_0 + a{0}_1 + a{0}_2 + a{0}_3"
    new, base = rng.uniform(10, 9_000), rng.uniform(9_000, 90_000)
    if kind == "share":
        return [new, base], new / base * 100, "%", "t{0} == share(a{0}_0, a{0}_1)"
    return [new, base], (new / base - 1) * 100, "%", "t{0} == percent_change(a{0}_0, a{0}_1)"


def report(seed: int, kinds: tuple[str, ...], claims: int, wrong: float = 0.0) -> bytes:
    """A report file of so many claims, and the share of them with a slip."""
    rng = random.Random(seed)
    figures, relations = [], []
    for at in range(claims):
        inputs, result, unit, relation = amounts(rng, kinds[at % len(kinds)])
        result *= rng.choice(SLIPS) if rng.random() < wrong else 1
        for place, value in enumerate(inputs):
            figures.append(f'a{at}_{place} = {{ text = "{value:,.1f}", unit = "{UNIT}" }}')
        figures.append(f't{at} = {{ text = "{result:,.1f}", unit = "{unit}" }}')
        relations.append(
            f'[[claims]]\nid = "c{at}"\nstatement = "s"\nrelation = "{relation.format(at)}"'
        )
    return (HEAD + "\n".join((*figures, *relations)) + "\n").encode()


def timed(work, claims: int, clock=process_time):
    """Return a measure of milliseconds a claim; what `work` makes ready is outside of it.

    It is processor time, which a busy machine stretches less than the time on the wall.
    """

    def measure() -> float:
        run = work()
        began = clock()
        run()
        return (clock() - began) * 1e3 / claims

    return measure


def fresh(data: bytes):
    """Check a report that was just read, so that no figure was looked at before."""
    return lambda: parse_report(data, "r.toml").verify


def everything(data: bytes):
    def ready():
        read = parse_report(data, "r.toml")
        return lambda: read.verify().to_dict()

    return ready


def diagnosed(data: bytes):
    def ready():
        audit = parse_report(data, "r.toml").verify()
        return lambda: [audit.diagnose(result.id) for result in audit]

    return ready


def bundled():
    read = load_report("huawei-2020")

    def run() -> None:
        audit = read.verify()
        for result in audit:
            audit.diagnose(result.id)

    return run


def corpus(folder: str, jobs: int):
    return lambda: lambda: verify_all(folder, jobs=jobs)


def main() -> None:
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    measures = {}
    for kind in ("sum", "share", "change"):
        data = report(1, (kind,), 200)
        measures[f"{kind}: verdict, report just read"] = timed(fresh(data), 200), 0.2
        again = parse_report(data, "r.toml")
        measures[f"{kind}: verdict, again"] = timed(lambda r=again: r.verify, 200), 0.2
        measures[f"{kind}: verdict and all that is told"] = timed(everything(data), 200), None
    audit = load_report("huawei-2020").verify()
    measures[f"huawei-2020 with diagnoses, a claim of {len(audit)}"] = (
        timed(bundled, len(audit)),
        1,
    )
    for count in (10, 100):
        wrong = report(2, ("sum", "share", "change"), count, wrong=1)
        told = f"diagnosis of a claim with a slip, report of {count} claims"
        measures[told] = timed(diagnosed(wrong), count), 1
    taken = in_turn({name: measure for name, (measure, _) in measures.items()})
    show([(name, *taken[name], target, "ms") for name, (_, target) in measures.items()])

    with tempfile.TemporaryDirectory() as folder:
        for seed in range(claims // 50):
            data = report(seed, ("sum", "share", "change"), 50, wrong=0.05)
            Path(folder, f"{seed:06}.toml").write_bytes(data)
        taken = in_turn(
            {jobs: timed(corpus(folder, jobs), 1, perf_counter) for jobs in (1, 2)},
            rounds=3 if claims < 5e4 else 1,
        )
        print(f"\nA corpus of {claims:,} claims in {claims // 50:,} files, reading included\n")
        show(
            [
                (f"{jobs} process{'es' if jobs > 1 else ''}", median / 1e3, fastest / 1e3,
                 60 * claims / 1e5 if jobs == 2 else None, "s")
                for jobs, (median, fastest) in taken.items()
            ]
        )  # fmt: skip
    began = perf_counter()
    audit.sensitivity()
    print(f"\nsensitivity of huawei-2020: {perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
