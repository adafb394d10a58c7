"""Recovery: a journal in, the engine as it was at the last commit out. What was published is never decided again."""

from __future__ import annotations

from stayahead.errors import SnapshotFormat
from stayahead.ports import Journal
from stayahead.stories import StoryEngine


def recover(journal: Journal) -> StoryEngine:
    """Snapshot, then every committed update after it; without a readable snapshot, every update that is kept."""
    snapshot = journal.snapshot()
    engine = StoryEngine()
    if snapshot is not None:
        try:
            engine = StoryEngine.restore(snapshot)
        except SnapshotFormat:
            engine = StoryEngine()
    for logged in journal.tail(after=engine.number):
        evidence = logged.evidence
        if evidence is None:
            engine.apply((logged.update,))
        else:
            engine.apply((logged.update,), evidence.article, evidence.signals)
    return engine
