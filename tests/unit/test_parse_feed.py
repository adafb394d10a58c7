"""Feeds of every dialect, one case a file in tests/data/feeds; and what is no feed."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from stayahead.errors import ParseError
from stayahead.model import Entry, ParsedFeed
from stayahead.parse import display_name, parse_feed
from stayahead.parse.feed import MAX_ENTRIES, MAX_TTL_S

CASES = sorted((Path(__file__).parents[1] / "data" / "feeds").iterdir())
EXPECT = re.compile(r"^Expect: (\{.*\})$", re.MULTILINE)
URL = "https://feeds.example/dir/feed.xml"


def expectation(path: Path) -> dict[str, object]:
    body = path.read_bytes()
    if path.suffix == ".json":
        found: dict[str, object] = json.loads(body)["_expect"]
        return found
    match = EXPECT.search(body.decode("utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "latin-1"))
    assert match, f"{path.name} says nothing of what is expected"
    return dict(json.loads(match[1]))


def reading(parsed: ParsedFeed, name: str) -> object:
    if name == "entries":
        return len(parsed.entries)
    value: object = parsed
    for part in name.split("."):
        value = value[int(part)] if isinstance(value, tuple) else getattr(value, part)
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    parsed = parse_feed(path.read_bytes(), url=URL)
    expected = expectation(path)
    assert {name: reading(parsed, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"Not Found", "neither XML nor JSON"),
        (b"\x1f\x8b\x08\x00 gzip", "gzip is (?:broken|cut short)"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"\n<!-- c -->\n<HTML><head></head></HTML>", "web page"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "web page"),
        (b"<div><p>Blocked</p></div>", "web page"),
        (b"<opml version='2.0'><body/></opml>", "OPML"),
        (b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "index of sitemaps"),
        (b"<svg/>", "<svg>"),
        (b'{"error": "rate limited"}', "list of items"),
        (b'{"items": [', "broken JSON"),
        (b'{"items": {"a": 1}}', "list of items"),
        (b'{"items":' + b"[" * 100_000, "nested without end"),
    ],
)
def test_what_is_no_feed_says_so_and_what_to_do(body: bytes, what: str) -> None:
    with pytest.raises(ParseError, match=what) as caught:
        parse_feed(body, url=URL)
    assert caught.value.url == URL
    assert caught.value.remedy


def test_a_page_that_names_its_feed_is_told_so() -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2"></head></html>'
    with pytest.raises(ParseError, match=re.escape("https://feeds.example/rss?a=1&b=2")):
        parse_feed(page, url=URL)


def test_the_media_type_brings_the_charset() -> None:
    body = "<rss><channel><title>Ελλάδα</title></channel></rss>".encode("iso-8859-7")
    parsed = parse_feed(body, media_type='text/xml; charset="ISO-8859-7"')
    assert parsed.title == "Ελλάδα"


def test_json_by_media_type_alone() -> None:
    with pytest.raises(ParseError, match="list of items"):
        parse_feed(b"[1]", media_type="application/feed+json")


def test_entries_and_waits_have_an_end() -> None:
    items = b"<item><title>x</title></item>" * (MAX_ENTRIES + 10)
    parsed = parse_feed(b"<rss><channel><ttl>99999999</ttl>" + items + b"</channel></rss>")
    assert len(parsed.entries) == MAX_ENTRIES
    assert parsed.ttl_s == MAX_TTL_S


@pytest.mark.parametrize("ttl", ["-5", "nan", "inf", "ten", ""])
def test_a_ttl_that_is_no_time_is_none(ttl: str) -> None:
    assert parse_feed(f"<rss><channel><ttl>{ttl}</ttl></channel></rss>".encode()).ttl_s == 0.0


def test_a_feed_of_json_has_its_surrogates_replaced() -> None:
    parsed = parse_feed(b'{"title": "a\\ud800b", "items": [{"id": "\\udfff"}]}')
    assert parsed.title == "a\ufffdb"
    assert parsed.entries == (Entry(id="\ufffd"),)


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("jane@post.example (Jane Doe)", "Jane Doe"),
        ("Jane Doe (jane@post.example)", "Jane Doe"),
        ("Jane Doe <jane@post.example>", "Jane Doe"),
        ("Jane Doe", "Jane Doe"),
        ("jane@post.example", "jane@post.example"),
        ("Jane Doe (jane@post.example), John Roe", "Jane Doe, John Roe"),
        ("", ""),
    ],
)
def test_display_name_leaves_addresses_out(author: str, name: str) -> None:
    assert display_name(author) == name
