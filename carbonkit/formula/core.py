"""One formula, every carrier: plain arithmetic that knows the unit of each argument.

A formula is written once, as a pure function of plain arithmetic. The decorator checks units at
the door, strips them, runs the body, and gives the result its unit back. Inside, the body sees
floats, numpy arrays, pandas Series, exact intervals, random draws or Ibis columns and does not
know which.
"""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from carbonkit import units
from carbonkit.errors import (
    DimensionError,
    DivisionByZero,
    FactorKindError,
    FormulaError,
    GwpError,
    UnitError,
    nearest,
)
from carbonkit.formula.given import PURE, Input, carrier, common_gwp, exact, scaled, shown
from carbonkit.formula.inverse import solve_for
from carbonkit.formula.plans import Plan, forms, names_gas, no_gas, prove
from carbonkit.intervals import Interval, range_over
from carbonkit.printed import Figure
from carbonkit.provenance import Assumption

__all__ = ["Formula", "Input", "Result", "formula"]


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
    kind : str
        The kind of emission factor that the result is, if it is one.
    """

    def __init__(
        self,
        body: Callable[..., Any],
        *,
        units: Mapping[str, str | None],
        returns: str,
        source: str,
        accepts: Mapping[str, frozenset[str]],
        kind: str,
    ) -> None:
        self.body = body
        self.name = body.__name__.strip("_")
        self.units = MappingProxyType(dict(units))
        self.returns = returns
        self.source = source
        self.accepts = MappingProxyType(dict(accepts))
        self.kind = kind
        self._plans: dict[tuple[str, ...], Plan] = {}
        takes = list(inspect.signature(body).parameters)
        if takes != list(units):
            raise FormulaError(
                f"{self.name}: units are declared for {list(units)}, but the function takes "
                f"{takes}. Declare one unit for each argument, in order."
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
            In the carrier that came in. With an interval among the arguments (a printed figure
            is one) it is an interval, and then a float counts as the decimal that it prints as.

        Raises
        ------
        FormulaError
            If an argument is missing or unknown, or the result is beyond the range of floats.
        DivisionByZero
            If the formula divides by zero.
        UnitError, DimensionError
            If a unit is unknown or of the wrong dimension.
        FactorKindError
            If a factor's kind does not fit the formula's purpose.
        GwpError
            If amounts in CO2e come from different GWP sets.
        """
        inputs = self._open(args, kwargs)
        assumptions = self._guard(inputs, override)
        plan = self.plan(*[i.unit for i in inputs.values()])
        return Result(
            self._compute(inputs, plan),
            plan.unit,
            self,
            MappingProxyType(inputs),
            common_gwp(inputs.values()),
            assumptions,
        )

    def _compute(self, inputs: Mapping[str, Input], plan: Plan) -> Any:
        given = [i.magnitude for i in inputs.values()]
        try:
            if any(isinstance(m, Interval) for m in given):
                # Over ranges, so that an argument that the body uses twice does not widen it.
                box = {
                    n: self._interval(i, n) * scale
                    for (n, i), scale in zip(inputs.items(), plan.scales, strict=True)
                }
                return range_over(self.body, box) * plan.out
            if not all(isinstance(m, int | float | Fraction) for m in given):
                # Arrays and columns hold floats; a fraction among them would make them objects.
                given = [float(m) if isinstance(m, Fraction) else m for m in given]
            value = scaled(self.body(*map(scaled, given, plan.scales)), plan.out)
        except ZeroDivisionError:
            shown = ", ".join(f"{n} = {i}" for n, i in inputs.items())
            raise DivisionByZero(f"{self.name}: division by zero with {shown}.") from None
        if isinstance(value, float) and not math.isfinite(value):
            raise FormulaError(f"{self.name}: the result is beyond the range of floats.")
        return value

    def _interval(self, given: Input, name: str) -> Interval:
        if isinstance(given.magnitude, Interval):
            return given.magnitude
        if isinstance(given.magnitude, int | float | Fraction):
            return Interval.point(exact(given.magnitude))
        raise FormulaError(
            f"{self.name}: {name} is a {type(given.magnitude).__name__}, where an exact interval "
            "needs single numbers beside it. Give the interval's ends one by one instead."
        )

    def plan(self, *given: str) -> Plan:
        """Prove the dimensions of these units and return conversions in and the unit out.

        The body runs once on the units alone, which finds a sum of tonnes and kilowatt-hours.
        An amount may be per year where the formula declares it so ("kWh[/year]"); the result
        then is per year too.

        Raises
        ------
        DimensionError
            If an argument's unit, or the units together, do not fit.
        """
        if given not in self._plans:
            self._plans[given] = prove(self.name, self.body, self.units, self.returns, given)
        return self._plans[given]

    def _open(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], without: str = ""
    ) -> dict[str, Input]:
        given = dict(zip(self.units, args, strict=False))
        takes = f"It takes {', '.join(self.units)}."
        if len(args) > len(self.units):
            raise FormulaError(f"{self.name}: too many arguments. {takes}")
        for name, value in kwargs.items():
            self._check_name(name)
            if name in given:
                raise FormulaError(f"{self.name}: {name} is given twice. {takes}")
            given[name] = value
        missing = [name for name in self.units if name not in given and name != without]
        if missing:
            raise FormulaError(f"{self.name}: {', '.join(missing)} missing. {takes}")
        return {n: self._input(n, given[n], u) for n, u in self.units.items() if n != without}

    def _check_name(self, name: str) -> None:
        if name not in self.units:
            raise FormulaError(
                f"{self.name} has no argument {name!r}.{nearest(name, self.units)} "
                f"It takes {', '.join(self.units)}."
            )

    def _input(self, name: str, value: Any, unit: str | None) -> Input:
        try:
            return open_input(value, pure=unit is None or unit == PURE)
        except UnitError as error:
            raise type(error)(f"{self.name}: {name}: {error}") from None

    def _guard(self, inputs: Mapping[str, Input], override: str | None) -> tuple[Assumption, ...]:
        """Refuse factors of a kind that does not fit; return what the result has to assume."""
        assumptions = inherited(inputs.values())
        for name, kinds in self.accepts.items():
            kind = getattr(inputs[name].origin, "kind", "") if name in inputs else ""
            if not kind or kind in kinds:
                continue
            if not override:
                raise FactorKindError(
                    f"{self.name}: {inputs[name].origin} is of kind {kind!r}, which does not fit: "
                    f"{name} may be {', '.join(sorted(kinds))}. Find a factor of a fitting kind, "
                    "or state why this one is used with override='...'; the result then says so."
                )
            assumptions += (Assumption(f"{name} of kind {kind}", str(inputs[name]), override),)
        return assumptions

    def solve(
        self,
        unknown: str,
        *,
        result: Any,
        unit: str | None = None,
        override: str | None = None,
        **known: Any,
    ) -> Result:
        """Find the argument that makes the formula come to `result`.

        Parameters
        ----------
        unknown : str
            Name of the argument to solve for.
        result : text, pair, quantity, printed figure or Result
            What the formula should come to.
        unit : str, optional
            Unit of the answer; by default the formula's own, per year where that fits.
        override : str, optional
            As in a call.
        **known
            Every other argument, as in a call.

        Returns
        -------
        Result
            Its magnitude is an exact interval when any of the values is one (a printed figure
            is), a fraction when any is a fraction, a float otherwise.

        Raises
        ------
        FormulaError
            If an argument is missing or unknown, or cannot be solved for.
        UnitError, DimensionError
            If a unit is unknown or of the wrong dimension.
        FactorKindError, GwpError
            As in a call.

        Examples
        --------
        Which emission factor makes 3.4 million kWh avoid 3,390 t of CO2?

        >>> from carbonkit.avoidance import avoided_emissions
        >>> print(avoided_emissions.solve("factor", result="3390 t CO2", energy="3.4e6 kWh"))
        0.997059 kg CO2/kWh
        """
        self._check_name(unknown)
        if unknown in known:
            raise FormulaError(f"{self.name}: {unknown} is to be solved for, so do not give it.")
        target = self._input("result", result, PURE)
        inputs = self._open((), known, without=unknown)
        asked = {"result": target, **inputs}
        assumptions = self._guard(inputs, override)
        own, plan = self._unit_for(unknown, unit, target, inputs)
        scales = dict(zip(self.units, plan.scales, strict=True))
        goal = self._interval(target, "result") * (units.scale(target.unit, plan.unit) / plan.out)
        box = {n: self._interval(i, n) * scales[n] for n, i in inputs.items()}
        answer = solve_for(self.body, unknown, goal, box) * (1 / scales[unknown])
        carriers = {type(i.magnitude) for i in asked.values()}
        magnitude: Any = answer
        if Interval not in carriers:
            magnitude = answer.midpoint if Fraction in carriers else float(answer.midpoint)
        return Result(
            magnitude,
            own,
            None,
            MappingProxyType(asked),
            common_gwp(asked.values()),
            assumptions,
            f"{unknown} for which {self.name} comes to {target}",
        )

    def _unit_for(
        self, unknown: str, asked: str | None, target: Input, inputs: Mapping[str, Input]
    ) -> tuple[str, Plan]:
        """Return the first unit of the unknown that leads to the target's dimension."""
        declared = asked if asked is not None else self.units[unknown]
        if declared is None:
            raise FormulaError(
                f"{self.name}: {unknown} may have any unit; say which one the answer should have "
                "with unit='...'."
            )
        gases = (units.species(i.unit) for i in (target, *inputs.values()))
        gas = next(filter(None, gases), None)
        if gas is None and names_gas(declared):
            raise DimensionError(no_gas(self.name, f"the result is in {target.unit!r}", declared))
        problem = ""
        for unit in forms(declared, gas):
            given = {n: i.unit for n, i in inputs.items()} | {unknown: units.canonical(unit)}
            try:
                plan = self.plan(*(given[name] for name in self.units))
            except DimensionError as error:
                problem = problem or str(error)
                continue
            if units.same_dimension(plan.unit, target.unit):
                return given[unknown], plan
            problem = (
                f"{self.name}: with {unknown} in {given[unknown]!r} the result is in "
                f"{plan.unit!r}, which is not compared with {target.unit!r}."
            )
        raise DimensionError(problem)


