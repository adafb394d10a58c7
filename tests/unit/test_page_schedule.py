"""When a page is read again, and how many may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stayahead.errors import ConnectFailed, HttpStatus, RobotsRefused, SourceError
from stayahead.model import Block, BlockKind, Fetched, Page, PageKind, PageState
from stayahead.newsroom.budget import HOSTS_MOST, SAVED_MOST, Budget
from stayahead.newsroom.page_schedule import (
    RETRY_AFTER,
    STEPS,
    TRIES_MAX,
    after_answer,
    after_failure,
    next_step,
    text_digest,
    why_not_taken,
)

T0 = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
URL = "https://paper.example/news/1"


def span(**parts: float) -> timedelta:
    return timedelta(**parts)


@pytest.mark.parametrize(
    ("age", "step"),
    [
        (span(seconds=5), span(minutes=15)),
        (span(minutes=15), span(hours=1)),
        (span(minutes=11), span(hours=1)),  # the step at 15 minutes is near
        (span(hours=1, seconds=30), span(hours=6)),
        (span(hours=7), span(hours=24)),
        (span(hours=25), span(days=7)),
        (span(days=6, hours=23, minutes=54), span(days=7)),
    ],
)
def test_the_next_step_is_the_first_that_is_not_near(age: timedelta, step: timedelta) -> None:
    assert next_step(T0, T0 + age) == T0 + step


def test_after_a_week_there_is_no_step() -> None:
    assert next_step(T0, T0 + STEPS[-1]) is None
    assert next_step(T0, T0 + span(days=400)) is None


def test_read_at_every_step_an_article_is_read_five_times() -> None:
    at, reads = T0, []
    while (following := next_step(T0, at)) is not None:
        at = following + span(seconds=40)
        reads.append(following - T0)
    assert reads == list(STEPS)


STATE = PageState(
    article_id="a",
    url=URL,
    etag='"1"',
    last_modified="Mon, 04 Mar 2030 12:00:00 GMT",
    text_digest="old",
    read_at=T0,
    next_at=T0 + STEPS[0],
    is_asked=True,
    failures=2,
    reason="was down",
)


def test_a_304_keeps_the_validators_that_it_does_not_name() -> None:
    now = T0 + span(minutes=16)
    fetched = Fetched(request_url=URL, url=URL, status=304, at=now, etag='"2"')
    assert after_answer(STATE, fetched, placed_at=T0, now=now) == replace(
        STATE, etag='"2"', reads=2, read_at=now, next_at=T0 + STEPS[1], is_asked=False, failures=0, reason=""
    )


def test_an_answer_brings_its_own_validators() -> None:
    now = T0 + span(days=8)
    fetched = Fetched(request_url=URL, url=URL, status=200, at=now)
    after = after_answer(STATE, fetched, placed_at=T0, now=now, digest="new")
    assert (after.etag, after.last_modified, after.text_digest, after.next_at) == ("", "", "new", None)


@pytest.mark.parametrize(
    "error",
    [HttpStatus(URL, "gone", status=410), HttpStatus(URL, "not there", status=404), RobotsRefused(URL, "refused")],
)
def test_what_is_gone_or_refused_is_not_asked_again_and_says_why(error: SourceError) -> None:
    after = after_failure(STATE, error, placed_at=T0, now=T0)
    assert (after.next_at, after.is_asked, after.reason) == (None, False, str(error))


def test_a_read_that_a_feed_asked_for_is_tried_again_and_then_left_to_the_schedule() -> None:
    state = replace(STATE, failures=0)
    now, waits = T0 + span(minutes=16), []
    for _ in range(TRIES_MAX):
        state = after_failure(state, ConnectFailed(URL, "reset"), placed_at=T0, now=now)
        assert state.next_at is not None
        waits.append((state.next_at - now, state.is_asked))
    assert waits == [(RETRY_AFTER, True), (4 * RETRY_AFTER, True), (T0 + STEPS[1] - now, False)]


def test_a_failed_read_by_schedule_waits_for_the_next_step_after_what_the_server_asks() -> None:
    state, now = replace(STATE, is_asked=False), T0 + STEPS[0]
    assert after_failure(state, ConnectFailed(URL, "reset"), placed_at=T0, now=now).next_at == T0 + STEPS[1]
    busy = HttpStatus(URL, "busy", status=429, retry_after_s=7200.0)
    assert after_failure(state, busy, placed_at=T0, now=now).next_at == T0 + STEPS[2]
    asked = after_failure(replace(STATE, failures=0), busy, placed_at=T0, now=now)
    assert asked.next_at == now + span(hours=2)


def _page(text: str, kind: PageKind = PageKind.ARTICLE) -> Page:
    blocks = (Block(kind=BlockKind.PARAGRAPH, text=text),) if text else ()
    return Page(blocks=blocks, kind=kind)


@pytest.mark.parametrize(
    ("page", "ended", "why"),
    [
        (_page("Another text of it."), URL, ""),
        (_page("Short."), URL, ""),  # an article that was cut is a version
        (_page(""), URL, "no text"),
        (_page("Short.", PageKind.PAYWALL), URL, "paywall"),
        (_page("This article has been withdrawn.", PageKind.SHELL), URL, ""),
        (_page("Not found.", PageKind.SHELL), URL, "shell"),
        (_page("Longer than the article ever was, however long it may have been.", PageKind.PAYWALL), URL, ""),
        (_page("Another text of it."), "https://paper.example/", "front page"),
        (_page("Another text of it."), "https://paper.example/2030/news-1", ""),
    ],
)
def test_which_answer_is_no_version(page: Page, ended: str, why: str) -> None:
    said = why_not_taken(
        page, _page("The text of the article, which is long enough to be one."), request_url=URL, final_url=ended
    )
    assert why in said
    assert bool(said) is bool(why)


def test_equal_texts_have_equal_digests() -> None:
    assert text_digest(_page("One.")) == text_digest(replace(_page("One."), title="x", comments=("y",)))
    assert text_digest(_page("One.")) != text_digest(_page("Two."))


# ── the budget ───────────────────────────────────────────────────────────────────────────────────────────────────────

MINUTE = span(minutes=1)


def _spent(budget: Budget, hosts: int, now: datetime = T0) -> int:
    return sum(budget.spend(f"h{n}.example", now) for n in range(hosts))


def test_there_are_never_more_re_reads_than_first_reads() -> None:
    budget = Budget(share=1.0, host_gap=MINUTE)
    assert budget.is_spent
    assert _spent(budget, 5) == 0
    budget.earn(3)
    assert _spent(budget, 5) == 3
    assert budget.is_spent


def test_the_share_says_how_many_a_first_read_earns() -> None:
    half, none = Budget(share=0.5, host_gap=MINUTE), Budget(share=0.0, host_gap=MINUTE)
    for budget in (half, none):
        budget.earn(10)
    assert (_spent(half, 20), _spent(none, 20)) == (5, 0)


def test_a_host_is_asked_once_a_minute_and_the_others_meanwhile() -> None:
    budget = Budget(share=1.0, host_gap=MINUTE)
    budget.earn(10)
    asked = [budget.spend("a.example", T0 + span(seconds=seconds)) for seconds in (0, 30, 59.9, 60, 119, 121)]
    assert asked == [True, False, False, True, False, True]
    assert budget.spend("b.example", T0)


def test_what_is_saved_up_and_remembered_is_bounded() -> None:
    budget = Budget(share=1.0, host_gap=MINUTE)
    budget.earn(10**6)
    assert _spent(budget, int(SAVED_MOST) + 500) == SAVED_MOST
    budget.earn(10)
    assert budget.spend("late.example", T0 + 2 * MINUTE)
    assert len(budget._last) <= HOSTS_MOST
