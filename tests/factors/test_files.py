"""Files that break the format: one for each message, with the words it must hold."""

from __future__ import annotations

import pytest
from making import head, opened, table, write

from carbonkit import factors
from carbonkit.errors import FactorError, FactorFileError

GOOD = table([{"value": "0.5810"}, {"value": "0.4", "region": "FR"}])


def lines(*rows: str) -> str:
    return "id,activity,region,kind,gas,value,unit\n" + "".join(f"{r}\n" for r in rows)


ROW = "a,electricity,CN,average,CO2,0.5,kg CO2/kWh"

BROKEN_TABLES = {
    "byte order mark": (
        b"\xef\xbb\xbf" + GOOD.encode(),
        "row 1: .* byte order mark",
    ),
    "semicolons": (GOOD.replace(",", ";"), "separated by semicolons.*delimiter = ';'"),
    "decimal comma": (
        lines(ROW.replace("0.5", '"0,5"')),
        r"row 2.*'0,5' is not plain digits",
    ),
    "thousands": (lines(ROW.replace("0.5", '"1,234.5"')), "row 2.*no thousands separators"),
    "formula": (lines(ROW.replace("0.5", "=A1*2")), "row 2.*'=A1.2' is a formula"),
    "formula elsewhere": (
        lines(ROW.replace("electricity", "=HYPERLINK(A1)")),
        "row 2 column activity: .* is a formula",
    ),
    "text for a number": (
        lines(ROW.replace("0.5", "n.a.")),
        "row 2 column value: 'n.a.' is",
    ),
    "NaN": (lines(ROW.replace("0.5", "nan")), "row 2 column value: 'nan' is not plain"),
    "huge exponent": (lines(ROW.replace("0.5", "1e999999999")), "row 2.*is not plain digits"),
    "thousand digits": (lines(ROW.replace("0.5", "9" * 1000)), "row 2.*is not plain digits"),
    "empty value": (lines(ROW.replace("0.5", "")), "row 2 column value: is empty but required"),
    "two encodings": (lines(ROW).encode() + "é".encode("latin-1"), "row 3: byte 0xe9 is not utf-8"),
    "lost characters": (lines(ROW + "\ufffd"), "row 2: a character was lost"),
    "NUL": (lines(ROW + "\x00"), "row 2: a character was lost"),
    "wrong header": (
        GOOD.replace("region", "regoin", 1),
        "unknown column 'regoin'.*region",
    ),
    "missing column": (GOOD.replace("unit", "note", 1), "required column 'unit' is missing"),
    "column twice": ("id,id\n", "column 'id' stands there twice"),
    "column in defaults too": (
        GOOD,
        "'gas' also stands in .defaults.",
        '[defaults]\ngas = "CO2"',
    ),
    "ragged row": (lines(ROW, ROW + ",x"), "row 3: 8 cells, but the header has 7"),
    "open quote": (lines('a,"electricity,CN'), "not a table.*quote left open"),
    "line break in a cell": (
        lines(ROW.replace("CN", '"C\nN"')),
        "region: holds a line break",
    ),
    "duplicate row": (lines(ROW, ROW), "row 3 column id: 'a' also stands in row 2"),
    "duplicate figure": (
        lines(ROW, ROW.replace("a,", "b,", 1).replace("0.5", "0.7")),
        "row 3: says the same as row 2",
    ),
    "no rows": (lines(), "holds no rows"),
    "empty file": ("", "required column 'id' is missing"),
    "unknown kind": (lines(ROW.replace("average", "averge")), "column kind.*Did you mean average"),
    "unknown unit": (lines(ROW.replace("kg CO2/kWh", "kg CO2/kwh")), "row 2 column unit.*kWh"),
    "unit not canonical": (
        lines(ROW.replace("kg CO2/kWh", "kgCO2/kWh")),
        "as 'kg CO2/kWh'",
    ),
    "bad id": (lines("a b" + ROW[1:]), "column id: 'a b': only letters"),
    "space around": (lines(ROW.replace("CN", "CN ")), "column region: 'CN ' begins or ends"),
    "calorific basis": (
        lines("a,natural gas,CN,combustion,CO2,56.1,kg CO2/GJ"),
        "column calorific_basis.*state net or gross",
    ),
    "CO2e without GWP set": (
        lines(ROW.replace("CO2,0.5,kg CO2", "CO2e,0.5,kg CO2e")),
        "gwp_set is missing",
    ),
}


@pytest.mark.parametrize("case", BROKEN_TABLES)
def test_broken_tables_are_refused_whole(case, tmp_path):
    text, words, *more = BROKEN_TABLES[case]
    toml = head() + "".join(more)
    write(tmp_path / "own", "good", head(), GOOD)
    bad = write(tmp_path / "own", "bad", toml, text)
    library = factors.library()
    before = len(library.releases())
    with pytest.raises(FactorFileError, match=f"(?s)nothing was added.*{words}") as caught:
        library.add(tmp_path / "own")
    assert "bad." in str(caught.value)
    assert len(library.releases()) == before
    assert any("bad." in f.file for f in factors.check(bad))


