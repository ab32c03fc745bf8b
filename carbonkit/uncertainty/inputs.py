"""Uncertain inputs: a value with its unit, its distribution and its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from carbonkit._text import with_unit
from carbonkit.errors import UncertaintyError
from carbonkit.formula.core import open_input
from carbonkit.intervals import Interval
from carbonkit.uncertainty.distributions import Distribution, Shape

__all__ = ["Uncertain", "nominal", "uncertain"]


@dataclass(frozen=True)
class Uncertain:
    """A value and what is known of how far it may be off. Made by `uncertain`.

    Formulas take it like any other value and compute with the value itself; the result's lineage
    remembers the rest, so that `monte_carlo` and `analytic` find it there.

    Attributes
    ----------
    value : float
        The value that is used.
    unit : str
        Canonical unit text.
    distribution : Distribution
        How it may be off.
    name : str
        What it is. Inputs of one name are one input, drawn once.
    shared : tuple of (str, float) or None
        A common cause and the share of the variance that it accounts for. Two inputs that share
        a cause at the shares p and q have the correlation sqrt(p x q).
    origin : object
        The emission factor, figure or result that the value was taken from.
    """

    value: float
    unit: str
    distribution: Distribution
    name: str
    shared: tuple[str, float] | None = None
    origin: Any = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.distribution, Distribution):
            raise UncertaintyError(
                f"{self.name}: {str(self.distribution)[:60]!r} is not a distribution; write for "
                "example normal(relative='5 %')."
            )
        if not self.name or not isinstance(self.name, str):
            raise UncertaintyError(
                f"{with_unit(self.value, self.unit)} needs a name: inputs of one name are one "
                "input and are drawn once; inputs of different names are independent."
            )
        shape = self.shape
        if self.shared is None:
            return
        cause, share = self.shared
        if not 0 <= share <= 1:
            raise UncertaintyError(
                f"{self.name}: {cause!r} has a share of {share} of the variance; it must lie "
                "between 0 and 1."
            )
        if shape.family not in ("normal", "lognormal"):
            raise UncertaintyError(
                f"{self.name}: only normal and lognormal inputs can share a cause, not "
                f"{shape.family} ones."
            )

    @property
    def quantity(self) -> tuple[float, str]:
        """Value and unit, as formulas take them."""
        return self.value, self.unit

    @property
    def shape(self) -> Shape:
        """The distribution about the value, in its unit."""
        return self.distribution.about(self.value, self.unit)

    @property
    def kind(self) -> str:
        """The kind of emission factor that the value is, empty if it is none."""
        return getattr(self.origin, "kind", "")

    @property
    def gwp_set(self) -> str | None:
        """The GWP set of a value in CO2e, where known."""
        return getattr(self.origin, "gwp_set", None)

    def __str__(self) -> str:
        shared = f", {self.shared[1]:.0%} shared through {self.shared[0]}" if self.shared else ""
        taken = f"; {self.origin}" if self.origin is not None else ""
        return f"{self.name}, {self.distribution}{shared}{taken}"


def uncertain(
    value: Any,
    distribution: Distribution,
    *,
    name: str = "",
    shared: tuple[str, float] | None = None,
) -> Uncertain:
    """Say how far a value may be off.

    Parameters
    ----------
    value : text, pair, quantity, emission factor, printed figure, result or pure number
        The value; of an interval, its middle.
    distribution : Distribution
        `normal`, `lognormal`, `triangular`, `uniform`, `interval95` or `pedigree`.
    name : str
        What it is. An emission factor brings its own name.
    shared : tuple of (str, float), optional
        A common cause and its share of the variance: ``("meter calibration", 0.5)``.

    Returns
    -------
    Uncertain

    Raises
    ------
    UncertaintyError
        If there is no name, or value and distribution do not go together.
    UnitError
        If the unit is missing or unknown.

    Examples
    --------
    >>> from carbonkit.scope2 import location_based
    >>> from carbonkit.uncertainty import normal
    >>> energy = uncertain("3467.14 GWh", normal(relative="2 %"), name="electricity")
    >>> print(location_based(energy, "0.5810 t CO2/MWh"))
    2,014,408 t CO2
    """
    taken = open_input(value, pure=True)
    label = name or str(getattr(taken.origin, "key", ""))
    magnitude = nominal(taken.magnitude, label or "the value")
    return Uncertain(magnitude, taken.unit, distribution, label, shared, taken.origin)


def nominal(magnitude: Any, name: str) -> float:
    """Return the one number that stands for a value: an interval's middle, a number itself.

    Raises
    ------
    UncertaintyError
        If it is an array, a column or an unbounded interval.
    """
    if isinstance(magnitude, Interval):
        if magnitude.is_bounded:
            return float(magnitude.midpoint)
        raise UncertaintyError(f"{name} is {magnitude}, which has no middle; give a single value.")
    if isinstance(magnitude, int | float | Fraction):
        return float(magnitude)
    raise UncertaintyError(
        f"{name} is a {type(magnitude).__name__}; uncertainty is of single values. Sum the rows "
        "to a total first, as results, so that the lineage keeps them."
    )
