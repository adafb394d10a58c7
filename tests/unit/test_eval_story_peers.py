"""The comparison: all on the same rows, scored within the day. The libraries are not needed here."""

from __future__ import annotations

import gzip
from pathlib import Path

from eval.story_peers import chosen, compare, exact_title

HEADER = "arrival\tid\ttitle\turl\tpublisher\thost\tcategory\tstory\n"
LINES = (
    ("2014-03-10T10:00:00Z", "1", "Quake hits coast of Calverra near Almena", "q"),
    ("2014-03-10T10:01:00Z", "2", "Quake hits coast of Calverra near Almena!", "q"),
    ("2014-03-10T10:02:00Z", "3", "Parliament votes on a cap for rents in Norhaven", "r"),
    ("2014-03-11T10:00:00Z", "4", "Quake hits coast of Calverra near Almena", "q"),
)


def test_the_same_rows_for_all(tmp_path: Path) -> None:
    path = tmp_path / "headlines.tsv.gz"
    rows = "".join(f"{at}\t{id_}\t{title}\t\tx\tx{id_}.example\tb\t{story}\n" for at, id_, title, story in LINES)
    path.write_bytes(gzip.compress((HEADER + rows).encode()))
    assert [line["id"] for line in chosen(path, days=(), per_day=2)] == ["1", "2", "4"]
    assert [line["id"] for line in chosen(path, days=("2014-03-11",), per_day=9)] == ["4"]
    lines = chosen(path, days=(), per_day=9)
    ours, equal, alone = compare(lines, {"equal": exact_title, "alone": lambda titles: range(len(titles))})
    assert ours.name == "StayAhead"
    assert ours.scores.items == equal.scores.items == alone.scores.items == 4
    assert (ours.scores.bcubed_f1, equal.scores.bcubed_f1) == (100.0, 100.0)
    assert alone.scores.bcubed_recall == 75.0
