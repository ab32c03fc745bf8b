"""The words of a table: labels and their roles, footnote marks, units as headings write them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from carbonkit import units
from carbonkit.errors import UnitError
from carbonkit.units.table import table as known_units

__all__ = [
    "countable",
    "is_bare_total",
    "meant",
    "plain",
    "role_of",
    "says",
    "slug",
    "split_unit",
    "unit_of",
    "unmarked",
]

_PLAIN: dict[int, str | int] = {
    **{0xFF01 + i: 0x21 + i for i in range(94)},
    **dict.fromkeys([0xA0, *range(0x2002, 0x200B), 0x202F, 0x3000], " "),
    **dict.fromkeys(map(ord, "−–—‐‑‒―﹣"), "-"),
    **dict.fromkeys(map(ord, "’‘ʼ"), "'"),
    **dict.fromkeys([0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF], ""),
}
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# Footnote marks behind words. A raised digit behind m, ft or 10 is a power.
_MARK = re.compile(
    r"\s?(?:[*†‡§]+|\[\^?[0-9a-z]{1,3}\]|\((?:[a-f]|[1-9])\)|(?<=\s)[a-f1-9]\)|[ᵃᵇᶜᵈᵉ]"
    rf"|(?<![{_RAISED}m])(?<!ft)(?<!10)[{_RAISED}]{{1,2}}(?:,[{_RAISED}]{{1,2}})*)$"
)
_ROLES = {
    "intensity": r"\bintensit|\bper\b|\brate\b|\bpro (?:kopf|mitarbeit|einheit)|强度|单位产",
    "share": r"\bshare\b|\bproportion\b|\bpercentage of\b|%\s*of\b|\bpercent of\b|anteil|\bquote\b"
    r"|占比|比例|\bpart d[eu']|\bproporción\b",
    "change": r"\bchanges?\b|\bvariation\b|\bvar\.|\bdelta\b|δ|\bdifference\b|\byoy\b|\by-o-y\b"
    r"|\by/y\b|\byear[- ](?:on|over)[- ]year\b|\b(?:in|de)crease\b|\bgrowth\b|\breduction\b"
    r"|\btrend\b|veränderung|abweichung|évolution|variación|variazione|\bvs\b|\bversus\b"
    r"|同比|变化|变动|增减|增长|增幅",
    "total": r"\btotals?\b|\bsub-?totals?\b|\bsum\b|\boverall\b|\bgesamt|insgesamt|\bsumme\b"
    r"|zwischensumme|\btotaux\b|\btotale[ns]?\b|\btotaal\b|\bensemble\b|\bsuma\b"
    r"|合计|总计|小计|总量|总和|合計|総計|小計|\bитого\b|\bвсего\b",
}
_BARE_TOTAL = (
    r"(?:grand |sub-?)?total|sum|overall|(?:gesamt|zwischen)?summe|gesamt|insgesamt|totale?|suma"
    r"|合计|总计|小计|合計|総計|小計|итого|всего"
)
_POINTS = (
    r"percentage[- ]points?|%[- ]?p(?:oin)?ts?\b|\bpp\b|\bp\.p\.|\bppts?\b|prozentpunkte?|百分点"
)
_MAGNITUDE = {
    "thousand": r"'?000(?:'?s)?|tsd\.?|tausend|k",
    "million": r"mio\.?|mn|mln|millionen|m",
    "billion": r"mrd\.?|bn|milliarden|milliards?|b",
}
_CURRENCIES = "EUR|USD|GBP|CNY|RMB|JPY|CHF|AUD|CAD|HKD|INR|KRW|SEK|NOK|DKK|PLN|BRL|ZAR|SGD|TWD"
_MONEY = rf"(?P<money>{_CURRENCIES}|US\$|[$€£])"
_AT_END = {"thousand": "(?:thousands?|'000s?)", "million": "millions?", "billion": "billions?"}
#: Ways in which headings write powers of ten, and what units understand.
_REWRITTEN = [
    rule
    for word, forms in _MAGNITUDE.items()
    for rule in (
        (rf"^(?:{forms})$", word),
        (rf"^(?:{forms}) (?:of )?(?=\S)", f"{word} "),
        (rf"(?<![\w$€£]){_MONEY} ?(?:{forms}|{word}s?)(?!\w)", rf"{word} \g<money>"),
        (rf"(?<![\w$€£])(?:{forms}) ?{_MONEY}(?!\w)", rf"{word} \g<money>"),
        (rf"^(.+?),? \(?(?:in )?{_AT_END[word]}\)?$", rf"{word} \1"),
    )
]
_COUNT = r"number|numbers|no\.|nr\.|#|count|anzahl|nombre|número|个|数量"
_LEADING = (
    r"(?:all |figures |data |values |measured |expressed |stated )*in |(?:units?|einheit|单位) ?: ?"
)
_GROUP = re.compile(r"\s?(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\)|\[([^\[\]]*)\])")
_BEHIND = re.compile(r"(?:,| -|:|\||/| in) (?=[^,:|]*$)(?P<unit>.+)$")
# Letters that are units when they stand alone; "a", "d", "m" and "C" are more often something else.
_LETTERS = frozenset("tJLlgWh%‰€£")
# In brackets behind a label, these are more often a country or a limit than a unit.
_NOT_UNITS = frozenset({"GB", "min", "mi", "year", "month", "quarter"})


def plain(text: str) -> str:
    """Return text with look-alike characters made plain and spaces single.

    Examples
    --------
    >>> plain("２０２０（ＭＷｈ）")
    '2020(MWh)'
    """
    return " ".join(text.translate(_PLAIN).split())


def unmarked(text: str) -> str:
    """Return a label or heading without the footnote marks behind it.

    Examples
    --------
    >>> [unmarked(label) for label in ("Diesel*", "Gas (a)", "Heat²,³", "Floor area, m²")]
    ['Diesel', 'Gas', 'Heat', 'Floor area, m²']
    """
    line = plain(text)
    while (cut := _MARK.sub("", line)) not in ("", line) and cut.count("(") <= cut.count(")"):
        line = cut
    return line


def role_of(title: str, unit: str = "") -> str:
    """Say what a line or column is by its title: a change, a share, an intensity, a total.

    Parameters
    ----------
    title : str
        Its title, without footnote marks.
    unit : str
        Its canonical unit.

    Returns
    -------
    str
        ``"change"``, ``"share"``, ``"intensity"``, ``"total"`` or ``"part"``.

    Examples
    --------
    >>> role_of("Total energy", "MWh"), role_of("Total energy", "MWh/t"), role_of("Diesel", "L")
    ('total', 'intensity', 'part')
    """
    speaks = says(title)
    if "change" in speaks and unit in ("", "%"):
        return "change"
    if "share" in speaks or unit in ("%", "‰"):
        return "share"
    below = unit.replace("/year", "").partition("/")[2]
    if below or ("intensity" in speaks and not unit.endswith("/year")):
        return "intensity"
    return "total" if "total" in speaks else "part"


def says(text: str) -> frozenset[str]:
    """Return what the words of a heading speak of.

    Examples
    --------
    >>> sorted(says("Change in percentage points")), sorted(says("Total"))
    (['change', 'points'], ['total'])
    """
    folded = text.casefold()
    found = {role for role, words in _ROLES.items() if re.search(words, folded)}
    return frozenset(found | {"points"} if re.search(_POINTS, folded) else found)


def is_bare_total(title: str) -> bool:
    """Say whether a title says "total" and not of what.

    Examples
    --------
    >>> [is_bare_total(title) for title in ("Total", "Grand total", "Summe", "Total emissions")]
    [True, True, True, False]
    """
    return re.fullmatch(_BARE_TOTAL, title.casefold()) is not None


def slug(text: str, longest: int = 40) -> str:
    """Return a text as part of an identifier; empty if nothing in it can be.

    Examples
    --------
    >>> slug("Natural gas (heating)"), slug("CO₂ – Scope 1"), slug("Wärme"), slug("合计")
    ('natural_gas_heating', 'co2_scope_1', 'warme', '合计')
    """
    bare = unicodedata.normalize("NFKD", plain(text))
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", bare).casefold())
    short = "_".join(words)
    if len(short) > longest:
        short = short[: longest + 1].rpartition("_")[0] or short[:longest]
    return short if f"a{short}".isidentifier() else ""


@lru_cache(maxsize=4096)
def unit_of(text: str, tons: str | None = None) -> str:
    """Read a unit as tables write it.

    Parameters
    ----------
    text : str
        Such as "MWh", "in thousand tonnes", "MWh, thousands", "€m", "'000 t", "number".
    tons : str, optional
        What a bare "ton" means.

    Returns
    -------
    str
        Canonical unit; of "thousands" alone ``"10^3"``.

    Raises
    ------
    UnitError
        If it is not known.

    Examples
    --------
    >>> unit_of("in thousand tonnes"), unit_of("MWh, thousands"), unit_of("tCO2e/£m")
    ('10^3 t', '10^3 MWh', 't CO2e/10^6 GBP')
    >>> unit_of("'000 m³"), unit_of("Mio. EUR"), unit_of("number")
    ('10^3 m3', '10^6 EUR', '1')
    """
    line = plain(text).strip()
    while len(line) > 2 and (line[0], line[-1]) in {("(", ")"), ("[", "]")}:
        line = line[1:-1].strip()
    line = re.sub(rf"^(?:{_LEADING})", "", line, flags=re.I)
    if re.fullmatch(_COUNT, line, re.I):
        return "1"
    if re.search(_POINTS, line.casefold()):
        line = re.sub(_POINTS, "pp", line, flags=re.I)
    for pattern, plainly in _REWRITTEN:
        line = re.sub(pattern, plainly, line, flags=re.I)
    try:
        return units.canonical(line, tons=tons)
    except UnitError:
        # "Tonnes", "LITRES": long words are no symbols, in which capitals count.
        small = re.sub(r"[^\W\d_]{4,}", lambda m: m[0] if _known(m[0]) else m[0].lower(), line)
        if small == line:
            raise
    return units.canonical(small, tons=tons)


def _known(word: str) -> bool:
    return word in known_units().names


def split_unit(title: str, tons: str | None = None) -> tuple[str, str]:
    """Part a title from the unit that it names.

    A unit in brackets, or behind a comma, dash, colon or "in", is taken where it is a unit of
    something measured. Countable things in brackets describe: "Commuting (car)".

    Parameters
    ----------
    title : str
        A label, heading or caption, without footnote marks.
    tons : str, optional
        What a bare "ton" means.

    Returns
    -------
    tuple of str
        The title without the unit, and the canonical unit or ``""``.

    Raises
    ------
    UnitError
        If a unit is meant but misspelt, or its ton is not said.

    Examples
    --------
    >>> split_unit("Natural gas (MWh)"), split_unit("Energy in GWh"), split_unit("Commuting (car)")
    (('Natural gas', 'MWh'), ('Energy', 'GWh'), ('Commuting (car)', ''))
    """
    for group in reversed(list(_GROUP.finditer(title))):
        unit = meant(group[1] or group[2] or "", tons)
        if unit:
            return _joined(title[: group.start()], title[group.end() :]), unit
    behind = _BEHIND.search(title)
    if behind and len(behind["unit"]) < 60:
        unit = meant(behind["unit"], tons)
        if unit:
            return title[: behind.start()].strip(), unit
    return title, ""


def _joined(before: str, after: str) -> str:
    return " ".join(f"{before.strip()} {after.strip()}".split())


def meant(words: str, tons: str | None = None) -> str:
    """Return the unit that words of a title mean, or empty text where they mean none.

    Raises
    ------
    UnitError
        If a unit is meant but misspelt.

    Examples
    --------
    >>> meant("t CO2e"), meant("car"), meant("location-based")
    ('t CO2e', '', '')
    """
    words = words.strip()
    if not words or words in _NOT_UNITS or (len(words) == 1 and words not in _LETTERS):
        return ""
    if re.fullmatch(r"[\d\W_]+", words) and not re.fullmatch(r"[%‰€£#]|'000s?", words):
        return ""
    try:
        unit = unit_of(words, tons)
    except UnitError as error:
        if _misspelt(words) or _ratio(words, tons):
            raise UnitError(f"{words!r} is meant as a unit, it seems. {error}") from None
        return ""
    return "" if countable(unit) else unit


@lru_cache(maxsize=4096)
def countable(unit: str) -> bool:
    """Say whether a unit is of a countable thing, or a gas, alone."""
    dimensions = units.measure(unit).dimensions
    names = [name for name, _ in dimensions]
    return len(names) == 1 and not _measured(names[0])


def _measured(dimension: str) -> bool:
    """Say whether a dimension is measured: mass, energy, money, rather than counted."""
    measured = {"mass", "length", "time", "temperature", "amount", "information", "year"}
    money = len(dimension) == 3 and dimension.isupper() and not dimension.startswith("species")
    return dimension in measured or dimension.startswith("gas volume") or money


def _ratio(words: str, tons: str | None) -> bool:
    """Say whether words are a ratio of which one side is a unit: "tCO2e/FTE"."""
    sides = re.split(r"/| per ", words)
    for side in sides if len(sides) > 1 else ():
        try:
            if not countable(unit_of(side, tons)) and len(side.strip()) > 1:
                return True
        except UnitError:
            continue
    return False


def _misspelt(words: str) -> bool:
    """Say whether every word is a unit in other letters, or a unit that has to be said fully."""
    found = re.findall(r"[^\W\d_]+", words.casefold())
    small = {
        "of",
        "per",
        "in",
        "thousand",
        "million",
        "billion",
        "thousands",
        "millions",
        "co",
        "e",
    }
    meant = [word for word in found if word not in small]
    return bool(meant) and all(len(word) > 1 and word in _folded() for word in meant)


@cache
def _folded() -> frozenset[str]:
    """Return every spelling of a measured unit, and every refused one, in small letters."""
    table = known_units()
    spelt = {
        spelling.casefold()
        for spelling, name in table.names.items()
        if not spelling[0].isupper() or len(spelling) > 2
        if not (len(d := table.units[name].dimensions) == 1 and not _measured(d[0][0]))
    }
    return frozenset(spelt | {word.casefold() for word in table.refused})
