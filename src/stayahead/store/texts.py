"""Finds text that is no UTF-8 in any table: SQLite calls such a file sound, and whoever reads the row fails."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import apsw

TABLES = """
SELECT name FROM pragma_table_list
WHERE schema = 'main' AND type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name
"""


def unreadable_texts(db: apsw.Connection, *, breaches_max: int) -> Iterator[str]:
    """One line for each text that nobody can read, at most so many of a table; one row is in memory at a time."""
    # Virtual tables and their shadows are the search's own: they hold bytes, and `integrity_check` reads them.
    for (table,) in db.execute(TABLES).fetchall():
        yield from islice(_in_table(db, str(table)), breaches_max)


def _in_table(db: apsw.Connection, table: str) -> Iterator[str]:
    columns, keys = _columns(db, table)
    if not columns:
        return
    values = ", ".join(_bytes_of(column) for column in columns)
    places = ", ".join(f"CAST({_quoted(key)} AS BLOB)" for key in keys) if keys else "CAST(rowid AS BLOB)"
    query = f"SELECT {values}, {places} FROM {_quoted(table)}"  # noqa: S608  # names are the schema's, quoted
    for row in db.execute(query):
        for column, value in zip(columns, row, strict=False):
            if value is not None and (reason := _why_unreadable(value)):
                named = ", ".join(bytes(each or b"").decode(errors="replace") for each in row[len(columns) :])
                yield f"{table}.{column} of row {named[:200]}: cannot be read ({reason})"


def _columns(db: apsw.Connection, table: str) -> tuple[list[str], list[str]]:
    """The columns that may hold text, and those that name a row."""
    columns: list[str] = []
    keys: list[tuple[int, str]] = []
    for name, type_, place in db.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,)):
        if type_.upper() not in {"INTEGER", "INT", "REAL", "BLOB"}:  # text, and any
            columns.append(name)
        if place:
            keys.append((place, name))
    return columns, [name for _, name in sorted(keys)]


def _bytes_of(column: str) -> str:
    """The bytes of a text; nothing of other values, which need no reading."""
    name = _quoted(column)
    return f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) END"


def _why_unreadable(value: bytes) -> str:
    try:
        value.decode()
    except UnicodeDecodeError as error:
        return str(error)
    return ""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
