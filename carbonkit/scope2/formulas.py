"""The arithmetic of Scope 2, and of the losses and upstream that Scope 3 counts."""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula

__all__ = [
    "chp_bought",
    "chp_heat",
    "chp_power",
    "location_based",
    "loss_by_share",
    "market_based",
    "purchased_heat",
    "t_and_d_loss",
    "upstream",
]

_CHP = (
    "WRI/WBCSD GHG Protocol, Allocation of GHG Emissions from a Combined Heat and Power (CHP) "
    "Plant v1.0 (2006), ch. III, efficiency method"
)


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


@formula(
    units={"energy": "kWh[/year]", "factor": "kg gas/kWh"},
    returns="t gas[/year]",
    source="GHG Protocol Scope 2 Guidance, table 6.3: market-based method",
    accepts={"factor": frozenset({"certificate", "contract", "supplier", "residual", "average"})},
)
def market_based(energy: Any, factor: Any) -> Any:
    """Scope 2 emissions of electricity that one instrument or rate covers.

    Parameters
    ----------
    energy : energy, or energy per year
        Electricity that this rate covers. :func:`both` divides consumption among instruments
        in the order of the Guidance.
    factor : mass of a gas per energy
        The rate of a certificate, a contract or a supplier, the residual mix, or (where there
        is no residual mix, which must be disclosed) the grid average.

    Returns
    -------
    Result
        Mass of the factor's gas in tonnes.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.
    FactorKindError
        If the factor is of a kind that the method does not know.

    Examples
    --------
    China's average without market-traded non-fossil electricity, data year 2022:

    >>> from carbonkit import factors
    >>> rest = factors.find("electricity", region="CN", year=2022, kind="residual")
    >>> print(market_based("100 MWh", rest))
    58.56 t CO2
    """
    return energy * factor


@formula(
    units={"heat": "GJ[/year]", "factor": "kg gas/GJ"},
    returns="t gas[/year]",
    source="GHG Protocol Scope 2 Guidance, ch. 5.1 and 6: steam, heat and cooling",
    accepts={"factor": frozenset({"heat"})},
)
def purchased_heat(heat: Any, factor: Any) -> Any:
    """Scope 2 emissions of purchased steam, heat or cooling.

    Parameters
    ----------
    heat : energy, or energy per year
        Heat bought. A mass of steam becomes heat by :func:`carbonkit.steam.heat`.
    factor : mass of a gas per energy
        Rate of the supplier or of the heat network.

    Returns
    -------
    Result
        Mass of the factor's gas in tonnes.

    Raises
    ------
    DimensionError, FactorKindError
        If an argument does not fit.

    Examples
    --------
    The default of Chinese guidelines:

    >>> print(purchased_heat("5000 GJ", "0.11 t CO2/GJ"))
    550 t CO2
    """
    return heat * factor


@formula(
    units={
        "emissions": "t gas[/year]",
        "heat": "GJ[/year]",
        "power": "GJ[/year]",
        "heat_efficiency": "1",
        "power_efficiency": "1",
    },
    returns="t gas[/year]",
    source=f"{_CHP}: E_H = (H / e_H) / (H / e_H + P / e_P) x E_T",
)
def chp_heat(
    emissions: Any, heat: Any, power: Any, heat_efficiency: Any, power_efficiency: Any
) -> Any:
    """Share of a CHP plant's emissions that belongs to its heat.

    Parameters
    ----------
    emissions : mass of a gas
        Emissions of the whole plant.
    heat, power : energy
        Its useful output of heat or steam, and of electricity.
    heat_efficiency, power_efficiency : pure number
        Efficiency of producing heat alone and electricity alone; the tool's defaults are
        80 % and 35 %.

    Returns
    -------
    Result
        Mass of the gas in tonnes; with :func:`chp_power` it makes the whole.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(chp_heat("1000 t CO2", "8000 GJ", "3500 GJ", "80 %", "35 %"))
    500 t CO2
    """
    separate_heat = heat / heat_efficiency
    return emissions * (separate_heat / (separate_heat + power / power_efficiency))


