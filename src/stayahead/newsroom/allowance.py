"""Bounds how many new articles one source may bring, so that no feed can fill memory and disk with what it makes up.

Theory of operation. A source has an allowance: so many new articles an hour, of which those of `BURST_HOURS` may come
at once (a token bucket). What goes beyond is not lost: those entries are not stored at all, so they are as new at the
next poll as they were at this one, and are taken up once there is allowance left and while their feed lists them. The
newest go first, for a reader wants to know what is new. A feed's first answer is free: its owner has just asked for
it, and it happens once.

A source is a domain and not a feed, so that twelve feeds of one host are one. It is the domain that is watched and not
the one that answers: redirects would else let one source use up another's allowance. On hosts where anybody's feeds
stand (`FEED_HOSTS`) each feed is a source of its own. See docs/decisions/0144-what-one-source-may-bring.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from stayahead.model import Entry, WatchedFeed
from stayahead.newsroom.speakers import FEED_HOSTS, Speakers
from stayahead.when import plausible

BURST_HOURS = 2
"""So many hours' allowance may be used at once: 1,000 articles by default, which is as much as one poll can bring."""
_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a source may bring now of the new entries that its feed lists."""

    source: str
    taken: int = 0
    """How many of them count against the allowance."""
    waiting: frozenset[str] = frozenset()
    """Ids of the articles of those that wait."""
    left: float | None = None
    """What is left of the allowance; None: there is no limit."""


@dataclass(frozen=True, slots=True)
class _Bucket:
    left: float
    at: datetime


@dataclass(slots=True)
class Allowances:
    """What each source may still bring. Belongs to the event loop.

    Args:
        an_hour: new articles that a source may bring in an hour; 0: without limit.
        exceptions: the same for certain sources, by domain (or by feed, where each is a source of its own).
    """

    an_hour: int = 0
    exceptions: Mapping[str, int] = field(default_factory=dict)
    taken: int = 0
    """New entries that were taken in since the start."""
    put_off: int = 0
    """How often a new entry was put off to a later poll."""
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def recall(self, feeds: Iterable[WatchedFeed], speakers: Speakers) -> None:
        """Go on from what was stored: a restart is no new allowance."""
        for watched in feeds:
            left, at = watched.state.intake_left, watched.state.whole_at
            if left is None or at is None:
                continue
            source = source_of(watched.feed.url, speakers)
            before = self._buckets.get(source)
            if before is None or before.at < at:
                self._buckets[source] = _Bucket(min(left, self._burst(source)), at)

    def share(self, source: str, new: Sequence[tuple[str, Entry]], *, now: datetime, is_first: bool = False) -> Share:
        """Take as many of these as the source may bring; what is not committed then must be given back.

        Args:
            source: see `source_of`.
            new: article ids and entries in the order of their feed.
            now: the clock's time.
            is_first: it is the first answer of its feed, which counts for nothing.
        """
        if not self._an_hour(source):
            self.taken += len(new)
            return Share(source=source)
        left = self._left(source, now)
        taken = 0 if is_first else min(len(new), int(left))
        late = [] if is_first or taken == len(new) else _newest_first(new, now)[taken:]
        waiting = frozenset(id_ for id_, _ in late)
        self._buckets[source] = _Bucket(left - taken, now)
        self.taken += len(new) - len(waiting)
        self.put_off += len(waiting)
        return Share(source=source, taken=taken, waiting=waiting, left=left - taken)

    def give_back(self, share: Share, new: int) -> None:
        """It was not committed: of those `new` entries none has come in, and none was put off."""
        self.taken -= new - len(share.waiting)
        self.put_off -= len(share.waiting)
        bucket = self._buckets.get(share.source)
        if bucket is not None and share.taken:
            left = min(bucket.left + share.taken, self._burst(share.source))
            self._buckets[share.source] = _Bucket(left, bucket.at)

    def status(self) -> Mapping[str, float]:
        """Its counters by metric name."""
        return {"new_entries_taken_total": self.taken, "new_entries_put_off_total": self.put_off}

    def _an_hour(self, source: str) -> int:
        return self.exceptions.get(source, self.an_hour)

    def _burst(self, source: str) -> float:
        return float(BURST_HOURS * self._an_hour(source))

    def _left(self, source: str, now: datetime) -> float:
        burst = self._burst(source)
        bucket = self._buckets.get(source)
        if bucket is None:
            return burst
        # A clock that was ahead and was put back gives nothing, and takes nothing away.
        hours = max(now - bucket.at, timedelta(0)) / timedelta(hours=1)
        return min(bucket.left + hours * self._an_hour(source), burst)


def source_of(feed_url: str, speakers: Speakers) -> str:
    """On whose allowance a feed's articles come."""
    domain = speakers.domain(feed_url)
    return feed_url if not domain or domain in FEED_HOSTS else domain


def _newest_first(new: Sequence[tuple[str, Entry]], now: datetime) -> list[tuple[str, Entry]]:
    """By their own account; those without a time in the order of their feed, which mostly puts the newest first."""
    return sorted(new, key=lambda each: _told_at(each[1], now), reverse=True)


def _told_at(entry: Entry, now: datetime) -> datetime:
    return plausible(entry.published, now=now) or plausible(entry.updated, now=now) or _LONG_AGO
