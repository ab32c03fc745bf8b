"""Scope 1: direct emissions from sources that the organisation owns or controls.

Combustion by quantity or by energy, the carbon-content method beside the direct factor, fugitive
emissions of refrigerants and other gases, and processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonkit import units
from carbonkit.errors import FactorError, FactorKindError
from carbonkit.formula import Result, formula

if TYPE_CHECKING:
    from carbonkit.factors import Factor

__all__ = [
    "by_gas",
    "carbon_content",
    "combustion",
    "combustion_by_energy",
    "components",
    "fuel_energy",
    "leakage",
    "life_cycle",
    "mass_balance",
    "mobile",
    "process",
    "screening",
    "stationary",
]

_BURNT = frozenset({"combustion", "biogenic"})
_HEAT_CONTENT = frozenset({"net-calorific-value", "gross-calorific-value"})
_EPA_FUGITIVE = (
    "US EPA Center for Corporate Climate Leadership, Direct Fugitive Emissions from "
    "Refrigeration, Air Conditioning, Fire Suppression, and Industrial Gases (2014)"
)


@formula(
    units={"fuel": None, "factor": None},
    returns="t gas[/year]",
    source="IPCC 2006 Guidelines, vol. 2, ch. 2, eq. 2.1",
    accepts={"factor": _BURNT},
)
def combustion(fuel: Any, factor: Any) -> Any:
    """Emissions of burning a fuel, by its quantity or its energy.

    Parameters
    ----------
    fuel : mass, volume or energy
        Fuel burnt, in the dimension that the factor is per.
    factor : mass of a gas per mass, volume or energy
        Combustion factor. Its calorific basis (net or gross) and its reference conditions must
        be those of the fuel's quantity; :func:`stationary` and :func:`mobile` check them.

    Returns
    -------
    Result
        Mass of the factor's gas in tonnes, per year where the fuel is.

    Raises
    ------
    DimensionError
        If the factor is not per what the fuel is measured in, or names no gas.
    FactorKindError
        If the factor is not a combustion factor.

    Examples
    --------
    >>> print(combustion("608 t", "2.9251 t CO2/t"))
    1,778.46 t CO2
    """
    return fuel * factor


@formula(
    units={"fuel": None, "calorific_value": None},
    returns="{fuel}*{calorific_value}",
    source="IPCC 2006 Guidelines, vol. 2, ch. 1, sec. 1.4.1.2",
    accepts={"calorific_value": _HEAT_CONTENT},
)
def fuel_energy(fuel: Any, calorific_value: Any) -> Any:
    """Energy of a quantity of fuel.

    Parameters
    ----------
    fuel : mass or volume
        Fuel, in the dimension that the calorific value is per.
    calorific_value : energy per mass or volume
        Net or gross; the energy is then net or gross too.

    Returns
    -------
    Result
        Energy.

    Examples
    --------
    >>> print(fuel_energy("1000 t", "43.0 TJ/Gg").to("TJ"))
    43 TJ
    """
    return fuel * calorific_value


@formula(
    units={"fuel": None, "calorific_value": None, "factor": None},
    returns="t gas[/year]",
    source="IPCC 2006 Guidelines, vol. 2, ch. 2, eq. 2.1 with ch. 1, sec. 1.4.1.2",
    accepts={"calorific_value": _HEAT_CONTENT, "factor": _BURNT},
)
def combustion_by_energy(fuel: Any, calorific_value: Any, factor: Any) -> Any:
    """Emissions of a quantity of fuel, by a factor that is per energy.

    Parameters
    ----------
    fuel : mass or volume
        Fuel burnt.
    calorific_value : energy per mass or volume
        On the basis (net or gross) that the factor is on.
    factor : mass of a gas per energy
        Combustion factor.

    Returns
    -------
    Result
        Mass of the factor's gas in tonnes, per year where the fuel is.

    Raises
    ------
    DimensionError
        If the factor is not per what the fuel is measured in, or names no gas.
    FactorKindError
        If a factor is of another kind.

    Examples
    --------
    Diesel by the defaults of IPCC 2006, tables 1.2 and 1.4:

    >>> print(combustion_by_energy("1000 t", "43.0 TJ/Gg", "74100 kg CO2/TJ"))
    3,186.3 t CO2
    """
    return fuel * calorific_value * factor


@formula(
    units={"fuel": None, "calorific_value": None, "carbon": "t C/TJ", "oxidation": "1"},
    returns="t CO2[/year]",
    source="IPCC 2006 Guidelines, vol. 2, ch. 1, sec. 1.4.2.1 and eq. 2.1; GB/T 32151, "
    "emissions = quantity x NCV x carbon content x oxidation x 44/12",
    accepts={
        "calorific_value": frozenset({"net-calorific-value"}),
        "carbon": frozenset({"carbon-content"}),
        "oxidation": frozenset({"oxidation"}),
    },
)
def carbon_content(fuel: Any, calorific_value: Any, carbon: Any, oxidation: Any) -> Any:
    """CO2 of burning a fuel, from the carbon in it.

    Parameters
    ----------
    fuel : mass or volume
        Fuel burnt.
    calorific_value : energy per mass or volume
        Net calorific value.
    carbon : mass of carbon per energy
        Carbon content per net calorific value, in a unit that names carbon: "t C/TJ".
    oxidation : pure number
        Share of the carbon that oxidises.

    Returns
    -------
    Result
        Tonnes of CO2; a tonne of carbon is 44/12 t of CO2.

    Raises
    ------
    FactorKindError
        If a factor is of another kind.

    Examples
    --------
    Natural gas by GB/T 32151, whose direct factor is 2.1622 t CO2/10^3 Nm3:

    >>> print(carbon_content("1e6 Nm3", "389.31 GJ/10^4 Nm3", "15.3 t C/TJ", "0.99 1"))
    2,162.19 t CO2
    """
    # 44/12 comes in with the unit: carbon in, CO2 out.
    return fuel * calorific_value * carbon * oxidation


@formula(
    units={"activity": None, "factor": None},
    returns="t gas[/year]",
    source="IPCC 2006 Guidelines, vol. 1, ch. 1, sec. 1.2: emissions = activity x factor",
)
def process(activity: Any, factor: Any) -> Any:
    """Emissions of an industrial process, by a factor that the caller supplies.

    Parameters
    ----------
    activity : any unit
        Amount produced or consumed.
    factor : mass of a gas per that unit
        Process factor, with its source on record where a Factor is given.

    Returns
    -------
    Result
        Mass of the factor's gas.

    Examples
    --------
    Clinker by the default of IPCC 2006, vol. 3, ch. 2, sec. 2.2.1.2 (0.52 with 2 % of kiln dust):

    >>> print(process("10000 t", "0.52 t CO2/t"))
    5,200 t CO2
    """
    return activity * factor


@formula(
    units={
        "opening_stock": "kg gas[/year]",
        "purchased": "kg gas[/year]",
        "sold": "kg gas[/year]",
        "closing_stock": "kg gas[/year]",
        "opening_charge": "kg gas[/year]",
        "closing_charge": "kg gas[/year]",
    },
    returns="kg gas[/year]",
    source=f"{_EPA_FUGITIVE}, sec. 2.3 (material balance)",
)
def mass_balance(
    opening_stock: Any,
    purchased: Any,
    sold: Any,
    closing_stock: Any,
    opening_charge: Any,
    closing_charge: Any,
) -> Any:
    """Gas lost in a year, by the balance of stocks, purchases and charges.

    Parameters
    ----------
    opening_stock, closing_stock : mass of a gas
        Gas in storage, not in equipment, at the beginning and the end of the year.
    purchased : mass of a gas
        All gas acquired: bought, in new equipment, returned from recycling.
    sold : mass of a gas
        All gas given away: sold, in sold equipment, sent to recycling or destruction.
    opening_charge, closing_charge : mass of a gas
        Full charge of the equipment in use, at the beginning and the end of the year.

    Returns
    -------
    Result
        Mass of the gas. Negative: the records do not balance.

    Raises
    ------
    DimensionError
        If an argument does not name a gas, or names another.

    Examples
    --------
    >>> print(mass_balance("40 kg HFC134a", "25 kg HFC134a", "5 kg HFC134a", "30 kg HFC134a",
    ...                    "200 kg HFC134a", "210 kg HFC134a"))
    20 kg HFC134a
    """
    return opening_stock - closing_stock + purchased - sold + opening_charge - closing_charge


@formula(
    units={
        "filled": "kg gas[/year]",
        "new_charge": "kg gas[/year]",
        "topped_up": "kg gas[/year]",
        "retired_charge": "kg gas[/year]",
        "recovered": "kg gas[/year]",
    },
    returns="kg gas[/year]",
    source=f"{_EPA_FUGITIVE}, sec. 2.4 (simplified material balance); GHG Protocol HFC tool, "
    "life-cycle stage approach",
)
def life_cycle(
    filled: Any, new_charge: Any, topped_up: Any, retired_charge: Any, recovered: Any
) -> Any:
    """Gas lost in a year, by the stages of equipment's life: filling, use and disposal.

    Parameters
    ----------
    filled : mass of a gas
        Gas used to fill new equipment (nothing if the maker filled it).
    new_charge : mass of a gas
        Full charge of that equipment.
    topped_up : mass of a gas
        Gas used to service equipment.
    retired_charge : mass of a gas
        Full charge of the equipment that was disposed of.
    recovered : mass of a gas
        Gas recovered from it.

    Returns
    -------
    Result
        Mass of the gas.

    Raises
    ------
    DimensionError
        If an argument does not name a gas, or names another.

    Examples
    --------
    >>> print(life_cycle("52 kg HFC32", "50 kg HFC32", "8 kg HFC32", "20 kg HFC32", "15 kg HFC32"))
    15 kg HFC32
    """
    return filled - new_charge + topped_up + retired_charge - recovered


@formula(
    units={
        "new_charge": "kg gas",
        "assembly_loss": "1",
        "charge": "kg gas",
        "annual_leak": "1/year",
        "time": "year",
        "retired_charge": "kg gas",
        "remaining": "1",
        "recovery": "1",
    },
    returns="kg gas",
    source=f"{_EPA_FUGITIVE}, sec. 2.1 (screening)",
)
def screening(
    new_charge: Any,
    assembly_loss: Any,
    charge: Any,
    annual_leak: Any,
    time: Any,
    retired_charge: Any,
    remaining: Any,
    recovery: Any,
) -> Any:
    """Gas that equipment is expected to lose, by default rates.

    For finding out whether a source matters; where it does, use a balance.

    Parameters
    ----------
    new_charge, charge, retired_charge : mass of a gas
        Full charge of equipment that was filled on site, was in use, was disposed of.
    assembly_loss : pure number
        Share lost when filling (k).
    annual_leak : pure number per year
        Share lost in use (x).
    time : year
        Time in use.
    remaining : pure number
        Share of the charge left at disposal (y).
    recovery : pure number
        Share of that which is recovered (z).

    Returns
    -------
    Result
        Mass of the gas.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(screening("0 kg HFC134a", "0.5 %", "120 kg HFC134a", "10 %/year", "1 year",
    ...                 "30 kg HFC134a", "80 %", "70 %"))
    19.2 kg HFC134a
    """
    return (
        new_charge * assembly_loss
        + charge * annual_leak * time
        + retired_charge * remaining * (1 - recovery)
    )


@formula(
    units={"mass": "kg[/year]", "share": "kg gas/kg"},
    returns="kg gas[/year]",
    source="composition of the blend by mass (ASHRAE Standard 34)",
)
def leakage(mass: Any, share: Any) -> Any:
    """Gas in a mass of refrigerant.

    Parameters
    ----------
    mass : mass
        Refrigerant lost.
    share : mass of a gas per mass
        Its share in the refrigerant; "1 kg SF6/kg" for a pure gas.

    Returns
    -------
    Result
        Mass of the gas.

    Examples
    --------
    >>> print(leakage("12 kg", "0.5 kg HFC32/kg"))
    6 kg HFC32
    """
    return mass * share


def stationary(
    fuel: Any,
    factor: Any,
    *,
    calorific_basis: str | None = None,
    reference_conditions: str | None = None,
    override: str | None = None,
) -> Result:
    """Emissions of burning a fuel in a boiler, furnace or engine that stands still.

    Parameters
    ----------
    fuel : mass, volume or energy
        Fuel burnt: text, pair, quantity, printed figure or Result.
    factor : mass of a gas per mass, volume or energy
        A factor of the library, which is checked, or a value of your own, which cannot be.
    calorific_basis : {"net", "gross"}, optional
        The basis of an amount of energy. Required where the factor is per energy of a fuel.
    reference_conditions : str, optional
        The conditions at which a gas was metered: "20 degC, 101.325 kPa".
    override : str, optional
        Reason for using a factor that does not fit; the result carries it.

    Returns
    -------
    Result
        Mass of the factor's gas in tonnes, per year where the fuel is.

    Raises
    ------
    DimensionError
        If the factor is not per what the fuel is measured in, or names no gas.
    FactorKindError
        If the factor is not for burning a fuel in stationary equipment, is on another calorific
        basis, or holds at other conditions.
    DimensionError
        If fuel and factor do not fit.

    Examples
    --------
    >>> from carbonkit import factors
    >>> gas = factors.find("natural gas", release="us-epa/hub-2024", gas="CO2",
    ...                    unit="kg CO2/MMBtu")
    >>> print(stationary("1000 MMBtu", gas, calorific_basis="gross").to("t CO2"))
    53.06 t CO2
    >>> stationary("1000 MMBtu", gas)
    Traceback (most recent call last):
        ...
    carbonkit.errors.FactorKindError: us-epa/hub-2024#... is per gross calorific value: say ...
    """
    return _burn(fuel, factor, "mobile", calorific_basis, reference_conditions, override)


def mobile(
    fuel: Any,
    factor: Any,
    *,
    calorific_basis: str | None = None,
    reference_conditions: str | None = None,
    override: str | None = None,
) -> Result:
    """Emissions of burning a fuel in a vehicle, ship or aircraft.

    Parameters
    ----------
    fuel, factor, calorific_basis, reference_conditions, override
        As for :func:`stationary`. The distance driven is a fuel too where the factor is per
        distance.

    Returns
    -------
    Result
        Mass of the factor's gas.

    Raises
    ------
    FactorKindError, DimensionError
        As for :func:`stationary`.

    Examples
    --------
    >>> print(mobile("1000 us_gallon", "10.21 kg CO2/us_gallon").to("t CO2"))
    10.21 t CO2
    """
    return _burn(fuel, factor, "stationary", calorific_basis, reference_conditions, override)


def _burn(
    fuel: Any,
    factor: Any,
    other: str,
    calorific_basis: str | None,
    reference_conditions: str | None,
    override: str | None,
) -> Result:
    from carbonkit import factors

    if isinstance(factor, factors.Factor):
        factors.check_purpose(
            factor,
            "biogenic" if factor.kind == "biogenic" else "combustion",
            override,
            calorific_basis=calorific_basis,
            reference_conditions=reference_conditions,
        )
        if factor.calorific_basis and calorific_basis is None and not override:
            raise FactorKindError(
                f"{factor.key} is per {factor.calorific_basis} calorific value: say on which basis "
                "the fuel's energy is, calorific_basis='net' or 'gross'."
            )
        if other in factor.boundary and "and" not in factor.boundary.split() and not override:
            raise FactorKindError(
                f"{factor.key} is for {factor.boundary} combustion. Find the other one, or state "
                "why this one is used with override='...'."
            )
    return combustion(fuel, factor, override=override)


def by_gas(fuel: Any, factors: Iterable[Factor], **checks: Any) -> dict[str, Result]:
    """Burn one amount of fuel under several factors, one for each gas.

    Biogenic CO2 stays apart under the name "CO2 biogenic"; it belongs to no scope.

    Parameters
    ----------
    fuel : mass, volume or energy
    factors : iterable of Factor
        One per gas.
    **checks
        As for :func:`stationary`.

    Returns
    -------
    dict of str to Result

    Raises
    ------
    FactorError
        If two factors are for one gas, or a total in CO2e comes with its parts.

    Examples
    --------
    >>> from carbonkit import factors
    >>> found = factors.find_all("natural gas", release="us-epa/hub-2024", kind="combustion",
    ...                          calorific_basis="gross")
    >>> for gas, emitted in by_gas("1000 MMBtu", found, calorific_basis="gross").items():
    ...     print(gas, emitted)
    CH4 0.001 t CH4
    CO2 53.06 t CO2
    N2O 0.0001 t N2O
    """
    emitted: dict[str, Result] = {}
    for factor in factors:
        gas = f"{factor.gas} biogenic" if factor.kind == "biogenic" else factor.gas
        if gas in emitted or "CO2e" in (emitted if gas != "CO2e" else ()):
            raise FactorError(f"{factor.key}: {gas} is counted already. Give one factor per gas.")
        if gas == "CO2e" and set(emitted) - {"CO2 biogenic"}:
            raise FactorError(f"{factor.key} is a total in CO2e; its parts are counted already.")
        emitted[gas] = stationary(fuel, factor, **checks)
    return emitted


def components(mass: Any, composition: Iterable[Factor] | Mapping[str, Any]) -> dict[str, Result]:
    """Split an amount of a refrigerant blend into its gases.

    Parameters
    ----------
    mass : mass
        Refrigerant lost, e.g. "12 kg".
    composition : iterable of Factor, or mapping of gas to percent
        The shares by mass of all components: ``factors.find_all("R-410A", kind="gwp-blend")``.

    Returns
    -------
    dict of str to Result
        Mass of each gas.

    Raises
    ------
    FactorError
        If the shares do not add up to 100 %.

    Examples
    --------
    >>> from carbonkit import factors
    >>> split = components("12 kg", factors.find_all("R-410A", kind="gwp-blend"))
    >>> print(split["HFC32"], "and", split["HFC125"])
    6 kg HFC32 and 6 kg HFC125
    """
    if isinstance(composition, Mapping):
        shares = {gas: Fraction(str(percent)) for gas, percent in composition.items()}
    else:
        shares = {f.gas: Fraction(f.value) * units.scale(f.unit, "%") for f in composition}
    if sum(shares.values()) != 100:
        raise FactorError(
            f"the shares of {', '.join(shares) or 'no component'} add up to "
            f"{float(sum(shares.values())):g} %, not 100 %. Give every component once."
        )
    return {
        gas: leakage(mass, (float(share) / 100, f"kg {gas}/kg")) for gas, share in shares.items()
    }
