"""Draws the sentences that were read by eye for `eval.figures`, and finds them again.

    python -m eval.figure_texts          the sample to be read: one sentence a line, with its key

A frame of sentences that hold a number is cut by what they may count (`HINTS`, wide on purpose) and by where they
stand: headlines of 2014, pages, whole articles. Each stratum gives the sentences whose keys hash lowest, so that nobody
chose them; sentences with a number and no hint are the hard negatives (ages, years, sizes). Most of these sentences
state no figure, so that as many again are drawn from those in which hint and number are near each other (`NEAR`), none
of ages, years or ordinals.

What a reader found in each is in `eval/labels/figures.tsv`, by key, places and values: the texts belong to others and
stay where they are. A fact is a number of people (dead, injured, missing, arrested, displaced, rescued) that is said to
be so, an amount of money in a currency, a percentage, a quake's magnitude, the two sides of a vote or a match. One
person without a number ("a man died") is none, nor is who was shot, charged or "saved" by a vaccine, an idiom ("100
percent Do Another"), what is needed or asked. "From 8.1 to 7.8 percent" is 7.8. "Dozens" is 24, "hundreds" 200, and so
on. `optional`: two readers might differ; neither finding it nor missing it counts.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from eval import corpus, samples
from stayahead.text import sentence_spans

SEED = "figures 1"
EACH = 9
"""Sentences of each stratum; a stratum may have fewer."""
NEAR = 10
"""Sentences of each stratum in which hint and number are near each other."""
PLAIN = 16
"""Sentences without any hint, of each place."""
CHARS = 400
"""A longer sentence is a list."""
WHOLE = ("gva_dev", "galaxy_dev", "mmds_dev", "allsides_dated_dev", "wikiref_dev")
"""Sets of whole articles that are, at least in part, in English."""

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|dozens?|scores"
    r"|hundreds?|thousands?|millions?|billions?|half|third|quarter)\b",
    re.IGNORECASE,
)
HINTS: dict[str, re.Pattern[str]] = {
    slot: re.compile(pattern, re.IGNORECASE)
    for slot, pattern in {
        "dead": r"\b(?:dead|dies?|died|deaths?|dying|kill\w*|fatal\w*|toll|bodies|lives|victims?|casualt\w+)\b",
        "injured": r"\b(?:injur\w+|wound\w+|hurt\w*|hospital\w*|burns?|casualt\w+)\b",
        "missing": r"\b(?:missing|unaccounted|disappear\w+|trapped)\b",
        "arrested": r"\b(?:arrest\w*|detain\w*|custody|jailed|charged|held|suspects?|indict\w+)\b",
        "displaced": r"\b(?:displac\w+|evacuat\w+|fle[ed]|fled|homeless|refugees?|homes)\b",
        "rescued": r"\b(?:rescu\w+|survivors?|saved|freed|pulled|survived)\b",
        "money": r"[$€£¥]|\b(?:dollars?|euros?|pounds?|yen|yuan|rupees?|USD|EUR|GBP)\b",
        "magnitude": r"\b(?:magnitude|richter|quake|earthquake)\b|\d\.\d-mag",
        "percent": r"%|\bper ?cent\b|\bpercentage\b",
        "votes": r"\b(?:votes?|voted|ballots?|seats?|poll(?:s|ed)?)\b",
        "score": r"\b\d{1,3}\s?[-–]\s?\d{1,3}\b",
    }.items()
}
_COUNT = (
    r"(?<![\w$€£.,-])(?!(?:19|20)\d\d\b)"
    r"(?:\d+(?:[.,]\d+)*(?![\w-])|(?:two|three|four|five|six|seven|eight|nine|ten|dozens|hundreds|thousands)\b)"
)
_WORDS = r"(?:\s+[^\W\d]+){0,3}\s+"


def _near(slot: str, hint: re.Pattern[str]) -> re.Pattern[str]:
    if slot in {"money", "percent", "score", "magnitude"}:
        return {
            "money": re.compile(r"[$€£¥]\d[\d.,]*|\d (?:dollars|euros|pounds|yen|yuan|rupees)\b"),
            "percent": re.compile(r"\d ?(?:%|per ?cent)", re.IGNORECASE),
            "score": re.compile(r"(?<![\d/-])\d{1,3}[-–]\d{1,3}(?![\w/-])"),
            "magnitude": re.compile(r"(?<![\d.])[3-9]\.\d(?![\d.])"),
        }[slot]
    return re.compile(rf"{_COUNT}{_WORDS}(?:{hint.pattern})|(?:{hint.pattern}){_WORDS}{_COUNT}", re.IGNORECASE)


class Found(NamedTuple):
    """A sentence of the frame."""

    key: str
    """Where its text is: `headlines/ID`, `pages/NAME`, `news/NAME`, `SET/ID`."""
    start: int
    end: int
    text: str
    group: str
    """No two sentences of a stratum are of one group: a story's headlines repeat each other."""


