"""Screens over single figures: places that disagree, sizes that cannot be, digits too many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations

from carbonkit._text import number
from carbonkit.claims.evaluate import range_of
from carbonkit.claims.model import Named
from carbonkit.claims.readings import coarse
from carbonkit.claims.relation import FORMULAS, Call, Expression
from carbonkit.claims.screens.view import Certainty, Observation, View
from carbonkit.claims.shared import Line, shared
from carbonkit.claims.verdict import Verdict, shown_interval
from carbonkit.printed import Qualifier

__all__ = ["digits", "physical_limits", "plausible_size", "shared_unknowns", "tie_outs"]

# So many significant digits beyond those of the coarsest input are too many, where the inputs
# leave the last one open by at least so many units.
_TOO_MANY = 2
_OPEN = 10
# A figure that an outside fact puts off by more than this factor is a question of size.
_IMPLAUSIBLE = 2
_HOURS = 8784


def tie_outs(view: View) -> Iterator[Observation]:
    """One figure printed in two places with values that disagree."""
    compared = set()
    for result, finding, relation in view.stated:
        if finding.procedure != "tie-out":
            continue
        compared.add(frozenset(relation.names))
        if finding.verdict is Verdict.INCONSISTENT and _all_printed(view, relation.names):
            yield view.observation(
                "tie-out",
                Certainty.REPORT,
                "Two places print one figure with different values.",
                finding.arithmetic,
                "The two figures disagree; please state which one holds.",
                [result.id],
                relation.names,
            )
    groups: dict[tuple[str, str, str], list[Named]] = {}
    for name in sorted(view.values):
        named = view.values[name]
        if named.series and named.period and named.role == "figure" and not named.is_range:
            groups.setdefault((named.series, named.period, named.boundary), []).append(named)
    for (series, period, _), members in groups.items():
        for one, two in combinations(members, 2):
            if frozenset((one.name, two.name)) in compared or one.is_bound or two.is_bound:
                continue
            if not one.interval().meets(two.interval()):
                yield view.observation(
                    "tie-out",
                    Certainty.REPORT,
                    f"{series} of {period} stands in two places with different values.",
                    f"{one.placed()} and {two.placed()}",
                    "The two figures disagree; please state which one holds.",
                    figures=[one.name, two.name],
                )


def _all_printed(view: View, names: tuple[str, ...]) -> bool:
    return all(view.values[n].role == "figure" for n in names)


def physical_limits(view: View) -> Iterator[Observation]:
    """Values that cannot be: a PUE below 1, a share above 100 %, a year of too many hours."""
    told = set()
    for result, finding, relation in view.stated:
        for call in relation.right.walk():
            if not isinstance(call, Call) or call.function not in FORMULAS:
                continue
            arguments = dict(zip(FORMULAS[call.function].units, call.arguments, strict=True))
            for problem, shown, names in _impossible(view, arguments):
                if (names, problem) not in told:
                    told.add((names, problem))
                    yield _limit(view, problem, shown, result.id, names)
        for implied in finding.implied:
            low_end = implied.interval.lo
            if implied.unit == "h/year" and low_end is not None and low_end > _HOURS:
                problem = "A plant would have to run for more hours than a year has."
                yield _limit(view, problem, str(implied), result.id, relation.names)


def _impossible(
    view: View, arguments: Mapping[str, Expression]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Go through the arguments of a formula that cannot be: problem, values and names."""
    for parameter, argument in arguments.items():
        problem = _problem(parameter, view.nominal(argument))
        if problem:
            yield problem, _written(view, argument), argument.names
    for lower, upper in (("part", "whole"), ("pue_after", "pue_before")):
        if lower not in arguments or upper not in arguments:
            continue
        one, two = arguments[lower], arguments[upper]
        low, high = view.nominal(one), view.nominal(two)
        if low is not None and high is not None and low > high > 0:
            shown = f"{_written(view, one)} > {_written(view, two)}"
            names = (*one.names, *two.names)
            yield f"The {lower} is larger than the {upper}.".replace("_", " "), shown, names


def _written(view: View, argument: Expression) -> str:
    return " and ".join(view.values[n].shown() for n in argument.names)


def _problem(parameter: str, value: Fraction | None) -> str:
    if value is None:
        return ""
    if parameter.startswith("pue") and value < 1:
        return "A PUE is below 1: a data center would use less than its servers."
    if parameter in ("cut", "share", "operating_weight") and not 0 <= value <= 1:
        return "A share lies outside 0 to 100 %: a saving would exceed what it saves from."
    return ""


def _limit(view: View, problem: str, shown: str, claim: str, names: tuple[str, ...]) -> Observation:
    return view.observation(
        "physical limit",
        Certainty.REPORT,
        problem,
        shown,
        "The value is outside what is physically possible; please check unit and definition.",
        [claim],
        names,
    )


