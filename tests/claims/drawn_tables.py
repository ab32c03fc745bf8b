"""Printed tables that are true, drawn at random, and slips planted into them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from test_properties import shown

UNITS = ("t CO2e", "MWh", "GJ", "m3", "kt CO2e", "GWh")
NAMES = (
    "Diesel", "Petrol", "Natural gas", "Heating oil", "LPG", "Coal", "Electricity", "Steam",
    "District heating", "Cooling", "Biomass", "Refrigerants", "Business travel", "Commuting",
    "Purchased goods", "Capital goods", "Freight", "Waste", "Leased assets", "Investments",
)  # fmt: skip
GROUPS = ("Scope 1", "Scope 2", "Scope 3")


@dataclass(frozen=True)
class Drawn:
    """A table as rows of printed cells in English marks, and where its figures stand.

    Attributes
    ----------
    rows : tuple of tuple of str
        The heading first; label, then one cell for each year, then a change if there is one.
    parts, totals : tuple of int
        Numbers of rows that hold parts, and sums of them.
    decimals : int
        Decimals of the figures.
    years : int
        Columns with figures.
    """

    rows: tuple[tuple[str, ...], ...]
    parts: tuple[int, ...]
    totals: tuple[int, ...]
    decimals: int
    years: int

    def markdown(self, decimal: str, thousands: str) -> str:
        """Write it in a locale, as Markdown."""
        marks = str.maketrans({".": decimal, ",": thousands})
        head, *body = self.rows
        lines = [head, ("---",) * len(head)]
        lines += [(label, *(c.translate(marks) for c in cells)) for label, *cells in body]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"

    def cell(self, row: int, column: int) -> str:
        return self.rows[row][column]

    def with_cell(self, row: int, column: int, text: str) -> Drawn:
        """Print another text in one cell."""
        line = (*self.rows[row][:column], text, *self.rows[row][column + 1 :])
        return replace(self, rows=(*self.rows[:row], line, *self.rows[row + 1 :]))


def true_table(rng: random.Random, rule: str, *, exact: bool = False) -> Drawn:
    """Draw values, add them up, and print parts and sums rounded by a rule.

    With `exact`, values have no more decimals than are printed, so that nothing is rounded.
    """
    decimals = rng.randint(0, 2)
    places = decimals if exact else decimals + 3
    years = rng.randint(2, 5)
    first = rng.randint(2012, 2020)
    groups = rng.choice([1, 1, 2, 3])
    names = iter(rng.sample(NAMES, 20))
    change = rng.random() < 0.4
    head = [f"{rng.choice(['Energy', 'Emissions', 'Use'])} ({rng.choice(UNITS)})"]
    head += [str(first + i) for i in range(years)]
    rows: list[tuple[str, ...]] = []
    parts, totals = [], []

    def put(label: str, values: list[Fraction]) -> int:
        cells = [shown(v, decimals, rule) for v in values]
        if change:
            share = (values[-1] - values[-2]) / values[-2] * 100
            cells.append(f"{shown(share, 1, rule)}%")
        rows.append((label, *cells))
        return len(rows)

    total = [Fraction(0)] * years
    for number in range(groups):
        subtotal = [Fraction(0)] * years
        for _ in range(rng.randint(2, 5)):
            top = 10 ** rng.randint(2, 6)
            values = [Fraction(rng.randint(10**places, top * 10**places), 10**places)] * years
            values = [
                Fraction(round(v * Fraction(rng.randint(70, 130), 100) * 10**places), 10**places)
                for v in values
            ]
            parts.append(put(next(names), values))
            subtotal = [a + b for a, b in zip(subtotal, values, strict=True)]
        total = [a + b for a, b in zip(total, subtotal, strict=True)]
        if groups > 1:
            totals.append(put(f"Total {GROUPS[number]}", subtotal))
    totals.append(put("Total", total))
    if change:
        head.append(f"Change {first + years - 2}-{first + years - 1}")
    return Drawn((tuple(head), *rows), tuple(parts), tuple(totals), decimals, years)


# --- slips ---------------------------------------------------------------------------------------


Place = tuple[int, int]


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def _cell(drawn: Drawn, rng: random.Random, rows: tuple[int, ...]) -> Place:
    return rng.choice(rows), rng.randint(1, drawn.years)


def transposed(drawn: Drawn, rng: random.Random) -> tuple[Drawn, Place] | None:
    """Two neighbouring digits of a cell exchanged."""
    row, column = _cell(drawn, rng, drawn.parts + drawn.totals)
    text = drawn.cell(row, column)
    at = [i for i in range(len(text)) if text[i].isdigit()]
    pairs = [(i, j) for i, j in itertools.pairwise(at) if text[i] != text[j]]
    pairs = [(i, j) for i, j in pairs if not (i == at[0] and text[j] == "0")]
    if not pairs:
        return None
    i, j = rng.choice(pairs)
    changed = text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :]
    return drawn.with_cell(row, column, changed), (row, column)


def tenfold(drawn: Drawn, rng: random.Random) -> tuple[Drawn, Place] | None:
    """The decimal point of a cell one place off."""
    row, column = _cell(drawn, rng, drawn.parts + drawn.totals)
    value = _number(drawn.cell(row, column)) * 10
    return drawn.with_cell(row, column, shown(value, drawn.decimals, "half-even")), (row, column)


def turned(drawn: Drawn, rng: random.Random) -> tuple[Drawn, Place] | None:
    """A minus sign before a part."""
    row, column = _cell(drawn, rng, drawn.parts)
    return drawn.with_cell(row, column, f"-{drawn.cell(row, column)}"), (row, column)


def dropped(drawn: Drawn, rng: random.Random) -> tuple[Drawn, Place] | None:
    """A line left out, but not from the totals."""
    row = rng.choice(drawn.parts)
    rows = (*drawn.rows[:row], *drawn.rows[row + 1 :])
    return replace(drawn, rows=rows), (row, 0)


def mistyped(drawn: Drawn, rng: random.Random) -> tuple[Drawn, Place] | None:
    """One digit of a cell replaced by another."""
    row, column = _cell(drawn, rng, drawn.parts + drawn.totals)
    text = drawn.cell(row, column)
    at = [i for i in range(len(text)) if text[i].isdigit()]
    i = rng.choice(at)
    digits = [d for d in "0123456789" if d != text[i] and not (i == at[0] and d == "0")]
    return drawn.with_cell(row, column, text[:i] + rng.choice(digits) + text[i + 1 :]), (
        row,
        column,
    )


SLIPS: Mapping[str, Callable[[Drawn, random.Random], tuple[Drawn, Place] | None]] = {
    "transposed digits": transposed,
    "factor of ten": tenfold,
    "sign": turned,
    "dropped line": dropped,
    "mistyped digit": mistyped,
}
