from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from stayahead.errors import StoreDamaged, StoreError, StoreFull, StoreLocked, StoreTooNew
from stayahead.model import Batch, Feed, Removed, Retention, Snapshot, SnapshotRow, Story
from stayahead.store import SqliteStore, connection, queries, schema
from tests.contract.store_parts import GAZETTE, T0, Teller, article, minutes

FEED = Feed(url="https://gazette.example/feed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "news.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(path) as made:
        yield made


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_file_is_made_as_designed(store: SqliteStore, path: Path) -> None:
    with store._require_writer().outside() as db:
        assert db.pragma("journal_mode") == "wal"
        assert db.pragma("synchronous") == 2
        assert db.pragma("page_size") == 8192
        assert db.pragma("auto_vacuum") == 2
        assert db.pragma("foreign_keys") == 1
    assert path.is_file()


def test_what_was_committed_is_there_after_reopening(path: Path) -> None:
    with SqliteStore.open(path) as store:
        epoch = store.position().epoch
        Teller(store).open("a")
    with SqliteStore.open(path, epoch="only for new files") as store:
        assert store.position().epoch == epoch
        assert store.position().update == 1
        assert store.article("a") == article("a")
        teller = Teller(store, number=1, input=1)
        teller.open("b", article("b", publisher=GAZETTE))
        assert store.check() == []


def test_two_newsrooms_never_write_one_file(store: SqliteStore, path: Path) -> None:
    with pytest.raises(StoreLocked, match=r"news\.db: another StayAhead runs on it; stop that one first"):
        SqliteStore.open(path)
    store.close()
    SqliteStore.open(path).close()


def test_feeds_are_edited_beside_a_running_newsroom(store: SqliteStore, path: Path) -> None:
    teller = Teller(store)
    teller.open("a")
    with SqliteStore.open(path, newsroom=False) as beside:
        assert beside.add_feeds([FEED], T0) == 1
        teller.open("b")
        assert [watched.feed for watched in store.feeds()] == [FEED]
        with pytest.raises(StoreError, match="only the newsroom commits"):
            beside.commit(Batch())
        with pytest.raises(StoreError, match="only the newsroom commits"):
            beside.forget(T0, Retention())
    assert store.check() == []


def test_the_first_to_open_beside_nobody_makes_the_file(path: Path) -> None:
    with SqliteStore.open(path, newsroom=False) as beside:
        assert beside.add_feeds([FEED], T0) == 1
    with SqliteStore.open(path) as store:
        assert [watched.feed for watched in store.feeds()] == [FEED]


def test_read_only_reads_and_never_writes(store: SqliteStore, path: Path) -> None:
    Teller(store).open("a")
    with SqliteStore.open(path, read_only=True) as reader:
        assert reader.position().update == 1
        with pytest.raises(StoreError, match="reading only"):
            reader.add_feeds([FEED], T0)
        with pytest.raises(StoreError, match="only the newsroom commits"):
            reader.commit(Batch())


def test_read_only_wants_a_file(path: Path) -> None:
    with pytest.raises(StoreError, match="no such file"):
        SqliteStore.open(path, read_only=True)


def test_a_closed_store_says_so(path: Path) -> None:
    store = SqliteStore.open(path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.feeds()


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────


def test_no_database_is_one_clear_line(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"This is a shopping list.\n" * 400)
    with pytest.raises(StoreDamaged, match=r"news\.db: damaged, or no StayAhead database; restore a backup"):
        SqliteStore.open(path)
    with pytest.raises(StoreDamaged, match=r"news\.db: damaged"):
        SqliteStore.open(path, read_only=True)
    assert path.read_bytes().startswith(b"This is a shopping list.")


def test_a_damaged_page_is_found(path: Path) -> None:
    with SqliteStore.open(path) as store:
        teller = Teller(store)
        for n in range(200):
            teller.open(f"s{n}")
    content = bytearray(path.read_bytes())
    for page in range(4, len(content) // 8192, 5):
        content[page * 8192 : page * 8192 + 600] = b"\xff" * 600
    path.write_bytes(bytes(content))
    try:  # a damaged page of the schema shows when the file is opened
        with SqliteStore.open(path) as store:
            wrong = list(store.check())
    except StoreDamaged as error:
        wrong = [str(error)]
    assert wrong


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    SqliteStore.open(path).close()
    db = apsw.Connection(str(path))
    db.pragma("user_version", len(schema.MIGRATIONS) + 1)
    db.close()
    with pytest.raises(StoreTooNew, match=r"news\.db: written by a newer StayAhead"):
        SqliteStore.open(path)
    with pytest.raises(StoreTooNew, match=r"news\.db"):
        SqliteStore.open(path, read_only=True)


def test_a_full_disk_loses_nothing_that_was_acknowledged(store: SqliteStore) -> None:
    teller = Teller(store)
    teller.open("a")
    with store._require_writer().outside() as db:
        db.pragma("max_page_count", db.pragma("page_count") + 4)

    def fill() -> None:
        for n in range(200):
            teller.open(f"b{n}", article(f"b{n}", text=f"{n} " + "".join(chr(97 + n * m % 26) for m in range(9000))))

    with pytest.raises(StoreFull, match=r"news\.db: the disk is full; make room"):
        fill()
    acknowledged = teller.number - 1
    assert store.position().update == acknowledged
    assert store.check() == []
    with store._require_writer().outside() as db:
        db.pragma("max_page_count", 1 << 30)
    again = Teller(store, number=acknowledged, input=store.position().input)
    again.open("c")
    assert store.check() == []


def test_a_locked_file_is_one_clear_line(store: SqliteStore, path: Path) -> None:
    intruder = apsw.Connection(str(path))
    intruder.execute("BEGIN IMMEDIATE")
    with store._require_writer().outside() as db:
        db.set_busy_timeout(50)
    teller = Teller(store)
    with pytest.raises(StoreLocked, match=r"news\.db: another process writes to it"):
        teller.open("a")
    intruder.execute("ROLLBACK")
    intruder.close()
    assert Teller(store).open("a") == 1


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StoreError, match="file"):
        SqliteStore.open(blocked / "news.db")


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (apsw.BusyError("x"), StoreLocked),
        (apsw.LockedError("x"), StoreLocked),
        (apsw.FullError("x"), StoreFull),
        (apsw.NotADBError("x"), StoreDamaged),
        (apsw.CorruptError("x"), StoreDamaged),
        (apsw.CantOpenError("x"), StoreError),
        (apsw.ReadOnlyError("x"), StoreError),
        (apsw.ConstraintError("x"), StoreError),
        (apsw.IOError("x"), StoreError),
        (PermissionError(13, "Permission denied"), StoreError),
    ],
)
def test_every_foreign_error_becomes_ours_and_names_the_file(raised: Exception, expected: type[StoreError]) -> None:
    with pytest.raises(StoreError, match=r"news\.db: ") as caught, connection.translated(Path("news.db")):
        raise raised
    assert type(caught.value) is expected
    assert "\n" not in str(caught.value)


