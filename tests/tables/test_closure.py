"""Closing tables: true ones close, and what is planted in them is found where it was planted."""

from __future__ import annotations

import decimal
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made import table, with_cell

from carbonkit.tables import PrintedTable
from carbonkit.tables.closure import Closure, closure

ROUNDINGS = {
    "half-even": decimal.ROUND_HALF_EVEN,
    "half-up": decimal.ROUND_HALF_UP,
    "truncated": decimal.ROUND_DOWN,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
}
UNKNOWN = ("half-even", "half-up", "truncated")


def printed(value: Fraction, places: int, rounding: str) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.quantize(Decimal(1).scaleb(-places), ROUNDINGS[rounding]):,f}"


@st.composite
def truths(draw: st.DrawFn) -> list[list[Fraction]]:
    """True values of two groups of lines, in thousandths, down and across.

    They come from a seed, so that no two are alike: lines that print the same cannot be told apart.
    """
    lines, columns = draw(st.integers(4, 8)), draw(st.integers(3, 5))
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - no secret
    return [
        [Fraction(chance.randint(10**6, 10**8), 1000) for _ in range(columns)] for _ in range(lines)
    ]


def with_totals(
    rows: list[list[Fraction]], places: int, rounding: str, named: str = "unknown"
) -> PrintedTable:
    """Print true values with subtotals, a grand total and a total column."""
    half = len(rows) // 2
    lines = [(f"Site {i}", row) for i, row in enumerate(rows)]
    first, second = rows[:half], rows[half:]
    lines.insert(half, ("Subtotal A", [sum(c) for c in zip(*first, strict=True)]))
    lines.append(("Subtotal B", [sum(c) for c in zip(*second, strict=True)]))
    lines.append(("Total", [sum(c) for c in zip(*rows, strict=True)]))
    head = [*(f"Part {j}" for j in range(len(rows[0]))), "Total"]
    return table(
        [[n, *(printed(v, places, rounding) for v in (*row, sum(row)))] for n, row in lines],
        head=head,
        rounding=named,
    )


def cells(found: Closure) -> list[set[tuple[int, int]]]:
    return [{change.cell for change in repair.changes} for f in found.faults for repair in f.best]


@given(truths(), st.integers(0, 3), st.sampled_from(sorted(ROUNDINGS)), st.booleans())
@settings(max_examples=60)
def test_a_true_table_closes_under_any_rounding(rows, places, rounding, named):
    """Rounding up is admitted only where it is named; so is rounding down."""
    assume(named or rounding in UNKNOWN)
    found = closure(with_totals(rows, places, rounding, rounding if named else "unknown"))
    assert found.closes, str(found)
    assert not found.unclear
    assert len(found.constraints) == len(rows) + 3 + 3 * (len(rows[0]) + 1)


PLANTED = st.tuples(st.integers(0, 99), st.integers(0, 99), st.sampled_from([-1, 1]))


def plant(made: PrintedTable, at: tuple[int, int, int], steps: int) -> tuple[PrintedTable, tuple]:
    """Move one cell by some units of its last digit."""
    i, j = at[0] % len(made.lines), at[1] % len(made.value_columns)
    figure = made.lines[i].cells[j].figure
    assert figure is not None
    moved = figure.coefficient + at[2] * steps * Decimal(1).scaleb(-1)
    return with_cell(made, i, j, f"{moved:,f}"), (i, j)


@given(truths(), PLANTED, st.integers(30, 500), st.sampled_from(UNKNOWN))
@settings(max_examples=60)
def test_one_wrong_cell_is_found_exactly(rows, at, steps, rounding):
    wrong, cell = plant(with_totals(rows, 1, rounding), at, steps)
    found = closure(wrong)
    (fault,) = found.faults
    assert cells(found) == [{cell}]
    assert fault.complete
    assert len(fault.repairs) == 1
    (change,) = fault.repairs[0].changes
    fixed = with_cell(wrong, *cell, change.value)
    assert closure(fixed).closes
    assert change.needed.contains(fixed.lines[cell[0]].cells[cell[1]].figure.value)


