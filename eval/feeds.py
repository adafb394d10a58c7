"""Feeds with the core fields that two other projects expect of them in; the share of fields that we read alike out.

`python -m eval.feeds [--data DIR] [--wrong]` prints the table, and with `--wrong` every field that differs.

Texts are compared without entities, tags and white space; an author is right when ours contains the expected string
(one project expects names only, the other names with addresses); a time is the publication's, else the update's.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval import corpus
from stayahead.errors import ParseError
from stayahead.model import Entry, ParsedFeed
from stayahead.parse import parse_feed


@dataclass(frozen=True, slots=True)
class Field:
    """One expected field of one file, and what we read."""

    kind: str
    file: str
    name: str
    expected: object
    read: object
    is_right: bool


def run(data: Path) -> dict[str, float]:
    """Print the table; the shares by name, for the floors.

    Raises:
        FileNotFoundError: the data is not there.
    """
    return _table(list(_fields(data)))


def _fields(data: Path) -> Iterator[Field]:
    folder = data / "feeds"
    for case in json.loads((folder / "cases.json").read_text("utf-8")):
        body = gzip.decompress((folder / "files" / case["file"]).read_bytes())
        try:
            parsed = parse_feed(body)
        except ParseError:
            parsed = ParsedFeed()
        for name, expected in case["expect"].items():
            read = _read(parsed, name)
            yield Field(case["kind"], case["file"], name, expected, read, _is_right(name, expected, read))


def _read(parsed: ParsedFeed, name: str) -> object:
    place, _, field = name.partition(".")
    if place == "feed":
        return {"title": parsed.title, "link": parsed.url}[field]
    number = int(place)
    entry = parsed.entries[number] if number < len(parsed.entries) else Entry()
    if field == "time":
        at = entry.published or entry.updated
        return None if at is None else int(at.timestamp())
    return {"title": entry.title, "link": entry.url, "id": entry.id, "author": entry.author, "body": entry.html}[field]


def _is_right(name: str, expected: object, read: object) -> bool:
    if name.endswith(".time"):
        return expected == read
    wanted, ours = _bare(expected), _bare(read)
    return wanted in ours and bool(wanted) if name.endswith(".author") else wanted == ours


def _bare(value: object) -> str:
    words = re.sub("<[^>]+>", "", html.unescape("" if value is None else str(value)))
    return re.sub(r"\s+", "", words)


def _table(fields: list[Field]) -> dict[str, float]:
    counts: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    for field in fields:
        counts[field.kind, "all"].append(field.is_right)
        counts[field.kind, field.name.rpartition(".")[2]].append(field.is_right)
    print(f"{'feeds':<12} {'field':<8} {'right':>9}  share")
    for (kind, name), right in sorted(counts.items()):
        print(f"{kind:<12} {name:<8} {sum(right):>4}/{len(right):<4}  {sum(right) / len(right):.4f}")
    return {f"{kind}_fields": sum(right) / len(right) for (kind, name), right in counts.items() if name == "all"}


def main() -> int:
    """Run it alone; the exit code."""
    words = corpus.words(__doc__)
    words.add_argument("--wrong", action="store_true", help="print every field that differs")
    given = words.parse_args()
    corpus.require(given.data, "feeds/cases.json")
    fields = list(_fields(given.data))
    _table(fields)
    for field in fields if given.wrong else ():
        if not field.is_right:
            print(f"{field.file} {field.name}: expected {field.expected!r}, read {field.read!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
