"""A small table to begin with: the readings of a made-up telecom operator."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from carbonkit.errors import LedgerError
from carbonkit.ledger.output import in_one_step

__all__ = ["OPTIONS", "example"]

#: How the example is calculated: the options of `carbonkit calculate`.
OPTIONS = (
    "--on kind,publisher --rule exact,parent_region+undated --by scope,region,year "
    "--out totals.csv --refused refused.csv"
)
_HEAD = ("site", "date", "scope", "activity", "kind", "publisher", "region", "unit", "amount")
_PROVINCES = ("CN-GD", "CN-JS", "CN-SC", "CN-HL")
_SITES = 40
_YEARS = (2021, 2022, 2023)

# Slips that every collection of readings has: what stands in one row, and where.
_SLIPS = {
    "unit": "kwhh", "amount": "", "region": "Guangdnog", "date": "2203-01-31", "activity": "",
}  # fmt: skip


def _readings(seed: int) -> Iterator[dict[str, str]]:
    """Give a row for each site and month, and one for each filling of a back-up generator."""
    made = random.Random(seed)  # noqa: S311 - the same table for the same seed, no secret
    for number in range(_SITES):
        site = {"site": f"site {number:02}", "region": _PROVINCES[number % len(_PROVINCES)]}
        grid = {"scope": "2", "activity": "electricity", "kind": "average", "publisher": "MEE"}
        fuel = {"scope": "1", "activity": "diesel", "kind": "combustion", "publisher": "SAC"}
        # Some meters are read in other units.
        unit, size = ("kWh", 1) if number % 5 else ("MWh", 1000)
        usual = made.randint(1500, 6000)
        for year in _YEARS:
            for month in range(1, 13):
                day = {"date": f"{year}-{month:02}-28"}
                used = usual * made.randint(80, 120) / 100 / size
                yield site | day | grid | {"unit": unit, "amount": f"{used:.4f}"}
                if made.random() < 0.1:
                    yield site | day | fuel | {"unit": "kg", "amount": f"{made.randint(20, 200)}"}


def example(folder: str | Path, seed: int = 0) -> Path:
    """Write a table of activities to try a calculation with.

    Parameters
    ----------
    folder : path
        Where to write ``activities.csv``; it is made if it is not there.
    seed : int
        The same table for the same seed.

    Returns
    -------
    Path
        Of the table: electricity in kWh or MWh of 40 sites for each month of 2021 to 2023, diesel
        in kg, and five rows that cannot be used.

    Raises
    ------
    LedgerError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from carbonkit import ledger
    >>> made = ledger.calculate(
    ...     ledger.example(tempfile.mkdtemp()), on=["kind", "publisher"], by="scope",
    ...     rule=["exact", "parent_region+undated"])
    >>> made.totals[["scope", "rows"]].to_dict("records")
    [{'scope': '1', 'rows': 145}, {'scope': '2', 'rows': 1436}]
    """
    rows = list(_readings(seed))
    for number, (column, cell) in enumerate(_SLIPS.items(), 1):
        row = rows[number * len(rows) // (len(_SLIPS) + 1)]
        row[column] = cell
    path = Path(folder) / "activities.csv"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"{folder}: no folder can be there: {error.strerror}.") from None

    def fill(scratch: Path) -> None:
        with scratch.open("w", encoding="utf-8", newline="") as file:
            lines = csv.DictWriter(file, _HEAD, lineterminator="\n")
            lines.writeheader()
            lines.writerows(rows)

    in_one_step(path, fill)
    return path
