"""Global warming potentials: the only way from a gas to CO2e, and always by a named set.

Values come from the package `globalwarmingpotentials`, which transcribes the tables of the IPCC
assessment reports; nothing is retyped here but the two methane values of AR6 Table 7.15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from carbonkit import units
from carbonkit.errors import GwpError, UnitError, nearest

if TYPE_CHECKING:
    import pint

__all__ = ["GwpSet", "get", "sets", "to_co2e"]

_GHG_PROTOCOL = "as listed by the GHG Protocol, Global Warming Potential Values (February 2016)"
_SOURCES = {
    "SAR": f"IPCC Second Assessment Report (1995), {_GHG_PROTOCOL}",
    "TAR": "IPCC Third Assessment Report (2001), Working Group I, Table 6.7",
    "AR4": f"IPCC Fourth Assessment Report (2007), {_GHG_PROTOCOL}",
    "AR5": f"IPCC Fifth Assessment Report (2013), {_GHG_PROTOCOL}",
    "AR5-CCF": "IPCC Fifth Assessment Report (2013), Working Group I, Tables 8.7 and 8.SM.16, "
    "with climate-carbon feedbacks",
    "AR6": "IPCC Sixth Assessment Report (2021), Working Group I, Table 7.SM.7",
    "AR6-7.15": "IPCC Sixth Assessment Report (2021), Working Group I: methane of Table 7.15, "
    "other gases of Table 7.SM.7",
}
#: IPCC AR6 WG1 Table 7.15, 100 years. The fossil value counts the CO2 that methane becomes.
_METHANE_715 = {"CH4 fossil": Fraction("29.8"), "CH4 non-fossil": Fraction("27.0")}


@dataclass(frozen=True, slots=True)
class GwpSet:
    """One published table of global warming potentials.

    Parameters
    ----------
    name
        The assessment report: "AR5", or "AR6-7.15" for AR6 with two values for methane.
    horizon
        The time horizon in years.
    source
        The publication.
    values
        kg CO2e per kg of each gas, by the name of the gas.

    Examples
    --------
    >>> ar5 = get("AR5")
    >>> print(ar5, ar5.factor("CH4"))
    AR5 (100 years) 28
    """

    name: str
    horizon: int
    source: str
    values: Mapping[str, Fraction]

    def __str__(self) -> str:
        return f"{self.name} ({self.horizon} years)"

    def __hash__(self) -> int:
        return hash((self.name, self.horizon))

    def __reduce__(self) -> tuple[Any, ...]:
        return get, (self.name, self.horizon)

    def factor(self, gas: str) -> Fraction:
        """Return the global warming potential of a gas.

        Parameters
        ----------
        gas
            Its name in any spelling that units take: "CH4", "methane", "HFC-134a"; or as in
            `values`.

        Returns
        -------
        fractions.Fraction
            kg CO2e per kg of the gas, exactly as published.

        Raises
        ------
        GwpError
            If the set has no value for the gas.

        Examples
        --------
        >>> get("AR6").factor("HFC-134a")
        Fraction(1530, 1)
        >>> get("SAR").factor("NF3")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        carbonkit.errors.GwpError: SAR (100 years) has no value for NF3. It is in TAR, ...
        """
        if gas in self.values:
            return self.values[gas]
        try:
            name = units.canonical(gas)
        except UnitError:
            name = gas
        for known, value in self.values.items():
            if known.replace(" ", "_").replace("-", "_") == name:
                return value
        methane = [known for known in self.values if known.startswith("CH4")]
        others = [s.name for s in sets() if s.horizon == self.horizon and name in s.values]
        if name.startswith("CH4") and not name[3:4].isalnum():
            hint = f" Its methane is {' or '.join(methane)}; say which it is."
        elif others:
            hint = f" It is in {', '.join(others)}."
        else:
            hint = nearest(gas, self.values)
        raise GwpError(f"{self} has no value for {gas}.{hint}")


@cache
def sets() -> tuple[GwpSet, ...]:
    """Return every known set of global warming potentials, oldest first.

    Returns
    -------
    tuple of GwpSet

    Examples
    --------
    >>> [str(s) for s in sets() if s.name == "AR6"]
    ['AR6 (20 years)', 'AR6 (100 years)', 'AR6 (500 years)']
    """
    import globalwarmingpotentials

    data = globalwarmingpotentials.data
    found = []
    for name, source in _SOURCES.items():
        for horizon in (20, 100, 500):
            column = data.get(f"{name.removesuffix('-7.15').replace('-', '')}GWP{horizon}")
            if column is None or (name == "AR6-7.15" and horizon != 100):
                continue
            # The shortest text of the float is the value as published.
            values = {"CO2": Fraction(1)} | {gas: Fraction(str(v)) for gas, v in column.items()}
            if name == "AR6-7.15":
                del values["CH4"]
                values |= _METHANE_715
            found.append(GwpSet(name, horizon, source, MappingProxyType(values)))
    return tuple(found)


def get(name: str, horizon: int = 100) -> GwpSet:
    """Return the set of a name and a time horizon.

    Parameters
    ----------
    name
        "SAR", "TAR", "AR4", "AR5", "AR5-CCF" (with climate-carbon feedbacks), "AR6", or
        "AR6-7.15", which tells fossil from non-fossil methane.
    horizon
        20, 100 or 500 years, where published.

    Returns
    -------
    GwpSet

    Raises
    ------
    GwpError
        If there is no such set.

    Examples
    --------
    >>> get("AR6").factor("CH4"), get("AR6-7.15").factor("CH4 fossil")
    (Fraction(279, 10), Fraction(149, 5))
    >>> get("AR5", horizon=20)
    Traceback (most recent call last):
    carbonkit.errors.GwpError: There is no GWP set AR5 over 20 years. AR5 is known over 100 years.
    """
    for known in sets():
        if (known.name, known.horizon) == (name, horizon):
            return known
    names = list(dict.fromkeys(s.name for s in sets()))
    if name in names:
        years = " and ".join(str(s.horizon) for s in sets() if s.name == name)
        raise GwpError(
            f"There is no GWP set {name} over {horizon} years. {name} is known over {years} years."
        )
    raise GwpError(
        f"There is no GWP set {name!r}.{nearest(str(name), names)} Known sets: {', '.join(names)}."
    )


def to_co2e(quantity: Any, gwp_set: str | GwpSet) -> pint.Quantity[Any]:
    """Convert an amount of a gas to CO2e.

    Parameters
    ----------
    quantity
        Anything `carbonkit.units.quantity` takes, in a unit that names one gas: "3 t CH4",
        "0.2 kg N2O/TJ".
    gwp_set
        A set, or the name of one with a horizon of 100 years.

    Returns
    -------
    pint.Quantity
        The same unit with CO2e in place of the gas; CO2e = mass of the gas x its GWP.

    Raises
    ------
    GwpError
        If the set is unknown or has no value for the gas.
    UnitError
        If the unit names no gas, several, or CO2e already; or a gas by volume.

    Examples
    --------
    >>> print(to_co2e("3 t CH4", "AR5"))
    84.0 t CO2e
    >>> print(to_co2e((1.0, "kg CH4_fossil/TJ"), "AR6-7.15"))
    29.8 kg CO2e/TJ
    """
    chosen = get(gwp_set) if isinstance(gwp_set, str) else gwp_set
    amount = units.quantity(quantity)
    unit = units.parts(amount)[1]
    gas = units.species(unit)
    if gas == "CO2e":
        raise UnitError(f"{unit} is CO2e already; by which GWP set, its source must say.")
    if gas is None:
        raise UnitError(
            f"{unit} does not name one gas, so no GWP applies. Write, for example, 't CH4'."
        )
    above, slash, below = unit.partition("/")
    if not any(units.same_dimension(above, f"{mass}{gas}") for mass in ("kg ", "")):
        raise UnitError(f"{unit} is not a mass of {gas} above the line; a GWP applies to a mass.")
    if gas == "C":  # carbon counts as the CO2 it becomes
        amount = amount.to(above.replace("C", "CO2") + slash + below)
        gas = "CO2"
    potential = units.quantity(float(chosen.factor(gas)), f"CO2e/{gas}")
    result: pint.Quantity[Any] = amount * potential
    return result
