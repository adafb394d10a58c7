"""Recovery: a journal in, the engine as it was at the last commit out. What was published is never decided again."""

from __future__ import annotations

import logging
import time

from stayahead.errors import SnapshotFormat
from stayahead.log import event
from stayahead.ports import Journal
from stayahead.stories import StoryEngine

log = logging.getLogger("stayahead.newsroom")


def recover(journal: Journal) -> StoryEngine:
    """Snapshot, then every committed update after it; without a readable snapshot, every update that is kept.

    Where early updates are forgotten and there is no readable snapshot, the engine begins after the last forgotten one
    and knows only of stories that were touched since (`StoryEngine(after=…)`); numbers go on as they were.
    """
    started = time.monotonic()
    snapshot = journal.snapshot()
    engine: StoryEngine | None = None
    way = "new" if snapshot is None else "snapshot"
    if snapshot is not None:
        try:
            engine = StoryEngine.restore(snapshot)
        except SnapshotFormat as error:
            event(log, logging.WARNING, "snapshot_unreadable", error=error)
    applied = 0
    for logged in journal.tail(after=engine.number if engine else 0):
        if engine is None:
            way = "updates"
            engine = StoryEngine(after=logged.update.number - 1)
        evidence = logged.evidence
        if evidence is None:
            engine.apply((logged.update,))
        else:
            engine.apply((logged.update,), evidence.article, evidence.signals)
        applied += 1
    if engine is None:
        number = journal.position().update
        engine = StoryEngine(after=number) if number else StoryEngine()
    seconds = time.monotonic() - started
    event(
        log,
        logging.INFO,
        "recovered",
        way=way,
        updates=applied,
        seconds=seconds,
        number=engine.number,
        stories=engine.live_stories,
    )
    return engine
