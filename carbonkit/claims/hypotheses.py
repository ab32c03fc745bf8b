"""What may have gone wrong with a figure: each slip a small function, all in one list.

A hypothesis takes a :class:`~carbonkit.claims.trials.Case` and goes through the recomputations that
it proposes. It does not judge them: :mod:`carbonkit.claims.diagnose` tries each one and counts how
many were tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from itertools import combinations
from typing import Any

from carbonkit import factors, gwp, units
from carbonkit._text import number
from carbonkit.claims.implied import places_near, published_in, told
from carbonkit.claims.model import Named
from carbonkit.claims.readings import mode, window
from carbonkit.claims.trials import Case, Swaps, Trial, Value
from carbonkit.errors import FactorNotFound
from carbonkit.factors import Factor
from carbonkit.factors.query import activities
from carbonkit.intervals import Interval
from carbonkit.printed import Figure

__all__ = ["HYPOTHESES"]

# Defined sizes: avoirdupois pound of 0.45359237 kg (1959), 2,000 and 2,240 of them.
_SHORT_TON = Fraction("0.90718474")
_LONG_TON = Fraction("1.0160469088")
_CARBON = Fraction(44, 12)
# 2006 IPCC Guidelines, vol. 2, ch. 1, section 1.4.1.2: net is about 10 % below gross calorific
# value for natural gas and 5 % below for coal and oil.
_NET_OF_GROSS = {"gas": Fraction(9, 10), "other": Fraction(95, 100)}
_PER_FUEL = ("kg CO2/GJ", "kg CO2e/GJ", "GJ/t", "GJ/m3", "GJ/Nm3")
_NO_FUEL = frozenset({"electricity", "electric", "grid", "power", "steam", "heat"})
_LIQUID_OR_SOLID = ("coal", "diesel", "oil", "petrol", "kerosene", "coke", "lignite")


# --- slips of the result -------------------------------------------------------------------------


def sign(case: Case) -> Iterator[Trial]:
    """A minus sign dropped or added, on the result or on one term of a sum."""
    yield Trial("the sign is turned", change=lambda x: x * -1)
    for name, value in case.terms.items():
        yield Trial(
            f"{value.text} is taken with the opposite sign",
            swapped={name: value.times(Fraction(-1), f"−{value.text}")},
        )


def power_of_ten(case: Case) -> Iterator[Trial]:
    """A decimal point, a prefix of a unit or a Chinese magnitude read wrongly."""
    for power in (3, -3, 1, -1, 2, -2, 4, -4, 6, -6, 8, -8):
        factor = Fraction(10) ** power
        yield Trial(partial(_power_words, case.claimed, power), change=_by(factor))
    for name, value in case.apart.items():
        # A millionth of a term would be as good as none.
        for power in (3, -3, 1, -1, 2, -2, 4, -4):
            factor = Fraction(10) ** power
            yield Trial(
                partial(_power_of_one, value, case.inputs[name], power),
                swapped={name: value.times(factor)},
            )


def _power_of_one(value: Value, named: Named, power: int, _: object) -> str:
    return f"{value.text}: {_power_words(named, power)}"


def _power_words(named: Named, power: int, _: object = None) -> str:
    dimensions = dict(units.measure(named.unit).dimensions)
    size = abs(power)
    way = "too high" if power > 0 else "too low"
    if size == 3 and "length" in dimensions and "time" in dimensions:
        return f"a factor of 1,000 {way}, as between kWh and MWh or kW and MW"
    if size == 3 and "mass" in dimensions:
        return f"a factor of 1,000 {way}, as between kg and t or between t and kt"
    if size in (4, 8):
        name = "万, ten thousand" if size == 4 else "亿, a hundred million"
        return f"a factor of 10^{size} {way}, as of a Chinese magnitude ({name}) or of m2 and ha"
    if size < 3:
        return f"the decimal point {size} place{'s' if size > 1 else ''} off"
    return f"a factor of 10^{size} {way}"


def carbon(case: Case) -> Iterator[Trial]:
    """Carbon printed as carbon dioxide, or the reverse."""
    if units.species(case.claimed.unit) not in ("CO2", "CO2e", "C"):
        return
    yield Trial("mass of carbon for mass of CO2 (× 12/44)", change=_by(1 / _CARBON))
    yield Trial("mass of CO2 for mass of carbon (× 44/12)", change=_by(_CARBON))


def ton(case: Case) -> Iterator[Trial]:
    """Short or long tons for tonnes, in the result or in one figure that it comes from."""
    sizes = (("short tons", _SHORT_TON), ("long tons", _LONG_TON))
    places: list[tuple[str, Named, tuple[str, Value] | None]] = [("", case.claimed, None)]
    places += [(f"{v.text} in ", case.inputs[n], (n, v)) for n, v in case.apart.items()]
    for where, named, term in places:
        dimensions = dict(units.measure(named.unit).dimensions)
        if "mass" not in dimensions or "time" in dimensions:
            continue
        for told_as, size in sizes:
            for factor, words in (
                (1 / size, f"{where}{told_as} printed as tonnes"),
                (size, f"{where}tonnes printed as {told_as}"),
            ):
                if term is None:
                    yield Trial(words, change=_by(factor))
                else:
                    name, value = term
                    yield Trial(words, swapped={name: value.times(factor)})


def percent_base(case: Case) -> Iterator[Trial]:
    """The change divided by the new value, or the part by the rest instead of the whole."""
    if units.measure(case.claimed.unit).dimensions or len(case.right.names) < 2:
        return
    yield Trial("divided by the other base (new for old, or whole without its part)", change=_up)
    yield Trial("divided by the other base (old for new, or the rest for the whole)", change=_down)


_PERCENT_AS_POINTS = "per cent of change printed as percentage points"


def percent_points(case: Case) -> Iterator[Trial]:
    """Percentage points printed as per cent, or the reverse."""
    shares = [n for n, v in case.inputs.items() if v.unit == "%"]
    if len(shares) != 2 or len(case.inputs) != 2:
        return
    in_points = units.same_dimension(case.claimed.unit, "pp")
    if case.claimed.unit != "%" and not in_points:
        return
    for new, old in (shares, shares[::-1]):

        def points(values: Mapping[str, Any], new: str = new, old: str = old) -> Any:
            return values[new] - values[old]

        def change(values: Mapping[str, Any], new: str = new, old: str = old) -> Any:
            return values[new] / values[old] - 1

        def change_in_points(values: Mapping[str, Any], of: Any = change) -> Any:
            return of(values) * 100

        if in_points:
            yield Trial(_PERCENT_AS_POINTS, compute=change_in_points)
        else:
            yield Trial("percentage points printed as per cent of change", compute=points)
            yield Trial(_PERCENT_AS_POINTS, compute=change)


def rounding(case: Case) -> Iterator[Trial]:
    """Digits cut off instead of rounded, or always rounded up."""
    yield Trial("truncated, not rounded", printed=case.claimed.interval("truncated"))
    yield Trial("rounded up, not to nearest", printed=case.claimed.interval("ceiling"))


# --- slips of a sum ------------------------------------------------------------------------------


def left_out(case: Case) -> Iterator[Trial]:
    """A term left out of a sum."""
    for name, value in case.terms.items():
        none = value.times(Fraction(0), "0")
        yield Trial(f"{value.text} is left out", swapped={name: none})


def counted_twice(case: Case) -> Iterator[Trial]:
    """A term counted twice in a sum."""
    for name, value in case.terms.items():
        twice = value.times(Fraction(2), f"2 × {value.text}")
        yield Trial(f"{value.text} is counted twice", swapped={name: twice})


# --- slips of an ingredient ----------------------------------------------------------------------


def transposed(case: Case) -> Iterator[Trial]:
    """Two neighbouring digits exchanged, in the claimed figure or in one that it comes from."""
    for figure in _transposed(case.claimed.figure):
        other = replace(case.claimed, figure=figure)
        words = f"{case.claimed.shown()} printed for {other.shown()}, two digits exchanged"
        yield Trial(words, printed=other.interval(mode(other)))
    for name, named in case.inputs.items():
        if named.role != "figure":
            continue
        for figure in _transposed(named.figure):
            value = Value(
                figure.value * named.base,
                partial(_read_as, named, figure),
                partial(_shown_as, named, figure),
            )
            yield Trial(partial(_exchanged, named), swapped={name: value})


def _read_as(named: Named, figure: Figure) -> Interval:
    return window(replace(named, figure=figure))


def _shown_as(named: Named, figure: Figure, _: object) -> str:
    return replace(named, figure=figure).shown()


def _exchanged(named: Named, _: object) -> str:
    return f"two digits of {named.shown()} exchanged"


def _transposed(figure: Figure | None) -> Iterator[Figure]:
    if figure is None or figure.high is not None:
        return
    parts = figure.coefficient.as_tuple()
    digits = list(parts.digits)
    for at in range(len(digits) - 1):
        first, second = digits[at : at + 2]
        if first == second or (at == 0 and second == 0):
            continue
        changed = (*digits[:at], second, first, *digits[at + 2 :])
        other = Decimal((parts.sign, changed, int(parts.exponent)))
        text = f"{format(other, ',')}{figure.text[_end_of_digits(figure.text) :]}"
        yield Figure(text, other, figure.power, figure.unit, figure.qualifier)


def _end_of_digits(text: str) -> int:
    last = max((i for i, c in enumerate(text) if c.isdecimal()), default=len(text) - 1)
    return last + 1


def leap_year(case: Case) -> Iterator[Trial]:
    """A year of other days or hours."""
    for name, value in case.given.items():
        named = case.inputs[name]
        per_year = {"h/year": (8760, 8784, 8000), "day/year": (365, 366, 360)}.get(named.unit, ())
        own = value.value / named.base
        if own not in per_year:
            continue
        for other in per_year:
            text = f"{other:,} {named.unit}"
            yield Trial(
                f"a year of {text}", swapped={name: value.times(Fraction(other) / own, text)}
            )


def per_unit(case: Case) -> Iterator[Trial]:
    """One unit instead of all of them, or the reverse."""
    for name, value in case.given.items():
        dimensions = units.measure(case.inputs[name].unit).dimensions
        countable = not dimensions and case.inputs[name].unit == "1"
        if len(dimensions) == 1:
            (thing, exponent) = dimensions[0]
            # Currencies are written in capitals; a species is a gas.
            countable = exponent == 1 and thing.islower() and thing not in _MEASURED
            countable = countable and not thing.startswith("species")
        if not countable or value.value in (0, 1):
            continue
        one = value.times(1 / value.value, "1")
        yield Trial(f"for one, not for {value.text}", swapped={name: one})


_MEASURED = frozenset({"length", "mass", "time", "year", "temperature", "current"})


def calorific(case: Case) -> Iterator[Trial]:
    """Net for gross calorific value, or the reverse."""
    for name, value in case.given.items():
        for ratio in _net_of_gross(case.inputs[name]):
            for factor, words in (
                (ratio, "net calorific value for gross"),
                (1 / ratio, "gross calorific value for net"),
            ):
                yield Trial(words, swapped={name: value.times(factor)})


def _net_of_gross(named: Named) -> tuple[Fraction, ...]:
    """Return how net may compare with gross in a fuel's factor or calorific value."""
    if named.factors:
        words = named.factors[0].activity
    elif any(units.same_dimension(named.unit, like) for like in _PER_FUEL):
        words = f"{named.name} {named.what} {named.source} {named.cited}".replace("_", " ").lower()
    else:
        return ()
    if not _NO_FUEL.isdisjoint(words.split()):
        return ()
    if "gas" in words.split():
        return (_NET_OF_GROSS["gas"],)
    known = named.factors or any(fuel in words for fuel in _LIQUID_OR_SOLID)
    return (_NET_OF_GROSS["other"],) if known else tuple(_NET_OF_GROSS.values())


