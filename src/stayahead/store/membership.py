"""Updates in, in order; story rows, their aliases and which article is in which story out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import apsw

from stayahead.model import Joined, Linked, Merged, Opened, Removed, Revised, Split, StoryHead, Update
from stayahead.store import rows


class Membership:
    """What a batch of updates does to stories. Articles are moved in the order of the updates, each story is written
    once, as its last update left it.

    Args:
        db: inside a write transaction.
        sql: the blocks of writing.sql.
    """

    def __init__(self, db: apsw.Connection, sql: Mapping[str, str]) -> None:
        self._db = db
        self._sql = sql
        self._heads: dict[str, tuple[StoryHead, int, datetime]] = {}
        self._merged: dict[str, tuple[int, int, str]] = {}
        self._places: list[tuple[object, ...]] = []

    def take(self, update: Update) -> None:
        """The next update."""
        head, change = update.story, update.change
        self._heads[head.id] = (head, update.number, update.at)
        match change:
            case Opened():
                self._places.append((head.id, "", 1, "", change.article_id))
            case Joined():
                self._places.append((head.id, change.copy_of, int(change.is_origin), "", change.article_id))
            case Removed():
                self._places.append((None, "", 1, change.reason, change.article_id))
            case Revised():
                self._flush()
                self._db.execute(self._sql["revise"], (change.copy_of, int(change.is_origin), change.article_id))
            case Merged():
                self._merge(update, change.other_id)
            case Split():
                self._split(update, change)
            case Linked():
                self._link(head.id, change)
            case _:
                pass  # only its head changed

    def settle(self) -> None:
        """Write what is left."""
        self._flush()
        heads = [rows.story_row(head, number=number, at=at) for head, number, at in self._heads.values()]
        self._db.executemany(self._sql["put_story"], heads)
        self._db.executemany(self._sql["merge_story"], self._merged.values())

    def _flush(self) -> None:
        if self._places:
            self._db.executemany(self._sql["place"], self._places)
            self._places.clear()

    def _merge(self, update: Update, other_id: str) -> None:
        self._flush()
        self._db.execute(self._sql["move_all"], (update.story.id, other_id))
        self._db.execute(self._sql["move_aliases"], (update.story.id, other_id))
        self._db.execute(self._sql["put_story_alias"], (other_id, update.story.id))
        self._merged[other_id] = (update.number, rows.micros(update.at), other_id)

    def _link(self, story_id: str, change: Linked) -> None:
        self._db.execute(self._sql["drop_links"], (story_id,))
        told = [("follows", change.follows)] if change.follows else []
        told += [("related", other_id) for other_id in change.related]
        links = [(story_id, place, kind, other_id) for place, (kind, other_id) in enumerate(told)]
        self._db.executemany(self._sql["put_link"], links)

    def _split(self, update: Update, change: Split) -> None:
        self._flush()
        self._heads[change.new_id] = (change.new_head, update.number, update.at)
        self._db.executemany(self._sql["move"], [(change.new_id, id_) for id_ in change.article_ids])
