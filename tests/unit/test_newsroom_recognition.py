"""What is polled again is known again: each kind of feed that made many articles of one, or one of many."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from html import escape

import pytest

from stayahead.fetch import CannedFetcher
from stayahead.model import Feed, Fetched, Joined, Opened
from stayahead.newsroom.intake import Answer, poll, take_in
from stayahead.newsroom.recognition import RULES
from tests.identity_kinds import KINDS, Kind, entry
from tests.newsroom_world import FEED, NOON, World, answer, feed, item, whole, world

SITE = "https://paper.example"


def opened(made: World) -> list[str]:
    changes = (update.change for update in made.ears.updates)
    return [change.article_id for change in changes if isinstance(change, Opened | Joined)]


async def polls(made: World, answers: Sequence[Fetched]) -> list[int]:
    """How many articles there are after each answer."""
    counts = []
    for each in answers:
        made.toolbox.fetcher = CannedFetcher({FEED: each})
        await made.poll()
        made.clock.advance(minutes=10)
        counts.append(len(opened(made)))
    return counts


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_each_entry_is_one_article_however_often_it_is_polled(kind: Kind) -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            answers = [feed(*kind(SITE, at, range(6))) for at in range(5)]
            assert await polls(made, answers) == [6] * 5
            assert made.ears.kinds().count("revised") == 0
            # One more, and the oldest left out, in another order.
            assert await polls(made, [feed(*reversed(kind(SITE, 9, range(1, 7))))]) == [7]
            assert made.ears.kinds().count("revised") == 0
            assert made.store.check() == []

    asyncio.run(play())


def test_a_lone_fragment_keeps_its_id_when_another_comes() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            first, second = (entry(n, link=f"{SITE}/live#{n}", date="") for n in (1, 2))
            changed = entry(1, link=f"{SITE}/live#1", date="", title="What it is called now")
            assert await polls(made, [feed(first), feed(second, changed), feed(second), feed(first)]) == [1, 2, 2, 2]
            (id_, _) = opened(made)
            article = made.store.article(id_)
            assert article is not None
            assert article.title == "Report number 1 from Harrowgate"
            assert article.revision == 2

    asyncio.run(play())


def test_a_feed_that_shows_one_fragment_at_a_time_brings_them_all() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            answers = [feed(entry(n, link=f"{SITE}/log#v{n}", date="")) for n in (1, 1, 2, 3, 3)]
            assert await polls(made, answers) == [1, 1, 2, 3, 3]

    asyncio.run(play())


@pytest.mark.parametrize("guid", ["1", "always", ""])
def test_ids_that_are_used_again_lose_no_article(guid: str) -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            answers = [
                feed(entry(n, link=f"{SITE}/news/{n}", guid=guid), entry(0, link=f"{SITE}/0")) for n in (1, 2, 3)
            ]
            assert await polls(made, answers) == [2, 3, 4]
            both = feed(*(entry(n, link=f"{SITE}/news/{n}", guid=guid or "same") for n in range(1, 6)))
            assert await polls(made, [both, both]) == [6, 6]

    asyncio.run(play())


def test_two_feeds_of_a_site_with_ids_of_their_own_bring_one_article() -> None:
    other = f"{SITE}/politics.xml"

    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            made.store.add_feeds([Feed(url=other)], made.clock.now())
            link = f"{SITE}/news/1"
            answers = {
                FEED: feed(entry(1, link=link, guid="tag:a")),
                other: feed(entry(1, link=link, guid="tag:b"), url=other),
            }
            made.toolbox.fetcher = CannedFetcher(answers)
            for watched in made.store.feeds():
                await poll(watched, made.toolbox, made.timetable, has_room=lambda: True)
            assert len(opened(made)) == 1

    asyncio.run(play())


def test_a_shared_page_is_nobodys_text() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            short = [item(n, link=f"{SITE}/live#{n}", title=f"Minute {n}") for n in range(3)]
            made.toolbox.fetcher = CannedFetcher({FEED: feed(*short)})
            assert await made.poll() == []
            assert len(opened(made)) == 3
            assert not made.wanted()

    asyncio.run(play())


def test_what_a_feed_lists_for_longer_than_it_is_kept_is_no_news() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            listed = [entry(n, link=f"{SITE}/news/{n}", date="") for n in range(3)]
            assert await polls(made, [feed(*listed)]) == [3]
            with made.store._require_writer().writing() as db:
                db.execute("DELETE FROM entries")
            assert await polls(made, [feed(*listed), feed(entry(3, link=f"{SITE}/news/3", date=""), *listed)]) == [3, 4]
            assert await polls(made, [feed(*listed)]) == [4]

    asyncio.run(play())


def test_a_server_that_says_304_for_ever_is_asked_for_the_whole_once_a_day() -> None:
    async def play() -> None:
        fetcher = CannedFetcher({FEED: feed(item(1, text=whole(1)), etag='"a"')})
        async with world(fetcher) as made:
            for hours in (0, 12, 11, 2, 1):
                made.clock.advance(hours=hours)
                await made.poll()
            assert [request.etag for request in fetcher.requests] == ["", '"a"', '"a"', "", '"a"']
            state = made.watched().state
            assert state.last_new_at == NOON + timedelta(minutes=10)
            assert state.whole_at == NOON + timedelta(hours=25, minutes=10)
            assert state.identity_rules == RULES

    asyncio.run(play())


def told(line: str, *, updated: str = "", title: str = "Bridge") -> str:
    extra = f"<atom:updated xmlns:atom='http://www.w3.org/2005/Atom'>{updated}</atom:updated>" if updated else ""
    content = escape(f"{whole(1)}<p>{line}</p>")
    start = f"<item><title>{title}</title><link>{SITE}/news/1</link>"
    return f"{start}{extra}<content:encoded>{content}</content:encoded></item>"


def revisions(made: World) -> int:
    return made.ears.kinds().count("revised")


def test_readers_that_are_counted_make_no_news() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            await polls(made, [feed(told(f"{1_000 + 37 * n} views · {n + 1} minutes ago")) for n in range(30)])
            assert revisions(made) == 0

    asyncio.run(play())


@pytest.mark.parametrize(
    ("headline", "most"), [("Bridge closed ({n} comments) - {n} minutes ago", 0), ("Bridge closed {n} minutes ago", 8)]
)
def test_a_headline_that_ticks_makes_few_revisions_or_none(headline: str, most: int) -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            await polls(made, [feed(told("Dead: 17", title=headline.format(n=n))) for n in range(2, 32)])
            assert revisions(made) <= most
            before = revisions(made)
            await polls(made, [feed(told("Dead: 17", title="Bridge open again (41 comments)"))])
            assert revisions(made) == before + 1

    asyncio.run(play())


def test_an_unknown_counter_makes_ever_fewer_revisions() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            await polls(made, [feed(told(f"Wibbles {100 + n}")) for n in range(288)])
            assert 5 <= revisions(made) <= 11

    asyncio.run(play())


def test_each_toll_is_told() -> None:
    tolls = ("17", "41", "44", "52", "60")

    async def play(line: str, *, says_so: bool) -> int:
        async with world(CannedFetcher({})) as made:
            stamps = [f"2030-03-04T12:{10 + n}:00Z" if says_so else "" for n in range(len(tolls))]
            await polls(
                made, [feed(told(line.format(toll), updated=at)) for toll, at in zip(tolls, stamps, strict=True)]
            )
            return revisions(made)

    assert asyncio.run(play("The toll rose to {} on Monday.", says_so=False)) == 4
    assert asyncio.run(play("Confirmed dead: {}", says_so=True)) == 4


def test_a_figure_that_must_wait_is_not_lost() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            lines = ["Confirmed dead: 17", "Confirmed dead: 41", "Confirmed dead: 42", "Confirmed dead: 43"]
            await polls(made, [feed(told(line)) for line in [*lines, *[lines[-1]] * 20]])
            article = made.store.article(opened(made)[0])
            assert article is not None
            assert "Confirmed dead: 43" in article.page.text

    asyncio.run(play())


def test_the_first_poll_of_a_feed_without_times_is_not_from_just_now() -> None:
    async def play() -> None:
        async with world(CannedFetcher({}), first_poll_done=False) as made:
            await polls(made, [feed(*(entry(n, link=f"{SITE}/{n}", date="") for n in range(3)))])
            for id_ in opened(made):
                article = made.store.article(id_)
                assert article is not None
                assert article.placed_at == NOON - timedelta(days=1)

    asyncio.run(play())


def test_a_server_that_never_gives_the_whole_is_failing() -> None:
    async def play() -> None:
        never = replace(answer(FEED, ""), status=304, body=b"")
        async with world(CannedFetcher({FEED: never})) as made:
            assert made.watched().state.etag == ""
            await made.poll()
            state = made.watched().state
            assert state.failures == 1
            assert "304" in state.error

    asyncio.run(play())


def test_a_poll_and_a_push_at_once_bring_an_entry_once() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            kind = KINDS["tokens, ids"]

            async def push(at: int) -> None:
                pushed = Answer(watched=made.watched(), fetched=feed(*kind(SITE, at, range(6))), is_asked=False)
                await take_in(pushed, made.toolbox, made.timetable, has_room=lambda: True)

            await asyncio.gather(*map(push, range(4)))
            assert len(opened(made)) == 6

    asyncio.run(play())
