"""What a spreadsheet shows for a number: its text under the common number formats."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

__all__ = ["UnknownFormat", "shown"]

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<gap>.)|\*(?P<fill>.)'
    r"|\[\$(?P<money>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<digits>[0#?](?:[0#?,.]*[0#?])?|\.[0#?]+)(?P<scale>,*)|(?P<power>[eE][+-]0+)"
    r"|(?P<percent>%)|(?P<literal>[-+/(): $€£¥°²³'])|(?P<other>.)"
)
_COLOURS = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)", re.I)


class UnknownFormat(ValueError):
    """A number format of which it is not known what it shows."""


def shown(value: int | float, number_format: str) -> str:
    """Return the text that a spreadsheet shows for a number, with "." and ",".

    Parameters
    ----------
    value : int or float
        The number.
    number_format : str
        Its format as the file has it: "General", "0.0", "#,##0", "0%", "0.00E+00", with literals,
        colours and sections for negative numbers and zero.

    Returns
    -------
    str
        Rounded half away from zero, as spreadsheets do.

    Raises
    ------
    UnknownFormat
        If the format is another one: of dates, fractions, conditions.

    Examples
    --------
    >>> shown(1234.5678, "#,##0"), shown(0.0525, "0.0%"), shown(-35, "#,##0;(#,##0)")
    ('1,235', '5.3%', '(35)')
    >>> shown(0.1 + 0.2, "General"), shown(0, '#,##0;-#,##0;"-"'), shown(1234567, '#,##0, "k"')
    ('0.3', '-', '1,235 k')
    """
    if number_format in ("General", "@", ""):
        return _general(value)
    sections = _sections(number_format)
    exact = Decimal(repr(value))
    if len(sections) > 2 and exact == 0:
        return _section(exact, sections[2], signed=False)
    if len(sections) > 1 and exact < 0:
        return _section(-exact, sections[1], signed=False)
    return _section(exact, sections[0], signed=True)


def _general(value: int | float) -> str:
    """Show a number as "General" does: up to ten significant digits."""
    number = Decimal(repr(value))
    if number and not -9 <= number.adjusted() <= 10:
        digits, _, power = f"{value:.5E}".partition("E")
        return f"{digits.rstrip('0').rstrip('.')}E{power}"
    places = 10 - max(number.adjusted() + 1, 1)
    text = f"{number.quantize(Decimal(1).scaleb(-max(places, 0)), context=_WIDE):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sections(number_format: str) -> list[str]:
    """Cut a format at its semicolons, but not at those within quotes."""
    return re.findall(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)', number_format)[: -1 or None]


def _section(number: Decimal, section: str, *, signed: bool) -> str:
    """Show a number under one section of a format."""
    before, after, digits, scale, power, percents = "", "", "", 0, "", 0
    for match in _PIECE.finditer(section):
        kind = match.lastgroup
        text = ""
        if match["digits"] is not None:
            if digits:
                raise UnknownFormat
            digits, scale = match["digits"], len(match["scale"])
        elif kind == "power":
            power = match["power"]
        elif kind == "percent":
            percents, text = percents + 1, "%"
        elif kind == "bracket":
            if not _COLOURS.fullmatch(match["bracket"]):
                raise UnknownFormat
        elif kind == "gap":
            text = " " if not digits else ""
        elif kind in ("quoted", "escaped", "money", "literal"):
            text = match[str(kind)]
        elif section == "General":
            return _general(float(number))
        elif kind != "fill":
            raise UnknownFormat
        if digits:
            after += text
        else:
            before += text
    if not digits:
        return f"{before}{after}".strip()
    number = number.scaleb(2 * percents - 3 * scale)
    text, negative = _digits(number, digits, power)
    sign = "-" if negative and signed else ""
    return f"{sign}{before.lstrip()}{text}{after}".strip()


def _digits(number: Decimal, digits: str, power: str) -> tuple[str, bool]:
    """Round a number to its places and group it; say whether what is left is negative."""
    whole, _, fraction = digits.partition(".")
    if "," in fraction or "." in fraction:
        raise UnknownFormat
    exponent = 0
    if power:
        if len(re.sub("[^0#?]", "", whole)) != 1:
            raise UnknownFormat
        exponent = number.adjusted() if number else 0
        rounded = number.scaleb(-exponent).quantize(_step(fraction), context=_WIDE)
        if rounded and rounded.adjusted() > 0:  # 9.99 became 10.0
            exponent += 1
            rounded = number.scaleb(-exponent).quantize(_step(fraction), context=_WIDE)
    else:
        rounded = number.quantize(_step(fraction), context=_WIDE)
    left, _, right = f"{abs(rounded):f}".partition(".")
    least = whole.count("0")
    left = left.lstrip("0").zfill(least) if least else left.lstrip("0")
    if "," in whole:
        left = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", left)
    while right and len(right) > fraction.rfind("0") + 1 and right.endswith("0"):
        right = right[:-1]
    text = f"{left}.{right}" if right else left
    if power:
        text += f"E{'-' if exponent < 0 else '+' if '+' in power else ''}"
        text += str(abs(exponent)).zfill(len(power) - 2)
    return text, rounded < 0


def _step(fraction: str) -> Decimal:
    return Decimal(1).scaleb(-len(fraction))
