"""Emission factors: find the right one, know where it came from, keep it from misuse.

>>> from carbonkit import factors
>>> factors.find("electricity", region="World", year=2018, release="iea/world-2018").value
Decimal('475')
"""

from __future__ import annotations

import datetime as dt

from carbonkit.factors.library import FactorLibrary, library
from carbonkit.factors.model import COLUMNS, KINDS, Correction, Factor, Match, Override
from carbonkit.factors.query import SCOPE2_LOCATION_BASED, SCOPE2_MARKET_BASED, Rule, Step

__all__ = [
    "COLUMNS",
    "KINDS",
    "SCOPE2_LOCATION_BASED",
    "SCOPE2_MARKET_BASED",
    "Correction",
    "Factor",
    "FactorLibrary",
    "Match",
    "Override",
    "Step",
    "as_of",
    "find",
    "find_all",
    "library",
]


def find(
    activity: str,
    *,
    region: str | None = None,
    year: int | None = None,
    kind: str | None = None,
    gas: str | None = None,
    publisher: str | None = None,
    rule: Rule = "exact",
    item: str | None = None,
    unit: str | None = None,
    calorific_basis: str | None = None,
    boundary: str | None = None,
    reference_conditions: str | None = None,
    valid: dt.date | str | int | None = None,
    release: str | None = None,
    id: str | None = None,  # noqa: A002 - the column's name
) -> Factor:
    """Return the one factor that fits the question, or say what is near.

    Parameters
    ----------
    activity : str
        What is consumed: "electricity", "natural gas", "diesel" ... or an alias ("petrol").
    region : str, optional
        Code, name or alias: "CN", "China", "CN-GD", "Guangdong", "North China", "UK", "CAMX".
    year : int, optional
        The year that the factor describes (not the year it was published or is to be used).
    kind : str, optional
        One of :data:`KINDS`.
    gas, item, unit, calorific_basis, boundary, reference_conditions, id : str, optional
        Text that the column must have; "" for a column that must be empty.
    publisher : str, optional
        Short name ("IEA") or folder ("mee-china").
    rule : str, Step or sequence of them, optional
        "exact" (default); "latest_before": the latest year up to `year`; "nearest": the
        nearest year; "undated": a default that belongs to no year; "parent_region": the region
        or the nearest that holds it; two joined by "+"; or a chain that is tried in order, such
        as :data:`SCOPE2_MARKET_BASED`.
    valid : date, str or int, optional
        Day or year of use that must lie within the validity which the publisher declares.
    release : str, optional
        "iea/world-2018". Also finds releases that a later one replaces.

    Returns
    -------
    Factor
        With `.match` telling how it was found.

    Raises
    ------
    FactorNotFound
        If nothing fits; the message lists the nearest candidates.
    AmbiguousFactor
        If more than one fits; the message says what tells them apart.
    FactorError
        If the question itself cannot be.
    FactorFileError
        If a file that may hold the answer breaks the format.

    Examples
    --------
    >>> from carbonkit import factors
    >>> factors.find("power", region="world", year=2018, release="iea/world-2018").text
    '475'
    >>> later = factors.find(
    ...     "electricity", region="World", year=2019, release="iea/world-2018", rule="latest_before"
    ... )
    >>> print(later.match)
    latest_before: asked for year 2019, got 2018
    """
    return library().find(**locals())


def find_all(
    activity: str,
    *,
    region: str | None = None,
    year: int | None = None,
    kind: str | None = None,
    gas: str | None = None,
    publisher: str | None = None,
    rule: Rule = "exact",
    item: str | None = None,
    unit: str | None = None,
    calorific_basis: str | None = None,
    boundary: str | None = None,
    reference_conditions: str | None = None,
    valid: dt.date | str | int | None = None,
    release: str | None = None,
    id: str | None = None,  # noqa: A002 - the column's name
) -> tuple[Factor, ...]:
    """Return every factor that fits the question, ordered by release and id.

    Parameters
    ----------
    activity, region, year, kind, gas, publisher, rule, item, unit, calorific_basis, boundary, \
reference_conditions, valid, release, id
        As in :func:`find`. A looser rule is applied to each series (publisher, item, region,
        kind, gas, unit, basis, boundary) by itself.

    Returns
    -------
    tuple of Factor
        Never empty.

    Raises
    ------
    FactorNotFound, FactorError, FactorFileError
        As in :func:`find`.

    Examples
    --------
    >>> from carbonkit import factors
    >>> [f.text for f in factors.find_all("electricity", release="iea/world-2018")]
    ['475']
    """
    return library().find_all(**locals())


def as_of(date: dt.date | str | int) -> FactorLibrary:
    """Return the bundled library as it stood at the end of a day or year.

    Parameters
    ----------
    date : date, str or int
        A date, "2019-03-26", or a year.

    Returns
    -------
    FactorLibrary
        Without releases published later and without corrections made later.

    Examples
    --------
    >>> from carbonkit import factors
    >>> factors.as_of(2019).find("electricity", region="World", year=2018, publisher="IEA").text
    '475'
    """
    return library().as_of(date)
