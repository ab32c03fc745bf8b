"""Energy savings of mobile and fixed networks: PowerStar, Power Turbo, OptiXstar."""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula
from carbonkit.savings.general import PER_UNIT

__all__ = ["optixstar", "power_turbo", "powerstar"]


@formula(
    units={"per_site_day": "kWh/site/day", "sites": "site", "days": "day[/year]"},
    returns="kWh[/year]",
    source=PER_UNIT,
)
def powerstar(per_site_day: Any, sites: Any, days: Any) -> Any:
    """Energy that PowerStar saves over a radio network.

    The method multiplies the saving of one site and day. Its weak point is the figure per site:
    a site that *can* save so much is not the average site, and savings differ with traffic,
    frequency bands and season. A careful verifier asks for the measured distribution over sites,
    the number of sites at mid-year rather than at year's end, and the baseline network state.

    Parameters
    ----------
    per_site_day : energy per site and day
        Average saving of one site.
    sites : site
        Sites on which the system is active.
    days : time, or time per year
        Days in operation: "365 day/year" gives a saving per year.

    Returns
    -------
    Result
        Energy, per year where the days are.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(powerstar("1.5 kWh/site/day", "400000 site", "365 day/year").to("GWh/year"))
    219 GWh/year
    """
    return per_site_day * sites * days


@formula(
    units={"per_site_day": "kWh/site/day", "sites": "site", "days": "day[/year]"},
    returns="kWh[/year]",
    source=PER_UNIT,
)
def power_turbo(per_site_day: Any, sites: Any, days: Any) -> Any:
    """Energy that Power Turbo saves over a whole 5G network.

    A field test on some sites is extrapolated to a network. The weak point is representativity:
    test sites are chosen, and other traffic saves otherwise. A careful verifier asks how many
    sites the network has, how the test sites were drawn, and whether the stated share of total
    energy and the stated saving per site describe the same network.

    Parameters
    ----------
    per_site_day : energy per site and day
        Average saving of one site in the test.
    sites : site
        Sites of the whole network.
    days : time, or time per year
        Days in operation.

    Returns
    -------
    Result
        Energy, per year where the days are.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(power_turbo("3.5 kWh/site/day", "7828 site", "365 day/year").to("GWh/year"))
    10.0003 GWh/year
    """
    return per_site_day * sites * days


@formula(
    units={"per_household": "kWh/household[/year]", "households": "household"},
    returns="kWh[/year]",
    source=PER_UNIT,
)
def optixstar(per_household: Any, households: Any) -> Any:
    """Energy that OptiXstar modems save in the households that use them.

    The saving of one device against "competing products" is multiplied by the households. The
    weak points are the baseline (which products, in which mode, two boxes or one) and the
    installed base: a device put into service in November saves two months, not a year. A careful
    verifier asks for the average number of devices in service and the measured draw of both.

    Parameters
    ----------
    per_household : energy per household, or per household and year
        Saving of one device against the baseline.
    households : household
        Households with a device in service.

    Returns
    -------
    Result
        Energy, per year where the saving is.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(optixstar("38.5 kWh/household/year", "40 million household").to("TWh/year"))
    1.54 TWh/year
    """
    return per_household * households
