"""What must hold for every formula, whatever its numbers."""

from __future__ import annotations

import itertools
import pkgutil
from fractions import Fraction
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonkit.savings
from carbonkit import units
from carbonkit.errors import DimensionError, FormulaError
from carbonkit.formula import Formula, Result
from carbonkit.intensity import cagr
from carbonkit.intervals import Interval

few = settings(max_examples=10)  # of each formula
SCALES = st.fractions(min_value=Fraction(1, 50), max_value=50)


def value(result: Result) -> Fraction:
    """The exact magnitude, in the coherent unit of its dimension."""
    assert isinstance(result.magnitude, Fraction)
    return result.magnitude * units.measure(result.unit).size


def test_every_formula_of_savings_avoidance_and_intensity_is_tried(cases: list[Any]) -> None:
    rooms = ["avoidance", "intensity", "formula.core"]
    rooms += [f"savings.{m.name}" for m in pkgutil.iter_modules(carbonkit.savings.__path__)]
    held = {
        thing
        for room in rooms
        for thing in vars(import_module(f"carbonkit.{room}")).values()
        if isinstance(thing, Formula)
    }
    # A rate of growth is no quotient of straight lines; test_relations.py tries it.
    assert held - {cagr} <= {case.formula for case in cases}


@few
@given(data=st.data())
def test_the_result_is_the_same_in_whatever_units_arguments_come(
    case: Any, data: st.DataObject
) -> None:
    values = data.draw(case.values())
    other = {
        n: (v * units.scale(case.units[n][0], unit), unit)
        for n, v in values.items()
        for unit in [data.draw(st.sampled_from(case.units[n]), label=n)]
    }
    first, second = case.formula(**case.exact(values)), case.formula(**other)
    assert value(first) == value(second)
    if "{" not in case.formula.returns:
        assert first.unit == second.unit


@few
@given(data=st.data(), k=SCALES)
def test_arguments_k_times_as_large_change_the_result_by_a_known_power_of_k(
    case: Any, data: st.DataObject, k: Fraction
) -> None:
    values = data.draw(case.values())
    before = value(case.formula(**case.exact(values)))
    for names, degree in case.degrees.items():
        larger = values | {n: values[n] * k for n in names}
        assert value(case.formula(**case.exact(larger))) == before * k**degree


@few
@given(data=st.data())
def test_parts_of_an_amount_give_parts_of_the_result(case: Any, data: st.DataObject) -> None:
    values, more = data.draw(case.values()), data.draw(case.values())
    for names in (names for names, degree in case.degrees.items() if degree == 1):
        rest = values | {n: more[n] for n in names}
        whole = values | {n: values[n] + more[n] for n in names}
        total = case.formula(**case.exact(values)) + case.formula(**case.exact(rest))
        assert value(total) == value(case.formula(**case.exact(whole)))


@few
@given(data=st.data())
def test_solving_undoes_computing_exactly(case: Any, data: st.DataObject) -> None:
    values = data.draw(case.values())
    arguments = case.exact(values)
    result = case.formula(**arguments)
    for name, (unit, *_) in case.units.items():
        known = {n: a for n, a in arguments.items() if n != name}
        asked = unit if case.formula.units[name] is None else None
        try:
            found = case.formula.solve(name, result=result, unit=asked, **known)
        except FormulaError:
            # Only where the argument does not matter, such as a weight of two equal margins.
            other = case.exact(values | {name: values[name] + 1})
            assert case.formula(**other) == result
        else:
            assert isinstance(found.magnitude, Fraction)
            assert found == arguments[name]
            again = case.formula(**known, **{name: found})
            assert value(again) == value(result)


@few
@given(data=st.data())
def test_solving_undoes_computing_on_floats_within_rounding(case: Any, data: st.DataObject) -> None:
    values = data.draw(case.values())
    arguments = {n: (float(v), case.units[n][0]) for n, v in values.items()}
    result = case.formula(**arguments)
    for name, (unit, *_) in case.units.items():
        known = {n: a for n, a in arguments.items() if n != name}
        asked = unit if case.formula.units[name] is None else None
        try:
            found = case.formula.solve(name, result=result, unit=asked, **known)
        except FormulaError:
            continue
        assert isinstance(found.magnitude, float)
        # Rounding is judged on the result: near a difference of zero the argument hardly matters.
        exact = {n: (Fraction(repr(v)), u) for n, (v, u) in known.items()}
        again = case.formula(**exact, **{name: (Fraction(found.magnitude), found.unit)})
        scale = sum(abs(float(v)) for v in values.values()) ** len(values)
        assert float(again.magnitude) == pytest.approx(
            result.magnitude, rel=1e-9, abs=1e-12 * scale
        )


