"""Plots of savings and what-ifs: what is drawn comes from the frames."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import pytest

mpl.use("agg")

import matplotlib.pyplot as plt

from carbonkit import factors, load_report, plots
from carbonkit.errors import ReportError

FACTORS = {"world": "475 g CO2/kWh", "half": "0.5 kg CO2/kWh", "one": "1 t CO2/MWh"}


@pytest.fixture(autouse=True)
def _close() -> Any:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def report() -> Any:
    return load_report("huawei-2020")


def marks(ax: Any) -> dict[str, list[float]]:
    drawn: dict[str, list[float]] = {}
    for line in ax.lines:
        if line.get_gid():
            drawn.setdefault(line.get_gid(), []).append(float(line.get_xdata()[0]))
    return drawn


def beside(ax: Any) -> str:
    return "\n".join(text.get_text() for text in ax.texts)


def test_energies_stand_in_their_order_with_the_factor_they_imply(report: Any) -> None:
    ax = plots.savings(report.verify())
    drawn = marks(ax)
    # As printed: 27.64 million kWh; 325 and 10 billion kWh together.
    assert drawn["p62-icooling-co2"] == pytest.approx([27.64e6])
    assert drawn["p4-digital-power-160mt"] == pytest.approx([335e9])
    order = [line.get_gid() for line in ax.lines if line.get_gid()]
    assert [drawn[claim][0] for claim in order] == sorted(
        (x for [x] in drawn.values()), reverse=True
    )
    assert "0.982–1.012" in beside(ax)
    legend = {text.get_text() for text in ax.get_legend().get_texts()}
    assert {"saved", "generated", "delivered", "purchased"} <= legend


def test_an_audit_of_some_claims_draws_those(report: Any) -> None:
    ax = plots.savings(report.verify().only(system="Zhanhua"))
    assert set(marks(ax)) == {"p76-zhanhua-co2"}
    with pytest.raises(ReportError, match="no claim of this audit"):
        plots.savings(report.verify().only(system="water"))


def test_claims_stand_at_their_ratio_and_say_how_their_rank_moves(report: Any) -> None:
    frame = report.restate(FACTORS)
    ax = plots.restated(frame)
    drawn = marks(ax)
    for claim, rows in frame.groupby("id"):
        assert sorted(drawn[claim]) == pytest.approx(sorted(rows["ratio"]))
    assert len(drawn["total"]) == 2 * len(FACTORS)
    assert "8 → 9" in beside(ax)
    assert "475 g CO₂/kWh" in beside(ax).replace("\n", " ")


def test_too_many_factors_are_refused(report: Any) -> None:
    many = {str(k): f"0.{k} kg CO2/kWh" for k in range(10, 19)}
    with pytest.raises(ReportError, match="cannot be told apart"):
        plots.restated(report.restate(many))


@pytest.mark.parametrize("name", ["savings", "restated"])
def test_draws_on_the_given_axes_and_no_text_overlaps(name: str, report: Any) -> None:
    cited = factors.find("electricity", release="iea/world-2018")
    given = report.verify() if name == "savings" else report.restate({"cited": cited, **FACTORS})
    _, ax = plt.subplots(figsize=(9, 7), layout="constrained")
    assert getattr(plots, name)(given, ax=ax) is ax
    assert len(plt.get_fignums()) == 1
    ax.figure.canvas.draw()
    boxes = [
        (text.get_text(), mpl.text.Text.get_window_extent(text).shrunk(0.98, 0.98))
        for text in ax.findobj(mpl.text.Text)
        if text.get_text().strip() and text.get_visible()
    ]
    for i, (one, box) in enumerate(boxes):
        for other, near in boxes[i + 1 :]:
            assert not box.overlaps(near), (one, other)
