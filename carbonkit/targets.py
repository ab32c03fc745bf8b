"""Reduction targets: paths to them, progress on them, and what is still needed.

An absolute target is about an amount (t CO2e, kWh), an intensity target about an amount per
something (t CO2e per million CNY, per tonne of product). The two are types of their own: neither
takes the other's values, since an intensity can fall while the amount rises. Years are reporting
years, and the years between two of them are counted, not estimated from dates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal, Self

from carbonkit import units
from carbonkit._text import number
from carbonkit.errors import DimensionError, TargetError, nearest
from carbonkit.formula import Result, formula
from carbonkit.formula.core import open_input
from carbonkit.intervals import maximum
from carbonkit.provenance import Assumption, Source

__all__ = [
    "SBTI",
    "SBTI_RATES",
    "AbsoluteTarget",
    "IntensityTarget",
    "PointChange",
    "Progress",
    "Target",
    "absolute_contraction",
    "absolute_target",
    "compound_rate",
    "contraction_after_overshoot",
    "intensity_target",
    "linear_path",
    "point_change",
    "sbti_absolute",
    "sda_intensity",
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

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


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
def _share_of_way(base: Any, goal: Any, actual: Any) -> Any:
    """Share of the way."""
    return (base - actual) / (base - goal)


@formula(
    units={"actual": None, "goal": None, "years": "year"},
    returns="{actual}/year",
    source="what is left, in equal steps",
)
def _step(actual: Any, goal: Any, years: Any) -> Any:
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
    if not _whole(years) or years < 1:
        raise TargetError(f"years={years!r}: give the whole number of years between the values.")
    first, last = _result(start, "start"), _result(end, "end")
    ratio = float(last.to(first.unit).magnitude) / float(_positive(first, "start").magnitude)
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
    return PointChange(float(100 * (_as_share(new, "new") - _as_share(base, "base"))))


def _as_share(value: Any, name: str) -> Fraction:
    taken = open_input(value, pure=True)
    if not units.same_dimension(taken.unit, "1"):
        raise DimensionError(
            f"{name} is in {taken.unit}; only shares change by percentage points. For an amount "
            "use percent_change."
        )
    exact = Fraction(repr(_single(taken.magnitude, name)))
    return exact * units.scale(taken.unit, "1")


@dataclass(frozen=True, eq=False)
class Target:
    """A value to be reached in a year, from the value of a base year; of one kind or the other.

    Attributes
    ----------
    base, goal : Result
        The value of the base year and of the target year.
    base_year, target_year : int
        Reporting years.
    source : Source or None
        Where the target's size comes from.
    assumptions : tuple of Assumption
        Recalculations of the base year.
    """

    base: Result
    base_year: int
    goal: Result
    target_year: int
    source: Source | None = None
    assumptions: tuple[Assumption, ...] = ()

    kind = ""

    def __post_init__(self) -> None:
        _year(self.base_year, "base_year")
        _year(self.target_year, "target_year")
        if self.target_year <= self.base_year:
            raise TargetError(
                f"target year {self.target_year} is not after base year {self.base_year}."
            )
        self._of_this_kind(_positive(self.base, "base"), "the base")
        self._of_this_kind(self.goal, "the goal")
        if self.goal.magnitude < 0:
            raise TargetError(f"the goal {self.goal} is negative; a gross target ends at zero.")
        if not self.goal < self.base:
            raise TargetError(f"{self.goal} is no reduction from {self.base}.")

    def _of_this_kind(self, value: Result, what: str) -> Result:
        kind = _kind(value.unit)
        if kind != self.kind:
            found = f"{kind} values" if kind else "neither absolute amounts nor intensities"
            advice = f" Use {kind}_target()." if kind else ""
            raise TargetError(
                f"{what}, {value}, does not fit: this is an {self.kind} target, and values in "
                f"{value.unit} are {found}.{advice if what == 'the base' else ''} An intensity "
                "can fall while the amount rises; the two are not compared."
            )
        return value

    @property
    def years(self) -> int:
        """Years from base year to target year."""
        return self.target_year - self.base_year

    @property
    def reduction(self) -> Result:
        """The reduction as a share of the base year; ``.to("%")`` for percent."""
        return 1 - self.goal / self.base

    @property
    def linear_rate(self) -> Result:
        """Reduction a year as a share of the base year."""
        return self.reduction / (self.years, "year")

    def path(self, year: int) -> Result:
        """Return the value of the straight path in one year.

        Parameters
        ----------
        year : int
            From the base year on; after the target year the goal holds.

        Raises
        ------
        TargetError
            If the year lies before the base year.
        """
        _year(year, "year")
        if year < self.base_year:
            raise TargetError(
                f"{year} lies before the base year {self.base_year}, where the path begins."
            )
        elapsed = min(year, self.target_year) - self.base_year
        value = linear_path(self.base, self.goal, (elapsed, "year"), (self.years, "year"))
        return value.to(self.base.unit)  # a formula cancels the tonnes of t CO2/t

    def progress(self, year: int, actual: Any) -> Progress:
        """Compare the value of a year with the path.

        Parameters
        ----------
        year : int
            The reporting year.
        actual : value of the target's kind
            What was reported for it, for the same boundary and by the same method as the base.

        Returns
        -------
        Progress

        Raises
        ------
        TargetError
            If the value is of the other kind, or the year lies before the base year.
        DimensionError
            If the value has another unit than the target, such as another denominator.
        GwpError
            If the value and the base are CO2e of different GWP sets.
        """
        value = self._of_this_kind(_result(actual, "the value"), f"the value of {year}")
        path = self.path(year)
        left = self.target_year - year
        return Progress(
            target=self,
            year=year,
            actual=value,
            path=path,
            share=_share_of_way(self.base, self.goal, value),
            on_track=bool(value <= path),
            gap=value - path,
            remaining=value - self.goal,
            per_year=_step(value, self.goal, (left, "year")) if left > 0 else None,
        )

    def recalculated(self, base: Any, reason: str) -> Self:
        """Return the target on a recalculated base year, with the same reduction in percent.

        Parameters
        ----------
        base : value of the target's kind
            The base year's value in the new boundary or by the new method.
        reason : str
            Why, as the GHG Protocol's recalculation policy asks: structural change, change of
            method, discovery of errors. It is kept as an assumption.

        Raises
        ------
        TargetError
            If no reason is given or the value is of the other kind.
        """
        if not reason.strip():
            raise TargetError("a base year is recalculated for a reason; state it.")
        value = _result(base, f"base year {self.base_year}, recalculated")
        note = Assumption(f"base year {self.base_year}", f"{value}, was {self.base}", reason)
        return replace(
            self,
            base=value,
            goal=(self.goal / self.base) * value,
            assumptions=(*self.assumptions, note),
        )

    def __str__(self) -> str:
        lines = [
            f"{self.kind} target: {self.goal} in {self.target_year}, "
            f"{number(float(self.reduction.to('%').magnitude), 4)} % below {self.base} "
            f"in {self.base_year}",
            *(f"recalculated {note}" for note in self.assumptions),
        ]
        return "\n".join([*lines, f"source: {self.source}"] if self.source else lines)


@dataclass(frozen=True, eq=False)
class AbsoluteTarget(Target):
    """A target for an amount: mass of a gas or of CO2e, or energy. See `absolute_target`."""

    kind = "absolute"

    def is_as_ambitious_as(self, ambition: Literal["1.5C", "well-below-2C"]) -> bool:
        """Whether the reduction a year is at least the one of the absolute contraction approach.

        Raises
        ------
        TargetError
            If the ambition is unknown.
        """
        rate = _result(_sbti_rate(ambition), "rate").to("1/year").magnitude
        own = self.linear_rate.to("1/year").magnitude
        return bool(own >= rate) or math.isclose(own, rate, rel_tol=1e-9)

    def overshoot(self, actuals: Mapping[int, Any]) -> Result:
        """Return what was emitted above the path, summed over years.

        Parameters
        ----------
        actuals : mapping of int to amount
            Amounts by reporting year, without a gap between the first and the last.

        Returns
        -------
        Result
            An amount, negative where the sum stayed below the path. Amounts per year count for
            one year each.

        Raises
        ------
        TargetError
            If a year is missing or an amount is of the other kind.
        """
        years = sorted(_year(year, "year") for year in actuals)
        missing = sorted(set(range(years[0], years[-1] + 1)) - set(years)) if years else ["all"]
        if missing:
            raise TargetError(f"no amount for {', '.join(map(str, missing))}; a sum needs each.")
        total: Result = sum((self.progress(y, actuals[y]).gap for y in years), start=0)  # type: ignore[assignment]
        amount = f"({total.unit})*year"
        if _kind(amount) == "absolute":  # amounts per year
            return (total * "1 year").to(units.simplify(amount))
        return total


@dataclass(frozen=True, eq=False)
class IntensityTarget(Target):
    """A target for an amount per something. See `intensity_target`."""

    kind = "intensity"

    def allows(self, year: int, denominator: Any) -> Result:
        """Return the absolute amount that the path leaves room for.

        Parameters
        ----------
        year : int
            The reporting year.
        denominator : value
            What the intensity is per: the revenue or production of that year.

        Returns
        -------
        Result
            The path's intensity times the denominator. It may lie above the base year's amount:
            an intensity target does not bound emissions.

        Raises
        ------
        DimensionError
            If the denominator is not what the intensity is per.
        """
        allowed: Result = self.path(year) * denominator
        if _kind(allowed.unit) != "absolute":
            raise DimensionError(
                f"{self.path(year)} times {denominator} is in {allowed.unit}, not an amount; the "
                f"denominator must be what {self.base.unit} is per."
            )
        return allowed


@dataclass(frozen=True, eq=False)
class Progress:
    """How far a target is reached in a year.

    Attributes
    ----------
    target : Target
        The target.
    year : int
        The reporting year.
    actual, path : Result
        The value of that year, and the value of the straight path.
    share : Result
        Share of the way from base to goal: 0 at the base, 1 at the goal, negative after a rise.
    on_track : bool
        Whether the value is not above the path.
    gap : Result
        Value less path; above zero is behind.
    remaining : Result
        Value less goal.
    per_year : Result or None
        Reduction needed each year from now on, in equal steps; None from the target year on.
    """

    target: Target
    year: int
    actual: Result
    path: Result
    share: Result
    on_track: bool
    gap: Result
    remaining: Result
    per_year: Result | None

    @property
    def reached(self) -> bool:
        """Whether the value is not above the goal."""
        return bool(self.actual <= self.target.goal)

    @property
    def compound_rate(self) -> Result | None:
        """Change needed each year in percent of the year before; None where there is none."""
        left = self.target.target_year - self.year
        if left <= 0 or not self.target.goal.magnitude or not self.actual.magnitude > 0:
            return None
        return compound_rate(self.actual, self.target.goal, years=left)

    def __str__(self) -> str:
        share = number(float(self.share.to("%").magnitude), 4)
        state = "on track" if self.on_track else "behind"
        lines = [
            f"{self.year}: {self.actual}, {share} % of the way to {self.target.goal} in "
            f"{self.target.target_year}; the path has {self.path}: {state} by {_size(self.gap)}"
        ]
        if self.reached:
            lines.append("the goal is reached")
        elif self.per_year is None:
            lines.append(f"the target year is over and the goal missed by {self.remaining}")
        else:
            left = self.target.target_year - self.year
            compound = self.compound_rate
            rate = f", or {compound.to('%/year')} compound" if compound else ""
            lines.append(
                f"still needed: {self.remaining} in {left} year{'s' if left > 1 else ''}, "
                f"{_size(self.per_year)}{rate}"
            )
        return "\n".join(lines)


def _size(value: Result) -> str:
    return str(-value if value.magnitude < 0 else value)


def absolute_target(
    base: Any,
    *,
    base_year: int,
    target_year: int,
    reduction: Any = None,
    goal: Any = None,
    source: Source | None = None,
) -> AbsoluteTarget:
    """Target for an amount.

    Parameters
    ----------
    base : mass of a gas or of CO2e, or energy; or either per year
        The amount of the base year.
    base_year, target_year : int
        Reporting years.
    reduction : share, optional
        "42 %" or 0.42 of the base.
    goal : amount, optional
        The amount to be reached instead.
    source : Source, optional
        Where the target's size comes from.

    Returns
    -------
    AbsoluteTarget

    Raises
    ------
    TargetError
        If the base is an intensity, the goal is no reduction, or years do not fit.

    Examples
    --------
    >>> target = absolute_target("1000 t CO2e", base_year=2020, target_year=2030,
    ...                          reduction="42 %")
    >>> print(target.progress(2024, "900 t CO2e"))
    2024: 900 t CO2e, 23.81 % of the way to 580 t CO2e in 2030; the path has 832 t CO2e: behind ...
    still needed: 320 t CO2e in 6 years, 53.3333 t CO2e/year, or -7.06109 %/year compound
    """
    first, last = _ends(base, base_year, target_year, reduction, goal)
    return AbsoluteTarget(first, base_year, last, target_year, source)


def intensity_target(
    base: Any,
    *,
    base_year: int,
    target_year: int,
    reduction: Any = None,
    goal: Any = None,
    source: Source | None = None,
) -> IntensityTarget:
    """Target for an amount per something.

    Parameters
    ----------
    base : amount per unit of revenue, product, area, head ...
        The intensity of the base year.
    base_year, target_year, reduction, goal, source
        As for `absolute_target`.

    Returns
    -------
    IntensityTarget

    Raises
    ------
    TargetError
        If the base is an amount, the goal is no reduction, or years do not fit.

    Examples
    --------
    >>> target = intensity_target("3.83 t CO2/million CNY", base_year=2012, target_year=2020,
    ...                           reduction="30 %")
    >>> target.progress(2020, "2.56 t CO2/million CNY").reached
    True
    >>> print(target.allows(2020, "891368 million CNY"))
    2,389,758 t CO2
    """
    first, last = _ends(base, base_year, target_year, reduction, goal)
    return IntensityTarget(first, base_year, last, target_year, source)


def sbti_absolute(
    base: Any,
    *,
    base_year: int,
    target_year: int,
    ambition: Literal["1.5C", "well-below-2C"] = "1.5C",
) -> AbsoluteTarget:
    """Target by the absolute contraction approach: a share of the base year, every year.

    Parameters
    ----------
    base, base_year, target_year
        As for `absolute_target`.
    ambition : {"1.5C", "well-below-2C"}
        4.2 % or 2.5 % of the base year a year.

    Returns
    -------
    AbsoluteTarget
        With its source, which says what could be read of it.

    Raises
    ------
    TargetError
        If the ambition is unknown, or the line reaches zero before the target year.

    Examples
    --------
    >>> target = sbti_absolute("1000 t CO2e", base_year=2020, target_year=2030)
    >>> print(target.goal, "after", target.path(2025))
    580 t CO2e after 790 t CO2e
    """
    rate = _sbti_rate(ambition)
    first = _result(base, f"base year {base_year}")
    years = _year(target_year, "target_year") - _year(base_year, "base_year")
    share = float(_result(rate, "rate").to("1/year").magnitude)
    if share * years > 1:
        zero = base_year + math.floor(1 / share)
        raise TargetError(
            f"at {rate} of {base_year} nothing is left before {target_year}. Near-term targets "
            f"run for five to ten years; the last year with a rest is {zero}."
        )
    goal = absolute_contraction(first, rate, (years, "year"))
    return AbsoluteTarget(first, base_year, goal, target_year, SBTI)


def _sbti_rate(ambition: str) -> str:
    if ambition not in SBTI_RATES:
        raise TargetError(
            f"no ambition {ambition!r}.{nearest(str(ambition), SBTI_RATES)} "
            f"There are {', '.join(SBTI_RATES)}."
        )
    return SBTI_RATES[ambition]


def _ends(
    base: Any, base_year: int, target_year: int, reduction: Any, goal: Any
) -> tuple[Result, Result]:
    first = _result(base, f"base year {base_year}")
    if (reduction is None) == (goal is None):
        raise TargetError("give exactly one of reduction and goal.")
    if reduction is None:
        return first, _result(goal, f"goal for {target_year}")
    share = _as_share(reduction, "reduction")
    if not 0 < share <= 1:
        raise TargetError(
            f"a reduction of {reduction!r} is not a share between 0 and 1; write '42 %' or 0.42."
        )
    left: Result = first * float(1 - share)
    return first, left


def _whole(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _year(year: Any, name: str) -> int:
    if not _whole(year) or not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise TargetError(
            f"{name}={year!r} is not a reporting year; give a whole number such as 2030."
        )
    return int(year)


def _kind(unit: str) -> str:
    """Tell amounts from intensities; "" for what is neither, such as a share."""
    gas = units.species(unit)
    amounts = (f"t {gas}", f"t {gas}/year") if gas else ("kWh", "kWh/year")
    if any(units.same_dimension(unit, amount) for amount in amounts):
        return "absolute"
    above, per, _ = unit.partition("/")
    return "intensity" if gas or (per and units.same_dimension(above, "kWh")) else ""


def _result(value: Any, what: str) -> Result:
    """Take a value in as a result of one number."""
    if isinstance(value, Result):
        _single(value.magnitude, what)
        return value
    taken = open_input(value)
    _single(taken.magnitude, what)
    gwp_set = getattr(taken.origin, "gwp_set", None)
    return Result(taken.magnitude, taken.unit, gwp_set=gwp_set, note=what)


def _single(magnitude: Any, what: str) -> float:
    if isinstance(magnitude, bool) or not isinstance(magnitude, int | float | Fraction):
        raise TargetError(
            f"{what} is {str(magnitude)[:60]}, not a single number. A printed figure stands for "
            "an interval; give the number itself, as in '1000 t CO2e'."
        )
    if not math.isfinite(magnitude):
        raise TargetError(f"{what} is {magnitude}, not a number that can be used.")
    return float(magnitude)


def _positive(value: Result, what: str) -> Result:
    if not value.magnitude > 0:
        raise TargetError(f"{what} is {value}; it must be above zero.")
    return value
