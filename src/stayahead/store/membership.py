"""Membership keeps the rows that say which story an article is in, what each story shows, and which ids lead to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import apsw

from stayahead.model import Linked, StoryHead, Update
from stayahead.store import rows
from stayahead.stories.effects import Aliased, Effects, Moved


class Membership:
    """Writes what a batch of updates does to stories.

    Articles are moved in the order of the updates, for one may split what another joined; each story is written once,
    as its last update left it.

    Args:
        db: inside a write transaction.
        sql: the blocks of commit.sql.
    """

    def __init__(self, db: apsw.Connection, sql: Mapping[str, str]) -> None:
        self._db = db
        self._sql = sql
        self._heads: dict[str, tuple[StoryHead, int, datetime]] = {}
        self._merged: dict[str, tuple[int, int, str]] = {}
        self._places: list[tuple[object, ...]] = []

    def take(self, update: Update, moved: Effects) -> None:
        """The next update, and what it moves."""
        for head in moved.heads:
            self._wake(head)
            self._heads[head.id] = (head, update.number, update.at)
        if (placed := moved.placed) is not None:
            self._places.append(
                (placed.story_id, placed.copy_of, int(placed.is_origin), placed.reason, placed.article_id)
            )
        if moved.moved is not None:
            self._move(moved.moved)
        if moved.aliased is not None:
            self._alias(update, moved.aliased)
        if moved.linked is not None:
            self._link(update.story.id, moved.linked)

    def settle(self) -> None:
        """Write what is left."""
        self._flush()
        # A story that was changed and then merged has a head as well: `merged` is written over it.
        heads = [rows.story_row(head, number=number, at=at) for head, number, at in self._heads.values()]
        self._db.executemany(self._sql["put_story"], heads)
        self._db.executemany(self._sql["merge_story"], self._merged.values())

    def _flush(self) -> None:
        """Write the places that wait, before anything that moves articles which they may have put there."""
        if self._places:
            self._db.executemany(self._sql["place"], self._places)
            self._places.clear()

    def _wake(self, head: StoryHead) -> None:
        """A story asleep is taken up again: its earlier articles count, but nothing is compared with them any more.

        Their signals go, as they do while it sleeps: what has signals is what a rebuilt engine holds (0124).
        """
        before = self._heads.get(head.id)
        state = before[0].state if before else self._db.execute(self._sql["state_of"], (head.id,)).get
        if head.state == "live" and state == "asleep":
            self._flush()
            self._db.execute(self._sql["drop_signals_of"], (head.id,))

    def _move(self, moved: Moved) -> None:
        self._flush()
        self._db.executemany(self._sql["move"], [(moved.story_id, id_) for id_ in moved.article_ids])
        pair = (moved.from_id, moved.story_id)  # both ways round: each finds the other under its own id
        self._db.executemany(self._sql["set_apart"], [pair, pair[::-1]])

    def _alias(self, update: Update, aliased: Aliased) -> None:
        self._flush()
        pair = (aliased.story_id, aliased.alias)
        self._db.execute(self._sql["move_all"], pair)
        self._db.execute(self._sql["move_aliases"], pair)
        self._db.execute(self._sql["put_story_alias"], (aliased.alias, aliased.story_id))
        self._db.execute(self._sql["inherit_apart"], {"alias": aliased.alias, "story_id": aliased.story_id})
        self._db.execute(self._sql["drop_apart"], {"alias": aliased.alias})
        self._merged[aliased.alias] = (update.number, rows.micros(update.at), aliased.alias)

    def _link(self, story_id: str, linked: Linked) -> None:
        self._db.execute(self._sql["drop_links"], (story_id,))
        targets = [("follows", linked.follows)] if linked.follows else []
        targets += [("related", other_id) for other_id in linked.related]
        links = [(story_id, place, kind, other_id) for place, (kind, other_id) in enumerate(targets)]
        self._db.executemany(self._sql["put_link"], links)
