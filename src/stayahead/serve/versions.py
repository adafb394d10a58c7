"""Shows what each version of an article changed in the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from stayahead.extract import Piece, PieceKind, count_words, diff
from stayahead.model import Version
from stayahead.ports import Pages

CONTEXT_CHARS = 80
"""Text that is shown around a change."""
CHARS_MOST = 1_000_000
"""Characters of texts that are compared for one answer, past the first pair."""
SHOWN_MOST = 4_000
"""Characters of one change that a page shows; the API tells all of it."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsShown:
    """Versions of an article, newest first."""

    views: tuple[VersionView, ...]
    has_more: bool
    """There are older ones."""


def read_versions(
    pages: Pages, article_id: str, *, limit: int, before: int | None = None, may_read: bool
) -> VersionsShown:
    """The newest `limit` versions below revision `before`, each against the one before it.

    Fewer where their texts are long: they are read one by one, and after `CHARS_MOST` characters the rest is for the
    next page. Who may not read full texts (`may_read`) is told when there was a version and how its headline changed,
    and nothing of its text.
    """
    views: list[VersionView] = []
    chars = 0
    at = next(iter(pages.versions(article_id, limit=1, before=before)), None)
    while at is not None and len(views) < limit and (chars < CHARS_MOST or not views):
        older = next(iter(pages.versions(article_id, limit=1, before=at.article.revision)), None)
        chars += len(at.article.page.text) + (0 if older is None else len(older.article.page.text))
        views.append(_view(at, older, may_read=may_read))
        at = older
    return VersionsShown(views=tuple(views), has_more=at is not None)


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
    """The changes, each with the text close to it; long stretches between them are left out, and ends of long ones."""
    last = len(changes) - 1
    for place, piece in enumerate(changes):
        text = _LINES.sub("\n", piece.text)
        if piece.kind is PieceKind.KEPT:
            head = "" if place == 0 else _head(text)
            tail = "" if place == last else _tail(text)
            text = text if len(head) + len(tail) >= len(text) else f"{head}{GAP}{tail}"
        elif len(text) > SHOWN_MOST:
            text = text[:SHOWN_MOST] + GAP
        yield Piece(piece.kind, text)


def _head(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARS else text[:CONTEXT_CHARS].rpartition(" ")[0] or text[:CONTEXT_CHARS]


def _tail(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARS else text[-CONTEXT_CHARS:].partition(" ")[2] or text[-CONTEXT_CHARS:]
