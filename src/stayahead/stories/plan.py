"""Plan: what a decision wants to change goes in; numbered updates, each with its story's head after it, come out.

A plan works on drafts (copies of the counts of the few stories that a decision touches), so that deciding leaves the
state as it is, and an update that follows another sees what that one did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import merge
from itertools import chain
from typing import Literal

from stayahead.model import Change, Expired, Joined, Merged, Opened, Removed, Revised, Ruled, Split, StoryHead, Update
from stayahead.stories.headline import choose
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.origins import Tally
from stayahead.stories.rank import importance_key
from stayahead.stories.state import State


class Draft:
    """A story as it will stand."""

    __slots__ = (
        "arrived",
        "headline",
        "hidden",
        "id",
        "language",
        "lead_id",
        "opened_at",
        "opened_number",
        "pinned",
        "state",
        "tally",
    )

    def __init__(self, story_id: str, tally: Tally, *, opened_at: datetime, opened_number: int) -> None:
        self.id = story_id
        self.tally = tally
        self.opened_at = opened_at
        self.opened_number = opened_number
        self.arrived: Member | None = None
        """The article that joined, or was revised, in this very decision; the state does not have it yet."""
        self.headline = ""
        self.lead_id = ""
        self.language = ""
        self.pinned = False
        self.hidden = False
        self.state: Literal["live", "asleep", "merged", "empty"] = "live"

    @classmethod
    def of(cls, story: LiveStory, tally: Tally) -> Draft:
        """A live story with those counts."""
        draft = cls(story.id, tally, opened_at=story.opened_at, opened_number=story.opened_number)
        draft.headline, draft.lead_id, draft.language = story.headline, story.lead_id, story.language
        draft.pinned, draft.hidden = story.pinned, story.hidden
        return draft

    def lead(self, member: Member) -> None:
        """The story bears that article's headline."""
        self.headline, self.lead_id = member.title, member.id
        self.language = member.language or self.language

    def head(self) -> StoryHead:
        """As updates show it."""
        parts = self.tally.parts()
        return StoryHead(
            id=self.id,
            headline=self.headline,
            lead_id=self.lead_id,
            language=self.language,
            opened_at=self.opened_at,
            parts=parts,
            importance_key=importance_key(parts),
            state=self.state,
            pinned=self.pinned,
            hidden=self.hidden,
        )


