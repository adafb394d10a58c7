"""Cursors tell a reader, and us when they come back, up to which update they have been told everything.

A number alone would not do: after a restore the same numbers are other updates, so a cursor names the epoch, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from stayahead.model import ArticlePlace

_CURSOR = re.compile(r"([A-Za-z0-9_.-]{1,64})-([0-9]{1,15})", re.ASCII)
_PLACE = re.compile(r"(-?[0-9]{1,16})-([A-Za-z0-9_-]{1,64})", re.ASCII)
_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has come: `epoch-number` on the wire."""

    epoch: str
    number: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.number}"


def parse_cursor(text: str) -> Cursor | None:
    """The cursor that the text is; None when it is none."""
    match = _CURSOR.fullmatch(text.strip())
    return Cursor(match[1], int(match[2])) if match else None


def place_text(place: ArticlePlace) -> str:
    """A place among a story's articles as addresses carry it: `microseconds-id`."""
    return f"{(place.placed_at - _SINCE) // timedelta(microseconds=1)}-{place.id}"


def parse_place(text: str) -> ArticlePlace | None:
    """The place that the text is; None when it is none."""
    match = _PLACE.fullmatch(text)
    return ArticlePlace(placed_at=_SINCE + timedelta(microseconds=int(match[1])), id=match[2]) if match else None
