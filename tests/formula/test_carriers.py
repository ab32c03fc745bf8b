"""One formula, every carrier: the same numbers come out whatever held them."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pint
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonkit import printed, units
from carbonkit.avoidance import avoided_emissions, combined_margin
from carbonkit.errors import FormulaError, UnitError
from carbonkit.formula import Symbol, formula
from carbonkit.intensity import intensity, percent_change, share
from carbonkit.intervals import Interval
from carbonkit.savings import cooling_cut, per_unit_saving

few = settings(max_examples=10)


def units_of(case: Any, data: st.DataObject) -> dict[str, str]:
    return {n: data.draw(st.sampled_from(u), label=n) for n, u in case.units.items()}


def floats(case: Any, data: st.DataObject, unit: dict[str, str]) -> dict[str, float]:
    values = data.draw(case.values())
    return {n: float(v * units.scale(case.units[n][0], unit[n])) for n, v in values.items()}


def columns(rows: list[dict[str, float]]) -> dict[str, list[float]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def one_by_one(case: Any, rows: list[dict[str, float]], unit: dict[str, str]) -> list[float]:
    return [case.formula(**{n: (v, unit[n]) for n, v in row.items()}).magnitude for row in rows]


@few
@given(data=st.data())
def test_arrays_and_series_give_the_very_floats_that_single_numbers_give(
    case: Any, data: st.DataObject
) -> None:
    unit = units_of(case, data)
    rows = [floats(case, data, unit) for _ in range(3)]
    expected = one_by_one(case, rows, unit)
    arrays = {n: (np.array(c), unit[n]) for n, c in columns(rows).items()}
    assert case.formula(**arrays).magnitude.tolist() == expected
    lists = {n: (c, unit[n]) for n, c in columns(rows).items()}
    assert case.formula(**lists).magnitude.tolist() == expected
    index = pd.Index(["x", "y", "z"], name="site")
    series = {n: (pd.Series(c, index=index), unit[n]) for n, c in columns(rows).items()}
    result = case.formula(**series).magnitude
    assert result.tolist() == expected
    assert result.index.equals(index)


@few
@given(data=st.data())
def test_exact_carriers_agree_and_floats_stay_within_rounding(
    case: Any, data: st.DataObject
) -> None:
    unit = units_of(case, data)
    row = floats(case, data, unit)
    exact = {n: (Fraction(repr(v)), unit[n]) for n, v in row.items()}
    points = {n: (Interval.point(v), u) for n, (v, u) in exact.items()}
    truth = case.formula(**exact)
    assert case.formula(**points).magnitude == Interval.point(truth.magnitude)
    # Floats solve a question that differs from the asked one by a few roundings.
    near = {n: (Interval(v - v / 10**13, v + v / 10**13), u) for n, (v, u) in exact.items()}
    (found,) = one_by_one(case, [row], unit)
    around = case.formula(**near).magnitude
    slack = abs(truth.magnitude) / 10**13
    assert Interval(around.lo - slack, around.hi + slack).contains(Fraction(found))


@pytest.fixture(scope="module")
def duckdb() -> Any:
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


def test_columns_of_a_database_give_the_numbers_that_arrays_give(case: Any, duckdb: Any) -> None:
    rows = [{n: 1.25 + i + j / 8 for j, n in enumerate(case.units)} for i in range(4)]
    unit = {n: u[-1] for n, u in case.units.items()}
    table = ibis.memtable(pa.Table.from_pylist(rows))
    result = case.formula(**{n: (table[n], u) for n, u in unit.items()})
    values = duckdb.to_pyarrow(table.select(value=result.magnitude))["value"].to_pylist()
    assert sorted(values) == pytest.approx(sorted(one_by_one(case, rows, unit)), rel=1e-14)
    assert result.unit == "1" or f" in {result.unit} from" in repr(result)


def test_a_column_and_a_number_go_together(duckdb: Any) -> None:
    table = ibis.memtable(pa.table({"mwh": [1, 2, 3]}))
    avoided = avoided_emissions((table.mwh, "MWh"), "0.5 t CO2/MWh")
    values = duckdb.to_pyarrow(table.select(value=avoided.magnitude))["value"].to_pylist()
    assert sorted(values) == [0.5, 1.0, 1.5]


def test_series_line_up_by_their_index_as_pandas_does() -> None:
    energy = pd.Series([1.0, 2.0], index=["a", "b"])
    factor = pd.Series([10.0, 20.0], index=["b", "c"])
    result = avoided_emissions((energy, "MWh"), (factor, "t CO2/MWh"))
    pd.testing.assert_series_equal(result.magnitude, energy * factor)


def test_arrays_may_be_empty_and_hold_missing_values() -> None:
    assert avoided_emissions((np.array([]), "MWh"), "0.5 t CO2/MWh").magnitude.tolist() == []
    empty = avoided_emissions((pd.Series([], dtype=float), "MWh"), "0.5 t CO2/MWh")
    assert empty.magnitude.empty
    some = avoided_emissions((np.array([1.0, math.nan]), "MWh"), "0.5 t CO2/MWh").magnitude
    assert some[0] == 0.5
    assert math.isnan(some[1])


@pytest.mark.parametrize("kind", ["int8", "int32", "int64", "uint8"])
def test_arrays_of_whole_numbers_do_not_overflow(kind: str) -> None:
    hundred = np.array([100], dtype=kind)
    per, number = (hundred, "g/phone"), (hundred, "10^18 phone")
    # 100 g/phone x 10^20 phone = 10^22 g
    assert per_unit_saving(per, number).to("g").magnitude.tolist() == [1e22]
    assert avoided_emissions((hundred, "TWh"), "1 kg CO2/kWh").magnitude.tolist() == [1e8]
    assert avoided_emissions((pd.Series(hundred), "TWh"), "1 kg CO2/kWh").magnitude[0] == 1e8


def test_missing_whole_numbers_of_pandas_stay_missing() -> None:
    some = pd.Series([1, None], dtype="Int64")
    result = avoided_emissions((some, "MWh"), "0.5 t CO2/MWh").magnitude
    assert result[0] == 0.5
    assert result.isna().tolist() == [False, True]


def test_a_list_is_an_array_and_not_repeated() -> None:
    assert share(([1, 2], "MWh"), "500 kWh").magnitude.tolist() == [2, 4]
    assert share(([1, 2], "MWh"), "500 kWh").to("%").magnitude.tolist() == [200, 400]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, "NoneType"),
        ({"a": 1}, "dict"),
        (1 + 2j, "complex"),
        (np.array(["1"]), "ndarray of <U1"),
        (np.array([1 + 2j]), "complex128"),
        (np.array([True]), "truth value"),
        (pd.Series([object()]), "Series of object"),
        (["a"], "array"),
    ],
)
def test_what_is_no_number_is_refused_by_name(value: Any, word: str) -> None:
    with pytest.raises(UnitError, match=rf"avoided_emissions: energy: .*{word}"):
        avoided_emissions((value, "kWh"), "1 kg CO2/kWh")


def test_an_interval_and_an_array_do_not_mix() -> None:
    with pytest.raises(FormulaError, match=r"factor is a ndarray.*single numbers"):
        avoided_emissions((Interval(1, 2), "kWh"), (np.array([1.0]), "kg CO2/kWh"))


def test_quantities_of_other_registries_come_in() -> None:
    foreign = pint.UnitRegistry()
    foreign.define("CO2 = [carbon_dioxide]")
    energy = foreign.Quantity(2.0, "megawatt_hour")
    assert avoided_emissions(energy, "500 kg CO2/MWh") == "1 t CO2"
    many = foreign.Quantity(np.array([1.0, 2.0]), "GJ")
    assert share(many, "2 GJ").magnitude.tolist() == [0.5, 1.0]
    with pytest.raises(UnitError, match=r"per_unit_saving: per_unit: .*ton"):
        per_unit_saving(foreign.Quantity(1.0, "ton"), 2)


def test_quantities_of_the_own_registry_come_in_and_go_out() -> None:
    result = avoided_emissions(units.quantity(3, "GWh"), "475 g CO2/kWh")
    assert result.quantity == units.quantity(1425, "t CO2")
    assert (
        avoided_emissions(
            result.quantity / result.quantity * units.quantity("1 kWh"), "1 kg CO2/kWh"
        )
        == "1 kg CO2"
    )


def test_a_printed_figure_stands_for_every_number_that_prints_so() -> None:
    # 27.64 million kWh is 27.635 to 27.645 million, at 0.475 kg/kWh: 13,126.625 to 13,131.375 t.
    result = avoided_emissions(printed.parse("27.64 million kWh"), "0.475 kg CO2/kWh")
    assert result.magnitude == Interval("13126.625", "13131.375")
    given_apart = avoided_emissions((printed.parse("27.64"), "GWh"), "0.475 kg CO2/kWh")
    assert given_apart.magnitude == result.magnitude
    # 2.0 is 1.95 to 2.05, so 1 - 0.5/(PUE - 1) is 0.45/0.95 to 0.55/1.05.
    assert cooling_cut(printed.parse("2.0"), 1.5).magnitude == Interval(
        Fraction(45, 95), Fraction(55, 105)
    )


def test_a_bound_stands_for_its_half_line() -> None:
    result = avoided_emissions(printed.parse("more than 730,000 kWh"), "0.5 kg CO2/kWh")
    assert result.magnitude == Interval(365, None, lo_closed=False)
    up_to = avoided_emissions(printed.parse("up to 200 million kWh"), "1 kg CO2/kWh")
    assert up_to.magnitude == Interval(None, 200_000)


def test_a_number_used_twice_does_not_widen_the_result() -> None:
    # (new - base)/base with 9.5 <= base <= 10.5 and new = 8: from 8/10.5 - 1 to 8/9.5 - 1.
    result = percent_change((8.0, "t"), (Interval("9.5", "10.5"), "t"))
    assert result.magnitude == Interval(Fraction(-25, 105), Fraction(-15, 95))
    # One weight of both margins: 0.4 + w x 0.4 for 0.25 <= w <= 0.75.
    weight = Interval("0.25", "0.75")
    margin = combined_margin("0.8 t CO2/MWh", "0.4 t CO2/MWh", weight)
    assert margin.magnitude == Interval("0.5", "0.7")


def test_a_float_beside_an_interval_is_the_decimal_that_was_typed() -> None:
    point = avoided_emissions((Interval.point(1), "kWh"), (0.1, "kg CO2/kWh"))
    assert point.to("kg CO2").magnitude == Interval.point("0.1")


def test_fractions_stay_exact_and_yield_to_floats() -> None:
    third = intensity((Fraction(1, 3), "t"), (Fraction(1), "site"))
    assert third.magnitude == Fraction(1, 3)
    assert isinstance(intensity((Fraction(1, 3), "t"), "1 site").magnitude, float)
    assert cooling_cut(Fraction(11, 5), Fraction(11, 10)).magnitude == Fraction(11, 12)


def test_any_arithmetic_is_a_formula() -> None:
    @formula(units={"side": "m"}, returns="m2", source="geometry")
    def area(side: Any) -> Any:
        return side**2

    assert area("30 km").to("km2") == "900 km2"
    # The square of what may be -1 to 2 is 0 to 4, not -2 to 4.
    assert area((Interval(-1, 2), "m")).magnitude == Interval(0, 4)
    assert str(area.body(Symbol("a") + 1)) == "(a + 1)^2"


def test_formulas_load_no_library_that_they_do_not_need() -> None:
    code = """
import sys
import carbonkit.formula, carbonkit.savings, carbonkit.avoidance, carbonkit.intensity
from carbonkit.savings import pue_saving
assert str(pue_saving("50 kW", 2.2, 1.1, "8760 h/year")) == "481,800 kWh/year"
heavy = {"pint", "numpy", "pandas", "ibis", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)
