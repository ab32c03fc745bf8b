"""Render an audit into one self-contained page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Any

from carbonkit._text import with_unit
from carbonkit.claims import Audit, ClaimResult, Finding, Verdict
from carbonkit.claims.diagnose import Diagnosis
from carbonkit.claims.verdict import percent, shown_interval
from carbonkit.html.picture import interval_picture

__all__ = ["audit_page"]

_SLIPS = 3  # explanations shown of one claim


def audit_page(audit: Audit) -> str:
    """Return the audit as a self-contained HTML page.

    Parameters
    ----------
    audit : Audit
        What checking a report came to.

    Returns
    -------
    str
        One page with its style and script inside; it loads nothing from elsewhere and stays
        readable without the script.

    Examples
    --------
    >>> import carbonkit as ck
    >>> page = audit_page(ck.load_report("huawei-2020").verify())
    >>> "p62-icooling-co2" in page and "http-equiv" not in page
    True
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("carbonkit.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    template = environment.get_template("audit.html.j2")
    return template.render(
        report=audit.report,
        audit=audit,
        counts=[(v, n) for v, n in audit.counts().items() if n],
        systems=_by_system(audit),
        meanings=_MEANINGS,
        observations=audit.observations(),
        closures=[c for c in audit.closures() if not c.closes],
        facts=_told(audit, "outside"),
        assumptions=_told(audit, "assumptions"),
        rows=_rows,
        slips=partial(_slips, audit),
        recomputed=_recomputed,
        picture=interval_picture,
    )


_MEANINGS = {
    Verdict.EXACT: "Recomputing from the figures as printed gives the printed figure.",
    Verdict.ROUNDING: "It comes out once the rounding of the printed figures is allowed for.",
    Verdict.QUALIFIER: "A bound such as “more than”, or a target, is kept.",
    Verdict.ASSUMPTION: "It holds with a general constant that the report does not print.",
    Verdict.INCONSISTENT: "The figures, as printed and with what is cited, do not meet.",
    Verdict.NOT_CHECKABLE: "A figure or a relation that would be needed is not given.",
}


def _by_system(audit: Audit) -> list[tuple[str, list[ClaimResult]]]:
    place: dict[str, int] = {}
    for result in audit:
        place.setdefault(result.claim.system, len(place))
    ordered = sorted(audit, key=lambda r: place[r.claim.system])
    return [(s, list(rs)) for s, rs in groupby(ordered, key=lambda r: r.claim.system)]


def _rows(finding: Finding) -> list[tuple[str, str]]:
    """Return what is told of a finding, label by label."""
    rows = []
    if finding.arithmetic:
        rows.append(("Arithmetic", finding.arithmetic))
    if finding.printed is not None:
        meaning = shown_interval(finding.printed, finding.unit)
        rows.append(("Printed", f"{finding.printed_text}, which stands for {meaning}"))
    if finding.recomputed is not None:
        rows.append(("Recomputed", shown_interval(finding.recomputed, finding.unit)))
    rows += [("Assumption", text) for text in finding.assumptions]
    rows += [("Outside fact", text) for text in finding.outside]
    for implied in finding.implied:
        published = f"; published: {'; '.join(implied.published)}" if implied.published else ""
        rows.append(("Implied", f"{implied.what} = {implied}{published}"))
    if finding.chance is not None:
        odds = percent(finding.chance)
        rows.append(("Test", f"a random figure of this precision would pass {odds} of the time"))
    return rows


def _slips(audit: Audit, result: ClaimResult) -> tuple[Diagnosis, ...]:
    """Return what would best explain a claim that does not hold."""
    inconsistent = result.verdict is Verdict.INCONSISTENT
    return audit.diagnose(result.id)[:_SLIPS] if inconsistent else ()


def _recomputed(finding: Finding) -> str:
    """Return the recomputed value, or what is implied, as the end of a line."""
    if finding.nominal is not None and finding.procedure != "tie-out":
        return f", recomputed {with_unit(finding.nominal, finding.unit)}"
    return f", implies {finding.implied[0]}" if finding.implied else ""


def _told(audit: Audit, what: str) -> list[str]:
    findings: Iterable[Finding] = (f for result in audit for f in result.findings)
    told: dict[str, Any] = {text: None for f in findings for text in getattr(f, what)}
    return sorted(told)
