"""Brings what a feed says to the desk: we ask it, or it is pushed, and its new and changed entries are submitted.

A poll is `ask` and `take_in`. What becomes of each entry, `outcome` decides.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol, TypeAlias

from stayahead.errors import BadAnswer, Outdated, SourceError
from stayahead.log import event
from stayahead.model import (
    Article,
    Entry,
    EntryRecord,
    EntryState,
    FeedList,
    FeedState,
    Fetched,
    Findings,
    ParsedFeed,
    WatchedFeed,
)
from stayahead.newsroom import prepare
from stayahead.newsroom.allowance import Share, source_of
from stayahead.newsroom.articles import is_backfill
from stayahead.newsroom.delivery import Delivery, Receipt, delivery_from
from stayahead.newsroom.feed_parts import ACCEPT_FEED, WholeFeed, follow, is_whole_due, to_be_read_whole
from stayahead.newsroom.outcome import FeedWords, Next, Outcome, outcome
from stayahead.newsroom.prepare import Draft
from stayahead.newsroom.recognition import RULES, Met, recognise
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
    now = toolbox.clock.now()
    request = Request(url=schedule.address(state, now), accept=ACCEPT_FEED, on_behalf_of=watched.feed.url)
    if not is_whole_due(state.whole_at, now):
        request = replace(request, etag=state.etag, last_modified=state.last_modified)
    try:
        fetched = await toolbox.fetcher.fetch(request)
        if fetched.status == 304 and not (request.etag or request.last_modified):
            what = "the server answers 304 (not modified) to a request for the whole"
            raise BadAnswer(watched.feed.url, what, remedy="wait for the next poll, or correct the feed's address")
        return Answer(watched=watched, fetched=fetched)
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
        url = answer.watched.feed.url
        parsed = await toolbox.preparer.run(prepare.parse, fetched, url, url=url, source=url)
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
        outcomes = [each.outcome for each in look.entries]
        delivery = delivery_from([*look.wishes, *outcomes], at=look.at, as_of=look.as_of)
        if answer.is_asked:
            delivery = _with_state(delivery, look, _after(answer.watched.state, fetched, whole, schedule, look=look))
        try:
            receipt = await toolbox.desk.submit(delivery)
        except Outdated:
            toolbox.allowances.give_back(look.share, look.new)
            continue  # a look costs little now: the drafts of entries that say the same are kept
        if look.share.waiting:
            source, waiting = look.share.source, len(look.share.waiting)
            event(log, logging.WARNING, "entries_wait", source=source, url=answer.watched.feed.url, waiting=waiting)
        event(log, logging.DEBUG, "feed_read", url=answer.watched.feed.url, entries=whole.entries, new=len(outcomes))
        return [each.job(receipt) for each in reversed(look.entries) if each.outcome.then is Next.READ]


def _after(state: FeedState, fetched: Fetched, whole: WholeFeed, schedule: Schedule, *, look: _Look) -> FeedState:
    parts, waiting = whole.parts, len(look.share.waiting)
    if parts or waiting:  # what an index names is asked at every poll, and what waits, so it is never to say 304
        fetched = replace(fetched, etag="", last_modified="")
    return replace(
        schedule.succeeded(state, fetched, whole.parsed, look.at),
        parts=to_be_read_whole(parts) if waiting else parts,
        entries=whole.entries,
        whole_at=look.at,
        identity_rules=RULES,
        waiting=waiting,
        intake_left=look.share.left,
    )


def _with_state(delivery: Delivery, look: _Look, state: FeedState) -> Delivery:
    """The delivery with what its poll teaches of the feed; the list of its entries only when it has a new one."""
    lists: tuple[FeedList, ...] = ()
    if look.new > len(look.share.waiting):
        state = replace(state, last_new_at=look.at)
        lists = (FeedList(feed_url=state.url, keys=look.keys),)
    findings = replace(delivery.findings, feed_states=(state,), feed_lists=lists)
    return replace(delivery, findings=findings)


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
    keys: tuple[str, ...]
    """What is noted of all that it lists, but for what waits: that is to be news yet."""
    new: int
    """How many of its entries are."""
    share: Share
    """Which of those its source may bring now."""


async def _look(
    watched: WatchedFeed, parsed: ParsedFeed, toolbox: Toolbox, drafts: Drafts, *, answered_by: str, may_wait: bool
) -> _Look:
    """Look up what is known of a feed's entries, and decide what becomes of each.

    `drafts` has what earlier looks made of the same entries; new ones are put there.
    """
    as_of, now = toolbox.desk.as_of, toolbox.clock.now()  # before the store is asked, or a change might slip between
    url = watched.feed.url
    # On a thread: whose address each of a thousand entries is takes tens of milliseconds.
    entries_met, first_words = await asyncio.to_thread(_first_words, watched, parsed, toolbox, answered_by, now)
    met_by_id = {met.id: met for met in entries_met}
    new = [(met.id, met.entry) for met in reversed(entries_met) if met.known is None]
    is_first = watched.state.last_ok_at is None and bool(answered_by)  # whoever pushes has no first answer
    share = toolbox.allowances.share(source_of(url, toolbox.speakers), new, now=now, is_first=is_first)
    wishes = [first for _, first in first_words if first.read_again is not None]
    drafted = [record for record, first in first_words if first.then is Next.DRAFT]
    records = [record for record in drafted if record.id not in share.waiting]
    records.sort(key=_order)  # stable: a feed's own order, oldest first, decides among equals
    await _draft([record for record in records if _key(record) not in drafts], drafts, toolbox, url=url)
    entries = [
        await _entry_outcome(record, drafts[_key(record)], toolbox, met=met_by_id[record.id], may_wait=may_wait)
        for record in records
    ]
    keys = tuple(key for met in entries_met if met.id not in share.waiting for key in met.marks)
    return _Look(at=now, as_of=as_of, entries=entries, wishes=wishes, keys=keys, new=len(new), share=share)


def _first_words(
    watched: WatchedFeed, parsed: ParsedFeed, toolbox: Toolbox, answered_by: str, now: datetime
) -> tuple[list[Met], list[tuple[EntryRecord, Outcome]]]:
    """Which articles the entries are, and of each whether there is anything to prepare."""
    url, speakers = watched.feed.url, toolbox.speakers
    entries_met = recognise(parsed, feed_url=url, sources=toolbox.sources)
    first_words: list[tuple[EntryRecord, Outcome]] = []
    for met in entries_met:
        record = _record(met, watched, now=now)
        if speakers.is_foreign(met.entry.url, feed_url=url, answered_by=answered_by, proven=watched.feed.domains):
            record = replace(record, is_foreign=True)
        first_words.append((record, outcome(record, None, stored=None, known=met.known, speakers=speakers)))
    return entries_met, first_words


def _record(met: Met, watched: WatchedFeed, *, now: datetime) -> EntryRecord:
    is_news = met.known is None or met.known.digest != met.digest  # of most entries of a poll nothing more is asked
    state = watched.state
    # What earlier rules took for another entry was listed before, though nobody knew it.
    is_late = met.was_taken_for_another and state.identity_rules < RULES
    first_poll = state.last_ok_at is None or is_late
    return EntryRecord(
        id=met.id,
        feed_url=watched.feed.url,
        digest=met.digest,
        state=EntryState.PAGE_WANTED,
        seen_at=now,
        backfill=is_news and is_backfill(met.entry, first_poll=first_poll, now=now),
        entry=met.entry,
        name=met.name,
        second_name=met.second_name,
    )


def _order(record: EntryRecord) -> datetime:
    """Back-fill goes in by its own time; live entries in the order of the feed."""
    return (record.entry.published or _LONG_AGO) if record.backfill else record.seen_at


async def _entry_outcome(
    record: EntryRecord, draft: Draft | SourceError, toolbox: Toolbox, *, met: Met, may_wait: bool
) -> _EntryOutcome:
    stored, known = None, met.known
    if known is not None:
        stored = await asyncio.to_thread(toolbox.sources.article, record.id)
    decide = partial(outcome, record, stored=stored, known=known, speakers=toolbox.speakers)
    words = FeedWords(draft=draft, may_wait=may_wait, has_page=met.has_page)
    # Two texts are compared on a thread: the longest have millions of characters.
    result = decide(words) if stored is None else await asyncio.to_thread(decide, words)
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
