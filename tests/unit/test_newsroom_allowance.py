"""What one source may bring: its flood harms no other, what waits comes in while listed, counters add up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from stayahead.fetch import CannedFetcher
from stayahead.model import Entry, Feed, FeedState, Fetched, Joined, Opened, WatchedFeed
from stayahead.newsroom.allowance import Allowances, source_of
from stayahead.newsroom.feed_parts import ENTRIES_MAX
from stayahead.newsroom.intake import poll
from stayahead.newsroom.speakers import Speakers
from tests.newsroom_world import FEED, NOON, World, answer, feed, item, whole, world

SITE = "https://paper.example"


def entries(count: int, *, first: int = 0) -> list[tuple[str, Entry]]:
    return [(f"a{n}", Entry(id=f"a{n}", url=f"{SITE}/{n}")) for n in range(first, first + count)]


def report(number: int) -> str:
    """An article that says when it was published: the greater its number, the later."""
    date = f"Mon, 04 Mar 2030 {number // 60:02}:{number % 60:02}:00 GMT"
    return item(number, text=whole(number), published=date)


def taken(made: World) -> list[int]:
    """The numbers of the articles, in the order in which they came in."""
    changes = (update.change for update in made.ears.updates)
    ids = [change.article_id for change in changes if isinstance(change, Opened | Joined)]
    articles = [made.store.article(each) for each in ids]
    return [int(each.entry.url.rpartition("/")[2]) for each in articles if each is not None]


async def polls(made: World, answers: Sequence[Fetched], *, minutes: int = 10) -> list[int]:
    """How many articles there are after each answer."""
    counts = []
    for each in answers:
        made.toolbox.fetcher = CannedFetcher({FEED: each})
        await made.poll()
        made.clock.advance(minutes=minutes)
        counts.append(len(taken(made)))
    return counts


def test_what_waits_comes_in_while_the_feed_lists_it_the_newest_first() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            made.toolbox.allowances = Allowances(6)
            # The oldest first, as some feeds have it: what is new is told by the times and not by the place.
            listed = feed(*map(report, range(15)), etag='"same"')
            assert await polls(made, [listed] * 2) == [12, 13]
            assert sorted(taken(made)) == list(range(2, 15))
            assert made.watched().state.waiting == 2
            # One more is listed: it goes before those that wait, and they come in all the same.
            more = feed(*map(report, range(16)), etag='"same"')
            assert await polls(made, [more] * 4) == [14, 15, 16, 16]
            assert taken(made)[13:] == [15, 1, 0]
            assert made.watched().state.waiting == 0
            assert made.watched().state.last_new_at == NOON + timedelta(minutes=50)
            assert made.store.check() == []

    asyncio.run(play())


def test_a_feed_of_which_entries_wait_is_asked_for_the_whole() -> None:
    async def play() -> None:
        fetcher = CannedFetcher({FEED: feed(*map(report, range(4)), etag='"same"')})
        async with world(CannedFetcher({})) as made:
            made.toolbox.allowances = Allowances(1)
            made.toolbox.fetcher = fetcher
            for _ in range(4):
                await made.poll()
                made.clock.advance(hours=1)
            assert [request.etag for request in fetcher.requests] == ["", "", "", '"same"']
            assert len(taken(made)) == 4

    asyncio.run(play())


def test_what_waits_on_a_further_page_of_the_feed_is_reached() -> None:
    async def play() -> None:
        second = f"{SITE}/feed.xml?page=2"
        atom = '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Paper</title>{}</feed>'

        def page_of(*some: int, more: str = "") -> str:
            links = f'<link rel="next" href="{more}"/>' if more else ""
            return atom.format(
                links
                + "".join(
                    f"<entry><id>{n}</id><title>Report number {n} from Harrowgate</title>"
                    f'<link href="{SITE}/news/{n}"/><updated>2030-03-04T0{n}:00:00Z</updated></entry>'
                    for n in some
                )
            )

        fetcher = CannedFetcher({FEED: answer(FEED, page_of(4, 3, more=second)), second: answer(second, page_of(2, 1))})
        async with world(CannedFetcher({})) as made:
            made.toolbox.allowances = Allowances(1)
            made.toolbox.fetcher = fetcher
            for _ in range(4):
                await made.poll(has_room=False)
                made.clock.advance(hours=1)
            assert taken(made) == [3, 4, 2, 1]
            # Once nothing waits, the further page is not asked for any more.
            assert [request.url for request in fetcher.requests] == [FEED, second] * 3 + [FEED]

    asyncio.run(play())


def test_sitemaps_of_which_entries_wait_are_asked_for_the_whole() -> None:
    async def play() -> None:
        part = f"{SITE}/news-a.xml"
        urls = "".join(
            f"<url><loc>{SITE}/news/{n}</loc><news:news><news:publication><news:name>The Paper</news:name>"
            f"</news:publication><news:title>Report number {n} from Harrowgate</news:title></news:news></url>"
            for n in range(4)
        )
        index = (
            f"<sitemapindex><sitemap><loc>{part}</loc><lastmod>2030-03-01T00:00:00Z</lastmod></sitemap></sitemapindex>"
        )
        fetcher = CannedFetcher(
            {
                FEED: answer(FEED, index, media_type="application/xml"),
                part: answer(part, f"<urlset>{urls}</urlset>", media_type="application/xml", etag='"part"'),
            }
        )
        async with world(CannedFetcher({})) as made:
            made.toolbox.allowances = Allowances(1)
            made.toolbox.fetcher = fetcher
            for _ in range(3):
                await made.poll(has_room=False)
                made.clock.advance(hours=1)
            assert len(taken(made)) == 4
            asked = [request.etag for request in fetcher.requests if request.url == part]
            assert asked == ["", "", ""]
            await made.poll()
            assert fetcher.requests[-1].url == FEED  # the sitemap rests again

    asyncio.run(play())


def test_a_source_that_floods_takes_nothing_from_another() -> None:
    async def play() -> None:
        other = "https://honest.example/feed.xml"
        async with world(CannedFetcher({})) as made:
            made.toolbox.allowances = allowances = Allowances(6)
            made.store.add_feeds([Feed(url=other)], NOON)
            honest = 0
            for round_ in range(6):
                flood = feed(*map(report, range(round_ * 30, round_ * 30 + 30)))
                links = [item(n, text=whole(n + 500), link=f"https://honest.example/{n}") for n in range(round_ + 1)]
                made.toolbox.fetcher = CannedFetcher({FEED: flood, other: feed(*links, url=other)})
                for watched in made.store.feeds():
                    await poll(watched, made.toolbox, made.timetable, has_room=lambda: True)
                made.clock.advance(minutes=10)
                honest += 1
                states = {each.feed.url: each.state for each in made.store.feeds()}
                assert states[other].waiting == 0
                assert states[FEED].waiting == 30 - (12 if round_ == 0 else 1)
            assert len(taken(made)) == honest + 12 + 5 == allowances.taken
            assert allowances.taken + allowances.put_off == honest + 6 * 30

    asyncio.run(play())


def test_feeds_of_one_host_are_one_source_and_a_feed_on_anybodys_host_is_its_own() -> None:
    speakers = Speakers(domains={"paperonline.example": "paper.example"})
    assert {source_of(f"https://feeds{n}.paper.example/{n}", speakers) for n in range(12)} == {"paper.example"}
    assert source_of("https://paperonline.example/feed", speakers) == "paper.example"
    burner = ["https://feeds.feedburner.com/one", "https://feeds.feedburner.com/two"]
    assert [source_of(url, speakers) for url in burner] == burner
    allowances = Allowances(5, {"agency.example": 50, "own.example": 0})
    assert len(allowances.share("paper.example", entries(30), now=NOON).waiting) == 20
    assert len(allowances.share("paper.example", entries(1, first=30), now=NOON).waiting) == 1
    assert not allowances.share("agency.example", entries(100), now=NOON).waiting
    assert not allowances.share("own.example", entries(2_000), now=NOON).waiting


def test_the_first_answer_of_a_feed_is_free_whatever_it_holds() -> None:
    async def play() -> None:
        async with world(CannedFetcher({}), first_poll_done=False) as made:
            made.toolbox.allowances = allowances = Allowances(2)
            assert await polls(made, [feed(*map(report, range(40)))]) == [40]
            assert (made.watched().state.waiting, made.watched().state.intake_left) == (0, 4.0)
            assert await polls(made, [feed(*map(report, range(80)))]) == [44]
            assert (allowances.taken, allowances.put_off) == (44, 36)

    asyncio.run(play())


def test_a_restart_is_no_new_allowance_and_takes_none_away() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            made.toolbox.allowances = Allowances(6)
            assert await polls(made, [feed(*map(report, range(20)))], minutes=20) == [12]
            made.toolbox.allowances = restarted = Allowances(6)
            restarted.recall(made.store.feeds(), made.toolbox.speakers)
            assert await polls(made, [feed(*map(report, range(20)))]) == [14]

    asyncio.run(play())


def test_of_a_source_with_several_feeds_the_last_answer_says_what_is_left() -> None:
    feeds = [
        WatchedFeed(feed=Feed(url=f"{SITE}/{n}"), state=FeedState(url=f"{SITE}/{n}", intake_left=left, whole_at=at))
        for n, left, at in ((1, 10.0, NOON - timedelta(hours=1)), (2, 1.0, NOON), (3, 7.0, NOON - timedelta(minutes=1)))
    ]
    for order in (feeds, feeds[::-1]):
        allowances = Allowances(6)
        allowances.recall(order, Speakers())
        assert allowances.share("paper.example", entries(5), now=NOON).taken == 1


def test_what_was_not_committed_is_given_back() -> None:
    allowances = Allowances(6)
    share = allowances.share("paper.example", entries(20), now=NOON)
    assert (share.taken, len(share.waiting)) == (12, 8)
    allowances.give_back(share, 20)
    assert (allowances.taken, allowances.put_off) == (0, 0)
    assert allowances.share("paper.example", entries(20), now=NOON).taken == 12


def test_no_clock_gives_more_than_the_allowance_or_silences_a_source() -> None:
    allowances = Allowances(6)
    assert allowances.share("paper.example", entries(20), now=NOON + timedelta(days=400)).taken == 12
    assert allowances.share("paper.example", entries(20), now=NOON).taken == 0  # the clock was put right
    assert allowances.share("paper.example", entries(20), now=NOON + timedelta(hours=1)).taken == 6


def test_in_any_span_a_source_brings_at_most_its_burst_and_what_came_with_time() -> None:
    allowances, now, total = Allowances(60), NOON, 0
    for step in range(500):
        now += timedelta(seconds=step * 37 % 91)
        total += allowances.share("paper.example", entries(step * 13 % 40), now=now).taken
        hours = (now - NOON) / timedelta(hours=1)
        assert total <= 120 + 60 * hours
    assert total >= 120 + 60 * hours - 40


def test_by_default_as_much_as_a_poll_can_bring_comes_in_at_once() -> None:
    allowances = Allowances(500)
    assert not allowances.share("paper.example", entries(ENTRIES_MAX), now=NOON).waiting
    assert len(allowances.share("paper.example", entries(1), now=NOON).waiting) == 1
