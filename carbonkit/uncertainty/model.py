"""What is to be propagated: uncertain inputs and the arithmetic that they enter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from carbonkit import units
from carbonkit.errors import UncertaintyError, nearest
from carbonkit.formula import Formula, Input, Result
from carbonkit.formula.lineage import Total
from carbonkit.intervals import Interval
from carbonkit.uncertainty.distributions import Distribution, Shape
from carbonkit.uncertainty.inputs import Uncertain, nominal

__all__ = ["Model", "Variable", "build", "input_names"]

# The values may be used up: what is no longer needed is taken out.
Run = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Variable:
    """An uncertain input in the unit that the arithmetic wants it in."""

    value: float
    shape: Shape
    shared: tuple[str, float] | None


@dataclass(frozen=True)
class Model:
    """Arithmetic over named uncertain inputs.

    Attributes
    ----------
    inputs : mapping of str to Variable
        By name, sorted.
    unit : str
        The unit of the result.
    run : callable
        From a mapping of names to carriers (floats, draws, traced numbers) to the result's.
    known : float or None
        The result of the values as they are used, where it is known already.
    """

    inputs: Mapping[str, Variable]
    unit: str
    run: Run
    known: float | None = None

    @property
    def deterministic(self) -> float:
        """The result of the values as they are used."""
        return self.at(lambda one: one.value) if self.known is None else self.known

    def at(self, point: Callable[[Variable], float]) -> float:
        """Return the result with every input at one value of it.

        Raises
        ------
        UncertaintyError
            If there is none, because of a division by zero.
        """
        values = {name: point(given) for name, given in self.inputs.items()}
        result = _computed(self.run, values)
        try:
            return float(result)
        except (TypeError, ValueError):
            raise UncertaintyError(
                f"the function gives {str(result)[:60]!r} for single numbers; it must give one "
                "value for each draw."
            ) from None


def _computed(run: Run, values: Mapping[str, float]) -> Any:
    try:
        return run(dict(values))
    except ArithmeticError as error:
        shown = ", ".join(f"{name} = {value:g}" for name, value in list(values.items())[:8])
        raise UncertaintyError(f"there is no result with {shown}: {error}.") from error


def build(subject: Formula | Result | Callable[..., Any], given: Mapping[str, Any] | None) -> Model:
    """Make a model of a formula with its arguments, a result with its lineage, or a function.

    Raises
    ------
    UncertaintyError
        If an input is unknown, ambiguous or cannot be drawn, or nothing is uncertain.
    """
    given = dict(given or {})
    if isinstance(subject, Formula):
        model = _from_lineage(subject(**given), {})
    elif isinstance(subject, Result):
        model = _from_lineage(subject, given)
    elif callable(subject):
        model = _from_function(subject, given)
    else:
        raise UncertaintyError(
            f"a {type(subject).__name__} has no arithmetic to propagate through; give a formula, "
            "a result of formulas, or a function."
        )
    if not model.inputs:
        raise UncertaintyError(
            "none of the inputs is uncertain. Make one so with uncertain(value, distribution, "
            "name=...), or name inputs of the result: {'factor': lognormal(gsd=1.1)}."
        )
    return model


def _named(inputs: Iterable[Uncertain]) -> dict[str, Uncertain]:
    """Collect inputs by name; inputs of one name must be one input."""
    found: dict[str, Uncertain] = {}
    for one in inputs:
        known = found.setdefault(one.name, one)
        if known != one:
            raise UncertaintyError(
                f"two different inputs are named {one.name!r}: {known.value} {known.unit}, "
                f"{known.distribution}, and {one.value} {one.unit}, {one.distribution}. Inputs "
                "of one name are one input; name them apart."
            )
    return dict(sorted(found.items()))


# -- a function ----------------------------------------------------------------------------


def _from_function(function: Callable[..., Any], given: Mapping[str, Any]) -> Model:
    names = {arg: value.name for arg, value in given.items() if isinstance(value, Uncertain)}
    inputs = _named(value for value in given.values() if isinstance(value, Uncertain))

    def call(values: dict[str, Any]) -> Any:
        wrapped = {a: _wrapped(values[name], inputs[name].unit) for a, name in names.items()}
        return function(**{**given, **wrapped})

    made = _computed(call, {name: one.value for name, one in inputs.items()})
    unit = made.unit if isinstance(made, Result) else "1"

    def run(values: dict[str, Any]) -> Any:
        result = call(values)
        return result.to(unit).magnitude if isinstance(result, Result) else result

    variables = {name: Variable(i.value, i.shape, i.shared) for name, i in inputs.items()}
    return Model(variables, unit, run)


def _wrapped(carrier: Any, unit: str) -> Any:
    """Give a carrier its unit; pure numbers go as they are, so that functions can use numpy."""
    return carrier if unit == "1" else Result(carrier, unit)


# -- the lineage of a result ---------------------------------------------------------------


@dataclass(frozen=True)
class _Use:
    """One argument of one formula in a lineage."""

    formula: Formula
    argument: str
    input: Input

    @property
    def origin(self) -> Any:
        return self.input.origin

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What a person may call it, the most exact first."""
        own = (getattr(self.origin, a, None) for a in ("name", "key", "id"))
        return (*(n for n in own if isinstance(n, str) and n), self.argument)


