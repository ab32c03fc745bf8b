"""What changed between two inventories, in parts that add up to the change exactly.

Emissions of one source are share x amount x factor x GWP. The change of such a product is divided
among its terms by their Shapley values: each term gets its effect, averaged over every order in
which the terms can change. There is no residual, the order does not matter, and what did not
change gets nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any

from carbonkit import gwp, units
from carbonkit._text import number, with_unit
from carbonkit.emissions import weight
from carbonkit.errors import InventoryError
from carbonkit.formula import Result
from carbonkit.inventory.lines import Line
from carbonkit.inventory.model import Inventory
from carbonkit.inventory.parts import emitted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CAUSES", "Change", "Recalculation", "SourceChange", "compare", "recalculate"]

CAUSES = ("activity", "factor", "boundary", "method")
"""The causes of a change: amount used, factor, organisational boundary, method with GWP set."""

_GROUP = ("site", "scope", "method", "category", "activity")


@dataclass(frozen=True)
class SourceChange:
    """The change of one source of emissions.

    Attributes
    ----------
    site, method, category, activity : str
    scope : int
    before, after : Fraction
        Tonnes of CO2e.
    parts : mapping of str to Fraction
        Tonnes of CO2e by cause; they add up to `after - before`.
    """

    site: str
    scope: int
    method: str
    category: str
    activity: str
    before: Fraction
    after: Fraction
    parts: Mapping[str, Fraction]


@dataclass(frozen=True)
class Change:
    """What changed between two inventories.

    Attributes
    ----------
    sources : tuple of SourceChange
    gwp_sets : tuple of str
        The set of either inventory.
    """

    sources: tuple[SourceChange, ...]
    gwp_sets: tuple[str, str]

    @property
    def before(self) -> Fraction:
        """Tonnes of CO2e before, exact."""
        return sum((s.before for s in self.sources), Fraction(0))

    @property
    def after(self) -> Fraction:
        """Tonnes of CO2e after, exact."""
        return sum((s.after for s in self.sources), Fraction(0))

    @property
    def exact(self) -> dict[str, Fraction]:
        """Tonnes of CO2e by cause; they add up to ``after - before`` exactly."""
        return {cause: sum((s.parts[cause] for s in self.sources), Fraction(0)) for cause in CAUSES}

    @property
    def parts(self) -> dict[str, Result]:
        """The change by cause, for reading."""
        return {
            cause: Result(float(part), "t CO2e", note=f"change by {cause}")
            for cause, part in self.exact.items()
        }

    def frame(self) -> pd.DataFrame:
        """Return the change of every source, in t CO2e."""
        import pandas as pd

        return pd.DataFrame.from_records(
            [
                {
                    **{name: getattr(s, name) for name in _GROUP},
                    "before": float(s.before),
                    **{cause: float(s.parts[cause]) for cause in CAUSES},
                    "after": float(s.after),
                }
                for s in self.sources
            ],
            columns=[*_GROUP, "before", *CAUSES, "after"],
        )

    def __str__(self) -> str:
        lines = [f"before    {with_unit(float(self.before), 't CO2e')} ({self.gwp_sets[0]})"]
        lines += [f"{cause:9} {number(float(part)):>12}" for cause, part in self.exact.items()]
        lines.append(f"after     {with_unit(float(self.after), 't CO2e')} ({self.gwp_sets[1]})")
        return "\n".join(lines)


@dataclass(frozen=True)
class _Side:
    """One source in one inventory: emissions = share x amount x sum of factor x weight."""

    share: Fraction
    amount: Fraction
    factor: Mapping[str, Fraction]
    unit: str
    how: frozenset[str]


def compare(
    before: Inventory,
    after: Inventory,
    gwp_set: str | gwp.GwpSet,
    *,
    gwp_set_after: str | gwp.GwpSet | None = None,
    method: str = "location-based",
    scope: Any = (1, 2),
) -> Change:
    """Divide the change between two inventories among its causes.

    Parameters
    ----------
    before, after : Inventory
        Two years (see :meth:`Inventory.only`), or one year before and after a restatement.
    gwp_set : str or GwpSet
    gwp_set_after : str or GwpSet, optional
        The set of the second inventory, where it is another one: a change of method.
    method : str
        The Scope 2 method.
    scope : int or sequence of int
        The scopes to compare.

    Returns
    -------
    Change
        *activity*: amounts, with sources that came or went at a site; *factor*: emission
        factors; *boundary*: sites that came or went, and their shares; *method*: GWP sets, and
        factors that were found by another method (own factor, carbon content ...).

    Raises
    ------
    GwpError
        If a set cannot express an inventory.

    Notes
    -----
    Source: L. S. Shapley, A value for n-person games (1953); J. Albrecht, D. François,
    K. Schoors, A Shapley decomposition of carbon emissions without residuals, Energy Policy 30
    (2002) 727-736; equal to the refined Laspeyres method of Sun, Energy Economics 20 (1998)
    85-100.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonkit import inventory
    >>> def year(amount, factor):
    ...     return inventory.from_frame(pd.DataFrame([{
    ...         "site": "A", "year": 2020, "category": "process", "activity": "clinker",
    ...         "amount": amount, "unit": "t", "factor": factor, "factor_unit": "t CO2/t",
    ...         "factor_source": "laboratory"}]))
    >>> print(compare(year(100, 0.5), year(80, 0.6), "AR5"))
    before    50 t CO2e (AR5 (100 years))
    activity           -11
    factor               9
    boundary             0
    method               0
    after     48 t CO2e (AR5 (100 years))
    """
    sets = tuple(
        gwp.get(s) if isinstance(s, str) else s for s in (gwp_set, gwp_set_after or gwp_set)
    )
    lines = [i.select(scope=scope, method=method) for i in (before, after)]
    for inventory, chosen, some in zip((before, after), sets, lines, strict=True):
        inventory.check_gwp(chosen, some)
    groups = [_grouped(some) for some in lines]
    sources = [
        _source(key, (before, after), (groups[0].get(key), groups[1].get(key)), sets)
        for key in sorted({*groups[0], *groups[1]})
    ]
    return Change(tuple(sources), (str(sets[0]), str(sets[1])))


def _grouped(lines: Iterable[Line]) -> dict[tuple[Any, ...], list[Line]]:
    groups: dict[tuple[Any, ...], list[Line]] = defaultdict(list)
    for line in lines:
        groups[tuple(line.get(key) for key in _GROUP)].append(line)
    return groups


def _source(
    key: tuple[Any, ...],
    inventories: tuple[Inventory, Inventory],
    lines: tuple[list[Line] | None, list[Line] | None],
    sets: tuple[gwp.GwpSet, ...],
) -> SourceChange:
    totals = [
        sum((line.emissions.exact_co2e(s) for line in some or ()), Fraction(0))
        for some, s in zip(lines, sets, strict=True)
    ]
    found = [_side(some) if some else None for some in lines]
    parts = dict.fromkeys(CAUSES, Fraction(0))
    one_sided = found[0] is None or found[1] is None
    sides = [
        mine or _absent(inventory, key[0], theirs)
        for mine, theirs, inventory in zip(found, found[::-1], inventories, strict=True)
    ]
    first, second = sides
    if first is None or second is None or not units.same_dimension(first.unit, second.unit):
        # Amounts that cannot be compared: litres then, kilowatt-hours now.
        parts["activity" if one_sided else "method"] = totals[1] - totals[0]
        return _changed(key, totals, parts)
    # A source that was not used has the factor of the year in which it was.
    if not first.amount:
        first = replace(second, share=first.share, amount=Fraction(0))
    if not second.amount:
        second = replace(first, share=second.share, amount=Fraction(0))
    gases = sorted({*first.factor, *second.factor})
    used = {g for side in (first, second) for g, mass in side.factor.items() if mass}
    weights = [{g: weight(g, s) if g in used else Fraction(0) for g in gases} for s in sets]
    same_way = first.how == second.how

    def value(changed: frozenset[str]) -> Fraction:
        def side(cause: str) -> _Side:
            return second if cause in changed else first

        share, amount = side("boundary").share, side("activity")
        factor = side("factor" if same_way else "method").factor
        chosen = weights["method" in changed]
        per_unit = sum((m * chosen[g] for g, m in factor.items()), Fraction(0))
        # Factors are per unit of the first side or of the second.
        taken = side("factor" if same_way else "method").unit
        return share * amount.amount * units.scale(amount.unit, taken) * per_unit

    for cause, part in _shapley(value).items():
        parts[cause] = part
    return _changed(key, totals, parts)


def _changed(
    key: tuple[Any, ...], totals: Sequence[Fraction], parts: Mapping[str, Fraction]
) -> SourceChange:
    site, scope, method, category, activity = key
    return SourceChange(site, scope, method, category, activity, totals[0], totals[1], parts)


def _shapley(value: Any) -> dict[str, Fraction]:
    """Return the Shapley value of each cause: its effect averaged over all orders."""
    count = len(CAUSES)
    values = {
        frozenset(some): value(frozenset(some))
        for size in range(count + 1)
        for some in combinations(CAUSES, size)
    }
    shares = {}
    for cause in CAUSES:
        total = Fraction(0)
        for some, without in values.items():
            if cause not in some:
                orders = factorial(len(some)) * factorial(count - len(some) - 1)
                total += Fraction(orders, factorial(count)) * (values[some | {cause}] - without)
        shares[cause] = total
    return shares


def _side(lines: list[Line]) -> _Side | None:
    """Return one source as a product; None if its amounts have no common unit."""
    unit = min(line.source.unit for line in lines)
    if not all(units.same_dimension(line.source.unit, unit) for line in lines):
        return None
    inside = any(line.share for line in lines)
    amount = held = Fraction(0)
    masses: dict[str, Fraction] = defaultdict(Fraction)
    for line in lines:
        size = line.amount * units.scale(line.source.unit, unit)
        amount += size
        held += size * line.share
        counted = line.share if inside else Fraction(1)
        for part in line.parts:
            for gas, mass in emitted(part).masses.items():
                masses[gas] += mass * counted
    base = held if inside else amount
    factor = {gas: mass / base for gas, mass in masses.items()} if base else {}
    how = frozenset(line.source.method for line in lines)
    return _Side(held / amount if amount else Fraction(1), amount, factor, unit, how)


def _absent(inventory: Inventory, site: str, theirs: _Side | None) -> _Side | None:
    """Return a source that an inventory lacks: not used, or at a site that it does not have."""
    if theirs is None:
        return None
    known = site in inventory.sites if inventory.sites else site in {r.site for r in inventory.rows}
    if known:
        share = inventory.sites[site].share(inventory.boundary) if inventory.sites else theirs.share
        return _Side(share, Fraction(0), theirs.factor, theirs.unit, theirs.how)
    return _Side(Fraction(0), theirs.amount, theirs.factor, theirs.unit, theirs.how)


@dataclass(frozen=True)
class Recalculation:
    """Whether a restated base year differs enough to be published.

    Attributes
    ----------
    change : Change
        From the base year as reported to the base year as restated.
    threshold : Fraction
        As a share of the base year as reported.
    """

    change: Change
    threshold: Fraction

    @property
    def relative(self) -> Fraction:
        """The change as a share of the base year as reported."""
        return (self.change.after - self.change.before) / self.change.before

    @property
    def significant(self) -> bool:
        """Whether the change reaches the threshold, up or down."""
        return abs(self.relative) >= self.threshold

    def __str__(self) -> str:
        verdict = "recalculate the base year" if self.significant else "keep the base year"
        return (
            f"{self.change}\nchange    {number(float(self.relative * 100))} % against a threshold "
            f"of {number(float(self.threshold * 100))} %: {verdict}"
        )


def recalculate(
    reported: Inventory,
    restated: Inventory,
    gwp_set: str | gwp.GwpSet,
    *,
    threshold: Fraction | float | str = "0.05",
    gwp_set_after: str | gwp.GwpSet | None = None,
    method: str = "location-based",
    scope: Any = (1, 2),
) -> Recalculation:
    """Test a restated base year against the significance threshold.

    Structural changes, changes of method and errors found are reasons to restate; organic growth
    is not, so `restated` must hold the same year.

    Parameters
    ----------
    reported, restated : Inventory
        The base year as published, and with the new boundary (:meth:`Inventory.with_sites`),
        factors or corrected rows.
    gwp_set, gwp_set_after, method, scope
        As for :func:`compare`.
    threshold : number or text
        A share: 0.05 for 5 %. The GHG Protocol leaves it to the company; the SBTi asks for 5 %.

    Returns
    -------
    Recalculation

    Raises
    ------
    InventoryError
        If the two are not of the same years, or the base year is without emissions.

    Notes
    -----
    Source: GHG Protocol Corporate Standard, ch. 5; ISO 14064-1:2018, 6.4.2.
    """
    if reported.years != restated.years:
        raise InventoryError(
            f"the base year is {reported.years}, the restatement {restated.years}: compare the "
            "same years. Growth is no reason to recalculate."
        )
    change = compare(
        reported, restated, gwp_set, gwp_set_after=gwp_set_after, method=method, scope=scope
    )
    if not change.before:
        raise InventoryError("the base year has no emissions, so that no change is a share of it.")
    share = Fraction(threshold) if isinstance(threshold, Fraction) else Fraction(str(threshold))
    return Recalculation(change, share)
