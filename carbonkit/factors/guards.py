"""Guard rails: whether a factor fits what it is to be used for."""

from __future__ import annotations

import re
from typing import NamedTuple

from carbonkit.errors import FactorError, FactorKindError, nearest
from carbonkit.factors.model import KINDS, Factor, Override

__all__ = ["PURPOSES", "check_purpose", "require_purpose"]


class Purpose(NamedTuple):
    """What a factor may be used for.

    Attributes
    ----------
    kinds : frozenset of str
        The kinds that fit.
    source : str
        Who says so.
    """

    kinds: frozenset[str]
    source: str


PURPOSES = {
    "inventory-location": Purpose(
        frozenset({"average", "heat"}), "GHG Protocol Scope 2 Guidance, table 6.2"
    ),
    "inventory-market": Purpose(
        frozenset({"certificate", "contract", "supplier", "residual", "average", "heat"}),
        "GHG Protocol Scope 2 Guidance, table 6.3",
    ),
    "avoided": Purpose(
        frozenset(
            {"operating-margin", "build-margin", "combined-margin", "non-baseload", "average"}
        ),
        "CDM TOOL07; GHG Protocol for Project Accounting, ch. 10",
    ),
    "product-footprint": Purpose(
        frozenset({"life-cycle", "combustion", "well-to-tank", "t-and-d-loss", "activity"}),
        "ISO 14067, 6.3; GHG Protocol Product Standard, ch. 7",
    ),
    "combustion": Purpose(
        frozenset({"combustion"}), "GHG Protocol Corporate Standard, ch. 4 (Scope 1)"
    ),
    "upstream-energy": Purpose(
        frozenset({"well-to-tank", "t-and-d-loss"}),
        "GHG Protocol Scope 3 Standard, category 3",
    ),
    "biogenic": Purpose(
        frozenset({"biogenic"}), "GHG Protocol Corporate Standard, ch. 9 (outside the scopes)"
    ),
    "illustration": Purpose(frozenset({"equivalence", "folk"}), "a convention"),
}

_MARGIN = (
    "it describes the plants that would react to a change in demand, about 1.3 to 2 times the "
    "average where cheap plants always run; it is for avoided emissions"
)
_WHY = {
    "operating-margin": _MARGIN,
    "build-margin": "it describes the plants that would be built next; it is for avoided emissions",
    "combined-margin": _MARGIN,
    "non-baseload": _MARGIN,
    "residual": "it leaves out what others have claimed; it is for the market-based method",
    "supplier": "it is what one supplier delivers; it is for the market-based method",
    "contract": "it is what a contract delivers; it is for the market-based method",
    "certificate": "it is what a certificate conveys; it is for the market-based method",
    "life-cycle": "it includes upstream fuel and construction, which Scope 3 counts; it is for "
    "product footprints",
    "average": "it covers generation alone",
    "fossil": "it covers the fossil plants alone",
    "well-to-tank": "it covers the upstream of the energy; it is for Scope 3, category 3",
    "t-and-d-loss": "it covers losses in the grid; it is for Scope 3, category 3",
    "biogenic": "biogenic CO2 is reported outside the scopes",
    "folk": "no primary source is known for it",
    "equivalence": "it is a convention for illustration",
}
_DERIVED = "it is a constant from which factors are derived, not a factor"


