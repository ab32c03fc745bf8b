"""Figures as a report prints them, and the values that such a figure can stand for.

A printed number is text until it is un-rounded: "13,129 tons" stands for every value from
13,128.5 to 13,129.5. `parse` reads the text into digits, power of ten, unit words and qualifier
without guessing; `Figure.interval`, `Figure.bound` and `Figure.window` say what it stands for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from carbonkit.errors import PrintedError, nearest
from carbonkit.intervals import Interval

__all__ = ["Figure", "Qualifier", "Rounding", "parse", "round_to"]

# Beyond any figure of a report; a hostile text must cost neither time nor memory.
_MAX_TEXT = 200
_MAX_DIGITS = 30
_MAX_POWER = 60


class Qualifier(StrEnum):
    """The word beside a figure, by what it claims about the true value.

    Examples
    --------
    >>> parse("1.5 billion+ kWh").qualifier
    <Qualifier.MORE_THAN: 'more-than'>
    """

    EXACT = "exact"
    ABOUT = "about"
    MORE_THAN = "more-than"
    AT_LEAST = "at-least"
    UP_TO = "up-to"
    LESS_THAN = "less-than"
    AT_MOST = "at-most"
    NEARLY = "nearly"


class Rounding(StrEnum):
    """How true values were turned into printed digits.

    ``nearest`` allows any rule for ties, up or down, so both ends of its interval are closed;
    ``half-up`` sends ties away from zero; ``truncated`` drops digits (towards zero); ``floor``
    and ``ceiling`` go down and up whatever the sign.

    Examples
    --------
    >>> [str(mode) for mode in Rounding]
    ['nearest', 'half-even', 'half-up', 'truncated', 'floor', 'ceiling']
    """

    NEAREST = "nearest"
    HALF_EVEN = "half-even"
    HALF_UP = "half-up"
    TRUNCATED = "truncated"
    FLOOR = "floor"
    CEILING = "ceiling"


_BEFORE = {
    Qualifier.EXACT: "exactly",
    Qualifier.ABOUT: "about|approximately|approx.|approx|around|roughly|circa|ca.|c.|some"
    "|~|≈|约|大约",
    Qualifier.MORE_THAN: "more than|over|above|exceeding|in excess of|greater than|upwards of"
    "|just over|well over|slightly more than|>|超过|逾",
    Qualifier.AT_LEAST: "at least|no less than|not less than|no fewer than|not fewer than"
    "|a minimum of|≥|>=|至少|不少于",
    Qualifier.UP_TO: "up to|as much as|as many as|高达|多达",
    Qualifier.AT_MOST: "at most|no more than|not more than|a maximum of|≤|<=|最多|不超过",
    Qualifier.LESS_THAN: "less than|fewer than|under|below|<|不足|不到|低于",
    Qualifier.NEARLY: "nearly|almost|close to|just under|just below|slightly less than"
    "|近|接近|将近",
}
_QUALIFIERS = {word: q for q, words in _BEFORE.items() for word in words.split("|")}
_AT_END = {
    "or more": Qualifier.AT_LEAST,
    "以上": Qualifier.AT_LEAST,
    "or less": Qualifier.AT_MOST,
    "以下": Qualifier.AT_MOST,
}
_MAGNITUDES = {
    **{"hundred": 2, "thousand": 3, "million": 6, "mn": 6, "mln": 6, "billion": 9, "bn": 9},
    **{"trillion": 12, "ten thousand": 4, "wan": 4, "lakh": 5, "crore": 7},
    # No 千 alone: 千瓦 is a kilowatt and 千克 a kilogram.
    **{"万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12},
}
_CURRENCIES = (
    "AUD|BRL|CAD|CHF|CNY|DKK|EUR|GBP|HKD|INR|JPY|KRW|NOK|NZD|RMB|SEK|SGD|TWD|USD|ZAR"
    "|US$|HK$|NT$|NZ$|A$|C$|R$|S$|$|€|£|¥|₩|₹"
)
# Words that go on with the number instead of naming its unit.
_NOT_UNITS = {"and", "or", "to", "by", "x", "dozen", "score", "odd", "point"}
_LOCALES = ((".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"))

# Look-alikes of plain characters: full-width forms, spaces, dashes, apostrophes.
_PLAIN: dict[int, str | int] = {
    **{0xFF01 + i: 0x21 + i for i in range(94)},
    **dict.fromkeys([0xA0, *range(0x2002, 0x200B), 0x202F, 0x3000], " "),
    **dict.fromkeys(map(ord, "−–—‐‑‒―﹣"), "-"),
    **dict.fromkeys(map(ord, "’‘ʼ´`"), "'"),
}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, longest first; no letter may follow a Latin word."""
    ends = {True: "(?![A-Za-z])", False: ""}
    ordered = sorted(words, key=len, reverse=True)
    patterns = (re.escape(w) + ends[w[-1].isascii() and w[-1].isalpha()] for w in ordered)
    return f"(?:{'|'.join(patterns)})"


