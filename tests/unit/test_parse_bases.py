"""What the relative links of a feed are relative to: the nearest `xml:base`, else the feed, else the site it is of."""

from __future__ import annotations

import json

import pytest

from stayahead import parse_feed
from stayahead.extract.entry import read_entry
from stayahead.model import Entry

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"


def first(source: str, *, url: str = "https://feeds.example.net/x/feed.xml") -> Entry:
    return parse_feed(source.encode(), url=url).entries[0]


def links(entry: Entry) -> list[str]:
    return [link.url for block in read_entry(entry).blocks for link in block.links]


def rss(item: str, *, site: str = "https://www.example.org/news/", attributes: str = "") -> str:
    head = f"<title>T</title><link>{site}</link>"
    return f"<rss version='2.0'><channel {attributes}>{head}<item>{item}</item></channel></rss>"


@pytest.mark.parametrize(
    ("feed", "entry", "link", "want"),
    [
        ("", "", "https://example.org/sub/", "https://example.org/sub/p/1"),
        ("", "https://example.org/sub/", "", "https://example.org/sub/p/1"),
        ("https://example.org/sub/", "", "", "https://example.org/sub/p/1"),
        ("https://example.org/a/", "b/", "c/", "https://example.org/a/b/c/p/1"),
        ("https://example.org/a/", "https://other.example/b/", "../c/", "https://other.example/c/p/1"),
    ],
)
def test_each_level_may_have_a_base(feed: str, entry: str, link: str, want: str) -> None:
    base = {name: f'xml:base="{value}"' if value else "" for name, value in (("f", feed), ("e", entry), ("l", link))}
    source = (
        f'<feed xmlns="{ATOM}" {base["f"]}><title>T</title><entry {base["e"]}><title>a</title><id>urn:1</id>'
        f'<link {base["l"]} href="p/1"/></entry></feed>'
    )
    assert first(source).url == want


@pytest.mark.parametrize("name", ["description", "content:encoded", "summary", "body"])
def test_an_escaped_text_has_the_base_of_its_element(name: str) -> None:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    text = '&lt;p>See &lt;a href="two">the other one&lt;/a> and &lt;a href="/three">more&lt;/a> here.&lt;/p>'
    item = f'<title>a</title><link>https://www.example.org/1</link><{name} xml:base="https://blog.example/p/">{text}</{name}>'
    assert links(first(rss(item, attributes=space))) == ["https://blog.example/p/two", "https://blog.example/three"]


@pytest.mark.parametrize(
    ("content", "div", "p", "want"),
    [
        ("", "https://blog.example/posts/", "", "https://blog.example/posts/two"),
        ("", "", "https://blog.example/posts/", "https://blog.example/posts/two"),
        ("https://blog.example/", "posts/", "", "https://blog.example/posts/two"),
        ("https://blog.example/", "a/", "b/", "https://blog.example/a/b/two"),
        ("https://blog.example/posts/", "", "", "https://blog.example/posts/two"),
    ],
)
def test_xhtml_may_have_bases_inside(content: str, div: str, p: str, want: str) -> None:
    base = [f'xml:base="{value}"' if value else "" for value in (content, div, p)]
    source = (
        f'<feed xmlns="{ATOM}"><title>T</title><entry><title>a</title><id>urn:1</id><link href="https://example.org/1"/>'
        f'<content type="xhtml" {base[0]}><div xmlns="{XHTML}" {base[1]}><p {base[2]}>See <a href="two">the other</a>, '
        'and <a href="https://elsewhere.example/">that</a>.</p></div></content></entry></feed>'
    )
    assert links(first(source)) == [want, "https://elsewhere.example/"]


@pytest.mark.parametrize(
    ("url", "link", "want"),
    [
        ("https://feeds.feedburner.com/post", "2024/story.html", "https://www.example.org/news/2024/story.html"),
        ("https://feeds.feedburner.com/post", "/42", "https://www.example.org/42"),
        ("", "/42", "https://www.example.org/42"),
        ("https://www.example.org/feeds/all.xml", "42", "https://www.example.org/feeds/42"),
        ("https://example.org/feeds/all.xml", "42", "https://example.org/feeds/42"),
        ("https://feeds.feedburner.com/post", "https://third.example/42", "https://third.example/42"),
    ],
)
def test_a_feed_on_another_host_is_relative_to_its_site(url: str, link: str, want: str) -> None:
    assert first(rss(f"<title>a</title><link>{link}</link>"), url=url).url == want
    listed = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://www.example.org/news/",
        "items": [{"id": "1", "url": link}],
    }
    assert first(json.dumps(listed), url=url).url == want


def test_a_base_of_its_own_comes_before_the_site() -> None:
    source = rss("<title>a</title><link>42</link>", attributes='xml:base="https://blog.example/p/"')
    assert first(source).url == "https://blog.example/p/42"


def test_links_under_bases_stay_within_the_room_of_a_feed() -> None:
    anchors = '<a href="x"/>' * 20_000
    source = (
        f'<feed xmlns="{ATOM}"><entry><title>a</title><id>1</id><content type="xhtml"><div xmlns="{XHTML}" '
        f'xml:base="https://a.example/{"b" * 900}/">{anchors}</div></content></entry></feed>'
    )
    assert len(first(source).html) < 4_000_000
