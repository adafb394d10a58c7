"""Fresh stores for tests: real ones, in files that stand in memory where the system has a folder that does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, TypeVar

from stayahead.ports import Claims, Consumers, Journal, Pages, Rulings, Sources, Upkeep
from stayahead.store import SqliteStore

RAM = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None
"""A store opens in 3 ms here and commits in .3; on a disk in 10 and .9 (docs/decisions/0045)."""

Kind = TypeVar("Kind", bound=SqliteStore)


class Store(Journal, Sources, Pages, Claims, Rulings, Consumers, Upkeep, Protocol):
    """What an adapter is: every port of storing over one database."""


class Opener(Protocol):
    """Opens one database again and again."""

    def __call__(self, *, by_force: bool = False) -> Store:
        """`by_force`: as its new owner while another has it open, as when that one's lease has run out."""
        ...


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with TemporaryDirectory(dir=RAM) as folder:
        yield Path(folder)


@contextmanager
def fresh_store_of(kind: type[Kind]) -> Iterator[Kind]:
    """An empty store of a kind that a test changed, gone afterwards."""
    with fresh_folder() as folder, kind.open(folder / "news.db") as store:
        yield store


def fresh_store() -> AbstractContextManager[SqliteStore]:
    """An empty store that is gone afterwards."""
    return fresh_store_of(SqliteStore)


@contextmanager
def _sqlite() -> Iterator[Opener]:
    with fresh_folder() as folder:

        def open_store(*, by_force: bool = False) -> Store:
            if by_force:  # a lock that did not hold, as on some network shares
                (folder / "news.db.lock").unlink()
            return SqliteStore.open(folder / "news.db", epoch="epoch-s")

        yield open_store


ADAPTERS: dict[str, Callable[[], AbstractContextManager[Opener]]] = {"sqlite": _sqlite}
"""By name, a place for one database, and what opens it, again and again, with an epoch that begins with `epoch-`.

Everything under tests/contract runs against each of them.
"""
