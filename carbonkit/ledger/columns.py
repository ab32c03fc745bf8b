"""The columns of factors: tonnes of each gas, and CO2e, per unit of the amount, as decimals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonkit import gwp
from carbonkit.emissions import weight
from carbonkit.ledger import scales
from carbonkit.ledger.answers import Ratios
from carbonkit.ledger.plan import WIDTH
from carbonkit.ledger.questions import Array

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["PART", "Column", "columns"]

#: What the parts of a total in CO2e are called.
PART = "t CO2e of "


class Column(NamedTuple):
    """A column of factors.

    Attributes
    ----------
    scale : int
        Decimals.
    exact : bool
        Whether no factor is rounded.
    integers : numpy.ndarray
        Of each used question the factor in units of the last decimal.
    there : numpy.ndarray
        Whether the question has one.
    """

    scale: int
    exact: bool
    integers: Array
    there: Array

    def decimals(self) -> pa.Array:
        """Return the factors as decimals, without a Decimal for each."""
        import pyarrow as pa

        # A decimal of 38 digits is an integer of two words, the lower first.
        words = np.empty((len(self.integers), 2), dtype="<u8")
        words[:, 0] = self.integers & (2**64 - 1)
        words[:, 1] = (self.integers >> 64) & (2**64 - 1)
        valid = pa.array(self.there).buffers()[1]
        kind = pa.decimal128(WIDTH, self.scale)
        return pa.Array.from_buffers(kind, len(self.there), [valid, pa.py_buffer(words)])


def columns(
    gases: Mapping[str, Ratios], amounts: Array, amount_scale: int, chosen: gwp.GwpSet | None
) -> dict[str, Column]:
    """Return the columns of all gases, and with a GWP set their parts of CO2e and its total.

    The parts of a total in CO2e have its decimals, so that they add up to it.

    Raises
    ------
    LedgerError
        If a total could have more digits than fit.
    """
    made: dict[str, Column] = {}
    parts: dict[str, Ratios] = {}
    if chosen is not None:
        for gas, (above, below, there) in gases.items():
            counts = weight(gas, chosen)
            parts[gas] = Ratios(above * counts.numerator, below * counts.denominator, there)
        above = _joined([r.above for r in parts.values()])
        below = _joined([r.below for r in parts.values()])
        scale, exact = scales.chosen(
            "t CO2e", _joined([amounts] * len(parts)), above, below, amount_scale
        )
        integers = {g: scales.integers(r.above, r.below, scale) for g, r in parts.items()}
        whole = sum(integers.values(), start=np.zeros(len(amounts), dtype=object))
        made["t CO2e"] = Column(scale, exact, whole, np.ones(len(amounts), dtype=bool))
    for gas, ratios in gases.items():
        name = f"t {gas}"
        own, ends = scales.chosen(name, amounts, ratios.above, ratios.below, amount_scale)
        there = ratios.there
        made[name] = Column(own, ends, scales.integers(*ratios[:2], own), there)
        if chosen is not None:
            made[PART + gas] = Column(scale, exact, integers[gas], there)
    for name, column in made.items():
        scales.fits(name, amounts, column.integers)
    return made


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=object)
