"""Files that cannot be used: one clear error each, that names file and key; no code runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from carbonkit.claims import load_report
from carbonkit.errors import CarbonkitError, ReportError

FOLDER = Path(__file__).parent / "broken"
SECONDS = 2.0

# The words that each message must hold: where it is, what is wrong, what to do.
BROKEN: dict[str, tuple[str, ...]] = {
    "empty": ("not a report file", "format = 'carbonkit-report/1'"),
    "other_toml": ("not a report file", "format = 'carbonkit-report/1'"),
    "future_format": ("not a report file", "carbonkit-report/9"),
    "toml_syntax": ("not a report file", "line 1"),
    "duplicate_key": ("not a report file", "line 10"),
    "unknown_table": ("unknown key 'figurs'", "Did you mean figures?"),
    "report_not_a_table": ("report", "must be a table, not str"),
    "report_without_id": ("[report]", "id is missing"),
    "report_without_year": ("[report]", "year must be a year such as 2020"),
    "year_in_quotes": ("[report]", "year must be a year such as 2020", "'2020'"),
    "unknown_report_key": ("[report]", "unknown key 'organization'", "Did you mean organisation?"),
    "unknown_tons": ("[report]", "tons = 'metric'", "tonne, short_ton, long_ton"),
    "unknown_rounding": ("[report]", "rounding = 'bankers'", "half-even"),
    "unknown_region": ("[report]", "Atlantis"),
    "one_mark_for_two": ("[report]", "both the decimal mark and the grouping mark"),
    "unknown_unit": ("figures.c", "Unknown unit 'zorks'", "unit = '...'"),
    "misspelt_unit": ("figures.c", "Did you mean kWh?"),
    "unknown_unit_key": ("figures.c", "Unknown unit 'zorks'"),
    "no_unit": ("figures.c", "without a unit", "add unit = '...'"),
    "ambiguous_ton": ("figures.a", "ton", "tonne", "short_ton"),
    "unit_of_another_dimension": ("figures.c", "contradicts the printed '17 t'", "which is in t"),
    "unit_of_another_size": ("figures.c", "contradicts the printed '17 kt'"),
    "unit_of_another_gas": ("figures.c", "contradicts the printed '17 t CO2'"),
    "unit_of_another_currency": ("figures.c", "contradicts the printed 'CNY 17 million'"),
    "unit_too_long": ("figures.c", "longer than 200 characters"),
    "unit_with_a_huge_power": ("figures.c", "exponent 999999999"),
    "not_a_number": ("figures.c", "'nan t' holds no digits"),
    "infinite": ("figures.c", "'inf t' holds no digits"),
    "infinite_number": ("figures.c", "must be text in quotes", "inf"),
    "float_for_text": ("figures.c", "must be text in quotes", "17.0"),
    "number_word": ("figures.c", "holds no digits", "number words and fractions are not guessed"),
    "ambiguous_grouping": ("figures.c", "'1,7 t'", "1.7", "17"),
    "huge_exponent": ("figures.c", "exponent that no figure needs"),
    "thousand_digits": ("figures.c", "a printed figure has at most 200"),
    "hundred_digits": ("figures.c", "a figure has at most 30"),
    "nul_in_a_figure": ("figures.c", "control character"),
    "unknown_figure_key": ("figures.c", "unknown key 'untit'", "Did you mean unit?"),
    "unknown_qualifier": ("figures.c", "qualifier = 'roughly'", "about"),
    "two_qualifiers": ("figures.c", "keep one"),
    "nominal_in_quotes": ("figures.c", "nominal must be true or false"),
    "page_of_tables": ("figures.c", "page must be a number or text"),
    "figure_not_a_table": ("figures.c", "must be a table such as { text = '12 t' }"),
    "figure_without_text": ("figures.c", "text is missing"),
    "dunder_name": ("figures.__import__", "cannot be a name"),
    "keyword_name": ("figures.lambda", "cannot be a name"),
    "dashed_name": ("figures.a-b", "cannot be a name", "letters, digits and _"),
    "name_of_a_formula": ("figures.share", "already taken"),
    "name_of_a_convention": ("figures.days_per_year", "already taken"),
    "duplicate_name": ("facts.a", "'a' is already taken"),
    "fact_without_source": ("facts.f", "source is missing"),
    "assumption_without_reason": ("assumptions.f", "reason is missing"),
    "unknown_without_what": ("unknowns.f", "what is missing"),
    "factor_not_a_table": ("facts.f", "activity = 'electricity'"),
    "unknown_activity": ("facts.f", "'electrcity'", "Did you mean electricity"),
    "unknown_factor_region": ("facts.f", "Atlantis"),
    "unknown_factor_kind": ("facts.f", "unknown kind 'avg'", "Did you mean average?"),
    "unknown_factor_key": ("facts.f", "cannot be read", "vintage"),
    "factor_region_a_number": ("facts.f", "region must be text, not 5"),
    "factor_year_in_quotes": ("facts.f", "year must be a whole number"),
    "many_factors_for_one": ("facts.f",),
    "circular_derived": ("derived.d", "circular reference: d -> e -> d", "Break the circle"),
    "derived_of_itself": ("derived.d", "circular reference: d -> d"),
    "derived_unknown_name": ("derived.d", "'nothing'"),
    "derived_not_text": ("derived.d", "must be text such as"),
    "derived_blow_up": ("derived.d", "more than 500 terms", "Split it"),
    "derived_power_tower": ("derived.d", "multiplies more than 200 factors"),
    "derived_long_chain": ("derived.d0", "goes through more than 50 other names"),
    "relation_unknown_figure": ("claim 'k'", "'bb'"),
    "relation_misspelt_figure": ("claim 'k'", "'zeroo'", "Did you mean zero?"),
    "relation_unknown_formula": (
        "claim 'k'",
        "no formula 'avoided_emission'",
        "Did you mean avoided_emissions?",
    ),
    "relation_wrong_number_of_arguments": (
        "claim 'k'",
        "share takes 2 arguments (part, whole), not 1",
    ),
    "relation_keyword_argument": ("claim 'k'", "is not arithmetic"),
    "relation_wrong_dimension": ("claim 'k'", "same dimensions"),
    "relation_adds_unlike": ("claim 'k'", "the units do not fit"),
    "relation_wrong_argument": ("claim 'k'", "avoided_emissions", "energy"),
    "relation_import": ("claim 'k'", "is not arithmetic", "Allowed are names, numbers"),
    "relation_call": ("claim 'k'", "is not arithmetic"),
    "relation_eval": ("claim 'k'", "no formula 'eval'"),
    "relation_attribute": ("claim 'k'", "is not arithmetic"),
    "relation_subscript": ("claim 'k'", "is not arithmetic"),
    "relation_lambda": ("claim 'k'", "is not arithmetic"),
    "relation_string": ("claim 'k'", "is not arithmetic"),
    "relation_f_string": ("claim 'k'", "is not arithmetic"),
    "relation_comprehension": ("claim 'k'", "is not arithmetic"),
    "relation_walrus": ("claim 'k'", "is not arithmetic"),
    "relation_conditional": ("claim 'k'", "is not arithmetic"),
    "relation_await": ("claim 'k'", "is not arithmetic"),
    "relation_starred": ("claim 'k'", "is not arithmetic"),
    "relation_statement": ("claim 'k'", "is not arithmetic"),
    "relation_assignment": ("claim 'k'", "is not arithmetic"),
    "relation_modulo": ("claim 'k'", "is not arithmetic"),
    "relation_complex": ("claim 'k'", "is not arithmetic"),
    "relation_boolean": ("claim 'k'", "is not arithmetic"),
    "relation_hexadecimal": ("claim 'k'", "decimal digits"),
    "relation_two_comparisons": ("claim 'k'", "must compare two sides once"),
    "relation_no_comparison": ("claim 'k'", "must compare two sides once"),
    "relation_unequal": ("claim 'k'", "must compare two sides once"),
    "relation_empty": ("claim 'k'", "relation"),
    "relation_without_a_name": ("claim 'k'", "names no figure"),
    "relation_from_itself": ("claim 'k'", "from itself"),
    "relation_sum_on_the_left": ("claim 'k'", "left side of == must be the one figure"),
    "relation_huge_power": ("claim 'k'", "a power must be a whole number from 0 to 9"),
    "relation_broken_power": ("claim 'k'", "is not arithmetic"),
    "relation_power_tower": ("claim 'k'", "multiplies more than 200 factors"),
    "relation_huge_exponent": ("claim 'k'", "out of all measure"),
    "relation_tiny_exponent": ("claim 'k'", "out of all measure"),
    "relation_thousand_digits": ("claim 'k'", "out of all measure"),
    "relation_deep_parentheses": ("claim 'k'", "is not arithmetic", "too many nested parentheses"),
    "relation_deep_signs": ("claim 'k'", "more than 500 terms"),
    "relation_too_long": ("claim 'k'", "characters long", "Name its parts under [derived]"),
    "relation_many_families": ("claim 'k'", "choices", "Name region, year or publisher"),
    "unit_in_other_letters": ("figures.c", "'kwh'", "Did you mean kWh?", "unit = 'kWh'"),
    "significant_beyond_the_digits": ("figures.c", "significant = 3 does not fit '17 t'"),
    "significant_drops_digits": ("figures.c", "significant = 3 does not fit '1,234 t'"),
    "significant_and_decimals": ("figures.c", "significant or decimals, not both"),
    "decimals_of_a_range": ("figures.c", "for one figure, not for a range"),
    "decimals_in_quotes": ("figures.c", "decimals must be a whole number, not '0'"),
    "table_without_cells": ("tables.t", "cells is missing"),
    "table_with_a_word": ("tables.t", "row 4, column B", "'zork' holds no digits"),
    "table_unknown_key": ("tables.t", "unknown key 'columns'", "Allowed are cells"),
    "table_not_a_table": ("tables.t", "must be a table that holds cells"),
    "table_dashed_name": ("tables.a-b", "cannot be a name"),
    "table_totals_not_lists": ("tables.t", "totals must be a table of lists"),
    "table_totals_unknown": ("tables.t", "no line or column 'all'"),
    "table_name_twice": ("tables.t", "'t_gas_2019' is already taken"),
    "claims_not_a_list": ("claims", "[[claims]]"),
    "claim_without_id": ("claim 1", "id is missing"),
    "claim_without_statement": ("claim 'k'", "statement is missing"),
    "claim_twice": ("claim 'k'", "the id stands twice"),
    "claim_with_nothing_to_check": (
        "claim 'k'",
        "give either a relation, or uncheckable",
        "no-relation",
    ),
    "claim_with_relation_and_reason": ("claim 'k'", "give either a relation, or uncheckable"),
    "claim_with_relation_and_relations": ("claim 'k'", "not both"),
    "claim_with_unknown_reason": ("claim 'k'", "uncheckable = 'inconsistent'", "third-party"),
    "claim_with_a_verdict": ("claim 'k'", "unknown key 'verdict'"),
    "claim_relation_a_number": ("claim 'k'", "relation must be text in quotes", "5"),
    "claim_with_escape_codes": ("claim 'k'", "system holds the control character"),
}


def refusal(path: Path | str) -> str:
    """The message that a file is refused with, in bounded time and by carbonkit's own error."""
    began = time.process_time()
    with pytest.raises(CarbonkitError) as caught:
        load_report(path).verify()
    assert time.process_time() - began < SECONDS
    assert isinstance(caught.value, ReportError)
    message = str(caught.value)
    assert str(path) in message or Path(path).name in message
    assert len(message) < 2500
    return message


