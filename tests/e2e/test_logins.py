"""A feed's user and password reach its own server, and nothing that anybody can read."""

from __future__ import annotations

import asyncio
import logging
from io import StringIO
from pathlib import Path

import pytest

from stayahead.cli import main
from stayahead.config import Settings
from stayahead.fetch import Timetable
from stayahead.log import event, written_to
from stayahead.model import Feed
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.intake import poll
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.recovery import recover
from stayahead.newsroom.toolbox import InlinePreparer, Toolbox
from stayahead.store import SqliteStore
from tests.e2e.loopback_fetch import fetcher_for
from tests.e2e.loopback_site import Site, StillClock, Visit, saying
from tests.serve_requests import ask, site

PASSWORD = "hunter2hunter2"  # what must not be found anywhere
PLACES = ("/", "/latest", "/search?q=harbour", "/sources", "/v1/stories", "/v1/updates", "/v1/sources",
          "/v1/search?q=harbour", "/metrics")  # fmt: skip
ITEM = (
    b"<item><title>Harbour bridge closed for %d days</title><link>/news/%d</link>"
    b'<description>&lt;p&gt;The &lt;a href="/more"&gt;harbour&lt;/a&gt; bridge.&lt;/p&gt;</description></item>'
)
RSS = b"<rss version='2.0'><channel><title>Paper</title><link>/</link>%s</channel></rss>"
PAGE = b"<html><body><article><h1>Harbour bridge closed</h1>%s<p><a href='/x'>More</a></p></article></body></html>"
WORDS = b"<p>The council of Harrowgate voted to close the old harbour bridge for repairs until autumn this year.</p>"


async def _newsroom(store: SqliteStore) -> list[Visit]:
    routes = {
        "/feed.xml": saying(RSS % (ITEM % (3, 1) + ITEM % (4, 2)), Content_Type="application/rss+xml"),
        "/news/1": saying(PAGE % (WORDS * 5), Content_Type="text/html"),
        "/broken": saying(b"<html>no feed</html>", Content_Type="text/html"),
    }
    async with Site(dict(routes)) as paper:
        clock = StillClock()
        fetcher = fetcher_for(paper)
        desk = Desk(recover(store), store, [], batch_wait_s=0.0)
        toolbox = Toolbox(
            clock=clock, fetcher=fetcher, preparer=InlinePreparer(), sources=store, claims=store, desk=desk
        )
        with_login = f"http://me:{PASSWORD}@paper.test:{paper.port}"
        store.add_feeds([Feed(url=with_login + path) for path in ("/feed.xml", "/broken", "/missing")], clock.now())
        desk.start()
        reading = PageReading(toolbox, page_wait_s=5.0)
        try:
            for watched in store.feeds():
                for job in await poll(watched, toolbox, Timetable(Settings(), seed=1), has_room=lambda: True):
                    reading.start(job)
            while reading._jobs:  # until both pages are settled
                await asyncio.sleep(0.01)
        finally:
            await reading.stop()
            await desk.stop()
            await fetcher.close()
        return paper.visits


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with SqliteStore.open(tmp_path / "stayahead.db") as store:
        visits = asyncio.run(_newsroom(store))
    asked = [visit for visit in visits if visit.path != "/robots.txt"]
    assert {visit.path for visit in asked} >= {"/feed.xml", "/news/1", "/broken", "/missing"}
    assert all(visit.fields["authorization"].startswith("Basic ") for visit in asked)
    return tmp_path


def test_no_page_and_no_answer_says_a_password(data: Path) -> None:
    with SqliteStore.open(data / "stayahead.db") as store:
        app = site(store)
        ids = [row.head.id for row in store.front(StillClock().now(), limit=9)]
        stories = [store.reports(id_, limit=9) for id_ in ids]
        articles = [each.id for reports in stories for each in reports]
        assert articles
        places = [*PLACES, *(f"/story/{id_}" for id_ in ids), *(f"/v1/stories/{id_}" for id_ in ids)]
        places += [f"{way}{id_}" for id_ in articles for way in ("/article/", "/v1/articles/")]
        for place in places:
            for client in ("127.0.0.1", "192.0.2.7"):
                answer = ask(app, place, client=client)
                assert answer.status_code in {200, 404}, place
                assert PASSWORD not in answer.text, place
        assert "paper.test" in ask(app, "/sources").text


@pytest.mark.parametrize("words", [["export"], ["sources", "list"], ["sources", "export"], ["check"]])
def test_no_command_says_a_password(data: Path, words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--data", str(data)]) == 0
    said = capfd.readouterr()
    assert words == ["check"] or "paper.test" in said.out
    assert PASSWORD not in said.out + said.err


def test_a_list_for_another_reader_of_ours_may_have_them(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "export", "--with-logins", "--data", str(data)]) == 0
    assert capfd.readouterr().out.count(PASSWORD) >= 3


def test_a_feed_with_a_login_is_removed_as_it_is_listed(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with SqliteStore.open(data / "stayahead.db", read_only=True) as store:
        port = store.feeds()[0].feed.url.rpartition(":")[2].partition("/")[0]
    assert main(["sources", "remove", f"http://paper.test:{port}/broken", "--data", str(data)]) == 0
    assert "no longer watched" in capfd.readouterr().out


def test_no_log_line_says_a_password() -> None:
    out = StringIO()
    with written_to(out, log_format="text", level="info", monotonic=lambda: 0.0):
        log = logging.getLogger("stayahead.test")
        error = ValueError(f"http://me:{PASSWORD}@paper.test/feed")
        event(log, logging.ERROR, "poll_failed", url=f"http://me:{PASSWORD}@paper.test/", error=error, trace=error)
    assert "poll_failed" in out.getvalue()
    assert PASSWORD not in out.getvalue()
