"""Tables that mean harm, or were made by someone in a hurry."""

from __future__ import annotations

from decimal import Decimal

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from carbonkit import ledger
from carbonkit.errors import FactorError, GwpError, LedgerError

pytestmark = pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")

DROP = '"; DROP TABLE sums; --'
NAMES = ['a"b', "a'b", DROP, "'; DROP TABLE factors; --", "k0", "status", "amount ", "select", "n",
         "行", "a\nb", "{x}", "%s", "$1", "reason2"]  # fmt: skip


def table(**columns):
    rows = max((len(c) for c in columns.values()), default=1)
    made = {
        "activity": ["electricity"] * rows, "region": ["CN"] * rows, "year": [2020] * rows,
        "unit": ["kWh"] * rows, "amount": [1.0] * rows,
    }  # fmt: skip
    return pa.table(made | columns)


@pytest.mark.parametrize("name", NAMES)
def test_names_are_only_names(name, library, tmp_path):
    made = ledger.calculate(table(**{name: [name, "x"]}), by=name, factors=library)
    assert sorted(made.exact[name].to_pylist()) == sorted([name, "x"])
    assert made.rows_of(**{name: name}).count().to_pyarrow().as_py() == 1
    made.write(tmp_path / "rows.parquet", "rows")
    assert name in parquet.read_schema(tmp_path / "rows.parquet").names
    assert made.refused.count().to_pyarrow().as_py() == 0


@pytest.mark.parametrize("name", ['am"ount', DROP, "kWh used"])
def test_any_column_may_be_the_amount(name, library):
    renamed = table().rename_columns(["activity", "region", "year", "unit", name])
    made = ledger.calculate(renamed, columns={"amount": name}, factors=library)
    assert made.total("t CO2") == Decimal("0.000581")


@pytest.mark.parametrize("column", ["activity", "region", "unit"])
def test_values_are_only_values(column, library):
    evil = ["' OR 1=1 --", DROP, "'); ATTACH 'x.db'; --", "\x00", "${jndi}", "=1+1"]
    made = ledger.calculate(table(**{column: evil}), factors=library)
    assert (made.counts.used, made.counts.rows) == (0, len(evil))
    assert sorted(made.refused.to_pyarrow()[column].to_pylist()) == sorted(evil)
    for dialect in ("duckdb", "bigquery", "snowflake", "clickhouse", "postgres"):
        assert "DROP" not in ledger.sql(made.plan, dialect)


def test_files_with_odd_names_are_read_and_nothing_else(library, tmp_path):
    odd = tmp_path / "it's [1] *.parquet"
    parquet.write_table(table(), odd)
    parquet.write_table(table(amount=[100.0]), tmp_path / "it's 1 x.parquet")
    assert ledger.calculate(odd, factors=library).counts.rows == 1


def test_a_million_units_end_in_a_clear_error(library):
    many = pa.array([f"unit{i}" for i in range(10**6)])
    one = pa.array(["electricity"] * 10**6)
    made = pa.table(
        {"activity": one, "unit": many, "amount": pa.nulls(10**6, pa.int8()).fill_null(1)}
    )
    with pytest.raises(LedgerError, match="'unit' alone holds 1,000,000 different values"):
        ledger.calculate(made, region="CN", year=2020, factors=library, memory="500MB")


@pytest.mark.parametrize("column", ["unit", "region"])
def test_thousands_of_unknown_texts_are_the_wrong_column(column, library):
    with pytest.raises(LedgerError, match=f"more than 200 different texts are no {column}"):
        ledger.calculate(table(**{column: [f"x{i}y" for i in range(250)]}), factors=library)


def test_a_very_long_cell_is_refused_and_not_shown(library):
    made = ledger.calculate(table(unit=["x" * 10**7, "kWh"]), factors=library)
    assert dict(made.counts.refused) == {"text too long": 1}
    assert made.counts.used == 1
    assert len(made.refused.to_pyarrow()["unit"][0].as_py()) == 10**7


