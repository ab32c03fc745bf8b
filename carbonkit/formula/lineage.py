"""The lineage of a result: sums of any length, their words, and how a long one is pickled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from carbonkit import units
from carbonkit.errors import DimensionError, FormulaError
from carbonkit.formula.core import (
    Formula,
    Result,
    binary_sum,
    inherited,
    restore,
)
from carbonkit.formula.given import Input, common_gwp
from carbonkit.formula.plans import Plan
from carbonkit.formula.symbol import Symbol

__all__ = ["Total", "explained", "total", "unrolled"]

_SHOWN = 8
# Pickling goes some six calls deep for each result of a lineage, and Python allows a thousand.
_DEEP = 60


def _total(*terms: Any) -> Any:
    """Total."""
    made = terms[0]
    for term in terms[1:]:
        made = made + term
    return made


class Total(Formula):
    """A sum of any number of terms of one dimension; its result is in the unit of the first."""

    def plan(self, *given: str) -> Plan:
        """Return the conversion of each term to the unit of the first.

        Raises
        ------
        DimensionError
            If a term is of another dimension.
        """
        first = given[0]
        scales = {unit: _scale(unit, first) for unit in dict.fromkeys(given)}
        return Plan(tuple(scales[unit] for unit in given), Fraction(1), first)


def _scale(unit: str, first: str) -> Fraction:
    if not units.same_dimension(unit, first):
        raise DimensionError(f"total: a term is in {unit!r}, the first in {first!r}.")
    return units.scale(unit, first)


TOTAL = Total(_total, units={"terms": None}, returns="{terms}", source="", accepts={}, kind="")
TOTAL.__qualname__ = "TOTAL"  # by which it is pickled


def total(terms: Mapping[str, Any]) -> Result:
    """Add any number of results in one step, with each of them in the lineage under its name.

    Adding results one by one makes a chain as long as the sum; this does not. Fractions are
    added exactly, so that their order does not matter.

    Parameters
    ----------
    terms : mapping of str to Result
        At least one; of one dimension and, where in CO2e, of one GWP set.

    Returns
    -------
    Result
        In the unit of the first.

    Raises
    ------
    FormulaError
        If there are no terms.
    DimensionError, GwpError
        If they cannot be added.

    Examples
    --------
    >>> from carbonkit.scope2 import location_based
    >>> sites = {"A": location_based("1 GWh", "0.5 t CO2/MWh"),
    ...          "B": location_based("2 GWh", "0.6 t CO2/MWh")}
    >>> print(total(sites))
    1,700 t CO2
    """
    if not terms:
        raise FormulaError("total: there are no terms to add.")
    inputs = {name: Input(term.magnitude, term.unit, term) for name, term in terms.items()}
    plan = TOTAL.plan(*(i.unit for i in inputs.values()))
    scaled = [
        i.magnitude * (s if isinstance(i.magnitude, Fraction) else float(s)) if s != 1
        else i.magnitude
        for i, s in zip(inputs.values(), plan.scales, strict=True)
    ]  # fmt: skip
    return Result(
        TOTAL.body(*scaled),
        plan.unit,
        TOTAL,
        MappingProxyType(inputs),
        common_gwp(inputs.values()),
        inherited(inputs.values()),
    )


# -- in words ------------------------------------------------------------------------------


def explained(result: Result) -> list[str]:
    """Write out a lineage, from the result down to what it was made from."""
    lines: list[str] = []
    stack: list[tuple[Result, int, str]] = [(result, 0, "")]
    while stack:
        node, depth, name = stack.pop()
        if name:
            lines.append(f"{'    ' * (depth - 1)}where {name}:")
        inputs = _flat(node)
        lines += [f"{'    ' * depth}{line}" for line in _step(node, inputs)]
        below = [
            (i.origin, depth + 1, _spaced(n))
            for n, i in inputs.items()
            if isinstance(i.origin, Result)
        ]
        stack += reversed(below)
    return lines


def _flat(node: Result) -> Mapping[str, Input]:
    """Return the inputs of a step; those of a chain of sums together, as terms."""
    if node.formula is not binary_sum:
        return node.inputs
    found: list[Input] = []
    stack = [*node.inputs.values()][::-1]
    while stack:
        given = stack.pop()
        if isinstance(given.origin, Result) and given.origin.formula is binary_sum:
            stack += [*given.origin.inputs.values()][::-1]
        else:
            found.append(given)
    if len(found) == 2:
        return node.inputs
    return {f"term {place}": given for place, given in enumerate(found, start=1)}


def _step(node: Result, inputs: Mapping[str, Input]) -> list[str]:
    """Write out one step: the formula, its figures, the result; then where they come from."""
    if node.formula is None:
        lines = [f"{node.note or 'value'}: {node}"]
    else:
        label = _spaced(node.formula.name)
        indent = " " * len(label)
        names = [Symbol(_spaced(n)) for n in inputs]
        values = [Symbol.value(str(i)) for i in inputs.values()]
        body = _total if node.formula is binary_sum else node.formula.body
        lines = [
            f"{label} = {_written(body, names)}",
            f"{indent} = {_written(body, values)}",
            f"{indent} = {node}",
        ]
    notes = {}
    for name, given in inputs.items():
        if not isinstance(given.origin, Result) and given.origin is not None:
            notes[_spaced(name)] = f"{given}: {given.origin}"
        elif node.formula is None:
            notes[_spaced(name)] = str(given)
    if node.formula is not None and node.formula.source:
        notes["formula"] = node.formula.source
    if node.gwp_set:
        notes["GWP set"] = node.gwp_set
    width = max(map(len, notes), default=0)
    return [*lines, *(f"  {name:{width}}  {note}" for name, note in notes.items())]


def _written(body: Callable[..., Any], symbols: list[Symbol]) -> str:
    if body is not _total or len(symbols) <= _SHOWN:
        return str(body(*symbols))
    shown = body(*symbols[: _SHOWN - 1])
    return f"{shown} + … + {symbols[-1]} ({len(symbols):,} terms)"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


# -- pickled -------------------------------------------------------------------------------


class _Earlier(int):
    """The place of a result in an unrolled lineage."""


def unrolled(result: Result) -> tuple[Any, ...] | None:
    """Return how to pickle a long lineage: step by step, not one inside the other.

    None for a short one, which pickles as it is and shares what it has in common with others.
    """
    if _depth_below(result) < _DEEP:
        return None
    places: dict[int, _Earlier] = {}
    steps: list[Any] = []
    for node in _upwards(result):
        places[id(node)] = _Earlier(len(steps))
        inputs = {
            n: Input(i.magnitude, i.unit, places.get(id(i.origin), i.origin))
            for n, i in node.inputs.items()
        }
        steps.append((type(node), node.state(), inputs))
    return _rolled, (steps,)


def _rolled(steps: list[tuple[type[Result], dict[str, Any], dict[str, Input]]]) -> Result:
    made: list[Result] = []
    for kind, state, inputs in steps:
        opened = {
            n: Input(i.magnitude, i.unit, made[i.origin]) if isinstance(i.origin, _Earlier) else i
            for n, i in inputs.items()
        }
        made.append(restore(kind, state, opened))
    return made[-1]


def _below(node: Result) -> list[Result]:
    return [i.origin for i in node.inputs.values() if isinstance(i.origin, Result)]


def _depth_below(result: Result) -> int:
    """Return how deep a lineage goes, as far as it matters."""
    level, depth = {id(result): result}, 0
    while level and depth < _DEEP:
        level = {id(child): child for node in level.values() for child in _below(node)}
        depth += 1
    return depth


def _upwards(result: Result) -> Iterator[Result]:
    """Go through a lineage, each result once and after what it was made from."""
    done: set[int] = set()
    stack = [(result, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if ready:
            done.add(id(node))
            yield node
        else:
            stack.append((node, True))
            stack += [(child, False) for child in reversed(_below(node))]
