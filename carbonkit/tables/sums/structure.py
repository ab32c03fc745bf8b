"""Which lines of a table add up to which line, and which columns to which column.

Labels, indentation and headings propose; the figures decide. A sum that labels propose counts if
it closes in at least half of the places where it can be tried; one that only arithmetic proposes
must close nearly everywhere, and by more than luck. A labelled total that nothing fits is unclear,
which is not the same as wrong.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from carbonkit.errors import TableError, nearest
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.sums.amounts import Amounts, Ends, Key, Term, spread
from carbonkit.tables.sums.lanes import Lanes, Sum, Unclear, columns_of, is_detail, lines_of

__all__ = ["Structure", "structure", "terms"]

#: The chance that a sum found by arithmetic alone closes by accident must be below this.
_LUCK = 1e-4

_NONE = object()  # the dimension of a cell without a figure

_LESS = re.compile(r"\W*(less|minus|deduct\w*|excluding|abz[uü]glich|moins|menos|减)\b", re.I)
_LOCATION = re.compile(r"location[- ]?based|\blocation\b|standortbasiert", re.I)
_MARKET = re.compile(r"market[- ]?based|\bmarket\b|marktbasiert", re.I)


@dataclass(frozen=True)
class Structure:
    """The sums of a table, and the totals that stay unclear."""

    sums: tuple[Sum, ...]
    unclear: tuple[Unclear, ...]


def terms(sum_: Sum, at: int, amounts: Amounts) -> tuple[list[Term], list[Key]]:
    """Return the terms of a sum in one column (or line), and the cells that print no figure."""
    given: list[Term] = []
    missing: list[Key] = []
    for part, sign in zip(sum_.parts, sum_.signs, strict=True):
        key = sum_.key(part, at)
        if key in amounts.figures:
            given.append((key, sign))
        else:
            missing.append(key)
    return given, missing


def structure(table: PrintedTable, amounts: Amounts | None = None) -> Structure:
    """Find the sums of a table, down and across.

    Parameters
    ----------
    table : PrintedTable
        The table.
    amounts : Amounts, optional
        Its figures, if they are at hand.

    Returns
    -------
    Structure

    Raises
    ------
    TableError
        If ``totals`` names a line or column that the table does not have.
    """
    amounts = amounts or Amounts(table)
    down, across = lines_of(table), columns_of(table)
    stated = _stated(table)
    for sum_ in stated:
        (down if sum_.axis == "down" else across).state(sum_)
    for name in (n for n, parts in table.totals.items() if not parts):
        for lanes in (down, across):
            if name in lanes.names:
                lanes.roles[lanes.names.index(name)] = "part"
    sums: list[Sum] = []
    unclear: list[Unclear] = []
    for lanes in (down, across):
        found = _Walk(lanes, amounts)
        found.walk(arithmetic=False)
        if found.unclear:
            found = _Walk(lanes, amounts)
            found.walk(arithmetic=True)
        else:
            found.finish()
        sums += found.sums
        unclear += found.unclear
    return Structure(tuple(sums), tuple(unclear))


def _stated(table: PrintedTable) -> Iterator[Sum]:
    lines = [line.name for line in table.lines]
    columns = [c.name for c in table.value_columns]
    for total, parts in table.totals.items():
        names = lines if total in lines else columns
        for name in (total, *(p.removeprefix("-") for p in parts)):
            if name not in names:
                raise TableError(
                    f"{table.name}: totals: there is no line or column {name!r}."
                    f"{nearest(name, names)} The names are {', '.join(names)}."
                )
        if parts:
            yield Sum(
                "down" if names is lines else "across",
                names.index(total),
                tuple(names.index(p.removeprefix("-")) for p in parts),
                tuple(-1 if p.startswith("-") else 1 for p in parts),
                "stated",
            )


@dataclass(frozen=True)
class _Candidate:
    parts: tuple[int, ...]
    note: str = ""


class _Walk:
    """Goes down the lines (or across the columns) and finds the parts of each total."""

    def __init__(self, lanes: Lanes, amounts: Amounts) -> None:
        self.lanes = lanes
        self.amounts = amounts
        self.sums: list[Sum] = []
        self.unclear: list[Unclear] = []
        self.open: list[int] = []
        self.absorbed: set[int] = set()
        self._of_lane: dict[int, tuple[object, ...]] = {}
        self._same: dict[tuple[object, ...], tuple[object, ...]] = {}
        self._terms: dict[int, list[Ends]] = {}
        self.details = self._details()
        self.signs = [-1 if self._deducted(lane) else 1 for lane in range(len(lanes.names))]

    def walk(self, *, arithmetic: bool) -> None:
        """Settle each total where it stands, by labels alone or also by arithmetic."""
        for lane, role in enumerate(self.lanes.roles):
            if role not in ("part", "total") or not self._filled(lane):
                continue
            total = role == "total"
            found = self._by_labels(lane, total=total)
            if found is None and arithmetic:
                found = self._by_arithmetic(lane, total=total)
            if found is None and total:
                guess = next(iter(self._proposed(lane)), _Candidate(()))
                self.unclear.append(Unclear(self.lanes.axis, lane, guess.parts))
                self._absorb(guess.parts)
            self._settle(lane, found)

    def finish(self) -> None:
        """Look for sums that no label shows among the lines that are part of none."""
        left, self.open = self.open, []
        for lane in left:
            if self.lanes.roles[lane] == "part" and lane not in self.absorbed:
                self._settle(lane, self._by_arithmetic(lane, total=False))
            elif lane not in self.absorbed:
                self.open.append(lane)

    def _settle(self, lane: int, found: Sum | None) -> None:
        if found is not None:
            self._absorb(found.parts)
            if len(found.parts) > 1:
                self.sums.append(found)
        if lane not in self.absorbed and lane not in self.details:
            self.open.append(lane)

    def _absorb(self, parts: Iterable[int]) -> None:
        self.absorbed.update(parts)
        self.open = [lane for lane in self.open if lane not in self.absorbed]

    def _filled(self, lane: int) -> bool:
        figures = self.amounts.figures
        return any(self.lanes.key(lane, at) in figures for at in self.lanes.places)

    def _details(self) -> set[int]:
        """Find the lines that only detail another one: "of which renewable"."""
        found: set[int] = set()
        inside: int | None = None  # level of a heading "of which:"
        for lane, (title, role) in enumerate(zip(self.lanes.titles, self.lanes.roles, strict=True)):
            level = self.lanes.levels[lane]
            if inside is not None and (role != "part" or level < inside):
                inside = None
            if is_detail(title) and role == "heading":
                inside = level
            elif role == "part" and (inside is not None or is_detail(title)):
                found.add(lane)
        return found

    # -- choosing --------------------------------------------------------------------------

    def _by_labels(self, lane: int, *, total: bool) -> Sum | None:
        if (stated := self.lanes.stated.get(lane)) is not None:
            return stated
        proposed = self._proposed(lane) if total else self._below(lane, labelled=False)
        best, best_score = None, (0.0, 0)
        for candidate in proposed:
            fits, tried = self._fits(lane, candidate.parts)
            score = (fits / tried if tried else 0.0, fits)
            if fits and 2 * fits >= tried and score > best_score:
                best, best_score = candidate, score
        return None if best is None else self._made(lane, best, "labels")

    def _made(self, lane: int, candidate: _Candidate, how: str) -> Sum:
        signs = tuple(self.signs[p] for p in candidate.parts)
        return Sum(self.lanes.axis, lane, candidate.parts, signs, how, candidate.note)

    def _deducted(self, lane: int) -> bool:
        """Say whether a line is taken off: called so, and not printed with a minus already."""
        if not _LESS.match(self.lanes.titles[lane]):
            return False
        keys = (self.lanes.key(lane, at) for at in self.lanes.places)
        return all(self.amounts.values.get(key, 0) >= 0 for key in keys)

    def _fits(self, lane: int, parts: Sequence[int]) -> tuple[int, int]:
        """Count where a sum closes, and where it can be tried."""
        fits = tried = 0
        sum_ = self._made(lane, _Candidate(tuple(parts)), "")
        for at in self.lanes.places:
            total = self.lanes.key(lane, at)
            given, missing = terms(sum_, at, self.amounts)
            if total not in self.amounts.figures or not given:
                continue
            closes = self.amounts.fits(total, given)
            fits += closes
            tried += closes or not missing
        return fits, tried

    def _alike(self, lane: int, others: Iterable[int]) -> list[int]:
        """Keep the lines of the total's dimension wherever both print a figure."""
        mine = self._kinds(lane)
        kept = []
        for other in others:
            theirs = self._kinds(other)
            if mine is theirs or (
                all(a == b for a, b in zip(mine, theirs, strict=True) if a is not _NONE is not b)
                and any(a is not _NONE is not b for a, b in zip(mine, theirs, strict=True))
            ):
                kept.append(other)
        return kept

    def _kinds(self, lane: int) -> tuple[object, ...]:
        """Return the dimensions of a line's figures; the same object for lines that are alike."""
        if lane not in self._of_lane:
            kinds = self.amounts.kinds
            own = tuple(kinds.get(self.lanes.key(lane, at), _NONE) for at in self.lanes.places)
            self._of_lane[lane] = self._same.setdefault(own, own)
        return self._of_lane[lane]

    # -- what labels propose ---------------------------------------------------------------

    def _proposed(self, lane: int) -> list[_Candidate]:
        above, below = list(self._above(lane)), list(self._below(lane, labelled=True))
        title = self.lanes.titles[lane].rstrip()
        first = below + above if title.endswith(":") or not above else above + below
        found = (c for one in first for c in self._alternatives(lane, one))
        return list({c.parts: c for c in found if c.parts}.values())

    def _above(self, lane: int) -> Iterator[_Candidate]:
        """Propose runs of lines that stand above a total."""
        lanes, ready = self.lanes, self._alike(lane, self.open)
        if not ready:
            return
        heading = max((i for i in range(lane) if lanes.roles[i] == "heading"), default=-1)
        last_total = max((i for i in ready if lanes.roles[i] == "total"), default=-1)
        period = lanes.periods[lane]
        if period:
            yield _Candidate(tuple(i for i in ready if lanes.periods[i] == period))
        indented: list[int] = []
        for i in reversed(ready):
            if lanes.levels[i] <= lanes.levels[lane]:
                break
            indented.insert(0, i)
        for run in (
            indented,
            [i for i in ready if i > max(heading, last_total)],
            [i for i in ready if i > heading],
            ready,
            [i for i in ready if lanes.roles[i] == "total"],
        ):
            top = min((lanes.levels[i] for i in run), default=0)
            yield _Candidate(tuple(i for i in run if lanes.levels[i] == top))
            yield _Candidate(tuple(run))

    def _below(self, lane: int, *, labelled: bool) -> Iterator[_Candidate]:
        """Propose lines that stand below what they add up to."""
        lanes = self.lanes
        rest = range(lane + 1, len(lanes.names))
        deeper: list[int] = []
        for i in rest:
            if lanes.levels[i] <= lanes.levels[lane]:
                break
            deeper.append(i)
        filled = [i for i in deeper if lanes.roles[i] in ("part", "total") and self._filled(i)]
        own = self._alike(lane, [i for i in filled if i not in self.details])
        top = min((lanes.levels[i] for i in own), default=0)
        yield _Candidate(tuple(i for i in own if lanes.levels[i] == top))
        yield _Candidate(tuple(self._alike(lane, self._run(rest, lambda i: i in self.details))))
        if labelled:
            yield _Candidate(
                tuple(self._alike(lane, self._run(rest, lambda i: lanes.roles[i] == "part")))
            )
            totals = [i for i in rest if lanes.roles[i] == "total" and self._filled(i)]
            yield _Candidate(tuple(self._alike(lane, totals)))

    def _run(self, rest: Iterable[int], belongs: Callable[[int], bool]) -> list[int]:
        """Return the lines from the first that belongs to the last before one that does not."""
        found: list[int] = []
        for i in rest:
            if belongs(i):
                found.append(i)
            elif found or self.lanes.roles[i] == "total":
                break
        return [i for i in found if self._filled(i)]

    def _alternatives(self, lane: int, candidate: _Candidate) -> Iterator[_Candidate]:
        """Scope 2 by location and by market are one thing twice: never both in one total."""
        titles = self.lanes.titles
        location = [i for i in candidate.parts if _LOCATION.search(titles[i])]
        market = [i for i in candidate.parts if _MARKET.search(titles[i])]
        if not (location and market):
            yield candidate
            return
        without = [(market, "location-based"), (location, "market-based")]
        if _MARKET.search(titles[lane]):
            without.reverse()
        for left_out, method in without:
            parts = tuple(i for i in candidate.parts if i not in left_out)
            yield _Candidate(parts, f"The {method} figure counts.")

    # -- what only arithmetic proposes -----------------------------------------------------

    def _by_arithmetic(self, lane: int, *, total: bool) -> Sum | None:
        figures = self.amounts.figures
        places = [at for at in self.lanes.places if self.lanes.key(lane, at) in figures]
        if len(places) < 2 or (lane in self.absorbed and not total):
            return None
        tries = 2 * len(self.lanes.names) ** (1 if total else 2)
        for parts in self._runs(lane, places[:2], total=total):
            fits, tried = self._fits(lane, parts)
            if fits < max(2, tried - (tried >= 4)):
                continue
            if tries * self._luck(lane, parts) < _LUCK:
                note = "That they add up is found by arithmetic alone; no label says so."
                return self._made(lane, _Candidate(parts, note), "arithmetic")
        return None

    def _runs(self, lane: int, places: list[int], *, total: bool) -> Iterator[tuple[int, ...]]:
        """Go through runs beside a line that close in one of two places."""
        above = self._alike(lane, self.open)[::-1]
        rest = [
            i
            for i in range(lane + 1, len(self.lanes.names))
            if i not in self.details and i not in self.absorbed
        ]
        below = self._alike(lane, itertools.takewhile(self._goes_on, rest))
        if self.lanes.axis == "across":
            for run in (above, below):
                if len(run) + 1 == sum(role == "part" for role in self.lanes.roles):
                    yield tuple(sorted(run))
            return
        if total:
            yield from self._without_one(lane, tuple(sorted(above)), places)
        for run in (above, below):
            yield from self._prefixes(lane, run, places)

    def _goes_on(self, lane: int) -> bool:
        return self.lanes.roles[lane] != "heading"

    def _prefixes(self, lane: int, run: list[int], places: list[int]) -> Iterator[tuple[int, ...]]:
        """Go through the runs of two lines or more, from the line outwards."""
        found = set()
        for at in places:
            bottom, top = self.amounts.ends(self.lanes.key(lane, at))
            low: float = 0
            high: float = 0
            terms_ = self._terms_at(at)
            for size, part in enumerate(run, start=1):
                least, most = terms_[part]
                low += least
                high += most
                if low <= top and bottom <= high and size > 1:
                    found.add(size)
        for size in sorted(found):
            yield tuple(sorted(run[:size]))

    def _terms_at(self, at: int) -> list[Ends]:
        """Return what each line adds to a sum in one place: nothing where it has no figure."""
        if at not in self._terms:
            ends = self._terms[at] = []
            for lane, sign in enumerate(self.signs):
                key = self.lanes.key(lane, at)
                filled = key in self.amounts.figures
                ends.append(spread([self.amounts.ends(key)], [(key, sign)]) if filled else (0, 0))
        return self._terms[at]

    def _without_one(
        self, lane: int, run: tuple[int, ...], places: list[int]
    ) -> Iterator[tuple[int, ...]]:
        """Go through the runs that lack one line: one that is not part of the total."""
        found: dict[int, None] = {}
        whole = self._made(lane, _Candidate(run), "")
        for at in places:
            given, _ = terms(whole, at, self.amounts)
            low, high = spread((self.amounts.ends(k) for k, _ in given), given)
            bottom, top = self.amounts.ends(self.lanes.key(lane, at))
            for part in run:
                key = self.lanes.key(part, at)
                if key in self.amounts.figures:
                    least, most = self.amounts.ends(key)
                    if low - most <= top and bottom <= high - least:
                        found[part] = None
        for part in found:
            yield tuple(i for i in run if i != part)

    def _luck(self, lane: int, parts: Sequence[int]) -> float:
        """Bound the chance that unrelated lines would add up so well.

        Places count only as far as the total changes from one to the next: lines that stay the
        same for years close in all of them or in none.
        """
        chance = 1.0
        seen: list[tuple[object, int]] = []
        sum_ = self._made(lane, _Candidate(tuple(parts)), "")
        for at in self.lanes.places:
            total = self.lanes.key(lane, at)
            given, missing = terms(sum_, at, self.amounts)
            if total not in self.amounts.figures or missing or not given:
                continue
            low, high = spread((self.amounts.ends(k) for k, _ in given), given)
            bottom, top = self.amounts.ends(total)
            if low > top or bottom > high:
                continue
            kind, value = self.amounts.kinds[total], self.amounts.values[total]
            scale = min(
                [abs(value), *(abs(value - other) for k, other in seen if k == kind)],
            )
            chance *= min(1.0, (high - low + top - bottom) / scale) if scale else 1.0
            seen.append((kind, value))
        return chance
