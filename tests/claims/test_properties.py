"""What must hold for any report: the truthful is never accused, the false is always caught.

Reports are made here from true values that are rounded with integer arithmetic, so that nothing
of the engine's own reading of figures is repeated.
"""

from __future__ import annotations

import itertools
import math
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from carbonkit.claims import Audit, Verdict

Check = Callable[..., Audit]


def tries(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow])


ROUND: Mapping[str, Callable[[Fraction], int]] = {
    "half-even": round,
    "half-up": lambda x: int(math.copysign(1, x)) * math.floor(abs(x) + Fraction(1, 2)),
    "truncated": math.trunc,
    "floor": math.floor,
    "ceiling": math.ceil,
}


# What a reader may take a figure of one printed step to stand for, rounded or truncated.
WIDEST = (Fraction(-1, 2), Fraction(1))


def shown(value: Fraction, decimals: int, rule: str) -> str:
    """The digits that a rule prints for a value, grouped by commas."""
    steps = ROUND[rule](value * 10**decimals)
    sign, steps = ("-" if steps < 0 else ""), abs(steps)
    if decimals <= 0:
        return f"{sign}{steps * 10**-decimals:,}"
    whole, rest = divmod(steps, 10**decimals)
    return f"{sign}{whole:,}.{rest:0{decimals}d}"


@dataclass(frozen=True)
class Shape:
    """One relation: its text, the units of its figures and the same arithmetic in fractions."""

    relation: str
    units: Mapping[str, str]
    unit: str
    exact: Callable[..., Fraction]
    # How many of the claimed unit are one of what `exact` returns: 100 for a percentage.
    scale: int = 1

    def true(self, values: Mapping[str, Fraction]) -> Fraction:
        return self.exact(**values) * self.scale


SHAPES = {
    "sum": Shape("t == a + b + c", dict.fromkeys("abc", "t"), "t", lambda a, b, c: a + b + c),
    "sum()": Shape("t == sum(a, b)", dict.fromkeys("ab", "t"), "t", lambda a, b: a + b),
    "scopes": Shape(
        "t == scope_total(a, b)", dict.fromkeys("ab", "t CO2e"), "t CO2e", lambda a, b: a + b
    ),
    "difference": Shape("t == a - b", dict.fromkeys("ab", "MWh"), "MWh", lambda a, b: a - b),
    "product": Shape(
        "t == per_unit_saving(a, b)",
        {"a": "kWh/site", "b": "site"},
        "kWh",
        lambda a, b: a * b,
    ),
    "avoided": Shape(
        "t == avoided_emissions(a, b)",
        {"a": "MWh", "b": "kg CO2/kWh"},
        "t CO2",
        lambda a, b: a * b,
    ),
    "intensity": Shape(
        "t == intensity(a, b)",
        {"a": "t CO2", "b": "million CNY"},
        "t CO2/million CNY",
        lambda a, b: a / b,
    ),
    "share": Shape(
        "t == share(a, a + b)", dict.fromkeys("ab", "t"), "%", lambda a, b: a / (a + b), 100
    ),
    "change": Shape(
        "t == percent_change(a, b)", dict.fromkeys("ab", "t"), "%", lambda a, b: (a - b) / b, 100
    ),
    "decrease": Shape("t == 1 - a / b", dict.fromkeys("ab", "t"), "%", lambda a, b: 1 - a / b, 100),
    "square": Shape(
        "t == a ** 2 - a * b", dict.fromkeys("ab", "m"), "m2", lambda a, b: a * (a - b)
    ),
}


@st.composite
def truths(draw: st.DrawFn, shape: Shape) -> tuple[dict[str, Fraction], dict[str, int]]:
    """True values of a relation's inputs, and how many decimals each figure is printed with."""
    values, decimals = {}, {}
    for name in shape.units:
        values[name] = draw(
            # Hundredths of small numbers hit ties and ends; the large have many digits.
            st.integers(1, 3000).map(lambda n: Fraction(n, 100))
            | st.integers(10**5, 10**9).map(lambda n: Fraction(n, 1000))
        )
        decimals[name] = draw(st.integers(0, 3))
    decimals["t"] = draw(st.integers(0, 3))
    return values, decimals


