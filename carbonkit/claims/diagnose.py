"""Why a claim does not come out: hypotheses tried in a fixed order, ranked, with their luck.

Who tries enough slips will find one that fits. So each fit says how many recomputations were
tried up to and with its kind of slip, and how likely it is that one of so many fits by chance.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from carbonkit._text import with_unit
from carbonkit.claims.hypotheses import HYPOTHESES
from carbonkit.claims.model import Named
from carbonkit.claims.relation import Expression, Name, Relation
from carbonkit.claims.trials import Case, Swaps, Trial
from carbonkit.claims.verdict import ClaimResult, Finding, Verdict, percent
from carbonkit.intervals import Interval
from carbonkit.printed import Qualifier

__all__ = ["LUCKY", "Diagnosis", "diagnose", "told"]

# A fit that random tries would give with more than this chance is called lucky.
LUCKY = 0.05
# A result so many decades off, three times or a third, explains nothing within rounding.
_FAR = math.log10(3)
# A fit that is more likely by chance than not tells nothing and is left out.
_NOTHING = 0.5


@dataclass(frozen=True)
class Diagnosis:
    """One slip that would explain a printed figure.

    Attributes
    ----------
    hypothesis : str
        The kind of slip, one of :data:`carbonkit.claims.hypotheses.HYPOTHESES`.
    words : str
        What would have happened.
    arithmetic : str
        The arithmetic with the slip in it, and the printed figure.
    nominal : Fraction
        The result from the figures as printed, in `unit`.
    recomputed : Interval
        The result given the rounding of the figures, in `unit`.
    unit : str
        Unit of the claimed figure.
    exact : bool
        Whether it gives the printed figure to its last digit, or only within rounding.
    tried : int
        Different results tried, from the simplest slip up to and with this kind.
    chance : float
        Chance that at least one of so many random results would have fitted as well; where the
        figure is only just missed, of those in its neighbourhood.
    relation : str
        The relation, as written in the report file.
    """

    hypothesis: str
    words: str
    arithmetic: str
    nominal: Fraction
    recomputed: Interval
    unit: str
    exact: bool
    tried: int
    chance: float
    relation: str

    @property
    def lucky(self) -> bool:
        """Whether the fit may well be a lucky one: a chance above :data:`LUCKY`."""
        return self.chance > LUCKY

    @property
    def fit(self) -> str:
        """How well it fits, and how likely so good a fit is by chance."""
        how = "to the last printed digit" if self.exact else "within rounding only"
        luck = "; may be a lucky fit" if self.lucky else ""
        return (
            f"{how}; {self.tried} results tried, one of them would fit by chance "
            f"{percent(self.chance)} of the time{luck}"
        )

    def __str__(self) -> str:
        return f"{self.hypothesis}: {self.words}. {self.arithmetic} ({self.fit})"

    def to_dict(self) -> dict[str, Any]:
        """Return the diagnosis as plain data, as documented for the JSON output."""
        low, high = self.recomputed.floats()
        return {
            "hypothesis": self.hypothesis,
            "words": self.words,
            "arithmetic": self.arithmetic,
            "nominal": float(self.nominal),
            "low": None if self.recomputed.lo is None else low,
            "high": None if self.recomputed.hi is None else high,
            "unit": self.unit,
            "exact": self.exact,
            "tried": self.tried,
            "chance": self.chance,
            "lucky": self.lucky,
            "relation": self.relation,
        }


def diagnose(result: ClaimResult, values: Mapping[str, Named]) -> tuple[Diagnosis, ...]:
    """Try every hypothesis on the relations of a claim that do not simply reproduce.

    Those are relations that do not hold, that hold by a coarse reading or in a corner only, and
    those that lack one figure for which there are published values.

    Parameters
    ----------
    result : ClaimResult
        The verdict on the claim.
    values : mapping of str to Named
        The report's figures, facts, assumptions and unknowns, as they were used.

    Returns
    -------
    tuple of Diagnosis
        To the last digit before within rounding, then the less likely by chance, then the
        simpler. Empty where the claim needs none or nothing fits.

    Examples
    --------
    >>> from carbonkit.claims import load_report
    >>> report = load_report("huawei-2020")
    >>> best = diagnose(report.verify()["p74-metro-co2"], report.values)[0]
    >>> best.hypothesis, best.exact, best.lucky
    ('another published factor', True, False)
    >>> print(best.arithmetic)
    about 3.4 million kWh × 0.997 kg CO2/kWh (...) = 3,389.8 t CO2/year; printed 3,390 tons
    """
    found = [
        fit
        for finding in result.findings
        if (case := _case(finding, values)) is not None
        for fit in _fits(case, finding)
    ]
    order = [name for name, _ in HYPOTHESES]
    found.sort(key=lambda d: (not d.exact, d.chance, order.index(d.hypothesis)))
    return tuple(found)


def _case(finding: Finding, values: Mapping[str, Named]) -> Case | None:
    """Return what there is to diagnose; None for a relation that reproduces or cannot be."""
    relation = finding.relation
    if relation is None or not _needs_one(finding):
        return None
    claimed, right = _claim_of(relation, values)
    if claimed is None or claimed.figure is None or not claimed.value:
        return None
    inputs = {n: values[n].members()[0] for n in right.names}
    missing = [n for n, v in inputs.items() if v.role == "unknown"]
    if len(missing) > 1 or claimed.name in inputs:
        return None
    return Case(
        right,
        claimed,
        inputs,
        tuple(v for v in values.values() if v.role == "figure" and v.figure is not None),
        tuple(v for v in values.values() if v.role == "fact" and v.factors),
        missing[0] if missing else "",
    )


def _needs_one(finding: Finding) -> bool:
    match finding.verdict:
        case Verdict.INCONSISTENT:
            return True
        case Verdict.ROUNDING:
            return finding.reading != "finest" or finding.corner
        case Verdict.NOT_CHECKABLE:
            return finding.procedure == "recalculation"
    return False


def _claim_of(relation: Relation, values: Mapping[str, Named]) -> tuple[Named | None, Expression]:
    """Return the figure that is to be explained, and the arithmetic that should give it.

    Of "at most" and "at least" it is a side that is one figure, read as the bound that a speaker
    would call so: close to its number. A value far on the right side of it explains nothing.
    """
    sides = [(relation.left, relation.right, ">="), (relation.right, relation.left, "<=")]
    for side, other, above in sides:
        if not isinstance(side, Name):
            continue
        claimed = values[side.name]
        if relation.compare != "==" and claimed.figure is not None:
            bound = Qualifier.AT_MOST if relation.compare == above else Qualifier.AT_LEAST
            claimed = replace(claimed, figure=replace(claimed.figure, qualifier=bound))
        return claimed, other
    return None, relation.right


class _Tried:
    """The different results tried so far: so many chances to be lucky."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.seen: set[tuple[int, int, Interval | None]] = set()
        self.sizes: list[float] = []  # of those with the sign of the plain result
        self.logs: list[float] = []  # of these, as far as they were needed
        self.sign = 0 if case.missing else case.nominal.numerator
        if not case.missing:
            self.add(case.nominal, None)
        self.own = len(self.seen)  # the plain result is no try

    @property
    def count(self) -> int:
        return len(self.seen) - self.own

    def add(self, nominal: Fraction, printed: Interval | None) -> bool:
        """Take a result down; say whether it is a new one."""
        numerator, denominator = nominal.as_integer_ratio()
        key = numerator, denominator, printed
        if key in self.seen:
            return False
        self.seen.add(key)
        if numerator * self.sign > 0:
            self.sizes.append(_float(abs(numerator), denominator))
        return True

    def luck(self, once: float) -> float:
        """Return the chance that one of so many random results fits as well."""
        return max(_luck(once, self.count), self._luck_nearby(once))

    def _luck_nearby(self, once: float) -> float:
        """Return the chance of a fit among the results as near to the plain one as the figure is.

        Where a figure is only just missed, small changes are drawn from its neighbourhood, not
        from a whole decade.
        """
        case = self.case
        if case.missing or case.nominal * case.claimed.value <= 0:
            return 0.0
        plain = _log(case.nominal)
        gap = abs(_log(case.claimed.value) - plain)
        if gap == 0:
            return 0.0
        self.logs += map(math.log10, self.sizes[len(self.logs) :])
        near = sum(abs(log - plain) <= 2 * gap for log in self.logs)
        # The plain result itself is among them.
        return _luck(min(1.0, once / (4 * gap)), near - 1)


