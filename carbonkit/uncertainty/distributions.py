"""Distributions: how the true value of an input may lie about the value that is used for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from statistics import NormalDist
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from carbonkit import units
from carbonkit._text import number
from carbonkit.errors import UncertaintyError, nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "PEDIGREE",
    "Z95",
    "Distribution",
    "Shape",
    "interval95",
    "lognormal",
    "normal",
    "pedigree",
    "pedigree_squared_gsd",
    "triangular",
    "uniform",
]

#: Half the width of a 95 % interval of a normal distribution, in standard deviations.
Z95 = NormalDist().inv_cdf(0.975)

#: Uncertainty factors by indicator, from the worst score to the best. The Bilan Carbone method
#: (ABC, "Comment déterminer les incertitudes") as its open application computes it, read from
#: github.com/ABC-TransitionBasCarbone/bilan-carbone, apps/bilan-carbone/src/services/
#: uncertainty.ts. It is the pedigree matrix of ecoinvent 2 with its empty cells filled.
PEDIGREE: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "reliability": (1.5, 1.2, 1.1, 1.05, 1.0),
        "technical": (2.0, 1.5, 1.2, 1.1, 1.0),
        "geographic": (1.1, 1.05, 1.02, 1.01, 1.0),
        "temporal": (1.5, 1.2, 1.1, 1.03, 1.0),
        "completeness": (1.2, 1.1, 1.05, 1.02, 1.0),
    }
)

Family = Literal["normal", "lognormal", "triangular", "uniform"]


@dataclass(frozen=True)
class Shape:
    """A distribution in its place: about one value, in the unit of that value.

    Attributes
    ----------
    family : str
        "normal" (mean, sd), "lognormal" (mean and sd of the logarithm), "triangular" (low, mode,
        high) or "uniform" (low, high).
    parameters : tuple of float
        As named there.

    Examples
    --------
    >>> shape = Shape("uniform", (8.0, 12.0))
    >>> shape.mean, shape.median, round(shape.sd, 6)
    (10.0, 10.0, 1.154701)
    """

    family: Family
    parameters: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The expected value."""
        if self.family == "normal":
            return self.parameters[0]
        if self.family == "lognormal":
            mu, sigma = self.parameters
            return math.exp(mu + sigma**2 / 2)
        return sum(self.parameters) / len(self.parameters)

    @property
    def sd(self) -> float:
        """The standard deviation."""
        if self.family == "normal":
            return self.parameters[1]
        if self.family == "lognormal":
            return self.mean * math.sqrt(math.expm1(self.parameters[1] ** 2))
        if self.family == "uniform":
            low, high = self.parameters
            return (high - low) / math.sqrt(12)
        low, mode, high = self.parameters
        squares = (high - low) ** 2 + (high - mode) ** 2 + (mode - low) ** 2
        return math.sqrt(squares / 36)

    @property
    def median(self) -> float:
        """The value that as many lie below as above."""
        if self.family == "lognormal":
            return math.exp(self.parameters[0])
        if self.family != "triangular":
            return self.mean
        low, mode, high = self.parameters
        if mode - low >= high - mode:
            return low + math.sqrt((high - low) * (mode - low) / 2)
        return high - math.sqrt((high - low) * (high - mode) / 2)

    def times(self, scale: float) -> Shape:
        """Return the distribution of the value times a number above zero."""
        if self.family == "lognormal":
            mu, sigma = self.parameters
            return Shape("lognormal", (mu + math.log(scale), sigma))
        return Shape(self.family, tuple(p * scale for p in self.parameters))

    @property
    def below_zero(self) -> float:
        """The chance of a negative value, where the mean is positive and the tail is normal."""
        if self.family != "normal" or self.sd == 0 or self.mean <= 0:
            return 0.0
        return NormalDist(self.mean, self.sd).cdf(0)

    def fill(self, out: NDArray[np.float64], generator: np.random.Generator) -> None:
        """Draw as many values as `out` holds."""
        if self.family == "uniform":
            low, high = self.parameters
            generator.random(out=out)
            out *= high - low
            out += low
        elif self.family == "triangular":
            low, mode, high = self.parameters
            out[:] = generator.triangular(low, mode, high, size=len(out))
        else:
            generator.standard_normal(out=out)
            self.from_normal(out)

    def from_normal(self, scores: NDArray[np.float64]) -> None:
        """Turn standard normal scores into values, in place."""
        import numpy as np

        mu, sigma = self.parameters
        scores *= sigma
        scores += mu
        if self.family == "lognormal":
            np.exp(scores, out=scores)


