from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from stayahead.model import (
    Batch,
    EntryState,
    Expired,
    Forgotten,
    GoneArticle,
    GoneStory,
    LoggedInput,
    Merged,
    MovedStory,
    Opened,
    Removed,
    Retention,
    Revised,
    Ruled,
    Signals,
    Snapshot,
    Story,
    Tick,
    UrlAlias,
)
from stayahead.ports import Upkeep
from stayahead.urls import article_id
from tests.contract.store_parts import T0, Teller, article, minutes, record
from tests.stores import Store

DEFAULT = Retention()
NOTHING = Forgotten()


def _forget_all(store: Store, now: datetime, retention: Retention = DEFAULT) -> Forgotten:
    """Pass after pass until nothing is left to drop; what all of them dropped."""
    total = NOTHING
    for _ in range(50):
        gone = store.forget(now, retention)
        if gone == NOTHING:
            return total
        total = Forgotten(
            bodies=total.bodies + gone.bodies,
            search_tables=total.search_tables + gone.search_tables,
            signals=total.signals + gone.signals,
            updates=total.updates + gone.updates,
        )
    msg = "forgetting does not come to an end"
    raise AssertionError(msg)


def _snapshot(teller: Teller) -> Snapshot:
    return Snapshot(format=1, number=teller.number, rows=())


# ── forgetting ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_young_is_forgotten(store: Store) -> None:
    Teller(store).open("a")
    assert store.forget(T0 + timedelta(days=29), DEFAULT) == NOTHING
    assert store.article("a") == article("a")


