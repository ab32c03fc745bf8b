"""Charts show the numbers of the inventory."""

import companies
import pandas as pd
import pytest

from carbonkit import inventory
from carbonkit.inventory import compare

mpl = pytest.importorskip("matplotlib")
mpl.use("agg")


@pytest.fixture
def company():
    rows = [
        {**kind, "site": site, "year": year, "amount": 100 * place + year - 2000}
        for place, kind in enumerate(companies.KINDS, start=1)
        for site in "AB"
        for year in (2022, 2023)
    ]
    return inventory.from_frame(pd.DataFrame(rows).astype(object), sites=companies.SITES)


@pytest.fixture(autouse=True)
def closed():
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


def test_bars_of_scopes_are_as_long_as_the_totals(company):
    from carbonkit.plots import scopes

    ax = scopes(company, "AR5")
    lengths = {}
    for bar in ax.patches:
        place = round(bar.get_y() + bar.get_height() / 2)
        lengths[place] = lengths.get(place, 0) + bar.get_width()
    names = dict(enumerate(label.get_text() for label in ax.get_yticklabels()))
    assert len(names) == 4
    for place, name in names.items():
        year, method = name.split(", ")
        total = company.total("AR5", year=int(year), method=method).magnitude
        assert lengths[place] == pytest.approx(total)


def test_bars_of_sources_make_both_scopes(company):
    from carbonkit.plots import sources

    ax = sources(company, "AR5")
    total = company.total("AR5", scope=(1, 2), method="location-based").magnitude
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(total)


def test_the_waterfall_goes_from_before_to_after(company):
    from carbonkit.plots import change_by_cause

    change = compare(company.only(year=2022), company.only(year=2023), "AR5")
    before, *steps, after = [bar.get_width() for bar in change_by_cause(change).patches]
    assert before + sum(steps) == pytest.approx(after)
    assert after == pytest.approx(float(change.after))
