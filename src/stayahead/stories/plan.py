"""A plan collects what one decision changes, as numbered updates, each with its story's head after it.

A plan works on drafts (copies of the counts of the few stories that a decision touches), so that deciding leaves the
state as it is, and an update that follows another sees what that one did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import merge
from itertools import chain
from typing import Any

from stayahead.model import (
    Change,
    Expired,
    Joined,
    Linked,
    Merged,
    Opened,
    Removed,
    Revised,
    Ruled,
    Split,
    StoryHead,
    Update,
)
from stayahead.stories.aspects import Aspects
from stayahead.stories.headline import choose
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.rank import importance_key
from stayahead.stories.sleepers import Sleeper
from stayahead.stories.state import State
from stayahead.stories.vectors import norm2
from stayahead.stories.weights import LEAD_EVERY


class Draft:
    """A story as it will stand: its head and its aspects, as a live story has them."""

    __slots__ = ("arrived", "aspects", "head", "opened_number")

    def __init__(self, head: StoryHead, aspects: Aspects, *, opened_number: int) -> None:
        self.head = head
        """What the story says of itself; what its aspects say is filled in by `shown`."""
        self.aspects = aspects
        self.opened_number = opened_number
        self.arrived: Member | None = None
        """The article that joined, or was revised, in this very decision; the state does not have it yet."""

    @classmethod
    def opened(cls, story_id: str, lead: Member, aspects: Aspects, *, at: datetime, number: int) -> Draft:
        """A story that begins, under the headline of that article."""
        head = StoryHead(
            id=story_id,
            headline=lead.title,
            lead_id=lead.id,
            language=lead.language,
            opened_at=at,
            parts=aspects.origins.parts(),
        )
        return cls(head, aspects, opened_number=number)

    def change(self, **fields: object) -> None:
        """Say something else of itself: `pinned`, `hidden`, `state` …"""
        self.head = replace(self.head, **fields)  # type: ignore[arg-type]  # names and types are those of StoryHead

    def lead(self, member: Member) -> None:
        """The story bears that article's headline."""
        self.change(headline=member.title, lead_id=member.id, language=member.language or self.head.language)

    def shown(self) -> StoryHead:
        """As updates tell it."""
        fields: dict[str, Any] = self.aspects.shown()
        return replace(self.head, **fields, importance_key=importance_key(fields["parts"]))


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
            state = self._state
            aspects = state.aspects(story).copy()
            draft = self._drafts[story.id] = Draft(state.head(story), aspects, opened_number=story.opened_number)
        return draft

    def open(self, member: Member) -> Draft:
        """A new story of one new article."""
        aspects = Aspects()
        aspects.add(member, "")
        number = self._state.number + 1 + len(self.updates)
        draft = Draft.opened(self._state.name_for(member.id), member, aspects, at=self._now, number=number)
        self._put(draft, Opened(article_id=member.id))
        return draft

    def wake(self, sleeper: Sleeper, member: Member, *, similarity: float) -> None:
        """A new article takes up a story that sleeps."""
        draft = Draft(sleeper.head, sleeper.aspects.woken(), opened_number=sleeper.opened_number)
        is_origin = draft.aspects.add(member, "")
        draft.lead(member)
        self._put(draft, Joined(article_id=member.id, is_origin=is_origin, similarity=similarity))

    def link(self, draft: Draft, *, follows: str, related: tuple[str, ...] = ()) -> None:
        """The story stands beside others."""
        self._put(draft, Linked(follows=follows, related=related))

    def join(self, story: LiveStory, member: Member, *, copy_of: str = "", similarity: float = 0.0) -> None:
        """A new article joins."""
        draft = self.draft(story)
        is_origin = draft.aspects.add(member, self._state.key_of(copy_of))
        if not copy_of:
            draft.arrived = member
            count = draft.aspects.origins.articles
            if count < 2 * LEAD_EVERY or count % LEAD_EVERY == 0 or member.is_agency:
                self._choose_lead(draft, story)
        self._put(draft, Joined(article_id=member.id, copy_of=copy_of, is_origin=is_origin, similarity=similarity))

    def take_over(self, story: LiveStory, member: Member, reprint: Member) -> None:
        """An agency's own article joins after a reprint of it: it becomes the original of all copies."""
        draft = self.draft(story)
        draft.aspects.add(member, "")
        draft.arrived = member
        is_origin = reprint.is_origin
        if draft.head.lead_id == reprint.id:
            draft.lead(member)
        else:
            self._choose_lead(draft, story)
        self._put(draft, Joined(article_id=member.id, is_origin=is_origin, similarity=1.0))
        for article_id in story.members:
            copy = self._state.members[article_id]
            if reprint.id in {copy.id, copy.copy_of}:
                draft.aspects.revise(copy, member.origin_keys[0])
                self._mark(draft, copy, member.id, is_origin=False)

    def revise(self, story: LiveStory, member: Member, *, was_origin: bool) -> None:
        """An article of the story has a new text, and perhaps a new original."""
        draft = self.draft(story)
        if len(story.members) == 1 and story.before is None:
            draft.aspects = Aspects.of([(member, self._state.key_of(member.copy_of))])
            is_origin = not member.copy_of
        else:
            before = draft.aspects.origins.origins
            draft.aspects.revise(member, self._state.key_of(member.copy_of))
            is_origin = was_origin and not member.copy_of and draft.aspects.origins.origins >= before
        draft.arrived = member
        member.seq = self._state.members[member.id].seq
        if draft.head.lead_id == member.id:
            draft.lead(member)
        self._choose_lead(draft, story)
        change = Revised(article_id=member.id, revision=member.revision, copy_of=member.copy_of, is_origin=is_origin)
        self._put(draft, change)

    def merge(self, a: LiveStory, b: LiveStory, *, similarity: float = 0.0) -> None:
        """Two stories become one; the first opened keeps its id, the larger one its headline if none is better."""
        story, other = sorted((a, b), key=lambda s: (s.opened_number, s.id))
        draft, taken = self.draft(story), self.draft(other)
        if taken.aspects.origins.articles > draft.aspects.origins.articles:
            own = taken.head
            draft.change(headline=own.headline, lead_id=own.lead_id, language=own.language)
        self._choose_lead(draft, story, other, also=taken.arrived)
        draft.aspects.take(taken.aspects)
        draft.change(pinned=draft.head.pinned or taken.head.pinned, hidden=draft.head.hidden and taken.head.hidden)
        taken.change(state="merged")
        self._put(draft, Merged(other_id=other.id, similarity=similarity))

    def remove(self, story: LiveStory, article_id: str, reason: str) -> None:
        """An article leaves; the story is counted anew without it."""
        draft = self.draft(story)
        rest = [other for other in story.members if other != article_id]
        if not rest:
            draft.change(state="asleep" if story.before else "empty")
            draft.aspects = story.before.copy() if story.before else draft.aspects
            self._put(draft, Removed(article_id=article_id, reason=reason))
            return
        part = _Part.of(self._state, rest, before=story.before)
        draft.aspects = part.aspects
        if draft.head.lead_id == article_id:
            draft.lead(self._first_lead(part))
        self._put(draft, Removed(article_id=article_id, reason=reason))
        self._mark_all(draft, part)

    def split(self, story: LiveStory, leaving: Sequence[str]) -> tuple[Draft, Draft]:
        """Some articles leave for a story of their own; the part with more origins keeps the id.

        Returns:
            The draft of the part that was to leave, and of the one that was to stay.
        """
        state = self._state
        gone = frozenset(leaving)
        staying = [article_id for article_id in story.members if article_id not in gone]
        # On a tie the part of the story's first article keeps the id.
        first = story.members[0]
        keeps, moves = sorted(
            (_Part.of(state, staying), _Part.of(state, leaving)),
            key=lambda part: (-part.aspects.origins.origins, first not in part.article_ids),
        )
        if story.before:
            # What slept stays with the id.
            keeps = _Part.of(state, keeps.article_ids, before=story.before)
        draft = self.draft(story)
        draft.aspects = keeps.aspects
        if draft.head.lead_id not in keeps.article_ids:
            draft.lead(self._first_lead(keeps))
        number = state.number + 1 + len(self.updates)
        founder = moves.article_ids[0]
        lead = self._first_lead(moves)
        new = Draft.opened(state.name_for(founder), lead, moves.aspects, at=self._now, number=number)
        new.change(hidden=draft.head.hidden)
        self._put(draft, Split(new_head=new.shown(), article_ids=tuple(moves.article_ids)))
        self._mark_all(draft, keeps)
        self._mark_all(new, moves)
        return (new, draft) if moves.article_ids[0] in gone else (draft, new)

    def join_part(self, draft: Draft, member: Member, *, similarity: float) -> None:
        """A new article joins a story that this very decision has split."""
        is_origin = draft.aspects.add(member, "")
        self._put(draft, Joined(article_id=member.id, is_origin=is_origin, similarity=similarity))

    def rule(self, story: LiveStory, verb: str, *, pinned: bool, hidden: bool) -> None:
        """The owner's word about a story as a whole."""
        draft = self.draft(story)
        draft.change(pinned=pinned, hidden=hidden)
        self._put(draft, Ruled(verb=verb))

    def expire(self, story: LiveStory) -> None:
        """Nothing new for long: the story sleeps."""
        draft = self.draft(story)
        draft.change(state="asleep")
        self._put(draft, Expired())

    def is_gone(self, story: LiveStory) -> bool:
        """Whether an earlier update of this plan merged the story away or let it sleep."""
        draft = self._drafts.get(story.id)
        return draft is not None and draft.head.state != "live"

    def _choose_lead(self, draft: Draft, *stories: LiveStory, also: Member | None = None) -> None:
        """Let the draft bear the best headline of those stories, and of what just came to them."""
        members = self._state.members
        came = {member.id: member for member in (draft.arrived, also) if member is not None}
        of_each = [map(members.__getitem__, reversed(story.members)) for story in stories]
        known = of_each[0] if len(of_each) == 1 else merge(*of_each, key=_newest_first)
        lead_id = draft.head.lead_id
        lead = came.get(lead_id) or members.get(lead_id)
        # What is new comes first; what was revised keeps its place, or it would pass for its publisher's latest report.
        new = [member for member in came.values() if member.id not in members]
        newest_first = chain(new, (came.get(member.id, member) for member in known))
        better = choose(newest_first, self._state.centroid(stories[0]), lead)
        if better is not None:
            draft.lead(better)

    def _first_lead(self, part: _Part) -> Member:
        """The article to lead a story that was left with those."""
        members = self._state.members
        own = [members[article_id] for article_id in reversed(part.article_ids) if not part.copy_of[article_id]]
        total: dict[str, int] = {}
        for member in own:
            for term, weight in member.vector.items():
                total[term] = total.get(term, 0) + weight
        return choose(own, (total, norm2(total))) or own[-1]

    def _mark_all(self, draft: Draft, part: _Part) -> None:
        """Tell of every article that copies another now, or is an origin now, or no longer."""
        for article_id in part.article_ids:
            member = self._state.members[article_id]
            marks = part.copy_of[article_id], part.is_origin[article_id]
            if marks != (member.copy_of, member.is_origin):
                self._mark(draft, member, marks[0], is_origin=marks[1])

    def _mark(self, draft: Draft, member: Member, copy_of: str, *, is_origin: bool) -> None:
        """An article with the text that it had is a copy of another one now, or of none."""
        change = Revised(article_id=member.id, revision=member.revision, copy_of=copy_of, is_origin=is_origin)
        self._put(draft, change)

    def _put(self, draft: Draft, change: Change) -> None:
        number = self._state.number + 1 + len(self.updates)
        self.updates.append(Update(number=number, at=self._now, story=draft.shown(), change=change))