@dataclass(frozen=True)
class Distribution:
    """How a value may be off, before it is known which value that is.

    Made by `normal`, `lognormal`, `triangular`, `uniform`, `interval95` and `pedigree`.

    Attributes
    ----------
    name : str
        The function that made it.
    options : tuple of (str, object)
        What it was made with. Bounds are text with a unit, or numbers in the unit of the value.
    """

    name: str
    options: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        shown = (f"{n}={number(v) if isinstance(v, float) else v}" for n, v in self.options)
        return f"{self.name}({', '.join(shown)})"

    def about(self, value: float, unit: str) -> Shape:
        """Put the distribution in its place.

        Parameters
        ----------
        value : float
            The value that is used, in `unit`.
        unit : str
            Its unit, in which bounds without a unit are read.

        Returns
        -------
        Shape

        Raises
        ------
        UncertaintyError
            If value and distribution do not go together, such as a lognormal about a negative
            value or a range that does not hold the value.
        DimensionError
            If a bound has a unit of another dimension.

        Examples
        --------
        >>> uniform("540 g CO2/kWh", "620 g CO2/kWh").about(0.581, "kg CO2/kWh").parameters
        (0.54, 0.62)
        """
        given = dict(self.options)
        bounds = {n: _in_unit(given[n], unit, n) for n in ("sd", "low", "high") if n in given}
        if "relative" in given:
            half = abs(value) * given["relative"]
            bounds = {"sd": half, "low": value - half, "high": value + half}
        if self.name == "normal":
            return Shape("normal", (value, _not_negative(bounds["sd"], "sd")))
        if self.name == "lognormal":
            return _lognormal_about(value, unit, math.log(given["gsd"]), given["centre"])
        low, high = bounds["low"], bounds["high"]
        if not low <= value <= high:
            raise UncertaintyError(
                f"{self} does not hold the value itself, {number(value)} {unit}. Bounds without "
                "a unit are read in the unit of the value; write them with their unit to be sure."
            )
        if self.name == "uniform":
            return Shape("uniform", (low, high))
        if self.name == "triangular":
            return Shape("triangular", (low, value, high))
        if given["shape"] == "normal":
            return Shape("normal", ((low + high) / 2, (high - low) / (2 * Z95)))
        if low <= 0:
            raise UncertaintyError(f"{self}: a lognormal value is above zero, so low must be too.")
        middle, width = math.log(low * high) / 2, math.log(high / low)
        return Shape("lognormal", (middle, width / (2 * Z95)))


def _lognormal_about(value: float, unit: str, sigma: float, centre: str) -> Shape:
    if value <= 0:
        raise UncertaintyError(
            f"a lognormal distribution is of values above zero, not of {number(value)} {unit}. "
            "Use normal(), uniform() or triangular()."
        )
    shift = sigma**2 / 2 if centre == "mean" else 0.0
    return Shape("lognormal", (math.log(value) - shift, sigma))


def normal(sd: Any = None, *, relative: Any = None) -> Distribution:
    """Normal distribution about the value.

    Parameters
    ----------
    sd : number, text, pair or quantity
        Standard deviation: "12 GWh", or a number in the unit of the value.
    relative : float or text
        Standard deviation as a share of the value instead: 0.02 or "2 %". The half width of a
        95 % interval, by which the IPCC states uncertainties, is `interval95(relative=...)`.

    Raises
    ------
    UncertaintyError
        If it is negative, not a number, or not exactly one of the two is given.

    Examples
    --------
    >>> normal(relative="2 %").about(100.0, "GWh").sd
    2.0
    """
    return Distribution("normal", _one_of("normal", sd=_bound(sd), relative=_share(relative)))


