"""The checks find what is wrong, and nothing in what ships."""

from __future__ import annotations

import random
import shutil

import pytest
from making import head, table, write

from carbonkit import factors
from carbonkit.factors import integrity
from carbonkit.factors.read import data_folder, releases_in


def problems(tmp_path, rows, more=""):
    release = write(tmp_path / "own", "r", head(more=more), table(rows))
    return [str(f) for f in factors.check(release)]


def test_nothing_that_ships_is_found_wanting():
    assert [str(f) for f in factors.check()] == []


def test_a_shifted_decimal_point_leaves_the_plausible_range(tmp_path):
    assert problems(tmp_path, [{"value": "0.5810"}]) == []
    (found,) = problems(tmp_path, [{"value": "5.810"}])
    assert "row 2 column value: 5.810 kg CO2/kWh lies outside the plausible range" in found


def test_a_row_may_state_a_range_of_its_own(tmp_path):
    assert problems(tmp_path, [{"value": "1.9", "low": "1", "high": "2"}]) == []
    (found,) = problems(tmp_path, [{"value": "2.1", "low": "1", "high": "2"}])
    assert "plausible range 1 to 2 of this row" in found


def test_a_family_without_a_range_is_a_finding(tmp_path):
    (found,) = problems(tmp_path, [{"activity": "biochar", "kind": "activity", "unit": "kg CO2/t"}])
    assert "no plausible range for biochar" in found


def test_parts_by_gas_add_up_as_far_as_rounding_allows(tmp_path):
    fuel = {"activity": "diesel", "kind": "combustion", "unit": "kg CO2e/L"}
    parts = [
        {**fuel, "gas": gas, "value": value}
        for gas, value in (("CO2", "2.62"), ("CH4", "0.01"), ("N2O", "0.03"))
    ]
    # 2.66 with four figures rounded to 0.005 each: anything from 2.64 to 2.68 may be printed.
    for value, wrong in (("2.63", 1), ("2.64", 0), ("2.66", 0), ("2.68", 0), ("2.69", 1)):
        found = problems(
            tmp_path, [*parts, {**fuel, "gas": "CO2e", "value": value}], 'gwp_set = "AR5"'
        )
        assert len(found) == wrong
        assert all("add up to" in f for f in found)


def test_gases_by_mass_are_weighed_by_the_named_set(tmp_path):
    rows = [
        {"gas": "CO2", "value": "800.0", "unit": "lb CO2/MWh"},
        {"gas": "CH4", "value": "0.100", "unit": "lb CH4/MWh"},
        {"gas": "N2O", "value": "0.010", "unit": "lb N2O/MWh"},
        # 800 + 0.1 x 28 + 0.01 x 265 = 805.45 with the AR5 values 28 and 265.
        {"gas": "CO2e", "value": "805.45", "unit": "lb CO2e/MWh"},
    ]
    assert problems(tmp_path, rows, 'gwp_set = "AR5"') == []
    # By the AR4 values 25 and 298 it would be 805.48; by those of SAR, 21 and 310, 805.2.
    rows[-1]["value"] = "806.45"
    assert len(problems(tmp_path, rows, 'gwp_set = "AR5"')) == 1


def test_derived_factors_follow_from_their_pieces(tmp_path):
    # GB/T 32151 table A: diesel 42.652 GJ/t x 20.2 t C/TJ x 0.98 x 44/12 = 3.0959 t CO2/t.
    fuel = {"activity": "diesel", "data_year": ""}
    rows = [
        {**fuel, "kind": "net-calorific-value", "gas": "", "value": "42.652", "unit": "GJ/t"},
        {**fuel, "kind": "carbon-content", "gas": "C", "value": "20.2", "unit": "t C/TJ"},
        {**fuel, "kind": "oxidation", "gas": "", "value": "0.98", "unit": "1"},
        {**fuel, "kind": "combustion", "value": "3.0959", "unit": "t CO2/t"},
    ]
    for row in rows[:2]:
        row["calorific_basis"] = "net"
    assert problems(tmp_path, rows) == []
    rows[-1]["value"] = "3.1959"
    (found,) = problems(tmp_path, rows)
    assert "42.652 GJ/t x 20.2 t C/TJ x 0.98 1 (row 2, 3, 4)" in found


