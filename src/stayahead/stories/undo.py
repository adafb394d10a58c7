"""Finds what an undo takes back, and says the ruling that takes it back.

Each ruling is told as a `ruled` update, so the updates of a story are its history: an undo names the one that it takes
back, and the next undo goes on at the one before that.
"""

from __future__ import annotations

from collections.abc import Iterable

from stayahead.model import Ruled, Ruling, RulingVerb, StoryHead, Update, Visibility

_OPPOSITE: dict[str, RulingVerb] = {"pin": "unpin", "unpin": "pin", "hide": "unhide", "unhide": "hide"}


def last_ruling(newest_first: Iterable[Update]) -> tuple[int, StoryHead, Ruled] | None:
    """The last ruling that was not taken back and takes none back: its number, the story then, and what was ruled."""
    undone: dict[int, str] = {}
    left: set[str] = set()
    # From the newest: an undo is met before the ruling that it takes back, and says its number.
    for update in newest_first:
        ruled, undo = update.change, undone.get(update.number, "")
        if not isinstance(ruled, Ruled):
            continue
        if ruled.undoes:
            undone[ruled.undoes] = ruled.verb
        elif undo or update.story.id in left:
            # What a join brought went again with its undo, and with it whatever was ruled about that before. With a
            # join that was passed over nothing went.
            left |= {ruled.other_id} if ruled.verb == "join" and undo != "pass" else set()
        else:
            return update.number, update.story, ruled
    return None


def taking_back(ruled: Ruled, head: StoryHead, *, number: int, before: StoryHead, other: Visibility) -> Ruling:
    """The ruling that takes one back.

    Args:
        ruled: what is taken back.
        head: the story as it stands now.
        number: of the update that told it.
        before: the story as that update has it; of a join that is before it.
        other: how the story that a join took in was shown before it.
    """
    if ruled.verb == "join":
        staying = Visibility(pinned=before.pinned, hidden=before.hidden)
        return Ruling(
            verb="split",
            story_id=head.id,
            article_ids=ruled.article_ids,
            undoes=number,
            staying=staying,
            leaving=other,
        )
    if ruled.verb == "split":
        return Ruling(verb="join", story_id=head.id, other_id=ruled.other_id, undoes=number)
    return Ruling(verb=_OPPOSITE[ruled.verb], story_id=head.id, undoes=number, stored=head)


def passing_over(head: StoryHead, *, number: int) -> Ruling:
    """The ruling that leaves one as it is: what it made is gone, so the next undo goes on to the one before."""
    return Ruling(verb="pass", story_id=head.id, undoes=number, stored=head)
