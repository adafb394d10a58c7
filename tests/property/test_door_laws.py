"""The laws of the owner's door, over a desk and a store: whatever is said in whatever order, what was told holds."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze import card_of, find_statements
from stayahead.errors import RulingError, UnknownArticle, UnknownStory
from stayahead.model import (
    Evidence,
    GoneStory,
    MovedStory,
    Opened,
    Ruled,
    Ruling,
    RulingVerb,
    Split,
    Story,
    Update,
    Visibility,
)
from stayahead.newsroom.delivery import Delivery
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.door import OwnersDoor
from stayahead.newsroom.recovery import recovery_from
from stayahead.store import SqliteStore
from stayahead.stories import StoryEngine
from tests.examples import examples
from tests.stores import fresh_store
from tests.story_inputs import BUDGET, QUAKE, START
from tests.story_inputs import article as made_article

TITLES = (
    "Strong earthquake shakes coast of Ardania",
    "Ardania earthquake: strong shaking along the coast, houses down",
    "Parliament of Borland passes budget after long debate",
    "Borland budget passes parliament",
    "Storm closes the harbour of Velm",
)
VERBS: tuple[RulingVerb, ...] = ("join", "split", "pin", "unpin", "hide", "unhide")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["bring", "bring", "rule", "rule", "undo", "remove", "restore", "rule and undo", "sleep", "wait"]
        ),
        st.integers(0, 40),
        st.integers(0, 40),
    ),
    min_size=6,
    max_size=24,
)
FIRST = 7
"""Articles that are there before the first step."""


@dataclass
class Scene:
    """A desk, a door, and what is known of what was said."""

    store: SqliteStore
    engine: StoryEngine = field(default_factory=StoryEngine)
    at: datetime = START
    brought: list[str] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.desk = Desk(self.engine, self.store, [], batch_wait_s=0.0)
        self.door = OwnersDoor(self.desk, self.store, self)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError

    async def step(self, verb: str, one: int, other: int) -> None:
        self.at += timedelta(minutes=1)
        if verb in {"wait", "sleep"}:
            self.at += timedelta(hours=80 if verb == "sleep" else one % 30)
            await self.desk.submit(Delivery(at=self.at))
        elif verb == "bring" or not self.brought:
            await self._bring(one, other)
        else:
            with suppress(RulingError, UnknownStory, UnknownArticle):
                await self._say(verb, one, other)

    async def _bring(self, one: int, other: int) -> None:
        id_ = f"art{len(self.brought):02d}"
        title = f"{TITLES[one % len(TITLES)]} {_mark(id_)}"
        text = ("", "", "", QUAKE, BUDGET)[other % 5]
        article, signals = made_article(id_, title, text and f"{text} {_mark(id_)}")
        card, statements = card_of(article.page, article.entry), find_statements(title, article.page)
        made = Evidence(article=article, signals=signals, card=card, statements=statements)
        self.brought.append(id_)
        await self.desk.submit(Delivery(at=self.at, evidence=(made,)))

    async def _say(self, verb: str, one: int, other: int) -> None:
        article_id = self.brought[one % len(self.brought)]
        story_id = self.store.story_of(article_id) or article_id
        if verb == "undo":
            await self.door.undo(story_id)
        elif verb == "remove":
            await self.door.remove(article_id, "legal")
            self.removed.add(article_id)
        elif verb == "restore":
            await self._restore(one)
        elif verb == "rule":
            await self.door.rule(self._ruling(story_id, article_id, other))
        else:
            await self._rule_and_undo(self._ruling(story_id, article_id, other))

    async def _restore(self, one: int) -> None:
        """What comes back is what was there, under the law of every reading: it is found by its own word again."""
        if not self.removed:
            return
        article_id = sorted(self.removed)[one % len(self.removed)]
        await self.door.restore(article_id)
        self.removed.discard(article_id)
        restored = self.store.article(article_id)
        assert restored is not None
        assert _mark(article_id) in restored.title
        assert [hit.article.id for hit in self.store.search(_mark(article_id), limit=2).hits] == [article_id]

    def _ruling(self, story_id: str, article_id: str, other: int) -> Ruling:
        verb = VERBS[other % len(VERBS)]
        second = self.store.story_of(self.brought[other % len(self.brought)]) or ""
        return Ruling(
            verb=verb,
            story_id=story_id,
            other_id=second if verb == "join" else "",
            article_ids=(article_id,) if verb == "split" else (),
        )

    async def _rule_and_undo(self, ruling: Ruling) -> None:
        """What is taken back at once leaves every story as it was, under whatever id."""
        before = self.shown()
        updates = await self.door.rule(ruling)
        if not updates:
            return
        undone = await self.door.undo(updates[0].story.id)
        assert isinstance(undone[0].change, Ruled)
        assert undone[0].change.undoes == updates[0].number
        slept = any(story.head.parts.slept_origins for story in self.stories())
        assert slept or self.shown() == before  # what slept stays with the id (docs/decisions/0125)

    def stories(self) -> list[Story]:
        answers = {id_: self.store.story(id_) for id_ in filter(None, map(self.store.story_of, self.brought))}
        assert not [answer for answer in answers.values() if isinstance(answer, MovedStory | GoneStory)]
        return [answer for answer in answers.values() if isinstance(answer, Story)]

    def shown(self) -> set[tuple[frozenset[str], Visibility]]:
        return {
            (
                frozenset(each.id for each in story.articles),
                Visibility(pinned=story.head.pinned, hidden=story.head.hidden),
            )
            for story in self.stories()
        }


def _mark(article_id: str) -> str:
    """A word that only this article has."""
    return f"zz{article_id}zz"


def nothing_that_was_removed_is_read(scene: Scene) -> None:
    updates = scene.store.updates(after=0, limit=999) or ()
    readings = [updates, scene.stories(), list(scene.store.export()), scene.store.latest(limit=99)]
    readings += [scene.store.front(scene.at, limit=99), [scene.store.story(update.story.id) for update in updates]]
    for id_ in scene.removed:
        assert _mark(id_) not in str(readings)
        assert not scene.store.search(_mark(id_), limit=1).hits


def no_id_names_two_stories(scene: Scene) -> None:
    updates = [logged.update for logged in scene.store.tail(after=0)]
    opened = [update.story.id for update in updates if isinstance(update.change, Opened)]
    opened += [update.change.new_id for update in updates if isinstance(update.change, Split)]
    assert len(opened) == len(set(opened))


def every_story_is_as_it_was_last_told(scene: Scene) -> None:
    told: dict[str, Update] = {}
    for logged in scene.store.tail(after=0):
        told[logged.update.story.id] = logged.update
    for story in scene.stories():
        last = told.get(story.head.id)
        if last is not None and last.number == story.number:
            assert story.head == last.story
        if story.head.state == "live":
            assert scene.engine.head(story.head.id) == story.head


def a_restart_goes_on_as_it_was(scene: Scene) -> None:
    way = recovery_from(scene.store)
    assert way.why == ""
    assert way.engine.number == scene.engine.number
    for story in scene.stories():
        assert way.engine.head(story.head.id) == scene.engine.head(story.head.id)


async def nothing_stands_before_an_undo_for_ever(scene: Scene) -> None:
    """Undo ends when all is taken back or passed over, or at what only a story asleep keeps from it."""
    for story in scene.stories():
        refusal = ""
        while not refusal:
            scene.at += timedelta(seconds=1)
            try:
                await scene.door.undo(story.head.id)
            except RulingError as error:
                refusal = str(error)
        assert "nothing to undo" in refusal or "once a new article has woken it" in refusal
    changes = [logged.update.change for logged in scene.store.tail(after=0)]
    undone = [change.undoes for change in changes if isinstance(change, Ruled) and change.undoes]
    assert len(undone) == len(set(undone)), "no ruling is taken back twice"


@examples(40)
@given(STEPS)
def test_the_laws_of_the_door(steps: list[tuple[str, int, int]]) -> None:
    async def play(store: SqliteStore) -> None:
        scene = Scene(store)
        scene.desk.start()
        try:
            for verb, one, other in [*(("bring", place, 0) for place in range(FIRST)), *steps]:
                await scene.step(verb, one, other)
            scene.at += timedelta(minutes=1)
            await nothing_stands_before_an_undo_for_ever(scene)
        finally:
            await scene.desk.stop()
        assert list(store.check()) == []
        nothing_that_was_removed_is_read(scene)
        no_id_names_two_stories(scene)
        every_story_is_as_it_was_last_told(scene)
        a_restart_goes_on_as_it_was(scene)

    with fresh_store() as store:
        asyncio.run(play(store))
