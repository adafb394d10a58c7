"""Tells everybody what time it is, so that a demo or a replayed archive can have a time of its own.

Wall time in service, paced time in the demo, the archive's own time in a replay.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from stayahead.log import event

log = logging.getLogger("stayahead.newsroom")

JUMP = timedelta(minutes=5)
"""What the wall clock moves against the monotonic one at once is a jump; drift and leap seconds are far below."""
BELIEVE_AFTER_S = 600.0
"""A jump that lasts so long is the new time. Shorter ones were mistakes: nothing is to be planned or placed by them."""
STEADY_AFTER_S = 3_600.0
"""So long after a jump nothing is done that cannot be undone."""
STEADY_AT_START_S = 600.0
"""The same after the start."""
BOOTING_S = 600.0
"""A machine that boots sets its clock within minutes, and is believed at once until then; one that runs is not,
however lately we were started."""


def _elapsed_s() -> float:
    """Seconds since the machine was started; those for which it was asleep count where the system counts them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def _wall() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class _Jump:
    """A jump of the wall clock that is not believed yet."""

    since_s: float
    by: timedelta


class WallClock:
    """The real time, which a clock that is set wrong for a moment does not change.

    Past `JUMP` it goes on by the monotonic clock until the wall clock has stood by its new time for a while.

    Args:
        wall: what the machine says.
        elapsed_s: seconds since the machine was started.
    """

    def __init__(self, *, wall: Callable[[], datetime] = _wall, elapsed_s: Callable[[], float] = _elapsed_s) -> None:
        self._wall = wall
        self._elapsed_s = elapsed_s
        self._lock = threading.Lock()  # the loop asks, and so do the desk's thread and the readers'
        self._last = wall(), elapsed_s()
        self._jump: _Jump | None = None
        self._started_s = self._last[1]
        self._steady_from_s = self._started_s + STEADY_AT_START_S

    def now(self) -> datetime:
        """Now, in UTC."""
        with self._lock:
            wall, elapsed_s = self._wall(), self._elapsed_s()
            last_wall, last_s = self._last
            expected = last_wall + timedelta(seconds=elapsed_s - last_s)
            by = wall - expected
            if abs(by) <= JUMP:
                self._jump = None
            elif not self._believes(by, elapsed_s):
                return expected
            self._last = wall, elapsed_s
            return wall

    def _believes(self, by: timedelta, elapsed_s: float) -> bool:
        is_booting = elapsed_s < BOOTING_S
        if self._jump is None or abs(by - self._jump.by) > JUMP:
            self._jump = _Jump(elapsed_s, by)
            self._steady_from_s = elapsed_s + STEADY_AFTER_S
            after_s = 0.0 if is_booting else BELIEVE_AFTER_S
            event(log, logging.WARNING, "clock_jumped", by_s=by.total_seconds(), believed_after_s=after_s)
        if elapsed_s - self._jump.since_s < BELIEVE_AFTER_S and not is_booting:
            return False
        self._jump = None
        self._steady_from_s = elapsed_s + STEADY_AFTER_S
        event(log, logging.WARNING, "clock_followed", by_s=by.total_seconds())
        return True

    def steady_now(self) -> datetime | None:
        """Now, if the clock has long been steady: the time by which something may be forgotten."""
        now = self.now()
        return now if self._elapsed_s() >= self._steady_from_s else None

    def running_since(self) -> datetime:
        """When it was made, by what is believed now: what was dated earlier since then was dated by a clock behind."""
        return self.now() - timedelta(seconds=self._elapsed_s() - self._started_s)

    async def sleep(self, seconds: float) -> None:
        """Wait that many real seconds."""
        await asyncio.sleep(seconds)


class PacedClock:
    """A fictional time that starts at `start` when the clock is made and runs `speed` times as fast as real time."""

    def __init__(self, start: datetime, *, speed: float = 1.0) -> None:
        self._start = start
        self._speed = speed
        self._made_at = time.monotonic()  # the wall clock may be set while a demo runs

    def now(self) -> datetime:
        """The fictional time."""
        return self._start + timedelta(seconds=(time.monotonic() - self._made_at) * self._speed)

    async def sleep(self, seconds: float) -> None:
        """Wait that many fictional seconds."""
        await asyncio.sleep(seconds / self._speed)


class ReplayClock:
    """The time of the archive row that is being replayed; it never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def advance(self, to: datetime) -> datetime:
        """Move to that time if it is later; the time after the move."""
        self._now = max(self._now, to)
        return self._now

    def now(self) -> datetime:
        """The time reached."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Let others run; replayed time passes by its rows alone, so waiting costs a moment of real time at most."""
        await asyncio.sleep(min(seconds, 0.01))
