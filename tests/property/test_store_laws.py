"""Whatever is committed, in whatever order, and however often the store is opened anew, its laws hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.model import (
    Change,
    EntryState,
    Expired,
    Forgotten,
    GoneArticle,
    GoneStory,
    Joined,
    Merged,
    MovedStory,
    Opened,
    Removed,
    Retention,
    Revised,
    Ruled,
    Snapshot,
    Split,
    Story,
    Update,
)
from stayahead.stories.effects import without_words
from tests.contract.store_parts import T0, Teller, article, head, record
from tests.examples import examples
from tests.stores import ADAPTERS, Store

VERBS = (
    "open",
    "join",
    "join",
    "revise",
    "remove",
    "merge",
    "split",
    "pin",
    "hide",
    "expire",
    "snapshot",
    "forget",
    "reopen",
)
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 9), st.integers(0, 9)), min_size=20, max_size=40)
STEP = timedelta(days=5)
UPDATES_DAYS = 10


class Scene:
    """A store, and beside it all that it was told, in lists and dictionaries."""

    def __init__(self, opened: Callable[[], Store]) -> None:
        self.opened = opened
        self.teller = Teller(opened())
        self.updates: list[Update] = []
        self.revisions: dict[str, int] = {}
        self.moved: dict[str, str] = {}
        self.gone: set[str] = set()
        self.removed: set[str] = set()
        self.reach = 0
        """Number of the last snapshot."""

    @property
    def store(self) -> Store:
        return self.teller.store

    def step(self, verb: str, one: int, other: int) -> None:
        """What the step means depends on what there is by then."""
        self.teller.at = T0 + STEP * self.teller.number
        living = sorted(self.teller.members)
        if verb == "snapshot":
            self.reach = self.teller.number
            self.teller.commit(snapshot=Snapshot(format=1, number=self.reach, rows=()))
        elif verb == "forget":
            self._forget(other)
        elif verb == "reopen":
            self._reopen()
        elif verb == "open" or not living:
            self._bring(
                f"s{self.teller.number}", Opened(article_id=f"s{self.teller.number}"), importance_key=float(other)
            )
        else:
            self._change(verb, living[one % len(living)], other)

    def _change(self, verb: str, story_id: str, pick: int) -> None:
        members = sorted(self.teller.members[story_id])
        member = members[pick % len(members)]
        others = [id_ for id_ in sorted(self.teller.members) if id_ != story_id]
        if verb == "join":
            copy_of = member if pick % 2 else ""
            change = Joined(article_id=f"j{self.teller.number}", copy_of=copy_of, is_origin=not copy_of)
            self._bring(story_id, change, placed_at=self.teller.at - STEP * (pick % 3))
        elif verb == "revise":
            self.revisions[member] += 1
            self._bring(story_id, Revised(article_id=member, revision=self.revisions[member], is_origin=bool(pick % 2)))
        elif verb == "remove" and len(members) > 1:
            self.removed.add(member)
            self._tell(story_id, Removed(article_id=member, reason="taken_down"))
        elif verb == "merge" and others:
            self._tell(story_id, Merged(other_id=others[0]), state="live")
        elif verb == "split" and len(members) > 1:
            new = head(f"p{self.teller.number}", at=self.teller.at, lead_id=member)
            self._tell(story_id, Split(new_head=new, article_ids=(member,)))
        elif verb == "pin":
            self._tell(story_id, Ruled(verb="pin"), pinned=True)
        elif verb == "hide":
            self._tell(story_id, Ruled(verb="hide"), hidden=True)
        elif verb == "expire":
            self._tell(story_id, Expired(), state="asleep")

    def _bring(
        self,
        story_id: str,
        change: Opened | Joined | Revised,
        *,
        placed_at: datetime | None = None,
        **more: object,
    ) -> None:
        """An article comes, or a new text of it; its story wakes."""
        at, revision = self.teller.at, self.revisions.setdefault(change.article_id, 0)
        seen = article(
            change.article_id,
            "Common words",
            f"Text {revision}.",
            at=placed_at or at,
            seen_at=at,
            revision=revision,
        )
        update = self.teller.update(story_id, change, state="live", **more)
        state = EntryState.PAGE_WANTED if revision % 2 else EntryState.READ
        self.updates.append(update)
        self.teller.commit([update], seen=[seen], records=[record(seen.id, state, at=self.teller.at)])

    def _tell(self, story_id: str, change: Change, **more: object) -> None:
        self.updates.append(self.teller.update(story_id, change, **more))
        self.teller.commit(self.updates[-1:])
        if isinstance(change, Merged):
            self.moved[change.other_id] = story_id

    def _reopen(self) -> None:
        before = answers(self)
        self.store.close()
        self.teller.store = self.opened()
        assert answers(self) == before

    def _forget(self, pick: int) -> None:
        retention, now = Retention(bodies_days=pick * 2, updates_days=UPDATES_DAYS), self.teller.at
        for _ in range(50):
            if self.store.forget(now, retention) == Forgotten():
                break
        before = answers(self)
        assert self.store.forget(now, retention) == Forgotten()
        assert answers(self) == before
        for story_id in sorted(self.teller.members):
            if isinstance(self.store.story(story_id), GoneStory):
                assert self.teller.heads[story_id].state == "asleep"
                assert not self.teller.heads[story_id].pinned
                self.gone.add(story_id)
                del self.teller.members[story_id]

    def leads_to(self, story_id: str) -> str:
        """Where a merged story is now."""
        while story_id in self.moved:
            story_id = self.moved[story_id]
        return story_id


def answers(scene: Scene) -> dict[str, object]:
    """What a reader, the loop and the engine are told."""
    store, now = scene.store, scene.teller.at
    return {
        "front": list(store.front(now, limit=99)),
        "latest": list(store.latest(limit=99)),
        "stories": [store.story(id_) for id_ in sorted(scene.teller.heads)],
        "articles": [store.article(id_) for id_ in sorted(scene.revisions)],
        "tail": list(store.tail(after=0)),
        "inputs": list(store.inputs(after=0, limit=99)),
        "search": store.search("words", limit=99),
        "wanted": list(store.wanted(limit=99)),
        "known": store.known_entries(sorted(scene.revisions)),
        "health": list(store.health(now)),
        "counts": replace(store.counts(), bytes=0),
        "position": store.position(),
        "snapshot": store.snapshot(),
        "export": list(store.export()),
    }


def every_story_answers_for_ever(scene: Scene) -> None:
    held: Counter[str] = Counter()
    for story_id, told in scene.teller.heads.items():
        answer = scene.store.story(story_id)
        if story_id in scene.moved:
            assert answer == MovedStory(id=scene.leads_to(story_id))
        elif story_id in scene.gone:
            assert answer == GoneStory(id=story_id, headline=told.headline)
        else:
            assert isinstance(answer, Story)
            assert answer.head == told
            assert {one.id for one in answer.articles} == scene.teller.members[story_id]
            assert sorted(answer.articles, key=lambda one: (one.placed_at, one.id)) == list(answer.articles)
            held.update(one.id for one in answer.articles)
    assert set(held.values()) <= {1}


def updates_are_kept_from_one_number_on(scene: Scene) -> None:
    store, last = scene.store, len(scene.updates)
    kept = [logged.update for logged in store.tail(after=0)]
    assert kept == scene.updates[last - len(kept) :]
    assert kept[-(last - scene.reach) :] == scene.updates[scene.reach :] or scene.reach == last
    for after in range(last + 1):
        told = store.updates(after=after, limit=99)
        assert (told is None) == (after < last - len(kept))
        assert told is None or list(told) == [without_words(each, scene.removed) for each in scene.updates[after:]]


def the_front_page_is_in_order(scene: Scene, now: datetime) -> None:
    since = now - timedelta(hours=48)
    heads = [scene.teller.heads[id_] for id_ in scene.teller.members]
    shown = [each for each in heads if not each.hidden and each.parts.latest_at >= since]
    shown.sort(key=lambda each: (not each.pinned, -each.importance_key, each.id))
    pages = [scene.store.front(now, limit=2, offset=offset) for offset in range(0, len(shown) + 2, 2)]
    assert [row.head for page in pages for row in page] == shown


def what_was_removed_is_nowhere(scene: Scene) -> None:
    for id_ in scene.removed:
        assert scene.store.article(id_) is None
        assert scene.store.gone_article(id_) == GoneArticle(id=id_, reason="taken_down")
        assert not scene.store.versions(id_, limit=9)


def search_pages_on_without_loss(scene: Scene) -> None:
    whole = [hit.article.id for hit in scene.store.search("common words", limit=99).hits]
    assert len(set(whole)) == len(whole)
    found: list[str] = []
    before: int | None = None
    for _ in range(len(whole) + 1):
        page = scene.store.search("common words", limit=2, before=before)
        found += [hit.article.id for hit in page.hits]
        assert all(hit.article.id in scene.teller.members[hit.story_id] for hit in page.hits)
        if page.is_last:
            break
        before = page.before
    assert found == whole


@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
@examples(25)
@given(steps=STEPS)
def test_the_laws_of_a_store(adapter: str, steps: list[tuple[str, int, int]]) -> None:
    with ADAPTERS[adapter]() as opened:
        scene = Scene(opened)
        try:
            for verb, one, other in steps:
                scene.step(verb, one, other)
            assert list(scene.store.check()) == []
            every_story_answers_for_ever(scene)
            updates_are_kept_from_one_number_on(scene)
            the_front_page_is_in_order(scene, scene.teller.at)
            what_was_removed_is_nowhere(scene)
            search_pages_on_without_loss(scene)
        finally:
            scene.store.close()
