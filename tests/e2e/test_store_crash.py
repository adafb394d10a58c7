from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from stayahead.model import Feed, Story
from stayahead.store import SqliteStore
from tests.contract.store_parts import T0

ROUNDS = 6
ROOT = Path(__file__).parents[2]
FEED = Feed(url="https://gazette.example/feed")


def _write_and_kill(path: Path, after_s: float) -> int:
    """Let a writer work, kill it, and give the last number that it acknowledged."""
    environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [sys.executable, "-m", "tests.e2e.store_writer", str(path)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, cwd=ROOT)
    assert writer.stdout is not None
    first = writer.stdout.readline()  # it works
    time.sleep(after_s)
    writer.send_signal(signal.SIGKILL)
    said, _ = writer.communicate(timeout=30)
    lines = [line for line in (first + said).split(b"\n")[:-1] if line]  # the last piece may be cut short
    return int(lines[-1])


def test_nothing_acknowledged_is_lost_by_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    moments = random.Random(20261122)
    with SqliteStore.open(path) as store:
        store.add_feeds([FEED], T0)
    for _ in range(ROUNDS):
        acknowledged = _write_and_kill(path, moments.uniform(0.02, 0.4))
        with SqliteStore.open(path) as store:
            reached = store.position().update
            assert reached >= acknowledged
            assert list(store.check()) == []
            told = [logged.update for logged in store.tail(after=0)]
            assert [update.number for update in told] == list(range(1, reached + 1))
            for update in told:
                story = store.story(update.story.id)
                assert isinstance(story, Story)
                assert [one.id for one in story.articles] == [update.story.id]
                assert store.article(update.story.id) is not None
            assert [line.number for line in store.inputs(after=0, limit=reached + 1)] == list(range(1, reached + 1))
            assert store.counts().articles == reached
            newest = f"a{reached:07}"
            assert [hit.article.id for hit in store.search(newest, limit=2).hits] == [newest]
            etag = store.feeds()[0].state.etag
            assert etag == "" or store.known_entries([f"later{etag}"])
