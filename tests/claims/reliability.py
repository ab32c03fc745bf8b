"""How often the checks are right: true reports that must pass, planted slips that must be found.

`python tests/claims/reliability.py` measures at full size and writes the tables between the marks
of docs/reliability.md; with --quick it measures a small part and prints it. Everything is drawn
from seeds, so that two runs of one version print the same.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import math
import platform
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from conftest import written
from drawn_tables import SLIPS, Drawn, true_table
from test_diagnose import PLANTERS, Statement
from test_properties import SHAPES, Shape, divides_by_zero, printed

import carbonkit
from carbonkit.claims import Audit, Verdict, parse_report
from carbonkit.tables import Closure, read_text

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
MARKS = ("<!-- measured -->", "<!-- end of what is measured -->")

# Decimal mark and what groups digits by three.
LOCALES = ((".", ","), (",", "."), (",", " "), (".", "'"), (".", " "))
# The rule that prints the figures, and what the report says about it.
RULES = (
    ("half-even", "unknown"),
    ("half-up", "unknown"),
    ("truncated", "unknown"),
    ("half-even", "nearest"),
    ("half-up", "nearest"),
    ("half-even", "half-even"),
    ("half-up", "half-up"),
    ("truncated", "truncated"),
    ("floor", "floor"),
    ("ceiling", "ceiling"),
)
CUT_OFF = ("truncated", "unknown")
# What is printed of a result: the digits that its inputs carry, any number of decimals, or those
# carried where they end before the point, cut off in a report that does not say so.
STYLES = ("careful", "any digits", "cut off at tens")
POUND = Fraction("0.45359237")
KINDS: Mapping[str, Shape] = {
    **{k: SHAPES[k] for k in ("sum", "sum()", "scopes", "difference", "product", "avoided")},
    **{k: SHAPES[k] for k in ("intensity", "share", "change", "decrease")},
    "points": Shape("t == a - b", dict.fromkeys("ab", "%"), "%", lambda a, b: a - b),
    "kWh to GJ": Shape("t == a", {"a": "kWh"}, "GJ", lambda a: a * Fraction(36, 10_000)),
    "t to kt": Shape("t == a", {"a": "t CO2"}, "kt CO2", lambda a: a / 1000),
    "lb/MWh to g/kWh": Shape(
        "t == a", {"a": "lb CO2/MWh"}, "g CO2/kWh", lambda a: a * POUND
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What is measured; with the version of the library it fixes every number."""

    seed: int = 1
    reports: int = 1_000
    claims: int = 10
    slips: int = 200
    beside: int = 10
    tables: int = 1_000
    digits: tuple[int, ...] = (6, 4)

    @property
    def hash(self) -> str:
        """A short name for these settings and for the kinds, locales and rules that are drawn."""
        drawn = [asdict(self), list(KINDS), list(PLANTERS), list(SLIPS), LOCALES, RULES, STYLES]
        return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:16]


FULL = Settings()
QUICK = Settings(reports=10, slips=2, tables=10)


def seeded(*seed: object) -> random.Random:
    return random.Random(" ".join(map(str, seed)))  # noqa: S311 - the same numbers every time


# --- reports as text -----------------------------------------------------------------------------


@dataclass
class Draft:
    """Figures and relations on the way to a report file; each claim has figures of its own."""

    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    relations: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def add(self, kind: str, relation: str, figures: Mapping[str, Any], tag: str) -> None:
        """Take over a claim, with a tag behind each of its names."""
        for name, entry in figures.items():
            self.figures[f"{name}{tag}"] = dict(entry)
            relation = re.sub(rf"\b{name}\b(?!\()", f"{name}{tag}", relation)
        self.relations.append(relation)
        self.kinds.append(kind)

    def audit(self, locale: tuple[str, str], rounding: str) -> Audit:
        """Write the file in a locale, read it back and check it."""
        decimal, thousands = locale
        marks = str.maketrans({".": decimal, ",": thousands})
        figures = {n: {**e, "text": e["text"].translate(marks)} for n, e in self.figures.items()}
        text = written(
            figures, self.relations, facts=self.facts, rounding=rounding,
            decimal=decimal, thousands=thousands, regions=["CN"],
        )  # fmt: skip
        return parse_report(text.encode(), "drawn.toml").verify()


