"""An aspect is a small value that a story keeps of its articles, folded article by article, and shows on its head.

The engine knows four verbs: `add` an article, `revise` one, `take` in another story, `copy` before deciding. There is
no verb to take an article out again: what is left is folded anew (docs/decisions/0122), so that an aspect has one way
to come by its value, and a merge that is taken back leaves no trace. Aspects are stored with the engine's snapshots
as they are: a field that is added later has a default.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Protocol, Self

import msgspec


class Counted(Protocol):
    """What an aspect may know of an article that it counts."""

    origin_keys: tuple[str, ...]
    domain: str
    country: str
    language: str
    placed_at: datetime
    backfill: bool


# A struct and no dataclass: it goes into snapshot rows as it is, and fields that a later version adds have defaults.
class Aspect(msgspec.Struct):
    """The verbs of every aspect. Mutable: it belongs to one story, or to one plan's draft of it."""

    FILLS: ClassVar[tuple[str, ...]] = ()
    """The fields of the story's head that are its own."""

    def add(self, article: Counted, copied_key: str) -> bool:
        """Count an article in.

        Args:
            article: the one that came.
            copied_key: the first origin key of the article that it copies, or empty.

        Returns:
            Whether it brought something that the aspect had not met before.
        """
        raise NotImplementedError

    def revise(self, article: Counted, copied_key: str) -> None:
        """An article that was counted has a new text, or copies another one now; its time stays."""

    def take(self, other: Self) -> None:
        """Count in another story's articles."""
        raise NotImplementedError

    def copy(self) -> Self:
        """The same value, to go on from."""
        raise NotImplementedError

    def wake(self) -> None:
        """The story was asleep and is live again."""

    def head_fields(self) -> dict[str, object]:
        """The fields of the story's head that it fills: those of `FILLS`."""
        raise NotImplementedError
