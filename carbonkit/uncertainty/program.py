"""A lineage turned into a program: steps that run on draws as well as on single numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from carbonkit import units
from carbonkit.formula import Formula, Input, Result
from carbonkit.formula.lineage import Total
from carbonkit.uncertainty.inputs import nominal

__all__ = ["Node", "Program", "Run", "Use", "child_of"]

# The values may be used up: what is no longer needed is taken out.
Run = Callable[[dict[str, Any]], Any]
_Number = Fraction | float


@dataclass(frozen=True)
class Use:
    """One argument of one formula in a lineage."""

    formula: Formula
    argument: str
    input: Input

    @property
    def origin(self) -> Any:
        """What the input was taken from."""
        return self.input.origin

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What a person may call it, the most exact first."""
        own = (getattr(self.origin, a, None) for a in ("name", "key", "id"))
        return (*(n for n in own if isinstance(n, str) and n), self.argument)


@dataclass(frozen=True)
class Node:
    """One result of a lineage: its arguments, with the conversions in and out."""

    result: Result
    uses: tuple[Use, ...]
    scales: tuple[Fraction, ...]
    out: Fraction

    @classmethod
    def of(cls, result: Result) -> Node:
        """Take a result that a formula made."""
        formula = result.formula
        assert formula is not None  # noqa: S101 -- lineages end at results without one
        uses = tuple(Use(formula, argument, i) for argument, i in result.inputs.items())
        plan = formula.plan(*(i.unit for i in result.inputs.values()))
        # Units are the same text nearly always.
        same = plan.unit == result.unit
        out = plan.out if same else plan.out * units.scale(plan.unit, result.unit)
        return cls(result, uses, plan.scales, out)


def child_of(argument: str, taken: Input, given: Mapping[str, Any]) -> Result | None:
    """Return the result that an argument came from, unless it is to be drawn itself."""
    origin = taken.origin
    if isinstance(origin, Result) and argument not in given and origin.formula is not None:
        return origin
    return None


@dataclass(frozen=True)
class _Varying:
    """What varies: an input by its name or an earlier step, times a number."""

    at: str | int
    scale: _Number = Fraction(1)


# Where a step takes an argument from: something that varies, or a number.
_Source = _Varying | _Number


class _Monomial:
    """A carrier that finds out whether arithmetic is a product of what varies, and of numbers."""

    __slots__ = ("number", "places")
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, number: Any, places: tuple[int, ...]) -> None:
        self.number, self.places = number, places

    def __mul__(self, other: Any) -> _Monomial:
        if isinstance(other, _Monomial):
            return _Monomial(self.number * other.number, self.places + other.places)
        return _Monomial(self.number * other, self.places)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, _Monomial):
            return NotImplemented
        return _Monomial(self.number / other, self.places)

    def __neg__(self) -> _Monomial:
        return _Monomial(-self.number, self.places)

    def __eq__(self, other: object) -> bool:
        raise TypeError("it has no value")

    def __bool__(self) -> bool:
        raise TypeError("it has no value")


@dataclass(frozen=True)
class _Step:
    """One piece of arithmetic, ready to run on any carrier."""

    body: Callable[..., Any]
    sources: tuple[_Varying | float, ...]
    out: float = 1.0
    drops: tuple[str | int, ...] = ()  # inputs and earlier steps that no later one needs

    def run(self, values: dict[str, Any], made: dict[int, Any]) -> Any:
        arguments = [
            _value(s, values, made) if isinstance(s, _Varying) else s for s in self.sources
        ]
        result = self.body(*arguments)
        if self.out != 1:
            result = result * self.out
        for source in self.drops:
            if isinstance(source, str):
                del values[source]
            else:
                del made[source]
        return result


def _value(source: _Varying, values: dict[str, Any], made: dict[int, Any]) -> Any:
    carrier = values[source.at] if isinstance(source.at, str) else made[source.at]
    return carrier if source.scale == 1 else carrier * source.scale


