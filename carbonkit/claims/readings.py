"""What a printed figure can stand for: its digits, its bound, and coarser readings of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from carbonkit.claims.model import Named
from carbonkit.intervals import Interval
from carbonkit.printed import Qualifier

__all__ = [
    "Reading",
    "coarse",
    "is_about",
    "literal",
    "mode",
    "readings",
    "truncated",
    "widest",
    "window",
]


@dataclass(frozen=True)
class Reading:
    """One admissible way to read the figures of a relation.

    Attributes
    ----------
    name, note : str
        What it is, and how it is told to a reader.
    printed : Interval
        What the claimed figure stands for.
    box : mapping of str to Interval
        What the other figures stand for.
    """

    name: str
    note: str
    printed: Interval
    box: Mapping[str, Interval]


def mode(named: Named) -> str:
    """Return the rounding rule of a figure: to nearest where the report names none."""
    return "nearest" if named.rounding == "unknown" else named.rounding


def literal(named: Named) -> Interval:
    """Return what the figure says literally: a half-line for a bound, its digits otherwise."""
    bound = named.figure.bound() if named.figure is not None else None
    return named.interval(mode(named)) if bound is None else bound * named.base


def window(named: Named) -> Interval:
    """Return what a speaker means by the figure: close to the number for a bound."""
    if named.is_bound and named.figure is not None:
        return named.figure.window() * named.base
    return named.interval(mode(named))


def coarse(named: Named) -> Interval:
    """Read a figure as a round number, a bound as a bound at a round number.

    "Nearly 13,000" never exceeds 13,000, so it has no coarser reading.
    """
    figure = named.figure
    if figure is None or named.nominal or figure.qualifier is Qualifier.NEARLY:
        return literal(named)
    if not named.is_bound:
        return named.interval(mode(named), _insignificant(named))
    rounded = figure.interval(mode(named), figure.trailing_zeros) * named.base
    if literal(named).hi is None:
        return Interval(rounded.lo, None, rounded.lo_closed, False)
    return Interval(None, rounded.hi, False, rounded.hi_closed)


def widest(named: Named) -> Interval:
    """Read a figure as generously as any verdict would: round, or cut off instead of rounded.

    Every reading under which a true statement passes lies inside, so what contradicts it
    contradicts them all.
    """
    if named.is_bound:
        return window(named)
    rounded = coarse(named)
    cut = named.role == "figure" and named.rounding == "unknown" and not named.nominal
    return rounded.hull(named.interval("truncated")) if cut else rounded


def is_about(named: Named) -> bool:
    """Say whether a figure is called approximate and ends in zeros that may not be digits."""
    figure = named.figure
    return figure is not None and figure.qualifier is Qualifier.ABOUT and figure.trailing_zeros > 0


def truncated(
    values: Mapping[str, Named], other: Callable[[Named], Interval] | None = None
) -> dict[str, Interval]:
    """Read the report's figures as truncated; what names its rule or comes from outside is not.

    Parameters
    ----------
    values : mapping of str to Named
        The figures.
    other : callable, optional
        How to read a bound or a range; by its digits, if not given.
    """
    box = {}
    for name, value in values.items():
        if other is not None and (value.is_bound or value.is_range):
            box[name] = other(value)
        else:
            cut = value.role == "figure" and value.rounding == "unknown"
            box[name] = value.interval("truncated" if cut else mode(value))
    return box


def readings(
    claimed: Named, inputs: Mapping[str, Named], *, truncation: bool = True
) -> Iterator[Reading]:
    """Go through the admissible readings, from finer to coarser.

    The order and the choice were measured on true, false and planted statements: zeros may be
    insignificant in the claimed figure, or in all figures at their common power of ten;
    truncation is admitted at the finest reading only, and only where no rule is named.

    Parameters
    ----------
    claimed : Named
        The figure that is recomputed.
    inputs : mapping of str to Named
        What it is recomputed from.
    truncation : bool
        Whether truncation is open to this figure; not where other cells of its table exclude it.
    """
    fine = {n: v.interval(mode(v)) for n, v in inputs.items()}
    digits = claimed.interval(mode(claimed))
    yield Reading(
        "finest",
        "It comes out once the rounding of the figures it is computed from is allowed for.",
        digits,
        fine,
    )
    about = {n: v for n, v in (*inputs.items(), (claimed.name, claimed)) if is_about(v)}
    if about:
        told = " and ".join(repr(v.shown()) for v in about.values())
        yield Reading(
            "about",
            f"It comes out if {told} is rounded to its significant digits.",
            coarse(claimed) if claimed.name in about else digits,
            {n: coarse(v) if n in about else fine[n] for n, v in inputs.items()},
        )
    if truncation and claimed.rounding == "unknown":
        cut = claimed.interval("truncated")
        yield Reading(
            "truncated",
            "It comes out if the printed figure was truncated: its digits cut off, where rounding "
            "what the printed figures give would change the last one.",
            cut,
            fine,
        )
        yield Reading(
            "truncated",
            "It comes out if all the figures were truncated: their digits cut off, not rounded.",
            cut,
            truncated(inputs),
        )
    for zeros in range(1, _written_zeros(claimed) + 1):
        which = f"the last {zeros} zeros" if zeros > 1 else "the last zero"
        be = "are" if zeros > 1 else "is"
        yield Reading(
            "zeros",
            f"It comes out if {which} of {claimed.shown()!r} {be} rounding, not digits.",
            claimed.interval(mode(claimed), zeros),
            fine,
        )
    common = _common_zeros(claimed, inputs)
    if common:
        yield Reading(
            "common zeros",
            "It comes out if all the figures are rounded at their common power of ten.",
            claimed.interval(mode(claimed), common[claimed.name]),
            {n: v.interval(mode(v), common.get(n, 0)) for n, v in inputs.items()},
        )


def _insignificant(named: Named) -> int:
    """Count the zeros that a round number may have lost; "about" says that it has."""
    if named.figure is None:
        return 0
    return named.figure.trailing_zeros if is_about(named) else _written_zeros(named)


def _written_zeros(named: Named) -> int:
    """Count the zeros written out; those before a magnitude word are digits."""
    if named.figure is None or named.nominal:
        return 0
    return named.figure.trailing_zeros - named.figure.zeros_before_magnitude


def _common_zeros(claimed: Named, inputs: Mapping[str, Named]) -> dict[str, int]:
    """Count the zeros that each figure of the claimed unit loses at their common power of ten."""
    alike = [v for v in (claimed, *inputs.values()) if not v.nominal and v.unit == claimed.unit]
    if len(alike) < 2 or not all(_written_zeros(v) for v in alike):
        return {}
    last = {v.name: v.figure.ulp for v in alike if v.figure is not None}
    common = min(last[v.name] * 10 ** _written_zeros(v) for v in alike)
    return {name: _power_of_ten(common / ulp) for name, ulp in last.items()}


def _power_of_ten(number: Fraction) -> int:
    return len(str(number.numerator)) - 1
