"""Disclosure tables made from an inventory, each cell traceable to the rows behind it.

GRI 302 and 305, ESRS E1, IFRS S2 and the UK's SECR. The tables hold the numbers that an inventory
can give; what only the company can say (scope of a target, reasons for a change) is left open by
name, never filled in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit import units
from carbonkit._text import number
from carbonkit.emissions import BIOGENIC
from carbonkit.errors import InventoryError
from carbonkit.inventory import CAUSES, Denominator, Inventory, Line, compare
from carbonkit.inventory.model import TRACE, traced
from carbonkit.inventory.parts import leaves
from carbonkit.inventory.workbook import plain_cell, save_sheets

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Cell",
    "Disclosure",
    "Entry",
    "esrs_e1_5",
    "esrs_e1_6",
    "every",
    "gri_302_1",
    "gri_302_3",
    "gri_302_4",
    "gri_305_1",
    "gri_305_2",
    "gri_305_3",
    "gri_305_4",
    "gri_305_5",
    "ifrs_s2",
    "quality_criteria",
    "secr",
    "to_excel",
]

_LOCATION, _MARKET = "location-based", "market-based"
_TJ = Fraction(36, 10_000)  # TJ in a MWh


@dataclass(frozen=True)
class Cell:
    """One number of a disclosure, with the lines that make it.

    Attributes
    ----------
    value : Fraction or None
        Exact; None where the inventory cannot tell.
    unit : str
    parts : tuple of (Line, Fraction)
        What each line contributes; they add up to the value exactly.
    how : str
        The arithmetic, where the cell is made of other cells.
    """

    value: Fraction | None
    unit: str
    parts: tuple[tuple[Line, Fraction], ...] = ()
    how: str = ""

    def __str__(self) -> str:
        return "not available" if self.value is None else number(float(self.value))


@dataclass(frozen=True)
class Entry:
    """One row of a disclosure.

    Attributes
    ----------
    requirement : str
        The paragraph that asks for it.
    label : str
    cells : mapping of str to Cell
        By the name of the column.
    """

    requirement: str
    label: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Disclosure:
    """A disclosure table.

    Attributes
    ----------
    code, title : str
    entries : tuple of Entry
    notes : tuple of str
        What must be said with the numbers.
    """

    code: str
    title: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of numbers."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.cells))

    @property
    def header(self) -> tuple[str, ...]:
        """Names of all columns."""
        return ("requirement", "item", "unit", *self.columns)

    def _rows(self, show: Callable[[Cell], Any]) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for entry in self.entries:
            unit = next((c.unit for c in entry.cells.values()), "")
            shown = [show(entry.cells[n]) if n in entry.cells else "" for n in self.columns]
            rows.append((entry.requirement, entry.label, unit, *shown))
        return rows

    def frame(self) -> pd.DataFrame:
        """Return the table as a frame; a number that is not available is missing."""
        import pandas as pd

        def plain(cell: Cell) -> float:
            return float("nan") if cell.value is None else float(cell.value)

        return pd.DataFrame(self._rows(plain), columns=list(self.header))

    def markdown(self) -> str:
        """Return the table and its notes as Markdown."""
        lines = [f"## {self.code}: {self.title}", "", _markdown_row(self.header)]
        lines.append(_markdown_row(["---", "---", "---", *["---:"] * len(self.columns)]))
        lines += [_markdown_row(row) for row in self._rows(str)]
        if self.notes:
            lines += ["", *(f"- {_plain_markdown(note)}" for note in self.notes)]
        return "\n".join(lines) + "\n"

    def csv(self) -> str:
        """Return the table as CSV; text that a spreadsheet would run is made plain."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.header)
        for row in self._rows(lambda c: "" if c.value is None else float(c.value)):
            writer.writerow([plain_cell(cell) for cell in row])
        return buffer.getvalue()

    def trace(self) -> pd.DataFrame:
        """Return what stands behind every cell: one row for each line.

        Returns
        -------
        pandas.DataFrame
            disclosure, requirement, item, column, value, unit, what the line contributes (or the
            arithmetic of a cell made of other cells), and the columns of `Inventory.trace`.
        """
        import pandas as pd

        return pd.DataFrame(self.trace_rows(), columns=list(TRACE_HEADER))

    def trace_rows(self) -> list[tuple[Any, ...]]:
        """Return the rows of :meth:`trace`."""
        rows: list[tuple[Any, ...]] = []
        for entry in self.entries:
            for name, cell in entry.cells.items():
                value = None if cell.value is None else float(cell.value)
                head = (self.code, entry.requirement, entry.label, name, value, cell.unit)
                if not cell.parts:
                    rows.append((*head, None, cell.how, *[""] * len(TRACE)))
                for line, part in cell.parts:
                    record = _joined(line)
                    rows.append((*head, float(part), cell.how, *(record.get(k, "") for k in TRACE)))
        return rows


