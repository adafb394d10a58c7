"""The schedule: each rule about when a feed is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stayahead.errors import ConnectFailed, HttpStatus, ParseError, SourceError
from stayahead.fetch.schedule import (
    address,
    after_failure,
    after_not_modified,
    after_success,
    is_due,
)
from stayahead.model import FeedState, Fetched

URL = "https://paper.example/feed"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVERY_S = 600.0
DAY_S = 86_400.0
NEW = FeedState(url=URL)
OLD = FeedState(
    url=URL, etag='"1"', last_modified="Sun, 01 Mar 2026 11:00:00 GMT", title="Paper", last_ok_at=NOW, entries=7
)


def answer(*, status: int = 200, etag: str = "", last_modified: str = "", fresh_s: float = 0.0) -> Fetched:
    return Fetched(
        request_url=URL, url=URL, status=status, at=NOW, etag=etag, last_modified=last_modified, fresh_s=fresh_s
    )


def succeeded(state: FeedState = NEW, *, ttl_s: float = 0.0, fresh_s: float = 0.0, jitter: float = 0.5) -> FeedState:
    fetched = answer(fresh_s=fresh_s)
    return after_success(state, fetched, ttl_s=ttl_s, entries=3, now=NOW, poll_every_s=EVERY_S, jitter=jitter)


def failed(state: FeedState, error: SourceError | None = None, *, jitter: float = 0.5) -> FeedState:
    error = error or ConnectFailed(URL, "the server refused the connection")
    return after_failure(state, error, now=NOW, poll_every_s=EVERY_S, jitter=jitter)


def wait_s(state: FeedState) -> float:
    assert state.next_poll_at is not None
    return (state.next_poll_at - NOW).total_seconds()


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, 540.0), (0.5, 600.0), (0.999999, 660.0)])
def test_a_feed_is_asked_every_interval_with_a_tenth_of_jitter(jitter: float, expected: float) -> None:
    assert wait_s(succeeded(jitter=jitter)) == pytest.approx(expected, abs=0.01)


def test_success_keeps_what_the_answer_taught() -> None:
    fetched = answer(etag='"2"', last_modified="Sun, 01 Mar 2026 12:00:00 GMT")
    failing = replace(OLD, failures=3, failing_since=NOW, error="it broke", status=500)
    state = after_success(failing, fetched, title="The Paper", entries=9, now=NOW, poll_every_s=EVERY_S, jitter=0.5)
    assert state == FeedState(
        url=URL,
        etag='"2"',
        last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
        title="The Paper",
        next_poll_at=NOW + timedelta(seconds=600),
        last_polled_at=NOW,
        last_ok_at=NOW,
        status=200,
        entries=9,
    )


def test_an_answer_without_validators_clears_the_old_ones_and_without_title_keeps_it() -> None:
    state = succeeded(OLD)
    assert (state.etag, state.last_modified, state.title) == ("", "", "Paper")


def test_not_modified_is_as_good_as_an_answer_and_keeps_what_we_know() -> None:
    failing = replace(OLD, failures=2, failing_since=NOW, error="it broke")
    state = after_not_modified(failing, answer(status=304), now=NOW, poll_every_s=EVERY_S, jitter=0.5)
    assert state == replace(
        OLD, status=304, last_polled_at=NOW, last_ok_at=NOW, next_poll_at=NOW + timedelta(seconds=600)
    )


def test_not_modified_takes_validators_that_it_names() -> None:
    fetched = answer(status=304, etag='"2"')
    state = after_not_modified(OLD, fetched, now=NOW, poll_every_s=EVERY_S, jitter=0.5)
    assert (state.etag, state.last_modified) == ('"2"', OLD.last_modified)


@pytest.mark.parametrize(("ttl_s", "fresh_s"), [(3600.0, 0.0), (0.0, 3600.0), (3600.0, 900.0), (900.0, 3600.0)])
def test_ttl_and_max_age_are_lower_bounds_that_jitter_never_shortens(ttl_s: float, fresh_s: float) -> None:
    assert wait_s(succeeded(ttl_s=ttl_s, fresh_s=fresh_s, jitter=0.0)) == 3600.0
    assert 3600.0 < wait_s(succeeded(ttl_s=ttl_s, fresh_s=fresh_s, jitter=0.9)) <= 3960.0


def test_a_short_ttl_does_not_make_us_ask_sooner() -> None:
    assert wait_s(succeeded(ttl_s=60.0, fresh_s=30.0)) == 600.0


def test_max_age_of_a_304_counts_as_well() -> None:
    state = after_not_modified(OLD, answer(status=304, fresh_s=3600.0), now=NOW, poll_every_s=EVERY_S, jitter=0.0)
    assert wait_s(state) == 3600.0


def test_a_max_age_of_a_year_counts_for_an_hour_and_a_ttl_for_what_it_says() -> None:
    year_s = 365 * DAY_S
    assert wait_s(succeeded(fresh_s=year_s, jitter=0.0)) == 3600.0
    assert wait_s(succeeded(fresh_s=year_s, ttl_s=7200.0, jitter=0.0)) == 7200.0
    state = after_not_modified(OLD, answer(status=304, fresh_s=year_s), now=NOW, poll_every_s=EVERY_S, jitter=0.0)
    assert wait_s(state) == 3600.0


def test_nobody_makes_us_wait_longer_than_a_day() -> None:
    assert wait_s(succeeded(ttl_s=30 * DAY_S, jitter=0.9)) == DAY_S
    error = HttpStatus(URL, "slow down", status=429, retry_after_s=30 * DAY_S)
    assert wait_s(failed(NEW, error, jitter=0.9)) == DAY_S


def test_failures_double_the_distance_up_to_a_day() -> None:
    state, waits = OLD, []
    for _ in range(11):
        state = failed(state)
        waits.append(wait_s(state))
    assert waits == [600, 1200, 2400, 4800, 9600, 19200, 38400, 76800, DAY_S, DAY_S, DAY_S]
    assert wait_s(failed(replace(OLD, failures=5000))) == DAY_S


def test_a_failure_is_kept_with_its_remedy_and_since_when() -> None:
    first = failed(OLD, ConnectFailed(URL, "its name is not known", remedy="check the url"))
    assert (first.failures, first.failing_since, first.error) == (1, NOW, "its name is not known; check the url")
    assert (first.etag, first.last_ok_at, first.entries, first.status) == (OLD.etag, NOW, 7, 0)
    later = after_failure(
        first,
        HttpStatus(URL, "the server answered 500", status=500),
        now=NOW + timedelta(hours=1),
        poll_every_s=EVERY_S,
        jitter=0.5,
    )
    assert (later.failures, later.failing_since, later.status) == (2, NOW, 500)
    assert later.error == "the server answered 500"
    assert later.last_polled_at == NOW + timedelta(hours=1)


MOVED = "https://new.example/feed"


def led(state: FeedState, at: datetime, *, moved_to: str = MOVED, status: int = 200) -> FeedState:
    """The state after a good poll at the address that the schedule names."""
    asked = address(state, at)
    fetched = Fetched(
        request_url=asked, url=MOVED, status=status, at=at, moved_to="" if asked == moved_to else moved_to
    )
    if status == 304:
        return after_not_modified(state, fetched, now=at, poll_every_s=EVERY_S, jitter=0.5)
    return after_success(state, fetched, entries=3, now=at, poll_every_s=EVERY_S, jitter=0.5)


def test_a_move_is_remembered_when_every_poll_of_a_day_was_led_there() -> None:
    state = led(OLD, NOW)
    assert (state.moved_to, state.moved_since, address(state, NOW)) == (MOVED, NOW, URL)
    for hours, status in ((6, 304), (12, 200), (23, 304)):
        at = NOW + timedelta(hours=hours)
        state = led(state, at, status=status)
        assert (state.moved_since, address(state, at)) == (NOW, URL)
    at = NOW + timedelta(hours=24)
    assert address(state, at) == MOVED
    state = led(state, at)
    assert (state.moved_to, state.moved_since, state.url) == (MOVED, NOW, URL)
    assert address(state, at + timedelta(days=400)) == MOVED


def test_another_address_or_none_begins_the_day_anew() -> None:
    state = led(OLD, NOW)
    later = NOW + timedelta(hours=5)
    assert led(state, later, moved_to="https://other.example/").moved_since == later
    assert led(state, later, moved_to="").moved_since is None
    assert led(state, later, moved_to=URL).moved_to == ""
    remembered = replace(OLD, moved_to=MOVED, moved_since=NOW - timedelta(days=9))
    again = led(remembered, NOW, moved_to="https://third.example/")
    assert (again.moved_to, address(again, NOW)) == ("https://third.example/", URL)


def test_a_move_that_a_clock_ahead_has_dated_counts_from_now() -> None:
    ahead = replace(OLD, moved_to=MOVED, moved_since=NOW + timedelta(days=365))
    state = led(ahead, NOW)
    assert address(led(state, NOW + timedelta(days=1)), NOW + timedelta(days=1)) == MOVED


def test_a_remembered_address_that_fails_is_forgotten_and_410_there_is_not_the_feeds_end() -> None:
    remembered = replace(OLD, moved_to=MOVED, moved_since=NOW - timedelta(days=9))
    state = failed(remembered, HttpStatus(MOVED, "the server answered 410 (Gone)", status=410))
    assert (state.gone, state.moved_to, state.moved_since, state.failures) == (False, "", None, 1)
    assert address(state, NOW) == URL
    assert failed(state, HttpStatus(URL, "the server answered 410 (Gone)", status=410)).gone


def test_an_answer_that_cannot_be_read_is_a_failure_with_its_status() -> None:
    error = ParseError(URL, "no feed")
    state = after_failure(OLD, error, now=NOW, poll_every_s=EVERY_S, jitter=0.5, status=200)
    assert (state.status, state.failures) == (200, 1)


def test_a_long_error_is_clipped() -> None:
    state = failed(OLD, ConnectFailed(URL, "x" * 5000))
    assert len(state.error) == 500
    assert state.error.endswith("…")


def test_retry_after_is_a_lower_bound_of_the_back_off() -> None:
    error = HttpStatus(URL, "slow down", status=429, retry_after_s=7200.0)
    assert wait_s(failed(OLD, error, jitter=0.0)) == 7200.0
    assert wait_s(failed(replace(OLD, failures=6), error, jitter=0.5)) == 38400.0


def test_gone_is_never_due_again_until_it_answers() -> None:
    state = failed(OLD, HttpStatus(URL, "the server answered 410 (Gone)", status=410))
    assert state.gone
    assert not is_due(state, NOW + timedelta(days=400))
    assert is_due(succeeded(state), NOW + timedelta(hours=1))


def test_an_option_of_zero_does_not_make_us_hammer() -> None:
    state = after_success(NEW, answer(), entries=0, now=NOW, poll_every_s=0.0, jitter=0.0)
    assert wait_s(state) >= 0.9
    assert wait_s(after_failure(NEW, ParseError(URL, "no"), now=NOW, poll_every_s=0.0, jitter=0.0)) >= 0.9


def test_a_feed_is_due_when_new_or_when_its_time_has_come() -> None:
    assert is_due(NEW, NOW)
    state = succeeded()
    assert not is_due(state, NOW + timedelta(seconds=599))
    assert is_due(state, NOW + timedelta(seconds=600))


def test_a_ttl_holds_for_an_answer_without_a_body_too() -> None:
    told = succeeded(ttl_s=7200.0)
    state = after_not_modified(told, answer(status=304), now=NOW, poll_every_s=EVERY_S, jitter=0.0)
    assert wait_s(state) == 7200.0
    assert succeeded(told).ttl_s == 0.0  # an answer that says it no more takes it back


@pytest.mark.parametrize("ahead", [timedelta(minutes=20), timedelta(days=40), timedelta(days=365)])
def test_what_a_clock_that_was_ahead_has_planned_is_due_now(ahead: timedelta) -> None:
    state = replace(succeeded(), next_poll_at=NOW + ahead + timedelta(seconds=EVERY_S), last_polled_at=NOW + ahead)
    assert is_due(state, NOW)
    assert not is_due(replace(state, gone=True), NOW)


def test_the_longest_wait_that_a_right_clock_plans_is_kept() -> None:
    state = failed(replace(OLD, failures=40), jitter=0.999999)
    assert wait_s(state) == pytest.approx(DAY_S)
    assert not is_due(state, NOW)
    assert not is_due(state, NOW - timedelta(minutes=4)), "a correction of minutes makes nothing due"
    assert is_due(replace(state, next_poll_at=NOW + timedelta(days=2, seconds=1)), NOW)