RULES = st.sampled_from(
    # The rule that prints the figures, and what the report says about it.
    [
        ("half-even", "unknown"),
        ("half-up", "unknown"),
        ("truncated", "unknown"),
        ("half-even", "nearest"),
        ("half-up", "nearest"),
        *((rule, rule) for rule in ROUND),
    ]
)


def printed(
    shape: Shape, values: Mapping[str, Fraction], decimals: Mapping[str, int], rule: str
) -> dict[str, dict[str, Any]]:
    figures = {
        name: {"text": shown(values[name], decimals[name], rule), "unit": unit}
        for name, unit in shape.units.items()
    }
    text = shown(shape.true(values), decimals["t"], rule)
    return figures | {"t": {"text": text, "unit": shape.unit}}


def divides_by_zero(shape: Shape, figures: Mapping[str, Mapping[str, Any]]) -> bool:
    read = {n: Fraction(figures[n]["text"].replace(",", "")) for n in shape.units}
    try:
        shape.exact(**read)
    except ZeroDivisionError:
        return True
    return False


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@tries(40)
@given(data=st.data(), rules=RULES)
def test_a_truthful_figure_is_never_inconsistent(
    check: Check, shape: Shape, data: st.DataObject, rules: tuple[str, str]
) -> None:
    values, decimals = data.draw(truths(shape))
    rule, named = rules
    figures = printed(shape, values, decimals, rule)
    assume(not divides_by_zero(shape, figures))
    result = check(figures, [shape.relation], rounding=named)["k1"]
    assert result.verdict.passes, result.explain()


@tries(40)
@given(data=st.data(), rules=RULES)
def test_a_truthful_table_is_never_inconsistent(
    check: Check, data: st.DataObject, rules: tuple[str, str]
) -> None:
    """Cells of one table share a rule: none may exclude, for the others, the rule that is used."""
    rule, named = rules
    kind = data.draw(st.sampled_from(["sum", "difference", "product", "intensity", "change"]))
    shape = SHAPES[kind]
    figures: dict[str, Any] = {}
    relations = []
    for row in range(data.draw(st.integers(2, 5))):
        values, decimals = data.draw(truths(shape))
        cells = printed(shape, values, decimals, rule)
        assume(not divides_by_zero(shape, cells))
        figures |= {f"{n}{row}": entry for n, entry in cells.items()}
        figures[f"t{row}"]["table"] = "one"
        relation = shape.relation
        for name in cells:
            relation = f" {relation} ".replace(f" {name} ", f" {name}{row} ").strip()
            relation = relation.replace(f"({name},", f"({name}{row},")
            relation = relation.replace(f", {name})", f", {name}{row})")
        relations.append(relation)
    audit = check(figures, relations, rounding=named)
    assert all(r.verdict.passes for r in audit), [r.explain() for r in audit]


def test_truncation_is_open_to_a_table_whose_cells_could_all_be_truncated(check: Check) -> None:
    # 0.39 + 0.39 + 0.28 = 1.06 and 0.99 + 0.95 = 1.94, everything truncated. Read as rounded, the
    # first cell comes out exactly (0.8 is 1); the second does so only if truncated.
    table = {"unit": "t", "table": "one"}
    figures = {
        **{n: f"{x} t" for n, x in zip("abc", ("0.3", "0.3", "0.2"), strict=True)},
        "t1": {"text": "1", **table},
        **{n: f"{x} t" for n, x in zip("de", ("0.9", "0.9"), strict=True)},
        "t2": {"text": "1", **table},
    }
    audit = check(figures, ["t1 == a + b + c", "t2 == d + e"])
    assert [r.verdict for r in audit] == [Verdict.EXACT, Verdict.ROUNDING]


def test_truncation_is_closed_to_a_table_with_a_cell_that_was_rounded_up(check: Check) -> None:
    table = {"unit": "t", "table": "one"}
    figures = {
        **{n: f"{x} t" for n, x in zip("ab", ("0.9001", "0.9001"), strict=True)},
        "t1": {"text": "2", **table},
        **{n: f"{x} t" for n, x in zip("de", ("0.9002", "0.9002"), strict=True)},
        "t2": {"text": "1", **table},
    }
    relations = ["t1 == a + b", "t2 == d + e"]
    assert check(figures, relations)["k2"].verdict is Verdict.INCONSISTENT
    figures["t2"] = {"text": "1", "unit": "t", "table": "another"}
    assert check(figures, relations)["k2"].verdict is Verdict.ROUNDING


