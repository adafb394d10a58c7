"""Applying is the half of the engine that changes the state and decides nothing.

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
from stayahead.stories.recount import count_anew, reroot
from stayahead.stories.state import State
from stayahead.stories.weights import EXPIRE_AFTER


def apply(state: State, update: Update, evidence: tuple[Article, Signals] | None, *, decided: Member | None) -> None:
    """Change the state as the update says.

    Args:
        state: as the update before left it.
        update: the next one.
        evidence: the article that was opened, joined or revised, with the signals that decided.
        decided: what `decide` made of that article, if it has just done so, which saves weighing its terms again.

    Raises:
        ValueError: the evidence is missing or of another article.
    """
    change = update.change
    if isinstance(change, Opened | Joined | Revised):
        _article(state, update, change, evidence, decided=decided)
        return
    if isinstance(change, Removed):
        # Should its id ever come again, no story may get a name that one had before (docs/decisions/0031).
        state.remember_names(change.article_id, change.named)
    if update.story.state != "live" and update.story.id not in state.stories:
        _asleep(state, update)
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
        # A link is no news: it must not keep the story awake.
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
    current = state.members.get(change.article_id)
    if isinstance(change, Revised) and current is not None and current.revision == change.revision:
        # The text that we have: only whom it copies, or whether it is an origin, is another now (docs/decisions/0037).
        # That follows from the articles that the state has, so it needs no evidence.
        state.set_standing(current, copy_of=change.copy_of, is_origin=change.is_origin)
        state.note_update(state.stories[current.story_id], update.story, update.number, update.at)
        return
    if evidence is None or evidence[0].id != change.article_id:
        raise ValueError(f"update {update.number} needs article {change.article_id} and its signals")
    # In recovery nobody has decided: the article is weighed by the counts as they were then, for all updates before
    # this one have been applied.
    article, signals = evidence
    member = decided
    if member is None or member.id != article.id or member.revision != article.revision:
        member = Member(article, signals, state.rarity.vector(signals), state.rarity.shared_keys(signals))
    member.copy_of = "" if isinstance(change, Opened) else change.copy_of
    if isinstance(change, Revised):
        state.replace(member, signals)
        story = state.stories[member.story_id]
        if current is not None and story.is_counted_anew(current, member):
            count_anew(state, story, member)
        member.is_origin = change.is_origin
    else:
        # Who joins a story that is not live wakes it: there is no update of its own for that.
        if isinstance(change, Opened):
            story = state.open(update.story, update.number, member)
        else:
            story = state.stories.get(update.story.id) or state.wake(update.story)
        # Only now, after the article was weighed: its own words do not make each other common.
        state.count_terms(signals)
        state.enter(member, story, update.at)
        member.is_origin = isinstance(change, Opened) or change.is_origin
    at = update.at
    if member.backfill and at - member.placed_at > EXPIRE_AFTER:
        # Old news wakes nobody: a story of nothing else sleeps at the next tick.
        at = member.placed_at if isinstance(change, Opened) else max(story.silent_since, member.placed_at)
    state.note_update(story, update.story, update.number, at)


def _split(state: State, story: LiveStory, update: Update, change: Split) -> None:
    leaving = list(change.article_ids)
    leaving_ids = frozenset(leaving)
    staying = [article_id for article_id in story.members if article_id not in leaving_ids]
    # A copy may be on another side than its original: `reroot` finds each side's own, as the plan did.
    new = state.open(change.new_head, update.number, state.members[leaving[0]])
    state.settle(new, leaving, reroot(state.members, leaving))
    state.settle(story, staying, reroot(state.members, staying))
    # All the hysteresis there has to be: what was split is not merged again but by the owner (docs/decisions/0110).
    state.set_apart(story, new)
    state.note_update(new, change.new_head, update.number, update.at)


def _asleep(state: State, update: Update) -> None:
    """The owner's word about a story that the store answers for: the engine keeps at most what it takes to wake it."""
    # Most sleepers are of one article, and nothing of them is kept: then readers alone are told.
    head = update.story
    if head.id not in state.sleepers:
        return
    if isinstance(update.change, Removed):
        state.sleepers.take(head.id)  # what would wake it is made of the words that were removed, too
    else:
        state.sleepers.show(head.id, pinned=head.pinned, hidden=head.hidden)
    state.changed[f"z/{head.id}"] = None


def _removed(state: State, story: LiveStory, change: Removed) -> None:
    if change.article_id not in state.members:
        # It slept with the story before that was taken up again; nothing is known of it but that it counts.
        for aspects in filter(None, (story.before, story.aspects)):
            aspects.origins.articles -= 1
        return
    rest = [article_id for article_id in story.members if article_id != change.article_id]
    if not rest:
        state.close(story)
        return
    copy_of = reroot(state.members, rest)
    state.leave(change.article_id)
    state.settle(story, rest, copy_of)
