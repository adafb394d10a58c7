"""Decides when a feed is asked next and where, and what its state is after an answer or a failure.

Pure: `now` and the jitter (a number drawn in [0, 1)) are arguments; `timetable` binds them to the options. The rules,
the weightier first:

1. A feed that said 410 is gone and not asked again until the owner adds it once more.
2. Every `poll_every_s`, ±10 % so that feeds added together drift apart.
3. After a failure it is that long again; each further failure in a row doubles it, but not while nobody can be reached:
   then it is us (`outage`), and when somebody answers again, those that failed meanwhile are asked within minutes.
4. Nothing is asked before Retry-After, Cache-Control max-age or the feed's own ttl allow it: lower bounds, never
   shortened by jitter. A max-age counts for an hour at most: longer ones are set for all files of a site alike.
5. No wait is longer than a day, whatever anyone asks.
6. What was planned or polled later than can be, by a clock that was wrong, is due now.
7. A feed that permanent redirects have led elsewhere for a day is asked there, until that fails (docs/decisions/0053).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from stayahead.errors import HttpStatus, SourceError
from stayahead.model import FeedState, Fetched
from stayahead.urls import with_login_of, without_logins

LONGEST_S = 86_400.0
"""No feed waits longer."""
SHORTEST_S = 1.0
"""No feed waits less, whatever the option says."""
MOVED_AFTER = timedelta(days=1)
"""For how long every good poll must have been redirected to an address before that address is asked itself."""
FRESH_MOST_S = 3_600.0
"""What a max-age may ask for at most (docs/decisions/0137)."""
SLACK = timedelta(days=1)
"""Past the longest wait: so far ahead no right clock has planned a poll."""
AHEAD = timedelta(minutes=5)
"""A last poll that lies further ahead was dated by a wrong clock."""
SOON_S = 300.0
"""Within so long after an outage every source is asked again: spread, for all at once would be a burst."""
JITTER = 0.1
"""Share of the wait by which a poll moves, at most."""

_GONE = 410
_MOST_DOUBLINGS = 16  # 2**16 polls of any sensible distance are past a day


def is_due(state: FeedState, now: datetime) -> bool:
    """Whether the feed is to be asked now."""
    if state.gone:
        return False
    return state.next_poll_at is None or state.next_poll_at <= now or _was_ahead(state, now)


def _was_ahead(state: FeedState, now: datetime) -> bool:
    """Did a clock that was ahead say when the feed was polled, and when it is polled next?"""
    if state.last_polled_at is not None and state.last_polled_at > now + AHEAD:
        return True
    return state.next_poll_at is not None and state.next_poll_at > now + timedelta(seconds=LONGEST_S) + SLACK


def address(state: FeedState, now: datetime) -> str:
    """The url to ask: the feed's own, or the one that it has moved to for good (RFC 9110, 15.4.2)."""
    has_moved = state.moved_since is not None and now - state.moved_since >= MOVED_AFTER
    return with_login_of(state.moved_to, state.url) if has_moved else state.url


def after_success(
    state: FeedState,
    fetched: Fetched,
    *,
    title: str = "",
    ttl_s: float = 0.0,
    entries: int,
    now: datetime,
    poll_every_s: float,
    jitter: float,
) -> FeedState:
    """The state after an answer that was parsed.

    Args:
        state: what we knew of it.
        fetched: the answer.
        title: what it calls itself; empty keeps the last.
        ttl_s: seconds that the feed itself asks for.
        entries: how many it held.
        now: time of the answer.
        poll_every_s: the option.
        jitter: drawn in [0, 1).
    """
    wait_s = _wait_s(poll_every_s, jitter, at_least_s=max(ttl_s, min(fetched.fresh_s, FRESH_MOST_S)))
    return replace(
        _after_answer(state, fetched, now=now, wait_s=wait_s),
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        title=title or state.title,
        entries=entries,
        ttl_s=ttl_s,
    )


def after_not_modified(
    state: FeedState, fetched: Fetched, *, now: datetime, poll_every_s: float, jitter: float
) -> FeedState:
    """The state after a 304, which is as good as an answer; validators change only where it names new ones."""
    wait_s = _wait_s(poll_every_s, jitter, at_least_s=max(state.ttl_s, min(fetched.fresh_s, FRESH_MOST_S)))
    return replace(
        _after_answer(state, fetched, now=now, wait_s=wait_s),
        etag=fetched.etag or state.etag,
        last_modified=fetched.last_modified or state.last_modified,
    )


def after_failure(
    state: FeedState,
    error: SourceError,
    *,
    now: datetime,
    poll_every_s: float,
    jitter: float,
    status: int = 0,
    is_outage: bool = False,
) -> FeedState:
    """The state after a feed that could not be fetched or read; validators stay as they were, a move is forgotten.

    Args:
        state: what we knew of it.
        error: what went wrong, with its remedy.
        now: time of the failure.
        poll_every_s: the option.
        jitter: drawn in [0, 1).
        status: of the answer, when there was one that could not be read.
        is_outage: nobody can be reached: the wait stays as it is.
    """
    retry_after_s = 0.0
    if isinstance(error, HttpStatus):
        status, retry_after_s = error.status, error.retry_after_s
    # The first failure changes nothing, as it is mostly somebody's restart.
    failures = max(state.failures, 1) if is_outage else state.failures + 1
    distance_s = max(poll_every_s, SHORTEST_S) * 2.0 ** min(failures - 1, _MOST_DOUBLINGS)
    wait_s = _wait_s(min(distance_s, LONGEST_S), jitter, at_least_s=retry_after_s)
    return replace(
        state,
        next_poll_at=now + timedelta(seconds=wait_s),
        last_polled_at=now,
        failures=failures,
        failing_since=state.failing_since or now,
        error=error.told,
        status=status,
        # 410 at an address that it moved to is a failure there: the feed's own url is asked next.
        gone=status == _GONE and address(state, now) == state.url,
        moved_to="",
        moved_since=None,
    )


def soon(state: FeedState, *, now: datetime, jitter: float) -> FeedState:
    """The state of a feed that failed while our network was away, once it is back."""
    at = now + timedelta(seconds=SOON_S * jitter)
    return replace(state, next_poll_at=at if state.next_poll_at is None else min(state.next_poll_at, at))


def _after_answer(state: FeedState, fetched: Fetched, *, now: datetime, wait_s: float) -> FeedState:
    # An answer without redirect from the address that it moved to confirms the move; one from its own url ends it.
    moved_to = fetched.moved_to or (state.moved_to if fetched.request_url == state.moved_to else "")
    if moved_to == without_logins(state.url):
        moved_to = ""
    is_same = bool(moved_to) and moved_to == state.moved_to
    return replace(
        state,
        next_poll_at=now + timedelta(seconds=wait_s),
        last_polled_at=now,
        last_ok_at=now,
        failures=0,
        failing_since=None,
        error="",
        status=fetched.status,
        gone=False,
        moved_to=moved_to,
        # Not later than now: a clock that was ahead would have it that the feed moves in a year.
        moved_since=min(state.moved_since or now, now) if is_same else now if moved_to else None,
    )


def _wait_s(distance_s: float, jitter: float, *, at_least_s: float) -> float:
    """The jittered distance, or the lower bound spread upwards only, within a day."""
    jittered = max(distance_s, SHORTEST_S) * (1.0 - JITTER + 2.0 * JITTER * jitter)
    bound = at_least_s * (1.0 + JITTER * jitter)
    return min(max(jittered, bound), LONGEST_S)
