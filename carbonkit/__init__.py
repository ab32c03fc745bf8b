"""carbonkit: unit-aware carbon accounting that recomputes a report's numbers.

Two rivers meet here. *Calculate*: activity data, unit check, emission factor, emissions,
intensity. *Verify*: the numbers that a report prints, the interval each stands for, the relation
that should hold between them, recomputation, verdict. They meet in the formula.

Names load when they are first used; importing carbonkit reads no file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from carbonkit import (
        avoidance,
        claims,
        disclosures,
        errors,
        factors,
        gwp,
        intensity,
        intervals,
        inventory,
        ledger,
        plots,
        printed,
        savings,
        scope1,
        scope2,
        tables,
        targets,
        uncertainty,
        units,
    )
    from carbonkit.avoidance import avoided_emissions, combined_margin, tree_equivalent
    from carbonkit.claims import Audit, Report, Verdict, load_report
    from carbonkit.errors import CarbonkitError
    from carbonkit.formula import Formula, Result
    from carbonkit.intensity import percent_change, scope_total, share
    from carbonkit.intervals import Interval
    from carbonkit.savings import (
        capacity_factor,
        cooling_cut,
        full_load_energy,
        optixstar,
        per_unit_saving,
        power_turbo,
        powerstar,
        pue_reduction_saving,
        pue_saving,
        share_of_baseline,
    )
    from carbonkit.units import quantity

_ROOMS = (
    "avoidance",
    "claims",
    "disclosures",
    "errors",
    "factors",
    "gwp",
    "intensity",
    "intervals",
    "inventory",
    "ledger",
    "plots",
    "printed",
    "savings",
    "scope1",
    "scope2",
    "tables",
    "targets",
    "uncertainty",
    "units",
)
_HOMES = {
    "avoidance": ("avoided_emissions", "combined_margin", "tree_equivalent"),
    "claims": ("Audit", "Report", "Verdict", "load_report"),
    "errors": ("CarbonkitError",),
    "formula": ("Formula", "Result"),
    "intensity": ("percent_change", "scope_total", "share"),
    "intervals": ("Interval",),
    "savings": (
        "capacity_factor",
        "cooling_cut",
        "full_load_energy",
        "optixstar",
        "per_unit_saving",
        "power_turbo",
        "powerstar",
        "pue_reduction_saving",
        "pue_saving",
        "share_of_baseline",
    ),
    "units": ("quantity",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    *_ROOMS,
    *_HOME_OF,
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"carbonkit.{name}")
    if name in _HOME_OF:
        return getattr(import_module(f"carbonkit.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module 'carbonkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
