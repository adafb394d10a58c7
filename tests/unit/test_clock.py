"""Clocks: wall, paced, replay."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from stayahead.newsroom.clock import PacedClock, ReplayClock, WallClock

START = datetime(2031, 5, 14, 14, 0, tzinfo=UTC)


def test_the_wall_clock_is_aware_and_goes_on() -> None:
    clock = WallClock()
    first = clock.now()
    asyncio.run(clock.sleep(0.01))
    assert first.tzinfo is UTC
    assert clock.now() - first >= timedelta(seconds=0.01)


def test_a_paced_clock_makes_much_time_of_little() -> None:
    clock = PacedClock(START, speed=3600)
    began = time.monotonic()
    asyncio.run(clock.sleep(60))  # a minute of fiction in a sixtieth of a second
    passed = clock.now() - START
    assert passed >= timedelta(seconds=60)
    assert passed <= timedelta(seconds=(time.monotonic() - began) * 3600 + 60)


def test_a_replay_clock_moves_by_its_rows_and_never_back() -> None:
    clock = ReplayClock(START)
    assert clock.advance(START + timedelta(hours=1)) == START + timedelta(hours=1)
    assert clock.advance(START) == START + timedelta(hours=1)
    asyncio.run(clock.sleep(86_400))
    assert clock.now() == START + timedelta(hours=1)
