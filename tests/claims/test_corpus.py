"""Many reports at once: which files are taken, that no bad one stops the rest, and the order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import carbonkit
from carbonkit.claims import Corpus, Verdict, load_report, verify_all
from carbonkit.errors import ReportError

Write = Callable[..., str]
FIGURES = {"a": "2 t", "b": "3 t", "t": "5 t", "u": "9 t"}
ROOT = str(Path(carbonkit.__file__).parents[1])


@pytest.fixture
def folder(tmp_path: Path, write: Write) -> Path:
    """Three reports in two folders, and files that are none."""
    sound = write(FIGURES, ["t == a + b"], id="sound")
    false = write(FIGURES, ["t == a + b", "u == a + b", "u == a * 3"], id="false")
    for name, text in {
        "sound.toml": sound,
        "inner/false.toml": false,
        "inner/commented.toml": f"\ufeff# a comment\n\n  # another\n{sound}",
        "broken.toml": 'format = "carbonkit-report/1"\n[report]\nid = "x"\n',
        "newer.toml": 'format = "carbonkit-report/9"\n',
        "pyproject.toml": '[project]\nname = "format"\n',
        "late.toml": '[report]\nformat = "carbonkit-report/1"\n',
        "notes.txt": "format",
        "table.csv": "a,b\n1,2\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def told(corpus: Corpus, folder: Path) -> list[tuple[str, str]]:
    return [(Path(f.file).relative_to(folder).as_posix(), f.status) for f in corpus]


def test_a_folder_is_read_whole_and_nothing_is_passed_over(folder: Path) -> None:
    corpus = verify_all(folder)
    assert told(corpus, folder) == [
        ("broken.toml", "error"),
        ("inner/commented.toml", "checked"),
        ("inner/false.toml", "checked"),
        ("late.toml", "skipped"),
        ("newer.toml", "error"),
        ("pyproject.toml", "skipped"),
        ("sound.toml", "checked"),
    ]
    by_name = {Path(f.file).name: f for f in corpus}
    assert "title is missing" in by_name["broken.toml"].reason
    assert "carbonkit-report/9" in by_name["newer.toml"].reason
    assert "first key" in by_name["pyproject.toml"].reason


def test_a_row_holds_what_the_audit_of_its_file_says(folder: Path) -> None:
    for file in verify_all(folder).of("checked"):
        audit = load_report(file.file).verify()
        assert (file.report, file.year) == (audit.report.id, audit.report.year)
        assert (file.claims, file.counts) == (len(audit), audit.counts())
        assert file.sha256 == audit.report.sha256
        false = [r.id for r in audit if r.verdict is Verdict.INCONSISTENT]
        assert list(file.inconsistent) == false


def test_the_worst_claim_is_the_one_furthest_off(folder: Path) -> None:
    # 9 for 5 is 4/9 off, 9 for 6 a third.
    (file,) = verify_all(folder / "inner" / "false.toml")
    assert (file.worst, file.worst_claim) == (Verdict.INCONSISTENT, "k2")
    (sound,) = verify_all(folder / "sound.toml")
    assert (sound.worst, sound.inconsistent) == (Verdict.EXACT, ())


def test_totals_add_up(folder: Path) -> None:
    corpus = verify_all([folder, "huawei-2020"])
    assert sum(corpus.counts().values()) == sum(f.claims for f in corpus)
    data = corpus.to_dict()
    assert data["totals"]["reports"] == 4
    assert data["totals"]["errors"] == data["totals"]["skipped"] == 2
    assert "4 reports" in corpus.summary()
    assert "2 files could not be checked; 2 other files skipped" in corpus.summary()
    frame = corpus.to_frame()
    assert len(frame) == len(corpus)
    assert (
        frame.loc[frame["status"] == "checked", str(Verdict.EXACT)].sum()
        == (corpus.counts()[Verdict.EXACT])
    )
    assert frame.loc[frame["status"] == "error", "claims"].isna().all()


def test_files_patterns_and_folders_are_taken_in_their_order_and_once(folder: Path) -> None:
    given = [
        folder / "sound.toml",
        "huawei-2020",
        str(folder / "inner" / "*.toml"),
        folder / "nowhere.toml",
        str(folder / "x*.toml"),
        folder / "inner",
        folder / "." / "sound.toml",
    ]
    corpus = verify_all(given)
    assert [(Path(f.file).name, f.status) for f in corpus] == [
        ("sound.toml", "checked"),
        ("huawei-2020", "checked"),
        ("commented.toml", "checked"),
        ("false.toml", "checked"),
        ("nowhere.toml", "error"),
        ("x*.toml", "error"),
    ]
    assert "no file matches" in corpus.files[-1].reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_is_never_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.toml")
    (folder / "dangling.toml").symlink_to(folder / "nowhere")
    statuses = dict(told(verify_all(folder), folder))
    assert statuses["pipe.toml"] == statuses["dangling.toml"] == "skipped"
    (named,) = verify_all(folder / "pipe.toml")
    assert (named.status, named.reason) == ("error", "is no file but a device or a pipe")


def test_a_fault_of_ours_stops_no_other_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(path: str) -> object:
        if "false" in path:
            raise KeyError("a slip")
        return load_report(path)

    monkeypatch.setattr("carbonkit.claims.corpus.load_report", fault)
    files = {Path(f.file).name: f for f in verify_all(folder / "inner")}
    assert files["false.toml"].reason == "KeyError: 'a slip'"
    assert files["commented.toml"].status == "checked"


def test_processes_change_nothing_but_the_time(folder: Path, write: Write) -> None:
    for number in range(20):
        text = write(FIGURES, ["t == a + b"], id=f"r{number}")
        (folder / "inner" / f"r{number}.toml").write_text(text)
    seen: list[tuple[int, int]] = []
    alone = verify_all(folder, progress=lambda done, total: seen.append((done, total)))
    together = verify_all(folder, jobs=2)
    assert together == alone
    assert together.to_dict() == alone.to_dict()
    assert seen == [(n, 25) for n in range(1, 26)]


DYING = """
import os
from carbonkit.claims import corpus

