"""Asks a site's robots.txt whether we may read a page and how slowly, and remembers the answer (RFC 9309)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from stayahead.errors import ConnectFailed, FetchError, FetchTimeout, HttpStatus, RobotsRefused
from stayahead.fetch.guard import Target
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

_MOST_SITES = 4_096
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500
_AGENT_LINE = re.compile(r"(?im)^[ \t]*user[ -]?agent[ \t]*:?[ \t]*([^\r\n#]*)[^\r\n]*$")

Get = Callable[[str], Awaitable[bytes]]
"""Gets a robots.txt through the guard, cut at `MAX_BYTES`; raises `FetchError`."""


@dataclass(frozen=True, slots=True)
class _Site:
    until: datetime
    rules: Protego | None = None
    """None: everything is allowed, unless `error` says that we cannot know."""
    error: FetchError | None = None


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
        self._asking: dict[str, asyncio.Lock] = {}

    async def delay_s(self, target: Target, *, url: str) -> float:
        """Seconds to leave between two requests to this site, if it lets us read the target.

        Args:
            target: what is to be read.
            url: the url that an error names.

        Raises:
            RobotsRefused: it does not let us, or its robots.txt fails with a server's error.
            FetchError: its robots.txt cannot be reached, so neither could the page.
        """
        site = await self._site(target.origin)
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

    async def _site(self, origin: str) -> _Site:
        """A site's rules from memory, or fetched once however many wait for them."""
        # One lock for each site: twenty new pages of a host ask for its robots.txt once.
        lock = self._asking.setdefault(origin, asyncio.Lock())
        async with lock:
            site = self._sites.pop(origin, None)
            if site is None or site.until <= self._clock.now():
                site = await self._ask(origin)
            self._sites[origin] = site  # at the end: the order of the dict is the order of use
        self._forget_some()
        return site

    async def _ask(self, origin: str) -> _Site:
        try:
            body = await self._get(f"{origin}/robots.txt")
        except HttpStatus as error:
            if error.status < _SERVER_ERROR and error.status != _TOO_MANY_REQUESTS:
                return self._remembered(KEPT_S)  # RFC 9309 section 2.3.1.3: unavailable means no rules
            return self._remembered(KEPT_BROKEN_S, error=error)
        except (ConnectFailed, FetchTimeout) as error:
            return self._remembered(KEPT_UNREACHED_S, error=error)
        except FetchError as error:
            return self._remembered(KEPT_BROKEN_S, error=error)
        text = relevant(body.decode("utf-8-sig", "replace"), self._agent)
        # In a thread: half a megabyte of rules takes 0.2 s to read, which the loop has not.
        return self._remembered(KEPT_S, rules=await asyncio.to_thread(Protego.parse, text))

    def _remembered(self, seconds: float, *, rules: Protego | None = None, error: FetchError | None = None) -> _Site:
        return _Site(self._clock.now() + timedelta(seconds=seconds), rules, error)

    def _forget_some(self) -> None:
        if len(self._sites) > _MOST_SITES:
            for origin in list(self._sites)[: _MOST_SITES // 8]:
                del self._sites[origin]
        if len(self._asking) > _MOST_SITES:
            self._asking = {origin: lock for origin, lock in self._asking.items() if lock.locked()}


def relevant(text: str, agent: str) -> str:
    """The rules with the names of all other agents replaced by one, so that a hostile file cannot stall the parser.

    Protego stores each rule once per agent of its group: 1,200 agents and 1,200 rules in one group took 2.3 s to parse,
    and half a megabyte has room for twenty times as many of each.
    """

    def anonymised(match: re.Match[str]) -> str:
        name = match[1].strip().lower()
        is_ours = "*" in name or (bool(name) and name in agent)
        return f"User-agent: {name}" if is_ours else "User-agent: another"

    return _AGENT_LINE.sub(anonymised, text)


def _refusal(url: str, target: Target, error: FetchError) -> FetchError:
    what = f"the robots.txt of {target.host} cannot be had: {error.what}"
    if isinstance(error, (ConnectFailed, FetchTimeout)):
        return type(error)(url, what, remedy=error.remedy)
    return RobotsRefused(url, what, remedy=error.remedy)
