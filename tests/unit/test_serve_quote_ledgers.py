"""The ledgers of quotes that are kept: once for a crowd, anew when the story changed or a minute passed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from stayahead.model import ArticleClaims, Claim, Publisher, Quote, Statement, StoryArticle, Witness
from stayahead.serve.quote_ledgers import (
    ARTICLES_MOST,
    CHARS_MOST,
    FOLDED_MOST,
    KEPT_FOR,
    LEDGERS_KEPT,
    QUOTES_KEPT,
    QuoteLedgers,
)
from tests.contract.store_parts import T0, minutes


class Told:
    """Claims of as many articles, each with as many quotes, and a count of how often they were read."""

    def __init__(self, articles: int = 1, each: int = 1, more: str = "") -> None:
        self.reads: list[str] = []
        self._articles = [article(n, each, more) for n in range(articles)]

    def claims(self, story_id: str, *, kind: str | None = None, limit: int) -> Sequence[ArticleClaims]:
        assert kind == "quotes"
        self.reads.append(story_id)
        return self._articles[:limit]

    def witnesses(self, story_id: str, *, limit: int) -> Sequence[Witness]:
        raise AssertionError(story_id, limit)

    def stale_analyses(self, versions: str, *, limit: int) -> Sequence[str]:
        raise AssertionError(versions, limit)


class Hands:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = T0

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def article(number: int, quotes: int, more: str = "") -> ArticleClaims:
    name = f"a{number}"
    row = StoryArticle(
        id=name,
        url=f"https://{name}.example/",
        title="Bridge",
        publisher=Publisher(domain=f"{name}.example", name=name),
        placed_at=T0 - minutes(number),
        seen_at=T0 - minutes(number),
        language="en",
    )
    values = [Quote(words=f"We saw {number} and {n} of them pass{more}", speaker="Ann Lee") for n in range(quotes)]
    stands = [Statement(kind="quotes", block=n, start=0, end=9, value=value) for n, value in enumerate(values)]
    return ArticleClaims(
        article=row, claims=tuple(Claim(article_id=name, revision=0, statement=each) for each in stands)
    )


def test_a_crowd_costs_one_reading() -> None:
    told = Told()
    ledgers = QuoteLedgers(told, Hands())
    with ThreadPoolExecutor(1) as threads:
        found = list(threads.map(lambda _: ledgers.of("s", 7), range(40)))
    assert (told.reads, len({id(each) for each in found})) == (["s"], 1)
    assert ledgers.kept("s", 7) is found[0]


def test_a_story_that_changed_and_a_minute_that_passed_are_read_anew() -> None:
    told, clock = Told(), Hands()
    ledgers = QuoteLedgers(told, clock)
    ledgers.of("s", 7)
    assert ledgers.kept("s", 8) is None
    clock.time += KEPT_FOR - timedelta(seconds=1)
    assert ledgers.kept("s", 7) is not None
    clock.time += timedelta(seconds=1)
    assert ledgers.kept("s", 7) is None
    ledgers.of("s", 7)
    clock.time -= timedelta(seconds=1)  # a clock that was set back
    assert ledgers.kept("s", 7) is None
    assert len(told.reads) == 2


def test_few_ledgers_are_kept_those_asked_for_last() -> None:
    ledgers = QuoteLedgers(Told(), Hands())
    for n in range(LEDGERS_KEPT):
        ledgers.of(f"s{n}", 1)
    ledgers.of("s0", 1)
    ledgers.of("another", 1)
    assert [n for n in range(LEDGERS_KEPT) if ledgers.kept(f"s{n}", 1) is None] == [1]


def test_the_quotes_that_are_kept_are_bounded_in_all() -> None:
    ledgers = QuoteLedgers(Told(articles=20, each=100), Hands())
    stories = [f"s{n}" for n in range(5)]
    for story in stories:
        ledgers.of(story, 1)
    kept = [story for story in stories if ledgers.kept(story, 1)]
    assert kept == stories[-(QUOTES_KEPT // FOLDED_MOST) :]


def test_of_a_story_with_very_many_quotes_the_newest_are_laid_together() -> None:
    found = QuoteLedgers(Told(articles=150, each=45), Hands()).of("s", 1)
    assert (found.folded, len(found.ledger), found.is_all) == (FOLDED_MOST, FOLDED_MOST, False)
    read = {each.article.id for line in found.ledger for each in line.tellings}
    assert read == {f"a{n}" for n in range(-(-FOLDED_MOST // 45))}


def test_of_endless_quotes_fewer_are_laid_together() -> None:
    told = Told(articles=150, each=10, more=" so" * 600)
    found = QuoteLedgers(told, Hands()).of("s", 1)
    chars = sum(len(each.quote.words) for line in found.ledger for each in line.tellings)
    assert CHARS_MOST - 2_000 < chars <= CHARS_MOST
    assert not found.is_all


def test_of_a_story_with_very_many_articles_the_newest_are_read() -> None:
    assert not QuoteLedgers(Told(articles=ARTICLES_MOST + 1), Hands()).of("s", 1).is_all
    assert QuoteLedgers(Told(articles=ARTICLES_MOST), Hands()).of("s", 1).is_all
