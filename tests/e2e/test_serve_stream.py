"""The live stream over a real server on loopback: resumed by header without loss or repetition, ended on closing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from stayahead.store import SqliteStore
from tests.serve_requests import Event, Running, read_event, served
from tests.serve_stories import NOW, world


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with world() as store:
        yield store


def events(lines: Iterator[str]) -> Iterator[Event]:
    """The events of an answer as they come."""
    block: list[str] = []
    for line in lines:
        if line:
            block.append(line)
        else:
            yield read_event("\n".join(block))
            block = []


def commit_many(running: Running, story_ids: list[str], rounds: int) -> None:
    for index in range(rounds):
        running.join(*story_ids[: 1 + index % 3])


def test_a_browser_that_comes_back_by_header_loses_and_repeats_nothing(pages: SqliteStore) -> None:
    with served(pages) as running:
        story_ids = [row.head.id for row in running.pages.front(NOW, limit=3)]
        start = running.pages.position().update
        rounds = 90
        total = sum(1 + index % 3 for index in range(rounds))
        publisher = threading.Thread(target=commit_many, args=(running, story_ids, rounds))
        heard: Counter[str] = Counter()
        last, turn = f"k7f2-{start}", 0
        publisher.start()
        while heard.total() < total:
            turn += 1
            headers = {"last-event-id": last}
            url = f"{running.url}/live?topics=front&after=k7f2-0"  # the header is newer and wins
            with httpx.stream("GET", url, headers=headers, timeout=20) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                assert answer.headers["cache-control"] == "no-store"
                assert "content-security-policy" in answer.headers
                for count, event in enumerate(events(answer.iter_lines())):
                    assert event.kind in {"", "hello", "stories"}
                    for line in event.stories:
                        kinds = line["kinds"]
                        assert isinstance(kinds, dict)
                        heard[str(line["id"])] += sum(kinds.values())
                    last = event.id or last
                    if heard.total() >= total or (turn < 8 and count > turn):
                        break
        publisher.join()
        assert heard == Counter(update.story.id for update in pages.updates(after=start, limit=10_000) or ())


def test_a_database_that_was_restored_resets_its_readers(pages: SqliteStore) -> None:
    with served(pages) as running:
        headers = {"last-event-id": "anotherepoch-12"}
        with httpx.stream("GET", f"{running.url}/live", headers=headers, timeout=20) as answer:
            stream = events(answer.iter_lines())
            assert next(stream).retry == "3000"
            assert next(stream).kind == "reset"


def test_a_reader_who_leaves_is_forgotten(pages: SqliteStore) -> None:
    with served(pages) as running:
        with httpx.stream("GET", f"{running.url}/live", timeout=20) as answer:
            stream = events(answer.iter_lines())
            next(stream)
            assert running.hub.readers == 1
        gone = threading.Event()
        for _ in range(400):
            if running.hub.readers == 0:
                break
            gone.wait(0.025)
        assert running.hub.readers == 0


def test_closing_the_hub_ends_the_answer(pages: SqliteStore) -> None:
    with served(pages) as running, httpx.stream("GET", f"{running.url}/live", timeout=20) as answer:
        stream = events(answer.iter_lines())
        assert [next(stream).kind, next(stream).kind] == ["", "hello"]
        running.loop.call_soon_threadsafe(running.hub.close)
        assert list(stream) == []


def test_pages_are_compressed_and_head_has_no_body(pages: SqliteStore) -> None:
    with served(pages) as running:
        answer = httpx.get(running.url + "/", headers={"accept-encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert "Ferry with 212 aboard" in answer.text
        head = httpx.head(running.url + "/")
        assert (head.status_code, head.content) == (200, b"")
