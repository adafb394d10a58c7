"""Opens the database as all of ours need it, and turns whatever SQLite complains of into errors that name a remedy."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import msgspec
import zstandard

from stayahead.errors import StoreDamaged, StoreError, StoreFull, StoreLocked

APPLICATION_ID = 0x53744168
"""`StAh`: tells our files from other programs' databases."""
PAGE_SIZE = 8192
"""Bytes. A compressed body of 1-3 kB fits in a page with its neighbours (docs/decisions/0041)."""
OWNERS_ALONE = 0o600
"""Mode of each file when it is made: addresses of feeds may hold passwords, and texts are their reader's."""
BUSY_TIMEOUT_MS = 5_000
"""How long a write waits for another process's transaction."""
CACHE_KIB = 16_384
"""Cache of the writer; a reader has SQLite's 2 MB."""
WAL_PAGES = 1_000
"""Pages in the log after which the writer checkpoints: 8 MB."""
WAL_LIMIT = 64 * 1024**2
"""Bytes to which an overgrown log is cut when it starts anew."""


UNREADABLE = (msgspec.MsgspecError, zstandard.ZstdError, UnicodeDecodeError)
"""What reading a stored value raises when its bytes are not what was written."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """What SQLite or the system raises inside becomes a `StoreError` that names the file and a remedy."""
    try:
        yield
    except (apsw.BusyError, apsw.LockedError) as error:
        raise StoreLocked(f"{path}: another process writes to it; stop that one or try again ({error})") from error
    except apsw.FullError as error:
        raise StoreFull(f"{path}: the disk is full; make room, then start again ({error})") from error
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise StoreDamaged(
            f"{path}: damaged, or no StayAhead database; restore a backup with `stayahead restore` ({error})"
        ) from error
    except (apsw.CantOpenError, apsw.PermissionsError, apsw.ReadOnlyError) as error:
        raise StoreError(
            f"{path}: cannot be opened or written; check that it exists and who may write ({error})"
        ) from error
    except apsw.IOError as error:
        raise StoreError(
            f"{path}: the disk cannot be read or written ({error}); look at its room, its limits and its health, then "
            "start again"
        ) from error
    except apsw.ConstraintError as error:
        raise StoreError(
            f"{path}: the batch contradicts what is stored; nothing of it was written ({error})"
        ) from error
    except apsw.Error as error:
        raise StoreError(
            f"{path}: the database failed ({type(error).__name__}: {error}); run `stayahead check`"
        ) from error
    except UNREADABLE as error:
        raise StoreDamaged(
            f"{path}: something stored in it cannot be read ({error}); `stayahead check` names what, "
            "`stayahead restore` puts a backup back"
        ) from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; check the folder and who may write there") from error


def connect(path: Path, *, write: bool) -> apsw.Connection:
    """A connection with what every one of ours needs; the caller translates errors."""
    if write and not path.exists():  # SQLite gives log and index beside it the same mode
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNERS_ALONE))
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE if write else apsw.SQLITE_OPEN_READONLY
    db = apsw.Connection(os.fspath(path), flags=flags, statementcachesize=200)
    db.set_busy_timeout(BUSY_TIMEOUT_MS)
    # A misspelt column in double quotes would be read as text; and a file that somebody else prepared (a backup from
    # elsewhere) may neither run functions from its schema nor crash us with cells of a wrong size.
    db.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
    db.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)
    db.pragma("trusted_schema", value=False)
    db.pragma("cell_size_check", value=True)
    return db


def prepare_writer(db: apsw.Connection, *, is_newsroom: bool) -> None:
    """Durable commits; checkpoints by the newsroom's writer alone."""
    db.pragma("journal_mode", "wal")
    db.pragma("synchronous", "full")  # in WAL mode "normal" loses the last commits with the power: acknowledged ones
    db.pragma("foreign_keys", value=True)
    db.pragma("cache_size", -CACHE_KIB)
    db.pragma("journal_size_limit", WAL_LIMIT)
    db.pragma("wal_autocheckpoint", WAL_PAGES if is_newsroom else 0)


