"""How long a person waits for a large printed table: reading, closing, localising, deriving."""

import random

from measure import fresh, in_turn, show

LINES, COLUMNS = 200, 20

SETUP = """
import sys
sys.path.insert(0, {here!r})
from bench_tables import made
from carbonkit import tables
from carbonkit.tables.closure import closure
from carbonkit.tables.derive import document
text = made({wrong}, {labelled})
table = tables.read_text(text, name="sites", unit="MWh")
"""


def made(wrong: int = 0, labelled: bool = True) -> str:
    """Return a table of 200 lines and 20 columns as Markdown, with some figures changed."""
    chance = random.Random(1)
    rows = [[chance.randint(10_000, 9_999_999) for _ in range(COLUMNS - 1)] for _ in range(LINES)]
    rows[-1] = [sum(column) for column in zip(*rows[:-1], strict=True)]
    rows = [[*row, sum(row)] for row in rows]
    for _ in range(wrong):
        row = chance.choice(rows)
        row[chance.randrange(COLUMNS)] += chance.randint(5_000, 900_000)
    names = [f"Site {i}" for i in range(1, LINES)] + ["Total" if labelled else "Site 0"]
    head = [f"Region {j}" for j in range(1, COLUMNS)] + ["Total" if labelled else "Region 0"]
    lines = [f"| | {' | '.join(head)} |", "|---" * (COLUMNS + 1) + "|"]
    for name, row in zip(names, rows, strict=True):
        lines.append(f"| {name} | {' | '.join(f'{v:,}' for v in row)} |")
    return "\n".join(lines)


def main() -> None:
    here = __file__.rpartition("/")[0]

    def timed(code: str, wrong: int = 0, labelled: bool = True):
        return lambda: fresh(code, SETUP.format(here=here, wrong=wrong, labelled=labelled))

    measures = {
        "read": (timed("tables.read_text(text, name='sites', unit='MWh')"), None),
        "close: true": (timed("assert closure(table).closes"), 1000),
        "close and localise: one figure wrong": (timed("assert closure(table).faults", 1), 1000),
        "close and localise: two figures wrong": (timed("assert closure(table).faults", 2), 1000),
        "close and localise: three figures wrong": (timed("assert closure(table).faults", 3), 1000),
        "close: no label says what is a total": (timed("closure(table)", 0, False), 1000),
        "derive the claims": (timed("document(table)"), None),
    }
    taken = in_turn({name: measure for name, (measure, _) in measures.items()}, 7)
    rows = []
    for name, (_, goal) in measures.items():
        median, fastest = taken[name]
        rows.append((f"{name} ({LINES} × {COLUMNS})", median * 1e3, fastest * 1e3, goal, "ms"))
    show(rows)


if __name__ == "__main__":
    main()
