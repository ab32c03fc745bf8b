"""What is to be propagated: uncertain inputs and the arithmetic that they enter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from carbonkit import units
from carbonkit.errors import UncertaintyError, nearest
from carbonkit.formula import Formula, Input, Result
from carbonkit.intervals import Interval
from carbonkit.uncertainty.distributions import Distribution, Shape
from carbonkit.uncertainty.inputs import Uncertain, nominal

__all__ = ["Model", "Variable", "build"]

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
    """

    inputs: Mapping[str, Variable]
    unit: str
    run: Run

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

    @property
    def names(self) -> tuple[str, ...]:
        """What a person may call it, the most exact first."""
        own = (getattr(self.origin, a, None) for a in ("name", "key", "id"))
        return (*(n for n in own if isinstance(n, str) and n), self.argument)


# Where a step takes an argument from: an input by its name, a number, or an earlier step.
_Source = str | float | int


@dataclass(frozen=True)
class _Step:
    """One formula of a lineage, ready to run on any carrier."""

    body: Callable[..., Any]
    sources: tuple[_Source, ...]
    scales: tuple[Fraction | None, ...]
    out: Fraction | None
    drops: tuple[str | int, ...] = ()  # inputs and earlier steps that no later one needs

    def run(self, values: dict[str, Any], made: dict[int, Any]) -> Any:
        arguments = (
            values[s] if isinstance(s, str) else made[s] if isinstance(s, int) else s
            for s in self.sources
        )  # fmt: skip
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
    nodes = list(_upwards(result, given))
    uses = [use for node in nodes for use in _uses(node)]
    _check_names(given, uses)
    uncertain = _uncertain([use for use in uses if _child(use, given) is None], given)
    scales = _scales(nodes, uncertain)
    variables = {
        name: Variable(
            _times(i.value, scales[name]), i.shape.times(float(scales[name] or 1)), i.shared
        )
        for name, i in _named(uncertain.values()).items()
    }
    return Model(variables, result.unit, _program(nodes, given, uncertain, scales))


def _uses(node: Result) -> list[_Use]:
    assert node.formula is not None  # noqa: S101 -- _upwards lets no other node through
    return [_Use(node.formula, argument, i) for argument, i in node.inputs.items()]


def _child(use: _Use, given: Mapping[str, Any]) -> Result | None:
    """Return the result that an argument came from, unless it is to be drawn itself."""
    origin = use.origin
    if isinstance(origin, Result) and use.argument not in given and origin.formula is not None:
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
        for use in reversed(_uses(node)):
            child = _child(use, given)
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
            found[id(value)] = _drawn(use, distribution, use.names[0])
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


def _plan(node: Result) -> tuple[Formula, tuple[Fraction | None, ...], Fraction | None]:
    """Return a node's formula and its conversions in and out."""
    formula = _uses(node)[0].formula
    plan = formula.plan(*(i.unit for i in node.inputs.values()))
    out = plan.out * units.scale(plan.unit, node.unit)
    return formula, tuple(map(_unless_one, plan.scales)), _unless_one(out)


def _unless_one(scale: Fraction) -> Fraction | None:
    return None if scale == 1 else scale


def _scales(nodes: list[Result], uncertain: Mapping[int, Uncertain]) -> dict[str, Fraction | None]:
    """Return conversions that every use of an input shares: they cost nothing when drawing."""
    found: dict[str, set[Fraction | None]] = {}
    for node in nodes:
        for use, scale in zip(_uses(node), _plan(node)[1], strict=True):
            if id(use.input) in uncertain:
                found.setdefault(uncertain[id(use.input)].name, set()).add(scale)
    return {name: next(iter(own)) if len(own) == 1 else None for name, own in found.items()}


def _program(
    nodes: list[Result],
    given: Mapping[str, Any],
    uncertain: Mapping[int, Uncertain],
    scaled: Mapping[str, Fraction | None],
) -> Run:
    """Turn a lineage into steps; what nothing uncertain enters is computed here, once."""
    steps: list[_Step] = []
    source_of: dict[int, _Source] = {}
    last_use: dict[str | int, int] = {}
    for node in nodes:
        sources: list[_Source] = []
        formula, plan, out = _plan(node)
        scales = list(plan)
        for position, use in enumerate(_uses(node)):
            child = _child(use, given)
            if id(use.input) in uncertain:
                name = uncertain[id(use.input)].name
                sources.append(name)
                if scaled[name] is not None:
                    scales[position] = None
            elif child is not None:
                sources.append(source_of[id(child)])
            else:
                sources.append(nominal(use.input.magnitude, use.argument))
        step = _Step(formula.body, tuple(sources), tuple(scales), out)
        if all(isinstance(s, float) for s in sources):
            source_of[id(node)] = float(step.run({}, {}))
            continue
        source_of[id(node)] = len(steps)
        last_use |= {s: len(steps) for s in sources if not isinstance(s, float)}
        steps.append(step)
    for source, user in last_use.items():
        steps[user] = replace(steps[user], drops=(*steps[user].drops, source))
    root = source_of[id(nodes[-1])]

    def run(values: dict[str, Any]) -> Any:
        made: dict[int, Any] = {}
        for index, step in enumerate(steps):
            made[index] = step.run(values, made)
        return made[root] if isinstance(root, int) else root

    return run
