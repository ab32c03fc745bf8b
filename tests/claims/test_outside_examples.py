"""Statements of real reports, with verdicts found by hand before this package existed.

Each was read from a public report, sheet or model card and computed by hand; organisations are
not named. Where the hand verdict and the engine's rules part, the difference is explained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from carbonkit.claims import Audit, Verdict

EXACT = "reproduced-exactly"
ROUNDING = "reproduced-within-rounding"
QUALIFIER = "consistent-with-qualifier"
ASSUMPTION = "consistent-under-assumption"
FALSE = "inconsistent"


def figures(unit: str, **texts: str) -> dict[str, dict[str, Any]]:
    return {name: {"text": text, "unit": unit} for name, text in texts.items()}


def count(text: str, unit: str = "1") -> dict[str, Any]:
    return {"text": text, "unit": unit, "nominal": True}


# what it is, figures, relation, expected verdict
PLAIN = [
    (
        "an electrical engineering group, kt in a Swiss report",
        figures("kt", t="395,090", a="138", b="394,952"),
        "t == a + b",
        EXACT,
    ),
    (
        "the same group: location-based electricity and district heat, 295 + 10 printed as 295",
        figures("kt", t="295", a="10", b="295"),
        "t == a + b",
        FALSE,
    ),
    (
        "an electronics maker: Scope 1 + 2 + 3",
        figures("t", t="166380", a="55200", b="2780", c="108400"),
        "t == a + b + c",
        EXACT,
    ),
    (
        "a Swedish property company: property table",
        figures("t", t="5,451", a="628", b="4,823"),
        "t == a + b",
        EXACT,
    ),
    (
        "a wind project: seven turbines",
        {"t": {"text": "14.70 MW"}, "n": count("7"), "p": {"text": "2.10 MW"}},
        "t == n * p",
        EXACT,
    ),
    (
        "an Asian telecoms operator: Scope 1 + 2",
        figures("Mt CO2e", t="15.77", a="0.20", b="15.57"),
        "t == scope_total(a, b)",
        EXACT,
    ),
    (
        "a games publisher: energy by use",
        figures("MWh", t="15,427", a="8,430", b="226", c="6,771"),
        "t == a + b + c",
        EXACT,
    ),
    (
        "an internet company: Scope 1 + 2 + 3, four digits each",
        figures("t", t="9671400", a="81900", b="835500", c="8754000"),
        "t == a + b + c",
        EXACT,
    ),
    (
        "the same: location-based less purchase agreements",
        figures("t", t="2492200", a="8045400", b="5553200"),
        "t == a - b",
        EXACT,
    ),
    (
        "the same: commuting is less than one per cent",
        {"t": {"text": "less than 1%", "unit": "%"}, **figures("t", a="113,000", b="14,314,800")},
        "t == share(a, b)",
        QUALIFIER,
    ),
    (
        "the same: a share of 75.53 % printed as 75 %, truncated",
        {"t": {"text": "75%", "unit": "%"}, **figures("t", a="10,812,000", b="14,314,800")},
        "t == share(a, b)",
        ROUNDING,
    ),
    (
        "a listed company in Hong Kong: 245.414 printed as 245.415",
        figures("t", t="245.415", a="70.744", b="174.67"),
        "t == a + b",
        ROUNDING,
    ),
    (
        "another: three scopes at one decimal",
        figures("t", t="251,755.7", a="197,285.5", b="53,161.4", c="1,308.8"),
        "t == a + b + c",
        EXACT,
    ),
    ("another", figures("t", t="18,888", a="512", b="18,376"), "t == a + b", EXACT),
    (
        "a Swedish farming group: renewable share",
        {"t": {"text": "81%", "unit": "%"}, **figures("GWh", a="1,687", b="2,081")},
        "t == share(a, b)",
        EXACT,
    ),
    (
        "a social network: market-based total in thousands of tonnes",
        figures("t", t="4330 thousand", a="44 thousand", b="208 thousand", c="4078 thousand"),
        "t == a + b + c",
        EXACT,
    ),
    (
        "training of a language model: 1,082,880 h of 400 W at a PUE of 1.1, printed 475 MWh",
        {
            "t": {"text": "475 MWh"},
            "h": {"text": "1,082,880", "unit": "h"},
            "p": count("400", "W"),
            "pue": count("1.1"),
        },
        "t == full_load_energy(p, h) * pue",
        FALSE,
    ),
    (
        "another: 12.9 t where 2,030 t come out",
        {
            "t": {"text": "12.9", "unit": "t CO2"},
            "h": {"text": "7.0 million", "unit": "h"},
            "p": count("700", "W"),
            "k": {"text": "0.414", "unit": "t CO2/MWh"},
        },
        "t == avoided_emissions(full_load_energy(p, h), k)",
        FALSE,
    ),
    (
        "a calculator that explains 1,713.6 t by a factor of 0.5",
        {
            "t": {"text": "1,713.6", "unit": "t CO2"},
            "m": {"text": "1287 MWh"},
            "k": {"text": "0.5", "unit": "t CO2/MWh"},
        },
        "t == avoided_emissions(m, k)",
        FALSE,
    ),
    (
        "a software company: three gases summed as if all were CO2e",
        figures("t", t="5,010,667", a="4,984,442", b="330", c="60"),
        "t == a + b + c",
        FALSE,
    ),
    (
        "the same, with the warming potentials of the Fourth Assessment Report",
        {
            **figures("t", t="5,010,667", a="4,984,442", b="330", c="60"),
            "g1": count("25"),
            "g2": count("298"),
        },
        "t == a + b * g1 + c * g2",
        ROUNDING,
    ),
    (
        "a student project: diesel, 48.24 t printed as 46.5 t",
        {
            "t": {"text": "46.5 t"},
            "v": count("18,000", "L"),
            "k": {"text": "2.68", "unit": "kg/L"},
        },
        "t == v * k",
        FALSE,
    ),
    (
        "a Swedish maker of heat pumps: Scope 1 + 2 against the base year",
        {"t": {"text": "-35%", "unit": "%"}, **figures("t", a="31,067", b="47,862")},
        "t == percent_change(a, b)",
        EXACT,
    ),
    (
        "the same: energy per revenue",
        {
            "t": {"text": "8.3", "unit": "MWh/million SEK"},
            "a": {"text": "336,524 MWh"},
            "b": {"text": "40,506", "unit": "million SEK"},
        },
        "t == a / b",
        EXACT,
    ),
    (
        "a chip maker: eight categories of Scope 3",
        figures(
            "t",
            t="3,637,478",
            a="3,216,144",
            b="200,483",
            c="61,590",
            d="72,562",
            e="617",
            f="17,132",
            g="23,019",
            h="45,931",
        ),
        "t == sum(a, b, c, d, e, f, g, h)",
        EXACT,
    ),
    (
        "the same: all scopes",
        figures("t", t="3,692,423", a="54,945", b="3,637,478"),
        "t == a + b",
        EXACT,
    ),
    ("a Swedish pulp mill", figures("GWh", t="328", a="118", b="211"), "t == a + b", ROUNDING),
    (
        "an airline, in thousands of tonnes",
        figures("kt", t="3,171", a="480", b="1,425", c="1,266"),
        "t == a + b + c",
        EXACT,
    ),
    (
        "a maker of bicycle carriers: energy per revenue by way of the emissions row",
        {
            "t": {"text": "3.61", "unit": "MWh/million SEK"},
            "e": {"text": "34,433 MWh"},
            "b": {"text": "205,914 t"},
            "k": {"text": "21.58", "unit": "t/million SEK"},
        },
        "t == e / (b / k)",
        EXACT,
    ),
    (
        "an oil company: 53 + 46 + 19 printed as 117",
        figures("Mt", t="117", a="53", b="46", c="19"),
        "t == a + b + c",
        ROUNDING,
    ),
    (
        "the same: 38 + 41 + 20 printed as 98",
        figures("Mt", t="98", a="38", b="41", c="20"),
        "t == a + b + c",
        ROUNDING,
    ),
    (
        "a calculator: 823.1 lb/MWh and 5.1 % of losses make 3.94e-4 t/kWh",
        {
            "t": {"text": "3.94e-4", "unit": "t CO2/kWh"},
            "a": {"text": "823.1", "unit": "lb CO2/MWh"},
            "x": {"text": "5.1%"},
        },
        "t == a / (1 - x)",
        ROUNDING,
    ),
    (
        "a gross margin: percentage points printed as per cent",
        figures("%", t="-1.0", a="37.6", b="38.6"),
        "t == a - b",
        EXACT,
    ),
]


@pytest.mark.parametrize(
    ("entries", "relation", "expected"),
    [(f, r, e) for _, f, r, e in PLAIN],
    ids=[what for what, *_ in PLAIN],
)
def test_a_statement_gets_the_verdict_found_by_hand(
    check: Callable[..., Audit],
    entries: Mapping[str, Mapping[str, Any]],
    relation: str,
    expected: str,
) -> None:
    result = check(entries, [relation])["k1"]
    assert str(result.verdict) == expected, result.explain()


def test_a_decimal_comma(check: Callable[..., Audit]) -> None:
    """A Nordic utility: 88,7 to 66,6 g/kWh is -24,9 %."""
    entries = {
        "t": {"text": "-24,9 %", "unit": "%"},
        **figures("g CO2/kWh", a="66,6", b="88,7"),
    }
    audit = check(entries, ["t == percent_change(a, b)"], decimal=",", thousands=" ")
    assert audit["k1"].verdict is Verdict.EXACT


@pytest.mark.parametrize(
    ("entries", "relation", "assumption"),
    [
        pytest.param(
            {
                "t": {"text": "32,027", "unit": "t CO2"},
                **figures("MMBtu", g="805,271", b="202,306"),
            },
            "t == combustion(g - b, k)",
            {"text": "53.115", "unit": "kg CO2/MMBtu"},
            id="natural gas less biogas by a factor that is not printed",
        ),
        pytest.param(
            {"t": {"text": "36.2", "unit": "kt CO2"}, "m": {"text": "11,455 t"}},
            "t == combustion(m, k)",
            {"text": "3.16", "unit": "t CO2/t"},
            id="jet fuel of an airline by a factor that is not printed",
        ),
    ],
)
def test_a_factor_that_is_not_printed_is_an_assumption(
    check: Callable[..., Audit],
    entries: Mapping[str, Mapping[str, Any]],
    relation: str,
    assumption: Mapping[str, str],
) -> None:
    told = {"k": {**assumption, "reason": "a usual factor", "source": "s"}}
    assert check(entries, [relation], assumptions=told)["k1"].verdict is Verdict.ASSUMPTION
    wrong = {"k": {**told["k"], "text": f"1{assumption['text']}"}}
    assert check(entries, [relation], assumptions=wrong)["k1"].verdict is Verdict.NOT_CHECKABLE


@pytest.mark.parametrize(
    ("entries", "relation", "unit", "low", "high"),
    [
        pytest.param(
            {"t": {"text": "1,800", "unit": "t CO2"}, "e": {"text": "2.1 million kWh"}},
            "t == avoided_emissions(e, k)",
            "kg CO2/kWh",
            1799.5 / 2.15e3,
            1800.5 / 2.05e3,
            id="2.1 million kWh and 1,800 t in a case study",
        ),
        pytest.param(
            {"t": {"text": "57万吨", "unit": "t CO2"}, "e": {"text": "12.5亿度", "unit": "kWh"}},
            "t == avoided_emissions(e, k)",
            "kg CO2/kWh",
            565 / 1255,
            575 / 1245,
            id="a press release in Chinese: 12.5亿度 and 57万吨",
        ),
        pytest.param(
            {"t": {"text": "350 t"}, "n": count("10 million", "phone")},
            "t == per_unit_saving(k, n)",
            "g/phone",
            34.95,
            35.05,
            id="350 t of paper for 10 million phones",
        ),
    ],
)
def test_a_factor_that_is_missing_is_implied(
    check: Callable[..., Audit],
    entries: Mapping[str, Mapping[str, Any]],
    relation: str,
    unit: str,
    low: float,
    high: float,
) -> None:
    # The expected ends are (printed - 1/2 step) / (printed + 1/2 step) and the other way about.
    result = check(entries, [relation], unknowns={"k": {"unit": unit, "what": "factor"}})["k1"]
    assert result.verdict is Verdict.NOT_CHECKABLE
    (implied,) = result.deciding.implied
    assert implied.interval.floats() == pytest.approx((low, high), rel=1e-12)


def test_a_coarser_figure_than_printed_is_within_rounding(check: Callable[..., Audit]) -> None:
    """10,233 stations at 46.5 t make 475,835 t, printed 480,000 t.

    The hand verdict is exact, as it reads 480,000 at two digits. By the rule of the finest
    reading the zeros are digits first, so this is within rounding, and the note says how.
    """
    entries = {
        "t": {"text": "480,000 t"},
        "n": count("10,233", "site"),
        "k": {"text": "46.5", "unit": "t/site"},
    }
    result = check(entries, ["t == per_unit_saving(k, n)"])["k1"]
    assert result.verdict is Verdict.ROUNDING
    assert "last 4 zeros of '480,000 t'" in result.deciding.why


def test_four_rounded_pairs_close_in_on_one_warming_potential(check: Callable[..., Audit]) -> None:
    """An oil company prints methane in Mt and in Mt CO2e: 29.8 and 30 fit, 25 and 28 do not."""
    pairs = (("0.30", "9"), ("0.22", "7"), ("0.14", "4"), ("0.10", "3"))
    entries: dict[str, dict[str, Any]] = {}
    for year, (methane, co2e) in enumerate(pairs):
        entries |= figures("Mt", **{f"m{year}": methane, f"e{year}": co2e})
    relations = [f"e{year} == m{year} * gwp" for year in range(len(pairs))]
    for potential, fits in (("29.8", True), ("30", True), ("25", False), ("28", False)):
        fact = {"gwp": {**count(potential), "source": "IPCC"}}
        audit = check(entries, relations, facts=fact)
        assert all(r.verdict.passes for r in audit) == fits, potential
