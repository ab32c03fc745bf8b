"""What the heading of a column says: a year, a change between two, a share, a total, a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from carbonkit.tables.meaning.words import meant, plain, says, split_unit, unmarked

__all__ = ["Head", "is_heading", "is_period", "read_head", "word_role"]

_Y = r"(?<!\d)(?:19|20)\d\d"
_FY = r"(?P<fy{n}>(?:FY|fiscal(?: year)?|financial year|reporting year|GJ)\s?'?)?"
_PERIOD = re.compile(
    rf"{_FY.format(n=1)}(?P<first>{_Y})(?P<link>\s?[-/]\s?)(?P<second>{_Y}|\d\d)(?!\d)"
    rf"|{_FY.format(n=2)}(?P<year>{_Y})(?!\d)(?P<behind>\s?FY|年度|年)?"
    r"|FY\s?'?(?P<short>\d\d)(?:\s?[-/]\s?(?P<short2>\d\d))?(?!\d)",
    re.I,
)
_PART = re.compile(
    r"\b([QH])\s?([1-4])\b|\b([1-4])([QH])(?=\d|\b)|\b([1-4])\. ?(?:Quartal)\b", re.I
)
_FILLER = re.compile(
    r"\b(?:in|as|at|of|on|the|for|year|years|ended|ending|end|year-end|calendar|cy|jahr"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?",
    re.I,
)
_CHANGES = re.compile(
    r"\b(?:to|from|and|compared|against|with|since|v|vs|versus|changes?|variation|difference|yoy|y-o-y"
    r"|y/y|totals?|sum)\b\.?|Δ",
    re.I,
)
_AGAINST = re.compile(r"\b(?:vs|v|versus|against|compared|since|from|base|baseline)\b", re.I)
_VARIANT = re.compile(
    r"\b(?:restated|adjusted|audited|unaudited|actual|revised|reported|base year|baseline|base"
    r"|recalculated|provisional|prior year)\b",
    re.I,
)
_WORD_ROLES = {
    "unit": "units?|uom|unit of measure(?:ment)?|einheit(?:en)?|unité|unidad|unità|eenheid|enhet"
    "|单位",
    "note": "notes?|remarks?|comments?|ref(?:erence|s)?\\.?|gri(?: index| standard| ref\\.?)?"
    "|footnotes?|anmerkung|assurance|assured|methodology|method|data quality|备注|注",
    "page": "page|pages|seite|p\\.|pg\\.?|页|页码",
}


@dataclass(frozen=True, slots=True)
class Head:
    """What a heading says.

    Attributes
    ----------
    title : str
        It, without footnote marks.
    period, base : str
        The year it is for, and for a change the earlier one.
    words : str
        What else it says: what the column is of, or "restated".
    group : str
        Of these words, what the column is of.
    unit : str
        Canonical unit; ``""`` for none.
    percent : bool
        Whether it says percent.
    speaks : frozenset of str
        ``"change"``, ``"share"``, ``"total"``, ``"points"``.
    """

    title: str
    period: str
    base: str
    words: str
    group: str
    unit: str
    percent: bool
    speaks: frozenset[str]


@lru_cache(maxsize=2048)
def read_head(text: str, tons: str | None = None) -> Head:
    """Read one heading.

    Parameters
    ----------
    text : str
        As printed.
    tons : str, optional
        What a bare "ton" means.

    Returns
    -------
    Head

    Raises
    ------
    UnitError
        If it names a misspelt unit.

    Examples
    --------
    >>> [read_head(t).period for t in ("2020", "FY20", "2019–20", "２０２０年", "2020 restated*")]
    ['2020', 'FY2020', '2019/20', '2020', '2020']
    >>> head = read_head("% change 2020 vs 2019")
    >>> head.period, head.base, sorted(head.speaks)
    ('2020', '2019', ['change'])
    """
    title = unmarked(text)
    speaks = says(title)
    unit = "" if _PERIOD.search(title) else meant(title, tons)
    rest, unit = (title, unit) if unit else split_unit(title, tons)
    percent = unit == "%" or "%" in title
    rest = re.sub(r"\b(\d{4})-\d\d-\d\d(?: 00:00:00)?\b", r"\1", rest)
    years = _years(rest, change="change" in speaks)
    left = _PART.sub(" ", _PERIOD.sub(" ", rest)) if years else rest
    if len(years) == 2:
        speaks |= {"change"}
    period = years[-1][0] if years else ""
    base = years[0][0] if len(years) == 2 else ""
    if len(years) == 1 and "change" in speaks and _AGAINST.search(rest):
        period, base = "", period
    left = _CHANGES.sub(" ", left) if years else left
    words = " ".join(re.findall(r"\w[\w'&/.-]*", _FILLER.sub(" ", left))) if years else left
    if not re.search(r"[^\W\d_]", words):
        words = ""
    group = " ".join(_VARIANT.sub(" ", words).split()) if years else ""
    return Head(title, period, base, words, group, unit, percent, speaks)


def _years(text: str, *, change: bool) -> list[tuple[str, int]]:
    """Return the years of a heading from the earliest, as text and as a number to sort by."""
    years = [year for match in _PERIOD.finditer(text) for year in _periods(match, change)]
    part = _PART.search(text)
    if part and len(years) == 1:
        label = f"{(part[1] or part[4] or 'Q').upper()}{part[2] or part[3] or part[5]}"
        years = [(f"{label} {years[0][0]}", years[0][1])]
    return sorted(years, key=lambda pair: pair[1])


def is_period(text: str) -> bool:
    """Say whether a text is a year, and nothing else.

    Examples
    --------
    >>> [is_period(text) for text in ("FY2020", "2019/20", "2020*", "2,020", "Site 2020", "1900 t")]
    [True, True, True, False, False, False]
    """
    if not re.search(r"\d\d", text) or len(text) > 60:
        return False
    line = unmarked(text)
    match = _PERIOD.search(line)
    if not match or len(_periods(match, False)) != 1:
        return False
    left = _VARIANT.sub(" ", _PART.sub(" ", _PERIOD.sub(" ", line)))
    rest = _FILLER.sub(" ", left)
    # Beside the name of a month, or in a date, small numbers are days.
    dated = rest != left or re.fullmatch(r"(?:\d{1,2}[./-]){2}\d{4}|\d{4}-\d\d-\d\d", line)
    return not re.search(r"[\w%]", re.sub(r"\b\d{1,2}\b", " ", rest) if dated else rest)


def is_heading(text: str) -> bool:
    """Say whether every number of a text is a year, as in a heading.

    Examples
    --------
    >>> [is_heading(text) for text in ("2020 (MWh)", "2020/2019", "Scope 1", "1,204", "12 t")]
    [True, True, False, False, False]
    """
    line = plain(text)
    return bool(_PERIOD.search(line)) and not re.search(r"\d", _PERIOD.sub("", line))


def word_role(text: str) -> str:
    """Say whether a heading is that of a column of units, notes or pages.

    Examples
    --------
    >>> [word_role(text) for text in ("Unit", "Notes", "Page", "2020")]
    ['unit', 'note', 'page', '']
    """
    title = unmarked(text).casefold().rstrip(":")
    for role, words in _WORD_ROLES.items():
        if re.fullmatch(words, title):
            return role
    return ""


def _periods(match: re.Match[str], change: bool) -> list[tuple[str, int]]:
    """Return the one or two years of a match, as text and as a number to sort by."""
    if match["short"]:
        year = 2000 + int(match["short"])
        behind = f"/{match['short2']}" if match["short2"] else ""
        return [(f"FY{year}{behind}", year)]
    if match["year"]:
        fiscal = match["fy2"] or (match["behind"] or "").strip().upper() == "FY"
        year = int(match["year"])
        return [(f"FY{year}" if fiscal else str(year), year)]
    first = int(match["first"])
    second = int(match["second"])
    if len(match["second"]) == 2:
        second += first - first % 100 + (100 if second < first % 100 - 50 else 0)
    mark = "FY" if match["fy1"] else ""
    if second == first + 1 and not change:
        return [(f"{mark}{first}/{second % 100:02}", first)]
    if second > first and not change:
        return [(f"{mark}{first}-{second}", first)]
    return [(f"{mark}{first}", first), (f"{mark}{second}", second)]
