"""Drops what is older than the retention allows, piece by piece, so that the file does not grow for ever.

The order: texts, what is known of hosts unread for as long, and the months of search that only texts filled; signals of
stories that no longer change; a year later updates, inputs and, with stories asleep for so long, their articles'
titles, links and aliases. A story's id and title stay for ever, a pinned story keeps everything. Removed articles have
no words left to forget, and are known for ever.
What recovery still needs (updates and signals after the last snapshot) stays however old it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import apsw

from stayahead.model import Forgotten, Retention
from stayahead.newsroom.policy import REREAD_WITHIN, WAKEABLE
from stayahead.store import rows, search
from stayahead.store.commit import Meta, read_meta
from stayahead.store.page_states import SQL as PAGE_STATES
from stayahead.store.sql import blocks

SQL = blocks("forgetting.sql")
STEP = 2_000
"""Rows of a kind that one pass drops: some tens of milliseconds, so that the loop's next commit waits little."""
STORIES_STEP = 100
"""Stories of a kind that one pass goes through."""
VACUUM_PAGES = 2_000
"""Pages that one pass gives back to the disk."""


def forget(db: apsw.Connection, now: datetime, retention: Retention) -> Forgotten:
    """Drop one pass's worth, inside the caller's write transaction. `updates` counts what goes with them, too."""
    meta = read_meta(db)
    beyond = rows.micros(now + REREAD_WITHIN)
    db.execute(SQL["soonest_reads"], {"now": rows.micros(now), "beyond": beyond, "limit": STEP})
    bodies = _bodies(db, now, retention)
    db.execute(SQL["drop_hosts"], (rows.micros(now - timedelta(days=retention.bodies_days)), STEP))
    months = _months(db, now)
    signals = _signals(db, meta)
    updates = _updates(db, now, now - timedelta(days=retention.updates_days), meta)
    return Forgotten(bodies=bodies, search_tables=months, signals=signals, updates=updates)


def _bodies(db: apsw.Connection, now: datetime, retention: Retention) -> int:
    cutoff = rows.micros(now - timedelta(days=retention.bodies_days))
    bodies = [row for row, _ in db.execute(SQL["old_bodies"], (cutoff, STEP))]
    if not bodies:  # nothing is too old: then the oldest go, if all together are too large
        excess = db.execute(SQL["body_bytes"]).get - retention.bodies_bytes
        if excess > 0:
            for row, size in db.execute(SQL["old_bodies"], ((1 << 62), STEP)):
                if excess <= 0:
                    break
                bodies.append(row)
                excess -= size
    db.executemany(PAGE_STATES["forget_page"], [(row,) for row in bodies])
    db.executemany(SQL["drop_body"], [(row,) for row in bodies])
    return len(bodies)


def _months(db: apsw.Connection, now: datetime) -> int:
    """Drop the tables of past months without texts, but for those of pinned stories.

    This is why they are monthly: a table is dropped at once, where its articles would have to be taken out one by one.
    """
    dropped = 0
    for month in search.months(db):
        if month >= rows.month_of(now):
            continue
        start = rows.first_number(rows.month_start(month))
        end = rows.first_number(rows.month_start(rows.month_after(month)))
        if not db.execute(SQL["month_has_body"], (start, end)).get:
            search.drop_month(db, month)
            dropped += 1
    return dropped


def _signals(db: apsw.Connection, meta: Meta) -> int:
    dropped = 0
    quiet = db.execute(SQL["quiet_stories"], (meta.snapshot_number, STORIES_STEP)).fetchall()
    for key in quiet:
        db.execute(SQL["drop_signals_of_story"], key)
        dropped += db.changes()
    db.executemany(SQL["has_no_signals"], quiet)
    return dropped


def _updates(db: apsw.Connection, now: datetime, cutoff_at: datetime, meta: Meta) -> int:
    cutoff = rows.micros(cutoff_at)
    dropped = 0
    last = db.execute(SQL["last_old_update"], (STEP, cutoff, meta.snapshot_number)).get
    if last is not None:
        db.execute(SQL["drop_updates"], (last,))
        dropped += db.changes()
    # Inputs go by age alone: recovery applies updates and signals; inputs are read by who wants to decide again.
    last_input = db.execute(SQL["last_old_input"], (STEP, cutoff)).get
    if last_input is not None:
        db.execute(SQL["drop_inputs"], (last_input,))
        dropped += db.changes()
    # However short the retention: a story that the engine may still wake must be there when it does.
    asleep = min(cutoff, rows.micros(now - WAKEABLE))
    for (story_id,) in db.execute(SQL["old_stories"], (asleep, STORIES_STEP)).fetchall():
        dropped += _drop_articles(db, db.execute(SQL["articles_of"], (story_id,)).fetchall(), meta)
        db.execute(SQL["reduce_story"], (story_id,))
        db.execute(SQL["drop_links_of"], (story_id,))
        db.execute(SQL["drop_apart_of"], {"id": story_id})
        dropped += 1
    refused = db.execute(SQL["old_refused"], (cutoff, STEP)).fetchall()
    db.executemany(SQL["drop_entry"], refused)
    return dropped + len(refused)


def _drop_articles(db: apsw.Connection, keys: Iterable[tuple[Any, ...]], meta: Meta) -> int:
    gone = list(keys)
    if not gone:
        return 0
    for verb in ("drop_article", "drop_aliases", "drop_entry"):
        db.executemany(SQL[verb], gone)
    meta.articles -= len(gone)
    db.execute("UPDATE meta SET value = ? WHERE key = 'articles'", (meta.articles,))
    return len(gone)
