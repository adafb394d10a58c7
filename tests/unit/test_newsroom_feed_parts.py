"""What a feed's answer goes on at: indexes of sitemaps, and pages; what is asked and kept, what a failure costs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from stayahead.errors import FetchError, HttpStatus
from stayahead.fetch import CannedFetcher
from stayahead.model import FeedState, Fetched
from stayahead.newsroom.feed_parts import ENTRIES_MAX, PARTS_PER_POLL
from tests.newsroom_world import FEED, World, answer, feed, item, whole, world

SITE = "https://paper.example"
Answers = dict[str, Fetched | FetchError | Sequence[Fetched | FetchError]]


def index(*parts: str, changed: str = "", url: str = FEED) -> Fetched:
    listed = "".join(f"<sitemap><loc>{SITE}/{part}</loc><lastmod>{changed}</lastmod></sitemap>" for part in parts)
    return answer(url, f"<sitemapindex>{listed}</sitemapindex>", media_type="application/xml", etag='"index"')


def sitemap(name: str, *numbers: int, etag: str = "") -> Fetched:
    listed = "".join(
        f"<url><loc>{SITE}/news/{number}</loc><news:news><news:publication><news:name>The Paper</news:name>"
        f"</news:publication><news:publication_date>2030-03-04T11:{number % 60:02}:00Z</news:publication_date>"
        f"<news:title>Report number {number} from Harrowgate</news:title></news:news></url>"
        for number in numbers
    )
    return answer(f"{SITE}/{name}", f"<urlset>{listed}</urlset>", media_type="application/xml", etag=etag)


def broken(name: str, status: int = 500) -> HttpStatus:
    return HttpStatus(f"{SITE}/{name}", f"the server answered {status}", status=status)


async def polled(made: World) -> tuple[list[str], FeedState]:
    """The numbers of the reports whose pages are to be read now, and the state."""
    jobs = await made.poll(has_room=True)
    made.clock.advance(minutes=10)
    return sorted(job.record.entry.url.rpartition("/")[2] for job in jobs), made.watched().state


def asked(fetcher: CannedFetcher) -> list[str]:
    paths = [request.url.removeprefix(f"{SITE}/") for request in fetcher.requests]
    fetcher.requests.clear()
    return paths


def test_an_index_is_one_feed_of_what_its_sitemaps_hold() -> None:
    async def play() -> None:
        answers: Answers = {
            FEED: index("news-a.xml", "news-b.xml"),
            f"{SITE}/news-a.xml": [sitemap("news-a.xml", 1, 2, etag='"1"'), sitemap("news-a.xml", 1, 2, 5, etag='"2"')],
            f"{SITE}/news-b.xml": sitemap("news-b.xml", 2, 3, etag='"b"'),
        }
        fetcher = CannedFetcher(answers)
        async with world(fetcher) as made:
            urls, state = await polled(made)
            assert urls == ["1", "2", "3"]
            assert (state.title, state.entries, state.error, state.part_errors) == ("The Paper", 4, "", ())
            asked(fetcher)
            urls, state = await polled(made)
            assert urls == ["5"]
            assert state.entries == 5
            assert [request.etag for request in fetcher.requests] == ["", '"1"', '"b"']
            assert asked(fetcher) == ["feed.xml", "news-a.xml", "news-b.xml"]

    asyncio.run(play())


def test_a_sitemap_that_fails_is_told_and_costs_the_others_nothing() -> None:
    async def play() -> None:
        answers: Answers = {
            FEED: index("news-a.xml", "news-b.xml", "news-c.xml"),
            f"{SITE}/news-a.xml": [broken("news-a.xml"), sitemap("news-a.xml", 1)],
            f"{SITE}/news-b.xml": sitemap("news-b.xml", 2),
            f"{SITE}/news-c.xml": answer(f"{SITE}/news-c.xml", "<html><body>Sign in</body></html>"),
        }
        async with world(CannedFetcher(answers)) as made:
            urls, state = await polled(made)
            assert urls == ["2"]
            assert (state.failures, state.error) == (0, "")
            first, second = sorted(state.part_errors)
            assert first == f"{SITE}/news-a.xml: the server answered 500"
            assert "web page" in second
            urls, state = await polled(made)
            assert urls == ["1"]
            assert len(state.part_errors) == 1

    asyncio.run(play())


def test_when_all_fail_the_poll_has_failed_and_what_was_known_of_them_stays() -> None:
    async def play() -> None:
        answers: Answers = {
            FEED: index("news.xml"),
            f"{SITE}/news.xml": [sitemap("news.xml", 1, etag='"1"'), broken("news.xml", 503)],
        }
        async with world(CannedFetcher(answers)) as made:
            _, good = await polled(made)
            urls, state = await polled(made)
            assert urls == []
            assert state.failures == 1
            assert f"{SITE}/news.xml: the server answered 503" in state.error
            assert state.parts == good.parts

    asyncio.run(play())


def test_one_poll_asks_a_bounded_number_and_follows_the_sitemaps_of_the_day() -> None:
    async def play() -> None:
        days = [f"map-2030-03-{day:02}.xml" for day in range(1, 6)]
        inner = index(*(f"inner-{n}.xml" for n in range(9)), url=f"{SITE}/{days[4]}")
        answers: Answers = {
            FEED: [index(*days), index(*days, "map-2030-03-06.xml")],
            **{f"{SITE}/{day}": sitemap(day, number) for number, day in enumerate(days[:4], start=1)},
            f"{SITE}/{days[4]}": [inner, sitemap(days[4], 5)],
            **{f"{SITE}/inner-{n}.xml": sitemap(f"inner-{n}.xml", 10 + n) for n in range(9)},
            f"{SITE}/map-2030-03-06.xml": sitemap("map-2030-03-06.xml", 6),
        }
        fetcher = CannedFetcher(answers)
        async with world(fetcher) as made:
            await polled(made)
            requests = asked(fetcher)
            assert requests[1:5] == [*reversed(days[1:])]
            assert len(requests) == 1 + PARTS_PER_POLL
            assert {"inner-0.xml", "inner-8.xml"} == set(requests[5:])
            urls, state = await polled(made)
            assert urls == ["5", "6"]
            assert [part.url.removeprefix(f"{SITE}/map-2030-03-") for part in state.parts] == [
                "06.xml", "05.xml", "04.xml", "03.xml",
            ]  # fmt: skip

    asyncio.run(play())


def test_a_sitemap_that_did_not_change_for_long_is_asked_once_a_day() -> None:
    async def play() -> None:
        answers: Answers = {
            FEED: [
                *[index("posts.xml", changed="2030-03-01T08:00:00Z")] * 3,
                *[index("posts.xml", changed="2030-03-05T13:00:00Z")] * 2,
            ],
            f"{SITE}/posts.xml": sitemap("posts.xml", 1),
        }
        fetcher = CannedFetcher(answers)
        async with world(fetcher) as made:
            await polled(made)
            assert asked(fetcher) == ["feed.xml", "posts.xml"]
            _, state = await polled(made)
            assert asked(fetcher) == ["feed.xml"]
            assert state.entries == 1
            made.clock.advance(hours=25)
            await polled(made)
            assert asked(fetcher) == ["feed.xml", "posts.xml"]
            for _ in range(2):  # of today: whatever it says, it may have changed since
                await polled(made)
                assert asked(fetcher) == ["feed.xml", "posts.xml"]

    asyncio.run(play())


def next_page(number: int) -> str:
    return f'<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="{FEED}?p={number}"/>'


def test_pages_are_followed_while_all_that_they_hold_is_new() -> None:
    async def play() -> None:
        pages: Answers = {
            FEED: [feed(item(9), next_page(2)), feed(item(10), item(9), next_page(2)), feed(item(20), next_page(2))],
            f"{FEED}?p=2": [feed(item(8), next_page(3), etag='"2"'), feed(item(12), item(10), next_page(3))],
            **{f"{FEED}?p={n}": feed(item(10 - n), next_page(n + 1)) for n in range(3, 20)},
        }
        fetcher = CannedFetcher(pages)
        async with world(fetcher, first_poll_done=False) as made:
            await polled(made)
            assert len(asked(fetcher)) == 1 + PARTS_PER_POLL
            state = made.watched().state
            assert (state.parts, state.entries) == ((), 1 + PARTS_PER_POLL)
            urls, _ = await polled(made)  # a known entry: nothing was missed
            assert (urls, len(asked(fetcher))) == (["10"], 1)
            urls, _ = await polled(made)  # nothing known: the page before tells what came in between
            assert urls == ["12", "20"]
            assert len(asked(fetcher)) == 2

    asyncio.run(play())


def test_a_next_page_that_fails_costs_the_feed_nothing() -> None:
    async def play() -> None:
        async with world(CannedFetcher({FEED: feed(item(1), next_page(2))})) as made:
            urls, state = await polled(made)
            assert (urls, state.failures, state.part_errors) == (["1"], 0, ())

    asyncio.run(play())


def test_a_feed_is_asked_where_it_moved_and_keeps_its_name() -> None:
    async def play() -> None:
        moved = f"{SITE}/rss"
        led = replace(feed(item(1, text=whole(1))), moved_to=moved, url=moved)
        there = replace(feed(item(1, text=whole(1)), item(2, text=whole(2)), url=moved))
        fetcher = CannedFetcher({FEED: led, moved: there})
        async with world(fetcher) as made:
            await polled(made)
            made.clock.advance(hours=24)
            _, state = await polled(made)
            assert asked(fetcher) == ["feed.xml", "rss"]
            assert (state.url, state.moved_to) == (FEED, moved)
            lead = made.store.article(made.ears.updates[-1].story.lead_id)
            assert lead is not None
            assert lead.feed_url == FEED
            del made.ears.updates[:]
            await polled(made)
            assert made.ears.kinds() == []

    asyncio.run(play())


def test_a_next_page_is_not_asked_once_there_are_as_many_entries_as_are_read() -> None:
    async def play() -> None:
        whole = feed(*(item(number) for number in range(ENTRIES_MAX)), next_page(2))
        fetcher = CannedFetcher({FEED: whole, f"{FEED}?p=2": feed(item(2000), next_page(3))})
        async with world(fetcher) as made:
            await made.poll(has_room=False)
            assert asked(fetcher) == ["feed.xml"]

    asyncio.run(play())
