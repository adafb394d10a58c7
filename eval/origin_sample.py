"""Draws the pairs of articles of one story that are labelled by reading: same origin, or independent.

A uniform draw would be nearly all independent, so the draw has four layers by how many 4-word sequences the two texts
share (a plain count; no rule of ours is asked). The seed is published here; only ids and labels are committed.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
from collections import defaultdict
from pathlib import Path

SEED = "origins-2026-11"
LAYERS = ((0.0, 40), (0.03, 20), (0.1, 20), (0.3, 20))
"""Each layer begins at this share of the shorter text's sequences, and gives as many pairs."""
PER_SET = 6
"""No set gives more pairs to a layer, so that no source carries a figure alone (the first layer: twice that)."""
LARGEST = 60
"""A label of more articles is a topic or a rest, no story."""


def texts(folder: Path) -> dict[str, dict[str, str]]:
    """Every article of the development sets by its set and id."""
    out: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*_dev.jsonl.gz")):
        name = path.name.removesuffix("_dev.jsonl.gz")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                out[f"{name}:{row['id']}"] = {**row, "set": name, "story": f"{name}:{row['story']}"}
    return out


def draw(articles: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    """The sampled pairs, in the order of the draw: the odd ones tune, the even ones stay closed until the end."""
    layers: dict[int, list[tuple[str, str]]] = defaultdict(list)
    stories: dict[str, list[str]] = defaultdict(list)
    for key, row in articles.items():
        stories[row["story"]].append(key)
    for members in stories.values():
        if not 1 < len(members) <= LARGEST:
            continue
        sequences = {key: _sequences(articles[key]["text"]) for key in members}
        for one, other in itertools.combinations(sorted(members), 2):
            shorter = min(len(sequences[one]), len(sequences[other])) or 1
            share = len(sequences[one] & sequences[other]) / shorter
            layers[max(number for number, (floor, _) in enumerate(LAYERS) if share >= floor)].append((one, other))
    pairs: list[tuple[str, str]] = []
    for number, (_, wanted) in enumerate(LAYERS):
        taken: dict[str, int] = defaultdict(int)
        for pair in sorted(layers[number], key=_rank):
            source = articles[pair[0]]["set"]
            if sum(taken.values()) < wanted and taken[source] < PER_SET * (1 if number else 2):
                taken[source] += 1
                pairs.append(pair)
    return sorted(pairs, key=_rank)


def _sequences(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    if len(words) < len(text) / 20:  # written without spaces
        words = list(text.lower())
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}


def _rank(pair: tuple[str, str]) -> str:
    return hashlib.sha256(f"{SEED} {pair[0]} {pair[1]}".encode()).hexdigest()
