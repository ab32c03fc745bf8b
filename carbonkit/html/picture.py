"""A small picture of two intervals: what is printed against what is recomputed."""

from __future__ import annotations

from dataclasses import dataclass

from carbonkit._text import with_unit
from carbonkit.claims import Finding
from carbonkit.intervals import Interval

__all__ = ["Bar", "Picture", "interval_picture"]

_WIDTH = 300.0
_MARGIN = 0.18
_THIN = 3.0


@dataclass(frozen=True)
class Bar:
    """One interval in drawing units.

    Attributes
    ----------
    left, width : float
        Where it begins and how wide it is; never too thin to see.
    runs_left, runs_right : bool
        Whether it goes on beyond the picture.
    """

    left: float
    width: float
    runs_left: bool
    runs_right: bool


@dataclass(frozen=True)
class Picture:
    """Two bars on one scale, and what a reader who cannot see them is told."""

    printed: Bar
    recomputed: Bar
    width: float
    low: str
    high: str


def interval_picture(finding: Finding) -> Picture | None:
    """Lay out the printed and the recomputed interval on one scale.

    Returns
    -------
    Picture or None
        None where one of them is missing, or nothing of them is bounded.

    Examples
    --------
    >>> from carbonkit.claims import Verdict
    >>> same = Interval(1, 2)
    >>> picture = interval_picture(Finding(None, Verdict.EXACT, "", "", unit="t CO2",
    ...                                    printed=same, recomputed=same))
    >>> picture.printed == picture.recomputed
    True
    """
    if finding.printed is None or finding.recomputed is None:
        return None
    ends = [
        float(end)
        for side in (finding.printed, finding.recomputed)
        for end in (side.lo, side.hi)
        if end is not None
    ]
    if not ends:
        return None
    low, high = min(ends), max(ends)
    pad = (high - low) * _MARGIN or abs(high) * _MARGIN or 1.0
    low, high = low - pad, high + pad
    return Picture(
        printed=_bar(finding.printed, low, high),
        recomputed=_bar(finding.recomputed, low, high),
        width=_WIDTH,
        low=with_unit(float(f"{low:.3g}"), finding.unit),
        high=with_unit(float(f"{high:.3g}"), finding.unit),
    )


def _bar(interval: Interval, low: float, high: float) -> Bar:
    def place(value: float) -> float:
        return (value - low) / (high - low) * _WIDTH

    left = 0.0 if interval.lo is None else place(float(interval.lo))
    right = _WIDTH if interval.hi is None else place(float(interval.hi))
    if right - left < _THIN:
        left -= (_THIN - (right - left)) / 2
        right = left + _THIN
    return Bar(round(left, 2), round(right - left, 2), interval.lo is None, interval.hi is None)
