"""Tables in text: Markdown, separated by tabs, semicolons or commas, or aligned by spaces."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from carbonkit.errors import TableError
from carbonkit.tables.grid import LONGEST_CELL, MOST_CELLS, Grid, Raw, rectangle, refuse
from carbonkit.tables.meaning.heads import is_period
from carbonkit.tables.parts import Problem
from carbonkit.tables.sources.squeezed import from_squeezed

__all__ = ["LONGEST_TEXT", "decoded", "from_text"]

LONGEST_TEXT = 1_000_000
_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\s*")
_ENCODINGS = {"cp1252": "Western European", "gb18030": "Chinese", "cp1251": "Cyrillic"}
_INDENT = re.compile(r"(?:[ \u00a0\u2000-\u200a\u202f\u3000]|&nbsp;|&emsp;|&ensp;)+")
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


_BYTE_ORDER = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decoded(data: bytes, source: str, encoding: str | None = None) -> str:
    """Turn the bytes of a file into text, without guessing.

    Parameters
    ----------
    data : bytes
        The file.
    source : str
        Its name, for messages.
    encoding : str, optional
        Its encoding; by default UTF-8, or UTF-16 or UTF-32 with a byte-order mark.

    Returns
    -------
    str

    Raises
    ------
    TableError
        If it is not in this encoding; the message shows how others would read the place.
    """
    named = encoding or next((name for mark, name in _BYTE_ORDER if data.startswith(mark)), "utf-8")
    if named == "utf-8" and b"\0" in data:
        raise TableError(
            f"{source}: holds zero bytes, so it is no text in UTF-8. It may be UTF-16: say "
            "encoding='utf-16-le' (or 'utf-16-be'), or save it as UTF-8."
        )
    try:
        return data.decode(named)
    except LookupError:
        raise TableError(f"{source}: {encoding!r} is no encoding that Python knows.") from None
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        piece = data[max(start, error.start - 20) : error.start + 20].split(b"\n")[0]
        others = [
            f"encoding={name!r} ({what}) reads {piece.decode(name, 'replace').strip()!r}"
            for name, what in _ENCODINGS.items()
            if name != encoding
        ]
        raise TableError(
            f"{source}, row {row}: is not in {named.upper()}. Save it as UTF-8, or say its "
            f"encoding: {'; '.join(others)}."
        ) from None


def from_text(text: str, source: str, kind: str = "") -> Grid:
    """Cut a text into cells.

    Parameters
    ----------
    text : str
        The table, with its heading above it if it has one.
    source : str
        What it is called in messages.
    kind : str
        ``"csv"`` for text that is separated by commas or semicolons, ``"tsv"`` by tabs, ``"md"``
        for Markdown; by default it is seen from the text.

    Returns
    -------
    Grid

    Raises
    ------
    TableError
        If it is too long, or no table is seen in it.
    """
    if len(text) > LONGEST_TEXT:
        raise TableError(
            f"{source}: has {len(text):,} characters; a table has at most {LONGEST_TEXT:,}."
        )
    lines = text.removeprefix("\ufeff").splitlines()
    if not any(line.strip() for line in lines):
        raise TableError(f"{source}: is empty.")
    kind = kind or _kind(lines)
    if kind == "md":
        grid = _markdown(lines, source)
    elif kind == "spaces":
        grid = _aligned(lines, source)
    else:
        grid = _separated(lines, source, "\t" if kind == "tsv" else "")
    _check_size(grid)
    return grid


def _kind(lines: Sequence[str]) -> str:
    """See how the cells of a text are parted."""
    full = [line for line in lines if line.strip()]
    if any(_RULE.fullmatch(line) and "|" in line for line in full):
        return "md"
    if sum("|" in line for line in full) * 2 > len(full):
        return "md"
    if sum("\t" in line.strip("\n") for line in full) * 2 > len(full):
        return "tsv"
    parted = [re.split(r"\s{2,}", line.strip()) for line in full]
    spaced = sum(len(p) > 1 and not any(f.endswith((",", ";")) for f in p[:-1]) for p in parted)
    return "spaces" if spaced * 2 >= len(full) else "csv"


def _check_size(grid: Grid) -> None:
    cells = sum(len(row) for row in grid.rows)
    if cells > MOST_CELLS:
        raise TableError(f"{grid.source}: has {cells:,} cells; a table has at most {MOST_CELLS:,}.")
    long = [raw for row in grid.rows for raw in row if len(raw.text) > LONGEST_CELL]
    if long:
        message = f"has more than {LONGEST_CELL:,} characters; this is no cell of a printed table."
        raise refuse(grid.source, [grid.problem(raw, message) for raw in long])


def _raw(text: str, row: int, column: int, *, first: bool = False) -> Raw:
    """Make a cell of a text; spaces before a label are its indentation."""
    indent = 0
    if first and (match := _INDENT.match(text)):
        indent = len(html.unescape(match[0]))
    return Raw(" ".join(text.split()), row, column, indent=indent)


# ------------------------------------------------------------------------ separated


def _separated(lines: Sequence[str], source: str, delimiter: str) -> Grid:
    text = "\n".join(lines)
    candidates = [delimiter] if delimiter else ["\t", ";", ",", "|"]
    rows = max((_records(text, source, mark, delimiter) for mark in candidates), key=_agreement)
    agree = _agreement(rows) * 2 > sum(bool(row) for _, row in rows)
    if not delimiter and not agree and (squeezed := from_squeezed(lines, source)) is not None:
        return squeezed
    if _agreement(rows) == 0:
        raise TableError(
            f"{source}: no table is seen in it. Part its cells by tabs, commas, semicolons, pipes "
            "(|), or two spaces or more."
        )
    return Grid(
        rectangle(
            [
                [
                    _raw(cell, number, column, first=column == 1)
                    for column, cell in enumerate(row, 1)
                ]
                for number, row in rows
            ]
        ),
        source,
    )


def _records(text: str, source: str, delimiter: str, known: str) -> list[tuple[int, list[str]]]:
    """Read rows with their numbers; none where it is only tried whether they are parted so."""
    rows: list[tuple[int, list[str]]] = []
    # Elsewhere spaces behind a delimiter stay: before labels they are indentation.
    quoted = re.search(rf'{re.escape(delimiter)} +"', text) is not None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=quoted)
    start = 1
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        if not known:
            return []
        raise TableError(f"{source}, row {reader.line_num}: {error}.") from None
    return rows


def _agreement(rows: Iterable[tuple[int, Sequence[str]]]) -> int:
    """Count the rows that have the most common number of cells, if that is more than one."""
    counts = Counter(len(row) for _, row in rows if len(row) > 1)
    return counts.most_common(1)[0][1] if counts else 0


# ------------------------------------------------------------------------ Markdown


def _markdown(lines: Sequence[str], source: str) -> Grid:
    """Read a table of pipes; text above it is its heading."""
    rows: list[list[Raw]] = []
    above: list[str] = []
    heads, ended = 0, False
    aligned_right = False
    edged = sum(line.lstrip().startswith("|") for line in lines) * 2 > sum(
        "|" in ln for ln in lines
    )
    for number, line in enumerate(lines, 1):
        if "|" not in line:
            ended = ended or bool(rows and line.strip() == "")
            if not rows and line.strip():
                above.append(line.strip().lstrip("#").strip())
            elif rows and line.strip():
                rows.append([_raw(_clean(line), number, 1)])
                ended = True
            continue
        if _RULE.fullmatch(line):
            if heads == 0:
                heads = len(rows)
                aligned_right = line.strip().strip("|").split("|")[0].strip().endswith(":")
            continue
        if ended:
            raise TableError(f"{source}, row {number}: a second table begins; give one at a time.")
        rows.append([_raw(_clean(c), number, i, first=i == 1) for i, c in _pipes(line, edged)])
    # A cell begins one space behind its pipe; spaces before right-aligned labels mean nothing.
    rows = [
        [r._replace(indent=0 if aligned_right else max(r.indent - 1, 0)) for r in row]
        for row in rows
    ]
    return Grid(rectangle(rows), source, title=" ".join(above[-1:]), heads=heads)


def _pipes(line: str, edged: bool) -> list[tuple[int, str]]:
    """Cut a line at its pipes; the one at its edge begins no cell, if lines have edges."""
    inner = line.strip() if edged else f" {line}"
    if edged:
        inner = inner.removeprefix("|")
        if inner.endswith("|") and not inner.endswith("\\|"):
            inner = inner[:-1]
    return list(enumerate(re.split(r"(?<!\\)\|", inner), 1))


def _clean(cell: str) -> str:
    """Take the marks of Markdown off a cell."""
    indent = _INDENT.match(cell)
    before = html.unescape(indent[0]) if indent else ""
    text = cell[indent.end() :] if indent else cell
    # What is escaped is put aside as characters that nobody prints, until the marks are off.
    text = re.sub(r"\\([!-/:-@\[-`{-~])", lambda m: chr(0xF0000 + ord(m[1])), text)
    text = re.sub(r"(?i)<sup>(.*?)</sup>", lambda m: raised(m[1]), text)
    text = re.sub(r"(?i)<br\s*/?>", " ", text)
    text = re.sub(r"(?i)</?(?:sub|b|i|em|strong|span)>", "", text)
    text = re.sub(r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = html.unescape(text)
    return (
        before + re.sub("[\U000f0020-\U000f007f]", lambda m: chr(ord(m[0]) - 0xF0000), text).strip()
    )


def raised(mark: str) -> str:
    """Write what stands raised in plain text: digits stay raised, letters go into brackets.

    Examples
    --------
    >>> raised("3"), raised("a"), raised("1,2"), raised("*"), raised("st")
    ('³', '[a]', '¹,²', '*', 'st')
    """
    text = mark.strip()
    if re.fullmatch(r"-?[0-9]+(?:, ?-?[0-9]+)*", text):
        return text.replace(" ", "").translate(_SUPERSCRIPTS)
    if re.fullmatch(r"[a-z](?:, ?[a-z])*", text):
        return "".join(f"[{letter}]" for letter in re.findall("[a-z]", text))
    return text.strip("()") if re.fullmatch(r"\(\w+\)", text) is None else f"[{text[1:-1]}]"


# ------------------------------------------------------------------------ aligned


def _aligned(lines: Sequence[str], source: str) -> Grid:
    """Read a table whose cells are parted by two spaces or more, as pasted from a page."""
    parted = [
        (
            number,
            [(m.start(), m.end(), m[0]) for m in re.finditer(r"\S+(?:\s\S+)*", line.expandtabs())],
        )
        for number, line in enumerate(lines, 1)
    ]
    most = max(len(fields) for _, fields in parted)
    full = [fields for _, fields in parted if len(fields) == most]
    spans = [(min(f[i][0] for f in full), max(f[i][1] for f in full)) for i in range(most)]
    problems: list[Problem] = []
    rows: list[list[Raw]] = []
    for number, fields in parted:
        places = list(range(most)) if len(fields) == most else _columns(fields, spans)
        if len(set(places)) < len(fields):
            problems.append(
                Problem(
                    f"{source}, row {number}",
                    f"has {len(fields)} cells under {most} columns, and it is not clear which are "
                    "empty. Write '-' or 'n/a' where nothing is printed, or part cells by pipes.",
                    number,
                )
            )
            continue
        row = [Raw("", number, column) for column in range(1, most + 1)]
        for place, (start, _, text) in zip(places, fields, strict=True):
            row[place] = Raw(text, number, place + 1, indent=start if place == 0 else 0)
        rows.append(row)
    if problems:
        raise refuse(source, problems)
    least = min((row[0].indent for row in rows if row[0].text), default=0)
    for row in rows:
        row[0] = row[0]._replace(indent=max(row[0].indent - least, 0))
    return Grid(rows, source)


def _columns(fields: Sequence[tuple[int, int, str]], spans: Sequence[tuple[int, int]]) -> list[int]:
    """Find the one column that each field stands under; a repeated place where there is none."""
    years = all(is_period(text) for _, _, text in fields)
    if len(fields) == len(spans) - 1 and (years or fields[0][0] > 5 + min(s for s, _ in spans)):
        return list(range(1, len(spans)))  # headings, and none above the labels
    places: list[int] = []
    for start, end, _ in fields:
        under = [i for i, (left, right) in enumerate(spans) if start < right and left < end]
        # A label or a heading may reach over columns that are empty in its row.
        places.append(under[0] if len(under) == 1 or under[:1] == [0] or len(fields) == 1 else -1)
    return places if -1 not in places else [0] * len(fields)
