"""The beginnings of a claim that is derived from a table, and how its cells are named in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carbonkit.tables.model import PrintedTable
from carbonkit.tables.sums.amounts import Key

__all__ = ["claim_of", "name_of", "places", "quoted"]

_NAMED = 4  # cells that a sentence can name one by one


def claim_of(table: PrintedTable, key: Key, ending: str = "") -> dict[str, Any]:
    """Begin the claim that a cell makes: its id, page and system."""
    claim = {
        "id": name_of(table, key).replace("_", "-") + ending,
        "page": table.page,
        "system": table.name,
    }
    return {k: v for k, v in claim.items() if v is not None}


def name_of(table: PrintedTable, key: Key) -> str:
    """Return the name of a cell's figure."""
    return table.figure_name(table.lines[key[0]], table.value_columns[key[1]])


def quoted(title: str) -> str:
    """Return the title of a line or column, short enough for a sentence."""
    title = " ".join(title.split()).rstrip(":")
    return f"'{title if len(title) <= 60 else title[:57] + '...'}'"


def places(table: PrintedTable, keys: Sequence[Key]) -> str:
    """Name cells by line, column and what they print."""
    shown = []
    for i, j in keys[:_NAMED]:
        line, text = table.lines[i], table.lines[i].cells[j].text.strip()
        told = f" (printed {text!r})" if text else ""
        shown.append(f"{quoted(line.title)} in {table.value_columns[j].title}{told}")
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    return ", ".join(shown) + more
