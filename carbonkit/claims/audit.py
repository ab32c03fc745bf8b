"""The audit of a report: every claim with its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonkit.claims.verdict import ClaimResult, Verdict
from carbonkit.errors import ReportError, nearest

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.claims.diagnose import Diagnosis
    from carbonkit.claims.report import Report
    from carbonkit.claims.screens import Observation
    from carbonkit.tables import Closure

__all__ = ["Audit"]


@dataclass(frozen=True)
class Audit:
    """What checking a report came to.

    Attributes
    ----------
    report : Report
        What was checked.
    results : tuple of ClaimResult
        One for each claim, in the report's order.
    replaced : mapping of str to object
        Facts and assumptions that were replaced for a what-if.
    """

    report: Report
    results: tuple[ClaimResult, ...]
    replaced: Mapping[str, Any]

    def __iter__(self) -> Iterator[ClaimResult]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, claim_id: str) -> ClaimResult:
        for result in self.results:
            if result.id == claim_id:
                return result
        known = [r.id for r in self.results]
        raise ReportError(
            f"{self.report.id} has no claim {claim_id!r}.{nearest(claim_id, known)} "
            f"It has {len(known)} claims."
        )

    def counts(self) -> dict[Verdict, int]:
        """Return the number of claims by verdict, strongest verdict first.

        Examples
        --------
        >>> import carbonkit as ck
        >>> audit = ck.load_report("huawei-2020").verify()
        >>> sum(audit.counts().values()) == len(audit)
        True
        """
        found = Counter(r.verdict for r in self.results)
        return {verdict: found[verdict] for verdict in Verdict}

    def tie_outs(self) -> int:
        """Return how many claims hold because the same figure stands elsewhere.

        Such a claim says nothing on the arithmetic, so it is counted apart.
        """
        return sum(
            r.verdict is Verdict.EXACT and r.deciding.procedure == "tie-out" for r in self.results
        )

    def summary(self) -> str:
        """Return the counts in one line.

        Examples
        --------
        >>> import carbonkit as ck
        >>> print(ck.load_report("huawei-2020").verify().summary())
        1... claims: ... reproduced-exactly..., ...
        """
        if not self.results:
            return "0 claims: nothing says what should hold, such as a total or a [[claims]]"
        parts = [f"{count} {verdict}" for verdict, count in self.counts().items() if count]
        if self.tie_outs():
            parts[0] += f" ({self.tie_outs()} of them the same figure printed elsewhere)"
        return f"{len(self)} claim{'' if len(self) == 1 else 's'}: {', '.join(parts)}"

    def only(self, *, system: str | None = None, verdict: str | None = None) -> Audit:
        """Return the audit of some claims only.

        Parameters
        ----------
        system : str, optional
            Part of a system's name or of a claim's id, whatever its case.
        verdict : str, optional
            One of the six verdicts.

        Raises
        ------
        ReportError
            If no claim is about the system, or there is no such verdict.
        """
        if verdict is not None and verdict not in list(Verdict):
            raise ReportError(
                f"there is no verdict {verdict!r}.{nearest(verdict, list(Verdict))} "
                f"The six are {', '.join(Verdict)}."
            )
        wanted = (system or "").casefold()
        about = [
            r
            for r in self.results
            if wanted in r.claim.system.casefold() or wanted in r.id.casefold()
        ]
        if not about:
            systems = sorted({r.claim.system for r in self.results})
            raise ReportError(
                f"no claim of {self.report.id} is about {system!r}.{nearest(wanted, systems)} "
                f"Its systems are {', '.join(systems)}."
            )
        kept = tuple(r for r in about if verdict in (None, str(r.verdict)))
        return Audit(self.report, kept, self.replaced)

    def diagnose(self, claim_id: str) -> tuple[Diagnosis, ...]:
        """Search for what would explain a claim that does not simply reproduce.

        Slips of units, signs, digits, percentages and sums are tried, other published factors
        and other figures of the report. Each diagnosis says how many results were tried, and
        the chance that one of so many fits by luck.

        Parameters
        ----------
        claim_id : str
            The claim.

        Returns
        -------
        tuple of Diagnosis
            Best first; empty for a claim that reproduces, or where nothing fits.

        Raises
        ------
        ReportError
            If there is no such claim.

        Examples
        --------
        >>> import carbonkit as ck
        >>> audit = ck.load_report("huawei-2020").verify()
        >>> [(d.hypothesis, d.words) for d in audit.diagnose("p70-intensity-2014")]
        [('truncation', 'truncated, not rounded')]
        """
        from carbonkit.claims.diagnose import diagnose

        return diagnose(self[claim_id], self.report.replaced(self.replaced))

    def closures(self) -> tuple[Closure, ...]:
        r"""Say of each printed table of the report whether its sums close.

        Where they do not, the smallest sets of cells are sought whose change would close the
        table down its columns and across its lines at once.

        Returns
        -------
        tuple of Closure
            One for each table, in the report's order.

        Examples
        --------
        >>> from carbonkit import load_report, tables
        >>> table = tables.read_text(
        ...     "Energy (MWh);2019;2020\nGas;98;140\nCoal;2;1\nTotal;100;105", name="energy"
        ... )
        >>> (closure,) = load_report(table).verify().closures()
        >>> print(closure.faults[0].best[0])
        'Gas' in 2020 (row 2, column C) were 104 instead of 140 (the digits 04 are exchanged)
        """
        return tuple(table.closure() for table in self.report.tables)

    def observations(self) -> tuple[Observation, ...]:
        """Return what a careful reader of the whole report would notice.

        Screens look where no claim is false: steps in a series, one activity under several
        factors, parts counted twice, boundaries that differ, goals met before they began. Each
        observation says how sure one can be, and words itself fairly.

        Returns
        -------
        tuple of Observation
            In the order of :data:`carbonkit.claims.screens.SCREENS`.

        Examples
        --------
        >>> import carbonkit as ck
        >>> audit = ck.load_report("huawei-2020").verify()
        >>> step = next(o for o in audit.observations() if o.screen == "series break")
        >>> print(step.arithmetic)
        2016: 0.94, 2017: 0.906, 2018: 0.885, 2019: 0.685, 2020: 0.635 t CO2 per MWh
        """
        from carbonkit.claims.screens import observe

        return observe(self.results, self.report.replaced(self.replaced))

    def to_dict(self, *, diagnoses: bool = False, observations: bool = False) -> dict[str, Any]:
        """Return the audit as plain data: the documented JSON.

        Parameters
        ----------
        diagnoses : bool
            Add to each claim what would explain it if it does not simply reproduce, and of printed
            tables which cells would have to change for all sums to close.
        observations : bool
            Add what the screens saw over the report.
        """
        seen: dict[str, Any] = {}
        if observations:
            seen["observations"] = [o.to_dict() for o in self.observations()]
        claims = [r.to_dict() for r in self.results]
        if diagnoses:
            for claim in claims:
                claim["diagnoses"] = [d.to_dict() for d in self.diagnose(claim["id"])]
            seen["tables"] = [_closed(c) for c in self.closures()]
        return {
            "report": {
                "id": self.report.id,
                "title": self.report.title,
                "organisation": self.report.organisation,
                "year": self.report.year,
            },
            "what_if": {name: str(value) for name, value in self.replaced.items()},
            "counts": {str(v): n for v, n in self.counts().items()},
            "claims": claims,
            **seen,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row per claim.

        Returns
        -------
        pandas.DataFrame
            Columns id, page, system, statement, verdict, printed, recomputed, low, high, unit,
            gap, procedure, arithmetic, why. Numbers are in `unit`.
        """
        import pandas as pd

        rows = []
        for result in self.results:
            data = result.to_dict()
            rows.append(
                {
                    "id": data["id"],
                    "page": data["page"],
                    "system": data["system"],
                    "statement": data["statement"],
                    "verdict": data["verdict"],
                    "printed": data["printed"]["text"],
                    "recomputed": data["recomputed"]["nominal"],
                    "low": data["recomputed"]["low"],
                    "high": data["recomputed"]["high"],
                    "unit": data["recomputed"]["unit"],
                    "gap": data["gap"],
                    "procedure": data["procedure"],
                    "arithmetic": data["arithmetic"],
                    "why": data["why"],
                }
            )
        return pd.DataFrame(rows)

    def sensitivity(self) -> pd.DataFrame:
        """Say how far each fact and assumption can move before a verdict changes.

        Returns
        -------
        pandas.DataFrame
            One row for each relation and each fact or assumption in it, with the interval in
            which the verdict stays; see :func:`carbonkit.claims.whatif.sensitivity`.

        Examples
        --------
        >>> import carbonkit as ck
        >>> audit = ck.load_report("huawei-2020").verify().only(system="Zhanhua")
        >>> row = audit.sensitivity().set_index("name").loc["zhanhua_elapsed"]
        >>> print(f"{row['low']:.2f} to {row['high']:.2f} {row['unit']}, then {row['above']}")
        0.33 to 0.72 year, then not-checkable
        """
        from carbonkit.claims.whatif import sensitivity

        return sensitivity(self)

    def implied_factors(self, unit: str | None = None) -> pd.DataFrame:
        """Return the emission factor that each relation implies, whether or not it holds.

        Every relation that uses a cited emission factor is solved for it, from the figures at
        their printed digits (a bound is read as close to its number). So are relations with an
        emission factor of the same kind that the report leaves out.

        Parameters
        ----------
        unit : str, optional
            Show only factors of this dimension, in this unit: "kg CO2/kWh". By default each
            keeps the unit of its source.

        Returns
        -------
        pandas.DataFrame
            One row per relation and factor: id, page, system, factor (its name in the report
            file), verdict (on the relation), low and high (the implied interval, in `unit`),
            cited_low and cited_high (the cited value, or the ends of a cited family; missing
            where the report cites none), published (values of the factor library that lie in
            the interval), relation.

        Raises
        ------
        UnitError
            If there is no such unit.

        Examples
        --------
        >>> import carbonkit as ck
        >>> frame = ck.load_report("huawei-2020").verify().implied_factors("kg CO2/kWh")
        >>> metro = frame.set_index("id").loc["p74-metro-co2"]
        >>> [round(float(x), 3) for x in (metro.low, metro.high, metro.cited_low)]
        [0.982, 1.012, 0.475]
        >>> metro.published
        ('0.997 kg CO2/kWh (in wide use, without a primary source, CN)',)
        """
        from carbonkit.claims.implied_factors import implied_factors

        used = self.report.replaced(self.replaced)
        return implied_factors(self.report.values, used, self.results, unit)

    def implied(self) -> pd.DataFrame:
        """Return what the printed figures imply for the quantities that the report leaves out.

        Every relation with one unknown is solved for it. Lines that share an unknown (revenue
        behind intensities, a GWP behind rows of a gas, the head count behind figures per head)
        must imply intervals that meet; where they do not, the smallest set of lines is named
        without which the others do.

        Returns
        -------
        pandas.DataFrame
            One row per line and unknown: unknown, what, id, page, system, relation, low and high
            (what the line implies at its printed digits, in `unit`), unit, lines (how many lines
            share the unknown), common_low and common_high (where they meet, or where the others
            do once the lines to set aside are), agreement ("alone", "meets", "meets by a coarser
            reading", "meets the others", "set aside", "one of those to set aside", or "open"
            where a bound or an assumption decides nothing), published (values of the library in
            the common interval).

        Examples
        --------
        >>> import carbonkit as ck
        >>> frame = ck.load_report("huawei-2020").verify().implied()
        >>> trees = frame[frame.unknown == "optixstar_tree"].iloc[0]
        >>> f"{trees.low:.2f} to {trees.high:.2f} {trees.unit}", trees.agreement
        ('...', 'alone')
        """
        from carbonkit.claims.shared import implied_frame

        return implied_frame(self.results, self.report.replaced(self.replaced))

    def __repr__(self) -> str:
        return f"<audit of {self.report.id}: {self.summary()}>"

    def _repr_html_(self) -> str:
        shown = ["id", "page", "system", "statement", "printed", "arithmetic", "verdict", "why"]
        table = self.to_frame()[shown].to_html(index=False, escape=True, border=0)
        return f"<p><b>{self.report.id}</b>: {self.summary()}</p>{table}"


def _closed(closure: Closure) -> dict[str, Any]:
    """Return as plain data how a printed table closes."""
    return {
        "name": closure.table.name,
        "sums": len(closure.constraints),
        "failing": len(closure.failing),
        "faults": [
            {
                "sums": [closure.constraints[at].words for at in fault.sums],
                "complete": fault.complete,
                "likeliest": [
                    [
                        {
                            "cell": change.words,
                            "place": change.place,
                            "printed": change.printed,
                            "needed": change.value,
                            "causes": [cause.words for cause in change.causes],
                        }
                        for change in repair.changes
                    ]
                    for repair in fault.best
                ],
                "others": len(fault.repairs) - len(fault.best),
            }
            for fault in closure.faults
        ],
        "unclear": list(closure.unclear),
    }