# --- the false is caught -------------------------------------------------------------------------

MONOTONE = {name: s for name, s in SHAPES.items() if name not in ("square", "scopes", "sum()")}


def corners(
    shape: Shape, figures: Mapping[str, Mapping[str, Any]], decimals: Mapping[str, int]
) -> list[Fraction]:
    """The claimed figure at every corner of what the inputs can stand for."""
    ends = {}
    for name in shape.units:
        step = Fraction(1, 10 ** decimals[name])
        read = Fraction(figures[name]["text"].replace(",", ""))
        ends[name] = [read + end * step for end in WIDEST]
    # Without a sign that changes, every shape but the square is monotone in each input.
    assume(all(low > 0 for low, _ in ends.values()))
    return [
        shape.true(dict(zip(ends, corner, strict=True)))
        for corner in itertools.product(*ends.values())
    ]


@pytest.mark.parametrize("shape", MONOTONE.values(), ids=MONOTONE)
@tries(40)
@given(data=st.data(), beyond=st.integers(0, 500), above=st.booleans())
def test_a_figure_planted_beyond_the_interval_is_always_inconsistent(
    check: Check, shape: Shape, data: st.DataObject, beyond: int, above: bool
) -> None:
    values, decimals = data.draw(truths(shape))
    figures = printed(shape, values, decimals, "half-even")
    reached = corners(shape, figures, decimals)
    step = Fraction(1, 10 ** decimals["t"])
    # Two steps clear: one for the truncated reading of the planted figure, one for the ends.
    steps = (
        math.floor(max(reached) / step) + 2 + beyond
        if above
        else math.ceil(min(reached) / step) - 2 - beyond
    )
    if steps % 10 == 0:  # a last digit of zero may not be a digit
        steps += 1 if above else -1
    figures["t"] = {"text": shown(steps * step, decimals["t"], "half-even"), "unit": shape.unit}
    result = check(figures, [shape.relation])["k1"]
    assert result.verdict is Verdict.INCONSISTENT, result.explain()
    gap = result.deciding.gap
    assert gap is None or (gap > 0) == above


# --- bounds and targets --------------------------------------------------------------------------

BOUNDS: Mapping[str, Callable[[Fraction], int]] = {
    # The whole number that a truthful report may bound a value with.
    "more than": lambda x: math.ceil(x) - 1,
    "at least": math.floor,
    "up to": math.ceil,
    "less than": lambda x: math.floor(x) + 1,
    "nearly": lambda x: math.floor(x) + 1,
}


@tries(80)
@given(
    data=st.data(),
    kind=st.sampled_from(["sum", "product", "avoided", "intensity"]),
    words=st.sampled_from([*BOUNDS, ""]),
    rule=st.sampled_from(["half-even", "half-up", "truncated"]),
    slack=st.integers(0, 30),
)
def test_a_truthful_bound_is_never_inconsistent(
    check: Check, data: st.DataObject, kind: str, words: str, rule: str, slack: int
) -> None:
    shape = SHAPES[kind]
    values, decimals = data.draw(truths(shape))
    figures = printed(shape, values, decimals, rule)
    assume(not divides_by_zero(shape, figures))
    for name in shape.units:
        if data.draw(st.booleans(), label=f"{name} is a bound"):
            said = data.draw(st.sampled_from([*BOUNDS]), label=name)
            bound = BOUNDS[said](values[name] * 10 ** decimals[name])
            loose = data.draw(st.sampled_from([0, 0, 1, 1000]), label="how loose")
            if said != "nearly":
                bound += loose if said in ("up to", "less than") else -loose
            number = Fraction(bound, 10 ** decimals[name])
            assume(number > 0)
            figures[name]["text"] = f"{said} {shown(number, decimals[name], 'half-even')}"
    if words:
        true = shape.true(values) * 10 ** decimals["t"]
        steps = BOUNDS[words](true) + (slack if words in ("up to", "less than") else -slack)
        steps = BOUNDS[words](true) if words == "nearly" else steps
        number = Fraction(steps, 10 ** decimals["t"])
        assume(number > 0)
        figures["t"]["text"] = f"{words} {shown(number, decimals['t'], 'half-even')}"
    result = check(figures, [shape.relation])["k1"]
    assert result.verdict is not Verdict.INCONSISTENT, result.explain()


