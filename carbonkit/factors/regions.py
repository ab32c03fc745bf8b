"""Regions: codes, names, aliases and parents.

Grids, provinces and subregions are data (`emission_factors/regions.csv`); countries and their
subdivisions come from ISO 3166 through `pycountry`, which is loaded only for a name that the
data does not hold.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from typing import Any, NamedTuple

from carbonkit.errors import FactorFileError, FactorNotFound, nearest
from carbonkit.factors.read import data_folder

__all__ = ["Region", "ancestors", "resolve"]

_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?\Z")


class Region(NamedTuple):
    """One region.

    Attributes
    ----------
    code, name : str
    parents : tuple of str
        The regions it lies in, nearest first.
    kind : str
        world, group, country, grid, province or subregion.
    """

    code: str
    name: str
    parents: tuple[str, ...]
    kind: str


class _Table(NamedTuple):
    regions: dict[str, Region]
    names: dict[str, str]


@lru_cache(maxsize=1)
def table() -> _Table:
    """Read the regions that are kept as data; names and aliases are folded."""
    path = data_folder() / "regions.csv"
    regions: dict[str, Region] = {}
    names: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parents = tuple(p for p in row["parents"].split(";") if p)
            regions[row["code"]] = Region(row["code"], row["name"], parents, row["kind"])
            for name in (row["code"], row["name"], *filter(None, row["aliases"].split(";"))):
                if names.setdefault(name.casefold(), row["code"]) != row["code"]:
                    raise FactorFileError(f"{path}: {name!r} names two regions.")
    return _Table(regions, names)


@lru_cache(maxsize=4096)
def resolve(region: str) -> str:
    """Return the code of a region that was written as a code, a name or an alias.

    Parameters
    ----------
    region : str
        "CN", "China", "CHN", "Guangdong", "CN-GD", "North China", "CAMX", "UK" ...

    Returns
    -------
    str

    Raises
    ------
    FactorNotFound
        If nothing is called that; the message names what is near.

    Examples
    --------
    >>> resolve("China"), resolve("Guangdong"), resolve("UK"), resolve("DEU")
    ('CN', 'CN-GD', 'GB', 'DE')
    >>> resolve("Chna")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    carbonkit.errors.FactorNotFound: unknown region 'Chna'. Did you mean China, ...
    """
    text = " ".join(region.split())
    known = table()
    if text in known.regions:
        return text
    found = known.names.get(text.casefold())
    # Codes of ISO form are not looked up: reading the ISO tables takes longer than all the rest,
    # and a code that does not exist finds no factor.
    if found or _CODE.match(text):
        return found or text
    import pycountry

    for entries, attribute in ((pycountry.countries, "alpha_2"), (pycountry.subdivisions, "code")):
        try:
            return str(getattr(entries.lookup(text), attribute))
        except LookupError:
            continue
    names = [r.name for r in known.regions.values()] + [c.name for c in pycountry.countries]
    raise FactorNotFound(
        f"unknown region {region!r}.{nearest(text, names)} Regions are ISO 3166 codes or English "
        "names, and the grids and subregions of emission_factors/regions.csv."
    )


def exists(code: str) -> bool:
    """Whether a canonical code is in the data or in ISO 3166."""
    return code in table().regions or _iso(code) is not None


def _iso(code: str) -> Any:
    """Return the ISO 3166 entry of a country or subdivision code."""
    import pycountry

    try:
        if "-" in code:
            return pycountry.subdivisions.lookup(code)
        return pycountry.countries.get(alpha_2=code)
    except LookupError:
        return None


def name(code: str) -> str:
    """Return the English name of a region code, or the code itself."""
    if code in table().regions:
        return table().regions[code].name
    entry = _iso(code)
    return str(getattr(entry, "common_name", entry.name)) if entry else code


def parents(code: str) -> tuple[str, ...]:
    """Return the regions that a region lies directly in, nearest first."""
    if code in table().regions:
        return table().regions[code].parents
    return (code.partition("-")[0],) if "-" in code else ("World",)


def ancestors(code: str) -> tuple[str, ...]:
    """Return the regions that a region lies in, nearest first, without itself.

    Examples
    --------
    >>> ancestors("CN-SC")
    ('CN-Southwest', 'CN-Central', 'CN', 'World')
    >>> ancestors("US-CA")
    ('US', 'World')
    """
    found: list[str] = []
    level = list(parents(code))
    while level:
        found += [c for c in level if c not in found and c != code]
        level = [p for c in level for p in parents(c) if p not in found]
    return tuple(dict.fromkeys(found))
