"""Opens the writing connection of a store: makes or upgrades the file first, never under a running newsroom."""

from __future__ import annotations

from pathlib import Path

import apsw

from stayahead.store import schema, upkeep
from stayahead.store.commit import SQL, read_meta
from stayahead.store.connection import NewsroomLock, Writer, connect, prepare_writer, translated


def open_writing(path: Path, lock: NewsroomLock, *, is_newsroom: bool, epoch: str | None) -> Writer:
    """The writer of a file that is up to date.

    Raises:
        StoreError: see `SqliteStore.open`.
    """
    with translated(path):
        db = connect(path, write=True)
        try:
            _bring_up_to_date(db, path, lock, is_newsroom=is_newsroom, epoch=epoch)
            prepare_writer(db, is_newsroom=is_newsroom)
        except BaseException:
            db.close()
            raise
    return Writer(path, db)


def _bring_up_to_date(
    db: apsw.Connection, path: Path, lock: NewsroomLock, *, is_newsroom: bool, epoch: str | None
) -> None:
    if schema.version_of(db, path) == len(schema.MIGRATIONS) and read_meta(db).epoch:
        return
    # A newsroom has the lock already. Whoever opens beside it takes it for the upgrade only: tables do not change under
    # a newsroom of the older version.
    if not is_newsroom:
        lock.take()
    try:
        schema.migrate(db, path)
        if not read_meta(db).epoch:
            db.execute(SQL["put_meta"], ("epoch", epoch or upkeep.new_epoch()))
    finally:
        if not is_newsroom:
            lock.give_back()
