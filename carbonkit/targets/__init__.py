"""Reduction targets: paths to them, progress on them, and what is still needed.

An absolute target is about an amount (t CO2e, kWh), an intensity target about an amount per
something (t CO2e per million CNY, per tonne of product). The two are types of their own: neither
takes the other's values, since an intensity can fall while the amount rises. Years are reporting
years, and the years between two of them are counted, not estimated from dates.
"""

from __future__ import annotations

from carbonkit.targets.paths import (
    SBTI,
    SBTI_RATES,
    PointChange,
    absolute_contraction,
    compound_rate,
    contraction_after_overshoot,
    linear_path,
    point_change,
    sda_intensity,
)
from carbonkit.targets.target import (
    AbsoluteTarget,
    IntensityTarget,
    Progress,
    Target,
    absolute_target,
    intensity_target,
    sbti_absolute,
)

__all__ = [
    "SBTI",
    "SBTI_RATES",
    "AbsoluteTarget",
    "IntensityTarget",
    "PointChange",
    "Progress",
    "Target",
    "absolute_contraction",
    "absolute_target",
    "compound_rate",
    "contraction_after_overshoot",
    "intensity_target",
    "linear_path",
    "point_change",
    "sbti_absolute",
    "sda_intensity",
]