@given(truths(), st.lists(PLANTED, min_size=2, max_size=3), st.integers(30, 500))
@settings(max_examples=40, deadline=None)
def test_every_repair_closes_the_table(rows, places, steps):
    wrong = with_totals(rows, 1, "half-up")
    for shift, at in enumerate(places):
        wrong, _ = plant(wrong, at, steps + 40 * shift)
    found = closure(wrong)
    for fault in found.faults:
        assert fault.repairs
        assert len(fault.repairs[0].changes) <= len(places)
        for repair in fault.repairs[:20]:
            fixed = wrong
            for change in repair.changes:
                fixed = with_cell(fixed, *change.cell, change.value)
            after = closure(fixed)
            # A total may become clear by the repair; what was tried before counts.
            tried = {c.words for c in found.constraints}
            closed = {found.constraints[n].words for n in fault.sums}
            left = {c.words for c in found.failing} - closed
            assert {c.words for c in after.failing} & tried == left


@given(truths(), PLANTED, st.sampled_from(["transposed", "sign", "factor of 1,000"]), st.data())
@settings(max_examples=60)
def test_planted_slips_are_explained(rows, at, kind, data):
    made = with_totals(rows, 1, "half-up")
    i, j = at[0] % len(made.lines), at[1] % len(made.value_columns)
    text = made.lines[i].cells[j].text
    if kind == "transposed":
        digits = text.replace(",", "").replace(".", "")
        # A zero that came to the front would not be printed.
        places = [
            k
            for k in range(len(digits) - 1)
            if digits[k] != digits[k + 1] and (k or digits[1] != "0")
        ]
        assume(places)
        k = data.draw(st.sampled_from(places))
        swapped = f"{digits[:k]}{digits[k + 1]}{digits[k]}{digits[k + 2 :]}"
        assume(abs(int(swapped) - int(digits)) >= 30)
        new = f"{Decimal(swapped).scaleb(-1):,f}"
    elif kind == "sign":
        new = f"-{text}"
    else:
        value = Decimal(text.replace(",", ""))
        new = f"{value * 1000:,.1f}" if data.draw(st.booleans()) else f"{value / 1000:,.1f}"
    found = closure(with_cell(made, i, j, new))
    assert cells(found) == [{(i, j)}]
    (change,) = found.faults[0].repairs[0].changes
    assert kind in [cause.kind for cause in change.causes]
    if kind == "sign":
        assert change.causes[0].kind == "sign"
        assert Decimal(change.value.replace(",", "")) == -Decimal(new.replace(",", ""))


