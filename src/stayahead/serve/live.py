"""Tells every reader of the live stream, within a second, what was committed, and nothing twice.

Theory of operation. Updates are numbered without gaps and committed before they are published. A tick bundles all that
was published since the last one, at most once a second, and hands the bundle (a `Flush`, serialised once) to every
reader of a topic that it touches. Each reader has a floor: the number up to which it has been told everything. What
stands at or below the floor is skipped, so a reader may subscribe first and then read history without losing or
repeating an update; and a reader whose queue ran full forgets the queue and reads history again from its floor. So a
slow reader, a reader who comes back and a new one with the cursor of its page are one case. History is read once for
all who missed the same, and within bounds (`replay`); past them a `reset` tells the reader to read the page again. One
event carries all topics of a reader for one tick, because only then does its id say that nothing below it is missing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Literal

import msgspec

from stayahead.errors import StayAheadError
from stayahead.model import MovedStory, StoryAnswer, Update
from stayahead.ports import Clock, Pages
from stayahead.serve.changes import FRONT, Flush
from stayahead.serve.cursors import Cursor
from stayahead.serve.read_threads import ReadThreads, SharedRead
from stayahead.serve.replay import REPLAY_BYTES, REPLAY_MOST, Replays

TICK_S = 1.0
"""Least time between two events of a topic: faster than this nobody reads."""
HEARTBEAT_S = 15.0
"""Silence after which a comment shows proxies and dead connections that we are there."""
RETRY_MS = 3000
"""How long a browser waits before it comes back."""
QUEUE_MOST = 16
"""Ticks that wait for one reader; then it reads history instead."""
READERS_MOST = 5000
"""Connections at once: about 25 kB each, so 125 MB at most."""
FEW_UPDATES = 100
"""Updates of one tick that are folded where we are, in a few milliseconds; an import brings more: on a thread."""
ANSWERS_AT_ONCE = 2
"""Readers whose greeting reads the store at the same time."""

Sleep = Callable[[float], Awaitable[None]]


class TooManyReaders(StayAheadError):
    """Every place at the live stream is taken; come back later."""


class _Reader:
    """One connection: what it follows, how far it has been told, what waits for it."""

    __slots__ = ("behind", "floor", "follows", "queue", "wake")

    def __init__(self, topics: Iterable[str]) -> None:
        self.follows: dict[str, None] = dict.fromkeys(topics)
        self.floor = 0
        self.behind = False
        self.queue: deque[Flush] = deque()
        self.wake = asyncio.Event()

    def offer(self, flush: Flush) -> None:
        if self.behind:
            return
        if len(self.queue) >= QUEUE_MOST:
            self.forget()
        else:
            self.queue.append(flush)
        self.wake.set()

    def forget(self) -> None:
        """Read history in place of what waits."""
        self.behind = self.behind or bool(self.queue)
        self.queue.clear()


class LiveHub:
    """A sink that tells every reader of the live stream what was committed.

    Args:
        pages: where history is read.
        clock: says the time that events carry (a demo's time is not the reader's).
        sleep: waits real seconds between ticks, whatever the clock says: readers live in real time.
        heartbeat_s: real seconds of silence before a heartbeat.
    """

    def __init__(
        self, pages: Pages, clock: Clock, *, sleep: Sleep = asyncio.sleep, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        self._pages, self._clock, self._sleep, self._heartbeat_s = pages, clock, sleep, heartbeat_s
        self._threads = ReadThreads(ANSWERS_AT_ONCE)
        self._positions = SharedRead(self._threads, pages.position)
        self._replays = Replays(pages, clock)
        position = pages.position()
        self._epoch, self._flushed = position.epoch, position.update
        self._pending: list[Update] = []
        self._ticking: asyncio.Task[None] | None = None
        self._readers: dict[_Reader, None] = {}
        self._topics: dict[str, dict[_Reader, None]] = {}
        self._removals = 0
        self._closed = False

    @property
    def readers(self) -> int:
        """How many connections there are."""
        return len(self._readers)

    def publish(self, updates: Sequence[Update]) -> None:
        """Take committed updates, in order, on the event loop; readers get them with the next tick."""
        if self._closed or not updates:
            return
        self._pending.extend(updates)
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.get_running_loop().create_task(self._tick())

    def close(self) -> None:
        """End every stream: a server that stops would otherwise wait for its readers."""
        self._closed = True
        if self._ticking is not None:
            self._ticking.cancel()
        for reader in self._readers:
            reader.wake.set()

    async def stream(self, topics: Sequence[str], after: Cursor | None) -> AsyncGenerator[bytes, None]:
        """Server-sent events for these topics, from `after` on (None: from now on); ends when the hub closes.

        Raises:
            TooManyReaders: before the first event.
        """
        reader = self._subscribe(topics)
        try:
            yield b"retry: %d\n\n" % RETRY_MS
            yield await self._greet(reader, after)
            while not self._closed:
                if reader.behind:
                    # Before the read: what is committed during it queues up, and the floor leaves out what was read.
                    reader.behind = False
                    frame = await self._catch_up(reader)
                elif reader.queue:
                    frame = _frame_for(reader, reader.queue.popleft())
                elif await self._quiet(reader):
                    frame = self._heartbeat(reader)
                else:
                    continue
                if frame:
                    yield frame
        finally:
            self._unsubscribe(reader)

    async def _tick(self) -> None:
        while self._pending:
            updates, self._pending = self._pending, []
            make = partial(Flush, self._epoch, updates, self._clock.now())
            self._flush(make() if len(updates) <= FEW_UPDATES else await asyncio.to_thread(make))
            await self._sleep(TICK_S)  # after the flush, not before: the first update of a quiet hour comes at once

    def _flush(self, flush: Flush) -> None:
        self._flushed = flush.last
        self._replays.forget()
        if flush.removed:  # what waits may say what was just removed; history does not any more
            self._removals += 1
            for reader in self._readers:
                reader.forget()
        # Who follows a story that was taken in follows on where it went.
        for old, new in flush.merged.items():
            for reader in self._topics.get(old, {}):
                self._follow(reader, new)
        readers: dict[_Reader, None] = dict(self._topics.get(FRONT, {}))
        for story_id in flush.lines.story_ids:
            readers.update(self._topics.get(story_id, {}))
        is_too_much = flush.lines.size > REPLAY_BYTES
        for reader in readers:
            reader.offer(flush)
            if is_too_much:  # as for who missed as much
                reader.forget()

    def _subscribe(self, topics: Sequence[str]) -> _Reader:
        if len(self._readers) >= READERS_MOST:
            raise TooManyReaders(f"all {READERS_MOST} places at the live stream are taken; come back later")
        reader = _Reader(())
        self._readers[reader] = None
        for topic in topics:
            self._follow(reader, topic.removeprefix("story:"))
        return reader

    def _follow(self, reader: _Reader, key: str) -> None:
        reader.follows[key] = None
        self._topics.setdefault(key, {})[reader] = None

    def _unsubscribe(self, reader: _Reader) -> None:
        self._readers.pop(reader, None)
        for key in reader.follows:
            followers = self._topics.get(key, {})
            followers.pop(reader, None)
            if not followers:
                self._topics.pop(key, None)

    async def _greet(self, reader: _Reader, after: Cursor | None) -> bytes:
        """Set the floor; after the subscription, so that nothing falls between."""
        for key in [key for key in reader.follows if key != FRONT]:
            answer = await self._threads.run(partial(self._answer, key))
            if isinstance(answer, MovedStory):
                self._follow(reader, answer.id)
        position = await self._positions.get()
        kind: Literal["hello", "reset"] = "hello"
        reader.floor = position.update
        if after is not None and after.epoch == self._epoch and after.number <= position.update:
            reader.floor = after.number
            reader.behind = after.number < position.update
        elif after is not None:
            kind = "reset"  # of another epoch, or ahead of us: usually a backup was restored
        return self._event(kind, reader.floor)

    def _answer(self, story_id: str) -> StoryAnswer | None:
        try:
            return self._pages.story(story_id, limit=0)
        except StayAheadError:
            return None  # a topic that is no story is only quiet: one bad tab may not cost the others their stream

    async def _catch_up(self, reader: _Reader) -> bytes:
        """What the reader missed since its floor, as one event; a reset when that is not kept or too much."""
        removals = self._removals
        lines = None
        if self._flushed - reader.floor <= REPLAY_MOST:  # numbers have no gaps: what is too much need not be read
            lines = await self._replays.since(reader.floor, epoch=self._epoch)
        if removals != self._removals:
            reader.behind = True  # what was read may say what was removed meanwhile
            return b""
        if lines is None:
            reader.floor = (await self._positions.get()).update
            return self._event("reset", reader.floor)
        # What was read for another reader may end before ours began to listen: then there is more to read.
        reader.behind = reader.behind or lines.last < self._flushed
        reader.floor = max(reader.floor, lines.last)
        return lines.frame(reader.follows)

    async def _quiet(self, reader: _Reader) -> bool:
        """Wait for something to tell; True when the heartbeat is due first."""
        # Nothing is awaited between the look at the queue and this line, so no offer falls between them.
        reader.wake.clear()
        # The heartbeat wakes the reader as an offer does: half of what a timeout costs, for each reader and event.
        alarm = asyncio.get_running_loop().call_later(self._heartbeat_s, reader.wake.set)
        try:
            await reader.wake.wait()
        finally:
            alarm.cancel()
        return not (reader.queue or reader.behind or self._closed)

    def _heartbeat(self, reader: _Reader) -> bytes:
        """An id without data moves the browser's cursor on, so that a quiet topic never grows too old to resume."""
        reader.floor = max(reader.floor, self._flushed)
        return b"id: %b-%d\n: still here\n\n" % (self._epoch.encode(), reader.floor)

    def _event(self, kind: str, number: int) -> bytes:
        cursor = Cursor(self._epoch, number)
        data = msgspec.json.encode({"at": self._clock.now(), "cursor": str(cursor)})
        return b"id: %b\nevent: %b\ndata: %b\n\n" % (str(cursor).encode(), kind.encode(), data)


def _frame_for(reader: _Reader, flush: Flush) -> bytes:
    """The event for what stands above the reader's floor, which it raises."""
    rest = flush.after(reader.floor)
    if rest is None:
        return b""
    frame = rest.lines.frame(reader.follows)
    reader.floor = rest.last
    return frame
