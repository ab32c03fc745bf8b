"""The few formulas that every savings claim comes down to."""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula

__all__ = [
    "capacity_factor",
    "difference_saving",
    "displaced_fuel",
    "efficiency_saving",
    "equivalent",
    "full_load_energy",
    "material_substitution",
    "per_bit_saving",
    "per_unit_saving",
    "share_of_baseline",
]

PER_UNIT = "ITU-T L.1480 (2022): savings per unit of use times units of use"
REFERENCE = "ITU-T L.1480 (2022): saving relative to a reference scenario"


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
    source=REFERENCE,
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
    units={"before": None, "after": None, "number": None},
    returns="{before}*{number}",
    source=REFERENCE,
)
def difference_saving(before: Any, after: Any, number: Any) -> Any:
    """Saving of many units, from what one needs with and without the system.

    The weak point is what is compared: the product replaced, the best on the market, or one that
    nobody would buy any more. A careful verifier asks for both figures, measured at the same load.

    Parameters
    ----------
    before, after : any unit, the same dimension
        What one unit needs without the system, and with it.
    number : any unit
        How many units, or how long.

    Returns
    -------
    Result
        Total saving.

    Raises
    ------
    DimensionError
        If the two have different dimensions.

    Examples
    --------
    >>> print(difference_saving("0.5 kWh/day", "0.37 kWh/day", "365 day/year"))
    47.45 kWh/year
    """
    return (before - after) * number


@formula(
    units={"delivered": "kWh[/year]", "before": "1", "after": "1"},
    returns="kWh[/year]",
    source="definition of efficiency: energy delivered / energy drawn",
)
def efficiency_saving(delivered: Any, before: Any, after: Any) -> Any:
    """Energy that a better efficiency saves at the same energy delivered.

    Only the difference of the losses is saved. The energy delivered is not: the other device
    would have delivered it too. A careful verifier asks for both efficiencies at the load at
    which the devices run, with standby, and not at their best point.

    Parameters
    ----------
    delivered : energy, or energy per year
        Energy that comes out.
    before, after : number
        Efficiency of the device it is compared with, and of the device itself.

    Returns
    -------
    Result
        Energy no longer drawn, per year where the energy delivered is.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    A charger that loses 4 % instead of 5 % and delivers 7 GWh saves 1 % of it:

    >>> print(efficiency_saving("7 GWh/year", 0.95, 0.96).to("MWh/year"))
    76.7544 MWh/year
    """
    return delivered * (1 / before - 1 / after)


@formula(
    units={"energy": None, "cut": "1", "growth": "1"},
    returns="{energy}",
    source="ETSI ES 203 228: energy efficiency is data volume / energy, so energy = per bit x bits",
)
def per_bit_saving(energy: Any, cut: Any, growth: Any) -> Any:
    """Energy saved when the energy per bit falls while the traffic grows.

    The weak point is the traffic: a network that needs half as much per bit and carries twice as
    much saves nothing, and one that carries more still needs more. A careful verifier asks for
    the traffic before and after, and whether energy per bit was measured at full or at usual use.

    Parameters
    ----------
    energy : energy, energy per year, or a pure number
        Energy of the network before.
    cut : number
        Share by which the energy per bit falls.
    growth : number
        Traffic after, as a multiple of the traffic before; 1 compares two networks that carry
        the same.

    Returns
    -------
    Result
        Energy saved, in the unit of the energy before; negative if more is used.

    Examples
    --------
    >>> print(per_bit_saving("4 GWh/year", (50, "%"), 1))
    2 GWh/year
    >>> print(per_bit_saving("4 GWh/year", (50, "%"), 3))
    -2 GWh/year
    """
    return energy * (1 - (1 - cut) * growth)


@formula(
    units={"mass": "t[/year]", "replaced": "t gas/t", "substitute": "t gas/t"},
    returns="t gas[/year]",
    source="ISO 14067: footprints of two products with one functional unit",
)
def material_substitution(mass: Any, replaced: Any, substitute: Any) -> Any:
    """Emissions avoided by putting one material in the place of another.

    The weak points are the functional unit (a tonne of one may replace more or less than a tonne
    of the other) and the boundary: plant-based material stores carbon until it is burned. A
    careful verifier asks for both footprints, their boundary and the year of the data.

    Parameters
    ----------
    mass : mass, or mass per year
        Material used instead.
    replaced, substitute : mass of a gas per mass
        Emission factors of the material replaced and of its substitute.

    Returns
    -------
    Result
        Mass of the gas in tonnes, per year where the mass is.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension or the factors name no gas.

    Examples
    --------
    >>> print(material_substitution("1200 t", "8.1 t CO2e/t", "3 t CO2e/t"))
    6,120 t CO2e
    """
    return mass * (replaced - substitute)


@formula(
    units={"cost": None, "price": None, "factor": None},
    returns="{cost}*{factor}/{price}",
    source="IPCC 2006 Guidelines, vol. 2: emissions = fuel x emission factor; fuel = cost / price",
    accepts={"factor": frozenset({"combustion"})},
)
def displaced_fuel(cost: Any, price: Any, factor: Any) -> Any:
    """Emissions of the fuel that is no longer bought.

    The weak point is the price: subsidies, transport to a remote place and the year move it, and
    money is not fuel. A careful verifier asks for the litres or tonnes bought, for the plant that
    was replaced last, and whether "carbon" is meant as carbon or as CO2, which weighs 44/12 of it.

    Parameters
    ----------
    cost : currency, or currency per year
        What is no longer spent on fuel.
    price : currency per mass, volume or energy
        Price of the fuel where it was bought.
    factor : mass of a gas per mass, volume or energy
        Emission factor of burning the fuel.

    Returns
    -------
    Result
        Mass of the factor's gas, per year where the cost is.

    Raises
    ------
    DimensionError
        If cost and price are in different currencies.
    FactorKindError
        If the factor is not one of burning a fuel.

    Examples
    --------
    >>> print(displaced_fuel("220000 CNY/year", "7000 CNY/t", "3.1 t CO2/t"))
    97.4286 t CO2/year
    """
    return cost / price * factor


@formula(
    units={"amount": None, "per_thing": None},
    returns="{amount}/{per_thing}",
    source="a convention of communication, no accounting standard",
)
def equivalent(amount: Any, per_thing: Any) -> Any:
    """How many things an amount is likened to: football pitches, shopping bags, medals.

    The weak point is the thing: laws of the game allow a pitch of 0.4 to 1.1 hectares. A careful
    verifier asks for its size, and whether one report uses the same one throughout.

    Parameters
    ----------
    amount : any unit
        What is likened.
    per_thing : any unit
        The size of one thing.

    Returns
    -------
    Result
        Number of things.

    Examples
    --------
    >>> print(equivalent("5500 ha", "0.714 ha"))
    7,703.08
    """
    return amount / per_thing


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
