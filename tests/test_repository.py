"""House rules for every file of the repository."""

import json
import os
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

import carbonkit

ROOT = Path(__file__).parents[1]
PICTURES = {".png", ".jpg"}

PLACES_ON_A_MACHINE = re.compile(
    r"(?<![\w.:/])/(?:work|root|tmp|home|Users|mnt|opt|var|private)/\w|\b[A-Z]:\\+Users|site-packages/"
)
REGISTRIES = re.compile(r"pypi\.org/simple|index-url|find-links|localhost:\d|127\.0\.0\.1")
HOW_IT_WAS_MADE = re.compile(
    r"\bAI\b|\bLLMs?\b|\bagents?\b|(?<!scope=\")\bsessions?\b", re.IGNORECASE
)


def files() -> list[Path]:
    """Return the files of the checkout, without what .gitignore names."""
    patterns = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
    patterns.append(".git")

    def kept(names: list[str]) -> list[str]:
        return [n for n in names if not any(fnmatch(n, p) for p in patterns)]

    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = kept(folders)
        found += [Path(folder, name) for name in kept(names)]
    return sorted(found)


TEXTS = [f for f in files() if f.suffix not in PICTURES and f != Path(__file__)]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in TEXTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_the_walk_finds_the_repository():
    names = {f.relative_to(ROOT).as_posix() for f in TEXTS}
    assert {"README.md", "LICENSE", ".ci/run", "carbonkit/py.typed", "pyproject.toml"} <= names
    assert not any("__pycache__" in n or n.startswith((".git/", ".venv/")) for n in names)


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_text_is_plain_utf8(path):
    data = path.read_bytes()
    text = data.decode("utf-8")
    assert not data.startswith(b"\xef\xbb\xbf"), "begins with a byte order mark"
    assert "\r" not in text, "has carriage returns"
    assert not text or text.endswith("\n"), "does not end with a newline"


@pytest.mark.parametrize("pattern", [PLACES_ON_A_MACHINE, REGISTRIES, HOW_IT_WAS_MADE])
def test_nothing_of_the_workshop_stays_behind(pattern):
    assert lines_with(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "caught", "passed"),
    [
        (PLACES_ON_A_MACHINE, 'File "/home/me/x.py"', "https://example.org/home/me"),
        (PLACES_ON_A_MACHINE, r"C:\Users\me", "kWh/work/day"),
        (REGISTRIES, "--index-url https://x", "a url in an index"),
        (HOW_IT_WAS_MADE, "written in a session", '@pytest.fixture(scope="session")'),
    ],
)
def test_the_patterns_catch_what_they_should(pattern, caught, passed):
    assert pattern.search(caught)
    assert not pattern.search(passed)


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("notebooks/*.ipynb")), ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_notebook_has_no_errors_in_it(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [o for cell in cells for o in cell.get("outputs", [])]
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []


def test_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text


def test_versions_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changes, re.MULTILINE)[1]
    assert carbonkit.__version__ == project["version"] == newest


def test_continuous_integration_is_executable():
    assert os.access(ROOT / ".ci/run", os.X_OK)
