"""Draws the names that were typed by hand for `eval.names`, and finds their articles again.

    python -m eval.name_texts            the sample to be read: set/id, name, and the words around it

The frame is every run of words with capitals that follows a word in small letters, in the English articles of four
sets; it knows nothing of our rules. Each set gives the `EACH` whose hashes are least, one of a story at most, so that
nobody chose them. `eval/labels/names.tsv` says by key and name what a reader of the article calls it: `person`,
`organisation` (a company, an authority, a party, a paper, a club, a crew), `place` (a building, a road, a region too)
or `other` (a day, a people, a law, an award, a ship, a product, a title without a name, a part of a headline). The
halves `a` and `b` are by hash too; `c` is a second draw of `AGAIN` a set, without days and months, that was labelled
after `b` had been opened and before the rules were changed for the last time.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from eval import corpus

SEED = "names 1"
EACH = 35
"""Names of each set."""
SEED_AGAIN = "names 2"
AGAIN = 15
_DAYS = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|August|Sept.*|Octo.*|Nov.*|Dec.*"
)
SETS = ("allsides_dated_dev", "galaxy_dev", "gva_dev", "wikiref_dev")
AROUND = 110
"""Characters shown before and behind a name."""
_RUN = re.compile(
    r"(?<=[a-z] )[A-Z][\w’'&-]*(?:\.[A-Z]\.|(?<= [A-Z])\.)?(?: (?:of |de |al |bin |van |von )?[A-Z][\w’&.-]*)*"
)


class Drawn(NamedTuple):
    """A name to be typed, where it stands."""

    key: str
    """SET/ID of its article."""
    name: str
    half: str
    around: str


def texts(data: Path) -> Iterator[tuple[str, str, str, str]]:
    """Every English article of the frame: key, story, title, text."""
    for name in SETS:
        with gzip.open(data / "stories" / "fulltext" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["language"] in ("", "en"):
                    yield f"{name}/{row['id']}", f"{name}/{row['story']}", row["title"], row["text"]


def drawn(data: Path) -> list[Drawn]:
    """Both samples."""
    first = _drawn(data, SEED, EACH)
    again = _drawn(data, SEED_AGAIN, EACH)
    seen = {(each.key, each.name) for each in first}
    left = [each for each in again if (each.key, each.name) not in seen and not _DAYS.fullmatch(each.name)]
    of_each = [[each for each in left if each.key.startswith(f"{name}/")][:AGAIN] for name in SETS]
    return first + [each._replace(half="c") for own in of_each for each in own]


def _drawn(data: Path, seed: str, count: int) -> list[Drawn]:
    """Of each set the names of least hash, one of a story."""
    ranked: dict[str, list[tuple[bytes, str, Drawn]]] = {name: [] for name in SETS}
    for key, story, _, text in texts(data):
        for match in _RUN.finditer(text):
            name = match[0].removesuffix(".").removesuffix("’s").removesuffix("'s")
            rank = blake2b(f"{seed} {key} {name}".encode()).digest()
            around = text[max(0, match.start() - AROUND) : match.end() + AROUND].replace("\n", " ")
            half = "a" if rank[-1] % 2 else "b"
            ranked[key.partition("/")[0]].append((rank, story, Drawn(key, name, half, around)))
    found: list[Drawn] = []
    for name in SETS:
        stories: set[str] = set()
        for _, story, each in sorted(ranked[name]):
            if story not in stories and len(stories) < count:
                stories.add(story)
                found.append(each)
    return found


def main() -> None:
    """Print what is to be read."""
    options = corpus.parser(__doc__).parse_args()
    for each in drawn(options.data):
        print("\t".join(each))


if __name__ == "__main__":
    main()
