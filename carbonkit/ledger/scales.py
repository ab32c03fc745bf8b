"""How many decimals a factor needs, and whether every total fits into 38 digits."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from carbonkit.errors import LedgerError
from carbonkit.ledger.plan import WIDTH

__all__ = ["chosen", "integer"]

#: Significant digits of the smallest factor that cannot be written exactly.
_MOST, _FEWEST = 17, 9
_LIMIT = 10**WIDTH


def integer(value: Fraction, scale: int) -> int:
    """Return a value in units of its last decimal, ties to even.

    Examples
    --------
    >>> integer(Fraction(1, 3), 4), integer(Fraction(5, 100), 1), integer(Fraction(15, 100), 1)
    (3333, 0, 2)
    """
    return round(value * Fraction(10**scale))


def _places(denominator: int) -> int | None:
    """Return the decimals that a fraction needs, or None if they never end."""
    places = 0
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        places = max(places, count)
    return places if denominator == 1 else None


def _first(value: Fraction) -> int:
    """Return the place of the first digit: 0 for units, 1 for tenths, -1 for tens."""
    place = len(str(value.denominator)) - len(str(value.numerator))
    return place + (value * Fraction(10) ** place < 1)


def chosen(name: str, uses: Iterable[tuple[int, Fraction]], amount_scale: int) -> tuple[int, bool]:
    """Choose the decimals of a column of factors.

    Parameters
    ----------
    name : str
        What the column holds, for messages.
    uses : iterable of (int, Fraction)
        For each question: the sum of its amounts in units of their last decimal, and its factor.
    amount_scale : int
        The decimals of the amounts.

    Returns
    -------
    scale : int
        As many as the factors need; where they never end, so many that the smallest keeps 17
        significant digits; fewer, but at least 9, where the total would not fit.
    exact : bool
        Whether every factor is written without rounding.

    Raises
    ------
    LedgerError
        If the total does not fit.

    Examples
    --------
    >>> chosen("t CO2", [(1000, Fraction(475, 10**6))], 3)
    (6, True)
    >>> chosen("t CO2", [(1000, Fraction(1, 3))], 3)
    (17, False)
    """
    factors = [(total, abs(factor)) for total, factor in uses if factor]
    if not factors:
        return 0, True
    needs = {_places(d) for d in {f.denominator for _, f in factors}}
    exact = None if None in needs else max(n for n in needs if n is not None)
    smallest = _first(min(f for _, f in factors))
    rounded = [smallest + digits - 1 for digits in range(_MOST, _FEWEST - 1, -1)]
    for scale in [*([] if exact is None else [exact]), *rounded]:
        scale = max(scale, 0)
        if scale + amount_scale <= WIDTH and (exact is None or scale <= exact):
            parts = [integer(factor, scale) for _, factor in factors]
            total = sum(t * p for (t, _), p in zip(factors, parts, strict=True))
            # A factor that is never used by more than its refused rows must fit by itself.
            if total < _LIMIT and max(parts) < _LIMIT:
                return scale, scale == exact
    largest = sum(t * f for t, f in factors) / 10**amount_scale
    raise LedgerError(
        f"{name}: a total of about {float(largest):.3g} with amounts to {amount_scale} decimals "
        f"and factors down to {float(min(f for _, f in factors)):.3g} does not fit into {WIDTH} "
        "digits. Read amounts to fewer decimals (places=...), or calculate the smallest and the "
        "largest units apart."
    )
