"""The table of units, read once from ``definitions.txt`` into exact fractions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files

__all__ = ["Dimensions", "Table", "Unit", "combine", "power_of_ten", "table"]

#: Names of base dimensions with their exponents, sorted; empty for a pure number.
Dimensions = tuple[tuple[str, int], ...]

_PLURAL = re.compile(r"[a-z_]{3,}[a-rt-z]")


@dataclass(frozen=True, slots=True)
class Unit:
    """One named unit: its exact size in base units, and its dimensions."""

    name: str
    factor: Fraction
    dimensions: Dimensions


@dataclass(slots=True)
class Table:
    """Every unit, spelling and refused word that carbonkit knows.

    Attributes
    ----------
    units
        The units by their own name.
    names
        Each accepted spelling, with the name of the unit it means.
    bases
        Each base dimension, with the name of its base unit.
    refused
        Each refused word, with the reason and what to write instead.
    rank
        The place of each unit in canonical text.
    carriers
        Units in which an amount of a gas is stated: "t" in "t CO2".
    species
        Units that name a gas.
    """

    units: dict[str, Unit] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    rank: dict[str, int] = field(default_factory=dict)
    carriers: set[str] = field(default_factory=set)
    species: set[str] = field(default_factory=set)


@cache
def table() -> Table:
    """Read ``definitions.txt``; later calls return the same table."""
    text = files("carbonkit.units").joinpath("definitions.txt").read_text(encoding="utf-8")
    read = Table()
    prefixes: dict[str, tuple[str, Fraction]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            _read_line(read, prefixes, line)
    read.species.update(n for n, u in read.units.items() if _is_species(u.dimensions))
    amounts = {read.units[name].dimensions for name in ("g", "m3", "Nm3", "scf", "mol")}
    read.carriers.update(n for n, unit in read.units.items() if unit.dimensions in amounts)
    return read


def combine(*parts: tuple[Dimensions, int]) -> Dimensions:
    """Multiply dimensions raised to powers, dropping those that cancel."""
    total: dict[str, int] = {}
    for dimensions, power in parts:
        for name, exponent in dimensions:
            total[name] = total.get(name, 0) + exponent * power
    return tuple(sorted((name, exponent) for name, exponent in total.items() if exponent))


def power_of_ten(exponent: int) -> Fraction:
    """Return ten to a whole power, exactly."""
    return Fraction(10**exponent) if exponent >= 0 else Fraction(1, 10**-exponent)


def _is_species(dimensions: Dimensions) -> bool:
    return len(dimensions) == 1 and dimensions[0][0].startswith("species ")


def _read_line(read: Table, prefixes: dict[str, tuple[str, Fraction]], line: str) -> None:
    if line.startswith("!"):
        words, _, reason = line[1:].partition(" : ")
        read.refused.update(dict.fromkeys(words.split(), reason))
        return
    if line.startswith("order last:"):
        for place, name in enumerate(line.split()[2:], start=len(read.rank)):
            read.rank[name] = place
        return
    if line.startswith("[each"):
        kind, _, names = line.partition("]")
        for name in names.split():
            _add_unit(read, name, f"{kind.removeprefix('[each').strip()} {name}".strip())
        return
    head, *rest = (part.strip() for part in line.split("|"))
    aliases = [alias.strip() for alias in rest[0].split(",")] if rest and rest[0] else []
    name, _, value = (part.strip() for part in head.partition("="))
    if name.endswith("-"):
        prefixes[name[:-1]] = (aliases[0], _evaluate(read, value)[0])
        return
    if value.startswith("["):
        _add_unit(read, name, value[1:-1])
    elif value:
        factor, dimensions = _evaluate(read, value)
        read.units[name] = Unit(name, factor, dimensions)
        read.rank[name] = len(read.rank)
        _add_names(read, name, [name])
    _add_names(read, name, aliases)
    for prefix in rest[1].split() if len(rest) > 1 else ():
        _add_prefixed(read, prefix, *prefixes[prefix], name, aliases)


def _add_unit(read: Table, name: str, dimension: str) -> None:
    read.units[name] = Unit(name, Fraction(1), ((dimension, 1),))
    read.rank[name] = len(read.rank)
    read.bases[dimension] = name
    if dimension.startswith("species "):
        refrigerant = re.fullmatch(r"H?C?FC(\d+\w*)", name)
        _add_names(read, name, [f"R{refrigerant[1]}"] if refrigerant else [])
    _add_names(read, name, [name])


def _add_prefixed(
    read: Table, prefix: str, long: str, size: Fraction, name: str, aliases: Iterable[str]
) -> None:
    unit = read.units[name]
    full = prefix + name
    if full not in read.units:
        read.units[full] = Unit(full, size * unit.factor, unit.dimensions)
        read.rank[full] = read.rank[name]
    symbols = [a for a in aliases if a.isascii() and len(a) <= 2]
    words = [a for a in (name, *aliases) if a.isascii() and len(a) > 2]
    _add_names(read, full, [full, *(prefix + a for a in symbols), *(long + a for a in words)])


def _add_names(read: Table, name: str, spellings: Iterable[str]) -> None:
    for spelling in spellings:
        plural = f"{spelling}s" if _PLURAL.fullmatch(spelling) else spelling
        for word in (spelling, plural):
            if read.names.setdefault(word, name) != name:
                raise AssertionError(f"definitions.txt: {word!r} means two units")


def _evaluate(read: Table, value: str) -> tuple[Fraction, Dimensions]:
    """Evaluate ``number unit^power ...``, the right side of a definition."""
    words = value.split()
    number, _, exponent = words[0].partition("^")
    top, _, bottom = number.partition("/")
    factor = power_of_ten(int(exponent)) if exponent else Fraction(top) / Fraction(bottom or 1)
    parts: list[tuple[Dimensions, int]] = []
    for word in words[1:]:
        name, _, text = word.partition("^")
        unit, power = read.units[read.names[name]], int(text or 1)
        factor *= unit.factor**power
        parts.append((unit.dimensions, power))
    return factor, combine(*parts)
