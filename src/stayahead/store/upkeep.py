"""Serves who looks after the database: checks it, backs it up, puts a backup in place, exports what it holds."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import apsw
import msgspec

from stayahead.errors import StoreDamaged, StoreError
from stayahead.store import decoding, queries, rows, schema, sessions
from stayahead.store.connection import NewsroomLock, Readers, connect, transaction, translated
from stayahead.store.queries import STORIES
from stayahead.store.search import months
from stayahead.store.sql import blocks
from stayahead.store.texts import unreadable_texts
from stayahead.urls import without_logins

LAWS = blocks("check.sql")
BREACHES_MAX = 20
"""Lines that one law may fill."""
BACKUP_PAGES = 2_000
"""Pages that one step of a backup copies."""
EXPORT_STEP = 200
BY_HAND = -1
"""Stands for the log in a backup: no log has this inode."""


def new_epoch() -> str:
    """8 characters of base 16: the first half of every cursor."""
    return secrets.token_hex(4)


def check(db: apsw.Connection) -> list[str]:
    """See `ports.Upkeep.check`; on a connection that did not search before: FTS5 checks against what it remembers."""
    faults = [str(line) for (line,) in db.execute("PRAGMA integrity_check(20)") if line != "ok"]
    if faults:
        return faults  # asking a damaged file about its laws only adds noise
    faults = list(unreadable_texts(db, breaches_max=BREACHES_MAX))
    if faults:
        return faults  # the laws read these very columns
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        faults.append(f"{table} row {row} refers to a row of {parent} that is not there")
        if len(faults) >= BREACHES_MAX:
            break
    for law in LAWS.values():
        faults.extend(str(line) for (line,) in islice(db.execute(law), BREACHES_MAX))
    return [*faults, *decoding.unreadable(db, breaches_max=BREACHES_MAX)]


def copy(source: apsw.Connection, target: Path, *, epoch: str = "") -> None:
    """Copy a database as of now into a new file, one that needs no log beside it, and get it onto the disk.

    Raises:
        StoreFull, StoreError: naming the target; what was written of it is removed.
    """
    try:
        with translated(target), closing(connect(target, write=True)) as db:
            with db.backup("main", source, "main") as work:
                while not work.done:
                    work.step(BACKUP_PAGES)
            db.pragma("journal_mode", "delete")  # the mode came with the copy; a backup is one file that may be moved
            with transaction(db, write=True):
                if epoch:
                    db.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (epoch,))
                    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'owner_sessions'").get:
                        sessions.forget_all(db)  # one that was ended since the backup would stand again
                # Whoever puts a backup in place by hand, without `restore`, meets a log that was never there: the epoch
                # ends all the same.
                db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('log', ?)", (0 if epoch else BY_HAND,))
        _to_disk(target)
    except StoreError:
        target.unlink(missing_ok=True)
        raise


def backup(source: apsw.Connection, target: Path) -> None:
    """See `ports.Upkeep.backup`; the source is inside a read transaction, so writers do not disturb it.

    Raises:
        StoreError: the target exists already, or cannot be written.
    """
    if target.exists():
        raise StoreError(f"{target}: exists already; name a new file")
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    copy(source, partial)
    # Under its own name only when all of it is on the disk: what looks like a backup is one.
    with translated(target):
        partial.replace(target)
        _to_disk(target.parent)


def restore(source: Path, target: Path) -> str:
    """Put a backup in place and draw a new epoch, so that no old cursor is taken for one of this history.

    What was in place before is kept beside it as `NAME.replaced`.

    Returns:
        the new epoch.

    Raises:
        StoreLocked: a StayAhead runs on the target.
        StoreDamaged, StoreTooNew: the source is no sound database of ours; the target is untouched.
    """
    if not source.is_file():
        raise StoreError(f"{source}: no such file; name a backup made with `stayahead backup`")
    lock = NewsroomLock(target)
    lock.take()
    try:
        epoch = new_epoch()
        partial = target.with_name(target.name + ".partial")
        partial.unlink(missing_ok=True)
        with translated(source), closing(connect(source, write=False)) as db:
            _require_sound(db, source)
            copy(db, partial, epoch=epoch)
        with translated(target):
            _set_aside(target)
            partial.replace(target)
            _to_disk(target.parent)
    finally:
        lock.give_back()
    return epoch


def _require_sound(db: apsw.Connection, path: Path) -> None:
    if schema.version_of(db, path) == 0:
        raise StoreDamaged(f"{path}: empty; name a backup made with `stayahead backup`")
    verdict = db.execute("PRAGMA quick_check(1)").get
    if verdict != "ok":
        raise StoreDamaged(f"{path}: damaged ({verdict}); use another backup")


def _set_aside(target: Path) -> None:
    """Move the file and its log out of the way, the log first copied into the file if that is possible."""
    if not target.exists():
        return
    try:
        with closing(connect(target, write=True)) as db:
            db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    except apsw.Error:
        pass  # damaged: that may be why it is replaced; file and log are kept as they are
    aside = target.with_name(target.name + ".replaced")
    log = target.with_name(target.name + "-wal")
    aside.with_name(aside.name + "-wal").unlink(missing_ok=True)
    target.replace(aside)
    if log.exists():
        log.replace(aside.with_name(aside.name + "-wal"))
    target.with_name(target.name + "-shm").unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def export(readers: Readers, *, after: int) -> Iterator[dict[str, object]]:
    """See `ports.Upkeep.export`: each story that changed after that update, followed by its articles."""
    # A read transaction for each step: one over the whole export would keep the log from being checkpointed.
    number, last_id = after, "\uffff"
    while True:
        lines: list[dict[str, object]] = []
        with readers.lend() as db:
            stories: list[tuple[Any, ...]] = db.execute(
                STORIES["exported"], (number, number, last_id, EXPORT_STEP)
            ).fetchall()
            for row in stories:
                lines.extend(_exported(db, row))
        yield from lines
        if len(stories) < EXPORT_STEP:
            return
        number, last_id = stories[-1][3], stories[-1][0]


def _exported(db: apsw.Connection, row: tuple[Any, ...]) -> Iterator[dict[str, object]]:
    story_id, headline, state, number = str(row[0]), row[1], row[2], row[3]
    if row[4] is None:
        yield {"type": "story", "id": story_id, "headline": headline, "state": state, "number": number}
        return
    stored = rows.read_head(row)
    head: dict[str, object] = msgspec.to_builtins(stored)
    if queries.removed_among(db, (stored.lead_id,)):  # a story that was merged before may still bear its headline
        head["headline"] = ""
    moved = db.execute(STORIES["alias"], (story_id,)).get
    yield {"type": "story", **head, "number": number, "moved_to": moved or ""}
    for listed in list(queries.story_articles(db, story_id)):
        article = queries.article(db, listed.id, None)
        if article is not None:
            values: dict[str, object] = msgspec.to_builtins(article)
            values |= {"feed_url": without_logins(article.feed_url), "text": article.page.text}
            yield {"type": "article", "story_id": story_id, **values, "copy_of": listed.copy_of}


def settle_search(db: apsw.Connection) -> None:
    """Merge a little of each of the two newest search tables, so that a query has few segments to read."""
    for month in months(db)[:2]:
        db.execute(f"INSERT INTO search_{month} (search_{month}, rank) VALUES ('merge', 50)")  # noqa: S608  # a number
