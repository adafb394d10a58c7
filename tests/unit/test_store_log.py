"""The database's log: lost, removed, replaced. A number that readers were told is never given again in one epoch."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from stayahead.errors import StoreError
from stayahead.model import Feed
from stayahead.store import SqliteStore
from tests.contract.store_parts import T0, Teller

FRESH = multiprocessing.get_context("spawn")


def write_and_die(path: Path, stories: tuple[str, ...]) -> None:
    """What a newsroom leaves that was killed: nothing is closed."""
    store = SqliteStore.open(path)
    position = store.position()
    teller = Teller(store, number=position.update, input=position.input)
    for id_ in stories:
        teller.open(id_)
    os._exit(9)


def crashed(path: Path, *stories: str) -> None:
    process = FRESH.Process(target=write_and_die, args=(path, stories))
    process.start()
    process.join(60)
    assert process.exitcode == 9


def wal(path: Path) -> Path:
    return path.with_name("news.db-wal")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database that was ended as it should be, at update 1."""
    path = tmp_path / "news.db"
    with SqliteStore.open(path, epoch="the-first") as store:
        Teller(store).open("a")
    return path


def test_a_crash_with_its_log_loses_nothing_and_keeps_the_epoch(path: Path) -> None:
    crashed(path, "b", "c")
    crashed(path, "d")
    with SqliteStore.open(path) as store:
        assert (store.position().epoch, store.position().update) == ("the-first", 4)
    with SqliteStore.open(path) as store:
        assert store.position().epoch == "the-first"
        assert store.check() == []


@pytest.mark.parametrize("way", ["missing", "another"])
def test_a_crash_that_lost_its_log_ends_the_epoch(path: Path, way: str) -> None:
    """Updates 2 and 3 were told, and what is told next bears their numbers."""
    crashed(path, "b", "c")
    os.link(wal(path), path.with_name("kept"))  # so that no other file gets its number
    wal(path).unlink()
    if way == "another":
        wal(path).touch()
    with SqliteStore.open(path) as store:
        epoch = store.position().epoch
        assert epoch != "the-first"
        assert store.position().update == 1
        assert store.check() == []
        Teller(store, number=1, input=1).open("d")
    with SqliteStore.open(path) as store:
        assert store.position().epoch == epoch, "once"


def test_a_log_that_a_command_has_put_into_the_file_is_not_lost(path: Path) -> None:
    crashed(path, "b")
    with SqliteStore.open(path, newsroom=False) as store:
        store.add_feeds([Feed(url="https://gazette.example/feed")], T0)
    assert not wal(path).exists()
    with SqliteStore.open(path) as store:
        assert (store.position().epoch, store.position().update) == ("the-first", 2)


@pytest.mark.parametrize("way", ["removed", "replaced"])
def test_a_log_that_is_removed_under_a_newsroom_ends_it_and_loses_nothing(path: Path, way: str) -> None:
    store = SqliteStore.open(path)
    teller = Teller(store, number=1, input=1)
    teller.open("b")
    wal(path).unlink()
    if way == "replaced":
        wal(path).touch()
    with pytest.raises(StoreError, match=r"news\.db-wal\) was removed or replaced while we run.*start again"):
        teller.open("c")
    store.close()
    with SqliteStore.open(path) as again:
        assert (again.position().epoch, again.position().update) == ("the-first", 2)
        assert again.article("b") is not None
        assert again.check() == []


def test_what_was_committed_is_in_the_file_before_a_newsroom_without_a_log_ends(path: Path, tmp_path: Path) -> None:
    with SqliteStore.open(path) as store:
        teller = Teller(store, number=1, input=1)
        teller.open("b")
        wal(path).unlink()
        with pytest.raises(StoreError):
            teller.open("c")
        copy = tmp_path / "elsewhere" / "news.db"
        copy.parent.mkdir()
        copy.write_bytes(path.read_bytes())
    with SqliteStore.open(copy) as saved:
        assert saved.position().update == 2
        assert saved.position().epoch != "the-first", "nobody knows what this copy's newsroom told meanwhile"


def test_nobody_makes_a_new_log_beside_the_index_of_a_removed_one(path: Path) -> None:
    with SqliteStore.open(path) as store:
        Teller(store, number=1, input=1).open("b")
        wal(path).unlink()
        for read_only in (True, False):
            with pytest.raises(StoreError, match=r"its log \(news\.db-wal\) was removed; stop the service"):
                SqliteStore.open(path, read_only=read_only, newsroom=False)
        assert not wal(path).exists()


def test_a_backup_that_was_put_in_place_by_hand_ends_the_epoch_and_restore_draws_one(
    path: Path, tmp_path: Path
) -> None:
    with SqliteStore.open(path) as store:
        store.backup(tmp_path / "backup")
        Teller(store, number=1, input=1).open("b")
    path.write_bytes((tmp_path / "backup").read_bytes())
    with SqliteStore.open(path) as store:
        assert store.position().update == 1
        assert store.position().epoch != "the-first"
    drawn = SqliteStore.restore(tmp_path / "backup", path)
    with SqliteStore.open(path) as store:
        assert store.position().epoch == drawn


def test_no_database_is_made_anew_beside_its_backup(path: Path, tmp_path: Path) -> None:
    with SqliteStore.open(path) as store:
        store.backup(tmp_path / "2026-11-01")
    path.unlink()
    path.with_name("news.db.lock").unlink()
    (tmp_path / "notes.txt").write_text("SQLite format 3")
    for is_newsroom in (True, False):
        with pytest.raises(StoreError, match=r"another database of ours is \(2026-11-01\).*stayahead restore"):
            SqliteStore.open(path, newsroom=is_newsroom)
    assert not path.exists()
    SqliteStore.restore(tmp_path / "2026-11-01", path)
    with SqliteStore.open(path) as store:
        assert store.article("a") is not None


def test_a_database_of_another_program_beside_is_nothing_to_us(tmp_path: Path) -> None:
    (tmp_path / "theirs.db").write_bytes(b"SQLite format 3\0".ljust(100, b"\0"))
    with SqliteStore.open(tmp_path / "news.db") as store:
        assert store.check() == []
