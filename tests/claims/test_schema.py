"""The JSON Schema says what the reader says, as far as keys and kinds of values go."""

from __future__ import annotations

import copy
import json
import tomllib
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any

import pytest
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
OTHER = (
    5, True, "other", "unknown", "no-relation", "a == u", [], ["a == u"], [1], {"a": ["b"]},
    {"activity": "electricity"},
)  # fmt: skip


def test_the_small_report_is_sound() -> None:
    assert read_content(copy.deepcopy(SMALL), 100)[1] == []
    assert VALIDATOR.is_valid(SMALL)


@pytest.mark.parametrize("where", ENTRIES, ids=str)
def test_schema_and_reader_agree_key_by_key(where: tuple[str | int, ...]) -> None:
    """Put every value under every key, and take every key out."""
    query = where[-1] == "factor"
    known = ("activity", "region", "year", "vintage") if query else (*SECTIONS[where[0]], "other")
    needed = {"format", "report", where[0]}
    needed |= {"figures", "unknowns", "derived"} if where[0] == "claims" else set()
    small = {name: part for name, part in SMALL.items() if name in needed}
    refused = 0
    for key, value in product(known, (*OTHER, None)):
        changed: Any = copy.deepcopy(small)
        entry = changed
        for part in where:
            entry = entry[part]
        if value is None:
            entry.pop(key, None)
        else:
            entry[key] = value
        valid = VALIDATOR.is_valid(changed)
        _, problems = read_content(changed, 100)
        refused += not valid
        seen = [p for p in problems if p.code in SEEN or "give" in p.message]
        assert problems or valid, (key, value)
        assert not (valid and seen), (key, value, seen)
    assert refused > 20