# Patterns stay text: `re` compiles and keeps them at first use, so that importing costs nothing.
_QUALIFIER = rf"({_any_of(_QUALIFIERS)}) ?"
_QUALIFIER_AT_END = rf" ?({_any_of(_AT_END)})$"
_MAGNITUDE = rf" ?({_any_of(_MAGNITUDES)})"
_CURRENCY = _any_of(_CURRENCIES.split("|"))
_OPENING = "(between|from) "
_HEAD = rf"(?P<sign>[-+]?)(?P<currency>(?:{_CURRENCY})?) ?(?P<more>[-+(]*)"
_DIGITS = "[0-9]+(?:[.,'][0-9]+)*|[.,][0-9]+"
_SPACED_DIGITS = "[0-9]+(?:[.,'][0-9]+| [0-9]{3}(?![0-9]))*|[.,][0-9]+"
_EXPONENT = r"[eE]([-+]?[0-9]+)|(?: ?[×x*·] ?| )10(?:\^(-?[0-9]+)|(⁻?[⁰¹²³⁴-⁹]+))"
_LINK = (
    rf"(?P<unit>[^0-9]*?) ?(?:\b(?:to|(?P<and>and))\b|[-~至到]) ?"
    rf"(?=[-+(]?(?:{_CURRENCY})? ?[-+(]?[.,]?[0-9])"
)
_TON = r"(?<!metric )(?<!short )(?<!long )\btons?\b"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as printed.

    `interval`, `ulp` and the like speak of the digits alone; the qualifier is read by `bound`
    and `window`. A range ("8% to 15%") carries its upper figure in `high`.

    Parameters
    ----------
    text : str
        The text it was read from.
    coefficient : Decimal
        The digits as printed, with their sign, without the magnitude word.
    power : int
        The power of ten of the magnitude word or exponent: 6 for "million".
    unit : str or None
        The unit words as printed, not checked: "tons", "%", "CNY".
    qualifier : Qualifier
        What the report claims about the true value.
    high : Figure or None
        The upper figure of a range.

    Examples
    --------
    >>> figure = parse("more than 40 million households")
    >>> figure.coefficient, figure.power, figure.unit
    (Decimal('40'), 6, 'households')
    >>> print(figure.interval(), figure.bound(), figure.window())
    [39500000, 40500000] (40000000, inf) (40000000, 50000000)
    """

    text: str
    coefficient: Decimal
    power: int = 0
    unit: str | None = None
    qualifier: Qualifier = Qualifier.EXACT
    high: Figure | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def value(self) -> Fraction:
        """The number as printed, magnitude included; of a range its lower figure.

        Examples
        --------
        >>> parse("27.64 million kWh").value
        Fraction(27640000, 1)
        """
        return Fraction(self.coefficient) * _ten_to(self.power)

    @property
    def ulp(self) -> Fraction:
        """One unit in the last printed digit.

        Examples
        --------
        >>> parse("27.64 million kWh").ulp
        Fraction(10000, 1)
        """
        return _ten_to(int(self.coefficient.as_tuple().exponent) + self.power)

    @property
    def trailing_zeros(self) -> int:
        """How many zeros at the end of a whole number may be there for size only.

        Of a range, the larger count of its two figures.

        Examples
        --------
        >>> [parse(t).trailing_zeros for t in ("400,000", "160 million", "1.50", "0")]
        [5, 1, 0, 0]
        """
        own = 0
        if self.coefficient and self.coefficient.as_tuple().exponent == 0:
            digits = str(abs(self.coefficient))
            own = len(digits) - len(digits.rstrip("0"))
        return own if self.high is None else max(own, self.high.trailing_zeros)

    @property
    def zeros_before_magnitude(self) -> int:
        """How many of the trailing zeros stand before a magnitude word.

        Whoever writes "160 million" could have written "0.16 billion", so such zeros are more
        likely to be measured than those of "160,000,000".

        Examples
        --------
        >>> [parse(t).zeros_before_magnitude for t in ("160 million", "160,000,000")]
        [1, 0]
        """
        return self.trailing_zeros if self.power else 0

    def interval(self, rounding: str = Rounding.NEAREST, zeros: int = 0) -> Interval:
        """Return the set of true values that print as these digits.

        Parameters
        ----------
        rounding : Rounding or str
            How the report rounds.
        zeros : int
            How many trailing zeros to read as insignificant; of a range, at most as many as each
            of its figures has.

        Returns
        -------
        Interval
            In the printed unit, magnitude word multiplied in. The sign of a printed "-0" is not
            used.

        Raises
        ------
        PrintedError
            If there is no such rounding mode, or the figure has fewer trailing zeros.

        Examples
        --------
        >>> print(parse("13,129 tons").interval())
        [13128.5, 13129.5]
        >>> print(parse("-1.6%").interval("truncated"))
        (-1.7, -1.6]
        >>> print(parse("4,750 tons").interval("half-up", zeros=1))
        [4745, 4755)
        >>> print(parse("8% to 15%").interval())
        [7.5, 15.5]
        """
        mode = _rounding(rounding)
        _check_zeros(self, zeros)
        if self.high is not None:
            low = replace(self, high=None)
            return low.interval(mode, min(zeros, low.trailing_zeros)).hull(
                self.high.interval(mode, min(zeros, self.high.trailing_zeros))
            )
        value, unit = self.value, self.ulp * _ten_to(zeros)
        negative, positive = value < 0, value > 0
        match mode:
            case Rounding.NEAREST:
                return Interval(value - unit / 2, value + unit / 2)
            case Rounding.HALF_EVEN:
                even = (value / unit).numerator % 2 == 0
                return Interval(value - unit / 2, value + unit / 2, even, even)
            case Rounding.HALF_UP:
                # A tie goes away from zero, so it belongs to the figure at its inner end.
                return Interval(value - unit / 2, value + unit / 2, positive, negative)
            case Rounding.TRUNCATED:
                low_end = value if positive else value - unit
                high_end = value if negative else value + unit
                return Interval(low_end, high_end, positive, negative)
            case Rounding.FLOOR:
                return Interval(value, value + unit, True, False)
            case Rounding.CEILING:
                return Interval(value - unit, value, False, True)

    def bound(self) -> Interval | None:
        """Return the half-line that a bound ("more than", "up to", ...) claims, taken literally.

        Returns
        -------
        Interval or None
            In the printed unit; None where the figure is no bound.

        Examples
        --------
        >>> for text in ("730,000+", "at least 5", "up to 200 million", "nearly 13,000"):
        ...     print(parse(text).bound())
        (730000, inf)
        [5, inf)
        (-inf, 200000000]
        (-inf, 13000)
        """
        match self.qualifier:
            case Qualifier.MORE_THAN:
                return Interval(self.value, None, lo_closed=False)
            case Qualifier.AT_LEAST:
                return Interval(self.value, None)
            case Qualifier.UP_TO | Qualifier.AT_MOST:
                return Interval(None, self.value)
            case Qualifier.LESS_THAN | Qualifier.NEARLY:
                return Interval(None, self.value, hi_closed=False)
            case _:
                return None

    def window(self, zeros: int | None = None) -> Interval:
        """Return the values that a speaker would have described by this figure and qualifier.

        A bound reaches one unit of the last significant digit beyond (or below) the figure:
        whoever has 50 million does not say "more than 40 million".

        Parameters
        ----------
        zeros : int, optional
            How many trailing zeros to read as insignificant; by default all of them, or none
            where there is no qualifier.

        Returns
        -------
        Interval
            In the printed unit.

        Raises
        ------
        PrintedError
            If the figure has fewer trailing zeros.

        Examples
        --------
        >>> for text in ("more than 40 million", "at least 5", "up to 200", "nearly 13,000"):
        ...     print(parse(text).window())
        (40000000, 50000000)
        [5, 6)
        (100, 200]
        (12000, 13000)
        >>> print(parse("about 500,000").window())
        [450000, 550000]
        """
        if zeros is None:
            zeros = 0 if self.qualifier is Qualifier.EXACT else self.trailing_zeros
        bound = self.bound()
        if bound is None:
            return self.interval(Rounding.NEAREST, zeros)
        _check_zeros(self, zeros)
        unit = self.ulp * _ten_to(zeros)
        if bound.lo is None:
            return Interval(self.value - unit, self.value, False, bound.hi_closed)
        return Interval(self.value, self.value + unit, bound.lo_closed, False)


def round_to(
    value: Fraction, figure: Figure, rounding: str = Rounding.HALF_UP, zeros: int = 0
) -> Fraction:
    """Round a recomputed value to the digits that a figure was printed with.

    Parameters
    ----------
    value : Fraction
        The value, in the figure's unit.
    figure : Figure
        The figure whose last digit counts.
    rounding : Rounding or str
        ``nearest`` is taken as ``half-up``.
    zeros : int
        How many trailing zeros of the figure to read as insignificant.

    Returns
    -------
    Fraction
        A whole multiple of the figure's last significant digit.

    Raises
    ------
    PrintedError
        If there is no such rounding mode, or the figure has fewer trailing zeros.

    Examples
    --------
    >>> round_to(Fraction("13128.97"), parse("13,129 tons"))
    Fraction(13129, 1)
    """
    mode = _rounding(rounding)
    _check_zeros(figure, zeros)
    unit = figure.ulp * _ten_to(zeros)
    steps = value / unit
    match mode:
        case Rounding.HALF_EVEN:
            whole = round(steps)
        case Rounding.NEAREST | Rounding.HALF_UP:
            whole = math.floor(abs(steps) + Fraction(1, 2)) * (-1 if steps < 0 else 1)
        case Rounding.TRUNCATED:
            whole = math.trunc(steps)
        case Rounding.FLOOR:
            whole = math.floor(steps)
        case Rounding.CEILING:
            whole = math.ceil(steps)
    return whole * unit


def _ten_to(power: int) -> Fraction:
    return Fraction(10**power) if power >= 0 else Fraction(1, 10**-power)


def _rounding(name: str) -> Rounding:
    try:
        return Rounding(name)
    except ValueError:
        raise PrintedError(
            f"{name!r} is not a rounding mode.{nearest(str(name), Rounding)}"
            f" Known modes: {', '.join(Rounding)}."
        ) from None


def _check_zeros(figure: Figure, zeros: int) -> None:
    if not 0 <= zeros <= figure.trailing_zeros:
        raise PrintedError(
            f"{_quoted(figure.text)} ends in {figure.trailing_zeros} zeros, so {zeros} of them"
            " cannot be insignificant."
        )


# -- reading -------------------------------------------------------------------------------


class _Number(NamedTuple):
    """The scanned part of a figure before its unit."""

    coefficient: Decimal
    power: int | None  # None where no magnitude word or exponent stands
    currency: str
    qualifier: Qualifier


def parse(
    text: str,
    *,
    decimal: str = ".",
    thousands: str = ",",
    tons: str | None = None,
    qualifier: str | None = None,
) -> Figure:
    """Read a figure as a report prints it.

    Read are a qualifier ("more than", "about", "up to", "nearly", "≥", "约", a "+" behind), a
    sign or accounting brackets, a currency in front, digits with grouping, an exponent or
    magnitude word ("million", "万"), the words of the unit, and ranges ("8% to 15%", "26–50%").
    A range's magnitude word and unit may stand once, at its end. Nothing is guessed: number words
    ("one third"), fractions and groupings that fit another locale are errors.

    Parameters
    ----------
    text : str
        The figure with what belongs to it, and no more.
    decimal : {".", ","}
        The decimal mark of the report.
    thousands : {",", ".", " ", "'", ""}
        What groups its digits by three; "" for nothing.
    tons : str, optional
        What the report means by a bare "ton" or "tons", such as "tonne"; put into the unit.
    qualifier : Qualifier or str, optional
        A qualifier that the report states elsewhere than in this text.

    Returns
    -------
    Figure
        The digits as printed; nothing is rounded or converted.

    Raises
    ------
    PrintedError
        If the text is not one figure or can be read in two ways; the message names the readings.

    Examples
    --------
    >>> figure = parse("up to 200 million kWh")
    >>> figure.coefficient, figure.power, figure.unit, str(figure.qualifier)
    (Decimal('200'), 6, 'kWh', 'up-to')
    >>> parse("1.234,5 t", decimal=",", thousands=".").coefficient
    Decimal('1234.5')
    >>> parse("26–50%").high.coefficient
    Decimal('50')
    >>> parse("1,23")
    Traceback (most recent call last):
    ...
    carbonkit.errors.PrintedError: '1,23' does not fit decimal='.' and thousands=','. '1,23' could
    be 1.23 (with decimal=',') or 123 (if its marks only group digits). Correct the text or say
    which marks the report uses.
    """
    if decimal not in (".", ",") or thousands not in (",", ".", " ", "'", ""):
        raise PrintedError(
            f"decimal={decimal!r}, thousands={thousands!r}: the decimal mark is '.' or ',', and"
            " digits are grouped by ',', '.', ' ', \"'\" or ''."
        )
    if decimal == thousands:
        raise PrintedError(f"{decimal!r} cannot be both the decimal mark and the grouping mark.")
    stated, line = _qualifier_before(_cleaned(text))
    opening = re.match(_OPENING, line, re.I)
    first, rest = _number(text, line[opening.end() if opening else 0 :], decimal, thousands)
    second = None
    link = re.match(_LINK, rest)
    if link and (link["and"] is None or opening):
        second, rest = _number(text, rest[link.end() :], decimal, thousands)
    trailing, rest = _qualifier_at_end(rest)
    unit = _unit(text, first.currency, rest, tons)
    figure = Figure(text, first.coefficient, first.power or 0, unit)
    found = {stated, first.qualifier, trailing}
    if link and second:
        figure = _range(figure, first, second, link["unit"].strip(" -"))
        found.add(second.qualifier)
    if qualifier is not None:
        try:
            found.add(Qualifier(qualifier))
        except ValueError:
            raise PrintedError(
                f"{qualifier!r} is not a qualifier.{nearest(str(qualifier), Qualifier)}"
                f" Known ones: {', '.join(Qualifier)}."
            ) from None
    return _qualified(figure, found - {Qualifier.EXACT})


def _qualified(figure: Figure, found: set[Qualifier]) -> Figure:
    if not found:
        return figure
    if len(found) > 1:
        raise PrintedError(
            f"{_quoted(figure.text)} is called both {' and '.join(sorted(found))}; keep one."
        )
    (one,) = found
    if figure.high is None:
        return replace(figure, qualifier=one)
    if one is not Qualifier.ABOUT:
        raise PrintedError(
            f"{_quoted(figure.text)} puts {one!s} on a range, which could bound its lower or its"
            " upper figure; keep the figure that is bounded."
        )
    return replace(figure, qualifier=one, high=replace(figure.high, qualifier=one))


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def _cleaned(text: str) -> str:
    """Return the text with look-alike characters made plain and spaces single."""
    if not isinstance(text, str):
        raise PrintedError(
            f"A printed figure is text, with its digits as they stand; got {text!r:.60}."
            " Put it in quotes."
        )
    if len(text) > _MAX_TEXT:
        raise PrintedError(
            f"{_quoted(text)} has {len(text)} characters; a printed figure has at most {_MAX_TEXT}."
        )
    line = re.sub(" +", " ", text.translate(_PLAIN)).strip(" ")
    odd = next((c for c in line if not c.isprintable()), None)
    if odd is not None:
        raise PrintedError(f"{_quoted(text)} holds the unprintable character {odd!a}.")
    if not re.search("[0-9]", line):
        raise PrintedError(
            f"{_quoted(text)} holds no digits. Write the figure in digits, as in '13,129 tons';"
            " number words and fractions are not guessed."
        )
    return line


def _qualifier_before(line: str) -> tuple[Qualifier, str]:
    match = re.match(_QUALIFIER, line, re.I)
    if match is None:
        return Qualifier.EXACT, line
    return _QUALIFIERS[match[1].lower()], line[match.end() :]


def _qualifier_behind(line: str) -> tuple[Qualifier, str]:
    match = re.match(r" ?[+多余]", line)
    return (Qualifier.MORE_THAN, line[match.end() :]) if match else (Qualifier.EXACT, line)


def _qualifier_at_end(line: str) -> tuple[Qualifier, str]:
    match = re.search(_QUALIFIER_AT_END, line, re.I)
    return (_AT_END[match[1].lower()], line[: match.start()]) if match else (Qualifier.EXACT, line)


def _number(text: str, line: str, decimal: str, thousands: str) -> tuple[_Number, str]:
    """Scan sign, currency, digits and magnitude; return them and what is left of the line."""
    head = re.match(_HEAD, line)
    after = line[head.end() :] if head else ""
    signs = head["sign"] + head["more"] if head else ""
    digits = re.match(_SPACED_DIGITS if thousands == " " else _DIGITS, after)
    if head is None or digits is None or signs not in ("", "-", "+", "("):
        raise PrintedError(
            f"{_quoted(text)} does not begin with a figure: digits come first, after at most a"
            " qualifier such as 'more than', a sign and a currency. Cut the words before them."
        )
    rest = after[digits.end() :]
    coefficient = _coefficient(text, digits[0], decimal, thousands)
    if signs == "(":
        if not rest.startswith(")"):
            raise PrintedError(
                f"{_quoted(text)} stands in brackets that could mean a minus sign or a remark."
                " Write the figure with a minus sign or without the brackets."
            )
        rest = rest[1:]
    if signs in ("-", "("):
        coefficient = coefficient.copy_negate()
    powers: list[int] = []
    exponent = re.match(_EXPONENT, rest)
    if exponent:
        raised = next(g for g in exponent.groups() if g is not None).translate(_SUPERSCRIPTS)
        if len(raised) > 4:
            raise PrintedError(f"{_quoted(text)} has an exponent that no figure needs.")
        powers.append(int(raised))
        rest = rest[exponent.end() :]
    qualifier, rest = _qualifier_behind(rest)
    while magnitude := re.match(_MAGNITUDE, rest, re.I):
        powers.append(_MAGNITUDES[magnitude[1].lower()])
        rest = rest[magnitude.end() :]
    if qualifier is Qualifier.EXACT:
        qualifier, rest = _qualifier_behind(rest)
    power = sum(powers)
    if abs(power) > _MAX_POWER:
        raise PrintedError(
            f"{_quoted(text)} has the power of ten {power}; a figure has at most {_MAX_POWER}."
        )
    return _Number(coefficient, power if powers else None, head["currency"], qualifier), rest


def _coefficient(text: str, digits: str, decimal: str, thousands: str) -> Decimal:
    if len(digits) > _MAX_DIGITS:
        raise PrintedError(
            f"{_quoted(text)} has {len(digits)} digits and marks in one number; a figure has at"
            f" most {_MAX_DIGITS}."
        )
    found = _in_locale(digits, decimal, thousands)
    if found is not None:
        return found
    readings: dict[Decimal, str] = {}
    for other_decimal, other_thousands in _LOCALES:
        other = _in_locale(digits, other_decimal, other_thousands)
        if other is not None:
            grouped = other_thousands in digits
            marks = [f"decimal={other_decimal!r}"] if other_decimal in digits else []
            marks += [f"thousands={other_thousands!r}"] if grouped else []
            readings.setdefault(other, f"with {' and '.join(marks)}")
    readings.setdefault(Decimal(re.sub("[^0-9]", "", digits)), "if its marks only group digits")
    named = " or ".join(f"{number} ({how})" for number, how in readings.items())
    raise PrintedError(
        f"{_quoted(text)} does not fit decimal={decimal!r} and thousands={thousands!r}."
        f" {digits!r} could be {named}. Correct the text or say which marks the report uses."
    )


def _in_locale(digits: str, decimal: str, thousands: str) -> Decimal | None:
    """Read digits under one locale; None if they break its rules."""
    whole, mark, fraction = digits.partition(decimal)
    if mark and not fraction.isdecimal():
        return None
    groups = whole.split(thousands) if thousands else [whole]
    if len(groups) > 1 and (
        not 1 <= len(groups[0]) <= 3 or groups[0][0] == "0" or {len(g) for g in groups[1:]} != {3}
    ):
        return None
    joined = "".join(groups)
    if not joined.isdecimal() and (joined or not mark):
        return None
    return Decimal(f"{joined or 0}.{fraction}" if mark else joined)


def _unit(text: str, currency: str, rest: str, tons: str | None) -> str | None:
    """Return the unit words, or refuse what is left of the line as no unit."""
    words = re.sub(r"^ ?-(?=[^\W\d_])", "", rest).strip()
    first = re.match(r"[^\W\d_]*", words)
    if words and (
        not (words[0].isalpha() or re.match(r"[%‰°$€£¥₩₹]|/ ?[^\W\d_]", words))
        or re.search(r"(?<![^ ])[-+~(]*[0-9]", words)
        or (first is not None and first[0].lower() in _NOT_UNITS)
        or words.count("(") != words.count(")")
    ):
        spaced = re.match(r" [0-9]{3}(?![0-9])", rest)
        hint = " If the space groups digits, say thousands=' '." if spaced else ""
        raise PrintedError(
            f"{_quoted(text)}: {_quoted(words)} behind the number is no unit; it could belong to"
            f" the number, be another one, or a footnote mark.{hint} Keep the one figure and its"
            " unit."
        )
    if tons is not None:
        words = re.sub(_TON, lambda _: tons, words)
    if currency:
        words = currency + words if words[:1] in ("", "/") else f"{currency} {words}"
    return words or None


def _range(low: Figure, first: _Number, second: _Number, low_unit: str) -> Figure:
    """Join the two figures of a range; what stands once, at its end, counts for both."""
    unit = low.unit or ""
    if second.currency not in ("", first.currency) or not (
        low_unit in ("", unit) or unit.startswith(f"{low_unit} ")
    ):
        raise PrintedError(
            f"{_quoted(low.text)} is a range of two units, {first.currency + low_unit!r} and"
            f" {second.currency + unit!r}; write both figures in one unit."
        )
    if first.power is not None and second.power is None:
        raise PrintedError(
            f"{_quoted(low.text)} has a magnitude word on its lower figure only: the upper one"
            f" could be {second.coefficient} or as large a magnitude. Write it on both."
        )
    high = replace(low, coefficient=second.coefficient, power=second.power or 0)
    if first.power is None:
        low = replace(low, power=high.power)
    if low.value >= high.value:
        raise PrintedError(
            f"{_quoted(low.text)} does not rise, so it is no range; a change from one figure to"
            " another is two figures."
        )
    return replace(low, high=high)
