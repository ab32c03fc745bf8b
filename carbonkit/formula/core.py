"""One formula, every carrier: plain arithmetic that knows the unit of each argument.

A formula is written once, as a pure function of plain arithmetic. The decorator checks units at
the door, strips them, runs the body, and gives the result its unit back. Inside, the body sees
floats, numpy arrays, pandas Series, exact intervals, random draws or Ibis columns and does not
know which.
"""

from __future__ import annotations

import inspect
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from carbonkit import units
from carbonkit._text import number, with_unit
from carbonkit.errors import (
    DimensionError,
    FactorKindError,
    FormulaError,
    GwpError,
    UnitError,
    nearest,
)
from carbonkit.formula.inverse import solve_for
from carbonkit.formula.symbol import Symbol
from carbonkit.intervals import Interval
from carbonkit.printed import Figure
from carbonkit.provenance import Assumption

__all__ = ["Formula", "Input", "Result", "formula"]

# "gas" stands for one species (CO2, CO2e, CH4 ...) throughout a formula's units.
_GAS = re.compile(r"\bgas\b")
PURE = "1"


@dataclass(frozen=True)
class Input:
    """One argument as it came in: its magnitude, its unit and what it came from.

    Parameters
    ----------
    magnitude : object
        The carrier: a number, an array, a Series, an interval or a column.
    unit : str
        Canonical unit text.
    origin : object, optional
        The emission factor, printed figure or earlier result that it was taken from.
    """

    magnitude: Any
    unit: str
    origin: Any = None

    def __str__(self) -> str:
        return _show(self.magnitude, self.unit)


@dataclass(frozen=True)
class _Plan:
    """What a combination of units comes to: conversions in, conversion and unit out."""

    scales: tuple[Fraction, ...]
    out: Fraction
    unit: str


