"""Bad input: the right error, in words that help."""

from __future__ import annotations

import math
from typing import Any

import pytest

from carbonkit import printed
from carbonkit.avoidance import avoided_emissions, combined_margin, tree_equivalent
from carbonkit.errors import (
    CarbonkitError,
    DimensionError,
    DivisionByZero,
    FormulaError,
    UnitError,
)
from carbonkit.formula import formula
from carbonkit.intensity import percent_change, scope_total, share
from carbonkit.intervals import Interval
from carbonkit.savings import capacity_factor, full_load_energy, optixstar, powerstar, pue_saving
from carbonkit.scope1 import combustion

BROKEN: list[tuple[str, Any, type[Exception], list[str]]] = [
    (
        "wrong dimension",
        lambda: avoided_emissions("5 kW", "1 kg CO2/kWh"),
        DimensionError,
        ["avoided_emissions: energy", "'kWh'", "'kW'", "power"],
    ),
    (
        "power per year",
        lambda: full_load_energy("50 kW/year", "8760 h"),
        DimensionError,
        ["full_load_energy: capacity", "'kW'", "'kW/year'"],
    ),
    (
        "pure number per year",
        lambda: pue_saving("50 kW", (2.2, "1/year"), 1.1, "8760 h"),
        DimensionError,
        ["pue_saving: pue_before", "pure number", "'1/year'"],
    ),
    (
        "year of energy, hours without",
        lambda: capacity_factor("3.4 GWh/year", "3.66 MW", "8760 h"),
        DimensionError,
        ["capacity_factor: the result", "pure number", "year"],
    ),
    (
        "trees that grow in advance",
        lambda: tree_equivalent("10 t CO2", "18.3 kg CO2/tree/year"),
        DimensionError,
        ["tree_equivalent: the result", "'tree'", "[year]"],
    ),
    (
        "another thing",
        lambda: optixstar("38.5 kWh/household/year", "40 million phone"),
        DimensionError,
        ["optixstar: households", "'household'", "phone"],
    ),
    (
        "no gas",
        lambda: avoided_emissions("5 kWh", "1 kg/kWh"),
        DimensionError,
        ["factor", "names no gas", "kg CO2/kWh"],
    ),
    (
        "two gases",
        lambda: combined_margin("1 t CO2/MWh", "1 t CO2e/MWh", 0.5),
        DimensionError,
        ["build", "t CO2e/MWh", "CO2", "GWP set"],
    ),
    (
        "two gases in a total",
        lambda: scope_total("1 t CO2", "1 t CH4"),
        DimensionError,
        ["scope2", "CH4", "GWP set"],
    ),
    (
        "fuel in another unit than its factor",
        lambda: combustion("3 m3", "5 t CO2/t"),
        DimensionError,
        ["combustion: the result", "t CO2"],
    ),
    (
        "a factor of no gas",
        lambda: combustion("3 t", "5 GJ/t"),
        DimensionError,
        ["combustion: the result is energy", "names no gas"],
    ),
    (
        "parts of different things",
        lambda: share("3 t CO2", "5 kWh"),
        DimensionError,
        ["share: the result must be a pure number"],
    ),
    (
        "change of different things",
        lambda: percent_change("3 t CO2", "5 kWh"),
        DimensionError,
        ["percent_change(new [t CO2], base [kWh])", "do not fit"],
    ),
    ("bare number", lambda: avoided_emissions(5, "1 kg CO2/kWh"), UnitError, ["energy: 5", "unit"]),
    (
        "text without unit",
        lambda: avoided_emissions("5", "1 kg CO2/kWh"),
        UnitError,
        ["energy: '5' has no unit"],
    ),
    (
        "figure without unit",
        lambda: avoided_emissions(printed.parse("27.64"), "1 kg CO2/kWh"),
        UnitError,
        ["energy", "'27.64' has no unit", "(figure, unit)"],
    ),
    (
        "figure in tons",
        lambda: avoided_emissions.solve(
            "factor", result=printed.parse("13,129 tons"), energy="1 kWh"
        ),
        UnitError,
        ["avoided_emissions: result", "ton"],
    ),
    (
        "misspelt unit",
        lambda: avoided_emissions("5 kwh", "1 kg CO2/kWh"),
        UnitError,
        ["energy", "'kwh'", "kWh"],
    ),
    (
        "truth value",
        lambda: avoided_emissions((True, "kWh"), "1 kg CO2/kWh"),
        UnitError,
        ["energy", "truth value"],
    ),
    (
        "bare truth value",
        lambda: combined_margin("1 t CO2/MWh", "1 t CO2/MWh", True),
        UnitError,
        ["operating_weight", "truth value"],
    ),
    (
        "NaN",
        lambda: avoided_emissions((math.nan, "kWh"), "1 kg CO2/kWh"),
        UnitError,
        ["energy", "NaN", "missing"],
    ),
    (
        "infinite",
        lambda: avoided_emissions("1 kWh", (-math.inf, "kg CO2/kWh")),
        UnitError,
        ["factor", "infinite"],
    ),
    (
        "too large",
        lambda: avoided_emissions((1e308, "kWh"), "1e9 kg CO2/kWh"),
        FormulaError,
        ["avoided_emissions", "range of floats"],
    ),
    (
        "infinity less infinity",
        lambda: combined_margin("1e308 t CO2/MWh", "-1e308 t CO2/MWh", 0.5),
        FormulaError,
        ["combined_margin", "range of floats"],
    ),
    (
        "unknown argument",
        lambda: avoided_emissions("1 kWh", factr="1 kg CO2/kWh"),
        FormulaError,
        ["'factr'", "Did you mean factor?", "energy, factor"],
    ),
    (
        "missing arguments",
        lambda: powerstar("1.5 kWh/site/day"),
        FormulaError,
        ["powerstar: sites, days missing", "per_site_day, sites, days"],
    ),
    (
        "too many arguments",
        lambda: avoided_emissions("1 kWh", "1 kg CO2/kWh", "1 t"),
        FormulaError,
        ["too many", "energy, factor"],
    ),
    (
        "twice the same",
        lambda: avoided_emissions("1 kWh", energy="1 kWh", factor="1 kg CO2/kWh"),
        FormulaError,
        ["energy is given twice"],
    ),
    (
        "division by zero",
        lambda: percent_change("1 t", "0 t"),
        DivisionByZero,
        ["percent_change: division by zero", "new = 1 t", "base = 0 t"],
    ),
    (
        "division by an interval of zero",
        lambda: percent_change((Interval(1, 2), "t"), "0 t"),
        DivisionByZero,
        ["percent_change: division by zero", "base = 0 t"],
    ),
    (
        "solve for what is no argument",
        lambda: avoided_emissions.solve("factors", result="1 t CO2", energy="1 kWh"),
        FormulaError,
        ["'factors'", "Did you mean factor?"],
    ),
    (
        "solve for what is given",
        lambda: avoided_emissions.solve(
            "factor", result="1 t CO2", energy="1 kWh", factor="1 kg CO2/kWh"
        ),
        FormulaError,
        ["factor is to be solved for"],
    ),
    (
        "solve with an argument missing",
        lambda: powerstar.solve("sites", result="1 kWh", days="365 day"),
        FormulaError,
        ["powerstar: per_site_day missing"],
    ),
    (
        "solve for any unit",
        lambda: percent_change.solve("base", result="-5 %", new="2 t"),
        FormulaError,
        ["base may have any unit", "unit='...'"],
    ),
    (
        "solve from a result of another dimension",
        lambda: avoided_emissions.solve("energy", result="1 kWh", factor="1 kg CO2/kWh"),
        DimensionError,
        ["avoided_emissions: with energy in", "'t CO2", "'kWh'"],
    ),
    (
        "solve from a result of no gas",
        lambda: avoided_emissions.solve("factor", result="1 t", energy="1 kWh"),
        DimensionError,
        ["result is in 't'", "names no gas"],
    ),
    (
        "solve with a wrong argument",
        lambda: avoided_emissions.solve("energy", result="1 t CO2", factor="1 kg CO2"),
        DimensionError,
        ["avoided_emissions: factor", "'kg CO2/kWh'", "'kg CO2'"],
    ),
    (
        "solve for what does not matter",
        lambda: avoided_emissions.solve("factor", result="1 t CO2", energy="0 kWh"),
        FormulaError,
        ["'factor'", "does not act on the result"],
    ),
    (
        "solve over a divisor that may be zero",
        lambda: avoided_emissions.solve(
            "factor", result="1 t CO2", energy=(Interval(-1, 2), "kWh")
        ),
        FormulaError,
        ["'factor'", "divisor may be zero"],
    ),
    (
        "solve from a bound",
        lambda: avoided_emissions.solve(
            "factor", result="1 t CO2", energy=printed.parse("more than 5 kWh")
        ),
        FormulaError,
        ["'factor'", "without a bound"],
    ),
    (
        "solve from an array",
        lambda: avoided_emissions.solve("factor", result=([1.0, 2.0], "t CO2"), energy="1 kWh"),
        FormulaError,
        ["result is a ndarray", "single numbers"],
    ),
]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [case[1:] for case in BROKEN],
    ids=[case[0].replace(" ", "-") for case in BROKEN],
)
def test_bad_input_is_refused_in_words_that_help(
    call: Any, kind: type[Exception], words: list[str]
) -> None:
    with pytest.raises(kind) as error:
        call()
    assert isinstance(error.value, CarbonkitError)
    for word in words:
        assert word in str(error.value)


def test_a_formula_of_higher_degree_is_not_solved() -> None:
    @formula(units={"side": "m"}, returns="m2", source="geometry")
    def area(side: Any) -> Any:
        return side**2

    for square in ("4 m2", "2 m2", "0 m2"):  # two answers, irrational ones, a double one
        with pytest.raises(FormulaError, match="higher degree"):
            area.solve("side", result=square)


def test_too_many_uncertain_values_are_refused_at_once() -> None:
    names = [f"x{i}" for i in range(14)]
    namespace: dict[str, Any] = {}
    exec(f"def total({', '.join(names)}): return {' + '.join(names)}", namespace)  # noqa: S102
    total = formula(units=dict.fromkeys(names, "t"), returns="t", source="sum")(namespace["total"])
    known = {n: (Interval(1, 2), "t") for n in names[1:]}
    with pytest.raises(FormulaError, match="too many of the values are uncertain"):
        total.solve("x0", result="50 t", **known)


def test_a_declaration_that_does_not_match_the_function_is_refused() -> None:
    with pytest.raises(FormulaError, match=r"double: units .*\['y'\].*takes \['x'\]"):

        @formula(units={"y": "t"}, returns="t", source="")
        def double(x: Any) -> Any:
            return 2 * x
