"""The measuring of reliability, in small; and the document that the whole of it writes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction

import pytest
import reliability
from drawn_tables import SLIPS, Drawn, true_table
from reliability import FULL, KINDS, LOCALES, QUICK, STYLES, Draft, seeded
from test_diagnose import PLANTERS, Statement
from test_properties import Shape

from carbonkit.claims import Report, Verdict, parse_report

TEXT = reliability.DOCUMENT.read_text("utf-8")


@pytest.mark.parametrize("style", STYLES[:2])
def test_no_true_claim_is_accused(style: str) -> None:
    found = reliability.clean(QUICK, style)
    assert sum(mine.tried for mine in found.claims.values()) == QUICK.reports * QUICK.claims
    assert [text for mine in found.claims.values() for text in mine.accused] == []
    assert all(v.passes for mine in found.claims.values() for v in map(Verdict, mine.verdicts))


def test_false_claims_are_accused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Shape("t == a + b", dict.fromkeys("ab", "t"), "t", lambda a, b: 2 * (a + b))
    monkeypatch.setattr(reliability, "KINDS", {"sum": wrong})
    found = reliability.clean(reliability.Settings(reports=2), "careful")
    assert len(found.claims["sum"].accused) > 15


@pytest.mark.parametrize("kind", PLANTERS)
def test_planted_slips_are_noticed_and_named(kind: str) -> None:
    found = reliability.plant(QUICK, kind, 6)
    assert found.tried == found.noticed == QUICK.slips
    assert found.first <= found.among <= found.noticed
    assert found.among >= QUICK.slips - 1


def test_a_report_without_a_slip_notices_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def true(rng: object) -> Statement:
        return Statement("t == a + b", {
            "t": {"text": "30,000", "unit": "t"},
            "a": {"text": "12,345", "unit": "t"},
            "b": {"text": "17,655", "unit": "t"},
        })  # fmt: skip

    monkeypatch.setitem(PLANTERS, "none", true)
    found = reliability.plant(QUICK, "none", 6)
    assert (found.tried, found.noticed, found.among) == (QUICK.slips, 0, 0)


@pytest.mark.parametrize("locale", LOCALES)
def test_reports_are_written_in_their_locale(
    locale: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def noted(data: bytes, path: str) -> Report:
        seen.append(data)
        return parse_report(data, path)

    monkeypatch.setattr(reliability, "parse_report", noted)
    draft = Draft()
    figures = {n: {"text": "1,234.5", "unit": "t"} for n in "ta"}
    draft.add("x", "t == a", figures, "0")
    draft.audit(locale, "unknown")
    content = tomllib.loads(seen[0].decode())
    assert (content["report"]["decimal"], content["report"]["thousands"]) == locale
    assert content["figures"]["t0"]["text"] == f"1{locale[1]}234{locale[0]}5"
    assert content["claims"][0]["relation"] == "t0 == a0"


def test_careful_authors_print_what_the_inputs_carry() -> None:
    # 12.3 x 4.56 lies between 12.25 x 4.555 = 55.80 and 12.35 x 4.565 = 56.38: whole numbers.
    values = {"a": Fraction("12.3"), "b": Fraction("4.56")}
    assert reliability.carried(KINDS["product"], values, {"a": 1, "b": 2}) == 0
    # 12.3 + 4.56 lies within 0.11: again whole numbers.
    assert reliability.carried(KINDS["sum()"], values, {"a": 1, "b": 2}) == 0
    assert reliability.carried(KINDS["t to kt"], {"a": Fraction(7)}, {"a": 0}) == 3


@pytest.mark.parametrize(
    ("text", "digits", "expected"),
    [("12,345", 3, "12,300"), ("0.012345", 3, "0.0123"), ("9,999", 3, "10,000"), ("12", 3, "12")],
)
def test_figures_of_fewer_digits(text: str, digits: int, expected: str) -> None:
    assert reliability.fewer(text, digits) == expected


def test_the_same_seed_draws_the_same() -> None:
    few = reliability.Settings(reports=2, slips=1)
    one, two = (reliability.clean(few, "careful") for _ in "ab")
    assert one == two
    assert reliability.plant(few, "GWP set", 3) == reliability.plant(few, "GWP set", 3)
    assert seeded(1, "a").random() != seeded(1, "b").random()


# --- tables --------------------------------------------------------------------------------------


def test_every_sum_of_a_true_table_is_found_and_closes() -> None:
    found = reliability.true_tables(QUICK)
    assert found.sums > 0
    assert found.missed == 0
    assert not found.readings["open"]
    assert found.accused == []


def test_true_tables_add_up_before_they_are_printed() -> None:
    rng = seeded("exact")
    drawn = true_table(rng, "half-even", exact=True)
    for column in range(1, drawn.years + 1):
        cells = [Fraction(drawn.cell(row, column).replace(",", "")) for row in drawn.parts]
        total = Fraction(drawn.cell(drawn.totals[-1], column).replace(",", ""))
        assert sum(cells) == total


@pytest.mark.parametrize("kind", SLIPS)
def test_slips_in_tables_are_noticed_or_the_sum_is_left_open(kind: str) -> None:
    found = reliability.plant_in_tables(QUICK, kind)
    assert found.alone <= found.likeliest <= found.among <= found.failing <= found.tried
    assert found.failing + found.unclear >= QUICK.slips - 1


def test_slips_change_one_cell_or_drop_one_line() -> None:
    rng = seeded("slips")
    drawn = true_table(rng, "half-even")
    for kind, slip in SLIPS.items():
        planted = slip(drawn, rng)
        assert planted is not None
        other, (row, column) = planted
        if kind == "dropped line":
            assert len(other.rows) == len(drawn.rows) - 1
            continue
        assert differing(drawn, other) == [(row, column)]


def differing(one: Drawn, other: Drawn) -> list[tuple[int, int]]:
    return [
        (r, c)
        for r, (left, right) in enumerate(zip(one.rows, other.rows, strict=True))
        for c, (a, b) in enumerate(zip(left, right, strict=True))
        if a != b
    ]


# --- the document --------------------------------------------------------------------------------


def rows(title: str) -> Iterator[list[str]]:
    section = TEXT.split(f"### {title}\n")[1].split("\n### ")[0]
    for line in section.splitlines():
        if line.startswith("| ") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_document_was_written_by_the_command_as_it_is() -> None:
    assert f"settings\n`{FULL.hash}`" in TEXT, "run python tests/claims/reliability.py"
    assert (
        reliability.between(
            TEXT, TEXT.split(reliability.MARKS[0])[1].split(reliability.MARKS[1])[0]
        )
        == TEXT
    )


@pytest.mark.parametrize("style", STYLES)
def test_counts_of_true_reports_add_up(style: str) -> None:
    head, *body = (r for r in rows(f"True reports, {style}") if len(r) > 2)
    assert [r[0] for r in body] == [*KINDS, "all"]
    inconsistent = head.index("inconsistent")
    for row in body:
        counts = [int(cell.replace(",", "")) for cell in row[1:]]
        assert counts[0] == sum(counts[1:-1])
        assert style == "cut off at tens" or row[inconsistent] == "0"
    claims = int(body[-1][1].replace(",", ""))
    assert claims == FULL.reports * FULL.claims


@pytest.mark.parametrize("digits", FULL.digits)
def test_every_kind_of_slip_has_its_shares(digits: int) -> None:
    _, *body = rows(f"Planted slips, figures of at most {digits} digits")
    assert [r[0] for r in body] == list(PLANTERS)
    for _, *cells in body:
        assert all(re.fullmatch(r"\d{1,3}\.\d %|-", cell) for cell in cells)
        noticed, inconsistent, named, first, _ = (
            float(c.rstrip(" %").strip("-") or 0) for c in cells
        )
        assert inconsistent <= noticed
        assert first <= named


def test_no_claim_of_a_true_table_is_inconsistent() -> None:
    verdicts = {r[1]: int(r[0].replace(",", "")) for r in rows("True tables") if r[0][0].isdigit()}
    assert verdicts["inconsistent"] == 0
    assert verdicts["reproduced-exactly"] > FULL.tables


def test_every_kind_of_slip_in_tables_has_its_shares() -> None:
    _, *body = rows("Slips planted into tables")
    assert [r[0] for r in body] == list(SLIPS)
    assert all(re.fullmatch(r"\d{1,3}\.\d %|-", cell) for _, *cells in body for cell in cells)