def inside(box: dict[str, Interval], data: st.DataObject) -> dict[str, Fraction]:
    """A point of a box, often at its ends where they belong to it."""
    at = {}
    for name, side in box.items():
        ends = [share for share, closed in ((0, side.lo_closed), (1, side.hi_closed)) if closed]
        within = st.fractions(Fraction(1, 100), Fraction(99, 100))
        share = data.draw(st.sampled_from(ends) | within if ends else within)
        at[name] = side.lo + share * side.width
    return at


@few
@given(data=st.data())
def test_a_result_over_intervals_holds_every_result_of_numbers_from_them(
    case: Any, data: st.DataObject
) -> None:
    box = data.draw(case.intervals(data.draw(case.values())))
    at = inside(box, data)
    over = case.formula(**{n: (side, case.units[n][0]) for n, side in box.items()})
    one = case.formula(**case.exact(at))
    exact = one.magnitude if isinstance(one.magnitude, Fraction) else one.magnitude.lo
    assert isinstance(over.magnitude, Interval)
    assert over.unit == one.unit
    assert over.magnitude.contains(exact)


@few
@given(data=st.data())
def test_a_result_over_intervals_is_no_wider_than_its_corners(
    case: Any, data: st.DataObject
) -> None:
    # Every formula rises or falls throughout with each argument, so its ends lie at corners,
    # also where it mentions an argument twice.
    box = data.draw(case.intervals(data.draw(case.values())))
    over = case.formula(**{n: (side, case.units[n][0]) for n, side in box.items()}).magnitude
    corners = [
        value(case.formula(**case.exact(dict(zip(box, ends, strict=True)))))
        for ends in itertools.product(*((side.lo, side.hi) for side in box.values()))
    ]
    unit = case.formula(**case.exact({n: side.lo for n, side in box.items()})).unit
    size = units.measure(unit).size
    assert (over.lo * size, over.hi * size) == (min(corners), max(corners))


@few
@given(data=st.data())
def test_solving_over_intervals_holds_the_answer_of_numbers_from_them(
    case: Any, data: st.DataObject
) -> None:
    box = data.draw(case.intervals(data.draw(case.values())))
    at = inside(box, data)
    true = case.formula(**case.exact(at))
    half = abs(true.magnitude) / 300
    target = Interval(true.magnitude - half, true.magnitude + half)
    for name, (unit, *_) in case.units.items():
        known = {n: (side, case.units[n][0]) for n, side in box.items() if n != name}
        asked = unit if case.formula.units[name] is None else None
        try:
            found = case.formula.solve(name, result=(target, true.unit), unit=asked, **known)
        except FormulaError:
            # Only where a divisor may be zero, such as the difference of two close PUE.
            over = case.formula(**{n: (side, case.units[n][0]) for n, side in box.items()})
            assert (name,) not in case.degrees or over.magnitude.contains(0)
            continue
        assert found.to(unit).magnitude.contains(at[name])


def test_arguments_per_year_give_a_result_per_year_or_are_refused(case: Any) -> None:
    if None in case.formula.units.values():
        return
    plain = case.formula(**{n: (2.0, u[0]) for n, u in case.units.items()})
    for size in range(1, len(case.units) + 1):
        for names in itertools.combinations(case.units, size):
            arguments = {
                n: (2.0, f"{u[0]}/year" if n in names else u[0]) for n, u in case.units.items()
            }
            if names in case.yearly:
                result = case.formula(**arguments)
                year = "/year" if case.yearly[names] else ""
                assert (result.magnitude, result.unit) == (plain.magnitude, plain.unit + year)
            else:
                with pytest.raises(DimensionError):
                    case.formula(**arguments)


def test_solving_from_a_result_per_year_gives_an_argument_per_year(case: Any) -> None:
    for names in case.yearly:
        arguments = {
            n: (Fraction(3), f"{u[0]}/year" if n in names else u[0]) for n, u in case.units.items()
        }
        result = case.formula(**arguments)
        for name, argument in arguments.items():
            known = {n: a for n, a in arguments.items() if n != name}
            if case.formula.name == "combined_margin":
                continue
            try:
                found = case.formula.solve(name, result=result, **known)
            except FormulaError:  # two equal PUE
                continue
            assert found == argument
            assert ("year" in found.unit) == (name in names)
