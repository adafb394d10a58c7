"""Origins count how many independent publishers confirm a story, and keep up the other parts of its score.

An article counts under whoever's report it is. A report of its own counts under its publisher and its owner; a copy
under its original; a text that rests on one agency's or another outlet's report under that one. Connected components
over those keys (union-find; Tarjan 1975), kept up as articles come, are the origins. So a newspaper that prints AFP
today and Reuters tomorrow does not make them one, and what it found out itself stands beside both. A text that credits
several agencies is put together by its newsroom and counts as its own (docs/decisions/0164).

Origin keys of an article, in this order: `d:` its domain (or `x:` its id), `o:` the owner, `a:` the agency that it is
itself, `n:` names under which others credit it, `c:` whom it rests on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from stayahead.analyze import agency_of, is_agency, is_same_outlet, outlet_key, site_key
from stayahead.model import Article, Publisher, PublisherKind, ScoreParts, Signals
from stayahead.stories.aspects.aspect import Aspect, Counted
from stayahead.stories.rank import PACE_HALF_LIFE_S
from stayahead.text import fold


def origin_keys(article: Article, signals: Signals) -> tuple[str, ...]:
    """What the article shares with those that it is one origin with; the first names the article's own publisher."""
    return keys_of(article.publisher, article.id, signals.credits)


def keys_of(publisher: Publisher, article_id: str, credited: tuple[str, ...]) -> tuple[str, ...]:
    """The origin keys of a publisher's article that credits those."""
    keys = publisher_keys(publisher, article_id)
    credit = rests_on(credited, keys)
    return (*keys, f"c:{credit}") if credit else keys


def rests_on(credited: tuple[str, ...], keys: tuple[str, ...]) -> str:
    """Whose report an article with those publisher's keys and credits is; empty when it is its own."""
    if any(key.startswith("a:") for key in keys):
        return ""
    agencies = [credit for credit in credited if is_agency(credit)]
    if agencies:
        return agencies[0] if len(agencies) == 1 else ""
    # What a publisher says of itself ("told the Gazette") credits nobody.
    names = [key[2:] for key in keys if key.startswith("n:")]
    others = [credit for credit in credited if not any(is_same_outlet(credit, name) for name in names)]
    return others[0] if others and len(others) == len(credited) else ""


