"""A slip planted into a true claim is named; luck is called luck.

Each planter makes a true statement from random numbers, prints it rounded, and then makes one
slip. The share of slips that are among the diagnoses, and that come first, is measured by

    pytest -q -s tests/claims/test_diagnose.py -k planted

Of 30 slips of each kind (seed 0), leaving aside those too small to be noticed:

    kind                          noticed  diagnosed  first  lucky
    dropped sign                       30        30      30      0
    power of ten                       30        30      30      0
    carbon for CO2                     30        30      30      0
    short or long tons                 30        30      30      0
    base of a percentage               30        30      30      0
    percent for points                 30        30      30      0
    truncation                         30        30      30     30
    term left out                      30        30      30      0
    term counted twice                 30        30      30      0
    transposed digits                  30        29      29      3
    days or hours of a year            30        29      28      8
    one for all                        30        30      30      0
    net or gross calorific value       30        30      30      0
    GWP set                            30        30      30      1
    another published factor           30        30      30      0
    another figure of the report       30        30      30      0

Truncation is called lucky throughout: what is off by less than one unit in its last digit comes
out by truncation or by rounding up, whatever happened.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest

import carbonkit as ck
from carbonkit import factors, gwp
from carbonkit.claims import Audit, Verdict
from carbonkit.claims.diagnose import LUCKY, Diagnosis
from carbonkit.claims.hypotheses import HYPOTHESES

Check = Callable[..., Audit]


@dataclass
class Statement:
    """A report of one claim, and the figure that stands in it."""

    relation: str
    figures: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)

    def diagnoses(self, check: Check) -> tuple[Verdict, str, tuple[Diagnosis, ...]]:
        audit = check(self.figures, [self.relation], facts=self.facts, regions=["CN"])
        result = audit["k1"]
        return result.verdict, result.deciding.reading, audit.diagnose("k1")


def seeded(seed: object) -> random.Random:
    return random.Random(str(seed))  # noqa: S311 - the same statements every time


def printed(value: Fraction, digits: int = 5) -> str:
    """A number with so many significant digits, rounded half to even."""
    decimals = digits - 1
    size = abs(value)
    while size >= 10:
        size, decimals = size / 10, decimals - 1
    while 0 < size < 1:
        size, decimals = size * 10, decimals + 1
    steps = round(value * Fraction(10) ** decimals)
    if decimals <= 0:
        return f"{steps * 10**-decimals:,}"
    sign, steps = ("-" if steps < 0 else ""), abs(steps)
    return f"{sign}{steps // 10**decimals:,}.{steps % 10**decimals:0{decimals}d}"


def amount(rng: random.Random, low: int = 10_000, high: int = 99_999) -> Fraction:
    """A number that is exactly what it prints as, without a zero at its end."""
    return Fraction(rng.randrange(low, high) // 10 * 10 + rng.randrange(1, 10))


def cell(value: Fraction, unit: str, digits: int = 5) -> dict[str, Any]:
    return {"text": printed(value, digits), "unit": unit}


IEA = {
    "factor": {
        "activity": "electricity",
        "region": "World",
        "year": 2018,
        "release": "iea/world-2018",
    },
    "cited": "footnote",
}
GAS = {
    "factor": {
        "activity": "natural gas", "region": "CN", "kind": "combustion", "gas": "CO2",
        "publisher": "NDRC",
    },
    "cited": "footnote",
}  # fmt: skip


def avoided(rng: random.Random, slip: Fraction, unit: str = "t CO2") -> Statement:
    energy = amount(rng)
    true = energy * Fraction(475, 1000)
    figures = {"t": cell(true * slip, unit), "e": cell(energy, "MWh")}
    return Statement("t == avoided_emissions(e, f)", figures, {"f": IEA})


def total(rng: random.Random, weights: tuple[int, int, int]) -> Statement:
    parts = [amount(rng) for _ in range(3)]
    shown = sum(w * p for w, p in zip(weights, parts, strict=True))
    figures = {n: cell(p, "t") for n, p in zip("abc", parts, strict=True)}
    return Statement("t == a + b + c", {"t": cell(Fraction(shown), "t", 6), **figures})


def sign(rng: random.Random) -> Statement:
    new, old = amount(rng, 10_000, 40_000), amount(rng, 50_000, 99_999)
    figures = {"t": cell(old - new, "t"), "a": cell(new, "t"), "b": cell(old, "t")}
    return Statement("t == a - b", figures)


def power_of_ten(rng: random.Random) -> Statement:
    return avoided(rng, Fraction(10) ** rng.choice([-6, -4, -3, -2, -1, 1, 2, 3, 4, 6]))


def carbon(rng: random.Random) -> Statement:
    return avoided(rng, Fraction(12, 44) ** rng.choice([-1, 1]))


def ton(rng: random.Random) -> Statement:
    size = rng.choice([Fraction("0.90718474"), Fraction("1.0160469088")])
    return avoided(rng, size ** rng.choice([-1, 1]))


def percent_base(rng: random.Random) -> Statement:
    new, old = amount(rng), amount(rng)
    shown = (new - old) / new * 100
    figures = {"t": cell(shown, "%", 4), "a": cell(new, "t"), "b": cell(old, "t")}
    return Statement("t == percent_change(a, b)", figures)


def percent_points(rng: random.Random) -> Statement:
    new, old = (Fraction(rng.randrange(1001, 9999), 100) for _ in range(2))
    figures = {"t": cell(new - old, "%", 4), "a": cell(new, "%", 4), "b": cell(old, "%", 4)}
    return Statement("t == percent_change(a, b)", figures)


def truncation(rng: random.Random) -> Statement:
    while True:
        a, b = amount(rng, 100_000, 999_999), amount(rng)
        cut = Fraction(int(a / b * 100), 100)
        if a / b - cut > Fraction(6, 1000):
            break
    figures = {"t": {"text": f"{float(cut):.2f}", "unit": "t CO2/10^6 CNY"}}
    figures |= {"a": cell(a, "t CO2", 6), "b": cell(b, "10^6 CNY")}
    return Statement("t == intensity(a, b)", figures)


def left_out(rng: random.Random) -> Statement:
    return total(rng, rng.choice([(0, 1, 1), (1, 0, 1), (1, 1, 0)]))


def counted_twice(rng: random.Random) -> Statement:
    return total(rng, rng.choice([(2, 1, 1), (1, 2, 1), (1, 1, 2)]))


def transposed(rng: random.Random) -> Statement:
    statement = total(rng, (1, 1, 1))
    name = rng.choice("tabc")
    text = statement.figures[name]["text"].replace(",", "")
    pairs = [i for i in range(len(text) - 1) if text[i] != text[i + 1] and text[i + 1] != "0"]
    at = rng.choice(pairs)
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    statement.figures[name]["text"] = swapped
    return statement


def leap_year(rng: random.Random) -> Statement:
    power = amount(rng)
    figures = {"t": cell(power * 8784, "kWh/year"), "p": cell(power, "kW")}
    return Statement("t == p * hours_per_year", figures)


def one_for_all(rng: random.Random) -> Statement:
    each, many = amount(rng), amount(rng, 100, 999)
    figures = {"t": cell(each, "kWh"), "a": cell(each, "kWh/site"), "n": cell(many, "site", 3)}
    return Statement("t == per_unit_saving(a, n)", figures)


def calorific(rng: random.Random) -> Statement:
    found = factors.find(**GAS["factor"])
    fuel = amount(rng)
    true = fuel * Fraction(found.text)
    slip = Fraction(9, 10) ** rng.choice([-1, 1])
    unit = found.unit.split("/")[0]
    per = found.unit.split("/")[1]
    figures = {"t": cell(true * slip, unit), "a": cell(fuel, per)}
    return Statement("t == a * f", figures, {"f": GAS})


def gwp_set(rng: random.Random) -> Statement:
    methane = amount(rng)
    used = gwp.get(rng.choice(["SAR", "TAR", "AR4", "AR6"])).factor("CH4")
    figures = {
        "t": cell(methane * used, "t CO2e"),
        "a": cell(methane, "t CH4"),
        "g": {"text": "28", "unit": "t CO2e/t CH4", "nominal": True},
    }
    return Statement("t == a * g", figures)


def other_factor(rng: random.Random) -> Statement:
    published = [f for f in factors.find_all("electricity", region="CN") if f.unit == "t CO2/MWh"]
    other = rng.choice(published)
    return avoided(rng, Fraction(other.text) / Fraction(475, 1000))


def other_figure(rng: random.Random) -> Statement:
    statement = avoided(rng, Fraction(1))
    right = statement.figures["e"]
    statement.figures["last_year"] = right
    statement.figures["e"] = cell(amount(rng), "MWh")
    statement.figures["other"] = cell(amount(rng), "MWh")
    return statement


PLANTERS: Mapping[str, Callable[[random.Random], Statement]] = {
    "dropped sign": sign,
    "power of ten": power_of_ten,
    "carbon for CO2": carbon,
    "short or long tons": ton,
    "base of a percentage": percent_base,
    "percent for points": percent_points,
    "truncation": truncation,
    "term left out": left_out,
    "term counted twice": counted_twice,
    "transposed digits": transposed,
    "days or hours of a year": leap_year,
    "one for all": one_for_all,
    "net or gross calorific value": calorific,
    "GWP set": gwp_set,
    "another published factor": other_factor,
    "another figure of the report": other_figure,
}
TRIES = 30


def measured(check: Check, kind: str, tries: int) -> tuple[int, int, int, int]:
    """How many slips were noticed, diagnosed, put first, and called lucky."""
    rng = seeded(f"0 {kind}")
    noticed = found = first = lucky = 0
    for _ in range(tries):
        verdict, reading, diagnoses = PLANTERS[kind](rng).diagnoses(check)
        if verdict is Verdict.EXACT or (verdict.passes and reading == "finest"):
            continue
        noticed += 1
        mine = [d for d in diagnoses if d.hypothesis == kind]
        found += bool(mine)
        first += bool(mine) and diagnoses[0].hypothesis == kind
        lucky += bool(mine) and all(d.lucky for d in mine)
    return noticed, found, first, lucky


def test_every_kind_of_slip_is_planted():
    assert list(PLANTERS) == [name for name, _ in HYPOTHESES]


@pytest.mark.parametrize("kind", PLANTERS)
def test_planted_slip_is_among_the_diagnoses(check: Check, kind: str):
    noticed, found, first, lucky = measured(check, kind, TRIES)
    print(f"\n    {kind:30} {noticed:6} {found:9} {first:7} {lucky:6}")
    assert noticed >= TRIES // 2
    assert found >= 0.95 * noticed


@pytest.mark.parametrize(("low", "high"), [(0.35, 2.8), (0.98, 1.02)], ids=["far", "near"])
def test_an_error_that_is_no_slip_is_rarely_explained(check: Check, low: float, high: float):
    # The chance that is printed with a fit must be the rate at which fits come about.
    rng = seeded(7)
    tries, explained = 200, 0
    for _ in range(tries):
        slip = Fraction(rng.uniform(low, high)).limit_denominator(10**6)
        maker = rng.choice([avoided, lambda r, s: times(total(r, (1, 1, 1)), s)])
        _, _, diagnoses = maker(rng, slip).diagnoses(check)
        explained += any(not d.lucky for d in diagnoses)
    print(f"\n    {explained} of {tries} explained")
    # Three standard deviations above the rate that is promised.
    assert explained <= tries * LUCKY + 3 * (tries * LUCKY * (1 - LUCKY)) ** 0.5


def times(statement: Statement, factor: Fraction) -> Statement:
    true = sum(Fraction(statement.figures[n]["text"].replace(",", "")) for n in "abc")
    statement.figures["t"] = cell(true * factor, "t", 6)
    return statement


def test_a_coarse_figure_fits_many_slips_and_says_so(check: Check):
    figures = {"t": {"text": "3 t CO2", "unit": "t CO2"}, "e": {"text": "1 MWh", "unit": "MWh"}}
    audit = check(figures, ["t == e * f"], facts={"f": IEA}, regions=["CN"])
    diagnoses = audit.diagnose("k1")
    assert all(d.lucky and "may be a lucky fit" in d.fit for d in diagnoses)


def test_a_true_claim_has_no_diagnosis(check: Check):
    rng = seeded(3)
    for _ in range(20):
        verdict, _, diagnoses = avoided(rng, Fraction(1)).diagnoses(check)
        assert verdict.passes
        assert diagnoses == ()


def test_exact_fits_come_before_others_and_the_unlikely_first(check: Check):
    rng = seeded(5)
    for _ in range(20):
        _, _, diagnoses = other_figure(rng).diagnoses(check)
        keys = [(not d.exact, d.chance) for d in diagnoses]
        assert keys == sorted(keys)


def among_others(seed: int) -> Statement:
    """A sum or a share that is off, or holds another line, in a report with many figures."""
    rng = seeded(seed)
    statement = total(rng, (1, 1, 1))
    for at in range(30):
        statement.figures[f"other_{at}"] = cell(amount(rng), "t", 4)
    taken = ("other_7" if seed % 4 < 2 else "a", "b", "c")
    a, b, c = (Fraction(statement.figures[n]["text"].replace(",", "")) for n in taken)
    slip = 1 if seed % 4 < 2 else Fraction(rng.choice(["1.004", "0.97", "10", "1.2", "-1"]))
    statement.relation = "t == a / (a + b) * c" if seed % 2 else "t == a + b + c"
    result = a / (a + b) * c if seed % 2 else a + b + c
    statement.figures["t"] = cell(result * slip, "t", 4)
    return statement


def test_what_is_screened_out_would_not_have_fitted(check: Check, monkeypatch: pytest.MonkeyPatch):
    screened = [among_others(seed).diagnoses(check)[2] for seed in range(12)]
    everything = (-sys.float_info.max, sys.float_info.max)
    monkeypatch.setattr("carbonkit.claims.diagnose._any_fits", lambda *_: True)
    monkeypatch.setattr("carbonkit.claims.diagnose._Reach.window", lambda *_: everything)
    monkeypatch.setattr("carbonkit.claims.trials.Case.form", lambda *_: None)
    assert [among_others(seed).diagnoses(check)[2] for seed in range(12)] == screened
    kinds = [{d.hypothesis for d in diagnoses} for diagnoses in screened]
    of_others = sum("another figure of the report" in found for found in kinds)
    assert 0 < of_others < len(screened)  # some are kept, some are not


def test_chance_grows_with_tries():
    # 1 - (1 - p)**n for the shipped report's one unexplained factor: 3,390 t of four digits.
    best = ck.load_report("huawei-2020").verify().diagnose("p74-metro-co2")[0]
    once = math.log10(3390.5 / 3389.5)
    assert best.chance == pytest.approx(1 - (1 - once) ** best.tried, rel=0.01)


def test_published_value_for_a_missing_figure(check: Check):
    # 730,000 t over 39.9 million trees is 18.3 kg a tree and year, in wide use.
    audit = check(
        {
            "t": {"text": "39.9 million", "unit": "tree"},
            "a": {"text": "730,000", "unit": "t CO2/year"},
        },
        ["t == tree_equivalent(a, u)"],
        unknowns={"u": {"unit": "kg CO2/tree/year", "what": "uptake per tree"}},
    )
    assert audit["k1"].verdict is Verdict.NOT_CHECKABLE
    assert any("18.3 kg CO2/tree/year" in d.words for d in audit.diagnose("k1"))


def test_diagnosis_is_the_same_in_another_unit(check: Check):
    rng = seeded(11)
    for _ in range(10):
        statement = carbon(rng)
        _, _, mine = statement.diagnoses(check)
        energy = Fraction(statement.figures["e"]["text"].replace(",", ""))
        statement.figures["e"] = {"text": printed(energy / 1000), "unit": "GWh"}
        _, _, theirs = statement.diagnoses(check)
        assert [(d.hypothesis, d.nominal, d.exact) for d in mine] == [
            (d.hypothesis, d.nominal, d.exact) for d in theirs
        ]


def test_shipped_report():
    audit = ck.load_report("huawei-2020").verify()
    best = {
        claim: audit.diagnose(claim)[0]
        for claim in ("p74-metro-co2", "p70-intensity-2014", "p64-dubai-area")
    }
    assert {c: d.hypothesis for c, d in best.items()} == {
        "p74-metro-co2": "another published factor",
        "p70-intensity-2014": "truncation",
        "p64-dubai-area": "power of ten",
    }
    assert "0.997 kg CO2/kWh" in best["p74-metro-co2"].words
    assert all(d.exact for d in best.values())
    # Off by less than one unit in its last digit, it may as well be something else.
    assert {c for c, d in best.items() if d.lucky} == {"p70-intensity-2014"}
    assert audit.diagnose("p62-icooling-co2") == ()


def test_json_holds_diagnoses_when_asked():
    audit = ck.load_report("huawei-2020").verify().only(system="Shanghai Metro")
    plain, full = audit.to_dict(), audit.to_dict(diagnoses=True)
    assert "diagnoses" not in plain["claims"][0]
    found = next(c for c in full["claims"] if c["id"] == "p74-metro-co2")["diagnoses"][0]
    assert set(found) == {
        "hypothesis", "words", "arithmetic", "nominal", "low", "high", "unit", "exact", "tried",
        "chance", "lucky", "relation",
    }  # fmt: skip
    assert found["low"] <= found["nominal"] <= found["high"]
    assert 0 < found["chance"] < 0.05


# --- slips in other places than the result, and in bounds and ranges -----------------------------


def best(check: Check, figures: Mapping[str, Any], relation: str, **more: Any) -> Diagnosis:
    audit = check(figures, [relation], **more)
    assert audit["k1"].verdict is Verdict.INCONSISTENT
    return audit.diagnose("k1")[0]


def test_a_base_in_another_unit_is_found(check: Check):
    # 52,417 t against 48.213 kt is + 8.72 %; read as 48.213 t it is + 108,620 %.
    figures = {"new": "52,417 t", "base": "48.213 t", "t": "8.72%"}
    found = best(check, figures, "t == percent_change(new, base)")
    assert (found.hypothesis, found.exact) == ("power of ten", True)
    assert "between t and kt" in found.words
    # 52,417 t against 53,145 short tons (48,212.3 t) is + 8.72 %.
    figures = {"new": "52,417 t", "base": "53,145 t", "t": "8.72%"}
    found = best(check, figures, "t == percent_change(new, base)")
    assert (found.hypothesis, found.exact) == ("short or long tons", True)


def test_a_part_above_and_below_the_line_is_found(check: Check):
    # 1,234 of 1,234 + 5,678 is 17.85 %; ten times the part would be 68.49 %.
    figures = {"a": "12,340 t", "b": "5,678 t", "t": "17.85%"}
    found = best(check, figures, "t == share(a, a + b)")
    assert (found.hypothesis, found.exact) == ("power of ten", True)


@pytest.mark.parametrize(
    ("source", "result"),
    # 18,432 GJ x 56.1 kg/GJ is 1,034.04 t; a tenth less 930.63 t; coal, a twentieth less 982.33 t.
    [("factor of natural gas", "930.63 t"), ("factor of hard coal", "982.33 t")],
)
def test_calorific_values_are_compared_for_factors_with_a_source(
    check: Check, source: str, result: str
):
    fact = {"text": "56.1 kg/GJ", "unit": "kg CO2/GJ", "source": source, "nominal": True}
    figures = {"t": {"text": result, "unit": "t CO2"}, "e": "18,432 GJ"}
    found = best(check, figures, "t == e * f", facts={"f": fact})
    assert found.hypothesis == "net or gross calorific value"
    assert found.words == "net calorific value for gross"
    fact["source"] = "average of the grid"
    audit = check(figures, ["t == e * f"], facts={"f": fact})
    assert all(d.hypothesis != found.hypothesis for d in audit.diagnose("k1"))


def test_location_for_market_is_said_so(check: Check):
    unit = "t CO2e"
    figures = {
        "scope1": {"text": "14,826 t", "unit": unit},
        "scope2_location": {"text": "39,391 t", "unit": unit},
        "scope2_market": {"text": "27,658 t", "unit": unit},
        "total": {"text": "54,217 t", "unit": unit},  # 14,826 + 39,391
    }
    found = best(check, figures, "total == scope_total(scope1, scope2_market)")
    assert found.hypothesis == "another figure of the report"
    assert found.words.startswith("location-based for market-based method: 39,391 t")


@pytest.mark.parametrize("relation", ["goal >= a + b", "a + b <= goal"])
def test_a_goal_that_is_missed_by_a_slip_is_explained(check: Check, relation: str):
    # 1,204 + 8,317 = 9,521, close below the goal; 83,170 is a power of ten too high.
    figures = {"a": "1,204 t", "b": "83,170 t", "goal": "9,530 t"}
    found = best(check, figures, relation)
    assert (found.hypothesis, found.lucky) == ("power of ten", False)
    assert found.nominal == 9521
    # 95,000 t is nowhere near what a speaker would call at most 9,530 t, whatever is done to it.
    audit = check({**figures, "b": "95,000 t"}, [relation])
    assert [d for d in audit.diagnose("k1") if not d.lucky] == []


def test_a_least_amount_that_is_not_reached_is_explained(check: Check):
    # 1,204 + 8,317 = 9,521 is close above 9,520; 831.7 is a power of ten too low.
    figures = {"a": "1,204 t", "b": "831.7 t", "least": "9,520 t"}
    found = best(check, figures, "a + b >= least")
    assert (found.hypothesis, found.nominal) == ("power of ten", 9521)


def test_a_range_that_is_missed_by_a_slip_is_explained(check: Check):
    # 1,234.5 MWh x 475 g/kWh = 586.39 t, which lies in the range once MWh are not read as kWh.
    figures = {
        "t": {"text": "585,000 to 588,000 t", "unit": "t CO2"},
        "e": {"text": "1,234.5 MWh"},
    }
    found = best(check, figures, "t == avoided_emissions(e, f)", facts={"f": IEA})
    assert (found.hypothesis, found.exact) == ("power of ten", False)
    assert "a factor of 1,000 too high" in found.words
    # So wide a range would be met by nearly anything.
    wide = {**figures, "t": {"text": "100,000 to 900,000 t", "unit": "t CO2"}}
    audit = check(wide, ["t == avoided_emissions(e, f)"], facts={"f": IEA})
    assert audit.diagnose("k1") == ()
