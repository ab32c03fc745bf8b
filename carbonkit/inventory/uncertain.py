"""What a row says of how far its inputs may be off."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from carbonkit import units
from carbonkit.errors import UncertaintyError
from carbonkit.formula import Input
from carbonkit.inventory.lines import Row
from carbonkit.inventory.parts import leaves
from carbonkit.inventory.schema import Cells, Refused
from carbonkit.uncertainty import Distribution, parse
from carbonkit.uncertainty.words import by_gas

__all__ = ["uncertain"]

_UNCERTAIN = {
    "amount_uncertainty": ("amount",),
    "uncertainty": ("amount",),
    "factor_uncertainty": ("factor", "carbon"),
    "calorific_value_uncertainty": ("calorific_value",),
    "residual_uncertainty": ("residual",),
}
"""The arguments of formulas that each column is about."""


def uncertain(cells: Cells, row: Row) -> Row:
    """Return a row with what it says of the uncertainty of its inputs."""
    inputs = [leaf for part in row.parts for leaf in leaves(part)]
    if row.use is not None and row.use.residual is not None:
        inputs += [("residual", i) for i in row.use.residual.inputs]
    read = Input(row.amount, row.unit, row.reading)
    inputs.append(("amount", next((i for _, i in inputs if i.origin == row.reading), read)))
    found: dict[str, Distribution] = {}
    for column, arguments in _UNCERTAIN.items():
        text = cells.text(column)
        if not text:
            continue
        words = by_gas if column == "factor_uncertainty" else _for_all
        stated: dict[str, Distribution] = cells.guarded(column, partial(words, text))
        unused = set(stated)
        for one in (i for argument, i in inputs if argument in arguments):
            gas = next((g for g in (_gas(one), "") if g in stated), None)
            name = getattr(one.origin, "name", "") or getattr(one.origin, "key", "")
            if gas is None or not name:
                continue
            unused.discard(gas)
            if cells.guarded(column, partial(_checked, one, stated[gas])):
                found[name] = stated[gas]
        if unused:
            what = ", ".join(sorted(unused - {""})) or column.removesuffix("_uncertainty")
            raise Refused(column, f"this row has no {what.replace('_', ' ')} to be uncertain.")
    return replace(row, uncertain=tuple(found.items()))


def _for_all(text: str) -> dict[str, Distribution]:
    return {"": parse(text)}


def _checked(given: Input, distribution: Distribution) -> bool:
    """Return whether there is a value; raise if it and its distribution do not go together."""
    if given.magnitude:
        distribution.about(float(given.magnitude), given.unit)
        return True
    if {"relative", "gsd"} & {name for name, _ in distribution.options}:
        return False  # a share of nothing
    raise UncertaintyError("it is about zero; state a share of the value, or leave it empty.")


def _gas(given: Input) -> str:
    gas = getattr(given.origin, "gas", "") or units.species(given.unit) or ""
    return "CO2" if gas == "C" else gas
