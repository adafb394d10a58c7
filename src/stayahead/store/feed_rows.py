"""Turns what polls taught us of feeds into columns and back."""

from __future__ import annotations

from typing import Any

import msgspec

from stayahead.model import Feed, FeedPartState, FeedState, WatchedFeed
from stayahead.store import rows

_feed_parts = msgspec.json.Decoder(tuple[FeedPartState, ...])


def feed_state_row(state: FeedState) -> tuple[object, ...]:
    """In the order of `put_state` in sources.sql."""
    return (
        state.etag,
        state.last_modified,
        state.title,
        rows.micros_or_none(state.next_poll_at),
        rows.micros_or_none(state.last_polled_at),
        rows.micros_or_none(state.last_ok_at),
        state.failures,
        rows.micros_or_none(state.failing_since),
        state.error,
        state.status,
        int(state.gone),
        state.entries,
        state.ttl_s,
        msgspec.json.encode(state.parts).decode("utf-8", "replace"),
        state.moved_to,
        rows.micros_or_none(state.moved_since),
        rows.micros_or_none(state.whole_at),
        rows.micros_or_none(state.last_new_at),
        state.identity_rules,
        state.waiting,
        state.intake_left,
        state.url,
    )


def read_parts(text: str) -> tuple[FeedPartState, ...]:
    """What is known of a feed's parts."""
    return _feed_parts.decode(text)


def read_feed(row: tuple[Any, ...]) -> WatchedFeed:
    """From the columns of `feed` in sources.sql."""
    url = row[0]
    state = FeedState(
        url=url,
        etag=row[3],
        last_modified=row[4],
        title=row[5],
        next_poll_at=rows.moment_or_none(row[6]),
        last_polled_at=rows.moment_or_none(row[7]),
        last_ok_at=rows.moment_or_none(row[8]),
        failures=row[9],
        failing_since=rows.moment_or_none(row[10]),
        error=row[11],
        status=row[12],
        gone=bool(row[13]),
        entries=row[14],
        ttl_s=row[15],
        parts=read_parts(row[16]),
        moved_to=row[17],
        moved_since=rows.moment_or_none(row[18]),
        whole_at=rows.moment_or_none(row[19]),
        last_new_at=rows.moment_or_none(row[20]),
        identity_rules=row[21],
        waiting=row[22],
        intake_left=row[23],
    )
    sections, domains = (tuple(msgspec.json.decode(row[column])) for column in (2, 24))
    return WatchedFeed(feed=Feed(url=url, title=row[1], sections=sections, domains=domains), state=state)
