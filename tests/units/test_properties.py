"""What must hold for every unit."""

from __future__ import annotations

import copy
import math
import pickle
import string
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carbonkit import units
from carbonkit.errors import DimensionError, UnitError
from carbonkit.units.table import table

NAMES = sorted(table().units)
SPELLINGS = sorted(table().names)
POWERS = st.sampled_from(["", "10^4 ", "million ", "亿 ", "10^-3 ", "thousand "])


MONEY = {name for name in NAMES if len(name) == 3 and name.isupper() and name in table().bases}


def is_no_metre_of_money(text: str) -> bool:
    """Beside a currency "m" is a million, and a product of money and metres is refused."""
    halves = [set(half.replace("/", " ").split()) for half in text.split("/", 1)]
    return not any(half & {"m", "K"} and half & MONEY for half in halves)


def unit_texts(names: list[str] = NAMES) -> st.SearchStrategy[str]:
    return any_unit_texts(names).filter(is_no_metre_of_money)


@st.composite
def any_unit_texts(draw: st.DrawFn, names: list[str]) -> str:
    """Legal unit texts: up to three units above and below the line, with powers."""
    one = st.builds(
        lambda name, power: name if power == 1 else f"{name}^{power}",
        st.sampled_from(names),
        st.sampled_from([1, 1, 1, 2, 3]),
    )
    above = draw(st.lists(one, min_size=1, max_size=3))
    below = draw(st.lists(one, max_size=2))
    tail = "".join(f"/{draw(POWERS)}{name}" for name in below)
    return f"{draw(POWERS)}{' '.join(above)}{tail}"


@st.composite
def same_kind(draw: st.DrawFn, count: int) -> list[str]:
    """Several units that convert into each other."""
    first = draw(st.sampled_from(NAMES))
    kin = [name for name in NAMES if units.same_dimension(name, first)]
    return [draw(POWERS) + draw(st.sampled_from(kin)) for _ in range(count)]


numbers = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30)


@given(unit_texts())
@example("t CO2/t CH4")
@example("1/year")
@example("kg CO2/10^4 Nm3")
def test_canonical_text_is_its_own_canonical_text(text: str) -> None:
    once = units.canonical(text)
    assert units.canonical(once) == once
    assert units.scale(text, once) == 1


@given(unit_texts())
def test_canonical_text_is_the_same_in_any_order(text: str) -> None:
    above, slash, below = text.partition("/")
    words = [w for w in above.split() if w not in {"million", "thousand", "亿"} and w[:3] != "10^"]
    power = above.split()[: len(above.split()) - len(words)]
    turned = " ".join([*power, *reversed(words)]) + slash + below
    assert units.canonical(turned) == units.canonical(text)


@pytest.mark.parametrize("name", NAMES)
def test_every_unit_is_its_own_canonical_text_up_to_its_sign(name: str) -> None:
    assert units.canonical(name) == {"percent": "%", "permille": "‰"}.get(name, name)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_means_its_unit_and_no_refused_word_is_one(spelling: str) -> None:
    assert units.canonical(spelling) == units.canonical(table().names[spelling])
    assert spelling not in table().refused


@given(same_kind(3))
def test_scale_is_exact_there_and_back_and_through_a_third(three: list[str]) -> None:
    a, b, c = three
    assert isinstance(units.scale(a, b), Fraction)
    assert units.scale(a, b) * units.scale(b, a) == 1
    assert units.scale(a, b) * units.scale(b, c) == units.scale(a, c)


@given(
    st.sampled_from(sorted(MONEY)),
    st.sampled_from(
        ["{}m 6", "{} m 6", "M{} 6", "m{} 6", "{}k 3", "k{} 3", "T{} 3", "{} '000 3", "{}000 3"]
    ),
    st.sampled_from(["", "t CO2e/", "kWh/"]),
)
def test_money_in_the_head_of_a_table(money: str, written: str, above: str) -> None:
    form, _, power = written.rpartition(" ")
    text = above + form.format(money)
    assert units.canonical(text) == units.canonical(f"{above}10^{power} {money}")