class Formula:
    """A named piece of arithmetic with a unit for each argument and for the result.

    Made by :func:`formula`. Calling it checks and converts the units and returns a
    :class:`Result`; :attr:`body` is the bare function.

    Attributes
    ----------
    name, title, source : str
        The function's name, the first line of its docstring, where the formula comes from.
    body : callable
        The arithmetic itself.
    units : mapping of str to str or None
        The unit of each argument. None: any unit.
    returns : str
        The unit of the result, which may refer to the units of arguments.
    accepts : mapping of str to frozenset of str
        The kinds of emission factor that an argument may be.
    """

    def __init__(
        self,
        body: Callable[..., Any],
        *,
        units: Mapping[str, str | None],
        returns: str,
        source: str,
        accepts: Mapping[str, frozenset[str]],
    ) -> None:
        self.body = body
        self.name = body.__name__
        self.units = MappingProxyType(dict(units))
        self.returns = returns
        self.source = source
        self.accepts = MappingProxyType(dict(accepts))
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._signature = inspect.signature(body)
        if list(self._signature.parameters) != list(units):
            raise FormulaError(
                f"{self.name}: units are declared for {list(units)}, but the function takes "
                f"{list(self._signature.parameters)}. Declare one unit for each argument, in order."
            )
        self.__doc__ = body.__doc__
        self.__module__ = body.__module__
        self.__qualname__ = body.__qualname__
        self.__name__ = body.__name__
        self.__wrapped__ = body

    @property
    def title(self) -> str:
        """The first line of the docstring."""
        return (self.__doc__ or self.name).strip().splitlines()[0].rstrip(".")

    def __repr__(self) -> str:
        arguments = ", ".join(f"{n} [{u or 'any unit'}]" for n, u in self.units.items())
        return f"<formula {self.name}({arguments}) -> {self.returns}>"

    def __reduce__(self) -> str:
        return self.__qualname__

    def __call__(self, *args: Any, override: str | None = None, **kwargs: Any) -> Result:
        """Check units, compute, and return a result that remembers where it came from.

        Parameters
        ----------
        *args, **kwargs
            Each argument as text ("27.64 GWh"), as a pair ``(value, unit)`` whose value is any
            carrier, as a pint quantity of any registry, as a printed figure, an emission factor
            or an earlier result. A bare number only where the formula takes a pure number.
        override : str, optional
            Reason for using an emission factor of a kind that this formula refuses; the result
            carries it as an assumption.

        Returns
        -------
        Result

        Raises
        ------
        FormulaError
            If an argument is missing or unknown.
        UnitError, DimensionError
            If a unit is unknown or of the wrong dimension.
        FactorKindError
            If a factor's kind does not fit the formula's purpose.
        """
        inputs = self._open(args, kwargs)
        assumptions = self._guard(inputs, override)
        plan = self.plan(*(i.unit for i in inputs.values()))
        stripped = [
            _times(i.magnitude, s) for i, s in zip(inputs.values(), plan.scales, strict=True)
        ]
        return Result(
            magnitude=_times(self.body(*stripped), plan.out),
            unit=plan.unit,
            formula=self,
            inputs=MappingProxyType(inputs),
            gwp_set=_common_gwp(inputs),
            assumptions=assumptions,
        )

    def plan(self, *given: str) -> _Plan:
        """Prove the dimensions of these units and return conversions in and the unit out.

        The body runs once on the units alone, which finds a sum of tonnes and kilowatt-hours.
        An amount may be stated per year wherever the formula names an amount; the result then
        is per year too.

        Raises
        ------
        DimensionError
            If an argument's unit, or the units together, do not fit.
        """
        if given not in self._plans:
            self._plans[given] = self._prove(given)
        return self._plans[given]

    def _prove(self, given: tuple[str, ...]) -> _Plan:
        gas: str | None = None
        inner: list[str] = []
        for (name, declared), unit in zip(self.units.items(), given, strict=True):
            if declared is None:
                inner.append(next((u for u in inner if units.same_dimension(u, unit)), unit))
                continue
            if _GAS.search(declared):
                species = units.species(unit)
                if species is None:
                    raise DimensionError(
                        f"{self.name}: {name} is in {unit!r}, which names no gas. State whether it "
                        f"is CO2, CO2e or another gas, for example {_with_gas(declared, 'CO2')!r}."
                    )
                if gas not in (None, species):
                    raise DimensionError(
                        f"{self.name}: {name} is in {unit!r}, but another argument is in {gas}. "
                        "Gases are not added or divided by each other; convert both to CO2e with "
                        "a named GWP set first (carbonkit.gwp.to_co2e)."
                    )
                gas = species
                declared = _with_gas(declared, species)
            inner.append(self._per_year(name, declared, units.measure(unit)))
        try:
            out = self.body(*(units.measure(unit) for unit in inner))
        except DimensionError as error:
            shown = ", ".join(f"{n} [{u}]" for n, u in zip(self.units, given, strict=True))
            raise DimensionError(f"{self.name}({shown}): the units do not fit: {error}.") from None
        named = zip(self.units, inner, strict=True)
        wanted = self.returns.format_map({name: f"({unit})" for name, unit in named})
        wanted = _with_gas(units.simplify(wanted) if "{" in self.returns else wanted, gas)
        result = self._per_year("the result", wanted, out)
        scales = tuple(units.scale(u, i) for u, i in zip(given, inner, strict=True))
        return _Plan(scales, out.size / units.measure(result).size, result)

    def _per_year(self, name: str, declared: str, found: units.Measure) -> str:
        """Return the declared unit, made per year where the one found is."""
        extra = (found / units.measure(declared)).dimensions
        if not extra:
            return units.canonical(declared)
        if extra == (("year", -1),):
            return units.canonical(f"{declared}/year")
        like = f"in a unit like {declared!r}, also per year,"
        if declared == PURE:
            like = "a pure number"
        raise DimensionError(f"{self.name}: {name} must be {like} but is {found}.")

    def _open(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Input]:
        unknown = [k for k in kwargs if k not in self.units]
        if unknown:
            raise FormulaError(
                f"{self.name} has no argument {unknown[0]!r}.{nearest(unknown[0], self.units)} "
                f"It takes {', '.join(self.units)}."
            )
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise FormulaError(f"{self.name}: {error}. It takes {', '.join(self.units)}.") from None
        bound.apply_defaults()
        opened = {}
        for name, value in bound.arguments.items():
            try:
                opened[name] = open_input(value, pure=self.units[name] in (PURE, None))
            except UnitError as error:
                raise type(error)(f"{self.name}: {name}: {error}") from None
        return opened

    def _guard(self, inputs: Mapping[str, Input], override: str | None) -> tuple[Assumption, ...]:
        for name, kinds in self.accepts.items():
            kind = getattr(inputs[name].origin, "kind", None)
            if kind is None or kind in kinds:
                continue
            factor = inputs[name].origin
            if override:
                return (Assumption(f"{name} of kind {kind}", str(inputs[name]), override),)
            raise FactorKindError(
                f"{self.name}: {factor} is of kind {kind!r}, which does not fit: {name} may be "
                f"{', '.join(sorted(kinds))}. Find a factor of a fitting kind, or state why this "
                "one is used with override='...'; the result then says so."
            )
        return ()

    def solve(self, unknown: str, *, result: Any, unit: str | None = None, **known: Any) -> Result:
        """Find the argument that makes the formula come to `result`.

        Parameters
        ----------
        unknown : str
            Name of the argument to solve for.
        result : text, pair, quantity, printed figure or Result
            What the formula should come to.
        unit : str, optional
            Unit of the answer; by default the formula's own.
        **known
            Every other argument, as in a call.

        Returns
        -------
        Result
            Its magnitude is an exact interval when any of the values is one (a printed figure
            is), a float otherwise.

        Raises
        ------
        FormulaError
            If an argument is missing or unknown, or cannot be solved for.
        UnitError, DimensionError
            If a unit is unknown or of the wrong dimension.

        Examples
        --------
        Which emission factor makes 3.4 million kWh avoid 3,390 t of CO2?

        >>> from carbonkit.avoidance import avoided_emissions
        >>> print(avoided_emissions.solve("factor", result="3390 t CO2", energy="3.4e6 kWh"))
        0.997059 kg CO2/kWh
        """
        if unknown not in self.units:
            raise FormulaError(
                f"{self.name} has no argument {unknown!r}.{nearest(unknown, self.units)} "
                f"It takes {', '.join(self.units)}."
            )
        declared = self.units[unknown]
        target = open_input(result, pure=self.returns == PURE or "{" in self.returns)
        placeholder = unit if unit is not None else declared
        if placeholder is None:
            raise FormulaError(
                f"{self.name}: {unknown} may have any unit; say which one the answer should have "
                "with unit='...'."
            )
        gas = units.species(target.unit)
        if gas is not None:
            placeholder = _with_gas(placeholder, gas)
        inputs = self._open((), {**known, unknown: (1.0, placeholder)})
        order = list(self.units)
        plan = self.plan(*(inputs[n].unit for n in order))
        scale = dict(zip(order, plan.scales, strict=True))
        box = {n: _interval(inputs[n].magnitude) * scale[n] for n in order if n != unknown}
        goal = _interval(target.magnitude) * (units.scale(target.unit, plan.unit) / plan.out)
        answer = solve_for(self.body, unknown, goal, box)
        answer = answer * (1 / scale[unknown])
        exact = any(
            isinstance(i.magnitude, Interval | Fraction) for i in (target, *inputs.values())
        )
        asked = {"result": target, **{n: i for n, i in inputs.items() if n != unknown}}
        return Result(
            magnitude=answer if exact else float(answer.midpoint),
            unit=inputs[unknown].unit,
            formula=None,
            inputs=MappingProxyType(asked),
            gwp_set=_common_gwp(asked),
            note=f"{unknown} for which {self.name} comes to {target}",
        )


