"""Tables whose columns were lost when they were copied: words and numbers parted by one space."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from carbonkit.tables.grid import Grid, Raw, rectangle, refuse
from carbonkit.tables.meaning.cells import is_blank, is_figure
from carbonkit.tables.meaning.heads import is_period, word_role
from carbonkit.tables.meaning.words import unit_of
from carbonkit.tables.parts import Problem

__all__ = ["from_squeezed"]

_UNITS = 3  # words that a unit may have


def from_squeezed(lines: Sequence[str], source: str) -> Grid | None:
    """Cut lines into cells from the right, where a line of years says how many there are.

    Parameters
    ----------
    lines : sequence of str
        The text.
    source : str
        What it is called in messages.

    Returns
    -------
    Grid or None
        None if no line of years is seen.

    Raises
    ------
    TableError
        If a line can be cut in more than one way; the message names it.
    """
    split = [(number, _words(line)) for number, line in enumerate(lines, 1)]
    at = next((k for k, (_, words) in enumerate(split) if words and is_period(words[-1])), None)
    if at is None:
        return None
    count = _trailing(split[at][1], is_period)
    before = split[at][1][: len(split[at][1]) - count]
    units = bool(before) and word_role(before[-1]) == "unit"
    problems: list[Problem] = []
    rows: list[list[str]] = []
    for number, words in split:
        row, wrong = _cut(words, count, units, head=number == split[at][0])
        rows.append(row)
        if wrong:
            problems.append(Problem(f"{source}, row {number}", wrong, number))
    if problems:
        raise refuse(source, problems)
    return Grid(
        rectangle(
            [Raw(text, number, column) for column, text in enumerate(row, 1)]
            for (number, _), row in zip(split, rows, strict=True)
            if row
        ),
        source,
    )


def _words(line: str) -> list[str]:
    """Part a line at its spaces, but for signs that belong to the number before them."""
    joined = re.sub(r"(?<=[0-9]) (?=[%‰*†‡](?: |$))", "\0", line.strip())
    joined = re.sub(r"(?<=[<>~≈≤≥]) (?=[0-9])", "\0", joined)
    return [word.replace("\0", " ") for word in joined.split()]


def _trailing(words: Sequence[str], fits: Callable[[str], bool]) -> int:
    """Count the words at the end that fit."""
    count = 0
    for word in reversed(words):
        if not fits(word):
            break
        count += 1
    return count


def _is_value(word: str) -> bool:
    return is_figure(word) or bool(is_blank(word))


def _cut(words: list[str], count: int, units: bool, *, head: bool) -> tuple[list[str], str]:
    """Cut one line into label, unit and values; say what is wrong with it."""
    if not words:
        return [], ""
    values = _trailing(words, _is_value)
    if not values and not head:
        return [" ".join(words)], ""  # a heading, or a remark
    if values < count:
        return [], f"has {values} figures under {count} years. Write 'n/a' where none is printed."
    numbers = words[len(words) - values :]
    grouped = any(
        re.fullmatch(r"[1-9][0-9]{0,2}", one) and re.match(r"[0-9]{3}(?![0-9])", two)
        for one, two in itertools.pairwise(numbers)
    )
    if values > count and grouped:
        return [], (
            "can be cut in more than one way, since a space may group digits. Part its cells by "
            "two spaces, tabs or pipes."
        )
    rest, cells = words[: len(words) - count], words[len(words) - count :]
    if not units:
        size = _unit_words(rest) if head else 0
        label = " ".join(rest[: len(rest) - size])
        return [f"{label} ({' '.join(rest[-size:])})" if size else label, *cells], ""
    taken = 1 if head else _unit_words(rest)
    return [" ".join(rest[: len(rest) - taken]), " ".join(rest[len(rest) - taken :]), *cells], ""


def _unit_words(words: Sequence[str]) -> int:
    """Count the words at the end that are a unit together: the most that can be."""
    for size in range(min(_UNITS, len(words) - 1), 0, -1):
        if words[-size].isdecimal():
            continue  # "Scope 1 t CO2e": the number is of the label
        try:
            unit_of(" ".join(words[-size:]), "tonne")
        except ValueError:
            continue
        return size
    return 0
