"""The different questions of a table, as columns in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonkit.errors import LedgerError

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

    from carbonkit.ledger.plan import Plan

__all__ = ["Array", "Questions", "asked", "together"]

Array = np.ndarray[Any, Any]

#: Different questions that one table may ask: more is a wrong column, not a larger table.
MOST_QUESTIONS = 250_000


@dataclass(frozen=True, eq=False)
class Questions:
    """The different questions, and rows that ask none, with the sums of their amounts.

    Attributes
    ----------
    names : tuple of str
        The parts of a question.
    cells : pyarrow.Table
        The cells of each question, under our own names.
    codes : tuple of numpy.ndarray
        For each part, the place of the cell among the different cells in order; -1 for none.
    status, rows : numpy.ndarray
        Why the rows cannot be used (0: they can), and how many there are.
    amounts : numpy.ndarray
        Python integers, in units of the last decimal.
    """

    names: tuple[str, ...]
    cells: pa.Table
    codes: tuple[Array, ...]
    status: Array
    rows: Array
    amounts: Array

    def take(self, at: Array) -> Questions:
        """Return some of the questions."""
        return Questions(
            self.names,
            self.cells.take(at),
            tuple(codes[at] for codes in self.codes),
            self.status[at],
            self.rows[at],
            self.amounts[at],
        )

    def parts(self, names: Sequence[str]) -> tuple[list[tuple[Any, ...]], Array]:
        """Return the different cells of some parts, and of each question the place among them."""
        columns = [self.names.index(name) for name in names]
        if not columns or not len(self.status):
            return [()] * bool(len(self.status)), np.zeros(len(self.status), dtype=np.int64)
        code = together([self.codes[i] for i in columns])
        _, first, place = np.unique(code, return_index=True, return_inverse=True)
        cells = self.cells.take(first)
        return list(zip(*(cells.column(i).to_pylist() for i in columns), strict=True)), place


def asked(sums: ibis.Table, plan: Plan, connection: Any) -> Questions:
    """Return each different question and status of sums, in one order whatever the engine's.

    Raises
    ------
    LedgerError
        If there are so many that a wrong column is more likely.
    """
    grouped = sums.group_by([*plan.keys, "status"]).agg(
        n=sums.n.sum().cast("int64"), amount=sums.amount.sum().cast(sums.amount.type())
    )
    found = connection.to_pyarrow(grouped.limit(MOST_QUESTIONS + 1))
    if len(found) > MOST_QUESTIONS:
        counts = connection.to_pyarrow(
            sums.agg(**{k: sums[k].nunique() for k in plan.keys})
        ).to_pylist()[0]
        most = max(plan.keys, key=lambda k: int(counts[k]))
        column = plan.roles[plan.asks[plan.keys.index(most)]]
        raise LedgerError(
            f"the table asks more than {MOST_QUESTIONS:,} different questions: column "
            f"{column!r} alone holds {counts[most]:,} different values. Is it the right column?"
        )
    status = found["status"].to_numpy()
    codes = tuple(_codes(found[k]) for k in plan.keys)
    made = Questions(
        plan.asks, found.select(list(plan.keys)), codes, status, found["n"].to_numpy(),
        _whole(found["amount"]),
    )  # fmt: skip
    return made.take(np.argsort(together([status, *codes]), kind="stable"))


def _codes(column: pa.ChunkedArray) -> Array:
    """Return the place of each cell among the different cells in order; -1 for none."""
    encoded = column.combine_chunks().dictionary_encode()
    cells = encoded.dictionary.to_pylist()
    place = np.empty(len(cells) + 1, dtype=np.int64)
    place[sorted(range(len(cells)), key=cells.__getitem__)] = np.arange(len(cells))
    place[-1] = -1
    codes: Array = place[encoded.indices.fill_null(len(cells)).to_numpy(zero_copy_only=False)]
    return codes


def together(columns: Sequence[Array]) -> Array:
    """Return one code of several, in the same order; codes begin at -1."""
    made = np.zeros(len(columns[0]), dtype=np.int64)
    size = 1
    for codes in columns:
        width = int(codes.max(initial=-1)) + 2
        if size * width >= 2**62:
            _, made = np.unique(made, return_inverse=True)
            size = int(made.max(initial=0)) + 1
        made = made * width + (codes + 1)
        size *= width
    return made


def _whole(column: pa.ChunkedArray) -> Array:
    """Return decimals as Python integers in units of their last decimal; none is 0."""
    array = column.combine_chunks()
    if not len(array):
        return np.empty(0, dtype=object)
    # A decimal of 38 digits is an integer of two words, the lower first.
    words = np.frombuffer(array.buffers()[1], dtype="<u8").reshape(-1, 2)
    words = words[array.offset : array.offset + len(array)]
    low, high = words[:, 0], words[:, 1].view("<i8")
    made: Array = low.view("<i8").astype(object)
    wide = high != low.view("<i8") >> 63
    made[wide] = high[wide].astype(object) * 2**64 + low[wide].astype(object)
    made[~array.is_valid().to_numpy(zero_copy_only=False)] = 0
    return made
