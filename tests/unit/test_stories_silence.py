"""When ticks are due."""

from __future__ import annotations

from datetime import timedelta

from stayahead.stories.silence import ticks
from stayahead.stories.weights import EXPIRE_AFTER, TICK
from tests.story_inputs import START


def test_ticks_tile_time_however_often_they_are_asked_for() -> None:
    until = START + timedelta(minutes=7, seconds=40)
    at_once = list(ticks(START, until))
    assert at_once == [START + n * TICK for n in range(1, 8)]
    bit_by_bit, last = [], START
    for seconds in range(0, 461, 23):
        for at in ticks(last, START + timedelta(seconds=seconds)):
            bit_by_bit.append(at)
            last = at
    assert bit_by_bit == at_once


def test_by_the_end_of_a_long_gap_one_tick_is_due() -> None:
    gap = 2 * EXPIRE_AFTER
    assert len(list(ticks(START, START + gap))) == gap // TICK
    assert list(ticks(START, START + gap + TICK)) == [START + gap + TICK]


def test_time_that_runs_back_brings_no_tick() -> None:
    assert list(ticks(START, START - timedelta(days=9))) == []
