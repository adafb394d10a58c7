"""Polling a feed: what goes out at once, what waits for its page, what is a revision, what a failure leaves behind."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

import pytest

from stayahead.errors import ConnectFailed, DeadlinePassed, FetchError, ParseError
from stayahead.fetch import CannedFetcher
from stayahead.model import Feed, FeedState, Fetched, Opened
from stayahead.newsroom import prepare
from stayahead.newsroom.intake import Answer, poll, take_in
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.speakers import Speakers
from stayahead.newsroom.toolbox import InlinePreparer
from tests.newsroom_world import FEED, LONG, answer, feed, item, page, whole, world

T = TypeVar("T")


def test_an_entry_with_its_whole_text_goes_out_at_once() -> None:
    async def play() -> None:
        async with world(CannedFetcher({FEED: feed(item(1, text=whole(1)))})) as made:
            jobs = await made.poll()
            assert jobs == []
            assert made.ears.kinds() == ["opened"]
            head = made.ears.updates[0].story
            assert head.headline == "Report number 1 from Harrowgate"
            stored = made.store.article(head.lead_id)
            assert stored is not None
            assert not stored.backfill
            assert LONG in stored.page.text
            assert not made.wanted()

    asyncio.run(play())


def test_a_summary_waits_for_its_page() -> None:
    async def play() -> None:
        async with world(CannedFetcher({FEED: feed(item(1))})) as made:
            jobs = await made.poll()
            assert [job.record.entry.url for job in jobs] == ["https://paper.example/news/1"]
            assert made.ears.updates == []
            assert [record.id for record in made.wanted()] == [jobs[0].record.id]

    asyncio.run(play())


def test_a_news_sitemap_is_a_feed_like_any_other() -> None:
    listed = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://paper.example/news/1</loc><news:news>
        <news:publication><news:name>The Paper</news:name></news:publication><news:title>Bridge closed</news:title>
        </news:news></url></urlset>"""

    async def play() -> None:
        async with world(CannedFetcher({FEED: replace(answer(FEED, ""), body=gzip.compress(listed))})) as made:
            (job,) = await made.poll()
            assert (job.record.entry.url, job.record.entry.title) == ("https://paper.example/news/1", "Bridge closed")
            (watched,) = made.store.feeds()
            assert (watched.state.title, watched.state.entries, watched.state.error) == ("The Paper", 1, "")

    asyncio.run(play())


def test_without_room_it_goes_out_with_the_feeds_text_and_its_page_is_still_wanted() -> None:
    async def play() -> None:
        async with world(CannedFetcher({FEED: feed(item(1))})) as made:
            assert await made.poll(has_room=False) == []
            assert made.ears.kinds() == ["opened"]
            assert len(made.wanted()) == 1

    asyncio.run(play())


def test_an_entry_without_words_never_goes_out_before_its_page() -> None:
    async def play() -> None:
        sitemap = answer(
            FEED,
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            "<url><loc>https://paper.example/news/1</loc></url></urlset>",
            media_type="application/xml",
        )
        async with world(CannedFetcher({FEED: sitemap})) as made:
            assert await made.poll(has_room=False) == []
            assert made.ears.updates == []
            assert len(made.wanted()) == 1

    asyncio.run(play())


def test_the_first_poll_is_back_fill_and_later_ones_are_not() -> None:
    async def play() -> None:
        date = "Mon, 04 Mar 2030 07:00:00 GMT"
        answers = [
            feed(item(1, text=whole(1), published=date)),
            feed(item(1, text=whole(1), published=date), item(2, text=whole(2, text=LONG[::-1]))),
        ]
        async with world(CannedFetcher({FEED: answers}), first_poll_done=False) as made:
            await made.poll()
            first = made.ears.updates[0]
            assert isinstance(first.change, Opened)
            old = made.store.article(first.change.article_id)
            assert old is not None
            assert old.backfill
            assert old.placed_at.hour == 7
            assert first.story.parts.pace == 0
            made.clock.advance(minutes=10)
            await made.poll()
            live = made.ears.updates[1]
            assert isinstance(live.change, Opened)
            new = made.store.article(live.change.article_id)
            assert new is not None
            assert not new.backfill
            assert new.placed_at == made.clock.now()
            assert live.story.parts.pace > 0

    asyncio.run(play())


def test_an_entry_older_than_two_days_is_back_fill_in_any_poll() -> None:
    async def play() -> None:
        old = item(1, text=whole(1), published="Fri, 01 Mar 2030 07:00:00 GMT")
        async with world(CannedFetcher({FEED: feed(old)})) as made:
            await made.poll()
            assert made.ears.updates[0].story.parts.pace == 0
            assert not made.store.front(made.clock.now(), limit=10)

    asyncio.run(play())


def test_what_is_known_is_not_read_again_and_304_counts_as_well() -> None:
    async def play() -> None:
        fetcher = CannedFetcher({FEED: feed(item(1, text=whole(1)), etag='"a"')})
        async with world(fetcher) as made:
            await made.poll()
            made.clock.advance(minutes=10)
            await made.poll()
            assert fetcher.requests[-1].etag == '"a"'
            assert made.ears.kinds() == ["opened"]
            state = made.watched().state
            assert state.status == 304
            assert state.last_ok_at == made.clock.now()

    asyncio.run(play())


