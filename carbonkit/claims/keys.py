"""The keys of a report file: one list that the reader, the JSON Schema and the tests share."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from carbonkit.errors import nearest
from carbonkit.printed import Qualifier, Rounding

__all__ = ["CONVENTIONS", "FORMAT", "SECTIONS", "Key", "Wrong", "wrong_keys"]

FORMAT = "carbonkit-report/1"
CONVENTIONS: Mapping[str, tuple[str, str]] = {
    "days_per_year": ("365", "day/year"),
    "hours_per_year": ("8760", "h/year"),
}
REASONS = ("missing-figure", "no-relation", "third-party", "not-disclosed")
_ROUNDINGS = ("unknown", *map(str, Rounding))
# What happened to the energy of a figure, and figures that are goals.
_KINDS = ("generated", "saved", "consumed", "delivered", "purchased", "goal")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Key(NamedTuple):
    """One key of a table of the file.

    Attributes
    ----------
    kind : str
        What its value is: ``"text"``, ``"choice"``, ``"whole"`` (a whole number), ``"year"``,
        ``"yes"`` (true or false), ``"page"`` (a number or text), ``"date"``, ``"texts"`` (a list),
        ``"query"`` (to the factor library) or ``"lists"`` (a table of lists of names).
    what : str
        What it means, for whoever writes the file.
    choices : tuple of str
        The texts that a choice has.
    required : bool
        Whether it must be there.
    """

    kind: str
    what: str
    choices: tuple[str, ...] = ()
    required: bool = False


class Wrong(NamedTuple):
    """A key whose name or value the format does not know."""

    key: str
    code: str
    message: str


_REPORT = {
    "id": Key("text", "short name of the report, such as 'example-2024'", required=True),
    "title": Key("text", "title of the report", required=True),
    "year": Key("year", "the year reported on", required=True),
    "organisation": Key("text", "whose report it is"),
    "published": Key("date", "when it was published"),
    "language": Key("text", "language of the edition that was read"),
    "url": Key("text", "where the report can be had"),
    "note": Key("text", "for readers"),
    "tons": Key(
        "choice", "what a bare 'ton' means in the report", ("tonne", "short_ton", "long_ton")
    ),
    "rounding": Key("choice", "how the report rounds, if it says", _ROUNDINGS),
    "decimal": Key("text", "the report's decimal mark, '.' by default"),
    "thousands": Key("text", "the mark between groups of digits, ',' by default"),
    "regions": Key("texts", "regions whose published factors are compared, such as ['CN']"),
}
_PRINTED = {
    "text": Key("text", "the figure as printed, in quotes, with its qualifier and unit words"),
    "unit": Key("text", "the unit that is meant; it may add to the printed words, never change"),
    "page": Key("page", "the page where it stands"),
    "period": Key("text", "the year or years that it is for, such as '2020'"),
    "boundary": Key("text", "the organisational boundary, if not that of the report"),
    "qualifier": Key(
        "choice", "'about', 'more-than' ..., where it stands elsewhere", tuple(map(str, Qualifier))
    ),
    "rounding": Key("choice", "if it is rounded otherwise than the report", _ROUNDINGS),
    "significant": Key("whole", "how many of its digits count, if that is known: 3 for 1,230,000"),
    "decimals": Key("whole", "how many decimals it was rounded to, if not all: -3 for thousands"),
    "nominal": Key("yes", "true for counts and names of classes, which nobody rounded"),
    "series": Key("text", "the row of which this is one period"),
    "note": Key("text", "for readers"),
}
_FIGURE = {
    **_PRINTED,
    "text": _PRINTED["text"]._replace(required=True),
    "table": Key("text", "the table it stands in; its cells share one rule of rounding"),
    "kind": Key("choice", "what happened to the energy, or 'goal'", _KINDS),
}
_FACT = {
    **_PRINTED,
    "source": Key("text", "where the value was read; required with text"),
    "url": Key("text", "address of the source"),
    "locator": Key("text", "page or table of the source"),
    "factor": Key("query", "a question to the factor library with one answer"),
    "factors": Key("query", "a question with several answers; the claim may hold with any"),
    "cited": Key("text", "where the report itself cites it"),
    "reading": Key("text", "how words of the report were read to get there"),
    "reason": Key("text", "why an assumption is needed, and why this value"),
}
_UNKNOWN = {
    "unit": Key("text", "unit of the value that is implied", required=True),
    "what": Key("text", "what it is, in words", required=True),
    "note": Key("text", "for readers"),
}
_TABLE = {
    "cells": Key("text", "the table as printed, as Markdown, CSV or pasted text", required=True),
    "title": Key("text", "its heading"),
    "page": Key("page", "the page where it stands"),
    "unit": Key("text", "for cells whose line or column gives none"),
    "decimal": Key("text", "its decimal mark, if not the report's"),
    "thousands": Key("text", "its mark between groups of digits, if not the report's"),
    "tons": _REPORT["tons"],
    "rounding": Key("choice", "how its cells are rounded, if not as the report", _ROUNDINGS),
    "totals": Key("lists", "lines that are sums, by name: the names of their parts; [] for none"),
    "note": Key("text", "for readers"),
}
_CLAIM = {
    "id": Key("text", "short name, each used once", required=True),
    "statement": Key("text", "what the report says, in your own words", required=True),
    "page": Key("page", "the page where it stands"),
    "system": Key("text", "the group under which it is listed"),
    "relation": Key("text", "what should hold, such as 'total == scope1 + scope2'"),
    "relations": Key("texts", "several of them"),
    "uncheckable": Key("choice", "instead of a relation: why arithmetic cannot check it", REASONS),
    "missing": Key("text", "what one would need to check it"),
    "note": Key("text", "what a careful reader should know"),
    "points_to": Key("text", "for a pointer, as in an index: the pages"),
    "seeks": Key("text", "for a pointer: the unit of the figure sought there"),
}
#: The tables of a report file and their keys. "claims" is a list, the others hold
#: named entries; an entry of "derived" is text and has no keys.
SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "report": _REPORT,
    "figures": _FIGURE,
    "facts": _FACT,
    "assumptions": {**_FACT, "reason": _FACT["reason"]._replace(required=True)},
    "unknowns": _UNKNOWN,
    "tables": _TABLE,
    "derived": {},
    "claims": _CLAIM,
}


def wrong_keys(entry: Mapping[str, Any], keys: Mapping[str, Key]) -> Iterator[Wrong]:
    """Go through what is wrong with a table of the file by its keys alone.

    Parameters
    ----------
    entry : mapping of str to object
        The table as TOML has it.
    keys : mapping of str to Key
        The keys that it may have.

    Yields
    ------
    Wrong
        One for each key that is unknown, holds a value of another kind, or is missing.

    Examples
    --------
    >>> for wrong in wrong_keys({"untit": "t", "text": 5}, SECTIONS["figures"]):
    ...     print(wrong.code, wrong.message[:40])
    unknown-key unknown key 'untit'. Did you mean unit?
    type text must be text in quotes, as printed,
    """
    for key, value in entry.items():
        known = keys.get(key)
        if known is None:
            yield Wrong(
                key,
                "unknown-key",
                f"unknown key {str(key)[:60]!r}.{nearest(key, keys)} Allowed are "
                f"{', '.join(sorted(keys))}.",
            )
        elif message := _wrong_value(key, value, known):
            yield Wrong(key, "choice" if isinstance(value, str) else "type", message)
    for key, known in keys.items():
        if known.required and key not in entry:
            missing = f"{key} is missing." if known.kind != "year" else _YEAR.format("None")
            yield Wrong(key, "missing", missing)


_YEAR = "year must be a year such as 2020, not {}."


def _wrong_value(key: str, value: Any, known: Key) -> str:
    match known.kind:
        case "text" | "choice":
            return _wrong_text(key, value, known.choices)
        case "page" | "date":
            date = known.kind == "date" and isinstance(value, datetime.date)
            if date or _is_whole(value):
                return ""
            if isinstance(value, str):
                return _wrong_text(key, value, ())
            return f"{key} must be a number or text, not {brief(value)}."
        case "yes":
            return "" if isinstance(value, bool) else f"{key} must be true or false."
        case "year":
            good = _is_whole(value) and 1000 <= value <= 9999
            return "" if good else _YEAR.format(brief(value))
        case "whole":
            good = _is_whole(value) and abs(value) <= 60
            return "" if good else f"{key} must be a whole number, not {brief(value)}."
        case "texts":
            good = isinstance(value, list) and all(isinstance(v, str) for v in value)
            example = "codes such as ['CN']" if key == "regions" else "texts"
            return "" if good else f"{key} must be a list of {example}."
        case "lists":
            return _wrong_lists(key, value)
        case _:
            return _wrong_query(key, value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong_text(key: str, value: Any, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str):
        return f"{key} must be text in quotes, as printed, not {brief(value)}."
    if odd := _CONTROL.search(value):
        return f"{key} holds the control character {odd[0]!a}; take it out."
    if choices and value not in choices:
        return (
            f"{key} = {value[:60]!r} must be one of {', '.join(choices)}."
            f"{nearest(value[:60], choices)}"
        )
    return ""


def _wrong_lists(key: str, value: Any) -> str:
    good = isinstance(value, dict) and all(
        isinstance(names, list) and all(isinstance(name, str) for name in names)
        for names in value.values()
    )
    example = "{ total = ['diesel', 'gas'] }"
    return "" if good else f"{key} must be a table of lists of names such as {example}."


def _wrong_query(key: str, value: Any) -> str:
    if not isinstance(value, dict) or "activity" not in value:
        return f"{key} must be a table such as {{ activity = 'electricity' }}."
    for name, part in value.items():
        if name == "year" and not _is_whole(part):
            return f"{name} must be a whole number, not {brief(part)}."
        if name != "year" and not isinstance(part, str):
            return f"{name} must be text, not {brief(part)}."
    return ""


def brief(value: object) -> str:
    """Return a value as an error message shows it."""
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
