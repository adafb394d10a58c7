from __future__ import annotations

import threading
from pathlib import Path

import pytest

from stayahead.errors import StoreError
from stayahead.model import Batch, Joined, Story, UrlAlias
from stayahead.ports import Journal, Pages, Sources, Upkeep
from stayahead.store import MemoryStore
from tests.contract.store_parts import Teller, article


def test_one_value_serves_every_port() -> None:
    store = MemoryStore()
    journal: Journal = store
    sources: Sources = store
    pages: Pages = store
    upkeep: Upkeep = store
    assert journal.position() == pages.position()
    assert sources.feeds() == []
    assert upkeep.check() == []


def test_memory_has_no_file_to_copy(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"backup\.db: a store in memory has no file"):
        MemoryStore().backup(tmp_path / "backup.db")
    assert list(tmp_path.iterdir()) == []


def test_a_refused_batch_leaves_no_trace() -> None:
    store = MemoryStore()
    teller = Teller(store)
    teller.open("a")
    before = (list(store.export()), store.counts(), store.position())
    teller.number = 5
    with pytest.raises(StoreError):
        teller.open("b")
    with pytest.raises(StoreError):
        teller.commit(
            [teller.update("b", Joined(article_id="ghost"))],
            aliases=[UrlAlias(url="https://x.example/", article_id="a")],
        )
    assert (list(store.export()), store.counts(), store.position()) == before
    assert store.alias_of("https://x.example/") is None


def test_an_empty_batch_changes_nothing() -> None:
    store = MemoryStore()
    assert store.commit(Batch()) == 0


def test_readers_in_other_threads_see_whole_commits() -> None:
    store = MemoryStore()
    teller = Teller(store)
    teller.open("a")
    done = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not done.is_set():
            told = store.story("a")
            if not isinstance(told, Story) or told.head.parts.articles != len(told.articles):
                wrong.append(told)

    thread = threading.Thread(target=read)
    thread.start()
    for n in range(200):
        teller.join("a", article(f"b{n}"))
    done.set()
    thread.join()
    assert wrong == []
