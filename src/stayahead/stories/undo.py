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
    undone: set[int] = set()
    left: set[str] = set()
    # From the newest: an undo is met before the ruling that it takes back, and says its number.
    for update in newest_first:
        ruled, is_undone = update.change, update.number in undone
        if not isinstance(ruled, Ruled):
            continue
        if ruled.undoes:
            undone.add(ruled.undoes)
        elif is_undone or update.story.id in left:
            # What a join brought went again with its undo, and with it whatever was ruled about that before.
            left |= {ruled.other_id} if ruled.verb == "join" else set()
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