@formula(
    units={
        "emissions": "t gas[/year]",
        "heat": "GJ[/year]",
        "power": "GJ[/year]",
        "heat_efficiency": "1",
        "power_efficiency": "1",
    },
    returns="t gas[/year]",
    source=f"{_CHP}: E_P = E_T - E_H",
)
def chp_power(
    emissions: Any, heat: Any, power: Any, heat_efficiency: Any, power_efficiency: Any
) -> Any:
    """Share of a CHP plant's emissions that belongs to its electricity.

    Parameters
    ----------
    emissions, heat, power, heat_efficiency, power_efficiency
        As for :func:`chp_heat`.

    Returns
    -------
    Result
        Mass of the gas in tonnes.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(chp_power("1000 t CO2", "4000 GJ", "3500 GJ", "80 %", "35 %"))
    666.667 t CO2
    """
    separate_power = power / power_efficiency
    return emissions * (separate_power / (heat / heat_efficiency + separate_power))


@formula(
    units={"emissions": "t gas[/year]", "bought": "GJ[/year]", "output": "GJ[/year]"},
    returns="t gas",
    source=f"{_CHP}: the emission rate of a product is its emissions per unit of it",
)
def chp_bought(emissions: Any, bought: Any, output: Any) -> Any:
    """Emissions of the heat or the power that was bought from a CHP plant.

    Parameters
    ----------
    emissions : mass of a gas
        Emissions that belong to the product: :func:`chp_heat` or :func:`chp_power`.
    bought, output : energy
        How much of the product was bought, and how much the plant made.

    Returns
    -------
    Result
        Mass of the gas in tonnes.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(chp_bought("500 t CO2", "2000 GJ", "8000 GJ"))
    125 t CO2
    """
    return emissions * (bought / output)


@formula(
    units={"energy": "kWh[/year]", "factor": "kg gas/kWh"},
    returns="t gas[/year]",
    source="GHG Protocol Scope 3 Standard, category 3, activity c: T&D losses",
    accepts={"factor": frozenset({"t-and-d-loss"})},
)
def t_and_d_loss(energy: Any, factor: Any) -> Any:
    """Scope 3 emissions of the losses in transmission and distribution.

    Parameters
    ----------
    energy : energy
        Electricity or heat consumed.
    factor : mass of a gas per energy consumed
        Loss factor; never part of Scope 2.

    Returns
    -------
    Result
        Mass of the factor's gas in tonnes.

    Raises
    ------
    DimensionError, FactorKindError
        If an argument does not fit.

    Examples
    --------
    The UK's factor of 2024:

    >>> print(t_and_d_loss("1 GWh", "0.01830 kg CO2e/kWh"))
    18.3 t CO2e
    """
    return energy * factor


@formula(
    units={"energy": "kWh[/year]", "loss": "1", "factor": "kg gas/kWh"},
    returns="t gas[/year]",
    source="GHG Protocol Technical Guidance for Calculating Scope 3 Emissions, category 3, "
    "activity c: electricity consumed x T&D loss rate x emission factor",
    accepts={"factor": frozenset({"average", "life-cycle"})},
)
def loss_by_share(energy: Any, loss: Any, factor: Any) -> Any:
    """Scope 3 emissions of losses, from the share lost on the way.

    Parameters
    ----------
    energy : energy
        Electricity consumed.
    loss : pure number
        Loss per unit consumed. A loss per unit sent out, l, is l / (1 - l) per unit consumed.
    factor : mass of a gas per energy
        Emission factor of generation.

    Returns
    -------
    Result
        Mass of the factor's gas in tonnes.

    Raises
    ------
    DimensionError, FactorKindError
        If an argument does not fit.

    Examples
    --------
    >>> print(loss_by_share("1 GWh", "5 %", "0.5810 t CO2/MWh"))
    29.05 t CO2
    """
    return energy * loss * factor


@formula(
    units={"energy": None, "factor": None},
    returns="t gas[/year]",
    source="GHG Protocol Scope 3 Standard, category 3, activities a and b: upstream of fuels and "
    "of electricity",
    accepts={"factor": frozenset({"well-to-tank"})},
)
def upstream(energy: Any, factor: Any) -> Any:
    """Scope 3 emissions of extracting, refining and delivering fuel or of its use in generation.

    Parameters
    ----------
    energy : energy, mass or volume
        Electricity or fuel consumed.
    factor : mass of a gas per that unit
        Well-to-tank factor; never part of Scope 1 or 2.

    Returns
    -------
    Result
        Mass of the factor's gas.

    Raises
    ------
    FactorKindError
        If the factor is of another kind.

    Examples
    --------
    >>> print(upstream("1 GWh", "0.04590 kg CO2e/kWh").to("t CO2e"))
    45.9 t CO2e
    """
    return energy * factor
