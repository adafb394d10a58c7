"""Turns an archive (rows, or pages that a crawler stored) into deliveries: the same articles as live, another clock."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from stayahead.analyze import Encoder
from stayahead.charset import decode
from stayahead.errors import ExtractError
from stayahead.extract import read_page
from stayahead.model import (
    Block,
    BlockKind,
    Entry,
    EntryRecord,
    EntryState,
    Page,
    PageKind,
    Publisher,
)
from stayahead.newsroom.articles import digest
from stayahead.newsroom.delivery import Delivery, delivery_from
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.outcome import FeedWords, outcome
from stayahead.newsroom.prepare import draft_of
from stayahead.newsroom.speakers import Speakers
from stayahead.newsroom.toolbox import noted
from stayahead.parse.archive import ArchiveRow
from stayahead.parse.warc import WarcPage
from stayahead.ports import Sources
from stayahead.text import collapse
from stayahead.urls import article_id, registrable, without_logins


def row_of(stored: WarcPage) -> ArchiveRow:
    """The row of a page that a crawler stored.

    Raises:
        ExtractError: it cannot be read, or is no article.
    """
    if stored.problem:
        raise ExtractError(stored.url, stored.problem)
    page = read_page(decode(stored.body, declared=stored.charset) if stored.charset else stored.body, url=stored.url)
    if page.kind in (PageKind.LIST, PageKind.SHELL) or not (page.title and page.text):
        raise ExtractError(stored.url, "the page holds no article")
    return ArchiveRow(
        line=stored.record,
        id=stored.url,
        title=page.title,
        text=page.text,
        url=stored.url,
        language=page.language,
        arrival=stored.at,
        page=page,
    )


def delivery_of(
    row: ArchiveRow,
    arrival: datetime,
    *,
    archive: str,
    publishers: Mapping[str, Publisher],
    now: datetime,
    backfill: bool,
    encoder: Encoder | None = None,
) -> Delivery:
    """One row as a delivery: an article that arrived `now`, or back-fill placed by its own `arrival`."""
    page = row.page or _page_of(row, arrival)
    published = min(arrival, page.published or arrival)
    entry = Entry(id=row.id, url=without_logins(row.url), title=row.title, published=published)
    record = EntryRecord(
        id=article_id(row.url, feed_url=archive, entry_id=row.id),
        feed_url=archive,
        digest=digest(entry),
        state=EntryState.PAGE_WANTED,
        seen_at=now,
        backfill=backfill,
        entry=entry,
    )
    words = FeedWords(draft=noted(draft_of(page, entry, encoder=encoder), url=entry.url))
    speakers = Speakers(publishers=_with_named(row, publishers))
    result = outcome(record, words, stored=None, speakers=speakers)
    return delivery_from((result,), at=now)


def _page_of(row: ArchiveRow, arrival: datetime) -> Page:
    """The page that a row's text makes."""
    blocks = tuple(
        Block(kind=BlockKind.PARAGRAPH, text=text) for part in row.text.split("\n") if (text := collapse(part))
    )
    return Page(title=row.title, blocks=blocks, language=row.language, published=arrival)


def _with_named(row: ArchiveRow, publishers: Mapping[str, Publisher]) -> Mapping[str, Publisher]:
    """The archive's own name for a publisher that we do not know."""
    domain = registrable(row.url)
    if not row.publisher or domain in publishers:
        return publishers
    return {domain: Publisher(domain=domain or row.publisher, name=row.publisher)}


async def submit(deliveries: list[Delivery], desk: Desk, sources: Sources) -> int:
    """Submit those whose article is not stored yet, in order; how many there were.

    So an import that was cut short is simply begun again.
    """
    as_of = desk.as_of  # before the store is asked: what changes meanwhile must count as not known
    ids = tuple(record.id for delivery in deliveries for record in delivery.findings.entries)
    stored = await asyncio.to_thread(sources.known_entries, ids)
    fresh = {id_: delivery for id_, delivery in zip(ids, deliveries, strict=True) if id_ not in stored}
    # Tasks start in the order in which they are made, and the desk takes them in the order in which they start.
    await asyncio.gather(*(desk.submit(replace(delivery, as_of=as_of)) for delivery in fresh.values()))
    return len(fresh)
