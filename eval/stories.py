"""Scores the engine's stories on labelled articles, by BCubed and pairwise F1.

    python -m eval.stories --data ../shared/data [--dev] [--limit N] [--days FIRST:LAST] [--vectors DIR]

Headlines: within day, each article's story as it stands when its UTC day of arrival ends (UCI News Aggregator, CC BY
4.0). Full text: one stream per language and one of all, the background class scored as singletons.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from statistics import pstdev
from typing import TypeAlias

from eval import corpus
from eval.changes import StoryChanges
from stayahead.analyze import Encoder
from stayahead.encoders import load
from stayahead.stories import Clusterer, Row
from stayahead.stories.scorer import Scores, score

Line: TypeAlias = dict[str, str]
"""A headline by column: arrival, id, title, url, host, story …"""


def run(data: Path) -> dict[str, float]:
    """The figures that the floors pin: headlines_test and fulltext_dev."""
    test, _ = headlines(data / "stories" / "headlines_test.tsv.gz")
    figures = {
        "headlines_test_bcubed_f1": test.bcubed_f1,
        "headlines_test_pair_f1": test.pair_f1,
    }
    for language, scores in fulltext(data / "stories" / "fulltext_dev.json").items():
        figures[f"fulltext_{language}_bcubed_f1"] = mean(scores).bcubed_f1
    return figures


def headlines(
    path: Path,
    *,
    limit: int | None = None,
    days: tuple[str, str] = ("", "9"),
    changes: StoryChanges | None = None,
    encoder: Encoder | None = None,
) -> tuple[Scores, float]:
    """Scores within day, and articles a second of CPU time, reading, analysing and deciding included.

    Args:
        path: of the headlines.
        limit: only so many.
        days: first and last, YYYY-MM-DD.
        changes: what is told of every update.
        encoder: gives the headlines vectors; its cost is in the rate.
    """
    day_of: dict[str, str] = {}
    gold: dict[str, str] = {}
    clusterer = Clusterer("day", encoder=encoder, on_update=changes.follow if changes else None)
    assigned: list[tuple[str, str]] = []
    began = time.process_time()
    for line in islice(headline_lines(path), limit):
        day = line["arrival"][:10]
        if day < days[0]:
            continue
        if day > days[1]:
            break
        day_of[line["id"]] = day
        gold[line["id"]] = line["story"]
        assigned += clusterer.add(row_of(line))
    assigned += clusterer.finish()
    rate = len(assigned) / (time.process_time() - began)
    return score((day_of[i], gold[i], story) for i, story in assigned), rate


def fulltext(path: Path, *, orders: int = 5, encoder: Encoder | None = None) -> dict[str, list[Scores]]:
    """Scores by language, and for `all` languages in one stream, of several orders of arrival."""
    data = json.loads(path.read_text("utf-8"))
    rows = fulltext_rows(path)
    labels = dict(zip((row.id for row in rows), data["clusters"], strict=True))
    background = Counter(data["clusters"]).most_common(1)[0][0]
    gold = {i: f"alone {i}" if label == background else str(label) for i, label in labels.items()}
    languages = sorted({row.language for row in rows})
    scores: dict[str, list[Scores]] = {}
    for language in (*languages, "all"):
        chosen = [row for row in rows if language in {row.language, "all"}]
        scores[language] = [_score_order(chosen, gold, order, encoder) for order in range(orders)]
    return scores


def _score_order(rows: list[Row], gold: dict[str, str], order: int, encoder: Encoder | None) -> Scores:
    """One pass in one order of arrival: an article a minute."""
    clusterer = Clusterer("end", encoder=encoder)
    start = datetime(2022, 10, 1, tzinfo=UTC)
    ordered = sorted(rows, key=lambda row: blake2b(f"{order} {row.id}".encode()).digest())
    for place, row in enumerate(ordered):
        clusterer.add(_at(row, start + timedelta(minutes=place)))
    return score(("all", gold[i], story) for i, story in clusterer.finish())


def _at(row: Row, arrival: datetime) -> Row:
    return Row(
        id=row.id, title=row.title, text=row.text, publisher=row.publisher, language=row.language, arrival=arrival
    )


def _spread(scores: list[Scores]) -> float:
    """Standard deviation of BCubed F1 over the orders."""
    return pstdev(score.bcubed_f1 for score in scores)


def mean(scores: list[Scores]) -> Scores:
    rows = [asdict(one) for one in scores]
    means = {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
    return Scores(**{**means, "items": scores[0].items})


def fulltext_rows(path: Path) -> list[Row]:
    """The full articles, in the order of the file."""
    return [_fulltext_row(article) for article in json.loads(path.read_text("utf-8"))["articles"]]


def _fulltext_row(article: dict[str, object]) -> Row:
    sentences = article["sentences"]
    assert isinstance(sentences, list)
    text = "\n".join(str(sentence["content"]) for sentence in sentences)
    title = str(article["title"])
    return Row(
        id=f"a{article['ID']}",
        title=title,
        text=text,
        language=_language(text),
        arrival=datetime(2022, 10, 1, tzinfo=UTC),
    )


def _language(text: str) -> str:
    """The language of an article by its code in the set, which holds three."""
    if sum("\u4e00" <= c <= "\u9fff" for c in text) > len(text) / 4:
        return "zh"
    words = Counter(text.lower().split())
    return "id" if words["yang"] + words["dan"] + words["di"] > words["the"] else "en"


def headline_lines(path: Path) -> Iterator[Line]:
    """The lines of a file of headlines by column, in order of arrival."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def headline_rows(path: Path) -> Iterator[Row]:
    """The headlines of a file, in order of arrival."""
    return map(row_of, headline_lines(path))