@dataclass(frozen=True)
class _Node:
    """One result of a lineage: its arguments, with the conversions in and out."""

    result: Result
    uses: tuple[_Use, ...]
    scales: tuple[Fraction | None, ...]
    out: Fraction | None

    @classmethod
    def of(cls, result: Result) -> _Node:
        formula = result.formula
        assert formula is not None  # noqa: S101 -- _upwards lets no other through
        uses = tuple(_Use(formula, argument, i) for argument, i in result.inputs.items())
        plan = formula.plan(*(i.unit for i in result.inputs.values()))
        # Units are the same text nearly always.
        same = plan.unit == result.unit
        out = plan.out if same else plan.out * units.scale(plan.unit, result.unit)
        return cls(result, uses, tuple(map(_unless_one, plan.scales)), _unless_one(out))


# Where a step takes an argument from: an input by its name, a number, or an earlier step.
_Source = str | float | Fraction | int


@dataclass(frozen=True)
class _Step:
    """One formula of a lineage, ready to run on any carrier."""

    body: Callable[..., Any]
    sources: tuple[_Source, ...]
    scales: tuple[Fraction | None, ...]
    out: Fraction | None
    drops: tuple[str | int, ...] = ()  # inputs and earlier steps that no later one needs

    def run(self, values: dict[str, Any], made: dict[int, Any]) -> Any:
        arguments = [
            values[s] if isinstance(s, str) else made[s] if isinstance(s, int) else s
            for s in self.sources
        ]  # fmt: skip
        result = _times(self.body(*map(_times, arguments, self.scales)), self.out)
        for source in self.drops:
            if isinstance(source, str):
                del values[source]
            else:
                del made[source]
        return result


def _times(carrier: Any, scale: Fraction | None) -> Any:
    """Scale a carrier with the rounding that formulas have; None is no scaling."""
    if scale is None:
        return carrier
    if scale.numerator == 1:
        return carrier / float(scale.denominator)
    return carrier * float(scale)


def _from_lineage(result: Result, given: Mapping[str, Any]) -> Model:
    for name, distribution in given.items():
        if not isinstance(distribution, Distribution):
            raise UncertaintyError(
                f"{name}: the inputs of a result have their values already; give a distribution "
                f"such as lognormal(gsd=1.1), not {str(distribution)[:60]!r}."
            )
    nodes = [_Node.of(node) for node in _upwards(result, given)]
    uses = [use for node in nodes for use in node.uses]
    _check_names(given, uses)
    last = [use for use in uses if _child(use.argument, use.input, given) is None]
    uncertain = _uncertain(last, given)
    scales = _scales(nodes, uncertain)
    variables = {
        name: Variable(
            _times(i.value, scales[name]), i.shape.times(float(scales[name] or 1)), i.shared
        )
        for name, i in _named(uncertain.values()).items()
    }
    # What does not vary is no input of the program, so that it is computed but once, exactly.
    sure = {name for name, one in variables.items() if not one.shape.sd}
    varies = {key: one for key, one in uncertain.items() if one.name not in sure}
    run = _Program(given, varies, scales).made(nodes)
    known = result.magnitude if isinstance(result.magnitude, int | float | Fraction) else None
    return Model(variables, result.unit, run, None if known is None else float(known))


def input_names(result: Result) -> frozenset[str]:
    """Return every name by which an input of a lineage can be called.

    Raises
    ------
    UncertaintyError
        If the result has no lineage.
    """
    nodes = map(_Node.of, _upwards(result, {}))
    return frozenset(name for node in nodes for use in node.uses for name in use.names)


def _child(argument: str, taken: Input, given: Mapping[str, Any]) -> Result | None:
    """Return the result that an argument came from, unless it is to be drawn itself."""
    origin = taken.origin
    if isinstance(origin, Result) and argument not in given and origin.formula is not None:
        return origin
    return None