def gwp_set(case: Case) -> Iterator[Trial]:
    """Another set of global warming potentials."""
    for name, named in case.inputs.items():
        dimensions = dict(units.measure(named.unit).dimensions)
        gas = next((d for d, e in dimensions.items() if d.startswith("species ") and e < 0), "")
        if dimensions.get("species CO2e") != 1 or not gas:
            continue
        for one in gwp.sets():
            for label, potential in one.values.items():
                if label.split()[0] != gas.removeprefix("species "):
                    continue
                text = f"{number(potential)} ({label}, {one.name}, {one.horizon} years)"
                value = Value(potential, partial(Interval.point, potential), text)
                yield Trial(f"with {text}", swapped={name: value})


def other_factor(case: Case) -> Iterator[Trial]:
    """Another published factor for the same activity, in the report's regions and the world."""
    for name, named in case.inputs.items():
        if name != case.missing and (case.missing or not named.factors):
            continue
        like = named if named.factors else next((c for c in case.cited if _alike(c, named)), named)
        activity = like.factors[0].activity if like.factors else ""
        instead = "" if name == case.missing else f", not {named.shown()}"
        for value in _published(activity, like.places, named.unit, named.base):
            yield Trial(f"with {value.text}{instead}", swapped={name: value})


def _alike(cited: Named, named: Named) -> bool:
    return units.same_dimension(cited.unit, named.unit)


