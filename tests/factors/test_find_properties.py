"""What must hold of every look-up, whatever the releases hold."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from making import head, opened, table, write

from carbonkit import factors
from carbonkit.errors import AmbiguousFactor, FactorError, FactorNotFound
from carbonkit.factors.asked import Asked
from carbonkit.factors.query import year_text
from carbonkit.factors.unanswered import Unanswered

REGIONS = ("CN", "CN-Southern", "CN-GD", "World", "FR")
YEARS = range(2015, 2021)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "region": st.sampled_from(REGIONS),
            "data_year": st.sampled_from(["", *map(str, YEARS)]),
            "kind": st.sampled_from(["average", "residual", "operating-margin"]),
            "value": st.integers(1, 999).map(lambda n: f"0.{n:03d}"),
            "item": st.sampled_from(["", "one", "two"]),
        }
    ),
    max_size=25,
)
releases = st.lists(st.tuples(st.integers(2015, 2024), rows.filter(bool)), min_size=1, max_size=3)
questions = st.fixed_dictionaries(
    {
        "region": st.sampled_from([None, *REGIONS, "China", "广东"]),
        "year": st.sampled_from([None, *YEARS, 2030]),
        "kind": st.sampled_from([None, "average", "residual"]),
        "item": st.sampled_from([None, "", "one"]),
    }
)
rules = st.sampled_from(
    [
        "exact",
        "undated",
        "latest_before",
        "nearest",
        "parent_region",
        "parent_region+latest_before",
        ("exact", "latest_before"),
        ("exact", "parent_region", "undated"),
    ]
)
FEW = settings(max_examples=60, deadline=None)


def make(folder: str, content, reverse: bool = False):
    for i, (published, given_rows) in enumerate(content):
        text = table(given_rows)
        if reverse:
            first, *rest = text.splitlines()
            text = "\n".join([first, *reversed(rest)]) + "\n"
        # The order of the files changes with their names.
        name = f"r{-i if reverse else i}".replace("-", "z")
        write(Path(folder) / "own", name, head(published=str(published)), text)
    return opened(Path(folder))


def outcome(library, question, rule):
    asked = {k: v for k, v in question.items() if v is not None}
    try:
        factor = library.find("electricity", rule=rule, **asked)
    except FactorError as error:
        return type(error)
    return factor


def said(look_up):
    """A factor with its match, or the error in its words."""
    try:
        return look_up()
    except FactorError as error:
        return type(error), str(error)


def told(result):
    """An outcome without the names of files."""
    if isinstance(result, type):
        return result
    return result.id, result.text, result.region, result.data_year, result.kind, result.match.rule


@FEW
@given(releases, questions, rules)
def test_the_order_of_files_and_rows_does_not_matter(content, question, rule):
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        forward, backward = make(a, content), make(b, content, reverse=True)
        assert told(outcome(forward, question, rule)) == told(outcome(backward, question, rule))


@FEW
@given(releases, questions)
def test_exact_gives_what_was_asked_and_nothing_else(content, question):
    with tempfile.TemporaryDirectory() as folder:
        library = make(folder, content)
        found = outcome(library, question, "exact")
        code = {"China": "CN", "广东": "CN-GD"}.get(question["region"], question["region"])

        def fits(f):
            return (
                code in (None, f.region)
                and question["year"] in (None, f.data_year)
                and question["kind"] in (None, f.kind)
                and question["item"] in (None, f.item)
            )

        fitting = [f for f in library if fits(f)]
        if not fitting:
            assert issubclass(found, FactorNotFound)
        elif len(fitting) > 1:
            assert found is AmbiguousFactor
        else:
            assert found.key == fitting[0].key
            assert found.match.exact


@FEW
@given(releases, questions, rules)
def test_loose_rules_keep_their_promise(content, question, rule):
    with tempfile.TemporaryDirectory() as folder:
        found = outcome(make(folder, content), question, rule)
        if isinstance(found, type):
            return
        year, got = question["year"], found.data_year
        if "latest_before" in found.match.rule and year is not None:
            assert got is not None
            assert got <= year
        if found.match.rule == "undated":
            assert got is None
        if found.match.rule in ("exact", "parent_region") and year is not None:
            assert got == year
        if "parent_region" not in found.match.rule and question["region"] in REGIONS:
            assert found.region == question["region"]
        # Whatever is not what was asked stands in the record of the match.
        if year is not None and got != year:
            assert ("year", str(got or "")) in found.match.got


@FEW
@given(st.sets(st.integers(2000, 2030), min_size=1), st.integers(1995, 2035))
def test_latest_before_and_nearest_choose_the_year_they_name(years, asked):
    with tempfile.TemporaryDirectory() as folder:
        library = make(folder, [(2020, [{"data_year": str(y)} for y in sorted(years)])])

        def year(rule):
            found = outcome(library, {"year": asked}, rule)
            return None if isinstance(found, type) else found.data_year

        assert year("latest_before") == max((y for y in years if y <= asked), default=None)
        # Of two that are equally near, the earlier.
        assert year("nearest") == min(sorted(years), key=lambda y: abs(y - asked))
        assert year("exact") == (asked if asked in years else None)


@FEW
@given(releases, st.integers(2014, 2025), st.integers(2014, 2025), questions)
def test_as_of_never_knows_the_future_and_only_grows(content, one, other, question):
    early, late = sorted((one, other))
    with tempfile.TemporaryDirectory() as folder:
        library = make(folder, content)
        past, later = library.as_of(early), library.as_of(late)
        assert {f.key for f in past} <= {f.key for f in later} <= {f.key for f in library}
        assert all(int(f.source.published) <= early for f in past)
        found = outcome(past, question, "exact")
        if not isinstance(found, type):
            assert int(found.source.published) <= early
        # Winding back twice is winding back to the earlier day.
        assert {f.key for f in later.as_of(early)} == {f.key for f in past.as_of(late)}


@FEW
@given(releases, releases, questions, rules)
def test_adding_a_library_leaves_the_old_one_as_it_was(content, more, question, rule):
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as added:
        library = make(folder, content)
        before = outcome(library, question, rule)
        for i, (published, given_rows) in enumerate(more):
            # An item of its own keeps rows apart, as the format demands.
            apart = [{**r, "item": f"own {n}"} for n, r in enumerate(given_rows)]
            write(Path(added) / "more", f"m{i}", head(published=str(published)), table(apart))
        bigger = library.add(added)
        assert outcome(library, question, rule) == before
        assert len(list(bigger)) == len(list(library)) + sum(len(r) for _, r in more)


@FEW
@given(releases, st.lists(questions, max_size=12), rules)
def test_a_table_is_answered_as_its_rows_would_be(content, asked, rule):
    with tempfile.TemporaryDirectory() as folder:
        library = make(folder, content)
        frame = pd.DataFrame(asked, columns=["region", "year", "kind", "item"], dtype=object)
        frame.index = [f"row {i}" for i in range(len(frame))]
        answer = library.find_frame(frame, activity="electricity", rule=rule, errors="record")
        assert list(answer.index) == list(frame.index)
        fresh = make(folder, [])  # another object over the same files: no shared memory
        for question, (_, row) in zip(asked, answer.iterrows(), strict=True):
            scalar = said(lambda q=question: fresh.find("electricity", rule=rule, **q))
            if isinstance(scalar, tuple):
                assert pd.isna(row["value"])
                assert row["problem"]
                assert scalar[1].startswith(row["problem"])
            else:
                assert (row["release"], row["id"]) == (scalar.release, scalar.id)
                assert row["value"] == float(scalar.value)
                assert row["match"] == str(scalar.match)
                assert not row["problem"]


@FEW
@given(releases, questions, st.lists(st.sampled_from([None, *YEARS, 18, 2030])), rules)
def test_a_question_kept_for_many_years_is_the_question_of_each(content, question, years, rule):
    with tempfile.TemporaryDirectory() as folder:
        library = make(folder, content)
        kept = said(lambda: Asked(library, library.question("electricity", rule=rule, **question)))
        for year in years:

            def one_of_many(year=year):
                found = kept.at(year_text(year))
                if isinstance(found, Unanswered):
                    found.fail()
                factor = found.factor()
                assert str(found) == str(factor.match)
                return factor

            asked = question | {"year": year}
            one = said(lambda q=asked: library.find("electricity", rule=rule, **q))
            assert (kept if isinstance(kept, tuple) else said(one_of_many)) == one


@FEW
@given(releases, st.lists(questions, min_size=12, max_size=20), rules)
def test_many_questions_are_answered_as_the_first_was(content, asked, rule):
    """The quick look through the text and the index of everything agree."""
    with tempfile.TemporaryDirectory() as folder:
        library = make(folder, content)
        for question in asked:
            assert outcome(library, question, rule) == outcome(make(folder, []), question, rule)


def test_the_bundled_library_is_covered_by_the_same_property():
    """Every row is found again by its release and id, and by nothing that it is not."""
    library = factors.library()
    for factor in list(library)[::97]:
        again = library.find(factor.activity, release=factor.release, id=factor.id)
        assert again.text == factor.text