class _Reach:
    """How near a result must come to the printed figure to be worth a closer look."""

    def __init__(self, case: Case, *, passing: bool) -> None:
        self.printed = case.printed.floats()
        self.meant, self.ends = case.meant.floats(), _log_ends(case.meant)
        self.positive = case.claimed.value > 0
        self.passing = passing

    def window(self, tries: int) -> tuple[float, float]:
        """Return floats outside of which no result would be told of after so many tries."""
        if self.passing:
            return self.printed
        if self.ends is None:
            return -sys.float_info.max, sys.float_info.max
        # So far from what may be meant a fit is more likely by chance than not; see `_fit`.
        apart = -math.expm1(math.log1p(-_NOTHING) / tries) if tries else 1.0
        stretch = 10 ** (apart * (1 + 1e-6) + 1e-9)
        low, high = self.meant
        low, high = (
            (low / stretch, high * stretch) if self.positive else (low * stretch, high / stretch)
        )
        return min(low, self.printed[0]), max(high, self.printed[1])


def _fits(case: Case, finding: Finding) -> Iterator[Diagnosis]:
    """Go through the results that meet the printed figure, counting all that are tried."""
    tried, reach = _Tried(case), _Reach(case, passing=finding.verdict.passes)
    for name, hypothesis in HYPOTHESES:
        if case.missing and name != "another published factor":
            continue
        proposed = list(hypothesis(case))
        # The last ones are many, so they are counted only where one of them may fit.
        if hypothesis is HYPOTHESES[-1][1] and not _any_fits(case, proposed, tried.count, reach):
            return
        fits = []
        for nominal, trial in _results(case, proposed, reach.window(tried.count)):
            own = trial.printed if trial is not None else None
            new = tried.add(nominal, None if own == case.printed else own)
            if not new or trial is None:
                continue
            fit = _fit(case, trial, nominal, tried.count, reach)
            if fit is not None:
                fits.append((trial, nominal, *fit))
        for trial, nominal, spread, exact, once in fits:
            lucky = tried.luck(once)
            # That digits were cut off is told even where it is how the claim was reproduced.
            telling = not reach.passing or trial.printed is not None
            if lucky <= _NOTHING or (exact and telling):
                yield _diagnosis(
                    case, finding, name, trial, nominal, spread, exact, tried.count, lucky
                )