def lognormal(
    gsd: float | None = None,
    *,
    squared_gsd: float | None = None,
    centre: Literal["median", "mean"] = "median",
) -> Distribution:
    """Lognormal distribution: a value known up to a factor, and never negative.

    Parameters
    ----------
    gsd : float
        Geometric standard deviation: two thirds of the values lie between value / gsd and
        value x gsd. At least 1.
    squared_gsd : float
        Its square instead, as LCA databases print it: 95 % lie between value / squared_gsd and
        value x squared_gsd.
    centre : {"median", "mean"}
        What the value is. LCA databases state the median, above which the mean then lies.

    Raises
    ------
    UncertaintyError
        If the geometric standard deviation is below 1, or not exactly one of the two is given.

    Examples
    --------
    >>> shape = lognormal(gsd=1.1).about(100.0, "t")
    >>> round(shape.median, 6), round(shape.mean, 3)
    (100.0, 100.455)
    """
    options = _one_of("lognormal", gsd=gsd, squared_gsd=squared_gsd)
    ((name, given),) = options
    value = _finite(given, name)
    if value < 1:
        raise UncertaintyError(
            f"lognormal: {name}={given} is below 1. A geometric standard deviation is a factor, "
            f"at least 1 (1 is no uncertainty); for 5 % either way write 1.05."
        )
    if centre not in ("median", "mean"):
        raise UncertaintyError(f"lognormal: centre is 'median' or 'mean', not {centre!r}.")
    factor = value if name == "gsd" else math.sqrt(value)
    return Distribution("lognormal", (("gsd", factor), ("centre", centre)))


def triangular(low: Any = None, high: Any = None, *, relative: Any = None) -> Distribution:
    """Triangular distribution between two bounds, with its peak at the value.

    Parameters
    ----------
    low, high : number, text, pair or quantity
        The least and the greatest possible value, in the unit of the value or with their own.
    relative : float or text
        How far the bounds lie from the value as a share of it instead: 0.1 or "10 %".

    Raises
    ------
    UncertaintyError
        If bounds are missing, not numbers or in the wrong order.

    Examples
    --------
    >>> triangular(90, 130).about(100.0, "kWh").mean
    106.66666666666667
    """
    return Distribution("triangular", _range("triangular", low, high, relative))


def uniform(low: Any = None, high: Any = None, *, relative: Any = None) -> Distribution:
    """Range of values of which none is likelier than another.

    Parameters
    ----------
    low, high, relative
        As for `triangular`.

    Raises
    ------
    UncertaintyError
        If bounds are missing, not numbers or in the wrong order.

    Examples
    --------
    >>> uniform(relative="10 %").about(100.0, "kWh").parameters
    (90.0, 110.0)
    """
    return Distribution("uniform", _range("uniform", low, high, relative))


def interval95(
    low: Any = None,
    high: Any = None,
    *,
    relative: Any = None,
    shape: Literal["normal", "lognormal"] = "normal",
) -> Distribution:
    """Distribution with a stated 95 % interval, which is how the IPCC states uncertainties.

    The interval need not lie symmetrically about the value; the mean then is not the value, and
    results say so.

    Parameters
    ----------
    low, high : number, text, pair or quantity
        The 2.5 % and the 97.5 % quantile, in the unit of the value or with their own.
    relative : float or text
        Half of the interval as a share of the value instead: "5 %" for +/- 5 %.
    shape : {"normal", "lognormal"}
        Lognormal where the value cannot be negative and the interval is wide or lopsided.

    Raises
    ------
    UncertaintyError
        If bounds are missing, not numbers or in the wrong order.

    Examples
    --------
    >>> round(interval95(relative="5 %").about(100.0, "t").sd, 4)
    2.5511
    >>> round(interval95(50, 200, shape="lognormal").about(100.0, "t").median, 6)
    100.0
    """
    if shape not in ("normal", "lognormal"):
        raise UncertaintyError(f"interval95: shape is 'normal' or 'lognormal', not {shape!r}.")
    return Distribution(
        "interval95", (*_range("interval95", low, high, relative), ("shape", shape))
    )


def pedigree(scores: Mapping[str, int], *, best: Literal[1, 5]) -> Distribution:
    """Lognormal distribution from data-quality scores.

    Parameters
    ----------
    scores : mapping of str to int
        Scores from 1 to 5 for reliability, completeness, temporal, geographic and technical
        representativeness. A missing one counts as the worst.
    best : {1, 5}
        Which end of the scale is good: 5 in the Bilan Carbone method, 1 in ecoinvent.

    Returns
    -------
    Distribution
        Lognormal about the median.

    Raises
    ------
    UncertaintyError
        If an indicator is unknown or a score is not a whole number from 1 to 5.

    Examples
    --------
    >>> print(pedigree({"reliability": 5, "completeness": 5, "temporal": 4, "geographic": 5,
    ...                 "technical": 5}, best=5))
    lognormal(gsd=1.01489, centre=median)
    """
    return lognormal(squared_gsd=pedigree_squared_gsd(scores, best=best))


