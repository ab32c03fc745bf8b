"""Scope 2: indirect emissions from purchased electricity, steam, heat and cooling.

Two methods answer two questions and stand side by side: :func:`location_based` and
:func:`market_based` for one amount, :func:`both` for a whole electricity ledger.
"""

from __future__ import annotations

from carbonkit.scope2.formulas import (
    chp_bought,
    chp_heat,
    chp_power,
    location_based,
    loss_by_share,
    market_based,
    purchased_heat,
    t_and_d_loss,
    upstream,
)
from carbonkit.scope2.ledger import (
    CRITERIA,
    Allocation,
    Criterion,
    Finding,
    Instrument,
    Rate,
    Scope2,
    Scope2Totals,
    Use,
    both,
    rate,
)

__all__ = [
    "CRITERIA",
    "Allocation",
    "Criterion",
    "Finding",
    "Instrument",
    "Rate",
    "Scope2",
    "Scope2Totals",
    "Use",
    "both",
    "chp_bought",
    "chp_heat",
    "chp_power",
    "location_based",
    "loss_by_share",
    "market_based",
    "purchased_heat",
    "rate",
    "t_and_d_loss",
    "upstream",
]
