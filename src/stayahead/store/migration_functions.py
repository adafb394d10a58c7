"""What migrations compute that SQL cannot: functions that they call by name, each for the format of its own day.

A function here never changes once its migration is out, and uses nothing of the model, which does; the rules of urls
are frozen as well.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import apsw
import msgspec
import zstandard

from stayahead.urls import normalise, with_fragment


def register(db: apsw.Connection) -> None:
    """Make the functions known to a connection that is about to migrate."""
    db.create_scalar_function("head_of", _head_of, 10, deterministic=True)
    db.create_scalar_function("name_of", _name_of, 3, deterministic=True)
    db.create_scalar_function("steady_name_of", _steady_name_of, 3, deterministic=True)
    db.create_scalar_function("second_name_of", _second_name_of, 3, deterministic=True)


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


def _name_of(*columns: apsw.SQLiteValue) -> str | None:
    """The name of an entry in its feed, by the rules of migration 12; `about` is asked where the entry is not kept."""
    feed_url, entry, about = columns
    said = _said(entry, about)
    own = _name_in_feed(**{key: said.get(key) or "" for key in ("id", "url", "title")}, at=_time(said.get("published")))
    if not own or own.startswith("#"):
        return own or None
    return _hashed(f"{normalise(str(feed_url)) or feed_url}\n{own}")


def _said(entry: apsw.SQLiteValue, about: apsw.SQLiteValue) -> dict[str, Any]:
    """What a feed said of an entry; its article is asked where the entry is not kept."""
    if isinstance(entry, bytes):
        said = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(entry))
    else:
        said = msgspec.msgpack.decode(about)[0] if isinstance(about, bytes) else {}
    return dict(said)


def _second_name_of(*columns: apsw.SQLiteValue) -> str | None:
    """The second name of an entry in its feed, by the rules of migration 17."""
    feed_url, entry, about = columns
    said = _said(entry, about)
    id_, url, title = (said.get(key) or "" for key in ("id", "url", "title"))
    rest = _letters(id_).replace(_letters(title), "") if title else ""
    if sum(map(str.isdigit, rest)) < 5:  # first, for it is cheap
        return None
    if id_ == url or ("://" in id_ and bool(url) and normalise(id_) == normalise(url)):
        return None
    if "#" in url and with_fragment(url) != normalise(url):
        return None
    return _hashed(f"{_feed_form(str(feed_url))}\nid\n{id_}\n{title}\n")


@lru_cache(maxsize=4_096)
def _feed_form(url: str) -> str:
    return normalise(url) or url


def _steady_name_of(*columns: apsw.SQLiteValue) -> str | None:
    """The name of an entry without id and time, by the addresses that came with it."""
    feed_url, about, urls = columns
    if not isinstance(about, bytes) or not isinstance(urls, str):
        return None
    said = msgspec.msgpack.decode(about)[0]
    url, title, id_ = (said.get(key) or "" for key in ("url", "title", "id"))
    queries = [set(_query(each)) for each in msgspec.json.decode(urls)]
    constants = set.intersection(*queries) if len(queries) >= 3 else set()
    is_link = not id_ or id_ == url or ("://" in id_ and normalise(id_) == normalise(url))
    if not (constants and title and is_link) or said.get("published"):
        return None
    place, _, _ = url.partition("#")[0].partition("?")
    steady = f"{place}?{'&'.join(part for part in _query(url) if part not in constants)}"
    return _hashed(f"{normalise(str(feed_url)) or feed_url}\ntitled\n{title}\n{steady}")


def _query(url: str) -> list[str]:
    return url.partition("#")[0].partition("?")[2].split("&") if "?" in url else []


def _name_in_feed(*, id: str, url: str, title: str, at: datetime | None) -> str:  # noqa: A002 - the entry's own names
    form = normalise(url)
    whole = with_fragment(url)
    if whole != form:
        return f"#{_hashed(whole)}"
    time = at.isoformat(timespec="seconds") if at else ""
    is_link = id == url or ("://" in id and bool(form) and normalise(id) == form)
    if not id or is_link:
        return f"titled\n{title}\n{time}" if time and title else ""
    if at and (at.hour or at.minute or at.second):
        return f"id\n{id}\n{time}"
    return f"id\n{id}\n{title}\n{time}" if title and _letters(title) not in _letters(id) else ""


def _letters(words: str) -> str:
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", words).casefold())
    return "".join(character for character in text if character.isalnum())


def _time(value: object) -> datetime | None:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(UTC) if isinstance(at, datetime) else None


def _hashed(identity: str) -> str:
    digest = hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    return base64.b32encode(digest).decode("ascii").lower()
