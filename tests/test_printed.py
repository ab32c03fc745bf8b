"""Figures as printed: reading them, and un-rounding them (checked by rounding with decimal)."""

from __future__ import annotations

import decimal
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carbonkit.errors import CarbonkitError, PrintedError
from carbonkit.printed import Figure, Qualifier, Rounding, blank, parse, round_to

# The independent route: Python's decimal module rounds, and we look at what it printed.
DECIMAL_MODES = {
    # Any rule for ties. Half-even and half-up alone never print 1.5 as 1; half-down does.
    Rounding.NEAREST: (
        decimal.ROUND_HALF_EVEN,
        decimal.ROUND_HALF_UP,
        decimal.ROUND_HALF_DOWN,
    ),
    Rounding.HALF_EVEN: (decimal.ROUND_HALF_EVEN,),
    Rounding.HALF_UP: (decimal.ROUND_HALF_UP,),
    Rounding.TRUNCATED: (decimal.ROUND_DOWN,),
    Rounding.FLOOR: (decimal.ROUND_FLOOR,),
    Rounding.CEILING: (decimal.ROUND_CEILING,),
}
WIDE = decimal.Context(prec=60)
# In hundredths of the last digit: every tie and end, and just beside them. All are tried for
# every figure, since a draw would only now and then hit the end where a mode goes wrong.
OFFSETS = [end + beside for end in (-100, -50, 0, 50, 100) for beside in (-1, 0, 1)]


def printed_by_decimal(value: Decimal, step: Decimal, mode: Rounding) -> set[Decimal]:
    """Every number that rounding `value` to a multiple of `step` can print."""
    return {value.quantize(step, rounding=how, context=WIDE) for how in DECIMAL_MODES[mode]}


@pytest.mark.parametrize("mode", Rounding)
@settings(deadline=None)
@given(
    digits=st.integers(-30, 30) | st.integers(-(10**6), 10**6),
    places=st.integers(0, 4),
    somewhere=st.integers(-250, 250),
)
@example(digits=0, places=0, somewhere=0)
@example(digits=13, places=0, somewhere=0)
@example(digits=12, places=0, somewhere=0)
@example(digits=-16, places=1, somewhere=0)
def test_an_interval_holds_exactly_the_values_that_decimal_rounds_to_the_figure(
    mode: Rounding, digits: int, places: int, somewhere: int
) -> None:
    step = Decimal(1).scaleb(-places)
    shown = Decimal(digits).scaleb(-places)
    interval = parse(f"{shown:f}").interval(mode)
    for offset in [*OFFSETS, somewhere]:
        value = shown + Decimal(offset).scaleb(-places - 2)
        prints_so = shown in printed_by_decimal(value, step, mode)
        assert interval.contains(value) == prints_so, value


@pytest.mark.parametrize("mode", Rounding)
@settings(deadline=None)
@given(
    digits=st.integers(-500, 500).filter(bool),
    zeros=st.integers(1, 4),
    somewhere=st.integers(-250, 250),
)
def test_insignificant_zeros_make_the_interval_of_the_coarser_rounding(
    mode: Rounding, digits: int, zeros: int, somewhere: int
) -> None:
    shown = Decimal(digits * 10**zeros)
    interval = parse(f"{shown:,f} tons").interval(mode, zeros=zeros)
    for offset in [*OFFSETS, somewhere]:
        value = shown + Decimal(offset).scaleb(zeros - 2)
        prints_so = shown in printed_by_decimal(value, Decimal(1).scaleb(zeros), mode)
        assert interval.contains(value) == prints_so, value


@settings(deadline=None)
@given(
    value=st.decimals(-(10**6), 10**6, places=6),
    places=st.integers(0, 4),
    mode=st.sampled_from([m for m in Rounding if m is not Rounding.NEAREST]),
)
def test_round_to_agrees_with_decimal(value: Decimal, places: int, mode: Rounding) -> None:
    step = Decimal(1).scaleb(-places)
    (expected,) = printed_by_decimal(value, step, mode)
    assert round_to(Fraction(value), parse(f"{step:f}"), mode) == Fraction(expected)


