"""Finds the feed to watch at an address that somebody knows a site by, and reads it once to be sure of it.

`parse/discovery` says which addresses may be feeds; here they are asked, within a number of requests and a time
(docs/decisions/0017).
"""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace

from stayahead.errors import FetchError, ParseError, SourceError
from stayahead.model import Fetched, ParsedFeed
from stayahead.newsroom import prepare
from stayahead.newsroom.feed_parts import PARTS_PER_ANSWER
from stayahead.newsroom.toolbox import Preparer
from stayahead.parse import discovery
from stayahead.parse.discovery import Candidate, Clue
from stayahead.ports import Fetcher, Request
from stayahead.urls import absolute, with_login_of

MAX_REQUESTS = 12
"""What looking for one site's feeds may cost it."""

LOOK_S = 45.0
"""After so long no further candidate is asked."""

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedFeed:
    """A feed that was read."""

    url: str
    title: str
    entries: int
    clue: Clue | None = None
    """Why it was looked at; None when it is the very address that was looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to watch, and what else there is."""

    feed: VerifiedFeed
    others: tuple[VerifiedFeed, ...] = ()
    untried: tuple[Candidate, ...] = ()
    """Addresses that the page names and that nobody asked."""
    named_by: str = ""
    """The page that names it as a feed of its site (`link rel="alternate"`); empty where none does."""


async def find_feed(url: str, fetcher: Fetcher, preparer: Preparer) -> Choice:
    """The feed at an address, or the best one of the page there; at most `MAX_REQUESTS` requests.

    Raises:
        FetchError: the address itself does not answer.
        ParseError: neither it nor anything that it leads to is a feed.
    """
    search = _Search(fetcher, preparer, url)
    fetched = await fetcher.fetch(Request(url=url, accept=ACCEPT))
    try:
        return Choice(feed=await search.read(fetched, url, None))
    except ParseError as error:
        if not await search.is_page(fetched):
            raise
        robots = await search.robots(fetched.url)
        candidates = await preparer.run(prepare.candidates, fetched, robots, url=url)
        choice = await search.among(candidates)
        if choice is None:
            raise ParseError(
                url,
                f"{error.what}, and none of {search.requests} addresses that it leads to is a feed",
                remedy="give the feed's own address, or add this one as it is with --no-fetch",
            ) from error
        return replace(choice, named_by=fetched.url) if choice.feed.clue is Clue.NAMED else choice


@dataclass(slots=True)
class _Search:
    """Requests that were made for one address, the first one counted."""

    fetcher: Fetcher
    preparer: Preparer
    url: str
    requests: int = 1
    _began: float = field(default_factory=time.monotonic)

    async def robots(self, url: str) -> bytes:
        """The site's robots.txt; nothing when it has none."""
        self.requests += 1
        with suppress(FetchError):
            fetched = await self.fetcher.fetch(
                Request(
                    url=with_login_of(absolute(url, "/robots.txt"), self.url),
                    max_bytes=discovery.MAX_ROBOTS_CHARS,
                    on_behalf_of=self.url,
                )
            )
            # Many sites answer with their front page what they do not have.
            return b"" if await self.is_page(fetched) else fetched.body
        return b""

    async def among(self, candidates: tuple[Candidate, ...]) -> Choice | None:
        """The best of them: all that the page names are read, for the first may be empty; others until one has news."""
        waiting = deque(candidates)
        feeds: dict[str, VerifiedFeed] = {}
        while waiting and self.requests < MAX_REQUESTS and time.monotonic() - self._began < LOOK_S:
            if waiting[0].clue is not Clue.NAMED and any(feed.entries for feed in feeds.values()):
                break
            candidate = waiting.popleft()
            self.requests += 1
            with suppress(SourceError):
                address = with_login_of(candidate.url, self.url)
                fetched = await self.fetcher.fetch(Request(url=address, accept=ACCEPT, on_behalf_of=self.url))
                feeds.setdefault(fetched.url, await self.read(fetched, address, candidate.clue))
        if not feeds:
            return None
        best, *others = sorted(feeds.values(), key=lambda feed: not feed.entries)
        untried = tuple(candidate for candidate in waiting if candidate.clue in {Clue.NAMED, Clue.LINKED})
        return Choice(feed=best, others=tuple(others), untried=untried)

    async def read(self, fetched: Fetched, url: str, clue: Clue | None) -> VerifiedFeed:
        """The feed in an answer; an index of sitemaps is one if a sitemap that it names can be read.

        Raises:
            ParseError: it is none.
        """
        parsed = await self._parsed(fetched)
        title, entries = parsed.title, len(parsed.entries)
        waiting = deque(parsed.more[:PARTS_PER_ANSWER] if not entries else ())
        is_index = bool(waiting)
        while waiting and self.requests < MAX_REQUESTS and not entries:
            part = waiting.popleft()
            self.requests += 1
            with suppress(SourceError):
                sitemap = await self._parsed(
                    await self.fetcher.fetch(
                        Request(url=with_login_of(part.url, url), accept=ACCEPT, on_behalf_of=self.url)
                    )
                )
                title, entries = title or sitemap.title, len(sitemap.entries)
                waiting.extend(sitemap.more[:PARTS_PER_ANSWER])
        if is_index and not entries:
            raise ParseError(
                url, "the answer is an index of sitemaps, none of which could be read", remedy="name the site's feed"
            )
        return VerifiedFeed(url=url, title=title, entries=entries, clue=clue)

    async def is_page(self, fetched: Fetched) -> bool:
        """Whether the answer is a web page."""
        return await self.preparer.run(prepare.shows_page, fetched, url=self.url)

    async def _parsed(self, fetched: Fetched) -> ParsedFeed:
        return await self.preparer.run(prepare.parse, fetched, url=self.url)
