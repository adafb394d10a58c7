"""The starter list: facts that can be checked without a network."""

from __future__ import annotations

import re
from collections import Counter

from stayahead import urls
from stayahead.model import PublisherKind
from stayahead.newsroom.starter import starter_feeds, starter_publishers


def test_the_list_is_large_enough_and_its_feeds_are_distinct_and_secure() -> None:
    feeds = starter_feeds()
    assert len(feeds) >= 45
    assert all(count == 1 for count in Counter(urls.normalise(feed.url) for feed in feeds).values())
    assert all(feed.url.startswith("https://") for feed in feeds)
    assert all(feed.title and all(feed.sections) for feed in feeds)


def test_every_publisher_is_named_by_its_registrable_domain() -> None:
    for publisher in starter_publishers():
        assert publisher.domain == urls.registrable(f"https://www.{publisher.domain}/news/1")
        assert publisher.name
        assert publisher.owner
        assert publisher.kind is not PublisherKind.UNKNOWN
        assert re.fullmatch("[A-Z]{2}", publisher.country)
        assert re.fullmatch("[a-z]{2}", publisher.language)


def test_a_domain_has_one_publisher() -> None:
    domains = [publisher.domain for publisher in starter_publishers()]
    assert len(set(domains)) == len(domains)
    names = [publisher.name for publisher in starter_publishers()]
    assert len(set(names)) == len(names)


def test_no_owner_has_more_than_two_publishers() -> None:
    assert max(Counter(publisher.owner for publisher in starter_publishers()).values()) <= 2


def test_the_list_is_spread_over_the_world() -> None:
    publishers = starter_publishers()
    countries = Counter(publisher.country for publisher in publishers)
    assert len(countries) >= 20
    assert max(countries.values()) <= len(publishers) // 6
    assert len({publisher.language for publisher in publishers}) >= 8
    kinds = Counter(publisher.kind for publisher in publishers)
    assert kinds[PublisherKind.AGENCY] >= 4
    assert kinds[PublisherKind.BROADCASTER] >= 8
    assert set(kinds) >= {PublisherKind.NEWSPAPER, PublisherKind.MAGAZINE, PublisherKind.ONLINE, PublisherKind.OFFICIAL}


def test_the_list_covers_more_than_general_news() -> None:
    sections = {section for feed in starter_feeds() for section in feed.sections}
    assert sections >= {"World", "Business", "Science", "Technology", "Sport", "Culture", "Politics", "Health"}
