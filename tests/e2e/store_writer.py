"""Run by the crash test: commits numbered batches for ever and says each number after its commit returned."""

from __future__ import annotations

import sys
from pathlib import Path

from stayahead.model import Batch, EntryState, FeedState, Findings, Opened, Snapshot, SnapshotRow
from stayahead.store import SqliteStore
from tests.contract.store_parts import Teller, article, minutes, record


def main(path: Path) -> None:
    store = SqliteStore.open(path)
    position = store.position()
    teller = Teller(store, number=position.update, input=position.input)
    while True:
        ids = [f"a{teller.number + n + 1:07}" for n in range(1 + teller.number % 5)]
        seen = [article(id_, f"Word {id_}", at=teller.at + minutes(teller.number)) for id_ in ids]
        updates = [teller.update(id_, Opened(article_id=id_)) for id_ in ids]
        rows = (SnapshotRow(key="last", value=ids[-1].encode()),)
        snapshot = Snapshot(format=1, number=teller.number, rows=rows) if teller.number % 3 == 0 else None
        number = teller.commit(updates, seen=seen, records=[record(id_) for id_ in ids], snapshot=snapshot)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        later = record(f"later{number}", EntryState.PAGE_WANTED)
        state = FeedState(url="https://gazette.example/feed", etag=str(number))
        store.commit(Batch(findings=Findings(entries=(later,), feed_states=(state,))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
