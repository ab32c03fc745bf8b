"""Plots: what is drawn comes from the objects, and drawing changes nothing else."""

import subprocess
import sys
from importlib.resources import files

import matplotlib as mpl
import pandas as pd
import pytest

mpl.use("agg")

import matplotlib.pyplot as plt

from carbonkit import avoided_emissions, combined_margin, factors, load_report, plots
from carbonkit.claims import Verdict, parse_report
from carbonkit.errors import CarbonkitError, FactorError, ReportError, UnitError
from carbonkit.plots import style

AUDIT_PLOTS = [plots.verdicts, plots.printed_against_recomputed, plots.implied_factors]


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def audit():
    return load_report("huawei-2020").verify()


@pytest.fixture(scope="module")
def world():
    return factors.find("electricity", region="World", year=2018, release="iea/world-2018")


@pytest.fixture(scope="module")
def countries():
    return factors.compare("electricity", publisher="Ember", region=["World", "CN", "GB"])


def altered(old: str, new: str):
    """Return the audit of a copy of the report in which one piece of text differs."""
    path = files("carbonkit") / "reports" / "huawei-2020.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    return parse_report(text.replace(old, new).encode(), "altered.toml").verify()


def marks(ax) -> dict[str, tuple[float, float]]:
    """Return the position of every mark that stands for a claim or a factor."""
    return {
        line.get_gid(): (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in ax.lines
        if line.get_gid()
    }


def bars(ax, y: float) -> list[tuple[float, float]]:
    """Return the ends of the lines drawn at a height."""
    return [
        (float(x[0]), float(x[-1]))
        for line in ax.lines
        for x in [line.get_xdata()]
        if len(x) == 2 and list(line.get_ydata()) == [y, y]
    ]


def upright(ax) -> list[float]:
    return [line.get_xdata()[0] for line in ax.lines if list(line.get_ydata()) == [0, 1]]


def rows(ax) -> dict[str, float]:
    return dict(
        zip((t.get_text() for t in ax.get_yticklabels()), map(float, ax.get_yticks()), strict=True)
    )


def texts(ax) -> str:
    return "\n".join(t.get_text() for t in ax.texts)


# --- every plot ----------------------------------------------------------------------------------


@pytest.mark.parametrize("plot", AUDIT_PLOTS)
def test_draws_on_the_given_axes_and_opens_nothing(plot, audit):
    _, ax = plt.subplots()
    assert plot(audit, ax=ax) is ax
    assert len(plt.get_fignums()) == 1
    ax.figure.canvas.draw()


@pytest.mark.parametrize("plot", AUDIT_PLOTS)
def test_says_what_it_shows_and_where_from(plot, audit):
    ax = plot(audit)
    ax.figure.canvas.draw()
    assert ax.get_title(loc="left")
    assert ax.get_xlabel()
    assert audit.report.title in texts(ax).replace("\n", " ")


def test_changes_no_settings(audit, world, countries):
    plt.figure()
    settings, backend = dict(mpl.rcParams), mpl.get_backend()
    plt.close("all")
    for plot in AUDIT_PLOTS:
        plt.close(plot(audit).figure)
    plt.close(plots.factor_history(countries).figure)
    plt.close(plots.factor_comparison({"world": world}).figure)
    assert dict(mpl.rcParams) == settings
    assert mpl.get_backend() == backend
    assert not plt.get_fignums()


def test_importing_plots_does_not_import_matplotlib():
    code = "import sys, carbonkit.plots; assert not {'matplotlib', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("plot", AUDIT_PLOTS)
def test_texts_do_not_overlap(plot, audit):
    ax = plot(audit)
    ax.figure.canvas.draw()
    boxes = [
        (text.get_text(), mpl.text.Text.get_window_extent(text).shrunk(0.98, 0.98))
        for text in ax.findobj(mpl.text.Text)
        if text.get_text().strip() and text.get_visible()
    ]
    for i, (one, box) in enumerate(boxes):
        for other, beside in boxes[i + 1 :]:
            assert not box.overlaps(beside), (one, other)


# --- verdicts ------------------------------------------------------------------------------------


def test_one_cell_for_each_claim_in_the_colour_of_its_verdict(audit):
    ax = plots.verdicts(audit)
    assert len(ax.patches) == len(audit)
    drawn = pd.Series([mpl.colors.to_hex(p.get_facecolor()) for p in ax.patches]).value_counts()
    for verdict, count in audit.counts().items():
        assert drawn.get(style.VERDICTS[verdict][0].lower(), 0) == count
    heights = rows(ax)
    assert set(heights) == {r.claim.system for r in audit}
    for system, y in heights.items():
        cells = [p for p in ax.patches if p.get_y() < y < p.get_y() + p.get_height()]
        assert len(cells) == sum(r.claim.system == system for r in audit)
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert [int(t.split()[0]) for t in legend] == [n for n in audit.counts().values() if n]


def test_colours_are_told_apart_in_grey_or_by_their_marks():
    assert len(set(style.VERDICTS.values())) == len(Verdict)
    assert len({mark for _, mark in style.SERIES}) == len(style.SERIES)


# --- printed against recomputed ------------------------------------------------------------------


def test_positions_are_percent_of_the_printed_value(audit):
    ids = ["p62-icooling-co2", "p74-metro-co2", "p65-optixstar-co2"]
    ax = plots.printed_against_recomputed(audit, ids)
    drawn = marks(ax)
    assert set(drawn) == set(ids)
    for claim_id in ids[:2]:
        found = audit[claim_id].to_dict()
        claimed = float(audit[claim_id].claim.relations[0].left.evaluate(claimed_values(audit)))
        x, y = drawn[claim_id]
        expected = 100 * (found["recomputed"]["nominal"] - claimed) / claimed
        assert x == pytest.approx(expected, abs=1e-9)
        for (low, high), side in zip(bars(ax, y), ("printed", "recomputed"), strict=True):
            assert low == pytest.approx(100 * (found[side]["low"] - claimed) / claimed)
            assert high == pytest.approx(100 * (found[side]["high"] - claimed) / claimed)


def claimed_values(audit):
    return {n: v.value / v.base for n, v in audit.report.values.items() if v.figure is not None}


def test_a_bound_reaches_to_the_edge(audit):
    ax = plots.printed_against_recomputed(audit, ["p65-optixstar-co2"])
    (_, y), edge = marks(ax)["p65-optixstar-co2"], ax.get_xlim()[1]
    assert bars(ax, y)[0] == pytest.approx((0, edge))


def test_a_last_digit_and_a_factor_of_two_are_both_seen(audit):
    ax = plots.printed_against_recomputed(audit)
    to_pixels = ax.transData.transform
    zero, permille, double = (to_pixels((x, 0))[0] for x in (0, 0.1, 100))
    width = ax.bbox.width
    assert permille - zero > 0.05 * width
    assert double - permille < 0.8 * width


def test_all_that_was_recomputed_is_drawn_by_default(audit):
    drawn = marks(plots.printed_against_recomputed(audit))
    recomputed = {
        r.id
        for r in audit
        if r.deciding.procedure == "recalculation" and r.deciding.recomputed is not None
    }
    assert drawn.keys() == recomputed
    ends = [x for x, _ in sorted(drawn.values(), key=lambda xy: xy[1])]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (["p62-icooling-c02"], "no claim 'p62-icooling-c02'. Did you mean"),
        (["p77-bioplastics"], "has no printed value that was recomputed"),
    ],
)
def test_a_claim_that_cannot_be_drawn_is_named(audit, ids, words):
    with pytest.raises(ReportError, match=words):
        plots.printed_against_recomputed(audit, ids)
    assert not plt.get_fignums()


