"""Consumers keep their place, whatever happens to the process; and a journal has one owner."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from stayahead.errors import StoreError, StoreFenced
from stayahead.model import Batch, ConsumerPosition, Retention, Snapshot
from tests.contract.store_parts import T0, Teller, minutes
from tests.stores import Opener, Store


def _told(store: Store, count: int) -> Teller:
    teller = Teller(store)
    for number in range(count):
        teller.open(f"a{number}")
    return teller


def test_a_consumer_goes_on_where_it_was_after_a_restart(opener: Opener) -> None:
    with closing(opener()) as store:
        _told(store, 3)
        assert store.consumers() == []
        store.consumed("alerts", 2, T0 + minutes(5))
        store.consumed("feeds", 0, T0 + minutes(6))
    with closing(opener()) as store:
        assert list(store.consumers()) == [
            ConsumerPosition(name="alerts", number=2, at=T0 + minutes(5)),
            ConsumerPosition(name="feeds", number=0, at=T0 + minutes(6)),
        ]
        (alerts, _) = store.consumers()
        missed = store.updates(after=alerts.number, limit=10)
        assert missed is not None
        assert [update.number for update in missed] == [3]
        store.consumed("alerts", 3, T0 + minutes(7))
        assert store.consumers()[0].number == 3


def test_a_consumer_never_goes_back_nor_past_the_last_update(store: Store) -> None:
    _told(store, 3)
    store.consumed("alerts", 2, T0)
    store.consumed("alerts", 2, T0 + minutes(1))
    with pytest.raises(StoreError, match="cannot go back to 1"):
        store.consumed("alerts", 1, T0 + minutes(2))
    with pytest.raises(StoreError, match="the last one is 3"):
        store.consumed("alerts", 4, T0 + minutes(2))
    assert list(store.consumers()) == [ConsumerPosition(name="alerts", number=2, at=T0 + minutes(1))]


def test_a_dropped_consumer_begins_anew(store: Store) -> None:
    _told(store, 2)
    store.consumed("alerts", 2, T0)
    assert store.drop_consumer("alerts")
    assert not store.drop_consumer("alerts")
    assert store.consumers() == []
    store.consumed("alerts", 1, T0)


def test_a_consumer_that_slept_for_too_long_learns_that_it_missed_something(store: Store) -> None:
    teller = _told(store, 3)
    store.consumed("alerts", 1, T0)
    store.commit(Batch(snapshot=Snapshot(format=1, number=teller.number, rows=())))
    while store.forget(T0 + timedelta(days=500), Retention(updates_days=365)).updates:
        pass
    assert store.updates(after=store.consumers()[0].number, limit=10) is None
    store.consumed("alerts", store.position().update, T0 + minutes(1))


def test_an_owner_that_another_has_followed_writes_no_more(opener: Opener) -> None:
    with closing(opener()) as old, closing(opener(by_force=True)) as new:
        with pytest.raises(StoreFenced, match=r"another newsroom has opened the database .* must end"):
            Teller(old).open("late")
        with pytest.raises(StoreFenced):
            old.forget(T0, Retention())
        assert old.position().update == 0
        Teller(new).open("first")
        assert new.position().update == 1
        with pytest.raises(StoreFenced):
            old.commit(Batch())
