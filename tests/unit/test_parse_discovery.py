"""Feeds of a site: what its page names, what it links to, what robots.txt says, where feeds often are."""

from __future__ import annotations

import pytest

from stayahead.parse.discovery import COMMON_PATHS, MAX_CANDIDATES, Candidate, Clue, feeds_of
from tests.unit.test_parse_hostile import calls_of

URL = "https://paper.example/"
PAGE = """<!DOCTYPE html><html><head><title>The Paper</title>
<!-- <link rel="alternate" type="application/rss+xml" href="/hidden.xml"> -->
<link rel="alternate" type="application/rss+xml" title="Comments on The Paper" href="/comments/feed/">
<link href='/feed.xml?a=1&amp;b=2' title='The Paper &raquo; News' type='application/rss+xml; charset=x' rel=alternate>
<LINK REL="Alternate" TYPE="application/atom+xml" HREF="https://paper.example/atom">
<link rel="alternate" type="application/feed+json" href="feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
<link rel="alternate" type="application/json+oembed" href="/oembed?format=json">
<link rel="alternate" hreflang="de" href="/de/">
<link rel="stylesheet" href="/feed.css"><link rel="feed" href="/h-feed">
</head><body><a href="https://elsewhere.example/rss/world">World</a> <a class="x" href="/rss/politics.xml">Politics</a>
<a href="/feedback">Write to us</a> <a href="mailto:feed@paper.example">Mail</a> <a href="/?feed=rss2">RSS</a>
<a href="/rss/politics.xml#top">again</a></body></html>"""


def urls(candidates: tuple[Candidate, ...], *clues: Clue) -> list[str]:
    return [candidate.url.removeprefix(URL) for candidate in candidates if candidate.clue in clues]


def test_what_the_page_names_comes_first_and_comments_last() -> None:
    candidates = feeds_of(PAGE, url=URL)
    assert urls(candidates, Clue.NAMED) == ["feed.xml?a=1&b=2", "atom", "feed.json", "h-feed", "comments/feed/"]
    assert candidates[0] == Candidate(url=f"{URL}feed.xml?a=1&b=2", title="The Paper » News", clue=Clue.NAMED)
    assert feeds_of(PAGE.encode("utf-16"), url=URL) == candidates


def test_links_that_look_like_feeds_come_next_those_of_the_site_first() -> None:
    candidates = feeds_of(PAGE, url=URL)
    assert urls(candidates, Clue.LINKED) == ["rss/politics.xml", "?feed=rss2", "https://elsewhere.example/rss/world"]
    assert [each.clue for each in candidates] == sorted((each.clue for each in candidates), key=list(Clue).index)


def test_sitemaps_of_robots_and_common_addresses_are_the_last() -> None:
    robots = b"User-agent: *\nDisallow: /x\n sitemap : https://paper.example/sitemap.xml\nSitemap: /news-map.xml\r\n"
    candidates = feeds_of("", url="https://paper.example/city/", robots=robots)
    assert [each.url.removeprefix(URL) for each in candidates] == [
        "news-map.xml",
        "city/feed",
        "city/rss",
        *(path[1:] for path in COMMON_PATHS[:6]),
        "sitemap.xml",
        *(path[1:] for path in COMMON_PATHS[6:]),
    ]
    assert urls(candidates, Clue.SITEMAP) == ["news-map.xml", "sitemap.xml"]


def test_a_base_counts_and_the_page_itself_is_no_candidate() -> None:
    page = """<base href="https://cdn.example/x/"><link rel="alternate" type="application/rss+xml" href="r.xml">
        <a href="https://paper.example/rss">here</a>"""
    candidates = feeds_of(page, url="https://paper.example/rss")
    assert candidates[0].url == "https://cdn.example/x/r.xml"
    assert "https://paper.example/rss" not in [each.url for each in candidates]


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<a href=/rss>", '<link a="', "<!--", "<link rel=alternate type=application/rss+xml href=/x>", "a="],
)
def test_any_page_costs_work_in_proportion_and_gives_few(piece: str) -> None:
    def work(times: int) -> int:
        return calls_of(lambda: feeds_of(piece * times, url=URL, robots=piece * times))

    work(10)
    assert work(8_000) <= 2.2 * work(4_000) + 2_000
    assert len(feeds_of("".join(f"<a href=/rss/{n}>" for n in range(500)), url=URL)) == MAX_CANDIDATES
