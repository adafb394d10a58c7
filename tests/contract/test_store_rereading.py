"""Pages that are read again: what is due in which order, and the versions that came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from stayahead.model import (
    Batch,
    Findings,
    Joined,
    Merged,
    Opened,
    PageState,
    Publisher,
    ReadAgain,
    Removed,
    RereadPolicy,
    Retention,
    Ruled,
    UrlAlias,
    Version,
)
from stayahead.urls import article_id
from tests.contract.store_parts import T0, Teller, article, minutes, record
from tests.stores import Store

QUARTER = timedelta(minutes=15)
POLICY = RereadPolicy(front_stories=6, origins=4, quiet=timedelta(days=10), asked=5, each=3)


def state(id_: str, *, next_at: datetime | None = T0 + QUARTER, **more: object) -> PageState:
    made = PageState(article_id=id_, url=f"https://gazette.example/{id_}", read_at=T0, next_at=next_at)
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def _due(store: Store, now: datetime = T0 + QUARTER, *, limit: int = 50) -> list[str]:
    return [one.article_id for one in store.due_pages(now, POLICY, limit=limit)]


def _publisher(number: int) -> Publisher:
    return Publisher(domain=f"paper{number}.example", name=f"Paper {number}")


def _crowd(teller: Teller) -> None:
    """So many weightier stories that no other is among the first of the front page."""
    for number in range(POLICY.front_stories):
        teller.open(f"crowd{number}", importance_key=100.0 + number)


def test_every_field_of_a_page_state_comes_back(store: Store) -> None:
    Teller(store).open("a")
    given = state(
        "a",
        etag='W/"x"',
        last_modified="Tue, 10 Mar 2026 12:00:00 GMT",
        text_digest="ab12",
        reads=4,
        failures=2,
        reason="https://gazette.example/a: HTTP 503",
        is_asked=True,
    )
    store.commit(Batch(findings=Findings(page_states=(given,))))
    assert list(store.due_pages(T0 + QUARTER, POLICY, limit=5)) == [given]


def test_a_page_is_due_at_its_time_and_not_after_its_last_read(store: Store) -> None:
    Teller(store).open("a")
    store.commit(Batch(findings=Findings(page_states=(state("a"),))))
    assert _due(store, T0 + QUARTER - timedelta(microseconds=1)) == []
    assert _due(store) == ["a"]
    store.commit(Batch(findings=Findings(page_states=(state("a", next_at=None),))))
    assert _due(store) == []


def test_a_page_state_of_an_article_that_is_not_stored_is_dropped(store: Store) -> None:
    store.commit(Batch(findings=Findings(page_states=(state("x"),), read_again=(ReadAgain(article_id="x", at=T0),))))
    Teller(store).open("x")
    assert _due(store) == []
    assert store.known_entries(["x"])["x"].page_read_at is None


def test_beyond_the_front_page_a_story_matters_by_its_origins_or_its_pin(store: Store) -> None:
    teller = Teller(store)
    _crowd(teller)
    states = []
    for number, id_ in enumerate(("few", "enough", "pinned", "hidden")):
        given = article(id_, publisher=_publisher(number))
        teller.open(id_, given, importance_key=1.0)
        states.append(state(id_))
    for id_, origins in (("few", 3), ("enough", 4), ("hidden", 9)):
        parts = replace(teller.heads[id_].parts, origins=origins)
        teller.commit([teller.update(id_, Ruled(verb="unpin"))])
        teller.heads[id_] = replace(teller.heads[id_], parts=parts, hidden=id_ == "hidden")
        teller.commit([teller.update(id_, Ruled(verb="unpin"))])
    teller.commit([teller.update("pinned", Ruled(verb="pin"), pinned=True)])
    store.commit(Batch(findings=Findings(page_states=tuple(states))))
    # The pinned one is on the front page, and takes a place there.
    assert _due(store) == ["pinned", "enough"]
    more = replace(POLICY, origins=5)
    assert [one.article_id for one in store.due_pages(T0 + QUARTER, more, limit=9)] == ["pinned"]


def test_the_first_of_the_front_page_matter_whatever_their_origins(store: Store) -> None:
    teller = Teller(store)
    _crowd(teller)
    last = f"crowd{POLICY.front_stories - 1}"
    store.commit(Batch(findings=Findings(page_states=(state("crowd0"), state(last)))))
    assert _due(store) == [last, "crowd0"]
    assert _due(store, limit=1) == [last]
    assert _due(store, limit=0) == []
    teller.open("new", importance_key=500.0)
    assert _due(store) == [last]


def test_a_story_that_was_quiet_for_long_is_not_looked_through(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.heads["a"] = replace(teller.heads["a"], parts=replace(teller.heads["a"].parts, origins=9))
    teller.commit([teller.update("a", Ruled(verb="unpin"))])
    store.commit(Batch(findings=Findings(page_states=(state("a"),))))
    assert _due(store, T0 + POLICY.quiet) == ["a"]
    assert _due(store, T0 + POLICY.quiet + timedelta(seconds=1)) == []


def test_what_a_feed_asked_for_is_due_whatever_its_story_is_and_once(store: Store) -> None:
    teller = Teller(store)
    _crowd(teller)
    teller.open("a", importance_key=1.0)
    later = state("a", next_at=T0 + timedelta(days=1))
    store.commit(Batch(findings=Findings(page_states=(later,))))
    assert _due(store) == []
    store.commit(Batch(findings=Findings(read_again=(ReadAgain(article_id="a", at=T0 + minutes(3)),))))
    (found,) = store.due_pages(T0 + minutes(3), POLICY, limit=5)
    assert found == replace(later, is_asked=True, next_at=T0 + minutes(3))
    store.commit(Batch(findings=Findings(page_states=(later,))))
    assert _due(store) == []


def test_pages_of_hidden_stories_and_of_removed_articles_are_not_read_even_when_asked_for(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("hidden", "removed"):
        teller.open(id_)
    store.commit(
        Batch(findings=Findings(page_states=tuple(state(id_, is_asked=True) for id_ in ("hidden", "removed"))))
    )
    assert sorted(_due(store)) == ["hidden", "removed"]
    teller.commit(
        [
            teller.update("hidden", Ruled(verb="hide"), hidden=True),
            teller.update("removed", Removed(article_id="removed", reason="taken_down"), state="empty"),
        ]
    )
    assert _due(store) == []


def test_few_pages_of_a_publisher_come_at_once_and_the_newest_of_a_story_first(store: Store) -> None:
    teller = Teller(store)
    ids = [f"a{number}" for number in range(POLICY.each + 3)]
    updates = [teller.update("a0", Opened(article_id="a0"))]
    updates += [teller.update("a0", Joined(article_id=id_)) for id_ in ids[1:]]
    seen = [article(id_, at=T0 + minutes(number)) for number, id_ in enumerate(ids)]
    teller.commit(updates, seen=seen, records=[record(id_) for id_ in ids])
    teller.open("b", article("b", publisher=_publisher(1)), importance_key=0.5)
    store.commit(Batch(findings=Findings(page_states=tuple(state(id_) for id_ in (*ids, "b")))))
    assert _due(store) == [*reversed(ids[-POLICY.each :]), "b"]


def test_when_a_feed_says_that_all_has_changed_its_newest_articles_are_looked_at(store: Store) -> None:
    teller = Teller(store)
    _crowd(teller)
    ids = [f"a{number}" for number in range(POLICY.asked + 2)]
    for number, id_ in enumerate(ids):
        given = article(id_, at=T0 + minutes(number), publisher=_publisher(number))
        teller.open(id_, given, importance_key=1.0)
    store.commit(Batch(findings=Findings(page_states=tuple(state(id_, is_asked=True) for id_ in ids))))
    assert sorted(_due(store)) == ids[2:]


def test_a_merge_takes_what_is_due_along(store: Store) -> None:
    teller = Teller(store)
    _crowd(teller)
    teller.open("small", importance_key=1.0)
    store.commit(Batch(findings=Findings(page_states=(state("small"),))))
    assert _due(store) == []
    teller.commit([teller.update("crowd3", Merged(other_id="small"))])
    assert _due(store) == ["small"]


def test_known_entries_say_when_their_page_was_read(store: Store) -> None:
    Teller(store).open("a")
    url = "https://gazette.example/amp/a"
    read = state("a", read_at=T0 + minutes(2))
    store.commit(Batch(findings=Findings(page_states=(read,), aliases=(UrlAlias(url=url, article_id="a"),))))
    assert store.known_entries(["a"])["a"].page_read_at == T0 + minutes(2)
    assert store.known_entries([article_id(url)])[article_id(url)].page_read_at == T0 + minutes(2)


def test_versions_are_newest_first_with_the_time_of_each(store: Store) -> None:
    teller = Teller(store)
    texts = [article("a", f"Headline {n}", f"Text {n}.", revision=n) for n in range(4)]
    teller.open("a", texts[0])
    for number in (1, 2, 3):
        teller.at = T0 + minutes(number)
        teller.revise("a", texts[number])
    told = [Version(article=texts[n], read_at=T0 + minutes(n)) for n in (3, 2, 1, 0)]
    assert list(store.versions("a", limit=10)) == told
    assert list(store.versions("a", limit=2)) == told[:2]
    assert list(store.versions("a", limit=2, before=2)) == told[2:]
    assert list(store.versions("a", limit=0)) == []
    assert list(store.versions("nobody", limit=5)) == []


def test_with_its_text_an_article_forgets_its_versions_and_its_page(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.revise("a", article("a", "New", "Another text.", revision=1))
    store.commit(Batch(findings=Findings(page_states=(state("a"),))))
    store.forget(T0 + timedelta(days=31), Retention())
    assert list(store.versions("a", limit=5)) == []
    assert _due(store) == []
    assert store.known_entries(["a"])["a"].page_read_at is None
    assert store.check() == []
