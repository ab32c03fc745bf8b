"""The arrows between rooms are those of docs/architecture.md, and importing does nothing."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "carbonkit"
FRONT = "carbonkit"  # carbonkit/__init__.py


def rooms() -> dict[str, set[str]]:
    """Read the table of rooms: what each may import, in the order of the document."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `(\w+)` \|([^|]*)\|", text, re.M)
    return {room: set(re.findall(r"\w+", allowed)) for room, allowed in lines}


def runtime_nodes(tree):
    """Go through a syntax tree, but not through what only type checkers see."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            children = ast.Module(child.orelse, [])
        else:
            yield child
            children = child
        yield from runtime_nodes(children)


def imported(path: Path, package: Path) -> set[str]:
    """Return the dotted names that a file imports at run time, wherever in the file."""
    here = ["carbonkit", *path.relative_to(package).parts[:-1]]
    found = set()
    for node in runtime_nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            base += [node.module] if node.module else []
            found |= {".".join([*base, alias.name]) for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("import_module", "__import__")
        ):
            found |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    return found


def room_of(path: Path, package: Path) -> str:
    first = path.relative_to(package).parts[0].removesuffix(".py")
    return FRONT if first == "__init__" else first


def arrows(package: Path) -> set[tuple[str, str]]:
    """Return every arrow from a room to another one."""
    files = sorted(package.rglob("*.py"))
    known = {room_of(f, package) for f in files}
    found = set()
    for path in files:
        here = room_of(path, package)
        for name in imported(path, package):
            if name.split(".")[0] == "carbonkit":
                to = name.split(".")[1] if "." in name else FRONT
                found.add((here, to if to in known else FRONT))
    return {(here, there) for here, there in found if here != there}


def wrong_arrows(package: Path) -> set[tuple[str, str]]:
    allowed = {(room, other) for room, others in rooms().items() for other in others}
    allowed.add(("cli", FRONT))  # for the version
    return arrows(package) - allowed


def test_every_arrow_is_in_the_architecture():
    assert wrong_arrows(PACKAGE) == set()


def test_every_room_is_in_the_architecture_and_looks_only_upwards():
    order = list(rooms())
    built = {room_of(f, PACKAGE) for f in PACKAGE.rglob("*.py")} - {FRONT}
    assert built == set(order)
    for place, (room, allowed) in enumerate(rooms().items()):
        assert allowed <= set(order[:place]), room


@pytest.mark.parametrize(
    "planted",
    [
        "import carbonkit.claims",
        "from carbonkit import claims",
        "from carbonkit.claims.loading import load_report",
        "from . import claims",
        "from .claims import Audit",
        "def lazily():\n    from carbonkit import claims",
        "import importlib\nimportlib.import_module('carbonkit.claims')",
        "try:\n    import carbonkit.claims\nexcept ImportError:\n    pass",
    ],
)
def test_a_planted_arrow_is_found(planted, tmp_path):
    copy = tmp_path / "carbonkit"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / "printed.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{planted}\n")
    assert ("printed", "claims") in wrong_arrows(copy)


def test_imports_for_type_checkers_do_not_count(tmp_path):
    (tmp_path / "printed.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import carbonkit.claims\n"
    )
    assert arrows(tmp_path) == set()


def test_third_party_imports_are_declared():
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8").casefold()
    distribution = {"ibis": "ibis-framework"}
    for path in PACKAGE.rglob("*.py"):
        for name in imported(path, PACKAGE):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and top != "carbonkit":
                assert f'"{distribution.get(top, top)}' in declared, f"{path}: {top}"


PROBE = """
import importlib, json, os, sys

opened = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.append(arguments[0])

sys.addaudithook(watch)
before = set(sys.modules)
for name in {names}:
    importlib.import_module(name)
new = {{m.split(".")[0] for m in set(sys.modules) - before}}
package = os.path.dirname(sys.modules["carbonkit"].__file__)
ours = (package + os.sep, os.path.join(os.path.dirname(package), "emission_factors"))
data = [f for f in opened if f.startswith(ours) and not f.endswith((".py", ".pyc"))]
print(json.dumps([sorted(new - set(sys.stdlib_module_names)), data]))
"""


def importing(*names: str, where: Path = ROOT) -> list[list[str]]:
    """Import modules in a fresh process: third-party packages and data of ours that it read."""
    argv = [sys.executable, "-c", PROBE.format(names=names)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=where)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_importing_carbonkit_brings_nothing_in():
    assert importing("carbonkit") == [["carbonkit"], []]


def test_importing_the_rooms_brings_no_giant_in():
    packages, _ = importing(*(f"carbonkit.{room}" for room in rooms()))
    assert not set(packages) & {"pandas", "numpy", "ibis", "matplotlib", "pint", "rich", "iapws"}


def test_importing_any_module_reads_no_data():
    modules = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for p in sorted(PACKAGE.rglob("*.py"))
    ]
    _, data = importing(*modules)
    assert data == []


def test_data_read_at_import_is_found(tmp_path):
    copy = tmp_path / "carbonkit"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / "steam.py").open("a", encoding="utf-8") as file:
        file.write("\nopen(__file__.replace('steam.py', 'py.typed')).close()\n")
    _, data = importing("carbonkit.steam", where=tmp_path)
    assert [Path(f).name for f in data] == ["py.typed"]
