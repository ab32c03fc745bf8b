"""Made-up releases for the tests of the factor library."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from carbonkit.factors import FactorLibrary
from carbonkit.factors.read import releases_in

HEAD = """format = "carbonkit-factors/1"

[source]
publisher = "{publisher}"
title = "made up"
published = {published}
url = "https://example.org"
licence = "made up"
read_from = "made up"
{more}
"""
DEFAULTS = {
    "activity": "electricity",
    "region": "CN",
    "data_year": "",
    "kind": "average",
    "gas": "CO2",
    "unit": "kg CO2/kWh",
    "value": "0.5",
}


def head(publisher: str = "Own", published: str = "2020", more: str = "") -> str:
    return HEAD.format(publisher=publisher, published=published, more=more)


def table(rows: Iterable[Mapping[str, str]]) -> str:
    """CSV text of rows over the defaults above; each row gets an id of its own."""
    out = io.StringIO()
    rows = [{"id": f"r{i}", **DEFAULTS, **row} for i, row in enumerate(rows)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(folder: Path, name: str, toml: str, text: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(toml, encoding="utf-8")
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / f"{name}.csv").write_bytes(raw)
    return folder / f"{name}.toml"


def opened(folder: Path) -> FactorLibrary:
    """A library of nothing but this folder."""
    return FactorLibrary(releases_in(folder))
