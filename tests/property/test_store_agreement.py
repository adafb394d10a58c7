"""Whatever is committed, the store in memory and the one in a file give the same answers."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stayahead.model import (
    EntryState,
    Expired,
    Merged,
    Removed,
    Retention,
    Revised,
    Ruled,
    Snapshot,
    Split,
    Update,
)
from stayahead.store import MemoryStore, SqliteStore
from tests.contract.store_parts import T0, Store, Teller, article, head, minutes, record

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["open", "join", "revise", "remove", "merge", "split", "pin", "hide", "expire", "snapshot", "forget"]
        ),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=25,
)


class Twins:
    """The same commits to two stores; what is committed follows from the steps drawn."""

    def __init__(self, stores: list[Store]) -> None:
        self.tellers = [Teller(store) for store in stores]
        self.first = self.tellers[0]
        self.revisions: dict[str, int] = {}
        self.opened = 0

    def step(self, verb: str, one: int, other: int) -> None:
        living = sorted(self.first.members)
        story_id = living[one % len(living)] if living else ""
        for teller in self.tellers:
            teller.at = T0 + timedelta(days=self.first.number * 3)
        if verb == "open" or not living:
            self.opened += 1
            return self._tell("open", f"s{self.opened}", other)
        return self._tell(verb, story_id, other)

    def _tell(self, verb: str, story_id: str, pick: int) -> None:
        for teller in self.tellers:
            _Script(teller, dict(self.revisions)).play(verb, story_id, pick)
        if verb in {"join", "open"}:
            self.revisions.setdefault(story_id if verb == "open" else f"j{self.first.number}", 0)
        if verb == "revise":
            member = _member(self.first, story_id, pick)
            if member:
                self.revisions[member] = self.revisions.get(member, 0) + 1


def _member(teller: Teller, story_id: str, pick: int) -> str:
    members = sorted(teller.members[story_id])
    return members[pick % len(members)] if members else ""


class _Script:
    def __init__(self, teller: Teller, revisions: dict[str, int]) -> None:
        self.teller = teller
        self.revisions = revisions

    def play(self, verb: str, story_id: str, pick: int) -> None:
        teller = self.teller
        if verb == "open":
            teller.open(story_id, article(story_id, "Common words", at=teller.at), importance_key=float(pick))
        elif verb == "join":
            given = article(f"j{teller.number + 1}", "Common words", at=teller.at - minutes(pick))
            copy_of = _member(teller, story_id, pick) if pick % 2 else ""
            self._wake(story_id)
            teller.join(story_id, given, copy_of=copy_of, is_origin=not copy_of)
        elif verb == "snapshot":
            teller.commit(snapshot=Snapshot(format=1, number=teller.number, rows=()))
        elif verb == "forget":
            self._forget(pick)
        elif member := _member(teller, story_id, pick):
            self._change(verb, story_id, member, pick)

    def _wake(self, story_id: str) -> None:
        self.teller.heads[story_id] = replace(self.teller.heads[story_id], state="live")

    def _change(self, verb: str, story_id: str, member: str, pick: int) -> None:
        teller = self.teller
        update: Update | None = None
        if verb == "revise":
            self._wake(story_id)
            revision = self.revisions.get(member, 0) + 1
            change = Revised(article_id=member, revision=revision, is_origin=bool(pick % 2))
            given = article(member, f"Revised words {revision}", at=teller.at, revision=revision)
            waiting = record(member, EntryState.PAGE_WANTED if pick % 3 == 0 else EntryState.READ, at=teller.at)
            teller.commit([teller.update(story_id, change)], seen=[given], records=[waiting])
            return
        if verb == "remove" and len(teller.members[story_id]) > 1:
            update = teller.update(story_id, Removed(article_id=member, reason="taken_down"))
        elif verb == "merge" and len(teller.members) > 1:
            other = next(id_ for id_ in sorted(teller.members) if id_ != story_id)
            self._wake(story_id)
            update = teller.update(story_id, Merged(other_id=other))
        elif verb == "split" and len(teller.members[story_id]) > 1:
            new = head(f"p{teller.number + 1}", articles=1, at=teller.at, lead_id=member)
            update = teller.update(story_id, Split(new_head=new, article_ids=(member,)))
        elif verb == "pin":
            update = teller.update(story_id, Ruled(verb="pin"), pinned=True)
        elif verb == "hide":
            update = teller.update(story_id, Ruled(verb="hide"), hidden=True)
        elif verb == "expire":
            update = teller.update(story_id, Expired(), state="asleep")
        if update is not None:
            teller.commit([update])

    def _forget(self, pick: int) -> None:
        retention = Retention(bodies_days=pick * 2, updates_days=30)
        for _ in range(3):
            self.teller.store.forget(self.teller.at, retention)
        gone = [id_ for id_ in self.teller.members if not self._is_there(id_)]
        for id_ in gone:
            del self.teller.members[id_]

    def _is_there(self, story_id: str) -> bool:
        return any(self.teller.store.article(id_) is not None for id_ in self.teller.members[story_id])


def _answers(store: Store, at: timedelta) -> dict[str, object]:
    now = T0 + at
    stories = sorted({str(line["id"]) for line in store.export() if line["type"] == "story"})
    return {
        "check": list(store.check()),
        "front": list(store.front(now, limit=9)),
        "latest": list(store.latest(limit=9)),
        "stories": [store.story(id_) for id_ in stories],
        "updates": store.updates(after=0, limit=99),
        "tail": list(store.tail(after=0)),
        "inputs": list(store.inputs(after=0, limit=99)),
        "search": store.search("words", limit=5),
        "revised": store.search("revised", limit=50),
        "wanted": list(store.wanted(limit=9)),
        "health": list(store.health(now)),
        "counts": replace(store.counts(), bytes=0),
        "position": (store.position().update, store.position().input),
        "snapshot": store.snapshot(),
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_both_stores_give_the_same_answers(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, SqliteStore.open(Path(folder) / "news.db") as file:
        memory = MemoryStore()
        twins = Twins([memory, file])
        for verb, one, other in steps:
            twins.step(verb, one, other)
        at = timedelta(days=twins.first.number * 3)
        expected = _answers(memory, at)
        assert _answers(file, at) == expected
        assert expected["check"] == []