def test_a_very_long_line_of_csv_is_an_error_and_not_shown(library, tmp_path):
    (tmp_path / "t.csv").write_text(f"activity,unit,amount\nelectricity,{'x' * 4 * 10**7},1\n")
    with pytest.raises(LedgerError, match=r"[Mm]aximum line size") as caught:
        ledger.calculate(tmp_path / "t.csv", region="CN", year=2020, factors=library)
    assert len(str(caught.value)) < 500


def test_a_file_that_is_not_packed_as_it_says(library, tmp_path):
    (tmp_path / "t.csv.gz").write_text("activity,unit,amount\n")
    with pytest.raises(LedgerError, match="cannot be read"):
        ledger.calculate(tmp_path / "t.csv.gz", factors=library)


def test_memory_that_does_not_suffice_is_said(library):
    with pytest.raises(LedgerError, match="emory"):
        ledger.calculate(table(unit=["x" * 10**7] * 9), factors=library, memory="9MB")


def test_columns_of_mixed_types_are_named(library):
    frame = table(amount=[1.0, 2.0]).to_pandas()
    frame["amount"] = pd.Series([1, "two"], dtype=object)
    with pytest.raises(LedgerError, match=r"mixed types.*amount"):
        ledger.calculate(frame, factors=library)


def test_files_of_different_types_are_an_error(library, tmp_path):
    parquet.write_table(table(), tmp_path / "a.parquet")
    parquet.write_table(table(amount=[[1.0]]), tmp_path / "b.parquet")
    with pytest.raises(LedgerError):
        ledger.calculate(tmp_path, factors=library)


def test_bad_cells_of_csv_are_refused_one_by_one(library, tmp_path):
    (tmp_path / "t.csv").write_text(
        "activity,region,year,unit,amount\n"
        + "".join(
            f"electricity,CN,{year},kWh,{amount}\n"
            for year, amount in [
                ("2020", "1.5"), ("2020", "=1+1"), ("2020", "1_000"), ("2020", '"1,5"'),
                ("2020", "nan"), ("2020", "inf"), ("2020", "-2"), ("2020", ""), ("2020.0", "1"),
                ("2020.5", "1"), ("MMXX", "1"), ("", "1"), ("2020", "1e40"), ("2020", "0x10"),
            ]
        )
    )  # fmt: skip
    made = ledger.calculate(tmp_path / "t.csv", factors=library)
    assert dict(made.counts.refused) == {
        "year missing": 1, "year not a whole number": 2, "amount missing": 1,
        "amount not a number": 6, "amount negative": 1, "amount too large": 1,
    }  # fmt: skip
    assert made.counts.used == 2


@pytest.mark.parametrize("theirs", [False, True])
@pytest.mark.parametrize(
    ("amounts", "reasons"),
    [
        ([float("nan"), -1.0, 5.0], {"amount not a number": 1, "amount negative": 1}),
        ([float("nan"), 1.0, 5.0], {"amount not a number": 1}),
        ([1e300, 1.0, 5.0], {"amount too large": 1}),
        (["1e300", "1", "x"], {"amount too large": 1, "amount not a number": 1}),
    ],
)
def test_no_row_is_lost_by_what_a_file_says_of_its_values(
    amounts, reasons, theirs, library, tmp_path
):
    parquet.write_table(table(amount=amounts), tmp_path / "t.parquet")
    source = tmp_path / "t.parquet"
    if theirs:
        engine = ibis.duckdb.connect()
        engine.con.execute("SET disabled_optimizers = 'join_order'")
        source = engine.read_parquet(source)
    made = ledger.calculate(source, factors=library)
    assert dict(made.counts.refused) == reasons
    if theirs:
        setting = engine.con.execute("SELECT current_setting('disabled_optimizers')").fetchone()
        assert setting == ("join_order",)
    else:
        assert made.refused.count().to_pyarrow().as_py() == sum(reasons.values())