def formula(
    *,
    units: Mapping[str, str | None],
    returns: str,
    source: str,
    accepts: Mapping[str, frozenset[str]] | None = None,
) -> Callable[[Callable[..., Any]], Formula]:
    """Turn a function of plain arithmetic into a unit-aware formula.

    Parameters
    ----------
    units : mapping of str to str or None
        The unit of each argument, in order. ``"1"`` is a pure number, None any unit, and the
        word ``gas`` stands for one species that is the same throughout ("kg gas/kWh").
    returns : str
        The unit of the result; ``"{emissions}/{revenue}"`` refers to the units of arguments.
    source : str
        Where the formula comes from, with its equation or section.
    accepts : mapping of str to frozenset of str, optional
        For arguments that are emission factors: the kinds that fit the purpose.

    Returns
    -------
    callable
        A decorator that gives a :class:`Formula`.

    Examples
    --------
    >>> @formula(units={"power": "kW", "time": "h"}, returns="kWh", source="definition of energy")
    ... def energy(power, time):
    ...     '''Energy of a constant power.'''
    ...     return power * time
    >>> print(energy("50 kW", "8760 h/year"))
    438,000 kWh/year
    >>> print(energy("50 kW", "3 t"))
    Traceback (most recent call last):
        ...
    carbonkit.errors.DimensionError: energy: time must be in a unit like 'h', also per year, ...
    """

    def decorate(body: Callable[..., Any]) -> Formula:
        return Formula(body, units=units, returns=returns, source=source, accepts=accepts or {})

    return decorate


