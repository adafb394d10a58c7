"""HttpFetcher shares places, turns, lookups and bytes by source; private addresses are for their own source alone."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
from contextlib import suppress
from typing import Any

import pytest

from stayahead.config import Settings
from stayahead.errors import AddressRefused, FetchError, FetchTimeout, TooLarge
from stayahead.fetch import HttpFetcher
from stayahead.fetch.guard import Guard
from stayahead.fetch.time_limit import TimeLimit, current
from stayahead.model import Fetched
from stayahead.newsroom.shares import Asker, Shares
from stayahead.ports import Request
from tests.e2e.loopback_fetch import FEED, with_site
from tests.e2e.loopback_site import Say, Site, StillClock, Visit, head, saying

HOSTILE = "http://hostile.test/feed"
SLOW = 200


async def _lookup(host: str, port: int) -> tuple[str, ...]:
    return ("127.0.0.1",)


def fetcher_anywhere(**options: Any) -> HttpFetcher:
    """One to which every name is on loopback, and loopback is public."""
    return HttpFetcher(
        Settings(**options),
        StillClock(),
        guard=Guard(judge=lambda address: ""),
        lookup=_lookup,
    )


async def _end(tasks: list[asyncio.Task[Fetched]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_a_source_with_many_slow_pages_delays_no_feed_and_no_page_of_another() -> None:
    let = asyncio.Event()

    async def slow(visit: Visit) -> None:
        await let.wait()
        await visit.answer(FEED)

    async def run() -> None:
        async with Site({"/slow": slow, "/feed": saying(FEED), "/page": saying(FEED)}) as site:
            fetcher = fetcher_anywhere(fetch_timeout_s=600.0)
            pages = [
                Request(url=site.url("/slow", host=f"h{number}.test"), obey_robots=True, on_behalf_of=HOSTILE)
                for number in range(SLOW)
            ]
            tasks = [asyncio.create_task(fetcher.fetch(page)) for page in pages]
            while site.paths.count("/slow") < 8:
                await asyncio.sleep(0.01)
            honest = site.url("/feed", host="honest.test")
            await fetcher.fetch(Request(url=honest, on_behalf_of=honest))
            page = site.url("/page", host="honest.test")
            await fetcher.fetch(Request(url=page, obey_robots=True, on_behalf_of=honest))
            assert site.paths.count("/slow") == 8, "an eighth of all places, and those have not been given back"
            let.set()
            await asyncio.gather(*tasks)
            assert site.paths.count("/slow") == SLOW, "and all of them are read in the end"
            await fetcher.close()

    asyncio.run(run())


def test_a_page_that_waits_for_a_place_keeps_no_host_from_its_own_feed() -> None:
    async def stuck(visit: Visit) -> None:
        await asyncio.sleep(600)

    async def run() -> None:
        async with Site({"/stuck": stuck, "/feed": saying(FEED)}) as site:
            fetcher = fetcher_anywhere()
            urls = [site.url("/stuck", host=f"h{number}.test") for number in range(8)]
            urls += [site.url("/page", host="honest.test")]
            tasks = [asyncio.create_task(fetcher.fetch(Request(url=url, on_behalf_of=HOSTILE))) for url in urls]
            while len(site.visits) < 8:
                await asyncio.sleep(0.01)
            honest = site.url("/feed", host="honest.test")
            assert (await fetcher.fetch(Request(url=honest, on_behalf_of=honest))).body == FEED
            await _end(tasks)
            await fetcher.close()

    asyncio.run(run())


def test_slow_names_of_one_source_leave_threads_to_others_and_cost_nobody_time() -> None:
    shares, hung = Shares(16), asyncio.Event()
    asked: list[str] = []

    async def lookup(host: str, port: int) -> tuple[str, ...]:
        limit = current()
        assert limit is not None
        async with shares.place(limit.asker):
            asked.append(host)
            if host.startswith("slow"):
                await hung.wait()
            return ("127.0.0.1",)

    async def run() -> None:
        async with Site({"/": saying(FEED)}) as site:
            fetcher = HttpFetcher(
                Settings(fetch_timeout_s=2.0), StillClock(), guard=Guard(judge=lambda address: ""), lookup=lookup
            )
            tasks = [
                asyncio.create_task(
                    fetcher.fetch(Request(url=site.url("/", host=f"slow{number}.test"), on_behalf_of=HOSTILE))
                )
                for number in range(50)
            ]
            while len(asked) < 2:
                await asyncio.sleep(0.01)
            honest = site.url("/", host="honest.test")
            await fetcher.fetch(Request(url=honest, on_behalf_of=honest))
            assert asked[2:] == ["honest.test"]
            await asyncio.sleep(2.2)
            hung.set()
            await asyncio.gather(*tasks)  # none of them timed out: what they waited for was a name
            await fetcher.close()

    asyncio.run(run())


def test_a_name_server_that_hangs_on_one_sources_names_leaves_the_threads_to_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hung, asked = threading.Event(), list[str]()

    def ask(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        if host.startswith("slow"):
            hung.wait(20)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    async def run() -> None:
        async with Site({"/": saying(FEED)}) as site:
            fetcher = HttpFetcher(Settings(), StillClock(), guard=Guard(judge=lambda address: ""))
            slow = [Request(url=site.url("/", host=f"slow{n}.test"), on_behalf_of=HOSTILE) for n in range(40)]
            tasks = [asyncio.create_task(fetcher.fetch(request)) for request in slow]
            while len(asked) < 2:
                await asyncio.sleep(0.01)
            monkeypatch.setattr("stayahead.fetch.resolve.LOOKUP_S", 0.05)
            honest = site.url("/", host="honest.test")
            assert (await fetcher.fetch(Request(url=honest, on_behalf_of=honest))).body == FEED
            assert asked == ["slow0.test", "slow1.test", "honest.test"]
            await _end(tasks)  # callers give up, but their threads hang on and keep their places
            again = asyncio.create_task(fetcher.fetch(slow[2]))
            await asyncio.sleep(0.05)
            assert len(asked) == 3
            hung.set()
            assert (await again).body == FEED
            await fetcher.close()

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    try:
        asyncio.run(run())
    finally:
        hung.set()


def test_a_time_limit_counts_nothing_while_it_is_paused() -> None:
    async def run() -> None:
        limit = TimeLimit(0.2, Asker())
        async with limit.running():
            with limit.paused():
                await asyncio.sleep(0.4)
        async with limit.running():
            await asyncio.sleep(0.01)
        with pytest.raises(TimeoutError):
            async with limit.running():
                await asyncio.sleep(5)

    asyncio.run(run())


# --- bytes ---


def large(visits: asyncio.Semaphore) -> Say:
    async def say(visit: Visit) -> None:
        await visit.say(head(Content_Length="2000000"))
        await visit.say(bytes(1_000_000))
        async with visits:
            await visit.say(bytes(1_000_000))

    return say


def test_all_bodies_together_stay_within_the_budget_and_one_more_and_all_come() -> None:
    most = 0

    async def run() -> None:
        nonlocal most
        async with Site() as site:
            site.routes["/"] = large(asyncio.Semaphore(100))
            fetcher = fetcher_anywhere(fetch_memory_bytes=8_000_000, fetch_timeout_s=600.0)
            bodies = fetcher._wire._bodies

            async def read(number: int) -> None:
                nonlocal most
                source = site.url("/feed", host=f"h{number}.test")
                request = Request(url=site.url("/", host=f"h{number}.test"), obey_robots=True, on_behalf_of=source)
                got = await fetcher.fetch(request)
                assert len(got.body) == 2_000_000
                most = max(most, bodies.taken)
                await asyncio.sleep(0.02)

            await asyncio.gather(*(read(number) for number in range(40)))
            gc.collect()
            await asyncio.sleep(0)
            assert (bodies.taken, bodies.waiting) == (0, 0)
            await fetcher.close()

    asyncio.run(run())
    assert 4_000_000 < most <= 8_000_000 + 2_100_000


def test_a_body_takes_its_bytes_until_it_is_forgotten_and_gives_them_back_after_every_end() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        bodies = fetcher._wire._bodies
        got = await fetcher.fetch(Request(url=site.url("/")))
        assert bodies.taken >= 100_000
        del got
        await asyncio.sleep(0)
        assert bodies.taken == 0
        for kind, path in ((TooLarge, "/large"), (FetchError, "/cut"), (FetchTimeout, "/stuck")):
            with pytest.raises(kind):
                await fetcher.fetch(Request(url=site.url(path)))
            assert bodies.taken == 0
        with suppress(FetchError):
            await fetcher.fetch(Request(url=site.url("/"), obey_robots=True))
        await asyncio.sleep(0)
        assert bodies.taken == 0

    async def stuck(visit: Visit) -> None:
        await visit.say(head(Content_Length="100000") + bytes(50_000))
        await asyncio.sleep(600)

    async def cut(visit: Visit) -> None:
        visit.is_last = True
        await visit.say(head(Content_Length="100000") + bytes(50_000))

    routes = {"/": saying(bytes(100_000)), "/large": saying(bytes(300_000)), "/cut": cut, "/stuck": stuck}
    with_site(routes, use, fetch_max_bytes=200_000, fetch_timeout_s=1.0)


def test_a_page_past_its_cap_is_cut_at_the_wire() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        got = await fetcher.fetch(Request(url=site.url("/"), max_bytes=1_000, is_cut=True))
        assert got.body == bytes(1_000)

    with_site({"/": saying(bytes(3_000_000))}, use)


# --- exceptions ---


def test_an_exception_holds_for_the_source_that_stands_there_and_for_no_other() -> None:
    async def run() -> None:
        async with Site({"/admin": saying(b"secret"), "/feed": saying(FEED)}) as site:
            home = f"127.0.0.1:{site.port}"
            fetcher = HttpFetcher(Settings(fetch_exceptions=home), StillClock(), lookup=_nowhere)
            own = f"http://{home}/feed"
            for url in (own, f"http://{home}/admin"):
                await fetcher.fetch(Request(url=url, on_behalf_of=own))
                await fetcher.fetch(Request(url=url))  # as the owner names it
            asked = len(site.visits)
            for source in ("https://hostile.example/feed", "news.warc.gz", f"http://127.0.0.1:{site.port + 1}/feed"):
                for page in (False, True):
                    request = Request(url=f"http://{home}/admin", obey_robots=page, on_behalf_of=source)
                    with pytest.raises(AddressRefused, match="not for what"):
                        await fetcher.fetch(request)
            assert len(site.visits) == asked
            await fetcher.close()

    asyncio.run(run())


async def _nowhere(host: str, port: int) -> tuple[str, ...]:
    raise AssertionError(f"{host}:{port} was looked up")


def test_a_page_of_an_article_from_an_archive_is_read() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        assert (await fetcher.fetch(Request(url=site.url("/"), on_behalf_of="news.warc.gz"))).body == FEED

    with_site({"/": saying(FEED)}, use)


def test_a_redirect_of_another_source_to_an_exception_is_refused() -> None:
    async def run() -> None:
        async with Site({"/admin": saying(b"secret")}) as site, Site() as other:
            fetcher = HttpFetcher(
                Settings(fetch_exceptions=f"127.0.0.1:{site.port}"),
                StillClock(),
                names={"hostile.test": "127.0.0.1"},
                exceptions=frozenset({f"hostile.test:{other.port}"}),
            )
            other.routes["/"] = saying(b"", status="302 F", Location=f"http://127.0.0.1:{site.port}/admin")
            with pytest.raises(AddressRefused, match="not for what"):
                await fetcher.fetch(Request(url=other.url("/", host="hostile.test")))
            assert not site.visits
            await fetcher.close()

    asyncio.run(run())
