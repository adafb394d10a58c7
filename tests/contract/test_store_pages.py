from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from stayahead.errors import UnknownStory
from stayahead.model import (
    Batch,
    Counts,
    EntryState,
    Expired,
    Feed,
    FeedState,
    Findings,
    GoneStory,
    Joined,
    Linked,
    Merged,
    MovedStory,
    Opened,
    Removed,
    Ruled,
    Split,
    Story,
    StoryArticle,
)
from stayahead.ports import Pages
from tests.contract.store_parts import GAZETTE, T0, WIRE, Teller, article, head, minutes, record
from tests.stores import Store


def _ids(pages: Pages, now: datetime = T0, *, limit: int = 10, offset: int = 0) -> list[str]:
    return [row.head.id for row in pages.front(now, limit=limit, offset=offset)]


# ── front and latest ─────────────────────────────────────────────────────────────────────────────────────────────


def test_front_is_by_importance_pinned_first(store: Store) -> None:
    teller = Teller(store)
    for id_, key in (("a", 1.0), ("b", 3.0), ("c", 2.0), ("d", 3.0)):
        teller.open(id_, importance_key=key)
    teller.commit([teller.update("a", Ruled(verb="pin"), pinned=True)])
    assert _ids(store) == ["a", "b", "d", "c"]
    assert _ids(store, limit=2, offset=1) == ["b", "d"]
    assert _ids(store, limit=0) == []
    assert _ids(store, offset=9) == []


def test_front_leaves_out_hidden_merged_empty_and_old_stories(store: Store) -> None:
    teller = Teller(store)
    teller.open("old")
    teller.at = T0 + timedelta(hours=1)
    for id_ in ("hidden", "other", "empty", "asleep", "stays"):
        teller.open(id_, article(id_, at=teller.at))
    teller.commit(
        [
            teller.update("hidden", Ruled(verb="hide"), hidden=True),
            teller.update("stays", Merged(other_id="other")),
            teller.update("empty", Removed(article_id="empty", reason="taken_down"), state="empty"),
            teller.update("asleep", Expired(), state="asleep"),
        ]
    )
    assert _ids(store, T0 + timedelta(hours=48, seconds=1)) == ["asleep", "stays"]
    assert _ids(store, T0 + timedelta(hours=50)) == []
    assert store.check() == []


