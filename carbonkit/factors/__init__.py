"""Emission factors: find the right one, know where it came from, keep it from misuse.

>>> from carbonkit import factors
>>> factors.find("electricity", region="World", year=2018, release="iea/world-2018").value
Decimal('475')
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit.factors.guards import PURPOSES, check_purpose
from carbonkit.factors.model import COLUMNS, KINDS, Correction, Factor, Match, Override
from carbonkit.factors.query import SCOPE2_LOCATION_BASED, SCOPE2_MARKET_BASED, Rule, Step
from carbonkit.factors.store import FactorLibrary, SourceLine, library

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.factors.schema import Finding

__all__ = [
    "COLUMNS",
    "KINDS",
    "PURPOSES",
    "SCOPE2_LOCATION_BASED",
    "SCOPE2_MARKET_BASED",
    "Correction",
    "Factor",
    "FactorLibrary",
    "Match",
    "Override",
    "SourceLine",
    "Step",
    "as_of",
    "check",
    "check_purpose",
    "compare",
    "find",
    "find_all",
    "find_frame",
    "history",
    "library",
    "search",
    "sources",
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


def search(text: str, limit: int = 10) -> tuple[Factor, ...]:
    """Search the library as a person would: a few words, in any order, typing errors allowed.

    Parameters
    ----------
    text : str
        Words of the activity, its name, the region, the kind, the gas, the year, the publisher.
    limit : int, optional
        How many to return.

    Returns
    -------
    tuple of Factor
        Best first; empty if no word is like any in the library.

    Raises
    ------
    FactorError
        If there is no word to search for.

    Examples
    --------
    >>> from carbonkit import factors
    >>> factors.search("electricty wrld 2018 iea")[0].region
    'World'
    """
    return library().search(text, limit)


def history(activity: str, *, to: str | None = None, **question: Any) -> pd.DataFrame:
    """Return every year of a factor as a frame, oldest first.

    Parameters
    ----------
    activity : str
    to : str, optional
        Mass per something ("kg/kWh") to which every value is brought; the gas stays.
    **question
        As in :func:`find_all`, usually region, kind and publisher.

    Returns
    -------
    pandas.DataFrame
        One row per factor: value, unit, gas, kind, region, data_year, ..., release, id.

    Raises
    ------
    FactorNotFound
        If nothing that belongs to a year fits.

    Examples
    --------
    >>> from carbonkit import factors
    >>> frame = factors.history("electricity", release="iea/world-2018", to="kg/kWh")
    >>> frame[["data_year", "value", "unit"]].to_dict("records")
    [{'data_year': 2018, 'value': 0.475, 'unit': 'kg CO2/kWh'}]
    """
    return library().history(activity, to=to, **question)


def compare(activity: str, *, to: str | None = None, **question: Any) -> pd.DataFrame:
    """Return factors side by side: any part of the question may be a list.

    Parameters
    ----------
    activity : str
    to : str, optional
        Mass per something ("kg/kWh") to which every value is brought; the gas stays.
    **question
        As in :func:`find_all`; a list asks for each in turn.

    Returns
    -------
    pandas.DataFrame
        One row per factor, and one without a value, saying why in `problem`, for each question
        that has no answer.

    Examples
    --------
    >>> from carbonkit import factors
    >>> frame = factors.compare(
    ...     "electricity", release="iea/world-2018", region="World", year=[2018, 1950]
    ... )
    >>> frame[["data_year", "value"]].to_dict("list")
    {'data_year': [2018, 1950], 'value': [475.0, nan]}
    """
    return library().compare(activity, to=to, **question)


def find_frame(
    questions: pd.DataFrame,
    *,
    on: Sequence[str] | None = None,
    errors: str = "raise",
    rule: Rule = "exact",
    **constants: Any,
) -> pd.DataFrame:
    """Look up each row of a frame, exactly as :func:`find` would.

    Parameters
    ----------
    questions : pandas.DataFrame
        Columns are arguments of :func:`find`; a missing cell asks nothing.
    on : sequence of str, optional
        The columns to ask by, if the frame has others.
    errors : {"raise", "record"}
        Whether a question without an answer raises, or leaves the value missing and says why in
        the column `problem`.
    rule : str, Step or sequence of them, optional
        As in :func:`find`.
    **constants
        Arguments of :func:`find` that are the same for every row.

    Returns
    -------
    pandas.DataFrame
        With the index of `questions`: value, unit, gas, kind, region, data_year, ..., release,
        id, match, problem.

    Raises
    ------
    FactorError
        If a column is no part of a question, or a question has no answer.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonkit import factors
    >>> asked = pd.DataFrame({"activity": ["electricity"], "region": ["World"], "year": [2018]})
    >>> factors.find_frame(asked, release="iea/world-2018")["value"].tolist()
    [475.0]
    """
    return library().find_frame(questions, on=on, errors=errors, rule=rule, **constants)


def sources() -> tuple[SourceLine, ...]:
    """List every release of the library with its source, licence and number of rows.

    Returns
    -------
    tuple of SourceLine

    Examples
    --------
    >>> from carbonkit import factors
    >>> [s.rows for s in factors.sources() if s.release == "iea/world-2018"]
    [1]
    """
    return library().sources()


def check(path: str | Path | None = None) -> list[Finding]:
    """Check factor files: format, identity, plausible ranges, and the arithmetic between rows.

    Parameters
    ----------
    path : path, optional
        A folder of releases or one ``<release>.toml``; the bundled library by default.

    Returns
    -------
    list of Finding
        Empty if nothing was found.

    Raises
    ------
    FactorFileError
        If there is no release at `path`.

    Examples
    --------
    >>> from carbonkit import factors
    >>> [f for f in factors.check() if "iea/world-2018." in f.file]
    []
    """
    from carbonkit.factors.integrity import check as check_files

    return check_files(None if path is None else Path(path))
