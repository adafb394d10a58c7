"""Memories in the loop: pages get cleaner as a host is known, over restarts too, within bounds."""

from __future__ import annotations

import asyncio
import pickle
from datetime import timedelta

from stayahead.extract import HostMemory, HostRecord, fold, memory_of, observe_page
from stayahead.fetch import CannedFetcher
from stayahead.model import Batch
from stayahead.newsroom import host_memories as module
from stayahead.newsroom.budget import Budget
from stayahead.newsroom.host_memories import HostMemories
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.page_rereading import PageRereading
from tests.host_pages import ABOUT, LETTER, SITE, paragraphs, story_page, words_of
from tests.newsroom_world import FEED, NOON, World, answer, feed, item, world, world_on
from tests.stores import fresh_store

HOST = "paper.example"


def _fetcher(count: int) -> CannedFetcher:
    answers = {
        f"{SITE}/news/{n}": answer(f"{SITE}/news/{n}", story_page(n, after=[ABOUT, LETTER])) for n in range(count)
    }
    items = [item(n, title=f"{words_of(n)[0].title()} number {n}") for n in range(count)]
    return CannedFetcher({FEED: feed(*items), **answers})


async def _play(made: World, count: int, reading: PageReading) -> list[str]:
    """The texts in the order in which the pages were read, one after the other."""
    texts = []
    for job in sorted(await made.poll(), key=lambda job: job.record.entry.url):
        reading.start(job)
        async with asyncio.timeout(10):
            while reading.busy:
                await asyncio.sleep(0.005)
        stored = made.store.article(job.record.id)
        assert stored is not None
        texts.append(stored.page.text)
    assert len(texts) == count
    return texts


def test_the_fifth_page_of_a_host_is_read_cleaner_than_the_first() -> None:
    async def play() -> None:
        with fresh_store() as store:
            async with world_on(store, _fetcher(6)) as made:
                texts = await _play(made, 6, PageReading(made.toolbox, page_wait_s=5))
                assert LETTER in texts[0]
                assert ABOUT in texts[0]
                assert texts[4].split("\n\n") == paragraphs(4)
                assert texts[5].split("\n\n") == paragraphs(5)
            # the desk has stopped, and with its last commit stored what it learnt
            kept = HostMemories(store.host_record).memory(HOST)
        assert kept.number == 6
        assert kept.knows(LETTER)

    asyncio.run(play())


def test_that_furniture_is_known_now_makes_no_revision() -> None:
    async def play() -> None:
        fetcher = _fetcher(6)
        async with world(fetcher) as made:
            reading = PageReading(made.toolbox, page_wait_s=5)
            assert LETTER in (await _play(made, 6, reading))[0]
            again = PageRereading(made.toolbox, reading, Budget(share=9.0, host_gap=timedelta(minutes=1)))
            made.clock.advance(minutes=20)
            for _ in range(8):
                await again.look()
                async with asyncio.timeout(10):
                    while again.busy:
                        await asyncio.sleep(0.005)
                made.clock.advance(minutes=2)
            assert sum(request.url == f"{SITE}/news/0" for request in fetcher.requests) >= 2
            assert "revised" not in made.ears.kinds()

    asyncio.run(play())


def _fold(memories: HostMemories, host: str, number: int) -> None:
    url = f"https://{host}/{number}"
    seen = observe_page(story_page(number, after=[LETTER]), url=url, memory=memories.memory(host))[1]
    assert seen is not None
    memories.fold(seen)


def test_what_is_handed_out_is_what_folding_makes() -> None:
    memories = HostMemories(lambda _: None)
    record = HostRecord(host=HOST)
    for number in range(6):
        seen = observe_page(story_page(number, after=[LETTER]), url=f"{SITE}/{number}", memory=memories.memory(HOST))[1]
        assert seen is not None
        memories.fold(seen)
        record = fold(record, seen)
        assert memories.memory(HOST) == memory_of(record)
    assert len(pickle.dumps(memories.memory(HOST))) < 1_000


def test_a_host_out_of_memory_comes_back_from_the_store() -> None:
    with fresh_store() as store:
        memories = HostMemories(store.host_record)
        for number in range(5):
            _fold(memories, HOST, number)
        store.commit(Batch(hosts=memories.changed(NOON)))
        assert memories.changed(NOON) == ()
        for number in range(module.HOSTS_MAX):
            memories.memory(f"other{number}.example")
        assert not memories.is_near(HOST)
        assert memories.memory(HOST).knows(LETTER)
        assert memories.is_near(HOST)


def test_a_host_out_of_memory_before_it_was_stored_is_not_lost() -> None:
    memories = HostMemories(lambda _: None)
    for number in range(5):
        _fold(memories, HOST, number)
    for number in range(module.HOSTS_MAX):
        memories.memory(f"other{number}.example")
    assert memories.memory(HOST).number == 5


def test_a_record_that_cannot_be_read_is_learnt_again() -> None:
    memories = HostMemories(lambda _: b"\x93of another version")
    assert memories.memory(HOST) == HostMemory(host=HOST)
    _fold(memories, HOST, 1)
    assert memories.memory(HOST).number == 1