def is_credited(source: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    """Whether the text with the first keys rests on the very agency whose own the second one is: whenever either came,
    the agency has not copied it.
    """
    return source[-1].startswith("c:") and f"a:{source[-1][2:]}" in keys


def origin_key(keys: tuple[str, ...]) -> str:
    """The key under which an article with those keys counts, and with it whatever copies it."""
    return f"a:{keys[-1][2:]}" if keys[-1].startswith("c:") else keys[0]


def shared_keys(keys: tuple[str, ...]) -> list[str]:
    """Those keys by which two articles are of one publisher, owner or agency."""
    return [f"a:{key[2:]}" if key.startswith("c:") else key for key in keys if not key.startswith("n:")]


def publisher_keys(publisher: Publisher, article_id: str) -> tuple[str, ...]:
    """The keys that every article of a publisher has; one without a publisher has a key of its own."""
    keys = [f"d:{publisher.domain}" if publisher.domain else f"x:{article_id}"]
    if publisher.owner:
        keys.append(f"o:{fold(publisher.owner)}")
    if own := agency_of(publisher.name):
        keys.append(f"a:{own}")
    names = dict.fromkeys((site_key(publisher.domain), outlet_key(publisher.name) if publisher.name else ""))
    keys.extend(f"n:{name}" for name in names if name)
    return tuple(keys)


def is_own_report(article: Article) -> bool:
    """Whether the publisher is itself an agency, whom others reprint."""
    publisher = article.publisher
    return publisher.kind is PublisherKind.AGENCY or bool(agency_of(publisher.name))


class Origins(Aspect):
    """The counts of one story, kept up article by article."""

    FILLS: ClassVar[tuple[str, ...]] = ("parts",)

    articles: int = 0
    origins: int = 0
    links: dict[str, str] = msgspec.field(default_factory=dict)
    """Key → a key of the same origin; a root leads to itself."""
    domains: dict[str, None] = msgspec.field(default_factory=dict)
    countries: tuple[str, ...] = ()
    pace: float = 0.0
    pace_at: datetime | None = None
    first_at: datetime | None = None
    latest_at: datetime | None = None
    slept_origins: int = 0
    names: dict[str, str] = msgspec.field(default_factory=dict)
    """Name by which others credit an outlet of the story → the key under which it counts."""

    def copy(self) -> Origins:
        """The same counts, to go on from."""
        return msgspec.structs.replace(
            self, links=self.links.copy(), domains=self.domains.copy(), names=self.names.copy()
        )

    def add(self, article: Counted, copied_key: str) -> bool:
        """Count an article; True when it is an independent origin."""
        # A copy is no origin, even where its publisher is new to the story.
        is_counted = self.link(self.counted_under(article.origin_keys, copied_key))
        is_origin = not is_counted and not copied_key
        self._name(article.origin_keys, copied_key)
        self.articles += 1
        self.domains[article.domain or article.origin_keys[0]] = None
        if article.country and article.country not in self.countries:
            self.countries = tuple(sorted((*self.countries, article.country)))
        at = article.placed_at
        self.first_at = at if self.first_at is None else min(self.first_at, at)
        # Reprints trail in for days: they do not make a story newer, nor (below) faster.
        if is_origin or self.latest_at is None:
            self.latest_at = at if self.latest_at is None else max(self.latest_at, at)
        if is_origin and not article.backfill:
            self._quicken(1.0, at)
        return is_origin

    def counted_under(self, keys: tuple[str, ...], copied_key: str) -> tuple[str, ...]:
        """The keys that an article makes one origin: those of whose report it is."""
        rests = f"a:{keys[-1][2:]}" if keys[-1].startswith("c:") else ""
        if copied_key or rests:
            return tuple(self._resolved(key) for key in (copied_key, rests) if key)
        # Whom others have credited before it came, under a name that is its own.
        named = [f"a:{key[2:]}" for key in keys if key.startswith("n:") and f"a:{key[2:]}" in self.links]
        return (*[key for key in keys if not key.startswith("n:")], *named)

    def origin_of(self, keys: tuple[str, ...], copied_key: str) -> str:
        """The origin that a counted article is of, by the key that stands for it."""
        return self._root(self.counted_under(keys, copied_key)[0])

    def link(self, keys: tuple[str, ...]) -> bool:
        """Make those keys one origin; True when any of them was there before."""
        # The least root stays: which one that is must not depend on the order in which stories merged.
        roots = {self._root(key): None for key in keys if key in self.links}
        root = min(roots) if roots else keys[0]
        for key in (*roots, *keys):
            self.links[key] = root
        self.origins += 1 - len(roots)
        return bool(roots)

    def revise(self, article: Counted, copied_key: str) -> None:
        """What the article shares now; that it counted as a report of its own before is not forgotten."""
        # Union-find cannot part what it joined, and a credit that was cut does not make a text independent.
        keys = article.origin_keys
        own = [key for key in keys if key in self.links and key.startswith(("d:", "x:"))]
        self.link((*own, *self.counted_under(keys, copied_key)))
        self._name(keys, copied_key)

    def _resolved(self, key: str) -> str:
        """The key of whoever is credited by a name: of the outlet itself, once it has reported here."""
        known = self.names.get(key[2:], "") if key.startswith("a:") else ""
        return known if known in self.links else key

    def _name(self, keys: tuple[str, ...], copied_key: str) -> None:
        """Remember under which key an outlet that others may credit counts: its own report before what it took over."""
        own = keys[0]
        key = self.counted_under(keys, copied_key)[0]
        for name in keys:
            if name.startswith("n:") and (key == own or name[2:] not in self.names):
                self.names[name[2:]] = key

    def wake(self) -> None:
        """Let the origins of before the story slept make it no weightier today."""
        self.slept_origins = self.origins

    def head_fields(self) -> dict[str, object]:
        """The score parts."""
        return {"parts": self.parts()}

    def take(self, other: Origins) -> None:
        """Count in another story's articles."""
        # Roots first, so that each key of the other story finds the origin that it belongs to.
        for key, parent in other.links.items():
            if key == parent:
                self.link((key,))
        # Then the ties, each of which may make two origins of the two stories one.
        for key, parent in other.links.items():
            if key != parent:
                self._tie(key, parent)
        self._take_names(other.names)
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

    def _take_names(self, names: dict[str, str]) -> None:
        for name, key in names.items():
            # Credited in one of the stories, it reported in the other.
            if f"a:{name}" in self.links and key.startswith(("d:", "x:")):
                self.link((key, f"a:{name}"))
            if key.startswith(("d:", "x:")) or name not in self.names:
                self.names[name] = key
        for name, key in self.names.items():
            if f"a:{name}" in self.links and key.startswith(("d:", "x:")) and key in self.links:
                self.link((key, f"a:{name}"))

    def _tie(self, key: str, parent: str) -> None:
        self.link((key,))
        self.link((key, parent))

    def _root(self, key: str) -> str:
        links = self.links
        # Short walks: `link` leads every key that it meets straight to the root.
        while links[key] != key:
            key = links[key]
        return key

    def _quicken(self, pace: float, at: datetime) -> None:
        """Add to the pace, both faded to the later of their times."""
        # Faded when it is read, not as time passes: the pace of a story that nobody touches costs nothing.
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
