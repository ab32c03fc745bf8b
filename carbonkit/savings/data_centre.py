"""Energy savings of data centres: iCooling, evaporative cooling, full liquid cooling."""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula

__all__ = ["cooling_cut", "pue_reduction_saving", "pue_saving"]

PUE = "ISO/IEC 30134-2:2016, PUE = total energy of the data centre / energy of its IT equipment"


@formula(
    units={"it_power": "kW", "pue_before": "1", "pue_after": "1", "hours": "h[/year]"},
    returns="kWh[/year]",
    source=PUE,
)
def pue_saving(it_power: Any, pue_before: Any, pue_after: Any, hours: Any) -> Any:
    """Energy that a lower PUE saves at a given IT load, as full liquid cooling claims.

    Parameters
    ----------
    it_power : power
        Average IT load. A cabinet's rated power is an upper bound of it.
    pue_before, pue_after : number
        Annual average power usage effectiveness, at least 1. A careful verifier asks whether both
        were measured in the same climate, at the same load, and with the same boundary: moving
        server fans to the cooling side changes PUE without saving anything.
    hours : time, or time per year
        Hours in operation.

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
    >>> print(pue_saving("50 kW", 2.2, 1.1, "8760 h/year"))
    481,800 kWh/year
    """
    return it_power * (pue_before - pue_after) * hours


@formula(units={"pue_before": "1", "pue_after": "1"}, returns="1", source=PUE)
def cooling_cut(pue_before: Any, pue_after: Any) -> Any:
    """Cut of all energy that is not IT energy, when PUE falls.

    It is the cut of *cooling* energy only if nothing but cooling is added to the IT load; losses
    of power supply and lighting make the true cut of cooling larger than this.

    Parameters
    ----------
    pue_before, pue_after : number
        Power usage effectiveness.

    Returns
    -------
    Result
        Pure number; ``.to("%")`` for percent.

    Examples
    --------
    >>> print(cooling_cut(2.2, 1.1).to("%"))
    91.6667 %
    """
    return 1 - (pue_after - 1) / (pue_before - 1)


@formula(units={"facility_energy": "kWh[/year]", "cut": "1"}, returns="kWh[/year]", source=PUE)
def pue_reduction_saving(facility_energy: Any, cut: Any) -> Any:
    """Energy that a relative cut of PUE saves at an unchanged IT load, as iCooling claims.

    PUE is proportional to the facility's energy when the IT energy stays the same, so a cut of
    8 % in PUE is a cut of 8 % in the whole facility's energy, not in its cooling.

    Parameters
    ----------
    facility_energy : energy, or energy per year
        Energy of the whole data centre before.
    cut : number
        Relative reduction of PUE.

    Returns
    -------
    Result
        Energy, per year where the facility's energy is.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(pue_reduction_saving("345.5 GWh/year", (8, "%")).to("GWh/year"))
    27.64 GWh/year
    """
    return facility_energy * cut
