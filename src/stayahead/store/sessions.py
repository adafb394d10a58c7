"""Keeps the owner's links and sessions, as hashes of what they bear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import apsw

from stayahead.model import OwnerSession
from stayahead.store import rows
from stayahead.store.connection import Readers, Writer
from stayahead.store.sql import blocks

SQL = blocks("sessions.sql")


class StoredSessions:
    """The part of `SqliteStore` that serves `serve.keys.Sessions`."""

    _readers: Readers

    def _require_writer(self) -> Writer:
        raise NotImplementedError

    def put_link(self, digest: bytes, *, until: datetime, now: datetime) -> None:
        """See `serve.keys.Sessions.put_link`."""
        with self._require_writer().writing() as db:
            db.execute(SQL["drop_old_links"], (rows.micros(now),))
            db.execute(SQL["put_link"], (digest, rows.micros(until)))

    def open_session(self, link: bytes, digest: bytes, session: OwnerSession) -> bool:
        """See `serve.keys.Sessions.open_session`."""
        opened_at, until = rows.micros(session.opened_at), rows.micros(session.until)
        with self._readers.lend() as db:
            if db.execute(SQL["link"], (link, opened_at)).get is None:
                return False  # wrong ones come from anybody, and must not make the newsroom wait for its turn to write
        with self._require_writer().writing() as db:
            if not db.execute(SQL["use_link"], (link, opened_at)).fetchall():
                return False
            db.execute(SQL["drop_old_sessions"], (opened_at,))
            db.execute(SQL["put_session"], (digest, opened_at, until, session.address, session.browser))
        return True

    def has_session(self, digest: bytes, now: datetime) -> bool:
        """See `serve.keys.Sessions.has_session`."""
        with self._readers.lend() as db:
            return db.execute(SQL["session"], (digest, rows.micros(now))).get is not None

    def sessions(self, now: datetime) -> Sequence[OwnerSession]:
        """See `serve.keys.Sessions.sessions`."""
        with self._readers.lend() as db:
            return [
                OwnerSession(
                    id=row[0], opened_at=rows.moment(row[1]), until=rows.moment(row[2]), address=row[3], browser=row[4]
                )
                for row in db.execute(SQL["sessions"], (rows.micros(now),))
            ]

    def close_session(self, digest: bytes) -> bool:
        """See `serve.keys.Sessions.close_session`."""
        with self._require_writer().writing() as db:
            db.execute(SQL["drop_session"], (digest,))
            return bool(db.changes())

    def forget_session(self, number: int) -> bool:
        """See `serve.keys.Sessions.forget_session`."""
        with self._require_writer().writing() as db:
            db.execute(SQL["drop_numbered"], (number,))
            return bool(db.changes())

    def forget_sessions(self) -> int:
        """See `serve.keys.Sessions.forget_sessions`."""
        with self._require_writer().writing() as db:
            return forget_all(db)


def forget_all(db: apsw.Connection) -> int:
    """End every session and link; how many sessions there were."""
    db.execute(SQL["drop_links"])
    db.execute(SQL["drop_sessions"])
    return db.changes()
