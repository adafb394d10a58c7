"""A fetcher on a loopback site, for tests of one request or of several."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from stayahead.config import Settings
from stayahead.errors import FetchError
from stayahead.fetch import HttpFetcher
from stayahead.model import Fetched
from stayahead.ports import Request
from tests.e2e.loopback_site import Say, Site, StillClock

FEED = b"<rss><channel><title>Paper</title></channel></rss>"
HOSTS = ("paper.test", "other.test", "third.test")
Use = Callable[[Site, HttpFetcher], Awaitable[None]]


def fetcher_for(site: Site, *, clock: StillClock | None = None, **options: Any) -> HttpFetcher:
    """A fetcher that knows the site under three names, each an exception."""
    return HttpFetcher(
        Settings(**options),
        clock or StillClock(),
        names=dict.fromkeys(HOSTS, "127.0.0.1"),
        exceptions=frozenset(f"{host}:{site.port}" for host in HOSTS),
    )


def with_site(routes: Mapping[str, Say], use: Use, **options: Any) -> None:
    async def run() -> None:
        async with Site(dict(routes)) as site:
            fetcher = fetcher_for(site, **options)
            try:
                await use(site, fetcher)
            finally:
                await fetcher.close()

    asyncio.run(run())


def fetched(routes: Mapping[str, Say], path: str = "/", **options: Any) -> Fetched:
    """What one request gives."""
    results: list[Fetched] = []

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        results.append(await fetcher.fetch(Request(url=site.url(path))))

    with_site(routes, use, **options)
    return results[0]


def refused(routes: Mapping[str, Say], kind: type[FetchError], path: str = "/", **options: Any) -> FetchError:
    """The error of one request; its url is always the one that was asked."""
    errors: list[FetchError] = []

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(kind) as caught:
            await fetcher.fetch(Request(url=site.url(path)))
        assert caught.value.url == site.url(path)
        errors.append(caught.value)

    with_site(routes, use, **options)
    return errors[0]