@settings(deadline=None)
@given(
    value=st.fractions(-(10**7), 10**7),
    places=st.integers(-3, 3),
    mode=st.sampled_from(Rounding),
)
def test_a_truthful_figure_always_holds_its_value(
    value: Fraction, places: int, mode: Rounding
) -> None:
    zeros = max(-places, 0)
    template = parse(f"{Decimal(1).scaleb(-places):f}")
    rounded = round_to(value, template, mode, zeros=min(zeros, template.trailing_zeros))
    text = f"{Decimal(rounded.numerator) / Decimal(rounded.denominator):.{max(places, 0)}f}"
    figure = parse(text)
    assert figure.value == rounded
    if rounded:
        assert figure.interval(mode, zeros=zeros).contains(value)


@settings(deadline=None)
@given(digits=st.integers(-999, 999), power=st.sampled_from(["", " million", " billion"]))
def test_every_mode_lies_within_one_unit_and_holds_the_figure_itself(
    digits: int, power: str
) -> None:
    figure = parse(f"{digits}{power}")
    for mode in Rounding:
        interval = figure.interval(mode)
        assert interval.contains(figure.value)
        assert interval.width <= 2 * figure.ulp
        if figure.value:
            assert interval.width == figure.ulp


# -- round trip ----------------------------------------------------------------------------

WORDS = {
    Qualifier.EXACT: ["{}"],
    Qualifier.ABOUT: ["about {}", "approximately {}", "~{}", "Around {}", "约{}"],
    Qualifier.MORE_THAN: ["more than {}", "over {}", ">{}", "超过{}"],
    Qualifier.AT_LEAST: ["at least {}", "≥ {}", "no less than {}", "{} or more"],
    Qualifier.UP_TO: ["up to {}", "Up to {}", "as much as {}"],
    Qualifier.AT_MOST: ["at most {}", "<= {}", "no more than {}"],
    Qualifier.LESS_THAN: ["less than {}", "<{}", "under {}"],
    Qualifier.NEARLY: ["nearly {}", "almost {}", "近{}"],
}
LOCALES = [(".", ","), (".", ""), (",", "."), (",", " "), (".", " "), (".", "'"), (",", "'")]
POWERS = {"": 0, " thousand": 3, " million": 6, " billion": 9, "万": 4, " wan": 4, "亿": 8}
POWERS |= {"k": 3, " mn": 6, " Mio.": 6, " Mrd": 9, "bn": 9}
UNITS = {"": None, " tons": "tons", "%": "%", " %": "%", " kWh": "kWh", " t CO2e": "t CO2e"}


@settings(deadline=None)
@given(
    coefficient=st.integers(-(10**12), 10**12),
    places=st.integers(0, 4),
    locale=st.sampled_from(LOCALES),
    power=st.sampled_from(sorted(POWERS)),
    unit=st.sampled_from(sorted(UNITS)),
    worded=st.sampled_from([(q, w) for q, words in WORDS.items() for w in words]),
    minus=st.sampled_from("-−–"),
    space=st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"]),
)
def test_a_written_figure_reads_back(
    coefficient: int,
    places: int,
    locale: tuple[str, str],
    power: str,
    unit: str,
    worded: tuple[Qualifier, str],
    minus: str,
    space: str,
) -> None:
    mark, group = locale
    number = Decimal(coefficient).scaleb(-places)
    written = f"{number:,f}".translate({ord(","): group or None, ord("."): mark, ord("-"): minus})
    qualifier, words = worded
    text = words.format(written + power + unit).replace(" ", space)
    figure = parse(text, decimal=mark, thousands=group)
    assert str(figure.coefficient) == str(number)  # the same digits, trailing zeros too
    assert figure.power == POWERS[power]
    assert figure.unit == UNITS[unit]
    assert figure.qualifier is qualifier
    assert figure.value == Fraction(number) * 10 ** POWERS[power]


