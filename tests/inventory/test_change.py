"""What changed: the causes add up to the change, and each is what it says."""

from fractions import Fraction

import companies
import pandas as pd
import pytest
from hypothesis import given, settings

from carbonkit import inventory
from carbonkit.errors import InventoryError
from carbonkit.inventory import compare, recalculate

FEW = settings(max_examples=15, deadline=None)


def made(frame, bought=None, **more):
    return inventory.from_frame(
        frame, sites=companies.SITES, instruments=bought, on_error="collect", **more
    )


@FEW
@given(companies.activities(), companies.instruments(), companies.activities())
def test_the_causes_add_up_to_the_change_exactly(first, bought, second):
    before, after = made(first, bought), made(second, boundary="equity share")
    for method in ("location-based", "market-based"):
        change = compare(before, after, "AR4", gwp_set_after="AR6", method=method)
        kept = {"scope": (1, 2), "method": method}
        assert change.before == before.emissions(**kept).exact_co2e("AR4")
        assert change.after == after.emissions(**kept).exact_co2e("AR6")
        assert sum(change.exact.values()) == change.after - change.before
        for source in change.sources:
            assert sum(source.parts.values()) == source.after - source.before


@FEW
@given(companies.activities(), companies.instruments())
def test_nothing_changed_means_nothing_anywhere(frame, bought):
    found = made(frame, bought)
    assert set(compare(found, found, "AR5").exact.values()) == {Fraction(0)}


@FEW
@given(companies.activities(), companies.activities())
def test_backwards_is_the_negative(first, second):
    before, after = made(first), made(second)
    there, back = compare(before, after, "AR5").exact, compare(after, before, "AR5").exact
    assert {cause: -part for cause, part in back.items()} == there


@FEW
@given(companies.activities())
def test_only_the_boundary_changes_with_the_boundary(frame):
    change = compare(made(frame), made(frame, boundary="equity share"), "AR5").exact
    assert {c for c, part in change.items() if part} <= {"boundary"}


@FEW
@given(companies.activities())
def test_only_the_method_changes_with_the_gwp_set(frame):
    found = made(frame)
    change = compare(found, found, "AR4", gwp_set_after="AR6").exact
    assert {c for c, part in change.items() if part} <= {"method"}


def plant(amount, factor, site="A", unit="t", **more):
    row = {"site": site, "year": 2020, "category": "process", "activity": "clinker",
           "amount": amount, "unit": unit, "factor": factor, "factor_unit": "t CO2/t",
           "factor_source": "own", **more}  # fmt: skip
    return pd.DataFrame([row])


def parts(first, second, **more):
    found = compare(inventory.from_frame(first), inventory.from_frame(second), "AR5", **more)
    return {cause: float(part) for cause, part in found.exact.items()}


def test_two_factors_by_hand():
    """100 t x 0.5 to 80 t x 0.6: activity -20 x (0.5 + 0.6) / 2 = -11, factor 0.1 x 90 = 9."""
    assert parts(plant(100, 0.5), plant(80, 0.6)) == {
        "activity": -11, "factor": 9, "boundary": 0, "method": 0,
    }  # fmt: skip


def test_a_unit_is_no_change():
    assert set(parts(plant(100, 0.5), plant(100_000, 0.5, unit="kg")).values()) == {0}


def test_a_new_site_is_boundary_and_a_new_source_at_a_site_is_activity():
    both = pd.concat([plant(100, 0.5), plant(10, 0.5, site="B")], ignore_index=True)
    assert parts(plant(100, 0.5), both)["boundary"] == 5
    more = pd.concat([plant(100, 0.5), plant(10, 0.5, activity="lime")], ignore_index=True)
    assert parts(plant(100, 0.5), more) == {
        "activity": 5, "factor": 0, "boundary": 0, "method": 0,
    }  # fmt: skip


def test_a_source_that_starts_from_zero_is_all_activity():
    assert parts(plant(0, 0.5), plant(10, 0.6))["activity"] == 6


def gas(**more):
    return pd.DataFrame(
        [{"site": "A", "year": 2020, "category": "stationary", "activity": "natural gas",
          "amount": 100, "unit": "10^4 Nm3", "release": "sac-china/gbt-32151-2024", **more}]
    )  # fmt: skip


def test_another_way_of_computing_is_method_not_factor():
    found = parts(gas(), gas(method="carbon content"))
    assert found["method"] == pytest.approx((389.31 * 15.3e-3 * 0.99 * 44 / 12 - 21.622) * 100)
    assert found["factor"] == 0


# ---------------------------------------------------------------- base year


def test_the_base_year_is_recalculated_above_the_threshold():
    """100 t of one site, and another of 4 t or 6 t acquired: 4 % and 6 % against 5 %."""
    base = inventory.from_frame(plant(200, 0.5))
    for size, significant in ((8, False), (10, True), (12, True)):
        grown = pd.concat([plant(200, 0.5), plant(size, 0.5, site="B")], ignore_index=True)
        found = recalculate(base, inventory.from_frame(grown), "AR5")
        assert found.significant is significant
        assert found.relative == Fraction(size, 200)
        assert found.change.exact["boundary"] == Fraction(size, 2)


def test_growth_is_no_reason_to_recalculate():
    other = plant(10, 0.5).assign(year=2021)
    with pytest.raises(InventoryError, match="same years"):
        recalculate(inventory.from_frame(plant(10, 0.5)), inventory.from_frame(other), "AR5")


def test_sites_can_be_taken_into_the_base_year():
    sites = companies.SITES.copy()
    found = inventory.from_frame(
        pd.concat([plant(200, 0.5), plant(10, 0.5, site="C")], ignore_index=True), sites=sites
    )
    assert found.counts.outside == 1
    wider = {**found.sites, "C": inventory.Site("C", "GB", "GB")}
    restated = recalculate(found, found.with_sites(wider), "AR5")
    assert restated.change.exact["boundary"] == 5
