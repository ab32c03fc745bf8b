"""One row of a table at a time: its amount, its factors, and what it emits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from carbonkit import units
from carbonkit._exact import amount, call
from carbonkit._text import number
from carbonkit.emissions import Emissions
from carbonkit.errors import CarbonkitError, DimensionError, nearest
from carbonkit.factors import Factor, check_purpose
from carbonkit.factors.query import steps
from carbonkit.formula import Formula, Input, Result
from carbonkit.inventory.lines import Row, Site
from carbonkit.inventory.lookup import FUEL_CLASSES, Asked, Lookup, Own, blamed, own_value
from carbonkit.inventory.parts import Reading, emitted
from carbonkit.inventory.schema import (
    CATEGORIES,
    METHODS,
    PRODUCTS,
    Cells,
    Problem,
    Refused,
    natural,
)
from carbonkit.inventory.uncertain import uncertain
from carbonkit.provenance import Assumption
from carbonkit.scope1 import (
    carbon_content,
    combustion,
    combustion_by_energy,
    fuel_energy,
    leakage,
    life_cycle,
    mass_balance,
    process,
    screening,
)
from carbonkit.scope2 import (
    Finding,
    Rate,
    Use,
    chp_bought,
    chp_heat,
    chp_power,
    location_based,
    purchased_heat,
    rate,
    t_and_d_loss,
    upstream,
)

__all__ = ["Rows", "country", "required", "scale"]

_HEAT = ("steam", "heat", "cooling")
_METHOD = {"mass balance": mass_balance, "life cycle": life_cycle, "screening": screening}
_CLASS = {fuel: name for name, fuels in FUEL_CLASSES.items() for fuel in fuels.split("; ")}
_PLANT = ("heat_out", "power_out", "heat_efficiency", "power_efficiency")
_RATES = {"time": "year", "annual_leak": "%/year"}


class Rows:
    """Reads rows, and collects what it cannot use."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.problems: list[Problem] = []
        self.notes: list[Finding] = []
        self.readings: dict[tuple[str, ...], Reading] = {}

    def guard(self, cells: Cells, read: Callable[[], Any]) -> Any:
        """Read something of a row; what cannot be used becomes a problem."""
        try:
            return read()
        except Refused as refused:
            self.problems.append(cells.problem(refused.column, refused.text))
        except CarbonkitError as error:
            text = str(error.args[0] if error.args else error)
            self.problems.append(cells.problem("activity", text))
        return None

    # ------------------------------------------------------------------ readings

    def find_readings(self, table: Iterable[Cells]) -> None:
        """Find the amounts that rows of Scope 3 repeat: losses and upstream of the same energy."""
        for cells in sorted(table, key=lambda c: natural(c.row)):
            if CATEGORIES.get(cells.text("category"), 3) != 3:
                self.readings.setdefault(_same(cells), Reading(f"{cells.table}, row {cells.row}"))

    def _reading(self, cells: Cells, scope: int) -> Reading:
        own = Reading(f"{cells.table}, row {cells.row}")
        return self.readings.get(_same(cells), own) if scope == 3 else own

    # ------------------------------------------------------------------ activities

    def activity(self, cells: Cells, sites: Mapping[str, Site]) -> Row:
        """Read one row of activity data and find its factors."""
        required(cells, ("site", "year", "category", "activity", "amount"))
        site = self._of_site(cells, sites)
        year = cells.year("year")
        category = cells.one_of("category", tuple(CATEGORIES))
        _period(cells, year)
        reading = self._reading(cells, CATEGORIES[category])
        used = replace(self._amount(cells), origin=reading)
        region = cells.text("region", site.region if site else "")
        market = cells.text("market", site.market if site else country(region))
        activity = cells.text("activity")
        score = self._score(cells)
        asked = self._asked(cells, region)
        common: dict[str, Any] = {
            "table": cells.table, "row": cells.row, "scope": CATEGORIES[category],
            "category": category, "activity": activity, "site": cells.text("site"),
            "region": region, "market": market, "year": year, "amount": used.magnitude,
            "unit": used.unit, "quality": score, "cells": cells.shown(), "reading": reading,
        }  # fmt: skip
        return uncertain(cells, self._by_category(cells, used, asked, common))

    def _by_category(self, cells: Cells, used: Input, asked: Asked, common: dict[str, Any]) -> Row:
        category = common["category"]
        if category in ("stationary", "mobile"):
            return self._fuel(cells, used, asked, common)
        if category == "electricity":
            return self._electricity(cells, used, asked, common)
        if category == "fugitive":
            return self._fugitive(cells, used, common)
        if category == "own renewables":
            energy = used.magnitude * scale(cells, used.unit, "MWh")
            return Row(**common, parts=(), emissions=Emissions(), energy=energy,
                       carrier="own renewables", renewable=True)  # fmt: skip
        return self._simple(cells, used, asked, common)

    @staticmethod
    def _score(cells: Cells) -> Fraction | None:
        score = cells.number("quality")
        if score is not None and not 1 <= score <= 5:
            raise Refused("quality", f"{cells.text('quality')} is no score from 1 to 5.")
        return score

    @staticmethod
    def _asked(cells: Cells, region: str) -> Asked:
        rule = cells.text("factor_rule", "exact")
        cells.guarded("factor_rule", lambda: steps(rule))
        return Asked(
            cells.text("activity"),
            region or None,
            cells.year("factor_year"),
            rule,
            tuple(r.strip() for r in cells.text("release").split(";") if r.strip()),
            cells.text("publisher") or None,
            cells.text("item") or None,
            cells.text("factor_boundary") or None,
        )

    def _amount(self, cells: Cells) -> Input:
        used: Input
        text = cells.text("amount")
        if "unit" not in cells:
            if not any(c.isalpha() for c in text.replace("e", "").replace("E", "")):
                raise Refused("unit", "the amount has no unit. Write kWh, m3, t ...")
            used = cells.guarded("amount", lambda: amount(text))
        else:
            value = cells.number("amount")
            unit = cells.guarded("unit", lambda: units.canonical(cells.text("unit")))
            used = Input(Fraction(0) if value is None else value, unit)
        if used.magnitude < 0:
            raise Refused(
                "amount",
                f"{text} is negative. A credit or a correction is no activity: mend the row that "
                "it corrects, or report sold energy apart.",
            )
        if "/year" in used.unit:
            raise Refused("unit", f"{used.unit!r}: the year has its own column; leave it out here.")
        return used

    def _of_site(self, cells: Cells, sites: Mapping[str, Site]) -> Site | None:
        name = cells.text("site")
        if sites and name not in sites:
            raise Refused("site", f"{name!r} is not in the table of sites.{nearest(name, sites)}")
        return sites.get(name)

    def _fuel(self, cells: Cells, used: Input, asked: Asked, common: dict[str, Any]) -> Row:
        own = self._own(cells)
        method = cells.one_of("method", ("carbon content",))
        heat: Factor | Input | None = None
        parts: tuple[Result, ...]
        if method:
            inputs = self.lookup.carbon(cells, asked, used.unit)
            parts = (call(carbon_content, {"fuel": used, **_opened(inputs)}),)
            heat = inputs["calorific_value"]
        elif own is not None:
            parts = (self._by(combustion, cells, used, own),)
        else:
            found, heat = self.lookup.burnt(cells, asked, used.unit, common["category"])
            parts = tuple(self._burn(used, factor, heat) for factor in found)
            gases = {f.gas for f in found}
            if gases == {"CO2"}:
                self.notes.append(
                    Finding(
                        f"{cells.table}, row {cells.row}", "release",
                        "only CO2 was found for this fuel; name a release that has CH4 and N2O "
                        "too, several are joined by a semicolon.",
                    )
                )  # fmt: skip
        name = self._canonical(asked, parts)
        carrier = _CLASS.get(name, "other fossil")
        renewable = cells.truth("renewable")
        energy, basis = self._energy(cells, used, asked, heat)
        return Row(
            **common,
            parts=parts,
            emissions=_total(parts),
            energy=energy,
            basis=basis,
            carrier=carrier,
            renewable=carrier == "renewable fuel" if renewable is None else renewable,
            method=method or ("own factor" if own is not None else "direct factor"),
        )

    def _canonical(self, asked: Asked, parts: Iterable[Result]) -> str:
        for part in parts:
            for given in part.inputs.values():
                if isinstance(given.origin, Factor):
                    return given.origin.activity
        return asked.activity

    def _burn(self, used: Input, factor: Factor, heat: Factor | Input | None) -> Result:
        check_purpose(factor, "biogenic" if factor.kind == "biogenic" else "combustion")
        taken = amount(factor)
        notes: tuple[Assumption, ...] = ()
        if factor.gas not in ("", "CO2e") and units.species(taken.unit) == "CO2e":
            notes = (
                Assumption(
                    f"mass of {factor.gas}",
                    f"CO2e / GWP of {factor.gas} in {factor.gwp_set}",
                    "the publisher prints this gas in CO2e",
                    factor.source,
                ),
            )
        if heat is None:
            return call(combustion, {"fuel": used, "factor": taken}, factor.gwp_set, notes)
        value = heat if isinstance(heat, Input) else amount(heat)
        inputs = {"fuel": used, "calorific_value": value, "factor": taken}
        return call(combustion_by_energy, inputs, factor.gwp_set, notes)

    def _energy(
        self, cells: Cells, used: Input, asked: Asked, heat: Factor | Input | None
    ) -> tuple[Fraction | None, str]:
        """Return the MWh in a fuel, and the basis; None if no calorific value is known."""
        basis = cells.text("calorific_basis")
        if units.same_dimension(used.unit, "MWh"):
            return used.magnitude * units.scale(used.unit, "MWh"), basis
        if heat is None:
            for bases in (("net",), ("gross",)):
                try:
                    heat = self.lookup.heat(cells, asked, used.unit, bases)
                    break
                except (Refused, CarbonkitError):
                    continue
        if heat is None:
            return None, ""
        if isinstance(heat, Factor):
            basis = heat.calorific_basis
        value = heat if isinstance(heat, Input) else amount(heat)
        made = call(fuel_energy, {"fuel": used, "calorific_value": value})
        return made.magnitude * units.scale(made.unit, "MWh"), basis

    def _own(self, cells: Cells) -> Input | None:
        own = own_value(cells, "factor")
        if own is not None and not cells.text("factor_source"):
            raise Refused("factor_source", "say where your own factor comes from.")
        return own

    def _by(self, formula: Formula, cells: Cells, used: Input, own: Input) -> Result:
        """Multiply an amount by a factor of the row's own."""
        first, second = formula.units
        gwp_set = own.origin.gwp_set if isinstance(own.origin, Own) else None
        wrong = (
            f"{used.unit} times {own.unit} is no mass of a gas. Write the factor per the unit of "
            "the amount, and its gas: kg CO2/kWh, kg CO2e/t ..."
        )
        try:
            made = call(formula, {first: used, second: own}, gwp_set)
        except DimensionError:
            raise Refused("factor_unit", wrong) from None
        species = units.species(made.unit)
        if species is None or not units.same_dimension(made.unit, f"t {species}"):
            raise Refused("factor_unit", wrong)
        if species == "CO2e" and not gwp_set and made.magnitude:
            raise Refused("gwp_set", "a factor in CO2e needs its GWP set: AR4, AR5 or AR6.")
        return made

    def _electricity(self, cells: Cells, used: Input, asked: Asked, common: dict[str, Any]) -> Row:
        energy = used.magnitude * scale(cells, used.unit, "MWh")
        year = common["year"]
        asked = _dated(asked, year)
        grid = self._grid(cells, asked)
        residual = own_value(cells, "residual")
        if residual is None:
            market = Asked(asked.activity, common["market"] or None, year, "exact",
                           asked.releases, asked.publisher)  # fmt: skip
            found = self.lookup.rates(market, "residual") if common["market"] else ()
            rest = rate(*found, kind="residual") if found else None
        else:
            rest = cells.guarded("residual_unit", lambda: self._rate(residual, "residual"))
        use = Use(
            energy, common["market"], year, grid, rest, common["site"],
            f"{cells.table}, row {cells.row}",
        )  # fmt: skip
        parts = grid.parts(location_based, used)
        return Row(**common, parts=parts, emissions=_total(parts), energy=energy, use=use,
                   carrier="electricity", method="grid average")  # fmt: skip

    def _grid(self, cells: Cells, asked: Asked) -> Rate:
        own = self._own(cells)
        if own is not None:
            return cells.guarded("factor_unit", lambda: self._rate(own, "average"))  # type: ignore[no-any-return]
        if not asked.region:
            raise Refused("region", "give the region of the grid: CN-GD, US-eGRID-CAMX, GB ...")
        found = self.lookup.rates(asked, "average")
        if not found:
            raise Refused("region", self.lookup.why(asked, ("average",), by_region=True))
        for factor in found:
            cells.guarded("release", partial(check_purpose, factor, "inventory-location"))
        return rate(*found, kind="average")

    @staticmethod
    def _rate(own: Input, kind: str) -> Rate:
        gwp_set = own.origin.gwp_set if isinstance(own.origin, Own) else None
        made = rate((own.magnitude, own.unit), kind=kind, gwp_set=gwp_set)
        return Rate(made.per_mwh, (own,), kind, gwp_set)

    def _fugitive(self, cells: Cells, used: Input, common: dict[str, Any]) -> Row:
        parts: tuple[Result, ...]
        if units.species(used.unit):
            parts = (Result(used.magnitude, used.unit, note="lost, as measured"),)
            return Row(**common, parts=parts, emissions=_total(parts), method="as measured")
        scale(cells, used.unit, "kg")
        parts = tuple(
            call(leakage, {"mass": used,
                           "share": Input(share, f"kg {gas}/kg", origin)})
            for gas, (share, origin) in self.lookup.blend(common["activity"]).items()
        )  # fmt: skip
        return Row(**common, parts=parts, emissions=_total(parts), method="as measured")

    def _simple(self, cells: Cells, used: Input, asked: Asked, common: dict[str, Any]) -> Row:
        """Process emissions, purchased heat, upstream and losses: amount times factor."""
        category = common["category"]
        formula, kind = {
            "process": (process, "activity"),
            "well-to-tank": (upstream, "well-to-tank"),
            "t-and-d-loss": (t_and_d_loss, "t-and-d-loss"),
        }.get(category, (purchased_heat, "heat"))
        own = self._own(cells)
        parts: tuple[Result, ...]
        if own is not None:
            parts = (self._by(formula, cells, used, own),)
        elif category == "process":
            raise Refused("factor", "give the factor of the process, its unit and its source.")
        else:
            by_region = category in _HEAT
            found = self.lookup.rates(asked, kind, used.unit, by_region=by_region)
            if not found:
                raise Refused(blamed(asked), self.lookup.why(asked, (kind,), by_region=by_region))
            first, second = formula.units
            parts = tuple(call(formula, {first: used, second: amount(f)}, f.gwp_set) for f in found)
        energy = None
        if category in _HEAT:
            energy = used.magnitude * scale(cells, used.unit, "MWh")
        renewable = cells.truth("renewable")
        return Row(**common, parts=parts, emissions=_total(parts), energy=energy,
                   carrier=category if category in _HEAT else "", renewable=bool(renewable),
                   method="own factor" if own is not None else "direct factor")  # fmt: skip

    # ------------------------------------------------------------------ refrigerants

    def refrigerant(self, cells: Cells, sites: Mapping[str, Site]) -> Row:
        """Read one row of gas in equipment."""
        required(cells, ("site", "year", "gas", "method", "unit"))
        site = self._of_site(cells, sites)
        year = cells.year("year")
        method = cells.one_of("method", tuple(METHODS))
        unit = cells.guarded("unit", lambda: units.canonical(cells.text("unit")))
        scale(cells, unit, "kg")
        formula = _METHOD[method]
        values: dict[str, Fraction] = {}
        for name in METHODS[method]:
            value = cells.number(name)
            if value is None:
                raise Refused(name, f"the method {method!r} needs it; write 0 if there was none.")
            if value < 0:
                raise Refused(name, "it is negative.")
            values[name] = value
        gas = cells.text("gas")
        parts = []
        for species, (share, origin) in self.lookup.blend(gas).items():
            inputs = {}
            for name, declared in formula.units.items():
                if "gas" in str(declared):
                    source = origin if share != 1 else None
                    inputs[name] = Input(values[name] * share, f"{unit} {species}", source)
                else:
                    inputs[name] = Input(values[name], _RATES.get(name, "%"))
            parts.append(call(formula, inputs))
        if sum(part.magnitude for part in parts) < 0:
            raise Refused(
                METHODS[method][0],
                "the records do not balance: the loss would be negative. Check stocks and charges.",
            )
        total = sum((part.magnitude for part in parts), Fraction(0))
        region = site.region if site else ""
        row = Row(
            cells.table, cells.row, 1, "fugitive", gas, cells.text("site"), region,
            site.market if site else "", year or 0, total, "kg", tuple(parts), _total(parts),
            quality=self._score(cells), method=method, cells=cells.shown(),
            reading=self._reading(cells, 1),
        )  # fmt: skip
        return uncertain(cells, row)

    # ------------------------------------------------------------------ heat and power together

    def chp(self, cells: Cells, sites: Mapping[str, Site]) -> Row:
        """Read one row of a plant that makes heat and power, and divide its emissions."""
        required(cells, ("site", "year", "product", "activity", "amount", "unit", *_PLANT))
        site = self._of_site(cells, sites)
        year = cells.year("year")
        product = cells.one_of("product", tuple(PRODUCTS))
        reading = self._reading(cells, 1)
        used = replace(self._amount(cells), origin=reading)
        region = site.region if site else ""
        common: dict[str, Any] = {
            "table": cells.table, "row": cells.row, "scope": 1, "category": "stationary",
            "activity": cells.text("activity"), "site": cells.text("site"), "region": region,
            "market": site.market if site else "", "year": year, "amount": used.magnitude,
            "unit": used.unit, "quality": self._score(cells), "cells": cells.shown(),
            "reading": reading,
        }  # fmt: skip
        whole = self._fuel(cells, used, self._asked(cells, region), common)
        made = {
            "heat": _energy_of(cells, "heat_out", "heat_unit"),
            "power": _energy_of(cells, "power_out", "power_unit"),
            **{name: Input(_percent(cells, name), "%") for name in _PLANT[2:]},
        }
        self._plausible(cells, whole, made["heat"].magnitude + made["power"].magnitude)
        formulas = {"heat": chp_heat, "power": chp_power}
        if product == "own plant":
            if "used" in cells:
                raise Refused("used", "all emissions of the own plant count; leave it empty.")
            parts = tuple(
                call(formula, {"emissions": Input(p.magnitude, p.unit, p), **made}, p.gwp_set)
                for p in whole.parts
                for formula in formulas.values()
            )
            return uncertain(cells, replace(whole, parts=parts, method="CHP, own plant"))
        output = "power" if product == "power" else "heat"
        bought = _energy_of(cells, "used", f"{output}_unit")
        if bought.magnitude > made[output].magnitude:
            raise Refused("used", f"it is more than the {output} that the plant makes.")
        parts = tuple(_bought(formulas[output], p, made, bought, made[output]) for p in whole.parts)
        energy = bought.magnitude * units.scale("GJ", "MWh")
        category = "electricity" if product == "power" else product
        unit = units.canonical(cells.text(f"{output}_unit"))
        row = replace(
            whole, scope=PRODUCTS[product], category=category, parts=parts, emissions=_total(parts),
            energy=energy, basis="", carrier=category, method="CHP, efficiency method",
            amount=bought.magnitude * units.scale("GJ", unit), unit=unit,
        )  # fmt: skip
        return uncertain(cells, row)

    def _plausible(self, cells: Cells, whole: Row, out: Fraction) -> None:
        """Note a plant that gives out more energy than its fuel holds."""
        if not out:
            raise Refused("heat_out", "the plant makes neither heat nor power.")
        if whole.energy is not None and out > whole.energy * units.scale("MWh", "GJ"):
            self.notes.append(
                Finding(
                    f"{cells.table}, row {cells.row}", "heat_out",
                    f"heat and power ({number(out)} GJ) are more than the energy of the fuel "
                    f"({number(whole.energy * units.scale('MWh', 'GJ'))} GJ, "
                    f"{whole.basis or 'basis not stated'}).",
                )
            )  # fmt: skip


