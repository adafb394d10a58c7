"""Shows what each version of an article changed in the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from stayahead.extract import Piece, PieceKind, count_words, diff
from stayahead.model import Version

CONTEXT_CHARS = 80
"""Text that is shown around a change."""
GAP = " … "
_LINES = re.compile(r"\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version, and what it changed."""

    revision: int
    read_at: datetime
    title: str
    changes: tuple[Piece, ...] = ()
    """All of the text, in pieces; none when there is no version before it, or the reader may not read it."""
    title_changes: tuple[Piece, ...] = ()
    """The headline in pieces; none when it did not change."""
    words_added: int = 0
    words_removed: int = 0

    @property
    def number(self) -> int:
        """As readers count: from 1."""
        return self.revision + 1


def version_views(versions: Sequence[Version], *, limit: int, may_read: bool) -> tuple[VersionView, ...]:
    """The first `limit` versions, each against the one that follows it in the list.

    Who may not read full texts (`may_read`) is told when there was a version and how its headline changed, and nothing
    of its text.
    """
    pairs = zip(versions[:limit], [*versions[1 : limit + 1], None], strict=False)
    return tuple(_view(version, before, may_read=may_read) for version, before in pairs)


def _view(version: Version, before: Version | None, *, may_read: bool) -> VersionView:
    article = version.article
    view = VersionView(revision=article.revision, read_at=version.read_at, title=article.title)
    if before is None:
        return view
    if before.article.title != article.title:
        view = replace(view, title_changes=diff(before.article.title, article.title))
    if not may_read:
        return view
    changes = diff(before.article.page.text, article.page.text)
    return replace(
        view,
        changes=changes,
        words_added=count_words(changes, PieceKind.ADDED),
        words_removed=count_words(changes, PieceKind.REMOVED),
    )


def excerpt(changes: Sequence[Piece]) -> Iterator[Piece]:
    """The changes, each with the text close to it; long stretches between them are left out."""
    last = len(changes) - 1
    for place, piece in enumerate(changes):
        text = _LINES.sub("\n", piece.text)
        if piece.kind is PieceKind.KEPT:
            head = "" if place == 0 else _head(text)
            tail = "" if place == last else _tail(text)
            text = text if len(head) + len(tail) >= len(text) else f"{head}{GAP}{tail}"
        yield Piece(piece.kind, text)


def _head(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARS else text[:CONTEXT_CHARS].rpartition(" ")[0] or text[:CONTEXT_CHARS]


def _tail(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARS else text[-CONTEXT_CHARS:].partition(" ")[2] or text[-CONTEXT_CHARS:]
