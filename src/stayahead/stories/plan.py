"""A plan collects what one decision changes, as numbered updates, each with its story's head after it.

A plan works on drafts (copies of the counts of the few stories that a decision touches), so that deciding leaves the
state as it is, and an update that follows another sees what that one did.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    Removal,
    Removed,
    Revised,
    Ruled,
    Ruling,
    Split,
    StoryHead,
    Update,
    Visibility,
)
from stayahead.stories.aspects import Aspects
from stayahead.stories.aspects.origins import origin_key
from stayahead.stories.headline import choose
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.rank import importance_key
from stayahead.stories.recount import Recount
from stayahead.stories.sleepers import Sleeper
from stayahead.stories.state import State
from stayahead.stories.vectors import norm2
from stayahead.stories.weights import LEAD_EVERY


class StoryDraft:
    """A story as it will be once the plan is applied: its head and its aspects, as a live story has them."""

    __slots__ = ("arrived", "aspects", "head", "opened_number")

    def __init__(self, head: StoryHead, aspects: Aspects, *, opened_number: int) -> None:
        self.head = head
        """What the story says of itself; what its aspects say is filled in by `as_head`."""
        self.aspects = aspects
        self.opened_number = opened_number
        self.arrived: Member | None = None
        """The article that joined, or was revised, in this very decision; the state does not have it yet."""

    @classmethod
    def opened(cls, story_id: str, lead: Member, aspects: Aspects, *, at: datetime, number: int) -> StoryDraft:
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
        """Say something else of itself, such as `pinned`, `hidden` or `state`."""
        self.head = replace(self.head, **fields)  # type: ignore[arg-type]  # names and types are those of StoryHead

    def lead(self, member: Member) -> None:
        """The story bears that article's headline."""
        self.change(headline=member.title, lead_id=member.id, language=member.language or self.head.language)

    def as_head(self) -> StoryHead:
        """The story as updates show it."""
        fields: dict[str, Any] = self.aspects.head_fields()
        return replace(self.head, **fields, importance_key=importance_key(fields["parts"]))


