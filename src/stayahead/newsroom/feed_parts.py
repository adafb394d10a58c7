"""Reads a feed that goes on elsewhere: asks the addresses that its answer names and puts them together as one feed.

An answer may hold no entries but name where they are (an index of sitemaps), or be one of several pages (RFC 5005,
JSON Feed). One rule serves both: what an answer names is asked when nothing that the answer itself holds is known. An
index holds nothing, so it is followed at every poll; a page only while all of it is new.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from stayahead.errors import ParseError, SourceError
from stayahead.model import Entry, FeedPart, FeedPartState, Fetched, Identity, ParsedFeed, WatchedFeed
from stayahead.newsroom import prepare
from stayahead.newsroom.recognition import is_any_known
from stayahead.newsroom.toolbox import Toolbox
from stayahead.ports import Request
from stayahead.urls import with_login_of, without_logins

ACCEPT_FEED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

PARTS_PER_ANSWER = 4
"""Addresses asked of those that one answer names; the parser puts the likeliest to hold today's news first."""
PARTS_PER_POLL = 6
"""Requests beside the first that one poll may cost a site."""
ENTRIES_MAX = 1000
"""Entries of one poll that are read; a feed that holds more is an archive (see `stayahead import`)."""
AT_REST = timedelta(days=1)
"""A part that changed longer ago than this, and not since we read it, is asked once in this time."""
WHOLE_EVERY = timedelta(days=1)
"""So often a feed is asked without validators, or a server that answers 304 for ever would silence it."""
_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeFeed:
    """All that one poll read of a feed."""

    parsed: ParsedFeed
    parts: tuple[FeedPartState, ...] = ()
    """What an answer without entries of its own names; what followed any other is read once and not remembered."""

    @property
    def entries(self) -> int:
        """How many the feed holds, those of parts that did not change included."""
        return sum(part.entries for part in self.parts) if self.parts else len(self.parsed.entries)


def is_whole_due(whole_at: datetime | None, now: datetime) -> bool:
    """Whether the whole is to be asked for: its last whole answer is a day old, or from a clock that was ahead."""
    return whole_at is None or not timedelta(0) <= now - whole_at < WHOLE_EVERY


async def follow(parsed: ParsedFeed, watched: WatchedFeed, toolbox: Toolbox) -> WholeFeed:
    """The feed with what it goes on at, at most `PARTS_PER_POLL` requests; a part that fails costs the others nothing.

    Raises:
        ParseError: it has no entries of its own, and no part of it could be read.
    """
    if not parsed.more:
        return WholeFeed(parsed=parsed)
    reader = _PartReader(watched, toolbox)
    await reader.read_all(parsed)
    parts = () if parsed.entries else tuple(reader.parts)
    if parts and all(part.error for part in parts):
        raise ParseError(
            watched.feed.url,
            f"none of {len(parts)} addresses that it names could be read ({parts[0].url}: {parts[0].error})",
            remedy="wait for the next poll, or name the site's feed instead",
        )
    entries, identities = parsed.entries + tuple(reader.entries), parsed.identities + tuple(reader.identities)
    newest = _newest(entries)
    return WholeFeed(
        parsed=replace(
            parsed,
            title=parsed.title or reader.title,
            entries=tuple(entries[place] for place in newest),
            identities=tuple(identities[place] for place in newest),
        ),
        parts=parts,
    )


