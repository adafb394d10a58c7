"""The desk: order, batches, publish after commit, what a failed commit does, recovery."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from stayahead.errors import DeskStopped, Outdated, RulingError, StoreFull
from stayahead.model import (
    ArticleCard,
    Batch,
    DeskHealth,
    Findings,
    Forgotten,
    Joined,
    LoggedUpdate,
    Opened,
    PageState,
    ReadAgain,
    Removal,
    Retention,
    Ruling,
    Statements,
    Update,
)
from stayahead.newsroom.archives import delivery_of
from stayahead.newsroom.clock import BELIEVE_AFTER_S, STEADY_AFTER_S, STEADY_AT_START_S
from stayahead.newsroom.delivery import Delivery, LastChanges, Receipt, input_of
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.pulse import Pulse
from stayahead.newsroom.recovery import recover
from stayahead.parse.archive import ArchiveRow
from stayahead.store import SqliteStore
from stayahead.stories import StoryEngine
from stayahead.stories.weights import RESCUE_AFTER
from tests.newsroom_world import LONG, NOON, Ears, SetClock
from tests.stores import fresh_store_of

TOPICS = ("harbour bridge closed", "election recount ordered", "orchard frost damage", "ferry strike called off")


def delivery(number: int, *, minutes: float = 0.0) -> Delivery:
    topic = TOPICS[number % len(TOPICS)]
    at = NOON + timedelta(minutes=minutes or number)
    row = ArchiveRow(
        line=number + 1,
        id=str(number),
        title=f"{topic.capitalize()}, report {number}",
        text=f"{topic} {LONG[number:]} {topic}",
        url=f"https://site{number % 7}.example/{number}",
        publisher="",
        language="en",
        arrival=at,
    )
    return delivery_of(row, at, archive="test", publishers={}, now=at, backfill=False)


class Counting(SqliteStore):
    """Remembers the batches, and can be told to fail."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.batches: list[Batch] = []
        self.fails = False
        self.thread = ""

    def commit(self, batch: Batch) -> int:
        self.thread = threading.current_thread().name
        if self.fails:
            raise StoreFull("news.db: the disk is full; make room")
        self.batches.append(batch)
        return super().commit(batch)


@pytest.fixture
def store() -> Iterator[Counting]:
    with fresh_store_of(Counting) as made:
        yield made


def test_deliveries_are_decided_in_order_by_one_thread_and_share_commits(store: Counting) -> None:
    async def play() -> None:
        ears = Ears()
        desk = Desk(StoryEngine(), store, [ears], batch_articles=10, batch_wait_s=0.2)
        desk.start()
        # What the workers made of an article is kept as it comes: the desk's thread makes nothing of it.
        marked = ArticleCard(lede="Told by a worker.", words="words of a worker")
        found = Statements(versions="of a worker")
        deliveries = [
            replace(each, evidence=tuple(replace(item, card=marked, statements=found) for item in each.evidence))
            for each in map(delivery, range(25))
        ]
        made = [item for each in deliveries for item in each.evidence]
        receipts = await asyncio.gather(*(desk.submit(each) for each in deliveries))
        await desk.stop()
        assert store.thread == "desk"
        numbers = [receipt.update for receipt in receipts]
        assert numbers == sorted(numbers)
        assert {receipt.commit for receipt in receipts} == set(range(1, len(store.batches)))
        assert 3 <= len(store.batches) <= 5
        assert all(len(batch.evidence) <= 10 for batch in store.batches)
        seen = [item for batch in store.batches for item in batch.evidence]
        assert sorted(seen, key=lambda item: item.article.id) == sorted(made, key=lambda item: item.article.id)
        inputs = [logged for batch in store.batches for logged in batch.inputs]
        assert [logged.number for logged in inputs] == list(range(1, len(inputs) + 1))
        assert [logged.at for logged in inputs] == sorted(logged.at for logged in inputs)
        assert [update.number for update in ears.updates] == list(range(1, len(ears.updates) + 1))
        assert store.position().update == len(ears.updates)

    asyncio.run(play())


