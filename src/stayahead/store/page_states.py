"""Writes what a batch says of pages that are read again: their state, their next time, and which were asked for."""

from __future__ import annotations

from datetime import datetime

import apsw

from stayahead.model import Arrival, Batch, PageState, Revision
from stayahead.store import rows
from stayahead.store.sql import blocks

SQL = blocks("page_states.sql")


def times_of(batch: Batch) -> dict[tuple[str, int], datetime]:
    """When each revision of the batch was decided, by article and revision."""
    return {
        (logged.input.article.id, logged.input.article.revision): logged.at
        for logged in batch.inputs
        if isinstance(logged.input, Arrival | Revision)
    }


def put(db: apsw.Connection, batch: Batch) -> None:
    """Write what the batch says of pages, inside the caller's transaction; its articles must be written before."""
    wishes = batch.findings.read_again
    states = [_row(state) for state in batch.findings.page_states]
    db.executemany(SQL["put_page_state"], states)
    db.executemany(SQL["put_next_read"], states)
    # After the states: a page that was read in the same batch in which its feed says that it changed is read once more.
    db.executemany(SQL["ask_page"], [(wish.article_id,) for wish in wishes])
    db.executemany(SQL["ask_article"], [(rows.micros(wish.at), wish.article_id) for wish in wishes])


def _row(state: PageState) -> dict[str, object]:
    return {
        "id": state.article_id,
        "url": state.url,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "text_digest": state.text_digest,
        "reads": state.reads,
        "read_at": rows.micros(state.read_at),
        "next_at": rows.micros_or_none(state.next_at),
        "is_asked": int(state.is_asked),
        "failures": state.failures,
        "reason": state.reason,
    }