@lru_cache(maxsize=256)
def _published(
    activity: str, places: tuple[str, ...], unit: str, base: Fraction
) -> tuple[Value, ...]:
    """Return published factors that a value may stand for; of CO2 also those of CO2e."""
    found = []
    for factor in _of_activity(activity, places) if activity else _of_things(unit):
        own = factor.unit
        if not units.same_dimension(own, unit):
            own = own.replace("CO2e", "CO2")
        if units.same_dimension(own, unit):
            size = units.scale(own, unit) * base
            found.append(_factor_value(factor, size))
    return tuple(found)


def _factor_value(factor: Factor, size: Fraction) -> Value:
    value = Fraction(factor.text) * size
    return Value(value, lambda: factor.figure.interval() * size, told(factor))


def _of_activity(activity: str, places: tuple[str, ...]) -> Iterator[Factor]:
    for place in places_near(places):
        yield from published_in(place, activity)


def _of_things(unit: str) -> Iterator[Factor]:
    """Go through factors per countable thing, such as a tree."""
    for thing, _ in units.measure(unit).dimensions:
        if thing in activities().values():
            try:
                yield from factors.find_all(thing)
            except FactorNotFound:
                continue


def other_figure(case: Case) -> Iterator[Trial | Swaps]:
    """Another figure of the report in the place of one: location for market, another row."""
    for name, named in case.inputs.items():
        if named.role not in ("figure", "fact") or named.factors or named.figure is None:
            continue
        own = {v.value.as_integer_ratio() for v in (named, case.claimed)}
        like = case.alike.get(units.measure(named.unit).dimensions, {})
        others = [other for ratio, other in like.items() if ratio not in own]
        yield Swaps(name, [o.value for o in others], partial(_replacing, name, named, others))
    for one, two in combinations(case.given, 2):
        alike = units.same_dimension(case.inputs[one].unit, case.inputs[two].unit)
        if alike and case.given[one].value != case.given[two].value:
            swapped = {one: case.given[two], two: case.given[one]}
            words = f"{case.given[one].text} and {case.given[two].text} are exchanged"
            yield Trial(words, swapped=swapped)


