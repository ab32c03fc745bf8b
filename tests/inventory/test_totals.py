"""Totals of an inventory: invariants, then a company worked by hand."""

import pickle
from decimal import Decimal
from fractions import Fraction

import companies
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonkit import inventory
from carbonkit.emissions import Emissions
from carbonkit.errors import GwpError, InventoryError

FEW = settings(max_examples=15, deadline=None)
MODES = [
    {"scope": 1}, {"scope": 2, "method": "location-based"}, {"scope": 2, "method": "market-based"},
    {"method": "location-based"}, {"method": "market-based"},
]  # fmt: skip


def made(frame, bought=None, **more):
    return inventory.from_frame(
        frame, sites=companies.SITES, instruments=bought, on_error="collect", **more
    )


# ---------------------------------------------------------------- invariants


KEYS = ["site", "year", "category", "activity", "region", "row", "step"]


@FEW
@given(companies.activities(), companies.instruments(rates=(0, 0.1, 0.9)), st.sampled_from(KEYS))
def test_any_partition_adds_up_to_the_whole_exactly(frame, bought, key):
    whole = made(frame, bought)
    for mode in MODES:
        values = {line.get(key) for line in whole.select(**mode)}
        parts = Emissions()
        for value in values:
            parts = parts + whole.emissions(**mode, **{key: value})
        assert parts.masses == whole.emissions(**mode).masses


