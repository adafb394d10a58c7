"""Tells everybody what time it is, so that a demo or a replayed archive can have a time of its own.

Wall time in service, paced time in the demo, the archive's own time in a replay.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)

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