def test_a_lone_article_does_not_wait_for_company(store: Counting) -> None:
    async def play() -> None:
        desk = Desk(StoryEngine(), store, [], batch_articles=1000, batch_wait_s=0.01)
        desk.start()
        async with asyncio.timeout(5):
            assert await desk.submit(delivery(1)) == Receipt(commit=1, update=1)
        await desk.stop()

    asyncio.run(play())


def test_nothing_is_published_or_acknowledged_before_it_is_committed(store: Counting) -> None:
    class Sink:
        def __init__(self, store: SqliteStore) -> None:
            self.store = store
            self.seen: list[int] = []

        def publish(self, updates: Sequence[Update]) -> None:
            assert self.store.position().update >= updates[-1].number
            self.seen.append(updates[-1].number)

    async def play() -> None:
        sink = Sink(store)
        desk = Desk(StoryEngine(), store, [sink], batch_wait_s=0.0)
        desk.start()
        for n in range(5):
            receipt = await desk.submit(delivery(n))
            assert sink.seen[-1] == receipt.update  # heard before the producer was told
        await desk.stop()
        assert len(sink.seen) == 5

    asyncio.run(play())


def test_a_failed_commit_stops_the_desk_publishes_nothing_and_refuses_what_follows(store: Counting) -> None:
    async def play() -> None:
        ears = Ears()
        desk = Desk(StoryEngine(), store, [ears], batch_wait_s=0.0)
        desk.start()
        await desk.submit(delivery(0))
        store.fails = True
        with pytest.raises(DeskStopped, match="make room"):
            await desk.submit(delivery(1))
        with pytest.raises(DeskStopped, match="make room"):
            await desk.submit(delivery(2))
        assert str(desk.failed) == "news.db: the disk is full; make room"
        assert len(ears.updates) == 1
        await desk.stop()

    asyncio.run(play())


def test_upkeep_that_fails_stops_the_desk_with_the_reason() -> None:
    class Full(SqliteStore):
        def forget(self, now: datetime, retention: Retention, *, running_since: datetime | None = None) -> Forgotten:
            raise StoreFull("news.db: the disk is full; make room")

    async def play(store: Full) -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0)
        desk.start()
        await desk.submit(delivery(0))  # it was committed; the upkeep comes after
        async with asyncio.timeout(5):
            await desk.stopped.wait()
        with pytest.raises(DeskStopped, match="make room"):
            await desk.submit(delivery(1))
        assert str(desk.failed) == "news.db: the disk is full; make room"
        await desk.stop()

    with fresh_store_of(Full) as store:
        asyncio.run(play(store))


class Gone(BaseException):
    """No kind of error that anybody expects."""


class Failing(SqliteStore):
    """Raises an error at the step that a test names."""

    step = ""
    error: BaseException = RuntimeError("a bug")

    def fail_at(self, *steps: str) -> None:
        if self.step in steps:
            raise self.error

    def commit(self, batch: Batch) -> int:
        self.fail_at("commit", *(["snapshot"] if batch.snapshot is not None else []))
        return super().commit(batch)

    def forget(self, now: datetime, retention: Retention, *, running_since: datetime | None = None) -> Forgotten:
        self.fail_at("forget")
        return super().forget(now, retention)

    def optimize(self) -> None:
        self.fail_at("optimize")
        super().optimize()

    def publish(self, updates: Sequence[Update]) -> None:
        self.fail_at("sink")


@pytest.mark.parametrize(
    ("step", "error"),
    [
        *((step, error) for step in ("commit", "snapshot", "forget", "optimize") for error in (MemoryError(), Gone())),
        *((step, RuntimeError("a bug")) for step in ("commit", "snapshot", "forget", "optimize", "sink")),
    ],
)
def test_whatever_fails_at_the_desk_stops_it_and_is_told(step: str, error: BaseException) -> None:
    async def play(store: Failing) -> None:
        store.step, store.error = step, error
        desk = Desk(StoryEngine(), store, [store], batch_wait_s=0.0)
        desk.start()
        async with asyncio.timeout(5):
            with contextlib.suppress(DeskStopped):
                await desk.submit(delivery(0))
            if step == "snapshot":
                await desk.stop()
            while desk.failed is None:
                await asyncio.sleep(0.01)
            assert type(error).__name__ in str(desk.failed)
            assert desk.health().is_stopped
            await desk.stop()

    with fresh_store_of(Failing) as store:
        asyncio.run(play(store))


