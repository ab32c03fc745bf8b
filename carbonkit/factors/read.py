"""Read release files: what the format allows, and messages that name file, row and column."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from carbonkit.errors import FactorFileError, nearest
from carbonkit.factors.model import COLUMNS, REQUIRED, Correction, Factor, Match
from carbonkit.provenance import Source

__all__ = ["Release", "data_folder", "releases_in"]

FORMAT = "carbonkit-factors/1"
CORRECTIONS_FORMAT = "carbonkit-corrections/1"
MAX_BYTES = 64_000_000  # a factor file is text that people read; anything larger is a mistake
_TOP = frozenset({"format", "source", "defaults", "columns", "reading"})
_SOURCE = {
    "publisher": True,
    "title": True,
    "published": True,
    "url": True,
    "licence": True,
    "read_from": True,
    "attribution": False,
    "gwp_set": False,
    "supersedes": False,
    "notes": False,
}
_READING = frozenset({"encoding", "delimiter", "decimal", "thousands"})
_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?\Z")
_FOUR = re.compile(r"\d{4}\Z")
NAME = re.compile(r"\w[\w.-]*\Z")


class Row(NamedTuple):
    """One row of a release: the release, its line in the file, and its cells in column order."""

    release: Release
    line: int
    cells: tuple[str, ...]

    def get(self, column: str) -> str:
        """Return one cell."""
        return self.cells[POSITION[column]]


POSITION = {name: i for i, name in enumerate(COLUMNS)}
_YEAR = POSITION["data_year"]
_FIGURES = tuple((POSITION[c], c) for c in ("value", "low", "high"))
_VALUE, _LOW, _HIGH = (at for at, _ in _FIGURES)


def _not_plain(text: str) -> str:
    """Say what a text is that should be plain digits."""
    if text.startswith(("=", "@")):
        return "a formula; store the number that it shows."
    if not text.strip():
        return "empty; leave the row out if the publisher prints no figure."
    if "," in text:
        return (
            "not plain digits. Write a decimal point and no thousands separators, or state "
            "[reading] decimal = ',' in the TOML file."
        )
    return "not plain digits such as 0.5810."


def data_folder() -> Path:
    """Return the folder of the bundled factors: package data, or beside a source checkout.

    Raises
    ------
    FactorFileError
        If the installation is incomplete.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_emission_factors", package.parent / "emission_factors"):
        if folder.is_dir():
            return folder
    raise FactorFileError(
        f"{package}: the bundled emission factors are missing. Reinstall carbonkit."
    )


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, or say plainly why not."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FactorFileError(
                f"{path}: larger than {MAX_BYTES // 10**6} MB; not a factor file."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise FactorFileError(
            f"{path}: no such file. A release is a pair: <release>.toml and <release>.csv."
        ) from None
    except OSError as error:
        raise FactorFileError(f"{path}: cannot be read: {error.strerror}.") from None


