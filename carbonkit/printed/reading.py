"""From the text of one figure to its parts; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from carbonkit.errors import PrintedError, nearest
from carbonkit.printed import words as w
from carbonkit.printed.figure import Figure, Qualifier, quoted

__all__ = ["blank", "parse"]

# Beyond any figure of a report; a hostile text must cost neither time nor memory.
_MAX_TEXT = 200
_MAX_DIGITS = 30
_MAX_POWER = 60


class _Number(NamedTuple):
    """The scanned part of a figure before its unit."""

    coefficient: Decimal
    power: int | None  # None where no magnitude word or exponent stands
    currency: str
    qualifier: Qualifier


class _Marks(NamedTuple):
    """How a report writes its numbers."""

    decimal: str
    thousands: str
    abbreviated: bool


def parse(
    text: str,
    *,
    decimal: str = ".",
    thousands: str = ",",
    tons: str | None = None,
    qualifier: str | None = None,
    abbreviated: bool = False,
) -> Figure:
    """Read a figure as a report prints it.

    Read are a qualifier ("more than", "about", "up to", "nearly", "≥", "约", a "+" behind), a
    sign or accounting brackets, a currency in front, digits with grouping, an exponent or
    magnitude word ("million", "Mrd", "万"), the words of the unit, and ranges ("8% to 15%",
    "26–50%"). A range's magnitude word and unit may stand once, at its end. Footnote marks
    ("1,204*", "1,204¹", "1,204 [2]") are read past. Nothing is guessed: number words ("one
    third"), fractions and groupings that fit another locale are errors, and so is the mark of a
    cell that holds no figure (see `blank`).

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
    abbreviated : bool
        Whether "k", "m" and "b" behind the digits are thousand, million and billion. They always
        are beside a currency ("€12.3m"), and "k" always is; otherwise "12 m" is in metres, and
        "12m" is refused.

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
    >>> from carbonkit.printed import parse
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
    opening = None if line[:1].isdecimal() else re.match(w.OPENING, line, re.I)
    marks = _Marks(decimal, thousands, abbreviated)
    first, rest = _number(text, line[opening.end() if opening else 0 :], marks)
    second = None
    link = re.match(w.LINK, rest) if rest else None
    if link and (link["and"] is None or opening):
        second, rest = _number(text, rest[link.end() :], marks, first.currency)
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
            f"{quoted(figure.text)} is called both {' and '.join(sorted(found))}; keep one."
        )
    (one,) = found
    if figure.high is None:
        return replace(figure, qualifier=one)
    if one is not Qualifier.ABOUT:
        raise PrintedError(
            f"{quoted(figure.text)} puts {one!s} on a range, which could bound its lower or its"
            " upper figure; keep the figure that is bounded."
        )
    return replace(figure, qualifier=one, high=replace(figure.high, qualifier=one))


def blank(text: str) -> str:
    """Say how a cell of a table marks that it holds no figure.

    Parameters
    ----------
    text : str
        The cell as printed.

    Returns
    -------
    str
        ``"empty"``; ``"dash"`` for a dash or "nil", which may be zero or nothing; or
        ``"not-available"`` for "n/a" and the like. Empty text where it may hold a figure.

    Raises
    ------
    PrintedError
        If it is not text, or is too long to be a cell.

    Examples
    --------
    >>> from carbonkit.printed import blank
    >>> [blank(cell) for cell in ("–", "N/A", " ", "0", "1,204")]
    ['dash', 'not-available', 'empty', '', '']
    """
    return _blank(_without_notes(_plain(text)))


def _blank(line: str) -> str:
    if not line:
        return "empty"
    if line[0] in "123456789":  # no mark of an empty cell begins so
        return ""
    return next((kind for kind, marks in w.BLANKS.items() if line.casefold() in marks), "")


def _cleaned(text: str) -> str:
    """Return the text with look-alike characters made plain and spaces single."""
    line = _without_notes(_plain(text))
    if not line.isprintable():
        odd = next(c for c in line if not c.isprintable())
        raise PrintedError(f"{quoted(text)} holds the unprintable character {odd!a}.")
    kind = _blank(line)
    if kind:
        raise PrintedError(
            f"{quoted(text)} holds no figure ({kind.replace('-', ' ')}). Leave it out; a dash may"
            " stand for zero or for nothing, and neither is guessed."
        )
    if not re.search("[0-9]", line):
        raise PrintedError(
            f"{quoted(text)} holds no digits. Write the figure in digits, as in '13,129 tons';"
            " number words and fractions are not guessed."
        )
    return line


