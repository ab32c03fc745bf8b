"""Disclosure tables made from an inventory, each cell traceable to the rows behind it.

GRI 302 and 305, ESRS E1, IFRS S2 and the UK's SECR. The tables hold the numbers that an inventory
can give; what only the company can say (scope of a target, reasons for a change) is left open by
name, never filled in.
"""

from __future__ import annotations

from carbonkit.disclosures.esrs import esrs_e1_5, esrs_e1_6
from carbonkit.disclosures.gri import (
    gri_302_1,
    gri_302_3,
    gri_302_4,
    gri_305_1,
    gri_305_2,
    gri_305_3,
    gri_305_4,
    gri_305_5,
)
from carbonkit.disclosures.ifrs import ifrs_s2
from carbonkit.disclosures.table import TRACE_HEADER, Cell, Disclosure, Entry
from carbonkit.disclosures.together import every, quality_criteria, to_excel
from carbonkit.disclosures.uk import secr

__all__ = [
    "TRACE_HEADER",
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