def test_truncation_is_open_to_bounds_and_targets(check: Check) -> None:
    # 1.99 kWh at each of 3 sites is more than 5.9 kWh; 9.9 is at most ten times 0.99.
    per_site = {"a": {"text": "1", "unit": "kWh/site"}, "b": {"text": "3", "unit": "site"}}
    total = {"t": {"text": "more than 5.9", "unit": "kWh"}}
    bound = check(per_site | total, ["t == a * b"])["k1"]
    target = check({"a": "9 t", "b": "0 t"}, ["a <= 10 * b"])["k1"]
    for result in (bound, target):
        assert result.verdict is Verdict.ROUNDING
        assert "truncated" in result.deciding.why
    named = check({"a": "9 t", "b": "0 t"}, ["a <= 10 * b"], rounding="nearest")["k1"]
    assert named.verdict is Verdict.INCONSISTENT


def test_a_bound_on_an_input_leaves_a_higher_bound_open(check: Check) -> None:
    figures = {"a": "more than 40 t", "t": "more than 195.3 t"}
    assert check(figures, ["t == 2 * a"])["k1"].verdict is Verdict.NOT_CHECKABLE
    figures = {"a": "more than 40 t", "t": "up to 45.3 t"}
    assert check(figures, ["t == 2 * a"])["k1"].verdict is Verdict.INCONSISTENT


def test_zeros_of_an_input_are_digits_beside_a_bound_too(check: Check) -> None:
    figures = {"a": "100 t", "b": {"text": "100", "unit": "1"}, "t": "less than 2,503 t"}
    assert check(figures, ["t == a * b"])["k1"].verdict is Verdict.INCONSISTENT


def test_a_fact_is_rounded_by_its_own_source(check: Check) -> None:
    # 1.99 / 0.47 = 4.23: the report truncates its 1.99 and its 4.23, the source rounds its 0.47.
    figures = {"a": {"text": "1", "unit": "t"}, "t": {"text": "4.2", "unit": "t"}}
    facts = {"f": {"text": "0.5", "unit": "1", "source": "s"}}
    for rounding in ("unknown", "truncated"):
        result = check(figures, ["t == a / f"], facts=facts, rounding=rounding)["k1"]
        assert result.verdict is Verdict.ROUNDING


@tries(80)
@given(data=st.data(), bound=st.integers(1, 10**6), below=st.booleans())
def test_a_bound_is_entailed_when_all_the_figures_can_be_keep_it_and_refuted_when_none(
    check: Check, data: st.DataObject, bound: int, below: bool
) -> None:
    shape = SHAPES["product"]
    values, decimals = data.draw(truths(shape))
    figures = printed(shape, values, decimals, "half-even")
    reached = corners(shape, figures, decimals)
    number = 10 * bound + 3  # a last digit of zero may not be a digit
    words = "less than" if below else "more than"
    figures["t"] = {"text": f"{words} {number}", "unit": shape.unit}
    result = check(figures, [shape.relation])["k1"]
    kept = max(reached) < number if below else min(reached) > number
    beyond = min(reached) > number + 1 if below else max(reached) < number - 1
    if kept:
        assert result.verdict is Verdict.QUALIFIER
        assert result.deciding.strength == "entailed"
    elif beyond:
        assert result.verdict is Verdict.INCONSISTENT
    else:
        assert result.verdict is not Verdict.EXACT