def first_of_each_story(path: Path) -> list[Row]:
    """The first headline of each labelled story."""
    stories: dict[str, Row] = {}
    for line in headline_lines(path):
        if line["story"] not in stories:
            stories[line["story"]] = row_of(line)
    return list(stories.values())


def row_of(line: Line) -> Row:
    """A line as a row for the engine."""
    return Row(
        id=line["id"],
        title=line["title"],
        url=line["url"],
        publisher=line["host"],
        language="en",
        arrival=datetime.fromisoformat(line["arrival"]),
    )


def _show(name: str, scores: Scores, note: str = "") -> None:
    print(
        f"{name:16} {scores.items:7} items  BCubed P {scores.bcubed_precision:5.2f} R {scores.bcubed_recall:5.2f} "
        f"F1 {scores.bcubed_f1:5.2f}   pairs P {scores.pair_precision:5.2f} R {scores.pair_recall:5.2f} "
        f"F1 {scores.pair_f1:5.2f}  {note}",
        flush=True,
    )


def _listed(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.1f}" for name, value in figures.items())


def main() -> int:
    """The command line."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--dev", action="store_true", help="headlines_dev instead of headlines_test")
    parser.add_argument("--limit", type=int, default=None, help="only so many headlines")
    parser.add_argument("--days", default=":9", metavar="FIRST:LAST", help="only these days, YYYY-MM-DD")
    parser.add_argument("--vectors", type=Path, default=None, metavar="DIR", help="model directory")
    options = parser.parse_args()
    encoder = load(options.vectors) if options.vectors else None
    corpus.require(options.data, "stories")
    folder = options.data / "stories"
    for language, orders in fulltext(folder / "fulltext_dev.json", encoder=encoder).items():
        _show(f"fulltext {language}", mean(orders), f"spread {_spread(orders):.2f}")
    name = "headlines_dev" if options.dev else "headlines_test"
    changes = StoryChanges()
    first, _, last = options.days.partition(":")
    path = folder / f"{name}.tsv.gz"
    scores, rate = headlines(path, limit=options.limit, days=(first, last), changes=changes, encoder=encoder)
    _show(name, scores, f"{rate:.0f} articles/s of CPU")
    print("story of an article after it was shown:", _listed(changes.figures()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
