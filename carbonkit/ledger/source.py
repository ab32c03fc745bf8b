"""Tables of any kind, opened as one Ibis table."""

from __future__ import annotations

import glob
import gzip
import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonkit.errors import LedgerError

if TYPE_CHECKING:
    import ibis

__all__ = ["connect", "engine_errors", "files", "opened", "read_files", "rightly"]

_SUFFIXES = (".parquet", ".csv", ".csv.gz", ".tsv")
_SHOWN = 300
_WORD = 100
# DuckDB 2.0 concludes from the least and the largest value of a Parquet column that it holds no
# NaN, and that reading its text as numbers never fails: such rows would be lost in silence.
_WRONG = "statistics_propagation"
_HEADER = 2**20


def connect(memory: str | None = None, threads: int | None = None) -> Any:
    """Return a database in this process.

    Parameters
    ----------
    memory : str, optional
        The most memory that it may take, such as "2GB"; beyond it, it writes to a scratch folder.
    threads : int, optional
        By default as many as there are processors.

    Raises
    ------
    LedgerError
        If Ibis or DuckDB are not installed, or an option cannot be.
    """
    try:
        import duckdb
        import ibis

        ibis.duckdb  # noqa: B018 - loads the driver
    except (ImportError, AttributeError):
        raise LedgerError("tables need Ibis and DuckDB: pip install 'carbonkit[ledger]'.") from None
    options: dict[str, Any] = {
        # Never a download, and no scratch files in the folder of the caller.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": str(Path(tempfile.gettempdir()) / "carbonkit-duckdb"),
        "preserve_insertion_order": False,
    }
    if memory is not None:
        options["memory_limit"] = memory
    if threads is not None:
        options["threads"] = threads
    with engine_errors():
        made = ibis.duckdb.connect(**options)
        # It would stand among the results, wherever these go. Where a notebook cannot draw it,
        # turning it off is an error.
        with suppress(duckdb.InvalidInputException):
            made.con.execute("SET enable_progress_bar = false")
        made.con.execute(f"SET disabled_optimizers = '{_WRONG}'")
        return made


@contextmanager
def rightly(backend: Any) -> Iterator[None]:
    """Let a DuckDB that is not ours look at every value meanwhile."""
    if backend.name != "duckdb":
        yield
        return
    setting = "current_setting('disabled_optimizers')"
    before = backend.con.execute(f"SELECT {setting}").fetchone()[0]
    backend.con.execute(f"SET disabled_optimizers = '{before and before + ','}{_WRONG}'")
    try:
        yield
    finally:
        backend.con.execute(f"SET disabled_optimizers = '{before}'")


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn errors of the engine into ours, without their stack and cut to a few lines."""
    try:
        with warnings.catch_warnings():
            # Ibis calls what newer versions of DuckDB advise against.
            warnings.filterwarnings("ignore", "fetch_", DeprecationWarning)
            yield
    except LedgerError:
        raise
    except Exception as error:
        home = type(error).__module__.partition(".")[0]
        if home not in ("duckdb", "_duckdb", "ibis", "pyarrow"):
            raise
        # A cell may be of any length; what is said of it stands after it.
        words = [w if len(w) <= _WORD else f"{w[:20]}…" for w in str(error).split()]
        text = " ".join(words)
        short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …"
        raise LedgerError(f"the table cannot be calculated: {short}") from error


def files(given: str | Path | Sequence[str | Path]) -> tuple[Path, ...]:
    """Return the files of a path, a pattern, a folder or a list of them, in order of their names.

    Raises
    ------
    LedgerError
        If there is none, or one is of a kind that cannot be read.
    """
    found: list[Path] = []
    for one in [given] if isinstance(given, str | Path) else given:
        path = Path(one)
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            found += sorted(p for p in path.rglob("*") if _known(p))
        else:
            found += sorted(Path(p) for p in glob.glob(str(one), recursive=True))  # noqa: PTH207
    wrong = [p for p in found if not _known(p)]
    if wrong:
        raise LedgerError(f"{wrong[0]}: tables are read from {', '.join(_SUFFIXES)}.")
    if not found:
        raise LedgerError(f"{given}: there is no such file, and no file that it is a pattern of.")
    if len({_csv(p) for p in found}) > 1:
        raise LedgerError(f"{given}: Parquet and CSV files are not read as one table.")
    return tuple(found)


def _known(path: Path) -> bool:
    return path.name.casefold().endswith(_SUFFIXES) and path.is_file()


def _csv(path: Path) -> bool:
    return not path.name.casefold().endswith(".parquet")


def _separator(path: Path) -> str:
    """Return what separates the names of columns in a file's first line."""
    try:
        with gzip.open(path) if path.suffix.casefold() == ".gz" else path.open("rb") as file:
            line = file.readline(_HEADER)
    except (OSError, EOFError) as error:
        raise LedgerError(f"{path}: cannot be read: {error}.") from None
    bare = re.sub(rb'"[^"]*"', b"", line)
    return max(",;\t|", key=lambda mark: bare.count(mark.encode()))


def read_files(paths: Sequence[Path], connection: Any) -> ibis.Table:
    """Return files as one table; the cells of CSV stay text, so that no digit is lost."""
    # The engine would take brackets in a name for a pattern.
    names = [str(p).replace("[", "[[]").replace("*", "[*]").replace("?", "[?]") for p in paths]
    with engine_errors():
        if _csv(paths[0]):
            # What separates cells is said: the engine would try all that it knows, for minutes
            # where a line is very long.
            return connection.read_csv(
                names, all_varchar=True, header=True, union_by_name=True, max_line_size=2**24,
                delim=_separator(paths[0]), quote='"', escape='"',
            )  # fmt: skip
        return connection.read_parquet(names, union_by_name=True)


def opened(activities: Any, connection: Any) -> ibis.Table:
    """Return any table as an Ibis table; one of another engine stays there.

    Parameters
    ----------
    activities
        A pandas or Polars frame, an Arrow table, an Ibis table, a path, a pattern of paths or a
        list of them.
    connection
        Of :func:`connect`.

    Raises
    ------
    LedgerError
        If it is none of these, or a column mixes types.
    """
    import ibis
    import pyarrow as pa

    if isinstance(activities, ibis.Table):
        return activities
    if isinstance(activities, str | Path) or (isinstance(activities, list | tuple) and activities):
        return read_files(files(activities), connection)
    arrow: Any = activities
    if hasattr(activities, "collect") and hasattr(activities, "lazy"):  # a lazy frame of Polars
        arrow = activities.collect()
    if hasattr(arrow, "to_arrow"):
        arrow = arrow.to_arrow()
    elif hasattr(arrow, "iloc"):
        try:
            arrow = pa.Table.from_pandas(arrow, preserve_index=False)
        except (pa.ArrowException, TypeError, ValueError) as error:
            said = " ".join(str(error.args[-1] if error.args else error).split())[:_SHOWN]
            raise LedgerError(
                f"the frame has a column of mixed types: {said}. Make it one type."
            ) from None
    if isinstance(arrow, pa.RecordBatch):
        arrow = pa.Table.from_batches([arrow])
    if not isinstance(arrow, pa.Table):
        raise LedgerError(
            f"a {type(activities).__name__} is no table: give a pandas or Polars frame, an Arrow "
            "table, an Ibis table, or the path of Parquet or CSV files."
        )
    name = f"activities_{id(arrow)}"
    connection.con.register(name, arrow)
    return connection.table(name)