@tries(80)
@given(
    small=st.integers(1, 10**6),
    excess=st.integers(0, 10**6),
    places=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    rule=st.sampled_from(["half-even", "half-up", "truncated"]),
    flip=st.booleans(),
)
def test_a_target_that_is_met_is_never_inconsistent_and_one_missed_clearly_is(
    check: Check, small: int, excess: int, places: tuple[int, int], rule: str, flip: bool
) -> None:
    low, high = Fraction(small, 1000), Fraction(small + excess, 1000)
    figures = {
        "a": {"text": shown(low, places[0], rule), "unit": "t"},
        "b": {"text": shown(high, places[1], rule), "unit": "t"},
    }
    met = check(figures, ["b >= a" if flip else "a <= b"])["k1"]
    assert met.verdict.passes, met.explain()
    if excess > 2000:
        missed = check(figures, ["a >= b" if flip else "b <= a"])["k1"]
        assert missed.verdict is Verdict.INCONSISTENT, missed.explain()


# --- the same figure in two places ---------------------------------------------------------------


@tries(80)
@given(
    true=st.integers(1, 10**8).map(lambda n: Fraction(n, 1000)),
    places=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    rule=st.sampled_from(["half-even", "half-up", "truncated"]),
)
def test_one_figure_printed_twice_ties_out(
    check: Check, true: Fraction, places: tuple[int, int], rule: str
) -> None:
    figures = {
        name: {"text": shown(true, decimals, rule), "unit": "t", "page": page}
        for name, decimals, page in zip("ab", places, (1, 2), strict=True)
    }
    finding = check(figures, ["a == b"])["k1"].deciding
    assert finding.verdict.passes, finding.why
    assert finding.procedure == "tie-out"
    if places[0] == places[1]:
        assert finding.verdict is Verdict.EXACT


@tries(80)
@given(
    steps=st.integers(1, 10**8).filter(lambda n: n % 10 not in (0, 9)),
    decimals=st.integers(0, 3),
    off=st.integers(1, 8),
)
def test_two_figures_of_one_precision_that_differ_do_not_tie_out(
    check: Check, steps: int, decimals: int, off: int
) -> None:
    other = steps - steps % 10 + 1 + (steps % 10 - 1 + off) % 9
    figures = {
        name: {"text": shown(Fraction(n, 10**decimals), decimals, "half-even"), "unit": "t"}
        for name, n in (("a", steps), ("b", other))
    }
    assert check(figures, ["a == b"])["k1"].verdict is Verdict.INCONSISTENT


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("26–50%", "26% to 50%", True),
        ("26–50%", "26.4% to 49.8%", True),
        ("26–50%", "16% to 50%", False),
        ("26–50%", "26% to 60%", False),
        ("more than 5,800%", "5,800+%", True),
        ("about 220%", "220%", True),
        ("up to 15%", "more than 17.3%", False),
    ],
)
def test_ranges_and_bounds_tie_out_by_what_they_say(
    check: Check, one: str, other: str, agree: bool
) -> None:
    for pair in ({"a": one, "b": other}, {"a": other, "b": one}):
        result = check(pair, ["a == b"])["k1"]
        assert result.verdict.passes == agree, result.explain()


# --- invariance ----------------------------------------------------------------------------------

LARGER = {
    "t": "kt",
    "t CO2": "kt CO2",
    "t CO2e": "kt CO2e",
    "kWh": "MWh",
    "MWh": "GWh",
    "kg CO2/kWh": "t CO2/kWh",
    "million CNY": "billion CNY",
    "t CO2/million CNY": "kt CO2/million CNY",
    "m": "km",
}


@tries(80)
@given(
    data=st.data(),
    kind=st.sampled_from(["sum", "difference", "avoided", "intensity", "change", "share"]),
    error=st.integers(-3, 3),
)
def test_the_unit_of_a_figure_does_not_change_the_verdict(
    check: Check, data: st.DataObject, kind: str, error: int
) -> None:
    shape = SHAPES[kind]
    values, decimals = data.draw(truths(shape))
    decimals = {n: max(d, 1) for n, d in decimals.items()}
    figures = printed(shape, values, decimals, "half-even")
    assume(not divides_by_zero(shape, figures))
    wrong = shape.true(values) + Fraction(error, 10 ** decimals["t"])
    figures["t"]["text"] = shown(wrong, decimals["t"], "half-even")
    before = check(figures, [shape.relation])["k1"].deciding
    for name, entry in figures.items():
        if entry["unit"] in LARGER and data.draw(st.booleans(), label=f"re-express {name}"):
            number = Fraction(entry["text"].replace(",", "")) / 1000
            text = shown(number, decimals[name] + 3, "half-even")
            figures[name] = {"text": text, "unit": LARGER[entry["unit"]]}
    after = check(figures, [shape.relation])["k1"].deciding
    assert (after.verdict, after.reading, after.gap) == (before.verdict, before.reading, before.gap)
    assert after.chance == pytest.approx(before.chance)


