"""Says who speaks in an article: the site on which it stands, or the feed that told of it. Pure.

A feed may link to any address, and anybody can make a feed. So what a feed says of an entry on a site of another (a
*foreign* entry) is that feed's word and no more: the site speaks through its page, and through the feeds that are its
own. See docs/decisions/0135-nobody-speaks-for-another.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stayahead.model import Article, Entry, EntryRecord, KnownEntry, Publisher
from stayahead.urls import carried, host, registrable_of

FEED_HOSTS = frozenset(
    {
        "feedpress.it",
        "feedpress.me",
        "feedproxy.google.com",
        "feeds.feedblitz.com",
        "feeds.feedburner.com",
        "feeds2.feedburner.com",
        "news.google.com",
        "rss.app",
    }
)
"""Hosts on which anybody's feeds and counted links stand: none of their names is the name of who speaks there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks in an article, where it stands, and what of its entry may be said."""

    publisher: Publisher
    address: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """Whose domain is whose."""

    publishers: Mapping[str, Publisher] = field(default_factory=dict)
    """By registrable domain."""
    domains: Mapping[str, str] = field(default_factory=dict)
    """Further domains of publishers, each with the one by which its publisher is known."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """Who owns a domain of which no more is known."""

    def domain(self, url: str) -> str:
        """The domain that names who speaks at an address; empty where nobody does.

        That of the host which answers there: what an address carries was written by whoever made it.
        """
        name = host(url)
        if name in FEED_HOSTS:
            return name
        own = registrable_of(name)
        return self.domains.get(own, own)

    def of(self, url: str) -> Publisher:
        """The publisher whose site the address is on; an unknown one is named after its domain."""
        domain = self.domain(url)
        owner = self.owners.get(domain, "")
        return self.publishers.get(domain) or Publisher(domain=domain, name=domain, owner=owner)

    def is_foreign(self, url: str, *, feed_url: str, answered_by: str = "", proven: tuple[str, ...] = ()) -> bool:
        """Whether an entry's address is on a site for which its feed cannot speak.

        Args:
            url: the entry's address; one without any is its feed's own.
            feed_url: the feed, as it is watched. An archive is none, and speaks as its owner says.
            answered_by: where its redirects ended; a site to which they led has itself given this answer.
            proven: domains that have named the feed as theirs.
        """
        feed = self.domain(feed_url)
        # An article is named by the address that its link carries, so that is claimed as well as the link's own host.
        meant = carried(url)
        claimed = {self.domain(each) for each in ((url,) if meant == url else (url, meant))} - {""}
        if not claimed or not feed:
            return False
        if claimed & FEED_HOSTS:  # a counted link: whoever stands where it leads speaks there
            return True
        return not (claimed <= {feed, *proven} or claimed <= {feed, *proven, self.domain(answered_by)})

    def voice(self, record: EntryRecord, *, page_url: str) -> Voice:
        """Who speaks in the article of a record; `page_url`: where its page was read, if that is the page's word."""
        entry = record.entry
        if not record.is_foreign:
            address = entry.url or record.feed_url
            return Voice(publisher=self.of(address), address=address, entry=entry)
        if not page_url:
            relay = replace(self.of(record.feed_url), passes_on=True)
            return Voice(publisher=relay, address=entry.url, entry=entry)
        is_there = self.domain(page_url) == self.domain(entry.url)
        return Voice(
            publisher=self.of(page_url), address=entry.url if is_there else page_url, entry=entry_of_page(record)
        )

    def takes_over(self, record: EntryRecord, known: KnownEntry) -> bool:
        """Whether a site's own word stands against one that a foreign feed brought; it always goes before it."""
        if record.is_foreign:
            return False
        return known.is_foreign or (
            # Of entries from before this was asked, the addresses say it.
            known.feed_url != record.feed_url and self.is_foreign(record.entry.url, feed_url=known.feed_url)
        )


def entry_of_page(record: EntryRecord) -> Entry:
    """What a page is read under: its entry; of a foreign one no more than the address, for the page says all itself."""
    return Entry(id=record.entry.id, url=record.entry.url) if record.is_foreign else record.entry


def are_one(speaker: Publisher, other: Publisher) -> bool:
    """Whether both are the same voice, whatever else has become known of it."""
    return (speaker.domain, speaker.passes_on) == (other.domain, other.passes_on)


def has_own_words(article: Article) -> bool:
    """Whether the words are those of the site: not of a feed that passes on what stands there."""
    return not article.publisher.passes_on
