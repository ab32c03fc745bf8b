"""Every kind of bad input is named with table, row and column, and nothing is dropped silently."""

import datetime as dt

import companies
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonkit import inventory
from carbonkit.errors import CarbonkitError, InventoryError

GOOD = {
    "site": "A", "year": 2022, "category": "stationary", "activity": "natural gas",
    "amount": 100, "unit": "MMBtu", "calorific_basis": "gross", "release": "us-epa/hub-2024",
}  # fmt: skip
POWER = {
    "site": "A", "year": 2022, "category": "electricity", "activity": "electricity",
    "amount": 100, "unit": "MWh", "release": companies.CHINA,
}  # fmt: skip
OWN = {
    "site": "A", "year": 2022, "category": "process", "activity": "x", "amount": 1, "unit": "t",
    "factor": 1, "factor_unit": "t CO2/t", "factor_source": "own",
}  # fmt: skip


def read(*rows, **more):
    frame = pd.DataFrame([dict(row) for row in rows]).astype(object)
    return inventory.from_frame(frame, sites=companies.SITES, on_error="collect", **more)


def problem(row, **more):
    found = read(GOOD, row, **more)
    (told,) = found.problems
    assert (told.table, told.row) == ("activities", "1")
    assert found.counts.refused == 1
    assert len(found.rows) == 1
    return told


@pytest.mark.parametrize(
    ("base", "change", "column", "words"),
    [
        (GOOD, {"amount": -1}, "amount", "negative"),
        (GOOD, {"amount": None}, "amount", "empty"),
        (GOOD, {"amount": float("nan")}, "amount", "empty"),
        (GOOD, {"amount": float("inf")}, "amount", "infinite"),
        (GOOD, {"amount": "about 5"}, "amount", "not a number"),
        (GOOD, {"amount": "1,23"}, "amount", "not a number"),
        (GOOD, {"amount": True}, "amount", "truth value"),
        (GOOD, {"amount": "9" * 500}, "amount", "not a number"),
        (GOOD, {"unit": None}, "unit", "no unit"),
        (GOOD, {"unit": "kwh"}, "unit", "Did you mean kWh"),
        (GOOD, {"unit": "km"}, "calorific_value", "no calorific value per km"),
        (GOOD, {"unit": "MMBtu/year"}, "unit", "the year has its own column"),
        (GOOD, {"year": None}, "year", "empty"),
        (GOOD, {"year": 22}, "year", "no year"),
        (GOOD, {"year": 2022.5}, "year", "no year"),
        (GOOD, {"year": dt.date(2022, 1, 1)}, "year", "2022"),
        (GOOD, {"site": None}, "site", "empty"),
        (GOOD, {"site": "a"}, "site", "Did you mean A"),
        (GOOD, {"category": "stationery"}, "category", "Did you mean stationary"),
        (GOOD, {"activity": "natural gaz"}, "activity", "natural gas"),
        (GOOD, {"calorific_basis": None}, "calorific_basis", "net or the gross"),
        (GOOD, {"calorific_basis": "net"}, "calorific_basis", "gross"),
        (GOOD, {"calorific_basis": "lower"}, "calorific_basis", "net, gross"),
        (GOOD, {"release": "us-epa/hub-1999"}, "release", "us-epa/hub-1999"),
        (GOOD, {"release": companies.UK, "unit": "kWh"}, "item", "100% mineral blend"),
        (GOOD, {"quality": 7}, "quality", "1 to 5"),
        (GOOD, {"start": dt.date(2022, 2, 1)}, "end", "both"),
        (GOOD, {"start": "2022-02-01", "end": "2022-01-01"}, "end", "before"),
        (GOOD, {"start": "2021-02-01", "end": "2021-03-01"}, "year", "not in 2022"),
        (GOOD, {"start": "1 Feb", "end": "2022-03-01"}, "start", "no date"),
        (POWER, {"region": "CN-XX"}, "region", "CN-XX"),
        (POWER, {"year": 2019}, "region", "2019"),
        (POWER, {"release": None, "region": "CN"}, "item", "mee-china/ets-notice-2023"),
        (POWER, {"factor_rule": "latest_befor"}, "factor_rule", "Did you mean latest_before"),
        (OWN, {"factor_source": None}, "factor_source", "where your own factor comes from"),
        (OWN, {"factor_unit": "t CO2e/t"}, "gwp_set", "GWP set"),
        (OWN, {"factor_unit": "t CO2/kWh"}, "factor_unit", "no mass of a gas"),
        (OWN, {"factor_unit": None}, "factor_unit", "unit"),
        (OWN, {"factor": -1}, "factor", "negative"),
        (OWN, {"factor": None}, "factor", "process"),
        ({**OWN, "category": "fugitive", "factor": None}, {"activity": "R-999"}, "activity",
         "R-999"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named(base, change, column, words):
    told = problem({**base, **change})
    assert told.column == column, told
    assert words in told.text


def test_all_problems_are_raised_at_once():
    frame = pd.DataFrame([{**GOOD, "amount": -1}, {**GOOD, "year": None}, GOOD]).astype(object)
    with pytest.raises(InventoryError) as caught:
        inventory.from_frame(frame)
    assert [p.row for p in caught.value.problems] == ["0", "1"]
    assert "activities, row 0, column amount" in str(caught.value)
    assert "on_error='collect'" in str(caught.value)


def test_a_repeated_row_is_refused_unless_something_tells_it_apart():
    told = problem(GOOD)
    assert "repeats row 0" in told.text
    assert not read(GOOD, {**GOOD, "meter": "boiler 2"}).problems


def test_overlapping_periods_are_refused():
    first = {**GOOD, "start": dt.date(2022, 1, 1), "end": dt.date(2022, 6, 30), "meter": "m"}
    second = {**first, "amount": 5, "start": dt.date(2022, 6, 30), "end": dt.date(2022, 12, 31)}
    (told,) = read(first, second).problems
    assert (told.row, told.column) == ("1", "start")
    assert "overlaps that of row 0" in told.text
    assert not read(first, {**second, "start": dt.date(2022, 7, 1)}).problems
    assert not read(first, {**second, "meter": "n"}).problems


def test_mixed_units_of_one_activity_are_pointed_out():
    found = read(POWER, {**POWER, "unit": "kWh"})
    (told,) = [f for f in found.findings if f.column == "unit"]
    assert "MWh (row 0)" in told.text
    assert "kWh (row 1)" in told.text


def certificate(**change):
    return pd.DataFrame(
        [
            {"id": "G", "type": "certificate", "energy": 40, "unit": "MWh", "market": "CN",
             "vintage": 2022, "rate": 0, "rate_unit": "kg CO2/kWh", "retired": "yes", **change}
        ]
    ).astype(object)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"energy": 4000}, "energy"),
        ({"market": "GB"}, "market"),
        ({"vintage": 2019, "year": 2022}, "vintage"),
        ({"retired": "no"}, "retired"),
        ({"retired": None}, "retired"),
        ({"retired": "perhaps"}, "retired"),
        ({"rate": None}, "rate"),
        ({"rate_unit": None}, "rate_unit"),
        ({"rate": -1}, "rate"),
        ({"energy": None}, "energy"),
        ({"energy": -4}, "energy"),
        ({"unit": "t"}, "unit"),
        ({"type": "cert"}, "type"),
        ({"id": None}, "id"),
    ],
)
def test_a_bad_instrument_is_named(change, column):
    found = read(POWER, instruments=certificate(**change))
    assert {(p.table, p.row, p.column) for p in found.problems} == {("instruments", "0", column)}


