"""The quotes of a story, laid together once for a crowd: what was laid together is kept until the story changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stayahead.analyze import QUOTES
from stayahead.model import ArticleClaims, Quote
from stayahead.ports import Claims, Clock
from stayahead.stories.quote_ledger import QuoteLedger, quote_ledger

ARTICLES_MOST = 200
"""Newest articles of a story whose quotes are read."""
FOLDED_MOST = 2_000
"""Newest quotes of a story that are laid together: they take some 50 ms."""
CHARS_MOST = 500_000
"""Characters in them; a quote has some hundred, and 2,000 endless ones that share their halves would take seconds."""
LEDGERS_KEPT = 8
QUOTES_KEPT = 6_000
"""Quotes in all ledgers that are kept: one is some 2 kB with its claim, and 10 kB where it is as long as may be."""
KEPT_FOR = timedelta(seconds=60)
"""After it a ledger is made anew: articles are analysed again without an update of their story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryQuotes:
    """The quotes of a story's newest articles."""

    ledger: QuoteLedger = ()
    not_analysed: tuple[str, ...] = ()
    """Articles of which it is not known what they quote."""
    is_all: bool = True
    """False: the story has more articles or quotes than were read."""
    folded: int = 0
    """Quotes that were laid together."""


@dataclass(frozen=True, slots=True)
class _Kept:
    number: int
    made_at: datetime
    quotes: StoryQuotes


class QuoteLedgers:
    """The ledgers of the stories that were asked for last. Safe from any thread."""

    def __init__(self, claims: Claims, clock: Clock) -> None:
        self._claims, self._clock = claims, clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def kept(self, story_id: str, number: int) -> StoryQuotes | None:
        """What is kept of the story as it was after that update, if it is fresh."""
        with self._lock:
            found = self._kept.get(story_id)
            if found is None or found.number != number:
                return None
            if not timedelta() <= self._clock.now() - found.made_at < KEPT_FOR:
                return None
            self._kept.move_to_end(story_id)
            return found.quotes

    def of(self, story_id: str, number: int) -> StoryQuotes:
        """The quotes of the story, made and kept where they are not. For one thread at a time (`Site.differences`)."""
        # Whoever waited behind another reader of the same story finds what that one made.
        quotes = self.kept(story_id, number)
        if quotes is None:
            made_at = self._clock.now()
            quotes = _read(self._claims, story_id)
            self._keep(story_id, _Kept(number, made_at, quotes))
        return quotes

    def _keep(self, story_id: str, made: _Kept) -> None:
        with self._lock:
            self._kept[story_id] = made
            self._kept.move_to_end(story_id)
            folded = sum(each.quotes.folded for each in self._kept.values())
            while len(self._kept) > LEDGERS_KEPT or folded > QUOTES_KEPT:
                folded -= self._kept.popitem(last=False)[1].quotes.folded


def _read(claims: Claims, story_id: str) -> StoryQuotes:
    articles = claims.claims(story_id, kind=QUOTES, limit=ARTICLES_MOST + 1)
    read = articles[:ARTICLES_MOST]
    newest = tuple(_newest(read))
    folded = sum(len(each.claims) for each in newest)
    return StoryQuotes(
        ledger=quote_ledger(newest),
        not_analysed=tuple(each.article.id for each in read if not each.is_analysed),
        is_all=len(articles) == len(read) and folded == sum(len(each.claims) for each in read),
        folded=folded,
    )


def _newest(articles: Iterable[ArticleClaims]) -> Iterator[ArticleClaims]:
    """The articles, the newest first, with as many of their quotes as are laid together."""
    left, chars = FOLDED_MOST, CHARS_MOST
    for each in articles:
        taken = 0
        for claim in each.claims[:left]:
            value = claim.statement.value
            chars -= len(value.words) if isinstance(value, Quote) else 0
            if chars < 0:
                break
            taken += 1
        yield each if taken == len(each.claims) else replace(each, claims=each.claims[:taken])
        left -= taken
        if left <= 0 or chars < 0:
            return
