"""Turns values into columns and back: times into microseconds, texts into compressed msgpack."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
import zstandard

from stayahead.analyze import packed as packed_statements
from stayahead.analyze import unpacked
from stayahead.model import (
    CHANGES,
    Article,
    Entry,
    EntryState,
    Evidence,
    Page,
    Publisher,
    Signals,
    Statements,
    StoryArticle,
    StoryHead,
    StoryLink,
    Term,
    Update,
)

Value = TypeVar("Value")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COUNT_BITS = 20
"""Low bits of an article's number that count within its millisecond: a million, as in a date-only archive."""
ZSTD_LEVEL = 3
"""Text and signals of a 2,900-character article: 37 us at level 3, 42 us at 1, 90 us at 6 for 2 % less room."""

STATES = (EntryState.PAGE_WANTED, EntryState.READ, EntryState.REFUSED)
"""An entry's state by the number that the file has for it."""


class SignalsRow(msgspec.Struct, rename={"shared_keys": "keys"}):
    """The signals of an article by the names that the file has for them, which are older than the code's."""

    language: str = ""
    terms: tuple[Term, ...] = ()
    fingerprint: tuple[int, ...] = ()
    shingles: int = 0
    shared_keys: tuple[Term, ...] = ()
    credits: tuple[str, ...] = ()
    vector: bytes = b""
    vector_model: str = ""
    carried: tuple[str, ...] = ()
    has_reported: bool = False


_encoder = msgspec.msgpack.Encoder()
_entry = msgspec.msgpack.Decoder(Entry)
_about = msgspec.msgpack.Decoder(tuple[Entry, Page])
_body = msgspec.msgpack.Decoder(tuple[str, Entry, Page])
_signals = msgspec.msgpack.Decoder(SignalsRow)
_head = msgspec.msgpack.Decoder(StoryHead)
_publisher = msgspec.json.Decoder(Publisher)
_updates: dict[str, msgspec.msgpack.Decoder[Any]] = {
    kind: msgspec.msgpack.Decoder(tuple[StoryHead, change])  # type: ignore[valid-type]  # a class from the table
    for kind, change in CHANGES.items()
}


def micros(at: datetime) -> int:
    """Whole microseconds since 1970 of an aware time, exactly."""
    return (at - _EPOCH) // timedelta.resolution


def moment(us: int) -> datetime:
    """The time that `micros` was given."""
    return _EPOCH + timedelta(microseconds=us)


def micros_or_none(at: datetime | None) -> int | None:
    """`micros`, where there may be no time."""
    return None if at is None else micros(at)


def moment_or_none(us: int | None) -> datetime | None:
    """`moment`, where there may be no time."""
    return None if us is None else moment(us)