TRACE_HEADER = (
    "disclosure", "requirement", "item", "column", "value", "cell unit", "contribution of line",
    "how", *TRACE,
)  # fmt: skip


def _joined(line: Line) -> dict[str, Any]:
    """Return a line as one record, so that contributions can be added up."""
    records = list(traced(line))
    if not records:
        row = line.source
        return {
            "scope": row.scope, "method": line.method, "table": row.table, "row": row.row,
            "site": row.site, "year": row.year, "category": row.category,
            "activity": row.activity, "amount": float(line.amount), "unit": row.unit,
            "share": float(line.share),
        }  # fmt: skip
    several = {
        name: " | ".join(dict.fromkeys(str(r[name]) for r in records))
        for name in ("gas", "t after share", "factors", "formula", "match")
    }
    return {**records[0], **several}


def _markdown_row(cells: Sequence[Any]) -> str:
    return f"| {' | '.join(_plain_markdown(str(c)) for c in cells)} |"


def _plain_markdown(text: str) -> str:
    escaped = text.replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")
    return escaped.replace("\n", " ")


# ---------------------------------------------------------------------- cells


def _emitted(inventory: Inventory, gwp_set: str, **where: Any) -> Cell:
    lines = inventory.select(**where)
    inventory.check_gwp(gwp_set, lines)
    parts = tuple((line, line.emissions.exact_co2e(gwp_set)) for line in lines)
    return _cell(parts, "t CO2e")


def _cell(parts: Iterable[tuple[Line, Fraction]], unit: str) -> Cell:
    kept = tuple((line, part) for line, part in parts if part)
    return Cell(sum((part for _, part in kept), Fraction(0)), unit, kept)


def _mass(inventory: Inventory, gas: str, unit: str, **where: Any) -> Cell:
    lines = inventory.select(**where)
    return _cell(((line, line.emissions.masses.get(gas, Fraction(0))) for line in lines), unit)


def _together(cells: Sequence[Cell], how: str) -> Cell:
    """Add cells, keeping the lines behind them; unknown if one is."""
    parts = tuple(part for cell in cells for part in cell.parts)
    if any(cell.value is None for cell in cells):
        return Cell(None, cells[0].unit, parts, how)
    total = sum((cell.value for cell in cells if cell.value is not None), Fraction(0))
    return Cell(total, cells[0].unit, parts, how)


def _ratio(above: Cell, below: Cell, how: str) -> Cell:
    if above.value is None or not below.value:
        return Cell(None, "%", (), how)
    return Cell(100 * above.value / below.value, "%", (), how)


_Share = Callable[[Line], Fraction]
_FUELS = ("stationary", "mobile")
_BOUGHT = ("electricity", "steam", "heat", "cooling")


def _energy(
    inventory: Inventory, year: int, categories: Sequence[str], share: _Share,
    carriers: Sequence[str] | None = None,
) -> Cell:  # fmt: skip
    """Return MWh of some categories; each line counts with a share of its energy."""
    lines = inventory.select(
        year=year, category=categories, carrier=carriers, scope=(1, 2), method=_MARKET
    )
    return _cell(
        ((line, line.energy * line.share * share(line)) for line in lines if line.energy),
        "MWh",
    )


def _all(line: Line) -> Fraction:
    return Fraction(1)


def _renewable(line: Line) -> Fraction:
    return line.renewable


def _not_renewable(line: Line) -> Fraction:
    return 1 - line.renewable


def _nuclear(line: Line) -> Fraction:
    return line.nuclear


def _fossil(line: Line) -> Fraction:
    return 1 - line.renewable - line.nuclear


def _both_units(entries: Iterable[tuple[str, str, Mapping[int, Cell]]]) -> tuple[Entry, ...]:
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


# ---------------------------------------------------------------------- notes