class Program:
    """Turns a lineage into steps.

    What nothing uncertain enters is computed here, once, and exactly where it is exact. Numbers
    that multiply are gathered, so that draws are multiplied once. A total takes each term in as
    soon as that is made, so that not all of them are held at once.

    Parameters
    ----------
    given : mapping of str to Distribution
        What is to be drawn, by argument.
    uncertain : mapping of int to str
        Names of the inputs that vary, by the identity of the input.
    """

    def __init__(self, given: Mapping[str, Any], uncertain: Mapping[int, str]) -> None:
        self.given, self.uncertain = given, uncertain
        self.steps: list[_Step] = []
        self.source_of: dict[int, _Source] = {}
        self.last_use: dict[str | int, int] = {}
        # Of each total: what was added so far, by the number that it is to be multiplied with.
        self.sums: dict[int, dict[_Number, str | int]] = {}
        self.constants: dict[int, _Number] = {}

    def made(self, nodes: Sequence[Node]) -> Run:
        """Return the program for results that stand after what they were made from."""
        totals: dict[int, list[tuple[int, Fraction]]] = {}
        for node in nodes:
            if isinstance(node.result.formula, Total):
                for use, scale in zip(node.uses, node.scales, strict=True):
                    child = child_of(use.argument, use.input, self.given)
                    if child is not None:
                        totals.setdefault(id(child), []).append((id(node.result), scale))
        for node in nodes:
            a_total = isinstance(node.result.formula, Total)
            made = self._total(node) if a_total else self._one(node)
            self.source_of[id(node.result)] = made
            for total, scale in totals.get(id(node.result), ()):
                self._add(total, made, scale)
        root = self.source_of[id(nodes[-1].result)]
        if isinstance(root, _Varying) and root.scale != 1:
            root = _Varying(self._step(_same, [root]))
        return self._run(root)

    def _run(self, root: _Source) -> Run:
        steps = self.steps
        for source, user in self.last_use.items():
            steps[user] = replace(steps[user], drops=(*steps[user].drops, source))

        def run(values: dict[str, Any]) -> Any:
            made: dict[int, Any] = {}
            for index, step in enumerate(steps):
                made[index] = step.run(values, made)
            return _value(root, values, made) if isinstance(root, _Varying) else float(root)

        return run

    def _one(self, node: Node) -> _Source:
        """Return where a result of a formula comes from."""
        sources = [_scaled(self._source(use), s) for use, s in _pairs(node)]
        body = node.uses[0].formula.body
        if not any(isinstance(s, _Varying) for s in sources):
            if isinstance(node.result.magnitude, Fraction):
                return node.result.magnitude
            return float(body(*map(float, sources)) * float(node.out))  # type: ignore[arg-type]
        product = _product(body, sources)
        if product is None:
            return _Varying(self._step(body, sources, node.out))
        places = [s.at for s in (sources[p] for p in product.places) if isinstance(s, _Varying)]
        scale = product.number * node.out
        if len(places) == 1:
            return _Varying(places[0], scale)
        return _Varying(self._step(_times, [_Varying(at) for at in places]), scale)

    def _source(self, use: Use) -> _Source:
        if id(use.input) in self.uncertain:
            return _Varying(self.uncertain[id(use.input)])
        child = child_of(use.argument, use.input, self.given)
        if child is not None:
            return self.source_of[id(child)]
        magnitude = use.input.magnitude
        exact = isinstance(magnitude, Fraction)
        return magnitude if exact else nominal(magnitude, use.argument)

    def _step(
        self, body: Callable[..., Any], sources: Iterable[_Source], out: _Number = 1.0
    ) -> int:
        plain = tuple(
            replace(s, scale=float(s.scale)) if isinstance(s, _Varying) else float(s)
            for s in sources
        )
        self.last_use |= {s.at: len(self.steps) for s in plain if isinstance(s, _Varying)}
        self.steps.append(_Step(body, plain, float(out)))
        return len(self.steps) - 1

    def _add(self, total: int, term: _Source, scale: Fraction) -> None:
        term = _scaled(term, scale)
        if not isinstance(term, _Varying):
            self.constants[total] = self.constants.get(total, Fraction(0)) + term
            return
        sums = self.sums.setdefault(total, {})
        if term.scale in sums:
            pair = [_Varying(sums[term.scale]), _Varying(term.at)]
            sums[term.scale] = self._step(_plus, pair)
        else:
            sums[term.scale] = term.at

    def _total(self, node: Node) -> _Source:
        """Return a total, whose terms that are results were added as they were made."""
        key = id(node.result)
        for use, scale in _pairs(node):
            if child_of(use.argument, use.input, self.given) is None:
                self._add(key, self._source(use), scale)
        parts: list[_Source] = [_Varying(at, s) for s, at in self.sums.get(key, {}).items()]
        constant = self.constants.get(key, Fraction(0))
        if not parts:
            return constant * node.out
        if constant:
            parts.append(constant)
        while len(parts) > 1:
            parts = [_Varying(self._step(_plus, parts[:2])), *parts[2:]]
        return _scaled(parts[0], node.out)


def _pairs(node: Node) -> Iterable[tuple[Use, Fraction]]:
    return zip(node.uses, node.scales, strict=True)


def _scaled(source: _Source, scale: _Number) -> _Source:
    if scale == 1:
        return source
    if isinstance(source, _Varying):
        return _Varying(source.at, source.scale * scale)
    return source * scale


def _product(body: Callable[..., Any], sources: Sequence[_Source]) -> _Monomial | None:
    """Return the arithmetic as a number times what varies, each once; None if it is none."""
    try:
        made = body(
            *(
                _Monomial(s.scale, (place,)) if isinstance(s, _Varying) else s
                for place, s in enumerate(sources)
            )
        )
    except (TypeError, AttributeError):
        return None
    if not isinstance(made, _Monomial) or not math.isfinite(made.number):
        return None
    return made if len(set(made.places)) == len(made.places) else None


def _times(*factors: Any) -> Any:
    made = factors[0]
    for factor in factors[1:]:
        made = made * factor
    return made


def _plus(a: Any, b: Any) -> Any:
    return a + b


def _same(a: Any) -> Any:
    return a
