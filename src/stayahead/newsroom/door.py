"""Lets the owner in: what they ask for becomes a ruling, a removal or its undoing, for the desk to decide.

It looks up what the engine does not keep (stories asleep, what the last ruling did) and lets one word in at a time, so
that nothing of it has changed when the desk decides but by what happens in the news. Whatever did change by then, the
engine refuses or answers rightly.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from stayahead.analyze import analyze_whole
from stayahead.errors import RulingError, UnknownArticle
from stayahead.log import event
from stayahead.model import (
    Evidence,
    GoneStory,
    MovedStory,
    Removal,
    RemovalReason,
    Restoration,
    Ruling,
    Story,
    Update,
    Visibility,
)
from stayahead.newsroom.delivery import OwnersWord
from stayahead.newsroom.desk import Desk
from stayahead.ports import Clock, Pages, Rulings
from stayahead.stories.undo import last_ruling, passing_over, taking_back
from stayahead.stories.without import without

log = logging.getLogger("stayahead.newsroom")

RULINGS_READ = 100
"""Rulings of a story that an undo looks through: more stand at once in no story."""
SOURCE_STEP, SOURCE_STEP_S = 200, 10.0
"""Articles of a source that one call removes, and how long it takes at most."""


class StoredStories(Pages, Rulings, Protocol):
    """Where the door looks up stories and what was ruled about them."""


class OwnersDoor:
    """See `ports.Door`.

    Args:
        desk: decides and commits.
        stories: what is known of stories.
        clock: says when the owner spoke.
    """

    def __init__(self, desk: Desk, stories: StoredStories, clock: Clock) -> None:
        self._desk = desk
        self._stories = stories
        self._clock = clock
        self._turn = asyncio.Lock()

    async def rule(self, ruling: Ruling) -> Sequence[Update]:
        """See `ports.Door.rule`."""
        async with self._turn:
            head = (await self._story(ruling.story_id)).head
            other_id = (await self._story(ruling.other_id)).head.id if ruling.verb == "join" else ""
            return await self._say(replace(ruling, story_id=head.id, other_id=other_id, stored=head))

    async def undo(self, story_id: str) -> Sequence[Update]:
        """See `ports.Door.undo`."""
        async with self._turn:
            head = (await self._story(story_id)).head
            last = last_ruling(await asyncio.to_thread(self._stories.rulings, head.id, limit=RULINGS_READ))
            if last is None:
                raise RulingError(
                    f"nothing that was ruled about story {head.id} still stands; there is nothing to undo"
                )
            number, before, ruling = last
            other = Visibility()
            if ruling.verb == "join":
                other = await asyncio.to_thread(self._stories.visibility_of, ruling.other_id)
            if ruling.verb == "split" and not await self._is_as_split(ruling.other_id):
                return await self._say(passing_over(head, number=number))
            return await self._say(taking_back(ruling, head, number=number, before=before, other=other))

    async def remove(self, article_id: str, reason: RemovalReason, *, now: bool = False) -> Sequence[Update]:
        """See `ports.Door.remove`."""
        async with self._turn:
            story_id = await asyncio.to_thread(self._stories.story_of, article_id)
            if story_id is not None:
                rest = without(await self._story(story_id), article_id)
                named = await asyncio.to_thread(self._stories.named_after, article_id)
                return await self._say(Removal(article_id=article_id, reason=reason, rest=rest, named=named, now=now))
            await self._require_removed(article_id)
            # The engine has nothing to say to it any more, but what is withheld can still be erased.
            return await self._say(Removal(article_id=article_id, reason=reason, now=True)) if now else ()

    async def remove_source(self, feed_url: str) -> Sequence[Update]:
        """See `ports.Door.remove_source`."""
        # Each for itself, so that others have their turn, and whoever asks can stop between any two.
        found = await asyncio.to_thread(self._stories.articles_only_from, feed_url, limit=SOURCE_STEP)
        updates: list[Update] = []
        until = asyncio.get_running_loop().time() + SOURCE_STEP_S
        for article_id in found:
            with suppress(RulingError):  # it moved just now: the next call meets it again
                updates += await self.remove(article_id, "source_removed")
            if asyncio.get_running_loop().time() >= until:
                break
        return updates

    async def restore(self, article_id: str) -> Sequence[Update]:
        """See `ports.Door.restore`."""
        async with self._turn:
            if await asyncio.to_thread(self._stories.story_of, article_id) is not None:
                return ()
            await self._require_removed(article_id)
            withheld = await asyncio.to_thread(self._stories.withheld, article_id)
            if withheld is None or withheld.until <= self._clock.now():
                raise RulingError(
                    f"article {article_id} was removed, and what it said is erased: it cannot be brought back"
                )
            article = withheld.article
            made = await asyncio.to_thread(analyze_whole, article.page, article.entry)
            signals = made.signals if withheld.signals is None else withheld.signals
            evidence = Evidence(article=article, signals=signals, card=made.card)
            return await self._say(Restoration(evidence=evidence, words=withheld.words))

    async def _require_removed(self, article_id: str) -> None:
        if await asyncio.to_thread(self._stories.gone_article, article_id) is None:
            raise UnknownArticle(
                f"{article_id}: no article of this id is stored; take the id from its address, /article/ID"
            )

    async def _say(self, word: OwnersWord) -> Sequence[Update]:
        updates = await self._desk.rule(word, self._clock.now())
        if isinstance(word, Restoration):
            event(log, logging.INFO, "article_restored", article=word.evidence.article.id)
        elif isinstance(word, Removal):
            event(log, logging.INFO, "article_removed", article=word.article_id, reason=word.reason)
        else:
            event(log, logging.INFO, "story_ruled", story=word.story_id, verb=word.verb, undoes=word.undoes)
        return updates

    async def _story(self, story_id: str) -> Story:
        """The story that an id answers with now.

        Raises:
            UnknownStory: the id was never given.
            RulingError: nothing is left of it.
        """
        answer = await asyncio.to_thread(self._stories.story, story_id)
        while isinstance(answer, MovedStory):
            answer = await asyncio.to_thread(self._stories.story, answer.id)
        if isinstance(answer, GoneStory):
            raise RulingError(f"story {story_id} is gone: every article has left it; there is nothing to rule about")
        return answer

    async def _is_as_split(self, story_id: str) -> bool:
        """Whether what a split made is still a story of its own: joining it would join others, too, or nothing."""
        return isinstance(await asyncio.to_thread(self._stories.story, story_id), Story)
