"""Finding a site's feed: which requests are made, what is chosen, and how it ends when there is none."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace

import pytest

from stayahead.cli.find_feed import MAX_REQUESTS, Choice, find_feed
from stayahead.errors import ConnectFailed, FetchError, ParseError
from stayahead.fetch import CannedFetcher
from stayahead.model import Fetched
from stayahead.newsroom.toolbox import InlinePreparer
from stayahead.parse.discovery import Clue
from tests.newsroom_world import answer, item

SITE = "https://paper.example"
RSS = "<rss><channel><title>{title}</title>{items}</channel></rss>"
NEWS_MAP = "<urlset><url><loc>https://paper.example/1</loc></url></urlset>"


def page(*links: str, body: str = "") -> str:
    named = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return f"<!DOCTYPE html><html><head>{named}</head><body>{body}</body></html>"


def rss(title: str, *items: str) -> str:
    return RSS.format(title=title, items="".join(items))


def search(answers: dict[str, str | Fetched | FetchError], path: str = "/") -> tuple[Choice, list[str]]:
    by_url = {
        f"{SITE}{at}": answer(f"{SITE}{at}", body, media_type="text/html" if body[:2] == "<!" else "text/xml")
        if isinstance(body, str)
        else body
        for at, body in answers.items()
    }
    fetcher = CannedFetcher(by_url)
    try:
        choice = asyncio.run(find_feed(f"{SITE}{path}", fetcher, InlinePreparer()))
    finally:
        paths = [request.url.removeprefix(SITE) for request in fetcher.requests]
        assert len(paths) <= MAX_REQUESTS
    return choice, paths


def test_a_feed_is_verified_by_one_request() -> None:
    choice, paths = search({"/feed": rss("The Paper", item(1), item(2))}, "/feed")
    assert paths == ["/feed"]
    assert (choice.feed.url, choice.feed.title, choice.feed.entries) == (f"{SITE}/feed", "The Paper", 2)
    assert choice.feed.clue is None


def test_of_a_page_the_first_named_feed_with_entries_is_chosen_and_the_others_are_told() -> None:
    linked = '<a href="/rss/sport.xml">Sport</a>'
    choice, paths = search(
        {
            "/": page("/empty.xml", "/gone.xml", "/a.xml", "/b.xml", body=linked),
            "/empty.xml": rss("Empty"),
            "/a.xml": rss("A", item(1)),
            "/b.xml": rss("B", item(1), item(2)),
        }
    )
    assert paths == ["/", "/robots.txt", "/empty.xml", "/gone.xml", "/a.xml", "/b.xml"]
    assert (choice.feed.title, choice.feed.clue) == ("A", Clue.NAMED)
    assert choice.named_by == f"{SITE}/"
    assert [other.title for other in choice.others] == ["B", "Empty"]
    assert [left.url for left in choice.untried] == [f"{SITE}/rss/sport.xml"]


def test_a_link_then_robots_then_common_addresses() -> None:
    choice, _ = search({"/": page(body='<a href="/rss/all">RSS</a>'), "/rss/all": rss("Linked", item(1))})
    assert choice.feed.clue is Clue.LINKED
    assert choice.named_by == ""  # whoever writes on a page may link to anything
    choice, paths = search({"/": page(), "/robots.txt": "Sitemap: /news.xml", "/news.xml": NEWS_MAP})
    assert (choice.feed.clue, choice.feed.entries) == (Clue.SITEMAP, 1)
    assert paths == ["/", "/robots.txt", "/news.xml"]
    choice, _ = search({"/": page(), "/rss.xml": rss("Guessed", item(1))})
    assert choice.feed.clue is Clue.GUESSED


def test_an_index_of_sitemaps_is_watched_itself_once_one_of_its_sitemaps_was_read() -> None:
    children = "".join(
        f"<sitemap><loc>{path}</loc></sitemap>" for path in ("/news-1.xml", "/news.xml.gz", "/pages.xml")
    )
    index = f"<sitemapindex>{children}</sitemapindex>"
    packed = replace(
        answer(f"{SITE}/news.xml.gz", ""), body=gzip.compress(NEWS_MAP.encode()), media_type="application/gzip"
    )
    for at, more in (
        ("/map.xml", {}),
        ("/", {"/": page(), "/robots.txt": "Sitemap: /map.xml"}),
    ):
        answers: dict[str, str | Fetched | FetchError] = {"/map.xml": index, "/news.xml.gz": packed}
        choice, paths = search({**answers, **more}, at)
        assert (choice.feed.url, choice.feed.entries) == (f"{SITE}/map.xml", 1)
        assert paths[-3:] == ["/map.xml", "/news-1.xml", "/news.xml.gz"]
    nested = {"/outer.xml": "<sitemapindex><sitemap><loc>/map.xml</loc></sitemap></sitemapindex>"}
    assert search({**answers, **nested}, "/outer.xml")[0].feed.url == f"{SITE}/outer.xml"
    with pytest.raises(ParseError, match="index of sitemaps, none of which could be read"):
        search({"/map.xml": index}, "/map.xml")


def test_a_page_that_leads_nowhere_says_what_to_do() -> None:
    with pytest.raises(ParseError, match=r"web page, not a feed, and none of 12 addresses.*--no-fetch") as caught:
        search({"/": page(*(f"/{n}.xml" for n in range(40)))})
    assert caught.value.url == f"{SITE}/"


def test_what_is_neither_page_nor_feed_and_who_does_not_answer() -> None:
    with pytest.raises(ParseError, match="list of items"):
        search({"/x": '{"error": "rate limited"}'}, "/x")
    with pytest.raises(ConnectFailed):
        search({"/x": ConnectFailed(f"{SITE}/x", "refused")}, "/x")
