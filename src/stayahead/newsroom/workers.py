"""Runs whatever reads strangers' input in child processes, so that no input can stop or slow the service.

Each child has a limit on CPU time, wall time and memory. A child that passes one, crashes or is killed is replaced at
once, and its task is tried once more in the new one; an input that costs two workers is refused. See
docs/decisions/0055-workers-are-fresh-interpreters.md.

How a task goes: `run` takes a place in the bounded queue → a slot (one for each child) takes the oldest → frame out,
frame in → the answer, unless its caller has gone meanwhile: then the answer is dropped, within the task's limits.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from stayahead.errors import DeadlinePassed, MemoryExceeded, PrepareError, StayAheadError, WorkerDied
from stayahead.log import event
from stayahead.newsroom import worker_main
from stayahead.newsroom.worker_main import EXIT_MEMORY, FOREIGN, OURS, Start

T = TypeVar("T")

log = logging.getLogger("stayahead.newsroom")

TRIES = 2
"""Workers that one input may cost."""
WALL_PER_CPU = 10.0
"""Wall time allowed, when none is given: a busy machine makes CPU time that much longer."""
START_S = 60.0
"""Longest time that a worker takes to import what it needs."""
WAITING = 256
"""Tasks that may wait; further callers wait for room."""

_GRACE_S = 2.0  # the child's own timers come first: they tell CPU from wall
_RESULT_BYTES_MAX = 128 << 20
_LENGTH = struct.Struct(">Q")  # as in worker_main; the frame is said there
_READ_BYTES = 1 << 20
# A worker is one thread on one input; libraries that would start more reserve memory for each.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}


class _WorkerLost(Exception):  # a private signal: the worker is gone, and why
    def __init__(self, kind: type[PrepareError], what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.remedy = remedy

    def error_for(self, url: str) -> PrepareError:
        return self.kind(url, self.what, remedy=self.remedy)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    name: str
    args: tuple[object, ...]
    url: str
    answer: asyncio.Future[Any]


class _Worker:
    """One child and our end of its socket."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(0.0)  # asyncio's
        try:
            with theirs:
                self.process = _spawn(theirs.fileno())
        except OSError:
            self._socket.close()
            raise
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def do(self, task: bytes) -> tuple[str, Any]:
        """The child's answer to a pickled task.

        Raises:
            _WorkerLost: there is none and will be none.
        """
        reader, writer = await self._ready()
        try:
            async with asyncio.timeout(self._start.wall_s + _GRACE_S):
                return cast("tuple[str, Any]", await self._exchange(reader, writer, task))
        except TimeoutError:
            # Its own timers end it within its limits; past those and the grace it is stopped, or swapped out.
            self.process.kill()
            raise _lost_by(-signal.SIGALRM, self._start) from None
        except (EOFError, ConnectionError):
            raise _lost_by(await self._exit_code(), self._start) from None

    async def end(self) -> None:
        """Kill and reap it."""
        self.process.kill()
        if self._streams is None:
            self._socket.close()
        else:
            writer = self._streams[1]
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        await asyncio.to_thread(self.process.wait)

    async def _ready(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Its streams, once it has imported what it needs."""
        if self._streams is not None:
            return self._streams
        self._streams = await asyncio.open_connection(sock=self._socket, limit=_READ_BYTES)
        try:
            async with asyncio.timeout(START_S):
                await self._exchange(*self._streams, pickle.dumps(tuple(self._start)))
        except TimeoutError:
            raise _WorkerLost(WorkerDied, f"its worker did not start within {START_S:g} s") from None
        except (EOFError, ConnectionError):
            code = await self._exit_code()
            raise _WorkerLost(WorkerDied, f"its worker did not start (exit code {code})", "see the log") from None
        return self._streams

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, frame: bytes) -> object:
        writer.write(_LENGTH.pack(len(frame)))
        writer.write(frame)
        await writer.drain()
        (size,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if size > _RESULT_BYTES_MAX:  # asked before a byte of it is read: it would be the parent's memory
            raise _WorkerLost(MemoryExceeded, f"reading it made {size} bytes of result")
        answer = await reader.readexactly(size)
        try:
            return pickle.loads(answer)  # noqa: S301 - from our own child
        except Exception as error:
            # Our own code wrote it, but an input may have broken the memory that it was written from.
            raise _WorkerLost(WorkerDied, f"its worker answered what cannot be read ({error})") from error

    async def _exit_code(self) -> int:
        """How it ended, now that its socket has."""
        try:
            return await asyncio.to_thread(self.process.wait, _GRACE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return await asyncio.to_thread(self.process.wait)


def _lost_by(code: int, start: Start) -> _WorkerLost:
    """Why a worker ended, read from its exit code: past a limit it can say nothing itself."""
    match -code:
        case signal.SIGPROF | signal.SIGXCPU:
            return _WorkerLost(
                DeadlinePassed, f"reading it took more than {start.cpu_s:g} s of CPU time", _see("cpu_s")
            )
        case signal.SIGALRM:
            return _WorkerLost(DeadlinePassed, f"reading it took more than {start.wall_s:g} s", _see("cpu_s"))
    if code == EXIT_MEMORY:
        what = f"reading it took more than {start.memory_bytes} bytes of memory"
        return _WorkerLost(MemoryExceeded, what, _see("memory_bytes"))
    if code < 0:
        return _WorkerLost(WorkerDied, f"its worker was ended by {_signal_name(-code)}")
    return _WorkerLost(WorkerDied, f"its worker ended with exit code {code}")


def _see(option: str) -> str:
    return f"see the option worker_{option}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class WorkerPool:
    """Runs functions of one module in child processes.

    Args:
        size: children; each does one task at a time.
        cpu_s: CPU time of one task.
        wall_s: wall time of one task; None: ten times its CPU time.
        memory_bytes: address space of one child.
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
        memory_bytes: int = 1_000_000_000,
        module: str = "stayahead.newsroom.prepare",
        warm_up: tuple[object, ...] = (),
    ) -> None:
        self._size = max(size, 1)
        wall_s = WALL_PER_CPU * cpu_s if wall_s is None else wall_s
        self._start_message = Start(
            path=[], module=module, warm_up=warm_up, cpu_s=cpu_s, wall_s=wall_s, memory_bytes=memory_bytes
        )
        self._room = asyncio.Semaphore(self._size + WAITING)
        self._queue: asyncio.Queue[_Task] = asyncio.Queue()  # bounded by `_room`
        self._slots: list[asyncio.Task[None]] = []
        self._workers: dict[int, _Worker] = {}
        self._is_closed = False
        self.replaced = 0
        """Workers lost and replaced so far."""

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the children, by slot."""
        return tuple(worker.process.pid for _, worker in sorted(self._workers.items()))

    def start(self) -> None:
        """Start the children now, so that they are ready when the first task comes."""
        if not self._slots and not self._is_closed:
            self._slots = [asyncio.create_task(self._serve(slot), name=f"worker {slot}") for slot in range(self._size)]
            event(log, logging.INFO, "workers_started", workers=self._size)

    async def run(self, function: Callable[..., T] | str, *args: object, url: str) -> T:
        """Give what the function gives.

        Args:
            function: a top-level function of the pool's module, or its name.
            args: what can be pickled.
            url: whose input it is, for errors.

        Raises:
            StayAheadError: the function's own error.
            PrepareError: another exception of it, or two workers did not survive it (`DeadlinePassed`,
                `MemoryExceeded`, `WorkerDied`).
        """
        name = function if isinstance(function, str) else self._name(function)
        # The place is held until the answer: so the queue's length, and with it memory, is bounded by `WAITING`.
        async with self._room:
            if self._is_closed:
                raise _closed_error(url)
            self.start()
            answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            self._queue.put_nowait(_Task(name=name, args=args, url=url, answer=answer))
            return cast("T", await answer)

    async def close(self) -> None:
        """End all children; tasks that wait or run fail. May be called twice."""
        self._is_closed = True
        if self._slots:
            event(log, logging.INFO, "workers_stopped", workers=self._size, replaced=self.replaced)
        slots, self._slots = self._slots, []
        for slot in slots:
            slot.cancel()
        await asyncio.gather(*slots, return_exceptions=True)
        while not self._queue.empty():
            left = self._queue.get_nowait()
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
            with suppress(_WorkerLost):  # it is raised to whoever needs the worker
                self._worker(slot)
            while True:
                task = await self._queue.get()
                await self._settle(slot, task)
        finally:
            if task is not None:
                _fail(task, _closed_error(task.url))
            await self._dismiss(slot)

    async def _settle(self, slot: int, task: _Task) -> None:
        """Answer the task, at the cost of at most `TRIES` workers."""
        try:
            frame = pickle.dumps((task.name, task.args), pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
            _fail(task, PrepareError(task.url, f"it cannot be sent to a worker ({error})"))
            return
        for attempt in range(1, TRIES + 1):
            if task.answer.done():  # its caller went away, so no worker is put at risk for it
                return
            try:
                kind, value = await self._worker(slot).do(frame)
            except _WorkerLost as lost:
                # The next worker gets it once more: this one may have died of an earlier input, or of the machine.
                await self._replace(slot, lost, task, attempt=attempt)
                if attempt == TRIES:  # twice is no accident: the input itself does it
                    _fail(task, lost.error_for(task.url))
            else:
                _deliver(task, kind, value)
                return

    def _worker(self, slot: int) -> _Worker:
        """The slot's worker; a new one where there is none.

        Raises:
            _WorkerLost: the system gives us no process.
        """
        if slot not in self._workers:
            try:
                self._workers[slot] = self._new_worker()
            except OSError as error:
                what = f"no worker could be started ({error.strerror})"
                raise _WorkerLost(WorkerDied, what, "free memory or processes on this machine") from error
        return self._workers[slot]

    async def _replace(self, slot: int, lost: _WorkerLost, task: _Task, *, attempt: int) -> None:
        self.replaced += 1
        event(
            log,
            logging.WARNING,
            "worker_lost",
            reason=lost.what,
            url=task.url,
            task=task.name,
            attempt=attempt,
            slot=slot,
            replaced=self.replaced,
        )
        await self._dismiss(slot)
        with suppress(_WorkerLost):  # it is raised to whoever needs the worker
            self._worker(slot)

    async def _dismiss(self, slot: int) -> None:
        old = self._workers.pop(slot, None)
        if old is not None:
            await old.end()

    def _new_worker(self) -> _Worker:
        """A new child, importing while we go on."""
        return _Worker(self._start_message._replace(path=[str(Path(folder).absolute()) for folder in sys.path]))


def _spawn(number: int) -> subprocess.Popen[bytes]:
    """An interpreter that serves the inherited socket."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and file
        [sys.executable, "-P", worker_main.__file__, str(number)],
        pass_fds=(number,),
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C and a lost terminal are for us
        env=os.environ | _ONE_THREAD,
    )


def _closed_error(url: str) -> PrepareError:
    return PrepareError(url, "the workers were ended before it was read")


def _fail(task: _Task, error: StayAheadError) -> None:
    if not task.answer.done():
        task.answer.set_exception(error)


def _deliver(task: _Task, kind: str, value: Any) -> None:
    if kind == OURS:
        _fail(task, value)
    elif kind == FOREIGN:
        remedy = "this is a defect of ours: please report it"
        _fail(task, PrepareError(task.url, f"reading it failed with {value}", remedy=remedy))
    elif not task.answer.done():
        task.answer.set_result(value)
