"""Collect everything that is wrong with a report file, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from carbonkit.claims.keys import SECTIONS, wrong_keys
from carbonkit.claims.problem import Fault, Problem
from carbonkit.errors import (
    CarbonkitError,
    FactorError,
    PrintedError,
    RelationError,
    TableError,
    UnitError,
)

__all__ = ["Collector", "Enough", "Place"]

#: The key that an error of the library is about, and its code.
_KINDS: tuple[tuple[type[CarbonkitError], str, str], ...] = (
    (PrintedError, "text", "figure"),
    (UnitError, "unit", "unit"),
    (FactorError, "factor", "factor"),
    (RelationError, "relation", "relation"),
    (TableError, "cells", "table"),
)


class Place(NamedTuple):
    """A place in the file: the keys that lead there, and how messages call it."""

    path: tuple[str | int, ...]
    words: str


class Enough(Exception):
    """So many problems that the rest of the file is not read."""


class Collector:
    """Collects problems.

    Parameters
    ----------
    limit : int
        After so many the rest of the file is not read.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.problems: list[Problem] = []

    def note(self, place: Place, key: str | int, code: str, message: object) -> None:
        """Add a problem of a place, or of a key of it."""
        path = (*place.path, key) if key else place.path
        self.problems.append(Problem(code, place.words[:120], str(message), path))
        if len(self.problems) >= self.limit:
            raise Enough

    @contextmanager
    def collecting(
        self, place: Place, key: str | None = None, code: str | None = None
    ) -> Iterator[None]:
        """Turn an error inside into a problem of this place, or of a key of it."""
        try:
            yield
        except Fault as fault:
            self.note(place, fault.key, fault.code, fault)
        except CarbonkitError as error:
            kinds = ((about, what) for kind, about, what in _KINDS if isinstance(error, kind))
            about, what = next(kinds, ("", "value"))
            cells = place._replace(path=(*place.path, "cells"))
            for problem in getattr(error, "problems", ()):
                self.note(cells, problem.row, what, problem)
            if not getattr(error, "problems", ()):
                self.note(place, about if key is None else key, code or what, error)

    def checked(self, entry: Mapping[str, Any], section: str, place: Place) -> bool:
        """Note what is wrong with the keys of an entry; say whether nothing is."""
        wrong = list(wrong_keys(entry, SECTIONS[section]))
        for key, code, message in wrong:
            self.note(place, "" if code == "missing" else key, code, message)
        return not wrong
