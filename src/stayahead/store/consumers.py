"""Keeps how far each consumer of updates has come, so that it goes on where it was after a restart."""

from __future__ import annotations

from datetime import datetime

import apsw

from stayahead.errors import StoreError
from stayahead.model import ConsumerPosition
from stayahead.store import rows
from stayahead.store.commit import read_meta
from stayahead.store.sql import blocks

SQL = blocks("consumers.sql")


def positions(db: apsw.Connection) -> list[ConsumerPosition]:
    """See `ports.Consumers.consumers`."""
    return [
        ConsumerPosition(name=name, number=number, at=rows.moment(at))
        for name, number, at in db.execute(SQL["positions"])
    ]


def move(db: apsw.Connection, name: str, number: int, at: datetime) -> None:
    """See `ports.Consumers.consumed`; inside the caller's write transaction."""
    before = db.execute(SQL["position"], (name,)).get
    last = read_meta(db).update
    # Either would be a mistake of the consumer's that repeats or skips updates for ever without a word.
    if before is not None and number < before:
        raise StoreError(f"consumer {name} has come to update {before} and cannot go back to {number}")
    if number > last:
        raise StoreError(f"consumer {name} cannot have come to update {number}: the last one is {last}")
    db.execute(SQL["move"], (name, number, rows.micros(at)))


def drop(db: apsw.Connection, name: str) -> bool:
    """See `ports.Consumers.drop_consumer`."""
    db.execute(SQL["drop"], (name,))
    return bool(db.changes())