@pytest.fixture(autouse=True)
def _nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """A canary: whatever a file asks for, no command runs and no file is opened."""

    def sing(*_: object, **__: object) -> None:
        pytest.fail("a report file ran code")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "system", sing)
    monkeypatch.setattr("builtins.eval", sing)
    yield
    assert not (tmp_path / "CANARY").exists()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_words_that_help(name: str) -> None:
    message = refusal(FOLDER / f"{name}.toml")
    for words in BROKEN[name]:
        assert words in message, message


def test_every_broken_file_has_its_words() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(BROKEN)


# --- files too large or too odd to keep beside the tests -----------------------------------------

HEAD = 'format = "carbonkit-report/1"\n[report]\nid = "r"\ntitle = "R"\nyear = 2020\n'
HOSTILE = {
    "nested lists": (b"a = " + b"[" * 100_000, "nested too deeply"),
    "nested tables": (b"a = " + b"{a = " * 50_000, "nested too deeply"),
    "closed nested lists": (b"a = " + b"[" * 90 + b"]" * 90, "nested too deeply"),
    "dotted key": (HEAD.encode() + b"[figures]\na" + b".a" * 450_000 + b" = 1\n", "too many parts"),
    "dotted table": (b"[a" + b" . 'a'" * 100_000 + b"]\n", "too many parts"),
    "dotted inline": (b"x = { a" + b'."b"' * 100_000 + b" = 1 }\n", "too many parts"),
    "long number": (b"year = " + b"9" * 100_000, "not a report file"),
    "five megabytes": (HEAD.encode() + b"#" * 5_000_000, "larger than 1,000,000 bytes"),
    "long text": (
        f'{HEAD}[figures]\na = {{ text = "{"1" * 900_000}" }}\n'.encode(),
        "at most 200",
    ),
    "long name": (f'{HEAD}[figures]\n{"a" * 900_000} = {{ text = "1 t" }}\n'.encode(), "a name"),
    "long unknown key": (f"{HEAD}{'a' * 900_000} = 1\n".encode(), "unknown key"),
    "not UTF-8": (HEAD.replace('"R"', '"Ä"').encode("latin-1"), "is not UTF-8 text"),
    "UTF-16": (HEAD.encode("utf-16"), "is not UTF-8 text"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not UTF-8 text"),
    "zeros": (b"\0" * 1000, "not a report file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_bounded_time(name: str, tmp_path: Path) -> None:
    data, words = HOSTILE[name]
    path = tmp_path / "hostile.toml"
    path.write_bytes(data)
    assert words in refusal(path)


def test_a_full_file_of_figures_is_read_in_bounded_time(tmp_path: Path) -> None:
    lines = [f'f{n} = {{ text = "{n} t" }}\n' for n in range(10_000)]
    path = tmp_path / "full.toml"
    path.write_text(f"{HEAD}[figures]\n{''.join(lines)}")
    began = time.process_time()
    assert len(load_report(path).values) > 10_000
    assert time.process_time() - began < 2 * SECONDS


def test_a_byte_order_mark_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert load_report(path).id == "r"


def test_a_relation_may_run_over_several_lines(
    check: Callable[..., object], tmp_path: Path
) -> None:
    path = tmp_path / "lines.toml"
    path.write_text(
        f'{HEAD}[figures]\na = {{ text = "1 t" }}\nb = {{ text = "1 t" }}\n'
        '[[claims]]\nid = "k"\nstatement = "s"\nrelation = """\na ==\n  b\n"""\n'
    )
    assert load_report(path).verify()["k"].verdict.passes


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.toml", "No such file"),
        ("huawei", "Did you mean huawei-2020?"),
        ("huawei-2021", "Did you mean huawei-2020?"),
        ("", "there is no report"),
        ("x" * 5000, "there is no report"),
        ("x" * 5000 + ".toml", "cannot be read"),
        ("a\0b.toml", "cannot be read"),
        ("a\0b", "there is no report"),
    ],
)
def test_a_missing_report_is_named(name: str, words: str) -> None:
    with pytest.raises(ReportError) as caught:
        load_report(name)
    assert words in str(caught.value)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    assert "Is a directory" in refusal(tmp_path / "folder.toml")
    (tmp_path / "folder").mkdir()
    assert "there is no report" in refusal(tmp_path / "folder")


def test_a_directory_named_like_a_bundled_report_does_not_hide_it(tmp_path: Path) -> None:
    (tmp_path / "huawei-2020").mkdir()
    assert load_report("huawei-2020").id == "huawei-2020"


def test_an_endless_file_is_refused() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero on this system")
    assert "larger than" in refusal("/dev/zero")
