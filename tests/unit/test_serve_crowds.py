"""What a crowd or a flood costs: replays shared and bounded, stories of very many copies, monitors before all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from stayahead.model import Update
from stayahead.serve import LiveHub, live, replay
from stayahead.serve.cursors import Cursor
from stayahead.serve.read_threads import ReadThreads, SharedRead
from stayahead.serve.site import Site
from stayahead.store import SqliteStore
from tests.serve_requests import Event, FixedClock, Html, ask, read_event, site
from tests.serve_stories import NOW, PUBLISHERS, add_copies, join, story_article, story_of, world_of

GUARD_S = 20


class CountedUpdates(SqliteStore):
    """Counts the updates that are read, and how many reads go on at once."""

    asked: list[int]
    at_once = 0
    most_at_once = 0
    pause_s = 0.0

    def updates(self, *, after: int, limit: int) -> Sequence[Update] | None:
        self.asked.append(after)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        time.sleep(self.pause_s)
        found = super().updates(after=after, limit=limit)
        self.at_once -= 1
        return found


@pytest.fixture
def pages() -> Iterator[CountedUpdates]:
    with world_of(CountedUpdates) as store:
        store.asked = []
        yield store


@pytest.fixture
def app(pages: SqliteStore) -> Starlette:
    return site(pages)


def lead_of(pages: SqliteStore) -> tuple[str, str]:
    row = pages.front(NOW, limit=1)[0]
    return row.head.id, row.lead.id


async def replayed(stream: AsyncGenerator[bytes, None]) -> tuple[Event, bytes]:
    """The first event after the greeting, and its bytes."""
    await anext(stream)
    await anext(stream)
    frame = await anext(stream)
    return read_event(frame.decode()), frame


def crowd(pages: SqliteStore, cursors: Sequence[int]) -> list[tuple[Event, bytes]]:
    """What readers are told who come at once with these cursors."""

    async def play() -> list[tuple[Event, bytes]]:
        hub = LiveHub(pages, FixedClock())
        streams = [hub.stream(["front"], Cursor("k7f2", number)) for number in cursors]
        async with asyncio.timeout(GUARD_S):
            told = await asyncio.gather(*map(replayed, streams))
            for stream in streams:
                await stream.aclose()
        return told

    return asyncio.run(play())


def test_who_missed_the_same_is_told_by_one_read_and_one_event(pages: CountedUpdates) -> None:
    told = crowd(pages, [3] * 200)
    assert pages.asked == [3]
    assert {event.kind for event, _ in told} == {"stories"}
    assert len({id(frame) for _, frame in told}) == 1, "the same bytes, not a copy for each"


def test_as_many_different_cursors_are_replayed_few_at_a_time_and_the_rest_reset(pages: CountedUpdates) -> None:
    story_id, _ = lead_of(pages)
    last = pages.position().update
    for _ in range(60):
        join(pages, story_id)
    pages.pause_s = 0.05  # so that all of them have come before the first reads are over
    told = crowd(pages, list(range(last, last + 60)))
    kinds = [event.kind for event, _ in told]
    assert set(kinds) == {"stories", "reset"}
    assert len(pages.asked) == len(set(pages.asked)) == kinds.count("stories") >= replay.WAITING_MOST
    assert pages.most_at_once <= replay.READS_AT_ONCE


def test_who_missed_too_many_bytes_is_reset(pages: CountedUpdates, monkeypatch: pytest.MonkeyPatch) -> None:
    [(whole, frame)] = crowd(pages, [3])
    assert whole.kind == "stories"
    monkeypatch.setattr(replay, "REPLAY_BYTES", len(frame) // 2)
    [(event, _)] = crowd(pages, [3])
    assert event.kind == "reset"


def test_a_tick_that_tells_too_much_resets_its_readers(pages: CountedUpdates, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        hub = LiveHub(pages, FixedClock())
        story_id, _ = lead_of(pages)
        stream = hub.stream(["front"], None)
        async with asyncio.timeout(GUARD_S):
            await anext(stream)
            await anext(stream)
            hub.publish([update for _ in range(live.FEW_UPDATES + 1) for update in join(pages, story_id)])
            event = read_event((await anext(stream)).decode())
            assert [line["kinds"] for line in event.stories] == [{"joined": live.FEW_UPDATES + 1}], "made on a thread"
            for module in (live, replay):
                monkeypatch.setattr(module, "REPLAY_BYTES", 10)
            hub.publish(join(pages, story_id))
            event = read_event((await anext(stream)).decode())
            assert (event.kind, event.id) == ("reset", f"k7f2-{pages.position().update}")
            await stream.aclose()

    asyncio.run(play())


def test_what_is_too_much_is_not_even_read(pages: CountedUpdates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stayahead.serve.live.REPLAY_MOST", 10)
    assert {event.kind for event, _ in crowd(pages, [1, 2, 3])} == {"reset"}
    assert pages.asked == []


def test_a_story_of_very_many_copies_pages_on_and_shows_its_reports_first(pages: SqliteStore, app: Starlette) -> None:
    story_id, _ = lead_of(pages)
    before = story_of(pages, story_id)
    original = before.articles[0]
    copies = [
        replace(story_article(f"Copy {number}", PUBLISHERS[number % 20], NOW), copy_of=original.id, is_origin=False)
        for number in range(450)
    ]
    add_copies(pages, story_id, copies)
    path, seen, listed = f"/story/{story_id}", set[str](), 0
    while path:
        html = Html(ask(app, path).text)
        listed += 1
        shown = html("//ol//li//h3/a/@href | //details//li//a/@href")
        assert len(shown) <= 200 + 60
        if listed == 1:
            assert {each.url for each in before.articles if not each.copy_of} <= set(shown), "reports behind copies"
        else:
            assert not html("//@data-live")
            assert html(f"//a[@href='/story/{story_id}'][.='Newest articles']")
        seen |= set(shown)
        path = next(iter(html("//a[@rel='next']/@href")), "")
    assert listed == 3
    assert seen == {each.url for each in (*before.articles, *copies)}


def test_a_place_that_is_none_is_refused(pages: SqliteStore, app: Starlette) -> None:
    story_id, _ = lead_of(pages)
    for place in ("yesterday", "1-", "99999999999999999-a", "1-a/b"):
        assert ask(app, f"/story/{story_id}?before={place}").status_code == 400
    assert ask(app, f"/story/{story_id}?before=-9999999999999999-a").status_code == 200


def test_a_crowd_shares_reads_and_each_is_told_what_was_true_after_they_asked() -> None:
    value, reads = [0], list[int]()
    going_on, may_end = threading.Event(), threading.Event()

    def read() -> int:
        reads.append(value[0])
        going_on.set()
        may_end.wait(10)
        return reads[-1]

    async def play() -> None:
        shared = SharedRead(ReadThreads(), read)
        first = [asyncio.create_task(shared.get()) for _ in range(50)]
        await asyncio.to_thread(going_on.wait, 10)
        value[0] = 1
        second = [asyncio.create_task(shared.get()) for _ in range(50)]
        await asyncio.sleep(0)
        second[0].cancel()
        may_end.set()
        assert set(await asyncio.gather(*first)) == {0}
        assert set(await asyncio.gather(*second[1:])) == {1}

    asyncio.run(play())
    assert reads == [0, 1]


def test_monitors_wait_behind_no_reader(pages: SqliteStore) -> None:
    app = site(pages)
    told: Site = app.state.site
    ended = threading.Event()

    async def play() -> list[int]:
        waiting = [
            asyncio.create_task(pool.run(lambda: ended.wait(10)))
            for pool in (told.threads, told.draws, told.differences)
            for _ in range(8)
        ]
        await asyncio.sleep(0.05)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8400") as http:
            codes = [(await http.get(path)).status_code for path in ("/healthz", "/readyz", "/metrics")]
        ended.set()
        await asyncio.gather(*waiting)
        return codes

    assert asyncio.run(play()) == [200, 200, 200]
