"""Clusters a table of articles as the service would, for `stayahead cluster` and for the evaluation.

It is the one way from an archive into the engine: the same analysis, the same ticks, the same decisions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, TypeAlias

from stayahead.analyze import Encoder, analyze
from stayahead.model import (
    Arrival,
    Article,
    Block,
    BlockKind,
    Entry,
    Page,
    Publisher,
    Tick,
    Update,
)
from stayahead.stories.effects import effects
from stayahead.stories.engine import StoryEngine
from stayahead.stories.silence import ticks

When: TypeAlias = Literal["arrival", "day", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article of an archive."""

    id: str
    title: str
    arrival: datetime
    """Aware, UTC; the engine's clock."""
    text: str = ""
    url: str = ""
    publisher: str = ""
    """Domain or name: articles with the same one are one origin."""
    language: str = ""


def arrival_of(row: Row, *, encoder: Encoder | None = None) -> Arrival:
    """The row as an input of the engine: a live article, seen when it arrived."""
    blocks = tuple(
        Block(kind=BlockKind.PARAGRAPH, text=paragraph) for paragraph in row.text.split("\n") if paragraph.strip()
    )
    page = Page(title=row.title, blocks=blocks, language=row.language)
    entry = Entry(id=row.id, url=row.url, title=row.title)
    article = Article(
        id=row.id,
        url=row.url,
        publisher=Publisher(domain=row.publisher, name=row.publisher),
        feed_url="",
        entry=entry,
        page=page,
        seen_at=row.arrival,
        placed_at=row.arrival,
    )
    return Arrival(article=article, signals=analyze(page, entry, encoder=encoder))


class Clusterer:
    """Feeds rows to an engine, ticking as the loop would, and collects `(article, story)` pairs.

    When:
        arrival: the story as it stands when its article has arrived.
        day: when the article's UTC day of arrival ends, aliases followed.
        end: when all articles have arrived, aliases followed.
    on_update: called with every update.
    """

    def __init__(
        self, when: When = "day", *, encoder: Encoder | None = None, on_update: Callable[[Update], None] | None = None
    ) -> None:
        self._on_update = on_update
        self.engine = StoryEngine()
        self._encoder = encoder
        self._when = when
        self._open: dict[str, str] = {}
        """Articles whose story is not final yet, with the story that they came into."""
        self._aliases: dict[str, str] = {}
        self._ticked_at = self.engine.at
        self._day: date | None = None

    def add(self, row: Row) -> list[tuple[str, str]]:
        """Take the next row; the `(article, story)` pairs that are final now. An id met before is passed over."""
        return self.take(arrival_of(row, encoder=self._encoder))

    def take(self, arrival: Arrival) -> list[tuple[str, str]]:
        """Take the next row as an input that was made before; else as `add`."""
        article_id, now = arrival.article.id, arrival.article.seen_at
        day = now.astimezone(UTC).date()
        pairs = self.finish() if self._when == "day" and day != self._day else []
        self._day = day
        # The desk ticks before each delivery in the same way: stories sleep and are offered as they would live.
        for at in ticks(self._ticked_at, now):
            self._ticked_at = at
            self._follow(self.engine.add(Tick(), at))
        updates = self.engine.add(arrival, now)
        if not updates:
            return pairs
        self._follow(updates, arrival_id=article_id)
        return self.finish() if self._when == "arrival" else pairs

    def finish(self) -> list[tuple[str, str]]:
        """The pairs of all articles that are left, as their stories stand now."""
        # Aliases are followed here and now: what merges later is not told any more.
        pairs = [(article_id, self._resolve(story_id)) for article_id, story_id in self._open.items()]
        self._open.clear()
        if self._when != "end":
            self._aliases.clear()
        return pairs

    def _follow(self, updates: tuple[Update, ...], *, arrival_id: str = "") -> None:
        # The engine forgets the aliases of stories that sleep; at the end of an archive they are still wanted.
        for update in updates:
            if self._on_update is not None:
                self._on_update(update)
            moves = effects(update)
            if moves.placed is not None and moves.placed.article_id == arrival_id:
                self._open[arrival_id] = update.story.id
            if moves.aliased is not None:
                self._aliases[moves.aliased.alias] = moves.aliased.story_id
            if moves.moved is not None:
                # Pairs that were given out already stay as they are.
                article_ids = [each for each in moves.moved.article_ids if each in self._open]
                self._open.update(dict.fromkeys(article_ids, moves.moved.story_id))

    def _resolve(self, story_id: str) -> str:
        # Aliases of an archive are not flattened by the engine, which has forgotten them: they are here.
        chain = []
        while story_id in self._aliases:
            chain.append(story_id)
            story_id = self._aliases[story_id]
        for alias in chain:
            self._aliases[alias] = story_id
        return story_id
