"""Plots of an audit: verdicts, printed against recomputed, implied emission factors."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonkit import factors, units
from carbonkit.claims.verdict import ClaimResult, Verdict
from carbonkit.errors import FactorNotFound, ReportError
from carbonkit.factors import Factor
from carbonkit.intervals import Interval
from carbonkit.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from carbonkit.claims import Audit

__all__ = ["implied_factors", "printed_against_recomputed", "verdicts"]

_LINEAR = 0.1
_TICKS = (0, 0.1, 1, 10, 100, 1000, 10_000)


# --- verdicts ------------------------------------------------------------------------------------


def verdicts(audit: Audit, ax: Axes | None = None) -> Axes:
    """Draw the claims of each system, one cell per claim, by verdict.

    Parameters
    ----------
    audit : Audit
        The audit.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import carbonkit as ck
    >>> ax = ck.plots.verdicts(ck.load_report("huawei-2020").verify().only(system="iCooling"))
    >>> len(ax.patches)
    3
    >>> import matplotlib.pyplot as plt
    >>> plt.close(ax.figure)
    """
    systems: dict[str, list[Verdict]] = {}
    for result in audit:
        systems.setdefault(result.claim.system, []).append(result.verdict)
    strongest = list(Verdict)
    order = sorted(systems, key=lambda s: (-len(systems[s]), s.casefold()))
    ax = ax or style.new_axes(1.9 + 0.2 * len(order))
    for y, system in enumerate(order):
        for x, verdict in enumerate(sorted(systems[system], key=strongest.index)):
            colour, _ = style.VERDICTS[verdict]
            ax.barh(y, 1, left=x, height=0.86, color=colour, ec="white", lw=1.5)
    ax.set_ylim(len(order) - 0.4, -0.6)
    style.rows(ax, dict(enumerate(order)))
    ax.locator_params(axis="x", integer=True)
    ax.set_xlabel("number of claims")
    told = {v: f"{n} {style.words(v)}" for v, n in audit.counts().items() if n}
    style.legend(ax, {text: (style.VERDICTS[v][0], "s") for v, text in told.items()})
    style.finish(ax, f"{len(audit)} claims by system and verdict", _source(audit))
    return ax


def _source(audit: Audit) -> str:
    replaced = ", ".join(f"{n} = {v}" for n, v in audit.replaced.items())
    what_if = style.pretty(f" What if: {replaced}.") if replaced else ""
    return f"Source: {audit.report.title}; carbonkit.{what_if}"


# --- printed against recomputed ------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    """One recomputed figure, in percent above the printed value."""

    id: str
    label: str
    verdict: Verdict
    printed: Interval
    recomputed: Interval
    nominal: float


def printed_against_recomputed(
    audit: Audit, ids: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw what each figure stands for and what recomputing gives, relative to the printed value.

    The axis is logarithmic on both sides of zero, and linear within 0.1 %, so that the rounding
    of a fourth digit and a factor of two can both be seen. A bound reaches to the edge.

    Parameters
    ----------
    audit : Audit
        The audit.
    ids : sequence of str, optional
        The claims to draw, by id; by default all that were recomputed.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ReportError
        If there is no such claim, or nothing was recomputed for it.

    Examples
    --------
    >>> import carbonkit as ck
    >>> audit = ck.load_report("huawei-2020").verify()
    >>> ax = ck.plots.printed_against_recomputed(audit, ["p62-icooling-co2", "p74-metro-co2"])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Shanghai Metro PV: 3,390 tons', 'iCooling: 13,129 tons']
    >>> import matplotlib.pyplot as plt
    >>> plt.close(ax.figure)
    """
    if ids is None:
        rows = [row for result in audit if (row := _row(audit, result)) is not None]
    else:
        rows = [_asked(audit, claim_id) for claim_id in ids]
    if not rows:
        raise ReportError(
            f"no figure of {audit.report.id} was recomputed in this audit; nothing to draw."
        )
    rows.sort(key=lambda r: (r.nominal, r.id))
    ax = ax or style.new_axes(1.9 + 0.21 * len(rows))
    ends = [e for r in rows for i in (r.printed, r.recomputed) for e in i.floats()]
    finite = [e for e in ends if math.isfinite(e)]
    low, high = min(*finite, -2 * _LINEAR) * 1.3, max(*finite, 2 * _LINEAR) * 1.3
    ax.set_xscale("symlog", linthresh=_LINEAR, linscale=1)
    ax.set_xlim(low, high)
    for y, row in enumerate(rows):
        colour, mark = style.VERDICTS[row.verdict]
        for interval, width, ink in ((row.printed, 11, style.BAND), (row.recomputed, 3, colour)):
            left, right = interval.floats()
            ax.plot([max(left, low), min(right, high)], [y, y], color=ink, lw=width,
                    solid_capstyle="butt")  # fmt: skip
        ax.plot(row.nominal, y, mark, color=colour, ms=7, mec="white", gid=row.id)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    style.rows(ax, {y: row.label for y, row in enumerate(rows)})
    ticks = sorted({sign * t for t in _TICKS for sign in (-1, 1) if low <= sign * t <= high})
    ax.set_xticks(ticks, [f"{t:+g} %".replace("-", "−") if t else "0" for t in ticks])
    ax.minorticks_off()
    ax.set_xlabel("recomputed above or below the printed value (logarithmic beyond 0.1 %)")
    shown = {r.verdict for r in rows}
    style.legend(ax, {style.words(v): style.VERDICTS[v] for v in Verdict if v in shown})
    style.finish(
        ax,
        "What the report prints and what its figures give",
        "Grey: what the printed figure can stand for. Coloured: what recomputing gives, from the "
        f"lowest to the highest that the inputs can stand for. {_source(audit)}",
    )
    return ax


