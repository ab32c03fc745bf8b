"""The audit of a report: every claim with its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonkit.claims.report import Report
from carbonkit.claims.verdict import ClaimResult, Verdict
from carbonkit.errors import ReportError, nearest

if TYPE_CHECKING:
    import pandas as pd

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

    def summary(self) -> str:
        """Return the counts in one line.

        Examples
        --------
        >>> import carbonkit as ck
        >>> print(ck.load_report("huawei-2020").verify().summary())
        1... claims: ... reproduced-exactly, ...
        """
        parts = [f"{count} {verdict}" for verdict, count in self.counts().items() if count]
        return f"{len(self)} claims: {', '.join(parts)}"

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
            If nothing fits, or there is no such verdict.
        """
        if verdict is not None and verdict not in list(Verdict):
            raise ReportError(
                f"there is no verdict {verdict!r}.{nearest(verdict, list(Verdict))} "
                f"The six are {', '.join(Verdict)}."
            )
        wanted = (system or "").casefold()
        results = tuple(
            r
            for r in self.results
            if (wanted in r.claim.system.casefold() or wanted in r.id.casefold())
            and verdict in (None, str(r.verdict))
        )
        if not results and verdict is None:
            systems = sorted({r.claim.system for r in self.results})
            raise ReportError(
                f"no claim of {self.report.id} is about {system!r}.{nearest(wanted, systems)} "
                f"Its systems are {', '.join(systems)}."
            )
        return Audit(self.report, results, self.replaced)

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain data: the documented JSON."""
        return {
            "report": {
                "id": self.report.id,
                "title": self.report.title,
                "organisation": self.report.organisation,
                "year": self.report.year,
            },
            "what_if": {name: str(value) for name, value in self.replaced.items()},
            "counts": {str(v): n for v, n in self.counts().items()},
            "claims": [r.to_dict() for r in self.results],
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

    def __repr__(self) -> str:
        return f"<audit of {self.report.id}: {self.summary()}>"

    def _repr_html_(self) -> str:
        shown = ["id", "page", "system", "statement", "printed", "arithmetic", "verdict", "why"]
        table = self.to_frame()[shown].to_html(index=False, escape=True, border=0)
        return f"<p><b>{self.report.id}</b>: {self.summary()}</p>{table}"
