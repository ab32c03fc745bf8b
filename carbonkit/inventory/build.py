"""From tables of activity data to an inventory: every row is used, or refused by name."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from carbonkit.errors import InventoryError
from carbonkit.factors import FactorLibrary
from carbonkit.factors import library as bundled
from carbonkit.inventory.lines import Row, Site, known_boundary
from carbonkit.inventory.lookup import Lookup, own_value
from carbonkit.inventory.model import Inventory, consolidate
from carbonkit.inventory.rows import Rows, country, required, scale
from carbonkit.inventory.schema import Cells, Problem, Refused, natural, read_table
from carbonkit.scope2 import Finding, Instrument, Scope2
from carbonkit.uncertainty import Distribution

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["build"]

_MANY = 2000
_SHOWN = 12


def build(
    activities: pd.DataFrame,
    *,
    sites: pd.DataFrame | None,
    instruments: pd.DataFrame | None,
    refrigerants: pd.DataFrame | None,
    chp: pd.DataFrame | None,
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
    tables = [
        ("activities", activities, constants, reader.activity),
        ("refrigerants", refrigerants, None, reader.refrigerant),
        ("chp", chp, None, reader.chp),
    ]
    for name, frame, same, read in tables:
        if frame is None:
            continue
        seen = list(_read(name, frame, same))
        reader.find_readings(seen)
        count += len(seen)
        for cells in _bar(seen, name, progress):
            row = reader.guard(cells, partial(read, cells, known))
            if row is not None:
                rows.append(row)
    rows = reader.agreeing(reader.unrepeated(rows))
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
    problems.sort(key=lambda p: (p.table, natural(p.row), p.column))
    if problems and on_error == "raise":
        shown = "\n".join(f"  {p}" for p in problems[:_SHOWN])
        more = f"\n  and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise InventoryError(
            f"{len(problems)} problems:\n{shown}{more}\nMend them, or use on_error='collect' to "
            "get an inventory of the rest with every problem in .problems.",
            problems,
        )
    return replace(made, problems=tuple(problems))


def _read(table: str, frame: pd.DataFrame, constants: Mapping[str, str] | None) -> Iterator[Cells]:
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


class _Reader(Rows):
    """Reads whole tables."""

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
        required(cells, ("site", "region"))
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
            cells.text("market", country(region)),
            True if control is None else control,
            True if financial is None else financial,
            Fraction(1) if share is None else share / 100,
        )

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
        required(cells, ("id", "type", "market", "vintage"))
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
            energy *= scale(cells, cells.text("unit"), "MWh")
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
        for row in sorted(rows, key=lambda r: (r.table, natural(r.row))):
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

    def agreeing(self, rows: Sequence[Row]) -> list[Row]:
        """Refuse rows that say something else of one input than an earlier row does."""
        said: dict[str, tuple[Distribution, Row]] = {}
        kept = []
        for row in rows:
            clash = next(
                (
                    (name, said[name])
                    for name, distribution in row.uncertain
                    if name in said and said[name][0] != distribution
                ),
                None,
            )
            if clash is None:
                said |= {name: (distribution, row) for name, distribution in row.uncertain}
                kept.append(row)
                continue
            name, (other, first) = clash
            column = "amount_uncertainty" if name.startswith(row.table) else "factor_uncertainty"
            self.problems.append(
                Problem(row.table, row.row, column,
                        f"row {first.row} says {other} of {name}; one input has one uncertainty.")
            )  # fmt: skip
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
                        f"activities, rows {', '.join(sorted(named.values(), key=natural))}",
                        "unit",
                        f"{activity} at {site} stands in several units: {listed}. Check that none "
                        "is a slip.",
                    )
                )
