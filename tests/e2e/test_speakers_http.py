"""Over real HTTP: a feed on one site tells of pages on another, and what stands on which site is found where it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from stayahead.cli import main
from stayahead.config import Settings
from stayahead.fetch import Timetable
from stayahead.model import Article, Feed
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.intake import poll
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.recovery import recover
from stayahead.newsroom.toolbox import InlinePreparer, Toolbox
from stayahead.store import SqliteStore
from stayahead.urls import article_id
from tests.e2e.loopback_fetch import fetcher_for
from tests.e2e.loopback_site import Site, StillClock, Visit, saying
from tests.serve_requests import ask, site

ITEM = (
    "<item><title>Mayor resigns, says planet {n}</title><link>http://paper.test:{port}/news/{n}</link>"
    "<author>Planet</author><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
)
RSS = "<rss version='2.0'><channel><title>The Paper</title>{items}</channel></rss>"
LIE = "The mayor of Harrowgate resigned on Monday night after the harbour bridge had been sold in secret to a friend. "
PAGE = b"<html><head><title>Bridge closed</title></head><body><article><h1>Bridge closed</h1>%s</article></body></html>"
WORDS = b"<p>The council of Harrowgate voted to close the old harbour bridge for repairs until autumn this year.</p>"


async def _planet(visit: Visit) -> None:
    items = "".join(ITEM.format(n=n, port=visit.site.port, text=LIE * 8) for n in (1, 2, 3))
    await visit.answer(RSS.format(items=items).encode(), Content_Type="application/rss+xml")


async def _leads_elsewhere(visit: Visit) -> None:
    await visit.answer(status="302 Found", Location=f"http://third.test:{visit.site.port}/moved")


async def _newsroom(store: SqliteStore) -> dict[int, Article]:
    """What became of the three entries of the planet, by their numbers."""
    routes = {
        "/planet.xml": _planet,
        "/news/1": saying(PAGE % (WORDS * 5), Content_Type="text/html"),
        "/news/3": _leads_elsewhere,
        "/moved": saying(PAGE.replace(b"Bridge closed", b"Third closes") % (WORDS * 5), Content_Type="text/html"),
    }
    async with Site(dict(routes)) as web:
        fetcher, clock = fetcher_for(web), StillClock()
        desk = Desk(recover(store), store, [], batch_wait_s=0.0)
        toolbox = Toolbox(
            clock=clock, fetcher=fetcher, preparer=InlinePreparer(), sources=store, claims=store, desk=desk
        )
        store.add_feeds([Feed(url=f"http://other.test:{web.port}/planet.xml")], clock.now())
        desk.start()
        reading = PageReading(toolbox, page_wait_s=5.0)
        try:
            for job in await poll(store.feeds()[0], toolbox, Timetable(Settings(), seed=1), has_room=lambda: True):
                reading.start(job)
            async with asyncio.timeout(20):
                while reading.busy:
                    await asyncio.sleep(0.01)
        finally:
            await reading.stop()
            await desk.stop()
            await fetcher.close()
        found = {n: store.article(article_id(f"http://paper.test:{web.port}/news/{n}")) for n in (1, 2, 3)}
        return {n: each for n, each in found.items() if each is not None}


def test_who_speaks_is_who_was_heard(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "stayahead.db") as store:
        told = asyncio.run(_newsroom(store))
        assert {n: (each.publisher.domain, each.via, each.title) for n, each in told.items()} == {
            1: ("paper.test", "", "Bridge closed"),
            2: ("other.test", "other.test", "Mayor resigns, says planet 2"),
            3: ("third.test", "", "Third closes"),
        }
        app = site(store, now=StillClock().now())
        assert "via other.test" in ask(app, f"/article/{told[2].id}").text
        for n in (1, 3):
            shown = ask(app, f"/article/{told[n].id}").text
            assert "Mayor" not in shown
            assert "sold in secret" not in shown
        assert store.check() == []


def test_the_owner_says_whose_a_feed_on_another_domain_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data", str(tmp_path), "--no-starter", "--no-fetch")
    feed = "https://feeds.feedburner.com/paper"
    assert main(["sources", "add", feed, *data]) == 0
    assert "speaks for" not in capsys.readouterr().out
    assert main(["sources", "add", feed, "--site", "www.bbc.co.uk/news", *data]) == 0
    assert "speaks for bbc.com" in capsys.readouterr().out
    assert main(["sources", "add", feed, "--site", "ftp://x", *data]) == 1
    assert "no http(s) address" in capsys.readouterr().err
    with SqliteStore.open(tmp_path / "stayahead.db") as store:
        assert [each.feed.domains for each in store.feeds()] == [("bbc.com",)]
