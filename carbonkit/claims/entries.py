"""Read one figure of a report file: its text, its unit and the digits that count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from carbonkit import printed, units
from carbonkit.claims.problem import Fault, suggested
from carbonkit.errors import PrintedError, UnitError
from carbonkit.printed import Figure

__all__ = ["MARKS", "common", "marks", "printed_figure"]

#: The marks of a report that names none.
MARKS = {"decimal": ".", "thousands": ","}

_NUMBERED = frozenset({"mass", "length", "time", "temperature"})


def printed_figure(
    entry: Mapping[str, Any],
    tons: str | None,
    locale: Mapping[str, str],
    cell: Figure | None = None,
) -> tuple[Figure, str]:
    """Return a figure and its canonical unit.

    Parameters
    ----------
    entry : mapping of str to object
        The figure's entry, whose keys have been checked.
    tons : str or None
        What a bare ton means.
    locale : mapping of str to str
        The decimal mark and that of the thousands.
    cell : Figure, optional
        What the text says, where a table has read it.

    Raises
    ------
    PrintedError
        If the text is not one figure.
    UnitError
        If the unit is not known.
    Fault
        If there is no unit, or it contradicts the printed words.

    Examples
    --------
    >>> printed_figure({"text": "17 tons", "unit": "t CO2/year"}, "tonne", MARKS)[1]
    't CO2/year'
    """
    text = entry["text"]
    figure = cell or printed.parse(
        text,
        tons=tons,
        qualifier=entry.get("qualifier"),
        decimal=locale["decimal"],
        thousands=locale["thousands"],
    )
    if "significant" in entry or "decimals" in entry:
        figure = _with_digits(figure, entry)
    own = None if figure.unit is None else _own_unit(figure.unit, tons)
    if "unit" not in entry:
        if own is None:
            raise Fault("text", "unit", f"{text!r} is printed without a unit; add unit = '...'.")
        if isinstance(own, UnitError):
            raise Fault("text", "unit", f"{own} Or add unit = '...'.")
        return figure, own
    unit = units.canonical(entry["unit"], tons=tons)
    if isinstance(own, UnitError):
        _refuse_other_case(str(figure.unit), own)
    elif own and not _refines(unit, own):
        raise Fault(
            "unit",
            "unit",
            f"unit = {unit!r} contradicts the printed {text!r}, which is in {own}. The unit "
            "may add what the words leave out, such as the gas or 'per year', not change it.",
        )
    return figure, unit


@lru_cache(maxsize=4096)
def _own_unit(words: str, tons: str | None) -> str | UnitError:
    """Return the unit of the printed words, or why they are none that is known."""
    try:
        return units.canonical(words, tons=tons)
    except UnitError as error:
        return error


def marks(entry: Mapping[str, Any], default: Mapping[str, str]) -> dict[str, str]:
    """Return the decimal mark and that of the thousands, once a figure can be read with them."""
    found = {key: entry.get(key, mark) for key, mark in default.items()}
    try:
        printed.parse("1", decimal=found["decimal"], thousands=found["thousands"])
    except PrintedError as error:
        raise Fault("decimal" if "decimal" in entry else "thousands", "value", error) from None
    return found


def common(entry: Mapping[str, Any], rounding: str) -> dict[str, Any]:
    """Return what figures and facts say beside their text and unit."""
    return {
        "nominal": entry.get("nominal", False),
        "rounding": entry.get("rounding", rounding),
        "page": str(entry.get("page", "")),
        "period": entry.get("period", ""),
        "boundary": entry.get("boundary", ""),
        "table": entry.get("table", ""),
        "kind": entry.get("kind", ""),
        "series": entry.get("series", ""),
    }


def _with_digits(figure: Figure, entry: Mapping[str, Any]) -> Figure:
    """Give a figure the digits that count, as its entry says."""
    ways = [key for key in ("significant", "decimals") if key in entry]
    if len(ways) > 1:
        raise Fault("decimals", "figure", "give significant or decimals, not both.")
    way = ways[0]
    if figure.high is not None:
        raise Fault(way, "figure", f"{way} is for one figure, not for a range.")
    count, digits = entry[way], figure.coefficient
    last = -count if way == "decimals" else digits.adjusted() - count + 1
    whole = Fraction(digits) / Fraction(10) ** last
    # Digits that are printed are not dropped, and none are known beyond those printed.
    if whole.denominator != 1 or Fraction(10) ** last < replace(figure, power=0).ulp:
        raise Fault(way, "figure", f"{way} = {count} does not fit {figure.text!r}.")
    kept = tuple(map(int, str(abs(whole.numerator))))
    # Zeros at the end of a whole number would be tried as rounding; these are digits.
    shift = 1 if last == 0 and kept[-1] == 0 else 0
    coefficient = Decimal((digits.is_signed(), kept, last - shift))
    return replace(figure, coefficient=coefficient, power=figure.power + shift)


def _refuse_other_case(words: str, error: UnitError) -> None:
    """Refuse words that are a known unit in other letters; other words are not units."""
    folded = words.casefold()
    close = [
        name
        for name in suggested(str(error))
        if re.search(rf"(?<![^\W\d_]){re.escape(name.casefold())}(?![^\W\d_])", folded)
    ]
    if close:
        raise Fault(
            "text",
            "unit",
            f"{error} If the report prints it so, keep the digits alone as text, with unit = "
            f"{close[0]!r} beside them.",
        )


def _refines(unit: str, own: str) -> bool:
    """Say whether a unit is the printed one with a gas, a thing or a year added."""
    if unit == own or unit.startswith((f"{own} ", f"{own}/")):
        return True
    printed_unit = units.measure(own)
    ratio = units.measure(unit) / printed_unit
    added = {name for name, _ in ratio.dimensions}
    kept = {name for name, _ in printed_unit.dimensions}
    return ratio.size == 1 and not added & (kept | _NUMBERED)
