"""What should hold between the cells of a table, as the figures and claims of a report file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from carbonkit._text import number, with_unit
from carbonkit.tables.model import PrintedTable
from carbonkit.tables.parts import Column, Line
from carbonkit.tables.ratios.shares import ratio_claims
from carbonkit.tables.sums.amounts import Amounts, Key, Term, spread
from carbonkit.tables.sums.lanes import Sum, Unclear, adds_across
from carbonkit.tables.sums.structure import Structure, structure, terms
from carbonkit.tables.sums.wording import claim_of, name_of, places, quoted

__all__ = ["add_up", "document", "lane_title", "sentence"]

_NAMED = 4  # parts that a sentence can name one by one


def document(table: PrintedTable) -> dict[str, Any]:
    r"""Return the figures and claims of a table, as a report file holds them.

    Parameters
    ----------
    table : PrintedTable
        The table.

    Returns
    -------
    dict
        ``figures``: by name, the entries of ``[figures]``, text as printed, in the marks of the
        table. ``claims``: the entries of ``[[claims]]``: sums down and across, changes, shares and
        intensities. What cannot be told from the table is a claim that is not checkable.

    Raises
    ------
    TableError
        If ``totals`` names a line or column that the table does not have.

    Examples
    --------
    >>> from carbonkit.tables import read_text
    >>> table = read_text(
    ...     "|  | Unit | 2020 | 2021 |\n|---|---|---|---|\n| Diesel | MWh | 1,204 | 1,180 |\n"
    ...     "| Gas | GWh | 0.31 | 0.35 |\n| Total | MWh | 1,514 | 1,530 |",
    ...     name="energy",
    ... )
    >>> claim = document(table)["claims"][0]
    >>> claim["relation"]
    'energy_total_2020 == sum(energy_diesel_2020, energy_gas_2020)'
    >>> claim["statement"]
    "'Diesel' and 'Gas' add up to 'Total' in 2020."
    """
    amounts = Amounts(table)
    found = structure(table, amounts)
    claims = [*_sums(table, amounts, found), *ratio_claims(table, found)]
    return {"figures": _figures(table), "claims": claims}


def _figures(table: PrintedTable) -> dict[str, dict[str, Any]]:
    figures: dict[str, dict[str, Any]] = {}
    for line in table.lines:
        for column, cell in zip(table.value_columns, line.cells, strict=True):
            if cell.figure is None:
                continue
            entry: dict[str, Any] = {
                "text": cell.text,
                "page": table.page,
                "table": table.name,
                "unit": cell.unit,
                "period": column.period,
                "series": _series(table, line, column),
                "rounding": "" if table.rounding == "unknown" else table.rounding,
            }
            name = table.figure_name(line, column)
            figures[name] = {k: v for k, v in entry.items() if v not in ("", None)}
    return figures


def _series(table: PrintedTable, line: Line, column: Column) -> str:
    """Name the row that a figure is one period of; a change or a share is no period of it."""
    if not column.period or column.role in ("change", "share"):
        return ""
    which = column.name.removesuffix(column.period).strip("_")
    return "_".join(filter(None, (table.name, line.name, "" if which == column.name else which)))


# --- sums ----------------------------------------------------------------------------------------


def add_up(table: PrintedTable, found: Structure) -> Iterator[tuple[Sum, int]]:
    """Go through the columns, or lines, in which each sum can be tried.

    Columns of changes and shares do not add up, nor do the columns of a ratio.
    """
    for sum_ in found.sums:
        if sum_.axis == "down":
            for j, column in enumerate(table.value_columns):
                if column.role in ("value", "total"):
                    yield sum_, j
        else:
            yield from ((sum_, i) for i in range(len(table.lines)) if adds_across(table, i))


def _sums(table: PrintedTable, amounts: Amounts, found: Structure) -> Iterator[dict[str, Any]]:
    for sum_, at in add_up(table, found):
        if sum_.key(sum_.total, at) in amounts.figures:
            yield _sum(table, amounts, sum_, at)
    for unclear in found.unclear:
        yield _unclear(table, amounts, unclear)


def _sum(table: PrintedTable, amounts: Amounts, sum_: Sum, at: int) -> dict[str, Any]:
    total = sum_.key(sum_.total, at)
    given, missing = terms(sum_, at, amounts)
    claim = claim_of(table, total, "" if sum_.axis == "down" else "-across")
    claim["statement"] = f"{sentence(table, sum_, at)}."
    notes = [sum_.note]
    if missing and not (given and amounts.fits(total, given)):
        claim["uncheckable"] = "missing-figure"
        claim["missing"] = _missing(table, amounts, total, given, missing)
    else:
        if missing:
            notes.append(f"It closes with {places(table, missing)} as zero.")
        claim["relation"] = f"{name_of(table, total)} == {_written(table, given)}"
    if note := " ".join(filter(None, notes)):
        claim["note"] = note
    return claim


def _written(table: PrintedTable, given: Sequence[Term]) -> str:
    names = [("" if sign > 0 else "-") + name_of(table, key) for key, sign in given]
    return f"sum({', '.join(names)})" if len(names) > 1 else names[0]


def _missing(
    table: PrintedTable,
    amounts: Amounts,
    total: Key,
    given: Sequence[Term],
    missing: Sequence[Key],
) -> str:
    told = places(table, missing)
    if not given:
        return told
    low, high = spread((amounts.ends(key) for key, _ in given), given)
    bottom, top = amounts.ends(total)
    rest = amounts.interval(total, (bottom - high, top - low))
    if rest.lo is None or rest.hi is None:
        return told
    unit = table.lines[total[0]].cells[total[1]].unit
    implied = f"{number(rest.lo)} to {number(rest.hi)} {'' if unit == '1' else unit}".rstrip()
    return f"{told}, in all {implied} if the others are right"


def _unclear(table: PrintedTable, amounts: Amounts, unclear: Unclear) -> dict[str, Any]:
    down = unclear.axis == "down"
    lanes: Sequence[Line | Column] = table.lines if down else table.value_columns
    what = "lines" if down else "columns"
    lane = lanes[unclear.total]
    claim: dict[str, Any] = {
        "id": f"{table.name}-{lane.name}-parts".replace("_", "-"),
        "page": table.page,
        "system": table.name,
        "statement": f"{quoted(lane.title)} is the total of other {what}.",
        "uncheckable": "missing-figure",
        "missing": f"which {what} make it up; say it as totals = {{ {lane.name} = [...] }}",
    }
    if unclear.guess:
        guess = Sum(unclear.axis, unclear.total, unclear.guess, (1,) * len(unclear.guess), "")
        claim["note"] = (
            f"It is not the sum of {_listed(table, guess)}{_come_to(table, guess, amounts)}."
        )
    return {k: v for k, v in claim.items() if v is not None}


def _come_to(table: PrintedTable, guess: Sum, amounts: Amounts) -> str:
    """Say what the parts come to in the first column (or line) that prints all of them."""
    lanes: Sequence[Line | Column] = table.value_columns if guess.axis == "down" else table.lines
    for sum_, at in add_up(table, Structure((guess,), ())):
        total = sum_.key(sum_.total, at)
        given, missing = terms(sum_, at, amounts)
        if total not in amounts.figures or missing:
            continue
        cell = table.lines[total[0]].cells[total[1]]
        come = with_unit(amounts.amount(total, amounts.sum_of(given)), cell.unit or "1")
        return f": in {lanes[at].title} these come to {come}, and {cell.text.strip()} is printed"
    return ""


# --- words ---------------------------------------------------------------------------------------


def sentence(table: PrintedTable, sum_: Sum, at: int) -> str:
    """Say what adds up to what, and in which column or line."""
    if sum_.axis == "down":
        total, column = table.lines[sum_.total].title, table.value_columns[at]
        return f"{_listed(table, sum_)} add up to {quoted(total)} in {column.title}"
    total, line = table.value_columns[sum_.total].title, table.lines[at]
    return f"{_listed(table, sum_)} add up to {quoted(total)} for {quoted(line.title)}"


def lane_title(table: PrintedTable, sum_: Sum | Unclear) -> str:
    """Return the title of the line, or column, that is a total."""
    lanes: Sequence[Line | Column] = table.lines if sum_.axis == "down" else table.value_columns
    return lanes[sum_.total].title


def _listed(table: PrintedTable, sum_: Sum) -> str:
    """Name the parts of a sum, or the first and the last of many."""
    lanes: Sequence[Line | Column] = table.lines if sum_.axis == "down" else table.value_columns
    titles = [
        ("" if sign > 0 else "minus ") + quoted(lanes[part].title)
        for part, sign in zip(sum_.parts, sum_.signs, strict=True)
    ]
    if len(titles) > _NAMED:
        what = "lines" if sum_.axis == "down" else "columns"
        return f"{len(titles)} {what} from {titles[0]} to {titles[-1]}"
    return " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))
