"""A sound file that holds rubbish: `check` names it, queries say it in one line, recovery goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
import msgspec
import pytest

from stayahead.errors import StoreDamaged, StoreError
from stayahead.fetch import CannedFetcher
from stayahead.newsroom.recovery import recovery_from
from stayahead.store import SqliteStore
from tests.newsroom_world import FEED, feed, item, page, whole, world_on
from tests.serve_stories import world
from tests.stores import fresh_folder

WAYS = ("cut", "empty", "other", "rubbish")


def damaged(value: bytes, way: str) -> bytes:
    """The value as a bad disk, or a program that is not ours, might leave it."""
    match way:
        case "cut":
            return value[: len(value) // 2]
        case "empty":
            return b""
        case "other":
            return msgspec.msgpack.encode({"another": ["thing", 1]})
        case _:
            return bytes(byte ^ 0x5A for byte in value)


@contextmanager
def changed(path: Path) -> Iterator[apsw.Connection]:
    with closing(apsw.Connection(str(path))) as db:
        yield db


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("table", "column", "named"),
    [
        ("stories", "head", "story "),
        ("updates", "payload", "update "),
        ("articles", "about", "article "),
        ("bodies", "body", "article "),
        ("signals", "signals", "article "),
    ],
)
def test_check_names_every_row_that_cannot_be_read(table: str, column: str, named: str, way: str) -> None:
    with world() as store:
        assert store.check() == []
        with changed(store.path) as db:
            n, value = next(db.execute(f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL"))
            db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (damaged(value, way), n))
        faults = store.check()
        assert len(faults) == 1, faults
        assert faults[0].startswith(named)
        assert "cannot be read" in faults[0]


def test_what_cannot_be_read_is_one_line_for_whoever_asks() -> None:
    with world() as store:
        with changed(store.path) as db:
            db.execute("UPDATE bodies SET body = x'00'")
            db.execute("UPDATE stories SET head = x'00'")
            db.execute("UPDATE updates SET payload = x'c1'")
            db.execute("UPDATE updates SET kind = 'unheard' WHERE number = 1")
            ids = [id_ for (id_,) in db.execute("SELECT id FROM articles JOIN bodies USING (n)")]
        asks = (lambda: store.article(ids[0]), lambda: store.latest(limit=9), lambda: store.updates(after=0, limit=9))
        for ask in asks:
            with pytest.raises(StoreDamaged, match=r"^[^\n]*cannot be read[^\n]*stayahead check[^\n]*$"):
                ask()
        assert 40 <= len(store.check()) < 120  # a bounded number of lines of each kind


@pytest.fixture(scope="module")
def told() -> Iterator[Path]:
    """A newsroom that told some stories and ended, with a snapshot."""

    async def work(store: SqliteStore) -> None:
        items = [item(n, text=whole(n), title=f"Report {n} on bridge {n} of Harrowgate") for n in range(6)]
        pages = {f"https://paper.example/news/{n}": page(n) for n in range(6)}
        async with world_on(store, CannedFetcher({FEED: feed(*items), **pages})) as here:
            await here.poll()
            await here.toolbox.desk.stop()

    with fresh_folder() as folder:
        with SqliteStore.open(folder / "news.db") as store:
            asyncio.run(work(store))
            assert store.snapshot() is not None
        yield folder / "news.db"


@pytest.mark.parametrize("way", WAYS)
def test_recovery_goes_on_without_a_snapshot_row_that_cannot_be_read(told: Path, way: str, tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(told.read_bytes())
    with SqliteStore.open(path) as store:
        before = recovery_from(store)
        assert (before.way, before.why) == ("snapshot", "")
        with changed(path) as db:
            kept = list(db.execute("SELECT key, value FROM snapshot_rows"))
        assert {key.partition("/")[0] for key, _ in kept} >= {"g", "a", "s", "d"}
        for key, value in kept:
            with changed(path) as db:
                db.execute("UPDATE snapshot_rows SET value = ? WHERE key = ?", (damaged(value, way), key))
            found = recovery_from(store)
            assert (found.way, found.engine.number) == ("live stories", before.engine.number), key
            assert found.engine.live_stories == before.engine.live_stories
            assert [fault.partition(":")[0] for fault in store.check()] == [f"snapshot row {key}"]
            with changed(path) as db:
                db.execute("UPDATE snapshot_rows SET value = ? WHERE key = ?", (value, key))


@pytest.mark.parametrize("ending", [".lock", "-wal", ".owner"])
def test_a_database_that_vanished_is_not_made_anew(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    (tmp_path / f"news.db{ending}").touch()
    for is_newsroom in (True, False):
        with pytest.raises(StoreError, match=rf"not there, but its \w+ is \(news.db{ending}\).*stayahead restore"):
            SqliteStore.open(path, newsroom=is_newsroom)
    assert not path.exists()
    (tmp_path / f"news.db{ending}").unlink()
    with SqliteStore.open(path) as store:
        assert store.check() == []


def test_files_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with SqliteStore.open(folder / "news.db") as store:
        store.put_publishers(())
        store.backup(folder / "backup.db")
        assert folder.stat().st_mode & 0o777 == 0o700
        modes = {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}
    assert modes == dict.fromkeys(("news.db", "news.db-wal", "news.db-shm", "news.db.lock", "backup.db"), 0o600)


def test_a_tail_that_cannot_be_read_costs_no_start(told: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(told.read_bytes())
    with SqliteStore.open(path) as store:
        before = recovery_from(store).engine
        with changed(path) as db:
            db.execute("DELETE FROM snapshot_rows")
            db.execute("UPDATE meta SET value = -1 WHERE key = 'snapshot_number'")
            db.execute("UPDATE updates SET payload = x'c1' WHERE number = 2")
        found = recovery_from(store)
        assert (found.way, found.engine.number) == ("live stories", before.number)
        assert "cannot be read" in found.why
