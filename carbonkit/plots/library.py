"""Plots of emission factors: their history, and one kilowatt-hour under several of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonkit import units
from carbonkit.errors import FactorError
from carbonkit.factors import Factor
from carbonkit.factors.regions import name as region_name
from carbonkit.formula import Result
from carbonkit.formula.core import open_input
from carbonkit.plots import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["factor_comparison", "factor_history"]


# What may tell series apart, in the order in which a reader would say it.
_TELLING = ("region", "kind", "publisher", "boundary", "item", "gas")


def factor_history(frame: pd.DataFrame, ax: Axes | None = None, *, to: str = "kg/kWh") -> Axes:
    """Draw emission factors over the years they describe, one line per series.

    A series is a region, kind, publisher, boundary, item and gas; its label says what tells it
    from the others.

    Parameters
    ----------
    frame : pandas.DataFrame
        From :func:`carbonkit.factors.history` or :func:`carbonkit.factors.compare`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    to : str, optional
        Mass per something to which every value is brought; the gas stays.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    FactorError
        If no row has a value and a year.
    UnitError
        If a factor cannot be brought to that unit.

    Examples
    --------
    >>> from carbonkit import factors, plots
    >>> ax = plots.factor_history(
    ...     factors.history("electricity", region=None, publisher="IEA", release="iea/chart-2024")
    ... )
    >>> ax.get_ylabel()
    'kg CO₂/kWh'
    >>> import matplotlib.pyplot as plt
    >>> plt.close(ax.figure)
    """
    rows = frame[frame["value"].notna() & frame["data_year"].notna()]
    if rows.empty:
        raise FactorError("no factor of this frame has a value and belongs to a year.")
    scales = {unit: _scale(unit, to) for unit in rows["unit"].unique()}
    rows = rows.assign(
        value=[v * scales[u] for v, u in zip(rows["value"], rows["unit"], strict=True)],
        label=_labels(rows),
    )
    ax = ax or style.new_axes(4.6)
    ends: list[tuple[float, float, str, str]] = []
    for (label, part), (colour, mark) in zip(
        rows.groupby("label", sort=False), cycle(style.SERIES), strict=False
    ):
        line = part.sort_values("data_year", kind="stable")
        dates, values = line["data_year"].astype(int).tolist(), line["value"].tolist()
        ax.plot(dates, values, color=colour, marker=mark, lw=1.8, ms=4.5, mec="white", mew=0.5)
        ends.append((dates[-1], values[-1], str(label), colour))
    ax.set_ylim(0)
    ax.locator_params(axis="x", integer=True)
    ax.set_ylabel(_axis(scales, to))
    greatest = float(rows["value"].max())
    style.at_the_end(ax, [(x, y, f"{t}  {style.fixed(y, greatest)}", c) for x, y, t, c in ends])
    style.finish(
        ax,
        f"Emission factors of {', '.join(dict.fromkeys(rows['activity']))}, "
        f"{style.years(rows['data_year'])}",
        _sources(zip(rows["publisher"], rows["published"], strict=True)),
        grid="y",
    )
    return ax


def _labels(rows: pd.DataFrame) -> list[str]:
    """Name each row's series by what tells it from the others, and by its region if nothing."""
    said = [
        {
            "region": region_name(row["region"]),
            "kind": style.words(row["kind"]),
            "publisher": row["publisher"],
            "boundary": row["boundary"],
            "item": style.latin(row["item"]),
            "gas": style.pretty(row["gas"]),
        }
        for row in rows[list(_TELLING)].fillna("").to_dict("records")
    ]
    labels = [""] * len(said)
    for column in _TELLING:
        namesakes: dict[str, set[str]] = {}
        for label, row in zip(labels, said, strict=True):
            namesakes.setdefault(label, set()).add(row[column])
        labels = [
            f"{label}, {row[column]}" if len(namesakes[label]) > 1 else label
            for label, row in zip(labels, said, strict=True)
        ]
    return [
        label.removeprefix(", ") or row["region"] for label, row in zip(labels, said, strict=True)
    ]


class _Point(NamedTuple):
    """One value of a comparison, with its unit and where it comes from."""

    row: str
    series: str
    value: float
    unit: str
    sources: tuple[tuple[str, str], ...]


