"""The heat in steam and hot water, from the IAPWS-IF97 equations of state.

Meters count tonnes of steam; factors for purchased heat are per GJ. Enthalpies come from the
package ``iapws`` (``pip install 'carbonkit[steam]'``), not from a copied table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonkit import units
from carbonkit.errors import SteamError

if TYPE_CHECKING:
    import pint

__all__ = ["heat", "steam_enthalpy", "water_enthalpy"]

_ZERO_CELSIUS = 273.15  # K
_CRITICAL_PRESSURE = 22.064  # MPa, IAPWS R2-83
_ATMOSPHERE = 0.101325  # MPa


def steam_enthalpy(pressure: Any, *, celsius: float | None = None) -> pint.Quantity[Any]:
    """Return the specific enthalpy of saturated or superheated steam.

    Parameters
    ----------
    pressure : quantity
        Absolute pressure, e.g. "0.8 MPa". A gauge reads one atmosphere less.
    celsius : float, optional
        Temperature of superheated steam, in degrees Celsius. Without it the steam is dry and
        saturated.

    Returns
    -------
    pint.Quantity
        In kJ/kg, zero for liquid water at the triple point.

    Raises
    ------
    SteamError
        If the pressure or temperature is outside IAPWS-IF97, if the water does not boil at that
        temperature, or if the package ``iapws`` is missing.
    DimensionError
        If `pressure` is not a pressure.

    Notes
    -----
    Source: IAPWS R7-97(2012), Industrial Formulation 1997 (IF97).

    Examples
    --------
    >>> print(f"{steam_enthalpy('1 MPa'):.1f}")
    2777.1 kJ/kg
    >>> print(f"{steam_enthalpy('1 MPa', celsius=250):.1f}")
    2943.2 kJ/kg
    """
    mpa = _magnitude(pressure, "MPa")
    if not 0.000611657 <= mpa <= (_CRITICAL_PRESSURE if celsius is None else 100):
        highest = "22.064 MPa, the critical point" if celsius is None else "100 MPa"
        raise SteamError(
            f"pressure {mpa:g} MPa: the equations hold from the triple point (611.657 Pa) to "
            f"{highest}. Is it an absolute pressure, in the unit you meant?"
        )
    if celsius is None:
        return _kilojoule_per_kilogram(_state(P=mpa, x=1).h)
    if not 0 <= celsius <= 800:
        raise SteamError(
            f"temperature {celsius:g} degC: the equations hold from 0 to 800 degC. "
            "Give degrees Celsius, not kelvin."
        )
    if mpa < _CRITICAL_PRESSURE:
        boiling = _state(P=mpa, x=1).T - _ZERO_CELSIUS
        if celsius < boiling:
            raise SteamError(
                f"at {mpa:g} MPa water boils at {boiling:.2f} degC; at {celsius:g} degC it is "
                "liquid. Check both, leave celsius out for saturated steam, or use "
                "water_enthalpy."
            )
    return _kilojoule_per_kilogram(_state(P=mpa, T=celsius + _ZERO_CELSIUS).h)


def water_enthalpy(celsius: float) -> pint.Quantity[Any]:
    """Return the specific enthalpy of liquid water at one atmosphere.

    Parameters
    ----------
    celsius : float
        Temperature in degrees Celsius, from 0 to 99.9.

    Returns
    -------
    pint.Quantity
        In kJ/kg, zero for liquid water at the triple point.

    Raises
    ------
    SteamError
        If the temperature is outside that range, or the package ``iapws`` is missing.

    Notes
    -----
    Source: IAPWS R7-97(2012), region 1. Chinese guidelines round the enthalpy of feedwater at
    20 degC to 83.74 kJ/kg (4.1868 kJ/kg x 20); IF97 gives 84.01 kJ/kg.

    Examples
    --------
    >>> print(f"{water_enthalpy(20):.2f}")
    84.01 kJ/kg
    """
    if not 0 <= celsius <= 99.9:
        raise SteamError(
            f"water at {celsius:g} degC is not liquid at one atmosphere. Give 0 to 99.9 degrees "
            "Celsius."
        )
    return _kilojoule_per_kilogram(_state(P=_ATMOSPHERE, T=celsius + _ZERO_CELSIUS).h)


def heat(
    mass: Any, pressure: Any, *, celsius: float | None = None, feedwater_celsius: float = 20
) -> pint.Quantity[Any]:
    """Return the heat that a mass of steam carries above its feedwater.

    heat = mass x (enthalpy of the steam - enthalpy of the feedwater)

    Parameters
    ----------
    mass : quantity
        Mass of steam, e.g. "120 t".
    pressure : quantity
        Absolute pressure, e.g. "0.8 MPa".
    celsius : float, optional
        Temperature of superheated steam in degrees Celsius; without it the steam is saturated.
    feedwater_celsius : float, default 20
        Temperature of the feedwater in degrees Celsius.

    Returns
    -------
    pint.Quantity
        In GJ.

    Raises
    ------
    SteamError
        As for `steam_enthalpy` and `water_enthalpy`.
    DimensionError
        If `mass` is not a mass, or `pressure` not a pressure.

    Notes
    -----
    Source: GB/T 32150-2015 (mass of steam x difference of enthalpies), with feedwater at 20 degC
    as in the Chinese accounting guidelines.

    Examples
    --------
    >>> print(f"{heat('100 t', '1 MPa'):.1f}")
    269.3 GJ
    """
    gain = steam_enthalpy(pressure, celsius=celsius) - water_enthalpy(feedwater_celsius)
    carried: pint.Quantity[Any] = (units.quantity(_magnitude(mass, "kg"), "kg") * gain).to("GJ")
    return carried


def _magnitude(x: Any, unit: str) -> float:
    given = units.quantity(x)
    return float(given.magnitude * float(units.scale(str(given.units), unit)))


def _kilojoule_per_kilogram(magnitude: float) -> pint.Quantity[Any]:
    return units.quantity(magnitude, "kJ/kg")


def _state(**given: float) -> Any:
    try:
        from iapws import IAPWS97
    except ImportError:
        raise SteamError(
            "steam properties need the package iapws: pip install 'carbonkit[steam]'."
        ) from None
    return IAPWS97(**given)