def test_a_certificate_counts_once():
    twice = pd.concat([certificate(), certificate()], ignore_index=True)
    (told,) = read(POWER, instruments=twice).problems
    assert (told.row, told.column) == ("1", "id")


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame([{**GOOD, "amout": 1}]), "Did you mean amount"),
        (pd.DataFrame([{k: v for k, v in GOOD.items() if k != "year"}]), "no column 'year'"),
        (pd.DataFrame([GOOD, GOOD], index=[0, 0]), "unique index"),
    ],
)
def test_a_bad_table_is_refused_whole(frame, words):
    with pytest.raises(InventoryError, match=words):
        inventory.from_frame(frame)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                name: st.one_of(st.just(GOOD.get(name)), st.none(), st.text(max_size=8),
                                st.floats(), st.integers(-5, 3000))
                for name in GOOD
            }
        ),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_whatever_comes_in_is_counted_and_only_own_errors_come_out(rows):
    frame = pd.DataFrame(rows).astype(object)
    try:
        found = inventory.from_frame(frame, on_error="collect")
    except CarbonkitError:
        return
    counts = found.counts
    assert counts.rows == len(rows) == counts.used + counts.outside + counts.refused
    refused = {p.row for p in found.problems if p.table == "activities"}
    used = {row.row for row in found.rows}
    assert refused | used == set(map(str, range(len(rows))))
    assert not refused & used
