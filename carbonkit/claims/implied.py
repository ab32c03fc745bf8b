"""What a relation says about a value that the report does not give, or that does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from carbonkit import factors, gwp, units
from carbonkit._text import number
from carbonkit.claims.model import Named
from carbonkit.claims.readings import literal, mode, window
from carbonkit.claims.relation import Relation
from carbonkit.claims.verdict import Implied
from carbonkit.errors import FactorNotFound, FormulaError
from carbonkit.factors import Factor
from carbonkit.factors.regions import table
from carbonkit.formula import solve_for
from carbonkit.intervals import Interval

__all__ = [
    "implied_interval",
    "implied_value",
    "places_near",
    "published_in",
    "published_within",
    "told",
]

_SHOWN = 3


def implied_value(
    relation: Relation, claimed: Named, used: dict[str, Named], unknown: Named
) -> tuple[Implied, ...]:
    """Solve a relation for one of its values.

    Parameters
    ----------
    relation : Relation
        The relation, an equality whose left side is `claimed`.
    claimed : Named
        The claimed figure.
    used : mapping of str to Named
        Every value of the relation, with families reduced to one member.
    unknown : Named
        The value to solve for.

    Returns
    -------
    tuple of Implied
        One, or none where the relation cannot be solved for this value.
    """
    interval = implied_interval(relation, claimed, used, unknown)
    if interval is None:
        return ()
    what = unknown.what or unknown.name.replace("_", " ")
    if unknown.factors:
        what = f"an emission factor ({unknown.name})"
    fitting = [f for f in _candidates(unknown) if interval.contains(_in(f, unknown.unit))]
    exact = [f for f in fitting if _reproduces(f, relation, claimed, used, unknown)]
    published = tuple(told(f) for f in (exact or fitting)[:_SHOWN])
    return (Implied(unknown.name, what, interval, unknown.unit, published),)


def implied_interval(
    relation: Relation,
    claimed: Named,
    used: Mapping[str, Named],
    unknown: Named,
    read: Callable[[Named], Interval] = window,
) -> Interval | None:
    """Return the values, in its unit, for which a relation holds; None if it cannot be solved.

    `read` says what a figure stands for; by default its digits, or close to its number.
    """
    inputs = {n: used[n] for n in relation.right.names if n != unknown.name}
    if any(v.figure is None for v in inputs.values()):
        return None
    try:
        found = solve_for(
            lambda **names: relation.right.evaluate(names),
            unknown.name,
            read(claimed),
            {n: read(v) for n, v in inputs.items()},
        )
    except FormulaError:
        return None
    return found * (1 / unknown.base)


def _candidates(unknown: Named) -> list[Factor]:
    """Return published factors for the same activity, in the world and the report's regions."""
    if not unknown.factors:
        return []
    activity = unknown.factors[0].activity
    found = [f for place in places_near(unknown.places) for f in published_in(place, activity)]
    return [f for f in found if units.same_dimension(f.unit, unknown.unit)]


def published_within(interval: Interval, unit: str, values: Iterable[Named]) -> tuple[str, ...]:
    """Return the published values that a quantity may be: its interval and unit are given.

    Of a factor per energy those of electricity, or of the activity that the report cites a factor
    for, in the world and the report's regions; of CO2e per mass of a gas its GWP.
    """
    cited = [v for v in values if v.factors and units.same_dimension(v.unit, unit)]
    gases = {d.removeprefix("species "): e for d, e in units.measure(unit).dimensions}
    if gases.get("CO2e") == 1 and sorted(gases.values()) == [-1, 1]:
        size = 1 / units.measure(unit).size
        (gas,) = (name for name, exponent in gases.items() if exponent < 0)
        found = [
            f"{number(potential)} ({label}, {one})"
            for one in gwp.sets()
            for label, potential in one.values.items()
            if label.split()[0] == gas and interval.contains(potential * size)
        ]
    else:
        activity = cited[0].factors[0].activity if cited else "electricity"
        places = tuple(p for v in cited for p in v.places)
        found = [
            told(f)
            for place in places_near(places)
            for f in published_in(place, activity)
            if units.same_dimension(f.unit, unit) and interval.contains(_in(f, unit))
        ]
    return tuple(dict.fromkeys(found))[:_SHOWN]


def places_near(places: tuple[str, ...]) -> tuple[str, ...]:
    """Return the world, the report's regions and the regions within them."""
    return tuple(
        dict.fromkeys(
            code
            for place in ("World", *places)
            for code in (place, *(r.code for r in table().regions.values() if place in r.parents))
            if place != "World" or code == "World"
        )
    )


def published_in(place: str, activity: str) -> tuple[Factor, ...]:
    """Return every factor of the library for an activity in a region."""
    try:
        return factors.find_all(activity, region=place)
    except FactorNotFound:
        return ()


def _in(factor: Factor, unit: str) -> Fraction:
    return Fraction(factor.text) * units.scale(factor.unit, unit)


def _reproduces(
    factor: Factor, relation: Relation, claimed: Named, used: dict[str, Named], unknown: Named
) -> bool:
    """Say whether the factor, as printed, gives the claimed figure to its last digit."""
    values = {n: used[n].value for n in relation.right.names if n != unknown.name}
    values[unknown.name] = _in(factor, unknown.unit) * unknown.base
    recomputed = relation.right.evaluate(values)
    return literal(claimed).contains(recomputed) or claimed.interval(mode(claimed)).contains(
        recomputed
    )


def told(factor: Factor) -> str:
    """Return a factor as a reader sees it: value, kind, place, year and publisher."""
    value, place = f"{factor.text} {factor.unit}", factor.region
    if factor.kind == "folk":
        return f"{value} ({factors.KINDS['folk']}, {place})"
    year = f" {factor.data_year}" if factor.data_year else ""
    return f"{value} ({factor.kind.replace('-', ' ')}, {place}{year}, {factor.source.publisher})"
