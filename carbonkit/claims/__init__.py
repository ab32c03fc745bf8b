"""Claims: what a report prints, the relations that should hold, and what checking them comes to."""

from __future__ import annotations

from carbonkit.claims.audit import Audit
from carbonkit.claims.compare import Change, Changes, compare
from carbonkit.claims.corpus import Checked, Corpus, verify_all
from carbonkit.claims.lint import lint
from carbonkit.claims.loading import bundled_reports, load_report, parse_report
from carbonkit.claims.model import Claim
from carbonkit.claims.report import Report
from carbonkit.claims.verdict import ClaimResult, Finding, Implied, Verdict

__all__ = [
    "Audit",
    "Change",
    "Changes",
    "Checked",
    "Claim",
    "ClaimResult",
    "Corpus",
    "Finding",
    "Implied",
    "Report",
    "Verdict",
    "bundled_reports",
    "compare",
    "lint",
    "load_report",
    "parse_report",
    "verify_all",
]
