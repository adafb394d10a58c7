"""Gives the owner's joins and splits as labels: which articles they said to be one story, and which not.

A ruling names the articles that came or left; on the other side stood whatever the story had at that moment. So the
updates are gone through from the first that is kept, and each story's articles are kept up on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from stayahead.model import Ruled, Update
from stayahead.store import rows
from stayahead.store.connection import Readers
from stayahead.store.queries import STORIES
from stayahead.stories.effects import effects

STEP = 1_000
"""Updates that are read in one transaction."""
SIDE_MOST = 200
"""Articles that a label names on each side: a story of ten thousand would make a million pairs of one word."""


@dataclass(slots=True)
class _Membership:
    """Which articles were in which story, as far as the updates that are kept say it."""

    stories: dict[str, dict[str, None]] = field(default_factory=dict)
    story_of: dict[str, str] = field(default_factory=dict)

    def take(self, update: Update) -> None:
        moved = effects(update)
        if moved.placed is not None:
            self._put(moved.placed.article_id, moved.placed.story_id)
        if moved.moved is not None:
            for article_id in moved.moved.article_ids:
                self._put(article_id, moved.moved.story_id)
        if moved.aliased is not None:
            for article_id in list(self.stories.get(moved.aliased.alias, ())):
                self._put(article_id, moved.aliased.story_id)

    def _put(self, article_id: str, story_id: str | None) -> None:
        before = self.story_of.pop(article_id, None)
        if before == story_id and story_id is not None:
            self.story_of[article_id] = story_id
            return
        if before is not None:
            self.stories[before].pop(article_id, None)
        if story_id is not None:
            self.story_of[article_id] = story_id
            self.stories.setdefault(story_id, {})[article_id] = None


def labels(readers: Readers) -> Iterator[dict[str, object]]:
    """See `SqliteStore.labels`."""
    said: list[tuple[Update, Ruled, list[str]]] = []
    undone: set[int] = set()
    membership = _Membership()
    for update in _updates(readers):
        ruled = update.change
        if isinstance(ruled, Ruled) and ruled.undoes and ruled.verb != "pass":
            undone.add(ruled.undoes)
        elif isinstance(ruled, Ruled) and ruled.verb in {"join", "split"}:
            said.append((update, ruled, list(membership.stories.get(update.story.id, ()))))
        membership.take(update)
    for update, ruled, there in said:
        line = _label(update, ruled, there, membership.story_of)
        if update.number not in undone and line is not None:
            yield line


def _label(update: Update, ruled: Ruled, there: Collection[str], known: Collection[str]) -> dict[str, object] | None:
    """One ruling; None where one of its sides has no article any more: what was removed is not named."""
    named = frozenset(ruled.article_ids)
    moved = [article_id for article_id in ruled.article_ids if article_id in known]
    others = [article_id for article_id in there if article_id in known and article_id not in named]
    if not moved or not others:
        return None
    return {
        "type": "ruling",
        "number": update.number,
        "at": update.at,
        "verb": ruled.verb,
        "story_id": update.story.id,
        "is_one_story": ruled.verb == "join",
        "article_ids": moved[-SIDE_MOST:],
        "other_article_ids": others[-SIDE_MOST:],
    }


def _updates(readers: Readers) -> Iterator[Update]:
    after = 0
    while True:
        with readers.lend() as db:
            piece = [rows.read_update(*row) for row in db.execute(STORIES["updates"], (after, STEP))]
        yield from piece
        if len(piece) < STEP:
            return
        after = piece[-1].number