# What a table or a text extraction hangs on a figure without changing it.
MARKS = ["*", "**", "†", " *", "[2]", " [a]", "(a)", " (b)", "ᵃ"]
RAISED = ["¹", "²", "¹²", "¹,²"]


@settings(deadline=None)
@given(
    coefficient=st.integers(-(10**9), 10**9).filter(lambda n: abs(n) != 10),
    places=st.integers(0, 3),
    power=st.sampled_from(sorted(POWERS)),
    unit=st.sampled_from(sorted(UNITS)),
    mark=st.sampled_from(["", *MARKS]),
    raised=st.sampled_from(["", *RAISED]),
    wide=st.booleans(),
    brackets=st.booleans(),
    unseen=st.sampled_from(["", "\ufeff", "\u200b", "\u200e", "\u00ad"]),
)
def test_footnote_marks_and_invisible_characters_change_nothing(
    coefficient: int,
    places: int,
    power: str,
    unit: str,
    mark: str,
    raised: str,
    wide: bool,
    brackets: bool,
    unseen: str,
) -> None:
    number = Decimal(coefficient).scaleb(-places)
    digits = f"{number:,f}"
    if brackets and number < 0:
        digits = f"({digits[1:]})"
    if wide:  # full-width forms
        digits = "".join(chr(ord(c) + 0xFEE0) for c in digits)
    figure = parse(f"{unseen}{digits}{raised}{power}{unit}{mark}{unseen}")
    assert str(figure.coefficient) == str(number)
    assert (figure.power, figure.unit) == (POWERS[power], UNITS[unit])


@settings(deadline=None)
@given(
    low=st.decimals(0, 500, places=1),
    step=st.decimals(1, 500, places=2),
    join=st.sampled_from([" to ", "-", "–", " – ", "—", "~", "至"]),
    power=st.sampled_from(sorted(POWERS)),
)
def test_a_written_range_reads_back(low: Decimal, step: Decimal, join: str, power: str) -> None:
    high = low + step
    figure = parse(f"{low}{join}{high}{power} kWh")
    assert figure.high is not None
    assert (figure.coefficient, figure.high.coefficient) == (low, high)
    assert figure.power == figure.high.power == POWERS[power]
    assert figure.unit == figure.high.unit == "kWh"
    span = figure.interval()
    assert span.lo == figure.value - figure.ulp / 2
    assert span.hi == figure.high.value + figure.high.ulp / 2


# -- real figures --------------------------------------------------------------------------

# As printed in Huawei's 2020 Sustainability Report and other published reports.
REAL = [
    ("13,129 tons", "13129", 0, "tons", "exact"),
    ("27.64 million kWh", "27.64", 6, "kWh", "exact"),
    ("1.5 billion+ kWh", "1.5", 9, "kWh", "more-than"),
    ("200 million+ kWh", "200", 6, "kWh", "more-than"),
    ("40 million+ households", "40", 6, "households", "more-than"),
    ("4,500+ tons", "4500", 0, "tons", "more-than"),
    ("730,000+ tons", "730000", 0, "tons", "more-than"),
    ("more than 730,000", "730000", 0, None, "more-than"),
    ("over 200 million kWh", "200", 6, "kWh", "more-than"),
    ("up to 200 million kWh", "200", 6, "kWh", "up-to"),
    ("about 500,000 kWh", "500000", 0, "kWh", "about"),
    ("nearly 13,000", "13000", 0, None, "nearly"),
    ("-33.2%", "-33.2", 0, "%", "exact"),
    ("62.6 %", "62.6", 0, "%", "exact"),
    ("50-kW", "50", 0, "kW", "exact"),
    ("14,600-square-kilometer", "14600", 0, "square-kilometer", "exact"),
    ("12.46 million tons", "12.46", 6, "tons", "exact"),
    ("1.550", "1.550", 0, None, "exact"),
    ("14.00", "14.00", 0, None, "exact"),
    ("1,071,833", "1071833", 0, None, "exact"),
    ("CNY220,000", "220000", 0, "CNY", "exact"),
    ("CNY 220,000", "220000", 0, "CNY", "exact"),
    ("CNY141,893 million", "141893", 6, "CNY", "exact"),
    ("20% reduction", "20", 0, "% reduction", "exact"),
    ("170 countries", "170", 0, "countries", "exact"),
    ("(1.0)%", "-1.0", 0, "%", "exact"),
    ("12.5亿度", "12.5", 8, "度", "exact"),
    ("<1%", "1", 0, "%", "less-than"),
]


