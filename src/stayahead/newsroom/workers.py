"""Runs whatever reads strangers' input in child processes, so that no input can stop or slow the service.

Each child has a limit on CPU time, wall time and memory. A child that passes one, crashes or is killed is replaced at
once, and its task is tried once more in the new one; an input that costs two workers is refused. See
docs/decisions/0055-workers-are-fresh-interpreters.md.

How a task goes: `run` takes a place of its source in the queue → a slot (one for each child) takes what is next
(`work_queue`) → frame out, frame in → the answer, unless its caller has gone meanwhile: then the answer is dropped,
within the task's limits.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from stayahead.errors import MemoryExceeded, PrepareError, StayAheadError, WorkerDied
from stayahead.log import event
from stayahead.newsroom.work_queue import Lane, WorkQueue
from stayahead.newsroom.worker_main import FOREIGN, OURS, TOO_LARGE, Start
from stayahead.newsroom.worker_process import Answer, NotSent, WorkerLost, WorkerProcess

T = TypeVar("T")

log = logging.getLogger("stayahead.newsroom")

TRIES = 2
"""Workers that one input may cost."""
WALL_PER_CPU = 10.0
"""Wall time allowed, when none is given: a busy machine makes CPU time that much longer."""
WAITING_EACH = 32
"""Tasks of one source that wait or run; further callers wait for room, and only those of that source."""
RESULT_BYTES = 24_000_000
"""Largest result: three times the largest answer of a feed, whose text UTF-8 may make half as long again."""
RENEW_BYTES = 64_000_000
"""A worker that holds so much more after a task than at its start is renewed: one input's memory is not for ever."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Task:
    name: str
    args: tuple[object, ...]
    url: str
    source: str
    lane: Lane
    answer: asyncio.Future[Any]
    tries: int = 0


@dataclass(slots=True)
class _Room:
    """The places of one source."""

    places: asyncio.Semaphore
    users: int = 0


