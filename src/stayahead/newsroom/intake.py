"""Brings what a feed says to the desk: we ask it, or it is pushed, and its new and changed entries are submitted.

A poll is `ask` and `take_in`. What becomes of each entry, `outcome` decides.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol, TypeAlias

from stayahead.errors import Outdated, SourceError
from stayahead.log import event
from stayahead.model import (
    Article,
    Entry,
    EntryRecord,
    EntryState,
    FeedState,
    Fetched,
    Findings,
    KnownEntry,
    ParsedFeed,
    WatchedFeed,
)
from stayahead.newsroom import prepare
from stayahead.newsroom.articles import by_article_id, digest, is_backfill
from stayahead.newsroom.delivery import Delivery, Receipt, delivery_from
from stayahead.newsroom.feed_parts import ACCEPT_FEED, WholeFeed, follow
from stayahead.newsroom.outcome import FeedWords, Next, Outcome, outcome
from stayahead.newsroom.prepare import Draft
from stayahead.newsroom.toolbox import Toolbox, noted
from stayahead.ports import Request

log = logging.getLogger("stayahead.newsroom")

ENTRIES_PER_TASK = 8
"""Entries that one worker call drafts: few, so that its deadline is about an entry and not about a whole feed."""
_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)

Drafts: TypeAlias = dict[tuple[str, str], Draft | SourceError]
"""What the feed says of entries, by id and digest."""


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

    def missed(self) -> frozenset[str]:
        """Feeds that failed while nobody could be reached, now that somebody was; each told once."""
        ...

    def soon(self, state: FeedState, now: datetime) -> FeedState:
        """One of them, to be asked within minutes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PageJob:
    """A page to be fetched and read."""

    record: EntryRecord
    draft: Draft | None = None
    """What the feed said, if it is still at hand."""
    stored: Article | None = None
    """Its article, if it is out already: what the page says becomes its next revision."""
    as_of: int
    """The commit as of which we know this of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a feed: an answer to our question, or a body that nobody asked for."""

    watched: WatchedFeed
    fetched: Fetched | SourceError
    is_asked: bool = True
    """False: it was pushed. It says nothing of validators, of when to ask next, and of what the feed goes on at."""


async def poll(
    watched: WatchedFeed, toolbox: Toolbox, schedule: Schedule, *, has_room: Callable[[], bool]
) -> list[PageJob]:
    """Ask the feed once and take in what it said; the pages to read now.

    Raises:
        DeskStopped: nothing more is committed.
    """
    return await take_in(await ask(watched, toolbox, schedule), toolbox, schedule, has_room=has_room)


async def ask(watched: WatchedFeed, toolbox: Toolbox, schedule: Schedule) -> Answer:
    """What the feed's server says."""
    state = watched.state
    address = schedule.address(state, toolbox.clock.now())
    request = Request(
        url=address,
        etag=state.etag,
        last_modified=state.last_modified,
        accept=ACCEPT_FEED,
        on_behalf_of=watched.feed.url,
    )
    try:
        return Answer(watched=watched, fetched=await toolbox.fetcher.fetch(request))
    except SourceError as error:
        return Answer(watched=watched, fetched=error)


async def take_in(
    answer: Answer, toolbox: Toolbox, schedule: Schedule, *, has_room: Callable[[], bool]
) -> list[PageJob]:
    """Submit what a feed says, however it came; the pages to read now.

    Every failure of the source becomes its stored state. `has_room` says whether articles may wait for their pages:
    if not, they go out at once with the feed's text and their pages are left for later.

    Raises:
        SourceError: a body that nobody asked for cannot be read; the source is none the worse for it.
        DeskStopped: nothing more is committed.
    """
    fetched, state = answer.fetched, answer.watched.state
    status = 0
    try:
        if isinstance(fetched, SourceError):
            raise fetched
        status = fetched.status
        if status == 304:
            now = toolbox.clock.now()
            await toolbox.desk.submit(
                Delivery(at=now, findings=Findings(feed_states=(schedule.unchanged(state, fetched, now),)))
            )
            return []
        parsed = await toolbox.preparer.run(
            prepare.parse, fetched, url=answer.watched.feed.url, source=answer.watched.feed.url
        )
        # Its bytes go back to the budget before more are asked for, or feeds might wait for one another.
        fetched = replace(fetched, body=b"")
        answer = replace(answer, fetched=fetched)
        whole = await follow(parsed, answer.watched, toolbox) if answer.is_asked else WholeFeed(parsed=parsed)
        return await _entries(answer, fetched, whole, toolbox, schedule, has_room=has_room)
    except SourceError as error:
        if not answer.is_asked:
            raise
        now = toolbox.clock.now()
        failed = schedule.failed(state, error, now, status=status)
        await toolbox.desk.submit(Delivery(at=now, findings=Findings(feed_states=(failed,))))
        return []


