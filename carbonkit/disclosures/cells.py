"""Cells made of the lines of an inventory, and of other cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from carbonkit import units
from carbonkit._text import number
from carbonkit.disclosures.table import Cell, Entry
from carbonkit.inventory import Denominator, Inventory, Line

__all__ = [
    "BOUGHT",
    "FUELS",
    "LOCATION",
    "MARKET",
    "Share",
    "added_cells",
    "all_of",
    "all_scopes",
    "emissions_cell",
    "energy_cell",
    "fossil_of",
    "in_both_units",
    "intensities",
    "mass_cell",
    "not_renewable_of",
    "nuclear_of",
    "percent_cell",
    "renewable_of",
    "scopes_1_and_2",
    "sum_cell",
]

LOCATION, MARKET = "location-based", "market-based"
_TJ = Fraction(36, 10_000)  # TJ in a MWh
Share = Callable[[Line], Fraction]
FUELS = ("stationary", "mobile")
BOUGHT = ("electricity", "steam", "heat", "cooling")


def emissions_cell(inventory: Inventory, gwp_set: str, **where: Any) -> Cell:
    """Return t CO2e of the lines that `where` selects; see `Inventory.select`."""
    lines = inventory.select(**where)
    inventory.check_gwp(gwp_set, lines)
    parts = tuple((line, line.emissions.exact_co2e(gwp_set)) for line in lines)
    return sum_cell(parts, "t CO2e")


def sum_cell(parts: Iterable[tuple[Line, Fraction]], unit: str) -> Cell:
    """Add what lines contribute; those that contribute nothing are left out."""
    kept = tuple((line, part) for line, part in parts if part)
    return Cell(sum((part for _, part in kept), Fraction(0)), unit, kept)


def mass_cell(inventory: Inventory, gas: str, unit: str, **where: Any) -> Cell:
    """Return the mass of one gas in the lines that `where` selects."""
    lines = inventory.select(**where)
    return sum_cell(((line, line.emissions.masses.get(gas, Fraction(0))) for line in lines), unit)


def added_cells(cells: Sequence[Cell], how: str) -> Cell:
    """Add cells, keeping the lines behind them; unknown if one is."""
    parts = tuple(part for cell in cells for part in cell.parts)
    if any(cell.value is None for cell in cells):
        return Cell(None, cells[0].unit, parts, how)
    total = sum((cell.value for cell in cells if cell.value is not None), Fraction(0))
    return Cell(total, cells[0].unit, parts, how)


def percent_cell(above: Cell, below: Cell, how: str) -> Cell:
    """Return one cell in per cent of another; unknown if one is, or the other is zero."""
    if above.value is None or not below.value:
        return Cell(None, "%", (), how)
    return Cell(100 * above.value / below.value, "%", (), how)


def energy_cell(
    inventory: Inventory, year: int, categories: Sequence[str], share: Share,
    carriers: Sequence[str] | None = None,
) -> Cell:  # fmt: skip
    """Return MWh of some categories; each line counts with a share of its energy."""
    lines = inventory.select(
        year=year, category=categories, carrier=carriers, scope=(1, 2), method=MARKET
    )
    return sum_cell(
        ((line, line.energy * line.share * share(line)) for line in lines if line.energy),
        "MWh",
    )


def all_of(line: Line) -> Fraction:
    """Count the whole of a line's energy."""
    return Fraction(1)


def renewable_of(line: Line) -> Fraction:
    """Count the renewable share of a line's energy."""
    return line.renewable


def not_renewable_of(line: Line) -> Fraction:
    """Count the share of a line's energy that is not renewable."""
    return 1 - line.renewable


def nuclear_of(line: Line) -> Fraction:
    """Count the nuclear share of a line's energy."""
    return line.nuclear


def fossil_of(line: Line) -> Fraction:
    """Count the share of a line's energy that is neither renewable nor nuclear."""
    return 1 - line.renewable - line.nuclear


def in_both_units(entries: Iterable[tuple[str, str, Mapping[int, Cell]]]) -> tuple[Entry, ...]:
    """Return each row of MWh in joules too, as GRI asks."""
    made = []
    for requirement, label, cells in entries:
        for unit, scale in (("TJ", _TJ), ("MWh", Fraction(1))):
            made.append(
                Entry(
                    requirement, label,
                    {str(year): _scaled(cell, scale, unit) for year, cell in cells.items()},
                )
            )  # fmt: skip
    return tuple(made)


def _scaled(cell: Cell, scale: Fraction, unit: str) -> Cell:
    value = None if cell.value is None else cell.value * scale
    return Cell(value, unit, tuple((line, p * scale) for line, p in cell.parts), cell.how)


def intensities(
    requirement: str,
    denominators: Iterable[Denominator],
    years: Sequence[int],
    numerators: Sequence[tuple[str, Callable[[int], Cell]]],
) -> tuple[Entry, ...]:
    """Return each numerator per unit of each denominator, in the years that have both."""
    by_name: dict[tuple[str, str], dict[int, Denominator]] = {}
    for one in denominators:
        by_name.setdefault((one.label, one.unit), {})[one.year] = one
    entries = []
    for (name, unit), of_year in by_name.items():
        for label, make in numerators:
            cells = {}
            for year in years:
                if year not in of_year:
                    continue
                above, below = make(year), of_year[year].amount
                value = None if above.value is None else above.value / below
                how = f"{above} {above.unit} / {number(float(below))} {unit}"
                parts = tuple((line, part / below) for line, part in above.parts)
                cells[str(year)] = Cell(
                    value, units.canonical(f"{above.unit}/({unit})"), parts, how
                )
            if cells:
                entries.append(Entry(requirement, f"{label} per {name}", cells))
    return tuple(entries)


def scopes_1_and_2(inventory: Inventory, gwp_set: str, method: str) -> Callable[[int], Cell]:
    """Return what gives a year its emissions of Scopes 1 and 2, by one Scope 2 method."""
    return lambda year: emissions_cell(inventory, gwp_set, scope=(1, 2), method=method, year=year)


def all_scopes(inventory: Inventory, gwp_set: str, method: str) -> Callable[[int], Cell]:
    """Return what gives a year its emissions of all scopes, by one Scope 2 method."""
    return lambda year: emissions_cell(inventory, gwp_set, method=method, year=year)