@given(st.sampled_from(sorted(MONEY)), st.sampled_from(["m", "K"]))
def test_a_metre_of_money_is_refused_or_a_million(money: str, unit: str) -> None:
    with pytest.raises(UnitError, match="write million or thousand"):
        units.canonical(f"{money}*{unit}")
    assert units.canonical(f"{money}/{unit}") == f"{money}/{unit}"
    assert units.canonical(f"{money} {unit}^2") == units.canonical(f"{money}*{unit}*{unit}")


@given(same_kind(2), same_kind(2))
def test_scale_of_a_ratio_is_the_ratio_of_scales(top: list[str], bottom: list[str]) -> None:
    ratio = units.scale(f"{top[0]}/({bottom[0]})", f"{top[1]}/({bottom[1]})")
    assert ratio == units.scale(*top) / units.scale(*bottom)


@given(unit_texts(), unit_texts())
def test_units_convert_exactly_when_their_dimensions_are_equal(a: str, b: str) -> None:
    if units.same_dimension(a, b):
        assert units.scale(a, b) > 0
    else:
        with pytest.raises(DimensionError):
            units.scale(a, b)


@given(same_kind(2), numbers)
def test_pint_converts_as_the_exact_factors_do(two: list[str], x: float) -> None:
    q = units.quantity((x, two[0]))
    converted = q.to(units.parts(units.quantity((1, two[1])))[1])
    there = units.parts(converted)[1]
    assert math.isclose(
        converted.magnitude, Fraction(x) * units.scale(two[0], there), rel_tol=1e-14, abs_tol=1e-300
    )


@pytest.mark.parametrize("name", NAMES)
def test_pint_holds_each_unit_at_its_exact_size(name: str) -> None:
    root = units.quantity(1, name).to_root_units()
    assert math.isclose(root.magnitude, table().units[name].factor, rel_tol=1e-15)


@given(numbers, unit_texts())
def test_text_pair_and_quantity_are_one_value(x: float, unit: str) -> None:
    by_pair = units.quantity((x, unit))
    by_text = units.quantity(f"{x!r} {unit}")
    assert by_text.magnitude == by_pair.magnitude
    assert by_text.units == by_pair.units
    again = units.quantity(by_pair)
    assert (again.magnitude, again.units) == (by_pair.magnitude, by_pair.units)
    assert units.parts(f"{x!r} {unit}") == (x, units.canonical(unit))


@given(numbers, unit_texts())
@example(0.0, "km/km^3")
def test_quantities_survive_pickling_and_copying(x: float, unit: str) -> None:
    q = units.quantity((x, unit))
    for twin in (pickle.loads(pickle.dumps(q)), copy.copy(q), copy.deepcopy(q)):  # noqa: S301
        assert (twin.magnitude, twin.units) == (q.magnitude, q.units)
        assert twin._REGISTRY is units.registry()
    assert pickle.loads(pickle.dumps(q.units)) == q.units  # noqa: S301


@given(numbers, unit_texts())
def test_printed_quantities_read_back(x: float, unit: str) -> None:
    q = units.quantity((x, unit))
    back = units.quantity(str(q), None) if " " in str(q) else units.quantity(q.magnitude, "1")
    assert (back.magnitude, back.units) == (q.magnitude, q.units)


@settings(deadline=None)
@given(
    st.one_of(
        st.text(max_size=400),
        st.text(alphabet=string.printable, max_size=400),
        st.lists(
            st.sampled_from([*SPELLINGS[::7], "/", "*", "**", "^", "(", ")", "-", "9", "10", " "]),
            max_size=60,
        ).map("".join),
    )
)
def test_any_text_is_a_unit_or_a_clear_error_in_bounded_time(text: str) -> None:
    start = time.perf_counter()
    for door in (units.canonical, units.quantity):
        try:
            door(text)
        except UnitError as error:
            said = str(error)
            assert 10 < len(said) < 600
    assert time.perf_counter() - start < 1


@given(st.fractions() | st.decimals(allow_nan=False, allow_infinity=False, places=6), unit_texts())
def test_exact_numbers_stay_exact(x: Fraction | Decimal, unit: str) -> None:
    magnitude, text = units.parts((x, unit))
    assert isinstance(magnitude, Fraction)
    assert magnitude == x
    assert units.parts(x, unit) == (magnitude, text)
