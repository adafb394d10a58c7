from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from stayahead.model import (
    Batch,
    EntryState,
    Feed,
    FeedList,
    FeedPartState,
    FeedState,
    Findings,
    HostRow,
    KnownEntry,
    Opened,
    Retention,
    UrlAlias,
    WatchedFeed,
)
from stayahead.ports import Sources
from stayahead.urls import article_id
from tests.contract.store_parts import GAZETTE, T0, WIRE, Teller, article, minutes, record
from tests.stores import Store

FEED = Feed(url="https://gazette.example/feed", title="The Gazette", sections=("world", "news"))
OTHER = Feed(url="https://aaa.example/rss")


def test_feeds_are_watched_by_url(store: Store) -> None:
    sources: Sources = store
    assert sources.feeds() == []
    assert sources.add_feeds([FEED, OTHER], T0) == 2
    assert list(sources.feeds()) == [
        WatchedFeed(feed=OTHER, state=FeedState(url=OTHER.url)),
        WatchedFeed(feed=FEED, state=FeedState(url=FEED.url)),
    ]


def test_a_known_feed_gets_title_and_sections_and_keeps_its_state(store: Store) -> None:
    store.add_feeds([FEED], T0)
    state = FeedState(url=FEED.url, etag='"1"', last_polled_at=T0)
    store.commit(Batch(findings=Findings(feed_states=(state,))))
    renamed = Feed(url=FEED.url, title="Gazette", sections=("local",))
    assert store.add_feeds([renamed, renamed, OTHER], T0) == 1
    assert store.feeds()[1] == WatchedFeed(feed=renamed, state=state)


def test_a_feed_that_is_gone_is_asked_again_once_it_is_added_again(store: Store) -> None:
    store.add_feeds([FEED], T0)
    gone = FeedState(url=FEED.url, gone=True, failures=1, error="HTTP 410", next_poll_at=T0 + minutes(60))
    store.commit(Batch(findings=Findings(feed_states=(gone,))))
    store.add_feeds([FEED], T0)
    assert store.feeds()[0].state == replace(gone, gone=False, next_poll_at=None)
    failing = replace(gone, gone=False)
    store.commit(Batch(findings=Findings(feed_states=(failing,))))
    store.add_feeds([FEED], T0)
    assert store.feeds()[0].state == failing


def test_every_field_of_a_feed_state_comes_back(store: Store) -> None:
    state = FeedState(
        url=FEED.url,
        etag='W/"x"',
        last_modified="Tue, 10 Mar 2026 12:00:00 GMT",
        title="Its own title",
        next_poll_at=T0 + minutes(10),
        last_polled_at=T0,
        last_ok_at=T0 - minutes(30),
        failures=3,
        failing_since=T0 - minutes(20),
        error="https://gazette.example/feed: HTTP 503; wait",
        status=503,
        gone=True,
        entries=40,
        ttl_s=90.0,
        parts=(
            FeedPartState(
                url="https://gazette.example/news.xml",
                changed=T0 - minutes(5),
                etag='"é"',
                last_modified="Tue, 10 Mar 2026 12:00:00 GMT",
                asked_at=T0,
                entries=7,
                error="HTTP 500",
            ),
            FeedPartState(url="https://gazette.example/2.xml"),
        ),
        moved_to="https://gazette.example/new",
        moved_since=T0 - minutes(60),
        waiting=12,
        intake_left=0.5,
    )
    store.add_feeds([FEED], T0)
    store.commit(Batch(findings=Findings(feed_states=(state,))))
    assert [watched.state for watched in store.feeds()] == [state]


def test_a_state_of_a_feed_that_is_no_longer_watched_is_dropped(store: Store) -> None:
    store.add_feeds([FEED], T0)
    assert store.remove_feed(FEED.url) is True
    store.commit(Batch(findings=Findings(feed_states=(FeedState(url=FEED.url, etag="late"),))))
    assert store.feeds() == []
    assert store.remove_feed(FEED.url) is False


def test_removing_a_feed_keeps_its_articles(store: Store) -> None:
    store.add_feeds([FEED], T0)
    Teller(store).open("a")
    store.remove_feed(FEED.url)
    assert store.article("a") is not None
    assert store.check() == []


