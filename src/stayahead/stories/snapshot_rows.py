"""The shapes of a snapshot's rows, and a look at one row alone. How rows become an engine, `snapshot` knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from stayahead.errors import SnapshotFormat
from stayahead.model import SnapshotRow, StoryHead
from stayahead.stories import snapshot_before
from stayahead.stories.aspects import Aspects

FORMAT = 7


# Rows are arrays: the names of their fields are not written and may change, their order may not.


class Global(msgspec.Struct, array_like=True):
    """The counters, which every snapshot has."""

    number: int
    at: datetime
    next_seq: int
    rows: dict[str, int] = {}
    """Of each kind, by which a missing one is noticed; older snapshots do not say."""


class ArticleRow(msgspec.Struct, array_like=True):
    """An article that the engine keeps."""

    seq: int
    story_id: str
    arrived_at: datetime
    placed_at: datetime
    backfill: bool
    revision: int
    title: str
    language: str
    domain: str
    country: str
    origin_keys: tuple[str, ...]
    fingerprint: bytes
    shingles: int
    terms: tuple[str, ...]
    weights: bytes
    shared_keys: tuple[str, ...]
    shared_key_weights: bytes
    copy_of: str
    is_origin: bool
    indexed: bool
    founded: int
    is_agency: bool
    dense: bytes
    vector_model: str


class StoryRow(msgspec.Struct, array_like=True):
    """A live story."""

    opened_number: int
    silent_since: datetime
    updated_number: int
    head: StoryHead | None
    aspects: Aspects | None
    before: Aspects | None
    apart: tuple[str, ...]
    follows: str
    related: tuple[str, ...]


class SleeperRow(msgspec.Struct, array_like=True):
    """A story asleep."""

    head: StoryHead
    slept_at: datetime
    opened_number: int
    aspects: Aspects
    alias_ids: tuple[str, ...]
    terms: tuple[str, ...]
    weights: bytes


class Counts(msgspec.Struct, array_like=True):
    """How often a language has each term, whole or what was added."""

    articles: int
    counts: dict[str, int]


_ROW_TYPES: dict[str, Any] = {
    "g": Global,
    "a": ArticleRow,
    "s": StoryRow,
    "z": SleeperRow,
    "x": str,
    "n": int,
}
"""What a row holds, by the first part of its key; all others are counts."""


def require_readable(row: SnapshotRow, *, format_: int) -> None:
    """Read one row alone, as `check` does; what the rows are to each other, only `read_rows` sees.

    Raises:
        SnapshotFormat: it cannot be read. Of the format before only the encoding is looked at; others nobody reads.
    """
    if format_ not in {FORMAT, snapshot_before.FORMAT}:
        return
    kind = _ROW_TYPES.get(row.key.partition("/")[0], Counts) if format_ == FORMAT else Any
    try:
        msgspec.msgpack.decode(row.value or b"", type=kind)
    except (msgspec.MsgspecError, ValueError) as error:
        raise SnapshotFormat(str(error)) from error
