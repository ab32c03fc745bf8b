"""Plots of audits, what-ifs, emission factors and inventories.

Each returns its Axes and takes its numbers from objects.

matplotlib is imported when a plot is drawn, and none of its settings is changed. Without `ax` a
figure is opened, which is the caller's to close.
"""

from __future__ import annotations

from carbonkit.plots.audits import implied_factors, printed_against_recomputed, verdicts
from carbonkit.plots.inventories import change_by_cause, scopes, sources
from carbonkit.plots.library import factor_comparison, factor_history
from carbonkit.plots.whatif import restated, savings

__all__ = [
    "change_by_cause",
    "factor_comparison",
    "factor_history",
    "implied_factors",
    "printed_against_recomputed",
    "restated",
    "savings",
    "scopes",
    "sources",
    "verdicts",
]
