"""Runs the whole pipeline in this process over real HTTP against a site, for benchmarks and the soak."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.site import Site
from stayahead.config import Settings
from stayahead.fetch import HttpFetcher, Timetable
from stayahead.model import Entry, Feed, Fetched, Joined, Opened, Update
from stayahead.newsroom import prepare
from stayahead.newsroom.clock import WallClock
from stayahead.newsroom.desk import Desk, DeskStats
from stayahead.newsroom.host_memories import HostMemories
from stayahead.newsroom.loop import Newsroom
from stayahead.newsroom.recovery import recover
from stayahead.newsroom.toolbox import Toolbox
from stayahead.newsroom.workers import WorkerPool
from stayahead.ports import Fetcher, Request
from stayahead.store import SqliteStore
from stayahead.urls import article_id


@dataclass(slots=True)
class CountingSink:
    """A sink that counts published articles, and notes how long each had waited since its page was fetched."""

    updates: int = 0
    articles: int = 0
    last_at: float = 0.0
    on_publish: Callable[[Sequence[Update]], None] = field(default=lambda _: None)
    fetched_at: dict[str, float] = field(default_factory=dict)
    """When the page of an article had come over the wire."""
    waits: list[float] = field(default_factory=list)
    """Seconds from there to its publication, article by article."""

    def publish(self, updates: Sequence[Update]) -> None:
        """Count the updates and the articles in them."""
        self.updates += len(updates)
        self.last_at = time.monotonic()
        for update in updates:
            if isinstance(update.change, Opened | Joined):
                self.articles += 1
                if update.change.article_id in self.fetched_at:
                    self.waits.append(self.last_at - self.fetched_at[update.change.article_id])
        self.on_publish(updates)


@dataclass(frozen=True, slots=True)
class TimingFetcher:
    """A fetcher that notes when each answer had arrived."""

    fetcher: Fetcher
    at: dict[str, float]

    async def fetch(self, request: Request) -> Fetched:
        """Fetch with the other fetcher, and note the time."""
        answer = await self.fetcher.fetch(request)
        self.at[article_id(request.url)] = time.monotonic()
        return answer

    async def close(self) -> None:
        """Close the other fetcher."""
        await self.fetcher.close()


@dataclass(frozen=True, slots=True)
class Ingestion:
    """The result of a run: its articles, its time from the workers' start to the last publication, its counts."""

    articles: int
    seconds: float
    stats: DeskStats
    waits: tuple[float, ...]
    """Seconds from a page's last byte to its article's publication, in ascending order."""

    def wait_ms(self, share: float) -> float:
        """The longest wait of that share of the articles, the quickest first (.5: the median)."""
        return 1000 * self.waits[min(int(share * len(self.waits)), len(self.waits) - 1)] if self.waits else 0.0


async def ingest(
    site: Site, folder: Path, urls: Sequence[str], settings: Settings, *, quiet_s: float = 3.0
) -> Ingestion:
    """Watch the feeds until no page is being read and nothing new was published for `quiet_s`."""
    clock = WallClock()
    sink = CountingSink()
    with contextlib.closing(SqliteStore.open(folder / "stayahead.db")) as store:
        store.add_feeds([Feed(url=url) for url in urls], clock.now())
        desk = Desk(recover(store), store, [sink], memories=HostMemories(store.host_record))
        fetcher = TimingFetcher(HttpFetcher(settings, clock, exceptions=site.exceptions), sink.fetched_at)
        pool = WorkerPool(settings.workers, cpu_s=settings.worker_cpu_s, memory_bytes=settings.worker_memory_bytes)
        toolbox = Toolbox(clock=clock, fetcher=fetcher, preparer=pool, sources=store, claims=store, desk=desk)
        newsroom = Newsroom(toolbox, Timetable(settings), polls_at_once=64, page_wait_s=settings.page_wait_s)
        started = time.monotonic()
        await asyncio.gather(*(pool.run(prepare.draft_entry, Entry(id="1"), url="") for _ in range(settings.workers)))
        working = asyncio.create_task(newsroom.run())
        while not sink.last_at or time.monotonic() - sink.last_at < quiet_s or newsroom.reading.busy:
            await asyncio.sleep(0.2)
            if working.done():
                working.result()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await fetcher.close()
        await pool.close()
        return Ingestion(sink.articles, sink.last_at - started, desk.stats, tuple(sorted(sink.waits)))
