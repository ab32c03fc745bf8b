"""A question and its answers: what its years share is worked out once, the rest on demand."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from carbonkit.factors import query as ask
from carbonkit.factors.model import Factor, Match, matched
from carbonkit.factors.read import POSITION, Row
from carbonkit.factors.unanswered import Unanswered

if TYPE_CHECKING:
    from carbonkit.factors.store import FactorLibrary

__all__ = ["Asked", "Found"]

_ACTIVITY, _REGION, _YEAR = (POSITION[c] for c in ("activity", "region", "data_year"))


class Asked:
    """A question to a library, to be answered for any year.

    Parameters
    ----------
    library : FactorLibrary
    query : Query
        Its own year does not matter.

    Examples
    --------
    >>> from carbonkit import factors
    >>> library = factors.library()
    >>> question = library.question("electricity", region="World", release="iea/world-2018")
    >>> asked = Asked(library, question)
    >>> asked.at("2018").factor().text
    '475'
    >>> print(asked.at("1950"))
    no factor for electricity, region World, year 1950, release iea/world-2018
    """

    def __init__(self, library: FactorLibrary, query: ask.Query) -> None:
        self.library = library
        self.query = query
        self._gases: dict[str, Asked] = {}

    @cached_property
    def _plain(self) -> tuple[ask.Years, ask.Step] | None:
        """The rows of all years and the rule, where no chain and no other region is tried."""
        (step, *more) = self.query.steps
        if more or step.goes_up:
            return None
        kind = step.kind or self.query.kind
        return self.library.years(self.query, self.query.region, kind), step

    def at(self, year: str | None) -> Found | Unanswered:
        """Answer the question for a year, as it stands in the files.

        Raises
        ------
        FactorError
            If the rule needs a year and there is none.
        """
        tried: tuple[str, ...] = ()
        if self._plain is None:
            rows, step, tried = self.library.answer(self.query._replace(year=year))
        else:
            years, step = self._plain
            rows = years.by(step.year_rule, year)
        if len(rows) == 1:
            return Found(self, year, rows[0], step, tried)
        return Unanswered(self, year, tuple(rows), step, tried)

    def of_gas(self, gas: str) -> Asked:
        """Return the same question about one gas."""
        found = self._gases.get(gas)
        if found is None:
            part = (("gas", gas),)
            query = self.query
            query = query._replace(filters=query.filters + part, asked=query.asked + part)
            found = self._gases[gas] = Asked(self.library, query)
        return found

    @cached_property
    def _words(self) -> tuple[str, str]:
        """What is shown of the question before and after its year."""
        texts = [v if n == "activity" else f"{n} {v}" for n, v in self.query.asked if n != "year"]
        at = self.query.before_year
        rules = [str(s) for s in self.query.steps]
        chain = "" if rules == ["exact"] else f" (rule {', then '.join(rules)})"
        return ", ".join(texts[:at]), "".join(f", {text}" for text in texts[at:]) + chain

    def shown(self, year: str | None) -> str:
        """Return the question in words."""
        before, after = self._words
        return before + after if year is None else f"{before}, year {int(year)}{after}"

    @cached_property
    def texts(self) -> dict[str, str]:
        """The parts of the question as they were written."""
        return dict(self.query.asked)


class Found(NamedTuple):
    """The row that answers a question, and how it was found."""

    asked: Asked
    year: str | None
    row: Row
    step: ask.Step
    tried: tuple[str, ...]

    def got(self) -> list[tuple[str, str, str]]:
        """Return name, what was asked and what was found, where these differ."""
        # As quick as it can be: this runs once for every different question of a table.
        cells, query, texts = self.row.cells, self.asked.query, self.asked.texts
        got = []
        if cells[_ACTIVITY] != texts["activity"]:
            got.append(("activity", texts["activity"], cells[_ACTIVITY]))
        if query.region is not None and cells[_REGION] != query.region:
            got.append(("region", texts["region"], cells[_REGION]))
        if self.year is not None and cells[_YEAR] != self.year:
            got.append(("year", str(int(self.year)), cells[_YEAR]))
        return got

    def match(self) -> Match:
        """Return the record of the match."""
        return Match(
            str(self.step),
            self.asked.query.with_year(self.year).asked,
            tuple((name, found) for name, _, found in self.got()),
            self.tried,
            self.asked.library.until,
        )

    def factor(self) -> Factor:
        """Return the factor of the row, with the match."""
        return self.row.release.factor(self.row, self.match())

    def __str__(self) -> str:
        return matched(str(self.step), self.got(), self.tried, self.asked.library.until)
