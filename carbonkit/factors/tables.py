"""Factors as tables: history, comparison, and batch look-up with the scalar's semantics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from carbonkit.errors import FactorError, FactorNotFound, nearest
from carbonkit.factors import query as ask
from carbonkit.factors.model import Factor
from carbonkit.factors.store import Unanswered

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.factors.store import FactorLibrary

__all__ = ["compare", "find_frame", "history"]

QUESTION = ("activity", "region", "year", "kind", "publisher", "release", "valid", *ask.FILTERS)
ANSWER = (
    "value",
    "unit",
    "gas",
    "kind",
    "region",
    "data_year",
    "activity",
    "item",
    "calorific_basis",
    "boundary",
    "reference_conditions",
    "gwp_set",
    "publisher",
    "published",
    "release",
    "id",
    "match",
    "problem",
)

_MATCH = ANSWER.index("match")
_NOTHING = (float("nan"), *[None] * (len(ANSWER) - 2))


def _record(factor: Factor, to: str | None = None) -> tuple[Any, ...]:
    value, unit = float(factor.value), factor.unit
    if to is not None:
        value, unit = _converted(factor, to)
    return (
        value,
        unit,
        factor.gas,
        factor.kind,
        factor.region,
        factor.data_year,
        factor.activity,
        factor.item,
        factor.calorific_basis,
        factor.boundary,
        factor.reference_conditions,
        factor.gwp_set,
        factor.source.publisher,
        str(factor.source.published),
        factor.release,
        factor.id,
        str(factor.match) if factor.match else "",
        "",
    )


def _converted(factor: Factor, to: str) -> tuple[float, str]:
    """Bring a factor to mass per something, whatever the gas: "kg/kWh"."""
    from carbonkit import units

    head, slash, tail = factor.unit.partition("/")
    mass, _, gas = head.rpartition(" ")
    if not mass or not slash:
        raise FactorError(
            f"{factor.key} is in {factor.unit!r}, which is no mass of a gas per something. "
            "Leave `to` out, or ask for other factors."
        )
    wanted = units.canonical(to)
    scale = units.scale(f"{mass}/{tail}", wanted)
    numerator, _, denominator = wanted.partition("/")
    return float(factor.figure.value * scale), f"{numerator} {gas}/{denominator}"


def _frame(records: Iterable[tuple[Any, ...]], index: Any = None) -> pd.DataFrame:
    import pandas as pd

    columns: list[tuple[Any, ...]] = list(zip(*records, strict=True)) or [()] * len(ANSWER)
    data = dict(zip(ANSWER, columns, strict=True))
    frame = pd.DataFrame(
        {
            name: pd.Series(
                list(values),
                dtype={"value": "float64", "data_year": "Int64"}.get(name, "object"),
            )
            for name, values in data.items()
        }
    )
    if index is not None:
        frame.index = index
    return frame


def history(
    library: FactorLibrary, activity: str, *, to: str | None = None, **question: Any
) -> pd.DataFrame:
    """Return the years of a factor; see :func:`carbonkit.factors.history`."""
    found = library.find_all(activity, **question)
    found = tuple(f for f in found if f.data_year is not None)
    if not found:
        raise FactorNotFound(f"no factor for {activity} that was found belongs to a year.")
    order = sorted(found, key=lambda f: (f.data_year, f.release, f.id))
    return _frame(_record(f, to) for f in order)


def compare(
    library: FactorLibrary, activity: str, *, to: str | None = None, **question: Any
) -> pd.DataFrame:
    """Return factors side by side; see :func:`carbonkit.factors.compare`."""
    wanted = {
        name: list(value) if isinstance(value, list | tuple | range | set) else [value]
        for name, value in question.items()
        if name != "rule"
    }
    fixed = {"rule": question["rule"]} if "rule" in question else {}
    records: list[tuple[Any, ...]] = []
    for values in product(*wanted.values()):
        asked = {k: v for k, v in zip(wanted, values, strict=True) if v is not None}
        try:
            found = library.find_all(activity, **asked, **fixed)
        except FactorNotFound as error:
            records.append(_missing({"activity": activity, **asked}, str(error)))
        else:
            records += [_record(f, to) for f in found]
    return _frame(records)


def _missing(asked: dict[str, Any], problem: str) -> tuple[Any, ...]:
    said = {"data_year" if k == "year" else k: v for k, v in asked.items()}
    said.update(value=float("nan"), problem=problem.partition("\n")[0], match="")
    return tuple(said.get(name) for name in ANSWER)


def find_frame(
    library: FactorLibrary,
    questions: pd.DataFrame,
    *,
    on: Sequence[str] | None = None,
    errors: str = "raise",
    rule: ask.Rule = "exact",
    **constants: Any,
) -> pd.DataFrame:
    """Look up each row of a frame; see :func:`carbonkit.factors.find_frame`."""
    columns = [str(c) for c in questions.columns] if on is None else list(on)
    for name in (*columns, *constants):
        if name not in QUESTION:
            raise FactorError(
                f"column {name!r} is no part of a question.{nearest(name, QUESTION)} Name the "
                f"columns to ask by: on=[...]. Questions have {', '.join(QUESTION)}."
            )
        if name in columns and (name in constants or columns.count(name) > 1):
            raise FactorError(f"{name!r} is given twice.")
        if name in columns and name not in questions.columns:
            raise FactorError(f"the frame has no column {name!r}.")
    if "activity" not in (*columns, *constants):
        raise FactorError("the frame has no column 'activity', nor is activity=... given.")
    if errors not in ("raise", "record"):
        raise FactorError(f"errors={errors!r}: 'raise' or 'record'.")
    keys = list(zip(*(_asked(questions[c]) for c in columns), strict=True)) if columns else []
    if not columns:
        keys = [()] * len(questions)
    # Most questions differ in the year alone; the rest of them is worked out once.
    at = columns.index("year") if "year" in columns else len(columns)
    others = [c for c in columns if c != "year"]
    fixed = {n: v for n, v in constants.items() if n != "activity"}
    templates: dict[tuple[Any, ...], ask.Query] = {}
    known: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    rows: dict[tuple[str, int], tuple[Any, ...]] = {}
    raising = errors == "raise"
    failed: list[tuple[int, FactorError | Unanswered]] = []
    for number, key in enumerate(keys):
        if key in known:
            continue
        rest, year = (*key[:at], *key[at + 1 :]), key[at] if at < len(key) else None
        try:
            if rest not in templates:
                asked = {n: v for n, v in zip(others, rest, strict=True) if v is not None}
                activity = asked.pop("activity", constants.get("activity"))
                templates[rest] = library.question(activity, rule=rule, **{**fixed, **asked})
            query = templates[rest] if year is None else templates[rest].with_year(year)
            found = library.resolve(query)
        except FactorError as error:
            known[key] = (*_NOTHING, str(error).partition("\n")[0])
            if raising:
                failed.append((number, error))
            continue
        if isinstance(found, Unanswered):
            known[key] = (*_NOTHING, str(found))
            if raising:
                failed.append((number, found))
            continue
        row, match = found
        place = (row.release.name, row.line)
        if place not in rows:
            rows[place] = _record(row.release.factor(row))
        known[key] = (*rows[place][:_MATCH], str(match), "")
    if failed:
        shown = "\n".join(f"row {questions.index[n]!r}: {_said(p)}" for n, p in failed[:5])
        raise FactorError(
            f"{len(failed)} of {len(known)} different questions have no answer:\n{shown}\n"
            "Mend them, or use errors='record' to get the problems as a column."
        )
    return _frame((known[key] for key in keys), questions.index)


def _said(problem: FactorError | Unanswered) -> str:
    """Return the first line of an error that may still have to be worked out."""
    if not isinstance(problem, FactorError):
        try:
            problem.fail()
        except FactorError as error:
            problem = error
    return str(problem).partition("\n")[0]


def _asked(column: pd.Series[Any]) -> list[Any]:
    """Return a column's cells with missing ones as None and whole floats as integers."""
    missing = column.isna().tolist()
    values = column.tolist()
    if column.name in ("year", "valid"):
        values = [
            int(v) if isinstance(v, float) and v == v and v.is_integer() else v for v in values
        ]
    return [None if gone else value for value, gone in zip(values, missing, strict=True)]
