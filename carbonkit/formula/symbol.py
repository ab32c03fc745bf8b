"""A carrier that writes the arithmetic down instead of doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from carbonkit._text import number

__all__ = ["Symbol"]

_SUM, _PRODUCT, _POWER, _ATOM = range(4)


@dataclass(frozen=True)
class Symbol:
    """A piece of written arithmetic; formulas run on it unchanged.

    Examples
    --------
    >>> before, after = Symbol("before"), Symbol("after")
    >>> print((after - before) / before)
    (after − before) / before
    """

    text: str
    level: int = _ATOM

    def __str__(self) -> str:
        return self.text

    def _in(self, level: int) -> str:
        return self.text if self.level >= level else f"({self.text})"

    @classmethod
    def value(cls, text: str) -> Symbol:
        """Return a number as it is written, with any sign and unit.

        Examples
        --------
        A unit may hold a slash of its own, so below the line it needs brackets:

        >>> print(Symbol.value("-8 t/year") * 2 / Symbol.value("4 CNY/year"))
        (-8 t/year) × 2 / (4 CNY/year)
        """
        return cls(text, _SUM if text.startswith("-") else _PRODUCT if " " in text else _ATOM)

    @classmethod
    def _of(cls, value: Any) -> Symbol:
        return value if isinstance(value, Symbol) else cls.value(number(value))

    def __add__(self, other: Any) -> Symbol:
        return Symbol(f"{self._in(_SUM)} + {self._of(other)._in(_SUM)}", _SUM)

    def __radd__(self, other: Any) -> Symbol:
        return self._of(other) + self

    def __sub__(self, other: Any) -> Symbol:
        return Symbol(f"{self._in(_SUM)} − {self._of(other)._in(_PRODUCT)}", _SUM)

    def __rsub__(self, other: Any) -> Symbol:
        return self._of(other) - self

    def __mul__(self, other: Any) -> Symbol:
        return Symbol(f"{self._in(_PRODUCT)} × {self._of(other)._in(_PRODUCT)}", _PRODUCT)

    def __rmul__(self, other: Any) -> Symbol:
        return self._of(other) * self

    def __truediv__(self, other: Any) -> Symbol:
        return Symbol(f"{self._in(_PRODUCT)} / {self._of(other)._in(_POWER)}", _PRODUCT)

    def __rtruediv__(self, other: Any) -> Symbol:
        return self._of(other) / self

    def __pow__(self, exponent: int) -> Symbol:
        return Symbol(f"{self._in(_ATOM)}^{exponent}", _POWER)

    def __neg__(self) -> Symbol:
        return Symbol(f"−{self._in(_PRODUCT)}", _SUM)

    def __abs__(self) -> Symbol:
        return Symbol(f"|{self.text}|")
