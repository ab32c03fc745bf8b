"""What the plots share: colours, marks, captions and labels that do not overlap.

Colours are those of Okabe and Ito (2008), which readers with any colour vision tell apart;
verdicts and series differ in their marks too.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, islice, pairwise, permutations
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonkit import units
from carbonkit._text import number
from carbonkit.claims.verdict import Verdict
from carbonkit.factors import Factor
from carbonkit.factors.regions import name as region_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT, FAINT = "#222222", "#666666", "#e4e4e4"
VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.EXACT: ("#0072B2", "o"),
    Verdict.ROUNDING: ("#56B4E9", "s"),
    Verdict.QUALIFIER: ("#009E73", "^"),
    Verdict.ASSUMPTION: ("#E69F00", "D"),
    Verdict.INCONSISTENT: ("#D55E00", "X"),
    Verdict.NOT_CHECKABLE: ("#AAAAAA", "o"),
}
SERIES = (
    ("#0072B2", "o"),
    ("#D55E00", "D"),
    ("#009E73", "^"),
    ("#CC79A7", "s"),
    ("#E69F00", "v"),
    ("#56B4E9", "P"),
    ("#222222", "X"),
)
TEXT = 8.5
BAND = "#cccccc"
_WIDTH = 9.0
_CAPTION = 140
_SHARES = (0.5, 0.25, 0.75, 0.0, 1.0)
_ORDERS = 120
_SIDES = {"center": 0.5, "right": 1.0, "left": 0.0}  # where a label stands over its leader
_LEVEL = 38  # points that a label of three lines takes


def new_axes(height: float) -> Axes:
    """Open a figure of the width of a notebook and return its Axes."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(_WIDTH, height), layout="constrained")
    return ax


def rows(ax: Axes, labels: Mapping[float, str]) -> None:
    """Name the rows of a plot on the left."""
    ax.set_yticks(list(labels), list(labels.values()))
    ax.tick_params(axis="y", length=0)


def heading(ax: Axes, y: float, text: str) -> None:
    """Write a heading over a group of rows, from the left edge of the axis."""
    ax.text(
        0,
        y,
        text,
        transform=ax.get_yaxis_transform(),
        va="center",
        fontsize=TEXT,
        fontstyle="italic",
        color=SOFT,
        bbox={"fc": "white", "ec": "none", "pad": 1},
    )


def beside(ax: Axes, y: float, text: str, offset: float = 6) -> None:
    """Write on the right of a row, `offset` points from the axis."""
    ax.annotate(
        text,
        (1, y),
        (offset, 0),
        xycoords=ax.get_yaxis_transform(),
        textcoords="offset points",
        va="center",
        fontsize=TEXT,
        color=SOFT,
    )


def finish(
    ax: Axes, title: str, caption: str, *, above: Sequence[Label] = (), grid: str = "x"
) -> None:
    """Take away what is not data; set title, caption and the labels above the axis."""
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(SOFT)
    ax.tick_params(labelsize=TEXT, colors=INK)
    if not above:
        ax.grid(visible=True, axis="x" if grid == "x" else "y", color=FAINT, lw=0.8)
    ax.set_axisbelow(True)
    ax.xaxis.label.set(fontsize=TEXT, color=INK)
    ax.yaxis.label.set(fontsize=TEXT, color=INK)
    # Extents are known once the layout is: draw without showing.
    ax.figure.canvas.figure.draw_without_rendering()
    outside = ax.yaxis.get_tightbbox()
    left = 0.0 if outside is None else outside.x0 - ax.bbox.x0
    ax.annotate(
        textwrap.fill(caption, _CAPTION),
        (0, 0),
        (left * 72 / ax.figure.dpi, -38 if ax.get_xlabel() else -24),
        xycoords="axes fraction",
        textcoords="offset points",
        va="top",
        fontsize=TEXT - 1,
        color=SOFT,
    )
    height = _label_above(ax, above)
    if (shown := ax.get_legend()) is not None:
        texts = shown.get_texts()
        height = 14 * math.ceil(len(texts) / _columns(len(texts)))
    ax.set_title(
        title,
        loc="left",
        x=left / ax.bbox.width,
        pad=height + 8,
        fontsize=12,
        fontweight="bold",
        color=INK,
    )


class Label(NamedTuple):
    """A label above the axis for a line or a band from `low` to `high`."""

    text: str
    low: float
    high: float


class _Place(NamedTuple):
    """Where a label stands: its level, where its leader starts, and its extent in pixels."""

    label: Label
    level: int
    at: float
    side: str
    left: float
    right: float
    leader: float


