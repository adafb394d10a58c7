"""Bad sources beside a good one, over real HTTP with real workers: each is stored, none stops another."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from stayahead.config import Settings
from stayahead.fetch import HttpFetcher, Timetable
from stayahead.model import Feed, FeedState
from stayahead.newsroom.clock import WallClock
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.loop import Newsroom
from stayahead.newsroom.recovery import recover
from stayahead.newsroom.toolbox import Toolbox
from stayahead.newsroom.workers import WorkerPool
from stayahead.store import SqliteStore
from tests.e2e.loopback_site import Say, Site, Visit, head
from tests.newsroom_world import item, whole

T = TypeVar("T")
CAP = 300_000
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (98 + n, 97 + n, 97 + n, 97 + n, 97 + n) for n in range(20))
    + b"]><rss><channel><title>&u;</title></channel></rss>"
)


@dataclass(slots=True)
class _ByName:
    """Hands the workers names, for their module is not the loop's."""

    pool: WorkerPool

    async def run(self, function: Callable[..., T], *args: object, url: str, **share: Any) -> T:
        result: T = await self.pool.run(function.__name__, *args, url=url, **share)
        return result


def _rss(*items: str) -> bytes:
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>The Paper</title>{''.join(items)}</channel></rss>"
    ).encode()


def _body(body: bytes, **fields: str) -> Say:
    async def say(visit: Visit) -> None:
        await visit.answer(body, **fields)

    return say


async def _endless(visit: Visit) -> None:
    visit.is_last = True
    await visit.say(head(Content_Type="application/xml"))
    while True:
        await visit.say(b"<item>" * 1000)


@asynccontextmanager
async def _newsroom(site: Site, paths: Sequence[str], folder: Path) -> AsyncIterator[tuple[SqliteStore, Newsroom]]:
    """A newsroom that watches each path under a host of its own."""
    hosts = {path: f"h{number}.test" for number, path in enumerate(paths)}
    settings = Settings(fetch_max_bytes=CAP, fetch_timeout_s=5.0)
    clock = WallClock()
    with SqliteStore.open(folder / "news.db") as store:
        store.add_feeds([Feed(url=f"http://{host}:{site.port}{path}") for path, host in hosts.items()], clock.now())
        fetcher = HttpFetcher(
            settings,
            clock,
            names=dict.fromkeys(hosts.values(), "127.0.0.1"),
            exceptions=frozenset(f"{host}:{site.port}" for host in hosts.values()),
        )
        async with WorkerPool(
            2, cpu_s=2.0, wall_s=4.0, memory_bytes=500_000_000, module="tests.e2e.poisoned_prepare"
        ) as pool:
            desk = Desk(recover(store), store, [])
            toolbox = Toolbox(
                clock=clock, fetcher=fetcher, preparer=_ByName(pool), sources=store, claims=store, desk=desk
            )
            newsroom = Newsroom(toolbox, Timetable(settings, seed=1), polls_at_once=20, page_wait_s=0.1)
            working = asyncio.create_task(newsroom.run())
            try:
                yield store, newsroom
            finally:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
                await fetcher.close()


async def _all_polled(store: SqliteStore) -> dict[str, FeedState]:
    """The state of every feed by its path, once each was asked."""
    async with asyncio.timeout(60):
        while any(watched.state.last_polled_at is None for watched in store.feeds()):
            await asyncio.sleep(0.1)
    return {watched.feed.url.rpartition("/")[2]: watched.state for watched in store.feeds()}


def test_each_bad_feed_costs_at_most_the_caps_and_the_good_one_is_read(tmp_path: Path) -> None:
    nested = b"<rss><channel>" + b"<b>" * 100_000
    routes: dict[str, Say] = {
        "/good": _body(_rss(item(1, text=whole(1)))),
        "/entities": _body(BOMB),
        "/nested": _body(nested),
        "/gzip-bomb": _body(gzip.compress(b"<item/>" * 5_000_000), Content_Encoding="gzip"),
        "/gzip-cut": _body(gzip.compress(_rss(item(2)))[:-30], Content_Encoding="gzip"),
        "/endless": _endless,
        "/utf16-lie": _body(b'<?xml version="1.0" encoding="utf-16"?>' + _rss(item(3, text=whole(3)))),
        "/page": _body(b"<!doctype html><html><body><h1>Not a feed</h1></body></html>"),
        "/nothing": _body(b""),
        "/spin": _body(b"POISON-SPIN"),
        "/sleep": _body(b"POISON-SLEEP"),
        "/memory": _body(b"POISON-MEMORY"),
        "/kill": _body(b"POISON-KILL"),
    }

    async def play() -> None:
        async with Site(dict(routes)) as site, _newsroom(site, list(routes), tmp_path) as (store, _):
            states = await _all_polled(store)
            failed = {name: state.error for name, state in states.items() if state.error}
            assert "good" not in failed
            assert "utf16-lie" not in failed
            told = {
                "gzip-bomb": "larger than",
                "gzip-cut": "ends too early",
                "endless": "larger than",
                "page": "web page",
                "nothing": "feed",
                "spin": "CPU",
                "sleep": "4 s",
                "memory": "memory",
                "kill": "kill",
            }
            for name, words in told.items():
                assert words.lower() in failed[name].lower(), (name, failed[name])
            assert "no attribute" not in " ".join(failed.values())
            assert "unexpected" not in " ".join(failed.values())
            assert store.counts().articles == 2
            assert not store.check()

    asyncio.run(play())


def test_a_page_that_costs_two_workers_is_refused_and_its_article_stands_with_the_feeds_words(tmp_path: Path) -> None:
    async def play() -> None:
        async with Site({}) as site, _newsroom(site, ["/feed"], tmp_path) as (store, newsroom):
            host = f"h0.test:{site.port}"
            links = {name: f"http://{host}/{name}" for name in ("kill", "spin", "well")}
            site.routes["/feed"] = _body(
                _rss(*(item(n, title=f"The {name} report", link=link) for n, (name, link) in enumerate(links.items())))
            )
            site.routes["/kill"] = _body(b"<html>POISON-KILL</html>", Content_Type="text/html")
            site.routes["/spin"] = _body(b"<html>POISON-SPIN</html>", Content_Type="text/html")
            page = f"<html><body><article><h1>The well report</h1>{whole(7)}</article></body></html>"
            site.routes["/well"] = _body(page.encode(), Content_Type="text/html")
            await _all_polled(store)
            async with asyncio.timeout(60):
                while newsroom.reading.busy or store.counts().articles < 3:
                    await asyncio.sleep(0.1)
            health = store.health(WallClock().now())[0]
            assert health.refused == 2
            assert health.pages_wanted == 0
            assert health.watched.state.error == ""
            found = {hit.article.title for hit in store.search("report", limit=10).hits}
            assert found == {"The kill report", "The spin report", "The well report"}
            assert not store.check()

    asyncio.run(play())
