"""Scope 2: the two methods, the hierarchy of the Guidance, and what must never happen."""

import pickle
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonkit import factors, scope2
from carbonkit.emissions import Emissions
from carbonkit.errors import FactorKindError, InventoryError, UnitError
from carbonkit.scope2 import Instrument, Use, both

FEW = settings(max_examples=40, deadline=None)
rates = st.integers(0, 1200).map(lambda g: (g, "g CO2/kWh"))
energies = st.integers(0, 10_000)
MARKETS = ("CN", "GB")


@st.composite
def uses(draw):
    found = []
    for number in range(draw(st.integers(1, 6))):
        residual = draw(st.none() | rates)
        found.append(
            Use.of(
                (draw(energies), "MWh"), draw(st.sampled_from(MARKETS)),
                draw(st.sampled_from([2022, 2023])), draw(rates),
                residual=residual, site=draw(st.sampled_from("AB")), where=f"row {number}",
            )
        )  # fmt: skip
    return found


@st.composite
def instruments(draw, names="abcdef"):
    found = []
    for name in names[: draw(st.integers(0, len(names)))]:
        kind = draw(st.sampled_from(["certificate", "contract", "supplier"]))
        found.append(
            Instrument.of(
                name, kind, (draw(energies), "MWh"), draw(st.sampled_from(MARKETS)),
                draw(st.sampled_from([2022, 2023])), draw(rates), retired=draw(st.booleans()),
                site=draw(st.sampled_from(["", "", "A", "B"])), renewable=draw(st.booleans()),
            )
        )  # fmt: skip
    return found


def tonnes(emissions):
    return emissions.masses.get("CO2", Fraction(0))


# ---------------------------------------------------------------- invariants


@FEW
@given(uses(), instruments())
def test_instruments_do_not_move_the_location_based_total(used, bought):
    assert both(used, bought).location_based == both(used).location_based


@FEW
@given(uses(), instruments(), st.integers(1, 5000), st.sampled_from(MARKETS),
       st.sampled_from([2022, 2023]), st.sampled_from(["", "A"]))  # fmt: skip
def test_a_zero_rate_certificate_never_raises_the_market_based_total(
    used, bought, size, market, year, site
):
    one_more = Instrument.of(
        "zero", "certificate", (size, "MWh"), market, year, "0 kg CO2/kWh", retired=True, site=site
    )
    before = tonnes(both(used, bought).market_based)
    assert tonnes(both(used, [*bought, one_more]).market_based) <= before


