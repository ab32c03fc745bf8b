"""How long looking factors up takes: the first one, one more, and a table of 10^5 questions."""

from measure import fresh, in_turn, show

ONE = "factors.find('electricity', region='CN-East', kind='operating-margin', year=2019)"
QUESTIONS = """
import pandas as pd
from carbonkit import factors
from carbonkit.factors.read import data_folder
(file,) = (data_folder() / "ember").glob("*.csv")
regions = sorted(set(pd.read_csv(file, dtype="str", keep_default_na=False)["region"]))
table = pd.DataFrame(
    [(r, y) for y in range(2000, 3000) for r in regions][:100_000], columns=["region", "year"]
)
table["activity"], table["publisher"], table["kind"] = "electricity", "Ember", "life-cycle"
assert len(table) == 100_000 and not table.duplicated().any()
"""


def main() -> None:
    taken = in_turn(
        {
            "import": lambda: fresh("from carbonkit import factors"),
            "first": lambda: fresh(ONE, "from carbonkit import factors"),
            "again": lambda: fresh(ONE, f"from carbonkit import factors; {ONE}"),
            "latest": lambda: fresh(
                "factors.find_frame(table, rule='latest_before', errors='record')", QUESTIONS
            ),
            "exact": lambda: fresh("factors.find_frame(table, errors='record')", QUESTIONS),
        },
        rounds=7,
    )

    def ms(what: str, name: str, target: float | None = None):
        median, fastest = taken[name]
        return what, median * 1e3, fastest * 1e3, target, "ms"

    show(
        [
            ms("`from carbonkit import factors`", "import"),
            ms("first find in a fresh process, beyond import", "first", 50),
            ms("the same find again", "again"),
            ms("10^5 distinct questions, library unread: `latest_before`", "latest", 2000),
            ms("the same, exact, most of them without an answer", "exact", 2000),
        ]
    )


if __name__ == "__main__":
    main()
