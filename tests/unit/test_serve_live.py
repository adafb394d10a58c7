"""The live hub: nothing lost, nothing repeated, at most one event a tick, bounded queues, resets where due."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from stayahead.model import Linked, Merged, Removed, Update
from stayahead.serve import LiveHub, live, replay
from stayahead.serve.cursors import Cursor, parse_cursor
from stayahead.store import SqliteStore
from tests.serve_requests import Event, FixedClock, read_event
from tests.serve_stories import NOW, forget_updates, join, story_of, tell, world

Stream = AsyncGenerator[bytes, None]
GUARD_S = 20


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with world() as store:
        yield store


class Ticks:
    """A sleep that ends when the test says so, and counts."""

    def __init__(self) -> None:
        self.waiting: list[asyncio.Future[None]] = []
        self.asked: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        future = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        await future

    async def pass_one(self) -> None:
        """Let the tick that waits end, and what follows from it happen."""
        self.waiting.pop(0).set_result(None)
        await settle()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def guarded() -> None:
        async with asyncio.timeout(GUARD_S):
            await test()

    asyncio.run(guarded())


async def after_greeting(stream: Stream) -> Event:
    """The hello or reset at the head of a stream."""
    assert read_event((await anext(stream)).decode()).retry
    return read_event((await anext(stream)).decode())


async def next_event(stream: Stream) -> Event:
    return read_event((await anext(stream)).decode())


def commit(pages: SqliteStore, hub: LiveHub, *story_ids: str) -> None:
    hub.publish(join(pages, *story_ids))


def ids(pages: SqliteStore, count: int = 3) -> list[str]:
    return [row.head.id for row in pages.front(NOW, limit=count)]


def test_a_new_reader_is_greeted_with_the_position(pages: SqliteStore) -> None:
    async def test() -> None:
        stream = LiveHub(pages, FixedClock()).stream(["front"], None)
        hello = await after_greeting(stream)
        assert hello.kind == "hello"
        assert hello.id == f"k7f2-{pages.position().update}"
        assert hello.data[0]["at"] == "2026-11-22T14:30:00Z"
        await stream.aclose()

    run(test)


def test_changes_within_a_tick_are_one_event(pages: SqliteStore) -> None:
    async def test() -> None:
        ticks = Ticks()
        hub = LiveHub(pages, FixedClock(), sleep=ticks.sleep)
        first, second, _ = ids(pages)
        stream = hub.stream(["front"], None)
        await after_greeting(stream)
        commit(pages, hub, first)
        at_once = await next_event(stream)
        assert [line["id"] for line in at_once.stories] == [first]
        for _ in range(10):
            commit(pages, hub, first, second)
        await settle()
        assert ticks.asked == [live.TICK_S]
        await ticks.pass_one()
        together = await next_event(stream)
        assert {line["id"]: line["kinds"] for line in together.stories} == {
            first: {"joined": 10},
            second: {"joined": 10},
        }
        assert together.id == f"k7f2-{pages.position().update}"
        await ticks.pass_one()
        assert not ticks.waiting
        await stream.aclose()

    run(test)


def test_a_story_topic_hears_of_its_story_alone(pages: SqliteStore) -> None:
    async def test() -> None:
        ticks = Ticks()
        hub = LiveHub(pages, FixedClock(), sleep=ticks.sleep)
        first, second, third = ids(pages)
        stream = hub.stream([f"story:{first}", f"story:{third}"], None)
        await after_greeting(stream)
        commit(pages, hub, second, first)
        event = await next_event(stream)
        assert [line["id"] for line in event.stories] == [first]
        await stream.aclose()

    run(test)


def test_a_merge_reaches_the_followers_of_both_and_they_follow_on(pages: SqliteStore) -> None:
    async def test() -> None:
        ticks = Ticks()
        hub = LiveHub(pages, FixedClock(), sleep=ticks.sleep)
        first, second, _ = ids(pages)
        stream = hub.stream([f"story:{second}"], None)
        await after_greeting(stream)
        hub.publish(tell(pages, (story_of(pages, first).head, Merged(other_id=second))))
        [line] = (await next_event(stream)).stories
        assert line["merged"] == [second]
        commit(pages, hub, first)
        await ticks.pass_one()
        [line] = (await next_event(stream)).stories
        assert (line["id"], line["kinds"]) == (first, {"joined": 1})
        await stream.aclose()

    run(test)


def test_an_alias_is_followed_from_the_start(pages: SqliteStore) -> None:
    async def test() -> None:
        hub = LiveHub(pages, FixedClock())
        [first] = ids(pages, 1)
        after = pages.position().update
        join(pages, first)
        stream = hub.stream(["story:mergedaway234567"], Cursor("k7f2", after))
        await after_greeting(stream)
        [line] = (await next_event(stream)).stories
        assert line["id"] == first
        await stream.aclose()

    run(test)


@pytest.mark.parametrize("seed", range(6))
def test_a_stream_cut_and_resumed_at_any_moment_loses_and_repeats_nothing(pages: SqliteStore, seed: int) -> None:
    async def test() -> None:
        chance = random.Random(seed)
        hub = LiveHub(pages, FixedClock(), sleep=lambda seconds: asyncio.sleep(0), heartbeat_s=0.05)
        story_ids = ids(pages, 5)
        start = pages.position().update
        heard: Counter[str] = Counter()
        cursor = Cursor("k7f2", start)

        async def publisher() -> None:
            for _ in range(120):
                commit(pages, hub, *chance.choices(story_ids, k=chance.randint(1, 4)))
                for _ in range(chance.randint(0, 3)):
                    await asyncio.sleep(0)

        publishing = asyncio.create_task(publisher())
        while not publishing.done() or cursor.number < pages.position().update:
            stream = hub.stream(["front"], cursor)
            assert (await after_greeting(stream)).kind == "hello"
            for _ in range(chance.randint(1, 6)):
                if publishing.done() and cursor.number >= pages.position().update:
                    break
                event = await next_event(stream)
                for line in event.stories:
                    kinds = line["kinds"]
                    assert isinstance(kinds, dict)
                    heard[str(line["id"])] += sum(kinds.values())
                parsed = parse_cursor(event.id)
                assert parsed is not None
                cursor = parsed
            await stream.aclose()
        assert heard == Counter(update.story.id for update in pages.updates(after=start, limit=10_000) or ())
        assert hub.readers == 0

    run(test)


def test_a_reader_who_reads_nothing_costs_a_bounded_queue_and_then_hears_everything_once(pages: SqliteStore) -> None:
    async def test() -> None:
        ticks = Ticks()
        hub = LiveHub(pages, FixedClock(), sleep=ticks.sleep)
        [first] = ids(pages, 1)
        stream = hub.stream(["front"], None)
        await after_greeting(stream)
        rounds = live.QUEUE_MOST * 3
        for index in range(rounds):
            commit(pages, hub, first)
            await settle() if index == 0 else await ticks.pass_one()
            [reader] = hub._readers
            assert len(reader.queue) <= live.QUEUE_MOST
        joined = 0
        while joined < rounds:
            for line in (await next_event(stream)).stories:
                kinds = line["kinds"]
                assert isinstance(kinds, dict)
                joined += kinds["joined"]
        assert joined == rounds
        await stream.aclose()

    run(test)


@pytest.mark.parametrize("cursor", [Cursor("other", 3), Cursor("k7f2", 10**9), Cursor("", 0)])
def test_a_foreign_cursor_is_reset_to_the_position(pages: SqliteStore, cursor: Cursor) -> None:
    async def test() -> None:
        stream = LiveHub(pages, FixedClock()).stream(["front"], cursor)
        reset = await after_greeting(stream)
        assert reset.kind == "reset"
        assert reset.id == f"k7f2-{pages.position().update}"
        await stream.aclose()

    run(test)


def test_a_cursor_too_old_is_reset_and_the_stream_goes_on(pages: SqliteStore) -> None:
    async def test() -> None:
        hub = LiveHub(pages, FixedClock())
        forget_updates(pages)
        stream = hub.stream(["front"], Cursor("k7f2", 5))
        await after_greeting(stream)
        reset = await next_event(stream)
        assert (reset.kind, reset.id) == ("reset", f"k7f2-{pages.position().update}")
        [first] = ids(pages, 1)
        commit(pages, hub, first)
        assert (await next_event(stream)).stories[0]["id"] == first
        await stream.aclose()

    run(test)


def test_who_missed_too_much_is_reset(pages: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (live, replay):
        monkeypatch.setattr(module, "REPLAY_MOST", 30)

    async def test() -> None:
        stream = LiveHub(pages, FixedClock()).stream(["front"], Cursor("k7f2", 1))
        await after_greeting(stream)
        assert (await next_event(stream)).kind == "reset"
        await stream.aclose()

    run(test)


def test_silence_is_broken_by_a_heartbeat_that_moves_the_cursor(pages: SqliteStore) -> None:
    async def test() -> None:
        hub = LiveHub(pages, FixedClock(), heartbeat_s=0.01)
        first, second, _ = ids(pages)
        stream = hub.stream([f"story:{second}"], None)
        hello = await after_greeting(stream)
        commit(pages, hub, first)
        beat = (await anext(stream)).decode()
        while read_event(beat).id == hello.id:
            beat = (await anext(stream)).decode()
        assert read_event(beat).id == f"k7f2-{pages.position().update}"
        assert "data:" not in beat
        assert beat.endswith("\n\n")
        await stream.aclose()

    run(test)


def test_closing_the_hub_ends_every_stream_and_publishing_is_over(pages: SqliteStore) -> None:
    async def test() -> None:
        hub = LiveHub(pages, FixedClock())
        stream = hub.stream(["front"], None)
        await after_greeting(stream)
        waiting = asyncio.ensure_future(anext(stream))
        await settle()
        hub.close()
        with pytest.raises(StopAsyncIteration):
            await waiting
        commit(pages, hub, *ids(pages, 1))
        assert hub.readers == 0

    run(test)


def test_readers_past_the_most_are_turned_away(pages: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "READERS_MOST", 1)

    async def test() -> None:
        hub = LiveHub(pages, FixedClock())
        one, two = hub.stream(["front"], None), hub.stream(["front"], None)
        await anext(one)
        with pytest.raises(live.TooManyReaders):
            await anext(two)
        await one.aclose()
        assert hub.readers == 0

    run(test)


def test_publishing_nothing_makes_no_tick(pages: SqliteStore) -> None:
    async def test() -> None:
        ticks = Ticks()
        hub = LiveHub(pages, FixedClock(), sleep=ticks.sleep)
        updates: Sequence[Update] = ()
        hub.publish(updates)
        await settle()
        assert ticks.asked == []

    run(test)


def _remove_lead(pages: SqliteStore, story_id: str) -> tuple[list[Update], str]:
    """Its lead is removed; the updates, and the headline that goes."""
    story = story_of(pages, story_id)
    other = next(each for each in story.articles if each.title != story.head.headline)
    head = replace(story.head, headline=other.title, lead_id=other.id)
    return tell(pages, (head, Removed(article_id=story.head.lead_id, reason="legal"))), story.head.headline


def test_what_waits_for_a_reader_is_not_told_once_it_is_removed(pages: SqliteStore) -> None:
    async def test() -> None:
        ticks = Ticks()
        hub = LiveHub(pages, FixedClock(), sleep=ticks.sleep)
        first, second, _ = ids(pages)
        slow, other = hub.stream(["front"], None), hub.stream([f"story:{second}"], None)
        for stream in (slow, other):
            await after_greeting(stream)
        commit(pages, hub, first, second)  # waits for a reader who does not come for it yet
        await settle()
        updates, headline = _remove_lead(pages, first)
        hub.publish(updates)
        await ticks.pass_one()
        event = await next_event(slow)
        lines = {line["id"]: line for line in event.stories}
        assert lines[first]["kinds"] == {"joined": 1, "removed": 1}, "nothing is lost by it"
        assert lines[second]["kinds"] == {"joined": 1}
        assert headline not in str(event)
        assert event.id == f"k7f2-{updates[-1].number}"
        event = await next_event(other)
        assert [line["kinds"] for line in event.stories] == [{"joined": 1}]
        for stream in (slow, other):
            await stream.aclose()

    run(test)


def test_in_the_tick_of_a_removal_no_other_story_bears_the_headline(pages: SqliteStore) -> None:
    async def test() -> None:
        hub = LiveHub(pages, FixedClock(), sleep=Ticks().sleep)
        first, second, _ = ids(pages)
        stream = hub.stream(["front"], None)
        await after_greeting(stream)
        head = story_of(pages, first).head
        # It led another story, too, a moment before: nothing more is told of that one in this tick.
        bearing = replace(story_of(pages, second).head, headline=head.headline, lead_id=head.lead_id)
        borne = tell(pages, (bearing, Linked()))
        updates, headline = _remove_lead(pages, first)
        hub.publish([*borne, *updates])
        event = await next_event(stream)
        assert {line["id"]: line["headline"] for line in event.stories}[second] == ""
        assert headline not in str(event)
        await stream.aclose()
        # Who comes later reads the same from the store.
        late = hub.stream(["front"], Cursor("k7f2", borne[0].number - 1))
        await after_greeting(late)
        assert headline not in str(await next_event(late))
        await late.aclose()

    run(test)