def _basis(inventory: Inventory, gwp_set: str | None) -> tuple[str, ...]:
    notes = [f"Consolidation approach: {inventory.boundary}. {inventory.counts}."]
    if gwp_set:
        gases = sorted(
            {gas.partition(" ")[0] for line in inventory.lines for gas in line.emissions.masses}
        )
        notes.append(f"GWP set: {gwp_set}, 100 years. Gases included: {', '.join(gases)}.")
    sources = sorted({
        i.origin.source.publisher
        for line in inventory.lines for part in line.parts for _, i in leaves(part)
        if hasattr(getattr(i.origin, "source", None), "publisher")
    })  # fmt: skip
    if sources:
        notes.append(f"Emission factors from: {', '.join(sources)}; each is in the trace.")
    if inventory.problems:
        notes.append(
            f"Problems: {len(inventory.problems)}; what they refuse is not in these numbers."
        )
    return tuple(notes)


def _missing_energy(inventory: Inventory) -> tuple[str, ...]:
    rows = [
        line.source.where
        for line in inventory.select(category=_FUELS, scope=1)
        if line.energy is None and line.share
    ]
    if not rows:
        return ()
    listed = f"{'; '.join(rows[:5])}{' ...' if len(rows) > 5 else ''}"
    return (
        "The energy of some fuel is not in these numbers, because no calorific value is known "
        f"({len(rows)} of the rows: {listed}). Give calorific_value in those rows.",
    )


def _energy_notes(inventory: Inventory) -> tuple[str, ...]:
    bases = sorted({
        line.source.basis for line in inventory.lines
        if line.source.basis and line.source.category in _FUELS
    })  # fmt: skip
    notes = [
        "Purchased energy is renewable or nuclear where a contractual instrument says so, and "
        "counts as fossil otherwise.",
        "Energy sold is not in the inventory and must be reported apart.",
    ]
    if bases:
        notes.insert(0, f"Calorific basis of fuels: {' and '.join(bases)}.")
    return (*_missing_energy(inventory), *notes)


# ---------------------------------------------------------------------- GRI


def gri_302_1(inventory: Inventory) -> Disclosure:
    """Energy consumption within the organisation: GRI 302-1 (2016).

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    Disclosure
        In joules and in watt-hours, fuels and purchased energy, renewable or not.
    """
    rows: list[tuple[str, str, dict[int, Cell]]] = []
    spec: list[tuple[str, str, Sequence[str], _Share]] = [
        ("302-1 a", "fuel from non-renewable sources", _FUELS, _not_renewable),
        ("302-1 b", "fuel from renewable sources", _FUELS, _renewable),
        ("302-1 c", "electricity consumption, purchased", ("electricity",), _all),
        ("302-1 c", "  of which renewable", ("electricity",), _renewable),
        ("302-1 c", "heating consumption", ("heat",), _all),
        ("302-1 c", "cooling consumption", ("cooling",), _all),
        ("302-1 c", "steam consumption", ("steam",), _all),
        ("302-1 e", "self-generated renewable electricity and heat", ("own renewables",), _all),
    ]
    for requirement, label, categories, share in spec:
        cells = {y: _energy(inventory, y, categories, share) for y in inventory.years}
        rows.append((requirement, label, cells))
    whole = [cells for _, label, cells in rows if "of which" not in label]
    total = {y: _together([c[y] for c in whole], "sum of the rows above") for y in inventory.years}
    rows.append(("302-1 e", "total energy consumption", total))
    notes = (*_energy_notes(inventory), *_basis(inventory, None))
    return Disclosure("GRI 302-1", "Energy consumption within the organization",
                      _both_units(rows), notes)  # fmt: skip


def _energy_total(inventory: Inventory, year: int) -> Cell:
    return _energy(inventory, year, (*_FUELS, *_BOUGHT, "own renewables"), _all)


def gri_302_3(inventory: Inventory, denominators: Iterable[Denominator]) -> Disclosure:
    """Energy intensity: GRI 302-3 (2016).

    Parameters
    ----------
    inventory : Inventory
    denominators : iterable of Denominator
        Revenue, employees, floor area, product ...

    Returns
    -------
    Disclosure
    """
    entries = _intensities(
        "302-3", denominators, inventory.years,
        [("energy consumption within the organization",
          lambda year: _energy_total(inventory, year))],
    )  # fmt: skip
    return Disclosure("GRI 302-3", "Energy intensity", entries, _energy_notes(inventory))


def _intensities(
    requirement: str,
    denominators: Iterable[Denominator],
    years: Sequence[int],
    numerators: Sequence[tuple[str, Callable[[int], Cell]]],
) -> tuple[Entry, ...]:
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


