"""Targets, and what a year that is reported says of the progress on them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from carbonkit import units
from carbonkit._text import number
from carbonkit.errors import DimensionError, TargetError
from carbonkit.formula import Result
from carbonkit.provenance import Assumption, Source
from carbonkit.targets.paths import (
    SBTI,
    absolute_contraction,
    compound_rate,
    linear_path,
    sbti_rate,
    share_of_way,
    step,
)
from carbonkit.targets.values import as_share, kind_of, positive, reporting_year, result_of

__all__ = [
    "AbsoluteTarget",
    "IntensityTarget",
    "Progress",
    "Target",
    "absolute_target",
    "intensity_target",
    "sbti_absolute",
]


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
        reporting_year(self.base_year, "base_year")
        reporting_year(self.target_year, "target_year")
        if self.target_year <= self.base_year:
            raise TargetError(
                f"target year {self.target_year} is not after base year {self.base_year}."
            )
        self._of_this_kind(positive(self.base, "base"), "the base")
        self._of_this_kind(self.goal, "the goal")
        if self.goal.magnitude < 0:
            raise TargetError(f"the goal {self.goal} is negative; a gross target ends at zero.")
        if not self.goal < self.base:
            raise TargetError(f"{self.goal} is no reduction from {self.base}.")

    def _of_this_kind(self, value: Result, what: str) -> Result:
        kind = kind_of(value.unit)
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
        reporting_year(year, "year")
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
        value = self._of_this_kind(result_of(actual, "the value"), f"the value of {year}")
        path = self.path(year)
        left = self.target_year - year
        return Progress(
            target=self,
            year=year,
            actual=value,
            path=path,
            share=share_of_way(self.base, self.goal, value),
            on_track=bool(value <= path),
            gap=value - path,
            remaining=value - self.goal,
            per_year=step(value, self.goal, (left, "year")) if left > 0 else None,
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
        value = result_of(base, f"base year {self.base_year}, recalculated")
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
        rate = result_of(sbti_rate(ambition), "rate").to("1/year").magnitude
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
        years = sorted(reporting_year(year, "year") for year in actuals)
        missing = sorted(set(range(years[0], years[-1] + 1)) - set(years)) if years else ["all"]
        if missing:
            raise TargetError(f"no amount for {', '.join(map(str, missing))}; a sum needs each.")
        total: Result = sum((self.progress(y, actuals[y]).gap for y in years), start=0)  # type: ignore[assignment]
        amount = f"({total.unit})*year"
        if kind_of(amount) == "absolute":  # amounts per year
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
        if kind_of(allowed.unit) != "absolute":
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
    rate = sbti_rate(ambition)
    first = result_of(base, f"base year {base_year}")
    years = reporting_year(target_year, "target_year") - reporting_year(base_year, "base_year")
    share = float(result_of(rate, "rate").to("1/year").magnitude)
    if share * years > 1:
        zero = base_year + math.floor(1 / share)
        raise TargetError(
            f"at {rate} of {base_year} nothing is left before {target_year}. Near-term targets "
            f"run for five to ten years; the last year with a rest is {zero}."
        )
    goal = absolute_contraction(first, rate, (years, "year"))
    return AbsoluteTarget(first, base_year, goal, target_year, SBTI)


def _ends(
    base: Any, base_year: int, target_year: int, reduction: Any, goal: Any
) -> tuple[Result, Result]:
    first = result_of(base, f"base year {base_year}")
    if (reduction is None) == (goal is None):
        raise TargetError("give exactly one of reduction and goal.")
    if reduction is None:
        return first, result_of(goal, f"goal for {target_year}")
    share = as_share(reduction, "reduction")
    if not 0 < share <= 1:
        raise TargetError(
            f"a reduction of {reduction!r} is not a share between 0 and 1; write '42 %' or 0.42."
        )
    left: Result = first * float(1 - share)
    return first, left
