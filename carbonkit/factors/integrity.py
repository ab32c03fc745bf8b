"""Integrity of factor files: what a wrong digit or a wrong label would break."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from carbonkit.errors import CarbonkitError, DimensionError
from carbonkit.factors.model import IDENTITY, Factor
from carbonkit.factors.read import Release, Row, data_folder, releases_in
from carbonkit.factors.schema import Finding, at, schema_findings
from carbonkit.intervals import Interval

__all__ = ["RULES", "check"]

SEAL = "SHA256SUMS"
_PER_GAS = ("CO2", "CH4", "N2O")
_ENERGY_KINDS = ("net-calorific-value", "gross-calorific-value")


class Entry(NamedTuple):
    """One row with its factor."""

    row: Row
    factor: Factor


def check(path: Path | None = None) -> list[Finding]:
    """Check releases; see :func:`carbonkit.factors.check`."""
    folder = data_folder() if path is None else path
    releases = releases_in(folder)
    findings = [f for r in releases for f in schema_findings(r, own=path is not None)]
    broken = {f.file for f in findings}
    names = {r.name for r in releases}
    for release in releases:
        # Arithmetic on a row that could not be read would only repeat the problem.
        if {str(release.toml), str(release.table)} & broken:
            continue
        entries = [Entry(row, release.factor(row)) for row in release.rows()]
        for rule in RULES:
            findings += rule(entries)
        findings += [
            Finding(str(release.toml), None, None, f"[source] supersedes {n!r}, which is not here.")
            for n in release.supersedes
            if n not in names
        ]
    if folder.is_dir():
        findings += _seal(folder, releases)
    return findings


class Family(NamedTuple):
    """The plausible range of a family of factors, and the case that stretches it."""

    activity: str
    region: str
    kind: str
    gas: str
    unit: str
    low: Decimal
    high: Decimal
    comment: str

    def covers(self, factor: Factor) -> bool:
        """Whether the family is this factor's."""
        from carbonkit import units

        return (
            self.activity in ("*", factor.activity)
            and (self.region == "*" or f"{factor.region}-".startswith(f"{self.region}-"))
            and self.kind == factor.kind
            and self.gas in ("*", factor.gas)
            and units.same_dimension(self.unit, factor.unit)
        )


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """Read the plausible ranges; the first family that covers a factor counts."""
    with (data_folder() / "ranges.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Family(
                activity=r["activity"],
                region=r["region"],
                kind=r["kind"],
                gas=r["gas"],
                unit=r["unit"],
                low=Decimal(r["low"]),
                high=Decimal(r["high"]),
                comment=r["comment"],
            )
            for r in csv.DictReader(file)
        )


