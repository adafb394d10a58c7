"""Scores how often our memory of a host mistakes a running story's background for the host's furniture.

A hard test of one trap. Each long article is cut into follow-ups of four of its paragraphs in random order, and one
more, drawn at random, is printed in four of five of them. A host prints the follow-ups of nine articles mixed
(`mixed`), or of one article with a quarter of others (`single`), all with three standing boxes.
`python -m eval.followups`.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from html import escape
from itertools import chain
from pathlib import Path

from eval import corpus
from eval.hosttexts import APPEALS
from eval.samples import news, web
from stayahead.extract import HostMemory, HostRecord, fold, memory_of, observe_page

PART = 4
"""How many paragraphs a follow-up has."""
MIN_PARAGRAPHS, MIN_CHARS, MAX_CHARS = 17, 60, 900
HOSTS = 12
BOXES = APPEALS[:3]
WARM = 8
Item = tuple[str, list[str], str]
"""Title, paragraphs, and the background that it may print."""


def run(data: Path) -> dict[str, float]:
    """How often a background, or a box, was cut in 100 times that it was shown."""
    corpus.require(data, "pages/scrapinghub", "pages/wcxb")
    articles = _articles(data)
    chance = random.Random(3)
    figures: dict[str, float] = {}
    for name in ("mixed", "single"):
        met: Counter[str] = Counter()
        cut: Counter[str] = Counter()
        for number in range(HOSTS if name == "mixed" else 4 * HOSTS):
            drawn = chance.sample(articles, 9 if name == "mixed" else 1)
            items = [item for article in drawn for item in _follow_ups(article, chance)]
            if name == "single":
                items += [(one[0], one[:PART], "") for one in chance.sample(articles, -(-len(items) // 3))]
            chance.shuffle(items)
            _play(items, chance, met, cut, at_end=number % 2 == 0)
        for kind in ("background", "own", "box"):
            figures[f"{name}_{kind}_cut_percent"] = 100 * cut[kind] / met[kind]
            print(f"{name} {kind}: {cut[kind]} of {met[kind]} cut")
    return figures


def _articles(data: Path) -> list[list[str]]:
    """The paragraphs of the long articles, one list each."""
    articles = []
    for sample in chain(news(data), web(data, "a")):
        texts = list(dict.fromkeys(p.strip() for p in sample.text.split("\n") if len(p.strip()) >= MIN_CHARS))
        if sample.kind != "forum" and len(texts) >= MIN_PARAGRAPHS:
            articles.append(texts)
    return articles


def _follow_ups(article: list[str], chance: random.Random) -> list[Item]:
    texts = chance.sample(article, len(article))
    background = next((text for text in texts if len(text) < MAX_CHARS), texts[0])
    texts.remove(background)
    parts = [texts[at : at + PART] for at in range(0, len(texts) - PART, PART)]
    return [(part[0][:60], part, background) for part in parts[:14]]


def _play(items: list[Item], chance: random.Random, met: Counter[str], cut: Counter[str], *, at_end: bool) -> None:
    record, memory = HostRecord(host="host.example"), HostMemory(host="host.example")
    for number, (title, own, background) in enumerate(items):
        texts = list(own)
        if background and chance.random() < 0.8:
            texts.insert(len(texts) if at_end else chance.randrange(1, len(texts)), background)
        for text in texts:
            kind = "background" if text == background else "own"
            met[kind] += 1
            cut[kind] += memory.knows(text)
        if number >= WARM:
            met["box"] += len(BOXES)
            cut["box"] += sum(memory.knows(box) for box in BOXES)
        body = "".join(f"<p>{escape(text)}</p>" for text in [*texts, *BOXES])
        html = f"<html><head><title>{escape(title)}</title></head><body><article>{body}</article></body></html>"
        observation = observe_page(html, url=f"https://host.example/{number}", memory=memory)[1]
        record = fold(record, observation) if observation else record
        memory = memory_of(record)


def main() -> int:
    """Run it alone."""
    run(corpus.parser(__doc__).parse_args().data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
