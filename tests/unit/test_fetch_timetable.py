"""The timetable binds the schedule's rules to the options."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stayahead.config import Settings
from stayahead.errors import HttpStatus
from stayahead.fetch import Timetable
from stayahead.model import Entry, FeedState, Fetched, ParsedFeed

URL = "https://paper.example/feed"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STATE = FeedState(url=URL)
TIMETABLE = Timetable(Settings(poll_every_s=1000.0), seed=7)


def answer(*, status: int = 200) -> Fetched:
    return Fetched(request_url=URL, url=URL, status=status, at=NOW, etag='"1"')


def wait_s(state: FeedState) -> float:
    assert state.next_poll_at is not None
    return (state.next_poll_at - NOW).total_seconds()


def test_an_answer_counts_with_its_title_its_entries_and_its_ttl() -> None:
    parsed = ParsedFeed(title="Paper", ttl_s=7200.0, entries=(Entry(), Entry()))
    state = TIMETABLE.succeeded(STATE, answer(), parsed, NOW)
    assert (state.title, state.entries, state.etag) == ("Paper", 2, '"1"')
    assert 7200.0 <= wait_s(state) <= 7920.0


def test_the_option_is_the_distance_and_jitter_is_drawn_anew() -> None:
    waits = {wait_s(TIMETABLE.unchanged(STATE, answer(status=304), NOW)) for _ in range(50)}
    assert len(waits) > 40
    assert min(waits) >= 900.0
    assert max(waits) <= 1100.0


def test_a_failure_backs_off() -> None:
    error = HttpStatus(URL, "slow down", status=429, retry_after_s=5000.0)
    state = TIMETABLE.failed(STATE, error, NOW)
    assert (state.failures, state.status, state.error) == (1, 429, "slow down")
    assert state.next_poll_at is not None
    assert state.next_poll_at >= NOW + timedelta(seconds=5000)
