"""Who asks: forwarding headers are believed from proxies that were named, and make an owner of nobody."""

from __future__ import annotations

import pytest
from starlette.types import Scope

from stayahead.config import Settings
from stayahead.serve.callers import FORWARDING, Caller, Callers

TRUSTING = Settings(trusted_proxies="127.0.0.1, ::1, 10.0.0.0/8")


def scope_of(*headers: tuple[str, str], client: str = "127.0.0.1", version: str = "1.1") -> Scope:
    lines = [(name.encode(), value.encode()) for name, value in headers]
    if "host" not in dict(headers):
        lines.append((b"host", b"localhost:8400"))
    return {
        "type": "http", "http_version": version, "headers": lines, "client": (client, 5), "server": ("127.0.0.1", 8400)
    }  # fmt: skip


def caller(settings: Settings, *headers: tuple[str, str], client: str = "127.0.0.1", version: str = "1.1") -> Caller:
    return Callers(settings, lambda _client, _server: True).caller(scope_of(*headers, client=client, version=version))


def test_who_sits_here_is_the_owner_of_a_site_that_is_not_published() -> None:
    for name in ("localhost:8400", "127.0.0.1", "[::1]:8400", "LOCALHOST."):
        assert caller(Settings(), ("host", name)).is_owner
    assert caller(Settings(), client="::1").is_owner


@pytest.mark.parametrize(
    "settings",
    [
        Settings(public_url="https://news.example.org/"),
        Settings(host_names="news"),
        Settings(trusted_proxies="10.0.0.1"),
        Settings(host="0.0.0.0"),
    ],
)
def test_on_a_published_site_nobody_is_the_owner_by_address(settings: Settings) -> None:
    """A bare `proxy_pass http://127.0.0.1:8400;` sends a stranger's request with a Host of ours and no header."""
    assert not caller(settings).is_owner


@pytest.mark.parametrize("name", [*sorted(FORWARDING), "x-forwarded-for", "x-forwarded-proto", "x-forwarded-anything"])
@pytest.mark.parametrize("value", ["127.0.0.1", ""])
def test_no_forwarding_header_makes_an_owner(name: str, value: str) -> None:
    assert not caller(Settings(), (name, value)).is_owner
    assert not caller(TRUSTING, (name, value)).is_owner


def test_neither_another_name_nor_another_machine_nor_a_bare_proxy_makes_an_owner() -> None:
    assert not caller(Settings(), ("host", "news.example.org")).is_owner
    assert not caller(Settings(), ("host", "127.0.0.1.evil.example")).is_owner
    assert not caller(Settings(), client="192.168.1.7").is_owner
    assert not caller(Settings(), version="1.0").is_owner, "nginx asks so unless told otherwise, and no browser does"


def test_headers_of_who_was_not_named_are_not_believed() -> None:
    headers = (("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.example"))
    for settings, client in ((Settings(), "127.0.0.1"), (TRUSTING, "198.51.100.7"), (TRUSTING, "")):
        told = caller(settings, *headers, client=client)
        assert (told.address, told.host, told.is_https) == (client, "localhost:8400", False)


@pytest.mark.parametrize(
    ("headers", "address", "host", "is_https"),
    [
        ([("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "news.example")],
         "203.0.113.9", "news.example", True),
        ([("x-forwarded-for", "9.9.9.9, 203.0.113.9, 10.1.2.3")], "203.0.113.9", "localhost:8400", False),
        ([("x-forwarded-for", "9.9.9.9"), ("x-forwarded-for", "203.0.113.9:4711")],
         "203.0.113.9", "localhost:8400", False),
        ([("x-forwarded-for", "10.0.0.5, 10.0.0.6")], "10.0.0.5", "localhost:8400", False),
        ([("x-forwarded-for", "203.0.113.9, rubbish, 10.0.0.6")], "10.0.0.6", "localhost:8400", False),
        ([("x-forwarded-for", "")], "127.0.0.1", "localhost:8400", False),
        ([("forwarded", 'for="[2001:db8::7]:4711";proto=https;host=news.example')],
         "2001:db8::7", "news.example", True),
        ([("forwarded", "for=9.9.9.9;proto=http, For=203.0.113.9;Proto=HTTPS")], "203.0.113.9", "localhost:8400", True),
        ([("forwarded", "for=_hidden"), ("x-forwarded-for", "203.0.113.9")], "203.0.113.9", "localhost:8400", False),
        # A client's own, beside what the proxy wrote.
        ([("forwarded", "for=127.0.0.1;host=evil.example"), ("x-forwarded-for", "203.0.113.9")],
         "203.0.113.9", "localhost:8400", False),
        ([("x-forwarded-for", ",".join(["10.0.0.1"] * 50_000))], "10.0.0.1", "localhost:8400", False),
    ],
)  # fmt: skip
def test_headers_of_a_trusted_proxy_say_who_asks(
    headers: list[tuple[str, str]], address: str, host: str, is_https: bool
) -> None:
    told = caller(TRUSTING, *headers)
    assert (told.address, told.host, told.is_https) == (address, host, is_https)


def test_an_address_is_the_same_in_both_families() -> None:
    told = caller(TRUSTING, ("x-forwarded-for", "203.0.113.9"), client="::ffff:10.0.0.9")
    assert told.address == "203.0.113.9"


def test_another_user_of_this_machine_is_not_the_owner_and_is_asked_for_last() -> None:
    """nginx with `proxy_http_version 1.1;` and a bare `proxy_pass` sends what a browser here would, as www-data."""
    asked = []

    def is_ours(client: tuple[str, int], server: tuple[str, int]) -> bool:
        asked.append((client, server))
        return False

    callers = Callers(Settings(), is_ours)
    assert not callers.caller(scope_of()).is_owner
    assert not callers.caller(scope_of()).is_owner
    assert asked == [(("127.0.0.1", 5), ("127.0.0.1", 8400))] * 2, "at every request: ports are used again"
    for scope in (scope_of(("via", "1.1 x")), scope_of(("host", "evil.example")), scope_of(client="192.0.2.1")):
        assert not callers.caller(scope).is_owner
    assert len(asked) == 2
