"""Why a question has no answer: the nearest candidates, and what to ask instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from carbonkit.errors import AmbiguousFactor, FactorNotFound, nearest
from carbonkit.factors import query as ask
from carbonkit.factors import regions
from carbonkit.factors.model import IDENTITY
from carbonkit.factors.query import Query
from carbonkit.factors.read import POSITION, Row

if TYPE_CHECKING:
    from carbonkit.factors.asked import Asked
    from carbonkit.factors.store import FactorLibrary

__all__ = ["Unanswered"]

# Parts of a question that may be all that stands in the way.
_DROPPED = ("kind", "publisher", "release", "valid")

# What to ask for first when several factors fit.
_TELLING = ("kind", *(c for c in IDENTITY if c not in ("kind", "item", "activity")))


class Unanswered(NamedTuple):
    """A question with no factor, or with several; the step that gave them, and those before."""

    asked: Asked
    year: str | None
    rows: tuple[Row, ...]
    step: ask.Step
    tried: tuple[str, ...]

    def __str__(self) -> str:
        fit = f"{len(self.rows)} factors fit" if self.rows else "no factor for"
        return f"{fit} {self.asked.shown(self.year)}"

    def fail(self) -> NoReturn:
        """Raise the error that names the candidates and what to do.

        Raises
        ------
        FactorNotFound, AmbiguousFactor
        """
        if not self.rows:
            raise FactorNotFound(f"{self}{_advice(self.asked.library, self._query)}")
        raise AmbiguousFactor(
            f"{self}:{_listed(self.rows)}\nSay which with {'; or '.join(_telling(self.rows))}."
        )

    @property
    def _query(self) -> Query:
        return self.asked.query.with_year(self.year)


def _advice(library: FactorLibrary, query: Query) -> str:
    """Return what is near a question without an answer, and what to do."""
    rows = library.rows_of(query.activity, None)
    if not rows:
        known = {a for a, _ in library.places}
        return (
            f": no release holds the activity {query.activity!r}."
            f"{nearest(query.activity, [*known, *ask.activities()])} "
            "Use factors.search(...) to look around."
        )
    codes = {r.get("region") for r in rows}
    if query.region not in (None, *codes) and not regions.exists(str(query.region)):
        return f": there is no region {query.region!r}.{nearest(str(query.region), codes)}"
    ranked = sorted(rows, key=lambda r: _distance(query, r))[:5]
    hints = _hints(library, query)
    advice = f" {'; '.join(hints)}." if hints else ""
    return f".{advice} Nearest:{_listed(ranked)}"


def _hints(library: FactorLibrary, query: Query) -> list[str]:
    """Say which change of the question would find something."""
    hints = []
    years = sorted(library.years(query, query.region, query.kind).dated)
    if query.year is not None and any(years):
        dated = [y for y in years if y]
        hints.append(
            f"there are years {dated[0]} to {dated[-1]}; rule='latest_before' or 'nearest' "
            "takes another year"
        )
    if query.year is not None and "" in years:
        hints.append("there are defaults that belong to no year: leave year out or rule='undated'")
    without = [
        (name, query._replace(**{name: None}))  # type: ignore[arg-type]
        for name in _DROPPED
    ]
    without += [
        (name, query._replace(filters=tuple(f for f in query.filters if f[0] != name)))
        for name, _ in query.filters
    ]
    for name, other in without:
        found = library.answer(other)[0] if other != query else []
        if found:
            column = POSITION.get(name)
            held = {r.cells[column] for r in found} if column is not None else set()
            some = f", such as {', '.join(map(repr, sorted(held)[:3]))}" if any(held) else ""
            hints.append(f"without {name} there is something{some}")
    if query.region is not None and not any(s.goes_up for s in query.steps):
        up = (ask.Step("parent_region"),)
        if library.answer(query._replace(steps=up))[0]:
            hints.append("rule='parent_region' finds one for a region that holds it")
    return hints


def _distance(query: Query, row: Row) -> tuple[Any, ...]:
    """How far a row is from the question: fields that differ first, then years."""
    far = 0
    if query.region is not None and row.get("region") != query.region:
        order = regions.ancestors(query.region)
        far += 2 + (row.get("region") not in order) * 3
    far += 2 * (query.kind is not None and row.get("kind") != query.kind)
    far += 2 * (query.release is not None and row.release.name != query.release)
    far += sum(row.get(c) != v for c, v in query.filters)
    year = row.get("data_year")
    apart = 0
    if query.year:
        apart = abs(int(year) - int(query.year)) if year else 1000
    if query.publisher is not None:
        far += query.publisher.casefold() != row.release.source.publisher.casefold()
    return far, apart, row.release.name, row.get("id")


def _telling(rows: Sequence[Row]) -> list[str]:
    """Name the arguments, best first, that would tell these rows apart."""
    options = []
    for column in (*_TELLING, "release", "item", "id"):
        texts = [r.release.name if column == "release" else r.get(column) for r in rows]
        values = sorted(set(texts))
        if len(values) > 1:
            name = {"data_year": "year", "valid_from": "valid", "valid_to": "valid"}.get(
                column, column
            )
            some = ", ".join(f"{v!r}" for v in values[:5]) + (" …" if len(values) > 5 else "")
            options.append((len(values) < len(rows), f"{name}={some}"))
    complete = [text for partial, text in options if not partial]
    # Arguments that settle it alone; else as many as it takes, and the id always does.
    return list(dict.fromkeys((complete or [text for _, text in options])[:3]))


def _listed(rows: Sequence[Row]) -> str:
    lines = []
    for r in rows[:8]:
        what = (r.get("item") or r.get("activity"), r.get("kind"), r.get("gas"))
        where = (r.get("region"), r.get("data_year") or r.get("valid_from"))
        lines.append(
            f"\n  {r.get('value')} {r.get('unit')}: {', '.join(filter(None, what))}, "
            f"{' '.join(filter(None, where))} ({r.release.name}#{r.get('id')})"
        )
    more = [f"\n  and {len(rows) - 8} more"] if len(rows) > 8 else []
    return "".join([*lines, *more])