def plausible_size(view: View) -> Iterator[Observation]:
    """A figure that is off by a factor from what is published outside the report."""
    for result, finding, relation in view.stated:
        outside = [
            n for n in relation.names if view.values[n].role == "fact" and not view.values[n].cited
        ]
        if finding.verdict is not Verdict.INCONSISTENT or not outside or not finding.nominal:
            continue
        if finding.gap is None or finding.gap == 1:
            continue
        ratio = abs(1 / (1 - finding.gap))
        size = max(ratio, 1 / ratio)
        if size < _IMPLAUSIBLE:
            continue
        way = "larger" if ratio > 1 else "smaller"
        sources = "; ".join(view.values[n].origin() for n in outside)
        yield view.observation(
            "plausible size",
            Certainty.OUTSIDE,
            f"{finding.printed_text} is {number(size, 3)} times {way} than published elsewhere.",
            f"{finding.arithmetic} ({sources})",
            "The figure does not fit the published one; a slip of the unit is likely.",
            [result.id],
            [n for n in relation.names if view.values[n].role == "figure"],
        )


def shared_unknowns(view: View) -> Iterator[Observation]:
    """Lines that imply one quantity the report leaves out, and no value that fits them all."""
    for found in shared(tuple(sorted(view.results, key=lambda r: r.id)), view.values):
        if not found.aside or found.common is None:
            continue
        apart = found.aside[0]
        meeting = ", ".join(_ids(line for line in found.lines if line not in apart))
        alone = [f"{found.shown(line.interval)} ({line.result.id})" for line in apart]
        choices = [" and ".join(_ids(group)) for group in found.aside]
        yield view.observation(
            "shared unknown",
            Certainty.READING,
            f"{len(found.lines)} lines rest on the {found.what}, which the report does not give, "
            "and no value fits them all.",
            "; ".join([f"{found.shown(found.common)} ({meeting})", *alone]),
            f"If all of them mean the same {found.what}, not all can be right: the others agree "
            f"once {' or '.join(choices)} is set aside. Please print the {found.what}.",
            [line.result.id for line in found.lines],
            [n for line in found.lines for n in line.relation.names if _is_figure(view, n)],
        )


def _ids(lines: Iterable[Line]) -> list[str]:
    return sorted({line.result.id for line in lines})


def _is_figure(view: View, name: str) -> bool:
    return view.values[name].role == "figure"


def digits(view: View) -> Iterator[Observation]:
    """More digits printed than the figures it is computed from can support."""
    for result, finding, relation in view.stated:
        left = view.values[relation.names[0]]
        inputs = [view.values[n] for n in relation.right.names]
        measured = [v for v in inputs if v.figure is not None and not v.nominal]
        measured = [v for v in measured if v.role != "convention"]
        plain = [left, *measured]
        skip = finding.procedure != "recalculation" or relation.compare != "=="
        if skip or not finding.verdict.passes or not measured or left.figure is None:
            continue
        # A figure that comes out only within rounding was computed from more than is printed.
        if finding.nominal is None or not left.interval().contains(finding.nominal * left.base):
            continue
        if left.nominal or any(v.is_bound or v.is_range for v in plain):
            continue
        fewest = min(measured, key=_significant)
        many = _significant(left, least=True) - _significant(fewest)
        last = left.figure.ulp * 10**left.figure.trailing_zeros * left.base
        box = {v.name: coarse(v) if _is_about(v) else v.interval() for v in inputs if v.figure}
        if many < _TOO_MANY or len(box) < len(inputs):
            continue
        spread = range_of(relation.right, box)
        if not spread.is_bounded or spread.width < _OPEN * last:
            continue
        spread = spread * (1 / left.base)
        yield view.observation(
            "digits",
            Certainty.REPORT if all(v.role == "figure" for v in inputs) else Certainty.OUTSIDE,
            f"{left.shown()} has {many} digits more than {fewest.shown()}, from which it comes.",
            f"{finding.arithmetic}; as printed, the inputs stand for "
            f"{shown_interval(spread, left.unit)}",
            "It comes out from the figures as printed, so it is exact only if they are; please "
            "print it with fewer digits, or the others with more.",
            [result.id],
            [v.name for v in plain if v.role == "figure"],
        )


def _significant(named: Named, *, least: bool = False) -> int:
    """Count the significant digits; zeros at the end only where they may be meant."""
    figure = named.figure
    assert figure is not None  # noqa: S101 - asked of printed figures only
    count = len(figure.coefficient.as_tuple().digits) if figure.coefficient else 0
    return count - (figure.trailing_zeros if least or _is_about(named) else 0)


def _is_about(named: Named) -> bool:
    return named.figure is not None and named.figure.qualifier is Qualifier.ABOUT
