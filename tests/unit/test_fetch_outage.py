"""An outage of ours: who fails with everybody else waits no longer for it, and is asked soon after."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import pytest

from stayahead.config import Settings
from stayahead.errors import ConnectFailed, FetchTimeout, HttpStatus, SourceError
from stayahead.fetch import CannedFetcher, Timetable
from stayahead.fetch.outage import Outage
from stayahead.fetch.schedule import SOON_S
from stayahead.model import Feed, FeedState, Fetched
from stayahead.newsroom.loop import Newsroom
from tests.newsroom_world import FEED, NOON, world

EVERY_S = 600.0
FEEDS = tuple(f"https://paper{number}.example/feed" for number in range(20))


def lost(url: str) -> SourceError:
    return ConnectFailed(url, "its name is not known")


def hours_away(timetable: Timetable, *, hours: float) -> dict[str, FeedState]:
    """All feeds, asked whenever they are due, while nobody can be reached."""
    states = {url: FeedState(url=url) for url in FEEDS}
    now = NOON
    while now < NOON + timedelta(hours=hours):
        for url, state in states.items():
            if timetable.is_due(state, now):
                states[url] = timetable.failed(state, lost(url), now)
        now += timedelta(seconds=30)
    return states


def test_no_back_off_grows_while_nobody_can_be_reached() -> None:
    timetable = Timetable(Settings(poll_every_s=EVERY_S), seed=1)
    states = hours_away(timetable, hours=6)
    end = NOON + timedelta(hours=6)
    latest = max(state.next_poll_at for state in states.values() if state.next_poll_at is not None)
    assert latest <= end + timedelta(seconds=1.1 * EVERY_S)
    assert {state.failures for state in states.values()} <= {1, 2}
    assert {state.failing_since for state in states.values()} == {NOON}


def test_the_first_that_answers_lets_all_others_be_asked_soon_and_spread() -> None:
    timetable = Timetable(Settings(poll_every_s=EVERY_S), seed=1)
    states = hours_away(timetable, hours=6)
    now = NOON + timedelta(hours=6)
    assert timetable.missed() == frozenset()
    timetable.unchanged(states[FEEDS[0]], Fetched(request_url=FEEDS[0], url=FEEDS[0], status=304, at=now), now)
    assert timetable.missed() == frozenset(FEEDS[1:])
    assert timetable.missed() == frozenset(), "each is told once"
    waits = [timetable.soon(FeedState(url=url, next_poll_at=now + timedelta(hours=5)), now) for url in FEEDS]
    seconds = sorted((state.next_poll_at - now).total_seconds() for state in waits if state.next_poll_at)
    assert seconds[0] >= 0
    assert seconds[-1] <= SOON_S
    assert seconds[-1] - seconds[0] > SOON_S / 2
    earlier = FeedState(url=FEEDS[1], next_poll_at=now)
    assert timetable.soon(earlier, now) == earlier


def test_a_source_that_fails_alone_waits_longer_each_time() -> None:
    timetable = Timetable(Settings(poll_every_s=EVERY_S), seed=1)
    state, now = FeedState(url=FEEDS[0]), NOON
    for _ in range(5):
        for url in FEEDS[1:]:
            timetable.unchanged(FeedState(url=url), Fetched(request_url=url, url=url, status=304, at=now), now)
        state = timetable.failed(state, lost(state.url), now)
        assert state.next_poll_at is not None
        wait, now = state.next_poll_at - now, state.next_poll_at
    assert state.failures == 5
    assert wait >= timedelta(seconds=0.9 * EVERY_S * 16)
    assert timetable.missed() == frozenset()


@pytest.mark.parametrize(
    ("failing", "answering", "is_on"), [(2, 0, False), (3, 0, True), (3, 1, False), (18, 2, True), (17, 3, False)]
)
def test_it_is_us_when_nearly_all_of_several_hosts_fail(failing: int, answering: int, *, is_on: bool) -> None:
    outage = Outage(EVERY_S)
    for url in FEEDS[:answering]:
        outage.note_answer(url, NOON)
    for url in FEEDS[answering : answering + failing]:
        outage.note_failure(url, FetchTimeout(url, "no connection in time"), NOON)
    assert outage.is_on(NOON) is is_on
    assert not outage.is_on(NOON + timedelta(hours=1)), "what was long ago says nothing"


def test_many_feeds_of_one_host_and_errors_that_a_server_sent_are_no_outage() -> None:
    outage = Outage(EVERY_S)
    for number in range(20):
        url = f"https://one.example/{number}"
        outage.note_failure(url, lost(url), NOON)
    assert not outage.is_on(NOON)
    for url in FEEDS:
        outage.note_failure(url, HttpStatus(url, "the server answered 503", status=503), NOON)
    assert not outage.is_on(NOON)


def test_one_that_was_never_away_ends_no_outage() -> None:
    outage = Outage(EVERY_S)
    for url in FEEDS[1:]:
        outage.note_failure(url, lost(url), NOON)
    outage.note_answer(FEEDS[0], NOON)
    outage.note_answer(FEEDS[0], NOON + timedelta(minutes=5))
    assert outage.missed() == frozenset()


def test_the_loop_asks_soon_what_an_outage_let_it_miss() -> None:
    async def play() -> None:
        others = FEEDS[:5]
        fetcher = CannedFetcher({url: ConnectFailed(url, "its name is not known") for url in (FEED, *others)})
        async with world(fetcher, at_work=False) as made:
            made.store.add_feeds([Feed(url=url) for url in others], NOON)
            newsroom = Newsroom(made.toolbox, made.timetable, polls_at_once=9, page_wait_s=1, look_every_s=0.01)
            running = asyncio.create_task(newsroom.run())
            async with asyncio.timeout(20):
                while not all(watched.state.failures for watched in made.store.feeds()):
                    await asyncio.sleep(0.01)
                made.clock.advance(minutes=1)  # none is due for eight more
                paper = next(w.state for w in made.store.feeds() if w.feed.url == FEED)
                made.timetable.unchanged(
                    paper, Fetched(request_url=FEED, url=FEED, status=304, at=made.clock.now()), made.clock.now()
                )
                soon = made.clock.now() + timedelta(seconds=SOON_S)
                while not all(
                    w.state.next_poll_at is not None and w.state.next_poll_at <= soon
                    for w in made.store.feeds()
                    if w.feed.url in others
                ):
                    await asyncio.sleep(0.01)
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    asyncio.run(play())