def gri_302_4(inventory: Inventory, base_year: int) -> Disclosure:
    """Reduction of energy consumption: GRI 302-4 (2016).

    Parameters
    ----------
    inventory : Inventory
        Of the base year and of later ones.
    base_year : int

    Returns
    -------
    Disclosure

    Raises
    ------
    InventoryError
        If the base year is not in the inventory.
    """
    _has(inventory, base_year)
    base = _energy_total(inventory, base_year)
    cells: dict[int, Cell] = {}
    for year in inventory.years:
        if year != base_year:
            now = _energy_total(inventory, year)
            parts = (*base.parts, *((line, -part) for line, part in now.parts))
            saved = (base.value or Fraction(0)) - (now.value or Fraction(0))
            cells[year] = Cell(saved, "MWh", parts, f"{base} MWh in {base_year} less {now} MWh")
    notes = (
        "Only reductions that follow from conservation and efficiency count; those from lower "
        "production or outsourcing must be taken out (302-4, guidance).",
        *_energy_notes(inventory),
    )
    rows = [("302-4 a", f"reduction against {base_year}", cells)]
    return Disclosure("GRI 302-4", "Reduction of energy consumption", _both_units(rows), notes)


def gri_305_1(inventory: Inventory, gwp_set: str) -> Disclosure:
    """Direct (Scope 1) GHG emissions: GRI 305-1 (2016).

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str

    Returns
    -------
    Disclosure

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """
    years = inventory.years
    entries = [
        Entry(
            "305-1 a", "gross direct (Scope 1) emissions",
            {str(y): _emitted(inventory, gwp_set, scope=1, year=y) for y in years},
        )
    ]  # fmt: skip
    entries += _categories(inventory, gwp_set, "305-1 a", 1)
    entries += _gases(inventory, "305-1 b", 1, None)
    entries.append(
        Entry(
            "305-1 c", "biogenic CO2, outside the scopes",
            {str(y): _mass(inventory, BIOGENIC, "t CO2", scope=1, year=y) for y in years},
        )
    )  # fmt: skip
    return Disclosure("GRI 305-1", "Direct (Scope 1) GHG emissions", tuple(entries),
                      _basis(inventory, gwp_set))  # fmt: skip


def _categories(inventory: Inventory, gwp_set: str, requirement: str, scope: int) -> list[Entry]:
    names = sorted({line.source.category for line in inventory.select(scope=scope)})
    return [
        Entry(
            requirement, f"  of which {name}",
            {
                str(y): _emitted(inventory, gwp_set, scope=scope, year=y, category=name)
                for y in inventory.years
            },
        )
        for name in names
    ]  # fmt: skip


def _gases(inventory: Inventory, requirement: str, scope: int, method: str | None) -> list[Entry]:
    gases = sorted({
        gas for line in inventory.select(scope=scope, method=method)
        for gas, mass in line.emissions.masses.items() if mass
    } - {BIOGENIC})  # fmt: skip
    label = f"{method}, as " if method else "  as "
    entries = []
    for gas in gases:
        unit = f"t {gas}" if " " not in gas else f"t CO2e ({gas.partition(' ')[2]})"
        entries.append(
            Entry(
                requirement, f"{label}{gas}",
                {
                    str(y): _mass(inventory, gas, unit, scope=scope, year=y, method=method)
                    for y in inventory.years
                },
            )
        )  # fmt: skip
    return entries


def gri_305_2(inventory: Inventory, gwp_set: str) -> Disclosure:
    """Energy indirect (Scope 2) GHG emissions by both methods: GRI 305-2 (2016).

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str

    Returns
    -------
    Disclosure
        Both totals side by side; they are never added.

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """
    entries = [
        Entry(
            requirement, f"gross {method} energy indirect (Scope 2) emissions",
            {
                str(y): _emitted(inventory, gwp_set, scope=2, year=y, method=method)
                for y in inventory.years
            },
        )
        for requirement, method in (("305-2 a", _LOCATION), ("305-2 b", _MARKET))
    ]  # fmt: skip
    for method in (_LOCATION, _MARKET):
        entries += _gases(inventory, "305-2 c", 2, method)
    notes = [f"{f.where}: {f.text}" for f in inventory.findings if f.column == "residual"]
    return Disclosure("GRI 305-2", "Energy indirect (Scope 2) GHG emissions", tuple(entries),
                      (*notes, *_basis(inventory, gwp_set)))  # fmt: skip