def _results(
    case: Case, proposed: list[Trial | Swaps], window: tuple[float, float]
) -> Iterator[tuple[Fraction, Trial | None]]:
    """Go through the results from the figures as printed, with the trial where it may fit."""
    for one in proposed:
        if isinstance(one, Swaps):
            for at, value in enumerate(one.values):
                with suppress(ZeroDivisionError):
                    nominal = case.with_one(one.name, value)
                    yield nominal, one.trial(at) if _within(nominal, window) else None
        else:
            with suppress(ZeroDivisionError, OverflowError):
                nominal = case.nominal_of(one)
                near = one.printed is not None or _within(nominal, window)
                yield nominal, one if near else None


def _any_fits(case: Case, proposed: list[Trial | Swaps], tries: int, reach: _Reach) -> bool:
    """Say whether a result would fit if it were tried after so many others, or more."""
    for one in proposed:
        if not isinstance(one, Swaps):
            with suppress(ZeroDivisionError, OverflowError):
                nominal = case.nominal_of(one)
                if _fit(case, one, nominal, tries, reach) is not None:
                    return True
            continue
        low, high = reach.window(tries)
        a, b, c, d = case.form(one.name) or (0, 0, 0, 0)
        if a * d == b * c:  # not of this form, or the same whatever the value
            return True
        for at, value in enumerate(one.values):
            p, q = value.as_integer_ratio()
            below = c * p + d * q
            if below and low <= _float(a * p + b * q, below) <= high:
                # All those before it came to different results, but for a division by zero.
                least = max(tries, at - 1)
                if _fit(case, one.trial(at), case.with_one(one.name, value), least, reach):
                    return True
    return False


