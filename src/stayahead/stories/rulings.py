"""Rulings are the owner's word about stories; here it is checked, and what it changes goes into the plan.

A story asleep is no longer the engine's: the store answers for it. So whoever rules brings along what the store has of
it, and the engine says how it stands from now on (docs/decisions/0125).
"""

from __future__ import annotations

from dataclasses import replace

from stayahead.errors import RulingError
from stayahead.model import Removal, Ruled, Ruling, StoryHead, Visibility
from stayahead.stories.members import LiveStory
from stayahead.stories.plan import Plan, removed_by
from stayahead.stories.state import State


def rule(plan: Plan, state: State, ruling: Ruling) -> None:
    """Do what the owner says.

    Raises:
        RulingError: about stories or articles that are not there, or a ruling that makes no sense.
    """
    if ruling.verb == "join":
        story, other = _live(state, ruling.story_id), _live(state, ruling.other_id)
        if other is story:
            raise RulingError(f"{ruling.story_id} and {ruling.other_id} are one story already")
        plan.merge(story, other, ruling=ruling)
    elif ruling.verb == "split":
        _split(plan, state, ruling)
    else:
        _show(plan, state, ruling)


def remove(plan: Plan, state: State, removal: Removal) -> None:
    """An article leaves: a live one, or one that the engine has let sleep with its story."""
    member = state.members.get(removal.article_id)
    if member is not None:
        plan.remove(state.stories[member.story_id], removal)
        return
    # Nobody has it: the store neither, or it would have told of its story.
    if removal.rest is None:
        return
    story = state.stories.get(state.resolve(removal.rest.id))
    # The engine has no articles of a story asleep to count anew: the head that the store made is the answer.
    if story is None:
        plan.tell(removal.rest, removed_by(removal))
    elif story.before is not None and story.before.origins.articles:
        plan.remove_slept(story, removal)
    else:
        raise RulingError(f"article {removal.article_id} has just moved; look where it is now and rule again")


def _show(plan: Plan, state: State, ruling: Ruling) -> None:
    """Pin or hide, or the opposite, or `pass`, which changes nothing.

    What is so already needs no update, unless it takes a ruling back.
    """
    story = state.stories.get(state.resolve(ruling.story_id))
    head = state.head(story) if story is not None else ruling.stored
    if head is None:
        raise _not_live(ruling.story_id)
    shown = _visibility(head, ruling.verb)
    if shown == Visibility(pinned=head.pinned, hidden=head.hidden) and not ruling.undoes:
        return
    if story is not None:
        plan.rule(story, ruling, shown)
    else:
        asleep = replace(head, pinned=shown.pinned, hidden=shown.hidden, state="asleep")
        plan.tell(asleep, Ruled(verb=ruling.verb, undoes=ruling.undoes))


def _visibility(head: StoryHead, verb: str) -> Visibility:
    return Visibility(
        pinned=verb == "pin" or (head.pinned and verb != "unpin"),
        hidden=verb == "hide" or (head.hidden and verb != "unhide"),
    )


def _split(plan: Plan, state: State, ruling: Ruling) -> None:
    story = _live(state, ruling.story_id)
    leaving = list(dict.fromkeys(ruling.article_ids))
    # An undo takes what there still is: some of what a join brought may have left since.
    strangers = [article_id for article_id in leaving if article_id not in story.members]
    if strangers and not ruling.undoes:
        raise RulingError(f"story {story.id} has no article {strangers[0]} awake; reload it and choose again")
    leaving = [article_id for article_id in leaving if article_id in story.members]
    if 0 < len(leaving) < len(story.members):
        plan.split(story, leaving, ruling=ruling)
    elif ruling.undoes:
        # Of what came, or of what was there, nothing is left, and no article comes back: the undo passes over it, or it
        # would stand for ever before all that was ruled earlier.
        _show(plan, state, replace(ruling, verb="pass"))
    else:
        raise RulingError(f"a split of story {story.id} must leave articles on both sides")


def _live(state: State, story_id: str) -> LiveStory:
    story = state.stories.get(state.resolve(story_id))
    if story is None:
        raise _not_live(story_id)
    return story


def _not_live(story_id: str) -> RulingError:
    return RulingError(
        f"story {story_id!r} is not live: it never was, or it sleeps or is empty; "
        "a story asleep can be pinned and hidden, and is joined or split once a new article has woken it"
    )
