"""How numbers are shown to people: one rule for every table, message and explanation."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)


def number(value: Any, digits: int = 6) -> str:
    """Return a number with thousands separators, rounded to `digits` significant digits.

    Integer digits are never rounded away: 2,285,458 stays as it is.

    Examples
    --------
    >>> number(13129.000000001), number(2285458), number(0.4749999), number(1e-9)
    ('13,129', '2,285,458', '0.475', '1e-09')
    """
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, Fraction):
        exact = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    elif isinstance(value, int | Decimal):
        exact = Decimal(value)
    else:
        try:
            as_float = float(value)
        except (TypeError, ValueError):
            return str(value)
        if not math.isfinite(as_float):
            return str(as_float)
        exact = Decimal(repr(as_float))
    if exact == 0:
        return "0"
    magnitude = exact.adjusted()
    if magnitude < -5 or magnitude > 20:
        return f"{float(exact):.{digits}g}"
    places = max(digits - 1 - magnitude, 0)
    text = f"{exact.quantize(Decimal(1).scaleb(-places), context=_WIDE):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(value: Any, unit: str, digits: int = 6) -> str:
    """Return ``number unit``; a pure number (unit "1") stands alone.

    Examples
    --------
    >>> with_unit(27.64, "GWh"), with_unit(8, "%"), with_unit(3, "1")
    ('27.64 GWh', '8 %', '3')
    """
    return number(value, digits) if unit == "1" else f"{number(value, digits)} {unit}"
