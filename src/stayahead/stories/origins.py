"""Origins: the articles of a story go in; how many of them are independent, and the other score parts, come out.

Articles are one origin when they share a publisher's domain, an owner, the one agency that they credit, or when one is
a copy of the other: connected components over those keys (union-find; Tarjan 1975), kept up as articles come. An
agency's own report is of one origin with all that credit it. A text that credits several agencies is put together by
its newsroom and links none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from stayahead.analyze import agency_of
from stayahead.model import Article, PublisherKind, ScoreParts, Signals
from stayahead.stories.rank import PACE_HALF_LIFE_S
from stayahead.text import fold


class Counted(Protocol):
    """What a tally needs to know of an article."""

    keys: tuple[str, ...]
    domain: str
    country: str
    placed_at: datetime
    backfill: bool


def origin_keys(article: Article, signals: Signals) -> tuple[str, ...]:
    """What the article shares with those that it is one origin with; the first names the article's own publisher."""
    publisher = article.publisher
    keys = [f"d:{publisher.domain}" if publisher.domain else f"x:{article.id}"]
    if publisher.owner:
        keys.append(f"o:{fold(publisher.owner)}")
    own = agency_of(publisher.name)
    if own:
        keys.append(f"a:{own}")
    elif len(signals.credits) == 1:
        keys.append(f"a:{signals.credits[0]}")
    return tuple(keys)


def is_own_report(article: Article) -> bool:
    """Whether the publisher is itself an agency, whom others reprint."""
    publisher = article.publisher
    return publisher.kind is PublisherKind.AGENCY or bool(agency_of(publisher.name))


class Tally:
    """The counts of one story, kept up article by article."""

    __slots__ = (
        "articles",
        "countries",
        "domains",
        "first_at",
        "latest_at",
        "links",
        "origins",
        "pace",
        "pace_at",
        "slept_origins",
    )

    def __init__(self) -> None:
        self.articles = 0
        self.origins = 0
        self.links: dict[str, str] = {}
        """Key → a key of the same origin; a root leads to itself."""
        self.domains: dict[str, None] = {}
        self.countries: tuple[str, ...] = ()
        self.pace = 0.0
        self.pace_at: datetime | None = None
        self.first_at: datetime | None = None
        self.latest_at: datetime | None = None
        self.slept_origins = 0

    @classmethod
    def of(cls, articles: Iterable[tuple[Counted, str]], *, before: Tally | None = None) -> Tally:
        """The tally of those articles, each with the first key of what it copies, or empty.

        Args:
            articles: in the order in which they are counted.
            before: what the story counted when it last slept.
        """
        tally = before.copy() if before else cls()
        for article, copied_key in articles:
            tally.add(article, copied_key)
        return tally

    def copy(self) -> Tally:
        """The same counts, to go on from."""
        other = Tally.__new__(Tally)
        other.articles, other.origins, other.slept_origins = self.articles, self.origins, self.slept_origins
        other.links, other.domains = self.links.copy(), self.domains.copy()
        other.countries = self.countries
        other.pace, other.pace_at = self.pace, self.pace_at
        other.first_at, other.latest_at = self.first_at, self.latest_at
        return other

    def add(self, article: Counted, copied_key: str) -> bool:
        """Count an article; True when it is an independent origin."""
        known = self.link(article.keys, copied_key)
        is_origin = not known and not copied_key
        self.articles += 1
        self.domains[article.domain or article.keys[0]] = None
        if article.country and article.country not in self.countries:
            self.countries = tuple(sorted((*self.countries, article.country)))
        at = article.placed_at
        self.first_at = at if self.first_at is None else min(self.first_at, at)
        if is_origin or self.latest_at is None:
            self.latest_at = at if self.latest_at is None else max(self.latest_at, at)
        if is_origin and not article.backfill:
            self._quicken(1.0, at)
        return is_origin

    def link(self, keys: tuple[str, ...], copied_key: str = "") -> bool:
        """Make those keys one origin; True when any of them was there before."""
        all_keys = (*keys, copied_key) if copied_key else keys
        roots = {self._root(key): None for key in all_keys if key in self.links}
        root = min(roots) if roots else keys[0]
        for key in (*roots, *all_keys):
            self.links[key] = root
        self.origins += 1 - len(roots)
        return bool(roots)

    def take(self, other: Tally) -> None:
        """Count in another story's articles."""
        for key, parent in other.links.items():
            if key == parent:
                self.link((key,))
        for key, parent in other.links.items():
            if key != parent:
                self._tie(key, parent)
        self.slept_origins += other.slept_origins
        self.articles += other.articles
        self.domains.update(other.domains)
        self.countries = tuple(sorted({*self.countries, *other.countries}))
        self.first_at = min(_known(self.first_at), _known(other.first_at))
        self.latest_at = max(_known(self.latest_at), _known(other.latest_at))
        if other.pace_at is not None:
            self._quicken(other.pace, other.pace_at)

    def parts(self) -> ScoreParts:
        """The counts as the ranking reads them."""
        return ScoreParts(
            articles=self.articles,
            origins=self.origins,
            publishers=len(self.domains),
            countries=self.countries,
            pace=self.pace,
            pace_at=self.pace_at,
            first_at=_known(self.first_at),
            latest_at=_known(self.latest_at),
            slept_origins=self.slept_origins,
        )

    def is_near(self, at: datetime, gap: timedelta) -> bool:
        """Whether that time is no further than the gap from the story's first and latest."""
        return _known(self.first_at) - gap <= at <= _known(self.latest_at) + gap

    def _tie(self, key: str, parent: str) -> None:
        self.link((key,))
        self.link((key, parent))

    def _root(self, key: str) -> str:
        links = self.links
        while links[key] != key:
            key = links[key]
        return key

    def _quicken(self, pace: float, at: datetime) -> None:
        """Add to the pace, both faded to the later of their times."""
        if self.pace_at is None:
            self.pace, self.pace_at = round(pace, 6), at
            return
        later = max(self.pace_at, at)
        own = self.pace * 2 ** (-(later - self.pace_at).total_seconds() / PACE_HALF_LIFE_S)
        new = pace * 2 ** (-(later - at).total_seconds() / PACE_HALF_LIFE_S)
        self.pace, self.pace_at = round(own + new, 6), later


def _known(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("a story without articles has no times")
    return at
