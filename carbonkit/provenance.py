"""Where a number comes from: its source, and the assumptions it rests on."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Assumption", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that a number was taken from.

    Parameters
    ----------
    publisher
        Who published it, such as "IEA".
    title
        The title of the publication.
    published
        Its date or year, as text.
    url
        Where it can be read.
    licence
        On what terms its figures may be used.
    read_from
        Where the figures were really read, if not in the publication itself.
    notes
        Anything a reader must know before using the figures.

    Examples
    --------
    >>> print(Source("IEA", "CO2 Emissions from Fuel Combustion", published="2020"))
    IEA, CO2 Emissions from Fuel Combustion (2020)
    """

    publisher: str
    title: str
    published: str = ""
    url: str = ""
    licence: str = ""
    read_from: str = ""
    notes: str = ""

    def __str__(self) -> str:
        year = f" ({self.published})" if self.published else ""
        read = f", read from {self.read_from}" if self.read_from else ""
        return f"{self.publisher}, {self.title}{year}{read}"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value or a reading that a result needs and its inputs do not state.

    Parameters
    ----------
    name
        Its name in the arithmetic, such as "full_year".
    value_text
        Its value as text with its unit, such as "8,760 h/year".
    reason
        Why it is needed and why this value.
    source
        The source of the value, where it has one.

    Examples
    --------
    >>> print(Assumption("full_year", "8,760 h/year", "the report gives no operating hours"))
    full_year = 8,760 h/year: the report gives no operating hours
    """

    name: str
    value_text: str
    reason: str
    source: Source | None = None

    def __str__(self) -> str:
        source = f" ({self.source})" if self.source else ""
        return f"{self.name} = {self.value_text}: {self.reason}{source}"
