"""The plan: what is computed from a table, as Ibis expressions and never as text.

Amounts are first summed for each different question (activity, region, year, unit ...) and group,
because a sum of exact decimals times a factor is the sum of the products: the large table is read
once and never joined. Columns of the user's tables get names of our own inside, so that nothing
depends on what they are called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonkit.errors import LedgerError, nearest

if TYPE_CHECKING:
    import ibis

__all__ = ["LONGEST", "NEGATIVE", "REASONS", "WIDTH", "Plan", "amount_type", "decimal", "exact"]

#: Decimal digits that every engine carries in one number.
WIDTH = 38
_WORD = 18
#: Characters of a text that can still be an activity, a region or a unit.
LONGEST = 200
# A float with so many decimals, below so many units, is one division away from its digits.
_QUICK, _QUICK_LIMIT = 6, 1e9
_NUMBER = r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$"

#: Why a row is refused by what stands in it, by code. 0 is a row that can be used.
REASONS = {
    1: "activity missing",
    2: "region missing",
    3: "year missing",
    4: "unit missing",
    5: "year not a whole number",
    6: "amount missing",
    7: "amount not a number",
    8: "amount infinite",
    9: "amount negative",
    10: "amount too large",
    11: "text too long",
    12: "date not a date",
}
_MISSING = {"activity": 1, "region": 2, "year": 3, "unit": 4}
_YEAR, _NULL, _NAN, _INFINITE, NEGATIVE, _LARGE, _LONG, _DATE = range(5, 13)


def decimal(scale: int) -> str:
    """Return the type of an exact number with so many decimals."""
    return f"decimal({WIDTH}, {scale})"


def amount_type(column: Any, places: int) -> int:
    """Return how many decimals the amounts of a column have.

    Raises
    ------
    LedgerError
        If the column holds no numbers.
    """
    kind = column.type()
    if kind.is_integer() and not kind.is_boolean():
        return 0
    if kind.is_decimal() and kind.scale is not None:
        return int(kind.scale)
    if kind.is_floating() or kind.is_string() or kind.is_decimal():
        return places
    raise LedgerError(
        f"column {column.get_name()!r}: amounts are numbers, not {kind}. "
        "Name the right column with columns={'amount': ...}."
    )


def exact(column: Any, places: int) -> tuple[Any, list[tuple[Any, int]]]:
    """Return amounts as decimals, and the conditions under which they are none."""
    import ibis

    kind = column.type()
    missing = (column.isnull(), _NULL)
    scale = amount_type(column, places)
    if kind.is_integer():
        return column.cast(decimal(0)), [missing, (column < 0, NEGATIVE)]
    if kind.is_decimal():
        value = column if kind.scale is not None else column.cast(decimal(scale))
        return value, [missing, (column < 0, NEGATIVE)]
    if kind.is_string():
        value = _number(column, scale)
        return value, [
            missing,
            (~column.re_search(_NUMBER), _NAN),
            (value.isnull(), _LARGE),
            (value < 0, NEGATIVE),
        ]
    column = column.cast("float64")
    quick = column.try_cast(f"decimal(18, {_QUICK})")
    direct = (quick.cast("float64") == column) & (column < _QUICK_LIMIT)
    # Else by its shortest text, which is what a float stands for everywhere in this package.
    value = ibis.ifelse(direct, quick.cast(decimal(scale)), _number(column.cast("string"), scale))
    return value, [
        missing,
        (column.isnan(), _NAN),
        (column.isinf(), _INFINITE),
        (column < 0, NEGATIVE),
        (value.isnull(), _LARGE),
    ]


def _number(text: Any, scale: int) -> Any:
    """Read text as decimals; null if it is none."""
    import ibis

    # An engine reads 18 digits in one word, several times as fast as 38.
    short = text.try_cast(f"decimal({_WORD}, {scale})").cast(decimal(scale))
    return ibis.coalesce(short, text.try_cast(decimal(scale)))


def _year(column: Any) -> tuple[Any, list[tuple[Any, int]]]:
    """Return whole years, and the conditions under which they are none."""
    kind = column.type()
    if kind.is_date() or kind.is_timestamp():
        return column.year().cast("int32"), []
    if kind.is_boolean() or not (kind.is_numeric() or kind.is_string()):
        raise LedgerError(f"column {column.get_name()!r}: years are whole numbers, not {kind}.")
    # Text goes by way of a wide decimal, so that "2020.5" is seen and not rounded.
    whole = column.try_cast(decimal(3)) if kind.is_string() else column
    year = whole.try_cast("int32")
    wrong = column.notnull() & year.isnull()
    if kind.is_integer():
        # Only a wider integer can be no year.
        return year, [] if kind.nbytes < 4 or kind.is_int32() else [(wrong, _YEAR)]
    return year, [(wrong | (whole != year.cast(whole.type())), _YEAR)]


@dataclass(frozen=True)
class Plan:
    """Which columns are read, how, and by what the totals are grouped.

    Attributes
    ----------
    roles : mapping of str to str
        The column of each part of the question, of "unit" and of "amount". The part "year" may
        be a column of dates.
    by : tuple of str
        Columns, or "year" and "month" of the dates.
    places : int
        Decimals to which floats and text are read.
    dates : bool
        Whether the part "year" is read from dates, also where they are text.
    """

    roles: Mapping[str, str]
    by: tuple[str, ...]
    places: int
    dates: bool = False

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """The parts of a question that stand in columns, and the unit."""
        return tuple(r for r in self.roles if r != "amount")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Our names for the columns of :attr:`asks`."""
        return tuple(f"k{i}" for i in range(len(self.asks)))

    @property
    def groups(self) -> tuple[str, ...]:
        """Our names for the columns of :attr:`by`."""
        return tuple(f"g{i}" for i in range(len(self.by)))

    def check(self, table: ibis.Table) -> None:
        """Refuse columns that are not there."""
        for what, name in [*self.roles.items(), *((None, b) for b in self.by)]:
            if name in table.columns or (what is None and self._dated(name, table)):
                continue
            role = f" for {what}" if what not in (None, name) else ""
            raise LedgerError(
                f"the table has no column {name!r}{role}.{nearest(name, table.columns)} "
                f"It has {', '.join(table.columns[:12])}{' …' if len(table.columns) > 12 else ''}. "
                "Name columns with columns={'amount': 'their name'}; say what is the same in every "
                "row as an argument, such as region='GB'."
            )

    def _dated(self, name: str, table: ibis.Table) -> bool:
        if "year" not in self.roles or name not in ("year", "month"):
            return False
        kind = self._when(table).type()
        return bool(kind.is_date() or kind.is_timestamp())

    def _when(self, table: ibis.Table) -> Any:
        """Return the column of years or dates; dates that are text are read."""
        column = table[self.roles["year"]]
        return column.try_cast("timestamp") if self.dates and column.type().is_string() else column

    def group(self, name: str, table: ibis.Table) -> Any:
        """Return the column that totals are grouped by under a name."""
        if name not in table.columns:
            when = self._when(table)
            return (when.year() if name == "year" else when.month()).cast("int32")
        return table[name]

    def read(self, table: ibis.Table) -> dict[str, Any]:
        """Return the expressions of a row: keys, groups, what is wrong with it, its amount.

        What is wrong with its keys is left to :meth:`settled`: they need not be looked at in
        every row.
        """
        import ibis

        found: dict[str, Any] = {}
        conditions: list[tuple[Any, int]] = []
        for name, role in zip(self.keys, self.asks, strict=True):
            column = table[self.roles[role]]
            if role == "year":
                when = self._when(table)
                found[name], wrong = _year(when)
                if when is not column:
                    wrong.append((column.notnull() & when.isnull(), _DATE))
                conditions += wrong
                continue
            text = column if column.type().is_string() else column.cast("string")
            found[name] = text if role in _MISSING else text.fill_null("")
        amount, wrong = exact(table[self.roles["amount"]], self.places)
        for name, by in zip(self.groups, self.by, strict=True):
            found[name] = self.group(by, table)
        found["status"] = ibis.cases(*(conditions + wrong), else_=0).cast("int8")
        found["amount"] = amount
        return found

    def shared(self, table: ibis.Table) -> dict[str, str]:
        """Return the groups that are a key already, so that rows are not grouped by both."""
        found: dict[str, str] = {}
        for role, key in zip(self.asks, self.keys, strict=True):
            name = self.roles[role]
            kind = table[name].type()
            # Keys are text as it stands, and years of four bytes.
            if kind.is_int32() if role == "year" else kind.is_string() and role in _MISSING:
                found |= {g: key for g, by in zip(self.groups, self.by, strict=True) if by == name}
        return found

    def sums(self, table: ibis.Table) -> ibis.Table:
        """Return the amounts of a table, summed for each question and group: the one large scan."""
        read, shared = self.read(table), self.shared(table)
        rows = table.select(**{name: e for name, e in read.items() if name not in shared})
        scale = amount_type(table[self.roles["amount"]], self.places)
        groups = [g for g in self.groups if g not in shared]
        sums = rows.group_by([*self.keys, *groups, "status"]).agg(
            n=rows.count(), amount=rows.amount.sum().cast(decimal(scale))
        )
        columns = {name: sums[shared.get(name, name)] for name in (*self.keys, *self.groups)}
        return sums.select(**columns, status=sums.status, n=sums.n, amount=sums.amount)

    def again(self, parts: ibis.Table) -> ibis.Table:
        """Return the sums of parts that were summed before."""
        return parts.group_by([*self.keys, *self.groups, "status"]).agg(
            n=parts.n.sum(), amount=parts.amount.sum().cast(parts.amount.type())
        )

    def settled(self, rows: ibis.Table) -> ibis.Table:
        """Return the same rows, with those set aside whose keys are missing or too long."""
        import ibis

        wrong: list[tuple[Any, Any]] = []
        for key, role in zip(self.keys, self.asks, strict=True):
            if role == "year":
                unread = rows.status.isin([_YEAR, _DATE])
                wrong.append((rows[key].isnull() & ~unread, _MISSING[role]))
                wrong.append((unread, rows.status))
            elif role in _MISSING:
                wrong.append((rows[key].isnull(), _MISSING[role]))
        texts = [rows[k] for k in self.keys if rows[k].type().is_string()]
        wrong += [((rows.status == 0) & (t.length() > LONGEST), _LONG) for t in texts]
        status = ibis.cases(*wrong, else_=rows.status) if wrong else rows.status
        return rows.mutate(status=status.cast("int8"))

    def totals(
        self, sums: ibis.Table, factors: ibis.Table, scales: Mapping[str, int]
    ) -> ibis.Table:
        """Return totals by group: join, multiply, add; columns named as those of factors.

        Beside each column, under its name and "n", stands how many rows are in it.
        """
        joined = sums.filter(sums.status == 0).join(factors, list(self.keys), how="inner")
        rows = joined.select(*self.groups, "n", **self._products(joined, scales))
        made: dict[str, Any] = {"n": rows.n.sum().fill_null(0).cast("int64")}
        for name, scale in scales.items():
            made[name] = rows[name].sum().cast(decimal(self.scale(sums) + scale))
            made[f"{name}n"] = rows.n.sum(where=rows[name].notnull()).fill_null(0).cast("int64")
        if not self.by:
            return rows.agg(**made)
        return rows.group_by(list(self.groups)).agg(**made).order_by(list(self.groups))

    def scale(self, rows: ibis.Table) -> int:
        """Return the decimals of the amounts of a table of ours."""
        return int(rows.amount.type().scale or 0)

    def _products(self, joined: Any, scales: Mapping[str, int]) -> dict[str, Any]:
        # The engine's product of decimals is exact; Ibis guesses its type wrongly, so it is told.
        amount = joined.amount.cast(decimal(self.scale(joined)))
        return {
            name: (amount * joined[name]).cast(decimal(self.scale(joined) + scale))
            for name, scale in scales.items()
        }

    def rows(
        self,
        table: ibis.Table,
        factors: ibis.Table,
        scales: Mapping[str, int],
        names: Mapping[str, str],
    ) -> ibis.Table:
        """Return the rows that were used, with what was computed and how."""
        rows = self._beside(table)
        joined = rows.filter(rows.status == 0).join(factors, list(self.keys), how="inner")
        made = {n: joined[n] for n in names} | self._products(joined, scales)
        self._free(table, names.values())
        return joined.select(
            **self._theirs(table, joined), **{names[n]: e for n, e in made.items()}
        )

    def refused(self, table: ibis.Table, refusals: ibis.Table) -> ibis.Table:
        """Return the rows that were refused, with the reason."""
        import ibis

        rows = self._beside(table)
        joined = rows.left_join(refusals, list(self.keys))
        by_row = [(joined.status == code, ibis.literal(text)) for code, text in REASONS.items()]
        self._free(table, ("reason", "why"))
        found = joined.select(
            **self._theirs(table, joined),
            reason=ibis.cases(*by_row, else_=joined.said),
            why=ibis.ifelse(joined.status == 0, joined.told, ""),
        )
        return found.filter(found.reason.notnull())

    def _beside(self, table: ibis.Table) -> ibis.Table:
        """Return our columns of a table, and its own under names that cannot meet ours."""
        theirs = {f"c{i}": table[name] for i, name in enumerate(table.columns)}
        return self.settled(table.select(**theirs, **self.read(table)))

    def _theirs(self, table: ibis.Table, rows: Any) -> dict[str, Any]:
        return {name: rows[f"c{i}"] for i, name in enumerate(table.columns)}

    def _free(self, table: ibis.Table, names: Iterable[str]) -> None:
        """Refuse a table whose columns are called as those that are to be added."""
        taken = {c.casefold() for c in table.columns} & {n.casefold() for n in names}
        if taken:
            raise LedgerError(
                f"the table has a column {min(taken)!r}, which is what a column of the result is "
                "called. Rename yours."
            )
