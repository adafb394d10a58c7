"""Asks a site's robots.txt whether we may read a page and how slowly, and remembers the answer (RFC 9309)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from stayahead.errors import ConnectFailed, FetchError, FetchTimeout, HttpStatus, RobotsRefused
from stayahead.fetch.guard import Target
from stayahead.fetch.robots_group import our_group
from stayahead.ports import Clock

MAX_BYTES = 512_000
"""Where a robots.txt is cut; RFC 9309, 2.5, asks crawlers to read at least 500 KiB."""
KEPT_S = 86_400.0
"""How long rules are remembered; RFC 9309, 2.4: not longer than a day."""
KEPT_BROKEN_S = 3_600.0
"""How long a site is left alone whose robots.txt fails with a server's error."""
KEPT_UNREACHED_S = 600.0
"""How long a site is left alone that could not be reached: mostly our own network, and soon over."""
LONGEST_DELAY_S = 10.0
"""Longest Crawl-delay that is kept (no part of RFC 9309): 20 new pages at 60 s would be older than the next poll."""

MAX_REMEMBERED_BYTES = 16_000_000
"""What the rules of all sites together may take: those of 2,000 sites with 15 rules each, which is what most have."""

_MOST_SITES = 4_096
_BYTES_PER_SITE = 2_000
_BYTES_PER_RULE = 500
"""What protego keeps of one beside its text."""
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500

Get = Callable[[str, str], Awaitable[bytes]]
"""Gets a robots.txt on behalf of a source, through the guard, cut at `MAX_BYTES`; raises `FetchError`."""


@dataclass(frozen=True, slots=True)
class _Site:
    until: datetime
    rules: Protego | None = None
    """None: everything is allowed, unless `error` says that we cannot know."""
    error: FetchError | None = None
    size: int = _BYTES_PER_SITE
    """About how many bytes it takes."""


class Robots:
    """The rules of every site that we read pages from.

    Args:
        get: fetches a robots.txt.
        clock: tells the time.
        agent: our User-Agent; a group is ours when the agent that it names is a word of it.
    """

    def __init__(self, get: Get, clock: Clock, *, agent: str) -> None:
        self._get = get
        self._clock = clock
        self._agent = agent.lower()
        self._sites: dict[str, _Site] = {}
        self._remembered_bytes = 0
        self._asking: dict[str, asyncio.Lock] = {}
        self._reading = asyncio.Lock()

    async def delay_s(self, target: Target, *, url: str, on_behalf_of: str = "") -> float:
        """Seconds to leave between two requests to this site, if it lets us read the target.

        Args:
            target: what is to be read.
            url: the url that an error names.
            on_behalf_of: the source that wants it.

        Raises:
            RobotsRefused: it does not let us, or its robots.txt fails with a server's error.
            FetchError: its robots.txt cannot be reached, so neither could the page.
        """
        site = await self._site(target.origin, on_behalf_of)
        if site.error is not None:
            raise _refusal(url, target, site.error)
        if site.rules is None:
            return 0.0
        if not site.rules.can_fetch(target.url, self._agent):
            raise RobotsRefused(
                url,
                f"the robots.txt of {target.host} does not allow it",
                remedy="the feed's own text is used; add a feed that carries whole articles if there is one",
            )
        return min(site.rules.crawl_delay(self._agent) or 0.0, LONGEST_DELAY_S)

    async def _site(self, origin: str, on_behalf_of: str) -> _Site:
        """A site's rules from memory, or fetched once however many wait for them."""
        # One lock for each site: twenty new pages of a host ask for its robots.txt once.
        lock = self._asking.setdefault(origin, asyncio.Lock())
        async with lock:
            site = self._sites.get(origin)
            if site is None or _is_over(site.until, self._clock.now()):
                site = await self._ask(origin, on_behalf_of)
            self._keep(origin, site)
        self._forget_some()
        return site

    async def _ask(self, origin: str, on_behalf_of: str) -> _Site:
        try:
            body = await self._get(f"{origin}/robots.txt", on_behalf_of)
        except HttpStatus as error:
            if error.status < _SERVER_ERROR and error.status != _TOO_MANY_REQUESTS:
                return self._remembered(KEPT_S)  # RFC 9309 section 2.3.1.3: unavailable means no rules
            return self._remembered(KEPT_BROKEN_S, error=error)
        except (ConnectFailed, FetchTimeout) as error:
            return self._remembered(KEPT_UNREACHED_S, error=error)
        except FetchError as error:
            return self._remembered(KEPT_BROKEN_S, error=error)
        # In a thread: half a megabyte of rules takes 0.2 s to read, which the loop has not. One at a time: taken apart,
        # the lines of the largest take some 50 MB.
        async with self._reading:
            rules, size = await asyncio.to_thread(_read, body, self._agent)
        return _Site(self._clock.now() + timedelta(seconds=KEPT_S), rules, size=size)

    def _remembered(self, seconds: float, *, error: FetchError | None = None) -> _Site:
        return _Site(self._clock.now() + timedelta(seconds=seconds), error=error)

    def _keep(self, origin: str, site: _Site) -> None:
        """Keep it at the end: the order of the dict is the order of use."""
        self._forget(origin)
        self._sites[origin] = site
        self._remembered_bytes += site.size

    def _forget(self, origin: str) -> None:
        site = self._sites.pop(origin, None)
        self._remembered_bytes -= 0 if site is None else site.size

    def _forget_some(self) -> None:
        while len(self._sites) > _MOST_SITES or self._remembered_bytes > MAX_REMEMBERED_BYTES:
            self._forget(next(iter(self._sites)))
        if len(self._asking) > _MOST_SITES:
            self._asking = {origin: lock for origin, lock in self._asking.items() if lock.locked()}


def _is_over(until: datetime, now: datetime) -> bool:
    """Further ahead than rules are ever kept, a clock that was ahead said until when."""
    return until <= now or until > now + timedelta(seconds=KEPT_S)


def _read(body: bytes, agent: str) -> tuple[Protego, int]:
    """The rules of a robots.txt for us, and about how many bytes they take in memory."""
    text = our_group(body.decode("utf-8-sig", "replace"), agent)
    return Protego.parse(text), _BYTES_PER_SITE + 3 * len(text) + _BYTES_PER_RULE * text.count("\n")


def _refusal(url: str, target: Target, error: FetchError) -> FetchError:
    what = f"the robots.txt of {target.host} cannot be had: {error.what}"
    if isinstance(error, (ConnectFailed, FetchTimeout)):
        return type(error)(url, what, remedy=error.remedy)
    return RobotsRefused(url, what, remedy=error.remedy)
