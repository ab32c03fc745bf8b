"""What is to be propagated: uncertain inputs and the arithmetic that they enter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from carbonkit.errors import UncertaintyError, nearest
from carbonkit.formula import Formula, Result
from carbonkit.intervals import Interval
from carbonkit.uncertainty.distributions import Distribution, Shape
from carbonkit.uncertainty.inputs import Uncertain, nominal
from carbonkit.uncertainty.program import Node, Program, Run, Use, child_of

__all__ = ["Model", "Variable", "build", "input_names"]


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


def _from_lineage(result: Result, given: Mapping[str, Any]) -> Model:
    for name, distribution in given.items():
        if not isinstance(distribution, Distribution):
            raise UncertaintyError(
                f"{name}: the inputs of a result have their values already; give a distribution "
                f"such as lognormal(gsd=1.1), not {str(distribution)[:60]!r}."
            )
    nodes = [Node.of(node) for node in _upwards(result, given)]
    uses = [use for node in nodes for use in node.uses]
    _check_names(given, uses)
    last = [use for use in uses if child_of(use.argument, use.input, given) is None]
    uncertain = _uncertain(last, given)
    inputs = _named(uncertain.values())
    variables = {n: Variable(i.value, i.shape, i.shared) for n, i in inputs.items()}
    # What does not vary is no input of the program, so that it is computed but once, exactly.
    sure = {name for name, one in variables.items() if not one.shape.sd}
    varies = {key: one.name for key, one in uncertain.items() if one.name not in sure}
    run = Program(given, varies).made(nodes)
    known = result.magnitude if isinstance(result.magnitude, int | float | Fraction) else None
    return Model(variables, result.unit, run, None if known is None else float(known))


def input_names(result: Result) -> frozenset[str]:
    """Return every name by which an input of a lineage can be called.

    Raises
    ------
    UncertaintyError
        If the result has no lineage.
    """
    nodes = map(Node.of, _upwards(result, {}))
    return frozenset(name for node in nodes for use in node.uses for name in use.names)


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
            child = child_of(argument, taken, given)
            if child is not None:
                stack.append((child, False))


def _check_names(given: Mapping[str, Any], uses: list[Use]) -> None:
    known = dict.fromkeys(name for use in uses for name in use.names)
    for name in given:
        if name not in known:
            shown = list(known)[:12]
            raise UncertaintyError(
                f"the result has no input {name!r}.{nearest(name, known)} "
                f"It has {', '.join(shown)}{' ...' if len(known) > len(shown) else ''}."
            )


def _uncertain(uses: list[Use], given: Mapping[str, Any]) -> dict[int, Uncertain]:
    """Return the uncertain inputs by the identity of the input object."""
    found: dict[int, Uncertain] = {}
    bare: dict[str, list[Use]] = {}
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


def _label(use: Use) -> str:
    return f"{use.argument} = {use.input.magnitude!r} {use.input.unit}"


def _drawn(use: Use, distribution: Distribution, name: str) -> Uncertain:
    value = nominal(use.input.magnitude, use.argument)
    return Uncertain(value, use.input.unit, distribution, name, None, use.origin)
