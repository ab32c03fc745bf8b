"""The JSON Schema of report files, for editors: written from the keys that the reader knows."""

from __future__ import annotations

import inspect
from typing import Any

from carbonkit import factors
from carbonkit.claims.keys import FORMAT, SECTIONS, Key

__all__ = ["json_schema"]

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
# Editors know the letters of a name only by their codes.
_NAME = r"^(?!__)[A-Za-z_\u00aa-\uffff][A-Za-z0-9_\u00aa-\uffff]{0,79}$"
_WHAT = {
    "report": "what holds for the whole report",
    "figures": "figures as printed, once for each place where they stand",
    "facts": "values from outside the report, with their source",
    "assumptions": "general constants or readings that the report does not print",
    "unknowns": "the company's own figures that the report does not give",
    "tables": "printed tables, whole: their figures and claims are added to those of the file",
    "derived": "names for parts of the arithmetic",
    "claims": "statements of the report, and what should hold if they are true",
}
_ONE_OF: dict[str, tuple[str, ...]] = {
    "facts": ("text", "factor", "factors"),
    "assumptions": ("text", "factor", "factors"),
    "claims": ("relation", "relations", "uncheckable"),
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of report files.

    It knows tables, keys and kinds of values. What a figure says, whether a unit exists and
    whether a relation is arithmetic, only `carbonkit lint` can tell.

    Examples
    --------
    >>> schema = json_schema()
    >>> schema["title"], schema["properties"]["report"]["required"]
    ('carbonkit-report/1', ['id', 'title', 'year'])
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "description": "A report: its figures as printed, and what should hold between them.",
        "type": "object",
        "properties": {"format": {"const": FORMAT}}
        | {section: _section(section) for section in SECTIONS},
        "required": ["format", "report"],
        "additionalProperties": False,
    }


def _section(section: str) -> dict[str, Any]:
    what = {"description": _WHAT[section]}
    match section:
        case "report":
            return what | _entry(section)
        case "claims":
            return what | {"type": "array", "items": _entry(section)}
        case _:
            return what | {
                "type": "object",
                "propertyNames": {"pattern": _NAME},
                "additionalProperties": _TEXT if section == "derived" else _entry(section),
            }


def _entry(section: str) -> dict[str, Any]:
    keys = SECTIONS[section]
    found: dict[str, Any] = {
        "type": "object",
        "properties": {
            name: {"description": key.what} | _value(section, key) for name, key in keys.items()
        },
        "additionalProperties": False,
    }
    if required := [name for name, key in keys.items() if key.required]:
        found["required"] = required
    if section in _ONE_OF:
        found["oneOf"] = [{"required": [key]} for key in _ONE_OF[section]]
    if "source" in keys:
        found["dependentRequired"] = {"text": ["source"]}
    return found


def _value(section: str, key: Key) -> dict[str, Any]:
    match key.kind:
        case "text":
            return _TEXT
        case "choice":
            return {"enum": list(key.choices)}
        case "page" | "date":
            return {"type": ["integer", "string"]}
        case "yes":
            return {"type": "boolean"}
        case "year":
            return {"type": "integer", "minimum": 1000, "maximum": 9999}
        case "whole":
            return {"type": "integer", "minimum": -60, "maximum": 60}
        case "texts":
            return _TEXTS | ({"minItems": 1} if section == "claims" else {})
        case "lists":
            return {"type": "object", "additionalProperties": _TEXTS}
        case _:
            return _query()


def _query() -> dict[str, Any]:
    asked = inspect.signature(factors.find).parameters
    kinds = {name: {"type": "integer"} if name == "year" else _TEXT for name in asked}
    return {
        "type": "object",
        "properties": kinds,
        "required": ["activity"],
        "additionalProperties": False,
    }
