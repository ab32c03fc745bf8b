"""What the documents show is what really happens."""

import contextlib
import doctest
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

import carbonkit as ck
from carbonkit.claims import load_report, parse_report
from carbonkit.claims.keys import SECTIONS
from carbonkit.claims.relation import FORMULAS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "emission_factors/README.md", *ROOT.glob("docs/*.md")]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def command(name: str) -> str:
    return re.search(rf"^<!-- {name} -->\n```\w+\n(.*?)^```$", README, re.M | re.S)[1].strip()


def test_python_of_readme_prints_what_it_says():
    (code,), (printed, *_) = blocks(README, "python"), blocks(README.split("```python")[1], "text")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102
    assert out.getvalue() == printed


def test_audit_of_readme_is_copied_from_a_run():
    argv = [sys.executable, "-c", "from carbonkit.cli import main; main()"]
    argv += command("install").split("carbonkit ")[1].split()
    out = subprocess.run(argv, capture_output=True, encoding="utf-8", check=True).stdout
    real = [line.split() for line in out.splitlines()]
    shown = [line for line in command("prints").splitlines() if line != "..."]
    assert len(shown) > 10
    assert [line for line in shown if line.split() not in real] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_examples_run(path):
    names = {}
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for code in blocks(path.read_text(encoding="utf-8"), "pycon"):
        test = doctest.DocTestParser().get_doctest(code, names, path.name, str(path), 0)
        out = io.StringIO()
        failed = runner.run(test, out=out.write, clear_globs=False).failed
        assert not failed, out.getvalue()
        names.update(test.globs)


@pytest.mark.parametrize("name", ["README.md", "docs/report-format.md"])
def test_example_report_holds(name):
    (example,) = (
        b for b in blocks((ROOT / name).read_text("utf-8"), "toml") if "carbonkit-report/1" in b
    )
    audit = parse_report(example.encode(), name).verify()
    assert audit["p5-avoided"].verdict is ck.Verdict.EXACT
    assert not audit.only(verdict="inconsistent")


def test_every_key_of_a_report_file_is_documented():
    keys = {key for section in SECTIONS.values() for key in section} | {*SECTIONS, "format"}
    assert len(keys) > 30
    text = (ROOT / "docs/report-format.md").read_text(encoding="utf-8")
    tables = set(re.findall(r"\[+(\w+)[].]", text))
    assert sorted(k for k in keys - tables if f"`{k}`" not in text) == []


def test_every_formula_of_a_relation_is_documented():
    text = (ROOT / "docs/report-format.md").read_text(encoding="utf-8")
    written = [
        f"`{name}({', '.join(formula.units)})`"
        for name, formula in FORMULAS.items()
        if isinstance(formula, ck.Formula)
    ]
    assert len(written) > 15
    assert [call for call in written if call not in text] == []


def test_every_key_of_the_json_is_documented():
    def keys(data):
        if isinstance(data, dict):
            for key, value in data.items():
                yield key
                yield from keys(value)
        elif isinstance(data, list):
            for value in data:
                yield from keys(value)

    audit = load_report("huawei-2020").verify()
    found = set(keys(audit.to_dict(diagnoses=True, observations=True)))
    text = (ROOT / "docs/json.md").read_text(encoding="utf-8")
    assert sorted(k for k in found if f"`{k}`" not in text) == []


def test_continuous_integration_runs_the_commands_of_readme():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert re.findall(r"^run (\w+)$", script, re.M) == ["install", "tests"]
    for part in ("ruff check .", "ruff format --check .", "mypy", "pytest"):
        assert part in command("tests")
    for name in ("install", "tests"):
        assert "\n" not in command(name), "one command each"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (path.parent / target).exists(), target