def factor_comparison(
    given: pd.DataFrame | Mapping[str, Any], ax: Axes | None = None, *, to: str = "kg/kWh"
) -> Axes:
    """Draw what the same kilowatt-hour comes to under several emission factors.

    Parameters
    ----------
    given : DataFrame or mapping
        A frame from :func:`carbonkit.factors.compare`: one row per region (and year), one mark
        per kind. Or factors by name, each an emission factor, the result of a formula such as a
        combined margin, or text with a unit: one row each. Or mappings of such by name: one row
        per mapping, one mark per name. Rows stand in the order given.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    to : str, optional
        Mass per something to which every value is brought; the gas stays.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    FactorError
        If there is nothing to compare.
    UnitError
        If a value cannot be brought to that unit.

    Examples
    --------
    >>> from carbonkit import factors, plots
    >>> average = factors.find("electricity", region="World", year=2018, release="iea/world-2018")
    >>> ax = plots.factor_comparison({"world average": average, "made up": "1 kg CO2/kWh"})
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['world average', 'made up']
    >>> import matplotlib.pyplot as plt
    >>> plt.close(ax.figure)
    """
    points = list(_of_mapping(given, to) if isinstance(given, Mapping) else _of_frame(given, to))
    if not points:
        raise FactorError("there is no factor with a value to compare.")
    order = {row: y for y, row in enumerate(dict.fromkeys(p.row for p in points))}
    series = list(dict.fromkeys(p.series for p in points))
    looks = dict(zip(series, cycle(style.SERIES), strict=False))
    greatest = max(p.value for p in points)
    ax = ax or style.new_axes(1.7 + 0.3 * len(order))
    for row, y in order.items():
        values = [p.value for p in points if p.row == row]
        start = 0 if len(series) == 1 else min(values)
        ax.plot([start, max(values)], [y, y], color=style.BAND, lw=3, zorder=1)
    for point in points:
        colour, mark = looks[point.series]
        # Marks that would hide each other stand a little apart.
        near = [
            p
            for p in points
            if p.row == point.row and abs(p.value - point.value) < 0.015 * greatest
        ]
        height = order[point.row] + 0.2 * (near.index(point) - (len(near) - 1) / 2)
        ax.plot(point.value, height, mark, color=colour, ms=9, mec="white",
                gid=f"{point.row}: {point.series}")  # fmt: skip
        if len(series) == 1:
            unit = _axis([point.unit], to).partition("/")[0]
            style.beside(ax, order[point.row], f"{style.fixed(point.value, greatest)} {unit}")
    ax.set_xlim(0)
    ax.set_ylim(len(order) - 0.5, -0.5)
    style.rows(ax, {y: row for row, y in order.items()})
    ax.set_xlabel(_axis([p.unit for p in points], to))
    if len(series) > 1:
        style.legend(ax, looks)
    style.finish(
        ax,
        f"One {to.partition('/')[2]}, several emission factors",
        _sources(s for p in points for s in p.sources),
    )
    return ax


def _of_mapping(given: Mapping[str, Any], to: str) -> Iterator[_Point]:
    for row, entry in given.items():
        for series, value in (entry if isinstance(entry, Mapping) else {"": entry}).items():
            taken = open_input(value)
            amount = float(taken.magnitude) * _scale(taken.unit, to)
            yield _Point(row, series, amount, taken.unit, tuple(_origins(taken.origin)))


def _of_frame(frame: pd.DataFrame, to: str) -> Iterator[_Point]:
    rows = frame[frame["value"].notna()]
    rows = rows.sort_values(
        ["region", "data_year"],
        key=lambda c: c.map({v: i for i, v in enumerate(c.unique())}) if c.name == "region" else c,
        kind="stable",
    )
    several = rows["data_year"].nunique() > 1
    for row in rows.to_dict("records"):
        year = f" {row['data_year']}" if several else ""
        yield _Point(
            f"{region_name(row['region'])}{year}",
            style.words(row["kind"]),
            row["value"] * _scale(row["unit"], to),
            row["unit"],
            ((row["publisher"], row["published"]),),
        )


def _origins(origin: Any) -> Iterator[tuple[str, str]]:
    """Go through the publishers that a value rests on."""
    if isinstance(origin, Factor):
        yield origin.source.publisher, str(origin.source.published)
    elif isinstance(origin, Result):
        for given in origin.inputs.values():
            yield from _origins(given.origin)


def _with_gas(to: str, gas: str | None) -> str:
    mass, slash, per = to.partition("/")
    return f"{mass} {gas}{slash}{per}" if gas else to


def _scale(unit: str, to: str) -> float:
    return float(units.scale(unit, units.canonical(_with_gas(to, units.species(unit)))))


def _axis(given: Iterable[str], to: str) -> str:
    gases = sorted({units.species(u) or "" for u in given})
    return style.pretty(_with_gas(to, " or ".join(filter(None, gases))))


def _sources(given: Iterable[tuple[str, str]]) -> str:
    """Name publishers with the years of their publications."""
    published: dict[str, set[int]] = {}
    for publisher, date in given:
        published.setdefault(publisher, set()).add(int(str(date)[:4]))
    told = ", ".join(f"{p} ({style.years(y)})" for p, y in sorted(published.items()))
    return f"Sources: {told}." if told else "No published source."