def check_purpose(
    factor: Factor,
    purpose: str,
    override: str | None = None,
    *,
    gas: str | None = None,
    calorific_basis: str | None = None,
    reference_conditions: str | None = None,
) -> Factor:
    """Return the factor if it fits the purpose; refuse it with the reason if not.

    Parameters
    ----------
    factor : Factor
    purpose : str
        "inventory-location", "inventory-market", "avoided", "product-footprint", "combustion",
        "upstream-energy", "biogenic" or "illustration".
    override : str, optional
        The reason for using it all the same; the factor that is returned carries it.
    gas : str, optional
        The gas that is wanted: "CO2e" refuses a factor for CO2 alone, and the reverse.
    calorific_basis : str, optional
        "net" or "gross": the basis of the activity data.
    reference_conditions : str, optional
        The conditions at which the gas volume was metered: "20 degC, 101.325 kPa".

    Returns
    -------
    Factor
        The same factor; with one more record in `.overrides` for each problem overridden.

    Raises
    ------
    FactorKindError
        If the factor does not fit and there is no override.
    FactorError
        If the purpose is unknown or the override gives no reason.

    Examples
    --------
    >>> from carbonkit import factors
    >>> world = factors.find("electricity", year=2018, release="iea/world-2018")
    >>> factors.check_purpose(world, "inventory-location") is world
    True
    >>> factors.check_purpose(world, "combustion")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    carbonkit.errors.FactorKindError: iea/world-2018#electricity-world-2018 does not fit ...
    >>> used = factors.check_purpose(world, "inventory-location", gas="CO2e",
    ...                              override="CH4 and N2O are under 1 %")
    >>> print(used.overrides[0].reason)
    CH4 and N2O are under 1 %
    """
    require_purpose(purpose)
    if override is not None and not override.strip():
        raise FactorError("override must give the reason for using the factor all the same.")
    problems = [
        problem
        for problem in (
            _kind_problem(factor, purpose),
            _gas_problem(factor, gas),
            _basis_problem(factor, calorific_basis),
            _conditions_problem(factor, reference_conditions),
        )
        if problem
    ]
    if problems and override is None:
        raise FactorKindError(
            f"{factor.key} does not fit {purpose!r}: {factor.text} {factor.unit} "
            f"{'; and it '.join(problems)}. Find a factor that fits, or state why this one is "
            "used with override='...'; the result then says so."
        )
    for problem in problems:
        factor = factor.with_override(Override(purpose, f"it {problem}", override or ""))
    return factor


def require_purpose(purpose: str) -> None:
    """Refuse a purpose that does not exist.

    Raises
    ------
    FactorError
        If it does not.
    """
    if purpose not in PURPOSES:
        raise FactorError(
            f"unknown purpose {purpose!r}.{nearest(purpose, PURPOSES)} "
            f"Purposes: {', '.join(PURPOSES)}."
        )


def _kind_problem(factor: Factor, purpose: str) -> str | None:
    fitting, source = PURPOSES[purpose]
    if factor.kind in fitting:
        return None
    why = _WHY.get(factor.kind) or KINDS[factor.kind]
    if factor.kind not in _WHY and factor.kind not in ("combustion", "heat", "activity"):
        why = _DERIVED
    kinds = ", ".join(k for k in KINDS if k in fitting)
    return f"is of kind {factor.kind!r}: {why} (fitting kinds: {kinds}; {source})"


def _gas_problem(factor: Factor, gas: str | None) -> str | None:
    if gas is None or factor.gas == gas:
        return None
    if gas == "CO2e" and factor.gas == "CO2":
        return "covers CO2 alone: CH4 and N2O are missing from a total in CO2e"
    if gas == "CO2e" and factor.gas:
        return f"covers {factor.gas} alone: convert it with a named GWP set and add the other gases"
    if factor.gas == "CO2e":
        return f"is a total in CO2e, from which {gas} cannot be told apart"
    return f"is for {factor.gas or 'no gas'}, not for {gas}"


def _basis_problem(factor: Factor, basis: str | None) -> str | None:
    if basis not in (None, "net", "gross"):
        raise FactorError(f"calorific_basis {basis!r} is neither 'net' nor 'gross'.")
    if basis is None or factor.calorific_basis in ("", basis):
        return None
    return (
        f"is per {factor.calorific_basis} calorific value, but the energy is {basis}: they differ "
        "by about 5 % for liquids and 10 % for natural gas"
    )


def _conditions_problem(factor: Factor, conditions: str | None) -> str | None:
    if conditions is None or _folded(conditions) == _folded(factor.reference_conditions):
        return None
    stated = factor.reference_conditions or "conditions that its publisher does not state"
    return (
        f"holds at {stated}, the volume was metered at {conditions}: "
        "at 20 degC a cubic metre holds 7 % less gas than at 0 degC"
    )


def _folded(conditions: str) -> str:
    return re.sub(r"[\s,°]|deg", "", conditions).casefold()
