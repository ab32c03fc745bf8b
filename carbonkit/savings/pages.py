"""A page for each system that reports make savings claims about.

A page says by which method such a claim is computed, where the method is weak, and what a careful
verifier would ask. Many systems are one general formula under a name of their own; they share the
formula and have a page each.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from carbonkit.avoidance import avoided_emissions, tree_equivalent
from carbonkit.errors import SystemNotFound, nearest
from carbonkit.formula import Formula
from carbonkit.intensity import percent_change, share
from carbonkit.savings.data_centre import cooling_cut, pue_reduction_saving, pue_saving
from carbonkit.savings.general import (
    difference_saving,
    displaced_fuel,
    efficiency_saving,
    equivalent,
    full_load_energy,
    material_substitution,
    per_bit_saving,
    per_unit_saving,
    share_of_baseline,
)
from carbonkit.savings.networks import optixstar, power_turbo, powerstar

__all__ = ["System", "Systems", "systems"]


@dataclass(frozen=True)
class System:
    """What is known about the claims on one system.

    Attributes
    ----------
    name : str
        As the field names it.
    kind : str
        Group of systems.
    formulas : tuple of Formula
        What such claims are computed with, the main one first.
    method : str
        How the figure comes about.
    weak_point : str
        Where it is most likely to be off, and in which direction.
    questions : tuple of str
        What a careful verifier asks.
    claims : tuple of str
        Ids of the claims about it in the report that ships, huawei-2020.
    """

    name: str
    kind: str
    formulas: tuple[Formula, ...]
    method: str
    weak_point: str
    questions: tuple[str, ...]
    claims: tuple[str, ...]

    @property
    def formula(self) -> Formula:
        """The main formula."""
        return self.formulas[0]

    def explain(self) -> str:
        """Return the page as text.

        Examples
        --------
        >>> print(systems["football pitches"].explain())
        football pitches (equivalents and potentials)
        Formula: equivalent(amount, per_thing)
        ...
        A careful verifier asks:
          - How large is the pitch meant?
          - Is it the same one on every page?
        Claims in huawei-2020: p35-palawan-pitches, p74-metro-football
        """
        lines = [f"{self.name} ({self.kind})"]
        for formula in self.formulas:
            lines.append(f"Formula: {_called(formula)}")
            lines.append(f"    {formula.source}")
        lines += _filled("Method", self.method)
        lines += _filled("Weak point", self.weak_point)
        lines.append("A careful verifier asks:")
        for question in self.questions:
            lines += textwrap.wrap(question, 98, initial_indent="  - ", subsequent_indent="    ")
        lines += _filled("Claims in huawei-2020", ", ".join(self.claims))
        return "\n".join(lines)


def _called(formula: Formula) -> str:
    return f"{formula.name}({', '.join(formula.units)})"


def _filled(label: str, text: str) -> list[str]:
    return textwrap.wrap(f"{label}: {text}", 98, subsequent_indent="    ", break_on_hyphens=False)


class Systems(Mapping[str, System]):
    """Systems by name, whatever its case.

    Examples
    --------
    >>> systems["powerstar"].formula
    <formula powerstar(per_site_day [kWh/site/day], ...) -> kWh[/year]>
    >>> "HiCharger" in systems, "perpetual motion" in systems
    (True, False)
    """

    def __init__(self, found: Iterable[System]) -> None:
        self._by_name = {system.name.casefold(): system for system in found}

    def __getitem__(self, name: str) -> System:
        try:
            return self._by_name[name.casefold()]
        except KeyError:
            raise SystemNotFound(
                f"there is no system {name!r}.{nearest(name, self)} Known are {', '.join(self)}."
            ) from None

    def __iter__(self) -> Iterator[str]:
        return (system.name for system in self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def to_markdown(self) -> str:
        """Return all pages as one document: docs/systems.md."""
        lines = [_HEAD]
        kind = ""
        for system in self.values():
            if system.kind != kind:
                kind = system.kind
                lines.append(f"## {kind[0].upper()}{kind[1:]}\n")
            calls = ", ".join(f"`{_called(f)}`" for f in system.formulas)
            claims = ", ".join(f"`{c}`" for c in system.claims)
            lines += [
                f"### {system.name}\n",
                f"Formula: {calls}\n",
                f"{system.method}\n",
                f"*Weak point.* {system.weak_point}\n",
                "A careful verifier asks:\n",
                *(f"- {question}" for question in system.questions),
                f"\nIn the shipped report: {claims}\n",
            ]
        return "\n".join(lines)


_HEAD = """# Systems

