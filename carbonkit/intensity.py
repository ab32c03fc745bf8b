"""Totals, shares, averages, intensity, and change against a base year."""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula
from carbonkit.formula.bodies import in_points, root

__all__ = [
    "cagr",
    "intensity",
    "percent_change",
    "points_change",
    "scope_total",
    "share",
    "weighted_average",
]


@formula(
    units={"scope1": "t gas[/year]", "scope2": "t gas[/year]"},
    returns="t gas[/year]",
    source="GRI 305-1 and 305-2; GHG Protocol Corporate Standard, ch. 4",
)
def scope_total(scope1: Any, scope2: Any) -> Any:
    """Scope 1 and Scope 2 emissions together.

    Parameters
    ----------
    scope1, scope2 : mass of one gas or of CO2e, or mass per year
        Direct emissions, and indirect emissions by one of the two methods. The location-based
        and the market-based totals are never added to each other.

    Returns
    -------
    Result
        Mass in tonnes.

    Raises
    ------
    DimensionError
        If the two are not of one gas.

    Examples
    --------
    >>> print(scope_total("41736 t CO2", "2243722 t CO2"))
    2,285,458 t CO2
    """
    return scope1 + scope2


@formula(units={"part": None, "whole": None}, returns="1", source="definition of a share")
def share(part: Any, whole: Any) -> Any:
    """Share of a part in the whole.

    Parameters
    ----------
    part, whole : any unit, the same dimension
        The part, and what it is part of.

    Returns
    -------
    Result
        Pure number; ``.to("%")`` for percent.

    Raises
    ------
    DimensionError
        If the two have different dimensions.

    Examples
    --------
    >>> print(share("41736 t CO2", "2285458 t CO2").to("%"))
    1.82615 %
    """
    return part / whole


@formula(
    units={"emissions": None, "denominator": None},
    returns="{emissions}/{denominator}",
    source="GRI 305-4: absolute emissions divided by an organisation-specific metric",
)
def intensity(emissions: Any, denominator: Any) -> Any:
    """Emissions, or energy, per unit of revenue, output, area or head.

    A careful verifier asks whether numerator and denominator have one organisational boundary,
    one year, and, for revenue, one currency and price year.

    Parameters
    ----------
    emissions : any unit
        The absolute amount.
    denominator : any unit
        What it is divided by.

    Returns
    -------
    Result
        In the unit of the numerator per the unit of the denominator.

    Examples
    --------
    >>> print(intensity("2285458 t CO2/year", (891368, "million CNY/year")).to("t CO2/million CNY"))
    2.56399 t CO2/10^6 CNY
    """
    return emissions / denominator


@formula(
    units={"new": None, "base": None},
    returns="1",
    source="GRI 305-5; relative change (new - base) / base",
)
def percent_change(new: Any, base: Any) -> Any:
    """Change against a base year, as a share of the base.

    Parameters
    ----------
    new, base : any unit, the same dimension
        The value now and in the base year. For two percentages this is a relative change, not
        a difference in percentage points.

    Returns
    -------
    Result
        Pure number, negative for a decrease; ``.to("%")`` for percent.

    Raises
    ------
    DimensionError
        If the two have different dimensions.

    Examples
    --------
    >>> print(percent_change("2.56 t CO2/million CNY", "3.83 t CO2/million CNY").to("%"))
    -33.1593 %
    """
    return (new - base) / base


@formula(
    units={"new": "1", "base": "1"},
    returns="pp",
    source="difference of two shares, in hundredths: new - base",
)
def points_change(new: Any, base: Any) -> Any:
    """Change of a share in percentage points.

    A share that goes from 20 % to 25 % rises by 5 percentage points, and by 25 per cent
    (`percent_change`). Points are a unit of their own, so that neither passes for the other.

    Parameters
    ----------
    new, base : pure number or percent
        The share now and in the base year.

    Returns
    -------
    Result
        Percentage points, negative for a decrease.

    Raises
    ------
    DimensionError
        If one of the two is no share.

    Examples
    --------
    >>> print(points_change("25 %", "20 %"), "or", percent_change("25 %", "20 %").to("%"))
    5 pp or 25 %
    """
    return in_points(new - base)


@formula(
    units={"new": None, "base": None, "years": "1"},
    returns="1",
    source="compound annual growth rate: new = base x (1 + r)^years, solved for r",
)
def cagr(new: Any, base: Any, years: Any) -> Any:
    """Compound annual growth rate: the same change in per cent every year.

    Parameters
    ----------
    new, base : any unit, the same dimension
        The value in the last and in the base year, of one sign.
    years : pure number
        How many years lie between them: 5 from 2015 to 2020.

    Returns
    -------
    Result
        Pure number, negative for a decrease; ``.to("%")`` for percent.

    Raises
    ------
    DimensionError
        If the first two have different dimensions.
    DivisionByZero
        If the base is zero, or the two have different signs.
    FormulaError
        If the years are not above zero.

    Examples
    --------
    >>> print(cagr("161.051 GWh", "100 GWh", 5).to("%"))
    10 %
    """
    return root(new / base, years) - 1


@formula(
    units={"first": None, "first_weight": None, "second": None, "second_weight": None},
    returns="{first}",
    source="weighted arithmetic mean: (w1 x1 + w2 x2) / (w1 + w2)",
)
def weighted_average(first: Any, first_weight: Any, second: Any, second_weight: Any) -> Any:
    """Average of two values, each with its weight.

    Of more than two: ``(w1 * x1 + w2 * x2 + w3 * x3) / (w1 + w2 + w3)``.

    Parameters
    ----------
    first, second : any unit, the same dimension
        The values: emission factors, PUE, prices, shares.
    first_weight, second_weight : any unit, the same dimension
        What each value is counted with: energy, floor area, revenue.

    Returns
    -------
    Result
        In the unit of the first value.

    Raises
    ------
    DimensionError
        If the values, or the weights, have different dimensions.
    DivisionByZero
        If the weights add up to zero.

    Examples
    --------
    >>> print(weighted_average("0.61 t CO2/MWh", "300 MWh", "0.45 t CO2/MWh", "100 MWh"))
    0.57 t CO2/MWh
    """
    return (first * first_weight + second * second_weight) / (first_weight + second_weight)