def true_claims(
    rng: random.Random, rules: tuple[str, str], count: int, draft: Draft, style: str
) -> None:
    """Add claims whose figures are true values, printed under a rule in one of the styles."""
    number = 0
    while number < count:
        kind = rng.choice(list(KINDS))
        shape = KINDS[kind]
        values = {name: true_value(rng) for name in shape.units}
        decimals = {name: rng.randint(0, 3) for name in (*shape.units, "t")}
        if style != "any digits":
            if any(v * 10 ** decimals[n] < 1 for n, v in values.items()):
                continue
            decimals["t"] = carried(shape, values, decimals)
            if style == "careful" and rules == CUT_OFF:
                decimals["t"] = max(0, decimals["t"])
        figures = printed(shape, values, decimals, rules[0])
        lost = style != "any digits" and not re.search("[1-9]", figures["t"]["text"])
        wrong_style = style == "cut off at tens" and decimals["t"] >= 0
        if lost or wrong_style or divides_by_zero(shape, figures):
            continue
        for entry in figures.values():
            # A unit beside the figure or in the head of the table: both are read.
            if rng.random() < 0.5 and re.fullmatch("[A-Za-z%]+", entry["unit"]):
                entry["text"] += f" {entry['unit']}"
        draft.add(kind, shape.relation, figures, str(number))
        number += 1


def true_value(rng: random.Random) -> Fraction:
    """Hundredths of small numbers hit ties and ends; the large have many digits."""
    if rng.random() < 0.5:
        return Fraction(rng.randint(1, 3000), 100)
    return Fraction(rng.randint(10**5, 10**9), 1000)


def carried(shape: Shape, values: Mapping[str, Fraction], decimals: Mapping[str, int]) -> int:
    """How many decimals of a result the rounding of its inputs leaves standing, at most three."""
    ends = [
        [(n, v + side * Fraction(1, 2 * 10 ** decimals[n])) for side in (-1, 1)]
        for n, v in values.items()
    ]
    reached = [shape.true(dict(corner)) for corner in itertools.product(*ends)]
    return min(3, math.floor(-math.log10(max(reached) - min(reached))))


# --- what is measured ----------------------------------------------------------------------------


@dataclass
class Verdicts:
    """What became of true claims of one kind."""

    verdicts: Counter[str] = field(default_factory=Counter)
    accused: list[str] = field(default_factory=list)
    diagnosed: int = 0

    @property
    def tried(self) -> int:
        return self.verdicts.total()


@dataclass
class Clean:
    """What became of true reports: claims by kind, and reports by screens that remark on them."""

    claims: dict[str, Verdicts] = field(default_factory=lambda: defaultdict(Verdicts))
    screens: Counter[str] = field(default_factory=Counter)
    remarked: int = 0


def clean(settings: Settings, style: str) -> Clean:
    """Check reports of true claims."""
    found = Clean()
    for number in range(settings.reports):
        rng = seeded(settings.seed, style, number)
        rules = CUT_OFF if style == "cut off at tens" else rng.choice(RULES)
        draft = Draft()
        true_claims(rng, rules, settings.claims, draft, style)
        audit = draft.audit(rng.choice(LOCALES), rules[1])
        for kind, result in zip(draft.kinds, audit, strict=True):
            mine = found.claims[kind]
            mine.verdicts[str(result.verdict)] += 1
            if not result.verdict.passes:
                mine.accused.append(f"report {number}, {result.explain()}")
            mine.diagnosed += any(not d.lucky for d in audit.diagnose(result.id))
        seen = {o.screen for o in audit.observations()}
        found.screens.update(seen)
        found.remarked += bool(seen)
    return found


@dataclass
class Planted:
    """What became of planted slips of one kind."""

    tried: int = 0
    inconsistent: int = 0
    coarse: int = 0
    among: int = 0
    first: int = 0
    lucky: int = 0

    @property
    def noticed(self) -> int:
        return self.inconsistent + self.coarse


def plant(settings: Settings, kind: str, digits: int) -> Planted:
    """Plant slips of one kind into reports that are true otherwise."""
    found = Planted()
    for number in range(settings.slips):
        rng = seeded(settings.seed, "slip", kind, digits, number)
        draft = Draft()
        true_claims(rng, ("half-even", "nearest"), settings.beside, draft, "careful")
        slip = shortened(PLANTERS[kind](rng), digits)
        draft.facts = slip.facts
        draft.add(kind, slip.relation, slip.figures, "_slip")
        audit = draft.audit(rng.choice(LOCALES), rng.choice(["unknown", "nearest"]))
        result = audit.results[-1]
        found.tried += 1
        if result.verdict is Verdict.INCONSISTENT:
            found.inconsistent += 1
        elif result.verdict.passes and result.deciding.reading == "finest":
            continue
        else:
            found.coarse += 1
        named = [d.hypothesis for d in audit.diagnose(result.id)]
        lucky = [d.hypothesis for d in audit.diagnose(result.id) if d.lucky]
        found.among += kind in named
        found.first += named[:1] == [kind]
        found.lucky += kind in named and named.count(kind) == lucky.count(kind)
    return found


