"""What came of a propagation: the values side by side, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from carbonkit import units
from carbonkit._text import number, with_unit

__all__ = ["Spread"]

_SHOWN = 10


@dataclass(frozen=True)
class Spread:
    """A result with its uncertainty. Made by `analytic` and `monte_carlo`.

    Attributes
    ----------
    deterministic : float
        The result of the values as they are used.
    mean, median, sd : float
        Of the result's distribution.
    low, high : float
        Its 95 % interval: the quantiles at 2.5 % and 97.5 %.
    unit : str
        The unit of all of these.
    contributions : mapping of str to float
        Share of the variance that each input or shared cause accounts for, the largest first.
    method : str
        How it was propagated, and what the contributions are.
    reasons : tuple of str
        Why the values differ, or why not, and what to bear in mind.
    error : float
        Standard error of the mean from the finite number of draws.
    samples : numpy array or None
        The draws of the result, read-only; None for the first order.
    """

    deterministic: float
    mean: float
    median: float
    sd: float
    low: float
    high: float
    unit: str
    contributions: Mapping[str, float]
    method: str
    reasons: tuple[str, ...]
    error: float = 0.0
    samples: Any = field(default=None, repr=False, compare=False)

    @property
    def percent(self) -> tuple[float, float]:
        """The ends of the 95 % interval from the mean, in percent of it.

        For a first-order spread this is the IPCC's percentage uncertainty, with its sign.
        """
        return tuple(100 * (end - self.mean) / abs(self.mean) for end in (self.low, self.high))  # type: ignore[return-value]

    @property
    def rest(self) -> float:
        """Share of the variance that no input accounts for alone: inputs acting together."""
        return 1 - sum(self.contributions.values())

    def to(self, unit: str) -> Spread:
        """Return the same spread in another unit.

        Raises
        ------
        DimensionError
            If the unit has another dimension. The words of `reasons` keep the former unit.
        """
        wanted = units.canonical(unit)
        scale = float(units.scale(self.unit, wanted))
        names = ("deterministic", "mean", "median", "sd", "low", "high", "error")
        scaled = {name: getattr(self, name) * scale for name in names}
        samples = None if self.samples is None else self.samples * scale
        return replace(self, **scaled, unit=wanted, samples=samples)

    def __str__(self) -> str:
        digits = 5
        rows = [
            ("deterministic", with_unit(self.deterministic, self.unit, digits)),
            ("mean", with_unit(self.mean, self.unit, digits) + self._beside(self.mean, self.error)),
            ("median", with_unit(self.median, self.unit, digits) + self._beside(self.median)),
            (
                "95 % interval",
                f"{number(self.low, digits)} to {with_unit(self.high, self.unit, digits)}"
                + self._width(),
            ),
        ]
        lines = [f"{name:15}{text}" for name, text in rows]
        lines += [self.method, *self.reasons]
        shown = list(self.contributions.items())[:_SHOWN]
        if shown:
            lines.append("Shares of the variance:")
            width = max(len(name) for name, _ in shown)
            lines += [f"  {name:{width}}  {share:z6.1%}" for name, share in shown]
            if len(self.contributions) > _SHOWN:
                others = sum(list(self.contributions.values())[_SHOWN:])
                count = len(self.contributions) - _SHOWN
                lines.append(f"  {f'{count} others':{width}}  {others:z6.1%}")
            if abs(self.rest) >= 0.005:
                lines.append(f"  {'together':{width}}  {self.rest:6.1%}")
        return "\n".join(lines)

    def _beside(self, value: float, error: float = 0.0) -> str:
        whole = abs(self.deterministic)
        if not whole:
            return ""
        sampling = f", sampling error +/- {2 * error / whole:.2%}" if error else ""
        return f" ({(value - self.deterministic) / whole:+.2%}{sampling})"

    def _width(self) -> str:
        if not self.mean:
            return ""
        low, high = self.percent
        return f" ({low:+.1f} % to {high:+.1f} % of the mean)"
