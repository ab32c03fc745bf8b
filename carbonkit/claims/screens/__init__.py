"""Screens: what a careful reader would notice over a report as a whole.

A screen is a function from a :class:`View` to observations. None of them knows a report: they see
figures with units, periods, boundaries and kinds, relations and their verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from carbonkit.claims.model import Named
from carbonkit.claims.screens import disclosure, energy, figures, series
from carbonkit.claims.screens.view import Certainty, Observation, View
from carbonkit.claims.verdict import ClaimResult

__all__ = ["SCREENS", "Certainty", "Observation", "View", "observe"]

SCREENS: Mapping[str, Callable[[View], Iterator[Observation]]] = {
    "tie-out": figures.tie_outs,
    "physical limit": figures.physical_limits,
    "plausible size": figures.plausible_size,
    "cited factor": energy.cited_factor,
    "several factors": energy.several_factors,
    "delivered or generated": energy.not_saved,
    "counted twice": energy.counted_twice,
    "part and whole": energy.part_and_whole,
    "series break": series.breaks,
    "intensity against absolute": series.intensity_against_absolute,
    "boundary": disclosure.boundaries,
    "period": disclosure.periods,
    "digits": figures.digits,
    "shared unknown": figures.shared_unknowns,
    "goal": disclosure.goals,
    "run-rate": disclosure.run_rates,
    "pointer": disclosure.pointers,
}


def observe(
    results: tuple[ClaimResult, ...], values: Mapping[str, Named]
) -> tuple[Observation, ...]:
    """Run every screen.

    Parameters
    ----------
    results : tuple of ClaimResult
        The verdicts on a report's claims.
    values : mapping of str to Named
        The report's figures, facts, assumptions and unknowns, as they were used.

    Returns
    -------
    tuple of Observation
        In the order of :data:`SCREENS`, whatever the order of figures and claims.

    Examples
    --------
    >>> from carbonkit.claims import load_report
    >>> report = load_report("huawei-2020")
    >>> seen = observe(report.verify().results, report.values)
    >>> sorted({str(o.certainty) for o in seen})
    ['certain from the report alone', 'given one outside fact', 'likely reading']
    """
    view = View(results, values)
    return tuple(
        observation
        for screen in SCREENS.values()
        for observation in sorted(screen(view), key=lambda o: (o.pages, o.claims, o.figures))
    )
