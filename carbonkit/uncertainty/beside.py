"""Both ways of propagation side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from carbonkit._text import number, with_unit
from carbonkit.formula import Formula, Result
from carbonkit.uncertainty.model import build
from carbonkit.uncertainty.propagate import check_draws, drawn, first_order
from carbonkit.uncertainty.spread import Spread

__all__ = ["Propagated", "both_ways"]

_SHOWN = 10


@dataclass(frozen=True)
class Propagated:
    """One result propagated both ways. Made by `both_ways`.

    Attributes
    ----------
    first_order : Spread
        IPCC approach 1.
    drawn : Spread
        IPCC approach 2, Monte Carlo.
    """

    first_order: Spread
    drawn: Spread

    def to(self, unit: str) -> Propagated:
        """Return both in another unit.

        Raises
        ------
        DimensionError
            If the unit has another dimension.
        """
        return Propagated(self.first_order.to(unit), self.drawn.to(unit))

    def __str__(self) -> str:
        both = (self.first_order, self.drawn)
        rows = [
            ("", "first order", "Monte Carlo"),
            *(
                (name, *(with_unit(getattr(s, name), s.unit, 5) for s in both))
                for name in ("deterministic", "mean", "median")
            ),
            ("95 % interval", *(f"{number(s.low, 5)} to {number(s.high, 5)}" for s in both)),
            ("from the mean", *("{:+.1f} % to {:+.1f} %".format(*s.percent) for s in both)),
            ("share of the variance", "", ""),
        ]
        shares = self.first_order.contributions
        shown, others = list(shares)[:_SHOWN], list(shares)[_SHOWN:]
        groups = [(name, [name]) for name in shown]
        groups += [(f"{len(others)} others", others)] if others else []
        for label, names in groups:
            found = (sum(s.contributions[name] for name in names) for s in both)
            rows.append((f"  {label}", *(f"{share:z.1%}" for share in found)))
        widths = [max(len(row[place]) for row in rows) for place in range(3)]
        lines = [
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        for spread in both:
            lines += [spread.method, *(f"  {reason}" for reason in spread.reasons)]
        return "\n".join(lines)


def both_ways(
    subject: Formula | Result | Callable[..., Any],
    inputs: Mapping[str, Any] | None = None,
    *,
    draws: int = 100_000,
    seed: int = 0,
) -> Propagated:
    """Propagate uncertainties by first order and by drawing, to be seen side by side.

    Parameters
    ----------
    subject, inputs, draws, seed
        As for `monte_carlo`.

    Returns
    -------
    Propagated

    Raises
    ------
    UncertaintyError
        As for `analytic` and `monte_carlo`.

    Examples
    --------
    >>> from carbonkit.scope2 import location_based
    >>> from carbonkit.uncertainty import lognormal
    >>> print(both_ways(location_based("1 GWh", "0.5 t CO2/MWh"), {"factor": lognormal(1.1)},
    ...                 draws=5_000))  # doctest: +ELLIPSIS, +NORMALIZE_WHITESPACE
                           first order         Monte Carlo
    deterministic          500 t CO2           500 t CO2
    mean                   502.28 t CO2        50... t CO2
    ...
    """
    check_draws(draws, seed)
    model = build(subject, inputs)
    return Propagated(first_order(model), drawn(model, draws, seed))
