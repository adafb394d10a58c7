"""The check reads every text of every table: a file that `run` refuses is never called well."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from stayahead.errors import StoreError
from stayahead.store import SqliteStore
from stayahead.store.texts import TABLES, unreadable_texts
from tests.stores import fresh_folder

SAMPLE = {"TEXT": "'a'", "INTEGER": "1", "REAL": "1.0", "BLOB": "x'00'", "ANY": "'a'"}


def columns_of(db: apsw.Connection) -> list[tuple[str, str, str]]:
    """Table, column and type of everything that is stored, as the schema says it."""
    found: list[tuple[str, str, str]] = []
    for (table,) in db.execute(TABLES).fetchall():
        found += [(str(table), str(row[1]), str(row[2])) for row in db.execute(f"PRAGMA table_info({table})")]
    return found


def fill(db: apsw.Connection) -> None:
    """One row in every table that is empty."""
    db.execute("PRAGMA ignore_check_constraints = on")
    types: dict[str, dict[str, str]] = {}
    for table, column, type_ in columns_of(db):
        types.setdefault(table, {})[column] = type_
    for table, columns in types.items():
        if db.execute(f"SELECT 1 FROM {table}").get is None:
            names, values = ", ".join(columns), ", ".join(SAMPLE[type_] for type_ in columns.values())
            db.execute(f"INSERT INTO {table} ({names}) VALUES ({values})")


def with_a_schema() -> list[tuple[str, str]]:
    with fresh_folder() as folder:
        SqliteStore.open(folder / "news.db").close()
        with closing(apsw.Connection(str(folder / "news.db"))) as db:
            return [(table, column) for table, column, type_ in columns_of(db) if type_ in {"TEXT", "ANY"}]


@pytest.mark.parametrize(("table", "column"), with_a_schema())
@pytest.mark.parametrize("bytes_", ["ff", "eda080", "61e2"])
def test_a_text_that_nobody_can_read_is_named(table: str, column: str, bytes_: str, tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "news.db") as store, closing(apsw.Connection(str(store.path))) as db:
        fill(db)
        assert list(unreadable_texts(db, breaches_max=20)) == []
        # The value alone is damaged: its type stays text.
        where = "WHERE key = (SELECT max(key) FROM meta)" if table == "meta" else ""
        db.execute(f"UPDATE {table} SET {column} = CAST(x'{bytes_}' AS TEXT) {where}")
        named = list(unreadable_texts(db, breaches_max=20))
        assert named
        assert all(line.startswith(f"{table}.{column} of row ") for line in named)
        assert all("cannot be read" in line for line in named)


@pytest.mark.parametrize(
    ("table", "column"), [("feeds", "title"), ("feeds", "own_title"), ("feeds", "error"), ("publishers", "name")]
)
def test_what_readers_refuse_is_not_called_well(table: str, column: str, tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "news.db") as store:
        assert store.check() == []
        with closing(apsw.Connection(str(store.path))) as db:
            db.execute("INSERT INTO feeds (url, title, sections) VALUES ('https://a.example/', 'A', '[]')")
            db.execute("INSERT OR IGNORE INTO publishers VALUES ('a.example', 'A', '', '', '', 'other')")
            db.execute(f"UPDATE {table} SET {column} = CAST(x'ff' AS TEXT)")
        with pytest.raises(StoreError, match="stayahead check"):
            (store.feeds if table == "feeds" else store.publishers)()
        assert all(line.startswith(f"{table}.{column} of row ") for line in store.check())
        assert store.check()


def test_the_lines_of_a_table_are_bounded(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "news.db") as store:
        with closing(apsw.Connection(str(store.path))) as db, db:
            for n in range(99):
                db.execute("INSERT INTO feeds (url, title, sections) VALUES (?, CAST(x'ff' AS TEXT), '[]')", (f"u{n}",))
        assert len(store.check()) == 20
