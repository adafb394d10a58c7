"""Applies an update to the engine's state: the half of the engine that changes and decides nothing.

An update says what was decided, never how to do it: what its change moves is looked up here, in one place, so that a
recovered engine goes through the same steps as the one that decided.
"""

from __future__ import annotations

from stayahead.model import (
    Article,
    Expired,
    Joined,
    Linked,
    Merged,
    Opened,
    Removed,
    Revised,
    Signals,
    Split,
    Update,
)
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.plan import reroot
from stayahead.stories.state import State
from stayahead.stories.weights import EXPIRE_AFTER


def apply(state: State, update: Update, evidence: tuple[Article, Signals] | None, *, decided: Member | None) -> None:
    """Change the state as the update says.

    Args:
        state: as the update before left it.
        update: the next one.
        evidence: the article that was opened, joined or revised, with the signals that decided.
        decided: what `decide` made of that article, if it has just done so: its terms need no second weighing.

    Raises:
        ValueError: the evidence is missing or of another article.
    """
    change = update.change
    if isinstance(change, Opened | Joined | Revised):
        _article(state, update, change, evidence, decided=decided)
        return
    story = state.stories[update.story.id]
    if isinstance(change, Merged):
        state.merge(story, state.stories[change.other_id])
    elif isinstance(change, Split):
        _split(state, story, update, change)
    elif isinstance(change, Removed):
        _removed(state, story, change)
    elif isinstance(change, Expired):
        state.sleep(story)
    elif isinstance(change, Linked):
        state.link(story, change.follows, change.related)
    # What a ruling says is in the head.
    if story.id in state.stories:
        at = story.silent_since if isinstance(change, Linked) else update.at
        state.note_update(story, update.story, update.number, at)


def _article(
    state: State,
    update: Update,
    change: Opened | Joined | Revised,
    evidence: tuple[Article, Signals] | None,
    *,
    decided: Member | None,
) -> None:
    known = state.members.get(change.article_id)
    if isinstance(change, Revised) and known is not None and known.revision == change.revision:
        # The text that we have, marked anew (`docs/decisions/0037`).
        state.set_standing(known, copy_of=change.copy_of, is_origin=change.is_origin)
        state.note_update(state.stories[known.story_id], update.story, update.number, update.at)
        return
    if evidence is None or evidence[0].id != change.article_id:
        raise ValueError(f"update {update.number} needs article {change.article_id} and its signals")
    article, signals = evidence
    member = decided
    if member is None or member.id != article.id or member.revision != article.revision:
        member = Member(article, signals, state.rarity.vector(signals), state.rarity.shared_keys(signals))
    member.copy_of = "" if isinstance(change, Opened) else change.copy_of
    if isinstance(change, Revised):
        state.replace(member, signals)
        member.is_origin = change.is_origin
        story = state.stories[member.story_id]
    else:
        if isinstance(change, Opened):
            story = state.open(update.story, update.number, member)
        else:
            story = state.stories.get(update.story.id) or state.wake(update.story)
        state.count_terms(signals)
        state.enter(member, story, update.at)
        member.is_origin = isinstance(change, Opened) or change.is_origin
    at = update.at
    if member.backfill and at - member.placed_at > EXPIRE_AFTER:
        # Old news wakes nobody: a story of nothing else sleeps at the next tick.
        at = member.placed_at if isinstance(change, Opened) else max(story.silent_since, member.placed_at)
    state.note_update(story, update.story, update.number, at)


def _split(state: State, story: LiveStory, update: Update, change: Split) -> None:
    moved = list(change.article_ids)
    gone = frozenset(moved)
    rest = [article_id for article_id in story.members if article_id not in gone]
    new = state.open(change.new_head, update.number, state.members[moved[0]])
    state.settle(new, moved, reroot(state, moved))
    state.settle(story, rest, reroot(state, rest))
    state.set_apart(story, new)
    state.note_update(new, change.new_head, update.number, update.at)


def _removed(state: State, story: LiveStory, change: Removed) -> None:
    rest = [article_id for article_id in story.members if article_id != change.article_id]
    state.remember_names(state.members[change.article_id])
    if not rest:
        state.close(story)
        return
    copy_of = reroot(state, rest)
    state.leave(change.article_id)
    state.settle(story, rest, copy_of)
