"""Scope 2: indirect emissions from purchased electricity, steam, heat and cooling."""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula

__all__ = ["location_based"]


@formula(
    units={"energy": "kWh[/year]", "factor": "kg gas/kWh"},
    returns="t gas[/year]",
    source="GHG Protocol Scope 2 Guidance, ch. 6 and 7: location-based method",
    accepts={"factor": frozenset({"average"})},
)
def location_based(energy: Any, factor: Any) -> Any:
    """Scope 2 emissions of purchased electricity by the location-based method.

    Parameters
    ----------
    energy : energy, or energy per year
        Electricity consumed, whatever certificates were bought for it.
    factor : mass of a gas per energy
        Average emission factor of the grid where it was consumed.

    Returns
    -------
    Result
        Mass of the factor's gas in tonnes.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.
    FactorKindError
        If the factor is not a grid average, such as an operating margin.

    Examples
    --------
    >>> print(location_based("3467.14 GWh", "0.5810 t CO2/MWh"))
    2,014,408 t CO2
    """
    return energy * factor