def gri_305_3(inventory: Inventory, gwp_set: str) -> Disclosure:
    """Other indirect (Scope 3) GHG emissions, as far as they are in the inventory: GRI 305-3.

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str

    Returns
    -------
    Disclosure
        Category 3 (fuel- and energy-related activities) alone.

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """
    years = inventory.years
    entries = [
        Entry(
            "305-3 a", "category 3: fuel- and energy-related activities",
            {str(y): _emitted(inventory, gwp_set, scope=3, year=y) for y in years},
        ),
        *_categories(inventory, gwp_set, "305-3 d", 3),
    ]  # fmt: skip
    notes = (
        "Only category 3 is in this inventory; the other fourteen categories are not.",
        *_basis(inventory, gwp_set),
    )
    return Disclosure("GRI 305-3", "Other indirect (Scope 3) GHG emissions", tuple(entries), notes)


def _scopes(inventory: Inventory, gwp_set: str, method: str) -> Callable[[int], Cell]:
    return lambda year: _emitted(inventory, gwp_set, scope=(1, 2), method=method, year=year)


def gri_305_4(
    inventory: Inventory, gwp_set: str, denominators: Iterable[Denominator]
) -> Disclosure:
    """GHG emissions intensity: GRI 305-4 (2016).

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    denominators : iterable of Denominator

    Returns
    -------
    Disclosure
        Scope 1 and 2 together, once with each Scope 2 method.

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """
    entries = _intensities(
        "305-4 a", denominators, inventory.years,
        [(f"Scope 1 and {method} Scope 2", _scopes(inventory, gwp_set, method))
         for method in (_LOCATION, _MARKET)],
    )  # fmt: skip
    return Disclosure("GRI 305-4", "GHG emissions intensity", entries, _basis(inventory, gwp_set))


def gri_305_5(
    inventory: Inventory, gwp_set: str, base_year: int, *, method: str = _LOCATION
) -> Disclosure:
    """Change of GHG emissions since the base year, by cause: GRI 305-5 (2016).

    Parameters
    ----------
    inventory : Inventory
        Of the base year and of later ones.
    gwp_set : str
    base_year : int
    method : str
        The Scope 2 method.

    Returns
    -------
    Disclosure
        Reductions are negative. The causes add up to the change exactly.

    Raises
    ------
    InventoryError
        If the base year is not in the inventory.
    GwpError
        If the set cannot express the inventory.
    """
    _has(inventory, base_year)
    made: dict[str, dict[str, Cell]] = {"all": {}, **{cause: {} for cause in CAUSES}}
    base = inventory.only(year=base_year)
    for year in inventory.years:
        if year == base_year:
            continue
        change = compare(base, inventory.only(year=year), gwp_set, method=method)
        how = f"Shapley values of the change since {base_year}"
        for cause, part in change.exact.items():
            made[cause][str(year)] = Cell(part, "t CO2e", (), how)
        now = _scopes(inventory, gwp_set, method)(year)
        then = _scopes(inventory, gwp_set, method)(base_year)
        parts = (*now.parts, *((line, -p) for line, p in then.parts))
        made["all"][str(year)] = Cell(
            change.after - change.before, "t CO2e", parts,
            f"{now} t CO2e less {then} t CO2e in {base_year}",
        )  # fmt: skip
    entries = [Entry("305-5 a", f"change since {base_year}", made["all"])]
    labels = {
        "activity": "amounts of energy, fuel and gas",
        "factor": "emission factors",
        "boundary": "organisational boundary",
        "method": "methods and GWP set",
    }
    entries += [Entry("305-5 a", f"  by {labels[cause]}", made[cause]) for cause in CAUSES]
    notes = (
        f"Scope 1 and {method} Scope 2. Reductions from lower production or outsourcing must be "
        "taken out, offsets reported apart (305-5, compilation requirements).",
        *_basis(inventory, gwp_set),
    )
    return Disclosure("GRI 305-5", "Reduction of GHG emissions", tuple(entries), notes)


def _totals(inventory: Inventory, gwp_set: str, method: str) -> Callable[[int], Cell]:
    return lambda year: _emitted(inventory, gwp_set, method=method, year=year)


def _has(inventory: Inventory, year: int) -> None:
    if year not in inventory.years:
        raise InventoryError(
            f"the base year {year} is not in the inventory "
            f"({', '.join(map(str, inventory.years)) or 'no years'})."
        )


# ---------------------------------------------------------------------- ESRS, IFRS, SECR


