"""Relations between figures: a tiny arithmetic grammar, parsed to a tree and never executed.

Text is read with Python's own parser into a syntax tree, and only arithmetic survives: names,
numbers, ``+ - * / **``, parentheses, one comparison, and calls of the formulas listed in
:data:`FORMULAS`. Nothing in a report file can run code.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from typing import Any

from carbonkit import avoidance, intensity, savings, scope1, scope2
from carbonkit.errors import DimensionError, RelationError, nearest
from carbonkit.formula import Formula, Symbol
from carbonkit.intervals import count_uses, maximum, minimum
from carbonkit.units import Measure, measure

__all__ = ["FORMULAS", "Expression", "Relation", "expression", "relation"]

FORMULAS: Mapping[str, Formula] = {
    name: found
    for room in (avoidance, intensity, savings, scope1, scope2)
    for name in room.__all__
    if isinstance(found := getattr(room, name), Formula)
}

_LENGTH = 20_000  # a sum of 200 lines of a table, by name
_NODES = 500
_POWER = 9
_DEGREE = 200

_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.LtE: "<=", ast.GtE: ">="}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": lambda *terms: reduce(operator.add, terms),
    "min": minimum,
    "max": maximum,
    "abs": abs,
}


class Expression:
    """Arithmetic over named values; evaluates on any carrier."""

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the value of the expression for these named values."""
        raise NotImplementedError

    def parts(self) -> tuple[Expression, ...]:
        """Return the expressions directly inside this one."""
        return ()

    def walk(self) -> Iterator[Expression]:
        """Go through this expression and everything inside it, left to right."""
        yield self
        for part in self.parts():
            yield from part.walk()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names used, each once, in the order they first stand."""
        return tuple(dict.fromkeys(e.name for e in self.walk() if isinstance(e, Name)))

    @cached_property
    def repeated(self) -> tuple[str, ...]:
        """The names that the arithmetic, formulas written out, uses more than once."""
        counts = count_uses(lambda **names: self.evaluate(names), self.names)
        return tuple(name for name, count in counts.items() if count > 1)

    def degree(self) -> int:
        """Bound how many factors multiply up in the expression, and so how long numbers grow."""
        total = 0
        for part in self.parts():
            total += part.degree()
        return total or 1

    def substitute(self, derived: Mapping[str, Expression]) -> Expression:
        """Return the expression with these names replaced by what they stand for."""
        return self


@dataclass(frozen=True)
class Number(Expression):
    """A number written in the relation itself."""

    value: Fraction

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the number."""
        return self.value


@dataclass(frozen=True)
class Name(Expression):
    """A figure, fact, assumption or unknown."""

    name: str

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the named value."""
        return values[self.name]

    def substitute(self, derived: Mapping[str, Expression]) -> Expression:
        """Return what the name stands for."""
        return derived.get(self.name, self)


@dataclass(frozen=True)
class Operation(Expression):
    """Two expressions and an operator."""

    operate: Callable[[Any, Any], Any]
    left: Expression
    right: Expression

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the result of the operator."""
        return self.operate(self.left.evaluate(values), self.right.evaluate(values))

    def parts(self) -> tuple[Expression, ...]:
        """Return both sides."""
        return self.left, self.right

    def substitute(self, derived: Mapping[str, Expression]) -> Expression:
        """Substitute in both sides."""
        return Operation(
            self.operate, self.left.substitute(derived), self.right.substitute(derived)
        )


@dataclass(frozen=True)
class Power(Expression):
    """An expression to a small whole power."""

    base: Expression
    exponent: int

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the power."""
        return self.base.evaluate(values) ** self.exponent

    def parts(self) -> tuple[Expression, ...]:
        """Return the base."""
        return (self.base,)

    def degree(self) -> int:
        """Return the base's degree times the exponent."""
        return self.base.degree() * max(self.exponent, 1)

    def substitute(self, derived: Mapping[str, Expression]) -> Expression:
        """Substitute in the base."""
        return Power(self.base.substitute(derived), self.exponent)