def _within(nominal: Fraction, window: tuple[float, float]) -> bool:
    return window[0] <= _float(*nominal.as_integer_ratio()) <= window[1]


def _float(above: int, below: int) -> float:
    try:
        return above / below
    except OverflowError:
        return math.copysign(math.inf, above) * math.copysign(1, below)


def _luck(once: float, tries: int) -> float:
    """Return the chance that at least one of so many tries fits."""
    return -math.expm1(tries * math.log1p(-once)) if once < 1 else 1.0


def _fit(
    case: Case,
    trial: Trial,
    nominal: Fraction,
    tries: int,
    reach: _Reach,
) -> tuple[Interval, bool, float] | None:
    """Return the result's interval, whether it fits exactly, and the chance of one random fit."""
    printed = trial.printed or case.printed
    if printed.contains(nominal):
        # A value somewhere in a range is no value to the last digit.
        return case.spread_of(trial), not case.is_range, _decades(printed)
    value = case.claimed.value
    if reach.passing or nominal.numerator * value.numerator <= 0:
        return None
    # So wide a spread that it would still meet the figure would fit anything. That is known before
    # it is worked out, which takes long: it would have to reach from here to the figure.
    meant = printed if trial.printed is not None else case.meant
    size = _log(nominal)
    apart = _decades_apart(size, _log_ends(meant) if trial.printed is not None else reach.ends)
    if abs(size - _log(value)) >= _FAR or _luck(min(1.0, apart), tries) > _NOTHING:
        return None
    spread = case.spread_of(trial)
    if not spread.meets(meant):
        return None
    return spread, False, min(1.0, _decades(spread) + _decades(meant))


def _log_ends(interval: Interval) -> tuple[float, float] | None:
    """Return the sizes of an interval's ends; None if it is unbounded or holds zero."""
    lo, hi = interval.lo, interval.hi
    if lo is None or hi is None or lo.numerator * hi.numerator <= 0:
        return None
    low, high = sorted((_log(lo), _log(hi)))
    return low, high


def _decades_apart(size: float, ends: tuple[float, float] | None) -> float:
    """Return how many decades a value lies outside an interval of its own sign, at the least."""
    if ends is None:
        return 0.0
    return max(0.0, ends[0] - size, size - ends[1]) * (1 - 1e-9)


def _log(value: Fraction) -> float:
    return math.log10(abs(value.numerator) / value.denominator)


def _decades(interval: Interval) -> float:
    """Return the share of a decade that an interval covers: the chance to hit it at random."""
    if interval.lo is None or interval.hi is None or interval.lo * interval.hi <= 0:
        return 1.0
    ends = sorted((abs(interval.lo), abs(interval.hi)))
    return min(1.0, math.log10(ends[1] / ends[0]))


def _diagnosis(
    case: Case,
    finding: Finding,
    name: str,
    trial: Trial,
    nominal: Fraction,
    spread: Interval,
    exact: bool,
    tried: int,
    chance: float,
) -> Diagnosis:
    claimed = case.claimed
    shown = with_unit(nominal / claimed.base, claimed.unit)
    assert finding.relation is not None  # noqa: S101 - a case is made of a relation
    return Diagnosis(
        hypothesis=name,
        words=trial.words,
        arithmetic=f"{case.written(trial)} = {shown}; printed {claimed.shown()}",
        nominal=nominal / claimed.base,
        recomputed=spread * (1 / claimed.base),
        unit=claimed.unit,
        exact=exact,
        tried=tried,
        chance=chance,
        relation=finding.relation.text,
    )


def told(diagnoses: tuple[Diagnosis, ...], most: int = 5) -> str:
    """Return the best diagnoses as lines for a reader; nothing if there are none."""
    if not diagnoses:
        return ""
    lines = ["What would explain it"]
    for diagnosis in diagnoses[:most]:
        lines += [
            f"  {diagnosis.hypothesis}: {diagnosis.words}",
            f"    {diagnosis.arithmetic}",
            f"    {diagnosis.fit}",
        ]
    if len(diagnoses) > most:
        lines.append(f"  and {len(diagnoses) - most} more that fit less well")
    return "\n".join(lines)
