"""Factors for one row of activity data: found as the row asks, checked, one for each gas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from carbonkit import units
from carbonkit._text import with_unit
from carbonkit.errors import CarbonkitError, FactorNotFound, UnitError
from carbonkit.factors import Factor, FactorLibrary
from carbonkit.factors.query import activities
from carbonkit.formula import Input
from carbonkit.inventory.schema import Cells, Refused

__all__ = ["FUEL_CLASSES", "Asked", "Lookup", "Own"]

_BURNT = ("combustion", "biogenic")
_CO2E_PARTS = {"CO2", "CH4", "N2O"}
_ELSEWHERE = {"stationary": "mobile", "mobile": "stationary"}

FUEL_CLASSES = {
    "coal": "anthracite; bituminous coal; blast furnace gas; briquettes; brown coal briquettes; "
    "coal; coal tar; coke; coke oven gas; coking coal; converter gas; gas coke; gas works gas; "
    "lignite; other coal products; other gas; other washed coal; patent fuel; standard coal; "
    "sub-bituminous coal; washed coal",
    "oil": "aviation gasoline; bitumen; butane; butylene; crude oil; diesel; ethane; ethylene; "
    "fuel oil; gasoline; heavy gas oil; isobutane; isobutylene; jet gasoline; jet kerosene; "
    "kerosene; liquefied petroleum gas; lubricants; marine fuel oil; marine gas oil; naphtha; "
    "natural gasoline; oil shale; orimulsion; other oil; other petroleum gas; "
    "other petroleum products; paraffin waxes; pentanes plus; petrochemical feedstocks; "
    "petroleum coke; propane; propylene; refinery feedstocks; refinery gas; "
    "refinery miscellaneous; shale oil; special naphtha; unfinished oils; waste oil; "
    "white spirit and SBP",
    "natural gas": "compressed natural gas; liquefied natural gas; natural gas; "
    "natural gas liquids",
    "renewable fuel": "agricultural byproducts; animal fat; biodiesel; biogas; biogasoline; "
    "biomethane; biomethanol; biopropane; black liquor; charcoal; ethanol; landfill gas; "
    "liquid biofuels; municipal waste, biomass; renewable diesel; renewable gasoline; "
    "renewable jet kerosene; sludge gas; solid biomass; solid biomass byproducts; straw; "
    "vegetable oil; wood",
}
"""Fuels by the classes that energy disclosures ask for; any other fuel is "other fossil"."""


@dataclass(frozen=True)
class Own:
    """A value that the row itself brings, and where it says that it comes from."""

    source: str
    gwp_set: str | None = None
    name: str = ""
    """What makes it one input: the same value from the same source."""

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True)
class Asked:
    """What a row asks of the library."""

    activity: str
    region: str | None
    year: int | None
    rule: str = "exact"
    releases: tuple[str, ...] = ()
    publisher: str | None = None
    item: str | None = None
    boundary: str | None = None


@dataclass
class Lookup:
    """A library, and the answers that it gave already."""

    library: FactorLibrary
    known: dict[Any, Any] = field(default_factory=dict)

    def all(self, asked: Asked, kinds: Iterable[str], *, by_region: bool) -> tuple[Factor, ...]:
        """Return every factor of some kinds; empty if there is none."""
        key = (asked, tuple(kinds), by_region)
        if key not in self.known:
            found: list[Factor] = []
            for release in asked.releases or (None,):
                for kind in key[1]:
                    question = {
                        "region": asked.region if by_region or not release else None,
                        "year": asked.year,
                        "kind": kind,
                        "rule": asked.rule if asked.year is not None or by_region else "exact",
                        "release": release,
                        "publisher": asked.publisher,
                        "item": asked.item,
                        "boundary": asked.boundary,
                    }
                    asking = {k: v for k, v in question.items() if v is not None}
                    try:
                        found.extend(self.library.find_all(asked.activity, **asking))
                    except FactorNotFound as error:
                        self.known.setdefault((key, "why"), str(error))
            self.known[key] = tuple(found)
        answer: tuple[Factor, ...] = self.known[key]
        return answer

    def why(self, asked: Asked, kinds: Iterable[str], *, by_region: bool) -> str:
        """Return why nothing was found, with what is near."""
        said: str = self.known.get(((asked, tuple(kinds), by_region), "why"), "no factor was found")
        return said.partition("\n  (")[0]

    def burnt(
        self, cells: Cells, asked: Asked, unit: str, category: str
    ) -> tuple[tuple[Factor, ...], Factor | Input | None]:
        """Return the combustion factors of a fuel, and the calorific value if they need one."""
        basis = cells.one_of("calorific_basis", ("net", "gross"))
        conditions = cells.text("reference_conditions")
        found = self.all(asked, _BURNT, by_region=False)
        if not found:
            raise Refused(blamed(asked), self.why(asked, _BURNT, by_region=False))
        other = _ELSEWHERE.get(category, "")
        found = tuple(f for f in found if not _only(other, f.boundary))
        direct = tuple(f for f in found if _per(f, unit))
        heat: Factor | Input | None = None
        if not direct:
            direct = tuple(f for f in found if _per(f, "kWh"))
            if not direct:
                raise Refused(
                    "unit",
                    f"the factors for {asked.activity} are per "
                    f"{', '.join(sorted({f.unit.partition('/')[2] for f in found}))}; an amount "
                    f"in {unit!r} does not fit.",
                )
            heat = self.heat(cells, asked, unit, {f.calorific_basis for f in direct})
            basis = heat.calorific_basis if isinstance(heat, Factor) else basis
        elif any(f.calorific_basis for f in direct) and not basis:
            raise Refused(
                "calorific_basis",
                "is the energy of the fuel on the net or the gross calorific value? They differ "
                "by about 5 % for liquids and 10 % for natural gas.",
            )
        if basis:
            fitting = tuple(f for f in direct if f.calorific_basis in ("", basis))
            if not fitting:
                raise Refused(
                    "calorific_basis",
                    f"the factors are per {direct[0].calorific_basis} calorific value, the amount "
                    f"is {basis}. Convert the amount, or choose another release.",
                )
            direct = fitting
        if conditions:
            wrong = [f for f in direct if not _alike(f.reference_conditions, conditions)]
            if wrong:
                raise Refused(
                    "reference_conditions",
                    f"{wrong[0].key} holds at {wrong[0].reference_conditions or 'no stated'} "
                    f"conditions, the gas was metered at {conditions}.",
                )
        return one_per_gas(direct), heat

    def heat(
        self, cells: Cells, asked: Asked, unit: str, bases: Iterable[str] = ("net", "gross")
    ) -> Factor | Input:
        """Return the calorific value by which a quantity becomes energy."""
        own = own_value(cells, "calorific_value")
        if own is not None:
            return own
        kinds = [f"{basis}-calorific-value" for basis in sorted(bases) if basis]
        found = [f for f in self.all(asked, kinds, by_region=False) if _of(f.unit, unit)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise Refused(
                "calorific_value",
                f"the factors for {asked.activity} are per energy, and no calorific value per "
                f"{unit} was found. Give calorific_value and calorific_value_unit.",
            )
        listed = ", ".join(f.key for f in found[:4])
        raise Refused("item", f"several calorific values fit: {listed}. Say which item is meant.")

    def carbon(self, cells: Cells, asked: Asked, unit: str) -> dict[str, Factor | Input]:
        """Return calorific value, carbon content and oxidation of a fuel."""
        parts: dict[str, Factor | Input] = {
            "calorific_value": self.heat(cells, asked, unit, ("net",))
        }
        for name, kind in (("carbon", "carbon-content"), ("oxidation", "oxidation")):
            found = self.all(asked, (kind,), by_region=False)
            if len(found) != 1:
                raise Refused(
                    "release",
                    f"{len(found)} values of kind {kind!r} fit {asked.activity}; the "
                    "carbon-content method needs one. Name a release that has it.",
                )
            parts[name] = found[0]
        return parts

    def rates(
        self, asked: Asked, kind: str, unit: str = "MWh", *, by_region: bool = True
    ) -> tuple[Factor, ...]:
        """Return the factors per energy of one kind, one for each gas; empty if there is none."""
        found = [f for f in self.all(asked, (kind,), by_region=by_region) if _per(f, unit)]
        return one_per_gas(tuple(found)) if found else ()

    def blend(self, gas: str) -> dict[str, tuple[Fraction, Any]]:
        """Return the share of each gas in a refrigerant; a pure gas is all itself."""
        if ("blend", gas) not in self.known:
            self.known["blend", gas] = self._blend(gas)
        answer: dict[str, tuple[Fraction, Any]] = self.known["blend", gas]
        return answer

    def _blend(self, gas: str) -> dict[str, tuple[Fraction, Any]]:
        asked = Asked(gas, None, None)
        try:
            found = self.all(asked, ("gwp-blend",), by_region=False)
        except CarbonkitError:
            found = ()
        if found:
            shares = {f.gas: (Fraction(f.text) * units.scale(f.unit, "1"), f) for f in found}
            if sum(share for share, _ in shares.values()) != 1 or len(shares) != len(found):
                raise Refused("activity", f"the components of {gas} do not add up to 100 %.")
            return shares
        try:
            species = units.species(f"kg {gas}")
        except UnitError:
            species = None
        if species is None:
            raise Refused(
                "activity",
                f"{gas!r} is neither a gas that the units know (HFC134a, SF6, CH4 ...) nor a blend "
                "of the factor library (R-410A ...).",
            )
        return {species: (Fraction(1), None)}


def blamed(asked: Asked) -> str:
    """Return the column that is most likely wrong where nothing was found."""
    known = asked.activity.casefold() in activities()
    return "release" if known and asked.releases else "activity"


def own_value(cells: Cells, column: str) -> Input | None:
    """Return the value and unit that a row brings of its own, None if it brings none."""
    value = cells.number(column)
    if value is None:
        return None
    if value < 0:
        raise Refused(column, "the value is negative.")
    unit = cells.text(f"{column}_unit")
    if not unit:
        raise Refused(f"{column}_unit", f"give the unit of the {column.replace('_', ' ')}.")
    canonical = cells.guarded(f"{column}_unit", lambda: units.canonical(unit))
    source = cells.text("factor_source") or f"{cells.table}, row {cells.row}"
    name = f"{source}: {with_unit(value, canonical, 15)}"
    return Input(value, canonical, Own(source, cells.text("gwp_set") or None, name))


def one_per_gas(found: Sequence[Factor]) -> tuple[Factor, ...]:
    """Keep one factor for each gas: the parts where all are there, the total in CO2e if not."""
    gases: dict[tuple[str, bool], list[Factor]] = {}
    for factor in found:
        gases.setdefault((factor.gas, factor.kind == "biogenic"), []).append(factor)
    names = {gas for gas, biogenic in gases}
    if "CO2e" in names:
        fossil = {gas for gas, biogenic in gases if not biogenic}
        drop_total = fossil >= _CO2E_PARTS or (
            fossil >= _CO2E_PARTS - {"CO2"} and ("CO2", True) in gases
        )
        gases = {
            key: value for key, value in gases.items() if key[1] or (key[0] == "CO2e") != drop_total
        }
    chosen = []
    for (gas, _), several in sorted(gases.items()):
        if len(several) > 1:
            raise Refused("item", _telling(gas, several))
        chosen.append(several[0])
    return tuple(chosen)


def _telling(gas: str, several: Sequence[Factor]) -> str:
    listed = "; ".join(
        f"{f.text} {f.unit} ({f.item or f.activity}, {f.boundary or f.region}, {f.key})"
        for f in several[:5]
    )
    more = f" and {len(several) - 5} more" if len(several) > 5 else ""
    columns = [
        name
        for name, values in (
            ("release", {f.release for f in several}),
            ("item", {f.item for f in several}),
            ("factor_boundary", {f.boundary for f in several}),
            ("calorific_basis", {f.calorific_basis for f in several}),
            ("factor_year", {f.data_year for f in several}),
        )
        if len(values) > 1
    ]
    return (
        f"{len(several)} factors for {gas} fit: {listed}{more}. Say which with the column "
        f"{' or '.join(columns) or 'factor'}."
    )


def _per(factor: Factor, unit: str) -> bool:
    below = factor.unit.partition("/")[2]
    return bool(below) and units.same_dimension(f"1/({below})", f"1/({unit})")


def _of(unit: str, amount: str) -> bool:
    """Whether a calorific value is energy per the unit of an amount."""
    return units.same_dimension(unit, f"J/({amount})")


def _only(other: str, boundary: str) -> bool:
    return bool(other) and other in boundary and _ELSEWHERE[other] not in boundary


def _alike(theirs: str, ours: str) -> bool:
    plain = [c.casefold().replace(" ", "").replace("°", "deg").replace("deg", "")
             for c in (theirs, ours)]  # fmt: skip
    return plain[0] == plain[1]
