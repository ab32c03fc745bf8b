"""How many decimals a factor needs, and whether every total fits into 38 digits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from carbonkit.errors import LedgerError
from carbonkit.ledger.plan import WIDTH

__all__ = ["chosen", "fits", "integers"]

Array = np.ndarray[Any, Any]

#: Significant digits of the smallest factor that cannot be written exactly.
_MOST, _FEWEST = 17, 9


def integers(above: Array, below: Array, scale: int) -> Array:
    """Return fractions in units of their last decimal, ties upwards.

    Examples
    --------
    >>> above, below = np.array([1, 5, -1], dtype=object), np.array([3, 100, 3], dtype=object)
    >>> integers(above, below, 2).tolist()
    [33, 5, -33]
    """
    made: Array = (above * (2 * 10**scale) + below) // (2 * below)
    return made


def _places(denominator: int) -> int | None:
    """Return the decimals that a reduced fraction needs, or None if they never end."""
    places = 0
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        places = max(places, count)
    return places if denominator == 1 else None


def _most_places(above: Array, below: Array) -> int | None:
    """Return the decimals that hold all factors exactly, or None if some never end."""
    most = 0
    for denominator in set((below // np.gcd(above, below)).tolist()):
        places = _places(denominator)
        if places is None:
            return None
        most = max(most, places)
    return most


def chosen(
    name: str, amounts: Array, above: Array, below: Array, amount_scale: int
) -> tuple[int, bool]:
    """Choose the decimals of a column of factors.

    Parameters
    ----------
    name : str
        What the column holds, for messages.
    amounts : numpy.ndarray
        For each question the sum of its amounts, in units of their last decimal.
    above, below : numpy.ndarray
        Numerator and denominator of its factor; Python integers.
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
    >>> amount, one, three = (np.array([n], dtype=object) for n in (1000, 1, 3))
    >>> chosen("t CO2", amount, np.array([475], dtype=object), np.array([10**6], dtype=object), 3)
    (6, True)
    >>> chosen("t CO2", amount, one, three, 3)
    (17, False)
    """
    some = above != 0
    if not some.any():
        return 0, True
    amounts, above, below = amounts[some], above[some], below[some]
    exact = _most_places(above, below)
    sizes = (abs(above) / below).astype(float)
    total = float(np.dot(amounts.astype(float), sizes))
    first = -math.floor(math.log10(sizes.min()))
    # One digit is left free, which also covers the rounding of these floats.
    room = WIDTH - 1 - math.ceil(math.log10(max(total, sizes.max(), 1)))
    room = min(room, WIDTH - amount_scale)
    if exact is not None and exact <= room:
        return exact, True
    scale = min(first + _MOST - 1, room) if exact is None else min(exact, room)
    if scale >= max(first + _FEWEST - 1, 0):
        return scale, False
    raise LedgerError(
        f"{name}: a total of about {total / 10.0**amount_scale:.3g} with amounts to {amount_scale} "
        f"decimals and factors down to {sizes.min():.3g} does not fit into {WIDTH} digits. Read "
        "amounts to fewer decimals (places=...), or calculate the smallest and the largest units "
        "apart."
    )


def fits(name: str, amounts: Array, factors: Array) -> None:
    """Make sure that no product and no sum of products can overflow.

    Raises
    ------
    LedgerError
        If one could.
    """
    sizes = abs(factors)
    if max((amounts * sizes).sum(), sizes.max(initial=0)) >= 10**WIDTH:
        raise LedgerError(f"{name}: the total does not fit into {WIDTH} digits.")
