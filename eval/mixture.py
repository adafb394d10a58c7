"""Mixes the full articles of the development data into one stream for the engine, with the labels that there are.

The set holds `fulltext_dev` (labelled stories), the pairs of `en_train_pool` and `ru_train_pool` (labelled by pair),
the articles of `topics` and the pages of scrapinghub and of half a of wcxb as our own reader reads them (no story
labels). A row's id names its set and its place there, never its text: `f12`, `p3b`, `q3a` (Russian pool), `h7`, `t7`,
`u7`, `n…`, `w…`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TypeAlias

from eval import stories
from eval.page_readers import READERS
from eval.samples import Sample, news, web
from stayahead.language import detect
from stayahead.stories import Row

Pair: TypeAlias = tuple[str, str]
"""Ids of two articles, the smaller first."""
START = datetime(2022, 10, 1, tzinfo=UTC)
POOLS = (("p", "en", "stories/en_train_pool.tsv"), ("q", "ru", "stories/ru_train_pool.tsv"))
TOPICS = (
    ("h", "en", "topics/en_cat_honey.tsv"),
    ("t", "en", "topics/en_cat_training.tsv"),
    ("u", "ru", "topics/ru_cat_honey.tsv"),
)


@dataclass(slots=True)
class Mixture:
    """The rows, and their labels."""

    rows: list[Row] = field(default_factory=list)
    gold: dict[str, str] = field(default_factory=dict)
    """Story of each article of `fulltext_dev`; the background class as stories of one."""
    judged: dict[Pair, bool] = field(default_factory=dict)
    """Whether a pair of the pools tells of one event."""

    def is_same(self, pair: Pair) -> bool | None:
        """Whether the labels put two articles into one event; None: they do not say."""
        one, other = pair
        if one in self.gold and other in self.gold:
            return self.gold[one] == self.gold[other]
        return self.judged.get(pair)


def mixture(data: Path) -> Mixture:
    """All sets; an article that two of them hold, by its url, is taken once."""
    csv.field_size_limit(sys.maxsize)
    mixed = Mixture()
    _add_fulltext(mixed, data / "stories" / "fulltext_dev.json")
    id_of_url: dict[str, str] = {}
    for prefix, language, name in POOLS:
        _add_pool(mixed, id_of_url, data / name, prefix, language)
    for prefix, language, name in TOPICS:
        for place, line in enumerate(_lines(data / name)):
            row = _row(f"{prefix}{place}", line, "INPUT:", language)
            if id_of_url.setdefault(row.url, row.id) == row.id:
                mixed.rows.append(row)
    mixed.rows += [_page(sample) for sample in (*news(data), *web(data, "a")) if sample.kind != "forum"]
    return mixed


def in_order(rows: list[Row], order: int) -> Iterator[Row]:
    """The rows as they arrive, one a minute, in an order that the number alone decides."""
    ordered = sorted(rows, key=lambda row: blake2b(f"{order} {row.id}".encode()).digest())
    for place, row in enumerate(ordered):
        yield replace(row, arrival=START + timedelta(minutes=place))


def pair_of(one: str, other: str) -> Pair:
    """The two ids, the smaller first."""
    return (one, other) if one < other else (other, one)


def _add_fulltext(mixed: Mixture, path: Path) -> None:
    clusters = json.loads(path.read_text("utf-8"))["clusters"]
    background = Counter(clusters).most_common(1)[0][0]
    for place, (row, label) in enumerate(zip(stories.fulltext_rows(path), clusters, strict=True)):
        mixed.rows.append(replace(row, id=f"f{place}"))
        mixed.gold[f"f{place}"] = f"alone {place}" if label == background else str(label)


def _add_pool(mixed: Mixture, id_of_url: dict[str, str], path: Path, prefix: str, language: str) -> None:
    for place, line in enumerate(_lines(path)):
        ids = []
        for side, name in (("a", "first"), ("b", "second")):
            row = _row(f"{prefix}{place}{side}", line, f"INPUT:{name}_", language)
            ids.append(id_of_url.setdefault(row.url, row.id))
            if ids[-1] == row.id:
                mixed.rows.append(row)
        mixed.judged[pair_of(ids[0], ids[1])] = line["GOLDEN:quality"] == "OK"


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def _row(name: str, line: dict[str, str], columns: str, language: str) -> Row:
    url = line[f"{columns}url"]
    title, text = line[f"{columns}title"], line[f"{columns}text"]
    return Row(id=name, title=title, text=text, url=url, language=language, publisher=_host(url), arrival=START)


def _page(sample: Sample) -> Row:
    outcome = READERS["ours"](sample)
    name = f"{'n' if sample.kind == 'news' else 'w'}{sample.name.removesuffix('.html')[:10]}"
    return Row(
        id=name,
        title=outcome.title or sample.title,
        text=outcome.text,
        url=sample.url,
        publisher=_host(sample.url),
        language=detect(outcome.text),
        arrival=START,
    )


def _host(url: str) -> str:
    return url.split("/")[2].removeprefix("www.") if url.count("/") >= 2 else url
