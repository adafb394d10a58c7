"""One worker process as its parent sees it: started, given a task, and asked why it ended.

Whatever is written to a worker and read from it is packed and unpacked on a thread of its own: an answer may be
millions of bytes, and while the event loop unpacked those nobody else would be heard.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from stayahead.errors import DeadlinePassed, MemoryExceeded, PrepareError, WorkerDied
from stayahead.newsroom import worker_main
from stayahead.newsroom.worker_main import EXIT_MEMORY, HEAD, LENGTH, Start

T = TypeVar("T")

START_S = 60.0
"""Longest time that a worker takes to import what it needs."""

SAID_BYTES = 400
"""Kept of the beginning and of the end of what a worker writes: a traceback's reason is its last line."""
_PIPE_BYTES = 1 << 16  # what Linux holds of it
_GRACE_S = 2.0  # the child's own timers come first: they tell CPU from wall
# A worker is one thread on one input; libraries that would start more reserve memory for each.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}


class WorkerLost(Exception):
    """There is no answer from this worker and will be none."""

    def __init__(self, kind: type[PrepareError], what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.remedy = remedy

    def error_for(self, url: str) -> PrepareError:
        """What the source whose input it was is told."""
        return self.kind(url, self.what, remedy=self.remedy)


class NotSent(Exception):
    """The task itself cannot be packed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a worker said."""

    kind: str
    value: Any
    cpu_s: float
    """What the task took."""
    resident_bytes: int
    """Memory that the worker holds after it."""


class WorkerProcess:
    """One child and our end of its socket.

    Raises:
        OSError: the system gives us no process.
    """

    def __init__(self, start: Start) -> None:
        self._start = start._replace(path=[str(Path(folder).absolute()) for folder in sys.path])
        self._socket, theirs = socket.socketpair()
        try:
            with theirs:
                self.process, self._words = _spawn(theirs.fileno())
        except OSError:
            self._socket.close()
            raise
        self._thread = _OwnThread(f"worker {self.process.pid}")
        self._base_bytes: int | None = None
        """What it held when it was ready."""
        self._resident_bytes = 0

    async def do(self, name: str, args: tuple[object, ...]) -> Answer:
        """The child's answer to a task.

        Raises:
            NotSent: it cannot be packed; the worker is none the worse.
            WorkerLost: there is no answer and will be none.
        """
        await self._ready()
        try:
            async with asyncio.timeout(self._start.wall_s + _GRACE_S):
                answer = await self._thread.run(lambda: self._exchange(_packed(name, args)))
        except TimeoutError:
            # Its own timers end it within its limits; past those and the grace it is stopped, or swapped out.
            self.process.kill()
            raise _lost_by(-signal.SIGALRM, self._start) from None
        except (EOFError, ConnectionError):
            raise _lost_by(await self._exit_code(), self._start) from None
        self._resident_bytes = answer.resident_bytes
        return answer

    @property
    def grown_bytes(self) -> int:
        """What it still holds of its last inputs."""
        return self._resident_bytes - (self._base_bytes or 0)

    def said(self) -> str:
        """What it wrote to its standard output and error since this was asked last: beginning and end."""
        return self._words.take()

    async def end(self) -> None:
        """Kill and reap it."""
        self.process.kill()
        self._thread.end()
        await asyncio.to_thread(self.process.wait)
        self._socket.close()

    async def _ready(self) -> None:
        """Wait until it has imported what it needs."""
        if self._base_bytes is not None:
            return
        try:
            async with asyncio.timeout(START_S):
                ready = await self._thread.run(lambda: self._exchange(pickle.dumps(tuple(self._start))))
        except TimeoutError:
            raise WorkerLost(WorkerDied, f"its worker did not start within {START_S:g} s") from None
        except (EOFError, ConnectionError):
            code = await self._exit_code()
            raise WorkerLost(WorkerDied, f"its worker did not start (exit code {code})", "see the log") from None
        self._base_bytes = self._resident_bytes = ready.resident_bytes

    def _exchange(self, frame: bytes) -> Answer:
        """A frame out and its answer in; on the worker's thread."""
        self._socket.sendall(LENGTH.pack(len(frame)))
        self._socket.sendall(frame)
        size, cpu_s, resident_bytes = HEAD.unpack(self._receive(HEAD.size))
        # The worker holds itself to it; asked again before a byte is read, for it would be the parent's memory.
        if size > self._start.result_bytes:
            raise WorkerLost(MemoryExceeded, f"reading it made {size} bytes of result")
        packed = self._receive(size)
        try:
            kind, value = pickle.loads(packed)  # noqa: S301 - from our own child
        except Exception as error:
            # Our own code wrote it, but an input may have broken the memory that it was written from.
            raise WorkerLost(WorkerDied, f"its worker answered what cannot be read ({error})") from error
        return Answer(kind=kind, value=value, cpu_s=cpu_s, resident_bytes=resident_bytes)

    def _receive(self, size: int) -> bytearray:
        whole = bytearray(size)
        left = memoryview(whole)
        while left:
            count = self._socket.recv_into(left)
            if not count:
                raise EOFError
            left = left[count:]
        return whole

    async def _exit_code(self) -> int:
        """How it ended, now that its socket has."""
        try:
            return await asyncio.to_thread(self.process.wait, _GRACE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return await asyncio.to_thread(self.process.wait)


class _Words:
    """Takes what a worker writes as fast as it comes and keeps little of it.

    Libraries write there what they cannot tell, some once for each byte of a hostile input: to our own standard error
    it would go past the log, unbounded; and a pipe that nobody empties would stop the worker.
    """

    def __init__(self, pipe: int, name: str) -> None:
        os.set_blocking(pipe, False)
        self._pipe = pipe
        self._is_open = True
        self._first, self._last, self._is_cut = b"", b"", False
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, name=name, daemon=True).start()

    def take(self) -> str:
        """What was written until now, and nothing of it the next time."""
        with self._lock:
            # A task's last words may still be in the pipe when its answer is here; more than it holds are not its last.
            for _ in range(2):
                self._read()
            first, last, is_cut = self._first, self._last, self._is_cut
            self._first, self._last, self._is_cut = b"", b"", False
        # How much is left out is not told: the log counts lines that are equal.
        gap = " …\n".encode() if is_cut else b""
        return (first + gap + last).decode("utf-8", "replace").strip()

    def _listen(self) -> None:
        waiting = select.poll()  # not select(): the service has descriptors past 1,024
        waiting.register(self._pipe, select.POLLIN)
        while self._is_open:
            waiting.poll()
            with self._lock:
                self._read()
        os.close(self._pipe)

    def _read(self) -> None:
        if not self._is_open:  # and its number may be another's
            return
        try:
            part = os.read(self._pipe, _PIPE_BYTES)
        except BlockingIOError:
            return
        self._is_open = bool(part)
        room = SAID_BYTES - len(self._first)
        self._first += part[:room]
        last = self._last + part[room:]
        self._is_cut = self._is_cut or len(last) > SAID_BYTES
        self._last = last[-SAID_BYTES:]


class _OwnThread:
    """Runs calls one after the other on a thread that keeps nobody from ending."""

    # Not an executor: the interpreter waits for the threads of those at its end, and this one may wait for a child
    # that waits for us.
    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name=name, daemon=True).start()

    async def run(self, call: Callable[[], T]) -> T:
        """What the call gives or raises; when we are cancelled it goes on, and gives it to nobody."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            if answer.done():
                return
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(result)  # type: ignore[arg-type] # None only where T is

        def work() -> None:
            result, failure = None, None
            try:
                result = call()
            except BaseException as error:
                failure = error
            with suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(settle, result, failure)

        self._calls.put(work)
        return await answer

    def end(self) -> None:
        """Let it end after what it does now."""
        self._calls.put(None)

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
            del call  # or its body would be held until the next one comes


def _packed(name: str, args: tuple[object, ...]) -> bytes:
    try:
        return pickle.dumps((name, args), pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        raise NotSent(str(error)) from error


def _spawn(number: int) -> tuple[subprocess.Popen[bytes], _Words]:
    """An interpreter that serves the inherited socket, and what it writes."""
    ours, theirs = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-P", worker_main.__file__, str(number)],
            pass_fds=(number,),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,  # Ctrl-C and a lost terminal are for us
            env=os.environ | _ONE_THREAD,
        )
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return process, _Words(ours, f"words of worker {process.pid}")


def _lost_by(code: int, start: Start) -> WorkerLost:
    """Why a worker ended, read from its exit code: past a limit it can say nothing itself."""
    match -code:
        case signal.SIGPROF | signal.SIGXCPU:
            return WorkerLost(DeadlinePassed, f"reading it took more than {start.cpu_s:g} s of CPU time", _see("cpu_s"))
        case signal.SIGALRM:
            return WorkerLost(DeadlinePassed, f"reading it took more than {start.wall_s:g} s", _see("cpu_s"))
    if code == EXIT_MEMORY:
        what = f"reading it took more than {start.memory_bytes} bytes of memory"
        return WorkerLost(MemoryExceeded, what, _see("memory_bytes"))
    if code < 0:
        return WorkerLost(WorkerDied, f"its worker was ended by {_signal_name(-code)}")
    return WorkerLost(WorkerDied, f"its worker ended with exit code {code}")


def _see(option: str) -> str:
    return f"see the option worker_{option}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