def esrs_e1_5(inventory: Inventory) -> Disclosure:
    """Energy consumption and mix: ESRS E1-5 (2023), paragraphs 37 and 38, AR 34.

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    Disclosure
        In MWh, with shares.
    """
    years = inventory.years

    def row(categories: Sequence[str], share: _Share, *carriers: str) -> dict[str, Cell]:
        return {str(y): _energy(inventory, y, categories, share, carriers or None) for y in years}

    def added(*rows: Mapping[str, Cell]) -> dict[str, Cell]:
        return {str(y): _together([r[str(y)] for r in rows], "sum of its rows") for y in years}

    def share_of(part: Mapping[str, Cell]) -> dict[str, Cell]:
        how = "part / total energy consumption"
        return {str(y): _ratio(part[str(y)], total[str(y)], how) for y in years}

    coal, oil, gas = (row(_FUELS, _not_renewable, name) for name in ("coal", "oil", "natural gas"))
    other = row(_FUELS, _not_renewable, "other fossil", "renewable fuel")
    bought = row(_BOUGHT, _fossil)
    fossil = added(coal, oil, gas, other, bought)
    nuclear = row(_BOUGHT, _nuclear)
    fuels = row(_FUELS, _renewable)
    green = row(_BOUGHT, _renewable)
    own = row(("own renewables",), _all)
    renewable = added(fuels, green, own)
    total = added(fossil, nuclear, renewable)
    purchased = "purchased or acquired electricity, heat, steam and cooling"
    entries = (
        Entry("E1-5 38 (a)", "fuel from coal and coal products", coal),
        Entry("E1-5 38 (b)", "fuel from crude oil and petroleum products", oil),
        Entry("E1-5 38 (c)", "fuel from natural gas", gas),
        Entry("E1-5 38 (d)", "fuel from other fossil sources", other),
        Entry("E1-5 38 (e)", f"{purchased} from fossil sources", bought),
        Entry("E1-5 37 (a)", "total fossil energy consumption", fossil),
        Entry("E1-5 AR 34", "share of fossil sources", share_of(fossil)),
        Entry("E1-5 37 (b)", "consumption from nuclear sources", nuclear),
        Entry("E1-5 AR 34", "share of nuclear sources", share_of(nuclear)),
        Entry("E1-5 37 (c) i", "fuel from renewable sources, with biomass", fuels),
        Entry("E1-5 37 (c) ii", f"{purchased} from renewable sources", green),
        Entry("E1-5 37 (c) iii", "self-generated non-fuel renewable energy", own),
        Entry("E1-5 37 (c)", "total renewable energy consumption", renewable),
        Entry("E1-5 AR 34", "share of renewable sources", share_of(renewable)),
        Entry("E1-5 37", "total energy consumption", total),
    )
    notes = (
        "Paragraph 38 asks undertakings in high climate impact sectors alone.",
        *_energy_notes(inventory),
        *_basis(inventory, None),
    )
    return Disclosure("ESRS E1-5", "Energy consumption and mix", entries, notes)


def esrs_e1_6(
    inventory: Inventory, gwp_set: str, denominators: Iterable[Denominator] = ()
) -> Disclosure:
    """Gross Scopes 1, 2, 3 and total GHG emissions: ESRS E1-6, paragraphs 44 to 55 (2023).

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    denominators : iterable of Denominator, optional
        Net revenue, for the intensities of paragraph 53.

    Returns
    -------
    Disclosure

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """

    def row(**where: Any) -> dict[str, Cell]:
        return {str(y): _emitted(inventory, gwp_set, year=y, **where) for y in inventory.years}

    unknown = {str(y): Cell(None, "%", (), "to be given") for y in inventory.years}
    entries = [
        Entry("E1-6 48 (a)", "gross Scope 1 emissions", row(scope=1)),
        Entry("E1-6 48 (b)", "share of Scope 1 under regulated emission trading", unknown),
        Entry("E1-6 49 (a)", "gross location-based Scope 2 emissions",
              row(scope=2, method=_LOCATION)),
        Entry("E1-6 49 (b)", "gross market-based Scope 2 emissions",
              row(scope=2, method=_MARKET)),
        Entry("E1-6 51", "gross Scope 3 emissions: category 3 alone", row(scope=3)),
        Entry("E1-6 52 (a)", "total emissions, location-based", row(method=_LOCATION)),
        Entry("E1-6 52 (b)", "total emissions, market-based", row(method=_MARKET)),
        *_intensities(
            "E1-6 53", denominators, inventory.years,
            [(f"total emissions, {method}", _totals(inventory, gwp_set, method))
             for method in (_LOCATION, _MARKET)],
        ),
    ]  # fmt: skip
    notes = (
        "Scope 3 holds category 3 alone; the total is incomplete as long as other significant "
        "categories are missing.",
        *_basis(inventory, gwp_set),
    )
    return Disclosure("ESRS E1-6", "Gross Scopes 1, 2, 3 and total GHG emissions",
                      tuple(entries), notes)  # fmt: skip