def first_number(at: datetime) -> int:
    """The lowest number that an article placed in that millisecond can have."""
    return max(0, micros(at) // 1000) << COUNT_BITS


def month_of(at: datetime) -> int:
    """Year * 100 + month, in UTC: what a search table is named after."""
    at = at.astimezone(UTC)
    return at.year * 100 + at.month


def month_start(month: int) -> datetime:
    """Its first moment."""
    return datetime(month // 100, month % 100, 1, tzinfo=UTC)


def month_after(month: int) -> int:
    """The month that follows."""
    return month + 1 if month % 100 < 12 else month + 89


def packed(value: object) -> bytes:
    """The value as msgpack."""
    return _encoder.encode(value)


def compressed(value: object, compressor: zstandard.ZstdCompressor) -> bytes:
    """The value as compressed msgpack. A compressor belongs to one thread at a time."""
    return compressor.compress(_encoder.encode(value))


def _decompressed(blob: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(blob)


# ── articles ─────────────────────────────────────────────────────────────────────────────────────────────────────


def without_text(article: Article) -> Article:
    """All that an article's entry and page say, but for the texts: what outlives the body."""
    entry, page = article.entry, article.page
    if entry.html or entry.summary:
        entry = dataclasses.replace(entry, html="", summary="")
    return dataclasses.replace(article, entry=entry, page=dataclasses.replace(page, blocks=(), comments=()))


def body(article: Article, compressor: zstandard.ZstdCompressor) -> bytes:
    """Everything that may differ from revision to revision."""
    return compressed((article.url, article.entry, article.page), compressor)


def article_row(item: Evidence) -> dict[str, object]:
    """The columns that show an article in a list, at this revision."""
    short, card = without_text(item.article), item.card
    return {
        "revision": short.revision,
        "url": short.url,
        "title": short.title,
        "language": card.language,
        "author": card.author,
        "image": card.image,
        "lede": card.lede,
        "about": _encoder.encode((short.entry, short.page)),
        "claims": row_claims(item.statements),
    }


def row_claims(statements: Statements | None) -> bytes | None:
    """What headline and lede state, as the row of an article has it; most state nothing."""
    return packed_statements(statements.row) if statements is not None and statements.row else None


def read_about(blob: bytes) -> tuple[Entry, Page]:
    """What an article says of itself without its texts."""
    return _about.decode(blob)


def read_body(blob: bytes) -> tuple[str, Entry, Page]:
    """One revision's url, entry and page."""
    return _body.decode(_decompressed(blob))


def read_article(row: tuple[Any, ...]) -> Article:
    """From the columns of `article` in articles.sql; its text is empty when the body was forgotten."""
    id_, url, publisher, feed_url, revision, seen_at, placed_at, backfill, about_blob, body_blob = row
    if body_blob is not None:
        url, entry, page = read_body(body_blob)
    else:
        entry, page = read_about(about_blob)
    return Article(
        id=id_,
        url=url,
        publisher=read_publisher(publisher),
        feed_url=feed_url,
        entry=entry,
        page=page,
        revision=revision,
        seen_at=moment(seen_at),
        placed_at=moment(placed_at),
        backfill=bool(backfill),
    )


def signals_blob(signals: Signals, compressor: zstandard.ZstdCompressor) -> bytes:
    """The signals as `signals` has them."""
    row = SignalsRow(**{name: getattr(signals, name) for name in SignalsRow.__struct_fields__})
    return compressed(row, compressor)


def read_signals(blob: bytes | None) -> Signals:
    """The signals, or empty ones when they were forgotten."""
    if blob is None:
        return Signals()
    row = _signals.decode(_decompressed(blob))
    return Signals(**{name: getattr(row, name) for name in SignalsRow.__struct_fields__})


def publisher_json(publisher: Publisher) -> str:
    """A publisher as `voices` has it."""
    # What most do not is left out: each voice of before there were such would get a second row.
    told = {name: value for name, value in msgspec.to_builtins(publisher).items() if name != "passes_on" or value}
    return msgspec.json.encode(told).decode()


@lru_cache(maxsize=4096)
def read_publisher(text: str) -> Publisher:
    """The publisher; one value for equal texts."""
    return _publisher.decode(text)


_row_statements = lru_cache(maxsize=4096)(unpacked)
"""The statements of a row; one value for equal blobs, for a front page reads the same ones again and again."""


def read_story_article(row: tuple[Any, ...]) -> StoryArticle:
    """From the columns of `row` in articles.sql."""
    return StoryArticle(
        id=row[0],
        url=row[1],
        title=row[2],
        publisher=read_publisher(row[3]),
        placed_at=moment(row[4]),
        seen_at=moment(row[5]),
        revision=row[6],
        language=row[7],
        author=row[8],
        image=row[9],
        lede=row[10],
        copy_of=row[11],
        is_origin=bool(row[12]),
        backfill=bool(row[13]),
        statements=_row_statements(row[14]) if row[14] else (),
    )


# ── entries and feeds ────────────────────────────────────────────────────────────────────────────────────────────


def read_entry(blob: bytes) -> Entry:
    """A stored entry."""
    return _entry.decode(_decompressed(blob))


def story_row(head: StoryHead, *, number: int, at: datetime) -> tuple[object, ...]:
    """In the order of `put_story` in commit.sql."""
    return (
        head.id,
        head.headline,
        head.language,
        head.state,
        int(head.pinned),
        int(head.hidden),
        head.importance_key,
        micros(head.parts.latest_at),
        head.parts.articles,
        head.parts.origins,
        _encoder.encode(head),
        number,
        micros(at),
    )


def read_link(row: tuple[Any, ...]) -> StoryLink:
    """A row of `links`."""
    kind, id_, headline, language, latest_at = row
    return StoryLink(kind=kind, id=id_, headline=headline, language=language, latest_at=moment(latest_at))


def read_head(row: tuple[Any, ...]) -> StoryHead:
    """From the columns of `head` in stories.sql. The column says the state: a merge writes no head of what it took."""
    head = _head.decode(row[4])
    return head if head.state == row[2] else dataclasses.replace(head, state=row[2])


def update_payload(update: Update) -> bytes:
    """Head and change of an update."""
    return _encoder.encode((update.story, update.change))


def read_update(number: int, at: int, kind: str, payload: bytes) -> Update:
    """The update as it was committed."""
    decoder = _updates.get(kind)
    if decoder is None:
        raise msgspec.DecodeError(f"update {number} is of no known kind, {kind!r}")
    head, change = decoder.decode(payload)
    return Update(number=number, at=moment(at), story=head, change=change)


# ── text that cannot be written ──────────────────────────────────────────────────────────────────────────────────


_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(value: Value) -> Value:
    """The same value with lone surrogates, which no encoding can write, as replacement characters.

    One for one: links and claims are places in a text.
    """
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value) if _SURROGATE.search(value) else value  # type: ignore[return-value]  # str in, str out
    if isinstance(value, tuple):
        return tuple(without_surrogates(item) for item in value)  # type: ignore[return-value]  # tuple in, tuple out
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: without_surrogates(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value
