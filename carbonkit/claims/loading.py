"""Where reports come from: files, and what ships with the package."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path

from carbonkit.claims.problem import Problem
from carbonkit.claims.reader import read_content
from carbonkit.claims.report import Report
from carbonkit.errors import ReportError, nearest

__all__ = ["bundled_reports", "load_report", "parse_report", "read_bytes", "read_report"]

_SIZE = 1_000_000
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


def load_report(name: str | Path) -> Report:
    """Read a report file, or a report that ships with the package.

    Parameters
    ----------
    name : str or Path
        Id of a bundled report, or the path of a file.

    Returns
    -------
    Report

    Raises
    ------
    ReportError
        If there is no such report, or the file breaks the format. The message names the file,
        the first place that is wrong, and how many more there are.

    Examples
    --------
    >>> load_report("huawei-2020").year
    2020
    """
    return parse_report(*read_bytes(name))


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
    more = len(problems) - 1
    told = ""
    if more:
        many = f"{more} or more others" if len(problems) >= _LIMIT else f"{more} more"
        told = f" ({many}; `carbonkit lint {path}` lists them all.)"
    raise ReportError(f"{path}: {problems[0]}{told}")


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
