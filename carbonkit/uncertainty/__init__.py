"""Uncertainty: what is known of an input, and what follows for a result.

Inputs carry a distribution and a name; the same name is drawn once, wherever it is used. Two
ways lead to the result: `analytic` (IPCC approach 1, first order) and `monte_carlo` (IPCC
approach 2). Both take a formula, a result with its lineage, or a plain function, and both show
the deterministic value, the mean, the median and the interval side by side and say why they
differ.
"""

from __future__ import annotations

from carbonkit.uncertainty.beside import Propagated, both_ways
from carbonkit.uncertainty.distributions import (
    Distribution,
    Shape,
    interval95,
    lognormal,
    normal,
    pedigree,
    pedigree_squared_gsd,
    triangular,
    uniform,
)
from carbonkit.uncertainty.inputs import Uncertain, uncertain
from carbonkit.uncertainty.propagate import analytic, monte_carlo
from carbonkit.uncertainty.spread import Spread
from carbonkit.uncertainty.words import parse

__all__ = [
    "Distribution",
    "Propagated",
    "Shape",
    "Spread",
    "Uncertain",
    "analytic",
    "both_ways",
    "interval95",
    "lognormal",
    "monte_carlo",
    "normal",
    "parse",
    "pedigree",
    "pedigree_squared_gsd",
    "triangular",
    "uncertain",
    "uniform",
]
