"""Avoided emissions: what a saved or renewable kilowatt-hour displaces elsewhere.

Avoided emissions are a comparison with a baseline, not part of an inventory. They are reported
apart from Scope 1 and 2 and never subtracted from them (GHG Protocol for Project Accounting,
ch. 2; Scope 2 Guidance, section 6.9).
"""

from __future__ import annotations

from typing import Any

from carbonkit.formula import formula

__all__ = ["avoided_emissions", "combined_margin", "tree_equivalent"]

_DISPLACED = frozenset(
    {
        "average",
        "operating-margin",
        "build-margin",
        "combined-margin",
        "non-baseload",
        "life-cycle",
        "folk",
    }
)


@formula(
    units={"energy": "kWh[/year]", "factor": "kg gas/kWh"},
    returns="t gas[/year]",
    source="UNFCCC CDM TOOL07, baseline emissions BE = EG x EF",
    accepts={"factor": _DISPLACED},
)
def avoided_emissions(energy: Any, factor: Any) -> Any:
    """Emissions avoided by electricity that was saved, or generated from renewables.

    The weak point is the factor: an average grid factor says what a kilowatt-hour carries, a
    margin what the grid would have emitted without it. A careful verifier asks which one the
    footnote cites, of which year and region, and whether the same kilowatt-hour is also counted
    as zero in Scope 2.

    Parameters
    ----------
    energy : energy, or energy per year
        Electricity saved or generated.
    factor : mass of a gas per energy
        Emission factor of the displaced electricity: average, operating, build or combined
        margin, non-baseload, life cycle, or a folk factor.

    Returns
    -------
    Result
        Mass of the factor's gas in tonnes, per year where the energy is.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension or the factor names no gas.
    FactorKindError
        If the factor is of a kind that says nothing on displaced electricity.

    Examples
    --------
    >>> print(avoided_emissions("27.64 GWh/year", "475 g CO2/kWh"))
    13,129 t CO2/year
    """
    return energy * factor


@formula(
    units={"operating": "t gas/MWh", "build": "t gas/MWh", "operating_weight": "1"},
    returns="t gas/MWh",
    source="UNFCCC CDM TOOL07, EF_CM = w_OM x EF_OM + w_BM x EF_BM with w_OM + w_BM = 1",
    accepts={"operating": frozenset({"operating-margin"}), "build": frozenset({"build-margin"})},
    kind="combined-margin",
)
def combined_margin(operating: Any, build: Any, operating_weight: Any) -> Any:
    """Combined margin of a grid from its operating and build margins.

    Parameters
    ----------
    operating, build : mass of a gas per energy
        The two margins.
    operating_weight : number
        Weight of the operating margin: 0.5 by default in TOOL07 for the first crediting period,
        0.75 for wind and solar projects; the build margin has the rest.

    Returns
    -------
    Result
        Emission factor.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.
    FactorKindError
        If a factor is not the margin it is used as.

    Examples
    --------
    >>> print(combined_margin("0.7921 t CO2/MWh", "0.3870 t CO2/MWh", 0.75))
    0.690825 t CO2/MWh
    """
    return build + operating_weight * (operating - build)


@formula(
    units={"emissions": "kg gas[/year]", "per_tree": "kg gas/tree[/year]"},
    returns="tree[/year]",
    source="a convention of communication, no accounting standard",
    accepts={"per_tree": frozenset({"equivalence"})},
)
def tree_equivalent(emissions: Any, per_tree: Any) -> Any:
    """Trees that would take up as much as was avoided.

    The weak point is the uptake of one tree, which depends on species, age, climate and survival;
    published figures differ by a factor of four and rarely say over how many years.

    Parameters
    ----------
    emissions : mass of a gas, or mass per year
        Emissions avoided.
    per_tree : mass of the same gas per tree, or per tree and year
        Uptake of one tree.

    Returns
    -------
    Result
        Number of trees.

    Raises
    ------
    DimensionError
        If an argument has the wrong dimension.

    Examples
    --------
    >>> print(tree_equivalent("1830 kg CO2/year", "18.3 kg CO2/tree/year"))
    100 tree
    """
    return emissions / per_tree
