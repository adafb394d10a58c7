"""Polling by the owner's word: a source is asked at once, whatever its schedule says, and says what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from stayahead.errors import ConnectFailed, DeskStopped, UnknownSource
from stayahead.fetch import CannedFetcher
from stayahead.model import FeedState, Fetched, Polled
from stayahead.newsroom.loop import Newsroom
from stayahead.ports import Request
from stayahead.store import SqliteStore
from tests.newsroom_world import FEED, NOON, World, feed, item, whole, world
from tests.serve_requests import OWNER, ask, site
from tests.serve_stories import world as stories
from tests.unit.test_serve_api import check

OTHER = "https://other.example/feed"


def newsroom_of(made: World) -> Newsroom:
    return Newsroom(made.toolbox, made.timetable, polls_at_once=4, page_wait_s=1)


def test_a_source_is_asked_before_its_time_and_its_articles_are_out() -> None:
    async def play() -> None:
        fetcher = CannedFetcher({FEED: [feed(item(1, text=whole(1))), ConnectFailed(FEED, "it broke")]})
        async with world(fetcher) as made:
            assert made.watched().state.next_poll_at is not None
            newsroom = newsroom_of(made)
            (polled,) = await newsroom.poll_now(FEED, wait_s=5)
            assert polled.is_done
            assert (polled.state.entries, polled.state.error) == (1, "")
            assert made.ears.kinds() == ["opened"]
            (polled,) = await newsroom.poll_now(None, wait_s=5)
            assert polled.state.error == "it broke"
            with pytest.raises(UnknownSource, match="sources list"):
                await newsroom.poll_now(OTHER, wait_s=5)

    asyncio.run(play())


def test_what_has_not_answered_in_time_says_so_and_two_polls_are_one_request() -> None:
    class Slow(CannedFetcher):
        let = asyncio.Event()

        async def fetch(self, request: Request) -> Fetched:
            await self.let.wait()
            return await super().fetch(request)

    async def play() -> None:
        fetcher = Slow({FEED: feed(item(1, text=whole(1)))})
        async with world(fetcher) as made:
            newsroom = newsroom_of(made)
            (polled,) = await newsroom.poll_now(FEED, wait_s=0.05)
            assert not polled.is_done
            fetcher.let.set()
            (polled,) = await newsroom.poll_now(FEED, wait_s=5)
            assert polled.is_done
            assert len(fetcher.requests) == 1

    asyncio.run(play())


class Newsdesk:
    """Answers, or raises, what the test says."""

    def __init__(self, answer: Sequence[Polled] | Exception) -> None:
        self.answer = answer
        self.asked: list[str | None] = []

    async def poll_now(self, url: str | None, *, wait_s: float) -> Sequence[Polled]:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def post(polls: Newsdesk | None, body: object) -> tuple[int, Any]:
    with stories() as pages:
        return _post(pages, polls, body)


def _post(pages: SqliteStore, polls: Newsdesk | None, body: object) -> tuple[int, Any]:
    app = site(pages, polls=polls)
    answer = ask(app, "/v1/sources/poll", method="POST", headers=OWNER, content=json.dumps(body))
    document = ask(app, "/v1/openapi.json").json()
    described = document["paths"]["/v1/sources/poll"]["post"]["responses"][str(answer.status_code)]
    if answer.status_code == 200:
        check(answer.json(), described["content"]["application/json"]["schema"], document)
    return answer.status_code, answer.json()


def test_the_owner_hears_of_each_source_how_it_did() -> None:
    states = (
        Polled(state=FeedState(url="https://a.example/f", entries=7, status=200, next_poll_at=NOON)),
        Polled(state=FeedState(url="https://b.example/f", failures=1, error="it broke")),
        Polled(state=FeedState(url="https://c.example/f", gone=True)),
        Polled(state=FeedState(url="https://d.example/f", failures=1), is_done=False),
    )
    polls = Newsdesk(states)
    status, body = post(polls, {"url": None})
    assert status == 200
    assert [each["state"] for each in body["sources"]] == ["ok", "failing", "gone", "asked"]
    assert body["sources"][0]["next_poll_at"] == (NOON + timedelta(0)).isoformat().replace("+00:00", "Z")
    assert polls.asked == [None]


@pytest.mark.parametrize(
    ("answer", "body", "status"),
    [
        (UnknownSource("not watched"), {"url": OTHER}, 404),
        (DeskStopped("the disk is full"), {"url": OTHER}, 503),
        (None, {"url": OTHER}, 503),
        ((), {"url": ""}, 422),
        ((), {"url": 7}, 422),
        ((), {}, 422),
        ((), {"url": None, "all": True}, 422),
    ],
)
def test_refusals_say_why(answer: Sequence[Polled] | Exception | None, body: object, status: int) -> None:
    assert post(None if answer is None else Newsdesk(answer), body)[0] == status
