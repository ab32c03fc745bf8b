"""Paths as formulas: straight lines, contraction, convergence, compound rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from carbonkit._text import number
from carbonkit.errors import TargetError, nearest
from carbonkit.formula import Result, formula
from carbonkit.intervals import maximum
from carbonkit.provenance import Source
from carbonkit.targets.values import as_share, positive, result_of, whole

__all__ = [
    "SBTI",
    "SBTI_RATES",
    "PointChange",
    "absolute_contraction",
    "compound_rate",
    "contraction_after_overshoot",
    "linear_path",
    "point_change",
    "sbti_rate",
    "sda_intensity",
    "share_of_way",
    "step",
]

SBTI = Source(
    publisher="Science Based Targets initiative",
    title="Corporate Near-Term Criteria, version 5: absolute contraction approach",
    url="https://sciencebasedtargets.org",
    read_from=(
        "the field reference of Salesforce Net Zero Cloud (EmssnReductionTarget: 4.2 % for 1.5 C, "
        "2.5 % for well-below 2 C, linear) and the trajectory tests of the Bilan Carbone "
        "application; the criteria themselves were not at hand"
    ),
    notes=(
        "Rates are shares of base-year emissions a year. For base years after 2020 the criteria "
        "ask for more than base-year rate times years; that rule is not applied here."
    ),
)

#: Least linear reduction a year, as a share of the base year, by ambition.
SBTI_RATES: Mapping[str, str] = MappingProxyType(
    {"1.5C": "4.2 %/year", "well-below-2C": "2.5 %/year"}
)


@formula(
    units={"base": None, "goal": None, "elapsed": "year", "span": "year"},
    returns="{base}",
    source="straight line from the base year to the target year",
)
def linear_path(base: Any, goal: Any, elapsed: Any, span: Any) -> Any:
    """Value of a straight path some years after its base year.

    Parameters
    ----------
    base, goal : any unit, the same dimension
        The value in the base year and in the target year.
    elapsed, span : years
        From the base year to the year in question, and to the target year.

    Returns
    -------
    Result
        In the unit of the base; exactly the base and the goal at the ends.

    Raises
    ------
    DimensionError
        If base and goal have different dimensions.

    Examples
    --------
    >>> print(linear_path("1000 t CO2e", "580 t CO2e", "5 year", "10 year"))
    790 t CO2e
    """
    return base * (1 - elapsed / span) + goal * (elapsed / span)


@formula(
    units={"base": None, "rate": "1/year", "elapsed": "year"},
    returns="{base}",
    source=f"{SBTI.publisher}, {SBTI.title}: linear, of the base year; never below zero",
)
def absolute_contraction(base: Any, rate: Any, elapsed: Any) -> Any:
    """Value after years of a linear reduction, each by the same share of the base year.

    Parameters
    ----------
    base : any unit
        The value in the base year.
    rate : share per year
        "4.2 %/year" of the base year's value. A compound rate leads elsewhere.
    elapsed : years
        From the base year.

    Returns
    -------
    Result
        In the unit of the base, zero once the line has reached it.

    Examples
    --------
    >>> print(absolute_contraction("1000 t CO2e", "4.2 %/year", "10 year"))
    580 t CO2e
    >>> print(absolute_contraction("1000 t CO2e", "4.2 %/year", "24 year"))
    0 t CO2e
    """
    return base * maximum(1 - rate * elapsed, 0)


@formula(
    units={
        "company_base": None,
        "sector_base": None,
        "sector": None,
        "sector_end": None,
        "market_share": "1",
    },
    returns="{company_base}",
    source=(
        "Sectoral Decarbonization Approach: d x p x m + SI_end, as in the code of "
        "github.com/vakowal/sda-regional-pathways and, but for a sign, the documentation of "
        "r2dii.analysis; the approach's own paper was not at hand"
    ),
)
def sda_intensity(
    company_base: Any, sector_base: Any, sector: Any, sector_end: Any, market_share: Any
) -> Any:
    """Physical intensity on the way to that of the sector (convergence).

    ``(company_base - sector_end) x p x m + sector_end`` with
    ``p = (sector - sector_end) / (sector_base - sector_end)``.

    Parameters
    ----------
    company_base : amount per unit of product
        The company's intensity in the base year.
    sector_base, sector, sector_end : the same
        The sector's pathway in the base year, in the year in question and at its end.
    market_share : pure number
        The company's share of the sector's activity in the base year over that in the year in
        question: 1 if it keeps its share, below 1 if it grows faster than the sector.

    Returns
    -------
    Result
        In the unit of the company's intensity.

    Examples
    --------
    >>> print(sda_intensity("90 kg CO2/m2", "70 kg CO2/m2", "50 kg CO2/m2", "10 kg CO2/m2", 1))
    63.3333 kg CO2/m2
    """
    left = (sector - sector_end) / (sector_base - sector_end)
    return (company_base - sector_end) * left * market_share + sector_end


@formula(
    units={"base": None, "goal": None, "actual": None},
    returns="1",
    source="reduction made / reduction to make",
)
def share_of_way(base: Any, goal: Any, actual: Any) -> Any:
    """Share of the way."""
    return (base - actual) / (base - goal)


@formula(
    units={"actual": None, "goal": None, "years": "year"},
    returns="{actual}/year",
    source="what is left, in equal steps",
)
def step(actual: Any, goal: Any, years: Any) -> Any:
    """Reduction needed each year."""
    return (actual - goal) / years


@formula(
    units={
        "current": "t gas/year",
        "base": "t gas/year",
        "rate": "1/year",
        "emitted": "t gas",
    },
    returns="1/year",
    source="equal areas under straight lines to zero, as in the Bilan Carbone application",
)
def _compensating(current: Any, base: Any, rate: Any, emitted: Any) -> Any:
    """Linear reduction that keeps the budget of the original path."""
    return current / (2 * (base / (2 * rate) - emitted))


def contraction_after_overshoot(current: Any, *, base: Any, rate: Any, emitted: Any) -> Result:
    """Linear reduction a year, from now to zero, that makes up for what was emitted too much.

    The straight path from the base at `rate` to zero holds a budget, the area under it,
    ``base / (2 rate)``. What is left of it after `emitted` has to do for a straight path from the
    current level to zero.

    Parameters
    ----------
    current, base : mass of gas per year
        Emissions now and in the base year.
    rate : share of the base per year
        The rate that the original path had.
    emitted : mass of gas
        Emitted since the base year.

    Returns
    -------
    Result
        Share of the current emissions per year.

    Raises
    ------
    TargetError
        If nothing of the budget is left.

    Examples
    --------
    Five years at the level of the base year:

    >>> print(contraction_after_overshoot("1000 t CO2e/year", base="1000 t CO2e/year",
    ...       rate="4.2 %/year", emitted="5000 t CO2e").to("%/year"))
    7.24138 %/year
    """
    try:
        needed = _compensating(current, base, rate, emitted)
    except ZeroDivisionError:
        needed = None
    if needed is None or needed.magnitude <= 0:
        raise TargetError(
            f"the budget of a path from {base} at {rate} is used up by {emitted}: no path to zero "
            "keeps it."
        )
    return needed


def compound_rate(start: Any, end: Any, *, years: int) -> Result:
    """Constant yearly change in percent of each year before (CAGR).

    Parameters
    ----------
    start, end : any unit, the same dimension
        The first and the last value.
    years : int
        The years between them: 10 from 2020 to 2030.

    Returns
    -------
    Result
        Share per year, negative for a decrease; ``.to("%/year")`` for percent a year.

    Raises
    ------
    TargetError
        If a value is not above zero, or the number of years is not a whole one above zero.
    DimensionError
        If the two have different dimensions.

    Examples
    --------
    >>> print(compound_rate("1000 t", "580 t", years=10).to("%/year"))
    -5.30157 %/year
    """
    if not whole(years) or years < 1:
        raise TargetError(f"years={years!r}: give the whole number of years between the values.")
    first, last = result_of(start, "start"), result_of(end, "end")
    ratio = float(last.to(first.unit).magnitude) / float(positive(first, "start").magnitude)
    if ratio <= 0:
        raise TargetError(
            f"no constant percentage a year leads from {first} to {last}; state the change as an "
            "amount a year."
        )
    return Result(ratio ** (1 / years) - 1, "1/year", note=f"{first} to {last} in {years} years")


@dataclass(frozen=True)
class PointChange:
    """A difference of two percentages, which is no percentage itself.

    Attributes
    ----------
    points : float
        Percentage points, negative for a fall.
    """

    points: float

    def __str__(self) -> str:
        return f"{'+' if self.points > 0 else ''}{number(self.points)} percentage points"


def point_change(new: Any, base: Any) -> PointChange:
    """Change of a share in percentage points: from 40 % to 30 % is -10 points (and -25 %).

    Parameters
    ----------
    new, base : shares
        "30 %" or 0.3.

    Returns
    -------
    PointChange
        For the change in percent of the base see `carbonkit.intensity.percent_change`.

    Raises
    ------
    DimensionError
        If one of them is not a share.

    Examples
    --------
    >>> print(point_change("30 %", "40 %"))
    -10 percentage points
    """
    return PointChange(float(100 * (as_share(new, "new") - as_share(base, "base"))))


def sbti_rate(ambition: str) -> str:
    """Return the least reduction a year of an ambition, or say which there are."""
    if ambition not in SBTI_RATES:
        raise TargetError(
            f"no ambition {ambition!r}.{nearest(str(ambition), SBTI_RATES)} "
            f"There are {', '.join(SBTI_RATES)}."
        )
    return SBTI_RATES[ambition]
