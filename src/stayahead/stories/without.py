"""Says how a story stands without one of its articles, by what is stored of it: the engine has let the story sleep.

It is counted anew from its other articles, as the engine would, but for what is forgotten with their signals: which
agency a text credited. So origins may come out higher than they were counted, and are held to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from stayahead.model import Story, StoryArticle, StoryHead
from stayahead.stories.aspects import Aspects
from stayahead.stories.aspects.origins import publisher_keys
from stayahead.stories.rank import importance_key
from stayahead.stories.weights import HEADLINE_CHARS


@dataclass(slots=True)
class _Stored:
    """A stored article, as aspects count it."""

    origin_keys: tuple[str, ...]
    domain: str
    country: str
    language: str
    placed_at: datetime
    backfill: bool

    @classmethod
    def of(cls, row: StoryArticle) -> _Stored:
        publisher = row.publisher
        keys = publisher_keys(publisher, row.id)
        return cls(keys, publisher.domain, publisher.country, row.language, row.placed_at, row.backfill)


def without(story: Story, article_id: str) -> StoryHead:
    """The head of a story asleep once that article has left it; of one that has no other it is empty, without words."""
    head = story.head
    rest = [row for row in story.articles if row.id != article_id]
    if not rest:
        return _empty(head)
    if head.lead_id == article_id:
        lead = _lead(rest, head.language)
        language = lead.language or head.language
        head = replace(head, headline=lead.title[:HEADLINE_CHARS], lead_id=lead.id, language=language)
    # A story with fewer articles never becomes weightier by it.
    parts = _counted(rest).origins.parts()
    origins = min(parts.origins, head.parts.origins)
    parts = replace(parts, origins=origins, slept_origins=min(head.parts.slept_origins, origins))
    return replace(head, parts=parts, importance_key=importance_key(parts), state="asleep")


def _empty(head: StoryHead) -> StoryHead:
    aspects = Aspects.of_none(first_at=head.parts.first_at, latest_at=head.parts.latest_at)
    fields: dict[str, Any] = aspects.head_fields()
    return replace(head, headline="", state="empty", importance_key=importance_key(fields["parts"]), **fields)


def _counted(rows: Sequence[StoryArticle]) -> Aspects:
    stored = {row.id: _Stored.of(row) for row in rows}
    # As `State.in_counting_order`: what is counted first is the origin.
    originals_first = sorted(rows, key=lambda row: (bool(row.copy_of), row.seen_at, row.id))
    return Aspects.of((stored[row.id], _copied_key(row, stored)) for row in originals_first)


def _copied_key(row: StoryArticle, stored: Mapping[str, _Stored]) -> str:
    """What it shares with the other copies of its original, which may be the one that left."""
    original = stored.get(row.copy_of)
    return original.origin_keys[0] if original is not None else row.copy_of


def _lead(rows: Sequence[StoryArticle], language: str) -> StoryArticle:
    """The newest report of its own, of the story's language if there is one."""
    own = [row for row in rows if not row.copy_of] or rows
    return max(own, key=lambda row: (row.language == language, row.placed_at, row.id))