# --- implied factors -----------------------------------------------------------------------------


def test_rows_are_the_narrowest_relation_of_each_claim(audit):
    ax = plots.implied_factors(audit)
    drawn = marks(ax)
    frame = audit.implied_factors("kg CO2/kWh")
    single = frame[frame.groupby(["id", "relation"]).factor.transform("size") == 1]
    narrow = single.assign(width=single.high - single.low).sort_values("width")
    narrow = narrow.drop_duplicates(["id", "factor"]).set_index("id")
    assert drawn.keys() == set(narrow.index)
    for claim_id, (x, y) in drawn.items():
        row = narrow.loc[claim_id]
        assert x == pytest.approx((row.low + row.high) / 2)
        assert bars(ax, y) == [(row.low, row.high)]


def test_published_factors_are_drawn_where_the_library_has_them(audit, world):
    ax = plots.implied_factors(audit)
    folk = factors.find("electricity", region="CN", kind="folk", item=FOLK)
    assert upright(ax) == pytest.approx([float(world.value) / 1000, float(folk.value)])
    margins = factors.find_all("electricity", kind="operating-margin", year=2019, publisher="MEE")
    averages = factors.find_all("electricity", region="CN", kind="average", publisher="IEA")
    past = [f.value / 1000 for f in averages if f.data_year <= audit.report.year]
    bands = sorted((p.get_x(), p.get_x() + p.get_width()) for p in ax.patches)
    assert bands == [
        pytest.approx((float(min(past)), float(max(past)))),
        pytest.approx(tuple(float(end(f.value for f in margins)) for end in (min, max))),
    ]


