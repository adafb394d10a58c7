"""Takes the words of removed articles away, so that no page, answer or search can give them again.

For some weeks they are withheld, all in one place (`withholding`), or they are erased at once.
What stays is a row without words: an id, when it was seen, and why it went. By it an entry that a feed brings again is
known, and the headline that an earlier update carries is kept back when updates are read (`queries.updates`).
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import datetime

import apsw
import msgspec

from stayahead.model import Entry, Page, StoryHead
from stayahead.newsroom.policy import WITHHELD_FOR
from stayahead.store import claims, rows, withholding
from stayahead.store.search import SearchIndex
from stayahead.store.sql import blocks

SQL = blocks("removing.sql")
_NOTHING_SAID = rows.packed((Entry(), Page()))
"""What the row of an article says of its entry and its page."""


def erase(
    db: apsw.Connection,
    search: SearchIndex,
    removed: Iterable[tuple[str, str]],
    *,
    at: datetime,
    number: int,
    for_good: Set[str],
) -> None:
    """Take away the words of those of the articles that are removed now.

    Args:
        db: inside a write transaction.
        search: the monthly tables.
        removed: each article with the story that it left.
        at: time of the removal.
        number: of the last update of this commit.
        for_good: those of them of which nothing is to be withheld.
    """
    for id_, story_id in removed:
        n = db.execute(SQL["with_words"], (id_,)).get
        if n is None:
            continue
        if id_ not in for_good:
            withholding.withhold(db, n, until=at + WITHHELD_FOR, number=number)
        db.execute(SQL["blank_article"], {"n": n, "about": _NOTHING_SAID})
        for verb in ("drop_bodies", "drop_signals", "drop_page"):
            db.execute(SQL[verb], (n,))
        claims.erase(db, n)
        search.drop(db, n)
        db.execute(SQL["blank_entry"], (id_,))
        _blank_merged(db, id_, story_id)
        _blank_inputs(db, id_)


def _blank_merged(db: apsw.Connection, id_: str, story_id: str) -> None:
    """Stories that were merged away while they bore its headline lose it: nobody reads it, but it is in the file."""
    for row in db.execute(SQL["merged_naming"], {"id": id_, "story_id": story_id}).fetchall():
        head = rows.read_head(row)
        if head.lead_id == id_:
            db.execute(SQL["put_headless"], (rows.packed(replace(head, headline="")), head.id))


def _blank_inputs(db: apsw.Connection, id_: str) -> None:
    """The owner's word brings heads of stories into the log; those that bear its headline lose it."""
    for number, payload in db.execute(SQL["inputs_naming"], (id_,)).fetchall():
        word: dict[str, object] = msgspec.json.decode(str(payload))
        for head in word.values():
            if isinstance(head, dict) and head.get("lead_id") == id_:
                head.update(dict.fromkeys(StoryHead.WORDS, ""))
        db.execute(SQL["put_input_payload"], (msgspec.json.encode(word).decode(), number))
