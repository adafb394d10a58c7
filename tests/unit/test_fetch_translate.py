"""Foreign errors and statuses become leaves of our tree that say what to do."""

from __future__ import annotations

import errno
import ssl
from types import SimpleNamespace
from typing import cast

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from stayahead.errors import BadAnswer, ConnectFailed, FetchError, FetchTimeout
from stayahead.fetch.certificates import certificates
from stayahead.fetch.translate import status_error, translated

URL = "https://paper.example/feed"


def of(error: Exception) -> FetchError:
    return translated(URL, error, timeout_s=20.0)


def connecting(error: OSError) -> aiohttp.ClientConnectorError:
    key = cast("ConnectionKey", SimpleNamespace(host="paper.example", port=443, ssl=True))
    return aiohttp.ClientConnectorError(key, error)


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "kind", "says", "remedy"),
    [
        (TimeoutError(), FetchTimeout, "more than 20 s", "fetch_timeout_s"),
        (aiohttp.ConnectionTimeoutError(), FetchTimeout, "no connection in time", ""),
        (connecting(untrusted()), ConnectFailed, "not trusted (self-signed certificate)", "ca-certificates"),
        (connecting(ssl.SSLError(1, "wrong version")), ConnectFailed, "no secure connection", ""),
        (connecting(ConnectionRefusedError(111, "refused")), ConnectFailed, "refused", ""),
        (connecting(OSError(errno.ENETUNREACH, "unreachable")), ConnectFailed, "no way", "network"),
        (connecting(OSError(errno.EMFILE, "Too many open files")), ConnectFailed, "Too many open files", ""),
        (ConnectionResetError(104, "reset by peer"), ConnectFailed, "connection broke", ""),
        (aiohttp.ServerDisconnectedError(), ConnectFailed, "without an answer", ""),
        (aiohttp.ClientPayloadError("what"), BadAnswer, "too early", ""),
        (aiohttp.InvalidURL("http://[", "bad"), BadAnswer, "cannot be made", ""),
        (ValueError("x\ny" + "z" * 900), BadAnswer, "x y", ""),
    ],
)
def test_each_error_of_the_wire_has_its_leaf(error: Exception, kind: type[FetchError], says: str, remedy: str) -> None:
    leaf = of(error)
    assert type(leaf) is kind
    assert leaf.url == URL
    assert says in leaf.what
    assert remedy in leaf.remedy
    assert len(leaf.what) < 250


def test_a_status_says_its_name_where_it_has_one() -> None:
    assert status_error(URL, 404, retry_after_s=0.0).what == "the server answered 404 (Not Found)"
    assert status_error(URL, 599, retry_after_s=0.0).what == "the server answered 599"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://paper.example/feed", "paper.example:443"),
        ("https://nas.lan:8443/feed", "nas.lan:8443"),
        ("https://[2001:db8::1]/feed", "[2001:db8::1]:443"),
    ],
)
def test_a_certificate_that_changed_is_named_as_the_option_has_it(url: str, place: str) -> None:
    error = aiohttp.ServerFingerprintMismatch(b"a" * 32, b"b" * 32, "192.0.2.7", 443)
    remedy = translated(url, error, timeout_s=20.0).remedy
    line = f"{place}={error.got.hex()}"
    assert f"write {line} there" in remedy
    assert list(certificates(line)) == [place], "what we advise is what the option takes"
