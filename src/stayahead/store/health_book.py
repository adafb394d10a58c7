"""A watched feed, entries and articles in; how the feed does out. Part of `MemoryStore`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from stayahead.model import Article, EntryRecord, EntryState, SourceHealth, WatchedFeed
from stayahead.store.watching import REFUSALS_DAYS


def health_of(
    watched: WatchedFeed, name: str, entries: Iterable[EntryRecord], articles: Iterable[Article], *, now: datetime
) -> SourceHealth:
    """How a feed does, of all entries and articles that there are; `name`: its publisher's."""
    url = watched.feed.url
    own = [record for record in entries if record.feed_url == url]
    week, day = now - timedelta(days=REFUSALS_DAYS), now - timedelta(hours=24)
    refused = [record for record in own if record.state is EntryState.REFUSED and record.seen_at > week]
    refused.sort(key=lambda record: record.seen_at)
    return SourceHealth(
        watched=watched,
        publisher_name=name,
        articles_24h=sum(1 for article in articles if article.feed_url == url and article.seen_at > day),
        pages_wanted=sum(1 for record in own if record.state is EntryState.PAGE_WANTED),
        refused=len(refused),
        last_refusal=refused[-1].reason if refused else "",
    )
