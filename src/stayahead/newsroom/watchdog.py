"""Watches the event loop, so that whatever keeps everybody waiting is named in the log and counted in `/metrics`.

Theory of operation. The loop sleeps in its selector and works between two sleeps: a turn. Our selector notes when a
turn begins and ends, which is exact and costs two looks at a clock. A thread looks every few milliseconds, while there
is work; a turn that is not over by then is asked what it is in, by a signal to the loop's own thread: only there may
frames be walked, those of another thread change while they are looked at (one was no frame any more). A callback
that has used `SLOW_S` of the thread's CPU time between two answers, or while an answer was waited for, is slow, and the
frame that it is in then is what ran. CPU time, because a machine that is busy elsewhere makes everything late and
nothing slow; what waits without using any (a disk, a lock) is slow after `BLOCKED_S`. When the loop has slept for a
while, so does the thread. See docs/decisions/0138-nothing-long-on-the-event-loop.md.
"""

from __future__ import annotations

import asyncio
import logging
import selectors
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from stayahead.log import event

log = logging.getLogger("stayahead.newsroom")

SLOW_S = 0.005
"""CPU time of one callback past which everybody else has waited too long."""
BLOCKED_S = 0.1
"""Time that a callback may wait for something else than the CPU."""
LOOK_S = 0.0025
"""Time between two looks: half of what is slow, so that nothing much longer goes unseen."""
ASKS = signal.SIGURG
"""What the loop's thread is asked by: nobody else uses it, and where nobody listens it does nothing."""
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
    callback: int
    """Identity of its frame, which is not held: held, it would outlive its call."""
    at: float
    cpu_s: float
    where: str = ""
    """What ran when it was found slow."""
    seconds: float = 0.0
    used_s: float = 0.0


class Watchdog:
    """The thread that looks at the loop's thread. Made on the loop's thread, which `selector` is of.

    On another thread than the main one no signal is heard: turns are counted there, and nothing is named.
    """

    def __init__(self, selector: TurnSelector) -> None:
        self._selector = selector
        self._awake = threading.Event()
        self._ends = False
        self._loop_thread = threading.get_ident()
        self._cpu_s = _cpu_clock(self._loop_thread)
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self._asked = (0.0, 0.0)
        """When the loop was asked last, and the CPU time that it had used by then."""
        self._is_asking = False
        self._seen: _Seen | None = None
        self._done: deque[_Seen] = deque(maxlen=100)
        """Slow callbacks that are over and not told yet."""
        self._hears = False
        self._handler_before: Any = None
        self.slow = 0
        """Callbacks that were slow."""
        self.slow_s = 0.0
        self.longest_s = 0.0

    def start(self) -> None:
        """Begin to look."""
        self._selector.awake = self._awake
        self._hears = threading.current_thread() is threading.main_thread()
        if self._hears:
            self._handler_before = signal.signal(ASKS, self._answer)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ends = True
        self._awake.set()
        self._thread.join()
        self._selector.awake = None
        if self._hears:
            signal.signal(ASKS, self._handler_before)
            self._over()
            self._tell_all()

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
        while not self._ends:
            time.sleep(LOOK_S)
            began, now = self._selector.began, time.perf_counter()
            self._tell_all()
            if began:
                idle = 0
                if self._hears and now - began >= LOOK_S and not self._is_asking:
                    self._ask(now)
                continue
            idle += 1
            if idle > REST_LOOKS:
                self._awake.clear()
                if not self._selector.began:  # else a turn began before we had cleared, and wakes nobody
                    self._awake.wait()

    def _ask(self, now: float) -> None:
        self._is_asking = True
        self._asked = (now, self._cpu_s())
        with suppress(OSError):
            signal.pthread_kill(self._loop_thread, ASKS)

    def _answer(self, _: int, frame: FrameType | None) -> None:
        """What the loop is in, on its own thread: from the question to here it has run nothing else of Python's."""
        (asked_at, asked_cpu_s), turn, callback = self._asked, self._selector.turn, _callback_of(frame)
        self._is_asking = False
        seen = self._seen
        if seen is not None and (seen.turn != turn or seen.callback != id(callback)):
            self._over()
            seen = None
        if callback is None:
            return
        if seen is None:
            seen = self._seen = _Seen(turn, id(callback), asked_at, asked_cpu_s)
        seen.seconds, seen.used_s = time.perf_counter() - seen.at, self._cpu_s() - seen.cpu_s
        if not seen.where and (seen.used_s >= SLOW_S or seen.seconds >= BLOCKED_S):
            seen.where = " < ".join(_places(frame))

    def _over(self) -> None:
        if self._seen is not None and self._seen.where:
            self._done.append(self._seen)
        self._seen = None

    def _tell_all(self) -> None:
        seen = self._seen
        is_over = seen is not None and (seen.turn != self._selector.turn or not self._selector.began)
        if seen is not None and seen.where and is_over:
            self._seen = None
            self._tell(seen)
        while self._done:
            self._tell(self._done.popleft())

    def _tell(self, seen: _Seen) -> None:
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
