"""Reads snapshots of format 6, so that the first start after an upgrade goes on from them.

That format wrote a story's head field by field, and had no aspects but its counts of origins.

When `snapshot.FORMAT` next changes, this file is written anew for format 7, and format 6 is no longer read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from stayahead.model import ScoreParts, StoryHead
from stayahead.stories.aspects import Aspects, Origins
from stayahead.stories.members import LiveStory
from stayahead.stories.rank import importance_key
from stayahead.stories.sleepers import Sleeper
from stayahead.stories.state import State
from stayahead.stories.vectors import Packed, array_of

FORMAT = 6
_LATER = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_YET = ScoreParts(first_at=_LATER, latest_at=_LATER)
"""Parts of a story whose one article is not read yet; `finish` puts in the right ones."""


class _Tally(msgspec.Struct, array_like=True):
    articles: int
    origins: int
    links: dict[str, str]
    domains: list[str]
    countries: tuple[str, ...]
    pace: float
    pace_at: datetime | None
    first_at: datetime | None
    latest_at: datetime | None
    slept_origins: int


class _Story(msgspec.Struct, array_like=True):
    opened_at: datetime
    opened_number: int
    headline: str
    lead_id: str
    language: str
    pinned: bool
    hidden: bool
    apart: tuple[str, ...]
    silent_since: datetime
    updated_number: int
    tally: _Tally | None
    before: _Tally | None
    follows: str
    related: tuple[str, ...]


class _Sleeper(msgspec.Struct, array_like=True):
    slept_at: datetime
    opened_at: datetime
    opened_number: int
    hidden: bool
    language: str
    tally: _Tally
    alias_ids: tuple[str, ...]
    terms: tuple[str, ...]
    weights: bytes


def read_story(story_id: str, value: bytes) -> LiveStory:
    """A live story."""
    row = msgspec.msgpack.decode(value, type=_Story)
    aspects = _aspects(row.tally) if row.tally else None
    head = StoryHead(
        id=story_id,
        headline=row.headline,
        lead_id=row.lead_id,
        language=row.language,
        opened_at=row.opened_at,
        parts=_NOT_YET,
        pinned=row.pinned,
        hidden=row.hidden,
    )
    story = LiveStory(story_id, head, row.opened_number, silent_since=row.silent_since)
    story.updated_number = row.updated_number
    story.aspects, story.before = aspects, _aspects(row.before) if row.before else None
    story.apart, story.follows, story.related = row.apart, row.follows, row.related
    return story


def read_sleeper(story_id: str, value: bytes) -> Sleeper:
    """A story asleep. Its headline was not kept; the article that wakes it brings another."""
    row = msgspec.msgpack.decode(value, type=_Sleeper)
    aspects = _aspects(row.tally)
    parts = aspects.origins.parts()
    return Sleeper(
        head=StoryHead(
            id=story_id,
            headline="",
            lead_id="",
            language=row.language,
            opened_at=row.opened_at,
            parts=parts,
            importance_key=importance_key(parts),
            hidden=row.hidden,
        ),
        slept_at=row.slept_at,
        opened_number=row.opened_number,
        aspects=aspects,
        alias_ids=row.alias_ids,
        vector=Packed.of(row.terms, array_of("H", row.weights)),
    )


def finish(state: State) -> None:
    """Give each live story the parts that its head showed."""
    # Through `tell`, as an update would: a story of one article needs no head of its own.
    for story in state.stories.values():
        state.tell(story, state.head(story))
        if story.head is not None:  # else it is what its one article says
            parts = state.aspects(story).origins.parts()
            story.head = replace(story.head, parts=parts, importance_key=importance_key(parts))


def _aspects(row: _Tally) -> Aspects:
    # Its counts had a field of their own in the story's row; they are the first aspect now.
    values = {name: getattr(row, name) for name in _Tally.__struct_fields__}
    return Aspects(origins=Origins(**values | {"domains": dict.fromkeys(row.domains)}))
