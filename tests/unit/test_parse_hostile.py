"""Documents that were made to hurt: each gives entries or a ParseError, for work that is counted, not timed."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from bench.hostile import hostile
from stayahead.errors import ParseError
from stayahead.parse import parse_feed, rescue
from stayahead.parse.constructs import MAX_GROWTH_CHARS
from stayahead.parse.entries import UNREADABLE_DATES
from stayahead.parse.feed import parse_feed as parse
from stayahead.when import parse_date

DOCUMENTS = hostile()

CALLS_PER_KB = 5_000
"""Python calls that 1 kB of malice may cost; measured: at most 3,600, for entries of 30 bytes each."""


def calls_of(work: Callable[[], object]) -> int:
    """How many Python functions run; the same on every machine."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def read(body: bytes) -> object:
    try:
        return parse_feed(body, url="https://feeds.example/x")
    except ParseError as error:
        return error


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_read_or_refused_in_bounded_work(name: str) -> None:
    parse_date("warm up: 12 Languages are loaded once")
    body = DOCUMENTS[name]
    assert calls_of(lambda: read(body)) <= CALLS_PER_KB * (len(body) / 1000 + 10)


@pytest.mark.parametrize("piece", [b"<b>", b"</b>", b"<a><b></a></b>", b"& ", b"<", b"<!-- ", b"<![CDATA[ ", b"<item>"])
def test_twice_the_malice_is_at_most_twice_the_work(piece: bytes) -> None:
    def work(times: int) -> int:
        return calls_of(lambda: read(b"<rss><channel><item><title>x</title>" + piece * times))

    work(10)
    assert work(4_000) <= 2.2 * work(2_000) + 200


def test_many_unreadable_dates_cost_the_slow_reading_only_a_few_times() -> None:
    items = "".join(f"<item><pubDate>{n} blurg snark</pubDate></item>" for n in range(300))
    body = f"<rss><channel>{items}</channel></rss>".encode()
    few = f"<rss><channel>{items[: len(items) // 300 * UNREADABLE_DATES]}</channel></rss>".encode()
    assert calls_of(lambda: read(body)) < 300 * 400 + calls_of(lambda: read(few))


def test_nothing_outside_is_read() -> None:
    body = (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel><title>[&x;]</title></channel></rss>'
    )
    assert parse(body).title == "[&x;]"


def test_the_rescue_finds_what_lies_outside_the_root() -> None:
    body = b"<rss></rss><channel><title>t</title><item><title>Outside</title><link>/1</link></item></channel>"
    (entry,) = parse_feed(body, url="https://feeds.example/x").entries
    assert (entry.title, entry.url) == ("Outside", "https://feeds.example/1")


@pytest.mark.parametrize(
    "inside",
    [
        b"<item>" + b"<b>" * (rescue.MAX_DEPTH + 1),
        b"<item>" + b"<b/>" * rescue.MAX_TAGS,
        b"<item>" + b" " * rescue.MAX_CHARS,
    ],
    ids=["deep", "many", "long"],
)
def test_the_rescue_is_not_asked_where_it_would_stall(inside: bytes) -> None:
    assert parse_feed(b"<rss></rss><channel>" + inside).entries == ()


def test_a_base_without_end_is_no_base() -> None:
    steps = "".join(f'<d xml:base="{"a" * 400}/">' for _ in range(6))
    feed = parse_feed(f"<rss><channel>{steps}<item><link>x</link></item>".encode(), url="https://feeds.example/")
    (entry,) = feed.entries
    assert entry.url == f"https://feeds.example/{'a' * 400}/{'a' * 400}/x"


def test_zeros_inside_a_reference_to_half_a_character() -> None:
    body = b"<rss><channel><item/><title>a<e f='<![CDATA[&#&#xD80\0\0\0000;]]>&#55300;'> b</e></title></channel></rss>"
    assert len(parse_feed(body, url="https://a.example/feed").entries) <= 1


def test_a_date_that_is_no_day_of_the_common_era_costs_the_entry_its_date_only() -> None:
    items = "".join(
        f"<item><title>{title}</title><link>https://news.example/{title}</link><pubDate>{date}</pubDate></item>"
        for title, date in [("one", "29 กุมภาพันธ์ 2568"), ("two", "28 กุมภาพันธ์ 2568")]
    )
    entries = parse_feed(f"<rss><channel>{items}</channel></rss>".encode(), url="https://news.example/feed").entries
    assert [entry.published and entry.published.isoformat() for entry in entries] == [None, "2025-02-28T00:00:00+00:00"]


def test_a_base_makes_of_many_short_links_no_more_than_a_feed_may_grow_by() -> None:
    links = "&lt;a href=&quot;b&quot;&gt;c&lt;/a&gt; " * 20_000
    entries = f'<entry><title>t</title><content type="html">{links}</content></entry>' * 5
    base = f"https://a.example/{'x' * 900}/"
    body = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{base}">{entries}</feed>'.encode()
    parsed = parse_feed(body, url="https://a.example/feed")
    assert len(parsed.entries) == 5
    assert base in parsed.entries[0].html
    assert sum(len(entry.html) for entry in parsed.entries) < len(body) + MAX_GROWTH_CHARS
