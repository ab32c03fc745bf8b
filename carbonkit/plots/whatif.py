"""Plots of savings: how much energy, which factor it implies, and what another one makes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonkit.claims.whatif import restate, totals
from carbonkit.errors import ReportError
from carbonkit.plots import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from carbonkit.claims import Audit

__all__ = ["restated", "savings"]

_KINDS = ("saved", "generated", "consumed", "purchased", "delivered")
_OTHER = "not said"


def savings(audit: Audit, ax: Axes | None = None) -> Axes:
    """Draw the energy behind each claim of avoided emissions, and the factor that it implies.

    One row per amount, the largest energy first, on a logarithmic axis; the line is what the
    rounding of the energy leaves open. The colour says what happened to the energy. Beside each
    row stand the printed tonnes, the emission factor in kg CO2/kWh for which they agree with the
    energy, and the verdict.

    Parameters
    ----------
    audit : Audit
        The audit of a report.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ReportError
        If the report has no claim of avoided emissions.

    Examples
    --------
    >>> import carbonkit as ck
    >>> ax = ck.plots.savings(ck.load_report("huawei-2020").verify())
    >>> ax.get_xlabel()
    'energy, kWh (logarithmic)'
    >>> import matplotlib.pyplot as plt
    >>> plt.close(ax.figure)
    """
    # A tonne for each megawatt-hour: the restated tonnes are the energy.
    found = restate(audit.report, {"energy": "1 t CO2/MWh"})
    found = found[found["id"].isin([r.id for r in audit])]
    if found.empty:
        raise ReportError(f"no claim of this audit of {audit.report.id} is of avoided emissions.")
    implied = audit.implied_factors("kg CO2/kWh")
    implied = implied.assign(width=implied.high - implied.low).sort_values("width")
    factor = implied.drop_duplicates("id").set_index("id")
    rows = found.sort_values(["restated", "id"], ascending=[False, True]).to_dict("records")
    ax = ax or style.new_axes(1.9 + 0.27 * len(rows))
    ax.set_xscale("log")
    looks = dict(zip((*_KINDS, _OTHER), style.SERIES, strict=False))
    for y, row in enumerate(rows):
        colour, mark = looks[_kind(audit, row["id"])]
        low, high = (1000 * row[end] for end in ("low", "high"))
        ax.plot([low, high], [y, y], color=colour, lw=3, solid_capstyle="butt")
        ax.plot(1000 * row["restated"], y, mark, color=colour, ms=8, mec="white", gid=row["id"])
        result = audit[row["id"]]
        style.beside(ax, y, style.pretty(result.deciding.printed_text))
        if row["id"] in factor.index:
            ends = factor.loc[row["id"]]
            style.beside(ax, y, style.span(float(ends["low"]), float(ends["high"])), offset=120)
        style.beside(ax, y, style.words(result.verdict), offset=192)
    ax.set_ylim(len(rows) - 0.4, -1.4)
    for heading, offset in (("printed CO₂", 6), ("implied kg/kWh", 120), ("verdict", 192)):
        style.beside(ax, -1, heading, offset)
    style.rows(ax, {y: f"{row['system']}, p. {row['page']}" for y, row in enumerate(rows)})
    ax.set_xlabel("energy, kWh (logarithmic)")
    shown = {_kind(audit, row["id"]) for row in rows}
    style.legend(ax, {kind: look for kind, look in looks.items() if kind in shown})
    style.finish(
        ax,
        "Energy behind the avoided emissions, and the factor that it implies",
        "Colour: what happened to the energy. A line shows what its rounding leaves open, where it "
        "is wide enough to be seen. Amounts to date and amounts of a year stand side by side. "
        f"Source: {audit.report.title}; carbonkit.",
    )
    return ax


def _kind(audit: Audit, claim_id: str) -> str:
    """Return what happened to the energy of a claim; the first that is said, if it is a sum."""
    values = audit.report.values
    for relation in audit.report[claim_id].relations:
        for name in relation.right.names:
            if values[name].kind in _KINDS:
                return values[name].kind
    return _OTHER


def restated(frame: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what one factor for all makes of each claim, relative to what is printed.

    One row per claim, by rank; a mark for each factor. Beside each row stands the rank as printed
    and, where it moves, the rank under one factor. The last rows are totals.

    Parameters
    ----------
    frame : pandas.DataFrame
        From :func:`carbonkit.claims.whatif.restate`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ReportError
        If there are more factors than marks.

    Examples
    --------
    >>> import carbonkit as ck
    >>> frame = ck.load_report("huawei-2020").restate({"world 2018": "475 g CO2/kWh"})
    >>> ax = ck.plots.restated(frame)
    >>> ax.get_xlabel()
    'restated as a multiple of what is printed'
    >>> import matplotlib.pyplot as plt
    >>> plt.close(ax.figure)
    """
    names = list(dict.fromkeys(frame["scenario"]))
    if len(names) > len(style.SERIES):
        raise ReportError(f"{len(names)} factors cannot be told apart; draw {len(style.SERIES)}.")
    looks = dict(zip(names, style.SERIES, strict=False))
    yearly = frame["unit"].str.endswith("/year")
    groups = [("Amounts of a year", frame[yearly]), ("Amounts to date", frame[~yearly])]
    groups = [(heading, group) for heading, group in groups if not group.empty]
    count = sum(len(group["id"].unique()) + 2.5 for _, group in groups)
    ax = ax or style.new_axes(1.9 + 0.25 * count)
    labels: dict[float, str] = {}
    y = 0.0
    for heading, group in groups:
        y += 1
        style.heading(ax, y, heading)
        first = group[group["scenario"] == names[0]].sort_values(["rank", "id"])
        for claim in first.to_dict("records"):
            y += 1
            part = " (part of another)" if claim["part_of"] else ""
            labels[y] = f"{claim['system']}, p. {claim['page']}{part}"
            same = group[group["id"] == claim["id"]]
            for scenario, ratio in zip(same["scenario"], same["ratio"], strict=True):
                colour, mark = looks[scenario]
                ax.plot(ratio, y, mark, color=colour, ms=7, mec="white", gid=claim["id"])
            moves = claim["rank"] != claim["rank_printed"]
            arrow = f" → {claim['rank']}" if moves else ""
            style.beside(ax, y, f"{claim['rank_printed']}{arrow}")
        y += 1
        labels[y] = "total, each kilowatt-hour once"
        for total in totals(group).to_dict("records"):
            colour, mark = looks[total["scenario"]]
            ax.plot(total["ratio"], y, mark, color=colour, ms=10, mec="white", gid="total")
        y += 0.5
    ax.axvline(1, color=style.SOFT, lw=1, zorder=0.5)
    greatest = float(frame["ratio"].max())
    ax.set_xlim(0, math.ceil(greatest * 5.25) / 5)
    ax.set_ylim(y + 0.2, 0.2)
    style.beside(ax, 1, "rank")
    style.rows(ax, labels)
    ax.set_xlabel("restated as a multiple of what is printed")
    style.legend(ax, {name: looks[name] for name in names})
    told = frame.drop_duplicates("scenario")
    used = "; ".join(f"{n}: {style.pretty(f)}" for n, f in zip(told["scenario"], told["factor"],
                                                               strict=True))  # fmt: skip
    style.finish(
        ax,
        "One factor for all: what becomes of each claim of avoided emissions",
        "At the upright line a claim stays as printed. Totals leave out claims that the report "
        "says are part of another. Rank: as printed, and under one factor where it differs. "
        f"Factors: {used}.",
    )
    return ax