load = corpus.load_report

def dying(path):
    if "false" in path:
        os._exit(1)
    return load(path)

corpus.load_report = dying
if __name__ == "__main__":
    import sys
    for file in corpus.verify_all(sys.argv[1], jobs=2):
        print(os.path.basename(file.file), file.status, file.reason)
"""


def test_a_file_that_ends_its_process_is_named_and_the_rest_are_checked(
    folder: Path, tmp_path: Path
) -> None:
    script = tmp_path / "dying.py"
    script.write_text(DYING)
    done = subprocess.run(
        [sys.executable, str(script), str(folder / "inner")],
        env={**os.environ, "PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    commented, false = done.stdout.splitlines()
    assert commented == "commented.toml checked "
    assert false.startswith("false.toml error the process that read it came to a sudden end")


@pytest.mark.parametrize("jobs", [0, -1, True, 1.5, "2"])
def test_a_number_of_processes_that_is_none_is_refused(jobs: object) -> None:
    with pytest.raises(ReportError, match="jobs must be"):
        verify_all("huawei-2020", jobs=jobs)  # type: ignore[arg-type]


INTERRUPTED = """
import sys
from carbonkit.claims import verify_all

if __name__ == "__main__":
    try:
        verify_all(sys.argv[1], jobs=2, progress=lambda done, total: print(done, flush=True))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_an_interrupt_ends_it_cleanly(folder: Path, write: Write, tmp_path: Path) -> None:
    text = write(FIGURES, ["t == a + b", "u == a + b"])
    for number in range(1000):
        (folder / "inner" / f"r{number}.toml").write_text(text)
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED)
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder / "inner")],
        env={**os.environ, "PYTHONPATH": ROOT},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert process.stdout is not None
    while int(process.stdout.readline()) < 50:  # the processes are at work
        pass
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    stdout, stderr = process.communicate(timeout=30)
    assert stdout.splitlines()[-1] == "interrupted"
    assert stderr == ""
