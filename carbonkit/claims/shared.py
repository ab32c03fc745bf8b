"""What several lines imply for one quantity that the report does not print.

Revenue behind intensities, a grid factor behind avoided tonnes, a GWP behind the rows of a gas,
the head count behind figures per head: every line that uses the quantity implies an interval for
it. If the report is right, the true value lies in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING

from carbonkit.claims.evaluate import range_of
from carbonkit.claims.implied import implied_interval, published_within
from carbonkit.claims.model import Named
from carbonkit.claims.readings import widest, window
from carbonkit.claims.relation import Name, Relation
from carbonkit.claims.verdict import ClaimResult, shown_interval
from carbonkit.errors import CarbonkitError
from carbonkit.intervals import Interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Line", "Shared", "implied_frame", "shared"]

_JUDGED = ("figure", "fact", "convention")


@dataclass(frozen=True)
class Line:
    """What one relation implies for a quantity.

    Attributes
    ----------
    result : ClaimResult
        The claim that it belongs to.
    relation : Relation
        The relation.
    interval : Interval
        The values implied by the figures at their printed digits (a bound: close to its number).
    widest : Interval or None
        The values implied by every reading that a verdict would admit; None where a bound or an
        assumption leaves them open, so that the line speaks against no other.
    """

    result: ClaimResult
    relation: Relation
    interval: Interval
    widest: Interval | None


@dataclass(frozen=True)
class Shared:
    """A quantity that the report does not print, and the lines that imply it.

    Intervals are in `unit`.

    Attributes
    ----------
    name, what, unit : str
        The quantity.
    lines : tuple of Line
        In the order of the claims.
    common : Interval or None
        Where all lines meet, or else where those meet that remain once the first of `aside` is
        set aside.
    coarse : bool
        Whether they only meet if figures are read more coarsely than to their last digit.
    aside : tuple of tuple of Line
        The smallest sets of lines without which the others meet; empty where all meet.
    published : tuple of str
        Published values of the library that lie in `common`.

    Examples
    --------
    >>> import carbonkit as ck
    >>> report = ck.load_report("huawei-2020")
    >>> found = shared(report.verify().results, report.values)
    >>> next(s for s in found if s.name == "metro_hours").common
    Interval('[...]')
    """

    name: str
    what: str
    unit: str
    lines: tuple[Line, ...]
    common: Interval | None
    coarse: bool = False
    aside: tuple[tuple[Line, ...], ...] = ()
    published: tuple[str, ...] = ()

    def shown(self, interval: Interval) -> str:
        """Return an interval of the quantity for a reader."""
        return shown_interval(interval, self.unit, 4)


def shared(results: tuple[ClaimResult, ...], values: Mapping[str, Named]) -> tuple[Shared, ...]:
    """Solve every relation for the one quantity that it leaves open, and compare.

    Parameters
    ----------
    results : tuple of ClaimResult
        The verdicts on a report's claims.
    values : mapping of str to Named
        The report's figures, facts, assumptions and unknowns, as they were used.

    Returns
    -------
    tuple of Shared
        One for each unknown that some relation can be solved for, by name.
    """
    lines: dict[str, list[Line]] = {}
    for result in results:
        for finding in result.findings:
            relation = finding.relation
            if relation is None or relation.compare != "==":
                continue
            open_names = [n for n in relation.names if values[n].role == "unknown"]
            line = _line(result, relation, open_names[0], values) if len(open_names) == 1 else None
            if line is not None:
                lines.setdefault(open_names[0], []).append(line)
    return tuple(_compared(values[name], tuple(lines[name]), values) for name in sorted(lines))


def _line(
    result: ClaimResult, relation: Relation, name: str, values: Mapping[str, Named]
) -> Line | None:
    interval = _implied(relation, name, values, window)
    if interval is None:
        return None
    others = [values[n] for n in relation.names if n != name]
    judged = all(v.role in _JUDGED and not v.is_bound for v in others)
    return Line(
        result, relation, interval, _implied(relation, name, values, widest) if judged else None
    )


def _implied(
    relation: Relation, name: str, values: Mapping[str, Named], read: Callable[[Named], Interval]
) -> Interval | None:
    """Solve a relation for a name, under every choice of the families of factors."""
    found = []
    for choice in product(*(values[n].members() for n in relation.names)):
        used = dict(zip(relation.names, choice, strict=True))
        interval = _solved(relation, name, used, read)
        if interval is None:
            return None
        found.append(interval)
    return reduce(Interval.hull, found)


def _solved(
    relation: Relation, name: str, used: Mapping[str, Named], read: Callable[[Named], Interval]
) -> Interval | None:
    left = relation.left
    if not isinstance(left, Name):
        return None
    if left.name != name:
        return implied_interval(relation, used[left.name], used, used[name], read)
    try:
        box = {n: read(used[n]) for n in relation.right.names}
        return range_of(relation.right, box) * (1 / used[name].base)
    except (CarbonkitError, ZeroDivisionError):
        return None


def _compared(unknown: Named, lines: tuple[Line, ...], values: Mapping[str, Named]) -> Shared:
    what = unknown.what or unknown.name.replace("_", " ")
    fine = _meeting([line.interval for line in lines])
    coarse, common = False, fine
    aside: tuple[tuple[Line, ...], ...] = ()
    if fine is None:
        judged = [line for line in lines if line.widest is not None]
        ranges = [line.widest for line in judged if line.widest is not None]
        common, coarse = _meeting(ranges), True
        if common is None and len(judged) > 1:
            kept = _largest_meeting(ranges)
            aside = tuple(
                tuple(line for at, line in enumerate(judged) if at not in group) for group in kept
            )
            common = _meeting([r for at, r in enumerate(ranges) if at in kept[0]])
    published = published_within(common, unknown.unit, values.values()) if common else ()
    return Shared(unknown.name, what, unknown.unit, lines, common, coarse, aside, published)


def _meeting(intervals: list[Interval]) -> Interval | None:
    """Return the numbers that lie in every interval; None if there are none."""
    common: Interval | None = Interval(None, None)
    for interval in intervals:
        common = common & interval if common is not None else None
    return common if intervals else None


def _largest_meeting(intervals: list[Interval]) -> list[frozenset[int]]:
    """Return the largest groups of intervals with a number in common.

    The numbers common to a group begin where one of its members begins, so it is enough to ask
    at each beginning which intervals hold the numbers from there on.
    """
    groups: list[frozenset[int]] = []
    for first in intervals:
        begin = Interval(first.lo, first.lo, True, True) if first.lo_closed else None
        group = frozenset(
            at
            for at, other in enumerate(intervals)
            if (other.meets(begin) if begin is not None else _goes_on_from(other, first))
        )
        if group not in groups:
            groups.append(group)
    most = max(map(len, groups))
    return [g for g in groups if len(g) == most]


def _goes_on_from(other: Interval, first: Interval) -> bool:
    """Say whether an interval holds the numbers just above another one's open lower end."""
    if first.lo is None:
        return other.lo is None
    below = other.lo is None or other.lo <= first.lo
    return below and (other.hi is None or other.hi > first.lo)