@tries(40)
@given(data=st.data(), error=st.integers(-2, 2))
def test_the_order_of_figures_and_claims_does_not_matter(
    check: Check, data: st.DataObject, error: int
) -> None:
    figures: dict[str, Any] = {}
    for row in range(3):
        a, b = (data.draw(st.integers(1, 40)) for _ in "ab")
        figures[f"a{row}"] = {"text": f"{a / 10:.1f}", "unit": "t"}
        figures[f"b{row}"] = {"text": f"{b / 10:.1f}", "unit": "t"}
        figures[f"t{row}"] = {"text": f"{(a + b) // 10 + error}", "unit": "t", "table": "one"}
    relations = [f"t{row} == a{row} + b{row}" for row in range(3)]
    found = {r.claim.relations[0].text: r.verdict for r in check(figures, relations)}
    shuffled = dict(data.draw(st.permutations(list(figures.items()))))
    again = check(shuffled, data.draw(st.permutations(relations)))
    assert {r.claim.relations[0].text: r.verdict for r in again} == found


@tries(80)
@given(
    data=st.data(),
    kind=st.sampled_from(["sum", "product", "avoided", "intensity", "share"]),
    error=st.integers(-3, 3),
    last=st.integers(1, 4),
)
def test_a_wider_figure_never_turns_a_pass_into_inconsistent(
    check: Check, data: st.DataObject, kind: str, error: int, last: int
) -> None:
    shape = SHAPES[kind]
    values, decimals = data.draw(truths(shape))
    figures = printed(shape, values, decimals, "half-even")
    assume(not divides_by_zero(shape, figures))
    wrong = shape.true(values) + Fraction(error, 10 ** decimals["t"])
    figures["t"]["text"] = shown(abs(wrong), decimals["t"], "half-even")
    name = data.draw(st.sampled_from(sorted(figures)))
    # A last digit of 1 to 4 more: whatever that figure stands for, the shorter one does too.
    short = figures[name]["text"]
    long = f"{short}{last}" if "." in short else f"{short}.{last}"
    narrow = check({**figures, name: {**figures[name], "text": long}}, [shape.relation])["k1"]
    assume(narrow.verdict.passes)
    wide = check(figures, [shape.relation])["k1"]
    assert wide.verdict.passes, wide.explain()
    about = {**figures, name: {**figures[name], "text": f"about {short}"}}
    assert check(about, [shape.relation])["k1"].verdict.passes


# --- what would make it hold ---------------------------------------------------------------------


def decimal(value: Fraction) -> str:
    """Twenty significant digits, as a person would type them."""
    digits = 20 - len(str(math.floor(abs(value))))
    return shown(value, max(digits, 0), "half-even").replace(",", "")


FACT = {"text": "0.475", "unit": "kg CO2/kWh", "source": "s"}
SAVED = {
    "energy": st.integers(1, 10**6),
    "claimed": st.integers(1, 10**6),
    "places": st.tuples(st.integers(0, 2), st.integers(0, 2)),
    "words": st.sampled_from(["", "", "about ", "more than ", "up to ", "nearly "]),
}


def saving(
    energy: int, claimed: int, places: tuple[int, int], words: str
) -> dict[str, dict[str, Any]]:
    texts = (
        f"{shown(Fraction(number, 100), decimals, 'ceiling')}"
        for number, decimals in zip((energy, claimed), places, strict=True)
    )
    e, t = texts
    return {"e": {"text": e, "unit": "MWh"}, "t": {"text": f"{words}{t}", "unit": "t CO2"}}


