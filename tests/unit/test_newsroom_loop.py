"""The loop: feeds that are due are asked, pages that are due are read again, and nothing is done on stale knowledge."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest

from stayahead.errors import DeskStopped, StoreFull
from stayahead.fetch import CannedFetcher
from stayahead.model import Batch, Update, WatchedFeed
from stayahead.newsroom.budget import Budget
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.loop import Newsroom
from stayahead.stories import StoryEngine
from tests.newsroom_world import FEED, LONG, Exact, feed, item, page, whole, world, world_on
from tests.stores import fresh_store_of


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

            newsroom = Newsroom(made.toolbox, made.timetable, polls_at_once=1, page_wait_s=1)
            await newsroom._reload()
            await newsroom._start_due()
            made.store.feeds = slow  # type: ignore[method-assign]  # a read that began before the poll ended
            reloading = asyncio.create_task(newsroom._reload())
            async with asyncio.timeout(10):
                while newsroom._polling or not was_read.is_set():
                    await asyncio.sleep(0.01)
            may_go_on.set()
            await reloading
            await newsroom._start_due()
            await asyncio.sleep(0.05)
            assert len(fetcher.requests) == 1

    asyncio.run(play())


def test_the_loop_reads_a_changed_page_again() -> None:
    before = set(threading.enumerate())

    async def play() -> None:
        url = "https://paper.example/news/1"
        news = feed(item(1, published="Mon, 04 Mar 2030 12:00:00 GMT"))
        fetcher = CannedFetcher({FEED: news, url: [page(1), page(1, text=LONG.replace("two", "three"))]})
        async with world(fetcher, at_work=False) as made:
            budget = Budget(share=1.0, host_gap=timedelta(minutes=1))
            newsroom = Newsroom(
                made.toolbox, made.timetable, polls_at_once=1, page_wait_s=5, budget=budget, look_every_s=0.01
            )
            running = asyncio.create_task(newsroom.run())
            async with asyncio.timeout(20):
                while "opened" not in made.ears.kinds():
                    await asyncio.sleep(0.01)
                made.clock.advance(minutes=16)
                while "revised" not in made.ears.kinds():
                    await asyncio.sleep(0.01)
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            assert made.toolbox.desk.stopped.is_set()
            assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "desk"]
            (stored,) = made.store.versions(made.ears.updates[0].story.lead_id, limit=1)
            assert "three of its four" in stored.article.page.text

    asyncio.run(play())


@pytest.mark.parametrize("step", ["commit", "optimize", "sink"])
def test_a_desk_that_fails_ends_the_newsroom_with_its_line(step: str) -> None:
    class Full(Exact):
        def fail_at(self, where: str) -> None:
            if where == step:
                raise StoreFull("news.db: the disk is full; make room")

        def commit(self, batch: Batch) -> int:
            self.fail_at("commit")
            return super().commit(batch)

        def optimize(self) -> None:
            self.fail_at("optimize")
            super().optimize()

        def publish(self, updates: Sequence[Update]) -> None:
            self.fail_at("sink")

    async def play(store: Full) -> None:
        fetcher = CannedFetcher({FEED: feed(item(1, text=whole(1)))})
        async with world_on(store, fetcher, at_work=False) as made:
            desk = made.toolbox.desk = Desk(StoryEngine(), store, [store], batch_wait_s=0.0)
            newsroom = Newsroom(made.toolbox, made.timetable, polls_at_once=1, page_wait_s=1, look_every_s=0.01)
            async with asyncio.timeout(10):
                with pytest.raises(DeskStopped, match="make room"):
                    await newsroom.run()
            assert desk.health().is_stopped

    with fresh_store_of(Full) as store:
        asyncio.run(play(store))
