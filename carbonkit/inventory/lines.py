"""What an inventory is made of: rows of activity data, and the lines that they contribute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from carbonkit._text import number, with_unit
from carbonkit.emissions import Emissions
from carbonkit.errors import InventoryError, nearest
from carbonkit.formula import Result
from carbonkit.inventory.parts import Reading, gas_of, leaves, mass_of
from carbonkit.scope2 import Use
from carbonkit.uncertainty import Distribution

__all__ = ["BOUNDARIES", "KEYS", "TRACE", "Line", "Row", "Site", "known_boundary", "traced"]

BOUNDARIES = ("operational control", "financial control", "equity share")
"""Consolidation approaches: GHG Protocol Corporate Standard, ch. 3."""


@dataclass(frozen=True)
class Site:
    """A place, or a company, whose emissions are consolidated.

    Parameters
    ----------
    name : str
    region : str
        Region of its grid.
    market : str
        Market in which it may buy instruments.
    operational_control, financial_control : bool
    equity_share : Fraction
        Between 0 and 1.
    """

    name: str
    region: str
    market: str
    operational_control: bool = True
    financial_control: bool = True
    equity_share: Fraction = Fraction(1)

    def share(self, boundary: str) -> Fraction:
        """Return the share of its emissions that the organisation accounts for."""
        if boundary == "equity share":
            return self.equity_share
        held = self.operational_control if boundary == BOUNDARIES[0] else self.financial_control
        return Fraction(int(held))


@dataclass(frozen=True)
class Row:
    """One row of activity data with what was found for it; boundaries do not change it.

    Attributes
    ----------
    table, row : str
        Where it stands.
    scope : int
    category, activity, site, region, market : str
    year : int
    amount : Fraction
    unit : str
    parts : tuple of Result
        One exact result for each gas (location-based for electricity).
    emissions : Emissions
        Their sum by gas.
    energy : Fraction or None
        MWh of fuel or of purchased energy; None where no calorific value is known.
    basis : str
        Calorific basis of that energy.
    carrier : str
        "coal", "oil", "natural gas", "other fossil", "renewable fuel", "electricity", "heat" ...
    renewable : bool
    quality : Fraction or None
        1 (best) to 5.
    use : Use or None
        Electricity, for the market-based method.
    method : str
        How it was computed, where there are several ways.
    cells : tuple of (str, str)
        The row as it came in.
    reading : Reading
        Where the amount was read; rows of one reading have one amount.
    uncertain : tuple of (str, Distribution)
        What the row says of how far inputs may be off, by their names.
    """

    table: str
    row: str
    scope: int
    category: str
    activity: str
    site: str
    region: str
    market: str
    year: int
    amount: Fraction
    unit: str
    parts: tuple[Result, ...]
    emissions: Emissions
    energy: Fraction | None = None
    basis: str = ""
    carrier: str = ""
    renewable: bool = False
    quality: Fraction | None = None
    use: Use | None = None
    method: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    reading: Reading | None = None
    uncertain: tuple[tuple[str, Distribution], ...] = ()

    @property
    def where(self) -> str:
        """The row in words."""
        return f"{self.table}, row {self.row}"


@dataclass(frozen=True)
class Line:
    """What one row contributes to the inventory, under one Scope 2 method where it matters.

    Attributes
    ----------
    source : Row
    method : str
        "location-based" or "market-based" for purchased energy, "" for the rest.
    share : Fraction
        Share by the organisational boundary.
    parts : tuple of Result
        One exact result for each gas, before the share.
    emissions : Emissions
        By gas, after the share.
    amount : Fraction
        In the unit of the row, before the share.
    energy : Fraction or None
        MWh, before the share.
    step : str
        Step of the market-based hierarchy.
    instruments : tuple of str
    renewable : Fraction
        Renewable share of the energy.
    nuclear : Fraction
        Nuclear share of the energy.
    last : bool
        Whether it takes the electricity that the other steps leave.
    """

    source: Row
    method: str
    share: Fraction
    parts: tuple[Result, ...]
    emissions: Emissions
    amount: Fraction
    energy: Fraction | None
    step: str = ""
    instruments: tuple[str, ...] = ()
    renewable: Fraction = Fraction(0)
    nuclear: Fraction = Fraction(0)
    last: bool = False

    def get(self, key: str) -> Any:
        """Return what the line says under a key of `KEYS`."""
        if key in ("method", "step"):
            return getattr(self, key)
        return getattr(self.source, key)

    def explain(self) -> str:
        """Write out how the line was computed."""
        lines = [f"{self.source.where}: {self.source.category}, {self.source.activity}"]
        lines += [part.explain() for part in self.parts]
        if self.share != 1:
            lines.append(f"consolidated at {number(self.share * 100)} %")
        if self.instruments:
            lines.append(f"{self.step}: {', '.join(self.instruments)}")
        return "\n".join(lines)


KEYS = (
    "scope", "method", "category", "activity", "site", "region", "market", "year", "step",
    "carrier", "table", "row",
)  # fmt: skip


TRACE = (
    "scope", "method", "table", "row", "site", "year", "category", "activity", "amount", "unit",
    "share", "gas", "t after share", "factors", "formula", "match", "step", "instruments", "cells",
)  # fmt: skip


def traced(line: Line) -> Iterable[dict[str, Any]]:
    """Return the parts of a line as records with the keys of `TRACE`."""
    row = line.source
    common = {
        "scope": row.scope, "method": line.method, "table": row.table, "row": row.row,
        "site": row.site, "year": row.year, "category": row.category, "activity": row.activity,
        "amount": float(line.amount), "unit": row.unit, "share": float(line.share),
        "step": line.step, "instruments": ", ".join(line.instruments),
        "cells": "; ".join(f"{name}={value}" for name, value in row.cells),
    }  # fmt: skip
    for part in line.parts:
        origins = [
            i for _, i in leaves(part)
            if i.origin is not None and not isinstance(i.origin, Reading)
        ]  # fmt: skip
        matches = [getattr(i.origin, "match", None) for i in origins]
        factor = next((i.origin for i in reversed(origins)), None)
        yield {
            **common,
            "gas": gas_of(part),
            "t after share": float(mass_of(part) * line.share),
            "factors": "; ".join(f"{with_unit(i.magnitude, i.unit)}: {i.origin}" for i in origins),
            "formula": "" if part.formula is None else part.formula.name,
            "match": "; ".join(str(m) for m in matches if m is not None)
            or ("" if factor is None else "own value"),
        }


def known_boundary(name: str) -> str:
    """Return the name of a boundary, or say which there are."""
    if name not in BOUNDARIES:
        raise InventoryError(
            f"unknown boundary {name!r}.{nearest(name, BOUNDARIES)} "
            f"Boundaries: {', '.join(BOUNDARIES)}."
        )
    return name