@given(truths(), PLANTED, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_lines_in_a_group_does_not_matter(rows, at, chance):
    wrong, (i, j) = plant(with_totals(rows, 1, "half-up"), at, 100)
    half = len(rows) // 2
    groups = [list(range(half)), list(range(half + 1, len(rows) + 1))]
    for group in groups:
        chance.shuffle(group)
    order = [*groups[0], half, *groups[1], len(rows) + 1, len(rows) + 2]
    shuffled = replace(wrong, lines=tuple(wrong.lines[k] for k in order))
    assert cells(closure(wrong)) == [{(i, j)}]
    assert cells(closure(shuffled)) == [{(order.index(i), j)}]


@given(truths(), PLANTED, st.lists(st.integers(0, 7), max_size=4))
@settings(max_examples=30)
def test_a_line_may_stand_in_another_unit(rows, at, others):
    """1,204.5 MWh and 1.2045 GWh are one figure with one last digit."""
    wrong, cell = plant(with_totals(rows, 1, "half-up"), at, 100)
    before = closure(wrong)
    for k in {k for k in others if k < len(wrong.lines)}:
        line = wrong.lines[k]
        moved = []
        for old in line.cells:
            value = Decimal(old.text.replace(",", "")).scaleb(-3)
            moved.append(replace(old, unit="GWh", text=f"{value:,f}", figure=None))
        lines = [*wrong.lines]
        lines[k] = replace(line, unit="GWh", cells=tuple(moved))
        wrong = replace(wrong, lines=tuple(lines))
        for j, old in enumerate(moved):
            wrong = with_cell(wrong, k, j, old.text)
    after = closure(wrong)
    assert cells(before) == cells(after) == [{cell}]
    assert [c.closes for c in before.constraints] == [c.closes for c in after.constraints]


ROWS = [
    ["Gas", "1,204", "1,180", "2,384"],
    ["Oil", "310", "305", "615"],
    ["Power", "2,211", "2,303", "4,514"],
    ["Total", "3,725", "3,788", "7,513"],
]


def slipped(*changes: tuple[int, int, str], columns: int = 3) -> Closure:
    made = table([row[: columns + 1] for row in ROWS], head=["2019", "2020", "Total"][:columns])
    for i, j, text in changes:
        made = with_cell(made, i, j, text)
    return closure(made)


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ((2, 0, "2,121"), "transposed", "the digits 21 are exchanged"),
        ((0, 0, "12,040"), "decimal mark", "it is too high by a factor of 10: the decimal mark"),
        ((0, 1, "-1,180"), "sign", "the sign is turned"),
        ((2, 1, "2"), "factor of 1,000", "it is too low by a factor of 1,000"),
        ((3, 0, "3,415"), "left out", "as printed it leaves out 'Oil'"),
        ((3, 0, "4,035"), "counted twice", "as printed it counts twice 'Oil'"),
        ((0, 1, "11,180"), "digit too many", "the digit 1 is one too many"),
    ],
)
def test_slips_in_words(change, kind, words):
    found = slipped(change)
    (fault,) = found.faults
    (fix,) = fault.repairs[0].changes
    assert fix.cell == change[:2]
    assert kind in [cause.kind for cause in fix.causes]
    assert any(cause.words.startswith(words) for cause in fix.causes)


def test_a_subtotal_counted_into_the_total():
    rows = [["a", "1,014"], ["b", "2,023"], ["Subtotal", "3,037"], ["c", "551"], ["d", "723"]]
    rows += [["Subtotal C", "1,274"], ["Total", "7,348"], ["Staff [1]", "12"]]
    made = table([[*row, row[1]] for row in rows])
    good = with_cell(made, 6, 0, "4,311")
    found = closure(good)
    assert not found.closes
    assert "'Total' in 2021" in str(found.failing[0])
    best = found.faults[0].best
    assert "as printed it counts twice 'Subtotal'" in str(best[0])


def test_cells_that_tie_are_all_named():
    found = slipped((3, 0, "3,825"), columns=2)
    (fault,) = found.faults
    assert {next(iter(c)) for c in cells(found)} <= {(i, 0) for i in range(4)}
    assert len(fault.repairs) == 4
    text = str(slipped((3, 0, "3,777"), columns=2))
    assert "any one of these 4 cells would close this sum" in text


def test_figures_exchanged_with_each_other():
    found = slipped((1, 0, "2,211"), (2, 0, "310"))
    (fault,) = found.faults
    (best,) = fault.best
    assert {change.cell for change in best.changes} == {(1, 0), (2, 0)}
    assert {c.causes[0].kind for c in best.changes} == {"exchanged"}
    assert [change.value for change in best.changes] == ["310", "2,211"]


def test_a_sum_without_a_figure_is_not_tried():
    made = table([["a", "10", "–"], ["b", "20", "18"], ["Total", "30", "30"]])
    found = closure(made)
    assert found.closes
    assert found.untried == (
        "'a' and 'b' add up to 'Total' in 2021 ('a' in 2021 (printed '–'): no figure)",
    )


def test_the_frame_has_a_row_for_each_sum():
    frame = slipped((2, 0, "2,121")).to_frame()
    assert len(frame) == 7
    assert list(frame["closes"]) == [False, True, True, True, True, False, True]
    assert frame.loc[0, "nominal"] == 3635.0