def _upwards(result: Result, given: Mapping[str, Any]) -> Iterator[Result]:
    """Go through the results of a lineage, each once and after what it was made from."""
    if result.formula is None:
        raise UncertaintyError(
            f"{result} has no lineage of formulas{f' ({result.note})' if result.note else ''}, so "
            "it cannot be computed again. Use a result of formulas, or uncertain(result, ...)."
        )
    done: set[int] = set()
    stack = [(result, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if ready:
            done.add(id(node))
            yield node
            continue
        stack.append((node, True))
        for argument, taken in [*node.inputs.items()][::-1]:
            child = _child(argument, taken, given)
            if child is not None:
                stack.append((child, False))


def _check_names(given: Mapping[str, Any], uses: list[_Use]) -> None:
    known = dict.fromkeys(name for use in uses for name in use.names)
    for name in given:
        if name not in known:
            shown = list(known)[:12]
            raise UncertaintyError(
                f"the result has no input {name!r}.{nearest(name, known)} "
                f"It has {', '.join(shown)}{' ...' if len(known) > len(shown) else ''}."
            )


def _uncertain(uses: list[_Use], given: Mapping[str, Any]) -> dict[int, Uncertain]:
    """Return the uncertain inputs by the identity of the input object."""
    found: dict[int, Uncertain] = {}
    bare: dict[str, list[_Use]] = {}
    known: dict[tuple[str, Any, str], Uncertain] = {}
    for use in uses:
        distribution = next((given[n] for n in use.names if n in given), None)
        origin, value = use.origin, use.input
        if isinstance(origin, Result) and origin.formula is None and _hides_uncertain(origin):
            raise UncertaintyError(
                f"{use.argument} of {use.formula.name}, {origin.note}, rests on uncertain inputs "
                "but cannot be computed again. Propagate a formula or a function instead."
            )
        if isinstance(origin, Uncertain) and distribution is None:
            found[id(value)] = origin
        elif distribution is None:
            if isinstance(value.magnitude, Interval) and not value.magnitude.is_point:
                raise UncertaintyError(
                    f"{use.argument} of {use.formula.name} is only known to lie in {value}. Give "
                    f"it a distribution too, for example uniform(low, high)."
                )
        elif len(use.names) > 1:
            same = (use.names[0], value.magnitude, value.unit)
            if same not in known:
                known[same] = _drawn(use, distribution, use.names[0])
            found[id(value)] = known[same]
        else:
            bare.setdefault(use.argument, []).append(use)
    for argument, several in bare.items():
        distinct = {id(use.input): use for use in several}
        labels = Counter(_label(use) for use in distinct.values())
        for key, use in distinct.items():
            if labels[_label(use)] > 1:
                raise UncertaintyError(
                    f"{argument!r} stands for {labels[_label(use)]} inputs of the same value, "
                    f"{use.input}. Say whether that is one input or several: build them with "
                    "uncertain(..., name=...), the same name for the same input."
                )
            name = argument if len(distinct) == 1 else _label(use)
            found[key] = _drawn(use, given[argument], name)
    return found


def _hides_uncertain(result: Result) -> bool:
    stack = [result]
    while stack:
        for given in stack.pop().inputs.values():
            if isinstance(given.origin, Uncertain):
                return True
            if isinstance(given.origin, Result):
                stack.append(given.origin)
    return False


def _label(use: _Use) -> str:
    return f"{use.argument} = {use.input.magnitude!r} {use.input.unit}"


def _drawn(use: _Use, distribution: Distribution, name: str) -> Uncertain:
    value = nominal(use.input.magnitude, use.argument)
    return Uncertain(value, use.input.unit, distribution, name, None, use.origin)


def _unless_one(scale: Fraction) -> Fraction | None:
    return None if scale == 1 else scale


def _scales(nodes: list[_Node], uncertain: Mapping[int, Uncertain]) -> dict[str, Fraction | None]:
    """Return conversions that every use of an input shares: they cost nothing when drawing."""
    found: dict[str, set[Fraction | None]] = {}
    for node in nodes:
        for use, scale in zip(node.uses, node.scales, strict=True):
            if id(use.input) in uncertain:
                found.setdefault(uncertain[id(use.input)].name, set()).add(scale)
    return {name: next(iter(own)) if len(own) == 1 else None for name, own in found.items()}


class _Program:
    """A lineage turned into steps; what nothing uncertain enters is computed here, once.

    A total takes each term in as soon as that is made, so that not all of them are held at once.
    """

    def __init__(
        self,
        given: Mapping[str, Any],
        uncertain: Mapping[int, Uncertain],
        scaled: Mapping[str, Fraction | None],
    ) -> None:
        self.given, self.uncertain, self.scaled = given, uncertain, scaled
        self.steps: list[_Step] = []
        self.source_of: dict[int, _Source] = {}
        self.last_use: dict[str | int, int] = {}
        self.sums: dict[int, tuple[_Source | None, Fraction | float]] = {}

    def made(self, nodes: list[_Node]) -> Run:
        """Return the program for results that stand after what they were made from."""
        totals: dict[int, list[tuple[int, Fraction | None]]] = {}
        for node in nodes:
            if isinstance(node.result.formula, Total):
                for use, scale in zip(node.uses, node.scales, strict=True):
                    child = _child(use.argument, use.input, self.given)
                    if child is not None:
                        totals.setdefault(id(child), []).append((id(node.result), scale))
        for node in nodes:
            a_total = isinstance(node.result.formula, Total)
            made = self._total(node) if a_total else self._one(node)
            self.source_of[id(node.result)] = made
            for total, scale in totals.get(id(node.result), ()):
                self._add(total, made, scale)
        root = self.source_of[id(nodes[-1].result)]
        steps = self.steps
        for source, user in self.last_use.items():
            steps[user] = replace(steps[user], drops=(*steps[user].drops, source))

        def run(values: dict[str, Any]) -> Any:
            made: dict[int, Any] = {}
            for index, step in enumerate(steps):
                made[index] = step.run(values, made)
            return made[root] if isinstance(root, int) else _plain(root, values)

        return run

    def _one(self, node: _Node) -> _Source:
        sources: list[_Source] = []
        scales = list(node.scales)
        for position, use in enumerate(node.uses):
            source, in_scale = self._source(use)
            sources.append(source)
            if in_scale:
                scales[position] = None
        body = node.uses[0].formula.body
        if all(isinstance(s, float | Fraction) for s in sources):
            if isinstance(node.result.magnitude, Fraction):
                return node.result.magnitude
            plain = tuple(float(s) for s in sources)
            return float(_Step(body, plain, tuple(scales), node.out).run({}, {}))
        return self._step(body, sources, scales, node.out)

    def _source(self, use: _Use) -> tuple[_Source, bool]:
        """Return where an argument comes from, and whether it comes in the unit that is wanted."""
        if id(use.input) in self.uncertain:
            name = self.uncertain[id(use.input)].name
            return name, self.scaled[name] is not None
        child = _child(use.argument, use.input, self.given)
        if child is not None:
            return self.source_of[id(child)], False
        magnitude = use.input.magnitude
        exact = isinstance(magnitude, Fraction)
        return magnitude if exact else nominal(magnitude, use.argument), False

    def _step(
        self,
        body: Callable[..., Any],
        sources: Iterable[_Source],
        scales: Iterable[Fraction | None],
        out: Fraction | None = None,
    ) -> int:
        plain = tuple(float(s) if isinstance(s, Fraction) else s for s in sources)
        self.last_use |= {s: len(self.steps) for s in plain if not isinstance(s, float)}
        self.steps.append(_Step(body, plain, tuple(scales), out))
        return len(self.steps) - 1

    def _add(self, total: int, term: _Source, scale: Fraction | None) -> None:
        so_far, constant = self.sums.get(total, (None, Fraction(0)))
        if isinstance(term, float | Fraction):
            constant = constant + (_times(term, scale) if isinstance(term, float) else
                                   term * (scale or 1))  # fmt: skip
        elif so_far is None:
            so_far = term if scale is None else self._step(_same, [term], [scale])
        else:
            so_far = self._step(_plus, [so_far, term], [None, scale])
        self.sums[total] = so_far, constant

    def _total(self, node: _Node) -> _Source:
        """Return a total, whose terms that are results were added as they were made."""
        key = id(node.result)
        for use, scale in zip(node.uses, node.scales, strict=True):
            if _child(use.argument, use.input, self.given) is None:
                source, in_scale = self._source(use)
                self._add(key, source, None if in_scale else scale)
        so_far, constant = self.sums[key]
        if so_far is None:
            return constant if node.out is None else constant * node.out
        if constant or node.out is not None:
            return self._step(_plus, [so_far, constant], [None, None], node.out)
        return so_far


def _plus(a: Any, b: Any) -> Any:
    return a + b


def _same(a: Any) -> Any:
    return a


def _plain(root: str | float | Fraction, values: dict[str, Any]) -> Any:
    return values[root] if isinstance(root, str) else float(root)
