"""OPML in and out: folders, odd spellings, and what is no list."""

import pytest

from stayahead.errors import ParseError
from stayahead.model import Feed
from stayahead.parse import opml

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="News"><outline text="Islands &amp; coast">
  <outline type="rss" text="short" title="Harbour Post" xmlUrl="https://post.example/feed"/>
</outline><outline title="By title only"><outline text="B" XMLURL="http://b.example/rss?a=1&b=2"/></outline></outline>
<outline text="Top" xmlUrl="https://top.example/atom" category="/Science/Sky,/Other"/>
<outline text="again" xmlUrl="https://post.example/feed"/>
<outline text="no feed" type="link" url="https://x.example/"/><outline text="bad" xmlUrl="file:///etc/passwd"/>
</body></opml>"""


def test_folders_become_sections_and_each_feed_comes_once() -> None:
    assert opml.read(LIST.encode()) == (
        Feed(url="https://post.example/feed", title="Harbour Post", sections=("News", "Islands & coast")),
        Feed(url="http://b.example/rss?a=1&b=2", title="B", sections=("News", "By title only")),
        Feed(url="https://top.example/atom", title="Top", sections=("Science", "Sky")),
    )


def test_what_is_written_is_read_back() -> None:
    feeds = (
        Feed(url="https://a.example/?x=1&y=2", title='A "quoted" & <b>', sections=("World", "Asia")),
        Feed(url="https://b.example/feed", sections=("World",)),
        Feed(url="https://c.example/feed", title="Ünïcode 新聞"),
        Feed(url="https://d.example/feed", title="d", sections=("World", "Asia")),
    )
    read = opml.read(opml.write(feeds))
    assert set(read) == set(feeds)
    assert opml.write(feeds).count(b'text="Asia"') == 1


def test_forbidden_characters_do_not_break_the_writer() -> None:
    written = opml.write([Feed(url="https://a.example/", title="a\x00b\x1fc", sections=("\x0bs",))])
    assert opml.read(written) == (Feed(url="https://a.example/", title="abc", sections=("s",)),)


@pytest.mark.parametrize("body", [b"", b"<html><body/></html>", b"<rss/>", b"nothing", b"\xff\xfe\x00"])
def test_what_is_no_list_says_so(body: bytes) -> None:
    with pytest.raises(ParseError, match="not an OPML list") as caught:
        opml.read(body, url="mine.opml")
    assert caught.value.url == "mine.opml"


def test_a_list_without_feeds_is_one() -> None:
    assert opml.read(b"<opml><body/></opml>") == ()


def test_depth_costs_nothing() -> None:
    body = b"<opml><body>" + b'<outline text="f">' * 100_000 + b'<outline xmlUrl="https://deep.example/"/>'
    assert opml.read(body) == ()  # past the parser's depth: what lies there is cut, nothing hangs
    shallow = b"<opml><body>" + b'<outline text="f">' * 100 + b'<outline xmlUrl="https://deep.example/"/>'
    (feed,) = opml.read(shallow)
    assert len(feed.sections) == opml.MAX_SECTIONS
