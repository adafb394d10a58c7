"""Scores what we call the names that were typed by hand before any rule stood.

    python -m eval.names                half a, with every name that is called something else
    python -m eval.names --half b       the other half: opened once
    python -m eval.names --half c       the second draw: opened once, after the last change of the rules

`right` is the share of the persons, organisations and places that are found and called so; `precision` the share of
what we call one of the three, among all labelled, that is labelled so; `persons`, `organisations` and `places` are
`right` for each. A label may be a part of the whole name, which the article then has in full.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from eval import corpus, name_texts
from stayahead.analyze.names import find_names
from stayahead.analyze.prose import Prose
from stayahead.model import Block, BlockKind, Name, Page, PageKind

LABELS = Path(__file__).with_name("labels") / "names.tsv"
TYPES = ("person", "organisation", "place")


def labels(half: str) -> list[Mapping[str, str]]:
    """The labelled names of a half."""
    with LABELS.open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t") if row["half"] in half]


def page_of(title: str, text: str) -> Page:
    """An article as a page, a paragraph a line."""
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in text.splitlines() if line.strip())
    return Page(url="https://eval.example/1", kind=PageKind.ARTICLE, title=title, language="en", blocks=blocks)


def called(name: str, names: Iterable[Name]) -> str | None:
    """What the article's names say of a labelled one: the first with all its words; None: it is not among them."""
    # A run may go on over the end of a sentence: `Orleans Jazz. But`.
    name = re.split(r"(?<=\w\w)\. ", name)[0]
    words = frozenset(name.lower().replace("’", "'").removesuffix("'").replace(".", "").split())
    for each in names:
        own = each.text.lower().replace("’", "'").replace(".", "").split()
        if words <= frozenset(own):
            return each.what
        # A labelled run may hold more than the name: a title before it, a city behind it.
        if len(own) > 1 and frozenset(own) <= words:
            return each.what
    return None


def score(rows: Iterable[Mapping[str, str]], data: Path, *, is_loud: bool) -> dict[str, float]:
    """The scores of the labelled names."""
    rows = list(rows)
    wanted = {row["key"] for row in rows}
    articles = {key: (title, text) for key, _, title, text in name_texts.texts(data) if key in wanted}
    counts: Counter[str] = Counter()
    for row in rows:
        title, text = articles[row["key"]]
        page = page_of(title, text)
        names = [each.value for each in find_names(Prose(title, page)) if isinstance(each.value, Name)]
        what, gold = called(row["name"], names) or "", row["what"]
        counts[gold] += 1
        counts[f"right {gold}"] += what == gold
        counts["called"] += what in TYPES
        if is_loud and what != (gold if gold in TYPES else ""):
            print(f"{row['name']}: {gold}, called {what or 'nothing'}  [{row['key']}]")
    named = sum(counts[each] for each in TYPES)
    right = sum(counts[f"right {each}"] for each in TYPES)
    return {
        "names": float(named),
        "right": right / named,
        "precision": right / max(1, counts["called"]),
        **{f"{each}s": counts[f"right {each}"] / max(1, counts[each]) for each in TYPES},
    }


def run(data: Path) -> dict[str, float]:
    """The scores of all parts together, for the floors."""
    scores = score(labels("abc"), data, is_loud=False)
    print("\n".join(f"{name}: {value:.3f}" for name, value in scores.items()))
    return scores


def main() -> int:
    """Print the scores of a half."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--half", choices=("a", "b", "c"), default="a")
    options = parser.parse_args()
    corpus.require(options.data, "stories/fulltext")
    for name, value in score(labels(options.half), options.data, is_loud=True).items():
        print(f"{name}: {value:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