BROKEN_HEADS = {
    "not TOML": ("format = ", "not valid TOML"),
    "not a release": (
        'format = "something/9"',
        "not 'carbonkit-factors/1'",
    ),
    "no source": ('format = "carbonkit-factors/1"', "publisher is missing"),
    "no licence": (
        head().replace("licence", "license"),
        "'license'. Did you mean licence",
    ),
    "unknown key": (head() + '[sources]\na = "b"', "unknown key 'sources'. Did you mean source"),
    "bad date": (head(published='"soon"'), "published: 'soon' is not a year or a date"),
    "bad default": (
        head() + '[defaults]\nvalue = "1"',
        "value is not a column",
    ),
    "bad set": (head(more='gwp_set = "AR7"'), "gwp_set 'AR7'"),
    "supersedes": (head(more='supersedes = "x"'), "supersedes must be a list"),
    "deep": ("a = " + "[" * 5000 + "]" * 5000, "nested too deeply|not valid TOML"),
}


@pytest.mark.parametrize("case", BROKEN_HEADS)
def test_broken_heads(case, tmp_path):
    toml, words = BROKEN_HEADS[case]
    bad = write(tmp_path / "own", "bad", toml, GOOD)
    with pytest.raises(FactorFileError, match=words):
        factors.library().add(bad)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("", "format is None"),
        ('format = "carbonkit-corrections/1"\n[[correction]]\nid = "r0"', "must state"),
        (
            'format = "carbonkit-corrections/1"\n[[correction]]\nid = "r9"\ncolumn = "value"\n'
            'upstream = "1"\ncorrected = "2"\ndate = 2022-01-01\nreason = "r"',
            "no such row",
        ),
    ],
)
def test_broken_corrections(toml, words, tmp_path):
    bad = write(tmp_path / "own", "bad", head(), GOOD)
    bad.with_name("bad.corrections.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(FactorFileError, match=words):
        factors.library().add(bad)


def test_paths_that_hold_nothing(tmp_path):
    with pytest.raises(FactorFileError, match="no release here"):
        factors.library().add(tmp_path)
    with pytest.raises(FactorFileError, match="no such folder or release"):
        factors.library().add(tmp_path / "none.toml")
    (tmp_path / "half.toml").write_text(head(), encoding="utf-8")
    with pytest.raises(FactorFileError, match=r"half\.csv: no such file"):
        factors.library().add(tmp_path / "half.toml")
    again = write(tmp_path / "iea", "world-2018", head(), GOOD)
    with pytest.raises(FactorError, match="two releases are called 'iea/world-2018'"):
        factors.library().add(again)


def test_a_foreign_table_is_read_as_it_declares_and_that_is_recorded(tmp_path):
    reading = (
        '[reading]\nencoding = "cp1252"\ndelimiter = ";"\ndecimal = ","\nthousands = "."\n'
        '[defaults]\nactivity = "electricity"\nregion = "AT"\nkind = "residual"\ngas = "CO2"\n'
        'unit = "g CO2/kWh"\n'
    )
    text = "id;item;data_year;value\na;Österreich;2023;1.234,50\nb;Österreich;2022;0,5\n"
    library = factors.library().add(
        write(tmp_path / "own", "aib", head() + reading, text.encode("cp1252"))
    )
    found = library.find("electricity", region="Austria", year=2023, kind="residual")
    assert (found.text, found.item) == ("1234.50", "Österreich")
    (line,) = [s for s in library.sources() if s.release == "own/aib"]
    assert line.reading["decimal"] == ","
    mixed = text.replace("0,5", "0.5.5").encode("cp1252")
    toml = head() + reading.replace('"."', '""')
    with pytest.raises(FactorFileError, match="declares decimal = ','"):
        factors.library().add(write(tmp_path / "own2", "aib", toml, mixed))


def test_a_users_own_regions_and_activities_are_welcome(tmp_path):
    rows = [{"activity": "biochar", "region": "Plant 7", "kind": "activity", "unit": "kg CO2/t"}]
    library = factors.library().add(write(tmp_path / "own", "site", head(), table(rows)))
    assert library.find("biochar", region="Plant 7").text == "0.5"


def test_hostile_names_run_nothing(tmp_path):
    rows = [{"item": "__import__('os').system('true')", "note": "${HOME} {0.__class__}"}]
    library = opened(write(tmp_path / "own", "r", head(), table(rows)).parent)
    assert library.find("electricity", region="CN").item.startswith("__import__")
