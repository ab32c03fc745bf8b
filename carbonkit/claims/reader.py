"""Read the content of a report file, and collect everything that is wrong with it."""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

from carbonkit import factors, printed, tables, units
from carbonkit.claims.collector import Collector, Enough, Place
from carbonkit.claims.entries import MARKS, common, marks, printed_figure
from carbonkit.claims.keys import CONVENTIONS, FORMAT, SECTIONS, brief
from carbonkit.claims.model import Claim, Named, of_factor, size
from carbonkit.claims.problem import Fault, Problem
from carbonkit.claims.relation import (
    FORMULAS,
    Expression,
    Name,
    Relation,
    dimension_of,
    expression,
    relation,
)
from carbonkit.claims.report import Report
from carbonkit.errors import CarbonkitError, RelationError, nearest
from carbonkit.printed import Figure
from carbonkit.tables import PrintedTable
from carbonkit.units import Measure

__all__ = ["read_content"]

_CHOICES = 500
_CHAIN = 50


def read_content(content: dict[str, Any], limit: int) -> tuple[Report | None, list[Problem]]:
    """Read a report from its file as TOML has it, or list what is wrong.

    Parameters
    ----------
    content : dict
        The tables of the file.
    limit : int
        After so many problems the rest is not read.

    Returns
    -------
    tuple
        The report, or None if there are problems, and the problems in the order of reading.

    Examples
    --------
    >>> [str(problem) for problem in read_content({}, 20)[1]]
    ["is not a report file: the first line must be format = 'carbonkit-report/1', found None."]
    """
    reader = _Reader(content, limit)
    return reader.report(), reader.problems


