"""Stored articles are analysed again: newest first, at leisure, once; one that cannot be read stops nobody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pytest

from stayahead.analyze import versions
from stayahead.errors import DeadlinePassed
from stayahead.fetch import CannedFetcher
from stayahead.model import Batch, Opened
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.prepare import analyze_again
from stayahead.newsroom.reanalysis import EACH_LOOK, Reanalyzing
from tests.contract.store_parts import Teller, article, evidence, minutes
from tests.newsroom_world import FEED, NOON, World, feed, world_on
from tests.stores import fresh_store

T = TypeVar("T")
DEAD = "At least 12 people were killed."


@dataclass
class Poisoned:
    """Runs it here, and loses its worker to one headline."""

    runs: int = 0
    error: Exception | None = None

    async def run(self, function: Callable[..., T], *args: object, url: str, **share: Any) -> T:
        if function is analyze_again:
            self.runs += 1
            if self.error is not None:
                raise self.error
            (texts,) = args
            assert isinstance(texts, tuple)
            if any(title == "Poison" for title, _ in texts):
                raise DeadlinePassed(url, "took more than 2 s of CPU")
        return function(*args)


@asynccontextmanager
async def upgraded(*titles: str, preparer: Poisoned | None = None) -> AsyncIterator[tuple[World, Reanalyzing]]:
    """A store with a story of each title, as a version left it that knew no claims; the last is the newest."""
    with fresh_store() as store:
        teller = Teller(store, at=NOON)
        for place, title in enumerate(titles):
            given = article(f"a{place}", title, DEAD, at=NOON + minutes(place - 100))
            update = teller.update(given.id, Opened(article_id=given.id))
            store.commit(Batch(evidence=(replace(evidence(given), statements=None),), updates=(update,)))
        async with world_on(store, CannedFetcher({FEED: feed()}), first_poll_done=False) as made:
            if preparer is not None:
                made.toolbox.preparer = preparer
            yield made, Reanalyzing(made.toolbox, PageReading(made.toolbox, page_wait_s=5))


async def look(again: Reanalyzing) -> None:
    await again.look()
    async with asyncio.timeout(10):
        while again.is_busy:
            await asyncio.sleep(0.001)


def read(made: World, count: int) -> list[bool]:
    return [each.is_analysed for n in range(count) for each in made.store.claims(f"a{n}", limit=9)]


def test_all_that_is_stale_is_analysed_the_newest_first_some_at_a_look() -> None:
    async def play() -> None:
        many, preparer = EACH_LOOK + 3, Poisoned()
        async with upgraded(*(f"Title {n}" for n in range(many)), preparer=preparer) as (made, again):
            await look(again)
            assert read(made, many) == [False] * 3 + [True] * EACH_LOOK
            await look(again)
            assert read(made, many) == [True] * many
            runs = preparer.runs
            await look(again)
            await look(again)
            assert (again.is_done, preparer.runs) == (True, runs)
            assert made.store.stale_analyses(versions(), limit=9) == []
            assert len(made.store.claims("a0", limit=1)[0].claims) == 2
            assert made.ears.updates == []
            assert made.store.check() == []

    asyncio.run(play())


def test_an_article_that_costs_its_worker_is_refused_alone_and_not_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def play() -> None:
        preparer = Poisoned()
        async with upgraded("Fine", "Poison", "Fine too", preparer=preparer) as (made, again):
            with caplog.at_level(logging.WARNING):
                await look(again)
            assert read(made, 3) == [True, False, True]
            assert preparer.runs == 4
            assert [record.getMessage().split()[0] for record in caplog.records] == ["article_not_analysed"]
            await look(again)
            assert again.is_done
            anew = Reanalyzing(made.toolbox, PageReading(made.toolbox, page_wait_s=5))
            await look(anew)
            assert anew.is_done
            assert preparer.runs == 4

    asyncio.run(play())


def test_a_defect_of_ours_ends_it_until_the_next_start(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        preparer = Poisoned(error=ZeroDivisionError("ours"))
        async with upgraded("Fine", preparer=preparer) as (made, again):
            await look(again)
            await look(again)
            assert preparer.runs == 1
            assert again.is_done
            assert read(made, 1) == [False]
            assert "reanalysis_failed" in caplog.text
            preparer.error = None
            anew = Reanalyzing(made.toolbox, PageReading(made.toolbox, page_wait_s=5))
            await look(anew)
            assert read(made, 1) == [True]

    asyncio.run(play())


def test_first_reads_go_first() -> None:
    class Busy(PageReading):
        @property
        def has_leisure(self) -> bool:
            return False

    async def play() -> None:
        async with upgraded("Fine") as (made, _):
            again = Reanalyzing(made.toolbox, Busy(made.toolbox, page_wait_s=5))
            await look(again)
            assert (again.is_done, again.is_busy, read(made, 1)) == (False, False, [False])

    asyncio.run(play())


def test_what_stops_with_the_desk_is_found_again_at_the_next_start() -> None:
    async def play() -> None:
        async with upgraded("Fine") as (made, again):
            await made.toolbox.desk.stop()
            await look(again)
            assert read(made, 1) == [False]
            await again.stop()
            assert made.store.stale_analyses(versions(), limit=9) == ["a0"]

    asyncio.run(play())
