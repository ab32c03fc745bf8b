"""The made-up report holds one slip of each kind that is known, and each is named first."""

from __future__ import annotations

import re

import pytest

from carbonkit.claims import Audit, Claim, Verdict, load_report
from carbonkit.claims.hypotheses import HYPOTHESES

REPORT = load_report("planted-errors")


def planted(claim: Claim) -> str:
    found = re.match(r"Planted: ([^.]+)\.", claim.note)
    assert found, claim.id
    return found[1]


@pytest.fixture(scope="module")
def audit() -> Audit:
    return REPORT.verify()


def test_it_is_openly_made_up() -> None:
    assert "(made up)" in str(REPORT.about["organisation"])
    assert "made up" in REPORT.title
    assert "not a real report" in str(REPORT.about["note"])


def test_one_slip_of_each_kind_is_planted() -> None:
    assert sorted(planted(c) for c in REPORT) == sorted(name for name, _ in HYPOTHESES)


@pytest.mark.parametrize("claim", REPORT.claims, ids=planted)
def test_the_slip_is_noticed_and_named_first(claim: Claim, audit: Audit) -> None:
    assert audit[claim.id].verdict is Verdict.INCONSISTENT
    first = next(iter(audit.diagnose(claim.id)))
    assert first.hypothesis == planted(claim)
    assert first.exact


@pytest.mark.parametrize(
    ("claim", "true"),
    [
        ("p3-change", -7266.0),  # 54,217 - 61,483
        ("p4-lighting", 1834.45),  # 3,862 x 0.475
        ("p4-drives", 2910.325),  # 6,127 x 0.475
        ("p7-waste", 4938.3),  # 1,273.4 + 2,918.6 + 746.3
        ("p7-fuels", 53864.0),  # 18,367 + 25,914 + 9,583
        ("p8-scopes", 54217.0),  # 14,826 + 39,391
        ("p9-sites", 3014802.0),  # 4,718 x 639
        ("p10-methane", 4583.6),  # 163.7 x 28
        ("p11-wind", 3493.15),  # 7,354 x 0.475
    ],
)
def test_true_values_by_hand(claim: str, true: float, audit: Audit) -> None:
    assert float(audit[claim].deciding.nominal or 0) == true
