"""From tables of activity data to an inventory: every row is used, or refused by name."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from carbonkit import units
from carbonkit._exact import amount, call
from carbonkit.emissions import Emissions
from carbonkit.errors import CarbonkitError, DimensionError, InventoryError, nearest
from carbonkit.factors import Factor, FactorLibrary, check_purpose
from carbonkit.factors import library as bundled
from carbonkit.factors.query import steps
from carbonkit.formula import Formula, Input, Result
from carbonkit.inventory.lookup import FUEL_CLASSES, Asked, Lookup, Own, blamed, own_value
from carbonkit.inventory.model import (
    Inventory,
    Row,
    Site,
    consolidate,
    emitted,
    known_boundary,
)
from carbonkit.inventory.schema import CATEGORIES, METHODS, Cells, Problem, Refused, read_table
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
    Instrument,
    Rate,
    Scope2,
    Use,
    location_based,
    purchased_heat,
    rate,
    t_and_d_loss,
    upstream,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["build"]

_HEAT = ("steam", "heat", "cooling")
_METHOD = {"mass balance": mass_balance, "life cycle": life_cycle, "screening": screening}
_CLASS = {fuel: name for name, fuels in FUEL_CLASSES.items() for fuel in fuels.split("; ")}
_MANY = 2000
_RATES = {"time": "year", "annual_leak": "%/year"}
_SHOWN = 12


def build(
    activities: pd.DataFrame,
    *,
    sites: pd.DataFrame | None,
    instruments: pd.DataFrame | None,
    refrigerants: pd.DataFrame | None,
    boundary: str,
    constants: Mapping[str, str] | None,
    library: FactorLibrary | None,
    vintage_years: int,
    on_error: str,
    progress: bool | None,
) -> Inventory:
    """Make an inventory; see :func:`carbonkit.inventory.from_frame`."""
    if on_error not in ("raise", "collect"):
        raise InventoryError(f"on_error={on_error!r}: 'raise' or 'collect'.")
    reader = _Reader(Lookup(bundled() if library is None else library))
    known = reader.sites(sites)
    rows: list[Row] = []
    count = 0
    tables = [("activities", activities, constants, reader.activity)]
    if refrigerants is not None:
        tables.append(("refrigerants", refrigerants, None, reader.refrigerant))
    for name, frame, same, read in tables:
        seen = list(_read(name, frame, same, reader.problems))
        count += len(seen)
        for cells in _bar(seen, name, progress):
            row = reader.guard(cells, partial(read, cells, known))
            if row is not None:
                rows.append(row)
    rows = reader.unrepeated(rows)
    reader.mixed_units(rows)
    bought = reader.instruments(instruments)
    draft = Inventory(
        tuple(rows), known, known_boundary(boundary), (), Scope2((), ()), bought,
        notes=tuple(reader.notes), vintage_years=vintage_years, refused=count - len(rows),
    )  # fmt: skip
    made = consolidate(draft)
    problems = list(reader.problems)
    for finding in made.ledger.findings:
        if finding.serious:
            table, _, row = finding.where.partition(", row ")
            problems.append(Problem(table, row, finding.column, finding.text))
    problems.sort(key=lambda p: (p.table, _natural(p.row), p.column))
    if problems and on_error == "raise":
        shown = "\n".join(f"  {p}" for p in problems[:_SHOWN])
        more = f"\n  and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise InventoryError(
            f"{len(problems)} problems:\n{shown}{more}\nMend them, or use on_error='collect' to "
            "get an inventory of the rest with every problem in .problems.",
            problems,
        )
    return replace(made, problems=tuple(problems))


def _natural(row: str) -> tuple[int, str]:
    return (int(row), "") if row.isdecimal() else (0, row)


def _read(
    table: str, frame: pd.DataFrame, constants: Mapping[str, str] | None, problems: list[Problem]
) -> Iterator[Cells]:
    labels: set[str] = set()
    for cells in read_table(table, frame, constants):
        if cells.row in labels:
            raise InventoryError(
                f"{table}: two rows are labelled {cells.row!r}. Give the frame a unique index, as "
                "by reset_index(drop=True)."
            )
        labels.add(cells.row)
        yield cells


def _bar(rows: Sequence[Cells], name: str, progress: bool | None) -> Iterable[Cells]:
    """Show a progress bar for long work on a terminal, or where asked to."""
    if progress is False or (progress is None and len(rows) < _MANY):
        return rows
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if progress is None and not console.is_terminal:
        return rows
    return track(rows, description=name, console=console, transient=True)


class _Reader:
    """Reads the tables, and collects what it cannot use."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.problems: list[Problem] = []
        self.notes: list[Finding] = []

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

    # ------------------------------------------------------------------ sites

    def sites(self, frame: pd.DataFrame | None) -> dict[str, Site]:
        """Read the sites; without a table every row is wholly inside the boundary."""
        found: dict[str, Site] = {}
        if frame is None:
            return found
        for cells in read_table("sites", frame):
            site = self.guard(cells, partial(self._site, cells, found))
            if site is not None:
                found[site.name] = site
        return found

    def _site(self, cells: Cells, known: Mapping[str, Site]) -> Site:
        _required(cells, ("site", "region"))
        name = cells.text("site")
        if name in known:
            raise Refused("site", f"the site {name!r} stands twice.")
        share = cells.number("equity_share")
        if share is not None and not 0 <= share <= 100:
            raise Refused("equity_share", f"{cells.text('equity_share')} is no percent 0 to 100.")
        region = cells.text("region")
        control = cells.truth("operational_control")
        financial = cells.truth("financial_control")
        return Site(
            name,
            region,
            cells.text("market", _country(region)),
            True if control is None else control,
            True if financial is None else financial,
            Fraction(1) if share is None else share / 100,
        )

    # ------------------------------------------------------------------ activities

    def activity(self, cells: Cells, sites: Mapping[str, Site]) -> Row:
        """Read one row of activity data and find its factors."""
        _required(cells, ("site", "year", "category", "activity", "amount"))
        site = self._of_site(cells, sites)
        year = cells.year("year")
        category = cells.one_of("category", tuple(CATEGORIES))
        _period(cells, year)
        used = self._amount(cells)
        region = cells.text("region", site.region if site else "")
        market = cells.text("market", site.market if site else _country(region))
        activity = cells.text("activity")
        releases = tuple(r.strip() for r in cells.text("release").split(";") if r.strip())
        rule = cells.text("factor_rule", "exact")
        cells.guarded("factor_rule", lambda: steps(rule))
        asked = Asked(
            activity,
            region or None,
            cells.year("factor_year"),
            rule,
            releases,
            cells.text("publisher") or None,
            cells.text("item") or None,
            cells.text("factor_boundary") or None,
        )
        score = cells.number("quality")
        if score is not None and not 1 <= score <= 5:
            raise Refused("quality", f"{cells.text('quality')} is no score from 1 to 5.")
        common: dict[str, Any] = {
            "table": cells.table, "row": cells.row, "scope": CATEGORIES[category],
            "category": category, "activity": activity, "site": cells.text("site"),
            "region": region, "market": market, "year": year, "amount": used.magnitude,
            "unit": used.unit, "quality": score, "cells": cells.shown(),
        }  # fmt: skip
        if category in ("stationary", "mobile"):
            return self._fuel(cells, used, asked, common)
        if category == "electricity":
            return self._electricity(cells, used, asked, common)
        if category == "fugitive":
            return self._fugitive(cells, used, common)
        if category == "own renewables":
            energy = used.magnitude * _scale(cells, used.unit, "MWh")
            return Row(**common, parts=(), emissions=Emissions(), energy=energy,
                       carrier="own renewables", renewable=True)  # fmt: skip
        return self._simple(cells, used, asked, common)

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
        energy = used.magnitude * _scale(cells, used.unit, "MWh")
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
        parts = grid.parts(location_based, energy)
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
        mass = used.magnitude * _scale(cells, used.unit, "kg")
        parts = tuple(
            call(leakage, {"mass": Input(mass, "kg"),
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
            energy = used.magnitude * _scale(cells, used.unit, "MWh")
        renewable = cells.truth("renewable")
        return Row(**common, parts=parts, emissions=_total(parts), energy=energy,
                   carrier=category if category in _HEAT else "", renewable=bool(renewable),
                   method="own factor" if own is not None else "direct factor")  # fmt: skip

    # ------------------------------------------------------------------ refrigerants

    def refrigerant(self, cells: Cells, sites: Mapping[str, Site]) -> Row:
        """Read one row of gas in equipment."""
        _required(cells, ("site", "year", "gas", "method", "unit"))
        site = self._of_site(cells, sites)
        year = cells.year("year")
        method = cells.one_of("method", tuple(METHODS))
        unit = cells.guarded("unit", lambda: units.canonical(cells.text("unit")))
        _scale(cells, unit, "kg")
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
        return Row(
            cells.table, cells.row, 1, "fugitive", gas, cells.text("site"), region,
            site.market if site else "", year or 0, total, "kg", tuple(parts), _total(parts),
            quality=cells.number("quality"), method=method, cells=cells.shown(),
        )  # fmt: skip

    # ------------------------------------------------------------------ instruments

    def instruments(self, frame: pd.DataFrame | None) -> tuple[Instrument, ...]:
        """Read the contractual instruments."""
        found: dict[str, Instrument] = {}
        if frame is None:
            return ()
        for cells in read_table("instruments", frame):
            one = self.guard(cells, partial(self._instrument, cells, found))
            if one is not None:
                found[one.id] = one
        return tuple(found.values())

    def _instrument(self, cells: Cells, known: Mapping[str, Instrument]) -> Instrument:
        _required(cells, ("id", "type", "market", "vintage"))
        name = cells.text("id")
        if name in known:
            raise Refused("id", f"{name!r} stands twice: one certificate covers one use.")
        kind = cells.one_of("type", ("certificate", "contract", "supplier"))
        energy = cells.number("energy")
        if energy is not None:
            if energy < 0:
                raise Refused("energy", f"{cells.text('energy')} is negative.")
            if "unit" not in cells:
                raise Refused("unit", "the energy has no unit. Write MWh, kWh ...")
            energy *= _scale(cells, cells.text("unit"), "MWh")
        elif kind != "supplier":
            raise Refused("energy", f"a {kind} covers so many MWh; say how many.")
        conveyed = own_value(cells, "rate")
        made = None
        if conveyed is not None:
            made = cells.guarded("rate_unit", lambda: self._rate(conveyed, kind))
        vintage = cells.year("vintage")
        assert vintage is not None  # noqa: S101 - it was required
        return Instrument(
            name, kind, energy, cells.text("market"), vintage, made, cells.truth("retired"),
            cells.year("year") or vintage, cells.text("technology"),
            bool(cells.truth("renewable")), cells.text("site"), cells.truth("exclusive"),
            cells.truth("delivered"), f"{cells.table}, row {cells.row}",
        )  # fmt: skip

    # ------------------------------------------------------------------ the table as a whole

    def unrepeated(self, rows: Sequence[Row]) -> list[Row]:
        """Refuse rows that repeat another, and periods that overlap."""
        first: dict[tuple[Any, ...], Row] = {}
        kept = []
        periods: dict[tuple[Any, ...], list[tuple[dt.date, dt.date, Row]]] = defaultdict(list)
        # In the order of the labels, so that the same row is refused whatever the order given.
        for row in sorted(rows, key=lambda r: (r.table, _natural(r.row))):
            same = (row.table, tuple(c for c in row.cells if c[0] != "note"))
            if same in first:
                self.problems.append(
                    Problem(row.table, row.row, "amount",
                            f"repeats row {first[same].row} in every column. If both are real, "
                            "tell them apart by meter or period.")
                )  # fmt: skip
                continue
            first[same] = row
            cells = Cells(row.table, row.row, dict(row.cells))
            start, end = cells.date("start"), cells.date("end")
            key = (row.site, row.category, row.activity, cells.text("meter"))
            if start and end:
                clash = next((r for a, b, r in periods[key] if a <= end and start <= b), None)
                if clash is not None:
                    self.problems.append(
                        Problem(row.table, row.row, "start",
                                f"the period {start} to {end} overlaps that of row {clash.row} "
                                "for the same site, activity and meter.")
                    )  # fmt: skip
                    continue
                periods[key].append((start, end, row))
            kept.append(row)
        return kept

    def mixed_units(self, rows: Iterable[Row]) -> None:
        """Note activities whose rows come in units of different size: a factor of 1000 hides so."""
        found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for row in rows:
            if row.table == "activities":
                found[row.site, row.activity].setdefault(row.unit, row.row)
        for (site, activity), named in sorted(found.items()):
            if len(named) > 1:
                listed = ", ".join(f"{unit} (row {row})" for unit, row in sorted(named.items()))
                self.notes.append(
                    Finding(
                        f"activities, rows {', '.join(sorted(named.values(), key=_natural))}",
                        "unit",
                        f"{activity} at {site} stands in several units: {listed}. Check that none "
                        "is a slip.",
                    )
                )


def _required(cells: Cells, columns: Iterable[str]) -> None:
    for column in columns:
        if column not in cells:
            raise Refused(column, "the cell is empty.")


def _country(region: str) -> str:
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


def _scale(cells: Cells, unit: str, to: str) -> Fraction:
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