def test_a_desk_that_hangs_has_a_weak_pulse() -> None:
    seconds = [100.0]
    pulse = Pulse(lambda: seconds[0])
    with pulse.waiting():
        seconds[0] += 70
        assert pulse.health(is_stopped=False) == DeskHealth(waiting=1, commit_age_s=70, stuck_s=70)
        pulse.beat()
        seconds[0] += 5
        assert pulse.health(is_stopped=False).stuck_s == 5
    seconds[0] += 500
    with pulse.waiting():  # that nothing was committed while nobody wanted it is no fault
        seconds[0] += 2
        assert pulse.health(is_stopped=False) == DeskHealth(waiting=1, commit_age_s=507, stuck_s=2)


@pytest.mark.parametrize("ahead", [timedelta(days=40), timedelta(days=365), timedelta(days=-400)])
def test_a_clock_that_jumps_deletes_nothing(store: Counting, ahead: timedelta) -> None:
    """Forgetting waits until the clock has been steady, and never goes by the time that deliveries said meanwhile."""
    machine = SetClock()
    clock = machine.wall_clock()

    async def play() -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0, steady_now=clock.steady_now)
        desk.start()
        await desk.submit(delivery(0))
        machine.pass_s(STEADY_AT_START_S)
        for seconds in (25, BELIEVE_AFTER_S + 1):  # a moment, and so long that it is believed
            machine.set_by(seconds=ahead.total_seconds())
            machine.pass_s(seconds)
            clock.now()
            machine.pass_s(1)
            await desk.submit(Delivery(at=machine.wall()))
            machine.set_by(seconds=-ahead.total_seconds())
            for _ in range(3):
                clock.now()
                machine.pass_s(BELIEVE_AFTER_S / 2 + 1)
                await desk.submit(Delivery(at=clock.now()))
        machine.pass_s(STEADY_AFTER_S)
        assert clock.steady_now() is not None
        await desk.submit(Delivery(at=clock.now()))
        await desk.stop()
        (record,) = delivery(0).findings.entries
        stored = store.article(record.id)
        assert stored is not None
        assert stored.page.text

    asyncio.run(play())


def test_old_texts_go_once_the_clock_is_steady(store: Counting) -> None:
    """Else the test above could not fail."""
    machine = SetClock()
    clock = machine.wall_clock()

    async def play() -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0, steady_now=clock.steady_now)
        desk.start()
        await desk.submit(delivery(0))
        for seconds in (BELIEVE_AFTER_S, STEADY_AFTER_S):
            machine.pass_s(1)
            machine.set_by(days=40 if seconds == BELIEVE_AFTER_S else 0)
            clock.now()
            machine.pass_s(seconds)
            clock.now()
        await desk.submit(Delivery(at=clock.now()))
        await desk.stop()
        stored = store.article(delivery(0).findings.entries[0].id)
        assert stored is not None
        assert not stored.page.text

    asyncio.run(play())


def test_a_desk_is_started_once(store: Counting) -> None:
    async def play() -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0)
        desk.start()
        with pytest.raises(RuntimeError, match="started before"):
            desk.start()
        await desk.submit(delivery(0))
        assert desk.as_of == 1
        await desk.stop()
        with pytest.raises(RuntimeError, match="started before"):
            desk.start()

    asyncio.run(play())


def test_a_desk_that_has_stopped_refuses_and_keeps_nobody_waiting(store: Counting) -> None:
    async def play() -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0)
        desk.start()
        await desk.stop()
        async with asyncio.timeout(5):
            with pytest.raises(DeskStopped, match="has stopped"):
                await desk.submit(delivery(0))
            await desk.stop()

    asyncio.run(play())


