"""What is wrong with a report file: one problem, its place and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from carbonkit.errors import CarbonkitError

__all__ = ["Fault", "Problem", "suggested"]

_HINT = re.compile(r"Did you mean ([^?]*)\?")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a report file, or that a careful writer would look at.

    Attributes
    ----------
    code : str
        Kind of the problem, such as ``"unknown-key"`` or ``"unit"``.
    where : str
        The entry, as a reader of the file knows it: ``"figures.total"``, ``"claim 'p5-total'"``.
    message : str
        What is wrong, the nearest known words, and what to do.
    path : tuple of str and int
        Keys that lead to the place in the file.
    level : str
        ``"error"``, or ``"warning"`` for a file that can be used all the same.
    line, column : int
        Where it stands in the file, from 1; 0 where that is not known.
    """

    code: str
    where: str
    message: str
    path: tuple[str | int, ...] = ()
    level: str = "error"
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    @property
    def suggestions(self) -> tuple[str, ...]:
        """The known words that the message offers for an unknown one."""
        return suggested(self.message)


def suggested(message: str) -> tuple[str, ...]:
    """Return the words that an error message offers for an unknown one.

    Examples
    --------
    >>> suggested("Unknown unit 'kwh'. Did you mean kWh? Case matters.")
    ('kWh',)
    """
    found = _HINT.search(message)
    return tuple(re.split(", | or ", found[1])) if found else ()


class Fault(CarbonkitError):
    """What makes an entry unusable; the reader goes on with the next one."""

    def __init__(self, key: str, code: str, message: object) -> None:
        super().__init__(str(message))
        self.key = key
        self.code = code
