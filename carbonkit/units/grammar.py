"""From the text of a unit, as people write it, to one canonical text.

A small grammar read by hand: nothing is evaluated, and length, depth and exponents are bounded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import NoReturn

from carbonkit.errors import UnitError, nearest
from carbonkit.units.table import table

__all__ = ["Product", "from_powers", "parse", "render"]

LONGEST_TEXT = 200
DEEPEST_NESTING = 8
LARGEST_EXPONENT = 9
LARGEST_POWER_OF_TEN = 30

#: Words that stand for powers of ten, alone before a unit.
MAGNITUDES = {
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "mln": 6,
    "billion": 9,
    "mn": 6,
    "mio": 6,
    "Mio": 6,
    "Mrd": 9,
    "bn": 9,
    "trillion": 12,
    "lakh": 5,
    "crore": 7,
    "wan": 4,
    "yi": 8,
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
MAGNITUDES |= {f"{word}s": power for word, power in MAGNITUDES.items() if len(word) > 6}

#: Words for a ton, with their power of ten; the second group is metric wherever it is used.
TON_WORDS = {"ton": 0, "tons": 0, "kton": 3, "ktons": 3, "kiloton": 3, "kilotons": 3}
TON_WORDS |= {"Mton": 6, "Mtons": 6, "megaton": 6, "megatons": 6}
METRIC_TON_WORDS = {"mt": 0, "mmt": 6, "MMT": 6}
#: Units whose usual sign is no identifier.
SIGNS = {"percent": "%", "permille": "‰"}

#: Letters and words that stand for powers of ten beside a currency: "€m", "EUR k", "MEUR".
MONEY_BEHIND = {"k": 3, "K": 3, "m": 6, "M": 6, "mn": 6, "b": 9, "bn": 9}
#: In German "TEUR" is a thousand.
MONEY_BEFORE = {"k": 3, "T": 3, "m": 6, "M": 6, "Mio": 6, "Mrd": 9, "bn": 9}

TONS = {"tonne": "t", "short_ton": "short_ton", "long_ton": "long_ton"}

_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_SUPERSCRIPT = re.compile("[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_HYPHENATED_GAS = re.compile(r"((?:H?C?FC|HFE|HCFE|PFC|R|Halon)(?:-\d+)+)(?=[a-z\d]|\b)")
_THOUSANDS = re.compile(r"(?<=[A-Z€£$¥])\s*['’]?000s?\b")  # "EUR '000", "£000"
_POINTS = re.compile(r"\bp\.\s?p\b\.?")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<name>(?:[^\W\d]|[%‰€£$¥°])(?:\w|[$])*)"
    r"|(?P<op>\*\*|[-+^*×·./()]))"
)
_TEN = re.compile(r"1((?:0*)|(?:,000)*)(?:\.0*)?(?:[eE]([+-]?\d+))?")


@dataclass
class Product:
    """A product of units and powers of ten, above and below the line, not yet cancelled."""

    above: dict[str, int] = field(default_factory=dict)
    below: dict[str, int] = field(default_factory=dict)
    ten_above: int = 0
    ten_below: int = 0

    def times(self, other: Product, exponent: int = 1) -> None:
        """Multiply by another product to a whole power, in place."""
        flip = exponent < 0
        above, below = (other.below, other.above) if flip else (other.above, other.below)
        tens = (other.ten_below, other.ten_above) if flip else (other.ten_above, other.ten_below)
        size = abs(exponent)
        self.ten_above += tens[0] * size
        self.ten_below += tens[1] * size
        for mine, theirs in ((self.above, above), (self.below, below)):
            for name, power in theirs.items():
                mine[name] = mine.get(name, 0) + power * size


@lru_cache(maxsize=4096)
def parse(text: str, tons: str | None = None) -> Product:
    """Read the text of a unit; the result is shared, so it must not be changed."""
    if tons is not None and tons not in TONS:
        known = ", ".join(repr(word) for word in TONS)
        raise UnitError(f"tons={tons!r} is not a kind of ton; use one of {known}.")
    return _Parser(text, tons).whole()


def render(product: Product) -> str:
    """Write a product as canonical text; that of a pure number is "1"."""
    above = _half(product.ten_above, product.above, " ") or "1"
    below = _half(product.ten_below, product.below, "/")
    return f"{above}/{below}" if below else above


def from_powers(powers: Mapping[str, int]) -> Product:
    """Make a product from unit names with signed whole exponents."""
    return Product(
        _squares({name: p for name, p in powers.items() if p > 0}),
        _squares({name: -p for name, p in powers.items() if p < 0}),
    )


def _half(ten: int, powers: Mapping[str, int], separator: str) -> str:
    rank, carriers, species = table().rank, table().carriers, table().species
    names = sorted(powers, key=lambda name: (rank[name], name))
    text = f"10^{ten}" if ten else ""
    previous = ""
    for name in names:
        power = powers[name]
        word = SIGNS.get(name, name) + (f"^{power}" if power != 1 else "")
        # "per t CH4": an amount and the gas it is an amount of stay together below the line.
        joined = name in species and power == 1 and previous in carriers and powers[previous] == 1
        gap = " " if joined or not previous else separator
        text += f"{gap}{word}" if text else word
        previous = name
    return text


def _squares(powers: Mapping[str, int]) -> dict[str, int]:
    """Write m^2 as m2 and m^3 as m3, which are units of their own."""
    units = table().units
    result: dict[str, int] = {}
    for name, power in powers.items():
        whole = f"{name}{power}"
        key, exponent = (whole, 1) if power > 1 and whole in units else (name, power)
        result[key] = result.get(key, 0) + exponent
    return result


def known_currency(name: str) -> bool:
    """Say whether a name is that of a currency, whose dimension is its own three letters."""
    unit = table().names.get(name, "")
    return len(unit) == 3 and table().bases.get(unit) == unit and unit.isupper()


def _is_chinese(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"


class _Parser:
    """One reading of one text, by recursive descent."""

    def __init__(self, text: str, tons: str | None) -> None:
        self.text = text
        self.tons = tons
        self.tokens = list(self.split())
        self.at = 0

    def fail(self, why: str) -> NoReturn:
        shown = self.text if len(self.text) <= 60 else f"{self.text[:57]}..."
        raise UnitError(f"Cannot read the unit {shown!r}: {why}")

    def split(self) -> Iterable[tuple[str, str]]:
        if not isinstance(self.text, str):
            raise UnitError(
                f"A unit is given as text such as 'kWh', not as {type(self.text).__name__}."
            )
        if len(self.text) > LONGEST_TEXT:
            self.fail(f"it is longer than {LONGEST_TEXT} characters.")
        text = _SUPERSCRIPT.sub(lambda m: f"^{m[0].translate(_SUPERSCRIPTS)}", self.text)
        text = unicodedata.normalize("NFKC", text).replace("−", "-").replace("‑", "-").strip()
        text = _THOUSANDS.sub(" thousand", text)
        text = _POINTS.sub("pp", text)
        text = _HYPHENATED_GAS.sub(lambda m: m[0].replace("-", ""), text)
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if not match:
                self.fail(f"{text[at:].strip()[0]!r} has no meaning in a unit.")
            at = match.end()
            kind = match.lastgroup or ""
            word = match[kind]
            if kind == "name" and word != "of":
                yield from self.split_name(word)
            elif kind != "name":
                yield kind, word

    def split_name(self, word: str) -> Iterable[tuple[str, str]]:
        """Cut Chinese text, which is written without spaces, at the longest known words."""
        if word.isascii():
            yield "name", word
            return
        for chinese, letters in groupby(word, _is_chinese):
            rest = "".join(letters)
            while chinese and rest:
                for size in range(len(rest), 0, -1):
                    if rest[:size] in MAGNITUDES or rest[:size] in table().names:
                        break
                yield "name", rest[:size]
                rest = rest[size:]
            if rest:
                yield "name", rest

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else ("end", "")

    def whole(self) -> Product:
        if not self.tokens:
            raise UnitError("The unit is empty; write '1' for a pure number.")
        product = self.fraction(0)
        if self.at < len(self.tokens):
            self.fail(f"{self.peek()[1]!r} stands where nothing can.")
        if max(abs(product.ten_above), abs(product.ten_below)) > LARGEST_POWER_OF_TEN:
            self.fail(f"its power of ten is beyond 10^{LARGEST_POWER_OF_TEN}.")
        product = Product(
            _squares(product.above), _squares(product.below), product.ten_above, product.ten_below
        )
        for powers in (product.above, product.below):
            lone = {name for name, power in powers.items() if power == 1}
            if lone & {"m", "K"} and any(map(known_currency, lone)):
                self.fail("a metre or a kelvin of money is nothing; write million or thousand.")
        if max([0, *product.above.values(), *product.below.values()]) > LARGEST_EXPONENT:
            self.fail(f"its exponent is beyond {LARGEST_EXPONENT}.")
        return product

    def fraction(self, depth: int) -> Product:
        """Read ``group (*|/ group)*``; a group of words side by side binds tighter than a slash."""
        product = self.group(depth)
        divided = False
        while True:
            kind, word = self.peek()
            slash = (kind, word) in {("op", "/"), ("name", "per")}
            if not slash and (kind != "op" or word not in "*×"):
                return product
            if divided and not slash:
                self.fail("a product after a slash can be read in two ways; use parentheses.")
            divided = divided or slash
            self.at += 1
            product.times(self.group(depth), -1 if slash else 1)

    def group(self, depth: int) -> Product:
        product = Product()
        start = self.at
        while True:
            kind, word = self.peek()
            if kind == "op" and word in "·.-" and self.at > start:
                self.at += 1
                kind, word = self.peek()
            if kind in {"number", "name"} and word != "per":
                product.times(self.factor())
            elif (kind, word) == ("op", "("):
                if depth >= DEEPEST_NESTING:
                    self.fail(f"parentheses are nested more than {DEEPEST_NESTING} deep.")
                self.at += 1
                inner = self.fraction(depth + 1)
                if self.peek() != ("op", ")"):
                    self.fail("a closing parenthesis is missing.")
                self.at += 1
                product.times(inner, self.exponent())
            elif self.at > start and self.tokens[self.at - 1][1] not in {"·", ".", "-"}:
                return product
            else:
                self.fail(f"a unit is missing {f'before {word!r}' if word else 'at the end'}.")

    def factor(self) -> Product:
        kind, word = self.peek()
        if kind == "number":
            self.at += 1
            return self.power_of_ten(word)
        for count in (4, 3, 2, 1):
            joined, used = self.joined(count)
            found = self.look_up(joined) or self.money(joined, used) if joined else None
            if found:
                self.at += used
                product = Product()
                product.times(found, self.exponent())
                return product
        self.at += 1
        exponent = self.exponent()
        found = self.look_up(f"{word}{abs(exponent)}")  # "Nm^3" is Nm3
        if not found:
            raise self.unknown(word)
        product = Product()
        product.times(found, 1 if exponent > 0 else -1)
        return product

    def joined(self, count: int) -> tuple[str, int]:
        """Join the next words with underscores: "short ton" and "CO2-eq" are one name."""
        words: list[str] = []
        ahead = 0
        while len(words) < count:
            if words and self.peek(ahead) == ("op", "-"):
                ahead += 1
            kind, word = self.peek(ahead)
            if kind != "name":
                return "", 0
            words.append(word)
            ahead += 1
        return "_".join(words), ahead

    def exponent(self, largest: int = LARGEST_EXPONENT) -> int:
        """Read ``^2``, ``**-1`` or the ``-1`` of ``kWh-1``, if there is one."""
        kind, word = self.peek()
        if kind != "op" or word not in {"^", "**", "-"}:
            return 1
        sign = -1 if word == "-" else 1
        if word == "-":
            if self.peek(1)[0] != "number":
                return 1
        elif self.peek(1) in {("op", "-"), ("op", "+")}:
            self.at += 1
            sign = -1 if self.peek()[1] == "-" else 1
        kind, digits = self.peek(1)
        if kind != "number" or not digits.isascii() or not digits.isdigit():
            self.fail("an exponent must be a whole number.")
        if len(digits) > 2 or not 1 <= int(digits) <= largest:
            self.fail(f"the exponent {digits[:20]} is not between 1 and {largest}.")
        self.at += 2
        return sign * int(digits)

    def power_of_ten(self, word: str) -> Product:
        if word == "10" and self.peek() in {("op", "^"), ("op", "**")}:
            return Product(ten_above=self.exponent(LARGEST_POWER_OF_TEN))
        match = _TEN.fullmatch(word)
        if not match:
            self.fail(
                f"{word[:20]} is not a power of ten. A number belongs before the unit, "
                "as in quantity('3 kWh')."
            )
        if len(match[2] or "") > 4:
            self.fail(f"its power of ten is beyond 10^{LARGEST_POWER_OF_TEN}.")
        return Product(ten_above=match[1].count("0") + int(match[2] or 0))

    def look_up(self, word: str) -> Product | None:
        """Find a name, a magnitude word, or a mass with its gas written together ("tCO2e")."""
        simple = self.look_up_simple(word)
        if simple:
            return simple
        for cut in range(1, len(word)):
            gas = table().names.get(word[cut:])
            if gas in table().species and not word[:cut].endswith("_"):
                amount = self.look_up_simple(word[:cut], carrier=True)
                if amount:
                    amount.times(Product({str(gas): 1}))
                    return amount
        return None

    def money(self, word: str, used: int) -> Product | None:
        """Find a currency with a letter for its power of ten: a metre of euros is nothing."""
        if self.peek(used)[1] in {"^", "**"}:
            return None
        for cut in range(1, len(word)):
            first, last = word[:cut].removesuffix("_"), word[cut:]
            for name, letters, powers in (
                (last, first, MONEY_BEFORE),
                (first, last, MONEY_BEHIND),
            ):
                if letters in powers and known_currency(name):
                    return Product({table().names[name]: 1}, ten_above=powers[letters])
        return None

    def look_up_simple(self, word: str, *, carrier: bool = False) -> Product | None:
        if word in MAGNITUDES and not carrier:
            return Product(ten_above=MAGNITUDES[word])
        if word == "dimensionless" and not carrier:
            return Product()
        known = table()
        if word in known.refused:
            return self.refused(word)
        name = known.names.get(word)
        if name is None or (carrier and name not in known.carriers):
            return None
        return Product({name: 1})

    def refused(self, word: str) -> Product:
        if self.tons and word in TON_WORDS:
            return Product({TONS[self.tons]: 1}, ten_above=TON_WORDS[word])
        if self.tons == "tonne" and word in METRIC_TON_WORDS:
            return Product({"t": 1}, ten_above=METRIC_TON_WORDS[word])
        return self.fail(f"{word!r} is refused: {table().refused[word]}")

    def unknown(self, word: str) -> UnitError:
        shown = self.text if len(self.text) <= 60 else f"{self.text[:57]}..."
        known = table().names
        folded = word.casefold()
        same = [name for name in known if name.casefold() == folded]
        same += [
            f"{amount} {gas}"
            for gas in table().species
            if folded.endswith(gas.casefold())
            for amount in table().carriers
            if (amount + gas).casefold() == folded
        ]
        hint = f" Did you mean {' or '.join(sorted(same))}?" if same else nearest(word, known)
        where = "" if shown == word else f" in {shown!r}"
        return UnitError(
            f"Unknown unit {word[:60]!r}{where}.{hint} Case matters: kWh is not kwh, Mt is not mt."
        )