def test_the_event_loop_goes_on_while_the_desk_ends() -> None:
    class Waiting(SqliteStore):
        """Its last commit ends only when the event loop says so."""

        go_on = threading.Event()
        was_told = False

        def commit(self, batch: Batch) -> int:
            self.was_told = self.go_on.wait(timeout=20)
            return super().commit(batch)

    async def play(store: Waiting) -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0)
        desk.start()
        stopping = asyncio.create_task(desk.stop())
        asyncio.get_running_loop().call_later(0.05, store.go_on.set)
        await stopping
        assert store.was_told

    with fresh_store_of(Waiting) as store:
        asyncio.run(play(store))


def test_a_ruling_is_answered_with_its_updates_or_its_refusal_and_its_batch_goes_on(store: Counting) -> None:
    async def play() -> None:
        ears = Ears()
        desk = Desk(StoryEngine(), store, [ears], batch_wait_s=0.0)
        desk.start()
        await desk.submit(delivery(0))
        story_id = ears.updates[0].story.id
        await desk.stop()
        desk = Desk(recover(store), store, [ears], batch_articles=10, batch_wait_s=0.3)
        desk.start()
        at = NOON + timedelta(minutes=5)
        pinned, refused, nothing, receipt, removed = await asyncio.gather(
            desk.rule(Ruling(verb="pin", story_id=story_id), at),
            desk.rule(Ruling(verb="hide", story_id="never-was"), at),
            desk.rule(Ruling(verb="pin", story_id=story_id), at),
            desk.submit(delivery(1, minutes=6)),
            desk.rule(Removal(article_id=delivery(0).findings.entries[0].id, reason="taken_down"), at),
            return_exceptions=True,
        )
        await desk.stop()
        assert isinstance(pinned, tuple)
        assert [(update.kind, update.story.pinned) for update in pinned] == [("ruled", True)]
        assert isinstance(refused, RulingError)
        assert "never-was" in str(refused)
        assert nothing == ()
        assert isinstance(removed, tuple)
        assert [update.kind for update in removed] == ["removed", "revised"]
        assert receipt == Receipt(commit=1, update=store.position().update)
        assert ears.kinds() == ["opened", "ruled", "joined", "removed", "revised"]
        assert len(store.batches[2].inputs) == 3  # one batch; what changed nothing is not in the log

    asyncio.run(play())


def test_slow_and_failed_commits_are_logged(
    store: Counting, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0)
        desk.start()
        monkeypatch.setattr("stayahead.newsroom.desk.SLOW_COMMIT_S", 0.0)
        await desk.submit(delivery(0))
        store.fails = True
        with pytest.raises(DeskStopped):
            await desk.submit(delivery(1))
        await desk.stop()

    with caplog.at_level("INFO"):
        asyncio.run(play())
    assert [record.msg for record in caplog.records] == ["desk_started", "commit_slow", "commit_failed", "desk_stopped"]


