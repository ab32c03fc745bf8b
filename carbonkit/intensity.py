"""Totals, shares, intensity and change against a base year."""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula

__all__ = ["intensity", "percent_change", "scope_total", "share"]


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
