"""Reads the pages that entries wait for, shared by source; an article that waited long enough goes out without.

What becomes of the article, whatever the page says and if it cannot be had, `outcome` decides.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from stayahead.errors import BadAnswer, DeskStopped, Outdated, PrepareError, SourceError
from stayahead.extract import HostMemory
from stayahead.log import event
from stayahead.model import Entry, EntryRecord, Fetched, KnownEntry, PageState, UrlAlias
from stayahead.newsroom import prepare
from stayahead.newsroom.articles import aliases_of, compose
from stayahead.newsroom.delivery import delivery_from
from stayahead.newsroom.intake import PageJob
from stayahead.newsroom.outcome import FeedWords, PageFailure, PageWords, Prepared, outcome
from stayahead.newsroom.prepare import Draft
from stayahead.newsroom.shares import Asker, Shares
from stayahead.newsroom.speakers import entry_of_page
from stayahead.newsroom.toolbox import Toolbox, noted
from stayahead.newsroom.work_queue import Lane
from stayahead.ports import Request
from stayahead.urls import article_id, host, with_login_of

log = logging.getLogger("stayahead.newsroom")

ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
JOBS_MAX = 600
"""Page jobs in memory at once; the store keeps the others."""
JOBS_PER_SOURCE = 150
"""As many jobs of one source count; it may name more at once, but then its next entries do not wait for their pages."""
JOBS_PER_HOST = 4
"""Jobs of one host that a refill may start, so that one slow site does not fill the room."""
PAGE_BYTES = 4_000_000
"""What is read of a page: `extract` reads no more characters; the longest of 661 real ones has 2.9 million."""
LONGEST_RETRY = timedelta(days=2)
"""Past the longest that a page may ask us to wait, which is a day."""
PLACES = 64
"""Pages at once that are asked for or wait for a worker, shared by source; the fetcher gives hosts their turns."""


@dataclass(slots=True)
class PageRead:
    """A page that came, and what was made of it."""

    fetched: Fetched
    entry: Entry
    """What the feed said when it was read."""
    feed_url: str
    led_by: str
    """The feed of another site that led to it, for which the page must say all by itself; empty for its own."""
    draft: Draft | None
    """None: it is as we have it (304)."""


class PageReading:
    """The page jobs under way. Belongs to the event loop.

    Args:
        toolbox: the shared parts.
        page_wait_s: real seconds that an article waits for its page before it goes out with what the feed said.
    """

    def __init__(self, toolbox: Toolbox, *, page_wait_s: float) -> None:
        self._toolbox = toolbox
        self._page_wait_s = page_wait_s
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._hosts: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()
        self._counted = 0
        """Jobs, `JOBS_PER_SOURCE` of one source at most."""
        self._places = Shares(PLACES)
        self.first_reads = 0
        """Pages read so far for articles that had no text from theirs."""

    def has_room(self, source: str = "") -> bool:
        """Whether new articles (of that source) may wait in memory for their pages."""
        return self._counted < JOBS_MAX and self._sources[source] < JOBS_PER_SOURCE

    @property
    def busy(self) -> int:
        """Page jobs under way."""
        return len(self._jobs)

    @property
    def has_leisure(self) -> bool:
        """Whether pages may be read again: no first read waits for room, a place or a worker."""
        return self.has_room() and not self._places.are_taken

    def is_reading(self, site: str) -> bool:
        """Whether a first read of that host is under way."""
        return self._hosts[site] > 0

    def start(self, job: PageJob) -> None:
        """Start the job, unless the same page is being read."""
        id_ = job.record.id
        if id_ in self._jobs:
            return
        site, source = host(job.record.entry.url), job.record.feed_url
        self._hosts[site] += 1
        self._counted += self._sources[source] < JOBS_PER_SOURCE
        self._sources[source] += 1
        # Held here as well: the loop itself keeps only weak references to its tasks.
        task = asyncio.create_task(self._read(job), name=f"page {id_}")
        self._jobs[id_] = task
        task.add_done_callback(partial(self._leave, id_, site, source))

    def _leave(self, id_: str, site: str, source: str, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, DeskStopped):
            event(log, logging.ERROR, "page_job_failed", article=id_, error=error, trace=error)
        del self._jobs[id_]
        self._hosts[site] -= 1
        self._sources[source] -= 1
        self._counted -= self._sources[source] < JOBS_PER_SOURCE
        for counted, name in ((self._hosts, site), (self._sources, source)):
            if not counted[name]:
                del counted[name]

    async def refill(self) -> None:
        """Take up pages that the store still wants: after a restart, after a failure, or when the room was full."""
        if not self.has_room():
            return
        now, as_of = self._toolbox.clock.now(), self._toolbox.desk.as_of
        for record in await asyncio.to_thread(self._toolbox.sources.wanted, limit=4 * JOBS_MAX):
            if not self.has_room(record.feed_url):
                continue
            at = record.next_try_at
            is_due = at is None or at <= now or at > now + LONGEST_RETRY  # planned by a clock that was ahead
            if not is_due or record.id in self._jobs or self._hosts[host(record.entry.url)] >= JOBS_PER_HOST:
                continue
            stored = await asyncio.to_thread(self._toolbox.sources.article, record.id)
            self.start(PageJob(record=record, stored=stored, as_of=as_of))

    async def stop(self) -> None:
        """Give up what is under way; the store still wants it."""
        tasks = list(self._jobs.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ── any page ─────────────────────────────────────────────────────────────────────────────────

    async def page(
        self, url: str, entry: Entry, *, feed_url: str, state: PageState | None = None, led_by: str = ""
    ) -> PageRead:
        """Fetch and read a page, with its feed's login on the feed's own site; no draft when it is as `state` has it.

        Raises:
            SourceError: it cannot be had, or not be read.
        """
        request = Request(
            url=with_login_of(url, feed_url),
            accept=ACCEPT_PAGE,
            obey_robots=True,
            max_bytes=PAGE_BYTES,
            is_cut=True,
            on_behalf_of=feed_url,
        )
        if state is not None:
            request = replace(request, etag=state.etag, last_modified=state.last_modified)
        # Bodies are large: the place is kept until a worker has read the page.
        async with self._places.place(Asker(source=feed_url)):
            read = PageRead(await self._toolbox.fetcher.fetch(request), entry, feed_url, led_by, None)
            if read.fetched.status != 304:
                read.draft = await self._draft(read)
        return read

    async def draft_for(self, read: PageRead, entry: Entry, *, led_by: str = "") -> Draft:
        """The draft of the page under what its feed says now: made again where that is something else.

        Raises:
            SourceError: it cannot be read.
        """
        if read.draft is None or (read.entry, read.led_by) != (entry, led_by):
            read.entry, read.led_by = entry, led_by
            read.draft = await self._draft(read)
        return read.draft

    async def _draft(self, read: PageRead) -> Draft:
        fetched, entry = read.fetched, read.entry
        memory = await self.memory(host(fetched.url))
        url = fetched.request_url
        draft = await self._toolbox.preparer.run(
            prepare.draft_page,
            fetched,
            entry,
            memory,
            read.led_by,
            url=url,
            source=read.feed_url,
            lane=Lane.PAGE,
        )
        return noted(draft, url=url)

    async def memory(self, site: str) -> HostMemory | None:
        """What earlier pages of the host taught; None where nobody remembers."""
        memories = self._toolbox.desk.memories
        if memories is None:
            return None
        return memories.memory(site) if memories.is_near(site) else await asyncio.to_thread(memories.memory, site)

    # ── one job ──────────────────────────────────────────────────────────────────────────────────

    async def _read(self, job: PageJob) -> None:
        # The page is read on while the article goes out without it: what it says is the next revision then.
        reading = asyncio.create_task(self._first_read(job.record))
        try:
            current: PageJob | None = job
            if job.stored is None:
                done, _ = await asyncio.wait({reading}, timeout=self._page_wait_s)
                current = job if done else await self._settle(job, self._feed_words)
            if current is not None:
                await self._finish(current, reading)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)  # nobody may be left to hear of its failure

    async def _first_read(self, record: EntryRecord) -> PageRead:
        entry = entry_of_page(record)
        read = await self.page(entry.url, entry, feed_url=record.feed_url, led_by=_led_by(record))
        if read.draft is None:
            raise BadAnswer(entry.url, "the server answered 304 to a request without conditions")
        return read

    async def _finish(self, job: PageJob, reading: asyncio.Task[PageRead]) -> None:
        try:
            read = await reading
            self.first_reads += 1
            await self._settle(job, partial(self._page_words, read))
        except SourceError as error:
            if isinstance(error, PrepareError):
                event(log, logging.WARNING, "page_refused", url=error.url, feed=job.record.feed_url, error=error.told)
            await self._settle(job, partial(self._failure, error))
        except DeskStopped:
            raise
        except Exception as error:
            # A bug of ours on this page becomes its stored failure, or the page would be asked for again and again.
            event(log, logging.ERROR, "page_job_failed", url=job.record.entry.url, error=error, trace=error)
            what = f"unexpected {type(error).__name__}: {error}"
            defect = PrepareError(job.record.entry.url, what, remedy="please report it with the page")
            await self._settle(job, partial(self._failure, defect))
        finally:
            # It holds the error that it raised here, which holds this frame and those with the page's body.
            del reading

    async def _settle(self, job: PageJob, prepare_it: Callable[[PageJob], Awaitable[Prepared]]) -> PageJob | None:
        """Decide and submit, on what is stored then; the job as it stands after it, None when it is over."""
        current: PageJob | None = job
        while current is not None:
            decide = partial(outcome, stored=current.stored, speakers=self._toolbox.speakers)
            # On a thread: it compares whole texts, and the longest have millions of characters.
            result = await asyncio.to_thread(decide, current.record, await prepare_it(current))
            delivery = delivery_from((result,), at=self._toolbox.clock.now(), as_of=current.as_of)
            try:
                receipt = await self._toolbox.desk.submit(delivery)
            except Outdated:
                current = await self._renewed(current)
            else:
                record, stored = result.record or current.record, result.article or current.stored
                return replace(current, record=record, stored=stored, as_of=receipt.commit)
        return None

    async def _renewed(self, job: PageJob) -> PageJob | None:
        """The job on what is stored now; None when its page is not wanted any more."""
        sources, id_ = self._toolbox.sources, job.record.id
        as_of = self._toolbox.desk.as_of  # before the store is asked: it must not claim to know more than it was told
        record = await asyncio.to_thread(sources.wanted_entry, id_)
        if record is None:
            return None
        stored = await asyncio.to_thread(sources.article, id_)
        draft = job.draft if record.digest == job.record.digest else None
        return PageJob(record=record, draft=draft, stored=stored, as_of=as_of)

    async def _feed_words(self, job: PageJob) -> FeedWords:
        return FeedWords(draft=await self._feed_draft(job))

    async def _failure(self, error: SourceError, job: PageJob) -> PageFailure:
        draft = await self._feed_draft(job) if job.stored is None else None
        return PageFailure(error=error, now=self._toolbox.clock.now(), feed_draft=draft)

    async def _feed_draft(self, job: PageJob) -> Draft | SourceError:
        """What the feed says; it may have said it before we started."""
        if job.draft is not None:
            return job.draft
        entry = job.record.entry
        try:
            draft = await self._toolbox.preparer.run(
                prepare.draft_entry, entry, url=entry.url, source=job.record.feed_url
            )
            return noted(draft, url=entry.url)
        except SourceError as error:
            return error

    async def _page_words(self, read: PageRead, job: PageJob) -> PageWords:
        record = job.record
        draft = await self.draft_for(read, entry_of_page(record), led_by=_led_by(record))
        article = compose(
            record,
            draft.page,
            speakers=self._toolbox.speakers,
            now=record.seen_at,
            before=job.stored,
            page_url=read.fetched.url,
        )
        others = await self._others(aliases_of(article, read.fetched.url))
        articles = {
            url: await asyncio.to_thread(self._toolbox.sources.article, each.id) for url, each in others.items()
        }
        return PageWords(
            draft=draft,
            fetched=read.fetched,
            now=self._toolbox.clock.now(),
            memory=await self.memory(host(read.fetched.url)) if job.stored is not None else None,
            others=articles,
            removed=next((each.id for each in others.values() if each.is_removed), ""),
        )

    async def _others(self, aliases: Sequence[UrlAlias]) -> dict[str, KnownEntry]:
        """The entries that have those addresses, but for its own."""
        others: dict[str, KnownEntry] = {}
        for alias in aliases:
            own = article_id(alias.url)
            known = (await asyncio.to_thread(self._toolbox.sources.known_entries, (own,))).get(own)
            if known is not None and known.id != alias.article_id:
                others[alias.url] = known
        return others


def _led_by(record: EntryRecord) -> str:
    return record.feed_url if record.is_foreign else ""
