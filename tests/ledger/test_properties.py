"""The same rows give the same bits however they come, and no row is lost."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from carbonkit import ledger, units
from carbonkit.errors import FactorError, LedgerError, UnitError
from carbonkit.gwp import get
from carbonkit.ledger import scales
from carbonkit.scope2 import location_based

pytestmark = pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")
few = settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

QUESTIONS = st.sampled_from(
    [
        ("electricity", "CN", 2020), ("electricity", "CN", 2021), ("electricity", "GB", 2020),
        ("power", "China", 2020), ("steam", "CN", 2020),
        ("electricity", "CN", 1999), ("electricity", "Narnia", 2020), ("unobtainium", "CN", 2020),
        ("diesel", "CN", 2020), ("coal", "CN", 2020), (None, "CN", 2020),
        ("electricity", None, 2020), ("electricity", "CN", None), ("electricity", "CN", 99999),
    ]
)  # fmt: skip
UNITS = st.sampled_from(["kWh", "MWh", "GJ", "MMBtu", "million kWh", "kwh", "t", "", None])
AMOUNTS = st.one_of(
    st.none(),
    st.floats(0, 1e9),
    st.sampled_from([float("nan"), float("inf"), -1.0, -1e-12, -0.0, 1e30, 1e300, 5e-324]),
    st.decimals(0, 10**6, places=3).map(float),
    st.integers(0, 10**9).map(float),
)
ROW = st.tuples(QUESTIONS, UNITS, AMOUNTS, st.sampled_from(["a", "b", "c'; --", None]))
TABLES = st.lists(ROW, min_size=1, max_size=25)


def rounded(value, places):
    """Round a fraction half away from zero, as the engine reads text."""
    scaled = Fraction(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    return Fraction(whole + (2 * rest >= scaled.denominator), 10**places)


def arrow(rows) -> pa.Table:
    return pa.table(
        {
            "activity": pa.array([q[0] for q, *_ in rows], pa.string()),
            "region": pa.array([q[1] for q, *_ in rows], pa.string()),
            "year": pa.array([q[2] for q, *_ in rows], pa.int32()),
            "unit": pa.array([u for _, u, _, _ in rows], pa.string()),
            "amount": pa.array([a for _, _, a, _ in rows], pa.float64()),
            "site": pa.array([s for *_, s in rows], pa.string()),
        }
    )


def by_hand(rows, library, gwp=None):
    """Calculate row by row with the scalar look-up and fractions; None for a refused row."""
    made = []
    for (activity, region, year), unit, amount, _ in rows:
        if None in (activity, region, year, unit, amount) or not 0 <= amount < 1e29:
            made.append(None)
            continue
        try:
            factor = library.find(activity, region=region, year=year)
            above, _, below = factor.unit.partition("/")
            gas = units.species(above)
            weight = units.scale(above, f"t {gas}") * Fraction(factor.text)
            per = units.scale(unit, below) * weight
            made.append((gas, rounded(Fraction(repr(amount)), 9) * per))
        except (FactorError, UnitError):
            made.append(None)
    return made


@few
@given(rows=TABLES)
def test_totals_are_the_sums_of_scalar_results_and_no_row_is_lost(rows, library):
    made = ledger.calculate(arrow(rows), by="site", gwp="AR5", factors=library)
    expected = by_hand(rows, library)
    assert made.counts.rows == len(rows)
    assert made.counts.used == sum(e is not None for e in expected)
    assert sum(made.counts.refused.values()) == sum(e is None for e in expected)
    found = {line["site"]: line for line in made.exact.to_pylist()}
    sums = Counter()
    for (*_, site), value in zip(rows, expected, strict=True):
        if value is not None:
            sums[site] += value[1]
    assert set(found) == {s for (*_, s), e in zip(rows, expected, strict=True) if e is not None}
    for site, total in sums.items():
        exact = Fraction(found[site]["t CO2e"])
        assert abs(exact - total) <= total * Fraction(1, 10**8)
        if "t CO2e" not in made.rounded:
            assert exact == total


def test_a_factor_that_ends_gives_the_exact_product(library):
    rows = [
        (("electricity", "CN", 2020), "kWh", 0.1, "a"),
        (("electricity", "CN", 2020), "MWh", 0.2, "a"),
    ]
    made = ledger.calculate(arrow(rows), factors=library)
    assert made.total("t CO2") == Decimal("0.1162581")  # 0.1 kWh + 200 kWh, at 0.5810 kg/kWh
    assert made.rounded == ()


@few
@given(rows=TABLES, seed=st.integers(0, 99))
def test_the_same_bits_whatever_the_order_threads_files_and_kind_of_table(
    rows, seed, library, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("tables")
    table = arrow(rows)
    options = {"by": ["site", "year", "gas"], "gwp": "AR5", "factors": library}
    made = ledger.calculate(table, threads=1, **options)
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)  # noqa: S311
    shuffled = table.take(order)
    for number, start in enumerate(range(0, len(rows), 7)):
        parquet.write_table(shuffled.slice(start, 7), folder / f"part[{number}]'.parquet")
    others = {
        "shuffled, two threads": ledger.calculate(shuffled, threads=2, **options),
        "many files": ledger.calculate(str(folder / "*.parquet"), **options),
        "file by file": ledger.calculate(folder, work=folder / "work", **options),
        "ibis": ledger.calculate(ibis.memtable(shuffled), **options),
    }
    for how, other in others.items():
        assert other.exact.equals(made.exact), how
        assert other.counts == made.counts, how


@few
@given(rows=TABLES)
def test_rows_and_refused_rows_together_are_the_table(rows, library):
    made = ledger.calculate(arrow(rows), by="site", factors=library)
    used, refused = made.rows.to_pyarrow(), made.refused.to_pyarrow()
    columns = arrow(rows).column_names
    key = lambda line: repr([line[c] for c in columns])  # noqa: E731
    back = Counter(map(key, used.to_pylist() + refused.to_pylist()))
    assert back == Counter(map(key, arrow(rows).to_pylist()))
    assert all(refused["reason"].to_pylist())
    assert Counter(refused["reason"].to_pylist()) == Counter(dict(made.counts.refused))
    lost = made.refusals.to_pylist()
    assert sum(line["rows"] for line in lost) == len(refused)


@few
@given(rows=TABLES)
def test_a_total_leads_back_to_its_rows(rows, library):
    made = ledger.calculate(arrow(rows), by=["site", "year"], factors=library)
    for line in made.exact.to_pylist():
        rows_of = made.rows_of(site=line["site"], year=line["year"]).to_pyarrow()
        assert len(rows_of) == line["rows"]
        for name in made.decimals:
            values = [v for v in rows_of[name].to_pylist() if v is not None]
            assert sum(map(Fraction, values)) == Fraction(line[name] or 0)


@few
@given(amount=st.floats(0, 1e15), year=st.sampled_from([2020, 2021]))
def test_a_row_agrees_with_the_scalar_formula(amount, year, library):
    row = [(("electricity", "CN", year), "MWh", amount, "a")]
    (line,) = ledger.calculate(arrow(row), factors=library).rows.to_pyarrow().to_pylist()
    factor = library.get(line["factor"])
    scalar = location_based((amount, "MWh"), factor).to("t CO2").magnitude
    # Amounts are read to nine decimals; the scalar formula rounds floats a few times.
    assert float(line["t CO2"]) == pytest.approx(scalar, rel=1e-14, abs=6e-10)


@few
@given(amounts=st.lists(st.floats(0, 1e20) | st.decimals(0, 9, places=6).map(float), min_size=20))
def test_floats_are_the_decimals_that_they_print_as(amounts):
    many = len(amounts)
    table = pa.table(
        {"activity": ["electricity"] * many, "unit": ["kWh"] * many, "amount": amounts}
    )
    made = ledger.calculate(table, by="amount", release="iea/world-2018", year=2018)
    for line in made.exact.to_pylist():
        exact = rounded(Fraction(repr(line["amount"])), 9) * Fraction(475, 10**6)
        assert Fraction(line["t CO2"]) == exact * line["rows"]


@given(
    uses=st.lists(
        st.tuples(st.integers(0, 10**16), st.integers(0, 10**9), st.integers(1, 10**9)), min_size=1
    ),
    amount_scale=st.integers(0, 9),
)
def test_decimals_are_enough_or_it_is_said(uses, amount_scale):
    amounts, above, below = (np.array(part, dtype=object) for part in zip(*uses, strict=True))
    try:
        scale, exact = scales.chosen("t CO2", amounts, above, below, amount_scale)
    except LedgerError:
        return
    assert scale + amount_scale <= 38
    factors = scales.integers(above, below, scale)
    scales.fits("t CO2", amounts, factors)
    for (_, n, d), factor in zip(uses, factors, strict=True):
        off = abs(Fraction(factor, 10**scale) - Fraction(n, d))
        assert 2 * off <= Fraction(1, 10**scale)
        assert off == 0 if exact else off <= Fraction(n, d) / 10**8


@few
@given(rows=TABLES)
def test_gases_add_up_to_their_co2e(rows, library):
    gas = [(("natural gas", "US", None), u, a, s) for _, u, a, s in rows if u]
    table = arrow(gas).drop_columns(["year"])
    made = ledger.calculate(table, by="gas", gwp="AR5", factors=library)
    whole = ledger.calculate(table, gwp="AR5", factors=library)
    parts = made.exact.to_pylist()
    assert sum(Fraction(p["t CO2e"]) for p in parts) == Fraction(whole.total())
    for part in parts:
        weighed = Fraction(part["t"]) * get("AR5").factor(part["gas"])
        assert abs(Fraction(part["t CO2e"]) - weighed) <= weighed / 10**8


def test_the_match_of_each_question_is_that_of_find(library):
    rows = [
        (("steam", "China", 2021), "kWh", 1.0, "a"),
        (("electricity", "GB", 2025), "kWh", 1.0, "a"),
    ]
    made = ledger.calculate(arrow(rows), factors=library, rule="latest_before")
    for line in made.factors.to_pylist():
        asked = {"region": line["region"], "year": line["year"]}
        factor = library.find(line["activity"], rule="latest_before", **asked)
        assert (line["factor"], line["match"]) == (factor.key, str(factor.match))
    matches = made.rows.to_pyarrow()["match"].to_pylist()
    assert any("asked for year 2025, got 2020" in match for match in matches)


def test_every_kind_of_number_is_read_exactly(library):
    question = {"activity": ["electricity"], "region": ["CN"], "year": [2020], "unit": ["kWh"]}
    for column in (
        pa.array([12], pa.int8()), pa.array([12], pa.uint64()), pa.array([12.0], pa.float32()),
        pa.array([Decimal("12.000")], pa.decimal128(9, 3)), pa.array(["12"], pa.string()),
        pa.array([" 1.2e1 "], pa.string()),
    ):  # fmt: skip
        table = pa.table(question | {"amount": column})
        made = ledger.calculate(table, factors=library)
        assert made.total("t CO2") == Decimal("0.006972"), column.type


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (pa.array([-1], pa.int64()), "amount negative"),
        (pa.array([-1e-9], pa.float64()), "amount negative"),
        (pa.array([Decimal("-0.001")], pa.decimal128(9, 3)), "amount negative"),
        (pa.array(["-1"], pa.string()), "amount negative"),
        (pa.array([float("nan")], pa.float64()), "amount not a number"),
        (pa.array([float("inf")], pa.float64()), "amount infinite"),
        (pa.array([1e30], pa.float64()), "amount too large"),
        (pa.array([None], pa.int64()), "amount missing"),
    ],
)
def test_amounts_that_are_refused(column, reason, library):
    question = {"activity": ["electricity"], "region": ["CN"], "year": [2020], "unit": ["kWh"]}
    made = ledger.calculate(pa.table(question | {"amount": column}), factors=library)
    assert dict(made.counts.refused) == {reason: 1}


def test_a_total_keeps_all_its_digits(library):
    rows = [(("natural gas", "US", None), "kWh", 123456789.123456789, s) for s in "ab"]
    table = arrow(rows).drop_columns(["year"])
    made = ledger.calculate(table, by="site", gas="CO2", factors=library)
    (a, b) = made.exact["t CO2"].to_pylist()
    assert len(a.as_tuple().digits) > 28 or made.decimals["t CO2"] > 20
    assert Fraction(made.total("t CO2")) == Fraction(a) + Fraction(b)


@pytest.mark.parametrize(
    ("years", "cells"),
    [
        (pa.array([2020, 2021, 99999], pa.int32()), [2020, 2021]),
        (pa.array([2020, 2021, 10**12], pa.int64()), [2020, 2021]),
        (pa.array([2020, 2021, 0], pa.uint16()), [2020, 2021]),
        (pa.array([2020.0, 2021.0, 2020.5]), [2020.0, 2021.0]),
        (pa.array(["2020", " 2021", "MMXX"]), [" 2021", "2020"]),
    ],
)
def test_groups_keep_the_cells_of_the_table(years, cells, library):
    rows = pa.table(
        {"activity": ["electricity"] * 3, "region": ["CN", "CN", None], "unit": ["kWh"] * 3,
         "year": years, "amount": [1, 2, 4]}
    )  # fmt: skip
    made = ledger.calculate(rows, by=["year", "region", "unit"], factors=library)
    assert made.exact["year"].to_pylist() == cells
    assert made.exact["year"].type == years.type
    assert made.exact["region"].to_pylist() == ["CN", "CN"]
    # What is missing first comes before what cannot be read.
    assert dict(made.counts.refused) == {"region missing": 1}
    made = ledger.calculate(rows.drop_columns("region"), by="year", region="CN", factors=library)
    assert made.exact["year"].to_pylist() == cells
    assert sum(made.counts.refused.values()) == 1


def test_dates_give_years_and_months(library):
    frame = pd.DataFrame(
        {"activity": "electricity", "region": "CN", "unit": "kWh", "amount": [1, 2, 4],
         "date": pd.to_datetime(["2020-01-31", "2020-02-01", "2021-02-01"])}
    )  # fmt: skip
    made = ledger.calculate(frame, by=["year", "month"], factors=library)
    assert made.exact.select(["year", "month", "rows"]).to_pylist() == [
        {"year": 2020, "month": 1, "rows": 1}, {"year": 2020, "month": 2, "rows": 1},
        {"year": 2021, "month": 2, "rows": 1},
    ]  # fmt: skip
    assert made.rows_of(year=2020, month=2).count().to_pyarrow().as_py() == 1


@pytest.mark.parametrize("name", ["date", "read on"])
def test_dates_of_csv_files_give_years_and_months(name, library, tmp_path):
    (tmp_path / "t.csv").write_text(
        f"activity,region,unit,amount,{name}\n"
        "electricity,CN,kWh,1,2020-01-31\n"
        "electricity,CN,kWh,2,2020-01-31 23:59:59\n"
        "electricity,CN,kWh,4,2021-02-01\n"
        "electricity,CN,kWh,8,31/02/2020\n"
        "electricity,CN,kWh,8,2020-02-31\n"
        "electricity,CN,kWh,8,\n"
    )
    made = ledger.calculate(
        tmp_path / "t.csv", by=["year", "month"], columns={"date": name}, factors=library
    )
    assert made.exact.select(["year", "month", "rows"]).to_pylist() == [
        {"year": 2020, "month": 1, "rows": 2}, {"year": 2021, "month": 2, "rows": 1},
    ]  # fmt: skip
    assert dict(made.counts.refused) == {"date not a date": 2, "year missing": 1}
    assert made.refused.count().to_pyarrow().as_py() == 3
    assert made.rows_of(year=2020, month=1).count().to_pyarrow().as_py() == 2
