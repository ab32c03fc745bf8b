"""Solve a formula for any one argument: "which factor would make this true?"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from carbonkit.errors import FormulaError
from carbonkit.intervals import Interval, range_over

__all__ = ["solve_for"]

_SOLVED = "__result__"


def solve_for(
    fn: Callable[..., Any],
    unknown: str,
    result: Interval,
    known: Mapping[str, Interval],
    at: Mapping[str, Fraction],
) -> Interval:
    """Return every value of one argument that makes ``fn(...)`` fall in `result`.

    The unknown may enter the formula in the first degree, as a factor, an addend or a divisor:
    that covers products, sums, differences, ratios, shares and percent changes.

    Parameters
    ----------
    fn : callable
        Plain arithmetic over its keyword arguments.
    unknown : str
        Name of the argument to solve for.
    result : Interval
        Where the result lies.
    known : mapping of str to Interval
        Where every other argument lies.
    at : mapping of str to Fraction
        The nominal values of the other arguments, and of the result under ``"__result__"``;
        the form of the inverse is chosen and proven there.

    Returns
    -------
    Interval

    Raises
    ------
    FormulaError
        If the unknown does not act on the result, or enters it in a higher degree.

    Examples
    --------
    >>> energy = Interval.point(4)
    >>> answer = solve_for(lambda energy, factor: energy * factor, "factor",
    ...                    Interval(9, 11), {"energy": energy},
    ...                    {"energy": Fraction(4), "__result__": Fraction(10)})
    >>> print(answer)
    [2.25, 2.75]
    """
    target = at[_SOLVED]
    nominal = {name: value for name, value in at.items() if name != _SOLVED}
    for inverse in (_as_factor_or_addend, _as_divisor):
        try:
            value = inverse(fn, unknown, nominal, target)
            proven = fn(**nominal, **{unknown: value}) == target
        except ZeroDivisionError:
            continue
        if proven:
            return range_over(
                lambda _form=inverse, **names: _form(
                    fn, unknown, {n: v for n, v in names.items() if n != _SOLVED}, names[_SOLVED]
                ),
                {**known, _SOLVED: result},
            )
    raise FormulaError(
        f"cannot solve for {unknown!r}: it does not act on the result, or enters it in a higher "
        "degree. Solve for another argument, or try values of this one and compare the results."
    )


def _as_factor_or_addend(
    fn: Callable[..., Any], unknown: str, known: Mapping[str, Any], target: Any
) -> Any:
    intercept = fn(**known, **{unknown: Fraction(0)})
    return (target - intercept) / (fn(**known, **{unknown: Fraction(1)}) - intercept)


def _as_divisor(fn: Callable[..., Any], unknown: str, known: Mapping[str, Any], target: Any) -> Any:
    # With u = 1/x the formula is a line; two points on it give 1/x.
    at_one = fn(**known, **{unknown: Fraction(1)})
    slope = (at_one - fn(**known, **{unknown: Fraction(2)})) * 2
    return slope / (target - at_one + slope)