class Plan:
    """The updates of one decision, in the making."""

    def __init__(self, state: State, now: datetime) -> None:
        self._state = state
        self._now = now
        self._drafts: dict[str, Draft] = {}
        self.updates: list[Update] = []

    def draft(self, story: LiveStory) -> Draft:
        """The draft of a live story, begun when first asked for."""
        draft = self._drafts.get(story.id)
        if draft is None:
            draft = self._drafts[story.id] = Draft.of(story, self._state.tally(story).copy())
        return draft

    def open(self, member: Member) -> None:
        """A new story of one new article."""
        tally = Tally()
        tally.add(member, "")
        number = self._state.number + 1 + len(self.updates)
        draft = Draft(self._state.name_for(member.id), tally, opened_at=self._now, opened_number=number)
        draft.lead(member)
        self._put(draft, Opened(article_id=member.id))

    def join(self, story: LiveStory, member: Member, *, copy_of: str = "", similarity: float = 0.0) -> None:
        """A new article joins."""
        draft = self.draft(story)
        is_origin = draft.tally.add(member, self._state.key_of(copy_of))
        if not copy_of:
            draft.arrived = member
            self._choose_lead(draft, story)
        self._put(draft, Joined(article_id=member.id, copy_of=copy_of, is_origin=is_origin, similarity=similarity))

    def revise(self, story: LiveStory, member: Member, *, was_origin: bool) -> None:
        """An article of the story has a new text, and perhaps a new original."""
        draft = self.draft(story)
        if len(story.members) == 1:
            draft.tally = Tally.of([(member, self._state.key_of(member.copy_of))])
            is_origin = not member.copy_of
        else:
            before = draft.tally.origins
            draft.tally.link(member.keys, self._state.key_of(member.copy_of))
            is_origin = was_origin and not member.copy_of and draft.tally.origins >= before
        draft.arrived = member
        if story.lead_id == member.id:
            draft.lead(member)
        self._choose_lead(draft, story)
        change = Revised(article_id=member.id, revision=member.revision, copy_of=member.copy_of, is_origin=is_origin)
        self._put(draft, change)

    def merge(self, a: LiveStory, b: LiveStory, *, similarity: float = 0.0) -> None:
        """Two stories become one; the one opened first keeps its id, the larger one gives the headline."""
        story, other = sorted((a, b), key=lambda s: (s.opened_number, s.id))
        draft, taken = self.draft(story), self.draft(other)
        if taken.tally.articles > draft.tally.articles:
            draft.headline, draft.lead_id, draft.language = taken.headline, taken.lead_id, taken.language
        self._choose_lead(draft, story, other, also=taken.arrived)
        draft.tally.take(taken.tally)
        draft.pinned = draft.pinned or taken.pinned
        draft.hidden = draft.hidden and taken.hidden
        taken.state = "merged"
        self._put(draft, Merged(other_id=other.id, similarity=similarity))

    def remove(self, story: LiveStory, article_id: str, reason: str) -> None:
        """An article leaves; the story is counted anew without it."""
        draft = self.draft(story)
        rest = [other for other in story.members if other != article_id]
        if rest:
            copy_of = reroot(self._state, rest)
            draft.tally = self._state.tally_of(rest, copy_of)
            if draft.lead_id == article_id:
                draft.lead(self._first_lead(rest, copy_of))
        else:
            draft.state = "empty"
        self._put(draft, Removed(article_id=article_id, reason=reason))

    def split(self, story: LiveStory, leaving: list[str]) -> None:
        """Some articles leave for a story of their own; the part with more origins keeps the id."""
        state = self._state
        staying = [article_id for article_id in story.members if article_id not in leaving]
        parts = []
        for ids in (staying, leaving):
            ordered = sorted(ids, key=lambda article_id: state.members[article_id].seq)
            copy_of = reroot(state, ordered)
            parts.append((ordered, copy_of, state.tally_of(ordered, copy_of)))
        # On a tie the part of the story's first article keeps the id.
        first = story.members[0]
        keeps, moves = sorted(parts, key=lambda part: (-part[2].origins, first not in part[0]))
        draft = self.draft(story)
        draft.tally = keeps[2]
        if draft.lead_id not in keeps[0]:
            draft.lead(self._first_lead(keeps[0], keeps[1]))
        number = state.number + 1 + len(self.updates)
        new = Draft(state.name_for(moves[0][0]), moves[2], opened_at=self._now, opened_number=number)
        new.hidden = draft.hidden
        new.lead(self._first_lead(moves[0], moves[1]))
        self._put(draft, Split(new_head=new.head(), article_ids=tuple(moves[0])))

    def rule(self, story: LiveStory, verb: str, *, pinned: bool, hidden: bool) -> None:
        """The owner's word about a story as a whole."""
        draft = self.draft(story)
        draft.pinned, draft.hidden = pinned, hidden
        self._put(draft, Ruled(verb=verb))

    def expire(self, story: LiveStory) -> None:
        """Nothing new for long: the story sleeps."""
        draft = self.draft(story)
        draft.state = "asleep"
        self._put(draft, Expired())

    def is_gone(self, story: LiveStory) -> bool:
        """Whether an earlier update of this plan merged the story away or let it sleep."""
        draft = self._drafts.get(story.id)
        return draft is not None and draft.state != "live"

    def _choose_lead(self, draft: Draft, *stories: LiveStory, also: Member | None = None) -> None:
        """Let the draft bear the best headline of those stories, and of what just came to them."""
        members = self._state.members
        came = {member.id: member for member in (draft.arrived, also) if member is not None}
        known = merge(*(map(members.__getitem__, reversed(story.members)) for story in stories), key=_newest_first)
        lead = came.get(draft.lead_id) or members[draft.lead_id]
        newest_first = chain(came.values(), (member for member in known if member.id not in came))
        better = choose(newest_first, self._state.centroid(stories[0])[0], lead)
        if better is not None:
            draft.lead(better)

    def _first_lead(self, article_ids: Sequence[str], copy_of: dict[str, str]) -> Member:
        """The article to lead a story that was left with those, in order of arrival."""
        members = self._state.members
        own = [members[article_id] for article_id in reversed(article_ids) if not copy_of[article_id]]
        total: dict[str, int] = {}
        for member in own:
            for term, weight in member.vector.items():
                total[term] = total.get(term, 0) + weight
        return choose(own, total) or own[-1]

    def _put(self, draft: Draft, change: Change) -> None:
        number = self._state.number + 1 + len(self.updates)
        self.updates.append(Update(number=number, at=self._now, story=draft.head(), change=change))


def _newest_first(member: Member) -> int:
    return -member.seq


def reroot(state: State, article_ids: Iterable[str]) -> dict[str, str]:
    """What each of those articles copies when only they are left: the first to arrive of each group of copies."""
    roots: dict[str, str] = {}
    copy_of: dict[str, str] = {}
    for article_id in sorted(article_ids, key=lambda other: state.members[other].seq):
        group = state.members[article_id].copy_of or article_id
        root = roots.setdefault(group, article_id)
        copy_of[article_id] = "" if root == article_id else root
    return copy_of
