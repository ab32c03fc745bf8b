"""Evaluate expressions on intervals, and measure how hard a test was."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from carbonkit.claims.readings import literal
from carbonkit.claims.relation import Expression
from carbonkit.claims.report import Named
from carbonkit.intervals import Interval, range_over

__all__ = ["chance", "passing_share", "range_of", "range_of_function"]

# Enough to tell a corner of the box (1 %) from more of it.
SAMPLES = 400


def range_of(expression: Expression, box: Mapping[str, Interval]) -> Interval:
    """Return the tight range of an expression over a box."""
    used = {name: box[name] for name in expression.names}
    return range_of_function(lambda **names: expression.evaluate(names), used)


def range_of_function(fn: Callable[..., Any], box: Mapping[str, Interval]) -> Interval:
    """Return the tight range of plain arithmetic over a box."""
    fixed = {n: i.lo for n, i in box.items() if i.is_point}
    wide = {n: i for n, i in box.items() if not i.is_point}
    if not wide:
        return Interval.point(fn(**fixed))
    return range_over(lambda **names: fn(**fixed, **names), wide)


def passing_share(expression: Expression, box: Mapping[str, Interval], printed: Interval) -> float:
    """Return the share of a box of inputs whose result lies in the printed interval.

    Points come from an additive recurrence, so that the same inputs give the same bits.
    """
    wide = [n for n in expression.names if not box[n].is_point]
    if not wide:
        return 1.0
    # Roberts' R-sequence: powers of the root of x**(d+1) = x + 1 fill a box of d sides evenly.
    root = 2.0
    for _ in range(64):
        root = (1 + root) ** (1 / (len(wide) + 1))
    values: dict[str, Any] = {n: float(i.midpoint) for n, i in box.items() if i.is_point}
    sides = [(n, *box[n].floats(), root**-k) for k, n in enumerate(wide, start=1)]
    low, high = printed.floats()
    passed = 0
    for index in range(1, SAMPLES + 1):
        for name, start, end, step in sides:
            values[name] = start + (end - start) * ((0.5 + index * step) % 1.0)
        try:
            passed += low <= float(expression.evaluate(values)) <= high
        except ZeroDivisionError:
            continue
    return passed / SAMPLES


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
