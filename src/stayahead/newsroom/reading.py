"""Reading: entries whose page is wanted in; articles with their page's text, or the reason why not, out."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from stayahead.errors import (
    BadAnswer,
    ConnectFailed,
    DeskStopped,
    FetchTimeout,
    HttpStatus,
    PrepareError,
    SourceError,
)
from stayahead.extract import HostMemory, Observation
from stayahead.log import event
from stayahead.model import (
    Arrival,
    Article,
    Entry,
    EntryRecord,
    EntryState,
    Fetched,
    PageState,
    Revision,
    UrlAlias,
)
from stayahead.newsroom import page_schedule, prepare
from stayahead.newsroom.articles import aliases_of, as_read_now, compose, says_the_same
from stayahead.newsroom.desk import Delivery
from stayahead.newsroom.intake import PageJob
from stayahead.newsroom.prepare import Draft
from stayahead.newsroom.wires import Wires
from stayahead.ports import Request
from stayahead.urls import article_id, host

log = logging.getLogger("stayahead.newsroom")

ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
JOBS_MAX = 600
"""Page jobs in memory at once; the store keeps the others."""
JOBS_PER_HOST = 4
"""Of them for one host when refilling, so that one slow site does not fill the room."""
UNREAD_MAX = 64
"""Fetched pages that wait for a worker; past that no more are fetched. At 200 kB a page, 13 MB."""
PLACES = 64
"""Pages asked for at once, of as many hosts."""
TRIES_MAX = 3
RETRY_AFTER = timedelta(minutes=5)
"""Wait after the first failed try; four times as long after each further one."""


class Reading:
    """The page jobs under way. Belongs to the event loop.

    Args:
        wires: the shared parts.
        page_wait_s: real seconds that an article waits for its page before it goes out with what the feed said.
    """

    def __init__(self, wires: Wires, *, page_wait_s: float) -> None:
        self._wires = wires
        self._page_wait_s = page_wait_s
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._hosts: Counter[str] = Counter()
        self._turns: dict[str, asyncio.Lock] = {}
        self._places = asyncio.Semaphore(PLACES)
        self._unread = 0
        self.first_reads = 0
        """Pages read so far for articles that had no text from theirs."""
        self._hungry = asyncio.Event()
        self._hungry.set()

    def has_room(self) -> bool:
        """Whether new articles may wait in memory for their pages."""
        return len(self._jobs) < JOBS_MAX

    @property
    def busy(self) -> int:
        """Page jobs under way."""
        return len(self._jobs)

    @property
    def has_leisure(self) -> bool:
        """Whether pages may be read again: no first read waits for room, a place or a worker."""
        return self.has_room() and not self._places.locked() and self._hungry.is_set()

    def is_reading(self, site: str) -> bool:
        """Whether a first read of that host is under way."""
        return self._hosts[site] > 0

    def take(self, job: PageJob) -> None:
        """Start the job, unless the same page is being read."""
        id_ = job.record.id
        if id_ in self._jobs:
            return
        site = host(job.record.entry.url)
        self._hosts[site] += 1
        task = asyncio.create_task(self._read(job), name=f"page {id_}")
        self._jobs[id_] = task
        task.add_done_callback(partial(self._leave, id_, site))

    def _leave(self, id_: str, site: str, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, DeskStopped):
            event(log, logging.ERROR, "page_job_failed", article=id_, error=error, trace=error)
        del self._jobs[id_]
        self._hosts[site] -= 1
        if not self._hosts[site]:
            del self._hosts[site]
            self._turns.pop(site, None)

    async def refill(self) -> None:
        """Take up pages that the store still wants: after a restart, after a failure, or when the room was full."""
        if not self.has_room():
            return
        now = self._wires.clock.now()
        for record in await asyncio.to_thread(self._wires.sources.wanted, limit=4 * JOBS_MAX):
            if not self.has_room():
                return
            is_due = record.next_try_at is None or record.next_try_at <= now
            if not is_due or record.id in self._jobs or self._hosts[host(record.entry.url)] >= JOBS_PER_HOST:
                continue
            stored = await asyncio.to_thread(self._wires.sources.article, record.id)
            self.take(PageJob(record=record, is_out=stored is not None))

    async def stop(self) -> None:
        """Give up what is under way; the store still wants it."""
        tasks = list(self._jobs.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ── one job ──────────────────────────────────────────────────────────────────────────────────

    async def _read(self, job: PageJob) -> None:
        fetching = asyncio.create_task(self._first(job.record.entry))
        try:
            is_out = job.is_out
            if not is_out:
                done, _ = await asyncio.wait({fetching}, timeout=self._page_wait_s)
                if not done:
                    is_out = await self._send_out(job, replace(job.record, state=EntryState.PAGE_WANTED))
            try:
                draft, fetched = await fetching
            except SourceError as error:
                await self._failed(job, error, is_out=is_out)
                return
            self.first_reads += 1
            await self._settle(job.record, draft, fetched, is_out=is_out)
        finally:
            fetching.cancel()

    async def _first(self, entry: Entry) -> tuple[Draft, Fetched]:
        draft, fetched = await self.page(entry.url, entry)
        if draft is None:
            raise BadAnswer(entry.url, "the server answered 304 to a request without conditions")
        return draft, fetched

    async def page(self, url: str, entry: Entry, *, known: PageState | None = None) -> tuple[Draft | None, Fetched]:
        """Fetch and read a page; no draft when it is as `known` has it.

        Raises:
            SourceError: it cannot be had, or not be read.
        """
        wires, site = self._wires, host(url)
        request = Request(url=url, accept=ACCEPT_PAGE, obey_robots=True)
        if known is not None:
            request = replace(request, etag=known.etag, last_modified=known.last_modified)
        # Bodies are large: no more are fetched while this many wait for a worker. A host has one turn at a time, so
        # that a slow one holds one place and not all of them.
        async with self._turns.setdefault(site, asyncio.Lock()), self._places:
            await self._hungry.wait()
            fetched = await wires.fetcher.fetch(request)
        if fetched.status == 304:
            return None, fetched
        self._unread += 1
        if self._unread >= UNREAD_MAX:
            self._hungry.clear()
        try:
            memory = await self.memory(host(fetched.url))
            draft = await wires.preparer.run(prepare.draft_page, fetched, entry, memory, url=url)
        finally:
            self._unread -= 1
            if self._unread < UNREAD_MAX:
                self._hungry.set()
        return draft, fetched

    async def memory(self, site: str) -> HostMemory | None:
        """What earlier pages of the host taught; None where nobody remembers."""
        memories = self._wires.desk.memories
        if memories is None:
            return None
        return memories.memory(site) if memories.is_near(site) else await asyncio.to_thread(memories.memory, site)

    async def _settle(self, record: EntryRecord, draft: Draft, fetched: Fetched, *, is_out: bool) -> None:
        wires = self._wires
        record = replace(record, state=EntryState.READ, reason="", next_try_at=None)
        stored = await asyncio.to_thread(wires.sources.article, record.id) if is_out else None
        article = compose(record, draft.page, publishers=wires.publishers, now=record.seen_at, before=stored)
        aliases, twin = await self._one_to_one(article, fetched.url)
        given: Arrival | Revision | None = None
        if stored is not None:
            if not says_the_same(article, as_read_now(stored, await self.memory(host(fetched.url)))):
                given = Revision(article=article, signals=draft.signals)
        elif twin:
            record = replace(record, state=EntryState.REFUSED, reason=f"the same article as {twin}")
        else:
            given = Arrival(article=article, signals=draft.signals)
        if twin:
            await self._submit(record, given, (), self._state(article, draft, fetched))
        else:
            await self._submit(record, given, aliases, self._state(article, draft, fetched), draft.observation)

    def _state(self, article: Article, draft: Draft, fetched: Fetched) -> tuple[PageState, ...]:
        """None of a page that had less than the feed: the feed is what says when that text changes."""
        if not draft.is_from_page:
            return ()
        return (page_schedule.first_read(article, fetched, self._wires.clock.now()),)

    async def _one_to_one(self, article: Article, url: str) -> tuple[tuple[UrlAlias, ...], str]:
        """Aliases that no other article has; and the other article, when one with the same headline has it."""
        free: list[UrlAlias] = []
        for alias in aliases_of(article, url):
            own = article_id(alias.url)
            known = await asyncio.to_thread(self._wires.sources.known_entries, (own,))
            other = known.get(own)
            if other is None or other.id == article.id:
                free.append(alias)
                continue
            twin = await asyncio.to_thread(self._wires.sources.article, other.id)
            if twin is not None and twin.title == article.title:
                return (), twin.id
        return tuple(free), ""

    async def _failed(self, job: PageJob, error: SourceError, *, is_out: bool) -> None:
        if isinstance(error, PrepareError):
            event(log, logging.WARNING, "page_refused", url=error.url, feed=job.record.feed_url, error=error.told)
        record = replace(job.record, tries=job.record.tries + 1, reason=str(error))
        if record.tries < TRIES_MAX and _may_pass(error):
            wait = max(RETRY_AFTER * 4 ** (record.tries - 1), timedelta(seconds=_asked_wait_s(error)))
            record = replace(record, state=EntryState.PAGE_WANTED, next_try_at=self._wires.clock.now() + wait)
        else:
            record = replace(record, state=EntryState.REFUSED, next_try_at=None)
        if is_out:
            await self._submit(record, None)
        else:
            await self._send_out(job, record)

    async def _send_out(self, job: PageJob, record: EntryRecord) -> bool:
        """Let the article go out with what the feed said; False when the feed said nothing."""
        draft = job.draft
        if draft is None:
            try:
                draft = await self._wires.preparer.run(prepare.draft_entry, record.entry, url=record.entry.url)
            except SourceError as error:
                await self._submit(replace(record, state=EntryState.REFUSED, reason=str(error)), None)
                return False
        if not draft.page.text and not record.entry.title:
            await self._submit(record, None)
            return False
        article = compose(record, draft.page, publishers=self._wires.publishers, now=record.seen_at)
        await self._submit(record, Arrival(article=article, signals=draft.signals))
        return True

    async def _submit(
        self,
        record: EntryRecord,
        given: Arrival | Revision | None,
        aliases: tuple[UrlAlias, ...] = (),
        states: tuple[PageState, ...] = (),
        seen: Observation | None = None,
    ) -> None:
        inputs = () if given is None else (given,)
        observations = () if seen is None else (seen,)
        now: datetime = self._wires.clock.now()
        await self._wires.desk.submit(
            Delivery(
                at=now,
                entries=(record,),
                aliases=aliases,
                page_states=states,
                inputs=inputs,
                observations=observations,
            )
        )


def _may_pass(error: SourceError) -> bool:
    """Whether another try may go better."""
    if isinstance(error, HttpStatus):
        return error.status in (408, 425, 429) or error.status >= 500
    return isinstance(error, ConnectFailed | FetchTimeout | BadAnswer)


def _asked_wait_s(error: SourceError) -> float:
    return error.retry_after_s if isinstance(error, HttpStatus) else 0.0