def _asked(audit: Audit, claim_id: str) -> _Row:
    row = _row(audit, audit[claim_id])
    if row is None:
        raise ReportError(
            f"claim {claim_id!r} of {audit.report.id} has no printed value that was recomputed: "
            f"{audit[claim_id].deciding.why} Leave it out."
        )
    return row


def _row(audit: Audit, result: ClaimResult) -> _Row | None:
    """Bring a recalculation to percent above the printed value; None if there is none."""
    finding = result.deciding
    relation, printed, recomputed = finding.relation, finding.printed, finding.recomputed
    if (
        finding.procedure != "recalculation"
        or relation is None
        or printed is None
        or recomputed is None
    ):
        return None
    claimed = audit.report.values[relation.names[0]]
    value = claimed.value / claimed.base
    if not value:
        return None
    nominal = recomputed.midpoint if finding.nominal is None else finding.nominal
    percent = 100 / abs(value)
    return _Row(
        id=result.id,
        label=style.pretty(f"{result.claim.system}: {finding.printed_text}"),
        verdict=result.verdict,
        printed=(printed - value) * percent,
        recomputed=(recomputed - value) * percent,
        nominal=float((nominal - value) * percent),
    )


# --- implied emission factors --------------------------------------------------------------------


@dataclass(frozen=True)
class _Reference:
    """A published factor, or a family of them, that claims are held against."""

    label: str
    low: float
    high: float
    names: tuple[str, ...] = ()


