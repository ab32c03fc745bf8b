"""A printed table as plain data, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from carbonkit.errors import TableError, nearest
from carbonkit.tables.parts import VALUE_ROLES, Cell, Column, Line

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.tables.closure import Closure

__all__ = ["PrintedTable"]


@dataclass(frozen=True)
class PrintedTable:
    """A table as a report prints it, and what was understood of it.

    Attributes
    ----------
    name : str
        An identifier; names of figures begin with it.
    columns : tuple of Column
        Every column, in order.
    lines : tuple of Line
        Every line, in order.
    title : str
        Its heading.
    page : int, str or None
        Where it stands in the report.
    unit : str
        Canonical unit of cells for which neither line nor column gives one.
    decimal, thousands : str
        The marks of its numbers.
    tons : str or None
        What a bare "ton" means in it.
    rounding : str
        How its figures are rounded; ``"unknown"`` if nobody says.
    totals : mapping of str to tuple of str
        Lines that are sums, by name, with the names of their parts, as the caller says; an empty
        tuple for a line that is no sum.
    source : str
        What it was read from, for messages.
    turned : bool
        Whether the years stand down the source, and lines and columns were exchanged.
    remarks : tuple of str
        What a careful reader should know: hidden rows, merged cells, lines that say the same.
    """

    name: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    title: str = ""
    page: int | str | None = None
    unit: str = ""
    decimal: str = "."
    thousands: str = ","
    tons: str | None = None
    rounding: str = "unknown"
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = "table"
    turned: bool = False
    remarks: tuple[str, ...] = ()

    @cached_property
    def value_columns(self) -> tuple[Column, ...]:
        """The columns that hold figures, in the order of each line's cells."""
        return tuple(column for column in self.columns if column.role in VALUE_ROLES)

    def line(self, name: str) -> Line:
        r"""Return the line of a name.

        Parameters
        ----------
        name : str
            Such as ``"natural_gas"``.

        Returns
        -------
        Line

        Raises
        ------
        TableError
            If there is none; the message names the nearest.

        Examples
        --------
        >>> from carbonkit import tables
        >>> tables.read_text("Energy (MWh);2020\nNatural gas;98").line("natural_gas").title
        'Natural gas'
        """
        for line in self.lines:
            if line.name == name:
                return line
        known = [line.name for line in self.lines]
        raise TableError(f"{self.source}: there is no line {name!r}.{nearest(name, known)}")

    def cell(self, line: Line, column: Column) -> Cell:
        r"""Return the cell of a line in a column that holds figures.

        Parameters
        ----------
        line : Line
            One of `lines`.
        column : Column
            One of `value_columns`.

        Returns
        -------
        Cell

        Examples
        --------
        >>> from carbonkit import tables
        >>> table = tables.read_text("Energy (MWh);2020\nGas;98*")
        >>> cell = table.cell(table.lines[0], table.value_columns[0])
        >>> cell.text, cell.place, cell.unit
        ('98*', 'row 2, column B', 'MWh')
        """
        return line.cells[self._places[column.name]]

    def unit_of(self, line: Line, column: Column) -> str:
        """Return the canonical unit of a cell, ``""`` if none is given.

        Parameters
        ----------
        line : Line
            One of `lines`.
        column : Column
            One of `value_columns`.

        Returns
        -------
        str
        """
        return self.cell(line, column).unit

    def figure_name(self, line: Line, column: Column) -> str:
        """Return the name of a cell's figure in a report, such as ``"energy_diesel_2020"``.

        Parameters
        ----------
        line : Line
            One of `lines`.
        column : Column
            One of `value_columns`.

        Returns
        -------
        str
            An identifier, unique in the table.
        """
        return f"{self.name}_{line.name}_{column.name}"

    def __str__(self) -> str:
        r"""What was understood: lines with their units, years, totals, and columns made of others.

        Examples
        --------
        >>> from carbonkit import tables
        >>> print(tables.read_text("Energy (MWh);2019;2020;Change\nGas;98;107;9%\nAll;98;107;9%"))
        table: 2 lines, 3 columns of figures, numbers as 1,234.5, from table
             unit  2019  2020  change_2020
        gas  MWh     98   107           9%
        all  MWh     98   107           9%
        change_2020: change, 2019 to 2020, in percent of the base
        """
        from carbonkit.tables.show import understood

        return understood(self)

    def closure(self) -> Closure:
        r"""Say whether the sums of the table close, and what would have to change if not.

        Returns
        -------
        Closure
            The sums that were found, those that fail, and the smallest sets of cells whose change
            would close them, each with what would explain it.

        Raises
        ------
        TableError
            If ``totals`` names a line or column that the table does not have.

        Examples
        --------
        >>> from carbonkit import tables
        >>> table = tables.read_text("Energy (MWh);2019;2020\nGas;98;107\nOil;5;6\nTotal;103;131")
        >>> table.closure().closes
        False
        """
        from carbonkit.tables.closure import closure

        return closure(self)

    def to_markdown(self) -> str:
        r"""Return the table as Markdown, which `carbonkit.tables.read_text` reads again.

        Returns
        -------
        str
            Labels, canonical units and cells as printed; deeper lines are indented by em spaces.

        Examples
        --------
        >>> from carbonkit import tables
        >>> print(tables.read_text("Energy (MWh);2020\nGas;98\nTotal;98").to_markdown())
        |  | Unit | 2020 |
        | --- | --- | --- |
        | Gas | MWh | 98 |
        | Total | MWh | 98 |
        """
        from carbonkit.tables.show import markdown

        return markdown(self)

    def to_frame(self) -> pd.DataFrame:
        r"""Return the printed values as a data frame.

        Returns
        -------
        DataFrame
            Lines down and `value_columns` across, by name. Each value is the number as printed (of
            a range its lower figure), a float in the unit of its cell; NaN where a cell is blank.
            ``attrs["units"]`` holds the units by line and column, ``attrs["labels"]`` the labels.

        Examples
        --------
        >>> from carbonkit import tables
        >>> frame = tables.read_text("Energy (MWh);2019;2020\nGas;98;1,204").to_frame()
        >>> float(frame.loc["gas", "2020"]), frame.attrs["units"]["gas"]["2020"]
        (1204.0, 'MWh')
        """
        from carbonkit.tables.show import frame

        return frame(self)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {column.name: i for i, column in enumerate(self.value_columns)}
