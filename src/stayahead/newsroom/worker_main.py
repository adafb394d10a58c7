"""The program of a worker process: it answers tasks, one at a time, and ends by itself when one passes a limit.

Run as a file by `workers.WorkerPool`, in an interpreter of its own; it imports nothing but the standard library until
the first frame says where to find the rest. Frames on its socket are a head and a pickle; the head is 8 bytes of
length, big-endian, and on the way out also the CPU seconds of the task and the bytes resident after it.

- in, first: `Start`; out: `(OK, READY)`
- in: `(name, args)`; out: `(OK, result)`, `(OURS, error)` of our own tree, `(FOREIGN, what)` for any other exception,
  or `(TOO_LARGE, bytes)` for a result that would be more than the parent takes

Past a limit nothing is answered: the process ends, by a signal that also reaches C code, and the parent reads the
reason from how it ended. When the parent goes, the socket ends and so do we; the wall timer sees to it that this is
true in the middle of a task as well.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

READY = "ready"
OK, OURS, FOREIGN, TOO_LARGE = "ok", "ours", "foreign", "too large"
EXIT_MEMORY = 77
"""Exit code of a worker that a `MemoryError` reached."""

LENGTH = struct.Struct(">Q")
HEAD = struct.Struct(">QdQ")

_READ_BYTES = 1 << 20
_MESSAGE_CHARS = 300
_RESIDENT, _DATA = 1, 5  # columns of /proc/self/statm


class Start(NamedTuple):
    """What a worker is told first, as a plain tuple: both sides may know this module under different names."""

    path: list[str]
    """The parent's `sys.path`."""
    module: str
    """Where the functions are; its `warm_up`, if it has one, is called before the first task."""
    warm_up: tuple[object, ...]
    """What it is called with."""
    cpu_s: float
    wall_s: float
    memory_bytes: int
    """Data that inputs may make it hold, beyond what it holds when it is ready."""
    result_bytes: int


def main(number: int) -> None:
    """Serve tasks from the inherited socket until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes us
    for kill in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(kill, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF, signal.SIGALRM})
    os.dup2(2, 1)  # what a library prints is no answer
    with socket.socket(fileno=number) as parent:
        first = _receive(parent)
        if first is None:
            return
        start = Start(*pickle.loads(first))  # noqa: S301 - from our own parent
        sys.path[:] = start.path
        module = importlib.import_module(start.module)
        getattr(module, "warm_up", _nothing)(*start.warm_up)
        gc.freeze()  # what was imported stays: no collection need look at it again
        _limit(start.memory_bytes)
        _send(parent, pickle.dumps((OK, READY)), cpu_s=0.0)
        while (frame := _receive(parent)) is not None:
            began = time.process_time()
            answer = _within_limits(partial(_answer, module, frame, start.result_bytes), start)
            del frame
            _send(parent, answer, cpu_s=time.process_time() - began)


def _nothing(*_args: object) -> None:
    return None


def _limit(memory_bytes: int) -> None:
    # Of data and not of address space: that counts the code of libraries and what a model only maps.
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = memory_bytes + _statm(_DATA)
    if hard != resource.RLIM_INFINITY:
        allowed = min(allowed, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a worker that is killed on purpose is no crash to look into


def _statm(column: int) -> int:
    """Bytes of this process as Linux counts them; 0 where nobody counts."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[column]) * resource.getpagesize()
    except OSError:
        return 0


def _within_limits(work: Callable[[], bytes], start: Start) -> bytes:
    """Do it within the time limits: both signals end the process wherever it is, C code included."""
    # The wall timer is set first and lifted last: without it a task that waits for ever would outlive its parent.
    signal.setitimer(signal.ITIMER_REAL, start.wall_s)
    signal.setitimer(signal.ITIMER_PROF, start.cpu_s)
    try:
        return work()
    except MemoryError:
        os._exit(EXIT_MEMORY)  # at once: to unwind takes memory, and what C code left half done is not to be used again
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(module: Any, task: bytes, result_bytes: int) -> bytes:
    """Do the task; the answer is pickled inside the limits, for a result may be as hostile as an input."""
    from stayahead.errors import StayAheadError  # only the parent's path, set by now, leads to it

    try:
        name, args = pickle.loads(task)  # noqa: S301 - from our own parent
        answer = pickle.dumps((OK, getattr(module, name)(*args)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        raise
    except StayAheadError as error:
        answer = _pickled_error(error)
    except BaseException as error:
        answer = _foreign(error)
    return answer if len(answer) <= result_bytes else pickle.dumps((TOO_LARGE, len(answer)))


def _pickled_error(error: Exception) -> bytes:
    try:
        return pickle.dumps((OURS, error), pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError):
        return _foreign(error)


def _foreign(error: BaseException) -> bytes:
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f" ({Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno})" if where else ""
    return pickle.dumps((FOREIGN, f"{type(error).__name__}: {str(error)[:_MESSAGE_CHARS]}{place}"))


def _receive(parent: socket.socket) -> bytes | None:
    """The next frame; None when the parent has gone."""
    head = _exactly(parent, LENGTH.size)
    return None if head is None else _exactly(parent, LENGTH.unpack(head)[0])


def _exactly(parent: socket.socket, size: int) -> bytes | None:
    parts = io.BytesIO()
    while (left := size - parts.tell()) > 0:
        try:
            part = parent.recv(min(left, _READ_BYTES))
        except ConnectionError:
            return None
        if not part:
            return None
        parts.write(part)
    return parts.getvalue()


def _send(parent: socket.socket, frame: bytes, *, cpu_s: float) -> None:
    try:
        parent.sendall(HEAD.pack(len(frame), cpu_s, _statm(_RESIDENT)))
        parent.sendall(frame)
    except ConnectionError:
        os._exit(0)  # nobody listens any more


if __name__ == "__main__":
    main(int(sys.argv[1]))
