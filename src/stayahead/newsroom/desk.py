"""The one thread that decides and commits, so that nothing is published that a crash could take back.

Theory of operation. Producers on the event loop submit deliveries (what must enter the database together) and wait
for their acknowledgement. The desk's thread takes what has queued up, bounded in size and time, lets the engine
decide and apply input after input, and writes entries, articles, inputs, updates and the engine's changed state in one
transaction. When the commit has returned, the sinks hear of the updates and the producers are acknowledged: in
that order of events nothing is published that a crash could take back, and nothing acknowledged can be lost.

A delivery whose producer decided on what has changed meanwhile is refused, and its producer composes anew (`delivery`).
The owner's word goes the same way, through `rule`: a ruling that cannot be done is refused to whoever ruled, and the
rest of its batch goes on. Whatever fails (a commit, upkeep, a sink) ends the desk: the engine may be ahead of the
database then, and only a restart brings both together.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stayahead.errors import DeskStopped, Outdated, RulingError, StoreError
from stayahead.log import event
from stayahead.model import (
    Arrival,
    DeskHealth,
    Forgotten,
    HostRow,
    Input,
    LoggedInput,
    Removal,
    Restoration,
    Retention,
    Revision,
    Tick,
    Update,
)
from stayahead.newsroom.delivery import Delivery, LastChanges, OwnersWord, Receipt, Waiting, Work, input_of
from stayahead.newsroom.host_memories import HostMemories
from stayahead.newsroom.pulse import Pulse
from stayahead.ports import Journal, Sink
from stayahead.stories import StoryEngine
from stayahead.stories.silence import ticks

log = logging.getLogger("stayahead.newsroom")

SNAPSHOT_EVERY_S = 10.0
"""Real seconds between snapshots: what a restart has to apply again is at most this long."""
FORGET_EVERY = timedelta(hours=1)
OPTIMIZE_EVERY_S = 20.0
"""Real seconds between small upkeep of the file, done only when nothing waits."""
MAX_WAITING = 500
"""Deliveries under way at once; a producer past that waits."""
SLOW_COMMIT_S = 1.0
"""A commit that takes longer is logged: usually the disk."""
JOIN_S = 30.0
"""Longest wait for the thread after it said that it is done."""


@dataclass(slots=True)
class DeskStats:
    """Counters since the start, for `/metrics` and the benchmarks."""

    commits: int = 0
    articles: int = 0
    updates: int = 0
    outdated: int = 0
    """Deliveries that were refused because what they decide about had changed."""
    commit_seconds: float = 0.0
    decide_seconds: float = 0.0
    longest_commit_s: float = 0.0


class Desk:
    """The engine's thread. `start` and `submit` belong to the event loop.

    Args:
        engine: recovered to the journal's position (see `recovery.recover`).
        journal: owned by the desk's thread from `start` to `stop`.
        sinks: told of every committed update, on the event loop.
        batch_articles: most articles in one commit.
        batch_wait_s: longest real time that a delivery waits for others to share its commit.
        retention: how long what is kept.
        memories: what is known of hosts; what an article's page taught is folded into them as it is committed.
        steady_now: the time by which to forget, None while the clock is in doubt; else time is what deliveries say.
        running_since: when we started, by the present belief of that clock.
    """

    def __init__(
        self,
        engine: StoryEngine,
        journal: Journal,
        sinks: Sequence[Sink],
        *,
        batch_articles: int = 100,
        batch_wait_s: float = 0.05,
        retention: Retention | None = None,
        memories: HostMemories | None = None,
        steady_now: Callable[[], datetime | None] | None = None,
        running_since: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._journal = journal
        self._sinks = sinks
        self._batch_articles = max(1, batch_articles)
        self._batch_wait_s = batch_wait_s
        self._retention = retention or Retention()
        self.memories = memories
        self._steady_now = steady_now or (lambda: self._now)
        self._running_since = running_since
        # Unbounded, for putting must not block the event loop; what bounds it are the slots.
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._slots = asyncio.Semaphore(MAX_WAITING)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failed: DeskStopped | None = None
        self._pulse = Pulse()
        self._input_number = 0
        self._commits = 0
        self._last_changes = LastChanges()
        self._now: datetime | None = None
        self._ticked_at = engine.at
        self._forgot_at: datetime | None = None
        self._snapshot_due = 0.0
        self._optimize_due = 0.0
        self.stats = DeskStats()
        self.stopped = asyncio.Event()

    def start(self) -> None:
        """Start the thread; call on the running event loop.

        Raises:
            RuntimeError: it was started before. Two threads would drive one engine.
        """
        if self._thread is not None:
            raise RuntimeError("this desk was started before; an engine has one desk and a desk has one thread")
        self._loop = asyncio.get_running_loop()
        self._input_number = self._journal.position().input
        self._snapshot_due = time.monotonic() + SNAPSHOT_EVERY_S
        # A daemon: a commit that hangs (a dead disk) must not keep the process from ending.
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._thread.start()
        event(log, logging.INFO, "desk_started", update=self._engine.number, input=self._input_number)

    @property
    def as_of(self) -> int:
        """Number of the last commit: whoever asks the store now knows all that was changed up to it."""
        return self._commits

    async def submit(self, delivery: Delivery) -> Receipt:
        """Wait until it is committed.

        Raises:
            Outdated: it was not committed: what it decides about has changed since its producer asked the store.
            DeskStopped: it was not committed, and nothing more will be.
        """
        return await self._pass_on(Waiting(delivery, asyncio.get_running_loop().create_future()))

    async def rule(self, word: OwnersWord, at: datetime) -> tuple[Update, ...]:
        """Do what the owner says; the updates that came of it, once they are committed. None: all was so already.

        Raises:
            RulingError: it cannot be done; nothing was changed.
            DeskStopped: it was not committed, and nothing more will be.
        """
        waiting = Waiting(Delivery(at=at), asyncio.get_running_loop().create_future(), ruling=word)
        await self._pass_on(waiting)
        return waiting.updates

    async def _pass_on(self, waiting: Waiting) -> Receipt:
        async with self._slots:
            if self.stopped.is_set():  # nobody takes from the queue any more: what is put there now would wait for ever
                raise self._why_stopped()
            self._queue.put(waiting)
            with self._pulse.waiting():
                return await waiting.done

    async def stop(self) -> None:
        """Commit what is queued, write a last snapshot, and end the thread. May be called twice."""
        if self._thread is not None:
            self._queue.put(None)
            await self.stopped.wait()
            await asyncio.to_thread(self._thread.join, JOIN_S)

    @property
    def failed(self) -> DeskStopped | None:
        """Why the desk stopped by itself, if it did."""
        return self._failed

    def health(self) -> DeskHealth:
        """How it does, for whoever monitors it."""
        return self._pulse.health(is_stopped=self._failed is not None or self.stopped.is_set())

    # ── the thread ───────────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        going = True
        try:
            while going:  # the last batch is committed even when empty: it carries the last snapshot
                batch, going = self._take()
                if batch or not going:
                    self._handle(batch, is_last=not going)
        except DeskStopped as error:
            self._failed = error
        except BaseException as error:  # of upkeep, or of whatever else: nothing ends this thread without a word
            self._failed = _stopped(error)
        finally:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._end)

    def _take(self) -> tuple[list[Waiting], bool]:
        """Deliveries that share a commit, and whether there will be more."""
        first = self._queue.get()
        if first is None:
            return [], False
        batch = [first]
        size = len(first.delivery.evidence)
        until = time.monotonic() + self._batch_wait_s
        while size < self._batch_articles:
            try:
                following = self._queue.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if following is None:
                return batch, False
            batch.append(following)
            size += len(following.delivery.evidence)
        return batch, True

    def _handle(self, batch: list[Waiting], *, is_last: bool) -> None:
        try:
            updates = self._commit(batch, is_last=is_last)
        except BaseException as error:
            stopped = _stopped(error)
            for waiting in batch:
                self._settle(waiting, stopped)
            raise stopped from error
        receipt = Receipt(commit=self._commits, update=self._engine.number)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._publish, updates, batch, receipt)
        if not self._queue.qsize():  # upkeep takes tens of milliseconds, which no delivery is to wait for
            self._upkeep()

    def _commit(self, batch: list[Waiting], *, is_last: bool) -> tuple[Update, ...]:
        started = time.monotonic()
        work = self._decide_all(batch)
        decided = time.monotonic()
        snapshot = None
        # What is removed is gone from the store with this commit: recovery may not ask for it.
        if is_last or decided >= self._snapshot_due or any(isinstance(each.ruling, Removal) for each in batch):
            snapshot = self._engine.snapshot()
        deliveries = [waiting.delivery for waiting in batch if waiting.refusal is None]
        hosts = self._learn(deliveries, now=self._now if snapshot is not None else None)
        self._journal.commit(work.batch(deliveries, snapshot, hosts))
        # Only now: a producer that saw this number must find in the store what the commit wrote.
        self._commits += 1
        self._pulse.beat()
        committed = time.monotonic()
        if snapshot is not None:
            self._snapshot_due = committed + SNAPSHOT_EVERY_S
        self._count(work, decide_s=decided - started, commit_s=committed - decided)
        return tuple(work.updates)

    def _decide_all(self, batch: list[Waiting]) -> Work:
        """What the engine says to each input, with the ticks that fall before it."""
        work = Work()
        for waiting in batch:
            # Producers read their clocks before they queue up; for the engine time only goes forward.
            now = self._now = max(self._now or waiting.delivery.at, waiting.delivery.at)
            for at in ticks(self._ticked_at, now):
                self._ticked_at = at
                self._decide(Tick(), at, work)
            if self._last_changes.outdate(waiting.delivery):
                self.stats.outdated += 1
                waiting.refusal = Outdated("what this delivery decides about has changed; read anew and compose again")
                continue
            # Noted before the commit: the next delivery of this same batch must be refused on it as well.
            self._last_changes.note(waiting.affects(), self._commits + 1)
            first = len(work.updates)
            try:
                for item in waiting.delivery.evidence:
                    if self._decide(input_of(item), now, work):
                        work.evidence.append(item)
                if waiting.ruling is not None:
                    self._hear(waiting.ruling, now, work)
            except RulingError as refusal:
                waiting.refusal = refusal
            waiting.updates = tuple(work.updates[first:])
        return work

    def _hear(self, word: OwnersWord, now: datetime, work: Work) -> None:
        """What the engine says to the owner's word; an article that comes back arrives like any other."""
        if isinstance(word, Restoration):
            item = word.evidence
            if self._decide(Arrival(article=item.article, signals=item.signals), now, work):
                work.restorations.append(word)
            return
        self._decide(word, now, work)
        if isinstance(word, Removal) and word.now:
            work.erased.append(word.article_id)

    def _learn(self, deliveries: list[Delivery], *, now: datetime | None) -> tuple[HostRow, ...]:
        """Fold what the pages taught; what changed by it, when it is time to store it."""
        if self.memories is None:
            return ()
        for delivery in deliveries:
            for observation in delivery.observations:
                self.memories.fold(observation)
        return self.memories.changed(now) if now is not None else ()

    def _decide(self, an_input: Input, now: datetime, work: Work) -> bool:
        """Whether it goes into the log: it changed something, or is a text that must be kept."""
        updates = self._engine.add(an_input, now)  # decided and applied at once, so the next input meets its effect
        if not updates and not isinstance(an_input, Revision):
            return False
        self._input_number += 1
        work.inputs.append(LoggedInput(number=self._input_number, at=now, input=an_input))
        work.updates.extend(updates)
        return True

    def _count(self, work: Work, *, decide_s: float, commit_s: float) -> None:
        stats = self.stats
        stats.commits += 1
        stats.articles += len(work.evidence)
        stats.updates += len(work.updates)
        stats.decide_seconds += decide_s
        stats.commit_seconds += commit_s
        stats.longest_commit_s = max(stats.longest_commit_s, commit_s)
        if commit_s >= SLOW_COMMIT_S:
            event(log, logging.WARNING, "commit_slow", seconds=commit_s, articles=len(work.evidence))

    def _upkeep(self) -> None:
        # Not `_now`: that only goes forward, and what a wrong clock forgets is gone (docs/decisions/0131).
        now = self._steady_now()
        is_due = now is not None and (self._forgot_at is None or abs(now - self._forgot_at) >= FORGET_EVERY)
        # A pass is bounded, so that nobody waits long; the next quiet moment goes on where it ended.
        if now is not None and is_due:
            gone = self._journal.forget(now, self._retention, running_since=self._running_since())
            self._forgot_at = now if gone == Forgotten() else self._forgot_at
        if time.monotonic() >= self._optimize_due:
            self._journal.optimize()
            self._optimize_due = time.monotonic() + OPTIMIZE_EVERY_S

    def _settle(self, waiting: Waiting, error: DeskStopped) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(waiting.answer, error)

    # ── back on the event loop ───────────────────────────────────────────────────────────────────

    def _publish(self, updates: tuple[Update, ...], batch: list[Waiting], receipt: Receipt) -> None:
        # Sinks before producers: who is told that its article is out finds it already told to readers.
        try:
            for sink in self._sinks if updates else ():
                sink.publish(updates)
        except Exception as error:  # a bug of ours; those readers would miss what nobody tells again
            self._failed = _stopped(error)
        for waiting in batch:
            waiting.answer(waiting.refusal or receipt)

    def _end(self) -> None:
        """The thread is done: whatever is still queued will never be committed."""
        self.stopped.set()
        while not self._queue.empty():
            if (waiting := self._queue.get_nowait()) is not None:
                waiting.answer(self._why_stopped())
        stats = self.stats
        event(
            log,
            logging.INFO,
            "desk_stopped",
            commits=stats.commits,
            articles=stats.articles,
            updates=stats.updates,
            outdated=stats.outdated,
        )

    def _why_stopped(self) -> DeskStopped:
        return self._failed or DeskStopped("the desk has stopped; a new start goes on")


def _stopped(error: BaseException) -> DeskStopped:
    """The one line that ends the service; the log has where a bug of ours is."""
    if isinstance(error, StoreError):
        event(log, logging.ERROR, "commit_failed", error=error)
        return DeskStopped(str(error))
    event(log, logging.ERROR, "desk_failed", error=f"{type(error).__name__}: {error}", trace=error)
    return DeskStopped(f"the desk stopped: {type(error).__name__}: {error}; please report it with the log")
