"""Exact amounts: the decimals that people write, carried through formulas without rounding."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from carbonkit import units
from carbonkit.errors import UnitError
from carbonkit.formula import Formula, Input, Result

if TYPE_CHECKING:
    from carbonkit.provenance import Assumption

__all__ = ["amount", "call", "fraction"]


def fraction(value: Any) -> Fraction:
    """Return a number exactly; a float stands for the shortest decimal that makes it.

    Examples
    --------
    >>> fraction(0.1), fraction("2.50")
    (Fraction(1, 10), Fraction(5, 2))
    """
    if isinstance(value, int | Fraction | Decimal | str):
        return Fraction(value)
    return Fraction(repr(float(value)))


def amount(value: Any, unit: str | None = None) -> Input:
    """Take an amount in: text, a pair, a quantity, an emission factor or a result.

    Raises
    ------
    UnitError
        If the unit is missing or unknown, or there is not one finite number.

    Examples
    --------
    >>> amount("0.1 GWh").magnitude, amount((3, "t")).unit
    (Fraction(1, 10), 't')
    """
    printed = getattr(value, "text", None)
    if isinstance(printed, str) and hasattr(value, "release"):  # a factor: its printed digits
        return Input(Fraction(printed), value.unit, value)
    # A result's own quantity would be a float.
    bare = (value.magnitude, value.unit) if isinstance(value, Result) else value
    magnitude, known = units.parts(bare, unit)
    if not isinstance(magnitude, int | float | Fraction):
        raise UnitError(f"a {type(magnitude).__name__} in {known} is not one number.")
    return Input(fraction(magnitude), known, _origin(value))


def _origin(value: Any) -> Any:
    return value if hasattr(value, "quantity") else None


def call(
    formula: Formula,
    inputs: Mapping[str, Input],
    gwp_set: str | None = None,
    assumptions: tuple[Assumption, ...] = (),
) -> Result:
    """Run a formula on exact amounts: units proven once per combination, nothing rounded."""
    given = [inputs[name] for name in formula.units]
    plan = formula.plan(*(i.unit for i in given))
    # Most conversions are none, and a product of fractions costs.
    scaled = [
        i.magnitude if s == 1 else i.magnitude * s for i, s in zip(given, plan.scales, strict=True)
    ]
    made = formula.body(*scaled)
    return Result(
        magnitude=made if plan.out == 1 else made * plan.out,
        unit=plan.unit,
        formula=formula,
        inputs=MappingProxyType(dict(inputs)),
        gwp_set=gwp_set,
        assumptions=assumptions,
    )
