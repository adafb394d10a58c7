"""Scores the engine's stories on whole articles that others labelled: eight sets, and four of them in one stream.

    python -m eval.whole [--orders 3] [--only galaxy,mix] [--vectors DIR]

Articles come one a minute in an order that a hash decides and, where the set has dates, by these: a minute is met
within six hours, a day within the day. `./dev eval` runs one order, without vectors; `./dev eval --table` all three.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from statistics import pstdev
from typing import TypeAlias

from eval import corpus
from stayahead.analyze import Encoder
from stayahead.encoders import load
from stayahead.model import Arrival
from stayahead.stories import Clusterer, Row, arrival_of
from stayahead.stories.scorer import Scores, score

FOLDER = "stories/fulltext"
START = datetime(2022, 10, 1, tzinfo=UTC)
AFFAIR = "malaysia.airlines.flight"
"""The large affair of wikiref_dev; of its articles the most that are in one story are counted."""
FIRST_WORDS = 30
_WITHIN_MINUTE, _WITHIN_DAY = timedelta(hours=6), timedelta(hours=24)
"""Time after its date within which an article is met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article of a set, ready for the engine, with its story."""

    id: str
    """As the set has it; it decides the order."""
    arrival: Arrival
    gold: str
    published: str


Order: TypeAlias = list[tuple[datetime, Labelled]]
Pick: TypeAlias = Callable[[dict[str, str]], bool]


def run(data: Path) -> dict[str, float]:
    """The figures that the floors pin: one order of each stream."""
    figures: dict[str, float] = {}
    for name, orders in table(data, orders=1):
        figures |= figures_of(name, orders)
        print(show(name, orders), flush=True)
    return figures


def table(
    data: Path, *, orders: int, encoder: Encoder | None = None, only: Sequence[str] = ()
) -> Iterator[tuple[str, list[tuple[Scores, int]]]]:
    """Each stream by its name, with the scores of each order and the articles of `AFFAIR` that are together."""
    for name, articles in streams(data / FOLDER, encoder, only):
        yield name, [_scored(in_minutes(articles, order)) for order in range(orders)]
        if any(each.published for each in articles) and not name.startswith(("mix", "titles", "summaries")):
            yield f"{name}_dates", [_scored(by_dates(articles, order)) for order in range(orders)]


def print_table(data: Path, *, orders: int, encoder: Encoder | None = None, only: Sequence[str] = ()) -> int:
    """Print one line for each stream; the exit code."""
    for name, scored in table(data, orders=orders, encoder=encoder, only=only):
        print(show(name, scored), flush=True)
    return 0


def streams(folder: Path, encoder: Encoder | None, only: Sequence[str] = ()) -> Iterator[tuple[str, list[Labelled]]]:
    """Each set, the mix of four, and titles alone and with the first words of three."""

    def wanted(name: str) -> bool:
        return not only or name in only

    def read(name: str, pick: Pick = lambda _: True, words: int | None = None) -> list[Labelled]:
        return _articles(folder / f"{name}_dev.jsonl.gz", encoder, pick, words)

    for name in ("galaxy", "mmds", "rpm2", "vmds", "allsides_dated", "gva", "wikiref"):
        if wanted(name):
            yield name, read(name)
    if wanted("allsides"):
        yield "allsides", read("allsides", lambda row: _share(row, 4))
    if wanted("mix"):
        parts = (("galaxy", 1), ("mmds", 1), ("allsides_dated", 3), ("gva", 4))
        yield "mix", [each for name, of in parts for each in read(name, lambda row, of=of: _share(row, of))]  # type: ignore[misc]
    for kind, words in (("titles", 0), ("summaries", FIRST_WORDS)):
        for name in ("galaxy", "mmds", "allsides_dated"):
            if wanted(f"{kind}_{name}"):
                yield f"{kind}_{name}", read(name, lambda row: row["language"] == "en", words)


def _articles(path: Path, encoder: Encoder | None, pick: Pick, words: int | None) -> list[Labelled]:
    """The articles of a set; their texts cut to so many words, if told."""
    prefix = path.name.split("_dev")[0]
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if pick(row)]
    return [_labelled(row, prefix, encoder, words) for row in rows]


def _labelled(row: dict[str, str], prefix: str, encoder: Encoder | None, words: int | None) -> Labelled:
    text = row["text"] if words is None else " ".join(row["text"].split()[:words])
    made = Row(
        id=f"{prefix} {row['id']}",
        title=row["title"],
        text=text,
        publisher=row["publisher"],
        language=row["language"],
        arrival=START,
    )
    arrival = arrival_of(made, encoder=encoder)
    return Labelled(id=row["id"], arrival=arrival, gold=f"{prefix} {row['story']}", published=row["published"])


def _share(row: dict[str, str], of: int) -> bool:
    """Whether the story is of the share of 1 in `of`, by its name alone."""
    return _hashed(row["story"]) % of == 0


def _hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")


def in_minutes(articles: Sequence[Labelled], order: int) -> Order:
    """One a minute, in an order that the number alone decides."""
    ordered = sorted(articles, key=lambda each: _hashed(f"{order} {each.id}"))
    return [(START + timedelta(minutes=place), each) for place, each in enumerate(ordered)]


def by_dates(articles: Sequence[Labelled], order: int) -> Order:
    """As they were published, each somewhat later, as the number decides."""
    dated = [(_met(each, order), each) for each in articles if each.published]
    return sorted(dated, key=lambda pair: (pair[0], pair[1].arrival.article.id))


def _met(each: Labelled, order: int) -> datetime:
    at = datetime.fromisoformat(each.published)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    within = _WITHIN_MINUTE if "T" in each.published else _WITHIN_DAY
    return at.astimezone(UTC) + within * (_hashed(f"{order} {each.id}") / 2**48)


def _scored(ordered: Order) -> tuple[Scores, int]:
    clusterer = Clusterer("end")
    for at, each in ordered:
        article = replace(each.arrival.article, seen_at=at, placed_at=at)
        clusterer.take(replace(each.arrival, article=article))
    gold = {each.arrival.article.id: each.gold for _, each in ordered}
    pairs = clusterer.finish()
    affair = Counter(story for article_id, story in pairs if gold[article_id].endswith(AFFAIR))
    return score(("all", gold[article_id], story) for article_id, story in pairs), max(affair.values(), default=0)


def figures_of(name: str, orders: Sequence[tuple[Scores, int]]) -> dict[str, float]:
    """The figures of one stream: of the large affair what is together, of the others the means over the orders."""
    together = sum(count for _, count in orders) / len(orders)
    if name == "wikiref":
        return {f"{name}_together": together}
    figures = {f"{name}_bcubed_f1": sum(scores.bcubed_f1 for scores, _ in orders) / len(orders)}
    if name == "mix":
        figures["mix_pair_f1"] = sum(scores.pair_f1 for scores, _ in orders) / len(orders)
    return figures


def show(name: str, orders: Sequence[tuple[Scores, int]]) -> str:
    """One line of the table."""
    count = len(orders)

    def mean(of: Callable[[Scores], float]) -> float:
        return sum(of(scores) for scores, _ in orders) / count

    spread = pstdev(scores.bcubed_f1 for scores, _ in orders)
    together = f"  together {sum(n for _, n in orders) / count:.1f}" if name == "wikiref" else ""
    return (
        f"{name:24} {orders[0][0].items:5} articles  BCubed P {mean(lambda s: s.bcubed_precision):5.2f} "
        f"R {mean(lambda s: s.bcubed_recall):5.2f} F1 {mean(lambda s: s.bcubed_f1):5.2f} +- {spread:4.2f}   "
        f"pairs P {mean(lambda s: s.pair_precision):5.2f} R {mean(lambda s: s.pair_recall):5.2f} "
        f"F1 {mean(lambda s: s.pair_f1):5.2f}{together}"
    )


def main() -> int:
    """The command line."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--orders", type=int, default=3, help="orders of arrival (default: 3)")
    parser.add_argument("--only", default="", metavar="NAME,NAME", help="only these streams")
    parser.add_argument("--vectors", type=Path, default=None, metavar="DIR", help="model directory")
    options = parser.parse_args()
    corpus.require(options.data, FOLDER)
    encoder = load(options.vectors) if options.vectors else None
    only = options.only.split(",") if options.only else ()
    return print_table(options.data, orders=options.orders, encoder=encoder, only=only)


if __name__ == "__main__":
    raise SystemExit(main())