@dataclass(slots=True)
class _PartReader:
    """Asks what lies beyond one answer, and keeps what it says."""

    watched: WatchedFeed
    toolbox: Toolbox
    title: str = ""
    entries: list[Entry] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    parts: list[FeedPartState] = field(default_factory=list)

    async def read_all(self, first: ParsedFeed) -> None:
        """Ask what the answer names, and what those answers name."""
        # Breadth first: an index of indexes is gone through evenly before the requests are used up. The set of urls
        # ends circles, which broken sites and hostile ones make.
        waiting = deque([first])
        asked_urls = {without_logins(self.watched.feed.url)}
        requests = 0
        while waiting and (not first.entries or len(first.entries) + len(self.entries) < ENTRIES_MAX):
            answer = waiting.popleft()
            # What is known already was followed when it came: only news is worth more of the site's time.
            for part in () if await self._is_known(answer) else answer.more[:PARTS_PER_ANSWER]:
                before = self._before(part)
                if part.url in asked_urls or requests >= PARTS_PER_POLL:
                    continue
                asked_urls.add(part.url)
                if self._is_at_rest(part, before):
                    self.parts.append(before)
                    continue
                requests += 1
                parsed = await self._read(part, before)
                if parsed is not None:
                    waiting.append(parsed)

    async def _is_known(self, answer: ParsedFeed) -> bool:
        url, sources = self.watched.feed.url, self.toolbox.sources
        if not (answer.more and answer.entries) or self.watched.state.waiting:  # what waits may stand further on
            return False
        return await asyncio.to_thread(is_any_known, answer, feed_url=url, sources=sources)

    def _before(self, part: FeedPart) -> FeedPartState:
        states = self.watched.state.parts
        return next((state for state in states if state.url == part.url), FeedPartState(url=part.url))

    def _is_at_rest(self, part: FeedPart, before: FeedPartState) -> bool:
        if part.changed is None or before.asked_at is None or before.error or part.changed != before.changed:
            return False
        now = self.toolbox.clock.now()
        return now - part.changed > AT_REST > now - before.asked_at

    async def _read(self, part: FeedPart, before: FeedPartState) -> ParsedFeed | None:
        """What a part says; None when it says nothing new, or fails, which its state tells."""
        address = with_login_of(part.url, self.watched.feed.url)
        request = Request(url=address, accept=ACCEPT_FEED, on_behalf_of=self.watched.feed.url)
        if not is_whole_due(before.whole_at, self.toolbox.clock.now()):
            request = replace(request, etag=before.etag, last_modified=before.last_modified)
        try:
            fetched = await self.toolbox.fetcher.fetch(request)
            parsed = None
            if fetched.status != 304:
                source = self.watched.feed.url
                parsed = await self.toolbox.preparer.run(prepare.parse, fetched, source, url=part.url, source=source)
        except SourceError as error:
            self.parts.append(replace(before, error=error.told))
            return None
        self.parts.append(_after(before, part, fetched, parsed, now=self.toolbox.clock.now()))
        if parsed is not None:
            self.title = self.title or parsed.title
            # Of several sitemaps the newest are kept; so many and no more are ever in memory.
            entries, identities = [*self.entries, *parsed.entries], [*self.identities, *parsed.identities]
            newest = _newest(entries)
            self.entries = [entries[place] for place in newest]
            self.identities = [identities[place] for place in newest]
        return parsed


def to_be_read_whole(parts: Sequence[FeedPartState]) -> tuple[FeedPartState, ...]:
    """The same parts, to be asked at the next poll without validators: entries of theirs wait."""
    return tuple(replace(part, etag="", last_modified="", asked_at=None) for part in parts)


def _after(
    before: FeedPartState, part: FeedPart, fetched: Fetched, parsed: ParsedFeed | None, *, now: datetime
) -> FeedPartState:
    state = replace(before, changed=part.changed, asked_at=now, error="")
    if parsed is None:
        return state
    # An index inside an index is read whole each time, as the first one is: what it names must be known.
    keeps = bool(parsed.entries)
    return replace(
        state,
        etag=fetched.etag if keeps else "",
        last_modified=fetched.last_modified if keeps else "",
        entries=len(parsed.entries),
        whole_at=now,
    )


def _newest(entries: Sequence[Entry]) -> Sequence[int]:
    """The places of at most `ENTRIES_MAX`, the newest by their own account, in their order."""
    if len(entries) <= ENTRIES_MAX:
        return range(len(entries))
    times = [entry.published or entry.updated or _LONG_AGO for entry in entries]
    return sorted(sorted(range(len(entries)), key=times.__getitem__, reverse=True)[:ENTRIES_MAX])
