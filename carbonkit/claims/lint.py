"""Check a report file while it is written: every problem with its line and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from carbonkit.claims.loading import read_bytes, read_report
from carbonkit.claims.places import places
from carbonkit.claims.problem import Problem
from carbonkit.claims.report import Report
from carbonkit.errors import CarbonkitError

__all__ = ["lint"]

_LIMIT = 200


def lint(name: str | Path) -> tuple[Problem, ...]:
    """Return everything that is wrong with a report file, and what a careful writer would look at.

    Parameters
    ----------
    name : str or Path
        Path of the file, or id of a bundled report.

    Returns
    -------
    tuple of Problem
        In the order of the file. Errors make the file unusable; warnings, which are only looked
        for where there are no errors, do not: figures, facts and other names that no relation
        uses, figures without a page, a series without a period, a file without claims.

    Examples
    --------
    >>> [str(problem) for problem in lint("huawei-2020") if problem.level == "error"]
    []
    """
    try:
        data, path = read_bytes(name)
    except CarbonkitError as error:
        return (Problem("file", "", str(error)),)
    report, problems = read_report(data, path, _LIMIT)
    if report is not None:
        problems = [*_warnings(report)]
    return _placed(problems, data)


def _placed(problems: list[Problem], data: bytes) -> tuple[Problem, ...]:
    """Give problems their line and column, and put them in the order of the file."""
    if not any(problem.path for problem in problems):
        return tuple(problems)
    found = places(data.decode("utf-8-sig"))
    placed = []
    for problem in problems:
        path = problem.path
        while path and path not in found:
            path = path[:-1]
        line, column = found.get(path, (1, 1))
        placed.append(replace(problem, line=line, column=column))
    return tuple(sorted(placed, key=lambda problem: (problem.line, problem.column)))


def _warnings(report: Report) -> Iterator[Problem]:
    if not report.claims:
        message = "holds no claims, so there is nothing to check; add [[claims]]."
        yield Problem("no-claims", "", message, level="warning")
        return
    used = {name for claim in report for relation in claim.relations for name in relation.names}
    # A row of a table is there for the years that claims use; its other years may stand beside.
    rows = {report.values[name].series for name in used} - {""}
    for name, value in report.values.items():
        if value.role == "convention":
            continue
        section = f"{value.role}s"
        path, where = (section, name), f"{section}.{name}"
        if name not in used and value.series not in rows:
            message = "no relation uses it; add a claim, or take it out."
            yield Problem("unused", where, message, path, "warning")
        if value.role == "figure" and not value.page:
            message = "has no page, so that nobody can look it up."
            yield Problem("no-page", where, message, path, "warning")
        if value.series and not value.period:
            message = f"is one of the series {value.series!r}, but has no period."
            yield Problem("no-period", where, message, path, "warning")
