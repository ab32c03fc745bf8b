"""Where reports come from: files, and what ships with the package."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from carbonkit import tables
from carbonkit.claims.keys import FORMAT
from carbonkit.claims.problem import Problem
from carbonkit.claims.reader import read_content
from carbonkit.claims.report import Report
from carbonkit.errors import ReportError, nearest
from carbonkit.tables import PrintedTable

__all__ = [
    "TABLES",
    "bundled_reports",
    "load_report",
    "parse_report",
    "read_bytes",
    "read_report",
    "year_of",
]

#: Files that hold one table, not a report file.
TABLES = (".csv", ".tsv", ".tab", ".txt", ".md", ".html", ".htm", ".xlsx", ".xlsm")
_SIZE = 1_000_000
_YEARS = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_LIMIT = 20
# TOML readers take time that grows with the square of the parts of a dotted key.
_LONG_KEY = re.compile(rb"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){30}""")
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


def bundled_reports() -> tuple[str, ...]:
    """Return the ids of the reports that ship with the package.

    Examples
    --------
    >>> "huawei-2020" in bundled_reports()
    True
    """
    folder = resources.files("carbonkit") / "reports"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def load_report(name: str | Path | PrintedTable) -> Report:
    r"""Read a report file, a report that ships with the package, or one printed table as a report.

    Parameters
    ----------
    name : str, Path or PrintedTable
        Id of a bundled report, the path of a report file (.toml), that of a table (.csv, .tsv,
        .xlsx, .md, .html ...), or a table that has been read. A report of one table has the
        table's name and its latest year.

    Returns
    -------
    Report

    Raises
    ------
    ReportError
        If there is no such report, or the file breaks the format. The message names the file,
        the first place that is wrong, and how many more there are.
    TableError
        If a table cannot be read; the message names every cell that is wrong.

    Examples
    --------
    >>> load_report("huawei-2020").year
    2020
    >>> from carbonkit import tables
    >>> table = tables.read_text("Energy (MWh);2019;2020\nGas;98;104\nCoal;2;1\nTotal;100;105")
    >>> report = load_report(table)
    >>> report.year, [claim.id for claim in report]
    (2020, ['table-total-2019', 'table-total-2020'])
    """
    if isinstance(name, PrintedTable):
        return _of_table(name, name.source, repr(name).encode())
    path = Path(name)
    if path.suffix.casefold() in TABLES:
        return _of_table(tables.read(path), str(path), path.read_bytes())
    return parse_report(*read_bytes(name))


def _of_table(table: PrintedTable, path: str, data: bytes) -> Report:
    """Return a report of one table."""
    year = year_of(table)
    if year is None:
        raise ReportError(
            f"{path}: names no year. Put the table into a report file, which says of what year it "
            f"is; `carbonkit new-report {table.name}` writes one to begin with."
        )
    content: dict[str, Any] = {
        "format": FORMAT,
        "report": {
            "id": table.name,
            "title": table.title or table.name,
            "year": year,
        },
        "tables": {table.name: table},
    }
    report, problems = read_content(content, _LIMIT)
    if report is None:
        raise _error(path, problems)
    return replace(report, path=path, sha256=hashlib.sha256(data).hexdigest())


def year_of(table: PrintedTable) -> int | None:
    r"""Return the latest year of a table's columns, else of its title or name.

    Examples
    --------
    >>> year_of(tables.read_text("Energy (MWh),2019,2020\nGas,98,104"))
    2020
    """
    periods = " ".join(column.period for column in table.value_columns)
    for text in (periods, table.title, table.name):
        if years := _YEARS.findall(text):
            return max(map(int, years))
    return None


def read_bytes(name: str | Path) -> tuple[bytes, str]:
    """Return the bytes of a report file, or of a report that ships with the package, and its path.

    Raises
    ------
    ReportError
        If there is no such report, or the file cannot be read.
    """
    path = Path(name)
    if not path.suffix and not _is_file(path):
        if str(name) not in bundled_reports():
            raise ReportError(
                f"there is no report {str(name)!r}.{nearest(str(name), bundled_reports())} Bundled "
                f"are {', '.join(bundled_reports())}; or give the path of a .toml file."
            )
        bundled = resources.files("carbonkit") / "reports" / f"{name}.toml"
        return bundled.read_bytes(), f"{name}.toml"
    try:
        with path.open("rb") as file:
            return file.read(_SIZE + 1), str(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReportError(f"{path}: cannot be read: {reason}.") from None


def _is_file(path: Path) -> bool:
    try:
        return path.exists() and not path.is_dir()
    except OSError:  # a name longer than any file's
        return False


def parse_report(data: bytes, path: str) -> Report:
    """Read a report from the bytes of its file.

    Raises
    ------
    ReportError
        If the data break the format. The message names the first problem and how many more
        there are; :func:`carbonkit.claims.lint` lists them all.

    Examples
    --------
    >>> parse_report(b"", "empty.toml")
    Traceback (most recent call last):
    ...
    carbonkit.errors.ReportError: empty.toml: is not a report file: the first line must be format =
    'carbonkit-report/1', found None.
    """
    report, problems = read_report(data, path, _LIMIT)
    if report is not None:
        return report
    raise _error(path, problems)


def _error(path: str, problems: list[Problem]) -> ReportError:
    more = len(problems) - 1
    told = ""
    if more:
        many = f"{more} or more others" if len(problems) >= _LIMIT else f"{more} more"
        told = f" ({many}; `carbonkit lint {path}` lists them all.)"
    return ReportError(f"{path}: {problems[0]}{told}")


def read_report(data: bytes, path: str, limit: int) -> tuple[Report | None, list[Problem]]:
    """Read a report from the bytes of its file, or list what is wrong with it.

    Parameters
    ----------
    data : bytes
        The file.
    path : str
        Its path.
    limit : int
        After so many problems the rest of the file is not read.

    Returns
    -------
    tuple
        The report, or None if there are problems, and the problems in the order of reading.
    """
    content = _content(data)
    if isinstance(content, Problem):
        return None, [content]
    report, problems = read_content(content, limit)
    if report is not None:
        report = replace(report, path=path, sha256=hashlib.sha256(data).hexdigest())
    return report, problems


def _content(data: bytes) -> dict[str, object] | Problem:
    """Return a file as TOML has it, or why it is none."""
    if len(data) > _SIZE:
        return Problem("size", "", f"is larger than {_SIZE:,} bytes; split the report up.")
    if found := _LONG_KEY.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        message = f"is not a report file: line {line} has a key of too many parts."
        return Problem("toml", "", message, line=line, column=1)
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem("toml", "", f"is not UTF-8 text ({error}). Save it as UTF-8.", line=line)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        reason = "is nested too deeply" if isinstance(error, RecursionError) else f"{error}"
        at = _AT.search(reason)
        line, column = (int(at[1]), int(at[2])) if at and at[1] else (0, 0)
        return Problem("toml", "", f"is not a report file: {reason}.", line=line, column=column)