def test_a_bug_in_the_engine_stops_the_desk_with_one_line_and_a_log(
    store: Counting, caplog: pytest.LogCaptureFixture
) -> None:
    class Buggy(StoryEngine):
        def decide(self, an_input: object, now: object) -> tuple[Update, ...]:
            raise KeyError("lost")

    async def play() -> None:
        desk = Desk(Buggy(), store, [], batch_wait_s=0.0)
        desk.start()
        with pytest.raises(DeskStopped, match="KeyError: 'lost'; please report"):
            await desk.submit(delivery(0))
        await desk.stop()

    asyncio.run(play())
    (record,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert record.msg == "desk_failed"
    assert record.exc_info


def test_the_same_article_twice_is_taken_once(store: Counting) -> None:
    async def play() -> None:
        ears = Ears()
        desk = Desk(StoryEngine(), store, [ears], batch_wait_s=0.1)
        desk.start()
        first, again, other = await asyncio.gather(
            desk.submit(delivery(1)), desk.submit(delivery(1)), desk.submit(delivery(2)), return_exceptions=True
        )
        assert isinstance(first, Receipt)
        assert isinstance(again, Outdated)
        assert other == first  # one commit, and the refusal of one is nothing to the others
        assert len(ears.updates) == 2
        assert [len(batch.evidence) for batch in store.batches] == [2]
        assert len(store.batches[0].findings.entries) == 2
        await desk.stop()

    asyncio.run(play())


def revision(of: Delivery, number: int, *, as_of: int) -> Delivery:
    """The delivery's article with another headline, decided on what was known then."""
    (item,) = of.evidence
    entry = replace(item.article.entry, title=f"Headline {number}")
    article = replace(item.article, entry=entry, revision=number)
    return replace(of, as_of=as_of, evidence=(replace(item, article=article),))


def test_a_number_is_given_to_one_revision_and_the_other_producer_is_told(store: Counting) -> None:
    async def play() -> None:
        ears = Ears()
        desk = Desk(StoryEngine(), store, [ears], batch_wait_s=0.1)
        desk.start()
        receipt = await desk.submit(delivery(1))
        one, two = revision(delivery(1), 1, as_of=receipt.commit), revision(delivery(1), 1, as_of=receipt.commit)
        told = await asyncio.gather(desk.submit(one), desk.submit(two), return_exceptions=True)
        assert [type(each) for each in told] == [Receipt, Outdated]
        with pytest.raises(Outdated):  # in a later batch as well
            await desk.submit(two)
        assert isinstance(told[0], Receipt)
        await desk.submit(revision(delivery(1), 2, as_of=told[0].commit))
        await desk.stop()
        id_ = delivery(1).findings.entries[0].id
        versions = [version.article for version in store.versions(id_, limit=9)]
        assert [article.revision for article in versions] == [2, 1, 0]
        assert ears.kinds() == ["opened", "revised", "revised"]
        assert ears.updates[-1].story.headline == versions[0].title == "Headline 2"

    asyncio.run(play())


def test_a_wish_to_read_a_page_again_is_news_to_who_read_it_and_is_itself_never_refused(store: Counting) -> None:
    async def play() -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0)
        desk.start()
        first = await desk.submit(delivery(1))
        id_ = delivery(1).findings.entries[0].id
        wish = Delivery(at=NOON, findings=Findings(read_again=(ReadAgain(article_id=id_, at=NOON),)))
        await desk.submit(wish)
        state = PageState(article_id=id_, url="https://site1.example/1", read_at=NOON)
        with pytest.raises(Outdated):
            await desk.submit(Delivery(at=NOON, as_of=first.commit, findings=Findings(page_states=(state,))))
        await desk.submit(Delivery(at=NOON, as_of=desk.as_of, findings=Findings(page_states=(state,))))
        await desk.submit(wish)
        await desk.stop()

    asyncio.run(play())


def test_what_was_forgotten_counts_as_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stayahead.newsroom.delivery.REMEMBERED", 3)
    changes = LastChanges()
    for n in range(5):
        assert not changes.outdate(replace(delivery(n), as_of=n))
        changes.note(delivery(n).affects(), n + 1)
    assert changes.outdate(replace(delivery(0), as_of=1))  # it is forgotten, and so is the second
    assert not changes.outdate(replace(delivery(0), as_of=2))
    assert changes.outdate(replace(delivery(4), as_of=4))
    assert not changes.outdate(replace(delivery(4), as_of=5))


def _decided(engine: StoryEngine, count: int, start: int) -> list[Update]:
    updates: list[Update] = []
    for n in range(start, start + count):
        updates += engine.add(input_of(delivery(n).evidence[0]), delivery(n).at)
    return updates


@pytest.mark.parametrize("with_snapshot", [True, False])
def test_recovery_gives_the_engine_that_was_lost(store: Counting, *, with_snapshot: bool) -> None:
    async def play() -> StoryEngine:
        engine = StoryEngine()
        desk = Desk(engine, store, [], batch_wait_s=0.0)
        desk.start()
        for n in range(12):
            await desk.submit(delivery(n))
        if with_snapshot:
            await desk.stop()  # writes one
        return engine

    lost = asyncio.run(play())
    again = recover(store)
    assert (store.snapshot() is not None) == with_snapshot
    assert again.number == lost.number == store.position().update
    assert _decided(again, 12, 12) == _decided(lost, 12, 12)