@dataclass(frozen=True, eq=False)
class Result:
    """A number that is never alone: magnitude, unit, and everything it was made from.

    Results add, scale and compare like quantities and keep their lineage through it.

    Attributes
    ----------
    magnitude : object
        The value in whatever carrier came in.
    unit : str
        Canonical unit text.
    formula : Formula or None
        What computed it.
    inputs : mapping of str to Input
        What it was computed from.
    gwp_set : str or None
        The GWP set of an amount in CO2e, where known.
    assumptions : tuple of Assumption
        What had to be assumed.
    note : str
        How the value was found, when it was not by calling a formula.
    """

    magnitude: Any
    unit: str
    formula: Formula | None = None
    inputs: Mapping[str, Input] = field(default_factory=lambda: MappingProxyType({}))
    gwp_set: str | None = None
    assumptions: tuple[Assumption, ...] = ()
    note: str = ""

    @property
    def quantity(self) -> Any:
        """The bare pint quantity, in carbonkit's registry."""
        return units.quantity(self.magnitude, self.unit)

    def to(self, unit: str) -> Result:
        """Return the same result in another unit.

        Raises
        ------
        DimensionError
            If the unit has another dimension.
        """
        wanted = units.canonical(unit)
        return replace(
            self, magnitude=_times(self.magnitude, units.scale(self.unit, wanted)), unit=wanted
        )

    def explain(self) -> str:
        """Write the arithmetic out as an auditor would.

        Returns
        -------
        str
            The formula in words, with its figures, and the result; then where each figure and
            the formula come from.
        """
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        if self.formula is None:
            lines = [f"{self.note or 'value'}: {self}"]
        else:
            names = [Symbol(n.replace("_", " ")) for n in self.inputs]
            shown = [Symbol(str(i)) for i in self.inputs.values()]
            label = self.formula.name.replace("_", " ")
            indent = " " * len(label)
            lines = [
                f"{label} = {self.formula.body(*names)}",
                f"{indent} = {self.formula.body(*shown)}",
                f"{indent} = {self}",
            ]
        width = max((len(n) for n in self.inputs), default=0)
        for name, given in self.inputs.items():
            if isinstance(given.origin, Result):
                lines.append(f"where {name.replace('_', ' ')}:")
                lines.extend(f"    {line}" for line in given.origin._lines())
            elif given.origin is not None:
                lines.append(f"  {name.replace('_', ' '):{width}}  {given}: {given.origin}")
        if self.formula is not None and self.formula.source:
            lines.append(f"  {'formula':{width}}  {self.formula.source}")
        if self.gwp_set:
            lines.append(f"  {'GWP set':{width}}  {self.gwp_set}")
        lines.extend(f"  assumed: {a}" for a in self.assumptions)
        return lines

    def __str__(self) -> str:
        return _show(self.magnitude, self.unit)

    def __repr__(self) -> str:
        made = f" from {self.formula.name}" if self.formula else ""
        return f"<{self}{made}>"

    def __reduce__(self) -> Any:
        # A read-only mapping does not pickle; a plain dict does and is wrapped again.
        return _restore, (
            self.magnitude,
            self.unit,
            self.formula,
            dict(self.inputs),
            self.gwp_set,
            self.assumptions,
            self.note,
        )

    def __add__(self, other: Any) -> Result:
        return _sum(self, other)

    def __radd__(self, other: Any) -> Result:
        return self if isinstance(other, int) and other == 0 else _sum(other, self)

    def __sub__(self, other: Any) -> Result:
        return _difference(self, other)

    def __rsub__(self, other: Any) -> Result:
        return _difference(other, self)

    def __mul__(self, other: Any) -> Result:
        return _product(self, other)

    def __rmul__(self, other: Any) -> Result:
        return _product(other, self)

    def __truediv__(self, other: Any) -> Result:
        return _quotient(self, other)

    def __rtruediv__(self, other: Any) -> Result:
        return _quotient(other, self)

    def __neg__(self) -> Result:
        return _product(-1, self)

    def _compare(self, other: Any, how: Callable[[Any, Any], Any]) -> Any:
        theirs = open_input(other, pure=True)
        return how(self.magnitude, _times(theirs.magnitude, units.scale(theirs.unit, self.unit)))

    def __eq__(self, other: object) -> Any:
        try:
            return self._compare(other, operator.eq)
        except UnitError:
            return False

    __hash__ = None  # type: ignore[assignment]

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, operator.lt)

    def __le__(self, other: Any) -> Any:
        return self._compare(other, operator.le)

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, operator.gt)

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, operator.ge)

    def __float__(self) -> float:
        if not units.same_dimension(self.unit, PURE):
            raise UnitError(
                f"{self} has a unit; say which one the number should be in: "
                f"float(result.to({self.unit!r}).magnitude)."
            )
        return float(self.to(PURE).magnitude)


