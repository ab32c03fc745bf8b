"""What a hypothesis works with: the case, and the recomputations that it proposes for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from carbonkit import units
from carbonkit._text import number
from carbonkit.claims.evaluate import range_of, range_of_function
from carbonkit.claims.model import Named
from carbonkit.claims.readings import coarse, mode, window
from carbonkit.claims.relation import Expression
from carbonkit.claims.verdict import Later
from carbonkit.formula import Symbol
from carbonkit.intervals import Interval
from carbonkit.intervals.rational import linear_ratio

__all__ = ["Case", "Swaps", "Trial", "Value"]

_MANY_TERMS = 40


@dataclass(frozen=True)
class Value:
    """What stands in for one ingredient, in base units.

    Attributes
    ----------
    value : Fraction
        As printed.
    read : callable
        Gives the interval that it stands for; most trials fail before it is needed.
    text : str
        As a reader sees it.
    """

    value: Fraction
    read: Callable[[], Interval]
    text: Later[str] = Later()  # noqa: RUF009 - a descriptor

    @classmethod
    def of(cls, named: Named, text: str | Callable[[object], str] = "") -> Value:
        """Return a named value as it is read."""
        return cls(named.value, lambda: window(named), text or (lambda _: named.shown()))

    @cached_property
    def interval(self) -> Interval:
        """What the digits stand for."""
        return self.read()

    def times(self, factor: Fraction, text: str = "") -> Value:
        """Return the value multiplied; without a text, as written out."""
        return Value(
            self.value * factor,
            lambda: self.interval * factor,
            text or (lambda _: f"{self.text} × {number(factor)}"),
        )


@dataclass(frozen=True)
class Trial:
    """One recomputation that a hypothesis proposes.

    Attributes
    ----------
    words : str
        The slip, as a reader is told it.
    change : callable or None
        What is done to the result; monotone, and the same on numbers, intervals and symbols.
    swapped : mapping of str to Value
        Ingredients that are replaced.
    compute : callable or None
        Arithmetic over the ingredients in place of the relation's own.
    printed : Interval or None
        Another reading of the claimed figure, in base units.
    """

    words: Later[str] = Later()  # noqa: RUF009 - a descriptor
    change: Callable[[Any], Any] | None = None
    swapped: Mapping[str, Value] = field(default_factory=dict)
    compute: Callable[[Mapping[str, Any]], Any] | None = None
    printed: Interval | None = None


@dataclass(frozen=True)
class Swaps:
    """Many values in the place of one ingredient; most of them never have to become trials.

    Attributes
    ----------
    name : str
        The ingredient.
    values : sequence of Fraction
        The values, all different.
    trial : callable
        Gives the trial of a value by its place in the sequence.
    """

    name: str
    values: Sequence[Fraction]
    trial: Callable[[int], Trial]


@dataclass(frozen=True)
class Case:
    """A relation that does not simply reproduce, and what the report prints around it.

    Attributes
    ----------
    right : Expression
        The arithmetic that should give the claimed figure.
    claimed : Named
        The claimed figure.
    inputs : mapping of str to Named
        What it is computed from; families of factors reduced to one member.
    figures : tuple of Named
        Every figure of the report.
    cited : tuple of Named
        Emission factors that the report cites.
    missing : str
        The ingredient that the report does not give, if there is one.
    """

    right: Expression
    claimed: Named
    inputs: Mapping[str, Named]
    figures: tuple[Named, ...]
    cited: tuple[Named, ...]
    missing: str = ""

    @cached_property
    def given(self) -> dict[str, Value]:
        """The ingredients as printed."""
        return {n: Value.of(v) for n, v in self.inputs.items() if v.figure is not None}

    @cached_property
    def alike(self) -> dict[Any, dict[tuple[int, int], Named]]:
        """The figures of the report by dimension, the first of each value; without ranges."""
        by_unit: dict[str, list[Named]] = {}
        for figure in self.figures:
            if not figure.is_range:
                by_unit.setdefault(figure.unit, []).append(figure)
        found: dict[Any, dict[tuple[int, int], Named]] = {}
        for unit, figures in by_unit.items():
            first = found.setdefault(units.measure(unit).dimensions, {})
            for figure in figures:
                first.setdefault(figure.value.as_integer_ratio(), figure)
        return found

    @cached_property
    def is_range(self) -> bool:
        """Whether the claimed figure, or one that it comes from, is a range."""
        return self.claimed.is_range or any(v.is_range for v in self.inputs.values())

    @cached_property
    def printed(self) -> Interval:
        """What the digits of the claimed figure stand for."""
        return self.claimed.interval(mode(self.claimed))

    @cached_property
    def meant(self) -> Interval:
        """What the figure may mean: round zeros as rounding, a bound close to its number."""
        return window(self.claimed) if self.claimed.is_bound else coarse(self.claimed)

    @cached_property
    def nominal(self) -> Fraction:
        """The recomputation from the figures as printed, in base units."""
        return self.nominal_of(Trial(""))

    def nominal_of(self, trial: Trial) -> Fraction:
        """Return a trial's result from the figures as printed.

        Raises
        ------
        ZeroDivisionError
            If it divides by zero.
        """
        if trial.compute is None and not trial.swapped and trial.change is not None:
            return Fraction(trial.change(self.nominal))
        if trial.compute is None and trial.change is None and len(trial.swapped) == 1:
            ((name, value),) = trial.swapped.items()
            return self.with_one(name, value.value)
        values = {**self._values, **{n: v.value for n, v in trial.swapped.items()}}
        return Fraction(self._run(trial, values))

    def with_one(self, name: str, value: Fraction) -> Fraction:
        """Return the result with another value of one ingredient.

        Raises
        ------
        ZeroDivisionError
            If it divides by zero.
        """
        form = self.form(name)
        # Written out, 1 / (1 / x) would have a value at zero.
        if form is None or not value.numerator:
            return Fraction(self.right.evaluate({**self._values, name: value}))
        a, b, c, d = form
        p, q = value.numerator, value.denominator
        return Fraction(a * p + b * q, c * p + d * q)

    def form(self, name: str) -> tuple[int, int, int, int] | None:
        """Return a, b, c, d where the result is (a x + b) / (c x + d) with x for an ingredient."""
        forms = self._forms
        if name not in forms:
            forms[name] = linear_ratio(lambda x: self.right.evaluate({**self._values, name: x}))
        return forms[name]

    @cached_property
    def _forms(self) -> dict[str, tuple[int, int, int, int] | None]:
        return {}

    @cached_property
    def terms(self) -> dict[str, Value]:
        """The ingredients that a sum adds or subtracts: linear, and not alone."""
        terms: dict[str, Value] = {}
        if self.missing or len(self.given) < 2 or len(self.given) > _MANY_TERMS:
            return terms
        for name, value in self.given.items():
            try:
                none = self.with_one(name, Fraction(0))
                double = self.with_one(name, 2 * value.value)
            except ZeroDivisionError:
                continue
            if none and double - self.nominal == self.nominal - none != 0:
                terms[name] = value
        return terms

    @cached_property
    def apart(self) -> dict[str, Value]:
        """The ingredients that a slip of size changes otherwise than the whole result.

        These are the terms of a sum, and what stands above and below a line: the base of a change.
        """
        apart: dict[str, Value] = {}
        if self.missing or len(self.given) < 2 or len(self.given) > _MANY_TERMS:
            return apart
        alike = (self.nominal, 2 * self.nominal, self.nominal / 2)
        for name, value in self.given.items():
            try:
                double = self.with_one(name, 2 * value.value)
            except ZeroDivisionError:
                continue
            if name in self.terms or double not in alike:
                apart[name] = value
        return apart

    @cached_property
    def _values(self) -> dict[str, Fraction]:
        return {n: v.value for n, v in self.given.items()}

    def spread_of(self, trial: Trial) -> Interval:
        """Return what a trial can come to, given the rounding of the figures."""
        if trial.compute is None and not trial.swapped:
            spread = self._spread
        else:
            box = {n: v.interval for n, v in {**self.given, **trial.swapped}.items()}
            compute = trial.compute
            spread = (
                range_of(self.right, box)
                if compute is None
                else range_of_function(lambda **names: compute(names), box)
            )
        if trial.change is None or spread.lo is None or spread.hi is None:
            return spread
        ends = sorted(Fraction(trial.change(end)) for end in (spread.lo, spread.hi))
        return Interval(ends[0], ends[1])

    @cached_property
    def _spread(self) -> Interval:
        return range_of(self.right, {n: v.interval for n, v in self.given.items()})

    def written(self, trial: Trial) -> str:
        """Return a trial's arithmetic with the figures as printed."""
        shown = {n: Symbol.value(v.text) for n, v in {**self.given, **trial.swapped}.items()}
        return str(self._run(trial, shown))

    def _run(self, trial: Trial, values: Mapping[str, Any]) -> Any:
        result = self.right.evaluate(values) if trial.compute is None else trial.compute(values)
        return result if trial.change is None else trial.change(result)