def _ranges(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Check that every factor lies in the plausible range of its row or of its family."""
    from carbonkit import units

    found: dict[tuple[str, ...], Family | None] = {}
    for row, factor in entries:
        if factor.low is not None or factor.high is not None:
            low, high, why = factor.low, factor.high, "this row"
            value = Fraction(factor.value)
        else:
            key = (factor.activity, factor.region, factor.kind, factor.gas, factor.unit)
            if key not in found:
                found[key] = next((f for f in families() if f.covers(factor)), None)
            family = found[key]
            if family is None:
                yield at(
                    row,
                    "value",
                    f"no plausible range for {factor.activity}, {factor.kind}, {factor.gas or '-'} "
                    f"in {factor.unit}. Add a line to ranges.csv, or state low and high.",
                )
                continue
            low, high = family.low, family.high
            why = f"its family in {family.unit} ({family.comment})"
            value = Fraction(factor.value) * units.scale(factor.unit, family.unit)
        if (low is not None and value < low) or (high is not None and value > high):
            yield at(
                row,
                "value",
                f"{factor.text} {factor.unit} lies outside the plausible range {low} to {high} of "
                f"{why}. A digit, the unit or the kind may be wrong; if it is true, state low and "
                "high in the row and say why in its note.",
            )


def _grouped(entries: Iterable[Entry], leave_out: tuple[str, ...]) -> Iterator[list[Entry]]:
    columns = [c for c in IDENTITY if c not in leave_out]
    groups: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[tuple(entry.row.get(c) for c in columns)].append(entry)
    yield from groups.values()


def _parts(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Check that parts by gas add up to the printed total, as far as rounding allows."""
    from carbonkit import units

    for group in _grouped(entries, ("gas", "unit")):
        totals = [e for e in group if e.factor.gas == "CO2e"]
        for total in totals:
            tail = total.factor.unit.partition("/")[2]
            parts = {
                e.factor.gas: e
                for e in group
                if e.factor.gas in _PER_GAS and e.factor.unit.partition("/")[2] == tail
            }
            if set(parts) != set(_PER_GAS):
                continue
            try:
                terms = [
                    e.factor.figure.interval()
                    * _gwp(e.factor, total.factor)
                    * units.scale(_as_co2e(e.factor), total.factor.unit)
                    for e in parts.values()
                ]
            except CarbonkitError:
                continue  # no GWP set is named, so the parts cannot be weighed
            added = terms[0] + terms[1] + terms[2]
            if not added.meets(_printed(total.factor)):
                shown = " + ".join(e.factor.text for e in parts.values())
                lines = ", ".join(str(e.row.line) for e in parts.values())
                yield at(
                    total.row,
                    "value",
                    f"the parts by gas in rows {lines} ({shown}) add up to {added} "
                    f"{total.factor.unit}, not to {total.factor.text}. One of the four is wrong.",
                )


def _printed(factor: Factor) -> Interval:
    """Return what the printed figure stands for; "101000" may be rounded to three digits."""
    figure = factor.figure
    return figure.interval(zeros=figure.trailing_zeros)


def _as_co2e(factor: Factor) -> str:
    return factor.unit.replace(f" {factor.gas}/", " CO2e/", 1)


def _gwp(part: Factor, total: Factor) -> Fraction:
    """Return what one unit of the part weighs in CO2e; 1 if it is printed as CO2e."""
    if "CO2e" in part.unit or part.gas == "CO2":
        return Fraction(1)
    from carbonkit.gwp import get

    return get(str(total.gwp_set)).factor(part.gas)


def _derived(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Check calorific value x factor per energy, and carbon x oxidation x 44/12, against CO2."""
    leave_out = ("gas", "unit", "kind", "calorific_basis", "boundary", "reference_conditions")
    for group in _grouped(entries, leave_out):
        by_kind: dict[str, list[Entry]] = defaultdict(list)
        for entry in group:
            by_kind[entry.factor.kind].append(entry)
        burned = by_kind["combustion"] + by_kind["biogenic"]
        for energy in (e for k in _ENERGY_KINDS for e in by_kind[k]):
            for carbon in by_kind["carbon-content"]:
                for oxidation in by_kind["oxidation"]:
                    yield from _agree([energy, carbon, oxidation], burned, basis=None)
            for per_energy in burned:
                if per_energy.factor.calorific_basis == energy.factor.calorific_basis:
                    yield from _agree([energy, per_energy], burned, basis="")
        for carbon in by_kind["carbon-content"]:
            if not by_kind["oxidation"]:
                yield from _agree([carbon], burned, basis=carbon.factor.calorific_basis)


def _agree(pieces: list[Entry], burned: list[Entry], *, basis: str | None) -> Iterator[Finding]:
    """Compare the product of the pieces with every printed factor of its dimension and gas."""
    from carbonkit import units

    gas = pieces[-1].factor.gas if pieces[-1].factor.kind in ("combustion", "biogenic") else "CO2"
    unit = " ".join(f"({p.factor.unit})" for p in pieces)
    for target in burned:
        if target in pieces or target.factor.gas != gas:
            continue
        if basis is not None and target.factor.calorific_basis != basis:
            continue
        try:
            scale = units.scale(unit, target.factor.unit)
        except DimensionError:
            continue
        product = pieces[0].factor.figure.interval()
        for piece in pieces[1:]:
            product = product * piece.factor.figure.interval()
        product = product * scale
        if not product.meets(_printed(target.factor)):
            shown = " x ".join(f"{p.factor.text} {p.factor.unit}" for p in pieces)
            lines = ", ".join(str(p.row.line) for p in pieces)
            yield at(
                target.row,
                "value",
                f"{shown} (row {lines}) gives {product} {target.factor.unit}, not "
                f"{target.factor.text}. One of them is wrong, or they do not belong together.",
            )


def _blends(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Check that the mass shares of a blend add up to 100 %."""
    blends: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.factor.kind == "gwp-blend":
            blends[entry.factor.activity, entry.factor.item].append(entry)
    for (name, _), parts in blends.items():
        total = sum(e.factor.value for e in parts)
        if total != 100:
            yield at(parts[0].row, "value", f"the shares of {name} add up to {total} %, not 100 %.")


RULES: tuple[Callable[[Iterable[Entry]], Iterator[Finding]], ...] = (
    _ranges,
    _parts,
    _derived,
    _blends,
)


def _seal(folder: Path, releases: Iterable[Release]) -> Iterator[Finding]:
    """Check that the bytes of a sealed release are those that `SHA256SUMS` lists."""
    path = folder / SEAL
    if not path.exists():
        return
    listed = {}
    for line in path.read_text(encoding="ascii").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    for release in releases:
        for file, raw in zip((release.toml, release.table), release.raw, strict=True):
            name = file.relative_to(folder).as_posix()
            digest = listed.pop(name, "")
            if not digest:
                yield Finding(str(file), None, None, f"is not sealed. Add it to {SEAL}.")
            elif digest != hashlib.sha256(raw).hexdigest():
                yield Finding(
                    str(file),
                    None,
                    None,
                    f"has changed since it was sealed in {SEAL}. A release is never edited: write "
                    "a correction, or a new release.",
                )
    for name in listed:
        yield Finding(str(path), None, None, f"seals {name}, which is not here.")
