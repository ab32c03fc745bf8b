"""A receipt of an audit: what went in, what came out, and whether it comes out again.

Whoever holds the report file and a receipt can run the audit again and compare: the result is a
hash over every verdict, interval and reason. The inputs are listed beside it, so that a different
result can be traced to a different report, factor, version or setting.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carbonkit.claims import check, evaluate
from carbonkit.claims.audit import Audit
from carbonkit.claims.keys import CONVENTIONS
from carbonkit.claims.loading import load_report
from carbonkit.errors import ReportError
from carbonkit.factors.read import data_folder

__all__ = ["FORMAT", "Comparison", "compare", "read_receipt", "receipt", "verify_again"]

FORMAT = "carbonkit-receipt/1"
_SIZE = 10_000_000
_DIGITS = 12  # logarithms may differ in their last digits from one machine to another


def receipt(audit: Audit, version: str, given: str = "") -> dict[str, Any]:
    """Return the receipt of an audit as plain data: the documented JSON.

    Parameters
    ----------
    audit : Audit
        The whole audit of a report.
    version : str
        Version of carbonkit.
    given : str
        How the report was asked for: its id or the path of its file.

    Raises
    ------
    ReportError
        If only some claims of the report were audited, or a value was replaced by something other
        than text.

    Examples
    --------
    >>> import carbonkit as ck
    >>> found = receipt(ck.load_report("huawei-2020").verify(), ck.__version__)
    >>> found["format"], found["factors"]["iea/world-2018#electricity-world-2018"]
    ('carbonkit-receipt/1', '475 g CO2/kWh')
    """
    report = audit.report
    if len(audit) != len(report.claims):
        raise ReportError(f"{report.id}: a receipt is of the whole report, not of some claims.")
    for name, value in audit.replaced.items():
        if not isinstance(value, str):
            raise ReportError(
                f"{name} was replaced by {value!r}; write it as text, such as '0.5 kg CO2/kWh', "
                "so that the receipt can replace it again."
            )
    values = report.replaced(audit.replaced)
    data = audit.to_dict()
    claims = data.pop("claims")
    return {
        "format": FORMAT,
        "report": {"given": given or report.id, "id": report.id, "sha256": report.sha256},
        "what_if": dict(audit.replaced),
        "factors": {
            factor.key: f"{factor.text} {factor.unit}"
            for value in values.values()
            for factor in value.factors
        },
        "factor_library": _library(),
        "settings": {
            "conventions": {name: " ".join(told) for name, told in CONVENTIONS.items()},
            "corner": check.CORNER,
            "samples": evaluate.SAMPLES,
        },
        "software": {"carbonkit": version, "python": platform.python_version()},
        "counts": data["counts"],
        "claims": {
            claim["id"]: {"verdict": claim["verdict"], "sha256": _hash(claim)} for claim in claims
        },
        "result": _hash({**data, "claims": claims}),
    }


def _library() -> str:
    """Return one hash over every release: published factors are compared with from all of them."""
    folder = data_folder()
    files = sorted(p for p in folder.rglob("*") if p.suffix in (".toml", ".csv"))
    return _hash(
        {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        }
    )


def _hash(data: Any) -> str:
    text = json.dumps(_rounded(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _rounded(data: Any) -> Any:
    """Write floats with twelve significant digits."""
    if isinstance(data, float):
        return f"{data:.{_DIGITS}g}"
    if isinstance(data, Mapping):
        return {key: _rounded(value) for key, value in data.items()}
    return [_rounded(value) for value in data] if isinstance(data, list) else data


@dataclass(frozen=True)
class Comparison:
    """What running an audit again came to.

    Attributes
    ----------
    inputs, results : tuple of str
        What differs, in words: of what went in and of what came out.
    """

    inputs: tuple[str, ...]
    results: tuple[str, ...]

    @property
    def reproduced(self) -> bool:
        """Whether the result is the same, bit for bit."""
        return not self.results

    def __str__(self) -> str:
        told = "reproduced, bit for bit" if self.reproduced else "not reproduced"
        lines = [
            told,
            *(f"result: {d}" for d in self.results),
            *(f"input: {d}" for d in self.inputs),
        ]
        return "\n".join(lines)


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Compare two receipts.

    Examples
    --------
    >>> import carbonkit as ck
    >>> report = ck.load_report("huawei-2020")
    >>> first = receipt(report.verify(), ck.__version__)
    >>> other = receipt(report.verify(factors={"iea": "0.5 kg CO2/kWh"}), ck.__version__)
    >>> compare(first, first).reproduced, compare(first, other).inputs[0]
    (True, 'what_if iea: nothing before, now 0.5 kg CO2/kWh')
    """
    inputs = [
        difference
        for part in ("what_if", "report", "factors", "factor_library", "settings", "software")
        for difference in _differences(part, old.get(part), new.get(part))
        # The same file may lie elsewhere.
        if not difference.startswith("report given:")
    ]
    results = []
    for claim_id in dict.fromkeys((*old["claims"], *new["claims"])):
        was, now = old["claims"].get(claim_id, {}), new["claims"].get(claim_id, {})
        if was.get("verdict") != now.get("verdict"):
            results.append(_changed(f"claim {claim_id}", was.get("verdict"), now.get("verdict")))
        elif was != now:
            results.append(f"claim {claim_id}: another arithmetic or reason, the same verdict")
    if old["result"] != new["result"] and not results:
        results.append("the order of the claims, or what is said of the report")
    return Comparison(tuple(inputs), tuple(results))


def _differences(name: str, was: Any, now: Any) -> Iterator[str]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*was, *now)):
            yield from _differences(f"{name} {key}", was.get(key), now.get(key))
    elif was != now:
        yield _changed(name, was, now)


def _changed(what: str, was: Any, now: Any) -> str:
    shown = ["nothing" if value is None else str(value) for value in (was, now)]
    return f"{what}: {shown[0]} before, now {shown[1]}"


def read_receipt(path: str | Path) -> dict[str, Any]:
    """Read a receipt.

    Raises
    ------
    ReportError
        If the file cannot be read or is no receipt.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(_SIZE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReportError(f"{path}: cannot be read: {reason}.") from None
    try:
        found = json.loads(data.decode("utf-8")) if len(data) <= _SIZE else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ReportError(f"{path}: is not a receipt of the format {FORMAT!r}.")
    for key, kind in (("report", dict), ("claims", dict), ("what_if", dict), ("result", str)):
        if not isinstance(found.get(key), kind):
            raise ReportError(f"{path}: the receipt has no {key!r}, or not as it was written.")
    entries = [*found["claims"].values()]
    if not all(isinstance(entry, dict) for entry in entries):
        raise ReportError(f"{path}: 'claims' are not as they were written.")
    return found


def verify_again(found: Mapping[str, Any], version: str, report: str = "") -> Comparison:
    """Run the audit of a receipt again and compare.

    Parameters
    ----------
    found : mapping
        From :func:`read_receipt`.
    version : str
        Version of carbonkit.
    report : str
        Id or path of the report, if it is not where the receipt says.

    Raises
    ------
    ReportError
        If there is no such report or it cannot be read.

    Examples
    --------
    >>> import carbonkit as ck
    >>> print(verify_again(receipt(ck.load_report("huawei-2020").verify(), "1.0"), "1.1"))
    reproduced, bit for bit
    input: software carbonkit: 1.0 before, now 1.1
    """
    given = report or str(found["report"].get("given", ""))
    what_if = {str(name): str(value) for name, value in found["what_if"].items()}
    again = load_report(given).verify(factors=what_if)
    return compare(found, receipt(again, version, given))
