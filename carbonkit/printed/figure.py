"""One printed figure: digits, power of ten, unit words, qualifier, and what they stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from carbonkit.errors import PrintedError, nearest
from carbonkit.intervals import Interval

__all__ = ["Figure", "Qualifier", "Rounding", "quoted", "round_to"]


class Qualifier(StrEnum):
    """The word beside a figure, by what it claims about the true value.

    Examples
    --------
    >>> from carbonkit.printed import parse
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
    >>> from carbonkit.printed import parse
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
        >>> from carbonkit.printed import parse
        >>> parse("27.64 million kWh").value
        Fraction(27640000, 1)
        """
        return _tenfold(*_whole(self))

    @property
    def ulp(self) -> Fraction:
        """One unit in the last printed digit.

        Examples
        --------
        >>> from carbonkit.printed import parse
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
        >>> from carbonkit.printed import parse
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
        >>> from carbonkit.printed import parse
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
        >>> from carbonkit.printed import parse
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
        # In units of the last printed digit, and so in whole numbers, which are much faster.
        digits, power = _whole(self)
        unit = 10**zeros
        negative, positive = digits < 0, digits > 0
        below, above, closed_below, closed_above = unit, unit, positive, negative  # in halves
        match mode:
            case Rounding.NEAREST:
                closed_below = closed_above = True
            case Rounding.HALF_EVEN:
                closed_below = closed_above = digits // unit % 2 == 0
            case Rounding.HALF_UP:
                pass  # a tie goes away from zero, so it belongs to the figure at its inner end
            case Rounding.TRUNCATED:
                below, above = (0 if positive else 2 * unit), (0 if negative else 2 * unit)
            case Rounding.FLOOR:
                below, above, closed_below, closed_above = 0, 2 * unit, True, False
            case Rounding.CEILING:
                below, above, closed_below, closed_above = 2 * unit, 0, False, True
        return Interval(
            _tenfold(2 * digits - below, power, 2),
            _tenfold(2 * digits + above, power, 2),
            closed_below,
            closed_above,
        )

    def bound(self) -> Interval | None:
        """Return the half-line that a bound ("more than", "up to", ...) claims, taken literally.

        Returns
        -------
        Interval or None
            In the printed unit; None where the figure is no bound.

        Examples
        --------
        >>> from carbonkit.printed import parse
        >>> for text in ("730,000+", "at least 5", "up to 200 million", "nearly 13,000"):
        ...     print(parse(text).bound())
        (730000, inf)
        [5, inf)
        (-inf, 200000000]
        (-inf, 13000)
        """
        match self.qualifier:
            case Qualifier.EXACT | Qualifier.ABOUT:
                return None
            case Qualifier.MORE_THAN:
                return Interval(self.value, None, lo_closed=False)
            case Qualifier.AT_LEAST:
                return Interval(self.value, None)
            case Qualifier.UP_TO | Qualifier.AT_MOST:
                return Interval(None, self.value)
            case Qualifier.LESS_THAN | Qualifier.NEARLY:
                return Interval(None, self.value, hi_closed=False)

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
        >>> from carbonkit.printed import parse
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
    >>> from carbonkit.printed import parse
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


def _whole(figure: Figure) -> tuple[int, int]:
    """Return the printed digits as a whole number, and the power of ten of the last of them."""
    exponent = int(figure.coefficient.as_tuple().exponent)
    above, below = figure.coefficient.as_integer_ratio()
    whole = above * 10**-exponent // below if exponent < 0 else above // 10**exponent
    return whole, exponent + figure.power


def _tenfold(whole: int, power: int, below: int = 1) -> Fraction:
    """Return a whole number times a power of ten, over another one."""
    return Fraction(whole * 10**power, below) if power >= 0 else Fraction(whole, below * 10**-power)


def _rounding(name: str) -> Rounding:
    try:
        return Rounding(name)
    except ValueError:
        raise PrintedError(
            f"{name!r} is not a rounding mode.{nearest(str(name), Rounding)}"
            f" Known modes: {', '.join(Rounding)}."
        ) from None


def _check_zeros(figure: Figure, zeros: int) -> None:
    if zeros and not 0 < zeros <= figure.trailing_zeros:
        raise PrintedError(
            f"{quoted(figure.text)} ends in {figure.trailing_zeros} zeros, so {zeros} of them"
            " cannot be insignificant."
        )


def quoted(text: str) -> str:
    """Return a text in quotes, cut short where it is long."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