def _replacing(name: str, named: Named, others: Sequence[Named], at: int) -> Trial:
    other = others[at]
    return Trial(
        partial(_in_the_place, named, other),
        swapped={name: Value.of(other, partial(_where, other))},
    )


def _in_the_place(named: Named, other: Named, _: object) -> str:
    methods = _method(other), _method(named)
    told = "{} for {} method: ".format(*methods) if all(methods) and len({*methods}) > 1 else ""
    return f"{told}{_where(other)} in the place of {named.shown()}"


def _method(named: Named) -> str:
    """Return the method of Scope 2 that a figure's name or boundary tells."""
    words = f"{named.name} {named.boundary}".lower()
    found = [method for method in ("location", "market") if method in words]
    return f"{found[0]}-based" if len(found) == 1 else ""


def _where(named: Named, _: object = None) -> str:
    page = f", p. {named.page}" if named.page else ""
    return f"{named.shown()} ({named.name}{page})"


# --- helpers -------------------------------------------------------------------------------------


def _by(factor: Fraction) -> Callable[[Any], Any]:
    return lambda x: x * factor


def _up(share: Any) -> Any:
    return share / (1 + share)


def _down(share: Any) -> Any:
    return share / (1 - share)


# Simplest first: the order in which they are tried, and in which tries are counted.
HYPOTHESES: tuple[tuple[str, Callable[[Case], Iterator[Trial | Swaps]]], ...] = (
    ("dropped sign", sign),
    ("power of ten", power_of_ten),
    ("carbon for CO2", carbon),
    ("short or long tons", ton),
    ("base of a percentage", percent_base),
    ("percent for points", percent_points),
    ("truncation", rounding),
    ("term left out", left_out),
    ("term counted twice", counted_twice),
    ("transposed digits", transposed),
    ("days or hours of a year", leap_year),
    ("one for all", per_unit),
    ("net or gross calorific value", calorific),
    ("GWP set", gwp_set),
    ("another published factor", other_factor),
    ("another figure of the report", other_figure),
)
