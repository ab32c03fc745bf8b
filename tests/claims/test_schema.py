"""The JSON Schema says what the reader says, as far as keys and kinds of values go."""

from __future__ import annotations

import copy
import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from carbonkit.claims import bundled_reports
from carbonkit.claims.keys import SECTIONS
from carbonkit.claims.reader import read_content
from carbonkit.claims.schema import json_schema

SHIPPED = resources.files("carbonkit") / "reports" / "carbonkit-report-1.schema.json"
VALIDATOR = Draft202012Validator(json_schema())
# What a schema can see; the rest needs units, factors and arithmetic.
SEEN = {"unknown-key", "type", "choice", "missing", "format"}


def content(name: str) -> dict[str, Any]:
    return tomllib.loads(
        (resources.files("carbonkit") / "reports" / f"{name}.toml").read_text("utf-8")
    )


def test_the_shipped_file_is_the_schema() -> None:
    assert json.loads(SHIPPED.read_text("utf-8")) == json_schema()


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", bundled_reports())
def test_bundled_reports_are_valid(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(content(name))] == []


def test_what_the_schema_refuses_the_reader_refuses() -> None:
    refused = 0
    for path in sorted((Path(__file__).parent / "broken").glob("*.toml")):
        try:
            broken = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError:
            continue
        _, problems = read_content(copy.deepcopy(broken), 100)
        valid = VALIDATOR.is_valid(broken)
        refused += not valid
        if not valid:
            assert problems, path
        if any(problem.code in SEEN and "control" not in problem.message for problem in problems):
            assert not valid, path
    assert refused > 25


SMALL: dict[str, Any] = {
    "format": "carbonkit-report/1",
    "report": {"id": "r", "title": "R", "year": 2020, "tons": "tonne", "regions": ["CN"]},
    "figures": {"a": {"text": "1,000 t", "page": 1, "nominal": False, "rounding": "nearest"}},
    "facts": {
        "f": {"text": "2", "unit": "1", "source": "s"},
        "g": {"factor": {"activity": "electricity", "region": "World", "release": "iea/world-2018",
                         "year": 2018}},
    },
    "assumptions": {"h": {"text": "3", "unit": "1", "source": "s", "reason": "r"}},
    "unknowns": {"u": {"unit": "t", "what": "w"}},
    "tables": {
        "gas": {"cells": "Gas (MWh);2019;2020\nA;98;104", "page": 2, "decimal": ".",
                "totals": {"a": []}},
    },
    "derived": {"d": "a + a"},
    "claims": [
        {"id": "k", "statement": "s", "relation": "a == u"},
        {"id": "l", "statement": "s", "relations": ["a == u", "a <= d"]},
        {"id": "m", "statement": "s", "uncheckable": "no-relation", "missing": "m"},
    ],
}  # fmt: skip
ENTRIES = [
    ("report",), ("figures", "a"), ("facts", "f"), ("facts", "g"), ("facts", "g", "factor"),
    ("assumptions", "h"), ("unknowns", "u"), ("tables", "gas"),
    ("claims", 0), ("claims", 1), ("claims", 2),
]  # fmt: skip
OTHER = st.sampled_from(
    [5, 2.5, True, "other", "tonne", "unknown", "", [], ["a"], [1], {}, {"a": 1}]
)
NAMES = sorted({key for section in SECTIONS.values() for key in section} | {"other", "activity"})


def test_the_small_report_is_sound() -> None:
    assert read_content(copy.deepcopy(SMALL), 100)[1] == []
    assert VALIDATOR.is_valid(SMALL)


@given(st.sampled_from(ENTRIES), st.sampled_from(NAMES), OTHER, st.booleans())
def test_schema_and_reader_agree_key_by_key(
    where: tuple[str | int, ...], key: str, value: Any, take_out: bool
) -> None:
    changed: Any = copy.deepcopy(SMALL)
    entry = changed
    for part in where:
        entry = entry[part]
    if take_out:
        entry.pop(key, None)
    else:
        entry[key] = value
    _, problems = read_content(copy.deepcopy(changed), 100)
    wrong = [p for p in problems if p.code in SEEN or "give" in p.message]
    valid = VALIDATOR.is_valid(changed)
    if not valid:
        assert problems
    # The reader asks the factor library what it can be asked; the schema has the same words.
    if wrong and where[-1] != "factor":
        assert not valid, wrong
