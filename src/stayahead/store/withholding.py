"""Keeps the words of removed articles apart for some weeks, so that a removal can be taken back, and then erases them.

Packed into one row that no reading looks at: no page, search or export, and no recovery. They come back as they were,
or go for good (docs/decisions/0170).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import apsw
import msgspec
import zstandard

from stayahead.model import Restoration, Withheld
from stayahead.newsroom.policy import WITHHELD_FOR
from stayahead.store import rows
from stayahead.store.search import SearchIndex
from stayahead.store.sql import blocks

SQL = blocks("withholding.sql")
_TABLES = ("article", "entry", "bodies", "signals", "analyses", "page_states")
_Words = dict[str, list[list[Any]]]
"""The rows of each table, each without the key that the article's number gives it."""
_BODY, _REVISION = 3, 0
"""Places in a packed row of `bodies`."""


def withhold(db: apsw.Connection, n: int, *, until: datetime, number: int) -> None:
    """Pack all that is stored of an article; the caller erases it where it stood."""
    words = {table: list(map(list, db.execute(SQL[table], (n,)))) for table in _TABLES}
    blob = rows.compressed(words, zstandard.ZstdCompressor(level=rows.ZSTD_LEVEL))
    db.execute(SQL["put"], (n, rows.micros(until), number, blob))


def put_back(db: apsw.Connection, search: SearchIndex, restoration: Restoration) -> None:
    """Put everything where it was; the update that follows says in which story the article is now.

    What is put back came with the restoration, so it is there even if the row was erased meanwhile.
    """
    item = restoration.evidence
    found = db.execute(SQL["removed"], (item.article.id,)).fetchone()
    if found is None:
        return
    n, voice = found
    words = _unpacked(restoration.words)
    for table in _TABLES:
        db.executemany(SQL["put_back_" + table], [(*row, n) for row in words[table]])
    signals = rows.signals_blob(item.signals, zstandard.ZstdCompressor(level=rows.ZSTD_LEVEL))
    db.execute(SQL["put_signals"], (n, item.article.revision, signals, voice))
    search.put(db, n, item.card, is_new=False)
    db.execute(SQL["drop"], (n,))


def erase(db: apsw.Connection, article_ids: Iterable[str]) -> None:
    """Forget for good what is withheld of those articles."""
    db.executemany(SQL["drop_of"], [(id_,) for id_ in article_ids])


def find(db: apsw.Connection, article_id: str) -> Withheld | None:
    """See `ports.Rulings.withheld`."""
    row = db.execute(SQL["found"], (article_id,)).fetchone()
    return None if row is None else read(*row)


def read(  # the columns of `found`, in their order
    id_: str,
    publisher: str,
    feed_url: str,
    revision: int,
    seen_at: int,
    placed_at: int,
    backfill: int,
    until: int,
    blob: bytes,
) -> Withheld:
    """A removed article as it was."""
    words = _unpacked(blob)
    ((url, *_, about, _claims, _reread_at),) = words["article"]
    body = next((row[_BODY] for row in words["bodies"] if row[_REVISION] == revision), None)
    signals = next((row[1] for row in words["signals"] if row[_REVISION] == revision), None)
    article = rows.read_article(
        (id_, url, publisher, feed_url, revision, seen_at, placed_at, backfill, about, body),
    )
    return Withheld(
        article=article,
        signals=None if signals is None else rows.read_signals(signals),
        until=rows.moment(until),
        words=blob,
    )


def forget(db: apsw.Connection, now: datetime, *, running_since: datetime | None, opened: int, limit: int) -> int:
    """Erase what has been withheld for long enough; how many articles that were.

    Args:
        db: in a write transaction.
        now: by a clock that is to be trusted.
        running_since: when this newsroom started, by that clock; None: every date is believed.
        opened: number of the last update then.
        limit: so many of a kind.
    """
    if running_since is not None and (until := running_since + WITHHELD_FOR) > now:
        ours = {"until": rows.micros(until), "now": rows.micros(now), "opened": opened, "limit": limit}
        db.execute(SQL["date_withheld"], ours)
    latest = rows.micros(now + WITHHELD_FOR + timedelta(days=1))
    db.execute(SQL["soonest_ends"], {"latest": latest, "limit": limit})
    db.execute(SQL["drop_old"], (rows.micros(now), limit))
    return db.changes()


def _unpacked(blob: bytes) -> _Words:
    return msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(blob), type=_Words)
