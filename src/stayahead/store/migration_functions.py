"""What migrations compute that SQL cannot: functions that they call by name, each for the format of its own day.

A function here never changes once its migration is out, and uses nothing of the model, which does.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import apsw
import msgspec


def register(db: apsw.Connection) -> None:
    """Make the functions known to a connection that is about to migrate."""
    db.create_scalar_function("head_of", _head_of, 10, deterministic=True)


def _head_of(*columns: apsw.SQLiteValue) -> bytes:
    """The head of a story that was kept in columns, for migration 7."""
    id_, headline, lead_id, language, opened_at, state, pinned, hidden, importance_key, parts = columns
    assert isinstance(opened_at, int)  # noqa: S101 - the columns are STRICT
    assert isinstance(parts, bytes)  # noqa: S101
    return msgspec.msgpack.encode(
        {
            "id": id_,
            "headline": headline,
            "lead_id": lead_id,
            "language": language,
            "opened_at": datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=opened_at),
            "parts": msgspec.msgpack.decode(parts),
            "importance_key": importance_key,
            "state": state,
            "pinned": bool(pinned),
            "hidden": bool(hidden),
        }
    )
