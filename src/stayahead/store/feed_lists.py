"""Keeps what each feed listed when it last brought something new, so that what is listed for longer is no news."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import apsw

from stayahead.model import FeedList
from stayahead.store.sql import blocks

SQL = blocks("feed_lists.sql")
KEY_BYTES = 10


def put(db: apsw.Connection, lists: Iterable[FeedList]) -> None:
    """Each in place of its feed's list before; of a feed that is watched no more it is dropped."""
    db.executemany(SQL["put_list"], [(b"".join(map(_short, each.keys)), each.feed_url) for each in lists])


def listed(db: apsw.Connection, feed_url: str, keys: Iterable[str]) -> list[str]:
    """Those of the keys (ids and names of entries) that the feed's list has."""
    blob: bytes = db.execute(SQL["list"], (feed_url,)).get or b""
    among = {blob[start : start + KEY_BYTES] for start in range(0, len(blob), KEY_BYTES)}
    return [key for key in keys if _short(key) in among] if among else []


def listed_elsewhere(db: apsw.Connection, feed_url: str, keys: Iterable[str]) -> frozenset[str]:
    """Those of the keys that the list of another feed has."""
    short = {_short(key): key for key in keys}
    found: set[str] = set()
    for (blob,) in db.execute(SQL["lists_of_others"], (feed_url,)):
        among = {blob[start : start + KEY_BYTES] for start in range(0, len(blob), KEY_BYTES)}
        found.update(short[key] for key in among & short.keys())
    return frozenset(found)


def _short(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=KEY_BYTES).digest()