def _plain(text: str) -> str:
    if not isinstance(text, str):
        raise PrintedError(
            f"A printed figure is text, with its digits as they stand; got {text!r:.60}."
            " Put it in quotes."
        )
    if len(text) > _MAX_TEXT:
        raise PrintedError(
            f"{quoted(text)} has {len(text)} characters; a printed figure has at most {_MAX_TEXT}."
        )
    # Between two digits an invisible character may stand for a mark that was lost.
    seen = text if text.isascii() else re.sub(w.INVISIBLE, "", text)
    line = seen.translate(w.PLAIN)
    return (re.sub(" +", " ", line) if "  " in line else line).strip(" ")


def _without_notes(line: str) -> str:
    """Return a line without the footnote marks at its end, none of which is a plain letter."""
    last = line[-1:]
    if last.isascii() and last.isalnum():
        return line
    return re.sub(w.FOOTNOTES_AT_END, "", line)


def _qualifier_before(line: str) -> tuple[Qualifier, str]:
    match = None if line[:1].isdecimal() else re.match(w.QUALIFIER, line, re.I)
    if match is None:
        return Qualifier.EXACT, line
    return w.QUALIFIERS[match[1].lower()], line[match.end() :]


def _qualifier_behind(line: str) -> tuple[Qualifier, str]:
    match = re.match(r" ?[+多余]", line)
    return (Qualifier.MORE_THAN, line[match.end() :]) if match else (Qualifier.EXACT, line)


def _qualifier_at_end(line: str) -> tuple[Qualifier, str]:
    match = re.search(w.QUALIFIER_AT_END, line, re.I) if line else None
    return (w.AT_END[match[1].lower()], line[: match.start()]) if match else (Qualifier.EXACT, line)


def _number(text: str, line: str, marks: _Marks, currency: str = "") -> tuple[_Number, str]:
    """Scan sign, currency, digits and magnitude; return them and what is left of the line.

    A range may name its currency once, before its lower figure.
    """
    head = re.match(w.HEAD, line)
    after = line[head.end() :] if head else ""
    signs = head["sign"] + head["more"] if head else ""
    digits = re.match(w.SPACED_DIGITS if marks.thousands == " " else w.DIGITS, after)
    if head is None or digits is None or signs not in ("", "-", "+", "("):
        raise PrintedError(
            f"{quoted(text)} does not begin with a figure: digits come first, after at most a"
            " qualifier such as 'more than', a sign and a currency. Cut the words before them."
        )
    rest = after[digits.end() :]
    coefficient = _coefficient(text, digits[0], marks.decimal, marks.thousands)
    if signs == "(":
        if not rest.startswith(")"):
            raise PrintedError(
                f"{quoted(text)} stands in brackets that could mean a minus sign or a remark."
                " Write the figure with a minus sign or without the brackets."
            )
        rest = rest[1:]
    if signs in ("-", "("):
        coefficient = coefficient.copy_negate()
    if not rest:
        return _Number(coefficient, None, head["currency"], Qualifier.EXACT), rest
    powers: list[int] = []
    exponent = re.match(w.EXPONENT, rest)
    if exponent:
        raised = next(g for g in exponent.groups() if g is not None).translate(w.SUPERSCRIPTS)
        if len(raised) > 4:
            raise PrintedError(f"{quoted(text)} has an exponent that no figure needs.")
        powers.append(int(raised))
        rest = rest[exponent.end() :]
    footnote = re.match(w.FOOTNOTE, rest)
    if footnote and digits[0] == "10" and not exponent and footnote[0][0] in w.RAISED:
        raise PrintedError(
            f"{quoted(text)} could be 10 with a footnote mark or a power of ten. Write 10, or"
            " 1e6 for the sixth power."
        )
    rest = rest[footnote.end() :] if footnote else rest
    qualifier, rest = _qualifier_behind(rest)
    while magnitude := re.match(w.MAGNITUDE, rest, re.I):
        powers.append(w.MAGNITUDES[magnitude[1].lower()])
        rest = rest[magnitude.end() :]
    letter = re.match(w.LETTER, rest)
    if letter and (power := _power_of(text, letter, rest, marks, head["currency"] or currency)):
        powers.append(power)
        rest = rest[letter.end() :]
    if qualifier is Qualifier.EXACT:
        qualifier, rest = _qualifier_behind(rest)
    power = sum(powers)
    if abs(power) > _MAX_POWER:
        raise PrintedError(
            f"{quoted(text)} has the power of ten {power}; a figure has at most {_MAX_POWER}."
        )
    return _Number(coefficient, power if powers else None, head["currency"], qualifier), rest


