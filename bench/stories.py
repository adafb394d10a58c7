"""Measures how many articles a second the engine takes, and how that falls as live stories grow.

    python -m bench.stories --data ../shared/data [--live 100000] [--singles 100000,1000000]

Stories are grown from one headline of each labelled story, in several editions: an edition marks half of the words as
its own, so its stories are apart from those of the others but share many terms with them. All arrive a millisecond
apart, so nothing expires. The ratio compares the cost of the same kind of article at 1,000 and at many live stories,
in one run. Beyond `--live`, stories of one article are added up to each number of `--singles` in all. Their headlines
have ten words: four drawn as often as real headlines use them, five from the whole vocabulary, and one of their own (in
a labelled story's first headline two words stand in no other), so that words are shared as in a real stream and hardly
any two headlines match. Rates are by CPU time of one core: other programs do not count.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from random import Random
from zlib import crc32

from eval import corpus
from eval.stories import first_of_each_story, headline_rows
from stayahead.stories import Row, StoryEngine, arrival_of

_START = datetime(2026, 1, 1, tzinfo=UTC)
_FEW = 1_000
_MANY = 20_000
"""Live stories of the short form, which `./dev bench` runs."""
_MEASURED = 3_000
"""How many articles a rate is measured over."""
_EDITIONS = 200
"""Most editions that stories are grown from."""


def run(data: Path, *, live: int = _MANY, singles: Sequence[int] = ()) -> dict[str, float]:
    """Rates in articles a second, sizes in bytes, times in seconds."""
    return dict(_figures(data, live, singles))


def _figures(data: Path, live: int, singles: Sequence[int]) -> Iterator[tuple[str, float]]:
    """Each figure as soon as it is known: the last may be an hour away."""
    yield from _bodies(data)
    yield from _headlines(data, live, singles)


def _headlines(data: Path, most: int, singles: Sequence[int]) -> Iterator[tuple[str, float]]:
    path = data / "stories" / "headlines_dev.tsv.gz"
    seeds = first_of_each_story(path)
    stream = _a_millisecond_apart(row for edition in range(_EDITIONS) for row in _edition(seeds, edition))
    engine = StoryEngine()
    probes = list(islice(headline_rows(path), 50_000, 50_000 + _MEASURED))
    _grow(engine, stream, _FEW)
    few = _rate(engine, _named(probes, "few"))
    yield "headlines_per_s_at_1000", few
    before = _resident()
    _grow(engine, stream, most)
    live = engine.live_stories
    grown = _resident() - before
    many = _rate(engine, _named(probes, "many"))
    yield "live_stories", live
    yield "headlines_per_s_at_most", many
    yield "slowdown", few / many
    yield "bytes_a_story", grown / max(live - _FEW, 1)
    yield from _singles(engine, seeds, probes, few, singles)
    yield from _snapshots(engine, _named(probes[:100], "more"))


def _singles(
    engine: StoryEngine, seeds: Sequence[Row], probes: Sequence[Row], few: float, singles: Sequence[int]
) -> Iterator[tuple[str, float]]:
    stream = _a_millisecond_apart(_alone(seeds))
    for most in singles:
        before, live = _resident(), engine.live_stories
        _grow(engine, stream, most)
        grown = _resident() - before
        rate = _rate(engine, _named(probes, f"singles{most}"))
        yield f"live_stories_{most}", engine.live_stories
        yield f"headlines_per_s_{most}", rate
        yield f"slowdown_{most}", few / rate
        yield f"bytes_a_single_{most}", grown / max(engine.live_stories - live, 1)
        yield f"resident_bytes_{most}", _resident()


def _alone(seeds: Sequence[Row]) -> Iterator[Row]:
    occurrences = [word for row in seeds for word in row.title.split()]
    vocabulary = sorted(set(occurrences))
    draw = Random(20140310)
    for n in count():
        words = [*draw.choices(occurrences, k=4), *draw.choices(vocabulary, k=5), f"Own{n}"]
        yield replace(seeds[n % len(seeds)], id=f"s{n}", title=" ".join(words), url="")


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


def _edition(seeds: Sequence[Row], edition: int) -> Iterator[Row]:
    for row in seeds:
        words = [word + str(edition) if crc32(word.encode()) % 2 else word for word in row.title.split()]
        yield replace(row, id=f"{edition}.{row.id}", title=" ".join(words), url="")


def _named(rows: Sequence[Row], name: str) -> list[Row]:
    """The same headlines as new articles, all of one moment."""
    return [replace(row, id=f"{name}.{row.id}", arrival=_START + timedelta(hours=1)) for row in rows]


def _snapshots(engine: StoryEngine, more: Sequence[Row]) -> Iterator[tuple[str, float]]:
    began = time.process_time()
    whole = engine.snapshot()
    whole_s = time.process_time() - began
    _rate(engine, more)
    began = time.process_time()
    changed = engine.snapshot()
    changed_s = time.process_time() - began
    began = time.process_time()
    StoryEngine.restore(whole)
    restore_s = time.process_time() - began
    yield "snapshot_whole_s", whole_s
    yield "snapshot_whole_bytes", sum(len(row.value or b"") for row in whole.rows)
    yield "snapshot_after_100_s", changed_s
    yield "snapshot_after_100_bytes", sum(len(row.value or b"") for row in changed.rows)
    yield "restore_s", restore_s


def _bodies(data: Path) -> Iterator[tuple[str, float]]:
    rows = list(_a_millisecond_apart(_whole_articles(data)))
    engine = StoryEngine()
    began = time.process_time()
    for row in rows:
        arrival_of(row)
    analyzed_s = time.process_time() - began
    yield "bodies", len(rows)
    yield "bodies_words", sum(len(row.text.split()) for row in rows) / len(rows)
    yield "bodies_analyzed_per_s", len(rows) / analyzed_s
    yield "bodies_per_s", _rate(engine, rows)


def _whole_articles(data: Path) -> Iterator[Row]:
    for article in json.loads((data / "stories" / "fulltext_dev.json").read_text("utf-8"))["articles"]:
        text = "\n".join(sentence["content"] for sentence in article["sentences"])
        yield Row(id=f"f{article['ID']}", title=article["title"], text=text, arrival=_START, language="en")
    for name in ("en_cat_training.tsv", "en_cat_honey.tsv"):
        path = data / "topics" / name
        if path.exists():
            csv.field_size_limit(10_000_000)
            with path.open(encoding="utf-8", newline="") as file:
                for n, line in enumerate(csv.DictReader(file, delimiter="\t")):
                    text = next(value for key, value in line.items() if key and key.endswith("text"))
                    title = next(value for key, value in line.items() if key and key.endswith("title"))
                    yield Row(id=f"{name}{n}", title=title or "", text=text or "", arrival=_START, language="en")


def _a_millisecond_apart(rows: Iterator[Row]) -> Iterator[Row]:
    for place, row in enumerate(rows):
        yield replace(row, arrival=_START + timedelta(milliseconds=place))


def _grow(engine: StoryEngine, stream: Iterator[Row], live: int) -> None:
    for row in stream:
        engine.add(arrival_of(row), row.arrival)
        if engine.live_stories >= live:
            return


def _rate(engine: StoryEngine, rows: Sequence[Row]) -> float:
    began = time.process_time()
    for row in rows:
        engine.add(arrival_of(row), row.arrival)
    return len(rows) / (time.process_time() - began) if rows else float("nan")


def main() -> int:
    """The command line."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--live", type=int, default=_MANY, help="live stories to grow to")
    parser.add_argument("--singles", default="", help="and then, with stories of one article, to so many: 1000,2000")
    options = parser.parse_args()
    corpus.require(options.data, "stories")
    for name, value in _figures(options.data, options.live, _numbers(options.singles)):
        print(f"stories.{name}: {value:.4g}", flush=True)
    return 0


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",") if each]


if __name__ == "__main__":
    sys.exit(main())
