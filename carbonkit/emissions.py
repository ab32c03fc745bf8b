"""Emissions by gas: exact masses, turned into CO2e only under a named GWP set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from carbonkit import gwp, units
from carbonkit._exact import amount
from carbonkit.errors import GwpError, InventoryError, UnitError
from carbonkit.formula import Result

__all__ = ["BIOGENIC", "Emissions", "MethodResult"]

BIOGENIC = "CO2 biogenic"
_CO2E = "CO2e "


@dataclass(frozen=True, eq=False)
class MethodResult(Result):
    """A Scope 2 total, which remembers its method and does not mix with the other one.

    Attributes
    ----------
    method : str
        "location-based" or "market-based"; "" for a sum that holds no Scope 2 emissions.
    """

    method: str = ""

    def _mixed(self, other: Any, how: Callable[[Any, Any], Result]) -> Result:
        theirs = getattr(other, "method", "")
        if self.method and theirs and theirs != self.method:
            raise InventoryError(
                f"a {self.method} and a {theirs} total of Scope 2 are two views of the same "
                "electricity; they are reported side by side, never added or netted "
                "(GHG Protocol Scope 2 Guidance, ch. 7.1)."
            )
        made = how(self, other)
        return MethodResult(
            made.magnitude, made.unit, made.formula, made.inputs, made.gwp_set,
            made.assumptions, made.note, self.method or theirs,
        )  # fmt: skip

    def __add__(self, other: Any) -> Result:
        return self._mixed(other, Result.__add__)

    def __radd__(self, other: Any) -> Result:
        return self._mixed(other, Result.__radd__)

    def __sub__(self, other: Any) -> Result:
        return self._mixed(other, Result.__sub__)

    def __rsub__(self, other: Any) -> Result:
        return self._mixed(other, Result.__rsub__)


@dataclass(frozen=True)
class Emissions:
    """Tonnes of each gas, exact, so that any sum of parts is the whole to the last digit.

    Attributes
    ----------
    masses : mapping of str to Fraction
        Tonnes by gas. ``"CO2 biogenic"`` stands outside the scopes; ``"CO2e AR5"`` is what a
        factor gave in CO2e already.
    method : str
        "location-based" or "market-based" where Scope 2 is part of it, "" otherwise.

    Examples
    --------
    >>> burnt = Emissions.of(["53.06 t CO2", "1 kg CH4", "0.1 kg N2O"])
    >>> print(burnt.co2e("AR5"), "or", burnt.co2e("AR4"))
    53.1145 t CO2e or 53.1148 t CO2e
    """

    masses: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    method: str = ""

    @classmethod
    def of(cls, amounts: Iterable[Any], method: str = "") -> Emissions:
        """Return emissions from amounts of gas such as "3 t CH4".

        Raises
        ------
        UnitError
            If an amount names no gas, or is in CO2e of an unnamed GWP set.
        """
        total = cls(method=method)
        for given in amounts:
            taken = amount(given)
            gwp_set = getattr(given, "gwp_set", None)
            total = total + cls.one(taken.magnitude, taken.unit, gwp_set, method=method)
        return total

    @classmethod
    def one(
        cls, magnitude: Fraction, unit: str, gwp_set: str | None = None, *,
        gas: str | None = None, biogenic: bool = False, method: str = "",
    ) -> Emissions:  # fmt: skip
        """Return one amount as emissions.

        Parameters
        ----------
        magnitude, unit
            Mass of a gas or of CO2e.
        gwp_set : str, optional
            The set of an amount in CO2e.
        gas : str, optional
            The gas of an amount that is stated in CO2e under `gwp_set`: the mass is that of the
            gas, by division by its GWP.
        biogenic : bool
            Whether CO2 is of biogenic origin.
        method : str
            The Scope 2 method.

        Raises
        ------
        UnitError
            If the unit names no gas, or is CO2e of an unnamed GWP set.
        GwpError
            If `gwp_set` has no value for `gas`.
        """
        species = units.species(unit)
        if species is None:
            raise UnitError(f"an amount in {unit!r} names no gas. Write, for example, 't CO2'.")
        name = species
        mass = magnitude * units.scale(unit, f"t {'CO2' if species == 'C' else species}")
        if species == "C":
            name = "CO2"
        if species == "CO2e":
            if not gwp_set:
                raise UnitError(
                    "an amount in CO2e needs the GWP set by which it was found (gwp_set)."
                )
            if gas not in (None, "", "CO2e"):
                name, mass = str(gas), mass / gwp.get(gwp_set).factor(str(gas))
            else:
                name = _CO2E + gwp_set
        if biogenic:
            name = BIOGENIC
        return cls(MappingProxyType({name: mass}), method)

    def __add__(self, other: Emissions) -> Emissions:
        if not isinstance(other, Emissions):
            return NotImplemented
        if self.method and other.method and self.method != other.method:
            raise InventoryError(
                "location-based and market-based emissions are two views of the same electricity; "
                "they are never added (GHG Protocol Scope 2 Guidance, ch. 7.1)."
            )
        masses = dict(self.masses)
        for gas, mass in other.masses.items():
            masses[gas] = masses.get(gas, Fraction(0)) + mass
        return Emissions(MappingProxyType(masses), self.method or other.method)

    def scaled(self, share: Fraction) -> Emissions:
        """Return a share of the emissions."""
        masses = {gas: mass * share for gas, mass in self.masses.items()}
        return Emissions(MappingProxyType(masses), self.method)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Emissions):
            return NotImplemented
        mine, theirs = ({g: m for g, m in e.masses.items() if m} for e in (self, other))
        return mine == theirs and self.method == other.method

    def __hash__(self) -> int:
        return hash((frozenset((g, m) for g, m in self.masses.items() if m), self.method))

    def __reduce__(self) -> Any:
        return _emissions, (dict(self.masses), self.method)

    def exact_co2e(self, gwp_set: str | gwp.GwpSet) -> Fraction:
        """Return tonnes of CO2e exactly, without biogenic CO2.

        Raises
        ------
        GwpError
            If the set lacks a gas, or a part is in CO2e of another set.
        """
        chosen = gwp.get(gwp_set) if isinstance(gwp_set, str) else gwp_set
        total = Fraction(0)
        for gas, mass in self.masses.items():
            total += mass * weight(gas, chosen)
        return total

    def co2e(self, gwp_set: str | gwp.GwpSet) -> Result:
        """Return the emissions in CO2e, without biogenic CO2.

        Parameters
        ----------
        gwp_set : str or GwpSet
            "AR5", or a set with another horizon from :mod:`carbonkit.gwp`.

        Returns
        -------
        Result
            Tonnes of CO2e, rounded once from the exact sum.

        Raises
        ------
        GwpError
            If the set lacks a gas, or a part is in CO2e of another set.
        """
        chosen = gwp.get(gwp_set) if isinstance(gwp_set, str) else gwp_set
        exact = self.exact_co2e(chosen)
        label = chosen.name if chosen.horizon == 100 else str(chosen)
        return MethodResult(
            float(exact), "t CO2e", gwp_set=label, note="emissions", method=self.method
        )

    def mass(self, gas: str) -> Result:
        """Return the mass of one gas, in tonnes of it; "CO2 biogenic" for biogenic CO2."""
        unit = "t CO2" if gas == BIOGENIC else units.canonical(f"t {gas}")
        exact = self.masses.get(gas, Fraction(0))
        return MethodResult(float(exact), unit, note=gas, method=self.method)

    @property
    def biogenic(self) -> Result:
        """Biogenic CO2, which stands outside the scopes."""
        return self.mass(BIOGENIC)

    def __str__(self) -> str:
        shown = ", ".join(
            f"{float(mass):,.6g} t {gas}" for gas, mass in sorted(self.masses.items())
        )
        return (shown or "no emissions") + (f" ({self.method})" if self.method else "")


def _emissions(masses: dict[str, Fraction], method: str) -> Emissions:
    # A read-only mapping does not pickle; a plain dict does and is wrapped again.
    return Emissions(MappingProxyType(masses), method)


def weight(gas: str, chosen: gwp.GwpSet) -> Fraction:
    """Return what a tonne under this name counts in CO2e.

    Raises
    ------
    GwpError
        If the set lacks the gas, or the name is CO2e of another set.
    """
    if gas == BIOGENIC:
        return Fraction(0)
    if gas.startswith(_CO2E):
        theirs = gas.removeprefix(_CO2E)
        if (theirs, 100) != (chosen.name, chosen.horizon):
            raise GwpError(
                f"a part was found in CO2e under GWP set {theirs!r}, which cannot be expressed "
                f"under {chosen}. Use factors by gas, or ask for {theirs!r}."
            )
        return Fraction(1)
    return chosen.factor(gas)
