"""From uncertain inputs to an uncertain result: first order, and by drawing."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from carbonkit._text import with_unit
from carbonkit.errors import UncertaintyError
from carbonkit.formula import Formula, Result
from carbonkit.uncertainty.derivative import gradient
from carbonkit.uncertainty.distributions import Z95
from carbonkit.uncertainty.model import Model, Variable, build
from carbonkit.uncertainty.spread import Spread

if TYPE_CHECKING:
    import numpy as np

    _Streams = Mapping[tuple[str, str], np.random.Generator]

__all__ = ["analytic", "check_draws", "drawn", "first_order", "monte_carlo"]

#: Draws made at a time: few enough to stay in the processor's cache, many enough that calling
#: numpy costs little. Streams go on from block to block, so the draws do not depend on it.
_BLOCK = 32_768
_SMALLEST_BLOCK = 256
_VALUES_AT_A_TIME = 1 << 24
_FEWEST_DRAWS = 100
#: Shares of the variance need no more draws than these; their error is below 0.6 points.
_DRAWS_FOR_SHARES = 100_000
# Beyond this share of the value the first order is rough.
_LARGE = 0.3
_MANY_BELOW_ZERO = 0.001


def analytic(
    subject: Formula | Result | Callable[..., Any], inputs: Mapping[str, Any] | None = None
) -> Spread:
    """Propagate uncertainties by first-order derivatives: IPCC approach 1.

    The variance of the result is the sum over independent inputs of (derivative x standard
    deviation)^2, with derivatives at the means of the inputs. For a product that is the rule
    ``U = sqrt(U1^2 + ... + Un^2)``, for a sum
    ``U = sqrt((U1 x1)^2 + ... + (Un xn)^2) / |x1 + ... + xn|``. An input that is used several
    times, by its name, has one derivative, so its parts add up and are not taken as independent.

    Parameters
    ----------
    subject, inputs
        As for `monte_carlo`.

    Returns
    -------
    Spread
        Exact in mean and variance where the result is linear in the inputs. The result is taken
        as normal, so the median is the mean. Contributions sum to 1.

    Raises
    ------
    UncertaintyError
        As for `monte_carlo`, or if the arithmetic has no derivative.

    Notes
    -----
    IPCC 2006 Guidelines, vol. 1, ch. 3, "Methods to combine uncertainties", approach 1.

    Examples
    --------
    Activity data known to +/- 5 %, a factor to +/- 10 %: sqrt(5^2 + 10^2) = 11.18 %.

    >>> from carbonkit.scope1 import combustion
    >>> from carbonkit.uncertainty import interval95, uncertain
    >>> fuel = uncertain("608 t", interval95(relative="5 %"), name="diesel")
    >>> factor = uncertain("2.9251 t CO2/t", interval95(relative="10 %"), name="its factor")
    >>> spread = analytic(combustion(fuel, factor))
    >>> round(spread.percent[1], 2), {n: round(s, 6) for n, s in spread.contributions.items()}
    (11.18, {'its factor': 0.8, 'diesel': 0.2})
    """
    return first_order(build(subject, inputs))


def first_order(model: Model) -> Spread:
    """Propagate a model by first-order derivatives."""
    mean, slopes = gradient(model.run, {n: i.shape.mean for n, i in model.inputs.items()})
    deterministic = model.deterministic
    shares: dict[str, float] = {}
    together: dict[str, float] = {}
    for name, one in model.inputs.items():
        reach = slopes[name] * one.shape.sd
        cause, part = one.shared or ("", 0.0)
        shares[name] = reach**2 * (1 - part)
        if part:
            together[cause] = together.get(cause, 0.0) + reach * math.sqrt(part)
    shares |= {f"{cause} (shared)": reach**2 for cause, reach in together.items()}
    variance = math.fsum(shares.values())
    if not all(map(math.isfinite, (mean, variance))):
        raise UncertaintyError("the result or its derivative is beyond the range of floats.")
    sd = math.sqrt(variance)
    reasons = _why_off(model, deterministic, mean)
    if not reasons:
        reasons.append("No input is skewed, so the mean is the deterministic value.")
    reasons.append(
        "Taken as normal, so the median is the mean; what curvature does to the mean, only "
        "monte_carlo shows."
    )
    large = [n for n, i in model.inputs.items() if i.shape.sd > _LARGE * abs(i.shape.mean)]
    if large:
        reasons.append(
            f"The standard deviation of {_listed(large)} is above {_LARGE:.0%} of the mean, where "
            "the first order is rough: use monte_carlo."
        )
    return Spread(
        deterministic, mean, mean, sd, mean - Z95 * sd, mean + Z95 * sd, model.unit,
        _ordered({n: v / variance if variance else 0.0 for n, v in shares.items()}),
        "First order (IPCC approach 1); shares are of the first-order variance, exactly.",
        tuple(reasons),
    )  # fmt: skip


def monte_carlo(
    subject: Formula | Result | Callable[..., Any],
    inputs: Mapping[str, Any] | None = None,
    *,
    draws: int = 100_000,
    seed: int = 0,
) -> Spread:
    """Propagate uncertainties by drawing the inputs: IPCC approach 2.

    Inputs of one name are drawn once, so a factor that many lines use moves them all together.
    The draws of an input depend on the seed and on its name alone: not on the other inputs nor
    on the order in which they are listed.

    Parameters
    ----------
    subject : Result, Formula or callable
        A result, which is computed again along its lineage; a formula; or a function of numbers.
        A function is called with its inputs as results (pure numbers: as arrays), thousands of
        draws at a time, and must treat each draw alike.
    inputs : mapping of str to object
        For a formula or a function, its arguments: values, or inputs made by `uncertain`. For a
        result, distributions of its inputs, by the name of an argument, or by the key or id of
        an emission factor; inputs made by `uncertain` are uncertain without it. An argument's
        name stands for all inputs of that name; each factor among them is drawn once.
    draws : int
        How many, at least 100.
    seed : int
        A whole number, not negative. The same seed gives the same bits.

    Returns
    -------
    Spread
        Contributions are squared correlations of each input with the result, over the first
        100,000 draws, less what chance alone gives: its share of the variance as far as the
        result is linear in it. Their error is about 2 / sqrt(draws); small ones may come out
        below zero, so that the sum of many is right.

    Raises
    ------
    UncertaintyError
        If a name is unknown or stands for several inputs of one value, an input is an array, a
        result has no lineage, nothing is uncertain, the number of draws or the seed cannot be
        used, or draws lead to infinity.
    FormulaError, UnitError, DimensionError
        As the formulas raise them.

    Notes
    -----
    IPCC 2006 Guidelines, vol. 1, ch. 3, "Methods to combine uncertainties", approach 2.

    Streams are numpy's PCG64, keyed by a hash of the name; numpy may change how it makes a
    distribution from a stream between releases.

    Examples
    --------
    >>> from carbonkit.scope2 import location_based
    >>> from carbonkit.uncertainty import lognormal
    >>> total = location_based("3467.14 GWh", "0.5810 t CO2/MWh")
    >>> spread = monte_carlo(total, {"factor": lognormal(gsd=1.1)}, draws=20_000)
    >>> print(spread)  # doctest: +ELLIPSIS
    deterministic  2,014,408 t CO2
    mean           2,02... t CO2 (+0...%)
    ...
    """
    check_draws(draws, seed)
    return drawn(build(subject, inputs), draws, seed)


def drawn(model: Model, draws: int, seed: int) -> Spread:
    """Propagate a model by drawing its inputs."""
    import numpy as np

    deterministic = model.deterministic
    at_means = model.at(lambda one: one.shape.mean)
    samples, contributions = _draw(model, draws, seed, at_means)
    mean = float(samples.mean())
    sd = float(samples.std(ddof=1))
    if (
        sd <= 1e-9 * abs(mean) and samples.min() == samples.max()
    ):  # an average of equal numbers need not be that number
        mean, sd = float(samples[0]), 0.0
    low, median, high = (float(q) for q in np.quantile(samples, (0.025, 0.5, 0.975)))
    error = sd / math.sqrt(draws)
    reasons = _why_off(model, deterministic, at_means)
    if abs(mean - at_means) > 3 * error and _differ(mean, at_means):
        reasons.append(
            f"The result is not linear in its uncertain inputs, or they vary together: that moves "
            f"the mean by {_moved(at_means, mean, model.unit)}."
        )
    if not reasons:
        reasons.append(
            "The mean is the deterministic value but for the sampling error of "
            f"+/- {with_unit(2 * error, model.unit, 2)}: no skewed input, no curvature seen."
        )
    # The error of a median is some 1.25 times that of the mean.
    if abs(mean - median) > 4 * error:
        side, far = ("below", "high") if median < mean else ("above", "low")
        reasons.append(
            f"The median lies {side} the mean because the result is skewed: few very {far} values "
            "pull the mean."
        )
    samples.flags.writeable = False
    return Spread(
        deterministic, mean, median, sd, low, high, model.unit, contributions,
        f"Monte Carlo (IPCC approach 2), {draws:,} draws, seed {seed}; shares are squared "
        f"correlations with the result{_over(draws)}.",
        tuple(reasons), error, samples,
    )  # fmt: skip


def _over(draws: int) -> str:
    return f" over the first {_DRAWS_FOR_SHARES:,}" if draws > _DRAWS_FOR_SHARES else ""


def check_draws(draws: Any, seed: Any) -> None:
    """Raise if a number of draws or a seed cannot be used."""
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < _FEWEST_DRAWS:
        raise UncertaintyError(
            f"draws={draws!r}: a 95 % interval needs a whole number of at least {_FEWEST_DRAWS} "
            "draws; the default is 100,000."
        )
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise UncertaintyError(f"seed={seed!r}: give a whole number that is not negative.")


def _generator(seed: int, kind: str, name: str) -> np.random.Generator:
    """Return the stream of one name, whatever else is drawn."""
    import numpy as np

    digest = hashlib.sha256(f"{kind}:{name}".encode()).digest()
    words = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 32, 4))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=words)))


class _Block(dict[str, Any]):
    """One block of draws by the names of inputs; each is drawn when it is first asked for.

    So a value is used while it is still in the processor's cache.

    Attributes
    ----------
    drivers : dict
        The independent draws behind the values, if they are kept.
    """

    def __init__(self, model: Model, streams: _Streams, size: int, keep: bool) -> None:
        self.model = model
        self.streams = streams
        self.size = size
        self.keep = keep
        self.drivers: dict[str, Any] = {}
        self.common: dict[str, Any] = {}

    def __missing__(self, name: str) -> Any:
        one = self.model.inputs[name]
        value = self[name] = one.value if one.shape.sd == 0 else self._drawn(name, one)
        return value

    def _drawn(self, name: str, one: Variable) -> Any:
        import numpy as np

        row = np.empty(self.size)
        generator = self.streams["input", name]
        driver = row
        if one.shared is None:
            one.shape.fill(row, generator)
        else:
            cause, share = one.shared
            driver = generator.standard_normal(self.size)
            np.multiply(driver, math.sqrt(1 - share), out=row)
            row += math.sqrt(share) * self._of_cause(cause)
            one.shape.from_normal(row)
        row.flags.writeable = False  # a function must not change what others see
        if self.keep:
            self.drivers[name] = driver
        return row

    def _of_cause(self, cause: str) -> Any:
        if cause not in self.common:
            self.common[cause] = self.streams["cause", cause].standard_normal(self.size)
            if self.keep:
                self.drivers[f"{cause} (shared)"] = self.common[cause]
        return self.common[cause]


def _draw(model: Model, draws: int, seed: int, centre: float) -> tuple[Any, Mapping[str, float]]:
    """Draw block by block; return the draws of the result and the squared correlations."""
    import numpy as np

    causes = {i.shared[0] for i in model.inputs.values() if i.shared}
    keys = [*(("input", name) for name in model.inputs), *(("cause", name) for name in causes)]
    streams = {key: _generator(seed, *key) for key in keys}
    names = [*model.inputs, *(f"{cause} (shared)" for cause in causes)]
    sums = {name: np.zeros(3) for name in names}
    block = min(_BLOCK, draws, max(_SMALLEST_BLOCK, _VALUES_AT_A_TIME // len(keys)))
    samples = np.empty(draws)
    for start in range(0, draws, block):
        made = samples[start : start + block]
        counted = slice(0, max(0, min(len(made), _DRAWS_FOR_SHARES - start)))
        values = _Block(model, streams, len(made), keep=counted.stop > 0)
        with np.errstate(all="ignore"):
            _put(model.run(values), made)
        centred = made[counted] - centre
        for name, driver in values.drivers.items():
            x = driver[counted]
            # Not @, whose last bits depend on how many threads the machine has.
            sums[name] += x.sum(), np.einsum("i,i", x, x), np.einsum("i,i", x, centred)
    if not np.isfinite(samples).all():
        share = 1 - np.isfinite(samples).mean()
        raise UncertaintyError(
            f"{share:.2%} of the draws lead to infinity or no number, such as a division by zero "
            "or a root of a negative value. Use distributions that keep to possible values."
        )
    return samples, _ordered(_squared_correlations(sums, samples[:_DRAWS_FOR_SHARES] - centre))


def _put(result: Any, made: Any) -> None:
    shape = getattr(result, "shape", ())
    if shape not in ((), made.shape):
        raise UncertaintyError(
            f"for {len(made):,} draws the function gave values of shape {shape}; it must give one "
            "value for each draw."
        )
    made[:] = result


def _squared_correlations(sums: Mapping[str, Any], centred: Any) -> dict[str, float]:
    count = len(centred)
    average = float(centred.mean())
    variance = float(centred.var())
    found = {}
    for name, (total, squares, products) in sums.items():
        mean = total / count
        spread = squares / count - mean**2
        shared = products / count - mean * average
        varies = variance > 0 and spread > 0
        square = float(shared**2 / (spread * variance)) if varies else 0.0
        # Of n draws, unrelated inputs have a squared correlation of 1 / (n - 1) by chance.
        found[name] = (square * (count - 1) - 1) / (count - 2) if varies else 0.0
    return found


def _ordered(shares: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType(dict(sorted(shares.items(), key=lambda item: (-item[1], item[0]))))


def _why_off(model: Model, deterministic: float, at_means: float) -> list[str]:
    """Say which inputs put the mean of the result off the deterministic value."""
    reasons = []
    off = [n for n, i in model.inputs.items() if _differ(i.shape.mean, i.value)]
    if off and _differ(at_means, deterministic):
        shown = ", ".join(_off(name, model.inputs[name]) for name in off[:3])
        more = f" and {len(off) - 3} more" if len(off) > 3 else ""
        reasons.append(
            "The mean of an input is not the value used for it, which moves the mean of the result "
            f"by {_moved(deterministic, at_means, model.unit)}: {shown}{more}."
        )
    low = [n for n, i in model.inputs.items() if i.shape.below_zero > _MANY_BELOW_ZERO]
    if low:
        reasons.append(
            f"{_listed(low)} would be negative in up to "
            f"{max(model.inputs[n].shape.below_zero for n in low):.1%} of the draws; where that "
            "cannot be, use lognormal()."
        )
    return reasons


def _off(name: str, one: Variable) -> str:
    skewed = _differ(one.shape.mean, one.shape.median)
    why = "a skewed distribution" if skewed else "an interval off centre"
    return f"{name} {_moved(one.value, one.shape.mean)} ({why})"


def _differ(a: float, b: float) -> bool:
    return not math.isclose(a, b, rel_tol=1e-9)


def _moved(start: float, end: float, unit: str = "1") -> str:
    if start:
        return f"{(end - start) / abs(start):+.2%}"
    return with_unit(end - start, unit, 3)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
