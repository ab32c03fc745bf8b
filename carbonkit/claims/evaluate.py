"""Evaluate expressions on intervals, and measure how hard a test was."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from carbonkit.claims.model import Named
from carbonkit.claims.readings import literal
from carbonkit.claims.relation import Expression
from carbonkit.intervals import Interval, range_over

__all__ = ["chance", "passes_widely", "passing_share", "range_of", "range_of_function"]

# Enough to tell a corner of the box (1 %) from more of it.
SAMPLES = 400


def range_of(expression: Expression, box: Mapping[str, Interval]) -> Interval:
    """Return the tight range of an expression over a box."""
    used = {name: box[name] for name in expression.names}
    return range_of_function(
        lambda **names: expression.evaluate(names), used, repeated=expression.repeated
    )


def range_of_function(
    fn: Callable[..., Any], box: Mapping[str, Interval], repeated: Sequence[str] | None = None
) -> Interval:
    """Return the tight range of plain arithmetic over a box; see `range_over`."""
    fixed = {n: i.lo for n, i in box.items() if i.is_point}
    if len(fixed) == len(box):
        return Interval.point(fn(**fixed))
    wide = {n: i for n, i in box.items() if n not in fixed}
    return range_over(lambda **names: fn(**fixed, **names), wide, repeated)


def passing_share(expression: Expression, box: Mapping[str, Interval], printed: Interval) -> float:
    """Return the share of a box of inputs whose result lies in the printed interval.

    Points come from an additive recurrence, so that the same inputs give the same bits.
    """
    tried = list(_tries(expression, box, printed))
    return sum(tried) / len(tried)


def passes_widely(
    expression: Expression, box: Mapping[str, Interval], printed: Interval, share: float
) -> bool:
    """Say whether the passing share reaches `share`, without going on once that is sure."""
    return any(
        passed >= share * SAMPLES
        for passed in itertools.accumulate(_tries(expression, box, printed))
    )


def _tries(
    expression: Expression, box: Mapping[str, Interval], printed: Interval
) -> Iterator[bool]:
    """Say of one point of the box after the other whether it gives the printed figure."""
    wide = [n for n in expression.names if not box[n].is_point]
    if not wide:
        yield from itertools.repeat(True, SAMPLES)
        return
    values: dict[str, Any] = {n: float(i.midpoint) for n, i in box.items() if i.is_point}
    ends = [box[n].floats() for n in wide]
    sides = [(name, start, end - start) for name, (start, end) in zip(wide, ends, strict=True)]
    low, high = printed.floats()
    for point in _points(len(wide)):
        for (name, start, width), at in zip(sides, point, strict=True):
            values[name] = start + width * at
        try:
            yield low <= float(expression.evaluate(values)) <= high
        except ZeroDivisionError:
            yield False


@lru_cache(maxsize=64)
def _points(sides: int) -> tuple[tuple[float, ...], ...]:
    """Return points that fill a box of so many unit sides evenly.

    Roberts' R-sequence: its steps are the powers of the root of x**(d+1) = x + 1.
    """
    root = 2.0
    for _ in range(64):
        root = (1 + root) ** (1 / (sides + 1))
    steps = [root**-k for k in range(1, sides + 1)]
    return tuple(
        tuple((0.5 + index * step) % 1.0 for step in steps) for index in range(1, SAMPLES + 1)
    )


def chance(claimed: Named, recomputed: Interval) -> float | None:
    """Return the chance that a random figure of this precision would have passed.

    The random figure is drawn log-uniformly from the decade around the printed one. None where
    the printed figure is zero or a range.
    """
    figure = claimed.figure
    if figure is None or claimed.is_range or not claimed.value:
        return None
    middle = abs(float(claimed.value))
    half = 0.0 if claimed.nominal else float(figure.ulp * claimed.base) / 2
    low, high = recomputed.floats()
    if claimed.is_bound:
        low, high = (-math.inf, high) if literal(claimed).hi is None else (low, math.inf)
    sizes = sorted((abs(low), abs(high))) if low * high > 0 else [0.0, max(abs(low), abs(high))]
    bottom = max(sizes[0] - half, middle / math.sqrt(10))
    top = min(sizes[1] + half, middle * math.sqrt(10))
    return math.log10(top / bottom) if top > bottom else 0.0
