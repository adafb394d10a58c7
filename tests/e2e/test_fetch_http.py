"""HttpFetcher against real servers on loopback: answers, caps, statuses, redirects."""

from __future__ import annotations

import asyncio
import gzip
import zlib

import brotli
import pytest
import zstandard

from stayahead.errors import (
    AddressRefused,
    BadAnswer,
    FetchTimeout,
    HttpStatus,
    TooLarge,
)
from stayahead.fetch import HttpFetcher
from stayahead.model import Fetched
from stayahead.ports import Request
from tests.e2e.loopback_fetch import FEED, fetched, refused, with_site
from tests.e2e.loopback_site import Say, Site, StillClock, Visit, head, saying, saying_bytes, saying_without_end


def test_an_answer_with_all_that_it_says() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        got = await fetcher.fetch(Request(url=site.url("/feed"), accept="application/rss+xml"))
        assert got == Fetched(
            request_url=site.url("/feed"),
            url=site.url("/feed"),
            status=200,
            at=StillClock().now(),
            body=FEED,
            media_type="application/rss+xml",
            charset="utf-8",
            etag='W/"1"',
            last_modified="Sun, 01 Mar 2026 11:00:00 GMT",
            fresh_s=240.0,
        )
        fields = site.visits[0].fields
        assert fields["accept"] == "application/rss+xml"
        assert fields["accept-encoding"] == "gzip, br, zstd, deflate"
        assert fields["user-agent"].startswith("StayAhead/")
        assert fields["host"] == f"paper.test:{site.port}"
        assert not {"if-none-match", "if-modified-since", "cookie", "authorization", "referer"} & set(fields)

    answer = saying(
        FEED,
        Content_Type="application/RSS+xml; charset=utf-8",
        ETag='W/"1"',
        Last_Modified="Sun, 01 Mar 2026 11:00:00 GMT",
        Cache_Control="max-age=300",
        Age="60",
    )
    with_site({"/feed": answer}, use)


def test_both_validators_are_sent_and_304_is_an_answer() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        request = Request(url=site.url("/feed"), etag='"1"', last_modified="Sun, 01 Mar 2026 11:00:00 GMT")
        got = await fetcher.fetch(request)
        assert (got.status, got.body, got.etag) == (304, b"", '"1"')
        assert site.visits[0].fields["if-none-match"] == '"1"'
        assert site.visits[0].fields["if-modified-since"] == "Sun, 01 Mar 2026 11:00:00 GMT"

    with_site({"/feed": saying_bytes(head("304 Not Modified", ETag='"1"'))}, use)


def test_304_without_having_asked_is_a_bad_answer() -> None:
    assert "304" in refused({"/": saying_bytes(head("304 Not Modified"))}, BadAnswer).what


def test_a_validator_that_would_break_the_request_is_not_sent() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        await fetcher.fetch(Request(url=site.url("/"), etag='"1"\r\nX-Evil: 1'))
        assert not {"if-none-match", "x-evil"} & set(site.visits[0].fields)

    with_site({"/": saying(FEED)}, use)


def test_cookies_are_not_kept_and_the_user_agent_is_an_option() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        for _ in range(2):
            await fetcher.fetch(Request(url=site.url("/")))
        assert [visit.fields.get("cookie") for visit in site.visits] == [None, None]
        assert site.visits[0].fields["user-agent"] == "Reader of Ours/1"

    with_site({"/": saying(FEED, Set_Cookie="who=you; Path=/")}, use, user_agent="Reader of Ours/1")


def test_one_connection_serves_requests_that_follow_each_other() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        for _ in range(5):
            await fetcher.fetch(Request(url=site.url("/")))
        assert site.connections == 1

    with_site({"/": saying(FEED)}, use)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(FEED)),
        ("deflate", zlib.compress(FEED)),
        ("br", brotli.compress(FEED)),
        ("zstd", zstandard.ZstdCompressor().compress(FEED)),
        ("identity", FEED),
    ],
    ids=["gzip", "deflate", "br", "zstd", "identity"],
)
def test_compressed_answers_are_decoded(coding: str, body: bytes) -> None:
    assert fetched({"/": saying(body, Content_Encoding=coding)}).body == FEED


# --- caps ---

CAP = 2_000_000
SYSTEM_BUFFERS = 12_000_000
"""What the sockets of both sides may hold on loopback; a server that is not stopped says far more than this."""


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", gzip.compress(bytes(20_000_000))),
        ("br", brotli.compress(bytes(20_000_000), quality=5)),
        ("zstd", zstandard.ZstdCompressor().compress(bytes(20_000_000))),
    ],
    ids=["gzip", "br", "zstd"],
)
def test_a_bomb_is_stopped_after_its_first_bytes(coding: str, bomb: bytes) -> None:
    error = refused({"/": saying(bomb, Content_Encoding=coding)}, TooLarge, fetch_max_ratio=200.0)
    assert "compressed more than 200 times" in error.what
    received = int(error.what.partition("stopped after ")[2].split()[0])
    assert received <= len(bomb)
    error = refused({"/": saying(bomb, Content_Encoding=coding)}, TooLarge, fetch_max_ratio=1e9, fetch_max_bytes=CAP)
    assert f"larger than {CAP} bytes" in error.what
    assert "fetch_max_bytes" in error.remedy


