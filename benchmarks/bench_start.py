"""How long a person waits: imports, the registry, and the audit of the bundled report."""

from measure import fresh, in_turn, show, whole

import carbonkit as ck

CLI = "from carbonkit.cli import main; main()"
LOADED = "import carbonkit as ck; report = ck.load_report('huawei-2020')"


def main() -> None:
    count = len(ck.load_report("huawei-2020").claims)
    taken = in_turn(
        {
            "import pint": lambda: fresh("import pint"),
            "import carbonkit": lambda: fresh("import carbonkit"),
            "registry": lambda: fresh(
                "units.registry()", "import pint; from carbonkit import units"
            ),
            "python": lambda: whole("-c", "pass"),
            "verify": lambda: whole("-c", CLI, "verify", "huawei-2020"),
            "load": lambda: fresh(
                "report = ck.load_report('huawei-2020')", "import carbonkit as ck"
            ),
            "first": lambda: fresh("report.verify()", LOADED),
            "again": lambda: fresh("report.verify()", f"{LOADED}; report.verify()"),
        }
    )

    def ms(what: str, name: str, target: float | None = None):
        median, fastest = taken[name]
        return what, median * 1e3, fastest * 1e3, target, "ms"

    def ratio(what: str, name: str, base: str, target: float):
        (median, fastest), (other, other_fastest) = taken[name], taken[base]
        return what, median / other, fastest / other_fastest, target, "×"

    def claim(what: str, name: str, target: float):
        median, fastest = taken[name]
        return what, median * 1e3 / count, fastest * 1e3 / count, target, "ms"

    show(
        [
            ms("`import pint`", "import pint"),
            ms("`import carbonkit`", "import carbonkit"),
            ratio("`import carbonkit` / `import pint`", "import carbonkit", "import pint", 1.15),
            ms("registry ready, pint imported", "registry", 10),
            ms("`python -c pass`, whole process", "python"),
            ms("`carbonkit verify huawei-2020`, whole process", "verify", 1000),
            ms("read the report file, imports included", "load"),
            claim(f"check a claim, first time ({count} claims)", "first", 1),
            claim(f"check a claim, again ({count} claims)", "again", 1),
        ]
    )


if __name__ == "__main__":
    main()
