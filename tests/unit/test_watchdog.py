"""What keeps the event loop is named, and only that."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from stayahead.newsroom.watchdog import SLOW_S, TurnSelector, Watchdog, WatchedLoop, watched


def use_cpu(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def keep(seconds: float) -> None:
    use_cpu(seconds)


async def small_steps() -> None:
    for _ in range(100):
        use_cpu(0.0005)
        await asyncio.sleep(0)


def seen_by_watchdog(
    work: Callable[[], Awaitable[object]], caplog: pytest.LogCaptureFixture
) -> tuple[Mapping[str, float], list[dict[str, Any]]]:
    async def use() -> Mapping[str, float]:
        with watched(asyncio.get_running_loop()) as watchdog:
            await asyncio.sleep(0.1)  # the thread rests by now, and is woken by the work
            await work()
            await asyncio.sleep(0.05)
            return watchdog.status()

    with caplog.at_level(logging.WARNING), asyncio.Runner(loop_factory=lambda: WatchedLoop(TurnSelector())) as runner:
        status = runner.run(use())
    return status, [vars(record)["stayahead_fields"] for record in caplog.records if record.msg == "slow_callback"]


def test_a_callback_that_keeps_the_loop_is_named_once_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    status, told = seen_by_watchdog(lambda: keep(0.2), caplog)
    assert [each["ran"].split(" < ")[0] for each in told if "use_cpu" in each["ran"]] == ["test_watchdog.py:use_cpu"]
    assert status["slow_callbacks_total"] >= 1
    assert status["slow_callback_seconds_max"] > 0.1
    assert status["loop_turns_over_100_ms_total"] >= 1


def test_a_wait_on_the_loop_is_slow_though_it_uses_no_cpu(caplog: pytest.LogCaptureFixture) -> None:
    async def wait() -> None:
        time.sleep(0.3)

    _, told = seen_by_watchdog(wait, caplog)
    assert any("wait" in each["ran"] for each in told)


def test_many_small_callbacks_are_not_one_slow_one(caplog: pytest.LogCaptureFixture) -> None:
    async def many() -> None:
        await asyncio.gather(*(small_steps() for _ in range(20)))

    _, told = seen_by_watchdog(many, caplog)
    assert not [each for each in told if "small_steps" in each["ran"] and each["cpu_s"] >= SLOW_S]


def test_looking_wakes_no_loop_that_sleeps() -> None:
    async def use() -> None:
        loop = asyncio.get_running_loop()
        with watched(loop):
            await asyncio.sleep(0.3)
            assert isinstance(loop, WatchedLoop)
            turns = loop.turns.turn
            await asyncio.sleep(0.2)
            assert loop.turns.turn - turns <= 3

    with asyncio.Runner(loop_factory=lambda: WatchedLoop(TurnSelector())) as runner:
        runner.run(use())


def test_a_loop_that_counts_no_turns_is_watched_without_effect() -> None:
    async def use() -> Watchdog:
        with watched(asyncio.get_running_loop()) as watchdog:
            use_cpu(0.02)
            await asyncio.sleep(0)
            return watchdog

    assert asyncio.run(use()).slow == 0
