"""Check a report file while it is written: every problem with its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from carbonkit.claims.loading import TABLES, load_report, read_bytes, read_report
from carbonkit.claims.places import places
from carbonkit.claims.problem import Problem
from carbonkit.claims.report import Report
from carbonkit.errors import CarbonkitError, TableError

__all__ = ["lint"]

_LIMIT = 200
_OPENING = re.compile("'''|\"\"\"")


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
        if Path(name).suffix.casefold() in TABLES:
            load_report(name)
            return ()
        data, path = read_bytes(name)
    except TableError as error:
        return tuple(_in_table(error))
    except CarbonkitError as error:
        return (Problem("file", "", str(error)),)
    report, problems = read_report(data, path, _LIMIT)
    if report is not None:
        problems = [*_warnings(report)]
    return _placed(problems, data)


def _in_table(error: TableError) -> Iterator[Problem]:
    """Go through what is wrong with a file that is a table."""
    for problem in error.problems:
        line, column = getattr(problem, "row", 0), getattr(problem, "column", 0)
        yield Problem("table", "", str(problem), line=line, column=column)
    if not error.problems:
        yield Problem("table", "", str(error))


def _placed(problems: list[Problem], data: bytes) -> tuple[Problem, ...]:
    """Give problems their line and column, and put them in the order of the file."""
    if not any(problem.path for problem in problems):
        return tuple(problems)
    text = data.decode("utf-8-sig")
    found, lines = places(text), text.split("\n")
    placed = []
    for problem in problems:
        path = problem.path
        if problem.level == "warning" and path not in found:
            continue  # a figure of a table
        while path and path not in found:
            path = path[:-1]
        line, column = found.get(path, (1, 1))
        if path[-1:] == ("cells",) and path != problem.path:
            line, column = _row(lines, line, problem.path[-1])
        placed.append(replace(problem, line=line, column=column))
    return tuple(sorted(placed, key=lambda problem: (problem.line, problem.column)))


def _row(lines: list[str], start: int, row: str | int) -> tuple[int, int]:
    """Return where a row of a table stands, whose text begins on a line of the file."""
    opening = lines[start - 1].rstrip()
    if not isinstance(row, int) or not row or not _OPENING.search(opening):
        return start, 1
    return start + row - (not opening.endswith(("'''", '"""'))), 1


def _warnings(report: Report) -> Iterator[Problem]:
    if not report.claims:
        message = "holds no claims, so there is nothing to check; add [[claims]]."
        yield Problem("no-claims", "", message, level="warning")
        return
    used = {name for claim in report for relation in claim.relations for name in relation.names}
    # A row of a table is there for the years that claims use; its other years may stand beside.
    rows = {report.values[name].series for name in used} - {""}
    # A web page has no pages; its address says where the figures stand.
    paged = "url" not in report.about or any(v.page for v in report.values.values())
    for name, value in report.values.items():
        if value.role == "convention":
            continue
        section = f"{value.role}s"
        path, where = (section, name), f"{section}.{name}"
        if name not in used and value.series not in rows:
            message = "no relation uses it; add a claim, or take it out."
            yield Problem("unused", where, message, path, "warning")
        if paged and value.role == "figure" and not value.page:
            message = "has no page, so that nobody can look it up."
            yield Problem("no-page", where, message, path, "warning")
        if value.series and not value.period:
            message = f"is one of the series {value.series!r}, but has no period."
            yield Problem("no-period", where, message, path, "warning")
