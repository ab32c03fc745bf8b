"""One electricity ledger, two methods: who covers which megawatt-hour, and at what rate.

The market-based method follows the order of GHG Protocol Scope 2 Guidance, table 6.3:
certificates, contracts, supplier rates, residual mix, grid average. Within a step instruments
and consumers of one market and year share alike, so that no order of rows can change a total.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from carbonkit import gwp, units
from carbonkit._exact import amount, call
from carbonkit._text import number
from carbonkit.emissions import Emissions
from carbonkit.errors import FactorKindError, InventoryError
from carbonkit.formula import Formula, Input, Result
from carbonkit.scope2.formulas import location_based, market_based

__all__ = [
    "CRITERIA",
    "STEPS",
    "Allocation",
    "Criterion",
    "Finding",
    "Instrument",
    "Rate",
    "Scope2",
    "Scope2Totals",
    "Use",
    "both",
    "rate",
]

STEPS = ("certificate", "contract", "supplier", "residual", "average")
_INSTRUMENTS = STEPS[:3]

CRITERIA = {
    1: "conveys the direct emission rate of the electricity",
    2: "is the only instrument that carries the claim",
    3: "is tracked and redeemed, retired or cancelled for the reporting entity",
    4: "is issued and redeemed close to the period of consumption",
    5: "is sourced from the market in which the electricity is consumed",
    6: "supplier rates: are calculated on delivered electricity, with certificates retired",
    7: "direct purchase: the claim is transferred to the reporting entity alone",
    8: "a residual mix is available, or its absence is disclosed",
}
"""Quality criteria: GHG Protocol Scope 2 Guidance, table 7.1."""


@dataclass(frozen=True)
class Rate:
    """Emissions per megawatt-hour, with what they were taken from.

    Made by :func:`rate`.

    Attributes
    ----------
    per_mwh : Emissions
        Tonnes of each gas per MWh.
    inputs : tuple of Input
        One factor or value for each gas.
    kind : str
        "average", "residual", "certificate" ...
    gwp_set : str or None
        The set of values in CO2e that came without one of their own.
    """

    per_mwh: Emissions
    inputs: tuple[Input, ...]
    kind: str
    gwp_set: str | None = None

    def parts(self, formula: Formula, energy: Fraction | Input) -> tuple[Result, ...]:
        """Return the emissions of so many MWh, one result for each gas."""
        used = energy if isinstance(energy, Input) else Input(energy, "MWh")
        return tuple(
            call(
                formula,
                dict(zip(formula.units, (used, i), strict=True)),
                getattr(i.origin, "gwp_set", None) or self.gwp_set,
            )
            for i in self.inputs
        )


def rate(*given: Any, kind: str, gwp_set: str | None = None) -> Rate:
    """Take an emission rate in: one factor for each gas, or values such as "0.5 kg CO2/kWh".

    Parameters
    ----------
    *given : Factor, text, pair or quantity
        One for each gas.
    kind : str
        What it is: "average", "residual", "certificate", "contract" or "supplier".
    gwp_set : str, optional
        The set of values in CO2e that do not know it themselves. A rate of zero needs none.

    Returns
    -------
    Rate

    Raises
    ------
    InventoryError
        If there is no rate, if it is negative, or a gas comes twice.
    UnitError, DimensionError
        If a unit is not mass of a gas per energy.
    FactorKindError
        If a factor is of another kind.

    Examples
    --------
    >>> print(rate("475 g CO2/kWh", kind="average").per_mwh)
    0.475 t CO2
    """
    if not given:
        raise InventoryError(f"a rate of kind {kind!r} needs at least one factor.")
    inputs = tuple(amount(g) for g in given)
    total = Emissions()
    for taken in inputs:
        theirs = getattr(taken.origin, "kind", kind)
        if theirs != kind and not getattr(taken.origin, "overrides", ()):
            raise FactorKindError(f"{taken.origin} is of kind {theirs!r}, not {kind!r}.")
        if taken.magnitude < 0:
            raise InventoryError(f"the emission rate {taken} is negative.")
        mass = taken.magnitude
        if mass == 0:
            continue
        gas = getattr(taken.origin, "gas", None)
        above, _, below = taken.unit.partition("/")
        part = Emissions.one(
            mass * units.scale(f"1/({below})", "1/MWh"),
            above,
            getattr(taken.origin, "gwp_set", None) or gwp_set,
            gas=gas,
        )
        if set(part.masses) & set(total.masses):
            raise InventoryError(
                f"the rate holds {next(iter(part.masses))} twice. Give one value for each gas."
            )
        total = total + part
    return Rate(total, inputs, kind, gwp_set)


@dataclass(frozen=True)
class Use:
    """Electricity consumed at one place in one year.

    Parameters
    ----------
    energy : Fraction
        MWh; see :func:`carbonkit._exact.amount` for taking text in.
    market : str
        The market in which instruments may be bought for it.
    year : int
    grid : Rate
        Average of the grid, for the location-based method and the end of the hierarchy.
    residual : Rate, optional
        Residual mix; without one its absence is reported.
    site : str, optional
        For instruments that belong to one site.
    where : str, optional
        The row that it came from.
    """

    energy: Fraction
    market: str
    year: int
    grid: Rate
    residual: Rate | None = None
    site: str = ""
    where: str = ""

    @classmethod
    def of(cls, energy: Any, market: str, year: int, grid: Any, **more: Any) -> Use:
        """Take electricity in as text: ``Use.of("120 MWh", "CN", 2022, factor)``."""
        taken = amount(energy)
        mwh = taken.magnitude * units.scale(taken.unit, "MWh")
        if mwh < 0:
            raise InventoryError(f"electricity consumed cannot be negative: {taken}.")
        average = grid if isinstance(grid, Rate) else rate(grid, kind="average")
        residual = more.pop("residual", None)
        if residual is not None and not isinstance(residual, Rate):
            residual = rate(residual, kind="residual")
        return cls(mwh, market, year, average, residual, **more)


@dataclass(frozen=True)
class Instrument:
    """A contractual instrument: certificate, contract or supplier rate.

    Parameters
    ----------
    id : str
    type : {"certificate", "contract", "supplier"}
    energy : Fraction or None
        MWh. None for a supplier rate: all that is left.
    market : str
    vintage : int
        Year of generation.
    rate : Rate or None
        Emission rate that it conveys.
    retired : bool or None
        Whether it was redeemed, retired or cancelled for the reporting entity; None: not said.
    year : int, optional
        Year of consumption that it is applied to; the vintage if not said.
    technology : str, optional
    renewable : bool, optional
    site : str, optional
        The only site that it may serve.
    exclusive : bool, optional
        Whether no other instrument carries the claim (criteria 2 and 7).
    delivered : bool, optional
        Whether a supplier rate is for delivered electricity (criterion 6).
    where : str, optional
        The row that it came from.
    """

    id: str
    type: str
    energy: Fraction | None
    market: str
    vintage: int
    rate: Rate | None
    retired: bool | None = None
    year: int = 0
    technology: str = ""
    renewable: bool = False
    site: str = ""
    exclusive: bool | None = None
    delivered: bool | None = None
    where: str = ""

    def __post_init__(self) -> None:
        if self.type not in _INSTRUMENTS:
            raise InventoryError(
                f"instrument {self.id!r}: type {self.type!r} is none of {', '.join(_INSTRUMENTS)}."
            )
        if self.energy is None and self.type != "supplier":
            raise InventoryError(f"instrument {self.id!r}: say how many MWh it covers.")
        if self.energy is not None and self.energy < 0:
            raise InventoryError(f"instrument {self.id!r}: its energy is negative.")
        if not self.year:
            object.__setattr__(self, "year", self.vintage)

    @classmethod
    def of(
        cls, id: str, type: str, energy: Any, market: str, vintage: int, rate: Any, **more: Any  # noqa: A002
    ) -> Instrument:  # fmt: skip
        """Take an instrument in: energy and rate as text."""
        mwh = None
        if energy is not None:
            taken = amount(energy)
            mwh = taken.magnitude * units.scale(taken.unit, "MWh")
        if rate is not None and not isinstance(rate, Rate):
            rate = _rate(rate, kind=type)
        return cls(id, type, mwh, market, vintage, rate, **more)


_rate = rate  # a method above has an argument of that name


@dataclass(frozen=True)
class Criterion:
    """Whether one instrument meets one quality criterion of table 7.1.

    Attributes
    ----------
    instrument : str
    number : int
    status : {"met", "not met", "not stated"}
    why : str
    """

    instrument: str
    number: int
    status: str
    why: str = ""

    def __str__(self) -> str:
        why = f": {self.why}" if self.why else ""
        return f"{self.instrument}: criterion {self.number} ({CRITERIA[self.number]}) " + (
            self.status + why
        )


@dataclass(frozen=True)
class Finding:
    """Something that a reader of the totals must know.

    Attributes
    ----------
    where, column : str
        The row and column that it is about.
    text : str
    serious : bool
        Whether something given could not be used.
    """

    where: str
    column: str
    text: str
    serious: bool = False

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.where, self.column))) + f": {self.text}"


@dataclass(frozen=True)
class Allocation:
    """Part of one use that one step of the hierarchy covers.

    Attributes
    ----------
    use : Use
    step : str
        One of "certificate", "contract", "supplier", "residual", "average".
    energy : Fraction
        MWh.
    rate : Rate
        The mean rate of the instruments, by energy.
    instruments : tuple of str
    renewable, nuclear : Fraction
        Shares of the energy that are renewable and nuclear, by the instruments.
    """

    use: Use
    step: str
    energy: Fraction
    rate: Rate
    instruments: tuple[str, ...] = ()
    renewable: Fraction = Fraction(0)
    nuclear: Fraction = Fraction(0)

    @property
    def emissions(self) -> Emissions:
        """Market-based emissions of this part."""
        return _by(self.rate, self.energy, "market-based")

    def parts(self) -> tuple[Result, ...]:
        """Return one result for each gas, with its lineage."""
        return self.rate.parts(market_based, self.energy)


def _by(chosen: Rate, energy: Fraction, method: str) -> Emissions:
    return Emissions(chosen.per_mwh.scaled(energy).masses, method)


@dataclass(frozen=True)
class Scope2Totals:
    """Both totals under one GWP set, side by side; there is no way to add or net them."""

    location_based: Result
    market_based: Result

    def __str__(self) -> str:
        return f"location-based {self.location_based} | market-based {self.market_based}"


@dataclass(frozen=True)
class Scope2:
    """Scope 2 emissions of a ledger by both methods.

    Attributes
    ----------
    uses : tuple of Use
    allocations : tuple of Allocation
        Who covers what, by the market-based method.
    criteria : tuple of Criterion
        Each quality criterion for each instrument.
    findings : tuple of Finding
    unused : mapping of str to Fraction
        MWh of each instrument that found no use.
    """

    uses: tuple[Use, ...]
    allocations: tuple[Allocation, ...]
    criteria: tuple[Criterion, ...] = ()
    findings: tuple[Finding, ...] = ()
    unused: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def location_based(self) -> Emissions:
        """Emissions by the average of the grid, exact."""
        total = Emissions(method="location-based")
        for use in self.uses:
            total = total + _by(use.grid, use.energy, "location-based")
        return total

    @property
    def market_based(self) -> Emissions:
        """Emissions by what was bought, exact."""
        total = Emissions(method="market-based")
        for part in self.allocations:
            total = total + part.emissions
        return total

    def location_parts(self, use: Use) -> tuple[Result, ...]:
        """Return the location-based emissions of one use, one result for each gas."""
        return use.grid.parts(location_based, use.energy)

    def co2e(self, gwp_set: str | gwp.GwpSet) -> Scope2Totals:
        """Return both totals in CO2e.

        Raises
        ------
        GwpError
            If the set lacks a gas, or a rate is in CO2e of another set.
        """
        return Scope2Totals(
            self.location_based.co2e(gwp_set),
            self.market_based.co2e(gwp_set),
        )

    def covered(self) -> dict[str, Fraction]:
        """Return the MWh that each step of the hierarchy covers; they add up to the use."""
        shares = dict.fromkeys(STEPS, Fraction(0))
        for part in self.allocations:
            shares[part.step] += part.energy
        return shares

    def __str__(self) -> str:
        return f"location-based {self.location_based}\nmarket-based {self.market_based}"


def both(
    uses: Iterable[Use], instruments: Iterable[Instrument] = (), *, vintage_years: int = 0
) -> Scope2:
    """Account for electricity by both methods.

    Parameters
    ----------
    uses : iterable of Use
    instruments : iterable of Instrument
        An instrument that misses criterion 1, 3, 4 or 5 is not used, and a finding says so.
    vintage_years : int, default 0
        By how many years the vintage may lie before the year of consumption.

    Returns
    -------
    Scope2

    Raises
    ------
    InventoryError
        If two instruments have one id.

    Examples
    --------
    >>> from carbonkit import factors
    >>> notice = {"region": "CN", "year": 2022, "release": "mee-china/electricity-2022"}
    >>> grid = factors.find("electricity", kind="average", **notice)
    >>> rest = factors.find("electricity", kind="residual", **notice)
    >>> ledger = both(
    ...     [Use.of("100 MWh", "CN", 2022, grid, residual=rest)],
    ...     [Instrument.of("GEC-1", "certificate", "40 MWh", "CN", 2022, "0 kg CO2/kWh",
    ...                    retired=True)],
    ... )
    >>> print(ledger)
    location-based 53.66 t CO2 (location-based)
    market-based 35.136 t CO2 (market-based)
    """
    uses, instruments = tuple(uses), tuple(instruments)
    twice = [name for name, count in Counter(i.id for i in instruments).items() if count > 1]
    if twice:
        raise InventoryError(f"two instruments have the id {twice[0]!r}; ids must be unique.")
    remaining = {place: use.energy for place, use in enumerate(uses)}
    places: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, use in enumerate(uses):
        places[use.market, use.year].append(place)
    criteria: list[Criterion] = []
    findings: list[Finding] = []
    valid: list[Instrument] = []
    for one in sorted(instruments, key=lambda i: i.id):
        checked = tuple(_check(one, places, vintage_years))
        criteria.extend(checked)
        failed = [c for c in checked if c.status == "not met" and c.number in _COLUMN]
        findings.extend(
            Finding(
                one.where or one.id,
                _COLUMN[c.number],
                f"{one.id} is not used: {c.why}; criterion {c.number}: {CRITERIA[c.number]} "
                "(Scope 2 Guidance, table 7.1).",
                serious=True,
            )
            for c in failed
        )
        if not failed:
            valid.append(one)
    allocations: list[Allocation] = []
    kept = {one.id for one in valid}
    unused = {i.id: i.energy for i in instruments if i.energy is not None and i.id not in kept}
    for step in _INSTRUMENTS:
        pools: dict[tuple[str, int, str], list[Instrument]] = defaultdict(list)
        for one in valid:
            if one.type == step:
                pools[one.market, one.year, one.site].append(one)
        # Instruments that may serve one site only come before those for all.
        for (market, year, site), pool in sorted(
            pools.items(), key=lambda p: (p[0][:2], not p[0][2], p[0])
        ):
            served = [i for i in places[market, year] if site in ("", uses[i].site)]
            for part, excess in _serve(step, pool, served, remaining, uses, findings):
                if part is not None:
                    allocations.append(part)
                unused.update(excess)
    for place, use in enumerate(uses):
        if remaining[place]:
            step = "residual" if use.residual else "average"
            chosen = use.residual or use.grid
            allocations.append(Allocation(use, step, remaining[place], chosen))
    findings.extend(_residual_findings(allocations))
    return Scope2(uses, tuple(allocations), tuple(criteria), tuple(findings), unused)


# The criteria without which an instrument is not used, and the column that each is about.
_COLUMN = {1: "rate", 3: "retired", 4: "vintage", 5: "market"}


def _check(
    one: Instrument, places: Mapping[tuple[str, int], Sequence[int]], vintage_years: int
) -> Iterable[Criterion]:
    def told(number: int, met: bool | None, why: str) -> Criterion:
        status = "not stated" if met is None else "met" if met else "not met"
        return Criterion(one.id, number, status, "" if met else why)

    yield told(1, one.rate is not None, "it has no emission rate")
    yield told(2, one.exclusive, "nothing is said of other instruments for the same MWh")
    retired = False if one.retired is None and one.type == "certificate" else one.retired
    yield told(3, retired, "it was not retired for the reporting entity, or nothing says so")
    years = sorted(year for market, year in places if market == one.market)
    in_time = one.year - vintage_years <= one.vintage <= one.year
    why = (
        f"vintage {one.vintage} is applied to {one.year}, and at most {vintage_years} years "
        "earlier is allowed"
    )
    if in_time and years and one.year not in years:
        in_time = False
        why = (
            f"it is applied to {one.year}, but electricity was consumed in market {one.market!r} "
            f"in {', '.join(map(str, years))}"
        )
    yield told(4, in_time, why)
    markets = sorted({market for market, _ in places})
    yield told(
        5,
        bool(years),
        f"no electricity was consumed in market {one.market!r} "
        f"(consumption is in {', '.join(markets) or 'no market'})",
    )
    if one.type == "supplier":
        yield told(6, one.delivered, "nothing is said of delivered electricity")
    if one.type == "contract":
        yield told(7, one.exclusive, "nothing is said of other claims to the contracted MWh")


def _serve(
    step: str,
    pool: Sequence[Instrument],
    served: Sequence[int],
    remaining: dict[int, Fraction],
    uses: Sequence[Use],
    findings: list[Finding],
) -> Iterable[tuple[Allocation | None, dict[str, Fraction]]]:
    """Share the instruments of one pool among its uses, in proportion on both sides."""
    open_ended = [one for one in pool if one.energy is None]
    if len(open_ended) > 1:
        names = ", ".join(one.id for one in open_ended)
        findings.extend(
            Finding(one.where or one.id, "energy",
                    f"{one.id} is not used: {names} each cover all that is left. Give their MWh, "
                    "or the site of each.", serious=True)
            for one in open_ended
        )  # fmt: skip
        open_ended = []
    limited = [one for one in pool if one.energy is not None]
    for group in filter(None, (limited, open_ended)):
        needed = sum((remaining[i] for i in served), Fraction(0))
        offered = sum((one.energy for one in group if one.energy is not None), Fraction(0))
        if group is open_ended:
            offered = needed
        used = min(offered, needed)
        excess = offered - used
        if excess:
            findings.append(
                Finding(
                    "; ".join(one.where or one.id for one in group), "energy",
                    f"{step}s of {number(offered)} MWh exceed the {number(needed)} MWh that they "
                    f"may cover in market {group[0].market!r} in {group[0].year}: "
                    f"{number(excess)} MWh are not used. An instrument covers consumption, "
                    "never more.", serious=True)
            )  # fmt: skip
        left = {
            one.id: one.energy * excess / offered
            for one in group
            if one.energy is not None and offered
        }
        yield None, left
        if not used:
            continue
        mean = _mean(step, group, offered)
        renewable, nuclear = (
            sum((_weight(one, group, offered) for one in some), Fraction(0))
            for some in (
                [one for one in group if one.renewable],
                [one for one in group if one.technology.casefold() == "nuclear"],
            )
        )
        names_of = tuple(one.id for one in group)
        for i in served:
            if remaining[i]:
                part = remaining[i] * used / needed
                yield Allocation(uses[i], step, part, mean, names_of, renewable, nuclear), {}
                remaining[i] -= part


@dataclass(frozen=True)
class _Mean:
    """Where a mean rate of several instruments comes from."""

    text: str
    gas: str = ""
    gwp_set: str | None = None

    @property
    def name(self) -> str:
        """What makes it one input."""
        return f"{self.text}, {self.gas}"

    def __str__(self) -> str:
        return f"{self.text}, weighted by energy"


def _weight(one: Instrument, group: Sequence[Instrument], offered: Fraction) -> Fraction:
    return Fraction(1) if one.energy is None else one.energy / offered


def _mean(step: str, group: Sequence[Instrument], offered: Fraction) -> Rate:
    """Return the mean rate of instruments, weighted by their energy."""
    if len(group) == 1 and group[0].rate is not None:
        return group[0].rate
    total = Emissions()
    for one in group:
        assert one.rate is not None  # noqa: S101 - criterion 1 was met
        total = total + one.rate.per_mwh.scaled(_weight(one, group, offered))
    names = ", ".join(one.id for one in group)
    inputs = []
    for gas, mass in sorted(total.masses.items()):
        name, _, gwp_set = gas.partition(" ")
        inputs.append(
            Input(mass, f"t {name}/MWh", _Mean(f"mean of {names}", name, gwp_set or None))
        )
    if not inputs:
        inputs.append(Input(Fraction(0), "t CO2/MWh", _Mean(f"mean of {names}")))
    return Rate(total, tuple(inputs), step)


def _residual_findings(allocations: Iterable[Allocation]) -> Iterable[Finding]:
    rest: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for part in allocations:
        if part.step == "average":
            rest[part.use.market, part.use.year] += part.energy
    for (market, year), energy in sorted(rest.items()):
        yield Finding(
            f"market {market} {year}",
            "residual",
            f"no residual mix is available: {number(energy)} MWh that no instrument covers stand "
            "at the grid average, which may count claimed electricity twice. Disclose its absence "
            f"(criterion 8: {CRITERIA[8]}; Scope 2 Guidance, table 7.1).",
        )
