"""Partitioned input: the sums of each file are kept, so that work that was cut short goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit.errors import LedgerError
from carbonkit.ledger.output import in_one_step, write
from carbonkit.ledger.plan import Plan
from carbonkit.ledger.source import files, read_files

if TYPE_CHECKING:
    import ibis

__all__ = ["summed"]

_FORMAT = "carbonkit-ledger/2"
_MANIFEST = "manifest.json"


def summed(
    activities: Any,
    plan: Plan,
    connection: Any,
    work: Path,
    tell: Callable[[str, int, int], None],
) -> ibis.Table:
    """Sum file by file, and keep what is done in a folder.

    A file is done when its sums stand in the manifest, and is done again if its size or time of
    change differs. Sums of sums are exact, so the totals have the same bits as in one pass.

    Raises
    ------
    LedgerError
        If the table does not come from files, or the folder holds another calculation.
    """
    if not isinstance(activities, str | Path | list | tuple):
        raise LedgerError("work=... keeps the sums of files; give paths, or leave it out.")
    paths = files(activities)
    asked = json.dumps([_FORMAT, dict(plan.roles), plan.by, plan.places, plan.dates])
    manifest = _begun(work, asked)
    done: dict[str, Any] = manifest["done"]
    for number, path in enumerate(paths):
        tell("reading", number, len(paths))
        known, state = str(path.resolve()), _state(path)
        entry = done.get(known)
        if entry and entry["state"] == state and (work / entry["sums"]).is_file():
            continue
        name = f"{hashlib.sha256(known.encode()).hexdigest()[:32]}.parquet"
        table = read_files((path,), connection)
        plan.check(table)
        write(plan.sums(table), work / name)
        if _state(path) != state:
            raise LedgerError(f"{path}: changed while it was read. Run again.")
        done[known] = {"state": state, "sums": name}
        _save(work, manifest)
    tell("reading", len(paths), len(paths))
    names = [work / done[str(p.resolve())]["sums"] for p in paths]
    kept = read_files(names, connection)
    made: ibis.Table = connection.create_table("sums", plan.again(kept), temp=True)
    return made


def _state(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _begun(work: Path, asked: str) -> dict[str, Any]:
    """Return the manifest of a folder, or a new one."""
    try:
        work.mkdir(parents=True, exist_ok=True)
        text = (work / _MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {"asked": asked, "done": {}}
    except OSError as error:
        raise LedgerError(f"{work}: cannot be used: {error.strerror or error}.") from None
    try:
        manifest = json.loads(text)
        same = manifest["asked"] == asked and isinstance(manifest["done"], dict)
    except (ValueError, TypeError, KeyError):
        raise LedgerError(f"{work / _MANIFEST}: is no manifest. Use another folder.") from None
    if not same:
        raise LedgerError(
            f"{work}: holds the work of another calculation (other columns, groups or places). "
            "Use another folder."
        )
    return dict(manifest)


def _save(work: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=1)

    def fill(scratch: Path) -> None:
        scratch.write_text(text, encoding="utf-8")

    in_one_step(work / _MANIFEST, fill)
