"""Every problem of a report file, and where it stands."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonkit.claims import bundled_reports, lint, load_report
from carbonkit.claims.places import places
from carbonkit.errors import ReportError

HEAD = 'format = "carbonkit-report/1"\n[report]\nid = "r"\ntitle = "R"\nyear = 2020\n'
SOUND = (
    f'{HEAD}[figures]\na = {{ text = "1 t", page = 1 }}\nb = {{ text = "1 t", page = 2 }}\n'
    '[[claims]]\nid = "k"\nstatement = "s"\nrelation = "a == b"\n'
)
# One file with a mistake of each kind; each stands behind its mark, on its own line.
MANY = f"""{HEAD}rounding = "bankers"      # choice: half-even
organization = "X"            # unknown-key: organisation
[figures]
a = {{ text = "17 kwh", unit = "kWh" }}  # unit: kWh
b = {{ text = "12 t", page = 1 }}
c = {{ text = "1,23 t" }}       # figure: 1.23
d = {{ text = 5, unit = "t" }}  # type: text in quotes
e = {{ text = "5 zork" }}       # unit: zork
lambda = {{ text = "5 t" }}     # name: cannot be a name
f = {{ unit = "t" }}            # missing: text
[facts]
g = {{ factor = {{ activity = "electrcity" }} }}  # factor: electricity
[derived]
h = "b + nothing"             # relation: nothing
i = "h + h"
[[claims]]                    # missing: statement
id = "k"
relation = "b == a"
[[claims]]
id = "l"
statement = "s"
relations = [
  "b == c",
  "b == bb",                  # relation: b?
  "b == d + i",
]
[[claims]]
id = "m"
statement = "s"
uncheckable = "nobody-knows"  # choice: no-relation
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "report.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_mistake_is_found_where_it_stands_and_nothing_else(tmp_path: Path) -> None:
    problems = lint(written(tmp_path, MANY))
    marked = [n for n, line in enumerate(MANY.splitlines(), start=1) if "  # " in line]
    marked = [n for n in marked if 'id = "l" ' not in MANY.splitlines()[n - 1]]
    assert [p.line for p in problems] == marked
    for problem in problems:
        code, _, words = MANY.splitlines()[problem.line - 1].rpartition("# ")[2].partition(": ")
        assert problem.code == code, problem
        assert words in problem.message, problem


def test_columns_point_at_the_key(tmp_path: Path) -> None:
    for problem in lint(written(tmp_path, MANY)):
        line = MANY.splitlines()[problem.line - 1]
        assert problem.column == 1 or line[problem.column - 2] in " {", problem


def test_suggestions_are_plain_words(tmp_path: Path) -> None:
    found = {p.where: p.suggestions for p in lint(written(tmp_path, MANY))}
    assert found["figures.a"] == ("kWh",)
    assert found["[report]"] == ("organisation",)


def test_what_uses_a_wrong_entry_is_not_reported_too(tmp_path: Path) -> None:
    text = SOUND.replace('"1 t", page = 2', '"one t", page = 2')
    (problem,) = lint(written(tmp_path, text))
    assert problem.where == "figures.b"


def test_the_error_of_a_file_names_the_first_problem_and_counts_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, MANY)
    with pytest.raises(ReportError) as caught:
        load_report(path)
    more = len(lint(path)) - 1
    assert f"({more} more; `carbonkit lint {path}` lists them all.)" in str(caught.value)
    assert "bankers" in str(caught.value)


def test_a_sound_file_has_no_problems(tmp_path: Path) -> None:
    assert lint(written(tmp_path, SOUND)) == ()