def _power_of(
    text: str, letter: re.Match[str], rest: str, marks: _Marks, currency: str
) -> int | None:
    """Return the power of ten of a letter behind the digits; None where it is a unit.

    Beside a currency k, m and b can be nothing else; a metre, a kelvin and a molar mass can.
    """
    size = w.LETTERS[letter[1].lower()]
    money = currency or re.match(f" ?{w.CURRENCY}", rest[letter.end() :])
    if money or marks.abbreviated or letter[1] == "k":
        return size
    if letter[1] in "bB" or (letter[1] in "mK" and letter[0][0] == " "):
        return None
    other = {"m": "metres", "K": "kelvin", "M": "thousands, as in US gas practice"}[letter[1]]
    raise PrintedError(
        f"{quoted(text)}: the {letter[1]!r} could mean {w.NAMED[size]} or {other}. Write the word,"
        f" as in '5 {w.NAMED[size]}', or put a space before a unit; or say abbreviated=True where"
        " letters stand for thousand, million and billion."
    )


def _coefficient(text: str, digits: str, decimal: str, thousands: str) -> Decimal:
    if len(digits) > _MAX_DIGITS:
        raise PrintedError(
            f"{quoted(text)} has {len(digits)} digits and marks in one number; a figure has at"
            f" most {_MAX_DIGITS}."
        )
    found = _in_locale(digits, decimal, thousands)
    if found is not None:
        return found
    readings: dict[Decimal, str] = {}
    for other_decimal, other_thousands in w.LOCALES:
        other = _in_locale(digits, other_decimal, other_thousands)
        if other is not None:
            grouped = other_thousands in digits
            marks = [f"decimal={other_decimal!r}"] if other_decimal in digits else []
            marks += [f"thousands={other_thousands!r}"] if grouped else []
            readings.setdefault(other, f"with {' and '.join(marks)}")
    readings.setdefault(Decimal(re.sub("[^0-9]", "", digits)), "if its marks only group digits")
    named = " or ".join(f"{number} ({how})" for number, how in readings.items())
    raise PrintedError(
        f"{quoted(text)} does not fit decimal={decimal!r} and thousands={thousands!r}."
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
    if not rest:
        return currency or None
    words = re.sub(w.RAISED_AT_END, "", re.sub(r"^ ?-(?=[^\W\d_])", "", rest).strip())
    first = re.match(r"[^\W\d_]*", words)
    if words and (
        not (words[0].isalpha() or re.match(r"[%‰°$€£¥₩₹]|/ ?[^\W\d_]", words))
        or re.search(r"(?<![^ ])[-+~(]*[0-9]", words)
        or (first is not None and first[0].lower() in w.NOT_UNITS)
        or words.count("(") != words.count(")")
    ):
        spaced = re.match(r" [0-9]{3}(?![0-9])", rest)
        hint = " If the space groups digits, say thousands=' '." if spaced else ""
        raise PrintedError(
            f"{quoted(text)}: {quoted(words)} behind the number is no unit; it could belong to"
            f" the number, be another one, or a footnote mark.{hint} Keep the one figure and its"
            " unit."
        )
    if tons is not None:
        words = re.sub(w.TON, lambda _: tons, words)
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
            f"{quoted(low.text)} is a range of two units, {first.currency + low_unit!r} and"
            f" {second.currency + unit!r}; write both figures in one unit."
        )
    if first.power is not None and second.power is None:
        raise PrintedError(
            f"{quoted(low.text)} has a magnitude word on its lower figure only: the upper one"
            f" could be {second.coefficient} or as large a magnitude. Write it on both."
        )
    high = replace(low, coefficient=second.coefficient, power=second.power or 0)
    if first.power is None:
        low = replace(low, power=high.power)
    if low.value >= high.value:
        raise PrintedError(
            f"{quoted(low.text)} does not rise, so it is no range; a change from one figure to"
            " another is two figures."
        )
    return replace(low, high=high)