def _newest_first(member: Member) -> int:
    return -member.seq


class _Part:
    """What a story will be when it is left with some of its articles, counted anew."""

    __slots__ = ("article_ids", "aspects", "copy_of", "is_origin")

    def __init__(self, article_ids: list[str], copy_of: dict[str, str], before: Aspects | None) -> None:
        self.article_ids = article_ids
        """In order of arrival."""
        self.copy_of = copy_of
        self.aspects = before.copy() if before else Aspects()
        self.is_origin: dict[str, bool] = {}

    @classmethod
    def of(cls, state: State, article_ids: Iterable[str], *, before: Aspects | None = None) -> _Part:
        ordered = sorted(article_ids, key=lambda article_id: state.members[article_id].seq)
        part = cls(ordered, reroot(state, ordered), before)
        for article_id in state.in_counting_order(ordered, part.copy_of):
            copied_key = state.key_of(part.copy_of[article_id])
            part.is_origin[article_id] = part.aspects.add(state.members[article_id], copied_key)
        return part


def reroot(state: State, article_ids: Iterable[str]) -> dict[str, str]:
    """What each of those articles copies when only they are left.

    The original of a group of copies stays; without it an agency's article takes its place, else the first to arrive.
    """
    groups: dict[str, list[Member]] = {}
    for member in sorted((state.members[article_id] for article_id in article_ids), key=lambda member: member.seq):
        groups.setdefault(member.copy_of or member.id, []).append(member)
    copy_of: dict[str, str] = {}
    for original, group in groups.items():
        root = min(group, key=lambda member: (member.id != original, not member.is_agency, member.seq)).id
        for member in group:
            copy_of[member.id] = "" if member.id == root else root
    return copy_of
