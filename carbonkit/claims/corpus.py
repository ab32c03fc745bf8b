"""Many reports at once: folders of report files, checked in parallel, one row for each file.

A file that cannot be read, or that brings down the process that reads it, stops no other: its
error stands in its row. Rows come in the order of the files, however many processes work.
"""

from __future__ import annotations

import glob
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit.claims.loading import bundled_reports, load_report
from carbonkit.claims.verdict import Verdict
from carbonkit.errors import CarbonkitError, ReportError

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.claims.audit import Audit

__all__ = ["Checked", "Corpus", "verify_all"]

# The first key of a report file, after comments and empty lines.
_FIRST_KEY = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:[ \t]*+(?:\#[^\n]*+)?\r?\n)*+"""
    rb"""[ \t]*+format[ \t]*=[ \t]*["']carbonkit-report/"""
)
_HEAD = 65_536
_AT_ONCE = 8  # files handed to a process at a time
_WORTH = 40  # files for which another process is worth its start
# The worst first.
_SEVERITY = (
    Verdict.INCONSISTENT,
    Verdict.NOT_CHECKABLE,
    Verdict.ASSUMPTION,
    Verdict.QUALIFIER,
    Verdict.ROUNDING,
    Verdict.EXACT,
)
_NO_REPORT = "no report file: its first key is not format = 'carbonkit-report/1'"


@dataclass(frozen=True)
class Checked:
    """One file of a corpus, and what checking it came to.

    Attributes
    ----------
    file : str
        Its path, or the id of a bundled report.
    status : str
        ``"checked"``; ``"error"`` where it could not be; ``"skipped"`` for a file of a folder
        that is no report file.
    report, organisation : str
        Id and organisation of the report.
    year : int or None
        The year reported on.
    claims : int
        How many claims it has.
    counts : mapping of Verdict to int
        How many claims came to each verdict.
    worst : Verdict or None
        The worst verdict of its claims.
    worst_claim : str
        The claim with it; of inconsistent claims the one whose figure is furthest off.
    inconsistent : tuple of str
        The claims that are inconsistent.
    reason : str
        Why it could not be checked, or was skipped.
    sha256 : str
        Hash of the file.
    """

    file: str
    status: str
    report: str = ""
    organisation: str = ""
    year: int | None = None
    claims: int = 0
    counts: dict[Verdict, int] = field(default_factory=dict)
    worst: Verdict | None = None
    worst_claim: str = ""
    inconsistent: tuple[str, ...] = ()
    reason: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Corpus:
    """What checking many reports came to: one :class:`Checked` for each file, in order."""

    files: tuple[Checked, ...]

    def __iter__(self) -> Iterator[Checked]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def of(self, status: str) -> tuple[Checked, ...]:
        """Return the files that were ``"checked"``, are an ``"error"`` or were ``"skipped"``."""
        return tuple(f for f in self.files if f.status == status)

    def counts(self) -> dict[Verdict, int]:
        """Return the number of claims by verdict over all reports, strongest verdict first."""
        found: Counter[Verdict] = Counter()
        for file in self.files:
            found.update(file.counts)
        return {verdict: found[verdict] for verdict in Verdict}

    def summary(self) -> str:
        """Return the totals in one line.

        Examples
        --------
        >>> print(verify_all(["huawei-2020"]).summary())
        1 report, ... claims: ... reproduced-exactly, ...
        """
        checked, counts = self.of("checked"), self.counts()
        told = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.items() if count)
        parts = [f"{_many(len(checked), 'report')}, {_many(sum(counts.values()), 'claim')}"]
        parts[0] += f": {told}" if told else ""
        if errors := self.of("error"):
            parts.append(f"{_many(len(errors), 'file')} could not be checked")
        if skipped := self.of("skipped"):
            parts.append(f"{_many(len(skipped), 'other file')} skipped")
        return "; ".join(parts)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per file.

        Returns
        -------
        pandas.DataFrame
            Columns file, status, report, organisation, year, claims, one for each verdict, worst,
            worst_claim, reason.
        """
        import pandas as pd

        rows = self.rows()
        return pd.DataFrame(rows[1:], columns=rows[0]).astype({"year": "Int64"})

    def rows(self) -> list[list[Any]]:
        """Return a header and one row per file, as :meth:`to_frame` has them."""
        header = ["file", "status", "report", "organisation", "year", "claims", *map(str, Verdict),
                  "worst", "worst_claim", "reason"]  # fmt: skip
        return [
            header,
            *(
                [
                    f.file, f.status, f.report, f.organisation, f.year,
                    *([f.claims, *(f.counts[v] for v in Verdict)]
                      if f.status == "checked" else [None] * (1 + len(Verdict))),
                    str(f.worst or ""), f.worst_claim, f.reason,
                ]
                for f in self.files
            ),
        ]  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return the corpus as plain data: the documented JSON."""
        return {
            "totals": {
                "reports": len(self.of("checked")),
                "errors": len(self.of("error")),
                "skipped": len(self.of("skipped")),
                "claims": sum(f.claims for f in self.files),
                "counts": {str(v): n for v, n in self.counts().items()},
            },
            "files": [_plain(f) for f in self.files],
        }

    def __repr__(self) -> str:
        return f"<corpus: {self.summary()}>"


