"""Keeps watch: starts polls that are due, takes up pages that wait, and lets time pass for the engine, until cancelled.

For every watched feed: prepare → decide → commit → publish.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from stayahead.errors import DeskStopped, PrepareError, UnknownSource
from stayahead.log import event
from stayahead.model import Findings, Polled, WatchedFeed
from stayahead.newsroom.budget import Budget
from stayahead.newsroom.delivery import Delivery
from stayahead.newsroom.intake import Schedule, poll
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.page_rereading import PageRereading
from stayahead.newsroom.reanalysis import Reanalyzing
from stayahead.newsroom.source_log import SourceLog
from stayahead.newsroom.speakers import Speakers
from stayahead.newsroom.starter import starter_domains, starter_owners
from stayahead.newsroom.toolbox import Toolbox
from stayahead.urls import without_logins

log = logging.getLogger("stayahead.newsroom")

LOOK_EVERY_S = 0.5
RELOAD_EVERY = 4
"""Looks between reloads of feeds and publishers, which the command line may change."""
QUIET_EVERY = 20
"""Looks between empty deliveries, which let time pass for the engine when no news comes."""


class Newsroom:
    """Watches every feed of the store and reads every page that they name.

    Args:
        toolbox: clock, fetcher, preparer, sources, claims, desk.
        schedule: when a feed is asked again.
        polls_at_once: feeds asked at the same time.
        page_wait_s: see `PageReading`.
        budget: how many pages are read again; None: none is.
        look_every_s: real seconds between looks at what is due.
    """

    def __init__(
        self,
        toolbox: Toolbox,
        schedule: Schedule,
        *,
        polls_at_once: int,
        page_wait_s: float,
        budget: Budget | None = None,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._toolbox = toolbox
        self._schedule = schedule
        self._look_every_s = look_every_s
        self._slots = asyncio.Semaphore(polls_at_once)
        self.reading = PageReading(toolbox, page_wait_s=page_wait_s)
        self.rereading = PageRereading(toolbox, self.reading, budget or Budget(share=0.0, host_gap=timedelta()))
        self.reanalyzing = Reanalyzing(toolbox, self.reading)
        self._polling: dict[str, asyncio.Task[None]] = {}
        self._feeds: Sequence[WatchedFeed] = ()
        self._settled: set[str] = set()
        self._source_log = SourceLog()

    async def run(self) -> None:
        """Run until cancelled.

        Raises:
            DeskStopped: a full disk, a damaged database; the message says what and what to do.
        """
        toolbox = self._toolbox
        look = 0
        async with self.at_desk():
            while toolbox.desk.failed is None:
                if look % RELOAD_EVERY == 0:
                    await self._reload()
                    await self._make_up()
                    await self.reading.refill()
                    await self.rereading.look()
                    await self.reanalyzing.look()
                if look % QUIET_EVERY == 0:
                    await toolbox.desk.submit(Delivery(at=toolbox.clock.now()))
                await self._start_due()
                look += 1
                await asyncio.sleep(self._look_every_s)
            raise toolbox.desk.failed

    @asynccontextmanager
    async def at_desk(self) -> AsyncIterator[None]:
        """The desk is at work for so long; whoever polls once needs no more than this."""
        toolbox = self._toolbox
        toolbox.desk.start()
        try:
            await self._know_publishers()
            toolbox.allowances.recall(await asyncio.to_thread(toolbox.sources.feeds), toolbox.speakers)
            yield
        finally:
            # The desk last: what the others have submitted by then is still committed.
            for task in list(self._polling.values()):
                task.cancel()
            await asyncio.gather(*self._polling.values(), return_exceptions=True)
            await self.reading.stop()
            await self.rereading.stop()
            await self.reanalyzing.stop()
            await toolbox.desk.stop()

    async def _reload(self) -> None:
        self._settled.clear()  # before the store is asked: what ends from here on may be missing in its answer
        feeds = await asyncio.to_thread(self._toolbox.sources.feeds)
        self._source_log.look(feeds, self._toolbox.clock.now())
        # A poll that ended while we read may not be in what we read: its feed comes with the next reload.
        self._feeds = tuple(watched for watched in feeds if watched.feed.url not in self._settled)
        await self._know_publishers()

    async def _know_publishers(self) -> None:
        publishers = await asyncio.to_thread(self._toolbox.sources.publishers)
        by_domain = {publisher.domain: publisher for publisher in publishers}
        self._toolbox.speakers = Speakers(publishers=by_domain, domains=starter_domains(), owners=starter_owners())

    async def _make_up(self) -> None:
        """After an outage of ours: ask soon what failed meanwhile. No poll begins while this waits for the desk."""
        missed = self._schedule.missed()
        if not missed:
            return
        now = self._toolbox.clock.now()
        states = tuple(
            self._schedule.soon(watched.state, now)
            for watched in self._feeds
            if watched.feed.url in missed and watched.feed.url not in self._polling
        )
        event(log, logging.INFO, "network_back", sources=len(states))
        await self._toolbox.desk.submit(Delivery(at=now, findings=Findings(feed_states=states)))

    async def _start_due(self) -> None:
        now = self._toolbox.clock.now()
        for watched in self._feeds:
            if watched.feed.url not in self._polling and self._schedule.is_due(watched.state, now):
                self._start(watched)
                # One a turn of the loop: each begins with some milliseconds of work, and many may be due at once.
                await asyncio.sleep(0)

    def _start(self, watched: WatchedFeed) -> asyncio.Task[None]:
        """Its poll, under way already or from now on."""
        url = watched.feed.url
        task = self._polling.get(url)
        if task is None:
            task = self._polling[url] = asyncio.create_task(self._poll(watched), name=f"poll {url}")
            task.add_done_callback(partial(self._polled, url))
        return task

    async def poll_now(self, url: str | None, *, wait_s: float) -> Sequence[Polled]:
        """See `ports.Polls.poll_now`."""
        sources = self._toolbox.sources
        feeds = await asyncio.to_thread(sources.feeds)
        # As it is stored, or as lists show it.
        watched = [each for each in feeds if url in (None, each.feed.url, without_logins(each.feed.url))]
        if url is not None and not watched:
            raise UnknownSource(f"{without_logins(url)}: not watched; see `stayahead sources list`, or add it")
        tasks = {each.feed.url: self._start(each) for each in watched}
        if tasks:
            await asyncio.wait(tasks.values(), timeout=wait_s)
        if self._toolbox.desk.failed is not None:
            raise self._toolbox.desk.failed
        event(log, logging.INFO, "sources_polled", asked=len(tasks), url=url or "")
        done = {name for name, task in tasks.items() if task.done()}
        after = {each.feed.url: each.state for each in await asyncio.to_thread(sources.feeds)}
        return [Polled(state=after.get(each.feed.url, each.state), is_done=each.feed.url in done) for each in watched]

    def _polled(self, url: str, _: object) -> None:
        """Forget the task; the feed's new state comes with the next reload, so it may not start again before."""
        del self._polling[url]
        self._settled.add(url)
        self._feeds = tuple(watched for watched in self._feeds if watched.feed.url != url)

    async def _poll(self, watched: WatchedFeed) -> None:
        async with self._slots:
            try:
                has_room = partial(self.reading.has_room, watched.feed.url)
                jobs = await poll(watched, self._toolbox, self._schedule, has_room=has_room)
            except DeskStopped:
                return  # the desk has stopped, and says why
            except Exception as error:  # one bad source never stops the others
                event(log, logging.ERROR, "poll_failed", url=watched.feed.url, error=error, trace=error)
                await self._blame(watched, error)
                return
        for job in jobs:
            self.reading.start(job)
            # One a turn of the loop: each begins with a fraction of a millisecond, and a feed may name a thousand.
            await asyncio.sleep(0)

    async def _blame(self, watched: WatchedFeed, error: Exception) -> None:
        """A bug of ours on this source's input: store it as its failure, seen, and not repeated at once."""
        now = self._toolbox.clock.now()
        defect = PrepareError(
            watched.feed.url, f"unexpected {type(error).__name__}: {error}", remedy="please report it with the feed"
        )
        state = self._schedule.failed(watched.state, defect, now)
        with contextlib.suppress(DeskStopped):
            await self._toolbox.desk.submit(Delivery(at=now, findings=Findings(feed_states=(state,))))
