"""Derivatives of plain arithmetic: a carrier that remembers how it was made."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from numbers import Real
from typing import Any

from carbonkit.errors import UncertaintyError

__all__ = ["gradient"]


def _both(rule: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Make an operator and its mirror image from a rule for two traced numbers."""

    def forward(self: _Traced, other: Any) -> Any:
        o = self._traced(other)
        return NotImplemented if o is None else rule(self, o, self.value, o.value)

    def mirrored(self: _Traced, other: Any) -> Any:
        o = self._traced(other)
        return NotImplemented if o is None else rule(o, self, o.value, self.value)

    return forward, mirrored


def _compared(how: Callable[[float, float], bool]) -> Callable[..., Any]:
    def compare(self: _Traced, other: Any) -> Any:
        o = self._traced(other)
        return NotImplemented if o is None else how(self.value, o.value)

    return compare


class _Traced:
    """A number and its derivatives by the numbers it was made from (reverse mode).

    At a kink (abs, minimum, maximum) the derivative is that of the side that the number is on.
    """

    __slots__ = ("by", "tape", "value")
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: float, by: tuple[tuple[_Traced, float], ...], tape: list[_Traced]):
        self.value = value
        self.by = by
        self.tape = tape
        tape.append(self)

    def _made(self, value: float, *by: tuple[_Traced, float]) -> _Traced:
        return _Traced(value, by, self.tape)

    def _traced(self, other: Any) -> _Traced | None:
        if isinstance(other, _Traced):
            return other
        return _Traced(float(other), (), self.tape) if isinstance(other, Real) else None

    def _plus(self, other: _Traced, x: float, y: float) -> _Traced:
        return self._made(x + y, (self, 1.0), (other, 1.0))

    def _minus(self, other: _Traced, x: float, y: float) -> _Traced:
        return self._made(x - y, (self, 1.0), (other, -1.0))

    def _times(self, other: _Traced, x: float, y: float) -> _Traced:
        return self._made(x * y, (self, y), (other, x))

    def _over(self, other: _Traced, x: float, y: float) -> _Traced:
        return self._made(x / y, (self, 1 / y), (other, -(x / y) / y))

    def _raised(self, other: _Traced, x: float, y: float) -> _Traced:
        by_exponent = x**y * math.log(x) if x > 0 else 0.0
        return self._made(x**y, (self, y * x ** (y - 1) if y else 0.0), (other, by_exponent))

    __add__, __radd__ = _both(_plus)
    __sub__, __rsub__ = _both(_minus)
    __mul__, __rmul__ = _both(_times)
    __truediv__, __rtruediv__ = _both(_over)
    __pow__, __rpow__ = _both(_raised)

    def __neg__(self) -> _Traced:
        return self._made(-self.value, (self, -1.0))

    def __pos__(self) -> _Traced:
        return self

    def __abs__(self) -> _Traced:
        return self if self.value >= 0 else -self

    __lt__ = _compared(operator.lt)
    __le__ = _compared(operator.le)
    __gt__ = _compared(operator.gt)
    __ge__ = _compared(operator.ge)
    __eq__ = _compared(operator.eq)


def gradient(
    run: Callable[[dict[str, Any]], Any], at: dict[str, float]
) -> tuple[float, dict[str, float]]:
    """Return the value of a function of named numbers and its derivative by each of them.

    Parameters
    ----------
    run : callable
        Plain arithmetic on a dictionary of numbers.
    at : dict of str to float
        Where.

    Returns
    -------
    tuple of (float, dict)
        Exact but for the rounding of floats.

    Raises
    ------
    UncertaintyError
        If the function does something else than arithmetic with a number.

    Examples
    --------
    >>> gradient(lambda x: (x["a"] - x["b"]) / x["a"], {"a": 4.0, "b": 3.0})
    (0.25, {'a': 0.1875, 'b': -0.25})
    """
    tape: list[_Traced] = []
    leaves = {name: _Traced(value, (), tape) for name, value in at.items()}
    try:
        result = run(dict(leaves))
    except (TypeError, AttributeError) as error:
        raise UncertaintyError(
            f"the first order needs derivatives, and this is not plain arithmetic: {error}. "
            "Use monte_carlo."
        ) from error
    except ArithmeticError as error:
        raise UncertaintyError(
            f"there is no result at the means of the inputs: {error}."
        ) from error
    if not isinstance(result, _Traced):
        return float(result), dict.fromkeys(at, 0.0)
    slopes = {id(result): 1.0}
    for node in reversed(tape):
        slope = slopes.get(id(node), 0.0)
        for source, derivative in node.by:
            slopes[id(source)] = slopes.get(id(source), 0.0) + slope * derivative
    return result.value, {name: slopes.get(id(leaf), 0.0) for name, leaf in leaves.items()}