def test_a_changed_text_is_a_revision_and_a_changed_mark_alone_is_none() -> None:
    async def play() -> None:
        corrected = whole(1).replace("two of its four", "three of its four")
        answers = [
            feed(item(1, text=whole(1))),
            feed(item(1, text=whole(1) + "<p></p>")),
            feed(item(1, text=corrected)),
        ]
        async with world(CannedFetcher({FEED: answers})) as made:
            for _ in range(3):
                await made.poll()
                made.clock.advance(minutes=10)
            assert made.ears.kinds() == ["opened", "revised"]
            stored = made.store.article(made.ears.updates[0].story.lead_id)
            assert stored is not None
            assert stored.revision == 1
            assert "three of its four" in stored.page.text
            before = made.store.article(stored.id, revision=0)
            assert before is not None
            assert "two of its four" in before.page.text

    asyncio.run(play())


def test_a_failure_is_stored_with_its_remedy_and_validators_stay() -> None:
    async def play() -> None:
        failure = ConnectFailed(FEED, "refused", remedy="check the address")
        answers: list[Fetched | FetchError] = [
            feed(item(1, text=whole(1)), etag='"a"'),
            failure,
            answer(FEED, "<html><p>Moved.</p></html>"),
        ]
        async with world(CannedFetcher({FEED: answers})) as made:
            await made.poll()
            made.clock.advance(minutes=10)
            await made.poll()
            state = made.watched().state
            assert state.failures == 1
            assert "refused" in state.error
            assert "check the address" in state.error
            assert state.etag == '"a"'
            assert state.next_poll_at is not None
            assert state.next_poll_at > made.clock.now()
            made.clock.advance(minutes=30)
            await made.poll()  # a page where a feed was
            assert made.watched().state.failures == 2
            assert made.watched().state.failing_since == state.failing_since

    asyncio.run(play())


class _Deadly(InlinePreparer):
    """A preparer whose worker dies on one entry."""

    async def run(self, function: Callable[..., T], *args: object, url: str, **share: Any) -> T:
        batch = args[0] if isinstance(args[0], tuple) else args
        if function is not prepare.parse and any(getattr(entry, "title", "") == "Poison" for entry in batch):
            raise DeadlinePassed(url, "took more than 2 s of CPU")
        return await super().run(function, *args, url=url, **share)


def test_an_entry_that_costs_its_worker_is_refused_alone_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def play() -> None:
        items = feed(item(1, text=whole(1)), item(2, title="Poison", text=whole(2)), item(3, text=whole(3)))
        async with world(CannedFetcher({FEED: items})) as made:
            made.toolbox.preparer = _Deadly()
            await made.poll()
            assert sum(kind in ("opened", "joined") for kind in made.ears.kinds()) == 2
            health = made.store.health(made.clock.now())[0]
            assert health.refused == 1
            assert "2 s of CPU" in health.last_refusal
            assert made.watched().state.failures == 0

    asyncio.run(play())
    (refused,) = (record for record in caplog.records if record.msg == "entry_refused")
    fields = vars(refused)["stayahead_fields"]
    assert (fields["url"], fields["feed"]) == ("https://paper.example/news/2", FEED)
    assert "2 s of CPU" in fields["error"]


Words = list[tuple[str, str, int]]


def _pushed_or_polled(bodies: list[Fetched], *, is_asked: bool) -> tuple[list[str], Words, FeedState]:
    """Kinds of updates, the words of every version, and the feed's state."""

    async def play() -> tuple[list[str], Words, FeedState]:
        async with world(CannedFetcher({FEED: bodies})) as made:
            for body in bodies:
                if is_asked:
                    jobs = await made.poll()
                else:
                    pushed = replace(body, request_url="")
                    answer = Answer(watched=made.watched(), fetched=pushed, is_asked=False)
                    jobs = await take_in(answer, made.toolbox, made.timetable, has_room=lambda: True)
                assert [job.record.entry.url for job in jobs] == ["https://paper.example/news/2"]
                made.clock.advance(minutes=10)
            opened = [update.change.article_id for update in made.ears.updates if isinstance(update.change, Opened)]
            versions = [each.article for id_ in opened for each in made.store.versions(id_, limit=9)]
            words = [(version.title, version.page.text, version.revision) for version in versions]
            return made.ears.kinds(), words, made.watched().state

    return asyncio.run(play())


def test_a_body_that_is_pushed_gives_what_the_same_body_gives_when_it_is_asked_for() -> None:
    first = feed(item(1, text=whole(1)), item(2), etag='"a"')
    second = feed(
        item(1, text=whole(1, text=LONG[::-1])), item(2, title="Renamed before its page was read"), etag='"b"'
    )
    polled = _pushed_or_polled([first, second], is_asked=True)
    pushed = _pushed_or_polled([first, second], is_asked=False)
    assert polled[:2] == pushed[:2]
    assert polled[0] == ["opened", "revised"]
    assert (polled[2].etag, polled[2].entries) == ('"b"', 2)
    # It says nothing of validators, and not when to ask next: the feed is asked as before.
    assert (pushed[2].etag, pushed[2].entries) == ("", 0)
    assert pushed[2].next_poll_at is not None
    assert polled[2].next_poll_at is not None
    assert pushed[2].next_poll_at < polled[2].next_poll_at


