"""Drops what is older than the retention allows, piece by piece, so that the file does not grow for ever.

The order: texts, what is known of hosts unread for as long, and the months of search that only texts filled; signals of
stories that no longer change; a year later updates, inputs and, with stories asleep for so long, their articles'
titles, links and aliases. A story's id and title stay for ever, a pinned story keeps everything. What removed articles
said is erased after their own time (`withholding`); that they were removed is known for ever.
What recovery still needs (updates and signals after the last snapshot) stays however old it is.

What came in while a clock was behind is dated by it, and would go as soon as the clock is right. So nothing counts as
older than the newsroom that took it in, whose start is known by a clock that only goes forward (`Marks`), nor as older
than the latest pass before it (`meta.kept_at`): docs/decisions/0143.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import apsw

from stayahead.model import Forgotten, Retention
from stayahead.newsroom.policy import REREAD_WITHIN, WAKEABLE
from stayahead.store import rows, search, withholding
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
_NO_END = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Marks:
    """How far the database reached when this newsroom opened it: what lies beyond was taken in by it."""

    body: int = 0
    update: int = 0
    input: int = 0


EVERYTHING = Marks(body=_NO_END, update=_NO_END, input=_NO_END)


def marks(db: apsw.Connection) -> Marks:
    """Those of now."""
    meta = read_meta(db)
    return Marks(body=db.execute(SQL["body_marks"]).get, update=meta.update, input=meta.input)


def forget(
    db: apsw.Connection, now: datetime, retention: Retention, *, running_since: datetime | None, opened: Marks
) -> Forgotten:
    """Drop one pass's worth, inside the caller's write transaction. `updates` counts what goes with them, too.

    Args:
        db: in a write transaction.
        now: by a clock that is to be trusted.
        retention: how long what is kept.
        running_since: when this newsroom started, by that clock; None: every date is believed.
        opened: how far the database reached then.
    """
    meta = read_meta(db)
    beyond = rows.micros(now + REREAD_WITHIN)
    db.execute(SQL["soonest_reads"], {"now": rows.micros(now), "beyond": beyond, "limit": STEP})
    cutoff = now - timedelta(days=retention.bodies_days)
    if running_since is not None and running_since > cutoff:
        ours = {"since": rows.micros(running_since), "cutoff": rows.micros(cutoff), "body": opened.body, "limit": STEP}
        db.execute(SQL["date_bodies"], ours)
    bodies = _bodies(db, cutoff, retention)
    withheld = withholding.forget(db, now, running_since=running_since, opened=opened.update, limit=STEP)
    db.execute(SQL["drop_hosts"], (rows.micros(cutoff), STEP))
    months = _months(db, now)
    signals = _signals(db, meta)
    cutoff = now - timedelta(days=retention.updates_days)
    is_ours_young = running_since is not None and running_since >= cutoff
    updates = _updates(db, now, cutoff, meta, upto=opened if is_ours_young else EVERYTHING)
    db.execute("UPDATE meta SET value = max(value, ?) WHERE key = 'kept_at'", (rows.micros(now),))
    return Forgotten(bodies=bodies, withheld=withheld, search_tables=months, signals=signals, updates=updates)


def _bodies(db: apsw.Connection, cutoff: datetime, retention: Retention) -> int:
    bodies = [row for row, _ in db.execute(SQL["old_bodies"], (rows.micros(cutoff), STEP))]
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


def _updates(db: apsw.Connection, now: datetime, cutoff_at: datetime, meta: Meta, *, upto: Marks) -> int:
    cutoff = rows.micros(cutoff_at)
    dropped = 0
    last_update = min(meta.snapshot_number, upto.update)
    last = db.execute(SQL["last_old_update"], {"limit": STEP, "cutoff": cutoff, "last": last_update}).get
    if last is not None:
        db.execute(SQL["drop_updates"], (last,))
        dropped += db.changes()
    # Inputs go by age alone: recovery applies updates and signals; inputs are read by who wants to decide again.
    last_input = db.execute(SQL["last_old_input"], {"limit": STEP, "cutoff": cutoff, "last": upto.input}).get
    if last_input is not None:
        db.execute(SQL["drop_inputs"], (last_input,))
        dropped += db.changes()
    # However short the retention: a story that the engine may still wake must be there when it does.
    asleep = min(cutoff, rows.micros(now - WAKEABLE))
    for (story_id,) in db.execute(SQL["old_stories"], (asleep, upto.update, STORIES_STEP)).fetchall():
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