def formula(
    *,
    units: Mapping[str, str | None],
    returns: str,
    source: str,
    accepts: Mapping[str, frozenset[str]] | None = None,
    kind: str = "",
) -> Callable[[Callable[..., Any]], Formula]:
    """Turn a function of plain arithmetic into a unit-aware formula.

    Parameters
    ----------
    units : mapping of str to str or None
        The unit of each argument, in order. ``"1"`` is a pure number, None any unit, the word
        ``gas`` stands for one species that is the same throughout ("kg gas/kWh"), and an amount
        marked ``[/year]`` may also come per year ("kWh[/year]").
    returns : str
        The unit of the result; ``"{emissions}/{revenue}"`` refers to the units of arguments.
    source : str
        Where the formula comes from, with its equation or section.
    accepts : mapping of str to frozenset of str, optional
        For arguments that are emission factors: the kinds that fit the purpose.
    kind : str, optional
        If the result is an emission factor: its kind.

    Returns
    -------
    callable
        A decorator that gives a :class:`Formula`.

    Examples
    --------
    >>> @formula(units={"power": "kW", "time": "h[/year]"}, returns="kWh[/year]", source="physics")
    ... def energy(power, time):
    ...     '''Energy of a constant power.'''
    ...     return power * time
    >>> print(energy("50 kW", "8760 h/year"))
    438,000 kWh/year
    >>> print(energy("50 kW", "3 t"))
    Traceback (most recent call last):
        ...
    carbonkit.errors.DimensionError: energy: time must be in a unit like 'h' or 'h/year' but is ...
    """

    def decorate(body: Callable[..., Any]) -> Formula:
        return Formula(
            body, units=units, returns=returns, source=source, accepts=accepts or {}, kind=kind
        )

    return decorate


