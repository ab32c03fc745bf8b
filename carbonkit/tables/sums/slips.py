"""How a printed number may have gone wrong: digits, decimal marks, signs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from carbonkit.printed import Figure

__all__ = ["KINDS", "Slip", "slips"]

#: Kinds of slips, the most telling first.
KINDS = (
    "exchanged",
    "transposed",
    "sign",
    "factor of 1,000",
    "left out",
    "counted twice",
    "counted in",
    "truncated",
    "decimal mark",
    "digit too many",
    "digit left out",
    "wrong digit",
)
_TENS = {3: "1,000, as between kWh and MWh", 1: "10: the decimal mark", 2: "100: the decimal mark"}


class Slip(NamedTuple):
    """One way in which a figure may have been misprinted.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    words : str
        The same for a reader.
    low, high : int
        What stood there before, in units of the last printed digit: lowest and highest, because
        beyond a power of ten the last digits are not known.
    """

    kind: str
    words: str
    low: int
    high: int


def slips(figure: Figure) -> Iterator[Slip]:
    """Go through the slips of the pen that could have led to a figure.

    Parameters
    ----------
    figure : Figure
        The figure as printed.

    Yields
    ------
    Slip

    Examples
    --------
    >>> from carbonkit.printed import parse
    >>> [slip.low for slip in slips(parse("12.4")) if slip.kind == "transposed"]
    [214, 142]
    """
    negative, digits, _ = figure.coefficient.as_tuple()
    sign, text = (-1 if negative else 1), "".join(map(str, digits))
    value = sign * int(text)
    if not value:
        return
    for i, (one, two) in enumerate(pairwise(text)):
        if one != two:
            before = sign * int(f"{text[:i]}{two}{one}{text[i + 2 :]}")
            yield Slip("transposed", f"the digits {two}{one} are exchanged", before, before)
    yield Slip("sign", "the sign is turned", -value, -value)
    for power, words in _TENS.items():
        ten = 10**power
        kind = "factor of 1,000" if power == 3 else "decimal mark"
        ends = value * ten - ten // 2, value * ten + ten // 2
        yield Slip(kind, f"it is too low by a factor of {words}", *ends)
        near = (value + ten // 2) // ten
        yield Slip(kind, f"it is too high by a factor of {words}", near, near)
    for i, digit in enumerate(text if len(text) > 1 else ""):
        before = sign * int(text[:i] + text[i + 1 :])
        yield Slip("digit too many", f"the digit {digit} is one too many", before, before)
    for i in range(len(text) + 1):
        for new in range(0 if i else 1, 10):
            before = sign * int(f"{text[:i]}{new}{text[i:]}")
            yield Slip("digit left out", f"the digit {new} is left out", before, before)
    for i, digit in enumerate(text):
        for new in range(10):
            if str(new) != digit:
                before = sign * int(f"{text[:i]}{new}{text[i + 1 :]}")
                yield Slip("wrong digit", f"the digit {new} became {digit}", before, before)
