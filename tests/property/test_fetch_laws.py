"""Laws of the fetching parts: no private address passes, chunks do not matter, the schedule keeps its bounds."""

from __future__ import annotations

import gzip
import ipaddress
import zlib
from datetime import UTC, datetime, timedelta

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from stayahead.errors import HttpStatus
from stayahead.fetch.guard import Forbidden, canonical, forbidden_address
from stayahead.fetch.headers import content_type, fresh_s, retry_after_s, validator
from stayahead.fetch.robots_group import our_group
from stayahead.fetch.schedule import FRESH_MOST_S, LONGEST_S, after_failure, after_success
from stayahead.model import FeedState, Fetched
from stayahead.parse.codings import Body, BrokenBody, OverCap

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://paper.example/feed"
CAP = 100_000


def is_inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """The standard library's opinion."""
    return any(
        (
            address.is_private,
            address.is_loopback,
            address.is_link_local,
            address.is_multicast,
            address.is_reserved,
            address.is_unspecified,
        )
    )


@given(st.ip_addresses(v=4))
def test_what_the_standard_library_calls_inside_is_refused(address: ipaddress.IPv4Address) -> None:
    if is_inside(address):
        assert forbidden_address(str(address))


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_inside_others(address: ipaddress.IPv4Address) -> None:
    reason = forbidden_address(str(address))
    number = int(address)
    for carrier in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert forbidden_address(str(ipaddress.IPv6Address(carrier))) == reason


@given(st.ip_addresses(v=6))
def test_of_ipv6_only_global_unicast_passes(address: ipaddress.IPv6Address) -> None:
    if not forbidden_address(str(address)):
        is_carrier = address in ipaddress.ip_network("64:ff9b::/96") or address.ipv4_mapped is not None
        assert is_carrier or (int(address) >> 125 == 1 and not is_inside(address))


@given(st.ip_addresses(v=4), st.sampled_from(["{0}", "0x{0:x}", "0{0:o}"]))
def test_a_number_is_the_address_that_it_stands_for(address: ipaddress.IPv4Address, writing: str) -> None:
    assert canonical(f"http://{writing.format(int(address))}/").host == str(address)


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_refused(text: str) -> None:
    for url in (text, f"http://{text}/", f"https://paper.example/{text}"):
        try:
            target = canonical(url)
        except Forbidden:
            continue
        assert canonical(target.url) == target


LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                "User-agent: *",
                "User-agent: stayahead",
                "user agent",
                "Disallow:",
                "Allow: /*a*$",
                "User-agent: stay*",
                "user-agent",
                "Sitemap: x",
            ]
        ),
        st.builds(
            "{}: {}".format, st.sampled_from(["Disallow", "Allow", "Crawl-delay", "Visit-time"]), st.text(max_size=20)
        ),
    ),
    max_size=12,
)


@given(LINES, st.text(max_size=20))
def test_our_group_gives_the_verdict_of_the_whole_robots_txt(lines: list[str], path: str) -> None:
    agent = "stayahead/0.1"
    ours, whole = (Protego.parse(text) for text in (our_group("\n".join(lines), agent), "\n".join(lines)))
    assert ours.can_fetch(f"https://paper.example/{path}", agent) is whole.can_fetch(
        f"https://paper.example/{path}", agent
    )
    assert ours.crawl_delay(agent) == whole.crawl_delay(agent)


@given(st.text(max_size=60), st.text(max_size=40))
def test_any_header_gives_a_value(value: str, other: str) -> None:
    assert 0.0 <= retry_after_s(value, date=other, now=NOW) <= LONGEST_S
    assert fresh_s(value, other) >= 0.0
    assert content_type(value)[0] == content_type(value)[0].lower()
    assert validator(value) in {"", value.strip()}


def compressed(coding: str, data: bytes) -> bytes:
    match coding:
        case "gzip":
            return gzip.compress(data)
        case "deflate":
            return zlib.compress(data)
        case "br":
            return bytes(brotli.compress(data, quality=4))
    return zstandard.ZstdCompressor().compress(data)


CODINGS = st.sampled_from(["gzip", "deflate", "br", "zstd"])


@given(CODINGS, st.binary(max_size=5000), st.integers(1, 50), st.integers(1, 400))
def test_chunks_do_not_matter(coding: str, data: bytes, repeat: int, step: int) -> None:
    data = (data * repeat)[:CAP]
    wire = compressed(coding, data)
    body = Body(coding, max_bytes=CAP, max_ratio=1e9)
    for start in range(0, len(wire), step):
        body.add(wire[start : start + step])
    body.finish()
    assert body.data == data


@given(CODINGS, st.binary(max_size=3000), st.integers(0, 3000), st.binary(max_size=20))
def test_damaged_bodies_are_broken_or_within_the_cap(coding: str, data: bytes, at: int, junk: bytes) -> None:
    wire = compressed(coding, data)
    body = Body(coding, max_bytes=CAP, max_ratio=100.0)
    try:
        body.add(wire[:at] + junk + wire[at + len(junk) :])
        body.finish()
    except (BrokenBody, OverCap):
        return
    assert len(body.data) <= CAP


@given(
    st.integers(0, 10_000),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1e7),
    st.floats(0, 1e7),
    st.floats(0, 1e6),
)
def test_the_next_time_is_between_what_was_asked_for_and_a_day(
    failures: int, jitter: float, ttl_s: float, retry_after_s: float, poll_every_s: float
) -> None:
    state = FeedState(url=URL, failures=failures)
    fetched = Fetched(request_url=URL, url=URL, status=200, at=NOW, fresh_s=retry_after_s)
    error = HttpStatus(URL, "slow down", status=429, retry_after_s=retry_after_s)
    well = after_success(state, fetched, ttl_s=ttl_s, entries=1, now=NOW, poll_every_s=poll_every_s, jitter=jitter)
    ill = after_failure(state, error, now=NOW, poll_every_s=poll_every_s, jitter=jitter)
    for after, asked_s in ((well, max(ttl_s, min(retry_after_s, FRESH_MOST_S))), (ill, retry_after_s)):
        assert after.next_poll_at is not None
        wait = after.next_poll_at - NOW
        assert timedelta(seconds=min(asked_s, LONGEST_S)) - timedelta(microseconds=1) <= wait
        assert timedelta(seconds=0.9) <= wait <= timedelta(seconds=LONGEST_S)


def test_the_strategies_reach_both_verdicts() -> None:
    with pytest.raises(Forbidden):
        canonical("http://")
    assert forbidden_address("8.8.8.8") == ""
    assert forbidden_address("10.8.8.8") != ""