async def _entries(
    answer: Answer,
    fetched: Fetched,
    whole: WholeFeed,
    toolbox: Toolbox,
    schedule: Schedule,
    *,
    has_room: Callable[[], bool],
) -> list[PageJob]:
    """Decide what becomes of the feed's entries and submit it; anew, when some of them had changed by then."""
    drafts: Drafts = {}
    answered_by = fetched.url if answer.is_asked else ""  # whoever pushes may say that they are anybody
    while True:
        look = await _look(answer.watched, whole.parsed, toolbox, drafts, answered_by=answered_by, may_wait=has_room())
        states = (_after(answer.watched.state, fetched, whole, schedule, now=look.at),) if answer.is_asked else ()
        outcomes = [each.outcome for each in look.entries]
        delivery = delivery_from([*look.wishes, *outcomes], at=look.at, as_of=look.as_of, feed_states=states)
        try:
            receipt = await toolbox.desk.submit(delivery)
        except Outdated:
            continue  # a look costs little now: the drafts of entries that say the same are kept
        event(log, logging.DEBUG, "feed_read", url=answer.watched.feed.url, entries=whole.entries, new=len(outcomes))
        return [each.job(receipt) for each in reversed(look.entries) if each.outcome.then is Next.READ]


def _after(state: FeedState, fetched: Fetched, whole: WholeFeed, schedule: Schedule, *, now: datetime) -> FeedState:
    if whole.parts:  # what an index names is asked at every poll, so it is never to say 304
        fetched = replace(fetched, etag="", last_modified="")
    state = schedule.succeeded(state, fetched, whole.parsed, now)
    return replace(state, parts=whole.parts, entries=whole.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _EntryOutcome:
    """One entry, and what becomes of it."""

    record: EntryRecord
    draft: Draft | SourceError
    stored: Article | None
    outcome: Outcome

    def job(self, receipt: Receipt) -> PageJob:
        """Its page, to be read now that the entry is committed."""
        draft = None if isinstance(self.draft, SourceError) else self.draft
        record, stored = self.outcome.record or self.record, self.outcome.article or self.stored
        return PageJob(record=record, draft=draft, stored=stored, as_of=receipt.commit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a feed says, decided on what was known at one moment."""

    at: datetime
    as_of: int
    entries: list[_EntryOutcome]
    wishes: list[Outcome]
    """What this feed wants of entries that other feeds brought."""


async def _look(
    watched: WatchedFeed, parsed: ParsedFeed, toolbox: Toolbox, drafts: Drafts, *, answered_by: str, may_wait: bool
) -> _Look:
    """Look up what is known of a feed's entries, and decide what becomes of each.

    `drafts` has what earlier looks made of the same entries; new ones are put there.
    """
    as_of, now = toolbox.desk.as_of, toolbox.clock.now()  # before the store is asked, or a change might slip between
    by_id = await asyncio.to_thread(by_article_id, parsed.entries, feed_url=watched.feed.url)
    known = await asyncio.to_thread(toolbox.sources.known_entries, tuple(by_id))
    decide = partial(outcome, speakers=toolbox.speakers)
    is_foreign = partial(toolbox.speakers.is_foreign, answered_by=answered_by, proven=watched.feed.domains)
    records: list[EntryRecord] = []
    wishes: list[Outcome] = []
    by_own_id = {each.id: each for each in known.values()}
    for id_, entry in _one_each(by_id, known).items():
        record = _record(id_, entry, watched, known=by_own_id.get(id_), now=now)
        if is_foreign(entry.url, feed_url=record.feed_url):
            record = replace(record, is_foreign=True)
        first = decide(record, None, stored=None, known=by_own_id.get(id_))
        if first.read_again is not None:
            wishes.append(first)
        if first.then is Next.DRAFT:
            records.append(record)
    records.sort(key=_order)  # stable: a feed's own order, oldest first, decides among equals
    await _draft([record for record in records if _key(record) not in drafts], drafts, toolbox, url=watched.feed.url)
    entries = [
        await _entry_outcome(record, drafts[_key(record)], toolbox, known=by_own_id.get(record.id), may_wait=may_wait)
        for record in records
    ]
    return _Look(at=now, as_of=as_of, entries=entries, wishes=wishes)


def _one_each(by_id: Mapping[str, Entry], known: Mapping[str, KnownEntry]) -> dict[str, Entry]:
    """The entries by their articles; of several that lead to one article, that under the article's own address."""
    entries: dict[str, Entry] = {}
    for id_, entry in by_id.items():
        article = known[id_].id if id_ in known else id_
        if article not in entries or id_ == article:
            entries[article] = entry
    return entries


def _record(id_: str, entry: Entry, watched: WatchedFeed, *, known: KnownEntry | None, now: datetime) -> EntryRecord:
    new_digest = digest(entry)
    is_news = known is None or known.digest != new_digest  # of most entries of a poll nothing more is asked
    return EntryRecord(
        id=id_,
        feed_url=watched.feed.url,
        digest=new_digest,
        state=EntryState.PAGE_WANTED,
        seen_at=now,
        backfill=is_news and is_backfill(entry, first_poll=watched.state.last_ok_at is None, now=now),
        entry=entry,
    )


def _order(record: EntryRecord) -> datetime:
    """Back-fill goes in by its own time; live entries in the order of the feed."""
    return (record.entry.published or _LONG_AGO) if record.backfill else record.seen_at


async def _entry_outcome(
    record: EntryRecord, draft: Draft | SourceError, toolbox: Toolbox, *, known: KnownEntry | None, may_wait: bool
) -> _EntryOutcome:
    stored = None
    if known is not None:
        stored = await asyncio.to_thread(toolbox.sources.article, record.id)
    decide = partial(outcome, record, stored=stored, known=known, speakers=toolbox.speakers)
    result = decide(FeedWords(draft=draft, may_wait=may_wait))
    # A new headline over the stored page: no worker has seen the two together yet, so signals and card are made now.
    if result.article is not None and result.draft is None:
        page, entry = result.article.page, result.article.entry
        try:
            fresh = await toolbox.preparer.run(
                prepare.draft_renamed, page, entry, url=record.entry.url, source=record.feed_url
            )
            result = replace(result, draft=noted(fresh, url=record.entry.url))
        except SourceError as error:
            result = decide(FeedWords(draft=error))
    return _EntryOutcome(record=record, draft=draft, stored=stored, outcome=result)


def _key(record: EntryRecord) -> tuple[str, str]:
    return record.id, record.digest


async def _draft(records: list[EntryRecord], drafts: Drafts, toolbox: Toolbox, *, url: str) -> None:
    """What the feed says of each entry; one that costs its worker is refused alone."""
    for start in range(0, len(records), ENTRIES_PER_TASK):
        part = records[start : start + ENTRIES_PER_TASK]
        entries = tuple(record.entry for record in part)
        try:
            new = await toolbox.preparer.run(prepare.draft_entries, entries, url=url, source=url)
            for record, draft in zip(part, new, strict=True):
                drafts[_key(record)] = noted(draft, url=record.entry.url or url)
        except SourceError:
            for record in part:
                drafts[_key(record)] = await _draft_one(record.entry, toolbox, url=url)


async def _draft_one(entry: Entry, toolbox: Toolbox, *, url: str) -> Draft | SourceError:
    try:
        draft = await toolbox.preparer.run(prepare.draft_entry, entry, url=entry.url or url, source=url)
        return noted(draft, url=entry.url or url)
    except SourceError as error:
        event(log, logging.WARNING, "entry_refused", url=error.url, feed=url, error=error.told)
        return error