def test_publishers_are_replaced_by_domain(store: Store) -> None:
    store.put_publishers([WIRE, GAZETTE])
    renamed = replace(WIRE, name="The Wire", country="")
    store.put_publishers(iter([renamed]))
    assert list(store.publishers()) == [GAZETTE, renamed]


def test_an_article_keeps_the_publisher_it_was_stored_with(store: Store) -> None:
    store.put_publishers([GAZETTE])
    Teller(store).open("a")
    store.put_publishers([replace(GAZETTE, name="Renamed")])
    found = store.article("a")
    assert found is not None
    assert found.publisher == GAZETTE


def test_known_entries_are_those_asked_for(store: Store) -> None:
    wanted = record("w", EntryState.PAGE_WANTED, digest="d1")
    refused = record("r", EntryState.REFUSED, reason="too large")
    store.commit(Batch(findings=Findings(entries=(wanted, refused))))
    feed_url = wanted.feed_url
    assert store.known_entries(["w", "r", "x", ""]) == {
        "w": KnownEntry(id="w", digest="d1", state=EntryState.PAGE_WANTED, feed_url=feed_url),
        "r": KnownEntry(id="r", digest="d0", state=EntryState.REFUSED, feed_url=feed_url),
    }
    assert store.known_entries([]) == {}


def test_an_entry_is_replaced_by_id(store: Store) -> None:
    store.commit(Batch(findings=Findings(entries=(record("w", EntryState.PAGE_WANTED, digest="d1"),))))
    store.commit(Batch(findings=Findings(entries=(record("w", EntryState.REFUSED, digest="d2", reason="no"),))))
    assert store.known_entries(["w"])["w"].digest == "d2"
    assert store.wanted(limit=5) == []


def test_an_entry_is_found_by_its_name_which_stays_until_another_is_said(store: Store) -> None:
    first, second = (replace(record(id_), name="n") for id_ in "ab")
    store.commit(Batch(findings=Findings(entries=(first, second))))
    store.commit(Batch(findings=Findings(entries=(replace(first, name="", digest="d2"),))))
    assert store.named_entries(first.feed_url, ["n", "m", "a"]) == {"n": store.known_entries(["a"])["a"]}
    assert store.known_entries(["a"])["a"].name == "n"
    store.commit(Batch(findings=Findings(entries=(replace(first, name="m"),))))
    named = store.named_entries(first.feed_url, ["n", "m"])
    assert {name: known.id for name, known in named.items()} == {"n": "b", "m": "a"}


def test_what_a_feed_lists_is_known_when_its_row_is_not(store: Store) -> None:
    store.add_feeds([FEED, OTHER], T0)
    listed = FeedList(feed_url=FEED.url, keys=("a", "#n"))
    of_nobody = FeedList(feed_url="https://nobody.example/", keys=("a",))
    store.commit(Batch(findings=Findings(feed_lists=(listed, of_nobody))))
    assert {key for key, known in store.named_entries(FEED.url, ["a", "b", "#n"]).items() if known.is_forgotten} == {
        "a",
        "#n",
    }
    assert store.named_entries(OTHER.url, ["a"]) == store.named_entries(of_nobody.feed_url, ["a"]) == {}
    store.commit(Batch(findings=Findings(feed_lists=(replace(listed, keys=("b",)),))))
    assert store.named_entries(FEED.url, ["a", "b"]).keys() == {"b"}
    assert store.remove_feed(FEED.url)
    assert store.named_entries(FEED.url, ["b"]) == {}


def test_known_entries_follow_aliases(store: Store) -> None:
    url = "https://gazette.example/amp/a"
    aliases = (UrlAlias(url=url, article_id="a"), UrlAlias(url="https://x.example/none", article_id="b"))
    store.commit(Batch(findings=Findings(entries=(record("a", EntryState.PAGE_WANTED),), aliases=aliases)))
    asked = article_id(url)
    assert store.known_entries([asked, article_id("https://x.example/none")]) == {
        asked: store.known_entries(["a"])["a"]
    }


def test_the_first_article_of_an_alias_keeps_it(store: Store) -> None:
    url = "https://gazette.example/amp/a"
    both = (record("a", EntryState.PAGE_WANTED), record("b", EntryState.PAGE_WANTED))
    store.commit(Batch(findings=Findings(entries=both, aliases=(UrlAlias(url=url, article_id="a"),))))
    store.commit(Batch(findings=Findings(aliases=(UrlAlias(url=url, article_id="b"),))))
    assert store.known_entries([article_id(url)])[article_id(url)].id == "a"


