"""Tells readers of the live stream what became of each story: one line a story, however many updates it took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from stayahead.model import StoryHead, Update
from stayahead.stories.effects import effects, removed_ids, without_words

FRONT = "front"
"""The topic of the front page; a story's topic is `story:ID`."""
FRAMES_KEPT = 16
"""Events kept of one run of updates: most readers follow the front page or one story that many follow."""


@dataclass(slots=True)
class StoryChange:
    """What happened to one story over a run of updates, and how it stands after the last of them."""

    head: StoryHead
    first: int
    """Number of the first update told here."""
    number: int
    """Number of the last one."""
    kinds: dict[str, int] = field(default_factory=dict)
    """How many updates of each kind: a reader who adds them up has lost and repeated nothing."""
    merged: list[str] = field(default_factory=list)
    """Ids that lead here from now on."""
    split: list[str] = field(default_factory=list)
    """Ids that articles left for."""
    split_from: str = ""

    def line(self) -> bytes:
        """One line of JSON; no line break can be inside."""
        head, parts = self.head, self.head.parts
        values: dict[str, object] = {
            "id": head.id,
            "number": self.number,
            "first": self.first,
            "kinds": self.kinds,
            "headline": head.headline,
            "language": head.language,
            "origins": parts.origins,
            "articles": parts.articles,
            "countries": len(parts.countries),
            "latest_at": parts.latest_at,
            "key": head.importance_key,
            "state": head.state,
            "pinned": head.pinned,
            "hidden": head.hidden,
        }
        rare = {"merged": self.merged, "split": self.split, "split_from": self.split_from}
        return msgspec.json.encode(values | {name: value for name, value in rare.items() if value})


def coalesce(updates: Iterable[Update]) -> dict[str, StoryChange]:
    """One change per story, in the order in which the stories last changed."""
    changes: dict[str, StoryChange] = {}
    for update in updates:
        effect = effects(update)
        change, *others = [_touch(changes, head, update.number) for head in effect.heads]
        change.kinds[update.kind] = change.kinds.get(update.kind, 0) + 1
        if effect.aliased is not None:
            change.merged.append(effect.aliased.alias)
        if effect.moved is not None:
            change.split.append(effect.moved.story_id)
            for other in others:
                other.split_from = effect.moved.from_id
    return changes


def _touch(changes: dict[str, StoryChange], head: StoryHead, number: int) -> StoryChange:
    # Taken out and put in again, so that the order is that of the last change.
    change = changes.pop(head.id, None) or StoryChange(head=head, first=number, number=number)
    change.head, change.number = head, number
    changes[head.id] = change
    return change


class Lines:
    """What a run of updates tells: a line a story, and the events made of them, each once for all who read the same."""

    def __init__(self, epoch: str, last: int, at: datetime, lines: Mapping[str, bytes]) -> None:
        self.last = last
        """Number of the last update told here."""
        self._epoch, self._at, self._lines = epoch, at, lines
        self._frames: dict[tuple[str, ...], bytes] = {}

    @property
    def size(self) -> int:
        """Bytes of all lines."""
        return sum(map(len, self._lines.values()))

    @property
    def story_ids(self) -> Iterable[str]:
        """The stories that changed."""
        return self._lines.keys()

    def frame(self, follows: Mapping[str, None]) -> bytes:
        """The event for a reader of these topics; empty when nothing of theirs changed."""
        if FRONT in follows:
            ids = tuple(self._lines)
        else:
            ids = tuple(story_id for story_id in self._lines if story_id in follows)
        if not ids:
            return b""
        frame = self._frames.get(ids)
        if frame is None:
            frame = self._event(ids)
            if len(self._frames) < FRAMES_KEPT:
                self._frames[ids] = frame
        return frame

    def _event(self, ids: tuple[str, ...]) -> bytes:
        at = msgspec.json.encode({"at": self._at})
        lines = b"".join(b"data: %b\n" % self._lines[story_id] for story_id in ids)
        return b"id: %b-%d\nevent: stories\ndata: %b\n%b\n" % (self._epoch.encode(), self.last, at, lines)


class Flush:
    """The updates of one tick, serialised once for all who read them."""

    def __init__(self, epoch: str, updates: Sequence[Update], at: datetime) -> None:
        self.removed = removed_ids(map(effects, updates))
        """Articles that left: nothing of theirs is told, whatever was said of them before in this tick."""
        self.updates = tuple(without_words(update, self.removed) for update in updates)
        self.first, self.last = self.updates[0].number, self.updates[-1].number
        self.at = at
        self._epoch = epoch
        changes = coalesce(self.updates)
        self.merged = {old: story_id for story_id, change in changes.items() for old in change.merged}
        self.lines = Lines(epoch, self.last, at, {story_id: change.line() for story_id, change in changes.items()})

    def after(self, number: int) -> Flush | None:
        """The same without the updates up to that number; None when nothing is left."""
        if number < self.first:
            return self
        rest = [update for update in self.updates if update.number > number]
        return Flush(self._epoch, rest, self.at) if rest else None
