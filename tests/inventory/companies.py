"""Companies for the tests of the inventory: one by hand, and any number drawn at random."""

import pandas as pd
from hypothesis import strategies as st

UK, CHINA = "uk-government/conversion-factors-2024", "mee-china/electricity-2022"

SITES = pd.DataFrame(
    [
        {"site": "A", "region": "CN-GD", "market": "CN", "equity_share": 40,
         "operational_control": "yes", "financial_control": "no"},
        {"site": "B", "region": "CN-BJ", "market": "CN", "equity_share": 100,
         "operational_control": "yes", "financial_control": "yes"},
        {"site": "C", "region": "GB", "market": "GB", "equity_share": 75,
         "operational_control": "no", "financial_control": "yes"},
    ]
)  # fmt: skip

KINDS = [
    {"category": "electricity", "activity": "electricity", "unit": "MWh",
     "factor": 0.5366, "factor_unit": "kg CO2/kWh", "residual": 0.5856,
     "residual_unit": "kg CO2/kWh", "factor_source": "notice"},
    {"category": "stationary", "activity": "natural gas", "unit": "MMBtu",
     "calorific_basis": "gross", "release": "us-epa/hub-2024"},
    {"category": "stationary", "activity": "wood", "unit": "MMBtu",
     "calorific_basis": "gross", "release": "us-epa/hub-2024",
     "item": "Wood and Wood Residuals"},
    {"category": "fugitive", "activity": "R-410A", "unit": "kg"},
    {"category": "process", "activity": "clinker", "unit": "t", "factor": 0.52,
     "factor_unit": "t CO2/t", "factor_source": "IPCC"},
    {"category": "heat", "activity": "heat", "unit": "GJ", "factor": 0.11,
     "factor_unit": "t CO2/GJ", "factor_source": "NDRC"},
]  # fmt: skip

amounts = st.decimals(0, 10**6, places=3).map(str)


@st.composite
def activities(draw, smallest=1, largest=10, years=(2022, 2023)):
    """Rows of activity data that can all be used."""
    rows = []
    for number in range(draw(st.integers(smallest, largest))):
        rows.append(
            {
                **draw(st.sampled_from(KINDS)), "site": draw(st.sampled_from("ABC")),
                "year": draw(st.sampled_from(years)), "amount": draw(amounts),
                "meter": f"m{number}", "quality": draw(st.sampled_from([None, 1, 3])),
            }
        )  # fmt: skip
    return pd.DataFrame(rows).astype(object)


@st.composite
def instruments(draw, rates=(0,)):
    """Certificates for both years of the Chinese market; some exceed what is used."""
    return pd.DataFrame(
        [
            {"id": f"c{number}", "type": "certificate", "energy": draw(st.integers(0, 10**5)),
             "unit": "MWh", "market": draw(st.sampled_from(["CN", "GB"])),
             "vintage": draw(st.sampled_from([2022, 2023])), "rate": draw(st.sampled_from(rates)),
             "rate_unit": "kg CO2/kWh", "retired": "yes", "renewable": "yes"}
            for number in range(draw(st.integers(0, 3)))
        ],
        columns=["id", "type", "energy", "unit", "market", "vintage", "rate", "rate_unit",
                 "retired", "renewable"],
    )  # fmt: skip
