"""Measures how long the service takes to come back on a database: opened, brought up to date, its engine recovered.

`python -m bench.restart [FILE] [--stories 20000]` measures on copies of a database, one of an earlier version too, or
on one that it fills with stories of a few words each; by each way back (see `newsroom.recovery`).
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import apsw

from stayahead.model import Batch, Evidence, LoggedInput, Update
from stayahead.newsroom.recovery import recover
from stayahead.store import SqliteStore
from stayahead.stories import Row, StoryEngine, arrival_of

ROUNDS = 3
BATCH = 200


def main() -> int:
    """Print one line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="a database; default: one made now")
    parser.add_argument("--stories", type=int, default=20_000, help="of the database made now")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stayahead-bench-") as folder:
        source = options.file
        if source is None:
            source = Path(folder) / "made.db"
            _fill(source, options.stories)
        print(f"{source.name}: {_seconds(source, Path(folder))}")
        print(f"{source.name}, without its snapshot: {_seconds(source, Path(folder), without_snapshot=True)}")
    return 0


def _fill(path: Path, stories: int) -> None:
    """Stories that share no word, each of one article but every fifth, which has two; a third of a day of news."""
    engine, number, start = StoryEngine(), 0, datetime(2026, 11, 20, tzinfo=UTC)
    with closing(SqliteStore.open(path)) as store:
        updates: list[Update] = []
        inputs: list[LoggedInput] = []
        evidence: list[Evidence] = []
        for story in range(stories):
            for place in range(1 + (story % 5 == 0)):
                number += 1
                at = start + timedelta(seconds=number)
                title = " ".join(_word(story, word) for word in range(6)).capitalize()
                site = f"site{number % 400}.example"
                row = Row(
                    id=f"a{story}x{place}",
                    title=title,
                    arrival=at,
                    text=f"{title}, we are told.",
                    url=f"https://{site}/{number}",
                    publisher=site,
                    language="en",
                )
                arrival = arrival_of(row)
                updates += engine.add(arrival, at)
                inputs.append(LoggedInput(number=number, at=at, input=arrival))
                evidence.append(Evidence(article=arrival.article, signals=arrival.signals))
            if len(inputs) >= BATCH or story == stories - 1:
                batch = Batch(inputs=tuple(inputs), updates=tuple(updates), evidence=tuple(evidence))
                store.commit(batch if story < stories - 1 else _with_snapshot(batch, engine))
                updates, inputs, evidence = [], [], []


def _with_snapshot(batch: Batch, engine: StoryEngine) -> Batch:
    return Batch(inputs=batch.inputs, updates=batch.updates, evidence=batch.evidence, snapshot=engine.snapshot())


def _word(story: int, place: int) -> str:
    """Letters that no other story has."""
    return "".join(chr(97 + byte % 26) for byte in blake2b(f"{story} {place}".encode(), digest_size=8).digest())


def _seconds(source: Path, folder: Path, *, without_snapshot: bool = False) -> str:
    """The best of some rounds, in seconds of the clock."""
    best: tuple[float, float, float] | None = None
    stories = 0
    for _ in range(ROUNDS):
        path = folder / "copy.db"
        for end in ("", "-wal", "-shm", ".lock"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        shutil.copy(source, path)
        if without_snapshot:
            with closing(apsw.Connection(str(path))) as db:
                db.execute("UPDATE meta SET value = 0 WHERE key = 'snapshot_format'")
        start = time.monotonic()
        with closing(SqliteStore.open(path)) as store:
            opened = time.monotonic()
            stories = recover(store).live_stories
            done = time.monotonic()
        round_s = (done - start, opened - start, done - opened)
        best = round_s if best is None else min(best, round_s)
    assert best is not None
    return f"{best[0]:.2f} s (opened {best[1]:.2f}, recovered {best[2]:.2f}) for {stories:,} live stories"


if __name__ == "__main__":
    sys.exit(main())
