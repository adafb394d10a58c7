"""Aspects are what a story shows besides its headline: one value for each, and one line here that registers it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from stayahead.stories.aspects.aspect import Aspect, Counted
from stayahead.stories.aspects.origins import Origins

__all__ = ["Aspect", "Aspects", "Counted", "Origins"]


class Aspects(msgspec.Struct):
    """Everything that a story counts of its articles. A new aspect is a file of its own and one more field here."""

    origins: Origins = msgspec.field(default_factory=Origins)

    @classmethod
    def of(cls, articles: Iterable[tuple[Counted, str]], *, before: Aspects | None = None) -> Aspects:
        """The aspects of some articles, each given with the first origin key of what it copies, or empty.

        Args:
            articles: in the order in which they are counted.
            before: what the story showed when it last slept.
        """
        aspects = before.copy() if before else cls()
        for article, copied_key in articles:
            aspects.add(article, copied_key)
        return aspects

    @classmethod
    def of_none(cls, *, first_at: datetime | None, latest_at: datetime | None) -> Aspects:
        """The aspects of a story that every article has left: nothing to count, but there was a time when it was."""
        return cls(origins=Origins(first_at=first_at, latest_at=latest_at))

    def add(self, article: Counted, copied_key: str) -> bool:
        """Count an article; True when it is an independent origin."""
        # The only aspect whose answer is an update's (`Joined.is_origin`); what the others found new is on the head.
        is_origin = self.origins.add(article, copied_key)
        for name in _BESIDE_ORIGINS:
            getattr(self, name).add(article, copied_key)
        return is_origin

    def revise(self, article: Counted, copied_key: str) -> None:
        """An article that was counted has a new text, or copies another one now."""
        for name in _NAMES:
            getattr(self, name).revise(article, copied_key)

    def take(self, other: Aspects) -> None:
        """Count in another story's articles."""
        for name in _NAMES:
            getattr(self, name).take(getattr(other, name))

    def copy(self) -> Aspects:
        """The same values, to go on from."""
        return msgspec.structs.replace(self, **{name: getattr(self, name).copy() for name in _NAMES})

    def woken(self) -> Aspects:
        """What a story that wakes goes on from."""
        aspects = self.copy()
        for name in _NAMES:
            getattr(aspects, name).wake()
        return aspects

    def head_fields(self) -> dict[str, object]:
        """The fields of the story's head that its aspects fill."""
        fields: dict[str, object] = {}
        for name in _NAMES:
            fields |= getattr(self, name).head_fields()
        return fields


def check_apart(aspects: Iterable[Aspect]) -> None:
    """Two aspects that fill one field of the head would show only what the later one says."""
    filler: dict[str, str] = {}
    for aspect in aspects:
        name = type(aspect).__name__
        for field in aspect.FILLS:
            if field in filler:
                both = f"{filler[field]} and {name} both fill `{field}` of the head"
                raise TypeError(f"{both}: give one a field of its own")
            filler[field] = name


_NAMES = Aspects.__struct_fields__
_BESIDE_ORIGINS = tuple(name for name in _NAMES if name != "origins")
check_apart(getattr(Aspects(), name) for name in _NAMES)
