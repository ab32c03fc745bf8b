"""What must be said with the numbers of a disclosure."""

from __future__ import annotations

from carbonkit.disclosures.cells import FUELS
from carbonkit.inventory import Inventory
from carbonkit.inventory.parts import leaves

__all__ = ["basis_notes", "energy_notes", "missing_energy"]


def basis_notes(inventory: Inventory, gwp_set: str | None) -> tuple[str, ...]:
    """Say what the numbers rest on: boundary, GWP set and gases, sources of factors, problems."""
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


def missing_energy(inventory: Inventory) -> tuple[str, ...]:
    """Say which fuels have no calorific value, so that their energy is left out."""
    rows = [
        line.source.where
        for line in inventory.select(category=FUELS, scope=1)
        if line.energy is None and line.share
    ]
    if not rows:
        return ()
    listed = f"{'; '.join(rows[:5])}{' ...' if len(rows) > 5 else ''}"
    return (
        "The energy of some fuel is not in these numbers, because no calorific value is known "
        f"({len(rows)} of the rows: {listed}). Give calorific_value in those rows.",
    )


def energy_notes(inventory: Inventory) -> tuple[str, ...]:
    """Say how energy was counted, and what of it is not in the numbers."""
    bases = sorted({
        line.source.basis for line in inventory.lines
        if line.source.basis and line.source.category in FUELS
    })  # fmt: skip
    notes = [
        "Purchased energy is renewable or nuclear where a contractual instrument says so, and "
        "counts as fossil otherwise.",
        "Energy sold is not in the inventory and must be reported apart.",
    ]
    if bases:
        notes.insert(0, f"Calorific basis of fuels: {' and '.join(bases)}.")
    return (*missing_energy(inventory), *notes)
