"""Reads what must be known of stories and articles before the owner's word about them can be decided, and after it."""

from __future__ import annotations

from collections.abc import Sequence

from stayahead.model import GoneArticle, Update, Visibility
from stayahead.store import rows
from stayahead.store.connection import Readers
from stayahead.store.queries import ARTICLES, STORIES


class StoredRulings:
    """The part of `SqliteStore` that serves `ports.Rulings`."""

    _readers: Readers

    def story_of(self, article_id: str) -> str | None:
        """See `ports.Rulings.story_of`."""
        with self._readers.lend() as db:
            story_id: str | None = db.execute(ARTICLES["story_of"], (article_id,)).get
        return story_id

    def rulings(self, story_id: str, *, limit: int) -> Sequence[Update]:
        """See `ports.Rulings.rulings`."""
        with self._readers.lend() as db:
            updates = db.execute(STORIES["rulings"], {"id": story_id, "limit": max(0, limit)})
            return [rows.read_update(*row) for row in updates]

    def visibility_of(self, story_id: str) -> Visibility:
        """See `ports.Rulings.visibility_of`."""
        with self._readers.lend() as db:
            pinned, hidden = db.execute(STORIES["visibility"], (story_id,)).fetchone() or (0, 0)
        return Visibility(pinned=bool(pinned), hidden=bool(hidden))

    def gone_article(self, article_id: str) -> GoneArticle | None:
        """See `ports.Pages.gone_article`."""
        with self._readers.lend() as db:
            row = db.execute(ARTICLES["gone"], (article_id,)).fetchone()
        return None if row is None else GoneArticle(id=row[0], reason=row[1])