# ── threads ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_readers_see_whole_commits_while_the_newsroom_writes(store: SqliteStore) -> None:
    teller = Teller(store)
    teller.open("a")
    done = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not done.is_set():
            told = store.story("a")
            if not isinstance(told, Story) or told.head.parts.articles != len(told.articles):
                wrong.append(str(told))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(60):
        teller.join("a", article(f"b{n}"))
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(store._readers._idle) <= 4


# ── room on the disk ─────────────────────────────────────────────────────────────────────────────────────────────


def test_forgetting_gives_room_back(store: SqliteStore) -> None:
    teller = Teller(store)
    for n in range(40):
        text = "".join(chr(97 + (n + 7) * m * m % 26) for m in range(30_000))
        teller.open(f"a{n}", article(f"a{n}", text=text))
    store.optimize()
    before = store.counts().bytes
    for _ in range(5):
        store.forget(T0 + timedelta(days=31), Retention())
    store.optimize()
    assert store.counts().bytes < before / 2
    assert store.check() == []


def test_one_pass_of_forgetting_is_bounded(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stayahead.store.forgetting.STEP", 3)
    teller = Teller(store)
    for n in range(7):
        teller.open(f"a{n}")
    dropped = [store.forget(T0 + timedelta(days=31), Retention()).bodies for _ in range(4)]
    assert dropped == [3, 3, 1, 0]


# ── backup and restore ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_backup_is_a_whole_store_of_one_moment(store: SqliteStore, tmp_path: Path) -> None:
    teller = Teller(store)
    teller.open("a")
    target = tmp_path / "backup.db"
    store.backup(target)
    teller.open("b")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["backup.db", "data"]
    with SqliteStore.open(target, read_only=True) as copy:
        assert copy.position() == replace(store.position(), update=1, input=1)
        assert copy.check() == []
        assert copy.article("a") == article("a")


def test_a_backup_while_others_write_is_sound(store: SqliteStore, tmp_path: Path) -> None:
    teller = Teller(store)
    for n in range(30):
        teller.open(f"a{n}", article(f"a{n}", text=f"word{n} " * 3000))
    writer = threading.Thread(target=lambda: [teller.open(f"b{n}") for n in range(40)])
    writer.start()
    store.backup(tmp_path / "backup.db")
    writer.join()
    with SqliteStore.open(tmp_path / "backup.db", read_only=True) as copy:
        assert copy.check() == []
        assert 30 <= copy.position().update <= 70


def test_a_backup_never_replaces_a_file(store: SqliteStore, tmp_path: Path) -> None:
    target = tmp_path / "precious.txt"
    target.write_text("mine")
    with pytest.raises(StoreError, match=r"precious\.txt: exists already"):
        store.backup(target)
    assert target.read_text() == "mine"


def test_a_backup_into_no_folder_names_it(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/backup\.db"):
        store.backup(tmp_path / "nowhere" / "backup.db")


def test_restore_puts_the_backup_in_place_with_a_new_epoch(path: Path, tmp_path: Path) -> None:
    with SqliteStore.open(path) as store:
        teller = Teller(store)
        teller.open("a")
        epoch = store.position().epoch
        store.backup(tmp_path / "backup.db")
        teller.open("b")
    drawn = SqliteStore.restore(tmp_path / "backup.db", path)
    with SqliteStore.open(path) as store:
        assert store.position().epoch == drawn != epoch
        assert store.position().update == 1
        assert store.article("b") is None
        assert store.check() == []
    with SqliteStore.open(path.with_name("news.db.replaced"), read_only=True) as before:
        assert before.position().update == 2
    with SqliteStore.open(tmp_path / "backup.db", read_only=True) as backup:
        assert backup.position().epoch == epoch


def test_restore_into_an_empty_folder(store: SqliteStore, tmp_path: Path) -> None:
    Teller(store).open("a")
    store.backup(tmp_path / "backup.db")
    fresh = tmp_path / "fresh.db"
    SqliteStore.restore(tmp_path / "backup.db", fresh)
    with SqliteStore.open(fresh) as restored:
        assert restored.article("a") == article("a")


def test_restore_over_a_damaged_file(path: Path, tmp_path: Path) -> None:
    with SqliteStore.open(path) as store:
        Teller(store).open("a")
        store.backup(tmp_path / "backup.db")
    path.write_bytes(b"rubbish" * 5000)
    SqliteStore.restore(tmp_path / "backup.db", path)
    with SqliteStore.open(path) as store:
        assert store.check() == []
    assert path.with_name("news.db.replaced").read_bytes().startswith(b"rubbish")


def test_restore_refuses_while_a_newsroom_runs(store: SqliteStore, path: Path, tmp_path: Path) -> None:
    store.backup(tmp_path / "backup.db")
    with pytest.raises(StoreLocked):
        SqliteStore.restore(tmp_path / "backup.db", path)


def test_restore_refuses_what_is_no_backup(path: Path, tmp_path: Path) -> None:
    SqliteStore.open(path).close()
    before = path.read_bytes()
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_bytes(b"rubbish" * 500)
    with pytest.raises(StoreDamaged, match=r"rubbish\.db"):
        SqliteStore.restore(rubbish, path)
    with pytest.raises(StoreError, match=r"none\.db: no such file"):
        SqliteStore.restore(tmp_path / "none.db", path)
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreDamaged, match=r"empty\.db: empty"):
        SqliteStore.restore(tmp_path / "empty.db", path)
    assert path.read_bytes() == before


# ── plans ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_many_fresh_stories_are_ranked_by_the_index(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    teller = Teller(store)
    for n in range(12):
        teller.open(f"s{n:02}", article(f"s{n:02}", at=T0 + minutes(n)), importance_key=float(n * 7 % 12))
    few = store.front(T0, limit=5, offset=2)
    monkeypatch.setattr("stayahead.store.queries.FEW_STORIES", 3)
    assert store.front(T0, limit=5, offset=2) == few
    assert [row.head.importance_key for row in few] == [9.0, 8.0, 7.0, 6.0, 5.0]


def test_a_snapshot_of_many_rows_comes_back_whole(store: SqliteStore) -> None:
    rows = tuple(SnapshotRow(key=f"k{n:05}", value=bytes([n % 256]) * 900) for n in range(2000))
    store.commit(Batch(snapshot=Snapshot(format=5, number=0, rows=rows)))
    kept = store.snapshot()
    assert kept is not None
    assert kept.rows == rows


def test_check_tells_of_a_removed_article_that_has_words(path: Path) -> None:
    with SqliteStore.open(path) as store:
        teller = Teller(store)
        teller.open("a")
        teller.join("a", article("b"))
        teller.commit([teller.update("a", Removed(article_id="b", reason="legal"))])
        assert store.check() == []
        with closing(apsw.Connection(str(path))) as db:
            db.execute("UPDATE articles SET title = 'once more' WHERE id = 'b'")
        assert store.check() == ["article b was removed, but some of its words are kept"]


def test_reports_are_found_behind_a_flood_of_copies(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "REPORTS_READ", 3)
    teller = Teller(store)
    teller.open("m")
    teller.join("m", article("own", at=T0 + minutes(1)))
    for number in range(6):
        teller.join("m", article(f"c{number}", at=T0 + minutes(2 + number)), copy_of="m", is_origin=False)
    assert [one.id for one in store.reports("m", limit=5)] == ["own", "m"]
    assert [one.id for one in store.reports("m", limit=1)] == ["own"]
