"""Units that accountants can trust: one closed door, exact factors, no silent tons.

Every other part of carbonkit passes units about as canonical text. A gas, CO2e, a currency, a
year and each countable thing are dimensions of their own, so that nothing adds or converts
unless it should. Importing this module reads no file; the table of units loads on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonkit.units.algebra import Measure, measure, simplify
from carbonkit.units.door import parts, quantity
from carbonkit.units.exact import canonical, dimensionality, same_dimension, scale, species

if TYPE_CHECKING:
    import pint

__all__ = [
    "Measure",
    "canonical",
    "dimensionality",
    "measure",
    "parts",
    "quantity",
    "registry",
    "same_dimension",
    "scale",
    "simplify",
    "species",
]


def registry() -> pint.UnitRegistry[Any]:
    """Return carbonkit's private pint registry, built on the first call.

    Its magnitudes are floats, it knows exactly the units that `canonical` knows, and it is never
    set as pint's application registry. Use `quantity` to bring values in.

    Returns
    -------
    pint.UnitRegistry

    Examples
    --------
    >>> registry() is registry()
    True
    >>> print(registry().Quantity(27.64, "GWh").to("MWh"))
    27640.0 MWh
    """
    from carbonkit.units import private

    return private.registry()