@dataclass(frozen=True)
class Call(Expression):
    """A named formula, or sum, min, max, abs, over expressions."""

    function: str
    arguments: tuple[Expression, ...]

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the value of the formula's body."""
        given = [a.evaluate(values) for a in self.arguments]
        if self.function in _FUNCTIONS:
            if given and isinstance(given[0], Symbol) and self.function in ("min", "max"):
                return Symbol(f"{self.function}({', '.join(map(str, given))})")
            return _FUNCTIONS[self.function](*given)
        formula = FORMULAS[self.function]
        if Measure in map(type, given):
            formula.plan(*(g.base_unit if isinstance(g, Measure) else "1" for g in given))
        return formula.body(*given)

    def parts(self) -> tuple[Expression, ...]:
        """Return the arguments."""
        return self.arguments

    def substitute(self, derived: Mapping[str, Expression]) -> Expression:
        """Substitute in the arguments."""
        return Call(self.function, tuple(a.substitute(derived) for a in self.arguments))


@dataclass(frozen=True)
class Relation:
    """Two expressions and how they should compare.

    Attributes
    ----------
    text : str
        As written in the report file.
    left, right : Expression
        The claimed side and the side that recomputes it.
    compare : str
        ``"=="``, ``"<="`` or ``">="``.
    unit : str
        Base unit of both sides, once the dimensions are proven.
    """

    text: str
    left: Expression
    compare: str
    right: Expression
    unit: str = "1"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names used on either side, each once."""
        return tuple(dict.fromkeys((*self.left.names, *self.right.names)))

    @cached_property
    def margin(self) -> Expression:
        """By how much the side that should be larger is larger."""
        sides = (self.right, self.left) if self.compare == "<=" else (self.left, self.right)
        return Operation(operator.sub, *sides)

    def formulas(self) -> tuple[Formula, ...]:
        """Return the named formulas that the relation calls, each once."""
        calls = (e for e in (*self.left.walk(), *self.right.walk()) if isinstance(e, Call))
        return tuple(dict.fromkeys(FORMULAS[c.function] for c in calls if c.function in FORMULAS))


def relation(text: str, derived: Mapping[str, Expression] | None = None) -> Relation:
    """Parse a relation such as ``"co2 == avoided_emissions(saved, iea)"``.

    Parameters
    ----------
    text : str
        The relation.
    derived : mapping of str to Expression, optional
        Names that stand for expressions; they are put in place.

    Returns
    -------
    Relation

    Raises
    ------
    RelationError
        If the text is not one comparison of plain arithmetic.

    Examples
    --------
    >>> relation("total == scope1 + scope2").names
    ('total', 'scope1', 'scope2')
    >>> relation("total == __import__('os')")
    Traceback (most recent call last):
        ...
    carbonkit.errors.RelationError: relation "total == __import__('os')": ...
    """
    text = " ".join(text.split())
    tree = _parse(text, "relation")
    if not (
        isinstance(tree, ast.Compare) and len(tree.ops) == 1 and type(tree.ops[0]) in _COMPARISONS
    ):
        raise RelationError(
            f"relation {text!r}: must compare two sides once with ==, <= or >=, "
            "for example 'total == scope1 + scope2'."
        )
    left, right = (_build(side, text) for side in (tree.left, tree.comparators[0]))
    if derived:
        left, right = left.substitute(derived), right.substitute(derived)
    for side in (left, right):
        _limit(side, text)
    if not (left.names or right.names):
        raise RelationError(f"relation {text!r}: names no figure; compare at least one.")
    return Relation(text, left, _COMPARISONS[type(tree.ops[0])], right)


def expression(text: str, derived: Mapping[str, Expression] | None = None) -> Expression:
    """Parse arithmetic such as ``"renewable + hydro"``.

    Raises
    ------
    RelationError
        If the text is not plain arithmetic.

    Examples
    --------
    >>> expression("generated + saved").names
    ('generated', 'saved')
    """
    text = " ".join(text.split())
    built = _build(_parse(text, "expression"), text)
    if derived:
        built = built.substitute(derived)
    _limit(built, text)
    return built


def _limit(built: Expression, text: str) -> None:
    for count, _ in enumerate(built.walk(), start=1):
        if count > _NODES:
            raise RelationError(
                f"relation {_short(text)}: has more than {_NODES} terms once its names are put in "
                "place. Split it into several claims."
            )
    if built.degree() > _DEGREE:
        raise RelationError(
            f"relation {_short(text)}: multiplies more than {_DEGREE} factors once its names are "
            "put in place. Split it into several claims."
        )


def _parse(text: str, what: str) -> ast.expr:
    if not text.strip():
        raise RelationError(f"{what} {text!r}: must be text such as 'total == scope1 + scope2'.")
    if len(text) > _LENGTH:
        raise RelationError(
            f"{what} {_short(text)}: is {len(text)} characters long; at most {_LENGTH} are read. "
            "Name its parts under [derived], or split it into several claims."
        )
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        reason = getattr(error, "msg", None) or str(error) or type(error).__name__
        raise RelationError(f"{what} {_short(text)}: is not arithmetic: {reason}.") from None
    if sum(1 for _ in ast.walk(tree)) > 2 * _NODES:
        raise RelationError(f"{what} {_short(text)}: has too many terms. Split it up.")
    return tree


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")


def _build(node: ast.expr, text: str) -> Expression:
    where = f"relation {text!r}"
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Number(_number(ast.get_source_segment(text, node) or repr(value), where))
        case ast.Name(id=name):
            return Name(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Operation(operator.mul, Number(Fraction(-1)), _build(operand, text))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _build(operand, text)
        case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int() as exponent)):
            if not 0 <= exponent <= _POWER:
                raise RelationError(f"{where}: a power must be a whole number from 0 to {_POWER}.")
            return Power(_build(base, text), exponent)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return Operation(_OPERATIONS[type(op)], _build(left, text), _build(right, text))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _call(name, tuple(_build(a, text) for a in args), where)
    shown = ast.get_source_segment(text, node) or type(node).__name__
    raise RelationError(
        f"{where}: {_short(shown)} is not arithmetic. Allowed are names, numbers, + - * / **, "
        "parentheses and calls of named formulas."
    )


def _number(written: str, where: str) -> Fraction:
    """Read a number exactly, from its text: a binary float would be off."""
    shown = repr(written if len(written) <= 40 else f"{written[:20]}...")
    digits, _, exponent = written.replace("_", "").lower().partition("e")
    try:
        power = int(exponent or 0)
        mantissa = Fraction(digits)
    except ValueError:
        raise RelationError(f"{where}: write the number {shown} in decimal digits.") from None
    if len(written) > 40 or abs(power) > 60 or (value := mantissa * Fraction(10) ** power) > 10**30:
        raise RelationError(f"{where}: the number {shown} is out of all measure.")
    return value


def _call(name: str, arguments: tuple[Expression, ...], where: str) -> Call:
    if name in _FUNCTIONS:
        if not arguments or (name == "abs" and len(arguments) != 1):
            raise RelationError(f"{where}: {name}() has the wrong number of arguments.")
        return Call(name, arguments)
    if name not in FORMULAS:
        raise RelationError(
            f"{where}: there is no formula {name[:60]!r}.{nearest(name, [*FORMULAS, *_FUNCTIONS])} "
            f"Known are {', '.join(sorted([*FORMULAS, *_FUNCTIONS]))}."
        )
    expected = list(FORMULAS[name].units)
    if len(arguments) != len(expected):
        raise RelationError(
            f"{where}: {name} takes {len(expected)} arguments ({', '.join(expected)}), "
            f"not {len(arguments)}."
        )
    return Call(name, arguments)


def dimension_of(built: Expression, bases: Mapping[str, Measure], where: str) -> Measure:
    """Prove the dimensions of an expression by running it on base units.

    Raises
    ------
    RelationError
        If the units do not fit together.
    """
    try:
        found = built.evaluate(bases)
    except DimensionError as error:
        raise RelationError(f"{where}: the units do not fit: {error}.") from None
    return found if isinstance(found, Measure) else measure("1")