def pedigree_squared_gsd(scores: Mapping[str, int], *, best: Literal[1, 5]) -> float:
    """Squared geometric standard deviation from data-quality scores.

    ``exp(sqrt(sum of ln(c)^2))`` over the uncertainty factors c of the five indicators: each
    factor is the squared GSD that the indicator would give alone.

    Parameters
    ----------
    scores, best
        As for `pedigree`.

    Returns
    -------
    float
        Between value / it and value x it lie 95 % of a lognormal distribution.

    Raises
    ------
    UncertaintyError
        As for `pedigree`.

    Examples
    --------
    >>> pedigree_squared_gsd({"completeness": 4, "geographic": 3, "reliability": 2,
    ...                       "technical": 1, "temporal": 5}, best=5)
    2.0488353976695466
    """
    if best not in (1, 5):
        raise UncertaintyError(f"pedigree: best is 1 or 5, the score of the best data, not {best}.")
    for name, score in scores.items():
        if name not in PEDIGREE:
            raise UncertaintyError(
                f"pedigree: no indicator {name!r}.{nearest(str(name), PEDIGREE)} "
                f"There are {', '.join(PEDIGREE)}."
            )
        if isinstance(score, bool) or score not in (1, 2, 3, 4, 5):
            raise UncertaintyError(
                f"pedigree: the score of {name} is {score!r}, not one of 1, 2, 3, 4, 5; leave a "
                "missing one out, and it counts as the worst."
            )
    worst = 6 - best
    squares = [
        math.log(factors[abs(scores.get(name, worst) - worst)]) ** 2
        for name, factors in PEDIGREE.items()
    ]
    return math.exp(math.sqrt(sum(squares)))


def _one_of(maker: str, **options: Any) -> tuple[tuple[str, Any], ...]:
    given = [(n, v) for n, v in options.items() if v is not None]
    if len(given) != 1:
        raise UncertaintyError(f"{maker}: give exactly one of {', '.join(options)}.")
    return tuple(given)


def _range(maker: str, low: Any, high: Any, relative: Any) -> tuple[tuple[str, Any], ...]:
    if relative is not None and low is None and high is None:
        return (("relative", _share(relative)),)
    if low is None or high is None or relative is not None:
        raise UncertaintyError(f"{maker}: give low and high, or relative alone.")
    low, high = _bound(low), _bound(high)
    if isinstance(low, float) and isinstance(high, float) and low > high:
        raise UncertaintyError(f"{maker}: low={low:g} lies above high={high:g}.")
    return (("low", low), ("high", high))


def _bound(value: Any) -> Any:
    """Check a bare number now; what has a unit is read when the value is known."""
    return _finite(value, "a bound") if isinstance(value, Real | Decimal) else value


def _in_unit(bound: Any, unit: str, name: str) -> float:
    if isinstance(bound, float):
        return bound
    magnitude, own = units.parts(bound)
    return _finite(magnitude, name) * float(units.scale(own, unit))


def _share(relative: Any) -> float | None:
    """Read 0.05 or "5 %" as a share."""
    if relative is None:
        return None
    if isinstance(relative, str):
        magnitude, unit = units.parts(relative, None if "%" in relative else "1")
        if not units.same_dimension(unit, "1"):
            raise UncertaintyError(f"relative={relative!r} is not a share; write 0.05 or '5 %'.")
        return _not_negative(_finite(magnitude, "relative") * float(units.scale(unit, "1")), "it")
    share = _not_negative(_finite(relative, "relative"), "relative")
    if share > 1:
        raise UncertaintyError(
            f"relative={relative} would be {share:.0%} of the value. Write 0.05 or '5 %' for five "
            f"percent; if it is meant, write '{share:.0%}', and consider lognormal()."
        )
    return share


def _finite(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        raise UncertaintyError(f"{name} is {str(value)[:60]!r}, not a single number.")
    if not math.isfinite(value):
        raise UncertaintyError(f"{name} is {float(value)}, not a number that can be used.")
    return float(value)


def _not_negative(value: float, name: str) -> float:
    if value < 0:
        raise UncertaintyError(f"{name} is {number(value)}; an uncertainty is not negative.")
    return value