What sustainability reports say that their systems save, and how such claims are computed. Many
systems are one general formula under a name of their own. In Python the same pages are
`ck.savings.systems`:

```pycon
>>> import carbonkit as ck
>>> system = ck.savings.systems["HiCharger"]
>>> system.formula.name
'efficiency_saving'
>>> print(system.formula("7 GWh/year", 0.95, 0.96).to("MWh/year"))
76.7544 MWh/year
```

This file is written by `carbonkit.savings.systems.to_markdown()`; `tests/test_systems.py` says when
it is stale.
"""

_FACTOR = "Which emission factor does the footnote cite: kind, region, year?"
_TWICE = "Is the same kilowatt-hour also counted as zero in Scope 2, or by the customer?"

_DATA_CENTRES = "data centres"
_NETWORKS = "networks"
_POWER = "power supply and charging"
_SOLAR = "renewable electricity for customers"
_OPERATIONS = "own operations and purchases"
_PRODUCTS = "products, materials and waste"
_LIKENESS = "equivalents and potentials"

systems = Systems(
    [
        System(
            "iCooling",
            _DATA_CENTRES,
            (pue_reduction_saving, avoided_emissions),
            method=(
                "A relative cut of PUE is the same relative cut of the whole facility's energy, as "
                "long as the IT equipment draws the same. Energy times a grid factor gives the "
                "tonnes."
            ),
            weak_point=(
                "PUE moves with weather and load by as much as controls can save, and a range such "
                "as 8 to 15 % is what several sites reached, not what this one did."
            ),
            questions=(
                "What was the facility's energy before, in kWh?",
                "Are both PUE values annual averages, at one IT load and in one climate?",
                "Is the saving measured against the months before, or modelled?",
                _FACTOR,
            ),
            claims=(
                "p62-icooling-pue",
                "p62-icooling-co2",
                "p62-icooling-box",
            ),
        ),
        System(
            "indirect evaporative cooling",
            _DATA_CENTRES,
            (pue_saving, cooling_cut),
            method=(
                "Outside air cools by evaporation, and compressors run for fewer hours. The saving "
                "is IT energy times the difference of PUE."
            ),
            weak_point=(
                "It trades electricity for water, and it depends on the climate more than any "
                "other method of cooling."
            ),
            questions=(
                "For which climate, and which year's weather, does the PUE hold?",
                "How much water is evaporated, and is it in the water figures?",
                "What is the reference: chilled water with or without free cooling?",
            ),
            claims=("p62-evaporative-cooling",),
        ),
        System(
            "full liquid cooling",
            _DATA_CENTRES,
            (pue_saving, cooling_cut, avoided_emissions),
            method="IT power times the difference of PUE times the hours in operation.",
            weak_point=(
                "A cabinet's rated power is the most that it can draw; at half the load it saves "
                "half. Liquid cooling also takes fans out of the servers, which lowers IT energy, "
                "so that PUE looks worse than the saving is."
            ),
            questions=(
                "At which average load did the cabinet run?",
                "Is a PUE of a whole room compared with that of one cabinet?",
                "Is 96 % the cut of cooling, or of everything that is not IT?",
                _FACTOR,
            ),
            claims=(
                "p61-liquid-energy",
                "p61-liquid-96pct",
                "p61-liquid-co2",
                "p61-liquid-chain",
                "p61-heat-split",
            ),
        ),
        System(
            "PowerStar",
            _NETWORKS,
            (powerstar,),
            method="Saving of one site and day times the number of sites times the days of a year.",
            weak_point=(
                "What one site can save is not what the average site saves, and sites counted at "
                "the end of a year did not run all of it."
            ),
            questions=(
                "What is the measured distribution of the saving over sites?",
                "How many sites were active on average over the year?",
                "Against which state of the network: with or without the operator's own measures?",
            ),
            claims=(
                "p4-powerstar-200gwh",
                "p9-powerstar-3-level",
            ),
        ),
        System(
            "Power Turbo",
            _NETWORKS,
            (power_turbo, avoided_emissions, share_of_baseline),
            method=(
                "A field test's saving per site and day, extrapolated to the sites of a network."
            ),
            weak_point="Test sites are chosen, and traffic in a test is not that of a year.",
            questions=(
                "How many sites has the network, and how were those of the test drawn?",
                "Do the share of total energy and the saving per site describe one network?",
                "Is the figure a measurement or what would be reached?",
                _FACTOR,
            ),
            claims=(
                "p63-powerturbo-sites",
                "p63-powerturbo-10pct",
                "p63-powerturbo-co2",
            ),
        ),
        System(
            "5G energy per bit",
            _NETWORKS,
            (per_bit_saving,),
            method="Energy per bit against that of the older generation, times the traffic.",
            weak_point=(
                "Energy per bit is measured at full use, where most sites never are, and falls "
                "with traffic by itself. A tenth per bit at thirty times the capacity is three "
                "times the energy."
            ),
            questions=(
                "At which load was the energy per bit measured, and does it include idle hours?",
                "How has the network's energy developed, not its energy per bit?",
                "Does the older network go on running beside the new one?",
            ),
            claims=("p3-5g-energy-per-bit",),
        ),
        System(
            "RuralStar",
            _NETWORKS,
            (difference_saving,),
            method=(
                "Power of the site that would have been built otherwise less its own, times the "
                "hours."
            ),
            weak_point="Where there was no site before, nothing is saved: the reference is a plan.",
            questions=(
                "Which site would have been built, and what would it have drawn?",
                "Is the power that of the radio alone, or with transmission and cooling?",
                "How many sites are there, and how are they powered?",
            ),
            claims=(
                "p40-ruralstar-100w",
                "p40-ruralstar-people",
            ),
        ),
        System(
            "OptiXstar",
            _NETWORKS,
            (optixstar, difference_saving, avoided_emissions),
            method=(
                "Difference of daily consumption to competing modems times the days, times the "
                "households with a modem in service."
            ),
            weak_point=(
                "A modem put into service in November saves two months, not a year, and the "
                "reference may be two boxes of an older generation."
            ),
            questions=(
                "Which products, in which mode, were measured for the reference?",
                "How many modems were in service on average over the year?",
                "Would the households have bought the reference product?",
                _FACTOR,
            ),
            claims=(
                "p65-optixstar-daily",
                "p65-optixstar-energy",
                "p65-optixstar-co2",
            ),
        ),
        System(
            "NetEngine",
            _NETWORKS,
            (per_bit_saving, avoided_emissions),
            method=(
                "Energy per bit of the router against that of competing ones, at the traffic "
                "carried."
            ),
            weak_point=(
                "Per bit is not per year: traffic grows, and a router draws nearly the same power "
                "empty as full."
            ),
            questions=(
                "What does the network draw in kWh, before and after?",
                "At which throughput were both products measured?",
                "Which of 26 to 50 % belongs to this network?",
                _FACTOR,
            ),
            claims=(
                "p66-netengine-per-bit",
                "p66-netengine-co2",
                "p7-netengine-26-50",
            ),
        ),
        System(
            "optical campus network",
            _NETWORKS,
            (share_of_baseline, avoided_emissions),
            method=(
                "Share of the reference network's consumption that passive optics (POL, OXC) save, "
                "by fewer active devices between the core and the desk."
            ),
            weak_point=(
                "The reference is a design that was not built. The terminals at the desk may draw "
                "more than the switch ports that they replace."
            ),
            questions=(
                "Is the consumption compared that of the network, or of the whole developer?",
                "Which design is the reference, for how many ports?",
                "Are the optical terminals counted?",
                _FACTOR,
            ),
            claims=(
                "p64-pol-30pct",
                "p64-pol-co2",
                "p64-pol-room",
                "p64-dubai-area",
            ),
        ),
        System(
            "iPowerCube",
            _POWER,
            (displaced_fuel,),
            method=(
                "Fuel that is no longer burned, from the money no longer spent on it, times its "
                "emission factor."
            ),
            weak_point=(
                "Carbon and CO2 differ by 44/12, and the price of fuel on an island is not that of "
                "the mainland. The plant that was replaced may not be the one that emitted so "
                "much."
            ),
            questions=(
                "How many litres were bought in the last year of the old plant?",
                "Is 'carbon' meant as carbon or as CO2?",
                "Which plant is the reference: the first one, or the one replaced?",
                "What do panels and batteries carry from their making?",
            ),
            claims=(
                "p67-ipowercube-25t",
                "p67-ipowercube-zero",
            ),
        ),
        System(
            "HiCharger",
            _POWER,
            (efficiency_saving, avoided_emissions),
            method="Losses of other chargers less its own, at the same energy delivered.",
            weak_point=(
                "Energy delivered is easily taken for energy saved. What electric cars avoid "
                "against petrol is another claim, and it belongs to the cars, with their own "
                "electricity on the other side."
            ),
            questions=(
                "Are the kilowatt-hours delivered, or saved?",
                "What are both efficiencies at the usual load, standby included?",
                (
                    "If charging itself is said to avoid CO2: against which car, and where is the "
                    "electricity's own CO2?"
                ),
            ),
            claims=(
                "p68-hicharger-lead",
                "p68-hicharger-co2",
                "p68-hicharger-spec",
            ),
        ),
        System(
            "Shanghai Metro PV",
            _SOLAR,
            (full_load_energy, avoided_emissions),
            method=(
                "Capacity times full-load hours gives the energy, energy times a grid factor the "
                "CO2."
            ),
            weak_point=(
                "The factor: a kilowatt-hour of standard coal, of the world's average and of the "
                "local grid give three different results."
            ),
            questions=(
                "Is the energy metered, or expected over the plant's life?",
                _FACTOR,
                "Do coal saved and CO2 avoided come from one coefficient?",
                _TWICE,
            ),
            claims=(
                "p74-metro-co2",
                "p74-metro-coal",
                "p74-metro-yield",
                "p74-metro-capacity-factor",
                "p74-metro-modules",
                "p74-metro-fleet",
            ),
        ),
        System(
            "Baofeng agrivoltaic",
            _SOLAR,
            (avoided_emissions, tree_equivalent),
            method="Energy generated since the plants were connected, times one grid factor.",
            weak_point=(
                "Years of generation are multiplied by the factor of one year, and an average of "
                "the world stands for the grid of Ningxia. The inverter is one part of the plant."
            ),
            questions=(
                "How much was generated in each year?",
                _FACTOR,
                "Which share of the plant's effect does the supplier of one part claim?",
                "Do others claim the same kilowatt-hours?",
            ),
            claims=(
                "p75-baofeng-co2",
                "p75-baofeng-trees",
                "p75-baofeng-soil",
            ),
        ),
        System(
            "Zhanhua fishery-solar",
            _SOLAR,
            (full_load_energy, avoided_emissions),
            method=(
                "Energy generated to date times a grid factor; capacity times full-load hours for "
                "a whole year."
            ),
            weak_point="A plant of half a year says little about a year: summer is behind it.",
            questions=(
                "From which day to which was the energy metered?",
                "Is the yearly figure a design value?",
                _FACTOR,
            ),
            claims=(
                "p76-zhanhua-co2",
                "p76-zhanhua-yield",
                "p76-zhanhua-todate",
            ),
        ),
        System(
            "residential PV",
            _SOLAR,
            (full_load_energy, avoided_emissions),
            method=(
                "Capacity on roofs times full-load hours times a grid factor; a battery moves "
                "energy in time and loses a part of it."
            ),
            weak_point=(
                "Roofs face where they face, and what a household uses itself displaces another "
                "mix than what it feeds in."
            ),
            questions=(
                "What was shipped, what was installed, what runs?",
                "Are the battery's losses taken off?",
                _FACTOR,
            ),
            claims=("p74-residential-pv",),
        ),
        System(
            "photovoltaics shipped",
            _SOLAR,
            (full_load_energy,),
            method=(
                "Energy of all products ever shipped, from their capacity and their full-load "
                "hours."
            ),
            weak_point=(
                "Capacity shipped last has hardly run, and a shipped inverter is not a running "
                "plant."
            ),
            questions=(
                "How much was shipped in each year?",
                "Is the energy read from meters, or computed from capacity?",
                "How is the plant's effect divided between its suppliers?",
            ),
            claims=(
                "p74-pv-shipped",
                "p74-pv-in-digital-power",
            ),
        ),
        System(
            "digital power",
            _SOLAR,
            (avoided_emissions,),
            method=(
                "Energy generated by customers' plants and energy saved by customers, together, "
                "times one factor."
            ),
            weak_point=(
                "Generation counts in full though one part of the plant is supplied, over all "
                "years with the factor of one. Its parts may be claimed again one by one."
            ),
            questions=(
                "Which systems and years are in the total, and which of them are listed apart?",
                "Is energy generated added to energy saved with one factor?",
                _FACTOR,
            ),
            claims=(
                "p4-digital-power-160mt",
                "p4-digital-power-reach",
            ),
        ),
        System(
            "campus photovoltaics",
            _OPERATIONS,
            (avoided_emissions, full_load_energy),
            method="Energy metered at the company's own plants times the factor of their grid.",
            weak_point=(
                "Own solar power lowers Scope 2 already; the avoided emissions must not be taken "
                "off again."
            ),
            questions=(
                "Which plants stand in which grid?",
                "Was a part fed into the grid, or were its certificates sold?",
                _TWICE,
            ),
            claims=(
                "p4-campus-pv",
                "p74-campus-pv",
                "p69-renewables-220",
                "p69-renewables-by-plant",
            ),
        ),
        System(
            "clean-electricity purchase",
            _OPERATIONS,
            (avoided_emissions, share),
            method=(
                "Electricity bought as clean times the factor of what would have been bought "
                "instead."
            ),
            weak_point=(
                "A purchase is not a plant: what it adds is open, and its place is the "
                "market-based Scope 2, with certificates."
            ),
            questions=(
                "By which contracts or certificates, of which year?",
                "What does the certifier's method multiply by?",
                "Are both Scope 2 totals, by location and by market, reported?",
            ),
            claims=(
                "p71-clean-2020",
                "p71-clean-series",
                "p71-clean-within-total",
            ),
        ),
        System(
            "Chengdu hydropower",
            _OPERATIONS,
            (avoided_emissions,),
            method=(
                "Hydropower supplied to a campus times the operating margin of its regional grid."
            ),
            weak_point=(
                "A margin answers what a project displaces. Existing dams displace nothing when "
                "their contract changes hands; a footprint uses the average of the grid, which in "
                "Sichuan is mostly hydropower."
            ),
            questions=(
                "Is the claim about a footprint, or about a project?",
                "Which vintage of the baseline factor, and which margin or mix of margins?",
                "Was the hydropower built for this contract?",
            ),
            claims=(
                "p69-chengdu-hydro",
                "p69-chengdu-box",
                "p69-chengdu-campus",
            ),
        ),
        System(
            "campus energy-saving projects",
            _OPERATIONS,
            (per_unit_saving, avoided_emissions),
            method=(
                "Saving of each project, from a measurement before and after or from ratings and "
                "hours, added up, times the factor of each grid."
            ),
            weak_point=(
                "Projects that were finished during the year are counted for twelve months, and "
                "savings that overlap are added."
            ),
            questions=(
                "What did each project save, in which months?",
                "Were growth and weather taken out?",
                "Which grid's factor belongs to which project?",
            ),
            claims=(
                "p71-savings-11gwh",
                "p71-projects-15",
                "p118-goal12-savings",
            ),
        ),
        System(
            "water",
            _OPERATIONS,
            (percent_change, share),
            method="Water taken in, by meters and bills, and its change on the year before.",
            weak_point=(
                "A series of intake alone hides scarcity: the same cubic metre weighs more in a "
                "dry place. Growth of the business explains a rise only if it is shown per head or "
                "area."
            ),
            questions=(
                "Which sites are in the figure, and were they in it the year before?",
                "How much goes to construction and to grounds?",
                "What is the volume behind a share that is recycled?",
            ),
            claims=(
                "p70-water-series",
                "p70-water-8pct",
                "p72-wastewater-60pct",
            ),
        ),
        System(
            "supplier emissions",
            _OPERATIONS,
            (percent_change, difference_saving),
            method=(
                "Suppliers' emissions, allotted by the share of their business with the company, "
                "and the difference to the year before."
            ),
            weak_point=(
                "A fall can come from buying less or from another allotment as much as from "
                "cleaner suppliers; the difference of two rounded wholes has one digit."
            ),
            questions=(
                "How many suppliers report, and how are the others estimated?",
                "By which key are a supplier's emissions allotted?",
                "What was the year before, computed in the same way?",
            ),
            claims=(
                "p73-supplier-emissions",
                "p73-suppliers-top100",
                "p122-gri-305-3",
            ),
        ),
        System(
            "product life cycle",
            _PRODUCTS,
            (share,),
            method="Emissions of one phase of a product's life as a share of all phases.",
            weak_point=(
                "The share of use grows with the lifetime and the grid factor that are assumed."
            ),
            questions=(
                "Which lifetime, load and grid factor were assumed?",
                "Which products stand for the group?",
                "Was the study reviewed under ISO 14040 and 14044?",
            ),
            claims=(
                "p60-lca-shares",
                "p60-lca-restated",
            ),
        ),
        System(
            "bioplastics",
            _PRODUCTS,
            (material_substitution,),
            method="Mass of the substitute times the difference of both footprints.",
            weak_point=(
                "A footprint of eight tonnes per tonne for what is replaced is high for most "
                "plastics; plant-based carbon is released again when it is burned."
            ),
            questions=(
                "What are both footprints, per tonne of which resin, from cradle to where?",
                "Does a tonne of one replace a tonne of the other?",
                "Are land use and the end of life counted?",
            ),
            claims=(
                "p77-bioplastics",
                "p77-castor-oil",
            ),
        ),
        System(
            "packaging",
            _PRODUCTS,
            (per_unit_saving, share_of_baseline),
            method=(
                "Material saved per package times the packages; a share of what the older design "
                "used."
            ),
            weak_point=(
                "Per ten million is a scale, not a count: the packages shipped are not in it."
            ),
            questions=(
                "How many were shipped?",
                "Is the older design of one phone compared with the newer one of another size?",
                "Which factor turns material into CO2, and does it count recycling?",
            ),
            claims=(
                "p79-mate40-paper",
                "p79-p40-plastic",
                "p79-p40-bags",
                "p80-optical-co2",
                "p80-optical-time",
            ),
        ),
        System(
            "product repair",
            _PRODUCTS,
            (share_of_baseline, per_unit_saving),
            method="Share of the time that a repair took before, times the number of repairs.",
            weak_point=(
                "Hours of a technician are a saving of cost; how much longer a product lives is "
                "the environmental question, and it is not asked."
            ),
            questions=(
                "How was the time measured, then and now?",
                "How many repairs were made, and by how much do they extend the use?",
            ),
            claims=(
                "p78-repair-time",
                "p78-durability",
            ),
        ),
        System(
            "e-waste and landfill",
            _PRODUCTS,
            (share,),
            method="Mass sent to landfill as a share of the mass treated.",
            weak_point=(
                "The rest may be burned or exported, and waste that customers throw away is not in "
                "it."
            ),
            questions=(
                "Which streams are in the whole, and which are left out?",
                "What happens to what is not landfilled?",
                "Is a figure cumulative, or that of a year?",
            ),
            claims=(
                "p80-ewaste-landfill",
                "p80-landfill-series",
                "p81-device-ewaste-4500",
                "p81-supplier-landfill",
                "p118-goal13-landfill",
            ),
        ),
        System(
            "recovered metals",
            _PRODUCTS,
            (equivalent, per_unit_saving),
            method=(
                "Metal in one phone times phones recycled; likened to the medals that it would "
                "make."
            ),
            weak_point="It says what could be recovered from ten million phones, not what was.",
            questions=(
                "How many phones were collected, and how much metal was recovered from them?",
                "How much gold is on the medal meant, and how many Games are counted?",
            ),
            claims=(
                "p81-gold",
                "p81-copper-medals",
                "p81-gold-games",
            ),
        ),
        System(
            "trees planted",
            _LIKENESS,
            (tree_equivalent,),
            method="Emissions divided by the uptake of one tree.",
            weak_point=(
                "Published uptakes differ by a factor of four, and a tree takes decades for what "
                "is avoided in a year."
            ),
            questions=(
                "Which species and age, and over how many years?",
                "Does one report use one uptake throughout?",
            ),
            claims=(
                "p65-optixstar-trees",
                "p66-netengine-trees",
                "p75-baofeng-trees",
                "p79-mate40-trees",
            ),
        ),
        System(
            "football pitches",
            _LIKENESS,
            (equivalent,),
            method="An area divided by that of one pitch.",
            weak_point=(
                "The laws of the game allow pitches of 0.4 to 1.1 hectares; any area is some "
                "number of them."
            ),
            questions=(
                "How large is the pitch meant?",
                "Is it the same one on every page?",
            ),
            claims=(
                "p35-palawan-pitches",
                "p74-metro-football",
            ),
        ),
        System(
            "GeSI and WEF potentials",
            _LIKENESS,
            (share_of_baseline,),
            method="A potential share of a future reference of the world's emissions.",
            weak_point=(
                "A potential is not a forecast, its rebound is left out, and the reference year is "
                "in the future. Quoting it says nothing about the company that quotes."
            ),
            questions=(
                "Which study, edition and reference scenario?",
                "Is it a potential of the technology, or of what is being deployed?",
                "Are the shares that are quoted together shares of one whole?",
            ),
            claims=(
                "p3-gesi-20pct",
                "p68-wef-15pct",
                "p68-wef-third",
            ),
        ),
    ]
)