def texts(data: Path) -> Iterator[tuple[str, str, str, str]]:
    """Every text of the frame: where it is of (`headline`, `page`, `article`), key, group, text."""
    with gzip.open(data / "stories" / "headlines_dev.tsv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield "headline", f"headlines/{row['id']}", row["story"], row["title"]
    for page in samples.news(data):
        yield "page", f"news/{page.name}", page.name, page.text
    for page in samples.web(data, ""):
        if page.kind == "article":
            yield "page", f"pages/{page.name}", page.name, page.text
    for name in WHOLE:
        with gzip.open(data / "stories" / "fulltext" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield "article", f"{name}/{row['id']}", f"{name}/{row['story']}", row["text"]


def frame(data: Path) -> Iterator[tuple[str, Found]]:
    """Every sentence with a number: where it stands, and the sentence."""
    for where, key, group, text in texts(data):
        spans = [(0, len(text))] if where == "headline" else sentence_spans(text)
        for start, end in spans:
            sentence = text[start:end]
            if end - start <= CHARS and sentence.isascii() | (where != "headline") and _NUMBER.search(sentence):
                yield where, Found(key, start, end, sentence, group)


def draw(data: Path) -> dict[str, list[Found]]:
    """The sample by stratum: `headline dead`, `page money`, `article -` …"""
    strata: dict[str, list[Found]] = defaultdict(list)
    near = {slot: _near(slot, hint) for slot, hint in HINTS.items()}
    for where, found in frame(data):
        slots = [slot for slot, hint in HINTS.items() if hint.search(found.text)]
        for slot in slots or ["-"]:
            strata[f"{where} {slot}"].append(found)
            if slot in near and near[slot].search(found.text):
                strata[f"{where} {slot} near"].append(found)
    drawn: set[tuple[str, int]] = set()
    sample: dict[str, list[Found]] = {}
    for name in sorted(strata, key=lambda each: (each.endswith("near"), len(strata[each]), each)):
        most = PLAIN if name.endswith("-") else NEAR if name.endswith("near") else EACH
        if name.startswith(("page", "article")):
            most = (most + 1) // 2
        sample[name] = []
        groups: Counter[str] = Counter()
        for found in sorted(strata[name], key=lambda each: _order(each.key, each.start)):
            if len(sample[name]) < most and not groups[found.group] and (found.key, found.start) not in drawn:
                sample[name].append(found)
                groups[found.group] += 1
                drawn.add((found.key, found.start))
    return sample


def half(key: str, start: int) -> str:
    """`a`: rules are made on it; `b`: opened once."""
    return "b" if blake2b(f"half {SEED} {key} {start}".encode()).digest()[0] & 0x80 else "a"


def read_again(data: Path, places: Mapping[str, set[tuple[int, int]]]) -> dict[tuple[str, int], str]:
    """The words of labelled sentences, by key and start."""
    return {(key, start): text[start:end] for _, key, _, text in texts(data) for start, end in places.get(key, ())}


def _order(key: str, start: int) -> bytes:
    return blake2b(f"{SEED} {key} {start}".encode(), digest_size=8).digest()


def main() -> None:
    """Print the sample."""
    options = corpus.parser(__doc__).parse_args()
    number = 0
    for stratum, sentences in sorted(draw(options.data).items()):
        print(f"## {stratum}")
        for found in sentences:
            place = f"{number}\t{found.key}\t{found.start}\t{found.end}\t{half(found.key, found.start)}"
            print(place, " ".join(found.text.split()), sep="\t")
            number += 1


if __name__ == "__main__":
    main()
