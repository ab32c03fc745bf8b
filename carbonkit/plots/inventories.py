"""Pictures of an inventory: scopes by year, sources, and what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from carbonkit._text import number
from carbonkit.errors import InventoryError
from carbonkit.inventory import CAUSES, Change, Inventory
from carbonkit.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["change_by_cause", "scopes", "sources"]

_SCOPES = {1: style.SERIES[0][0], 2: style.SERIES[4][0], 3: style.SERIES[3][0]}
_LIMIT = 14
_UNITS = (("Mt", 10**6), ("kt", 10**3), ("t", 1))


def _tonnes(ax: Axes, largest: float) -> Callable[[float], str]:
    """Label the axis in the unit that suits the largest bar; return how to write an amount."""
    unit, size = next((u, s) for u, s in _UNITS if abs(largest) >= 100 * s or s == 1)
    ax.set_xlabel(f"{unit} CO₂e")
    ax.xaxis.set_major_formatter(lambda value, _: number(value / size, 4))
    return lambda value: f"{number(value / size, 4)} {unit} CO₂e"


def scopes(inventory: Inventory, gwp_set: str, ax: Axes | None = None) -> Axes:
    """Draw the scopes of each year as stacked bars, one for each Scope 2 method.

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InventoryError
        If the inventory is empty.
    """
    if not inventory.lines:
        raise InventoryError("the inventory has no lines to draw.")
    bars = [
        (year, method)
        for year in inventory.years[::-1]
        for method in ("market-based", "location-based")
    ]
    ax = ax or style.new_axes(1.6 + 0.55 * len(bars))
    known = sorted({line.source.scope for line in inventory.lines})
    sizes = {
        (bar, scope): float(
            inventory.total(gwp_set, year=bar[0], scope=scope, method=bar[1]).magnitude
        )
        for bar in bars
        for scope in known
    }
    written = _tonnes(ax, max(sum(sizes[bar, scope] for scope in known) for bar in bars))
    for place, (year, method) in enumerate(bars):
        left = 0.0
        for scope in known:
            size = sizes[(year, method), scope]
            ax.barh(
                place, size, left=left, height=0.62, color=_SCOPES[scope], edgecolor="white",
                label=f"Scope {scope}" if not place else None,
            )  # fmt: skip
            left += size
        style.beside(ax, place, written(left))
    style.rows(ax, {i: f"{year}, {method}" for i, (year, method) in enumerate(bars)})
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=style.TEXT)
    style.finish(
        ax,
        "Emissions by scope",
        f"{inventory.boundary}, {gwp_set}. The two Scope 2 methods are two views of the same "
        "energy and are never added." + (" Scope 3: category 3 alone." if 3 in known else ""),
    )
    return ax


def sources(
    inventory: Inventory, gwp_set: str, ax: Axes | None = None, *, method: str = "location-based"
) -> Axes:
    """Draw the largest sources, by site and activity.

    Parameters
    ----------
    inventory : Inventory
    gwp_set : str
    ax : matplotlib.axes.Axes, optional
    method : str
        The Scope 2 method.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InventoryError
        If the inventory is empty.
    """
    if not inventory.lines:
        raise InventoryError("the inventory has no lines to draw.")
    sizes: dict[tuple[int, str, str, str], Fraction] = defaultdict(Fraction)
    for line in inventory.select(scope=(1, 2), method=method):
        row = line.source
        key = (row.scope, row.site, row.category, row.activity)
        sizes[key] += line.emissions.exact_co2e(gwp_set)
    ranked = sorted(sizes.items(), key=lambda s: (-s[1], s[0]))
    shown, rest = ranked[:_LIMIT], ranked[_LIMIT:]
    total = sum(sizes.values(), Fraction(0))
    ax = ax or style.new_axes(1.5 + 0.32 * (len(shown) + bool(rest)))
    written = _tonnes(ax, float(shown[0][1]) if shown else 0.0)
    labels: dict[float, str] = {}
    for place, ((scope, site, category, activity), size) in enumerate(reversed(shown), bool(rest)):
        ax.barh(place, float(size), height=0.66, color=_SCOPES[scope])
        named = activity if category == activity else f"{activity}, {category}"
        labels[place] = f"{site}: {named}"
        share = f", {number(float(100 * size / total), 3)} %" if total else ""
        style.beside(ax, place, f"{written(float(size))}{share}")
    if rest:
        left = sum((size for _, size in rest), Fraction(0))
        ax.barh(0, float(left), height=0.66, color=style.BAND)
        labels[0] = f"{len(rest)} more"
        style.beside(ax, 0, written(float(left)))
    style.rows(ax, labels)
    years = ", ".join(map(str, inventory.years))
    style.finish(
        ax,
        f"Sources of Scope 1 (blue) and {method} Scope 2 (orange), {years}",
        f"{inventory.boundary}, {gwp_set}; share of both scopes together.",
    )
    return ax


def change_by_cause(change: Change, ax: Axes | None = None, *, title: str = "") -> Axes:
    """Draw a change and its causes as a waterfall.

    Parameters
    ----------
    change : Change
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    labels = {
        "activity": "amounts used",
        "factor": "emission factors",
        "boundary": "boundary",
        "method": "method, GWP set",
    }
    ax = ax or style.new_axes(3.4)
    level = float(change.before)
    written = _tonnes(ax, max(abs(level), abs(float(change.after))))
    names = ["before", *(labels[c] for c in CAUSES), "after"][::-1]
    top = len(names) - 1
    ax.barh(top, level, height=0.6, color=style.SOFT)
    style.beside(ax, top, written(level))
    for place, cause in enumerate(CAUSES, start=1):
        part = float(change.exact[cause])
        colour = style.SERIES[1][0] if part > 0 else style.SERIES[2][0]
        ax.barh(top - place, part, left=level, height=0.6, color=colour)
        ax.plot([level, level], [top - place - 0.3, top - place + 1.3], color=style.SOFT, lw=0.8)
        style.beside(ax, top - place, f"{'+' if part > 0 else ''}{written(part)}")
        level += part
    ax.barh(0, float(change.after), height=0.6, color=style.SOFT)
    style.beside(ax, 0, written(float(change.after)))
    style.rows(ax, dict(enumerate(names)))
    style.finish(
        ax, title or "What changed",
        f"Shapley values: the causes add up to the change. Before: {change.gwp_sets[0]}, after: "
        f"{change.gwp_sets[1]}.",
    )  # fmt: skip
    return ax
