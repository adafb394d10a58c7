"""Turns with a host: in order, one at a time, never in its pause; and hosts that are forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from stayahead.fetch.hosts import Hosts, Paused

HOST = "paper.example:443"


class Still:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    order: list[int] = []

    async def run() -> None:
        hosts = Hosts(Still())

        async def visit(number: int) -> None:
            async with hosts.turn(HOST, delay_s=0.0):
                order.append(number)
                await asyncio.sleep(0)
                order.append(number)

        await asyncio.gather(*(visit(number) for number in range(5)))

    asyncio.run(run())
    assert order == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_a_delay_counts_from_the_end_of_the_last_turn() -> None:
    clock = Still()

    async def run() -> None:
        hosts = Hosts(clock)
        async with hosts.turn(HOST, delay_s=5.0):
            await clock.sleep(60.0)
        clock.time += timedelta(seconds=2)
        async with hosts.turn(HOST, delay_s=5.0):
            pass
        clock.time += timedelta(seconds=9)
        async with hosts.turn(HOST, delay_s=5.0):
            pass

    asyncio.run(run())
    assert clock.slept == [60.0, 3.0]


def test_a_pause_ends_by_itself_and_is_the_hosts_own() -> None:
    clock = Still()

    async def run() -> None:
        hosts = Hosts(clock)
        async with hosts.turn(HOST, delay_s=0.0):
            hosts.pause(HOST, seconds=30.0, status=503)
        with pytest.raises(Paused) as caught:
            async with hosts.turn(HOST, delay_s=0.0):
                raise AssertionError
        assert (caught.value.status, caught.value.left_s) == (503, 30.0)
        async with hosts.turn("other.example:443", delay_s=0.0):
            clock.time += timedelta(seconds=30)
        async with hosts.turn(HOST, delay_s=0.0):
            pass

    asyncio.run(run())


def test_idle_hosts_are_forgotten_and_paused_ones_are_not() -> None:
    async def run() -> None:
        hosts = Hosts(Still())
        async with hosts.turn(HOST, delay_s=0.0):
            hosts.pause(HOST, seconds=30.0, status=429)
        for number in range(10_000):
            async with hosts.turn(f"host{number}.example:443", delay_s=0.0):
                pass
        assert len(hosts) <= 4096
        with pytest.raises(Paused):
            async with hosts.turn(HOST, delay_s=0.0):
                raise AssertionError

    asyncio.run(run())