def test_a_bomb_without_end_is_hung_up_on() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(TooLarge):
            await fetcher.fetch(Request(url=site.url("/")))
        await asyncio.sleep(0)
        assert site.said < SYSTEM_BUFFERS

    member = gzip.compress(bytes(1_000_000))
    with_site({"/": saying_without_end(head(Content_Encoding="gzip"), member)}, use)


def test_an_endless_body_is_stopped_at_the_cap() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(TooLarge, match=f"larger than {CAP} bytes"):
            await fetcher.fetch(Request(url=site.url("/")))
        await asyncio.sleep(0)
        assert site.said < SYSTEM_BUFFERS

    with_site({"/": saying_without_end(head(), bytes(50_000))}, use, fetch_max_bytes=CAP)


def test_a_length_past_the_cap_is_refused_unread() -> None:
    error = refused({"/": saying_bytes(head(Content_Length="999999999999"))}, TooLarge)
    assert "it says 999999999999" in error.what


def test_a_request_may_set_a_cap_of_its_own() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        assert (await fetcher.fetch(Request(url=site.url("/"), max_bytes=len(FEED)))).body == FEED
        with pytest.raises(TooLarge):
            await fetcher.fetch(Request(url=site.url("/"), max_bytes=len(FEED) - 1))

    with_site({"/": saying(FEED)}, use)


def test_a_slow_drip_ends_at_the_time_limit() -> None:
    drip = saying_without_end(head(), b".", pause_s=0.01)
    error = refused({"/": drip}, FetchTimeout, fetch_timeout_s=0.2)
    assert "0.2 s" in error.what


async def silent(visit: Visit) -> None:
    await asyncio.sleep(600)


def test_a_server_that_never_answers_ends_at_the_time_limit() -> None:
    refused({"/": silent}, FetchTimeout, fetch_timeout_s=0.2)


def test_the_time_limit_is_one_for_all_redirects() -> None:
    async def slowly(visit: Visit) -> None:
        await asyncio.sleep(0.08)
        await visit.answer(status="302 Found", Location="/")

    refused({"/": slowly}, FetchTimeout, fetch_timeout_s=0.2)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (head(Content_Length="500") + FEED[:-1], "too early"),
        (head(Transfer_Encoding="chunked") + b"ff\r\nonly this", "too early"),
        (head(Content_Encoding="gzip") + gzip.compress(FEED)[:-4], "compressed body ends too early"),
        (head(Content_Encoding="br") + brotli.compress(FEED)[:-4], "compressed body ends too early"),
        (head(Content_Encoding="gzip") + FEED, "compressed body is broken"),
        (head(Content_Encoding="lzma") + FEED, "do not know"),
        (b"SSH-2.0-OpenSSH_9.9\r\n\r\n", "broken HTTP"),
        (head(X_Long="x" * 100_000), "broken HTTP"),
        (head(**{f"X_{number}": "x" for number in range(5000)}), "broken HTTP"),
    ],
    ids=["length", "chunks", "gzip", "br", "no-gzip", "lzma", "ssh", "long-field", "many-fields"],
)
def test_a_broken_answer_is_a_bad_answer(data: bytes, says: str) -> None:
    assert says in refused({"/": saying_bytes(data)}, BadAnswer).what


def test_a_header_without_end_is_hung_up_on() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(BadAnswer):
            await fetcher.fetch(Request(url=site.url("/")))
        await asyncio.sleep(0)
        assert site.said < SYSTEM_BUFFERS

    with_site({"/": saying_without_end(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 10_000)}, use)


# --- statuses ---


@pytest.mark.parametrize(("status", "remedy"), [("404 Not Found", "moved"), ("410 Gone", "remove"), ("500 Oh", "")])
def test_an_error_status_is_an_error_with_its_remedy(status: str, remedy: str) -> None:
    error = refused({"/": saying(b"sorry", status=status)}, HttpStatus)
    assert isinstance(error, HttpStatus)
    assert (error.status, error.retry_after_s) == (int(status[:3]), 0.0)
    assert remedy in error.remedy