@FEW
@given(companies.activities(), companies.instruments(), st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_a_bit(frame, bought, random):
    order = list(range(len(frame)))
    random.shuffle(order)
    first, second = made(frame, bought), made(frame.iloc[order], bought.iloc[::-1])
    for mode in MODES:
        assert first.emissions(**mode).masses == second.emissions(**mode).masses
        a, b = (i.total("AR5", **mode).magnitude for i in (first, second))
        assert a.hex() == b.hex()
    assert first.counts == second.counts
    assert [str(p) for p in first.problems] == [str(p) for p in second.problems]


@FEW
@given(companies.activities())
def test_separate_inventories_add_up_to_one_of_all(frame):
    """Without instruments nothing is shared between rows."""
    half = len(frame) // 2
    whole = made(frame)
    pieces = [made(part) for part in (frame.iloc[:half], frame.iloc[half:]) if len(part)]
    for mode in MODES:
        total = Emissions()
        for piece in pieces:
            total = total + piece.emissions(**mode)
        assert total.masses == whole.emissions(**mode).masses


@FEW
@given(companies.activities(), companies.instruments())
def test_units_and_gwp_sets_commute(frame, bought):
    smaller = {"MWh": ("kWh", 1000), "GJ": ("MJ", 1000), "t": ("kg", 1000), "kg": ("g", 1000)}
    other = frame.copy()
    for label, row in frame.iterrows():
        unit, scale = smaller.get(row["unit"], (row["unit"], 1))
        other.loc[label, "unit"] = unit
        other.loc[label, "amount"] = str(Decimal(row["amount"]) * scale)
    first, second = made(frame, bought), made(other, bought)
    for gwp_set in ("AR4", "AR5", "AR6"):
        for mode in MODES:
            a, b = (i.emissions(**mode).exact_co2e(gwp_set) for i in (first, second))
            assert a == b


@FEW
@given(companies.activities(), companies.instruments())
def test_instruments_do_not_move_the_location_based_total(frame, bought):
    mode = {"scope": 2, "method": "location-based"}
    assert made(frame, bought).emissions(**mode) == made(frame).emissions(**mode)


@FEW
@given(companies.activities(), companies.instruments())
def test_a_zero_rate_certificate_never_raises_the_market_based_total(frame, bought):
    mode = {"scope": 2, "method": "market-based"}
    with_them, without = made(frame, bought), made(frame)
    assert with_them.total("AR5", **mode).magnitude <= without.total("AR5", **mode).magnitude


@FEW
@given(companies.activities(), companies.instruments())
def test_every_row_is_counted_once(frame, bought):
    for boundary in inventory.BOUNDARIES:
        counts = made(frame, bought, boundary=boundary).counts
        assert counts.rows == len(frame) == counts.used + counts.outside + counts.refused


@FEW
@given(companies.activities(), companies.instruments())
def test_a_boundary_is_a_view_that_can_be_changed_back(frame, bought):
    first = made(frame, bought)
    for boundary in inventory.BOUNDARIES:
        seen = first.under(boundary)
        assert seen.lines == made(frame, bought, boundary=boundary).lines
        assert seen.under("operational control").lines == first.lines


@FEW
@given(companies.activities())
def test_equity_share_is_the_sum_of_the_shares(frame):
    equity = made(frame, boundary="equity share")
    shares = {"A": Fraction(2, 5), "B": Fraction(1), "C": Fraction(3, 4)}
    for mode in MODES:
        total = Emissions()
        for row in equity.rows:
            if mode.get("scope") in (None, row.scope) and row.scope == 1:
                total = total + row.emissions.scaled(shares[row.site])
        if mode == {"scope": 1}:
            assert total.masses == equity.emissions(scope=1).masses


@FEW
@given(companies.activities(), companies.instruments(rates=(0, 0.1, 0.9)))
def test_the_trace_adds_up_to_the_total(frame, bought):
    whole = made(frame, bought)
    for mode in MODES:
        trace = whole.trace(**mode)
        for gas, mass in whole.emissions(**mode).masses.items():
            found = trace.loc[trace["gas"] == gas, "t after share"].sum()
            assert found == pytest.approx(float(mass), rel=1e-9, abs=1e-12)


# ---------------------------------------------------------------- a company by hand


def company():
    rows = pd.DataFrame(
        [
            # China 2022 (notice): Guangdong 0.4403, Beijing 0.5580, residual 0.5856 kg/kWh
            {"site": "A", "category": "electricity", "activity": "electricity", "amount": 1000,
             "unit": "MWh", "release": companies.CHINA},
            {"site": "B", "category": "electricity", "activity": "electricity", "amount": 500_000,
             "unit": "kWh", "release": companies.CHINA},
            # GB/T 32151: 2.1622 kg/Nm3
            {"site": "A", "category": "stationary", "activity": "natural gas", "amount": 15.36,
             "unit": "10^4 Nm3", "release": "sac-china/gbt-32151-2024"},
            # IPCC 2006: 43.0 TJ/Gg x 74,100 + 3.9 CH4 + 3.9 N2O kg/TJ
            {"site": "B", "category": "mobile", "activity": "diesel", "amount": 10, "unit": "t",
             "release": "ipcc/2006-fuels; ipcc/2006-ch4-n2o"},
            # half HFC-32, half HFC-125
            {"site": "A", "category": "fugitive", "activity": "R-410A", "amount": 12,
             "unit": "kg"},
            # Chinese default: 0.11 t/GJ
            {"site": "B", "category": "heat", "activity": "heat", "amount": 500, "unit": "GJ",
             "region": "CN", "release": "ndrc-china/purchased-heat"},
            # UK 2024: 0.18253 + 0.00028 + 0.00009 kg CO2e/kWh gross
            {"site": "C", "category": "stationary", "activity": "natural gas", "amount": 100_000,
             "unit": "kWh", "calorific_basis": "gross", "release": companies.UK,
             "item": "Natural gas"},
        ]
    ).assign(year=2022)  # fmt: skip
    green = pd.DataFrame(
        [{"id": "G", "type": "certificate", "energy": 300, "unit": "MWh", "market": "CN",
          "vintage": 2022, "rate": 0, "rate_unit": "kg CO2/kWh", "retired": "yes"}]
    )  # fmt: skip
    return rows, green


def acme(**more):
    rows, green = company()
    return inventory.from_frame(rows, sites=companies.SITES, instruments=green, **more)


def test_the_company_by_hand():
    found = acme()
    # A and B under operational control; C is not.
    gas = Fraction("153600") * Fraction("2.1622") / 1000
    diesel_tj = Fraction(10) * 43 / 1000
    assert found.emissions(scope=1).masses == {
        "CO2": gas + diesel_tj * Fraction("74.1"),
        "CH4": diesel_tj * Fraction("0.0039"),
        "N2O": diesel_tj * Fraction("0.0039"),
        "HFC32": Fraction("0.006"),
        "HFC125": Fraction("0.006"),
    } | {"CO2": gas + diesel_tj * Fraction("74.1")}
    # AR5: CH4 28, N2O 265, HFC-32 677, HFC-125 3,170
    by_hand = float(gas) + 31.863 + 0.001677 * (28 + 265) + 0.006 * (677 + 3170)
    assert found.total("AR5", scope=1).magnitude == pytest.approx(by_hand, rel=1e-12)
    heat = 55
    location, market = (found.scope2("AR5").location_based, found.scope2("AR5").market_based)
    assert location.magnitude == pytest.approx(1000 * 0.4403 + 500 * 0.5580 + heat)
    assert market.magnitude == pytest.approx((1500 - 300) * 0.5856 + heat)
    assert str(found.counts) == "7 rows in = 6 used + 1 outside the boundary + 0 refused"


def test_financial_control_takes_the_other_sites():
    """B: diesel and half the electricity; C: 100,000 kWh x 0.18290 = 18.290 t CO2e."""
    found = acme(boundary="financial control")
    diesel = 31.863 + 0.001677 * (28 + 265)
    assert found.total("AR5", scope=1).magnitude == pytest.approx(diesel + 18.290)
    # All 300 MWh of certificates now serve B's 500 MWh.
    assert found.scope2("AR5").market_based.magnitude == pytest.approx(200 * 0.5856 + 55)


def test_equity_share_takes_its_share_of_the_electricity_before_the_certificates():
    """40 % of A's 1,000 MWh and B's 500 MWh, less 300 MWh of certificates, at the residual."""
    found = acme(boundary="equity share")
    location, market = found.scope2("AR5").location_based, found.scope2("AR5").market_based
    assert location.magnitude == pytest.approx(400 * 0.4403 + 500 * 0.5580 + 55)
    assert market.magnitude == pytest.approx((900 - 300) * 0.5856 + 55)
    lines = found.select(scope=2, method="market-based", category="electricity")
    assert sum(line.energy * line.share for line in lines) == 900
    for line in lines:
        parts = sum(part.magnitude for part in line.parts) * line.share
        assert parts == line.emissions.masses.get("CO2", 0)


def test_parts_that_the_uk_prints_in_co2e_are_turned_back_into_gases():
    """0.00028 kg CO2e of CH4 under AR5 is 0.00001 kg CH4; AR4 counts it 25 times."""
    found = acme(boundary="equity share").only(site="C")
    assert found.emissions(scope=1).masses["CH4"] == Fraction(3, 4) * Fraction("0.028") / 28
    ar4 = 0.75 * (18.253 + 0.001 * 25 + 0.009 / 265 * 298)
    assert found.total("AR4", scope=1).magnitude == pytest.approx(ar4)


def test_steps_of_the_fuel_are_explained_with_their_source():
    told = acme().explain(3)
    assert "43 TJ/Gg × 74,100 kg CO2/TJ" in told
    assert "ipcc/2006-fuels#diesel-co2" in told
    assert "eq. 2.1" in told


def test_the_carbon_content_method_stands_beside_the_direct_factor():
    rows, _ = company()
    row = rows.iloc[[2]]
    direct = inventory.from_frame(row, sites=companies.SITES)
    carbon = inventory.from_frame(row.assign(method="carbon content"), sites=companies.SITES)
    a, b = (float(i.emissions(scope=1).masses["CO2"]) for i in (direct, carbon))
    assert a != b
    assert a == pytest.approx(b, rel=0.00005 / 2.1622)


def test_energy_comes_with_its_calorific_basis():
    """389.31 GJ/10^4 Nm3 x 15.36 = 5,979.8 GJ = 1,661.06 MWh net."""
    row = acme().rows[2]
    assert float(row.energy) == pytest.approx(389.31 * 15.36 / 3.6)
    assert row.basis == "net"


def test_refrigerants_by_three_methods():
    equipment = pd.DataFrame(
        [
            {"site": "A", "year": 2022, "gas": "R-410A", "method": "life cycle", "unit": "kg",
             "filled": 52, "new_charge": 50, "topped_up": 8, "retired_charge": 20,
             "recovered": 15},
            {"site": "B", "year": 2022, "gas": "HFC134a", "method": "mass balance", "unit": "kg",
             "opening_stock": 40, "purchased": 25, "sold": 5, "closing_stock": 30,
             "opening_charge": 200, "closing_charge": 210},
            {"site": "B", "year": 2022, "gas": "SF6", "method": "screening", "unit": "kg",
             "new_charge": 0, "assembly_loss": 0, "charge": 120, "annual_leak": 10, "time": 1,
             "retired_charge": 30, "remaining": 80, "recovery": 70},
        ]
    )  # fmt: skip
    rows, _ = company()
    found = inventory.from_frame(rows.iloc[:1], sites=companies.SITES, refrigerants=equipment)
    assert found.emissions(scope=1).masses == {
        "HFC32": Fraction("0.0075"), "HFC125": Fraction("0.0075"), "HFC134a": Fraction("0.020"),
        "SF6": Fraction("0.0192"),
    }  # fmt: skip


def test_upstream_and_losses_are_scope_3():
    """UK 2024: losses 0.01830, upstream of generation 0.04590 kg CO2e/kWh."""
    rows = pd.DataFrame(
        [
            {"category": "t-and-d-loss", "factor_boundary": "T&D losses"},
            {"category": "well-to-tank", "factor_boundary": "upstream of generation"},
        ]
    ).assign(site="C", year=2024, activity="electricity", amount=1, unit="GWh",
             release=companies.UK, region="GB")  # fmt: skip
    found = inventory.from_frame(rows)
    assert found.total("AR5", scope=3).magnitude == pytest.approx(18.30 + 45.90)
    assert not found.select(scope=(1, 2))


def test_a_wider_region_is_taken_only_by_name_and_the_trace_says_so():
    """Tibet has no factor of its own in the notice for 2022."""
    rows = pd.DataFrame(
        [{"site": "T", "year": 2022, "category": "electricity", "activity": "electricity",
          "amount": 1000, "unit": "MWh", "region": "CN-XZ", "market": "CN",
          "release": companies.CHINA}]
    )  # fmt: skip
    with pytest.raises(InventoryError, match="row 0, column region"):
        inventory.from_frame(rows)
    found = inventory.from_frame(rows.assign(factor_rule="parent_region"))
    (match,) = found.trace(method="location-based")["match"]
    assert match.startswith("parent_region: asked for region CN-XZ, got CN-Southwest")
    assert found.quality("AR5")["loosely matched share %"].tolist() == [100]


def test_biogenic_co2_is_in_no_total():
    rows = pd.DataFrame(
        [{"site": "A", "year": 2022, "category": "stationary", "activity": "wood", "amount": 10,
          "unit": "MMBtu", "calorific_basis": "gross", "release": "us-epa/hub-2024"}]
    )  # fmt: skip
    found = inventory.from_frame(rows)
    assert found.emissions(scope=1).biogenic.to("kg CO2").magnitude == pytest.approx(938.0)
    by_hand = 10 * (7.2 * 28 + 3.6 * 265) / 1e6
    assert found.total("AR5", scope=1).magnitude == pytest.approx(by_hand)


# ---------------------------------------------------------------- what must not be mixed


def test_scope_2_needs_its_method():
    with pytest.raises(InventoryError, match="method='location-based'"):
        acme().total("AR5")


def test_a_gwp_set_without_a_gas_names_the_rows():
    rows = pd.DataFrame(
        [{"site": "A", "year": 2022, "category": "fugitive", "activity": "NF3", "amount": 1,
          "unit": "kg"}]
    )  # fmt: skip
    with pytest.raises(GwpError, match=r"activities, row 0: SAR .* has no value for NF3"):
        inventory.from_frame(rows).total("SAR")


def test_co2e_of_one_set_is_not_shown_under_another():
    rows = pd.DataFrame(
        [{"site": "A", "year": 2022, "category": "process", "activity": "x", "amount": 1,
          "unit": "t", "factor": 2, "factor_unit": "t CO2e/t", "factor_source": "own",
          "gwp_set": "AR4"}]
    )  # fmt: skip
    found = inventory.from_frame(rows)
    assert found.total("AR4").magnitude == 2
    with pytest.raises(GwpError, match=r"row 0: .*'AR4'.* AR5"):
        found.total("AR5")


def test_unknown_keys_and_boundaries_name_the_near_ones():
    with pytest.raises(InventoryError, match="Did you mean site"):
        acme().total("AR5", sight="A", method="market-based")
    with pytest.raises(InventoryError, match="Did you mean equity share"):
        acme().under("equity shares")


def test_quality_is_weighted_by_emissions():
    rows = pd.DataFrame(
        [
            {"amount": 300, "quality": 1}, {"amount": 100, "quality": 5},
            {"amount": 100, "quality": None},
        ]
    ).assign(site="A", year=2022, category="process", activity="x", unit="t", factor=1,
             factor_unit="t CO2/t", factor_source="own")  # fmt: skip
    (row,) = inventory.from_frame(rows).quality("AR5").to_dict("records")
    assert row["mean score (1 best, 5 worst)"] == pytest.approx((300 * 1 + 100 * 5) / 400)
    assert row["scored share %"] == pytest.approx(80)


def test_an_inventory_pickles():
    found = acme()
    again = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert again.emissions(scope=1) == found.emissions(scope=1)
    assert str(again) == str(found)
