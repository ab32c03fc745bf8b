"""A report as it is read from its file: its values and its claims, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from carbonkit import printed, units
from carbonkit.claims.model import Claim, Named, of_factor, size
from carbonkit.errors import CarbonkitError, ReportError, UnitError, nearest
from carbonkit.factors import Factor

if TYPE_CHECKING:
    import pandas as pd

    from carbonkit.claims.audit import Audit
    from carbonkit.tables import PrintedTable

__all__ = ["Claim", "Named", "Report"]


@dataclass(frozen=True)
class Report:
    """A report as read from its file; :meth:`verify` checks its claims.

    Attributes
    ----------
    id, title, organisation, path : str
        What it is, and the file it came from.
    year : int
        The year reported on.
    values : mapping of str to Named
        Every figure, fact, assumption, convention and unknown by name.
    claims : tuple of Claim
        The statements.
    about : mapping of str to object
        What the file says of the report.
    sha256 : str
        Hash of the file.
    tables : tuple of PrintedTable
        The printed tables that stand in it whole; their cells are among the values.
    """

    id: str
    title: str
    organisation: str
    year: int
    path: str
    values: Mapping[str, Named]
    claims: tuple[Claim, ...]
    about: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""
    tables: tuple[PrintedTable, ...] = ()

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def __getitem__(self, claim_id: str) -> Claim:
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        known = [c.id for c in self.claims]
        raise ReportError(
            f"{self.id} has no claim {claim_id!r}.{nearest(claim_id, known)} "
            f"It has {len(known)} claims."
        )

    def verify(self, *, factors: Mapping[str, Any] | None = None) -> Audit:
        """Check every claim and return the audit.

        Parameters
        ----------
        factors : mapping of str to object, optional
            What if: other values for facts and assumptions, by name, as text ("0.5 kg CO2/kWh")
            or as emission factors. The audit says that they were replaced.

        Returns
        -------
        Audit

        Raises
        ------
        ReportError
            If a name is not a fact or assumption of this report.
        UnitError, DimensionError
            If a replacement has no unit or the wrong dimension.

        Examples
        --------
        >>> import carbonkit as ck
        >>> report = ck.load_report("huawei-2020")
        >>> report.verify()["p62-icooling-co2"].verdict
        <Verdict.EXACT: 'reproduced-exactly'>
        """
        from carbonkit.claims.audit import Audit
        from carbonkit.claims.check import check_claims

        values = self.replaced(factors or {})
        return Audit(self, check_claims(self.claims, values), dict(factors or {}))

    def restate(self, factors: Mapping[str, Any]) -> pd.DataFrame:
        """Restate every claim of avoided emissions under one emission factor for all.

        Parameters
        ----------
        factors : mapping of str to Factor, Result or text
            Factors to try, by a name of your choice; see :func:`carbonkit.claims.whatif.restate`.

        Returns
        -------
        pandas.DataFrame
            One row for each factor and claim.

        Raises
        ------
        ReportError
            If the report has no such claim, or no factor is given.
        UnitError
            If a factor is not a mass of CO2 or CO2e per energy.

        Examples
        --------
        >>> import carbonkit as ck
        >>> frame = ck.load_report("huawei-2020").restate({"world 2018": "475 g CO2/kWh"})
        >>> print(frame.set_index("id").loc["p62-icooling-co2", "restated"])
        13129.0
        """
        from carbonkit.claims.whatif import restate

        return restate(self, factors)

    def replaced(self, replacements: Mapping[str, Any]) -> Mapping[str, Named]:
        """Return the values with some facts or assumptions replaced.

        Raises
        ------
        ReportError
            If a name is not a fact or an assumption of this report, or a value cannot be read.
        UnitError
            If a value has no unit, an unknown one or one of the wrong dimension.
        """
        if not replacements:
            return self.values
        values = dict(self.values)
        allowed = [n for n, v in values.items() if v.role in ("fact", "assumption")]
        for name, given in replacements.items():
            if name not in allowed:
                raise ReportError(
                    f"{self.id} has no fact or assumption {name!r}.{nearest(name, allowed)} "
                    f"Those that can be replaced are {', '.join(allowed)}."
                )
            old = values[name]
            if isinstance(given, Factor):
                new = of_factor(old, given)
            else:
                new = self._what_if(old, str(given))
            if not units.same_dimension(new.unit, old.unit):
                raise UnitError(
                    f"{name} is in {old.unit}; {new.unit} has another dimension. "
                    f"Give a value in a unit like {old.unit!r}."
                )
            # An assumption stays one: that a guess fails is not the report's fault.
            role = "what-if" if old.role == "fact" else old.role
            told = f"what if {name} were {given}"
            values[name] = replace(new, role=role, what=told, source="", cited="")
        return values

    def _what_if(self, old: Named, given: str) -> Named:
        where = f"{old.name} = {given!r}"
        try:
            figure = printed.parse(given)
            unit = units.canonical(figure.unit or "1")
        except UnitError as error:
            raise UnitError(f"{where}: {error}") from None
        except CarbonkitError as error:
            raise ReportError(f"{where}: {error}") from None
        if figure.unit is None and old.unit != "1":
            raise UnitError(f"{where}: has no unit; write it as in '{given.strip()} {old.unit}'.")
        return replace(old, figure=figure, unit=unit, factors=(), base=size(unit))