def _energy_of(cells: Cells, column: str, unit_column: str) -> Input:
    """Return an amount of energy in GJ."""
    required(cells, (column, unit_column))
    value = cells.number(column)
    assert value is not None  # noqa: S101 - it was required
    if value < 0:
        raise Refused(column, "it is negative.")
    unit = cells.text(unit_column)
    return Input(value * cells.guarded(unit_column, lambda: units.scale(unit, "GJ")), "GJ")


def _percent(cells: Cells, column: str) -> Fraction:
    value = cells.number(column)
    if value is None or not 0 < value <= 100:
        raise Refused(column, f"{cells.text(column)} is no percent above 0 and up to 100.")
    return value


def _bought(
    formula: Formula, part: Result, made: Mapping[str, Input], bought: Input, output: Input
) -> Result:
    """Return the emissions of what was bought of one product of a plant."""
    divided = call(formula, {"emissions": Input(part.magnitude, part.unit, part), **made},
                   part.gwp_set, part.assumptions)  # fmt: skip
    inputs = {
        "emissions": Input(divided.magnitude, divided.unit, divided),
        "bought": bought,
        "output": output,
    }
    return call(chp_bought, inputs, part.gwp_set, part.assumptions)


def _same(cells: Cells) -> tuple[str, ...]:
    """Return what two rows have in common that are about one reading."""
    names = ("site", "year", "activity", "amount", "unit", "start", "end", "meter", "region")
    return tuple(cells.text(name) for name in names)