def implied_factors(audit: Audit, ax: Axes | None = None, *, unit: str = "kg CO2/kWh") -> Axes:
    """Draw the emission factor that each claim implies against the published ones.

    One row per claim: every value of the factor that makes the claim true, from its figures at
    their printed digits. Where a claim has several relations, the one that pins the factor down
    most closely is drawn; a relation with two cited factors pins down neither and is left out.
    Upright lines and bands are the factors that the report cites, the averages of its regions up
    to its year, and a rule of thumb of its regions with which an inconsistent claim would hold.

    Parameters
    ----------
    audit : Audit
        Of a report, or of a what-if: a replaced factor is drawn where it was put.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    unit : str, optional
        Unit of the horizontal axis.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ReportError
        If no relation has one cited factor of that dimension.
    UnitError
        If there is no such unit.

    Examples
    --------
    >>> import carbonkit as ck
    >>> ax = ck.plots.implied_factors(ck.load_report("huawei-2020").verify())
    >>> ax.get_xlabel()
    'emission factor, kg CO₂/kWh'
    >>> import matplotlib.pyplot as plt
    >>> plt.close(ax.figure)
    """
    rows = audit.implied_factors(unit)
    rows = rows[rows.groupby(["id", "relation"])["factor"].transform("size") == 1]
    if rows.empty:
        raise ReportError(
            f"no relation of {audit.report.id} has one cited emission factor in a unit like "
            f"{unit!r}; Audit.implied_factors() lists those that there are."
        )
    rows = rows.assign(width=rows.high - rows.low, middle=(rows.low + rows.high) / 2)
    rows = rows.sort_values("width").drop_duplicates(["id", "factor"])
    cited = _cited(audit, set(rows.factor), unit)
    groups = [(f"Claims that cite: {r.label}", rows[rows.factor.isin(r.names)]) for r in cited]
    if not (rest := rows[rows.cited_low.isna()]).empty:
        groups.append(("Claims whose factor is not printed", rest))

    ax = ax or style.new_axes(2.6 + 0.25 * (len(rows) + 1.5 * len(groups)))
    labels: dict[float, str] = {}
    y = 0.0
    for heading, group in groups:
        y += 1
        style.heading(ax, y, heading)
        for row in group.sort_values(["middle", "id"]).to_dict("records"):
            y += 1
            verdict = Verdict(row["verdict"])
            colour, mark = style.VERDICTS[verdict]
            ends = [row["low"], row["high"]]
            ax.plot(ends, [y, y], color=colour, lw=5, solid_capstyle="butt")
            ax.plot(row["middle"], y, mark, color=colour, ms=8, mec="white", gid=row["id"])
            labels[y] = f"{row['system']}, p. {row['page']}"
            style.beside(ax, y, style.span(*ends))
            style.beside(ax, y, style.words(verdict), offset=86)
        y += 0.5
    ax.set_ylim(y + 0.2, 0.3)
    style.rows(ax, labels)
    failed = rows[rows.verdict == Verdict.INCONSISTENT]
    unmet = [Interval(low, high) for low, high in zip(failed.low, failed.high, strict=True)]
    references = [*cited, *_uncited(audit, cited, unmet, unit)]
    for reference in references:
        if reference.low == reference.high:
            ax.axvline(reference.low, color=style.SOFT, lw=1, zorder=0.5)
        else:
            ax.axvspan(reference.low, reference.high, color=style.FAINT, lw=0, zorder=0.4)
    ax.set_xlabel(f"emission factor, {style.pretty(unit)}")
    style.finish(
        ax,
        "Which emission factor would make each claim true?",
        "Coloured: every factor for which the figures agree at their printed digits. "
        f"Grey: published factors. {_source(audit)}",
        above=[
            style.Label(f"{_wrapped(r.label)}\n{style.span(r.low, r.high)}", r.low, r.high)
            for r in references
        ],
    )
    return ax


def _wrapped(label: str) -> str:
    """Break a label after its kind; long text, such as a what-if, by width."""
    kind, comma, rest = label.partition(", ")
    return f"{kind},\n{rest}" if comma else textwrap.fill(label, 24)


def _cited(audit: Audit, names: set[str], unit: str) -> list[_Reference]:
    """Return the cited factors; one that belongs to a cited family stands with the family."""
    values = audit.report.replaced(audit.replaced)
    facts = [values[n] for n, v in audit.report.values.items() if v.role == "fact" and v.factors]
    facts = [f for f in facts if units.same_dimension(f.unit, unit)]
    found: list[_Reference] = []
    placed: set[str] = set()
    for fact in sorted(facts, key=lambda f: -len(f.factors)):
        keys = {f.key for f in fact.factors}
        kin = {f.name for f in facts if f.factors and {g.key for g in f.factors} <= keys}
        kin = (kin | {fact.name}) - placed
        if not names & kin:
            continue
        placed |= kin
        label = style.described(fact.factors) if fact.factors else f"{fact.name} as replaced"
        sizes = [float(m.value / m.base * units.scale(m.unit, unit)) for m in fact.members()]
        found.append(_Reference(label, min(sizes), max(sizes), tuple(kin)))
    return sorted(found, key=lambda r: r.low)


def _uncited(
    audit: Audit, cited: Iterable[_Reference], unmet: Sequence[Interval], unit: str
) -> Iterator[_Reference]:
    """Go through the averages of the report's regions, and rules of thumb that would fit."""
    values = audit.report.values
    asked = {(f.activity, f.gas) for r in cited for n in r.names for f in values[n].factors}
    for place in audit.report.about.get("regions", ()):
        for activity, gas in sorted(asked):
            averages = [
                f
                for f in _published(activity, place, "average", gas)
                if f.data_year is not None and f.data_year <= audit.report.year
            ]
            folk = [
                [f]
                for f in _published(activity, place, "folk", gas)
                if any(i.contains(style.value_in(f, unit)) for i in unmet)
            ]
            for group in filter(None, [averages, *folk]):
                sizes = [style.value_in(f, unit) for f in group]
                yield _Reference(style.described(group), min(sizes), max(sizes))


def _published(activity: str, region: str, kind: str, gas: str) -> tuple[Factor, ...]:
    try:
        return factors.find_all(activity, region=region, kind=kind, gas=gas)
    except FactorNotFound:
        return ()