@dataclass
class Tables:
    """What became of true tables."""

    sums: int = 0
    missed: int = 0
    readings: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    accused: list[str] = field(default_factory=list)


def closed(drawn: Drawn, locale: tuple[str, str], rounding: str) -> Closure:
    """Write a table in a locale, read it back and close its sums."""
    decimal, thousands = locale
    text = drawn.markdown(decimal, thousands)
    table = read_text(text, name="t", decimal=decimal, thousands=thousands, rounding=rounding)
    return table.closure()


def table_audit(drawn: Drawn, locale: tuple[str, str], rounding: str) -> Audit:
    """Check a report file that holds nothing but the table."""
    decimal, thousands = locale
    text = written({}, [], rounding=rounding, decimal=decimal, thousands=thousands)
    text += f"[tables.t]\ncells = '''\n{drawn.markdown(decimal, thousands)}'''\n"
    return parse_report(text.encode(), "drawn.toml").verify()


def true_tables(settings: Settings) -> Tables:
    """Read true tables, close their sums and check all that is derived from them."""
    found = Tables()
    for number in range(settings.tables):
        rng = seeded(settings.seed, "table", number)
        rule, rounding = rng.choice(RULES)
        drawn, locale = true_table(rng, rule), rng.choice(LOCALES)
        sums = closed(drawn, locale, rounding).constraints
        expected = len(drawn.totals) * drawn.years
        found.sums += expected
        found.missed += max(0, expected - len(sums))
        found.readings.update(c.reading or "open" for c in sums)
        for result in table_audit(drawn, locale, rounding):
            found.verdicts[result.verdict] += 1
            if result.verdict is Verdict.INCONSISTENT:
                found.accused.append(f"table {number}, {result.explain()}")
    return found


@dataclass
class Localised:
    """What became of slips planted into tables."""

    tried: int = 0
    failing: int = 0
    unclear: int = 0
    among: int = 0
    likeliest: int = 0
    alone: int = 0


def plant_in_tables(settings: Settings, kind: str) -> Localised:
    """Plant slips into tables that are true otherwise, and see which cells are named."""
    found = Localised()
    for number in range(settings.slips):
        rng = seeded(settings.seed, "table", kind, number)
        planted = None
        while planted is None:
            planted = SLIPS[kind](true_table(rng, "half-even"), rng)
        drawn, (row, column) = planted
        result = closed(drawn, rng.choice(LOCALES), "unknown")
        found.tried += 1
        found.failing += not result.closes
        found.unclear += result.closes and bool(result.unclear)
        true = {(row - 1, column - 1)}
        repairs = [{c.cell for c in r.changes} for f in result.faults for r in f.repairs]
        best = [{c.cell for c in r.changes} for f in result.faults for r in f.best]
        found.among += true in repairs
        found.likeliest += true in best
        found.alone += best == [true]
    return found


def shortened(statement: Statement, digits: int) -> Statement:
    """Print the figures of a statement with fewer significant digits."""
    for entry in statement.figures.values():
        if not entry.get("nominal"):
            entry["text"] = re.sub(
                r"\d[\d,]*(\.\d+)?", lambda m: fewer(m[0], digits), entry["text"]
            )
    return statement


def fewer(text: str, digits: int) -> str:
    value = Decimal(text.replace(",", ""))
    if len(value.as_tuple().digits) <= digits or not value:
        return text
    last = Decimal(1).scaleb(value.adjusted() - digits + 1)
    return f"{value.quantize(last, rounding=ROUND_HALF_EVEN):,f}"


# --- the document --------------------------------------------------------------------------------


