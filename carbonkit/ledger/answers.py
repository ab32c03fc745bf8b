"""The answers to the questions of a table, as columns of exact ratios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from carbonkit.ledger.plan import REASONS
from carbonkit.ledger.questions import Array, Questions
from carbonkit.ledger.resolve import Basis, Refusal, Resolver
from carbonkit.ledger.result import Counts, frozen

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Answers", "Ratios", "answer"]


class Ratios(NamedTuple):
    """Tonnes per unit of the amount of each used question, as Python integers.

    Attributes
    ----------
    above, below : numpy.ndarray
        Numerator and denominator; 0 and 1 where there is none.
    there : numpy.ndarray
        Whether there is one.
    """

    above: Array
    below: Array
    there: Array


@dataclass(frozen=True, eq=False)
class Answers:
    """What became of each question.

    Attributes
    ----------
    questions : Questions
    bases : list of Basis or Refusal
        Of each different question, its unit apart.
    basis : numpy.ndarray
        Of each question its place in `bases`; -1 for rows that ask none.
    refusals : list of Refusal
    refusal : numpy.ndarray
        Of each question its place in `refusals`; -1 for one that is answered.
    used : Questions
        The questions that are answered.
    gases : mapping of str to Ratios
        For each gas, of the questions in `used`.
    """

    questions: Questions
    bases: list[Basis | Refusal]
    basis: Array
    refusals: list[Refusal]
    refusal: Array
    used: Questions
    gases: Mapping[str, Ratios]

    def counts(self) -> Counts:
        """Count the rows that are used, and the others by reason."""
        rows = self.questions.rows
        lost: Counter[str] = Counter()
        for code, refusal in enumerate(self.refusals):
            lost[refusal.reason] += int(rows[self.refusal == code].sum())
        used = int(self.used.rows.sum())
        return Counts(int(rows.sum()), used, frozen({r: n for r, n in lost.items() if n}))

    def refused(self) -> pa.Table:
        """Return how many rows each question lost and why, most first."""
        import pyarrow as pa

        lost = np.flatnonzero(self.refusal >= 0)
        lost = lost[np.argsort(-self.questions.rows[lost], kind="stable")]
        some = self.questions.take(lost)
        made = self._cells(some) | self._why(lost)
        return pa.table(made | {"rows": pa.array(some.rows, pa.int64())})

    def refusing(self) -> pa.Table:
        """Return the questions that have no answer, for a join with the rows."""
        import pyarrow as pa

        lost = np.flatnonzero((self.refusal >= 0) & (self.questions.status == 0))
        said = self._why(lost)
        cells = self.questions.cells.take(lost)
        columns = dict(zip(cells.column_names, cells.columns, strict=True))
        return pa.table(columns | {"said": said["reason"], "told": said["why"]})

    def _why(self, at: Array) -> dict[str, Any]:
        import pyarrow as pa

        code = self.refusal[at]
        return {
            "reason": pa.array([r.reason for r in self.refusals], pa.string()).take(code),
            "why": pa.array([r.why for r in self.refusals], pa.string()).take(code),
        }

    def _cells(self, questions: Questions) -> dict[str, Any]:
        return dict(zip(questions.names, questions.cells.columns, strict=True))

    def audit(self) -> dict[str, Any]:
        """Return the factors of each used question and how they were found, as columns."""
        import pyarrow as pa

        place = self._used_basis
        told, how = (
            pa.array([getattr(b, name, "") for b in self.bases], pa.string())
            for name in ("keys", "matches")
        )
        return {"told": told.take(place), "how": how.take(place)}

    @property
    def _used_basis(self) -> Array:
        return self.basis[self.refusal < 0]

    def receipts(self) -> pa.Table:
        """Return one line for each question and factor."""
        import pyarrow as pa

        found = [[p.found for p in b.parts] if isinstance(b, Basis) else [] for b in self.bases]
        many = np.array([len(f) for f in found], dtype=np.int64)
        first = np.cumsum(many) - many
        basis = self._used_basis
        question = np.repeat(np.arange(len(basis)), many[basis])
        # Of each line: the place of its factor among those of its basis.
        starts = np.cumsum(many[basis]) - many[basis]
        line = np.arange(len(question)) - starts[question] + first[basis[question]]
        lines = self.used.take(question)
        made = self._cells(lines)
        texts: dict[str, list[str]] = {name: [] for name in _RECEIPT}
        for one in (f for fs in found for f in fs):
            row = one.row
            for name, column in _RECEIPT.items():
                texts[name].append(row.get(column) if column else "")
            texts["factor"][-1] = f"{row.release.name}#{row.get('id')}"
            texts["publisher"][-1] = row.release.source.publisher
            texts["match"][-1] = str(one)
        for name, text in texts.items():
            made[f"factor_{name}" if name in made else name] = pa.array(text, pa.string()).take(
                line
            )
        return pa.table(made | {"rows": pa.array(lines.rows, pa.int64())})


# The columns of a receipt; those without a name in the release are worked out.
_RECEIPT = {
    "factor": "", "gas": "gas", "value": "value", "factor_unit": "unit", "kind": "kind",
    "publisher": "", "match": "",
}  # fmt: skip


def answer(questions: Questions, resolver: Resolver) -> Answers:
    """Answer every question: each different one once, and each pair of units once."""
    good = np.flatnonzero(questions.status == 0)
    asked = questions.take(good)
    rests, basis = asked.parts([n for n in asked.names if n != "unit"])
    names = tuple(n for n in asked.names if n != "unit")
    bases = list(resolver.bases(names, rests))
    per: dict[tuple[str, ...], int] = {}
    kinds = np.array(
        [per.setdefault(b.units, len(per)) if isinstance(b, Basis) else -1 for b in bases],
        dtype=np.int64,
    )
    refusals = [Refusal(reason, "") for reason in REASONS.values()]
    codes = np.full(max(REASONS) + 1, -1)
    codes[list(REASONS)] = range(len(REASONS))
    refusal = codes[questions.status]
    # First those without factors, then those whose unit does not fit them.
    without = np.full(len(bases) + 1, -1)
    for place, found in enumerate(bases):
        if isinstance(found, Refusal):
            without[place] = len(refusals)
            refusals.append(found)
    lost = without[basis]
    texts, unit = _units(asked, resolver)
    pairs, pair = np.unique(kinds[basis] * len(texts) + unit, return_inverse=True)
    scales: list[Any] = []
    misfit = np.full(len(pairs) + 1, -1)
    listed = list(per)
    for place, code in enumerate(pairs.tolist()):
        kind, text = divmod(code, len(texts))
        scale = resolver.scales(texts[text], listed[kind]) if kind >= 0 else ()
        if isinstance(scale, Refusal):
            misfit[place] = len(refusals)
            refusals.append(scale)
            scale = ()
        scales.append(scale)
    lost = np.where(lost < 0, misfit[pair], lost)
    refusal[good] = lost
    kept = lost < 0
    every = np.full(len(questions.status), -1)
    every[good] = basis
    gases = _ratios(bases, basis[kept], scales, pair[kept])
    return Answers(questions, bases, every, refusals, refusal, asked.take(kept.nonzero()[0]), gases)


def _units(asked: Questions, resolver: Resolver) -> tuple[list[str], Array]:
    """Return the different units, and of each question the place of its unit."""
    if "unit" not in asked.names:
        return [resolver.same["unit"]], np.zeros(len(asked.status), dtype=np.int64)
    cells, place = asked.parts(["unit"])
    return [text for (text,) in cells] or [""], place


def _ratios(
    bases: list[Basis | Refusal], basis: Array, scales: list[Any], pair: Array
) -> dict[str, Ratios]:
    """Multiply factors by the scales of units: tonnes of each gas per unit of the amount."""
    width = max((len(b.parts) for b in bases if isinstance(b, Basis)), default=0)
    sizes: Array = np.ones((2, len(scales), width), dtype=object)
    for number, scale in enumerate(scales):
        for place, one in enumerate(scale):
            sizes[:, number, place] = one.numerator, one.denominator
    made: dict[str, Ratios] = {}
    for (gas, _), parts in sorted(_by_gas(bases).items()):
        numbers, places, above, below = map(list, zip(*parts, strict=True))
        factors: Array = np.zeros((2, len(bases)), dtype=object)
        factors[:, numbers] = above, below
        where = np.full(len(bases), -1)
        where[numbers] = places
        at = where[basis]
        there = at >= 0
        if not there.any():
            continue
        ratio: Array = np.zeros((2, len(basis)), dtype=object)
        ratio[1] = 1
        ratio[:, there] = factors[:, basis[there]] * sizes[:, pair[there], at[there]]
        found = Ratios(ratio[0], ratio[1], there)
        if gas in made:
            a, b, other = made[gas]
            found = Ratios(a * found.below + found.above * b, b * found.below, there | other)
        made[gas] = found
    return made


def _by_gas(
    bases: list[Basis | Refusal],
) -> dict[tuple[str, int], list[tuple[int, int, int, int]]]:
    """Return basis, place in it, numerator and denominator of the factors of each gas.

    A second factor of the same gas in a basis stands under the same name and the number 1.
    """
    found: dict[tuple[str, int], list[tuple[int, int, int, int]]] = {}
    for number, basis in enumerate(bases):
        if isinstance(basis, Refusal):
            continue
        seen: dict[str, int] = {}
        for place, part in enumerate(basis.parts):
            turn = seen[part.gas] = seen.get(part.gas, -1) + 1
            lines = found.setdefault((part.gas, turn), [])
            lines.append((number, place, part.above, part.below))
    return found
