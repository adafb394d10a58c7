"""Erases the words of removed articles, so that no page, answer or search can give them again.

What stays is a row without words: an id, when it was seen, and why it went. By it an entry that a feed brings again is
known, and the headline that an earlier update carries is kept back when updates are read (`queries.updates`).
"""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from stayahead.model import Entry, Page, StoryHead
from stayahead.store import claims, rows
from stayahead.store.search import SearchIndex
from stayahead.store.sql import blocks

SQL = blocks("removing.sql")
_NOTHING_SAID = rows.packed((Entry(), Page()))
"""What the row of an article says of its entry and its page."""


def erase(db: apsw.Connection, search: SearchIndex, article_ids: Iterable[str]) -> None:
    """Erase those of the articles that are removed now, inside the caller's transaction."""
    for id_ in article_ids:
        n = db.execute(SQL["blank_article"], {"id": id_, "about": _NOTHING_SAID}).get
        if n is None:
            continue
        for verb in ("drop_bodies", "drop_signals", "drop_page"):
            db.execute(SQL[verb], (n,))
        claims.erase(db, n)
        search.drop(db, n)
        db.execute(SQL["blank_entry"], (id_,))
        _blank_inputs(db, id_)


def _blank_inputs(db: apsw.Connection, id_: str) -> None:
    """The owner's word brings heads of stories into the log; those that bear its headline lose it."""
    for number, payload in db.execute(SQL["inputs_naming"], (id_,)).fetchall():
        word: dict[str, object] = msgspec.json.decode(str(payload))
        for head in word.values():
            if isinstance(head, dict) and head.get("lead_id") == id_:
                head.update(dict.fromkeys(StoryHead.WORDS, ""))
        db.execute(SQL["put_input_payload"], (msgspec.json.encode(word).decode(), number))
