"""Scores the engine's stories on what an owner ruled: which articles are one story, and which are not.

    stayahead export --out articles.jsonl && stayahead export --rulings --out rulings.jsonl
    python -m eval.rulings rulings.jsonl articles.jsonl

The articles go through the engine anew, without any ruling; then each pair that a ruling labels is asked. Rulings are
made where the engine was wrong, so the figures say whether it has learnt, and nothing of how often it is right.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, product
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from stayahead.stories import Clusterer, Row

PAIRS_MOST = 400
"""Pairs that one ruling gives: one join of two large stories would outvote a hundred others."""


class Pair(NamedTuple):
    """Two articles, and whether the owner said that they are of one story."""

    left: str
    right: str
    is_one_story: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How many of the labelled pairs the engine's stories hold as the owner does."""

    joined: int = 0
    joined_right: int = 0
    parted: int = 0
    parted_right: int = 0
    unknown: int = 0
    """Pairs of which an article is not there."""


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of an export."""
    lines: list[dict[str, Any]] = [msgspec.json.decode(line) for line in path.read_bytes().splitlines() if line.strip()]
    return lines


def pairs(lines: Iterable[Mapping[str, Any]]) -> Iterator[Pair]:
    """Every pair that the rulings label; where two rulings disagree, the later one counts."""
    latest: dict[tuple[str, str], bool] = {}
    for line in sorted((each for each in lines if each["type"] == "ruling"), key=lambda each: int(each["number"])):
        sides = product(line["article_ids"], line["other_article_ids"])
        for left, right in islice(sides, PAIRS_MOST):
            latest[min(left, right), max(left, right)] = bool(line["is_one_story"])
    return (Pair(left, right, is_one) for (left, right), is_one in latest.items())


def agreement(labelled: Iterable[Pair], stories: Mapping[str, str]) -> Agreement:
    """Ask the stories about each pair.

    Args:
        labelled: from `pairs`.
        stories: the story of each article.
    """
    counts = {"joined": 0, "joined_right": 0, "parted": 0, "parted_right": 0, "unknown": 0}
    for pair in labelled:
        if pair.left not in stories or pair.right not in stories:
            counts["unknown"] += 1
            continue
        kind = "joined" if pair.is_one_story else "parted"
        counts[kind] += 1
        counts[kind + "_right"] += (stories[pair.left] == stories[pair.right]) is pair.is_one_story
    return Agreement(**counts)


def clustered(lines: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The story of each article of an export, as the engine finds it with no owner beside it."""
    clusterer = Clusterer("end")
    stories: dict[str, str] = {}
    for row in sorted(map(_row, (each for each in lines if each["type"] == "article")), key=lambda row: row.arrival):
        stories.update(clusterer.add(row))
    stories.update(clusterer.finish())
    return stories


def _row(article: Mapping[str, Any]) -> Row:
    publisher = article["publisher"]
    return Row(
        id=article["id"],
        title=article["entry"]["title"] or article["page"]["title"],
        text=article["text"],
        url=article["url"],
        publisher=publisher["domain"],
        language=article["page"]["language"],
        arrival=datetime.fromisoformat(article["seen_at"]),
    )


def main() -> int:
    """Print how many of the labelled pairs the engine's stories hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rulings", type=Path)
    parser.add_argument("articles", type=Path)
    options = parser.parse_args()
    found = agreement(pairs(read(options.rulings)), clustered(read(options.articles)))
    print(f"ruled to be one story: {found.joined_right} of {found.joined} pairs are")
    print(f"ruled not to be one:   {found.parted_right} of {found.parted} pairs are not")
    print(f"of articles not there: {found.unknown} pairs")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
