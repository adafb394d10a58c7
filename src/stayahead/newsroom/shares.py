"""Shares out what is scarce by source: places among requests and pages, turns with a host, threads for name lookups.

Feeds go before pages, sources take turns, and no source has more than its share, so that one with a thousand slow pages
or names leaves the others what they need (docs/decisions/0136).
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

PART_OF_SOURCE = 8
"""One source has at most one of so many parts of all places."""
PART_FOR_FEEDS = 4
"""One of so many parts is left to feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """On whose behalf something is asked for."""

    source: str = ""
    is_page: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    asker: Asker
    key: str
    turn: asyncio.Future[None]


class Shares:
    """So many places, shared among those who ask. Belongs to one event loop.

    Args:
        places: how many there are.
        of_source: how many of them one source may have; None: its part.
    """

    def __init__(self, places: int, *, of_source: int | None = None) -> None:
        self._places = max(places, 1)
        self._of_source = max(places // PART_OF_SOURCE, 1) if of_source is None else of_source
        self._of_pages = max(self._places - self._places // PART_FOR_FEEDS, 1)
        self._taken = 0
        self._pages = 0
        self._by_source: Counter[str] = Counter()
        self._keys: set[str] = set()
        # Feeds, then pages; within each the source that has waited the longest for its turn comes first.
        self._waiting: tuple[dict[str, deque[_Waiting]], dict[str, deque[_Waiting]]] = ({}, {})

    @property
    def are_taken(self) -> bool:
        """Whether all places are."""
        return self._taken >= self._places

    async def take(self, asker: Asker, *, key: str = "") -> None:
        """Have a place, once there is one for this source, and once nobody else has the same `key` (a host)."""
        # What waits could not go when it was last looked at, so whoever can go at once overtakes nobody.
        if self._may(asker, key):
            self._have(asker, key)
            return
        mine = _Waiting(asker, key, asyncio.get_running_loop().create_future())
        self._waiting[asker.is_page].setdefault(asker.source, deque()).append(mine)
        try:
            await mine.turn
        except asyncio.CancelledError:
            if mine.turn.cancelled():
                self._leave(mine)
            else:  # the place came in the same moment
                self.give_back(asker, key=key)
            raise

    @asynccontextmanager
    async def place(self, asker: Asker) -> AsyncIterator[None]:
        """Have a place for so long."""
        await self.take(asker)
        try:
            yield
        finally:
            self.give_back(asker)

    def give_back(self, asker: Asker, *, key: str = "") -> None:
        """The place is free for the next."""
        self._taken -= 1
        self._pages -= asker.is_page
        self._by_source[asker.source] -= 1
        if not self._by_source[asker.source]:
            del self._by_source[asker.source]
        self._keys.discard(key)
        while (following := next(self._able(), None)) is not None:
            self._leave(following)
            self._have(following.asker, following.key)
            following.turn.set_result(None)

    def _may(self, asker: Asker, key: str) -> bool:
        has_room = self._taken < self._places and (not asker.is_page or self._pages < self._of_pages)
        return has_room and self._by_source[asker.source] < self._of_source and key not in self._keys

    def _have(self, asker: Asker, key: str) -> None:
        self._taken += 1
        self._pages += asker.is_page
        self._by_source[asker.source] += 1
        if key:
            self._keys.add(key)

    def _able(self) -> Iterator[_Waiting]:
        """Those who may go now, the one whose turn it is first."""
        if self.are_taken:
            return
        for by_source in self._waiting:
            for source, waiting in by_source.items():
                if self._by_source.get(source, 0) < self._of_source:
                    yield from (each for each in waiting if not each.turn.done() and self._may(each.asker, each.key))

    def _leave(self, waiting: _Waiting) -> None:
        """It waits no more; its source goes to the end of the round."""
        by_source, source = self._waiting[waiting.asker.is_page], waiting.asker.source
        others = by_source.pop(source)
        others.remove(waiting)
        if others:
            by_source[source] = others
