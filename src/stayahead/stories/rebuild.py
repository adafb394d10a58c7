"""Rebuilds the engine's state from the live stories as the store has them, where no snapshot can be read.

What readers were shown stays: every live article is in its story, under its headline, and every id answers as before.
What only a snapshot knows is lost: stories asleep do not wake (what would have woken them opens a story), pace and
rarity are counted anew from the articles that are live. The work is bounded by what is live, however long the journal
is (docs/decisions/0124).
"""

from __future__ import annotations

from stayahead.model import LiveArticleRecord, LiveMembership, LiveStoryRecord, Signals
from stayahead.stories.aspects import Aspects
from stayahead.stories.aspects.origins import origin_key
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.state import State
from stayahead.stories.weights import EXPIRE_AFTER


def rebuilt(live: LiveMembership) -> State:
    """The state of an engine that holds those stories."""
    state = State()
    state.number, state.at = live.number, live.at
    # Which story was opened first decides ties and merges; its place in that order does as well as the number it had.
    live_ids = {record.head.id for record in live.stories}
    for place, record in enumerate(live.stories):
        _open(state, record, live_ids, opened_number=place + 1)
    # All terms are counted first, or the articles that come first would take every term for a rare one.
    for article in live.articles():
        if article.has_signals:
            state.count_terms(article.evidence.signals)
    slept: dict[str, list[Member]] = {}
    # Without signals is what a live story had before it slept: it counts, but it cannot be compared any more.
    for article in live.articles():
        if article.has_signals:
            _enter(state, article)
        else:
            slept.setdefault(article.story_id, []).append(_member(state, article))
    for record in live.stories:
        story = state.stories[record.head.id]
        if not story.members:  # nothing of it can be compared, but it is live and its articles are in it
            for member in slept.pop(story.id, []):
                state.enter(member, story, member.arrived_at)
        _settle(state, story, record, slept.get(story.id, []))
    state.names = dict(live.names)
    state.changed |= dict.fromkeys(f"n/{article_id}" for article_id in state.names)
    return state


def _open(state: State, record: LiveStoryRecord, live_ids: set[str], *, opened_number: int) -> None:
    head = record.head
    story = state.stories[head.id] = LiveStory(head.id, head, opened_number, silent_since=head.opened_at)
    story.alias_ids = record.alias_ids
    for alias in record.alias_ids:
        state.aliases[alias] = head.id
        state.changed[f"x/{alias}"] = None
    story.apart = tuple(other_id for other_id in record.apart if other_id in live_ids)
    story.follows, story.related = record.follows, record.related
    state.changed[f"s/{head.id}"] = None


def _member(state: State, article: LiveArticleRecord) -> Member:
    # Weighed by the counts of all that is live, not by those of its own day, which are lost: likenesses differ a little
    # from those that decided, memberships do not.
    signals = article.evidence.signals if article.has_signals else Signals()
    member = Member(article.evidence.article, signals, state.rarity.vector(signals), state.rarity.shared_keys(signals))
    member.copy_of = article.copy_of
    member.founded = article.founded
    return member


def _enter(state: State, article: LiveArticleRecord) -> None:
    member = _member(state, article)
    state.enter(member, state.stories[article.story_id], member.arrived_at)


def _settle(state: State, story: LiveStory, record: LiveStoryRecord, slept: list[Member]) -> None:
    """Count the story as it was counted, originals first, on top of what it counted before it slept."""
    # What slept has no signals to compare, but it is why readers were shown so many origins.
    if slept:
        story.before = _counted(slept).woken()
    copy_of = {article_id: _original(state, story, article_id) for article_id in story.members}
    state.settle(story, list(story.members), copy_of)
    at = record.updated_at
    if all(state.members[article_id].backfill for article_id in story.members):
        latest_at = max(state.members[article_id].placed_at for article_id in story.members)
        if at - latest_at > EXPIRE_AFTER:
            at = latest_at  # old news wakes nobody, nor is it kept awake by being rebuilt
    state.note_update(story, record.head, record.number, at)


def _original(state: State, story: LiveStory, article_id: str) -> str:
    """What the article copies, if that is among the story's live articles and no copy itself."""
    copied = state.members.get(state.members[article_id].copy_of)
    return copied.id if copied is not None and copied.story_id == story.id and not copied.copy_of else ""


def _counted(slept: list[Member]) -> Aspects:
    keys = {member.id: origin_key(member.origin_keys) for member in slept}
    originals_first = sorted(slept, key=lambda member: bool(member.copy_of))
    return Aspects.of((member, keys.get(member.copy_of, "")) for member in originals_first)
