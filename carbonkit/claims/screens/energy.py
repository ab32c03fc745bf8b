"""Screens over energy and its factors: one kilowatt-hour, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from carbonkit import units
from carbonkit.claims.diagnose import diagnose
from carbonkit.claims.implied import implied_interval
from carbonkit.claims.model import Named
from carbonkit.claims.readings import widest
from carbonkit.claims.relation import Call, Expression, Name, Relation
from carbonkit.claims.screens.view import Certainty, Observation, View, quantity_kind
from carbonkit.claims.verdict import Verdict, shown_interval
from carbonkit.intervals import Interval

__all__ = ["cited_factor", "counted_twice", "not_saved", "part_and_whole", "several_factors"]

# Who generates for others names a boundary that begins with this word.
_OTHERS = "customer"


def cited_factor(view: View) -> Iterator[Observation]:
    """A claim that cannot be reproduced with the factor that the report cites for it."""
    for result, finding, relation in view.stated:
        cited = [n for n in relation.names if view.values[n].factors and view.values[n].cited]
        if finding.verdict is not Verdict.INCONSISTENT or not cited:
            continue
        fits = [
            d
            for d in diagnose(result, view.values)
            if d.hypothesis == "another published factor" and d.exact and not d.lucky
        ]
        names = " and ".join(view.values[n].shown() for n in cited)
        implied = "; ".join(f"implied is {i}" for i in finding.implied if i.name in cited)
        instead = (
            f"is reproduced {fits[0].words.split(', not ')[0]}"
            if fits
            else "no other published factor that was tried reproduces it to the last digit"
        )
        yield view.observation(
            "cited factor",
            Certainty.OUTSIDE,
            f"{finding.printed_text} cannot be reproduced with the cited factor {names}.",
            "; ".join(filter(None, (finding.arithmetic, implied))),
            f"It cannot be reproduced with the cited factor; {instead}.",
            [result.id],
            [n for n in relation.names if view.values[n].role == "figure"],
        )


@dataclass(frozen=True)
class _Use:
    """What one claim makes of one unit of an activity."""

    claim: str
    factor: Named
    interval: Interval
    nominal: Fraction
    figures: tuple[str, ...]


def several_factors(view: View) -> Iterator[Observation]:
    """One unit of an activity that stands for amounts which cannot be the same."""
    for activity, uses in _uses(view).items():
        groups = _groups(uses)
        if len(groups) < 2:
            continue
        unit = units.canonical("kg CO2/kWh")
        if not units.same_dimension(uses[0].factor.unit, unit):
            unit = uses[0].factor.unit
        shown = "; ".join(
            f"{_shown(common, unit)} ({', '.join(sorted({u.claim for u in members}))})"
            for common, members in groups
        )
        yield view.observation(
            "several factors",
            Certainty.REPORT,
            f"The claims on {activity} need at least {len(groups)} different factors.",
            shown,
            "Place and purpose may call for different factors; please name the one behind each "
            "claim, so that claims can be compared and added.",
            [u.claim for u in uses],
            [f for u in uses for f in u.figures],
        )


def _shown(interval: Interval, unit: str) -> str:
    return shown_interval(interval * (1 / units.measure(unit).size), unit, 3)


def _uses(view: View) -> dict[str, list[_Use]]:
    """Solve each relation for its emission factor, cited or left out (intervals in base units)."""
    cited = [v for v in view.values.values() if v.role == "fact" and v.factors]
    cited.sort(key=lambda v: v.name)
    found: dict[str, list[_Use]] = {}
    for result, _, relation in view.stated:
        left = relation.left
        if relation.compare != "==" or not isinstance(left, Name):
            continue
        used = {n: view.values[n].members()[0] for n in relation.names}
        found_in = [
            (name, like)
            for name in relation.right.names
            if (like := next((c for c in cited if _like(c, view.values[name])), None))
        ]
        # A relation with several factors says nothing of one of them alone.
        for name, like in found_in if len(found_in) == 1 else ():
            interval = implied_interval(relation, used[left.name], used, used[name], widest)
            if interval is None or interval.lo is None or interval.hi is None:
                continue
            figures = tuple(n for n in relation.names if view.values[n].role == "figure")
            base = interval * used[name].base
            each = view.nominal(relation.right, {name: Fraction(1)})
            nominal = used[left.name].value / each if each else base.midpoint
            use = _Use(result.id, view.values[name], base, nominal, figures)
            found.setdefault(like.factors[0].activity, []).append(use)
    return found


def _like(cited: Named, named: Named) -> bool:
    if named.factors:
        return named.factors[0].activity == cited.factors[0].activity and named.role == "fact"
    return named.role == "unknown" and units.same_dimension(cited.unit, named.unit)


def _groups(uses: list[_Use]) -> list[tuple[Interval, list[_Use]]]:
    """Return the fewest groups whose intervals have a value in common.

    Going through intervals by their upper ends gives the fewest. Then each joins the group that
    is nearest to its printed figures.
    """
    cores: list[Interval] = []
    ordered = sorted(uses, key=lambda u: (u.interval.floats()[1], u.claim))
    for use in ordered:
        if not any(core.meets(use.interval) for core in cores):
            cores.append(use.interval)
            continue
        at = next(i for i, core in enumerate(cores) if core.meets(use.interval))
        cores[at] = cores[at] & use.interval or cores[at]
    members: dict[Interval, list[_Use]] = {core: [] for core in cores}
    for use in ordered:
        fitting = [core for core in cores if core.meets(use.interval)]
        near = Interval.point(use.nominal)
        members[min(fitting, key=near.gap)].append(use)
    groups = []
    for core, found in members.items():
        common = core
        for use in found:
            common = common & use.interval or common
        groups.append((common, found))
    return groups


def _avoided(view: View) -> dict[str, list[tuple[str, str, bool, bool]]]:
    """Return the energies of which emissions are claimed as avoided, by what they tie out to.

    Each with the claim, the figure, whether the claim is made of it in full, and holds.
    """
    found: dict[str, list[tuple[str, str, bool, bool]]] = {}
    for result, finding, relation in view.stated:
        for call in relation.right.walk():
            if isinstance(call, Call) and call.function == "avoided_emissions":
                energy = call.arguments[0]
                for name in energy.names:
                    full = relation.compare == "==" and _in_full(view, energy, name)
                    entry = (result.id, name, full, finding.verdict.passes)
                    found.setdefault(view.root(name), []).append(entry)
    return found


def _in_full(view: View, energy: Expression, name: str) -> bool:
    """Say whether a figure enters an amount just as it is."""
    whole, without = view.nominal(energy), view.nominal(energy, {name: Fraction(0)})
    if whole is None or without is None:
        return False
    return bool(whole - without == view.values[name].value)


def not_saved(view: View) -> Iterator[Observation]:
    """Energy that was delivered, or generated by others, counted as if it had been saved."""
    delivered: dict[str, list[tuple[str, str, bool]]] = {}
    for uses in _avoided(view).values():
        for claim, name, full, passes in uses:
            named = view.values[name]
            others = named.kind == "generated" and named.boundary.casefold().startswith(_OTHERS)
            kind = "delivered" if named.kind == "delivered" else "generated" if others else ""
            if kind and full:
                delivered.setdefault(kind, []).append((claim, name, passes))
    for kind, entries in sorted(delivered.items()):
        shown = "; ".join(
            f"{view.values[name].shown()} ({claim})" for claim, name, _ in sorted(set(entries))
        )
        # That delivered energy is multiplied by the factor follows from the printed numbers.
        sure = kind == "delivered" and all(passes for *_, passes in entries)
        seen, wording = _NOT_SAVED[kind]
        yield view.observation(
            "delivered or generated",
            Certainty.REPORT if sure else Certainty.READING,
            seen,
            shown,
            wording,
            [claim for claim, *_ in entries],
            [name for _, name, _ in entries],
        )


_NOT_SAVED = {
    "delivered": (
        "All the electricity that was delivered counts as if it had been saved.",
        "Avoided emissions need a baseline; please state how much less was used than otherwise, "
        "or what the delivered electricity replaced.",
    ),
    "generated": (
        "All that customers' plants generated counts as avoided by the supplier of a part.",
        "Please state which share of a plant's effect is claimed, and who else may claim it.",
    ),
}


def counted_twice(view: View) -> Iterator[Observation]:
    """Electricity claimed as avoided emissions that also lies inside the total consumption."""
    avoided = _avoided(view)
    entries = []
    for claim, part, whole in _parts(view):
        inside = view.values[part].kind in ("consumed", "purchased")
        total = view.values[whole].kind == "consumed" and view.root(whole) not in avoided
        if inside and total and view.root(part) in avoided:
            entries.append((claim, part, whole, avoided[view.root(part)]))
    for part in sorted({view.root(p) for _, p, _, _ in entries}):
        mine = [e for e in entries if view.root(e[1]) == part]
        wholes = sorted({whole for _, _, whole, _ in mine})
        claims = {c for claim, _, _, uses in mine for c in (claim, *(u[0] for u in uses))}
        written = " + ".join(view.values[w].shown() for w in wholes)
        yield view.observation(
            "counted twice",
            Certainty.READING,
            f"{view.values[mine[0][1]].shown()} counts as avoided emissions and lies inside the "
            "total consumption.",
            f"part: {view.values[mine[0][1]].shown()}; whole: {written}",
            "If Scope 2 already counts this electricity at a low factor, the same effect stands "
            "twice; please state the Scope 2 method and keep avoided emissions apart.",
            claims,
            [part, *wholes],
        )


def part_and_whole(view: View) -> Iterator[Observation]:
    """A part and its whole that both have avoided emissions of their own."""
    avoided = _avoided(view)
    told = set()
    for claim, part, whole in _parts(view):
        pair = (view.root(part), view.root(whole))
        if pair in told or pair[0] == pair[1] or not all(name in avoided for name in pair):
            continue
        claims = [{u[0] for u in avoided[name]} for name in pair]
        # A whole that is computed from its part in the same claim is one claim, not two.
        if not claims[0] - claims[1]:
            continue
        told.add(pair)
        yield view.observation(
            "part and whole",
            Certainty.REPORT,
            "A part and its whole both have avoided emissions of their own.",
            f"{view.values[part].shown()} is part of {view.values[whole].shown()}",
            "The two amounts overlap and must not be added.",
            {claim, *claims[0], *claims[1]},
            [part, whole],
        )


def _parts(view: View) -> Iterator[tuple[str, str, str]]:
    """Go through (claim, part, whole): what relations say lies inside something else."""
    for result, _, relation in view.stated:
        sides = (relation.left, relation.right)
        if relation.compare != "<=":
            sides = (relation.right, relation.left)
        inside = [n for n in sides[0].names if _is_energy(view.values[n])]
        around = [n for n in sides[1].names if _is_energy(view.values[n])]
        if not inside or not around or (relation.compare == "==" and not _is_sum(view, relation)):
            continue
        for part, whole in product(inside, around):
            if units.same_dimension(view.values[part].unit, view.values[whole].unit):
                yield result.id, part, whole


def _is_energy(named: Named) -> bool:
    return named.kind != "goal" and quantity_kind(named.unit) == "energy"


def _is_sum(view: View, relation: Relation) -> bool:
    """Say whether a figure is stated as the sum of the others: each adds just itself."""
    names = relation.right.names
    whole = view.nominal(relation.right)
    if whole is None or len(names) < 2:
        return False
    values = [view.values[n] for n in names]
    return bool(whole == sum(v.value for v in values if v.figure is not None))