def test_calorific_value_times_factor_per_energy(tmp_path):
    # EPA hub 2024, table 1: 24.93 mmBtu x 93.28 kg = 2325 kg CO2 per short ton.
    coal = {"activity": "bituminous coal", "kind": "combustion", "calorific_basis": "gross"}
    rows = [
        {
            **coal,
            "kind": "gross-calorific-value",
            "gas": "",
            "value": "24.93",
            "unit": "MMBtu/short_ton",
        },
        {**coal, "value": "93.28", "unit": "kg CO2/MMBtu"},
        {**coal, "value": "2325", "unit": "kg CO2/short_ton", "calorific_basis": ""},
    ]
    assert problems(tmp_path, rows) == []
    rows[1]["value"] = "98.28"
    (found,) = problems(tmp_path, rows)
    assert "not 2325" in found


def test_blends_add_up_to_100_percent(tmp_path):
    # ASHRAE 34: R-404A is 44 % HFC-125, 52 % HFC-143a, 4 % HFC-134a.
    blend = {"activity": "R-404A", "kind": "gwp-blend", "unit": "%", "region": "World"}
    rows = [
        {**blend, "gas": gas, "value": value}
        for gas, value in (("HFC125", "44"), ("HFC143a", "52"), ("HFC134a", "4"))
    ]
    assert problems(tmp_path, rows) == []
    rows[0]["value"] = "45"
    (found,) = problems(tmp_path, rows)
    assert "add up to 101 %" in found


def test_superseded_releases_must_be_there(tmp_path):
    (found,) = problems(tmp_path, [{}], 'supersedes = ["own/gone"]')
    assert "supersedes 'own/gone', which is not here" in found


def test_a_sealed_file_that_changes_is_found(tmp_path):
    import hashlib

    release = write(tmp_path / "own", "r", head(), table([{}]))
    seal = [
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  own/{p.name}\n"
        for p in (release, release.with_suffix(".csv"))
    ]
    (tmp_path / integrity.SEAL).write_text("".join(seal), encoding="ascii")
    assert factors.check(tmp_path) == []
    write(tmp_path / "own", "r", head(), table([{"value": "0.6"}]))
    assert "has changed since it was sealed" in str(factors.check(tmp_path)[0])
    write(tmp_path / "own", "s", head(), table([{"value": "0.6"}]))
    assert any("is not sealed" in f.problem for f in factors.check(tmp_path))


def wrong_digit(text: str, dice: random.Random) -> str:
    places = [i for i, c in enumerate(text) if c.isdigit()]
    at = dice.choice(places)
    return text[:at] + dice.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :]


@pytest.mark.parametrize("seed", [1, 2])
def test_most_wrong_digits_are_found_by_arithmetic_alone(seed, tmp_path):
    """Twenty rows of the releases whose figures can be told from each other, without the seal."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    folder = tmp_path / "factors"
    shutil.copytree(data_folder(), folder)
    (folder / integrity.SEAL).unlink(missing_ok=True)
    tables = [r for r in releases_in(folder) if "uk-government" in r.name or "hub" in r.name]
    caught = 0
    for _ in range(20):
        release = dice.choice(tables)
        row = dice.choice([r for r in release.rows() if r.get("kind") == "combustion"])
        lines = release.table.read_text(encoding="utf-8").split("\n")
        value = row.get("value")
        wrong = wrong_digit(value, dice)
        spoilt = [*lines]
        spoilt[row.line - 1] = spoilt[row.line - 1].replace(f",{value},", f",{wrong},", 1)
        assert spoilt != lines
        release.table.write_text("\n".join(spoilt), encoding="utf-8")
        caught += bool(factors.check(release.toml))
        release.table.write_text("\n".join(lines), encoding="utf-8")
    assert caught > 10
