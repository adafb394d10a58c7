"""PageReading pages: in time, too late, in vain, again after a restart."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from stayahead.errors import ConnectFailed, FetchError, HttpStatus, PrepareError, RobotsRefused
from stayahead.fetch import CannedFetcher
from stayahead.model import Fetched, Revised
from stayahead.newsroom import prepare
from stayahead.newsroom.page_reading import PLACES, PageReading
from stayahead.newsroom.shares import PART_OF_SOURCE
from stayahead.newsroom.toolbox import InlinePreparer
from stayahead.ports import Request
from stayahead.urls import article_id
from tests.newsroom_world import FEED, LONG, SlowPages, World, feed, item, page, world

T = TypeVar("T")
URL = "https://paper.example/news/1"


async def _settled(reading: PageReading) -> None:
    async with asyncio.timeout(10):
        while reading.busy:
            await asyncio.sleep(0.01)


async def _read(made: World, reading: PageReading) -> None:
    for job in await made.poll():
        reading.start(job)
    await _settled(reading)


def test_a_page_in_time_makes_one_article_with_its_text() -> None:
    async def play() -> None:
        async with world(CannedFetcher({FEED: feed(item(1)), URL: page(1)})) as made:
            await _read(made, PageReading(made.toolbox, page_wait_s=5))
            assert made.ears.kinds() == ["opened"]
            stored = made.store.article(made.ears.updates[0].story.lead_id)
            assert stored is not None
            assert stored.revision == 0
            assert LONG in stored.page.text
            assert "Home" not in stored.page.text
            assert not made.wanted()

    asyncio.run(play())


def test_a_late_page_is_revision_one() -> None:
    async def play() -> None:
        fetcher = SlowPages({FEED: feed(item(1)), URL: page(1)})
        async with world(fetcher) as made:
            reading = PageReading(made.toolbox, page_wait_s=0.01)
            for job in await made.poll():
                reading.start(job)
            async with asyncio.timeout(10):
                while not made.ears.updates:
                    await asyncio.sleep(0.01)
            first = made.store.article(made.ears.updates[0].story.lead_id)
            assert first is not None
            assert first.page.text == "What happened in short."
            assert len(made.wanted()) == 1
            fetcher.let.set()
            await _settled(reading)
            assert made.ears.kinds() == ["opened", "revised"]
            change = made.ears.updates[1].change
            assert isinstance(change, Revised)
            assert change.revision == 1
            assert not made.wanted()

    asyncio.run(play())


def test_a_headline_that_changes_while_the_page_is_on_its_way_is_the_one_that_goes_out() -> None:
    async def play() -> None:
        renamed = feed(item(1, title="Bridge of Harrowgate closes"))
        fetcher = SlowPages({FEED: [feed(item(1)), renamed], URL: page(1)})
        async with world(fetcher) as made:
            reading = PageReading(made.toolbox, page_wait_s=60)
            for job in await made.poll():
                reading.start(job)
            await asyncio.sleep(0.01)
            (job,) = await made.poll()  # its record has the new headline; the page of the old one is on its way
            reading.start(job)
            fetcher.let.set()
            await _settled(reading)
            assert made.ears.kinds() == ["opened"]
            stored = made.store.article(made.ears.updates[0].story.lead_id)
            assert stored is not None
            assert stored.title == "Bridge of Harrowgate closes"
            assert LONG in stored.page.text
            assert not made.wanted()
            made.clock.advance(minutes=10)
            assert await made.poll() == []
            assert made.ears.kinds() == ["opened"]

    asyncio.run(play())


def test_a_headline_that_changes_while_the_page_is_awaited_in_vain_is_not_lost() -> None:
    async def play() -> None:
        renamed = feed(item(1, title="Bridge of Harrowgate closes"))
        fetcher = SlowPages({FEED: [feed(item(1)), renamed], URL: RobotsRefused(URL, "robots.txt does not allow it")})
        async with world(fetcher) as made:
            reading = PageReading(made.toolbox, page_wait_s=0.01)
            for job in await made.poll():
                reading.start(job)
            async with asyncio.timeout(10):
                while not made.ears.updates:
                    await asyncio.sleep(0.01)
            (job,) = await made.poll()
            assert made.ears.kinds() == ["opened", "revised"]  # at once: the page may never come
            reading.start(job)
            fetcher.let.set()
            await _settled(reading)
            stored = made.store.article(made.ears.updates[0].story.lead_id)
            assert stored is not None
            assert stored.title == made.ears.updates[-1].story.headline == "Bridge of Harrowgate closes"
            assert "robots.txt" in made.store.health(made.clock.now())[0].last_refusal
            assert not made.wanted()

    asyncio.run(play())


def test_two_pages_that_name_one_canonical_at_the_same_time_are_one_article() -> None:
    canonical, title = "https://paper.example/2030/bridge", "Report number 1 from Harrowgate"
    other = page(2, canonical=canonical, title=title)
    listed = feed(item(1), item(2, title=title))
    fetcher = SlowPages({FEED: listed, URL: page(1, canonical=canonical), other.url: other})

    async def play() -> None:
        async with world(fetcher) as made:
            reading = PageReading(made.toolbox, page_wait_s=60)
            both = asyncio.Barrier(2)

            class Together(InlinePreparer):
                async def run(self, function: Callable[..., T], *args: object, url: str, **share: Any) -> T:
                    if function is prepare.draft_page:
                        await both.wait()
                    return await super().run(function, *args, url=url, **share)

            made.toolbox.preparer = Together()
            fetcher.let.set()
            for job in await made.poll():
                reading.start(job)
            await _settled(reading)
            assert made.ears.kinds() == ["opened"]
            (health,) = made.store.health(made.clock.now())
            assert (health.refused, health.elsewhere, health.last_refusal) == (0, 1, "")

    asyncio.run(play())


def _tried(*answers: Fetched | FetchError) -> tuple[list[str], int, str, int]:
    """Kinds of updates, refusals, last reason and requests, after every retry was due."""

    async def play() -> tuple[list[str], int, str, int]:
        fetcher = CannedFetcher({FEED: feed(item(1)), URL: list(answers)})
        async with world(fetcher) as made:
            reading = PageReading(made.toolbox, page_wait_s=5)
            await _read(made, reading)
            for _ in range(4):
                made.clock.advance(hours=3)
                await reading.refill()
                await _settled(reading)
            health = made.store.health(made.clock.now())[0]
            asked = sum(request.url == URL for request in fetcher.requests)
            assert not made.wanted()
            return made.ears.kinds(), health.refused, health.last_refusal, asked

    return asyncio.run(play())


def test_a_page_that_fails_once_is_asked_again_later() -> None:
    kinds, refused, _, asked = _tried(ConnectFailed(URL, "reset"), page(1))
    assert kinds == ["opened", "revised"]
    assert refused == 0
    assert asked == 2


def test_a_page_that_always_fails_is_refused_with_the_reason_and_the_article_is_out_all_the_same() -> None:
    kinds, refused, reason, asked = _tried(HttpStatus(URL, "the server answered 503", status=503))
    assert kinds == ["opened"]
    assert refused == 1
    assert "503" in reason
    assert asked == 3


def test_what_robots_txt_refuses_is_not_asked_twice() -> None:
    kinds, refused, reason, asked = _tried(RobotsRefused(URL, "robots.txt does not allow it"))
    assert kinds == ["opened"]
    assert (refused, asked) == (1, 1)
    assert "robots.txt" in reason


def test_a_page_that_is_not_there_is_not_asked_twice() -> None:
    _, refused, _, asked = _tried(HttpStatus(URL, "the server answered 404", status=404))
    assert (refused, asked) == (1, 1)


def test_a_restart_takes_up_what_is_wanted() -> None:
    async def play() -> None:
        async with world(CannedFetcher({FEED: feed(item(1), item(2)), URL: page(1)})) as made:
            assert len(await made.poll()) == 2  # … and the process dies here
            reading = PageReading(made.toolbox, page_wait_s=5)
            await reading.refill()
            await _settled(reading)
            assert sum(kind in ("opened", "joined") for kind in made.ears.kinds()) == 2
            assert not made.wanted()

    asyncio.run(play())


def test_two_urls_of_one_article_are_one_when_canonical_and_headline_agree() -> None:
    async def play() -> None:
        canonical = "https://paper.example/2030/bridge"
        second = item(2, title="Report number 1 from Harrowgate")
        other = page(2, canonical=canonical, title="Report number 1 from Harrowgate")
        answers = {FEED: feed(item(1), second), URL: page(1, canonical=canonical), other.url: other}
        async with world(CannedFetcher(answers)) as made:
            reading = PageReading(made.toolbox, page_wait_s=5)
            first, last = await made.poll()
            for job in (first, last):
                reading.start(job)
                await _settled(reading)
            assert made.ears.kinds() == ["opened"]
            (health,) = made.store.health(made.clock.now())
            assert (health.refused, health.elsewhere, health.last_refusal) == (0, 1, "")
            assert made.store.known_entries([article_id("https://paper.example/2030/bridge")])

    asyncio.run(play())


def test_a_site_that_names_one_canonical_for_all_its_pages_loses_none() -> None:
    async def play() -> None:
        home = "https://paper.example/"
        answers = {FEED: feed(item(1), item(2)), URL: page(1, canonical=home)}
        two = page(2, canonical=home, text=LONG[::-1])
        async with world(CannedFetcher({**answers, two.url: two})) as made:
            reading = PageReading(made.toolbox, page_wait_s=5)
            for job in await made.poll():
                reading.start(job)
                await _settled(reading)
            assert made.ears.kinds() == ["opened", "opened"]

    asyncio.run(play())


def test_the_end_of_a_redirect_is_an_alias() -> None:
    async def play() -> None:
        moved = replace(page(1), request_url=URL, url="https://www.paper.example/2030/bridge")
        async with world(CannedFetcher({FEED: feed(item(1)), URL: moved})) as made:
            await _read(made, PageReading(made.toolbox, page_wait_s=5))
            (known,) = made.store.known_entries([article_id("https://www.paper.example/2030/bridge")]).values()
            assert known.id == made.ears.updates[0].story.lead_id

    asyncio.run(play())


class _Stuck(InlinePreparer):
    """A preparer that lets nothing through until it may."""

    def __init__(self) -> None:
        self.let = asyncio.Event()

    async def run(self, function: Callable[..., T], *args: object, url: str, **share: Any) -> T:
        if function is prepare.draft_page:
            await self.let.wait()
        return await super().run(function, *args, url=url, **share)


def test_while_the_workers_are_behind_no_more_pages_are_fetched() -> None:
    async def play() -> None:
        links = [f"https://host{n}.example/{n}" for n in range(300)]
        answers = {link: replace(page(n), request_url=link, url=link) for n, link in enumerate(links)}
        listed = feed(*(item(n, link=link) for n, link in enumerate(links)))
        fetcher = CannedFetcher({FEED: listed, **answers})
        async with world(fetcher) as made:
            stuck = _Stuck()
            made.toolbox.preparer = stuck
            reading = PageReading(made.toolbox, page_wait_s=600)
            for job in await made.poll():
                reading.start(job)
            await asyncio.sleep(0.3)
            asked = sum(request.obey_robots for request in fetcher.requests)
            assert asked == PLACES // PART_OF_SOURCE, "all are of one source"
            stuck.let.set()
            await _settled(reading)
            assert sum(request.obey_robots for request in fetcher.requests) == 300
            assert not made.wanted()

    asyncio.run(play())


class _Watched(CannedFetcher):
    """One whose answers can be seen to be forgotten."""

    def __init__(self, answers: Mapping[str, Fetched]) -> None:
        super().__init__(answers)
        self.given: list[weakref.ref[Fetched]] = []

    async def fetch(self, request: Request) -> Fetched:
        fetched = replace(await super().fetch(request))
        self.given.append(weakref.ref(fetched))
        return fetched

    @property
    def kept(self) -> int:
        return sum(given() is not None for given in self.given)


class _Refusing(InlinePreparer):
    async def run(self, function: Callable[..., T], *args: object, url: str, **share: Any) -> T:
        if function is prepare.draft_page:
            raise PrepareError(url, "reading it took more than 2 s")
        return await super().run(function, *args, url=url, **share)


@pytest.mark.parametrize("preparer", [InlinePreparer, _Refusing])
def test_the_body_of_an_answer_is_forgotten_once_it_is_read_or_refused(preparer: type[InlinePreparer]) -> None:
    """At once, and not when the garbage is next collected: it counts against the budget of all bodies until then."""

    async def play() -> None:
        links = [f"https://paper.example/{n}" for n in range(5)]
        answers = {link: replace(page(n), request_url=link, url=link) for n, link in enumerate(links)}
        fetcher = _Watched({FEED: feed(*(item(n, link=link) for n, link in enumerate(links))), **answers})
        async with world(fetcher) as made:
            made.toolbox.preparer = preparer()
            reading = PageReading(made.toolbox, page_wait_s=600)
            for job in await made.poll():
                reading.start(job)
            assert fetcher.kept == 0
            await _settled(reading)
            assert len(fetcher.given) == 6
            assert fetcher.kept == 0

    gc.disable()
    try:
        asyncio.run(play())
    finally:
        gc.enable()


def test_a_source_that_fills_the_room_with_slow_pages_leaves_places_and_room_to_others() -> None:
    other = "https://other.example/feed"

    async def play() -> None:
        links = [f"https://host{n}.example/{n}" for n in range(700)]
        stuck = asyncio.Event()

        class Slow(CannedFetcher):
            async def fetch(self, request: Request) -> Fetched:
                if request.url in links:
                    self.requests.append(request)
                    await stuck.wait()
                return await super().fetch(request)

        listed = feed(*(item(n, link=link) for n, link in enumerate(links)))
        honest = "https://other.example/1"
        fetcher = Slow({FEED: listed, honest: replace(page(1), request_url=honest, url=honest)})
        async with world(fetcher) as made:
            reading = PageReading(made.toolbox, page_wait_s=600)
            for job in await made.poll():
                reading.start(job)
            assert reading.busy == 700
            await asyncio.sleep(0.05)
            assert len([request for request in fetcher.requests if request.url in links]) == 8
            assert not reading.has_room(FEED)
            assert reading.has_room(other)
            entry = replace(job.record.entry, url=honest)
            read = await reading.page(honest, entry, feed_url=other)
            assert read.draft is not None
            assert fetcher.requests[-1].on_behalf_of == other
            await reading.stop()
            assert reading.has_room(FEED)

    asyncio.run(play())