class _Reader(Collector):
    """Reads one report; what is wrong is collected, entry by entry.

    An entry with a problem keeps its name, so that what uses it is not reported too.

    Parameters
    ----------
    content : dict
        The file, as TOML has it.
    limit : int
        After so many problems the rest is not read.
    """

    def __init__(self, content: dict[str, Any], limit: int) -> None:
        super().__init__(limit)
        self.content = content
        self.values: dict[str, Named] = {}
        self.unusable: set[str] = set()
        self.unread: tuple[str, ...] = ()  # how names from tables begin that cannot be read
        self.claims: dict[str, Claim] = {}
        self.printed: list[PrintedTable] = []

    # -- what every part uses --------------------------------------------------------------

    def named(self, section: str) -> Iterator[tuple[str, Any, Place]]:
        """Go through the entries of a table of the file whose names can be used."""
        for name, entry in self.content.get(section, {}).items():
            place = Place((section, name), f"{section}.{name}")
            if self.new_name(name, place):
                yield name, entry, place

    def is_name(self, name: str, place: Place) -> bool:
        usable = name.isidentifier() and not keyword.iskeyword(name)
        if not usable or name.startswith("__") or len(name) > 80:
            message = f"{name[:80]!r} cannot be a name: use letters, digits and _, as in co2_2020."
            self.note(place, "", "name", message)
            return False
        return True

    def new_name(self, name: str, place: Place) -> bool:
        if not self.is_name(name, place):
            return False
        if name in self.values or name in self.unusable or name in FORMULAS:
            self.note(place, "", "name", f"the name {name!r} is already taken.")
            return False
        self.unusable.add(name)  # until it is read
        return True

    # -- the file --------------------------------------------------------------------------

    def report(self) -> Report | None:
        """Return the report, or None if the file has problems."""
        with suppress(Enough):
            if self.has_shape():
                self.about()
                self.named_values()
                self.tables()
                derived = self.derived()
                bases = {name: units.measure(v.unit).base for name, v in self.values.items()}
                for entry, place in self.entries:
                    self.claim(entry, place, derived, bases)
        if self.problems:
            return None
        about = self.content["report"]
        return Report(
            id=about["id"],
            title=about["title"],
            organisation=about.get("organisation", ""),
            year=about["year"],
            path="",
            values=self.values,
            claims=tuple(self.claims.values()),
            about=about,
            tables=tuple(self.printed),
        )

    def has_shape(self) -> bool:
        """Say whether the file is made of the tables of a report; note what else it is."""
        whole = Place((), "")
        if _too_deep(self.content, 8):
            self.note(whole, "", "toml", "is not a report file: is nested too deeply.")
        elif self.content.get("format") != FORMAT:
            self.note(
                whole,
                "format" if "format" in self.content else "",
                "format",
                f"is not a report file: the first line must be format = {FORMAT!r}, "
                f"found {brief(self.content.get('format'))}.",
            )
        else:
            self.content.setdefault("report", {})
            for key, value in self.content.items():
                self.part(key, value)
        return not self.problems

    def part(self, key: str, value: Any) -> None:
        allowed = {"format", *SECTIONS}
        place = Place((key,), key)
        if key not in allowed:
            self.note(
                place._replace(words="the file"),
                "",
                "unknown-key",
                f"unknown key {key[:60]!r}.{nearest(key, allowed)} Allowed are "
                f"{', '.join(sorted(allowed))}.",
            )
        elif key == "claims":
            if not isinstance(value, list) or not all(isinstance(e, dict) for e in value):
                self.note(place, "", "type", "must be written as [[claims]] tables.")
        elif key != "format" and not isinstance(value, dict):
            self.note(place, "", "type", f"must be a table, not {type(value).__name__}.")

    def about(self) -> None:
        """Read what holds for the whole report."""
        about, place = self.content["report"], Place(("report",), "[report]")
        self.entries = [
            (entry, Place(("claims", number), f"claim {number + 1}"))
            for number, entry in enumerate(self.content.get("claims", []))
        ]
        self.tons: str | None = None
        self.locale = MARKS
        self.rounding = "unknown"
        self.places: tuple[str, ...] = ()
        self.checked(about, "report", place)
        spoiled = {key for problem in self.problems for key in problem.path}
        self.rounding = about.get("rounding", "unknown")
        if "regions" not in spoiled:
            with self.collecting(place, "regions"):
                self.places = tuple(factors.regions.resolve(r) for r in about.get("regions", []))
        # With marks or tons that are not known, hardly any figure could be read.
        self.legible = False
        if spoiled.isdisjoint(("tons", "decimal", "thousands")):
            with self.collecting(place):
                self.locale = marks(about, MARKS)
                self.tons = about.get("tons")
                self.legible = True

    def named_values(self) -> None:
        for name, (text, unit) in CONVENTIONS.items():
            self.values[name] = Named(
                name, "convention", unit, printed.parse(text), nominal=True, base=size(unit)
            )
        for section in ("figures", "facts", "assumptions", "unknowns"):
            for name, entry, place in self.named(section):
                self.value(name, section, entry, place)

    def value(
        self, name: str, section: str, entry: Any, place: Place, cell: Figure | None = None
    ) -> None:
        if not isinstance(entry, dict):
            self.note(place, "", "type", "must be a table such as { text = '12 t' }.")
            return
        if not self.checked(entry, section, place) or not self.legible:
            return
        with self.collecting(place):
            if section == "unknowns":
                unit = units.canonical(entry["unit"], tons=self.tons)
                found = Named(name, "unknown", unit, what=entry["what"], base=size(unit))
            elif section == "figures":
                figure, unit = printed_figure(entry, self.tons, self.locale, cell)
                found = Named(
                    name, "figure", unit, figure, base=size(unit), **common(entry, self.rounding)
                )
            else:
                found = self.fact(name, entry, section.removesuffix("s"))
            self.values[name] = found
            self.unusable.discard(name)

    # -- figures and facts -----------------------------------------------------------------

    def fact(self, name: str, entry: Mapping[str, Any], role: str) -> Named:
        ways = [key for key in ("text", "factor", "factors") if key in entry]
        if len(ways) != 1:
            given = " and ".join(ways) or "none"
            raise Fault(
                "", "missing", f"text is missing; give one of text, factor, factors, not {given}."
            )
        what = entry.get("reading") or entry.get("reason", "")
        cited = entry.get("cited", "")
        if ways == ["text"]:
            if "source" not in entry:
                raise Fault("", "missing", "source is missing.")
            figure, unit = printed_figure(entry, self.tons, self.locale)
            told = (entry["source"], entry.get("locator"), entry.get("url"))
            source = ", ".join(filter(None, told))
            # The report's own rule of rounding says nothing about figures from outside.
            beside = common(entry, "unknown")
            return Named(
                name, role, unit, figure, what=what, source=source, cited=cited,
                base=size(unit), **beside,
            )  # fmt: skip
        query = entry[ways[0]]
        try:
            found = (factors.find(**query),) if ways == ["factor"] else factors.find_all(**query)
        except TypeError as error:
            raise Fault(ways[0], "factor", f"the factor query cannot be read: {error}.") from None
        except CarbonkitError as error:
            raise Fault(ways[0], "factor", error) from None
        if not found:
            raise Fault(ways[0], "factor", f"no emission factor answers {query}.")
        family = Named(
            name, role, found[0].unit, factors=found, what=what, cited=cited, places=self.places
        )
        return of_factor(family, found[0]) if ways == ["factor"] else family

    # -- tables ----------------------------------------------------------------------------

    def tables(self) -> None:
        """Add the figures and claims of printed tables to those of the file."""
        for name, entry in self.content.get("tables", {}).items():
            place = Place(("tables", name), f"tables.{name}")
            table, found = None, None
            with self.collecting(place):
                table = self.table(name, entry, place)
            if table is not None:
                with self.collecting(place, "totals"):
                    found = tables.document(table)
            if table is None or found is None:
                self.unread = (*self.unread, f"{name}_")
                continue
            if bare := [c for line in table.lines for c in line.cells if c.figure and not c.unit]:
                more = f", nor have {len(bare) - 1} more cells" if len(bare) > 1 else ""
                message = (
                    f"{bare[0].place}: {bare[0].text!r} has no unit{more}. Write units into the "
                    "heading, as in 'Energy (MWh)', behind the names of the lines, into a column "
                    "'Unit', or as unit = '...' of the table."
                )
                self.note(place, "cells", "unit", message)
                self.unread = (*self.unread, f"{name}_")
                continue
            self.printed.append(table)
            cells = _cells(table)
            for figure, written in found["figures"].items():
                if self.new_name(figure, place):
                    self.value(figure, "figures", written, place, cells[figure])
            self.entries += [(claim, place) for claim in found["claims"]]

    def table(self, name: str, entry: Any, place: Place) -> PrintedTable | None:
        if isinstance(entry, PrintedTable):
            return entry
        if not self.is_name(name, place):
            return None
        if not isinstance(entry, dict):
            self.note(place, "", "type", "must be a table that holds cells = '''...'''.")
            return None
        if not self.checked(entry, "tables", place) or not self.legible:
            return None
        about = self.content["report"]
        return tables.read_text(
            entry["cells"],
            name=name,
            title=entry.get("title"),
            page=entry.get("page"),
            unit=entry.get("unit"),
            decimal=entry.get("decimal", about.get("decimal")),
            thousands=entry.get("thousands", about.get("thousands")),
            tons=entry.get("tons", self.tons),
            rounding=entry.get("rounding", self.rounding),
            totals=entry.get("totals"),
        )

    # -- arithmetic ------------------------------------------------------------------------

    def derived(self) -> dict[str, Expression]:
        texts: dict[str, str] = {}
        written: dict[str, Expression] = {}
        for name, text, place in self.named("derived"):
            with self.collecting(place, ""):
                if not isinstance(text, str):
                    raise Fault("", "type", "must be text such as 'generated + saved'.")
                texts[name], written[name] = text, expression(text)
        resolved: dict[str, Expression | None] = {}

        def resolve(name: str, path: tuple[str, ...]) -> Expression | None:
            """Put names in place; None for one that is wrong, which is told once."""
            if name in resolved:
                return resolved[name]
            found = None
            if message := _endless(name, path):
                first = path[0]
                self.note(Place(("derived", first), f"derived.{first}"), "", "derived", message)
            else:
                used = [other for other in written[name].names if other in written]
                inner = {other: resolve(other, (*path, name)) for other in used}
                parts = {other: part for other, part in inner.items() if part is not None}
                if len(parts) == len(inner):
                    with self.collecting(Place(("derived", name), f"derived.{name}"), ""):
                        whole = expression(texts[name], parts)
                        found = whole if self.known(whole.names) else None
            if found is not None:
                self.unusable.discard(name)
            return resolved.setdefault(name, found)

        for name in written:
            resolve(name, ())
        return {name: found for name, found in resolved.items() if found is not None}

    def known(self, names: tuple[str, ...]) -> bool:
        """Say whether all names can be used; one that does not stand in the file is an error."""
        missing = [name for name in names if name not in self.values]
        for name in missing:
            if name not in self.unusable and not name.startswith(self.unread):
                raise RelationError(
                    f"there is no figure, fact, assumption or unknown {name[:60]!r}."
                    f"{nearest(name, _alike(name, self.values))}"
                )
        return not missing

    def claim(
        self,
        entry: Mapping[str, Any],
        place: Place,
        derived: Mapping[str, Expression],
        bases: Mapping[str, Measure],
    ) -> None:
        claim_id = entry.get("id")
        if isinstance(claim_id, str):
            place = place._replace(words=f"claim {claim_id[:80]!r}")
        if not self.checked(entry, "claims", place):
            return
        if claim_id in self.claims:
            self.note(place, "id", "name", "the id stands twice; ids must be unique.")
        ways = [key for key in ("relation", "relations", "uncheckable") if key in entry]
        if ways == ["relation", "relations"]:
            self.note(place, "relation", "relation", "give relation or relations, not both.")
        elif len(ways) != 1 or entry.get("relations") == []:
            reasons = ", ".join(SECTIONS["claims"]["uncheckable"].choices)
            message = f"give either a relation, or uncheckable = one of {reasons}."
            self.note(place, "", "relation", message)
        texts: dict[tuple[str | int, ...], str] = {
            ("relations", number): text for number, text in enumerate(entry.get("relations", []))
        }
        if "relation" in entry:
            texts["relation",] = entry["relation"]
        relations = []
        for path, text in texts.items():
            with self.collecting(place._replace(path=(*place.path, *path)), "", "relation"):
                parsed = relation(text, derived)
                if self.known(parsed.names):
                    relations.append(replace(parsed, unit=self.prove(parsed, bases)))
        seeks = ""
        with self.collecting(place, "seeks"):
            seeks = units.canonical(entry["seeks"], tons=self.tons) if "seeks" in entry else ""
        self.claims[entry["id"]] = Claim(
            id=entry["id"],
            page=str(entry.get("page", "")),
            system=entry.get("system", ""),
            statement=entry["statement"],
            relations=tuple(relations),
            reason=entry.get("uncheckable", ""),
            missing=entry.get("missing", ""),
            note=entry.get("note", ""),
            points_to=entry.get("points_to", ""),
            seeks=seeks,
        )

    def prove(self, parsed: Relation, bases: Mapping[str, Measure]) -> str:
        """Return the base unit that both sides have."""
        where = f"relation {parsed.text!r}"
        if parsed.compare == "==":
            if not isinstance(parsed.left, Name):
                raise RelationError(
                    f"{where}: the left side of == must be the one figure that is claimed; write "
                    "the arithmetic on the right."
                )
            if parsed.left.name in parsed.right.names:
                raise RelationError(
                    f"{where}: recomputes {parsed.left.name} from itself, which proves nothing."
                )
        choices = math.prod(max(1, len(self.values[n].factors)) for n in parsed.names)
        if choices > _CHOICES:
            raise RelationError(
                f"{where}: its families of factors make {choices:,} choices; at most {_CHOICES} "
                "are tried. Name region, year or publisher, so that fewer factors fit."
            )
        left, right = (dimension_of(side, bases, where) for side in (parsed.left, parsed.right))
        if left != right:
            raise RelationError(
                f"{where}: compares {left} with {right}; both sides must have the same dimensions."
            )
        return _base_unit(left)


def _alike(name: str, known: Iterable[str]) -> list[str]:
    """Return the few names that are worth a closer look: a file may hold thousands."""
    from rapidfuzz import fuzz, process

    return [found for found, *_ in process.extract(name, list(known), scorer=fuzz.ratio, limit=20)]


@lru_cache(maxsize=1024)
def _base_unit(measure: Measure) -> str:
    return measure.base_unit


def _endless(name: str, path: tuple[str, ...]) -> str:
    """Say why a derived name can never be put in place, if that is so."""
    if len(path) > _CHAIN:
        return f"goes through more than {_CHAIN} other names; shorten it."
    if name in path:
        circle = " -> ".join((*path[path.index(name) :], name))
        return f"circular reference: {circle}. Break the circle."
    return ""


def _cells(table: PrintedTable) -> dict[str, Figure | None]:
    return {
        table.figure_name(line, column): cell.figure
        for line in table.lines
        for column, cell in zip(table.value_columns, line.cells, strict=True)
    }


def _too_deep(value: object, allowed: int) -> bool:
    """Say whether tables and lists lie in each other more deeply than a report has them."""
    if not isinstance(value, dict | list):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return allowed == 0 or any(_too_deep(v, allowed - 1) for v in inside)