def ifrs_s2(inventory: Inventory, gwp_set: str) -> Disclosure:
    """Greenhouse gas emissions: IFRS S2, paragraph 29 (a).

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str

    Returns
    -------
    Disclosure

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    """

    def row(**where: Any) -> dict[str, Cell]:
        return {str(y): _emitted(inventory, gwp_set, year=y, **where) for y in inventory.years}

    def bought(year: int) -> Cell:
        lines = inventory.select(year=year, scope=2, method=_MARKET)
        return _cell(
            (
                (line, line.energy * line.share)
                for line in lines
                if line.instruments and line.energy
            ),
            "MWh",
        )

    entries = (
        Entry("29 (a) (i) (1)", "absolute gross Scope 1 emissions", row(scope=1)),
        Entry("29 (a) (i) (2), (v)", "absolute gross Scope 2 emissions, location-based",
              row(scope=2, method=_LOCATION)),
        Entry("29 (a) (v)", "Scope 2 emissions, market-based, to inform on instruments",
              row(scope=2, method=_MARKET)),
        Entry("29 (a) (v)", "electricity under contractual instruments",
              {str(y): bought(y) for y in inventory.years}),
        Entry("29 (a) (i) (3)", "absolute gross Scope 3 emissions: category 3 alone",
              row(scope=3)),
    )  # fmt: skip
    notes = [
        "29 (a) (iv) asks for Scope 1 and 2 of the consolidated group apart from other investees; "
        "make one inventory for each."
    ]
    if gwp_set != "AR6":
        notes.append(
            f"These numbers use {gwp_set}; B21 and B22 ask for the latest IPCC values, unless "
            "factors come in CO2e already."
        )
    return Disclosure("IFRS S2", "Greenhouse gas emissions", entries,
                      (*notes, *_basis(inventory, gwp_set)))  # fmt: skip


def secr(
    inventory: Inventory, gwp_set: str, denominators: Iterable[Denominator] = ()
) -> Disclosure:
    """Energy and carbon as the UK's Streamlined Energy and Carbon Reporting asks for them.

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    denominators : iterable of Denominator, optional
        For the intensity ratio.

    Returns
    -------
    Disclosure
        The UK and the rest of the world in columns of their own.

    Raises
    ------
    GwpError
        If the set cannot express the inventory.

    Notes
    -----
    Source: HM Government, Environmental Reporting Guidelines (2019), ch. 2 and annex.
    """
    regions = {line.source.region for line in inventory.lines}
    uk = sorted(r for r in regions if r.partition("-")[0] in ("GB", "UK"))
    places = {"UK and offshore": uk, "global, without UK": sorted(regions - set(uk))}

    def row(make: Callable[[int, Sequence[str]], Cell]) -> dict[str, Cell]:
        return {
            f"{year} {place}": make(year, where)
            for year in inventory.years
            for place, where in places.items()
        }

    def burnt(categories: Sequence[str], carriers: Sequence[str] | None = None) -> Any:
        return lambda year, where: _emitted(
            inventory, gwp_set, scope=1, year=year, region=where, category=categories,
            carrier=carriers,
        )  # fmt: skip

    def used(categories: Sequence[str], *carriers: str) -> Any:
        def make(year: int, where: Sequence[str]) -> Cell:
            lines = inventory.select(year=year, region=where, category=categories,
                                     carrier=carriers or None, method=_MARKET)  # fmt: skip
            parts = ((ln, ln.energy * ln.share * 1000) for ln in lines if ln.energy)
            return _cell(parts, "kWh")

        return make

    def total(year: int, where: Sequence[str]) -> Cell:
        return _emitted(inventory, gwp_set, scope=(1, 2), method=_LOCATION, year=year, region=where)

    energy = ("stationary", "mobile", *_BOUGHT, "own renewables")
    entries = (
        Entry("SECR", "energy: natural gas", row(used(("stationary",), "natural gas"))),
        Entry("SECR", "energy: transport fuel", row(used(("mobile",)))),
        Entry("SECR", "energy: purchased electricity", row(used(("electricity",)))),
        Entry("SECR", "energy: all", row(used(energy))),
        Entry("SECR", "Scope 1: combustion of gas", row(burnt(("stationary",), ("natural gas",)))),
        Entry("SECR", "Scope 1: transport fuel", row(burnt(("mobile",)))),
        Entry("SECR", "Scope 1: all", row(burnt(("stationary", "mobile", "fugitive", "process")))),
        Entry("SECR", "Scope 2: purchased electricity, location-based",
              row(lambda year, where: _emitted(
                  inventory, gwp_set, scope=2, method=_LOCATION, year=year, region=where,
                  category="electricity"))),
        Entry("SECR", "total gross emissions, Scope 1 and location-based Scope 2", row(total)),
        *_intensities("SECR", denominators, inventory.years,
                      [("Scope 1 and location-based Scope 2, everywhere,",
                        _scopes(inventory, gwp_set, _LOCATION))]),
    )  # fmt: skip
    notes = (
        "The narrative on energy efficiency measures and the figures of the year before are for "
        "the company to add.",
        *_missing_energy(inventory),
        *_basis(inventory, gwp_set),
    )
    return Disclosure("SECR", "UK Streamlined Energy and Carbon Reporting", entries, notes)


