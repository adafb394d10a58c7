"""The notice beside the database says where its running service is to be found, and lets its owner in.

It stands from start to stop, readable by the user alone who runs the service: address and a token drawn for this start.
Whether a service runs is not asked of it (a killed one leaves it behind) but of the newsroom's lock.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from stayahead.errors import DoorClosed, SettingsError

TOKEN_BYTES = 32
ANSWER_S = 0.3
"""How long a service on this machine may take to accept a connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Where the service is, and what shows it that its owner asks."""

    host: str
    port: int
    token: str


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def notice_path(database: Path) -> Path:
    """Where the notice of a database is."""
    return database.with_name(database.name + ".owner")


def is_answered(database: Path) -> bool:
    """Whether the service that a notice speaks of takes connections; a killed one leaves its notice behind."""
    try:
        notice = read_notice(database)
        if notice is None:
            return False
        with socket.create_connection((notice.host, notice.port), timeout=ANSWER_S):
            return True
    except (DoorClosed, OSError):
        return False


def running() -> list[Path]:
    """The databases of this user's services that run, wherever they are."""
    folder = _running_folder()
    try:
        named = [Path(file.read_text("utf-8")) for file in sorted(folder.iterdir())]
    except (OSError, UnicodeDecodeError):
        return []
    return [database for database in named if is_answered(database)]


def _running_folder() -> Path:
    """Where each service leaves the path of its database: a notice is beside a database that may be anywhere."""
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base else Path.home() / ".local" / "state") / "stayahead" / "running"


@contextmanager
def _listed(database: Path) -> Iterator[None]:
    """Name the database among those with a service, where the system has a place for that."""
    database = database.absolute()
    name = hashlib.blake2b(os.fsencode(database), digest_size=10).hexdigest()
    with suppress(OSError):
        folder = _running_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / name).write_text(str(database), "utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            (_running_folder() / name).unlink(missing_ok=True)


@contextmanager
def put_up(database: Path, notice: Notice) -> Iterator[None]:
    """Let the owner's commands find the service for as long as this lasts."""
    path = notice_path(database)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        # Made for its owner alone before there is anything in it; O_EXCL follows no link that stands there.
        file = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(msgspec.json.encode(notice))
        partial.replace(path)
    except OSError as error:
        why = error.strerror or error
        raise SettingsError(f"{path}: cannot be written ({why}); make room, and see who may write there") from error
    try:
        with _listed(database):
            yield
    finally:
        # A service that was fenced ends after its successor has put up its own.
        with suppress(OSError):
            if _posted(path) == notice:
                path.unlink()


def _posted(path: Path) -> Notice | None:
    """What stands there, whoever may read it."""
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(path.read_bytes(), type=Notice)
    return None


def read_notice(database: Path) -> Notice | None:
    """The notice; None when there is none.

    Raises:
        DoorClosed: it is another user's, or others may read or write it; nothing is sent where it leads.
    """
    path = notice_path(database)
    try:
        # Opened first and judged by the open file: a path could be exchanged between a look and an opening.
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DoorClosed(f"{path}: {error.strerror}; run this as the user who runs the service") from error
    with os.fdopen(file, "rb") as source:
        status = os.fstat(file)
        if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077:
            raise DoorClosed(f"{path}: not yours alone; run this as the user who runs the service, or restart that")
        try:
            return msgspec.json.decode(source.read(), type=Notice)
        except msgspec.DecodeError:
            return None  # of another version, or torn: as good as none