def read_toml(path: Path, raw: bytes) -> dict[str, Any]:
    """Parse a TOML file, or say where it breaks."""
    import tomllib

    try:
        return tomllib.loads(decode(path, raw, "utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise FactorFileError(f"{path}: not valid TOML: {error}.") from None
    except RecursionError:
        raise FactorFileError(f"{path}: nested too deeply; a release file is flat.") from None


def decode(path: Path, raw: bytes, encoding: str) -> str:
    """Decode strictly; name the line that does not decode."""
    if encoding == "utf-8" and raw.startswith(b"\xef\xbb\xbf"):
        raise FactorFileError(
            f"{path} row 1: the file starts with a byte order mark. Save it as plain UTF-8, or "
            "state [reading] encoding = 'utf-8-sig' in the TOML file."
        )
    try:
        text = raw.decode(encoding)
    except LookupError:
        raise FactorFileError(f"{path}: unknown encoding {encoding!r}.") from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FactorFileError(
            f"{path} row {line}: byte 0x{raw[error.start]:02x} is not {encoding}; is the file "
            "of two encodings? Save all of it as UTF-8, or state [reading] encoding in the TOML."
        ) from None
    if "\x00" in text or "\ufffd" in text:
        line = text.count("\n", 0, min(i for i in map(text.find, "\x00\ufffd") if i >= 0)) + 1
        raise FactorFileError(
            f"{path} row {line}: a character was lost when the file was made; read it again from "
            "its source."
        )
    return text


def as_date(path: Path, key: str, value: Any, *, last: bool) -> dt.date:
    """Return a date; a bare year is its first or last day."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value)
    try:
        if isinstance(value, int | str) and not isinstance(value, bool):
            if re.fullmatch(r"\d{4}", text):
                return dt.date(int(text), 12, 31) if last else dt.date(int(text), 1, 1)
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise FactorFileError(f"{path}: {key}: {value!r} is not a year or a date like 2019-03-26.")


@dataclass(eq=False)
class Release:
    """One release, read only as far as it is asked.

    Attributes
    ----------
    name : str
        "<folder>/<release>".
    toml, table : Path
        The two files.
    until : date, optional
        The day to which corrections are known; None for all of them.
    """

    name: str
    toml: Path
    table: Path
    until: dt.date | None = None
    _buckets: dict[tuple[str, str], list[Row]] = field(default_factory=dict, repr=False, init=False)

    @cached_property
    def raw(self) -> tuple[bytes, bytes]:
        """The bytes of both files."""
        return read_bytes(self.toml), read_bytes(self.table)

    def mentions(self, word: bytes) -> bool:
        """Whether a word stands anywhere in the files: cheap, and never wrongly False."""
        head, body = self.raw
        plain = b"[reading]" not in head and b"\\" not in head and b'"' not in word
        return word in head or word in body or not plain

    @cached_property
    def head(self) -> dict[str, Any]:
        """The parsed and checked TOML file."""
        path = self.toml
        head = read_toml(path, self.raw[0])
        if head.get("format") != FORMAT:
            raise FactorFileError(
                f"{path}: format is {head.get('format')!r}, not {FORMAT!r}. "
                "See emission_factors/README.md for how a release is written."
            )
        for key in head:
            if key not in _TOP:
                raise FactorFileError(
                    f"{path}: unknown key {key!r}.{nearest(key, _TOP)} "
                    f"Allowed: {', '.join(sorted(_TOP))}."
                )
        for key in _TOP - {"format"}:
            if not isinstance(head.get(key, {}), dict):
                raise FactorFileError(f"{path}: [{key}] must be a table.")
        self._check_source(head.get("source", {}))
        for section, known in (("defaults", COLUMNS), ("columns", COLUMNS), ("reading", _READING)):
            for key, value in head.get(section, {}).items():
                if key not in known or (section == "defaults" and key in ("id", "value")):
                    raise FactorFileError(
                        f"{path}: [{section}] {key} is not a column that may stand there."
                        f"{nearest(key, known)}"
                    )
                if section != "defaults" and not isinstance(value, str):
                    raise FactorFileError(f"{path}: [{section}] {key} must be text.")
                if not isinstance(value, str | int | dt.date) or isinstance(value, bool):
                    raise FactorFileError(f"{path}: [{section}] {key} must be text or a year.")
        return head

    def _check_source(self, source: Mapping[str, Any]) -> None:
        path = self.toml
        for key in source:
            if key not in _SOURCE:
                raise FactorFileError(
                    f"{path}: [source] unknown key {key!r}.{nearest(key, _SOURCE)}"
                )
        for key, required in _SOURCE.items():
            value = source.get(key)
            if value is None and required:
                raise FactorFileError(
                    f"{path}: [source] {key} is missing. A figure without its {key} cannot be used."
                )
            if key == "supersedes":
                if not isinstance(value, list | None) or not all(
                    isinstance(v, str) for v in value or ()
                ):
                    raise FactorFileError(
                        f"{path}: [source] supersedes must be a list of releases."
                    )
            elif key == "published":
                as_date(path, "[source] published", value, last=True)
            elif value is not None and (not isinstance(value, str) or not value.strip()):
                raise FactorFileError(f"{path}: [source] {key} must be text that says something.")

    @cached_property
    def source(self) -> Source:
        """Publisher, title, date, address and licence."""
        s = self.head["source"]
        return Source(
            publisher=s["publisher"],
            title=s["title"],
            published=str(s["published"]),
            url=s["url"],
            licence=s["licence"],
            read_from=s["read_from"],
            notes=s.get("notes", ""),
        )

    @cached_property
    def publisher_names(self) -> tuple[str, str]:
        """What the publisher may be called in a question."""
        return self.source.publisher.casefold(), self.name.partition("/")[0]

    @cached_property
    def published(self) -> dt.date:
        """The day from which the library may answer with this release."""
        return as_date(self.toml, "[source] published", self.head["source"]["published"], last=True)

    @property
    def supersedes(self) -> tuple[str, ...]:
        """The releases that this one replaces."""
        return tuple(self.head["source"].get("supersedes", ()))

    @property
    def reading(self) -> dict[str, str]:
        """How the table departs from plain UTF-8 with commas and decimal points, as declared."""
        return dict(self.head.get("reading", {}))

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """The dated corrections that lie beside the release."""
        path = self.toml.with_name(self.toml.stem + ".corrections.toml")
        if not path.exists():
            return ()
        head = read_toml(path, read_bytes(path))
        if head.get("format") != CORRECTIONS_FORMAT:
            raise FactorFileError(
                f"{path}: format is {head.get('format')!r}, not {CORRECTIONS_FORMAT!r}."
            )
        corrections = []
        entries = head.get("correction", [])
        if set(head) != {"format", "correction"} or not isinstance(entries, list):
            raise FactorFileError(
                f"{path}: only format and [[correction]] entries may stand there."
            )
        for number, entry in enumerate(entries, 1):
            where = f"[[correction]] {number}"
            wanted = {"id", "column", "upstream", "corrected", "date", "reason"}
            if not wanted <= set(entry) <= wanted | {"source"}:
                raise FactorFileError(
                    f"{path}: {where} must state {', '.join(sorted(wanted))} and may state source."
                )
            texts = {k: v for k, v in entry.items() if k != "date"}
            if not all(isinstance(v, str) for v in texts.values()):
                raise FactorFileError(f"{path}: {where}: all but the date must be text in quotes.")
            if entry["column"] not in COLUMNS or entry["column"] == "id":
                raise FactorFileError(
                    f"{path}: {where}: no column {entry['column']!r}."
                    f"{nearest(entry['column'], COLUMNS)}"
                )
            date = as_date(path, f"{where} date", entry["date"], last=False)
            corrections.append(Correction(date=date, **texts))
        return tuple(corrections)

    @cached_property
    def _text(self) -> str:
        return decode(self.table, self.raw[1], self.reading.get("encoding", "utf-8"))

    @property
    def _delimiter(self) -> str:
        delimiter = self.reading.get("delimiter", ",")
        if len(delimiter) != 1:
            raise FactorFileError(f"{self.toml}: [reading] delimiter must be one character.")
        return delimiter

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The checked column names."""
        first = self._text.partition("\n")[0].rstrip("\r")
        header = tuple(next(csv.reader([first], delimiter=self._delimiter), ()))
        self._check_header(header)
        return header

    @cached_property
    def records(self) -> list[tuple[int, list[str]]]:
        """Each row as (line, cells), still in the file's own column order."""
        path, width = self.table, len(self.header)
        text = io.StringIO(self._text, newline="")
        reader = csv.reader(text, delimiter=self._delimiter, strict=True)
        rows: list[tuple[int, list[str]]] = []
        try:
            next(reader)
            for cells in reader:
                if len(cells) != width:
                    raise FactorFileError(
                        f"{path} row {reader.line_num}: {len(cells)} cells, but the header has "
                        f"{width}. Quote cells that hold the delimiter {self._delimiter!r}."
                    )
                rows.append((reader.line_num, cells))
        except csv.Error as error:
            raise FactorFileError(
                f"{path} row {reader.line_num}: not a table: {error}. Is a quote left open?"
            ) from None
        if self.corrections:
            self._correct(self.header, rows)
        return rows

    @property
    def _applied(self) -> list[Correction]:
        return [c for c in self.corrections if self.until is None or c.date <= self.until]

    def _correct(self, header: tuple[str, ...], rows: list[tuple[int, list[str]]]) -> None:
        """Put the corrections into the rows; refuse one whose upstream text has changed."""
        by_id = {cells[header.index("id")]: (line, cells) for line, cells in rows}
        for c in self.corrections:
            where = f"{self.table}: correction of {c.date} to {c.id} column {c.column}"
            if c.id not in by_id or c.column not in header:
                raise FactorFileError(
                    f"{where}: the file has no such {'column' if c.id in by_id else 'row'}."
                    f"{nearest(c.id, by_id)}"
                )
            line, cells = by_id[c.id]
            found = cells[header.index(c.column)]
            if found != c.upstream:
                raise FactorFileError(
                    f"{where}: expects {c.upstream!r} in row {line} but finds {found!r}. If the "
                    "file was repaired upstream, remove the correction."
                )
        for c in self._applied:
            by_id[c.id][1][header.index(c.column)] = c.corrected

    def _check_header(self, header: tuple[str, ...]) -> None:
        path = self.table
        if len(header) == 1 and ";" in header[0]:
            raise FactorFileError(
                f"{path} row 1: the columns are separated by semicolons. Save it with commas, or "
                "state [reading] delimiter = ';' (and decimal = ',') in the TOML file."
            )
        defaults = self.head.get("defaults", {})
        for name in header:
            if name not in POSITION:
                raise FactorFileError(
                    f"{path} row 1: unknown column {name!r}.{nearest(name, COLUMNS)} "
                    f"Known columns: {', '.join(COLUMNS)}."
                )
            if name in defaults:
                raise FactorFileError(
                    f"{path} row 1: column {name!r} also stands in [defaults] of {self.toml.name}. "
                    "State it in one of the two."
                )
        if len(set(header)) < len(header):
            twice = sorted({n for n in header if header.count(n) > 1})
            raise FactorFileError(f"{path} row 1: column {twice[0]!r} stands there twice.")
        missing = [n for n in REQUIRED if n not in header and n not in defaults]
        if missing:
            raise FactorFileError(
                f"{path} row 1: required column {missing[0]!r} is missing. Add it, or state it in "
                f"[defaults] of {self.toml.name} if it is the same in every row."
            )

    @cached_property
    def _layout(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Where each column stands in a row to which the defaults were appended."""
        header = self.header
        defaults = {k: str(v) for k, v in self.head.get("defaults", {}).items()}
        tail = (*defaults.values(), "")
        where = {n: i for i, n in enumerate((*header, *defaults))}
        return tuple(where.get(n, len(where)) for n in COLUMNS), tail

    def _row(self, line: int, cells: list[str]) -> Row:
        order, tail = self._layout
        full = (*cells, *tail)
        row = Row(self, line, tuple([full[i] for i in order]))
        return self._localised(row) if self.reading else row

    def _localised(self, row: Row) -> Row:
        """Bring figures with a declared decimal comma or thousands separator to plain digits."""
        decimal, thousands = self.reading.get("decimal", "."), self.reading.get("thousands", "")
        cells = list(row.cells)
        for column in ("value", "low", "high"):
            text = cells[POSITION[column]]
            if thousands:
                text = text.replace(thousands, "")
            if decimal != ".":
                if "." in text:
                    raise FactorFileError(
                        f"{self.table} row {row.line} column {column}: {text!r} has a decimal "
                        f"point, but [reading] declares decimal = {decimal!r}."
                    )
                text = text.replace(decimal, ".")
            cells[POSITION[column]] = text
        return row._replace(cells=tuple(cells))

    @cached_property
    def _places(self) -> dict[tuple[str, str], list[tuple[int, list[str]]]]:
        """The raw rows, grouped by activity and region."""
        order, tail = self._layout
        width = len(self.header)
        a, r = order[POSITION["activity"]], order[POSITION["region"]]
        groups: dict[tuple[str, str], list[tuple[int, list[str]]]] = {}
        for entry in self.records:
            cells = entry[1]
            key = (
                cells[a] if a < width else tail[a - width],
                cells[r] if r < width else tail[r - width],
            )
            groups.setdefault(key, []).append(entry)
        return groups

    def glimpse(self, activity: str, region: str) -> list[Row]:
        """Return the same as :meth:`bucket`, parsing only the lines that name the region.

        Quick for one question, slow for many. Relies on one line per row, which is checked
        before a file enters a library.
        """
        defaults = self.head.get("defaults", {})
        if self.corrections or self.reading or "region" in defaults or '"' in region:
            return self.bucket(activity, region)
        lines = self._text.split("\n")
        wanted = [(n, line) for n, line in enumerate(lines, 1) if region in line and n > 1]
        parsed = list(csv.reader([line.rstrip("\r") for _, line in wanted]))
        if [len(cells) for cells in parsed] != [len(self.header)] * len(wanted):
            return self.bucket(activity, region)
        rows = [self._row(n, cells) for (n, _), cells in zip(wanted, parsed, strict=True)]
        a, r = POSITION["activity"], POSITION["region"]
        return [row for row in rows if (row.cells[a], row.cells[r]) == (activity, region)]

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The pairs of activity and region that the release holds."""
        return tuple(self._places)

    def bucket(self, activity: str, region: str) -> list[Row]:
        """Return the rows of one activity in one region."""
        key = (activity, region)
        found = self._buckets.get(key)
        if found is None:
            found = [self._row(*entry) for entry in self._places.get(key, ())]
            self._buckets[key] = found
        return found

    def rows(self) -> Iterator[Row]:
        """Give every row, in the order of the file."""
        return (self._row(*entry) for entry in self.records)

    def factor(self, row: Row, match: Match | None = None) -> Factor:
        """Build the factor of one row.

        Raises
        ------
        FactorFileError
            If a cell is not what its column asks for.
        """
        from decimal import Decimal

        self.require_plain(row)
        cells: dict[str, Any] = dict(zip(COLUMNS, row.cells, strict=True))
        year, low, high = (cells.pop(c) for c in ("data_year", "low", "high"))
        return Factor(
            release=self.name,
            data_year=int(year) if year else None,
            text=cells.pop("value"),
            low=Decimal(low) if low else None,
            high=Decimal(high) if high else None,
            gwp_set=self.gwp_set(cells["unit"]),
            source=self.source,
            match=match,
            corrections=tuple(c for c in self._applied if c.id == row.get("id")),
            **cells,
        )

    def gwp_set(self, unit: str) -> str | None:
        """Return the GWP set of a factor in a unit, if that is in CO2e."""
        return self.head["source"].get("gwp_set") if "CO2e" in unit else None

    def require_plain(self, row: Row) -> None:
        """Make sure that a row's year and figures are plain digits, as a factor needs.

        Raises
        ------
        FactorFileError
            If one is not.
        """
        cells = row.cells
        if cells[_YEAR] and not _FOUR.match(cells[_YEAR]):
            raise self.broken(row, "data_year", f"{cells[_YEAR]!r} is not a year.")
        if _NUMBER.match(cells[_VALUE]) and not cells[_LOW] and not cells[_HIGH]:
            return  # as nearly all: this runs once for every different question of a table
        for at, column in _FIGURES:
            text = cells[at]
            if (text or column == "value") and not _NUMBER.match(text):
                raise self.broken(row, column, f"{text!r} is {_not_plain(text)}")

    def broken(self, row: Row, column: str, problem: str) -> FactorFileError:
        """Return the error for one cell."""
        return FactorFileError(f"{self.table} row {row.line} column {column}: {problem}")


def releases_in(path: Path) -> tuple[Release, ...]:
    """List the releases of a folder (one or two levels), or the one of a single file.

    Only names are looked at; no file is opened.

    Raises
    ------
    FactorFileError
        If there is none, or a file name breaks the format.
    """
    if path.is_dir():
        heads = sorted([*path.glob("*.toml"), *path.glob("*/*.toml")])
        heads = [h for h in heads if not h.name.endswith(".corrections.toml")]
        if not heads:
            raise FactorFileError(
                f"{path}: no release here. A release is a pair: <release>.toml and <release>.csv."
            )
    elif path.suffix in (".toml", ".csv") and path.exists():
        heads = [path.with_suffix(".toml")]
    else:
        raise FactorFileError(
            f"{path}: no such folder or release. Give a folder, or a <release>.toml with its "
            "<release>.csv beside it."
        )
    base = path if path.is_dir() else path.parent
    top = base.resolve().name  # "." has no name of its own
    names = {h: f"{top if h.parent == base else h.parent.name}/{h.stem}" for h in heads}
    for head in heads:
        if not all(map(NAME.match, names[head].split("/"))):
            raise FactorFileError(
                f"{head}: file and folder names are letters, digits, hyphens, underscores and dots."
            )
    return tuple(Release(name, head, head.with_suffix(".csv")) for head, name in names.items())