def _label_above(ax: Axes, labels: Sequence[Label]) -> float:
    """Write labels above the axis so that neither texts nor leaders meet; return the points used.

    Each label takes the lowest level on which it fits, beside or over its leader, which may start
    anywhere in a band. The order of placing that needs the fewest levels is taken.
    """
    look: dict[str, Any] = {"fontsize": TEXT - 0.5, "color": INK, "linespacing": 1.1}
    widths = {}
    for label in labels:
        measured = ax.text(0, 0, label.text, **look)
        widths[label] = float(measured.get_window_extent().width)
        measured.remove()
    orders = islice(permutations(labels), _ORDERS)
    places = min(
        (_placed(ax, order, widths) for order in orders),
        key=lambda placed: sorted((p.level for p in placed), reverse=True),
    )
    for place in places:
        ax.annotate(
            place.label.text,
            (place.at, 1),
            (0, 3 + place.level * _LEVEL),
            xycoords=ax.get_xaxis_transform(),
            textcoords="offset points",
            ha=place.side,
            va="bottom",
            arrowprops={
                "arrowstyle": "-",
                "color": SOFT,
                "lw": 0.8,
                "shrinkA": 0,
                "shrinkB": 0,
                "relpos": (_SIDES[place.side], 0),
            },
            **look,
        )
    return _LEVEL * (1 + max((p.level for p in places), default=-1))


def _placed(ax: Axes, order: Sequence[Label], widths: Mapping[Label, float]) -> list[_Place]:
    """Place labels one after the other, each on the lowest level on which it fits."""
    placed: list[_Place] = []
    for label in order:
        candidates = (
            _Place(label, level, at, side, left, left + widths[label], x)
            for level in range(len(order))
            for at in [label.low + share * (label.high - label.low) for share in _SHARES]
            for x in [float(ax.transData.transform((at, 0))[0])]
            for side, share in _SIDES.items()
            for left in [x - share * widths[label]]
        )
        fitting = (c for c in candidates if all(_clear(c, p) and _clear(p, c) for p in placed))
        beyond = _Place(label, len(order), label.low, "center", 0.0, 0.0, 0.0)
        placed.append(next(fitting, beyond))
    return placed


def _clear(one: _Place, other: _Place) -> bool:
    """Say whether a label meets no text on its level, and its leader no text below."""
    gap = 6.0
    if one.level == other.level:
        return one.right + gap < other.left or other.right + gap < one.left
    below = other.level < one.level
    return not (below and other.left - gap < one.leader < other.right + gap)


def at_the_end(ax: Axes, labels: Sequence[tuple[float, float, str, str]]) -> None:
    """Label lines on the right of the axis, each led to from its last point, without overlap.

    Labels are (x, y, text, colour).
    """
    order = [
        (x, y, textwrap.fill(text, 34), colour)
        for x, y, text, colour in sorted(labels, key=lambda label: label[1])
    ]
    ax.figure.canvas.figure.draw_without_rendering()
    points = ax.figure.dpi / 72
    sizes = [(TEXT * 1.2 * (t.count("\n") + 1) + 3) * points for _, _, t, _ in order]
    wanted = [float(ax.transData.transform((x, y))[1] - ax.bbox.y0) for x, y, _, _ in order]
    for (x, y, text, colour), height in zip(order, _spread(wanted, sizes), strict=True):
        ax.annotate(
            text,
            (x, y),
            (1.03, height / ax.bbox.height),
            xycoords="data",
            textcoords="axes fraction",
            va="center",
            fontsize=TEXT,
            color=INK,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "lw": 0.8,
                "ls": ":",
                "shrinkA": 1,
                "shrinkB": 4,
                "relpos": (0, 0.5),
            },
        )


