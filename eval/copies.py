"""Scores how surely a copy is found, by five kinds of edits of real pages, and how seldom another is taken for one.

Edits, each by a published seed: 3 % of the words changed under a new head; 15 % of the sentences dropped and 10 % of
the words changed; the first 40 %; 40 % embedded in another article; the sentences shuffled. A copy counts as found
when the index gives its original out of all pages. Negatives are pairs of articles of one story; a pair of which the
shorter shares a third of its 8-word sequences holds one text and is no negative. Of what remains, every pair of which
samples share 40 % was read before the rule was changed: `labels/copies.tsv` says which hold one text after all.

`python -m eval.copies` prints the table; the CPU time is of fingerprint and look-up together.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from eval import corpus
from stayahead.analyze.fingerprint import fingerprint, near_copies
from stayahead.stories.copies import CopyIndex
from stayahead.text import tokens

SEED = "copies-2026-11"
LEAST_WORDS = 150
"""Pages below that have no 40 % worth finding: 60 words."""
SEQUENCE = 8
SHARED = 1 / 3
LARGEST = 60
LABELS = Path(__file__).with_name("labels") / "copies.tsv"
_SENTENCE = re.compile(r"(?<=[.!?])\s+")

Edit = Callable[[str, str, random.Random], str]


def changed(text: str, share: float, chance: random.Random, *, among: Sequence[str]) -> str:
    """The text with that share of its words replaced by words of another page."""
    return " ".join(chance.choice(among) if chance.random() < share else word for word in text.split())


def retouched(text: str, other: str, chance: random.Random) -> str:
    """3 % of the words changed, under a new head."""
    return f"{' '.join(other.split()[:12])} {changed(text, 0.03, chance, among=other.split())}"


def thinned(text: str, other: str, chance: random.Random) -> str:
    """15 % of the sentences dropped, 10 % of the words changed."""
    kept = " ".join(sentence for sentence in _SENTENCE.split(text) if chance.random() >= 0.15)
    return changed(kept, 0.10, chance, among=other.split())


def beginning(text: str, _other: str, _chance: random.Random) -> str:
    """The first 40 %."""
    words = text.split()
    return " ".join(words[: len(words) * 2 // 5])


def embedded(text: str, other: str, chance: random.Random) -> str:
    """40 % of it in the middle of another article, of which it then is two thirds to a half."""
    words, host = text.split(), other.split()
    size = len(words) * 2 // 5
    start = chance.randrange(len(words) - size + 1)
    host = host[: max(20, size // 2)]
    half = len(host) // 2
    return " ".join((*host[:half], *words[start : start + size], *host[half:]))


def shuffled(text: str, _other: str, chance: random.Random) -> str:
    """The sentences in another order."""
    sentences = _SENTENCE.split(text)
    chance.shuffle(sentences)
    return " ".join(sentences)


EDITS: dict[str, tuple[Edit, float]] = {
    "retouched": (retouched, 0.98),
    "thinned": (thinned, 0.98),
    "beginning": (beginning, 0.95),
    "embedded": (embedded, 0.90),
    "shuffled": (shuffled, 0.98),
}
"""Each edit with the recall that it must have."""


def page_texts(data: Path) -> list[str]:
    """The article texts of both sets of pages, each once, that are long enough."""
    news = json.loads((data / "pages/scrapinghub/ground-truth.json").read_text("utf-8"))
    texts = [row["articleBody"] for _, row in sorted(news.items())]
    labels = sorted((data / "pages/wcxb/ground-truth").glob("*.json"))
    texts += [json.loads(path.read_text("utf-8"))["ground_truth"].get("main_content") or "" for path in labels]
    return [text for text in dict.fromkeys(texts) if len(text.split()) >= LEAST_WORDS]


class Text(NamedTuple):
    """An article by its set and id, as words."""

    id: str
    words: list[str]


def negatives(folder: Path) -> Iterator[tuple[Text, Text]]:
    """Pairs of different articles of one story."""
    for path in sorted(folder.glob("*_dev.jsonl.gz")):
        stories: dict[str, list[Text]] = defaultdict(list)
        name = path.name.removesuffix("_dev.jsonl.gz")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                stories[row["story"]].append(Text(f"{name}:{row['id']}", tokens(row["text"][:40_000])))
        for members in stories.values():
            if 1 < len(members) <= LARGEST:
                yield from itertools.combinations(members, 2)


def is_one_text(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the shorter shares so much of its long sequences that the two are no negative."""
    a, b = ({tuple(words[at : at + SEQUENCE]) for at in range(len(words) - SEQUENCE + 1)} for words in (one, other))
    return len(a & b) >= SHARED * max(1, min(len(a), len(b)))


def read_pairs() -> set[tuple[str, str]]:
    """The pairs that hold one text, as somebody found who read them."""
    rows = (line.split("\t") for line in LABELS.read_text("utf-8").splitlines() if line and line[0] != "#")
    return {(one, other) for one, other, label, *_ in rows if label == "one"}


def run(data: Path) -> dict[str, float]:
    """Recall of each edit, precision, and milliseconds an article."""
    texts = page_texts(data)
    originals, hosts = texts[::2], texts[1::2]
    prints = [fingerprint(tokens(text)) for text in originals]
    index = CopyIndex()
    for seq, (hashes, _) in enumerate(prints, 1):
        index.put(seq, hashes)
    scores: dict[str, float] = {}
    found = asked = 0
    cpu = 0.0
    for name, (edit, bar) in EDITS.items():
        hits = 0
        for seq, text in enumerate(originals, 1):
            chance = random.Random(f"{SEED} {name} {seq}")
            words = tokens(edit(text, hosts[seq % len(hosts)], chance))
            start = time.process_time()
            hashes, shingles = fingerprint(words)
            hits += index.find(hashes, shingles, look_up=lambda each: prints[each - 1]) == seq
            cpu += time.process_time() - start
        found, asked = found + hits, asked + len(originals)
        scores[name] = hits / len(originals)
        print(f"{name:<10} {scores[name]:.3f}  bar {bar}")
    pairs = false = 0
    known = read_pairs()
    for one, other in negatives(data / "stories/fulltext"):
        pairs += 1
        is_negative = (one.id, other.id) not in known and not is_one_text(one.words, other.words)
        if is_negative and near_copies(*fingerprint(one.words), *fingerprint(other.words)):
            false += 1
            print(f"taken for a copy: {one.id} {other.id}")
    scores["precision"] = found / (found + false)
    scores["ms"] = 1000 * cpu / asked
    print(f"{len(originals)} pages; of {pairs} pairs of one story {false} are wrongly taken for copies")
    print(f"precision {scores['precision']:.4f}; {scores['ms']:.3f} ms an article")
    return scores


if __name__ == "__main__":
    options = corpus.parser(__doc__).parse_args()
    corpus.require(options.data, "pages", "stories/fulltext")
    run(options.data)
