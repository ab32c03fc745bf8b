"""Two years of reports: what is said to be restated, and what is only printed otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonkit.claims import Changes, compare, load_report, parse_report
from carbonkit.claims.compare import KINDS
from carbonkit.errors import ReportError

Entry = Mapping[str, Any] | str


@pytest.fixture(scope="session")
def pair(write: Callable[..., str]) -> Callable[..., Changes]:
    """Compare two small reports, of 2019 and 2020."""

    def run(
        old: Mapping[str, Entry],
        new: Mapping[str, Entry],
        relations: tuple[list[str], list[str]] = ([], []),
        facts: tuple[Any, Any] = (None, None),
    ) -> Changes:
        reports = [
            parse_report(
                write(figures, made, year=year, id=f"r{year}", facts=cited).encode(),
                f"{year}.toml",
            )
            for figures, made, year, cited in (
                (old, relations[0], 2019, facts[0]),
                (new, relations[1], 2020, facts[1]),
            )
        ]
        return compare(*reports)

    return run


def scope1(text: str, period: str, unit: str = "t CO2e/year", **more: Any) -> dict[str, Any]:
    return {"text": text, "unit": unit, "series": "Scope 1", "period": period, **more}


Pair = Callable[..., Changes]


# --- restated or only rounded ---------------------------------------------------------------------


def printed(value: Fraction, digits: int, rule: str) -> str:
    """A true value as a report would print it, worked out here and not by the library."""
    steps = value / Fraction(10) ** -digits
    whole = math.floor(steps + Fraction(1, 2)) if rule == "nearest" else math.floor(steps)
    if digits <= 0:
        return str(whole * 10**-digits)
    return f"{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


ways = st.tuples(st.integers(-2, 3), st.sampled_from(["nearest", "truncated"]), st.booleans())


@given(st.fractions(1000, 99_999, max_denominator=999), ways, ways)
def test_one_true_value_is_never_said_to_be_restated(
    pair: Pair, value: Fraction, first: tuple[int, str, bool], then: tuple[int, str, bool]
) -> None:
    figures = []
    for digits, rule, kilo in (first, then):
        text = printed(value / 1000, digits + 3, rule) if kilo else printed(value, digits, rule)
        figures.append({"a": scope1(text, "2019", f"{'k' if kilo else ''}t CO2e/year")})
    changes = pair(*figures)
    assert changes.compared == 1
    assert changes.only("restated") == ()


@given(st.integers(1000, 99_999), st.integers(0, 3), st.sampled_from([-1, 1]), st.integers(2, 99))
def test_a_figure_moved_beyond_its_last_digit_is_always_seen(
    pair: Pair, value: int, digits: int, sign: int, by: int
) -> None:
    unit = Fraction(1, 10**digits)
    old = value + 7 * unit / 10  # so that no zero at the end is there for size
    texts = [printed(x, digits + 1, "nearest") for x in (old, old + sign * by * unit)]
    changes = pair(*({"a": scope1(text, "2019")} for text in texts))
    (change,) = changes.only("restated")
    assert (change.change > 0) is (sign > 0)


def test_restated_by_hand(pair: Pair) -> None:
    # (1,250 - 1,204) / 1,204 = 46 / 1,204 = 3.82 %
    changes = pair(
        {"a_2019": scope1("1,204", "2019", page=9)}, {"a": scope1("1,250", "2019", page=10)}
    )
    (change,) = changes
    assert (change.kind, change.what, change.period) == ("restated", "Scope 1", "2019")
    assert (change.old_page, change.new_page) == ("9", "10")
    assert change.change == Fraction(46, 1204)
    assert "3.8 % more" in change.told
    assert (changes.compared, changes.same) == (1, 0)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (("1,204", "t CO2e/year"), ("1.204", "kt CO2e/year"), None),
        (("1,204", "t CO2e/year"), ("1.2", "kt CO2e/year"), "reprinted"),
        (("1,204", "t CO2e/year"), ("1,200", "t CO2e/year"), "reprinted"),
        (("12.39", "t CO2e/year"), ("12.3", "t CO2e/year"), "reprinted"),  # may be truncated
        (("1,204", "t CO2e/year"), ("1,205", "t CO2e/year"), "reprinted"),  # meet at 1,204.5
        (("1,204", "t CO2e/year"), ("1,206", "t CO2e/year"), "restated"),
        (("1,204", "t CO2e/year"), ("1,204", "t CO2/year"), "unit"),
        (("1,204", "t CO2e/year"), ("about 1,200", "t CO2e/year"), "reprinted"),
    ],
)
def test_what_counts_as_another_figure(
    pair: Pair, old: tuple[str, str], new: tuple[str, str], kind: str | None
) -> None:
    figures = [{"a": scope1(text, "2019", unit)} for text, unit in (old, new)]
    assert [change.kind for change in pair(*figures)] == ([kind] if kind else [])


def test_a_named_rule_of_rounding_narrows_what_a_figure_can_be(pair: Pair) -> None:
    figures = [{"a": scope1(t, "2019", rounding="half-up")} for t in ("12.39", "12.3")]
    assert [change.kind for change in pair(*figures)] == ["restated"]


# --- what is the same figure ----------------------------------------------------------------------


def test_without_a_series_the_name_counts_and_the_year_at_its_end_is_the_period(
    pair: Pair,
) -> None:
    changes = pair(
        {"gas_2018": "90 t", "gas_2019": "100 t"}, {"gas_2019": "112 t", "gas_2020": "50 t"}
    )
    assert [(c.kind, c.what, c.period) for c in changes] == [
        ("restated", "gas", "2019"),
        ("moved", "gas", "2019 to 2020"),
    ]
    moved = changes.only("moved")[0]
    assert "50 % less; against 112 t, as 2019 is printed now, 55 % less" in moved.told


def test_a_figure_without_a_period_is_of_the_year_of_its_report(pair: Pair) -> None:
    (change,) = pair({"gas": "100 t"}, {"gas": "150 t"})
    assert (change.kind, change.change) == ("moved", Fraction(1, 2))


def test_a_small_movement_is_not_called_one(pair: Pair) -> None:
    (change,) = pair({"gas": "100.4 t"}, {"gas": "100 t"})
    assert change.kind == "steady"


def test_percentages_move_by_points(pair: Pair) -> None:
    (change,) = pair({"cut": {"text": "12%"}}, {"cut": {"text": "15%"}})
    assert "3 points higher" in change.told


def test_another_boundary_is_not_a_restatement(pair: Pair) -> None:
    changes = pair(
        {"a": scope1("100", "2019", boundary="group")},
        {"a": scope1("70", "2019", boundary="China")},
    )
    (change,) = changes
    assert (change.kind, change.old, change.new) == ("boundary", "group", "China")


def test_dropped_and_added(pair: Pair) -> None:
    changes = pair({"gas": "1 t", "steam": "2 t"}, {"gas": "1 t", "coal": "3 t"})
    assert [(c.kind, c.what) for c in changes] == [
        ("steady", "gas"),
        ("dropped", "steam"),
        ("added", "coal"),
    ]


# --- methods --------------------------------------------------------------------------------------


def test_another_factor_is_another_method(pair: Pair) -> None:
    old, new = ({"f": {"text": f"{x} kg CO2/kWh", "source": "s"}} for x in (0.5, 0.6))
    changes = pair({"a": "1 t"}, {"a": "1 t"}, facts=(old, new))
    assert [(c.kind, c.what, c.old, c.new) for c in changes.only("method")] == [
        ("method", "f", "0.5 kg CO2/kWh", "0.6 kg CO2/kWh")
    ]


@pytest.mark.parametrize(
    ("then", "changed"),
    [
        ("total_2020 == gas_2020 + coal_2020", False),
        ("total_2020 == sum(gas_2020, coal_2020)", False),
        ("total_2020 == gas_2020 + coal_2020 - steam", True),
        ("total_2020 == gas_2020", True),
    ],
)
def test_other_arithmetic_is_another_method(pair: Pair, then: str, changed: bool) -> None:
    old, new = (
        {f"{n}_{year}": "1 t" for n in ("total", "gas", "coal")} | {"steam": "1 t"}
        for year in (2019, 2020)
    )
    changes = pair(old, new, (["total_2019 == gas_2019 + coal_2019"], [then]))
    assert bool(changes.only("method")) is changed


@pytest.mark.parametrize(
    ("base", "changed"), [(2019, False), (2018, False), (2017, True), (2016, True)]
)
def test_another_base_year_is_another_method(pair: Pair, base: int, changed: bool) -> None:
    figures = {f"gas_{year}": "5 t" for year in range(2016, 2021)} | {"fall": "0%"}
    changes = pair(
        figures,
        figures,
        (
            ["fall == percent_change(gas_2019, gas_2018)"],
            [f"fall == percent_change(gas_2020, gas_{base})"],
        ),
    )
    assert bool(changes.only("method")) is changed


# --- changes over time ----------------------------------------------------------------------------

FALL = "fall == percent_change(gas_2020, gas_2019)"


@pytest.mark.parametrize(
    ("fall", "told"),
    [
        # 88 / 100 - 1 = -12 %; 88 / 80 - 1 = +10 %
        ("-12%", "the restated base, 100 t, not against the one first printed, 80 t."),
        ("10%", "the one first printed, 80 t, not against the restated base, 100 t."),
        ("3%", None),
    ],
)
def test_a_change_over_a_restated_base(pair: Pair, fall: str, told: str | None) -> None:
    changes = pair(
        {"gas_2019": "80 t"},
        {"gas_2019": "100 t", "gas_2020": "88 t", "fall": {"text": fall}},
        ([], [FALL]),
    )
    assert [c.told for c in changes.only("base")] == (
        [f"{fall} holds against {told}"] if told else []
    )


def test_a_change_whose_base_was_not_restated_is_not_named(pair: Pair) -> None:
    changes = pair(
        {"gas_2019": "100.4 t"},
        {"gas_2019": "100 t", "gas_2020": "88 t", "fall": {"text": "-12%"}},
        ([], [FALL]),
    )
    assert changes.only("base") == ()


def test_a_total_of_one_year_is_no_change_over_time(pair: Pair) -> None:
    changes = pair(
        {"gas_2019": "80 t"},
        {"gas_2019": "100 t", "coal_2019": "1 t", "all_2019": "101 t"},
        ([], ["all_2019 == gas_2019 + coal_2019"]),
    )
    assert changes.only("base") == ()


def test_a_change_that_mixes_boundaries(pair: Pair) -> None:
    new = {
        "gas_2019": {"text": "100 t", "boundary": "China"},
        "gas_2020": {"text": "88 t", "boundary": "group"},
        "fall": {"text": "-12%"},
    }
    (change,) = pair({"gas_2019": "100 t"}, new, ([], [FALL])).only("base")
    assert change.told == "compares 2020 for group with 2019 for China."


# --- the whole ------------------------------------------------------------------------------------


def test_a_report_does_not_differ_from_itself() -> None:
    report = load_report("huawei-2020")
    changes = compare(report, report)
    # It compares years of different boundaries, whatever other report stands beside it.
    assert {change.kind for change in changes} <= {"base"}
    assert changes.compared == changes.same > 200


def test_the_earlier_report_comes_first(write: Callable[..., str]) -> None:
    old, new = (parse_report(write({}, [], year=y).encode(), "r") for y in (2019, 2020))
    with pytest.raises(ReportError, match="give the earlier report first"):
        compare(new, old)


def test_no_word_accuses(pair: Pair) -> None:
    changes = pair(
        {"gas_2019": "80 t", "a": scope1("1", "2019", boundary="x")},
        {
            "gas_2019": "100 t",
            "gas_2020": "88 t",
            "fall": {"text": "-12%"},
            "a": scope1("2", "2019"),
        },
        ([], [FALL]),
    )
    told = f"{changes} {' '.join(KINDS.values())}".casefold()
    for word in ("wrong", "false", "error", "mistake", "hid", "mislead", "inflat", "cheat"):
        assert word not in told


def test_as_data(pair: Pair) -> None:
    changes = pair({"gas_2019": "80 t"}, {"gas_2019": "100 t"})
    data = changes.to_dict()
    assert (data["format"], data["compared"], data["same"]) == ("carbonkit-diff/1", 1, 0)
    assert data["changes"][0]["change"] == 0.25
    assert data["counts"]["restated"] == 1
    assert set(data["counts"]) == set(KINDS)