@pytest.mark.parametrize("status", ["201 Created", "204 No Content", "206 Partial Content", "300 Multiple Choices"])
def test_any_other_status_is_an_error_as_well(status: str) -> None:
    refused({"/": saying(b"", status=status)}, HttpStatus)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_time_gets_it(status: int) -> None:
    clock = StillClock()

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(HttpStatus) as caught:
            await fetcher.fetch(Request(url=site.url("/busy")))
        assert (caught.value.status, caught.value.retry_after_s) == (status, 120.0)
        clock.pass_s(60)
        with pytest.raises(HttpStatus, match="60 s are left") as caught:
            await fetcher.fetch(Request(url=site.url("/")))
        assert (caught.value.status, caught.value.retry_after_s) == (status, 60.0)
        await fetcher.fetch(Request(url=site.url("/", host="other.test")))
        clock.pass_s(60)
        await fetcher.fetch(Request(url=site.url("/")))
        assert site.paths == ["/busy", "/", "/"]

    busy = saying(b"", status=f"{status} Busy", Retry_After="120")
    with_site({"/busy": busy, "/": saying(FEED)}, use, clock=clock)


def test_those_who_wait_for_a_host_keep_its_pause_too() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        requests = [fetcher.fetch(Request(url=site.url(f"/{number}"))) for number in range(5)]
        results = await asyncio.gather(*requests, return_exceptions=True)
        assert all(isinstance(result, HttpStatus) and result.status == 429 for result in results)
        assert site.paths == ["/0"]

    with_site({"/0": saying(b"", status="429 Too Many Requests")}, use)


def test_503_without_a_word_about_time_is_no_pause() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        for _ in range(2):
            with pytest.raises(HttpStatus):
                await fetcher.fetch(Request(url=site.url("/")))
        assert site.paths == ["/", "/"]

    with_site({"/": saying(b"", status="503 Service Unavailable")}, use)


# --- redirects ---


def to(location: str, status: str = "302 Found") -> Say:
    return saying(b"see there", status=status, Location=location)


def test_redirects_are_followed_by_hand() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        got = await fetcher.fetch(Request(url=site.url("/a/old"), etag='"1"'))
        assert (got.request_url, got.url, got.body) == (site.url("/a/old"), site.url("/new?b=1"), FEED)
        assert got.moved_to == ""
        assert [visit.fields["if-none-match"] for visit in site.visits] == ['"1"'] * 3

    with_site({"/a/old": to("./new"), "/a/new": to("/new?b=1#part"), "/new?b=1": saying(FEED)}, use)


@pytest.mark.parametrize(
    ("first", "second", "moved"),
    [("301 M", "308 P", "/c"), ("301 M", "302 F", "/b"), ("302 F", "301 M", ""), ("307 T", "303 S", "")],
)
def test_a_move_for_good_is_remembered_as_far_as_it_is_for_good(first: str, second: str, moved: str) -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        got = await fetcher.fetch(Request(url=site.url("/a")))
        assert got.url == site.url("/c")
        assert got.moved_to == (site.url(moved) if moved else "")

    with_site({"/a": to("/b", first), "/b": to("/c", second), "/c": saying(FEED)}, use)


def test_a_loop_of_redirects_ends() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(BadAnswer, match="more than 10 redirects"):
            await fetcher.fetch(Request(url=site.url("/a")))
        assert len(site.visits) == 11

    with_site({"/a": to("/b"), "/b": to("/a")}, use)


def test_a_redirect_that_leads_nowhere_is_a_bad_answer() -> None:
    assert "where to" in refused({"/": saying(b"", status="302 Found")}, BadAnswer).what


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/secret",
        "http://localhost:{port}/secret",
        "http://0x7f.1:{port}/secret",
        "http://2130706433:{port}/secret",
        "http://[::ffff:127.0.0.1]:{port}/secret",
        "http://[::1]:{port}/secret",
        "http://0.0.0.0:{port}/secret",
        "http://169.254.169.254/latest/meta-data/",
        "http://paper.test:22/",
        "file:///etc/passwd",
        "ftp://paper.test/",
        "http://",
    ],
)
def test_a_redirect_into_the_house_is_refused(location: str) -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        site.routes["/"] = to(location.format(port=site.port))
        with pytest.raises(AddressRefused) as caught:
            await fetcher.fetch(Request(url=site.url("/")))
        assert caught.value.url == site.url("/")
        assert site.paths == ["/"]

    with_site({}, use)


def test_a_login_goes_to_its_own_origin_only() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        url = site.url("/a").replace("http://", "http://me:secret@")
        site.routes["/b"] = to(site.url("/c", host="other.test").replace("http://", "http://you:pw@"), "301 Moved")
        got = await fetcher.fetch(Request(url=url))
        assert [("authorization" in visit.fields) for visit in site.visits] == [True, True, False]
        assert got.url == site.url("/c", host="other.test")
        assert got.moved_to == site.url("/b")

    with_site({"/a": to("/b", "301 Moved"), "/c": saying(FEED)}, use)