FOLK = "减排0.997千克二氧化碳 (0.997 kg of CO2 avoided)"


def test_another_cited_factor_moves_the_line_and_not_the_claims(audit):
    old = 'region = "World", year = 2018, kind = "average", publisher = "IEA", release = "iea/world'
    new = 'region = "World", year = 2018, kind = "average", publisher = "IEA", release = "iea/chart'
    other = altered(f'{old}-2018"', f'{new}-2024"')
    before, after = plots.implied_factors(audit), plots.implied_factors(other)
    assert upright(before)[0] == pytest.approx(0.475)
    chart = factors.find("electricity", region="World", year=2018, release="iea/chart-2024")
    assert upright(after)[0] == pytest.approx(float(chart.value) / 1000)
    assert {k: x for k, (x, _) in marks(after).items()} == pytest.approx(
        {k: x for k, (x, _) in marks(before).items()}
    )


def test_another_printed_figure_moves_its_claim_and_no_other(audit):
    other = altered('icooling_co2 = { text = "13,129', 'icooling_co2 = { text = "14,129')
    before, after = marks(plots.implied_factors(audit)), marks(plots.implied_factors(other))
    assert after["p62-icooling-co2"][0] == pytest.approx(14129 / 27.64e3, rel=1e-6)
    moved = {k for k in before if before[k][0] != pytest.approx(after[k][0])}
    assert moved == {"p62-icooling-co2"}


def test_a_what_if_is_drawn_where_it_was_put_and_named(audit):
    trial = audit.report.verify(factors={"iea": "0.500 kg CO2/kWh"})
    ax = plots.implied_factors(trial)
    assert upright(ax)[0] == pytest.approx(0.5)
    assert "iea as replaced" in texts(ax)
    assert "iea = 0.500 kg CO₂/kWh" in texts(ax)


def test_units_of_the_axis(audit):
    ax = plots.implied_factors(audit, unit="lb CO2/MWh")
    assert ax.get_xlabel().endswith("lb CO₂/MWh")
    assert upright(ax)[0] == pytest.approx(0.475 * 1000 / 0.45359237)
    with pytest.raises(ReportError, match="no relation of huawei-2020 has one cited"):
        plots.implied_factors(audit, unit="kg CH4/kWh")
    with pytest.raises(UnitError):
        plots.implied_factors(audit, unit="kwh")


def test_implied_interval_holds_the_factor_wherever_the_finest_reading_passes(audit):
    frame = audit.implied_factors()
    exact = frame[frame.verdict == str(Verdict.EXACT)]
    assert len(exact)
    assert ((exact.low <= exact.cited_low) & (exact.cited_high <= exact.high)).all()


def test_implied_interval_by_hand(audit):
    # 13,129 t from 27.64 million kWh: (13,128.5 t / 27.645e6 kWh, 13,129.5 t / 27.635e6 kWh)
    row = audit.implied_factors("kg CO2/kWh").set_index("id").loc["p62-icooling-co2"]
    assert row.low == pytest.approx(13128.5 / 27645, rel=1e-12)
    assert row.high == pytest.approx(13129.5 / 27635, rel=1e-12)
    assert row.unit == "kg CO2/kWh"


