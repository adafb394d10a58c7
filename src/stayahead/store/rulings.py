"""Reads the log of one story: what became of it, and what the owner ruled about it and its articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apsw

from stayahead.model import GoneArticle, Ruled, Update, Visibility, Withheld
from stayahead.store import rows, ruled_pairs, sources, withholding
from stayahead.store.connection import Readers
from stayahead.store.queries import ARTICLES, STORIES, as_told_now


class StoredRulings:
    """The part of `SqliteStore` that serves `ports.Rulings` and `ports.StoryLog`."""

    _readers: Readers

    def story_of(self, article_id: str) -> str | None:
        """See `ports.Rulings.story_of`."""
        with self._readers.lend() as db:
            story_id: str | None = db.execute(ARTICLES["story_of"], (article_id,)).get
        return story_id

    def rulings(self, story_id: str, *, limit: int) -> Sequence[Update]:
        """See `ports.Rulings.rulings`."""
        with self._readers.lend() as db:
            found = _read(db, "rulings", {"id": story_id, "limit": max(0, limit)})
            found += _before_it_came_back(db, story_id, limit=max(0, limit))
        return sorted(found, key=lambda update: update.number, reverse=True)[: max(0, limit)]

    def updates_of(self, story_id: str, *, after: int, limit: int) -> Sequence[Update]:
        """See `ports.StoryLog.updates_of`."""
        with self._readers.lend() as db:
            found = _read(db, "updates_of", {"id": story_id, "after": after, "limit": max(0, limit)})
            return as_told_now(db, found)

    def last_update_of(self, story_id: str, *, upto: int) -> Update | None:
        """See `ports.StoryLog.last_update_of`."""
        with self._readers.lend() as db:
            found = as_told_now(db, _read(db, "update_upto", {"id": story_id, "upto": upto}))
        return found[0] if found else None

    def articles_only_from(self, feed_url: str, *, limit: int) -> Sequence[str]:
        """See `ports.Rulings.articles_only_from`."""
        with self._readers.lend() as db:
            return sources.articles_only_from(db, feed_url, limit=limit)

    def named_after(self, article_id: str) -> int:
        """See `ports.Rulings.named_after`."""
        with self._readers.lend() as db:
            return int(db.execute(STORIES["named_after"], {"id": article_id}).get)

    def withheld(self, article_id: str) -> Withheld | None:
        """See `ports.Rulings.withheld`."""
        with self._readers.lend() as db:
            return withholding.find(db, article_id)

    def visibility_of(self, story_id: str) -> Visibility:
        """See `ports.Rulings.visibility_of`."""
        with self._readers.lend() as db:
            pinned, hidden = db.execute(STORIES["visibility"], (story_id,)).fetchone() or (0, 0)
        return Visibility(pinned=bool(pinned), hidden=bool(hidden))

    def labels(self) -> Iterator[dict[str, object]]:
        """What the owner joined and split and did not take back: which articles are one story, and which are not."""
        return ruled_pairs.labels(self._readers)

    def gone_article(self, article_id: str) -> GoneArticle | None:
        """See `ports.Pages.gone_article`."""
        with self._readers.lend() as db:
            row = db.execute(ARTICLES["gone"], (article_id,)).fetchone()
        return None if row is None else GoneArticle(id=row[0], reason=row[1])


def _before_it_came_back(db: apsw.Connection, story_id: str, *, limit: int) -> list[Update]:
    """What was ruled about a story before a join that was taken back since, under the names that it bore then."""
    found: dict[int, Update] = {}
    waiting = _earlier_names(db, story_id)
    while waiting and len(found) < limit:
        name, before = waiting.pop()
        under = [update for update in _read(db, "rulings_under", (name, before, limit)) if update.number not in found]
        found |= {update.number: update for update in under}
        # What it had taken in by then came along, and it may itself have come back from a join.
        for update in under:
            if isinstance(update.change, Ruled) and update.change.verb == "join":
                waiting.append((update.change.other_id, update.number))
        waiting += _earlier_names(db, name)
    return list(found.values())


def _earlier_names(db: apsw.Connection, story_id: str) -> list[tuple[str, int]]:
    """The name that it bore before the join whose undo made it, and the number of that join; none for most stories."""
    for update in _read(db, "rulings_naming", {"id": story_id}):
        ruled = update.change
        if isinstance(ruled, Ruled) and (ruled.verb, ruled.other_id) == ("split", story_id) and ruled.undoes:
            joins = _read(db, "update", (ruled.undoes,))
            return [(join.change.other_id, join.number) for join in joins if isinstance(join.change, Ruled)]
    return []


def _read(db: apsw.Connection, query: str, bindings: apsw.Bindings) -> list[Update]:
    return [rows.read_update(*row) for row in db.execute(STORIES[query], bindings)]