def _spread(wanted: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Move ascending positions apart by their sizes, keeping each crowd around its middle.

    Examples
    --------
    >>> _spread([0, 1, 10], [3, 3, 3])
    [-1.0, 2.0, 10.0]
    """
    crowds: list[list[tuple[float, float]]] = []
    for item in zip(wanted, sizes, strict=True):
        crowds.append([item])
        while len(crowds) > 1 and _stack(crowds[-1])[0] < _stack(crowds[-2])[-1]:
            last = crowds.pop()
            crowds[-1] += last
    return [(a + b) / 2 for c in crowds for a, b in pairwise(_stack(c))]


def _stack(crowd: Sequence[tuple[float, float]]) -> list[float]:
    """Return the edges of a crowd's members when they stand on each other."""
    edges = [0.0, *accumulate(size for _, size in crowd)]
    middles = [(a + b) / 2 for a, b in pairwise(edges)]
    shift = sum(w - m for (w, _), m in zip(crowd, middles, strict=True)) / len(crowd)
    return [edge + shift for edge in edges]


def legend(ax: Axes, looks: Mapping[str, tuple[str, str]]) -> None:
    """Explain colours and marks above the axis."""
    from matplotlib.lines import Line2D

    ax.legend(
        handles=[
            Line2D([], [], ls="", marker=mark, color=colour, mec="white", ms=9, label=text)
            for text, (colour, mark) in looks.items()
        ],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0.2,
        borderpad=0,
        ncols=_columns(len(looks)),
        frameon=False,
        fontsize=TEXT,
        handletextpad=0.2,
        columnspacing=1.2,
    )


def _columns(entries: int) -> int:
    return entries if entries < 5 else 3


def words(name: str) -> str:
    """Return a verdict or a kind in words.

    Examples
    --------
    >>> words("reproduced-exactly"), words("folk")
    ('reproduced exactly', 'rule of thumb')
    """
    return "rule of thumb" if name == "folk" else name.replace("-", " ")


def pretty(unit: str) -> str:
    """Return a unit or gas as print has it.

    Examples
    --------
    >>> pretty("kg CO2/kWh"), pretty("60,000 km2")
    ('kg CO₂/kWh', '60,000 km²')
    """
    return re.sub(r"\bCO2", "CO₂", re.sub(r"\b([kc]?m)([23])\b", _power, unit))


def _power(found: re.Match[str]) -> str:
    return found[1] + {"2": "²", "3": "³"}[found[2]]


def latin(text: str) -> str:
    """Leave out what the fonts that come with matplotlib cannot show.

    Examples
    --------
    >>> latin("全国电力平均碳足迹因子 (national average)"), latin("BM (build margin)")
    ('national average', 'BM (build margin)')
    """
    kept = re.sub(r"[^\x00-\u2fff]+", "", text).strip()
    inside = re.fullmatch(r"\(([^()]*)\)", kept)
    return inside[1] if inside else kept


def span(low: float, high: float) -> str:
    """Return an interval with as many decimals as its width deserves, at most four.

    Examples
    --------
    >>> span(0.47488, 0.47512), span(0.36, 0.66667), span(0.997, 0.997), span(0.62296, 0.622964)
    ('0.4749–0.4751', '0.36–0.67', '0.997', '0.6230')
    """
    if low == high:
        return number(low, 4)
    decimals = min(max(1 - math.floor(math.log10(high - low)), 0), 4)
    return "–".join(dict.fromkeys(f"{end:,.{decimals}f}" for end in (low, high)))


def fixed(value: float, greatest: float) -> str:
    """Return a value with the decimals that give the greatest beside it three digits.

    Examples
    --------
    >>> fixed(0.0414, 0.79), fixed(41.4, 790)
    ('0.041', '41')
    """
    decimals = max(2 - math.floor(math.log10(greatest)), 0) if greatest > 0 else 0
    return f"{value:,.{decimals}f}"


def years(given: Iterable[int | None]) -> str:
    """Return the first and last of some years.

    Examples
    --------
    >>> years([2019, 2015, None]), years([2019]), years([])
    ('2015–2019', '2019', '')
    """
    dated = sorted(y for y in given if y is not None)
    return "–".join(dict.fromkeys(str(y) for y in (dated[:1] + dated[-1:])))


def described(found: Sequence[Factor]) -> str:
    """Name factors by kind, region, years and publisher.

    Examples
    --------
    >>> from carbonkit import factors
    >>> described(factors.find_all("electricity", release="iea/world-2018"))
    'average, World 2018 (IEA)'
    """
    kinds = ", ".join(dict.fromkeys(words(f.kind) for f in found))
    regions = list(dict.fromkeys(f.region for f in found))
    where = region_name(regions[0]) if len(regions) == 1 else f"{len(regions)} regions"
    when = years(f.data_year for f in found)
    publishers = ", ".join(dict.fromkeys(f.source.publisher for f in found if f.kind != "folk"))
    text = f"{kinds}, {where} {when}".rstrip()
    return f"{text} ({publishers})" if publishers else text


def value_in(factor: Factor, unit: str) -> float:
    """Return the value of a factor in another unit."""
    return float(factor.figure.value * units.scale(factor.unit, unit))
