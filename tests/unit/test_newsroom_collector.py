from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest

from stayahead.newsroom import collector
from stayahead.newsroom.collector import Collector


@pytest.fixture
def watching() -> Iterator[Collector]:
    watcher = Collector()
    watcher.start()
    yield watcher
    watcher.stop()


def test_what_lives_at_the_start_is_not_looked_through(watching: Collector) -> None:
    assert gc.get_freeze_count() > 1_000
    assert len(gc.get_objects()) < gc.get_freeze_count()
    assert watching.set_aside == 1


def test_what_survives_a_long_pass_is_set_aside(watching: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    gc.collect()
    assert watching.set_aside == 1
    monkeypatch.setattr(collector, "LONG_S", 1e-9)
    alive = [[n] for n in range(5_000)]
    before = gc.get_freeze_count()
    gc.collect()
    assert watching.set_aside == 2  # the first after the start
    assert gc.get_freeze_count() >= before + len(alive)
    assert watching.status()["collector_pass_seconds_max"] > 0
    monkeypatch.setattr(collector, "REST_S", 1e12)
    gc.collect()
    assert watching.set_aside == 2  # not so soon after the last time
    monkeypatch.setattr(collector, "REST_S", 0.0)
    gc.collect()
    assert watching.set_aside == 3


def test_the_longer_a_pass_the_sooner_what_survived_it_is_set_aside() -> None:
    watcher = Collector()
    watcher._set_aside_at = 1_000.0
    for took_s in (collector.LONG_S, 2 * collector.LONG_S, 10 * collector.LONG_S):
        rest_s = collector.REST_S * collector.LONG_S / took_s
        assert not watcher._has_rested(1_000.0 + 0.9 * rest_s, took_s)
        assert watcher._has_rested(1_000.0 + 1.1 * rest_s, took_s)


def test_a_short_pass_of_young_objects_sets_nothing_aside(watching: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "LONG_S", 0.0)
    monkeypatch.setattr(collector, "REST_S", 0.0)
    gc.collect(0)
    assert watching.set_aside == 1


def test_the_end_leaves_the_collector_as_it_was() -> None:
    watcher = Collector()
    callbacks = list(gc.callbacks)
    watcher.start()
    watcher.stop()
    assert gc.callbacks == callbacks
    assert gc.get_freeze_count() == 0
    assert time.perf_counter() > watcher.longest_s
