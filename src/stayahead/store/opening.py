"""Opens the writing connection of a store, and counts who owns it.

It makes or upgrades the file first, never under a running newsroom, and finds out whether the log was lost: then
numbers that readers were told are given again, and only a new epoch tells them apart (docs/decisions/0143).
"""

from __future__ import annotations

import logging
from pathlib import Path

import apsw

from stayahead.errors import StoreError, StoreLocked
from stayahead.log import event
from stayahead.store import schema, upkeep
from stayahead.store.commit import SQL, Meta, read_meta
from stayahead.store.connection import (
    APPLICATION_ID,
    NewsroomLock,
    Writer,
    connect,
    prepare_writer,
    require_log,
    transaction,
    translated,
)

log = logging.getLogger("stayahead.store")

MAGIC = b"SQLite format 3\0"
HEAD_BYTES = 100
"""Of SQLite's file format; bytes 68 to 71 are the application's id."""


def require_never_there(path: Path) -> None:
    """Refuse to make a new database in the place of one that was there: the loss would show only as empty pages.

    Raises:
        StoreError: the file is not there, and something that is made beside it is.
    """
    if path.exists():
        return
    if (other := _other_database(path.parent)) is not None:
        raise StoreError(
            f"{path}: not there, but another database of ours is ({other.name}), perhaps its backup: put it in "
            f"place with `stayahead restore`; to begin anew, move {other.name} elsewhere"
        )
    for what, ending in (("log", "-wal"), ("notice", ".owner"), ("lock", ".lock")):
        left = path.with_name(path.name + ending)
        if left.exists():
            raise StoreError(
                f"{path}: not there, but its {what} is ({left.name}): put the file back, or a backup with "
                f"`stayahead restore`; to begin anew, remove {left.name}"
            )


def _other_database(folder: Path) -> Path | None:
    """A file of ours in that folder, whatever its name; known by its head, without opening it."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
        except OSError:
            continue
        if head.startswith(MAGIC) and head[68:72] == APPLICATION_ID.to_bytes(4, "big"):
            return path
    return None


def open_writing(path: Path, lock: NewsroomLock, *, is_newsroom: bool, epoch: str | None, found_log: int) -> Writer:
    """The writer of a file that is up to date.

    Args:
        path: of the database.
        lock: taken already by a newsroom.
        is_newsroom: else what is written is beside one, or while none runs.
        epoch: of a file that is made now; None: drawn.
        found_log: inode of the log that stood there before; 0: none.

    Raises:
        StoreError: see `SqliteStore.open`.
    """
    with translated(path):
        if not is_newsroom:  # a newsroom has the lock, so nobody writes to a log that is not there any more
            require_log(path)
        db = connect(path, write=True)
        try:
            _bring_up_to_date(db, path, lock, is_newsroom=is_newsroom, epoch=epoch)
            prepare_writer(db, is_newsroom=is_newsroom)
            if not is_newsroom:
                _settle(db, path, lock, found_log)
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


def become_owner(writer: Writer, found_log: int) -> int:
    """Take the next owner's number (docs/decisions/0126), and end the epoch when the last owner's log is gone.

    Args:
        writer: of a newsroom, just opened.
        found_log: inode of the log that stood there before; 0: none.
    """
    with writer.writing() as db:
        meta = read_meta(db)
        _end_epoch_without_log(db, writer.path, meta, found_log)
        db.execute(SQL["put_meta"], ("owner", meta.owner + 1))
        db.execute(SQL["put_meta"], ("log", writer.watch_log()))
    # Into the file, where it outlives the log. Passive: a reader may keep it from getting there until the next one.
    with writer.outside() as db:
        db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
    return meta.owner + 1


def _settle(db: apsw.Connection, path: Path, lock: NewsroomLock, found_log: int) -> None:
    """After a crash, whoever writes first puts the log into the file when he closes: whether it was lost shows now."""
    if not read_meta(db).log:
        return
    try:
        lock.take()
    except StoreLocked:
        return  # a newsroom runs, and the log is its own
    try:
        with transaction(db, write=True):
            _end_epoch_without_log(db, path, read_meta(db), found_log)
            db.execute(SQL["put_meta"], ("log", 0))
    finally:
        lock.give_back()


def _end_epoch_without_log(db: apsw.Connection, path: Path, meta: Meta, found_log: int) -> None:
    # An orderly end leaves 0. So does one at which others had the log open, which then stays: it is read from there.
    if meta.log and meta.log != found_log:
        db.execute(SQL["put_meta"], ("epoch", upkeep.new_epoch()))
        event(log, logging.WARNING, "epoch_ended", database=path, last_update=meta.update)


def end_ownership(writer: Writer, owner: int) -> None:
    """Note that this owner ends as it should, with all that it committed in file and log."""
    try:  # not by `writing`: where the log was removed, all of it is in the file
        with writer.outside() as db, transaction(db, write=True):
            if read_meta(db).owner == owner:
                db.execute(SQL["put_meta"], ("log", 0))
    except StoreError:  # a full disk: the log must outlive us, as after a crash
        writer.db.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
