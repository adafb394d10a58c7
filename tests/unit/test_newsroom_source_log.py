"""What the log says of sources: each change once, a machine without network in few lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from stayahead.model import Feed, FeedState, WatchedFeed
from stayahead.newsroom.source_log import FIRST_ROUND_LOOKS, SourceLog
from tests.newsroom_world import NOON

LATER = NOON + timedelta(minutes=10)


def never_asked(number: int) -> FeedState:
    return FeedState(url=f"https://site{number}.example/feed")


def well(state: FeedState) -> FeedState:
    return replace(
        state, failures=0, failing_since=None, error="", last_polled_at=NOON, last_ok_at=NOON, next_poll_at=LATER
    )


def failed(state: FeedState, error: str = "name not found") -> FeedState:
    since = state.failing_since or NOON
    failures = state.failures + 1
    return replace(state, failures=failures, failing_since=since, error=error, last_polled_at=NOON, next_poll_at=LATER)


class Told:
    """A source log and what it said."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO")
        self.caplog, self.log = caplog, SourceLog()

    def look(self, states: Iterable[FeedState]) -> list[str]:
        self.caplog.clear()
        self.log.look([WatchedFeed(feed=Feed(url=state.url), state=state) for state in states], NOON)
        return [record.msg for record in self.caplog.records]

    def fields(self, place: int) -> dict[str, object]:
        fields: dict[str, object] = vars(self.caplog.records[place])["stayahead_fields"]
        return fields


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Told:
    return Told(caplog)


def test_a_change_is_told_once_and_not_each_poll(told: Told) -> None:
    one, two = never_asked(1), never_asked(2)
    assert told.look([one, two]) == ["sources"]
    assert told.look([well(one), well(two)]) == []
    bad = failed(well(one), "the server answered 503")
    assert told.look([bad, well(two)]) == ["feed_failing"]
    assert told.fields(0) == {"url": one.url, "error": "the server answered 503", "since": NOON}
    assert told.look([failed(bad, "no answer"), well(two)]) == []
    assert told.look([well(bad), well(two)]) == ["feed_works_again"]
    assert told.fields(0) == {"url": one.url, "since": NOON, "failed_since": NOON}
    assert told.look([well(bad), well(two)]) == []


def test_a_machine_without_network_is_two_lines_and_only_when_the_first_round_is_over(told: Told) -> None:
    sources = [never_asked(number) for number in range(61)]
    assert told.look(sources) == ["sources"]
    half = [failed(state) if number % 2 else state for number, state in enumerate(sources)]
    assert told.look(half) == []
    assert told.look([failed(state) for state in sources]) == ["feeds_failing", "no_source_works"]
    assert told.fields(0)["count"] == 61
    assert told.fields(1)["sources"] == 61
    assert told.fields(1)["commonest_error"] == "name not found"
    assert told.look([failed(failed(state)) for state in sources]) == []
    again = [well(state) if number == 5 else failed(state) for number, state in enumerate(sources)]
    assert told.look(again) == ["feed_works_again"]
    assert told.look([failed(state) for state in sources]) == ["feed_failing", "no_source_works"]


def test_one_source_that_never_answers_does_not_hold_the_first_round_for_ever(told: Told) -> None:
    slow, bad = never_asked(1), failed(never_asked(2))
    said = [told.look([slow, never_asked(2)]), *(told.look([slow, bad]) for _ in range(FIRST_ROUND_LOOKS))]
    assert [names for names in said if names] == [["sources"], ["feed_failing"]]


def test_many_ways_to_fail_are_few_lines(told: Told) -> None:
    sources = [never_asked(number) for number in range(40)]
    told.look(sources)
    names = told.look([failed(state, f"error {number}") for number, state in enumerate(sources)])
    assert len(names) <= 8
    assert sum(int(str(told.fields(place).get("count", 1))) for place in range(len(names) - 1)) == 40


def test_after_a_restart_what_failed_before_is_counted_and_not_named_again(told: Told) -> None:
    bad = [failed(never_asked(number)) for number in range(3)]
    assert told.look([*bad, well(never_asked(4))]) == ["sources"]
    assert told.fields(0) == {"watched": 4, "due": 0, "failing": 3}
    assert told.look(bad) == ["no_source_works"]


def test_a_source_that_was_just_added_is_no_failure(told: Told) -> None:
    assert told.look([]) == ["sources"]
    assert told.look([never_asked(1)]) == []
    assert told.look([failed(never_asked(1))]) == ["feed_failing", "no_source_works"]
