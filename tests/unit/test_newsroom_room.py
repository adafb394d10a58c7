"""The room: a feed is not asked again on the strength of a state that was read before its poll ended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

from stayahead.fetch import CannedFetcher
from stayahead.model import WatchedFeed
from stayahead.newsroom.room import Newsroom
from tests.newsroom_world import FEED, feed, item, whole, world


def test_a_poll_that_ends_during_a_reload_is_not_repeated() -> None:
    async def play() -> None:
        fetcher = CannedFetcher({FEED: feed(item(1, text=whole(1)))})
        async with world(fetcher, first_poll_done=False) as made:
            was_read, may_go_on = threading.Event(), threading.Event()
            stale = made.store.feeds()

            def slow() -> Sequence[WatchedFeed]:
                was_read.set()
                may_go_on.wait(5)
                return stale

            room = Newsroom(made.wires, made.timetable, polls_at_once=1, page_wait_s=1)
            await room._reload()
            room._start_due()
            made.store.feeds = slow  # type: ignore[method-assign]  # a read that began before the poll ended
            reloading = asyncio.create_task(room._reload())
            async with asyncio.timeout(10):
                while room._polling or not was_read.is_set():
                    await asyncio.sleep(0.01)
            may_go_on.set()
            await reloading
            room._start_due()
            await asyncio.sleep(0.05)
            assert len(fetcher.requests) == 1

    asyncio.run(play())
