"""Savings claims: what a system is said to save, and the general formulas underneath.

The general formulas are in :mod:`carbonkit.savings.general`. Each system has a page in
:data:`systems` with its formula, method and weak point, and what a careful verifier would ask.
"""

from __future__ import annotations

from carbonkit.savings.data_centre import cooling_cut, pue_reduction_saving, pue_saving
from carbonkit.savings.general import (
    capacity_factor,
    difference_saving,
    displaced_fuel,
    efficiency_saving,
    equivalent,
    full_load_energy,
    material_substitution,
    per_bit_saving,
    per_unit_saving,
    share_of_baseline,
)
from carbonkit.savings.networks import optixstar, power_turbo, powerstar
from carbonkit.savings.pages import System, systems

__all__ = [
    "System",
    "capacity_factor",
    "cooling_cut",
    "difference_saving",
    "displaced_fuel",
    "efficiency_saving",
    "equivalent",
    "full_load_energy",
    "material_substitution",
    "optixstar",
    "per_bit_saving",
    "per_unit_saving",
    "power_turbo",
    "powerstar",
    "pue_reduction_saving",
    "pue_saving",
    "share_of_baseline",
    "systems",
]
