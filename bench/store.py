"""Measures our store's commits a second and milliseconds a page, beside bare SQLite in the same run.

`python -m bench.store`: articles of the texts in `topics/` with search, 100 a commit and one a commit (each of them
durable), the front page over 50,000 fresh stories, search, and reading one story.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw

from stayahead.analyze import card_of, find_statements
from stayahead.model import (
    Arrival,
    Article,
    Batch,
    Block,
    BlockKind,
    Entry,
    EntryRecord,
    EntryState,
    Evidence,
    Findings,
    LoggedInput,
    Opened,
    Page,
    Publisher,
    ScoreParts,
    Signals,
    StoryHead,
    Term,
    Update,
)
from stayahead.store import SqliteStore
from stayahead.text import tokens

ARTICLES = 6_000
PER_COMMIT = 100
SINGLES = 1_000
STORIES = 50_000
ROUNDS = 30
Text = tuple[str, tuple[str, ...]]
T0 = datetime(2026, 3, 10, tzinfo=UTC)
_PUBLISHER = Publisher(domain="gazette.example", name="Gazette", country="GB")


def run(data: Path) -> dict[str, float]:
    """Print the table and return the figures by name."""
    texts = list(_texts(data))
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        figures |= _commits(Path(folder) / "commits.db", texts)
        figures |= _bare(Path(folder) / "bare.db", texts)
        figures |= _pages(Path(folder) / "pages.db")
    figures["single_of_bare"] = figures["singles_per_s"] / figures["bare_singles_per_s"]
    for name, value in figures.items():
        print(f"{name:28} {value:10.2f}")
    return figures


def _texts(data: Path) -> Iterator[Text]:
    csv.field_size_limit(10_000_000)
    for name in ("en_cat_honey", "en_cat_training"):
        with (data / "topics" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                sentences = tuple(part for part in row["INPUT:text"].split(". ") if part)
                if len(sentences) > 4:
                    yield row["INPUT:title"], sentences


def _article(n: int, texts: Sequence[Text], *, is_short: bool = False) -> Article:
    """The n-th article: a headline of one text, sentences of another, so that no two are alike."""
    title, _ = texts[n % len(texts)]
    _, sentences = texts[(n * 7 + n // len(texts)) % len(texts)]
    turn = n % len(sentences)
    turned = sentences[turn:] + sentences[:turn]
    pieces = (". ".join(turned[i : i + 3]) for i in range(0, 3 if is_short else len(turned), 3))
    at = T0 + timedelta(seconds=n / 20)
    url = f"https://gazette.example/{n}"
    return Article(
        id=f"a{n:015}",
        url=url,
        publisher=_PUBLISHER,
        feed_url="https://gazette.example/feed",
        entry=Entry(id=url, url=url, title=f"{title} {n}", published=at, author="A. Writer", categories=("world",)),
        page=Page(
            title=title,
            blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=piece) for piece in pieces),
            language="en",
            confidence=0.9,
        ),
        seen_at=at,
        placed_at=at,
    )


def _signals(article: Article) -> Signals:
    """As large as real ones: up to 100 terms, some 40 sampled hashes."""
    words = list(dict.fromkeys(tokens(article.page.text)))[:100]
    terms = tuple(Term(text=word, weight=1 / (n + 1)) for n, word in enumerate(words))
    hashes = sorted((hash(word) * 0x9E3779B97F4A7C15) % (1 << 63) for word in words[:40])
    return Signals(language="en", terms=terms, fingerprint=tuple(hashes), shingles=400)


def _batch(numbers: range, articles: list[Article], signals: list[Signals]) -> Batch:
    evidence = tuple(
        Evidence(
            article=article,
            signals=made,
            card=card_of(article.page, article.entry),
            statements=find_statements(article.title, article.page),
        )
        for article, made in zip(articles, signals, strict=True)
    )
    arrivals = zip(numbers, evidence, strict=True)
    inputs = tuple(
        LoggedInput(number=n, at=T0, input=Arrival(article=item.article, signals=item.signals)) for n, item in arrivals
    )
    updates = tuple(
        Update(number=n, at=a.seen_at, story=_head(a, n), change=Opened(article_id=a.id))
        for n, a in zip(numbers, articles, strict=True)
    )
    records = tuple(
        EntryRecord(id=a.id, feed_url=a.feed_url, digest="d", state=EntryState.READ, seen_at=a.seen_at, entry=a.entry)
        for a in articles
    )
    return Batch(evidence=evidence, inputs=inputs, updates=updates, findings=Findings(entries=records))


def _head(article: Article, n: int) -> StoryHead:
    parts = ScoreParts(articles=1, origins=1, publishers=1, first_at=article.placed_at, latest_at=article.placed_at)
    return StoryHead(
        id=article.id,
        headline=article.title,
        lead_id=article.id,
        language="en",
        opened_at=article.seen_at,
        parts=parts,
        importance_key=float(n * 7919 % 100_003),
    )


def _batches(texts: Sequence[Text], numbers: range, size: int) -> list[Batch]:
    batches = []
    for start in range(numbers.start, numbers.stop, size):
        part = range(start, min(start + size, numbers.stop))
        articles = [_article(n, texts) for n in part]
        batches.append(_batch(part, articles, [_signals(article) for article in articles]))
    return batches


def _commits(path: Path, texts: Sequence[Text]) -> dict[str, float]:
    many = _batches(texts, range(1, ARTICLES + 1), PER_COMMIT)
    ones = _batches(texts, range(ARTICLES + 1, ARTICLES + SINGLES + 1), 1)
    characters = sum(len(item.article.page.text) for batch in many for item in batch.evidence) / ARTICLES
    with SqliteStore.open(path) as store:
        seconds = _timed(many, store)
        single_seconds = sorted(_timed(ones, store))
        size = store.counts().bytes / (ARTICLES + SINGLES)
        search_ms = _median_ms(lambda: store.search("government minister", limit=20))
    return {
        "characters_per_article": characters,
        "bytes_per_article": size,
        "articles_per_s": ARTICLES / sum(seconds),
        "commit_100_p50_ms": sorted(seconds)[len(seconds) // 2] * 1000,
        "commit_100_p99_ms": sorted(seconds)[-1 - len(seconds) // 100] * 1000,
        "singles_per_s": SINGLES / sum(single_seconds),
        "single_p50_ms": single_seconds[len(single_seconds) // 2] * 1000,
        "single_p99_ms": single_seconds[-1 - len(single_seconds) // 100] * 1000,
        "search_ms": search_ms,
    }


def _timed(batches: list[Batch], store: SqliteStore) -> list[float]:
    seconds = []
    for batch in batches:
        started = time.perf_counter()
        store.commit(batch)
        seconds.append(time.perf_counter() - started)
    return seconds


def _bare(path: Path, texts: Sequence[Text]) -> dict[str, float]:
    """The most that this disk and SQLite allow: one row with an article's text, durable, nothing else."""
    rows = [(n, _article(n, texts).page.text) for n in range(SINGLES)]
    db = apsw.Connection(str(path))
    db.execute(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = full; CREATE TABLE t (n INTEGER PRIMARY KEY, x)"
    ).fetchall()
    started = time.perf_counter()
    for row in rows:
        db.execute("INSERT INTO t VALUES (?, ?)", row)
    seconds = time.perf_counter() - started
    db.close()
    return {"bare_singles_per_s": SINGLES / seconds}


def _pages(path: Path) -> dict[str, float]:
    texts = [(f"Headline {n} of the day", ("Short.",) * 5) for n in range(97)]
    with SqliteStore.open(path) as store:
        for start in range(1, STORIES + 1, 1000):
            part = range(start, start + 1000)
            articles = [_article(n, texts, is_short=True) for n in part]
            store.commit(_batch(part, articles, [Signals(language="en")] * len(articles)))
        now = T0 + timedelta(seconds=STORIES / 20)
        ids = [row.head.id for row in store.front(now, limit=30)]
        return {
            "front_30_ms": _median_ms(lambda: store.front(now, limit=30)),
            "front_30_after_3000_ms": _median_ms(lambda: store.front(now, limit=30, offset=3000)),
            "front_quiet_ms": _median_ms(lambda: store.front(now + timedelta(hours=48, seconds=-20), limit=30)),
            "latest_30_ms": _median_ms(lambda: store.latest(limit=30)),
            "story_ms": _median_ms(lambda: store.story(ids[3])),
            "counts_ms": _median_ms(store.counts),
        }


def _median_ms(call: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds)[ROUNDS // 2] * 1000


if __name__ == "__main__":
    run(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1].parent / "shared" / "data")