@tries(80)
@given(**SAVED)
def test_the_implied_value_put_back_makes_the_claim_hold(
    check: Check, energy: int, claimed: int, places: tuple[int, int], words: str
) -> None:
    figures = saving(energy, claimed, places, words)
    relation = ["t == avoided_emissions(e, f)"]
    unknown = {"unit": "kg CO2/kWh", "what": "emission factor"}
    open_question = check(figures, relation, unknowns={"f": unknown})["k1"]
    assert open_question.verdict is Verdict.NOT_CHECKABLE
    (implied,) = open_question.deciding.implied
    assume(implied.interval.lo is not None and implied.interval.hi is not None)
    value = f"{decimal(implied.interval.midpoint)} kg CO2/kWh"
    answered = check(figures, relation, facts={"f": {"text": value, "source": "s"}})["k1"]
    assert answered.verdict.passes, answered.explain()

    accused = check(figures, relation, facts={"f": FACT})["k1"]
    if accused.verdict is Verdict.INCONSISTENT:
        (implied,) = accused.deciding.implied
        value = f"{decimal(implied.interval.midpoint)} kg CO2/kWh"
        what_if = check(figures, relation, facts={"f": FACT}, factors={"f": value})["k1"]
        assert what_if.verdict is Verdict.ASSUMPTION


@tries(80)
@given(**SAVED, value=st.integers(1, 2000))
def test_replacing_a_fact_equals_editing_the_file(
    check: Check, energy: int, claimed: int, places: tuple[int, int], words: str, value: int
) -> None:
    figures = saving(energy, claimed, places, words)
    relation = ["t == avoided_emissions(e, f)"]
    text = f"{value / 1000:.3f} kg CO2/kWh"
    asked = check(figures, relation, facts={"f": FACT}, factors={"f": text})["k1"].deciding
    edited = check(figures, relation, facts={"f": {**FACT, "text": text}})["k1"].deciding
    for same in ("printed", "recomputed", "nominal", "gap", "reading", "strength", "chance"):
        assert getattr(asked, same) == getattr(edited, same)
    # What the report does not say is an assumption.
    passes = edited.verdict.passes
    assert asked.verdict is (Verdict.ASSUMPTION if passes else edited.verdict)

    guess = {**FACT, "reason": "r"}
    asked = check(figures, relation, assumptions={"f": guess}, factors={"f": text})["k1"].deciding
    edited = check(figures, relation, assumptions={"f": {**guess, "text": text}})["k1"].deciding
    assert asked.verdict is edited.verdict
    assert asked.verdict is not Verdict.INCONSISTENT


# --- one claim that cannot be recomputed does not stop the others --------------------------------

WITHOUT_A_VALUE = {
    "c == a / zero": "divides by zero (zero is printed as '0')",
    "c == percent_change(a, zero)": "zero is printed as '0'",
    "c == a / (b - b)": "It divides by zero, so it has no value",
    "c <= a / zero": "divides by zero",
    "c == huge ** 9": "beyond all measure",
}


@pytest.mark.parametrize("relation", WITHOUT_A_VALUE)
def test_a_claim_without_a_value_is_not_checkable_and_stops_no_other(
    check: Check, relation: str
) -> None:
    texts = {"a": "1.1", "b": "1.1", "c": "2.2", "zero": "0", "huge": "9e59"}
    figures = {name: {"text": text, "unit": "1"} for name, text in texts.items()}
    audit = check(figures, [relation, "c == a + b"])
    assert [r.verdict for r in audit] == [Verdict.NOT_CHECKABLE, Verdict.EXACT]
    (finding,) = audit["k1"].findings
    assert WITHOUT_A_VALUE[relation] in finding.why
    assert audit["k1"].explain()
    assert audit.diagnose("k1") == ()
    assert audit.to_dict(diagnoses=True)["claims"][0]["verdict"] == "not-checkable"


def test_findings_are_pickled_with_all_that_they_say(check: Check) -> None:
    audit = check({"a": "1 t", "b": "2 t", "c": "4 t"}, ["c == a + b", "c == a + b + a"])
    again = pickle.loads(pickle.dumps(audit))  # noqa: S301 - our own
    assert again.to_dict() == audit.to_dict()
    assert [r.findings for r in again] == [r.findings for r in audit]
