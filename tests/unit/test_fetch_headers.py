"""Header values: Retry-After, freshness, media types, validators."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from stayahead.fetch.headers import content_type, fresh_s, retry_after_s, validator

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", "", 120.0),
        (" 120 ", "", 120.0),
        ("120\x1f", "", 120.0),  # blank for `str.rstrip`, but not for `float`
        ("0", "", 0.0),
        ("999999999", "", 86_400.0),
        ("9" * 400, "", 0.0),
        ("Sun, 01 Mar 2026 12:05:00 GMT", "", 300.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", "", 0.0),
        ("Sun, 01 Mar 2026 12:05:00 GMT", "Sun, 01 Mar 2026 12:04:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 12:05:00", "", 300.0),
        ("Tue, 01 Mar 2039 12:05:00 GMT", "", 86_400.0),
        ("-5", "", 0.0),
        ("1.5", "", 0.0),
        ("soon", "", 0.0),
        ("", "", 0.0),
        ("Sun, 99 Mar 2026 12:05:00 GMT", "", 0.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, date: str, seconds: float) -> None:
    assert retry_after_s(value, date=date, now=NOW) == seconds


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("max-age=300", "", 300.0),
        ("public, Max-Age=300", "100", 200.0),
        ('max-age="300"', "", 300.0),
        ("max-age=300", "900", 0.0),
        ("s-maxage=900, max-age=60", "", 60.0),
        ("no-cache, max-age=300", "", 0.0),
        ("no-store,max-age=300", "", 0.0),
        ("max-age=-1", "", 0.0),
        ("max-age=soon", "x", 0.0),
        ("max-age", "", 0.0),
        ("", "", 0.0),
    ],
)
def test_freshness_is_max_age_less_age(cache_control: str, age: str, seconds: float) -> None:
    assert fresh_s(cache_control, age) == seconds


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/html; charset=utf-8", ("text/html", "utf-8")),
        ('Application/RSS+XML;charset="ISO-8859-1"', ("application/rss+xml", "ISO-8859-1")),
        ("text/html;charset=", ("text/html", "")),
        ("text/html; boundary=x", ("text/html", "")),
        ("text/html; charset*=utf-8'en'latin", ("text/html", "")),
        ("", ("", "")),
        ("nonsense", ("nonsense", "")),
        ("text/html\x00; charset=utf-8", ("text/html", "utf-8")),
    ],
)
def test_content_type_gives_media_type_and_charset(value: str, expected: tuple[str, str]) -> None:
    assert content_type(value) == expected


@pytest.mark.parametrize("value", ['"abc"', 'W/"abc"', "Sun, 01 Mar 2026 12:05:00 GMT"])
def test_validators_are_kept_as_they_came(value: str) -> None:
    assert validator(value) == value


@pytest.mark.parametrize("value", ['"a\r\nX: y"', '"ü"', '"' + "x" * 2000 + '"', '"\udcff"', "\x00"])
def test_a_validator_that_cannot_be_sent_back_is_none(value: str) -> None:
    assert validator(value) == ""


@pytest.mark.parametrize("filler", [";", '"', ";a=b", " ", "\\", ';a="', "=", ";*="])
def test_a_header_as_long_as_the_wire_takes_costs_nothing(filler: str) -> None:
    """31,500 semicolons took .7 s in the standard library's parser."""
    long = (filler * 32_000)[:32_000]
    started = time.process_time()
    for _ in range(3):
        assert content_type(f"text/html{long}; charset=x")[0].startswith("text/html")
        fresh_s(long, long)
        retry_after_s(long, date=long, now=NOW)
        validator(long)
    assert time.process_time() - started < 0.2
