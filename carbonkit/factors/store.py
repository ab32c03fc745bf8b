"""The library: releases that are read when a question first needs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonkit.errors import FactorError, FactorNotFound, nearest
from carbonkit.factors import query as ask
from carbonkit.factors import regions
from carbonkit.factors.asked import Asked, Found
from carbonkit.factors.model import Factor
from carbonkit.factors.query import Query, Rule
from carbonkit.factors.read import POSITION, Release, Row, data_folder, releases_in
from carbonkit.factors.unanswered import Unanswered
from carbonkit.provenance import Source

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.factors.ranking import Index

__all__ = ["FactorLibrary", "SourceLine", "library"]


class SourceLine(NamedTuple):
    """One release in a list of sources.

    Attributes
    ----------
    release : str
    rows : int
    source : Source
    read_from : str
        Where the figures were really read.
    gwp_set : str or None
    replaced : bool
        Whether a later release replaces it, so that only `release=` and `as_of` find it.
    corrections : int
    reading : dict
        How the file departs from plain UTF-8 with commas, as it declares.
    """

    release: str
    rows: int
    source: Source
    read_from: str
    gwp_set: str | None
    replaced: bool
    corrections: int
    reading: dict[str, str]


# So many questions are answered by looking through the text; for more, everything is indexed.
_FEW = 8


class FactorLibrary:
    """A read-only set of releases.

    Nothing is opened until a question needs it. A library never changes: :meth:`add` and
    :meth:`as_of` give a new one.

    Parameters
    ----------
    releases : iterable of Release
        Usually not called directly: see :func:`library` and :meth:`add`.
    until : date, optional
        The day to which the library is wound back.

    Examples
    --------
    >>> from carbonkit import factors
    >>> factors.library().find("electricity", year=2018, release="iea/world-2018").text
    '475'
    """

    def __init__(self, releases: Iterable[Release], until: dt.date | None = None) -> None:
        self._releases = tuple(sorted(releases, key=lambda r: r.name))
        self.until = until
        self._memo: dict[tuple[str, str | None, str | None], list[Row]] = {}
        self._fitting: dict[tuple[Any, ...], ask.Years] = {}
        self._indexes: dict[tuple[Any, ...], dict[tuple[str, ...], list[Row]]] = {}
        names = [r.name for r in self._releases]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise FactorError(
                f"two releases are called {twice[0]!r}. Rename the folder or the file of one."
            )

    def __repr__(self) -> str:
        wound = f", as of {self.until}" if self.until else ""
        return f"<FactorLibrary of {len(self._releases)} releases{wound}>"

    def add(self, path: str | Path) -> FactorLibrary:
        """Return a new library that also holds your own releases; this one stays as it is.

        Every row is checked first: either all of it is added or nothing.

        Parameters
        ----------
        path : path
            A folder of releases, or one ``<release>.toml`` with its ``.csv`` beside it.

        Returns
        -------
        FactorLibrary

        Raises
        ------
        FactorFileError
            If a file breaks the format; the message names file, row and column.
        """
        from carbonkit.factors.schema import require_valid

        added = [replace(r, until=self.until) for r in releases_in(Path(path))]
        require_valid(added)
        return FactorLibrary((*self._releases, *added), self.until)

    def as_of(self, date: dt.date | str | int) -> FactorLibrary:
        """Return the library as it stood at the end of a day or year.

        Releases published later, and corrections made later, are not there. A release that
        states only its year of publication counts as published on the last day of it.

        Parameters
        ----------
        date : date, str or int
            A date, "2019-03-26", or a year.

        Returns
        -------
        FactorLibrary

        Examples
        --------
        >>> from carbonkit import factors
        >>> factors.as_of(2018).find("electricity", region="World", year=2018, publisher="IEA")
        ... # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        carbonkit.errors.FactorNotFound: ...
        """
        day = ask.period(date)[1]
        if self.until is not None:
            day = min(day, self.until)
        return FactorLibrary((replace(r, until=day) for r in self._releases), day)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Releases that another visible one replaces."""
        replaced = {
            name
            for release in self._releases
            if b"supersedes" in release.raw[0] and self._published(release)
            for name in release.supersedes
        }
        return frozenset(replaced)

    def _published(self, release: Release) -> bool:
        return self.until is None or release.published <= self.until

    def releases(self) -> tuple[Release, ...]:
        """Return the releases published by the library's date, also those replaced since."""
        return tuple(r for r in self._releases if self._published(r))

    def rows_of(self, activity: str, region: str | None, name: str | None = None) -> list[Row]:
        """All rows of an activity in a region, in a release; None: in any."""
        key = (activity, region, name)
        found = self._memo.get(key)
        if found is None:
            releases = [r for r in self._releases if r.name == name] if name else self._releases
            if region is not None and len(self._memo) >= _FEW:
                held = [
                    r for r in self.places.get((activity, region), ()) if name in (None, r.name)
                ]
                found = [row for release in held for row in release.bucket(activity, region)]
            else:
                found = list(self._read(releases, activity, region))
            self._memo[key] = found
        return found

    def _read(
        self, releases: Iterable[Release], activity: str, region: str | None
    ) -> Iterator[Row]:
        """Read only the files, and where possible the lines, that name what is asked."""
        words = [w.encode() for w in (activity, region) if w is not None]
        for release in releases:
            if not all(map(release.mentions, words)) or not self._published(release):
                continue
            if region is not None:
                yield from release.glimpse(activity, region)
                continue
            for place in release.places:
                if place[0] == activity:
                    yield from release.bucket(*place)

    @cached_property
    def places(self) -> dict[tuple[str, str], list[Release]]:
        """The releases that hold each pair of activity and region; reads them all."""
        found: dict[tuple[str, str], list[Release]] = {}
        for release in self.releases():
            for place in release.places:
                found.setdefault(place, []).append(release)
        return found

    def question(
        self,
        activity: Any,
        *,
        region: str | None = None,
        year: int | None = None,
        kind: str | None = None,
        publisher: str | None = None,
        release: str | None = None,
        valid: dt.date | str | int | None = None,
        rule: Rule = "exact",
        **filters: str | None,
    ) -> Query:
        """Put a question into canonical words."""
        if not isinstance(activity, str) or not activity.strip():
            raise FactorError("the question names no activity, such as 'electricity'.")
        for name in filters:
            if name not in ask.FILTERS:
                raise FactorError(
                    f"find() has no argument {name!r}.{nearest(name, ask.FILTERS)} It takes "
                    "region, year, kind, publisher, release, valid, rule, "
                    f"{', '.join(ask.FILTERS)}."
                )
        filters = {n: v for n, v in filters.items() if v is not None}
        given = {
            "activity": activity,
            "region": region,
            "year": year,
            "kind": kind,
            **filters,
            "publisher": publisher,
            "release": release,
            "valid": valid,
        }
        ask.check_kind(kind)
        chain = ask.steps(rule if isinstance(rule, str) else ask.chained(rule))
        for step in chain:
            if step.kind is not None and kind is not None and step.kind != kind:
                raise FactorError(
                    f"the chain of rules looks for kind {step.kind!r}, but kind={kind!r} was "
                    "asked. Leave one of them out."
                )
            if "parent_region" in step.rule and region is None:
                raise FactorError("rule 'parent_region' needs a region. Give region=...")
        return Query(
            activity=self._activity(activity),
            region=None if region is None else self._region(region),
            year=ask.year_text(year),
            kind=kind,
            filters=tuple(filters.items()),  # type: ignore[arg-type]
            publisher=publisher,
            release=release,
            valid=None if valid is None else ask.period(valid),
            steps=chain,
            asked=tuple([(n, str(v)) for n, v in given.items() if v is not None]),
        )

    def _activity(self, activity: str) -> str:
        text = " ".join(activity.split())
        return ask.activities().get(text.casefold(), text)

    def _region(self, region: str) -> str:
        try:
            return regions.resolve(region)
        except FactorNotFound:
            # A file of the user's own may hold regions of its own.
            if any(place == region for _, place in self.places):
                return region
            raise

    def _having(
        self, place: tuple[str, str | None, str | None], wanted: tuple[tuple[str, str], ...]
    ) -> list[Row]:
        """Rows of a place whose columns have these texts; large places are indexed."""
        rows = self.rows_of(*place)
        if len(rows) <= _FEW or not wanted:
            for column, value in wanted:
                at = POSITION[column]
                rows = [r for r in rows if r.cells[at] == value]
            return rows
        columns, values = zip(*wanted, strict=True)
        index = self._indexes.get((place, columns))
        if index is None:
            index = {}
            at_all = [POSITION[c] for c in columns]
            for row in rows:
                index.setdefault(tuple([row.cells[i] for i in at_all]), []).append(row)
            self._indexes[place, columns] = index
        return index.get(values, [])

    def years(self, query: Query, region: str | None, kind: str | None) -> ask.Years:
        """Rows that fit in all but the year."""
        key = (query.activity, region, query.release)
        rest = (kind, query.filters, query.publisher, query.valid)
        found = self._fitting.get((key, rest))
        if found is None:
            wanted = query.filters if kind is None else (*query.filters, ("kind", kind))
            rows = self._having(key, wanted)
            if query.release is None and self.hidden:
                rows = [r for r in rows if r.release.name not in self.hidden]
            if query.publisher is not None:
                name = query.publisher.casefold()
                rows = [r for r in rows if name in r.release.publisher_names]
            if query.valid is not None:
                rows = [r for r in rows if ask.holds(r, query.valid)]
            found = self._fitting[key, rest] = ask.Years(rows)
        return found

    def answer(self, query: Query) -> tuple[list[Row], ask.Step, tuple[str, ...]]:
        """Find the rows of the first step that has any; that step; the steps before it."""
        tried: list[str] = []
        for step in query.steps:
            kind = step.kind or query.kind
            rows = self.years(query, query.region, kind).by(step.year_rule, query.year)
            if not rows and step.goes_up and query.region is not None:
                for place in regions.ancestors(query.region):
                    rows = self.years(query, place, kind).by(step.year_rule, query.year)
                    if rows:
                        break
            if rows:
                return rows, step, tuple(tried)
            tried.append(str(step))
        return [], query.steps[-1], tuple(tried)

    def find(self, activity: str, **question: Any) -> Factor:
        """Return the one factor that fits; see :func:`carbonkit.factors.find`."""
        query = self.question(activity, **question)
        found = Asked(self, query).at(query.year)
        if isinstance(found, Unanswered):
            found.fail()
        return found.factor()

    def find_all(self, activity: str, **question: Any) -> tuple[Factor, ...]:
        """Return every factor that fits; see :func:`carbonkit.factors.find_all`."""
        query = self.question(activity, **question)
        asked = Asked(self, query)
        rows, step, tried = self.answer(query)
        if not rows:
            Unanswered(asked, query.year, (), step, tried).fail()
        rows = sorted(rows, key=lambda r: (r.release.name, r.get("id")))
        return tuple(Found(asked, query.year, r, step, tried).factor() for r in rows)

    def get(self, key: str) -> Factor:
        """Return the factor of a key such as "iea/world-2018#electricity-world-2018".

        Raises
        ------
        FactorNotFound
            If there is none; the message names what is near.

        Examples
        --------
        >>> from carbonkit import factors
        >>> factors.library().get("iea/world-2018#electricity-world-2018").text
        '475'
        """
        name, _, wanted = key.partition("#")
        known = {r.name: r for r in self.releases()}
        if name not in known:
            raise FactorNotFound(f"no release {name!r}.{nearest(name, known)}")
        ids: list[str] = []
        for row in known[name].rows():
            if row.get("id") == wanted:
                return row.release.factor(row)
            ids.append(row.get("id"))
        raise FactorNotFound(f"release {name!r} has no row {wanted!r}.{nearest(wanted, ids)}")

    def __iter__(self) -> Any:
        """Give every factor, release by release, in the order of the files."""
        return (r.factor(row) for r in self.releases() for row in r.rows())

    def sources(self) -> tuple[SourceLine, ...]:
        """List every release with its source; see :func:`carbonkit.factors.sources`."""
        return tuple(
            SourceLine(
                release=r.name,
                rows=len(r.records),
                source=r.source,
                read_from=r.head["source"]["read_from"],
                gwp_set=r.head["source"].get("gwp_set"),
                replaced=r.name in self.hidden,
                corrections=len(r.corrections),
                reading=r.reading,
            )
            for r in self.releases()
        )

    @cached_property
    def _index(self) -> Index:
        from carbonkit.factors.ranking import Index

        return Index(self)

    def search(self, text: str, limit: int = 10) -> tuple[Factor, ...]:
        """Return the best matches for a few words; see :func:`carbonkit.factors.search`."""
        return self._index.search(text, limit)

    def history(self, activity: str, *, to: str | None = None, **question: Any) -> pd.DataFrame:
        """Return the years of a factor; see :func:`carbonkit.factors.history`."""
        from carbonkit.factors import tables

        return tables.history(self, activity, to=to, **question)

    def compare(self, activity: str, *, to: str | None = None, **question: Any) -> pd.DataFrame:
        """Return factors side by side; see :func:`carbonkit.factors.compare`."""
        from carbonkit.factors import tables

        return tables.compare(self, activity, to=to, **question)

    def find_frame(self, questions: pd.DataFrame, **options: Any) -> pd.DataFrame:
        """Look up each row of a frame; see :func:`carbonkit.factors.find_frame`."""
        from carbonkit.factors import tables

        return tables.find_frame(self, questions, **options)


@lru_cache(maxsize=1)
def library() -> FactorLibrary:
    """Return the bundled library.

    Nothing is read until the first question.

    Returns
    -------
    FactorLibrary

    Examples
    --------
    >>> library()  # doctest: +ELLIPSIS
    <FactorLibrary of ... releases>
    """
    return FactorLibrary(releases_in(data_folder()))
