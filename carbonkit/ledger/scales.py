"""How many decimals a factor needs, and whether every total fits into 38 digits."""

from __future__ import annotations

import math
from collections.abc import Sequence

from carbonkit.errors import LedgerError
from carbonkit.ledger.plan import WIDTH

__all__ = ["chosen", "fits", "integer"]

#: Significant digits of the smallest factor that cannot be written exactly.
_MOST, _FEWEST = 17, 9


def integer(numerator: int, denominator: int, scale: int) -> int:
    """Return a fraction in units of its last decimal, ties upwards.

    Examples
    --------
    >>> integer(1, 3, 4), integer(5, 100, 1), integer(-1, 3, 2)
    (3333, 1, -33)
    """
    # Plain integers: this runs for every question, unit and gas of a table.
    whole: int = (2 * numerator * 10**scale + denominator) // (2 * denominator)
    return whole


def _places(numerator: int, denominator: int) -> int | None:
    """Return the decimals that a fraction needs, or None if they never end."""
    denominator //= math.gcd(numerator, denominator)
    places = 0
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        places = max(places, count)
    return places if denominator == 1 else None


def _most_places(factors: Sequence[tuple[int, int]]) -> int | None:
    """Return the decimals that hold all factors exactly, or None if some never end."""
    most = 0
    for numerator, denominator in factors:
        places = _places(numerator, denominator)
        if places is None:
            return None
        most = max(most, places)
    return most


def chosen(name: str, uses: Sequence[tuple[int, int, int]], amount_scale: int) -> tuple[int, bool]:
    """Choose the decimals of a column of factors.

    Parameters
    ----------
    name : str
        What the column holds, for messages.
    uses : sequence of (int, int, int)
        For each question: the sum of its amounts in units of their last decimal, and numerator
        and denominator of its factor.
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
    >>> chosen("t CO2", [(1000, 475, 10**6)], 3)
    (6, True)
    >>> chosen("t CO2", [(1000, 1, 3)], 3)
    (17, False)
    """
    uses = [u for u in uses if u[1]]
    if not uses:
        return 0, True
    exact = _most_places([u[1:] for u in uses])
    sizes = [abs(numerator) / denominator for _, numerator, denominator in uses]
    total = sum(amount * size for (amount, _, _), size in zip(uses, sizes, strict=True))
    first = -math.floor(math.log10(min(sizes)))
    # One digit is left free, which also covers the rounding of these floats.
    room = WIDTH - 1 - math.ceil(math.log10(max(total, max(sizes), 1)))
    room = min(room, WIDTH - amount_scale)
    if exact is not None and exact <= room:
        return exact, True
    scale = min(first + _MOST - 1, room) if exact is None else min(exact, room)
    if scale >= max(first + _FEWEST - 1, 0):
        return scale, False
    raise LedgerError(
        f"{name}: a total of about {total / 10.0**amount_scale:.3g} with amounts to {amount_scale} "
        f"decimals and factors down to {min(sizes):.3g} does not fit into {WIDTH} digits. Read "
        "amounts to fewer decimals (places=...), or calculate the smallest and the largest units "
        "apart."
    )


def fits(name: str, amounts: Sequence[int], factors: Sequence[int | None]) -> None:
    """Make sure that no product and no sum of products can overflow.

    Raises
    ------
    LedgerError
        If one could.
    """
    total = sum(a * abs(f) for a, f in zip(amounts, factors, strict=True) if f)
    if max(total, max((abs(f) for f in factors if f), default=0)) >= 10**WIDTH:
        raise LedgerError(f"{name}: the total does not fit into {WIDTH} digits.")