# --- factors -------------------------------------------------------------------------------------


def test_history_is_one_line_per_series_with_its_values(countries):
    ax = plots.factor_history(countries)
    lines = [line for line in ax.lines if len(line.get_xdata()) > 1]
    assert len(lines) == 3
    for line, region in zip(lines, ["World", "CN", "GB"], strict=True):
        rows = countries[countries.region == region].sort_values("data_year")
        assert list(line.get_xdata()) == rows.data_year.tolist()
        assert list(line.get_ydata()) == pytest.approx((rows.value / 1000).tolist())
    for name in ("World", "China", "United Kingdom"):
        assert name in texts(ax)
    assert "Ember" in texts(ax)
    assert ax.get_ylabel() == "kg CO₂e/kWh"


def test_history_tells_series_apart_by_what_differs():
    frame = factors.compare("electricity", region="CN", kind=["average", "residual"], year=2022)
    told = texts(plots.factor_history(frame))
    assert "average, IEA" in told
    assert "average, MEE, generation" in told
    assert "residual  " in told


def test_history_in_another_unit(countries):
    ax = plots.factor_history(countries, to="t/GWh")
    assert ax.get_ylabel() == "t CO₂e/GWh"
    assert list(ax.lines[0].get_ydata()) == pytest.approx(
        countries[countries.region == "World"].value.tolist()
    )


def test_comparison_takes_factors_results_and_text(world):
    margins = {
        kind: factors.find("electricity", region="CN-East", year=2019, kind=kind)
        for kind in ("operating-margin", "build-margin")
    }
    given = {
        **margins,
        "combined": combined_margin(*margins.values(), 0.5),
        "world": world,
        "mine": "0.65 kg CO2/kWh",
    }
    ax = plots.factor_comparison(given)
    assert list(rows(ax)) == list(given)
    operating, build = (float(f.value) for f in margins.values())
    assert [x for x, _ in marks(ax).values()] == pytest.approx(
        [operating, build, (operating + build) / 2, 0.475, 0.65]
    )
    assert "MEE (2020)" in texts(ax)
    assert "IEA (2019)" in texts(ax)


def test_comparison_of_a_frame_by_region_and_kind():
    frame = factors.compare(
        "electricity",
        region=["CN-East", "CN-North"],
        kind=["operating-margin", "build-margin"],
        year=2019,
    )
    ax = plots.factor_comparison(frame)
    assert list(rows(ax)) == ["East China grid", "North China grid"]
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend == ["operating margin", "build margin"]
    for row in frame.itertuples():
        place = {"CN-East": "East China grid", "CN-North": "North China grid"}[row.region]
        x, y = marks(ax)[f"{place}: {row.kind.replace('-', ' ')}"]
        assert x == pytest.approx(row.value)
        assert y == rows(ax)[place]


def test_equal_values_stand_apart_and_others_on_the_line(world):
    ax = plots.factor_comparison({"here": {"a": world, "b": world, "c": "1 kg CO2/kWh"}})
    heights = {k: y for k, (_, y) in marks(ax).items()}
    assert heights["here: a"] != heights["here: b"]
    assert heights["here: c"] == 0


@pytest.mark.parametrize(
    ("draw", "error"),
    [
        (lambda: plots.factor_comparison({}), FactorError),
        (lambda: plots.factor_comparison({"energy": "3 kWh"}), UnitError),
        (lambda: plots.factor_comparison({"result": avoided_emissions("1 kWh", W)}), UnitError),
        (lambda: plots.factor_history(factors.compare("electricity", year=1950)), FactorError),
    ],
)
def test_nothing_to_draw_is_an_error_and_opens_no_figure(draw, error):
    with pytest.raises(error) as caught:
        draw()
    assert isinstance(caught.value, CarbonkitError)
    assert not plt.get_fignums()


W = "475 g CO2/kWh"