def test_texts_go_after_their_days_and_titles_stay(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.revise("a", article("a", "Second", "Second text.", revision=1))
    gone = _forget_all(store, T0 + timedelta(days=31))
    assert (gone.bodies, gone.search_tables, gone.updates) == (2, 1, 0)
    found = store.article("a")
    assert found is not None
    assert found.page.text == ""
    assert found.page.comments == ()
    given = article("a", "Second", revision=1)
    assert found.entry == replace(given.entry, html="")
    assert (found.title, found.url, found.publisher, found.revision) == ("Second", given.url, given.publisher, 1)
    told = store.story("a")
    assert isinstance(told, Story)
    assert told.articles[0].lede == "Second text."
    assert store.search("second", limit=5).hits == ()
    first = store.article("a", revision=0)
    assert first is not None
    assert first.revision == 0
    assert store.check() == []


def test_a_month_of_search_goes_when_its_texts_are_gone(store: Store) -> None:
    teller = Teller(store)
    teller.open("march", article("march", "Word", at=T0))
    teller.at = T0 + timedelta(days=30)
    teller.open("april", article("april", "Word", at=teller.at))
    gone = _forget_all(store, T0 + timedelta(days=45))
    assert (gone.bodies, gone.search_tables) == (1, 1)
    assert [hit.article.id for hit in store.search("word", limit=5).hits] == ["april"]


def test_this_months_search_stays_though_its_texts_are_gone(store: Store) -> None:
    Teller(store).open("a", article("a", "Word"))
    gone = _forget_all(store, T0 + timedelta(hours=1), Retention(bodies_bytes=0))
    assert (gone.bodies, gone.search_tables) == (1, 0)
    assert [hit.article.id for hit in store.search("word", limit=5).hits] == ["a"]


def test_a_month_that_comes_back_is_searched_again(store: Store) -> None:
    teller = Teller(store)
    teller.open("a", article("a", "Word"))
    _forget_all(store, T0 + timedelta(days=61))
    teller.at = T0 + timedelta(days=61)
    teller.open("b", article("b", "Word", at=T0, seen_at=teller.at, backfill=True))
    assert [hit.article.id for hit in store.search("word", limit=5).hits] == ["b"]


def test_pinned_stories_keep_their_texts(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.open("b")
    teller.commit([teller.update("a", Ruled(verb="pin"), pinned=True)])
    gone = _forget_all(store, T0 + timedelta(days=400))
    assert gone.bodies == 1
    assert store.article("a") == article("a")
    assert store.check() == []


def test_the_oldest_texts_make_room(store: Store) -> None:
    teller = Teller(store)
    for n in range(6):
        teller.open(f"a{n}", article(f"a{n}", text=f"{n} " * 50, at=T0 + minutes(n)))
    gone = _forget_all(store, T0 + minutes(9), Retention(bodies_bytes=1))
    assert gone.bodies == 6
    teller.open("new", article("new", at=T0 + minutes(8)))
    assert _forget_all(store, T0 + minutes(9), Retention(bodies_bytes=100_000)) == NOTHING
    assert store.article("new") == article("new", at=T0 + minutes(8))


def test_signals_go_with_a_snapshot_that_does_not_need_them(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.open("b")
    asleep = teller.update("a", Expired(), state="asleep")
    teller.commit([asleep])
    assert _forget_all(store, T0).signals == 0
    teller.commit(snapshot=_snapshot(teller))
    assert _forget_all(store, T0).signals == 1
    told = [logged.evidence.signals for logged in store.tail(after=0) if logged.evidence]
    assert told[0] == Signals()
    assert told[1] != Signals()


def test_a_story_that_wakes_gets_its_new_signals_forgotten_too(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.commit([teller.update("a", Expired(), state="asleep")])
    teller.commit(snapshot=_snapshot(teller))
    assert _forget_all(store, T0).signals == 1
    teller.heads["a"] = replace(teller.heads["a"], state="live")
    teller.join("a", article("b"))
    assert _forget_all(store, T0).signals == 0
    teller.commit([teller.update("a", Expired(), state="asleep")])
    teller.commit(snapshot=_snapshot(teller))
    assert _forget_all(store, T0).signals == 1


def test_after_a_year_updates_go_and_ids_and_titles_stay(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.open("b")
    teller.commit(aliases=[UrlAlias(url="https://gazette.example/amp/a", article_id="a")])
    teller.commit([teller.update("a", Merged(other_id="b"))])
    teller.commit([teller.update("a", Expired(), state="asleep")])
    later = T0 + timedelta(days=300)
    teller.at = later
    teller.open("c", article("c", at=later))
    teller.commit(snapshot=_snapshot(teller))
    gone = _forget_all(store, T0 + timedelta(days=366))
    assert gone.updates == 4 + 2 + 1 + 2  # updates, inputs, the story, its articles
    assert store.updates(after=3, limit=10) is None
    assert [one.number for one in store.updates(after=4, limit=10) or ()] == [5]
    assert [logged.update.number for logged in store.tail(after=0)] == [5]
    assert [line.number for line in store.inputs(after=0, limit=10)] == [3]
    assert store.story("a") == GoneStory(id="a", headline="Story a")
    assert store.story("b") == MovedStory(id="a")
    assert isinstance(store.story("c"), Story)
    assert store.article("a") is None
    assert store.known_entries(["a", "c"]).keys() == {"c"}
    alias = article_id("https://gazette.example/amp/a")
    assert store.known_entries([alias]) == {}
    assert store.position().update == 5
    assert replace(store.counts(), bytes=0).articles == 1
    assert store.check() == []
    (first,) = (line for line in store.export() if line["id"] == "a")
    assert first == {"type": "story", "id": "a", "headline": "Story a", "state": "forgotten", "number": 4}


def test_updates_that_no_snapshot_holds_stay_however_old(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    assert _forget_all(store, T0 + timedelta(days=4000)).bodies == 1
    assert [logged.update.number for logged in store.tail(after=0)] == [1]
    assert store.check() == []


def test_when_every_update_is_forgotten_only_the_last_cursor_is_good(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.commit(snapshot=_snapshot(teller))
    _forget_all(store, T0 + timedelta(days=4000))
    assert store.updates(after=0, limit=5) is None
    assert store.updates(after=1, limit=5) == []
    assert store.position().update == 1
    teller.open("b")
    assert [one.number for one in store.updates(after=1, limit=5) or ()] == [2]


def test_refused_entries_go_after_a_year_and_removed_articles_are_known_for_ever(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.join("a", article("b"))
    teller.commit([teller.update("a", Removed(article_id="b", reason="taken_down"))])
    teller.commit(records=[record("r", EntryState.REFUSED, reason="no")], snapshot=_snapshot(teller))
    _forget_all(store, T0 + timedelta(days=3660))
    assert store.article("b") is None
    assert store.article("a") is not None
    assert store.gone_article("b") == GoneArticle(id="b", reason="taken_down")
    known = store.known_entries(["a", "b", "r"])
    assert {id_: entry.is_removed for id_, entry in known.items()} == {"a": False, "b": True}
    assert store.check() == []


def test_evidence_of_a_forgotten_text_is_the_article_without_it(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    _forget_all(store, T0 + timedelta(days=31))
    (logged,) = store.tail(after=0)
    assert logged.evidence is not None
    assert logged.evidence.article.page.blocks == ()
    assert logged.evidence.article.title == "Title of a"
    assert logged.evidence.signals != Signals()


# ── check, export ────────────────────────────────────────────────────────────────────────────────────────────────


def test_check_names_what_is_wrong(store: Store) -> None:
    upkeep: Upkeep = store
    teller = Teller(store)
    teller.commit(seen=[article("loose")], records=[record("unread")])
    teller.open("a")
    teller.heads["a"] = replace(teller.heads["a"], parts=replace(teller.heads["a"].parts, articles=7))
    teller.members["a"] |= {"ghost"}
    teller.commit([teller.update("a", Revised(article_id="a", revision=0))])
    teller.commit(aliases=[UrlAlias(url="https://x.example/", article_id="nobody")])
    assert sorted(upkeep.check()) == [
        "article loose is in no story",
        "entry unread was read, but its article is not there",
        "story a says it has 2 articles and has 1",
        "url https://x.example/ is an alias of article nobody, which is not there",
    ]


def test_export_gives_stories_with_their_articles_in_order(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.open("b")
    teller.open("c")
    teller.join("a", article("d"), copy_of="a", is_origin=False)
    teller.commit([teller.update("b", Merged(other_id="c"))])
    store.commit(Batch(inputs=(LoggedInput(number=9, at=T0, input=Tick()),)))
    told = list(store.export())
    assert [(line["type"], line["id"]) for line in told] == [
        ("story", "a"),
        ("article", "a"),
        ("article", "d"),
        ("story", "b"),
        ("article", "b"),
        ("article", "c"),
        ("story", "c"),
    ]
    assert told[2]["story_id"] == "a"
    assert told[2]["copy_of"] == "a"
    assert told[2]["text"] == "Text of d. It has two sentences."
    assert told[6]["moved_to"] == "b"
    assert json.loads(json.dumps(told))[0]["parts"]["countries"] == ["GB"]
    assert [line["id"] for line in store.export(after=4) if line["type"] == "story"] == ["b", "c"]


def test_export_of_many_stories_is_whole(store: Store) -> None:
    teller = Teller(store)
    for n in range(3):
        ids = [f"s{n}-{m:03}" for m in range(150)]
        seen = [article(id_) for id_ in ids]
        updates = [teller.update(one.id, Opened(article_id=one.id)) for one in seen]
        teller.commit(updates, seen=seen, records=[record(id_) for id_ in ids])
    assert sum(1 for line in store.export() if line["type"] == "story") == 450
