from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from stayahead.errors import StoreDamaged, StoreTooNew
from stayahead.store import schema

ONE = "CREATE TABLE a (x INTEGER);"
TWO = "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 5; INSERT INTO a (x) VALUES (1);"
BROKEN = "CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1);"
PATH = Path("news.db")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[apsw.Connection]:
    made = apsw.Connection(str(tmp_path / "news.db"))
    yield made
    made.close()


def test_a_new_file_gets_every_step_once(db: apsw.Connection) -> None:
    assert schema.migrate(db, PATH, migrations=(ONE, TWO)) == 2
    assert schema.migrate(db, PATH, migrations=(ONE, TWO)) == 0
    assert db.execute("SELECT * FROM a").fetchall() == [(1, 5)]
    assert db.pragma("auto_vacuum") == 2
    assert db.pragma("page_size") == 8192


def test_an_old_file_gets_the_steps_that_it_lacks(db: apsw.Connection) -> None:
    schema.migrate(db, PATH, migrations=(ONE,))
    db.execute("INSERT INTO a VALUES (7)")
    assert schema.version_of(db, PATH, newest=2) == 1
    assert schema.migrate(db, PATH, migrations=(ONE, TWO)) == 1
    assert db.execute("SELECT * FROM a").fetchall() == [(7, 5), (1, 5)]
    assert schema.version_of(db, PATH, newest=2) == 2


def test_a_step_that_fails_leaves_the_file_as_it_was(db: apsw.Connection) -> None:
    schema.migrate(db, PATH, migrations=(ONE,))
    with pytest.raises(apsw.SQLError):
        schema.migrate(db, PATH, migrations=(ONE, BROKEN))
    assert schema.version_of(db, PATH, newest=2) == 1
    assert db.execute("SELECT name FROM sqlite_schema").fetchall() == [("a",)]


def test_a_newer_file_is_refused(db: apsw.Connection) -> None:
    schema.migrate(db, PATH, migrations=(ONE, TWO))
    with pytest.raises(StoreTooNew, match=r"news\.db: written by a newer StayAhead \(format 2, this one knows 1\)"):
        schema.migrate(db, PATH, migrations=(ONE,))


def test_another_programs_database_is_refused(db: apsw.Connection) -> None:
    db.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StoreDamaged, match="another program"):
        schema.migrate(db, PATH, migrations=(ONE,))


def test_this_version_starts_at_its_first_migration(db: apsw.Connection) -> None:
    schema.migrate(db, PATH)
    assert schema.version_of(db, PATH) == len(schema.MIGRATIONS)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_rereading_knows_of_an_older_file_when_its_revisions_were_read_and_who_has_three_origins(
    db: apsw.Connection,
) -> None:
    number = next(n for n, script in enumerate(schema.MIGRATIONS) if "CREATE TABLE page_states" in script)
    schema.migrate(db, PATH, migrations=schema.MIGRATIONS[:number])
    db.execute(
        "INSERT INTO voices VALUES (1, '{}');"
        "INSERT INTO stories VALUES ('s', 'H', 'a', 'en', 1, 'live', 0, 0, 1.0, 1, 4, NULL, 1, 1, 1);"
    )
    for n, id_ in enumerate("abcd"):
        db.execute(
            "INSERT INTO articles VALUES (?, ?, 's', '', '', ?, 1, 1, 5, 5, 0, '', '', '', '', '', '', '', x'00')",
            (n, id_, int(id_ != "d")),
        )
    db.execute(
        "INSERT INTO bodies VALUES (0, 0, 5, 1, x'00'), (0, 1, 5, 1, x'00');"
        "INSERT INTO inputs VALUES (1, 5, 'arrival', 'a', 0, NULL), (2, 90, 'revision', 'a', 1, NULL);"
    )
    schema.migrate(db, PATH, migrations=schema.MIGRATIONS)
    assert db.execute("SELECT origins FROM stories").fetchall() == [(3,)]
    assert db.execute("SELECT revision, read_at FROM bodies ORDER BY revision").fetchall() == [(0, None), (1, 90)]
