"""Random true tables under random rounding: nothing that is claimed of them is inconsistent."""

from __future__ import annotations

import decimal
import json
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from made import table, with_cell

from carbonkit import units
from carbonkit.claims import parse_report
from carbonkit.tables import Column, PrintedTable
from carbonkit.tables.closure import closure
from carbonkit.tables.derive import document

RULES = {
    "half-even": decimal.ROUND_HALF_EVEN,
    "half-up": decimal.ROUND_HALF_UP,
    "truncated": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
    "floor": decimal.ROUND_FLOOR,
}


def printed(value: Fraction, places: int, rule: str) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = exact.quantize(Decimal(1).scaleb(-places), RULES[rule])
    return f"{rounded + 0:,f}"


@st.composite
def tables(draw: st.DrawFn) -> PrintedTable:
    """A year-by-year table with total, change, share and intensity, of values that are true."""
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - no secret
    lines, places = draw(st.integers(2, 6)), draw(st.integers(0, 2))
    named = draw(st.booleans())
    rule = draw(st.sampled_from(sorted(RULES) if named else ["half-even", "half-up", "truncated"]))
    rows = [[Fraction(chance.randint(10**5, 10**8), 1000) for _ in range(3)] for _ in range(lines)]
    total = [sum(column) for column in zip(*rows, strict=True)]
    staff = [chance.randint(1000, 9000) for _ in range(3)]
    head: list[str | Column] = ["2019", "2020", "2021"]
    head.append(Column("change", "Change", "change", "2021", "2020", "percent", unit="%"))
    head.append(Column("share", "Share", "share", "2021", unit="%"))
    texts = []
    for name, row in [*((f"Site {i}", row) for i, row in enumerate(rows)), ("Total", total)]:
        ratios = (100 * (row[2] / row[1] - 1), 100 * row[2] / total[2])
        cells = [printed(v, places, rule) for v in row] + [printed(r, 1, rule) for r in ratios]
        texts.append([name, *cells])
    texts.append(["Staff [employee]", *(f"{n:,}" for n in staff), "", ""])
    per = [printed(t / n, 3, rule) for t, n in zip(total, staff, strict=True)]
    texts.append(["Energy per head [MWh/employee]", *per, "", ""])
    return table(
        texts,
        head=head,
        roles={"Energy per head": "intensity"},
        rounding=rule if named else "unknown",
    )


def verdicts(made: PrintedTable) -> dict[str, str]:
    derived = document(made)
    lines = ['format = "carbonkit-report/1"', "[report]", 'id = "r"', 'title = "R"', "year = 2020"]
    for name, entry in derived["figures"].items():
        lines += [f"[figures.{name}]", *(f"{k} = {json.dumps(v)}" for k, v in entry.items())]
    for claim in derived["claims"]:
        lines += ["[[claims]]", *(f"{k} = {json.dumps(v)}" for k, v in claim.items())]
    audit = parse_report("\n".join(lines).encode(), "t.toml").verify()
    return {result.claim.id: str(result.verdict) for result in audit}


@given(tables())
@settings(max_examples=60, deadline=None)
def test_no_claim_of_a_true_table_is_inconsistent(made):
    found = verdicts(made)
    assert set(found.values()) <= {"reproduced-exactly", "reproduced-within-rounding"}, found
    lines = len(made.lines) - 3
    assert len(found) == 3 + (lines + 1) + lines + 3


@given(tables(), st.integers(0, 99), st.integers(0, 2), st.sampled_from(["1", "9"]))
@settings(max_examples=30, deadline=None)
def test_a_figure_far_off_is_claimed_against(made, line, column, digit):
    """A digit put before a figure of a part or of the total is inconsistent with the others."""
    i = line % (len(made.lines) - 2)
    text = made.lines[i].cells[column].text.replace(",", "")
    found = verdicts(with_cell(made, i, column, digit + text))
    assert found[f"energy-total-{2019 + column}"] == "inconsistent"
    assert sum(verdict == "inconsistent" for verdict in found.values()) <= 1 + 3 + 2 * len(
        made.lines
    )


@given(tables(), st.sampled_from(["GWh", "GJ", "toe"]))
@settings(max_examples=20, deadline=None)
def test_the_unit_of_the_whole_table_does_not_matter(made, unit):
    """Neither for which claims are made nor for what comes of them."""

    def moved(text: str) -> str:
        return units.canonical(text.replace("MWh", unit))

    lines = tuple(
        replace(
            line,
            unit=moved(line.unit),
            cells=tuple(replace(c, unit=moved(c.unit)) for c in line.cells),
        )
        for line in made.lines
    )
    assert verdicts(made) == verdicts(replace(made, lines=lines))


TEXTS = ["12", "1,204", "0", "0.5", "-7", "(5)", "<0.1", "~30", "more than 40", "8 to 15", "1,200"]
ROLES = ["part", "part", "part", "total", "heading", "share", "change", "intensity"]
UNITS = ["MWh", "GWh", "t CO2e", "%", "1", "t CO2e/MWh", "employee", "pp"]
TITLES = ["Total", "of which gas", "Less: sold", "Scope 2 (market)", "Scope 2 (location)", "Gas"]


@st.composite
def odd_tables(draw: st.DrawFn) -> PrintedTable:
    """Tables in which anything stands anywhere."""
    lines, columns = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    head: list[str | Column] = []
    for j in range(columns):
        role = draw(st.sampled_from(["value", "value", "total", "change", "share"]))
        period = draw(st.sampled_from(["", "2019", "2020"]))
        group = draw(st.sampled_from(["", "North"]))
        measure = draw(st.sampled_from(["", "percent", "points", "amount"]))
        unit = draw(st.sampled_from(["", *UNITS]))
        base = draw(st.sampled_from(["", "2019"]))
        head.append(Column(f"c{j}", f"Reduction {j}", role, period, base, measure, group, unit))
    rows, roles, levels = [], {}, {}
    cell = st.sampled_from([*TEXTS, "", "–", "n/a"])
    for i in range(lines):
        title = f"{draw(st.sampled_from(TITLES))} {i}"
        roles[title] = draw(st.sampled_from(ROLES))
        levels[title] = draw(st.integers(0, 2))
        unit = draw(st.sampled_from(UNITS))
        rows.append([f"{title} [{unit}]", *(draw(cell) for _ in range(columns))])
    return table(rows, head=head, roles=roles, levels=levels)


@given(odd_tables())
@settings(max_examples=100, deadline=None)
def test_whatever_the_table_its_claims_can_be_checked(made):
    assert closure(made).table is made
    verdicts(made)
