"""The inventory: frozen lines with their lineage, and views that never compute them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonkit import gwp
from carbonkit._text import number
from carbonkit.emissions import BIOGENIC, Emissions, weight
from carbonkit.errors import GwpError, InventoryError, UncertaintyError, nearest
from carbonkit.formula import Result
from carbonkit.inventory import lineage
from carbonkit.inventory.consolidation import consolidated
from carbonkit.inventory.lines import KEYS, TRACE, Line, Row, Site, known_boundary, traced
from carbonkit.inventory.parts import loose
from carbonkit.inventory.schema import Problem
from carbonkit.scope2 import Criterion, Finding, Instrument, Scope2, Scope2Totals
from carbonkit.uncertainty import Distribution, Propagated, both_ways, parse
from carbonkit.uncertainty.model import input_names

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Counts", "Inventory", "consolidate"]


@dataclass(frozen=True)
class Counts:
    """Every row that came in, and where it went: `rows` is always the sum of the others.

    Attributes
    ----------
    rows, used, outside, refused : int
        `outside`: beyond the organisational boundary, kept with a share of zero.
    """

    rows: int
    used: int
    outside: int
    refused: int

    def __str__(self) -> str:
        return (
            f"{self.rows} rows in = {self.used} used + {self.outside} outside the boundary "
            f"+ {self.refused} refused"
        )


@dataclass(frozen=True)
class Inventory:
    """A corporate inventory: lines, boundary, and what was refused.

    Made by :func:`carbonkit.inventory.from_frame`.

    Attributes
    ----------
    rows : tuple of Row
    sites : mapping of str to Site
    boundary : str
        One of `BOUNDARIES`.
    lines : tuple of Line
    ledger : Scope2
        The electricity ledger behind the market-based lines.
    instruments : tuple of Instrument
    problems : tuple of Problem
        Rows and cells that were refused.
    notes : tuple of Finding
        What a reader must know though nothing was refused.
    vintage_years : int
    """

    rows: tuple[Row, ...]
    sites: Mapping[str, Site]
    boundary: str
    lines: tuple[Line, ...]
    ledger: Scope2
    instruments: tuple[Instrument, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Finding, ...] = ()
    vintage_years: int = 0
    refused: int = field(default=0)

    # ------------------------------------------------------------------ what is in it

    @property
    def counts(self) -> Counts:
        """Rows in, and what became of each."""
        outside = sum(1 for row in self.rows if not self.share(row))
        return Counts(
            len(self.rows) + self.refused, len(self.rows) - outside, outside, self.refused
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader of the totals must know though nothing was refused."""
        return (*self.notes, *(f for f in self.ledger.findings if not f.serious))

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The Scope 2 quality criteria for each instrument."""
        return self.ledger.criteria

    @property
    def years(self) -> tuple[int, ...]:
        """The years that it covers."""
        return tuple(sorted({row.year for row in self.rows}))

    def share(self, row: Row) -> Fraction:
        """Return the share of a row that the organisational boundary takes in."""
        site = self.sites.get(row.site)
        return Fraction(1) if site is None else site.share(self.boundary)

    # ------------------------------------------------------------------ views

    def under(self, boundary: str) -> Inventory:
        """Return the inventory under another organisational boundary.

        Parameters
        ----------
        boundary : str
            "operational control", "financial control" or "equity share".

        Raises
        ------
        InventoryError
            If the boundary is unknown.
        """
        return consolidate(replace(self, boundary=known_boundary(boundary)))

    def with_sites(self, sites: Mapping[str, Site]) -> Inventory:
        """Return the inventory with other sites in the boundary, as after an acquisition."""
        return consolidate(replace(self, sites=dict(sites)))

    def select(self, **where: Any) -> tuple[Line, ...]:
        """Return the lines that fit.

        Parameters
        ----------
        **where
            Any of `scope`, `method`, `category`, `activity`, `site`, `region`, `market`,
            `year`, `step`, `carrier`, `table`, `row`; a list takes any of its values. A method
            keeps the lines to which no method applies.

        Raises
        ------
        InventoryError
            If a key is unknown.
        """
        tests: list[tuple[str, set[Any]]] = []
        for key, wanted in where.items():
            _known(key)
            if wanted is None:
                continue
            values = set(wanted) if isinstance(wanted, list | tuple | set | range) else {wanted}
            if key == "method":
                values |= {""}
            tests.append((key, values))
        return tuple(
            line for line in self.lines if all(line.get(key) in values for key, values in tests)
        )

    def only(self, **where: Any) -> Inventory:
        """Return the inventory of the rows that fit: one year, one site, one category ...

        The electricity ledger is taken as it stands: certificates are not shared out again.
        """
        lines = self.select(**where)
        rows = {id(line.source) for line in lines}
        kept = tuple(row for row in self.rows if id(row) in rows)
        return replace(self, rows=kept, lines=lines, refused=0, problems=())

    def emissions(self, **where: Any) -> Emissions:
        """Return exact tonnes by gas.

        Parameters
        ----------
        **where
            As for :meth:`select`. Scope 2 needs ``method=``.

        Raises
        ------
        InventoryError
            If the lines hold Scope 2 emissions by both methods.
        """
        return _sum(self.select(**where))

    def total(self, gwp_set: str | gwp.GwpSet, **where: Any) -> Result:
        """Return tonnes of CO2e under a GWP set, without biogenic CO2.

        Parameters
        ----------
        gwp_set : str or GwpSet
        **where
            As for :meth:`select`. Scope 2 needs ``method=``.

        Raises
        ------
        GwpError
            If the set lacks a gas, or a factor was in CO2e of another set; the message names
            the rows.
        InventoryError
            If the lines hold Scope 2 emissions by both methods.
        """
        lines = self.select(**where)
        self.check_gwp(gwp_set, lines)
        chosen = gwp.get(gwp_set) if isinstance(gwp_set, str) else gwp_set
        found = _sum(lines)
        return lineage.with_lineage(found.co2e(chosen), lineage.total(lines, chosen), found.method)

    def uncertainty(
        self,
        gwp_set: str | gwp.GwpSet,
        inputs: Mapping[str, Distribution | str] | None = None,
        *,
        draws: int = 100_000,
        seed: int = 0,
        **where: Any,
    ) -> Propagated:
        """Propagate what the rows say of their uncertainty to a total, both ways.

        One amount is one input for all the gases that it gives off, and one factor is one input
        for all the rows that use it: a factor of the library, or the same own value from the same
        source. Different inputs are independent.

        Parameters
        ----------
        gwp_set : str or GwpSet
        inputs : mapping of str to Distribution or text, optional
            More uncertain inputs, or others than the rows say: by row ("activities, row 3"), by
            the key or id of a factor, by an argument of the formulas ("factor") or by a GWP
            ("GWP of CH4, AR5"). Text is as in the column `amount_uncertainty`.
        draws, seed
            As for :func:`carbonkit.uncertainty.monte_carlo`.
        **where
            As for :meth:`select`. Scope 2 needs ``method=``.

        Returns
        -------
        Propagated
            IPCC approach 1 and 2 side by side, with the share of the variance of each input.

        Raises
        ------
        UncertaintyError
            If nothing is uncertain, or a name is not an input of the total.
        GwpError, InventoryError
            As for :meth:`total`.

        Notes
        -----
        Source: IPCC 2006 Guidelines, vol. 1, ch. 3, "Methods to combine uncertainties".

        By the market-based method instruments cover the MWh that they state, and what is
        uncertain of the consumption falls on the step that takes the rest.

        Examples
        --------
        >>> import pandas as pd
        >>> from carbonkit import inventory
        >>> rows = pd.DataFrame([{
        ...     "site": "A", "year": 2020, "category": "process", "activity": "clinker",
        ...     "amount": 100, "unit": "t", "factor": 0.5, "factor_unit": "t CO2/t",
        ...     "factor_source": "laboratory", "amount_uncertainty": "± 3 %",
        ...     "factor_uncertainty": "± 4 %"}])
        >>> spread = inventory.from_frame(rows).uncertainty("AR5", scope=1).first_order
        >>> print(spread.deterministic, f"{spread.percent[1]:.4f} %")  # sqrt(3^2 + 4^2)
        50.0 5.0000 %
        """
        total = self.total(gwp_set, **where)
        if total.formula is None:
            raise UncertaintyError("there are no emissions here, so that nothing is uncertain.")
        names = input_names(total)
        said = {
            name: distribution
            for line in self.select(**where)
            for name, distribution in line.source.uncertain
            if name in names
        }
        given = {n: parse(d) if isinstance(d, str) else d for n, d in (inputs or {}).items()}
        return both_ways(total, {**said, **given}, draws=draws, seed=seed)

    def scope2(self, gwp_set: str | gwp.GwpSet, **where: Any) -> Scope2Totals:
        """Return both Scope 2 totals, side by side."""
        return Scope2Totals(
            self.total(gwp_set, **{**where, "scope": 2, "method": "location-based"}),
            self.total(gwp_set, **{**where, "scope": 2, "method": "market-based"}),
        )

    def check_gwp(self, gwp_set: str | gwp.GwpSet, lines: Sequence[Line] | None = None) -> None:
        """Raise if a GWP set cannot express every line, naming the rows.

        Raises
        ------
        GwpError
        """
        chosen = gwp.get(gwp_set) if isinstance(gwp_set, str) else gwp_set
        rows: dict[str, list[str]] = defaultdict(list)
        for line in self.lines if lines is None else lines:
            for gas in line.emissions.masses:
                rows[gas].append(line.source.where)
        for gas, where in sorted(rows.items()):
            try:
                weight(gas, chosen)
            except GwpError as error:
                listed = list(dict.fromkeys(where))
                more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
                raise GwpError(f"{'; '.join(listed[:3])}{more}: {error.args[0]}") from None

    # ------------------------------------------------------------------ tables

    def by(self, *keys: str, gwp_set: str | None = None, **where: Any) -> pd.DataFrame:
        """Return emissions by any keys.

        Parameters
        ----------
        *keys : str
            As for :meth:`select`. Where Scope 2 is in it, the method is always a key.
        gwp_set : str, optional
            Adds a column in CO2e.
        **where
            As for :meth:`select`.

        Returns
        -------
        pandas.DataFrame
            One column of tonnes for each gas, sorted by the keys.
        """
        import pandas as pd

        lines = self.select(**where)
        for key in keys:
            _known(key)
        if gwp_set is not None:
            self.check_gwp(gwp_set, lines)
        if "method" not in keys and any(line.method for line in lines):
            keys = (*keys, "method")
        groups: dict[tuple[Any, ...], list[Line]] = defaultdict(list)
        for line in lines:
            groups[tuple(line.get(key) for key in keys)].append(line)
        totals = {group: _sum(groups[group]) for group in sorted(groups)}
        gases = sorted({gas for e in totals.values() for gas in e.masses})
        records = []
        for group, found in totals.items():
            record: dict[str, Any] = dict(zip(keys, group, strict=True))
            for gas in gases:
                unit = f"t {'CO2e' if gas.startswith('CO2e ') else gas}"
                label = f"{unit} ({gas.removeprefix('CO2e ')})" if gas[:5] == "CO2e " else unit
                record[label] = float(found.masses.get(gas, Fraction(0)))
            if gwp_set is not None:
                record[f"t CO2e ({gwp_set} in all)"] = float(found.exact_co2e(gwp_set))
            records.append(record)
        return pd.DataFrame.from_records(records)

    def trace(self, **where: Any) -> pd.DataFrame:
        """Return every part of every line that fits: row in, factor, mass out.

        Returns
        -------
        pandas.DataFrame
            One row for each line and gas, with table, row, amount, factors, share, tonnes.
        """
        import pandas as pd

        return pd.DataFrame.from_records(
            [record for line in self.select(**where) for record in traced(line)],
            columns=list(TRACE),
        )

    def explain(self, row: str | int, table: str = "activities") -> str:
        """Write out how the lines of one row were computed.

        Raises
        ------
        InventoryError
            If no row has that label.
        """
        lines = self.select(table=table, row=str(row))
        if not lines:
            raise InventoryError(f"{table} has no row {row!r} that was used.")
        return "\n\n".join(line.explain() for line in lines)

    def quality(self, gwp_set: str) -> pd.DataFrame:
        """Return the data quality by scope: mean score weighted by emissions, and what has none.

        Scope 2 is weighted by its location-based emissions.
        """
        import pandas as pd

        records = []
        groups: dict[int, list[Line]] = defaultdict(list)
        for line in self.select(method="location-based"):
            groups[line.source.scope].append(line)
        for scope, lines in sorted(groups.items()):
            sizes = [abs(line.emissions.exact_co2e(gwp_set)) for line in lines]
            scored = [
                (size, line.source.quality)
                for size, line in zip(sizes, lines, strict=True)
                if line.source.quality is not None
            ]
            all_of_it, known = sum(sizes), sum(size for size, _ in scored)
            records.append(
                {
                    "scope": scope,
                    "mean score (1 best, 5 worst)": float(
                        sum(size * score for size, score in scored) / known
                    )
                    if known
                    else float("nan"),
                    "scored share %": float(100 * known / all_of_it) if all_of_it else 0.0,
                    "loosely matched share %": float(
                        100
                        * sum(
                            size
                            for size, line in zip(sizes, lines, strict=True)
                            if any(loose(part) for part in line.parts)
                        )
                        / all_of_it
                    )
                    if all_of_it
                    else 0.0,
                }
            )
        return pd.DataFrame.from_records(records)

    def __str__(self) -> str:
        lines = [f"Inventory {', '.join(map(str, self.years))}, {self.boundary}: {self.counts}"]
        for scope, method in ((1, ""), (2, "location-based"), (2, "market-based"), (3, "")):
            found = self.emissions(scope=scope, method=method or None)
            if scope != 3 or found.masses:
                lines.append(f"  Scope {scope} {method}".rstrip() + f": {_by_gas(found)}")
        if self.problems:
            lines.append(f"  {len(self.problems)} problems; the first: {self.problems[0]}")
        if self.findings:
            lines.append(f"  {len(self.findings)} findings; the first: {self.findings[0]}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Inventory of {len(self.rows)} rows, {self.boundary}>"


def consolidate(inventory: Inventory) -> Inventory:
    """Return the inventory with its lines made anew from its rows, sites and boundary."""
    lines, ledger = consolidated(
        inventory.rows, inventory.share, inventory.instruments, inventory.vintage_years
    )
    return replace(inventory, lines=lines, ledger=ledger)


def _sum(lines: Iterable[Line]) -> Emissions:
    masses: dict[str, Fraction] = defaultdict(Fraction)
    methods = set()
    for line in lines:
        if line.method:
            methods.add(line.method)
        for gas, mass in line.emissions.masses.items():
            masses[gas] += mass
    if len(methods) > 1:
        raise InventoryError(
            "these lines hold Scope 2 by both methods, which are never added. Say which with "
            "method='location-based' or method='market-based', or ask for scope2() to see both."
        )
    return Emissions(dict(masses), methods.pop() if methods else "")


def _by_gas(found: Emissions) -> str:
    shown = [
        f"{number(float(mass))} t {gas}"
        for gas, mass in sorted(found.masses.items(), key=lambda m: (m[0] == BIOGENIC, m[0]))
    ]
    return ", ".join(shown) or "none"


def _known(key: str) -> None:
    if key not in KEYS:
        raise InventoryError(f"unknown key {key!r}.{nearest(key, KEYS)} Keys: {', '.join(KEYS)}.")
