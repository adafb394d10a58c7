"""Intake: a watched feed in; its new and changed entries, submitted to the desk, out. One poll from start to end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from stayahead.errors import SourceError
from stayahead.log import event
from stayahead.model import (
    Arrival,
    Article,
    Entry,
    EntryRecord,
    EntryState,
    FeedState,
    Fetched,
    KnownEntry,
    ParsedFeed,
    ReadAgain,
    Revision,
    WatchedFeed,
)
from stayahead.newsroom import prepare
from stayahead.newsroom.articles import compose, digest, is_backfill, named, says_the_same
from stayahead.newsroom.desk import Delivery
from stayahead.newsroom.following import ACCEPT_FEED, follow
from stayahead.newsroom.prepare import Draft
from stayahead.newsroom.wires import Wires
from stayahead.ports import Request
from stayahead.urls import registrable
from stayahead.when import plausible

log = logging.getLogger("stayahead.newsroom")

ENTRIES_PER_TASK = 8
"""Entries that one worker call drafts: few, so that its deadline is about an entry and not about a whole feed."""
_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


class Schedule(Protocol):
    """When a feed is asked again; `fetch.schedule` with the settings bound to it."""

    def is_due(self, state: FeedState, now: datetime) -> bool:
        """Whether the feed is to be asked now."""
        ...

    def address(self, state: FeedState, now: datetime) -> str:
        """The url to ask: the feed's own, or where it moved."""
        ...

    def succeeded(self, state: FeedState, fetched: Fetched, parsed: ParsedFeed, now: datetime) -> FeedState:
        """After an answer with entries."""
        ...

    def unchanged(self, state: FeedState, fetched: Fetched, now: datetime) -> FeedState:
        """After a 304."""
        ...

    def failed(self, state: FeedState, error: SourceError, now: datetime, *, status: int = 0) -> FeedState:
        """After anything else; `status` of an answer that could not be read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PageJob:
    """A page to be fetched and read."""

    record: EntryRecord
    draft: Draft | None = None
    """What the feed said, if it is still at hand."""
    is_out: bool = False
    """The article is stored already: what the page says becomes its next revision."""


async def poll(
    watched: WatchedFeed, wires: Wires, schedule: Schedule, *, has_room: Callable[[], bool]
) -> list[PageJob]:
    """Ask the feed once and submit what it said; the pages to read now.

    Every failure of the source becomes its stored state. `has_room` says whether articles may wait for their pages:
    if not, they go out at once with the feed's text and their pages are left for later.

    Raises:
        DeskStopped: nothing more is committed.
    """
    feed, state = watched.feed, watched.state
    status = 0
    address = schedule.address(state, wires.clock.now())
    request = Request(url=address, etag=state.etag, last_modified=state.last_modified, accept=ACCEPT_FEED)
    try:
        fetched = await wires.fetcher.fetch(request)
        if fetched.status == 304:
            now = wires.clock.now()
            await wires.desk.submit(Delivery(at=now, feed_states=(schedule.unchanged(state, fetched, now),)))
            return []
        status = fetched.status
        parsed = await wires.preparer.run(prepare.parse, fetched, url=feed.url)
        whole = await follow(parsed, watched, wires)
        delivery, jobs = await _take_in(watched, whole.parsed, wires, has_room=has_room())
    except SourceError as error:
        now = wires.clock.now()
        failed = schedule.failed(state, error, now, status=status)
        await wires.desk.submit(Delivery(at=now, feed_states=(failed,)))
        return []
    if whole.parts:  # what an index names is asked at every poll, so it is never to say 304
        fetched = replace(fetched, etag="", last_modified="")
    state = schedule.succeeded(state, fetched, whole.parsed, delivery.at)
    state = replace(state, parts=whole.parts, entries=whole.entries)
    await wires.desk.submit(replace(delivery, feed_states=(state,)))
    return jobs


async def _take_in(
    watched: WatchedFeed, parsed: ParsedFeed, wires: Wires, *, has_room: bool
) -> tuple[Delivery, list[PageJob]]:
    feed_url = watched.feed.url
    now = wires.clock.now()
    said = named(parsed.entries, feed_url=feed_url)
    known = await asyncio.to_thread(wires.sources.known_entries, tuple(said))
    first_poll = watched.state.last_ok_at is None
    records: list[EntryRecord] = []
    again: list[ReadAgain] = []
    for id_, entry in said.items():
        mark = digest(entry)
        seen = known.get(id_)
        if seen is not None and seen.feed_url != feed_url:
            if _says_newer(entry, seen, feed_url, now):
                again.append(ReadAgain(article_id=seen.id, at=now))
            continue
        if seen is not None and seen.digest == mark:
            continue
        records.append(
            EntryRecord(
                id=seen.id if seen else id_,
                feed_url=feed_url,
                digest=mark,
                state=EntryState.PAGE_WANTED,
                seen_at=now,
                backfill=is_backfill(entry, first_poll=first_poll, now=now),
                entry=entry,
            )
        )
    records.sort(key=_claimed)  # stable: a feed's own order, oldest first, decides among equals
    seen_as = {seen.id: seen for seen in known.values()}
    drafts = await _draft([record.entry for record in records], wires, url=feed_url)
    fates = [
        await _fate(record, draft, wires, seen=seen_as.get(record.id), may_wait=has_room)
        for record, draft in zip(records, drafts, strict=True)
    ]
    delivery = Delivery(
        at=now,
        entries=tuple(fate.record for fate in fates),
        read_again=(*again, *(ReadAgain(article_id=fate.record.id, at=now) for fate in fates if fate.is_again)),
        inputs=tuple(fate.input for fate in fates if fate.input is not None),
    )
    return delivery, [fate.job for fate in reversed(fates) if fate.job is not None]


def _says_newer(entry: Entry, seen: KnownEntry, feed_url: str, now: datetime) -> bool:
    """Another feed of the same site, often its sitemap, says that the page changed after we read it."""
    updated = plausible(entry.updated, now=now)
    is_later = updated is not None and seen.page_read_at is not None and updated > seen.page_read_at
    return is_later and registrable(feed_url) == registrable(entry.url)


def _claimed(record: EntryRecord) -> datetime:
    """Back-fill goes in by its own time; live entries in the order of the feed."""
    return (record.entry.published or _LONG_AGO) if record.backfill else record.seen_at


async def _draft(entries: list[Entry], wires: Wires, *, url: str) -> list[Draft | SourceError]:
    """Drafts in the order given; an entry that costs its worker is refused alone."""
    drafts: list[Draft | SourceError] = []
    for start in range(0, len(entries), ENTRIES_PER_TASK):
        part = tuple(entries[start : start + ENTRIES_PER_TASK])
        try:
            drafts.extend(await wires.preparer.run(prepare.draft_entries, part, url=url))
        except SourceError:
            for entry in part:
                try:
                    drafts.append(await wires.preparer.run(prepare.draft_entry, entry, url=entry.url or url))
                except SourceError as error:
                    event(log, logging.WARNING, "entry_refused", url=error.url, feed=url, error=error.told)
                    drafts.append(error)
    return drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fate:
    """What becomes of one entry now."""

    record: EntryRecord
    input: Arrival | Revision | None = None
    job: PageJob | None = None
    is_again: bool = False
    """Its page is to be read again."""


async def _fate(
    record: EntryRecord, draft: Draft | SourceError, wires: Wires, *, seen: KnownEntry | None, may_wait: bool
) -> _Fate:
    if isinstance(draft, SourceError):
        return _Fate(record=replace(record, state=EntryState.REFUSED, reason=str(draft)))
    if seen is not None:
        return await _changed(record, draft, wires, seen=seen)
    is_read = draft.is_whole or not record.entry.url
    has_words = bool(draft.page.text or record.entry.title)
    if not is_read and may_wait:
        return _Fate(record=record, job=PageJob(record=record, draft=draft))
    if not has_words and is_read:
        reason = f"{record.feed_url}: an entry without title, text and link; nothing to read"
        return _Fate(record=replace(record, state=EntryState.REFUSED, reason=reason))
    if not has_words:
        return _Fate(record=record)  # of a plain sitemap: there is nothing to show before its page is read
    article = compose(record, draft.page, publishers=wires.publishers, now=record.seen_at)
    state = EntryState.READ if is_read else EntryState.PAGE_WANTED
    return _Fate(record=replace(record, state=state), input=Arrival(article=article, signals=draft.signals))


async def _changed(record: EntryRecord, draft: Draft, wires: Wires, *, seen: KnownEntry) -> _Fate:
    """The feed says something else than before: a revision when the text or the headline really changed."""
    stored = await asyncio.to_thread(wires.sources.article, record.id)
    is_out = stored is not None
    if record.entry.url and not draft.is_whole:
        if stored is not None and seen.page_read_at is not None:
            return await _renamed(record, stored, wires)
        return _Fate(record=record, job=PageJob(record=record, draft=draft, is_out=is_out))
    record = replace(record, state=EntryState.READ)
    if stored is None:
        article = compose(record, draft.page, publishers=wires.publishers, now=record.seen_at)
        return _Fate(record=record, input=Arrival(article=article, signals=draft.signals))
    article = compose(record, draft.page, publishers=wires.publishers, now=record.seen_at, before=stored)
    if says_the_same(article, stored):
        return _Fate(record=record)
    return _Fate(record=record, input=Revision(article=article, signals=draft.signals))


async def _renamed(record: EntryRecord, stored: Article, wires: Wires) -> _Fate:
    """A new headline counts at once; the page behind it is read again when the budget allows."""
    record = replace(record, state=EntryState.READ)
    article = compose(record, stored.page, publishers=wires.publishers, now=record.seen_at, before=stored)
    if says_the_same(article, stored):
        return _Fate(record=record, is_again=True)
    try:
        draft = await wires.preparer.run(prepare.draft_renamed, article.page, article.entry, url=record.entry.url)
    except SourceError as error:
        return _Fate(record=replace(record, state=EntryState.REFUSED, reason=str(error)), is_again=True)
    return _Fate(record=record, input=Revision(article=article, signals=draft.signals), is_again=True)
