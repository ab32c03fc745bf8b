"""Every formula, with units its arguments come in and how its result depends on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import strategies as st

from carbonkit import avoidance, intensity, savings, scope1, scope2
from carbonkit.formula import Formula, core
from carbonkit.intervals import Interval


@dataclass(frozen=True)
class Case:
    """One formula and what is known about it beforehand.

    `units` holds units of one dimension for each argument. `degrees` says by which power of k the
    result changes when the named arguments all become k times as large. `yearly` holds every set
    of arguments that may come per year, and whether the result then is per year.
    """

    formula: Formula
    units: Mapping[str, tuple[str, ...]]
    degrees: Mapping[tuple[str, ...], int]
    yearly: Mapping[tuple[str, ...], bool] = field(default_factory=dict)

    def exact(self, values: Mapping[str, Fraction]) -> dict[str, Any]:
        """The values in the first unit of each argument."""
        return {n: (v, self.units[n][0]) for n, v in values.items()}

    def values(self) -> st.SearchStrategy[dict[str, Fraction]]:
        """Decimals of three places: weights of 0.001 to 0.5, all others above one, as PUE is."""
        return st.fixed_dictionaries(
            {
                n: st.integers(*((1, 500) if "weight" in n else (1001, 900_000))).map(thousandth)
                for n in self.units
            }
        )

    def intervals(self, values: Mapping[str, Fraction]) -> st.SearchStrategy[dict[str, Interval]]:
        """An interval about each value, with any ends, that keeps weights and PUE physical."""
        return st.fixed_dictionaries(
            {
                n: st.builds(
                    lambda v, share, *closed: Interval(v - v * share, v + v * share, *closed),
                    st.just(v),
                    st.sampled_from([f * (1 if "weight" in n else 1 - 1 / v) for f in SHARES]),
                    st.booleans(),
                    st.booleans(),
                )
                | st.just(Interval.point(v))
                for n, v in values.items()
            }
        )


SHARES = (Fraction(1, 500), Fraction(1, 2), Fraction(9, 10))


def thousandth(k: int) -> Fraction:
    return Fraction(k, 1000)


ENERGY = ("kWh", "GWh", "MJ", "million kWh", "tce")
FACTOR = ("kg CO2/kWh", "t CO2/MWh", "g CO2/MJ", "lb CO2/MWh", "10^4 t CO2/TWh")
PURE = ("1", "%", "‰")
POWER = ("kW", "MW", "GJ/day")
HOURS = ("h", "day", "s")
CO2 = ("t CO2", "kg CO2", "million t CO2", "t C")
MASS = ("t", "kg", "short_ton")
PER_MASS = ("t CO2/t", "kg CO2/t", "lb CO2/lb")

CASES = [
    Case(
        avoidance.avoided_emissions,
        {"energy": ENERGY, "factor": FACTOR},
        {("energy",): 1, ("factor",): 1},
        {("energy",): True},
    ),
    Case(
        avoidance.combined_margin,
        {"operating": FACTOR, "build": FACTOR, "operating_weight": PURE},
        {("operating", "build"): 1},
    ),
    Case(
        avoidance.tree_equivalent,
        {"emissions": CO2, "per_tree": ("kg CO2/tree", "t CO2/10^3 tree")},
        {("emissions",): 1, ("per_tree",): -1},
        {("emissions",): True, ("emissions", "per_tree"): False},
    ),
    Case(
        intensity.scope_total,
        {"scope1": CO2, "scope2": CO2},
        {("scope1", "scope2"): 1},
        {("scope1", "scope2"): True},
    ),
    Case(
        intensity.share,
        {"part": CO2, "whole": CO2},
        {("part",): 1, ("whole",): -1, ("part", "whole"): 0},
    ),
    Case(
        intensity.intensity,
        {"emissions": CO2, "denominator": ("CNY", "million CNY", "10^4 CNY")},
        {("emissions",): 1, ("denominator",): -1},
    ),
    Case(intensity.percent_change, {"new": ENERGY, "base": ENERGY}, {("new", "base"): 0}),
    Case(intensity.points_change, {"new": PURE, "base": PURE}, {("new", "base"): 1}),
    Case(
        intensity.weighted_average,
        {"first": FACTOR, "first_weight": ENERGY, "second": FACTOR, "second_weight": ENERGY},
        {("first", "second"): 1, ("first_weight", "second_weight"): 0},
    ),
    Case(
        scope1.combustion,
        {"fuel": MASS, "factor": PER_MASS},
        {("fuel",): 1, ("factor",): 1},
    ),
    Case(
        scope2.location_based,
        {"energy": ENERGY, "factor": FACTOR},
        {("energy",): 1, ("factor",): 1},
        {("energy",): True},
    ),
    Case(
        savings.pue_saving,
        {"it_power": POWER, "pue_before": PURE, "pue_after": PURE, "hours": HOURS},
        {("it_power",): 1, ("hours",): 1, ("pue_before", "pue_after"): 1},
        {("hours",): True},
    ),
    Case(savings.cooling_cut, {"pue_before": PURE, "pue_after": PURE}, {}),
    Case(
        savings.pue_reduction_saving,
        {"facility_energy": ENERGY, "cut": PURE},
        {("facility_energy",): 1, ("cut",): 1},
        {("facility_energy",): True},
    ),
    Case(
        savings.per_unit_saving,
        {"per_unit": ("g/phone", "kg/phone"), "number": ("phone", "million phone")},
        {("per_unit",): 1, ("number",): 1},
    ),
    Case(
        savings.share_of_baseline,
        {"baseline": ENERGY, "cut": PURE},
        {("baseline",): 1, ("cut",): 1},
    ),
    Case(
        savings.difference_saving,
        {"before": ENERGY, "after": ENERGY, "number": ("phone", "million phone")},
        {("before", "after"): 1, ("number",): 1},
    ),
    Case(
        savings.efficiency_saving,
        {"delivered": ENERGY, "before": PURE, "after": PURE},
        {("delivered",): 1, ("before", "after"): -1},
        {("delivered",): True},
    ),
    Case(
        savings.per_bit_saving,
        {"energy": ENERGY, "cut": PURE, "growth": PURE},
        {("energy",): 1},
    ),
    Case(
        savings.material_substitution,
        {"mass": MASS, "replaced": PER_MASS, "substitute": PER_MASS},
        {("mass",): 1, ("replaced", "substitute"): 1},
        {("mass",): True},
    ),
    Case(
        savings.displaced_fuel,
        {"cost": ("CNY", "million CNY"), "price": ("CNY/t", "CNY/kg"), "factor": PER_MASS},
        {("cost",): 1, ("price",): -1, ("factor",): 1},
    ),
    Case(
        savings.equivalent,
        {"amount": MASS, "per_thing": ("g/bag", "t/million bag")},
        {("amount",): 1, ("per_thing",): -1},
    ),
    Case(
        savings.full_load_energy,
        {"capacity": POWER, "hours": HOURS},
        {("capacity",): 1, ("hours",): 1},
        {("hours",): True},
    ),
    Case(
        savings.capacity_factor,
        {"energy": ENERGY, "capacity": POWER, "hours": HOURS},
        {("energy",): 1, ("capacity",): -1, ("hours",): -1},
        {("energy", "hours"): False},
    ),
    *(
        Case(
            network,
            {
                "per_site_day": ("kWh/site/day", "Wh/site/h", "MJ/10^3 site/day"),
                "sites": ("site", "10^4 site"),
                "days": ("day", "h"),
            },
            {("per_site_day",): 1, ("sites",): 1, ("days",): 1},
            {("days",): True},
        )
        for network in (savings.powerstar, savings.power_turbo)
    ),
    Case(
        savings.optixstar,
        {
            "per_household": ("kWh/household", "MJ/household"),
            "households": ("household", "million household"),
        },
        {("per_household",): 1, ("households",): 1},
        {("per_household",): True},
    ),
    *(
        Case(operation, {"a": ENERGY, "b": ENERGY}, {("a", "b"): 1})
        for operation in (core._sum, core._difference)
    ),
    Case(core._product, {"a": ENERGY, "b": FACTOR}, {("a",): 1, ("b",): 1}),
    Case(core._quotient, {"a": CO2, "b": ENERGY}, {("a",): 1, ("b",): -1}),
]


@pytest.fixture(scope="session", params=CASES, ids=lambda case: case.formula.name)
def case(request: pytest.FixtureRequest) -> Case:
    """Each formula in turn."""
    found: Case = request.param
    return found


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    """All formulas."""
    return CASES
