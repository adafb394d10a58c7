"""Opens the writing connection of a store: makes or upgrades the file first, never under a running newsroom."""

from __future__ import annotations

from pathlib import Path

import apsw

from stayahead.errors import StoreError
from stayahead.store import schema, upkeep
from stayahead.store.commit import SQL, read_meta
from stayahead.store.connection import NewsroomLock, Writer, connect, prepare_writer, translated


def require_never_there(path: Path) -> None:
    """Refuse to make a new database in the place of one that was there: the loss would show only as empty pages.

    Raises:
        StoreError: the file is not there, and something that is made beside it is.
    """
    if path.exists():
        return
    for what, ending in (("log", "-wal"), ("notice", ".owner"), ("lock", ".lock")):
        left = path.with_name(path.name + ending)
        if left.exists():
            raise StoreError(
                f"{path}: not there, but its {what} is ({left.name}): put the file back, or a backup with "
                f"`stayahead restore`; to begin anew, remove {left.name}"
            )


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
