from __future__ import annotations

import pytest

from stayahead.errors import StoreError
from stayahead.model import (
    Arrival,
    Batch,
    EntryState,
    Expired,
    Findings,
    Joined,
    Linked,
    LoggedInput,
    LoggedUpdate,
    Merged,
    Opened,
    Removal,
    Removed,
    Revised,
    Ruled,
    Ruling,
    Signals,
    Snapshot,
    SnapshotRow,
    Split,
    Tick,
    Update,
    UrlAlias,
)
from stayahead.ports import Journal
from stayahead.urls import article_id
from tests.contract.store_parts import T0, WIRE, Teller, article, evidence, head, minutes, record
from tests.stores import Store


def test_is_a_journal(store: Store) -> None:
    journal: Journal = store
    assert journal.position().update == 0
    assert journal.position().input == 0
    assert journal.position().epoch.startswith("epoch-")
    assert journal.snapshot() is None
    assert list(journal.tail(after=0)) == []
    assert list(journal.inputs(after=0, limit=10)) == []


def test_commit_returns_the_last_number_old_or_new(store: Store) -> None:
    teller = Teller(store)
    assert teller.open("a") == 1
    assert store.commit(Batch(findings=Findings(entries=(record("b", EntryState.PAGE_WANTED),)))) == 1
    assert teller.open("c") == 2
    assert store.position().update == 2
    assert store.position().input == 2


