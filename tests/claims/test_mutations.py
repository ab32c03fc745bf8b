"""Figures moved beyond what they stand for are noticed, or a tested rule says why not.

`python tests/claims/mutations.py` prints the whole tally.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import mutations
import pytest
from mutations import BOUND, COARSER, FAILED, FAMILY, MISSING, OPEN, ROUNDING, UNEXPLAINED

from carbonkit import printed
from carbonkit.claims import Verdict, load_report, parse_report


@pytest.fixture(scope="module")
def found() -> list[mutations.Mutant]:
    return list(mutations.mutants(load_report("huawei-2020"), ("last digit", "tenfold")))


def test_no_verdict_stays_without_a_reason(found: list[mutations.Mutant]) -> None:
    assert [m for m in found if m.rule == UNEXPLAINED] == []
    assert {m.rule for m in found} <= {
        "", BOUND, COARSER, FAILED, FAMILY, MISSING, OPEN, ROUNDING
    }  # fmt: skip
    assert all(m.flips != bool(m.rule) for m in found)


def test_most_verdicts_flip(found: list[mutations.Mutant]) -> None:
    digit, tenfold = mutations.tally(found)
    assert digit.tried > 700
    assert tenfold.tried > 700
    assert digit.changed / digit.could > 0.7
    assert tenfold.share > 0.8
    assert tenfold.flipped / (tenfold.could - tenfold.rules[BOUND]) > 0.99
    # A power of ten is never excused by rounding, but where the figure hardly counts in a sum.
    of_sums = {m.relation for m in found if m.size == "tenfold" and m.rule in (ROUNDING, COARSER)}
    assert all("+" in relation or "-" in relation for relation in of_sums)


def test_every_figure_that_could_be_caught_is_caught_by_some_claim(
    found: list[mutations.Mutant],
) -> None:
    """A figure whose relations are all bounds or lack a figure cannot be; any other one is."""
    excused = {BOUND, MISSING, FAILED, OPEN}
    tenfold = [m for m in found if m.size == "tenfold"]
    caught = {m.figure for m in tenfold if m.flips}
    not_caught = {m.figure for m in tenfold} - caught
    for figure in not_caught:
        assert {m.rule for m in tenfold if m.figure == figure} <= excused, figure


def test_a_verdict_that_stays_wrongly_is_not_excused(write: Callable[..., str]) -> None:
    figures = {"energy": "27.64 GWh", "co2": {"text": "13,129 t", "unit": "t CO2"}}
    facts = {"iea": {"factor": {"activity": "electricity", "release": "iea/world-2018"}}}
    text = write(figures, ["co2 == avoided_emissions(energy, iea)"], facts=facts)
    report = parse_report(text.encode(), "r.toml")
    (result,) = report.verify()
    (finding,) = result.findings
    moved = replace(report.values["co2"], figure=printed.parse("131,290 t", tons="tonne"))
    values = {**report.values, "co2": moved}
    assert finding.relation is not None
    rule = mutations._rule(finding, finding, finding.relation, "co2", report.values, values)
    assert rule == UNEXPLAINED
    kept = mutations._rule(finding, finding, finding.relation, "co2", report.values, report.values)
    assert kept == ROUNDING


@pytest.mark.parametrize(
    ("text", "size", "up", "expected"),
    [
        ("13,129 tons", "last digit", True, "13,130 tons"),
        ("about 500,000 kWh", "last digit", False, "about 400,000 kWh"),
        ("27.64 million kWh", "tenth", True, "30.41 million kWh"),
        ("8% to 15%", "last digit", True, "9% to 16%"),
        ("-1.6%", "last digit", True, "-1.7%"),
        ("0.79%", "tenfold", False, "0.079%"),
        ("CNY141,893 million", "thousandfold", True, "CNY141,893,000 million"),
        ("more than 400,000 sites", "tenfold", True, "more than 4,000,000 sites"),
        ("0", "last digit", False, None),
        ("5 to 6", "last digit", False, "4 to 5"),
    ],
)
def test_figures_are_moved_in_their_own_form(
    text: str, size: str, up: bool, expected: str | None
) -> None:
    figure = printed.parse(text, tons="tonne")
    assert mutations.moved_text(figure, size, up=up) == expected
    if expected is not None:
        printed.parse(expected, tons="tonne")


def test_what_was_false_before_is_counted_apart(found: list[mutations.Mutant]) -> None:
    failed = [m for m in found if m.before is Verdict.INCONSISTENT]
    assert failed
    assert {m.rule for m in failed} == {FAILED}
    assert all(not m.before.passes for m in found if m.rule in (FAILED, OPEN, MISSING))
