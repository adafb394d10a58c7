"""What comes in while the machine's clock is behind is kept as long as anything else, by time that passed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from stayahead.model import Retention
from stayahead.newsroom.archives import delivery_of
from stayahead.newsroom.clock import BELIEVE_AFTER_S, STEADY_AFTER_S, STEADY_AT_START_S
from stayahead.newsroom.delivery import Delivery
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.recovery import recover
from stayahead.parse.archive import ArchiveRow
from stayahead.store import SqliteStore
from tests.newsroom_world import SetClock
from tests.stores import fresh_folder

HOUR_S, DAY_S = 3_600.0, 86_400.0


class Machine:
    """A machine with its clocks and a database, on which newsrooms are started and stopped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clocks = SetClock()
        self.clock = self.clocks.wall_clock()
        self.taken = 0

    def newsroom(self, work: Callable[[Desk], Awaitable[None]]) -> None:
        """Start one, let it work, and stop it."""
        self.clock = self.clocks.wall_clock()
        asyncio.run(self._newsroom(work))

    async def _newsroom(self, work: Callable[[Desk], Awaitable[None]]) -> None:
        with SqliteStore.open(self.path) as store:
            clock = self.clock
            desk = Desk(
                recover(store),
                store,
                [],
                batch_wait_s=0.0,
                retention=Retention(bodies_days=30, updates_days=60),
                steady_now=clock.steady_now,
                running_since=clock.running_since,
            )
            desk.start()
            try:
                await work(desk)
            finally:
                await desk.stop()

    def look(self) -> SqliteStore:
        """What is stored, when no newsroom works; each has made its last pass of upkeep."""
        return SqliteStore.open(self.path, read_only=True)

    async def take_in(self, desk: Desk) -> str:
        """An article as of now; its id."""
        self.taken += 1
        now, number = self.clock.now(), self.taken
        text = f"Report {number} of the river Alder at Harrowgate tells of nothing that was told before it. " * 12
        row = ArchiveRow(
            line=number,
            id=str(number),
            title=f"Alder report {number}",
            text=text,
            url=f"https://paper.example/{number}",
            publisher="",
            language="en",
            arrival=now,
        )
        delivery = delivery_of(row, now, archive="test", publishers={}, now=now, backfill=False)
        await desk.submit(delivery)
        return delivery.findings.entries[0].id

    async def wait(self, desk: Desk, seconds: float) -> None:
        """Let so much time pass, an hour at a time, with the empty deliveries of a quiet newsroom."""
        while seconds > 0:
            self.clocks.pass_s(min(seconds, HOUR_S))
            seconds -= HOUR_S
            await desk.submit(Delivery(at=self.clock.now()))

    async def set_right(self, desk: Desk, by: timedelta) -> None:
        """Somebody sets the clock, and it is believed, and steady for long enough to forget."""
        self.clocks.set_by(seconds=by.total_seconds())
        self.clock.now()
        await self.wait(desk, BELIEVE_AFTER_S + 1)
        await self.wait(desk, STEADY_AFTER_S + 3 * HOUR_S)
        assert self.clock.steady_now() == self.clocks.wall()


def has_text(store: SqliteStore, id_: str) -> bool:
    article = store.article(id_)
    return article is not None and bool(article.page.text)


@pytest.fixture
def machine() -> Iterator[Machine]:
    with fresh_folder() as folder:
        yield Machine(folder / "news.db")


BEHIND = timedelta(days=400)


def test_texts_of_a_clock_that_was_behind_stay_once_it_is_right_and_go_after_their_days(machine: Machine) -> None:
    """From the first day of a database on: nothing in it has a right date."""
    ids: list[str] = []

    async def work(desk: Desk) -> None:
        for _ in range(3):
            ids.append(await machine.take_in(desk))
            await machine.wait(desk, DAY_S)
        await machine.set_right(desk, BEHIND)

    machine.clocks.set_by(days=-BEHIND.days)
    machine.newsroom(work)
    with machine.look() as store:
        assert [has_text(store, id_) for id_ in ids] == [True] * 3
        assert store.updates(after=0, limit=99), "nothing of the journal is gone either"
        assert store.counts().articles == 3, "nor an article, with the story that sleeps at once"
    machine.newsroom(lambda desk: machine.wait(desk, 25 * DAY_S))
    with machine.look() as store:
        assert all(has_text(store, id_) for id_ in ids)
    machine.newsroom(lambda desk: machine.wait(desk, 6 * DAY_S))
    with machine.look() as store:
        assert not any(has_text(store, id_) for id_ in ids)


def test_a_machine_that_was_off_and_starts_with_the_time_at_which_it_stopped(machine: Machine) -> None:
    """So do those without a battery: its dates are plausible, and 90 days old."""
    ids: list[str] = []

    async def before(desk: Desk) -> None:
        ids.append(await machine.take_in(desk))
        await machine.wait(desk, STEADY_AT_START_S + DAY_S)

    async def after(desk: Desk) -> None:
        ids.append(await machine.take_in(desk))
        await machine.set_right(desk, timedelta(days=90))

    machine.newsroom(before)
    machine.newsroom(after)
    with machine.look() as store:
        assert [has_text(store, id_) for id_ in ids] == [False, True], "what was there before is as old as it says"


def test_a_restart_before_the_clock_is_set_right(machine: Machine) -> None:
    ids: list[str] = []

    async def before(desk: Desk) -> None:
        await machine.take_in(desk)
        await machine.wait(desk, STEADY_AT_START_S + DAY_S)

    async def behind(desk: Desk) -> None:
        ids.append(await machine.take_in(desk))
        await machine.wait(desk, DAY_S)

    machine.newsroom(before)
    machine.clocks.set_by(days=-BEHIND.days)
    machine.newsroom(behind)
    machine.newsroom(lambda desk: machine.set_right(desk, BEHIND))
    with machine.look() as store:
        assert has_text(store, ids[0])


def test_one_update_that_a_clock_dated_long_ago_takes_no_other_with_it(machine: Machine) -> None:
    async def before(desk: Desk) -> None:
        for _ in range(3):
            await machine.take_in(desk)

    async def behind(desk: Desk) -> None:
        await machine.take_in(desk)

    machine.newsroom(before)
    machine.clocks.set_by(days=-BEHIND.days)
    machine.newsroom(behind)
    machine.clocks.set_by(days=BEHIND.days)
    machine.newsroom(lambda desk: machine.wait(desk, STEADY_AT_START_S + DAY_S))
    with machine.look() as store:
        updates = store.updates(after=0, limit=99)
        assert updates is not None
        assert [update.number for update in updates] == list(range(1, store.position().update + 1))
        assert [line.number for line in store.inputs(after=0, limit=99)][:4] == [1, 2, 3, 4]
