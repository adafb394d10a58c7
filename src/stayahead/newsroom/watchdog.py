"""Watches the event loop, so that whatever keeps everybody waiting is named in the log and counted in `/metrics`.

Theory of operation. The loop sleeps in its selector and works between two sleeps: a turn. Our selector notes when a
turn begins and ends, which is exact and costs two looks at a clock. A thread looks every few milliseconds, while there
is work, at which callback the loop's thread is in; one that it meets twice in the same turn, `SLOW_S` of the loop's CPU
time apart, is slow, and the frame that it is in then is what ran. CPU time, because a machine that is busy elsewhere
makes everything late and nothing slow; what waits without using any (a disk, a lock) is slow after `BLOCKED_S`. When
the loop has slept for a while, so does the thread. See docs/decisions/0138-nothing-long-on-the-event-loop.md.
"""

from __future__ import annotations

import asyncio
import logging
import selectors
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from stayahead.log import event

log = logging.getLogger("stayahead.newsroom")

SLOW_S = 0.005
"""CPU time of one callback past which everybody else has waited too long."""
BLOCKED_S = 0.1
"""Time that a callback may wait for something else than the CPU."""
LOOK_S = 0.0025
"""Time between two looks: half of what is slow, so that nothing much longer goes unseen."""
REST_LOOKS = 20
"""Looks without work before the thread rests until there is some."""
BUCKETS_MS = (5, 20, 100, 500)
"""Turns that took longer are counted for each."""
_CODE = str(Path(__file__).parents[1])
_LOOP_FILES = (asyncio.__path__[0], selectors.__file__)


class TurnSelector(selectors.DefaultSelector):
    """The selector of an event loop that counts its turns."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = 0
        self.began = 0.0
        """When this turn began; 0 while the loop sleeps."""
        self.over = dict.fromkeys(BUCKETS_MS, 0)
        self.longest_s = 0.0
        self.busy_s = 0.0
        self.awake: threading.Event | None = None
        """Whoever rests until there is work."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready, after a sleep of at most that long."""
        if self.began:
            self._count(time.perf_counter() - self.began)
            self.began = 0.0
        ready = super().select(timeout)
        self.turn += 1
        self.began = time.perf_counter()
        if self.awake is not None and not self.awake.is_set():
            self.awake.set()
        return ready

    def _count(self, seconds: float) -> None:
        self.busy_s += seconds
        if seconds > BUCKETS_MS[0] / 1000:
            self.longest_s = max(self.longest_s, seconds)
            for bound in BUCKETS_MS:
                self.over[bound] += seconds > bound / 1000


class WatchedLoop(asyncio.SelectorEventLoop):
    """An event loop whose turns are counted."""

    def __init__(self, selector: TurnSelector) -> None:
        super().__init__(selector)
        self.turns = selector


@dataclass(slots=True)
class _Seen:
    """A callback that was met, and how much it had used by then."""

    turn: int
    callback: FrameType
    at: float
    cpu_s: float
    where: str = ""
    """What ran when it was found slow."""
    seconds: float = 0.0
    used_s: float = 0.0


class Watchdog:
    """The thread that looks at the loop's thread. Made on the loop's thread, which `selector` is of."""

    def __init__(self, selector: TurnSelector) -> None:
        self._selector = selector
        self._awake = threading.Event()
        self._ends = False
        self._loop_thread = threading.get_ident()
        self._cpu_s = _cpu_clock(self._loop_thread)
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self.slow = 0
        """Callbacks that were slow."""
        self.slow_s = 0.0
        self.longest_s = 0.0

    def start(self) -> None:
        """Begin to look."""
        self._selector.awake = self._awake
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ends = True
        self._awake.set()
        self._thread.join()
        self._selector.awake = None

    def status(self) -> Mapping[str, float]:
        """Counters by metric name."""
        turns = self._selector
        return {
            "slow_callbacks_total": self.slow,
            "slow_callback_seconds_total": self.slow_s,
            "slow_callback_seconds_max": self.longest_s,
            "loop_turns_total": turns.turn,
            "loop_busy_seconds_total": turns.busy_s,
            "loop_turn_seconds_max": turns.longest_s,
            **{f"loop_turns_over_{bound}_ms_total": count for bound, count in turns.over.items()},
        }

    def _run(self) -> None:
        idle = 0
        seen: _Seen | None = None
        while not self._ends:
            time.sleep(LOOK_S)
            if not self._selector.began:
                idle += 1
                if seen is not None:
                    self._tell(seen)
                    seen = None
                if idle > REST_LOOKS:
                    self._awake.clear()
                    if not self._selector.began:  # else a turn began before we had cleared, and wakes nobody
                        self._awake.wait()
                continue
            idle = 0
            seen = self._look(seen)

    def _look(self, seen: _Seen | None) -> _Seen | None:
        """Look once; what was met now, or what was met before with what it has used since."""
        turn, now = self._selector.turn, time.perf_counter()
        frame = sys._current_frames().get(self._loop_thread)  # noqa: SLF001 - documented for tools like this one
        callback = _callback_of(frame)
        cpu_s = self._cpu_s()
        if seen is not None and (callback is not seen.callback or turn != seen.turn):
            self._tell(seen)
            seen = None
        if callback is None or frame is None or self._selector.turn != turn:
            return None
        if seen is None:
            return _Seen(turn, callback, now, cpu_s)
        seen.seconds, seen.used_s = now - seen.at, cpu_s - seen.cpu_s
        if not seen.where and (seen.used_s >= SLOW_S or seen.seconds >= BLOCKED_S):
            seen.where = " < ".join(_places(frame))
        return seen

    def _tell(self, seen: _Seen) -> None:
        if not seen.where:
            return
        self.slow += 1
        self.slow_s += seen.seconds
        self.longest_s = max(self.longest_s, seen.seconds)
        event(log, logging.WARNING, "slow_callback", ran=seen.where, seconds=seen.seconds, cpu_s=seen.used_s)


def _cpu_clock(thread: int) -> Callable[[], float]:
    """CPU time of that thread; where the system does not tell, all time counts as such."""
    with suppress(AttributeError, OSError):
        clock = time.pthread_getcpuclockid(thread)
        time.clock_gettime(clock)
        return lambda: time.clock_gettime(clock)
    return time.perf_counter


def _callback_of(frame: FrameType | None) -> FrameType | None:
    """The outermost frame that the loop itself called; None while it is between callbacks."""
    callback = None
    while frame is not None:
        if frame.f_code.co_filename.startswith(_LOOP_FILES):
            if frame.f_code.co_name == "_run_once":
                return callback
        else:
            callback = frame
        frame = frame.f_back
    return None


def _places(frame: FrameType | None) -> Iterator[str]:
    """Where it is: what runs, and the two nearest places in our code that called for it."""
    if frame is not None and not frame.f_code.co_filename.startswith(_CODE):
        yield _place(frame)
    ours = 0
    while frame is not None and ours < 2:
        if frame.f_code.co_filename.startswith(_CODE):
            ours += 1
            yield _place(frame)
        frame = frame.f_back


def _place(frame: FrameType) -> str:
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_code.co_name}"


@contextmanager
def watched(loop: asyncio.AbstractEventLoop) -> Iterator[Watchdog]:
    """Watch the loop of this thread for so long; one that counts no turns looks as if it slept."""
    watchdog = Watchdog(loop.turns if isinstance(loop, WatchedLoop) else TurnSelector())
    watchdog.start()
    try:
        yield watchdog
    finally:
        watchdog.stop()