COLUMNS = (
    "unknown",
    "what",
    "id",
    "page",
    "system",
    "relation",
    "low",
    "high",
    "unit",
    "lines",
    "common_low",
    "common_high",
    "agreement",
    "published",
)


def implied_frame(results: tuple[ClaimResult, ...], values: Mapping[str, Named]) -> pd.DataFrame:
    """Return one row per line and quantity; see :meth:`Audit.implied`."""
    import pandas as pd

    rows = []
    for found in shared(results, values):
        low, high = found.common.floats() if found.common is not None else (None, None)
        for line in found.lines:
            rows.append(
                (
                    found.name,
                    found.what,
                    line.result.id,
                    line.result.claim.page,
                    line.result.claim.system,
                    line.relation.text,
                    *line.interval.floats(),
                    found.unit,
                    len(found.lines),
                    low,
                    high,
                    _agreement(found, line),
                    found.published,
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _agreement(found: Shared, line: Line) -> str:
    if len(found.lines) == 1:
        return "alone"
    if not found.coarse:
        return "meets"
    if line.widest is None or found.common is None:
        return "open"
    if not found.aside:
        return "meets by a coarser reading"
    inside = sum(line in group for group in found.aside)
    if inside == len(found.aside):
        return "set aside"
    return "one of those to set aside" if inside else "meets the others"