@FEW
@given(uses(), instruments(), st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_a_bit(used, bought, random):
    first = both(used, bought)
    random.shuffle(used)
    random.shuffle(bought)
    second = both(used, bought)
    assert second.market_based == first.market_based
    assert second.location_based == first.location_based
    assert second.unused == first.unused


@FEW
@given(uses(), instruments())
def test_every_megawatt_hour_is_covered_once(used, bought):
    ledger = both(used, bought)
    assert sum(ledger.covered().values()) == sum(u.energy for u in used)
    for use in used:
        parts = [a.energy for a in ledger.allocations if a.use is use]
        assert sum(parts) == use.energy
        assert all(part > 0 for part in parts)


@FEW
@given(uses(), instruments())
def test_instruments_cover_no_more_than_consumption_nor_than_they_hold(used, bought):
    ledger = both(used, bought)
    offered = sum(i.energy for i in bought)
    by_instruments = sum(a.energy for a in ledger.allocations if a.instruments)
    assert by_instruments + sum(ledger.unused.values()) == offered
    assert all(left >= 0 for left in ledger.unused.values())
    assert by_instruments <= sum(u.energy for u in used)


@FEW
@given(uses(), instruments())
def test_an_instrument_serves_its_market_year_and_site_alone(used, bought):
    by_id = {i.id: i for i in bought}
    for part in both(used, bought).allocations:
        for name in part.instruments:
            one = by_id[name]
            assert (one.market, one.year) == (part.use.market, part.use.year)
            assert one.site in ("", part.use.site)


@FEW
@given(uses(), instruments())
def test_markets_and_years_add_up(used, bought):
    whole = both(used, bought)
    parts = Emissions(method="market-based")
    for market in MARKETS:
        for year in (2022, 2023):
            some = [u for u in used if (u.market, u.year) == (market, year)]
            theirs = [i for i in bought if (i.market, i.year) == (market, year)]
            parts = parts + both(some, theirs).market_based
    assert parts == whole.market_based


@FEW
@given(uses(), instruments())
def test_the_unit_of_energy_does_not_matter(used, bought):
    in_kwh = [
        Use.of((u.energy * 1000, "kWh"), u.market, u.year, u.grid, residual=u.residual, site=u.site)
        for u in used
    ]
    assert both(in_kwh, bought).market_based == both(used, bought).market_based


# ---------------------------------------------------------------- the order of the Guidance


def test_the_order_of_table_6_3_by_hand():
    """100 MWh: 20 certificates at 0, 30 contract at 0.1, 10 supplier at 0.3, 40 residual at 0.6:
    0 + 3 + 3 + 24 = 30 t; location-based 100 x 0.5 = 50 t."""
    use = Use.of("100 MWh", "CN", 2022, "0.5 t CO2/MWh", residual="0.6 t CO2/MWh")
    bought = [
        Instrument.of("s", "supplier", "10 MWh", "CN", 2022, "0.3 t CO2/MWh"),
        Instrument.of("k", "contract", "30 MWh", "CN", 2022, "0.1 t CO2/MWh"),
        Instrument.of("c", "certificate", "20 MWh", "CN", 2022, "0 t CO2/MWh", retired=True),
    ]
    ledger = both([use], bought)
    assert tonnes(ledger.location_based) == 50
    assert tonnes(ledger.market_based) == 30
    steps = {a.step: a.energy for a in ledger.allocations}
    assert steps == {"certificate": 20, "contract": 30, "supplier": 10, "residual": 40}


@pytest.mark.parametrize(
    ("size", "tonnes_", "steps"),
    [
        (15, 0, {"certificate": 15}),
        (40, 2, {"certificate": 20, "contract": 20}),
        (55, 3 + 1.5, {"certificate": 20, "contract": 30, "supplier": 5}),
    ],
)
def test_what_is_not_needed_is_what_comes_later_in_the_order(size, tonnes_, steps):
    use = Use.of((size, "MWh"), "CN", 2022, "0.5 t CO2/MWh", residual="0.6 t CO2/MWh")
    bought = [
        Instrument.of("s", "supplier", "10 MWh", "CN", 2022, "0.3 t CO2/MWh"),
        Instrument.of("k", "contract", "30 MWh", "CN", 2022, "0.1 t CO2/MWh"),
        Instrument.of("c", "certificate", "20 MWh", "CN", 2022, "0 t CO2/MWh", retired=True),
    ]
    ledger = both([use], bought)
    assert tonnes(ledger.market_based) == tonnes_
    assert {a.step: a.energy for a in ledger.allocations} == steps


def test_a_supplier_rate_without_an_amount_takes_all_that_is_left():
    use = Use.of("100 MWh", "GB", 2022, "0.5 t CO2/MWh", residual="0.6 t CO2/MWh")
    bought = [
        Instrument.of("c", "certificate", "25 MWh", "GB", 2022, "0 t CO2/MWh", retired=True),
        Instrument.of("s", "supplier", None, "GB", 2022, "0.2 t CO2/MWh", delivered=True),
    ]
    assert tonnes(both([use], bought).market_based) == 15


def test_china_2022_with_the_residual_of_the_ministry():
    """Notice for 2022: average 0.5366, without market-traded non-fossil 0.5856 kg/kWh.
    60 MWh x 0.5856 = 35.136 t against 100 MWh x 0.5366 = 53.66 t."""
    notice = {"region": "CN", "year": 2022, "release": "mee-china/electricity-2022"}
    use = Use.of(
        "100 MWh", "CN", 2022, factors.find("electricity", kind="average", **notice),
        residual=factors.find("electricity", kind="residual", **notice),
    )  # fmt: skip
    green = Instrument.of("g", "certificate", "40 MWh", "CN", 2022, "0 kg CO2/kWh", retired=True)
    ledger = both([use], [green])
    assert tonnes(ledger.location_based) == Fraction("53.66")
    assert tonnes(ledger.market_based) == Fraction("35.136")
    assert not [f for f in ledger.findings if f.column == "residual"]


def test_the_absence_of_a_residual_mix_is_disclosed():
    ledger = both([Use.of("100 MWh", "GB", 2022, "0.2 t CO2/MWh")])
    assert tonnes(ledger.market_based) == 20
    (told,) = ledger.findings
    assert "no residual mix" in told.text
    assert "criterion 8" in told.text


# ---------------------------------------------------------------- quality criteria


def certificate(**change):
    given = {"energy": "40 MWh", "market": "CN", "vintage": 2022, "rate": "0 kg CO2/kWh",
             "retired": True} | change  # fmt: skip
    return Instrument.of("c", "certificate", **given)


@pytest.mark.parametrize(
    ("change", "number", "column"),
    [
        ({"rate": None}, 1, "rate"),
        ({"retired": False}, 3, "retired"),
        ({"retired": None}, 3, "retired"),
        ({"vintage": 2020, "year": 2022}, 4, "vintage"),
        ({"vintage": 2023, "year": 2022}, 4, "vintage"),
        ({"market": "GB"}, 5, "market"),
        ({"vintage": 2021}, 4, "vintage"),
    ],
)
def test_an_instrument_that_misses_a_criterion_is_not_used_and_named(change, number, column):
    use = Use.of("100 MWh", "CN", 2022, "0.5 t CO2/MWh", residual="0.6 t CO2/MWh")
    ledger = both([use], [certificate(**change)])
    assert tonnes(ledger.market_based) == 60
    assert number in {c.number for c in ledger.criteria if c.status == "not met"}
    assert column in {f.column for f in ledger.findings if f.serious}
    assert ledger.unused == {"c": 40}


def test_an_older_vintage_is_used_only_where_it_is_allowed():
    use = Use.of("100 MWh", "CN", 2022, "0.5 t CO2/MWh", residual="0.6 t CO2/MWh")
    old = certificate(vintage=2021, year=2022)
    assert tonnes(both([use], [old]).market_based) == 60
    assert tonnes(both([use], [old], vintage_years=1).market_based) == 36


def test_what_is_not_said_of_a_criterion_is_reported_as_not_stated():
    ledger = both([Use.of("100 MWh", "CN", 2022, "0.5 t CO2/MWh")], [certificate()])
    assert {c.number: c.status for c in ledger.criteria} == {
        1: "met", 2: "not stated", 3: "met", 4: "met", 5: "met",
    }  # fmt: skip


def test_more_certificates_than_consumption_are_capped_and_reported():
    ledger = both([Use.of("10 MWh", "CN", 2022, "0.5 t CO2/MWh")], [certificate()])
    assert tonnes(ledger.market_based) == 0
    assert ledger.unused == {"c": 30}
    (told,) = [f for f in ledger.findings if f.serious]
    assert "exceed the 10 MWh" in told.text


def test_two_open_ended_suppliers_are_not_guessed_between():
    use = Use.of("10 MWh", "CN", 2022, "0.5 t CO2/MWh")
    rivals = [Instrument.of(n, "supplier", None, "CN", 2022, "0.1 t CO2/MWh") for n in "xy"]
    ledger = both([use], rivals)
    assert tonnes(ledger.market_based) == 5
    assert len([f for f in ledger.findings if f.serious]) == 2


def test_an_id_stands_once():
    with pytest.raises(InventoryError, match="'c'"):
        both([Use.of("10 MWh", "CN", 2022, "0.5 t CO2/MWh")], [certificate(), certificate()])


# ---------------------------------------------------------------- the two totals


def ledger_of_both():
    use = Use.of("100 MWh", "CN", 2022, "0.5 t CO2/MWh", residual="0.6 t CO2/MWh")
    return both([use], [certificate()])


def test_the_two_totals_are_never_added_or_netted():
    ledger = ledger_of_both()
    with pytest.raises(InventoryError, match="never added"):
        ledger.location_based + ledger.market_based
    totals = ledger.co2e("AR5")
    for mix in (
        lambda a, b: a + b, lambda a, b: a - b, lambda a, b: b - a, lambda a, b: sum([a, b]),
        lambda a, b: a.to("kg CO2e") + b, lambda a, b: (a + "1 t CO2e") - b,
        lambda a, b: pickle.loads(pickle.dumps(a)) + b,  # noqa: S301
    ):  # fmt: skip
        with pytest.raises(InventoryError, match="never added or netted"):
            mix(totals.location_based, totals.market_based)
    assert not hasattr(totals, "__add__")


def test_years_of_one_method_are_added():
    totals = ledger_of_both().co2e("AR5")
    assert (totals.market_based + totals.market_based).magnitude == pytest.approx(72)


# ---------------------------------------------------------------- formulas


@given(*[st.integers(1, 10**6)] * 3, st.integers(1, 100), st.integers(1, 100))
def test_heat_and_power_of_a_chp_plant_make_the_whole(emissions, heat, power, eh, ep):
    given_ = ((emissions, "t CO2"), (heat, "GJ"), (power, "GJ"), (eh, "%"), (ep, "%"))
    shares = scope2.chp_heat(*given_).magnitude + scope2.chp_power(*given_).magnitude
    assert shares == pytest.approx(emissions, rel=1e-12)


def test_a_chp_plant_by_hand():
    """Heat 8,000 GJ / 0.80 = 10,000; power 3,500 GJ / 0.35 = 10,000: half each."""
    plant = ("1000 t CO2", "8000 GJ", "3500 GJ", "80 %", "35 %")
    assert scope2.chp_heat(*plant).magnitude == pytest.approx(500)


def test_an_operating_margin_is_no_inventory_factor():
    margin = factors.find("electricity", region="CN-East", year=2019, kind="operating-margin",
                          release="mee-china/om-bm-2019")  # fmt: skip
    for formula in (scope2.location_based, scope2.market_based):
        with pytest.raises(FactorKindError, match="operating-margin"):
            formula("1 MWh", margin)
    with pytest.raises(FactorKindError):
        Use.of("1 MWh", "CN", 2019, margin)


def test_losses_are_not_scope_2():
    """UK 2024: 1 GWh x 0.01830 kg CO2e/kWh = 18.30 t in Scope 3, category 3."""
    loss = factors.find("electricity", release="uk-government/conversion-factors-2024",
                        kind="t-and-d-loss", gas="CO2e")  # fmt: skip
    assert scope2.t_and_d_loss("1 GWh", loss).magnitude == pytest.approx(18.30)
    with pytest.raises(FactorKindError):
        scope2.location_based("1 GWh", loss)


@pytest.mark.parametrize("bad", [("-1 MWh", "0.5 t CO2/MWh"), ("1 MWh", "-0.5 t CO2/MWh")])
def test_negative_energy_and_rates_are_refused(bad):
    with pytest.raises(InventoryError, match="negative"):
        Use.of(bad[0], "CN", 2022, bad[1])


def test_a_rate_in_co2e_says_its_gwp_set():
    with pytest.raises(UnitError, match="GWP set"):
        scope2.rate("0.5 kg CO2e/kWh", kind="average")
    assert scope2.rate("0.5 kg CO2e/kWh", kind="average", gwp_set="AR5")
    assert scope2.rate("0 kg CO2e/kWh", kind="certificate").per_mwh == Emissions()
