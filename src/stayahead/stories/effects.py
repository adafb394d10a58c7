"""Effects say what an update moves where, so that nobody who keeps or shows stories needs to know the kinds of updates.

The store, the live stream, the clusterer and exports read effects and not the class of a change; only the look-up of
what the owner last ruled (`store/rulings`, `undo`) seeks one kind. A new kind of update that moves nothing but the head
of its story needs no line here, and no line in any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, fields, replace

from stayahead.model import Change, Joined, Linked, Merged, Opened, Removed, Revised, Ruled, Split, StoryHead, Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An article is in this story from now on, and copies that article of it."""

    article_id: str
    story_id: str | None
    """None: it left for `reason` and is in no story."""
    copy_of: str = ""
    is_origin: bool = True
    reason: str = ""
    revision: int | None = None
    """The text that was decided on; None: the one that came with the update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Articles left one story for another: the two were split, and only the owner joins them again."""

    article_ids: tuple[str, ...]
    from_id: str
    story_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aliased:
    """A story took all articles of another, whose id, and whatever led to it, leads here."""

    alias: str
    story_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What one update moves."""

    heads: tuple[StoryHead, ...]
    """Every story that it changed, as it stands now; the update's own first."""
    placed: Placed | None = None
    moved: Moved | None = None
    aliased: Aliased | None = None
    linked: Linked | None = None
    """What the story stands beside, in place of what was said before."""


def removals(moved: Iterable[Effects]) -> dict[str, str]:
    """The articles that those updates remove, each with the story that it left."""
    return {
        each.placed.article_id: each.heads[0].id
        for each in moved
        if each.placed is not None and each.placed.story_id is None
    }


def removed_ids(moved: Iterable[Effects]) -> frozenset[str]:
    """The articles that those updates remove."""
    return frozenset(removals(moved))


def without_words(update: Update, removed: Set[str]) -> Update:
    """The same update, but no story in it bears the headline of an article that was removed since."""
    heads = {name: _without_words(head, removed) for name, head in _heads(update.change)}
    change = replace(update.change, **heads)  # type: ignore[arg-type]  # the field's own type
    return replace(update, story=_without_words(update.story, removed), change=change)


def _without_words(head: StoryHead, removed: Set[str]) -> StoryHead:
    if head.lead_id not in removed:
        return head
    return replace(head, **dict.fromkeys(StoryHead.WORDS, ""))  # type: ignore[arg-type]  # they are texts


def _heads(change: Change) -> Iterator[tuple[str, StoryHead]]:
    """The stories that a change carries, each with the name of its field."""
    for each in fields(change):
        value = getattr(change, each.name)
        if isinstance(value, StoryHead):
            yield each.name, value


def effects(update: Update) -> Effects:
    """What the update moves; of a kind that has no case here, only the head."""
    # A kind that is missing here names no article, and nobody outside this folder has to hear of it.
    story_id, heads = update.story.id, (update.story,)
    match update.change:
        case Opened(article_id=article_id):
            return Effects(heads=heads, placed=Placed(article_id=article_id, story_id=story_id))
        case Joined(article_id=article_id, copy_of=copy_of, is_origin=is_origin):
            placed = Placed(article_id=article_id, story_id=story_id, copy_of=copy_of, is_origin=is_origin)
            return Effects(heads=heads, placed=placed)
        case Revised() as new:
            placed = Placed(
                article_id=new.article_id,
                story_id=story_id,
                copy_of=new.copy_of,
                is_origin=new.is_origin,
                revision=new.revision,
            )
            return Effects(heads=heads, placed=placed)
        case Removed(article_id=article_id, reason=reason):
            return Effects(heads=heads, placed=Placed(article_id=article_id, story_id=None, reason=reason))
        case Merged(other_id=other_id):
            return Effects(heads=heads, aliased=Aliased(alias=other_id, story_id=story_id))
        case Split(new_head=new_head, article_ids=article_ids):
            moved = Moved(article_ids=article_ids, from_id=story_id, story_id=new_head.id)
            return Effects(heads=(update.story, new_head), moved=moved)
        case Linked() as linked:
            return Effects(heads=heads, linked=linked)
        case Ruled():  # names what it asks for; the `merged` or `split` behind it moves that
            return Effects(heads=heads)
        case _:  # names no article (tests/unit/test_stories_effects.py): it shows on the head alone
            return Effects(heads=heads)
