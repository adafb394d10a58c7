"""Sitemaps, one case a file in tests/data/sitemaps: as feeds, indexes, gzip, at their largest and at their worst."""

from __future__ import annotations

import gzip
import json
import re
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stayahead.errors import ParseError
from stayahead.parse import gunzip, parse_feed, sitemap
from stayahead.parse.gunzip import BadGzip, slices
from tests.unit.test_parse_feed import reading
from tests.unit.test_parse_hostile import calls_of

CASES = sorted((Path(__file__).parents[1] / "data" / "sitemaps").iterdir())
EXPECT = re.compile(r"Expect: (\{.*\})")
URL = "https://feeds.example/sitemaps/news.xml"
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def urlset(inside: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SPACES}>{inside}</urlset>'.encode()


def many(count: int) -> bytes:
    """News of one day, its newest in the middle of the file."""
    return urlset(
        "".join(
            f"<url><loc>https://paper.example/{n}</loc><news:news><news:publication_date>2030-03-04T"
            f"{(at := (n + count // 2) % count) * 24 // count:02}:{at % 60:02}:00Z</news:publication_date>"
            f"<news:title>Häuser {n}</news:title></news:news></url>\n"
            for n in range(count)
        )
    )


def index(*children: str) -> bytes:
    listed = "".join(
        f"<sitemap><loc>{url}</loc><lastmod>2030-03-{day:02}</lastmod></sitemap>"
        for day, url in enumerate(children, start=1)
    )
    return f"<sitemapindex {SPACES}>{listed}</sitemapindex>".encode()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    body = path.read_bytes()
    match = EXPECT.search(body.decode("utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "latin-1"))
    assert match, f"{path.name} says nothing of what is expected"
    expected: dict[str, object] = json.loads(match[1])
    for given in (body, gzip.compress(body)):
        parsed = parse_feed(given, url=URL)
        assert {name: reading(parsed, name) for name in expected} == expected


def test_of_a_large_one_the_newest_are_kept_in_the_order_of_the_file() -> None:
    entries = parse_feed(many(5_000), url=URL).entries
    assert len(entries) == sitemap.MAX_ENTRIES
    numbers = [int(entry.title.removeprefix("Häuser ")) for entry in entries]
    assert numbers == sorted(numbers)
    kept = [entry.published for entry in entries if entry.published]
    assert len(kept) == len(entries)
    assert min(kept) >= datetime(2030, 3, 4, 19, tzinfo=UTC)


def test_fifty_thousand_cost_memory_for_a_thousand() -> None:
    packed = gzip.compress(many(50_000))
    tracemalloc.start()
    try:
        entries = parse_feed(packed, url=URL).entries
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(entries) == 1_000
    assert peak < 8_000_000  # of 8.6 MB unpacked, and lxml's trees are counted elsewhere


def test_what_the_protocol_does_not_allow_is_not_read() -> None:
    body = urlset("<url><loc>https://paper.example/x</loc></url>" * sitemap.MAX_URLS + "<url><loc>/last</loc></url>")
    assert {entry.url for entry in parse_feed(body, url=URL).entries} == {"https://paper.example/x"}


def parts_of(body: bytes) -> list[str]:
    parsed = parse_feed(body, url=URL)
    assert not parsed.entries
    return [part.url.rpartition("/")[2] for part in parsed.more]


def listing(**changes: str) -> bytes:
    """An index of sitemaps by name and last change."""
    return (
        "<sitemapindex>"
        + "".join(f"<sitemap><loc>/{name}</loc><lastmod>{at}</lastmod></sitemap>" for name, at in changes.items())
        + "</sitemapindex>"
    ).encode()


def test_an_index_names_the_sitemaps_that_matter_the_freshest_first() -> None:
    body = index(
        "https://paper.example/sitemap-2030-03.xml",
        "https://paper.example/news-2030-03.xml",
        "https://paper.example/news.xml.gz",
        "https://paper.example/newsletters.xml",
    )
    assert parts_of(body) == ["news.xml.gz", "news-2030-03.xml"]
    assert parts_of(gzip.compress(body)) == ["news.xml.gz", "news-2030-03.xml"]
    assert parse_feed(body, url=URL).more[0].changed == datetime(2030, 3, 3, tzinfo=UTC)
    with pytest.raises(ParseError, match="name the site's feed"):
        parse_feed(index(), url=URL)


def test_of_an_index_without_news_lists_and_pictures_are_left_out_and_the_last_changed_come_first() -> None:
    body = listing(
        **{
            "category-sitemap.xml": "2030-03-09",
            "post-sitemap.xml": "2030-01-02",
            "post-sitemap2.xml": "2030-03-04T10:00:00Z",
            "post-sitemap3.xml": "2030-02-02",
            "author/sitemap.xml": "2030-03-09",
            "page-sitemap.xml": "2030-03-09",
        }
    )
    assert parts_of(body) == ["post-sitemap2.xml", "post-sitemap3.xml", "post-sitemap.xml"]
    assert parts_of(listing(**{"tags.xml": "2030-03-09"})) == ["tags.xml"]


def test_names_with_dates_are_taken_from_the_latest_on_also_where_all_were_changed_at_once() -> None:
    for at in ("", "2030-03-04T10:00:00Z"):
        names = [
            "map-2029-12.xml",
            "map-20300304.xml",
            "map-2030-03-02.xml",
            "map-2030.xml",
            "map-202902.xml",
            "map.xml",
        ]
        assert parts_of(listing(**dict.fromkeys(names, at))) == [
            "map.xml",
            "map-2030.xml",
            "map-20300304.xml",
            "map-2030-03-02.xml",
            "map-2029-12.xml",
            "map-202902.xml",
        ]


def test_numbered_sitemaps_that_nothing_tells_apart_come_from_both_ends() -> None:
    body = listing(**dict.fromkeys([f"map{n}.xml" for n in range(1, 60)], ""))
    assert parts_of(body)[:4] == ["map1.xml", "map59.xml", "map2.xml", "map58.xml"]
    assert len(parts_of(body)) == sitemap.MAX_PARTS


@pytest.mark.parametrize(
    "body", [b"", b"x", b"<rss/>", b"<!-- <urlset> -->", b"<a><urlset>", b"<!DOCTYPE x [<urlset>", b"<urlsets>", b"<"]
)
def test_what_begins_as_something_else_is_no_sitemap(body: bytes) -> None:
    assert sitemap.opening(body) is None


def test_a_gzip_that_is_broken_cut_or_a_bomb_is_refused() -> None:
    whole = gzip.compress(many(500))
    wrong = whole[:200] + b"\xff" * 40 + whole[240:]
    bomb = gzip.compress(urlset(" " * 30_000_000))
    for body, what in ((whole[:-9], "cut short"), (wrong, "broken"), (bomb, "more than 200 times")):
        with pytest.raises(ParseError, match=what) as caught:
            parse_feed(body, url=URL)
        assert caught.value.url == URL
        assert caught.value.remedy


def test_a_packed_feed_is_read_and_capped() -> None:
    feed = b"<rss><channel><title>Packed</title><item><title>One</title></item></channel></rss>"
    assert parse_feed(gzip.compress(feed), url=URL).title == "Packed"
    large = bytes(range(256)) * 40_000
    with pytest.raises(ParseError, match="more than 8,000,000 bytes"):
        parse_feed(gzip.compress(b"<rss>" + large, compresslevel=0), url=URL)


def test_gunzip_gives_members_in_bounded_steps_and_ignores_padding() -> None:
    body = gzip.compress(b"a" * 200_000) + gzip.compress(b"b" * 10) + b"\0" * 512
    for chunks in ([body], list(slices(body)), [body[n : n + 1] for n in range(len(body))]):
        pieces = list(gunzip.gunzip(chunks))
        assert b"".join(pieces) == b"a" * 200_000 + b"b" * 10
        assert max(map(len, pieces)) <= gunzip.STEP_BYTES
    with pytest.raises(BadGzip, match="more than 100,000 bytes"):
        list(gunzip.gunzip([body], max_bytes=100_000))


@pytest.mark.parametrize(
    "piece",
    [b"<url>", b"</url>", b"<url><loc>/1", b"<![CDATA[ ", b"<!-- ", b"&", b"<", b"<url><loc>/1</loc></url>"],
)
def test_twice_the_malice_is_at_most_twice_the_work(piece: bytes) -> None:
    def work(times: int) -> int:
        return calls_of(lambda: parse_feed(urlset("").removesuffix(b"</urlset>") + piece * times, url=URL))

    work(10)
    assert work(20_000) <= 2.2 * work(10_000) + 2_000