def lines(settings: Settings) -> Iterator[str]:
    """Measure everything and go through the lines of the document."""
    python = ".".join(platform.python_version_tuple()[:2])
    yield f"Measured with carbonkit {carbonkit.__version__} on Python {python}, settings"
    yield f"`{settings.hash}`: {json.dumps(asdict(settings))}."
    for style in STYLES:
        yield ""
        yield f"### True reports, {style}"
        yield ""
        yield from clean_lines(clean(settings, style), settings)
    for digits in settings.digits:
        yield ""
        yield f"### Planted slips, figures of at most {digits} digits"
        yield ""
        yield f"{settings.slips:,} slips of each kind, each in a report of {settings.beside} true"
        yield "claims more."
        yield ""
        yield "| kind of slip | noticed | inconsistent | named | named first | called lucky |"
        yield "|---|--:|--:|--:|--:|--:|"
        for kind in PLANTERS:
            yield row(kind, plant(settings, kind, digits))
    yield ""
    yield "### True tables"
    yield ""
    yield from table_lines(true_tables(settings), settings)
    yield ""
    yield "### Slips planted into tables"
    yield ""
    yield f"{settings.slips:,} slips of each kind, each in a table that is true otherwise."
    yield ""
    yield "| kind of slip | does not close | parts cannot be told | named | likeliest | alone |"
    yield "|---|--:|--:|--:|--:|--:|"
    for kind in SLIPS:
        yield table_row(kind, plant_in_tables(settings, kind))


def table_lines(found: Tables, settings: Settings) -> Iterator[str]:
    yield f"{settings.tables:,} tables, {found.sums:,} sums, of which {found.missed:,} are missed."
    yield ""
    yield "| sums | how they close |"
    yield "|--:|---|"
    for reading, count in found.readings.most_common():
        yield f"| {count:,} | {reading} |"
    yield ""
    yield "| claims | verdict |"
    yield "|--:|---|"
    for verdict in Verdict:
        if found.verdicts[verdict] or verdict is Verdict.INCONSISTENT:
            yield f"| {found.verdicts[verdict]:,} | {verdict} |"


def table_row(kind: str, found: Localised) -> str:
    """The cell is a share of the tables that do not close."""
    of_all = [share(n, found.tried) for n in (found.failing, found.unclear)]
    named = (found.among, found.likeliest, found.alone)
    return f"| {kind} | {' | '.join(of_all + [share(n, found.failing) for n in named])} |"


def clean_lines(found: Clean, settings: Settings) -> Iterator[str]:
    everything = Verdicts()
    for mine in found.claims.values():
        everything.verdicts += mine.verdicts
        everything.diagnosed += mine.diagnosed
    shown = [v for v in Verdict if everything.verdicts[v] or v is Verdict.INCONSISTENT]
    yield f"{settings.reports:,} reports, {everything.tried:,} claims."
    yield ""
    yield f"| kind of claim | claims | {' | '.join(shown)} | with a diagnosis |"
    yield f"|---|--:|{'--:|' * (len(shown) + 1)}"
    for kind, mine in [*((k, found.claims[k]) for k in KINDS), ("all", everything)]:
        counts = " | ".join(f"{mine.verdicts[v]:,}" for v in shown)
        yield f"| {kind} | {mine.tried:,} | {counts} | {mine.diagnosed:,} |"
    yield ""
    yield f"Screens remark on {share(found.remarked, settings.reports)} of the reports."
    if found.screens:
        yield ""
        yield "| screen | reports |"
        yield "|---|--:|"
    for screen, count in sorted(found.screens.items(), key=lambda item: (-item[1], item[0])):
        yield f"| {screen} | {share(count, settings.reports)} |"


def row(kind: str, found: Planted) -> str:
    """Named ones are shares of those noticed: what passes is not diagnosed."""
    of_all = [share(n, found.tried) for n in (found.noticed, found.inconsistent)]
    counts = (found.among, found.first, found.lucky)
    return f"| {kind} | {' | '.join(of_all + [share(n, found.noticed) for n in counts])} |"


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def between(text: str, content: str) -> str:
    """Put content between the marks of the document."""
    (before, _), (_, after) = text.split(MARKS[0]), text.split(MARKS[1])
    return f"{before}{MARKS[0]}\n\n{content.strip()}\n\n{MARKS[1]}{after}"


def main() -> None:
    """Measure; write the document, or print what a small part comes to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a small part, only printed")
    if parser.parse_args().quick:
        print("\n".join(lines(QUICK)))
        return
    content = between(DOCUMENT.read_text("utf-8"), "\n".join(lines(FULL)))
    DOCUMENT.write_text(content, encoding="utf-8")
    print(f"wrote {DOCUMENT}")


if __name__ == "__main__":
    main()
