"""Brings the engine back to where the journal ends after a restart. What was published is never decided again."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from stayahead.errors import SnapshotFormat, StoreDamaged
from stayahead.log import event
from stayahead.ports import Journal
from stayahead.stories import StoryEngine

log = logging.getLogger("stayahead.newsroom")

TAIL_MOST = 20_000
"""Updates after the snapshot that are applied: more than an archive brings in between two snapshots, 10 s of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """An engine at the journal's position, and how it came there."""

    engine: StoryEngine
    way: Literal["beginning", "snapshot", "live stories"]
    """Where it started: an empty or short journal's beginning, the last snapshot, or the live stories as stored."""
    updates: int
    """Updates that were applied after it."""
    why: str = ""
    """Why the snapshot could not be used, if there was one."""


def recover(journal: Journal) -> StoryEngine:
    """The engine as it was at the last commit; the log says which way it was recovered."""
    started = time.monotonic()
    with _without_collection():
        recovery = recovery_from(journal)
    if recovery.why:
        event(log, logging.WARNING, "snapshot_unused", why=recovery.why)
    event(
        log,
        logging.INFO,
        "recovered",
        way=recovery.way,
        updates=recovery.updates,
        seconds=time.monotonic() - started,
        number=recovery.engine.number,
        stories=recovery.engine.live_stories,
    )
    return recovery.engine


@contextmanager
def _without_collection() -> Iterator[None]:
    """Hundreds of thousands of objects are made here, and all stay: looking for garbage among them doubles the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def recovery_from(journal: Journal) -> Recovery:
    """The last snapshot and every committed update after it; without a snapshot that can be read, the live stories.

    A journal whose snapshot is more than `TAIL_MOST` updates behind is not applied from there: a year of updates would
    take minutes, and snapshots are ten seconds apart.
    """
    snapshot = journal.snapshot()
    try:
        engine = StoryEngine.restore(snapshot) if snapshot is not None else StoryEngine()
        way: Literal["beginning", "snapshot"] = "snapshot" if snapshot is not None else "beginning"
        return Recovery(engine=engine, way=way, updates=_apply_tail(journal, engine))
    except (SnapshotFormat, StoreDamaged, ValueError) as error:
        # A tail that does not fit: updates or signals that it needs are not kept, or cannot be read.
        return Recovery(engine=StoryEngine.rebuild(journal.live()), way="live stories", updates=0, why=str(error))


def _apply_tail(journal: Journal, engine: StoryEngine) -> int:
    """Apply what was committed after the engine's number; how many updates that were.

    Raises:
        ValueError: the journal's updates do not follow, or have lost their evidence.
    """
    before = engine.number
    last = journal.position().update
    if last - before > TAIL_MOST:
        raise ValueError(f"the snapshot is of update {before}, the last one is {last}")
    for logged in journal.tail(after=before):
        evidence = logged.evidence
        article, signals = (evidence.article, evidence.signals) if evidence is not None else (None, None)
        try:
            engine.apply((logged.update,), article, signals)
        except KeyError as error:
            raise ValueError(f"update {logged.update.number} speaks of {error}, which is not known") from error
    # An engine that came less far would give its next update a number that readers have seen on another one.
    if engine.number != last:
        raise ValueError(f"updates up to {last} were committed, those that are kept end at {engine.number}")
    return engine.number - before
