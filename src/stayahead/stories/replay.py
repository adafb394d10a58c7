"""Replay: an update about stories that an engine may not know goes in; what it can apply of it, or None, comes out.

An engine that is rebuilt from the end of the journal meets stories whose beginning was forgotten, and articles whose
signals were. It keeps what it can: an article joins an unknown story by opening it under its id; what cannot be
placed is passed over, as if it slept. For every article that it then holds, it names the same story as the store.
"""

from __future__ import annotations

from dataclasses import replace

from stayahead.model import Change, Expired, Joined, Linked, Merged, Opened, Removed, Revised, Ruled, Split, Update
from stayahead.stories.state import State


def fitted(state: State, update: Update, *, has_evidence: bool) -> Update | None:
    """The update as the state can take it; a story that changes its id in it is renamed.

    Args:
        state: what is known so far.
        update: as it was committed.
        has_evidence: its article and signals are there, if it speaks of one.
    """
    change = update.change
    story_id = update.story.id
    only_the_head: Change | None = Ruled(verb="") if story_id in state.stories else None
    fit: Change | None = change
    if isinstance(change, Opened | Joined | Revised):
        fit = _article(state, change, story_id, has_evidence=has_evidence) or only_the_head
    elif isinstance(change, Removed):
        fit = change if change.article_id in state.members else only_the_head
    elif isinstance(change, Merged):
        if change.other_id not in state.stories:
            fit = only_the_head
        elif only_the_head is None:
            state.rename(state.stories[change.other_id], story_id)
            fit = Ruled(verb="")
    elif isinstance(change, Split):
        return _split(state, update, change)
    elif isinstance(change, Expired | Linked | Ruled):
        fit = change if only_the_head else None
    return replace(update, change=fit) if fit else None


def _article(
    state: State, change: Opened | Joined | Revised, story_id: str, *, has_evidence: bool
) -> Opened | Joined | Revised | None:
    known = state.members.get(change.article_id)
    if isinstance(change, Joined | Revised) and change.copy_of not in state.members:
        change = replace(change, copy_of="")
    if known is not None:
        is_same_text = isinstance(change, Revised) and change.revision == known.revision
        return change if has_evidence or is_same_text else None
    if not has_evidence:
        return None
    if story_id not in state.stories and story_id not in state.sleepers:
        return Opened(article_id=change.article_id)
    if isinstance(change, Revised):
        return Joined(article_id=change.article_id, copy_of=change.copy_of, is_origin=change.is_origin)
    return change


def _split(state: State, update: Update, change: Split) -> Update | None:
    story = state.stories.get(update.story.id)
    if story is None:
        return None
    moved = tuple(article_id for article_id in change.article_ids if article_id in state.members)
    if moved and len(moved) == len(story.members):
        state.rename(story, change.new_id, is_alias=False)
        return replace(update, story=change.new_head, change=Ruled(verb=""))
    return replace(update, change=replace(change, article_ids=moved) if moved else Ruled(verb=""))
