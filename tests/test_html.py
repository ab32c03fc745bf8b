"""The audit page: complete, self-contained, safe against what a report file may hold."""

from __future__ import annotations

import re
import shutil
import subprocess
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonkit as ck
from carbonkit.claims import Finding, Verdict, parse_report
from carbonkit.html import audit_page
from carbonkit.html.picture import interval_picture
from carbonkit.intervals import Interval

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Page(HTMLParser):
    """Collects what the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.verdicts: dict[str, str] = {}
        self.loads: list[str] = []
        self.tags: set[str] = set()
        self.labelled = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if tag == "details":
            assert given["id"] not in self.verdicts
            self.verdicts[str(given["id"])] = str(given["data-verdict"])
        self.loads += [str(given[key]) for key in ("src", "href") if given.get(key)]
        if tag == "svg":
            assert given.get("role") == "img"
            assert given.get("aria-label")
            self.labelled += 1


@pytest.fixture(scope="module")
def audit() -> ck.Audit:
    return ck.load_report("huawei-2020").verify()


@pytest.fixture(scope="module")
def page(audit: ck.Audit) -> str:
    return audit_page(audit)


def test_every_claim_stands_once_with_its_own_verdict(audit: ck.Audit, page: str) -> None:
    assert Page(page).verdicts == {r.id: str(r.verdict) for r in audit}


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    found = Page(page)
    assert all(target.startswith("#") for target in found.loads)
    assert {target[1:] for target in found.loads} <= set(found.verdicts)
    assert not found.tags & {"link", "iframe", "img", "object", "embed"}
    assert not re.search(r"@import|url\(", page)


def test_what_the_screens_saw_is_told(audit: ck.Audit, page: str) -> None:
    assert page.count('class="observation"') == len(audit.observations()) > 0


def test_pictures_are_described_for_those_who_cannot_see_them(page: str) -> None:
    assert Page(page).labelled > 20


def test_text_of_a_report_is_never_markup() -> None:
    hostile = b"""
    format = "carbonkit-report/1"
    [report]
    id = "x"
    title = "<script>alert(1)</script>"
    year = 2020
    [figures]
    a = { text = "1", unit = "t" }
    b = { text = "1", unit = "t" }
    [[claims]]
    id = '"><img src=x onerror=alert(1)>'
    statement = "</details><script>alert(2)</script>"
    relation = "a == b"
    """
    report = parse_report(b"\n".join(line.strip() for line in hostile.splitlines()), "x.toml")
    text = audit_page(report.verify())
    assert "alert(1)</script>" not in text
    assert "alert(2)</script>" not in text
    assert "img" not in Page(text).tags


def test_a_what_if_is_named_on_the_page() -> None:
    report = ck.load_report("huawei-2020")
    assert "0.997 kg CO2/kWh" in audit_page(report.verify(factors={"iea": "0.997 kg CO2/kWh"}))


ends = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)


@given(st.tuples(ends, ends).map(sorted), st.tuples(ends, ends).map(sorted))
def test_bars_lie_as_the_intervals_do(one: list[Fraction], other: list[Fraction]) -> None:
    finding = Finding(
        None, Verdict.EXACT, "", "", unit="t", printed=Interval(*one), recomputed=Interval(*other)
    )
    drawn = interval_picture(finding)
    assert drawn is not None
    bars = (drawn.printed, drawn.recomputed)
    assert all(bar.left >= -3 and bar.left + bar.width <= drawn.width + 3 for bar in bars)
    if one[1] < other[0]:
        assert drawn.printed.left < drawn.recomputed.left
    if one[1] - one[0] > other[1] - other[0]:
        assert drawn.printed.width >= drawn.recomputed.width


def test_a_half_line_runs_out_of_the_picture() -> None:
    finding = Finding(
        None,
        Verdict.QUALIFIER,
        "",
        "",
        unit="t",
        printed=Interval(5, None),
        recomputed=Interval(6, 7),
    )
    drawn = interval_picture(finding)
    assert drawn is not None
    assert drawn.printed.runs_right
    assert not drawn.printed.runs_left


@pytest.mark.skipif(CHROMIUM is None, reason="needs the browser chromium")
@pytest.mark.parametrize("width", [390, 1200])
def test_a_browser_shows_it_without_sideways_scrolling(
    page: str, tmp_path: Path, width: int
) -> None:
    probe = (
        "<script>window.addEventListener('load', function () {"
        "document.title = [document.documentElement.scrollWidth, window.innerWidth,"
        "document.querySelectorAll('details:not([hidden])').length].join(' ');});</script>"
    )
    file = tmp_path / "audit.html"
    file.write_text(page.replace("</body>", f"{probe}</body>"), encoding="utf-8")
    command = [
        str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900", "--dump-dom",
        file.as_uri(),
    ]  # fmt: skip
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    title = re.search(r"<title>(\d+) (\d+) (\d+)</title>", shown.stdout)
    assert title is not None
    content, window, visible = map(int, title.groups())
    assert content <= window
    assert visible == len(Page(page).verdicts)
