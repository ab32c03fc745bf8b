"""The pages of the systems: complete, true to the shipped report, and written out in docs/."""

from __future__ import annotations

from pathlib import Path

import pytest

import carbonkit as ck
from carbonkit.claims import Report, load_report
from carbonkit.errors import CarbonkitError, SystemNotFound
from carbonkit.formula import Formula
from carbonkit.savings import System, systems

ROOT = Path(__file__).parents[1]

# What a reader of reports of network and power suppliers looks for, by a word of its name.
WANTED = (
    "PowerStar", "Power Turbo", "iCooling", "indirect evaporative cooling", "full liquid cooling",
    "OptiXstar", "NetEngine", "optical campus network", "iPowerCube", "HiCharger",
    "Shanghai Metro PV", "Baofeng agrivoltaic", "Zhanhua fishery-solar", "residential PV",
    "campus photovoltaics", "photovoltaics shipped", "digital power", "RuralStar",
    "5G energy per bit", "clean-electricity purchase", "Chengdu hydropower",
    "campus energy-saving projects", "supplier emissions", "product life cycle", "bioplastics",
    "packaging", "e-waste and landfill", "water", "recovered metals", "trees planted",
    "football pitches", "GeSI and WEF potentials",
)  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Report:
    return load_report("huawei-2020")


@pytest.mark.parametrize("name", WANTED)
def test_every_system_has_a_page(name: str) -> None:
    assert name in systems
    assert systems[name.upper()].name == name


@pytest.mark.parametrize("system", systems.values(), ids=lambda s: s.name)
def test_a_page_says_all_there_is_to_say(system: System) -> None:
    assert isinstance(system.formula, Formula)
    assert system.method.endswith(".")
    assert system.weak_point.endswith(".")
    assert len(system.questions) >= 2
    assert all(q.endswith("?") for q in system.questions)
    page = system.explain()
    for part in (system.name, system.formula.name, system.formula.source, *system.claims):
        assert part in page
    assert all(len(line) <= 100 for line in page.splitlines())


@pytest.mark.parametrize("system", systems.values(), ids=lambda s: s.name)
def test_every_system_has_claims_in_the_shipped_report(system: System, report: Report) -> None:
    claims = [report[claim_id] for claim_id in system.claims]
    assert claims
    assert len(set(system.claims)) == len(claims)


# Claims whose figures are not printed have no relation that could call a formula.
WITHOUT_FIGURES = {
    "indirect evaporative cooling", "residential PV", "product life cycle",
}  # fmt: skip


@pytest.mark.parametrize("system", systems.values(), ids=lambda s: s.name)
def test_a_claim_is_computed_with_the_formula_of_its_page(system: System, report: Report) -> None:
    relations = [r for claim_id in system.claims for r in report[claim_id].relations]
    called = {f.name for r in relations for f in r.formulas()}
    of_page = {f.name for f in system.formulas}
    # Differences, ratios and multiples of two figures may be written out instead.
    plain = {f.name for f in (ck.savings.per_unit_saving, ck.savings.equivalent)}
    if system.name in WITHOUT_FIGURES:
        assert not called
    else:
        assert called & of_page or of_page & (plain | {"difference_saving"}), called


def test_every_claim_that_calls_a_formula_of_savings_has_a_page(report: Report) -> None:
    of_savings = {n for n in ck.savings.__all__ if isinstance(getattr(ck.savings, n), Formula)}
    on_pages = {claim_id for system in systems.values() for claim_id in system.claims}
    missing = [
        claim.id
        for claim in report
        if {f.name for r in claim.relations for f in r.formulas()} & of_savings
        and claim.id not in on_pages
    ]
    assert missing == []


def test_an_unknown_system_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(SystemNotFound, match="Did you mean iCooling") as caught:
        systems["iColing"]
    assert isinstance(caught.value, CarbonkitError)
    assert isinstance(caught.value, KeyError)
    assert not str(caught.value).startswith(("'", '"'))
    assert systems.get("perpetual motion") is None


def test_the_document_is_what_the_pages_say() -> None:
    written = (ROOT / "docs/systems.md").read_text(encoding="utf-8")
    assert written == systems.to_markdown(), "write systems.to_markdown() to docs/systems.md"
