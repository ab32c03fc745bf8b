"""The few formulas that every savings claim comes down to."""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula

__all__ = ["capacity_factor", "full_load_energy", "per_unit_saving", "share_of_baseline"]

PER_UNIT = "ITU-T L.1480 (2022): savings per unit of use times units of use"


@formula(units={"per_unit": None, "number": None}, returns="{per_unit}*{number}", source=PER_UNIT)
def per_unit_saving(per_unit: Any, number: Any) -> Any:
    """Saving of many units, from the saving of one.

    Parameters
    ----------
    per_unit : any unit per a countable thing
        What one unit saves on average over all units counted, not at its best.
    number : countable thing
        How many units.

    Returns
    -------
    Result
        Total saving.

    Examples
    --------
    >>> print(per_unit_saving("55 g/phone", "10 million phone").to("t"))
    550 t
    """
    return per_unit * number


@formula(
    units={"baseline": None, "cut": "1"},
    returns="{baseline}",
    source="ITU-T L.1480 (2022): saving relative to a reference scenario",
)
def share_of_baseline(baseline: Any, cut: Any) -> Any:
    """Saving stated as a share of a baseline.

    Parameters
    ----------
    baseline : any unit
        Consumption or emissions without the system, in the same period and boundary.
    cut : number
        Share that is saved.

    Returns
    -------
    Result
        Saving in the unit of the baseline.

    Examples
    --------
    >>> print(share_of_baseline("433 MWh/year", (30, "%")))
    129.9 MWh/year
    """
    return baseline * cut


@formula(
    units={"capacity": "kW", "hours": "h[/year]"},
    returns="kWh[/year]",
    source="definition of equivalent full-load hours",
)
def full_load_energy(capacity: Any, hours: Any) -> Any:
    """Energy of a plant from its capacity and its equivalent full-load hours.

    Parameters
    ----------
    capacity : power
        Installed capacity.
    hours : time, or time per year
        Equivalent full-load hours.

    Returns
    -------
    Result
        Energy, per year where the hours are.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(full_load_energy("3.66 MW", "929 h/year").to("GWh/year"))
    3.40014 GWh/year
    """
    return capacity * hours


@formula(
    units={"energy": "kWh[/year]", "capacity": "kW", "hours": "h[/year]"},
    returns="1",
    source="definition of the capacity factor: energy / (capacity x hours of the period)",
)
def capacity_factor(energy: Any, capacity: Any, hours: Any) -> Any:
    """Share of the energy that a plant would give at full capacity all the time.

    Parameters
    ----------
    energy : energy, or energy per year
        Energy generated in the period.
    capacity : power
        Installed capacity.
    hours : time, or time per year
        Hours of the period, 8,760 h in a common year.

    Returns
    -------
    Result
        Pure number; above 1 is physically impossible.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(capacity_factor("3.4 GWh/year", "3.66 MW", "8760 h/year").to("%"))
    10.6046 %
    """
    return energy / (capacity * hours)