class Plan:
    """The updates of one decision, in the making: the engine says what to do, the plan what that changes."""

    def __init__(self, state: State, now: datetime) -> None:
        self._state = state
        self._now = now
        self._drafts: dict[str, StoryDraft] = {}
        self.updates: list[Update] = []

    def draft(self, story: LiveStory) -> StoryDraft:
        """The draft of a live story, begun when first asked for."""
        # One draft for each story: what an earlier update of this plan did to it, the next one sees.
        draft = self._drafts.get(story.id)
        if draft is None:
            state = self._state
            aspects = state.aspects(story).copy()
            draft = self._drafts[story.id] = StoryDraft(state.head(story), aspects, opened_number=story.opened_number)
        return draft

    def open(self, member: Member) -> StoryDraft:
        """A new story of one new article."""
        # It is no draft of a live story: no later update of the same plan asks for it.
        aspects = Aspects()
        aspects.add(member, "")
        number = self._state.number + 1 + len(self.updates)
        draft = StoryDraft.opened(self._state.name_for(member.id), member, aspects, at=self._now, number=number)
        self._put(draft, Opened(article_id=member.id))
        return draft

    def wake(self, sleeper: Sleeper, member: Member, *, similarity: float) -> None:
        """A new article wakes a story: its counts go on, and its headline is the news that woke it."""
        draft = StoryDraft(sleeper.head, sleeper.aspects.woken(), opened_number=sleeper.opened_number)
        is_origin = draft.aspects.add(member, "")
        draft.lead(member)
        self._put(draft, Joined(article_id=member.id, is_origin=is_origin, similarity=similarity))

    def link(self, draft: StoryDraft, *, follows: str, related: tuple[str, ...] = ()) -> None:
        """The story stands beside others."""
        self._put(draft, Linked(follows=follows, related=related))

    def join(self, story: LiveStory, member: Member, *, copy_of: str = "", similarity: float = 0.0) -> None:
        """A new article joins."""
        draft = self.draft(story)
        is_origin = draft.aspects.add(member, self._state.key_of(copy_of))
        if not copy_of:
            draft.arrived = member
            # To choose takes a quarter of a decision's time (docs/decisions/0036): in a grown story every fourth
            # article is enough. An agency's is always looked at, for it is rewritten as news comes.
            count = draft.aspects.origins.articles
            if count < 2 * LEAD_EVERY or count % LEAD_EVERY == 0 or member.is_agency:
                self._choose_lead(draft, story)
        self._put(draft, Joined(article_id=member.id, copy_of=copy_of, is_origin=is_origin, similarity=similarity))

    def take_over(self, story: LiveStory, member: Member, reprint: Member) -> None:
        """An agency's own article joins after a reprint of it: it becomes the original of all copies."""
        draft = self.draft(story)
        draft.aspects.add(member, "")
        draft.arrived = member
        # It takes the reprint's place in everything: it is the origin if that was, and leads if that did.
        is_origin = reprint.is_origin
        if draft.head.lead_id == reprint.id:
            draft.lead(member)
        else:
            self._choose_lead(draft, story)
        self._put(draft, Joined(article_id=member.id, is_origin=is_origin, similarity=1.0))
        # Every reader of updates must fold the copies under their new original: each is told by an update of its own.
        for article_id in story.members:
            copy = self._state.members[article_id]
            if reprint.id in {copy.id, copy.copy_of}:
                if not copy.copy_of:
                    draft.aspects.revise(copy, origin_key(member.origin_keys))
                self._tell_standing(draft, copy, member.id, is_origin=False)

    def revise(self, story: LiveStory, member: Member, *, was_origin: bool) -> None:
        """An article of the story has a new text, and perhaps a new original."""
        draft = self.draft(story)
        old = self._state.members[member.id]
        # Its place among the newest is that of its first text: a correction is not its publisher's latest report.
        member.seq = old.seq
        recount: Recount | None = None
        # The aspects of an article alone are made anew. Among others it can only add to them: an aspect forgets nothing
        # (docs/decisions/0122), so where another one speaks in it, all are counted from the start.
        if len(story.members) == 1 and story.before is None:
            draft.aspects = Aspects.of([(member, self._state.key_of(member.copy_of))])
            is_origin = not member.copy_of
        elif story.is_counted_anew(old, member):
            recount = Recount.with_revised(self._state, story, member)
            draft.aspects = recount.aspects
            is_origin = recount.is_origin[member.id]
        else:
            before = draft.aspects.origins.origins
            draft.aspects.revise(member, self._state.key_of(member.copy_of))
            # Fewer origins: what it shares now, a credit perhaps, ties it to one that was counted beside it.
            is_origin = was_origin and not member.copy_of and draft.aspects.origins.origins >= before
        draft.arrived = member
        if draft.head.lead_id == member.id:
            draft.lead(member)
        self._choose_lead(draft, story)
        change = Revised(article_id=member.id, revision=member.revision, copy_of=member.copy_of, is_origin=is_origin)
        self._put(draft, change)
        if recount is not None:
            self._tell_standings(draft, recount, but=member.id)

    def merge(self, a: LiveStory, b: LiveStory, *, similarity: float = 0.0, ruling: Ruling | None = None) -> None:
        """Two stories become one; the first opened keeps its id, the larger one its headline if none is better."""
        story, other = sorted((a, b), key=lambda s: (s.opened_number, s.id))
        draft, other_draft = self.draft(story), self.draft(other)
        # The ruling is told before what it does: its update shows the story as it was, which is what an undo restores.
        if ruling is not None:
            self._put(draft, _ruled(ruling, other.id, other.members))
        hidden = draft.head.hidden if ruling is not None else _stays_hidden(draft, other_draft)
        # A headline that the owner hid does not come back by a merge: what is visible goes on under one that was.
        shows, other_shows = (hidden or not each.head.hidden for each in (draft, other_draft))
        if other_shows and (not shows or other_draft.aspects.origins.articles > draft.aspects.origins.articles):
            head = other_draft.head
            draft.change(headline=head.headline, lead_id=head.lead_id, language=head.language)
        if shows and other_shows:
            self._choose_lead(draft, story, other, also=other_draft.arrived)
        draft.aspects.take(other_draft.aspects)
        # What the owner raised stays raised.
        draft.change(pinned=draft.head.pinned or other_draft.head.pinned, hidden=hidden)
        other_draft.change(state="merged")
        self._put(draft, Merged(other_id=other.id, similarity=similarity))

    def remove(self, story: LiveStory, removal: Removal) -> None:
        """A live article leaves; the story is counted anew without it."""
        draft = self.draft(story)
        removed = removed_by(removal)
        rest = [other for other in story.members if other != removal.article_id]
        if not rest:
            self._remove_last(draft, story, removal.rest, removed)
            return
        # No aspect can take an article out again: the rest is counted from the start (docs/decisions/0122).
        recount = Recount.of(self._state, rest, before=story.before)
        draft.aspects = recount.aspects
        # At once, however good the headline was: the words of what is removed must not be shown any more.
        if draft.head.lead_id == removal.article_id:
            draft.lead(self._first_lead(recount))
        self._put(draft, removed)
        # Copies of what left have another original now, and one of them may have become an origin.
        self._tell_standings(draft, recount)

    def _remove_last(self, draft: StoryDraft, story: LiveStory, stored: StoryHead | None, removed: Removed) -> None:
        """Nothing live is left: the story sleeps again, with a headline of what slept, or is empty, without words."""
        if story.before is not None and story.before.origins.articles:
            draft.aspects = story.before.copy()
            headline, lead_id = (stored.headline, stored.lead_id) if stored is not None else ("", "")
            draft.change(state="asleep", headline=headline, lead_id=lead_id)
        else:
            origins = draft.aspects.origins
            draft.aspects = Aspects.of_none(first_at=origins.first_at, latest_at=origins.latest_at)
            draft.change(state="empty", headline="")
        self._put(draft, removed)

    def remove_slept(self, story: LiveStory, removal: Removal) -> None:
        """An article that a live story had before it slept leaves; the engine knows only that it counts."""
        draft = self.draft(story)
        draft.aspects.origins.articles -= 1
        self._put(draft, removed_by(removal))

    def tell(self, head: StoryHead, change: Change) -> None:
        """A story that the engine has let sleep is as that head says."""
        number = self._state.number + 1 + len(self.updates)
        self.updates.append(Update(number=number, at=self._now, story=head, change=change))

    def split(
        self, story: LiveStory, leaving: Sequence[str], *, ruling: Ruling | None = None
    ) -> tuple[StoryDraft, StoryDraft]:
        """Some articles leave for a story of their own; the side with more origins keeps the id.

        Where a ruling takes back a join, the id stays with what bore it before, whatever came.

        Returns:
            The draft of the side that was to leave, and of the one that was to stay.
        """
        state = self._state
        leaving_ids = frozenset(leaving)
        staying = [article_id for article_id in story.members if article_id not in leaving_ids]
        # The id stays with the side that is better confirmed; on a tie, with that of the story's first article.
        first = story.members[0]
        keeps, moves = Recount.of(state, staying), Recount.of(state, leaving)
        if ruling is None or not ruling.undoes:
            keeps, moves = sorted(
                (keeps, moves), key=lambda side: (-side.aspects.origins.origins, first not in side.article_ids)
            )
        if story.before:
            # What slept stays with the id.
            keeps = Recount.of(state, keeps.article_ids, before=story.before)
        draft = self.draft(story)
        if ruling is not None:
            self._put(draft, _ruled(ruling, state.name_for(moves.article_ids[0]), moves.article_ids))
        draft.aspects = keeps.aspects
        if draft.head.lead_id not in keeps.article_ids:
            draft.lead(self._first_lead(keeps))
        # Named after its first article, led by its best: the two may be different ones.
        number = state.number + 1 + len(self.updates)
        founder = moves.article_ids[0]
        lead = self._first_lead(moves)
        new = StoryDraft.opened(state.name_for(founder), lead, moves.aspects, at=self._now, number=number)
        # A story that the owner hid must not come back in part because the engine sees two in it.
        new.change(hidden=draft.head.hidden)
        if ruling is not None and ruling.staying is not None and ruling.leaving is not None:
            draft.change(pinned=ruling.staying.pinned, hidden=ruling.staying.hidden)
            new.change(pinned=ruling.leaving.pinned, hidden=ruling.leaving.hidden)
        self._put(draft, Split(new_head=new.as_head(), article_ids=tuple(moves.article_ids)))
        self._tell_standings(draft, keeps)
        self._tell_standings(new, moves)
        return (new, draft) if founder in leaving_ids else (draft, new)

    def join_side(self, draft: StoryDraft, member: Member, *, similarity: float) -> None:
        """A new article joins a side of a story that this very decision has split."""
        is_origin = draft.aspects.add(member, "")
        self._put(draft, Joined(article_id=member.id, is_origin=is_origin, similarity=similarity))

    def rule(self, story: LiveStory, ruling: Ruling, shown: Visibility) -> None:
        """The owner's word about a story as a whole."""
        draft = self.draft(story)
        draft.change(pinned=shown.pinned, hidden=shown.hidden)
        self._put(draft, Ruled(verb=ruling.verb, undoes=ruling.undoes))

    def expire(self, story: LiveStory) -> None:
        """Nothing new for long: the story sleeps."""
        draft = self.draft(story)
        draft.change(state="asleep")
        self._put(draft, Expired())

    def is_gone(self, story: LiveStory) -> bool:
        """Whether an earlier update of this plan merged the story away or let it sleep."""
        # The state still has it: only the plan knows.
        draft = self._drafts.get(story.id)
        return draft is not None and draft.head.state != "live"

    def _choose_lead(self, draft: StoryDraft, *stories: LiveStory, also: Member | None = None) -> None:
        """Let the draft bear the best headline of those stories, and of what just came to them."""
        # Lazily: a story may have ten thousand articles, of which the headline looks at the newest few.
        members = self._state.members
        latest = {member.id: member for member in (draft.arrived, also) if member is not None}
        of_each = [map(members.__getitem__, reversed(story.members)) for story in stories]
        earlier = of_each[0] if len(of_each) == 1 else merge(*of_each, key=_newest_first)
        lead_id = draft.head.lead_id
        lead = latest.get(lead_id) or members.get(lead_id)
        # What is new comes first; what was revised keeps its place, or it would pass for its publisher's latest report.
        new = [member for member in latest.values() if member.id not in members]
        newest_first = chain(new, (latest.get(member.id, member) for member in earlier))
        better = choose(newest_first, self._state.centroid(stories[0]), lead)
        if better is not None:
            draft.lead(better)

    def _first_lead(self, recount: Recount) -> Member:
        """The article to lead a story that is left with those."""
        # The centroid of a story that is not there yet: the sum of what will be its originals.
        members = self._state.members
        own = [members[article_id] for article_id in reversed(recount.article_ids) if not recount.copy_of[article_id]]
        total: dict[str, int] = {}
        for member in own:
            for term, weight in member.vector.items():
                total[term] = total.get(term, 0) + weight
        return choose(own, (total, norm2(total))) or own[-1]

    def _tell_standings(self, draft: StoryDraft, recount: Recount, *, but: str = "") -> None:
        """Tell of every article whose standing the recount changed: whom it copies, whether it is an origin."""
        for article_id in recount.article_ids:
            if article_id == but:
                continue
            member = self._state.members[article_id]
            copy_of, is_origin = recount.copy_of[article_id], recount.is_origin[article_id]
            if (copy_of, is_origin) != (member.copy_of, member.is_origin):
                self._tell_standing(draft, member, copy_of, is_origin=is_origin)

    def _tell_standing(self, draft: StoryDraft, member: Member, copy_of: str, *, is_origin: bool) -> None:
        """An article with the text that it had is a copy of another one now, or of none."""
        change = Revised(article_id=member.id, revision=member.revision, copy_of=copy_of, is_origin=is_origin)
        self._put(draft, change)

    def _put(self, draft: StoryDraft, change: Change) -> None:
        self.tell(draft.as_head(), change)


def removed_by(removal: Removal) -> Removed:
    """What readers are told of a removal."""
    return Removed(article_id=removal.article_id, reason=removal.reason, named=removal.named)


def _stays_hidden(draft: StoryDraft, other: StoryDraft) -> bool:
    """Whether two stories are hidden once the engine has made them one: as the one with more origins is."""
    # A large story does not vanish because a hidden single one is found to be of it. On a tie it is hidden, or what was
    # hidden would come back with its twin.
    origins, other_origins = draft.aspects.origins.origins, other.aspects.origins.origins
    larger = [draft] * (origins >= other_origins) + [other] * (other_origins >= origins)
    return any(each.head.hidden for each in larger)


def _ruled(ruling: Ruling, other_id: str, article_ids: Sequence[str]) -> Ruled:
    return Ruled(verb=ruling.verb, other_id=other_id, article_ids=tuple(article_ids), undoes=ruling.undoes)


def _newest_first(member: Member) -> int:
    return -member.seq
