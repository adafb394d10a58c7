"""Places and bytes shared by source: whose turn it is, who may not have more, and that nobody waits for ever."""

from __future__ import annotations

import asyncio
import random

import pytest

from stayahead.fetch.bodies import LEAST_BYTES, Bodies, Lease
from stayahead.fetch.whole import is_whole
from stayahead.newsroom.shares import Asker, Shares


def page(source: str) -> Asker:
    return Asker(source=source, is_page=True)


def feed(source: str) -> Asker:
    return Asker(source=source)


async def _queue(shares: Shares, askers: list[Asker]) -> tuple[list[Asker], list[asyncio.Task[None]]]:
    order: list[Asker] = []

    async def take(asker: Asker) -> None:
        await shares.take(asker)
        order.append(asker)

    tasks = [asyncio.create_task(take(asker)) for asker in askers]
    await asyncio.sleep(0)
    return order, tasks


def test_sources_take_turns_and_feeds_go_first() -> None:
    async def run() -> None:
        shares = Shares(1)
        await shares.take(feed("first"))
        many, few = page("many"), page("few")
        order, tasks = await _queue(shares, [many, many, many, few, feed("late"), few])
        held = feed("first")
        for _ in range(6):
            shares.give_back(held)
            await asyncio.sleep(0)
            held = order[-1]
        assert [(each.source, each.is_page) for each in order] == [
            ("late", False),
            ("many", True),
            ("few", True),
            ("many", True),
            ("few", True),
            ("many", True),
        ]
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_no_source_has_more_than_its_share_and_pages_leave_some_to_feeds() -> None:
    async def run() -> None:
        shares = Shares(64)
        one, tasks = await _queue(shares, [page("one")] * 50)
        assert len(one) == 8
        others, more = await _queue(shares, [page(str(number)) for number in range(50)])
        assert len(others) == 40, "48 of 64 are for pages"
        feeds, rest = await _queue(shares, [feed(str(number)) for number in range(20)])
        assert len(feeds) == 16
        assert shares.are_taken
        for task in (*tasks, *more, *rest):
            task.cancel()

    asyncio.run(run())


def test_who_gives_up_costs_the_others_no_place() -> None:
    async def run() -> None:
        shares = Shares(1)
        await shares.take(feed("a"))
        _, (gone, next_) = await _queue(shares, [feed("b"), feed("c")])
        gone.cancel()
        await asyncio.sleep(0)
        shares.give_back(feed("a"))
        await next_
        _, (last, other) = await _queue(shares, [feed("d"), feed("e")])
        shares.give_back(feed("c"))
        last.cancel()  # in the same moment as its place comes
        await other
        assert shares.are_taken

    asyncio.run(run())


def test_one_key_has_one_place() -> None:
    async def run() -> None:
        shares = Shares(8)
        await shares.take(feed("a"), key="host")
        second = asyncio.create_task(shares.take(feed("b"), key="host"))
        await asyncio.sleep(0)
        await shares.take(feed("c"), key="other")
        assert not second.done()
        shares.give_back(feed("a"), key="host")
        await second

    asyncio.run(run())


# --- bytes ---


def test_a_source_has_half_and_pages_leave_a_quarter_to_feeds() -> None:
    async def run() -> None:
        bodies = Bodies(16 * LEAST_BYTES)
        leases = [await bodies.lease(page("hostile")) for _ in range(8)]
        waiting = [asyncio.create_task(bodies.lease(page("hostile"))) for _ in range(3)]
        await asyncio.sleep(0)
        assert [task.done() for task in waiting] == [True, False, False], "one goes on past its share"
        await bodies.lease(page("honest"))
        for _ in range(5):
            await bodies.lease(feed("feed"))
        for lease in leases:
            lease.end()
            lease.end()
        await asyncio.gather(*waiting[1:])

    asyncio.run(run())


@pytest.mark.parametrize("seed", range(20))
def test_whoever_waits_for_bytes_gets_them_in_the_end_within_the_budget_and_one_body(seed: int) -> None:
    """No deadlock: bodies of random sizes, sources and ends, each waiting for what the others hold."""
    chance = random.Random(seed)
    budget, largest = 1_000_000, 400_000
    most = 0

    async def body(bodies: Bodies, asker: Asker) -> None:
        nonlocal most
        lease: Lease = await bodies.lease(asker)
        try:
            for _ in range(chance.randrange(1, largest // 20_000)):
                await lease.grow(20_000)
                most = max(most, bodies.taken)
                await asyncio.sleep(0)
            if chance.random() < 0.5:
                await asyncio.sleep(0.001)
        finally:
            lease.end()

    async def run() -> None:
        bodies = Bodies(budget)
        askers = [Asker(source=str(chance.randrange(5)), is_page=chance.random() < 0.7) for _ in range(60)]
        tasks = [asyncio.create_task(body(bodies, asker)) for asker in askers]
        for task in chance.sample(tasks, 10):
            asyncio.get_running_loop().call_later(chance.random() / 100, task.cancel)
        done = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), timeout=30)
        assert sum(result is None for result in done) >= 50
        assert bodies.waiting == 0

    asyncio.run(run())
    assert most <= budget + largest + LEAST_BYTES


# --- whole documents ---


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("<rss></rss>", True),
        ('\ufeff<?xml version="1.0"?>\n<!-- a > b --><!DOCTYPE rss>\n<RSS><a/></rss >\n<!-- x -->', True),
        ("<rdf:RDF xmlns:rdf='x'></rdf:RDF>", True),
        ("<feed><entry></entry>", False),
        ("<rss></rss", False),
        ("<rss></rssx>", False),
        ('{"items": []}', True),
        ('{"items": [', False),
        ("[{}]", True),
        ("only words", None),
        ("<!DOCTYPE html><link href='/'>", None),
        ("<!DOCTYPE html><html><p>a</html>", True),
        ("", None),
        ("<!-- never closed", None),
        ("<?xml", None),
    ],
)
def test_a_document_is_whole_when_its_root_is_closed(text: str, whole: bool | None) -> None:
    body = text.encode()
    assert is_whole(body, body) is whole
    wide = text.encode("utf-16")
    assert is_whole(wide, wide) is whole
