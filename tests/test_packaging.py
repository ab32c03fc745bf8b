"""What is shipped: the wheel and the source distribution, installed and run elsewhere."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WHEEL_LIMIT = 3_000_000  # bytes


def run(*argv, **options) -> str:
    done = subprocess.run(argv, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(what: str, source: Path, out: Path) -> Path:
    run(sys.executable, "-m", "build", "--no-isolation", what, "--outdir", out, source)
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build("--wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory) -> Path:
    return build("--sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory) -> Path:
    """Give a virtual environment with the wheel in it, and only its dependencies beside it."""
    home = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", "--without-pip", home / "venv")
    scripts = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run(*pip, "install", "--no-deps", "--no-index", wheel)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    # The dependencies are those of this environment; files of paths in there are not followed,
    # so a development install of carbonkit does not come along.
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site, "dependencies.pth").write_text("\n".join(paths))
    return scripts


def content(archive: Path) -> dict[str, bytes]:
    """Return the files of a wheel by name, without its own list of them."""
    with zipfile.ZipFile(archive) as file:
        names = [n for n in file.namelist() if not n.endswith(("/RECORD", "/"))]
        return {name: file.read(name) for name in names}


def test_wheel_holds_code_factors_and_reports(wheel):
    shipped = content(wheel)
    wanted = {
        f"carbonkit/{p.relative_to(ROOT / 'carbonkit').as_posix()}": p
        for p in (ROOT / "carbonkit").rglob("*")
    } | {
        f"carbonkit/_emission_factors/{p.relative_to(ROOT / 'emission_factors').as_posix()}": p
        for p in (ROOT / "emission_factors").rglob("*")
    }
    files = {n: p for n, p in wanted.items() if p.is_file() and "__pycache__" not in p.parts}
    assert {"carbonkit/py.typed", "carbonkit/reports/huawei-2020.toml"} <= set(files)
    assert sorted(set(files) - set(shipped)) == []
    own = {n for n in shipped if n.startswith("carbonkit/")}
    assert sorted(own - set(files)) == []
    assert all(shipped[name] == path.read_bytes() for name, path in files.items())
    assert any(name.endswith("licenses/LICENSE") for name in shipped)


def test_wheel_is_small(wheel):
    assert wheel.stat().st_size < WHEEL_LIMIT


def test_source_distribution_builds_the_same_wheel(sdist, wheel, tmp_path):
    with tarfile.open(sdist) as file:
        file.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert (source / "tests" / "test_packaging.py").exists()
    again = build("--wheel", source, tmp_path / "again")
    assert content(again) == content(wheel)


def test_installed_package_verifies_from_another_directory(elsewhere, tmp_path):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    where = run(
        elsewhere / "python",
        "-c",
        "import carbonkit; from carbonkit.factors.read import data_folder;"
        "print(carbonkit.__file__, data_folder(), sep='\\n')",
        cwd=tmp_path,
        env=clean,
    ).splitlines()
    package = Path(where[0]).parent
    assert elsewhere.parent in package.parents
    assert Path(where[1]) == package / "_emission_factors"
    audit = run(elsewhere / "carbonkit", "verify", "huawei-2020", cwd=tmp_path, env=clean)
    assert "p62-icooling-co2" in audit
    assert audit == run(
        sys.executable,
        "-c",
        "from carbonkit.cli import main; main()",
        "verify",
        "huawei-2020",
        cwd=ROOT,
        env=clean,
    )


def test_source_checkout_finds_factors_beside_the_package():
    where = run(
        sys.executable,
        "-c",
        "from carbonkit.factors.read import data_folder; print(data_folder())",
        cwd=ROOT,
    )
    assert Path(where.strip()) == ROOT / "emission_factors"
