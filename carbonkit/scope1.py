"""Scope 1: direct emissions from sources that the organisation owns or controls."""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula

__all__ = ["combustion"]


@formula(
    units={"fuel": None, "factor": None},
    returns="{fuel}*{factor}",
    source="IPCC 2006 Guidelines, vol. 2, ch. 2, eq. 2.1",
    accepts={"factor": frozenset({"combustion"})},
)
def combustion(fuel: Any, factor: Any) -> Any:
    """Emissions of burning a fuel, by its quantity or its energy.

    Parameters
    ----------
    fuel : mass, volume or energy
        Fuel burnt, in the dimension that the factor is per.
    factor : mass of a gas per mass, volume or energy
        Combustion factor. Its calorific basis (net or gross) and its reference conditions must
        be those of the fuel's quantity.

    Returns
    -------
    Result
        Mass of the factor's gas.

    Raises
    ------
    FactorKindError
        If the factor is not a combustion factor.

    Examples
    --------
    >>> print(combustion("608 t", "2.9251 t CO2/t").to("t CO2"))
    1,778.46 t CO2
    """
    return fuel * factor
