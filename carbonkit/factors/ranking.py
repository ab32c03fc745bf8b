"""Search for people: ranked, tolerant of typing errors."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from carbonkit.errors import FactorError
from carbonkit.factors import query as ask
from carbonkit.factors import regions
from carbonkit.factors.model import Factor
from carbonkit.factors.read import POSITION, Row

if TYPE_CHECKING:
    from carbonkit.factors.store import FactorLibrary

__all__ = ["Index"]

_WORD = re.compile(r"[^\W_]+")
_SIMILAR = 75.0  # of 100: one wrong letter in four
_PREFIX = 90.0
_SEARCHED = ("id", "activity", "item", "kind", "gas", "data_year", "calorific_basis", "boundary")
LONGEST = 200


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


class Index:
    """The words of every row of a library.

    Parameters
    ----------
    library : FactorLibrary
    """

    def __init__(self, library: FactorLibrary) -> None:
        aliases: dict[str, list[str]] = {}
        for alias, activity in ask.activities().items():
            aliases.setdefault(activity, []).extend(_words(alias))
        places: dict[str, list[str]] = {}
        for alias, code in regions.table().names.items():
            places.setdefault(code, []).extend(_words(alias))
        self._rows: list[Row] = []
        self._holds: dict[str, set[int]] = {}
        columns = [POSITION[c] for c in _SEARCHED]
        at_region, at_activity = POSITION["region"], POSITION["activity"]
        for release in library.releases():
            if release.name in library.hidden:
                continue
            about = _words(f"{release.source.publisher} {release.name}")
            for row in release.rows():
                number = len(self._rows)
                self._rows.append(row)
                code = row.cells[at_region]
                if code not in places:
                    places[code] = [*_words(code), *_words(regions.name(code))]
                words = {w for i in columns for w in _words(row.cells[i])}
                words.update(about, places[code], aliases.get(row.cells[at_activity], ()))
                for word in words:
                    self._holds.setdefault(word, set()).add(number)

    def search(self, text: str, limit: int) -> tuple[Factor, ...]:
        """Return the best matches."""
        from rapidfuzz import fuzz, process

        wanted = dict.fromkeys(_words(text[:LONGEST]))
        if not wanted:
            raise FactorError("search for words, such as 'natural gas china'.")
        scores: defaultdict[int, float] = defaultdict(float)
        for word in wanted:
            best: dict[int, float] = {}
            similar = {word: 100.0} if word in self._holds else {}
            # A year or a number is that number or it is another one.
            if not word.isdigit():
                for found, score, _ in process.extract(
                    word, self._holds.keys(), scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=None
                ):
                    if not found.isdigit():
                        similar[found] = max(score, similar.get(found, 0.0))
                if len(word) >= 3:
                    for found in self._holds:
                        if found.startswith(word):
                            similar[found] = max(_PREFIX, similar.get(found, 0.0))
            for found, score in similar.items():
                for number in self._holds[found]:
                    best[number] = max(score, best.get(number, 0.0))
            # A rare word says more than one that stands in every row.
            weight = math.log(1 + len(self._rows) / (1 + len(best)))
            for number, score in best.items():
                scores[number] += weight * score
        ranked = sorted(scores, key=lambda n: (-scores[n], *_order(self._rows[n])))
        return tuple(self._rows[n].release.factor(self._rows[n]) for n in ranked[:limit])


def _order(row: Row) -> tuple[Any, ...]:
    """Among equals: plain activities, factors for use before constants, later years first."""
    kind = row.get("kind")
    gases = ("CO2e", "CO2", "CH4", "N2O")
    rank = gases.index(row.get("gas")) if row.get("gas") in gases else len(gases)
    rank += 0 if kind in ("average", "combustion", "heat") else 10
    year = int(row.get("data_year") or row.get("valid_from")[:4] or row.release.published.year)
    return len(_words(row.get("activity"))), rank, -year, row.release.name, row.cells
