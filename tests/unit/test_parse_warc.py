"""WARC files: which records are pages, how their bodies were stored, what is left out and what is an error."""

from __future__ import annotations

import gzip
import re
import zlib
from contextlib import suppress
from datetime import UTC, datetime

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from stayahead.errors import ArchiveError, ExtractError
from stayahead.newsroom.archives import row_of
from stayahead.parse.gunzip import slices
from stayahead.parse.warc import MAX_PAGE_BYTES, WarcPage, read_pages

PAGE = "<html><title>Grüße</title><p>Hello</p></html>".encode()


def record(
    body: bytes = PAGE,
    *,
    url: str = "https://paper.example/1",
    kind: str = "response",
    status: str = "200 OK",
    packed: bool = False,
    media: str = "text/html; charset=UTF-8",
    fields: str = "",
) -> bytes:
    """A record as crawlers write them."""
    if packed:
        body, fields = gzip.compress(body), f"{fields}Content-Encoding: gzip\r\n"
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{fields}\r\n".encode() + body
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2030-03-04T08:00:00Z\r\nWARC-Target-URI: {url}\r\n"
    return f"{head}Content-Length: {len(answer)}\r\n\r\n".encode() + answer + b"\r\n\r\n"


INFO = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 14\r\n\r\nsoftware: none\r\n\r\n"


def pages(body: bytes) -> list[WarcPage]:
    return list(read_pages(slices(body), name="news.warc"))


def test_the_pages_of_a_crawl_in_order() -> None:
    body = INFO + record() + record(url="<https://paper.example/2>", media="application/xhtml+xml")
    one, two = pages(body)
    assert one == WarcPage(
        record=2,
        url="https://paper.example/1",
        at=datetime(2030, 3, 4, 8, tzinfo=UTC),
        body=PAGE,
        charset="UTF-8",
    )
    assert (two.record, two.url, two.charset) == (3, "https://paper.example/2", "")
    assert list(read_pages((body[n : n + 1] for n in range(len(body))), name="x")) == [one, two]


@pytest.mark.parametrize(
    "other",
    [
        record(kind="request"),
        record(kind="revisit"),
        record(status="404 Not Found"),
        record(status="301 Moved"),
        record(media="image/png"),
        record(media=""),
        record(url="dns:paper.example"),
        record(b"x" * (MAX_PAGE_BYTES + 1), kind="resource"),
        INFO,
    ],
)
def test_what_is_no_page_is_passed_over(other: bytes) -> None:
    assert [page.record for page in pages(other + record())] == [2]


def test_bodies_stored_as_the_wire_had_them_or_decoded() -> None:
    packed = gzip.compress(PAGE)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    for body in (
        record(packed=True),
        record(fields="Content-Encoding: gzip\r\n"),
        record(chunked, fields="Transfer-Encoding: chunked\r\n"),
        record(fields="Transfer-Encoding: chunked\r\n"),
        record(zlib.compress(PAGE), fields="Content-Encoding: deflate\r\n"),
        record(zlib.compress(PAGE)[2:-4], fields="Content-Encoding: deflate\r\n"),
        record(fields="Content-Encoding: deflate\r\n"),
        record(fields="Content-Encoding: br\r\n"),
        record(brotli.compress(PAGE), fields="Content-Encoding: br\r\n"),
        record(zstandard.compress(PAGE), fields="Content-Encoding: zstd\r\n"),
        record(gzip.compress(PAGE), fields="X-Crawl-Content-Encoding: gzip\r\n"),
        record(fields="X-Crawl-Content-Encoding: br\r\nX-Crawl-Transfer-Encoding: chunked\r\n"),
        record(gzip.compress(brotli.compress(PAGE)), fields="Content-Encoding: br, gzip\r\n"),
        record(gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]), fields="Content-Encoding: x-gzip\r\n"),
        record(
            b"2;x=y\r\n\x1f\x8b\r\n%x\r\n%s\r\n0\r\nTrailer: 1\r\n\r\n" % (len(packed) - 2, packed[2:]),
            fields="Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
        ),
    ):
        (page,) = pages(body)
        assert (page.body, page.problem) == (PAGE, "")


def test_a_page_past_a_cap_or_broken_is_left_out_with_the_reason() -> None:
    wrong = gzip.compress(PAGE)[:-12]
    for body, what in (
        (record(b"x" * MAX_PAGE_BYTES), "larger than 8,000,000 bytes"),
        (record(b" " * 9_000_000, packed=True), "more than 200 times"),
        (record(zlib.compress(b" " * 9_000_000), fields="Content-Encoding: deflate\r\n"), "more than 200 times"),
        (record(wrong, fields="Content-Encoding: gzip\r\n"), "ends too early"),
        (record(b"\x8b\x02\x80", fields="Content-Encoding: br\r\n"), "ends too early"),
        (record(b"\xff" * 90, fields="Content-Encoding: zstd\r\n"), "broken"),
        (record(brotli.compress(b" " * 9_000_000), fields="Content-Encoding: br\r\n"), "more than 200 times"),
        (record(zstandard.compress(b" " * 9_000_000), fields="Content-Encoding: zstd\r\n"), "more than 200 times"),
        (record(b"\0page", fields="Content-Encoding: compress\r\n"), "do not know ('compress')"),
    ):
        left_out, read = pages(body + record())
        assert what in left_out.problem
        assert (left_out.body, read.body) == (b"", PAGE)
        with pytest.raises(ExtractError, match=re.escape(what)):
            row_of(left_out)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"id\ttitle\n", "record 1: what stands here is no WARC record"),
        (record() + b"junk", "record 2: what stands here is no WARC record"),
        (record()[:-60], "record 1: the file ends inside it"),
        (record() + record(kind="request")[:-9], "record 2: the file ends inside it"),
        (b"WARC/1.0\r\nContent-Length: many\r\n\r\n", "record 1: its header is broken"),
        (b"WARC/1.0\r\nContent-Length: 9999999999999999999999\r\n\r\n", "record 1: its header is broken"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "record 1: its header is broken"),
        (b"WARC/1.0\r\nContent-Length: 5", "record 1: its header is broken"),
        (b"WARC/1.0\r\n" + b"a: b\r\n" * 50_000, "record 1: its header is broken"),
        (b"WARC/1.0\r\n" + b"x" * 200_000, "record 1: its header is broken"),
    ],
)
def test_a_broken_file_is_named_with_its_record(body: bytes, what: str) -> None:
    with pytest.raises(ArchiveError, match=f"^news.warc, {what}; make or fetch"):
        pages(body)


def test_the_pages_before_the_break_were_given() -> None:
    reading = read_pages(slices(record() + b"junk\r\n"), name="x")
    assert next(reading).record == 1
    with pytest.raises(ArchiveError):
        next(reading)


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_bytes_are_pages_or_an_error(junk: bytes, start: int, end: int) -> None:
    whole = record(packed=True)
    for body in (junk, whole[:start] + junk + whole[end:]):
        with suppress(ArchiveError):
            assert all(page.url for page in pages(body))