@pytest.mark.parametrize(("text", "coefficient", "power", "unit", "qualifier"), REAL)
def test_real_figures(
    text: str, coefficient: str, power: int, unit: str | None, qualifier: str
) -> None:
    figure = parse(text)
    assert str(figure.coefficient) == coefficient
    assert (figure.power, figure.unit, figure.qualifier) == (power, unit, qualifier)
    assert figure.high is None
    assert figure.text == text


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("8% to 15%", "8", "15", "%"),
        ("26–50% less energy", "26", "50", "% less energy"),
        ("1%–2%", "1", "2", "%"),
        ("between 80% and 95%", "80", "95", "%"),
        ("$5-6 million", "5", "6", "$"),
        ("20 kW to 50 kW", "20", "50", "kW"),
        ("-5 to -3", "-5", "-3", None),
    ],
)
def test_real_ranges(text: str, low: str, high: str, unit: str | None) -> None:
    figure = parse(text)
    assert figure.high is not None
    assert (str(figure.coefficient), str(figure.high.coefficient)) == (low, high)
    assert figure.unit == figure.high.unit == unit
    assert figure.power == figure.high.power


@pytest.mark.parametrize(
    ("text", "coefficient", "power", "unit"),
    [
        ("１３，１２９ｔ", "13129", 0, "t"),
        ("(1,234)", "-1234", 0, None),
        ("CNY (1,234) million", "-1234", 6, "CNY"),
        ("-$5", "-5", 0, "$"),
        ("CNY5 million/year", "5", 6, "CNY/year"),
        ("1.2 × 10⁶ kWh", "1.2", 6, "kWh"),
        ("1.2e-3 t", "1.2", -3, "t"),
        ("15.36 10^4 t", "15.36", 4, "t"),
        ("40多万户", "40", 4, "户"),
        ("1.5亿千瓦时", "1.5", 8, "千瓦时"),  # 千瓦时 is the kilowatt-hour, not 1000 of something
        ("3 hundred million kWh", "3", 8, "kWh"),
    ],
)
def test_less_common_forms(text: str, coefficient: str, power: int, unit: str | None) -> None:
    figure = parse(text)
    assert (str(figure.coefficient), figure.power, figure.unit) == (coefficient, power, unit)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("€12.3m", 12_300_000, "€"),
        ("€12.3 m", 12_300_000, "€"),
        ("12.3m EUR", 12_300_000, "EUR"),
        ("12 M€/year", 12_000_000, "€/year"),
        ("$5-6m", 5_000_000, "$"),
        ("£1.2b", 1_200_000_000, "£"),
        ("$12K", 12_000, "$"),
        ("12k t CO2e", 12_000, "t CO2e"),
        ("12k", 12_000, None),
        ("12 m", 12, "m"),
        ("12 m²", 12, "m²"),
        ("12m2", 12, "m2"),
        ("12 m/s", 12, "m/s"),
        ("300 K", 300, "K"),
        ("12kt", 12, "kt"),
        ("12 MWh", 12, "MWh"),
        ("3,5 Mrd. kWh", None, None),
        ("1,204 m³¹", 1204, "m³"),
        ("1,204 kWh²", 1204, "kWh"),
        ("12.5 %-points", Fraction("12.5"), "%-points"),
        ("+12.3 pp", Fraction("12.3"), "pp"),
        ("(0.4) p.p.", Fraction("-0.4"), "p.p."),
        ("25 basis points", 25, "basis points"),
    ],
)
def test_letters_behind_the_digits(text: str, value: object, unit: str | None) -> None:
    if value is None:
        with pytest.raises(PrintedError, match="decimal=','"):
            parse(text)
        value, unit = Fraction(35, 10) * 10**9, "kWh"
        figure = parse(text, decimal=",", thousands=".")
    else:
        figure = parse(text)
    assert (figure.value, figure.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "other"),
    [("12m", "metres"), ("1.2m tonnes", "metres"), ("12K", "kelvin"), ("12M t", "thousands")],
)
def test_a_letter_that_could_be_a_unit_is_refused_with_both_readings(text: str, other: str) -> None:
    with pytest.raises(PrintedError, match=f"could mean (million|thousand) or {other}"):
        parse(text)
    power = 3 if "K" in text else 6
    assert parse(text, abbreviated=True).power == power


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((mark, "dash") for mark in ("-", "–", "—", "−", " - ", "nil", "Nil", "–*", "-¹")),
        *((mark, "not-available") for mark in ("n/a", "N/A", "n.a.", "NA", "n.d.", "…", "..")),
        *((mark, "empty") for mark in ("", "   ", "\u00a0", "\ufeff", "*")),
        *((mark, "") for mark in ("0", "-1", "Scope 1", "1,204", "<0.1", "n/a 5")),
    ],
)
def test_cells_that_hold_no_figure(text: str, kind: str) -> None:
    assert blank(text) == kind
    if kind:
        with pytest.raises(PrintedError, match=f"holds no figure .{kind.replace('-', ' ')}"):
            parse(text)


