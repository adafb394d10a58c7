"""HttpFetcher and servers as they are: lengths that are not true, ends that never come, cookies, certificates."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import ssl
from pathlib import Path

import pytest

from stayahead.config import Settings
from stayahead.errors import BadAnswer, ConnectFailed, SettingsError
from stayahead.fetch import HttpFetcher
from stayahead.fetch.certificates import certificates
from stayahead.fetch.framing import INTERIM_MOST
from stayahead.ports import Request
from tests.e2e.loopback_fetch import FEED, fetched, refused, with_site
from tests.e2e.loopback_site import Say, Site, StillClock, Visit, head, saying, saying_bytes, saying_without_end

ZIPPED = gzip.compress(FEED)
LENGTH = str(len(FEED))
CHUNK = f"{len(FEED):x}\r\n".encode() + FEED + b"\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"


async def _stay(visit: Visit) -> None:
    await asyncio.sleep(600)


def saying_and_staying(data: bytes) -> Say:
    """A route that says these very bytes and neither ends nor hangs up."""

    async def say(visit: Visit) -> None:
        await visit.say(data)
        await _stay(visit)

    return say


@pytest.mark.parametrize(
    "data",
    [
        head(Content_Length="500") + FEED,
        head(Content_Length=str(len(FEED) - 5)) + FEED,
        head(Content_Length="1", Transfer_Encoding="chunked") + CHUNK + b"0\r\n\r\n",
        head(Content_Length="-1") + FEED,
        head(Transfer_Encoding="chunked") + CHUNK,
        head(Content_Length=LENGTH, Content_Encoding="gzip") + ZIPPED,
        head(Content_Length=str(len(ZIPPED) * 9), Content_Encoding="gzip") + ZIPPED,
        head(Content_Length="500") + FEED + b"\n<!-- cached -->\n",
        head(Content_Length="500") + b'{"items": [1]}',
        head(Content_Length="500") + FEED.decode().encode("utf-16"),
    ],
    ids=["long", "short", "beside", "negative", "no-end", "unzipped", "zipped", "comment", "json", "utf-16"],
)
def test_a_complete_document_is_read_whatever_its_frame_says(data: bytes) -> None:
    body = fetched({"/": saying_bytes(data)}).body
    assert FEED in body.decode("utf-16" if b"\0" in body else "utf-8").encode() or body == b'{"items": [1]}'


def test_a_complete_document_is_read_though_the_server_neither_goes_on_nor_hangs_up() -> None:
    routes = {"/": saying_and_staying(head(Content_Length="500") + FEED)}
    assert fetched(routes, fetch_timeout_s=20.0).body == FEED


@pytest.mark.parametrize(
    "data",
    [
        head(Content_Length="500") + FEED[:-1],
        head(Transfer_Encoding="chunked") + CHUNK[:-9],
        head(Content_Length="500") + b"only words",
        head(Content_Length=LENGTH, Content_Encoding="gzip") + ZIPPED[:-4],
    ],
    ids=["root", "chunk", "words", "gzip"],
)
def test_half_a_document_is_an_error(data: bytes) -> None:
    refused({"/": saying_bytes(data)}, BadAnswer)


def test_a_feed_that_is_cut_and_keeps_its_connection_is_handed_on_as_it_is() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        assert (await fetcher.fetch(Request(url=site.url("/")))).body == FEED[:-3]
        assert site.paths == ["/", "/"]

    with_site({"/": saying(FEED[:-3])}, use)


def test_a_page_without_its_last_tag_is_asked_once() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        page = await fetcher.fetch(Request(url=site.url("/"), obey_robots=True))
        assert page.body == b"<html><p>most pages"
        assert site.paths == ["/robots.txt", "/"]

    with_site({"/": saying(b"<html><p>most pages")}, use)


@pytest.mark.parametrize("interim", [1, INTERIM_MOST])
def test_interim_answers_are_passed_over(interim: int) -> None:
    data = interim * INTERIM + head(Content_Length=LENGTH) + FEED
    assert fetched({"/": saying_bytes(data)}).body == FEED


def test_interim_answers_without_end_are_an_error_and_hung_up_on() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(BadAnswer, match="more than 10 interim answers"):
            await fetcher.fetch(Request(url=site.url("/")))
        assert site.paths == ["/"]

    with_site({"/": saying_without_end(INTERIM, 100 * INTERIM)}, use)


def test_a_trailer_without_end_ends_at_the_time_limit_at_the_latest() -> None:
    begin = head(Transfer_Encoding="chunked") + CHUNK + b"0\r\n"
    routes = {"/": saying_without_end(begin, b"X-Trailer: " + b"x" * 900 + b"\r\n")}

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        assert (await fetcher.fetch(Request(url=site.url("/")))).body == FEED

    with_site(routes, use)


# --- cookies ---


def test_a_cookie_set_on_a_redirect_comes_back_in_the_same_request_and_in_no_other() -> None:
    async def door(visit: Visit) -> None:
        if "seen=1" in visit.fields.get("cookie", ""):
            await visit.answer(FEED)
        else:
            await visit.answer(status="302 Found", Location=visit.path, Set_Cookie="seen=1; Path=/; HttpOnly")

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        for _ in range(2):
            assert (await fetcher.fetch(Request(url=site.url("/")))).body == FEED
        assert [visit.fields.get("cookie") for visit in site.visits] == [None, "seen=1", None, "seen=1"]

    with_site({"/": door}, use)


def test_a_cookie_goes_to_its_own_host_only_and_a_long_one_nowhere() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        site.routes["/"] = saying(b"", status="302 F", Location=site.url("/b", host="other.test"), Set_Cookie="a=1")
        site.routes["/b"] = saying(b"", status="302 F", Location="/c", Set_Cookie="b=" + 5000 * "x")
        await fetcher.fetch(Request(url=site.url("/")))
        assert [visit.fields.get("cookie") for visit in site.visits] == [None, None, None]

    with_site({"/c": saying(FEED)}, use)


# --- certificates ---


CERTIFICATE = Path(__file__).parents[1] / "data" / "tls" / "own.pem"
"""A key and a certificate of its own for nas.example, made for these tests."""


async def _ask_over_tls(fingerprint: str) -> bytes:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head(Content_Length=LENGTH) + FEED)
        await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    pair = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    trusted = f"{pair}={fingerprint}" if fingerprint else ""
    fetcher = HttpFetcher(Settings(fetch_exceptions=pair, fetch_certificates=trusted), StillClock())
    try:
        return (await fetcher.fetch(Request(url=f"https://{pair}/feed"))).body
    finally:
        await fetcher.close()
        server.close()


def _fingerprint() -> str:
    pem = CERTIFICATE.read_text()
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERT") :])).hexdigest()


def test_a_certificate_of_ones_own_is_refused_with_the_option_that_helps() -> None:
    with pytest.raises(ConnectFailed, match="not trusted") as caught:
        asyncio.run(_ask_over_tls(""))
    assert "fetch_certificates" in caught.value.remedy
    assert "127.0.0.1:" in caught.value.remedy


def test_a_certificate_that_the_option_names_is_trusted_there() -> None:
    assert asyncio.run(_ask_over_tls(_fingerprint().upper())) == FEED


def test_another_certificate_than_the_option_names_is_refused_and_said() -> None:
    with pytest.raises(ConnectFailed, match=_fingerprint()) as caught:
        asyncio.run(_ask_over_tls(32 * "00"))
    assert f"={_fingerprint()}" in caught.value.remedy


@pytest.mark.parametrize("text", ["nas.example", "nas.example:443", "nas.example:443=ab", "x/y:443=" + 64 * "a"])
def test_a_certificate_that_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(SettingsError, match="fetch_certificates"):
        certificates(text)