def test_a_snapshot_of_an_unknown_format_is_rebuilt_from_the_updates() -> None:
    async def play(store: SqliteStore) -> StoryEngine:
        engine = StoryEngine()
        desk = Desk(engine, store, [], batch_wait_s=0.0)
        desk.start()
        for n in range(8):
            await desk.submit(delivery(n))
        await desk.stop()
        return engine

    class Newer(SqliteStore):
        def snapshot(self):  # type: ignore[no-untyped-def]  # a changed answer of the parent's
            snapshot = super().snapshot()
            return snapshot and replace(snapshot, format=snapshot.format + 1000)

    with fresh_store_of(Newer) as store:
        lost = asyncio.run(play(store))
        assert _decided(recover(store), 8, 8) == _decided(lost, 8, 8)


def test_without_a_readable_snapshot_the_kept_updates_are_enough_to_go_on() -> None:
    async def play(store: SqliteStore) -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0)
        desk.start()
        for n in range(12):
            await desk.submit(delivery(n))
        await desk.stop()

    class Forgetful(SqliteStore):
        def snapshot(self) -> None:
            return None

        def tail(self, *, after: int) -> Iterator[LoggedUpdate]:
            return super().tail(after=max(after, 7))

    with fresh_store_of(Forgetful) as store:
        asyncio.run(play(store))
        engine = recover(store)
        assert engine.number == store.position().update
        kept = [logged.update for logged in store.tail(after=0)]
        known = [update.change.article_id for update in kept if isinstance(update.change, Opened | Joined)]
        assert known
        for update in kept:
            if isinstance(update.change, Opened | Joined):
                story = engine.story_of(update.change.article_id)
                assert story == engine.resolve(update.story.id)
        assert len(_decided(engine, 12, 12)) >= 12


def test_ticks_come_with_the_clock(store: Counting) -> None:
    async def play() -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0)
        desk.start()
        first = delivery(0)
        await desk.submit(first)
        await desk.submit(Delivery(at=first.at + timedelta(days=30)))
        await desk.stop()
        kinds = [update.kind for batch in store.batches for update in batch.updates]
        assert kinds == ["opened", "expired"]

    asyncio.run(play())


def test_no_silence_is_missed_when_deliveries_are_rare() -> None:
    """A late merge falls due between two deliveries; a restart lies there too."""

    def lone(minutes: float) -> Delivery:
        return _told("s", "Harbour master of Velm tells of his lucky fishing fleet", minutes)

    def quake(place: int) -> Delivery:
        where = "Velm harbour" if place > 2 else "many villages"
        return _told(f"q{place}", f"Ardania earthquake destroys houses, road cut, {where}", place + 1)

    async def play(store: Counting, *, restart: bool) -> None:
        desk = Desk(StoryEngine(), store, [], batch_wait_s=0.0)
        desk.start()
        for given in (lone(0), *(quake(place) for place in range(12))):
            await desk.submit(given)
        if restart:
            await desk.stop()
            desk = Desk(recover(store), store, [], batch_wait_s=0.0)
            desk.start()
        await desk.submit(Delivery(at=NOON + RESCUE_AFTER[0] + timedelta(minutes=25)))
        await desk.stop()
        (merged,) = (each for batch in store.batches for each in batch.updates if each.kind == "merged")
        assert merged.at == NOON + RESCUE_AFTER[0]

    for restart in (False, True):
        with fresh_store_of(Counting) as store:
            asyncio.run(play(store, restart=restart))


def _told(key: str, title: str, minutes: float) -> Delivery:
    at = NOON + timedelta(minutes=minutes)
    row = ArchiveRow(
        line=1, id=key, title=title, text="", url=f"https://{key}.example/", publisher="", language="en", arrival=at
    )
    return delivery_of(row, at, archive="test", publishers={}, now=at, backfill=False)
