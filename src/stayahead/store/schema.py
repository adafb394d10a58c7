"""Brings a database file to this version's shape, or refuses it clearly. `PRAGMA user_version` counts migrations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import apsw

from stayahead.errors import StoreDamaged, StoreTooNew
from stayahead.store import migration_functions, sql
from stayahead.store.connection import APPLICATION_ID, PAGE_SIZE, transaction

MIGRATIONS = sql.migrations()


def version_of(db: apsw.Connection, path: Path, *, newest: int = len(MIGRATIONS)) -> int:
    """How many migrations the file has had; 0 for an empty one.

    Raises:
        StoreTooNew: a newer version of StayAhead wrote it.
        StoreDamaged: it is a database of another program.
    """
    version = int(db.pragma("user_version"))
    application = db.pragma("application_id")
    is_empty = not db.execute("SELECT count(*) FROM sqlite_schema").get
    if is_empty and version == 0:
        return 0
    if application != APPLICATION_ID:
        raise StoreDamaged(f"{path}: a database of another program; name another file")
    if version > newest:
        raise StoreTooNew(
            f"{path}: written by a newer StayAhead (format {version}, this one knows {newest}); update it"
        )
    return version


def migrate(db: apsw.Connection, path: Path, *, migrations: Sequence[str] = MIGRATIONS) -> int:
    """Bring the file up to date, each step in a transaction of its own; how many steps it took.

    Raises:
        StoreTooNew, StoreDamaged: as `version_of`.
    """
    before = version_of(db, path, newest=len(migrations))
    if before == 0:
        db.pragma("page_size", PAGE_SIZE)  # like auto_vacuum it can be chosen only while the file is empty
        db.pragma("auto_vacuum", 2)
    migration_functions.register(db)
    # The number is written with what it counts: a file that was left half-way is taken up at the right step.
    for version, script in enumerate(migrations[before:], start=before + 1):
        with transaction(db, write=True):
            db.execute(script)
            db.pragma("application_id", APPLICATION_ID)
            db.pragma("user_version", version)
    return len(migrations) - before
