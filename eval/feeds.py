"""Scores our reading of feeds by the core fields that the test cases of two other projects expect.

`python -m eval.feeds [--data DIR] [--wrong]` prints the table, with two other libraries in the same run, and with
`--wrong` every field in which we differ. One of the two projects is feedparser: its expectations are its own.

Texts are compared without entities, tags and white space; an author is right when the one read contains the expected
string (one project expects names only, the other names with addresses); a time is the publication's, else the update's.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eval import corpus, side_by_side
from eval.bootstrap import Figure, Row
from eval.feed_readers import READERS, Fields

KINDS = ("gofeed", "feedparser")
FIELDS = ("title", "link", "id", "author", "body", "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One feed, and the fields expected of it."""

    kind: str
    file: str
    body: bytes
    expected: dict[str, object]


def run(data: Path) -> dict[str, float]:
    """Print the table and return the shares by name, ours and its gains on the others.

    Raises:
        FileNotFoundError: the data is not there.
    """
    results = side_by_side.measured_apart("eval.feeds", list(READERS), "--data", str(data))
    rows = results[side_by_side.OURS].rows
    named = [f"{kind}_{name}" for kind in KINDS for name in ("fields", *FIELDS)]
    figures = [Figure(name=name, columns=(name,)) for name in named if any(name in row for row in rows)]
    comparisons = side_by_side.compared(figures, results, title=f"{len(rows)} feeds")
    for kind in KINDS:
        counts = [row[f"{kind}_fields"] for row in rows if f"{kind}_fields" in row]
        print(f"{kind}: ours {sum(right for right, _ in counts):.0f}/{sum(of for _, of in counts):.0f} fields")
    return side_by_side.scores_of(comparisons)


def cases(data: Path) -> Iterator[Case]:
    """The files with their expectations."""
    folder = data / "feeds"
    for case in json.loads((folder / "cases.json").read_text("utf-8")):
        body = gzip.decompress((folder / "files" / case["file"]).read_bytes())
        yield Case(kind=case["kind"], file=case["file"], body=body, expected=case["expect"])


def values_of(case: Case, read: Callable[[bytes], Fields]) -> dict[str, object]:
    """The expected fields as a reader reads them."""
    field = read(case.body)
    return {name: field(name) for name in case.expected}


def row_of(case: Case, values: Mapping[str, object]) -> Row:
    """How many of the expected fields are right, in all and by the field's name."""
    row: dict[str, tuple[float, float]] = {}
    for name, expected in case.expected.items():
        right = float(is_right(name, expected, values.get(name)))
        for column in (f"{case.kind}_fields", f"{case.kind}_{name.rpartition('.')[2]}"):
            before = row.get(column, (0.0, 0.0))
            row[column] = (before[0] + right, before[1] + 1)
    return row


def is_right(name: str, expected: object, read: object) -> bool:
    """Whether the field of that name was read as expected."""
    if name.endswith(".time"):
        return expected == read
    expected_text, read_text = _bare(expected), _bare(read)
    return (
        expected_text in read_text and bool(expected_text) if name.endswith(".author") else expected_text == read_text
    )


def _bare(value: object) -> str:
    words = re.sub("<[^>]+>", "", html.unescape("" if value is None else str(value)))
    return re.sub(r"\s+", "", words)


def main() -> int:
    """Run it alone, or one reader of it for the table; the exit code."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--wrong", action="store_true", help="print every field in which we differ")
    parser.add_argument("--reader", choices=READERS, help="score this one only, for another process")
    options = parser.parse_args()
    corpus.require(options.data, "feeds/cases.json")
    if options.reader:
        side_by_side.offline()
        read = READERS[options.reader]
        nothing: dict[str, object] = {}
        result = side_by_side.measure(cases(options.data), lambda case: values_of(case, read), row_of, empty=nothing)
        side_by_side.hand_over(result)
        return 0
    run(options.data)
    for case in cases(options.data) if options.wrong else ():
        for name, value in values_of(case, READERS[side_by_side.OURS]).items():
            if not is_right(name, case.expected[name], value):
                print(f"{case.file} {name}: expected {case.expected[name]!r}, read {value!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
