"""Factors as tables: history, comparison, and batch look-up with the scalar's semantics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from carbonkit.errors import FactorError, FactorNotFound, nearest
from carbonkit.factors import query as ask
from carbonkit.factors.asked import Asked, Found
from carbonkit.factors.model import Factor
from carbonkit.factors.unanswered import Unanswered

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

_NOTHING = (float("nan"), *[None] * (len(ANSWER) - 1))


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


def _frame(records: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    columns: list[tuple[Any, ...]] = list(zip(*records, strict=True)) or [()] * len(ANSWER)
    return pd.DataFrame(
        {
            name: pd.Series(
                list(values),
                dtype={"value": "float64", "data_year": "Int64"}.get(name, "object"),
            )
            for name, values in zip(ANSWER, columns, strict=True)
        }
    )


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
    different = dict.fromkeys(keys)
    fixed = {n: v for n, v in constants.items() if n != "activity"} | {"rule": rule}

    def question(asked: dict[str, Any]) -> ask.Query:
        return library.question(asked.pop("activity", constants.get("activity")), **(fixed | asked))

    answers = list(_answers(library, columns, different, question))
    if errors == "raise":
        _require(questions, keys, dict(zip(different, answers, strict=True)))
    return _answered(answers, different, keys, questions.index)


Answered = Found | Unanswered | FactorError


def _answers(
    library: FactorLibrary,
    columns: Sequence[str],
    keys: Iterable[tuple[Any, ...]],
    question: Callable[[dict[str, Any]], ask.Query],
) -> Iterator[Answered]:
    """Answer different questions; what those that differ in the year alone share, once."""
    at = columns.index("year") if "year" in columns else len(columns)
    others = [c for c in columns if c != "year"]
    templates: dict[tuple[Any, ...], Asked | FactorError] = {}
    years: dict[Any, str | None] = {}
    for key in keys:
        rest = key[:at] + key[at + 1 :]
        year = key[at] if at < len(key) else None
        asked = templates.get(rest)
        if asked is None:
            cells = {n: v for n, v in zip(others, rest, strict=True) if v is not None}
            try:
                asked = Asked(library, question(cells))
            except FactorError as error:
                asked = error
            templates[rest] = asked
        if isinstance(asked, FactorError):
            yield asked
            continue
        try:
            if year is None:
                yield asked.at(asked.query.year)
                continue
            text = years.get(year)
            if text is None:
                text = years[year] = ask.year_text(year)
            yield asked.at(text)
        except FactorError as error:
            yield error


def _answered(
    answers: Sequence[Answered],
    different: Iterable[tuple[Any, ...]],
    keys: Sequence[tuple[Any, ...]],
    index: Any,
) -> pd.DataFrame:
    """Return the answers as a frame; each factor is built once, each text once per question."""
    import numpy as np

    records: dict[tuple[str, int], int] = {}
    made: list[tuple[Any, ...]] = [_NOTHING]
    places: list[int] = []
    matches: list[str | None] = []
    problems: list[str] = []
    for answer in answers:
        if isinstance(answer, Found):
            row = answer.row
            key = (row.release.name, row.line)
            place = records.get(key)
            if place is None:
                place = records[key] = len(made)
                made.append(_record(row.release.factor(row)))
            places.append(place)
            matches.append(str(answer))
            problems.append("")
        else:
            places.append(0)
            matches.append(None)
            problems.append(str(answer).partition("\n")[0])
    order = {key: number for number, key in enumerate(different)}
    rows = [order[key] for key in keys]
    frame = _frame(made).take([places[r] for r in rows])
    frame["match"] = np.array(matches, dtype=object)[rows]
    frame["problem"] = np.array(problems, dtype=object)[rows]
    frame.index = index
    return frame


def _require(
    questions: pd.DataFrame, keys: Sequence[tuple[Any, ...]], answers: Mapping[Any, Answered]
) -> None:
    """Raise what is wrong with the first questions that have no answer."""
    failed = {key for key, answer in answers.items() if not isinstance(answer, Found)}
    if not failed:
        return
    first: dict[tuple[Any, ...], int] = {}
    for number, key in enumerate(keys):
        if key in failed:
            first.setdefault(key, number)
    shown = "\n".join(
        f"row {questions.index[number]!r}: {_said(answers[key])}"
        for key, number in list(first.items())[:5]
    )
    raise FactorError(
        f"{len(failed)} of {len(answers)} different questions have no answer:\n{shown}\n"
        "Mend them, or use errors='record' to get the problems as a column."
    )


def _said(problem: Answered) -> str:
    """Return the first line of an error that may still have to be worked out."""
    if isinstance(problem, Unanswered):
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