def test_a_pushed_body_that_is_no_feed_is_the_pushers_fault_and_not_the_sources() -> None:
    async def play() -> None:
        async with world(CannedFetcher({})) as made:
            before = made.watched().state
            garbage = Answer(watched=made.watched(), fetched=answer(FEED, "<html><p>Hi"), is_asked=False)
            with pytest.raises(ParseError):
                await take_in(garbage, made.toolbox, made.timetable, has_room=lambda: True)
            assert made.watched().state == before

    asyncio.run(play())


class _Meanwhile(InlinePreparer):
    """A preparer during whose work something else happens, once."""

    def __init__(self, happens: Callable[[], Awaitable[object]]) -> None:
        self.happens: Callable[[], Awaitable[object]] | None = happens
        self.runs = 0

    async def run(self, function: Callable[..., T], *args: object, url: str, **share: Any) -> T:
        self.runs += function is not prepare.parse
        if function is not prepare.parse and self.happens is not None:
            happens, self.happens = self.happens, None
            await happens()
        return await super().run(function, *args, url=url, **share)


def test_two_feeds_that_bring_one_article_at_once_bring_it_once() -> None:
    other = "https://paper.example/politics.xml"
    listed = item(1, text=whole(1)), item(2, text=whole(2, text=LONG[::-1]))
    fetcher = CannedFetcher({FEED: feed(*listed), other: feed(*listed, url=other)})

    async def play() -> None:
        async with world(fetcher) as made:
            made.store.add_feeds([Feed(url=other)], made.clock.now())
            first, second = made.store.feeds()

            async def meanwhile() -> None:
                await poll(second, made.toolbox, made.timetable, has_room=lambda: True)

            preparer = made.toolbox.preparer = _Meanwhile(meanwhile)
            await poll(first, made.toolbox, made.timetable, has_room=lambda: True)
            assert made.ears.kinds() == ["opened", "opened"]
            assert preparer.runs == 2  # once for each feed: what was drafted is not drafted again
            feeds = {update.change.article_id for update in made.ears.updates if isinstance(update.change, Opened)}
            known = made.store.known_entries(tuple(feeds))
            assert {entry.feed_url for entry in known.values()} == {second.feed.url}
            assert made.store.check() == []

    asyncio.run(play())


def test_of_two_entries_that_lead_to_one_article_the_one_under_its_own_address_counts() -> None:
    url = "https://paper.example/news/1"
    amp = item(9, title="Title of the short page", link="https://paper.example/amp/1")
    moved = replace(page(1), request_url=url, url="https://paper.example/amp/1")
    fetcher = CannedFetcher({FEED: [feed(item(1)), feed(amp, item(1)), feed(item(1), amp)], url: moved})

    async def play() -> None:
        async with world(fetcher) as made:
            (job,) = await made.poll()
            reading = PageReading(made.toolbox, page_wait_s=5)
            reading.start(job)
            while reading.busy:
                await asyncio.sleep(0.01)
            for _ in range(2):
                made.clock.advance(minutes=10)
                assert await made.poll() == []
            assert made.ears.kinds() == ["opened"]

    asyncio.run(play())


def test_the_same_article_in_two_feeds_is_one_and_the_other_feeds_wording_no_revision() -> None:
    async def play() -> None:
        async with world(CannedFetcher({FEED: feed(item(1, text=whole(1)))})) as made:
            await made.poll()
            made.store.remove_feed(FEED)
            other = "https://paper.example/politics.xml"
            made.store.add_feeds([Feed(url=other)], made.clock.now())
            again = feed(item(1, text=whole(1) + "<p>Worded otherwise there.</p>"), url=other)
            made.toolbox.fetcher = CannedFetcher({other: again})
            await made.poll()
            assert made.ears.kinds() == ["opened"]

    asyncio.run(play())


class _Watched(Speakers):
    """Speakers that note on which threads they are asked whose an address is."""

    asked_on: ClassVar[set[str]] = set()

    def is_foreign(self, url: str, *, feed_url: str, answered_by: str = "", proven: tuple[str, ...] = ()) -> bool:
        self.asked_on.add(threading.current_thread().name)
        return super().is_foreign(url, feed_url=feed_url, answered_by=answered_by, proven=proven)


def test_whose_address_each_entry_is_is_not_asked_on_the_event_loop() -> None:
    async def play() -> None:
        async with world(CannedFetcher({FEED: feed(item(1, text=whole(1)), item(2))})) as made:
            made.toolbox.speakers = _Watched()
            await made.poll()
            assert _Watched.asked_on
            assert threading.current_thread().name not in _Watched.asked_on

    asyncio.run(play())
