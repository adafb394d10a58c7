"""A small world for tests of the loop: a fresh store, canned answers, a clock that stands still, feeds by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape

from stayahead.analyze import card_of, find_statements
from stayahead.config import Settings
from stayahead.errors import FetchError
from stayahead.fetch import CannedFetcher, Timetable
from stayahead.model import Batch, EntryRecord, Feed, Fetched, Update, WatchedFeed
from stayahead.newsroom.clock import WallClock
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.host_memories import HostMemories
from stayahead.newsroom.intake import PageJob, poll
from stayahead.newsroom.recovery import recover
from stayahead.newsroom.toolbox import InlinePreparer, Toolbox
from stayahead.ports import Request
from stayahead.store import SqliteStore
from tests.stores import fresh_store_of

NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
FEED = "https://paper.example/feed.xml"
LONG = (
    "The council of Harrowgate voted on Monday night to close the old harbour bridge for repairs that will last until "
    "autumn, after engineers found cracks in two of its four piers. Drivers will be sent over the northern bypass."
)


@dataclass(slots=True)
class StillClock:
    """Shows the time that the test set; a sleep is a moment of real time."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.001))

    def advance(self, **span: float) -> None:
        self.time += timedelta(**span)


@dataclass(slots=True)
class SetClock:
    """The two clocks of a machine, which the test moves."""

    time: datetime = NOON
    elapsed_s: float = 1_000.0
    """Since it was started."""

    def wall(self) -> datetime:
        return self.time

    def pass_s(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.elapsed_s += seconds

    def set_by(self, **span: float) -> None:
        """Somebody sets the wall clock."""
        self.time += timedelta(**span)

    def wall_clock(self) -> WallClock:
        return WallClock(wall=self.wall, elapsed_s=lambda: self.elapsed_s)


@dataclass(slots=True)
class Ears:
    """A sink that remembers."""

    updates: list[Update] = field(default_factory=list)

    def publish(self, updates: Sequence[Update]) -> None:
        self.updates.extend(updates)

    def kinds(self) -> list[str]:
        return [update.kind for update in self.updates]


class Exact(SqliteStore):
    """Refuses an article that goes out with a card, or statements, of other words than its own."""

    def commit(self, batch: Batch) -> int:
        for item in batch.evidence:
            article = item.article
            assert item.card == card_of(article.page, article.entry), article
            assert item.statements == find_statements(article.title, article.page), article
        return super().commit(batch)


class SlowPages(CannedFetcher):
    """Canned answers whose pages come only when the test lets them."""

    def __init__(self, answers: Mapping[str, Fetched | FetchError | Sequence[Fetched | FetchError]]) -> None:
        super().__init__(answers)
        self.let = asyncio.Event()

    async def fetch(self, request: Request) -> Fetched:
        if request.obey_robots:
            await self.let.wait()
        return await super().fetch(request)


def answer(url: str, body: str, *, media_type: str = "text/html", etag: str = "") -> Fetched:
    return Fetched(request_url=url, url=url, status=200, at=NOON, body=body.encode(), media_type=media_type, etag=etag)


def item(number: int, *, text: str = "", title: str = "", published: str = "", link: str = "") -> str:
    link = link or f"https://paper.example/news/{number}"
    content = f"<content:encoded>{escape(text)}</content:encoded>" if text else ""
    date = f"<pubDate>{published}</pubDate>" if published else ""
    return (
        f"<item><title>{title or f'Report number {number} from Harrowgate'}</title><link>{link}</link>"
        f"<guid>{link}</guid><description>What happened in short.</description>{date}{content}</item>"
    )


def feed(*items: str, etag: str = "", url: str = FEED) -> Fetched:
    body = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>The Paper</title><link>https://paper.example/</link>{''.join(items)}</channel></rss>"
    )
    return answer(url, body, media_type="application/rss+xml", etag=etag)


def page(number: int, *, text: str = LONG, canonical: str = "", title: str = "") -> Fetched:
    url = f"https://paper.example/news/{number}"
    title = title or f"Report number {number} from Harrowgate"
    head = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    paragraphs = "".join(f"<p>{text} Paragraph {n} of report {number}.</p>" for n in range(4))
    return answer(
        url,
        f"<html><head><title>{title}</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article></body></html>",
    )


def whole(number: int, *, text: str = LONG) -> str:
    return "".join(f"<p>{text} Part {n} of report {number}, told in full by our own reporter.</p>" for n in range(6))


@dataclass(slots=True)
class World:
    """A toolbox of fakes, with the store and the sink at hand."""

    store: SqliteStore
    clock: StillClock
    ears: Ears
    toolbox: Toolbox
    timetable: Timetable

    async def poll(self, *, has_room: bool = True) -> list[PageJob]:
        """Ask the one feed."""
        return await poll(self.watched(), self.toolbox, self.timetable, has_room=lambda: has_room)

    def watched(self) -> WatchedFeed:
        return self.store.feeds()[0]

    def wanted(self) -> Sequence[EntryRecord]:
        return self.store.wanted(limit=100)


@asynccontextmanager
async def world(fetcher: CannedFetcher, *, first_poll_done: bool = True, at_work: bool = True) -> AsyncIterator[World]:
    """A desk at work on a fresh store that watches `FEED`; `at_work` False: the room that is tested starts it."""
    with fresh_store_of(Exact) as store:
        async with world_on(store, fetcher, first_poll_done=first_poll_done, at_work=at_work) as made:
            yield made


@asynccontextmanager
async def world_on(
    store: SqliteStore, fetcher: CannedFetcher, *, first_poll_done: bool = True, at_work: bool = True
) -> AsyncIterator[World]:
    """The same on this store, which is there afterwards."""
    clock, ears = StillClock(), Ears()
    memories = HostMemories(store.host_record)
    desk = Desk(recover(store), store, [ears], batch_wait_s=0.0, memories=memories)
    toolbox = Toolbox(clock=clock, fetcher=fetcher, preparer=InlinePreparer(), sources=store, claims=store, desk=desk)
    made = World(store, clock, ears, toolbox, Timetable(Settings(), seed=1))
    store.add_feeds([Feed(url=FEED)], clock.now())
    if at_work:
        desk.start()
    try:
        if at_work and first_poll_done:
            toolbox.fetcher = CannedFetcher({FEED: feed()})
            await made.poll()
            clock.advance(minutes=10)
            toolbox.fetcher = fetcher
        yield made
    finally:
        await desk.stop()