def required(cells: Cells, columns: Iterable[str]) -> None:
    """Refuse a row that leaves a column empty."""
    for column in columns:
        if column not in cells:
            raise Refused(column, "the cell is empty.")


def country(region: str) -> str:
    """Return the country of a region, which is the market where none is named."""
    return region.partition("-")[0]


def _period(cells: Cells, year: int | None) -> None:
    start, end = cells.date("start"), cells.date("end")
    if (start is None) != (end is None):
        raise Refused("end" if end is None else "start", "give both start and end, or neither.")
    if start and end:
        if end < start:
            raise Refused("end", f"{end} is before {start}.")
        if year not in (start.year, end.year):
            raise Refused("year", f"the period {start} to {end} is not in {year}.")


def scale(cells: Cells, unit: str, to: str) -> Fraction:
    """Return the size of a unit in another, or refuse the row."""
    found: Fraction = cells.guarded("unit", lambda: units.scale(unit, to))
    return found


def _dated(asked: Asked, year: int) -> Asked:
    return asked if asked.year is not None else replace(asked, year=year)


def _opened(given: Mapping[str, Factor | Input]) -> dict[str, Input]:
    return {n: v if isinstance(v, Input) else amount(v) for n, v in given.items()}


def _total(parts: Iterable[Result]) -> Emissions:
    total = Emissions()
    for part in parts:
        total = total + emitted(part)
    return total
