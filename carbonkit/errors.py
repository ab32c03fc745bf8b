"""Every error carbonkit raises, in one hierarchy.

Each error also derives from the fitting builtin, so ``except ValueError`` keeps working,
and each message says what was wrong, where, what the nearest alternatives are and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "AmbiguousFactor",
    "CarbonkitError",
    "DimensionError",
    "DivisionByZero",
    "DivisionByZeroInterval",
    "FactorError",
    "FactorFileError",
    "FactorKindError",
    "FactorNotFound",
    "FormulaError",
    "GwpError",
    "IntervalError",
    "InventoryError",
    "LedgerError",
    "PrintedError",
    "RelationError",
    "ReportError",
    "SteamError",
    "SystemNotFound",
    "TableError",
    "TargetError",
    "UncertaintyError",
    "UnitError",
]


class CarbonkitError(Exception):
    """Base of every error that carbonkit raises on purpose."""


class UnitError(CarbonkitError, ValueError):
    """A unit that is unknown, ambiguous, missing or misspelt."""


class DimensionError(UnitError, TypeError):
    """A unit of the wrong dimension for the question."""


class IntervalError(CarbonkitError, ValueError):
    """An interval that cannot exist, or an operation that has no meaning on it."""


class DivisionByZeroInterval(IntervalError, ZeroDivisionError):
    """A division whose divisor is exactly zero."""


class PrintedError(CarbonkitError, ValueError):
    """Text that is not a figure, or can be read in more than one way."""


class GwpError(CarbonkitError, LookupError):
    """An unknown GWP set, a gas that a set does not hold, or two sets mixed."""


class FormulaError(CarbonkitError, ValueError):
    """A formula called or solved with arguments it cannot take."""


class DivisionByZero(FormulaError, ZeroDivisionError):
    """A formula that came to divide by zero; the message shows its arguments."""


class SystemNotFound(CarbonkitError, KeyError):
    """No page for a system of that name."""

    __str__ = Exception.__str__  # a KeyError would show its message in quotes


class SteamError(CarbonkitError, ValueError):
    """A state of water or steam that the equations of state do not cover."""


class UncertaintyError(CarbonkitError, ValueError):
    """A distribution that cannot be, or a value whose uncertainty cannot be propagated."""


class TargetError(CarbonkitError, ValueError):
    """A target that cannot be, or an amount that it cannot be compared with."""


class FactorError(CarbonkitError, LookupError):
    """Base of the errors of the emission-factor library."""


class FactorNotFound(FactorError):
    """No emission factor fits the question as it was asked."""


class AmbiguousFactor(FactorError):
    """More than one emission factor fits the question."""


class FactorKindError(FactorError, TypeError):
    """A factor of a kind that does not fit, such as an operating margin in an inventory."""


class FactorFileError(FactorError, ValueError):
    """A factor file that breaks the format; the message names file, row and column."""


class InventoryError(CarbonkitError, ValueError):
    """Activity data that cannot be used, or totals that must not be mixed.

    Attributes
    ----------
    problems : tuple
        Every problem that was found, where the error stands for several.
    """

    def __init__(self, message: str, problems: Iterable[object] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class LedgerError(CarbonkitError, ValueError):
    """A table that cannot be calculated, or a result that cannot be written."""


class TableError(CarbonkitError, ValueError):
    """A printed table that cannot be read; the message names the cells.

    Attributes
    ----------
    problems : tuple
        Every problem that was found.
    """

    def __init__(self, message: str, problems: Iterable[object] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class ReportError(CarbonkitError, ValueError):
    """A report file that cannot be used; the message names the file and the key."""


class RelationError(ReportError):
    """A relation in a report file that is not plain arithmetic over known names."""


def nearest(name: str, known: Iterable[str], count: int = 3) -> str:
    """Return the end of an error message that names the known words nearest to `name`.

    Examples
    --------
    >>> nearest("kwh", ["kWh", "MWh", "site"])
    ' Did you mean kWh, MWh?'
    >>> nearest("zzz", ["kWh"])
    ''
    """
    by_fold: dict[str, str] = {}
    for word in known:
        by_fold.setdefault(word.casefold(), word)
    close = difflib.get_close_matches(name.casefold()[:80], by_fold, n=count, cutoff=0.6)
    if not close:
        return ""
    return f" Did you mean {', '.join(by_fold[c] for c in close)}?"