def test_tons_are_named_only_where_they_are_bare() -> None:
    assert parse("13,129 tons", tons="tonne").unit == "tonne"
    assert parse("13,129 tons").unit == "tons"
    assert parse("5 short tons", tons="tonne").unit == "short tons"
    figure = parse("5-6 tons of CO2", tons="tonne")
    assert figure.high is not None
    assert figure.unit == figure.high.unit == "tonne of CO2"


def test_a_qualifier_stated_elsewhere_joins_and_must_not_contradict() -> None:
    assert parse("13,000", qualifier="nearly").qualifier is Qualifier.NEARLY
    assert parse("over 5", qualifier="more-than").qualifier is Qualifier.MORE_THAN
    with pytest.raises(PrintedError, match="both about and nearly"):
        parse("about 13,000", qualifier="nearly")
    with pytest.raises(PrintedError, match="Did you mean nearly"):
        parse("13,000", qualifier="neerly")


# -- what qualifiers mean ------------------------------------------------------------------


@settings(deadline=None)
@given(
    digits=st.integers(1, 999),
    zeros=st.integers(0, 5),
    words=st.sampled_from([w for q, ws in WORDS.items() if q is not Qualifier.ABOUT for w in ws]),
)
def test_a_window_lies_on_its_bound_and_one_unit_wide(digits: int, zeros: int, words: str) -> None:
    figure = parse(words.format(digits * 10**zeros))
    bound, window = figure.bound(), figure.window()
    if bound is None:
        assert figure.qualifier is Qualifier.EXACT
        assert window == figure.interval()
        return
    assert window.issubset(bound)
    assert window.contains(figure.value) == bound.contains(figure.value)
    # One unit of the last digit that is not a zero at the end.
    assert window.width == 10 ** (
        len(str(digits * 10**zeros)) - len(str(digits * 10**zeros).rstrip("0"))
    )


def test_what_speakers_mean() -> None:
    assert str(parse("more than 730,000").window()) == "(730000, 740000)"
    assert str(parse("more than 730,000").window(zeros=0)) == "(730000, 730001)"
    assert str(parse("nearly 13,000").window()) == "(12000, 13000)"
    assert str(parse("about 8%").window()) == "[7.5, 8.5]"
    assert str(parse("about 500,000").window()) == "[450000, 550000]"
    assert parse("about 8%").bound() is None