def _restore(
    magnitude: Any,
    unit: str,
    made_by: Formula | None,
    inputs: dict[str, Input],
    gwp_set: str | None,
    assumptions: tuple[Assumption, ...],
    note: str,
) -> Result:
    return Result(magnitude, unit, made_by, MappingProxyType(inputs), gwp_set, assumptions, note)


def open_input(value: Any, *, pure: bool = False) -> Input:
    """Take any accepted form of a value in: magnitude, unit, origin.

    Parameters
    ----------
    value : object
        Text, a pair ``(value, unit)``, a quantity, a printed figure, a factor, a result.
    pure : bool
        Whether a bare number is allowed, as a pure number.

    Raises
    ------
    UnitError
        If the unit is missing or unknown.
    """
    if isinstance(value, Result):
        return Input(value.magnitude, value.unit, value)
    if isinstance(value, Figure):
        if value.unit is None and not pure:
            raise UnitError(f"the printed figure {value.text!r} has no unit; give (figure, unit).")
        return Input(value.interval(), units.canonical(value.unit or PURE), value)
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], Figure):
        return Input(value[0].interval(), units.canonical(value[1]), value[0])
    bare = not isinstance(value, str | tuple) and not hasattr(value, "units")
    if pure and bare and not hasattr(value, "quantity"):
        return Input(*units.parts(value, PURE))
    magnitude, unit = units.parts(value)
    return Input(magnitude, unit, value if hasattr(value, "quantity") else None)


def _with_gas(unit: str, gas: str | None) -> str:
    return _GAS.sub(gas, unit) if gas else unit


def _times(magnitude: Any, scale: Fraction) -> Any:
    """Scale a carrier; floats take one rounding only where the scale or its inverse is whole."""
    if scale == 1:
        return magnitude
    if isinstance(magnitude, Interval | Fraction):
        return magnitude * scale
    if scale.denominator == 1:
        return magnitude * scale.numerator
    if scale.numerator == 1:
        return magnitude / scale.denominator
    return magnitude * float(scale)


def _interval(magnitude: Any) -> Interval:
    if isinstance(magnitude, Interval):
        return magnitude
    return Interval.point(_exact(magnitude))


def _exact(value: Any) -> Fraction:
    # A float stands for the shortest decimal that a person would have typed for it.
    return Fraction(repr(float(value))) if isinstance(value, float) else Fraction(value)


def _common_gwp(inputs: Mapping[str, Input]) -> str | None:
    sets = {
        name
        for i in inputs.values()
        if (name := getattr(i.origin, "gwp_set", None)) and "CO2e" in i.unit
    }
    if len(sets) > 1:
        raise GwpError(
            f"amounts in CO2e of different GWP sets cannot be combined: {', '.join(sorted(sets))}. "
            "Recompute them from the gases under one set."
        )
    return sets.pop() if sets else None


def _show(magnitude: Any, unit: str) -> str:
    if isinstance(magnitude, Interval):
        return f"{magnitude} {unit}".removesuffix(f" {PURE}")
    if isinstance(magnitude, int | float | Fraction):
        return with_unit(magnitude, unit)
    shape = getattr(magnitude, "shape", None)
    if isinstance(shape, tuple):
        if shape == ():
            return with_unit(magnitude, unit)
        return f"{type(magnitude).__name__} of {number(len(magnitude))} values in {unit}"
    return f"{type(magnitude).__name__} in {unit}"


@formula(units={"a": None, "b": None}, returns="{a}", source="")
def _sum(a: Any, b: Any) -> Any:
    """Sum."""
    return a + b


@formula(units={"a": None, "b": None}, returns="{a}", source="")
def _difference(a: Any, b: Any) -> Any:
    """Difference."""
    return a - b


@formula(units={"a": None, "b": None}, returns="{a}*{b}", source="")
def _product(a: Any, b: Any) -> Any:
    """Product."""
    return a * b


@formula(units={"a": None, "b": None}, returns="{a}/{b}", source="")
def _quotient(a: Any, b: Any) -> Any:
    """Quotient."""
    return a / b