@contextmanager
def transaction(db: apsw.Connection, *, write: bool) -> Iterator[apsw.Connection]:
    """BEGIN … COMMIT, or ROLLBACK when something is raised.

    A writer takes the write lock at once: one that read first and then wanted to write could be refused in the middle.
    """
    db.execute("BEGIN IMMEDIATE" if write else "BEGIN")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk or an I/O error has rolled it back already
            db.execute("ROLLBACK")
        raise


def log_of(path: Path) -> Path:
    """Where SQLite keeps what is not in the file yet."""
    return path.with_name(path.name + "-wal")


def inode(path: Path) -> int:
    """Which file stands there; 0: none."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def require_log(path: Path) -> None:
    """Refuse to open a database whose log was removed: SQLite would make a new one, and both be written to.

    Its index stands there while the database is open, and after a crash; it goes before the log, and comes after it.

    Raises:
        StoreError: the index is there and the log is not.
    """
    log, index = log_of(path), path.with_name(path.name + "-shm")
    # The log asked for twice: while we look, the last one may close the database, or the first one open it.
    if not log.exists() and index.exists() and not log.exists():
        raise StoreError(
            f"{path}: its log ({log.name}) was removed; stop the service that runs on it, then start "
            "`stayahead run`, which goes on with what is in the file"
        )


class Readers:
    """Read-only connections, as many as readers at once; each is lent for one read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[apsw.Connection] = []
        self._closed = threading.Event()

    @contextmanager
    def lend(self) -> Iterator[apsw.Connection]:
        """A connection inside a read transaction: all that it is asked is as of one commit."""
        if self._closed.is_set():
            raise StoreError(f"{self._path}: closed")
        with translated(self._path):
            try:
                db = self._idle.pop()  # a list's pop and append are atomic, so no lock is held while anybody reads
            except IndexError:
                require_log(self._path)
                db = connect(self._path, write=False)
            try:
                with transaction(db, write=False):
                    yield db
            finally:
                self._idle.append(db)  # appended before `_closed` is asked: whichever comes second closes it
                if self._closed.is_set():
                    self.close()

    def close(self) -> None:
        """Close those not lent out; the others close when they come back."""
        self._closed.set()
        while self._idle:
            self._idle.pop().close()


class NewsroomLock:
    """An advisory lock beside the database: one newsroom at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> None:
        """Take it, at once or not at all.

        Raises:
            StoreLocked: another newsroom has it.
        """
        lock_path = self._path.with_name(self._path.name + ".lock")
        with translated(self._path):
            file = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNERS_ALONE)
        # Held by the open file, so it goes with the process however that ends; nobody must clean up after a crash.
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(file)
            raise StoreLocked(f"{self._path}: another StayAhead runs on it; stop that one first") from error
        self._file = file

    def give_back(self) -> None:
        """Let another one have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Writer:
    """The one connection that writes, and the lock that makes threads take turns at it."""

    def __init__(self, path: Path, db: apsw.Connection) -> None:
        self.path = path
        self.db = db
        self._turn = threading.RLock()
        self._log = 0

    def watch_log(self) -> int:
        """From now on refuse to write once another log, or none, stands where ours is; which one that is."""
        self._log = inode(log_of(self.path))
        return self._log

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """A write transaction."""
        with self._turn, translated(self.path):
            self._require_log()
            with transaction(self.db, write=True) as db:
                yield db

    def _require_log(self) -> None:
        """A commit costs one look (2 µs): what is written to a log that was removed is gone with us.

        Raises:
            StoreError: it was removed. All that was committed has been put into the file, for we still have it open.
        """
        if not self._log or inode(log_of(self.path)) == self._log:
            return
        self.db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_FULL)
        raise StoreError(
            f"{self.path}: its log ({log_of(self.path).name}) was removed or replaced while we run; what was committed "
            "is safe in the file; start again, and leave alone what stands beside a database"
        )

    @contextmanager
    def outside(self) -> Iterator[apsw.Connection]:
        """The connection without a transaction, for checkpoints and pragmas."""
        with self._turn, translated(self.path):
            yield self.db

    def close(self) -> None:
        """Close it; the log is copied into the file when nobody else has it open."""
        with self._turn, translated(self.path):
            self.db.close()
