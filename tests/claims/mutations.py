"""Move every printed figure of a report beyond what it can stand for: does its claim notice?

    python tests/claims/mutations.py                     # the shipped report, all sizes
    python tests/claims/mutations.py path/to/report.toml

Each figure is rewritten in its own form (digits, commas, qualifier), and the claims that depend on
it are checked again. A verdict *flips* when a relation that held holds no longer; it *changes* when
it holds in a weaker way, such as within rounding instead of exactly. Whatever does neither must be
explained by a rule that is tested, not asserted; what no rule explains is "unexplained".
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from carbonkit import printed
from carbonkit.claims import Report, Verdict, load_report
from carbonkit.claims.check import check_claims
from carbonkit.claims.evaluate import range_of, range_of_function
from carbonkit.claims.model import Named
from carbonkit.claims.readings import coarse, literal
from carbonkit.claims.relation import Name, Relation
from carbonkit.claims.verdict import Finding
from carbonkit.intervals import Interval

NUMBER = re.compile(r"(\d[\d,]*)(\.\d+)?")
# By how much a figure is moved, up and down: one unit of its last digit that is not a trailing
# zero, a tenth of it (at least that unit), and a power of ten.
SIZES = ("last digit", "tenth", "tenfold", "thousandfold")
# Rules that say why a verdict cannot or need not flip.
MISSING = "a figure is missing: not checkable before, nor after"
FAILED = "inconsistent before: a figure moved makes it no truer"
OPEN = "left open by a bound before"
BOUND = "a bound, a target or a range is kept: moved to its safe side, or not far enough"
FAMILY = "another member, or a mix, of the cited family of factors fits"
ROUNDING = "the rounding of the other figures, or of an assumed range, leaves as much room"
COARSER = "a coarser reading that is admitted: zeros or 'about' as rounding, or truncation"
UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Mutant:
    """One figure moved, and what became of one relation that uses it."""

    figure: str
    size: str
    up: bool
    claim: str
    relation: str
    before: Verdict
    after: Verdict
    rule: str

    @property
    def flips(self) -> bool:
        """Whether the relation held and holds no longer."""
        return self.before.passes and not self.after.passes

    @property
    def changes(self) -> bool:
        """Whether the verdict is another one."""
        return self.before is not self.after


def moved_text(figure: printed.Figure, size: str, *, up: bool) -> str | None:
    """Rewrite the numbers of a figure; None if it cannot be moved so."""

    def rewritten(match: re.Match[str]) -> str:
        whole, decimals = match[1], match[2] or ""
        value = Decimal(whole.replace(",", "") + decimals)
        new = _moved(value, size, up)
        if new < 0 or new == value:
            raise ValueError
        places = max(-int(new.as_tuple().exponent), 0)
        grouped = "," in whole or (len(whole) < 4 and size not in ("last digit", "tenth"))
        return f"{new:{',' if grouped else ''}.{places}f}"

    try:
        text = NUMBER.sub(rewritten, figure.text)
    except ValueError:
        return None
    return None if text == figure.text else text


def _moved(value: Decimal, size: str, up: bool) -> Decimal:
    exponent = int(value.as_tuple().exponent)
    if size in ("tenfold", "thousandfold"):
        power = 1 if size == "tenfold" else 3
        return value.scaleb(power if up else -power)
    digits = value.normalize()  # trailing zeros may be no digits
    unit = Decimal(1).scaleb(max(int(digits.as_tuple().exponent), exponent))
    if size == "tenth":
        unit = max(
            unit, (abs(value) / 10 / unit).to_integral_value(rounding="ROUND_CEILING") * unit
        )
    return value + (unit if up else -unit)


def mutants(report: Report, sizes: tuple[str, ...] = SIZES) -> Iterator[Mutant]:
    """Go through every figure of the report that stands in a relation, moved by every size."""
    users: dict[str, list[int]] = {}
    tables: dict[str, list[int]] = {}
    for index, claim in enumerate(report.claims):
        for relation in claim.relations:
            for name in relation.names:
                users.setdefault(name, []).append(index)
            left = relation.left
            if isinstance(left, Name) and (table := report.values[left.name].table):
                tables.setdefault(table, []).append(index)
    before = {r.id: r for r in report.verify()}
    for name, named in report.values.items():
        if named.role != "figure" or named.figure is None or name not in users:
            continue
        # Cells of one table share a rounding rule: they are checked together.
        around = {i for u in users[name] for r in report.claims[u].relations
                  if isinstance(r.left, Name) and (t := report.values[r.left.name].table)
                  for i in tables[t]}  # fmt: skip
        claims = tuple(report.claims[i] for i in sorted({*users[name], *around}))
        for size in sizes:
            for up in (True, False):
                other = _mutated(report, named, size, up=up)
                if other is None:
                    continue
                values = {**report.values, name: other}
                for result in check_claims(claims, values):
                    pairs = zip(before[result.id].findings, result.findings, strict=True)
                    for old, new in pairs:
                        if old.relation is None or name not in old.relation.names:
                            continue
                        rule = "" if old.verdict.passes and not new.verdict.passes else _rule(
                            old, new, old.relation, name, report.values, values)  # fmt: skip
                        yield Mutant(name, size, up, result.id, old.relation.text,
                                     old.verdict, new.verdict, rule)  # fmt: skip


def _mutated(report: Report, named: Named, size: str, *, up: bool) -> Named | None:
    assert named.figure is not None
    text = moved_text(named.figure, size, up=up)
    if text is None:
        return None
    qualifier = None if named.figure.qualifier == "exact" else named.figure.qualifier
    figure = printed.parse(text, tons="tonne", qualifier=qualifier)
    return replace(named, figure=figure)


def _rule(
    old: Finding,
    new: Finding,
    relation: Relation,
    name: str,
    before: Mapping[str, Named],
    after: Mapping[str, Named],
) -> str:
    """Say why a verdict did not flip; each rule is tested on the relation with the figure moved."""
    used = {n: after[n] for n in relation.names}
    if any(v.role == "unknown" for v in used.values()):
        return MISSING
    if old.verdict is Verdict.INCONSISTENT:
        return FAILED
    if old.verdict is Verdict.NOT_CHECKABLE:
        return OPEN
    loose = [v for v in used.values() if v.is_bound or v.is_range]
    if relation.compare != "==" or loose:
        return BOUND if _met(relation, {n: _widest(v) for n, v in used.items()}) else UNEXPLAINED
    if any(len(v.factors) > 1 for v in used.values()):
        return FAMILY if _met(relation, {n: _family(v) for n, v in used.items()}) else UNEXPLAINED
    if _met(relation, {n: v.interval() for n, v in used.items()}):
        return ROUNDING
    coarsest = {n: _coarsest(v) for n, v in used.items()}
    return COARSER if _met(relation, coarsest) else UNEXPLAINED


def _met(relation: Relation, box: Mapping[str, Interval]) -> bool:
    """Say whether any values in the box make the relation true."""
    if relation.compare == "==":
        return range_of(relation.right, box).meets(range_of(relation.left, box))
    sign = 1 if relation.compare == ">=" else -1
    margin = range_of_function(
        lambda **v: sign * (relation.left.evaluate(v) - relation.right.evaluate(v)), dict(box)
    )
    return margin.meets(Interval(0, None))


def _widest(named: Named) -> Interval:
    if len(named.factors) > 1:
        return _family(named)
    return literal(named).hull(_coarsest(named))


def _family(named: Named) -> Interval:
    hull, *others = (member.interval() for member in named.members())
    for other in others:
        hull = hull.hull(other)
    return hull


def _coarsest(named: Named) -> Interval:
    """Everything that any admissible reading can make of a figure: round, or cut off."""
    if named.figure is None or named.nominal or named.role == "convention":
        return named.interval()
    return coarse(named).hull(named.interval("truncated")).hull(named.interval())


@dataclass(frozen=True)
class Tally:
    """What became of the mutants of one size."""

    size: str
    tried: int
    could: int
    flipped: int
    changed: int
    rules: Mapping[str, int]

    @property
    def share(self) -> Fraction:
        """Share of those that could flip that did."""
        return Fraction(self.flipped, max(self.could, 1))


def tally(found: list[Mutant]) -> list[Tally]:
    """Count by size. A relation that did not hold before cannot flip and is counted apart."""
    rows = []
    for size in dict.fromkeys(m.size for m in found):
        some = [m for m in found if m.size == size]
        could = [m for m in some if m.before.passes]
        rows.append(
            Tally(
                size,
                len(some),
                len(could),
                sum(m.flips for m in could),
                sum(m.changes for m in could),
                Counter(m.rule for m in some if m.rule),
            )
        )
    return rows


def main() -> None:
    """Print the tally of a report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", nargs="?", default="huawei-2020")
    parser.add_argument(
        "--show", metavar="RULE", help="list the mutants whose rule holds this text"
    )
    arguments = parser.parse_args()
    found = list(mutants(load_report(arguments.report)))
    for row in tally(found):
        print(f"{row.size}: {row.tried} relations with a figure moved; {row.could} held before")
        print(f"    {row.flipped} flipped ({float(row.share):.1%}), {row.changed} changed")
        for rule, count in sorted(row.rules.items(), key=lambda item: -item[1]):
            print(f"    {count:5}  {rule}")
    for mutant in found:
        if arguments.show and arguments.show in mutant.rule:
            print(mutant)


if __name__ == "__main__":
    main()
