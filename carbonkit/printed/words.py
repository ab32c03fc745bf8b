"""The words and marks that stand around the digits of a figure, and their patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from carbonkit.printed.figure import Qualifier

BEFORE = {
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
QUALIFIERS = {word: q for q, words in BEFORE.items() for word in words.split("|")}
AT_END = {
    "or more": Qualifier.AT_LEAST,
    "以上": Qualifier.AT_LEAST,
    "or less": Qualifier.AT_MOST,
    "以下": Qualifier.AT_MOST,
}
MAGNITUDES = {
    **{"hundred": 2, "thousand": 3, "million": 6, "mn": 6, "mln": 6, "billion": 9, "bn": 9},
    **{"thousands": 3, "millions": 6, "billions": 9},
    **{"trillion": 12, "ten thousand": 4, "wan": 4, "lakh": 5, "crore": 7},
    # German and French; a German Billion is 10^12, so it is not among them.
    **{"tsd": 3, "tsd.": 3, "tausend": 3, "mio": 6, "mio.": 6, "millionen": 6},
    **{"mrd": 9, "mrd.": 9, "milliarden": 9, "milliard": 9, "milliards": 9},
    # No 千 alone: 千瓦 is a kilowatt and 千克 a kilogram.
    **{"万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12},
}
# A letter alone behind the digits; what it means depends on what stands beside it.
LETTERS = {"k": 3, "m": 6, "b": 9}
NAMED = {3: "thousand", 6: "million", 9: "billion"}
# Marks of cells that hold no figure, casefolded.
_BLANKS = {
    "dash": "-|--|---|nil|none|无",
    "not-available": "n/a|n.a.|n.a|na|n/d|n.d.|n.d|nd|n/r|k.a.|k. a.|..|...|…|:|x|/|tbc|tbd"
    "|not available|not applicable|not reported|not disclosed|not material|no data|不适用|未披露",
}
BLANKS = {kind: frozenset(marks.split("|")) for kind, marks in _BLANKS.items()}
CURRENCIES = (
    "AUD|BRL|CAD|CHF|CNY|DKK|EUR|GBP|HKD|INR|JPY|KRW|NOK|NZD|RMB|SEK|SGD|TWD|USD|ZAR"
    "|US$|HK$|NT$|NZ$|A$|C$|R$|S$|$|€|£|¥|₩|₹"
)
# Words that go on with the number instead of naming its unit.
NOT_UNITS = {"and", "or", "to", "by", "x", "dozen", "score", "odd", "point"}
LOCALES = ((".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"))

# Look-alikes of plain characters: full-width forms, spaces, dashes, apostrophes.
PLAIN: dict[int, str | int] = {
    **{0xFF01 + i: 0x21 + i for i in range(94)},
    **dict.fromkeys([0xA0, *range(0x2002, 0x200B), 0x202F, 0x3000], " "),
    **dict.fromkeys(map(ord, "−–—‐‑‒―﹣"), "-"),
    **dict.fromkeys(map(ord, "’‘ʼ´`"), "'"),
}
# Of no width: byte-order marks, joiners, soft hyphens, marks of direction.
INVISIBLE = "(?<![0-9])[\u00ad\u200b-\u200f\u2060\ufeff]|[\u00ad\u200b-\u200f\u2060\ufeff](?![0-9])"
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, longest first; no letter may follow a Latin word."""
    ends = {True: "(?![A-Za-z])", False: ""}
    ordered = sorted(words, key=len, reverse=True)
    patterns = (re.escape(w) + ends[w[-1].isascii() and w[-1].isalpha()] for w in ordered)
    return f"(?:{'|'.join(patterns)})"


# Patterns stay text: `re` compiles and keeps them at first use, so that importing costs nothing.
QUALIFIER = rf"({any_of(QUALIFIERS)}) ?"
QUALIFIER_AT_END = rf" ?({any_of(AT_END)})$"
MAGNITUDE = rf" ?({any_of(MAGNITUDES)})"
CURRENCY = any_of(CURRENCIES.split("|"))
OPENING = "(between|from) "
HEAD = rf"(?P<sign>[-+]?)(?P<currency>(?:{CURRENCY})?) ?(?P<more>[-+(]*)"
DIGITS = "[0-9]+(?:[.,'][0-9]+)*|[.,][0-9]+"
SPACED_DIGITS = "[0-9]+(?:[.,'][0-9]+| [0-9]{3}(?![0-9]))*|[.,][0-9]+"
EXPONENT = r"[eE]([-+]?[0-9]+)|(?: ?[×x*·] ?| )10(?:\^(-?[0-9]+)|(⁻?[⁰¹²³⁴-⁹]+))"
LINK = (
    rf"(?P<unit>[^0-9]*?) ?(?:\b(?:to|(?P<and>and))\b|[-~至到]) ?"
    rf"(?=[-+(]?(?:{CURRENCY})? ?[-+(]?[.,]?[0-9])"
)
TON = r"(?<!metric )(?<!short )(?<!long )\btons?\b"
_NOTE = r" ?(?:[*†‡§]+|\[[0-9a-z]{1,3}\]|\([a-f]\)|[ᵃᵇᶜᵈᵉ])"
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
FOOTNOTE = rf"(?:{_NOTE}|[{RAISED}]{{1,2}}(?:,[{RAISED}]{{1,2}})*)+"
FOOTNOTES_AT_END = rf"(?:{_NOTE}|(?<=-)[{RAISED}]{{1,2}})+$"
# Behind a unit a raised digit is a footnote, but not that of m², km³ or s².
RAISED_AT_END = rf"(?<!m)(?<!ft)(?<!\bs)[{RAISED}]{{1,2}}$"
# No letter, digit or power may follow.
LETTER = r" ?([kKmMbB])(?![\w^*²³])"
