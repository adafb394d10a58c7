"""Pages read again: changed, unchanged, 304, gone; by schedule, because a feed says so, and within the budget."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from stayahead.errors import ConnectFailed, FetchError, HttpStatus, RobotsRefused
from stayahead.fetch import CannedFetcher
from stayahead.model import Feed, FeedState, Fetched, Opened, PageState, Revised, Ruling, WatchedFeed
from stayahead.newsroom.budget import Budget
from stayahead.newsroom.intake import PageJob, poll
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.page_rereading import PageRereading
from stayahead.newsroom.policy import REREAD
from tests.newsroom_world import FEED, LONG, NOON, SlowPages, World, feed, item, page, world

URL = "https://paper.example/news/1"
CORRECTED = LONG.replace("two of its four piers", "three of its four piers")
Answer = Fetched | FetchError


class Again:
    """A world whose first pages were read, with the loop that reads them again."""

    def __init__(self, made: World, fetcher: CannedFetcher, *, share: float) -> None:
        self.made, self.fetcher = made, fetcher
        self.reading = PageReading(made.toolbox, page_wait_s=5)
        self.rereading = PageRereading(made.toolbox, self.reading, Budget(share=share, host_gap=timedelta(minutes=1)))

    async def poll(self) -> list[PageJob]:
        jobs = await self.made.poll()
        for job in jobs:
            self.reading.start(job)
        async with asyncio.timeout(10):
            while self.reading.busy:
                await asyncio.sleep(0.01)
        return jobs

    async def look(self) -> None:
        await self.rereading.look()
        async with asyncio.timeout(10):
            while self.rereading.busy:
                await asyncio.sleep(0.01)

    async def step(self, **span: float) -> None:
        self.made.clock.advance(**span)
        await self.look()

    def asked(self, url: str = URL) -> int:
        return sum(request.url == url for request in self.fetcher.requests)

    def due(self) -> Sequence[PageState]:
        """What is due within two days of noon, while the story stands on the front page."""
        return self.made.store.due_pages(NOON + timedelta(hours=47), REREAD, limit=99)

    def texts(self) -> list[str]:
        opened = next(update.change for update in self.made.ears.updates if isinstance(update.change, Opened))
        return [version.article.page.text for version in self.made.store.versions(opened.article_id, limit=9)]


@asynccontextmanager
async def newsroom(
    answers: Mapping[str, Answer | Sequence[Answer]], *feeds: Fetched, share: float = 9.0
) -> AsyncIterator[Again]:
    fetcher = CannedFetcher({FEED: list(feeds) or feed(item(1)), **answers})
    async with world(fetcher) as made:
        desk = Again(made, fetcher, share=share)
        await desk.poll()
        yield desk
        assert made.store.check() == []


def test_a_page_that_changed_is_the_next_version() -> None:
    async def play() -> None:
        async with newsroom({URL: [page(1), page(1, text=CORRECTED)]}) as desk:
            await desk.step(minutes=14)
            assert desk.asked() == 1
            await desk.step(minutes=2)
            assert desk.made.ears.kinds() == ["opened", "revised"]
            change = desk.made.ears.updates[1].change
            assert isinstance(change, Revised)
            assert change.revision == 1
            newest, oldest = desk.texts()
            assert ("three of its four piers" in newest, "two of its four piers" in oldest) == (True, True)

    asyncio.run(play())


def test_a_page_that_did_not_change_is_read_at_every_step_and_is_no_version() -> None:
    async def play() -> None:
        noisy = [replace(page(1), body=page(1).body + f"<!-- {n} -->".encode()) for n in range(9)]
        async with newsroom({URL: noisy}) as desk:
            times = []
            for _ in range(9 * 24 * 4):
                before = desk.asked()
                await desk.step(minutes=15)
                if desk.asked() > before:
                    times.append(desk.made.clock.now() - NOON - timedelta(minutes=10))
            assert times[:3] == [timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6)]
            # The story is alone and quiet: after two days it has left the front page.
            assert times[3:] == [timedelta(hours=24)]
            assert len(desk.texts()) == 1
            assert desk.made.ears.kinds().count("revised") == 0

    asyncio.run(play())


def test_the_validators_of_the_last_answer_are_sent_and_a_304_moves_the_schedule_on() -> None:
    async def play() -> None:
        first = replace(page(1), etag='"one"')
        second = replace(page(1, text=CORRECTED), etag='"two"')
        async with newsroom({URL: [first, first, second, second]}) as desk:
            await desk.step(minutes=16)
            (state,) = desk.due()
            assert (state.reads, state.etag, state.next_at) == (2, '"one"', NOON + timedelta(minutes=70))
            await desk.step(minutes=60)
            await desk.step(hours=6)
            sent = [request.etag for request in desk.fetcher.requests if request.url == URL]
            assert sent == ["", '"one"', '"one"', '"two"']
            assert len(desk.texts()) == 2

    asyncio.run(play())


def test_a_page_that_is_gone_is_no_deletion() -> None:
    async def play() -> None:
        async with newsroom({URL: [page(1), HttpStatus(URL, "the server answered 404", status=404)]}) as desk:
            await desk.step(minutes=16)
            assert desk.due() == []
            await desk.step(hours=2)
            assert desk.asked() == 2
            assert LONG in desk.texts()[0]
            assert desk.made.ears.kinds() == ["opened"]

    asyncio.run(play())


def test_what_robots_txt_refuses_now_is_not_asked_again() -> None:
    async def play() -> None:
        async with newsroom({URL: [page(1), RobotsRefused(URL, "robots.txt does not allow it")]}) as desk:
            await desk.step(minutes=16)
            assert all(request.obey_robots for request in desk.fetcher.requests if request.url == URL)
            assert desk.due() == []

    asyncio.run(play())


def test_a_failed_read_waits_for_the_next_step() -> None:
    async def play() -> None:
        answers: list[Answer] = [page(1), ConnectFailed(URL, "reset"), page(1, text=CORRECTED)]
        async with newsroom({URL: answers}) as desk:
            await desk.step(minutes=16)
            (state,) = desk.due()
            assert (state.failures, "reset" in state.reason) == (1, True)
            await desk.step(minutes=10)
            assert desk.asked() == 2
            await desk.step(minutes=40)
            assert len(desk.texts()) == 2

    asyncio.run(play())


def test_a_redirect_to_the_front_page_leaves_the_text() -> None:
    async def play() -> None:
        home = replace(page(1, text=CORRECTED), url="https://paper.example/")
        async with newsroom({URL: [page(1), home]}) as desk:
            await desk.step(minutes=16)
            (state,) = desk.due()
            assert "front page" in state.reason
            assert len(desk.texts()) == 1

    asyncio.run(play())


def test_a_new_headline_counts_at_once_and_the_page_is_read_again_whatever_its_age() -> None:
    async def play() -> None:
        renamed = feed(item(1, title="Bridge of Harrowgate closes"))
        answers = {URL: [page(1), page(1, text=CORRECTED)]}
        async with newsroom(answers, feed(item(1)), renamed) as desk:
            desk.made.clock.advance(hours=30)
            assert await desk.poll() == []
            assert desk.asked() == 1
            assert desk.made.ears.kinds() == ["opened", "revised"]
            assert desk.texts()[0] == desk.texts()[1]
            await desk.look()
            assert desk.asked() == 2
            assert "three of its four piers" in desk.texts()[0]
            stored = desk.made.store.article(desk.made.ears.updates[0].story.lead_id)
            assert stored is not None
            assert (stored.title, stored.revision) == ("Bridge of Harrowgate closes", 2)
            await desk.step(hours=1)
            assert desk.asked() == 2

    asyncio.run(play())


def test_a_new_headline_and_a_new_text_at_the_same_time_are_two_revisions_and_neither_is_lost() -> None:
    async def play() -> None:
        renamed = feed(item(1, title="Bridge of Harrowgate closes"))
        pages = [page(1), page(1, text=CORRECTED), page(1, text=CORRECTED)]
        fetcher = SlowPages({FEED: [feed(item(1)), renamed], URL: pages})
        fetcher.let.set()
        async with world(fetcher) as made:
            desk = Again(made, fetcher, share=9.0)
            await desk.poll()
            fetcher.let.clear()
            made.clock.advance(minutes=16)
            await desk.rereading.look()  # the page is on its way …
            assert await made.poll() == []  # … and its feed brings a new headline
            assert made.ears.kinds() == ["opened", "revised"]
            fetcher.let.set()
            await desk.look()
            assert made.ears.kinds() == ["opened", "revised", "revised"]
            head = made.ears.updates[-1].story
            stored = made.store.article(head.lead_id)
            assert stored is not None
            assert (stored.title, stored.revision) == ("Bridge of Harrowgate closes", 2)
            assert "three of its four piers" in stored.page.text
            assert head.headline == stored.title
            first, second, third = made.store.versions(stored.id, limit=9)
            assert (first.article.title, second.article.title) == (stored.title, stored.title)
            assert second.article.page.text == third.article.page.text
            # What came may be older than the new headline: the page is read once more.
            await desk.step(minutes=2)
            assert desk.asked() == 3
            assert made.ears.kinds() == ["opened", "revised", "revised"]
            assert made.store.check() == []

    asyncio.run(play())


def _sitemap(updated: str) -> Fetched:
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>{URL}</loc><lastmod>{updated}</lastmod></url></urlset>"
    )
    return replace(feed(), body=body.encode(), media_type="application/xml", request_url=MAP, url=MAP)


MAP = "https://paper.example/sitemap.xml"


def test_a_sitemap_of_the_same_site_says_that_an_article_of_its_feed_changed() -> None:
    async def play() -> None:
        answers = {URL: [page(1), page(1, text=CORRECTED)]}
        async with newsroom(answers) as desk:
            for minute, asked in ((1, 1), (12, 2), (12, 2)):
                desk.made.clock.advance(minutes=4)
                desk.made.toolbox.fetcher = CannedFetcher({MAP: _sitemap(f"2030-03-04T12:{minute:02}:00Z")})
                watched = WatchedFeed(feed=Feed(url=MAP), state=FeedState(url=MAP))
                assert await poll(watched, desk.made.toolbox, desk.made.timetable, has_room=lambda: True) == []
                desk.made.toolbox.fetcher = desk.fetcher
                await desk.look()
                assert desk.asked() == asked
            assert len(desk.texts()) == 2

    asyncio.run(play())


def test_re_reads_keep_to_the_budget_and_to_one_a_minute_and_host() -> None:
    async def play() -> None:
        links = [f"https://host{n % 3}.example/{n}" for n in range(6)]
        answers = {
            link: replace(page(n, text=f"{LONG[n * 9 :]} {n}"), request_url=link, url=link)
            for n, link in enumerate(links)
        }
        listed = feed(*(item(n, link=link, title=f"Quite other news {n * 'x'}") for n, link in enumerate(links)))
        async with newsroom(answers, listed, share=0.7) as desk:
            desk.fetcher.requests.clear()
            counts = []
            for span in ({"minutes": 16}, {"seconds": 20}, {"seconds": 50}, {"minutes": 5}):
                await desk.step(**span)
                counts.append(len(desk.fetcher.requests))
            assert counts == [3, 3, 4, 4]  # six first reads earn four; three hosts, one each

    asyncio.run(play())


def test_while_a_first_read_of_its_host_is_under_way_no_page_is_read_again() -> None:
    async def play() -> None:
        other = "https://paper.example/news/2"
        fetcher = SlowPages({FEED: [feed(item(1)), feed(item(1), item(2))], URL: page(1), other: page(2)})
        fetcher.let.set()
        async with world(fetcher) as made:
            desk = Again(made, fetcher, share=9.0)
            await desk.poll()
            fetcher.let.clear()
            made.clock.advance(minutes=20)
            for job in await made.poll():
                desk.reading.start(job)
            await desk.rereading.look()
            assert (desk.reading.busy, desk.rereading.busy) == (1, 0)
            fetcher.let.set()
            async with asyncio.timeout(10):
                while desk.reading.busy:
                    await asyncio.sleep(0.01)
            await desk.look()
            assert desk.asked() == 2

    asyncio.run(play())


def test_an_article_whose_page_has_less_than_its_feed_is_left_to_the_feed() -> None:
    async def play() -> None:
        told = f"<p>{LONG}</p><p>{LONG[::-1]}</p>"
        empty = replace(page(1), body=b"<html><body><article><p>Read all of it in our app.</p></article></body></html>")
        async with newsroom({URL: empty}, feed(item(1, text=told))) as desk:
            assert desk.due() == []
            await desk.step(hours=2)
            assert desk.asked() == 1

    asyncio.run(play())


def test_a_hidden_story_is_not_read_again() -> None:
    async def play() -> None:
        async with newsroom({URL: page(1)}) as desk:
            story_id = desk.made.ears.updates[0].story.id
            ruling = Ruling(verb="hide", story_id=story_id)
            assert await desk.made.toolbox.desk.rule(ruling, desk.made.clock.now())
            await desk.step(minutes=16)
            assert desk.asked() == 1

    asyncio.run(play())
