"""Tasks for the workers' tests: well-behaved ones, and each way in which an input can cost a worker."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

from stayahead.errors import HttpStatus, ParseError

_warm = False


def warm_up() -> None:
    global _warm  # noqa: PLW0603 - what the test looks at
    _warm = True


def is_warm() -> bool:
    return _warm


def double(number: int) -> int:
    return 2 * number


def pid() -> int:
    return os.getpid()


def size(body: bytes) -> int:
    return len(body)


def echo(body: bytes) -> bytes:
    return body


def chatter() -> str:
    print("a library that prints", flush=True)  # noqa: T201 - the point of it
    return "quiet"


def flood(size: int) -> str:
    """As libxml2 does, which says of each byte that it has no memory."""
    os.write(2, b"first words\n")
    for _ in range(size // 10_000):
        os.write(2, b"MemoryError\n" * 833)
    os.write(2, b"last words\n")
    return "done"


def loop() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(600)


def burn(cpu_s: float) -> int:
    """Use that much CPU time."""
    end = time.process_time() + cpu_s
    while time.process_time() < end:
        pass
    return os.getpid()


def backtrack() -> bool:
    """Hang inside C: the regular expression engine never comes back to the interpreter."""
    return re.match(r"(a+)+$", "a" * 60 + "b") is not None


def exhaust() -> int:
    parts = []
    while True:
        parts.append(bytes(50_000_000))


def leave() -> None:
    os._exit(3)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def die_once(mark: str) -> str:
    """The first worker does not survive; the next one finds the mark."""
    path = Path(mark)
    if path.exists():
        return "survived"
    path.write_text("died here")
    os._exit(1)


def refuse(url: str) -> None:
    raise ParseError(url, "no feed", remedy="look for its address")


def refuse_status(url: str) -> None:
    raise HttpStatus(url, "slow down", status=429, retry_after_s=7.0)


def stumble() -> None:
    raise KeyError("a defect")


def leave_by_exception() -> None:
    raise SystemExit(4)


def unpicklable() -> object:
    return lambda: None


def huge() -> bytes:
    return bytes(200_000_000)


def nap(seconds: float, mark: str) -> int:
    """Note that it began, then sleep."""
    Path(mark).write_text(str(os.getpid()))
    time.sleep(seconds)
    return os.getpid()


_kept: list[bytes] = []


def keep(size: int) -> int:
    """Hold memory after the task."""
    _kept.append(b"x" * size)
    return os.getpid()
