"""Rulings are the owner's word about stories; here it is checked, and what it changes goes into the plan."""

from __future__ import annotations

from stayahead.errors import RulingError
from stayahead.model import Ruling
from stayahead.stories.members import LiveStory
from stayahead.stories.plan import Plan
from stayahead.stories.state import State


def rule(plan: Plan, state: State, ruling: Ruling) -> None:
    """Do what the owner says.

    Raises:
        RulingError: about stories or articles that are not there, or a ruling that makes no sense.
    """
    story = _live(state, ruling.story_id)
    if ruling.verb == "join":
        other = _live(state, ruling.other_id)
        if other is story:
            raise RulingError(f"{ruling.story_id} and {ruling.other_id} are one story already")
        plan.merge(story, other)
    elif ruling.verb == "split":
        _split(plan, story, ruling)
    else:
        pinned = ruling.verb == "pin" or (story.pinned and ruling.verb != "unpin")
        hidden = ruling.verb == "hide" or (story.hidden and ruling.verb != "unhide")
        if (pinned, hidden) != (story.pinned, story.hidden):
            plan.rule(story, ruling.verb, pinned=pinned, hidden=hidden)


def _split(plan: Plan, story: LiveStory, ruling: Ruling) -> None:
    leaving = list(dict.fromkeys(ruling.article_ids))
    strangers = [article_id for article_id in leaving if article_id not in story.members]
    if strangers:
        raise RulingError(f"story {story.id} has no article {strangers[0]}; reload it and choose again")
    if not 0 < len(leaving) < len(story.members):
        raise RulingError(f"a split of story {story.id} must leave articles on both sides")
    plan.split(story, leaving)


def _live(state: State, story_id: str) -> LiveStory:
    story = state.stories.get(state.resolve(story_id))
    if story is None:
        raise RulingError(f"story {story_id!r} is not live: it never was, or it sleeps or is empty")
    return story
