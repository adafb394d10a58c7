"""The program of a worker process: it answers tasks, one at a time, and ends by itself when one passes a limit.

Run as a file by `workers.WorkerPool`, in an interpreter of its own; it imports nothing but the standard library until
the first frame says where to find the rest. Frames on its socket are 8 bytes of length, big-endian, and a pickle:

- in, first: `Start`; out: `READY`
- in: `(name, args)`; out: `(OK, result)`, `(OURS, error)` of our own tree, or `(FOREIGN, what)` for any other exception

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
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

READY = "ready"
OK, OURS, FOREIGN = "ok", "ours", "foreign"
EXIT_MEMORY = 77
"""Exit code of a worker that a `MemoryError` reached."""

_LENGTH = struct.Struct(">Q")
_READ_BYTES = 1 << 20
_MESSAGE_CHARS = 300


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
        _send(parent, pickle.dumps(READY))
        while (frame := _receive(parent)) is not None:
            _send(parent, _within_limits(partial(_answer, module, frame), start))


def _nothing(*_args: object) -> None:
    return None


def _limit(memory_bytes: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a worker that is killed on purpose is no crash to look into


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


def _answer(module: Any, task: bytes) -> bytes:
    """Do the task; the answer is pickled inside the limits, for a result may be as hostile as an input."""
    from stayahead.errors import StayAheadError  # only the parent's path, set by now, leads to it

    try:
        name, args = pickle.loads(task)  # noqa: S301 - from our own parent
        return pickle.dumps((OK, getattr(module, name)(*args)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        raise
    except StayAheadError as error:
        return _pickled_error(error)
    except BaseException as error:
        return _foreign(error)


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
    head = _exactly(parent, _LENGTH.size)
    return None if head is None else _exactly(parent, _LENGTH.unpack(head)[0])


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


def _send(parent: socket.socket, frame: bytes) -> None:
    try:
        parent.sendall(_LENGTH.pack(len(frame)) + frame)
    except ConnectionError:
        os._exit(0)  # nobody listens any more


if __name__ == "__main__":
    main(int(sys.argv[1]))