@dataclass(frozen=True, eq=False)
class Result:
    """A number that is never alone: magnitude, unit, and everything it was made from.

    Results add, scale and compare like quantities and keep their lineage through it. Intervals
    of two results count as independent of each other, whatever they were made from.

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

    # Arrays and Series leave arithmetic with a result to the result, which keeps the unit.
    __array_ufunc__ = None
    __pandas_priority__ = 5000

    magnitude: Any
    unit: str
    formula: Formula | None = None
    inputs: Mapping[str, Input] = field(default_factory=lambda: MappingProxyType({}))
    gwp_set: str | None = None
    assumptions: tuple[Assumption, ...] = ()
    note: str = ""

    @property
    def kind(self) -> str:
        """The kind of emission factor that this is, empty if it is none."""
        return self.formula.kind if self.formula else ""

    @property
    def quantity(self) -> Any:
        """The bare pint quantity, in carbonkit's registry; of numbers and arrays only."""
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
            self, magnitude=scaled(self.magnitude, units.scale(self.unit, wanted)), unit=wanted
        )

    def explain(self) -> str:
        """Write the arithmetic out as an auditor would.

        Returns
        -------
        str
            The formula in words, with its figures, and the result; then where each figure and
            the formula come from.
        """
        from carbonkit.formula.lineage import explained

        return "\n".join([*explained(self), *(f"assumed: {a}" for a in self.assumptions)])

    def __str__(self) -> str:
        return shown(self.magnitude, self.unit)

    def __repr__(self) -> str:
        made = f" from {self.formula.name}" if self.formula else ""
        return f"<{self}{made}>"

    def state(self) -> dict[str, Any]:
        """Return every attribute but the inputs."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "inputs"}

    def __reduce__(self) -> Any:
        from carbonkit.formula.lineage import unrolled

        # A read-only mapping does not pickle; a plain dict does and is wrapped again.
        return unrolled(self) or (restore, (type(self), self.state(), dict(self.inputs)))

    def __add__(self, other: Any) -> Result:
        return binary_sum(self, other)

    def __radd__(self, other: Any) -> Result:
        return self if isinstance(other, int) and other == 0 else binary_sum(other, self)

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
        common_gwp((Input(self.magnitude, self.unit, self), theirs))
        return how(self.magnitude, scaled(theirs.magnitude, units.scale(theirs.unit, self.unit)))

    def __eq__(self, other: object) -> Any:
        try:
            return self._compare(other, operator.eq)
        except (UnitError, GwpError):
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


def restore(kind: type[Result], state: Mapping[str, Any], inputs: Mapping[str, Input]) -> Result:
    """Return a pickled result."""
    return kind(**state, inputs=MappingProxyType(dict(inputs)))


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
    if isinstance(getattr(value, "unit", None), str) and isinstance(
        getattr(value, "value", None), Decimal
    ):  # an emission factor; its own quantity would need pint
        return Input(float(value.value), units.canonical(value.unit), value)
    inner, unit = value if isinstance(value, tuple) and len(value) == 2 else (value, None)
    if isinstance(inner, Figure):
        if unit is None and inner.unit is None and not pure:
            raise UnitError(f"the printed figure {inner.text!r} has no unit; give (figure, unit).")
        # "more than 730,000" says where the number lies: not near 730,000, but above it.
        return Input(
            inner.bound() or inner.interval(), units.canonical(unit or inner.unit or PURE), inner
        )
    if isinstance(inner, Fraction) and (unit or pure):
        return Input(inner, units.canonical(unit or PURE))
    sourced = hasattr(value, "quantity")
    if pure and not (sourced or isinstance(value, str | tuple) or hasattr(value, "units")):
        magnitude, unit = units.parts(value, PURE)
    else:
        magnitude, unit = units.parts(value)
    return Input(carrier(magnitude), unit, value if sourced else None)


def inherited(inputs: Iterable[Input]) -> tuple[Assumption, ...]:
    """Return what the results among the inputs had to assume, each once."""
    results = (i.origin for i in inputs if isinstance(i.origin, Result))
    return tuple(dict.fromkeys(a for r in results for a in r.assumptions))


@formula(units={"a": None, "b": None}, returns="{a}", source="")
def _sum(a: Any, b: Any) -> Any:
    """Sum."""
    return a + b


binary_sum = _sum


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
