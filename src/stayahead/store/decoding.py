"""Reads everything that is stored encoded, row by row, for a sound file can hold what nobody can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import apsw
import msgspec

from stayahead.analyze import unpacked
from stayahead.errors import SnapshotFormat
from stayahead.extract import HostRecord
from stayahead.model import INPUTS, SnapshotRow
from stayahead.store import feed_rows, rows, withholding
from stayahead.store.commit import read_meta
from stayahead.store.connection import UNREADABLE
from stayahead.store.sql import blocks
from stayahead.stories.snapshot_rows import require_readable

SQL = blocks("decoding.sql")

Read = Callable[..., object]
"""Reads the columns of a row, behind the words that name it."""


def _input(kind: str, payload: str) -> object:
    return msgspec.json.decode(payload, type=INPUTS[kind])


_READS: dict[str, Read] = {
    "head": lambda *row: rows.read_head(row),
    "update": rows.read_update,
    "input": _input,
    "about": rows.read_about,
    "row_claims": unpacked,
    "claims": unpacked,
    "body": rows.read_body,
    "withheld": withholding.read,
    "signals": rows.read_signals,
    "entry": rows.read_entry,
    "publisher": rows.read_publisher,
    "host": lambda record: msgspec.msgpack.decode(record, type=HostRecord),
    "sections": lambda sections: msgspec.json.decode(sections, type=tuple[str, ...]),
    "parts": feed_rows.read_parts,
}


def unreadable(db: apsw.Connection, *, breaches_max: int) -> Iterator[str]:
    """One line for each row that cannot be read, at most so many of one kind; one row is in memory at a time."""
    snapshot_format = read_meta(db).snapshot_format

    def snapshot(key: str, value: bytes) -> None:
        require_readable(SnapshotRow(key=key, value=value), format_=snapshot_format)

    for kind, query in SQL.items():
        read = _READS.get(kind, snapshot)
        yield from islice(filter(None, (_fault(row, read) for row in db.execute(query))), breaches_max)


def _fault(row: tuple[Any, ...], read: Read) -> str:
    try:
        read(*row[1:])
    except (*UNREADABLE, SnapshotFormat, LookupError, ValueError, TypeError, OverflowError) as error:
        return f"{row[0]}: cannot be read ({error})"
    return ""