def test_zeros_that_may_be_there_for_size_only() -> None:
    assert parse("400,000 sites").trailing_zeros == 5
    assert parse("400,000 sites").zeros_before_magnitude == 0
    assert parse("160 million").trailing_zeros == parse("160 million").zeros_before_magnitude == 1
    assert parse("14.00").trailing_zeros == parse("0").trailing_zeros == 0
    assert parse("10 to 1500").trailing_zeros == 2
    assert str(parse("10 to 1500").interval(zeros=2)) == "[5, 1550]"
    with pytest.raises(PrintedError, match="ends in 1 zeros"):
        parse("160 million").interval(zeros=2)
    with pytest.raises(PrintedError, match="Did you mean half-even"):
        parse("160").interval("half even")


# -- refusals ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "locale", "readings"),
    [
        ("1,23", {}, ["1.23 (with decimal=',')", "123 (if its marks only group digits)"]),
        ("12,34,567", {}, ["1234567"]),
        ("1.234.567", {}, ["1234567 (with thousands='.')"]),
        ("1234,567", {}, ["1234.567 (with decimal=',')", "1234567"]),
        ("0,123", {}, ["0.123 (with decimal=',')"]),
        ("1.234", {"decimal": ",", "thousands": " "}, ["1.234 (with decimal='.')", "1234 (with"]),
        ("1,234", {"thousands": "'"}, ["1.234 (with decimal=',')", "1234 (with thousands=',')"]),
        ("1,234", {"thousands": ""}, ["1.234 (with decimal=',')", "1234 (with thousands=',')"]),
        ("1'234", {}, ['1234 (with thousands="\'")']),
        ("12 345 tons", {}, ["say thousands=' '"]),
        ("(30%)", {}, ["minus sign or a remark"]),
        ("more than 8% to 15%", {}, ["lower or its upper"]),
        ("1.5 million to 2 kWh", {}, ["could be 2 or"]),
    ],
)
def test_ambiguity_names_the_readings(
    text: str, locale: dict[str, str], readings: list[str]
) -> None:
    with pytest.raises(PrintedError) as caught:
        parse(text, **locale)
    for reading in readings:
        assert reading in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "N/A", "nan", "inf", "one third", "a dozen renewables", "½", "5½", "1/3"),
        *(
            "1,204 (t)",
            "12 (h)",
            "13,129 14",
            "10⁶ t",
            "10²",
            "±5",
            "5.",
            "5 + 3",
            "5 6",
            "8 and 15",
            "5 and a half million",
            "1٣",
            "((1))",
        ),
        *(
            "93 of our top 100",
            "top 100 suppliers",
            "December 31, 2020",
            "2020-12-31",
            "2.2 to 1.1",
        ),
        *(
            "less than 5+",
            "20 kW to 50 t",
            "10^4 t",
            "-(5)",
            "500 to 1 million",
            "tons (5",
            "5 t (",
        ),
        *(
            "1\x00",
            "5\n6",
            "5\u200b6",
            "\ud800 5",
            "__import__('os')",
            "1e999999999",
            "1e-99",
            "5x10^99",
        ),
        *(
            "9" * 31,
            "9" * 1000,
            "9," * 5000,
            "(" * 10_000 + "1",
            "1" + "-1" * 5000,
            "1" + " " * 10**6,
        ),
        "5" + " million" * 20,
    ],
)
def test_what_is_no_figure_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(PrintedError) as caught:
        parse(text)
    assert time.perf_counter() - start < 0.5
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("wrong", [13129, 1.5, None, b"5", Decimal(5)])
def test_a_figure_is_text(wrong: object) -> None:
    with pytest.raises(PrintedError, match="Put it in quotes"):
        parse(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("decimal_mark", "thousands"), [(".", "."), (";", ","), (".", "x")])
def test_impossible_locales(decimal_mark: str, thousands: str) -> None:
    with pytest.raises(PrintedError, match="mark"):
        parse("5", decimal=decimal_mark, thousands=thousands)


@settings(deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("0123456789.,'() -–+~%eE×^±$kWhtoand万约½¹\u00a0\x00"), max_size=40
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        figure = parse(text)
    except CarbonkitError:
        return
    assert isinstance(figure, Figure)
    assert figure.interval().contains(figure.value)
