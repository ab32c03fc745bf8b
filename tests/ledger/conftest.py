"""A small made-up library for the tests of tables."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="tables need the extra: pip install carbonkit[ledger]")
pytest.importorskip("duckdb", reason="tables need the extra: pip install carbonkit[ledger]")

sys.path.insert(0, str(Path(__file__).parents[1] / "factors"))

import making

ROWS = [
    {"region": "CN", "data_year": "2020", "value": "0.5810"},
    {"region": "CN", "data_year": "2021", "value": "0.5703", "unit": "t CO2/MWh"},
    {"region": "GB", "data_year": "2020", "value": "0.23314"},
    # A factor that does not end as tonnes per kWh: 1 MMBtu is 1055.05585262 MJ.
    {"activity": "natural gas", "region": "US", "data_year": "", "kind": "combustion",
     "value": "53.06", "unit": "kg CO2/MMBtu"},
    {"activity": "natural gas", "region": "US", "data_year": "", "kind": "combustion",
     "gas": "CH4", "value": "1.0", "unit": "g CH4/MMBtu"},
    {"activity": "natural gas", "region": "US", "data_year": "", "kind": "combustion",
     "gas": "N2O", "value": "0.10", "unit": "g N2O/MMBtu"},
    {"activity": "steam", "region": "CN", "data_year": "2020", "kind": "heat", "gas": "CO2e",
     "value": "0.11", "unit": "t CO2e/GJ"},
    {"activity": "diesel", "region": "CN", "data_year": "2020", "value": "3.1",
     "kind": "combustion", "unit": "t CO2/t", "item": "Diesel A"},
    {"activity": "diesel", "region": "CN", "data_year": "2020", "value": "3.2",
     "kind": "combustion", "unit": "t CO2/t", "item": "Diesel B"},
    {"activity": "coal", "region": "CN", "data_year": "2020", "value": "20.9",
     "kind": "net-calorific-value", "gas": "", "unit": "GJ/t"},
]  # fmt: skip


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("factors")
    making.write(folder / "own", "one", making.head(more='gwp_set = "AR5"'), making.table(ROWS))
    return making.opened(folder)