def quality_criteria(inventory: Inventory) -> pd.DataFrame:
    """Return the Scope 2 quality criteria for each instrument: Scope 2 Guidance, table 7.1.

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    pandas.DataFrame
        instrument, criterion, what it asks, status, why.
    """
    import pandas as pd

    from carbonkit.scope2 import CRITERIA

    return pd.DataFrame(
        [(c.instrument, c.number, CRITERIA[c.number], c.status, c.why) for c in inventory.criteria],
        columns=["instrument", "criterion", "asks that it", "status", "why"],
    )


# ---------------------------------------------------------------------- all of them


def every(
    inventory: Inventory,
    gwp_set: str,
    *,
    denominators: Iterable[Denominator] = (),
    base_year: int | None = None,
) -> tuple[Disclosure, ...]:
    """Return every disclosure that the inventory allows.

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    denominators : iterable of Denominator, optional
        Without them there are no intensities.
    base_year : int, optional
        Without one, or without other years, there are no reductions.

    Returns
    -------
    tuple of Disclosure

    Raises
    ------
    GwpError
        If the set cannot express the inventory.
    InventoryError
        If the base year is not in the inventory.
    """
    ratios = tuple(denominators)
    made = [gri_302_1(inventory)]
    if ratios:
        made.append(gri_302_3(inventory, ratios))
    if base_year is not None:
        made.append(gri_302_4(inventory, base_year))
    made += [
        gri_305_1(inventory, gwp_set),
        gri_305_2(inventory, gwp_set),
        gri_305_3(inventory, gwp_set),
    ]
    if ratios:
        made.append(gri_305_4(inventory, gwp_set, ratios))
    if base_year is not None:
        made.append(gri_305_5(inventory, gwp_set, base_year))
    made += [
        esrs_e1_5(inventory),
        esrs_e1_6(inventory, gwp_set, [d for d in ratios if "revenue" in d.name.casefold()]),
        ifrs_s2(inventory, gwp_set),
        secr(inventory, gwp_set, ratios),
    ]
    return tuple(made)


def to_excel(
    disclosures: Iterable[Disclosure], path: str | Path, inventory: Inventory | None = None
) -> None:
    """Write disclosures into a workbook, with a sheet that traces every cell.

    Parameters
    ----------
    disclosures : iterable of Disclosure
    path : path
        An .xlsx file; written whole or not at all. Text that a spreadsheet would run is plain.
    inventory : Inventory, optional
        Adds a sheet of problems and findings, and one of the Scope 2 quality criteria.

    Raises
    ------
    InventoryError
        If openpyxl is missing or the file cannot be written.
    """
    tables = tuple(disclosures)
    sheets: list[tuple[str, Sequence[str], Iterable[Sequence[Any]]]] = []
    for one in tables:
        rows: list[Sequence[Any]] = [
            *one._rows(lambda c: "not available" if c.value is None else float(c.value)),
            (),
            *(("note", note) for note in one.notes),
        ]
        sheets.append((one.code, one.header, rows))
    sheets.append(("trace", TRACE_HEADER, [row for one in tables for row in one.trace_rows()]))
    if inventory is not None:
        told = [("problem", str(p)) for p in inventory.problems]
        told += [("finding", str(f)) for f in inventory.findings]
        sheets.append(("problems and findings", ("kind", "text"), told))
        criteria = quality_criteria(inventory)
        sheets.append(
            ("scope 2 criteria", list(criteria.columns), criteria.itertuples(index=False))
        )
    save_sheets(path, sheets)
