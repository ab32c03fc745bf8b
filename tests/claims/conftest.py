"""A small report file, written from its figures and relations."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from carbonkit.claims import Audit, parse_report

# The tests run with import-mode=importlib, which puts no folder on the path.
sys.path.insert(0, str(Path(__file__).parent))


def written(
    figures: Mapping[str, Mapping[str, Any] | str],
    relations: Sequence[str],
    *,
    facts: Mapping[str, Mapping[str, Any]] | None = None,
    assumptions: Mapping[str, Mapping[str, Any]] | None = None,
    unknowns: Mapping[str, Mapping[str, Any]] | None = None,
    **about: Any,
) -> str:
    """The text of a report file with one claim per relation, named k1, k2 ..."""
    about = {"id": "r", "title": "R", "year": 2020, "tons": "tonne", **about}
    lines = ['format = "carbonkit-report/1"', "[report]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in about.items()]
    tables = (
        ("figures", figures),
        ("facts", facts),
        ("assumptions", assumptions),
        ("unknowns", unknowns),
    )
    for name, table in tables:
        lines.append(f"[{name}]")
        for key, entry in (table or {}).items():
            entry = {"text": entry} if isinstance(entry, str) else entry
            inner = ", ".join(f"{k} = {_toml(v)}" for k, v in entry.items())
            lines.append(f"{key} = {{ {inner} }}")
    for number, relation in enumerate(relations, start=1):
        lines += ["[[claims]]", f'id = "k{number}"', 'statement = "s"', f'relation = "{relation}"']
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


@pytest.fixture(scope="session")
def write() -> Callable[..., str]:
    return written


@pytest.fixture(scope="session")
def check() -> Callable[..., Audit]:
    """Write a report, read it back and check it."""

    def run(*args: Any, factors: Mapping[str, Any] | None = None, **kwargs: Any) -> Audit:
        data = written(*args, **kwargs).encode()
        return parse_report(data, "r.toml").verify(factors=factors)

    return run