def test_totals_that_do_not_fit_are_refused(library):
    huge = pa.array([Decimal(9 * 10**37)] * 2, pa.decimal128(38, 0))
    with pytest.raises(LedgerError, match=r"does not fit|verflow"):
        ledger.calculate(table(amount=huge, unit=["kWh"] * 2), factors=library)
    with pytest.raises(LedgerError, match="does not fit into 38 digits"):
        ledger.calculate(
            table(amount=[1e27, 1e27], unit=["MMBtu", "MMBtu"]),
            columns={}, factors=library, places=9,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"by": "sight"}, "no column 'sight'.*Did you mean site"),
        ({"columns": {"amont": "amount"}}, "'amont' is no part of a question.*amount"),
        ({"on": ["kinds"]}, "'kinds' is no part"),
        ({"by": ["site", "site"]}, "twice"),
        ({"places": 40}, "0 to 18"),
        ({"memory": "much"}, "cannot be calculated"),
        ({"rule": "newest"}, "unknown rule"),
        ({"purpose": "inventory"}, "unknown purpose.*inventory-location"),
        ({"kind": "averag"}, "unknown kind"),
        ({"gwp": "AR7"}, "no GWP set"),
        ({"unit": "kWh", "columns": {"unit": "unit"}}, "both as a column and as an argument"),
    ],
)
def test_errors_say_what_is_wrong(options, says, library):
    with pytest.raises((LedgerError, FactorError, GwpError), match=says):
        ledger.calculate(table(site=["a"]), factors=library, **options)


@pytest.mark.parametrize("given", [None, 3, {"a": 1}, object()])
def test_what_is_no_table(given, library):
    with pytest.raises(LedgerError, match="no table"):
        ledger.calculate(given, factors=library)


def test_a_group_called_as_a_total(library):
    with pytest.raises(LedgerError, match="'rows' is what a column"):
        ledger.calculate(table(rows=["a"]), by="rows", factors=library)


def test_ambiguous_kinds_and_gwp_sets_are_refused_with_the_reason(library):
    rows = {
        "activity": ["diesel", "coal", "steam", "electricity"], "unit": ["t", "t", "GJ", "kWh"],
        "amount": [1.0] * 4,
    }  # fmt: skip
    made = ledger.calculate(
        pa.table(rows), gwp="AR6", region="CN", year=2020, factors=library, purpose="combustion"
    )
    said = {r["activity"]: (r["reason"], r["why"]) for r in made.refusals.to_pylist()}
    assert said["diesel"][0] == "ambiguous factor"
    assert said["electricity"][0] == "factor does not fit"
    assert "average" in said["electricity"][1]
    made = ledger.calculate(pa.table(rows), gwp="AR6", region="CN", year=2020, factors=library)
    said = {r["activity"]: (r["reason"], r["why"]) for r in made.refusals.to_pylist()}
    assert said["steam"][0] == "GWP set does not fit"
    assert "AR5" in said["steam"][1]
    assert said["coal"][0] == "factor does not fit"
    item = {"item": ["Diesel B", "", "", ""]}
    made = ledger.calculate(
        pa.table(rows | item), on=["item"], region="CN", year=2020, factors=library
    )
    assert "diesel" not in made.refusals["activity"].to_pylist()


def test_cells_that_are_empty_are_no_activity_and_no_unit(library):
    made = ledger.calculate(table(activity=["", "electricity"], unit=["kWh", ""]), factors=library)
    said = {r["unit"]: (r["reason"], r["why"]) for r in made.refusals.to_pylist()}
    assert said["kWh"][0] == "question cannot be asked"
    assert said[""][0] == "unknown unit"
    assert made.counts.used == 0


def test_a_region_of_its_own_column_may_be_looked_up_in_larger_ones(library):
    rows = table(region=["CN-GD", "CN"])
    made = ledger.calculate(rows, rule="parent_region", by="region", factors=library)
    assert made.exact["t CO2"].to_pylist() == [Decimal("0.000581")] * 2
    assert "got CN" in made.factors["match"].to_pylist()[1]


def test_a_table_of_no_rows(library):
    made = ledger.calculate(table().slice(0, 0), by="region", factors=library)
    assert made.counts.rows == 0
    assert made.exact.num_rows == 0
    assert ledger.calculate(table().slice(0, 0), factors=library).counts.used == 0


def test_a_foreign_connection_keeps_its_tables(library):
    theirs = ibis.duckdb.connect()
    theirs.con.register("sums", table())
    made = ledger.calculate(theirs.table("sums"), by="region", factors=library)
    assert made.rows.count().to_pyarrow().as_py() == 1
    assert theirs.con.sql("select count(*) from sums").fetchall() == [(1,)]
