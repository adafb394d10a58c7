"""Who speaks, which places we watch, and what came over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PublisherKind(StrEnum):
    """What a publisher is; `UNKNOWN` until the owner or the starter list says."""

    AGENCY = "agency"
    NEWSPAPER = "newspaper"
    BROADCASTER = "broadcaster"
    MAGAZINE = "magazine"
    ONLINE = "online"
    BLOG = "blog"
    OFFICIAL = "official"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who speaks. Found by the registrable domain of the site that was heard, or of the feed that passes it on."""

    domain: str
    """Registrable domain, lower case, in IDNA form: the publisher's identity."""
    name: str
    owner: str = ""
    """The group that owns it; publishers with one owner are one origin."""
    country: str = ""
    """ISO 3166-1 alpha-2, upper case, or empty."""
    language: str = ""
    """ISO 639-1, or empty."""
    kind: PublisherKind = PublisherKind.UNKNOWN
    passes_on: bool = False
    """It tells of what stands on a site of another, which has not been heard itself: shown as "via" its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A place that we watch."""

    url: str
    title: str = ""
    sections: tuple[str, ...] = ()
    """Hints of what it carries (OPML folders, starter topics), outermost first."""
    domains: tuple[str, ...] = ()
    """Domains of others for which it speaks: their pages named it, or its owner did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPartState:
    """What the last polls taught us of one part of a feed: a sitemap that its index names."""

    url: str
    changed: datetime | None = None
    """When it last changed, as the index said when we last read it."""
    etag: str = ""
    last_modified: str = ""
    asked_at: datetime | None = None
    """When it last answered."""
    entries: int = 0
    """Entries that its last whole answer held."""
    error: str = ""
    """What its last failure said; empty when it answered."""
    whole_at: datetime | None = None
    """When it last gave a whole answer, and no 304."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the last polls of a feed taught us; stored in the same commit as their entries."""

    url: str
    etag: str = ""
    last_modified: str = ""
    title: str = ""
    """The title that the feed gives itself."""
    next_poll_at: datetime | None = None
    """None: never polled, due at once."""
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    failures: int = 0
    """Failed polls in a row."""
    failing_since: datetime | None = None
    error: str = ""
    """What the last failure said, with its remedy; empty when the last poll went well."""
    status: int = 0
    """HTTP status of the last answer; 0 when there was none."""
    gone: bool = False
    """The server said 410: not polled again until the owner asks."""
    entries: int = 0
    """Entries that the last whole answer held."""
    ttl_s: float = 0.0
    """Seconds that the feed itself asked to be left alone (RSS ttl); holds for a 304 too."""
    parts: tuple[FeedPartState, ...] = ()
    """What is known of its parts, for a feed that has no entries of its own but names where they are."""
    moved_to: str = ""
    """Where permanent redirects (301, 308) lead, if the last good poll met any or did without the detour."""
    moved_since: datetime | None = None
    """The first of the polls in a row that were led there."""
    whole_at: datetime | None = None
    """When it last gave a whole answer, and no 304."""
    last_new_at: datetime | None = None
    """When it last brought an entry that was not known; None: not since this is noted."""
    identity_rules: int = 1
    """By which rules the entries of its last whole answer were known again."""
    waiting: int = 0
    """New entries of its last answer that wait, for its source has brought as many as it may (`newsroom/allowance`)."""
    intake_left: float | None = None
    """What was left of its source's allowance when it last gave a whole answer; None: nobody counted."""

    @property
    def part_errors(self) -> tuple[str, ...]:
        """Which parts failed at the last poll, and why."""
        return tuple(f"{part.url}: {part.error}" for part in self.parts if part.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What came of a feed that the owner had asked at once."""

    state: FeedState
    is_done: bool = True
    """False: its server has not answered yet; the state is that of before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFeed:
    """A feed together with what its polls taught us."""

    feed: Feed
    state: FeedState


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Fetched:
    """What came over the wire for one request, decompressed, within the caps."""

    request_url: str
    url: str
    """Where the redirects ended."""
    status: int
    at: datetime
    body: bytes = b""
    media_type: str = ""
    """Lower case, without parameters."""
    charset: str = ""
    """What Content-Type declared, or empty."""
    etag: str = ""
    last_modified: str = ""
    fresh_s: float = 0.0
    """Seconds that Cache-Control max-age asks us to wait; 0 when it says nothing."""
    moved_to: str = ""
    """The url to remember after permanent redirects (301, 308) only; else empty."""