def test_a_row_has_lead_first_and_arrivals(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    early = article("early", at=T0 - timedelta(days=3), seen_at=T0, backfill=True, publisher=WIRE)
    teller.join("a", early)
    teller.join("a", article("copy", at=T0 + minutes(1)), copy_of="early", is_origin=False)
    teller.join("a", article("late", at=T0 + minutes(2)))
    teller.commit([teller.update("a", Ruled(verb="pin"), lead_id="late")])
    (row,) = store.front(T0, limit=5)
    assert row.number == 5
    assert row.head == teller.heads["a"]
    assert row.lead.id == "late"
    assert row.first.id == "early"
    assert row.first.publisher == WIRE
    assert row.arrivals == (early.placed_at, T0, T0 + minutes(2))


def test_a_story_whose_lead_left_is_led_by_its_first_article(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.join("a", article("b", at=T0 + minutes(1)))
    teller.commit([teller.update("a", Removed(article_id="a", reason="taken_down"))])
    (row,) = store.front(T0, limit=5)
    assert row.lead.id == "b"


def test_arrivals_are_the_latest_200(store: Store) -> None:
    teller = Teller(store)
    seen = [article(f"a{n:03}", at=T0 + minutes(n)) for n in range(230)]
    updates = [teller.update("a000", Opened(article_id="a000"))]
    updates += [teller.update("a000", Joined(article_id=one.id)) for one in seen[1:]]
    teller.commit(updates, seen=seen)
    (row,) = store.latest(limit=1)
    assert row.arrivals == tuple(one.placed_at for one in seen[-200:])


def test_reports_are_the_newest_that_copy_nothing(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.join("a", article("b", at=T0 + minutes(3)), is_origin=False)
    teller.join("a", article("copy", at=T0 + minutes(4)), copy_of="b", is_origin=False)
    teller.join("a", article("c", at=T0 + minutes(2)))
    teller.join("a", article("d", at=T0 + minutes(3)), copy_of="elsewhere", is_origin=False)
    teller.open("other")
    assert [one.id for one in store.reports("a", limit=10)] == ["d", "b", "c", "a"]
    assert [one.id for one in store.reports("a", limit=2)] == ["d", "b"]
    assert store.reports("a", limit=1)[0].copy_of == ""
    assert store.reports("nothing", limit=10) == []


def test_latest_is_by_last_update_and_pages_on(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b", "c", "d"):
        teller.open(id_)
    teller.join("b", article("e"))
    teller.commit([teller.update("d", Ruled(verb="hide"), hidden=True)])
    first = store.latest(limit=2)
    assert [(row.head.id, row.number) for row in first] == [("b", 5), ("c", 3)]
    rest = store.latest(limit=2, before=first[-1].number)
    assert [row.head.id for row in rest] == ["a"]


def test_paging_by_number_does_not_cut_through_a_split(store: Store) -> None:
    teller = Teller(store)
    teller.open("z")
    teller.open("a")
    teller.join("a", article("b"))
    teller.commit([teller.update("a", Split(new_head=head("b"), article_ids=("b",)))])
    page = store.latest(limit=1)
    assert [(row.head.id, row.number) for row in page] == [("b", 4), ("a", 4)]
    assert [row.head.id for row in store.latest(limit=1, before=4)] == ["z"]
    assert store.latest(limit=0) == []


# ── stories and articles ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_lists_its_articles_by_time_then_id(store: Store) -> None:
    teller = Teller(store)
    teller.open("b")
    teller.join("b", article("a"), copy_of="b", is_origin=False)
    teller.join("b", article("z", at=T0 - minutes(1), seen_at=T0, backfill=True))
    told = store.story("b")
    assert isinstance(told, Story)
    assert told.head == teller.heads["b"]
    assert told.number == 3
    assert told.aliases == ()
    assert [one.id for one in told.articles] == ["z", "a", "b"]
    assert told.articles[1] == StoryArticle(
        id="a",
        url="https://gazette.example/a",
        title="Title of a",
        publisher=GAZETTE,
        placed_at=T0,
        seen_at=T0,
        revision=0,
        language="en",
        author="A. Writer",
        image="https://gazette.example/a.jpg",
        lede="Text of a. It has two sentences.",
        copy_of="b",
        is_origin=False,
        backfill=False,
    )


def test_a_story_s_articles_are_told_page_by_page(store: Store) -> None:
    teller = Teller(store)
    teller.open("m")
    for number in range(5):  # two of one time, so that a page may end between them
        teller.join("m", article(f"a{number}", at=T0 + minutes(number // 2)), copy_of="m" if number % 2 else "")
    seen: list[str] = []
    place = None
    while True:
        told = store.story("m", limit=2, before=place)
        assert isinstance(told, Story)
        assert told.first is not None
        assert told.lead is not None
        assert (told.first.id, told.lead.id) == ("a0", "m")
        assert [one.id for one in told.reports] == ["a4", "a2", "m", "a0"]
        here = {one.id for one in told.articles}
        assert {one.id for one in told.originals} == {one.copy_of for one in told.articles} - {"", *here}
        seen = [one.id for one in told.articles] + seen
        place = told.older
        if place is None:
            break
        assert (place.placed_at, place.id) == (told.articles[0].placed_at, told.articles[0].id)
    assert seen == ["a0", "a1", "m", "a2", "a3", "a4"]
    bare = store.story("m", limit=0)
    assert isinstance(bare, Story)
    assert (bare.head, bare.articles, bare.older) == (told.head, (), None)


def test_a_revision_changes_what_its_story_shows(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.revise("a", article("a", "New headline", "New text.", revision=1))
    told = store.story("a")
    assert isinstance(told, Story)
    (shown,) = told.articles
    assert (shown.title, shown.lede, shown.revision) == ("New headline", "New text.", 1)
    found = store.article("a")
    assert found is not None
    assert found.page.text == "New text."


def test_an_unknown_story_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownStory, match="nothing-here"):
        store.story("nothing-here")


def test_a_merged_story_answers_with_the_one_that_has_its_articles(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b", "c"):
        teller.open(id_)
    teller.commit([teller.update("b", Merged(other_id="c"))])
    assert store.story("c") == MovedStory(id="b")
    teller.commit([teller.update("a", Merged(other_id="b"))])
    assert store.story("c") == MovedStory(id="a")
    assert store.story("b") == MovedStory(id="a")
    told = store.story("a")
    assert isinstance(told, Story)
    assert told.aliases == ("b", "c")
    assert [one.id for one in told.articles] == ["a", "b", "c"]
    assert store.check() == []


def test_open_join_and_merge_within_one_batch(store: Store) -> None:
    teller = Teller(store)
    updates = [
        teller.update("a", Opened(article_id="a")),
        teller.update("b", Opened(article_id="b")),
        teller.update("b", Joined(article_id="c", copy_of="b")),
        teller.update("a", Merged(other_id="b")),
        teller.update("a", Joined(article_id="d")),
    ]
    teller.commit(updates, seen=[article(id_) for id_ in "abcd"])
    told = store.story("a")
    assert isinstance(told, Story)
    assert [one.id for one in told.articles] == ["a", "b", "c", "d"]
    assert store.story("b") == MovedStory(id="a")
    assert store.check() == []


def test_a_split_moves_articles_to_the_new_story(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.join("a", article("b"))
    teller.join("a", article("c"), copy_of="b", is_origin=False)
    teller.join("a", article("d"), copy_of="b", is_origin=False)
    teller.commit([teller.update("a", Split(new_head=head("b", articles=2), article_ids=("b", "c")))])
    stays, leaves = store.story("a"), store.story("b")
    assert isinstance(stays, Story)
    assert isinstance(leaves, Story)
    assert [(one.id, one.copy_of) for one in stays.articles] == [("a", ""), ("d", "")]
    assert [(one.id, one.copy_of) for one in leaves.articles] == [("b", ""), ("c", "b")]
    assert leaves.number == stays.number == 5
    assert store.check() == []


def test_an_empty_story_is_gone_with_its_title(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.commit([teller.update("a", Removed(article_id="a", reason="taken_down"), state="empty")])
    assert store.story("a") == GoneStory(id="a", headline="Story a")
    assert store.search("title", limit=5).hits == ()
    assert store.article("a") is None
    assert store.check() == []


# ── updates ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_updates_after_a_number(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b", "c"):
        teller.open(id_)
    told = store.updates(after=1, limit=10)
    assert told is not None
    assert [(one.number, one.kind, one.story.id) for one in told] == [(2, "opened", "b"), (3, "opened", "c")]
    assert [one.number for one in store.updates(after=0, limit=2) or ()] == [1, 2]
    assert store.updates(after=3, limit=5) == []


# ── health and counts ────────────────────────────────────────────────────────────────────────────────────────────


def test_health_says_what_fails_first(store: Store) -> None:
    feed = Feed(url="https://gazette.example/feed", title="G")
    bad = Feed(url="https://wire.example/rss")
    gone = Feed(url="https://zzz.example/rss")
    store.add_feeds([feed, bad, gone], T0)
    store.put_publishers([WIRE])
    states = (
        FeedState(url=bad.url, failures=2, error="HTTP 500", failing_since=T0),
        FeedState(url=gone.url, gone=True),
    )
    refused = (
        record("r1", EntryState.REFUSED, at=T0 - timedelta(days=1), reason="first"),
        record("r2", EntryState.REFUSED, at=T0, reason="second"),
        record("r3", EntryState.REFUSED, at=T0 - timedelta(days=8), reason="long ago"),
    )
    store.commit(Batch(findings=Findings(feed_states=states, entries=(*refused, record("w", EntryState.PAGE_WANTED)))))
    teller = Teller(store)
    teller.open("a")
    teller.open("b", article("b", at=T0 - timedelta(hours=25)))
    told = store.health(T0)
    assert [one.watched.feed.url for one in told] == [bad.url, gone.url, feed.url]
    assert [one.publisher_name for one in told] == ["Wire", "", "The Gazette"]
    assert told[0].watched.state == states[0]
    healthy = told[2]
    assert (healthy.articles_24h, healthy.pages_wanted, healthy.refused, healthy.last_refusal) == (1, 1, 2, "second")
    assert (told[0].articles_24h, told[0].pages_wanted, told[0].refused, told[0].last_refusal) == (0, 0, 0, "")


def test_counts(store: Store) -> None:
    empty = store.counts()
    assert replace(empty, bytes=0) == Counts()
    store.add_feeds([Feed(url="https://a.example/"), Feed(url="https://b.example/")], T0)
    store.commit(
        Batch(
            findings=Findings(
                feed_states=tuple(FeedState(url=f"https://{x}.example/", failures=x == "a", waiting=20) for x in "ab"),
                entries=(record("w", EntryState.PAGE_WANTED),),
            )
        )
    )
    teller = Teller(store)
    teller.open("a")
    teller.open("b")
    teller.join("a", article("c"))
    teller.commit([teller.update("b", Expired(), state="asleep")])
    counted = replace(store.counts(), bytes=0)
    assert counted == Counts(
        feeds=2, feeds_failing=1, articles=3, stories_live=1, updates=4, pages_wanted=1, entries_waiting=40
    )


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _links(pages: Pages, story_id: str) -> list[tuple[str, str]]:
    answer = pages.story(story_id)
    assert isinstance(answer, Story)
    return [(link.kind, link.id) for link in answer.links]


def test_links_are_told_at_both_ends(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("old", "new", "near"):
        teller.open(id_)
    teller.commit([teller.update("new", Linked(follows="old", related=("near",)))])
    assert _links(store, "new") == [("follows", "old"), ("related", "near")]
    assert _links(store, "old") == [("followed_by", "new")]
    assert _links(store, "near") == [("related", "new")]


def test_later_links_take_the_place_of_earlier_ones(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b", "c"):
        teller.open(id_)
    teller.commit([teller.update("a", Linked(related=("b",)))])
    teller.commit([teller.update("a", Linked(related=("c",)))])
    assert _links(store, "a") == [("related", "c")]
    assert _links(store, "b") == []


def test_links_follow_merges_and_are_said_once(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b", "c"):
        teller.open(id_)
    teller.commit([teller.update("a", Linked(follows="b", related=("c",)))])
    teller.commit([teller.update("c", Merged(other_id="b"))])
    assert _links(store, "a") == [("follows", "c")]
    assert _links(store, "c") == [("followed_by", "a")]


def test_no_link_leads_to_a_hidden_story_or_to_itself(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b", "c"):
        teller.open(id_)
    teller.commit([teller.update("a", Linked(follows="b", related=("c",)))])
    teller.commit([teller.update("c", Ruled(verb="hide"), hidden=True)])
    teller.commit([teller.update("a", Merged(other_id="b"))])
    assert _links(store, "a") == []
