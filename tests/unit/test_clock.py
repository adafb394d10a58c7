"""Clocks: wall, paced, replay."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from stayahead.newsroom.clock import (
    BELIEVE_AFTER_S,
    BOOTING_S,
    STEADY_AFTER_S,
    STEADY_AT_START_S,
    PacedClock,
    ReplayClock,
    WallClock,
)
from tests.newsroom_world import SetClock

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


def test_a_jump_of_seconds_is_not_believed_and_one_that_stays_is() -> None:
    machine = SetClock()
    clock = machine.wall_clock()
    machine.pass_s(STEADY_AT_START_S)
    began = clock.now()
    machine.set_by(days=40)
    machine.pass_s(25)
    assert clock.now() == began + timedelta(seconds=25)
    machine.set_by(days=-40)
    machine.pass_s(5)
    assert clock.now() == began + timedelta(seconds=30)
    machine.set_by(days=365)
    for _ in range(int(BELIEVE_AFTER_S)):
        assert clock.now() - began < timedelta(hours=1)
        machine.pass_s(1)
    assert clock.now() == machine.wall()
    machine.set_by(days=-365)
    assert clock.now() > began + timedelta(days=365)
    machine.pass_s(BELIEVE_AFTER_S)
    assert clock.now() == machine.wall()


def test_a_machine_that_sets_its_clock_after_it_has_booted_is_believed_at_once_and_forgets_nothing() -> None:
    machine = SetClock(elapsed_s=40.0)
    clock = machine.wall_clock()
    machine.pass_s(20)
    machine.set_by(days=90)
    assert clock.now() == machine.wall()
    machine.pass_s(STEADY_AT_START_S)
    assert clock.now() == machine.wall()
    assert clock.steady_now() is None
    machine.pass_s(STEADY_AFTER_S)
    assert clock.steady_now() == machine.wall()


def test_a_clock_set_wrong_just_after_our_start_is_not_believed() -> None:
    machine = SetClock()
    clock = machine.wall_clock()
    began = clock.now()
    machine.pass_s(5)
    machine.set_by(days=40)
    assert clock.now() == began + timedelta(seconds=5)
    machine.pass_s(25)
    machine.set_by(days=-40)
    assert clock.now() == machine.wall() == began + timedelta(seconds=30)


@pytest.mark.parametrize(("since_boot_s", "after_s"), [(20.0, 0.0), (BOOTING_S + 1, BELIEVE_AFTER_S)])
def test_the_log_says_when_a_jump_is_believed(
    since_boot_s: float, after_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    machine = SetClock(elapsed_s=since_boot_s)
    clock = machine.wall_clock()
    machine.set_by(days=1)
    clock.now()
    told = {record.msg: vars(record)["stayahead_fields"] for record in caplog.records}
    assert told["clock_jumped"]["believed_after_s"] == after_s
    assert ("clock_followed" in told) == (after_s == 0)


def test_small_corrections_and_a_machine_that_slept_are_followed_at_once() -> None:
    machine = SetClock()
    clock = machine.wall_clock()
    for _ in range(100):  # a slow drift adds up to no jump
        machine.set_by(seconds=200)
        assert clock.now() == machine.wall()
    machine.pass_s(8 * 3600)
    assert clock.now() == machine.wall()


def test_nothing_is_to_be_forgotten_until_the_clock_was_steady_for_long() -> None:
    machine = SetClock()
    clock = machine.wall_clock()
    assert clock.steady_now() is None
    machine.pass_s(STEADY_AT_START_S)
    assert clock.steady_now() == machine.wall()
    machine.set_by(days=40)
    assert clock.steady_now() is None
    machine.pass_s(25)
    machine.set_by(days=-40)
    assert clock.steady_now() is None, "it was corrected, and is in doubt all the same"
    machine.pass_s(STEADY_AFTER_S)
    assert clock.steady_now() == machine.wall()
    machine.set_by(days=40)
    assert clock.steady_now() is None
    machine.pass_s(BELIEVE_AFTER_S)
    assert clock.steady_now() is None
    machine.pass_s(STEADY_AFTER_S)
    assert clock.steady_now() == machine.wall()
