"""Check that releases keep the format: every problem with its file, row and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from carbonkit.errors import CarbonkitError, FactorError, FactorFileError, nearest
from carbonkit.factors import query as ask
from carbonkit.factors import regions
from carbonkit.factors.model import IDENTITY, KINDS, REQUIRED
from carbonkit.factors.read import POSITION, Release, Row

__all__ = ["Finding", "require_valid", "schema_findings"]

GWP_SETS = ("SAR", "TAR", "AR4", "AR5", "AR5-CCF", "AR6", "AR6-7.15", "mixed", "not stated")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*\Z")
_GAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ()-]*\Z")
_PLACE = re.compile(r"( row (?P<row>\d+))?( column (?P<column>\w+))?: (?P<problem>.*)\Z", re.DOTALL)
_ENERGY = re.compile(
    r"/(10\^\d+ )?(k|M|G|T)?(Wh|J)\b|/(MMBtu|mmBtu|Btu|therm|toe|tce|kgce|cal|kcal)\b"
)
# Energy carriers that are not burned where they are used: net and gross do not apply.
_CARRIERS = frozenset({"electricity", "heat", "steam", "hot water", "cooling"})
_FUEL_KINDS = frozenset({"combustion", "biogenic", "well-to-tank"})
_BASIS_KINDS = {"net-calorific-value": "net", "gross-calorific-value": "gross"}


class Finding(NamedTuple):
    """One problem of one file.

    Attributes
    ----------
    file : str
    row : int or None
        Line in the file; the header is line 1.
    column : str or None
    problem : str
        What is wrong and what to do.
    """

    file: str
    row: int | None
    column: str | None
    problem: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f" row {self.row}"
        if self.column is not None:
            place += f" column {self.column}"
        return f"{place}: {self.problem}"


def at(row: Row, column: str | None, problem: str) -> Finding:
    """Return a finding about one row."""
    return Finding(str(row.release.table), row.line, column, problem)


def _from_error(release: Release, error: FactorFileError) -> Finding:
    """Take the place out of the words of an error, which begin with it."""
    text = str(error)
    for path in map(str, (release.table, release.toml)):
        found = _PLACE.match(text.removeprefix(path)) if text.startswith(path) else None
        if found:
            row = int(found["row"]) if found["row"] else None
            return Finding(path, row, found["column"], found["problem"])
    return Finding(str(release.toml), None, None, text)


def schema_findings(release: Release, *, own: bool = False) -> Iterator[Finding]:
    """Check one release against the format.

    Parameters
    ----------
    release : Release
    own : bool
        Whether it is a user's own file: regions and activities that only it knows are allowed.

    Yields
    ------
    Finding
    """
    try:
        release.head  # noqa: B018 - reading is the check
        release.records  # noqa: B018
    except FactorFileError as error:
        yield _from_error(release, error)
        return
    ids: dict[str, int] = {}
    identities: dict[tuple[str, ...], int] = {}
    identity = [POSITION[c] for c in IDENTITY]
    for row in release.rows():
        yield from _row_findings(row, own=own)
        cells = row.cells
        first = ids.setdefault(cells[0], row.line)
        if first != row.line:
            yield at(row, "id", f"{cells[0]!r} also stands in row {first}; give each row its own.")
        key = tuple([cells[i] for i in identity])
        first = identities.setdefault(key, row.line)
        if first != row.line:
            yield at(
                row,
                None,
                f"says the same as row {first} in everything that tells factors apart. Remove one, "
                "or state in item or boundary how they differ.",
            )
    if not ids:
        yield Finding(str(release.table), None, None, "holds no rows.")
    if release.head["source"].get("gwp_set") is None and any(
        "CO2e" in r.get("unit") for r in release.rows()
    ):
        yield Finding(
            str(release.toml),
            None,
            None,
            "[source] gwp_set is missing, but rows are in CO2e. State the set, or 'not stated'.",
        )
    gwp = release.head["source"].get("gwp_set")
    if gwp is not None and gwp not in GWP_SETS:
        yield Finding(
            str(release.toml), None, None, f"[source] gwp_set {gwp!r}: not {', '.join(GWP_SETS)}."
        )


def _row_findings(row: Row, *, own: bool) -> Iterator[Finding]:
    for name in REQUIRED:
        if not row.get(name).strip():
            yield at(row, name, "is empty but required.")
    for name, i in POSITION.items():
        text = row.cells[i]
        if not text:
            continue
        if text[0] in "=@":
            yield at(row, name, f"{text[:40]!r} is a formula; store the text that it shows.")
        elif text[0].isspace() or text[-1].isspace():
            yield at(row, name, f"{text[:40]!r} begins or ends with a space.")
        elif "\n" in text or "\r" in text:
            yield at(row, name, "holds a line break; keep one line per row.")
    if row.get("id") and not _ID.match(row.get("id")):
        yield at(row, "id", f"{row.get('id')!r}: only letters, digits, hyphens and dots.")
    try:
        factor = row.release.factor(row)
    except FactorFileError as error:
        yield _from_error(row.release, error)
        return
    if factor.low is not None and factor.high is not None and factor.low > factor.high:
        yield at(row, "low", f"{factor.low} is above high {factor.high}.")
    kind, gas, unit = factor.kind, factor.gas, factor.unit
    if kind and kind not in KINDS:
        yield at(
            row, "kind", f"{kind!r} is no kind.{nearest(kind, KINDS)} Kinds: {', '.join(KINDS)}."
        )
    if gas and not _GAS.match(gas):
        yield at(row, "gas", f"{gas!r} is not the name of a gas, such as CO2 or HFC134a.")
    yield from _unit_findings(row, unit)
    for name in ("valid_from", "valid_to"):
        if row.get(name):
            try:
                ask.period(row.get(name))
            except FactorError:
                yield at(row, name, f"{row.get(name)!r} is not a year or a date like 2019-03-26.")
    basis = factor.calorific_basis
    wanted = _BASIS_KINDS.get(kind)
    if basis not in ("", "net", "gross"):
        yield at(row, "calorific_basis", f"{basis!r} is neither net nor gross.")
    elif wanted is not None and basis != wanted:
        yield at(row, "calorific_basis", f"must be {wanted!r} for kind {kind!r}.")
    elif (
        not basis
        and kind in _FUEL_KINDS
        and factor.activity not in _CARRIERS
        and _ENERGY.search(unit)
    ):
        yield at(
            row,
            "calorific_basis",
            f"{unit!r} is per energy of a fuel: state net or gross; they differ by 5 to 10 %.",
        )
    if not own:
        if factor.activity not in ask.activities().values():
            yield at(
                row,
                "activity",
                f"{factor.activity!r} is not in activities.csv."
                f"{nearest(factor.activity, ask.activities().values())} Use a name that is there, "
                "or add one line for the new one.",
            )
        if not _region_exists(factor.region):
            yield at(row, "region", f"{factor.region!r} is not in regions.csv or ISO 3166.")


_known_regions: dict[str, bool] = {}


def _region_exists(code: str) -> bool:
    if code not in _known_regions:
        _known_regions[code] = regions.exists(code)
    return _known_regions[code]


_checked_units: dict[str, str | None] = {}


def _unit_findings(row: Row, unit: str) -> Iterator[Finding]:
    if unit not in _checked_units:
        from carbonkit import units

        try:
            canonical = units.canonical(unit)
            problem = None if canonical == unit else f"write {unit!r} as {canonical!r}."
        except CarbonkitError as error:
            problem = str(error)
        _checked_units[unit] = problem
    found = _checked_units[unit]
    if found is not None:
        yield at(row, "unit", found)


def require_valid(releases: Iterable[Release]) -> None:
    """Raise on the first problems of a user's own releases.

    Raises
    ------
    FactorFileError
        With up to ten problems, and how many there are in all.
    """
    found = [f for r in releases for f in schema_findings(r, own=True)]
    if found:
        shown = "\n".join(map(str, found[:10]))
        more = f"\nand {len(found) - 10} more" if len(found) > 10 else ""
        raise FactorFileError(
            f"nothing was added, because of {len(found)} problem(s):\n{shown}{more}"
        )
