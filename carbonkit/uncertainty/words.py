"""Uncertainty as people write it in a cell of a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from carbonkit.errors import CarbonkitError, UncertaintyError
from carbonkit.uncertainty.distributions import (
    PEDIGREE,
    Distribution,
    interval95,
    lognormal,
    normal,
    pedigree,
    triangular,
    uniform,
)

__all__ = ["FORMS", "by_gas", "parse"]

FORMS = (
    "± 5 %", "sd 2 %", "sd 12 MWh", "gsd 1.1", "gsd2 1.21", "95 %: 90 to 120 MWh",
    "lognormal 95 %: 90 to 120", "range 90 to 120", "triangular 90 to 120",
    "pedigree 2 1 3 2 1 best 1",
)  # fmt: skip
"""Every form that `parse` takes, by example."""

_NUMBER = r"[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_TWO = rf"(?P<low>{_NUMBER})\s*(?:to|–|\.\.)\s*(?P<high>{_NUMBER})\s*(?P<unit>\D.*)?"
_GAS = re.compile(r"\s*([A-Z][\w-]*)\s*:(?!\s*$)(.*)", re.S)
_Words = Mapping[str, Any]
_LONGEST = 120


def parse(text: str) -> Distribution:
    """Read an uncertainty.

    Parameters
    ----------
    text : str
        - ``± 5 %`` or ``+/- 5 %``: half of the 95 % interval, as the IPCC states it;
        - ``95 %: 90 to 120 MWh``: that interval, normal; ``lognormal 95 %: 90 to 120``;
        - ``sd 2 %``, ``sd 12 MWh``: a standard deviation, normal;
        - ``gsd 1.1``, ``gsd2 1.21``: a geometric standard deviation, or its square; lognormal;
        - ``range 90 to 120``: none likelier than another; ``triangular 90 to 120``: with its
          peak at the value;
        - ``pedigree 2 1 3 2 1 best 1``: scores of reliability, completeness, temporal,
          geographic and technical representativeness, and which score is the best one.

        Bounds without a unit are in the unit of the value.

    Returns
    -------
    Distribution

    Raises
    ------
    UncertaintyError
        If it is none of these. A bare "5 %" is none: it could be a standard deviation or half
        of a 95 % interval.

    Examples
    --------
    >>> print(parse("± 5 %"), parse("gsd 1.1"))
    interval95(relative=0.05, shape=normal) lognormal(gsd=1.1, centre=median)
    >>> parse("5 %")
    Traceback (most recent call last):
        ...
    carbonkit.errors.UncertaintyError: '5 %' does not say what it is. Write, for example, ± 5 %; ...
    """
    said = text.strip()
    for form, make in _READ if len(said) <= _LONGEST else ():
        found = form.fullmatch(said)
        if found is not None:
            try:
                return make(found.groupdict())
            except UncertaintyError:
                raise
            except (CarbonkitError, ValueError) as error:
                raise UncertaintyError(f"{said!r}: {error}") from None
    raise UncertaintyError(
        f"{said[:60]!r} does not say what it is. Write, for example, {'; '.join(FORMS)}."
    )


def by_gas(text: str) -> dict[str, Distribution]:
    """Read uncertainties of factors: one for all gases, or one for each.

    Parameters
    ----------
    text : str
        ``± 5 %``, or ``CO2: ± 2 %; CH4: gsd 2; N2O: gsd 3``.

    Returns
    -------
    dict of str to Distribution
        By gas; "" for all.

    Raises
    ------
    UncertaintyError
        If a part cannot be read, or a gas stands twice.

    Examples
    --------
    >>> {gas: str(d) for gas, d in by_gas("CO2: sd 2 %; CH4: gsd 2").items()}
    {'CO2': 'normal(relative=0.02)', 'CH4': 'lognormal(gsd=2, centre=median)'}
    """
    found: dict[str, Distribution] = {}
    parts = [part for part in text.split(";") if part.strip()]
    for part in parts:
        named = _GAS.fullmatch(part)
        gas, words = named.groups() if named else ("", part)
        if gas in found or (not gas and len(parts) > 1):
            raise UncertaintyError(
                f"{text.strip()[:60]!r}: name each gas once, as in CO2: ± 2 %; CH4: gsd 2."
            )
        found[gas] = parse(words)
    if not found:
        raise UncertaintyError(f"{text!r} holds no uncertainty.")
    return found


def _value(words: _Words) -> Any:
    """Return a size with its unit; without one, a bare number."""
    number, unit = float(words["size"].replace(",", "")), (words["unit"] or "").strip()
    return f"{number!r} {unit}" if unit else number


def _relative_or(words: _Words) -> dict[str, Any]:
    value = _value(words)
    relative = isinstance(value, str) and value.endswith("%")
    return {"relative": value} if relative else {"sd": value}


def _bounds(words: _Words) -> tuple[Any, Any]:
    unit = (words["unit"] or "").strip()
    low, high = (float(words[side].replace(",", "")) for side in ("low", "high"))
    return (f"{low!r} {unit}", f"{high!r} {unit}") if unit else (low, high)


def _plus_minus(words: _Words) -> Distribution:
    value = _value(words)
    if isinstance(value, str) and value.endswith("%"):
        return interval95(relative=value)
    raise UncertaintyError(
        "± takes a share of the value, as in ± 5 %. For an interval in units write "
        "95 %: 90 to 120 MWh."
    )


def _scores(words: _Words) -> Distribution:
    scores = [int(score) for score in re.findall(r"\d+", words["scores"])]
    if len(scores) != len(PEDIGREE):
        raise UncertaintyError(
            f"pedigree: {len(scores)} scores; give five: reliability, completeness, temporal, "
            "geographic, technical."
        )
    names = ("reliability", "completeness", "temporal", "geographic", "technical")
    return pedigree(dict(zip(names, scores, strict=True)), best=int(words["best"]))  # type: ignore[arg-type]


_SIZE = rf"(?P<size>{_NUMBER})\s*(?P<unit>\D.*)?"
_READ: tuple[tuple[re.Pattern[str], Callable[[_Words], Distribution]], ...] = tuple(
    (re.compile(form, re.I), make)
    for form, make in (
        (rf"(?:±|\+/-|\+-)\s*{_SIZE}", _plus_minus),
        (rf"sd\s+{_SIZE}", lambda w: normal(**_relative_or(w))),
        (rf"gsd\s+(?P<size>{_NUMBER})", lambda w: lognormal(float(w["size"]))),
        (rf"gsd[2²]\s+(?P<size>{_NUMBER})", lambda w: lognormal(squared_gsd=float(w["size"]))),
        (rf"(?:normal\s+)?95\s*%\s*:?\s*{_TWO}", lambda w: interval95(*_bounds(w))),
        (
            rf"lognormal\s+95\s*%\s*:?\s*{_TWO}",
            lambda w: interval95(*_bounds(w), shape="lognormal"),
        ),
        (rf"(?:range|uniform)\s+{_TWO}", lambda w: uniform(*_bounds(w))),
        (rf"triangular\s+{_TWO}", lambda w: triangular(*_bounds(w))),
        (r"pedigree\s+(?P<scores>[\d,\s]+?)\s+best\s+(?P<best>[15])", _scores),
    )
)