def test_a_gap_in_the_numbers_is_refused_and_nothing_is_written(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.number += 1
    before = store.position()
    with pytest.raises(StoreError, match="update 3 comes after update 1"):
        teller.open("b")
    assert store.position() == before
    assert store.article("b") is None
    assert store.known_entries(["b"]) == {}
    assert store.check() == []


def test_a_refused_batch_leaves_no_trace(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    before = (list(store.export()), store.counts(), store.position())
    alias = UrlAlias(url="https://x.example/", article_id="a")
    with pytest.raises(StoreError):
        teller.commit([teller.update("b", Joined(article_id="ghost"))], records=[record("b")], aliases=[alias])
    assert (list(store.export()), store.counts(), store.position()) == before
    assert store.known_entries([article_id("https://x.example/")]) == {}
    assert store.known_entries(["b"]) == {}


def test_an_empty_batch_changes_nothing(store: Store) -> None:
    assert store.commit(Batch()) == 0
    Teller(store).open("a")
    assert store.commit(Batch()) == 1


def test_a_number_twice_is_refused(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.number = 0
    with pytest.raises(StoreError, match="update 1 comes after update 1"):
        teller.commit([teller.update("b", Opened(article_id="b"))], seen=[article("b")])


def test_an_input_number_twice_is_refused(store: Store) -> None:
    line = LoggedInput(number=4, at=T0, input=Tick())
    store.commit(Batch(inputs=(line,)))
    with pytest.raises(StoreError, match="input 4 comes after input 4"):
        store.commit(Batch(inputs=(line,)))


def test_an_update_about_an_unknown_article_is_refused(store: Store) -> None:
    teller = Teller(store)
    with pytest.raises(StoreError, match="article nobody"):
        teller.commit([teller.update("s", Opened(article_id="nobody"))])
    assert store.position().update == 0


def test_after_a_refused_batch_the_next_one_is_taken(store: Store) -> None:
    with pytest.raises(StoreError):
        store.commit(Batch(evidence=(evidence(article("a", publisher=WIRE)),), updates=(_opened(7, "a"),)))
    store.commit(Batch(evidence=(evidence(article("a", publisher=WIRE)),), updates=(_opened(1, "a"),)))
    found = store.article("a")
    assert found is not None
    assert found.publisher == WIRE
    assert [hit.article.id for hit in store.search("title", limit=5).hits] == ["a"]


def _opened(number: int, id_: str) -> Update:
    return Update(number=number, at=T0, story=head(id_), change=Opened(article_id=id_))


def test_tail_gives_every_update_as_it_was_committed(store: Store) -> None:
    teller = Teller(store)
    updates = [
        teller.update("a", Opened(article_id="a")),
        teller.update("b", Opened(article_id="b")),
        teller.update("a", Joined(article_id="c", copy_of="a", is_origin=False, similarity=0.5)),
        teller.update("a", Revised(article_id="a", revision=1, copy_of="", is_origin=True)),
        teller.update("a", Merged(other_id="b", similarity=0.25)),
        teller.update("a", Split(new_head=head("b-2"), article_ids=("b",))),
        teller.update("b-2", Ruled(verb="pin"), pinned=True),
        teller.update("a", Removed(article_id="c", reason="taken_down")),
        teller.update("a", Expired(), state="asleep"),
    ]
    seen = [article("a"), article("b"), article("c"), article("a", "New", revision=1)]
    teller.commit(updates, seen=seen)
    tail = list(store.tail(after=0))
    assert [logged.update for logged in tail] == updates
    assert [logged.evidence is not None for logged in tail] == [True, True, True, True, *[False] * 5]
    assert [logged.update.number for logged in store.tail(after=7)] == [8, 9]
    assert list(store.tail(after=9)) == []
    assert store.check() == []


def test_evidence_is_of_the_revision_that_the_update_speaks_of(store: Store) -> None:
    teller = Teller(store)
    first, second, third = (article("a", f"Headline {n}", f"Text {n}.", revision=n) for n in range(3))
    updates = [teller.update("a", Opened(article_id="a")), teller.update("a", Revised(article_id="a", revision=1))]
    teller.commit(updates, seen=[first, second])
    teller.revise("a", third)
    said = [logged.evidence.article for logged in store.tail(after=0) if logged.evidence]
    assert said == [first, second, third]


def test_a_revision_that_moves_an_article_is_evidence_of_its_new_place(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.open("b")
    moved = article("b", "Another headline", revision=1)
    updates = [
        teller.update("b", Removed(article_id="b", reason="moved"), state="empty"),
        teller.update("a", Joined(article_id="b")),
    ]
    teller.commit(updates, seen=[moved])
    (logged,) = store.tail(after=3)
    assert logged.evidence is not None
    assert logged.evidence.article == moved
    assert store.check() == []


def test_a_long_tail_is_whole_and_in_order(store: Store) -> None:
    teller = Teller(store)
    updates = [teller.update(f"s{n}", Opened(article_id=f"s{n}")) for n in range(450)]
    teller.commit(updates, seen=[article(f"s{n}") for n in range(450)])
    tail: list[LoggedUpdate] = list(store.tail(after=10))
    assert [logged.update.number for logged in tail] == list(range(11, 451))


def test_inputs_come_back_with_their_articles(store: Store) -> None:
    lines = (
        LoggedInput(number=1, at=T0, input=Tick()),
        LoggedInput(number=2, at=T0, input=Arrival(article=article("a"), signals=evidence(article("a")).signals)),
        LoggedInput(
            number=5, at=T0 + minutes(1), input=Ruling(verb="split", story_id="s", article_ids=("x", "y"), other_id="")
        ),
        LoggedInput(number=6, at=T0 + minutes(2), input=Removal(article_id="a", reason="expired")),
    )
    store.commit(Batch(inputs=lines, evidence=(evidence(article("a")),), updates=(_opened(1, "a"),)))
    assert list(store.inputs(after=0, limit=10)) == list(lines)
    assert list(store.inputs(after=2, limit=1)) == [lines[2]]
    assert store.position().input == 6


def test_an_input_that_brings_an_article_without_evidence_is_refused(store: Store) -> None:
    line = LoggedInput(number=1, at=T0, input=Arrival(article=article("a"), signals=Signals()))
    with pytest.raises(StoreError, match="article a"):
        store.commit(Batch(inputs=(line,)))


def test_snapshot_rows_are_replaced_and_deleted_by_key(store: Store) -> None:
    first = Snapshot(format=1, number=0, rows=(SnapshotRow(key="b", value=b"1"), SnapshotRow(key="a", value=b"2")))
    store.commit(Batch(snapshot=first))
    second = Snapshot(format=1, number=0, rows=(SnapshotRow(key="b", value=None), SnapshotRow(key="c", value=b"")))
    store.commit(Batch(snapshot=second))
    kept = store.snapshot()
    assert kept == Snapshot(
        format=1, number=0, rows=(SnapshotRow(key="a", value=b"2"), SnapshotRow(key="c", value=b""))
    )


def test_a_whole_snapshot_replaces_all_rows(store: Store) -> None:
    store.commit(Batch(snapshot=Snapshot(format=1, number=0, rows=(SnapshotRow(key="old", value=b"1"),))))
    rows = (SnapshotRow(key="new", value=b"2"),)
    store.commit(Batch(snapshot=Snapshot(format=2, number=0, rows=rows, is_whole=True)))
    assert store.snapshot() == Snapshot(format=2, number=0, rows=(SnapshotRow(key="new", value=b"2"),))


def test_a_snapshot_past_the_last_update_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="snapshot"):
        store.commit(Batch(snapshot=Snapshot(format=1, number=1, rows=())))


def test_text_that_no_encoding_can_write_is_stored_all_the_same(store: Store) -> None:
    teller = Teller(store)
    teller.open("a", article("a", "Half a pair \ud83d here", "And a NUL \x00 there."))
    found = store.article("a")
    assert found is not None
    assert "\ud83d" not in found.title
    assert found.title.startswith("Half a pair ")
    assert found.page.text == "And a NUL \x00 there."


def test_optimize_changes_nothing_that_is_read(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    before = (list(store.tail(after=0)), store.story("a"), store.search("title", limit=3))
    store.optimize()
    assert (list(store.tail(after=0)), store.story("a"), store.search("title", limit=3)) == before


def test_what_is_live_is_told_with_its_articles_and_names(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b", "c", "d", "e"):
        teller.open(id_)
    teller.join("a", article("copy", at=T0 + minutes(1)), copy_of="a", is_origin=False)
    teller.join("a", article("other", at=T0 + minutes(2)))
    teller.commit([teller.update("a", Merged(other_id="b"))])
    new = head("other", at=T0 + minutes(3))
    teller.commit([teller.update("a", Split(new_head=new, article_ids=("other",)))])
    teller.commit([teller.update("a", Linked(follows="d", related=("c",)))])
    teller.commit([teller.update("c", Removed(article_id="c", reason="taken_down"), state="empty")])
    teller.commit([teller.update("d", Expired(), state="asleep")])
    live = store.live()
    assert (live.number, live.at) == (teller.number, teller.at)
    stories = {record.head.id: record for record in live.stories}
    assert stories.keys() == {"a", "e", "other"}
    assert (stories["a"].alias_ids, stories["a"].apart) == (("b",), ("other",))
    assert (stories["a"].follows, stories["a"].related) == ("d", ("c",))
    assert stories["other"].apart == ("a",)
    assert stories["a"].head == teller.heads["a"]
    for _ in range(2):
        articles = {record.evidence.article.id: record for record in live.articles()}
        assert {id_: record.story_id for id_, record in articles.items()} == {
            "a": "a",
            "b": "a",
            "copy": "a",
            "other": "other",
            "e": "e",
        }
        assert articles["copy"].copy_of == "a"
        assert all(record.has_signals for record in articles.values())
        assert {id_: record.founded for id_, record in articles.items()} == {
            "a": 1,
            "b": 1,
            "copy": 0,
            "other": 1,
            "e": 1,
        }
    assert live.names == {"c": 1}


def test_a_story_that_was_taken_up_again_has_signals_of_what_came_since(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.join("a", article("b", at=T0 + minutes(1)))
    teller.commit([teller.update("a", Expired(), state="asleep")])
    late = article("late", at=T0 + minutes(9))
    change = Joined(article_id="late")
    teller.commit([teller.update("a", change, state="live")], seen=[late], records=[record("late")])
    live = {each.evidence.article.id: each for each in store.live().articles()}
    assert {id_: each.has_signals for id_, each in live.items()} == {"a": False, "b": False, "late": True}
    assert {each.story_id for each in live.values()} == {"a"}