def test_an_own_entry_goes_before_an_alias(store: Store) -> None:
    url = "https://gazette.example/amp/a"
    own = record(article_id(url), EntryState.PAGE_WANTED)
    aliases = (UrlAlias(url=url, article_id="a"),)
    store.commit(Batch(findings=Findings(entries=(record("a", EntryState.PAGE_WANTED), own), aliases=aliases)))
    assert store.known_entries([own.id])[own.id].id == own.id


def test_wanted_entries_are_newest_first_and_whole(store: Store) -> None:
    records = [
        replace(record(f"w{n}", EntryState.PAGE_WANTED, at=T0 + minutes(n)), tries=n, next_try_at=T0, backfill=n == 2)
        for n in range(3)
    ]
    store.commit(Batch(findings=Findings(entries=(*records, record("r"), record("x", EntryState.REFUSED)))))
    assert list(store.wanted(limit=10)) == [records[2], records[1], records[0]]
    assert list(store.wanted(limit=1)) == [records[2]]


def test_an_entry_is_wanted_until_it_is_read_or_refused(store: Store) -> None:
    wanted = replace(record("w", EntryState.PAGE_WANTED), tries=2, next_try_at=T0 + minutes(5), backfill=True)
    store.commit(Batch(findings=Findings(entries=(wanted, record("r"), record("x", EntryState.REFUSED)))))
    assert store.wanted_entry("w") == wanted
    assert [store.wanted_entry(id_) for id_ in ("r", "x", "unknown")] == [None, None, None]
    newer = replace(wanted, digest="d1", entry=replace(wanted.entry, title="Another headline"))
    store.commit(Batch(findings=Findings(entries=(newer,))))
    assert store.wanted_entry("w") == newer
    store.commit(Batch(findings=Findings(entries=(replace(newer, state=EntryState.READ),))))
    assert store.wanted_entry("w") is None


def test_an_article_comes_back_as_it_was_stored(store: Store) -> None:
    given = article("a", backfill=True, publisher=WIRE, seen_at=T0 + minutes(3))
    Teller(store).open("a", given)
    assert store.article("a") == given
    assert store.article("b") is None


def test_every_revision_comes_back(store: Store) -> None:
    teller = Teller(store)
    texts = [article("a", f"Headline {n}", f"Text {n}.", revision=n) for n in range(3)]
    teller.open("a", texts[0])
    teller.revise("a", texts[1])
    teller.revise("a", texts[2])
    assert [store.article("a", revision=n) for n in range(3)] == texts
    assert store.article("a") == texts[2]
    assert store.article("a", revision=3) is None


def test_an_articles_place_in_time_is_that_of_its_first_revision(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.revise("a", article("a", revision=1, at=T0 + minutes(5), feed_url="https://other.example/"))
    found = store.article("a")
    assert found is not None
    assert found.placed_at == T0
    assert found.seen_at == T0
    assert found.feed_url == "https://other.example/"  # it may be another's by now, who speaks for its site


def test_a_wanted_entry_may_have_its_article_out(store: Store) -> None:
    teller = Teller(store)
    update = teller.update("a", Opened(article_id="a"))
    teller.commit([update], seen=[article("a")], records=[record("a", EntryState.PAGE_WANTED)])
    assert [one.id for one in store.wanted(limit=3)] == ["a"]
    assert store.article("a") == article("a")
    assert store.check() == []


def test_a_host_s_record_is_the_last_committed_and_forgotten_with_the_texts(store: Store) -> None:
    sources: Sources = store
    assert sources.host_record("gazette.example") is None
    old = HostRow(host="old.example", number=1, at=T0, record=b"o")
    store.commit(Batch(hosts=(old, HostRow(host="gazette.example", number=1, at=T0, record=b"a"))))
    later = T0 + timedelta(days=40)
    store.commit(Batch(hosts=(HostRow(host="gazette.example", number=2, at=later, record=b"b\x00"),)))
    assert sources.host_record("gazette.example") == b"b\x00"
    assert sources.host_record("old.example") == b"o"
    store.forget(later, Retention(bodies_days=30))
    assert sources.host_record("gazette.example") == b"b\x00"
    assert sources.host_record("old.example") is None