@pytest.mark.parametrize("name", bundled_reports())
def test_bundled_reports_have_no_errors(name: str) -> None:
    assert [str(p) for p in lint(name) if p.level == "error"] == []


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (('"a == b"', '"a == a + b - b"'), "relation", "claim 'k'"),
        (('"1 t", page = 1', '"1 t"'), "no-page", "figures.a"),
        (('"1 t", page = 1', '"1 t", page = 1, series = "s"'), "no-period", "figures.a"),
        (("[[claims]]", 'z = { text = "1 t", page = 3 }\n[[claims]]'), "unused", "figures.z"),
        (("[[claims]]", '[unknowns]\nz = { unit = "t", what = "w" }\n[[claims]]'), "unused",
         "unknowns.z"),
        (('relation = "a == b"', 'relation = "a == b * b"'), "relation", "claim 'k'"),
    ],
)  # fmt: skip
def test_what_a_careful_writer_would_look_at(
    change: tuple[str, str], code: str, where: str, tmp_path: Path
) -> None:
    (problem,) = lint(written(tmp_path, SOUND.replace(*change)))
    assert (problem.code, problem.where) == (code, where)
    assert problem.level == ("error" if code == "relation" else "warning")


def test_a_file_that_is_no_toml_has_the_line_of_the_parser(tmp_path: Path) -> None:
    (problem,) = lint(written(tmp_path, f"{HEAD}a = = 5\n"))
    assert (problem.code, problem.line, problem.column) == ("toml", 6, 5)


def test_one_row_of_years_may_be_used_in_some_years_only(tmp_path: Path) -> None:
    text = SOUND.replace("page = 1", 'page = 1, series = "s", period = "2020"').replace(
        "[[claims]]", 'y = { text = "1 t", page = 3, series = "s", period = "2019" }\n[[claims]]'
    )
    assert lint(written(tmp_path, text)) == ()


# --- places ---------------------------------------------------------------------------------------


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    inside = {}
    if isinstance(value, dict):
        inside = value
    elif isinstance(value, list):
        inside = dict(enumerate(value))
    for key, part in inside.items():
        yield from paths(part, (*path, key))


texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8)
keys = st.text("abcXYZ019_-", min_size=1, max_size=5) | texts
values = st.recursive(
    st.integers(-9, 9) | st.booleans() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


def toml(value: object, spaced: str) -> str:
    if isinstance(value, dict):
        pairs = [f"{json.dumps(k)}{spaced}={spaced}{toml(v, spaced)}" for k, v in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(toml(v, spaced) for v in value)},\n]" if value else "[]"
    return json.dumps(value)


@given(st.dictionaries(keys, values, max_size=4), st.sampled_from(["", " ", "\t"]))
def test_every_key_has_its_place(content: dict[str, object], spaced: str) -> None:
    plain = {key: value for key, value in content.items() if "\n" not in toml(value, spaced)}
    text = "".join(f"{json.dumps(key)}={toml(value, spaced)} # [x]\n" for key, value in
                   content.items())  # fmt: skip
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a list over several lines in an inline table
        return
    found = places(text)
    assert set(found) == set(paths(read))
    lines = text.split("\n")
    for path in paths(plain):
        line, column = found[path]
        if isinstance(path[-1], str):
            assert lines[line - 1][column - 1 :].startswith(json.dumps(path[-1]))


def test_tables_and_their_lists_have_places() -> None:
    text = (
        '[a.b]\nc.d = \'\'\'\n[x]\n"""\'\'\'\n[[e]]\n[e.f]\ng = """x\\"""""\n'
        "[[e]]\nh = [1, # ]\n  {i = 2021-01-01 10:00:00}]\n"
    )
    found = places(text)
    assert set(found) == set(paths(tomllib.loads(text)))
    assert found["a", "b", "c", "d"] == (2, 3)
    assert found["e", 0] == (5, 1)
    assert found["e", 0, "f", "g"] == (7, 1)
    assert found["e", 1, "h", 1, "i"] == (10, 4)


def test_figures_of_a_web_page_need_no_page_unless_others_have_one(tmp_path: Path) -> None:
    bare = SOUND.replace(", page = 1", "").replace(", page = 2", "")
    address = 'year = 2020\nurl = "https://example.org/report"\n'
    web = bare.replace("year = 2020\n", address)
    mixed = SOUND.replace(", page = 2", "").replace("year = 2020\n", address)
    for text, codes in ((bare, ["no-page"] * 2), (web, []), (mixed, ["no-page"])):
        assert [problem.code for problem in lint(written(tmp_path, text))] == codes
