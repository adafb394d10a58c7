"""One suite for every `Fetcher`: the real one on a loopback server, and the canned one."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from stayahead.errors import FetchError, HttpStatus, TooLarge
from stayahead.fetch import CannedFetcher
from stayahead.model import Fetched
from stayahead.ports import Fetcher, Request
from tests.e2e.loopback_fetch import fetcher_for
from tests.e2e.loopback_site import Site, StillClock, Visit, saying

FEED = b"<rss><channel><title>Paper</title></channel></rss>"
DATE = "Sun, 01 Mar 2026 11:00:00 GMT"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

Use = Callable[[Fetcher, str], Awaitable[None]]
"""A test: takes the fetcher and the site's root, without a slash at its end."""


async def conditional(visit: Visit) -> None:
    if visit.fields.get("if-none-match") == '"1"':
        await visit.say(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
    else:
        await visit.answer(
            gzip.compress(FEED), Content_Encoding="gzip", Content_Type="application/rss+xml; charset=utf-8", ETag='"1"'
        )


async def dated(visit: Visit) -> None:
    if visit.fields.get("if-modified-since") == DATE:
        await visit.say(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    else:
        await visit.answer(FEED, Last_Modified=DATE)


def with_http(use: Use) -> None:
    async def run() -> None:
        seen: list[str] = []

        async def in_turn(visit: Visit) -> None:
            seen.append(visit.path)
            await visit.answer(FEED if len(seen) > 1 else b"", status="200 OK" if len(seen) > 1 else "500 Oh")

        routes = {
            "/feed": conditional,
            "/dated": dated,
            "/moved": saying(b"", status="301 Moved", Location="/feed"),
            "/busy": saying(b"", status="429 Too Many", Retry_After="60"),
            "/turns": in_turn,
        }
        async with Site(routes) as site:
            fetcher = fetcher_for(site, clock=StillClock())
            try:
                await use(fetcher, site.url(""))
            finally:
                await fetcher.close()

    asyncio.run(run())


def with_canned(use: Use) -> None:
    root = "http://paper.test:8080"

    def answer(path: str, *, url: str = "", moved_to: str = "", etag: str = "", last_modified: str = "") -> Fetched:
        return Fetched(
            request_url=root + path,
            url=url or root + path,
            status=200,
            at=NOW,
            body=FEED,
            media_type="application/rss+xml" if etag else "",
            charset="utf-8" if etag else "",
            etag=etag,
            last_modified=last_modified,
            moved_to=moved_to,
        )

    fetcher = CannedFetcher(
        {
            f"{root}/feed": answer("/feed", etag='"1"'),
            f"{root}/dated": answer("/dated", last_modified=DATE),
            f"{root}/moved": answer("/moved", url=f"{root}/feed", moved_to=f"{root}/feed", etag='"1"'),
            f"{root}/busy": HttpStatus(f"{root}/busy", "slow down", status=429, retry_after_s=60.0),
            f"{root}/turns": [HttpStatus(f"{root}/turns", "oh", status=500), answer("/turns")],
        }
    )
    asyncio.run(use_and_close(fetcher, root, use))
    assert fetcher.closed
    assert fetcher.requests


async def use_and_close(fetcher: Fetcher, root: str, use: Use) -> None:
    await use(fetcher, root)
    await fetcher.close()


@pytest.fixture(params=[with_http, with_canned], ids=["http", "canned"])
def run(request: pytest.FixtureRequest) -> Callable[[Use], None]:
    runner: Callable[[Use], None] = request.param
    return runner


def test_an_answer_says_what_was_asked_and_what_came(run: Callable[[Use], None]) -> None:
    async def use(fetcher: Fetcher, root: str) -> None:
        got = await fetcher.fetch(Request(url=f"{root}/feed"))
        assert got == Fetched(
            request_url=f"{root}/feed",
            url=f"{root}/feed",
            status=200,
            at=NOW,
            body=FEED,
            media_type="application/rss+xml",
            charset="utf-8",
            etag='"1"',
        )

    run(use)


def test_a_version_that_is_known_is_not_sent_again(run: Callable[[Use], None]) -> None:
    async def use(fetcher: Fetcher, root: str) -> None:
        got = await fetcher.fetch(Request(url=f"{root}/feed", etag='"1"'))
        assert (got.status, got.body, got.etag) == (304, b"", '"1"')
        got = await fetcher.fetch(Request(url=f"{root}/dated", last_modified=DATE))
        assert (got.status, got.body) == (304, b"")
        got = await fetcher.fetch(Request(url=f"{root}/feed", etag='"0"', last_modified=DATE))
        assert (got.status, got.body) == (200, FEED)

    run(use)


def test_a_move_is_reported(run: Callable[[Use], None]) -> None:
    async def use(fetcher: Fetcher, root: str) -> None:
        got = await fetcher.fetch(Request(url=f"{root}/moved"))
        assert (got.request_url, got.url, got.moved_to) == (f"{root}/moved", f"{root}/feed", f"{root}/feed")

    run(use)


@pytest.mark.parametrize(("path", "status", "retry_after_s"), [("/nothing", 404, 0.0), ("/busy", 429, 60.0)])
def test_an_error_status_is_raised_about_the_url_asked(
    run: Callable[[Use], None], path: str, status: int, retry_after_s: float
) -> None:
    async def use(fetcher: Fetcher, root: str) -> None:
        with pytest.raises(HttpStatus) as caught:
            await fetcher.fetch(Request(url=root + path))
        assert caught.value.url == root + path
        assert (caught.value.status, caught.value.retry_after_s) == (status, retry_after_s)

    run(use)


def test_answers_may_change_from_request_to_request(run: Callable[[Use], None]) -> None:
    async def use(fetcher: Fetcher, root: str) -> None:
        with pytest.raises(FetchError):
            await fetcher.fetch(Request(url=f"{root}/turns"))
        for _ in range(2):
            assert (await fetcher.fetch(Request(url=f"{root}/turns"))).body == FEED

    run(use)


def test_the_cap_of_the_request_counts_decompressed_bytes(run: Callable[[Use], None]) -> None:
    async def use(fetcher: Fetcher, root: str) -> None:
        got = await fetcher.fetch(Request(url=f"{root}/feed", max_bytes=len(FEED)))
        assert got.body == FEED
        with pytest.raises(TooLarge):
            await fetcher.fetch(Request(url=f"{root}/feed", max_bytes=len(FEED) - 1))

    run(use)


def test_closing_twice_does_no_harm(run: Callable[[Use], None]) -> None:
    async def use(fetcher: Fetcher, root: str) -> None:
        await fetcher.fetch(Request(url=f"{root}/feed"))
        await fetcher.close()

    run(use)