def _plain(file: Checked) -> dict[str, Any]:
    data = {f.name: getattr(file, f.name) for f in fields(file)}
    return {
        **data,
        "counts": {str(v): n for v, n in file.counts.items()},
        "worst": str(file.worst or ""),
        "inconsistent": list(file.inconsistent),
    }


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def verify_all(
    paths: str | Path | Iterable[str | Path],
    *,
    jobs: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Corpus:
    """Check every report of folders and files.

    Parameters
    ----------
    paths : path or iterable of path
        Report files, tables in any form that :func:`carbonkit.load_report` reads, ids of bundled
        reports, patterns such as ``"reports/*.toml"``, and folders. Of a folder, and of the
        folders in it, every ``.toml`` file is taken whose first key is the format of report
        files; the others are listed as skipped. A file that is named twice is checked once.
    jobs : int or None
        How many processes work at once; None for as many as there are cores and files to keep
        them busy. With more than one, call it under ``if __name__ == "__main__":`` in a script.
    progress : callable, optional
        Called with the number of files checked and of all files, as they are checked.

    Returns
    -------
    Corpus
        One row for each file, in the order of `paths`, sorted within a folder; whatever `jobs`.

    Raises
    ------
    ReportError
        If `jobs` is no positive number, or no other process can be started.

    Examples
    --------
    >>> corpus = verify_all(["huawei-2020", "nowhere.toml"])
    >>> [(file.file, file.status) for file in corpus]
    [('huawei-2020', 'checked'), ('nowhere.toml', 'error')]
    """
    if jobs is not None and (type(jobs) is not int or jobs < 1):
        raise ReportError(f"jobs must be a number of processes such as 2, not {jobs!r}.")
    given = [paths] if isinstance(paths, str | Path) else paths
    found: dict[str, Checked] = {}
    for path in given:
        for file in _listed(path):
            found.setdefault(_key(file.file), file)
    files = list(found.values())
    waiting = [f.file for f in files if not f.status]
    if jobs is None:
        jobs = min(os.cpu_count() or 1, 1 + len(waiting) // _WORTH)
    work = _in_turn if jobs == 1 or len(waiting) < 2 else _in_parallel
    checked = work(waiting, jobs, progress or (lambda done, all_of_them: None))
    return Corpus(tuple(checked.get(f.file, f) for f in files))


# --- which files ---------------------------------------------------------------------------------


def _key(path: str) -> str:
    return os.path.realpath(path) if _is("exists", path) else path


def _is(what: str, path: str) -> bool:
    """Ask about a path; a name that no file can have is none."""
    try:
        return bool(getattr(Path(path), what)())
    except (OSError, ValueError):
        return False


def _listed(given: str | Path) -> Iterator[Checked]:
    """Go through the files that a path stands for; those to be checked have no status yet."""
    path = str(given)
    if path in bundled_reports():
        yield Checked(path, "")
    elif _is("is_dir", path):
        yield from _in_folder(path)
    elif glob.has_magic(path) and not _is("exists", path):
        matching = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - from any folder
        if not matching:
            yield Checked(path, "error", reason="no file matches this pattern")
        for match in matching:
            yield from _in_folder(match) if _is("is_dir", match) else [_named(match)]
    else:
        yield _named(path)


def _named(path: str) -> Checked:
    if _is("exists", path) and not _is("is_file", path):
        return Checked(path, "error", reason="is no file but a device or a pipe")
    return Checked(path, "")


def _in_folder(folder: str) -> Iterator[Checked]:
    found: list[Checked] = []

    def refused(error: OSError) -> None:
        reason = f"the folder cannot be read: {error.strerror}"
        found.append(Checked(str(error.filename), "error", reason=reason))

    for inside, _, names in os.walk(folder, onerror=refused):
        found += [_in_a_folder(Path(inside, n)) for n in names if n.endswith(".toml")]
    yield from sorted(found, key=lambda f: Path(f.file).parts)


def _in_a_folder(path: Path) -> Checked:
    """Say whether a TOML file that nobody named is a report file."""
    if not path.is_file():
        reason = "no file but a device, a pipe or a broken link"
        return Checked(str(path), "skipped", reason=reason)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        return Checked(str(path), "error", reason=f"cannot be read: {error.strerror}")
    if _FIRST_KEY.match(head):
        return Checked(str(path), "")
    return Checked(str(path), "skipped", reason=_NO_REPORT)


# --- checking them -------------------------------------------------------------------------------


def _check_file(path: str) -> Checked:
    """Check one file; whatever is wrong with it stands in its row."""
    try:
        return _row(path, load_report(path).verify())
    except CarbonkitError as error:
        reason = str(error.args[0] if error.args else error)
    except Exception as error:  # a fault of ours must not stop the other files
        reason = f"{type(error).__name__}: {error}"
    return Checked(path, "error", reason=reason.removeprefix(f"{path}: "))


def _row(path: str, audit: Audit) -> Checked:
    report, counts = audit.report, audit.counts()
    worst = next((v for v in _SEVERITY if counts[v]), None)
    worst_claims = [r for r in audit if r.verdict is worst]
    if worst is Verdict.INCONSISTENT:
        worst_claims.sort(key=lambda r: -abs(r.deciding.gap or Fraction(0)))
    return Checked(
        path,
        "checked",
        report=report.id,
        organisation=report.organisation,
        year=report.year,
        claims=len(audit),
        counts=counts,
        worst=worst,
        worst_claim=worst_claims[0].id if worst_claims else "",
        inconsistent=tuple(r.id for r in audit if r.verdict is Verdict.INCONSISTENT),
        sha256=report.sha256,
    )


_Progress = Callable[[int, int], None]


def _in_turn(files: Sequence[str], _: int, progress: _Progress) -> dict[str, Checked]:
    found = {}
    for done, file in enumerate(files, start=1):
        found[file] = _check_file(file)
        progress(done, len(files))
    return found


def _in_parallel(files: Sequence[str], jobs: int, progress: _Progress) -> dict[str, Checked]:
    at_once = max(1, min(_AT_ONCE, len(files) // (4 * jobs)))
    parts = [files[at : at + at_once] for at in range(0, len(files), at_once)]
    found: dict[str, Checked] = {}
    futures = []
    with _processes(min(jobs, len(parts))) as pool:
        try:
            # A file may end the process that reads it, and all that waits with it.
            with suppress(BrokenProcessPool), _interrupts_ignored():
                for part in parts:
                    futures.append(pool.submit(_check_files, part))
            for future in as_completed(futures):
                with suppress(BrokenProcessPool):
                    found |= future.result()
                    progress(len(found), len(files))
        except BaseException:  # such as Ctrl-C: what has not begun will not begin
            pool.shutdown(cancel_futures=True)
            raise
    for file in files:
        if file not in found:
            found[file] = _alone(file)
            progress(len(found), len(files))
    return found


def _processes(count: int) -> ProcessPoolExecutor:
    # Started afresh, not forked: a copy of a process with threads may hang.
    return ProcessPoolExecutor(count, get_context("spawn"))


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Let the first process alone answer Ctrl-C: what it starts in here never does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _check_files(files: Sequence[str]) -> dict[str, Checked]:
    return {file: _check_file(file) for file in files}


def _alone(file: str) -> Checked:
    """Check a file in a process of its own, so that it is known which one ends it."""
    with _processes(1) as pool:
        try:
            with _interrupts_ignored():
                started = pool.submit(_check_files, ())
            started.result()
        except BrokenProcessPool:
            raise ReportError(
                "no other process could be started. In a script, call verify_all under "
                "'if __name__ == \"__main__\":', or with jobs=1."
            ) from None
        try:
            return pool.submit(_check_files, [file]).result()[file]
        except BrokenProcessPool:
            reason = "the process that read it came to a sudden end, perhaps for want of memory"
            return Checked(file, "error", reason=reason)