class WorkerPool:
    """Runs functions of one module in child processes.

    Args:
        size: children; each does one task at a time.
        cpu_s: CPU time of one task.
        wall_s: wall time of one task; None: ten times its CPU time.
        memory_bytes: data that inputs may make one child hold.
        result_bytes: what one task may give.
        module: where the functions are; its `warm_up`, if there is one, runs in each child before its first task.
        warm_up: what it is called with.

    Children start at the first `run`, or with `start`. All of it belongs to one event loop.
    """

    def __init__(
        self,
        size: int,
        *,
        cpu_s: float = 2.0,
        wall_s: float | None = None,
        memory_bytes: int = 200_000_000,
        result_bytes: int = RESULT_BYTES,
        module: str = "stayahead.newsroom.prepare",
        warm_up: tuple[object, ...] = (),
    ) -> None:
        self._size = max(size, 1)
        self._start_message = Start(
            path=[],
            module=module,
            warm_up=warm_up,
            cpu_s=cpu_s,
            wall_s=WALL_PER_CPU * cpu_s if wall_s is None else wall_s,
            memory_bytes=memory_bytes,
            result_bytes=result_bytes,
        )
        self._queue: WorkQueue[_Task] = WorkQueue(self._size)  # bounded by `_rooms`
        self._rooms: dict[str, _Room] = {}
        self._has_news = asyncio.Event()
        """Something was put into the queue, or has ended."""
        self._slots: list[asyncio.Task[None]] = []
        self._workers: dict[int, WorkerProcess] = {}
        self._is_closed = False
        self.replaced = 0
        """Workers lost and replaced so far."""
        self.renewed = 0
        """Workers replaced because they had grown."""

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the children, by slot."""
        return tuple(worker.process.pid for _, worker in sorted(self._workers.items()))

    def status(self) -> Mapping[str, float]:
        """Counters by metric name."""
        return {
            "workers_lost_total": self.replaced,
            "workers_renewed_total": self.renewed,
            "worker_tasks_waiting": len(self._queue),
        }

    def start(self) -> None:
        """Start the children now, so that they are ready when the first task comes."""
        if not self._slots and not self._is_closed:
            self._slots = [asyncio.create_task(self._serve(slot), name=f"worker {slot}") for slot in range(self._size)]
            event(log, logging.INFO, "workers_started", workers=self._size)

    async def run(
        self,
        function: Callable[..., T] | str,
        *args: object,
        url: str,
        source: str = "",
        lane: Lane = Lane.FEED,
    ) -> T:
        """Give what the function gives.

        Args:
            function: a top-level function of the pool's module, or its name.
            args: what can be pickled.
            url: whose input it is, for errors.
            source: the feed that it is for: sources share the workers (see `work_queue`).
            lane: what of that source goes first.

        Raises:
            StayAheadError: the function's own error.
            PrepareError: another exception of it, or two workers did not survive it (`DeadlinePassed`,
                `MemoryExceeded`, `WorkerDied`).
        """
        name = function if isinstance(function, str) else self._name(function)
        async with self._place(source):
            if self._is_closed:
                raise _closed_error(url)
            self.start()
            answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            self._put(_Task(name=name, args=args, url=url, source=source, lane=lane, answer=answer))
            return cast("T", await answer)

    @asynccontextmanager
    async def _place(self, source: str) -> AsyncIterator[None]:
        """A place of that source, held until the answer: so the queue's length is bounded."""
        room = self._rooms.setdefault(source, _Room(asyncio.Semaphore(WAITING_EACH)))
        room.users += 1
        try:
            async with room.places:
                yield
        finally:
            room.users -= 1
            if not room.users:
                del self._rooms[source]

    def _put(self, task: _Task) -> None:
        self._queue.put(task, source=task.source, lane=task.lane)
        self._has_news.set()

    async def close(self) -> None:
        """End all children; tasks that wait or run fail. May be called twice."""
        self._is_closed = True
        if self._slots:
            event(log, logging.INFO, "workers_stopped", workers=self._size, replaced=self.replaced)
        slots, self._slots = self._slots, []
        for slot in slots:
            slot.cancel()
        await asyncio.gather(*slots, return_exceptions=True)
        for left in self._queue.clear():
            _fail(left, _closed_error(left.url))

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _name(self, function: Callable[..., object]) -> str:
        if function.__module__ != self._start_message.module or function.__qualname__ != function.__name__:
            raise ValueError(f"{function!r} is no top-level function of {self._start_message.module}")
        return function.__name__

    async def _serve(self, slot: int) -> None:
        """One slot: its worker, and the tasks that it takes."""
        task: _Task | None = None
        try:
            with suppress(WorkerLost):  # it is raised to whoever needs the worker
                self._worker(slot)
            while True:
                source, task = await self._next()
                cost_s = await self._settled(slot, task)
                task = None  # or its body would be held until the next one comes
                self._queue.done(source, cost_s, time.monotonic())
                self._has_news.set()  # what may run beside this task is no longer what it was
        finally:
            if task is not None:
                _fail(task, _closed_error(task.url))
            await self._dismiss(slot)

    async def _next(self) -> tuple[str, _Task]:
        while (taken := self._queue.take(time.monotonic())) is None:
            self._has_news.clear()
            await self._has_news.wait()
        return taken

    async def _settled(self, slot: int, task: _Task) -> float:
        try:
            return await self._settle(slot, task)
        except Exception as error:  # a bug of ours costs this task: a slot that ended would leave all others waiting
            event(log, logging.ERROR, "worker_task_failed", url=task.url, task=task.name, error=error, trace=error)
            what = f"unexpected {type(error).__name__}: {error}"
            _fail(task, PrepareError(task.url, what, remedy="please report it with the log"))
            await self._renew(slot)
            return 0.0

    async def _settle(self, slot: int, task: _Task) -> float:
        """Answer the task, or put it back for its second try; the CPU time that it took."""
        if task.answer.done():  # its caller went away, so no worker is put at risk for it
            return 0.0
        started = time.monotonic()
        try:
            answer = await self._done(slot, task)
        except NotSent as error:
            _fail(task, PrepareError(task.url, f"it cannot be sent to a worker ({error})"))
            return 0.0
        except WorkerLost as lost:
            task.tries += 1
            await self._replace(slot, lost, task)
            if task.tries == TRIES:  # twice is no accident: the input itself does it
                _fail(task, lost.error_for(task.url))
            else:
                # Once more: this worker may have died of an earlier input, or of the machine. Behind what others have
                # waiting, for most of those that die once do so again.
                self._put(task)
            return min(time.monotonic() - started, self._start_message.cpu_s)
        _deliver(task, answer)
        if self._workers[slot].grown_bytes > RENEW_BYTES:
            self.renewed += 1
            await self._renew(slot)
        return answer.cpu_s

    async def _done(self, slot: int, task: _Task) -> Answer:
        """What the slot's worker answers; what it wrote meanwhile is one line of the log, however much it was."""
        worker = self._worker(slot)
        try:
            return await worker.do(task.name, task.args)
        finally:
            if said := worker.said():
                event(log, logging.WARNING, "worker_said", said=said, url=task.url, task=task.name)

    def _worker(self, slot: int) -> WorkerProcess:
        """The slot's worker; a new one where there is none.

        Raises:
            WorkerLost: the system gives us no process.
        """
        if slot not in self._workers:
            try:
                self._workers[slot] = WorkerProcess(self._start_message)
            except OSError as error:
                what = f"no worker could be started ({error.strerror})"
                raise WorkerLost(WorkerDied, what, "free memory or processes on this machine") from error
        return self._workers[slot]

    async def _replace(self, slot: int, lost: WorkerLost, task: _Task) -> None:
        self.replaced += 1
        event(
            log,
            logging.WARNING,
            "worker_lost",
            reason=lost.what,
            url=task.url,
            task=task.name,
            attempt=task.tries,
            slot=slot,
            replaced=self.replaced,
        )
        await self._renew(slot)

    async def _renew(self, slot: int) -> None:
        """A new worker in the place of the slot's."""
        await self._dismiss(slot)
        with suppress(WorkerLost):  # it is raised to whoever needs the worker
            self._worker(slot)

    async def _dismiss(self, slot: int) -> None:
        old = self._workers.pop(slot, None)
        if old is not None:
            await old.end()


def _closed_error(url: str) -> PrepareError:
    return PrepareError(url, "the workers were ended before it was read")


def _fail(task: _Task, error: StayAheadError) -> None:
    if not task.answer.done():
        task.answer.set_exception(error)


def _deliver(task: _Task, answer: Answer) -> None:
    if answer.kind == OURS:
        _fail(task, answer.value)
    elif answer.kind == FOREIGN:
        remedy = "this is a defect of ours: please report it"
        _fail(task, PrepareError(task.url, f"reading it failed with {answer.value}", remedy=remedy))
    elif answer.kind == TOO_LARGE:
        _fail(task, MemoryExceeded(task.url, f"reading it made {answer.value} bytes of result"))
    elif not task.answer.done():
        task.answer.set_result(answer.value)
